//! Orders from files: the upload is kept, a task brings it in and says how far it is.
//!
//! The file comes as the body itself (`curl --data-binary @orders.csv`) or in a form with a field
//! `file`. It is written to the disk while it arrives and never held in memory.

use std::io;

use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use base::files::{self, NewFile, StoredFile};
use base::{Edge, IdempotencyKey, tasks};
use futures_util::{Stream, TryStreamExt};
use kernel::{Error, FieldError, Permission, TaskId, Time};
use store_sync::{NewImport, Preset};
use tokio_util::io::{ReaderStream, StreamReader};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{Content, Ref, RefOr, Required, Schema, SchemaFormat};

use super::work::TaskJson;
use crate::error::{Outcome, Problem};
use crate::extract::{Path, Query, content_type, is_multipart};
use crate::openapi::{Input, Sketch};
use crate::respond::{Begun, Streamed};
use crate::schema::{Describe, body, word};
use crate::state::WebState;

/// How long an upload is kept.
const KEPT_DAYS: i64 = 30;
/// The longest value of a form's field, in bytes.
const FIELD_BYTES: usize = 1_000;

body! {
    /// How to read the file.
    pub(crate) struct ImportQuery {
        /// What its rows mean; in a form it may be a field instead.
        preset: Option<Preset> = "kafila",
        /// The code of the store that gets the orders; without it the preset's own, or the one the file names.
        store: Option<String> = "NATU",
        /// Whether everything is tried and nothing kept.
        dry_run: Option<bool> = true,
        /// What the file is called; its ending says how it is packed.
        name: Option<String> = "orders.csv",
    }
}

impl Describe for Preset {
    fn schema(_: &mut utoipa::openapi::schema::Components) -> RefOr<Schema> {
        word(Preset::WORDS)
    }
}

/// A request whose body is read while it arrives.
pub(crate) struct Upload(Request);

impl FromRequest<WebState> for Upload {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &WebState) -> Outcome<Upload> {
        let limit = state.config().upload_limit_bytes;
        let length = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
        if length.is_some_and(|length| length > limit) {
            return Err(too_large(limit));
        }
        Ok(Upload(request))
    }
}

fn too_large(limit: usize) -> Problem {
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body.too_large").with("limit", limit)
}

impl Input for Upload {
    fn describe(mut sketch: Sketch<'_>) -> Sketch<'_> {
        let binary = || {
            let object = ObjectBuilder::new().schema_type(Type::String).format(Some(SchemaFormat::Custom("binary".to_owned())));
            RefOr::T(Schema::Object(object.build()))
        };
        let form = ObjectBuilder::new()
            .property("file", binary())
            .property("preset", Preset::schema(sketch.components))
            .property("store", String::schema(sketch.components))
            .property("dry_run", bool::schema(sketch.components))
            .required("file");
        let body = RequestBodyBuilder::new()
            .content("text/csv", Content::new(Some(binary())))
            .content("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Content::new(Some(binary())))
            .content("application/octet-stream", Content::new(Some(binary())))
            .content("multipart/form-data", Content::new(Some(RefOr::T(Schema::Object(form.build())))))
            .required(Some(Required::True));
        sketch.operation = sketch.operation.request_body(Some(body.build())).parameter_ref(Ref::new("#/components/parameters/IdempotencyKey"));
        sketch.takes_body = true;
        sketch
    }
}

/// `POST /api/v1/imports`
pub(crate) async fn begin(edge: Edge, State(state): State<WebState>, Query(query): Query<ImportQuery>, Upload(request): Upload) -> Begun<TaskJson> {
    edge.ctx.require(Permission::OrderImport)?;
    let (parts, body) = request.into_parts();
    let limit = state.config().upload_limit_bytes;
    let (query, file) = if is_multipart(&parts.headers) {
        let mut request = Request::from_parts(parts.clone(), body);
        DefaultBodyLimit::max(limit).apply(&mut request);
        from_form(&edge, query, request, limit).await?
    } else {
        let name = query.name.clone().unwrap_or_else(|| usual_name(&parts.headers).to_owned());
        let bytes = body.into_data_stream().map_err(io::Error::other);
        let file = keep(&edge, &name, content_type(&parts.headers), bytes, limit).await?;
        (query, file)
    };
    let preset = query.preset.ok_or_else(|| Error::field("preset", "required"))?;
    let key = key_of(&parts, &file)?;
    let new = NewImport { file: file.id, preset, store: query.store, is_dry_run: query.dry_run.unwrap_or(false) };
    let answer = edge.write_once(key.as_ref(), move |tx, ctx| {
        let task = store_sync::begin(tx, ctx, &new)?;
        Ok(TaskJson::of(tasks::view(tx, ctx, task)?))
    });
    Ok(answer.await?.into())
}

/// The key is bound to the file's content, which is not in memory, by its hash.
fn key_of(parts: &Parts, file: &StoredFile) -> Outcome<Option<IdempotencyKey>> {
    crate::extract::idempotency_key(parts, &file.sha256)
}

fn usual_name(headers: &HeaderMap) -> &'static str {
    if content_type(headers).contains("spreadsheetml") { "orders.xlsx" } else { "orders.csv" }
}

/// Reads a form: options may come as fields before the file.
async fn from_form(edge: &Edge, mut query: ImportQuery, request: Request, limit: usize) -> Outcome<(ImportQuery, StoredFile)> {
    let broken = |_| Problem::new(StatusCode::BAD_REQUEST, "body.broken");
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| Problem::new(StatusCode::BAD_REQUEST, "body.broken"))?;
    let mut kept = None;
    while let Some(field) = form.next_field().await.map_err(broken)? {
        let name = field.name().unwrap_or_default().to_owned();
        if name == "file" {
            let file_name = field.file_name().map(str::to_owned).or_else(|| query.name.clone()).unwrap_or_else(|| "orders.csv".to_owned());
            let kind = field.content_type().unwrap_or("application/octet-stream").to_owned();
            kept = Some(keep(edge, &file_name, &kind, field.map_err(io::Error::other), limit).await?);
            continue;
        }
        let value = field.text().await.map_err(broken)?;
        if value.len() > FIELD_BYTES {
            return Err(Error::Invalid(vec![FieldError::new(name, "too_long").with("max", FIELD_BYTES)]).into());
        }
        match name.as_str() {
            "preset" => query.preset = Some(value.parse().map_err(|_| Error::field("preset", "format").with("expected", Preset::WORDS.join(", ")))?),
            "store" => query.store = Some(value).filter(|store| !store.is_empty()),
            "dry_run" => query.dry_run = Some(value.parse().map_err(|_| Error::field("dry_run", "format").with("expected", "true, false"))?),
            "csrf" => {}
            _ => return Err(Error::field(name, "unknown_field").into()),
        }
    }
    let file = kept.ok_or_else(|| Error::field("file", "required"))?;
    Ok((query, file))
}

async fn keep<S, B>(edge: &Edge, name: &str, kind: &str, bytes: S, limit: usize) -> Outcome<StoredFile>
where
    S: Stream<Item = io::Result<B>> + Send,
    B: bytes::Buf + Send,
{
    let file = NewFile {
        name: kernel::cut(name, 200).to_owned(),
        content_type: kernel::cut(kind, 100).to_owned(),
        keep_until: Some(edge.ctx.now.plus_us(KEPT_DAYS * Time::DAY)),
    };
    let reader = StreamReader::new(Box::pin(bytes));
    match files::put_stream(edge, file, reader, limit as u64).await {
        Err(Error::Invalid(fields)) if fields.iter().any(|field| field.code == "file.too_large") => Err(too_large(limit)),
        Err(other) => Err(other.into()),
        Ok(file) if file.size == 0 => Err(Error::field("file", "import.empty").into()),
        Ok(file) => Ok(file),
    }
}

/// `GET /api/v1/tasks/{id}/file`: what came of a task, such as refused rows.
pub(crate) async fn result_file(edge: Edge, Path(id): Path<TaskId>) -> Outcome<Streamed> {
    let file = edge.read(move |tx, ctx| tasks::view(tx, ctx, id)?.result_file.ok_or(Error::not_found("file"))).await?;
    let (stored, content) = files::open(&edge, file).await?;
    let media_type = if stored.name.ends_with(".csv") { "text/csv; charset=utf-8" } else { "application/octet-stream" };
    let safe = |sign: &char| sign.is_ascii_alphanumeric() || matches!(sign, '.' | '-' | '_');
    let file_name: String = stored.name.chars().map(|sign| if safe(&sign) { sign } else { '_' }).collect();
    Ok(Streamed { media_type, file_name, body: axum::body::Body::from_stream(ReaderStream::new(content)) })
}
