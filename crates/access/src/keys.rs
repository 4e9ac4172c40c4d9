//! Keys for programs: `kaf_<organization>_<key>_<secret>`, shown once. A key does at most what its
//! scopes name and what its owner may at that moment: a person, or a role when it is the
//! organization's own.

use base::{Ctx, Stores, events};
use db::Tx;
use kernel::{ApiKeyId, Check, Error, Event, Hidden, Permission, Permissions};

use crate::account::person;
use crate::model::{ApiKey, NewApiKey};
use crate::{roles, rules, store, tokens, users};

/// The live topic of a key that was made or revoked.
pub const TOPIC: &str = "api_key";

/// A key with the only copy of its text.
#[derive(Clone, Debug)]
pub struct CreatedKey {
    /// The key as lists show it.
    pub key: ApiKey,
    /// What the program sends.
    pub text: Hidden,
}

/// Makes a key. Needs `api_key.edit`, and whatever it shall be able to do.
pub fn create(tx: &mut Tx, ctx: &Ctx, new: &NewApiKey) -> Result<CreatedKey, Error> {
    ctx.require(Permission::ApiKeyEdit)?;

    let mut check = Check::new();
    rules::check_name(&mut check, "name", &new.name, 100);
    check.require(new.expires_at.is_none_or(|at| at > ctx.now), "expires_at", "time.past");
    check.require(new.scopes.as_ref().is_none_or(|scopes| !scopes.is_empty()), "scopes", "required");
    check.require(new.stores.as_ref().is_none_or(|stores| !stores.is_empty()), "stores", "required");
    check.done()?;
    // The organization's own key belongs to a role, a personal one to its maker.
    let (owner, most) = match new.role {
        Some(role) => (None, roles::load(tx, role)?.permissions),
        None => (Some(person(ctx)?), ctx.permissions.clone()),
    };
    let scopes = new.scopes.as_ref().map(|scopes| scopes.iter().copied().collect::<Permissions>());
    rules::may_grant(ctx, &scopes.as_ref().map_or_else(|| most.clone(), |scopes| most.and(scopes)))?;
    match &new.stores {
        Some(stores) => users::check_stores(tx, ctx, stores)?,
        // The organization's own key sees all stores unless it is limited; so must whoever makes it.
        None if owner.is_none() && ctx.sees().stores != Stores::All => return Err(Error::field("stores", "required")),
        None => {}
    }

    let id: ApiKeyId = tx.new_id();
    let secret = tokens::new_secret();
    store::sessions::insert_key(tx, id, new, owner, ctx.user(), tokens::hash(secret.reveal()), ctx.now)?;
    events::record(tx, ctx, Event::ApiKeyCreated { api_key: id })?;
    tx.touch(TOPIC, id);

    let key = store::sessions::find_key(tx, id)?.ok_or(Error::not_found("api_key"))?;
    Ok(CreatedKey { key, text: Hidden::new(tokens::show_key(ctx.org, id, &secret)) })
}

/// Keys that are not revoked, the newest first: all with `api_key.edit`, else one's own.
pub fn list(tx: &mut Tx, ctx: &Ctx) -> Result<Vec<ApiKey>, Error> {
    if ctx.can(Permission::ApiKeyEdit) {
        return store::sessions::list_keys(tx, None);
    }
    // A program has no keys of its own, so it needs the right.
    let Ok(person) = person(ctx) else { return Err(Error::Forbidden { needs: Permission::ApiKeyEdit }) };
    store::sessions::list_keys(tx, Some(person))
}

/// Ends a key: any with `api_key.edit`, else one's own. Ending it twice does no harm.
pub fn revoke(tx: &mut Tx, ctx: &Ctx, id: ApiKeyId) -> Result<(), Error> {
    let may = |key: &ApiKey| ctx.can(Permission::ApiKeyEdit) || (key.user.is_some() && key.user == ctx.user());
    let key = store::sessions::find_key(tx, id)?.filter(may).ok_or(Error::not_found("api_key"))?;
    if key.revoked_at.is_some() {
        return Ok(());
    }

    store::sessions::revoke_key(tx, id, ctx.now)?;
    events::record(tx, ctx, Event::ApiKeyRevoked { api_key: id })?;
    tx.touch(TOPIC, id);
    Ok(())
}
