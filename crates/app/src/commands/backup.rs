//! `kafila backup`: a verified copy, also while another process works.

use base::Clock;

use super::configured;
use crate::backup::{self, USE_PG_DUMP};
use crate::config::{FilePlace, Places};
use crate::data_dir::DataDir;
use crate::failure::{Exit, Failure};
use crate::logging::{self, Audience};
use crate::wiring;

#[derive(clap::Args)]
pub(super) struct Args {
    /// Copies to keep, instead of backup.keep.
    #[arg(long, value_name = "N")]
    keep: Option<usize>,
    /// Prints the manifest of the copy instead of its path.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(places: &Places, args: Args) -> Result<(), Failure> {
    let config = configured(places, &[])?;
    if config.database.url.is_some() {
        return Err(Failure::new(Exit::Usage, "kafila makes backups of SQLite only").remedy(USE_PG_DUMP));
    }
    let data = DataDir::open(&places.data)?;
    let _logging = logging::start(&config.log, &data, Audience::Command)?;
    if data.owner().is_none() {
        // Nobody is at work: a new directory gets its database first, an old one its migrations.
        wiring::open(&config, DataDir::open(&places.data)?, Clock::System).await?.close();
    }
    let made = backup::make(&data, Clock::System.now(), args.keep.unwrap_or(config.backup.keep), backup::With::Files)?;

    let rows: i64 = made.manifest.rows.values().sum();
    eprintln!("Copied and verified {} rows in {} tables, {} bytes.", rows, made.manifest.rows.len(), made.manifest.bytes);
    if !made.manifest.files.is_empty() {
        let folder = made.path.with_file_name("files");
        eprintln!("{} files lie in {}, {} of them copied and verified now.", made.manifest.files.len(), folder.display(), made.files_copied);
    }
    for name in &made.damaged {
        eprintln!("Left out {}: it is not what its name says.", data.path().join("files").join(name).display());
    }
    if config.files.store == FilePlace::S3 {
        eprintln!("Files are in an S3-compatible store and are not copied: keep versions or a second copy of the bucket there.");
    }
    eprintln!("Keep a copy of {} somewhere else: without it stored secrets cannot be opened.", data.path().join("keys").display());
    for path in &made.removed {
        eprintln!("Removed the old copy {}", path.display());
    }
    if args.json {
        println!("{}", serde_json::to_string_pretty(&made.manifest).unwrap_or_default());
    } else {
        println!("{}", made.path.display());
    }
    Ok(())
}
