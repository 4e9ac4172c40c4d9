//! Customers for people: the list, one of them with everything between them and the shop, the forms to change them, two records of one
//! person made one, and what the law asks: everything written down, and a person forgotten.

mod detail;
mod detail_view;
mod forms;
mod history;
mod list;
mod merge;
mod privacy;
mod query;
mod sheet;
mod view;

use crate::router::Route;

pub(super) fn routes() -> Vec<Route> {
    let mut routes = list::routes();
    routes.extend(detail::routes());
    routes.extend(forms::routes());
    routes.extend(merge::routes());
    routes.extend(privacy::routes());
    routes
}
