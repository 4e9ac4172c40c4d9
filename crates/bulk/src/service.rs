//! What people do with runs, and the slices that the job is made of.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use base::counters::{attempt, gather};
use base::jobs::{self, NewJob};
use base::tasks::{self, NewTask};
use base::{Ctx, events};
use db::Tx;
use kernel::{BulkId, Check, Error, Event, FieldError, Id, JobKind, OrderId, Permission, TaskId, Time};
use orders::Standing;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::carry;
use crate::model::{
    Before, Bulk, BulkAction, BulkFilter, BulkState, Item, ItemFilter, MAX_IDS, NewBulk, Outcome, Selection, Start, Trial, UndoOutcome, Why,
};
use crate::rules::{self, Facts};
use crate::store::{self, Begin, Counts, ItemRow, NewItem, NewRun, Run};

const MAX_PAGE: u32 = 200;
/// Parameters of a list, as JSON, in bytes.
const MAX_QUERY: usize = 8 * 1024;
/// How far ahead a run may be asked to begin.
const AHEAD_US: i64 = 30 * Time::DAY;
/// Runs are kept as long as finished jobs, but at least this long.
const KEPT_AT_LEAST_DAYS: u32 = 7;

/// What the job of a run is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Step {
    /// Make the set and try it.
    Prepare,
    /// Do it.
    Run,
    /// Do it, those that were refused (and with `skipped` those that had changed) once more.
    Retry {
        /// Also those that had changed.
        skipped: bool,
    },
    /// Take it back.
    Undo,
}

/// What the job carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Payload {
    pub(crate) bulk: BulkId,
    pub(crate) step: Step,
}

/// Prepares a run: the orders and what each would answer. Nothing is done before [`start`], unless the call says so.
/// Needs `order.bulk` and the right of the action.
pub fn begin(tx: &mut Tx, ctx: &Ctx, new: &NewBulk) -> Result<Bulk, Error> {
    ctx.require(Permission::OrderBulk)?;
    new.action.require(ctx)?;
    let mut check = Check::new();
    new.action.check(&mut check);
    check_selection(&mut check, &new.selection);
    if let Some(start) = &new.start {
        check_start(&mut check, ctx, start);
    }
    check.done()?;

    let id: BulkId = tx.new_id();
    let json = |value: serde_json::Result<String>| value.map_err(Error::internal);
    let query = match &new.selection {
        Selection::Query(query) => Some(json(serde_json::to_string(query))?),
        Selection::Ids(_) => None,
    };
    let start_wanted = new.start.as_ref().map(serde_json::to_string).transpose().map_err(Error::internal)?;
    let newest = orders::newest(tx, ctx)?.unwrap_or(OrderId::from_i64(0));
    let run = NewRun {
        id,
        word: new.action.word(),
        action: &json(serde_json::to_string(&new.action))?,
        query: query.as_deref(),
        newest,
        start_wanted: start_wanted.as_deref(),
        actor: ctx.actor,
        now: ctx.now,
    };
    store::insert(tx, &run)?;
    if let Selection::Ids(ids) = &new.selection {
        let places: Vec<(i64, OrderId)> = (1..).zip(ids.iter().copied()).collect();
        add(tx, ctx, id, &places)?;
    }
    let task = enqueue(tx, ctx, id, &new.action, Step::Prepare, None)?;
    store::set_state(tx, id, BulkState::Preparing, Some(task))?;

    view(tx, ctx, id)
}

fn check_selection(check: &mut Check, selection: &Selection) {
    match selection {
        Selection::Ids(ids) => {
            check.require(!ids.is_empty(), "order_ids", "required");
            if ids.len() > MAX_IDS {
                check.push(FieldError::new("order_ids", "too_many").with("max", MAX_IDS));
            }
            let mut seen = BTreeSet::new();
            for (place, id) in ids.iter().enumerate().take(MAX_IDS) {
                check.require(seen.insert(*id), format!("order_ids[{place}]"), "repeated");
            }
        }
        Selection::Query(query) => {
            let bytes = serde_json::to_string(query).map_or(usize::MAX, |text| text.len());
            if bytes > MAX_QUERY {
                check.push(FieldError::new("filter", "too_long").with("max", MAX_QUERY));
            }
        }
    }
}

fn check_start(check: &mut Check, ctx: &Ctx, start: &Start) {
    if start.first == Some(0) {
        check.push(FieldError::new("first", "range").with("least", 1).with("most", u32::MAX));
    }
    if start.stop_above_ppm.is_some_and(|ppm| !(0..=1_000_000).contains(&ppm)) {
        check.fail("stop_above_ppm", "percent");
    }
    if let Some(at) = start.at {
        let latest = ctx.now.plus_us(AHEAD_US);
        check.require(at >= ctx.now.plus_us(-Time::MINUTE), "start_at", "time.past");
        if at > latest {
            check.push(FieldError::new("start_at", "bulk.too_far").with("max", latest));
        }
    }
}

fn enqueue(tx: &mut Tx, ctx: &Ctx, id: BulkId, action: &BulkAction, step: Step, at: Option<Time>) -> Result<TaskId, Error> {
    let task = tasks::create(tx, ctx, NewTask { kind: JobKind::Bulk, title: action.title() })?;
    let payload = serde_json::to_value(Payload { bulk: id, step }).map_err(Error::internal)?;
    let run_at = at.unwrap_or(ctx.now).max(ctx.now);
    // While one part of the work ends it may begin the next.
    let part = if step == Step::Prepare { "prepare" } else { "work" };
    let job = NewJob { run_at, unique_key: Some(format!("bulk:{id}:{part}")), task: Some(task), ..NewJob::now(ctx, JobKind::Bulk, payload) };
    jobs::enqueue(tx, ctx, job)?.ok_or_else(|| Error::conflict("bulk.busy"))?;
    tell(tx, id);
    Ok(task)
}

fn tell(tx: &mut Tx, id: BulkId) {
    tx.touch(base::live::topic_of(BulkId::PREFIX), id);
}

/// Begins a prepared run, or lets one go on that paused or stopped. Its owner alone; needs `order.bulk`.
///
/// `Conflict` `bulk.state` when it cannot begin from where it stands.
pub fn start(tx: &mut Tx, ctx: &Ctx, id: BulkId, start: &Start) -> Result<Bulk, Error> {
    ctx.require(Permission::OrderBulk)?;
    let run = own(tx, ctx, id)?;
    let mut check = Check::new();
    check_start(&mut check, ctx, start);
    check.done()?;
    let facts = facts(ctx, &run);
    if !facts.can_start() {
        return Err(not_now(&facts));
    }
    run_from(tx, ctx, &run, start, Step::Run)?;
    view(tx, ctx, id)
}

/// Puts a run on its way. The caller has looked whether it may.
pub(crate) fn run_from(tx: &mut Tx, ctx: &Ctx, run: &Run, start: &Start, step: Step) -> Result<(), Error> {
    let action = read_action(run)?;
    // Of a retry nobody knows the places before the job has looked.
    let stop_at = match (start.first, step) {
        (Some(first), Step::Run) => store::nth_waiting(tx, run.id, i64::from(first))?,
        _ => None,
    };
    let at = start.at.filter(|at| *at > ctx.now);
    let task = enqueue(tx, ctx, run.id, &action, step, at)?;
    let judged = run.done + run.unchanged + run.refused;
    let begin = Begin {
        state: if at.is_some() { BulkState::Scheduled } else { BulkState::Running },
        task,
        start_at: at,
        stop_at,
        stop_ppm: start.stop_above_ppm,
        judged_from: judged,
        refused_from: run.refused,
    };
    store::set_begun(tx, run.id, &begin)?;
    events::record(tx, ctx, Event::BulkStarted { bulk: run.id, action: action.word().to_string(), orders: run.found as u64 })?;
    Ok(())
}

/// Tries those once more that were refused, and with `skipped` those that had been changed meanwhile, as they stand now.
/// Its owner alone; needs `order.bulk`.
///
/// `Conflict` `bulk.state` when there are none, or it is under way.
pub fn retry(tx: &mut Tx, ctx: &Ctx, id: BulkId, skipped: bool, start: &Start) -> Result<Bulk, Error> {
    ctx.require(Permission::OrderBulk)?;
    let run = own(tx, ctx, id)?;
    let mut check = Check::new();
    check_start(&mut check, ctx, start);
    check.require(start.first.is_none(), "first", "bulk.not_here");
    check.done()?;
    let facts = facts(ctx, &run);
    if !facts.can_retry() || (facts.refused == 0 && !skipped) {
        return Err(not_now(&facts));
    }
    run_from(tx, ctx, &run, start, Step::Retry { skipped })?;
    view(tx, ctx, id)
}

/// Takes a run back: every order that was done and that nobody has touched since is as before. Its owner alone; needs
/// `order.bulk`.
///
/// `Conflict` `undo.too_late` when the time is over, `bulk.state` when there is nothing to take back.
pub fn undo(tx: &mut Tx, ctx: &Ctx, id: BulkId) -> Result<Bulk, Error> {
    ctx.require(Permission::OrderBulk)?;
    let run = own(tx, ctx, id)?;
    let facts = facts(ctx, &run);
    if facts.done > 0 && facts.undo_until.is_some_and(|until| ctx.now > until) {
        return Err(Error::conflict("undo.too_late").with("seconds", window_s(ctx)));
    }
    if !facts.can_undo() {
        return Err(not_now(&facts));
    }
    let action = read_action(&run)?;
    let task = enqueue(tx, ctx, id, &action, Step::Undo, None)?;
    store::set_state(tx, id, BulkState::Undoing, Some(task))?;
    view(tx, ctx, id)
}

/// Calls a run off. What is done stays and can be taken back. Its owner, or anybody with `system.edit`.
///
/// `Conflict` `bulk.state` when it has come to its end.
pub fn cancel(tx: &mut Tx, ctx: &Ctx, id: BulkId) -> Result<Bulk, Error> {
    let run = seen(tx, ctx, id, true)?;
    if run.actor() != ctx.actor {
        ctx.require(Permission::SystemEdit)?;
    }
    let facts = facts(ctx, &run);
    if !facts.can_cancel() {
        return Err(not_now(&facts));
    }
    let is_busy = matches!(facts.state, BulkState::Preparing | BulkState::Scheduled | BulkState::Running | BulkState::Undoing);
    match run.task_id.filter(|_| is_busy) {
        Some(task) => {
            // One that runs stops when it looks next, and says itself where it stands.
            let after = tasks::cancel(tx, ctx, task)?;
            if after.state == kernel::TaskState::Cancelled {
                store::set_ended(tx, id, BulkState::Cancelled, None, ctx.now)?;
            }
        }
        None => store::set_ended(tx, id, BulkState::Cancelled, None, ctx.now)?,
    }
    tell(tx, id);
    view(tx, ctx, id)
}

/// One run: one's own, or any with `system.read` and the sight of all orders.
pub fn find(tx: &mut Tx, ctx: &Ctx, id: BulkId) -> Result<Bulk, Error> {
    ctx.require(Permission::OrderBulk)?;
    view(tx, ctx, id)
}

/// Runs, the newest first: one's own, or all with `system.read` and the sight of all orders.
pub fn list(tx: &mut Tx, ctx: &Ctx, filter: &BulkFilter, limit: u32) -> Result<Vec<Bulk>, Error> {
    ctx.require(Permission::OrderBulk)?;
    let actor = (!sees_all(ctx)).then_some(ctx.actor);
    let runs = store::list(tx, actor, filter.before, limit.min(MAX_PAGE + 1))?;
    runs.into_iter().map(|run| shown(ctx, run)).collect()
}

/// The orders of a run with what became of each, in their order. Whoever does not see an order does not see its number, and
/// of somebody else's run not the order.
pub fn list_items(tx: &mut Tx, ctx: &Ctx, id: BulkId, filter: &ItemFilter, limit: u32) -> Result<(Vec<Item>, Option<i64>), Error> {
    ctx.require(Permission::OrderBulk)?;
    let run = seen(tx, ctx, id, false)?;
    let rows = store::items(tx, id, filter, limit.clamp(1, 500) + 1)?;
    let is_more = rows.len() > limit as usize;
    let rows = &rows[..rows.len().min(limit as usize)];
    let ids: Vec<OrderId> = rows.iter().map(|row| row.order_id).collect();
    let numbers: BTreeMap<OrderId, String> = orders::standing(tx, ctx, &ids)?.into_iter().map(|order| (order.id, order.number)).collect();
    let is_own = run.actor() == ctx.actor;
    let items = rows.iter().filter(|row| is_own || numbers.contains_key(&row.order_id)).map(|row| Item {
        position: row.position,
        order: row.order_id,
        number: numbers.get(&row.order_id).cloned(),
        outcome: row.outcome,
        code: row.code.clone(),
        args: row.args.as_deref().and_then(|args| serde_json::from_str(args).ok()).unwrap_or_default(),
        would: row.would.clone(),
        undo: row.undo,
        undo_code: row.undo_code.clone(),
        at: row.at,
    });
    let items: Vec<Item> = items.collect();
    Ok((items, rows.last().filter(|_| is_more).map(|row| row.position)))
}

/// The orders of a run that the caller sees, in their order, at most `most`: for a file of them.
pub fn list_orders(tx: &mut Tx, ctx: &Ctx, id: BulkId, filter: &ItemFilter, most: usize) -> Result<Vec<OrderId>, Error> {
    let mut filter = filter.clone();
    let mut orders = Vec::new();
    while orders.len() < most {
        let (items, next) = list_items(tx, ctx, id, &filter, 500)?;
        orders.extend(items.into_iter().filter(|item| item.number.is_some()).map(|item| item.order));
        match next {
            Some(next) => filter.after = next,
            None => break,
        }
    }
    orders.truncate(most);
    Ok(orders)
}

/// Removes orders of runs, and runs, that are older than finished jobs are kept; at most `limit` rows. Answers how many.
pub fn purge(tx: &mut Tx, ctx: &Ctx, limit: u32) -> Result<u64, Error> {
    let days = ctx.settings.retention.job_log_days.max(KEPT_AT_LEAST_DAYS);
    let before = ctx.now.plus_us(-i64::from(days) * Time::DAY);
    let mut removed = 0;
    while removed < u64::from(limit) {
        let Some(id) = store::oldest(tx, before)? else { break };
        let cleared = store::clear(tx, id, limit)?;
        removed += cleared.max(1);
        if cleared < u64::from(limit) {
            store::remove(tx, id)?;
        }
    }
    Ok(removed)
}

fn seen(tx: &mut Tx, ctx: &Ctx, id: BulkId, to_change: bool) -> Result<Run, Error> {
    let run = if to_change { store::find_to_change(tx, id)? } else { store::find(tx, id)? };
    let run = run.ok_or(Error::not_found("bulk"))?;
    if run.actor() == ctx.actor || sees_all(ctx) { Ok(run) } else { Err(Error::not_found("bulk")) }
}

/// A filter says something about the orders that it finds, so others' runs are for those who see every order.
fn sees_all(ctx: &Ctx) -> bool {
    ctx.can(Permission::SystemRead) && ctx.sees().is_everything()
}

fn own(tx: &mut Tx, ctx: &Ctx, id: BulkId) -> Result<Run, Error> {
    let run = seen(tx, ctx, id, true)?;
    if run.actor() == ctx.actor { Ok(run) } else { Err(Error::conflict("bulk.not_yours")) }
}

fn not_now(facts: &Facts) -> Error {
    let offers = facts.offers();
    Error::conflict("bulk.state").with("state", facts.state).with("allowed", if offers.is_empty() { "–".to_owned() } else { offers.join(", ") })
}

fn facts(ctx: &Ctx, run: &Run) -> Facts {
    Facts {
        state: rules::standing(run.state, run.task_state),
        is_prepared: run.tried.is_some(),
        waiting: run.found - run.done - run.unchanged - run.refused - run.skipped,
        done: run.done,
        refused: run.refused,
        skipped: run.skipped,
        left_to_undo: run.done - run.undone - run.kept,
        undo_until: run.undo_until,
        now: ctx.now,
    }
}

pub(crate) fn read_action(run: &Run) -> Result<BulkAction, Error> {
    serde_json::from_str(&run.action).map_err(Error::internal)
}

fn view(tx: &mut Tx, ctx: &Ctx, id: BulkId) -> Result<Bulk, Error> {
    let run = seen(tx, ctx, id, false)?;
    shown(ctx, run)
}

fn shown(ctx: &Ctx, run: Run) -> Result<Bulk, Error> {
    let facts = facts(ctx, &run);
    let actor = run.actor();
    let is_own = actor == ctx.actor;
    let may_cancel = ctx.can(Permission::SystemEdit);
    let offers = facts.offers().into_iter().filter(|word| is_own || (may_cancel && *word == "cancel")).collect();
    let read = |text: &str| serde_json::from_str(text).map_err(Error::internal);
    Ok(Bulk {
        id: run.id,
        action: read_action(&run)?,
        query: run.query.as_deref().map(read).transpose()?,
        state: facts.state,
        task: run.task_id,
        start_at: run.start_at,
        found: run.found,
        trial: run.tried.as_deref().map(|text| serde_json::from_str(text).map_err(Error::internal)).transpose()?,
        done: run.done,
        unchanged: run.unchanged,
        refused: run.refused,
        skipped: run.skipped,
        undone: run.undone,
        kept: run.kept,
        stop_above_ppm: run.stop_ppm,
        undo_until: run.undo_until,
        actor,
        created_at: run.created_at,
        started_at: run.started_at,
        ended_at: run.ended_at,
        offers,
    })
}

/// How long effects outside wait, and a run can be taken back.
pub(crate) fn window_s(ctx: &Ctx) -> u32 {
    ctx.settings.orders.bulk_undo_minutes.saturating_mul(60)
}

/// The actor with the rights of now, whose moves wait as long as the run can be taken back. What is written carries the
/// run's id where a request has its own. None when the actor has gone.
fn acting(tx: &mut Tx, ctx: &Ctx, id: BulkId, undo_s: u32) -> Result<Option<Ctx>, Error> {
    let Some(present) = access::rights::present(tx, ctx)? else { return Ok(None) };
    let mut settings = (*present.settings).clone();
    settings.orders.undo_seconds = undo_s;
    Ok(Some(Ctx { settings: Arc::new(settings), request_id: id.to_string(), ..present }))
}

/// Puts orders into the set at these places, as they stand. What the caller does not see is refused from the start.
pub(crate) fn add(tx: &mut Tx, ctx: &Ctx, id: BulkId, places: &[(i64, OrderId)]) -> Result<Added, Error> {
    let ids: Vec<OrderId> = places.iter().map(|(_, order)| *order).collect();
    let standing: BTreeMap<OrderId, Standing> = orders::standing(tx, ctx, &ids)?.into_iter().map(|order| (order.id, order)).collect();
    let mut added = Added::default();
    let mut items = Vec::with_capacity(places.len());
    for (position, order) in places.iter().copied() {
        let item = match standing.get(&order) {
            Some(found) => {
                added.totals.add(found.currency, found.total);
                NewItem { order, position, version: found.version, outcome: Outcome::Waiting, code: None }
            }
            None => {
                added.unseen += 1;
                NewItem { order, position, version: 0, outcome: Outcome::Refused, code: Some("not_found") }
            }
        };
        items.push(item);
    }
    added.orders = store::insert_items(tx, id, &items)? as i64;
    if added.unseen > 0 {
        store::add_counts(tx, id, &Counts { refused: added.unseen, ..Counts::default() }, None)?;
    }
    Ok(added)
}

/// What [`add`] added.
#[derive(Debug, Default)]
pub(crate) struct Added {
    pub(crate) orders: i64,
    pub(crate) unseen: i64,
    pub(crate) totals: Trial,
}

/// What one slice came to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sliced {
    /// How many orders it took.
    pub(crate) orders: usize,
    /// How long its transaction was at work on them.
    pub(crate) took: Duration,
    /// Why it goes no farther, when it does not.
    pub(crate) halt: Option<Halt>,
    /// Where it ended.
    pub(crate) position: i64,
}

/// Why a run goes no farther.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Halt {
    /// No order is left, or none of the first batch.
    End,
    /// Too many were refused.
    TooMany,
    /// Whoever asked for it has gone.
    NoActor,
}

/// Tries the next orders and keeps nothing: the caller discards the transaction. Answers each order's place with why it would be
/// refused, whether it would be changed, and its number.
pub(crate) fn try_slice(tx: &mut Tx, ctx: &Ctx, id: BulkId, after: i64, take: usize) -> Result<(Sliced, Vec<Tried>), Error> {
    let began = Instant::now();
    let run = store::find(tx, id)?.ok_or(Error::not_found("bulk"))?;
    let action = read_action(&run)?;
    let Some(acting) = acting(tx, ctx, id, window_s(ctx))? else {
        return Ok((Sliced { halt: Some(Halt::NoActor), ..Sliced::default() }, Vec::new()));
    };
    let filter = ItemFilter { outcome: Some(Outcome::Waiting), after, ..ItemFilter::default() };
    let items = store::items(tx, id, &filter, take as u32)?;
    let ids: Vec<OrderId> = items.iter().map(|item| item.order_id).collect();
    let standing: BTreeMap<OrderId, Standing> = orders::keep(tx, &acting, &ids)?.into_iter().map(|order| (order.id, order)).collect();
    let tried = gather(tx, |tx| {
        let mut tried = Vec::with_capacity(items.len());
        for item in &items {
            let Some(order) = standing.get(&item.order_id) else {
                tried.push(Tried { position: item.position, number: String::new(), result: Err(Why::code("not_found")) });
                continue;
            };
            let result = match attempt(tx, |tx| carry::carry(tx, &acting, &action, order))? {
                Ok(carried) => Ok(carried.before.is_some()),
                Err(error) => match carry::why(error, order.id)? {
                    Some(why) => Err(why),
                    // It will be judged as it stands when its turn comes.
                    None => Ok(true),
                },
            };
            tried.push(Tried { position: item.position, number: order.number.clone(), result });
        }
        Ok(tried)
    })?;
    let position = items.last().map_or(after, |item| item.position);
    let halt = items.is_empty().then_some(Halt::End);
    Ok((Sliced { orders: items.len(), took: began.elapsed(), halt, position }, tried))
}

/// What a trial of an order said.
#[derive(Clone, Debug)]
pub(crate) struct Tried {
    pub(crate) position: i64,
    pub(crate) number: String,
    /// Whether it would be changed, or why it would be refused.
    pub(crate) result: Result<bool, Why>,
}

/// Writes down which orders the trial refused.
pub(crate) fn note_trial(tx: &mut Tx, id: BulkId, tried: &[Tried]) -> Result<(), Error> {
    let refused: BTreeMap<i64, &Why> = tried.iter().filter_map(|one| Some((one.position, one.result.as_ref().err()?))).collect();
    let (Some(first), Some(last)) = (refused.keys().next(), refused.keys().next_back()) else { return Ok(()) };
    let span = (last - first + 1) as u32;
    let filter = ItemFilter { after: first - 1, ..ItemFilter::default() };
    let mut rows = store::items(tx, id, &filter, span)?;
    rows.retain(|row| refused.contains_key(&row.position));
    for row in &mut rows {
        row.would = refused.get(&row.position).map(|why| why.code.clone());
    }
    store::save(tx, id, &rows)
}

/// The set is made and tried: the run waits for somebody, or begins as it was asked to.
pub(crate) fn prepared(tx: &mut Tx, ctx: &Ctx, id: BulkId, found: i64, trial: &Trial) -> Result<(), Error> {
    store::set_prepared(tx, id, found, &serde_json::to_string(trial).map_err(Error::internal)?)?;
    tell(tx, id);
    let run = store::find_to_change(tx, id)?.ok_or(Error::not_found("bulk"))?;
    let wanted: Option<Start> = run.start_wanted.as_deref().map(serde_json::from_str).transpose().map_err(Error::internal)?;
    match wanted {
        Some(start) if facts(ctx, &run).waiting > 0 => run_from(tx, ctx, &run, &start, Step::Run),
        Some(_) => store::set_ended(tx, id, BulkState::Done, None, ctx.now),
        None => Ok(()),
    }
}

/// Does it to the next orders that wait, each on its own, and writes down what became of each.
pub(crate) fn run_slice(tx: &mut Tx, ctx: &Ctx, id: BulkId, take: usize) -> Result<Sliced, Error> {
    let began = Instant::now();
    let run = store::find(tx, id)?.ok_or(Error::not_found("bulk"))?;
    let action = read_action(&run)?;
    let Some(acting) = acting(tx, ctx, id, window_s(ctx))? else { return Ok(Sliced { halt: Some(Halt::NoActor), ..Sliced::default() }) };
    if run.state == BulkState::Scheduled || run.started_at.is_none() {
        store::set_running(tx, id, ctx.now)?;
        tell(tx, id);
    }
    let mut items = store::waiting(tx, id, run.stop_at, take)?;
    if items.is_empty() {
        return Ok(Sliced { halt: Some(Halt::End), ..Sliced::default() });
    }
    // One order of locks for everybody.
    items.sort_by_key(|item| item.order_id);
    let ids: Vec<OrderId> = items.iter().map(|item| item.order_id).collect();
    let standing: BTreeMap<OrderId, Standing> = orders::keep(tx, &acting, &ids)?.into_iter().map(|order| (order.id, order)).collect();

    let mut counts = Counts::default();
    let mut judged = (run.done + run.unchanged + run.refused - run.judged_from, run.refused - run.refused_from);
    let mut halt = None;
    let mut results: Vec<ItemRow> = Vec::with_capacity(items.len());
    gather(tx, |tx| {
        for item in items {
            let result = do_one(tx, &acting, &action, standing.get(&item.order_id), item)?;
            match result.outcome {
                Outcome::Done => counts.done += 1,
                Outcome::Unchanged => counts.unchanged += 1,
                Outcome::Refused => counts.refused += 1,
                Outcome::Skipped => counts.skipped += 1,
                Outcome::Waiting => {}
            }
            judged.0 += i64::from(result.outcome != Outcome::Skipped);
            judged.1 += i64::from(result.outcome == Outcome::Refused);
            results.push(result);
            if rules::is_too_much(judged.1, judged.0, run.stop_ppm) {
                halt = Some(Halt::TooMany);
                break;
            }
        }
        store::save(tx, id, &results)?;
        let undo_until = (counts.done > 0).then(|| ctx.now.plus_s(i64::from(window_s(ctx))));
        store::add_counts(tx, id, &counts, undo_until)
    })?;
    Ok(Sliced { orders: results.len(), took: began.elapsed(), halt, position: 0 })
}

fn do_one(tx: &mut Tx, ctx: &Ctx, action: &BulkAction, order: Option<&Standing>, item: ItemRow) -> Result<ItemRow, Error> {
    let ended = |outcome: Outcome| ItemRow { outcome, code: None, args: None, at: Some(ctx.now), ..item.clone() };
    let refused = |why: Why| ItemRow { args: why.args_json(), code: Some(why.code), ..ended(Outcome::Refused) };
    let skipped = || ItemRow { code: Some("bulk.changed".to_owned()), ..ended(Outcome::Skipped) };
    let Some(order) = order else { return Ok(refused(Why::code("not_found"))) };
    if order.version != item.version {
        return Ok(skipped());
    }
    match attempt(tx, |tx| carry::carry(tx, ctx, action, order))? {
        Ok(carried) => {
            let outcome = if carried.before.is_some() { Outcome::Done } else { Outcome::Unchanged };
            let before = carried.before.as_ref().map(serde_json::to_string).transpose().map_err(Error::internal)?;
            Ok(ItemRow { before, version_after: Some(carried.version), ..ended(outcome) })
        }
        Err(error) => Ok(carry::why(error, order.id)?.map_or_else(skipped, refused)),
    }
}

/// Where a run stands after its job, for its last words.
pub(crate) fn ended(tx: &mut Tx, ctx: &Ctx, id: BulkId, halt: Option<Halt>) -> Result<Bulk, Error> {
    let run = store::find_to_change(tx, id)?.ok_or(Error::not_found("bulk"))?;
    let is_left = run.found - run.done - run.unchanged - run.refused - run.skipped > 0;
    let state = match halt {
        None => BulkState::Cancelled,
        Some(Halt::NoActor) => BulkState::Failed,
        Some(Halt::TooMany) if is_left => BulkState::Stopped,
        Some(Halt::End) if is_left => BulkState::Paused,
        Some(Halt::TooMany | Halt::End) => BulkState::Done,
    };
    let undo_until = (run.done > run.undone + run.kept).then(|| ctx.now.plus_s(i64::from(window_s(ctx))));
    store::set_ended(tx, id, state, undo_until, ctx.now)?;
    let (done, refused, skipped) = (run.done as u64, run.refused as u64, run.skipped as u64);
    events::record(tx, ctx, Event::BulkEnded { bulk: id, state: state.to_string(), done, refused, skipped })?;
    tell(tx, id);
    let run = store::find(tx, id)?.ok_or(Error::not_found("bulk"))?;
    shown(ctx, run)
}

/// The run is called off while it is being prepared: nothing was done.
pub(crate) fn abandoned(tx: &mut Tx, ctx: &Ctx, id: BulkId) -> Result<(), Error> {
    store::set_ended(tx, id, BulkState::Cancelled, None, ctx.now)?;
    tell(tx, id);
    Ok(())
}

/// Lets the next refused orders wait again, as they stand now. Answers where it ended; none when there were no more.
pub(crate) fn reset_slice(tx: &mut Tx, ctx: &Ctx, id: BulkId, outcome: Outcome, after: i64, take: u32) -> Result<Option<i64>, Error> {
    let filter = ItemFilter { outcome: Some(outcome), after, ..ItemFilter::default() };
    let mut rows = store::items(tx, id, &filter, take)?;
    let Some(last) = rows.last().map(|row| row.position) else { return Ok(None) };
    let ids: Vec<OrderId> = rows.iter().map(|row| row.order_id).collect();
    let Some(present) = access::rights::present(tx, ctx)? else { return Ok(None) };
    let standing: BTreeMap<OrderId, Standing> = orders::standing(tx, &present, &ids)?.into_iter().map(|order| (order.id, order)).collect();
    // What is not seen stays refused.
    rows.retain(|row| standing.contains_key(&row.order_id));
    for row in &mut rows {
        let version = standing.get(&row.order_id).map_or(row.version, |order| order.version);
        *row = ItemRow { outcome: Outcome::Waiting, code: None, args: None, at: None, version, ..row.clone() };
    }
    store::save(tx, id, &rows)?;
    let gone = -(rows.len() as i64);
    let counts =
        if outcome == Outcome::Refused { Counts { refused: gone, ..Counts::default() } } else { Counts { skipped: gone, ..Counts::default() } };
    store::add_counts(tx, id, &counts, None)?;
    Ok(Some(last))
}

/// What was refused before a retry does not count against it.
pub(crate) fn count_anew(tx: &mut Tx, id: BulkId) -> Result<(), Error> {
    let run = store::find(tx, id)?.ok_or(Error::not_found("bulk"))?;
    let Some(task) = run.task_id else { return Ok(()) };
    let begin = Begin {
        state: BulkState::Running,
        task,
        start_at: run.start_at,
        stop_at: None,
        stop_ppm: run.stop_ppm,
        judged_from: run.done + run.unchanged + run.refused,
        refused_from: run.refused,
    };
    store::set_begun(tx, id, &begin)
}

/// Takes the next orders back that were done and that nobody has touched since.
pub(crate) fn undo_slice(tx: &mut Tx, ctx: &Ctx, id: BulkId, after: i64, take: usize) -> Result<Sliced, Error> {
    let began = Instant::now();
    let run = store::find(tx, id)?.ok_or(Error::not_found("bulk"))?;
    // The run says until when; a single order says whether something has gone out.
    let ran_s = run.started_at.map_or(0, |started| ctx.now.since_us(started) / Time::SECOND);
    let undo_s = u32::try_from(ran_s).unwrap_or(u32::MAX / 2).saturating_add(window_s(ctx)).saturating_add(1);
    let Some(acting) = acting(tx, ctx, id, undo_s)? else { return Ok(Sliced { halt: Some(Halt::NoActor), ..Sliced::default() }) };
    let filter = ItemFilter { outcome: Some(Outcome::Done), after, ..ItemFilter::default() };
    let mut items = store::items(tx, id, &filter, take as u32)?;
    let Some(position) = items.last().map(|item| item.position) else { return Ok(Sliced { halt: Some(Halt::End), ..Sliced::default() }) };
    let taken = items.len();
    items.retain(|item| item.undo.is_none());
    items.sort_by_key(|item| item.order_id);
    let ids: Vec<OrderId> = items.iter().map(|item| item.order_id).collect();
    let standing: BTreeMap<OrderId, Standing> = orders::keep(tx, &acting, &ids)?.into_iter().map(|order| (order.id, order)).collect();
    let mut counts = Counts::default();
    gather(tx, |tx| {
        for item in &mut items {
            let kept = undo_one(tx, &acting, standing.get(&item.order_id), item)?;
            counts.undone += i64::from(kept.is_none());
            counts.kept += i64::from(kept.is_some());
            item.undo = Some(if kept.is_some() { UndoOutcome::Kept } else { UndoOutcome::Undone });
            item.undo_code = kept;
            item.at = Some(ctx.now);
        }
        store::save(tx, id, &items)?;
        store::add_counts(tx, id, &counts, None)
    })?;
    Ok(Sliced { orders: taken, took: began.elapsed(), halt: None, position })
}

/// Why the order stays as it is; none when it is as before.
fn undo_one(tx: &mut Tx, ctx: &Ctx, order: Option<&Standing>, item: &ItemRow) -> Result<Option<String>, Error> {
    let Some(order) = order else { return Ok(Some("not_found".to_owned())) };
    if item.version_after != Some(order.version) {
        return Ok(Some("bulk.changed".to_owned()));
    }
    let Some(before) = item.before.as_deref() else { return Ok(Some("bulk.changed".to_owned())) };
    let before: Before = serde_json::from_str(before).map_err(Error::internal)?;
    match attempt(tx, |tx| carry::take_back(tx, ctx, &before, order))? {
        Ok(()) => Ok(None),
        Err(error) => Ok(Some(carry::why(error, order.id)?.map_or_else(|| "bulk.changed".to_owned(), |why| why.code))),
    }
}

/// The run is taken back, or somebody stopped that.
pub(crate) fn undo_ended(tx: &mut Tx, ctx: &Ctx, id: BulkId, halt: Option<Halt>) -> Result<Bulk, Error> {
    let run = store::find_to_change(tx, id)?.ok_or(Error::not_found("bulk"))?;
    let state = match halt {
        Some(Halt::End | Halt::TooMany) => BulkState::Undone,
        Some(Halt::NoActor) => BulkState::Failed,
        None => BulkState::Cancelled,
    };
    store::set_ended(tx, id, state, None, ctx.now)?;
    events::record(tx, ctx, Event::BulkUndone { bulk: id, undone: run.undone as u64, kept: run.kept as u64 })?;
    tell(tx, id);
    let run = store::find(tx, id)?.ok_or(Error::not_found("bulk"))?;
    shown(ctx, run)
}

/// The figures of a run for its task.
pub(crate) fn figures(bulk: &Bulk) -> serde_json::Value {
    json!({
        "bulk_id": bulk.id, "state": bulk.state, "found": bulk.found, "done": bulk.done, "unchanged": bulk.unchanged, "refused": bulk.refused,
        "skipped": bulk.skipped, "undone": bulk.undone, "kept": bulk.kept, "error_ppm": bulk.error_ppm(),
    })
}
