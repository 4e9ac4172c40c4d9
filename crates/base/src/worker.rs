//! The worker: leases due jobs, runs them, writes what became of them.
//!
//! Any number of workers share the queue. One leases up to 32 jobs at a time in an organization, as
//! long as it has hands for them, and renews its leases with a heartbeat. It wakes when a job was
//! committed, here or in another process, and looks when the next one is due, at least every second
//! (5 s on PostgreSQL, where it hears of others' jobs by notification).
//!
//! What a local job writes and its end are one transaction; a request is sent while none is open. A
//! panic is a failed attempt of its job alone. On stopping, nothing more is leased, what runs has 10 s,
//! and the leases of what is left are given back.

use std::any::Any;
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use db::{Engine, Tx};
use futures_util::FutureExt;
use kernel::{Actor, Error, JobId, JobKind, OrgId, TaskId, Time};
use serde_json::Value as Json;
use tokio::task::JoinSet;

use crate::ctx::Ctx;
use crate::edge::{Base, Edge};
use crate::jobs::lease::{self, Holder, LEASED_AT_ONCE, LOST};
use crate::jobs::{self, Ask, Heard, Job, Next, Runner, max_attempts};
use crate::schedules;
use crate::tasks::{self, Outcome, Progress};

/// How often leases are renewed; they last 60 s.
const BEAT: Duration = Duration::from_secs(15);
/// How long what runs may take to end when the worker stops.
const GRACE: Duration = Duration::from_secs(10);
/// Least time between two looks for work.
const PACE: Duration = Duration::from_millis(5);
const IDLE: Duration = Duration::from_secs(1);
const IDLE_SHARED: Duration = Duration::from_secs(5);
const AFTER_TROUBLE: Duration = Duration::from_secs(1);
/// Jobs that wait in the process for a free hand.
const MOST_QUEUED: usize = 256;
const LOCAL_HANDS: usize = 8;
const OUTSIDE_HANDS: usize = 16;
const TASK_HANDS: usize = 2;
/// Least time between two writes of a task's progress.
const PROGRESS_EVERY: Duration = Duration::from_millis(300);

/// The workers of this process, by what their leases name.
static ALIVE: Mutex<BTreeSet<i64>> = Mutex::new(BTreeSet::new());

/// Runs jobs; see the head of this file.
pub struct Worker {
    inner: Arc<Inner>,
}

struct Inner {
    base: Base,
    runners: fn(JobKind) -> Runner,
    holder: Holder,
    is_stopping: Arc<AtomicBool>,
}

/// What [`Worker::run_until_idle`] did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ran {
    /// Jobs that ended or wait for a later time by their own wish.
    pub done: u64,
    /// Attempts that failed, each with the kind of its job and the reason.
    pub failed: Vec<(JobKind, String)>,
}

/// What one run of a job came to.
enum Ended {
    Well,
    Badly {
        why: String,
        is_dead: bool,
    },
    /// Somebody else has the job now, or it was called off.
    Lost,
    /// The worker stops, and the job has more slices.
    Paused,
}

impl Worker {
    /// A worker with the app's table of runners. It does nothing before it is told to run.
    pub fn new(base: Base, runners: fn(JobKind) -> Runner) -> Worker {
        let holder = Holder(base.db().ids().next());
        lock(&ALIVE).insert(holder.0);
        Worker { inner: Arc::new(Inner { base, runners, holder, is_stopping: Arc::default() }) }
    }

    /// Runs jobs and fires schedules until `stop` is ready, then ends gracefully.
    pub async fn run(&self, stop: impl Future<Output = ()>) {
        let mut stop = pin!(stop);
        let mut hands = Hands::default();
        let mut beat = tokio::time::interval(BEAT);
        beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        self.inner.is_stopping.store(false, Ordering::SeqCst);
        if let Err(error) = self.inner.recover().await {
            tracing::warn!("Jobs of an earlier run come back only when their leases are spent: {error}");
        }
        let mut looked_at: Option<Instant> = None;
        loop {
            // Before the look, so that a bell during it is not missed.
            let mut woken = pin!(self.inner.base.work_waits().notified());
            woken.as_mut().enable();

            let wait = match looked_at.map(|at| at.elapsed()).filter(|since| *since < PACE) {
                Some(since) => PACE - since,
                None => {
                    looked_at = Some(Instant::now());
                    self.inner.look(&mut hands).await
                }
            };
            hands.start(&self.inner);

            tokio::select! {
                () = &mut stop => break,
                // What is enqueued within a few milliseconds is taken together.
                () = &mut woken => looked_at = looked_at.filter(|at| at.elapsed() < PACE),
                Some(ended) = hands.running.join_next_with_id() => hands.ended(ended),
                _ = beat.tick() => self.inner.heartbeat(&hands).await,
                () = tokio::time::sleep(wait) => {}
            }
        }
        self.inner.stop(hands).await;
    }

    /// Runs all that is due at the clock's present time, one after the other, and answers when nothing
    /// is left that this worker may take. For tests and commands. Schedules are left alone, see
    /// [`Worker::fire_schedules`].
    pub async fn run_until_idle(&self) -> Result<Ran, Error> {
        let inner = &self.inner;
        inner.is_stopping.store(false, Ordering::SeqCst);
        let mut ran = Ran::default();
        loop {
            let mut has_leased = false;
            for (org, has_spent) in inner.due().await?.orgs {
                let jobs = inner.lease(org, has_spent, JobKind::ALL.to_vec(), LEASED_AT_ONCE).await?;
                has_leased |= !jobs.is_empty();
                for job in jobs {
                    let (id, kind) = (job.id, job.kind);
                    match Arc::clone(inner).run_job(job).await {
                        Ended::Well => ran.done += 1,
                        Ended::Badly { why, .. } => ran.failed.push((kind, why)),
                        Ended::Lost => {}
                        Ended::Paused => inner.give_back(org, id, true).await,
                    }
                }
            }
            if !has_leased {
                return Ok(ran);
            }
        }
    }

    /// Enqueues the jobs of all schedules whose time has come; answers how many this process fired.
    pub async fn fire_schedules(&self) -> Result<u64, Error> {
        self.inner.fire_schedules().await
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        lock(&ALIVE).remove(&self.inner.holder.0);
    }
}

/// What a worker does at the same time, by the kind of work.
#[derive(Default)]
struct Hands {
    running: JoinSet<(JobId, Ended)>,
    /// What runs, by the id of its tokio task.
    busy: HashMap<tokio::task::Id, Busy>,
    local: VecDeque<Job>,
    outside: VecDeque<Job>,
    task: VecDeque<Job>,
    /// Where the next round begins, so that no organization is always the last.
    turn: usize,
    /// Jobs that paused or broke off; their leases are to be given back.
    unfinished: Vec<(OrgId, JobId)>,
    schedules_looked_at: Option<Instant>,
    next_schedule: Option<Time>,
}

#[derive(Clone, Copy)]
struct Busy {
    org: OrgId,
    job: JobId,
    lane: Lane,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lane {
    Local,
    Outside,
    Task,
}

impl Lane {
    const ALL: [Lane; 3] = [Lane::Local, Lane::Outside, Lane::Task];

    fn of(runner: Runner) -> Lane {
        match runner {
            Runner::Local(_) => Lane::Local,
            Runner::Outside { .. } => Lane::Outside,
            Runner::Task(_) => Lane::Task,
        }
    }

    fn hands(self) -> usize {
        match self {
            Lane::Local => LOCAL_HANDS,
            Lane::Outside => OUTSIDE_HANDS,
            Lane::Task => TASK_HANDS,
        }
    }
}

impl Hands {
    fn queue(&mut self, lane: Lane) -> &mut VecDeque<Job> {
        match lane {
            Lane::Local => &mut self.local,
            Lane::Outside => &mut self.outside,
            Lane::Task => &mut self.task,
        }
    }

    fn free(&self, lane: Lane) -> usize {
        let queued = match lane {
            Lane::Local => self.local.len(),
            Lane::Outside => self.outside.len(),
            Lane::Task => self.task.len(),
        };
        let busy = self.busy.values().filter(|busy| busy.lane == lane).count();
        lane.hands().saturating_sub(busy + queued)
    }

    fn queued(&self) -> usize {
        self.local.len() + self.outside.len() + self.task.len()
    }

    /// Begins what there are free hands for.
    fn start(&mut self, inner: &Arc<Inner>) {
        for lane in Lane::ALL {
            let mut busy = self.busy.values().filter(|busy| busy.lane == lane).count();
            while busy < lane.hands() {
                let Some(job) = self.queue(lane).pop_front() else { break };
                let entry = Busy { org: job.org, job: job.id, lane };
                let inner = Arc::clone(inner);
                let handle = self.running.spawn(async move { (job.id, inner.run_job(job).await) });
                self.busy.insert(handle.id(), entry);
                busy += 1;
            }
        }
    }

    fn reap(&mut self) {
        while let Some(ended) = self.running.try_join_next_with_id() {
            self.ended(ended);
        }
    }

    fn ended(&mut self, ended: Result<(tokio::task::Id, (JobId, Ended)), tokio::task::JoinError>) {
        let (id, is_unfinished) = match ended {
            Ok((id, (_, Ended::Paused))) => (id, true),
            Ok((id, _)) => (id, false),
            Err(error) => {
                if error.is_panic() {
                    tracing::error!("The runner of a job panicked: {error}");
                }
                (error.id(), true)
            }
        };
        if let Some(busy) = self.busy.remove(&id)
            && is_unfinished
        {
            self.unfinished.push((busy.org, busy.job));
        }
    }

    /// What this worker holds leases for.
    fn held(&self) -> BTreeMap<OrgId, Vec<JobId>> {
        let queued = self.local.iter().chain(&self.outside).chain(&self.task).map(|job| (job.org, job.id));
        let mut held: BTreeMap<OrgId, Vec<JobId>> = BTreeMap::new();
        for (org, job) in self.busy.values().map(|busy| (busy.org, busy.job)).chain(queued) {
            held.entry(org).or_default().push(job);
        }
        held
    }
}

impl Inner {
    #[expect(clippy::disallowed_methods, reason = "leasing works above organizations")]
    async fn due(&self) -> Result<lease::Due, Error> {
        let now = self.base.now();
        self.base.db().system_read(move |tx| lease::due(tx, now)).await
    }

    /// Looks for work; answers how long to wait until the next look.
    async fn look(&self, hands: &mut Hands) -> Duration {
        hands.reap();
        for (org, job) in std::mem::take(&mut hands.unfinished) {
            self.give_back(org, job, true).await;
        }
        match self.take_work(hands).await {
            Ok(wait) => wait,
            Err(error) => {
                tracing::warn!("No work can be taken: {error}");
                AFTER_TROUBLE
            }
        }
    }

    /// Leases as much as there are hands for; answers how long to wait for more.
    async fn take_work(&self, hands: &mut Hands) -> Result<Duration, Error> {
        if hands.schedules_looked_at.is_none_or(|at| at.elapsed() >= IDLE) {
            self.fire_schedules().await?;
            hands.next_schedule = self.next_schedule().await?;
            hands.schedules_looked_at = Some(Instant::now());
        }
        let due = self.due().await?;
        let mut has_leased = false;
        let count = due.orgs.len();
        for step in 0..count {
            let (org, has_spent) = due.orgs[(hands.turn + step) % count];
            for is_task in [false, true] {
                let lanes = Lane::ALL.into_iter().filter(|lane| (*lane == Lane::Task) == is_task && hands.free(*lane) > 0);
                let lanes: Vec<Lane> = lanes.collect();
                if lanes.is_empty() || hands.queued() >= MOST_QUEUED {
                    continue;
                }
                let kinds = JobKind::ALL.iter().copied().filter(|kind| lanes.contains(&Lane::of((self.runners)(*kind)))).collect();
                // A long task is taken only when it can begin: another process may have a hand free.
                let limit = if is_task { hands.free(Lane::Task) } else { LEASED_AT_ONCE };
                let leased = self.lease(org, has_spent && !is_task, kinds, limit).await?;
                has_leased |= !leased.is_empty();
                for job in leased {
                    let lane = Lane::of((self.runners)(job.kind));
                    hands.queue(lane).push_back(job);
                }
            }
        }
        hands.turn = hands.turn.wrapping_add(1);
        if has_leased {
            // There may be more, and it is looked for after what was taken has begun.
            return Ok(Duration::ZERO);
        }
        let next = [due.next, hands.next_schedule].into_iter().flatten().min();
        let longest = if self.base.db().engine() == Engine::Postgres { IDLE_SHARED } else { IDLE };
        let until_next = next.map(|next| Duration::from_micros(next.since_us(self.base.now()).max(1_000) as u64));
        Ok(until_next.map_or(longest, |until| until.min(longest)))
    }

    async fn lease(&self, org: OrgId, has_spent: bool, kinds: Vec<JobKind>, limit: usize) -> Result<Vec<Job>, Error> {
        let holder = self.holder;
        let edge = self.base.system_edge(org).await;
        edge.write(move |tx, ctx| {
            if has_spent {
                lease::expire(tx, ctx, None)?;
            }
            lease::lease(tx, holder, ctx.now, &kinds, limit)
        })
        .await
    }

    /// On the embedded engine one process owns the data, so leases of others are of the dead.
    #[expect(clippy::disallowed_methods, reason = "leasing works above organizations")]
    async fn recover(&self) -> Result<(), Error> {
        if self.base.db().engine() != Engine::Sqlite {
            return Ok(());
        }
        for organization in self.base.db().system_read(crate::organizations::list).await? {
            let alive: Vec<Holder> = lock(&ALIVE).iter().copied().map(Holder).collect();
            let edge = self.base.system_edge(organization.id).await;
            edge.write(move |tx, ctx| lease::expire(tx, ctx, Some(&alive))).await?;
        }
        Ok(())
    }

    async fn heartbeat(&self, hands: &Hands) {
        for (org, jobs) in hands.held() {
            let holder = self.holder;
            let edge = self.base.system_edge(org).await;
            if let Err(error) = edge.write(move |tx, ctx| lease::extend(tx, holder, ctx.now, &jobs)).await {
                tracing::warn!(org.id = %org, "The leases of running jobs were not renewed: {error}");
            }
        }
        self.measure().await;
    }

    #[expect(clippy::disallowed_methods, reason = "health is of all organizations")]
    async fn measure(&self) {
        let now = self.base.now();
        match self.base.db().system_read(move |tx| jobs::health(tx, now)).await {
            Ok(health) => {
                metrics::gauge!("kafila_jobs_oldest_due_seconds").set(health.oldest_due_us as f64 / Time::SECOND as f64);
                metrics::gauge!("kafila_jobs_due").set(health.due as f64);
                metrics::gauge!("kafila_jobs_running").set(health.running as f64);
                metrics::gauge!("kafila_jobs_dead").set(health.dead as f64);
            }
            Err(error) => tracing::warn!("Jobs cannot be counted: {error}"),
        }
    }

    #[expect(clippy::disallowed_methods, reason = "schedules are global")]
    async fn fire_schedules(&self) -> Result<u64, Error> {
        let now = self.base.now();
        let mut fired = 0;
        for due in self.base.db().system_read(move |tx| schedules::due(tx, now)).await? {
            let edge = self.base.system_edge(due.org_id).await;
            fired += u64::from(edge.write(move |tx, ctx| schedules::fire(tx, ctx, &due)).await?);
        }
        Ok(fired)
    }

    #[expect(clippy::disallowed_methods, reason = "schedules are global")]
    async fn next_schedule(&self) -> Result<Option<Time>, Error> {
        self.base.db().system_read(schedules::next_due).await
    }

    async fn stop(&self, mut hands: Hands) {
        self.is_stopping.store(true, Ordering::SeqCst);
        let deadline = tokio::time::Instant::now() + GRACE;
        while let Ok(Some(ended)) = tokio::time::timeout_at(deadline, hands.running.join_next_with_id()).await {
            hands.ended(ended);
        }
        hands.running.abort_all();
        while let Some(ended) = hands.running.join_next_with_id().await {
            hands.ended(ended);
        }
        for (org, job) in std::mem::take(&mut hands.unfinished) {
            self.give_back(org, job, true).await;
        }
        for lane in Lane::ALL {
            for job in std::mem::take(hands.queue(lane)) {
                self.give_back(job.org, job.id, false).await;
            }
        }
    }

    async fn give_back(&self, org: OrgId, job: JobId, has_begun: bool) {
        let holder = self.holder;
        let edge = self.base.system_edge(org).await;
        if let Err(error) = edge.write(move |tx, _| lease::give_back(tx, holder, job, has_begun)).await {
            tracing::warn!(job.id = %job, "The lease of a job was not given back and will be spent in a minute: {error}");
        }
    }

    /// Runs a leased job to its end, or until it has to wait.
    async fn run_job(self: Arc<Self>, mut job: Job) -> Ended {
        let started = Instant::now();
        let result = match self.begin(&job).await {
            Ok(()) => match (self.runners)(job.kind) {
                Runner::Local(run) => self.run_local(&mut job, run).await,
                Runner::Outside { ask, heard } => self.run_outside(&mut job, ask, heard).await,
                Runner::Task(run) => self.run_task(&mut job, run).await,
            },
            Err(error) => Err(error),
        };
        let ended = match result {
            Ok(ended) => ended,
            Err(Error::Conflict { code: LOST, .. }) => Ended::Lost,
            Err(error) => self.failed(&job, &error).await,
        };
        let word = match &ended {
            Ended::Well => "done",
            Ended::Badly { is_dead: true, .. } => "dead",
            Ended::Badly { .. } => "failed",
            Ended::Lost => "lost",
            Ended::Paused => "paused",
        };
        metrics::counter!("kafila_jobs_total", "kind" => job.kind.as_str(), "result" => word).increment(1);
        metrics::histogram!("kafila_job_seconds", "kind" => job.kind.as_str()).record(started.elapsed());
        match &ended {
            Ended::Well | Ended::Paused => {}
            Ended::Lost => tracing::info!(job.id = %job.id, job.kind = %job.kind, "A job was called off or taken over while it ran"),
            Ended::Badly { why, is_dead: true } => {
                tracing::error!(job.id = %job.id, job.kind = %job.kind, attempts = job.attempts, "A job is dead: {why}");
            }
            Ended::Badly { why, .. } => tracing::warn!(job.id = %job.id, job.kind = %job.kind, attempts = job.attempts, "A job failed: {why}"),
        }
        ended
    }

    /// The task that waits for this job is under way.
    async fn begin(&self, job: &Job) -> Result<(), Error> {
        let Some(task) = job.task else { return Ok(()) };
        self.edge(job, job.actor).await.write(move |tx, ctx| tasks::start(tx, ctx, task)).await
    }

    /// Acts as `actor` with all rights: whoever enqueued the job was asked for theirs.
    async fn edge(&self, job: &Job, actor: Actor) -> Edge {
        let settings = self.base.settings(job.org).await;
        let ctx = Ctx { actor, request_id: job.id.to_string(), ..Ctx::system(job.org, self.base.now(), settings) };
        self.base.edge(ctx)
    }

    async fn run_local(&self, job: &mut Job, run: fn(&mut Tx, &Ctx, &Job) -> Result<Next, Error>) -> Result<Ended, Error> {
        loop {
            let (holder, own) = (self.holder, job.clone());
            let edge = self.edge(job, Actor::System).await;
            let next = edge
                .write_background(move |tx, ctx| {
                    if is_cancel_asked(tx, own.task)? {
                        lease::stopped(tx, ctx, holder, &own)?;
                        return Ok(Next::Done);
                    }
                    let next = run(tx, ctx, &own)?;
                    lease::settle(tx, ctx, holder, &own, &next)?;
                    Ok(next)
                })
                .await?;
            match self.after(job, next) {
                Some(ended) => return Ok(ended),
                None => tokio::task::yield_now().await,
            }
        }
    }

    async fn run_outside(
        &self,
        job: &mut Job,
        ask: fn(&mut Tx, &Ctx, &Job) -> Result<Ask, Error>,
        heard: fn(&mut Tx, &Ctx, &Job, &Heard) -> Result<Next, Error>,
    ) -> Result<Ended, Error> {
        loop {
            let (holder, own) = (self.holder, job.clone());
            let wanted = self.edge(job, Actor::System).await.read(move |tx, ctx| ask(tx, ctx, &own)).await?;
            let answer = self.send(job, wanted).await;
            let own = job.clone();
            let edge = self.edge(job, Actor::System).await;
            let next = edge
                .write(move |tx, ctx| {
                    let next = match &answer {
                        Some(answer) => heard(tx, ctx, &own, answer)?,
                        None => Next::Done,
                    };
                    lease::settle(tx, ctx, holder, &own, &next)?;
                    Ok(next)
                })
                .await?;
            if let Some(ended) = self.after(job, next) {
                return Ok(ended);
            }
        }
    }

    async fn send(&self, job: &Job, wanted: Ask) -> Option<Heard> {
        match wanted {
            Ask::Http(request) => Some(Heard::Http(without_panic(self.base.http().send(&request)).await.and_then(|sent| sent))),
            Ask::Mail(mail) => {
                let name = job.id.to_string();
                Some(Heard::Mail(without_panic(self.base.mailer().send(&mail, &name)).await.and_then(|sent| sent)))
            }
            Ask::Nothing => None,
        }
    }

    async fn run_task(
        &self,
        job: &mut Job,
        run: fn(TaskRun) -> futures_util::future::BoxFuture<'static, Result<Next, Error>>,
    ) -> Result<Ended, Error> {
        loop {
            let edge = self.edge(job, job.actor).await;
            let shared = Arc::new(TaskShared::default());
            let is_stopping = Arc::clone(&self.is_stopping);
            let handle = TaskRun { edge, job: job.clone(), holder: self.holder, is_stopping, shared: Arc::clone(&shared) };
            let next = without_panic(run(handle)).await.map_err(Error::internal)??;
            if shared.has_ended.load(Ordering::SeqCst) {
                return Ok(Ended::Well);
            }
            let (holder, own, settled) = (self.holder, job.clone(), next.clone());
            self.edge(job, job.actor).await.write(move |tx, ctx| lease::settle(tx, ctx, holder, &own, &settled)).await?;
            if let Some(ended) = self.after(job, next) {
                return Ok(ended);
            }
        }
    }

    /// What a run came to; `None` when the next slice follows at once.
    fn after(&self, job: &mut Job, next: Next) -> Option<Ended> {
        match next {
            Next::Done | Next::Later { .. } => Some(Ended::Well),
            Next::Again { why } => Some(Ended::Badly { why, is_dead: is_last(job) }),
            Next::Fail { why } => Some(Ended::Badly { why, is_dead: true }),
            Next::Slice { cursor, done, .. } => {
                job.cursor = cursor;
                job.done = done;
                job.attempts = 1;
                self.is_stopping.load(Ordering::SeqCst).then_some(Ended::Paused)
            }
        }
    }

    async fn failed(&self, job: &Job, error: &Error) -> Ended {
        let why = error.to_string();
        let (holder, own, text) = (self.holder, job.clone(), why.clone());
        let written = self.edge(job, Actor::System).await.write(move |tx, ctx| lease::failed(tx, ctx, holder, &own, &text)).await;
        match written {
            Ok(()) => Ended::Badly { why, is_dead: is_last(job) },
            Err(Error::Conflict { code: LOST, .. }) => Ended::Lost,
            // Its lease will be spent, and then it comes back.
            Err(other) => Ended::Badly { why: format!("{why}; and that could not be written: {other}"), is_dead: false },
        }
    }
}

fn is_last(job: &Job) -> bool {
    job.attempts >= max_attempts(job.kind)
}

fn is_cancel_asked(tx: &mut Tx, task: Option<TaskId>) -> Result<bool, Error> {
    match task {
        Some(task) => tasks::is_cancel_asked(tx, task),
        None => Ok(false),
    }
}

async fn without_panic<T>(work: impl Future<Output = T>) -> Result<T, String> {
    AssertUnwindSafe(work).catch_unwind().await.map_err(|panic| format!("it panicked: {}", panic_text(&*panic)))
}

fn panic_text(panic: &(dyn Any + Send)) -> &str {
    match panic.downcast_ref::<String>() {
        Some(text) => text,
        None => panic.downcast_ref::<&str>().copied().unwrap_or("no text"),
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[derive(Default)]
struct TaskShared {
    has_ended: AtomicBool,
    written_at: Mutex<Option<Instant>>,
}

/// How far a slice came.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SliceEnd {
    /// Where to go on.
    pub cursor: Json,
    /// How much is done in all.
    pub done: i64,
    /// Of how much; 0 when nobody knows.
    pub of: i64,
    /// How much of it was refused; `None` leaves the count as it is.
    pub errors: Option<i64>,
}

/// Long work in the hands of its runner.
pub struct TaskRun {
    /// Acts as whoever asked for the work, with all rights. Its clock stands at the beginning of the
    /// run; see [`Edge::renewed`].
    pub edge: Edge,
    /// The job, with the cursor of the last slice.
    pub job: Job,
    holder: Holder,
    is_stopping: Arc<AtomicBool>,
    shared: Arc<TaskShared>,
}

impl TaskRun {
    /// The task that shows the work.
    pub fn task(&self) -> Option<TaskId> {
        self.job.task
    }

    /// Shows how far the work is, at most every 300 ms; more often costs nothing.
    pub async fn progress(&self, done: i64, of: i64) -> Result<(), Error> {
        let Some(task) = self.job.task else { return Ok(()) };
        if !self.may_show() {
            return Ok(());
        }
        let edge = self.edge.renewed().await;
        edge.write(move |tx, ctx| tasks::progress(tx, ctx, task, Progress { done, of, errors: None })).await
    }

    /// Runs a slice of the work behind people who wait, and saves how far it is in the same
    /// transaction: after a crash the work goes on behind it. `Conflict` when the lease is lost, and
    /// then nothing of the slice stays; pass that on.
    pub async fn slice<T: Send + 'static>(&self, f: impl Fn(&mut Tx, &Ctx) -> Result<(T, SliceEnd), Error> + Send + 'static) -> Result<T, Error> {
        let (holder, job, may_show) = (self.holder, self.job.clone(), self.may_show());
        let edge = self.edge.renewed().await;
        edge.write_background(move |tx, ctx| {
            let (answer, end) = f(tx, ctx)?;
            lease::save_slice(tx, holder, &job, &end.cursor, end.done, end.of)?;
            if let (Some(task), true) = (job.task, may_show) {
                tasks::progress(tx, ctx, task, Progress { done: end.done, of: end.of, errors: end.errors })?;
            }
            Ok(answer)
        })
        .await
    }

    /// Writes the last things and ends job and task in the same transaction. The runner answers what
    /// this answers.
    pub async fn finish(&self, f: impl Fn(&mut Tx, &Ctx) -> Result<(Progress, Outcome), Error> + Send + 'static) -> Result<Next, Error> {
        let (holder, job) = (self.holder, self.job.clone());
        let edge = self.edge.renewed().await;
        edge.write(move |tx, ctx| {
            let (progress, outcome) = f(tx, ctx)?;
            if let Some(task) = job.task {
                tasks::progress(tx, ctx, task, progress)?;
                tasks::finish(tx, ctx, task, &outcome)?;
            }
            lease::settle(tx, ctx, holder, &job, &Next::Done)
        })
        .await?;
        self.shared.has_ended.store(true, Ordering::SeqCst);
        Ok(Next::Done)
    }

    /// Whether somebody asked the task to stop. The runner then ends with [`TaskRun::finish`] or
    /// `Next::Done`, and the task counts as cancelled.
    pub async fn is_cancelled(&self) -> Result<bool, Error> {
        let Some(task) = self.job.task else { return Ok(false) };
        self.edge.read(move |tx, _| tasks::is_cancel_asked(tx, task)).await
    }

    /// Whether the process is about to end. A runner that answers `Next::Slice` then goes on in another
    /// process; one that does not is broken off after 10 s and begins again at its last cursor.
    pub fn is_stopping(&self) -> bool {
        self.is_stopping.load(Ordering::SeqCst)
    }

    fn may_show(&self) -> bool {
        let mut written_at = lock(&self.shared.written_at);
        let is_due = written_at.is_none_or(|at| at.elapsed() >= PROGRESS_EVERY);
        if is_due {
            *written_at = Some(Instant::now());
        }
        is_due
    }
}
