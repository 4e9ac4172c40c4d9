//! Sub-statuses: what guards ask for when an order comes to one, moving inside a state, taking that back.
//!
//! The state stays, and with it counters, totals and the facts that moves imply.

use base::rules::{Guard, Substatus};
use base::{Ctx, events, jobs};
use db::Tx;
use kernel::{Check, Details, Error, Event, EventId, JobKind, OrderId, OrderState, Permission, Version};

use crate::model::{Moved, Order};
use crate::overlay;
use crate::store::{self, BeforeMove, rule_sets};

/// A move inside a state that somebody wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MoveInside {
    /// To this sub-status.
    pub substatus: String,
    /// Why, as a code of small letters, digits and underscores.
    pub reason: Option<String>,
    /// Why, in words.
    pub note: Option<String>,
    /// The version that was read; without it only the present place decides.
    pub version: Option<Version>,
    /// Whether the customer hears of it, where the rule set says so.
    pub notifies: bool,
}

impl MoveInside {
    /// To this one, without reason or note.
    pub fn to(substatus: &str) -> MoveInside {
        MoveInside { substatus: substatus.to_owned(), reason: None, note: None, version: None, notifies: true }
    }
}

/// Moves an order to another sub-status of the state in which it stands. Needs `order.edit`.
///
/// `Invalid` names the sub-statuses that the state has; `Conflict` `substatus.same` when it stands there
/// already, `substatus.next` when the one before does not allow it, `order.guard` when something is missing.
pub fn move_inside(tx: &mut Tx, ctx: &Ctx, id: OrderId, wanted: &MoveInside) -> Result<Moved, Error> {
    ctx.require(Permission::OrderEdit)?;

    let order = store::find_to_change(tx, ctx, id)?.ok_or(Error::not_found("order"))?;
    if wanted.version.is_some_and(|version| version != order.version) {
        return Err(Error::Stale { version: order.version, fields: vec!["substatus"] });
    }
    if order.archived_at.is_some() {
        return Err(Error::conflict("order.archived"));
    }
    let to = target(ctx, &order, &wanted.substatus)?;
    let mut check = Check::new();
    overlay::check_words(&mut check, wanted.reason.as_deref(), wanted.note.as_deref(), false, to.guards.iter());
    check.done()?;
    guard(tx, ctx, &order, to.guards.iter())?;

    let before = BeforeMove { at: Some(ctx.now), ..BeforeMove::of(&order) };
    if !store::set_substatus(tx, &order, Some(&to.key), Some(&before), ctx.now)? {
        return Err(Error::Stale { version: order.version + 1, fields: vec!["substatus"] });
    }

    let event = Event::SubstatusMoved {
        order: id,
        state: order.state,
        from: order.substatus.clone(),
        to: Some(to.key.clone()),
        reason: wanted.reason.clone(),
    };
    let details = wanted.note.clone().map(Details::text).unwrap_or_default();
    let without: &[JobKind] = if wanted.notifies { &[] } else { &[JobKind::NotifyCustomer] };
    let event = events::record_without(tx, ctx, event, details, without)?;
    let order = Order { substatus: Some(to.key.clone()), updated_at: ctx.now, version: order.version + 1, ..order };
    Ok(Moved { order, event, undo_until: crate::moves::undo_until(ctx) })
}

fn target<'a>(ctx: &'a Ctx, order: &Order, wanted: &str) -> Result<&'a Substatus, Error> {
    let rules = &ctx.settings.rules;
    let standing = order.substatus.as_deref();
    let Some(to) = rules.open(order.state).find(|one| one.key == wanted) else { return Err(overlay::unknown(rules.open(order.state))) };
    if standing == Some(wanted) {
        return Err(Error::conflict("substatus.same").with("substatus", wanted));
    }
    let allowed: Vec<&str> = overlay::siblings(rules, order.state, standing).map(|one| one.key.as_str()).collect();
    if overlay::binds(ctx) && !allowed.contains(&wanted) {
        return Err(Error::conflict("substatus.next").with("substatus", standing.unwrap_or_default()).with("allowed", allowed.join(", ")));
    }
    Ok(to)
}

/// What guards ask of the order and of whoever acts. What the call itself must bring is checked before.
///
/// `Forbidden` names a missing right; `Conflict` `order.guard` names everything else at once.
pub(crate) fn guard<'a>(tx: &mut Tx, ctx: &Ctx, order: &Order, guards: impl Iterator<Item = &'a Guard>) -> Result<(), Error> {
    if !overlay::binds(ctx) {
        return Ok(());
    }
    let mut missing = Vec::new();
    for guard in guards {
        let holds = match guard {
            Guard::Right { right } => {
                ctx.require(*right)?;
                true
            }
            Guard::Role { role } => access::roles::is_of(tx, ctx, role)?,
            Guard::Notes { kind, least } => has_notes(tx, order.id, kind, *least)?,
            other => overlay::holds(other, order).unwrap_or(true),
        };
        if !holds {
            missing.push(overlay::asked(guard));
        }
    }
    if missing.is_empty() { Ok(()) } else { Err(Error::conflict("order.guard").with("needs", missing.join(", "))) }
}

fn has_notes(tx: &mut Tx, order: OrderId, kind: &str, least: u32) -> Result<bool, Error> {
    let notes = store::notes::list(tx, order, None)?;
    let of_kind = notes.iter().filter(|note| note.kind().as_deref() == Some(kind)).count();
    Ok(of_kind >= least as usize)
}

/// Takes a move inside a state back, under the same conditions as [`crate::undo`].
pub(crate) fn undo_inside(tx: &mut Tx, ctx: &Ctx, event: EventId, view: &events::EventView, moved: &Event) -> Result<Order, Error> {
    let Event::SubstatusMoved { order: id, from, to, .. } = moved else { return Err(Error::not_found("event")) };
    ctx.require(Permission::OrderEdit)?;
    let order = store::find_to_change(tx, ctx, *id)?.ok_or(Error::not_found("event"))?;
    crate::moves::may_undo(ctx, view, &order)?;
    let before = store::before_move(tx, *id)?.filter(|before| before.at == Some(view.at) && before.substatus == *from);
    if before.is_none() || order.substatus != *to {
        return Err(Error::conflict("undo.not_last"));
    }
    let seconds = i64::from(ctx.settings.orders.undo_seconds);
    if jobs::cancel_of_event(tx, ctx, event)?.started > 0 {
        return Err(Error::conflict("undo.too_late").with("seconds", seconds));
    }

    let back = still_there(tx, ctx, order.state, from.as_deref())?;
    if !store::set_substatus(tx, &order, back.as_deref(), None, ctx.now)? {
        return Err(Error::Stale { version: order.version + 1, fields: vec!["substatus"] });
    }
    events::record(
        tx,
        ctx,
        Event::MoveUndone {
            order: *id,
            undoes: event,
            from: order.state,
            to: order.state,
            from_substatus: order.substatus.clone(),
            to_substatus: back.clone(),
        },
    )?;
    Ok(Order { substatus: back, updated_at: ctx.now, version: order.version + 1, ..order })
}

/// Where an undo leads: to where the order was, or to what became of it since.
pub(crate) fn still_there(tx: &mut Tx, ctx: &Ctx, state: OrderState, key: Option<&str>) -> Result<Option<String>, Error> {
    let Some(key) = key else { return Ok(None) };
    let rules = &ctx.settings.rules;
    if rules.substatus(state, key).is_some() {
        return Ok(Some(key.to_owned()));
    }
    let keys = rule_sets::list_keys(tx)?;
    Ok(crate::rule_set::successor(rules, &keys, state, key))
}
