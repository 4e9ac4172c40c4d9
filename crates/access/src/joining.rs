//! Joining: the first Admin by the set-up link, everybody else by invitation.

use base::{Base, Ctx, Edge, events, organizations, settings};
use db::Tx;
use kernel::{Actor, Check, Error, Event, Hidden, Time, UserId};
use serde_json::{Map, Value};

use crate::model::{Client, LinkKind, SessionKind, UserState};
use crate::passwords::PasswordHash;
use crate::roles::ADMIN;
use crate::sign_in::{self, Begun, NewSession};
use crate::store::users::Insert;
use crate::store::{credentials, roles, users};
use crate::{links, orgs, rules};

/// What the page behind a link may show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkView {
    /// What it is for.
    pub kind: LinkKind,
    /// The organization's name; may be empty.
    pub organization: String,
    /// Whose name stands in the form.
    pub name: Option<String>,
    /// The address it is about.
    pub email: Option<String>,
    /// Until when it can be used.
    pub expires_at: Time,
}

/// The first Admin.
#[derive(Clone, Debug)]
pub struct NewAdmin {
    /// 1 to 100 letters.
    pub name: String,
    /// To sign in with.
    pub email: String,
    /// At least as strong as the settings ask.
    pub password: Hidden,
    /// What the organization is called from now on.
    pub organization: Option<String>,
}

/// What a link is for, without spending it. `link.spent` when it cannot be used.
pub async fn look(base: &Base, token: &str) -> Result<LinkView, Error> {
    let token = links::read(token)?;
    let edge = base.system_edge(token.org).await;
    edge.read(move |tx, ctx| {
        let link = links::open(tx, ctx, &token, &[LinkKind::SetUp, LinkKind::Invitation, LinkKind::VerifyEmail, LinkKind::Reset])?;
        let proofs = match link.user {
            Some(user) => users::proofs(tx, user)?,
            None => None,
        };
        Ok(LinkView {
            kind: link.kind,
            organization: ctx.settings.general.name.clone(),
            name: proofs.as_ref().map(|proofs| proofs.name.clone()),
            email: link.email.or(proofs.map(|proofs| proofs.email)),
            expires_at: link.expires_at,
        })
    })
    .await
}

/// Makes the first Admin and signs them in. `link.spent` when somebody was faster.
pub async fn set_up(base: &Base, token: &str, new: &NewAdmin, client: &Client) -> Result<NewSession, Error> {
    let token = links::read(token)?;
    let org = token.org;
    let edge = orgs::visitor(base, org, client.ip.as_deref()).await;
    // Before the costly hash: a wrong token costs us nothing.
    let look = token.clone();
    edge.read(move |tx, ctx| links::open(tx, ctx, &look, &[LinkKind::SetUp]).map(drop)).await?;
    let mut check = Check::new();
    rules::check_name(&mut check, "name", &new.name, 100);
    rules::check_email(&mut check, "email", &new.email);
    if let Some(organization) = &new.organization {
        rules::check_name(&mut check, "organization", organization, 100);
    }
    let password = prepare(&edge, check, &new.password, &[&new.name, &new.email]).await?;

    let (new, client) = (new.clone(), client.clone());
    let begun = edge
        .write(move |tx, ctx| {
            links::take(tx, ctx, &token, LinkKind::SetUp)?;
            let admin = roles::find_by_code(tx, ADMIN)?.ok_or(Error::not_found("role"))?;
            let id: UserId = tx.new_id();
            organizations::claim_name(tx, &rules::email_key(&new.email), users::email_taken)?;
            let row = Insert {
                id,
                email: new.email.trim(),
                name: new.name.trim(),
                role: admin,
                state: UserState::Active,
                password: Some(&password),
                locale: None,
                now: ctx.now,
            };
            users::insert(tx, &row)?;
            if let Some(name) = &new.organization {
                let fields = Map::from_iter([("name".to_owned(), Value::from(name.trim()))]);
                settings::set(tx, ctx, "general", &fields, None)?;
            }
            joined(tx, ctx, id, &client)
        })
        .await?;
    begun.finish(base, org)
}

/// Lets somebody invited in, with the password of their choice, and signs them in. Following the link
/// proves the address. `name` replaces the one in the invitation.
pub async fn accept(base: &Base, token: &str, name: Option<&str>, password: &Hidden, client: &Client) -> Result<NewSession, Error> {
    let token = links::read(token)?;
    let org = token.org;
    let edge = orgs::visitor(base, org, client.ip.as_deref()).await;
    let look = token.clone();
    let proofs = edge
        .read(move |tx, ctx| {
            let link = links::open(tx, ctx, &look, &[LinkKind::Invitation])?;
            let proofs = match link.user {
                Some(user) => users::proofs(tx, user)?,
                None => None,
            };
            proofs.filter(|proofs| proofs.state == UserState::Invited).ok_or(Error::conflict("link.spent"))
        })
        .await?;
    let name = name.map_or(proofs.name.as_str(), str::trim).to_owned();
    let mut check = Check::new();
    rules::check_name(&mut check, "name", &name, 100);
    let password = prepare(&edge, check, password, &[&name, &proofs.email]).await?;

    let (user, client) = (proofs.id, client.clone());
    let begun = edge
        .write(move |tx, ctx| {
            links::take(tx, ctx, &token, LinkKind::Invitation)?;
            if !users::join(tx, user, &name, &password, ctx.now)? {
                return Err(Error::conflict("link.spent"));
            }
            credentials::void_all_links(tx, user, ctx.now)?;
            joined(tx, ctx, user, &client)
        })
        .await?;
    begun.finish(base, org)
}

fn joined(tx: &mut Tx, ctx: &Ctx, user: UserId, client: &Client) -> Result<Begun, Error> {
    let own = Ctx { actor: Actor::User(user), ..ctx.clone() };
    events::record(tx, &own, Event::UserJoined { user })?;
    tx.touch(crate::users::TOPIC, user);
    sign_in::begin(tx, &own, user, client, SessionKind::Browser, "password")
}

/// Hashes a password, and names everything that is wrong with it and with the other fields at once.
pub(crate) async fn prepare(edge: &Edge, mut check: Check, password: &Hidden, known: &[&str]) -> Result<PasswordHash, Error> {
    let hashed = PasswordHash::prepare(password, known, edge.ctx.settings.access.password_min_score).await;
    match hashed {
        Ok(hashed) => check.done().map(|()| hashed),
        Err(Error::Invalid(fields)) => {
            fields.into_iter().for_each(|field| check.push(field));
            Err(check.done().err().unwrap_or(Error::field("password", "required")))
        }
        Err(other) => Err(other),
    }
}
