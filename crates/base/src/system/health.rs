//! How it is: what stands in the way of work, each with a light, a code for words, and what belongs into them.

use db::{Engine, Tx, params};
use kernel::{Args, Error, Permission, Time, words};

use super::{backups, is_keeper};
use crate::ctx::Ctx;
use crate::edge::Edge;
use crate::files::FileStore;
use crate::jobs::{self, JobHealth};

/// Room on the disk below which somebody should look, and below which work is about to stop.
const LITTLE_ROOM: u64 = 2 << 30;
const NO_ROOM: u64 = 200 << 20;
/// Calls that wait for the database before somebody should look.
const LONG_QUEUE: usize = 500;

words! {
    /// How good something is.
    pub enum Light {
        /// As it should be.
        Green = "green",
        /// Somebody should look.
        Amber = "amber",
        /// Something does not work.
        Red = "red",
        /// Nobody knows from here.
        Unknown = "unknown",
    }
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HealthCheck {
    /// What: `database`, `disk`, `backup`, `queue`, `failed`, `schedules`, `mail`, `audit`.
    pub name: &'static str,
    /// How it is.
    pub light: Light,
    /// Why, as a code: `ok`, `late`, …; words stand under it.
    pub code: &'static str,
    /// What belongs into the words: bytes, counts, moments, as numbers.
    pub args: Args,
}

impl HealthCheck {
    fn new(name: &'static str, light: Light, code: &'static str) -> HealthCheck {
        HealthCheck { name, light, code, args: Args::new() }
    }

    fn with(mut self, name: &'static str, value: impl ToString) -> HealthCheck {
        self.args.insert(name, value.to_string());
        self
    }

    /// A number that belongs into its words.
    pub fn number(&self, name: &str) -> Option<i64> {
        self.args.get(name)?.parse().ok()
    }
}

/// How the installation is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Health {
    /// The release.
    pub version: &'static str,
    /// Since when this process runs.
    pub started_at: Time,
    /// The database below.
    pub engine: Engine,
    /// Its size in bytes; none for whoever does not look after the installation.
    pub database_bytes: Option<u64>,
    /// Open streams of live changes.
    pub streams: usize,
    /// The jobs of the organization.
    pub jobs: JobHealth,
    /// What was looked at.
    pub checks: Vec<HealthCheck>,
}

impl Health {
    /// The worst of the lights.
    pub fn light(&self) -> Light {
        let has = |light| self.checks.iter().any(|check| check.light == light);
        if has(Light::Red) {
            Light::Red
        } else if has(Light::Amber) {
            Light::Amber
        } else {
            Light::Green
        }
    }
}

/// What the database knows.
struct Known {
    jobs: JobHealth,
    /// The schedule that is most overdue.
    overdue_us: i64,
    has_nightly_backup: bool,
    next_backup: Option<Time>,
    dead_mails: i64,
    sealed_at: Option<Time>,
    unsealed: i64,
}

/// Looks at everything. Needs `system.read`; disk, database and backups are told to those who look after the installation.
pub async fn look(edge: &Edge) -> Result<Health, Error> {
    edge.ctx.require(Permission::SystemRead)?;
    let is_keeper = is_keeper(edge).await?;
    let known = edge.read(known).await?;
    let base = &edge.base;
    let (engine, now) = (base.db().engine(), base.now());
    let stats = base.db().stats();

    let mut checks = Vec::new();
    let mut database_bytes = None;
    if is_keeper {
        let (db, data_dir) = (base.db().clone(), base.data_dir().to_owned());
        let looked = tokio::task::spawn_blocking(move || (db.size(), room(&data_dir), backups::newest(&data_dir)));
        let (size, room, newest) = looked.await.map_err(Error::internal)?;
        let size = size?;
        database_bytes = Some(size);
        checks.push(database(stats.queued).with("bytes", size).with("queued", stats.queued));
        checks.push(disk(room, size));
        checks.push(backup(engine, newest.map(|newest| newest.made_at), &known, base.started_at(), now));
    } else {
        checks.push(database(stats.queued).with("queued", stats.queued));
    }
    checks.push(queue(&known.jobs));
    checks.push(failed(&known.jobs));
    checks.push(schedules(known.overdue_us));
    checks.push(mail(base.mailer().is_smtp(), known.dead_mails));
    checks.push(audit(known.sealed_at, known.unsealed, now));
    checks.push(match base.file_store() {
        FileStore::Disk => HealthCheck::new("files", Light::Green, "disk"),
        FileStore::Bucket(_) => HealthCheck::new("files", Light::Green, "bucket"),
    });
    Ok(Health {
        version: env!("CARGO_PKG_VERSION"),
        started_at: base.started_at(),
        engine,
        database_bytes,
        streams: base.live().streams(),
        jobs: known.jobs,
        checks,
    })
}

fn known(tx: &mut Tx, ctx: &Ctx) -> Result<Known, Error> {
    let jobs = jobs::health_of(tx, ctx.now)?;
    let (oldest,): (Option<Time>,) =
        tx.one("select min(next_at) as oldest from schedules where org_id = $1 and is_on = 1 and next_at is not null", params![tx.org()])?;
    let backup: Option<(bool, Option<Time>)> =
        tx.optional("select is_on, next_at from schedules where org_id = $1 and name = 'backup'", params![tx.org()])?;
    let (dead_mails,): (i64,) = tx.one(
        "select count(*) as n
           from (select 1 as one from jobs where org_id = $1 and state = 'dead' and kind = 'send_mail' limit 10001) counted",
        params![tx.org()],
    )?;
    let sealed: Option<(Time,)> = tx.optional("select sealed_at from event_chains where org_id = $1 and id = 1", params![tx.org()])?;
    let (unsealed,): (i64,) = tx.one(
        "select count(*) as n from (select 1 as one from events where org_id = $1 and chain_seq is null limit 10001) counted",
        params![tx.org()],
    )?;
    Ok(Known {
        jobs,
        overdue_us: oldest.map_or(0, |oldest| ctx.now.since_us(oldest).max(0)),
        has_nightly_backup: backup.is_some_and(|(is_on, _)| is_on),
        next_backup: backup.filter(|(is_on, _)| *is_on).and_then(|(_, next)| next),
        dead_mails,
        sealed_at: sealed.map(|(at,)| at),
        unsealed,
    })
}

/// Room on the disk for us; none when the system does not say.
fn room(data_dir: &std::path::Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(data_dir).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}

fn database(queued: usize) -> HealthCheck {
    if queued > LONG_QUEUE { HealthCheck::new("database", Light::Amber, "busy") } else { HealthCheck::new("database", Light::Green, "ok") }
}

fn disk(room: Option<u64>, database: u64) -> HealthCheck {
    let Some(room) = room else { return HealthCheck::new("disk", Light::Unknown, "unknown") };
    let (light, code) = match room {
        ..NO_ROOM => (Light::Red, "full"),
        // A backup is a second copy of the database.
        _ if room < LITTLE_ROOM || room < database.saturating_mul(2) => (Light::Amber, "little"),
        _ => (Light::Green, "ok"),
    };
    HealthCheck::new("disk", light, code).with("bytes", room)
}

fn backup(engine: Engine, newest: Option<Time>, known: &Known, started_at: Time, now: Time) -> HealthCheck {
    if engine == Engine::Postgres {
        return HealthCheck::new("backup", Light::Unknown, "postgres");
    }
    let age = newest.map(|newest| now.since_us(newest));
    let (light, code) = match age {
        // A new installation has its first night before it.
        None if now.since_us(started_at) < Time::DAY && known.has_nightly_backup => (Light::Amber, "first"),
        None => (Light::Red, "none"),
        Some(age) if age > 3 * Time::DAY => (Light::Red, "old"),
        Some(age) if age > 26 * Time::HOUR => (Light::Amber, "late"),
        Some(_) if !known.has_nightly_backup => (Light::Amber, "off"),
        Some(_) => (Light::Green, "ok"),
    };
    let mut check = HealthCheck::new("backup", light, code);
    if let Some(newest) = newest {
        check = check.with("made_at", newest.0);
    }
    if let Some(next) = known.next_backup {
        check = check.with("next_at", next.0);
    }
    check
}

fn queue(jobs: &JobHealth) -> HealthCheck {
    let (light, code) = match jobs.oldest_due_us {
        late if late > 10 * Time::MINUTE => (Light::Red, "stuck"),
        late if late > Time::MINUTE => (Light::Amber, "late"),
        _ => (Light::Green, "ok"),
    };
    HealthCheck::new("queue", light, code).with("due", jobs.due).with("running", jobs.running).with("seconds", jobs.oldest_due_us / Time::SECOND)
}

fn failed(jobs: &JobHealth) -> HealthCheck {
    if jobs.dead > 0 {
        HealthCheck::new("failed", Light::Amber, "some").with("count", jobs.dead)
    } else {
        HealthCheck::new("failed", Light::Green, "ok")
    }
}

fn schedules(overdue_us: i64) -> HealthCheck {
    let check = if overdue_us > 10 * Time::MINUTE {
        HealthCheck::new("schedules", Light::Red, "overdue")
    } else {
        HealthCheck::new("schedules", Light::Green, "ok")
    };
    check.with("seconds", overdue_us / Time::SECOND)
}

fn mail(is_smtp: bool, dead: i64) -> HealthCheck {
    match (is_smtp, dead) {
        (_, 1..) => HealthCheck::new("mail", Light::Red, "failing").with("count", dead),
        (false, _) => HealthCheck::new("mail", Light::Amber, "folder"),
        (true, _) => HealthCheck::new("mail", Light::Green, "ok"),
    }
}

fn audit(sealed_at: Option<Time>, unsealed: i64, now: Time) -> HealthCheck {
    let is_late = unsealed > 0 && sealed_at.is_some_and(|at| now.since_us(at) > 15 * Time::MINUTE);
    let check = if is_late { HealthCheck::new("audit", Light::Amber, "late") } else { HealthCheck::new("audit", Light::Green, "ok") };
    let check = check.with("count", unsealed);
    if let Some(at) = sealed_at { check.with("sealed_at", at.0) } else { check }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Known {
        Known { jobs: JobHealth::default(), overdue_us: 0, has_nightly_backup: true, next_backup: None, dead_mails: 0, sealed_at: None, unsealed: 0 }
    }

    #[track_caller]
    fn says(check: &HealthCheck, light: Light, code: &str) {
        assert_eq!((check.light, check.code), (light, code), "{check:?}");
    }

    #[test]
    fn a_backup_ages_from_green_over_amber_to_red() {
        let now = Time::parse("2026-11-21T09:00:00Z").unwrap();
        let (long_ago, just_now) = (now.plus_us(-30 * Time::DAY), now.plus_us(-Time::HOUR));
        let check = |hours: Option<i64>, known: &Known, started| {
            backup(Engine::Sqlite, hours.map(|hours| now.plus_us(-hours * Time::HOUR)), known, started, now)
        };
        says(&check(Some(7), &known(), long_ago), Light::Green, "ok");
        says(&check(Some(30), &known(), long_ago), Light::Amber, "late");
        says(&check(Some(80), &known(), long_ago), Light::Red, "old");
        says(&check(None, &known(), long_ago), Light::Red, "none");
        says(&check(None, &known(), just_now), Light::Amber, "first");
        says(&check(Some(7), &Known { has_nightly_backup: false, ..known() }, long_ago), Light::Amber, "off");
        says(&backup(Engine::Postgres, None, &known(), long_ago, now), Light::Unknown, "postgres");
    }

    #[test]
    fn each_light_has_its_bounds() {
        says(&disk(Some(10 << 30), 1 << 20), Light::Green, "ok");
        says(&disk(Some(10 << 30), 6 << 30), Light::Amber, "little");
        says(&disk(Some(1 << 30), 1 << 20), Light::Amber, "little");
        says(&disk(Some(10 << 20), 1 << 20), Light::Red, "full");
        says(&disk(None, 0), Light::Unknown, "unknown");
        let late = |us| JobHealth { oldest_due_us: us, ..JobHealth::default() };
        says(&queue(&late(Time::SECOND)), Light::Green, "ok");
        says(&queue(&late(2 * Time::MINUTE)), Light::Amber, "late");
        says(&queue(&late(Time::HOUR)), Light::Red, "stuck");
        says(&mail(false, 0), Light::Amber, "folder");
        says(&mail(true, 0), Light::Green, "ok");
        says(&mail(true, 3), Light::Red, "failing");
        let now = Time::parse("2026-11-21T09:00:00Z").unwrap();
        says(&audit(Some(now.plus_us(-Time::HOUR)), 4, now), Light::Amber, "late");
        says(&audit(Some(now.plus_us(-Time::HOUR)), 0, now), Light::Green, "ok");
        assert_eq!(disk(Some(12), 0).number("bytes"), Some(12));
    }
}
