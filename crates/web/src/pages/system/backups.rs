//! Backups: how old the last one is, one more now, what each holds, taking one out, and the commands that bring one back.

use axum::http::{HeaderMap, Method, Uri};
use axum::response::Response;
use base::Edge;
use base::system::backups::{self, Manifest};
use base::system::{health, is_keeper};
use base::tasks::{self, TaskFilter};
use db::Engine;
use kernel::{Error, JobKind, Permission, TaskState};

use super::view::{BackupPage, BackupRow, BackupsPage, BackupsPart, BackupsView};
use super::{Tab, bytes};
use crate::api::system::{backup_copy, backup_manifest};
use crate::error::{Outcome, Problem};
use crate::extract::{Info, Path};
use crate::format::Format;
use crate::pages::context::{Place, Reader, html, is_part, see};
use crate::pages::imports::param;
use crate::pages::progress::{Bar, is_open};
use crate::pages::view::{EmptyState, Toast};
use crate::router::{Access, Route};
use crate::words::Words;

pub(super) fn routes() -> Vec<Route> {
    let (reads, takes) = (Access::Needs(Permission::SystemRead), Access::Needs(Permission::BackupTake));
    vec![
        Route::page(Method::GET, "/app/system/backups", reads, "page_backups", show),
        Route::page(Method::POST, "/app/system/backups", Access::Needs(Permission::SystemEdit), "page_begin_backup", begin),
        Route::page(Method::GET, "/app/system/backups/{backup}", reads, "page_backup", show_one),
        Route::page(Method::GET, "/app/system/backups/{backup}/copy", takes, "page_take_backup", backup_copy).slow(),
        Route::page(Method::GET, "/app/system/backups/{backup}/manifest", takes, "page_take_manifest", backup_manifest).slow(),
    ]
}

/// `GET /app/system/backups`
async fn show(edge: Edge, info: Info, uri: Uri, headers: HeaderMap) -> Outcome<Response> {
    page(&edge, &info, is_part(&headers), param(&uri, "done").as_deref(), None).await
}

async fn page(edge: &Edge, info: &Info, is_part: bool, done: Option<&str>, problem: Option<&Problem>) -> Outcome<Response> {
    let found = backups::list(edge).await?;
    let health = health::look(edge).await?;
    let keeper = is_keeper(edge).await?;
    let (reader, newest) = edge
        .read(|tx, ctx| {
            let newest = tasks::list(tx, ctx, &TaskFilter { kind: Some(JobKind::Backup), ..TaskFilter::default() }, 1)?.pop();
            Ok((Reader::load(tx, ctx)?, newest))
        })
        .await?;
    let say = Words { locale: edge.ctx.locale };
    let format = reader.format(&edge.ctx);
    let check = health.checks.iter().find(|check| check.name == "backup").ok_or(Error::not_found("backup"))?;
    let check = super::view::CheckRow { href: None, ..super::health::row(say, &format, check) };
    let is_postgres = edge.base.db().engine() == Engine::Postgres;
    let running = newest.as_ref().filter(|task| is_open(task.state));
    let failed = newest.as_ref().filter(|task| task.state == TaskState::Failed).map(|task| task.message.clone().unwrap_or_default());
    let list = BackupsView {
        say,
        csrf: info.csrf_token(),
        figures: if is_postgres { Vec::new() } else { figures(say, &format, &found, &health) },
        check,
        is_postgres,
        can_make: !is_postgres && edge.ctx.can(Permission::SystemEdit) && running.is_none(),
        can_take: edge.ctx.can(Permission::BackupTake),
        running: running.map(|task| Bar::of(say, &format, task)),
        failed,
        rows: found.iter().map(|manifest| row(say, &format, manifest)).collect(),
        commands: if is_postgres { postgres_commands(say, edge) } else { commands(say, edge, "NAME") },
        problem: problem.map(|problem| problem.title(say.locale)),
        empty: EmptyState {
            icon: "archive",
            tone: "t-neu",
            title: say.t("system-no-backups-title"),
            text: say.t("system-no-backups-text"),
            action: None,
        },
    };
    if is_part {
        return html(&BackupsPart { list });
    }
    let toast = (done == Some("begun")).then(|| Toast::done(say.t("system-backup-begun")));
    let page = reader.shell(&edge.ctx, info, Tab::Backups.place(say, toast));
    let mut response = html(&BackupsPage { page, tabs: Tab::Backups.tabs(&edge.ctx, keeper), list })?;
    if let Some(problem) = problem {
        *response.status_mut() = problem.status();
    }
    Ok(response)
}

fn figures(say: Words, format: &Format, found: &[Manifest], health: &health::Health) -> Vec<(String, String)> {
    let newest = found.iter().find(|manifest| manifest.is_regular());
    let check = health.checks.iter().find(|check| check.name == "backup");
    let never = || say.t("system-never");
    vec![
        (say.t("system-backup-last"), newest.map_or_else(never, |newest| format.moment(newest.made_at))),
        (say.t("system-backup-next"), check.and_then(|check| check.number("next_at")).map_or_else(never, |at| format.moment(kernel::Time(at)))),
        (say.t("system-backup-size"), newest.map_or_else(never, |newest| bytes(say, format, newest.bytes))),
        (say.t("system-backup-verified"), say.t(if newest.is_some() { "system-yes" } else { "system-never" })),
    ]
}

fn row(say: Words, format: &Format, manifest: &Manifest) -> BackupRow {
    let files = manifest.files.len() as i64;
    let note = if manifest.is_regular() {
        say.count("system-backup-files", files, &format.number(files))
    } else {
        say.t(if manifest.has_files { "system-backup-replaced" } else { "system-backup-before-migration" })
    };
    BackupRow {
        name: manifest.name().to_owned(),
        href: format!("{}/{}", Tab::Backups.href(), manifest.name()),
        at: format.moment(manifest.made_at),
        at_exact: format.exact(manifest.made_at),
        at_iso: format.iso(manifest.made_at),
        size: bytes(say, format, manifest.bytes),
        rows: say.count("system-backup-rows", manifest.row_count(), &format.number(manifest.row_count())),
        note,
    }
}

/// A path as a shell takes it.
fn quoted(text: &str) -> String {
    let is_plain = text.chars().all(|sign| sign.is_alphanumeric() || "/._-".contains(sign));
    if is_plain { text.to_owned() } else { format!("'{}'", text.replace('\'', "'\\''")) }
}

/// What brings a backup back, on the server.
fn commands(say: Words, edge: &Edge, name: &str) -> Vec<(String, String)> {
    let data = edge.base.data_dir().display().to_string();
    let file = quoted(&format!("{data}/{}/{name}.db", backups::FOLDER));
    vec![
        (say.t("system-command-stop"), "systemctl stop kafila".to_owned()),
        (say.t("system-command-restore"), format!("kafila restore {file} --data {}", quoted(&data))),
        (say.t("system-command-start"), "systemctl start kafila".to_owned()),
    ]
}

fn postgres_commands(say: Words, edge: &Edge) -> Vec<(String, String)> {
    let data = edge.base.data_dir().display().to_string();
    vec![
        (say.t("system-command-dump"), "pg_dump --format=custom --file=kafila.dump \"$KAFILA_DATABASE_URL\"".to_owned()),
        (say.t("system-command-files"), format!("tar -czf kafila-files.tar.gz -C {} files keys", quoted(&data))),
        (say.t("system-command-pg-restore"), "pg_restore --clean --if-exists --dbname=\"$KAFILA_DATABASE_URL\" kafila.dump".to_owned()),
    ]
}

/// `GET /app/system/backups/{backup}`
async fn show_one(Path(name): Path<String>, edge: Edge, info: Info) -> Outcome<Response> {
    let manifest = backups::find(&edge, &name).await?;
    let reader = edge.read(Reader::load).await?;
    let say = Words { locale: edge.ctx.locale };
    let format = reader.format(&edge.ctx);
    let href = format!("{}/{}", Tab::Backups.href(), manifest.name());
    let place = Place {
        title: say.one("system-window", "title", manifest.name()),
        back: Some(Tab::Backups.href().to_owned()),
        crumb: manifest.name().to_owned(),
        here: href.clone(),
        toast: None,
    };
    let files = manifest.files.len() as i64;
    let facts = vec![
        (say.t("system-backup-made"), format.exact(manifest.made_at)),
        (say.t("system-version"), manifest.kafila.clone()),
        (say.t("system-backup-size"), bytes(say, &format, manifest.bytes)),
        (say.t("system-backup-migration"), manifest.migration.to_string()),
        (say.t("system-backup-files-fact"), format.number(files)),
        (say.t("system-backup-sha256"), manifest.sha256.clone()),
    ];
    let rows = manifest.row_count();
    let values = [("rows", format.number(rows)), ("tables", format.number(manifest.rows.len() as i64))];
    let page = reader.shell(&edge.ctx, &info, place).under(vec![(Tab::Backups.href().to_owned(), say.t("system-backups"))]);
    let template = BackupPage {
        page,
        href,
        summary: say.with("system-backup-report", &values),
        facts,
        tables: manifest.rows.iter().filter(|(_, rows)| **rows > 0).map(|(table, rows)| (table.clone(), format.number(*rows))).collect(),
        can_take: edge.ctx.can(Permission::BackupTake),
        commands: commands(say, &edge, manifest.name()),
    };
    html(&template)
}

/// `POST /app/system/backups`
async fn begin(edge: Edge, info: Info) -> Outcome<Response> {
    match edge.write(backups::begin).await {
        Ok(_) => Ok(see(&format!("{}?done=begun", Tab::Backups.href()))),
        Err(error @ Error::Conflict { .. }) => page(&edge, &info, false, None, Some(&Problem::from(error))).await,
        Err(other) => Err(other.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_quoted_for_a_shell() {
        assert_eq!(quoted("/var/lib/kafila"), "/var/lib/kafila");
        assert_eq!(quoted("/srv/my shop"), "'/srv/my shop'");
        assert_eq!(quoted("/srv/o'clock"), "'/srv/o'\\''clock'");
    }
}
