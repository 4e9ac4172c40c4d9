//! What work on many orders needs of them.

use base::Ctx;
use db::{Tx, row};
use kernel::{Amount, Currency, Error, OrderId, OrderState, Permission, StoreId, UserId, Version};

use crate::filter::{OrderFilter, Total};
use crate::queries;
use crate::sort::Sort;
use crate::store::many;

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
