//! Long work that somebody waits for: whose, how far, what came of it, the way to stop it.

use axum::http::{HeaderMap, Method, Uri};
use axum::response::Response;
use base::Edge;
use base::system::is_keeper;
use base::tasks::{self, TaskFilter, TaskView};
use kernel::{JobKind, Permission, TaskId, TaskState};

use super::Tab;
use super::view::{TaskRow, TasksPage, TasksPart, TasksView};
use crate::error::Outcome;
use crate::extract::Info;
use crate::format::Format;
use crate::pages::context::{Reader, html, is_part};
use crate::pages::imports::param;
use crate::pages::progress::{Bar, People, is_open, task_badge, work_name};
use crate::pages::view::{EmptyState, Pager};
use crate::router::{Access, Route};
use crate::words::Words;

/// Tasks on a page.
const PAGE: u32 = 50;

pub(super) fn routes() -> Vec<Route> {
    vec![Route::page(Method::GET, "/app/system/tasks", Access::Needs(Permission::SystemRead), "page_tasks", show)]
}

/// `GET /app/system/tasks`
async fn show(edge: Edge, info: Info, uri: Uri, headers: HeaderMap) -> Outcome<Response> {
    let before: Option<TaskId> = param(&uri, "before").and_then(|id| id.parse().ok());
    let (reader, found, people) = edge
        .read(move |tx, ctx| {
            let found = tasks::list(tx, ctx, &TaskFilter { before, ..TaskFilter::default() }, PAGE + 1)?;
            let people = People::load(tx, ctx, found.iter().map(|task| task.actor))?;
            Ok((Reader::load(tx, ctx)?, found, people))
        })
        .await?;
    let say = Words { locale: edge.ctx.locale };
    let format = reader.format(&edge.ctx);
    let list = view(&edge, &info, &format, &people, found, before);
    if is_part(&headers) {
        return html(&TasksPart { list });
    }
    let is_keeper = is_keeper(&edge).await?;
    let page = reader.shell(&edge.ctx, &info, Tab::Tasks.place(say, None));
    html(&TasksPage { page, tabs: Tab::Tasks.tabs(&edge.ctx, is_keeper), list })
}

fn view(edge: &Edge, info: &Info, format: &Format, people: &People, mut found: Vec<TaskView>, before: Option<TaskId>) -> TasksView {
    let say = Words { locale: edge.ctx.locale };
    let is_last = found.len() <= PAGE as usize;
    found.truncate(PAGE as usize);
    let address = |before: Option<TaskId>| before.map_or_else(|| Tab::Tasks.href().to_owned(), |id| format!("{}?before={id}", Tab::Tasks.href()));
    let next = found.last().filter(|_| !is_last).map(|task| address(Some(task.id)));
    let is_live = found.iter().any(|task| is_open(task.state));
    let count = found.len() as i64;
    TasksView {
        say,
        csrf: info.csrf_token(),
        here: address(before),
        rows: found.into_iter().map(|task| row(edge, format, people, task)).collect(),
        empty: EmptyState { icon: "clock", tone: "t-neu", title: say.t("system-no-tasks-title"), text: say.t("system-no-tasks-text"), action: None },
        pager: Pager { say, range: say.count("system-tasks-count", count, &format.number(count)), previous: before.map(|_| address(None)), next },
        is_live,
    }
}

fn row(edge: &Edge, format: &Format, people: &People, task: TaskView) -> TaskRow {
    let say = Words { locale: edge.ctx.locale };
    let works = is_open(task.state);
    let may_stop = works && !task.cancel_asked && (task.actor == edge.ctx.actor || edge.ctx.can(Permission::SystemEdit));
    // A person's file and somebody else's export are theirs alone.
    let may_fetch = match task.kind {
        JobKind::Export => task.actor == edge.ctx.actor,
        JobKind::ExportPerson => edge.ctx.can(Permission::CustomerExport),
        _ => task.actor == edge.ctx.actor || edge.ctx.can(Permission::PhoneSee) && edge.ctx.can(Permission::ContactSee),
    };
    let note = match (&task.message, task.state, task.errors) {
        (Some(message), TaskState::Failed, _) => message.clone(),
        _ if task.cancel_asked && works => say.t("imports-stopping"),
        (_, _, errors @ 1..) => say.count("system-task-errors", errors, &format.number(errors)),
        _ => String::new(),
    };
    TaskRow {
        name: work_name(say, task.kind),
        badge: task_badge(task.state),
        bar: works.then(|| Bar::of(say, format, &task)),
        note,
        by: people.name(say, task.actor),
        at: format.ago(task.created_at),
        at_exact: format.exact(task.created_at),
        at_iso: format.iso(task.created_at),
        stop: may_stop.then(|| format!("/app/tasks/{}/stop", task.id)),
        download: (task.result_file.is_some() && may_fetch).then(|| format!("/app/tasks/{}/file", task.id)),
        title: task.title,
    }
}
