//! One's own account: name, address, how pages look, password, second factor, sessions. For everybody who is signed in.

mod factor;
mod overview;
mod sessions;
mod view;

use crate::router::Route;

/// Where it stands.
const HOME: &str = "/app/account";

pub(super) fn routes() -> Vec<Route> {
    let mut routes = overview::routes();
    routes.extend(factor::routes());
    routes.extend(sessions::routes());
    routes
}
