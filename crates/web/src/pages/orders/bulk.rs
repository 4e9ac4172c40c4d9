//! One action on many orders: chosen from the list, tried first, begun, watched, stopped, tried again, taken back.

use ::bulk::{
    Bulk, BulkAction, BulkFilter, BulkState, BulkWord, How, Item, ItemFilter, MAX_IDS, NewBulk, Outcome as ItemOutcome, Refusal, Selection, Start,
    UndoOutcome,
};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::Response;
use base::{Agents, Ctx, Edge};
use db::Tx;
use fields::TagList;
use kernel::{BulkId, Error, OrderAction, OrderId, Permission, Priority, Time, UserId};
use orders::reasons::{self, ReasonList};
use orders::state;

use super::listing::{home, open_view};
use super::query::ListQuery;
use super::sheet;
use super::view::{BarAct, BulkBar, BulkForm, BulkItem, BulkLine, BulkListPage, BulkPage, BulkPart, BulkRefusal, BulkRun, Pair};
use crate::api::bulk::said;
use crate::badges::{self, Badge};
use crate::error::{Outcome, Problem};
use crate::extract::{Form, Info, Path, Query};
use crate::format::Format;
use crate::pages::context::{Place, Reader, html, is_part, see};
use crate::pages::progress::People;
use crate::pages::typed::{Again, Typed};
use crate::pages::view::Choosable;
use crate::router::{Access, Route};
use crate::words::Words;

/// What the form of an action is called.
const FORM: &str = "bulk";
/// So many orders of a run are shown at a time.
const ITEMS: u32 = 50;
/// So many runs are listed.
const RUNS: u32 = 50;

pub(super) fn routes() -> Vec<Route> {
    let bulk = Access::Needs(Permission::OrderBulk);
    // What may be done with ticked orders depends on the action.
    let read = Access::Needs(Permission::OrderRead);
    vec![
        Route::page(Method::GET, "/app/orders/bulk", bulk, "page_bulk_runs", list),
        Route::page(Method::POST, "/app/orders/bulk", bulk, "page_begin_bulk", begin),
        Route::page(Method::GET, "/app/orders/bulk/new", read, "page_new_bulk", show_new),
        Route::page(Method::GET, "/app/orders/bulk/{id}", bulk, "page_bulk", show),
        Route::page(Method::POST, "/app/orders/bulk/{id}/start", bulk, "page_start_bulk", start),
        Route::page(Method::POST, "/app/orders/bulk/{id}/cancel", bulk, "page_cancel_bulk", cancel),
        Route::page(Method::POST, "/app/orders/bulk/{id}/retry", bulk, "page_retry_bulk", retry),
        Route::page(Method::POST, "/app/orders/bulk/{id}/undo", bulk, "page_undo_bulk", undo),
    ]
}

/// What the bar offers: word, message, icon, and the rights of which one is enough.
#[rustfmt::skip]
const ACTS: &[(&str, &str, &str, &[Permission])] = &[
    ("confirm", "move-confirm", "circle-check", &[Permission::OrderConfirm]),
    ("assign", "bulk-assign", "user-check", &[Permission::OrderAssign]),
    ("tags", "bulk-tags", "tag", &[Permission::OrderEdit]),
    ("move", "bulk-move", "arrow-right", &[Permission::OrderConfirm, Permission::OrderProcess, Permission::OrderShip, Permission::OrderDeliver, Permission::OrderReturn]),
    ("priority", "bulk-priority", "flag", &[Permission::OrderEdit]),
    ("cancel", "bulk-cancel", "ban", &[Permission::OrderCancel]),
    ("archive", "bulk-archive", "archive", &[Permission::OrderArchive]),
    ("unarchive", "bulk-unarchive", "archive-restore", &[Permission::OrderArchive]),
];

/// Of these the bar shows buttons; the rest stands in its menu.
const IN_SIGHT: usize = 3;

fn offered(ctx: &Ctx) -> Vec<BarAct> {
    let is_offered = |rights: &[Permission]| ctx.can(Permission::OrderBulk) && rights.iter().any(|right| ctx.can(*right));
    let mut acts: Vec<BarAct> =
        ACTS.iter().filter(|(_, _, _, rights)| is_offered(rights)).map(|(word, key, icon, _)| BarAct { word, key, icon }).collect();
    if ctx.can(Permission::OrderExport) {
        acts.push(BarAct { word: "export", key: "orders-export", icon: "download" });
    }
    acts
}

/// Whether rows can be ticked, because there is something to do with them.
pub(super) fn has_bar(ctx: &Ctx) -> bool {
    !offered(ctx).is_empty()
}

/// The bar over ticked rows.
pub(super) fn bar(ctx: &Ctx, say: Words, count: i64, total: &str, shown: usize) -> Option<BulkBar> {
    let mut acts = offered(ctx);
    if acts.is_empty() {
        return None;
    }
    let rest = acts.split_off(acts.len().min(IN_SIGHT));
    let all = (count > shown as i64).then(|| say.count("bulk-select-all", count, total));
    Some(BulkBar { can_export: ctx.can(Permission::OrderExport), can_bulk: ctx.can(Permission::OrderBulk), all, acts, rest })
}

/// What is ticked: the orders, or the whole view as an address.
struct Ticked {
    ids: Vec<OrderId>,
    query: Option<String>,
}

impl Ticked {
    fn read(typed: &Typed) -> Ticked {
        let ids: Vec<OrderId> = typed.all("id").filter_map(|id| id.parse().ok()).take(MAX_IDS).collect();
        let query = typed.has("all").then(|| typed.get("query").to_owned());
        Ticked { ids, query }
    }

    fn count(&self, tx: &mut Tx, ctx: &Ctx, reader: &Reader) -> Result<(i64, String), Error> {
        let format = reader.format(ctx);
        let Some(raw) = &self.query else { return Ok((self.ids.len() as i64, format.number(self.ids.len() as i64))) };
        let home = home(&reader.stores);
        let (query, _) = open_view(tx, ctx, ListQuery::read(raw), &home)?;
        let chosen = query.chosen(&home, ctx.now)?;
        if chosen.search.is_some() {
            return Ok((0, String::new()));
        }
        Ok(match orders::count(tx, ctx, &chosen.filter)? {
            orders::Total::Exact(count) => (count, format.number(count)),
            orders::Total::AtLeast(count) => (count, Words { locale: ctx.locale }.one("orders-at-least", "n", format.number(count))),
        })
    }
}

/// `GET /app/orders/bulk/new?do=…&id=…`: what the action needs to know.
async fn show_new(edge: Edge, info: Info, headers: HeaderMap, Query(typed): Query<Typed>) -> Outcome<Response> {
    shown(&edge, &info, &headers, typed, None).await
}

async fn shown(edge: &Edge, info: &Info, headers: &HeaderMap, typed: Typed, problem: Option<Problem>) -> Outcome<Response> {
    let csrf = info.csrf_token();
    let say = Words { locale: edge.ctx.locale };
    let word = typed.get("do").to_owned();
    let Some(act) = offered(&edge.ctx).into_iter().find(|act| act.word == word) else {
        let needs = if word == "export" { Permission::OrderExport } else { Permission::OrderBulk };
        edge.ctx.require(needs)?;
        return Err(Error::not_found("page").into());
    };
    let status = problem.as_ref().map_or(StatusCode::OK, Problem::status);
    let again =
        problem.map(|problem| Again::new(say, FORM, typed.clone(), &["reason", "note", "add_tags", "remove_tags", "agent_id", "move"], &problem));
    let (reader, title, form) = edge
        .read(move |tx, ctx| {
            let reader = Reader::load(tx, ctx)?;
            let (count, written) = Ticked::read(&typed).count(tx, ctx, &reader)?;
            let title = say.t(act.key);
            let form = form(tx, ctx, csrf.clone(), &act, &typed, again.clone().unwrap_or_default(), count, &written)?;
            Ok((reader, title, form))
        })
        .await?;
    sheet::with_status(headers, edge, info, &reader, title, &form, status)
}

#[expect(clippy::too_many_arguments, reason = "each is a part of one form")]
fn form(tx: &mut Tx, ctx: &Ctx, csrf: String, act: &BarAct, typed: &Typed, again: Again, count: i64, written: &str) -> Result<BulkForm, Error> {
    let say = Words { locale: ctx.locale };
    let chosen = |name: &str| again.was(FORM, name).to_owned();
    let mut options = Vec::new();
    let mut known_tags = Vec::new();
    match act.word {
        "move" => {
            let was = chosen("move");
            options.push(Choosable::new("progress", say.t("bulk-move-on"), &was));
            let rows = OrderAction::ALL.iter().filter(|action| {
                !state::needs_reason(**action) && state::TRANSITIONS.iter().any(|row| row.action == **action && ctx.can(row.permission))
            });
            options.extend(rows.map(|action| Choosable::new(action.as_str(), say.t(badges::action(*action).verb), &was)));
        }
        "priority" => {
            let was = chosen("priority");
            options.extend(Priority::ALL.iter().map(|one| Choosable::new(one.as_str(), say.t(badges::priority_name(*one)), &was)));
        }
        "assign" => {
            let was = chosen("agent_id");
            options.push(Choosable::new("none", say.t("orders-nobody"), &was));
            if ctx.sees().agents == Agents::All {
                options
                    .extend(access::users::list_agents(tx, ctx)?.into_iter().map(|person| Choosable::new(person.id.to_string(), person.name, &was)));
            }
        }
        "cancel" => {
            let was = chosen("reason");
            options.push(Choosable::new("", say.t("order-reason-pick"), &was));
            let all = reasons::list(tx, ctx, ReasonList::Cancellation, false)?;
            options.extend(all.iter().map(|reason| Choosable::new(reason.code.clone(), reason.label(ctx.locale), &was)));
        }
        "tags" => {
            let tags = fields::list_tags(tx, ctx, &TagList { search: None, with_archived: false, limit: 100, cursor: None })?;
            known_tags = tags.items.into_iter().map(|row| row.tag.name).collect();
        }
        _ => {}
    }
    let kept = typed.pairs().iter().filter(|(name, _)| matches!(name.as_str(), "id" | "all" | "query" | "do")).cloned().collect();
    let text = if written.is_empty() { say.t("bulk-about-view") } else { say.count("bulk-about", count, written) };
    Ok(BulkForm {
        say,
        csrf,
        word: act.word,
        text,
        is_bad: act.word == "cancel",
        options,
        known_tags,
        add_tags: chosen("add_tags"),
        remove_tags: chosen("remove_tags"),
        note: chosen("note"),
        problem: again.rest.clone(),
        errors: ["reason", "note", "add_tags", "remove_tags", "agent_id", "move"]
            .into_iter()
            .filter_map(|name| again.wrong(FORM, name).map(str::to_owned))
            .collect(),
        kept,
    })
}

/// What the form asks for.
fn action_of(typed: &Typed) -> Result<BulkAction, Error> {
    let how = How { reason: typed.filled("reason"), note: typed.filled("note"), notifies: typed.has("notify") };
    let tags = |name: &str| -> Vec<String> {
        typed.get(name).split([',', '،', ';', '\n']).map(str::trim).filter(|tag| !tag.is_empty()).map(str::to_owned).collect()
    };
    Ok(match typed.get("do") {
        "confirm" => BulkAction::Move { action: OrderAction::Confirm, how },
        "cancel" => BulkAction::Move { action: OrderAction::Cancel, how },
        "move" if typed.get("move") == "progress" => BulkAction::Progress { how },
        "move" => BulkAction::Move { action: typed.read("move").ok_or_else(|| Error::field("move", "required"))?, how },
        "tags" => BulkAction::Tags { add: tags("add_tags"), remove: tags("remove_tags") },
        "priority" => BulkAction::Priority { priority: typed.read("priority").ok_or_else(|| Error::field("priority", "required"))? },
        "assign" => {
            let agent: Option<UserId> = match typed.get("agent_id") {
                "none" => None,
                id => Some(id.parse().map_err(|_| Error::field("agent_id", "required"))?),
            };
            BulkAction::Assign { agent }
        }
        "archive" => BulkAction::Archive,
        "unarchive" => BulkAction::Unarchive,
        _ => return Err(Error::field("do", "required")),
    })
}

/// `POST /app/orders/bulk`: prepared and tried; nothing is done yet.
async fn begin(edge: Edge, info: Info, headers: HeaderMap, Form(typed): Form<Typed>) -> Outcome<Response> {
    let asked = typed.clone();
    let begun = edge.write(move |tx, ctx| {
        let ticked = Ticked::read(&asked);
        let selection = match &ticked.query {
            None => Selection::Ids(ticked.ids.clone()),
            Some(raw) => {
                let reader = Reader::load(tx, ctx)?;
                let home = home(&reader.stores);
                let (query, _) = open_view(tx, ctx, ListQuery::read(raw), &home)?;
                let snapshot = query.api(&home, ctx.now, true);
                crate::lists::read_orders(&snapshot)?;
                Selection::Query(snapshot)
            }
        };
        ::bulk::begin(tx, ctx, &NewBulk { action: action_of(&asked)?, selection, start: None })
    });
    match begun.await {
        Ok(run) => Ok(see(&path(run.id))),
        Err(error @ (Error::Invalid(_) | Error::Conflict { .. })) => shown(&edge, &info, &headers, typed, Some(Problem::from(error))).await,
        Err(other) => Err(other.into()),
    }
}

fn path(id: BulkId) -> String {
    format!("/app/orders/bulk/{id}")
}

/// `GET /app/orders/bulk/{id}`
async fn show(Path(id): Path<BulkId>, edge: Edge, info: Info, headers: HeaderMap, Query(typed): Query<Typed>) -> Outcome<Response> {
    answered(&edge, &info, &headers, id, typed, None).await
}

async fn answered(edge: &Edge, info: &Info, headers: &HeaderMap, id: BulkId, typed: Typed, error: Option<Error>) -> Outcome<Response> {
    let csrf = info.csrf_token();
    let say = Words { locale: edge.ctx.locale };
    let status = if error.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
    let problem = error.map(|error| super::listing::explained(say, error));
    let (reader, run) = edge
        .read(move |tx, ctx| {
            let reader = Reader::load(tx, ctx)?;
            let run = part(tx, ctx, &reader, csrf.clone(), id, &typed, problem.clone())?;
            Ok((reader, run))
        })
        .await?;
    let mut response = if is_part(headers) {
        html(&BulkPart { run })?
    } else {
        let place = Place {
            title: say.one("orders-sheet-window", "title", &run.title),
            back: Some("/app/orders/bulk".to_owned()),
            crumb: run.title.clone(),
            here: path(id),
            toast: None,
        };
        let page = reader.shell(&edge.ctx, info, place).under(vec![("/app/orders/bulk".to_owned(), say.t("bulk-runs"))]);
        html(&BulkPage { page, run })?
    };
    *response.status_mut() = status;
    Ok(response)
}

fn part(tx: &mut Tx, ctx: &Ctx, reader: &Reader, csrf: String, id: BulkId, typed: &Typed, problem: Option<String>) -> Result<BulkRun, Error> {
    let say = Words { locale: ctx.locale };
    let format = reader.format(ctx);
    let run = ::bulk::find(tx, ctx, id)?;
    let filter = ItemFilter { outcome: typed.read("outcome"), code: None, undo: None, after: typed.read("after").unwrap_or(0) };
    let (items, next) = ::bulk::list_items(tx, ctx, id, &filter, ITEMS)?;
    let number = |count: i64| format.number(count);
    let judged = run.found - run.waiting();
    let percent = if run.found > 0 { (judged * 100 / run.found).clamp(0, 100) } else { 0 };
    let is_live = matches!(run.state, BulkState::Preparing | BulkState::Running | BulkState::Undoing);
    let has_begun = run.started_at.is_some();
    let people = People::load(tx, ctx, std::iter::once(run.actor))?;
    let mut figures = vec![pair(say, "bulk-found", number(run.found))];
    if has_begun {
        figures.extend([
            pair(say, "bulk-done", number(run.done)),
            pair(say, "bulk-unchanged", number(run.unchanged)),
            pair(say, "bulk-refused", number(run.refused)),
            pair(say, "bulk-skipped", number(run.skipped)),
            pair(say, "bulk-error-rate", run.error_ppm().map_or_else(|| "–".to_owned(), |ppm| format.percent(ppm))),
        ]);
    }
    if run.undone + run.kept > 0 {
        figures.extend([pair(say, "bulk-undone", number(run.undone)), pair(say, "bulk-kept", number(run.kept))]);
    }
    let refusals = run.trial.as_ref().map(|trial| trial.refusals.iter().map(|one| refusal(ctx, &format, one)).collect()).unwrap_or_default();
    let offers = |word: &str| run.offers.contains(&word);
    let items = items.into_iter().map(|item| row(ctx, say, &format, item)).collect();
    let outcome = typed.get("outcome").to_owned();
    Ok(BulkRun {
        say,
        csrf,
        here: path(id),
        title: title(say, &run.action),
        badge: badge(run.state),
        by: say.with("bulk-by", &[("who", people.name(say, run.actor)), ("at", format.moment(run.created_at))]),
        sentence: sentence(say, &format, &run),
        is_live,
        percent: has_begun.then_some(percent),
        progress: say.with("progress-of", &[("done", number(judged)), ("total", number(run.found))]),
        figures,
        would_do: run.trial.as_ref().filter(|_| !has_begun).map(|trial| say.count("bulk-would-do", trial.would_do, &number(trial.would_do))),
        unchanged: run
            .trial
            .as_ref()
            .filter(|trial| !has_begun && trial.unchanged > 0)
            .map(|trial| say.count("bulk-would-not-change", trial.unchanged, &number(trial.unchanged))),
        totals: run
            .trial
            .as_ref()
            .filter(|_| !has_begun)
            .map(|trial| trial.totals.iter().map(|money| format.money(money.amount, money.currency)).collect())
            .unwrap_or_default(),
        refusals: if has_begun { Vec::new() } else { refusals },
        start: offers("start").then(|| {
            let waiting = run.waiting();
            let begin = run.trial.as_ref().filter(|_| !has_begun).map_or(waiting, |trial| trial.would_do);
            say.count(if has_begun { "bulk-go-on" } else { "bulk-start" }, begin, &number(begin))
        }),
        can_choose_start: !has_begun && run.found > 1,
        firsts: std::iter::once(Choosable::new("", say.t("bulk-first-all"), ""))
            .chain(
                [10_i64, 50, 100, 500]
                    .into_iter()
                    .filter(|first| *first < run.found)
                    .map(|first| Choosable::new(first.to_string(), say.count("bulk-first", first, &number(first)), "")),
            )
            .collect(),
        stops: std::iter::once(Choosable::new("", say.t("bulk-stop-never"), "200000"))
            .chain(
                [50_000_i64, 200_000, 500_000]
                    .into_iter()
                    .map(|ppm| Choosable::new(ppm.to_string(), say.one("bulk-stop-above", "share", format.percent(ppm)), "200000")),
            )
            .collect(),
        can_cancel: offers("cancel"),
        retry: offers("retry").then(|| say.count("bulk-retry", run.refused + run.skipped, &number(run.refused + run.skipped))),
        undo: offers("undo").then(|| {
            let until = run.undo_until.map(|until| format.moment(until)).unwrap_or_default();
            (say.t("bulk-undo"), say.one("bulk-undo-until", "at", until))
        }),
        outcomes: std::iter::once(Choosable::new("", say.t("orders-filter-any"), &outcome))
            .chain(ItemOutcome::ALL.iter().map(|one| Choosable::new(one.as_str(), say.t(outcome_badge(*one).key), &outcome)))
            .collect(),
        file: format!("/api/v1/bulk/{id}/items/file"),
        next: next.map(|next| format!("{}?outcome={outcome}&after={next}", path(id))),
        items,
        problem,
    })
}

fn pair(say: Words, key: &str, value: String) -> Pair {
    Pair { label: say.t(key), value }
}

fn refusal(ctx: &Ctx, format: &Format, one: &Refusal) -> BulkRefusal {
    BulkRefusal {
        orders: format.number(one.orders),
        message: said(ctx.locale, &one.code, &one.args),
        examples: one.examples.iter().map(|number| format!("#{number}")).collect(),
    }
}

fn row(ctx: &Ctx, say: Words, format: &Format, item: Item) -> BulkItem {
    let why = item.code.as_deref().map(|code| said(ctx.locale, code, &item.args));
    let trial = item.would.as_deref().filter(|_| item.outcome == ItemOutcome::Waiting).map(|code| said(ctx.locale, code, &item.args));
    let undone = item.undo.map(|undo| say.t(if undo == UndoOutcome::Undone { "bulk-item-undone" } else { "bulk-item-kept" }));
    let left = item.undo_code.as_deref().map(|code| said(ctx.locale, code, &std::collections::BTreeMap::new()));
    BulkItem {
        href: item.number.as_ref().map(|_| format!("/app/orders/{}", item.order)),
        number: item.number.unwrap_or_else(|| item.order.to_string()),
        badge: outcome_badge(item.outcome),
        why: [undone, left, why.or(trial)].into_iter().flatten().collect::<Vec<_>>().join(" "),
        at: item.at.map(|at| format.moment(at)).unwrap_or_default(),
    }
}

fn outcome_badge(outcome: ItemOutcome) -> Badge {
    let (key, tone) = match outcome {
        ItemOutcome::Waiting => ("bulk-waiting", "neu"),
        ItemOutcome::Done => ("bulk-done", "ok"),
        ItemOutcome::Unchanged => ("bulk-unchanged", "neu"),
        ItemOutcome::Refused => ("bulk-refused", "bad"),
        ItemOutcome::Skipped => ("bulk-skipped", "warn"),
    };
    Badge { key, tone }
}

fn badge(state: BulkState) -> Badge {
    let (key, tone) = match state {
        BulkState::Preparing => ("bulk-is-preparing", "info"),
        BulkState::Ready => ("bulk-is-ready", "pri"),
        BulkState::Scheduled => ("bulk-is-scheduled", "info"),
        BulkState::Running => ("bulk-is-running", "info"),
        BulkState::Paused => ("bulk-is-paused", "warn"),
        BulkState::Stopped => ("bulk-is-stopped", "bad"),
        BulkState::Done => ("bulk-is-done", "ok"),
        BulkState::Cancelled => ("bulk-is-cancelled", "neu"),
        BulkState::Failed => ("bulk-is-failed", "bad"),
        BulkState::Undoing => ("bulk-is-undoing", "info"),
        BulkState::Undone => ("bulk-is-undone", "neu"),
    };
    Badge { key, tone }
}

/// What is going on, and what is safe.
fn sentence(say: Words, format: &Format, run: &Bulk) -> String {
    match run.state {
        BulkState::Preparing => say.t("bulk-says-preparing"),
        BulkState::Ready => say.t("bulk-says-ready"),
        BulkState::Scheduled => say.one("bulk-says-scheduled", "at", run.start_at.map(|at| format.moment(at)).unwrap_or_default()),
        BulkState::Running => say.t("bulk-says-running"),
        BulkState::Paused => say.t("bulk-says-paused"),
        BulkState::Stopped => say.t("bulk-says-stopped"),
        BulkState::Done => say.t("bulk-says-done"),
        BulkState::Cancelled => say.t("bulk-says-cancelled"),
        BulkState::Failed => say.t("bulk-says-failed"),
        BulkState::Undoing => say.t("bulk-says-undoing"),
        BulkState::Undone => say.t("bulk-says-undone"),
    }
}

/// What a run is called.
fn title(say: Words, action: &BulkAction) -> String {
    match action {
        BulkAction::Move { action: OrderAction::Cancel, .. } => say.t("bulk-cancel"),
        BulkAction::Move { action, .. } => say.t(badges::action(*action).verb),
        BulkAction::MoveTo { to, .. } => say.one("bulk-move-to", "state", say.t(badges::state(*to).key)),
        BulkAction::Substatus { substatus, .. } => say.one("bulk-move-to", "state", substatus),
        BulkAction::Priority { priority } => say.one("bulk-set-priority", "priority", say.t(badges::priority_name(*priority))),
        other => say.t(match other.word() {
            BulkWord::Progress => "bulk-move-on",
            BulkWord::Tags => "bulk-tags",
            BulkWord::Assign => "bulk-assign",
            BulkWord::Archive => "bulk-archive",
            BulkWord::Unarchive => "bulk-unarchive",
            _ => "bulk-notify",
        }),
    }
}

/// `GET /app/orders/bulk`
async fn list(edge: Edge, info: Info) -> Outcome<Response> {
    let say = Words { locale: edge.ctx.locale };
    let (reader, lines) = edge
        .read(move |tx, ctx| {
            let reader = Reader::load(tx, ctx)?;
            let format = reader.format(ctx);
            let runs = ::bulk::list(tx, ctx, &BulkFilter::default(), RUNS)?;
            let people = People::load(tx, ctx, runs.iter().map(|run| run.actor))?;
            let line = |run: Bulk| BulkLine {
                href: path(run.id),
                title: title(say, &run.action),
                badge: badge(run.state),
                found: say.count("bulk-orders", run.found, &format.number(run.found)),
                refused: (run.refused > 0).then(|| say.count("bulk-refused-n", run.refused, &format.number(run.refused))),
                who: people.name(say, run.actor),
                at: format.ago(run.created_at),
                at_iso: format.iso(run.created_at),
                at_exact: format.exact(run.created_at),
            };
            Ok((reader, runs.into_iter().map(line).collect()))
        })
        .await?;
    let place = Place {
        title: say.t("bulk-runs-window"),
        back: Some("/app/orders".to_owned()),
        crumb: say.t("bulk-runs"),
        here: "/app/orders/bulk".to_owned(),
        toast: None,
    };
    html(&BulkListPage { page: reader.shell(&edge.ctx, &info, place), lines })
}

/// `POST /app/orders/bulk/{id}/start`: begins, or goes on.
async fn start(Path(id): Path<BulkId>, edge: Edge, info: Info, headers: HeaderMap, Form(typed): Form<Typed>) -> Outcome<Response> {
    let at = typed.get("at").to_owned();
    let (first, stop) = (typed.read("first"), typed.read("stop"));
    let begun = edge.write(move |tx, ctx| {
        let zone = home(&Reader::load(tx, ctx)?.stores).zone;
        let at = if at.is_empty() {
            None
        } else {
            Some(Time::parse_local(&at.replace('T', " "), &zone).ok_or_else(|| Error::field("start_at", "format"))?)
        };
        ::bulk::start(tx, ctx, id, &Start { first, stop_above_ppm: stop, at }).map(drop)
    });
    done(&edge, &info, &headers, id, begun.await).await
}

/// `POST /app/orders/bulk/{id}/cancel`
async fn cancel(Path(id): Path<BulkId>, edge: Edge, info: Info, headers: HeaderMap, Form(_): Form<Typed>) -> Outcome<Response> {
    let ended = edge.write(move |tx, ctx| ::bulk::cancel(tx, ctx, id).map(drop)).await;
    done(&edge, &info, &headers, id, ended).await
}

/// `POST /app/orders/bulk/{id}/retry`: those that were refused, and those that had been changed.
async fn retry(Path(id): Path<BulkId>, edge: Edge, info: Info, headers: HeaderMap, Form(_): Form<Typed>) -> Outcome<Response> {
    let begun = edge.write(move |tx, ctx| ::bulk::retry(tx, ctx, id, true, &Start::default()).map(drop)).await;
    done(&edge, &info, &headers, id, begun).await
}

/// `POST /app/orders/bulk/{id}/undo`
async fn undo(Path(id): Path<BulkId>, edge: Edge, info: Info, headers: HeaderMap, Form(_): Form<Typed>) -> Outcome<Response> {
    let begun = edge.write(move |tx, ctx| ::bulk::undo(tx, ctx, id).map(drop)).await;
    done(&edge, &info, &headers, id, begun).await
}

/// The run's page; what stands in the way is said over it.
async fn done(edge: &Edge, info: &Info, headers: &HeaderMap, id: BulkId, ended: Result<(), Error>) -> Outcome<Response> {
    match ended {
        Ok(()) => Ok(see(&path(id))),
        Err(error @ (Error::Invalid(_) | Error::Conflict { .. })) => answered(edge, info, headers, id, Typed::default(), Some(error)).await,
        Err(other) => Err(other.into()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn typed(pairs: serde_json::Value) -> Typed {
        serde_json::from_value(pairs).unwrap()
    }

    #[test]
    fn a_form_says_what_the_run_does() {
        let tags = action_of(&typed(json!([["do", "tags"], ["add_tags", "gift، vip ,"], ["remove_tags", ""]]))).unwrap();
        assert_eq!(tags, BulkAction::Tags { add: vec!["gift".into(), "vip".into()], remove: Vec::new() });
        assert_eq!(action_of(&typed(json!([["do", "assign"], ["agent_id", "none"]]))).unwrap(), BulkAction::Assign { agent: None });
        assert!(matches!(action_of(&typed(json!([["do", "move"], ["move", "progress"]]))).unwrap(), BulkAction::Progress { .. }));
        for wrong in [json!([["do", "assign"]]), json!([["do", "move"], ["move", "fly"]]), json!([["do", "drop"]]), json!([])] {
            assert!(matches!(action_of(&typed(wrong.clone())), Err(Error::Invalid(_))), "{wrong}");
        }
    }

    #[test]
    fn the_whole_view_or_the_ticked_ones() {
        let some = Ticked::read(&typed(json!([["id", "ord_0000000000001"], ["id", "x"], ["query", "view=all"]])));
        assert_eq!((some.ids.len(), some.query), (1, None));
        let all = Ticked::read(&typed(json!([["id", "ord_0000000000001"], ["all", "1"], ["query", "view=delivery"]])));
        assert_eq!(all.query.as_deref(), Some("view=delivery"));
    }
}
