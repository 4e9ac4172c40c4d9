//! Writing and sending messages to customers.

use base::counters::Counters;
use base::jobs::{self, Ask, Heard, Job, NewJob, Next, Runner, max_attempts};
use base::mail::Mail;
use base::{Ctx, events};
use db::Tx;
use kernel::{
    ContactChannel, ContactPurpose, CustomerId, Error, Event, EventId, Hidden, JobKind, Locale, MessageId, MessageState, OrderId, OrderState,
    Permission, StoreId,
};
use orders::messages_key;
use serde::Deserialize;
use serde_json::json;

use crate::store::{self, Message};
use crate::texts;

/// The only channel so far.
const EMAIL: &str = "email";

/// Writes the message that a move calls for.
pub const NOTIFY: Runner = Runner::Local(notify);

/// Sends a message that was written.
pub const SEND: Runner = Runner::Outside { ask, heard };

#[derive(Deserialize)]
struct Occasion {
    order: OrderId,
    state: OrderState,
    #[serde(default)]
    substatus: Option<String>,
    /// Whether the order was in this state before.
    #[serde(default)]
    inside: bool,
}

#[derive(Deserialize)]
struct Written {
    message: MessageId,
}

/// Asks that the customer hears where an order stands. It goes out when the asking can no longer be taken back,
/// unless the order has moved on by then. Needs `order.note`.
///
/// `Conflict` `message.nothing` when there is nothing to tell of that state.
pub fn ask_to_tell(tx: &mut Tx, ctx: &Ctx, id: OrderId) -> Result<EventId, Error> {
    ctx.require(Permission::OrderNote)?;

    let order = orders::find_to_change(tx, ctx, id, None)?;
    if !texts::is_told(order.state) {
        return Err(Error::conflict("message.nothing").with("state", order.state));
    }

    let event = events::record(tx, ctx, Event::MessageAsked { order: id, state: order.state })?;
    let payload = json!({ "order": id, "event": event, "state": order.state });
    let run_at = ctx.now.plus_s(i64::from(ctx.settings.orders.undo_seconds));
    jobs::enqueue(tx, ctx, NewJob { run_at, event: Some(event), ..NewJob::now(ctx, JobKind::NotifyCustomer, payload) })?;
    Ok(event)
}

fn notify(tx: &mut Tx, ctx: &Ctx, job: &Job) -> Result<Next, Error> {
    let occasion: Occasion = serde_json::from_value(job.payload.clone()).map_err(Error::internal)?;
    let order = orders::find(tx, ctx, occasion.order)?;
    if order.state != occasion.state || (occasion.inside && order.substatus != occasion.substatus) {
        // It has moved on meanwhile; the next move tells its own story.
        return Ok(Next::Done);
    }
    let customer = order.customer_id.map(|id| customers::find(tx, ctx, id)).transpose()?;
    let email = customer.as_ref().and_then(|customer| customer.email.clone());
    let store = access::stores::find(tx, ctx, order.store_id)?;
    let locale = customer.as_ref().and_then(|customer| customer.language).unwrap_or(store.notify_language);
    // A sub-status speaks for itself where its state was told already, or has no words.
    let own = occasion.substatus.as_deref().filter(|_| occasion.inside || !texts::is_told(order.state));
    let own = own.and_then(|key| ctx.settings.rules.substatus(order.state, key));
    let (text, occasion) = match own.and_then(|one| base::rules::label(&one.labels, locale)) {
        Some(label) => (Some(texts::of_substatus(label, locale, &order, &store.name)), "substatus".to_owned()),
        None => (texts::write(order.state, locale, &order, &store.name), order.state.as_str().to_ascii_lowercase()),
    };
    let Some(text) = text else { return Ok(Next::Done) };
    let why_not = match &email {
        _ if !ctx.settings.notifications.email => Some("switched_off"),
        None => Some("no_address"),
        Some(_) if !is_allowed(tx, order.customer_id)? => Some("withdrawn"),
        Some(_) => None,
    };

    // A mail server that was down for hours must not announce what is long past.
    for overtaken in store::list_queued(tx, order.id)? {
        end(tx, ctx, &overtaken, MessageState::Skipped, Some("overtaken"))?;
    }
    let message = Message {
        id: tx.new_id(),
        order_id: order.id,
        channel: EMAIL.to_owned(),
        template: format!("order.{occasion}"),
        locale,
        recipient: email,
        subject: text.subject,
        body: if ctx.public_url.is_some() && ctx.settings.tracking.is_on { text.body } else { texts::with_link(&text.body, None) },
        state: MessageState::Queued,
        reason: None,
        created_at: ctx.now,
        ended_at: None,
    };
    store::insert(tx, &message, order.store_id, order.customer_id)?;
    match why_not {
        Some(reason) => end(tx, ctx, &message, MessageState::Skipped, Some(reason))?,
        None => {
            let unique_key = Some(format!("message:{}", message.id));
            let send = NewJob { unique_key, ..NewJob::now(ctx, JobKind::SendMessage, json!({ "message": message.id })) };
            jobs::enqueue(tx, ctx, send)?;
        }
    }
    Ok(Next::Done)
}

/// Whether the customer has not taken back that messages about orders may come by e-mail.
fn is_allowed(tx: &mut Tx, customer: Option<CustomerId>) -> Result<bool, Error> {
    customer.map_or(Ok(true), |id| customers::consent::may_message(tx, id, ContactChannel::Email, ContactPurpose::Order))
}

/// Gives up what waits to be sent to a customer: they took back that they may be written to.
pub fn give_up(tx: &mut Tx, ctx: &Ctx, customer: CustomerId) -> Result<(), Error> {
    for message in store::queued_for(tx, customer)? {
        end(tx, ctx, &message, MessageState::Skipped, Some("withdrawn"))?;
    }
    Ok(())
}

/// Forgets what the customer of these orders was told, and where; that it was told stays. What waits is given
/// up. Answers how many messages there were.
pub fn forget_person(tx: &mut Tx, ctx: &Ctx, orders: &[i64]) -> Result<u64, Error> {
    if orders.is_empty() {
        return Ok(0);
    }
    for message in store::of_orders(tx, orders)? {
        if message.state == MessageState::Queued {
            end(tx, ctx, &message, MessageState::Skipped, Some("erased"))?;
        }
    }
    store::forget(tx, orders)
}

fn ask(tx: &mut Tx, ctx: &Ctx, job: &Job) -> Result<Ask, Error> {
    let message = written(tx, job)?;
    let link = if texts::has_link(&message.body) { link_to(tx, ctx, &message)? } else { None };
    let Some(recipient) = message.recipient.filter(|_| message.state == MessageState::Queued) else { return Ok(Ask::Nothing) };
    let from_name = base::mail::from_name(ctx);
    let text = texts::with_link(&message.body, link.as_deref());
    Ok(Ask::Mail(Mail { to: Hidden::new(recipient), subject: message.subject, text: Hidden::new(text), html: None, from_name }))
}

/// The page of the order that a message is about, in the message's language: made now, so that it lives as long as a link lives, is
/// of the round that stands, and is kept nowhere. None where customers cannot look at orders, or nobody said how they reach us.
fn link_to(tx: &mut Tx, ctx: &Ctx, message: &Message) -> Result<Option<String>, Error> {
    let Some(address) = ctx.public_url.as_deref().filter(|_| ctx.settings.tracking.is_on) else { return Ok(None) };
    let link = tracking::link(tx, ctx, message.order_id)?;
    let lang = if message.locale == Locale::Dz { Locale::Ar } else { message.locale };
    Ok(Some(format!("{address}/t/{}?lang={lang}", link.token.reveal())))
}

fn heard(tx: &mut Tx, ctx: &Ctx, job: &Job, heard: &Heard) -> Result<Next, Error> {
    let message = written(tx, job)?;
    let result = match heard {
        Heard::Mail(result) => result,
        Heard::Http(_) => return Err(Error::internal("a mail was answered by HTTP")),
    };
    match result {
        Ok(()) => end(tx, ctx, &message, MessageState::Sent, None)?,
        Err(why) if job.attempts < max_attempts(JobKind::SendMessage) => return Ok(Next::Again { why: why.clone() }),
        Err(why) => end(tx, ctx, &message, MessageState::Failed, Some(why))?,
    }
    Ok(Next::Done)
}

fn written(tx: &mut Tx, job: &Job) -> Result<Message, Error> {
    let Written { message } = serde_json::from_value(job.payload.clone()).map_err(Error::internal)?;
    store::find(tx, message)?.ok_or_else(|| Error::internal("the message of a job is not there"))
}

/// A message ends once; the event and the counter say so.
fn end(tx: &mut Tx, ctx: &Ctx, message: &Message, state: MessageState, reason: Option<&str>) -> Result<(), Error> {
    let Some(store) = store::end(tx, message.id, state, reason, ctx.now)? else { return Ok(()) };
    let event = Event::OrderNotified {
        order: message.order_id,
        message: message.id,
        channel: message.channel.clone(),
        template: message.template.clone(),
        state: state.to_string(),
    };
    events::record(tx, ctx, event)?;
    let mut counters = Counters::new();
    counters.add(messages_key(store, state), 1);
    counters.flush(tx)
}

/// What was removed is counted no more.
pub(crate) fn uncount(tx: &mut Tx, removed: &[(StoreId, MessageState)]) -> Result<(), Error> {
    let mut counters = Counters::new();
    for (store, state) in removed.iter().filter(|(_, state)| *state != MessageState::Queued) {
        counters.add(messages_key(*store, *state), -1);
    }
    counters.flush(tx)
}
