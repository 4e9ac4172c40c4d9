//! The figure `import`: a file brought in, against the same statements without anything around them.
//!
//! The file is brought in once with its statements written down, batch by batch. Then the product and
//! the bare loop take turns, each on a fresh copy of the same database: one reads the file, makes
//! orders of it and writes them; the other only writes, with a commit where the product has one.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use base::{Base, Clock, Ctx, Edge};
use db::bare::Bare;
use db::{DbConfig, Recorded, Tx, Value};
use kernel::{Error, FieldError};
use store_sync::{Cursor, Done, Go, Host, Options, Preset, Progress, Source};

use super::figures::{Bound, Figure};
use crate::commands::LINES_ALONE;
use crate::config::Config;
use crate::data_dir::DataDir;
use crate::wiring;

/// The design's bounds: at least half the rate of the bare loop.
const BOUND: Bound = Bound::AtLeast(0.5, 0.8);

/// Measures a file of a preset.
pub(super) fn figure(folder: &Path, file: &Path, preset: Preset, pairs: usize) -> Result<Figure, String> {
    let options = Options::new(Source::at(file), preset);
    let fresh = folder.join("fresh");
    in_runtime(async {
        open(&fresh).await?.close();
        Ok(())
    })?;

    let script = record(&copy(&fresh, &folder.join("recorded"))?, &options)?;
    let mut measured = Vec::with_capacity(pairs);
    for pair in 0..pairs {
        let bare = replay(&copy(&fresh, &folder.join(format!("bare-{pair}")))?, &script)?;
        let product = bring_in(&copy(&fresh, &folder.join(format!("product-{pair}")))?, &options)?;
        measured.push((script.rows as f64 / product, script.rows as f64 / bare));
    }
    let note = format!("{} rows of {}, {} statements, {} pairs", script.rows, options.source.name, script.statements(), pairs);
    Ok(Figure::of_pairs("import", "rows/s", &measured, BOUND, note))
}

fn in_runtime<T>(work: impl Future<Output = Result<T, String>>) -> Result<T, String> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|error| error.to_string())?;
    runtime.block_on(work)
}

async fn open(data: &Path) -> Result<wiring::Kafila, String> {
    let folder = DataDir::open(data).map_err(|failure| failure.to_string())?;
    wiring::open(&Config::default(), folder, Clock::System).await.map_err(|failure| failure.to_string())
}

/// A copy of a closed data directory: the database and the key that belongs to it.
fn copy(from: &Path, to: &Path) -> Result<PathBuf, String> {
    let failed = |error: std::io::Error| format!("cannot copy {}: {error}", from.display());
    std::fs::create_dir_all(to.join("keys")).map_err(failed)?;
    for file in ["kafila.db", "keys/master.key"] {
        std::fs::copy(from.join(file), to.join(file)).map_err(failed)?;
    }
    Ok(to.to_owned())
}

/// What was written down: each text once, and for each batch which text with which values.
#[derive(Default)]
struct Script {
    texts: Vec<String>,
    places: HashMap<String, usize>,
    batches: Vec<Vec<(usize, Vec<Value>)>>,
    rows: u64,
}

impl Script {
    fn add(&mut self, recorded: Vec<Recorded>) {
        let batch = recorded.into_iter().map(|statement| (self.place_of(statement.sql), statement.params)).collect();
        self.batches.push(batch);
    }

    fn place_of(&mut self, sql: String) -> usize {
        if let Some(place) = self.places.get(&sql) {
            return *place;
        }
        self.texts.push(sql.clone());
        self.places.insert(sql, self.texts.len() - 1);
        self.texts.len() - 1
    }

    fn statements(&self) -> usize {
        self.batches.iter().map(Vec::len).sum()
    }
}

fn record(data: &Path, options: &Options) -> Result<Script, String> {
    let ((done, script), _) = in_runtime(run(data, options, true))?;
    Ok(Script { rows: done.summary.lines, ..script })
}

/// Seconds.
fn bring_in(data: &Path, options: &Options) -> Result<f64, String> {
    in_runtime(run(data, options, false)).map(|(_, seconds)| seconds)
}

async fn run(data: &Path, options: &Options, is_recorded: bool) -> Result<((Done, Script), f64), String> {
    let kafila = open(data).await?;
    let edge = kafila.base.system_edge(kafila.org).await;
    let mut host = Measured { edge, script: is_recorded.then(Script::default) };
    kafila.base.db().record_statements(is_recorded);
    let began = Instant::now();
    let done = store_sync::run(&mut host, options, &data.join("rejects.csv")).await;
    let seconds = began.elapsed().as_secs_f64();
    kafila.base.db().record_statements(false);
    let script = host.script.take().unwrap_or_default();
    drop(host);
    kafila.close();
    Ok(((done.map_err(|error| error.to_string())?, script), seconds))
}

/// Seconds.
fn replay(data: &Path, script: &Script) -> Result<f64, String> {
    let failed = |error: &dyn std::fmt::Display| format!("the bare loop failed: {error}");
    let mut bare = Bare::open(&DbConfig::sqlite(data.join("kafila.db"))).map_err(|error| failed(&error))?;
    let began = Instant::now();
    for batch in &script.batches {
        bare.begin().map_err(|error| failed(&error))?;
        for (text, params) in batch {
            bare.run(&script.texts[*text], params).map_err(|error| failed(&error))?;
        }
        bare.commit().map_err(|error| failed(&error))?;
    }
    Ok(began.elapsed().as_secs_f64())
}

struct Measured {
    edge: Edge,
    script: Option<Script>,
}

impl Measured {
    fn base(&self) -> &Base {
        &self.edge.base
    }
}

impl Host for Measured {
    fn edge(&self) -> &Edge {
        &self.edge
    }

    fn lines_at_once(&self) -> usize {
        LINES_ALONE
    }

    fn words(&self, error: &FieldError) -> String {
        web::error::Problem::field_message(self.edge.ctx.locale, error)
    }

    async fn commit<T: Send + 'static>(&self, batch: impl Fn(&mut Tx, &Ctx) -> Result<(T, Cursor), Error> + Send + 'static) -> Result<T, Error> {
        self.edge.write_background(move |tx, ctx| batch(tx, ctx).map(|(answer, _)| answer)).await
    }

    async fn progress(&mut self, _: &Progress) -> Result<Go, Error> {
        let recorded = if self.script.is_some() { self.base().db().take_recorded() } else { Vec::new() };
        if let Some(script) = &mut self.script {
            script.add(recorded);
        }
        Ok(Go::On)
    }
}
