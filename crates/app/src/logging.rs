//! Logs: to standard error for whoever watches, and as JSON to daily files in `logs/`.
//!
//! Personal data and secrets are types that print as dots, so nothing here has to look for them.
//! Writing never holds up the work: lines wait in memory, and a full disk loses lines, not orders.

use std::io::IsTerminal;

use tracing_appender::non_blocking::{NonBlockingBuilder, WorkerGuard};
use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

use crate::config::{Log, LogFormat};
use crate::data_dir::DataDir;
use crate::failure::{Exit, Failure};

/// Lines that wait for the disk; beyond them lines are lost rather than requests held up. Room for all is taken at the start.
const LINES_WAITING: usize = 8_192;

/// Writes what still waits when it is dropped; keep it until the process ends.
#[must_use]
#[derive(Debug)]
pub(crate) struct Logging {
    _guards: Vec<WorkerGuard>,
}

/// Who listens to standard error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Audience {
    /// A process that runs for long: everything of the level.
    Server,
    /// Somebody who gave one command: warnings and errors. The files get everything.
    Command,
}

/// Whether this is a level, or levels by part.
pub(crate) fn is_level(text: &str) -> bool {
    let is_one = |word: &str| matches!(word.trim(), "off" | "error" | "warn" | "info" | "debug" | "trace");
    // The library takes any word for the name of a part, so a misspelt level would silence everything.
    let parts =
        text.split(',').all(|part| part.rsplit_once('=').map_or_else(|| is_one(part), |(name, level)| !name.trim().is_empty() && is_one(level)));
    parts && EnvFilter::builder().parse(text).is_ok()
}

/// Starts logging for this process.
pub(crate) fn start(log: &Log, data: &DataDir, audience: Audience) -> Result<Logging, Failure> {
    let mut guards = Vec::new();
    let is_human = match log.format {
        LogFormat::Auto => std::io::stderr().is_terminal(),
        LogFormat::Human => true,
        LogFormat::Json => false,
    };
    let level = match audience {
        Audience::Server => log.level.as_str(),
        Audience::Command => "warn",
    };
    // Straight to standard error: it is small, and a crash loses nothing.
    let screen = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let screen = if is_human {
        screen.with_ansi(std::io::stderr().is_terminal()).with_target(false).with_filter(filter(level)).boxed()
    } else {
        screen.json().flatten_event(true).with_filter(filter(level)).boxed()
    };

    let files = if log.keep_files == 0 {
        None
    } else {
        let folder = data.folder("logs")?;
        let appender = RollingFileAppender::builder()
            .rotation(Rotation::DAILY)
            .filename_prefix("kafila")
            .filename_suffix("log")
            .max_log_files(log.keep_files)
            .build(&folder)
            .map_err(|error| {
                Failure::new(Exit::DataDir, format!("cannot write logs in {}: {error}", folder.display()))
                    .remedy("Give the directory to the user that runs kafila, or set log.keep_files = 0.")
            })?;
        let (writer, guard) = NonBlockingBuilder::default().buffered_lines_limit(LINES_WAITING).finish(appender);
        guards.push(guard);
        Some(tracing_subscriber::fmt::layer().json().flatten_event(true).with_writer(writer).with_filter(filter(&log.level)))
    };

    tracing_subscriber::registry()
        .with(screen)
        .with(files)
        .try_init()
        .map_err(|error| Failure::new(Exit::Failed, format!("logging was started twice: {error}")))?;
    Ok(Logging { _guards: guards })
}

fn filter(level: &str) -> EnvFilter {
    EnvFilter::builder().parse(level).unwrap_or_else(|_| EnvFilter::new("info"))
}
