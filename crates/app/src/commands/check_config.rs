//! `kafila check-config`: what would be used, and everything that is wrong with it.

use crate::config::Places;
use crate::failure::{Exit, Failure};

#[derive(clap::Args)]
pub(super) struct Args {}

pub(super) fn run(places: &Places, _: &Args) -> Result<(), Failure> {
    let read = places.read(&[]);
    print!("{}", read.config.to_toml());
    for (key, place) in &read.set {
        eprintln!("{key} is set by {place}");
    }
    if read.problems.is_empty() {
        eprintln!("The configuration is fine.");
        return Ok(());
    }
    let lines: Vec<String> = read.problems.iter().map(|problem| format!("  {problem}")).collect();
    Err(Failure::new(Exit::Config, format!("the configuration is wrong:\n{}", lines.join("\n")))
        .remedy("Every key is explained in docs/configuration.md."))
}
