//! Jobs, workers, tasks, schedules, mail and files.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use db::{Tx, params};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use kernel::{Actor, Error, EventId, Hidden, Id, JobId, JobKind, JobState, OrderAction, OrderState, TaskState, Time, UserId};
use serde_json::json;

use super::{ENGINES, World};
use crate::files::{self, NewFile};
use crate::http::HttpRequest;
use crate::jobs::lease::{self, Holder};
use crate::jobs::{self, Ask, CancelledJobs, Heard, Job, JobFilter, NewJob, Next, Runner};
use crate::mail::{self, Mail};
use crate::schedules::{self, ScheduleChange};
use crate::tasks::{self, NewTask, Outcome, Progress};
use crate::worker::{Ran, SliceEnd, TaskRun, Worker};
use crate::{Base, Ctx, Edge, events};

/// What the jobs of these tests do stands in their payload. Each run leaves a counter behind, in the
/// transaction of the run, so that a doubled or half run is seen.
fn runners(kind: JobKind) -> Runner {
    match kind {
        JobKind::SendMail => mail::RUNNER,
        JobKind::PushToErp => Runner::Outside { ask, heard },
        JobKind::ImportOrders | JobKind::Backup => Runner::Task(import),
        _ => Runner::Local(local),
    }
}

fn local(tx: &mut Tx, ctx: &Ctx, job: &Job) -> Result<Next, Error> {
    trace(tx, job)?;
    match job.payload["do"].as_str() {
        Some("refuse") => Err(Error::conflict("test.refused")),
        Some("panic") => panic!("a job's panic"),
        Some("give up") => Ok(Next::Fail { why: "useless".into() }),
        Some("again") => Ok(Next::Again { why: "a bad day".into() }),
        Some("later") => Ok(Next::Later { at: ctx.now.plus_s(60) }),
        Some("slices") => {
            let done = job.cursor["done"].as_i64().unwrap_or(0) + 1;
            if done == 3 && job.payload["stumbles"] == true && job.attempts == 1 {
                return Err(Error::conflict("test.stumbled"));
            }
            if done == 5 { Ok(Next::Done) } else { Ok(Next::Slice { cursor: json!({ "done": done }), done, of: 5 }) }
        }
        _ => Ok(Next::Done),
    }
}

/// Counts the runs of a job that stayed.
fn trace(tx: &mut Tx, job: &Job) -> Result<(), Error> {
    let name = job.payload["name"].as_str().unwrap_or("job");
    tx.execute(
        "insert into numbers (org_id, name, next) values ($1, $2, 1) on conflict (org_id, name) do update set next = numbers.next + 1",
        params![tx.org(), format!("ran {name}")],
    )?;
    Ok(())
}

async fn runs(edge: &Edge) -> BTreeMap<String, i64> {
    let rows: Vec<(String, i64)> = edge
        .read(|tx, _| tx.rows("select name, next from numbers where org_id = $1 and name like 'ran %' order by name", params![tx.org()]))
        .await
        .unwrap();
    rows.into_iter().map(|(name, n)| (name["ran ".len()..].to_owned(), n)).collect()
}

fn ask(tx: &mut Tx, _ctx: &Ctx, job: &Job) -> Result<Ask, Error> {
    assert_eq!(tx.org(), job.org);
    match job.payload["url"].as_str() {
        Some(url) => Ok(Ask::Http(HttpRequest::post(url).json(&json!({ "order": 7 }))?)),
        None => Ok(Ask::Nothing),
    }
}

fn heard(tx: &mut Tx, _ctx: &Ctx, job: &Job, heard: &Heard) -> Result<Next, Error> {
    trace(tx, job)?;
    match heard {
        Heard::Http(Ok(response)) if response.is_success() => Ok(Next::Done),
        Heard::Http(Ok(response)) => Ok(Next::Again { why: format!("status {}", response.status) }),
        Heard::Http(Err(why)) => Err(Error::internal(why.clone())),
        Heard::Mail(_) => unreachable!("no mail was asked for"),
    }
}

/// Ten rows in slices of two; it breaks off before the row `breaks_at`, once.
fn import(run: TaskRun) -> BoxFuture<'static, Result<Next, Error>> {
    async move {
        let of = 10;
        let mut at = run.job.cursor["at"].as_i64().unwrap_or(0);
        while at < of {
            if run.is_cancelled().await? {
                return run.finish(move |_, _| Ok((Progress { done: at, of, errors: None }, Outcome::default()))).await;
            }
            if run.job.payload["waits"] == true {
                if run.is_stopping() {
                    return Ok(Next::Slice { cursor: json!({ "at": at }), done: at, of });
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
                continue;
            }
            if run.job.payload["breaks_at"] == at && run.job.attempts == 1 && run.job.cursor.is_null() {
                return Err(Error::Unavailable { service: "disk" });
            }
            assert_ne!(run.job.payload["panics_at"], at, "a task's panic");
            let job = run.job.clone();
            at = run
                .slice(move |tx, ctx| {
                    assert_eq!(ctx.actor, job.actor);
                    trace(tx, &job)?;
                    Ok((at + 2, SliceEnd { cursor: json!({ "at": at + 2 }), done: at + 2, of, errors: Some(1) }))
                })
                .await?;
        }
        run.finish(move |_, _| Ok((Progress { done: at, of, errors: Some(1) }, Outcome { result: json!({ "rows": at }), ..Outcome::default() })))
            .await
    }
    .boxed()
}

fn job(edge: &Edge, payload: serde_json::Value) -> NewJob {
    NewJob::now(&edge.ctx, JobKind::Purge, payload)
}

async fn enqueue(edge: &Edge, job: NewJob) -> Option<JobId> {
    edge.write(move |tx, ctx| jobs::enqueue(tx, ctx, job.clone())).await.unwrap()
}

async fn state(edge: &Edge, id: JobId) -> (JobState, u32) {
    let job = edge.read(move |tx, ctx| jobs::find(tx, ctx, id)).await.unwrap();
    (job.state, job.attempts)
}

fn later(base: &Base, seconds: i64) {
    base.clock().advance_us(seconds * Time::SECOND);
}

async fn run(worker: &Worker) -> Ran {
    worker.run_until_idle().await.unwrap()
}

#[tokio::test]
async fn of_twins_one_waits() {
    for engine in ENGINES {
        let world = World::on(engine).await;
        let edge = world.edge().await;
        let twin = |key: &str| NewJob { unique_key: Some(key.into()), ..job(&edge, json!({ "name": key })) };
        assert!(enqueue(&edge, twin("a")).await.is_some());
        assert_eq!(enqueue(&edge, twin("a")).await, None);
        let many = vec![twin("a"), twin("b"), twin("b"), job(&edge, json!({})), job(&edge, json!({}))];
        assert_eq!(edge.write(move |tx, ctx| jobs::enqueue_all(tx, ctx, many.clone())).await.unwrap(), 3);
        assert_eq!(edge.write(|tx, ctx| jobs::enqueue_all(tx, ctx, Vec::new())).await.unwrap(), 0);

        let worker = Worker::new(world.base.clone(), runners);
        assert_eq!(run(&worker).await, Ran { done: 4, failed: Vec::new() });
        assert_eq!(runs(&edge).await, BTreeMap::from([("a".into(), 1), ("b".into(), 1), ("job".into(), 2)]));
        // The first has ended, so there is room for another one.
        assert!(enqueue(&edge, twin("a")).await.is_some());
    }
}

#[tokio::test]
async fn two_thousand_jobs_are_one_call() {
    for engine in ENGINES {
        let world = World::on(engine).await;
        let edge = world.edge().await;
        let many: Vec<NewJob> = (0..2_000).map(|_| job(&edge, json!({}))).collect();
        assert_eq!(edge.write(move |tx, ctx| jobs::enqueue_all(tx, ctx, many.clone())).await.unwrap(), 2_000);
        let health = edge.read(|tx, ctx| jobs::health_of(tx, ctx.now.plus_s(9))).await.unwrap();
        assert_eq!((health.due, health.oldest_due_us, health.running, health.dead), (2_000, 9 * Time::SECOND, 0, 0));
    }
}

#[tokio::test]
async fn an_attempt_that_fails_leaves_nothing_and_comes_back_later() {
    for engine in ENGINES {
        for what in ["refuse", "panic"] {
            let world = World::on(engine).await;
            let edge = world.edge().await;
            let id = enqueue(&edge, job(&edge, json!({ "do": what }))).await.unwrap();
            let worker = Worker::new(world.base.clone(), runners);

            let ran = run(&worker).await;
            assert_eq!((ran.done, ran.failed.len()), (0, 1));
            assert_eq!(state(&edge, id).await, (JobState::Waiting, 1));
            assert!(runs(&edge).await.is_empty(), "what it wrote is gone");
            assert_eq!(run(&worker).await, Ran::default(), "not due yet");

            // Between 5 and 10 s after the first attempt, between 10 and 20 s after the second.
            later(&world.base, 10);
            assert_eq!(run(&worker).await.failed.len(), 1);
            later(&world.base, 9);
            assert_eq!(run(&worker).await, Ran::default());
            later(&world.base, 11);
            assert_eq!(run(&worker).await.failed.len(), 1);
            // Three attempts are all that housekeeping has.
            assert_eq!(state(&edge, id).await, (JobState::Dead, 3));
            let dead =
                edge.read(|tx, ctx| jobs::list(tx, ctx, &JobFilter { state: Some(JobState::Dead), ..JobFilter::default() }, 10)).await.unwrap();
            let expected = if what == "panic" { "a job's panic" } else { "test.refused" };
            assert!(dead[0].last_error.as_ref().unwrap().contains(expected), "{:?}", dead[0].last_error);
        }
    }
}

#[tokio::test]
async fn a_dead_job_can_be_retried_and_called_off() {
    for engine in ENGINES {
        let world = World::on(engine).await;
        let edge = world.edge().await;
        let give_up = NewJob { unique_key: Some("one".into()), ..job(&edge, json!({ "do": "give up", "name": "give up" })) };
        let id = enqueue(&edge, give_up).await.unwrap();
        let worker = Worker::new(world.base.clone(), runners);
        run(&worker).await;
        assert_eq!(state(&edge, id).await, (JobState::Dead, 1));
        assert_eq!(runs(&edge).await["give up"], 1, "what a run wrote before it gave up stays");

        let twin = NewJob { unique_key: Some("one".into()), ..job(&edge, json!({})) };
        let twin = enqueue(&edge, twin).await.unwrap();
        let retry = || edge.write(move |tx, ctx| jobs::retry(tx, ctx, id));
        assert_eq!(retry().await.unwrap_err().code(), "job.twin");
        let cancel = |id: JobId| edge.write(move |tx, ctx| jobs::cancel(tx, ctx, id));
        assert_eq!(cancel(twin).await.unwrap().state, JobState::Cancelled);
        assert_eq!(cancel(twin).await.unwrap_err().code(), "job.state");
        assert_eq!(retry().await.unwrap().state, JobState::Waiting);
        assert_eq!(retry().await.unwrap_err().code(), "job.state");
        run(&worker).await;
        assert_eq!(state(&edge, id).await, (JobState::Dead, 1));
        assert_eq!(cancel(id).await.unwrap().state, JobState::Cancelled);

        let events = edge.read(move |tx, ctx| events::of_subject(tx, ctx, "job", id.to_i64(), 10)).await.unwrap();
        assert_eq!(events.len(), 2, "retried and cancelled");
        let weak = world.base.edge(Ctx { permissions: Default::default(), ..(*edge.ctx).clone() });
        assert!(matches!(weak.write(move |tx, ctx| jobs::retry(tx, ctx, id)).await, Err(Error::Forbidden { .. })));
        assert!(matches!(weak.read(|tx, ctx| jobs::list(tx, ctx, &JobFilter::default(), 10)).await, Err(Error::Forbidden { .. })));
    }
}

#[tokio::test]
async fn a_job_may_ask_for_another_time() {
    for engine in ENGINES {
        let world = World::on(engine).await;
        let edge = world.edge().await;
        let id = enqueue(&edge, job(&edge, json!({ "do": "later" }))).await.unwrap();
        let worker = Worker::new(world.base.clone(), runners);
        for n in 1..=5 {
            assert_eq!(run(&worker).await.done, 1);
            assert_eq!(state(&edge, id).await, (JobState::Waiting, 0));
            assert_eq!(runs(&edge).await["job"], n);
            later(&world.base, 60);
        }
        let id = enqueue(&edge, job(&edge, json!({ "do": "again", "name": "again" }))).await.unwrap();
        assert_eq!(run(&worker).await.failed, [(JobKind::Purge, "a bad day".to_owned())]);
        assert_eq!((state(&edge, id).await, runs(&edge).await["again"]), ((JobState::Waiting, 1), 1));
    }
}

#[tokio::test]
async fn two_workers_run_each_job_once() {
    for engine in ENGINES {
        let world = World::on(engine).await;
        let edge = world.edge().await;
        let many: Vec<NewJob> = (0..200).map(|n| job(&edge, json!({ "name": format!("{n}") }))).collect();
        edge.write(move |tx, ctx| jobs::enqueue_all(tx, ctx, many.clone())).await.unwrap();
        let other = if engine == db::Engine::Postgres { world.second() } else { world.base.clone() };
        let (one, two) = (Worker::new(world.base.clone(), runners), Worker::new(other, runners));
        let (one, two) = tokio::join!(run(&one), run(&two));
        assert_eq!((one.done + two.done, one.failed.len() + two.failed.len()), (200, 0));
        assert!(runs(&edge).await.values().all(|n| *n == 1));
        assert_eq!(runs(&edge).await.len(), 200);
    }
}

async fn leased(edge: &Edge, holder: Holder) -> Vec<Job> {
    edge.write(move |tx, ctx| lease::lease(tx, holder, ctx.now, JobKind::ALL, 32)).await.unwrap()
}

#[tokio::test]
async fn the_longest_due_of_the_kinds_asked_for_come_first() {
    for engine in ENGINES {
        let world = World::on(engine).await;
        let edge = world.edge().await;
        let kinds = [JobKind::NotifyCustomer, JobKind::SendMail, JobKind::Purge];
        let due =
            |n: usize| NewJob { run_at: edge.ctx.now.plus_s(-(n as i64)), ..NewJob::now(&edge.ctx, kinds[n % 3], json!({ "name": format!("{n}") })) };
        let many: Vec<NewJob> = (0..12).map(due).collect();
        edge.write(move |tx, ctx| jobs::enqueue_all(tx, ctx, many.clone())).await.unwrap();
        let names = async |kinds: &[JobKind], limit| {
            let kinds = kinds.to_vec();
            let leased = edge.write(move |tx, ctx| lease::lease(tx, Holder(1), ctx.now, &kinds, limit)).await.unwrap();
            leased.iter().map(|job| job.payload["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(names(&kinds[..2], 3).await, ["10", "9", "7"]);
        assert_eq!(names(&kinds[2..], 32).await, ["11", "8", "5", "2"]);
        assert_eq!(names(&kinds, 32).await, ["6", "4", "3", "1", "0"]);
    }
}

#[tokio::test]
async fn a_spent_lease_goes_to_another_worker_and_the_first_one_writes_nothing() {
    for engine in ENGINES {
        let world = World::on(engine).await;
        let edge = world.edge().await;
        let id = enqueue(&edge, job(&edge, json!({}))).await.unwrap();
        let (first, worker) = (Holder(1), Worker::new(world.base.clone(), runners));
        let taken = leased(&edge, first).await.remove(0);
        assert_eq!(state(&edge, id).await, (JobState::Running, 1));
        assert!(leased(&edge, Holder(2)).await.is_empty());

        // A heartbeat keeps it.
        later(&world.base, 50);
        let edge = world.edge().await;
        edge.write(move |tx, ctx| lease::extend(tx, first, ctx.now, &[id])).await.unwrap();
        later(&world.base, 50);
        assert_eq!(run(&worker).await, Ran::default());
        later(&world.base, 10);
        assert_eq!(run(&worker).await.done, 1);
        assert_eq!(state(&edge, id).await, (JobState::Done, 2));

        let late = edge
            .write(move |tx, ctx| {
                trace(tx, &taken)?;
                lease::settle(tx, ctx, first, &taken, &Next::Done)
            })
            .await;
        assert_eq!(late.unwrap_err().code(), lease::LOST);
        assert_eq!(runs(&edge).await["job"], 1);
    }
}

#[tokio::test]
async fn a_job_that_kills_its_workers_dies() {
    for engine in ENGINES {
        let world = World::on(engine).await;
        let id = enqueue(&world.edge().await, job(&world.edge().await, json!({}))).await.unwrap();
        for n in 1..=3 {
            let edge = world.edge().await;
            assert_eq!(leased(&edge, Holder(n)).await.len(), 1);
            later(&world.base, 61);
            let edge = world.edge().await;
            edge.write(|tx, ctx| lease::expire(tx, ctx, None)).await.unwrap();
        }
        assert_eq!(state(&world.edge().await, id).await, (JobState::Dead, 3));
    }
}

#[tokio::test]
async fn what_was_not_begun_is_given_back_without_an_attempt() {
    for engine in ENGINES {
        let world = World::on(engine).await;
        let edge = world.edge().await;
        let (a, b) = (enqueue(&edge, job(&edge, json!({}))).await.unwrap(), enqueue(&edge, job(&edge, json!({}))).await.unwrap());
        leased(&edge, Holder(1)).await;
        edge.write(move |tx, _| {
            lease::give_back(tx, Holder(1), a, false)?;
            lease::give_back(tx, Holder(1), b, true)
        })
        .await
        .unwrap();
        assert_eq!((state(&edge, a).await, state(&edge, b).await), ((JobState::Waiting, 0), (JobState::Waiting, 1)));
    }
}

#[tokio::test]
async fn slices_go_on_where_they_stopped() {
    for engine in ENGINES {
        let world = World::on(engine).await;
        let edge = world.edge().await;
        let worker = Worker::new(world.base.clone(), runners);
        let id = enqueue(&edge, job(&edge, json!({ "do": "slices", "name": "smooth" }))).await.unwrap();
        assert_eq!(run(&worker).await.done, 1);
        assert_eq!((state(&edge, id).await.0, runs(&edge).await["smooth"]), (JobState::Done, 5));

        let id = enqueue(&edge, job(&edge, json!({ "do": "slices", "name": "rough", "stumbles": true }))).await.unwrap();
        assert_eq!(run(&worker).await.failed.len(), 1);
        assert_eq!(runs(&edge).await["rough"], 2, "two slices stay");
        later(&world.base, 10);
        assert_eq!(run(&worker).await.done, 1);
        assert_eq!((state(&edge, id).await.0, runs(&edge).await["rough"]), (JobState::Done, 5));
    }
}

#[tokio::test]
async fn a_crash_between_slices_loses_and_doubles_nothing() {
    for engine in ENGINES {
        let world = World::on(engine).await;
        let edge = world.edge().await;
        let id = enqueue(&edge, job(&edge, json!({ "do": "slices" }))).await.unwrap();
        // A worker that runs one slice and is gone.
        let holder = Holder(1);
        let taken = leased(&edge, holder).await.remove(0);
        edge.write(move |tx, ctx| {
            let next = local(tx, ctx, &taken)?;
            lease::settle(tx, ctx, holder, &taken, &next)
        })
        .await
        .unwrap();
        later(&world.base, 61);
        assert_eq!(run(&Worker::new(world.base.clone(), runners)).await.done, 1);
        assert_eq!((state(&edge, id).await.0, runs(&edge).await["job"]), (JobState::Done, 5));
    }
}

#[tokio::test]
async fn undoing_calls_off_what_has_not_begun() {
    for engine in ENGINES {
        let world = World::on(engine).await;
        let edge = world.edge().await;
        let event = EventId::from_i64(77);
        let follow = |run_at: Time| NewJob { event: Some(event), run_at, ..job(&edge, json!({})) };
        let soon = world.base.now().plus_s(10);
        let worker = Worker::new(world.base.clone(), runners);
        let undo = || edge.write(move |tx, ctx| jobs::cancel_of_event(tx, ctx, event));

        enqueue(&edge, follow(soon)).await;
        enqueue(&edge, follow(soon)).await;
        assert_eq!(run(&worker).await, Ran::default());
        assert_eq!(undo().await.unwrap(), CancelledJobs { cancelled: 2, started: 0 });
        assert_eq!(undo().await.unwrap(), CancelledJobs::default());

        enqueue(&edge, follow(world.base.now())).await;
        enqueue(&edge, follow(soon)).await;
        assert_eq!(run(&worker).await.done, 1);
        assert_eq!(undo().await.unwrap(), CancelledJobs { cancelled: 1, started: 1 });
        let ids =
            edge.read(|tx, ctx| jobs::list(tx, ctx, &JobFilter { state: Some(JobState::Cancelled), ..JobFilter::default() }, 10)).await.unwrap();
        assert_eq!(ids.len(), 3);
    }
}

#[tokio::test]
async fn lists_filter_and_page() {
    for engine in ENGINES {
        let world = World::on(engine).await;
        let edge = world.edge().await;
        for n in 0..5 {
            let kind = if n % 2 == 0 { JobKind::Purge } else { JobKind::SealEvents };
            enqueue(&edge, NewJob { kind, ..job(&edge, json!({ "n": n })) }).await.unwrap();
        }
        let list = |filter: JobFilter, limit: u32| edge.read(move |tx, ctx| jobs::list(tx, ctx, &filter, limit));
        let numbers = |jobs: &[jobs::JobView]| jobs.iter().map(|job| job.payload["n"].as_i64().unwrap()).collect::<Vec<_>>();
        let page = list(JobFilter::default(), 2).await.unwrap();
        assert_eq!(numbers(&page), [4, 3]);
        let page = list(JobFilter { before: Some(page[1].id), ..JobFilter::default() }, 2).await.unwrap();
        assert_eq!(numbers(&page), [2, 1]);
        let even = JobFilter { kind: Some(JobKind::Purge), before: Some(page[0].id), state: Some(JobState::Waiting), ..JobFilter::default() };
        assert_eq!(numbers(&list(even, 10).await.unwrap()), [0]);
        assert!(list(JobFilter { state: Some(JobState::Dead), ..JobFilter::default() }, 10).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn finished_jobs_and_tasks_go_after_their_time_and_dead_ones_stay() {
    for engine in ENGINES {
        let world = World::on(engine).await;
        let edge = world.edge().await;
        let worker = Worker::new(world.base.clone(), runners);
        for what in ["fine", "give up", "fine"] {
            enqueue(&edge, job(&edge, json!({ "do": what }))).await.unwrap();
        }
        edge.write(|tx, ctx| tasks::enqueue(tx, ctx, task(), json!({}), None)).await.unwrap();
        run(&worker).await;
        later(&world.base, 29 * 86_400);
        let purge = async |limit: u32| {
            let edge = world.edge().await;
            edge.write(move |tx, ctx| Ok((jobs::purge(tx, ctx, limit)?, tasks::purge(tx, ctx, limit)?))).await.unwrap()
        };
        assert_eq!(purge(10).await, (0, 0));
        later(&world.base, 86_400);
        assert_eq!(purge(2).await, (2, 1));
        assert_eq!(purge(2).await, (1, 0));
        assert_eq!(world.edge().await.read(|tx, ctx| jobs::list(tx, ctx, &JobFilter::default(), 10)).await.unwrap().len(), 1);
    }
}

fn task() -> NewTask {
    NewTask { kind: JobKind::ImportOrders, title: "orders.csv".into() }
}

#[tokio::test]
async fn a_task_shows_its_progress_and_its_result() {
    for engine in ENGINES {
        let world = World::on(engine).await;
        let asker = Actor::User(UserId::from_i64(5));
        let edge = world.base.edge(Ctx { actor: asker, ..(*world.edge().await.ctx).clone() });
        let (id, job) = edge.write(|tx, ctx| tasks::enqueue(tx, ctx, task(), json!({ "breaks_at": 4 }), Some("import".into()))).await.unwrap();
        let twin = edge.write(|tx, ctx| tasks::enqueue(tx, ctx, task(), json!({}), Some("import".into()))).await;
        assert_eq!(twin.unwrap_err().code(), "task.twin");
        let view = || edge.read(move |tx, ctx| tasks::view(tx, ctx, id));
        assert_eq!(view().await.unwrap().state, TaskState::Waiting);
        let worker = Worker::new(world.base.clone(), runners);

        assert_eq!(run(&worker).await.failed.len(), 1);
        let shown = view().await.unwrap();
        assert_eq!((shown.state, shown.done, shown.total, shown.errors), (TaskState::Running, 2, 10, 1), "the second write came too soon");
        assert_eq!(runs(&edge).await["job"], 2);
        later(&world.base, 10);
        assert_eq!(run(&worker).await.done, 1);
        let shown = view().await.unwrap();
        assert_eq!((shown.state, shown.done, shown.result["rows"].as_i64()), (TaskState::Done, 10, Some(10)));
        assert_eq!((runs(&edge).await["job"], state(&edge, job).await.0), (5, JobState::Done), "each slice once");
        assert_eq!((shown.actor, shown.rate_per_s), (asker, Some(1.0)));

        // Somebody else without the right does not find it.
        let other = Ctx { actor: Actor::User(UserId::from_i64(6)), permissions: Default::default(), ..(*edge.ctx).clone() };
        let other = world.base.edge(other);
        assert!(matches!(other.read(move |tx, ctx| tasks::view(tx, ctx, id)).await, Err(Error::NotFound { .. })));
        assert!(other.read(|tx, ctx| tasks::list(tx, ctx, &Default::default(), 10)).await.unwrap().is_empty());
        assert_eq!(edge.read(|tx, ctx| tasks::list(tx, ctx, &Default::default(), 10)).await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn a_task_fails_with_its_job_and_comes_back_with_it() {
    for engine in ENGINES {
        let world = World::on(engine).await;
        let edge = world.edge().await;
        let (id, job) = edge.write(|tx, ctx| tasks::enqueue(tx, ctx, task(), json!({ "panics_at": 0 }), None)).await.unwrap();
        let worker = Worker::new(world.base.clone(), runners);
        for _ in 0..5 {
            assert_eq!(run(&worker).await.failed.len(), 1);
            later(&world.base, 3_600);
        }
        assert_eq!(state(&edge, job).await.0, JobState::Dead);
        let view = || edge.read(move |tx, ctx| tasks::view(tx, ctx, id));
        let shown = view().await.unwrap();
        assert!(shown.state == TaskState::Failed && shown.message.as_ref().is_some_and(|why| why.contains("a task's panic")), "{shown:?}");
        edge.write(move |tx, ctx| jobs::retry(tx, ctx, job)).await.unwrap();
        assert_eq!(view().await.unwrap().state, TaskState::Waiting);
    }
}

#[tokio::test]
async fn a_task_can_be_called_off_before_and_while_it_runs() {
    for engine in ENGINES {
        let world = World::on(engine).await;
        let edge = world.edge().await;
        let new = |payload: serde_json::Value| edge.write(move |tx, ctx| tasks::enqueue(tx, ctx, task(), payload.clone(), None));
        let cancel = |id| edge.write(move |tx, ctx| tasks::cancel(tx, ctx, id));
        let worker = Worker::new(world.base.clone(), runners);

        let (id, job) = new(json!({})).await.unwrap();
        assert_eq!(cancel(id).await.unwrap().state, TaskState::Cancelled);
        assert_eq!(state(&edge, job).await.0, JobState::Cancelled);
        assert_eq!(cancel(id).await.unwrap_err().code(), "task.state");
        assert_eq!(run(&worker).await, Ran::default());

        let (id, _) = new(json!({ "waits": true })).await.unwrap();
        let calling_off = async {
            until(|| async { edge.read(move |tx, ctx| tasks::view(tx, ctx, id)).await.unwrap().state == TaskState::Running }).await;
            cancel(id).await.unwrap()
        };
        let (ran, asked) = tokio::join!(run(&worker), calling_off);
        assert_eq!((ran.done, asked.cancel_asked), (1, true));
        assert_eq!(edge.read(move |tx, ctx| tasks::view(tx, ctx, id)).await.unwrap().state, TaskState::Cancelled);
    }
}

/// Waits for what another future brings about; a test that waits too long fails.
async fn until<F: Future<Output = bool>>(mut holds: impl FnMut() -> F) {
    let started = Instant::now();
    while !holds().await {
        assert!(started.elapsed() < Duration::from_secs(20), "it never came about");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// How long a job takes from its writing to its end with a worker that has just gone to sleep: the shortest of five times, since the
/// machine may be busy with others.
async fn quickest(edge: &Edge) -> Duration {
    let mut quickest = Duration::MAX;
    for time in 0..5 {
        tokio::time::sleep(Duration::from_millis(300)).await;
        let started = Instant::now();
        let id = enqueue(edge, job(edge, json!({ "name": format!("one {time}") }))).await.unwrap();
        until(|| async { state(edge, id).await.0 == JobState::Done }).await;
        quickest = quickest.min(started.elapsed());
    }
    quickest
}

#[tokio::test]
async fn a_running_worker_wakes_at_once_and_stops_gracefully() {
    for engine in ENGINES {
        let world = World::on(engine).await;
        let edge = world.edge().await;
        let worker = Worker::new(world.base.clone(), runners);
        let stop = tokio::sync::Notify::new();
        let people = async {
            // A worker that has nothing to do sleeps for at least a second, unless it is woken.
            let quickest = quickest(&edge).await;
            assert!(quickest < Duration::from_millis(400), "{quickest:?}");
            let before = runs(&edge).await.len();

            let many: Vec<NewJob> = (0..300).map(|n| job(&edge, json!({ "name": format!("{n}") }))).collect();
            edge.write(move |tx, ctx| jobs::enqueue_all(tx, ctx, many.clone())).await.unwrap();
            until(|| async { runs(&edge).await.len() == before + 300 }).await;

            let (task, _) = edge.write(|tx, ctx| tasks::enqueue(tx, ctx, task(), json!({ "waits": true }), None)).await.unwrap();
            until(|| async { edge.read(move |tx, ctx| tasks::view(tx, ctx, task)).await.unwrap().state == TaskState::Running }).await;
            stop.notify_one();
            Instant::now()
        };
        let ((), stopped) = tokio::join!(worker.run(stop.notified()), people);
        assert!(stopped.elapsed() < Duration::from_secs(9), "the task was asked to pause, not broken off");
        let left = edge.read(|tx, ctx| jobs::list(tx, ctx, &JobFilter { state: Some(JobState::Waiting), ..JobFilter::default() }, 10)).await.unwrap();
        assert_eq!((left.len(), left[0].kind), (1, JobKind::ImportOrders), "its lease is given back");
        assert!(runs(&edge).await.values().all(|n| *n == 1));
    }
}

#[tokio::test]
async fn a_process_that_begins_again_takes_up_the_work_of_the_one_before() {
    let world = World::on(db::Engine::Sqlite).await;
    let edge = world.edge().await;
    let id = enqueue(&edge, job(&edge, json!({}))).await.unwrap();
    leased(&edge, Holder(1)).await;
    let worker = Worker::new(world.base.clone(), runners);
    let done = until(|| async { state(&edge, id).await == (JobState::Done, 2) });
    let stop = tokio::sync::Notify::new();
    tokio::join!(worker.run(stop.notified()), async {
        done.await;
        stop.notify_one();
    });
}

#[tokio::test]
async fn a_job_in_one_process_is_run_by_another() {
    let world = World::on(db::Engine::Postgres).await;
    let edge = world.edge().await;
    let worker = Worker::new(world.second(), runners);
    let stop = tokio::sync::Notify::new();
    tokio::join!(worker.run(stop.notified()), async {
        // By itself it looks again after five seconds.
        let quickest = quickest(&edge).await;
        assert!(quickest < Duration::from_secs(4), "it was told, and did not look by itself: {quickest:?}");
        stop.notify_one();
    });
}

#[tokio::test]
async fn a_request_is_sent_between_two_transactions() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    for engine in ENGINES {
        let world = World::on(engine).await;
        let edge = world.edge().await;
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/orders", listener.local_addr().unwrap());
        let push = |payload: serde_json::Value| NewJob::now(&edge.ctx, JobKind::PushToErp, payload);
        let id = enqueue(&edge, push(json!({ "url": url }))).await.unwrap();
        let nothing = enqueue(&edge, push(json!({ "name": "nothing" }))).await.unwrap();
        let worker = Worker::new(world.base.clone(), runners);
        let may_write = Arc::new(AtomicBool::new(false));
        let answer = async |status: &str| {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut text = vec![0; 4096];
            let n = stream.read(&mut text).await.unwrap();
            assert!(String::from_utf8_lossy(&text[..n]).contains("{\"order\":7}"));
            // Nobody holds a transaction open, so others can write while the answer is awaited.
            edge.write(|tx, _| tx.execute("delete from numbers where org_id = $1 and name = 'x'", params![tx.org()])).await.unwrap();
            may_write.store(true, Ordering::SeqCst);
            stream.write_all(format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").as_bytes()).await.unwrap();
        };
        let (ran, ()) = tokio::join!(run(&worker), answer("503 Busy"));
        assert_eq!((ran.done, ran.failed), (1, vec![(JobKind::PushToErp, "status 503".to_owned())]));
        assert!(may_write.load(Ordering::SeqCst));
        assert_eq!(state(&edge, nothing).await.0, JobState::Done);
        assert_eq!(state(&edge, id).await, (JobState::Waiting, 1));
        later(&world.base, 10);
        let (ran, ()) = tokio::join!(run(&worker), answer("200 OK"));
        assert_eq!(ran.done, 1);
        assert_eq!((state(&edge, id).await, runs(&edge).await["job"]), ((JobState::Done, 2), 2));

        drop(listener);
        let away = enqueue(&edge, push(json!({ "url": url, "name": "away" }))).await.unwrap();
        assert_eq!(run(&worker).await.failed.len(), 1);
        assert_eq!(state(&edge, away).await, (JobState::Waiting, 1));
    }
}

#[tokio::test]
async fn a_mail_is_sealed_in_its_job_and_sent_later() {
    for engine in ENGINES {
        let world = World::on(engine).await;
        let edge = world.edge().await;
        let letter = Mail {
            to: Hidden::new("amina@example.dz"),
            subject: "A new password".into(),
            text: Hidden::new("Open https://example.dz/r/door-opener"),
            html: None,
            from_name: None,
        };
        let nobody = Mail { to: Hidden::new("nobody"), ..letter.clone() };
        assert!(matches!(edge.write(move |tx, ctx| mail::enqueue(tx, ctx, &nobody)).await, Err(Error::Invalid(_))));
        let own = letter.clone();
        let past = world.base.edge(edge.ctx.at(Time(0)));
        assert_eq!(past.write(move |tx, ctx| mail::enqueue(tx, ctx, &own)).await.unwrap(), None, "nobody hears of the past");

        let id = edge.write(move |tx, ctx| mail::enqueue(tx, ctx, &letter)).await.unwrap().unwrap();
        let (payload,): (String,) =
            edge.read(move |tx, _| tx.one("select payload from jobs where org_id = $1 and id = $2", params![tx.org(), id])).await.unwrap();
        assert!(!payload.contains("amina") && !payload.contains("door"), "{payload}");
        assert_eq!(run(&Worker::new(world.base.clone(), runners)).await.done, 1);
        let text = std::fs::read_to_string(world.base.data_dir().join("mail").join(format!("{id}.eml"))).unwrap();
        assert!(text.contains("To: amina@example.dz") && text.contains("door-opener"), "{text}");
    }
}

async fn seeded(world: &World) -> Vec<schedules::ScheduleView> {
    let (org, now) = (world.org, world.base.now());
    let added = world.base.db().system_write(move |tx| schedules::seed(tx, org, "Africa/Algiers", now, schedules::DEFAULTS)).await.unwrap();
    assert_eq!(added, schedules::DEFAULTS.len() as u64);
    let again = world.base.db().system_write(move |tx| schedules::seed(tx, org, "Africa/Algiers", now, schedules::DEFAULTS)).await.unwrap();
    assert_eq!(again, 0);
    world.edge().await.read(schedules::list).await.unwrap()
}

#[tokio::test]
async fn a_schedule_fires_once_for_each_time_whoever_looks() {
    for engine in ENGINES {
        let world = World::on(engine).await;
        let names: Vec<String> = seeded(&world).await.into_iter().map(|one| one.name).collect();
        assert_eq!(names, ["backup", "forget_inactive", "prove_counters", "purge", "seal_events", "sweep_files"]);
        let other = if engine == db::Engine::Postgres { world.second() } else { world.base.clone() };
        let (one, two) = (Worker::new(world.base.clone(), runners), Worker::new(other.clone(), runners));
        let is_shared_clock = engine == db::Engine::Sqlite;
        for minute in 1..=5 {
            later(&world.base, 60);
            if !is_shared_clock {
                later(&other, 60);
            }
            let (a, b) = tokio::join!(one.fire_schedules(), two.fire_schedules());
            assert_eq!(a.unwrap() + b.unwrap(), 1);
            run(&one).await;
            assert_eq!(runs(&world.edge().await).await["job"], minute);
        }
        // A day without anybody: each one is due once, not 1,440 times.
        later(&world.base, 86_400);
        assert_eq!(one.fire_schedules().await.unwrap(), names.len() as u64);
        assert_eq!(one.fire_schedules().await.unwrap(), 0);
        let schedules = world.edge().await.read(schedules::list).await.unwrap();
        assert!(schedules.iter().all(|one| one.last_at == Some(world.base.now()) && one.next_at.is_some_and(|next| next > world.base.now())));
        // While the last job waits there is no second one.
        later(&world.base, 60);
        assert_eq!(one.fire_schedules().await.unwrap(), 1);
        let waiting = JobFilter { kind: Some(JobKind::SealEvents), state: Some(JobState::Waiting), ..JobFilter::default() };
        assert_eq!(world.edge().await.read(move |tx, ctx| jobs::list(tx, ctx, &waiting, 10)).await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn a_schedule_can_be_changed_run_and_switched_off() {
    for engine in ENGINES {
        let world = World::on(engine).await;
        let seal = seeded(&world).await.into_iter().find(|one| one.name == "seal_events").unwrap();
        let edge = world.edge().await;
        let change = |what: ScheduleChange, version: i64| edge.write(move |tx, ctx| schedules::change(tx, ctx, seal.id, &what, version));

        let wrong = ScheduleChange { cron: Some("every minute".into()), ..ScheduleChange::default() };
        assert!(matches!(change(wrong, 1).await, Err(Error::Invalid(fields)) if fields[0].field == "cron"));
        let hourly = ScheduleChange { cron: Some("0 * * * *".into()), ..ScheduleChange::default() };
        let changed = change(hourly.clone(), 1).await.unwrap();
        assert_eq!((changed.version, changed.next_at), (2, Time::parse("2026-11-21T10:00:00Z")));
        assert_eq!(change(hourly.clone(), 2).await.unwrap().version, 2, "nothing to change");
        let daily = ScheduleChange { cron: Some("0 0 * * *".into()), ..ScheduleChange::default() };
        assert!(matches!(change(daily, 1).await, Err(Error::Stale { version: 2, fields }) if fields == ["cron"]));
        let off = ScheduleChange { is_on: Some(false), ..ScheduleChange::default() };
        assert!(!change(off, 2).await.unwrap().is_on);
        let history = edge.read(move |tx, ctx| events::of_subject(tx, ctx, "sch", seal.id.to_i64(), 10)).await.unwrap();
        assert_eq!(history.len(), 2);

        let worker = Worker::new(world.base.clone(), runners);
        later(&world.base, 3_600);
        assert_eq!(worker.fire_schedules().await.unwrap(), 0, "it is off");
        let run_now = || edge.write(move |tx, ctx| schedules::run_now(tx, ctx, seal.id));
        run_now().await.unwrap();
        assert_eq!(run_now().await.unwrap_err().code(), "schedule.running");
        assert_eq!(run(&worker).await.done, 1);
    }
}

#[tokio::test]
async fn a_file_is_kept_once_and_goes_with_its_last_row() {
    use tokio::io::AsyncReadExt;
    for engine in ENGINES {
        let world = World::on(engine).await;
        let edge = world.edge().await;
        let new = |name: &str, keep_s: Option<i64>| NewFile {
            name: name.into(),
            content_type: "text/csv".into(),
            keep_until: keep_s.map(|s| world.base.now().plus_s(s)),
        };
        let one = files::put(&edge, new("a/one.csv", Some(60)), b"sku;quantity\n").await.unwrap();
        let two = files::put(&edge, new("two.csv", None), b"sku;quantity\n").await.unwrap();
        assert_eq!((one.name.as_str(), one.size, one.path(&world.base)), ("one.csv", 13, two.path(&world.base)));
        let too_large = files::put_stream(&edge, new("big", None), &b"0123456789"[..], 9).await;
        assert!(matches!(too_large, Err(Error::Invalid(fields)) if fields[0].code == "file.too_large"));
        assert_eq!(std::fs::read_dir(world.base.data_dir().join("files/incoming")).unwrap().count(), 0, "nothing is left lying about");

        let (found, mut content) = files::open(&edge, one.id).await.unwrap();
        let mut text = String::new();
        content.read_to_string(&mut text).await.unwrap();
        assert_eq!((found, text.as_str()), (one.clone(), "sku;quantity\n"));

        let sweep = || files::sweep_older(&world.base, Duration::ZERO);
        assert_eq!(sweep().await.unwrap(), 0);
        later(&world.base, 61);
        let edge = world.edge().await;
        assert_eq!(edge.write(|tx, ctx| files::purge(tx, ctx, 10)).await.unwrap(), 1);
        assert_eq!(sweep().await.unwrap(), 0, "the other row names it");
        assert!(matches!(files::open(&edge, one.id).await, Err(Error::NotFound { .. })));
        edge.write(move |tx, ctx| files::remove(tx, ctx, two.id)).await.unwrap();
        assert_eq!(files::sweep(&world.base).await.unwrap(), 0, "too young");
        assert_eq!(sweep().await.unwrap(), 13);
        assert!(!one.path(&world.base).exists());
        assert!(edge.read(|tx, ctx| files::list(tx, ctx, None, 10)).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn an_order_moves_and_its_followers_wait_for_the_undo() {
    for engine in ENGINES {
        let world = World::on(engine).await;
        let edge = world.edge().await;
        let moved = kernel::Event::OrderMoved {
            order: kernel::OrderId::from_i64(1),
            action: OrderAction::Confirm,
            from: OrderState::Pending,
            to: OrderState::Confirmed,
            reason: None,
            from_substatus: None,
            to_substatus: None,
        };
        let event = edge.write(move |tx, ctx| events::record(tx, ctx, moved.clone())).await.unwrap();
        let worker = Worker::new(world.base.clone(), runners);
        later(&world.base, 9);
        assert_eq!(run(&worker).await, Ran::default());
        later(&world.base, 1);
        assert_eq!(run(&worker).await.done, 1);
        let undone = edge.write(move |tx, ctx| jobs::cancel_of_event(tx, ctx, event)).await.unwrap();
        assert_eq!(undone, CancelledJobs { cancelled: 0, started: 1 });
    }
}
