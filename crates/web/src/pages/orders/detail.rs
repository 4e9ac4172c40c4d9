//! One order over HTTP: its page, with what went wrong where a form did not go through.

use axum::http::{Method, Uri};
use axum::response::Response;
use base::{Ctx, Edge};
use kernel::{AttachmentId, Error, EventId, Id, NoteId, OrderAction, OrderId, Permission, Time};

use super::detail_view::Detail;
use super::page_view::DetailPage;
use super::people::Here;
use crate::badges;
use crate::error::{Outcome, Problem};
use crate::extract::{Info, Path};
use crate::pages::context::{Place, Reader, html};
use crate::pages::typed::{Again, Typed};
use crate::pages::view::Toast;
use crate::router::{Access, Route};
use crate::words::Words;

pub(super) fn routes() -> Vec<Route> {
    vec![Route::page(Method::GET, "/app/orders/{id}", Access::Needs(Permission::OrderRead), "page_order", show)]
}

/// The parts of the history that can be shown alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Part {
    #[default]
    All,
    Notes,
    Status,
    Messages,
    Audit,
}

/// What the address says besides the order.
#[derive(Clone, Debug, Default)]
struct Asked {
    part: Part,
    /// What has just been done: a move's action, `note` or `undone`.
    done: Option<String>,
    event: Option<EventId>,
    /// The file that has just been removed.
    file: Option<AttachmentId>,
    /// The note that has just been put on top, or taken down.
    note: Option<NoteId>,
}

impl Asked {
    fn read(uri: &Uri) -> Asked {
        let mut asked = Asked::default();
        for (name, value) in form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()) {
            match (&*name, &*value) {
                ("show", "notes") => asked.part = Part::Notes,
                ("show", "status") => asked.part = Part::Status,
                ("show", "messages") => asked.part = Part::Messages,
                ("show", "audit") => asked.part = Part::Audit,
                ("done", done) => asked.done = Some(done.to_owned()),
                ("event", event) => asked.event = event.parse().ok(),
                ("file", file) => asked.file = file.parse().ok(),
                ("note", note) => asked.note = note.parse().ok(),
                _ => {}
            }
        }
        asked
    }
}

/// `GET /app/orders/{id}`
async fn show(Path(id): Path<OrderId>, edge: Edge, info: Info, uri: Uri) -> Outcome<Response> {
    html(&page(&edge, &info, id, &Asked::read(&uri), Again::default()).await?)
}

/// A form of the page that did not go through: what can be put right is shown there, over the order as it stands now, with what was
/// typed; the rest is a page of its own. `fields` are those that the form can show words beside.
pub(super) async fn refused(
    edge: &Edge,
    info: &Info,
    id: OrderId,
    form: &'static str,
    typed: Typed,
    fields: &[&str],
    problem: Problem,
) -> Outcome<Response> {
    if !matches!(problem.status().as_u16(), 409 | 413 | 422) {
        return Err(problem);
    }
    let say = Words { locale: edge.ctx.locale };
    let again = Again::new(say, form, typed, fields, &problem);
    let mut response = html(&page(edge, info, id, &Asked::default(), again).await?)?;
    *response.status_mut() = problem.status();
    Ok(response)
}

async fn page(edge: &Edge, info: &Info, id: OrderId, asked: &Asked, again: Again) -> Outcome<DetailPage> {
    let part = asked.part;
    let viewers = edge.base.viewers(edge.ctx.org, id);
    let (reader, detail, here) = edge
        .read(move |tx, ctx| {
            let reader = Reader::load(tx, ctx)?;
            let detail = Detail::load(tx, ctx, &reader, id, part)?;
            Ok::<_, Error>((reader, detail, Here::load(tx, ctx, id, &viewers, "view")?))
        })
        .await?;
    let ctx = &edge.ctx;
    let say = Words { locale: ctx.locale };
    let number = detail.shown_number();
    let place = Place {
        title: say.one("order-window", "number", &number),
        back: Some("/app/orders".to_owned()),
        crumb: number,
        here: format!("/app/orders/{id}"),
        toast: toast(ctx, say, &detail, asked),
    };
    Ok(detail.into_page(ctx, reader.shell(ctx, info, place), part, again, here))
}

/// What was done, by the word in the address: the message that says so.
const DONE: &[(&str, &str)] = &[
    ("note", "order-note-added"),
    ("undone", "order-undone"),
    ("pinned", "people-pinned"),
    ("unpinned", "people-unpinned"),
    ("seen", "people-seen-done"),
    ("held", "order-done-held"),
    ("released", "order-done-released"),
    ("escalated", "order-done-escalated"),
    ("acknowledge", "order-done-acknowledged"),
    ("answer", "order-done-answered"),
    ("pass_up", "order-done-passed"),
    ("resolve", "order-done-resolved"),
    ("tagged", "order-done-tagged"),
    ("untagged", "order-done-untagged"),
    ("facts", "order-done-facts"),
    ("tracked", "order-done-tracked"),
    ("attached", "order-done-attached"),
    ("detached", "order-done-detached"),
    ("restored", "order-done-restored"),
    ("paid", "order-done-paid"),
    ("archived", "order-done-archived"),
    ("unarchived", "order-done-unarchived"),
    ("inside", "order-done-inside"),
    ("edited", "order-done-edited"),
    ("dropped", "order-done-dropped"),
    ("placed", "order-done-placed"),
];

/// What has just happened, with the way back while there is one.
fn toast(ctx: &Ctx, say: Words, detail: &Detail, asked: &Asked) -> Option<Toast> {
    const SECONDS: i64 = 6;
    let word = asked.done.as_deref()?;
    let order = OrderId::from_i64(detail.id());
    let text = match DONE.iter().find(|(done, _)| *done == word) {
        Some((_, key)) => say.t(key),
        None if word == "assigned" => detail.agent_said(ctx),
        None => say.one(badges::action(word.parse::<OrderAction>().ok()?).done, "number", detail.shown_number()),
    };
    if let Some(file) = asked.file.filter(|_| word == "detached") {
        return Some(Toast::with_undo(text, format!("/app/orders/{order}/attachments/{file}/restore")));
    }
    if let Some(note) = asked.note.filter(|_| ["pinned", "unpinned"].contains(&word)) {
        let back = if word == "pinned" { "unpin" } else { "pin" };
        return Some(Toast::with_undo(text, format!("/app/orders/{order}/notes/{note}/{back}")));
    }
    let way_back = detail.undo().filter(|(event, _)| Some(*event) == asked.event);
    let way_back = way_back.or_else(|| asked.event.and_then(|event| Some((event, detail.back_until(ctx, event)?))));
    let (seconds, undo) = match way_back {
        Some((event, until)) => {
            let left = until.since_us(ctx.now) / Time::SECOND;
            (left.max(1), Some(format!("/app/orders/{order}/undo/{event}")))
        }
        None => (SECONDS, None),
    };
    Some(Toast { text, seconds, undo })
}
