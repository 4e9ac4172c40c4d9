//! The SQL of `bulk_runs` and `bulk_items`.

use db::{Tx, Value, dialect, params, row};
use kernel::value::ToValue;
use kernel::{Actor, BulkId, Error, OrderId, TaskId, TaskState, Time, Version};

use crate::model::{BulkState, BulkWord, ItemFilter, Outcome, UndoOutcome};

row! {
    /// A run as it is kept.
    #[derive(Clone, Debug)]
    pub(crate) struct Run {
        pub(crate) id: BulkId,
        pub(crate) action: String,
        pub(crate) query: Option<String>,
        pub(crate) newest: OrderId,
        pub(crate) state: BulkState,
        pub(crate) task_id: Option<TaskId>,
        pub(crate) start_wanted: Option<String>,
        pub(crate) start_at: Option<Time>,
        pub(crate) found: i64,
        pub(crate) tried: Option<String>,
        pub(crate) done: i64,
        pub(crate) unchanged: i64,
        pub(crate) refused: i64,
        pub(crate) skipped: i64,
        pub(crate) undone: i64,
        pub(crate) kept: i64,
        pub(crate) stop_at: Option<i64>,
        pub(crate) stop_ppm: Option<i64>,
        pub(crate) judged_from: i64,
        pub(crate) refused_from: i64,
        pub(crate) undo_until: Option<Time>,
        pub(crate) actor_kind: String,
        pub(crate) actor_id: Option<i64>,
        pub(crate) created_at: Time,
        pub(crate) started_at: Option<Time>,
        pub(crate) ended_at: Option<Time>,
        pub(crate) task_state: Option<TaskState>,
    }

    /// An order of a run as it is kept.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub(crate) struct ItemRow {
        pub(crate) order_id: OrderId,
        pub(crate) position: i64,
        pub(crate) version: Version,
        pub(crate) would: Option<String>,
        pub(crate) outcome: Outcome,
        pub(crate) code: Option<String>,
        pub(crate) args: Option<String>,
        pub(crate) before: Option<String>,
        pub(crate) version_after: Option<Version>,
        pub(crate) undo: Option<UndoOutcome>,
        pub(crate) undo_code: Option<String>,
        pub(crate) at: Option<Time>,
    }
}

impl Run {
    pub(crate) fn actor(&self) -> Actor {
        Actor::from_columns(&self.actor_kind, self.actor_id)
    }
}

const RUN: &str = "b.id, b.action, b.query, b.newest, b.state, b.task_id, b.start_wanted, b.start_at, b.found, b.tried, b.done, b.unchanged, \
     b.refused, b.skipped, b.undone, b.kept, b.stop_at, b.stop_ppm, b.judged_from, b.refused_from, b.undo_until, b.actor_kind, b.actor_id, \
     b.created_at, b.started_at, b.ended_at, t.state as task_state
  from bulk_runs b
  left join tasks t
    on t.org_id = b.org_id
   and t.id = b.task_id";

const ITEM: &str = "order_id, position, version, would, outcome, code, args, before, version_after, undo, undo_code, at";

pub(crate) struct NewRun<'a> {
    pub(crate) id: BulkId,
    pub(crate) word: BulkWord,
    pub(crate) action: &'a str,
    pub(crate) query: Option<&'a str>,
    pub(crate) newest: OrderId,
    pub(crate) start_wanted: Option<&'a str>,
    pub(crate) actor: Actor,
    pub(crate) now: Time,
}

pub(crate) fn insert(tx: &mut Tx, new: &NewRun<'_>) -> Result<(), Error> {
    let (actor_kind, actor_id) = new.actor.columns();
    tx.execute(
        "insert into bulk_runs
           (org_id, id, word, action, query, newest, state, start_wanted, found, done, unchanged, refused, skipped, undone, kept,
            judged_from, refused_from, actor_kind, actor_id, created_at)
         values ($1, $2, $3, $4, $5, $6, 'preparing', $7, 0, 0, 0, 0, 0, 0, 0, 0, 0, $8, $9, $10)",
        params![tx.org(), new.id, new.word, new.action, new.query, new.newest, new.start_wanted, actor_kind, actor_id, new.now],
    )?;
    Ok(())
}

pub(crate) fn find(tx: &mut Tx, id: BulkId) -> Result<Option<Run>, Error> {
    tx.optional(&format!("select {RUN} where b.org_id = $1 and b.id = $2"), params![tx.org(), id])
}

/// The same, kept from others until the end of the transaction.
pub(crate) fn find_to_change(tx: &mut Tx, id: BulkId) -> Result<Option<Run>, Error> {
    let lock = dialect::for_update(tx.engine());
    if !lock.is_empty() {
        let _: Option<(BulkId,)> = tx.optional(&format!("select id from bulk_runs where org_id = $1 and id = $2{lock}"), params![tx.org(), id])?;
    }
    find(tx, id)
}

/// Runs, the newest first; of one actor, or of all.
pub(crate) fn list(tx: &mut Tx, actor: Option<Actor>, before: Option<BulkId>, limit: u32) -> Result<Vec<Run>, Error> {
    let mut values = params![tx.org()];
    let mut conditions = String::new();
    let mut and = |text: &str, value: Value| {
        values.push(value);
        conditions.push_str(&format!(" and {text} ${}", values.len()));
    };
    if let Some(before) = before {
        and("b.id <", before.to_value());
    }
    if let Some(actor) = actor {
        let (kind, id) = actor.columns();
        and("b.actor_kind =", kind.to_value());
        and("b.actor_id =", id.to_value());
    }
    tx.rows(&format!("select {RUN} where b.org_id = $1{conditions} order by b.id desc limit {limit}"), values)
}

/// Where a run stands now, and which task works on it.
pub(crate) fn set_state(tx: &mut Tx, id: BulkId, state: BulkState, task: Option<TaskId>) -> Result<(), Error> {
    tx.execute(
        "update bulk_runs
            set state = $3, task_id = coalesce($4, task_id)
          where org_id = $1
            and id = $2",
        params![tx.org(), id, state, task],
    )?;
    Ok(())
}

/// It is prepared: so many orders, and what the trial said.
pub(crate) fn set_prepared(tx: &mut Tx, id: BulkId, found: i64, tried: &str) -> Result<(), Error> {
    tx.execute(
        "update bulk_runs
            set state = 'ready', found = $3, tried = $4
          where org_id = $1
            and id = $2",
        params![tx.org(), id, found, tried],
    )?;
    Ok(())
}

/// It begins, or goes on.
pub(crate) struct Begin {
    pub(crate) state: BulkState,
    pub(crate) task: TaskId,
    pub(crate) start_at: Option<Time>,
    pub(crate) stop_at: Option<i64>,
    pub(crate) stop_ppm: Option<i64>,
    pub(crate) judged_from: i64,
    pub(crate) refused_from: i64,
}

pub(crate) fn set_begun(tx: &mut Tx, id: BulkId, begin: &Begin) -> Result<(), Error> {
    tx.execute(
        "update bulk_runs
            set state = $3, task_id = $4, start_at = $5, stop_at = $6, stop_ppm = $7, judged_from = $8, refused_from = $9, ended_at = null
          where org_id = $1
            and id = $2",
        params![tx.org(), id, begin.state, begin.task, begin.start_at, begin.stop_at, begin.stop_ppm, begin.judged_from, begin.refused_from],
    )?;
    Ok(())
}

pub(crate) fn set_running(tx: &mut Tx, id: BulkId, now: Time) -> Result<(), Error> {
    tx.execute(
        "update bulk_runs
            set state = 'running', started_at = coalesce(started_at, $3)
          where org_id = $1
            and id = $2",
        params![tx.org(), id, now],
    )?;
    Ok(())
}

pub(crate) fn set_ended(tx: &mut Tx, id: BulkId, state: BulkState, undo_until: Option<Time>, now: Time) -> Result<(), Error> {
    tx.execute(
        "update bulk_runs
            set state = $3, undo_until = coalesce($4, undo_until), ended_at = $5
          where org_id = $1
            and id = $2",
        params![tx.org(), id, state, undo_until, now],
    )?;
    Ok(())
}

/// What changed in the counts of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) done: i64,
    pub(crate) unchanged: i64,
    pub(crate) refused: i64,
    pub(crate) skipped: i64,
    pub(crate) undone: i64,
    pub(crate) kept: i64,
}

pub(crate) fn add_counts(tx: &mut Tx, id: BulkId, counts: &Counts, undo_until: Option<Time>) -> Result<(), Error> {
    tx.execute(
        "update bulk_runs
            set done = done + $3, unchanged = unchanged + $4, refused = refused + $5, skipped = skipped + $6, undone = undone + $7,
                kept = kept + $8, undo_until = coalesce($9, undo_until)
          where org_id = $1
            and id = $2",
        params![tx.org(), id, counts.done, counts.unchanged, counts.refused, counts.skipped, counts.undone, counts.kept, undo_until],
    )?;
    Ok(())
}

/// An order on its way into the set.
pub(crate) struct NewItem {
    pub(crate) order: OrderId,
    pub(crate) position: i64,
    pub(crate) version: Version,
    pub(crate) outcome: Outcome,
    pub(crate) code: Option<&'static str>,
}

/// Adds orders to the set; one that is there already stays as it is.
pub(crate) fn insert_items(tx: &mut Tx, id: BulkId, items: &[NewItem]) -> Result<u64, Error> {
    let mut inserted = 0;
    for items in items.chunks(500) {
        let mut values = params![tx.org(), id];
        let mut rows = Vec::with_capacity(items.len());
        for item in items {
            rows.push(format!("($1, $2, {})", dialect::markers(values.len() + 1, 5)));
            values.extend(params![item.order, item.position, item.version, item.outcome, item.code]);
        }
        let sql = format!(
            "insert into bulk_items (org_id, bulk_id, order_id, position, version, outcome, code)
             values {}
             on conflict do nothing",
            rows.join(", ")
        );
        inserted += tx.execute(&sql, values)?;
    }
    Ok(inserted)
}

/// Orders that wait, in their order, up to a place.
pub(crate) fn waiting(tx: &mut Tx, id: BulkId, until: Option<i64>, limit: usize) -> Result<Vec<ItemRow>, Error> {
    tx.rows(
        &format!(
            "select {ITEM}
               from bulk_items
              where org_id = $1
                and bulk_id = $2
                and outcome = 'waiting'
                and position <= $3
              order by position
              limit {limit}"
        ),
        params![tx.org(), id, until.unwrap_or(i64::MAX)],
    )
}

/// The place of the n-th order that waits; none when there are fewer.
pub(crate) fn nth_waiting(tx: &mut Tx, id: BulkId, nth: i64) -> Result<Option<i64>, Error> {
    let found: Option<(i64,)> = tx.optional(
        "select position
           from bulk_items
          where org_id = $1
            and bulk_id = $2
            and outcome = 'waiting'
          order by position
          limit 1 offset $3",
        params![tx.org(), id, nth - 1],
    )?;
    Ok(found.map(|(position,)| position))
}

/// A part of the orders, in their order.
pub(crate) fn items(tx: &mut Tx, id: BulkId, filter: &ItemFilter, limit: u32) -> Result<Vec<ItemRow>, Error> {
    let mut values = params![tx.org(), id, filter.after];
    let mut conditions = String::new();
    let mut and = |text: &str, value: Value| {
        values.push(value);
        conditions.push_str(&format!(" and {}", text.replace('?', &format!("${}", values.len()))));
    };
    if let Some(outcome) = filter.outcome {
        and("outcome = ?", outcome.to_value());
    }
    if let Some(code) = &filter.code {
        and("(code = ? or would = ?)", code.to_value());
    }
    if let Some(undo) = filter.undo {
        and("undo = ?", undo.to_value());
    }
    tx.rows(
        &format!("select {ITEM} from bulk_items where org_id = $1 and bulk_id = $2 and position > $3{conditions} order by position limit {limit}"),
        values,
    )
}

/// Writes these orders back as they are now, with one statement. They are there, so nothing is inserted.
pub(crate) fn save(tx: &mut Tx, id: BulkId, items: &[ItemRow]) -> Result<(), Error> {
    for items in items.chunks(200) {
        let mut values = params![tx.org(), id];
        let mut rows = Vec::with_capacity(items.len());
        for item in items {
            rows.push(format!("($1, $2, {})", dialect::markers(values.len() + 1, 12)));
            values.extend(params![
                item.order_id,
                item.position,
                item.version,
                item.would,
                item.outcome,
                item.code,
                item.args,
                item.before,
                item.version_after,
                item.undo,
                item.undo_code,
                item.at
            ]);
        }
        let sql = format!(
            "insert into bulk_items
               (org_id, bulk_id, order_id, position, version, would, outcome, code, args, before, version_after, undo, undo_code, at)
             values {}
             on conflict (org_id, bulk_id, order_id) do update
                set version = excluded.version, would = excluded.would, outcome = excluded.outcome, code = excluded.code, args = excluded.args,
                    before = excluded.before, version_after = excluded.version_after, undo = excluded.undo, undo_code = excluded.undo_code,
                    at = excluded.at",
            rows.join(", ")
        );
        tx.execute(&sql, values)?;
    }
    Ok(())
}

/// Takes orders out of a set that is made anew, at most `limit`; answers how many.
pub(crate) fn clear(tx: &mut Tx, id: BulkId, limit: u32) -> Result<u64, Error> {
    tx.execute(
        "delete from bulk_items
          where org_id = $1
            and bulk_id = $2
            and order_id in (select order_id from bulk_items where org_id = $1 and bulk_id = $2 order by order_id limit $3)",
        params![tx.org(), id, limit],
    )
}

/// The oldest run that was asked for before this time and has come to rest.
pub(crate) fn oldest(tx: &mut Tx, before: Time) -> Result<Option<BulkId>, Error> {
    let found: Option<(BulkId,)> = tx.optional(
        "select b.id
           from bulk_runs b
           left join tasks t
             on t.org_id = b.org_id
            and t.id = b.task_id
          where b.org_id = $1
            and b.created_at < $2
            and (t.state is null or t.state not in ($3, $4))
          order by b.id
          limit 1",
        params![tx.org(), before, TaskState::Waiting, TaskState::Running],
    )?;
    Ok(found.map(|(id,)| id))
}

pub(crate) fn remove(tx: &mut Tx, id: BulkId) -> Result<(), Error> {
    tx.execute("delete from bulk_runs where org_id = $1 and id = $2", params![tx.org(), id])?;
    Ok(())
}
