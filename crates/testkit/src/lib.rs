//! Testkit: a shop of its own for each test, with people in it, on either engine.
//!
//! A [`Shop`] has its own database (a copy of a template), a clock that stands still until a test
//! moves it, the real router, and no network: mails become files, requests go nowhere. When the last
//! handle to it is dropped, the jobs that are left run, and a job that fails for good or a counter
//! that is off fails the test.
//!
//! A [`Browser`] is a real one, for what only a browser can prove.
//!
//! Not here: assertions about features; they stand in `app/tests/it`, through HTTP.

mod browser;
mod client;
mod orders;
mod people;
mod proof;
mod shop;
mod template;

pub use browser::{Browser, Request, Screen};
pub use client::{Answer, Client, http};
pub use db::Engine;
pub use orders::{OrderBuilder, PlacedOrder};
pub use people::{ADMIN, AGENT, COLLEAGUE, FOREIGNER, MANAGER, NEIGHBOUR, PASSWORD, Person, WEAK};
pub use proof::pretend_newer;
pub use shop::{START, Shop, run};

/// Declares tests that run on both engines: `both! { async fn a_sentence_that_must_be_true(shop: Shop) { … } }`.
///
/// Each becomes a module with the tests `sqlite` and `postgres`.
#[macro_export]
macro_rules! both {
    ($($(#[$meta:meta])* async fn $name:ident($shop:ident: Shop) $body:block)+) => {$(
        $(#[$meta])*
        mod $name {
            #[allow(unused_imports, clippy::allow_attributes, reason = "a test may need nothing of its file")]
            use super::*;

            async fn test($shop: $crate::Shop) $body

            #[test]
            fn sqlite() {
                $crate::run($crate::Engine::Sqlite, test);
            }

            #[test]
            fn postgres() {
                $crate::run($crate::Engine::Postgres, test);
            }
        }
    )+};
}
