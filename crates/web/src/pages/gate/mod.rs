//! Before the door: signing in and out, links that work once, the first start.
//!
//! What is wrong with a name or a password is never told apart. A wrong form comes back with 422, its words beside the fields and
//! what was typed still there, except passwords.

mod links;
mod set_up;
mod sign_in;
pub(super) mod view;

use access::{Client, NewSession};
use axum::http::{HeaderMap, header};
use axum::response::Response;

use crate::api::auth;
use crate::extract::Info;
use crate::pages::context::{LANGUAGE_COOKIE, preference_cookie, see};
use crate::router::Route;
use crate::state::WebState;

pub(super) fn routes() -> Vec<Route> {
    let mut routes = sign_in::routes();
    routes.extend(links::routes());
    routes.extend(set_up::routes());
    routes
}

/// Where a sign-in comes from.
fn client(headers: &HeaderMap, info: &Info, is_trusted: bool) -> Client {
    Client { ip: info.ip.clone(), user_agent: auth::user_agent(headers), is_trusted }
}

/// Somebody is in: the cookie, and on to the page.
fn enter(state: &WebState, session: &NewSession, to: &str) -> Response {
    let mut response = see(to);
    response.headers_mut().insert(header::SET_COOKIE, auth::cookie_of(state, session));
    response
}

/// Remembers the language that somebody chose before the door.
fn remember_language(response: &mut Response, asked: Option<&str>) {
    if let Some(cookie) = asked.and_then(|word| preference_cookie(LANGUAGE_COOKIE, word)) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}
