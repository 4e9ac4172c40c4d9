//! The SQL of searches.

use db::{Tx, Value, dialect, params};
use kernel::value::ToValue;
use kernel::{Amount, CustomerId, Error, OrderId, Time, VariantId};

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

/// The newest orders of these customers.
pub(crate) fn by_customers(tx: &mut Tx, customers: &[CustomerId], limit: u32) -> Result<Vec<OrderId>, Error> {
    if customers.is_empty() {
        return Ok(Vec::new());
    }
    let mut params = params![tx.org()];
    params.extend(customers.iter().map(ToValue::to_value));
    params.push(i64::from(limit).to_value());
    let markers = dialect::markers(2, customers.len());
    let sql =
        format!("select id from orders where org_id = $1 and customer_id in ({markers}) order by created_at desc, id desc limit ${}", params.len());
    ids(tx, &sql, params)
}

/// The newest orders that sell these variants, so many of each.
pub(crate) fn by_variants(tx: &mut Tx, variants: &[VariantId], limit: u32) -> Result<Vec<OrderId>, Error> {
    if variants.is_empty() {
        return Ok(Vec::new());
    }
    let mut params = params![tx.org(), i64::from(limit)];
    params.extend(variants.iter().map(ToValue::to_value));
    let arms: Vec<String> = (0..variants.len())
        .map(|place| {
            format!(
                "select a{place}.order_id from (select order_id from order_lines where org_id = $1 and variant_id = ${} order by order_id desc limit $2) a{place}",
                place + 3
            )
        })
        .collect();
    ids(tx, &arms.join(" union all "), params)
}

/// Orders of just this total, in whatever currency.
pub(crate) fn by_totals(tx: &mut Tx, totals: &[Amount], limit: u32) -> Result<Vec<OrderId>, Error> {
    if totals.is_empty() {
        return Ok(Vec::new());
    }
    let mut params = params![tx.org(), i64::from(limit)];
    params.extend(totals.iter().map(ToValue::to_value));
    let markers = dialect::markers(3, totals.len());
    ids(tx, &format!("select id from orders where org_id = $1 and is_archived = 0 and total in ({markers}) order by total, id desc limit $2"), params)
}

fn ids(tx: &mut Tx, sql: &str, params: Vec<Value>) -> Result<Vec<OrderId>, Error> {
    let ids: Vec<(OrderId,)> = tx.rows(sql, params)?;
    Ok(ids.into_iter().map(|(id,)| id).collect())
}

/// Orders whose document contains the folded text and which pass the filter, the newest first.
pub(crate) fn by_document(
    tx: &mut Tx,
    folded: &str,
    filter: &OrderFilter,
    older: Option<(Time, OrderId)>,
    limit: u32,
) -> Result<Vec<OrderId>, Error> {
    let mut params = params![tx.org(), dialect::containing(tx.engine(), folded), i64::from(limit), WINDOW];
    let engine = tx.engine();
    let contains = |column: &str| dialect::contains(engine, column, "$2");
    let mut before = String::new();
    if let Some((at, id)) = older {
        params.extend(params![at, id]);
        before = " and (d.created_at, d.id) < ($5, $6)".to_owned();
    }
    let window = dialect::searches_one_by_one(tx.engine(), folded);
    let (conditions, params) = plan::matching(filter, tx.engine(), params);
    let passes = format!("exists (select 1 from orders o where {conditions} and o.id = w.id)");
    let sql = if window {
        format!(
            "select w.id
               from (select d.id, d.search from orders d where d.org_id = $1{before} order by d.created_at desc, d.id desc limit $4) w
              where {}
                and {passes}
              limit $3",
            contains("w.search")
        )
    } else {
        format!(
            "with w as materialized (select d.id, d.created_at from orders d where d.org_id = $1 and {}{before} limit $4)
             select w.id from w where {passes} order by w.created_at desc, w.id desc limit $3",
            contains("d.search")
        )
    };
    ids(tx, &sql, params)
}

/// The last order that a window from here looks at, when there are more beyond it.
pub(crate) fn window_end(tx: &mut Tx, older: Option<(Time, OrderId)>) -> Result<Option<(Time, OrderId)>, Error> {
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
