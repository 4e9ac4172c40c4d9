//! The record of an import: what came in from which file, by whom, what it made, and whether it was taken
//! back.

use base::{Ctx, Stores};
use db::Tx;
use kernel::{Actor, CreditNoteId, Error, Id, ImportId, OrderId, Permission, TaskId, TaskState, Time, Version, words};
use serde_json::Value as Json;

use crate::mapping::Definition;
use crate::model::{Options, Summary};
use crate::store::{self, ImportRow, Item, NewRecord};

/// The live topic of imports.
pub const IMPORT_TOPIC: &str = "import";
/// Most imports of one page.
const MAX_PAGE: u32 = 200;

words! {
    /// Where an import stands.
    pub enum ImportState {
        /// It brings orders in, or was broken off while it did.
        Running = "running",
        /// It is through.
        Done = "done",
        /// It was stopped before its end; what was in stays.
        Stopped = "stopped",
        /// What it made is being taken back.
        Undoing = "undoing",
        /// It was taken back.
        Undone = "undone",
    }
}

/// An import as people see it.
#[derive(Clone, Debug, PartialEq)]
pub struct Import {
    /// Which.
    pub id: ImportId,
    /// The work; none for a command.
    pub task: Option<TaskId>,
    /// The work of taking it back.
    pub undo_task: Option<TaskId>,
    /// The file.
    pub file_name: String,
    /// By which preset.
    pub preset: String,
    /// By which mapping, and which version of it.
    pub mapping: Option<(String, Version)>,
    /// Into which store, where one was named.
    pub store: Option<String>,
    /// Where it stands.
    pub state: ImportState,
    /// Its figures; null before the end.
    pub result: Json,
    /// Orders and credit notes that it made.
    pub made: i64,
    /// Of them gone with its undo.
    pub removed: i64,
    /// Of them left by its undo.
    pub kept: i64,
    /// By whom.
    pub actor: Actor,
    /// When it began.
    pub created_at: Time,
    /// When it ended.
    pub finished_at: Option<Time>,
    /// When it was taken back.
    pub undone_at: Option<Time>,
}

impl From<ImportRow> for Import {
    fn from(row: ImportRow) -> Import {
        Import {
            id: row.id,
            task: row.task_id,
            undo_task: row.undo_task_id,
            file_name: row.file_name,
            preset: row.preset,
            mapping: row.mapping_name.zip(row.mapping_version),
            store: row.store,
            state: row.state,
            result: row.result.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or(Json::Null),
            made: row.made,
            removed: row.removed,
            kept: row.kept,
            actor: Actor::from_columns(&row.actor_kind, row.actor_id),
            created_at: row.created_at,
            finished_at: row.finished_at,
            undone_at: row.undone_at,
        }
    }
}

/// Who sees all stores sees all imports; others see their own.
fn sees_all(ctx: &Ctx) -> bool {
    ctx.sees().stores == Stores::All
}

/// Imports, the newest first, older than one: all, or, for those who do not see all stores, their own. Needs
/// `order.import`.
pub fn list_imports(tx: &mut Tx, ctx: &Ctx, before: Option<ImportId>, limit: u32) -> Result<Vec<Import>, Error> {
    ctx.require(Permission::OrderImport)?;
    let of = (!sees_all(ctx)).then_some(ctx.actor);
    let found = store::list(tx, of, before, limit.clamp(1, MAX_PAGE))?;
    found.into_iter().map(|row| shown(tx, row.into())).collect()
}

/// An import whose work has failed or was called off does not run any more, though nobody wrote that down.
fn shown(tx: &mut Tx, import: Import) -> Result<Import, Error> {
    let has_ended = import.state == ImportState::Running && import.task.is_some() && !is_open(tx, import.task)?;
    Ok(if has_ended { Import { state: ImportState::Stopped, ..import } } else { import })
}

/// One import. Needs `order.import`.
pub fn find_import(tx: &mut Tx, ctx: &Ctx, id: ImportId) -> Result<Import, Error> {
    ctx.require(Permission::OrderImport)?;
    let found = store::find(tx, id)?.map(Import::from).filter(|import| sees_all(ctx) || import.actor == ctx.actor);
    shown(tx, found.ok_or(Error::not_found("import"))?)
}

/// Whether somebody still works for a task.
pub(crate) fn is_open(tx: &mut Tx, task: Option<TaskId>) -> Result<bool, Error> {
    let Some(task) = task else { return Ok(false) };
    Ok(matches!(store::task_state(tx, task)?, Some(TaskState::Waiting | TaskState::Running)))
}

/// Writes down that an import begins.
pub(crate) fn open(tx: &mut Tx, ctx: &Ctx, options: &Options, task: Option<TaskId>) -> Result<ImportId, Error> {
    let id: ImportId = tx.new_id();
    let definition = |definition: &Definition| serde_json::to_string(definition).map_err(Error::internal);
    let definition = options.mapping.as_deref().map(definition).transpose()?;
    let mapping = options.mapping_name.as_ref().zip(definition);
    let new = NewRecord {
        id,
        task,
        file_name: kernel::cut(&options.source.name, 200),
        preset: options.preset.as_str(),
        mapping: mapping.map(|((name, version), definition)| (name.as_str(), *version, definition)),
        store: options.store.as_deref(),
        actor: ctx.actor,
    };
    store::insert(tx, &new, ctx.now)?;
    tx.touch(IMPORT_TOPIC, id);
    Ok(id)
}

/// A run of it begins, perhaps not the first one. `Conflict` `import.undone` when it was taken back.
pub(crate) fn resume(tx: &mut Tx, id: ImportId) -> Result<(), Error> {
    let from = [ImportState::Running, ImportState::Stopped];
    if store::set_state(tx, id, &from, ImportState::Running)? { Ok(()) } else { Err(Error::conflict("import.undone")) }
}

/// Remembers what a batch made, as it is left, in the batch's own transaction. `Conflict` `import.undone` when
/// somebody takes the import back meanwhile.
pub(crate) fn note_made(tx: &mut Tx, ctx: &Ctx, id: ImportId, made: &Made) -> Result<(), Error> {
    let mut items = Vec::with_capacity(made.orders.len() + made.credits.len());
    for some in made.orders.chunks(200) {
        let left = orders::as_left(tx, ctx, some)?;
        items.extend(left.into_iter().map(|(id, left)| Item { kind: ORDER.to_owned(), id: id.to_i64(), events: left.events, version: left.version }));
    }
    for some in made.credits.chunks(200) {
        let left = orders::credits_as_left(tx, ctx, some)?;
        items.extend(left.into_iter().map(|(id, left)| Item { kind: CREDIT.to_owned(), id: id.to_i64(), events: left.events, version: 0 }));
    }
    store::insert_items(tx, id, &items)?;
    if store::add_made(tx, id, items.len() as i64)? { Ok(()) } else { Err(Error::conflict("import.undone")) }
}

/// The word for an order among what an import made.
pub(crate) const ORDER: &str = "order";
/// The word for a credit note. It sorts before orders, because it points to them.
pub(crate) const CREDIT: &str = "credit_note";

/// What a batch made.
#[derive(Debug, Default)]
pub(crate) struct Made {
    pub(crate) orders: Vec<OrderId>,
    pub(crate) credits: Vec<CreditNoteId>,
}

/// Writes down how an import ended.
pub(crate) fn close(tx: &mut Tx, ctx: &Ctx, id: ImportId, summary: &Summary, is_stopped: bool) -> Result<(), Error> {
    let result = serde_json::to_string(summary).map_err(Error::internal)?;
    let state = if is_stopped { ImportState::Stopped } else { ImportState::Done };
    store::finish(tx, id, state, &result, ctx.now)?;
    tx.touch(IMPORT_TOPIC, id);
    Ok(())
}
