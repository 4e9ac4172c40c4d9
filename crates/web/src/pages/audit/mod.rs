//! The audit trail for people: who did what, when, from where, with what stood there before and after; the proof that nobody changed
//! it; the trail as a file.

mod kinds;
mod list;
mod view;

use crate::router::Route;

pub(super) fn routes() -> Vec<Route> {
    list::routes()
}
