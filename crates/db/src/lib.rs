//! The database: transactions for actions, on SQLite or PostgreSQL, the only crate that names a driver.
//!
//! An action is a synchronous function over a [`Tx`]. [`Db`] sends it as a closure to a thread that
//! owns a connection and answers when it is committed: on SQLite one writer serves many callers
//! with one flush, on PostgreSQL each thread has its own connection.
//!
//! What always holds: an `Ok` is on the disk; after a failed statement nothing of the closure stays;
//! a panic fails its caller alone; a caller that goes away does not stop what was sent; a closure
//! may run twice.
//!
//! Not here: SQL of any table but `migrations`, ids' node leases (base), locking of the data
//! directory (app), waiting for anything inside a transaction. `Tx` cannot begin or commit.

pub mod bare;
mod call;
pub mod dialect;
mod error;
mod inspect;
mod lexer;
mod lint;
mod migrate;
mod postgres;
mod postgres_server;
mod postgres_session;
mod queue;
mod row;
mod shared;
mod sqlite;
mod sqlite_session;
pub mod testing;
mod tx;
mod value;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use kernel::Error;
use kernel::id::{IdSource, OrgId};
use tokio::sync::oneshot;

pub use error::{DbError, OnUnique, OpenError, is_pointed_to, violated};
pub use inspect::{Inspection, backup_sqlite, inspect_sqlite, sqlite_version};
pub use kernel::value::{Column, ColumnError, ToValue, Value};
pub use lint::{lint_migration, lint_migrations};
pub use migrate::{Migrated, Migration};
pub use postgres_server::is_in_the_open;
pub use row::{Row, RowReader};
pub use shared::{Change, DbStats, OnCommit, Recorded};
pub use tx::{Aside, SystemTx, Tx};

use call::{Call, Reply};
use queue::{Lane, Mode, Queue, Queued, Refused, lock};
use shared::Shared;

/// Calls that may wait before the next one hears `Busy`.
const QUEUE: usize = 4096;
/// Connections when the configuration does not say.
pub const POSTGRES_CONNECTIONS: usize = 16;

/// Which database runs below.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Embedded, one file.
    Sqlite,
    /// A server, 15 or newer.
    Postgres,
}

/// Where the data is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DbConfig {
    /// A file, made when it is not there; its folder must exist.
    Sqlite {
        /// The file.
        path: PathBuf,
        /// How many connections read it, and with how much memory.
        tuning: Tuning,
    },
    /// A server that exists already.
    Postgres {
        /// `postgres://user:password@host:port/database`.
        url: String,
        /// Connections of this process; [`POSTGRES_CONNECTIONS`] is a good number.
        connections: usize,
    },
}

impl DbConfig {
    /// A file, tuned as usual.
    pub fn sqlite(path: impl Into<PathBuf>) -> DbConfig {
        DbConfig::Sqlite { path: path.into(), tuning: Tuning::default() }
    }
}

/// What may be tuned about the embedded engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tuning {
    /// How many reads run at once, beside the one connection that writes.
    pub readers: usize,
    /// Kilobytes of pages that a reader keeps in memory; the writer keeps twice as much.
    pub cache_kb: usize,
}

impl Default for Tuning {
    fn default() -> Tuning {
        Tuning { readers: 4, cache_kb: 4_000 }
    }
}

/// The database. Cloning it is cheap.
#[derive(Clone)]
pub struct Db {
    inner: Arc<Inner>,
}

struct Inner {
    config: DbConfig,
    shared: Arc<Shared>,
    /// The same queue twice on PostgreSQL.
    writes: Arc<Queue>,
    reads: Arc<Queue>,
    workers: Mutex<Vec<JoinHandle<()>>>,
    /// Ends after the workers, with a last checkpoint.
    checkpointer: Mutex<Option<JoinHandle<()>>>,
    stopped: Arc<AtomicBool>,
}

impl Db {
    /// Opens the database and starts its threads; on PostgreSQL one connection is made at once.
    pub fn open(config: &DbConfig) -> Result<Db, OpenError> {
        let shared = Arc::new(Shared::new());
        let (writes, reads, workers, checkpointer) = match config {
            DbConfig::Sqlite { path, tuning } => {
                let (writes, reads) = (Arc::new(Queue::new(QUEUE, 1)), Arc::new(Queue::new(QUEUE, 1)));
                let threads = sqlite::start(path, *tuning, &writes, &reads, &shared)?;
                let workers = threads.writers.into_iter().chain(threads.readers).collect();
                (writes, reads, workers, threads.checkpointer)
            }
            DbConfig::Postgres { url, connections } => {
                let queue = Arc::new(Queue::new(QUEUE, (connections / 4).max(1)));
                let workers = postgres::start(url, *connections, &queue, &shared)?;
                (Arc::clone(&queue), queue, workers, None)
            }
        };
        let inner = Inner {
            config: config.clone(),
            shared,
            writes,
            reads,
            workers: Mutex::new(workers),
            checkpointer: Mutex::new(checkpointer),
            stopped: Arc::default(),
        };
        Ok(Db { inner: Arc::new(inner) })
    }

    /// Which database runs below.
    pub fn engine(&self) -> Engine {
        match self.inner.config {
            DbConfig::Sqlite { .. } => Engine::Sqlite,
            DbConfig::Postgres { .. } => Engine::Postgres,
        }
    }

    /// What it was opened with.
    pub fn config(&self) -> &DbConfig {
        &self.inner.config
    }

    /// Applies what is missing of the list, each step in a transaction, one process at a time.
    /// Refuses a database that is newer than the list, and a step whose text has changed.
    pub fn migrate(&self, list: &[Migration]) -> Result<Migrated, OpenError> {
        // On a thread of its own: the caller may stand inside a runtime, where PostgreSQL cannot wait.
        thread::scope(|scope| {
            let run = scope.spawn(|| match &self.inner.config {
                DbConfig::Sqlite { path, .. } => migrate::sqlite(path, list),
                DbConfig::Postgres { url, .. } => migrate::postgres(url, list),
            });
            run.join()
                .unwrap_or_else(|panic| Err(OpenError::Migration { number: 0, reason: format!("migrating panicked: {}", call::panic_text(&*panic)) }))
        })
    }

    /// Runs an action of one organization and commits it. It may run twice.
    pub async fn write<T: Send + 'static>(&self, org: OrgId, f: impl Fn(&mut Tx) -> Result<T, Error> + Send + 'static) -> Result<T, Error> {
        self.send(Mode::Write, Lane::People, move |tx| tx.with_org(org, &f)).await
    }

    /// Like [`Db::write`], for slices of bulk work: it waits until no other write does.
    pub async fn write_background<T: Send + 'static>(
        &self,
        org: OrgId,
        f: impl Fn(&mut Tx) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.send(Mode::Write, Lane::Background, move |tx| tx.with_org(org, &f)).await
    }

    /// Runs a read of one organization; on SQLite it sees one moment. Writing in it fails.
    pub async fn read<T: Send + 'static>(&self, org: OrgId, f: impl Fn(&mut Tx) -> Result<T, Error> + Send + 'static) -> Result<T, Error> {
        self.send(Mode::Read, Lane::People, move |tx| tx.with_org(org, &f)).await
    }

    /// A write above organizations.
    pub async fn system_write<T: Send + 'static>(&self, f: impl Fn(&mut SystemTx) -> Result<T, Error> + Send + 'static) -> Result<T, Error> {
        self.send(Mode::Write, Lane::People, f).await
    }

    /// A read above organizations.
    pub async fn system_read<T: Send + 'static>(&self, f: impl Fn(&mut SystemTx) -> Result<T, Error> + Send + 'static) -> Result<T, Error> {
        self.send(Mode::Read, Lane::People, f).await
    }

    /// [`Db::write`] for threads outside a runtime.
    pub fn blocking_write<T: Send + 'static>(&self, org: OrgId, f: impl Fn(&mut Tx) -> Result<T, Error> + Send + 'static) -> Result<T, Error> {
        self.send_blocking(Mode::Write, move |tx| tx.with_org(org, &f))
    }

    /// [`Db::read`] for threads outside a runtime.
    pub fn blocking_read<T: Send + 'static>(&self, org: OrgId, f: impl Fn(&mut Tx) -> Result<T, Error> + Send + 'static) -> Result<T, Error> {
        self.send_blocking(Mode::Read, move |tx| tx.with_org(org, &f))
    }

    /// [`Db::system_write`] for threads outside a runtime.
    pub fn blocking_system_write<T: Send + 'static>(&self, f: impl Fn(&mut SystemTx) -> Result<T, Error> + Send + 'static) -> Result<T, Error> {
        self.send_blocking(Mode::Write, f)
    }

    /// [`Db::system_read`] for threads outside a runtime.
    pub fn blocking_system_read<T: Send + 'static>(&self, f: impl Fn(&mut SystemTx) -> Result<T, Error> + Send + 'static) -> Result<T, Error> {
        self.send_blocking(Mode::Read, f)
    }

    /// Calls `hear` after each commit, before the callers are answered, with what the closures
    /// touched. It runs on a database thread, so it must be quick and must not call the database.
    pub fn set_on_commit(&self, hear: OnCommit) {
        self.inner.shared.set_on_commit(hear);
    }

    /// The source of all ids of this process.
    pub fn ids(&self) -> &IdSource {
        &self.inner.shared.ids
    }

    /// Writes a verified copy while everybody works on. PostgreSQL has better tools of its own.
    pub async fn backup_to(&self, path: &Path) -> Result<(), Error> {
        let DbConfig::Sqlite { path: from, .. } = &self.inner.config else { return Err(Error::conflict("backup.use_pg_dump")) };
        let (from, to) = (from.clone(), path.to_owned());
        let (sender, receiver) = oneshot::channel();
        sqlite::spawn("db backup", move || drop(sender.send(sqlite::backup(&from, &to))));
        Ok(receiver.await.map_err(|_| Error::internal("the backup thread panicked"))??)
    }

    /// Sends a PostgreSQL notification, outside any transaction of an action. Nothing on SQLite,
    /// where one process owns the data.
    pub async fn notify(&self, channel: &str, payload: &str) -> Result<(), Error> {
        if self.engine() == Engine::Sqlite {
            return Ok(());
        }
        let (channel, payload) = (channel.to_owned(), payload.to_owned());
        let notify = move |tx: &mut SystemTx| tx.execute("select pg_notify($1, $2)", params![channel, payload]).map(drop);
        self.send(Mode::Bare, Lane::People, notify).await
    }

    /// Calls `hear` with each payload sent to the channel by any process, until the database is
    /// closed. Survives restarts of the server, but what was sent meanwhile is lost. Nothing on SQLite.
    pub fn listen(&self, channel: &str, hear: impl Fn(&str) + Send + 'static) -> Result<(), OpenError> {
        if let DbConfig::Postgres { url, .. } = &self.inner.config {
            let handle = postgres::listen(url, channel, Arc::clone(&self.inner.stopped), hear)?;
            lock(&self.inner.workers).push(handle);
        }
        Ok(())
    }

    /// Takes nothing new, finishes what waits, copies the log into the file. Gives up waiting after
    /// the timeout; what is unfinished then ends with the process, uncommitted.
    pub fn close(&self, timeout: Duration) {
        self.inner.stop();
        let deadline = Instant::now() + timeout;
        let mut waiting: Vec<JoinHandle<()>> = std::mem::take(&mut *lock(&self.inner.workers));
        waiting.extend(lock(&self.inner.checkpointer).take());
        for handle in waiting {
            while !handle.is_finished() && Instant::now() < deadline {
                thread::sleep(Duration::from_millis(1));
            }
            if handle.is_finished() {
                drop(handle.join());
            } else {
                tracing::warn!("A database thread was still busy when the time to close was over");
            }
        }
    }

    /// Numbers for operators.
    pub fn stats(&self) -> DbStats {
        let inner = &self.inner;
        let reads = if Arc::ptr_eq(&inner.writes, &inner.reads) { 0 } else { inner.reads.len() };
        inner.shared.stats(inner.writes.len() + reads)
    }

    /// Keeps the statements of all transactions from now on, for `kafila bench`.
    pub fn record_statements(&self, on: bool) {
        self.inner.shared.record_statements(on);
    }

    /// What was recorded since the last call.
    pub fn take_recorded(&self) -> Vec<Recorded> {
        self.inner.shared.take_recorded()
    }

    /// Testing aid: the `n`-th statement of any organization from now fails once with an internal error,
    /// the first being 1; 0 takes it back. Reads count, too.
    pub fn fail_statement(&self, n: u64) {
        self.inner.shared.fail_statement(n);
    }

    /// Testing aid: whether the failure asked for by [`Db::fail_statement`] is still to come.
    pub fn failure_pending(&self) -> bool {
        self.inner.shared.failure_pending()
    }

    async fn send<T: Send + 'static>(
        &self,
        mode: Mode,
        lane: Lane,
        f: impl Fn(&mut SystemTx) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let (sender, receiver) = oneshot::channel();
        self.push(mode, lane, Call::new(f, Reply::Async(sender)))?;
        receiver.await.unwrap_or_else(|_| Err(Error::internal("a database thread ended without an answer")))
    }

    fn send_blocking<T: Send + 'static>(&self, mode: Mode, f: impl Fn(&mut SystemTx) -> Result<T, Error> + Send + 'static) -> Result<T, Error> {
        let (sender, receiver) = mpsc::sync_channel(1);
        self.push(mode, Lane::People, Call::new(f, Reply::Blocking(sender)))?;
        let kept = receiver.recv().ok().and_then(|kept| kept.downcast::<Result<T, Error>>().ok());
        kept.map_or_else(|| Err(Error::internal("a database thread ended without an answer")), |result| *result)
    }

    fn push<T, F>(&self, mode: Mode, lane: Lane, call: Call<T, F>) -> Result<(), Error>
    where
        T: Send + 'static,
        F: Fn(&mut SystemTx) -> Result<T, Error> + Send + 'static,
    {
        let queue = if mode == Mode::Read { &self.inner.reads } else { &self.inner.writes };
        queue.push(Queued { work: Box::new(call), mode, lane }).map_err(|refused| match refused {
            Refused::Full => {
                self.inner.shared.busy_refusals.fetch_add(1, Ordering::Relaxed);
                Error::Busy { retry_after_s: 1 }
            }
            Refused::Closed => Error::Unavailable { service: "database" },
        })
    }
}

impl Inner {
    fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
        self.writes.close();
        self.reads.close();
    }
}

impl Drop for Inner {
    /// The threads finish what waits and end by themselves.
    fn drop(&mut self) {
        self.stop();
    }
}
