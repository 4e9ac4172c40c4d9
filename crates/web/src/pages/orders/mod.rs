//! Orders for people: the list with its views, filters and live rows, and one order with its moves, history and notes.

mod detail;
mod detail_view;
mod list;
mod listing;
mod live;
mod moves;
mod query;
mod row;
pub(super) mod view;

use crate::router::Route;

pub(super) fn routes() -> Vec<Route> {
    let mut routes = list::routes();
    routes.extend(live::routes());
    routes.extend(detail::routes());
    routes.extend(moves::routes());
    routes
}
