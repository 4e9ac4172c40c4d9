//! Tasks: long work that a person waits for. One row shown by API, page and live alike.
//!
//! The work itself is a job that names the task; the task ends with its job, in the same transaction.
//! Progress is written by whoever does the work; [`crate::worker::TaskRun`] sees to it that this
//! happens at most every 300 ms.

use db::{Tx, params};
use kernel::value::{ToValue, Value};
use kernel::{Actor, Error, FileId, JobId, JobKind, Permission, TaskId, TaskState, Time};
use serde_json::Value as Json;

use crate::ctx::Ctx;
use crate::jobs::{self, NewJob};

/// The live topic of tasks.
pub const TASK_TOPIC: &str = "task";
/// Most tasks of one page.
pub const MAX_PAGE: u32 = 200;
/// Ended tasks are kept as long as finished jobs, but at least this long.
const KEPT_AT_LEAST_DAYS: u32 = 7;

/// Work that somebody will wait for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTask {
    /// What is done.
    pub kind: JobKind,
    /// What people call it: the name of the file. No personal data.
    pub title: String,
}

/// How far a task is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// How much is done.
    pub done: i64,
    /// Of how much; 0 when nobody knows.
    pub of: i64,
    /// How much of it was refused; `None` leaves the count as it is.
    pub errors: Option<i64>,
}

/// What came of a task.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    /// Figures, as the kind of work defines them.
    pub result: Json,
    /// What was made, or what was refused.
    pub file: Option<FileId>,
    /// How much was refused; `None` leaves the count as it is.
    pub errors: Option<i64>,
}

/// A task as people see it.
#[derive(Clone, Debug, PartialEq)]
pub struct TaskView {
    /// Which.
    pub id: TaskId,
    /// What is done.
    pub kind: JobKind,
    /// What people call it.
    pub title: String,
    /// Where it stands.
    pub state: TaskState,
    /// How much is done.
    pub done: i64,
    /// Of how much; 0 when nobody knows.
    pub total: i64,
    /// How much of it was refused.
    pub errors: i64,
    /// How much was done each second on average; unknown before the first progress.
    pub rate_per_s: Option<f64>,
    /// Seconds to the end at that rate, while it runs.
    pub left_s: Option<i64>,
    /// Figures; null before the end.
    pub result: Json,
    /// What was made, or what was refused.
    pub result_file: Option<FileId>,
    /// Why it failed.
    pub message: Option<String>,
    /// Whether somebody asked it to stop.
    pub cancel_asked: bool,
    /// Who asked for it.
    pub actor: Actor,
    /// When it was asked for.
    pub created_at: Time,
    /// When it began.
    pub started_at: Option<Time>,
    /// When it ended.
    pub finished_at: Option<Time>,
}

db::row! {
    struct TaskRow {
        id: TaskId,
        kind: JobKind,
        title: String,
        state: TaskState,
        done: i64,
        total: i64,
        errors: i64,
        result: Option<String>,
        result_file: Option<FileId>,
        message: Option<String>,
        cancel_asked: bool,
        actor_kind: String,
        actor_id: Option<i64>,
        created_at: Time,
        started_at: Option<Time>,
        finished_at: Option<Time>,
    }
}

const COLUMNS: &str = "id, kind, title, state, done, total, errors, result, result_file, message, cancel_asked, actor_kind, actor_id, created_at, \
                       started_at, finished_at";

impl TaskView {
    fn of(row: TaskRow, now: Time) -> TaskView {
        let ran_us = row.started_at.map(|started| row.finished_at.unwrap_or(now).since_us(started).max(1));
        let rate_per_s = ran_us.filter(|_| row.done > 0).map(|us| rate(row.done, us));
        let left = (row.total > row.done && row.state == TaskState::Running).then_some(row.total - row.done);
        TaskView {
            id: row.id,
            kind: row.kind,
            title: row.title,
            state: row.state,
            done: row.done,
            total: row.total,
            errors: row.errors,
            rate_per_s,
            left_s: left.zip(rate_per_s).map(|(left, rate)| (left as f64 / rate).ceil() as i64),
            result: row.result.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or(Json::Null),
            result_file: row.result_file,
            message: row.message,
            cancel_asked: row.cancel_asked,
            actor: Actor::from_columns(&row.actor_kind, row.actor_id),
            created_at: row.created_at,
            started_at: row.started_at,
            finished_at: row.finished_at,
        }
    }
}

/// How much a second, to a tenth.
fn rate(done: i64, us: i64) -> f64 {
    let exact = done as f64 * Time::SECOND as f64 / us as f64;
    if exact < 10.0 { exact } else { (exact * 10.0).round() / 10.0 }
}

/// Makes a task; its job is enqueued by the caller, and names it. Whether the caller may is decided by
/// the action that wants the work.
pub fn create(tx: &mut Tx, ctx: &Ctx, task: NewTask) -> Result<TaskId, Error> {
    let id: TaskId = tx.new_id();
    let (actor_kind, actor_id) = ctx.actor.columns();
    tx.execute(
        "insert into tasks (org_id, id, kind, title, state, actor_kind, actor_id, created_at)
         values ($1, $2, $3, $4, 'waiting', $5, $6, $7)",
        params![tx.org(), id, task.kind, task.title, actor_kind, actor_id, ctx.now],
    )?;
    tx.touch(TASK_TOPIC, id);
    Ok(id)
}

/// Makes a task and the job that does it. `Conflict` `task.twin` when a job with this unique key waits
/// or runs already.
pub fn enqueue(tx: &mut Tx, ctx: &Ctx, task: NewTask, payload: Json, unique_key: Option<String>) -> Result<(TaskId, JobId), Error> {
    let kind = task.kind;
    let id = create(tx, ctx, task)?;
    let job = NewJob { unique_key, task: Some(id), ..NewJob::now(ctx, kind, payload) };
    let job = jobs::enqueue(tx, ctx, job)?.ok_or(Error::conflict("task.twin"))?;
    Ok((id, job))
}

/// One task: one's own, or any with `system.read`.
pub fn view(tx: &mut Tx, ctx: &Ctx, id: TaskId) -> Result<TaskView, Error> {
    let row: Option<TaskRow> = tx.optional(&format!("select {COLUMNS} from tasks where org_id = $1 and id = $2"), params![tx.org(), id])?;
    let task = row.map(|row| TaskView::of(row, ctx.now)).ok_or(Error::not_found("task"))?;
    if task.actor == ctx.actor || ctx.can(Permission::SystemRead) { Ok(task) } else { Err(Error::not_found("task")) }
}

/// Which tasks to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaskFilter {
    /// Those that wait or run.
    pub is_open: bool,
    /// Of this kind alone.
    pub kind: Option<JobKind>,
    /// One's own alone, also for those who may see all.
    pub is_own: bool,
    /// Older than this one: the last of the page before.
    pub before: Option<TaskId>,
}

/// Tasks, the newest first: one's own, or all with `system.read`.
pub fn list(tx: &mut Tx, ctx: &Ctx, filter: &TaskFilter, limit: u32) -> Result<Vec<TaskView>, Error> {
    let mut values = params![tx.org()];
    let mut conditions = String::new();
    let mut and = |text: &str, value: Value| {
        values.push(value);
        conditions.push_str(&format!(" and {text} ${}", values.len()));
    };
    if let Some(before) = filter.before {
        and("id <", before.to_value());
    }
    if let Some(kind) = filter.kind {
        and("kind =", kind.to_value());
    }
    if filter.is_own || !ctx.can(Permission::SystemRead) {
        let (kind, id) = ctx.actor.columns();
        and("actor_kind =", kind.to_value());
        and("actor_id =", id.to_value());
    }
    if filter.is_open {
        conditions.push_str(" and state in ('waiting', 'running')");
    }
    // One more than a page tells whether there is another.
    let limit = limit.min(MAX_PAGE + 1);
    let rows: Vec<TaskRow> = tx.rows(&format!("select {COLUMNS} from tasks where org_id = $1{conditions} order by id desc limit {limit}"), values)?;
    Ok(rows.into_iter().map(|row| TaskView::of(row, ctx.now)).collect())
}

/// The newest task of a kind, whosever it is. Who may see it is decided by the action that asks.
pub(crate) fn newest_of(tx: &mut Tx, ctx: &Ctx, kind: JobKind) -> Result<Option<TaskView>, Error> {
    let sql = format!("select {COLUMNS} from tasks where org_id = $1 and kind = $2 order by id desc limit 1");
    let row: Option<TaskRow> = tx.optional(&sql, params![tx.org(), kind])?;
    Ok(row.map(|row| TaskView::of(row, ctx.now)))
}

/// Asks a task to stop: one's own, or any with `system.edit`. One that has not begun ends at once; one
/// that runs stops when its work looks next. `Conflict` `task.state` when it has ended.
pub fn cancel(tx: &mut Tx, ctx: &Ctx, id: TaskId) -> Result<TaskView, Error> {
    let task = view(tx, ctx, id)?;
    if task.actor != ctx.actor {
        ctx.require(Permission::SystemEdit)?;
    }
    if !matches!(task.state, TaskState::Waiting | TaskState::Running) {
        return Err(Error::conflict("task.state").with("state", task.state));
    }

    // The job first, as everywhere, so that nobody waits in a circle.
    let has_not_begun = jobs::cancel_of_task(tx, ctx, id)? > 0;
    tx.execute("update tasks set cancel_asked = 1 where org_id = $1 and id = $2", params![tx.org(), id])?;
    if has_not_begun {
        cancelled(tx, ctx, id)?;
    }
    tx.touch(TASK_TOPIC, id);

    view(tx, ctx, id)
}

/// Notes that the work has begun; the first beginning counts.
pub fn start(tx: &mut Tx, ctx: &Ctx, id: TaskId) -> Result<(), Error> {
    let changed = tx.execute(
        "update tasks
            set state = 'running', started_at = coalesce(started_at, $3)
          where org_id = $1
            and id = $2
            and state in ('waiting', 'running')",
        params![tx.org(), id, ctx.now],
    )?;
    if changed > 0 {
        tx.touch(TASK_TOPIC, id);
    }
    Ok(())
}

/// Notes how far the work is; nothing when the task has ended.
pub fn progress(tx: &mut Tx, ctx: &Ctx, id: TaskId, progress: Progress) -> Result<(), Error> {
    let changed = tx.execute(
        "update tasks
            set state = 'running', started_at = coalesce(started_at, $6), done = $3, total = $4, errors = coalesce($5, errors)
          where org_id = $1
            and id = $2
            and state in ('waiting', 'running')",
        params![tx.org(), id, progress.done, progress.of, progress.errors, ctx.now],
    )?;
    if changed > 0 {
        tx.touch(TASK_TOPIC, id);
    }
    Ok(())
}

/// Ends a task well, with what came of it. When somebody asked it to stop and not all is done, it ends
/// as cancelled, with what was done until then.
pub fn finish(tx: &mut Tx, ctx: &Ctx, id: TaskId, outcome: &Outcome) -> Result<(), Error> {
    let result = if outcome.result.is_null() { None } else { Some(outcome.result.to_string()) };
    let changed = tx.execute(
        "update tasks
            set state = case when cancel_asked = 1 and (total = 0 or done < total) then 'cancelled' else 'done' end,
                result = coalesce($3, result),
                result_file = coalesce($4, result_file),
                errors = coalesce($5, errors),
                started_at = coalesce(started_at, $6),
                finished_at = $6
          where org_id = $1
            and id = $2
            and state in ('waiting', 'running')",
        params![tx.org(), id, result, outcome.file, outcome.errors, ctx.now],
    )?;
    if changed > 0 {
        tx.touch(TASK_TOPIC, id);
    }
    Ok(())
}

/// Its job is done: it ends well unless the work has ended it.
pub(crate) fn done(tx: &mut Tx, ctx: &Ctx, id: TaskId) -> Result<(), Error> {
    finish(tx, ctx, id, &Outcome::default())
}

/// Its job died.
pub(crate) fn failed(tx: &mut Tx, ctx: &Ctx, id: TaskId, why: &str) -> Result<(), Error> {
    end(tx, ctx, id, TaskState::Failed, Some(why))
}

/// Its job was called off.
pub(crate) fn cancelled(tx: &mut Tx, ctx: &Ctx, id: TaskId) -> Result<(), Error> {
    end(tx, ctx, id, TaskState::Cancelled, None)
}

fn end(tx: &mut Tx, ctx: &Ctx, id: TaskId, state: TaskState, why: Option<&str>) -> Result<(), Error> {
    tx.execute(
        "update tasks
            set state = $3, message = $4, finished_at = $5
          where org_id = $1
            and id = $2
            and state in ('waiting', 'running', 'failed')",
        params![tx.org(), id, state, why.map(|why| kernel::cut(why, 1_000)), ctx.now],
    )?;
    tx.touch(TASK_TOPIC, id);
    Ok(())
}

/// Its dead job is sent to work again.
pub(crate) fn reopen(tx: &mut Tx, _ctx: &Ctx, id: TaskId) -> Result<(), Error> {
    tx.execute(
        "update tasks
            set state = 'waiting', message = null, finished_at = null, cancel_asked = 0
          where org_id = $1
            and id = $2
            and state = 'failed'",
        params![tx.org(), id],
    )?;
    tx.touch(TASK_TOPIC, id);
    Ok(())
}

/// Whether somebody asked the task to stop.
pub fn is_cancel_asked(tx: &mut Tx, id: TaskId) -> Result<bool, Error> {
    let row: Option<(bool,)> = tx.optional("select cancel_asked from tasks where org_id = $1 and id = $2", params![tx.org(), id])?;
    Ok(row.is_some_and(|(asked,)| asked))
}

/// Removes at most `limit` ended tasks that are older than the settings keep finished jobs; answers
/// how many.
pub fn purge(tx: &mut Tx, ctx: &Ctx, limit: u32) -> Result<u64, Error> {
    let days = ctx.settings.retention.job_log_days.max(KEPT_AT_LEAST_DAYS);
    tx.execute(
        "delete from tasks
          where org_id = $1
            and id in (select id
                         from tasks
                        where org_id = $1
                          and finished_at is not null
                          and finished_at <= $2
                        order by finished_at, id
                        limit $3)",
        params![tx.org(), ctx.now.plus_us(-i64::from(days) * Time::DAY), limit],
    )
}

#[cfg(test)]
mod tests {
    use kernel::Id;

    use super::*;

    fn row(state: TaskState, done: i64, total: i64, started_s: i64) -> TaskRow {
        TaskRow {
            id: TaskId::from_i64(1),
            kind: JobKind::ImportOrders,
            title: "orders.csv".into(),
            state,
            done,
            total,
            errors: 0,
            result: None,
            result_file: None,
            message: None,
            cancel_asked: false,
            actor_kind: "system".into(),
            actor_id: None,
            created_at: Time(0),
            started_at: Some(Time(started_s * Time::SECOND)),
            finished_at: None,
        }
    }

    #[test]
    fn rate_and_time_left_are_reckoned() {
        let now = Time(110 * Time::SECOND);
        let task = TaskView::of(row(TaskState::Running, 500, 2_000, 100), now);
        assert_eq!((task.rate_per_s, task.left_s), (Some(50.0), Some(30)));
        let task = TaskView::of(row(TaskState::Running, 0, 2_000, 100), now);
        assert_eq!((task.rate_per_s, task.left_s), (None, None));
        let task = TaskView::of(row(TaskState::Running, 1, 4, 110), now);
        assert_eq!(task.left_s, Some(1), "at once");
        let task = TaskView::of(row(TaskState::Failed, 500, 2_000, 100), now);
        assert_eq!(task.left_s, None);
    }
}
