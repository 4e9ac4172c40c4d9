//! The SQL of `views`, `view_pins` and `view_defaults`.

use db::{Tx, params, row};
use kernel::{Error, RoleId, Time, UserId, Version, ViewId};

use crate::views::{Audience, Density, ViewList};

row! {
    /// A view as it is kept, and what the person who looks has made of it.
    #[derive(Clone, Debug)]
    pub(crate) struct Row {
        pub(crate) id: ViewId,
        pub(crate) list: ViewList,
        pub(crate) name: String,
        pub(crate) owner_id: Option<UserId>,
        pub(crate) audience: Audience,
        pub(crate) role_id: Option<RoleId>,
        pub(crate) query: String,
        pub(crate) columns: Option<String>,
        pub(crate) sort: Option<String>,
        pub(crate) density: Option<Density>,
        pub(crate) page_size: Option<i64>,
        pub(crate) position: i64,
        pub(crate) version: Version,
        pub(crate) created_at: Time,
        pub(crate) updated_at: Time,
        pub(crate) pin_position: Option<i64>,
    }
}

const SELECT: &str = "select v.id, v.list, v.name, v.owner_id, v.audience, v.role_id, v.query, v.columns, v.sort, v.density, v.page_size,
            v.position, v.version, v.created_at, v.updated_at, p.position as pin_position
       from views v
       left join view_pins p
         on p.org_id = v.org_id
        and p.view_id = v.id
        and p.user_id = $2";

/// Who looks: a person with a role, or a program with neither. Ids begin above zero.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Viewer {
    pub(crate) user: Option<UserId>,
    pub(crate) role: Option<RoleId>,
    /// Whether shared ones of every role are theirs to look after.
    pub(crate) shares: bool,
}

impl Viewer {
    fn user(self) -> i64 {
        self.user.map_or(0, kernel::Id::to_i64)
    }

    fn role(self) -> i64 {
        self.role.map_or(0, kernel::Id::to_i64)
    }

    /// Binds `$2`, `$3` and `$4`.
    fn sees(self) -> (&'static str, i64, i64, i64) {
        let clause = "(v.owner_id = $2 or v.audience = 'everybody' or (v.audience = 'role' and (v.role_id = $3 or $4 = 1)))";
        (clause, self.user(), self.role(), i64::from(self.shares))
    }
}

pub(crate) fn insert(tx: &mut Tx, row: &Row) -> Result<(), Error> {
    tx.execute(
        "insert into views
           (org_id, id, list, name, owner_id, audience, role_id, query, columns, sort, density, page_size, position, version, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        params![
            tx.org(),
            row.id,
            row.list,
            row.name,
            row.owner_id,
            row.audience,
            row.role_id,
            row.query,
            row.columns,
            row.sort,
            row.density,
            row.page_size,
            row.position,
            row.version,
            row.created_at,
            row.updated_at
        ],
    )?;
    Ok(())
}

/// Replaces what people edit, if this version still stands.
pub(crate) fn update(tx: &mut Tx, row: &Row, standing: Version) -> Result<bool, Error> {
    let changed = tx.execute(
        "update views
            set name = $3, audience = $4, role_id = $5, query = $6, columns = $7, sort = $8, density = $9, page_size = $10, position = $11,
                version = $12, updated_at = $13
          where org_id = $1
            and id = $2
            and version = $14",
        params![
            tx.org(),
            row.id,
            row.name,
            row.audience,
            row.role_id,
            row.query,
            row.columns,
            row.sort,
            row.density,
            row.page_size,
            row.position,
            row.version,
            row.updated_at,
            standing
        ],
    )?;
    Ok(changed == 1)
}

pub(crate) fn find(tx: &mut Tx, viewer: Viewer, id: ViewId) -> Result<Option<Row>, Error> {
    let (clause, user, role, shares) = viewer.sees();
    tx.optional(&format!("{SELECT} where v.org_id = $1 and v.id = $5 and {clause}"), params![tx.org(), user, role, shares, id])
}

/// All that a viewer sees of a list: pinned ones first, then by place and name.
pub(crate) fn list(tx: &mut Tx, viewer: Viewer, list: ViewList) -> Result<Vec<Row>, Error> {
    let (clause, user, role, shares) = viewer.sees();
    tx.rows(
        &format!(
            "{SELECT}
          where v.org_id = $1
            and v.list = $5
            and {clause}
          order by case when p.position is null then 1 else 0 end, p.position, v.position, v.name, v.id
          limit 500"
        ),
        params![tx.org(), user, role, shares, list],
    )
}

/// How many views somebody has, and how many are shared: both are limited.
pub(crate) fn counts(tx: &mut Tx, user: UserId) -> Result<(i64, i64), Error> {
    tx.one(
        "select (select count(*) from views v where v.org_id = $1 and v.owner_id = $2) as own,
                (select count(*) from views v where v.org_id = $1 and v.audience <> 'private') as shared",
        params![tx.org(), user],
    )
}

pub(crate) fn remove(tx: &mut Tx, id: ViewId, version: Version) -> Result<bool, Error> {
    tx.execute("delete from view_pins where org_id = $1 and view_id = $2", params![tx.org(), id])?;
    tx.execute("delete from view_defaults where org_id = $1 and view_id = $2", params![tx.org(), id])?;
    Ok(tx.execute("delete from views where org_id = $1 and id = $2 and version = $3", params![tx.org(), id, version])? == 1)
}

/// Takes a view from those who cannot see it any more.
pub(crate) fn unpin_strangers(tx: &mut Tx, row: &Row) -> Result<(), Error> {
    let (owner, role) = (row.owner_id.map_or(0, kernel::Id::to_i64), row.role_id.map_or(0, kernel::Id::to_i64));
    match row.audience {
        Audience::Everybody => {}
        Audience::Private => {
            tx.execute("delete from view_pins where org_id = $1 and view_id = $2 and user_id <> $3", params![tx.org(), row.id, owner])?;
            tx.execute("delete from view_defaults where org_id = $1 and view_id = $2", params![tx.org(), row.id])?;
        }
        Audience::Role => {
            tx.execute("delete from view_defaults where org_id = $1 and view_id = $2 and role_id <> $3", params![tx.org(), row.id, role])?;
        }
    }
    Ok(())
}

pub(crate) fn pin(tx: &mut Tx, user: UserId, id: ViewId, position: i64) -> Result<(), Error> {
    tx.execute(
        "insert into view_pins (org_id, user_id, view_id, position)
         values ($1, $2, $3, $4)
         on conflict (org_id, user_id, view_id) do update set position = excluded.position",
        params![tx.org(), user, id, position],
    )?;
    Ok(())
}

pub(crate) fn unpin(tx: &mut Tx, user: UserId, id: ViewId) -> Result<(), Error> {
    tx.execute("delete from view_pins where org_id = $1 and user_id = $2 and view_id = $3", params![tx.org(), user, id])?;
    Ok(())
}

/// How many views somebody keeps at hand besides this one.
pub(crate) fn count_pins(tx: &mut Tx, user: UserId, but: ViewId) -> Result<i64, Error> {
    let (count,): (i64,) =
        tx.one("select count(*) as pins from view_pins where org_id = $1 and user_id = $2 and view_id <> $3", params![tx.org(), user, but])?;
    Ok(count)
}

/// The view that people of a role begin with, for each role that has one.
pub(crate) fn defaults(tx: &mut Tx, list: ViewList) -> Result<Vec<(RoleId, ViewId)>, Error> {
    tx.rows("select role_id, view_id from view_defaults where org_id = $1 and list = $2 order by role_id limit 1000", params![tx.org(), list])
}

/// Makes a view the one that a role begins with.
pub(crate) fn set_default(tx: &mut Tx, list: ViewList, role: RoleId, view: ViewId) -> Result<(), Error> {
    tx.execute(
        "insert into view_defaults (org_id, list, role_id, view_id)
         values ($1, $2, $3, $4)
         on conflict (org_id, list, role_id) do update set view_id = excluded.view_id",
        params![tx.org(), list, role, view],
    )?;
    Ok(())
}

/// A view is no role's beginning any more, of these roles alone if some are named.
pub(crate) fn unset_default(tx: &mut Tx, view: ViewId) -> Result<(), Error> {
    tx.execute("delete from view_defaults where org_id = $1 and view_id = $2", params![tx.org(), view])?;
    Ok(())
}
