//! The imports there were, with those under way; where a new one begins; the sample file.

use axum::extract::State;
use axum::http::{HeaderMap, Method, Uri, header};
use axum::response::{IntoResponse, Response};
use base::tasks::{self, TaskView};
use base::{Ctx, Edge};
use db::Tx;
use kernel::{Error, ImportId, Permission, TaskId};
use store_sync::{Import, ImportState};

use super::view::{ImportRow, ListPage, ListPart, ListView, NewPage};
use crate::api::imports::{Upload, receive};
use crate::badges::Badge;
use crate::error::{Outcome, Problem};
use crate::extract::Info;
use crate::format::Format;
use crate::pages::context::{Place, Reader, html, is_part, see};
use crate::pages::progress::{Bar, People, is_open};
use crate::pages::view::{EmptyState, Pager, Toast};
use crate::router::{Access, Route};
use crate::state::WebState;
use crate::words::Words;

/// Imports on a page.
const PAGE: u32 = 50;
/// What our own columns look like; a test brings it in.
const SAMPLE: &str = include_str!("sample.csv");

pub(super) fn routes() -> Vec<Route> {
    let needs = Access::Needs(Permission::OrderImport);
    vec![
        Route::page(Method::GET, "/app/imports", needs, "page_imports", show),
        Route::page(Method::GET, "/app/imports/new", needs, "page_new_import", begin),
        Route::page(Method::GET, "/app/imports/sample", needs, "page_import_sample", sample),
        Route::page(Method::POST, "/app/imports/files", needs, "page_upload_import", upload).slow(),
    ]
}

/// A parameter of the address.
pub(crate) fn param(uri: &Uri, name: &str) -> Option<String> {
    let found = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).find(|(one, _)| one == name);
    found.map(|(_, value)| value.into_owned()).filter(|value| !value.is_empty())
}

/// The task of an import that works now, or ended last; nothing when the reader may not see it.
pub(super) fn task_of(tx: &mut Tx, ctx: &Ctx, import: &Import) -> Result<Option<TaskView>, Error> {
    let id = import.undo_task.filter(|_| matches!(import.state, ImportState::Undoing | ImportState::Undone)).or(import.task);
    view(tx, ctx, id)
}

/// A task, where the reader may see it.
pub(super) fn view(tx: &mut Tx, ctx: &Ctx, id: Option<TaskId>) -> Result<Option<TaskView>, Error> {
    let Some(id) = id else { return Ok(None) };
    match tasks::view(tx, ctx, id) {
        Ok(task) => Ok(Some(task)),
        Err(Error::NotFound { .. }) => Ok(None),
        Err(other) => Err(other),
    }
}

pub(super) fn badge(state: ImportState) -> Badge {
    let (key, tone) = match state {
        ImportState::Running => ("imports-running", "info"),
        ImportState::Done => ("imports-done", "ok"),
        ImportState::Stopped => ("imports-stopped", "warn"),
        ImportState::Undoing => ("imports-undoing", "warn"),
        ImportState::Undone => ("imports-undone", "neu"),
    };
    Badge { key, tone }
}

/// How a file was read: by which preset, or by which mapping in which version.
pub(super) fn read_as(say: Words, import: &Import) -> String {
    match &import.mapping {
        Some((name, version)) => say.with("imports-by-mapping", &[("name", name.clone()), ("version", version.to_string())]),
        None => import.preset.parse().map_or_else(|_| import.preset.clone(), |preset| super::prepare::preset_name(say, preset)),
    }
}

fn load(tx: &mut Tx, ctx: &Ctx, format: &Format, before: Option<ImportId>) -> Result<ListView, Error> {
    let say = Words { locale: ctx.locale };
    let mut found = store_sync::list_imports(tx, ctx, before, PAGE + 1)?;
    let is_last = found.len() <= PAGE as usize;
    found.truncate(PAGE as usize);
    let people = People::load(tx, ctx, found.iter().map(|import| import.actor))?;
    let next = found.last().filter(|_| !is_last).map(|import| format!("/app/imports?before={}", import.id));
    let mut rows = Vec::with_capacity(found.len());
    let mut is_live = false;
    for import in found {
        let works = matches!(import.state, ImportState::Running | ImportState::Undoing);
        let task = if works { task_of(tx, ctx, &import)? } else { None };
        is_live |= works;
        rows.push(row(say, format, &people, import, task.as_ref()));
    }
    let count = rows.len() as i64;
    let range = say.count("imports-count", count, &format.number(count));
    let pager = Pager { say, range, previous: before.map(|_| "/app/imports".to_owned()), next };
    let empty = EmptyState {
        icon: "file-spreadsheet",
        tone: "t-pri",
        title: say.t("imports-empty-title"),
        text: say.t("imports-empty-text"),
        action: Some(("/app/imports/new".to_owned(), say.t("imports-new"))),
    };
    Ok(ListView { say, rows, empty, pager, is_live })
}

fn row(say: Words, format: &Format, people: &People, import: Import, task: Option<&TaskView>) -> ImportRow {
    let rejected = import.result["rejected"].as_i64().unwrap_or(0);
    let note = match import.state {
        ImportState::Undone | ImportState::Undoing if import.kept > 0 => say.count("imports-kept", import.kept, &format.number(import.kept)),
        _ if rejected > 0 => say.count("imports-rejected", rejected, &format.number(rejected)),
        _ => String::new(),
    };
    ImportRow {
        href: format!("/app/imports/{}", import.id),
        how: read_as(say, &import),
        by: people.name(say, import.actor),
        badge: badge(import.state),
        made: say.count("imports-made", import.made, &format.number(import.made)),
        note,
        bar: task.filter(|task| is_open(task.state)).map(|task| Bar::of(say, format, task)),
        at: format.ago(import.created_at),
        at_exact: format.exact(import.created_at),
        at_iso: format.iso(import.created_at),
        name: import.file_name,
    }
}

/// `GET /app/imports`
async fn show(edge: Edge, info: Info, uri: Uri, headers: HeaderMap) -> Outcome<Response> {
    let before = param(&uri, "before").and_then(|id| id.parse().ok());
    let (reader, list) = edge
        .read(move |tx, ctx| {
            let reader = Reader::load(tx, ctx)?;
            let list = load(tx, ctx, &reader.format(ctx), before)?;
            Ok((reader, list))
        })
        .await?;
    if is_part(&headers) {
        return html(&ListPart { list });
    }
    let say = Words { locale: edge.ctx.locale };
    let place = Place { title: say.t("imports-window"), back: None, crumb: say.t("imports-title"), here: "/app/imports".to_owned(), toast: None };
    html(&ListPage { page: reader.shell(&edge.ctx, &info, place), list })
}

/// `GET /app/imports/new`
async fn begin(edge: Edge, info: Info) -> Outcome<Response> {
    new_page(&edge, &info, None).await
}

pub(super) async fn new_page(edge: &Edge, info: &Info, problem: Option<String>) -> Outcome<Response> {
    let reader = edge.read(Reader::load).await?;
    let say = Words { locale: edge.ctx.locale };
    let title = say.t("imports-new");
    let place = Place {
        title: if problem.is_some() { say.one("imports-window-wrong", "title", &title) } else { say.one("imports-window-of", "title", &title) },
        back: Some("/app/imports".to_owned()),
        crumb: title,
        here: "/app/imports/new".to_owned(),
        toast: None,
    };
    html(&NewPage { page: reader.shell(&edge.ctx, info, place), problem })
}

/// `GET /app/imports/sample`: our own columns with a few orders.
async fn sample() -> Response {
    let headers = [(header::CONTENT_TYPE, "text/csv; charset=utf-8"), (header::CONTENT_DISPOSITION, "attachment; filename=\"kafila-orders.csv\"")];
    (headers, SAMPLE).into_response()
}

/// `POST /app/imports/files`: the file is kept and looked at; nothing is brought in yet.
async fn upload(edge: Edge, info: Info, State(state): State<WebState>, upload: Upload) -> Outcome<Response> {
    match receive(&edge, &state, upload).await {
        Ok(file) => Ok(see(&format!("/app/imports/files/{}", file.id))),
        Err(problem) if problem.status().is_client_error() && problem.status() != 403 => {
            let mut response = new_page(&edge, &info, Some(words_of(Words { locale: edge.ctx.locale }, &problem))).await?;
            *response.status_mut() = problem.status();
            Ok(response)
        }
        Err(other) => Err(other),
    }
}

/// What is wrong, in one line: the first field's words, or what happened.
pub(crate) fn words_of(say: Words, problem: &Problem) -> String {
    match problem.errors() {
        [] => problem.title(say.locale),
        errors => errors.iter().map(|error| Problem::field_message(say.locale, error)).collect::<Vec<_>>().join(" "),
    }
}

/// What has just happened, as the address says it.
pub(super) fn toast(say: Words, done: Option<&str>) -> Option<Toast> {
    let key = match done? {
        "started" => "imports-started",
        "tried" => "imports-trying",
        "saved" => "imports-mapping-saved",
        "stopping" => "imports-stopping",
        "undoing" => "imports-undo-begun",
        _ => return None,
    };
    Some(Toast::done(say.t(key)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_has_our_own_columns() {
        let headings = SAMPLE.lines().next().unwrap();
        for column in ["order_ref", "placed_at", "customer_name", "customer_phone", "title", "quantity", "unit_price", "province"] {
            assert!(headings.split(',').any(|one| one == column), "{column}");
        }
        assert!(SAMPLE.lines().count() >= 4);
    }
}
