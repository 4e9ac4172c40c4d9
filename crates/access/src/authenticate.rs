//! From a bearer value to an edge: sessions, signed tokens, keys.
//!
//! What a value is worth is looked up once and kept in the process for at most five seconds, by the
//! hash of the value; anything committed here about the session, the key, its owner or a role forgets
//! it before the committer is answered, what other processes commit within those seconds. Answering
//! from there touches no database and allocates little.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use base::system::caches::{Cache, Tally};
use base::{Agents, Base, Ctx, Edge, Sees, Stores, Watcher};
use db::{Change, Tx};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use kernel::{Actor, ApiKeyId, Error, Hidden, Id, Locale, OrgId, Permission, Permissions, SessionId, StoreId, Time, UserId};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::model::SessionKind;
use crate::store::{sessions, users};
use crate::{keys, orgs, roles, rules, tokens};

/// How long a value is believed without looking.
const FRESH: Duration = Duration::from_secs(5);
/// Values that are kept at most.
const KEPT: usize = 20_000;
/// What the key of signed tokens is derived for.
const JWT_PURPOSE: &str = "jwt";

/// What a value is worth.
#[derive(Clone, Debug)]
struct Identity {
    org: OrgId,
    actor: Actor,
    /// The person whose rights count, also behind a key.
    owner: Option<UserId>,
    session: Option<SessionId>,
    permissions: Permissions,
    sees: Sees,
    locale: Option<Locale>,
    expires_at: Option<Time>,
    looked_at: Instant,
}

/// The values this process knows.
#[derive(Default)]
struct Known {
    values: RwLock<HashMap<[u8; 32], Arc<Identity>>>,
    tally: Tally,
    /// Grows with everything that is forgotten, so that a look that began before is not kept.
    forgotten: AtomicU64,
}

impl Watcher for Known {
    fn heard(&self, org: OrgId, changes: &[Change]) {
        let concerns = |change: &&Change| matches!(change.topic, crate::sessions::TOPIC | crate::users::TOPIC | roles::TOPIC | keys::TOPIC);
        let changes: Vec<&Change> = changes.iter().filter(concerns).collect();
        if changes.is_empty() {
            return;
        }
        self.forgotten.fetch_add(1, Ordering::SeqCst);
        let is_hit = |identity: &Identity, change: &Change| match change.topic {
            crate::sessions::TOPIC => identity.session.is_some_and(|session| session.to_i64() == change.id),
            crate::users::TOPIC => identity.owner.is_some_and(|owner| owner.to_i64() == change.id),
            keys::TOPIC => matches!(identity.actor, Actor::ApiKey(key) if key.to_i64() == change.id),
            _ => true,
        };
        let mut values = self.values.write().unwrap_or_else(PoisonError::into_inner);
        values.retain(|_, identity| identity.org != org || !changes.iter().any(|change| is_hit(identity, change)));
    }
}

impl Known {
    fn get(&self, hash: &[u8; 32]) -> Option<Arc<Identity>> {
        let values = self.values.read().unwrap_or_else(PoisonError::into_inner);
        let found = values.get(hash).filter(|identity| identity.looked_at.elapsed() < FRESH).cloned();
        self.tally.count(found.is_some());
        found
    }

    fn keep(&self, hash: [u8; 32], identity: &Arc<Identity>, since: u64) {
        let mut values = self.values.write().unwrap_or_else(PoisonError::into_inner);
        if self.forgotten.load(Ordering::SeqCst) != since {
            return;
        }
        if values.len() >= KEPT {
            values.retain(|_, identity| identity.looked_at.elapsed() < FRESH);
        }
        if values.len() < KEPT {
            values.insert(hash, Arc::clone(identity));
        }
    }
}

/// Who bears which session, token or key, as this process knows for a few seconds.
pub const CALLERS: Cache = Cache {
    look: |edge| {
        let known = edge.base.watcher::<Known>();
        let entries = known.values.read().unwrap_or_else(PoisonError::into_inner).len();
        known.tally.figures("callers", entries, Some(KEPT))
    },
    clear: |edge| {
        let known = edge.base.watcher::<Known>();
        known.forgotten.fetch_add(1, Ordering::SeqCst);
        known.values.write().unwrap_or_else(PoisonError::into_inner).clear();
    },
};

/// The edge of the browser that bears this cookie. `Unauthenticated` when it is not, or no longer, a session.
pub async fn authenticate_session(base: &Base, token: &str) -> Result<Edge, Error> {
    authenticate(base, token, Carrier::Cookie).await
}

/// The edge of the program that bears this value: what follows `Bearer `, with or without that word.
/// A signed token or a key. `Unauthenticated` for anything else.
pub async fn authenticate_bearer(base: &Base, value: &str) -> Result<Edge, Error> {
    let value = value.trim();
    let value = match value.get(..7) {
        Some(word) if word.eq_ignore_ascii_case("bearer ") => value[7..].trim_start(),
        _ => value,
    };
    let carrier = if value.starts_with(tokens::KEY_PREFIX) { Carrier::Key } else { Carrier::Jwt };
    authenticate(base, value, carrier).await
}

#[derive(Clone, Copy)]
enum Carrier {
    Cookie,
    Jwt,
    Key,
}

async fn authenticate(base: &Base, value: &str, carrier: Carrier) -> Result<Edge, Error> {
    // Ours are far shorter; nobody shall make us hash megabytes.
    if value.len() > 2_000 {
        return Err(Error::Unauthenticated);
    }
    let known = base.watcher::<Known>();
    // A cookie's value is no bearer value, and the other way round.
    let hash: [u8; 32] = Sha256::new().chain_update([carrier as u8]).chain_update(value).finalize().into();
    let identity = match known.get(&hash) {
        Some(identity) => identity,
        None => {
            let since = known.forgotten.load(Ordering::SeqCst);
            let identity = Arc::new(look(base, value, carrier).await?);
            known.keep(hash, &identity, since);
            identity
        }
    };
    let now = base.now();
    if identity.expires_at.is_some_and(|at| at <= now) {
        return Err(Error::Unauthenticated);
    }

    let system = base.system_edge(identity.org).await;
    Ok(base.edge(Ctx {
        actor: identity.actor,
        permissions: identity.permissions.clone(),
        sees: identity.sees.clone(),
        locale: identity.locale.unwrap_or(system.ctx.locale),
        session: identity.session,
        now,
        ..(*system.ctx).clone()
    }))
}

async fn look(base: &Base, value: &str, carrier: Carrier) -> Result<Identity, Error> {
    match carrier {
        Carrier::Cookie => {
            let token = tokens::read::<SessionId>(value).ok_or(Error::Unauthenticated)?;
            let matches = {
                let token = token.clone();
                move |stored: &[u8]| token.matches(stored)
            };
            look_session(base, token.org, token.id, SessionKind::Browser, matches).await
        }
        Carrier::Jwt => {
            let claims = read_jwt(base, value).ok_or(Error::Unauthenticated)?;
            let mut identity = look_session(base, claims.org, claims.sid, SessionKind::Token, |_| true).await?;
            // The signature vouches for the claims, the session for the person.
            if identity.owner != Some(claims.sub) {
                return Err(Error::Unauthenticated);
            }
            let ends = Time(claims.exp.saturating_mul(Time::SECOND));
            identity.expires_at = Some(identity.expires_at.map_or(ends, |at| at.min(ends)));
            Ok(identity)
        }
        Carrier::Key => {
            let key = tokens::read_key(value).ok_or(Error::Unauthenticated)?;
            look_key(base, &key).await
        }
    }
}

async fn look_session(
    base: &Base,
    org: OrgId,
    id: SessionId,
    kind: SessionKind,
    matches: impl Fn(&[u8]) -> bool + Send + 'static,
) -> Result<Identity, Error> {
    let edge = orgs::visitor(base, org, None).await;
    let found = edge
        .read(move |tx, ctx| {
            let borne = sessions::borne(tx, id)?;
            let Some(borne) = borne.filter(|borne| borne.kind == kind && matches(&borne.secret_hash) && borne.expires_at > ctx.now) else {
                return Ok(None);
            };
            let sees = sees(tx, Some(borne.user), &borne.permissions, None)?;
            Ok(Some((borne, sees)))
        })
        .await?;
    let (borne, sees) = found.ok_or(Error::Unauthenticated)?;

    let now = base.now();
    let mut expires_at = borne.expires_at;
    if now.since_us(borne.last_seen_at) >= rules::TOUCH_EVERY_US {
        expires_at = rules::session_expires(&edge.ctx.settings.access, kind, borne.is_trusted, borne.created_at, now);
        let before = borne.last_seen_at;
        let touched = edge.write(move |tx, ctx| sessions::touch(tx, id, before, ctx.now, expires_at)).await;
        if let Err(error) = touched {
            tracing::warn!(session.id = %id, "Could not note that a session was used: {error}");
        }
    }
    Ok(Identity {
        org,
        actor: Actor::User(borne.user),
        owner: Some(borne.user),
        session: Some(id),
        permissions: borne.permissions,
        sees,
        locale: borne.locale,
        expires_at: Some(expires_at),
        looked_at: Instant::now(),
    })
}

async fn look_key(base: &Base, key: &tokens::Bearer<ApiKeyId>) -> Result<Identity, Error> {
    let (org, id) = (key.org, key.id);
    let edge = orgs::visitor(base, org, None).await;
    let wanted = key.clone();
    let found = edge
        .read(move |tx, ctx| {
            let borne = sessions::borne_key(tx, id)?;
            let Some(borne) = borne.filter(|borne| wanted.matches(&borne.secret_hash) && borne.expires_at.is_none_or(|at| at > ctx.now)) else {
                return Ok(None);
            };
            let sees = sees(tx, borne.user, &borne.role, borne.stores.as_deref())?;
            Ok(Some((borne, sees)))
        })
        .await?;
    let (borne, sees) = found.ok_or(Error::Unauthenticated)?;

    let now = base.now();
    if borne.last_used_at.is_none_or(|at| now.since_us(at) >= rules::TOUCH_EVERY_US) {
        let touched = edge.write(move |tx, ctx| sessions::touch_key(tx, id, ctx.now)).await;
        if let Err(error) = touched {
            tracing::warn!(api_key.id = %id, "Could not note that a key was used: {error}");
        }
    }
    Ok(Identity {
        org,
        actor: Actor::ApiKey(id),
        owner: borne.user,
        session: None,
        permissions: borne.permissions,
        sees,
        locale: borne.locale,
        expires_at: borne.expires_at,
        looked_at: Instant::now(),
    })
}

/// What somebody with these rights sees. A key may be limited to some of its owner's stores. One that
/// belongs to a role has no person's stores, so without a limit it sees all; nobody's orders are its
/// own, so without the right to all of them it sees the free ones.
pub(crate) fn sees(tx: &mut Tx, user: Option<UserId>, role: &Permissions, limit: Option<&[StoreId]>) -> Result<Sees, Error> {
    let stores = match user.filter(|_| !role.has(Permission::StoreSeeAll)) {
        Some(user) => {
            let mut own = users::stores_of(tx, user)?;
            own.retain(|store| limit.is_none_or(|limit| limit.contains(store)));
            Stores::These(own)
        }
        None => limit.map_or(Stores::All, |limit| Stores::These(limit.to_vec())),
    };
    let agents = if role.has(Permission::OrderSeeAll) { Agents::All } else { Agents::OwnAndFree(user.unwrap_or(UserId::from_i64(0))) };
    Ok(Sees { stores, agents })
}

#[derive(Serialize, Deserialize)]
struct Claims {
    sub: UserId,
    org: OrgId,
    sid: SessionId,
    iat: i64,
    exp: i64,
}

/// The signed token of a session (HS256), with the newest of the process' keys.
pub(crate) fn jwt(base: &Base, org: OrgId, user: UserId, session: SessionId, from: Time, until: Time) -> Result<Hidden, Error> {
    let keys = base.secrets().derived(JWT_PURPOSE);
    let key = keys.first().ok_or_else(|| Error::internal("there is no master key to sign tokens with"))?;
    let claims = Claims { sub: user, org, sid: session, iat: from.0 / Time::SECOND, exp: until.0 / Time::SECOND };
    let token = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &EncodingKey::from_secret(key)).map_err(Error::internal)?;
    Ok(Hidden::new(token))
}

/// The claims of a token that we signed; whether it is past its time is for the caller to say.
fn read_jwt(base: &Base, token: &str) -> Option<Claims> {
    let mut validation = Validation::new(Algorithm::HS256);
    // Our clock may be a stopped one; `exp` is compared with it.
    validation.validate_exp = false;
    validation.set_required_spec_claims(&["exp"]);
    let keys = base.secrets().derived(JWT_PURPOSE);
    keys.iter().find_map(|key| jsonwebtoken::decode(token, &DecodingKey::from_secret(key), &validation).ok()).map(|read| read.claims)
}
