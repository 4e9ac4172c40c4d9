//! People by their role.

use db::{Tx, params};
use kernel::{Error, RoleId, StoreId, UserId};

use crate::team::Colleague;

pub(crate) fn role_of(tx: &mut Tx, user: UserId) -> Result<Option<RoleId>, Error> {
    let row: Option<(RoleId,)> = tx.optional("select role_id from users where org_id = $1 and id = $2", params![tx.org(), user])?;
    Ok(row.map(|(role,)| role))
}

/// Active people of a role; only those assigned to a store when one is given.
pub(crate) fn people(tx: &mut Tx, role: RoleId, store: Option<StoreId>) -> Result<Vec<Colleague>, Error> {
    let mut params = params![tx.org(), role];
    let mut only = "";
    if let Some(store) = store {
        params.push(db::ToValue::to_value(&store));
        only = " and exists (select 1 from user_stores s where s.org_id = u.org_id and s.user_id = u.id and s.store_id = $3)";
    }
    tx.rows(
        &format!(
            "select u.id, u.name, u.email, u.locale
               from users u
              where u.org_id = $1
                and u.role_id = $2
                and u.state = 'active'{only}
              order by u.id
              limit 200"
        ),
        params,
    )
}

pub(crate) fn person(tx: &mut Tx, user: UserId) -> Result<Option<Colleague>, Error> {
    tx.optional("select id, name, email, locale from users where org_id = $1 and id = $2 and state = 'active'", params![tx.org(), user])
}
