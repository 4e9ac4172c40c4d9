//! Photos and files on orders and customers: brought in as a form or as they are, sent with headers that let nobody
//! run them.
//!
//! A file comes as the body itself (`curl --data-binary @photo.jpg …?name=photo.jpg`) or in a form with a field
//! `file`. Whether the caller may attach it is asked first; then it is read, judged by its content and
//! stored; its row is written last.

use std::io;
use std::sync::Arc;

use ::attachments::{Attachment, AttachmentChange, AttachmentFilter, NewAttachment, Prepared, Removed, Shown};
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base::{Ctx, Edge, files};
use db::Tx;
use futures_util::TryStreamExt;
use kernel::{AttachmentId, AttachmentKind, CustomerId, Error, NoteAudience, OrderId, Time, Version};
use tokio_util::io::{ReaderStream, StreamReader};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{Content, Ref, RefOr, Required, Schema, SchemaFormat};

use super::common::{self, ActorView, Nothing};
use crate::error::{Outcome, Problem};
use crate::extract::{Path, Query, Two, Write, is_multipart};
use crate::openapi::{Input, Output, Sketch};
use crate::respond::{Answer, List, Made, Reply, shown, versioned};
use crate::schema::{Describe, Patch, body, view};
use crate::state::WebState;

/// The longest value of a form's field, in bytes.
const FIELD_BYTES: usize = 4_000;
/// What a form says around its file.
const FORM_BYTES: usize = 64 * 1024;

view! {
    /// A photo or file.
    pub(crate) struct AttachmentView {
        /// Which.
        id: AttachmentId,
        /// What it shows.
        kind: AttachmentKind,
        /// Who may see it.
        audience: NoteAudience,
        /// Words beside it.
        caption: Option<String> = "Packed on Saturday",
        /// What people call the file; its ending fits the content.
        name: String = "parcel.jpg",
        /// What it is, told by its content.
        content_type: String = "image/jpeg",
        /// In bytes.
        size: i64 = 184320,
        /// Of a picture, in pixels.
        width: Option<i64> = 1600,
        /// Of a picture, in pixels.
        height: Option<i64> = 1200,
        /// The small pictures that there are, by their longest side in pixels.
        thumbs: Vec<u32> = [72, 144, 1080],
        /// Who brought it.
        author: ActorView,
        /// When it was attached.
        created_at: Time,
        /// The last change.
        updated_at: Time,
        /// Grows with each change.
        version: Version = 1,
    }

    /// An attachment that was removed.
    pub(crate) struct RemovedView {
        /// Which.
        id: AttachmentId,
        /// Until when whoever removed it may put it back.
        undo_until: Option<Time>,
    }
}

body! {
    /// What is said about the file; in a form these are fields.
    pub(crate) struct UploadQuery {
        /// What people call the file.
        name: Option<String> = "parcel.jpg",
        /// What it shows; `other` when left out.
        kind: Option<AttachmentKind> = "packing",
        /// Who may see it; `internal` when left out.
        audience: Option<NoteAudience> = "internal",
        /// Words beside it.
        caption: Option<String>,
    }

    /// Which attachments.
    pub(crate) struct AttachmentQuery {
        /// Only those that show this.
        kind: Option<AttachmentKind>,
        /// Only those that these may see.
        audience: Option<NoteAudience>,
    }

    /// What shall be different about an attachment; what is left out stays.
    pub(crate) struct AttachmentChangeBody {
        /// What it shows.
        kind: Option<AttachmentKind> = "shipping",
        /// Who may see it.
        audience: Option<NoteAudience>,
        /// Other words beside it, or null for none.
        #[serde(default)]
        caption: Patch<String>,
        /// The version that was read.
        version: Option<Version> = 1,
    }

    /// How to send it.
    pub(crate) struct ContentQuery {
        /// The small picture of this longest side (72, 144 or 1080); the file itself when left out.
        size: Option<u32> = 144,
        /// Whether a browser shall keep it as a file even if it could show it.
        download: Option<bool>,
    }
}

impl AttachmentView {
    fn of(one: Attachment) -> AttachmentView {
        AttachmentView {
            id: one.id,
            kind: one.kind,
            audience: one.audience,
            caption: one.caption,
            name: one.name,
            content_type: one.content_type,
            size: one.size,
            width: one.width,
            height: one.height,
            thumbs: one.thumbs,
            author: ActorView::of(one.author),
            created_at: one.created_at,
            updated_at: one.updated_at,
            version: one.version,
        }
    }
}

/// What files hang on: the same calls for orders and customers, each with its own rights.
pub(crate) trait Bearer: std::str::FromStr + Describe + Copy + Send + Sync + 'static {
    fn may_attach(self, tx: &mut Tx, ctx: &Ctx) -> Result<(), Error>;
    fn attach(self, tx: &mut Tx, ctx: &Ctx, new: &NewAttachment, prepared: &Prepared) -> Result<Attachment, Error>;
    fn list(self, tx: &mut Tx, ctx: &Ctx, filter: AttachmentFilter) -> Result<Vec<Attachment>, Error>;
    fn find(self, tx: &mut Tx, ctx: &Ctx, id: AttachmentId) -> Result<Attachment, Error>;
    fn show(self, tx: &mut Tx, ctx: &Ctx, id: AttachmentId, side: Option<u32>) -> Result<Shown, Error>;
    fn change(self, tx: &mut Tx, ctx: &Ctx, id: AttachmentId, change: &AttachmentChange) -> Result<Attachment, Error>;
    fn detach(self, tx: &mut Tx, ctx: &Ctx, id: AttachmentId) -> Result<Removed, Error>;
    fn restore(self, tx: &mut Tx, ctx: &Ctx, id: AttachmentId) -> Result<Attachment, Error>;
}

macro_rules! bearers {
    ($($id:ty: $owner:ident),+) => {$(
        impl Bearer for $id {
            fn may_attach(self, tx: &mut Tx, ctx: &Ctx) -> Result<(), Error> {
                $owner::may_attach(tx, ctx, self).map(drop)
            }

            fn attach(self, tx: &mut Tx, ctx: &Ctx, new: &NewAttachment, prepared: &Prepared) -> Result<Attachment, Error> {
                $owner::attach(tx, ctx, self, new, prepared)
            }

            fn list(self, tx: &mut Tx, ctx: &Ctx, filter: AttachmentFilter) -> Result<Vec<Attachment>, Error> {
                $owner::list_attachments(tx, ctx, self, filter)
            }

            fn find(self, tx: &mut Tx, ctx: &Ctx, id: AttachmentId) -> Result<Attachment, Error> {
                $owner::find_attachment(tx, ctx, self, id)
            }

            fn show(self, tx: &mut Tx, ctx: &Ctx, id: AttachmentId, side: Option<u32>) -> Result<Shown, Error> {
                $owner::show_attachment(tx, ctx, self, id, side)
            }

            fn change(self, tx: &mut Tx, ctx: &Ctx, id: AttachmentId, change: &AttachmentChange) -> Result<Attachment, Error> {
                $owner::change_attachment(tx, ctx, self, id, change)
            }

            fn detach(self, tx: &mut Tx, ctx: &Ctx, id: AttachmentId) -> Result<Removed, Error> {
                $owner::detach(tx, ctx, self, id)
            }

            fn restore(self, tx: &mut Tx, ctx: &Ctx, id: AttachmentId) -> Result<Attachment, Error> {
                $owner::restore_attachment(tx, ctx, self, id)
            }
        }
    )+};
}

bearers!(OrderId: orders, CustomerId: customers);

/// A request with a file, read while it arrives.
pub(crate) struct FileUpload(Request);

impl FromRequest<WebState> for FileUpload {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &WebState) -> Outcome<FileUpload> {
        let limit = state.config().attachment_limit_bytes;
        let length = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
        if length.is_some_and(|length| length > limit + FORM_BYTES) {
            return Err(too_large(limit));
        }
        Ok(FileUpload(request))
    }
}

fn too_large(limit: usize) -> Problem {
    Problem::too_large(limit)
}

impl Input for FileUpload {
    fn describe(mut sketch: Sketch<'_>) -> Sketch<'_> {
        let binary = || {
            let object = ObjectBuilder::new().schema_type(Type::String).format(Some(SchemaFormat::Custom("binary".to_owned())));
            RefOr::T(Schema::Object(object.build()))
        };
        let form = ObjectBuilder::new()
            .property("file", binary())
            .property("kind", AttachmentKind::schema(sketch.components))
            .property("audience", NoteAudience::schema(sketch.components))
            .property("caption", String::schema(sketch.components))
            .required("file");
        let body = RequestBodyBuilder::new()
            .content("multipart/form-data", Content::new(Some(RefOr::T(Schema::Object(form.build())))))
            .content("application/octet-stream", Content::new(Some(binary())))
            .required(Some(Required::True));
        sketch.operation = sketch.operation.request_body(Some(body.build())).parameter_ref(Ref::new("#/components/parameters/IdempotencyKey"));
        sketch.takes_body = true;
        sketch
    }
}

/// `POST /api/v1/orders/{id}/attachments`, `POST /api/v1/customers/{id}/attachments`
pub(crate) async fn add<B: Bearer>(
    edge: Edge,
    State(state): State<WebState>,
    Path(owner): Path<B>,
    Query(query): Query<UploadQuery>,
    FileUpload(request): FileUpload,
) -> Made<AttachmentView> {
    edge.read(move |tx, ctx| owner.may_attach(tx, ctx)).await?;
    let limit = state.config().attachment_limit_bytes;
    let (parts, body) = request.into_parts();
    let (query, prepared) = if is_multipart(&parts.headers) {
        let mut request = Request::from_parts(parts.clone(), body);
        DefaultBodyLimit::max(limit + FORM_BYTES).apply(&mut request);
        from_form(&edge, query, request, limit).await?
    } else {
        let name = query.name.clone().unwrap_or_default();
        let content = StreamReader::new(Box::pin(body.into_data_stream().map_err(io::Error::other)));
        let prepared = prepared(&edge, &name, content, limit).await?;
        (query, prepared)
    };
    let new = NewAttachment {
        kind: query.kind.unwrap_or(AttachmentKind::Other),
        audience: query.audience.unwrap_or(NoteAudience::Internal),
        caption: query.caption,
    };
    let key = key_of(&parts, &new, &prepared)?;
    let prepared = Arc::new(prepared);
    let own = Arc::clone(&prepared);
    let answer = edge.write_once(key.as_ref(), move |tx, ctx| Ok(AttachmentView::of(owner.attach(tx, ctx, &new, &own)?))).await?;
    if !answer.replayed {
        prepared.settle(&edge.base).await?;
    }
    Ok(answer.into())
}

/// The same from the form of a page.
pub(crate) async fn add_from_form<B: Bearer>(edge: &Edge, state: &WebState, owner: B, mut request: Request) -> Outcome<Attachment> {
    edge.read(move |tx, ctx| owner.may_attach(tx, ctx)).await?;
    if !is_multipart(request.headers()) {
        return Err(Error::field("file", "required").into());
    }
    let limit = state.config().attachment_limit_bytes;
    let length = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if length.is_some_and(|length| length > limit + FORM_BYTES) {
        return Err(too_large(limit));
    }
    DefaultBodyLimit::max(limit + FORM_BYTES).apply(&mut request);
    let nothing = UploadQuery { name: None, kind: None, audience: None, caption: None };
    let (said, prepared) = from_form(edge, nothing, request, limit).await?;
    let new = NewAttachment {
        kind: said.kind.unwrap_or(AttachmentKind::Other),
        audience: said.audience.unwrap_or(NoteAudience::Internal),
        caption: said.caption.filter(|caption| !caption.trim().is_empty()),
    };
    let prepared = Arc::new(prepared);
    let own = Arc::clone(&prepared);
    let attached = edge.write(move |tx, ctx| owner.attach(tx, ctx, &new, &own)).await?;
    prepared.settle(&edge.base).await?;
    Ok(attached)
}

/// The key is bound to what is said and to the content, by its hash.
fn key_of(parts: &Parts, new: &NewAttachment, prepared: &Prepared) -> Outcome<Option<base::IdempotencyKey>> {
    let mut body = prepared.sha256().to_vec();
    body.extend(format!("{} {} {}", new.kind, new.audience, new.caption.as_deref().unwrap_or_default()).bytes());
    crate::extract::idempotency_key(parts, &body)
}

async fn prepared(edge: &Edge, name: &str, content: impl tokio::io::AsyncRead + Unpin, limit: usize) -> Outcome<Prepared> {
    match ::attachments::prepare(&edge.base, name, content, limit as u64).await {
        Err(Error::Invalid(fields)) if fields.iter().any(|field| field.code == "file.too_large") => Err(too_large(limit)),
        other => Ok(other?),
    }
}

/// Reads a form; its fields may come before or after the file.
async fn from_form(edge: &Edge, mut query: UploadQuery, request: Request, limit: usize) -> Outcome<(UploadQuery, Prepared)> {
    let broken = |_| Problem::new(StatusCode::BAD_REQUEST, "body.broken");
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| Problem::new(StatusCode::BAD_REQUEST, "body.broken"))?;
    let mut file = None;
    while let Some(field) = form.next_field().await.map_err(broken)? {
        let name = field.name().unwrap_or_default().to_owned();
        if name == "file" {
            let file_name = field.file_name().map(str::to_owned).or_else(|| query.name.clone()).unwrap_or_default();
            let content = StreamReader::new(Box::pin(field.map_err(io::Error::other)));
            file = Some(prepared(edge, &file_name, content, limit).await?);
            continue;
        }
        let value = common::field_text(&name, field, FIELD_BYTES).await?;
        let wrong = |words: &[&str]| Error::field(name.clone(), "format").with("expected", words.join(", "));
        match name.as_str() {
            "kind" => query.kind = Some(value.parse().map_err(|_| wrong(AttachmentKind::WORDS))?),
            "audience" => query.audience = Some(value.parse().map_err(|_| wrong(NoteAudience::WORDS))?),
            "caption" => query.caption = Some(value),
            "csrf" => {}
            _ => return Err(Error::field(name, "unknown_field").into()),
        }
    }
    let file = file.ok_or_else(|| Error::field("file", "required"))?;
    Ok((query, file))
}

/// `GET /api/v1/orders/{id}/attachments`, `GET /api/v1/customers/{id}/attachments`
pub(crate) async fn list<B: Bearer>(edge: Edge, Path(owner): Path<B>, Query(query): Query<AttachmentQuery>) -> Reply<List<AttachmentView>> {
    let filter = AttachmentFilter { kind: query.kind, audience: query.audience };
    let found = edge.read(move |tx, ctx| owner.list(tx, ctx, filter)).await?;
    shown(List::whole(found.into_iter().map(AttachmentView::of).collect()))
}

/// `GET …/attachments/{attachment_id}`
pub(crate) async fn get<B: Bearer>(edge: Edge, Path(Two(owner, id)): Path<Two<B, AttachmentId>>) -> Reply<AttachmentView> {
    let found = edge.read(move |tx, ctx| owner.find(tx, ctx, id)).await?;
    let version = found.version;
    versioned(AttachmentView::of(found), version)
}

/// `PATCH …/attachments/{attachment_id}`
pub(crate) async fn change<B: Bearer>(
    edge: Edge,
    Path(Two(owner, id)): Path<Two<B, AttachmentId>>,
    write: Write<AttachmentChangeBody>,
) -> Answer<AttachmentView> {
    let body = write.body;
    let change =
        AttachmentChange { kind: body.kind, audience: body.audience, caption: body.caption.into_option(), version: write.if_match.or(body.version) };
    Ok(edge.write_once(write.key.as_ref(), move |tx, ctx| Ok(AttachmentView::of(owner.change(tx, ctx, id, &change)?))).await?.into())
}

/// `DELETE …/attachments/{attachment_id}`
pub(crate) async fn remove<B: Bearer>(edge: Edge, Path(Two(owner, id)): Path<Two<B, AttachmentId>>, write: Write<Nothing>) -> Answer<RemovedView> {
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        let Removed { id, undo_until } = owner.detach(tx, ctx, id)?;
        Ok(RemovedView { id, undo_until })
    });
    Ok(answer.await?.into())
}

/// `POST …/attachments/{attachment_id}/restore`
pub(crate) async fn restore<B: Bearer>(
    edge: Edge,
    Path(Two(owner, id)): Path<Two<B, AttachmentId>>,
    write: Write<Nothing>,
) -> Answer<AttachmentView> {
    Ok(edge.write_once(write.key.as_ref(), move |tx, ctx| Ok(AttachmentView::of(owner.restore(tx, ctx, id)?))).await?.into())
}

/// The content of a file.
pub(crate) struct Sent {
    shown: Shown,
    body: Option<Body>,
    is_download: bool,
}

/// What a file may be sent as.
const SENT: &[&str] = &[
    "application/octet-stream",
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "audio/mp4",
    "audio/mpeg",
    "audio/ogg",
    "image/heic",
    "image/jpeg",
    "image/png",
    "image/webp",
    "text/csv",
    "text/plain",
];

impl Output for Sent {
    fn describe(mut sketch: Sketch<'_>) -> Sketch<'_> {
        let binary = ObjectBuilder::new().schema_type(Type::String).format(Some(SchemaFormat::Custom("binary".to_owned())));
        let binary = RefOr::T(Schema::Object(binary.build()));
        let mut response = ResponseBuilder::new().description("The file, or 304 when `If-None-Match` names it.");
        for media_type in SENT {
            response = response.content(*media_type, Content::new(Some(binary.clone())));
        }
        sketch.operation = sketch.operation.response("200", response.build());
        sketch
    }
}

impl IntoResponse for Sent {
    fn into_response(self) -> Response {
        let Sent { shown, body, is_download } = self;
        let is_unchanged = body.is_none();
        let mut response = Response::new(body.unwrap_or_else(Body::empty));
        let headers = response.headers_mut();
        let mut insert = |name: header::HeaderName, value: String| {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(name, value);
            }
        };
        insert(header::ETAG, etag(&shown));
        // Kept by this browser alone, and shown only after asking whether it is still allowed: the next person at it may not.
        insert(header::CACHE_CONTROL, "private, no-cache".to_owned());
        // Should a browser show it after all, it may do nothing.
        insert(header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned());
        if is_unchanged {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            return response;
        }
        insert(header::CONTENT_TYPE, shown.file.content_type.clone());
        insert(header::CONTENT_LENGTH, shown.file.size.to_string());
        insert(header::CONTENT_DISPOSITION, disposition(&shown.name, shown.is_harmless && !is_download));
        response
    }
}

fn etag(shown: &Shown) -> String {
    format!("\"{}\"", hex::encode(&shown.file.sha256))
}

/// How a browser names the file, and whether it may show it where it stands.
fn disposition(name: &str, is_inline: bool) -> String {
    let safe = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '.' | '-' | '_' | ' ');
    let plain: String = name.chars().map(|sign| if safe(sign) { sign } else { '_' }).collect();
    let mut encoded = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_') {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    let how = if is_inline { "inline" } else { "attachment" };
    format!("{how}; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

/// `GET …/attachments/{attachment_id}/content`
pub(crate) async fn content<B: Bearer>(
    edge: Edge,
    Path(Two(owner, id)): Path<Two<B, AttachmentId>>,
    Query(query): Query<ContentQuery>,
    IfNoneMatch(known): IfNoneMatch,
) -> Outcome<Sent> {
    let shown = edge.read(move |tx, ctx| owner.show(tx, ctx, id, query.size)).await?;
    let is_known = known.is_some_and(|known| known.split(',').any(|tag| tag.trim().trim_start_matches("W/") == etag(&shown)));
    let body = match is_known {
        true => None,
        false => Some(Body::from_stream(ReaderStream::new(files::read(&edge.base, &shown.file).await?))),
    };
    Ok(Sent { shown, body, is_download: query.download.unwrap_or(false) })
}

/// What the caller has already.
pub(crate) struct IfNoneMatch(Option<String>);

impl axum::extract::FromRequestParts<WebState> for IfNoneMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &WebState) -> Outcome<IfNoneMatch> {
        Ok(IfNoneMatch(parts.headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).map(str::to_owned)))
    }
}

impl Input for IfNoneMatch {
    fn describe(sketch: Sketch<'_>) -> Sketch<'_> {
        sketch
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_break_out_of_its_header() {
        assert_eq!(disposition("a\".jpg", true), "inline; filename=\"a_.jpg\"; filename*=UTF-8''a%22.jpg");
        assert_eq!(disposition("صورة 1.pdf", false), "attachment; filename=\"____ 1.pdf\"; filename*=UTF-8''%D8%B5%D9%88%D8%B1%D8%A9%201.pdf");
        assert!(!disposition("x\r\nSet-Cookie: a", false).contains(['\r', '\n']));
    }
}
