//! Customers who came in with an import that is taken back.

use base::{Ctx, events};
use db::Tx;
use kernel::{CustomerId, Error, Event, Id, ImportId, Permission, Time};

use crate::model::TotalsChange;
use crate::store::take_back as rows;

/// Takes an order that is gone out of a customer's totals; the change carries what is less, so its counts
/// and sums are negative. `span` is when her other orders in the store were placed first and last; without
/// any she has no totals there. For `orders`.
pub fn take_totals_back(tx: &mut Tx, id: CustomerId, change: &TotalsChange, span: Option<(Time, Time)>) -> Result<(), Error> {
    match span {
        None => rows::delete_totals(tx, id, change.store_id),
        Some(span) => rows::reduce_totals(tx, id, change, span),
    }
}

/// Removes a customer whom this import has made and nobody has touched since: she has no other event than
/// that. Answers whether she is gone. The caller knows that she has no orders.
pub fn take_back(tx: &mut Tx, ctx: &Ctx, import: ImportId, id: CustomerId) -> Result<bool, Error> {
    ctx.require(Permission::OrderImport)?;

    let history = events::of_subject(tx, ctx, CustomerId::PREFIX, id.to_i64(), 2)?;
    let is_untouched = matches!(&history[..], [only] if only.kind == "customer.created" && only.request_id == import.to_string());
    if !is_untouched || !rows::is_plain(tx, id)? {
        return Ok(false);
    }

    // A row of another domain that points to her refuses this part, and then she stays.
    match tx.attempt(|tx| rows::delete(tx, id))? {
        Ok(()) => {}
        Err(refused) if db::is_pointed_to(&refused) => return Ok(false),
        Err(other) => return Err(other),
    }

    events::record(tx, ctx, Event::CustomerTakenBack { customer: id, import })?;
    tx.touch("customer", id);
    Ok(true)
}
