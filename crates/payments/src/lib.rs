//! Payments: money that moved for an order, or was promised.
//!
//! Every movement is a row that is never changed into another amount; what an order counts as paid
//! is derived from its rows and told to the order as a fact. A movement with a reference is kept
//! once, however often it is reported.
//!
//! Not here: talking to payment providers, couriers' cash, refunds' approval.

mod rules;
mod store;
#[cfg(test)]
mod tests;

use base::ctx::Ctx;
use base::events;
use db::{OnUnique, Tx};
use kernel::{Amount, Check, Currency, Error, Event, OrderId, PaymentMethod, Permission, Time, TransactionId, TransactionKind, TransactionState};

pub use rules::payment_state;
pub use store::Transaction;

/// A movement to be recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTransaction {
    /// Which way the money goes.
    pub kind: TransactionKind,
    /// How far it has come.
    pub state: TransactionState,
    /// By which means.
    pub method: PaymentMethod,
    /// How much, in minor units; above zero.
    pub amount: Amount,
    /// The order's currency.
    pub currency: Currency,
    /// The other side's number for it; the same number is recorded once for an order.
    pub reference: Option<String>,
    /// When it moved.
    pub at: Time,
}

/// Records a movement and derives anew what the order counts as paid.
///
/// The same reference again answers the row that stands, when it says the same; otherwise
/// `Conflict` `transaction.reference`.
pub fn record(tx: &mut Tx, ctx: &Ctx, order: OrderId, new: &NewTransaction) -> Result<Transaction, Error> {
    ctx.require(Permission::PaymentRecord)?;

    // Kept from others: two movements at once would each derive the state without the other.
    let order = orders::find_to_change(tx, ctx, order, None)?;
    check(new, order.currency, ctx.now)?;
    if let Some(reference) = &new.reference
        && let Some(known) = store::find_by_reference(tx, order.id, reference)?
    {
        return if says_the_same(&known, new) { Ok(known) } else { Err(Error::conflict("transaction.reference")) };
    }

    let id: TransactionId = tx.new_id();
    store::insert(tx, ctx, id, order.id, new).on_unique("transactions_reference", || Error::conflict("transaction.reference"))?;
    let movements = store::list(tx, order.id)?;
    let to_collect = rules::to_collect(order.payment_method, order.total, &movements);
    orders::set_payment_state(tx, ctx, order.id, payment_state(order.total, &movements), to_collect)?;

    events::record(
        tx,
        ctx,
        Event::TransactionRecorded { order: order.id, transaction: id, transaction_kind: new.kind, state: new.state, amount: new.amount },
    )?;
    movements.into_iter().find(|one| one.id == id).ok_or_else(|| Error::internal("the transaction just written is not there"))
}

/// An order's movements, oldest first.
pub fn list(tx: &mut Tx, ctx: &Ctx, order: OrderId) -> Result<Vec<Transaction>, Error> {
    ctx.require(Permission::PaymentRead)?;
    let order = orders::find(tx, ctx, order)?;
    store::list(tx, order.id)
}

fn check(new: &NewTransaction, currency: Currency, now: Time) -> Result<(), Error> {
    let mut check = Check::new();
    check.require(new.amount > Amount::ZERO && new.amount.is_within_limit(), "amount", "money.positive");
    check.require(new.currency == currency, "amount.currency", "money.currency");
    check.require(new.at <= now.plus_s(300), "at", "time.future");
    if let Some(reference) = &new.reference {
        check.require((1..=100).contains(&reference.chars().count()), "reference", "text.length");
    }
    check.done()
}

fn says_the_same(known: &Transaction, new: &NewTransaction) -> bool {
    known.kind == new.kind && known.state == new.state && known.amount == new.amount && known.method == new.method
}
