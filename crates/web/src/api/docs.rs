//! The API's own description: the document for programs, a reader for people.

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use std::sync::OnceLock;

use crate::assets;
use crate::state::WebState;

/// `GET /api/openapi.json`: made once, it cannot change while we run.
pub(crate) async fn document(State(_): State<WebState>) -> Response {
    static DOCUMENT: OnceLock<String> = OnceLock::new();
    let text = DOCUMENT.get_or_init(|| crate::router::openapi_json(""));
    let mut response = text.as_str().into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

/// `GET /docs`
pub(crate) async fn reader() -> Redirect {
    Redirect::to(assets::url("docs.html"))
}
