//! The web: the API for programs, its aliases, and the pages for people.
//!
//! Handlers translate: they read a request ([`extract`]), call one action through an [`base::Edge`],
//! and answer ([`respond`]). Every route stands in one table ([`router`]); around each runs the same
//! [`frame`]. No SQL here, no decisions about orders, no network but the answers themselves.

pub(crate) mod aliases;
pub(crate) mod api;
pub(crate) mod assets;
pub(crate) mod auth;
pub(crate) mod badges;
pub(crate) mod caches;
pub mod error;
pub(crate) mod extract;
pub(crate) mod format;
pub(crate) mod frame;
pub mod limits;
pub mod lists;
pub(crate) mod openapi;
pub(crate) mod pages;
pub(crate) mod respond;
pub mod router;
pub(crate) mod schema;
pub mod security;
pub mod sheets;
pub mod state;
pub(crate) mod strict;
pub(crate) mod visitor;
pub(crate) mod words;

#[cfg(test)]
mod tests;

pub use limits::{LimitsConfig, RateClass};
pub use router::{Access, RouteInfo, app, openapi_json, route_table};
pub use security::{CSRF_HEADER, Kind, SESSION_COOKIE, csrf_token};
pub use state::{MetricsText, Parameter, WebConfig, WebState};
