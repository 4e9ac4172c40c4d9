//! `kafila user`: people, for whoever keeps the server.

use access::{NewUser, User, UserState, account, roles, stores, users};
use base::Edge;
use kernel::{Error, Locale, Time};

use super::{Opened, open};
use crate::config::Places;
use crate::failure::{Exit, Failure};
use crate::logging::Audience;

#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// Shows everybody.
    List {
        /// Also those who were let go.
        #[arg(long)]
        archived: bool,
        /// Prints JSON.
        #[arg(long)]
        json: bool,
    },
    /// Invites somebody by a link, which is also mailed; prints the link.
    Invite(Somebody),
    /// Lets somebody in at once; the password is read from standard input.
    Create(Somebody),
    /// Prints a link for a new password.
    ResetPassword {
        /// Whose.
        email: String,
    },
    /// Lets somebody go: sessions and keys end at once, the history stays.
    Archive {
        /// Whom.
        email: String,
    },
}

#[derive(clap::Args, Clone)]
pub(super) struct Somebody {
    /// The address to sign in with.
    email: String,
    /// As colleagues see it.
    #[arg(long)]
    name: String,
    /// The role's name, for example Admin or "Agent Call Center".
    #[arg(long)]
    role: String,
    /// Codes of the stores to see, with commas between; all when the role sees all of them.
    #[arg(long, value_delimiter = ',', value_name = "CODES")]
    stores: Vec<String>,
    /// The language of the pages: ar, bn, en, fr, ...
    #[arg(long)]
    locale: Option<Locale>,
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
    let public_url = kafila.public_url().to_owned();
    match command {
        Command::List { archived, json } => {
            let everybody = edge.read(move |tx, ctx| users::list(tx, ctx, archived)).await?;
            list(&everybody, json);
        }
        Command::Invite(somebody) => {
            let new = somebody.read(&edge).await?;
            let invited = edge.write(move |tx, ctx| users::invite(tx, ctx, &new, &public_url)).await?;
            eprintln!("Invited {}; the link works once, until {}:", invited.user.email, invited.expires_at);
            println!("{}", invited.link);
        }
        Command::Create(somebody) => {
            let new = somebody.read(&edge).await?;
            let password = password()?;
            let least = edge.ctx.settings.access.password_min_score;
            let password = access::PasswordHash::prepare(&password, &[&new.name, &new.email], least).await?;
            let user = edge.write(move |tx, ctx| users::create(tx, ctx, &new, &password)).await?;
            eprintln!("{} can sign in as {}.", user.email, user.role_name);
            println!("{}", user.id);
        }
        Command::ResetPassword { email } => {
            let user = find(&edge, email).await?;
            if user.state == UserState::Invited {
                return Err(Failure::new(Exit::Failed, format!("{} has not joined yet", user.email)).remedy("Invite them again."));
            }
            let link = edge.write(move |tx, ctx| account::reset_link(tx, ctx, user.id, &public_url)).await?;
            let until = edge.ctx.now.plus_us(i64::from(edge.ctx.settings.access.reset_minutes) * Time::MINUTE);
            eprintln!("The link works once, until {until}:");
            println!("{link}");
        }
        Command::Archive { email } => {
            let user = find(&edge, email).await?;
            let gone = edge.write(move |tx, ctx| users::archive(tx, ctx, user.id)).await?;
            eprintln!("{} cannot sign in any more; what they did stays.", gone.email);
        }
    }
    Ok(())
}

fn list(everybody: &[User], json: bool) {
    if json {
        let rows: Vec<_> = everybody
            .iter()
            .map(|user| {
                serde_json::json!({
                    "id": user.id, "email": user.email, "name": user.name, "role": user.role_name, "state": user.state.as_str(),
                    "has_totp": user.has_totp, "last_sign_in_at": user.last_sign_in_at,
                })
            })
            .collect();
        println!("{}", serde_json::Value::from(rows));
        return;
    }
    if everybody.is_empty() {
        eprintln!("Nobody yet. `kafila serve` prints a link to make the first account.");
    }
    let email = everybody.iter().map(|user| user.email.chars().count()).max().unwrap_or(0);
    let name = everybody.iter().map(|user| user.name.chars().count()).max().unwrap_or(0);
    for user in everybody {
        println!("{:email$}  {:name$}  {:8}  {}", user.email, user.name, user.state, user.role_name);
    }
}

impl Somebody {
    async fn read(self, edge: &Edge) -> Result<NewUser, Failure> {
        let found = edge
            .read(move |tx, ctx| {
                let role = roles::by_name(tx, ctx, &self.role)?.id;
                let mut assigned = Vec::new();
                for code in &self.stores {
                    let store = stores::by_code(tx, ctx, code).map_err(|_| Error::field("stores", "store.unknown").with("code", code))?;
                    assigned.push(store.id);
                }
                Ok(NewUser { email: self.email.clone(), name: self.name.clone(), role, stores: assigned, locale: self.locale })
            })
            .await?;
        Ok(found)
    }
}

async fn find(edge: &Edge, email: String) -> Result<User, Failure> {
    let wanted = email.trim().to_lowercase();
    let everybody = edge.read(|tx, ctx| users::list(tx, ctx, false)).await?;
    everybody
        .into_iter()
        .find(|user| user.email.to_lowercase() == wanted)
        .ok_or_else(|| Failure::new(Exit::Usage, format!("nobody has the address {email}")).remedy("`kafila user list` shows everybody."))
}

/// From standard input, so that it stands neither in a list of processes nor in a history.
fn password() -> Result<kernel::Hidden, Failure> {
    if std::io::IsTerminal::is_terminal(&std::io::stdin()) {
        eprintln!("Password (shown as you type):");
    }
    let mut line = String::new();
    let read = std::io::stdin().read_line(&mut line);
    read.map_err(|error| Failure::new(Exit::Failed, format!("no password on standard input: {error}")))?;
    let password = line.trim_end_matches(['\r', '\n']);
    if password.is_empty() {
        return Err(Failure::new(Exit::Usage, "no password on standard input").remedy("For example: `kafila user create … < password-file`."));
    }
    Ok(kernel::Hidden::new(password))
}
