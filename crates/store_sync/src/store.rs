//! The SQL of imports, of what they made, and of mappings.

use db::{OnUnique, Tx, Value, dialect, params};
use kernel::value::ToValue;
use kernel::{Actor, Error, ImportId, MappingId, OrderId, TaskId, TaskState, Time, Version, fold};

use crate::imports::ImportState;

db::row! {
    pub(crate) struct ImportRow {
        pub id: ImportId,
        pub task_id: Option<TaskId>,
        pub undo_task_id: Option<TaskId>,
        pub file_name: String,
        pub preset: String,
        pub mapping_name: Option<String>,
        pub mapping_version: Option<i64>,
        pub store: Option<String>,
        pub state: ImportState,
        pub result: Option<String>,
        pub made: i64,
        pub removed: i64,
        pub kept: i64,
        pub actor_kind: String,
        pub actor_id: Option<i64>,
        pub created_at: Time,
        pub finished_at: Option<Time>,
        pub undone_at: Option<Time>,
    }

    pub(crate) struct MappingRow {
        pub id: MappingId,
        pub name: String,
        pub definition: String,
        pub version: Version,
        pub created_at: Time,
        pub updated_at: Time,
    }
}

const IMPORT: &str = "id, task_id, undo_task_id, file_name, preset, mapping_name, mapping_version, store, state, result, made, removed, kept, \
                      actor_kind, actor_id, created_at, finished_at, undone_at";

/// What is known of an import when it begins.
pub(crate) struct NewRecord<'a> {
    pub id: ImportId,
    pub task: Option<TaskId>,
    pub file_name: &'a str,
    pub preset: &'a str,
    pub mapping: Option<(&'a str, Version, String)>,
    pub store: Option<&'a str>,
    pub actor: Actor,
}

pub(crate) fn insert(tx: &mut Tx, new: &NewRecord<'_>, now: Time) -> Result<(), Error> {
    let (actor_kind, actor_id) = new.actor.columns();
    let mapping = new.mapping.as_ref();
    tx.execute(
        "insert into imports (org_id, id, task_id, file_name, preset, mapping_name, mapping_version, mapping, store, state, actor_kind, actor_id,
                              created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        params![
            tx.org(),
            new.id,
            new.task,
            new.file_name,
            new.preset,
            mapping.map(|(name, _, _)| (*name).to_owned()),
            mapping.map(|(_, version, _)| *version),
            mapping.map(|(_, _, definition)| definition.clone()),
            new.store,
            ImportState::Running,
            actor_kind,
            actor_id,
            now
        ],
    )
    .map(drop)
}

pub(crate) fn find(tx: &mut Tx, id: ImportId) -> Result<Option<ImportRow>, Error> {
    tx.optional(&format!("select {IMPORT} from imports where org_id = $1 and id = $2"), params![tx.org(), id])
}

pub(crate) fn find_to_change(tx: &mut Tx, id: ImportId) -> Result<Option<ImportRow>, Error> {
    let lock = dialect::for_update(tx.engine());
    tx.optional(&format!("select {IMPORT} from imports where org_id = $1 and id = $2{lock}"), params![tx.org(), id])
}

/// The newest first, older than one; of one actor alone, where one is named.
pub(crate) fn list(tx: &mut Tx, of: Option<Actor>, before: Option<ImportId>, limit: u32) -> Result<Vec<ImportRow>, Error> {
    let mut values = params![tx.org(), i64::from(limit)];
    let mut conditions = String::new();
    let mut and = |text: &str, value: Value| {
        values.push(value);
        conditions.push_str(&format!(" and {text} ${}", values.len()));
    };
    if let Some(before) = before {
        and("id <", before.to_value());
    }
    if let Some(actor) = of {
        let (kind, id) = actor.columns();
        and("actor_kind =", kind.to_value());
        and("coalesce(actor_id, 0) =", id.unwrap_or(0).to_value());
    }
    tx.rows(&format!("select {IMPORT} from imports where org_id = $1{conditions} order by id desc limit $2"), values)
}

/// Moves an import from one of some states to another; false when it stands elsewhere.
pub(crate) fn set_state(tx: &mut Tx, id: ImportId, from: &[ImportState], to: ImportState) -> Result<bool, Error> {
    let mut values = params![tx.org(), id, to];
    values.extend(from.iter().map(ToValue::to_value));
    let sql = format!("update imports set state = $3 where org_id = $1 and id = $2 and state in ({})", dialect::markers(4, from.len()));
    Ok(tx.execute(&sql, values)? == 1)
}

pub(crate) fn finish(tx: &mut Tx, id: ImportId, state: ImportState, result: &str, now: Time) -> Result<(), Error> {
    tx.execute(
        "update imports
            set state = $3, result = $4, finished_at = $5
          where org_id = $1
            and id = $2
            and state = 'running'",
        params![tx.org(), id, state, result, now],
    )
    .map(drop)
}

/// Notes how many it made more; false when it does not run any more.
pub(crate) fn add_made(tx: &mut Tx, id: ImportId, more: i64) -> Result<bool, Error> {
    let changed = tx.execute(
        "update imports
            set made = made + $3
          where org_id = $1
            and id = $2
            and state = 'running'",
        params![tx.org(), id, more],
    )?;
    Ok(changed == 1)
}

pub(crate) fn begin_undo(tx: &mut Tx, id: ImportId, task: Option<TaskId>) -> Result<(), Error> {
    tx.execute("update imports set state = 'undoing', undo_task_id = $3 where org_id = $1 and id = $2", params![tx.org(), id, task]).map(drop)
}

pub(crate) fn add_undone(tx: &mut Tx, id: ImportId, removed: i64, kept: i64) -> Result<(), Error> {
    tx.execute("update imports set removed = removed + $3, kept = kept + $4 where org_id = $1 and id = $2", params![tx.org(), id, removed, kept])
        .map(drop)
}

pub(crate) fn end_undo(tx: &mut Tx, id: ImportId, state: ImportState, undone_at: Option<Time>) -> Result<(), Error> {
    tx.execute("update imports set state = $3, undone_at = $4 where org_id = $1 and id = $2", params![tx.org(), id, state, undone_at]).map(drop)
}

/// Where a task stands; for whoever must know whether an import still runs.
pub(crate) fn task_state(tx: &mut Tx, id: TaskId) -> Result<Option<TaskState>, Error> {
    let found: Option<(TaskState,)> = tx.optional("select state from tasks where org_id = $1 and id = $2", params![tx.org(), id])?;
    Ok(found.map(|(state,)| state))
}

db::row! {
    /// Something that an import made.
    #[derive(Clone, Debug)]
    pub(crate) struct Item {
        pub kind: String,
        pub id: i64,
        pub events: i64,
        pub version: i64,
    }
}

/// Rows of one statement.
const AT_ONCE: usize = 200;

pub(crate) fn insert_items(tx: &mut Tx, import: ImportId, items: &[Item]) -> Result<(), Error> {
    for some in items.chunks(AT_ONCE) {
        let mut values = Vec::with_capacity(some.len() * 6);
        for item in some {
            values.extend(params![tx.org(), import, item.kind, item.id, item.events, item.version]);
        }
        let rows = dialect::value_rows(some.len(), 6);
        tx.execute(&format!("insert into import_items (org_id, import_id, kind, id, events, version) values {rows}"), values)?;
    }
    Ok(())
}

/// The next of what an undo has not looked at: credit notes first, because they point to orders.
pub(crate) fn next_items(tx: &mut Tx, import: ImportId, limit: i64) -> Result<Vec<Item>, Error> {
    tx.rows(
        "select kind, id, events, version
           from import_items
          where org_id = $1
            and import_id = $2
            and kept is null
          order by kind, id
          limit $3",
        params![tx.org(), import, limit],
    )
}

pub(crate) fn delete_item(tx: &mut Tx, import: ImportId, item: &Item) -> Result<(), Error> {
    tx.execute(
        "delete from import_items where org_id = $1 and import_id = $2 and kind = $3 and id = $4",
        params![tx.org(), import, item.kind, item.id],
    )
    .map(drop)
}

pub(crate) fn keep_item(tx: &mut Tx, import: ImportId, item: &Item, why: &str) -> Result<(), Error> {
    tx.execute(
        "update import_items set kept = $5 where org_id = $1 and import_id = $2 and kind = $3 and id = $4",
        params![tx.org(), import, item.kind, item.id, why],
    )
    .map(drop)
}

/// Orders that an undo left, and why, after one.
pub(crate) fn kept_orders(tx: &mut Tx, import: ImportId, after: i64, limit: i64) -> Result<Vec<(OrderId, String)>, Error> {
    tx.rows(
        "select id, kept
           from import_items
          where org_id = $1
            and import_id = $2
            and kind = 'order'
            and id > $3
            and kept is not null
          order by id
          limit $4",
        params![tx.org(), import, after, limit],
    )
}

const MAPPING: &str = "id, name, definition, version, created_at, updated_at";

pub(crate) fn find_mapping(tx: &mut Tx, id: MappingId) -> Result<Option<MappingRow>, Error> {
    tx.optional(&format!("select {MAPPING} from import_mappings where org_id = $1 and id = $2"), params![tx.org(), id])
}

pub(crate) fn mapping_named(tx: &mut Tx, name: &str) -> Result<Option<MappingRow>, Error> {
    tx.optional(&format!("select {MAPPING} from import_mappings where org_id = $1 and name_folded = $2"), params![tx.org(), fold(name)])
}

/// All mappings, by name.
pub(crate) fn list_mappings(tx: &mut Tx) -> Result<Vec<MappingRow>, Error> {
    tx.rows(&format!("select {MAPPING} from import_mappings where org_id = $1 order by name_folded limit 500"), params![tx.org()])
}

pub(crate) fn count_mappings(tx: &mut Tx) -> Result<i64, Error> {
    let (count,): (i64,) = tx.one("select count(*) from (select 1 from import_mappings where org_id = $1 limit 501) few", params![tx.org()])?;
    Ok(count)
}

pub(crate) fn insert_mapping(tx: &mut Tx, id: MappingId, name: &str, definition: &str, now: Time) -> Result<(), Error> {
    tx.execute(
        "insert into import_mappings (org_id, id, name, name_folded, definition, version, created_at, updated_at)
         values ($1, $2, $3, $4, $5, 1, $6, $6)",
        params![tx.org(), id, name, fold(name), definition, now],
    )
    .on_unique("import_mappings_name", || Error::field("name", "taken"))
    .map(drop)
}

pub(crate) fn update_mapping(tx: &mut Tx, id: MappingId, version: Version, name: &str, definition: &str, now: Time) -> Result<bool, Error> {
    let changed = tx
        .execute(
            "update import_mappings
                set name = $4, name_folded = $5, definition = $6, updated_at = $7, version = version + 1
              where org_id = $1
                and id = $2
                and version = $3",
            params![tx.org(), id, version, name, fold(name), definition, now],
        )
        .on_unique("import_mappings_name", || Error::field("name", "taken"))?;
    Ok(changed == 1)
}

pub(crate) fn delete_mapping(tx: &mut Tx, id: MappingId) -> Result<bool, Error> {
    Ok(tx.execute("delete from import_mappings where org_id = $1 and id = $2", params![tx.org(), id])? == 1)
}
