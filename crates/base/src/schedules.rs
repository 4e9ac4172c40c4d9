//! Schedules: jobs that come again, by the clock of a zone and, where wanted, only in business hours.
//!
//! The rows of all organizations stand in one global table, so that due ones are found in one look.
//! Each due time makes one job, however many processes look: whoever moves `next_at` on enqueues it, in
//! one transaction. What was missed while nobody looked runs once. While a schedule's job waits or
//! runs there is no second one.

use croner::Cron;
use croner::parser::{CronParser, Seconds};
use db::{SystemTx, Tx, params};
use jiff::tz::TimeZone;
use kernel::{Details, Error, Event, FieldError, JobId, JobKind, OrgId, Permission, ScheduleId, Time, Version};
use serde_json::json;

use crate::calendar::StoreCalendar;
use crate::ctx::Ctx;
use crate::events;
use crate::jobs::{self, NewJob};

/// Most due schedules of one look.
const AT_ONCE: u32 = 200;
/// Times outside business hours that are skipped before a schedule counts as never due.
const MOST_SKIPPED: u32 = 2_000;

kernel::words! {
    /// On which days and hours a schedule's times count.
    pub enum Calendar {
        /// On all.
        Always = "always",
        /// In the hours that stand with the schedule; times outside are skipped.
        Business = "business",
    }
}

/// A schedule to begin with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSchedule {
    /// Its name, one of a kind in its organization.
    pub name: &'static str,
    /// What it does.
    pub kind: JobKind,
    /// When: minute, hour, day of the month, month, day of the week.
    pub cron: &'static str,
}

/// What each organization begins with.
pub const DEFAULTS: &[NewSchedule] = &[
    NewSchedule { name: "seal_events", kind: JobKind::SealEvents, cron: "* * * * *" },
    NewSchedule { name: "backup", kind: JobKind::Backup, cron: "30 2 * * *" },
    NewSchedule { name: "prove_counters", kind: JobKind::ProveCounters, cron: "0 3 * * *" },
    NewSchedule { name: "purge", kind: JobKind::Purge, cron: "30 3 * * *" },
    NewSchedule { name: "sweep_files", kind: JobKind::SweepFiles, cron: "30 4 * * *" },
    NewSchedule { name: "forget_inactive", kind: JobKind::ForgetInactive, cron: "0 4 * * *" },
];

/// A schedule as people see it.
#[derive(Clone, Debug, PartialEq)]
pub struct ScheduleView {
    /// Which.
    pub id: ScheduleId,
    /// Its name.
    pub name: String,
    /// What it does.
    pub kind: JobKind,
    /// When.
    pub cron: String,
    /// Whose clock, an IANA name.
    pub zone: String,
    /// Whether times outside business hours are skipped.
    pub calendar: Calendar,
    /// The business hours, when there are any.
    pub hours: Option<StoreCalendar>,
    /// Whether it is on.
    pub is_on: bool,
    /// When it is due next.
    pub next_at: Option<Time>,
    /// When it was last due.
    pub last_at: Option<Time>,
    /// Grows with each change by a person.
    pub version: Version,
}

db::row! {
    struct ScheduleRow {
        id: ScheduleId,
        name: String,
        kind: JobKind,
        cron: String,
        zone: String,
        calendar: Calendar,
        hours: Option<String>,
        is_on: bool,
        next_at: Option<Time>,
        last_at: Option<Time>,
        version: i64,
    }
}

const COLUMNS: &str = "id, name, kind, cron, zone, calendar, hours, is_on, next_at, last_at, version";

impl From<ScheduleRow> for ScheduleView {
    fn from(row: ScheduleRow) -> ScheduleView {
        ScheduleView {
            id: row.id,
            name: row.name,
            kind: row.kind,
            cron: row.cron,
            zone: row.zone,
            calendar: row.calendar,
            hours: row.hours.and_then(|text| serde_json::from_str(&text).ok()),
            is_on: row.is_on,
            next_at: row.next_at,
            last_at: row.last_at,
            version: row.version,
        }
    }
}

/// Gives an organization the schedules that it does not have yet, by the clock of this zone; answers
/// how many. `Invalid` names a zone or an expression that cannot be.
pub fn seed(tx: &mut SystemTx, org: OrgId, zone: &str, now: Time, list: &[NewSchedule]) -> Result<u64, Error> {
    let mut added = 0;
    for schedule in list {
        let id: ScheduleId = tx.new_id();
        let next = next_at(schedule.cron, zone, None, now)?;
        added += tx.execute(
            "insert into schedules (id, org_id, name, kind, cron, zone, calendar, is_on, next_at, version)
             values ($1, $2, $3, $4, $5, $6, 'always', 1, $7, 1)
             on conflict do nothing",
            params![id, org, schedule.name, schedule.kind, schedule.cron, zone, next],
        )?;
    }
    Ok(added)
}

/// All schedules of the organization, by name. Needs `system.read`.
pub fn list(tx: &mut Tx, ctx: &Ctx) -> Result<Vec<ScheduleView>, Error> {
    ctx.require(Permission::SystemRead)?;
    let rows: Vec<ScheduleRow> =
        tx.rows(&format!("select {COLUMNS} from schedules where org_id = $1 order by name limit 1000"), params![tx.org()])?;
    Ok(rows.into_iter().map(ScheduleView::from).collect())
}

/// One schedule. Needs `system.read`.
pub fn find(tx: &mut Tx, ctx: &Ctx, id: ScheduleId) -> Result<ScheduleView, Error> {
    ctx.require(Permission::SystemRead)?;
    load(tx, id)?.ok_or(Error::not_found("schedule"))
}

fn load(tx: &mut Tx, id: ScheduleId) -> Result<Option<ScheduleView>, Error> {
    let row: Option<ScheduleRow> = tx.optional(&format!("select {COLUMNS} from schedules where org_id = $1 and id = $2"), params![tx.org(), id])?;
    Ok(row.map(ScheduleView::from))
}

/// What somebody changes; `None` stays as it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ScheduleChange {
    /// When.
    pub cron: Option<String>,
    /// Whose clock.
    pub zone: Option<String>,
    /// Business hours, or `Some(None)` for always.
    pub hours: Option<Option<StoreCalendar>>,
    /// On or off.
    pub is_on: Option<bool>,
}

/// Changes a schedule. Needs `system.edit`.
///
/// `Invalid` with `cron`, `cron.never` (no such time will come), `zone`, or what is wrong in the hours;
/// `Stale` when somebody saved before.
pub fn change(tx: &mut Tx, ctx: &Ctx, id: ScheduleId, change: &ScheduleChange, version: Version) -> Result<ScheduleView, Error> {
    ctx.require(Permission::SystemEdit)?;

    let before = load(tx, id)?.ok_or(Error::not_found("schedule"))?;
    let cron = change.cron.as_ref().map_or(before.cron.as_str(), |cron| cron.trim());
    let zone = change.zone.as_deref().unwrap_or(&before.zone);
    let hours = change.hours.as_ref().unwrap_or(&before.hours);
    let is_on = change.is_on.unwrap_or(before.is_on);
    if let Some(hours) = hours {
        hours.check()?;
    }
    let next = next_at(cron, zone, hours.as_ref(), ctx.now)?;
    let hours_text = hours.as_ref().map(serde_json::to_string).transpose().map_err(Error::internal)?;

    let mut details = Details::none();
    details.change("cron", &before.cron.as_str(), &cron);
    details.change("zone", &before.zone.as_str(), &zone);
    details.change("hours", &before.hours, hours);
    details.change("is_on", &before.is_on, &is_on);
    if before.version != version {
        return Err(stale(&before, change));
    }
    if details.is_empty() {
        return Ok(before);
    }

    let calendar = if hours.is_some() { Calendar::Business } else { Calendar::Always };
    let changed = tx.execute(
        "update schedules
            set cron = $4, zone = $5, calendar = $6, hours = $7, is_on = $8, next_at = $9, version = version + 1
          where org_id = $1
            and id = $2
            and version = $3",
        params![tx.org(), id, version, cron, zone, calendar, hours_text, is_on, next],
    )?;
    if changed == 0 {
        return Err(stale(&before, change));
    }
    events::record_with(tx, ctx, Event::ScheduleChanged { schedule: id }, details)?;

    load(tx, id)?.ok_or(Error::not_found("schedule"))
}

fn stale(standing: &ScheduleView, change: &ScheduleChange) -> Error {
    let mut fields = Vec::new();
    let mut differs = |field, wanted: bool| {
        if wanted {
            fields.push(field);
        }
    };
    differs("cron", change.cron.as_ref().is_some_and(|cron| *cron != standing.cron));
    differs("zone", change.zone.as_ref().is_some_and(|zone| *zone != standing.zone));
    differs("hours", change.hours.as_ref().is_some_and(|hours| *hours != standing.hours));
    differs("is_on", change.is_on.is_some_and(|is_on| is_on != standing.is_on));
    Error::Stale { version: standing.version, fields }
}

/// Runs a schedule's job now, besides its times; also when it is off. Needs `system.edit`.
/// `Conflict` `schedule.running` while its job waits or runs.
pub fn run_now(tx: &mut Tx, ctx: &Ctx, id: ScheduleId) -> Result<JobId, Error> {
    ctx.require(Permission::SystemEdit)?;
    let schedule = load(tx, id)?.ok_or(Error::not_found("schedule"))?;
    enqueue(tx, ctx, &schedule.name, schedule.kind)?.ok_or(Error::conflict("schedule.running"))
}

fn enqueue(tx: &mut Tx, ctx: &Ctx, name: &str, kind: JobKind) -> Result<Option<JobId>, Error> {
    let job = NewJob { unique_key: Some(format!("schedule:{name}")), ..NewJob::now(ctx, kind, json!({})) };
    jobs::enqueue(tx, ctx, job)
}

db::row! {
    /// A schedule whose time has come.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub(crate) struct Due {
        id: ScheduleId,
        pub(crate) org_id: OrgId,
        name: String,
        kind: JobKind,
        cron: String,
        zone: String,
        hours: Option<String>,
        next_at: Time,
    }
}

/// Schedules whose time has come, of all organizations.
pub(crate) fn due(tx: &mut SystemTx, now: Time) -> Result<Vec<Due>, Error> {
    tx.rows(
        &format!(
            "select id, org_id, name, kind, cron, zone, hours, next_at
               from schedules
              where is_on = 1
                and next_at is not null
                and next_at <= $1
              order by next_at, id
              limit {AT_ONCE}"
        ),
        params![now],
    )
}

/// When the next schedule is due.
pub(crate) fn next_due(tx: &mut SystemTx) -> Result<Option<Time>, Error> {
    let (next,): (Option<Time>,) = tx.one("select min(next_at) as next from schedules where is_on = 1 and next_at is not null", params![])?;
    Ok(next)
}

/// Moves a due schedule on and enqueues its job; false when another process was quicker.
pub(crate) fn fire(tx: &mut Tx, ctx: &Ctx, due: &Due) -> Result<bool, Error> {
    let hours: Option<StoreCalendar> = due.hours.as_deref().and_then(|text| serde_json::from_str(text).ok());
    // From now on, not from the time that was due: what was missed runs once.
    let next = match next_at(&due.cron, &due.zone, hours.as_ref(), ctx.now) {
        Ok(next) => Some(next),
        Err(error) => {
            tracing::error!(schedule.id = %due.id, "The schedule {} will not come again: {error}", due.name);
            None
        }
    };
    let moved = tx.execute(
        "update schedules
            set next_at = $4, last_at = $5
          where org_id = $1
            and id = $2
            and next_at = $3
            and is_on = 1",
        params![tx.org(), due.id, due.next_at, next, ctx.now],
    )?;
    if moved == 0 {
        return Ok(false);
    }
    if enqueue(tx, ctx, &due.name, due.kind)?.is_none() {
        tracing::warn!(schedule.id = %due.id, "The schedule {} is due, but its last job has not ended", due.name);
    }
    Ok(true)
}

/// The first time after this moment. `Invalid` names what is wrong.
fn next_at(cron: &str, zone: &str, hours: Option<&StoreCalendar>, after: Time) -> Result<Time, Error> {
    let zone = TimeZone::get(zone).map_err(|_| Error::field("zone", "zone"))?;
    let cron = parse(cron)?;
    let never = || Error::field("cron", "cron.never");
    let mut from = after;
    let mut is_inclusive = false;
    for _ in 0..MOST_SKIPPED {
        let start = from.timestamp().to_zoned(zone.clone());
        let found = cron.find_next_occurrence(&start, is_inclusive).map_err(|_| never())?;
        let found = Time(found.timestamp().as_microsecond());
        match hours {
            Some(hours) if !hours.is_open(found) => {
                from = hours.next_open(found).ok_or_else(never)?;
                is_inclusive = true;
            }
            _ => return Ok(found),
        }
    }
    Err(never())
}

fn parse(cron: &str) -> Result<Cron, Error> {
    let parser = CronParser::builder().seconds(Seconds::Disallowed).build();
    parser.parse(cron).map_err(|error| Error::Invalid(vec![FieldError::new("cron", "cron").with("why", error)]))
}

#[cfg(test)]
mod tests {
    use jiff::civil::Weekday;

    use super::*;
    use crate::calendar::{Span, WeeklyHours};

    #[track_caller]
    fn check(cron: &str, zone: &str, after: &str, expected: &str) {
        let answer = match next_at(cron, zone, None, Time::parse(after).unwrap()) {
            Ok(at) => at.to_string(),
            Err(Error::Invalid(wrong)) => format!("{}={}", wrong[0].field, wrong[0].code),
            Err(other) => other.to_string(),
        };
        assert_eq!(answer, expected);
    }

    #[test]
    fn times_are_of_the_zone() {
        check("30 2 * * *", "Africa/Algiers", "2026-11-21T01:29:59Z", "2026-11-21T01:30:00Z");
        check("30 2 * * *", "Africa/Algiers", "2026-11-21T01:30:00Z", "2026-11-22T01:30:00Z");
        check("* * * * *", "Asia/Dhaka", "2026-11-21T01:30:00Z", "2026-11-21T01:31:00Z");
        // 02:30 does not exist on that Sunday; the job is not lost.
        check("30 2 * * *", "Europe/Paris", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z");
        check("0 9 * * MON", "Africa/Nairobi", "2026-11-21T00:00:00Z", "2026-11-23T06:00:00Z");
    }

    #[test]
    fn what_cannot_be_is_named() {
        check("61 * * * *", "UTC", "2026-11-21T00:00:00Z", "cron=cron");
        check("", "UTC", "2026-11-21T00:00:00Z", "cron=cron");
        check("tomorrow", "UTC", "2026-11-21T00:00:00Z", "cron=cron");
        check("* * * * * *", "UTC", "2026-11-21T00:00:00Z", "cron=cron");
        check("0 0 30 2 *", "UTC", "2026-11-21T00:00:00Z", "cron=cron.never");
        check("0 0 * * *", "Mars/Olympus", "2026-11-21T00:00:00Z", "zone=zone");
    }

    #[test]
    fn times_outside_business_hours_are_skipped() {
        let zone = "Africa/Algiers";
        let hours = WeeklyHours::on(&[Weekday::Sunday, Weekday::Monday], &[Span::of((9, 0), (17, 0))]);
        let hours = StoreCalendar::new(TimeZone::get(zone).unwrap(), hours);
        let next = |cron: &str, after: &str| next_at(cron, zone, Some(&hours), Time::parse(after).unwrap()).map(|at| at.to_string()).ok();
        assert_eq!(next("*/30 * * * *", "2026-11-23T15:30:00Z").as_deref(), Some("2026-11-29T08:00:00Z"));
        assert_eq!(next("15 8,10 * * *", "2026-11-21T00:00:00Z").as_deref(), Some("2026-11-22T09:15:00Z"));
        assert_eq!(next("0 20 * * *", "2026-11-21T00:00:00Z"), None);
    }
}
