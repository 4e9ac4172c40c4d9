//! The SQL of `transactions`.

use base::ctx::Ctx;
use db::{Tx, dialect, params, row};
use kernel::value::ToValue;
use kernel::{Amount, Currency, CustomerId, Error, OrderId, PaymentMethod, Time, TransactionId, TransactionKind, TransactionState};

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

row! {
    /// What moved for an order in one direction.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Settled {
        /// Whose order.
        pub order_id: OrderId,
        /// Which way.
        pub kind: TransactionKind,
        /// How much in all, minor units.
        pub amount: Amount,
        /// The last time.
        pub at: Time,
    }
}

pub(crate) fn settled(tx: &mut Tx, orders: &[OrderId]) -> Result<Vec<Settled>, Error> {
    let mut values = params![tx.org()];
    values.extend(orders.iter().map(ToValue::to_value));
    let sql = format!(
        "select order_id, kind, cast(sum(amount) as bigint) as amount, max(at) as at
           from transactions
          where org_id = $1
            and state = 'settled'
            and order_id in ({})
          group by order_id, kind
          order by order_id, kind
          limit 100000",
        dialect::markers(2, orders.len())
    );
    tx.rows(&sql, values)
}

pub(crate) fn insert(
    tx: &mut Tx,
    ctx: &Ctx,
    id: TransactionId,
    order: OrderId,
    customer: Option<CustomerId>,
    new: &NewTransaction,
) -> Result<u64, Error> {
    let (actor_kind, actor_id) = ctx.actor.columns();
    let org = tx.org();
    tx.execute(
        "insert into transactions
           (org_id, id, order_id, kind, state, method, amount, currency, reference, actor_kind, actor_id, at, created_at, customer_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        params![
            org,
            id,
            order,
            new.kind,
            new.state,
            new.method,
            new.amount,
            new.currency,
            new.reference,
            actor_kind,
            actor_id,
            new.at,
            ctx.now,
            customer
        ],
    )
}

/// Ends a movement that was pending; false when it has ended already.
pub(crate) fn end(tx: &mut Tx, id: TransactionId, state: TransactionState, at: Time) -> Result<bool, Error> {
    let ended = tx.execute(
        "update transactions
            set state = $3, at = $4
          where org_id = $1
            and id = $2
            and state = 'pending'",
        params![tx.org(), id, state, at],
    )?;
    Ok(ended == 1)
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

pub(crate) fn delete_of(tx: &mut Tx, order: OrderId) -> Result<(), Error> {
    tx.execute("delete from transactions where org_id = $1 and order_id = $2", params![tx.org(), order]).map(drop)
}

/// What moved for a customer's orders, newest first, older than a place; `visible` is the caller's view of orders.
pub(crate) fn of_customer_before(
    tx: &mut Tx,
    ctx: &Ctx,
    customer: CustomerId,
    before: Option<(Time, i64)>,
    limit: u32,
) -> Result<Vec<Transaction>, Error> {
    let mut params = params![tx.org(), customer, limit];
    let mut conditions = orders::care::visible(ctx, "t.order_id", &mut params);
    if let Some((at, id)) = before {
        params.extend(params![at, id]);
        conditions.push_str(&format!(" and (t.at, t.id) < (${}, ${})", params.len() - 1, params.len()));
    }
    tx.rows(
        &format!(
            "select t.id, t.order_id, t.kind, t.state, t.method, t.amount, t.currency, t.reference, t.at
               from transactions t
              where t.org_id = $1
                and t.customer_id = $2{conditions}
              order by t.at desc, t.id desc
              limit $3"
        ),
        params,
    )
}

/// The payments of these orders follow them to another customer.
pub(crate) fn give(tx: &mut Tx, to: CustomerId, orders: &[i64]) -> Result<(), Error> {
    let mut params = params![tx.org(), to];
    params.extend(orders.iter().map(ToValue::to_value));
    let ids = dialect::markers(3, orders.len());
    tx.execute(&format!("update transactions set customer_id = $2 where org_id = $1 and order_id in ({ids})"), params).map(drop)
}

/// The other side's numbers of these orders' movements.
pub(crate) fn references(tx: &mut Tx, orders: &[i64]) -> Result<Vec<(TransactionId, String)>, Error> {
    let mut params = params![tx.org()];
    params.extend(orders.iter().map(ToValue::to_value));
    let ids = dialect::markers(2, orders.len());
    tx.rows(
        &format!(
            "select id, reference
               from transactions
              where org_id = $1
                and order_id in ({ids})
                and reference is not null
              order by id
              limit 100000"
        ),
        params,
    )
}

pub(crate) fn forget_reference(tx: &mut Tx, id: TransactionId) -> Result<(), Error> {
    tx.execute("update transactions set reference = null where org_id = $1 and id = $2", params![tx.org(), id]).map(drop)
}
