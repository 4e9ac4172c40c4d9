//! The audit trail: who did what, when; its export; the proof that nobody changed it.

use axum::body::Body;
use axum::body::Bytes;
use base::Edge;
use base::chain::{Break, ChainReport};
use base::events::{self, EventFilter, EventPlace};
use kernel::{Error, EventId, Permission, Time};

use super::common::{EventJson, Limit, Nothing, limit};
use crate::error::Outcome;
use crate::extract::{Json, Query};
use crate::respond::{List, Reply, Streamed, Total, shown};
use crate::schema::{Many, body, view};

body! {
    /// Which events.
    pub(crate) struct EventQuery {
        /// About this thing: its id.
        subject: Option<String> = "ord_0000000000001",
        /// Of these kinds, parted by commas.
        #[serde(default)]
        kind: Many<String> = ["order.moved"],
        /// By this user, key or customer: its id, or `system`.
        actor: Option<String> = "usr_0000000000001",
        /// Not before.
        from: Option<Time>,
        /// Before.
        until: Option<Time>,
        /// How many, 1 to 200.
        limit: Option<Limit> = 50,
        /// Where the part before ended.
        cursor: Option<String>,
    }

    /// Which events, in which form.
    pub(crate) struct EventExportQuery {
        /// `ndjson` or `csv`.
        format: Option<String> = "ndjson",
        /// About this thing: its id.
        subject: Option<String>,
        /// Of these kinds, parted by commas.
        #[serde(default)]
        kind: Many<String>,
        /// By this user, key or customer: its id, or `system`.
        actor: Option<String>,
        /// Not before.
        from: Option<Time>,
        /// Before.
        until: Option<Time>,
    }
}

view! {
    /// What a look at the chain found.
    pub(crate) struct ChainView {
        /// Whether nothing is wrong.
        is_whole: bool = true,
        /// Events that were found in order.
        checked: i64 = 1204,
        /// Events that the end of the chain counts.
        sealed: i64 = 1204,
        /// Events that wait to be sealed, counted up to 10,000.
        waiting: i64 = 3,
        /// The first break: `altered`, `details_altered`, `removed`, `inserted`.
        broken: Option<&'static str>,
        /// Which event it is about.
        event_id: Option<EventId>,
        /// The place in the chain where events are missing.
        missing_from: Option<i64>,
    }
}

/// `GET /api/v1/events`
pub(crate) async fn list(edge: Edge, Query(query): Query<EventQuery>) -> Reply<List<EventJson>> {
    events::check_kinds(&query.kind.0)?;
    let filter = EventFilter {
        subject: query.subject.as_deref().map(events::subject_of).transpose()?,
        kinds: query.kind.0,
        actor: query.actor.as_deref().map(events::actor_of).transpose()?,
        from: query.from,
        until: query.until,
        before: query.cursor.as_deref().map(str::parse::<EventPlace>).transpose()?,
        limit: limit(query.limit)?,
    };
    let page = edge.read(move |tx, ctx| events::list(tx, ctx, &filter)).await?;
    let items: Vec<EventJson> = page.items.into_iter().map(EventJson::of).collect();
    // The trail only grows and nobody pages to its end: it is not counted.
    let total = if page.next.is_some() { Total::AtLeast { at_least: items.len() as u64 + 1 } } else { Total::Exactly(items.len() as u64) };
    shown(List { next_cursor: page.next.map(|place| place.to_string()), total, items })
}

#[derive(Clone, Copy)]
enum Format {
    Ndjson,
    Csv,
}

/// `GET /api/v1/events/export`: page after page, each in its own read, so nobody waits behind it.
pub(crate) async fn export(edge: Edge, Query(query): Query<EventExportQuery>) -> Outcome<Streamed> {
    edge.ctx.require(Permission::AuditRead)?;
    events::check_kinds(&query.kind.0)?;
    let format = match query.format.as_deref() {
        None | Some("ndjson") => Format::Ndjson,
        Some("csv") => Format::Csv,
        Some(_) => return Err(Error::field("format", "format").with("expected", "ndjson, csv").into()),
    };
    let mut filter = EventFilter {
        subject: query.subject.as_deref().map(events::subject_of).transpose()?,
        kinds: query.kind.0,
        actor: query.actor.as_deref().map(events::actor_of).transpose()?,
        from: query.from,
        until: query.until,
        before: None,
        limit: 500,
    };
    let stamp = edge.base.now().to_string();
    let stream = async_stream::stream! {
        if let Format::Csv = format {
            yield Ok(Bytes::from_static(b"id,at,kind,subject,actor,automated,request_id,data,text\r\n"));
        }
        loop {
            let asked = filter.clone();
            match edge.read(move |tx, ctx| events::list(tx, ctx, &asked)).await {
                Ok(page) => {
                    yield Ok(Bytes::from(written(format, page.items)));
                    match page.next {
                        Some(next) => filter.before = Some(next),
                        None => break,
                    }
                }
                Err(error) => {
                    // The status is sent already: breaking the connection is the only way to say it.
                    tracing::error!("An export of events stopped: {error}");
                    yield Err(std::io::Error::other("the export could not be finished"));
                    break;
                }
            }
        }
    };
    let (media_type, ending) = match format {
        Format::Ndjson => ("application/x-ndjson", "ndjson"),
        Format::Csv => ("text/csv; charset=utf-8", "csv"),
    };
    Ok(Streamed { media_type, file_name: format!("events-{}.{ending}", &stamp[..10.min(stamp.len())]), body: Body::from_stream(stream) })
}

fn written(format: Format, page: Vec<events::EventView>) -> Vec<u8> {
    let mut text = Vec::with_capacity(page.len() * 400);
    for event in page {
        let event = EventJson::of(event);
        match format {
            Format::Ndjson => {
                // Writing to memory fails only for types that are no JSON, and these are.
                let _ = serde_json::to_writer(&mut text, &event);
                text.push(b'\n');
            }
            Format::Csv => {
                let actor = event.actor.id.clone().unwrap_or_else(|| event.actor.kind.to_owned());
                let cells = [
                    event.id.to_string(),
                    event.at.to_string(),
                    event.kind,
                    event.subject,
                    actor,
                    event.automated.to_string(),
                    event.request_id.unwrap_or_default(),
                    event.data.to_string(),
                    event.text.unwrap_or_default(),
                ];
                text.extend(cells.iter().map(|cell| csv_cell(cell)).collect::<Vec<_>>().join(",").into_bytes());
                text.extend(b"\r\n");
            }
        }
    }
    text
}

/// A cell that spreadsheets read as text, never as a formula.
pub(crate) fn csv_cell(text: &str) -> String {
    let guarded = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() };
    if guarded.contains([',', '"', '\n', '\r']) { format!("\"{}\"", guarded.replace('"', "\"\"")) } else { guarded }
}

/// `POST /api/v1/events/verify`
pub(crate) async fn verify(edge: Edge, Json(Nothing {}): Json<Nothing>) -> Reply<ChainView> {
    edge.ctx.require(Permission::AuditRead)?;
    let mut at = None;
    let report = loop {
        let from = at.clone();
        match edge.read(move |tx, ctx| base::chain::verify_slice(tx, ctx, from.clone())).await? {
            Ok(report) => break report,
            Err(next) => at = Some(next),
        }
    };
    shown(ChainView::of(report))
}

impl ChainView {
    fn of(report: ChainReport) -> ChainView {
        let (broken, event_id, missing_from) = match report.broken {
            None => (None, None, None),
            Some(Break::Altered { event }) => (Some("altered"), Some(event), None),
            Some(Break::DetailsAltered { event }) => (Some("details_altered"), Some(event), None),
            Some(Break::Removed { seq }) => (Some("removed"), None, Some(seq)),
            Some(Break::Inserted { event }) => (Some("inserted"), Some(event), None),
        };
        let ChainReport { checked, sealed, waiting, .. } = report;
        ChainView { is_whole: broken.is_none(), checked, sealed, waiting, broken, event_id, missing_from }
    }
}

#[cfg(test)]
mod tests {
    use kernel::Id;

    use super::*;

    #[test]
    fn cells_are_never_formulas() {
        assert_eq!(csv_cell("=1+1"), "'=1+1");
        assert_eq!(csv_cell("a,b"), "\"a,b\"");
        assert_eq!(csv_cell("say \"hi\""), "\"say \"\"hi\"\"\"");
    }

    #[test]
    fn a_cursor_reads_back() {
        let place = EventPlace { at: Time(1_700_000_000_000_001), id: EventId::from_i64(77) };
        assert_eq!(place.to_string().parse::<EventPlace>().unwrap(), place);
        assert!("12".parse::<EventPlace>().is_err());
        assert_eq!(events::subject_of("ord_0000000000001").unwrap(), ("ord".to_owned(), 1));
        assert!(events::subject_of("ord_1").is_err());
    }
}
