//! What somebody may do and see as it stands now, for work that goes on after its request.

use base::{Ctx, Sees};
use db::Tx;
use kernel::{Actor, Error, Permissions, UserId};

use crate::authenticate::sees;
use crate::store::{sessions, users};

/// What somebody may do and see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rights {
    /// What they may do.
    pub permissions: Permissions,
    /// What they may see.
    pub sees: Sees,
}

/// The rights of a person; none when they are not active.
pub fn of_user(tx: &mut Tx, user: UserId) -> Result<Option<Rights>, Error> {
    let Some(permissions) = users::permissions(tx, user)? else { return Ok(None) };
    let sees = sees(tx, Some(user), &permissions, None)?;
    Ok(Some(Rights { permissions, sees }))
}

/// The same caller with the rights that they have now; none when they have gone: archived, or their key revoked or spent.
pub fn present(tx: &mut Tx, ctx: &Ctx) -> Result<Option<Ctx>, Error> {
    let rights = match ctx.actor {
        Actor::System => return Ok(Some(ctx.clone())),
        Actor::Customer(_) => None,
        Actor::User(user) => of_user(tx, user)?,
        Actor::ApiKey(key) => match sessions::borne_key(tx, key)?.filter(|key| key.expires_at.is_none_or(|at| at > ctx.now)) {
            Some(key) => Some(Rights { sees: sees(tx, key.user, &key.role, key.stores.as_deref())?, permissions: key.permissions }),
            None => None,
        },
    };
    Ok(rights.map(|Rights { permissions, sees }| Ctx { permissions, sees, ..ctx.clone() }))
}
