//! How an order moves. Every move of every channel goes through [`act`].
//!
//! Statements: the order (locked on PostgreSQL), its new state, the customer's totals where the
//! outcome changes, the event (with its details, if it has any), the jobs of its reactions, and the
//! store's counter with the day's rollup: five, and one more each for totals and details.

use base::counters::Counters;
use base::{Ctx, events, jobs};
use customers::TotalsChange;
use db::Tx;
use kernel::{Amount, Check, Details, Error, Event, EventId, JobKind, OrderAction, OrderId, OrderState, Time, Version};

use crate::limits;
use crate::model::{Move, Moved, Order};
use crate::state::{self, Outcome, Transition};
use crate::store::{self, BeforeMove, StateChange};

/// Moves an order, if the table allows it from where it stands and the caller has the right.
///
/// `Conflict` `order.state` names what would be allowed; `order.held`, `order.backordered` and
/// `order.archived` say what is in the way. With a version, a change by somebody else is `Stale`.
pub fn act(tx: &mut Tx, ctx: &Ctx, id: OrderId, wanted: &Move) -> Result<Moved, Error> {
    let order = store::find_to_change(tx, ctx, id)?.ok_or(Error::not_found("order"))?;
    let row = state::transition(order.state, wanted.action);
    // Who may not do it anywhere hears that first, whatever state the order is in.
    require_any(ctx, |row| row.action == wanted.action)?;
    if wanted.version.is_some_and(|version| version != order.version) {
        return Err(Error::Stale { version: order.version, fields: vec!["state"] });
    }
    let row = row?;
    ctx.require(row.permission)?;
    check(wanted, row)?;
    guard(&order, row)?;

    let moved = save(tx, ctx, &order, row)?;

    let event = Event::OrderMoved { order: id, action: row.action, from: row.from, to: row.to, reason: wanted.reason.clone() };
    let details = wanted.note.clone().map(Details::text).unwrap_or_default();
    let without: &[JobKind] = if wanted.notifies { &[] } else { &[JobKind::NotifyCustomer] };
    let event = events::record_without(tx, ctx, event, details, without)?;
    count(tx, &order, &moved)?;
    let undo_until = undo_until(ctx);
    Ok(Moved { order: moved, event, undo_until })
}

fn require_any(ctx: &Ctx, is_meant: impl Fn(&Transition) -> bool) -> Result<(), Error> {
    let mut rights = state::TRANSITIONS.iter().filter(|row| is_meant(row)).map(|row| row.permission);
    let Some(first) = rights.next() else { return Ok(()) };
    if ctx.can(first) || rights.any(|right| ctx.can(right)) { Ok(()) } else { Err(Error::Forbidden { needs: first }) }
}

fn check(wanted: &Move, row: &Transition) -> Result<(), Error> {
    let mut check = Check::new();
    limits::reason(&mut check, wanted.reason.as_deref(), row.needs_reason);
    limits::text(&mut check, "note", wanted.note.as_deref(), limits::NOTE);
    check.done()
}

/// What stands in the way of a move that the table allows.
fn guard(order: &Order, row: &Transition) -> Result<(), Error> {
    if order.archived_at.is_some() {
        return Err(Error::conflict("order.archived"));
    }
    let is_forward = matches!(row.action, OrderAction::Process | OrderAction::HandOver);
    if is_forward && order.hold_count > 0 {
        return Err(Error::conflict("order.held").with("holds", order.hold_count));
    }
    if (is_forward || row.action == OrderAction::Restock) && order.backordered_count > 0 {
        return Err(Error::conflict("order.backordered").with("lines", order.backordered_count));
    }
    Ok(())
}

fn save(tx: &mut Tx, ctx: &Ctx, order: &Order, row: &Transition) -> Result<Order, Error> {
    let (confirmation, shipping_state) = state::implied(row.action, row.to);
    let confirmation = confirmation.filter(|implied| *implied != order.confirmation);
    let shipping_state = shipping_state.filter(|implied| *implied != order.shipping_state);
    let before = BeforeMove {
        state: order.state,
        moved_at: order.moved_at,
        confirmation: confirmation.map(|_| order.confirmation),
        shipping_state: shipping_state.map(|_| order.shipping_state),
    };
    let change = StateChange { state: row.to, moved_at: ctx.now, confirmation, shipping_state, before: Some(&before) };
    save_state(tx, ctx, order, &change)
}

fn save_state(tx: &mut Tx, ctx: &Ctx, order: &Order, change: &StateChange<'_>) -> Result<Order, Error> {
    if !store::set_state(tx, order, change, ctx.now)? {
        return Err(Error::Stale { version: order.version + 1, fields: vec!["state"] });
    }
    Ok(Order {
        state: change.state,
        moved_at: change.moved_at,
        updated_at: ctx.now,
        confirmation: change.confirmation.unwrap_or(order.confirmation),
        shipping_state: change.shipping_state.unwrap_or(order.shipping_state),
        version: order.version + 1,
        ..order.clone()
    })
}

/// Totals first, counters last: locks are taken in that order everywhere.
fn count(tx: &mut Tx, before: &Order, after: &Order) -> Result<(), Error> {
    if let (Some(customer), Some(change)) = (after.customer_id, outcome_change(before, after)) {
        customers::add_totals(tx, customer, &change)?;
    }
    let mut counters = Counters::new();
    counters.order(before.placed_day, before.store_id, before.state, before.currency, -1, -before.total);
    counters.order(after.placed_day, after.store_id, after.state, after.currency, 1, after.total);
    counters.flush(tx)
}

fn outcome_change(before: &Order, after: &Order) -> Option<TotalsChange> {
    let (was, is) = (state::outcome(before.state), state::outcome(after.state));
    if was == is {
        return None;
    }
    let delta = |outcome: Outcome| i64::from(is == outcome) - i64::from(was == outcome);
    let delivered = delta(Outcome::Delivered);
    Some(TotalsChange {
        store_id: after.store_id,
        currency: after.currency,
        orders: 0,
        delivered,
        returned: delta(Outcome::Returned),
        cancelled: delta(Outcome::Cancelled),
        ordered_total: Amount::ZERO,
        delivered_total: Amount(delivered * after.total.0),
        ordered_at: after.created_at,
    })
}

/// Until when a move of this moment can be taken back; what was replayed cannot.
fn undo_until(ctx: &Ctx) -> Option<Time> {
    let seconds = i64::from(ctx.settings.orders.undo_seconds);
    (seconds > 0 && !ctx.is_replay).then(|| ctx.now.plus_s(seconds))
}

/// Takes back the last move of an order, within the seconds that the settings give its actor. What was
/// to follow outside is called off.
///
/// `Conflict` `undo.too_late` when the time is over or something has gone out, `undo.not_last` when
/// the order has moved on, `undo.not_yours` for anybody but the actor.
pub fn undo(tx: &mut Tx, ctx: &Ctx, event: EventId) -> Result<Order, Error> {
    let view = events::find(tx, ctx, event)?.ok_or(Error::not_found("event"))?;
    let Event::OrderMoved { order: id, action, from, to, .. } = view.event()? else { return Err(Error::not_found("event")) };
    let order = store::find_to_change(tx, ctx, id)?.ok_or(Error::not_found("event"))?;
    require_any(ctx, |row| row.action == action)?;
    if view.actor != ctx.actor {
        return Err(Error::conflict("undo.not_yours"));
    }
    if order.archived_at.is_some() {
        return Err(Error::conflict("order.archived"));
    }
    let before = store::before_move(tx, id)?.filter(|before| before.state == from);
    let Some(before) = before.filter(|_| order.state == to && order.moved_at == view.at) else { return Err(Error::conflict("undo.not_last")) };
    let seconds = i64::from(ctx.settings.orders.undo_seconds);
    if ctx.now > view.at.plus_s(seconds) {
        return Err(Error::conflict("undo.too_late").with("seconds", seconds));
    }

    let cancelled = jobs::cancel_of_event(tx, ctx, event)?;
    if cancelled.started > 0 {
        return Err(Error::conflict("undo.too_late").with("seconds", seconds));
    }
    let change = StateChange {
        state: before.state,
        moved_at: before.moved_at,
        confirmation: before.confirmation,
        shipping_state: before.shipping_state,
        before: None,
    };
    let restored = save_state(tx, ctx, &order, &change)?;

    events::record(tx, ctx, Event::MoveUndone { order: id, undoes: event, from: order.state, to: restored.state })?;
    count(tx, &order, &restored)?;
    Ok(restored)
}

/// Moves an order to a state by the usual action, for callers who name the state they want.
pub fn move_to(tx: &mut Tx, ctx: &Ctx, id: OrderId, to: OrderState, wanted: &Move) -> Result<Moved, Error> {
    let order = store::find(tx, ctx, id)?.ok_or(Error::not_found("order"))?;
    // Who may not lead anything there hears that first, and not where the order stands.
    require_any(ctx, |row| row.to == to)?;
    let action = state::action_between(order.state, to)?;
    act(tx, ctx, id, &Move { action, ..wanted.clone() })
}

fn plain(tx: &mut Tx, ctx: &Ctx, id: OrderId, action: OrderAction, version: Option<Version>) -> Result<Moved, Error> {
    act(tx, ctx, id, &Move { version, ..Move::new(action) })
}

fn because(tx: &mut Tx, ctx: &Ctx, id: OrderId, action: OrderAction, reason: &str) -> Result<Moved, Error> {
    act(tx, ctx, id, &Move::because(action, reason))
}

/// The customer agrees.
pub fn confirm(tx: &mut Tx, ctx: &Ctx, id: OrderId, version: Option<Version>) -> Result<Moved, Error> {
    plain(tx, ctx, id, OrderAction::Confirm, version)
}

/// Preparation begins.
pub fn process(tx: &mut Tx, ctx: &Ctx, id: OrderId, version: Option<Version>) -> Result<Moved, Error> {
    plain(tx, ctx, id, OrderAction::Process, version)
}

/// Something that it sells is missing.
pub fn backorder(tx: &mut Tx, ctx: &Ctx, id: OrderId, version: Option<Version>) -> Result<Moved, Error> {
    plain(tx, ctx, id, OrderAction::Backorder, version)
}

/// What was missing is here.
pub fn restock(tx: &mut Tx, ctx: &Ctx, id: OrderId, version: Option<Version>) -> Result<Moved, Error> {
    plain(tx, ctx, id, OrderAction::Restock, version)
}

/// The courier takes the parcel.
pub fn hand_over(tx: &mut Tx, ctx: &Ctx, id: OrderId, version: Option<Version>) -> Result<Moved, Error> {
    plain(tx, ctx, id, OrderAction::HandOver, version)
}

/// The delivery agent has it.
pub fn out_for_delivery(tx: &mut Tx, ctx: &Ctx, id: OrderId, version: Option<Version>) -> Result<Moved, Error> {
    plain(tx, ctx, id, OrderAction::OutForDelivery, version)
}

/// The customer has it.
pub fn deliver(tx: &mut Tx, ctx: &Ctx, id: OrderId, version: Option<Version>) -> Result<Moved, Error> {
    plain(tx, ctx, id, OrderAction::Deliver, version)
}

/// Calls an order off that has not left the warehouse.
///
/// Answers `Conflict` when it is already on its way: the caller starts a return instead.
pub fn cancel(tx: &mut Tx, ctx: &Ctx, id: OrderId, reason: &str) -> Result<Moved, Error> {
    because(tx, ctx, id, OrderAction::Cancel, reason)
}

/// A cancelled order lives again.
pub fn reopen(tx: &mut Tx, ctx: &Ctx, id: OrderId) -> Result<Moved, Error> {
    plain(tx, ctx, id, OrderAction::Reopen, None)
}

/// The customer asks to give it back.
pub fn request_return(tx: &mut Tx, ctx: &Ctx, id: OrderId, reason: &str) -> Result<Moved, Error> {
    because(tx, ctx, id, OrderAction::RequestReturn, reason)
}

/// The parcel comes back undelivered.
pub fn return_to_sender(tx: &mut Tx, ctx: &Ctx, id: OrderId, reason: &str) -> Result<Moved, Error> {
    because(tx, ctx, id, OrderAction::ReturnToSender, reason)
}

/// A step taken by mistake is put right, one state back.
pub fn correct(tx: &mut Tx, ctx: &Ctx, id: OrderId, reason: &str) -> Result<Moved, Error> {
    because(tx, ctx, id, OrderAction::Correct, reason)
}
