//! Which function does which kind of job. A new kind does not compile until somebody has decided.

use std::sync::OnceLock;

use base::jobs::{self, Job, Next, Runner};
use base::tasks::{self, Outcome, Progress};
use base::worker::TaskRun;
use base::{Ctx, counters, events, files, idempotency};
use db::{Engine, Tx};
use kernel::{Error, Event, JobId, JobKind};
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
        JobKind::ReleaseHold => Runner::Local(orders::holds::release_due),
        JobKind::RaiseEscalation => Runner::Local(orders::escalations::raise_due),
        JobKind::NotifyEscalation => notifications::ESCALATION,
        JobKind::ImportOrders => Runner::Task(|run| Box::pin(store_sync::run_job(run, web::error::Problem::field_message))),
        JobKind::Bulk => Runner::Task(|run| Box::pin(bulk::run_job(run, web::lists::read_orders))),
        JobKind::TryRules => Runner::Local(orders::try_rules_job),
        JobKind::MoveSubstatuses => Runner::Local(orders::move_substatuses),
        JobKind::UndoImport => Runner::Task(|run| Box::pin(store_sync::run_undo(run, web::error::Problem::field_message))),
        JobKind::Export => Runner::Task(|run| Box::pin(reports::run_job(run, web::lists::read_orders, web::sheets::label))),
        JobKind::Retag => Runner::Local(orders::retag_job),
        JobKind::FillField => Runner::Local(orders::fill_field_job),
        JobKind::SweepFiles => Runner::Task(|run| Box::pin(sweep_files(run))),
        JobKind::MergeCustomers => Runner::Local(care::merge_job),
        JobKind::ExportPerson => Runner::Task(|run| Box::pin(care::export_job(run))),
        JobKind::ErasePerson => Runner::Task(|run| Box::pin(care::erase_job(run))),
        JobKind::ForgetInactive => Runner::Local(care::forget_inactive),
        JobKind::SealEvents => Runner::Local(base::chain::seal_job),
        JobKind::VerifyChain => Runner::Task(|run| Box::pin(base::chain::check_job(run))),
        JobKind::ProveCounters => Runner::Task(|run| Box::pin(prove_counters(run))),
        JobKind::Purge => Runner::Local(purge),
        JobKind::Backup => Runner::Task(|run| Box::pin(back_up(run))),
    }
}

/// A part of the nightly proof: whether something looks off, and what looks again and repairs it.
struct Proving {
    is_off: fn(&mut Tx, &Ctx) -> Result<bool, Error>,
    repair: fn(&mut Tx, &Ctx, JobId) -> Result<(), Error>,
}

const PROVING: [Proving; 7] = [
    Proving {
        is_off: |tx, ctx| counters::is_off(tx, ctx, &orders::PROOFS),
        repair: |tx, ctx, job| counters::prove(tx, ctx, job, &orders::PROOFS).map(drop),
    },
    Proving {
        is_off: |tx, ctx| counters::is_off(tx, ctx, &fields::PROOFS),
        repair: |tx, ctx, job| counters::prove(tx, ctx, job, &fields::PROOFS).map(drop),
    },
    Proving {
        is_off: |tx, ctx| counters::is_off(tx, ctx, &notifications::PROOFS),
        repair: |tx, ctx, job| counters::prove(tx, ctx, job, &notifications::PROOFS).map(drop),
    },
    Proving {
        is_off: |tx, ctx| counters::is_days_off(tx, ctx, orders::recount_days),
        repair: |tx, ctx, job| counters::prove_days(tx, ctx, job, orders::recount_days).map(drop),
    },
    Proving { is_off: |tx, _| Ok(!orders::series::broken(tx)?.is_empty()), repair: |tx, ctx, job| orders::series::prove(tx, ctx, job).map(drop) },
    Proving { is_off: |tx, _| Ok(!orders::holds::off(tx)?.is_empty()), repair: |tx, ctx, job| orders::holds::prove(tx, ctx, job).map(drop) },
    Proving { is_off: |tx, _| orders::cancellations::is_off(tx), repair: |tx, ctx, job| orders::cancellations::prove(tx, ctx, job).map(drop) },
];

/// Counting takes seconds in a large shop, so it is done beside the writer; only what looks off is counted once more in
/// its turn, which others wait for.
async fn prove_counters(run: TaskRun) -> Result<Next, Error> {
    let job = run.job.id;
    for Proving { is_off, repair } in PROVING {
        if run.edge.read(is_off).await? {
            run.edge.write_background(move |tx, ctx| repair(tx, ctx, job)).await?;
        }
    }
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
        orders::purge_edits(tx, ctx.now, PURGED_AT_ONCE)?,
        orders::purge_drafts(tx, ctx.now, PURGED_AT_ONCE)?,
        bulk::purge(tx, ctx, PURGED_AT_ONCE)?,
        notifications::purge(tx, ctx, PURGED_AT_ONCE)?,
        tracking::purge(tx, ctx.now, PURGED_AT_ONCE)?,
    ];
    if removed.iter().all(|rows| *rows < u64::from(PURGED_AT_ONCE)) {
        return Ok(Next::Done);
    }
    let done = job.done + removed.iter().sum::<u64>() as i64;
    Ok(Next::Slice { cursor: serde_json::Value::Null, done, of: 0 })
}

/// Removes deleted attachments for good, files past their time, and content that nothing names any more. Content is
/// shared by all organizations, so the oldest of them sees to it.
async fn sweep_files(run: TaskRun) -> Result<Next, Error> {
    loop {
        let gone = run.edge.write_background(|tx, ctx| {
            let gone = attachments::purge(tx, ctx, PURGED_AT_ONCE / 5)?;
            Ok(gone + files::purge(tx, ctx, PURGED_AT_ONCE)?)
        });
        if gone.await? == 0 {
            break;
        }
        if run.is_stopping() {
            return Ok(Next::Slice { cursor: serde_json::Value::Null, done: 0, of: 0 });
        }
    }
    let base = &run.edge.base;
    if base::organizations::oldest(base).await? == Some(run.edge.ctx.org) {
        let freed = files::sweep(base).await?;
        tracing::info!(bytes = freed, "Swept the files: content that nothing named is gone");
    }
    Ok(Next::Done)
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
        backup::make(&data, base.now(), keep, backup::With::Files)
    });
    match made.await.map_err(Error::internal)? {
        Ok(made) => {
            let (bytes, rows) = (made.manifest.bytes, made.manifest.rows.values().sum::<i64>());
            let (files, damaged) = (made.manifest.files.len(), made.damaged.len());
            let file = made.manifest.file;
            let task = run.task();
            run.finish(move |tx, ctx| {
                if let Some(task) = task {
                    events::record(tx, ctx, Event::BackupMade { task, bytes })?;
                }
                let progress = Progress { done: rows, of: rows, errors: None };
                Ok((
                    progress,
                    Outcome {
                        result: json!({"file": file, "bytes": bytes, "rows": rows, "files": files, "damaged_files": damaged}),
                        file: None,
                        errors: None,
                    },
                ))
            })
            .await
        }
        Err(failure) => Ok(Next::Again { why: failure.to_string() }),
    }
}
