//! Roles.

use db::{OnUnique, Tx, dialect, params};
use kernel::{ApiKeyId, Error, Permissions, RoleId, Time, UserId, Version};

use super::Rights;
use crate::model::Role;
use crate::roles::ADMIN;

db::row! {
    struct RoleRow {
        id: RoleId,
        code: Option<String>,
        name: String,
        permissions: Rights,
        version: i64,
        users: i64,
    }
}

impl From<RoleRow> for Role {
    fn from(row: RoleRow) -> Role {
        let permissions = effective(row.code.as_deref(), row.permissions);
        Role { id: row.id, code: row.code, name: row.name, permissions, users: row.users, version: row.version }
    }
}

/// Admin has every right, also those that came with a later release.
pub(crate) fn effective(code: Option<&str>, stored: Rights) -> Permissions {
    if code == Some(ADMIN) { Permissions::all() } else { stored.0 }
}

const SELECT: &str = "select r.id, r.code, r.name, r.permissions, r.version,
            (select count(*) from users u where u.org_id = r.org_id and u.role_id = r.id and u.archived_at is null) as users
       from roles r";

pub(crate) fn list(tx: &mut Tx) -> Result<Vec<Role>, Error> {
    let sql = format!("{SELECT} where r.org_id = $1 order by case when r.code is null then 1 else 0 end, r.id limit 1000");
    let rows: Vec<RoleRow> = tx.rows(&sql, params![tx.org()])?;
    Ok(rows.into_iter().map(Role::from).collect())
}

pub(crate) fn find(tx: &mut Tx, id: RoleId) -> Result<Option<Role>, Error> {
    let row: Option<RoleRow> = tx.optional(&format!("{SELECT} where r.org_id = $1 and r.id = $2"), params![tx.org(), id])?;
    Ok(row.map(Role::from))
}

/// The role of a person.
pub(crate) fn of_user(tx: &mut Tx, id: UserId) -> Result<Option<Role>, Error> {
    let sql = format!("{SELECT} join users p on p.org_id = r.org_id and p.role_id = r.id where r.org_id = $1 and p.id = $2");
    let row: Option<RoleRow> = tx.optional(&sql, params![tx.org(), id])?;
    Ok(row.map(Role::from))
}

/// The role of a key: its own, else its owner's.
pub(crate) fn of_key(tx: &mut Tx, id: ApiKeyId) -> Result<Option<Role>, Error> {
    let found: Option<(Option<RoleId>, Option<UserId>)> =
        tx.optional("select role_id, user_id from api_keys where org_id = $1 and id = $2", params![tx.org(), id])?;
    match found {
        Some((Some(role), _)) => find(tx, role),
        Some((None, Some(user))) => of_user(tx, user),
        _ => Ok(None),
    }
}

pub(crate) fn insert(tx: &mut Tx, id: RoleId, code: Option<&str>, name: &str, permissions: &Permissions, now: Time) -> Result<(), Error> {
    tx.execute(
        "insert into roles (org_id, id, code, name, name_key, permissions, created_at, version)
         values ($1, $2, $3, $4, $5, $6, $7, 1)",
        params![tx.org(), id, code, name, kernel::fold(name), Rights(permissions.clone()), now],
    )
    .on_unique("roles_name", || Error::field("name", "role.name_taken"))?;
    Ok(())
}

/// False when the version has moved on.
pub(crate) fn update(tx: &mut Tx, id: RoleId, version: Version, name: &str, permissions: &Permissions) -> Result<bool, Error> {
    let changed = tx
        .execute(
            "update roles
                set name = $4, name_key = $5, permissions = $6, version = version + 1
              where org_id = $1
                and id = $2
                and version = $3",
            params![tx.org(), id, version, name, kernel::fold(name), Rights(permissions.clone())],
        )
        .on_unique("roles_name", || Error::field("name", "role.name_taken"))?;
    Ok(changed > 0)
}

/// Holds a role, so that what is counted about it stays true until the commit.
pub(crate) fn lock(tx: &mut Tx, id: RoleId) -> Result<(), Error> {
    let sql = format!("select id from roles where org_id = $1 and id = $2{}", dialect::for_update(tx.engine()));
    let _: Option<(RoleId,)> = tx.optional(&sql, params![tx.org(), id])?;
    Ok(())
}

/// Whether anybody or any key has or had it.
pub(crate) fn is_used(tx: &mut Tx, id: RoleId) -> Result<bool, Error> {
    let (users, keys): (i64, i64) = tx.one(
        "select (select count(*) from (select 1 from users where org_id = $1 and role_id = $2 limit 1) u) as users,
                (select count(*) from (select 1 from api_keys where org_id = $1 and role_id = $2 limit 1) k) as keys",
        params![tx.org(), id],
    )?;
    Ok(users + keys > 0)
}

pub(crate) fn delete(tx: &mut Tx, id: RoleId) -> Result<(), Error> {
    tx.execute("delete from roles where org_id = $1 and id = $2", params![tx.org(), id])?;
    Ok(())
}

/// The role of the first start with this word.
pub(crate) fn find_by_code(tx: &mut Tx, code: &str) -> Result<Option<RoleId>, Error> {
    let row: Option<(RoleId,)> = tx.optional("select id from roles where org_id = $1 and code = $2", params![tx.org(), code])?;
    Ok(row.map(|(id,)| id))
}
