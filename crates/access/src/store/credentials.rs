//! Links that work once, the second factor, and failures.

use db::{Tx, dialect, params};
use kernel::{Error, InviteId, Time, UserId};

use crate::model::{LinkKind, SessionKind};
use crate::rules::Failures;

db::row! {
    /// A link that works once.
    #[derive(Clone)]
    pub(crate) struct Link {
        pub(crate) id: InviteId,
        pub(crate) kind: LinkKind,
        pub(crate) user: Option<UserId>,
        pub(crate) secret_hash: Vec<u8>,
        pub(crate) email: Option<String>,
        pub(crate) session_kind: Option<SessionKind>,
        pub(crate) is_trusted: bool,
        pub(crate) attempts: i64,
        pub(crate) created_at: Time,
        pub(crate) expires_at: Time,
        pub(crate) used_at: Option<Time>,
    }

    struct FailuresRow {
        failures: i64,
        last_at: Time,
        locked_until: Option<Time>,
    }
}

pub(crate) fn insert_link(tx: &mut Tx, link: &Link) -> Result<(), Error> {
    tx.execute(
        "insert into access_links (org_id, id, kind, user_id, secret_hash, email, session_kind, is_trusted, attempts, created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, $10)",
        params![
            tx.org(),
            link.id,
            link.kind,
            link.user,
            link.secret_hash.as_slice(),
            link.email,
            link.session_kind,
            link.is_trusted,
            link.created_at,
            link.expires_at
        ],
    )?;
    Ok(())
}

pub(crate) fn find_link(tx: &mut Tx, id: InviteId) -> Result<Option<Link>, Error> {
    tx.optional(
        "select id, kind, user_id as user, secret_hash, email, session_kind, is_trusted, attempts, created_at, expires_at, used_at
           from access_links
          where org_id = $1
            and id = $2",
        params![tx.org(), id],
    )
}

/// Spends a link; false when somebody was faster.
pub(crate) fn use_link(tx: &mut Tx, id: InviteId, now: Time) -> Result<bool, Error> {
    let used = tx.execute("update access_links set used_at = $3 where org_id = $1 and id = $2 and used_at is null", params![tx.org(), id, now])?;
    Ok(used > 0)
}

/// Spends all links of a kind, of one person or of nobody in particular.
pub(crate) fn void_links(tx: &mut Tx, kind: LinkKind, user: Option<UserId>, now: Time) -> Result<(), Error> {
    let mut params = params![tx.org(), kind, now];
    let whose = if user.is_some() { "user_id = $4" } else { "user_id is null" };
    params.extend(user.iter().map(db::ToValue::to_value));
    tx.execute(&format!("update access_links set used_at = $3 where org_id = $1 and kind = $2 and used_at is null and {whose}"), params)?;
    Ok(())
}

/// Spends every link of a person.
pub(crate) fn void_all_links(tx: &mut Tx, user: UserId, now: Time) -> Result<(), Error> {
    tx.execute("update access_links set used_at = $3 where org_id = $1 and user_id = $2 and used_at is null", params![tx.org(), user, now])?;
    Ok(())
}

pub(crate) fn count_attempt(tx: &mut Tx, id: InviteId) -> Result<(), Error> {
    tx.execute("update access_links set attempts = attempts + 1 where org_id = $1 and id = $2", params![tx.org(), id])?;
    Ok(())
}

pub(crate) fn purge_links(tx: &mut Tx, before: Time, limit: u32) -> Result<u64, Error> {
    tx.execute(
        "delete from access_links
          where org_id = $1
            and id in (select id from access_links where org_id = $1 and expires_at < $2 order by expires_at limit $3)",
        params![tx.org(), before, limit],
    )
}

pub(crate) fn failures(tx: &mut Tx, key: &str) -> Result<Option<Failures>, Error> {
    // Held until the commit, so that two failures at once count as two.
    let sql = format!("select failures, last_at, locked_until from lockouts where org_id = $1 and key = $2{}", dialect::for_update(tx.engine()));
    found(tx.optional(&sql, params![tx.org(), key])?)
}

/// The same in a read, where nothing can be held.
pub(crate) fn failures_now(tx: &mut Tx, key: &str) -> Result<Option<Failures>, Error> {
    found(tx.optional("select failures, last_at, locked_until from lockouts where org_id = $1 and key = $2", params![tx.org(), key])?)
}

fn found(row: Option<FailuresRow>) -> Result<Option<Failures>, Error> {
    Ok(row.map(|row| Failures { failures: row.failures, last_at: row.last_at, locked_until: row.locked_until }))
}

/// Makes the row, so that it can be held.
pub(crate) fn begin_failures(tx: &mut Tx, key: &str, now: Time) -> Result<(), Error> {
    tx.execute(
        "insert into lockouts (org_id, key, failures, last_at) values ($1, $2, 0, $3) on conflict (org_id, key) do nothing",
        params![tx.org(), key, now],
    )?;
    Ok(())
}

pub(crate) fn set_failures(tx: &mut Tx, key: &str, failures: Failures) -> Result<(), Error> {
    tx.execute(
        "update lockouts set failures = $3, last_at = $4, locked_until = $5 where org_id = $1 and key = $2",
        params![tx.org(), key, failures.failures, failures.last_at, failures.locked_until],
    )?;
    Ok(())
}

pub(crate) fn forget_failures(tx: &mut Tx, key: &str) -> Result<(), Error> {
    // Not deleted: somebody may be waiting to hold the row.
    tx.execute("update lockouts set failures = 0, locked_until = null where org_id = $1 and key = $2", params![tx.org(), key])?;
    Ok(())
}

pub(crate) fn purge_failures(tx: &mut Tx, before: Time, limit: u32) -> Result<u64, Error> {
    tx.execute(
        "delete from lockouts
          where org_id = $1
            and key in (select key from lockouts where org_id = $1 and last_at < $2 order by last_at limit $3)",
        params![tx.org(), before, limit],
    )
}

pub(crate) fn totp_secrets(tx: &mut Tx) -> Result<Vec<(UserId, Vec<u8>)>, Error> {
    tx.rows("select id, totp_secret from users where org_id = $1 and totp_secret is not null order by id limit 100000", params![tx.org()])
}

/// The same secret under another key: nothing else about the user changes.
pub(crate) fn rewrap_totp_secret(tx: &mut Tx, user: UserId, sealed: &[u8]) -> Result<(), Error> {
    tx.execute("update users set totp_secret = $3 where org_id = $1 and id = $2", params![tx.org(), user, sealed]).map(drop)
}

pub(crate) fn set_totp_secret(tx: &mut Tx, user: UserId, sealed: &[u8]) -> Result<(), Error> {
    tx.execute(
        "update users set totp_secret = $3, totp_confirmed_at = null, totp_last_step = null where org_id = $1 and id = $2",
        params![tx.org(), user, sealed],
    )?;
    Ok(())
}

pub(crate) fn confirm_totp(tx: &mut Tx, user: UserId, now: Time) -> Result<(), Error> {
    tx.execute("update users set totp_confirmed_at = $3, version = version + 1 where org_id = $1 and id = $2", params![tx.org(), user, now])?;
    Ok(())
}

pub(crate) fn clear_totp(tx: &mut Tx, user: UserId) -> Result<(), Error> {
    tx.execute(
        "update users
            set totp_secret = null, totp_confirmed_at = null, totp_last_step = null, version = version + 1
          where org_id = $1
            and id = $2",
        params![tx.org(), user],
    )?;
    tx.execute("delete from recovery_codes where org_id = $1 and user_id = $2", params![tx.org(), user])?;
    Ok(())
}

/// Takes a code's step; false when it or a later one was used before.
pub(crate) fn use_step(tx: &mut Tx, user: UserId, step: i64) -> Result<bool, Error> {
    let used = tx.execute(
        "update users
            set totp_last_step = $3
          where org_id = $1
            and id = $2
            and (totp_last_step is null or totp_last_step < $3)",
        params![tx.org(), user, step],
    )?;
    Ok(used > 0)
}

pub(crate) fn set_recovery_codes(tx: &mut Tx, user: UserId, hashes: &[[u8; 32]]) -> Result<(), Error> {
    tx.execute("delete from recovery_codes where org_id = $1 and user_id = $2", params![tx.org(), user])?;
    for hash in hashes {
        tx.execute("insert into recovery_codes (org_id, user_id, code_hash) values ($1, $2, $3)", params![tx.org(), user, hash.as_slice()])?;
    }
    Ok(())
}

/// Spends a recovery code; false when there is no such code or it was used before.
pub(crate) fn use_recovery_code(tx: &mut Tx, user: UserId, hash: [u8; 32], now: Time) -> Result<bool, Error> {
    let used = tx.execute(
        "update recovery_codes
            set used_at = $4
          where org_id = $1
            and user_id = $2
            and code_hash = $3
            and used_at is null",
        params![tx.org(), user, hash.as_slice(), now],
    )?;
    Ok(used > 0)
}

pub(crate) fn count_recovery_codes(tx: &mut Tx, user: UserId) -> Result<i64, Error> {
    let (left,): (i64,) =
        tx.one("select count(*) from recovery_codes where org_id = $1 and user_id = $2 and used_at is null", params![tx.org(), user])?;
    Ok(left)
}
