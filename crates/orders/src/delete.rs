//! Deleting orders that were placed to try things out. All others stay: they are cancelled or archived.
//!
//! A test order goes with all that hangs on it and its part of every counter and sum; its number is not
//! given out again and its history stays, because both are about what people did.

use base::counters::Counters;
use base::{Ctx, events, jobs};
use customers::TotalsChange;
use db::Tx;
use kernel::{Amount, Error, Event, Id, OrderId, Permission};

use crate::facts::TOPIC;
use crate::model::Order;
use crate::state::{self, Outcome};
use crate::store::{self, delete as rows};

/// Deletes a test order. `first` removes what other domains keep for it (payments, messages) in the same
/// transaction.
///
/// `Conflict` `order.delete_placed` for any other order, `order.delete_used` when something that is kept points
/// to it.
pub fn delete_test_order(tx: &mut Tx, ctx: &Ctx, id: OrderId, first: impl FnOnce(&mut Tx, OrderId) -> Result<(), Error>) -> Result<(), Error> {
    ctx.require(Permission::OrderArchive)?;

    let order = store::find_to_change(tx, ctx, id)?.ok_or(Error::not_found("order"))?;
    if !order.is_test {
        return Err(Error::conflict("order.delete_placed"));
    }
    let mut counters = Counters::new();
    crate::cancellations::uncount(tx, id, &mut counters)?;
    crate::holds::uncount(tx, &order, &mut counters)?;
    crate::escalations::uncount(tx, &order, &mut counters)?;

    jobs::cancel_of_subject(tx, ctx, OrderId::PREFIX, id.to_i64())?;
    // A row of another domain that points to the order refuses this part, and then the order stays.
    let gone = tx.attempt(|tx| {
        first(tx, id)?;
        attachments::erase_of(tx, ctx, attachments::Owner::Order(id))?;
        rows::delete(tx, id)
    })?;
    if let Err(refused) = gone {
        tracing::info!(order.id = %id, "A test order stays, because something points to it: {refused}");
        return Err(Error::conflict("order.delete_used"));
    }
    take_totals(tx, &order)?;

    events::record(tx, ctx, Event::OrderDeleted { order: id, number: order.number.clone() })?;
    tx.touch(TOPIC, id);
    counters.order(order.placed_day, order.store_id, order.state, order.currency, -1, -order.total);
    if order.archived_at.is_some() {
        counters.add(crate::stats::archived_key(order.store_id, order.state), -1);
    }
    crate::labels::uncount(tx, &order, &mut counters)?;
    counters.flush(tx)
}

/// Takes the order out of its customer's totals.
pub(crate) fn take_totals(tx: &mut Tx, order: &Order) -> Result<(), Error> {
    let Some(customer) = order.customer_id else { return Ok(()) };
    let span = store::take_back::span(tx, customer, order.store_id)?;
    let was = state::outcome(order.state);
    let less = |outcome: Outcome| -i64::from(was == outcome);
    let change = TotalsChange {
        store_id: order.store_id,
        currency: order.currency,
        orders: -1,
        delivered: less(Outcome::Delivered),
        returned: less(Outcome::Returned),
        cancelled: less(Outcome::Cancelled),
        ordered_total: -order.total,
        delivered_total: Amount(less(Outcome::Delivered) * order.total.0),
        ordered_at: order.created_at,
    };
    customers::take_totals_back(tx, customer, &change, span)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Tables of other domains that point to orders; their owners remove their rows first.
    const OF_OTHERS: [&str; 2] = ["messages", "transactions"];

    #[test]
    fn every_table_that_points_to_orders_is_thought_of() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../migrations");
        let mut pointing = BTreeSet::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
            for table in text.split("create table ").skip(1) {
                let (name, rest) = table.split_once(' ').unwrap();
                let body = rest.split(';').next().unwrap();
                if body.contains("references orders (") {
                    pointing.insert(name.to_owned());
                }
            }
        }
        let known: BTreeSet<String> =
            rows::HANGING.iter().chain(&OF_OTHERS).chain(&["credit_notes", "document_numbers"]).map(|name| (*name).to_owned()).collect();
        assert_eq!(pointing.difference(&known).collect::<Vec<_>>(), Vec::<&String>::new());
    }
}
