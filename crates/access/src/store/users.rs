//! People, their stores and how they like their pages.

use std::collections::HashMap;

use db::{OnUnique, Tx, dialect, params};
use kernel::{Error, Locale, Permissions, RoleId, StoreId, Time, UserId, Version};

use crate::model::{Person, User, UserState};
use crate::passwords::PasswordHash;
use crate::rules;
use crate::store::Rights;

db::row! {
    struct UserRow {
        id: UserId,
        email: String,
        name: String,
        role: RoleId,
        role_name: String,
        state: UserState,
        locale: Option<Locale>,
        has_totp: bool,
        email_verified_at: Option<Time>,
        last_sign_in_at: Option<Time>,
        created_at: Time,
        version: i64,
    }

    /// What signing in compares.
    pub(crate) struct Proofs {
        pub(crate) id: UserId,
        pub(crate) email: String,
        pub(crate) name: String,
        pub(crate) state: UserState,
        pub(crate) password_hash: Option<String>,
        pub(crate) locale: Option<Locale>,
        pub(crate) totp_secret: Option<Vec<u8>>,
        pub(crate) totp_confirmed_at: Option<Time>,
        pub(crate) totp_last_step: Option<i64>,
    }
}

const SELECT: &str = "select u.id, u.email, u.name, u.role_id as role, r.name as role_name, u.state, u.locale,
            case when u.totp_confirmed_at is null then 0 else 1 end as has_totp,
            u.email_verified_at, u.last_sign_in_at, u.created_at, u.version
       from users u
       join roles r on r.org_id = u.org_id and r.id = u.role_id";

const PROOFS: &str = "select id, email, name, state, password_hash, locale, totp_secret, totp_confirmed_at, totp_last_step from users";

impl UserRow {
    fn with(self, stores: Vec<StoreId>) -> User {
        User {
            id: self.id,
            email: self.email,
            name: self.name,
            role: self.role,
            role_name: self.role_name,
            state: self.state,
            stores,
            locale: self.locale,
            has_totp: self.has_totp,
            email_verified_at: self.email_verified_at,
            last_sign_in_at: self.last_sign_in_at,
            created_at: self.created_at,
            version: self.version,
        }
    }
}

pub(crate) fn list(tx: &mut Tx, with_archived: bool) -> Result<Vec<User>, Error> {
    let only = if with_archived { "" } else { " and u.archived_at is null" };
    let rows: Vec<UserRow> = tx.rows(&format!("{SELECT} where u.org_id = $1{only} order by u.name, u.id limit 2000"), params![tx.org()])?;
    let pairs: Vec<(UserId, StoreId)> =
        tx.rows("select user_id, store_id from user_stores where org_id = $1 order by user_id, store_id limit 100000", params![tx.org()])?;
    let mut stores: HashMap<UserId, Vec<StoreId>> = HashMap::new();
    for (user, store) in pairs {
        stores.entry(user).or_default().push(store);
    }
    Ok(rows.into_iter().map(|row| (stores.remove(&row.id).unwrap_or_default(), row)).map(|(stores, row)| row.with(stores)).collect())
}

pub(crate) fn find(tx: &mut Tx, id: UserId) -> Result<Option<User>, Error> {
    let row: Option<UserRow> = tx.optional(&format!("{SELECT} where u.org_id = $1 and u.id = $2"), params![tx.org(), id])?;
    let Some(row) = row else { return Ok(None) };
    let stores = stores_of(tx, id)?;
    Ok(Some(row.with(stores)))
}

/// What somebody active may do.
pub(crate) fn permissions(tx: &mut Tx, id: UserId) -> Result<Option<Permissions>, Error> {
    let row: Option<(Option<String>, Rights)> = tx.optional(
        "select r.code, r.permissions
           from users u
           join roles r on r.org_id = u.org_id and r.id = u.role_id
          where u.org_id = $1
            and u.id = $2
            and u.state = 'active'",
        params![tx.org(), id],
    )?;
    Ok(row.map(|(code, rights)| super::roles::effective(code.as_deref(), rights)))
}

pub(crate) fn stores_of(tx: &mut Tx, id: UserId) -> Result<Vec<StoreId>, Error> {
    let rows: Vec<(StoreId,)> =
        tx.rows("select store_id from user_stores where org_id = $1 and user_id = $2 order by store_id limit 10000", params![tx.org(), id])?;
    Ok(rows.into_iter().map(|(store,)| store).collect())
}

/// Names of people, also of archived ones: history names them.
pub(crate) fn names(tx: &mut Tx, ids: &[UserId]) -> Result<Vec<Person>, Error> {
    let mut people = Vec::with_capacity(ids.len());
    for some in ids.chunks(500) {
        let mut params = params![tx.org()];
        params.extend(some.iter().map(db::ToValue::to_value));
        let sql = format!("select id, name from users where org_id = $1 and id in ({}) order by id", dialect::markers(2, some.len()));
        let rows: Vec<(UserId, String)> = tx.rows(&sql, params)?;
        people.extend(rows.into_iter().map(|(id, name)| Person { id, name }));
    }
    Ok(people)
}

/// Everybody who may take orders: active people.
pub(crate) fn list_active(tx: &mut Tx) -> Result<Vec<Person>, Error> {
    let rows: Vec<(UserId, String)> =
        tx.rows("select id, name from users where org_id = $1 and state = 'active' order by name, id limit 2000", params![tx.org()])?;
    Ok(rows.into_iter().map(|(id, name)| Person { id, name }).collect())
}

/// Whether this person may take orders.
pub(crate) fn is_active(tx: &mut Tx, id: UserId) -> Result<bool, Error> {
    let found: Option<(UserId,)> = tx.optional("select id from users where org_id = $1 and id = $2 and state = 'active'", params![tx.org(), id])?;
    Ok(found.is_some())
}

pub(crate) struct Insert<'a> {
    pub(crate) id: UserId,
    pub(crate) email: &'a str,
    pub(crate) name: &'a str,
    pub(crate) role: RoleId,
    pub(crate) state: UserState,
    pub(crate) password: Option<&'a PasswordHash>,
    pub(crate) locale: Option<Locale>,
    pub(crate) now: Time,
}

pub(crate) fn insert(tx: &mut Tx, user: &Insert<'_>) -> Result<(), Error> {
    let verified_at = (user.state == UserState::Active).then_some(user.now);
    tx.execute(
        "insert into users (org_id, id, email, email_key, name, role_id, state, password_hash, email_verified_at, locale, preferences,
                            created_at, version)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '{}', $11, 1)",
        params![
            tx.org(),
            user.id,
            user.email,
            rules::email_key(user.email),
            user.name,
            user.role,
            user.state,
            user.password.map(PasswordHash::as_str),
            verified_at,
            user.locale,
            user.now
        ],
    )
    .on_unique("users_email", email_taken)?;
    Ok(())
}

pub(crate) fn email_taken() -> Error {
    Error::field("email", "email.taken")
}

pub(crate) fn set_stores(tx: &mut Tx, id: UserId, stores: &[StoreId]) -> Result<(), Error> {
    tx.execute("delete from user_stores where org_id = $1 and user_id = $2", params![tx.org(), id])?;
    for store in stores {
        tx.execute("insert into user_stores (org_id, user_id, store_id) values ($1, $2, $3)", params![tx.org(), id, *store])?;
    }
    Ok(())
}

/// False when the version has moved on.
pub(crate) fn update(tx: &mut Tx, id: UserId, version: Version, name: &str, role: RoleId, locale: Option<Locale>) -> Result<bool, Error> {
    let changed = tx.execute(
        "update users
            set name = $4, role_id = $5, locale = $6, version = version + 1
          where org_id = $1
            and id = $2
            and version = $3
            and archived_at is null",
        params![tx.org(), id, version, name, role, locale],
    )?;
    Ok(changed > 0)
}

pub(crate) fn set_email(tx: &mut Tx, id: UserId, email: &str, now: Time) -> Result<(), Error> {
    tx.execute(
        "update users
            set email = $3, email_key = $4, email_verified_at = $5, version = version + 1
          where org_id = $1
            and id = $2",
        params![tx.org(), id, email, rules::email_key(email), now],
    )
    .on_unique("users_email", email_taken)?;
    Ok(())
}

pub(crate) fn verify_email(tx: &mut Tx, id: UserId, now: Time) -> Result<(), Error> {
    tx.execute("update users set email_verified_at = $3 where org_id = $1 and id = $2 and email_verified_at is null", params![tx.org(), id, now])?;
    Ok(())
}

/// Somebody invited is in.
pub(crate) fn join(tx: &mut Tx, id: UserId, name: &str, password: &PasswordHash, now: Time) -> Result<bool, Error> {
    let changed = tx.execute(
        "update users
            set state = 'active', name = $3, password_hash = $4, email_verified_at = $5, version = version + 1
          where org_id = $1
            and id = $2
            and state = 'invited'",
        params![tx.org(), id, name, password.as_str(), now],
    )?;
    Ok(changed > 0)
}

pub(crate) fn archive(tx: &mut Tx, id: UserId, now: Time) -> Result<(), Error> {
    tx.execute(
        "update users
            set state = 'archived', archived_at = $3, password_hash = null, totp_secret = null, totp_confirmed_at = null, version = version + 1
          where org_id = $1
            and id = $2",
        params![tx.org(), id, now],
    )?;
    Ok(())
}

/// Somebody who was let go is as they were before they joined.
pub(crate) fn reopen(tx: &mut Tx, id: UserId) -> Result<(), Error> {
    tx.execute(
        "update users
            set state = 'invited', archived_at = null, version = version + 1
          where org_id = $1
            and id = $2
            and state = 'archived'",
        params![tx.org(), id],
    )
    .on_unique("users_email", email_taken)?;
    Ok(())
}

pub(crate) fn set_password(tx: &mut Tx, id: UserId, password: &PasswordHash) -> Result<(), Error> {
    tx.execute("update users set password_hash = $3 where org_id = $1 and id = $2", params![tx.org(), id, password.as_str()])?;
    Ok(())
}

/// Replaces a hash by a better one of the same password, unless the password changed meanwhile.
pub(crate) fn upgrade_password(tx: &mut Tx, id: UserId, before: &str, better: &PasswordHash) -> Result<(), Error> {
    tx.execute(
        "update users set password_hash = $4 where org_id = $1 and id = $2 and password_hash = $3",
        params![tx.org(), id, before, better.as_str()],
    )?;
    Ok(())
}

pub(crate) fn note_sign_in(tx: &mut Tx, id: UserId, now: Time) -> Result<(), Error> {
    tx.execute("update users set last_sign_in_at = $3 where org_id = $1 and id = $2", params![tx.org(), id, now])?;
    Ok(())
}

/// What signing in compares, by the address. Archived people have none.
pub(crate) fn proofs_by_email(tx: &mut Tx, key: &str) -> Result<Option<Proofs>, Error> {
    tx.optional(&format!("{PROOFS} where org_id = $1 and email_key = $2 and archived_at is null"), params![tx.org(), key])
}

pub(crate) fn proofs(tx: &mut Tx, id: UserId) -> Result<Option<Proofs>, Error> {
    tx.optional(&format!("{PROOFS} where org_id = $1 and id = $2 and archived_at is null"), params![tx.org(), id])
}

/// Active people with this role, but for one.
pub(crate) fn others_active_with(tx: &mut Tx, role: RoleId, but: UserId) -> Result<bool, Error> {
    let found: Option<(UserId,)> = tx.optional(
        "select id from users where org_id = $1 and role_id = $2 and id <> $3 and state = 'active' and password_hash is not null limit 1",
        params![tx.org(), role, but],
    )?;
    Ok(found.is_some())
}

pub(crate) fn is_anybody_there(tx: &mut Tx) -> Result<bool, Error> {
    let found: Option<(UserId,)> = tx.optional("select id from users where org_id = $1 and state = 'active' limit 1", params![tx.org()])?;
    Ok(found.is_some())
}

/// The page's own preferences as JSON, and the language.
pub(crate) fn preferences(tx: &mut Tx, id: UserId) -> Result<Option<(String, Option<Locale>)>, Error> {
    tx.optional("select preferences, locale from users where org_id = $1 and id = $2", params![tx.org(), id])
}

pub(crate) fn set_preferences(tx: &mut Tx, id: UserId, json: &str, locale: Option<Locale>) -> Result<(), Error> {
    tx.execute("update users set preferences = $3, locale = $4 where org_id = $1 and id = $2", params![tx.org(), id, json, locale])?;
    Ok(())
}
