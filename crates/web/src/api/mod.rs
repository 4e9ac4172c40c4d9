//! The API: JSON in and out of actions, one file a domain.

pub(crate) mod auth;
pub(crate) mod catalogue;
pub(crate) mod common;
pub(crate) mod credits;
pub(crate) mod customers;
pub(crate) mod docs;
pub(crate) mod events;
pub(crate) mod health;
pub(crate) mod imports;
pub(crate) mod live;
pub(crate) mod me;
pub(crate) mod messages;
pub(crate) mod orders;
pub(crate) mod payments;
pub(crate) mod places;
pub(crate) mod settings;
pub(crate) mod stores;
pub(crate) mod users;
pub(crate) mod work;
