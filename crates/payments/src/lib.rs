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
use kernel::{
    Amount, Check, Currency, CustomerId, Error, Event, OrderId, PaymentMethod, Permission, Time, TransactionId, TransactionKind, TransactionState,
};

pub use rules::payment_state;
pub use store::{Settled, Transaction};

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
/// The same reference again answers the row that stands, when it says the same. A movement that was pending
/// ends under its reference: as settled or as failed, once. That it was pending may be told again
/// afterwards and changes nothing. Anything else under a known reference is `Conflict` `transaction.reference`.
pub fn record(tx: &mut Tx, ctx: &Ctx, order: OrderId, new: &NewTransaction) -> Result<Transaction, Error> {
    ctx.require(Permission::PaymentRecord)?;

    // Kept from others: two movements at once would each derive the state without the other.
    let order = orders::find_to_change(tx, ctx, order, None)?;
    check(new, order.currency, ctx.now)?;
    if let Some(reference) = &new.reference
        && let Some(known) = store::find_by_reference(tx, order.id, reference)?
    {
        if !is_the_same(&known, new) {
            return Err(Error::conflict("transaction.reference"));
        }
        if known.state == new.state || new.state == TransactionState::Pending {
            return Ok(known);
        }
        if known.state != TransactionState::Pending || !store::end(tx, known.id, new.state, new.at)? {
            return Err(Error::conflict("transaction.reference"));
        }
        return moved(tx, ctx, &order, known.id, new);
    }

    let id: TransactionId = tx.new_id();
    store::insert(tx, ctx, id, order.id, order.customer_id, new).on_unique("transactions_reference", || Error::conflict("transaction.reference"))?;
    moved(tx, ctx, &order, id, new)
}

/// The order learns what it counts as after a movement, and its history that money moved.
fn moved(tx: &mut Tx, ctx: &Ctx, order: &orders::Order, id: TransactionId, new: &NewTransaction) -> Result<Transaction, Error> {
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

/// What of a total of this order has been paid, and what the door would still collect: for whoever changes the
/// total, who holds the order.
pub fn owed(tx: &mut Tx, order: &orders::Order, total: Amount) -> Result<orders::Owed, Error> {
    let movements = store::list(tx, order.id)?;
    Ok(orders::Owed { payment_state: payment_state(total, &movements), to_collect: rules::to_collect(order.payment_method, total, &movements) })
}

/// What moved for these orders, settled; a few hundred at most, in one statement. For files, whose maker has seen
/// the orders. Nothing without `payment.read`.
pub fn settled(tx: &mut Tx, ctx: &Ctx, orders: &[OrderId]) -> Result<Vec<Settled>, Error> {
    if !ctx.can(Permission::PaymentRead) || orders.is_empty() {
        return Ok(Vec::new());
    }
    store::settled(tx, orders)
}

/// Removes an order's movements: for deleting an order that was placed to try things out.
pub fn forget(tx: &mut Tx, order: OrderId) -> Result<(), Error> {
    store::delete_of(tx, order)
}

/// What moved for a customer's orders that the caller may see, newest first, older than a place.
pub fn of_customer_before(tx: &mut Tx, ctx: &Ctx, customer: CustomerId, before: Option<(Time, i64)>, limit: u32) -> Result<Vec<Transaction>, Error> {
    ctx.require(Permission::PaymentRead)?;
    store::of_customer_before(tx, ctx, customer, before, limit)
}

/// The movements of orders that have another customer now go with them. For `care`.
pub fn give(tx: &mut Tx, to: CustomerId, orders: &[i64]) -> Result<(), Error> {
    if orders.is_empty() { Ok(()) } else { store::give(tx, to, orders) }
}

/// Forgets the other side's number of a movement where it says who paid; amounts and dates stay. For `care`.
pub fn forget_person(tx: &mut Tx, orders: &[i64], names: &dyn Fn(&str) -> bool) -> Result<(), Error> {
    if orders.is_empty() {
        return Ok(());
    }
    for (id, reference) in store::references(tx, orders)? {
        if names(&reference) {
            store::forget_reference(tx, id)?;
        }
    }
    Ok(())
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

/// Whether both tell of one movement, however far it has come.
fn is_the_same(known: &Transaction, new: &NewTransaction) -> bool {
    known.kind == new.kind && known.amount == new.amount && known.method == new.method
}
