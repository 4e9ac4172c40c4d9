//! A form or a short look beside the list: a sheet where script asks for the part, a page of its own elsewhere.

use askama::Template;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use base::Edge;
use kernel::Error;

use super::view::{SheetPage, SheetPart};
use crate::error::Outcome;
use crate::extract::Info;
use crate::pages::context::{Place, Reader, html, is_part};

/// Answers the body under its title, whole or as the part.
pub(super) fn answer(headers: &HeaderMap, edge: &Edge, info: &Info, reader: &Reader, title: String, body: &impl Template) -> Outcome<Response> {
    with_status(headers, edge, info, reader, title, body, StatusCode::OK)
}

/// The same after a form that did not go through.
pub(super) fn with_status(
    headers: &HeaderMap,
    edge: &Edge,
    info: &Info,
    reader: &Reader,
    title: String,
    body: &impl Template,
    status: StatusCode,
) -> Outcome<Response> {
    let body = body.render().map_err(Error::internal)?;
    let say = crate::words::Words { locale: edge.ctx.locale };
    let mut response = if is_part(headers) {
        html(&SheetPart { say, title, body })?
    } else {
        let place = Place {
            title: say.one("orders-sheet-window", "title", &title),
            back: Some("/app/orders".to_owned()),
            crumb: title.clone(),
            here: "/app/orders".to_owned(),
            toast: None,
        };
        html(&SheetPage { page: reader.shell(&edge.ctx, info, place), title, body })?
    };
    *response.status_mut() = status;
    Ok(response)
}
