//! One import: how far it is, what came of it, the rows that were refused, and the way back.

use axum::http::{HeaderMap, Method, Uri};
use axum::response::Response;
use base::tasks::{self, TaskView};
use base::{Ctx, Edge, files};
use kernel::{Error, FieldError, ImportId, Permission, TaskId, TaskState};
use serde_json::Value;
use store_sync::{Import, ImportState};
use tokio::io::AsyncReadExt;

use super::list::{badge, param, read_as, toast, view, words_of};
use super::view::{OnePage, OnePart, OneView, ResultView, UndoneView};
use crate::api::imports::{may_fetch, result_file};
use crate::error::{Outcome, Problem};
use crate::extract::{Info, Path};
use crate::format::Format;
use crate::pages::context::{Place, Reader, html, is_part, see};
use crate::pages::progress::{Bar, People, is_open};
use crate::pages::view::Confirm;
use crate::router::{Access, Route};
use crate::security;
use crate::words::Words;

/// Refused rows that a page names; the file has all.
const NAMED: usize = 50;
/// So much of the file of refused rows is read for them.
const READ_BYTES: u64 = 512 * 1024;

pub(super) fn routes() -> Vec<Route> {
    let needs = Access::Needs(Permission::OrderImport);
    vec![
        Route::page(Method::GET, "/app/imports/{id}", needs, "page_import", show),
        Route::page(Method::POST, "/app/imports/{id}/undo", needs, "page_undo_import", undo),
        Route::page(Method::POST, "/app/imports/{id}/stop", needs, "page_stop_import", stop),
        // Whose task it is decides; the action asks.
        Route::page(Method::GET, "/app/tasks/{id}/file", Access::Session, "page_task_file", result_file).slow(),
        Route::page(Method::POST, "/app/tasks/{id}/stop", Access::Session, "page_stop_task", stop_task),
    ]
}

/// `GET /app/imports/{id}`
async fn show(Path(id): Path<ImportId>, edge: Edge, info: Info, uri: Uri, headers: HeaderMap) -> Outcome<Response> {
    page(&edge, &info, id, is_part(&headers), param(&uri, "done").as_deref(), None).await
}

async fn page(edge: &Edge, info: &Info, id: ImportId, is_part: bool, done: Option<&str>, problem: Option<Problem>) -> Outcome<Response> {
    let (reader, import, people, work, undo) = edge
        .read(move |tx, ctx| {
            let reader = Reader::load(tx, ctx)?;
            let import = store_sync::find_import(tx, ctx, id)?;
            let people = People::load(tx, ctx, std::iter::once(import.actor))?;
            let (work, undo) = (view(tx, ctx, import.task)?, view(tx, ctx, import.undo_task)?);
            Ok((reader, import, people, work, undo))
        })
        .await?;
    let say = Words { locale: edge.ctx.locale };
    let format = reader.format(&edge.ctx);
    let name = import.file_name.clone();
    let here = format!("/app/imports/{id}");
    let problem_text = problem.as_ref().map(|problem| words_of(say, problem));
    let view = one(edge, info, &format, import, &people, work.as_ref(), undo.as_ref(), problem_text).await?;
    if is_part {
        return html(&OnePart { view });
    }
    let place = Place {
        title: say.one("imports-window-of", "title", &name),
        back: Some("/app/imports".to_owned()),
        crumb: name,
        here,
        toast: toast(say, done),
    };
    let mut response = html(&OnePage { page: reader.shell(&edge.ctx, info, place), view })?;
    if let Some(problem) = problem {
        *response.status_mut() = problem.status();
    }
    Ok(response)
}

#[expect(clippy::too_many_arguments, reason = "everything that the page was read with")]
async fn one(
    edge: &Edge,
    info: &Info,
    format: &Format,
    import: Import,
    people: &People,
    work: Option<&TaskView>,
    undo: Option<&TaskView>,
    problem: Option<String>,
) -> Outcome<OneView> {
    let say = Words { locale: edge.ctx.locale };
    let here = format!("/app/imports/{}", import.id);
    let is_undo = matches!(import.state, ImportState::Undoing | ImportState::Undone);
    let open = undo.filter(|_| is_undo).or(work).filter(|task| is_open(task.state));
    let result = match work {
        Some(task) if !is_open(task.state) && !task.result.is_null() => Some(result_of(edge, format, task, false).await?),
        _ if !import.result.is_null() => Some(figures_of(say, format, &import.result, false)),
        _ => None,
    };
    let notice = match (import.state, work) {
        (ImportState::Stopped, Some(task)) if task.state == TaskState::Failed => {
            Some(("bad", say.one("imports-failed-note", "why", task.message.clone().unwrap_or_default())))
        }
        (ImportState::Stopped, _) => Some(("warn", say.t("imports-stopped-note"))),
        _ => None,
    };
    let can_undo = open.is_none() && matches!(import.state, ImportState::Done | ImportState::Stopped | ImportState::Undoing) && import.made > 0;
    let made = say.count("imports-made", import.made, &format.number(import.made));
    let confirm = can_undo.then(|| Confirm {
        say,
        csrf: info.csrf_token(),
        id: "undo-import".to_owned(),
        class: "bad",
        button: say.t("imports-undo"),
        title: say.one("imports-undo-title", "name", &import.file_name),
        text: say.one("imports-undo-text", "made", &made),
        verb: say.t("imports-undo"),
        action: format!("{here}/undo"),
        hidden: Vec::new(),
    });
    let undone = (is_undo && open.is_none()).then(|| undone_of(say, format, &import, undo));
    let mut facts = vec![
        (say.t("imports-fact-by"), people.name(say, import.actor)),
        (say.t("imports-fact-how"), read_as(say, &import)),
        (say.t("imports-fact-store"), import.store.clone().unwrap_or_else(|| say.t("imports-store-of-file"))),
        (say.t("imports-fact-begun"), format.exact(import.created_at)),
    ];
    if let Some(at) = import.finished_at {
        facts.push((say.t("imports-fact-ended"), format.exact(at)));
    }
    if let Some(at) = import.undone_at {
        facts.push((say.t("imports-fact-undone"), format.exact(at)));
    }
    facts.push((say.t("imports-fact-made"), made));
    Ok(OneView {
        say,
        csrf: info.csrf_token(),
        name: import.file_name,
        badge: badge(import.state),
        facts,
        is_live: open.is_some(),
        bar: open.map(|task| Bar::of(say, format, task)),
        bar_title: say.t(if is_undo { "imports-undoing" } else { "imports-running" }),
        can_stop: open.is_some_and(|task| task.actor == edge.ctx.actor || edge.ctx.can(Permission::SystemEdit)),
        is_stopping: open.is_some_and(|task| task.cancel_asked),
        notice,
        result,
        confirm,
        undone,
        problem,
        here,
    })
}

/// What an import or a trial came to, with the first rows that were refused.
pub(super) async fn result_of(edge: &Edge, format: &Format, task: &TaskView, is_trial: bool) -> Outcome<ResultView> {
    let say = Words { locale: edge.ctx.locale };
    let mut result = figures_of(say, format, &task.result, is_trial);
    if task.result_file.is_none() {
        return Ok(result);
    }
    // Refused rows hold telephones and addresses as they came; who may not have the file does not read them here either.
    let wanted = task.clone();
    let file = match edge.read(move |tx, ctx| may_fetch(tx, ctx, &wanted)).await {
        Ok(file) => file,
        Err(Error::Forbidden { .. } | Error::NotFound { .. }) => return Ok(result),
        Err(other) => return Err(other.into()),
    };
    let mut head = Vec::new();
    match files::open(edge, file).await {
        Ok((_, content)) => drop(content.take(READ_BYTES).read_to_end(&mut head).await.map_err(Error::internal)?),
        Err(Error::NotFound { .. }) => return Ok(result),
        Err(other) => return Err(other.into()),
    }
    result.refused = store_sync::refused_rows(head.as_slice(), NAMED);
    let headings = head.split(|byte| *byte == b'\n').next().map(|line| String::from_utf8_lossy(line).into_owned()).unwrap_or_default();
    for row in &mut result.refused {
        // A field that no column of the file gave has our own name; a reference that the file does not bear says nothing to people.
        let is_heading = headings.split(',').any(|heading| heading.trim().trim_matches('"') == row.field);
        if !is_heading && row.field.parse::<store_sync::Field>().is_ok() {
            row.field = super::columns::field_name(say, &row.field);
        }
        // Several reasons are whole sentences.
        row.because = row.because.replace(".; ", ". ");
        if row.order.starts_with("row-") {
            row.order.clear();
        }
    }
    let shown = result.refused.len() as i64;
    if shown < task.errors {
        result.refused_note = say.with("imports-refused-first", &[("n", format.number(shown)), ("total", format.number(task.errors))]);
    }
    result.download = Some(format!("/app/tasks/{}/file", task.id));
    Ok(result)
}

fn figures_of(say: Words, format: &Format, result: &Value, is_trial: bool) -> ResultView {
    let count = |name: &str| result[name].as_i64().unwrap_or(0);
    let figure = |key: &str, name: &str| (say.t(key), format.number(count(name)));
    let (created, rejected) = (count("orders_created"), count("rejected"));
    let mut figures = vec![
        figure(if is_trial { "imports-would-create" } else { "imports-created" }, "orders_created"),
        figure("imports-unchanged", "orders_unchanged"),
        figure("imports-credit-notes", "credit_notes"),
        figure("imports-lines", "lines"),
        figure("imports-refused", "rejected"),
    ];
    if count("credit_notes") == 0 {
        figures.remove(2);
    }
    let (tone, key) = match (is_trial, created, rejected) {
        (_, _, 1..) => ("warn", if is_trial { "imports-tried-some" } else { "imports-ended-some" }),
        (true, 0, _) => ("info", "imports-tried-nothing"),
        (false, 0, _) => ("info", "imports-ended-nothing"),
        (true, ..) => ("ok", "imports-tried-all"),
        (false, ..) => ("ok", "imports-ended-all"),
    };
    let summary = say.with(key, &[("created", format.number(created)), ("rejected", format.number(rejected))]);
    let stores: Vec<&str> = result["stores_opened"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let key = if is_trial { "imports-would-open" } else { "imports-opened" };
    let opened = if stores.is_empty() { String::new() } else { say.one(key, "stores", stores.join(", ")) };
    ResultView { figures, summary, opened, tone, ..ResultView::default() }
}

fn undone_of(say: Words, format: &Format, import: &Import, undo: Option<&TaskView>) -> UndoneView {
    let kept = undo.and_then(|task| task.result["kept_orders"].as_array()).cloned().unwrap_or_default();
    let order = |one: &Value| {
        let text = |name: &str| one[name].as_str().unwrap_or_default().to_owned();
        let why = FieldError::new("order", stays_code(one["because"].as_str().unwrap_or_default()));
        (format!("/app/orders/{}", text("id")), text("number"), Problem::field_message(say.locale, &why))
    };
    UndoneView {
        removed: say.count("imports-removed", import.removed, &format.number(import.removed)),
        kept: say.count("imports-kept", import.kept, &format.number(import.kept)),
        orders: kept.iter().map(order).collect(),
        download: undo.filter(|task| task.result_file.is_some()).map(|task| format!("/app/tasks/{}/file", task.id)),
    }
}

fn stays_code(why: &str) -> &'static str {
    match why {
        "credited" => "import.stays_credited",
        "used" => "import.stays_used",
        _ => "import.stays_touched",
    }
}

/// `POST /app/imports/{id}/undo`
async fn undo(Path(id): Path<ImportId>, edge: Edge, info: Info) -> Outcome<Response> {
    match edge.write(move |tx, ctx| store_sync::begin_undo(tx, ctx, id)).await {
        Ok(_) => Ok(see(&format!("/app/imports/{id}?done=undoing"))),
        Err(error @ Error::Conflict { .. }) => page(&edge, &info, id, false, None, Some(Problem::from(error))).await,
        Err(other) => Err(other.into()),
    }
}

/// `POST /app/imports/{id}/stop`: what is in stays, and can be taken back.
async fn stop(Path(id): Path<ImportId>, edge: Edge, info: Info) -> Outcome<Response> {
    let stopped = edge.write(move |tx, ctx| {
        let import = store_sync::find_import(tx, ctx, id)?;
        let is_undo = import.state == ImportState::Undoing;
        let task = if is_undo { import.undo_task } else { import.task };
        tasks::cancel(tx, ctx, task.ok_or(Error::not_found("task"))?)
    });
    match stopped.await {
        Ok(_) => Ok(see(&format!("/app/imports/{id}?done=stopping"))),
        Err(error @ Error::Conflict { .. }) => page(&edge, &info, id, false, None, Some(Problem::from(error))).await,
        Err(other) => Err(other.into()),
    }
}

/// `POST /app/tasks/{id}/stop`: asks long work to stop, and goes back to where it was asked.
async fn stop_task(Path(id): Path<TaskId>, edge: Edge, headers: HeaderMap) -> Outcome<Response> {
    edge.write(move |tx, ctx: &Ctx| tasks::cancel(tx, ctx, id)).await?;
    Ok(see(&security::came_from(&headers).unwrap_or_else(|| "/app".to_owned())))
}
