//! `kafila work`: only the work behind, beside any number of `serve` and `work` processes.

use super::open;
use crate::config::Places;
use crate::failure::{Exit, Failure};
use crate::logging::Audience;
use crate::stop::Stop;
use crate::{commands, work};

pub(super) async fn run(places: &Places) -> Result<(), Failure> {
    if commands::configured(places, &[])?.database.url.is_none() {
        return Err(Failure::new(Exit::Usage, "`kafila work` needs PostgreSQL (database.url)")
            .remedy("With SQLite one process owns the data, and `kafila serve` does the work as well."));
    }
    let stop = Stop::on_signals()?;
    let opened = open(places, Audience::Server, &[]).await?;
    eprintln!("Kafila works; SIGTERM or Ctrl-C ends it.");
    let worker = work::start(&opened.kafila, stop.clone());
    stop.wait().await;
    work::finish(worker, commands::PATIENCE).await;
    opened.close();
    Ok(())
}
