//! An import as a job: somebody has uploaded the file, a task shows how far it is.
//!
//! How far it has come is saved with each batch, so a process that dies costs nothing but the batch
//! that was being written. Refused rows lie beside the database until the end, and are then kept as the
//! task's result file.

use std::path::PathBuf;
use std::sync::Arc;

use base::jobs::{self, NewJob, Next};
use base::tasks::{self, NewTask, Outcome};
use base::worker::{SliceEnd, TaskRun};
use base::{Ctx, Edge, Stores, events, files};
use db::Tx;
use kernel::{Error, Event, FieldError, FileId, ImportId, JobKind, Locale, Permission, TaskId, Time, Version};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::encoding::Encoding;
use crate::import::{Host, run};
use crate::mapping::Definition;
use crate::model::{Cursor, Done, Go, Options, Preset, Progress, Source};
use crate::{imports, mappings};

/// How long the file of refused rows is kept.
const REJECTS_DAYS: i64 = 90;

/// An import that somebody asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewImport {
    /// The uploaded file; its name says by its ending how it is packed.
    pub file: FileId,
    /// What its rows mean.
    pub preset: Preset,
    /// The code of the store that gets the orders; without it the preset's own, or the one the file names.
    pub store: Option<String>,
    /// Whether everything is tried and nothing kept.
    pub is_dry_run: bool,
    /// The name or id of the mapping, for the preset `mapping`.
    pub mapping: Option<String>,
    /// In which letters the file is written; found out when not given.
    pub encoding: Option<Encoding>,
}

#[derive(Serialize, Deserialize)]
struct Payload {
    file: FileId,
    preset: Preset,
    store: Option<String>,
    is_dry_run: bool,
    may_open_stores: bool,
    /// The mapping as it was when the import was asked for.
    #[serde(default)]
    mapping: Option<(String, Version, Definition)>,
    #[serde(default)]
    encoding: Option<Encoding>,
    #[serde(default)]
    import: Option<ImportId>,
    /// In whose language refused rows say why.
    #[serde(default)]
    locale: Option<Locale>,
}

/// Begins an import; the task shows how far it is. Needs `order.import`, and `store.see_all` unless
/// the orders go to one store that the caller sees. Missing stores are opened for those with `store.edit`.
///
/// `Conflict` `task.twin` while the same file is being imported.
pub fn begin(tx: &mut Tx, ctx: &Ctx, new: &NewImport) -> Result<TaskId, Error> {
    ctx.require(Permission::OrderImport)?;

    if new.preset == Preset::Olist {
        return Err(Error::field("preset", "import.folder_by_command"));
    }
    // Somebody else's file would come in under one's own name, whatever stands in it.
    let file = files::find(tx, ctx, new.file)?;
    if file.actor != ctx.actor {
        return Err(Error::not_found("file"));
    }
    let sees_target = match &new.store {
        Some(code) => access::stores::by_code(tx, ctx, code).is_ok(),
        None => false,
    };
    let sees_all = ctx.sees().stores == Stores::All;
    if !sees_target && !sees_all {
        return match new.store {
            Some(_) => Err(Error::field("store", "unknown")),
            None => Err(Error::field("store", "required")),
        };
    }
    let mapping = match (&new.mapping, new.preset) {
        (Some(name), Preset::Mapping) => Some(mappings::named(tx, ctx, name)?),
        (None, Preset::Mapping) => return Err(Error::field("mapping", "required")),
        (Some(_), _) => return Err(Error::field("mapping", "import.mapping_or_preset")),
        (None, _) => None,
    };

    let named = mapping.as_ref().map_or_else(|| new.preset.to_string(), |mapping| mapping.name.clone());
    let task = tasks::create(tx, ctx, NewTask { kind: JobKind::ImportOrders, title: format!("{} ({named})", file.name) })?;
    let mapping = mapping.map(|mapping| (mapping.name, mapping.version, mapping.definition));
    let import = if new.is_dry_run {
        None
    } else {
        let options = Options {
            store: new.store.clone(),
            mapping: mapping.as_ref().map(|(_, _, definition)| Arc::new(definition.clone())),
            mapping_name: mapping.as_ref().map(|(name, version, _)| (name.clone(), *version)),
            ..Options::new(Source { path: PathBuf::new(), name: file.name.clone() }, new.preset)
        };
        Some(imports::open(tx, ctx, &options, Some(task))?)
    };
    let payload = Payload {
        file: new.file,
        preset: new.preset,
        store: new.store.clone(),
        is_dry_run: new.is_dry_run,
        may_open_stores: sees_all && ctx.can(Permission::StoreEdit),
        mapping,
        encoding: new.encoding,
        import,
        locale: Some(ctx.locale),
    };
    let payload = serde_json::to_value(payload).map_err(Error::internal)?;
    let twin = Some(format!("import:{}", hex::encode(&file.sha256)));
    let job = NewJob { unique_key: twin, task: Some(task), ..NewJob::now(ctx, JobKind::ImportOrders, payload) };
    jobs::enqueue(tx, ctx, job)?.ok_or(Error::conflict("task.twin"))?;

    events::record(tx, ctx, Event::ImportStarted { task, preset: new.preset.to_string(), is_dry_run: new.is_dry_run })?;
    Ok(task)
}

/// What is wrong with a field, in a language.
pub type Words = fn(Locale, &FieldError) -> String;

/// Does the job: [`base::jobs::Runner::Task`] of [`JobKind::ImportOrders`].
pub async fn run_job(job: TaskRun, words: Words) -> Result<Next, Error> {
    let payload: Payload = serde_json::from_value(job.job.payload.clone()).map_err(Error::internal)?;
    let file = payload.file;
    let found = job.edge.read(move |tx, ctx| files::find(tx, ctx, file)).await;
    let stored = match found {
        Ok(stored) => stored,
        Err(Error::NotFound { .. }) => return Ok(Next::Fail { why: "the uploaded file is gone".to_owned() }),
        Err(other) => return Err(other),
    };
    let local = files::on_disk(&job.edge.base, &stored).await?;
    let rejects = rejects_path(&job)?;
    let options = Options {
        source: Source { path: local.path().to_owned(), name: stored.name.clone() },
        preset: payload.preset,
        store: payload.store,
        may_open_stores: payload.may_open_stores,
        is_dry_run: payload.is_dry_run,
        resume: cursor_of(&job, &rejects),
        mapping_name: payload.mapping.as_ref().map(|(name, version, _)| (name.clone(), *version)),
        mapping: payload.mapping.map(|(_, _, definition)| Arc::new(definition)),
        encoding: payload.encoding,
        import: payload.import,
    };

    let locale = payload.locale.unwrap_or(job.edge.ctx.locale);
    let mut host = JobHost { job, words, locale, is_dry_run: options.is_dry_run, total: 0, at: options.resume.clone().unwrap_or_default(), done: 0 };
    let result = run(&mut host, &options, &rejects).await;
    let JobHost { job, at, done: rows, total, .. } = host;
    match result {
        Ok(done) if done.is_stopped && !job.is_cancelled().await? => {
            // The process is about to end; another one goes on.
            let cursor = if options.is_dry_run { serde_json::Value::Null } else { serde_json::to_value(at).map_err(Error::internal)? };
            Ok(Next::Slice { cursor, done: rows as i64, of: total as i64 })
        }
        Ok(done) => finish(&job, &done, &stored.name, rejects, options.is_dry_run, (rows, total)).await,
        // About the whole file: trying again would end the same.
        Err(Error::Invalid(fields)) => {
            let _ = tokio::fs::remove_file(&rejects).await;
            let why: Vec<String> = fields.iter().map(|field| words(locale, field)).collect();
            Ok(Next::Fail { why: why.join(" ") })
        }
        Err(other) => Err(other),
    }
}

/// Where refused rows lie until the end.
fn rejects_path(job: &TaskRun) -> Result<PathBuf, Error> {
    let folder = job.edge.base.data_dir().join("imports");
    std::fs::create_dir_all(&folder).map_err(|error| Error::internal(format!("cannot make {}: {error}", folder.display())))?;
    Ok(folder.join(format!("{}.rejects.csv", job.job.id)))
}

/// Where the last run had come to. Without its refused rows (another machine has them) it begins again:
/// orders that stand stay as they are.
fn cursor_of(job: &TaskRun, rejects: &std::path::Path) -> Option<Cursor> {
    let cursor: Cursor = serde_json::from_value(job.job.cursor.clone()).ok()?;
    let kept = std::fs::metadata(rejects).map_or(0, |file| file.len());
    (kept >= cursor.rejects_bytes).then_some(cursor)
}

async fn finish(job: &TaskRun, done: &Done, name: &str, rejects: PathBuf, is_dry_run: bool, (rows, total): (u64, u64)) -> Result<Next, Error> {
    let file = if done.summary.rejected == 0 {
        None
    } else {
        let keep_until = Some(job.edge.base.now().plus_us(REJECTS_DAYS * Time::DAY));
        let kept = files::NewFile { name: format!("{name}.rejects.csv"), content_type: "text/csv".to_owned(), keep_until };
        Some(files::put_path(&job.edge.renewed().await, kept, &rejects).await?.id)
    };
    let (summary, import, stores_opened) = (done.summary, done.import, done.stores_opened.clone());
    let task = job.task();
    let next = job
        .finish(move |tx, ctx| {
            if let Some(task) = task {
                let (created, unchanged, rejected) = (summary.orders_created, summary.orders_unchanged, summary.rejected);
                events::record(tx, ctx, Event::ImportFinished { task, created, unchanged, rejected })?;
            }
            let mut result = serde_json::to_value(summary).map_err(Error::internal)?;
            result["dry_run"] = json!(is_dry_run);
            result["stores_opened"] = json!(stores_opened);
            if let Some(import) = import {
                result["import"] = json!(import);
            }
            let errors = Some(summary.rejected as i64);
            Ok((tasks::Progress { done: rows as i64, of: total as i64, errors }, Outcome { result, file, errors }))
        })
        .await?;
    let _ = tokio::fs::remove_file(&rejects).await;
    Ok(next)
}

/// A job as an import sees it.
struct JobHost {
    job: TaskRun,
    words: Words,
    locale: Locale,
    is_dry_run: bool,
    at: Cursor,
    done: u64,
    total: u64,
}

impl Host for JobHost {
    fn edge(&self) -> &Edge {
        &self.job.edge
    }

    fn words(&self, error: &FieldError) -> String {
        (self.words)(self.locale, error)
    }

    async fn commit<T: Send + 'static>(&self, batch: impl Fn(&mut Tx, &Ctx) -> Result<(T, Cursor), Error> + Send + 'static) -> Result<T, Error> {
        if self.is_dry_run {
            // What is discarded cannot save how far it came.
            return self.job.edge.write_background(move |tx, ctx| batch(tx, ctx).map(|(answer, _)| answer)).await;
        }
        let (done, of) = (self.done as i64, self.total as i64);
        self.job
            .slice(move |tx, ctx| {
                let (answer, cursor) = batch(tx, ctx)?;
                let errors = Some(cursor.summary.rejected as i64);
                let cursor = serde_json::to_value(cursor).map_err(Error::internal)?;
                Ok((answer, SliceEnd { cursor, done, of, errors }))
            })
            .await
    }

    async fn progress(&mut self, progress: &Progress) -> Result<Go, Error> {
        self.at = progress.cursor.clone();
        (self.done, self.total) = (progress.done, progress.total);
        self.job.progress(progress.done as i64, progress.total as i64).await?;
        let is_over = self.job.is_stopping() || self.job.is_cancelled().await?;
        Ok(if is_over { Go::Stop } else { Go::On })
    }
}
