//! `kafila keys`: the key that opens stored secrets.

use base::Clock;
use base::secrets::{KeyError, MasterKey};

use super::configured;
use crate::config::{Config, Places};
use crate::data_dir::DataDir;
use crate::failure::{Exit, Failure};
use crate::logging::{self, Audience};
use crate::wiring::{self, Kafila};

#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// Makes a new master key, seals everything stored again with it, and removes the old one. Kafila must be stopped.
    Rotate,
    /// Seals everything stored again with the current key, after a new one was put in front of KAFILA_MASTER_KEY.
    Rewrap,
}

pub(super) async fn run(places: &Places, command: Command) -> Result<(), Failure> {
    let config = configured(places, &[])?;
    let _logging = logging::start(&config.log, &DataDir::open(&places.data)?, Audience::Command)?;
    match command {
        Command::Rotate => rotate(places, &config).await,
        Command::Rewrap => {
            println!("{}", sealed(rewrap(places, &config).await?));
            Ok(())
        }
    }
}

async fn rotate(places: &Places, config: &Config) -> Result<(), Failure> {
    if config.master_key.is_some() {
        return Err(Failure::new(Exit::Usage, "the master key comes from the configuration, not from keys/master.key").remedy(
            "Put a new key in front of the old one, with a comma between, in every process; run `kafila keys rewrap`; then take the old one out.",
        ));
    }
    // Nothing changes before it is certain that the present key is the right one.
    open(places, config).await?.close();
    MasterKey::add_new(&places.data).map_err(key_failure)?;
    let count = rewrap(places, config).await?;
    MasterKey::keep_newest(&places.data).map_err(key_failure)?;
    println!("{} keys/master.key holds a new key; keep a copy of it apart from the backups. Older backups need the old one.", sealed(count));
    Ok(())
}

fn key_failure(error: KeyError) -> Failure {
    Failure::new(Exit::Key, error.to_string())
}

async fn open(places: &Places, config: &Config) -> Result<Kafila, Failure> {
    wiring::open(config, DataDir::open(&places.data)?, Clock::System).await
}

async fn rewrap(places: &Places, config: &Config) -> Result<u64, Failure> {
    let kafila = open(places, config).await?;
    let count = of_all(&kafila).await;
    kafila.close();
    count
}

/// Everything that is sealed, of all organizations. The check of the key itself was sealed again when the database was opened.
async fn of_all(kafila: &Kafila) -> Result<u64, Failure> {
    #[expect(clippy::disallowed_methods, reason = "the key is the installation's, above organizations")]
    let organizations = kafila.base.db().system_read(base::organizations::list).await?;
    let mut count = 0;
    for organization in organizations {
        let edge = kafila.base.system_edge(organization.id).await;
        count += edge
            .write(|tx, ctx| {
                Ok(base::secrets::rewrap(tx, ctx)?
                    + base::mail::rewrap(tx, ctx)?
                    + access::totp::rewrap(tx, ctx)?
                    + customers::erase::rewrap(tx, ctx)?)
            })
            .await?;
    }
    Ok(count)
}

fn sealed(count: u64) -> String {
    match count {
        1 => "Sealed 1 secret again.".to_owned(),
        count => format!("Sealed {count} secrets again."),
    }
}
