//! The installation: how it is, its log, its backups.

use axum::body::Body;
use axum::extract::State;
use base::Edge;
use base::system::backups::{self, Manifest, Part};
use base::system::caches::{self, CacheFigures};
use base::system::health::{self, Health, HealthCheck, Light};
use base::system::logs::{self, Failures, Level, LogFilter, LogLine, LogPlace};
use base::tasks;
use db::Engine;
use jiff::tz::TimeZone;
use kernel::{Error, NumberStyle, Time};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use tokio_util::io::ReaderStream;
use utoipa::openapi::{RefOr, Schema};

use super::common::{Limit, Nothing, limit};
use super::work::TaskJson;
use crate::caches::CACHES;
use crate::error::Outcome;
use crate::extract::{Json, Path, Query, Write};
use crate::format::Format;
use crate::pages::health_words;
use crate::respond::{Begun, List, Reply, Streamed, Total, shown};
use crate::schema::{Describe, body, view, word};
use crate::state::{Parameter, WebState};
use crate::words::Words;

macro_rules! described {
    ($($set:ident),+ $(,)?) => {$(
        impl Describe for $set {
            fn schema(_: &mut utoipa::openapi::schema::Components) -> RefOr<Schema> {
                word($set::WORDS)
            }
        }
    )+};
}

described! { Light, Level }

view! {
    /// How the installation is.
    pub(crate) struct HealthView {
        /// The worst of the lights.
        light: Light,
        /// The release.
        version: &'static str = "1.0.0",
        /// Since when this process runs.
        started_at: Time,
        /// For how many seconds.
        uptime_s: i64 = 86400,
        /// `sqlite` or `postgres`.
        database: &'static str = "sqlite",
        /// Its size in bytes; null for organizations that do not look after the installation.
        database_bytes: Option<u64> = 48211000,
        /// Open live streams.
        streams: u64 = 4,
        /// Jobs that are due and wait.
        jobs_due: u64 = 0,
        /// Jobs under way.
        jobs_running: u64 = 1,
        /// Jobs that failed for good.
        jobs_failed: u64 = 0,
        /// What was looked at.
        checks: Vec<HealthCheckView>,
    }

    /// One thing that was looked at.
    pub(crate) struct HealthCheckView {
        /// What: `database`, `disk`, `backup`, `queue`, `failed`, `schedules`, `mail`, `audit`, `files`.
        name: &'static str = "backup",
        /// How it is.
        light: Light,
        /// Why: `ok`, `late`, …
        code: &'static str = "late",
        /// The same in words.
        text: String = "The last backup is 30 h old.",
        /// What to do, where something is to be done.
        remedy: Option<String> = "Look at the failed jobs.",
        /// The numbers behind it.
        values: BTreeMap<String, String> = {"made_at": "1795251600000000"},
    }

    /// A cache of the process that answers.
    pub(crate) struct CacheView {
        /// Its name: `callers` (who bears which session, token or key), `settings`, `search_windows` (where the newest orders end that a
        /// search looks through).
        name: &'static str = "callers",
        /// What is in it.
        entries: u64 = 12,
        /// What may be in it at most; null where the number of organizations is the limit.
        limit: Option<u64> = 20000,
        /// Looks that were answered from it, since the process began.
        hits: u64 = 48211,
        /// Looks that were not.
        misses: u64 = 412,
    }

    /// A key of the configuration on which speed, memory or a limit hangs.
    pub(crate) struct ParameterView {
        /// Its key in `kafila.toml`.
        key: &'static str = "database.readers",
        /// The variable that sets it.
        variable: String = "KAFILA_DATABASE_READERS",
        /// What is in force.
        value: String = "4",
        /// What is in force when nobody says anything.
        default: String = "4",
    }

    /// Failures of one kind.
    pub(crate) struct FailureView {
        /// How many.
        count: u64 = 3,
        /// When the newest was written.
        last_at: Option<Time>,
        /// When the oldest of those that were looked at was written.
        first_at: Option<Time>,
        /// The part of the program.
        target: String = "web::frame",
        /// What the newest says.
        message: String = "A request failed",
        /// The request of the newest.
        request_id: Option<String> = "5f1c9a0b7d3e2f18",
    }

    /// A line of the log.
    pub(crate) struct LogLineView {
        /// When; null for a line that is no entry.
        at: Option<Time>,
        /// How grave it is.
        level: Level,
        /// The part of the program.
        target: String = "base::mail",
        /// What it says.
        message: String = "The mail server is slow",
        /// The request that it is about.
        request_id: Option<String> = "5f1c9a0b7d3e2f18",
        /// What else it says.
        fields: Map<String, Value> = {"took_ms": 812},
    }

    /// A backup.
    pub(crate) struct BackupView {
        /// By which it is asked for.
        name: String = "kafila-20261121T023000000Z",
        /// When the copy was begun.
        made_at: Time,
        /// The release that made it.
        version: String = "1.0.0",
        /// Its length in bytes.
        bytes: u64 = 48211000,
        /// Its SHA-256.
        sha256: String = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        /// The newest migration in it.
        migration: u32 = 20,
        /// Rows in each table, counted in the copy after it was read whole.
        rows: BTreeMap<String, i64> = {"orders": 1204},
        /// How many files belong to it.
        files: u64 = 12,
        /// Whether they lie beside it.
        has_files: bool = true,
        /// Whether the night or a person made it, and not a migration or a restore.
        is_regular: bool = true,
    }
}

body! {
    /// Which lines of the log.
    pub(crate) struct LogQuery {
        /// As grave as this, or graver.
        level: Option<Level> = "warn",
        /// With this in them.
        text: Option<String> = "mail",
        /// Of this request.
        request_id: Option<String> = "5f1c9a0b7d3e2f18",
        /// Not before.
        from: Option<Time>,
        /// Before.
        until: Option<Time>,
        /// How many, 1 to 200.
        limit: Option<Limit> = 50,
        /// Where the part before ended.
        cursor: Option<String>,
    }
}

/// How an engine is called.
pub(crate) fn engine_word(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "sqlite",
        Engine::Postgres => "postgres",
    }
}

/// `GET /api/v1/health`
pub(crate) async fn health(edge: Edge) -> Reply<HealthView> {
    let health = health::look(&edge).await?;
    let now = edge.base.now();
    let format = Format::new(edge.ctx.locale, NumberStyle::CommaPoint, TimeZone::UTC, now);
    let light = health.light();
    let Health { version, started_at, engine, database_bytes, streams, jobs, checks } = health;
    shown(HealthView {
        light,
        version,
        started_at,
        uptime_s: now.since_us(started_at) / Time::SECOND,
        database: engine_word(engine),
        database_bytes,
        streams: streams as u64,
        jobs_due: jobs.due,
        jobs_running: jobs.running,
        jobs_failed: jobs.dead,
        checks: checks.into_iter().map(|check| HealthCheckView::of(Words { locale: edge.ctx.locale }, &format, check)).collect(),
    })
}

impl HealthCheckView {
    fn of(say: Words, format: &Format, check: HealthCheck) -> HealthCheckView {
        let (text, remedy) = health_words(say, format, &check);
        let values = check.args.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        HealthCheckView { name: check.name, light: check.light, code: check.code, text, remedy, values }
    }
}

/// `GET /api/v1/logs`
pub(crate) async fn list_logs(edge: Edge, Query(query): Query<LogQuery>) -> Reply<List<LogLineView>> {
    let filter = LogFilter {
        level: query.level,
        text: query.text,
        request: query.request_id,
        from: query.from,
        until: query.until,
        before: query.cursor.as_deref().map(str::parse::<LogPlace>).transpose()?,
        limit: limit(query.limit)? as usize,
    };
    let page = logs::read(&edge, filter).await?;
    let count = page.items.len() as u64;
    let total = if page.next.is_some() { Total::AtLeast { at_least: count } } else { Total::Exactly(count) };
    shown(List { next_cursor: page.next.map(|place| place.to_string()), total, items: page.items.into_iter().map(LogLineView::of).collect() })
}

impl LogLineView {
    fn of(line: LogLine) -> LogLineView {
        let LogLine { at, level, target, message, request, fields, .. } = line;
        LogLineView { at, level, target, message, request_id: request, fields }
    }
}

impl BackupView {
    fn of(manifest: Manifest) -> BackupView {
        BackupView {
            name: manifest.name().to_owned(),
            is_regular: manifest.is_regular(),
            made_at: manifest.made_at,
            version: manifest.kafila,
            bytes: manifest.bytes,
            sha256: manifest.sha256,
            migration: manifest.migration,
            rows: manifest.rows,
            files: manifest.files.len() as u64,
            has_files: manifest.has_files,
        }
    }
}

/// `GET /api/v1/backups`
pub(crate) async fn list_backups(edge: Edge) -> Reply<List<BackupView>> {
    shown(List::whole(backups::list(&edge).await?.into_iter().map(BackupView::of).collect()))
}

/// `GET /api/v1/backups/{backup}`
pub(crate) async fn get_backup(edge: Edge, Path(name): Path<String>) -> Reply<BackupView> {
    shown(BackupView::of(backups::find(&edge, &name).await?))
}

/// `POST /api/v1/backups`
pub(crate) async fn begin_backup(edge: Edge, write: Write<Nothing>) -> Begun<TaskJson> {
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        let task = backups::begin(tx, ctx)?;
        Ok(TaskJson::of(tasks::view(tx, ctx, task)?))
    });
    Ok(answer.await?.into())
}

/// `GET /api/v1/backups/{backup}/copy`
pub(crate) async fn backup_copy(edge: Edge, Path(name): Path<String>) -> Outcome<Streamed> {
    taken(&edge, &name, Part::Copy, "application/octet-stream").await
}

/// `GET /api/v1/backups/{backup}/manifest`
pub(crate) async fn backup_manifest(edge: Edge, Path(name): Path<String>) -> Outcome<Streamed> {
    taken(&edge, &name, Part::Manifest, "application/json").await
}

/// A part of a backup on its way out.
async fn taken(edge: &Edge, name: &str, part: Part, media_type: &'static str) -> Outcome<Streamed> {
    let (_, path) = backups::take(edge, name, part).await?;
    let file = tokio::fs::File::open(&path).await.map_err(|_| Error::not_found("backup"))?;
    let file_name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(Streamed { media_type, file_name, body: Body::from_stream(ReaderStream::new(file)) })
}

impl CacheView {
    fn of(cache: CacheFigures) -> CacheView {
        let CacheFigures { name, entries, limit, hits, misses } = cache;
        CacheView { name, entries, limit, hits, misses }
    }
}

/// `GET /api/v1/caches`
pub(crate) async fn list_caches(edge: Edge) -> Reply<List<CacheView>> {
    shown(List::whole(caches::list(&edge, CACHES).await?.into_iter().map(CacheView::of).collect()))
}

/// `POST /api/v1/caches/{name}/clear`: again is again, so it takes no idempotency key.
pub(crate) async fn clear_cache(edge: Edge, Path(name): Path<String>, Json(_): Json<Nothing>) -> Reply<CacheView> {
    shown(CacheView::of(caches::clear(&edge, CACHES, &name).await?))
}

/// `GET /api/v1/parameters`
pub(crate) async fn list_parameters(State(state): State<WebState>, edge: Edge) -> Reply<List<ParameterView>> {
    caches::list(&edge, &[]).await?;
    let one =
        |one: &Parameter| ParameterView { key: one.key, variable: one.variable.clone(), value: one.value.clone(), default: one.default.clone() };
    shown(List::whole(state.config().parameters.iter().map(one).collect()))
}

/// `GET /api/v1/logs/failures`
pub(crate) async fn list_failures(edge: Edge) -> Reply<List<FailureView>> {
    let found = logs::failures(&edge).await?;
    let one = |one: Failures| FailureView {
        count: one.count,
        last_at: one.last.at,
        first_at: one.first_at,
        target: one.last.target,
        message: one.last.message,
        request_id: one.last.request,
    };
    shown(List::whole(found.items.into_iter().map(one).collect()))
}
