//! What lists of customers say besides the rows themselves.

use base::Ctx;
use db::Tx;
use kernel::{Amount, Currency, CustomerId, Error, Permission, StoreId};

use crate::store;

db::row! {
    /// What somebody's delivered orders came to in one currency.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Spent {
        /// Who.
        pub customer_id: CustomerId,
        /// Of the amount.
        pub currency: Currency,
        /// What all orders came to.
        pub ordered: Amount,
        /// What the delivered ones came to.
        pub delivered: Amount,
    }
}

/// What these customers bought in one store, or in all that the caller may see, by currency, in one statement. The caller
/// has looked them up before.
pub fn spent_of(tx: &mut Tx, ctx: &Ctx, ids: &[CustomerId], store: Option<StoreId>) -> Result<Vec<Spent>, Error> {
    ctx.require(Permission::CustomerRead)?;
    if ids.is_empty() { Ok(Vec::new()) } else { store::spent_of(tx, ctx, ids, store) }
}
