//! One action on many orders: prepared, looked at, begun, taken back.

use async_stream::stream;
use axum::body::{Body, Bytes};
use base::{Ctx, Edge, tasks};
use bulk::{
    Bulk, BulkAction, BulkFilter, BulkState, BulkWord, How, Item, ItemFilter, NewBulk, Outcome as ItemOutcome, Refusal, Selection, Start, Trial,
    UndoOutcome,
};
use kernel::{BulkId, Error, Locale, Money, OrderAction, OrderId, OrderState, Permission, Priority, TaskId, Time, UserId, words};
use reports::{Format, NewExport, RowsAre, What};
use serde_json::{Map, Value};
use utoipa::openapi::schema::Components;
use utoipa::openapi::{RefOr, Schema};

use super::common::{ActorView, Limit, Nothing, limit};
use super::events::csv_cell;
use super::work::TaskJson;
use crate::error::{Outcome, message_key};
use crate::extract::{Path, Query, Write};
use crate::respond::{Answer, Begun, List, Reply, Streamed, Total, shown};
use crate::schema::{Describe, body, view, word};
use crate::words as texts;

/// Orders of one read while a file is written.
const READ_AT_ONCE: u32 = 500;
/// Orders that an export takes by their ids.
const MOST_EXPORTED: usize = 10_000;

macro_rules! described {
    ($($set:ident),+ $(,)?) => {$(
        impl Describe for $set {
            fn schema(_: &mut Components) -> RefOr<Schema> {
                word($set::WORDS)
            }
        }
    )+};
}

described! { BulkState, BulkWord, ItemOutcome, UndoOutcome, AliasAction }

body! {
    /// An action on many orders, by their ids (at most 100) or by the filter of a list (any number).
    pub(crate) struct BulkBody {
        /// What to do.
        action: BulkWord = "move",
        /// For `move`: which action of the state table.
        move_by: Option<OrderAction> = "confirm",
        /// For `move`, instead: where to, by the usual action.
        to: Option<OrderState>,
        /// For `substatus`: which.
        substatus: Option<String>,
        /// For moves: why, as a code; needed where the action says so.
        reason: Option<String>,
        /// For moves: why, in words.
        note: Option<String>,
        /// For moves: whether the customers hear of it, where the settings say so; true when left out.
        notify: Option<bool>,
        /// For `tags`: these are there afterwards.
        #[serde(default)]
        add_tags: Vec<String>,
        /// For `tags`: these are not.
        #[serde(default)]
        remove_tags: Vec<String>,
        /// For `priority`: this urgent.
        priority: Option<Priority>,
        /// For `assign`: this agent's, or `none` for nobody's.
        agent_id: Option<String> = "none",
        /// These orders.
        order_ids: Option<Vec<OrderId>>,
        /// Or those that a list with these parameters shows; they are the parameters of `GET /api/v1/orders`.
        filter: Option<Map<String, Value>> = {"state": ["PENDING"]},
        /// To begin by itself once it is prepared; left out, it waits to be looked at.
        start: Option<StartBody>,
    }

    /// How far to go, and when.
    pub(crate) struct StartBody {
        /// Stop after so many orders, to look at the results before the rest.
        first: Option<u32> = 50,
        /// Stop when more than this share is refused, in millionths, once 20 orders were judged.
        stop_above_ppm: Option<i64> = 100000,
        /// Not before this time: when few people are at work.
        start_at: Option<Time>,
    }

    /// What to try once more.
    pub(crate) struct RetryBody {
        /// Also the orders that had been changed meanwhile.
        #[serde(default)]
        skipped: bool = true,
        /// Stop when more than this share is refused, in millionths.
        stop_above_ppm: Option<i64>,
        /// Not before this time.
        start_at: Option<Time>,
    }

    /// Which runs.
    pub(crate) struct BulkQuery {
        /// How many, 1 to 200.
        limit: Option<Limit> = 50,
        /// Where the part before ended.
        cursor: Option<BulkId>,
    }

    /// Which orders of a run.
    pub(crate) struct ItemQuery {
        /// With this outcome alone.
        outcome: Option<ItemOutcome> = "refused",
        /// Refused with this code alone, when it was done or when it was tried.
        code: Option<String> = "order.state",
        /// That taking back treated so.
        undo: Option<UndoOutcome>,
        /// How many, 1 to 200.
        limit: Option<Limit> = 50,
        /// Where the part before ended.
        cursor: Option<i64>,
    }

    /// Which orders of a run, as a file.
    pub(crate) struct ItemFileQuery {
        /// With this outcome alone.
        outcome: Option<ItemOutcome>,
        /// Refused with this code alone, when it was done or when it was tried.
        code: Option<String>,
    }

    /// A file of the orders of a run. Of orders that no run is about, ask `POST /api/v1/exports`.
    pub(crate) struct BulkExportBody {
        /// With this outcome alone.
        outcome: Option<ItemOutcome> = "done",
        /// What a row is; an order when left out.
        rows: Option<RowsAre>,
        /// The columns in their order; the usual ones when left out.
        columns: Option<Vec<String>> = ["number", "customer_name", "total"],
        /// `csv` when left out.
        format: Option<Format> = "xlsx",
    }

    /// One action on at most 100 orders, by other names.
    pub(crate) struct BulkActionBody {
        /// `status_change`, `auto_progress`, `notify`, `cancel`, `assign`, `priority`, `tags`, `archive` or `unarchive`.
        action: AliasAction = "status_change",
        /// Which orders.
        order_ids: Vec<OrderId>,
        /// For `status_change`: where to; `fulfilled` means DELIVERED.
        status: Option<OrderState> = "SHIPPED",
        /// Why, as a code; needed for cancelling and returns.
        reason: Option<String>,
        /// Why, in words.
        notes: Option<String>,
        /// Whether the customers hear of it, where the settings say so; true when left out.
        notify_customer: Option<bool>,
        /// For `assign`: this agent's, or `none` for nobody's.
        agent_id: Option<String>,
        /// For `priority`: this urgent.
        priority: Option<Priority>,
        /// For `tags`: these are there afterwards.
        #[serde(default)]
        tags: Vec<String>,
        /// Only try it and say what would be refused.
        #[serde(default)]
        dry_run: bool = false,
    }
}

words! {
    /// What other systems call an action on many orders.
    pub enum AliasAction {
        /// Move to a status.
        StatusChange = "status_change" | "update_status" | "status",
        /// Move to where an order goes next.
        AutoProgress = "auto_progress" | "auto-progress" | "progress",
        /// Tell the customers.
        Notify = "notify" | "send_notification",
        /// Call off.
        Cancel = "cancel",
        /// Say whose they are.
        Assign = "assign",
        /// Set the urgency.
        Priority = "priority",
        /// Add tags.
        Tags = "tags" | "tag",
        /// Take out of the daily lists.
        Archive = "archive",
        /// Put back.
        Unarchive = "unarchive",
    }
}

view! {
    /// One action on many orders.
    pub(crate) struct BulkView {
        /// Which.
        id: BulkId,
        /// What is done.
        action: BulkWord,
        /// What goes with it: `move_by` or `to`, `reason`, `tags` and so on.
        with: Map<String, Value> = {"move_by": "confirm"},
        /// The parameters of the list; null when the orders were named.
        filter: Option<Map<String, Value>>,
        /// Where it stands.
        state: BulkState,
        /// The task of what is under way, or was last: live progress, time left.
        task_id: Option<TaskId>,
        /// How many orders it has; 0 until the set is made.
        found: i64 = 1284,
        /// How many wait.
        waiting: i64 = 1284,
        /// How many are done.
        done: i64 = 0,
        /// How many were so already.
        unchanged: i64 = 0,
        /// How many were refused.
        refused: i64 = 0,
        /// How many were left alone because somebody had changed them meanwhile.
        skipped: i64 = 0,
        /// Refused of those that were judged, in millionths.
        error_ppm: Option<i64>,
        /// Above which share of refusals it stops, in millionths.
        stop_above_ppm: Option<i64>,
        /// What a trial of all orders said, once it is prepared.
        preview: Option<PreviewView>,
        /// When it is to begin.
        start_at: Option<Time>,
        /// Until when it can be taken back.
        undo_until: Option<Time>,
        /// Orders that taking back put as they were.
        undone: i64 = 0,
        /// Orders that taking back left as they are.
        kept: i64 = 0,
        /// What you may do now: `start`, `cancel`, `retry`, `undo`.
        offers: Vec<&'static str> = ["start", "cancel"],
        /// Whose it is.
        actor: ActorView,
        /// When it was asked for.
        created_at: Time,
        /// When it began.
        started_at: Option<Time>,
        /// When it came to its end or to a halt.
        ended_at: Option<Time>,
    }

    /// What a trial of all orders said. Nothing was done.
    pub(crate) struct PreviewView {
        /// Orders that it would be done to.
        would_do: i64 = 1260,
        /// Orders that are so already.
        unchanged: i64 = 4,
        /// Why others would be refused.
        refusals: Vec<RefusalView>,
        /// What all orders come to, one amount for each currency.
        totals: Vec<Money>,
    }

    /// Why some orders would be refused.
    pub(crate) struct RefusalView {
        /// The stable code.
        code: String = "order.state",
        /// The same in words.
        message: String,
        /// How many orders.
        orders: i64 = 20,
        /// Some of them, by number.
        examples: Vec<String> = ["1041"],
    }

    /// What became of one order.
    pub(crate) struct BulkItemView {
        /// Its place in the set, from 1.
        position: i64 = 1,
        /// Which order.
        order_id: OrderId,
        /// What people call it; null when you do not see it.
        number: Option<String> = "1041",
        /// What became of it.
        outcome: ItemOutcome,
        /// Why it was refused or left alone.
        code: Option<String> = "order.state",
        /// The same in words.
        message: Option<String>,
        /// Why the trial was refused.
        preview_code: Option<String>,
        /// What taking back did to it.
        undo: Option<UndoOutcome>,
        /// Why taking back left it.
        undo_code: Option<String>,
        /// The same in words.
        undo_message: Option<String>,
        /// When.
        at: Option<Time>,
    }
}

/// A kept code in words. Codes outlive the values that were kept with them, so a missing one is left out.
pub(crate) fn said(locale: Locale, code: &str, args: &std::collections::BTreeMap<String, String>) -> String {
    let beside_a_field = args.contains_key("field").then(|| texts::find_named(locale, &message_key(&format!("field.{code}")), args)).flatten();
    beside_a_field.or_else(|| texts::find_named(locale, &message_key(code), args)).unwrap_or_else(|| code.to_owned())
}

impl BulkView {
    fn of(ctx: &Ctx, bulk: Bulk) -> BulkView {
        BulkView {
            id: bulk.id,
            action: bulk.action.word(),
            with: with(&bulk.action),
            state: bulk.state,
            task_id: bulk.task,
            found: bulk.found,
            waiting: bulk.waiting(),
            done: bulk.done,
            unchanged: bulk.unchanged,
            refused: bulk.refused,
            skipped: bulk.skipped,
            error_ppm: bulk.error_ppm(),
            stop_above_ppm: bulk.stop_above_ppm,
            preview: bulk.trial.map(|trial| PreviewView::of(ctx, trial)),
            filter: bulk.query,
            start_at: bulk.start_at,
            undo_until: bulk.undo_until,
            undone: bulk.undone,
            kept: bulk.kept,
            offers: bulk.offers,
            actor: ActorView::of(bulk.actor),
            created_at: bulk.created_at,
            started_at: bulk.started_at,
            ended_at: bulk.ended_at,
        }
    }
}

/// What goes with an action, by the names of the body.
fn with(action: &BulkAction) -> Map<String, Value> {
    let mut with = Map::new();
    let mut set = |name: &str, value: Value| {
        if !value.is_null() {
            with.insert(name.to_owned(), value);
        }
    };
    let mut how = None;
    match action {
        BulkAction::Move { action, how: moved } => {
            set("move_by", Value::from(action.as_str()));
            how = Some(moved);
        }
        BulkAction::MoveTo { to, how: moved } => {
            set("to", Value::from(to.as_str()));
            how = Some(moved);
        }
        BulkAction::Progress { how: moved } => how = Some(moved),
        BulkAction::Substatus { substatus, how: moved } => {
            set("substatus", Value::from(substatus.as_str()));
            how = Some(moved);
        }
        BulkAction::Tags { add, remove } => {
            set("add_tags", Value::from(add.clone()));
            set("remove_tags", Value::from(remove.clone()));
        }
        BulkAction::Priority { priority } => set("priority", Value::from(priority.as_str())),
        BulkAction::Assign { agent } => set("agent_id", Value::from(agent.map_or_else(|| "none".to_owned(), |agent| agent.to_string()))),
        BulkAction::Archive | BulkAction::Unarchive | BulkAction::Notify => {}
    }
    if let Some(how) = how {
        set("reason", how.reason.clone().map_or(Value::Null, Value::from));
        set("note", how.note.clone().map_or(Value::Null, Value::from));
        set("notify", Value::from(how.notifies));
    }
    with
}

impl PreviewView {
    fn of(ctx: &Ctx, trial: Trial) -> PreviewView {
        let refusal = |one: Refusal| RefusalView {
            message: said(ctx.locale, &one.code, &one.args),
            code: one.code,
            orders: one.orders,
            examples: one.examples,
        };
        PreviewView {
            would_do: trial.would_do,
            unchanged: trial.unchanged,
            refusals: trial.refusals.into_iter().map(refusal).collect(),
            totals: trial.totals,
        }
    }
}

impl BulkItemView {
    fn of(ctx: &Ctx, item: Item) -> BulkItemView {
        let nothing = std::collections::BTreeMap::new();
        BulkItemView {
            position: item.position,
            order_id: item.order,
            number: item.number,
            outcome: item.outcome,
            message: item.code.as_deref().map(|code| said(ctx.locale, code, &item.args)),
            code: item.code,
            preview_code: item.would,
            undo: item.undo,
            undo_message: item.undo_code.as_deref().map(|code| said(ctx.locale, code, &nothing)),
            undo_code: item.undo_code,
            at: item.at,
        }
    }
}

impl BulkBody {
    fn into_new(self) -> Result<NewBulk, Error> {
        let how = How { reason: self.reason, note: self.note, notifies: self.notify.unwrap_or(true) };
        let action = match self.action {
            BulkWord::Move => match (self.move_by, self.to) {
                (Some(action), None) => BulkAction::Move { action, how },
                (None, Some(to)) => BulkAction::MoveTo { to, how },
                _ => return Err(Error::field("move_by", "move.one")),
            },
            BulkWord::Progress => BulkAction::Progress { how },
            BulkWord::Cancel => BulkAction::Move { action: OrderAction::Cancel, how },
            BulkWord::Substatus => BulkAction::Substatus { substatus: self.substatus.ok_or_else(|| Error::field("substatus", "required"))?, how },
            BulkWord::Tags => BulkAction::Tags { add: self.add_tags, remove: self.remove_tags },
            BulkWord::Priority => BulkAction::Priority { priority: self.priority.ok_or_else(|| Error::field("priority", "required"))? },
            BulkWord::Assign => BulkAction::Assign { agent: agent(self.agent_id.as_deref())? },
            BulkWord::Archive => BulkAction::Archive,
            BulkWord::Unarchive => BulkAction::Unarchive,
            BulkWord::Notify => BulkAction::Notify,
        };
        let selection = match (self.order_ids, self.filter) {
            (Some(ids), None) => Selection::Ids(ids),
            (None, Some(query)) => {
                // What the list refuses is refused here and now, not by the job.
                crate::lists::read_orders(&query)?;
                Selection::Query(query)
            }
            _ => return Err(Error::field("order_ids", "bulk.selection")),
        };
        Ok(NewBulk { action, selection, start: self.start.map(StartBody::into_start) })
    }
}

fn agent(text: Option<&str>) -> Result<Option<UserId>, Error> {
    match text {
        None => Err(Error::field("agent_id", "required")),
        Some("none") => Ok(None),
        Some(id) => id.parse().map(Some).map_err(|_| Error::field("agent_id", "format").with("expected", "usr_…, none")),
    }
}

impl StartBody {
    fn into_start(self) -> Start {
        Start { first: self.first, stop_above_ppm: self.stop_above_ppm, at: self.start_at }
    }
}

/// `POST /api/v1/bulk`
pub(crate) async fn begin(edge: Edge, write: Write<BulkBody>) -> Begun<BulkView> {
    edge.ctx.require(Permission::OrderBulk)?;
    let new = write.body.into_new()?;
    Ok(edge.write_once(write.key.as_ref(), move |tx, ctx| Ok(BulkView::of(ctx, bulk::begin(tx, ctx, &new)?))).await?.into())
}

/// `POST /orders/bulk-action`: prepared and begun by itself.
pub(crate) async fn alias(edge: Edge, write: Write<BulkActionBody>) -> Begun<BulkView> {
    edge.ctx.require(Permission::OrderBulk)?;
    let BulkActionBody { action, order_ids, status, reason, notes, notify_customer, agent_id, priority, tags, dry_run } = write.body;
    let how = How { reason, note: notes, notifies: notify_customer.unwrap_or(true) };
    let action = match action {
        AliasAction::StatusChange => BulkAction::MoveTo { to: status.ok_or_else(|| Error::field("status", "required"))?, how },
        AliasAction::AutoProgress => BulkAction::Progress { how },
        AliasAction::Notify => BulkAction::Notify,
        AliasAction::Cancel => BulkAction::Move { action: OrderAction::Cancel, how },
        AliasAction::Assign => BulkAction::Assign { agent: agent(agent_id.as_deref())? },
        AliasAction::Priority => BulkAction::Priority { priority: priority.ok_or_else(|| Error::field("priority", "required"))? },
        AliasAction::Tags => BulkAction::Tags { add: tags, remove: Vec::new() },
        AliasAction::Archive => BulkAction::Archive,
        AliasAction::Unarchive => BulkAction::Unarchive,
    };
    let start = (!dry_run).then(Start::default);
    let new = NewBulk { action, selection: Selection::Ids(order_ids), start };
    Ok(edge.write_once(write.key.as_ref(), move |tx, ctx| Ok(BulkView::of(ctx, bulk::begin(tx, ctx, &new)?))).await?.into())
}

/// `GET /api/v1/bulk`
pub(crate) async fn list(edge: Edge, Query(query): Query<BulkQuery>) -> Reply<List<BulkView>> {
    let limit = limit(query.limit)?;
    let filter = BulkFilter { before: query.cursor };
    let mut runs = edge
        .read(move |tx, ctx| Ok(bulk::list(tx, ctx, &filter, limit + 1)?.into_iter().map(|run| BulkView::of(ctx, run)).collect::<Vec<_>>()))
        .await?;
    let is_more = runs.len() > limit as usize;
    runs.truncate(limit as usize);
    let next_cursor = runs.last().filter(|_| is_more).map(|run| run.id.to_string());
    let count = runs.len() as u64;
    let total = if is_more { Total::AtLeast { at_least: count + 1 } } else { Total::Exactly(count) };
    shown(List { items: runs, next_cursor, total })
}

/// `GET /api/v1/bulk/{id}`
pub(crate) async fn get(edge: Edge, Path(id): Path<BulkId>) -> Reply<BulkView> {
    shown(edge.read(move |tx, ctx| Ok(BulkView::of(ctx, bulk::find(tx, ctx, id)?))).await?)
}

/// `GET /api/v1/bulk/{id}/items`
pub(crate) async fn items(edge: Edge, Path(id): Path<BulkId>, Query(query): Query<ItemQuery>) -> Reply<List<BulkItemView>> {
    let limit = limit(query.limit)?;
    let filter = ItemFilter { outcome: query.outcome, code: query.code, undo: query.undo, after: query.cursor.unwrap_or(0) };
    let (items, next) = edge
        .read(move |tx, ctx| {
            let (items, next) = bulk::list_items(tx, ctx, id, &filter, limit)?;
            Ok((items.into_iter().map(|item| BulkItemView::of(ctx, item)).collect::<Vec<_>>(), next))
        })
        .await?;
    let count = items.len() as u64;
    let total = if next.is_some() { Total::AtLeast { at_least: count + 1 } } else { Total::Exactly(count) };
    shown(List { items, next_cursor: next.map(|place| place.to_string()), total })
}

/// `GET /api/v1/bulk/{id}/items/file`: page after page, each in its own read.
pub(crate) async fn file(edge: Edge, Path(id): Path<BulkId>, Query(query): Query<ItemFileQuery>) -> Outcome<Streamed> {
    edge.read(move |tx, ctx| bulk::find(tx, ctx, id)).await?;
    let mut filter = ItemFilter { outcome: query.outcome, code: query.code, ..ItemFilter::default() };
    let rows = stream! {
        yield Ok(Bytes::from_static(b"position,order_id,number,outcome,code,message,undo,undo_code,at\r\n"));
        loop {
            let asked = filter.clone();
            let read = edge.read(move |tx, ctx| {
                let (items, next) = bulk::list_items(tx, ctx, id, &asked, READ_AT_ONCE)?;
                Ok((items.into_iter().map(|item| row(BulkItemView::of(ctx, item))).collect::<String>(), next))
            });
            match read.await {
                Ok((text, next)) => {
                    yield Ok(Bytes::from(text));
                    match next {
                        Some(next) => filter.after = next,
                        None => break,
                    }
                }
                Err(error) => {
                    // The status is sent already: breaking the connection is the only way to say it.
                    tracing::error!(bulk.id = %id, "The file of a bulk run's results stopped: {error}");
                    yield Err(std::io::Error::other("the file could not be finished"));
                    break;
                }
            }
        }
    };
    Ok(Streamed { media_type: "text/csv; charset=utf-8", file_name: format!("{id}.csv"), body: Body::from_stream(rows) })
}

fn row(item: BulkItemView) -> String {
    let cells = [
        item.position.to_string(),
        item.order_id.to_string(),
        item.number.unwrap_or_default(),
        item.outcome.to_string(),
        item.code.unwrap_or_default(),
        item.message.unwrap_or_default(),
        item.undo.map(|undo| undo.to_string()).unwrap_or_default(),
        item.undo_code.unwrap_or_default(),
        item.at.map(|at| at.to_string()).unwrap_or_default(),
    ];
    cells.iter().map(|cell| csv_cell(cell)).collect::<Vec<_>>().join(",") + "\r\n"
}

/// `POST /api/v1/bulk/{id}/export`: the same files as exports make, of the orders of a run.
pub(crate) async fn export(edge: Edge, Path(id): Path<BulkId>, write: Write<BulkExportBody>) -> Begun<TaskJson> {
    edge.ctx.require(Permission::OrderExport)?;
    let BulkExportBody { outcome, rows, columns, format } = write.body;
    let filter = ItemFilter { outcome, ..ItemFilter::default() };
    let ids = edge.read(move |tx, ctx| bulk::list_orders(tx, ctx, id, &filter, MOST_EXPORTED)).await?;
    let new = NewExport {
        ids: Some(ids),
        rows: rows.unwrap_or(RowsAre::Order),
        columns: columns.unwrap_or_default(),
        format: format.unwrap_or(Format::Csv),
        ..NewExport::of(What::Orders)
    };
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        let task = reports::begin(tx, ctx, &new)?;
        Ok(TaskJson::of(tasks::view(tx, ctx, task)?))
    });
    Ok(answer.await?.into())
}

/// `POST /api/v1/bulk/{id}/start`
pub(crate) async fn start(edge: Edge, Path(id): Path<BulkId>, write: Write<StartBody>) -> Answer<BulkView> {
    let start = write.body.into_start();
    Ok(edge.write_once(write.key.as_ref(), move |tx, ctx| Ok(BulkView::of(ctx, bulk::start(tx, ctx, id, &start)?))).await?.into())
}

/// `POST /api/v1/bulk/{id}/retry`
pub(crate) async fn retry(edge: Edge, Path(id): Path<BulkId>, write: Write<RetryBody>) -> Answer<BulkView> {
    let RetryBody { skipped, stop_above_ppm, start_at } = write.body;
    let start = Start { first: None, stop_above_ppm, at: start_at };
    Ok(edge.write_once(write.key.as_ref(), move |tx, ctx| Ok(BulkView::of(ctx, bulk::retry(tx, ctx, id, skipped, &start)?))).await?.into())
}

/// `POST /api/v1/bulk/{id}/cancel`
pub(crate) async fn cancel(edge: Edge, Path(id): Path<BulkId>, write: Write<Nothing>) -> Answer<BulkView> {
    Ok(edge.write_once(write.key.as_ref(), move |tx, ctx| Ok(BulkView::of(ctx, bulk::cancel(tx, ctx, id)?))).await?.into())
}

/// `POST /api/v1/bulk/{id}/undo`
pub(crate) async fn undo(edge: Edge, Path(id): Path<BulkId>, write: Write<Nothing>) -> Answer<BulkView> {
    Ok(edge.write_once(write.key.as_ref(), move |tx, ctx| Ok(BulkView::of(ctx, bulk::undo(tx, ctx, id)?))).await?.into())
}
