//! Taking an import back: what it made and nobody has touched since goes, as if it had never come in; the
//! rest is named and stays.
//!
//! It goes in slices, each a transaction of its own that removes some orders with everything that hangs on
//! them and forgets that they are to be removed. So it may be broken off at any moment, and goes on where it
//! was.

use std::path::PathBuf;

use base::jobs::Next;
use base::tasks::{self, NewTask, Outcome};
use base::worker::{SliceEnd, TaskRun};
use base::{Ctx, Edge, events, files};
use db::Tx;
use kernel::{CreditNoteId, CustomerId, Error, Event, FieldError, Id, ImportId, JobKind, Locale, OrderId, Permission, TaskId, Time, VariantId};
use orders::{Left, TakenBack};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::imports::{self, CREDIT, IMPORT_TOPIC, ImportState};
use crate::job::Words;
use crate::store;

/// What one slice removes; while it does, people wait.
const AT_ONCE: i64 = 40;
/// How many orders that stay are named in the result itself; the file names all.
const NAMED: usize = 100;
/// How long the file is kept.
const KEPT_DAYS: i64 = 90;

#[derive(Serialize, Deserialize)]
struct Payload {
    import: ImportId,
}

/// How far an undo is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undone {
    /// Orders and credit notes that are gone.
    pub removed: i64,
    /// Those that stay.
    pub kept: i64,
    /// How many there were in all.
    pub of: i64,
    /// Whether all were looked at.
    pub is_over: bool,
}

/// Begins to take an import back; the task shows how far it is. Needs `order.import`, and that the caller may see
/// the import.
///
/// `Conflict` `import.running` while it still runs, `import.undone` when it was taken back already, `task.twin`
/// while somebody else takes it back.
pub fn begin_undo(tx: &mut Tx, ctx: &Ctx, id: ImportId) -> Result<TaskId, Error> {
    let import = may_begin(tx, ctx, id)?;

    let title = import.file_name;
    let payload = serde_json::to_value(Payload { import: id }).map_err(Error::internal)?;
    let (task, _) = tasks::enqueue(tx, ctx, NewTask { kind: JobKind::UndoImport, title }, payload, Some(format!("undo:{id}")))?;
    store::begin_undo(tx, id, Some(task))?;

    events::record(tx, ctx, Event::ImportUndoStarted { import: id, task })?;
    tx.touch(IMPORT_TOPIC, id);
    Ok(task)
}

fn may_begin(tx: &mut Tx, ctx: &Ctx, id: ImportId) -> Result<imports::Import, Error> {
    let import = imports::find_import(tx, ctx, id)?;
    store::find_to_change(tx, id)?;
    if import.state == ImportState::Undone {
        return Err(Error::conflict("import.undone"));
    }
    if import.state == ImportState::Running && imports::is_open(tx, import.task)? {
        return Err(Error::conflict("import.running"));
    }
    if import.state == ImportState::Undoing && imports::is_open(tx, import.undo_task)? {
        return Err(Error::conflict("task.twin"));
    }
    Ok(import)
}

/// Takes an import back at once, for the command; `progress` hears after each slice.
pub async fn undo(edge: &Edge, id: ImportId, mut progress: impl FnMut(&Undone)) -> Result<Undone, Error> {
    edge.write(move |tx, ctx| {
        may_begin(tx, ctx, id)?;
        store::begin_undo(tx, id, None)
    })
    .await?;
    loop {
        let now = edge.renewed().await;
        let undone = now.write_background(move |tx, ctx| slice(tx, ctx, id)).await?;
        progress(&undone);
        if undone.is_over {
            now.write(move |tx, ctx| end(tx, ctx, id, &undone, false)).await?;
            return Ok(undone);
        }
    }
}

/// The orders that an undo left, with their numbers and why, after one of them; at most 200.
fn kept_orders(tx: &mut Tx, ctx: &Ctx, id: ImportId, after: Option<OrderId>) -> Result<Vec<(OrderId, String, String)>, Error> {
    ctx.require(Permission::OrderImport)?;
    let kept = store::kept_orders(tx, id, after.map_or(0, Id::to_i64), 200)?;
    let ids: Vec<OrderId> = kept.iter().map(|(id, _)| *id).collect();
    let standing = orders::standing(tx, ctx, &ids)?;
    let number = |id: OrderId| standing.iter().find(|order| order.id == id).map(|order| order.number.clone()).unwrap_or_default();
    Ok(kept.into_iter().map(|(id, why)| (id, number(id), why)).collect())
}

/// Takes some of what an import made back.
fn slice(tx: &mut Tx, ctx: &Ctx, id: ImportId) -> Result<Undone, Error> {
    // Those who import and those who undo see the same.
    let items = store::next_items(tx, id, AT_ONCE)?;
    let (mut removed, mut kept) = (0, 0);
    let mut customers: Vec<CustomerId> = Vec::new();
    let mut variants: Vec<VariantId> = Vec::new();
    for item in &items {
        let left = Left { events: item.events, version: item.version };
        if item.kind == CREDIT {
            match orders::take_credit_back(tx, ctx, CreditNoteId::from_i64(item.id), left)? {
                Some((customer, sold)) => {
                    customers.extend(customer);
                    variants.extend(sold);
                }
                None => tracing::info!("A credit note of an import had gone before"),
            }
            store::delete_item(tx, id, item)?;
            removed += 1;
            continue;
        }
        let taken = orders::take_back(tx, ctx, id, OrderId::from_i64(item.id), left, payments::forget)?;
        match taken {
            TakenBack::Gone { customer, variants: sold } => {
                customers.extend(customer);
                variants.extend(sold);
                store::delete_item(tx, id, item)?;
                removed += 1;
            }
            TakenBack::WasGone => {
                store::delete_item(tx, id, item)?;
                removed += 1;
            }
            TakenBack::Stays(why) => {
                store::keep_item(tx, id, item, why.as_str())?;
                kept += 1;
            }
        }
    }
    customers.sort_unstable();
    customers.dedup();
    for customer in orders::without_orders(tx, ctx, &customers)? {
        customers::take_back(tx, ctx, id, customer)?;
    }
    variants.sort_unstable();
    variants.dedup();
    for variant in orders::unsold(tx, ctx, &variants)? {
        catalogue::take_back(tx, ctx, id, variant)?;
    }
    store::add_undone(tx, id, removed, kept)?;
    let row = store::find(tx, id)?.ok_or(Error::not_found("import"))?;
    Ok(Undone { removed: row.removed, kept: row.kept, of: row.made, is_over: (items.len() as i64) < AT_ONCE })
}

/// Writes down how an undo ended. One that was called off can be begun again.
fn end(tx: &mut Tx, ctx: &Ctx, id: ImportId, undone: &Undone, is_cancelled: bool) -> Result<(), Error> {
    if is_cancelled {
        store::end_undo(tx, id, ImportState::Done, None)?;
    } else {
        store::end_undo(tx, id, ImportState::Undone, Some(ctx.now))?;
        events::record(tx, ctx, Event::ImportUndone { import: id, removed: undone.removed.max(0) as u64, kept: undone.kept.max(0) as u64 })?;
    }
    tx.touch(IMPORT_TOPIC, id);
    Ok(())
}

/// Does the job: [`base::jobs::Runner::Task`] of [`JobKind::UndoImport`].
pub async fn run_undo(job: TaskRun, words: Words) -> Result<Next, Error> {
    let payload: Payload = serde_json::from_value(job.job.payload.clone()).map_err(Error::internal)?;
    let id = payload.import;
    loop {
        let undone = job
            .slice(move |tx, ctx| {
                let undone = slice(tx, ctx, id)?;
                let cursor = serde_json::to_value(undone).map_err(Error::internal)?;
                let (done, of) = (undone.removed + undone.kept, undone.of);
                Ok((undone, SliceEnd { cursor, done, of, errors: Some(undone.kept) }))
            })
            .await?;
        let is_cancelled = job.is_cancelled().await?;
        if undone.is_over || is_cancelled {
            return finish(&job, id, undone, is_cancelled && !undone.is_over, words).await;
        }
        if job.is_stopping() {
            let cursor = serde_json::to_value(undone).map_err(Error::internal)?;
            return Ok(Next::Slice { cursor, done: undone.removed + undone.kept, of: undone.of });
        }
    }
}

async fn finish(job: &TaskRun, id: ImportId, undone: Undone, is_cancelled: bool, words: Words) -> Result<Next, Error> {
    let edge = job.edge.renewed().await;
    let mut named = Vec::new();
    let file = if undone.kept == 0 { None } else { Some(kept_file(job, &edge, id, words, &mut named).await?) };

    job.finish(move |tx, ctx| {
        end(tx, ctx, id, &undone, is_cancelled)?;
        let result = json!({ "import": id, "removed": undone.removed, "kept": undone.kept, "kept_orders": named });
        let progress = tasks::Progress { done: undone.removed + undone.kept, of: undone.of, errors: Some(undone.kept) };
        Ok((progress, Outcome { result, file, errors: Some(undone.kept) }))
    })
    .await
}

/// A file that names all orders that stay; the first ones are named in the result, too.
async fn kept_file(job: &TaskRun, edge: &Edge, id: ImportId, words: Words, named: &mut Vec<serde_json::Value>) -> Result<kernel::FileId, Error> {
    let folder = edge.base.data_dir().join("imports");
    std::fs::create_dir_all(&folder).map_err(Error::internal)?;
    let path: PathBuf = folder.join(format!("{}.kept.csv", job.job.id));
    let mut csv = csv::Writer::from_path(&path).map_err(Error::internal)?;
    csv.write_record(["order", "number", "stays", "because"]).map_err(Error::internal)?;
    let locale: Locale = edge.ctx.locale;
    let mut after = None;
    loop {
        let part = edge.read(move |tx, ctx| kept_orders(tx, ctx, id, after)).await?;
        let Some(last) = part.last().map(|row| row.0) else { break };
        for (order, number, why) in &part {
            let because = words(locale, &FieldError::new("order", stays_code(why)));
            csv.write_record([order.to_string().as_str(), number, why, &because]).map_err(Error::internal)?;
            if named.len() < NAMED {
                named.push(json!({ "id": order, "number": number, "because": why }));
            }
        }
        after = Some(last);
    }
    csv.flush().map_err(Error::internal)?;
    drop(csv);
    let keep_until = Some(edge.base.now().plus_us(KEPT_DAYS * Time::DAY));
    let kept = files::NewFile { name: format!("{id}.kept.csv"), content_type: "text/csv".to_owned(), keep_until };
    let file = files::put_path(edge, kept, &path).await?.id;
    let _ = tokio::fs::remove_file(&path).await;
    Ok(file)
}

fn stays_code(why: &str) -> &'static str {
    match why {
        "credited" => "import.stays_credited",
        "used" => "import.stays_used",
        _ => "import.stays_touched",
    }
}
