//! Live changes: what was committed, told to whoever watches.
//!
//! A change is a topic and an id, no content: each stream fetches what it shows and filters by its
//! viewer's rights. The hub keeps the newest [`KEPT`] changes of each organization, so a stream that
//! was away for a moment catches up; one that was away too long hears [`Missed::Gap`] and reloads.
//!
//! Between processes on PostgreSQL a thread collects changes for 200 ms and sends them in as few
//! notifications as fit, outside any transaction (notifying in one costs more than half of the
//! commits). A notification can get lost, so every 5 s the events of watched organizations are
//! looked at, too; what was heard already is not told again.

#![expect(clippy::disallowed_methods, reason = "looks for events on a thread of its own, as no caller's action")]

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::thread;
use std::time::{Duration, Instant};

use db::{Change, Db, Engine, params};
use kernel::{Error, Id, OrgId, TaskId, Time};
use tokio::sync::broadcast;

use crate::counters;
use crate::edge::Clock;
use crate::presence::{self, Seats};

/// Changes that are kept for each organization.
pub const KEPT: usize = 4096;

pub(crate) const CHANNEL: &str = "kafila_live";
const COLLECT: Duration = Duration::from_millis(200);
const POLL: Duration = Duration::from_secs(5);
/// PostgreSQL takes payloads shorter than 8,000 bytes.
const PAYLOAD_BYTES: usize = 7_900;
/// How far a look at the events reaches back: ids are made before their commit.
const LOOK_BACK_MS: i64 = 15_000;

/// A committed change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LiveEvent {
    /// Its place in this process' sequence of the organization; grows by one.
    pub seq: u64,
    /// The kind of thing: `order`, `task`.
    pub topic: &'static str,
    /// Its id.
    pub id: i64,
}

/// Why a stream must reload what it shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missed {
    /// More happened than is kept, or the number is of another process.
    Gap {
        /// Where the stream goes on.
        seq: u64,
    },
    /// The process ends.
    Closed,
}

/// The hub of a process. Cloning it is cheap.
#[derive(Clone)]
pub struct Live(Arc<Hub>);

type OnForeign = Box<dyn Fn(OrgId, &[Change]) + Send + Sync>;

struct Hub {
    orgs: Mutex<HashMap<OrgId, Ring>>,
    /// Tells our notifications from others'.
    own: String,
    outgoing: Option<mpsc::Sender<(OrgId, Vec<Change>)>>,
    on_foreign: RwLock<Option<OnForeign>>,
    /// What is committed while the process stops must not bring ended streams back.
    is_closed: AtomicBool,
    /// Who has the pages of orders open.
    seats: Seats,
}

struct Ring {
    /// The sequence begins at the start of the process, so that a number of an earlier one is never taken for ours.
    next: u64,
    kept: VecDeque<(LiveEvent, Instant)>,
    sender: broadcast::Sender<LiveEvent>,
    /// Events already looked at by the poll.
    looked: BTreeSet<i64>,
}

/// A stream of an organization's changes.
pub struct LiveStream {
    hub: Arc<Hub>,
    org: OrgId,
    receiver: broadcast::Receiver<LiveEvent>,
    next: u64,
    replay: VecDeque<LiveEvent>,
}

impl Live {
    /// The hub, connected with the other processes of the database.
    pub(crate) fn start(db: &Db) -> Result<Live, Error> {
        let shares = db.engine() == Engine::Postgres;
        let (sender, receiver) = mpsc::channel();
        let hub = Arc::new(Hub {
            orgs: Mutex::default(),
            own: hex::encode(rand::random::<[u8; 8]>()),
            outgoing: shares.then_some(sender),
            on_foreign: RwLock::default(),
            is_closed: AtomicBool::new(false),
            seats: Seats::default(),
        });
        if shares {
            let weak = Arc::downgrade(&hub);
            db.listen(CHANNEL, move |payload| {
                if let Some(hub) = weak.upgrade() {
                    hub.hear(payload);
                }
            })
            .map_err(Error::internal)?;
            let (weak, db) = (Arc::downgrade(&hub), db.clone());
            let own = hub.own.clone();
            thread::Builder::new().name("live".to_owned()).spawn(move || exchange(&db, &own, &receiver, &weak)).map_err(Error::internal)?;
        }
        Ok(Live(hub))
    }

    /// Tells watchers here, and the other processes a moment later, what was committed.
    pub fn publish(&self, org: OrgId, changes: &[Change]) {
        let changes: Vec<Change> = changes.iter().copied().filter(|change| !counters::is_internal(change.topic)).collect();
        if changes.is_empty() {
            return;
        }
        self.0.publish(org, &changes);
        if let Some(outgoing) = &self.0.outgoing {
            // The receiver ends with the process only.
            drop(outgoing.send((org, changes)));
        }
    }

    /// Tells watchers here alone: what other processes hear by a way of its own.
    pub(crate) fn publish_here(&self, org: OrgId, changes: &[Change]) {
        self.0.publish(org, changes);
    }

    /// Who has the pages of orders open.
    pub(crate) fn seats(&self) -> &Seats {
        &self.0.seats
    }

    /// What tells this process' notifications from others'.
    pub(crate) fn own(&self) -> &str {
        &self.0.own
    }

    /// Watches an organization. With the number of the last change that was seen, what was missed
    /// since comes first; when that is not kept any more, the first answer is [`Missed::Gap`].
    pub fn subscribe(&self, org: OrgId, last_seen: Option<u64>) -> LiveStream {
        let mut orgs = self.0.lock();
        let ring = orgs.entry(org).or_insert_with(Ring::new);
        let receiver = ring.sender.subscribe();
        let mut stream = LiveStream { hub: Arc::clone(&self.0), org, receiver, next: ring.next, replay: VecDeque::new() };
        if let Some(last_seen) = last_seen {
            stream.next = last_seen.wrapping_add(1);
            if ring.keeps(stream.next) {
                stream.replay = ring.since(stream.next);
            }
        }
        stream
    }

    /// The number of the newest change of an organization; a stream from there on misses nothing.
    pub fn last_seq(&self, org: OrgId) -> u64 {
        self.0.lock().entry(org).or_insert_with(Ring::new).next - 1
    }

    /// Ends every stream: the process is about to stop, and they would never end by themselves.
    pub fn close(&self) {
        self.0.is_closed.store(true, Ordering::SeqCst);
        self.0.lock().clear();
    }

    /// How many streams there are now, for operators.
    pub fn streams(&self) -> usize {
        self.0.lock().values().map(|ring| ring.sender.receiver_count()).sum()
    }

    /// Calls `hear` with what other processes committed.
    pub(crate) fn on_foreign(&self, hear: impl Fn(OrgId, &[Change]) + Send + Sync + 'static) {
        if let Ok(mut slot) = self.0.on_foreign.write() {
            *slot = Some(Box::new(hear));
        }
    }
}

impl LiveStream {
    /// The next change. Safe to cancel.
    pub async fn next(&mut self) -> Result<LiveEvent, Missed> {
        if let Some(event) = self.replay.pop_front() {
            self.next = event.seq + 1;
            return Ok(event);
        }
        loop {
            if self.hub.is_closed.load(Ordering::SeqCst) {
                return Err(Missed::Closed);
            }
            // A stream that asked for more than is kept, or fell behind, hears it before anything else.
            if !self.is_in_reach() {
                return Err(self.skip_to_now());
            }
            match self.receiver.recv().await {
                Ok(event) if event.seq < self.next => {}
                Ok(event) => {
                    self.next = event.seq + 1;
                    return Ok(event);
                }
                Err(broadcast::error::RecvError::Lagged(_)) => return Err(self.skip_to_now()),
                Err(broadcast::error::RecvError::Closed) => return Err(Missed::Closed),
            }
        }
    }

    /// The next change together with all that are there already, each thing once, in the order of
    /// its last change: for pages that redraw.
    pub async fn next_coalesced(&mut self) -> Result<Vec<LiveEvent>, Missed> {
        let mut events = vec![self.next().await?];
        loop {
            let event = match self.replay.pop_front() {
                Some(event) => event,
                None => match self.receiver.try_recv() {
                    Ok(event) if event.seq < self.next => continue,
                    Ok(event) => event,
                    // A gap is heard by the next call.
                    Err(_) => break,
                },
            };
            self.next = event.seq + 1;
            events.retain(|one| (one.topic, one.id) != (event.topic, event.id));
            events.push(event);
            if events.len() >= KEPT {
                break;
            }
        }
        Ok(events)
    }

    fn is_in_reach(&self) -> bool {
        self.hub.lock().get(&self.org).is_none_or(|ring| ring.keeps(self.next))
    }

    fn skip_to_now(&mut self) -> Missed {
        let mut orgs = self.hub.lock();
        let ring = orgs.entry(self.org).or_insert_with(Ring::new);
        self.receiver = ring.sender.subscribe();
        self.next = ring.next;
        Missed::Gap { seq: ring.next - 1 }
    }
}

impl Ring {
    fn new() -> Ring {
        // Microseconds: 53 bits hold them, so the number survives a reader that counts in floats.
        let now_us = Clock::System.now().0.max(1) as u64;
        Ring { next: now_us, kept: VecDeque::new(), sender: broadcast::channel(KEPT).0, looked: BTreeSet::new() }
    }

    /// Whether everything from this number on is kept.
    fn keeps(&self, from: u64) -> bool {
        let oldest = self.kept.front().map_or(self.next, |(event, _)| event.seq);
        (oldest..=self.next).contains(&from)
    }

    fn since(&self, from: u64) -> VecDeque<LiveEvent> {
        self.kept.iter().map(|(event, _)| *event).filter(|event| event.seq >= from).collect()
    }

    fn push(&mut self, change: Change, now: Instant) {
        let event = LiveEvent { seq: self.next, topic: change.topic, id: change.id };
        self.next += 1;
        if self.kept.len() == KEPT {
            self.kept.pop_front();
        }
        self.kept.push_back((event, now));
        // Nobody may be watching.
        drop(self.sender.send(event));
    }
}

impl Hub {
    fn lock(&self) -> MutexGuard<'_, HashMap<OrgId, Ring>> {
        self.orgs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn publish(&self, org: OrgId, changes: &[Change]) {
        let now = Instant::now();
        let mut orgs = self.lock();
        let ring = orgs.entry(org).or_insert_with(Ring::new);
        for change in changes {
            ring.push(*change, now);
        }
    }

    /// A notification of any process.
    fn hear(&self, payload: &str) {
        if presence::is_ours(payload) {
            if let Some((org, change)) = self.seats.hear(&self.own, payload) {
                self.publish(org, &[change]);
            }
            return;
        }
        let Some((own, batches)) = read_payload(payload) else {
            tracing::warn!("A live notification of another release cannot be read");
            return;
        };
        if own == self.own {
            return;
        }
        for (org, changes) in batches {
            self.foreign(org, &changes);
        }
    }

    fn foreign(&self, org: OrgId, changes: &[Change]) {
        if let Ok(slot) = self.on_foreign.read()
            && let Some(hear) = &*slot
        {
            hear(org, changes);
        }
        self.publish(org, changes);
    }

    fn watched(&self) -> Vec<OrgId> {
        self.lock().iter().filter(|(_, ring)| ring.sender.receiver_count() > 0).map(|(org, _)| *org).collect()
    }

    /// What a look at the events found; publishes what was not heard of.
    fn looked_at(&self, org: OrgId, events: &[(i64, String, i64)]) {
        let mut fresh = Vec::new();
        {
            let mut orgs = self.lock();
            let Some(ring) = orgs.get_mut(&org) else { return };
            let since = Instant::now().checked_sub(Duration::from_millis(LOOK_BACK_MS as u64 + 5_000));
            for (event, prefix, id) in events {
                if !ring.looked.insert(*event) {
                    continue;
                }
                let change = Change { topic: topic_of(prefix), id: *id };
                let known =
                    |(one, at): &(LiveEvent, Instant)| one.topic == change.topic && one.id == change.id && since.is_none_or(|since| *at >= since);
                if !ring.kept.iter().rev().any(known) && !fresh.contains(&change) {
                    fresh.push(change);
                }
            }
            while ring.looked.len() > 20_000 {
                ring.looked.pop_first();
            }
        }
        if !fresh.is_empty() {
            tracing::info!(org.id = %org, count = fresh.len(), "Live changes were missed by notification and found by looking");
            self.foreign(org, &fresh);
        }
    }
}

/// The live topic of things whose ids have this prefix.
pub fn topic_of(prefix: &str) -> &'static str {
    match prefix {
        "ord" => "order",
        "cus" => "customer",
        "tsk" => "task",
        "job" => "job",
        "usr" => "user",
        "sto" => "store",
        "rol" => "role",
        "key" => "api_key",
        "var" => "variant",
        "crn" => "credit_note",
        "drf" => "draft",
        "sch" => "schedule",
        "imp" => "import",
        "map" => "import_mapping",
        "msg" => "message",
        "blk" => "bulk",
        "viw" => "view",
        "esc" => "escalation",
        "rsn" => "order_reason",
        _ => "other",
    }
}

/// Sends what was committed here and looks for what was not heard from elsewhere. Ends with the hub.
fn exchange(db: &Db, own: &str, receiver: &mpsc::Receiver<(OrgId, Vec<Change>)>, hub: &std::sync::Weak<Hub>) {
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().build() else {
        tracing::error!("Live changes stay in this process: no runtime for notifications");
        return;
    };
    let mut looked_at = Instant::now();
    let mut ended = false;
    while !ended {
        let mut batches: HashMap<OrgId, Vec<Change>> = HashMap::new();
        let mut collect = |(org, changes): (OrgId, Vec<Change>)| {
            let batch = batches.entry(org).or_default();
            changes.into_iter().for_each(|change| {
                if !batch.contains(&change) {
                    batch.push(change);
                }
            });
        };
        match receiver.recv_timeout(COLLECT) {
            Ok(first) => {
                collect(first);
                let until = Instant::now() + COLLECT;
                while let Some(left) = until.checked_duration_since(Instant::now()) {
                    match receiver.recv_timeout(left) {
                        Ok(more) => collect(more),
                        Err(RecvTimeoutError::Timeout) => break,
                        Err(RecvTimeoutError::Disconnected) => {
                            ended = true;
                            break;
                        }
                    }
                }
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => ended = true,
        }
        for payload in payloads(own, batches) {
            if let Err(error) = runtime.block_on(db.notify(CHANNEL, &payload)) {
                tracing::debug!("A live notification was not sent, others find the change by looking: {error}");
            }
        }
        if looked_at.elapsed() >= POLL {
            let Some(hub) = hub.upgrade() else { return };
            look(db, &hub);
            looked_at = Instant::now();
        }
    }
}

fn look(db: &Db, hub: &Hub) {
    for org in hub.watched() {
        let found = db.blocking_read(org, |tx| {
            let since = (tx.new_id::<TaskId>().to_i64()) - (LOOK_BACK_MS << 22);
            tx.rows("select id, subject_kind, subject_id from events where org_id = $1 and id > $2 order by id limit 5000", params![tx.org(), since])
        });
        match found {
            Ok(events) => hub.looked_at(org, &events),
            Err(error) => tracing::debug!("Looking for live changes failed: {error}"),
        }
    }
}

/// `own;org topic id,id topic id;org …`, in payloads that fit.
fn payloads(own: &str, batches: HashMap<OrgId, Vec<Change>>) -> Vec<String> {
    let mut payloads = Vec::new();
    let mut payload = own.to_owned();
    for (org, mut changes) in batches {
        changes.sort_by_key(|change| change.topic);
        let mut open_topic = None;
        for change in changes {
            let head = format!(";{} {}", org.to_i64(), change.topic);
            let room = payload.len() + head.len() + 22 <= PAYLOAD_BYTES;
            if !room {
                payloads.push(std::mem::replace(&mut payload, own.to_owned()));
                open_topic = None;
            }
            if open_topic != Some(change.topic) {
                payload.push_str(&head);
                open_topic = Some(change.topic);
            }
            payload.push(' ');
            payload.push_str(&change.id.to_string());
        }
    }
    if payload.len() > own.len() {
        payloads.push(payload);
    }
    payloads
}

/// What one organization's part of a payload says.
type Batch = (OrgId, Vec<Change>);

fn read_payload(payload: &str) -> Option<(&str, Vec<Batch>)> {
    let mut parts = payload.split(';');
    let own = parts.next()?;
    let mut batches = Vec::new();
    for part in parts {
        let mut words = part.split(' ');
        let org = OrgId::from_i64(words.next()?.parse().ok()?);
        let topic = interned(words.next()?)?;
        let changes: Option<Vec<Change>> = words.map(|id| Some(Change { topic, id: id.parse().ok()? })).collect();
        batches.push((org, changes?));
    }
    Some((own, batches))
}

/// The same text with the life of the process. There are as many topics as kinds of things; a limit
/// keeps a stranger on the channel from filling the memory.
fn interned(topic: &str) -> Option<&'static str> {
    static TOPICS: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let mut topics = TOPICS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = topics.get(topic) {
        return Some(known);
    }
    if topics.len() >= 256 || topic.len() > 64 {
        return None;
    }
    let topic: &'static str = Box::leak(topic.to_owned().into_boxed_str());
    topics.insert(topic);
    Some(topic)
}

/// The wall time of an id, to the millisecond.
pub fn made_at(id: i64) -> Time {
    Time(((id >> 22) + kernel::id::EPOCH_MS) * 1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hub() -> Live {
        Live(Arc::new(Hub {
            orgs: Mutex::default(),
            own: "me".into(),
            outgoing: None,
            on_foreign: RwLock::default(),
            is_closed: AtomicBool::new(false),
            seats: Seats::default(),
        }))
    }

    fn order(id: i64) -> Change {
        Change { topic: "order", id }
    }

    const ORG: i64 = 5;

    #[tokio::test]
    async fn a_stream_catches_up_or_hears_of_the_gap() {
        let (live, org) = (hub(), OrgId::from_i64(ORG));
        let mut stream = live.subscribe(org, None);
        live.publish(org, &[order(1), order(2)]);
        live.publish(OrgId::from_i64(6), &[order(9)]);
        let first = stream.next().await.unwrap();
        assert_eq!((first.id, stream.next().await.unwrap().id), (1, 2));

        let mut late = live.subscribe(org, Some(first.seq));
        live.publish(org, &[order(3)]);
        assert_eq!((late.next().await.unwrap().id, late.next().await.unwrap().id), (2, 3));

        let mut stranger = live.subscribe(org, Some(17));
        let Err(Missed::Gap { seq }) = stranger.next().await else { panic!("no gap") };
        assert_eq!(seq, live.last_seq(org));
        live.publish(org, &[order(4)]);
        assert_eq!(stranger.next().await.unwrap().id, 4);

        let mut from_the_end = live.subscribe(org, Some(live.last_seq(org)));
        live.publish(org, &[order(5)]);
        assert_eq!(from_the_end.next().await.unwrap().id, 5);
    }

    #[tokio::test]
    async fn a_slow_stream_hears_of_the_gap_and_goes_on() {
        let (live, org) = (hub(), OrgId::from_i64(ORG));
        let mut stream = live.subscribe(org, None);
        for id in 0..=(2 * KEPT as i64) {
            live.publish(org, &[order(id)]);
        }
        assert!(matches!(stream.next().await, Err(Missed::Gap { .. })));
        live.publish(org, &[order(-1), order(-2), order(-1)]);
        let ids: Vec<i64> = stream.next_coalesced().await.unwrap().iter().map(|event| event.id).collect();
        assert_eq!(ids, [-2, -1]);
    }

    #[test]
    fn payloads_fit_and_read_back() {
        let changes: Vec<Change> = (0..2_000).map(|n| order(i64::MAX - n)).chain([Change { topic: "task", id: 7 }]).collect();
        let payloads = payloads("me", HashMap::from([(OrgId::from_i64(ORG), changes.clone()), (OrgId::from_i64(6), vec![order(1)])]));
        assert!(payloads.len() > 4 && payloads.iter().all(|payload| payload.len() < 8_000));
        let mut read: Vec<(OrgId, Change)> = Vec::new();
        for payload in &payloads {
            let (own, batches) = read_payload(payload).unwrap();
            assert_eq!(own, "me");
            read.extend(batches.into_iter().flat_map(|(org, changes)| changes.into_iter().map(move |change| (org, change))));
        }
        assert_eq!(read.len(), 2_002);
        assert!(changes.iter().all(|change| read.contains(&(OrgId::from_i64(ORG), *change))));
        assert!(read_payload("me;x").is_none());
    }

    #[tokio::test]
    async fn looking_finds_what_no_notification_told() {
        let (live, org) = (hub(), OrgId::from_i64(ORG));
        let mut stream = live.subscribe(org, None);
        live.publish(org, &[order(1), order(2)]);
        live.0.looked_at(org, &[(100, "ord".into(), 1), (101, "ord".into(), 2), (102, "ord".into(), 3), (103, "ord".into(), 3)]);
        live.0.looked_at(org, &[(102, "ord".into(), 3)]);
        let ids: Vec<i64> = stream.next_coalesced().await.unwrap().iter().map(|event| event.id).collect();
        assert_eq!(ids, [1, 2, 3]);
        assert!(tokio::time::timeout(Duration::from_millis(20), stream.next()).await.is_err());
    }
}
