//! One's own account: a forgotten password, a new password, a new address.

use base::{Base, Ctx, Edge, events, organizations};
use db::Tx;
use kernel::{Actor, Check, Details, Error, Event, Hidden, Permission, Time, UserId};

use crate::joining::prepare;
use crate::links::{self, NewLink};
use crate::lockout::{self, Keys};
use crate::model::{Client, LinkKind, UserState};
use crate::passwords::{self, Verdict};
use crate::store::users::Proofs;
use crate::store::{credentials, users};
use crate::{mails, orgs, rules};

/// How long a new address may wait to be proved.
const VERIFY_US: i64 = 2 * Time::DAY;

/// Mails a link for a new password to this address, if somebody has it. The answer is the same
/// whether or not they exist, and comes as late; asking too often sends nothing more.
pub async fn ask_reset(base: &Base, email: &str, client: &Client) -> Result<(), Error> {
    let key = rules::email_key(email);
    let (known, org) = match orgs::of_name(base, &key).await? {
        Some(org) => (true, org),
        None => match orgs::first(base).await? {
            Some(org) => (false, org),
            None => return Ok(()),
        },
    };
    let edge = orgs::visitor(base, org, client.ip.as_deref()).await;
    let keys = Keys::new("reset", &key, client.ip.as_deref());
    let public_url = base.public_url().to_owned();

    edge.write(move |tx, ctx| {
        if lockout::held_for_s(tx, ctx, &keys)?.is_some() {
            return Ok(());
        }
        lockout::failed(tx, ctx, &keys)?;
        let proofs = if known { users::proofs_by_email(tx, &key)? } else { None };
        match proofs.filter(|proofs| proofs.state == UserState::Active) {
            Some(proofs) => send_reset(tx, ctx, &proofs, &public_url),
            None => Ok(()),
        }
    })
    .await
}

fn send_reset(tx: &mut Tx, ctx: &Ctx, proofs: &Proofs, public_url: &str) -> Result<(), Error> {
    let link = make_reset(tx, ctx, proofs.id, public_url)?;
    let locale = proofs.locale.unwrap_or(ctx.settings.general.default_locale);
    mails::reset(tx, ctx, locale, &proofs.email, &proofs.name, &link)
}

fn make_reset(tx: &mut Tx, ctx: &Ctx, user: UserId, public_url: &str) -> Result<String, Error> {
    let lives_us = i64::from(ctx.settings.access.reset_minutes) * Time::MINUTE;
    let (token, _) = links::make(tx, ctx, NewLink::new(LinkKind::Reset, Some(user), lives_us))?;
    events::record(tx, ctx, Event::PasswordResetAsked { user })?;
    Ok(format!("{public_url}{}{token}", mails::RESET_PATH))
}

/// A link for a new password, for whoever keeps the server to hand on. Needs `user.edit` and all
/// rights of the person, who must have joined.
pub fn reset_link(tx: &mut Tx, ctx: &Ctx, id: UserId, public_url: &str) -> Result<String, Error> {
    ctx.require(Permission::UserEdit)?;

    let user = crate::users::load_changeable(tx, ctx, id)?;
    if user.state != UserState::Active {
        return Err(Error::not_found("user"));
    }
    make_reset(tx, ctx, id, public_url)
}

/// Sets a new password by a mailed link. All sessions end; locks of the name are lifted; the second
/// factor stays.
pub async fn reset(base: &Base, token: &str, password: &Hidden, client: &Client) -> Result<(), Error> {
    let token = links::read(token)?;
    let edge = orgs::visitor(base, token.org, client.ip.as_deref()).await;
    let look = token.clone();
    let proofs = edge
        .read(move |tx, ctx| {
            let user = links::open(tx, ctx, &look, &[LinkKind::Reset])?.user.ok_or(Error::conflict("link.spent"))?;
            active(tx, user)?.ok_or(Error::conflict("link.spent"))
        })
        .await?;
    let password = prepare(&edge, Check::new(), password, &[&proofs.name, &proofs.email]).await?;

    let user = proofs.id;
    edge.write(move |tx, ctx| {
        links::take(tx, ctx, &token, LinkKind::Reset)?;
        let proofs = active(tx, user)?.ok_or(Error::conflict("link.spent"))?;
        let own = Ctx { actor: Actor::User(user), ..ctx.clone() };
        users::set_password(tx, user, &password)?;
        users::verify_email(tx, user, ctx.now)?;
        credentials::void_all_links(tx, user, ctx.now)?;
        lockout::succeeded(tx, &Keys::new("sign_in", &rules::email_key(&proofs.email), None))?;
        crate::sessions::end_all_of(tx, &own, user)?;
        password_changed(tx, &own, &proofs)
    })
    .await
}

/// Changes the caller's own name, as colleagues see it.
pub fn rename(tx: &mut Tx, ctx: &Ctx, name: &str) -> Result<(), Error> {
    let user = person(ctx)?;
    let before = users::find(tx, user)?.ok_or(Error::not_found("user"))?;
    let name = name.trim();
    let mut check = Check::new();
    rules::check_name(&mut check, "name", name, 100);
    check.done()?;
    let mut details = Details::none();
    details.change("name", &before.name.as_str(), &name);
    if details.is_empty() {
        return Ok(());
    }
    if !users::update(tx, user, before.version, name, before.role, before.locale)? {
        return Err(Error::Stale { version: before.version + 1, fields: vec!["name"] });
    }
    events::record_with(tx, ctx, Event::UserChanged { user, fields: details.fields() }, details)?;
    tx.touch(crate::users::TOPIC, user);
    Ok(())
}

/// Changes the caller's password; the present one must be given. Other sessions end.
pub async fn change_password(edge: &Edge, present: &Hidden, new: &Hidden) -> Result<(), Error> {
    let user = person(&edge.ctx)?;
    let proofs = confirm_password_as(edge, "current_password", present).await?;
    let password = prepare(edge, Check::new(), new, &[&proofs.name, &proofs.email]).await?;

    edge.write(move |tx, ctx| {
        let now = active(tx, user)?.ok_or(Error::Unauthenticated)?;
        // Somebody else with the old password may have been faster.
        if now.password_hash != proofs.password_hash {
            return Err(Error::conflict("password.changed"));
        }
        users::set_password(tx, user, &password)?;
        credentials::void_all_links(tx, user, ctx.now)?;
        crate::sessions::end_others(tx, ctx, user)?;
        password_changed(tx, ctx, &now)
    })
    .await
}

fn password_changed(tx: &mut Tx, ctx: &Ctx, proofs: &Proofs) -> Result<(), Error> {
    events::record(tx, ctx, Event::PasswordChanged { user: proofs.id })?;
    tx.touch(crate::users::TOPIC, proofs.id);
    let locale = proofs.locale.unwrap_or(ctx.settings.general.default_locale);
    mails::password_changed(tx, ctx, locale, &proofs.email, &proofs.name)
}

/// Mails a link to a new address of the caller; the address changes when it is followed. Needs the
/// password.
pub async fn ask_email_change(edge: &Edge, email: &str, password: &Hidden) -> Result<(), Error> {
    let mut check = Check::new();
    rules::check_email(&mut check, "email", email);
    check.done()?;
    let proofs = confirm_password(edge, password).await?;

    let email = email.trim().to_owned();
    let public_url = edge.base.public_url().to_owned();
    edge.write(move |tx, ctx| {
        if rules::email_key(&email) == rules::email_key(&proofs.email) {
            return Err(Error::field("email", "email.same"));
        }
        let mut link = NewLink::new(LinkKind::VerifyEmail, Some(proofs.id), VERIFY_US);
        link.email = Some(email.clone());
        let (token, _) = links::make(tx, ctx, link)?;
        let link = format!("{public_url}{}{token}", mails::VERIFY_PATH);
        let locale = proofs.locale.unwrap_or(ctx.settings.general.default_locale);
        mails::verify_email(tx, ctx, locale, &email, &proofs.name, &link)
    })
    .await
}

/// Proves a new address: from now on its owner signs in with it. The old address hears of it.
/// `email.taken` when somebody got it meanwhile.
pub async fn verify_email(base: &Base, token: &str) -> Result<(), Error> {
    let token = links::read(token)?;
    let edge = base.system_edge(token.org).await;
    edge.write(move |tx, ctx| {
        let link = links::take(tx, ctx, &token, LinkKind::VerifyEmail)?;
        let (Some(user), Some(email)) = (link.user, link.email) else { return Err(Error::conflict("link.spent")) };
        let proofs = active(tx, user)?.ok_or(Error::conflict("link.spent"))?;
        let own = Ctx { actor: Actor::User(user), ..ctx.clone() };

        organizations::claim_name(tx, &rules::email_key(&email), users::email_taken)?;
        organizations::release_name(tx, &rules::email_key(&proofs.email))?;
        users::set_email(tx, user, &email, ctx.now)?;
        // A reset asked for at the old address must not work any more.
        credentials::void_all_links(tx, user, ctx.now)?;

        let mut details = Details::none();
        details.change("email", &proofs.email, &email);
        events::record_with(tx, &own, Event::UserChanged { user, fields: details.fields() }, details)?;
        events::record(tx, &own, Event::EmailVerified { user })?;
        tx.touch(crate::users::TOPIC, user);
        let locale = proofs.locale.unwrap_or(ctx.settings.general.default_locale);
        mails::email_changed(tx, ctx, locale, &proofs.email, &proofs.name)
    })
    .await
}

/// The person who calls; `Unauthenticated` for programs, which have no account of their own.
pub(crate) fn person(ctx: &Ctx) -> Result<UserId, Error> {
    ctx.user().ok_or(Error::Unauthenticated)
}

/// Compares the caller's password; failures count like those of signing in.
pub(crate) async fn confirm_password(edge: &Edge, password: &Hidden) -> Result<Proofs, Error> {
    confirm_password_as(edge, "password", password).await
}

async fn confirm_password_as(edge: &Edge, field: &'static str, password: &Hidden) -> Result<Proofs, Error> {
    let user = person(&edge.ctx)?;
    let ip = edge.ctx.ip.clone();
    let (locked, keys, proofs) = edge
        .read(move |tx, ctx| {
            let proofs = active(tx, user)?.ok_or(Error::Unauthenticated)?;
            let keys = Keys::new("sign_in", &rules::email_key(&proofs.email), ip.as_deref());
            Ok((lockout::locked_for_s(tx, ctx, &keys)?, keys, proofs))
        })
        .await?;
    if let Some(retry_after_s) = locked {
        return Err(Error::TooMany { retry_after_s });
    }
    if matches!(passwords::verify(password, proofs.password_hash.clone()).await?, Verdict::Wrong) {
        edge.write(move |tx, ctx| {
            lockout::failed(tx, ctx, &keys)?;
            events::record(tx, ctx, Event::SignInRefused { user, reason: "password".to_owned() })
        })
        .await?;
        return Err(Error::field(field, "password.wrong"));
    }
    Ok(proofs)
}

fn active(tx: &mut Tx, user: UserId) -> Result<Option<Proofs>, Error> {
    Ok(users::proofs(tx, user)?.filter(|proofs| proofs.state == UserState::Active))
}
