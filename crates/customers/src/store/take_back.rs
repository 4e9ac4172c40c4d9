//! The SQL of customers who go with the import that made them.

use db::{Tx, params};
use kernel::{CustomerId, Error, StoreId, Time};

use crate::model::TotalsChange;

pub(crate) fn delete_totals(tx: &mut Tx, id: CustomerId, store: StoreId) -> Result<(), Error> {
    tx.execute("delete from customer_totals where org_id = $1 and customer_id = $2 and store_id = $3", params![tx.org(), id, store]).map(drop)
}

pub(crate) fn reduce_totals(tx: &mut Tx, id: CustomerId, less: &TotalsChange, (first, last): (Time, Time)) -> Result<(), Error> {
    tx.execute(
        "update customer_totals
            set orders = orders + $4, delivered = delivered + $5, returned = returned + $6, cancelled = cancelled + $7,
                ordered_total = ordered_total + $8, delivered_total = delivered_total + $9, first_order_at = $10, last_order_at = $11
          where org_id = $1
            and customer_id = $2
            and store_id = $3",
        params![
            tx.org(),
            id,
            less.store_id,
            less.orders,
            less.delivered,
            less.returned,
            less.cancelled,
            less.ordered_total,
            less.delivered_total,
            first,
            last
        ],
    )
    .map(drop)
}

/// Whether she stands as she was made, without anything that people add.
pub(crate) fn is_plain(tx: &mut Tx, id: CustomerId) -> Result<bool, Error> {
    let found: Option<(i64,)> = tx.optional(
        "select 1 as one
           from customers c
          where c.org_id = $1
            and c.id = $2
            and c.version = 1
            and c.archived_at is null
            and not exists (select 1 from customer_addresses a where a.org_id = $1 and a.customer_id = $2)",
        params![tx.org(), id],
    )?;
    Ok(found.is_some())
}

pub(crate) fn delete(tx: &mut Tx, id: CustomerId) -> Result<(), Error> {
    for table in ["customer_facets", "customer_totals", "customer_phones"] {
        tx.execute(&format!("delete from {table} where org_id = $1 and customer_id = $2"), params![tx.org(), id])?;
    }
    tx.execute("delete from customers where org_id = $1 and id = $2", params![tx.org(), id]).map(drop)
}
