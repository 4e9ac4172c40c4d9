//! Writing and sending messages to customers.

use base::counters::Counters;
use base::jobs::{self, Ask, Heard, Job, NewJob, Next, Runner, max_attempts};
use base::mail::Mail;
use base::{Ctx, events};
use db::Tx;
use kernel::{Error, Event, Hidden, JobKind, MessageId, MessageState, OrderId, OrderState};
use orders::MESSAGES_BY_STATE;
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
}

#[derive(Deserialize)]
struct Written {
    message: MessageId,
}

fn notify(tx: &mut Tx, ctx: &Ctx, job: &Job) -> Result<Next, Error> {
    let occasion: Occasion = serde_json::from_value(job.payload.clone()).map_err(Error::internal)?;
    let order = orders::find(tx, ctx, occasion.order)?;
    if order.state != occasion.state {
        // It has moved on meanwhile; the next move tells its own story.
        return Ok(Next::Done);
    }
    let customer = order.customer_id.map(|id| customers::find(tx, ctx, id)).transpose()?;
    let email = customer.as_ref().and_then(|customer| customer.email.clone());
    let store = access::stores::find(tx, ctx, order.store_id)?;
    let locale = customer.as_ref().and_then(|customer| customer.language).unwrap_or(store.notify_language);
    let Some(text) = texts::write(order.state, locale, &order, &store.name) else { return Ok(Next::Done) };
    let why_not = match &email {
        _ if !ctx.settings.notifications.email => Some("switched_off"),
        None => Some("no_address"),
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
        template: format!("order.{}", order.state.as_str().to_ascii_lowercase()),
        locale,
        recipient: email,
        subject: text.subject,
        body: text.body,
        state: MessageState::Queued,
        reason: None,
        created_at: ctx.now,
        ended_at: None,
    };
    store::insert(tx, &message, order.customer_id)?;
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

fn ask(tx: &mut Tx, _ctx: &Ctx, job: &Job) -> Result<Ask, Error> {
    let message = written(tx, job)?;
    let Some(recipient) = message.recipient.filter(|_| message.state == MessageState::Queued) else { return Ok(Ask::Nothing) };
    Ok(Ask::Mail(Mail { to: Hidden::new(recipient), subject: message.subject, text: Hidden::new(message.body), html: None }))
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
    if !store::end(tx, message.id, state, reason, ctx.now)? {
        return Ok(());
    }
    let event = Event::OrderNotified {
        order: message.order_id,
        message: message.id,
        channel: message.channel.clone(),
        template: message.template.clone(),
        state: state.to_string(),
    };
    events::record(tx, ctx, event)?;
    let mut counters = Counters::new();
    counters.add(format!("{MESSAGES_BY_STATE}{state}"), 1);
    counters.flush(tx)
}
