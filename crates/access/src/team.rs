//! Who is on which level of a team: people by their role, for actions of higher tiers, which ask for rights.

use db::Tx;
use kernel::{Error, Locale, Permission, RoleId, StoreId, UserId};

use crate::model::Role;
use crate::roles::ADMIN;
use crate::store;

db::row! {
    /// Somebody active, and how to reach them.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Colleague {
        /// Who.
        pub id: UserId,
        /// As colleagues see them.
        pub name: String,
        /// Where mail goes.
        pub email: String,
        /// Their language, when they chose one.
        pub locale: Option<Locale>,
    }
}

/// A role by the word of the first start (`team_manager`) or by its id (`rol_…`); none when there is no such role.
pub fn role(tx: &mut Tx, word: &str) -> Result<Option<Role>, Error> {
    let id = match word.parse::<RoleId>() {
        Ok(id) => Some(id),
        Err(_) => store::roles::find_by_code(tx, word)?,
    };
    match id {
        Some(id) => store::roles::find(tx, id),
        None => Ok(None),
    }
}

/// The role that somebody has.
pub fn role_of(tx: &mut Tx, user: UserId) -> Result<Option<Role>, Error> {
    match store::team::role_of(tx, user)? {
        Some(id) => store::roles::find(tx, id),
        None => Ok(None),
    }
}

/// Whether a role has every right there is.
pub fn is_admin(role: &Role) -> bool {
    role.code.as_deref() == Some(ADMIN)
}

/// The active people of a role who see this store, at most 200.
pub fn people(tx: &mut Tx, role: &Role, at: StoreId) -> Result<Vec<Colleague>, Error> {
    let sees_all = role.permissions.has(Permission::StoreSeeAll);
    store::team::people(tx, role.id, (!sees_all).then_some(at))
}

/// The active people who may see an order of this store that this agent has, or nobody, by name.
pub fn who_see(tx: &mut Tx, at: StoreId, agent: Option<UserId>) -> Result<Vec<Colleague>, Error> {
    store::team::who_see(tx, at, agent)
}

/// One active person.
pub fn person(tx: &mut Tx, user: UserId) -> Result<Option<Colleague>, Error> {
    store::team::person(tx, user)
}
