//! The page's stream of changes: ids alone, and only of orders that the viewer may see. The page asks for the rows that it shows.

use std::convert::Infallible;
use std::time::Duration;

use axum::http::{HeaderMap, Method};
use axum::response::sse::{Event as SseEvent, Sse};
use base::Edge;
use futures_util::{Stream, StreamExt};
use kernel::Permission;

use crate::api;
use crate::router::{Access, Route};

/// Silence after which the stream says that it lives; pages take a minute without a word for a lost connection.
const BEAT: Duration = Duration::from_secs(25);

pub(super) fn routes() -> Vec<Route> {
    vec![Route::page(Method::GET, "/app/live", Access::Needs(Permission::OrderRead), "page_live", stream).slow()]
}

/// `GET /app/live`: the API's events, and a beat in their pauses.
async fn stream(edge: Edge, headers: HeaderMap) -> Sse<impl Stream<Item = Result<SseEvent, Infallible>>> {
    let last_seen = headers.get("last-event-id").and_then(|value| value.to_str().ok()?.parse().ok());
    let events = api::live::events(edge, last_seen);
    let stream = async_stream::stream! {
        tokio::pin!(events);
        loop {
            match tokio::time::timeout(BEAT, events.next()).await {
                Ok(Some(event)) => yield event,
                Ok(None) => break,
                Err(_) => yield Ok(SseEvent::default().event("beat").data("{}")),
            }
        }
    };
    Sse::new(stream)
}
