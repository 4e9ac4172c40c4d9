//! The ground under every domain: who acts and what they may see, transactions, events and what
//! follows from them, work that happens later, settings, secrets, counters, places, live changes.
//!
//! A domain's action sees [`ctx::Ctx`] and a `db::Tx`; only [`edge::Edge`] opens transactions.
//!
//! Not here: people and their rights (access), anything about orders or customers, HTTP in (web).

pub mod calendar;
pub mod chain;
pub mod counters;
pub mod ctx;
pub mod edge;
pub mod events;
pub mod field_set;
pub mod files;
pub mod http;
pub mod idempotency;
pub mod jobs;
pub mod live;
pub mod mail;
pub mod nodes;
pub mod organizations;
pub mod places;
pub mod presence;
pub mod reactions;
pub mod rules;
pub mod schedules;
pub mod secrets;
pub mod settings;
pub mod system;
pub mod tasks;
pub mod traces;
pub mod worker;

#[cfg(test)]
mod tests;

pub use ctx::{Agents, Ctx, Sees, Stores};
pub use edge::{Answer, Base, BaseConfig, Clock, Edge, Watcher};
pub use idempotency::IdempotencyKey;
