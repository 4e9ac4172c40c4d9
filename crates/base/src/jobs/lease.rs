//! Leases on jobs, and what becomes of a job after a run: the worker's side.
//!
//! A lease is a worker's id and a time in the row of the job. Each write of a run names the worker, so
//! that one which lost its lease writes nothing.

use db::{SystemTx, Tx, dialect, params};
use kernel::value::{ToValue, Value};
use kernel::{Actor, Error, EventId, JobId, JobKind, JobState, OrgId, TaskId, Time};
use serde_json::Value as Json;

use super::{Job, Next, backoff_us, json_of, max_attempts};
use crate::ctx::Ctx;
use crate::edge::JOB_TOPIC;
use crate::tasks;

/// How long a lease lasts without a heartbeat.
pub(crate) const LEASE_US: i64 = 60 * Time::SECOND;
/// Most jobs that one lease takes.
pub(crate) const LEASED_AT_ONCE: usize = 32;

/// Where there is something to do, and when there will be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Due {
    /// Organizations with due jobs or spent leases, and whether there are spent leases.
    pub(crate) orgs: Vec<(OrgId, bool)>,
    /// When the next job is due that is not yet.
    pub(crate) next: Option<Time>,
}

db::row! {
    struct DueRow {
        id: OrgId,
        next: Option<Time>,
        spent: Option<Time>,
    }
}

/// One look at all organizations; each costs two steps into an index.
pub(crate) fn due(tx: &mut SystemTx, now: Time) -> Result<Due, Error> {
    let rows: Vec<DueRow> = tx.rows(
        "select o.id,
                (select min(j.run_at) from jobs j where j.org_id = o.id and j.state = 'waiting') as next,
                (select min(j.leased_until) from jobs j where j.org_id = o.id and j.state = 'running') as spent
           from organizations o
          order by o.id
          limit 100000",
        params![],
    )?;
    let mut due = Due::default();
    for row in rows {
        let is_due = |at: Option<Time>| at.is_some_and(|at| at <= now);
        if is_due(row.next) || is_due(row.spent) {
            due.orgs.push((row.id, is_due(row.spent)));
        } else {
            due.next = [due.next, row.next, row.spent].into_iter().flatten().min();
        }
    }
    Ok(due)
}

/// A worker's hold on the jobs that it leased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Holder(pub(crate) i64);

impl ToValue for Holder {
    fn to_value(&self) -> Value {
        Value::Int(self.0)
    }
}

db::row! {
    struct LeasedRow {
        id: JobId,
        kind: JobKind,
        payload: String,
        run_at: Time,
        event_id: Option<EventId>,
        task_id: Option<TaskId>,
        actor_kind: String,
        actor_id: Option<i64>,
        attempts: u32,
        cursor: Option<String>,
        done: i64,
        created_at: Time,
    }
}

/// Takes due jobs of these kinds, the longest due first. Each kind is looked up by itself, so that what is due of
/// others is not read through.
pub(crate) fn lease(tx: &mut Tx, holder: Holder, now: Time, kinds: &[JobKind], limit: usize) -> Result<Vec<Job>, Error> {
    if kinds.is_empty() || limit == 0 {
        return Ok(Vec::new());
    }
    let mut values = params![tx.org(), now, now.plus_us(LEASE_US), holder];
    let skip = dialect::for_update_skip_locked(tx.engine());
    let of_kind = |place: usize| {
        format!(
            "select id, run_at
               from (select id, run_at
                       from jobs
                      where org_id = $1
                        and state = 'waiting'
                        and kind = ${}
                        and run_at <= $2
                      order by run_at, id
                      limit {limit}{skip}) of_kind",
            values.len() + 1 + place
        )
    };
    let of_kinds: Vec<String> = (0..kinds.len()).map(of_kind).collect();
    values.extend(kinds.iter().map(ToValue::to_value));
    // A common table expression that locks runs once; as a plain subquery it may run for each row,
    // and take more than its limit. That they wait is known of those that it found; asked once more, all that
    // wait would be read for it.
    let sql = format!(
        "with due as (select id
                        from ({of_kinds}) of_kinds
                       order by run_at, id
                       limit {limit})
         update jobs
            set state = 'running', leased_by = $4, leased_until = $3, attempts = attempts + 1
          where org_id = $1
            and id in (select id from due)
      returning id, kind, payload, run_at, event_id, task_id, actor_kind, actor_id, attempts, cursor, done, created_at",
        of_kinds = of_kinds.join(" union all "),
    );
    let org = tx.org();
    let rows: Vec<LeasedRow> = tx.rows(&sql, values)?;
    let mut jobs: Vec<Job> = rows.into_iter().map(|row| job_of(org, row)).collect();
    jobs.sort_by_key(|job| (job.run_at, job.id));
    Ok(jobs)
}

fn job_of(org: OrgId, row: LeasedRow) -> Job {
    Job {
        org,
        id: row.id,
        kind: row.kind,
        payload: json_of(&row.payload),
        run_at: row.run_at,
        event: row.event_id,
        task: row.task_id,
        actor: Actor::from_columns(&row.actor_kind, row.actor_id),
        attempts: row.attempts,
        cursor: row.cursor.as_deref().map_or(Json::Null, json_of),
        done: row.done,
        created_at: row.created_at,
    }
}

/// Renews leases. Only of what the worker has in its hands: what it lost track of shall come back.
pub(crate) fn extend(tx: &mut Tx, holder: Holder, now: Time, jobs: &[JobId]) -> Result<u64, Error> {
    let mut values = params![tx.org(), holder, now.plus_us(LEASE_US)];
    let markers = dialect::markers(values.len() + 1, jobs.len());
    values.extend(jobs.iter().map(ToValue::to_value));
    let sql = format!("update jobs set leased_until = $3 where org_id = $1 and leased_by = $2 and state = 'running' and id in ({markers})");
    tx.execute(&sql, values)
}

/// Gives a lease back. An attempt that never began does not count.
pub(crate) fn give_back(tx: &mut Tx, holder: Holder, job: JobId, has_begun: bool) -> Result<(), Error> {
    let given = tx.execute(
        "update jobs
            set state = 'waiting', leased_by = null, leased_until = null, attempts = attempts - $4
          where org_id = $1
            and id = $2
            and leased_by = $3
            and state = 'running'",
        params![tx.org(), job, holder, !has_begun],
    )?;
    if given > 0 {
        tx.touch(JOB_TOPIC, job);
    }
    Ok(())
}

db::row! {
    struct Spent {
        id: JobId,
        kind: JobKind,
        attempts: u32,
        task_id: Option<TaskId>,
        leased_by: i64,
    }
}

/// Sends jobs whose lease is spent back to waiting, or buries them when that happened too often. With
/// `alive`, also those of all other workers: on the embedded engine a lease of another process is one
/// of a process that is gone.
pub(crate) fn expire(tx: &mut Tx, ctx: &Ctx, alive: Option<&[Holder]>) -> Result<u64, Error> {
    let mut values = params![tx.org(), ctx.now];
    let mut condition = "leased_until <= $2".to_owned();
    if let Some(alive) = alive {
        let markers = dialect::markers(values.len() + 1, alive.len());
        values.extend(alive.iter().map(ToValue::to_value));
        condition = format!("({condition} or leased_by not in ({markers}))");
    }
    let sql = format!("select id, kind, attempts, task_id, leased_by from jobs where org_id = $1 and state = 'running' and {condition} limit 1000");
    let spent: Vec<Spent> = tx.rows(&sql, values)?;
    for job in &spent {
        bury_or_return(tx, ctx, job)?;
    }
    Ok(spent.len() as u64)
}

fn bury_or_return(tx: &mut Tx, ctx: &Ctx, job: &Spent) -> Result<(), Error> {
    let why = "its worker went away before it was done";
    let is_last = job.attempts >= max_attempts(job.kind);
    let state = if is_last { JobState::Dead } else { JobState::Waiting };
    let changed = tx.execute(
        "update jobs
            set state = $4, leased_by = null, leased_until = null, run_at = $3, last_error = $5, finished_at = $6
          where org_id = $1
            and id = $2
            and leased_by = $7
            and attempts = $8
            and state = 'running'",
        params![tx.org(), job.id, ctx.now, state, why, is_last.then_some(ctx.now), job.leased_by, job.attempts],
    )?;
    // A heartbeat or another worker was quicker.
    if changed == 0 {
        return Ok(());
    }
    tracing::warn!(job.id = %job.id, job.kind = %job.kind, "A job came back: {why}");
    if let (true, Some(task)) = (is_last, job.task_id) {
        tasks::failed(tx, ctx, task, why)?;
    }
    tx.touch(JOB_TOPIC, job.id);
    Ok(())
}

/// What a worker hears when its lease is gone: somebody else has the job, or it was called off.
pub(crate) const LOST: &str = "job.lost";

/// Writes what becomes of a job after a run; the last statement of the run's transaction.
pub(crate) fn settle(tx: &mut Tx, ctx: &Ctx, holder: Holder, job: &Job, next: &Next) -> Result<(), Error> {
    match next {
        Next::Done => {
            ended(tx, ctx, holder, job, JobState::Done, None)?;
            if let Some(task) = job.task {
                tasks::done(tx, ctx, task)?;
            }
        }
        Next::Slice { cursor, done, of } => {
            save_slice(tx, holder, job, cursor, *done, *of)?;
            if let Some(task) = job.task {
                tasks::progress(tx, ctx, task, tasks::Progress { done: *done, of: *of, errors: None })?;
            }
        }
        // Never at once: a job that has nothing to do must not spin.
        Next::Later { at } => waits(tx, holder, job, (*at).max(ctx.now.plus_us(1_000)), 0, None)?,
        Next::Again { why } => failed(tx, ctx, holder, job, why)?,
        Next::Fail { why } => dies(tx, ctx, holder, job, why)?,
    }
    Ok(())
}

/// Writes that a job was called off while it ran.
pub(crate) fn stopped(tx: &mut Tx, ctx: &Ctx, holder: Holder, job: &Job) -> Result<(), Error> {
    ended(tx, ctx, holder, job, JobState::Cancelled, None)?;
    if let Some(task) = job.task {
        tasks::finish(tx, ctx, task, &tasks::Outcome::default())?;
    }
    Ok(())
}

/// Writes that a run failed: the job waits a while, or dies when that happened too often.
pub(crate) fn failed(tx: &mut Tx, ctx: &Ctx, holder: Holder, job: &Job, why: &str) -> Result<(), Error> {
    if job.attempts >= max_attempts(job.kind) {
        return dies(tx, ctx, holder, job, why);
    }
    let at = ctx.now.plus_us(backoff_us(job.attempts, rand::random()));
    waits(tx, holder, job, at, job.attempts, Some(why))
}

fn dies(tx: &mut Tx, ctx: &Ctx, holder: Holder, job: &Job, why: &str) -> Result<(), Error> {
    ended(tx, ctx, holder, job, JobState::Dead, Some(why))?;
    if let Some(task) = job.task {
        tasks::failed(tx, ctx, task, why)?;
    }
    tx.touch(JOB_TOPIC, job.id);
    Ok(())
}

fn ended(tx: &mut Tx, ctx: &Ctx, holder: Holder, job: &Job, state: JobState, why: Option<&str>) -> Result<(), Error> {
    let changed = tx.execute(
        "update jobs
            set state = $4, finished_at = $5, last_error = $6, leased_by = null, leased_until = null
          where org_id = $1
            and id = $2
            and leased_by = $3
            and state = 'running'",
        params![tx.org(), job.id, holder, state, ctx.now, why.map(shortened)],
    )?;
    held(changed)
}

fn waits(tx: &mut Tx, holder: Holder, job: &Job, at: Time, attempts: u32, why: Option<&str>) -> Result<(), Error> {
    let changed = tx.execute(
        "update jobs
            set state = 'waiting', run_at = $4, attempts = $5, last_error = $6, leased_by = null, leased_until = null
          where org_id = $1
            and id = $2
            and leased_by = $3
            and state = 'running'",
        params![tx.org(), job.id, holder, at, attempts, why.map(shortened)],
    )?;
    held(changed)
}

/// Writes how far a job is; it stays with its worker, and its attempts begin anew.
pub(crate) fn save_slice(tx: &mut Tx, holder: Holder, job: &Job, cursor: &Json, done: i64, of: i64) -> Result<(), Error> {
    let changed = tx.execute(
        "update jobs
            set cursor = $4, done = $5, total = $6, attempts = 1
          where org_id = $1
            and id = $2
            and leased_by = $3
            and state = 'running'",
        params![tx.org(), job.id, holder, cursor.to_string(), done, of],
    )?;
    held(changed)
}

fn held(changed: u64) -> Result<(), Error> {
    if changed == 0 { Err(Error::conflict(LOST)) } else { Ok(()) }
}

/// At most 1,000 bytes: some errors carry a whole page.
fn shortened(text: &str) -> &str {
    kernel::cut(text, 1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_error_is_cut_between_signs() {
        assert_eq!(shortened("short"), "short");
        assert!(shortened(&"é".repeat(900)).len() <= 1_000);
    }
}
