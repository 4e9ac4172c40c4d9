//! The SQL of `messages`.

use db::{Tx, params, row};
use kernel::{CustomerId, Error, Locale, MessageId, MessageState, OrderId, Time};

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

pub(crate) fn insert(tx: &mut Tx, message: &Message, customer: Option<CustomerId>) -> Result<(), Error> {
    let org = tx.org();
    tx.execute(
        "insert into messages
           (org_id, id, order_id, customer_id, channel, template, locale, recipient, subject, body, state, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
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
            message.created_at
        ],
    )?;
    Ok(())
}

/// Ends a message that waits; false when it has ended already.
pub(crate) fn end(tx: &mut Tx, id: MessageId, state: MessageState, reason: Option<&str>, now: Time) -> Result<bool, Error> {
    let org = tx.org();
    let ended = tx.execute(
        "update messages
            set state = $3, reason = $4, ended_at = $5
          where org_id = $1
            and id = $2
            and state = 'queued'",
        params![org, id, state, reason, now],
    )?;
    Ok(ended == 1)
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
