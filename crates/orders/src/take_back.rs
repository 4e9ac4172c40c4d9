//! Taking back what an import made, as if it had never come in.
//!
//! The one place where a placed order goes: nobody has worked with it, and it came in by a mistake. An
//! order that somebody has touched since stays. Touched means that it has more events than the import
//! left, or another version, or a credit note, or that a row elsewhere points to it. What goes is the
//! order with all that hangs on it, its part of every counter and sum, and the customer and the catalogue
//! entries that only it had brought; what stays is its history, which nobody can take back.
//!
//! Not here: which orders an import made (`store_sync`), money that moved for them (`payments`).

use base::counters::Counters;
use base::{Ctx, events};
use db::Tx;
use kernel::{CreditNoteId, CustomerId, Error, Event, Id, ImportId, OrderId, Permission, VariantId, Version, words};

use crate::delete;
use crate::facts::TOPIC;
use crate::store::{self, take_back as rows};

words! {
    /// Why an order stays when the import that made it is taken back.
    pub enum StaysBecause {
        /// Somebody has worked with it since.
        Touched = "touched",
        /// A credit note was given for it since.
        Credited = "credited",
        /// Something else that is kept points to it.
        Used = "used",
    }
}

/// An order or a credit note as an import left it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    /// How many events it had.
    pub events: i64,
    /// Its version; 0 for a credit note, which has none.
    pub version: Version,
}

/// What became of an order that was to be taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TakenBack {
    /// It is gone, and it had this customer and these variants.
    Gone {
        /// Who bought.
        customer: Option<CustomerId>,
        /// What it sold.
        variants: Vec<VariantId>,
    },
    /// It had gone before.
    WasGone,
    /// It stays.
    Stays(StaysBecause),
}

/// How an import leaves these orders, at most a few hundred: for `store_sync`, in the transaction that made
/// them.
pub fn as_left(tx: &mut Tx, ctx: &Ctx, ids: &[OrderId]) -> Result<Vec<(OrderId, Left)>, Error> {
    ctx.require(Permission::OrderImport)?;
    let raw: Vec<i64> = ids.iter().map(|id| id.to_i64()).collect();
    let events = events::counts_of(tx, ctx, OrderId::PREFIX, &raw)?;
    let versions = rows::versions(tx, ids)?;
    Ok(versions.into_iter().map(|(id, version)| (id, Left { events: events.get(&id.to_i64()).copied().unwrap_or(0), version })).collect())
}

/// The same of credit notes.
pub fn credits_as_left(tx: &mut Tx, ctx: &Ctx, ids: &[CreditNoteId]) -> Result<Vec<(CreditNoteId, Left)>, Error> {
    ctx.require(Permission::OrderImport)?;
    let raw: Vec<i64> = ids.iter().map(|id| id.to_i64()).collect();
    let events = events::counts_of(tx, ctx, CreditNoteId::PREFIX, &raw)?;
    Ok(ids.iter().map(|id| (*id, Left { events: events.get(&id.to_i64()).copied().unwrap_or(0), version: 0 })).collect())
}

/// Takes an order back that stands as its import left it. `first` removes what other domains keep for it
/// (payments) in the same transaction, and is only called when the order goes.
///
/// The caller removes customers and catalogue entries afterwards, see [`without_orders`].
pub fn take_back(
    tx: &mut Tx,
    ctx: &Ctx,
    import: ImportId,
    id: OrderId,
    left: Left,
    first: impl FnOnce(&mut Tx, OrderId) -> Result<(), Error>,
) -> Result<TakenBack, Error> {
    ctx.require(Permission::OrderImport)?;

    let Some(order) = store::find_to_change(tx, ctx, id)? else { return Ok(TakenBack::WasGone) };
    let events = events::counts_of(tx, ctx, OrderId::PREFIX, &[id.to_i64()])?;
    if order.version != left.version || events.get(&id.to_i64()) != Some(&left.events) {
        return Ok(TakenBack::Stays(StaysBecause::Touched));
    }
    if rows::is_credited(tx, id)? {
        return Ok(TakenBack::Stays(StaysBecause::Credited));
    }

    let variants = rows::variants(tx, id)?;
    let mut counters = Counters::new();
    crate::cancellations::uncount(tx, id, &mut counters)?;
    // A row of another domain that points to the order refuses this part, and then the order stays.
    let gone = tx.attempt(|tx| {
        first(tx, id)?;
        rows::delete(tx, id)
    })?;
    if let Err(refused) = gone {
        if !db::is_pointed_to(&refused) {
            return Err(refused);
        }
        tracing::info!(order.id = %id, "An imported order stays, because something points to it: {refused}");
        return Ok(TakenBack::Stays(StaysBecause::Used));
    }
    delete::take_totals(tx, &order)?;

    events::record(tx, ctx, Event::OrderTakenBack { order: id, number: order.number.clone(), import })?;
    tx.touch(TOPIC, id);
    counters.order(order.placed_day, order.store_id, order.state, order.currency, -1, -order.total);
    if order.archived_at.is_some() {
        counters.add(crate::stats::archived_key(order.store_id, order.state), -1);
    }
    crate::labels::uncount(tx, &order, &mut counters)?;
    counters.flush(tx)?;
    Ok(TakenBack::Gone { customer: order.customer_id, variants })
}

/// Whom a credit note was for, and what it gave back.
pub type CreditTakenBack = (Option<CustomerId>, Vec<VariantId>);

/// Takes a credit note back. `None` when it had gone before, or
/// has more events than its import left.
pub fn take_credit_back(tx: &mut Tx, ctx: &Ctx, id: CreditNoteId, left: Left) -> Result<Option<CreditTakenBack>, Error> {
    ctx.require(Permission::OrderImport)?;

    let Some(note) = store::credits::find(tx, ctx, id)? else { return Ok(None) };
    let events = events::counts_of(tx, ctx, CreditNoteId::PREFIX, &[id.to_i64()])?;
    if events.get(&id.to_i64()) != Some(&left.events) {
        return Ok(None);
    }

    let variants = store::credits::lines(tx, id)?.into_iter().filter_map(|line| line.variant_id).collect();
    rows::delete_credit(tx, id)?;
    tx.touch("credit_note", id);
    Ok(Some((note.customer_id, variants)))
}

/// Of these customers those who have neither an order nor a credit note any more.
pub fn without_orders(tx: &mut Tx, ctx: &Ctx, customers: &[CustomerId]) -> Result<Vec<CustomerId>, Error> {
    ctx.require(Permission::OrderImport)?;
    let mut free = Vec::new();
    for id in customers {
        if !rows::has_orders(tx, *id)? {
            free.push(*id);
        }
    }
    Ok(free)
}

/// Of these variants those that no order and no credit note names any more.
pub fn unsold(tx: &mut Tx, ctx: &Ctx, variants: &[VariantId]) -> Result<Vec<VariantId>, Error> {
    ctx.require(Permission::OrderImport)?;
    let mut free = Vec::new();
    for id in variants {
        if !rows::is_sold(tx, *id)? {
            free.push(*id);
        }
    }
    Ok(free)
}
