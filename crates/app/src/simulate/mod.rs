//! `kafila demo`: a believable shop, made by simulation and served.
//!
//! Everything goes through the same actions as in real life, with a moved clock and the hands of the
//! people who would have done it. The same seed makes the same shop.

mod dice;
mod play;
mod story;
mod world;

use std::time::Instant;

use base::Clock;

use crate::commands::{announce_address, configured, listen, serve_until_stopped};
use crate::config::Places;
use crate::data_dir::DataDir;
use crate::failure::{Exit, Failure};
use crate::logging::{self, Audience};
use crate::stop::Stop;
use crate::{figures, wiring};

/// The password of everybody in the demonstration.
pub(crate) const PASSWORD: &str = "caravan-demo-2026";

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Where to listen [default: 127.0.0.1:8080].
    #[arg(long, value_name = "HOST:PORT")]
    listen: Option<String>,
    /// How many orders.
    #[arg(long, value_name = "N", default_value_t = 5_000)]
    orders: u64,
    /// Over how many days.
    #[arg(long, value_name = "N", default_value_t = 90, value_parser = clap::value_parser!(i64).range(1..=365))]
    days: i64,
    /// The same seed makes the same shop.
    #[arg(long, value_name = "N", default_value_t = 7)]
    seed: u64,
    /// Makes the shop and ends, without serving it.
    #[arg(long)]
    no_serve: bool,
}

pub(crate) async fn run(places: &Places, args: Args) -> Result<(), Failure> {
    let flags: Vec<(&str, String)> = args.listen.clone().map(|listen| ("listen", listen)).into_iter().collect();
    let config = configured(places, &flags)?;
    let listener = if args.no_serve { None } else { Some(listen(&config.listen).await?) };
    let stop = Stop::on_signals()?;
    let figures = figures::start()?;
    let data = DataDir::open(&places.data)?;
    let _logging = logging::start(&config.log, &data, Audience::Server)?;
    let kafila = wiring::open(&config, data, Clock::System).await?;

    match play::whose(&kafila).await? {
        play::Whose::Demo => eprintln!("This data directory holds a demonstration already; it is served as it is."),
        play::Whose::Somebody => {
            return Err(Failure::new(Exit::Failed, "this data directory is in use by a real shop".to_owned())
                .remedy("Name an empty directory for the demonstration: kafila demo --data ./demo"));
        }
        play::Whose::Nobody => {
            let started = Instant::now();
            let played = play::play(&kafila, &play::Script { orders: args.orders, days: args.days, seed: args.seed }).await?;
            let seconds = started.elapsed().as_secs_f64();
            eprintln!("Made {} orders with {} steps of their lives in {seconds:.1} s.", played.orders, played.steps);
        }
    }
    introduce();
    let Some(listener) = listener else {
        kafila.close();
        return Ok(());
    };
    announce_address(&kafila, &listener);
    serve_until_stopped(&kafila, listener, figures, stop).await?;
    kafila.close();
    Ok(())
}

/// Who works here and how to sign in as each.
fn introduce() {
    eprintln!("\nSign in as any of them; the password of all is  {PASSWORD}\n");
    for person in world::PEOPLE {
        let stores = if person.stores.is_empty() { "all stores".to_owned() } else { person.stores.join(", ") };
        eprintln!("  {:<24} {:<18} {:<18} {stores}", person.email, person.role.replace('_', " "), person.name);
    }
    eprintln!();
}
