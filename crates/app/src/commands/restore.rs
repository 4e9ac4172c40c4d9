//! `kafila restore FILE`: puts a backup in the place of the database.

use std::path::PathBuf;

use base::Clock;

use super::configured;
use crate::backup::{self, USE_PG_DUMP};
use crate::config::Places;
use crate::data_dir::DataDir;
use crate::failure::{Exit, Failure};
use crate::logging::{self, Audience};
use crate::migrations::migrations;

#[derive(clap::Args)]
pub(super) struct Args {
    /// The backup, with its manifest beside it.
    file: PathBuf,
}

pub(super) fn run(places: &Places, args: &Args) -> Result<(), Failure> {
    let config = configured(places, &[])?;
    if config.database.url.is_some() {
        return Err(Failure::new(Exit::Usage, "kafila restores SQLite only").remedy(USE_PG_DUMP));
    }
    if !args.file.is_file() {
        return Err(Failure::new(Exit::Usage, format!("there is no file {}", args.file.display()))
            .remedy("Backups lie in the folder backups/ of the data directory."));
    }
    let mut data = DataDir::open(&places.data)?;
    data.lock()?;
    let _logging = logging::start(&config.log, &data, Audience::Command)?;
    let newest = migrations().last().map_or(0, |last| last.number);
    let restored = backup::restore(&data, &args.file, Clock::System.now(), newest)?;

    let rows: i64 = restored.seen.rows.values().sum();
    eprintln!("Restored {rows} rows in {} tables from {}.", restored.seen.rows.len(), args.file.display());
    if !restored.compared {
        eprintln!("There was no manifest beside it to compare with; its structure is sound.");
    }
    if restored.files > 0 {
        eprintln!("{} files belong to it; {} were brought back, the others were here and whole.", restored.files, restored.files_restored);
    }
    if let Some(path) = &restored.moved_aside {
        eprintln!("The database that was here before is now {}", path.display());
    }
    if config.master_key.is_none() && !data.path().join("keys/master.key").exists() {
        eprintln!("Put keys/master.key back before the next start, or set KAFILA_MASTER_KEY: stored secrets need it.");
    }
    Ok(())
}
