//! Who acts, with which rights, seeing what, when. Plain data: it never touches the database.

use std::sync::Arc;

use kernel::value::{ToValue, Value};
use kernel::{Actor, Error, Locale, OrgId, Permission, Permissions, SessionId, StoreId, Time, UserId};

use crate::secrets::Secrets;
use crate::settings::Settings;

/// What an action knows about its caller and its moment.
#[derive(Clone, Debug)]
pub struct Ctx {
    /// Whose data this is about.
    pub org: OrgId,
    /// Who acts.
    pub actor: Actor,
    /// What they may do.
    pub permissions: Permissions,
    /// What they may see.
    pub sees: Sees,
    /// The language of answers.
    pub locale: Locale,
    /// The moment of the action. All of one action happens at the same time.
    pub now: Time,
    /// The organization's settings as they stood when the action began.
    pub settings: Arc<Settings>,
    /// The request that led here, for logs and the audit trail.
    pub request_id: String,
    /// Where the request came from.
    pub ip: Option<String>,
    /// The session, when somebody is signed in.
    pub session: Option<SessionId>,
    /// Seals and opens what must not stand in the database as it is. The edge gives the process' own.
    pub secrets: Arc<Secrets>,
    /// How customers reach us, without a slash at the end, for links in messages; none while nobody configured an
    /// address. The edge gives the process' own.
    pub public_url: Option<Arc<str>>,
    /// Whether the past is written down rather than lived: imports and simulation. Events are
    /// recorded, but nothing follows from them outside: no message, no push.
    pub is_replay: bool,
}

impl Ctx {
    /// Kafila itself at work: a job, a schedule, a command on the server. May do and see everything.
    pub fn system(org: OrgId, now: Time, settings: Arc<Settings>) -> Ctx {
        Ctx {
            org,
            actor: Actor::System,
            permissions: Permissions::all(),
            sees: Sees::everything(),
            locale: settings.general.default_locale,
            now,
            settings,
            request_id: String::new(),
            ip: None,
            session: None,
            secrets: Arc::default(),
            public_url: None,
            is_replay: false,
        }
    }

    /// The same with a moved clock, for imports and simulation: see [`Ctx::is_replay`].
    #[must_use]
    pub fn at(&self, now: Time) -> Ctx {
        Ctx { now, is_replay: true, ..self.clone() }
    }

    /// `Forbidden` unless this right is there.
    pub fn require(&self, permission: Permission) -> Result<(), Error> {
        if self.can(permission) { Ok(()) } else { Err(Error::Forbidden { needs: permission }) }
    }

    /// Whether this right is there.
    pub fn can(&self, permission: Permission) -> bool {
        self.permissions.has(permission)
    }

    /// What the caller may see.
    pub fn sees(&self) -> &Sees {
        &self.sees
    }

    /// Who is signed in, if a person is.
    pub fn user(&self) -> Option<UserId> {
        match self.actor {
            Actor::User(user) => Some(user),
            Actor::ApiKey(_) | Actor::Customer(_) | Actor::System => None,
        }
    }
}

/// What somebody may see. What one may not see is not found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sees {
    /// Whose sales channels.
    pub stores: Stores,
    /// Whose orders within them.
    pub agents: Agents,
}

/// Which stores somebody may see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stores {
    /// All of the organization's.
    All,
    /// These; none when the list is empty.
    These(Vec<StoreId>),
}

/// Whose orders somebody may see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agents {
    /// Everybody's.
    All,
    /// One's own and those that nobody has taken.
    OwnAndFree(UserId),
    /// One's own alone.
    Own(UserId),
}

impl Sees {
    /// No limit.
    pub fn everything() -> Sees {
        Sees { stores: Stores::All, agents: Agents::All }
    }

    /// Whether nothing is hidden.
    pub fn is_everything(&self) -> bool {
        self.stores == Stores::All && self.agents == Agents::All
    }

    /// The one condition that list, get, search, export, count and live share, for a table with
    /// `store_id` and `agent_id`: nothing, or ` and o.store_id in ($5, $6) and (o.agent_id is null or
    /// o.agent_id = $7)`. It pushes what it binds after what is there already.
    pub fn clause(&self, alias: &str, params: &mut Vec<Value>) -> String {
        let mut sql = self.store_clause(&format!("{alias}.store_id"), params);
        match self.agents {
            Agents::All => {}
            Agents::OwnAndFree(user) => {
                params.push(user.to_value());
                sql.push_str(&format!(" and ({alias}.agent_id is null or {alias}.agent_id = ${})", params.len()));
            }
            Agents::Own(user) => {
                params.push(user.to_value());
                sql.push_str(&format!(" and {alias}.agent_id = ${}", params.len()));
            }
        }
        sql
    }

    /// The part of [`Sees::clause`] about stores, for any column that holds a store.
    pub fn store_clause(&self, column: &str, params: &mut Vec<Value>) -> String {
        let Stores::These(stores) = &self.stores else { return String::new() };
        if stores.is_empty() {
            return " and 1 = 0".to_owned();
        }
        let first = params.len() + 1;
        params.extend(stores.iter().map(ToValue::to_value));
        format!(" and {column} in ({})", db::dialect::markers(first, stores.len()))
    }

    /// Whether this store is among them.
    pub fn store(&self, store: StoreId) -> bool {
        match &self.stores {
            Stores::All => true,
            Stores::These(stores) => stores.contains(&store),
        }
    }

    /// Whether a row of this store and this agent is among what may be seen; the same as [`Sees::clause`].
    pub fn row(&self, store: StoreId, agent: Option<UserId>) -> bool {
        self.store(store)
            && match self.agents {
                Agents::All => true,
                Agents::OwnAndFree(user) => agent.is_none_or(|agent| agent == user),
                Agents::Own(user) => agent == Some(user),
            }
    }
}

#[cfg(test)]
mod tests {
    use kernel::Id;

    use super::*;

    #[track_caller]
    fn check(sees: &Sees, expected: &str, bound: usize) {
        let mut params = vec![Value::Int(1), Value::Int(2)];
        assert_eq!(sees.clause("o", &mut params), expected);
        assert_eq!(params.len() - 2, bound);
    }

    #[test]
    fn what_one_sees_is_one_clause() {
        let (store, other) = (StoreId::from_i64(7), StoreId::from_i64(8));
        let user = UserId::from_i64(9);
        check(&Sees::everything(), "", 0);
        check(&Sees { stores: Stores::These(vec![]), agents: Agents::All }, " and 1 = 0", 0);
        check(
            &Sees { stores: Stores::These(vec![store, other]), agents: Agents::OwnAndFree(user) },
            " and o.store_id in ($3, $4) and (o.agent_id is null or o.agent_id = $5)",
            3,
        );
        check(&Sees { stores: Stores::All, agents: Agents::Own(user) }, " and o.agent_id = $3", 1);
    }

    #[test]
    fn a_row_is_judged_like_the_clause() {
        let (store, other) = (StoreId::from_i64(7), StoreId::from_i64(8));
        let (me, they) = (UserId::from_i64(1), UserId::from_i64(2));
        let sees = Sees { stores: Stores::These(vec![store]), agents: Agents::OwnAndFree(me) };
        assert!(sees.row(store, None) && sees.row(store, Some(me)));
        assert!(!sees.row(store, Some(they)) && !sees.row(other, None));
    }
}
