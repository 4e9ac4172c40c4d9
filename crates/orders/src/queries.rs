//! Reading orders: one, with everything, as a list, as progress.

use std::collections::BTreeMap;

use base::events::EventView;
use base::{Ctx, events};
use db::Tx;
use kernel::{Actor, Error, Event, EventId, Id, MessageId, OrderAction, OrderId, OrderState, Permission, StoreId, Time};

use crate::credit::CreditNote;
use crate::escalations::{self, Escalation};
use crate::filter::{Archived, COUNTED, OrderFilter, OrderPage, Page, PageStart, SKIPPED, Total};
use crate::holds::Hold;
use crate::mentions::Mentioned;
use crate::model::{Line, Note, Order, TrackingEntry};
use crate::reasons::{self, ReasonList};
use crate::sort::Place;
use crate::store::{self, credits, list as lists, notes, plan};
use crate::{masked, overlay, stats};

/// The prefix of an order's events.
pub(crate) const PREFIX: &str = <OrderId as Id>::PREFIX;
/// How much of an order's history is read.
pub(crate) const HISTORY: u32 = 500;

/// An order with everything kept about it.
#[derive(Clone, Debug)]
pub struct OrderDetail {
    /// The order.
    pub order: Order,
    /// What it sells.
    pub lines: Vec<Line>,
    /// Notes of both audiences, oldest first.
    pub notes: Vec<Note>,
    /// Whom the notes name.
    pub mentions: Vec<Mentioned>,
    /// Tracking entries by their own time, oldest first.
    pub tracking: Vec<TrackingEntry>,
    /// What it gave back on paper.
    pub credit_notes: Vec<CreditNote>,
    /// What happened to it, oldest first; at most the newest 500.
    pub history: Vec<EventView>,
    /// What the caller may do now.
    pub actions: Vec<OrderAction>,
    /// The move that the caller may still take back, and until when.
    pub undo: Option<(EventId, Time)>,
    /// What holds it back now.
    pub holds: Vec<Hold>,
    /// The words of kinds of holds in the caller's language, by code; empty when nothing holds it back.
    pub hold_labels: BTreeMap<String, String>,
    /// What was passed up the team and is not settled.
    pub escalation: Option<Escalation>,
}

/// One order.
pub fn find(tx: &mut Tx, ctx: &Ctx, id: OrderId) -> Result<Order, Error> {
    ctx.require(Permission::OrderRead)?;
    store::find(tx, ctx, id)?.ok_or(Error::not_found("order"))
}

/// The order that a shop or file calls so, if the caller may see it.
pub fn find_by_ref(tx: &mut Tx, ctx: &Ctx, store: StoreId, external_ref: &str) -> Result<Option<Order>, Error> {
    ctx.require(Permission::OrderRead)?;
    match store::intake::find_by_ref(tx, store, external_ref.trim())? {
        Some(standing) => store::find(tx, ctx, standing.id),
        None => Ok(None),
    }
}

/// The lines of an order.
pub fn list_lines(tx: &mut Tx, ctx: &Ctx, id: OrderId) -> Result<Vec<Line>, Error> {
    find(tx, ctx, id)?;
    store::list_lines(tx, id)
}

/// One order with lines, notes, tracking, credit notes, history, what holds it back and what can be done:
/// seven statements, and two more when something holds it back.
pub fn detail(tx: &mut Tx, ctx: &Ctx, id: OrderId) -> Result<OrderDetail, Error> {
    let order = find(tx, ctx, id)?;
    let history = events::of_subject(tx, ctx, PREFIX, id.to_i64(), HISTORY)?;
    let actions = if order.archived_at.is_some() { Vec::new() } else { overlay::actions_from(&ctx.settings.rules, &order, &ctx.permissions) };
    let is_held = order.hold_count > 0;
    Ok(OrderDetail {
        holds: if is_held { masked::holds(ctx, store::holds::list_open(tx, id)?) } else { Vec::new() },
        hold_labels: if is_held { reasons::labels(tx, ctx, ReasonList::Hold)? } else { BTreeMap::new() },
        escalation: escalations::open_of(tx, id)?.map(|one| masked::escalation(ctx, one)),
        lines: store::list_lines(tx, id)?,
        notes: masked::notes(ctx, notes::list(tx, id, None)?),
        mentions: store::mentions::of_order(tx, id)?,
        tracking: masked::tracking(ctx, notes::list_tracking(tx, id)?),
        credit_notes: masked::credit_notes(ctx, credits::of_order(tx, id)?),
        undo: undoable(ctx, &order, &history),
        actions,
        history,
        order,
    })
}

/// The last move, while it is the caller's own and still young.
fn undoable(ctx: &Ctx, order: &Order, history: &[EventView]) -> Option<(EventId, Time)> {
    let steps = ["order.moved", "order.substatus_moved", "order.move_undone", "order.edited", "order.edit_undone"];
    let place = history.iter().rposition(|event| steps.contains(&event.kind.as_str()))?;
    let last = &history[place];
    let until = last.at.plus_s(i64::from(ctx.settings.orders.undo_seconds));
    let is_move = match last.kind.as_str() {
        "order.moved" => last.at == order.moved_at,
        // An edit can be taken back while nobody has changed the order since.
        "order.edited" => !history[place + 1..].iter().any(|event| matches!(event.kind.as_str(), "order.changed" | "order.line_moved")),
        other => other == "order.substatus_moved",
    };
    let is_own = is_move && last.actor == ctx.actor;
    (is_own && ctx.now <= until && until > last.at).then_some((last.id, until))
}

/// How far along an order is, and how it came here.
#[derive(Clone, Debug)]
pub struct Progress {
    /// Which.
    pub order: Order,
    /// 0 to 100; none once it is called off or on its way back.
    pub percentage: Option<u8>,
    /// Where it stands.
    pub current: OrderState,
    /// Where it goes next when all goes well.
    pub next: Option<OrderState>,
    /// Every change of state, oldest first.
    pub timeline: Vec<Step>,
    /// What the customer was told, oldest first.
    pub notifications: Vec<Notification>,
}

/// A change of state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The event.
    pub event: EventId,
    /// When.
    pub at: Time,
    /// From where; none for the placing.
    pub from: Option<OrderState>,
    /// To where.
    pub to: OrderState,
    /// From where within the state.
    pub from_substatus: Option<String>,
    /// To where within the state.
    pub to_substatus: Option<String>,
    /// By which action; none for the placing, for a move inside a state and for an undo.
    pub action: Option<OrderAction>,
    /// By whom.
    pub actor: Actor,
    /// Whether no person was at work.
    pub automated: bool,
    /// Why, as a code.
    pub reason: Option<String>,
    /// Why, in words.
    pub note: Option<String>,
    /// Whether it takes an earlier move back.
    pub is_undo: bool,
}

/// Something the customer was told, or should have been.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// When.
    pub at: Time,
    /// The message.
    pub message: MessageId,
    /// How: `email`, `sms`, …
    pub channel: String,
    /// On which occasion.
    pub template: String,
    /// `sent`, `skipped`, `failed`.
    pub state: String,
}

/// Percentage, state, next state, timeline and notifications of an order: two statements.
pub fn progress(tx: &mut Tx, ctx: &Ctx, id: OrderId) -> Result<Progress, Error> {
    let order = find(tx, ctx, id)?;
    let mut timeline = Vec::new();
    let mut notifications = Vec::new();
    for view in events::of_subject(tx, ctx, PREFIX, id.to_i64(), HISTORY)? {
        match view.event()? {
            Event::OrderPlaced { substatus, .. } => {
                let placed = step(&view, None, OrderState::Pending, None, None, false);
                timeline.push(Step { to_substatus: substatus, ..placed });
            }
            Event::OrderMoved { action, from, to, reason, from_substatus, to_substatus, .. } => {
                let moved = step(&view, Some(from), to, Some(action), reason, false);
                timeline.push(Step { from_substatus, to_substatus, ..moved });
            }
            Event::SubstatusMoved { state, from, to, reason, .. } => {
                let moved = step(&view, Some(state), state, None, reason, false);
                timeline.push(Step { from_substatus: from, to_substatus: to, ..moved });
            }
            Event::MoveUndone { from, to, from_substatus, to_substatus, .. } => {
                let undone = step(&view, Some(from), to, None, None, true);
                timeline.push(Step { from_substatus, to_substatus, ..undone });
            }
            Event::OrderNotified { message, channel, template, state, .. } => {
                notifications.push(Notification { at: view.at, message, channel, template, state });
            }
            _ => {}
        }
    }
    let (rules, substatus) = (&ctx.settings.rules, order.substatus.as_deref());
    Ok(Progress {
        percentage: rules.progress(order.state, substatus),
        current: order.state,
        next: overlay::expected_next(rules, order.state, substatus),
        order,
        timeline,
        notifications,
    })
}

fn step(view: &EventView, from: Option<OrderState>, to: OrderState, action: Option<OrderAction>, reason: Option<String>, is_undo: bool) -> Step {
    let note = view.details.text.clone();
    Step {
        event: view.id,
        at: view.at,
        from,
        to,
        from_substatus: None,
        to_substatus: None,
        action,
        actor: view.actor,
        automated: view.automated,
        reason,
        note,
        is_undo,
    }
}

/// A page of orders that the caller may see.
///
/// One statement for the rows and one for the total; where several filters compete, one short look at
/// the index of each first.
pub fn list(tx: &mut Tx, ctx: &Ctx, filter: &OrderFilter, page: &Page) -> Result<OrderPage, Error> {
    ctx.require(Permission::OrderRead)?;

    let limit = page.limit.clamp(1, 200);
    let (after, skip) = match &page.start {
        PageStart::First => (None, 0),
        PageStart::Cursor(cursor) => (Some(Place::read(cursor, page.sort)?), 0),
        PageStart::Number(number) => (None, number.saturating_sub(1).saturating_mul(limit)),
    };
    if skip > SKIPPED {
        return Err(Error::field("page", "page.too_far").with("max", SKIPPED / limit));
    }
    let Some(seen) = filter.seen(tx, ctx)? else {
        return Ok(OrderPage { items: Vec::new(), next_cursor: None, total: page.with_total.then_some(Total::Exact(0)) });
    };

    let way = lists::choose(tx, &seen, page.sort)?;
    let mut items = lists::rows(tx, &seen, page.sort, way.clone(), after, skip, limit + 1)?;
    let is_last = items.len() <= limit as usize;
    items.truncate(limit as usize);
    let next_cursor = items.last().filter(|_| !is_last).map(|last| lists::place_of(last, page.sort).cursor(page.sort));
    let is_whole = is_last && after.is_none() && (skip == 0 || !items.is_empty());
    let total = match page.with_total {
        false => None,
        // The page itself shows how many there are.
        true if is_whole => Some(Total::Exact(i64::from(skip) + items.len() as i64)),
        true => Some(total(tx, &seen, way)?),
    };
    Ok(OrderPage { items, next_cursor, total })
}

/// How many orders a filter has that the caller may see.
pub(crate) fn count(tx: &mut Tx, ctx: &Ctx, filter: &OrderFilter) -> Result<Total, Error> {
    let Some(seen) = filter.seen(tx, ctx)? else { return Ok(Total::Exact(0)) };
    let way = if seen.is_counted() { plan::Lead::Sort.into() } else { lists::choose(tx, &seen, crate::Sort::default())? };
    total(tx, &seen, way)
}

fn total(tx: &mut Tx, filter: &OrderFilter, way: plan::Way) -> Result<Total, Error> {
    if filter.is_counted() {
        return Ok(Total::Exact(stats::counted(tx, filter)?));
    }
    let found = lists::count(tx, filter, lists::counting(filter, way))?;
    Ok(if found > COUNTED { Total::AtLeast(COUNTED) } else { Total::Exact(found) })
}

/// Whether archived orders are among what a filter asks for.
pub(crate) fn wants(filter: &OrderFilter, is_archived: bool) -> bool {
    match filter.archived {
        Archived::Any => true,
        Archived::No => !is_archived,
        Archived::Only => is_archived,
    }
}
