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

mod escalations;
mod push;
mod send;
mod store;
mod texts;

use std::collections::BTreeMap;

use base::Ctx;
use base::counters::Proof;
use db::Tx;
use kernel::{CustomerId, Error, MessageId, OrderId, Time};

use orders::{MESSAGES_BY_STATE, messages_key};

pub use escalations::RUNNER as ESCALATION;
pub use push::RUNNER as PUSH;
pub use send::{NOTIFY, SEND, ask_to_tell as ask, forget_person, give_up};
pub use store::Message;
pub use texts::is_told;

/// Removes what was written about an order: for deleting an order that was placed to try things out.
pub fn forget(tx: &mut Tx, order: OrderId) -> Result<(), Error> {
    let removed = store::delete_of(tx, order)?;
    send::uncount(tx, &removed)
}

/// Removes messages that are older than the settings keep them, at most so many; answers how many.
pub fn purge(tx: &mut Tx, ctx: &Ctx, limit: u32) -> Result<u64, Error> {
    let before = ctx.now.plus_us(-i64::from(ctx.settings.retention.messages_days) * Time::DAY);
    let removed = store::delete_older(tx, before, limit)?;
    send::uncount(tx, &removed)?;
    Ok(removed.len() as u64)
}

/// What the nightly proof counts again: messages by how they ended.
pub const PROOFS: [Proof; 1] = [Proof { name: MESSAGES_BY_STATE, recount }];

fn recount(tx: &mut Tx, _: &Ctx) -> Result<BTreeMap<String, i64>, Error> {
    let counted = store::count_ended(tx)?.into_iter();
    Ok(counted.map(|(store, state, messages)| (messages_key(store, state), messages)).collect())
}

/// One message about an order that the caller may see.
pub fn find(tx: &mut Tx, ctx: &Ctx, id: MessageId) -> Result<Message, Error> {
    let message = store::find(tx, id)?.ok_or(Error::not_found("message"))?;
    orders::find(tx, ctx, message.order_id).map_err(|_| Error::not_found("message"))?;
    shown(ctx, vec![message]).pop().ok_or(Error::not_found("message"))
}

/// What the customer was told about an order, oldest first.
pub fn list(tx: &mut Tx, ctx: &Ctx, order: OrderId) -> Result<Vec<Message>, Error> {
    let order = orders::find(tx, ctx, order)?;
    Ok(shown(ctx, store::list(tx, order.id)?))
}

/// What a customer was told about orders that the caller may see, newest first, older than a place.
pub fn of_customer_before(tx: &mut Tx, ctx: &Ctx, customer: CustomerId, before: Option<(Time, i64)>, limit: u32) -> Result<Vec<Message>, Error> {
    ctx.require(kernel::Permission::OrderRead)?;
    Ok(shown(ctx, store::of_customer_before(tx, ctx, customer, before, limit)?))
}

/// The messages of orders that have another customer now go with them. For `care`.
pub fn give(tx: &mut Tx, to: CustomerId, orders: &[i64]) -> Result<(), Error> {
    if orders.is_empty() { Ok(()) } else { store::give(tx, to, orders) }
}

/// Telephones and addresses are dots for those without the rights.
fn shown(ctx: &Ctx, messages: Vec<Message>) -> Vec<Message> {
    let words = |text: &str| customers::shown_words(ctx, text);
    let shown = |message: Message| Message {
        recipient: message.recipient.map(|email| customers::shown_email(ctx, &email)),
        subject: words(&message.subject),
        // A link is made when the message is sent, and not kept.
        body: texts::with_link(&words(&message.body), Some(kernel::mask::DOTS)),
        reason: message.reason.map(|why| words(&why)),
        ..message
    };
    messages.into_iter().map(shown).collect()
}
