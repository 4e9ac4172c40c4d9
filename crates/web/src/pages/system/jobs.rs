//! Work behind the scenes, piece by piece: what waits, runs, has failed for good; with its error, its retry, its end.

use axum::http::{Method, Uri};
use axum::response::Response;
use base::Edge;
use base::jobs::{self, JobFilter, JobView};
use base::system::is_keeper;
use kernel::{Error, JobId, JobKind, JobState, Permission};

use super::Tab;
use super::view::{JobRow, JobsPage};
use crate::error::{Outcome, Problem};
use crate::extract::{Info, Path};
use crate::format::Format;
use crate::pages::context::{Reader, html, see};
use crate::pages::imports::param;
use crate::pages::progress::{People, job_badge, work_name};
use crate::pages::view::{Choice, Choosable, EmptyState, Pager, Toast};
use crate::router::{Access, Route};
use crate::words::Words;

/// Jobs on a page.
const PAGE: u32 = 50;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::page(Method::GET, "/app/system/jobs", Access::Needs(Permission::SystemRead), "page_jobs", show),
        Route::page(Method::POST, "/app/system/jobs/{id}/retry", Access::Needs(Permission::SystemEdit), "page_retry_job", retry),
        Route::page(Method::POST, "/app/system/jobs/{id}/cancel", Access::Needs(Permission::SystemEdit), "page_cancel_job", cancel),
    ]
}

/// What the address says.
#[derive(Clone, Debug, Default)]
struct Asked {
    filter: JobFilter,
    done: Option<String>,
}

impl Asked {
    fn read(uri: &Uri) -> Asked {
        let filter = JobFilter {
            state: param(uri, "state").and_then(|word| word.parse().ok()),
            kind: param(uri, "kind").and_then(|word| word.parse().ok()),
            task: None,
            before: param(uri, "before").and_then(|id| id.parse().ok()),
        };
        Asked { filter, done: param(uri, "done") }
    }
}

/// The address of a list.
fn address(state: Option<JobState>, kind: Option<JobKind>, before: Option<JobId>) -> String {
    let mut parts = Vec::new();
    parts.extend(state.map(|state| format!("state={state}")));
    parts.extend(kind.map(|kind| format!("kind={kind}")));
    parts.extend(before.map(|before| format!("before={before}")));
    if parts.is_empty() { Tab::Jobs.href().to_owned() } else { format!("{}?{}", Tab::Jobs.href(), parts.join("&")) }
}

/// `GET /app/system/jobs`
async fn show(edge: Edge, info: Info, uri: Uri) -> Outcome<Response> {
    page(&edge, &info, Asked::read(&uri), None).await
}

async fn page(edge: &Edge, info: &Info, asked: Asked, problem: Option<&Problem>) -> Outcome<Response> {
    let filter = asked.filter.clone();
    let (reader, mut found, people) = edge
        .read(move |tx, ctx| {
            let reader = Reader::load(tx, ctx)?;
            let found = jobs::list(tx, ctx, &filter, PAGE + 1)?;
            let people = People::load(tx, ctx, found.iter().map(|job| job.actor))?;
            Ok((reader, found, people))
        })
        .await?;
    let is_keeper = is_keeper(edge).await?;
    let say = Words { locale: edge.ctx.locale };
    let format = reader.format(&edge.ctx);
    let JobFilter { state, kind, before, .. } = asked.filter;
    let is_last = found.len() <= PAGE as usize;
    found.truncate(PAGE as usize);
    let next = found.last().filter(|_| !is_last).map(|job| address(state, kind, Some(job.id)));
    let can_edit = edge.ctx.can(Permission::SystemEdit);
    let count = found.len() as i64;
    let rows: Vec<JobRow> = found.into_iter().map(|job| row(say, &format, &people, job, can_edit)).collect();
    let toast = match asked.done.as_deref() {
        Some("retried") => Some(Toast::done(say.t("system-job-retried"))),
        Some("cancelled") => Some(Toast::done(say.t("system-job-cancelled"))),
        _ => None,
    };
    let states = [None, Some(JobState::Waiting), Some(JobState::Running), Some(JobState::Dead), Some(JobState::Done), Some(JobState::Cancelled)];
    let label = |one: Option<JobState>| say.t(one.map_or("system-all", |state| job_badge(state).key));
    let empty = match state {
        Some(JobState::Dead) => ("circle-check", "t-ok", "system-no-dead-title", "system-no-dead-text"),
        _ => ("clock", "t-neu", "system-no-jobs-title", "system-no-jobs-text"),
    };
    let template = JobsPage {
        page: reader.shell(&edge.ctx, info, Tab::Jobs.place(say, toast)),
        tabs: Tab::Jobs.tabs(&edge.ctx, is_keeper),
        states: states.into_iter().map(|one| (address(one, kind, None), label(one), one == state)).collect(),
        state: state.map(|state| state.to_string()).unwrap_or_default(),
        kind: kind_choice(say, kind),
        rows,
        empty: EmptyState {
            icon: empty.0,
            tone: empty.1,
            title: say.t(empty.2),
            text: say.t(empty.3),
            action: (state.is_some() || kind.is_some()).then(|| (Tab::Jobs.href().to_owned(), say.t("system-all-jobs"))),
        },
        pager: Pager {
            say,
            range: say.count("system-jobs-count", count, &format.number(count)),
            previous: before.map(|_| address(state, kind, None)),
            next,
        },
        problem: problem.map(|problem| problem.title(say.locale)),
    };
    let mut response = html(&template)?;
    if let Some(problem) = problem {
        *response.status_mut() = problem.status();
    }
    Ok(response)
}

/// Kinds of work to filter by.
fn kind_choice(say: Words, chosen: Option<JobKind>) -> Choice {
    let chosen = chosen.map(|kind| kind.to_string()).unwrap_or_default();
    let mut options = vec![Choosable::new("", say.t("system-any-kind"), &chosen)];
    options.extend(JobKind::ALL.iter().map(|kind| Choosable::new(kind.as_str(), work_name(say, *kind), &chosen)));
    Choice { name: "kind", label: say.t("system-kind"), options, ..Choice::default() }
}

fn row(say: Words, format: &Format, people: &People, job: JobView, can_edit: bool) -> JobRow {
    let is_over = job.finished_at.is_some();
    let mut facts = vec![
        (say.t("system-fact-id"), job.id.to_string()),
        (say.t("system-fact-made"), format.exact(job.created_at)),
        (say.t(if is_over { "system-fact-was-due" } else { "system-fact-due" }), format.exact(job.run_at)),
    ];
    facts.extend(job.finished_at.map(|at| (say.t("system-fact-ended"), format.exact(at))));
    facts.extend(job.event.map(|event| (say.t("system-fact-event"), event.to_string())));
    facts.extend(job.task.map(|task| (say.t("system-fact-task"), task.to_string())));
    if job.done > 0 {
        facts.push((say.t("system-fact-done"), format.number(job.done)));
    }
    let shown_at = job.finished_at.unwrap_or(job.run_at);
    JobRow {
        id: job.id.to_string(),
        name: work_name(say, job.kind),
        badge: job_badge(job.state),
        tries: say.with("system-tries", &[("n", job.attempts.to_string()), ("most", job.max_attempts.to_string())]),
        error: job.last_error.filter(|_| job.state != JobState::Done),
        by: people.name(say, job.actor),
        facts,
        payload: serde_json::to_string_pretty(&job.payload).unwrap_or_default(),
        at: format.moment(shown_at),
        at_exact: format.exact(shown_at),
        at_iso: format.iso(shown_at),
        can_retry: can_edit && job.state == JobState::Dead,
        can_cancel: can_edit && matches!(job.state, JobState::Waiting | JobState::Dead),
    }
}

/// `POST /app/system/jobs/{id}/retry`
async fn retry(Path(id): Path<JobId>, edge: Edge, info: Info) -> Outcome<Response> {
    let done = edge.write(move |tx, ctx| jobs::retry(tx, ctx, id)).await;
    answered(&edge, &info, done, "retried").await
}

/// `POST /app/system/jobs/{id}/cancel`
async fn cancel(Path(id): Path<JobId>, edge: Edge, info: Info) -> Outcome<Response> {
    let done = edge.write(move |tx, ctx| jobs::cancel(tx, ctx, id)).await;
    answered(&edge, &info, done, "cancelled").await
}

async fn answered(edge: &Edge, info: &Info, done: Result<JobView, Error>, word: &str) -> Outcome<Response> {
    match done {
        Ok(job) => {
            Ok(see(&format!("{}?state={}&done={word}", Tab::Jobs.href(), if job.state == JobState::Cancelled { JobState::Dead } else { job.state })))
        }
        Err(error @ Error::Conflict { .. }) => page(edge, info, Asked::default(), Some(&Problem::from(error))).await,
        Err(other) => Err(other.into()),
    }
}
