//! Files of orders: asked for from the list, made behind the scenes, fetched from the page of one's own files.

use axum::http::{HeaderMap, Method};
use axum::response::Response;
use base::tasks::{self, TaskFilter, TaskView};
use base::{Ctx, Edge};
use db::Tx;
use kernel::{Error, JobKind, OrderId, Permission, TaskId, TaskState};
use reports::{Format as FileFormat, NewExport, What};

use super::listing::{explained, home, open_view};
use super::query::ListQuery;
use super::view::{ExportLine, ExportsPage, ExportsPart, ExportsView};
use crate::error::Outcome;
use crate::extract::{Form, Info};
use crate::pages::context::{Place, Reader, html, is_part, see};
use crate::pages::progress::{Bar, is_open, task_badge};
use crate::pages::sections;
use crate::pages::typed::Typed;
use crate::router::{Access, Route};
use crate::words::Words;

/// The newest so many are shown.
const SHOWN: u32 = 50;

pub(super) fn routes() -> Vec<Route> {
    let needs = Access::Needs(Permission::OrderExport);
    vec![
        Route::page(Method::GET, "/app/exports", needs, "page_exports", show),
        Route::page(Method::POST, "/app/exports", needs, "page_begin_export", begin),
        Route::page(Method::POST, "/app/exports/cancel", needs, "page_cancel_export", cancel),
    ]
}

/// `GET /app/exports`
async fn show(edge: Edge, info: Info, headers: HeaderMap) -> Outcome<Response> {
    shown(&edge, &info, &headers, None).await
}

async fn shown(edge: &Edge, info: &Info, headers: &HeaderMap, problem: Option<Error>) -> Outcome<Response> {
    let csrf = info.csrf_token();
    let say = Words { locale: edge.ctx.locale };
    let status = problem.as_ref().map_or(axum::http::StatusCode::OK, |_| axum::http::StatusCode::CONFLICT);
    let problem = problem.map(|error| explained(say, error));
    let (reader, list) = edge
        .read(move |tx, ctx| {
            let reader = Reader::load(tx, ctx)?;
            let list = part(tx, ctx, &reader, csrf.clone(), problem.clone())?;
            Ok((reader, list))
        })
        .await?;
    if is_part(headers) {
        return html(&ExportsPart { list });
    }
    let place = Place {
        title: say.t("exports-window"),
        back: Some("/app/orders".to_owned()),
        crumb: say.t("exports-title"),
        here: "/app/exports".to_owned(),
        toast: None,
    };
    let mut page = reader.shell(&edge.ctx, info, place);
    // Files are of the orders, wherever their page lies.
    page.section = sections::of("/app/orders");
    for item in &mut page.nav {
        item.is_here = item.section == page.section;
    }
    let mut response = html(&ExportsPage { page, list })?;
    *response.status_mut() = status;
    Ok(response)
}

fn part(tx: &mut Tx, ctx: &Ctx, reader: &Reader, csrf: String, problem: Option<String>) -> Result<ExportsView, Error> {
    let say = Words { locale: ctx.locale };
    let format = reader.format(ctx);
    let filter = TaskFilter { kind: Some(JobKind::Export), is_own: true, ..TaskFilter::default() };
    let own = tasks::list(tx, ctx, &filter, SHOWN)?;
    let is_live = own.iter().any(|task| is_open(task.state));
    let line = |task: TaskView| {
        let number = |name: &str| task.result.get(name).and_then(serde_json::Value::as_i64);
        let rows = number("rows").map(|rows| say.count("exports-rows", rows, &format.number(rows)));
        let is_there = task.state == TaskState::Done && task.result_file.is_some();
        let (what, kind) = task.title.split_once('.').unwrap_or((task.title.as_str(), "csv"));
        let name = say.t(if what == "customers" { "exports-of-customers" } else { "exports-of-orders" });
        ExportLine {
            id: task.id.to_string(),
            name: say.with("exports-name", &[("what", name), ("kind", kind.to_uppercase())]),
            badge: task_badge(task.state),
            bar: is_open(task.state).then(|| Bar::of(say, &format, &task)),
            rows,
            sha256: task.result.get("sha256").and_then(serde_json::Value::as_str).map(str::to_owned),
            href: is_there.then(|| format!("/api/v1/tasks/{}/file", task.id)),
            message: task.message.clone(),
            can_cancel: is_open(task.state) && !task.cancel_asked,
            at: format.ago(task.created_at),
            at_iso: format.iso(task.created_at),
            at_exact: format.exact(task.created_at),
        }
    };
    Ok(ExportsView { say, csrf, problem, is_live, lines: own.into_iter().map(line).collect() })
}

/// `POST /app/exports`: the orders that are ticked, or all of the view as it stands now.
async fn begin(edge: Edge, info: Info, headers: HeaderMap, Form(form): Form<Typed>) -> Outcome<Response> {
    let ids: Vec<OrderId> = form.all("id").filter_map(|id| id.parse().ok()).collect();
    let is_all = form.has("all") || ids.is_empty();
    let raw = form.get("query").to_owned();
    let format = if form.get("format") == "xlsx" { FileFormat::Xlsx } else { FileFormat::Csv };
    let begun = edge.write(move |tx, ctx| {
        let mut new = NewExport { format, ..NewExport::of(What::Orders) };
        if is_all {
            let reader = Reader::load(tx, ctx)?;
            let home = home(&reader.stores);
            let (query, _) = open_view(tx, ctx, ListQuery::read(&raw), &home)?;
            new.query = query.api(&home, ctx.now, true);
            if !new.query.contains_key("search") {
                new.query.insert("sort".to_owned(), query.sort().to_string().into());
            }
            crate::lists::read_orders(&new.query)?;
        } else {
            new.ids = Some(ids.clone());
        }
        reports::begin(tx, ctx, &new)
    });
    match begun.await {
        Ok(_) => Ok(see("/app/exports")),
        Err(error @ Error::Conflict { .. }) => shown(&edge, &info, &headers, Some(error)).await,
        Err(other) => Err(other.into()),
    }
}

/// `POST /app/exports/cancel`
async fn cancel(edge: Edge, Form(form): Form<Typed>) -> Outcome<Response> {
    let id: TaskId = form.read("id").ok_or_else(|| Error::field("id", "required"))?;
    edge.write(move |tx, ctx| {
        let task = tasks::view(tx, ctx, id)?;
        if task.kind != JobKind::Export || task.actor != ctx.actor {
            return Err(Error::not_found("task"));
        }
        tasks::cancel(tx, ctx, id)
    })
    .await?;
    Ok(see("/app/exports"))
}
