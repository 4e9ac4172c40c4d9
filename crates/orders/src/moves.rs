//! How an order moves. Every move of every channel goes through [`act`].
//!
//! Statements: the order (locked on PostgreSQL), its new state, the customer's totals where the
//! outcome changes, the event (with its details, if it has any), the jobs of its reactions, and the
//! store's counter with the day's rollup: five, and one more each for totals and details.

use base::counters::Counters;
use base::events::EventView;
use base::rules::{Guard, Substatus};
use base::{Ctx, events, jobs};
use customers::TotalsChange;
use db::Tx;
use kernel::{Amount, Check, Details, Error, Event, EventId, JobKind, OrderAction, OrderId, OrderState, Time, Version};

use crate::cancellations::{self, CancelCause, Entry};
use crate::model::{Move, Moved, Order};
use crate::state::{self, Outcome, Transition};
use crate::store::{self, BeforeMove, StateChange};
use crate::{holds, labels, overlay, substatus};

/// Moves an order, if the table allows it from where it stands and the caller has the right.
///
/// `Conflict` `order.state` names what would be allowed; `order.held`, `order.backordered` and
/// `order.archived` say what is in the way. With a version, a change by somebody else is `Stale`.
pub fn act(tx: &mut Tx, ctx: &Ctx, id: OrderId, wanted: &Move) -> Result<Moved, Error> {
    act_for(tx, ctx, id, wanted, None)
}

/// The same; a cancellation may say who wanted it.
pub(crate) fn act_for(tx: &mut Tx, ctx: &Ctx, id: OrderId, wanted: &Move, cause: Option<CancelCause>) -> Result<Moved, Error> {
    let order = store::find_to_change(tx, ctx, id)?.ok_or(Error::not_found("order"))?;
    let row = match overlay::binds(ctx) {
        true => overlay::transition(&ctx.settings.rules, order.state, order.substatus.as_deref(), wanted.action),
        false => state::transition(order.state, wanted.action),
    };
    // Who may not do it anywhere hears that first, whatever state the order is in.
    require_any(ctx, |row| row.action == wanted.action)?;
    if wanted.version.is_some_and(|version| version != order.version) {
        return Err(Error::Stale { version: order.version, fields: vec!["state"] });
    }
    let row = row?;
    ctx.require(row.permission)?;
    let landed = check(ctx, wanted, row)?;
    let why = if row.action == OrderAction::Cancel { Some(cancellations::why(tx, ctx, wanted, cause)?) } else { None };
    guard(tx, ctx, &order, row)?;
    if row.action == OrderAction::Confirm {
        labels::missing_to_confirm(ctx, &order)?;
    }
    substatus::guard(tx, ctx, &order, guards(ctx, row, landed))?;

    let moved = save(tx, ctx, &order, row, landed)?;
    let called_off = match why {
        Some(why) => Some(cancellations::record(tx, ctx, &order, why)?),
        None if row.action == OrderAction::Reopen => cancellations::reopened(tx, ctx, id)?,
        None => None,
    };

    let event = Event::OrderMoved {
        order: id,
        action: row.action,
        from: row.from,
        to: row.to,
        reason: wanted.reason.clone(),
        from_substatus: order.substatus.clone(),
        to_substatus: moved.substatus.clone(),
    };
    let details = wanted.note.clone().map(Details::text).unwrap_or_default();
    let without: &[JobKind] = if wanted.notifies { &[] } else { &[JobKind::NotifyCustomer] };
    let event = events::record_without(tx, ctx, event, details, without)?;
    count(tx, &order, &moved, called_off.as_ref())?;
    let undo_until = undo_until(ctx);
    Ok(Moved { order: moved, event, undo_until })
}

fn require_any(ctx: &Ctx, is_meant: impl Fn(&Transition) -> bool) -> Result<(), Error> {
    let mut rights = state::TRANSITIONS.iter().filter(|row| is_meant(row)).map(|row| row.permission);
    let Some(first) = rights.next() else { return Ok(()) };
    if ctx.can(first) || rights.any(|right| ctx.can(right)) { Ok(()) } else { Err(Error::Forbidden { needs: first }) }
}

/// What the call must bring; answers the sub-status in which the order lands.
fn check<'a>(ctx: &'a Ctx, wanted: &Move, row: &Transition) -> Result<Option<&'a Substatus>, Error> {
    let mut check = Check::new();
    let landed = match overlay::landing(&ctx.settings.rules, row.to, wanted.substatus.as_deref()) {
        Ok(landed) => landed,
        Err(Error::Invalid(fields)) => {
            fields.into_iter().for_each(|field| check.push(field));
            None
        }
        Err(other) => return Err(other),
    };
    overlay::check_words(&mut check, wanted.reason.as_deref(), wanted.note.as_deref(), row.needs_reason, guards(ctx, row, landed));
    check.done()?;
    Ok(landed)
}

/// What the organization asks for beyond the right: of the move, and of whatever comes to the sub-status.
fn guards<'a>(ctx: &'a Ctx, row: &Transition, landed: Option<&'a Substatus>) -> impl Iterator<Item = &'a Guard> + Clone {
    let of_row = if overlay::binds(ctx) { overlay::guards(&ctx.settings.rules, row.from, row.action) } else { &[] };
    let of_place = landed.filter(|_| overlay::binds(ctx)).map_or(&[][..], |one| one.guards.as_slice());
    of_row.iter().chain(of_place)
}

/// What stands in the way of a move that the table allows.
fn guard(tx: &mut Tx, ctx: &Ctx, order: &Order, row: &Transition) -> Result<(), Error> {
    if order.archived_at.is_some() {
        return Err(Error::conflict("order.archived"));
    }
    holds::guard(tx, ctx, order, row)?;
    if needs_goods(row.action) && order.backordered_count > 0 {
        return Err(Error::conflict("order.backordered").with("lines", order.backordered_count));
    }
    Ok(())
}

const fn needs_goods(action: OrderAction) -> bool {
    matches!(action, OrderAction::Process | OrderAction::HandOver | OrderAction::Restock)
}

/// The code of what stands in the way of an action that the table offers, for pages and programs that show
/// the action and why it cannot be taken now.
pub fn obstacle(order: &Order, action: OrderAction) -> Option<&'static str> {
    if holds::blocks(action) && order.hold_count > 0 {
        Some("order.held")
    } else if needs_goods(action) && order.backordered_count > 0 {
        Some("order.backordered")
    } else {
        None
    }
}

fn save(tx: &mut Tx, ctx: &Ctx, order: &Order, row: &Transition, landed: Option<&Substatus>) -> Result<Order, Error> {
    let (confirmation, shipping_state) = state::implied(row.action, row.to);
    let confirmation = confirmation.filter(|implied| *implied != order.confirmation);
    let shipping_state = shipping_state.filter(|implied| *implied != order.shipping_state);
    let before = BeforeMove {
        confirmation: confirmation.map(|_| order.confirmation),
        shipping_state: shipping_state.map(|_| order.shipping_state),
        ..BeforeMove::of(order)
    };
    let substatus = landed.map(|one| one.key.as_str());
    let change = StateChange { state: row.to, substatus, moved_at: ctx.now, confirmation, shipping_state, before: Some(&before) };
    save_state(tx, ctx, order, &change)
}

fn save_state(tx: &mut Tx, ctx: &Ctx, order: &Order, change: &StateChange<'_>) -> Result<Order, Error> {
    if !store::set_state(tx, order, change, ctx.now)? {
        return Err(Error::Stale { version: order.version + 1, fields: vec!["state"] });
    }
    Ok(Order {
        state: change.state,
        substatus: change.substatus.map(str::to_owned),
        moved_at: change.moved_at,
        updated_at: ctx.now,
        confirmation: change.confirmation.unwrap_or(order.confirmation),
        shipping_state: change.shipping_state.unwrap_or(order.shipping_state),
        version: order.version + 1,
        ..order.clone()
    })
}

/// Totals first, counters last: locks are taken in that order everywhere.
fn count(tx: &mut Tx, before: &Order, after: &Order, called_off: Option<&Entry>) -> Result<(), Error> {
    if let (Some(customer), Some(change)) = (after.customer_id, outcome_change(before, after)) {
        customers::add_totals(tx, customer, &change)?;
    }
    let mut counters = Counters::new();
    counters.order(before.placed_day, before.store_id, before.state, before.currency, -1, -before.total);
    counters.order(after.placed_day, after.store_id, after.state, after.currency, 1, after.total);
    if let Some(entry) = called_off {
        entry.add_to(&mut counters);
    }
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
pub(crate) fn undo_until(ctx: &Ctx) -> Option<Time> {
    let seconds = i64::from(ctx.settings.orders.undo_seconds);
    (seconds > 0 && !ctx.is_replay).then(|| ctx.now.plus_s(seconds))
}

/// Whether the caller may take back what an event says happened to an order: it was their own act, and a
/// moment ago.
pub(crate) fn may_undo(ctx: &Ctx, view: &EventView, order: &Order) -> Result<(), Error> {
    if view.actor != ctx.actor {
        return Err(Error::conflict("undo.not_yours"));
    }
    if order.archived_at.is_some() {
        return Err(Error::conflict("order.archived"));
    }
    let seconds = i64::from(ctx.settings.orders.undo_seconds);
    if ctx.now > view.at.plus_s(seconds) {
        return Err(Error::conflict("undo.too_late").with("seconds", seconds));
    }
    Ok(())
}

/// Takes back the last move of an order, the setting or releasing of a hold, or its giving to an agent, within the seconds
/// that the settings give its actor. What was to follow outside is called off.
///
/// `Conflict` `undo.too_late` when the time is over or something has gone out, `undo.not_last` when
/// the order has moved on, `undo.not_yours` for anybody but the actor.
pub fn undo(tx: &mut Tx, ctx: &Ctx, event: EventId) -> Result<Order, Error> {
    let view = events::find(tx, ctx, event)?.ok_or(Error::not_found("event"))?;
    let (id, action, from, to) = match view.event()? {
        Event::OrderMoved { order, action, from, to, .. } => (order, action, from, to),
        Event::HoldSet { order, hold, .. } => return holds::undo(tx, ctx, &view, order, hold, true),
        Event::HoldReleased { order, hold, .. } => return holds::undo(tx, ctx, &view, order, hold, false),
        Event::OrderAssigned { order, from, to } => return crate::assign::undo(tx, ctx, &view, order, from, to),
        moved @ Event::SubstatusMoved { .. } => return substatus::undo_inside(tx, ctx, event, &view, &moved),
        _ => return Err(Error::not_found("event")),
    };
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

    holds::guard_undo(tx, ctx, &order, action, before.state)?;
    let cancelled = jobs::cancel_of_event(tx, ctx, event)?;
    if cancelled.started > 0 {
        return Err(Error::conflict("undo.too_late").with("seconds", seconds));
    }
    let place = substatus::still_there(tx, ctx, before.state, before.substatus.as_deref())?;
    let change = StateChange {
        state: before.state,
        substatus: place.as_deref(),
        moved_at: before.moved_at,
        confirmation: before.confirmation,
        shipping_state: before.shipping_state,
        before: None,
    };
    let restored = save_state(tx, ctx, &order, &change)?;
    let called_off = match action {
        OrderAction::Cancel => cancellations::undone(tx, ctx, id)?,
        OrderAction::Reopen => cancellations::not_reopened(tx, id)?,
        _ => None,
    };

    let (from_substatus, to_substatus) = (order.substatus.clone(), restored.substatus.clone());
    events::record(tx, ctx, Event::MoveUndone { order: id, undoes: event, from: order.state, to: restored.state, from_substatus, to_substatus })?;
    count(tx, &order, &restored, called_off.as_ref())?;
    Ok(restored)
}

/// Moves an order to a state by the usual action, for callers who name the state they want.
pub fn move_to(tx: &mut Tx, ctx: &Ctx, id: OrderId, to: OrderState, wanted: &Move) -> Result<Moved, Error> {
    let order = store::find(tx, ctx, id)?.ok_or(Error::not_found("order"))?;
    // Who may not lead anything there hears that first, and not where the order stands.
    require_any(ctx, |row| row.to == to)?;
    let action = match overlay::binds(ctx) {
        true => overlay::action_between(&ctx.settings.rules, order.state, order.substatus.as_deref(), to)?,
        false => state::action_between(order.state, to)?,
    };
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
