//! `kafila api-key`: keys for programs, for whoever keeps the server.

use access::{NewApiKey, keys, roles};
use kernel::{ApiKeyId, Time};

use super::{Opened, open};
use crate::config::Places;
use crate::failure::Failure;
use crate::logging::Audience;

#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// Makes a key and prints it, alone, on standard output; it is not shown again.
    Create {
        /// What it is for.
        #[arg(long)]
        name: String,
        /// The role whose rights it has, for example Admin.
        #[arg(long)]
        role: String,
        /// Days until it ends by itself.
        #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(i64).range(1..=3_650))]
        days: Option<i64>,
    },
    /// Shows the keys that work.
    List {
        /// Prints JSON.
        #[arg(long)]
        json: bool,
    },
    /// Ends a key at once.
    Revoke {
        /// Its id, as the list shows it.
        id: ApiKeyId,
    },
}

pub(super) async fn run(places: &Places, command: Command) -> Result<(), Failure> {
    let opened = open(places, Audience::Command, &[]).await?;
    let result = answer(&opened, command).await;
    opened.close();
    result
}

async fn answer(opened: &Opened, command: Command) -> Result<(), Failure> {
    let kafila = &opened.kafila;
    let edge = kafila.base.system_edge(kafila.org).await;
    match command {
        Command::Create { name, role, days } => {
            let created = edge
                .write(move |tx, ctx| {
                    let role = Some(roles::by_name(tx, ctx, &role)?.id);
                    let expires_at = days.map(|days| ctx.now.plus_us(days * Time::DAY));
                    keys::create(tx, ctx, &NewApiKey { name: name.clone(), role, scopes: None, stores: None, expires_at })
                })
                .await?;
            eprintln!("Made the key {} ({}). Send it as `Authorization: Bearer …`; it is not shown again.", created.key.id, created.key.name);
            println!("{}", created.text.reveal());
        }
        Command::List { json } => {
            let keys = edge.read(keys::list).await?;
            if json {
                let rows: Vec<_> = keys
                    .iter()
                    .map(|key| {
                        serde_json::json!({
                            "id": key.id, "name": key.name, "created_at": key.created_at, "expires_at": key.expires_at, "last_used_at": key.last_used_at,
                        })
                    })
                    .collect();
                println!("{}", serde_json::Value::from(rows));
            } else {
                for key in &keys {
                    let used = key.last_used_at.map_or_else(|| "never used".to_owned(), |at| format!("used {at}"));
                    println!("{}  made {}  {used}  {}", key.id, key.created_at, key.name);
                }
            }
        }
        Command::Revoke { id } => {
            edge.write(move |tx, ctx| keys::revoke(tx, ctx, id)).await?;
            eprintln!("The key {id} does not work any more.");
        }
    }
    Ok(())
}
