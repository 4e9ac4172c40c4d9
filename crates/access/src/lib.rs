//! Access: the people of an organization, what they may do and see, how they prove who they are, and
//! the stores that their rights are about.
//!
//! What always holds: nobody grants a right that they do not have themselves; an organization that
//! has begun keeps at least one Admin who can sign in; of passwords, sessions, keys and links only
//! hashes are stored; every bearer value begins with its organization, and is looked up inside it.
//!
//! Passwords are hashed before a transaction is opened, on threads for blocking work: actions that
//! need one take a [`PasswordHash`]. The flows around them ([`sign_in`], [`joining`], [`account`], [`totp`])
//! are async functions of the edge; everything else is a plain action over a transaction.
//!
//! Not here: cookies, CSRF and rate limits (web), sending mail (base), orders' own rights (orders).

pub mod account;
pub mod authenticate;
pub mod first_start;
pub mod joining;
pub mod keys;
mod links;
mod lockout;
mod mails;
pub mod model;
mod orgs;
mod passwords;
pub mod preferences;
pub mod purge;
pub mod rights;
pub mod roles;
mod rules;
pub mod sessions;
pub mod shared;
pub mod sign_in;
mod store;
pub mod stores;
pub mod team;
mod tokens;
pub mod totp;
pub mod users;

#[cfg(test)]
mod tests;

pub use authenticate::{CALLERS, authenticate_bearer, authenticate_session};
pub use first_start::{FirstStart, first_start};
pub use model::{
    ApiKey, Client, LinkKind, Me, NewApiKey, NewStore, NewUser, Person, Role, RoleChange, Session, SessionKind, Store, User, UserChange, UserState,
};
pub use passwords::PasswordHash;
pub use roles::matrix;
pub use sign_in::{NewSession, SignedIn};
