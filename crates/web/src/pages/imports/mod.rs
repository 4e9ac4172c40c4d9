//! Orders from files, for people: what was brought in, and the way of a new file from its upload over its columns and a trial to the end.

mod columns;
mod list;
mod one;
mod prepare;
mod view;

pub(crate) use list::{param, words_of};

use crate::router::Route;

pub(super) fn routes() -> Vec<Route> {
    let mut routes = list::routes();
    routes.extend(prepare::routes());
    routes.extend(one::routes());
    routes
}
