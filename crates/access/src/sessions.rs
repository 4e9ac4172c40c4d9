//! Sessions: signed-in browsers and tokens of the API, listed and ended. Ending one is felt at once
//! in this process, within five seconds in others.

use base::{Ctx, events};
use db::Tx;
use kernel::{Error, Event, Permission, SessionId, UserId};

use crate::account::person;
use crate::model::Session;
use crate::store;
pub use crate::store::sessions::Origin;

/// The live topic of a session that began or ended.
pub const TOPIC: &str = "session";

/// The caller's own sessions, the last used first.
pub fn list_own(tx: &mut Tx, ctx: &Ctx) -> Result<Vec<Session>, Error> {
    let user = person(ctx)?;
    store::sessions::list(tx, Some(user), ctx.session, ctx.now)
}

/// Everybody's sessions, or one person's. Needs `session.edit`.
pub fn list(tx: &mut Tx, ctx: &Ctx, user: Option<UserId>) -> Result<Vec<Session>, Error> {
    ctx.require(Permission::SessionEdit)?;
    store::sessions::list(tx, user, ctx.session, ctx.now)
}

/// Where these sessions began, for the audit trail; those that are gone are left out. Needs `audit.read`.
pub fn origins(tx: &mut Tx, ctx: &Ctx, ids: &[SessionId]) -> Result<Vec<Origin>, Error> {
    ctx.require(Permission::AuditRead)?;
    store::sessions::origins(tx, ids)
}

/// Ends a session: one's own, or anybody's with `session.edit`. Without that right others' are not found.
pub fn end(tx: &mut Tx, ctx: &Ctx, id: SessionId) -> Result<(), Error> {
    let owner = store::sessions::owner(tx, id)?.filter(|owner| ctx.user() == Some(*owner) || ctx.can(Permission::SessionEdit));
    let owner = owner.ok_or(Error::not_found("session"))?;
    store::sessions::end(tx, id, ctx.now)?;
    tell(tx, ctx, owner, id)
}

/// Signs the caller out.
pub fn sign_out(tx: &mut Tx, ctx: &Ctx) -> Result<(), Error> {
    let user = person(ctx)?;
    let Some(session) = ctx.session else { return Ok(()) };
    store::sessions::end(tx, session, ctx.now)?;
    tell(tx, ctx, user, session)
}

/// Ends the caller's sessions but the present one; answers how many.
pub fn end_own_others(tx: &mut Tx, ctx: &Ctx) -> Result<usize, Error> {
    let user = person(ctx)?;
    end_others(tx, ctx, user)
}

/// Ends all sessions of somebody. Needs `session.edit`; answers how many.
pub fn end_all(tx: &mut Tx, ctx: &Ctx, user: UserId) -> Result<usize, Error> {
    ctx.require(Permission::SessionEdit)?;
    store::users::find(tx, user)?.ok_or(Error::not_found("user"))?;
    end_all_of(tx, ctx, user)
}

pub(crate) fn end_others(tx: &mut Tx, ctx: &Ctx, user: UserId) -> Result<usize, Error> {
    end_but(tx, ctx, user, ctx.session)
}

pub(crate) fn end_all_of(tx: &mut Tx, ctx: &Ctx, user: UserId) -> Result<usize, Error> {
    end_but(tx, ctx, user, None)
}

fn end_but(tx: &mut Tx, ctx: &Ctx, user: UserId, but: Option<SessionId>) -> Result<usize, Error> {
    let ended = store::sessions::end_all(tx, user, but, ctx.now)?;
    for session in &ended {
        tell(tx, ctx, user, *session)?;
    }
    Ok(ended.len())
}

fn tell(tx: &mut Tx, ctx: &Ctx, user: UserId, session: SessionId) -> Result<(), Error> {
    events::record(tx, ctx, Event::SessionEnded { user, session })?;
    tx.touch(TOPIC, session);
    Ok(())
}
