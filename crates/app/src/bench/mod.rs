//! `kafila bench`: what the product costs over its database.
//!
//! It loads orders, writes down the statements of real requests, and replays them without anything
//! around them: the bare loop. Then the real server, in a process of its own, and the bare loop take
//! turns on the same file in windows of equal length; a figure is the median of the ratios of such
//! pairs, so the drift of a shared machine falls out. A benchmark, never a test: nothing fails when a
//! figure is missed.

mod bare;
mod bulk;
mod client;
mod figures;
mod import;
mod load;
mod orders;
mod pages;
mod process;
mod record;
mod run;
mod script;
mod server;
mod store;

use std::path::PathBuf;

use crate::config::Places;
use crate::failure::{Exit, Failure};

pub(crate) use client::run as run_client;

/// The names that `--only` takes.
const NAMES: &[&str] =
    &["place", "status", "read", "list", "progress", "search", "flat", "start", "memory", "bulk", "pages", "api", "postgres", "import"];

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Orders that are loaded before anything is measured.
    #[arg(long, value_name = "N", default_value_t = 100_000)]
    orders: u64,
    /// Only these figures, with commas between: place, status, read, list, progress, search, flat, start, memory, bulk, pages, api, postgres,
    /// import.
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    only: Vec<String>,
    /// Seconds of a window.
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    window: u64,
    /// Pairs of windows, server and bare loop in turn.
    #[arg(long, value_name = "N", default_value_t = 5)]
    pairs: usize,
    /// Writes the figures as JSON, too.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// A PostgreSQL database made for this and empty; without one a server is started for the time of
    /// the run, if PostgreSQL's programs are installed.
    #[arg(long, value_name = "URL")]
    postgres_url: Option<String>,
    /// The file for the figure `import`, which is left out without one.
    #[arg(long, value_name = "FILE")]
    import: Option<PathBuf>,
    /// What the rows of that file mean.
    #[arg(long, value_name = "NAME", default_value = "online-retail")]
    import_preset: store_sync::Preset,
    /// Leaves the loaded database in the directory `bench` of the data directory.
    #[arg(long)]
    keep: bool,
}

pub(crate) fn run(places: &Places, args: Args) -> Result<(), Failure> {
    if let Some(unknown) = args.only.iter().find(|name| !NAMES.contains(&name.as_str())) {
        return Err(Failure::new(Exit::Failed, format!("there is no figure named {unknown}")).remedy(format!("The names are {}.", NAMES.join(", "))));
    }
    if args.import.is_none() && args.only.iter().any(|name| name == "import") {
        return Err(Failure::new(Exit::Usage, "the figure import needs a file").remedy("Name one with --import FILE, and its --import-preset."));
    }
    if args.pairs == 0 || args.window == 0 || args.orders < 1_000 {
        return Err(Failure::new(Exit::Failed, "a run needs one pair, one second and 1,000 orders at least".to_owned()));
    }
    let figures = run::run(&places.data, &args).map_err(|why| Failure::new(Exit::Failed, format!("the benchmark stopped: {why}")))?;
    println!("{}", figures::table(&figures));
    for figure in figures.iter().filter(|figure| !figure.note.is_empty()) {
        println!("- {}: {}", figure.name, figure.note);
    }
    if let Some(file) = &args.json {
        let json = serde_json::to_string_pretty(&figures).map_err(|error| Failure::new(Exit::Failed, error.to_string()))?;
        std::fs::write(file, json).map_err(|error| Failure::new(Exit::Failed, format!("cannot write {}: {error}", file.display())))?;
    }
    Ok(())
}
