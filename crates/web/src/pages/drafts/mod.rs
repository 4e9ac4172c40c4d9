//! New orders and drafts for people: one form for both, the list of drafts, the link for the customer and what it shows.

pub(super) mod desk;
mod draft;
mod list;
mod quote;
pub(super) mod sheet;
pub(super) mod view;

use crate::router::Route;

pub(super) fn routes() -> Vec<Route> {
    let mut routes = desk::routes();
    routes.extend(draft::routes());
    routes.extend(list::routes());
    routes.extend(quote::routes());
    routes
}
