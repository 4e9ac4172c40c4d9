//! The logos that customers see, for all stores and for single ones: set, listed, removed, and served to everybody.
//!
//! A picture comes as the body itself (`curl -T logo.png …`) or in a form with a field `file`. It is written anew as PNG or JPEG of a
//! few kilobytes, so what is served holds nothing that could run; it is served with headers that would let nothing run, too.

use ::attachments::Logo;
use axum::body::to_bytes;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base::Edge;
use kernel::{Error, Locale, OrgId, StoreId, Time};
use tracking::ShownLogo;
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{Content, RefOr, Required, Schema, SchemaFormat};

use super::common::Nothing;
use crate::error::{Outcome, Problem};
use crate::extract::{Info, Path, Two, Write, is_multipart};
use crate::openapi::{Input, Sketch};
use crate::respond::{Done, List, Reply, shown};
use crate::schema::view;
use crate::state::WebState;
use crate::visitor;

/// Bytes of a picture that is taken; what is kept is a few kilobytes.
pub(crate) const LOGO_BYTES: usize = 2 * 1024 * 1024;
/// What a form says around its file.
const FORM_BYTES: usize = 64 * 1024;

view! {
    /// A logo that customers see.
    pub(crate) struct LogoView {
        /// Whose; null for all stores that have none of their own.
        store_id: Option<StoreId>,
        /// Where it lies, for everybody and for ever; another picture has another address.
        url: String = "/logo/org_0000000000001/9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        /// In pixels.
        width: i64 = 288,
        /// In pixels.
        height: i64 = 96,
        /// In bytes.
        size: i64 = 4210,
        /// When it was set.
        changed_at: Time,
    }
}

impl LogoView {
    fn of(org: OrgId, logo: &ShownLogo) -> LogoView {
        let url = logo.path(org);
        LogoView { store_id: logo.store, url, width: logo.width, height: logo.height, size: logo.size, changed_at: logo.changed_at }
    }
}

/// A request with a picture, read when the caller is known.
pub(crate) struct LogoUpload(Request);

impl FromRequest<WebState> for LogoUpload {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &WebState) -> Outcome<LogoUpload> {
        Ok(LogoUpload(request))
    }
}

impl Input for LogoUpload {
    fn describe(mut sketch: Sketch<'_>) -> Sketch<'_> {
        let binary = || {
            let object = ObjectBuilder::new().schema_type(Type::String).format(Some(SchemaFormat::Custom("binary".to_owned())));
            RefOr::T(Schema::Object(object.build()))
        };
        let form = ObjectBuilder::new().property("file", binary()).required("file");
        let body = RequestBodyBuilder::new()
            .content("multipart/form-data", Content::new(Some(RefOr::T(Schema::Object(form.build())))))
            .content("application/octet-stream", Content::new(Some(binary())))
            .required(Some(Required::True));
        sketch.operation = sketch.operation.request_body(Some(body.build()));
        sketch.takes_body = true;
        sketch
    }
}

fn too_large() -> Problem {
    Problem::too_large(LOGO_BYTES)
}

/// Reads a picture of at most [`LOGO_BYTES`] and writes it anew. `store` becomes what a form says beside it.
pub(crate) async fn read(mut request: Request, store: &mut String) -> Outcome<Logo> {
    let length = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if length.is_some_and(|length| length > LOGO_BYTES + FORM_BYTES) {
        return Err(too_large());
    }
    let bytes = if is_multipart(request.headers()) {
        let broken = |_| Problem::new(StatusCode::BAD_REQUEST, "body.broken");
        DefaultBodyLimit::max(LOGO_BYTES + FORM_BYTES).apply(&mut request);
        let mut form = Multipart::from_request(request, &()).await.map_err(|_| Problem::new(StatusCode::BAD_REQUEST, "body.broken"))?;
        let mut file = None;
        while let Some(mut field) = form.next_field().await.map_err(broken)? {
            let name = field.name().unwrap_or_default().to_owned();
            match name.as_str() {
                "file" => {
                    let mut bytes = Vec::new();
                    while let Some(chunk) = field.chunk().await.map_err(broken)? {
                        if bytes.len() + chunk.len() > LOGO_BYTES {
                            return Err(too_large());
                        }
                        bytes.extend_from_slice(&chunk);
                    }
                    file = Some(bytes);
                }
                "store" => *store = super::common::field_text(&name, field, 100).await?,
                "csrf" => {}
                _ => return Err(Error::field(name, "unknown_field").into()),
            }
        }
        file.ok_or_else(|| Error::field("file", "required"))?
    } else {
        to_bytes(request.into_body(), LOGO_BYTES).await.map_err(|_| too_large())?.to_vec()
    };
    Ok(::attachments::prepare_logo(bytes).await?)
}

async fn set(edge: Edge, store: Option<StoreId>, request: Request) -> Reply<LogoView> {
    // Nobody waits for a picture that may not be set.
    edge.read(move |tx, ctx| tracking::may_set_logo(tx, ctx, store)).await?;
    let logo = read(request, &mut String::new()).await?;
    let set = edge.write(move |tx, ctx| tracking::set_logo(tx, ctx, store, &logo)).await?;
    shown(LogoView::of(edge.ctx.org, &set))
}

/// `GET /api/v1/logos`
pub(crate) async fn list(edge: Edge) -> Reply<List<LogoView>> {
    let logos = edge.read(tracking::list_logos).await?;
    shown(List::whole(logos.iter().map(|logo| LogoView::of(edge.ctx.org, logo)).collect()))
}

/// `PUT /api/v1/logos`
pub(crate) async fn set_for_all(edge: Edge, LogoUpload(request): LogoUpload) -> Reply<LogoView> {
    set(edge, None, request).await
}

/// `DELETE /api/v1/logos`
pub(crate) async fn remove_for_all(edge: Edge, write: Write<Nothing>) -> Done {
    Ok(edge.write_once(write.key.as_ref(), |tx, ctx| tracking::remove_logo(tx, ctx, None)).await?.into())
}

/// `PUT /api/v1/stores/{id}/logo`
pub(crate) async fn set_for_store(edge: Edge, Path(store): Path<StoreId>, LogoUpload(request): LogoUpload) -> Reply<LogoView> {
    set(edge, Some(store), request).await
}

/// `DELETE /api/v1/stores/{id}/logo`
pub(crate) async fn remove_for_store(edge: Edge, Path(store): Path<StoreId>, write: Write<Nothing>) -> Done {
    Ok(edge.write_once(write.key.as_ref(), move |tx, ctx| tracking::remove_logo(tx, ctx, Some(store))).await?.into())
}

/// `GET /logo/{org}/{hash}`: the picture, to everybody.
pub(crate) async fn serve(State(state): State<WebState>, info: Info, Path(Two(org, hash)): Path<Two<OrgId, String>>) -> Outcome<Response> {
    let org = visitor::organization(&state, Some(org)).await?.ok_or_else(|| Error::not_found("logo"))?;
    let edge = visitor::edge(&state, &info, Locale::En, org).await;
    let found = edge.read(move |tx, _| tracking::logo_content(tx, &hash)).await?;
    let content_type = if found.content_type == "image/png" { "image/png" } else { "image/jpeg" };
    let mut response = found.content.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    Ok(response)
}
