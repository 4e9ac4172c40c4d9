//! How it is: a light, words and what to do for each thing that was looked at.

use axum::extract::State;
use axum::http::{Method, Uri};
use axum::response::Response;
use base::Edge;
use base::system::caches::{self, CacheFigures};
use base::system::health::{self, Health, HealthCheck, Light};
use base::system::is_keeper;
use db::Engine;
use kernel::{Permission, Time};

use super::view::{CacheRow, CheckRow, HealthPage, ParameterRow};
use super::{Tab, bytes, span};
use crate::badges::Badge;
use crate::caches::CACHES;
use crate::error::Outcome;
use crate::extract::{Form, Info};
use crate::format::Format;
use crate::pages::context::{Reader, html, see};
use crate::pages::imports::param;
use crate::pages::typed::Typed;
use crate::pages::view::Toast;
use crate::router::{Access, Route};
use crate::state::WebState;
use crate::words::Words;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::page(Method::GET, "/app/system", Access::Needs(Permission::SystemRead), "page_health", show),
        Route::page(Method::POST, "/app/system/caches/clear", Access::Needs(Permission::SystemEdit), "page_clear_cache", clear),
    ]
}

/// A light as a tag.
pub(super) fn badge(light: Light) -> Badge {
    let (key, tone) = match light {
        Light::Green => ("light-green", "ok"),
        Light::Amber => ("light-amber", "warn"),
        Light::Red => ("light-red", "bad"),
        Light::Unknown => ("light-unknown", "neu"),
    };
    Badge { key, tone }
}

fn icon(light: Light) -> &'static str {
    match light {
        Light::Green => "circle-check",
        Light::Amber | Light::Red => "triangle-alert",
        Light::Unknown => "eye",
    }
}

/// What each check is called, where more about it is, and its words by code: what it is, and what to do.
type Says = (&'static str, &'static str, Option<&'static str>);

#[rustfmt::skip]
const SAYS: &[(&str, &[Says])] = &[
    ("database", &[("ok", "health-database-ok", None), ("busy", "health-database-busy", Some("health-database-busy-do"))]),
    ("disk", &[
        ("ok", "health-disk-ok", None), ("little", "health-disk-little", Some("health-disk-do")), ("full", "health-disk-full", Some("health-disk-do")),
        ("unknown", "health-disk-unknown", None),
    ]),
    ("backup", &[
        ("ok", "health-backup-ok", None), ("first", "health-backup-first", Some("health-backup-first-do")),
        ("none", "health-backup-none", Some("health-backup-do")), ("old", "health-backup-late", Some("health-backup-do")),
        ("late", "health-backup-late", Some("health-backup-do")), ("off", "health-backup-off", Some("health-backup-off-do")),
        ("postgres", "health-backup-postgres", Some("health-backup-postgres-do")),
    ]),
    ("queue", &[
        ("ok", "health-queue-ok", None), ("late", "health-queue-late", Some("health-queue-late-do")),
        ("stuck", "health-queue-late", Some("health-queue-stuck-do")),
    ]),
    ("failed", &[("ok", "health-failed-ok", None), ("some", "health-failed-some", Some("health-failed-do"))]),
    ("schedules", &[("ok", "health-schedules-ok", None), ("overdue", "health-schedules-overdue", Some("health-queue-stuck-do"))]),
    ("mail", &[
        ("ok", "health-mail-ok", None), ("folder", "health-mail-folder", Some("health-mail-folder-do")),
        ("failing", "health-mail-failing", Some("health-mail-failing-do")),
    ]),
    ("audit", &[("ok", "health-audit-ok", None), ("late", "health-audit-late", Some("health-audit-late-do"))]),
    ("files", &[("disk", "health-files-disk", None), ("bucket", "health-files-bucket", None)]),
];

fn title(say: Words, name: &str) -> String {
    let key = match name {
        "database" => "health-database",
        "disk" => "health-disk",
        "backup" => "health-backup",
        "queue" => "health-queue",
        "failed" => "health-failed",
        "schedules" => "health-schedules",
        "mail" => "health-mail",
        "audit" => "health-audit",
        "files" => "health-files",
        other => return other.to_owned(),
    };
    say.t(key)
}

/// What a check says, and what to do.
pub(crate) fn words(say: Words, format: &Format, check: &HealthCheck) -> (String, Option<String>) {
    let said = SAYS.iter().find(|(name, _)| *name == check.name).and_then(|(_, says)| says.iter().find(|(code, ..)| *code == check.code));
    let Some((_, text, remedy)) = said else { return (check.code.to_owned(), None) };
    let number = |name: &str| check.number(name).unwrap_or(0);
    let moment = |name: &str| check.number(name).map_or_else(|| say.t("system-never"), |at| format.moment(Time(at)));
    let size = check.number("bytes").map_or_else(|| say.t("system-unknown"), |size| bytes(say, format, size.unsigned_abs()));
    let count = number("count");
    let values = [
        ("count", count.to_string()),
        ("n", format.number(count)),
        ("size", size),
        ("made", moment("made_at")),
        ("next", moment("next_at")),
        ("due", format.number(number("due"))),
        ("running", format.number(number("running"))),
        ("span", span(say, number("seconds"))),
        ("queued", format.number(number("queued"))),
    ];
    (say.with(text, &values), remedy.map(|key| say.t(key)))
}

/// A check as a row.
pub(super) fn row(say: Words, format: &Format, check: &HealthCheck) -> CheckRow {
    let (text, remedy) = words(say, format, check);
    let href = match check.name {
        "failed" => Some("/app/system/jobs?state=dead"),
        "queue" => Some("/app/system/jobs?state=waiting"),
        "mail" if check.light == Light::Red => Some("/app/system/jobs?state=dead&kind=send_mail"),
        "schedules" => Some("/app/system/schedules"),
        "backup" => Some("/app/system/backups"),
        _ => None,
    };
    CheckRow { title: title(say, check.name), badge: badge(check.light), icon: icon(check.light), text, remedy, href: href.map(str::to_owned) }
}

/// `POST /app/system/caches/clear`
async fn clear(edge: Edge, Form(typed): Form<Typed>) -> Outcome<Response> {
    caches::clear(&edge, CACHES, typed.get("cache")).await?;
    Ok(see("/app/system?done=cleared#caches"))
}

/// What a cache is called, and what it holds.
fn cache_words(name: &str) -> Option<(&'static str, &'static str)> {
    Some(match name {
        "callers" => ("cache-callers", "cache-callers-text"),
        "settings" => ("cache-settings", "cache-settings-text"),
        "search_windows" => ("cache-search-windows", "cache-search-windows-text"),
        _ => return None,
    })
}

fn cache_row(say: Words, format: &Format, cache: &CacheFigures) -> CacheRow {
    let number = |number: u64| format.number(i64::try_from(number).unwrap_or(i64::MAX));
    let looks = cache.hits + cache.misses;
    let (title, text) = cache_words(cache.name).map_or_else(|| (cache.name.to_owned(), String::new()), |(title, text)| (say.t(title), say.t(text)));
    CacheRow {
        name: cache.name,
        title,
        text,
        entries: cache
            .limit
            .map_or_else(|| number(cache.entries), |limit| say.with("cache-of", &[("n", number(cache.entries)), ("most", number(limit))])),
        hits: number(cache.hits),
        misses: number(cache.misses),
        share: cache
            .hits
            .saturating_mul(1_000_000)
            .checked_div(looks)
            .map_or_else(|| "–".to_owned(), |share| format.percent(i64::try_from(share).unwrap_or_default())),
    }
}

/// What each parameter does.
fn parameter_words(key: &str) -> Option<&'static str> {
    Some(match key {
        "database.readers" => "param-readers",
        "database.cache_kb" => "param-cache",
        "database.connections" => "param-connections",
        "web.request_timeout_ms" => "param-timeout",
        "web.body_limit_bytes" => "param-body",
        "web.upload_limit_bytes" => "param-upload",
        "files.attachment_limit_bytes" => "param-attachment",
        "limits.sign_in_per_address" => "param-sign-in-address",
        "limits.sign_in_per_account" => "param-sign-in-account",
        "limits.public_per_address" => "param-public",
        "limits.api_per_actor" => "param-api",
        "limits.lookup_per_address" => "param-lookup-address",
        "limits.lookup_per_number" => "param-lookup-number",
        "log.keep_files" => "param-log-files",
        "backup.keep" => "param-backups",
        _ => return None,
    })
}

/// `GET /app/system`
async fn show(State(state): State<WebState>, edge: Edge, info: Info, uri: Uri) -> Outcome<Response> {
    let health = health::look(&edge).await?;
    let is_keeper = is_keeper(&edge).await?;
    let reader = edge.read(Reader::load).await?;
    let say = Words { locale: edge.ctx.locale };
    let format = reader.format(&edge.ctx);
    let bad = health.checks.iter().filter(|check| matches!(check.light, Light::Red | Light::Amber)).count() as i64;
    let tone = match health.light() {
        Light::Red => "bad",
        Light::Amber => "warn",
        _ => "ok",
    };
    let summary = if bad == 0 { say.t("system-all-well") } else { say.count("system-look-at", bad, &format.number(bad)) };
    let mut checks: Vec<CheckRow> = health.checks.iter().map(|check| row(say, &format, check)).collect();
    checks.iter_mut().for_each(|check| check.href = check.href.take().filter(|href| is_keeper || !href.ends_with("backups")));
    let (mut cache_rows, mut parameters) = (Vec::new(), Vec::new());
    if is_keeper {
        cache_rows.extend(caches::list(&edge, CACHES).await?.iter().map(|cache| cache_row(say, &format, cache)));
        parameters.extend(state.config().parameters.iter().map(|one| ParameterRow {
            text: parameter_words(one.key).map(|key| say.t(key)).unwrap_or_default(),
            is_changed: one.value != one.default,
            key: one.key,
            variable: one.variable.clone(),
            value: one.value.clone(),
            default: one.default.clone(),
        }));
    }
    let done = param(&uri, "done").filter(|done| done == "cleared").map(|_| Toast::done(say.t("cache-cleared")));
    let template = HealthPage {
        page: reader.shell(&edge.ctx, &info, Tab::Health.place(say, done)),
        caches: cache_rows,
        may_clear: edge.ctx.can(Permission::SystemEdit),
        since: say.one("cache-since", "at", format.moment(health.started_at)),
        parameters,
        tabs: Tab::Health.tabs(&edge.ctx, is_keeper),
        tone,
        summary,
        figures: figures(say, &format, &health, edge.base.now()),
        checks,
        has_api: edge.ctx.can(Permission::ApiKeyEdit),
        has_audit: edge.ctx.can(Permission::AuditRead),
    };
    html(&template)
}

fn figures(say: Words, format: &Format, health: &Health, now: Time) -> Vec<(String, String)> {
    let engine = match health.engine {
        Engine::Sqlite => "SQLite",
        Engine::Postgres => "PostgreSQL",
    };
    let database = match health.database_bytes {
        Some(size) => say.with("system-database-size", &[("engine", engine.to_owned()), ("size", bytes(say, format, size))]),
        None => engine.to_owned(),
    };
    vec![
        (say.t("system-version"), health.version.to_owned()),
        (say.t("system-uptime"), span(say, now.since_us(health.started_at) / Time::SECOND)),
        (say.t("system-database"), database),
        (say.t("system-running"), format.number(i64::try_from(health.jobs.running).unwrap_or(i64::MAX))),
        (say.t("system-streams"), format.number(health.streams as i64)),
    ]
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;
    use kernel::{Args, Locale, NumberStyle};

    use super::*;

    #[test]
    fn every_code_has_words_in_every_language_and_names_no_value_that_is_missing() {
        for locale in [Locale::En, Locale::Fr, Locale::Ar] {
            let say = Words { locale };
            let format = Format::new(locale, NumberStyle::CommaPoint, TimeZone::UTC, Time(1_795_251_600_000_000));
            for (name, says) in SAYS {
                assert_ne!(title(say, name), *name);
                for (code, ..) in *says {
                    let check = HealthCheck { name, light: Light::Amber, code, args: Args::new() };
                    let (text, _) = words(say, &format, &check);
                    assert!(!text.starts_with("health-") && !text.contains(['{', '$']), "{locale} {name}.{code}: {text}");
                }
            }
        }
    }
}
