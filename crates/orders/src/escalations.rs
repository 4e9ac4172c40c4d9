//! Escalations: what an agent cannot settle goes up the team, by a defined path and with a deadline.
//!
//! Level 0 is the agent; the levels above, who is there and how many working hours of the store they have
//! stand in the settings. Somebody on the level takes an escalation on, sends it back to the agent with an
//! answer, passes it further up, or resolves it. What always holds: an order has one open escalation at a
//! time; it moves by [`TRANSITIONS`] only; one that is not settled by its deadline goes up by itself, and
//! on the last level says so once; every step is an event on the order, with its words apart, so that
//! they can be erased. A deadline is set when the escalation comes to its level; a calendar that
//! changes later does not move it.
//!
//! Not here: the mails to the people of a level (notifications reacts to our events).

use std::collections::BTreeMap;

use access::team::{self, Colleague};
use base::counters::{Counters, Recount};
use base::events::EventView;
use base::jobs::{self, Job, NewJob, Next};
use base::settings::Settings;
use base::{Ctx, events};
use db::Tx;
use kernel::{
    Actor, Check, Details, Error, EscalationId, Event, FieldError, Id, JobKind, OrderId, Permission, RoleId, StoreId, Time, UserId, Version, words,
};
use serde::Deserialize;
use serde_json::json;

use crate::limits;
use crate::masked;
use crate::model::Order;
use crate::reasons::{self, ReasonList};
use crate::store;
use crate::store::escalations as rows;

pub use crate::store::escalations::{Escalation, OfOrder};

words! {
    /// How far an escalation is.
    pub enum EscalationState {
        /// Waits for somebody on its level.
        Open = "open",
        /// Somebody on the level has it.
        Acknowledged = "acknowledged",
        /// Back with the agent, with an answer.
        Answered = "answered",
        /// Settled.
        Resolved = "resolved",
    }

    /// A step of an escalation.
    pub enum EscalationAction {
        /// Somebody on the level takes it on, also from a colleague.
        Acknowledge = "acknowledge",
        /// Back to the agent.
        Answer = "answer",
        /// Up to a higher level.
        PassUp = "pass_up",
        /// Settled.
        Resolve = "resolve",
    }
}

use EscalationAction::{Acknowledge, Answer, PassUp, Resolve};
use EscalationState::{Acknowledged, Answered, Open, Resolved};

/// Every allowed step.
#[rustfmt::skip]
pub const TRANSITIONS: &[(EscalationState, EscalationAction, EscalationState)] = &[
    (Open,         Acknowledge, Acknowledged),
    (Open,         Answer,      Answered),
    (Open,         PassUp,      Open),
    (Open,         Resolve,     Resolved),

    (Acknowledged, Acknowledge, Acknowledged),
    (Acknowledged, Answer,      Answered),
    (Acknowledged, PassUp,      Open),
    (Acknowledged, Resolve,     Resolved),

    (Answered,     PassUp,      Open),
    (Answered,     Resolve,     Resolved),
];

/// The live topic of a changed escalation.
pub const TOPIC: &str = "escalation";
/// Where open escalations are counted by store and level.
pub const OPEN_BY_LEVEL: &str = "orders.escalations.";
/// What counts are counted to.
const COUNTED: i64 = 10_000;
/// The level of the agent.
const AGENT: i64 = 0;

/// A problem to be passed up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewEscalation {
    /// The code of the reason.
    pub reason: String,
    /// What the problem is.
    pub message: String,
    /// To which level; the one above the caller's own when not given.
    pub level: Option<i64>,
}

/// Which open escalations are wanted. Lists are alternatives, an empty one means all; the fields combine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EscalationFilter {
    /// The caller's own, and those that wait for somebody on their level.
    pub is_mine: bool,
    /// On these levels.
    pub levels: Vec<i64>,
    /// So far.
    pub states: Vec<EscalationState>,
    /// Whether the deadline is over.
    pub is_overdue: Option<bool>,
    /// In this store.
    pub store: Option<StoreId>,
}

/// Who asks for their own, and on which levels they stand.
pub(crate) struct Mine {
    pub(crate) user: UserId,
    pub(crate) levels: Vec<i64>,
}

/// A page of open escalations.
#[derive(Clone, Debug)]
pub struct EscalationPage {
    /// Each with its order, the earliest deadline first.
    pub items: Vec<(Escalation, OfOrder)>,
    /// Where the next page begins; none when this is the last.
    pub next_cursor: Option<String>,
    /// How many there are in all, and whether there are more than were counted.
    pub total: (i64, bool),
}

/// How many are open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EscalationCounts {
    /// By level, in the stores that the caller may see, of all agents.
    pub by_level: BTreeMap<i64, i64>,
    /// Beyond their deadline, of those that the caller may see; counted to 10,000.
    pub overdue: i64,
    /// The caller's own, and those that wait for somebody on their level; counted to 10,000.
    pub mine: i64,
}

/// A level of the path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Level {
    /// 0 for the agent.
    pub level: i64,
    /// Whose role; none for the agent, and for a role that is gone.
    pub role: Option<RoleId>,
    /// The role's name; empty for the agent.
    pub name: String,
    /// Working hours of the store after which what waits there goes up by itself.
    pub hours: u32,
}

impl Escalation {
    /// Who passed it up.
    pub fn raised_by(&self) -> Actor {
        Actor::from_columns(&self.raised_by_kind, self.raised_by_id)
    }

    /// Who answered last.
    pub fn answered_by(&self) -> Option<Actor> {
        self.answered_by_kind.as_deref().map(|kind| Actor::from_columns(kind, self.answered_by_id))
    }

    /// Who settled it.
    pub fn resolved_by(&self) -> Option<Actor> {
        self.resolved_by_kind.as_deref().map(|kind| Actor::from_columns(kind, self.resolved_by_id))
    }

    /// Whether it waits beyond its deadline.
    pub fn is_overdue(&self, now: Time) -> bool {
        self.resolved_at.is_none() && self.due_at <= now
    }
}

fn top(settings: &Settings) -> i64 {
    settings.escalation.levels.len() as i64
}

fn hours(settings: &Settings, level: i64) -> u32 {
    let place = usize::try_from(level - 1).ok();
    let found = place.and_then(|place| settings.escalation.levels.get(place));
    // A path that became shorter: what is beyond its end has the time of its end.
    let last = if level > AGENT { settings.escalation.levels.last() } else { None };
    found.or(last).map_or(settings.escalation.agent_hours, |level| level.hours)
}

fn role_word(settings: &Settings, level: i64) -> Option<&str> {
    let place = usize::try_from(level.min(top(settings)) - 1).ok()?;
    settings.escalation.levels.get(place).map(|level| level.role.as_str())
}

/// The levels as the settings have them, the agent first. Needs `order.read`.
pub fn path(tx: &mut Tx, ctx: &Ctx) -> Result<Vec<Level>, Error> {
    ctx.require(Permission::OrderRead)?;
    levels(tx, ctx)
}

/// The same for whoever may see an escalation, which says on which level it is.
pub fn levels(tx: &mut Tx, ctx: &Ctx) -> Result<Vec<Level>, Error> {
    let mut path = vec![Level { level: AGENT, role: None, name: String::new(), hours: ctx.settings.escalation.agent_hours }];
    for (place, level) in ctx.settings.escalation.levels.iter().enumerate() {
        let role = team::role(tx, &level.role)?;
        let (role, name) = role.map_or((None, level.role.clone()), |role| (Some(role.id), role.name));
        path.push(Level { level: place as i64 + 1, role, name, hours: level.hours });
    }
    Ok(path)
}

/// Whether each level of these settings names a role that there is: asked when the settings are saved.
pub fn check_path(tx: &mut Tx, settings: &Settings) -> Result<(), Error> {
    let mut check = Check::new();
    for (place, level) in settings.escalation.levels.iter().enumerate() {
        check.require(team::role(tx, &level.role)?.is_some(), format!("levels[{place}].role"), "role.unknown");
    }
    check.done()
}

/// The highest level on which the caller stands: the last for programs, for Kafila itself and for an Admin,
/// who have every right there; the agent's for whoever's role is on none.
fn level_of_caller(tx: &mut Tx, ctx: &Ctx) -> Result<i64, Error> {
    let Actor::User(user) = ctx.actor else { return Ok(if matches!(ctx.actor, Actor::Customer(_)) { AGENT } else { top(&ctx.settings) }) };
    let levels = levels_of(tx, ctx, user)?;
    Ok(levels.last().copied().unwrap_or(AGENT))
}

/// The levels on which somebody stands, lowest first.
fn levels_of(tx: &mut Tx, ctx: &Ctx, user: UserId) -> Result<Vec<i64>, Error> {
    let Some(role) = team::role_of(tx, user)? else { return Ok(Vec::new()) };
    let word = role.id.to_string();
    let is_theirs = |level: &str| level == word || Some(level) == role.code.as_deref();
    let named = ctx.settings.escalation.levels.iter().enumerate().filter(|(_, level)| is_theirs(&level.role));
    let mut levels: Vec<i64> = named.map(|(place, _)| place as i64 + 1).collect();
    if team::is_admin(&role) && !levels.contains(&top(&ctx.settings)) {
        levels.push(top(&ctx.settings));
    }
    Ok(levels)
}

/// Passes a problem with an order up the team. Needs `order.escalate`.
///
/// `Conflict` `escalation.open` while the order has an open one, `order.archived`.
pub fn escalate(tx: &mut Tx, ctx: &Ctx, id: OrderId, new: &NewEscalation) -> Result<Escalation, Error> {
    ctx.require(Permission::OrderEscalate)?;

    let order = store::find_to_change(tx, ctx, id)?.ok_or(Error::not_found("order"))?;
    let top = top(&ctx.settings);
    let mut check = Check::new();
    let message = new.message.trim();
    let reason = reasons::find(tx, ReasonList::Escalation, &new.reason)?;
    reasons::check_chosen(&mut check, "reason", reason.as_ref(), Some("the message"));
    check.require(!message.is_empty(), "message", "required");
    limits::text(&mut check, "message", Some(message), limits::NOTE);
    check_level(&mut check, new.level, AGENT, top);
    check.done()?;
    if order.archived_at.is_some() {
        return Err(Error::conflict("order.archived"));
    }
    if let Some(open) = rows::find_open(tx, id)? {
        return Err(Error::conflict("escalation.open").with("level", open.level));
    }

    let level = match new.level {
        Some(level) => level,
        None => (level_of_caller(tx, ctx)? + 1).clamp(1, top),
    };
    let (raised_by_kind, raised_by_id) = ctx.actor.columns();
    let row = Escalation {
        id: tx.new_id(),
        order_id: id,
        store_id: order.store_id,
        state: Open,
        level,
        reason: new.reason.clone(),
        message: message.to_owned(),
        raised_by_kind: raised_by_kind.to_owned(),
        raised_by_id,
        raised_at: ctx.now,
        level_at: ctx.now,
        owner_id: if level == AGENT { order.agent_id.or(ctx.user()) } else { None },
        due_at: due_at(tx, ctx, order.store_id, level)?,
        acknowledged_at: None,
        answer: None,
        answered_by_kind: None,
        answered_by_id: None,
        answered_at: None,
        resolution: None,
        resolved_by_kind: None,
        resolved_by_id: None,
        resolved_at: None,
        moves: 0,
        version: 1,
    };
    rows::insert(tx, &row)?;
    look_again(tx, ctx, &row)?;

    let event = Event::EscalationRaised { order: id, escalation: row.id, level, reason: row.reason.clone(), due_at: row.due_at };
    events::record_with(tx, ctx, event, Details::text(message))?;
    tx.touch(TOPIC, row.id);
    count(tx, &[(row.store_id, level, 1)])?;
    Ok(row)
}

/// Takes an escalation on: from now on it is the caller's. For those on its level or above, with
/// `escalation.handle`; on the agent's level `order.escalate` will do.
///
/// `Conflict` `escalation.state` when it has been settled or answered, `escalation.level` when it waits for
/// somebody higher up.
pub fn acknowledge(tx: &mut Tx, ctx: &Ctx, id: EscalationId, version: Option<Version>) -> Result<Escalation, Error> {
    may_any(ctx)?;
    let (order, before) = load(tx, ctx, id, version)?;
    let state = next(&before, Acknowledge)?;
    may_handle(tx, ctx, &before)?;
    if before.state == state && before.owner_id == ctx.user() {
        return Ok(before);
    }

    let after = Escalation { state, owner_id: ctx.user(), acknowledged_at: Some(ctx.now), ..before.clone() };
    let after = save(tx, &before, after)?;
    events::record(tx, ctx, Event::EscalationAcknowledged { order: order.id, escalation: id, level: after.level })?;
    Ok(after)
}

/// Sends an escalation back to the agent, who acts on the answer. For those on its level or above, with
/// `escalation.handle`.
///
/// It belongs to whoever passed it up, or to the agent of the order. `Conflict` as for [`acknowledge`].
pub fn answer(tx: &mut Tx, ctx: &Ctx, id: EscalationId, message: &str, version: Option<Version>) -> Result<Escalation, Error> {
    ctx.require(Permission::EscalationHandle)?;
    let (order, before) = load(tx, ctx, id, version)?;
    let state = next(&before, Answer)?;
    if before.level == AGENT {
        return Err(not_now(&before));
    }
    may_handle(tx, ctx, &before)?;
    let message = checked(Some(message), true)?.unwrap_or_default();

    let raiser = match before.raised_by() {
        Actor::User(user) if access::users::is_agent(tx, user)? => Some(user),
        _ => order.agent_id,
    };
    let (kind, by) = ctx.actor.columns();
    let after = Escalation {
        state,
        level: AGENT,
        level_at: ctx.now,
        owner_id: raiser,
        acknowledged_at: None,
        due_at: due_at(tx, ctx, before.store_id, AGENT)?,
        answer: Some(message.clone()),
        answered_by_kind: Some(kind.to_owned()),
        answered_by_id: by,
        answered_at: Some(ctx.now),
        moves: before.moves + 1,
        ..before.clone()
    };
    let after = save(tx, &before, after)?;
    look_again(tx, ctx, &after)?;
    let event = Event::EscalationAnswered { order: order.id, escalation: id, from: before.level, due_at: after.due_at };
    events::record_with(tx, ctx, event, Details::text(message))?;
    count(tx, &[(before.store_id, before.level, -1), (after.store_id, AGENT, 1)])?;
    Ok(after)
}

/// Passes an escalation further up, to the next level or to the one that is named: by the agent whom the
/// answer does not help, or by somebody on the level who may not decide it. Needs `order.escalate` or
/// `escalation.handle`.
///
/// `Conflict` `escalation.top` on the last level.
pub fn pass_up(tx: &mut Tx, ctx: &Ctx, id: EscalationId, message: &str, level: Option<i64>, version: Option<Version>) -> Result<Escalation, Error> {
    may_any(ctx)?;
    let (order, before) = load(tx, ctx, id, version)?;
    next(&before, PassUp)?;
    let top = top(&ctx.settings);
    if before.level >= top {
        return Err(Error::conflict("escalation.top"));
    }
    let mut check = Check::new();
    check_level(&mut check, level, before.level + 1, top);
    check.done()?;
    let message = checked(Some(message), true)?.unwrap_or_default();
    go_up(tx, ctx, &order, &before, level.unwrap_or(before.level + 1), Details::text(message), false)
}

fn go_up(tx: &mut Tx, ctx: &Ctx, order: &Order, before: &Escalation, to: i64, details: Details, is_overdue: bool) -> Result<Escalation, Error> {
    let after = Escalation {
        state: Open,
        level: to,
        level_at: ctx.now,
        owner_id: None,
        acknowledged_at: None,
        due_at: due_at(tx, ctx, before.store_id, to)?,
        moves: before.moves + 1,
        ..before.clone()
    };
    let after = save(tx, before, after)?;
    look_again(tx, ctx, &after)?;
    let event = Event::EscalationMoved { order: order.id, escalation: before.id, from: before.level, to, is_overdue, due_at: after.due_at };
    events::record_with(tx, ctx, event, details)?;
    count(tx, &[(before.store_id, before.level, -1), (after.store_id, to, 1)])?;
    Ok(after)
}

/// Settles an escalation. For those on its level or above, with `escalation.handle`; for its owner on the
/// agent's level; and for whoever passed it up, whose problem it was.
///
/// `Conflict` as for [`acknowledge`].
pub fn resolve(tx: &mut Tx, ctx: &Ctx, id: EscalationId, message: Option<&str>, version: Option<Version>) -> Result<Escalation, Error> {
    may_any(ctx)?;
    let (order, before) = load(tx, ctx, id, version)?;
    let state = next(&before, Resolve)?;
    if before.raised_by() != ctx.actor {
        may_handle(tx, ctx, &before)?;
    }
    let resolution = checked(message, false)?;

    let (kind, by) = ctx.actor.columns();
    let after = Escalation {
        state,
        resolution: resolution.clone(),
        resolved_by_kind: Some(kind.to_owned()),
        resolved_by_id: by,
        resolved_at: Some(ctx.now),
        ..before.clone()
    };
    let after = save(tx, &before, after)?;
    let details = resolution.map(Details::text).unwrap_or_default();
    events::record_with(tx, ctx, Event::EscalationResolved { order: order.id, escalation: id, level: before.level }, details)?;
    count(tx, &[(before.store_id, before.level, -1)])?;
    Ok(after)
}

#[derive(Deserialize)]
struct Due {
    escalation: EscalationId,
    moves: i64,
}

/// The job of a deadline: passes the escalation up, unless it was settled or moved meanwhile. On the last
/// level it stays where it is, and its people hear of it once more.
pub fn raise_due(tx: &mut Tx, ctx: &Ctx, job: &Job) -> Result<Next, Error> {
    let Due { escalation, moves } = serde_json::from_value(job.payload.clone()).map_err(Error::internal)?;
    let (order, row) = match load(tx, ctx, escalation, None) {
        Ok(found) => found,
        Err(Error::NotFound { .. }) => return Ok(Next::Done),
        Err(other) => return Err(other),
    };
    if row.moves != moves || !row.is_overdue(ctx.now) {
        return Ok(Next::Done);
    }
    if row.level < top(&ctx.settings) {
        go_up(tx, ctx, &order, &row, row.level + 1, Details::none(), true)?;
    } else {
        events::record(tx, ctx, Event::EscalationOverdue { order: order.id, escalation, level: row.level })?;
        tx.touch(TOPIC, escalation);
    }
    Ok(Next::Done)
}

/// One escalation, with its steps from the order's history, oldest first. Needs `order.read`.
pub fn find(tx: &mut Tx, ctx: &Ctx, id: EscalationId) -> Result<(Escalation, Vec<EventView>), Error> {
    ctx.require(Permission::OrderRead)?;
    let row = rows::find(tx, ctx, id)?.ok_or(Error::not_found("escalation"))?;
    let own = serde_json::Value::from(id.to_string());
    let mut history = events::of_subject(tx, ctx, OrderId::PREFIX, row.order_id.to_i64(), events::MAX_PAGE)?;
    history.retain(|event| event.data.get("escalation") == Some(&own));
    Ok((masked::escalation(ctx, row), history))
}

/// `NotFound` unless the caller may see the order of an escalation.
pub fn is_seen(tx: &mut Tx, ctx: &Ctx, id: EscalationId) -> Result<(), Error> {
    ctx.require(Permission::OrderRead)?;
    rows::find(tx, ctx, id)?.map(drop).ok_or(Error::not_found("escalation"))
}

/// What lists show of an escalation's order.
pub fn order_of(tx: &mut Tx, ctx: &Ctx, row: &Escalation) -> Result<OfOrder, Error> {
    ctx.require(Permission::OrderRead)?;
    rows::orders(tx, &[row.order_id])?.pop().ok_or(Error::not_found("escalation"))
}

/// The escalations of an order, oldest first. Needs `order.read`.
pub fn of_order(tx: &mut Tx, ctx: &Ctx, order: OrderId) -> Result<Vec<Escalation>, Error> {
    ctx.require(Permission::OrderRead)?;
    store::find(tx, ctx, order)?.ok_or(Error::not_found("order"))?;
    Ok(rows::of_order(tx, order)?.into_iter().map(|one| masked::escalation(ctx, one)).collect())
}

/// The open escalation of an order that the caller has looked up.
pub(crate) fn open_of(tx: &mut Tx, order: OrderId) -> Result<Option<Escalation>, Error> {
    rows::find_open(tx, order)
}

/// Open escalations of orders that the caller may see, the earliest deadline first; `cursor` as an earlier
/// page answered it, `limit` at most 200. Needs `order.read`.
pub fn list(tx: &mut Tx, ctx: &Ctx, filter: &EscalationFilter, cursor: Option<&str>, limit: u32) -> Result<EscalationPage, Error> {
    ctx.require(Permission::OrderRead)?;

    let limit = limit.clamp(1, 200);
    let after = cursor.map(read_cursor).transpose()?;
    let mine = match mine(tx, ctx, filter.is_mine)? {
        Ok(mine) => mine,
        Err(Nobody) => return Ok(EscalationPage { items: Vec::new(), next_cursor: None, total: (0, false) }),
    };
    let mut found = rows::list(tx, ctx, filter, mine.as_ref(), after, limit + 1)?;
    let is_last = found.len() <= limit as usize;
    found.truncate(limit as usize);
    let total = if is_last && after.is_none() { found.len() as i64 } else { rows::count(tx, ctx, filter, mine.as_ref(), COUNTED)? };
    let next_cursor = found.last().filter(|_| !is_last).map(|last| format!("{}.{}", last.due_at.0, last.id));
    let ids: Vec<OrderId> = found.iter().map(|row| row.order_id).collect();
    let mut of: BTreeMap<OrderId, OfOrder> = rows::orders(tx, &ids)?.into_iter().map(|order| (order.id, order)).collect();
    let items = found.into_iter().filter_map(|row| of.remove(&row.order_id).map(|order| (masked::escalation(ctx, row), order))).collect();
    Ok(EscalationPage { items, next_cursor, total: (total.min(COUNTED), total > COUNTED) })
}

fn read_cursor(text: &str) -> Result<(Time, EscalationId), Error> {
    let read = text.split_once('.').and_then(|(at, id)| Some((Time(at.parse().ok()?), id.parse().ok()?)));
    read.ok_or_else(|| Error::field("cursor", "cursor"))
}

/// Nobody is signed in whose own they could be.
struct Nobody;

fn mine(tx: &mut Tx, ctx: &Ctx, is_mine: bool) -> Result<Result<Option<Mine>, Nobody>, Error> {
    if !is_mine {
        return Ok(Ok(None));
    }
    let Some(user) = ctx.user() else { return Ok(Err(Nobody)) };
    Ok(Ok(Some(Mine { user, levels: levels_of(tx, ctx, user)? })))
}

/// How many are open, by level; how many are overdue; how many wait for the caller. Needs `order.read`.
pub fn counts(tx: &mut Tx, ctx: &Ctx) -> Result<EscalationCounts, Error> {
    ctx.require(Permission::OrderRead)?;

    let mut counts = EscalationCounts::default();
    for (key, count) in base::counters::read(tx, OPEN_BY_LEVEL)? {
        if let Some((store, level)) = read_key(&key)
            && ctx.sees().store(store)
            && count != 0
        {
            *counts.by_level.entry(level).or_default() += count;
        }
    }
    let overdue = EscalationFilter { is_overdue: Some(true), ..EscalationFilter::default() };
    counts.overdue = rows::count(tx, ctx, &overdue, None, COUNTED)?.min(COUNTED);
    if let Ok(Some(mine)) = mine(tx, ctx, true)? {
        counts.mine = rows::count(tx, ctx, &EscalationFilter::default(), Some(&mine), COUNTED)?.min(COUNTED);
    }
    Ok(counts)
}

/// How many open escalations wait for the caller: their own, and those that nobody on their level has taken on. For every page, so it
/// costs an index look-up; nothing for those who may not read orders.
pub fn waiting(tx: &mut Tx, ctx: &Ctx) -> Result<i64, Error> {
    if !ctx.can(Permission::OrderRead) {
        return Ok(0);
    }
    match mine(tx, ctx, true)? {
        Ok(Some(mine)) => Ok(rows::count(tx, ctx, &EscalationFilter::default(), Some(&mine), COUNTED)?.min(COUNTED)),
        Ok(None) | Err(Nobody) => Ok(0),
    }
}

/// Whom an escalation is to be told to now: its owner, or everybody on its level who sees the store.
pub fn audience(tx: &mut Tx, ctx: &Ctx, row: &Escalation) -> Result<Vec<Colleague>, Error> {
    if let Some(owner) = row.owner_id {
        return Ok(team::person(tx, owner)?.into_iter().collect());
    }
    let Some(word) = role_word(&ctx.settings, row.level) else { return Ok(Vec::new()) };
    match team::role(tx, word)? {
        Some(role) => team::people(tx, &role, row.store_id),
        None => Ok(Vec::new()),
    }
}

/// The escalation with its order kept from others; what one may not see is not found. With a version that no
/// longer stands the answer is `Stale`.
fn load(tx: &mut Tx, ctx: &Ctx, id: EscalationId, version: Option<Version>) -> Result<(Order, Escalation), Error> {
    let seen = rows::find(tx, ctx, id)?.ok_or(Error::not_found("escalation"))?;
    let order = store::find_to_change(tx, ctx, seen.order_id)?.ok_or(Error::not_found("escalation"))?;
    // It may have moved while we waited for the order.
    let row = rows::find(tx, ctx, id)?.ok_or(Error::not_found("escalation"))?;
    match version {
        Some(version) if version != row.version => Err(Error::Stale { version: row.version, fields: vec!["state"] }),
        _ => Ok((order, row)),
    }
}

fn next(row: &Escalation, action: EscalationAction) -> Result<EscalationState, Error> {
    let found = TRANSITIONS.iter().find(|(from, by, _)| *from == row.state && *by == action);
    found.map(|(_, _, to)| *to).ok_or_else(|| not_now(row))
}

fn not_now(row: &Escalation) -> Error {
    Error::conflict("escalation.state").with("state", row.state)
}

/// Whether the caller may work on escalations of any level.
fn may_any(ctx: &Ctx) -> Result<(), Error> {
    if ctx.can(Permission::EscalationHandle) { Ok(()) } else { ctx.require(Permission::OrderEscalate) }
}

/// Whether the caller may work on what waits on this level.
fn may_handle(tx: &mut Tx, ctx: &Ctx, row: &Escalation) -> Result<(), Error> {
    if row.level == AGENT {
        return may_any(ctx);
    }
    ctx.require(Permission::EscalationHandle)?;
    if level_of_caller(tx, ctx)? >= row.level.min(top(&ctx.settings)) {
        return Ok(());
    }
    let word = role_word(&ctx.settings, row.level).unwrap_or_default().to_owned();
    let name = team::role(tx, &word)?.map_or(word, |role| role.name);
    Err(Error::conflict("escalation.level").with("role", name))
}

fn save(tx: &mut Tx, before: &Escalation, after: Escalation) -> Result<Escalation, Error> {
    if !rows::update(tx, &after, before.version)? {
        return Err(Error::Stale { version: before.version + 1, fields: vec!["state"] });
    }
    tx.touch(TOPIC, after.id);
    Ok(Escalation { version: before.version + 1, ..after })
}

fn due_at(tx: &mut Tx, ctx: &Ctx, store: StoreId, level: i64) -> Result<Time, Error> {
    let minutes = i64::from(hours(&ctx.settings, level)) * 60;
    let store = access::stores::find(tx, ctx, store)?;
    // Where nobody ever comes, the clock alone counts.
    Ok(store.calendar.after_business_minutes(ctx.now, minutes).unwrap_or_else(|| ctx.now.plus_us(minutes * Time::MINUTE)))
}

fn look_again(tx: &mut Tx, ctx: &Ctx, row: &Escalation) -> Result<(), Error> {
    let job = NewJob {
        run_at: row.due_at,
        unique_key: Some(format!("escalation:{}:{}", row.id, row.moves)),
        ..NewJob::now(ctx, JobKind::RaiseEscalation, json!({ "escalation": row.id, "moves": row.moves }))
    };
    jobs::enqueue(tx, ctx, job).map(drop)
}

fn checked(message: Option<&str>, is_required: bool) -> Result<Option<String>, Error> {
    let message = message.map(str::trim).filter(|message| !message.is_empty());
    let mut check = Check::new();
    check.require(message.is_some() || !is_required, "message", "required");
    limits::text(&mut check, "message", message, limits::NOTE);
    check.done()?;
    Ok(message.map(str::to_owned))
}

fn check_level(check: &mut Check, level: Option<i64>, least: i64, most: i64) {
    if level.is_some_and(|level| !(least..=most).contains(&level)) {
        check.push(FieldError::new("level", "range").with("least", least).with("most", most));
    }
}

fn count(tx: &mut Tx, deltas: &[(StoreId, i64, i64)]) -> Result<(), Error> {
    let mut counters = Counters::new();
    for (store, level, delta) in deltas {
        counters.add(key(*store, *level), *delta);
    }
    counters.flush(tx)
}

/// Takes the open escalation of an order that goes out of its counter.
pub(crate) fn uncount(tx: &mut Tx, order: &Order, counters: &mut Counters) -> Result<(), Error> {
    if let Some(open) = rows::find_open(tx, order.id)? {
        counters.add(key(open.store_id, open.level), -1);
    }
    Ok(())
}

fn key(store: StoreId, level: i64) -> String {
    format!("{OPEN_BY_LEVEL}{store}.{level}")
}

fn read_key(key: &str) -> Option<(StoreId, i64)> {
    let (store, level) = key.strip_prefix(OPEN_BY_LEVEL)?.split_once('.')?;
    Some((store.parse().ok()?, level.parse().ok()?))
}

/// Counts open escalations again, for the nightly proof of their counters.
pub(crate) const RECOUNT: Recount = |tx, _| {
    let counted = rows::by_level(tx)?.into_iter();
    Ok(counted.map(|(store, level, open)| (key(store, level), open)).collect())
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_settled_can_be_settled_and_what_is_settled_stays() {
        for state in EscalationState::ALL {
            let actions: Vec<EscalationAction> = TRANSITIONS.iter().filter(|(from, ..)| from == state).map(|(_, action, _)| *action).collect();
            assert_eq!(actions.contains(&Resolve), *state != Resolved, "{state}");
            assert_eq!(actions.contains(&PassUp), *state != Resolved, "{state}");
        }
        let mut seen = std::collections::BTreeSet::new();
        assert!(TRANSITIONS.iter().all(|(from, action, _)| seen.insert((*from, *action))));
    }

    #[test]
    fn a_level_has_its_own_hours_and_a_level_beyond_the_path_those_of_its_end() {
        let settings = Settings::default();
        assert_eq!([0, 1, 2, 3, 9].map(|level| hours(&settings, level)), [8, 8, 16, 16, 16]);
        assert_eq!([0, 1, 2, 3].map(|level| role_word(&settings, level)), [None, Some("team_manager"), Some("admin"), Some("admin")]);
    }
}
