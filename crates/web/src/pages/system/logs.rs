//! The log: by level, words and request, followed as it grows.

use axum::http::{HeaderMap, Method, Uri};
use axum::response::Response;
use base::Edge;
use base::system::is_keeper;
use base::system::logs::{self, Failures, Level, LogFilter, LogLine, LogPage, LogPlace};
use kernel::{Permission, Time};

use super::Tab;
use super::view::{FailureRow, LogRow, LogsPage, LogsPart, LogsView};
use crate::badges::Badge;
use crate::error::Outcome;
use crate::extract::Info;
use crate::format::Format;
use crate::pages::context::{Reader, encoded, html, is_part};
use crate::pages::imports::param;
use crate::pages::view::{Choice, Choosable, EmptyState};
use crate::router::{Access, Route};
use crate::words::Words;

/// Lines on a page.
const PAGE: usize = 100;

pub(super) fn routes() -> Vec<Route> {
    vec![Route::page(Method::GET, "/app/system/logs", Access::Needs(Permission::LogRead), "page_logs", show)]
}

/// What the address says.
#[derive(Clone, Debug, Default)]
struct Asked {
    level: Option<Level>,
    text: String,
    request: String,
    before: Option<LogPlace>,
    is_live: bool,
}

impl Asked {
    fn read(uri: &Uri) -> Asked {
        Asked {
            level: param(uri, "level").and_then(|word| word.parse().ok()),
            text: param(uri, "text").unwrap_or_default(),
            request: param(uri, "request").unwrap_or_default(),
            before: param(uri, "before").and_then(|place| place.parse().ok()),
            is_live: param(uri, "live").is_some(),
        }
    }

    /// The address of the same filter at another place, followed or not.
    fn address(&self, before: Option<&LogPlace>, is_live: bool) -> String {
        let mut parts = Vec::new();
        parts.extend(self.level.map(|level| format!("level={level}")));
        for (name, text) in [("text", &self.text), ("request", &self.request)] {
            if !text.is_empty() {
                parts.push(format!("{name}={}", encoded(text)));
            }
        }
        parts.extend(before.map(|place| format!("before={place}")));
        if is_live {
            parts.push("live=1".to_owned());
        }
        if parts.is_empty() { Tab::Logs.href().to_owned() } else { format!("{}?{}", Tab::Logs.href(), parts.join("&")) }
    }

    fn filter(&self) -> LogFilter {
        let filled = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        LogFilter {
            level: self.level,
            text: filled(&self.text),
            request: filled(&self.request),
            before: self.before.clone(),
            limit: PAGE,
            ..LogFilter::default()
        }
    }

    fn is_filtered(&self) -> bool {
        self.level.is_some() || !self.text.is_empty() || !self.request.is_empty()
    }
}

/// `GET /app/system/logs`
async fn show(edge: Edge, info: Info, uri: Uri, headers: HeaderMap) -> Outcome<Response> {
    let asked = Asked::read(&uri);
    let found = logs::read(&edge, asked.filter()).await?;
    let reader = edge.read(Reader::load).await?;
    let format = reader.format(&edge.ctx);
    let say = Words { locale: edge.ctx.locale };
    let list = view(say, &format, &asked, found);
    if is_part(&headers) {
        return html(&LogsPart { list });
    }
    let keeper = is_keeper(&edge).await?;
    // Beside a filter or an older page the kinds would only be in the way.
    let is_first = !asked.is_filtered() && asked.before.is_none() && !asked.is_live;
    let failures = if is_first { logs::failures(&edge).await? } else { logs::FailureList::default() };
    let chosen = asked.level.map(|level| level.to_string()).unwrap_or_default();
    let mut options = vec![Choosable::new("", say.t("log-any"), &chosen)];
    options.extend([Level::Error, Level::Warn, Level::Info].map(|level| Choosable::new(level.as_str(), say.t(badge(level).key), &chosen)));
    let template = LogsPage {
        has_more_failures: failures.is_more,
        failures: failures.items.into_iter().map(|one| failure(&format, one)).collect(),
        page: reader.shell(&edge.ctx, &info, Tab::Logs.place(say, None)),
        tabs: Tab::Logs.tabs(&edge.ctx, keeper),
        level: Choice { name: "level", label: say.t("log-level"), options, ..Choice::default() },
        live: (asked.address(None, !asked.is_live), asked.is_live),
        text: asked.text,
        request: asked.request,
        list,
    };
    html(&template)
}

fn failure(format: &Format, one: Failures) -> FailureRow {
    let moment = |at: Option<Time>| at.map(|at| format.moment(at)).unwrap_or_default();
    FailureRow {
        count: format.number(i64::try_from(one.count).unwrap_or(i64::MAX)),
        last: moment(one.last.at),
        last_iso: one.last.at.map(|at| at.to_string()).unwrap_or_default(),
        first: moment(one.first_at),
        message: one.last.message,
        target: one.last.target,
        request: one.last.request.map(|id| (format!("{}?request={}", Tab::Logs.href(), encoded(&id)), id)),
    }
}

fn badge(level: Level) -> Badge {
    let (key, tone) = match level {
        Level::Error => ("log-error", "bad"),
        Level::Warn => ("log-warn", "warn"),
        Level::Info => ("log-info", "info"),
        Level::Debug | Level::Trace => ("log-debug", "neu"),
    };
    Badge { key, tone }
}

fn view(say: Words, format: &Format, asked: &Asked, found: LogPage) -> LogsView {
    let is_live = asked.is_live && asked.before.is_none();
    let (title, text) = if asked.is_filtered() { ("log-none-title", "log-none-text") } else { ("log-empty-title", "log-empty-text") };
    LogsView {
        say,
        poll: is_live.then(|| asked.address(None, true)),
        older: found.next.as_ref().map(|place| asked.address(Some(place), false)),
        rows: found.items.into_iter().map(|line| row(format, line)).collect(),
        empty: EmptyState {
            icon: "search-x",
            tone: "t-neu",
            title: say.t(title),
            text: say.t(text),
            action: asked.is_filtered().then(|| (Tab::Logs.href().to_owned(), say.t("log-clear"))),
        },
    }
}

fn row(format: &Format, line: LogLine) -> LogRow {
    let fields: Vec<(String, String)> = line.fields.iter().map(|(name, value)| (name.clone(), logs::shown(value))).collect();
    let at = line.at.map(|at| at.to_string()).unwrap_or_default();
    let mut copy = format!("{at} {} {} {}", line.level, line.target, line.message);
    for (name, value) in &fields {
        copy.push_str(&format!(" {name}={value}"));
    }
    LogRow {
        id: format!("l{}", line.place.to_string().replace(['-', '.'], "")),
        at: line.at.map(|at| format.moment(at)).unwrap_or_default(),
        at_exact: line.at.map(|at| format.exact(at)).unwrap_or_default(),
        at_iso: at,
        badge: badge(line.level),
        message: line.message,
        target: line.target,
        request: line.request.map(|id| (format!("{}?request={}", Tab::Logs.href(), encoded(&id)), id)),
        fields,
        copy: copy.trim().to_owned(),
    }
}
