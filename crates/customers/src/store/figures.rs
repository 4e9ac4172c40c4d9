//! The SQL of lists of customers by what they bought. `t` is a row of `customer_totals`, `c` its customer.

use base::Ctx;
use db::{Tx, Value, dialect, params};
use kernel::value::ToValue;
use kernel::{CustomerId, Error, StoreId};

use super::Wanted;
use crate::figures::Bought;
use crate::model::CustomerSort;

/// What a share is of, in millionths; the words of the index.
const SHARE: &str = "(t.delivered * 1000000 / nullif(t.delivered + t.returned, 0))";
const ENDED: &str = "t.delivered + t.returned > 0";

/// A place in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// Among those who have nothing to compare, by their last order.
    pub is_rest: bool,
    pub key: i64,
    pub id: CustomerId,
}

/// How a sort is read: what is compared, who has something to compare, whether the largest comes first.
fn how(sort: CustomerSort) -> (&'static str, Option<&'static str>, bool) {
    match sort {
        CustomerSort::Orders => ("t.orders", Some("t.orders > 1"), true),
        CustomerSort::Spent => ("t.delivered_total", Some("t.delivered_total > 0"), true),
        CustomerSort::Delivered => (SHARE, Some(ENDED), true),
        CustomerSort::Returned => (SHARE, Some(ENDED), false),
        CustomerSort::LongestAgo => ("t.last_order_at", None, false),
        CustomerSort::LastOrder | CustomerSort::Newest | CustomerSort::Name => ("t.last_order_at", None, true),
    }
}

/// What must have been bought, as conditions on `t`, with the words of the indexes.
pub(crate) fn bought(bought: &Bought, params: &mut Vec<Value>) -> String {
    let mut sql = String::new();
    // The bound stands before the words of the index: one of the engines takes the first that it can use.
    let mut add = |condition: &str, value: Value, words: &str| {
        params.push(value);
        sql.push_str(&format!(" and {condition} ${}{words}", params.len()));
    };
    if let Some(orders) = bought.orders_from {
        add("t.orders >=", orders.to_value(), if orders > 1 { " and t.orders > 1" } else { "" });
    }
    if let Some(orders) = bought.orders_to {
        add("t.orders <=", orders.to_value(), "");
    }
    if let Some(spent) = bought.spent_from {
        add("t.delivered_total >=", spent.to_value(), if spent.0 > 0 { " and t.delivered_total > 0" } else { "" });
    }
    if let Some(spent) = bought.spent_to {
        add("t.delivered_total <=", spent.to_value(), "");
    }
    for (percent, than) in [(bought.delivered_from, ">="), (bought.delivered_to, "<=")] {
        if let Some(percent) = percent {
            add(&format!("{ENDED} and {SHARE} {than}"), (percent * 10_000).to_value(), "");
        }
    }
    if let Some(at) = bought.last_from {
        add("t.last_order_at >=", at.to_value(), "");
    }
    if let Some(at) = bought.last_until {
        add("t.last_order_at <", at.to_value(), "");
    }
    sql
}

/// Whoever bought in one of the stores, as a condition on `c`.
pub(crate) fn who_bought(wanted: &Wanted<'_>, params: &mut Vec<Value>) -> String {
    let first = params.len() + 1;
    params.extend(wanted.stores.iter().map(ToValue::to_value));
    let stores = dialect::markers(first, wanted.stores.len());
    let bought = bought(wanted.bought, params);
    format!(" and exists (select 1 from customer_totals t where t.org_id = $1 and t.customer_id = c.id and t.store_id in ({stores}){bought})")
}

/// The next customers of a sort by figures, with their places.
pub(crate) fn next(tx: &mut Tx, ctx: &Ctx, wanted: &Wanted<'_>, sort: CustomerSort, after: Option<Place>) -> Result<Vec<Place>, Error> {
    let (key, comparable, is_descending) = how(sort);
    let limit = wanted.limit as usize;
    let mut found = Vec::new();
    if after.is_none_or(|after| !after.is_rest) {
        found = part(tx, ctx, wanted, key, comparable.map(str::to_owned), is_descending, after)?;
    }
    if let Some(comparable) = comparable
        && found.len() < limit
    {
        let after = after.filter(|after| after.is_rest);
        let rest = part(tx, ctx, wanted, "t.last_order_at", Some(format!("not ({comparable})")), true, after)?;
        found.extend(rest.into_iter().take(limit - found.len()).map(|place| Place { is_rest: true, ..place }));
    }
    Ok(found)
}

/// Those of all the stores in order, each store read by its index and merged.
fn part(
    tx: &mut Tx,
    ctx: &Ctx,
    wanted: &Wanted<'_>,
    key: &str,
    condition: Option<String>,
    is_descending: bool,
    after: Option<Place>,
) -> Result<Vec<Place>, Error> {
    let (way, beyond) = if is_descending { (" desc", "<") } else { ("", ">") };
    let mut params = params![tx.org(), i64::from(wanted.limit)];
    let mut arms = Vec::new();
    for (place, store) in wanted.stores.iter().enumerate() {
        let (sql, more) = arm(ctx, wanted, *store, params);
        params = more;
        let mut conditions = sql.1;
        if let Some(condition) = &condition {
            conditions.push_str(&format!(" and {condition}"));
        }
        // Whoever bought in several stores stands where she bought last, or first where the first is looked for.
        if wanted.stores.len() > 1 {
            let first = params.len() + 1;
            params.extend(wanted.stores.iter().map(ToValue::to_value));
            let stores = dialect::markers(first, wanted.stores.len());
            conditions.push_str(&format!(
                " and not exists (select 1 from customer_totals u where u.org_id = $1 and u.customer_id = t.customer_id and u.store_id in ({stores})
                                     and (u.last_order_at > t.last_order_at or u.last_order_at = t.last_order_at and u.store_id > t.store_id))"
            ));
        }
        if let Some(after) = after {
            params.extend(params![after.key, after.id]);
            // The key alone, too: an index of a share is not searched by the pair.
            let (at, id) = (params.len() - 1, params.len());
            conditions.push_str(&format!(" and {key} {beyond}= ${at} and ({key}, t.customer_id) {beyond} (${at}, ${id})"));
        }
        arms.push(format!(
            "select a{place}.id, a{place}.k from (select t.customer_id as id, {key} as k from {} where {conditions}
              order by {key}{way}, t.customer_id{way} limit $2) a{place}",
            sql.0
        ));
    }
    if arms.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!("select p.id, p.k from ({}) p order by p.k{way}, p.id{way} limit $2", arms.join(" union all "));
    let rows: Vec<(CustomerId, i64)> = tx.rows(&sql, params)?;
    Ok(rows.into_iter().map(|(id, key)| Place { is_rest: false, key, id }).collect())
}

/// The tables and conditions of one store: its index leads, unless few customers are meant anyway.
fn arm(ctx: &Ctx, wanted: &Wanted<'_>, store: StoreId, mut params: Vec<Value>) -> ((String, String), Vec<Value>) {
    let few = super::few(wanted, &mut params);
    let from = match &few {
        Some(few) => format!("{few} cross join customers c cross join customer_totals t"),
        None if wanted.ids.is_some() => "customers c cross join customer_totals t".to_owned(),
        None => "customer_totals t cross join customers c".to_owned(),
    };
    let mut conditions = super::of_customers(ctx, wanted, &mut params);
    params.push(store.to_value());
    conditions.push_str(&format!(" and t.org_id = $1 and t.customer_id = c.id and t.store_id = ${}", params.len()));
    conditions.push_str(&bought(wanted.bought, &mut params));
    ((from, conditions), params)
}
