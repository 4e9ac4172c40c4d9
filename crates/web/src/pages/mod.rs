//! The pages for people: before the door (signing in, links, the first start), the frame of a staff page, orders.
//!
//! A page answers a whole document to a plain GET, and every form works as a plain POST with a redirect; `HX-Request-Type: partial`
//! asks for the part alone. A handler reads, calls one action, and fills a view; views are plain data with a template, words come
//! from [`crate::words`], looks from [`crate::badges`]. Nothing here decides about orders.

mod account;
mod amounts;
mod audit;
mod context;
mod customers;
mod dashboard;
mod drafts;
mod form;
mod gate;
mod home;
mod imports;
mod input;
mod orders;
mod phones;
mod places;
mod preferences;
mod problem;
mod progress;
mod public;
mod search;
mod sections;
mod setup;
mod sort;
mod system;
#[cfg(test)]
mod tests;
mod typed;
mod view;

use crate::router::Route;

pub(crate) use context::{own_path, theme};
pub(crate) use problem::problem;
pub(crate) use public::{Logo, drawn};
pub(crate) use system::health_words;
pub(crate) use view::{LANGUAGES, i, i_as};

/// Every page, part and form.
pub(crate) fn routes() -> Vec<Route> {
    let mut routes = home::routes();
    routes.extend(gate::routes());
    routes.extend(preferences::routes());
    routes.extend(public::routes());
    routes.extend(search::routes());
    routes.extend(problem::routes());
    routes.extend(dashboard::routes());
    routes.extend(orders::routes());
    routes.extend(imports::routes());
    routes.extend(system::routes());
    routes.extend(audit::routes());
    routes.extend(customers::routes());
    routes.extend(account::routes());
    routes.extend(drafts::routes());
    routes.extend(setup::routes());
    routes
}
