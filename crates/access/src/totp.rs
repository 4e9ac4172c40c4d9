//! The second factor: codes of an authenticator (TOTP, RFC 6238: SHA-1, six digits, 30 seconds, one
//! step of tolerance) and recovery codes for the day it is lost.
//!
//! The secret is sealed with the master key. A code counts once: its step is remembered. Of
//! recovery codes only hashes are stored.

use base::{Base, Ctx, Edge, events};
use db::Tx;
use kernel::{Error, Event, Hidden, OrgId, Permission, UserId};
use totp_rs::{Builder, Totp};

use crate::store::users::Proofs;
use crate::store::{credentials, users};
use crate::{account, tokens};

const PURPOSE: &str = "totp";
const RECOVERY_CODES: usize = 10;
/// Letters of a recovery code: 32 signs each, so 80 bits in 16.
const RECOVERY_LETTERS: usize = 16;

/// What somebody needs to add Kafila to an authenticator.
#[derive(Clone, Debug)]
pub struct Enrollment {
    /// For typing, in base 32.
    pub secret: Hidden,
    /// The `otpauth://` address.
    pub url: Hidden,
    /// The same as a picture to scan: an SVG document.
    pub qr_svg: Hidden,
}

/// Recovery codes, shown once.
#[derive(Clone, Debug)]
pub struct RecoveryCodes(pub Vec<Hidden>);

/// A code as somebody typed it, compared before the transaction.
pub(crate) enum Code {
    /// Right, of this step; whether the step was used before is for the transaction to say.
    Step(i64),
    /// Looks like a recovery code.
    Recovery([u8; 32]),
    /// Neither.
    Wrong,
}

/// Begins to switch the second factor on for the caller; nothing changes until [`confirm`].
/// `totp.on` when it is on already.
pub async fn begin(edge: &Edge) -> Result<Enrollment, Error> {
    let user = account::person(&edge.ctx)?;
    let secret: [u8; 20] = rand::random();
    let sealed = edge.base.secrets().seal(edge.ctx.org, PURPOSE, &secret)?;

    let (email, issuer) = edge
        .write(move |tx, ctx| {
            let proofs = users::proofs(tx, user)?.ok_or(Error::not_found("user"))?;
            if proofs.totp_confirmed_at.is_some() {
                return Err(Error::conflict("totp.on"));
            }
            credentials::set_totp_secret(tx, user, &sealed)?;
            Ok((proofs.email, ctx.settings.general.name.clone()))
        })
        .await?;

    drawn(secret, &email, &issuer)
}

/// What was begun and waits for its first code; none when nothing does.
pub async fn pending(edge: &Edge) -> Result<Option<Enrollment>, Error> {
    let user = account::person(&edge.ctx)?;
    let found = edge
        .read(move |tx, ctx| {
            let proofs = users::proofs(tx, user)?.ok_or(Error::not_found("user"))?;
            let sealed = proofs.totp_secret.filter(|_| proofs.totp_confirmed_at.is_none());
            Ok(sealed.map(|sealed| (sealed, proofs.email, ctx.settings.general.name.clone())))
        })
        .await?;
    let Some((sealed, email, issuer)) = found else { return Ok(None) };
    let secret = edge.base.secrets().open(edge.ctx.org, PURPOSE, &sealed)?;
    drawn(secret, &email, &issuer).map(Some)
}

/// The secret as text, address and picture.
fn drawn(secret: impl Into<Vec<u8>>, email: &str, issuer: &str) -> Result<Enrollment, Error> {
    // The address separates its parts by colons.
    let issuer = if issuer.trim().is_empty() { "Kafila".to_owned() } else { issuer.replace(':', " ") };
    let totp = Builder::new()
        .with_secret(secret.into())
        .with_account_name(email.replace(':', " "))
        .with_issuer(Some(issuer))
        .build()
        .map_err(|error| Error::internal(error.to_string()))?;
    let url = totp.to_url().map_err(|error| Error::internal(error.to_string()))?;
    let picture = qrcode::QrCode::new(url.as_bytes()).map_err(|error| Error::internal(error.to_string()))?;
    let qr_svg = picture.render::<qrcode::render::svg::Color<'_>>().min_dimensions(200, 200).build();
    Ok(Enrollment { secret: Hidden::new(totp.secret().to_base32()), url: Hidden::new(url), qr_svg: Hidden::new(qr_svg) })
}

/// Switches the second factor on with a first code, and answers recovery codes. The caller's other
/// sessions end.
pub async fn confirm(edge: &Edge, code: &str) -> Result<RecoveryCodes, Error> {
    let user = account::person(&edge.ctx)?;
    let proofs = edge.read(move |tx, _| users::proofs(tx, user)).await?.ok_or(Error::not_found("user"))?;
    if proofs.totp_confirmed_at.is_some() {
        return Err(Error::conflict("totp.on"));
    }
    let code = read_step(&edge.base, edge.ctx.org, &proofs, code)?;
    let codes = new_codes();

    let hashes = hashes(&codes);
    edge.write(move |tx, ctx| {
        let Some(step) = code else { return Err(wrong()) };
        if !credentials::use_step(tx, user, step)? {
            return Err(wrong());
        }
        credentials::confirm_totp(tx, user, ctx.now)?;
        credentials::set_recovery_codes(tx, user, &hashes)?;
        crate::sessions::end_others(tx, ctx, user)?;
        changed(tx, ctx, user, true)
    })
    .await?;
    Ok(RecoveryCodes(codes))
}

/// Replaces the caller's recovery codes; needs the password.
pub async fn renew_recovery_codes(edge: &Edge, password: &Hidden) -> Result<RecoveryCodes, Error> {
    let user = account::person(&edge.ctx)?;
    account::confirm_password(edge, password).await?;
    let codes = new_codes();

    let hashes = hashes(&codes);
    edge.write(move |tx, ctx| {
        let proofs = users::proofs(tx, user)?.ok_or(Error::not_found("user"))?;
        if proofs.totp_confirmed_at.is_none() {
            return Err(Error::conflict("totp.off"));
        }
        credentials::set_recovery_codes(tx, user, &hashes)?;
        changed(tx, ctx, user, true)
    })
    .await?;
    Ok(RecoveryCodes(codes))
}

/// How many recovery codes the caller has left.
pub fn recovery_codes_left(tx: &mut Tx, ctx: &Ctx) -> Result<i64, Error> {
    let user = account::person(ctx)?;
    credentials::count_recovery_codes(tx, user)
}

/// Switches the caller's second factor off; needs the password.
pub async fn turn_off(edge: &Edge, password: &Hidden) -> Result<(), Error> {
    let user = account::person(&edge.ctx)?;
    account::confirm_password(edge, password).await?;
    edge.write(move |tx, ctx| {
        credentials::clear_totp(tx, user)?;
        changed(tx, ctx, user, false)
    })
    .await
}

/// Switches somebody's second factor off who has lost it. Needs `user.edit` and all of their rights;
/// their sessions end.
pub fn reset_of(tx: &mut Tx, ctx: &Ctx, id: UserId) -> Result<(), Error> {
    ctx.require(Permission::UserEdit)?;

    let user = crate::users::load_changeable(tx, ctx, id)?;
    credentials::clear_totp(tx, user.id)?;
    crate::sessions::end_all_of(tx, ctx, user.id)?;
    changed(tx, ctx, user.id, false)
}

fn changed(tx: &mut Tx, ctx: &Ctx, user: UserId, is_on: bool) -> Result<(), Error> {
    events::record(tx, ctx, Event::TotpChanged { user, is_on })?;
    tx.touch(crate::users::TOPIC, user);
    Ok(())
}

/// Seals the secrets of all authenticators again with the current key; answers how many needed it.
pub fn rewrap(tx: &mut Tx, ctx: &Ctx) -> Result<u64, Error> {
    let mut changed = 0;
    for (user, sealed) in credentials::totp_secrets(tx)? {
        if let Some(sealed) = ctx.secrets.rewrapped(tx.org(), PURPOSE, &sealed)? {
            credentials::rewrap_totp_secret(tx, user, &sealed)?;
            changed += 1;
        }
    }
    Ok(changed)
}

/// Compares a typed code with somebody's secret at this moment.
pub(crate) fn read_code(base: &Base, org: OrgId, proofs: &Proofs, code: &str) -> Result<Code, Error> {
    let letters: String = code.chars().filter(|sign| sign.is_ascii_alphanumeric()).collect::<String>().to_ascii_uppercase();
    if letters.len() == RECOVERY_LETTERS {
        return Ok(Code::Recovery(tokens::hash(&letters)));
    }
    Ok(read_step(base, org, proofs, code)?.map_or(Code::Wrong, Code::Step))
}

fn read_step(base: &Base, org: OrgId, proofs: &Proofs, code: &str) -> Result<Option<i64>, Error> {
    let Some(sealed) = &proofs.totp_secret else { return Ok(None) };
    let digits: String = kernel::western_digits(code).chars().filter(|sign| !sign.is_whitespace()).collect();
    let seconds = u64::try_from(base.now().0 / kernel::Time::SECOND).unwrap_or(0);
    let step = authenticator(base, org, sealed)?.check(&digits, seconds).and_then(|step| i64::try_from(step).ok());
    Ok(step.filter(|step| proofs.totp_last_step.is_none_or(|last| last < *step)))
}

fn authenticator(base: &Base, org: OrgId, sealed: &[u8]) -> Result<Totp, Error> {
    let secret = base.secrets().open(org, PURPOSE, sealed)?;
    Builder::new().with_secret(secret).build().map_err(|error| Error::internal(error.to_string()))
}

/// Spends a code; answers the method of signing in, or nothing when it is wrong or was used before.
pub(crate) fn spend(tx: &mut Tx, ctx: &Ctx, user: UserId, code: &Code) -> Result<Option<&'static str>, Error> {
    Ok(match code {
        Code::Step(step) => credentials::use_step(tx, user, *step)?.then_some("password+totp"),
        Code::Recovery(hash) => credentials::use_recovery_code(tx, user, *hash, ctx.now)?.then_some("password+recovery"),
        Code::Wrong => None,
    })
}

/// `ABCD-EFGH-JKLM-NPQR`: letters and digits that cannot be mistaken for each other.
fn new_codes() -> Vec<Hidden> {
    const SIGNS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    (0..RECOVERY_CODES)
        .map(|_| {
            let random: [u8; RECOVERY_LETTERS] = rand::random();
            let letters: String = random.iter().map(|byte| char::from(SIGNS[usize::from(byte % 32)])).collect();
            Hidden::new(format!("{}-{}-{}-{}", &letters[..4], &letters[4..8], &letters[8..12], &letters[12..]))
        })
        .collect()
}

fn hashes(codes: &[Hidden]) -> Vec<[u8; 32]> {
    codes.iter().map(|code| tokens::hash(&code.reveal().replace('-', ""))).collect()
}

fn wrong() -> Error {
    Error::field("code", "totp.wrong")
}
