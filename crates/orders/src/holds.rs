//! Holds: reasons not to prepare an order or hand it over yet.
//!
//! An order may have several at once, each with a kind, an owner, words of its own and perhaps a date on
//! which it is released by itself. What always holds: `orders.hold_count` is the number of open holds, in
//! the same transaction; while it is not zero no move that brings the parcel nearer to the customer goes
//! through ([`guard`]), whoever asks and by whatever way. That somebody received a parcel which was
//! on its way already is a report of what happened, and refusing that would leave its cash unbooked.
//!
//! Not here: which kinds there are ([`crate::reasons`]), deciding that an order needs a hold.

use std::collections::{BTreeMap, BTreeSet};

use base::counters::{Counters, Recount, Repair};
use base::events::EventView;
use base::jobs::{self, Job, NewJob, Next};
use base::{Ctx, events};
use db::Tx;
use kernel::{
    Actor, Check, Details, Error, Event, EventId, FieldError, HoldId, JobId, JobKind, OrderAction, OrderId, OrderState, Permission, StoreId, Time,
    UserId, Version,
};
use serde::Deserialize;
use serde_json::json;

use crate::facts;
use crate::limits;
use crate::masked;
use crate::model::Order;
use crate::reasons::{self, ReasonList};
use crate::state::Transition;
use crate::store;
use crate::store::holds as rows;

pub use crate::store::holds::Hold;

/// Where open holds are counted by store and kind.
pub const OPEN_BY_KIND: &str = "orders.holds.";
/// Most open holds of one order.
const MOST: i64 = 20;
/// How far ahead a hold may be released by itself.
const AHEAD_US: i64 = 2 * 366 * Time::DAY;

/// A hold to be set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewHold {
    /// The code of its kind.
    pub kind: String,
    /// Why, in words.
    pub note: Option<String>,
    /// Who looks after it; whoever sets it when not given.
    pub owner: Option<UserId>,
    /// When it is released by itself.
    pub release_at: Option<Time>,
}

/// What shall be different about a hold; `None` leaves a field as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HoldChange {
    /// Other words, or none.
    pub note: Option<Option<String>>,
    /// Another owner, or nobody.
    pub owner: Option<Option<UserId>>,
    /// Another date, or none.
    pub release_at: Option<Option<Time>>,
}

/// What setting or releasing a hold did.
#[derive(Clone, Debug)]
pub struct Held {
    /// The hold as it stands now.
    pub hold: Hold,
    /// The event; its actor may undo it for a while.
    pub event: EventId,
    /// Until when; none when it cannot be undone.
    pub undo_until: Option<Time>,
}

impl Hold {
    /// Who set it.
    pub fn set_by(&self) -> Actor {
        Actor::from_columns(&self.set_by_kind, self.set_by_id)
    }

    /// Who released it.
    pub fn released_by(&self) -> Option<Actor> {
        self.released_by_kind.as_deref().map(|kind| Actor::from_columns(kind, self.released_by_id))
    }
}

/// Whether an open hold stands in the way of this action: it brings the parcel nearer to the customer.
pub const fn blocks(action: OrderAction) -> bool {
    matches!(action, OrderAction::Process | OrderAction::HandOver | OrderAction::OutForDelivery)
}

/// `Conflict` `order.held`, naming the holds, when a move may not go through because of them.
pub(crate) fn guard(tx: &mut Tx, ctx: &Ctx, order: &Order, row: &Transition) -> Result<(), Error> {
    if order.hold_count == 0 || !blocks(row.action) {
        return Ok(());
    }
    refuse(tx, ctx, order)
}

/// The same for taking back a step to the rear: it would bring a parcel that is held now nearer again.
pub(crate) fn guard_undo(tx: &mut Tx, ctx: &Ctx, order: &Order, undone: OrderAction, to: OrderState) -> Result<(), Error> {
    let was_back = matches!(undone, OrderAction::Correct | OrderAction::FailDelivery | OrderAction::Backorder);
    let leads_on = matches!(to, OrderState::Processing | OrderState::Shipped | OrderState::OutForDelivery);
    if order.hold_count == 0 || !was_back || !leads_on {
        return Ok(());
    }
    refuse(tx, ctx, order)
}

fn refuse(tx: &mut Tx, ctx: &Ctx, order: &Order) -> Result<(), Error> {
    let labels = reasons::labels(tx, ctx, ReasonList::Hold)?;
    let open = rows::list_open(tx, order.id)?;
    Err(Error::conflict("order.held").with("holds", order.hold_count).with("names", names(&open, &labels)))
}

/// The kinds of these holds in the reader's words, each once.
pub fn names(open: &[Hold], labels: &BTreeMap<String, String>) -> String {
    let kinds: BTreeSet<&str> = open.iter().map(|hold| hold.kind.as_str()).collect();
    let names: Vec<&str> = kinds.into_iter().map(|kind| labels.get(kind).map_or(kind, String::as_str)).collect();
    names.join(", ")
}

/// The holds of an order, oldest first; only open ones when `only_open`. Needs `order.read`.
pub fn list(tx: &mut Tx, ctx: &Ctx, order: OrderId, only_open: bool) -> Result<Vec<Hold>, Error> {
    ctx.require(Permission::OrderRead)?;
    store::find(tx, ctx, order)?.ok_or(Error::not_found("order"))?;
    let holds = if only_open { rows::list_open(tx, order)? } else { rows::list(tx, order)? };
    Ok(masked::holds(ctx, holds))
}

/// Open holds by kind, in the stores that the caller may see. Needs `order.read`.
pub fn count_open(tx: &mut Tx, ctx: &Ctx) -> Result<BTreeMap<String, i64>, Error> {
    ctx.require(Permission::OrderRead)?;
    let mut open = BTreeMap::new();
    for (key, count) in base::counters::read(tx, OPEN_BY_KIND)? {
        if let Some((store, kind)) = read_key(&key)
            && ctx.sees().store(store)
            && count != 0
        {
            *open.entry(kind.to_owned()).or_default() += count;
        }
    }
    Ok(open)
}

/// Holds an order back for one more reason. Needs `order.hold`.
///
/// `Conflict` `hold.closed` when no parcel is ahead of the order any more, `hold.too_many`,
/// `order.archived`.
pub fn set(tx: &mut Tx, ctx: &Ctx, id: OrderId, new: &NewHold) -> Result<Held, Error> {
    ctx.require(Permission::OrderHold)?;

    let order = store::find_to_change(tx, ctx, id)?.ok_or(Error::not_found("order"))?;
    let mut check = Check::new();
    let note = said(new.note.as_deref());
    let kind = reasons::find(tx, ReasonList::Hold, &new.kind)?;
    reasons::check_chosen(&mut check, "kind", kind.as_ref(), note);
    limits::text(&mut check, "note", note, limits::NOTE);
    check_owner(tx, &mut check, new.owner)?;
    check_date(ctx, &mut check, new.release_at);
    check.done()?;
    if order.archived_at.is_some() {
        return Err(Error::conflict("order.archived"));
    }
    if order.state.is_closed() {
        return Err(Error::conflict("hold.closed").with("state", order.state));
    }
    if order.hold_count >= MOST {
        return Err(Error::conflict("hold.too_many").with("max", MOST));
    }

    let (set_by_kind, set_by_id) = ctx.actor.columns();
    let hold = Hold {
        id: tx.new_id(),
        order_id: id,
        kind: new.kind.clone(),
        note: note.map(str::to_owned),
        owner_id: new.owner.or(ctx.user()),
        set_by_kind: set_by_kind.to_owned(),
        set_by_id,
        set_at: ctx.now,
        release_at: new.release_at,
        released_at: None,
        released_by_kind: None,
        released_by_id: None,
        release_note: None,
        version: 1,
    };
    rows::insert(tx, &hold)?;
    facts::add_holds(tx, ctx, id, 1)?;
    release_later(tx, ctx, &hold)?;

    let event = Event::HoldSet { order: id, hold: hold.id, hold_kind: hold.kind.clone(), release_at: hold.release_at };
    let event = events::record_with(tx, ctx, event, details(note))?;
    count(tx, &order, &hold, 1)?;
    Ok(Held { hold, event, undo_until: crate::moves::undo_until(ctx) })
}

/// Changes the note, the owner or the date of an open hold. Needs `order.hold`.
///
/// `Conflict` `hold.released` when it is open no more; `Stale` when somebody was faster.
pub fn change(tx: &mut Tx, ctx: &Ctx, order: OrderId, id: HoldId, change: &HoldChange, version: Option<Version>) -> Result<Hold, Error> {
    ctx.require(Permission::OrderHold)?;

    let (_, before) = load(tx, ctx, order, id)?;
    let mut after = before.clone();
    let mut check = Check::new();
    if let Some(note) = &change.note {
        after.note = said(note.as_deref()).map(str::to_owned);
        limits::text(&mut check, "note", after.note.as_deref(), limits::NOTE);
        let kind = reasons::find(tx, ReasonList::Hold, &before.kind)?;
        check.require(!kind.is_some_and(|kind| kind.needs_note) || after.note.is_some(), "note", "required");
    }
    if let Some(owner) = change.owner {
        after.owner_id = owner;
        check_owner(tx, &mut check, owner)?;
    }
    if let Some(release_at) = change.release_at {
        after.release_at = release_at;
        check_date(ctx, &mut check, release_at.filter(|at| before.release_at != Some(*at)));
    }
    check.done()?;
    let mut details = Details::none();
    details.change("note", &before.note, &after.note);
    details.change("owner_id", &before.owner_id, &after.owner_id);
    details.change("release_at", &before.release_at, &after.release_at);
    let named = || ["note", "owner_id", "release_at"].into_iter().filter(|field| details.changes.iter().any(|one| one.field == *field)).collect();
    if version.is_some_and(|version| version != before.version) {
        return Err(Error::Stale { version: before.version, fields: named() });
    }
    if before.released_at.is_some() {
        return Err(Error::conflict("hold.released"));
    }
    if details.is_empty() {
        return Ok(before);
    }

    if !rows::update(tx, &after, before.version)? {
        return Err(Error::Stale { version: before.version + 1, fields: named() });
    }
    after.version += 1;
    release_later(tx, ctx, &after)?;
    events::record_with(tx, ctx, Event::HoldChanged { order, hold: id, fields: details.fields() }, details)?;
    Ok(after)
}

/// Releases a hold. Needs `order.hold`.
///
/// `Conflict` `hold.released` when somebody did already.
pub fn release(tx: &mut Tx, ctx: &Ctx, order: OrderId, id: HoldId, note: Option<&str>) -> Result<Held, Error> {
    ctx.require(Permission::OrderHold)?;

    let (of, hold) = load(tx, ctx, order, id)?;
    let mut check = Check::new();
    let note = said(note);
    limits::text(&mut check, "note", note, limits::NOTE);
    check.done()?;
    if hold.released_at.is_some() {
        return Err(Error::conflict("hold.released"));
    }
    let (hold, event) = end(tx, ctx, &of, &hold, note, false)?;
    Ok(Held { hold, event, undo_until: crate::moves::undo_until(ctx) })
}

fn end(tx: &mut Tx, ctx: &Ctx, order: &Order, hold: &Hold, note: Option<&str>, is_due: bool) -> Result<(Hold, EventId), Error> {
    let (kind, by) = ctx.actor.columns();
    let released = Hold {
        released_at: Some(ctx.now),
        released_by_kind: Some(kind.to_owned()),
        released_by_id: by,
        release_note: note.map(str::to_owned),
        ..hold.clone()
    };
    if !rows::update(tx, &released, hold.version)? {
        return Err(Error::Stale { version: hold.version + 1, fields: vec!["released_at"] });
    }
    facts::add_holds(tx, ctx, order.id, -1)?;
    let event = Event::HoldReleased { order: order.id, hold: hold.id, hold_kind: hold.kind.clone(), is_due };
    let event = events::record_with(tx, ctx, event, details(note))?;
    count(tx, order, hold, -1)?;
    Ok((Hold { version: hold.version + 1, ..released }, event))
}

#[derive(Deserialize)]
struct Due {
    order: OrderId,
    hold: HoldId,
}

/// The job of a date: releases the hold, unless it is released or waits longer by now.
pub fn release_due(tx: &mut Tx, ctx: &Ctx, job: &Job) -> Result<Next, Error> {
    let Due { order, hold } = serde_json::from_value(job.payload.clone()).map_err(Error::internal)?;
    let Some(of) = store::find_to_change(tx, ctx, order)? else { return Ok(Next::Done) };
    let is_due = |hold: &Hold| hold.released_at.is_none() && hold.release_at.is_some_and(|at| at <= ctx.now);
    if let Some(hold) = rows::find(tx, order, hold)?.filter(is_due) {
        end(tx, ctx, &of, &hold, None, true)?;
    }
    Ok(Next::Done)
}

fn release_later(tx: &mut Tx, ctx: &Ctx, hold: &Hold) -> Result<(), Error> {
    let Some(at) = hold.release_at else { return Ok(()) };
    let job = NewJob {
        run_at: at,
        unique_key: Some(format!("release:{}:{}", hold.id, at.0)),
        ..NewJob::now(ctx, JobKind::ReleaseHold, json!({ "order": hold.order_id, "hold": hold.id }))
    };
    jobs::enqueue(tx, ctx, job).map(drop)
}

/// Takes back the setting or releasing of a hold, as [`crate::undo`] does for moves.
pub(crate) fn undo(tx: &mut Tx, ctx: &Ctx, view: &EventView, order: OrderId, id: HoldId, was_set: bool) -> Result<Order, Error> {
    ctx.require(Permission::OrderHold)?;

    let (of, hold) = load(tx, ctx, order, id).map_err(|_| Error::not_found("event"))?;
    crate::moves::may_undo(ctx, view, &of)?;
    let stands = if was_set { hold.released_at.is_none() && hold.version == 1 } else { hold.released_at == Some(view.at) };
    if !stands {
        return Err(Error::conflict("undo.not_last"));
    }

    if was_set {
        rows::delete(tx, order, id)?;
    } else {
        let open = Hold { released_at: None, released_by_kind: None, released_by_id: None, release_note: None, ..hold.clone() };
        rows::update(tx, &open, hold.version)?;
        release_later(tx, ctx, &open)?;
    }
    let delta = if was_set { -1 } else { 1 };
    facts::add_holds(tx, ctx, order, delta)?;
    events::record(tx, ctx, Event::HoldUndone { order, hold: id, undoes: view.id, is_open: !was_set })?;
    count(tx, &of, &hold, delta)?;
    Ok(Order { hold_count: of.hold_count + delta, updated_at: ctx.now, ..of })
}

/// The order, kept from others, and the hold; what one may not see is not found.
fn load(tx: &mut Tx, ctx: &Ctx, order: OrderId, id: HoldId) -> Result<(Order, Hold), Error> {
    let order = store::find_to_change(tx, ctx, order)?.ok_or(Error::not_found("order"))?;
    let hold = rows::find(tx, order.id, id)?.ok_or(Error::not_found("hold"))?;
    Ok((order, hold))
}

fn count(tx: &mut Tx, order: &Order, hold: &Hold, delta: i64) -> Result<(), Error> {
    let mut counters = Counters::new();
    counters.add(key(order.store_id, &hold.kind), delta);
    counters.flush(tx)
}

/// Takes the open holds of an order that goes out of their counters.
pub(crate) fn uncount(tx: &mut Tx, order: &Order, counters: &mut Counters) -> Result<(), Error> {
    for hold in rows::list_open(tx, order.id)? {
        counters.add(key(order.store_id, &hold.kind), -1);
    }
    Ok(())
}

fn key(store: StoreId, kind: &str) -> String {
    format!("{OPEN_BY_KIND}{store}.{kind}")
}

fn read_key(key: &str) -> Option<(StoreId, &str)> {
    let (store, kind) = key.strip_prefix(OPEN_BY_KIND)?.split_once('.')?;
    Some((store.parse().ok()?, kind))
}

fn said(note: Option<&str>) -> Option<&str> {
    note.map(str::trim).filter(|note| !note.is_empty())
}

fn details(note: Option<&str>) -> Details {
    note.map(Details::text).unwrap_or_default()
}

fn check_owner(tx: &mut Tx, check: &mut Check, owner: Option<UserId>) -> Result<(), Error> {
    if let Some(owner) = owner {
        check.require(access::users::is_agent(tx, owner)?, "owner_id", "unknown");
    }
    Ok(())
}

fn check_date(ctx: &Ctx, check: &mut Check, release_at: Option<Time>) {
    let Some(at) = release_at else { return };
    check.require(at > ctx.now, "release_at", "time.past");
    if at > ctx.now.plus_us(AHEAD_US) {
        check.push(FieldError::new("release_at", "date.too_late").with("max", ctx.now.plus_us(AHEAD_US)));
    }
}

/// Counts open holds again, for the nightly proof of their counters.
pub(crate) const RECOUNT: Recount = |tx, _| {
    let counted = rows::by_kind(tx)?.into_iter();
    Ok(counted.map(|(store, kind, open)| (key(store, &kind), open)).collect())
};

/// Compares each order's count of holds with its open holds, repairs those that are off and records each
/// repair: part of the nightly proof. Needs `system.edit`.
pub fn prove(tx: &mut Tx, ctx: &Ctx, job: JobId) -> Result<Vec<Repair>, Error> {
    ctx.require(Permission::SystemEdit)?;
    let mut repairs = Vec::new();
    for (order, _) in off(tx)? {
        // Once more with the order kept from others: a hold may have been set in between.
        let Some(found) = store::find_to_change(tx, ctx, order)? else { continue };
        let counted = rows::list_open(tx, order)?.len() as i64;
        if found.hold_count == counted {
            continue;
        }
        facts::add_holds(tx, ctx, order, counted - found.hold_count)?;
        let counter = format!("orders.hold_count.{order}");
        tracing::error!(counter, stored = found.hold_count, counted, "A count of holds was off and is repaired");
        events::record(tx, ctx, Event::CounterRepaired { job, counter: counter.clone(), stored: found.hold_count, counted })?;
        repairs.push(Repair { counter, stored: found.hold_count, counted });
    }
    Ok(repairs)
}

/// Orders whose count of holds is not that of their open holds, with the true one; at most 1,000.
pub fn off(tx: &mut Tx) -> Result<Vec<(OrderId, i64)>, Error> {
    rows::off(tx)
}
