//! Work that comes again by the clock: when it was and will be, its times, on and off, and now.

use axum::http::{Method, StatusCode, Uri};
use axum::response::Response;
use base::Edge;
use base::schedules::{self, ScheduleChange, ScheduleView};
use base::system::is_keeper;
use kernel::{Error, Permission, ScheduleId, Version};
use serde::Deserialize;

use super::Tab;
use super::view::{ScheduleRow, SchedulesPage};
use crate::badges::Badge;
use crate::error::{Outcome, Problem};
use crate::extract::{Form, Info, Path};
use crate::format::Format;
use crate::pages::context::{Reader, html, see};
use crate::pages::imports::param;
use crate::pages::progress::work_name;
use crate::pages::view::Toast;
use crate::router::{Access, Route};
use crate::words::Words;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::page(Method::GET, "/app/system/schedules", Access::Needs(Permission::SystemRead), "page_schedules", show),
        Route::page(Method::POST, "/app/system/schedules/{id}", Access::Needs(Permission::SystemEdit), "page_change_schedule", change),
        Route::page(Method::POST, "/app/system/schedules/{id}/run", Access::Needs(Permission::SystemEdit), "page_run_schedule", run),
    ]
}

/// What somebody typed about a schedule.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ScheduleForm {
    #[serde(default)]
    cron: String,
    #[serde(default)]
    zone: String,
    is_on: Option<String>,
    version: Option<Version>,
}

/// A form that did not go through.
struct Refused {
    id: ScheduleId,
    form: ScheduleForm,
    problem: Problem,
}

/// `GET /app/system/schedules`
async fn show(edge: Edge, info: Info, uri: Uri) -> Outcome<Response> {
    page(&edge, &info, param(&uri, "done").as_deref(), None, None).await
}

async fn page(edge: &Edge, info: &Info, done: Option<&str>, refused: Option<Refused>, problem: Option<&Problem>) -> Outcome<Response> {
    let (reader, found) = edge.read(|tx, ctx| Ok((Reader::load(tx, ctx)?, schedules::list(tx, ctx)?))).await?;
    let is_keeper = is_keeper(edge).await?;
    let say = Words { locale: edge.ctx.locale };
    let format = reader.format(&edge.ctx);
    let toast = match done {
        Some("changed") => Some(Toast::done(say.t("system-schedule-changed"))),
        Some("run") => Some(Toast::done(say.t("system-schedule-run"))),
        _ => None,
    };
    let status = refused.as_ref().map(|refused| &refused.problem).or(problem).map_or(StatusCode::OK, Problem::status);
    let template = SchedulesPage {
        page: reader.shell(&edge.ctx, info, Tab::Schedules.place(say, toast)),
        tabs: Tab::Schedules.tabs(&edge.ctx, is_keeper),
        rows: found.into_iter().map(|one| row(say, &format, one, refused.as_ref())).collect(),
        can_edit: edge.ctx.can(Permission::SystemEdit),
        problem: problem.map(|problem| problem.title(say.locale)),
    };
    let mut response = html(&template)?;
    *response.status_mut() = status;
    Ok(response)
}

/// Frequent times in words; the rest stays as it is written.
fn when(say: Words, schedule: &ScheduleView) -> String {
    let parts: Vec<&str> = schedule.cron.split_whitespace().collect();
    let number = |text: &str| text.parse::<u8>().ok();
    match parts[..] {
        ["*", "*", "*", "*", "*"] => say.t("system-every-minute"),
        [minutes, "*", "*", "*", "*"] if minutes.strip_prefix("*/").and_then(number).is_some() => {
            say.one("system-every-minutes", "n", minutes.trim_start_matches("*/"))
        }
        [minute, "*", "*", "*", "*"] if number(minute).is_some() => say.t("system-every-hour"),
        [minute, hour, "*", "*", "*"] => match (number(minute), number(hour)) {
            (Some(minute), Some(hour)) => say.one("system-every-day", "time", format!("{hour:02}:{minute:02}")),
            _ => schedule.cron.clone(),
        },
        _ => schedule.cron.clone(),
    }
}

fn row(say: Words, format: &Format, schedule: ScheduleView, refused: Option<&Refused>) -> ScheduleRow {
    let refused = refused.filter(|refused| refused.id == schedule.id);
    let error = |field: &str| {
        let found = refused?.problem.errors().iter().find(|error| error.field == field)?;
        Some(Problem::field_message(say.locale, found))
    };
    let is_stale = refused.is_some_and(|refused| refused.problem.code() == "stale");
    let theirs = is_stale.then(|| {
        let state = say.t(if schedule.is_on { "system-on" } else { "system-off" });
        say.with("system-schedule-theirs", &[("cron", schedule.cron.clone()), ("zone", schedule.zone.clone()), ("state", state)])
    });
    let typed = refused.map(|refused| &refused.form);
    let never = || say.t("system-never");
    ScheduleRow {
        id: schedule.id.to_string(),
        name: work_name(say, schedule.kind),
        when: when(say, &schedule),
        next: schedule.next_at.filter(|_| schedule.is_on).map_or_else(never, |at| format.moment(at)),
        last: schedule.last_at.map_or_else(never, |at| format.moment(at)),
        badge: if schedule.is_on { Badge { key: "system-on", tone: "ok" } } else { Badge { key: "system-off", tone: "neu" } },
        is_on: typed.map_or(schedule.is_on, |form| form.is_on.is_some()),
        cron: typed.map_or(schedule.cron, |form| form.cron.clone()),
        zone: typed.map_or(schedule.zone, |form| form.zone.clone()),
        version: schedule.version,
        has_hours: schedule.hours.is_some(),
        is_open: refused.is_some(),
        cron_error: error("cron"),
        zone_error: error("zone"),
        theirs,
    }
}

/// `POST /app/system/schedules/{id}`
async fn change(Path(id): Path<ScheduleId>, edge: Edge, info: Info, Form(form): Form<ScheduleForm>) -> Outcome<Response> {
    let wanted =
        ScheduleChange { cron: Some(form.cron.clone()), zone: Some(form.zone.trim().to_owned()), hours: None, is_on: Some(form.is_on.is_some()) };
    let version = form.version.unwrap_or(0);
    match edge.write(move |tx, ctx| schedules::change(tx, ctx, id, &wanted, version)).await {
        Ok(_) => Ok(see(&format!("{}?done=changed", Tab::Schedules.href()))),
        Err(error @ (Error::Invalid(_) | Error::Stale { .. })) => {
            page(&edge, &info, None, Some(Refused { id, form, problem: Problem::from(error) }), None).await
        }
        Err(other) => Err(other.into()),
    }
}

/// `POST /app/system/schedules/{id}/run`
async fn run(Path(id): Path<ScheduleId>, edge: Edge, info: Info) -> Outcome<Response> {
    match edge.write(move |tx, ctx| schedules::run_now(tx, ctx, id)).await {
        Ok(_) => Ok(see(&format!("{}?done=run", Tab::Schedules.href()))),
        Err(error @ Error::Conflict { .. }) => page(&edge, &info, None, None, Some(&Problem::from(error))).await,
        Err(other) => Err(other.into()),
    }
}
