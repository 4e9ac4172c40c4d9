//! The SQL of `transactions`.

use base::ctx::Ctx;
use db::{Tx, params, row};
use kernel::{Amount, Currency, Error, OrderId, PaymentMethod, Time, TransactionId, TransactionKind, TransactionState};

use crate::NewTransaction;

row! {
    /// A movement of money.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Transaction {
        /// Its id.
        pub id: TransactionId,
        /// Whose order.
        pub order_id: OrderId,
        /// Which way.
        pub kind: TransactionKind,
        /// How far.
        pub state: TransactionState,
        /// By which means.
        pub method: PaymentMethod,
        /// How much, minor units.
        pub amount: Amount,
        /// The order's currency.
        pub currency: Currency,
        /// The other side's number for it.
        pub reference: Option<String>,
        /// When it moved.
        pub at: Time,
    }
}

pub(crate) fn insert(tx: &mut Tx, ctx: &Ctx, id: TransactionId, order: OrderId, new: &NewTransaction) -> Result<u64, Error> {
    let (actor_kind, actor_id) = ctx.actor.columns();
    let org = tx.org();
    tx.execute(
        "insert into transactions
           (org_id, id, order_id, kind, state, method, amount, currency, reference, actor_kind, actor_id, at, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        params![org, id, order, new.kind, new.state, new.method, new.amount, new.currency, new.reference, actor_kind, actor_id, new.at, ctx.now],
    )
}

pub(crate) fn find_by_reference(tx: &mut Tx, order: OrderId, reference: &str) -> Result<Option<Transaction>, Error> {
    let org = tx.org();
    tx.optional(
        "select id, order_id, kind, state, method, amount, currency, reference, at
           from transactions
          where org_id = $1
            and order_id = $2
            and reference = $3",
        params![org, order, reference],
    )
}

/// An order's movements, oldest first; an order has few.
pub(crate) fn list(tx: &mut Tx, order: OrderId) -> Result<Vec<Transaction>, Error> {
    let org = tx.org();
    tx.rows(
        "select id, order_id, kind, state, method, amount, currency, reference, at
           from transactions
          where org_id = $1
            and order_id = $2
          order by at, id
          limit 1000",
        params![org, order],
    )
}
