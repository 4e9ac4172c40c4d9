//! What work on many orders needs of them, and the assigning of one to an agent.

use base::{Ctx, events};
use db::{Tx, row};
use kernel::{Amount, Currency, Error, Event, OrderId, OrderState, Permission, StoreId, UserId, Version};

use crate::facts;
use crate::filter::{OrderFilter, Sort, Total};
use crate::model::Order;
use crate::queries;
use crate::store::{self, many};

/// Which orders a list shows: what was searched for, the filter, the sort.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chosen {
    /// What was typed into the search box.
    pub search: Option<String>,
    /// What else shall hold.
    pub filter: OrderFilter,
    /// Which comes first.
    pub sort: Sort,
}

row! {
    /// How an order stands, as far as work on many of them needs to know.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Standing {
        /// Which.
        pub id: OrderId,
        /// What people call it.
        pub number: String,
        /// Where it was sold.
        pub store_id: StoreId,
        /// Where it stands.
        pub state: OrderState,
        /// Whose it is.
        pub agent_id: Option<UserId>,
        /// Of its total.
        pub currency: Currency,
        /// What the customer owes.
        pub total: Amount,
        /// Grows with each change that people make.
        pub version: Version,
    }
}

/// How these orders stand, those left out that the caller does not see; by id. At most 1,000 at once.
pub fn standing(tx: &mut Tx, ctx: &Ctx, ids: &[OrderId]) -> Result<Vec<Standing>, Error> {
    ctx.require(Permission::OrderRead)?;
    many::standing(tx, ctx, ids, false)
}

/// The same, kept from others until the end of the transaction: the first statement of work on several orders.
pub fn keep(tx: &mut Tx, ctx: &Ctx, ids: &[OrderId]) -> Result<Vec<Standing>, Error> {
    many::standing(tx, ctx, ids, true)
}

/// How many orders a filter has that the caller sees: from the counters where they know it, else counted to 10,000.
pub fn count(tx: &mut Tx, ctx: &Ctx, filter: &OrderFilter) -> Result<Total, Error> {
    ctx.require(Permission::OrderRead)?;
    queries::count(tx, ctx, filter)
}

/// The newest order of the organization by when it was written down; none when there is none.
pub fn newest(tx: &mut Tx, ctx: &Ctx) -> Result<Option<OrderId>, Error> {
    ctx.require(Permission::OrderRead)?;
    many::newest(tx)
}

/// Says whose an order is; nobody's with `None`. The agent must be active, may read orders and sees its store.
///
/// `Conflict` `order.agent` when they cannot take it.
pub fn assign(tx: &mut Tx, ctx: &Ctx, id: OrderId, agent: Option<UserId>) -> Result<Order, Error> {
    ctx.require(Permission::OrderAssign)?;

    let order = store::find_to_change(tx, ctx, id)?.ok_or(Error::not_found("order"))?;
    if order.agent_id == agent {
        return Ok(order);
    }
    if order.archived_at.is_some() {
        return Err(Error::conflict("order.archived"));
    }
    if let Some(agent) = agent {
        let rights = access::rights::of_user(tx, agent)?;
        let takes = rights.is_some_and(|rights| rights.permissions.has(Permission::OrderRead) && rights.sees.store(order.store_id));
        if !takes {
            return Err(Error::conflict("order.agent").with("agent", agent));
        }
    }

    facts::set_agent(tx, ctx, id, agent)?;
    events::record(tx, ctx, Event::OrderAssigned { order: id, from: order.agent_id, to: agent })?;
    Ok(Order { agent_id: agent, updated_at: ctx.now, ..order })
}
