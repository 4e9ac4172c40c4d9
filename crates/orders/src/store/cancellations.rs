//! The SQL of cancellations and of their rollup by day.

use base::Ctx;
use db::{Tx, Value, dialect, params};
use kernel::value::ToValue;
use kernel::{CancellationId, CustomerId, Day, Error, OrderId, OrderState, StoreId, Time};

use crate::cancellations::{CancelCause, Entry};

db::row! {
    /// A time that an order was called off.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Cancellation {
        /// Its id.
        pub id: CancellationId,
        /// Which order.
        pub order_id: OrderId,
        /// Where it was sold.
        pub store_id: StoreId,
        /// The store's day.
        pub day: Day,
        /// The code of the reason.
        pub reason: String,
        /// The caller's own word, where it is none of the list.
        pub said: Option<String>,
        /// More words.
        pub note: Option<String>,
        /// Who wanted it.
        pub cause: CancelCause,
        /// Who called it off: the kind of actor.
        pub by_kind: String,
        /// Who called it off: the number.
        pub by_id: Option<i64>,
        /// Whether it counts against the customer, as the list said then.
        pub against_customer: bool,
        /// Where the order stood.
        pub from_state: OrderState,
        /// When.
        pub at: Time,
        /// Since when the order lives again.
        pub reopened_at: Option<Time>,
    }
}

const ROW: &str = "c.id, c.order_id, c.store_id, c.day, c.reason, c.said, c.note, c.cause, c.by_kind, c.by_id, c.against_customer, \
     c.from_state, c.at, c.reopened_at";

pub(crate) fn insert(tx: &mut Tx, row: &Cancellation) -> Result<(), Error> {
    tx.execute(
        "insert into order_cancellations
           (org_id, order_id, id, store_id, day, reason, said, note, cause, by_kind, by_id, against_customer, from_state, at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        params![
            tx.org(),
            row.order_id,
            row.id,
            row.store_id,
            row.day,
            row.reason,
            row.said,
            row.note,
            row.cause,
            row.by_kind,
            row.by_id,
            row.against_customer,
            row.from_state,
            row.at
        ],
    )
    .map(drop)
}

/// The newest cancellation of an order that stands.
pub(crate) fn last(tx: &mut Tx, order: OrderId) -> Result<Option<Cancellation>, Error> {
    tx.optional(
        &format!(
            "select {ROW}
               from order_cancellations c
              where c.org_id = $1
                and c.order_id = $2
                and c.undone_at is null
              order by c.id desc
              limit 1"
        ),
        params![tx.org(), order],
    )
}

pub(crate) fn set_reopened(tx: &mut Tx, row: &Cancellation, at: Option<Time>) -> Result<(), Error> {
    tx.execute(
        "update order_cancellations set reopened_at = $4 where org_id = $1 and order_id = $2 and id = $3",
        params![tx.org(), row.order_id, row.id, at],
    )
    .map(drop)
}

pub(crate) fn set_undone(tx: &mut Tx, row: &Cancellation, at: Time) -> Result<(), Error> {
    tx.execute(
        "update order_cancellations set undone_at = $4 where org_id = $1 and order_id = $2 and id = $3",
        params![tx.org(), row.order_id, row.id, at],
    )
    .map(drop)
}

pub(crate) fn of_order(tx: &mut Tx, order: OrderId) -> Result<Vec<Cancellation>, Error> {
    tx.rows(
        &format!(
            "select {ROW}
               from order_cancellations c
              where c.org_id = $1
                and c.order_id = $2
                and c.undone_at is null
              order by c.id
              limit 500"
        ),
        params![tx.org(), order],
    )
}

pub(crate) fn of_customer(tx: &mut Tx, ctx: &Ctx, customer: CustomerId) -> Result<Vec<Cancellation>, Error> {
    let mut params = params![tx.org(), customer];
    let seen = ctx.sees().clause("o", &mut params);
    tx.rows(
        &format!(
            "select {ROW}
               from orders o
               join order_cancellations c on c.org_id = o.org_id and c.order_id = o.id
              where o.org_id = $1
                and o.customer_id = $2
                and c.undone_at is null{seen}
              order by c.id desc
              limit 200"
        ),
        params,
    )
}

pub(crate) fn count_against(tx: &mut Tx, customer: CustomerId) -> Result<i64, Error> {
    let (count,): (i64,) = tx.one(
        "select count(*)
           from (select 1 as one
                   from orders o
                   join order_cancellations c on c.org_id = o.org_id and c.order_id = o.id
                  where o.org_id = $1
                    and o.customer_id = $2
                    and c.against_customer = 1
                    and c.undone_at is null
                    and c.reopened_at is null
                  limit 10001) counted",
        params![tx.org(), customer],
    )?;
    Ok(count)
}

/// Cancellations of some days in the stores that the caller may see, or in one of them.
fn days(tx: &mut Tx, ctx: &Ctx, from: Day, to: Day, only: Option<StoreId>) -> (String, Vec<Value>) {
    let mut params = params![tx.org(), from, to];
    let mut stores = ctx.sees().store_clause("store_id", &mut params);
    if let Some(store) = only {
        params.push(store.to_value());
        stores.push_str(&format!(" and store_id = ${}", params.len()));
    }
    (format!("org_id = $1 and day >= $2 and day <= $3{stores}"), params)
}

/// By reason and cause: how many, and how many live again.
pub(crate) fn by_reason(tx: &mut Tx, ctx: &Ctx, from: Day, to: Day, only: Option<StoreId>) -> Result<Vec<(String, CancelCause, i64, i64)>, Error> {
    let (condition, params) = days(tx, ctx, from, to, only);
    tx.rows(
        &format!(
            "select reason, cause, cast(sum(cancelled) as bigint), cast(sum(reopened) as bigint)
               from cancellation_days
              where {condition}
              group by reason, cause
              order by reason, cause
              limit 10000"
        ),
        params,
    )
}

/// By day: how many; days without any are left out.
pub(crate) fn by_day(tx: &mut Tx, ctx: &Ctx, from: Day, to: Day, only: Option<StoreId>) -> Result<Vec<(Day, i64)>, Error> {
    let (condition, params) = days(tx, ctx, from, to, only);
    tx.rows(
        &format!(
            "select day, cast(sum(cancelled) as bigint)
               from cancellation_days
              where {condition}
              group by day
             having sum(cancelled) <> 0
              order by day
              limit 10000"
        ),
        params,
    )
}

pub(crate) fn all_days(tx: &mut Tx) -> Result<Vec<Entry>, Error> {
    tx.rows(
        "select day, store_id, reason, cause, cast(sum(cancelled) as bigint) as cancelled, cast(sum(reopened) as bigint) as reopened
           from cancellation_days
          where org_id = $1
          group by day, store_id, reason, cause
          order by day, store_id, reason, cause
          limit 500000",
        params![tx.org()],
    )
}

/// What the rollup says about one day, store, reason and cause.
pub(crate) fn stored(tx: &mut Tx, entry: &Entry) -> Result<(i64, i64), Error> {
    tx.one(
        "select cast(coalesce(sum(cancelled), 0) as bigint), cast(coalesce(sum(reopened), 0) as bigint)
           from cancellation_days
          where org_id = $1
            and day = $2
            and store_id = $3
            and reason = $4
            and cause = $5",
        params![tx.org(), entry.day, entry.store_id, entry.reason, entry.cause],
    )
}

/// Keeps the rollup from others until the end of the transaction.
pub(crate) fn lock_days(tx: &mut Tx) -> Result<(), Error> {
    let sql = format!(
        "select day, node from cancellation_days where org_id = $1 order by day, store_id, reason, cause, node{}",
        dialect::for_update(tx.engine())
    );
    let _: Vec<(Day, i64)> = tx.rows(&sql, params![tx.org()])?;
    Ok(())
}

/// Counts the cancellations that stand again.
pub(crate) fn recount(tx: &mut Tx) -> Result<Vec<Entry>, Error> {
    tx.rows(
        "select day, store_id, reason, cause, count(*) as cancelled, count(reopened_at) as reopened
           from order_cancellations
          where org_id = $1
            and undone_at is null
          group by day, store_id, reason, cause
          order by day, store_id, reason, cause
          limit 500000",
        params![tx.org()],
    )
}
