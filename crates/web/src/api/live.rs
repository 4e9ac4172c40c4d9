//! Live changes for programs: a stream of server-sent events.
//!
//! An event carries a topic and an id, nothing else; before it is sent the thing is looked up with the
//! caller's own rights, so nobody hears of what they may not see. A reader that comes back names the
//! last event it saw; when that is too long ago it hears `reload`.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::sse::{Event as SseEvent, KeepAlive, Sse};
use base::live::{LiveEvent, Missed};
use base::{Ctx, Edge, tasks};
use db::Tx;
use futures_util::Stream;
use kernel::{CreditNoteId, CustomerId, DraftId, Error, EscalationId, Id, MessageId, OrderId, Permission, StoreId, TaskId};
use utoipa::openapi::path::{ParameterBuilder, ParameterIn};
use utoipa::openapi::{Content, Required, ResponseBuilder};

use crate::error::{Outcome, Problem};
use crate::openapi::{Input, Output, Sketch};
use crate::schema::Describe;
use crate::state::WebState;

/// Silence after which a comment is sent, so that proxies keep the connection.
const HEARTBEAT: Duration = Duration::from_secs(25);
/// A stream ends after this long; its reader comes back with its rights read anew.
const LONGEST: Duration = Duration::from_secs(600);
/// Topics, the prefix of their ids, and the right that lets somebody hear of them.
const TOPICS: &[(&str, &str, Permission)] = &[
    ("order", "ord", Permission::OrderRead),
    ("presence", "ord", Permission::OrderRead),
    ("escalation", "esc", Permission::OrderRead),
    ("customer", "cus", Permission::CustomerRead),
    ("variant", "var", Permission::CatalogueRead),
    ("credit_note", "crn", Permission::OrderRead),
    ("store", "sto", Permission::StoreRead),
    ("user", "usr", Permission::UserRead),
    ("role", "rol", Permission::UserRead),
    ("api_key", "key", Permission::ApiKeyEdit),
    ("task", "tsk", Permission::OrderRead),
    ("bulk", "blk", Permission::OrderBulk),
    ("view", "viw", Permission::OrderRead),
    ("draft", "drf", Permission::OrderPlace),
    ("job", "job", Permission::SystemRead),
    ("schedule", "sch", Permission::SystemRead),
    ("message", "msg", Permission::OrderRead),
    ("settings", "org", Permission::SettingsRead),
];

/// Topics of things that belong to somebody or to a store: they are looked up before a caller hears of them.
const LOOKED_UP: &[&str] = &["order", "presence", "draft", "escalation", "customer", "store", "credit_note", "task", "message"];

/// The last event that a reader saw, which browsers send by themselves when they come back.
pub(crate) struct LastSeen(Option<u64>);

impl FromRequestParts<WebState> for LastSeen {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &WebState) -> Outcome<LastSeen> {
        let Some(value) = parts.headers.get("last-event-id") else { return Ok(LastSeen(None)) };
        let seen = value.to_str().ok().and_then(|text| text.parse().ok());
        seen.map(|seen| LastSeen(Some(seen))).ok_or_else(|| Error::field("Last-Event-ID", "cursor").into())
    }
}

impl Input for LastSeen {
    fn describe(mut sketch: Sketch<'_>) -> Sketch<'_> {
        let parameter = ParameterBuilder::new()
            .name("Last-Event-ID")
            .parameter_in(ParameterIn::Header)
            .required(Required::False)
            .description(Some("The last event that you saw; what was missed since comes first."))
            .schema(Some(u64::schema(sketch.components)));
        sketch.operation = sketch.operation.parameter(parameter);
        sketch
    }
}

impl<S> Output for Sse<S> {
    fn describe(mut sketch: Sketch<'_>) -> Sketch<'_> {
        let words = "`hello` at the beginning, `change` with topic and id for each change, `reload` when too much was missed.";
        let response = ResponseBuilder::new().description(words).content("text/event-stream", Content::new(Some(String::schema(sketch.components))));
        sketch.operation = sketch.operation.response("200", response.build());
        sketch
    }
}

/// `GET /api/v1/live`
pub(crate) async fn stream(edge: Edge, LastSeen(last_seen): LastSeen) -> Outcome<Sse<impl Stream<Item = Result<SseEvent, Infallible>> + use<>>> {
    Ok(Sse::new(events(edge, last_seen)).keep_alive(KeepAlive::new().interval(HEARTBEAT)))
}

/// The stream itself: for the API and for pages.
pub(crate) fn events(edge: Edge, last_seen: Option<u64>) -> impl Stream<Item = Result<SseEvent, Infallible>> + use<> {
    let mut changes = edge.base.live().subscribe(edge.ctx.org, last_seen);
    let hello = last_seen.is_none().then(|| edge.base.live().last_seq(edge.ctx.org));
    async_stream::stream! {
        if let Some(seq) = hello {
            yield Ok(SseEvent::default().event("hello").id(seq.to_string()).data("{}"));
        }
        let end = tokio::time::sleep(LONGEST);
        tokio::pin!(end);
        loop {
            let next = tokio::select! {
                next = changes.next() => next,
                () = &mut end => break,
            };
            match next {
                Ok(change) => {
                    if let Some(text) = told(&edge, change).await {
                        yield Ok(SseEvent::default().event("change").id(change.seq.to_string()).data(text));
                    }
                }
                Err(Missed::Gap { seq }) => yield Ok(SseEvent::default().event("reload").id(seq.to_string()).data("{}")),
                Err(Missed::Closed) => break,
            }
        }
    }
}

/// What this caller hears of a change; nothing when they may not see the thing.
async fn told(edge: &Edge, change: LiveEvent) -> Option<String> {
    let &(topic, prefix, right) = TOPICS.iter().find(|(topic, _, _)| *topic == change.topic)?;
    if !edge.ctx.can(right) {
        return None;
    }
    let id = change.id;
    let sees = if LOOKED_UP.contains(&topic) { edge.read(move |tx, ctx| may_see(tx, ctx, topic, id)).await.unwrap_or(false) } else { true };
    sees.then(|| format!("{{\"topic\":\"{topic}\",\"id\":\"{}\"}}", kernel::id::show(prefix, id)))
}

fn may_see(tx: &mut Tx, ctx: &Ctx, topic: &str, id: i64) -> Result<bool, Error> {
    let found = match topic {
        "order" | "presence" => orders::find(tx, ctx, OrderId::from_i64(id)).map(drop),
        "escalation" => orders::escalations::is_seen(tx, ctx, EscalationId::from_i64(id)),
        "draft" => orders::find_draft(tx, ctx, DraftId::from_i64(id)).map(drop),
        "customer" => customers::find(tx, ctx, CustomerId::from_i64(id)).map(drop),
        "credit_note" => orders::find_credit_note(tx, ctx, CreditNoteId::from_i64(id)).map(drop),
        "task" => tasks::view(tx, ctx, TaskId::from_i64(id)).map(drop),
        "message" => notifications::find(tx, ctx, MessageId::from_i64(id)).map(drop),
        _ => return Ok(ctx.sees().store(StoreId::from_i64(id))),
    };
    match found {
        Ok(()) => Ok(true),
        Err(Error::NotFound { .. } | Error::Forbidden { .. }) => Ok(false),
        Err(other) => Err(other),
    }
}
