//! Whose an order is: giving it to somebody, taking it, leaving it to everybody, and the way back.
//!
//! The agent is a fact without a version of its own: whoever changes it may name whose the order was when they looked, and is told when
//! somebody was faster.

use access::Person;
use base::events::EventView;
use base::{Ctx, events};
use db::Tx;
use kernel::{Error, Event, EventId, Id, OrderId, Permission, Time, UserId};

use crate::facts;
use crate::model::Order;
use crate::moves;
use crate::store;

/// Whose an order shall be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Giving {
    /// Theirs; nobody's with `None`.
    pub to: Option<UserId>,
    /// Whose it was when it was looked at; without it, whosoever.
    pub was: Option<Option<UserId>>,
}

/// An order that was given to somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// As it stands now.
    pub order: Order,
    /// What tells of it; none when it was theirs already.
    pub event: Option<EventId>,
    /// Until when its actor may take it back; none when they do not see it any more.
    pub undo_until: Option<Time>,
}

/// Says whose an order is; nobody's with `None`. The agent must be active, may read orders and sees its store. Needs `order.assign`.
///
/// `Stale` when it is not whose it was when it was looked at, `Conflict` `order.agent` when they cannot take it, `order.archived`.
pub fn give(tx: &mut Tx, ctx: &Ctx, id: OrderId, giving: Giving) -> Result<Given, Error> {
    ctx.require(Permission::OrderAssign)?;

    let order = store::find_to_change(tx, ctx, id)?.ok_or(Error::not_found("order"))?;
    if order.agent_id == giving.to {
        return Ok(Given { order, event: None, undo_until: None });
    }
    if giving.was.is_some_and(|was| was != order.agent_id) {
        return Err(Error::Stale { version: order.version, fields: vec!["agent_id"] });
    }
    if order.archived_at.is_some() {
        return Err(Error::conflict("order.archived"));
    }
    let (order, event) = hand(tx, ctx, order, giving.to)?;
    // Who gave it out of their own sight cannot reach it any more.
    let is_seen = store::find(tx, ctx, id)?.is_some();
    Ok(Given { order, event: Some(event), undo_until: if is_seen { moves::undo_until(ctx) } else { None } })
}

/// The same for work on many orders, whosesoever they were.
pub fn assign(tx: &mut Tx, ctx: &Ctx, id: OrderId, agent: Option<UserId>) -> Result<Order, Error> {
    Ok(give(tx, ctx, id, Giving { to: agent, was: None })?.order)
}

fn hand(tx: &mut Tx, ctx: &Ctx, order: Order, to: Option<UserId>) -> Result<(Order, EventId), Error> {
    if let Some(agent) = to {
        let rights = access::rights::of_user(tx, agent)?;
        let takes = rights.is_some_and(|rights| rights.permissions.has(Permission::OrderRead) && rights.sees.store(order.store_id));
        if !takes {
            let name = access::users::names(tx, ctx, &[agent])?.into_iter().next().map_or_else(|| agent.to_string(), |person| person.name);
            return Err(Error::conflict("order.agent").with("agent", name));
        }
    }
    facts::set_agent(tx, ctx, order.id, to)?;
    let event = events::record(tx, ctx, Event::OrderAssigned { order: order.id, from: order.agent_id, to })?;
    Ok((Order { agent_id: to, updated_at: ctx.now, ..order }, event))
}

/// Takes back that the caller gave an order to somebody; whose it was has it again.
pub(crate) fn undo(tx: &mut Tx, ctx: &Ctx, view: &EventView, id: OrderId, from: Option<UserId>, to: Option<UserId>) -> Result<Order, Error> {
    ctx.require(Permission::OrderAssign)?;

    let order = store::find_to_change(tx, ctx, id)?.ok_or(Error::not_found("event"))?;
    moves::may_undo(ctx, view, &order)?;
    // It may have gone round and come back to the same person.
    let last = events::of_subject(tx, ctx, crate::queries::PREFIX, id.to_i64(), crate::queries::HISTORY)?;
    let last = last.iter().rfind(|event| event.kind == view.kind).map(|event| event.id);
    if order.agent_id != to || last != Some(view.id) {
        return Err(Error::conflict("undo.not_last"));
    }
    Ok(hand(tx, ctx, order, from)?.0)
}

/// Whom an order can be given to, by name: who is active, may read orders and sees its store. Needs `order.assign`.
pub fn takers(tx: &mut Tx, ctx: &Ctx, id: OrderId) -> Result<Vec<Person>, Error> {
    ctx.require(Permission::OrderAssign)?;
    let order = store::find(tx, ctx, id)?.ok_or(Error::not_found("order"))?;
    let people = access::team::who_see(tx, order.store_id, None)?;
    Ok(people.into_iter().map(|one| Person { id: one.id, name: one.name }).collect())
}
