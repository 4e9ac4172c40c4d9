//! Sessions and keys, and what authenticating needs to know of their owners.

use db::{Tx, params};
use kernel::{ApiKeyId, Error, Locale, Permissions, RoleId, SessionId, Time, UserId};

use super::{Rights, StoreList, roles};
use crate::model::{ApiKey, Client, NewApiKey, Session, SessionKind, UserState};

db::row! {
    struct SessionRow {
        id: SessionId,
        user: UserId,
        kind: SessionKind,
        is_trusted: bool,
        user_agent: Option<String>,
        ip: Option<String>,
        created_at: Time,
        last_seen_at: Time,
        expires_at: Time,
    }

    struct BorneRow {
        user: UserId,
        kind: SessionKind,
        secret_hash: Vec<u8>,
        is_trusted: bool,
        created_at: Time,
        last_seen_at: Time,
        expires_at: Time,
        locale: Option<Locale>,
        state: UserState,
        code: Option<String>,
        permissions: Rights,
    }

    struct KeyRow {
        id: ApiKeyId,
        name: String,
        role: Option<RoleId>,
        user: Option<UserId>,
        scopes: Option<Rights>,
        stores: Option<StoreList>,
        created_by: Option<UserId>,
        created_at: Time,
        expires_at: Option<Time>,
        last_used_at: Option<Time>,
        revoked_at: Option<Time>,
    }

    struct BorneKeyRow {
        user: Option<UserId>,
        secret_hash: Vec<u8>,
        scopes: Option<Rights>,
        stores: Option<StoreList>,
        expires_at: Option<Time>,
        last_used_at: Option<Time>,
        state: Option<UserState>,
        locale: Option<Locale>,
        code: Option<String>,
        permissions: Rights,
    }
}

/// A live session with its owner's rights.
pub(crate) struct Borne {
    pub(crate) user: UserId,
    pub(crate) kind: SessionKind,
    pub(crate) secret_hash: Vec<u8>,
    pub(crate) is_trusted: bool,
    pub(crate) created_at: Time,
    pub(crate) last_seen_at: Time,
    pub(crate) expires_at: Time,
    pub(crate) locale: Option<Locale>,
    pub(crate) permissions: Permissions,
}

/// A live key with its owner's rights.
pub(crate) struct BorneKey {
    pub(crate) user: Option<UserId>,
    pub(crate) secret_hash: Vec<u8>,
    pub(crate) permissions: Permissions,
    pub(crate) stores: Option<Vec<kernel::StoreId>>,
    pub(crate) expires_at: Option<Time>,
    pub(crate) last_used_at: Option<Time>,
    pub(crate) locale: Option<Locale>,
    /// What its owner sees is decided by the role alone, not by the scopes.
    pub(crate) role: Permissions,
}

pub(crate) struct Insert<'a> {
    pub(crate) id: SessionId,
    pub(crate) user: UserId,
    pub(crate) kind: SessionKind,
    pub(crate) secret_hash: [u8; 32],
    pub(crate) client: &'a Client,
    pub(crate) keeps_ip: bool,
    pub(crate) now: Time,
    pub(crate) expires_at: Time,
}

pub(crate) fn insert(tx: &mut Tx, new: &Insert<'_>) -> Result<(), Error> {
    let user_agent = new.client.user_agent.as_deref().map(|agent| kernel::cut(agent, 300));
    let ip = new.client.ip.as_deref().filter(|_| new.keeps_ip);
    tx.execute(
        "insert into sessions (org_id, id, user_id, kind, secret_hash, is_trusted, user_agent, ip, created_at, last_seen_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10)",
        params![tx.org(), new.id, new.user, new.kind, new.secret_hash.as_slice(), new.client.is_trusted, user_agent, ip, new.now, new.expires_at],
    )?;
    Ok(())
}

/// The session and its owner, unless it was ended or its owner archived.
pub(crate) fn borne(tx: &mut Tx, id: SessionId) -> Result<Option<Borne>, Error> {
    let row: Option<BorneRow> = tx.optional(
        "select s.user_id as user, s.kind, s.secret_hash, s.is_trusted, s.created_at, s.last_seen_at, s.expires_at,
                u.locale, u.state, r.code, r.permissions
           from sessions s
           join users u on u.org_id = s.org_id and u.id = s.user_id
           join roles r on r.org_id = u.org_id and r.id = u.role_id
          where s.org_id = $1
            and s.id = $2
            and s.ended_at is null",
        params![tx.org(), id],
    )?;
    Ok(row.filter(|row| row.state == UserState::Active).map(|row| Borne {
        user: row.user,
        kind: row.kind,
        secret_hash: row.secret_hash,
        is_trusted: row.is_trusted,
        created_at: row.created_at,
        last_seen_at: row.last_seen_at,
        expires_at: row.expires_at,
        locale: row.locale,
        permissions: roles::effective(row.code.as_deref(), row.permissions),
    }))
}

/// Notes that it was used; another process may have been faster.
pub(crate) fn touch(tx: &mut Tx, id: SessionId, before: Time, now: Time, expires_at: Time) -> Result<(), Error> {
    tx.execute(
        "update sessions
            set last_seen_at = $4, expires_at = $5
          where org_id = $1
            and id = $2
            and last_seen_at = $3
            and ended_at is null",
        params![tx.org(), id, before, now, expires_at],
    )?;
    Ok(())
}

/// Live sessions, of one person or of all, the last used first.
pub(crate) fn list(tx: &mut Tx, user: Option<UserId>, current: Option<SessionId>, now: Time) -> Result<Vec<Session>, Error> {
    let mut params = params![tx.org(), now];
    let only = user.map_or("", |_| " and user_id = $3");
    params.extend(user.iter().map(db::ToValue::to_value));
    let rows: Vec<SessionRow> = tx.rows(
        &format!(
            "select id, user_id as user, kind, is_trusted, user_agent, ip, created_at, last_seen_at, expires_at
               from sessions
              where org_id = $1
                and ended_at is null
                and expires_at > $2{only}
              order by last_seen_at desc, id desc
              limit 1000"
        ),
        params,
    )?;
    Ok(rows.into_iter().map(|row| row.shown(current)).collect())
}

impl SessionRow {
    fn shown(self, current: Option<SessionId>) -> Session {
        Session {
            id: self.id,
            user: self.user,
            kind: self.kind,
            is_trusted: self.is_trusted,
            user_agent: self.user_agent,
            ip: self.ip,
            created_at: self.created_at,
            last_seen_at: self.last_seen_at,
            expires_at: self.expires_at,
            is_current: current == Some(self.id),
        }
    }
}

/// Whose session it is, while it lives.
pub(crate) fn owner(tx: &mut Tx, id: SessionId) -> Result<Option<UserId>, Error> {
    let row: Option<(UserId,)> =
        tx.optional("select user_id from sessions where org_id = $1 and id = $2 and ended_at is null", params![tx.org(), id])?;
    Ok(row.map(|(user,)| user))
}

pub(crate) fn end(tx: &mut Tx, id: SessionId, now: Time) -> Result<(), Error> {
    tx.execute("update sessions set ended_at = $3 where org_id = $1 and id = $2 and ended_at is null", params![tx.org(), id, now])?;
    Ok(())
}

/// Ends all of somebody's sessions but one; answers which.
pub(crate) fn end_all(tx: &mut Tx, user: UserId, but: Option<SessionId>, now: Time) -> Result<Vec<SessionId>, Error> {
    let but = but.map_or(0, kernel::Id::to_i64);
    let rows: Vec<(SessionId,)> = tx.rows(
        "update sessions
            set ended_at = $4
          where org_id = $1
            and user_id = $2
            and id <> $3
            and ended_at is null
         returning id",
        params![tx.org(), user, but, now],
    )?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Removes sessions that ended or ran out before `before`; at most `limit`.
pub(crate) fn purge(tx: &mut Tx, before: Time, limit: u32) -> Result<u64, Error> {
    tx.execute(
        "delete from sessions
          where org_id = $1
            and id in (select id from sessions where org_id = $1 and expires_at < $2 order by expires_at limit $3)",
        params![tx.org(), before, limit],
    )
}

pub(crate) fn insert_key(
    tx: &mut Tx,
    id: ApiKeyId,
    new: &NewApiKey,
    user: Option<UserId>,
    created_by: Option<UserId>,
    secret_hash: [u8; 32],
    now: Time,
) -> Result<(), Error> {
    let scopes = new.scopes.as_ref().map(|scopes| Rights(scopes.iter().copied().collect()));
    let stores = new.stores.clone().map(StoreList);
    tx.execute(
        "insert into api_keys (org_id, id, name, role_id, user_id, scopes, stores, secret_hash, created_by, created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        params![tx.org(), id, new.name.trim(), new.role, user, scopes, stores, secret_hash.as_slice(), created_by, now, new.expires_at],
    )?;
    Ok(())
}

const SELECT_KEY: &str = "select id, name, role_id as role, user_id as user, scopes, stores, created_by, created_at, expires_at, last_used_at,
            revoked_at
       from api_keys";

impl From<KeyRow> for ApiKey {
    fn from(row: KeyRow) -> ApiKey {
        ApiKey {
            id: row.id,
            name: row.name,
            role: row.role,
            user: row.user,
            scopes: row.scopes.map(|rights| rights.0),
            stores: row.stores.map(|list| list.0),
            created_by: row.created_by,
            created_at: row.created_at,
            expires_at: row.expires_at,
            last_used_at: row.last_used_at,
            revoked_at: row.revoked_at,
        }
    }
}

pub(crate) fn list_keys(tx: &mut Tx, user: Option<UserId>) -> Result<Vec<ApiKey>, Error> {
    let mut params = params![tx.org()];
    let only = user.map_or("", |_| " and user_id = $2");
    params.extend(user.iter().map(db::ToValue::to_value));
    let sql = format!("{SELECT_KEY} where org_id = $1 and revoked_at is null{only} order by id desc limit 1000");
    let rows: Vec<KeyRow> = tx.rows(&sql, params)?;
    Ok(rows.into_iter().map(ApiKey::from).collect())
}

pub(crate) fn find_key(tx: &mut Tx, id: ApiKeyId) -> Result<Option<ApiKey>, Error> {
    let row: Option<KeyRow> = tx.optional(&format!("{SELECT_KEY} where org_id = $1 and id = $2"), params![tx.org(), id])?;
    Ok(row.map(ApiKey::from))
}

pub(crate) fn revoke_key(tx: &mut Tx, id: ApiKeyId, now: Time) -> Result<(), Error> {
    tx.execute("update api_keys set revoked_at = $3 where org_id = $1 and id = $2 and revoked_at is null", params![tx.org(), id, now])?;
    Ok(())
}

/// Ends all keys that belong to somebody; answers which.
pub(crate) fn revoke_keys_of(tx: &mut Tx, user: UserId, now: Time) -> Result<Vec<ApiKeyId>, Error> {
    let rows: Vec<(ApiKeyId,)> = tx.rows(
        "update api_keys set revoked_at = $3 where org_id = $1 and user_id = $2 and revoked_at is null returning id",
        params![tx.org(), user, now],
    )?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// The key and its owner's rights, unless it was revoked or its owner archived.
pub(crate) fn borne_key(tx: &mut Tx, id: ApiKeyId) -> Result<Option<BorneKey>, Error> {
    let row: Option<BorneKeyRow> = tx.optional(
        "select k.user_id as user, k.secret_hash, k.scopes, k.stores, k.expires_at, k.last_used_at, u.state, u.locale, r.code, r.permissions
           from api_keys k
           left join users u on u.org_id = k.org_id and u.id = k.user_id
           join roles r on r.org_id = k.org_id and r.id = coalesce(k.role_id, u.role_id)
          where k.org_id = $1
            and k.id = $2
            and k.revoked_at is null",
        params![tx.org(), id],
    )?;
    Ok(row.filter(|row| row.state.is_none_or(|state| state == UserState::Active)).map(|row| {
        let role = roles::effective(row.code.as_deref(), row.permissions);
        BorneKey {
            user: row.user,
            secret_hash: row.secret_hash,
            permissions: row.scopes.map_or_else(|| role.clone(), |scopes| role.and(&scopes.0)),
            stores: row.stores.map(|list| list.0),
            expires_at: row.expires_at,
            last_used_at: row.last_used_at,
            locale: row.locale,
            role,
        }
    }))
}

pub(crate) fn touch_key(tx: &mut Tx, id: ApiKeyId, now: Time) -> Result<(), Error> {
    tx.execute("update api_keys set last_used_at = $3 where org_id = $1 and id = $2", params![tx.org(), id, now])?;
    Ok(())
}

db::row! {
    /// Where a session began.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Origin {
        /// Which.
        pub id: SessionId,
        /// From which address, unless the organization keeps none.
        pub ip: Option<String>,
        /// What the browser calls itself.
        pub user_agent: Option<String>,
    }
}

/// Where these sessions began; those that are gone are left out.
pub(crate) fn origins(tx: &mut Tx, ids: &[SessionId]) -> Result<Vec<Origin>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut values = params![tx.org()];
    values.extend(ids.iter().map(kernel::value::ToValue::to_value));
    let marks = db::dialect::markers(2, ids.len());
    tx.rows(&format!("select id, ip, user_agent from sessions where org_id = $1 and id in ({marks}) limit 10000"), values)
}
