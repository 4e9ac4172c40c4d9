//! What handlers answer: read views, saved effects, lists. Everything goes out as bytes once.

use std::marker::PhantomData;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base::Answer as Rendered;
use kernel::Version;
use serde::Serialize;
use utoipa::openapi::schema::{ArrayBuilder, Components, ObjectBuilder, OneOfBuilder, Type};
use utoipa::openapi::{RefOr, Schema};

use crate::error::{Outcome, Problem};
use crate::schema::Describe;

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// Something that was read: 200 with JSON, and an `ETag` when it has a version.
pub(crate) struct Shown<T> {
    value: T,
    version: Option<Version>,
}

/// The result of a handler that reads.
pub(crate) type Reply<T> = Outcome<Shown<T>>;

/// Shows a value.
pub(crate) fn shown<T>(value: T) -> Reply<T> {
    Ok(Shown { value, version: None })
}

/// Shows a value that has a version.
pub(crate) fn versioned<T>(value: T, version: Version) -> Reply<T> {
    Ok(Shown { value, version: Some(version) })
}

impl<T: Serialize> IntoResponse for Shown<T> {
    fn into_response(self) -> Response {
        let mut body = Vec::with_capacity(1_024);
        if let Err(error) = serde_json::to_writer(&mut body, &self.value) {
            return Problem::from(kernel::Error::internal(error)).into_response();
        }
        let mut response = Response::new(Body::from(body));
        response.headers_mut().insert(header::CONTENT_TYPE, JSON);
        if let Some(version) = self.version {
            insert_etag(&mut response, version);
        }
        response
    }
}

fn insert_etag(response: &mut Response, version: Version) {
    if let Ok(value) = HeaderValue::from_str(&format!("\"{version}\"")) {
        response.headers_mut().insert(header::ETAG, value);
    }
}

/// An effect that was saved together with this answer: the JSON is already rendered.
pub(crate) struct Saved<T, const STATUS: u16 = 200> {
    rendered: Rendered,
    view: PhantomData<fn() -> T>,
}

/// The result of a handler that changes something.
pub(crate) type Answer<T> = Outcome<Saved<T>>;
/// The result of a handler that makes something: 201.
pub(crate) type Made<T> = Outcome<Saved<T, 201>>;
/// The result of a handler that begins long work: 202 with its task.
pub(crate) type Begun<T> = Outcome<Saved<T, 202>>;
/// The result of a handler that has nothing to tell: 204.
pub(crate) type Done = Outcome<Saved<(), 204>>;

impl<T, const STATUS: u16> From<Rendered> for Saved<T, STATUS> {
    fn from(rendered: Rendered) -> Saved<T, STATUS> {
        Saved { rendered, view: PhantomData }
    }
}

/// Nothing to tell, outside of `write_once`.
pub(crate) fn done() -> Done {
    Ok(Rendered { body: Arc::from("null"), replayed: false }.into())
}

/// Lets bytes be sent from where they are.
struct Shared(Arc<str>);

impl AsRef<[u8]> for Shared {
    fn as_ref(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl<T, const STATUS: u16> IntoResponse for Saved<T, STATUS> {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(STATUS).unwrap_or(StatusCode::OK);
        let mut response = if status == StatusCode::NO_CONTENT {
            Response::new(Body::empty())
        } else {
            let mut response = Response::new(Body::from(Bytes::from_owner(Shared(self.rendered.body))));
            response.headers_mut().insert(header::CONTENT_TYPE, JSON);
            response
        };
        *response.status_mut() = status;
        if self.rendered.replayed {
            response.headers_mut().insert(HeaderName::from_static("idempotent-replayed"), HeaderValue::from_static("true"));
        }
        response
    }
}

/// A part of a longer list.
#[derive(Debug, Serialize)]
pub(crate) struct List<T> {
    /// The rows of this part.
    pub(crate) items: Vec<T>,
    /// Give it back as `cursor` to go on; null at the end.
    pub(crate) next_cursor: Option<String>,
    /// How many rows there are in all.
    pub(crate) total: Total,
}

impl<T> List<T> {
    /// A list that is whole.
    pub(crate) fn whole(items: Vec<T>) -> List<T> {
        let total = Total::Exactly(items.len() as u64);
        List { items, next_cursor: None, total }
    }
}

/// How many rows a list has in all.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum Total {
    /// Counted.
    Exactly(u64),
    /// More than are worth counting.
    AtLeast {
        /// So many were counted before stopping.
        at_least: u64,
    },
}

impl<T: Describe> Describe for List<T> {
    fn schema(components: &mut Components) -> RefOr<Schema> {
        let items = T::schema(components);
        let at_least = ObjectBuilder::new().property("at_least", u64::schema(components)).required("at_least");
        let total = OneOfBuilder::new().item(u64::schema(components)).item(at_least.build());
        let cursor = Option::<String>::schema(components);
        let object = ObjectBuilder::new()
            .property("items", ArrayBuilder::new().items(items).build())
            .property("next_cursor", crate::schema::described(cursor, "Give it back as `cursor` to go on; null at the end.", None))
            .property("total", Schema::OneOf(total.description(Some("How many there are in all; beyond 10,000 a lower bound.")).build()))
            .required("items")
            .required("next_cursor")
            .required("total");
        RefOr::T(Schema::Object(object.schema_type(Type::Object).build()))
    }
}

/// A text that is made while it is sent: exports.
pub(crate) struct Streamed {
    /// `application/x-ndjson`, `text/csv; charset=utf-8`.
    pub(crate) media_type: &'static str,
    /// What a browser calls the file.
    pub(crate) file_name: String,
    /// The text, piece by piece.
    pub(crate) body: Body,
}

impl IntoResponse for Streamed {
    fn into_response(self) -> Response {
        let mut response = Response::new(self.body);
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.media_type));
        if let Ok(name) = HeaderValue::from_str(&format!("attachment; filename=\"{}\"", self.file_name)) {
            headers.insert(header::CONTENT_DISPOSITION, name);
        }
        response
    }
}
