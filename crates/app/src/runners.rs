//! Which function does which kind of job. A new kind does not compile until somebody has decided.

use std::sync::OnceLock;

use base::jobs::{self, Job, Next, Runner};
use base::tasks::{self, Outcome, Progress};
use base::worker::TaskRun;
use base::{Ctx, counters, files, idempotency};
use db::{Engine, Tx};
use kernel::{Error, JobKind};
use serde_json::json;

use crate::backup;
use crate::data_dir::DataDir;

/// Rows of each kind that one slice of the purge removes.
const PURGED_AT_ONCE: u32 = 500;

/// The function of a kind.
pub fn runner(kind: JobKind) -> Runner {
    match kind {
        JobKind::NotifyCustomer => notifications::NOTIFY,
        JobKind::SendMessage => notifications::SEND,
        JobKind::PushToErp => notifications::PUSH,
        JobKind::SendMail => base::mail::RUNNER,
        JobKind::ImportOrders => Runner::Task(|run| Box::pin(store_sync::run_job(run, web::error::Problem::field_message))),
        JobKind::SealEvents => Runner::Local(base::chain::seal_job),
        JobKind::ProveCounters => Runner::Local(prove_counters),
        JobKind::Purge => Runner::Local(purge),
        JobKind::Backup => Runner::Task(|run| Box::pin(back_up(run))),
    }
}

fn prove_counters(tx: &mut Tx, ctx: &Ctx, job: &Job) -> Result<Next, Error> {
    counters::prove(tx, ctx, job.id, &orders::PROOFS)?;
    counters::prove_days(tx, ctx, job.id, orders::recount_days)?;
    Ok(Next::Done)
}

/// Removes what is past its time, a few rows of each kind at a time.
fn purge(tx: &mut Tx, ctx: &Ctx, job: &Job) -> Result<Next, Error> {
    let removed = [
        jobs::purge(tx, ctx, PURGED_AT_ONCE)?,
        tasks::purge(tx, ctx, PURGED_AT_ONCE)?,
        files::purge(tx, ctx, PURGED_AT_ONCE)?,
        idempotency::purge(tx, ctx.now, PURGED_AT_ONCE)?,
        access::purge::purge(tx, ctx.now, PURGED_AT_ONCE)?,
    ];
    if removed.iter().all(|rows| *rows < u64::from(PURGED_AT_ONCE)) {
        return Ok(Next::Done);
    }
    let done = job.done + removed.iter().sum::<u64>() as i64;
    Ok(Next::Slice { cursor: serde_json::Value::Null, done, of: 0 })
}

/// Copies to keep, as configured; the job itself carries no configuration.
static KEEP: OnceLock<usize> = OnceLock::new();

/// Tells the backup job how many copies to keep.
pub(crate) fn keep_backups(keep: usize) {
    let _ = KEEP.set(keep);
}

/// The nightly copy. On PostgreSQL there is nothing to do: `pg_dump` is the operator's.
async fn back_up(run: TaskRun) -> Result<Next, Error> {
    let base = run.edge.base.clone();
    if base.db().engine() == Engine::Postgres {
        return Ok(Next::Done);
    }
    let keep = KEEP.get().copied().unwrap_or_else(|| crate::config::Config::default().backup.keep);
    let made = tokio::task::spawn_blocking(move || {
        let data = DataDir::open(base.data_dir())?;
        backup::make(&data, base.now(), keep)
    });
    match made.await.map_err(Error::internal)? {
        Ok(made) => {
            let (bytes, rows) = (made.manifest.bytes, made.manifest.rows.values().sum::<i64>());
            let file = made.manifest.file;
            run.finish(move |_, _| {
                let progress = Progress { done: rows, of: rows, errors: None };
                Ok((progress, Outcome { result: json!({"file": file, "bytes": bytes, "rows": rows}), file: None, errors: None }))
            })
            .await
        }
        Err(failure) => Ok(Next::Again { why: failure.to_string() }),
    }
}
