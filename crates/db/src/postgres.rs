//! The PostgreSQL engine: threads with one connection each, and a listener for live changes.
//!
//! READ COMMITTED. A closure that meets another transaction, or whose connection breaks before the
//! commit, runs again, at most five times. Only a commit whose answer was lost is unknown; then the
//! caller hears `Unavailable`, and its idempotency key tells.

use std::future::poll_fn;
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tokio_postgres::AsyncMessage;

use crate::error::{DbError, OpenError};
use crate::postgres_server::{Server, place};
use crate::postgres_session::{Session as PgSession, describe};
use crate::queue::{Lane, Mode, Queue, Queued};
use crate::shared::Shared;
use crate::sqlite::spawn;
use crate::tx::{Session, SystemTx};

const RETRIES: u32 = 5;

/// Connects once, to hear early what is wrong, and starts the threads; the others connect when needed.
pub(crate) fn start(url: &str, connections: usize, queue: &Arc<Queue>, shared: &Arc<Shared>) -> Result<Vec<JoinHandle<()>>, OpenError> {
    let unreachable = |reason: String| OpenError::CannotReach { place: place(url), reason };
    let server = Server::read(url).map_err(unreachable)?;
    let (sender, connected) = mpsc::channel();
    let mut threads = Vec::new();
    for nth in 0..connections.max(1) {
        let (queue, shared, server) = (Arc::clone(queue), Arc::clone(shared), server.clone());
        let first = (nth == 0).then(|| sender.clone());
        threads.push(spawn(&format!("db postgres {nth}"), move || work(server, &queue, shared, first)));
        if nth == 0 {
            let verdict = connected.recv().unwrap_or_else(|_| Err(DbError::failed("the thread ended")));
            verdict.map_err(|error| unreachable(error.to_string()))?;
        }
    }
    Ok(threads)
}

fn work(server: Server, queue: &Queue, shared: Arc<Shared>, first: Option<mpsc::Sender<Result<(), DbError>>>) {
    let mut session = match PgSession::new(server) {
        Ok(session) => session,
        Err(error) => {
            tracing::error!("A database thread could not start: {error}");
            return;
        }
    };
    if let Some(first) = first {
        let verdict = session.connect();
        let failed = verdict.is_err();
        drop(first.send(verdict));
        if failed {
            return;
        }
    }
    let mut tx = SystemTx::new(Session::Postgres(Box::new(session)), Arc::clone(&shared));
    while let Some(queued) = queue.take() {
        let lane = queued.lane;
        run(&mut tx, queued, &shared);
        if lane == Lane::Background {
            queue.background_ended();
        }
    }
}

fn postgres(tx: &mut SystemTx) -> &mut PgSession {
    match tx.session() {
        Session::Postgres(session) => session,
        Session::Sqlite(_) => unreachable!("threads of PostgreSQL hold its sessions"),
    }
}

fn run(tx: &mut SystemTx, mut queued: Queued, shared: &Shared) {
    for attempt in 0..=RETRIES {
        if let Err(error) = postgres(tx).connect() {
            tracing::warn!("PostgreSQL does not answer: {error}");
            return queued.work.answer(Some(error));
        }
        match queued.mode {
            Mode::Read => shared.reads.fetch_add(1, Ordering::Relaxed),
            Mode::Write | Mode::Bare => shared.writes.fetch_add(1, Ordering::Relaxed),
        };
        tx.renew();
        postgres(tx).prepare_begin(queued.mode);
        let may_commit = queued.work.run(tx);
        let again = tx.dead().filter(|error| error.may_retry()).cloned();
        let Some(error) = again else {
            if queued.mode == Mode::Read {
                // Nothing was written, so the caller need not wait for the end.
                queued.work.answer(None);
                return postgres(tx).rollback();
            }
            if !may_commit {
                postgres(tx).rollback();
                return queued.work.answer(None);
            }
            match postgres(tx).commit() {
                Ok(()) => {
                    if queued.mode == Mode::Write {
                        shared.committed(1);
                    }
                    shared.publish(&tx.take_changes());
                    return queued.work.answer(None);
                }
                // Known not to have happened.
                Err(DbError::Retry(_)) if attempt < RETRIES => {
                    shared.retries.fetch_add(1, Ordering::Relaxed);
                    pause(attempt);
                    continue;
                }
                Err(error) => {
                    tracing::error!("A commit failed or its outcome is unknown: {error}");
                    return queued.work.answer(Some(error));
                }
            }
        };
        postgres(tx).rollback();
        if attempt == RETRIES {
            return queued.work.answer(Some(error));
        }
        shared.retries.fetch_add(1, Ordering::Relaxed);
        tracing::debug!("Running a transaction again: {error}");
        pause(attempt);
    }
}

/// 2, 4, 8, … milliseconds and as much again by chance, so that two who collided part.
fn pause(attempt: u32) {
    let span = 2_000_u64 << attempt;
    let chance = RandomState::new().hash_one(attempt) % span;
    thread::sleep(Duration::from_micros(span + chance));
}

/// Hears notifications on a connection of its own until `stop`, through restarts of the server.
pub(crate) fn listen(url: &str, channel: &str, stop: Arc<AtomicBool>, hear: impl Fn(&str) + Send + 'static) -> Result<JoinHandle<()>, OpenError> {
    let unreachable = |reason: String| OpenError::CannotReach { place: place(url), reason };
    let server = Server::read(url).map_err(unreachable)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| unreachable(error.to_string()))?;
    let command = format!("listen \"{}\"", channel.replace('"', "\"\""));
    let (sender, listening) = mpsc::channel();
    let handle = spawn("db listen", move || {
        let mut first = Some(sender);
        while !stop.load(Ordering::Relaxed) {
            let end = runtime.block_on(hear_until_lost(&server, &command, &stop, &hear, &mut first));
            if let Err(error) = end {
                tracing::warn!("The listener lost PostgreSQL and tries again: {}", describe(&error));
                if let Some(sender) = first.take() {
                    let _ = sender.send(());
                }
                thread::sleep(Duration::from_millis(500));
            }
        }
    });
    // Whoever notifies after this returns is heard. A server that is down now is tried again later.
    let _ = listening.recv();
    Ok(handle)
}

async fn hear_until_lost(
    server: &Server,
    command: &str,
    stop: &AtomicBool,
    hear: &impl Fn(&str),
    first: &mut Option<mpsc::Sender<()>>,
) -> Result<(), tokio_postgres::Error> {
    let (client, mut connection) = server.connect().await?;
    let mut command = Box::pin(client.batch_execute(command));
    let mut tick = tokio::time::interval(Duration::from_millis(200));
    let mut listening = false;
    loop {
        tokio::select! {
            answer = &mut command, if !listening => {
                answer?;
                listening = true;
                if let Some(sender) = first.take() {
                    let _ = sender.send(());
                }
            }
            message = poll_fn(|context| connection.poll_message(context)) => match message {
                None => return Ok(()),
                Some(Err(error)) => return Err(error),
                Some(Ok(AsyncMessage::Notification(note))) => hear(note.payload()),
                Some(Ok(_)) => {}
            },
            _ = tick.tick() => {
                if stop.load(Ordering::Relaxed) {
                    return Ok(());
                }
            }
        }
    }
}
