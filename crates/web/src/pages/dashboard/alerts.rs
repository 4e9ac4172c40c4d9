//! What waits for the reader, the worst first. Only what is known to be so: notes that name them, problems passed up to them, orders that nobody has called
//! for too long, imports with refused rows, work that failed for good.

use std::collections::BTreeMap;

use base::Ctx;
use base::jobs::{self, JobFilter};
use db::Tx;
use kernel::{Actor, Error, JobState, OrderState, Permission, Time, UserId};
use orders::escalations::{self, EscalationFilter};
use orders::mentions::Mention;
use orders::{OrderFilter, Page, Sort, SortKey, Total};
use store_sync::{Import, ImportState};

use super::scope::Scope;
use super::view::Alert;
use crate::pages::sections;

/// After so long an order that waits for its call is late.
const LATE_HOURS: i64 = 4;
/// Problems and imports that are looked at.
const LOOKED_AT: u32 = 20;
/// An import of longer ago is no news.
const NEWS_DAYS: i64 = 7;

/// All of it.
pub(super) fn load(tx: &mut Tx, ctx: &Ctx, scope: &Scope) -> Result<Vec<Alert>, Error> {
    let mut all = mentions(tx, ctx, scope)?;
    all.extend(problems(tx, ctx, scope)?);
    all.extend(late_calls(tx, ctx, scope)?);
    all.extend(dead_jobs(tx, ctx, scope)?);
    all.extend(imports(tx, ctx, scope)?);
    all.sort_by_key(|alert| alert.tone != "t-bad");
    Ok(all)
}

/// Notes that name the reader and that they have not seen.
fn mentions(tx: &mut Tx, ctx: &Ctx, scope: &Scope) -> Result<Vec<Alert>, Error> {
    let (say, format) = (scope.say(), scope.format());
    let mut found = orders::mentions::waiting(tx, ctx, LOOKED_AT)?;
    found.retain(|mention| scope.store().is_none_or(|store| store == mention.store_id));
    let user_of = |actor: Actor| if let Actor::User(user) = actor { Some(user) } else { None };
    let ids: Vec<UserId> = found.iter().filter_map(|mention| user_of(mention.author())).collect();
    let names: BTreeMap<UserId, String> = access::users::names(tx, ctx, &ids)?.into_iter().map(|person| (person.id, person.name)).collect();
    let alert = |mention: Mention| {
        let who = user_of(mention.author()).and_then(|user| names.get(&user).cloned()).unwrap_or_else(|| say.t("history-somebody"));
        Alert {
            icon: "at-sign",
            tone: "t-info",
            title: say.with("people-alert", &[("who", who), ("number", mention.number.clone())]),
            text: format.moment(mention.at),
            quote: Some(mention.text()),
            href: Some(format!("/app/orders/{}", mention.order_id)),
            button: say.t("alerts-open"),
        }
    };
    Ok(found.into_iter().map(alert).collect())
}

fn problems(tx: &mut Tx, ctx: &Ctx, scope: &Scope) -> Result<Vec<Alert>, Error> {
    let (say, format) = (scope.say(), scope.format());
    let filter = EscalationFilter { is_mine: true, store: scope.store(), ..EscalationFilter::default() };
    let found = escalations::list(tx, ctx, &filter, None, LOOKED_AT)?;
    let alert = |(escalation, order): (orders::escalations::Escalation, orders::escalations::OfOrder)| {
        let is_late = escalation.is_overdue(scope.now());
        Alert {
            icon: if is_late { "clock" } else { "arrow-up" },
            tone: if is_late { "t-bad" } else { "t-warn" },
            title: say.one("alerts-problem", "number", order.number),
            text: say.one(if is_late { "alerts-problem-late" } else { "alerts-problem-due" }, "due", format.moment(escalation.due_at)),
            quote: Some(escalation.message),
            href: Some(format!("/app/orders/{}", order.id)),
            button: say.t("alerts-open"),
        }
    };
    Ok(found.items.into_iter().map(alert).collect())
}

fn late_calls(tx: &mut Tx, ctx: &Ctx, scope: &Scope) -> Result<Option<Alert>, Error> {
    if !ctx.can(Permission::OrderConfirm) {
        return Ok(None);
    }
    let (say, format) = (scope.say(), scope.format());
    let filter = OrderFilter {
        states: vec![OrderState::Pending],
        placed_until: Some(scope.now().plus_us(-LATE_HOURS * Time::HOUR)),
        stores: scope.store().into_iter().collect(),
        ..OrderFilter::default()
    };
    let page = Page { limit: 1, sort: Sort::by(SortKey::CreatedAt, false), ..Page::default() };
    let found = orders::list(tx, ctx, &filter, &page)?;
    let Some(oldest) = found.items.first() else { return Ok(None) };
    let (count, written) = match found.total {
        Some(Total::AtLeast(count)) => (count, say.one("orders-at-least", "n", format.number(count))),
        Some(Total::Exact(count)) => (count, format.number(count)),
        None => (1, format.number(1)),
    };
    Ok(Some(Alert {
        icon: "phone",
        tone: "t-bad",
        title: say.count("alerts-late", count, &written),
        text: say.one("alerts-late-text", "at", format.moment(oldest.created_at)),
        quote: None,
        href: Some(scope.orders(&[("view", "to_confirm".to_owned()), ("sort", "created_at".to_owned())])),
        button: say.t("alerts-see"),
    }))
}

fn dead_jobs(tx: &mut Tx, ctx: &Ctx, scope: &Scope) -> Result<Option<Alert>, Error> {
    if !ctx.can(Permission::SystemRead) {
        return Ok(None);
    }
    let (say, format) = (scope.say(), scope.format());
    let dead = jobs::list(tx, ctx, &JobFilter { state: Some(JobState::Dead), ..JobFilter::default() }, 100)?;
    let Some(last) = dead.first() else { return Ok(None) };
    let count = dead.len() as i64;
    let written = if count >= 100 { say.one("orders-at-least", "n", format.number(count)) } else { format.number(count) };
    let at = format.moment(last.finished_at.unwrap_or(last.created_at));
    Ok(Some(Alert {
        icon: "rotate-ccw",
        tone: "t-bad",
        title: say.count("alerts-jobs", count, &written),
        text: say.one("alerts-jobs-text", "at", at),
        quote: None,
        href: sections::leads_to(ctx, "/app/system").then(|| "/app/system/jobs?state=dead".to_owned()),
        button: say.t("alerts-see"),
    }))
}

fn imports(tx: &mut Tx, ctx: &Ctx, scope: &Scope) -> Result<Vec<Alert>, Error> {
    if !ctx.can(Permission::OrderImport) {
        return Ok(Vec::new());
    }
    let (say, format) = (scope.say(), scope.format());
    let leads = sections::leads_to(ctx, "/app/imports");
    let found = store_sync::list_imports(tx, ctx, None, LOOKED_AT)?;
    let is_news = |import: &Import| import.finished_at.unwrap_or(import.created_at) >= scope.now().plus_us(-NEWS_DAYS * Time::DAY);
    let alert = |import: Import| {
        let refused = import.result["rejected"].as_i64().unwrap_or(0);
        let title = match import.state {
            ImportState::Stopped => say.t("alerts-import-stopped"),
            ImportState::Done if refused > 0 => say.one("alerts-import-refused", "n", format.number(refused)),
            _ => return None,
        };
        Some(Alert {
            icon: "file-spreadsheet",
            tone: "t-warn",
            title,
            text: format.moment(import.finished_at.unwrap_or(import.created_at)),
            quote: Some(import.file_name.clone()),
            href: leads.then(|| format!("/app/imports/{}", import.id)),
            button: say.t("alerts-see"),
        })
    };
    Ok(found.into_iter().filter(is_news).filter_map(alert).collect())
}
