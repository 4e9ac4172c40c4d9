//! The installation for people: how it is, work behind the scenes, schedules, backups, the log.

mod backups;
mod health;
mod jobs;
mod logs;
mod schedules;
mod tasks;
mod view;

use base::Ctx;
use kernel::Permission;

use crate::format::Format;
use crate::pages::context::Place;
use crate::pages::view::{TabLink, Tabs, Toast};
use crate::router::Route;
use crate::words::Words;

pub(crate) use health::words as health_words;

pub(super) fn routes() -> Vec<Route> {
    let mut routes = health::routes();
    routes.extend(jobs::routes());
    routes.extend(tasks::routes());
    routes.extend(schedules::routes());
    routes.extend(backups::routes());
    routes.extend(logs::routes());
    routes
}

/// The pages of the section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tab {
    Health,
    Jobs,
    Tasks,
    Schedules,
    Backups,
    Logs,
}

impl Tab {
    const ALL: [Tab; 6] = [Tab::Health, Tab::Jobs, Tab::Tasks, Tab::Schedules, Tab::Backups, Tab::Logs];

    fn href(self) -> &'static str {
        match self {
            Tab::Health => "/app/system",
            Tab::Jobs => "/app/system/jobs",
            Tab::Tasks => "/app/system/tasks",
            Tab::Schedules => "/app/system/schedules",
            Tab::Backups => "/app/system/backups",
            Tab::Logs => "/app/system/logs",
        }
    }

    fn key(self) -> &'static str {
        match self {
            Tab::Health => "system-health",
            Tab::Jobs => "system-jobs",
            Tab::Tasks => "system-tasks",
            Tab::Schedules => "system-schedules",
            Tab::Backups => "system-backups",
            Tab::Logs => "system-logs",
        }
    }

    /// Whether this reader may open it; backups and the log are only of whom the installation is.
    fn is_open(self, ctx: &Ctx, is_keeper: bool) -> bool {
        match self {
            Tab::Backups => is_keeper,
            Tab::Logs => is_keeper && ctx.can(Permission::LogRead),
            _ => true,
        }
    }

    /// The tabs that this reader may open, with this one marked.
    fn tabs(self, ctx: &Ctx, is_keeper: bool) -> Tabs {
        let say = Words { locale: ctx.locale };
        let open = Tab::ALL.into_iter().filter(|tab| tab.is_open(ctx, is_keeper));
        let link = |tab: Tab| TabLink { href: tab.href().to_owned(), label: say.t(tab.key()), count: String::new(), is_here: tab == self };
        Tabs { label: say.t("system-title"), items: open.map(link).collect() }
    }

    /// Where the page stands.
    fn place(self, say: Words, toast: Option<Toast>) -> Place {
        let name = say.t(self.key());
        Place {
            title: say.one("system-window", "title", &name),
            back: if self == Tab::Health { None } else { Some(Tab::Health.href().to_owned()) },
            crumb: if self == Tab::Health { say.t("system-title") } else { name },
            here: self.href().to_owned(),
            toast,
        }
    }
}

/// A number of bytes for people.
pub(crate) fn bytes(say: Words, format: &Format, bytes: u64) -> String {
    const KILO: u64 = 1_000;
    let (key, unit) = match bytes {
        ..KILO => return say.one("size-bytes", "n", format.number(i64::try_from(bytes).unwrap_or(i64::MAX))),
        KILO..1_000_000 => ("size-kb", KILO),
        1_000_000..1_000_000_000 => ("size-mb", KILO * KILO),
        _ => ("size-gb", KILO * KILO * KILO),
    };
    let tenths = bytes.saturating_mul(10) / unit;
    let whole = format.number(i64::try_from(tenths / 10).unwrap_or(i64::MAX));
    let written = if tenths < 1_000 && !tenths.is_multiple_of(10) { format.decimal(&whole, tenths % 10) } else { whole };
    say.one(key, "n", written)
}

/// A span of time for people: seconds, minutes, hours or days.
pub(super) fn span(say: Words, seconds: i64) -> String {
    match seconds {
        ..120 => say.one("span-seconds", "n", seconds.max(0)),
        120..7_200 => say.one("span-minutes", "n", seconds / 60),
        7_200..172_800 => say.one("span-hours", "n", seconds / 3_600),
        _ => {
            let days = seconds / 86_400;
            say.count("span-days", days, &days.to_string())
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;
    use kernel::{Locale, NumberStyle, Time};

    use super::*;

    #[test]
    fn bytes_and_spans_are_written_as_people_say_them() {
        let of = |locale| (Words { locale }, Format::new(locale, NumberStyle::CommaPoint, TimeZone::UTC, Time(0)));
        let (say, format) = of(Locale::En);
        for (count, expected) in [(0, "0 B"), (999, "999 B"), (48_211, "48.2 kB"), (120_000_000, "120 MB"), (3_000_000_000, "3 GB")] {
            assert_eq!(bytes(say, &format, count), expected);
        }
        let (say_fr, format_fr) = of(Locale::Fr);
        assert_eq!(bytes(say_fr, &format_fr, 1_500_000), "1,5 Mo");
        for (seconds, expected) in [(8, "8 s"), (600, "10 min"), (9_000, "2 h"), (86_400 * 3, "3 days")] {
            assert_eq!(span(say, seconds), expected);
        }
    }
}
