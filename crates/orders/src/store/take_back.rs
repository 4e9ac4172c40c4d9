//! The SQL of taking imported orders back.

use db::{Tx, dialect, params};
use kernel::value::ToValue;
use kernel::{CreditNoteId, CustomerId, Error, OrderId, StoreId, Time, VariantId, Version};

pub(crate) fn versions(tx: &mut Tx, ids: &[OrderId]) -> Result<Vec<(OrderId, Version)>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut params = params![tx.org()];
    params.extend(ids.iter().map(ToValue::to_value));
    let sql = format!("select id, version from orders where org_id = $1 and id in ({}) order by id limit 100000", dialect::markers(2, ids.len()));
    tx.rows(&sql, params)
}

pub(crate) fn is_credited(tx: &mut Tx, id: OrderId) -> Result<bool, Error> {
    let found: Option<(i64,)> =
        tx.optional("select 1 as one from credit_notes where org_id = $1 and order_id = $2 limit 1", params![tx.org(), id])?;
    Ok(found.is_some())
}

pub(crate) fn variants(tx: &mut Tx, id: OrderId) -> Result<Vec<VariantId>, Error> {
    let found: Vec<(VariantId,)> = tx.rows(
        "select distinct variant_id
           from order_lines
          where org_id = $1
            and order_id = $2
            and variant_id is not null
          order by variant_id
          limit 10000",
        params![tx.org(), id],
    )?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}

/// What hangs on an order, in the order in which it goes. A table that is not named here and points to
/// orders keeps its order from going; a test compares the list with the migrations.
pub(crate) const HANGING: [&str; 6] = ["order_facets", "order_cancellations", "tracking_entries", "note_mentions", "order_notes", "order_lines"];

pub(crate) fn delete(tx: &mut Tx, id: OrderId) -> Result<(), Error> {
    for table in HANGING {
        tx.execute(&format!("delete from {table} where org_id = $1 and order_id = $2"), params![tx.org(), id])?;
    }
    tx.execute("delete from orders where org_id = $1 and id = $2", params![tx.org(), id]).map(drop)
}

/// When a customer ordered first and last in a store; none without orders.
pub(crate) fn span(tx: &mut Tx, customer: CustomerId, store: StoreId) -> Result<Option<(Time, Time)>, Error> {
    let mut ends = Vec::with_capacity(2);
    for direction in ["asc", "desc"] {
        let sql = format!(
            "select created_at
               from orders
              where org_id = $1
                and customer_id = $2
                and store_id = $3
              order by created_at {direction}
              limit 1"
        );
        let found: Option<(Time,)> = tx.optional(&sql, params![tx.org(), customer, store])?;
        ends.extend(found.map(|(at,)| at));
    }
    Ok(match ends[..] {
        [first, last] => Some((first, last)),
        _ => None,
    })
}

pub(crate) fn delete_credit(tx: &mut Tx, id: CreditNoteId) -> Result<(), Error> {
    tx.execute("delete from credit_note_lines where org_id = $1 and credit_note_id = $2", params![tx.org(), id])?;
    tx.execute("delete from credit_notes where org_id = $1 and id = $2", params![tx.org(), id]).map(drop)
}

pub(crate) fn has_orders(tx: &mut Tx, customer: CustomerId) -> Result<bool, Error> {
    let found: Option<(i64,)> =
        tx.optional("select 1 as one from orders where org_id = $1 and customer_id = $2 limit 1", params![tx.org(), customer])?;
    if found.is_some() {
        return Ok(true);
    }
    let found: Option<(i64,)> =
        tx.optional("select 1 as one from credit_notes where org_id = $1 and customer_id = $2 limit 1", params![tx.org(), customer])?;
    Ok(found.is_some())
}

pub(crate) fn is_sold(tx: &mut Tx, variant: VariantId) -> Result<bool, Error> {
    let found: Option<(i64,)> =
        tx.optional("select 1 as one from order_lines where org_id = $1 and variant_id = $2 limit 1", params![tx.org(), variant])?;
    if found.is_some() {
        return Ok(true);
    }
    let found: Option<(i64,)> =
        tx.optional("select 1 as one from credit_note_lines where org_id = $1 and variant_id = $2 limit 1", params![tx.org(), variant])?;
    Ok(found.is_some())
}
