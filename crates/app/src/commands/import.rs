//! `kafila import FILE --preset NAME`: brings orders in from a file.

use std::path::PathBuf;

use crate::config::Places;
use crate::failure::{Exit, Failure};

#[derive(clap::Args)]
pub(super) struct Args {
    /// The file, or for `olist` the folder.
    file: PathBuf,
    /// How its columns are called.
    #[arg(long, value_name = "NAME")]
    preset: String,
}

pub(super) async fn run(_: &Places, args: Args) -> Result<(), Failure> {
    Err(Failure::new(Exit::Failed, format!("importing {} with {} is not part of this build", args.file.display(), args.preset)))
}
