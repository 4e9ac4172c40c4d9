//! Orders, customers and the audit trail as files: asked for here, made by a task, fetched when it is done.

use base::tasks::{self, TaskFilter};
use base::{Ctx, Edge};
use db::Tx;
use kernel::{Error, JobKind, Locale, OrderId, Permission, TaskId};
use reports::{Format, NewExport, RowsAre, Separator, Style, What};
use serde_json::{Map, Value};
use utoipa::openapi::schema::Components;
use utoipa::openapi::{RefOr, Schema};

use super::common::{Limit, limit};
use super::work::TaskJson;
use crate::extract::{Query, Write};
use crate::respond::{Begun, List, Reply, Total, shown};
use crate::schema::{Describe, body, view, word};
use crate::{lists, sheets};

macro_rules! described {
    ($($set:ident),+ $(,)?) => {$(
        impl Describe for $set {
            fn schema(_: &mut Components) -> RefOr<Schema> {
                word($set::WORDS)
            }
        }
    )+};
}

described! { What, RowsAre, Format, Style, Separator }

body! {
    /// A file that somebody wants.
    pub(crate) struct ExportBody {
        /// Of what; orders when left out.
        what: Option<What> = "orders",
        /// The parameters of the list, its sort among them; all when left out. Of customers: `search`, `archived`, `flag`.
        /// Of the audit trail: `subject`, `kind`, `actor`, `from`, `until`.
        filter: Option<Map<String, Value>> = {"state": ["DELIVERED"], "sort": "-created_at"},
        /// These orders alone, in this order; at most 10,000.
        order_ids: Option<Vec<OrderId>>,
        /// What a row is; an order when left out.
        rows: Option<RowsAre> = "line",
        /// The columns in their order, `custom.NAME` among them; the usual ones when left out. `kafila` stands for all that
        /// an import needs.
        columns: Option<Vec<String>> = ["number", "customer_name", "total"],
        /// `csv` when left out.
        format: Option<Format> = "xlsx",
        /// The language of headings and words; the caller's when left out.
        language: Option<Locale> = "fr",
        /// For people, as the store of each row writes (`store`, the usual), or for programs (`plain`).
        style: Option<Style> = "store",
        /// What parts the cells of CSV.
        separator: Option<Separator> = "comma",
        /// Whether CSV begins with the mark by which spreadsheets know UTF-8; yes when left out, and never in the plain style.
        bom: Option<bool> = true,
    }

    /// Which exports.
    pub(crate) struct ExportQuery {
        /// How many, 1 to 200.
        limit: Option<Limit> = 50,
        /// Where the part before ended.
        cursor: Option<TaskId>,
    }
}

view! {
    /// A column that a file can have.
    pub(crate) struct ExportColumnView {
        /// Its name.
        name: &'static str = "customer_phone",
        /// Its heading in the caller's language.
        heading: String = "Phone",
        /// Of `orders`, `customers` or `events`.
        what: What,
    }
}

/// `POST /api/v1/exports`
pub(crate) async fn begin(edge: Edge, write: Write<ExportBody>) -> Begun<TaskJson> {
    let body = write.body;
    edge.ctx.require(needed(body.what.unwrap_or(What::Orders)))?;
    let new = NewExport {
        query: body.filter.unwrap_or_default(),
        ids: body.order_ids,
        rows: body.rows.unwrap_or(RowsAre::Order),
        columns: body.columns.unwrap_or_default(),
        format: body.format.unwrap_or(Format::Csv),
        language: body.language,
        style: body.style.unwrap_or(Style::Store),
        separator: body.separator.unwrap_or(Separator::Comma),
        has_bom: body.bom.unwrap_or(true),
        ..NewExport::of(body.what.unwrap_or(What::Orders))
    };
    match new.what {
        What::Orders => drop(lists::read_orders(&new.query)?),
        What::Customers => check_customers(&new.query)?,
        What::Events => drop(base::events::filter_of(&new.query)?),
    }
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        let task = reports::begin(tx, ctx, &new)?;
        Ok(TaskJson::of(tasks::view(tx, ctx, task)?))
    });
    Ok(answer.await?.into())
}

/// The right to take these out.
fn needed(what: What) -> Permission {
    if what == What::Events { Permission::AuditRead } else { Permission::OrderExport }
}

fn check_customers(query: &Map<String, Value>) -> Result<(), Error> {
    let wrong = |name: &str, code: &'static str| Err(Error::field(format!("filter.{}", kernel::cut(name, 60)), code));
    for (name, value) in query {
        match name.as_str() {
            "search" | "flag" if value.is_string() => {}
            "archived" if value.is_boolean() => {}
            "search" | "flag" | "archived" => return wrong(name, "type"),
            _ => return wrong(name, "unknown_field"),
        }
    }
    Ok(())
}

/// `GET /api/v1/exports`
pub(crate) async fn list(edge: Edge, Query(query): Query<ExportQuery>) -> Reply<List<TaskJson>> {
    let limit = limit(query.limit)?;
    let list = edge.read(move |tx, ctx| {
        let filter = TaskFilter { kind: Some(JobKind::Export), before: query.cursor, ..TaskFilter::default() };
        let mut found = tasks::list(tx, ctx, &filter, limit.saturating_add(1).min(tasks::MAX_PAGE))?;
        let is_last = found.len() <= limit as usize;
        found.truncate(limit as usize);
        let next_cursor = found.last().filter(|_| !is_last).map(|task| task.id.to_string());
        let count = found.len() as u64;
        let total = if is_last && query.cursor.is_none() { Total::Exactly(count) } else { Total::AtLeast { at_least: count } };
        Ok(List { items: found.into_iter().map(TaskJson::of).collect(), next_cursor, total })
    });
    shown(list.await?)
}

/// `GET /api/v1/export-columns`
pub(crate) async fn columns(edge: Edge) -> Reply<List<ExportColumnView>> {
    let locale = edge.ctx.locale;
    let of = |what: What, table: &'static [(&'static str, reports::Kind)]| {
        table.iter().map(move |(name, _)| ExportColumnView { name, heading: sheets::label(locale, "column", name), what })
    };
    shown(List::whole(
        of(What::Orders, reports::ORDERS).chain(of(What::Customers, reports::CUSTOMERS)).chain(of(What::Events, reports::EVENTS)).collect(),
    ))
}

/// Whether the caller may have this file now: it is their own, they may still take files out, and, where it holds
/// telephone numbers or addresses whole, still see those.
pub(crate) fn may_fetch(_: &mut Tx, ctx: &Ctx, task: &tasks::TaskView) -> Result<(), Error> {
    if task.actor != ctx.actor {
        return Err(Error::not_found("file"));
    }
    let is_trail = task.result["what"] == What::Events.as_str();
    ctx.require(needed(if is_trail { What::Events } else { What::Orders }))?;
    if task.result["shows_phones"].as_bool() == Some(true) {
        ctx.require(Permission::PhoneSee)?;
    }
    if task.result["shows_contacts"].as_bool() == Some(true) {
        ctx.require(Permission::ContactSee)?;
    }
    Ok(())
}
