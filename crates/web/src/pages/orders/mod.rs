//! Orders for people: the list with its views, filters and live rows, and one order with its moves, history and notes.

mod agent;
mod bulk;
mod care;
mod care_view;
mod columns;
mod detail;
mod detail_view;
mod edit;
mod edit_view;
mod exports;
mod files;
mod filter_set;
mod filters;
mod list;
mod listing;
mod live;
mod moves;
mod own_fields;
mod page_view;
mod people;
mod query;
mod quick;
mod row;
mod sheet;
mod story;
pub(super) mod view;
mod views;

use crate::router::Route;

pub(super) fn routes() -> Vec<Route> {
    let mut routes = list::routes();
    routes.extend(live::routes());
    routes.extend(filters::routes());
    routes.extend(columns::routes());
    routes.extend(views::routes());
    routes.extend(quick::routes());
    routes.extend(bulk::routes());
    routes.extend(exports::routes());
    routes.extend(detail::routes());
    routes.extend(moves::routes());
    routes.extend(care::routes());
    routes.extend(people::routes());
    routes.extend(agent::routes());
    routes.extend(edit::routes());
    routes.extend(files::routes());
    routes
}
