//! The SQL of `messages`.

use base::Ctx;
use db::{Tx, dialect, params, row};
use kernel::value::ToValue;
use kernel::{CustomerId, Error, Locale, MessageId, MessageState, OrderId, StoreId, Time};

row! {
    /// A message to a customer about an order.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Message {
        /// Its id.
        pub id: MessageId,
        /// About which order.
        pub order_id: OrderId,
        /// How: `email`.
        pub channel: String,
        /// On which occasion: `order.shipped`.
        pub template: String,
        /// In which language.
        pub locale: Locale,
        /// The address; none when there was none.
        pub recipient: Option<String>,
        /// The subject.
        pub subject: String,
        /// The words.
        pub body: String,
        /// How far it has come.
        pub state: MessageState,
        /// Why it was skipped or failed.
        pub reason: Option<String>,
        /// When it was written.
        pub created_at: Time,
        /// When it was sent, skipped or given up.
        pub ended_at: Option<Time>,
    }
}

pub(crate) fn insert(tx: &mut Tx, message: &Message, store: StoreId, customer: Option<CustomerId>) -> Result<(), Error> {
    let org = tx.org();
    tx.execute(
        "insert into messages
           (org_id, id, order_id, customer_id, channel, template, locale, recipient, subject, body, state, created_at, store_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        params![
            org,
            message.id,
            message.order_id,
            customer,
            message.channel,
            message.template,
            message.locale,
            message.recipient,
            message.subject,
            message.body,
            message.state,
            message.created_at,
            store
        ],
    )?;
    Ok(())
}

/// Ends a message that waits and answers its store; none when it has ended already.
pub(crate) fn end(tx: &mut Tx, id: MessageId, state: MessageState, reason: Option<&str>, now: Time) -> Result<Option<StoreId>, Error> {
    let org = tx.org();
    let ended: Option<(StoreId,)> = tx.optional(
        "update messages
            set state = $3, reason = $4, ended_at = $5
          where org_id = $1
            and id = $2
            and state = 'queued'
          returning store_id",
        params![org, id, state, reason, now],
    )?;
    Ok(ended.map(|(store,)| store))
}

pub(crate) fn find(tx: &mut Tx, id: MessageId) -> Result<Option<Message>, Error> {
    let org = tx.org();
    tx.optional(
        "select id, order_id, channel, template, locale, recipient, subject, body, state, reason, created_at, ended_at
           from messages
          where org_id = $1
            and id = $2",
        params![org, id],
    )
}

/// An order's messages, oldest first; an order has few.
pub(crate) fn list(tx: &mut Tx, order: OrderId) -> Result<Vec<Message>, Error> {
    let org = tx.org();
    tx.rows(
        "select id, order_id, channel, template, locale, recipient, subject, body, state, reason, created_at, ended_at
           from messages
          where org_id = $1
            and order_id = $2
          order by id
          limit 500",
        params![org, order],
    )
}

/// An order's messages that wait to be sent.
pub(crate) fn list_queued(tx: &mut Tx, order: OrderId) -> Result<Vec<Message>, Error> {
    let mut messages = list(tx, order)?;
    messages.retain(|message| message.state == MessageState::Queued);
    Ok(messages)
}

/// Messages that have ended, by store and how: what the counters say.
pub(crate) fn count_ended(tx: &mut Tx) -> Result<Vec<(StoreId, MessageState, i64)>, Error> {
    tx.rows(
        "select store_id, state, count(*) as messages
           from messages
          where org_id = $1
            and state <> 'queued'
          group by store_id, state
          order by store_id, state
          limit 100000",
        params![tx.org()],
    )
}

/// Removes an order's messages; answers the store and the end of each.
pub(crate) fn delete_of(tx: &mut Tx, order: OrderId) -> Result<Vec<(StoreId, MessageState)>, Error> {
    tx.rows("delete from messages where org_id = $1 and order_id = $2 returning store_id, state", params![tx.org(), order])
}

/// Removes messages that were written before a moment and do not wait, at most so many; answers the store and the end
/// of each.
pub(crate) fn delete_older(tx: &mut Tx, before: Time, limit: u32) -> Result<Vec<(StoreId, MessageState)>, Error> {
    tx.rows(
        "delete from messages
          where org_id = $1
            and id in (select id
                         from messages
                        where org_id = $1
                          and created_at < $2
                          and state <> 'queued'
                        order by created_at, id
                        limit $3)
         returning store_id, state",
        params![tx.org(), before, limit],
    )
}

const MESSAGE: &str =
    "m.id, m.order_id, m.channel, m.template, m.locale, m.recipient, m.subject, m.body, m.state, m.reason, m.created_at, m.ended_at";

/// What a customer was told, newest first, older than a place, about orders that the caller may see.
pub(crate) fn of_customer_before(
    tx: &mut Tx,
    ctx: &Ctx,
    customer: CustomerId,
    before: Option<(Time, i64)>,
    limit: u32,
) -> Result<Vec<Message>, Error> {
    let mut params = params![tx.org(), customer, limit];
    let mut conditions = orders::care::visible(ctx, "m.order_id", &mut params);
    if let Some((at, id)) = before {
        params.extend(params![at, id]);
        conditions.push_str(&format!(" and (m.created_at, m.id) < (${}, ${})", params.len() - 1, params.len()));
    }
    tx.rows(
        &format!(
            "select {MESSAGE}
               from messages m
              where m.org_id = $1
                and m.customer_id = $2{conditions}
              order by m.created_at desc, m.id desc
              limit $3"
        ),
        params,
    )
}

/// Messages to a customer that wait to be sent.
pub(crate) fn queued_for(tx: &mut Tx, customer: CustomerId) -> Result<Vec<Message>, Error> {
    tx.rows(
        &format!("select {MESSAGE} from messages m where m.org_id = $1 and m.customer_id = $2 and m.state = 'queued' order by m.id limit 1000"),
        params![tx.org(), customer],
    )
}

/// Messages of these orders, by order.
pub(crate) fn of_orders(tx: &mut Tx, orders: &[i64]) -> Result<Vec<Message>, Error> {
    let mut params = params![tx.org()];
    params.extend(orders.iter().map(ToValue::to_value));
    let ids = dialect::markers(2, orders.len());
    tx.rows(&format!("select {MESSAGE} from messages m where m.org_id = $1 and m.order_id in ({ids}) order by m.order_id, m.id limit 100000"), params)
}

/// The messages of these orders follow them to another customer.
pub(crate) fn give(tx: &mut Tx, to: CustomerId, orders: &[i64]) -> Result<(), Error> {
    let mut params = params![tx.org(), to];
    params.extend(orders.iter().map(ToValue::to_value));
    let ids = dialect::markers(3, orders.len());
    tx.execute(&format!("update messages set customer_id = $2 where org_id = $1 and order_id in ({ids})"), params).map(drop)
}

/// The words of these orders' messages, and whom they went to, are gone; how many there were.
pub(crate) fn forget(tx: &mut Tx, orders: &[i64]) -> Result<u64, Error> {
    let mut params = params![tx.org()];
    params.extend(orders.iter().map(ToValue::to_value));
    let ids = dialect::markers(2, orders.len());
    tx.execute(
        &format!(
            "update messages
                set recipient = null, subject = '', body = '', reason = case when state = 'failed' then null else reason end
              where org_id = $1
                and order_id in ({ids})"
        ),
        params,
    )
}
