//! The chain: events sealed one after another, so that a later change to any of them shows.
//!
//! `hash(n) = SHA-256(hash(n-1) || n || fields of the event || hash of its details)`, each field with its
//! length before it. `event_chains` holds the end, so cutting off the newest events shows, too. Details may be
//! erased at any time: the chain holds their salted hash, not their text.
//!
//! Events wait 2 s before they are sealed. Ids are made before their commit, and on PostgreSQL several
//! transactions are open at once, so a smaller id may appear after a larger one; after 2 s (the
//! longest that a lock is waited for) that is rare. It is never lost: an event is sealed because it
//! has no `chain_seq`, not because its id is beyond some mark, so a straggler is sealed by the next run.
//! The chain's order is the order of sealing, which is that of ids but for such stragglers.
//!
//! One run at a time seals: it holds the row of the chain's end from beginning to commit.

use db::{Tx, dialect, params};
use kernel::{Error, EventId, Id, JobKind, Permission, TaskId, Time};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::ctx::Ctx;
use crate::events::details_hash;
use crate::jobs::{Job, Next};
use crate::tasks::{self, NewTask, Outcome, Progress, TaskView};
use crate::worker::TaskRun;

/// Events of one slice.
const SLICE: u32 = 500;
/// How old an event must be.
const REST_MS: i64 = 2_000;

db::row! {
    struct Link {
        id: EventId,
        at: Time,
        kind: String,
        subject_kind: String,
        subject_id: i64,
        actor_kind: String,
        actor_id: Option<i64>,
        automated: bool,
        session_id: Option<i64>,
        request_id: String,
        data: String,
        details_hash: Option<Vec<u8>>,
    }

    struct Sealed {
        id: EventId,
        at: Time,
        kind: String,
        subject_kind: String,
        subject_id: i64,
        actor_kind: String,
        actor_id: Option<i64>,
        automated: bool,
        session_id: Option<i64>,
        request_id: String,
        data: String,
        details_hash: Option<Vec<u8>>,
        chain_seq: i64,
        chain_hash: Option<Vec<u8>>,
        salt: Option<Vec<u8>>,
        details: Option<String>,
    }

    struct End {
        seq: i64,
        hash: Vec<u8>,
    }
}

/// The job: seals what waits, in slices.
pub fn seal_job(tx: &mut Tx, ctx: &Ctx, job: &Job) -> Result<Next, Error> {
    let sealed = seal(tx, ctx)?;
    Ok(if sealed < u64::from(SLICE) { Next::Done } else { Next::Slice { cursor: json!({}), done: job.done + sealed as i64, of: 0 } })
}

/// Seals up to 500 events that are older than 2 s; answers how many.
pub fn seal(tx: &mut Tx, ctx: &Ctx) -> Result<u64, Error> {
    let newest = tx.new_id::<EventId>().to_i64() - (REST_MS << 22);
    seal_until(tx, ctx, EventId::from_i64(newest))
}

/// Seals up to 500 events with ids up to this one.
pub(crate) fn seal_until(tx: &mut Tx, ctx: &Ctx, newest: EventId) -> Result<u64, Error> {
    let end = end_for_sealing(tx, ctx)?;
    let waiting: Vec<Link> = tx.rows(
        "select id, at, kind, subject_kind, subject_id, actor_kind, actor_id, automated, session_id, request_id, data, details_hash
           from events
          where org_id = $1
            and chain_seq is null
            and id <= $2
          order by id
          limit $3",
        params![tx.org(), newest, SLICE],
    )?;
    if waiting.is_empty() {
        return Ok(0);
    }

    let End { mut seq, mut hash } = end;
    let mut statements = Vec::with_capacity(waiting.len() + 1);
    for link in &waiting {
        seq += 1;
        hash = link.hash(&hash, seq);
        let values = params![tx.org(), link.id, seq, hash];
        statements.push(("update events set chain_seq = $3, chain_hash = $4 where org_id = $1 and id = $2 and chain_seq is null", values));
    }
    let values = params![tx.org(), seq, hash, ctx.now];
    statements.push(("update event_chains set seq = $2, hash = $3, sealed_at = $4 where org_id = $1 and id = 1", values));
    let changed = tx.run_all(statements)?;
    if changed.iter().any(|rows| *rows != 1) {
        return Err(Error::internal("an event was sealed by somebody else"));
    }
    Ok(waiting.len() as u64)
}

/// The end of the chain, held against other runs.
fn end_for_sealing(tx: &mut Tx, ctx: &Ctx) -> Result<End, Error> {
    tx.execute(
        "insert into event_chains (org_id, id, seq, hash, sealed_at) values ($1, 1, 0, $2, $3) on conflict (org_id, id) do nothing",
        params![tx.org(), beginning(tx), ctx.now],
    )?;
    let sql = format!("select seq, hash from event_chains where org_id = $1 and id = 1{}", dialect::for_update(tx.engine()));
    tx.one(&sql, params![tx.org()])
}

/// The hash before the first event: chains of two organizations never look alike.
fn beginning(tx: &Tx) -> Vec<u8> {
    Sha256::digest(format!("kafila events of {}", tx.org()).as_bytes()).to_vec()
}

impl Link {
    fn hash(&self, previous: &[u8], seq: i64) -> Vec<u8> {
        let mut hash = Sha256::new();
        let mut field = |bytes: &[u8]| {
            hash.update((bytes.len() as u64).to_be_bytes());
            hash.update(bytes);
        };
        field(previous);
        field(&seq.to_be_bytes());
        field(&self.id.to_i64().to_be_bytes());
        field(&self.at.0.to_be_bytes());
        field(self.kind.as_bytes());
        field(self.subject_kind.as_bytes());
        field(&self.subject_id.to_be_bytes());
        field(self.actor_kind.as_bytes());
        // An absent field is empty, which no present one is.
        field(&self.actor_id.map_or(Vec::new(), |id| id.to_be_bytes().to_vec()));
        field(&[u8::from(self.automated)]);
        field(&self.session_id.map_or(Vec::new(), |id| id.to_be_bytes().to_vec()));
        field(self.request_id.as_bytes());
        field(self.data.as_bytes());
        field(self.details_hash.as_deref().unwrap_or_default());
        hash.finalize().to_vec()
    }
}

/// What is wrong with a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Break {
    /// The event, or the hash kept with it, is not what was sealed.
    Altered {
        /// Which.
        event: EventId,
    },
    /// What the event says about persons is not what it said.
    DetailsAltered {
        /// Which.
        event: EventId,
    },
    /// Events are missing before this place of the chain.
    Removed {
        /// The first place without an event.
        seq: i64,
    },
    /// More is sealed than the end of the chain knows of.
    Inserted {
        /// The first event beyond it.
        event: EventId,
    },
}

/// What a look at the chain found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainReport {
    /// Events that were found in order.
    pub checked: i64,
    /// Events that the end of the chain counts.
    pub sealed: i64,
    /// Events that wait to be sealed, counted up to 10,000.
    pub waiting: i64,
    /// The first break, if any.
    pub broken: Option<Break>,
}

/// Where a look at the chain stands between two slices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainCursor {
    seq: i64,
    hash: Vec<u8>,
}

/// Begins a look at the whole chain as a task, whose result says what it found. Needs `audit.read`. `Conflict` `task.twin` while
/// somebody else looks.
pub fn begin_check(tx: &mut Tx, ctx: &Ctx) -> Result<TaskId, Error> {
    ctx.require(Permission::AuditRead)?;
    let task = NewTask { kind: JobKind::VerifyChain, title: "events".to_owned() };
    let (task, _) = tasks::enqueue(tx, ctx, task, json!({}), Some("verify_chain".to_owned()))?;
    Ok(task)
}

/// The last look at the whole chain, or the one under way. Needs `audit.read`.
pub fn last_check(tx: &mut Tx, ctx: &Ctx) -> Result<Option<TaskView>, Error> {
    ctx.require(Permission::AuditRead)?;
    tasks::newest_of(tx, ctx, JobKind::VerifyChain)
}

/// Looks at the whole chain: [`crate::jobs::Runner::Task`] of [`JobKind::VerifyChain`].
pub async fn check_job(run: TaskRun) -> Result<Next, Error> {
    let mut cursor: Option<ChainCursor> = None;
    let report = loop {
        let from = cursor.clone();
        match run.edge.read(move |tx, ctx| verify_slice(tx, ctx, from.clone())).await? {
            Ok(report) => break report,
            Err(next) => {
                run.progress(next.seq, 0).await?;
                cursor = Some(next);
            }
        }
        if run.is_stopping() {
            // A look begins anew: what was looked at may have changed since.
            return Ok(Next::Slice { cursor: serde_json::Value::Null, done: 0, of: 0 });
        }
        if run.is_cancelled().await? {
            return run.finish(|_, _| Ok((Progress::default(), Outcome::default()))).await;
        }
    };
    run.finish(move |_, _| {
        let progress = Progress { done: report.checked, of: report.checked.max(1), errors: None };
        Ok((progress, Outcome { result: report.json(), file: None, errors: None }))
    })
    .await
}

impl ChainReport {
    /// As the result of a task.
    fn json(&self) -> serde_json::Value {
        let (code, event, seq) = match &self.broken {
            None => (None, None, None),
            Some(Break::Altered { event }) => (Some("altered"), Some(*event), None),
            Some(Break::DetailsAltered { event }) => (Some("details_altered"), Some(*event), None),
            Some(Break::Removed { seq }) => (Some("removed"), None, Some(*seq)),
            Some(Break::Inserted { event }) => (Some("inserted"), Some(*event), None),
        };
        json!({
            "is_whole": code.is_none(),
            "checked": self.checked,
            "sealed": self.sealed,
            "waiting": self.waiting,
            "broken": code,
            "event_id": event,
            "missing_from": seq,
        })
    }
}

/// Recomputes the whole chain in one transaction, which sees one moment on the embedded engine. For a
/// long chain call [`verify_slice`] in several.
pub fn verify(tx: &mut Tx, ctx: &Ctx) -> Result<ChainReport, Error> {
    let mut cursor = None;
    loop {
        match verify_slice(tx, ctx, cursor)? {
            Ok(report) => return Ok(report),
            Err(next) => cursor = Some(next),
        }
    }
}

/// Recomputes the next 500 events: a report when that was the end or something is broken, else where
/// to go on.
pub fn verify_slice(tx: &mut Tx, ctx: &Ctx, cursor: Option<ChainCursor>) -> Result<Result<ChainReport, ChainCursor>, Error> {
    ctx.require(kernel::Permission::AuditRead)?;
    let ChainCursor { mut seq, mut hash } = cursor.unwrap_or(ChainCursor { seq: 0, hash: beginning(tx) });
    let end: Option<End> = tx.optional("select seq, hash from event_chains where org_id = $1 and id = 1", params![tx.org()])?;
    let end = end.unwrap_or(End { seq: 0, hash: beginning(tx) });
    let rows: Vec<Sealed> = tx.rows(
        "select e.id, e.at, e.kind, e.subject_kind, e.subject_id, e.actor_kind, e.actor_id, e.automated, e.session_id, e.request_id, e.data,
                e.details_hash, e.chain_seq, e.chain_hash, d.salt, d.data as details
           from events e
           left join event_details d
             on d.org_id = e.org_id
            and d.event_id = e.id
          where e.org_id = $1
            and e.chain_seq > $2
            and e.chain_seq <= $3
          order by e.chain_seq
          limit $4",
        params![tx.org(), seq, end.seq, SLICE],
    )?;
    let is_last = rows.len() < SLICE as usize;

    let mut broken = None;
    for row in rows {
        if row.chain_seq != seq + 1 {
            broken = Some(Break::Removed { seq: seq + 1 });
            break;
        }
        let (link, kept_hash, details) = row.parts();
        hash = link.hash(&hash, seq + 1);
        if kept_hash.as_deref() != Some(&hash) {
            broken = Some(Break::Altered { event: link.id });
            break;
        }
        if let Some((salt, data)) = details
            && link.details_hash != Some(details_hash(&salt, &data))
        {
            broken = Some(Break::DetailsAltered { event: link.id });
            break;
        }
        seq += 1;
    }
    if broken.is_none() && !is_last {
        return Ok(Err(ChainCursor { seq, hash }));
    }
    if broken.is_none() && seq < end.seq {
        broken = Some(Break::Removed { seq: seq + 1 });
    }
    if broken.is_none() && hash != end.hash {
        // Every event and its hash agree, yet the end says otherwise: the whole chain was written anew.
        let last: Option<(EventId,)> = tx.optional("select id from events where org_id = $1 and chain_seq = $2", params![tx.org(), seq])?;
        broken = Some(last.map_or(Break::Removed { seq: 1 }, |(event,)| Break::Altered { event }));
    }
    if broken.is_none() {
        // One statement, because both may grow between two.
        let beyond: Option<(EventId,)> = tx.optional(
            "select e.id
               from events e
               join event_chains c
                 on c.org_id = e.org_id
                and c.id = 1
              where e.org_id = $1
                and e.chain_seq > c.seq
              order by e.chain_seq
              limit 1",
            params![tx.org()],
        )?;
        broken = beyond.map(|(event,)| Break::Inserted { event });
    }
    let (waiting,): (i64,) = tx.one(
        "select count(*) from (select 1 as one from events where org_id = $1 and chain_seq is null limit 10000) as waiting",
        params![tx.org()],
    )?;
    Ok(Ok(ChainReport { checked: seq, sealed: end.seq, waiting, broken }))
}

impl Sealed {
    #[expect(clippy::type_complexity, reason = "taken apart at once by its only caller")]
    fn parts(self) -> (Link, Option<Vec<u8>>, Option<(Vec<u8>, String)>) {
        let link = Link {
            id: self.id,
            at: self.at,
            kind: self.kind,
            subject_kind: self.subject_kind,
            subject_id: self.subject_id,
            actor_kind: self.actor_kind,
            actor_id: self.actor_id,
            automated: self.automated,
            session_id: self.session_id,
            request_id: self.request_id,
            data: self.data,
            details_hash: self.details_hash,
        };
        (link, self.chain_hash, self.salt.zip(self.details))
    }
}
