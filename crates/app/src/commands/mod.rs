//! The commands: what a person at the keyboard, a service manager or a script can ask for.
//!
//! Words for people go to standard error; what a program may read goes to standard output. Every
//! command but `check-config`, `doctor`, `openapi` and `restore` makes a new data directory usable.

mod api_key;
mod backup;
mod check_config;
mod doctor;
mod import;
mod keys;
mod restore;
mod serve;
mod user;
mod work;

pub(crate) use serve::{announce_address, listen, serve_until_stopped};

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use base::Clock;
use clap::{Parser, Subcommand};

use crate::config::{Config, Places};
use crate::data_dir::DataDir;
use crate::failure::{Exit, Failure};
use crate::logging::{self, Audience, Logging};
use crate::wiring::{self, Kafila};
use crate::{bench, simulate};

pub(crate) use import::LINES_ALONE;

/// Order management for social and cash-on-delivery commerce.
#[derive(Parser)]
#[command(name = "kafila", version, about, max_term_width = 110)]
struct Cli {
    /// The data directory.
    #[arg(long, global = true, value_name = "DIR", env = "KAFILA_DATA", default_value = "./data")]
    data: PathBuf,
    /// The configuration file, instead of kafila.toml in the data directory.
    #[arg(long, global = true, value_name = "FILE", env = "KAFILA_CONFIG")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Runs everything: pages, API and the work behind them.
    Serve(serve::Args),
    /// Runs only the work behind; any number beside `serve` processes on PostgreSQL.
    Work,
    /// Makes a believable shop by simulation and serves it.
    Demo(simulate::Args),
    /// Brings orders in from a file.
    Import(import::Args),
    /// Copies the database and verifies the copy; also while `serve` runs.
    Backup(backup::Args),
    /// Puts a backup in the place of the database, which is moved aside.
    Restore(restore::Args),
    /// Shows, creates, invites and archives users.
    #[command(subcommand)]
    User(user::Command),
    /// Makes, shows and revokes keys for programs.
    #[command(subcommand)]
    ApiKey(api_key::Command),
    /// Replaces the key that opens stored secrets.
    #[command(subcommand)]
    Keys(keys::Command),
    /// Shows the configuration that would be used, and everything wrong with it.
    CheckConfig(check_config::Args),
    /// Looks for what is wrong with this installation and says what to do.
    Doctor(doctor::Args),
    /// Measures this machine against a bare loop of the same statements.
    Bench(bench::Args),
    /// Drives the server of a benchmark; `bench` starts it.
    #[command(hide = true)]
    BenchClient,
    /// Prints the OpenAPI document.
    Openapi,
}

/// How long what is under way may take once the process shall stop.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

/// The binary: reads the command line, runs the command, says what went wrong.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let places = Places { data: cli.data, file: cli.config };
    match dispatch(cli.command, &places) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("kafila: {failure}");
            ExitCode::from(failure.exit as u8)
        }
    }
}

fn dispatch(command: Command, places: &Places) -> Result<(), Failure> {
    match command {
        Command::Serve(args) => in_runtime(serve::run(places, args)),
        Command::Work => in_runtime(work::run(places)),
        Command::Demo(args) => in_runtime(simulate::run(places, args)),
        Command::Import(args) => in_runtime(import::run(places, args)),
        Command::Backup(args) => in_runtime(backup::run(places, args)),
        Command::Restore(args) => restore::run(places, &args),
        Command::User(command) => in_runtime(user::run(places, command)),
        Command::ApiKey(command) => in_runtime(api_key::run(places, command)),
        Command::Keys(command) => in_runtime(keys::run(places, command)),
        Command::CheckConfig(args) => check_config::run(places, &args),
        Command::Doctor(args) => in_runtime(doctor::run(places, args)),
        Command::Bench(args) => bench::run(places, args),
        Command::BenchClient => bench::run_client().map_err(|why| Failure::new(Exit::Failed, why)),
        Command::Openapi => {
            let config = configured(places, &[])?;
            println!("{}", web::openapi_json(&config.public_url()));
            Ok(())
        }
    }
}

fn in_runtime(command: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::new(Exit::Failed, format!("the system gives no threads: {error}")))?;
    let result = runtime.block_on(command);
    // What still runs was given its time by the command.
    runtime.shutdown_background();
    result
}

/// The configuration, or every problem with it at once.
pub(crate) fn configured(places: &Places, flags: &[(&str, String)]) -> Result<Config, Failure> {
    let read = places.read(flags);
    if read.problems.is_empty() {
        return Ok(read.config);
    }
    let lines: Vec<String> = read.problems.iter().map(|problem| format!("  {problem}")).collect();
    Err(Failure::new(Exit::Config, format!("the configuration is wrong:\n{}", lines.join("\n")))
        .remedy("Every key is explained in docs/configuration.md; `kafila check-config` shows what would be used."))
}

/// What a command on data holds until it ends.
pub(crate) struct Opened {
    /// The open process.
    pub(crate) kafila: Kafila,
    /// Dropped last, so that the end is logged, too.
    _logging: Logging,
}

impl Opened {
    /// Puts everything away.
    pub(crate) fn close(self) {
        self.kafila.close();
    }
}

/// Reads the configuration, starts logging and opens the data directory for one command.
pub(crate) async fn open(places: &Places, audience: Audience, flags: &[(&str, String)]) -> Result<Opened, Failure> {
    let config = configured(places, flags)?;
    let data = DataDir::open(&places.data)?;
    let logging = logging::start(&config.log, &data, audience)?;
    let kafila = wiring::open(&config, data, Clock::System).await?;
    Ok(Opened { kafila, _logging: logging })
}
