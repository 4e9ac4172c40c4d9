//! What all threads of one database share: ids, numbers for operators, testing aids.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, RwLock};

use kernel::id::{IdSource, OrgId};
use kernel::value::Value;

use crate::queue::lock;

/// Something that people may be looking at has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// The kind of thing: `order`, `task`.
    pub topic: &'static str,
    /// Its id.
    pub id: i64,
}

/// Hears after each commit what was touched.
pub type OnCommit = Arc<dyn Fn(OrgId, &[Change]) + Send + Sync>;

/// A statement as it ran.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// The text, with `$1` markers.
    pub sql: String,
    /// What was bound.
    pub params: Vec<Value>,
}

/// Numbers since the start, for `/metrics`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DbStats {
    /// Calls that wait now.
    pub queued: usize,
    /// Closures of writes that ran, also those that were refused.
    pub writes: u64,
    /// Closures of reads that ran.
    pub reads: u64,
    /// Commits; `writes / commits` is the mean batch.
    pub commits: u64,
    /// Closures of the last commit.
    pub last_batch: u64,
    /// Most closures in one commit.
    pub largest_batch: u64,
    /// Calls refused because the queue was full.
    pub busy_refusals: u64,
    /// Closures run again after a conflict between transactions or a lost connection.
    pub retries: u64,
}

pub(crate) struct Shared {
    pub(crate) ids: IdSource,
    pub(crate) writes: AtomicU64,
    pub(crate) reads: AtomicU64,
    pub(crate) commits: AtomicU64,
    pub(crate) last_batch: AtomicU64,
    pub(crate) largest_batch: AtomicU64,
    pub(crate) busy_refusals: AtomicU64,
    pub(crate) retries: AtomicU64,
    on_commit: RwLock<Option<OnCommit>>,
    recording: AtomicBool,
    recorded: Mutex<Vec<Recorded>>,
    /// Statements until one fails; 0 when none shall.
    fail_after: AtomicU64,
}

impl Shared {
    pub(crate) fn new() -> Shared {
        Shared {
            ids: IdSource::new(0),
            writes: AtomicU64::new(0),
            reads: AtomicU64::new(0),
            commits: AtomicU64::new(0),
            last_batch: AtomicU64::new(0),
            largest_batch: AtomicU64::new(0),
            busy_refusals: AtomicU64::new(0),
            retries: AtomicU64::new(0),
            on_commit: RwLock::new(None),
            recording: AtomicBool::new(false),
            recorded: Mutex::default(),
            fail_after: AtomicU64::new(0),
        }
    }

    pub(crate) fn stats(&self, queued: usize) -> DbStats {
        DbStats {
            queued,
            writes: self.writes.load(Ordering::Relaxed),
            reads: self.reads.load(Ordering::Relaxed),
            commits: self.commits.load(Ordering::Relaxed),
            last_batch: self.last_batch.load(Ordering::Relaxed),
            largest_batch: self.largest_batch.load(Ordering::Relaxed),
            busy_refusals: self.busy_refusals.load(Ordering::Relaxed),
            retries: self.retries.load(Ordering::Relaxed),
        }
    }

    pub(crate) fn committed(&self, closures: u64) {
        self.commits.fetch_add(1, Ordering::Relaxed);
        self.last_batch.store(closures, Ordering::Relaxed);
        self.largest_batch.fetch_max(closures, Ordering::Relaxed);
    }

    pub(crate) fn set_on_commit(&self, hear: OnCommit) {
        if let Ok(mut slot) = self.on_commit.write() {
            *slot = Some(hear);
        }
    }

    /// Tells the listener, organization by organization.
    pub(crate) fn publish(&self, changes: &[(OrgId, Change)]) {
        if changes.is_empty() {
            return;
        }
        let Some(hear) = self.on_commit.read().ok().and_then(|slot| slot.clone()) else { return };
        let mut by_org: BTreeMap<OrgId, Vec<Change>> = BTreeMap::new();
        for (org, change) in changes {
            by_org.entry(*org).or_default().push(*change);
        }
        for (org, changes) in by_org {
            if catch_unwind(AssertUnwindSafe(|| hear(org, &changes))).is_err() {
                tracing::error!(org.id = %org, "The listener for committed changes panicked");
            }
        }
    }

    pub(crate) fn record_statements(&self, on: bool) {
        self.recording.store(on, Ordering::Relaxed);
    }

    pub(crate) fn take_recorded(&self) -> Vec<Recorded> {
        std::mem::take(&mut *lock(&self.recorded))
    }

    pub(crate) fn record(&self, sql: &str, params: &[Value]) {
        if self.recording.load(Ordering::Relaxed) {
            lock(&self.recorded).push(Recorded { sql: sql.to_owned(), params: params.to_vec() });
        }
    }

    pub(crate) fn fail_statement(&self, n: u64) {
        self.fail_after.store(n, Ordering::SeqCst);
    }

    pub(crate) fn failure_pending(&self) -> bool {
        self.fail_after.load(Ordering::SeqCst) != 0
    }

    /// Counts a statement; true when it is the one that shall fail.
    pub(crate) fn fails_now(&self) -> bool {
        if self.fail_after.load(Ordering::Relaxed) == 0 {
            return false;
        }
        let counted = self.fail_after.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        counted == Ok(1)
    }
}
