//! What the templates of the installation show. Plain data.

use askama::Template;

use crate::badges::Badge;
use crate::pages::progress::Bar;
use crate::pages::view::{Choice, EmptyState, Pager, Shell, Tabs};
use crate::words::Words;

/// `GET /app/system`
#[derive(Template)]
#[template(path = "system/health.html")]
pub(super) struct HealthPage {
    pub(super) page: Shell,
    pub(super) tabs: Tabs,
    /// All in one line, with its tone.
    pub(super) tone: &'static str,
    pub(super) summary: String,
    pub(super) figures: Vec<(String, String)>,
    pub(super) checks: Vec<CheckRow>,
    pub(super) has_api: bool,
    pub(super) has_audit: bool,
    /// Empty for whoever does not look after the installation.
    pub(super) caches: Vec<CacheRow>,
    pub(super) may_clear: bool,
    pub(super) since: String,
    pub(super) parameters: Vec<ParameterRow>,
}

/// A cache of the process.
pub(super) struct CacheRow {
    pub(super) name: &'static str,
    pub(super) title: String,
    pub(super) text: String,
    pub(super) entries: String,
    pub(super) hits: String,
    pub(super) misses: String,
    pub(super) share: String,
}

/// A key of the configuration.
pub(super) struct ParameterRow {
    pub(super) key: &'static str,
    pub(super) variable: String,
    pub(super) text: String,
    pub(super) value: String,
    pub(super) default: String,
    pub(super) is_changed: bool,
}

/// Failures of one kind.
pub(super) struct FailureRow {
    pub(super) count: String,
    pub(super) message: String,
    pub(super) target: String,
    pub(super) last: String,
    pub(super) last_iso: String,
    pub(super) first: String,
    /// The address of its request's lines, and the request.
    pub(super) request: Option<(String, String)>,
}

/// One thing that was looked at.
pub(super) struct CheckRow {
    pub(super) title: String,
    pub(super) badge: Badge,
    pub(super) icon: &'static str,
    pub(super) text: String,
    pub(super) remedy: Option<String>,
    /// Where more about it is.
    pub(super) href: Option<String>,
}

/// `GET /app/system/jobs`
#[derive(Template)]
#[template(path = "system/jobs.html")]
pub(super) struct JobsPage {
    pub(super) page: Shell,
    pub(super) tabs: Tabs,
    pub(super) states: Vec<(String, String, bool)>,
    pub(super) state: String,
    pub(super) kind: Choice,
    pub(super) rows: Vec<JobRow>,
    pub(super) empty: EmptyState,
    pub(super) pager: Pager,
    pub(super) problem: Option<String>,
}

/// A job.
pub(super) struct JobRow {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) badge: Badge,
    pub(super) tries: String,
    pub(super) error: Option<String>,
    pub(super) by: String,
    /// Facts that open below it.
    pub(super) facts: Vec<(String, String)>,
    pub(super) payload: String,
    pub(super) at: String,
    pub(super) at_exact: String,
    pub(super) at_iso: String,
    pub(super) can_retry: bool,
    pub(super) can_cancel: bool,
}

/// `GET /app/system/tasks`
#[derive(Template)]
#[template(path = "system/tasks.html")]
pub(super) struct TasksPage {
    pub(super) page: Shell,
    pub(super) tabs: Tabs,
    pub(super) list: TasksView,
}

/// The same without its frame, while something runs.
#[derive(Template)]
#[template(path = "system/tasks_list.html")]
pub(super) struct TasksPart {
    pub(super) list: TasksView,
}

pub(super) struct TasksView {
    pub(super) say: Words,
    pub(super) csrf: String,
    pub(super) here: String,
    pub(super) rows: Vec<TaskRow>,
    pub(super) empty: EmptyState,
    pub(super) pager: Pager,
    pub(super) is_live: bool,
}

/// Long work.
pub(super) struct TaskRow {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) badge: Badge,
    pub(super) bar: Option<Bar>,
    pub(super) note: String,
    pub(super) by: String,
    pub(super) at: String,
    pub(super) at_exact: String,
    pub(super) at_iso: String,
    pub(super) stop: Option<String>,
    pub(super) download: Option<String>,
}

/// `GET /app/system/schedules`
#[derive(Template)]
#[template(path = "system/schedules.html")]
pub(super) struct SchedulesPage {
    pub(super) page: Shell,
    pub(super) tabs: Tabs,
    pub(super) rows: Vec<ScheduleRow>,
    pub(super) can_edit: bool,
    pub(super) problem: Option<String>,
}

/// Work that comes again.
pub(super) struct ScheduleRow {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) cron: String,
    pub(super) zone: String,
    pub(super) is_on: bool,
    pub(super) badge: Badge,
    pub(super) when: String,
    pub(super) next: String,
    pub(super) last: String,
    pub(super) version: i64,
    pub(super) has_hours: bool,
    /// Whether its form is open, because it did not go through.
    pub(super) is_open: bool,
    pub(super) cron_error: Option<String>,
    pub(super) zone_error: Option<String>,
    /// What stands there meanwhile, where somebody else was faster.
    pub(super) theirs: Option<String>,
}

/// `GET /app/system/backups`
#[derive(Template)]
#[template(path = "system/backups.html")]
pub(super) struct BackupsPage {
    pub(super) page: Shell,
    pub(super) tabs: Tabs,
    pub(super) list: BackupsView,
}

/// The same without its frame, while one is made.
#[derive(Template)]
#[template(path = "system/backups_list.html")]
pub(super) struct BackupsPart {
    pub(super) list: BackupsView,
}

pub(super) struct BackupsView {
    pub(super) say: Words,
    pub(super) csrf: String,
    pub(super) check: CheckRow,
    pub(super) figures: Vec<(String, String)>,
    pub(super) is_postgres: bool,
    pub(super) can_make: bool,
    pub(super) can_take: bool,
    pub(super) running: Option<Bar>,
    pub(super) failed: Option<String>,
    pub(super) rows: Vec<BackupRow>,
    /// Commands of the server, each with what it does.
    pub(super) commands: Vec<(String, String)>,
    pub(super) problem: Option<String>,
    pub(super) empty: EmptyState,
}

/// A backup.
pub(super) struct BackupRow {
    pub(super) name: String,
    pub(super) href: String,
    pub(super) at: String,
    pub(super) at_exact: String,
    pub(super) at_iso: String,
    pub(super) size: String,
    pub(super) rows: String,
    pub(super) note: String,
}

/// `GET /app/system/backups/{backup}`
#[derive(Template)]
#[template(path = "system/backup.html")]
pub(super) struct BackupPage {
    pub(super) page: Shell,
    pub(super) href: String,
    pub(super) summary: String,
    pub(super) facts: Vec<(String, String)>,
    pub(super) tables: Vec<(String, String)>,
    pub(super) can_take: bool,
    pub(super) commands: Vec<(String, String)>,
}

/// `GET /app/system/logs`
#[derive(Template)]
#[template(path = "system/logs.html")]
pub(super) struct LogsPage {
    /// What failed lately, by kind.
    pub(super) failures: Vec<FailureRow>,
    /// Whether there is more than was counted.
    pub(super) has_more_failures: bool,
    pub(super) page: Shell,
    pub(super) tabs: Tabs,
    pub(super) level: Choice,
    pub(super) text: String,
    pub(super) request: String,
    pub(super) live: (String, bool),
    pub(super) list: LogsView,
}

/// The same without its frame, while it is followed.
#[derive(Template)]
#[template(path = "system/log_lines.html")]
pub(super) struct LogsPart {
    pub(super) list: LogsView,
}

pub(super) struct LogsView {
    pub(super) say: Words,
    pub(super) poll: Option<String>,
    pub(super) rows: Vec<LogRow>,
    pub(super) empty: EmptyState,
    pub(super) older: Option<String>,
}

/// A line of the log.
pub(super) struct LogRow {
    pub(super) id: String,
    pub(super) at: String,
    pub(super) at_exact: String,
    pub(super) at_iso: String,
    pub(super) badge: Badge,
    pub(super) message: String,
    pub(super) target: String,
    /// A link to all lines of the request, with its id.
    pub(super) request: Option<(String, String)>,
    pub(super) fields: Vec<(String, String)>,
    /// The line as a text to be copied.
    pub(super) copy: String,
}
