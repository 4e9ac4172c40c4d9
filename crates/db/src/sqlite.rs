//! The embedded engine: one writer thread with group commit, a few readers, one checkpointer.
//!
//! The writer takes the closures that wait, runs each in a savepoint of one transaction, commits
//! once and only then answers, so an answer means that it is on the disk. When SQLite rolls the
//! whole transaction back, as on a full disk, every caller of the batch hears it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use kernel::id::OrgId;
use rusqlite::Connection;

use crate::Tuning;
use crate::call::Work;
use crate::error::{DbError, OpenError};
use crate::queue::{Lane, Queue, Queued};
use crate::shared::{Change, Shared};
use crate::sqlite_session::{Session as SqliteSession, Use, open};
use crate::tx::{Session, SystemTx};

/// Batches with savepoints after one that had to be run again.
const CAREFUL_BATCHES: u32 = 100;
const BATCH_CLOSURES: usize = 256;
const BATCH_TIME: Duration = Duration::from_millis(8);
/// Frames of the write-ahead log after which a checkpoint is due (16 MB).
const CHECKPOINT_FRAMES: u64 = 4_000;
/// Frames after which the log is also cut (64 MB), which holds the writer up for a moment.
const TRUNCATE_FRAMES: u64 = 16_000;

pub(crate) struct Threads {
    pub(crate) writers: Vec<JoinHandle<()>>,
    pub(crate) readers: Vec<JoinHandle<()>>,
    /// Ends by itself after the others have ended.
    pub(crate) checkpointer: Option<JoinHandle<()>>,
}

/// Opens the file and starts the threads.
pub(crate) fn start(path: &Path, tuning: Tuning, writes: &Arc<Queue>, reads: &Arc<Queue>, shared: &Arc<Shared>) -> Result<Threads, OpenError> {
    let open = |usage| open(path, usage, tuning.cache_kb);
    let writer = open(Use::Write)?;
    let checkpointer = open(Use::Checkpoint)?;
    let readers = (0..tuning.readers.max(1)).map(|_| open(Use::Read)).collect::<Result<Vec<_>, _>>()?;
    let log = Arc::new(Log { working: AtomicUsize::new(1 + readers.len()), ..Log::default() });

    let checkpointer = spawn("db checkpoint", {
        let (log, path) = (Arc::clone(&log), path.to_owned());
        move || checkpoint(&log, &checkpointer, &path)
    });
    let working = || Working { log: Arc::clone(&log), waker: checkpointer.thread().clone() };
    let writer = spawn("db writer", {
        let (queue, shared, path) = (Arc::clone(writes), Arc::clone(shared), path.to_owned());
        let working = working();
        move || write(writer, &queue, &shared, &working, &path)
    });
    let readers = readers.into_iter().enumerate().map(|(nth, connection)| {
        let (queue, shared, working) = (Arc::clone(reads), Arc::clone(shared), working());
        spawn(&format!("db reader {nth}"), move || read(connection, &queue, shared, &working))
    });
    Ok(Threads { readers: readers.collect(), writers: vec![writer], checkpointer: Some(checkpointer) })
}

pub(crate) fn spawn(name: &str, body: impl FnOnce() + Send + 'static) -> JoinHandle<()> {
    thread::Builder::new().name(name.to_owned()).spawn(body).expect("the system gives us a thread")
}

/// What the writer tells the checkpointer.
#[derive(Default)]
struct Log {
    /// Length of the write-ahead log after the last commit.
    frames: AtomicU64,
    /// Frames that the last checkpoint had copied.
    copied: AtomicU64,
    due: AtomicBool,
    /// Most is copied; the writer shall copy the rest between two batches.
    rest: AtomicBool,
    /// Threads that have a connection, besides the checkpointer's.
    working: AtomicUsize,
}

/// What a thread holds while it has a connection. Also after a panic of ours the checkpointer must hear that it is gone.
struct Working {
    log: Arc<Log>,
    waker: thread::Thread,
}

impl Drop for Working {
    fn drop(&mut self) {
        self.log.working.fetch_sub(1, Ordering::SeqCst);
        self.waker.unpark();
    }
}

fn sqlite(tx: &mut SystemTx) -> &SqliteSession {
    match tx.session() {
        Session::Sqlite(session) => session,
        Session::Postgres(_) => unreachable!("threads of the embedded engine hold SQLite sessions"),
    }
}

fn write(mut connection: Connection, queue: &Queue, shared: &Arc<Shared>, Working { log, waker }: &Working, path: &Path) {
    let frames = Arc::clone(log);
    let hooked = connection.wal_hook(Some(move |_: &mut rusqlite::hooks::Wal, pages: i32| {
        frames.frames.store(u64::from(pages.unsigned_abs()), Ordering::Relaxed);
        Ok(())
    }));
    if let Err(error) = hooked {
        tracing::error!("The length of the write-ahead log cannot be watched: {error}");
    }
    let mut tx = SystemTx::new(Session::Sqlite(Box::new(SqliteSession::new(connection))), Arc::clone(shared));
    let mut careful = 0_u32;
    while let Some(first) = queue.take() {
        let mut batch = Batch { has_savepoints: careful > 0, ..Batch::default() };
        let verdict = batch.run(&mut tx, first, queue, shared);
        careful = if batch.ran_again { CAREFUL_BATCHES } else { careful.saturating_sub(1) };
        batch.answer(verdict, shared);
        if log.rest.swap(false, Ordering::Relaxed) {
            copy_the_rest(&sqlite(&mut tx).connection, log, path);
        }
        wake_checkpointer(log, waker);
    }
}

/// While the writer writes, its log is never copied whole, so it would only grow, and writing to the
/// end of a growing file costs a quarter of a batch. The few frames that came in during a checkpoint are
/// therefore copied here, where nobody writes; the next batch then begins the log anew, over blocks that
/// the disk has already.
fn copy_the_rest(connection: &Connection, log: &Log, path: &Path) {
    if let Some((_, copied)) = run_checkpoint(connection, "passive", path) {
        log.copied.store(copied, Ordering::Relaxed);
    }
}

/// After an end that failed, as on a full disk, the next transaction must not find the old one.
fn leave_nothing_open(tx: &mut SystemTx) -> Result<(), DbError> {
    if sqlite(tx).is_open() { sqlite(tx).control("rollback") } else { Ok(()) }
}

fn wake_checkpointer(log: &Log, waker: &thread::Thread) {
    let frames = log.frames.load(Ordering::Relaxed);
    let copied = log.copied.load(Ordering::Relaxed);
    // Fewer frames than were copied: the log began anew.
    let waiting = if frames >= copied { frames - copied } else { frames };
    if waiting >= CHECKPOINT_FRAMES && !log.due.swap(true, Ordering::Relaxed) {
        waker.unpark();
    }
}

/// Closures that are committed together.
///
/// One that is refused must take back what it wrote, and nothing else. A savepoint around each does
/// that, at a price: SQLite then copies every page before its first change, a tenth of the time.
/// Nearly all refusals come before anything was written, though, so a batch begins without savepoints.
/// When a closure is refused after it wrote, the transaction is rolled back and all of its closures
/// run again, which they may, each in its savepoint; the next hundred batches have them from the start.
#[derive(Default)]
struct Batch {
    ran: Vec<Box<dyn Work>>,
    changes: Vec<(OrgId, Change)>,
    has_savepoints: bool,
    ran_again: bool,
}

impl Batch {
    /// Runs closures until nobody waits, the batch is full, or its time is up; then commits.
    fn run(&mut self, tx: &mut SystemTx, first: Queued, queue: &Queue, shared: &Shared) -> Result<(), DbError> {
        let started = Instant::now();
        // A slice of bulk work has its transaction for itself, and a rollback takes back only it.
        let is_alone = first.lane == Lane::Background;
        if let Err(error) = leave_nothing_open(tx).and_then(|()| sqlite(tx).control("begin immediate")) {
            self.end(first, queue);
            return Err(error);
        }
        let mut next = Some(first);
        while let Some(mut queued) = next {
            shared.writes.fetch_add(1, Ordering::Relaxed);
            let result = self.run_next(tx, &mut *queued.work);
            self.end(queued, queue);
            if let Err(error) = result {
                leave_nothing_open(tx)?;
                return Err(error);
            }
            if is_alone || self.ran.len() >= BATCH_CLOSURES || started.elapsed() >= BATCH_TIME {
                break;
            }
            next = queue.take_now();
        }
        if let Err(error) = sqlite(tx).control("commit") {
            leave_nothing_open(tx)?;
            return Err(error);
        }
        Ok(())
    }

    /// One closure more. An error here is the end of the whole batch.
    fn run_next(&mut self, tx: &mut SystemTx, work: &mut dyn Work) -> Result<(), DbError> {
        if self.has_savepoints {
            return self.run_in_savepoint(tx, work);
        }
        let before = sqlite(tx).connection.total_changes();
        if run_closure(tx, work)? {
            self.changes.extend(tx.take_changes());
            return Ok(());
        }
        if sqlite(tx).connection.total_changes() == before {
            return Ok(());
        }
        sqlite(tx).control("rollback")?;
        sqlite(tx).control("begin immediate")?;
        // Alone or first: what was rolled back was its own.
        if self.ran.is_empty() {
            return Ok(());
        }
        (self.has_savepoints, self.ran_again) = (true, true);
        self.changes.clear();
        let mut again = std::mem::take(&mut self.ran);
        let result = again.iter_mut().try_for_each(|earlier| self.run_in_savepoint(tx, &mut **earlier));
        self.ran = again;
        result?;
        self.run_in_savepoint(tx, work)
    }

    fn run_in_savepoint(&mut self, tx: &mut SystemTx, work: &mut dyn Work) -> Result<(), DbError> {
        sqlite(tx).control("savepoint closure")?;
        if run_closure(tx, work)? {
            self.changes.extend(tx.take_changes());
        } else {
            sqlite(tx).control("rollback to closure")?;
        }
        sqlite(tx).control("release closure")
    }

    fn end(&mut self, queued: Queued, queue: &Queue) {
        if queued.lane == Lane::Background {
            queue.background_ended();
        }
        self.ran.push(queued.work);
    }

    fn answer(self, verdict: Result<(), DbError>, shared: &Shared) {
        match &verdict {
            Ok(()) => {
                shared.committed(self.ran.len() as u64);
                shared.publish(&self.changes);
            }
            Err(error) => tracing::error!("A batch of {} writes was rolled back: {error}", self.ran.len()),
        }
        let void = verdict.err();
        for work in self.ran {
            work.answer(void.clone());
        }
    }
}

/// Whether what the closure wrote is to stay.
fn run_closure(tx: &mut SystemTx, work: &mut dyn Work) -> Result<bool, DbError> {
    tx.renew();
    let may_commit = work.run(tx);
    if let Some(error @ DbError::Disk(_)) = tx.dead() {
        return Err(error.clone());
    }
    if !sqlite(tx).is_open() {
        let why = tx.dead().map_or_else(|| "an action ended the transaction".to_owned(), ToString::to_string);
        return Err(DbError::failed(format!("the batch was rolled back: {why}")));
    }
    Ok(may_commit)
}

fn read(connection: Connection, queue: &Queue, shared: Arc<Shared>, _: &Working) {
    let mut tx = SystemTx::new(Session::Sqlite(Box::new(SqliteSession::new(connection))), Arc::clone(&shared));
    while let Some(mut queued) = queue.take() {
        let void = read_one(&mut tx, &mut *queued.work, &shared);
        if queued.lane == Lane::Background {
            queue.background_ended();
        }
        queued.work.answer(void);
    }
}

fn read_one(tx: &mut SystemTx, work: &mut dyn Work, shared: &Shared) -> Option<DbError> {
    shared.reads.fetch_add(1, Ordering::Relaxed);
    tx.renew();
    let mut void = leave_nothing_open(tx).and_then(|()| sqlite(tx).control("begin deferred")).err();
    if void.is_none() {
        work.run(tx);
        // Nothing was written, so there is nothing that a failing end could take back.
        if sqlite(tx).is_open() {
            void = sqlite(tx).control("commit").err();
        }
    }
    void
}

/// Copies the log into the database when enough has gathered, so that the writer never does. Its connection is the last to
/// close: of two that close at once each takes the other for still open, and the log would stay.
fn checkpoint(log: &Log, connection: &Connection, path: &Path) {
    loop {
        if log.working.load(Ordering::SeqCst) == 0 {
            run_checkpoint(connection, "truncate", path);
            return;
        }
        if log.due.load(Ordering::Relaxed) {
            if let Some((frames, copied)) = run_checkpoint(connection, "passive", path) {
                log.copied.store(copied, Ordering::Relaxed);
                if frames >= TRUNCATE_FRAMES && run_checkpoint(connection, "truncate", path).is_some() {
                    log.copied.store(0, Ordering::Relaxed);
                } else {
                    log.rest.store(true, Ordering::Relaxed);
                }
            }
            log.due.store(false, Ordering::Relaxed);
        }
        thread::park();
    }
}

/// Answers the length of the log and how much of it is copied; `None` when it did not work out.
fn run_checkpoint(connection: &Connection, how: &str, path: &Path) -> Option<(u64, u64)> {
    let row = connection
        .query_row(&format!("pragma wal_checkpoint({how})"), [], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, i64>(2)?)));
    match row {
        Ok((0, frames, copied)) => Some((frames.unsigned_abs(), copied.unsigned_abs())),
        Ok(_) => None,
        Err(error) => {
            tracing::warn!("The write-ahead log of {} could not be copied: {error}", path.display());
            None
        }
    }
}

/// Makes a verified copy of the database, in one consistent snapshot, while everybody works on.
pub(crate) fn backup(from: &Path, to: &Path) -> Result<(), DbError> {
    let partial = PathBuf::from(format!("{}.partial", to.display()));
    let failed = |text: String| DbError::failed(format!("backup to {}: {text}", to.display()));
    if partial.exists() {
        std::fs::remove_file(&partial).map_err(|error| failed(error.to_string()))?;
    }
    let result = copy(from, &partial).map_err(|error| match crate::sqlite_session::meaning(&error, "backup") {
        DbError::Failed(text) => failed(text),
        other => other,
    });
    let result = result.and_then(|verdict| if verdict == "ok" { Ok(()) } else { Err(failed(format!("the copy is damaged: {verdict}"))) });
    let result = result.and_then(|()| publish(&partial, to).map_err(|error| failed(error.to_string())));
    if result.is_err() {
        drop(std::fs::remove_file(&partial));
    }
    result
}

fn copy(from: &Path, to: &Path) -> rusqlite::Result<String> {
    let source = Connection::open_with_flags(from, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    source.busy_timeout(Duration::from_secs(5))?;
    let version = |connection: &Connection| connection.query_row("pragma user_version", [], |row| row.get::<_, i64>(0));
    let mut target = Connection::open(to)?;
    {
        let backup = rusqlite::backup::Backup::new(&source, &mut target)?;
        // All pages in one step are one snapshot; in smaller steps each commit would start it anew.
        loop {
            match backup.step(-1)? {
                rusqlite::backup::StepResult::Done => break,
                _ => thread::sleep(Duration::from_millis(20)),
            }
        }
    }
    // A file of its own, without a log beside it.
    let _: String = target.query_row("pragma journal_mode = delete", [], |row| row.get(0))?;
    let check: String = target.query_row("pragma quick_check(1)", [], |row| row.get(0))?;
    if check == "ok" && version(&source)? != version(&target)? {
        return Ok("its user_version differs".to_owned());
    }
    Ok(check)
}

fn publish(partial: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::File::open(partial)?.sync_all()?;
    std::fs::rename(partial, to)?;
    match to.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) => std::fs::File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}
