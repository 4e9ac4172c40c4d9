//! People by their role.

use db::{Tx, params};
use kernel::{Error, Locale, Permission, RoleId, StoreId, UserId};

use super::Rights;
use super::roles::effective;
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

db::row! {
    /// Somebody of whom it is asked whether they see an order.
    struct Candidate {
        id: UserId,
        name: String,
        email: String,
        locale: Option<Locale>,
        /// Of their role, where it is one of ours.
        code: Option<String>,
        permissions: Rights,
        /// The store, if they are assigned to it.
        store_id: Option<StoreId>,
    }
}

/// Active people who may see an order of a store that somebody has, or nobody: by their role's rights and their stores.
pub(crate) fn who_see(tx: &mut Tx, at: StoreId, agent: Option<UserId>) -> Result<Vec<Colleague>, Error> {
    let rows: Vec<Candidate> = tx.rows(
        "select u.id, u.name, u.email, u.locale, r.code, r.permissions, s.store_id
           from users u
           join roles r on r.org_id = u.org_id and r.id = u.role_id
           left join user_stores s on s.org_id = u.org_id and s.user_id = u.id and s.store_id = $2
          where u.org_id = $1
            and u.state = 'active'
          order by u.name, u.id
          limit 2000",
        params![tx.org(), at],
    )?;
    let sees = |one: Candidate| {
        let permissions = effective(one.code.as_deref(), one.permissions);
        let may = permissions.has(Permission::OrderRead)
            && (one.store_id.is_some() || permissions.has(Permission::StoreSeeAll))
            && (agent.is_none_or(|agent| agent == one.id) || permissions.has(Permission::OrderSeeAll));
        may.then_some(Colleague { id: one.id, name: one.name, email: one.email, locale: one.locale })
    };
    Ok(rows.into_iter().filter_map(sees).collect())
}

pub(crate) fn person(tx: &mut Tx, user: UserId) -> Result<Option<Colleague>, Error> {
    tx.optional("select id, name, email, locale from users where org_id = $1 and id = $2 and state = 'active'", params![tx.org(), user])
}
