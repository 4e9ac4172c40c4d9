//! The door itself: `/` leads to the orders or to signing in.

use axum::http::Method;
use axum::response::Response;
use base::Edge;

use crate::pages::context::see;
use crate::router::{Access, Route};

pub(super) fn routes() -> Vec<Route> {
    vec![Route::page(Method::GET, "/", Access::Public, "page_home", home), Route::page(Method::GET, "/app", Access::Public, "page_app", home)]
}

/// `GET /`
async fn home(edge: Option<Edge>) -> Response {
    see(if edge.is_some() { "/app/orders" } else { "/sign-in" })
}
