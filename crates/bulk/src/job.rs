//! The job of a run: prepares it, carries it out, takes it back, slice by slice behind people's work.
//!
//! How far it is stands in the orders of the run themselves and in the job's cursor, written with each slice, so a
//! process that dies costs nothing but the slice that was being written.

use std::collections::BTreeMap;
use std::time::Duration;

use base::jobs::Next;
use base::tasks::{Outcome, Progress};
use base::worker::{SliceEnd, TaskRun};
use db::Tx;
use kernel::{BulkId, Error, OrderId};
use orders::{Chosen, Ranked, Search};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use base::Ctx;

use crate::model::{self, Bulk, Trial};
use crate::pace::Pace;
use crate::service::{self, Halt, Payload, Sliced, Step};
use crate::store;

/// Reads the parameters of a list, by the same code as the list itself.
pub type ReadList = fn(&Map<String, Value>) -> Result<Chosen, Error>;

/// Orders that one slice adds to a set.
const ADDED_AT_ONCE: usize = 250;
/// Orders that one slice lets wait again.
const RESET_AT_ONCE: u32 = 250;

/// How far the preparing is.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Prepared {
    /// Whether the set is whole.
    is_made: bool,
    found: i64,
    /// Up to which place it was tried.
    tried: i64,
    trial: Trial,
}

/// Does the job: [`base::jobs::Runner::Task`] of [`kernel::JobKind::Bulk`].
pub async fn run_job(run: TaskRun, read: ReadList) -> Result<Next, Error> {
    let payload: Payload = serde_json::from_value(run.job.payload.clone()).map_err(Error::internal)?;
    match payload.step {
        Step::Prepare => prepare(&run, payload.bulk, read).await,
        Step::Run => carry_out(&run, payload.bulk, None).await,
        Step::Retry { skipped } => carry_out(&run, payload.bulk, Some(skipped)).await,
        Step::Undo => take_back(&run, payload.bulk).await,
    }
}

/// Why a loop goes no farther before its work is done.
enum Stop {
    /// Somebody asked the task to stop.
    Cancelled,
    /// The process ends; another one goes on.
    Paused,
}

async fn asked_to_stop(run: &TaskRun) -> Result<Option<Stop>, Error> {
    if run.is_stopping() {
        return Ok(Some(Stop::Paused));
    }
    Ok(run.is_cancelled().await?.then_some(Stop::Cancelled))
}

fn writes(run: &TaskRun) -> u64 {
    run.edge.base.db().stats().writes
}

async fn rest(pace: &mut Pace, run: &TaskRun, sliced: &Sliced) {
    let pause = pace.ran(sliced.orders, sliced.took, writes(run));
    if pause > Duration::ZERO {
        tokio::time::sleep(pause).await;
    } else {
        tokio::task::yield_now().await;
    }
}

async fn prepare(run: &TaskRun, id: BulkId, read: ReadList) -> Result<Next, Error> {
    let mut at: Prepared = serde_json::from_value(run.job.cursor.clone()).unwrap_or_default();
    if !at.is_made {
        match make_set(run, id, read).await? {
            Ok(made) => at = made,
            Err(stop) => return end_early(run, id, stop, Value::Null, (0, 0)).await,
        }
    }
    // Each round tries in one closure and writes down what came of it in another.
    let mut pace = Pace::new(writes(run), 2);
    loop {
        let cursor = serde_json::to_value(&at).map_err(Error::internal)?;
        if let Some(stop) = asked_to_stop(run).await? {
            return end_early(run, id, stop, cursor, (at.tried, at.found)).await;
        }
        let (after, take) = (at.tried, pace.take());
        let edge = run.edge.renewed().await;
        let (sliced, tried) = edge
            .write_background(move |tx, ctx| {
                tx.discard();
                service::try_slice(tx, ctx, id, after, take)
            })
            .await?;
        match sliced.halt {
            Some(Halt::NoActor) => return Ok(Next::Fail { why: "whoever asked for this is gone".to_owned() }),
            Some(_) => break,
            None => {}
        }
        for one in &tried {
            match &one.result {
                Ok(true) => at.trial.would_do += 1,
                Ok(false) => at.trial.unchanged += 1,
                Err(why) => at.trial.refused(why, &one.number),
            }
        }
        at.tried = sliced.position;
        let end = end_of(&at, at.tried, at.found)?;
        run.slice(move |tx, _| {
            service::note_trial(tx, id, &tried)?;
            Ok(((), end.clone()))
        })
        .await?;
        rest(&mut pace, run, &sliced).await;
    }
    let Prepared { found, trial, .. } = at;
    run.finish(move |tx, ctx| {
        service::prepared(tx, ctx, id, found, &trial)?;
        let result = serde_json::to_value(&trial).map_err(Error::internal)?;
        Ok((Progress { done: found, of: found, errors: None }, Outcome { result, file: None, errors: None }))
    })
    .await
}

fn end_of(at: &Prepared, done: i64, of: i64) -> Result<SliceEnd, Error> {
    Ok(SliceEnd { cursor: serde_json::to_value(at).map_err(Error::internal)?, done, of, errors: None })
}

/// The preparing was called off, or goes on in another process.
async fn end_early(run: &TaskRun, id: BulkId, stop: Stop, cursor: Value, (done, of): (i64, i64)) -> Result<Next, Error> {
    match stop {
        Stop::Paused => Ok(Next::Slice { cursor, done, of }),
        Stop::Cancelled => {
            run.finish(move |tx, ctx| {
                service::abandoned(tx, ctx, id)?;
                Ok((Progress { done, of: of.max(done + 1), errors: None }, Outcome::default()))
            })
            .await
        }
    }
}

/// Settles which orders the run is about. Which ones a filter finds is read part by part and then put into the order of the
/// list; a run that dies before all of them are written begins this anew.
async fn make_set(run: &TaskRun, id: BulkId, read: ReadList) -> Result<Result<Prepared, Stop>, Error> {
    let (query, newest, found) = run.edge.read(move |tx, _| about(tx, id)).await?;
    let Some(query) = query else {
        // Named orders were written with the call itself.
        let (found, trial) = run.edge.read(move |tx, ctx| named(tx, ctx, id)).await?;
        return Ok(Ok(Prepared { is_made: true, found, tried: 0, trial }));
    };
    while found > 0 && run.slice(move |tx, _| Ok((store::clear(tx, id, 500)?, SliceEnd::default()))).await? > 0 {}

    let chosen = read(&query)?;
    let orders = match find_all(run, chosen, newest).await? {
        Ok(orders) => orders,
        Err(stop) => return Ok(Err(stop)),
    };
    let mut at = Prepared::default();
    let total = orders.len() as i64;
    for (nth, part) in orders.chunks(ADDED_AT_ONCE).enumerate() {
        if let Some(stop) = asked_to_stop(run).await? {
            return Ok(Err(stop));
        }
        let first = (nth * ADDED_AT_ONCE) as i64 + 1;
        let places: Vec<(i64, OrderId)> = (first..).zip(part.iter().copied()).collect();
        let done = first + part.len() as i64 - 1;
        let added = run
            .slice(move |tx, ctx| {
                let added = service::add(tx, ctx, id, &places)?;
                // Not yet a set to go on with: the cursor stays empty.
                Ok((added, SliceEnd { cursor: Value::Null, done: 0, of: total, errors: None }))
            })
            .await?;
        at.found = done;
        for money in added.totals.totals {
            at.trial.add(money.currency, money.amount);
        }
    }
    at.is_made = true;
    Ok(Ok(at))
}

type About = (Option<Map<String, Value>>, OrderId, i64);

fn about(tx: &mut Tx, id: BulkId) -> Result<About, Error> {
    let run = store::find(tx, id)?.ok_or(Error::not_found("bulk"))?;
    let query = run.query.as_deref().map(|text| serde_json::from_str(text).map_err(Error::internal)).transpose()?;
    let first = store::items(tx, id, &model::ItemFilter::default(), 1)?;
    Ok((query, run.newest, first.len() as i64))
}

/// How many orders were named, and what those come to that are seen.
fn named(tx: &mut Tx, ctx: &Ctx, id: BulkId) -> Result<(i64, Trial), Error> {
    let items = store::items(tx, id, &model::ItemFilter::default(), model::MAX_IDS as u32)?;
    let seen: Vec<OrderId> = items.iter().filter(|item| item.outcome == model::Outcome::Waiting).map(|item| item.order_id).collect();
    let mut trial = Trial::default();
    for order in orders::standing(tx, ctx, &seen)? {
        trial.add(order.currency, order.total);
    }
    for _ in items.iter().filter(|item| item.outcome == model::Outcome::Refused) {
        trial.refused(&model::Why::code("not_found"), "");
    }
    Ok((items.len() as i64, trial))
}

/// All orders that the list shows to whoever asks, as far as they were there when it was asked.
async fn find_all(run: &TaskRun, chosen: Chosen, newest: OrderId) -> Result<Result<Vec<OrderId>, Stop>, Error> {
    let mut ranked: Vec<Ranked> = Vec::new();
    let mut found: BTreeMap<OrderId, ()> = BTreeMap::new();
    let mut best_first: Vec<OrderId> = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        if let Some(stop) = asked_to_stop(run).await? {
            return Ok(Err(stop));
        }
        let (asked, from) = (chosen.clone(), cursor.take());
        let part = run
            .edge
            .read(move |tx, ctx| {
                let Some(present) = access::rights::present(tx, ctx)? else { return Ok((Vec::new(), Vec::new(), None)) };
                match &asked.search {
                    Some(text) => {
                        let search = Search { text: text.clone(), filter: asked.filter.clone(), limit: 200, older: from.clone() };
                        let (ids, next) = orders::found_ids(tx, &present, &search)?;
                        Ok((Vec::new(), ids, next))
                    }
                    None => {
                        let page = orders::ids(tx, &present, &asked.filter, asked.sort, from.as_deref())?;
                        Ok((page.items, Vec::new(), page.next))
                    }
                }
            })
            .await?;
        ranked.extend(part.0.into_iter().filter(|one| one.id <= kernel::Id::to_i64(newest)));
        best_first.extend(part.1.into_iter().filter(|order| *order <= newest && found.insert(*order, ()).is_none()));
        cursor = part.2;
        if cursor.is_none() {
            break;
        }
    }
    Ok(Ok(if best_first.is_empty() { orders::sorted(ranked, chosen.sort) } else { best_first }))
}

/// Where carrying out or taking back is.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Carried {
    /// Whether those that shall be tried again wait again.
    is_reset: bool,
    /// Up to which place.
    position: i64,
}

async fn carry_out(run: &TaskRun, id: BulkId, retry: Option<bool>) -> Result<Next, Error> {
    let mut at: Carried = serde_json::from_value(run.job.cursor.clone()).unwrap_or_default();
    if let Some(skipped) = retry.filter(|_| !at.is_reset) {
        reset(run, id, skipped).await?;
        at.is_reset = true;
    }
    let mut pace = Pace::new(writes(run), 1);
    let mut bulk = run.edge.read(move |tx, ctx| service::find(tx, ctx, id)).await?;
    let halt = loop {
        match asked_to_stop(run).await? {
            Some(Stop::Paused) => return Ok(Next::Slice { cursor: cursor_of(&at)?, done: bulk.found - bulk.waiting(), of: bulk.found }),
            Some(Stop::Cancelled) => break None,
            None => {}
        }
        let (take, cursor) = (pace.take(), cursor_of(&at)?);
        let (sliced, now) = run
            .slice(move |tx, ctx| {
                let sliced = service::run_slice(tx, ctx, id, take)?;
                let bulk = service::find(tx, ctx, id)?;
                let end = SliceEnd { cursor: cursor.clone(), done: bulk.found - bulk.waiting(), of: bulk.found, errors: Some(bulk.refused) };
                Ok(((sliced, bulk), end))
            })
            .await?;
        bulk = now;
        if sliced.halt.is_some() {
            break sliced.halt;
        }
        rest(&mut pace, run, &sliced).await;
    };
    run.finish(move |tx, ctx| {
        let bulk = service::ended(tx, ctx, id, halt)?;
        Ok((progress(&bulk, bulk.found - bulk.waiting()), outcome(&bulk)))
    })
    .await
}

fn cursor_of(at: &Carried) -> Result<Value, Error> {
    serde_json::to_value(at).map_err(Error::internal)
}

/// A first batch is all that was asked for: its task is done, although orders wait.
fn progress(bulk: &Bulk, done: i64) -> Progress {
    Progress { done, of: bulk.found, errors: Some(bulk.refused) }
}

fn outcome(bulk: &Bulk) -> Outcome {
    Outcome { result: service::figures(bulk), file: None, errors: Some(bulk.refused) }
}

/// Lets those wait again that were refused, and those that had changed if that was asked.
async fn reset(run: &TaskRun, id: BulkId, skipped: bool) -> Result<(), Error> {
    let again: &[model::Outcome] = if skipped { &[model::Outcome::Refused, model::Outcome::Skipped] } else { &[model::Outcome::Refused] };
    for outcome in again.iter().copied() {
        let mut after = Some(0);
        while let Some(from) = after {
            after = run
                .slice(move |tx, ctx| {
                    let end = service::reset_slice(tx, ctx, id, outcome, from, RESET_AT_ONCE)?;
                    Ok((end, SliceEnd { cursor: Value::Null, ..SliceEnd::default() }))
                })
                .await?;
        }
    }
    let cursor = cursor_of(&Carried { is_reset: true, position: 0 })?;
    run.slice(move |tx, _| {
        service::count_anew(tx, id)?;
        Ok(((), SliceEnd { cursor: cursor.clone(), ..SliceEnd::default() }))
    })
    .await
}

async fn take_back(run: &TaskRun, id: BulkId) -> Result<Next, Error> {
    let mut at: Carried = serde_json::from_value(run.job.cursor.clone()).unwrap_or_default();
    let mut pace = Pace::new(writes(run), 1);
    let mut bulk = run.edge.read(move |tx, ctx| service::find(tx, ctx, id)).await?;
    let halt = loop {
        match asked_to_stop(run).await? {
            Some(Stop::Paused) => return Ok(Next::Slice { cursor: cursor_of(&at)?, done: bulk.undone + bulk.kept, of: bulk.done }),
            Some(Stop::Cancelled) => break None,
            None => {}
        }
        let (take, after) = (pace.take(), at.position);
        let (sliced, now) = run
            .slice(move |tx, ctx| {
                let sliced = service::undo_slice(tx, ctx, id, after, take)?;
                let bulk = service::find(tx, ctx, id)?;
                let cursor = cursor_of(&Carried { is_reset: true, position: sliced.position })?;
                let end = SliceEnd { cursor, done: bulk.undone + bulk.kept, of: bulk.done, errors: Some(bulk.kept) };
                Ok(((sliced, bulk), end))
            })
            .await?;
        bulk = now;
        if sliced.halt.is_some() {
            break sliced.halt;
        }
        at.position = sliced.position;
        rest(&mut pace, run, &sliced).await;
    };
    run.finish(move |tx, ctx| {
        let bulk = service::undo_ended(tx, ctx, id, halt)?;
        let progress = Progress { done: bulk.undone + bulk.kept, of: bulk.done, errors: Some(bulk.kept) };
        Ok((progress, Outcome { errors: Some(bulk.kept), ..outcome(&bulk) }))
    })
    .await
}
