//! The SQL of searches.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use base::system::caches::{Cache, Tally};
use db::{Tx, Value, dialect, params};
use kernel::value::ToValue;
use kernel::{Amount, Currency, CustomerId, Error, OrderId, OrgId, Time, VariantId};

use super::plan;
use crate::filter::OrderFilter;
use crate::model::OrderRow;

/// How many orders a search looks through at a time, the newest first.
pub(crate) const WINDOW: i64 = 200_000;

pub(crate) fn by_seq(tx: &mut Tx, seq: i64) -> Result<Option<(OrderId, String)>, Error> {
    tx.optional("select id, number from orders where org_id = $1 and seq = $2", params![tx.org(), seq])
}

pub(crate) fn by_external_ref(tx: &mut Tx, external_ref: &str) -> Result<Vec<OrderId>, Error> {
    ids(tx, "select id from orders where org_id = $1 and external_ref = $2 order by store_id limit 20", params![tx.org(), external_ref])
}

pub(crate) fn by_tracking(tx: &mut Tx, tracking: &str) -> Result<Vec<OrderId>, Error> {
    ids(tx, "select id from orders where org_id = $1 and tracking = $2 limit 20", params![tx.org(), tracking])
}

/// What the viewer's filter leaves of orders, and how far back they begin: asked inside of each part of a search, so that
/// a part's newest are the newest that the viewer may see.
struct Seen {
    conditions: String,
    params: Vec<Value>,
}

impl Seen {
    fn of(tx: &Tx, filter: &OrderFilter, older: Option<(Time, OrderId)>, params: Vec<Value>) -> Seen {
        let OrderFilter { stores, assigned, archived, .. } = filter.clone();
        let narrow = OrderFilter { stores, assigned, archived, ..OrderFilter::default() };
        let (mut conditions, mut params) = plan::matching(&narrow, tx.engine(), params);
        if let Some((at, id)) = older {
            params.extend(params![at, id]);
            conditions.push_str(&format!(" and (o.created_at, o.id) < (${}, ${})", params.len() - 1, params.len()));
        }
        Seen { conditions, params }
    }
}

/// The newest orders of these customers that the viewer sees, so many of each: asked for all at once, the embedded
/// engine would go through everybody's orders by date instead.
pub(crate) fn by_customers(
    tx: &mut Tx,
    customers: &[CustomerId],
    filter: &OrderFilter,
    older: Option<(Time, OrderId)>,
    limit: u32,
) -> Result<Vec<OrderId>, Error> {
    let seen = Seen::of(tx, filter, older, params![tx.org(), i64::from(limit)]);
    let conditions = seen.conditions;
    newest_of_each(tx, customers, seen.params, |marker| {
        format!(
            "select o.id as order_id from orders o where {conditions} and o.customer_id = {marker} order by o.created_at desc, o.id desc limit $2"
        )
    })
}

/// The newest orders that sell these variants and that the viewer sees, so many of each.
pub(crate) fn by_variants(
    tx: &mut Tx,
    variants: &[VariantId],
    filter: &OrderFilter,
    older: Option<(Time, OrderId)>,
    limit: u32,
) -> Result<Vec<OrderId>, Error> {
    let seen = Seen::of(tx, filter, older, params![tx.org(), i64::from(limit)]);
    let conditions = seen.conditions;
    newest_of_each(tx, variants, seen.params, |marker| {
        format!(
            "select l.order_id from order_lines l
              where l.org_id = $1 and l.variant_id = {marker} and exists (select 1 from orders o where {conditions} and o.id = l.order_id)
              order by l.placed_at desc, l.order_id desc limit $2"
        )
    })
}

fn newest_of_each<I: ToValue>(tx: &mut Tx, owners: &[I], mut params: Vec<Value>, of_one: impl Fn(&str) -> String) -> Result<Vec<OrderId>, Error> {
    if owners.is_empty() {
        return Ok(Vec::new());
    }
    let first = params.len() + 1;
    params.extend(owners.iter().map(ToValue::to_value));
    let arms: Vec<String> =
        (0..owners.len()).map(|place| format!("select a{place}.order_id from ({}) a{place}", of_one(&format!("${}", first + place)))).collect();
    ids(tx, &arms.join(" union all "), params)
}

/// Orders of just this total that the viewer sees. The same digits are other amounts in currencies with fewer or more
/// decimals, so each total comes with the number of decimals for which it was read.
pub(crate) fn by_totals(
    tx: &mut Tx,
    totals: &[(u32, Amount)],
    filter: &OrderFilter,
    older: Option<(Time, OrderId)>,
    limit: u32,
) -> Result<Vec<OrderId>, Error> {
    let mut found = Vec::new();
    for (decimals, total) in totals {
        let Seen { conditions, params } = Seen::of(tx, filter, older, params![tx.org(), *total, i64::from(limit)]);
        let orders: Vec<(OrderId, Currency)> = tx.rows(
            &format!(
                "select o.id, o.currency
                   from orders o
                  where {conditions}
                    and o.is_archived = 0
                    and o.total = $2
                  order by o.id desc
                  limit $3"
            ),
            params,
        )?;
        found.extend(orders.into_iter().filter(|(_, currency)| currency.exponent() == *decimals).map(|(id, _)| id));
    }
    Ok(found)
}

fn ids(tx: &mut Tx, sql: &str, params: Vec<Value>) -> Result<Vec<OrderId>, Error> {
    let ids: Vec<(OrderId,)> = tx.rows(sql, params)?;
    Ok(ids.into_iter().map(|(id,)| id).collect())
}

/// Orders whose document contains the folded text and which pass the filter, the newest first. Where
/// documents are looked through one by one, only those between `older` and `end`.
pub(crate) fn by_document(
    tx: &mut Tx,
    folded: &str,
    filter: &OrderFilter,
    older: Option<(Time, OrderId)>,
    end: Option<(Time, OrderId)>,
    limit: u32,
) -> Result<Vec<OrderId>, Error> {
    let engine = tx.engine();
    let mut params = params![tx.org(), dialect::containing(engine, folded), i64::from(limit)];
    let mut bounds = String::new();
    for (place, sign) in [(older, "<"), (end, ">=")] {
        if let Some((at, id)) = place {
            params.extend(params![at, id]);
            bounds.push_str(&format!(" and (d.created_at, d.id) {sign} (${}, ${})", params.len() - 1, params.len()));
        }
    }
    let contains = dialect::contains(engine, "d.search", "$2");
    let one_by_one = dialect::searches_one_by_one(engine, folded);
    if !one_by_one {
        params.push(WINDOW.to_value());
    }
    let most = params.len();
    let (conditions, params) = plan::matching(filter, engine, params);
    let passes = |id: &str| format!("exists (select 1 from orders o where {conditions} and o.id = {id})");
    let sql = if one_by_one {
        format!(
            "select d.id from orders d where d.org_id = $1{bounds} and {contains} and {} order by d.created_at desc, d.id desc limit $3",
            passes("d.id")
        )
    } else {
        format!(
            "with w as materialized (select d.id, d.created_at from orders d where d.org_id = $1 and {contains}{bounds} limit ${most})
             select w.id from w where {} order by w.created_at desc, w.id desc limit $3",
            passes("w.id")
        )
    };
    ids(tx, &sql, params)
}

/// The last order that a window looks at; none where it reaches the oldest.
type WindowEnd = Option<(Time, OrderId)>;

/// Ends of the newest window by database and organization, and when each was found.
static NEWEST: Mutex<BTreeMap<(usize, OrgId), (Time, WindowEnd)>> = Mutex::new(BTreeMap::new());
static TALLY: Tally = Tally::new();

/// Where the window of the newest orders ends.
pub const WINDOWS: Cache = Cache {
    look: |_| {
        let entries = NEWEST.lock().unwrap_or_else(PoisonError::into_inner).len();
        TALLY.figures("search_windows", entries, None)
    },
    clear: |_| NEWEST.lock().unwrap_or_else(PoisonError::into_inner).clear(),
};
/// How long an end is believed; orders that come in meanwhile are looked at besides.
const BELIEVED_US: i64 = 10 * Time::MINUTE;

/// [`window_end`] of the newest orders. Finding it means counting through all of them, as long as half a
/// search takes, so it is remembered.
pub(crate) fn newest_end(tx: &mut Tx, now: Time) -> Result<WindowEnd, Error> {
    let key = (tx.database(), tx.org());
    let known = NEWEST.lock().unwrap_or_else(PoisonError::into_inner).get(&key).copied();
    if let Some((at, end)) = known
        && (at..at.plus_us(BELIEVED_US)).contains(&now)
    {
        TALLY.count(true);
        return Ok(end);
    }
    TALLY.count(false);
    let end = window_end(tx, None)?;
    NEWEST.lock().unwrap_or_else(PoisonError::into_inner).insert(key, (now, end));
    Ok(end)
}

/// The last order that a window from here looks at, when there are more beyond it.
pub(crate) fn window_end(tx: &mut Tx, older: WindowEnd) -> Result<WindowEnd, Error> {
    let mut params = params![tx.org(), WINDOW];
    let mut before = String::new();
    if let Some((at, id)) = older {
        params.extend(params![at, id]);
        before = " and (created_at, id) < ($3, $4)".to_owned();
    }
    let sql = format!("select created_at, id from orders where org_id = $1{before} order by created_at desc, id desc limit 2 offset $2 - 1");
    let ends: Vec<(Time, OrderId)> = tx.rows(&sql, params)?;
    Ok(if ends.len() == 2 { ends.into_iter().next() } else { None })
}

/// The rows of these orders that pass the filter, in no order.
pub(crate) fn rows(tx: &mut Tx, filter: &OrderFilter, ids: &[OrderId]) -> Result<Vec<OrderRow>, Error> {
    let mut found = Vec::with_capacity(ids.len());
    for some in ids.chunks(500) {
        let (sql, params) = plan::of_ids(filter, some, tx.engine(), tx.org().to_value());
        found.extend(tx.rows::<OrderRow>(&sql, params)?);
    }
    Ok(found)
}
