//! `kafila import FILE --preset NAME` or `--mapping NAME`: brings orders in from a file; `--undo ID` takes an import
//! back.
//!
//! What it did goes to standard output, in words or as one JSON object; how far it is goes to
//! standard error while somebody watches. A run that was stopped is continued by running it again.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use base::{Ctx, Edge};
use db::{Engine, Tx};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use kernel::{Error, FieldError, ImportId};
use serde_json::json;
use store_sync::mappings::{self, Mapping};
use store_sync::{Cursor, Done, Encoding, Go, Host, Options, Preset, Progress, Source};

use super::open;
use crate::config::Places;
use crate::failure::{Exit, Failure};
use crate::logging::Audience;
use crate::stop::Stop;

/// Lines that one closure writes where nobody waits for it.
pub(crate) const LINES_ALONE: usize = 5_000;

#[derive(clap::Args)]
#[command(group(clap::ArgGroup::new("how").required(true).args(["preset", "mapping", "undo"])))]
pub(super) struct Args {
    /// The file (CSV, also as .zst or .gz, or XLSX); for `olist` the folder.
    #[arg(required_unless_present = "undo")]
    file: Option<PathBuf>,
    /// What its rows mean: kafila, shopify, woocommerce, youcan, generic, online-retail or olist. docs/import.md explains
    /// each.
    #[arg(long, value_name = "NAME")]
    preset: Option<Preset>,
    /// The name or id of a mapping that says how the columns are read, instead of a preset.
    #[arg(long, value_name = "NAME")]
    mapping: Option<String>,
    /// In which letters the file is written (utf-8, utf-16le, utf-16be, windows-1252, windows-1256), where they are not
    /// found out.
    #[arg(long, value_name = "NAME")]
    encoding: Option<Encoding>,
    /// Takes back what an import made, instead of bringing something in.
    #[arg(long, value_name = "IMPORT_ID", conflicts_with_all = ["file", "store", "dry_run", "rejects", "encoding"])]
    undo: Option<ImportId>,
    /// The code of the store that gets the orders, instead of the preset's own or those that the file names.
    #[arg(long, value_name = "CODE")]
    store: Option<String>,
    /// Tries everything and keeps nothing.
    #[arg(long)]
    dry_run: bool,
    /// Prints one JSON object instead of words.
    #[arg(long)]
    json: bool,
    /// Where refused rows are written, instead of FILE.rejects.csv in this folder.
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
}

pub(super) async fn run(places: &Places, args: Args) -> Result<(), Failure> {
    let opened = open(places, Audience::Command, &[]).await?;
    let edge = opened.kafila.base.system_edge(opened.kafila.org).await;
    let result = match (args.undo, &args.file) {
        (Some(id), _) => undo(&edge, id, args.json).await,
        (None, Some(file)) => import(edge, &args, file).await,
        (None, None) => Err(Failure::new(Exit::Usage, "no file is named")),
    };
    opened.close();
    result
}

async fn undo(edge: &Edge, id: ImportId, as_json: bool) -> Result<(), Failure> {
    let bar = bar();
    bar.set_message("taking the import back");
    let undone = store_sync::undo(edge, id, |undone| {
        bar.set_length(undone.of.max(0) as u64);
        bar.set_position((undone.removed + undone.kept).max(0) as u64);
    });
    let undone = undone.await;
    bar.finish_and_clear();
    let undone = undone?;
    if as_json {
        println!("{}", json!({ "import": id, "removed": undone.removed, "kept": undone.kept }));
    } else {
        println!("{} orders and credit notes are gone; {} stay, because somebody has touched them", undone.removed, undone.kept);
    }
    Ok(())
}

async fn import(edge: Edge, args: &Args, file: &Path) -> Result<(), Failure> {
    let source = Source::at(file);
    let rejects = args.rejects.clone().unwrap_or_else(|| PathBuf::from(format!("{}.rejects.csv", source.name)));
    if rejects.exists() && same_file(&rejects, file) {
        return Err(Failure::new(Exit::Usage, "refused rows would be written over the file itself").remedy("Choose another file with --rejects."));
    }
    let mut options = Options {
        store: args.store.clone(),
        is_dry_run: args.dry_run,
        encoding: args.encoding,
        ..Options::new(source, args.preset.unwrap_or(Preset::Mapping))
    };
    if let Some(name) = args.mapping.clone() {
        let mapping = mapping(&edge, name).await?;
        options.mapping_name = Some((mapping.name, mapping.version));
        options.mapping = Some(Arc::new(mapping.definition));
    }
    let mut watched = Watched { edge, bar: bar(), stop: Stop::on_signals()? };

    let began = Instant::now();
    let result = store_sync::run(&mut watched, &options, &rejects).await;
    watched.bar.finish_and_clear();
    let done = result?;
    tell(args, &done, began.elapsed().as_secs_f64());

    if done.is_stopped {
        return Err(Failure::new(Exit::Failed, "stopped before the end").remedy("Run the same command again to go on: what is in stays as it is."));
    }
    if done.summary.rejected > 0 {
        let what = format!("{} rows were refused; they are in {}", done.summary.rejected, rejects.display());
        return Err(Failure::new(Exit::Refused, what).remedy("Each says what is wrong with it. Put them right and import that file."));
    }
    Ok(())
}

async fn mapping(edge: &Edge, name: String) -> Result<Mapping, Failure> {
    let asked = name.clone();
    match edge.read(move |tx, ctx| mappings::named(tx, ctx, &asked)).await {
        Err(Error::Invalid(_)) => {
            let known = edge.read(mappings::list).await?;
            let names: Vec<&str> = known.iter().map(|mapping| mapping.name.as_str()).collect();
            let remedy = match names.as_slice() {
                [] => "No mapping is saved yet: look at the file on the page of imports and save how its columns are read.".to_owned(),
                names => format!("Saved are: {}.", names.join(", ")),
            };
            Err(Failure::new(Exit::Usage, format!("there is no mapping called {name}")).remedy(remedy))
        }
        found => Ok(found?),
    }
}

fn same_file(one: &Path, other: &Path) -> bool {
    matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}

fn bar() -> ProgressBar {
    let target = if std::io::stderr().is_terminal() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let bar = ProgressBar::with_draw_target(None, target);
    bar.set_message("reading the file");
    bar.enable_steady_tick(std::time::Duration::from_millis(120));
    bar
}

fn tell(args: &Args, done: &Done, seconds: f64) {
    let summary = done.summary;
    if args.json {
        let mut told = serde_json::to_value(summary).unwrap_or_default();
        told["seconds"] = json!((seconds * 1_000.0).round() / 1_000.0);
        told["dry_run"] = json!(args.dry_run);
        told["stores_opened"] = json!(done.stores_opened);
        told["import"] = json!(done.import);
        println!("{told}");
        return;
    }
    let would = if args.dry_run { " (nothing was kept)" } else { "" };
    println!("{} orders made, {} stood already{would}", summary.orders_created, summary.orders_unchanged);
    if !done.stores_opened.is_empty() {
        let opened = if args.dry_run { "stores that would be opened" } else { "stores opened" };
        println!("{opened}: {}", done.stores_opened.join(", "));
    }
    println!(
        "{} credit notes, {} of them linked to their order; {} adjustments",
        summary.credit_notes, summary.credit_notes_linked, summary.adjustments
    );
    println!("{} rows taken, {} refused, in {seconds:.1} s", summary.lines, summary.rejected);
    if summary.has_several_currencies {
        println!("the stores of the file sell in several currencies, so nothing is added up");
    } else {
        println!("sales {} and credits {} in minor units", summary.sales_total_minor, summary.credits_total_minor);
    }
    if let Some(import) = done.import.filter(|_| summary.orders_created + summary.credit_notes + summary.adjustments > 0) {
        println!("to take it back: kafila import --undo {import}");
    }
}

/// An import at the keyboard.
struct Watched {
    edge: Edge,
    bar: ProgressBar,
    stop: Stop,
}

impl Host for Watched {
    fn edge(&self) -> &Edge {
        &self.edge
    }

    fn lines_at_once(&self) -> usize {
        // With the embedded engine this process has the data for itself, so nobody waits.
        match self.edge.base.db().engine() {
            Engine::Sqlite => LINES_ALONE,
            Engine::Postgres => 500,
        }
    }

    fn words(&self, error: &FieldError) -> String {
        web::error::Problem::field_message(self.edge.ctx.locale, error)
    }

    async fn commit<T: Send + 'static>(&self, batch: impl Fn(&mut Tx, &Ctx) -> Result<(T, Cursor), Error> + Send + 'static) -> Result<T, Error> {
        self.edge.write_background(move |tx, ctx| batch(tx, ctx).map(|(answer, _)| answer)).await
    }

    async fn progress(&mut self, progress: &Progress) -> Result<Go, Error> {
        if self.bar.length() != Some(progress.total) {
            self.bar.set_length(progress.total);
            let style = ProgressStyle::with_template("{bar:30} {human_pos} of {human_len} rows  {msg}");
            self.bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        }
        self.bar.set_position(progress.done);
        let left =
            progress.left_s.map_or_else(String::new, |left| format!(", {} left", indicatif::HumanDuration(std::time::Duration::from_secs(left))));
        self.bar.set_message(format!("{:.0} a second{left}", progress.rate_per_s));
        Ok(if self.stop.is_said() { Go::Stop } else { Go::On })
    }
}
