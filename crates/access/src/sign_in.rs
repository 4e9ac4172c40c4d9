//! Signing in: a name and a password, then the second factor when it is on.
//!
//! The password is compared between a read and a write, with no transaction open. A refusal is an Ok
//! value of its transaction, because its trace must stay; the caller hears it afterwards. Unknown
//! names, wrong passwords and people without one take as long and sound alike.

use base::{Base, Ctx, events};
use db::Tx;
use kernel::{Actor, Error, Event, Hidden, InviteId, OrgId, SessionId, Time, UserId};

use crate::links::{self, NewLink};
use crate::lockout::{self, Keys};
use crate::model::{Client, Credentials, LinkKind, SessionKind, UserState};
use crate::passwords::{self, PasswordHash, Verdict};
use crate::store::users::Proofs;
use crate::store::{credentials, sessions, users};
use crate::tokens::{self, Bearer};
use crate::{authenticate, orgs, rules, totp};

/// How far signing in has come.
#[derive(Debug)]
pub enum SignedIn {
    /// In.
    Done(NewSession),
    /// The password was right; now the code of the second factor, with [`second_step`].
    SecondStep {
        /// What to send back with the code.
        challenge: String,
        /// Until when, five minutes later.
        expires_at: Time,
    },
}

/// A session that has just begun, with the only copy of its token.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// For the cookie, or a JWT for the API.
    pub token: Hidden,
    /// Which.
    pub session: SessionId,
    /// Whose.
    pub user: UserId,
    /// Where.
    pub org: OrgId,
    /// A cookie or a token.
    pub kind: SessionKind,
    /// Whether the device is trusted.
    pub is_trusted: bool,
    /// When it ends; on a device that is not trusted, each use moves it on, so a cookie may live longer.
    pub expires_at: Time,
}

/// What a transaction decided.
enum Outcome {
    In(Begun),
    SecondStep { challenge: String, expires_at: Time },
    Refused,
    Locked { retry_after_s: u32 },
}

/// A session as its transaction made it.
pub(crate) struct Begun {
    pub(crate) session: SessionId,
    pub(crate) user: UserId,
    pub(crate) kind: SessionKind,
    pub(crate) is_trusted: bool,
    pub(crate) secret: Hidden,
    pub(crate) created_at: Time,
    pub(crate) expires_at: Time,
}

impl Begun {
    /// Writes the token; nothing else ever holds the secret.
    pub(crate) fn finish(self, base: &Base, org: OrgId) -> Result<NewSession, Error> {
        let token = match self.kind {
            SessionKind::Browser => Hidden::new(tokens::show(org, self.session, &self.secret)),
            SessionKind::Token => authenticate::jwt(base, org, self.user, self.session, self.created_at, self.expires_at)?,
        };
        let Begun { session, user, kind, is_trusted, expires_at, .. } = self;
        Ok(NewSession { token, session, user, org, kind, is_trusted, expires_at })
    }
}

/// Signs somebody in by name and password, for a browser or for a token.
///
/// `Unauthenticated` for whatever is wrong; `TooMany` while the name or the address is locked after
/// too many failures.
pub async fn sign_in(base: &Base, credentials: &Credentials, client: &Client, kind: SessionKind) -> Result<SignedIn, Error> {
    let key = rules::email_key(&credentials.email);
    let (known, org) = match orgs::of_name(base, &key).await? {
        Some(org) => (true, org),
        None => (false, orgs::first(base).await?.ok_or(Error::Unauthenticated)?),
    };
    let edge = orgs::visitor(base, org, client.ip.as_deref()).await;
    let keys = Keys::new("sign_in", &key, client.ip.as_deref());

    let (look_keys, look_key) = (keys.clone(), key.clone());
    let (locked, proofs) = edge
        .read(move |tx, ctx| {
            let proofs = if known { users::proofs_by_email(tx, &look_key)? } else { None };
            Ok((lockout::locked_for_s(tx, ctx, &look_keys)?, proofs))
        })
        .await?;
    if let Some(retry_after_s) = locked {
        return Err(Error::TooMany { retry_after_s });
    }

    let stored = proofs.as_ref().filter(|proofs| proofs.state == UserState::Active).and_then(|proofs| proofs.password_hash.clone());
    let verdict = passwords::verify(&credentials.password, stored.clone()).await?;
    let attempt = Attempt {
        keys,
        user: proofs.map(|proofs| proofs.id),
        stored,
        is_right: !matches!(verdict, Verdict::Wrong),
        better: if let Verdict::RightUpgraded(better) = verdict { Some(better) } else { None },
        client: client.clone(),
        kind,
    };
    let outcome = edge.write(move |tx, ctx| judge(tx, ctx, &attempt)).await?;
    match outcome {
        Outcome::In(begun) => begun.finish(base, org).map(SignedIn::Done),
        Outcome::SecondStep { challenge, expires_at } => Ok(SignedIn::SecondStep { challenge, expires_at }),
        Outcome::Refused => Err(Error::Unauthenticated),
        Outcome::Locked { retry_after_s } => Err(Error::TooMany { retry_after_s }),
    }
}

struct Attempt {
    keys: Keys,
    user: Option<UserId>,
    /// The hash that the password was compared with.
    stored: Option<String>,
    is_right: bool,
    better: Option<PasswordHash>,
    client: Client,
    kind: SessionKind,
}

fn judge(tx: &mut Tx, ctx: &Ctx, attempt: &Attempt) -> Result<Outcome, Error> {
    // Many guesses at once pass the first look; here they stand in a row.
    if let Some(retry_after_s) = lockout::held_for_s(tx, ctx, &attempt.keys)? {
        return Ok(Outcome::Locked { retry_after_s });
    }
    let Some(user) = attempt.user.filter(|_| attempt.is_right) else {
        return refuse(tx, ctx, &attempt.keys, attempt.user, "password");
    };
    let proofs = users::proofs(tx, user)?.filter(|now| now.state == UserState::Active && now.password_hash == attempt.stored);
    let Some(proofs) = proofs else {
        return refuse(tx, ctx, &attempt.keys, Some(user), "archived");
    };

    if let (Some(better), Some(stored)) = (&attempt.better, &attempt.stored) {
        users::upgrade_password(tx, user, stored, better)?;
    }
    if proofs.totp_confirmed_at.is_some() {
        let mut link = NewLink::new(LinkKind::SecondStep, Some(user), rules::SECOND_STEP_US);
        link.session_kind = Some(attempt.kind);
        link.is_trusted = attempt.client.is_trusted;
        let (challenge, expires_at) = links::make(tx, ctx, link)?;
        return Ok(Outcome::SecondStep { challenge, expires_at });
    }
    lockout::succeeded(tx, &attempt.keys)?;
    begin(tx, ctx, user, &attempt.client, attempt.kind, "password").map(Outcome::In)
}

/// Counts the failure and leaves a trace.
fn refuse(tx: &mut Tx, ctx: &Ctx, keys: &Keys, user: Option<UserId>, reason: &str) -> Result<Outcome, Error> {
    let locks = lockout::failed(tx, ctx, keys)?;
    match user {
        Some(user) => {
            events::record(tx, ctx, Event::SignInRefused { user, reason: reason.to_owned() })?;
            if locks {
                events::record(tx, ctx, Event::SignInRefused { user, reason: "locked".to_owned() })?;
            }
        }
        None => tracing::info!("Refused to sign in a name that nobody has"),
    }
    Ok(Outcome::Refused)
}

/// Begins a session of somebody who has proved to be who they are.
pub(crate) fn begin(tx: &mut Tx, ctx: &Ctx, user: UserId, client: &Client, kind: SessionKind, method: &str) -> Result<Begun, Error> {
    let settings = &ctx.settings;
    let secret = tokens::new_secret();
    let session: SessionId = tx.new_id();
    let expires_at = rules::session_expires(&settings.access, kind, client.is_trusted, ctx.now, ctx.now);

    let new = sessions::Insert {
        id: session,
        user,
        kind,
        secret_hash: tokens::hash(secret.reveal()),
        client,
        keeps_ip: settings.privacy.keep_ip,
        now: ctx.now,
        expires_at,
    };
    sessions::insert(tx, &new)?;
    users::note_sign_in(tx, user, ctx.now)?;
    let own = Ctx { actor: Actor::User(user), session: Some(session), ..ctx.clone() };
    events::record(tx, &own, Event::SignedIn { user, session, method: method.to_owned() })?;
    tx.touch(crate::sessions::TOPIC, session);

    Ok(Begun { session, user, kind, is_trusted: client.is_trusted, secret, created_at: ctx.now, expires_at })
}

/// The second step: a code of the authenticator, or one of the recovery codes.
///
/// `code` `totp.wrong` when the code is wrong or was used before; `Unauthenticated` when the challenge
/// is past its time or was tried too often: begin anew.
pub async fn second_step(base: &Base, challenge: &str, code: &str, client: &Client) -> Result<NewSession, Error> {
    let token = links::read(challenge).map_err(|_| Error::Unauthenticated)?;
    let org = token.org;
    let edge = orgs::visitor(base, org, client.ip.as_deref()).await;

    let look = token.clone();
    let proofs = edge.read(move |tx, ctx| challenged(tx, ctx, &look)).await?.ok_or(Error::Unauthenticated)?.1;
    let keys = Keys::new("sign_in", &rules::email_key(&proofs.email), client.ip.as_deref());
    let code = totp::read_code(base, org, &proofs, code)?;

    let client = client.clone();
    let outcome = edge.write(move |tx, ctx| judge_code(tx, ctx, &token, &keys, &code, &client)).await?;
    match outcome {
        None => Err(Error::Unauthenticated),
        Some(Outcome::In(begun)) => begun.finish(base, org),
        Some(Outcome::Locked { retry_after_s }) => Err(Error::TooMany { retry_after_s }),
        Some(Outcome::Refused | Outcome::SecondStep { .. }) => Err(Error::field("code", "totp.wrong")),
    }
}

/// Who stands at this challenge; none when it is spent.
fn challenged(tx: &mut Tx, ctx: &Ctx, token: &Bearer<InviteId>) -> Result<Option<(credentials::Link, Proofs)>, Error> {
    let link = match links::open(tx, ctx, token, &[LinkKind::SecondStep]) {
        Ok(link) if link.attempts < rules::SECOND_STEP_ATTEMPTS => link,
        Ok(_) | Err(Error::Conflict { .. }) => return Ok(None),
        Err(other) => return Err(other),
    };
    let Some(user) = link.user else { return Ok(None) };
    let proofs = users::proofs(tx, user)?.filter(|proofs| proofs.state == UserState::Active);
    Ok(proofs.map(|proofs| (link, proofs)))
}

fn judge_code(tx: &mut Tx, ctx: &Ctx, token: &Bearer<InviteId>, keys: &Keys, code: &totp::Code, client: &Client) -> Result<Option<Outcome>, Error> {
    let Some((link, proofs)) = challenged(tx, ctx, token)? else { return Ok(None) };
    if let Some(retry_after_s) = lockout::held_for_s(tx, ctx, keys)? {
        return Ok(Some(Outcome::Locked { retry_after_s }));
    }
    let Some(method) = totp::spend(tx, ctx, proofs.id, code)? else {
        credentials::count_attempt(tx, link.id)?;
        return refuse(tx, ctx, keys, Some(proofs.id), "totp").map(Some);
    };
    if !credentials::use_link(tx, link.id, ctx.now)? {
        return Ok(None);
    }

    lockout::succeeded(tx, keys)?;
    let client = Client { is_trusted: link.is_trusted, ..client.clone() };
    let kind = link.session_kind.unwrap_or(SessionKind::Browser);
    begin(tx, ctx, proofs.id, &client, kind, method).map(|begun| Some(Outcome::In(begun)))
}
