//! Who does something.

use serde::{Deserialize, Serialize};

use crate::{ApiKeyId, CustomerId, UserId};

/// Who does something; written beside each event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum Actor {
    /// Somebody signed in.
    User(UserId),
    /// A program with a key.
    ApiKey(ApiKeyId),
    /// A customer with a signed link or a code.
    Customer(CustomerId),
    /// Kafila itself: a job, a schedule, a command on the server.
    System,
}

impl Actor {
    /// The kind and the number for their two columns.
    pub fn columns(self) -> (&'static str, Option<i64>) {
        use crate::Id;
        match self {
            Actor::User(id) => ("user", Some(id.to_i64())),
            Actor::ApiKey(id) => ("api_key", Some(id.to_i64())),
            Actor::Customer(id) => ("customer", Some(id.to_i64())),
            Actor::System => ("system", None),
        }
    }

    /// Reads the two columns.
    pub fn from_columns(kind: &str, id: Option<i64>) -> Actor {
        use crate::Id;
        match (kind, id) {
            ("user", Some(id)) => Actor::User(UserId::from_i64(id)),
            ("api_key", Some(id)) => Actor::ApiKey(ApiKeyId::from_i64(id)),
            ("customer", Some(id)) => Actor::Customer(CustomerId::from_i64(id)),
            _ => Actor::System,
        }
    }

    /// Whether no person was at work.
    pub fn is_automated(self) -> bool {
        matches!(self, Actor::System)
    }
}
