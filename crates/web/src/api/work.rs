//! Work behind the scenes: tasks that people wait for, jobs, schedules.

use base::Edge;
use base::jobs::{self, JobFilter, JobView};
use base::schedules::{self, ScheduleChange, ScheduleView};
use base::tasks::{self, TaskFilter, TaskView};
use kernel::{Error, EventId, FileId, JobId, JobKind, JobState, ScheduleId, TaskId, TaskState, Time, Version};

use super::common::{ActorView, Limit, Nothing, limit};
use super::users::needed_version;
use crate::extract::{Path, Query, Write};
use crate::respond::{Answer, Begun, List, Reply, Total, shown};
use crate::schema::{Patch, body, view};

view! {
    /// Long work that a person waits for.
    pub(crate) struct TaskJson {
        /// Which.
        id: TaskId,
        /// What kind of work.
        kind: JobKind,
        /// What it is about.
        title: String = "orders.csv",
        /// Where it stands.
        state: TaskState,
        /// How much is done.
        done: i64 = 5000,
        /// Of how much; 0 while unknown.
        total: i64 = 12000,
        /// How much could not be done.
        errors: i64 = 2,
        /// How much a second.
        rate_per_s: Option<f64> = 840.5,
        /// Seconds that are probably left.
        left_s: Option<i64> = 8,
        /// What came of it.
        result: serde_json::Value = {"orders_created": 4998},
        /// A file that came of it, such as the refused rows.
        result_file_id: Option<FileId>,
        /// Why it failed, in words.
        message: Option<String>,
        /// Whether somebody asked it to stop.
        cancel_asked: bool = false,
        /// Who wanted it.
        actor: ActorView,
        /// When it was wanted.
        created_at: Time,
        /// When it began.
        started_at: Option<Time>,
        /// When it ended.
        finished_at: Option<Time>,
    }

    /// Work to do.
    pub(crate) struct JobJson {
        /// Which.
        id: JobId,
        /// What kind.
        kind: JobKind,
        /// Where it stands.
        state: JobState,
        /// What it is about: ids, no personal data.
        payload: serde_json::Value = {"order": "ord_0000000000001"},
        /// When it is or was due.
        run_at: Time,
        /// What it follows from.
        event_id: Option<EventId>,
        /// Whose progress it makes.
        task_id: Option<TaskId>,
        /// On whose behalf.
        actor: ActorView,
        /// How often it was tried.
        attempts: u32 = 1,
        /// How often it may be tried.
        max_attempts: u32 = 10,
        /// Why it failed last.
        last_error: Option<String>,
        /// How much is done.
        done: i64 = 0,
        /// Of how much.
        of: i64 = 0,
        /// When it was made.
        created_at: Time,
        /// When it ended.
        finished_at: Option<Time>,
    }
}

view! {
    /// Work that comes again by the clock.
    pub(crate) struct ScheduleJson {
        /// Which.
        id: ScheduleId,
        /// Its name.
        name: String = "nightly-proof",
        /// What it does.
        kind: JobKind,
        /// When: minute, hour, day of the month, month, day of the week.
        cron: String = "30 3 * * *",
        /// Whose clock, an IANA name.
        zone: String = "Africa/Algiers",
        /// The hours outside of which its times are skipped; null means always.
        hours: Option<serde_json::Value>,
        /// Whether it is on.
        is_on: bool = true,
        /// When it is due next.
        next_at: Option<Time>,
        /// When it was last due.
        last_at: Option<Time>,
        /// Grows with each change by a person.
        version: Version = 1,
    }

    /// A job that was made.
    pub(crate) struct StartedJobView {
        /// The job.
        job_id: JobId,
    }
}

body! {
    /// What changes about a schedule; what is left out stays.
    pub(crate) struct ScheduleBody {
        /// When: minute, hour, day of the month, month, day of the week.
        cron: Option<String> = "30 3 * * *",
        /// Whose clock, an IANA name.
        zone: Option<String>,
        /// The hours outside of which its times are skipped; null means always.
        #[serde(default)]
        hours: Patch<serde_json::Value>,
        /// On or off.
        is_on: Option<bool> = true,
        /// The version that was read; needed here or in `If-Match`.
        version: Option<Version> = 1,
    }

    /// Which tasks.
    pub(crate) struct TaskQuery {
        /// Only those that have not ended.
        open: Option<bool>,
        /// Only this kind.
        kind: Option<JobKind>,
        /// How many, 1 to 200.
        limit: Option<Limit> = 50,
        /// Where the part before ended.
        cursor: Option<TaskId>,
    }

    /// Which jobs.
    pub(crate) struct JobQuery {
        /// Only those that stand here.
        state: Option<JobState>,
        /// Only this kind.
        kind: Option<JobKind>,
        /// Only those of this task.
        task_id: Option<TaskId>,
        /// How many, 1 to 200.
        limit: Option<Limit> = 50,
        /// Where the part before ended.
        cursor: Option<JobId>,
    }
}

impl TaskJson {
    pub(crate) fn of(task: TaskView) -> TaskJson {
        TaskJson {
            id: task.id,
            kind: task.kind,
            title: task.title,
            state: task.state,
            done: task.done,
            total: task.total,
            errors: task.errors,
            rate_per_s: task.rate_per_s,
            left_s: task.left_s,
            result: task.result,
            result_file_id: task.result_file,
            message: task.message,
            cancel_asked: task.cancel_asked,
            actor: ActorView::of(task.actor),
            created_at: task.created_at,
            started_at: task.started_at,
            finished_at: task.finished_at,
        }
    }
}

impl JobJson {
    fn of(job: JobView) -> JobJson {
        JobJson {
            id: job.id,
            kind: job.kind,
            state: job.state,
            payload: job.payload,
            run_at: job.run_at,
            event_id: job.event,
            task_id: job.task,
            actor: ActorView::of(job.actor),
            attempts: job.attempts,
            max_attempts: job.max_attempts,
            last_error: job.last_error,
            done: job.done,
            of: job.of,
            created_at: job.created_at,
            finished_at: job.finished_at,
        }
    }
}

/// A part of a list by id: one row more than asked tells that there is more.
fn part<T, I: ToString>(mut rows: Vec<T>, limit: u32, id: impl Fn(&T) -> I) -> List<T> {
    let is_more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let next_cursor = if is_more { rows.last().map(|row| id(row).to_string()) } else { None };
    let count = rows.len() as u64;
    let total = if is_more { Total::AtLeast { at_least: count + 1 } } else { Total::Exactly(count) };
    List { items: rows, next_cursor, total }
}

/// `GET /api/v1/tasks`
pub(crate) async fn list_tasks(edge: Edge, Query(query): Query<TaskQuery>) -> Reply<List<TaskJson>> {
    let limit = limit(query.limit)?;
    let filter = TaskFilter { is_open: query.open.unwrap_or(false), kind: query.kind, before: query.cursor, ..TaskFilter::default() };
    let tasks = edge.read(move |tx, ctx| tasks::list(tx, ctx, &filter, limit + 1)).await?;
    shown(part(tasks.into_iter().map(TaskJson::of).collect(), limit, |task| task.id))
}

/// `GET /api/v1/tasks/{id}`
pub(crate) async fn get_task(edge: Edge, Path(id): Path<TaskId>) -> Reply<TaskJson> {
    shown(TaskJson::of(edge.read(move |tx, ctx| tasks::view(tx, ctx, id)).await?))
}

/// `POST /api/v1/tasks/{id}/cancel`
pub(crate) async fn cancel_task(edge: Edge, Path(id): Path<TaskId>, write: Write<Nothing>) -> Answer<TaskJson> {
    Ok(edge.write_once(write.key.as_ref(), move |tx, ctx| Ok(TaskJson::of(tasks::cancel(tx, ctx, id)?))).await?.into())
}

/// `GET /api/v1/jobs`
pub(crate) async fn list_jobs(edge: Edge, Query(query): Query<JobQuery>) -> Reply<List<JobJson>> {
    let limit = limit(query.limit)?;
    let filter = JobFilter { state: query.state, kind: query.kind, task: query.task_id, before: query.cursor };
    let jobs = edge.read(move |tx, ctx| jobs::list(tx, ctx, &filter, limit + 1)).await?;
    shown(part(jobs.into_iter().map(JobJson::of).collect(), limit, |job| job.id))
}

/// `GET /api/v1/jobs/{id}`
pub(crate) async fn get_job(edge: Edge, Path(id): Path<JobId>) -> Reply<JobJson> {
    shown(JobJson::of(edge.read(move |tx, ctx| jobs::find(tx, ctx, id)).await?))
}

/// `POST /api/v1/jobs/{id}/retry`
pub(crate) async fn retry_job(edge: Edge, Path(id): Path<JobId>, write: Write<Nothing>) -> Answer<JobJson> {
    Ok(edge.write_once(write.key.as_ref(), move |tx, ctx| Ok(JobJson::of(jobs::retry(tx, ctx, id)?))).await?.into())
}

/// `POST /api/v1/jobs/{id}/cancel`
pub(crate) async fn cancel_job(edge: Edge, Path(id): Path<JobId>, write: Write<Nothing>) -> Answer<JobJson> {
    Ok(edge.write_once(write.key.as_ref(), move |tx, ctx| Ok(JobJson::of(jobs::cancel(tx, ctx, id)?))).await?.into())
}

impl ScheduleJson {
    fn of(schedule: ScheduleView) -> ScheduleJson {
        ScheduleJson {
            id: schedule.id,
            name: schedule.name,
            kind: schedule.kind,
            cron: schedule.cron,
            zone: schedule.zone,
            hours: schedule.hours.map(|hours| serde_json::to_value(hours).unwrap_or_default()),
            is_on: schedule.is_on,
            next_at: schedule.next_at,
            last_at: schedule.last_at,
            version: schedule.version,
        }
    }
}

/// `GET /api/v1/schedules`
pub(crate) async fn list_schedules(edge: Edge) -> Reply<List<ScheduleJson>> {
    let all = edge.read(schedules::list).await?;
    shown(List::whole(all.into_iter().map(ScheduleJson::of).collect()))
}

/// `PATCH /api/v1/schedules/{id}`
pub(crate) async fn change_schedule(edge: Edge, Path(id): Path<ScheduleId>, write: Write<ScheduleBody>) -> Answer<ScheduleJson> {
    let ScheduleBody { cron, zone, hours, is_on, version } = write.body;
    let version = needed_version(write.if_match, version)?;
    let read = |hours| serde_json::from_value(hours).map_err(|error| Error::field("hours", "format").with("expected", error));
    let hours = match hours {
        Patch::Keep => None,
        Patch::Set(None) => Some(None),
        Patch::Set(Some(hours)) => Some(Some(read(hours)?)),
    };
    let change = ScheduleChange { cron, zone, hours, is_on };
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| Ok(ScheduleJson::of(schedules::change(tx, ctx, id, &change, version)?)));
    Ok(answer.await?.into())
}

/// `POST /api/v1/schedules/{id}/run`
pub(crate) async fn run_schedule(edge: Edge, Path(id): Path<ScheduleId>, write: Write<Nothing>) -> Begun<StartedJobView> {
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| Ok(StartedJobView { job_id: schedules::run_now(tx, ctx, id)? }));
    Ok(answer.await?.into())
}
