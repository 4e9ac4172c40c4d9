//! The edge: the only place that opens transactions, and what a process holds to do so.
//!
//! [`Base`] is the process: database, clock, live hub, settings cache, secrets, ways out. [`Edge`] is
//! a `Base` with a caller. Web handlers, the job runner and commands hold an `Edge`; actions never do.

#![expect(clippy::disallowed_methods, reason = "the home of the clock and of transactions")]

use std::any::Any;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use db::{Change, Db, Tx};
use kernel::{Error, OrgId, Time};
use serde::Serialize;
use tokio::sync::Notify;

use crate::ctx::Ctx;
use crate::files::FileStore;
use crate::http::Http;
use crate::idempotency::{self, IdempotencyKey};
use crate::live::Live;
use crate::mail::{Mailer, SmtpConfig};
use crate::nodes::Lease;
use crate::secrets::{MasterKey, Secrets};
use crate::settings::{Cache, Settings};
use crate::{counters, nodes, secrets};

/// Where the time comes from.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    /// The system's clock.
    #[default]
    System,
    /// A clock that stands still until somebody moves it, in microseconds: tests and simulation.
    Stopped(Arc<AtomicI64>),
}

impl Clock {
    /// A stopped clock at this moment.
    pub fn stopped(at: Time) -> Clock {
        Clock::Stopped(Arc::new(AtomicI64::new(at.0)))
    }

    /// What it shows.
    pub fn now(&self) -> Time {
        match self {
            Clock::System => Time(SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_micros() as i64)),
            Clock::Stopped(at) => Time(at.load(Ordering::SeqCst)),
        }
    }

    /// Moves a stopped clock; the system's clock stays as it is.
    pub fn advance_us(&self, us: i64) {
        if let Clock::Stopped(at) = self {
            at.fetch_add(us, Ordering::SeqCst);
        }
    }
}

/// What a process needs to start.
pub struct BaseConfig {
    /// The database, migrated.
    pub db: Db,
    /// Where keys, files and mails lie.
    pub data_dir: PathBuf,
    /// Where the time comes from.
    pub clock: Clock,
    /// What secrets are sealed with.
    pub master_key: MasterKey,
    /// How mail leaves; without it mails are written to the data directory.
    pub smtp: Option<SmtpConfig>,
    /// How people reach us, without a slash at the end: `https://orders.example.com`.
    pub public_url: String,
    /// Whether somebody configured that address. Otherwise it leads to this machine alone, and messages to customers carry no links.
    pub is_public: bool,
}

/// What a higher crate keeps for the life of the process and must forget when something changes.
pub trait Watcher: Any + Send + Sync {
    /// Something was committed: here, before its caller is answered, or in another process. Must be
    /// quick and must not call the database.
    fn heard(&self, org: OrgId, changes: &[Change]);
}

type Watchers = Arc<RwLock<Vec<Arc<dyn Watcher>>>>;

/// What a process holds. Cloning it is cheap.
#[derive(Clone)]
pub struct Base(Arc<Inner>);

struct Inner {
    db: Db,
    data_dir: PathBuf,
    clock: Clock,
    started_at: Time,
    public_url: String,
    /// The same for links in messages, where it was configured.
    link_url: Option<Arc<str>>,
    live: Live,
    settings: Arc<Cache>,
    secrets: Arc<Secrets>,
    mailer: Mailer,
    http: Http,
    file_store: FileStore,
    work_waits: Arc<Notify>,
    watchers: Watchers,
    /// Given back at the end; none after [`Base::close`].
    lease: Mutex<Option<Lease>>,
}

impl Drop for Inner {
    /// What hears of commits holds the hub, and the hub's thread holds the database: cut the circle.
    fn drop(&mut self) {
        self.db.set_on_commit(Arc::new(|_, _| {}));
    }
}

impl Base {
    /// Leases a node number, checks the master key against the database, and connects committed
    /// changes with those who watch. Fails with a text that says what to do.
    pub fn start(config: BaseConfig) -> Result<Base, Error> {
        Base::start_with(config, FileStore::Disk)
    }

    /// The same, with files in this store.
    pub fn start_with(config: BaseConfig, file_store: FileStore) -> Result<Base, Error> {
        let BaseConfig { db, data_dir, clock, master_key, smtp, public_url, is_public } = config;

        let lease = nodes::lease(&db)?;
        counters::forget_blocks(&db)?;
        let secrets = Arc::new(Secrets::new(master_key));
        secrets::check_key(&db, &secrets)?;
        let live = Live::start(&db)?;
        let settings = Arc::new(Cache::default());
        let mailer = Mailer::new(smtp, &data_dir)?;
        let work_waits = Arc::new(Notify::new());

        let watchers = Watchers::default();

        let (hub, cache, wake, told) = (live.clone(), Arc::clone(&settings), Arc::clone(&work_waits), Arc::clone(&watchers));
        live.on_foreign({
            let (cache, wake, told) = (Arc::clone(&settings), Arc::clone(&work_waits), Arc::clone(&watchers));
            move |org, changes| heard(&cache, &wake, &told, org, changes)
        });
        db.set_on_commit(Arc::new(move |org, changes| {
            heard(&cache, &wake, &told, org, changes);
            counters::committed(changes);
            hub.publish(org, changes);
        }));

        Ok(Base(Arc::new(Inner {
            db,
            data_dir,
            started_at: clock.now(),
            clock,
            link_url: is_public.then(|| Arc::from(public_url.trim_end_matches('/'))),
            public_url: public_url.trim_end_matches('/').to_owned(),
            live,
            settings,
            secrets,
            mailer,
            http: Http::new()?,
            file_store,
            work_waits,
            watchers,
            lease: Mutex::new(Some(lease)),
        })))
    }

    /// Gives the node number back, finishes what waits and closes the database; see [`Db::close`].
    pub fn close(&self, timeout: Duration) {
        drop(self.0.lease.lock().unwrap_or_else(PoisonError::into_inner).take());
        self.0.db.close(timeout);
    }

    /// The database; for actions go through [`Edge`].
    pub fn db(&self) -> &Db {
        &self.0.db
    }

    /// What the clock shows.
    pub fn now(&self) -> Time {
        self.0.clock.now()
    }

    /// When this process began.
    pub fn started_at(&self) -> Time {
        self.0.started_at
    }

    /// The clock itself.
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// The hub of live changes.
    pub fn live(&self) -> &Live {
        &self.0.live
    }

    /// Seals and opens secrets.
    pub fn secrets(&self) -> &Secrets {
        &self.0.secrets
    }

    /// Where keys, files and mails lie.
    pub fn data_dir(&self) -> &Path {
        &self.0.data_dir
    }

    /// How people reach us, without a slash at the end.
    pub fn public_url(&self) -> &str {
        &self.0.public_url
    }

    /// Sends mail.
    pub fn mailer(&self) -> &Mailer {
        &self.0.mailer
    }

    /// Sends HTTP requests to others.
    pub fn http(&self) -> &Http {
        &self.0.http
    }

    /// Where the content of files lies.
    pub fn file_store(&self) -> &FileStore {
        &self.0.file_store
    }

    /// Rings when a job was committed here or elsewhere, so that a worker need not poll for it.
    pub fn work_waits(&self) -> &Arc<Notify> {
        &self.0.work_waits
    }

    /// The process' one watcher of this kind, made at its first use.
    pub fn watcher<W: Watcher + Default>(&self) -> Arc<W> {
        let of_kind = |watchers: &[Arc<dyn Watcher>]| {
            watchers.iter().find_map(|watcher| (Arc::clone(watcher) as Arc<dyn Any + Send + Sync>).downcast::<W>().ok())
        };
        if let Some(watcher) = of_kind(&self.0.watchers.read().unwrap_or_else(PoisonError::into_inner)) {
            return watcher;
        }
        let mut watchers = self.0.watchers.write().unwrap_or_else(PoisonError::into_inner);
        of_kind(&watchers).unwrap_or_else(|| {
            let watcher = Arc::new(W::default());
            watchers.push(Arc::clone(&watcher) as Arc<dyn Watcher>);
            watcher
        })
    }

    /// An organization's settings, at most 5 s old; a change in this process is seen at once.
    pub async fn settings(&self, org: OrgId) -> Arc<Settings> {
        self.0.settings.get(&self.0.db, org).await
    }

    /// What this process remembers of settings.
    pub(crate) fn settings_cache(&self) -> &Cache {
        &self.0.settings
    }

    /// An edge for this caller.
    pub fn edge(&self, ctx: Ctx) -> Edge {
        let ctx = Ctx { secrets: Arc::clone(&self.0.secrets), public_url: self.0.link_url.clone(), ..ctx };
        Edge { base: self.clone(), ctx: Arc::new(ctx) }
    }

    /// An edge for Kafila itself.
    pub async fn system_edge(&self, org: OrgId) -> Edge {
        let settings = self.settings(org).await;
        self.edge(Ctx::system(org, self.now(), settings))
    }
}

/// The topic under which jobs announce themselves.
pub const JOB_TOPIC: &str = "job";

fn heard(cache: &Cache, work_waits: &Notify, watchers: &Watchers, org: OrgId, changes: &[Change]) {
    for watcher in watchers.read().unwrap_or_else(PoisonError::into_inner).iter() {
        watcher.heard(org, changes);
    }
    for change in changes {
        match change.topic {
            crate::settings::TOPIC => cache.forget(org),
            JOB_TOPIC => work_waits.notify_one(),
            _ => {}
        }
    }
}

/// A caller at the edge. The closures below are plain synchronous actions: they run on another
/// thread, own their input, may run twice, and touch nothing but `tx`.
#[derive(Clone)]
pub struct Edge {
    /// The process.
    pub base: Base,
    /// The caller.
    pub ctx: Arc<Ctx>,
}

/// A rendered answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// JSON.
    pub body: Arc<str>,
    /// Whether it was kept from an earlier call with the same key.
    pub replayed: bool,
}

impl Edge {
    /// Runs an action and commits it: an `Ok` is on the disk.
    pub async fn write<T: Send + 'static>(&self, f: impl Fn(&mut Tx, &Ctx) -> Result<T, Error> + Send + 'static) -> Result<T, Error> {
        let ctx = Arc::clone(&self.ctx);
        self.base.0.db.write(ctx.org, move |tx| f(tx, &ctx)).await
    }

    /// Runs a read.
    pub async fn read<T: Send + 'static>(&self, f: impl Fn(&mut Tx, &Ctx) -> Result<T, Error> + Send + 'static) -> Result<T, Error> {
        let ctx = Arc::clone(&self.ctx);
        self.base.0.db.read(ctx.org, move |tx| f(tx, &ctx)).await
    }

    /// Like [`Edge::write`], for slices of bulk work: people go first.
    pub async fn write_background<T: Send + 'static>(&self, f: impl Fn(&mut Tx, &Ctx) -> Result<T, Error> + Send + 'static) -> Result<T, Error> {
        let ctx = Arc::clone(&self.ctx);
        self.base.0.db.write_background(ctx.org, move |tx| f(tx, &ctx)).await
    }

    /// Runs an action at most once per key, and renders its answer. With a key that was used before
    /// the kept answer comes back, `replayed`; with another body under the same key the answer is
    /// `Conflict` `idempotency.other_body`. Refusals are not kept: the caller may try again.
    pub async fn write_once<T: Serialize + Send + 'static>(
        &self,
        key: Option<&IdempotencyKey>,
        f: impl Fn(&mut Tx, &Ctx) -> Result<T, Error> + Send + 'static,
    ) -> Result<Answer, Error> {
        idempotency::write_once(self, key, f).await
    }

    /// The same caller at another moment, see [`Ctx::at`].
    #[must_use]
    pub fn at(&self, now: Time) -> Edge {
        self.base.edge(self.ctx.at(now))
    }

    /// The same caller with the clock and settings of now, for long work that outlives its request.
    pub async fn renewed(&self) -> Edge {
        let settings = self.base.settings(self.ctx.org).await;
        self.base.edge(Ctx { now: self.base.now(), settings, ..(*self.ctx).clone() })
    }
}
