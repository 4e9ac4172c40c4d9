//! Jobs: work that happens later, written in the transaction that calls for it.
//!
//! A job waits until its time, is leased by a worker, and ends as done, dead or cancelled. It may run
//! twice and must not mind: it loads the present state and brings the world to it. What always holds:
//!
//! - of jobs with the same `unique_key` at most one waits or runs;
//! - a worker writes to a job only while it holds the lease, so what a job wrote and its end are one
//!   transaction, and a worker that lost its lease leaves nothing;
//! - an attempt counts from the lease on, so a job that kills its process dies, too, in the end.
//!
//! Not here: running them (worker), what a kind does (the app's table of runners), which event calls
//! for which job (reactions).

pub(crate) mod lease;

use db::{OnUnique, SystemTx, Tx, dialect, params};
use futures_util::future::BoxFuture;
use kernel::value::{ToValue, Value};
use kernel::{Actor, Error, Event, EventId, JobId, JobKind, JobState, OrgId, Permission, TaskId, Time};
use serde_json::Value as Json;

use crate::ctx::Ctx;
use crate::edge::JOB_TOPIC;
use crate::events;
use crate::http::{HttpRequest, HttpResponse};
use crate::mail::Mail;
use crate::tasks;
use crate::worker::TaskRun;

/// Most jobs of one page, and how far a list with a filter on the kind looks back.
pub const MAX_PAGE: u32 = 200;
const LOOK_BACK: u32 = 20_000;
/// A job due within this time wakes the workers; a later one is found in time by looking.
const SOON_US: i64 = 5 * Time::SECOND;
const FIRST_WAIT_US: i64 = 10 * Time::SECOND;
const LONGEST_WAIT_US: i64 = Time::HOUR;
/// PostgreSQL takes 65,535 values in one statement.
const ROWS_AT_ONCE: usize = 1_000;

/// Ids and payloads of the jobs of a kind that may still run.
pub(crate) fn payloads(tx: &mut Tx, kind: JobKind) -> Result<Vec<(JobId, Json)>, Error> {
    let rows: Vec<(JobId, String)> = tx.rows(
        "select id, payload from jobs where org_id = $1 and kind = $2 and state in ('waiting', 'running', 'dead') order by id limit 100000",
        params![tx.org(), kind],
    )?;
    Ok(rows.into_iter().map(|(id, payload)| (id, json_of(&payload))).collect())
}

/// Puts another payload into the place of a job's.
pub(crate) fn set_payload(tx: &mut Tx, id: JobId, payload: &Json) -> Result<(), Error> {
    tx.execute("update jobs set payload = $3 where org_id = $1 and id = $2", params![tx.org(), id, payload.to_string()]).map(drop)
}

/// Work to be done.
#[derive(Clone, Debug, PartialEq)]
pub struct NewJob {
    /// What to do.
    pub kind: JobKind,
    /// With what: ids, not copies. Personal data and secrets are sealed before.
    pub payload: Json,
    /// Not before.
    pub run_at: Time,
    /// No second job with this key while one waits or runs.
    pub unique_key: Option<String>,
    /// The event it follows from; undoing that calls it off.
    pub event: Option<EventId>,
    /// The task it works for.
    pub task: Option<TaskId>,
}

impl NewJob {
    /// A job to be done at once, on its own.
    pub fn now(ctx: &Ctx, kind: JobKind, payload: Json) -> NewJob {
        NewJob { kind, payload, run_at: ctx.now, unique_key: None, event: None, task: None }
    }
}

/// A job in the hands of a worker.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// Whose.
    pub org: OrgId,
    /// Which.
    pub id: JobId,
    /// What to do.
    pub kind: JobKind,
    /// With what.
    pub payload: Json,
    /// When it was due.
    pub run_at: Time,
    /// The event it follows from.
    pub event: Option<EventId>,
    /// The task it works for.
    pub task: Option<TaskId>,
    /// Who asked for it.
    pub actor: Actor,
    /// Which attempt this is, from 1.
    pub attempts: u32,
    /// Where the last slice ended; null before the first one.
    pub cursor: Json,
    /// How much the slices did so far.
    pub done: i64,
    /// When it was enqueued.
    pub created_at: Time,
}

/// How a kind of job is done. The app has a table of them.
#[derive(Clone, Copy)]
pub enum Runner {
    /// In one transaction of our database.
    Local(fn(&mut Tx, &Ctx, &Job) -> Result<Next, Error>),
    /// With a request to somebody else, sent while no transaction is open.
    Outside {
        /// Reads, and says what to send.
        ask: fn(&mut Tx, &Ctx, &Job) -> Result<Ask, Error>,
        /// Writes what was answered; the job ends in the same transaction.
        heard: fn(&mut Tx, &Ctx, &Job, &Heard) -> Result<Next, Error>,
    },
    /// Long work with files or many transactions, which it takes care to be able to begin again.
    Task(fn(TaskRun) -> BoxFuture<'static, Result<Next, Error>>),
}

/// What to send.
#[derive(Clone, Debug)]
pub enum Ask {
    /// A request.
    Http(HttpRequest),
    /// A mail.
    Mail(Mail),
    /// Nothing: there is no need any more. The job is done.
    Nothing,
}

/// What came back. An error is a sentence without secrets.
#[derive(Clone, Debug)]
pub enum Heard {
    /// An answer with any status, or none.
    Http(Result<HttpResponse, String>),
    /// Whether the mail is on its way.
    Mail(Result<(), String>),
}

/// What becomes of a job after a run. An error, on the other hand, takes back what the run wrote, and
/// the job is tried again after a while, until it has been tried too often.
#[derive(Clone, Debug, PartialEq)]
pub enum Next {
    /// It is done.
    Done,
    /// There is more to do from here on. It goes on at once, behind people who wait.
    Slice {
        /// Where to go on.
        cursor: Json,
        /// How much is done.
        done: i64,
        /// Of how much; 0 when nobody knows.
        of: i64,
    },
    /// Nothing to do yet. Does not count as an attempt.
    Later {
        /// When to look again.
        at: Time,
    },
    /// It is tried again after a while, like after an error, but what the run wrote stays.
    Again {
        /// Why, for people.
        why: String,
    },
    /// Trying again is useless; a person decides.
    Fail {
        /// Why, for people.
        why: String,
    },
}

/// What became of the jobs of an event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CancelledJobs {
    /// Called off before they began.
    pub cancelled: u64,
    /// Begun, done or dead: their effects may be outside.
    pub started: u64,
}

/// How often a kind is tried before a person must look.
pub fn max_attempts(kind: JobKind) -> u32 {
    match kind {
        JobKind::NotifyCustomer | JobKind::SendMessage | JobKind::SendMail => 12,
        JobKind::PushToErp => 20,
        JobKind::ReleaseHold | JobKind::RaiseEscalation | JobKind::NotifyEscalation => 12,
        JobKind::ImportOrders | JobKind::UndoImport | JobKind::Export | JobKind::Backup => 5,
        JobKind::VerifyChain => 5,
        JobKind::TryRules | JobKind::MoveSubstatuses => 8,
        JobKind::Retag | JobKind::FillField => 8,
        JobKind::MergeCustomers | JobKind::ExportPerson | JobKind::ErasePerson => 12,
        JobKind::Bulk => 8,
        // The next one of the schedule does the same.
        JobKind::ForgetInactive => 3,
        JobKind::SealEvents | JobKind::ProveCounters | JobKind::Purge | JobKind::SweepFiles => 3,
    }
}

/// How long to wait after this many failed attempts: 10 s, doubled each time, at most an hour, and of
/// that between half and all, so that what failed together does not come back together. `chance` is
/// from 0 to 1.
pub fn backoff_us(attempts: u32, chance: f64) -> i64 {
    let doubled = FIRST_WAIT_US.saturating_mul(1 << attempts.saturating_sub(1).min(20));
    let whole = doubled.min(LONGEST_WAIT_US);
    whole / 2 + (whole as f64 / 2.0 * chance.clamp(0.0, 1.0)) as i64
}

/// Enqueues a job; `None` when a twin with the same unique key waits or runs.
pub fn enqueue(tx: &mut Tx, ctx: &Ctx, job: NewJob) -> Result<Option<JobId>, Error> {
    let id: JobId = tx.new_id();
    let inserted = insert(tx, ctx, &[(id, &job)])?;
    if inserted > 0 && job.run_at.since_us(ctx.now) < SOON_US {
        tx.touch(JOB_TOPIC, id);
    }
    Ok((inserted > 0).then_some(id))
}

/// Enqueues several jobs with one statement; answers how many had no twin.
pub fn enqueue_all(tx: &mut Tx, ctx: &Ctx, jobs: Vec<NewJob>) -> Result<u64, Error> {
    let mut inserted = 0;
    for jobs in jobs.chunks(ROWS_AT_ONCE) {
        let rows: Vec<(JobId, &NewJob)> = jobs.iter().map(|job| (tx.new_id(), job)).collect();
        inserted += insert(tx, ctx, &rows)?;
        // One bell is enough: a worker that wakes takes all that is due.
        if let Some((id, _)) = rows.iter().find(|(_, job)| job.run_at.since_us(ctx.now) < SOON_US) {
            tx.touch(JOB_TOPIC, *id);
        }
    }
    Ok(inserted)
}

fn insert(tx: &mut Tx, ctx: &Ctx, jobs: &[(JobId, &NewJob)]) -> Result<u64, Error> {
    if jobs.is_empty() {
        return Ok(0);
    }
    let (actor_kind, actor_id) = ctx.actor.columns();
    let mut values: Vec<Value> = Vec::with_capacity(4 + 7 * jobs.len());
    values.extend([tx.org().to_value(), ctx.now.to_value(), actor_kind.to_value(), actor_id.to_value()]);
    let mut sql = String::with_capacity(200 + 80 * jobs.len());
    sql.push_str(
        "insert into jobs (org_id, created_at, actor_kind, actor_id, state, id, kind, payload, run_at, unique_key, event_id, task_id) values ",
    );
    for (at, (id, job)) in jobs.iter().enumerate() {
        let comma = if at == 0 { "" } else { ", " };
        sql.push_str(&format!("{comma}($1, $2, $3, $4, 'waiting', {})", dialect::markers(values.len() + 1, 7)));
        let payload = job.payload.to_string();
        values.extend(params![id, job.kind, payload, job.run_at, job.unique_key, job.event, job.task]);
    }
    sql.push_str(" on conflict do nothing");
    tx.execute(&sql, values)
}

/// Calls off what was to follow from an event. The caller decides what it means that some had started;
/// it has to answer an error to take the cancelling back.
pub fn cancel_of_event(tx: &mut Tx, ctx: &Ctx, event: EventId) -> Result<CancelledJobs, Error> {
    let cancelled = tx.execute(
        "update jobs
            set state = 'cancelled', finished_at = $3
          where org_id = $1
            and event_id = $2
            and state = 'waiting'
            and attempts = 0",
        params![tx.org(), event, ctx.now],
    )?;
    let (started,): (i64,) = tx.one(
        "select count(*) as started
           from jobs
          where org_id = $1
            and event_id = $2
            and state <> 'cancelled'",
        params![tx.org(), event],
    )?;
    Ok(CancelledJobs { cancelled, started: started as u64 })
}

/// Calls off what waits to follow from anything that happened to this thing: it is about to go. Answers how many.
pub fn cancel_of_subject(tx: &mut Tx, ctx: &Ctx, prefix: &str, id: i64) -> Result<u64, Error> {
    tx.execute(
        "update jobs
            set state = 'cancelled', finished_at = $4
          where org_id = $1
            and state = 'waiting'
            and event_id in (select id from events where org_id = $1 and subject_kind = $2 and subject_id = $3)",
        params![tx.org(), prefix, id, ctx.now],
    )
}

/// Which jobs to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JobFilter {
    /// In this state alone.
    pub state: Option<JobState>,
    /// Of this kind alone, among the newest 20,000.
    pub kind: Option<JobKind>,
    /// Of this task alone.
    pub task: Option<TaskId>,
    /// Older than this one: the last of the page before.
    pub before: Option<JobId>,
}

/// A job as people see it.
#[derive(Clone, Debug, PartialEq)]
pub struct JobView {
    /// Which.
    pub id: JobId,
    /// What it does.
    pub kind: JobKind,
    /// Where it stands.
    pub state: JobState,
    /// With what; secrets in it are sealed.
    pub payload: Json,
    /// When it is or was due.
    pub run_at: Time,
    /// The event it follows from.
    pub event: Option<EventId>,
    /// The task it works for.
    pub task: Option<TaskId>,
    /// Who asked for it.
    pub actor: Actor,
    /// How often it was tried.
    pub attempts: u32,
    /// After how many it dies.
    pub max_attempts: u32,
    /// Why the last attempt failed.
    pub last_error: Option<String>,
    /// How much is done.
    pub done: i64,
    /// Of how much; 0 when nobody knows.
    pub of: i64,
    /// When it was enqueued.
    pub created_at: Time,
    /// When it was done, died or was called off.
    pub finished_at: Option<Time>,
}

db::row! {
    struct Listed {
        id: JobId,
        kind: JobKind,
        state: JobState,
        payload: String,
        run_at: Time,
        event_id: Option<EventId>,
        task_id: Option<TaskId>,
        actor_kind: String,
        actor_id: Option<i64>,
        attempts: u32,
        last_error: Option<String>,
        done: i64,
        total: i64,
        created_at: Time,
        finished_at: Option<Time>,
    }
}

impl From<Listed> for JobView {
    fn from(row: Listed) -> JobView {
        JobView {
            id: row.id,
            kind: row.kind,
            state: row.state,
            payload: json_of(&row.payload),
            run_at: row.run_at,
            event: row.event_id,
            task: row.task_id,
            actor: Actor::from_columns(&row.actor_kind, row.actor_id),
            attempts: row.attempts,
            max_attempts: max_attempts(row.kind),
            last_error: row.last_error,
            done: row.done,
            of: row.total,
            created_at: row.created_at,
            finished_at: row.finished_at,
        }
    }
}

const LISTED: &str = "id, kind, state, payload, run_at, event_id, task_id, actor_kind, actor_id, attempts, last_error, done, total, created_at, \
                      finished_at";

/// Jobs, the newest first, at most `limit` (and [`MAX_PAGE`]). Needs `system.read`.
pub fn list(tx: &mut Tx, ctx: &Ctx, filter: &JobFilter, limit: u32) -> Result<Vec<JobView>, Error> {
    ctx.require(Permission::SystemRead)?;

    let mut values = params![tx.org()];
    let mut conditions = String::new();
    let mut and = |text: &str, value: Value| {
        values.push(value);
        conditions.push_str(&format!(" and {text} ${}", values.len()));
    };
    if let Some(before) = filter.before {
        and("id <", before.to_value());
    }
    if let Some(task) = filter.task {
        and("task_id =", task.to_value());
    }
    // The word itself, not a marker: only then an engine knows that a partial index serves.
    if let Some(state) = filter.state {
        conditions.push_str(&format!(" and state = '{state}'"));
    }
    // One more than a page tells whether there is another.
    let limit = limit.min(MAX_PAGE + 1);
    let sql = match filter.kind {
        None => format!("select {LISTED} from jobs where org_id = $1{conditions} order by id desc limit {limit}"),
        Some(kind) => {
            values.push(kind.to_value());
            format!(
                "select {LISTED}
                   from (select {LISTED} from jobs where org_id = $1{conditions} order by id desc limit {LOOK_BACK}) newest
                  where kind = ${}
                  order by id desc
                  limit {limit}",
                values.len()
            )
        }
    };
    let rows: Vec<Listed> = tx.rows(&sql, values)?;
    Ok(rows.into_iter().map(JobView::from).collect())
}

/// One job. Needs `system.read`.
pub fn find(tx: &mut Tx, ctx: &Ctx, id: JobId) -> Result<JobView, Error> {
    ctx.require(Permission::SystemRead)?;
    load(tx, id)?.ok_or(Error::not_found("job"))
}

fn load(tx: &mut Tx, id: JobId) -> Result<Option<JobView>, Error> {
    let row: Option<Listed> = tx.optional(&format!("select {LISTED} from jobs where org_id = $1 and id = $2"), params![tx.org(), id])?;
    Ok(row.map(JobView::from))
}

/// Sends a dead job to work again, with all its attempts. Needs `system.edit`.
///
/// `Conflict` `job.state` when it is not dead, `job.twin` when another one with its key waits or runs.
pub fn retry(tx: &mut Tx, ctx: &Ctx, id: JobId) -> Result<JobView, Error> {
    ctx.require(Permission::SystemEdit)?;

    let job = load(tx, id)?.ok_or(Error::not_found("job"))?;
    if job.state != JobState::Dead {
        return Err(Error::conflict("job.state").with("state", job.state));
    }

    let changed = tx
        .execute(
            "update jobs
                set state = 'waiting', run_at = $3, attempts = 0, finished_at = null
              where org_id = $1
                and id = $2
                and state = 'dead'",
            params![tx.org(), id, ctx.now],
        )
        .on_unique("jobs_unique", || Error::conflict("job.twin"))?;
    if changed == 0 {
        return Err(Error::conflict("job.state"));
    }
    if let Some(task) = job.task {
        tasks::reopen(tx, ctx, task)?;
    }
    events::record(tx, ctx, Event::JobRetried { job: id })?;
    tx.touch(JOB_TOPIC, id);

    Ok(JobView { state: JobState::Waiting, run_at: ctx.now, attempts: 0, finished_at: None, ..job })
}

/// Calls off a job that waits or is dead. Needs `system.edit`.
///
/// `Conflict` `job.state` when it runs or has ended: a running task is asked to stop by `tasks::cancel`.
pub fn cancel(tx: &mut Tx, ctx: &Ctx, id: JobId) -> Result<JobView, Error> {
    ctx.require(Permission::SystemEdit)?;

    let job = load(tx, id)?.ok_or(Error::not_found("job"))?;
    let changed = tx.execute(
        "update jobs
            set state = 'cancelled', finished_at = $3
          where org_id = $1
            and id = $2
            and state in ('waiting', 'dead')",
        params![tx.org(), id, ctx.now],
    )?;
    if changed == 0 {
        return Err(Error::conflict("job.state").with("state", job.state));
    }
    if let Some(task) = job.task {
        tasks::cancelled(tx, ctx, task)?;
    }
    events::record(tx, ctx, Event::JobCancelled { job: id })?;
    tx.touch(JOB_TOPIC, id);

    Ok(JobView { state: JobState::Cancelled, finished_at: Some(ctx.now), ..job })
}

/// Calls off the waiting jobs of a task; answers how many.
pub(crate) fn cancel_of_task(tx: &mut Tx, ctx: &Ctx, task: TaskId) -> Result<u64, Error> {
    tx.execute(
        "update jobs
            set state = 'cancelled', finished_at = $3
          where org_id = $1
            and task_id = $2
            and state in ('waiting', 'dead')",
        params![tx.org(), task, ctx.now],
    )
}

/// Removes at most `limit` done and cancelled jobs that are older than the settings keep them; answers
/// how many. Dead ones stay until somebody decides.
pub fn purge(tx: &mut Tx, ctx: &Ctx, limit: u32) -> Result<u64, Error> {
    let until = ctx.now.plus_us(-i64::from(ctx.settings.retention.job_log_days).saturating_mul(Time::DAY));
    tx.execute(
        "delete from jobs
          where org_id = $1
            and id in (select id
                         from jobs
                        where org_id = $1
                          and state in ('done', 'cancelled')
                          and finished_at <= $2
                        order by finished_at, id
                        limit $3)",
        params![tx.org(), until, limit],
    )
}

/// The state of all organizations' jobs, for the health page and metrics.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JobHealth {
    /// How long the oldest job has been due, in microseconds; 0 when none is.
    pub oldest_due_us: i64,
    /// Jobs that are due, at most 10,001 of each organization counted.
    pub due: u64,
    /// Jobs in the hands of workers.
    pub running: u64,
    /// Dead jobs, at most 10,001 of each organization counted.
    pub dead: u64,
}

/// Looks at all organizations.
pub fn health(tx: &mut SystemTx, now: Time) -> Result<JobHealth, Error> {
    let mut health = JobHealth::default();
    for org in organizations(tx)? {
        let one = tx.with_org(org, |tx| health_of(tx, now))?;
        health.oldest_due_us = health.oldest_due_us.max(one.oldest_due_us);
        health.due += one.due;
        health.running += one.running;
        health.dead += one.dead;
    }
    Ok(health)
}

/// The state of the transaction's organization's jobs.
pub fn health_of(tx: &mut Tx, now: Time) -> Result<JobHealth, Error> {
    let (oldest,): (Option<Time>,) = tx.one(
        "select min(run_at) as oldest
           from jobs
          where org_id = $1
            and state = 'waiting'
            and run_at <= $2",
        params![tx.org(), now],
    )?;
    let mut count = |condition: &str| -> Result<u64, Error> {
        let sql = format!("select count(*) as n from (select 1 as one from jobs where org_id = $1 and {condition} limit 10001) counted");
        let values = if condition.contains("$2") { params![tx.org(), now] } else { params![tx.org()] };
        let (n,): (i64,) = tx.one(&sql, values)?;
        Ok(n as u64)
    };
    Ok(JobHealth {
        oldest_due_us: oldest.map_or(0, |oldest| now.since_us(oldest)),
        due: count("state = 'waiting' and run_at <= $2")?,
        running: count("state = 'running'")?,
        dead: count("state = 'dead'")?,
    })
}

fn organizations(tx: &mut SystemTx) -> Result<Vec<OrgId>, Error> {
    let rows: Vec<(OrgId,)> = tx.rows("select id from organizations order by id limit 100000", params![])?;
    Ok(rows.into_iter().map(|(org,)| org).collect())
}

fn json_of(text: &str) -> Json {
    serde_json::from_str(text).unwrap_or(Json::Null)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_grows_and_is_spread() {
        assert_eq!(backoff_us(1, 0.0), 5 * Time::SECOND);
        assert_eq!(backoff_us(1, 1.0), 10 * Time::SECOND);
        assert_eq!(backoff_us(3, 1.0), 40 * Time::SECOND);
        assert_eq!(backoff_us(12, 1.0), Time::HOUR);
        assert_eq!(backoff_us(u32::MAX, 0.0), Time::HOUR / 2);
        for attempts in 1..40 {
            assert!(backoff_us(attempts, 0.3) <= backoff_us(attempts + 1, 0.3));
        }
    }
}
