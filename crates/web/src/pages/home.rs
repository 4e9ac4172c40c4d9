//! The door itself: `/` leads to the first place that somebody may open, or to signing in. And whose session this is, for pages that
//! stood open for long.

use axum::Json;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use base::Edge;
use kernel::OrderId;
use serde_json::json;

use crate::error::{Outcome, Problem};
use crate::extract::{Info, Path};
use crate::pages::context::{gate, html, see};
use crate::pages::gate::view::MessagePage;
use crate::pages::sections;
use crate::router::{Access, Route};
use crate::words::Words;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::page(Method::GET, "/", Access::Public, "page_home", home),
        Route::page(Method::GET, "/app/session", Access::Session, "page_session", session),
        Route::page(Method::GET, "/shop/orders", Access::Public, "page_shop_orders", shop_orders),
        Route::page(Method::GET, "/shop/orders/{id}", Access::Public, "page_shop_order", shop_order),
        Route::page(Method::GET, "/shop/advanced-analytics", Access::Public, "page_shop_figures", shop_figures),
        Route::page(Method::GET, "/app/back", Access::Session, "page_back_in", back_in),
    ]
}

/// `GET /`
async fn home(edge: Option<Edge>) -> Response {
    see(edge.map_or("/sign-in", |edge| sections::landing(&edge.ctx).unwrap_or(sections::HOME)))
}

/// `GET /shop/orders`: where other systems have the list; what it asked for goes along.
async fn shop_orders(uri: Uri) -> Response {
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    see(&format!("/app/orders{query}"))
}

/// `GET /shop/orders/{id}`
async fn shop_order(Path(id): Path<OrderId>) -> Response {
    see(&format!("/app/orders/{id}"))
}

/// `GET /shop/advanced-analytics`: the figures of a shop stand on the first page.
async fn shop_figures() -> Response {
    see("/app")
}

/// `GET /app/session`: who is in, and the proof that their forms send. A page that was open while a session ended and another began
/// puts it into its forms, so that nothing typed is lost.
async fn session(edge: Edge, info: Info) -> Outcome<Response> {
    let user = edge.ctx.user().ok_or_else(|| Problem::new(StatusCode::FORBIDDEN, "csrf"))?;
    Ok(Json(json!({ "user": user, "csrf": info.csrf_token() })).into_response())
}

/// `GET /app/back`: after signing in again beside a page whose session was over.
async fn back_in(edge: Edge, info: Info, headers: HeaderMap) -> Outcome<Response> {
    let say = Words { locale: edge.ctx.locale };
    let page = gate(say, &headers, &info, "session-back-title", &edge.ctx.settings.general.name);
    html(&MessagePage { page, text: say.t("session-back-text"), href: "/", button: say.t("session-back-button"), form_action: None })
}
