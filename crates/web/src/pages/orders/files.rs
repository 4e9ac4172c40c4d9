//! Photos and files on the page of an order: brought in by a form, shown, removed, put back.

use axum::extract::{Request, State};
use axum::http::Method;
use axum::response::Response;
use base::Edge;
use kernel::{AttachmentId, OrderId, Permission};

use super::detail::refused;
use crate::api::attachments;
use crate::error::Outcome;
use crate::extract::{Info, Path, Two};
use crate::pages::context::see;
use crate::pages::typed::Typed;
use crate::router::{Access, Route};
use crate::state::WebState;

pub(super) fn routes() -> Vec<Route> {
    use Access::Needs;
    const ONE: &str = "/app/orders/{id}/attachments/{attachment_id}";
    vec![
        Route::page(Method::POST, "/app/orders/{id}/attachments", Needs(Permission::OrderAttach), "page_attach", attach).slow(),
        Route::page(Method::GET, ONE, Needs(Permission::OrderRead), "page_attachment", attachments::content::<OrderId>).slow(),
        Route::page(Method::POST, "/app/orders/{id}/attachments/{attachment_id}/remove", Needs(Permission::OrderAttach), "page_detach", detach),
        Route::page(Method::POST, "/app/orders/{id}/attachments/{attachment_id}/restore", Needs(Permission::OrderAttach), "page_reattach", restore),
    ]
}

/// `POST /app/orders/{id}/attachments`
async fn attach(Path(id): Path<OrderId>, edge: Edge, info: Info, State(state): State<WebState>, request: Request) -> Outcome<Response> {
    match attachments::add_from_form(&edge, &state, id, request).await {
        Ok(_) => Ok(see(&format!("/app/orders/{id}?done=attached#files"))),
        Err(problem) => refused(&edge, &info, id, "file", Typed::default(), &["file", "caption", "kind", "audience"], problem).await,
    }
}

/// `POST /app/orders/{id}/attachments/{attachment_id}/remove`
async fn detach(Path(Two(id, file)): Path<Two<OrderId, AttachmentId>>, edge: Edge, info: Info) -> Outcome<Response> {
    match edge.write(move |tx, ctx| orders::detach(tx, ctx, id, file)).await {
        Ok(removed) => {
            let way_back = removed.undo_until.map(|_| format!("&file={file}")).unwrap_or_default();
            Ok(see(&format!("/app/orders/{id}?done=detached{way_back}#files")))
        }
        Err(error) => refused(&edge, &info, id, "file", Typed::default(), &[], error.into()).await,
    }
}

/// `POST /app/orders/{id}/attachments/{attachment_id}/restore`
async fn restore(Path(Two(id, file)): Path<Two<OrderId, AttachmentId>>, edge: Edge, info: Info) -> Outcome<Response> {
    match edge.write(move |tx, ctx| orders::restore_attachment(tx, ctx, id, file)).await {
        Ok(_) => Ok(see(&format!("/app/orders/{id}?done=restored#files"))),
        Err(error) => refused(&edge, &info, id, "file", Typed::default(), &[], error.into()).await,
    }
}
