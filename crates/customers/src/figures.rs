//! Lists of customers by what they bought: figures are kept for each store, so that is where they are compared.

use base::Ctx;
use db::Tx;
use kernel::{Amount, Error, Permission, StoreId, Time};

use crate::model::CustomerFilter;
use crate::sort::CustomerSort;

/// More stores than these are not put together by their last orders.
const STORES: usize = 8;

/// What customers must have bought in one store.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bought {
    /// At least so many orders.
    pub orders_from: Option<i64>,
    /// At most so many.
    pub orders_to: Option<i64>,
    /// Delivered orders that come to at least this, in the store's currency.
    pub spent_from: Option<Amount>,
    /// To at most this.
    pub spent_to: Option<Amount>,
    /// Of the orders that came to their end, at least so many in a hundred delivered.
    pub delivered_from: Option<i64>,
    /// At most so many in a hundred.
    pub delivered_to: Option<i64>,
    /// The last order placed from here on.
    pub last_from: Option<Time>,
    /// The last order placed before.
    pub last_until: Option<Time>,
}

impl Bought {
    /// Whether nothing is asked.
    pub fn is_empty(&self) -> bool {
        *self == Bought::default()
    }
}

/// The stores whose figures a list is about: the one that is asked for, or all that the caller sees. Empty when no figures
/// are asked for. One statement.
pub(crate) fn stores_of(tx: &mut Tx, ctx: &Ctx, filter: &CustomerFilter) -> Result<Vec<StoreId>, Error> {
    let mut sorts = std::iter::once(filter.sort).chain(filter.then);
    if filter.store.is_none() && filter.bought.is_empty() && !sorts.clone().any(CustomerSort::is_of_figures) {
        return Ok(Vec::new());
    }
    let reader = Ctx { permissions: [Permission::StoreRead].into_iter().collect(), ..ctx.clone() };
    let seen = access::stores::list(tx, &reader, true)?;
    if let Some(store) = filter.store.or(filter.compared) {
        return if seen.iter().any(|one| one.id == store) { Ok(vec![store]) } else { Err(Error::field("store_id", "store.unknown")) };
    }
    let most = if sorts.any(CustomerSort::needs_store) || !filter.bought.is_empty() { 1 } else { STORES };
    if seen.len() > most {
        return Err(Error::field("store_id", "store.needed").with("known", seen.iter().map(|one| one.code.as_str()).collect::<Vec<_>>().join(", ")));
    }
    Ok(seen.into_iter().map(|store| store.id).collect())
}
