//! One order over HTTP: its page, with what went wrong where a form did not go through.

use axum::http::{Method, Uri};
use axum::response::Response;
use base::{Ctx, Edge};
use kernel::{EventId, Id, OrderAction, OrderId, Permission, Time};

use super::detail_view::Detail;
use super::view::DetailPage;
use crate::badges;
use crate::error::{Outcome, Problem};
use crate::extract::{Info, Path};
use crate::pages::context::{Place, Reader, html};
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
}

/// What the address says besides the order.
#[derive(Clone, Debug, Default)]
struct Asked {
    part: Part,
    /// What has just been done: a move's action, `note` or `undone`.
    done: Option<String>,
    event: Option<EventId>,
}

impl Asked {
    fn read(uri: &Uri) -> Asked {
        let mut asked = Asked::default();
        for (name, value) in form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()) {
            match (&*name, &*value) {
                ("show", "notes") => asked.part = Part::Notes,
                ("show", "status") => asked.part = Part::Status,
                ("done", done) => asked.done = Some(done.to_owned()),
                ("event", event) => asked.event = event.parse().ok(),
                _ => {}
            }
        }
        asked
    }
}

/// `GET /app/orders/{id}`
async fn show(Path(id): Path<OrderId>, edge: Edge, info: Info, uri: Uri) -> Outcome<Response> {
    html(&page(&edge, &info, id, &Asked::read(&uri), None).await?)
}

/// The page again after a form that did not go through.
pub(super) async fn show_problem(edge: &Edge, info: &Info, id: OrderId, problem: &Problem) -> Outcome<Response> {
    let say = Words { locale: edge.ctx.locale };
    let text = match problem.errors().first() {
        Some(error) => Problem::field_message(say.locale, error),
        None => problem.title(say.locale),
    };
    let mut response = html(&page(edge, info, id, &Asked::default(), Some(text)).await?)?;
    *response.status_mut() = problem.status();
    Ok(response)
}

async fn page(edge: &Edge, info: &Info, id: OrderId, asked: &Asked, problem: Option<String>) -> Outcome<DetailPage> {
    let part = asked.part;
    let (reader, detail) = edge
        .read(move |tx, ctx| {
            let reader = Reader::load(tx, ctx)?;
            let detail = Detail::load(tx, ctx, &reader, id)?;
            Ok((reader, detail))
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
    Ok(detail.into_page(ctx, reader.shell(ctx, info, place), part, problem))
}

/// What has just happened, with the way back while there is one.
fn toast(ctx: &Ctx, say: Words, detail: &Detail, asked: &Asked) -> Option<Toast> {
    const SECONDS: i64 = 6;
    let plain = |key: &str| Some(Toast { text: say.t(key), seconds: SECONDS, undo: None });
    match asked.done.as_deref()? {
        "note" => plain("order-note-added"),
        "undone" => plain("order-undone"),
        action => {
            let action: OrderAction = action.parse().ok()?;
            let text = say.one(badges::action(action).done, "number", detail.shown_number());
            let way_back = detail.undo().filter(|(event, _)| Some(*event) == asked.event);
            let (seconds, undo) = match way_back {
                Some((event, until)) => {
                    let left = until.since_us(ctx.now) / Time::SECOND;
                    (left.max(1), Some(format!("/app/orders/{}/undo/{event}", OrderId::from_i64(detail.id()))))
                }
                None => (SECONDS, None),
            };
            Some(Toast { text, seconds, undo })
        }
    }
}
