//! `kafila doctor`: looks at everything an installation needs, changes nothing, and says what to do.

use std::fmt;
use std::io::Read;
use std::net::{TcpListener, TcpStream, ToSocketAddrs};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use base::files::FileStore;
use base::secrets::MasterKey;
use base::{Clock, jobs};
use db::{Db, DbConfig};
use kernel::Time;
use serde::Serialize;

use crate::config::{Config, MailSecurity, Places, without_password};
use crate::data_dir::DataDir;
use crate::failure::{Exit, Failure};
use crate::migrations::migrations;
use crate::wiring;

/// Below this much room the next hours are in danger.
const TOO_LITTLE: u64 = 200 << 20;
/// Below this much room somebody should look.
const LITTLE: u64 = 2 << 30;
/// How long the mail server may take to answer.
const MAIL_PATIENCE: Duration = Duration::from_secs(5);

#[derive(clap::Args)]
pub(super) struct Args {
    /// Prints the findings as JSON.
    #[arg(long)]
    json: bool,
    /// Leaves out reading the whole database, which takes a while when it is large.
    #[arg(long)]
    quick: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Verdict {
    Fine,
    /// Works, but somebody should look.
    Look,
    /// Does not work, or will not for long.
    Wrong,
}

#[derive(Debug, Serialize)]
struct Finding {
    check: &'static str,
    verdict: Verdict,
    what: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    remedy: Option<String>,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = match self.verdict {
            Verdict::Fine => "ok   ",
            Verdict::Look => "look ",
            Verdict::Wrong => "WRONG",
        };
        write!(f, "{sign}  {:<15} {}", self.check, self.what)?;
        match &self.remedy {
            Some(remedy) => write!(f, "\n       {:<15} {remedy}", ""),
            None => Ok(()),
        }
    }
}

pub(super) async fn run(places: &Places, args: Args) -> Result<(), Failure> {
    let mut report = Report::default();
    look(&mut report, places, args.quick).await;
    if args.json {
        println!("{}", serde_json::to_string_pretty(&report.0).unwrap_or_default());
    } else {
        for finding in &report.0 {
            println!("{finding}");
        }
    }
    match report.0.iter().filter(|finding| finding.verdict == Verdict::Wrong).count() {
        0 => Ok(()),
        1 => Err(Failure::new(Exit::Failed, "one thing is wrong, see above")),
        many => Err(Failure::new(Exit::Failed, format!("{many} things are wrong, see above"))),
    }
}

#[derive(Default)]
struct Report(Vec<Finding>);

impl Report {
    fn fine(&mut self, check: &'static str, what: impl Into<String>) {
        self.0.push(Finding { check, verdict: Verdict::Fine, what: what.into(), remedy: None });
    }

    fn look(&mut self, check: &'static str, what: impl Into<String>, remedy: impl Into<String>) {
        self.0.push(Finding { check, verdict: Verdict::Look, what: what.into(), remedy: Some(remedy.into()) });
    }

    fn wrong(&mut self, check: &'static str, what: impl Into<String>, remedy: impl Into<String>) {
        self.0.push(Finding { check, verdict: Verdict::Wrong, what: what.into(), remedy: Some(remedy.into()) });
    }

    fn failure(&mut self, check: &'static str, failure: &Failure) {
        let text = failure.to_string();
        let (what, remedy) = text.split_once('\n').unwrap_or((&text, "See docs/operations.md."));
        self.wrong(check, what, remedy);
    }
}

async fn look(report: &mut Report, places: &Places, quick: bool) {
    let read = places.read(&[]);
    if read.problems.is_empty() {
        report.fine("configuration", format!("{} keys set, no problems", read.set.len()));
    }
    for problem in &read.problems {
        report.wrong("configuration", problem.to_string(), "Every key is explained in docs/configuration.md.");
    }
    let config = read.config;

    clock(report, &places.data);
    port(report, &config);
    mail(report, &config);
    if !places.data.is_dir() {
        report.look("data directory", format!("{} is not there", places.data.display()), "The first command makes it; is --data right?");
        return;
    }
    let data = match DataDir::open(&places.data) {
        Ok(data) => data,
        Err(failure) => return report.failure("data directory", &failure),
    };
    directory(report, &data);
    room(report, &data);
    key_file(report, &config, &data);
    file_store(report, &config, &data).await;
    if config.database.url.is_some() {
        postgres(report, &config).await;
    } else {
        sqlite(report, &data, quick);
        backups(report, &data);
        whole(report, &config, places, &data).await;
    }
}

fn directory(report: &mut Report, data: &DataDir) {
    let path = data.path();
    match tempfile::tempfile_in(path) {
        Ok(_) => report.fine("data directory", format!("{} can be written", path.display())),
        Err(error) => {
            report.wrong("data directory", format!("{} cannot be written: {error}", path.display()), "Give it to the user that runs kafila.")
        }
    }
    let mode = std::fs::metadata(path).map_or(0, |metadata| metadata.permissions().mode());
    if mode & 0o077 != 0 {
        report.look("data directory", format!("others may read it (mode {:o})", mode & 0o777), format!("chmod 700 {}", path.display()));
    }
    if let Some(owner) = data.owner() {
        report.fine("process", format!("{owner} is at work here"));
    }
}

fn room(report: &mut Report, data: &DataDir) {
    let Some(free) = data.room() else { return };
    let what = format!("{} MB free on the disk of {}", free >> 20, data.path().display());
    let remedy = "Free some space: old copies in backups/ and logs/ come first.";
    match free {
        ..TOO_LITTLE => report.wrong("disk", what, remedy),
        TOO_LITTLE..LITTLE => report.look("disk", what, remedy),
        _ => report.fine("disk", what),
    }
}

fn key_file(report: &mut Report, config: &Config, data: &DataDir) {
    if config.master_key.is_some() {
        return report.fine("key", "from KAFILA_MASTER_KEY");
    }
    let path = data.path().join("keys/master.key");
    let Ok(metadata) = std::fs::metadata(&path) else {
        if db::sqlite_version(&data.path().join("kafila.db")).is_ok_and(|version| version > 0) && config.database.url.is_none() {
            let remedy = "Put it back from your backup, or set KAFILA_MASTER_KEY to it: nothing starts without it.";
            return report.wrong("key", format!("{} is not there, and the database's secrets were sealed with it", path.display()), remedy);
        }
        return report.look(
            "key",
            format!("{} is not there", path.display()),
            "A new installation makes it at the first start; otherwise put it back.",
        );
    };
    // It is there, so nothing is made here.
    match MasterKey::load(data.path()) {
        Ok(_) => report.fine("key", format!("{} can be read", path.display())),
        Err(error) => report.wrong("key", error.to_string(), "Without it stored secrets cannot be opened."),
    }
    let mode = metadata.permissions().mode();
    if mode & 0o077 != 0 {
        report.wrong("key", format!("others may read the key (mode {:o})", mode & 0o777), format!("chmod 600 {}", path.display()));
    }
}

/// Where files lie: whether it can be written, or whether the store answers.
async fn file_store(report: &mut Report, config: &Config, data: &DataDir) {
    match wiring::file_store(config) {
        Ok(FileStore::Disk) => {
            let path = data.path().join("files");
            if !path.is_dir() {
                return report.fine("files", "none yet; they will lie in files/ of the data directory");
            }
            match tempfile::tempfile_in(&path) {
                Ok(_) => report.fine("files", format!("{} can be written", path.display())),
                Err(error) => {
                    report.wrong("files", format!("{} cannot be written: {error}", path.display()), "Give it to the user that runs kafila.")
                }
            }
        }
        Ok(FileStore::Bucket(bucket)) => match bucket.check().await {
            Ok(()) => report.fine("files", format!("{} answers", bucket.place())),
            Err(why) => report.wrong(
                "files",
                format!("{}: {why}", bucket.place()),
                "Check files.s3_endpoint, files.s3_bucket and the key; the key must be allowed to list, read, write and delete.",
            ),
        },
        Err(failure) => report.failure("files", &failure),
    }
}

fn sqlite(report: &mut Report, data: &DataDir, quick: bool) {
    let path = data.path().join("kafila.db");
    if !path.exists() {
        return report.look("database", format!("{} is not there", path.display()), "The first command makes it; is --data right?");
    }
    match db::sqlite_version(&path) {
        Ok(version) => migration(report, version),
        Err(error) => return report.failure("database", &error.into()),
    }
    if quick {
        return;
    }
    match db::inspect_sqlite(&path) {
        Ok(seen) if seen.problems.is_empty() => {
            report.fine("database", format!("{} rows in {} tables, all sound", seen.rows.values().sum::<i64>(), seen.rows.len()));
        }
        Ok(seen) => report.wrong("database", seen.problems.join("; "), "Keep a copy of the data directory, then restore the newest backup."),
        Err(error) => report.failure("database", &error.into()),
    }
}

fn migration(report: &mut Report, version: u32) {
    let newest = migrations().last().map_or(0, |last| last.number);
    match version {
        _ if version == newest => report.fine("migrations", format!("up to date ({newest})")),
        _ if version < newest => {
            report.look(
                "migrations",
                format!("the database is at {version}, this kafila knows {newest}"),
                "The next start applies them, after a backup on SQLite; on PostgreSQL run pg_dump before.",
            );
        }
        _ => report.failure("migrations", &db::OpenError::Newer { found: version, known: newest }.into()),
    }
}

fn backups(report: &mut Report, data: &DataDir) {
    let folder = data.path().join("backups");
    let names = std::fs::read_dir(&folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let newest = names.filter(|path| path.extension().is_some_and(|end| end == "db")).filter_map(|path| path.metadata().ok()?.modified().ok()).max();
    let age = newest.and_then(|newest| newest.elapsed().ok());
    match age {
        None => report.look("backups", "there is none", "Make one with `kafila backup`, and copy it to another machine."),
        Some(age) if age > Duration::from_secs(2 * 24 * 3_600) => {
            report.look(
                "backups",
                format!("the newest is {} days old", age.as_secs() / 86_400),
                "Is the nightly schedule on? Make one with `kafila backup`.",
            );
        }
        Some(age) => report.fine("backups", format!("the newest is {} hours old", age.as_secs() / 3_600)),
    }
}

/// Opens everything as a start would, when that changes nothing and nobody else has it.
async fn whole(report: &mut Report, config: &Config, places: &Places, data: &DataDir) {
    let newest = migrations().last().map_or(0, |last| last.number);
    let is_current = db::sqlite_version(&data.path().join("kafila.db")).is_ok_and(|version| version == newest);
    let has_key = config.master_key.is_some() || MasterKey::exists(data.path());
    if !is_current || !has_key || data.owner().is_some() {
        return;
    }
    let opened = match DataDir::open(&places.data) {
        Ok(data) => wiring::open(config, data, Clock::System).await,
        Err(failure) => Err(failure),
    };
    match opened {
        Ok(kafila) => {
            report.fine("start", "everything opens, and the key is the right one");
            queue(report, &kafila.base).await;
            kafila.close();
        }
        Err(failure) if failure.exit == Exit::Key => report.failure("key", &failure),
        Err(failure) => report.failure("start", &failure),
    }
}

#[expect(clippy::disallowed_methods, reason = "the queue of all organizations")]
async fn queue(report: &mut Report, base: &base::Base) {
    let now = base.now();
    match base.db().system_read(move |tx| jobs::health(tx, now)).await {
        Ok(health) if health.dead > 0 => {
            report.look(
                "jobs",
                format!("{} failed for good", health.dead),
                "Look at them with GET /api/v1/jobs?state=dead; they can be retried there.",
            );
        }
        Ok(health) => report.fine("jobs", format!("{} wait, none failed for good", health.due)),
        Err(error) => report.wrong("jobs", error.to_string(), "See the log."),
    }
}

async fn postgres(report: &mut Report, config: &Config) {
    let Some(url) = &config.database.url else { return };
    let shown = without_password(url.reveal());
    match Db::open(&DbConfig::Postgres { url: url.reveal().to_owned(), connections: 1 }) {
        Err(error) => report.failure("database", &error.into()),
        Ok(db) => {
            report.fine("database", format!("{shown} answers"));
            if db::is_in_the_open(url.reveal()) {
                let remedy = "Add ?sslmode=verify-full to its address, unless the network between is yours alone.";
                report.look("TLS", "what goes to PostgreSQL could be read on the way", remedy);
            }
            match db.version() {
                Ok(version) => migration(report, version),
                Err(error) => report.failure("migrations", &error.into()),
            }
            db.close(Duration::from_secs(5));
        }
    }
}

fn port(report: &mut Report, config: &Config) {
    let taken = match TcpListener::bind(&config.listen) {
        Ok(_) => return report.fine("port", format!("{} is free", config.listen)),
        Err(error) => error,
    };
    if is_kafila(&config.listen) {
        return report.fine("port", format!("kafila answers on {}", config.listen));
    }
    report.wrong(
        "port",
        format!("cannot listen on {}: {taken}", config.listen),
        "Stop the program that listens there, or choose another address with listen.",
    );
}

/// Whether what listens there answers as kafila does.
fn is_kafila(address: &str) -> bool {
    let ask = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(Duration::from_secs(2)))?;
        std::io::Write::write_all(&mut stream, format!("GET /healthz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").as_bytes())?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    };
    ask().is_ok_and(|answer| answer.starts_with("HTTP/1.1 200"))
}

fn mail(report: &mut Report, config: &Config) {
    let Some(host) = &config.mail.host else {
        return report.look(
            "mail",
            "no server is configured; mails are written to mail/ in the data directory",
            "Set mail.host and what belongs to it.",
        );
    };
    let place = format!("{host}:{}", config.mail.port);
    let ask = || -> std::io::Result<String> {
        let address = place.to_socket_addrs()?.next().ok_or_else(|| std::io::Error::other("the name has no address"))?;
        let mut stream = TcpStream::connect_timeout(&address, MAIL_PATIENCE)?;
        if config.mail.security == MailSecurity::Tls {
            return Ok("220".to_owned());
        }
        stream.set_read_timeout(Some(MAIL_PATIENCE))?;
        let mut greeting = [0; 3];
        stream.read_exact(&mut greeting)?;
        Ok(String::from_utf8_lossy(&greeting).into_owned())
    };
    match ask() {
        Ok(greeting) if greeting == "220" => report.fine("mail", format!("{place} answers")),
        Ok(greeting) => {
            report.wrong("mail", format!("{place} greets with {greeting:?}, not as a mail server"), "Check mail.host, mail.port and mail.security.")
        }
        Err(error) => report.wrong("mail", format!("{place}: {error}"), "Check mail.host and mail.port, and that the firewall lets us out."),
    }
}

fn clock(report: &mut Report, data: &Path) {
    let now = Clock::System.now();
    let written = std::fs::metadata(data.join("kafila.db")).and_then(|metadata| metadata.modified()).ok();
    let written_us = written.and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok()).map(|since| since.as_micros() as i64);
    let remedy = "Set the clock and keep it right with NTP; ids and every date depend on it.";
    if now.0 / 1_000 < kernel::id::EPOCH_MS {
        report.wrong("clock", format!("it says {now}"), remedy);
    } else if written_us.is_some_and(|written| written > now.0 + Time::HOUR) {
        report.wrong("clock", format!("it says {now}, but the database was written later than that"), remedy);
    } else {
        report.fine("clock", format!("it says {now}"));
    }
}
