//! The SQL of deleting a test order.

use db::{Tx, params};
use kernel::{Error, OrderId};

/// What hangs on an order, in the order in which it goes; credit notes and their lines go first.
pub(crate) const HANGING: [&str; 10] = [
    "order_edits",
    "order_drafts",
    "order_holds",
    "escalations",
    "order_cancellations",
    "order_facets",
    "tracking_entries",
    "note_mentions",
    "order_notes",
    "order_lines",
];

/// Removes an order with all that hangs on it here.
pub(crate) fn delete(tx: &mut Tx, id: OrderId) -> Result<(), Error> {
    tx.execute(
        "delete from credit_note_lines
          where org_id = $1
            and credit_note_id in (select id from credit_notes where org_id = $1 and order_id = $2)",
        params![tx.org(), id],
    )?;
    tx.execute("delete from credit_notes where org_id = $1 and order_id = $2", params![tx.org(), id])?;
    for table in HANGING {
        tx.execute(&format!("delete from {table} where org_id = $1 and order_id = $2"), params![tx.org(), id])?;
    }
    tx.execute("delete from orders where org_id = $1 and id = $2", params![tx.org(), id]).map(drop)
}
