//! People: invited, changed, archived, and seen by colleagues.
//!
//! Whoever changes somebody must have all of that person's rights: a Team Manager cannot touch an
//! Admin. One Admin who can sign in always remains.

use base::{Ctx, events, organizations};
use db::Tx;
use kernel::{Check, Details, Error, Event, Permission, RoleId, StoreId, Time, UserId, Version};

use crate::account::person;
use crate::links::{self, NewLink};
use crate::model::{LinkKind, Me, NewUser, Person, User, UserChange, UserState};
use crate::passwords::PasswordHash;
use crate::roles::{self, ADMIN};
use crate::store::users::Insert;
use crate::{mails, preferences, rules, store};

/// The live topic of somebody who changed.
pub const TOPIC: &str = "user";

/// Somebody invited, with the only copy of the link, to be shared by other ways than mail, too.
#[derive(Clone, Debug)]
pub struct Invited {
    /// Who.
    pub user: User,
    /// `https://…/join/…`.
    pub link: String,
    /// Until when it can be used.
    pub expires_at: Time,
}

/// Everybody, by name. Needs `user.read`.
pub fn list(tx: &mut Tx, ctx: &Ctx, with_archived: bool) -> Result<Vec<User>, Error> {
    ctx.require(Permission::UserRead)?;
    store::users::list(tx, with_archived)
}

/// One person. Needs `user.read`, except for oneself.
pub fn find(tx: &mut Tx, ctx: &Ctx, id: UserId) -> Result<User, Error> {
    if ctx.user() != Some(id) {
        ctx.require(Permission::UserRead)?;
    }
    load(tx, id)
}

/// The caller, as pages greet them.
pub fn me(tx: &mut Tx, ctx: &Ctx) -> Result<Me, Error> {
    let id = person(ctx)?;
    Ok(Me { user: load(tx, id)?, permissions: ctx.permissions.clone(), preferences: preferences::get(tx, ctx)? })
}

/// Names of people, also of archived ones, for lists and histories that the caller may see.
pub fn names(tx: &mut Tx, _ctx: &Ctx, ids: &[UserId]) -> Result<Vec<Person>, Error> {
    store::users::names(tx, ids)
}

/// Active people by name: whom an order can be given to. Needs `order.read`.
pub fn list_agents(tx: &mut Tx, ctx: &Ctx) -> Result<Vec<Person>, Error> {
    ctx.require(Permission::OrderRead)?;
    store::users::list_active(tx)
}

/// Whether an order can be given to this person: somebody active here. For actions of higher tiers, which ask for rights.
pub fn is_agent(tx: &mut Tx, id: UserId) -> Result<bool, Error> {
    store::users::is_active(tx, id)
}

/// Invites somebody by a link, which is also mailed. Needs `user.edit` and every right of the role.
///
/// `public_url` is how people reach us, without a slash at the end.
pub fn invite(tx: &mut Tx, ctx: &Ctx, new: &NewUser, public_url: &str) -> Result<Invited, Error> {
    let id = insert(tx, ctx, new, UserState::Invited, None)?;
    events::record(tx, ctx, Event::UserInvited { user: id, role: new.role })?;
    send_invitation(tx, ctx, id, public_url)
}

/// Invites somebody again who has not joined yet; the older link ends. Needs `user.edit`.
/// `user.joined` when there is nothing to invite to.
pub fn invite_again(tx: &mut Tx, ctx: &Ctx, id: UserId, public_url: &str) -> Result<Invited, Error> {
    ctx.require(Permission::UserEdit)?;

    let user = load_changeable(tx, ctx, id)?;
    if user.state != UserState::Invited {
        return Err(Error::conflict("user.joined"));
    }
    events::record(tx, ctx, Event::UserInvited { user: id, role: user.role })?;
    send_invitation(tx, ctx, id, public_url)
}

fn send_invitation(tx: &mut Tx, ctx: &Ctx, id: UserId, public_url: &str) -> Result<Invited, Error> {
    let user = load(tx, id)?;
    let lives_us = i64::from(ctx.settings.access.invite_hours) * Time::HOUR;
    let (token, expires_at) = links::make(tx, ctx, NewLink::new(LinkKind::Invitation, Some(id), lives_us))?;
    let link = format!("{public_url}{}{token}", mails::JOIN_PATH);
    let locale = user.locale.unwrap_or(ctx.settings.general.default_locale);
    mails::invitation(tx, ctx, locale, &user.email, &user.name, &link)?;
    Ok(Invited { user, link, expires_at })
}

/// Lets somebody in at once with a password, without mail: for commands on the server and for
/// demonstrations. Needs `user.edit` and every right of the role.
pub fn create(tx: &mut Tx, ctx: &Ctx, new: &NewUser, password: &PasswordHash) -> Result<User, Error> {
    let id = insert(tx, ctx, new, UserState::Active, Some(password))?;
    events::record(tx, ctx, Event::UserJoined { user: id })?;
    load(tx, id)
}

fn insert(tx: &mut Tx, ctx: &Ctx, new: &NewUser, state: UserState, password: Option<&PasswordHash>) -> Result<UserId, Error> {
    ctx.require(Permission::UserEdit)?;

    let mut check = Check::new();
    rules::check_email(&mut check, "email", &new.email);
    rules::check_name(&mut check, "name", &new.name, 100);
    check.done()?;
    check_role(tx, ctx, new.role, &new.stores)?;

    let id: UserId = tx.new_id();
    let row = Insert { id, email: new.email.trim(), name: new.name.trim(), role: new.role, state, password, locale: new.locale, now: ctx.now };
    // The name first: it is what others may hold.
    organizations::claim_name(tx, &rules::email_key(&new.email), store::users::email_taken)?;
    store::users::insert(tx, &row)?;
    store::users::set_stores(tx, id, &new.stores)?;
    tx.touch(TOPIC, id);
    Ok(id)
}

/// Changes somebody's name, role, stores or language; sessions go on with the new rights at once.
/// Needs `user.edit`, all rights of the person and of the new role. The last Admin stays one
/// (`user.last_admin`). `Stale` when somebody was faster.
pub fn change(tx: &mut Tx, ctx: &Ctx, id: UserId, change: &UserChange, version: Version) -> Result<User, Error> {
    ctx.require(Permission::UserEdit)?;

    let before = load_changeable(tx, ctx, id)?;
    let name = change.name.as_deref().map_or(before.name.as_str(), str::trim);
    let role = change.role.unwrap_or(before.role);
    let mut stores = change.stores.clone().unwrap_or_else(|| before.stores.clone());
    stores.sort_unstable();
    let locale = change.locale.unwrap_or(before.locale);
    let mut check = Check::new();
    rules::check_name(&mut check, "name", name, 100);
    check.done()?;
    if role != before.role || stores != before.stores {
        check_role(tx, ctx, role, &stores)?;
    }
    if role != before.role {
        keep_an_admin(tx, &before)?;
    }

    let mut details = Details::none();
    details.change("name", &before.name.as_str(), &name);
    details.change("role", &before.role, &role);
    details.change("stores", &before.stores, &stores);
    details.change("locale", &before.locale, &locale);
    let stale = |version| Error::Stale { version, fields: differing(&details) };
    if before.version != version {
        return Err(stale(before.version));
    }
    if details.is_empty() {
        return Ok(before);
    }

    if !store::users::update(tx, id, version, name, role, locale)? {
        return Err(stale(version + 1));
    }
    if stores != before.stores {
        store::users::set_stores(tx, id, &stores)?;
    }
    events::record_with(tx, ctx, Event::UserChanged { user: id, fields: details.fields() }, details)?;
    tx.touch(TOPIC, id);

    load(tx, id)
}

/// Lets somebody go: their sessions, keys and links end at once, their address is free again, their
/// history stays. Needs `user.edit` and all of their rights; not oneself, not the last Admin.
pub fn archive(tx: &mut Tx, ctx: &Ctx, id: UserId) -> Result<User, Error> {
    ctx.require(Permission::UserEdit)?;

    let user = load_changeable(tx, ctx, id)?;
    if ctx.user() == Some(id) {
        return Err(Error::conflict("user.oneself"));
    }
    keep_an_admin(tx, &user)?;

    store::users::archive(tx, id, ctx.now)?;
    organizations::release_name(tx, &rules::email_key(&user.email))?;
    store::credentials::void_all_links(tx, id, ctx.now)?;
    crate::sessions::end_all_of(tx, ctx, id)?;
    for key in store::sessions::revoke_keys_of(tx, id, ctx.now)? {
        events::record(tx, ctx, Event::ApiKeyRevoked { api_key: key })?;
        tx.touch(crate::keys::TOPIC, key);
    }
    events::record(tx, ctx, Event::UserArchived { user: id })?;
    tx.touch(TOPIC, id);

    load(tx, id)
}

/// Invites somebody back who was let go, with the role and the stores that they had; the same person, so their history goes on.
/// Needs `user.edit` and all of their rights.
///
/// `user.not_archived` when they are here, `email.taken` when somebody else has their address by now.
pub fn reopen(tx: &mut Tx, ctx: &Ctx, id: UserId, public_url: &str) -> Result<Invited, Error> {
    ctx.require(Permission::UserEdit)?;
    let user = load(tx, id)?;
    if user.state != UserState::Archived {
        return Err(Error::conflict("user.not_archived"));
    }
    check_role(tx, ctx, user.role, &user.stores)?;

    organizations::claim_name(tx, &rules::email_key(&user.email), store::users::email_taken)?;
    store::users::reopen(tx, id)?;
    events::record(tx, ctx, Event::UserInvited { user: id, role: user.role })?;
    tx.touch(TOPIC, id);
    send_invitation(tx, ctx, id, public_url)
}

fn load(tx: &mut Tx, id: UserId) -> Result<User, Error> {
    store::users::find(tx, id)?.ok_or(Error::not_found("user"))
}

/// Somebody who is not archived, and whose rights and stores the caller has, too.
pub(crate) fn load_changeable(tx: &mut Tx, ctx: &Ctx, id: UserId) -> Result<User, Error> {
    let user = load(tx, id)?;
    if user.state == UserState::Archived {
        return Err(Error::conflict("user.archived"));
    }
    rules::may_grant(ctx, &roles::load(tx, user.role)?.permissions)?;
    if !user.stores.iter().all(|store| ctx.sees().store(*store)) {
        return Err(Error::Forbidden { needs: Permission::StoreSeeAll });
    }
    Ok(user)
}

/// The role must be one the caller may give, and one bound to stores needs some.
fn check_role(tx: &mut Tx, ctx: &Ctx, role: RoleId, stores: &[StoreId]) -> Result<(), Error> {
    let role = store::roles::find(tx, role)?.ok_or_else(|| Error::field("role", "role.unknown"))?;
    rules::may_grant(ctx, &role.permissions)?;
    if !role.permissions.has(Permission::StoreSeeAll) && stores.is_empty() {
        return Err(Error::field("stores", "required"));
    }
    check_stores(tx, ctx, stores)
}

/// Only stores that exist and that the caller sees.
pub(crate) fn check_stores(tx: &mut Tx, ctx: &Ctx, stores: &[StoreId]) -> Result<(), Error> {
    let mut sorted = stores.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    if sorted.len() != stores.len() {
        return Err(Error::field("stores", "duplicate"));
    }
    if stores.len() > 1_000 {
        return Err(Error::field("stores", "too_long").with("most", 1_000));
    }
    let existing = store::stores::existing(tx, stores)?;
    if stores.iter().all(|store| existing.contains(store) && ctx.sees().store(*store)) {
        Ok(())
    } else {
        Err(Error::field("stores", "store.unknown"))
    }
}

/// Refuses to take the role of Admin from the last one who can sign in.
fn keep_an_admin(tx: &mut Tx, user: &User) -> Result<(), Error> {
    let admin = store::roles::find_by_code(tx, ADMIN)?;
    if admin != Some(user.role) {
        return Ok(());
    }
    // Two Admins who let each other go at once must not both succeed.
    store::roles::lock(tx, user.role)?;
    if user.state == UserState::Active && !store::users::others_active_with(tx, user.role, user.id)? {
        return Err(Error::conflict("user.last_admin"));
    }
    Ok(())
}

fn differing(details: &Details) -> Vec<&'static str> {
    ["name", "role", "stores", "locale"].into_iter().filter(|field| details.changes.iter().any(|change| change.field == *field)).collect()
}
