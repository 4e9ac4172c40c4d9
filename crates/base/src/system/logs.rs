//! The log of the processes that share this data directory, read from its daily files, the newest line first.
//!
//! Personal data and secrets are dots before they are written. Only files that the logging itself names are opened, and only so much of
//! them is read as one look may cost; a look that stops early says where the next goes on.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use kernel::{Error, Permission, Time, words};
use serde_json::{Map, Value};

use super::keeper;
use crate::edge::Edge;

/// Most lines of one look.
pub const MAX_PAGE: usize = 500;
/// So much is read by one look.
const MOST_BYTES: u64 = 16 * 1024 * 1024;
const CHUNK: u64 = 128 * 1024;
/// A line that is longer is cut.
const LONGEST: usize = 16 * 1024;

words! {
    /// How grave a line is.
    pub enum Level {
        /// Something failed.
        Error = "error",
        /// Something is odd.
        Warn = "warn",
        /// What goes on.
        Info = "info",
        /// For those who look for a mistake.
        Debug = "debug",
        /// Everything.
        Trace = "trace",
    }
}

/// Which lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogFilter {
    /// As grave as this, or graver.
    pub level: Option<Level>,
    /// With this in them, in any case.
    pub text: Option<String>,
    /// Of this request.
    pub request: Option<String>,
    /// Not before.
    pub from: Option<Time>,
    /// Before.
    pub until: Option<Time>,
    /// Older than this place.
    pub before: Option<LogPlace>,
    /// At most so many.
    pub limit: usize,
}

/// A place in the log: the day of a file and where a line begins in it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LogPlace {
    /// `2026-11-21`
    pub day: String,
    /// In bytes.
    pub offset: u64,
}

impl std::fmt::Display for LogPlace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.day, self.offset)
    }
}

impl std::str::FromStr for LogPlace {
    type Err = Error;

    fn from_str(text: &str) -> Result<LogPlace, Error> {
        let read = text.split_once('.').filter(|(day, _)| is_day(day)).and_then(|(day, offset)| Some((day, offset.parse().ok()?)));
        read.map(|(day, offset)| LogPlace { day: day.to_owned(), offset }).ok_or_else(|| Error::field("cursor", "cursor"))
    }
}

/// A line of the log.
#[derive(Clone, Debug, PartialEq)]
pub struct LogLine {
    /// Where it stands.
    pub place: LogPlace,
    /// When it was written.
    pub at: Option<Time>,
    /// How grave it is.
    pub level: Level,
    /// The part of the program.
    pub target: String,
    /// What it says.
    pub message: String,
    /// The request that it is about.
    pub request: Option<String>,
    /// What else it says.
    pub fields: Map<String, Value>,
}

/// Some lines, the newest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LogPage {
    /// The lines.
    pub items: Vec<LogLine>,
    /// Where the next look goes on; none at the end.
    pub next: Option<LogPlace>,
}

/// The log. Needs `log.read`, and is the installation's.
pub async fn read(edge: &Edge, filter: LogFilter) -> Result<LogPage, Error> {
    keeper(edge, Permission::LogRead, "log").await?;
    let folder = edge.base.data_dir().join("logs");
    let page = tokio::task::spawn_blocking(move || read_folder(&folder, &filter)).await.map_err(Error::internal)?;
    page.map_err(|error| Error::internal(format!("the log cannot be read: {error}")))
}

/// Failures of one kind: lines that say the same but for numbers and names.
#[derive(Clone, Debug, PartialEq)]
pub struct Failures {
    /// How many.
    pub count: u64,
    /// The newest of them.
    pub last: LogLine,
    /// When the oldest of those that were looked at was written.
    pub first_at: Option<Time>,
}

/// What failed lately, by kind.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FailureList {
    /// Each kind, the latest first.
    pub items: Vec<Failures>,
    /// Whether there were more lines than one look reads, so that counts are at least so high.
    pub is_more: bool,
}

/// How far back failures are looked for.
const FAILURES_US: i64 = 7 * Time::DAY;
/// Kinds of failures that one look tells.
const KINDS: usize = 20;

/// Errors of requests and jobs in the last seven days, by kind: the last 500 lines of the level `error`. Needs `log.read`, and is the
/// installation's.
pub async fn failures(edge: &Edge) -> Result<FailureList, Error> {
    let from = Some(edge.base.now().plus_us(-FAILURES_US));
    let page = read(edge, LogFilter { level: Some(Level::Error), from, limit: MAX_PAGE, ..LogFilter::default() }).await?;
    let is_more = page.next.is_some();
    Ok(FailureList { items: by_kind(page.items), is_more })
}

/// Lines by what they say, the latest kind first.
fn by_kind(lines: Vec<LogLine>) -> Vec<Failures> {
    let mut kinds: Vec<(String, Failures)> = Vec::new();
    for line in lines {
        let kind = kind_of(&line);
        match kinds.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, failures)) => {
                failures.count += 1;
                failures.first_at = line.at.or(failures.first_at);
            }
            // The newest line comes first.
            None => kinds.push((kind, Failures { count: 1, first_at: line.at, last: line })),
        }
    }
    kinds.truncate(KINDS);
    kinds.into_iter().map(|(_, failures)| failures).collect()
}

/// The part of the program and the words, without those that hold a digit: ids, numbers, addresses.
fn kind_of(line: &LogLine) -> String {
    let words = line.message.split_whitespace().map(|word| if word.contains(|sign: char| sign.is_ascii_digit()) { "#" } else { word });
    format!("{} {}", line.target, words.collect::<Vec<_>>().join(" "))
}

fn is_day(text: &str) -> bool {
    text.len() == 10 && text.bytes().enumerate().all(|(at, sign)| if at == 4 || at == 7 { sign == b'-' } else { sign.is_ascii_digit() })
}

/// The files by day, the newest first.
fn files(folder: &Path) -> io::Result<Vec<(String, PathBuf)>> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let day = name.strip_prefix("kafila.").and_then(|rest| rest.strip_suffix(".log")).filter(|day| is_day(day));
        // A link could lead out of the folder.
        if let Some(day) = day
            && entry.file_type()?.is_file()
        {
            found.push((day.to_owned(), entry.path()));
        }
    }
    found.sort_unstable_by(|one, other| other.0.cmp(&one.0));
    Ok(found)
}

fn read_folder(folder: &Path, filter: &LogFilter) -> io::Result<LogPage> {
    let limit = filter.limit.clamp(1, MAX_PAGE);
    let mut page = LogPage::default();
    let mut left = MOST_BYTES;
    for (day, path) in files(folder)? {
        let end = match &filter.before {
            Some(before) if day > before.day => continue,
            Some(before) if day == before.day => Some(before.offset),
            _ => None,
        };
        let begin = Time::parse(&format!("{day}T00:00:00Z"));
        if filter.until.is_some_and(|until| begin.is_some_and(|begin| begin >= until)) {
            continue;
        }
        if filter.from.is_some_and(|from| day.as_str() < &from.to_string()[..10]) {
            break;
        }
        let mut lines = Backwards::open(&path, end)?;
        while let Some((offset, line)) = lines.next()? {
            let place = LogPlace { day: day.clone(), offset };
            left = left.saturating_sub(line.len() as u64 + 1);
            if let Some(line) = line_of(place.clone(), &line).filter(|line| filter.matches(line)) {
                page.items.push(line);
            }
            if page.items.len() == limit || left == 0 {
                page.next = Some(place);
                return Ok(page);
            }
        }
    }
    Ok(page)
}

impl LogFilter {
    fn matches(&self, line: &LogLine) -> bool {
        let is_grave = self.level.is_none_or(|level| line.level as u8 <= level as u8);
        let is_in_time = line.at.is_none_or(|at| self.from.is_none_or(|from| at >= from) && self.until.is_none_or(|until| at < until));
        let says = |text: &String| {
            let wanted = text.to_lowercase();
            let is_in = |text: &str| text.to_lowercase().contains(&wanted);
            is_in(&line.message) || is_in(&line.target) || line.fields.iter().any(|(name, value)| is_in(name) || is_in(&shown(value)))
        };
        is_grave && is_in_time && self.request.as_ref().is_none_or(|id| line.request.as_ref() == Some(id)) && self.text.as_ref().is_none_or(says)
    }
}

/// A value as people read it.
pub fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn line_of(place: LogPlace, line: &[u8]) -> Option<LogLine> {
    let text = String::from_utf8_lossy(line);
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let Ok(mut fields) = serde_json::from_str::<Map<String, Value>>(text) else {
        // Cut, or written by something else: shown as it is.
        let message = kernel::cut(text, LONGEST).to_owned();
        return Some(LogLine { place, at: None, level: Level::Info, target: String::new(), message, request: None, fields: Map::new() });
    };
    let mut take = |name: &str| fields.remove(name).map(|value| shown(&value));
    let at = take("timestamp").and_then(|text| Time::parse(&text));
    let level = take("level").and_then(|word| word.to_lowercase().parse().ok()).unwrap_or(Level::Info);
    let (target, message) = (take("target").unwrap_or_default(), take("message").unwrap_or_default());
    let of_span = fields.get("span").and_then(|span| span.get("id")).map(shown);
    // The spans repeat the innermost one.
    fields.remove("spans");
    let request = ["request", "reference"].iter().find_map(|name| fields.get(*name)).map(shown).or(of_span);
    Some(LogLine { place, at, level, target, message, request, fields })
}

/// The lines of a file from its end to its beginning.
struct Backwards {
    file: File,
    /// Where the part that was read begins.
    from: u64,
    /// What was read and not handed out: ends where a line ends.
    held: Vec<u8>,
}

impl Backwards {
    fn open(path: &Path, end: Option<u64>) -> io::Result<Backwards> {
        let file = File::open(path)?;
        let length = file.metadata()?.len();
        Ok(Backwards { file, from: end.unwrap_or(length).min(length), held: Vec::new() })
    }

    /// The line before, with where it begins.
    fn next(&mut self) -> io::Result<Option<(u64, Vec<u8>)>> {
        loop {
            // The end of the line that is to come is no end of another one.
            let body = if self.held.last() == Some(&b'\n') { &self.held[..self.held.len() - 1] } else { &self.held[..] };
            if let Some(place) = body.iter().rposition(|sign| *sign == b'\n') {
                let line = body[place + 1..].to_vec();
                let begins = self.from + place as u64 + 1;
                self.held.truncate(place + 1);
                return Ok(Some((begins, line)));
            }
            if self.from == 0 {
                if self.held.is_empty() {
                    return Ok(None);
                }
                return Ok(Some((0, std::mem::take(&mut self.held))));
            }
            let size = CHUNK.min(self.from);
            self.from -= size;
            self.file.seek(SeekFrom::Start(self.from))?;
            let mut chunk = vec![0; usize::try_from(size).unwrap_or(0)];
            self.file.read_exact(&mut chunk)?;
            chunk.append(&mut self.held);
            self.held = chunk;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_are_told_by_kind_the_latest_first() {
        let line = |at: i64, target: &str, message: &str| LogLine {
            place: LogPlace { day: "2026-11-21".to_owned(), offset: at.unsigned_abs() },
            at: Some(Time(at)),
            level: Level::Error,
            target: target.to_owned(),
            message: message.to_owned(),
            request: Some(format!("r{at}")),
            fields: Map::new(),
        };
        let found = by_kind(vec![
            line(9, "web", "Order ord_0000000000001 cannot be read"),
            line(8, "base::mail", "The server does not answer"),
            line(7, "web", "Order ord_0000000000002 cannot be read"),
            line(6, "app", "Order ord_0000000000002 cannot be read"),
        ]);
        let told: Vec<_> = found.iter().map(|one| (one.count, one.last.request.as_deref().unwrap(), one.first_at.unwrap().0)).collect();
        assert_eq!(told, [(2, "r9", 7), (1, "r8", 8), (1, "r6", 6)]);
    }

    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, lines: &[&str]| std::fs::write(folder.path().join(name), lines.join("\n") + "\n").unwrap();
        write("kafila.2026-11-20.log", &[r#"{"timestamp":"2026-11-20T23:59:59Z","level":"INFO","message":"Good night","target":"app"}"#]);
        write(
            "kafila.2026-11-21.log",
            &[
                r#"{"timestamp":"2026-11-21T08:00:00Z","level":"INFO","message":"Started","target":"app"}"#,
                r#"{"timestamp":"2026-11-21T08:01:00Z","level":"WARN","message":"The mail server is slow","took_ms":812,"target":"base::mail"}"#,
                "half a line",
                r#"{"timestamp":"2026-11-21T08:02:00Z","level":"ERROR","message":"A request failed","reference":"ab-12","target":"web::frame"}"#,
            ],
        );
        write("secrets.txt", &["nobody reads this"]);
        write("kafila.2026-1-1.log", &["nor this"]);
        folder
    }

    fn messages(folder: &Path, filter: LogFilter) -> Vec<String> {
        let filter = LogFilter { limit: if filter.limit == 0 { 10 } else { filter.limit }, ..filter };
        read_folder(folder, &filter).unwrap().items.into_iter().map(|line| line.message).collect()
    }

    #[test]
    fn the_newest_line_comes_first_and_only_the_logs_own_files_are_read() {
        let folder = folder();
        let all = messages(folder.path(), LogFilter::default());
        assert_eq!(all, ["A request failed", "half a line", "The mail server is slow", "Started", "Good night"]);
        assert_eq!(messages(&folder.path().join("nowhere"), LogFilter::default()), Vec::<String>::new());
    }

    #[test]
    fn lines_are_found_by_level_words_request_and_time() {
        let folder = folder();
        let at = |text: &str| Some(Time::parse(text).unwrap());
        let check = |filter: LogFilter, expected: &[&str]| assert_eq!(messages(folder.path(), filter), expected);
        check(LogFilter { level: Some(Level::Warn), ..LogFilter::default() }, &["A request failed", "The mail server is slow"]);
        check(LogFilter { text: Some("MAIL".to_owned()), ..LogFilter::default() }, &["The mail server is slow"]);
        check(LogFilter { text: Some("812".to_owned()), ..LogFilter::default() }, &["The mail server is slow"]);
        check(LogFilter { request: Some("ab-12".to_owned()), ..LogFilter::default() }, &["A request failed"]);
        check(LogFilter { until: at("2026-11-21T00:00:00Z"), ..LogFilter::default() }, &["Good night"]);
        check(LogFilter { from: at("2026-11-21T08:01:30Z"), ..LogFilter::default() }, &["A request failed", "half a line"]);
    }

    #[test]
    fn page_after_page_is_the_whole_log() {
        let folder = folder();
        let (mut seen, mut before) = (Vec::new(), None);
        loop {
            let page = read_folder(folder.path(), &LogFilter { before: before.take(), limit: 2, ..LogFilter::default() }).unwrap();
            seen.extend(page.items.iter().map(|line| line.message.clone()));
            let Some(next) = page.next else { break };
            assert_eq!(next.to_string().parse::<LogPlace>().unwrap(), next);
            before = Some(next);
        }
        assert_eq!(seen, messages(folder.path(), LogFilter::default()));
        for wrong in ["", "2026-11-21", "2026-11-21.x", "../../etc.5", "2026-11-2/.1"] {
            assert!(wrong.parse::<LogPlace>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn lines_longer_than_a_read_are_put_together() {
        let folder = tempfile::tempdir().unwrap();
        let long = "x".repeat(300_000);
        std::fs::write(folder.path().join("kafila.2026-11-21.log"), format!("first\n{long}\nlast")).unwrap();
        let found = messages(folder.path(), LogFilter::default());
        assert_eq!((found[0].as_str(), found[1].len(), found[2].as_str()), ("last", LONGEST, "first"));
    }
}
