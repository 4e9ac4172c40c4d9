//! Notifications: what customers and the back office are told when an order moves.
//!
//! A move that the settings mark calls for a job here. [`NOTIFY`] writes a message in the customer's
//! language, or writes down why there is none; [`SEND`] sends it; [`PUSH`] tells the organization's
//! ERP as a signed webhook. Each ends as an event on the order, so its history shows who heard what.
//!
//! What always holds: a message that waits is given up when the next one is written; a customer without an
//! address is skipped, never an error; every message that is written ends as sent, skipped or failed.
//!
//! Not here: which states are told (settings), when (base's reactions wait for the undo), texts that
//! users write, channels other than e-mail.

mod push;
mod send;
mod store;
mod texts;

use base::Ctx;
use db::Tx;
use kernel::{Error, OrderId};

pub use push::RUNNER as PUSH;
pub use send::{NOTIFY, SEND};
pub use store::Message;
pub use texts::is_told;

/// What the customer was told about an order, oldest first.
pub fn list(tx: &mut Tx, ctx: &Ctx, order: OrderId) -> Result<Vec<Message>, Error> {
    let order = orders::find(tx, ctx, order)?;
    store::list(tx, order.id)
}
