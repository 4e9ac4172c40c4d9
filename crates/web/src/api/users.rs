//! People, their roles, keys for programs.

use access::{ApiKey, NewApiKey, NewUser, Role, RoleChange, User, UserChange, UserState, keys, roles, totp, users};
use base::Edge;
use kernel::{ApiKeyId, Hidden, Locale, Permission, RoleId, StoreId, Time, UserId, Version};

use super::common::{Nothing, renamed};
use crate::extract::{Json, Path, Query, Write};
use crate::respond::{Answer, Done, List, Made, Reply, shown, versioned};
use crate::schema::{Describe, Patch, body, view, word};

view! {
    /// Somebody who signs in.
    pub(crate) struct UserView {
        /// Who.
        id: UserId,
        /// Their address, which is also their name for signing in.
        email: String = "samira@example.dz",
        /// As colleagues see it.
        name: String = "Samira Haddad",
        /// With which rights.
        role_id: RoleId,
        /// The role's name.
        role_name: String = "Agent Call Center",
        /// Where they stand.
        state: UserState,
        /// The stores they are assigned to.
        store_ids: Vec<StoreId>,
        /// Their language, when they chose one.
        locale: Option<Locale>,
        /// Whether the second factor is on.
        has_totp: bool = true,
        /// When the address was proved.
        email_verified_at: Option<Time>,
        /// When they last signed in.
        last_sign_in_at: Option<Time>,
        /// Since when we know them.
        created_at: Time,
        /// Grows with each change.
        version: Version = 1,
    }

    /// Somebody invited; the link is shown this once.
    pub(crate) struct InvitedView {
        /// Who.
        user: UserView,
        /// The link, to be shared by other ways than mail, too.
        link: String = "https://shop.example/join/…",
        /// Until when it can be used.
        expires_at: Time,
    }

    /// A named set of rights.
    pub(crate) struct RoleView {
        /// Which.
        id: RoleId,
        /// The word of a role from the first start; none for custom roles.
        code: Option<String> = "admin",
        /// Its name.
        name: String = "Admin",
        /// What it allows.
        permissions: Vec<Permission>,
        /// How many people have it.
        users: i64 = 2,
        /// Grows with each change.
        version: Version = 1,
    }

    /// A key for programs, without its secret.
    pub(crate) struct ApiKeyView {
        /// Which.
        id: ApiKeyId,
        /// What it is for.
        name: String = "Web shop",
        /// The role whose rights bound it, when it belongs to the organization.
        role_id: Option<RoleId>,
        /// The person whose rights bound it, when it belongs to one.
        user_id: Option<UserId>,
        /// What it may do at most; null means all that its owner may.
        scopes: Option<Vec<Permission>>,
        /// The stores it may see at most; null means all that its owner may.
        store_ids: Option<Vec<StoreId>>,
        /// Who made it, if a person did.
        created_by: Option<UserId>,
        /// When it was made.
        created_at: Time,
        /// When it ends by itself.
        expires_at: Option<Time>,
        /// When it was last used, to five minutes.
        last_used_at: Option<Time>,
        /// When somebody ended it.
        revoked_at: Option<Time>,
    }

    /// A new key; its text is shown this once.
    pub(crate) struct CreatedKeyView {
        /// The key as lists show it.
        key: ApiKeyView,
        /// What the program sends as `Authorization: Bearer`.
        secret: String = "kaf_…",
    }
}

body! {
    /// Which people.
    pub(crate) struct UserQuery {
        /// Also those who may not sign in any more.
        with_archived: Option<bool>,
    }

    /// Somebody to be let in.
    pub(crate) struct NewUserBody {
        /// Unique on this server, without case.
        email: String = "samira@example.dz",
        /// As colleagues see it.
        name: String = "Samira Haddad",
        /// With which rights; none that you do not have.
        role_id: RoleId,
        /// At least one unless the role sees all stores.
        #[serde(default)]
        store_ids: Vec<StoreId>,
        /// The language of the invitation and of the pages.
        locale: Option<Locale> = "fr",
    }

    /// What changes about somebody; what is left out stays.
    pub(crate) struct UserChangeBody {
        /// As colleagues see it.
        name: Option<String>,
        /// With which rights.
        role_id: Option<RoleId>,
        /// Their stores, all of them.
        store_ids: Option<Vec<StoreId>>,
        /// Their language; null means the organization's.
        #[serde(default)]
        locale: Patch<Locale>,
        /// The version that was read; needed here or in `If-Match`.
        version: Option<Version> = 1,
    }

    /// A role.
    pub(crate) struct RoleBody {
        /// Unique without case.
        name: String = "Night shift",
        /// What it allows; nothing that you may not do.
        permissions: Vec<Permission> = ["order.read", "order.confirm"],
        /// The version that was read, when a role is changed; needed here or in `If-Match`.
        version: Option<Version> = 1,
    }

    /// A key to be made.
    pub(crate) struct NewApiKeyBody {
        /// What it is for.
        name: String = "Web shop",
        /// A role makes it the organization's own; without one it belongs to you and follows your role.
        role_id: Option<RoleId>,
        /// What it may do at most.
        scopes: Option<Vec<Permission>> = ["order.place", "order.read"],
        /// The stores it may see at most.
        store_ids: Option<Vec<StoreId>>,
        /// When it ends by itself.
        expires_at: Option<Time>,
    }
}

impl Describe for UserState {
    fn schema(_: &mut utoipa::openapi::schema::Components) -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        word(UserState::WORDS)
    }
}

impl UserView {
    pub(crate) fn of(user: User) -> UserView {
        UserView {
            id: user.id,
            email: user.email,
            name: user.name,
            role_id: user.role,
            role_name: user.role_name,
            state: user.state,
            store_ids: user.stores,
            locale: user.locale,
            has_totp: user.has_totp,
            email_verified_at: user.email_verified_at,
            last_sign_in_at: user.last_sign_in_at,
            created_at: user.created_at,
            version: user.version,
        }
    }
}

impl InvitedView {
    fn of(invited: users::Invited) -> InvitedView {
        InvitedView { user: UserView::of(invited.user), link: invited.link, expires_at: invited.expires_at }
    }
}

impl RoleView {
    fn of(role: Role) -> RoleView {
        RoleView {
            id: role.id,
            code: role.code,
            name: role.name,
            permissions: role.permissions.iter().collect(),
            users: role.users,
            version: role.version,
        }
    }
}

impl ApiKeyView {
    fn of(key: ApiKey) -> ApiKeyView {
        ApiKeyView {
            id: key.id,
            name: key.name,
            role_id: key.role,
            user_id: key.user,
            scopes: key.scopes.map(|scopes| scopes.iter().collect()),
            store_ids: key.stores,
            created_by: key.created_by,
            created_at: key.created_at,
            expires_at: key.expires_at,
            last_used_at: key.last_used_at,
            revoked_at: key.revoked_at,
        }
    }
}

/// The version a change builds on, from either place; these changes never overwrite blindly.
pub(crate) fn needed_version(if_match: Option<Version>, version: Option<Version>) -> Result<Version, kernel::Error> {
    if_match.or(version).ok_or_else(|| kernel::Error::field("version", "required"))
}

/// Actions speak of `role` and `stores`, bodies of their ids.
fn named(error: kernel::Error) -> kernel::Error {
    renamed(error, &[("role", "role_id"), ("stores", "store_ids")])
}

/// `GET /api/v1/users`
pub(crate) async fn list(edge: Edge, Query(query): Query<UserQuery>) -> Reply<List<UserView>> {
    let with_archived = query.with_archived.unwrap_or(false);
    let people = edge.read(move |tx, ctx| users::list(tx, ctx, with_archived)).await?;
    shown(List::whole(people.into_iter().map(UserView::of).collect()))
}

/// `GET /api/v1/users/{id}`
pub(crate) async fn get(edge: Edge, Path(id): Path<UserId>) -> Reply<UserView> {
    let user = edge.read(move |tx, ctx| users::find(tx, ctx, id)).await?;
    let version = user.version;
    versioned(UserView::of(user), version)
}

/// `POST /api/v1/users`: takes no idempotency key, because a kept answer would keep the link readable for a day. A
/// repeated call is refused, because the address is taken.
pub(crate) async fn invite(edge: Edge, Json(body): Json<NewUserBody>) -> Made<InvitedView> {
    let NewUserBody { email, name, role_id, store_ids, locale } = body;
    let new = NewUser { email, name, role: role_id, stores: store_ids, locale };
    let url = edge.base.public_url().to_owned();
    let answer = edge.write_once(None, move |tx, ctx| Ok(InvitedView::of(users::invite(tx, ctx, &new, &url).map_err(named)?)));
    Ok(answer.await?.into())
}

/// `POST /api/v1/users/{id}/invite`: takes no idempotency key, because a kept answer would keep the link readable. A
/// repeated call makes another link, and the older one ends.
pub(crate) async fn invite_again(edge: Edge, Path(id): Path<UserId>, Json(Nothing {}): Json<Nothing>) -> Answer<InvitedView> {
    let url = edge.base.public_url().to_owned();
    let answer = edge.write_once(None, move |tx, ctx| Ok(InvitedView::of(users::invite_again(tx, ctx, id, &url)?)));
    Ok(answer.await?.into())
}

/// `PATCH /api/v1/users/{id}`
pub(crate) async fn change(edge: Edge, Path(id): Path<UserId>, write: Write<UserChangeBody>) -> Answer<UserView> {
    let UserChangeBody { name, role_id, store_ids, locale, version } = write.body;
    let version = needed_version(write.if_match, version)?;
    let change = UserChange { name, role: role_id, stores: store_ids, locale: locale.into_option() };
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| Ok(UserView::of(users::change(tx, ctx, id, &change, version).map_err(named)?)));
    Ok(answer.await?.into())
}

/// `POST /api/v1/users/{id}/archive`
pub(crate) async fn archive(edge: Edge, Path(id): Path<UserId>, write: Write<Nothing>) -> Answer<UserView> {
    Ok(edge.write_once(write.key.as_ref(), move |tx, ctx| Ok(UserView::of(users::archive(tx, ctx, id)?))).await?.into())
}

/// `POST /api/v1/users/{id}/reopen`: takes no idempotency key, because a kept answer would keep the link readable. A
/// repeated call is refused, because the person is here.
pub(crate) async fn reopen(edge: Edge, Path(id): Path<UserId>, Json(Nothing {}): Json<Nothing>) -> Answer<InvitedView> {
    let url = edge.base.public_url().to_owned();
    let answer = edge.write_once(None, move |tx, ctx| Ok(InvitedView::of(users::reopen(tx, ctx, id, &url).map_err(named)?)));
    Ok(answer.await?.into())
}

/// `POST /api/v1/users/{id}/totp/reset`
pub(crate) async fn reset_totp(edge: Edge, Path(id): Path<UserId>, write: Write<Nothing>) -> Done {
    Ok(edge.write_once(write.key.as_ref(), move |tx, ctx| totp::reset_of(tx, ctx, id)).await?.into())
}

/// `GET /api/v1/roles`
pub(crate) async fn list_roles(edge: Edge) -> Reply<List<RoleView>> {
    let all = edge.read(roles::list).await?;
    shown(List::whole(all.into_iter().map(RoleView::of).collect()))
}

/// `GET /api/v1/roles/{id}`
pub(crate) async fn get_role(edge: Edge, Path(id): Path<RoleId>) -> Reply<RoleView> {
    let role = edge.read(move |tx, ctx| roles::find(tx, ctx, id)).await?;
    let version = role.version;
    versioned(RoleView::of(role), version)
}

/// `POST /api/v1/roles`
pub(crate) async fn create_role(edge: Edge, write: Write<RoleBody>) -> Made<RoleView> {
    let RoleBody { name, permissions, .. } = write.body;
    let new = RoleChange { name, permissions: permissions.into_iter().collect() };
    Ok(edge.write_once(write.key.as_ref(), move |tx, ctx| Ok(RoleView::of(roles::create(tx, ctx, &new)?))).await?.into())
}

/// `PUT /api/v1/roles/{id}`
pub(crate) async fn change_role(edge: Edge, Path(id): Path<RoleId>, write: Write<RoleBody>) -> Answer<RoleView> {
    let RoleBody { name, permissions, version } = write.body;
    let version = needed_version(write.if_match, version)?;
    let new = RoleChange { name, permissions: permissions.into_iter().collect() };
    Ok(edge.write_once(write.key.as_ref(), move |tx, ctx| Ok(RoleView::of(roles::change(tx, ctx, id, &new, version)?))).await?.into())
}

/// `DELETE /api/v1/roles/{id}`
pub(crate) async fn remove_role(edge: Edge, Path(id): Path<RoleId>, write: Write<Nothing>) -> Done {
    Ok(edge.write_once(write.key.as_ref(), move |tx, ctx| roles::remove(tx, ctx, id)).await?.into())
}

/// `GET /api/v1/api-keys`
pub(crate) async fn list_keys(edge: Edge) -> Reply<List<ApiKeyView>> {
    let all = edge.read(keys::list).await?;
    shown(List::whole(all.into_iter().map(ApiKeyView::of).collect()))
}

/// `POST /api/v1/api-keys`: takes no idempotency key, because a kept answer would keep the secret
/// readable for a day. A repeated call makes another key.
pub(crate) async fn create_key(edge: Edge, Json(body): Json<NewApiKeyBody>) -> Made<CreatedKeyView> {
    let NewApiKeyBody { name, role_id, scopes, store_ids, expires_at } = body;
    let new = NewApiKey { name, role: role_id, scopes, stores: store_ids, expires_at };
    let answer = edge.write_once(None, move |tx, ctx| {
        let made = keys::create(tx, ctx, &new).map_err(named)?;
        Ok(CreatedKeyView { key: ApiKeyView::of(made.key), secret: Hidden::reveal(&made.text).to_owned() })
    });
    Ok(answer.await?.into())
}

/// `DELETE /api/v1/api-keys/{id}`
pub(crate) async fn revoke_key(edge: Edge, Path(id): Path<ApiKeyId>, write: Write<Nothing>) -> Done {
    Ok(edge.write_once(write.key.as_ref(), move |tx, ctx| keys::revoke(tx, ctx, id)).await?.into())
}
