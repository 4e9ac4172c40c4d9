//! What a handler gets from a request: who asks, ids from the path, parameters, a checked body.
//!
//! Everything is refused that is not understood: unknown fields and parameters, wrong types, bytes
//! that are no UTF-8, bodies over the limit. A refusal names the field by its path.

use std::borrow::Cow;
use std::sync::Arc;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequest, FromRequestParts, OptionalFromRequestParts, RawPathParams, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use base::{Edge, IdempotencyKey};
use kernel::{Error, FieldError, Version};
use serde::de::DeserializeOwned;

use crate::error::Problem;
use crate::security::RequestInfo;
use crate::state::WebState;
use crate::strict::Strict;

/// The caller, proven by the frame before the handler runs.
impl FromRequestParts<WebState> for Edge {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &WebState) -> Result<Edge, Problem> {
        parts.extensions.get::<Edge>().cloned().ok_or_else(|| Error::Unauthenticated.into())
    }
}

/// The caller where one may be signed in but need not.
impl OptionalFromRequestParts<WebState> for Edge {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &WebState) -> Result<Option<Edge>, Problem> {
        Ok(parts.extensions.get::<Edge>().cloned())
    }
}

/// What is known about the request itself: id, address, language, CSRF token.
#[derive(Clone)]
pub(crate) struct Info(pub(crate) Arc<RequestInfo>);

impl std::ops::Deref for Info {
    type Target = RequestInfo;
    fn deref(&self) -> &RequestInfo {
        &self.0
    }
}

impl FromRequestParts<WebState> for Info {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &WebState) -> Result<Info, Problem> {
        let info = parts.extensions.get::<Arc<RequestInfo>>().cloned();
        info.map(Info).ok_or_else(|| Error::internal("a route outside of the frame").into())
    }
}

/// Ids and names from the path. What does not have the form of an id does not exist.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Path<T>(pub(crate) T);

/// A type that the segments of a path make.
pub(crate) trait FromSegments: Sized {
    fn from_segments(segments: &[&str]) -> Option<Self>;
}

impl<T: std::str::FromStr> FromSegments for T {
    fn from_segments(segments: &[&str]) -> Option<T> {
        match segments {
            [one] => one.parse().ok(),
            _ => None,
        }
    }
}

/// Two segments of a path.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Two<A, B>(pub(crate) A, pub(crate) B);

impl<A: std::str::FromStr, B: std::str::FromStr> FromSegments for Two<A, B> {
    fn from_segments(segments: &[&str]) -> Option<Two<A, B>> {
        match segments {
            [first, second] => Some(Two(first.parse().ok()?, second.parse().ok()?)),
            _ => None,
        }
    }
}

impl<T: FromSegments + Send> FromRequestParts<WebState> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Result<Path<T>, Problem> {
        let params = RawPathParams::from_request_parts(parts, state).await.map_err(|_| Problem::from(Error::not_found("page")))?;
        let segments: Vec<&str> = params.iter().map(|(_, value)| value).collect();
        T::from_segments(&segments).map(Path).ok_or_else(|| Error::not_found("page").into())
    }
}

/// The parameters after the question mark; unknown ones are refused.
#[derive(Clone, Debug)]
pub(crate) struct Query<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequestParts<WebState> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &WebState) -> Result<Query<T>, Problem> {
        read_query(parts.uri.query().unwrap_or_default()).map(Query)
    }
}

/// Reads parameters strictly.
pub(crate) fn read_query<T: DeserializeOwned>(query: &str) -> Result<T, Problem> {
    // One of the engines cannot keep a zero letter, nor be asked for one.
    if let Some((name, _)) = form_pairs(query).find(|(name, value)| name.contains('\0') || value.contains('\0')) {
        return Err(Error::field(name.replace('\0', ""), "text.control").into());
    }
    let pairs = serde_urlencoded::Deserializer::new(form_pairs(query));
    serde_path_to_error::deserialize(pairs).map_err(|error| {
        let path = error.path().to_string();
        Error::Invalid(vec![field_error(path, &error.into_inner().to_string())]).into()
    })
}

fn form_pairs(query: &str) -> form_urlencoded::Parse<'_> {
    form_urlencoded::parse(query.as_bytes())
}

/// A form of a page. The CSRF token among its fields was checked by the frame and is dropped here.
#[derive(Clone, Debug)]
pub(crate) struct Form<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<WebState> for Form<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &WebState) -> Result<Form<T>, Problem> {
        let (parts, body) = request.into_parts();
        if !content_type(&parts.headers).starts_with("application/x-www-form-urlencoded") {
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media_type").with("expected", "application/x-www-form-urlencoded"));
        }
        let bytes = read_body(&parts.headers, body, state.config().body_limit_bytes).await?;
        let text = std::str::from_utf8(&bytes).map_err(|_| not_utf8())?;
        let kept: Vec<&str> = text.split('&').filter(|pair| !pair.starts_with("csrf=")).collect();
        read_query(&kept.join("&")).map(Form)
    }
}

/// A JSON body without an idempotency key: for calls that have their own protection (sign-in).
#[derive(Clone, Debug)]
pub(crate) struct Json<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<WebState> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &WebState) -> Result<Json<T>, Problem> {
        let (parts, body) = request.into_parts();
        let bytes = read_body(&parts.headers, body, state.config().body_limit_bytes).await?;
        check_is_json(&parts.headers, &bytes)?;
        read_json(or_nothing(&bytes)).map(Json)
    }
}

/// The body of a change, with its idempotency key and the version it builds on.
#[derive(Clone, Debug)]
pub(crate) struct Write<T> {
    /// What to do.
    pub(crate) body: T,
    /// `Idempotency-Key`, when one was sent.
    pub(crate) key: Option<IdempotencyKey>,
    /// The version in `If-Match`, when one was sent.
    pub(crate) if_match: Option<Version>,
}

impl<T: DeserializeOwned> FromRequest<WebState> for Write<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &WebState) -> Result<Write<T>, Problem> {
        let (parts, body) = request.into_parts();
        let bytes = read_body(&parts.headers, body, state.config().body_limit_bytes).await?;
        check_is_json(&parts.headers, &bytes)?;
        let if_match = if_match(&parts.headers)?;
        let key = idempotency_key(&parts, &bytes)?;
        let body = read_json(or_nothing(&bytes))?;
        Ok(Write { body, key, if_match })
    }
}

/// The key in `Idempotency-Key`, bound to method, path and body.
pub(crate) fn idempotency_key(parts: &Parts, body: &[u8]) -> Result<Option<IdempotencyKey>, Problem> {
    let Some(value) = parts.headers.get("idempotency-key") else { return Ok(None) };
    let key = value.to_str().map_err(|_| Error::field("Idempotency-Key", "idempotency.key"))?;
    let path = parts.uri.path_and_query().map_or(parts.uri.path(), |whole| whole.as_str());
    Ok(Some(IdempotencyKey::new(key, parts.method.as_str(), path, body)?))
}

/// The version in `If-Match`; `*` matches all.
pub(crate) fn if_match(headers: &HeaderMap) -> Result<Option<Version>, Problem> {
    let Some(value) = headers.get(header::IF_MATCH) else { return Ok(None) };
    let text = value.to_str().unwrap_or_default().trim();
    if text == "*" {
        return Ok(None);
    }
    let tag = text.strip_prefix("W/").unwrap_or(text);
    let number = tag.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(tag);
    let is_version = number.len() <= 18 && number.bytes().all(|sign| sign.is_ascii_digit());
    let version = Some(number).filter(|_| is_version).and_then(|number| number.parse().ok());
    version.map(Some).ok_or_else(|| Error::field("If-Match", "if_match").into())
}

pub(crate) fn content_type(headers: &HeaderMap) -> &str {
    headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// Whether the body is a form with files.
pub(crate) fn is_multipart(headers: &HeaderMap) -> bool {
    content_type(headers).starts_with("multipart/form-data")
}

/// Reads a body of at most `limit` bytes.
pub(crate) async fn read_body(headers: &HeaderMap, body: Body, limit: usize) -> Result<Bytes, Problem> {
    let too_large = || Problem::too_large(limit);
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(too_large());
    }
    to_bytes(body, limit).await.map_err(|error| {
        let cause = std::error::Error::source(&error);
        if cause.is_some_and(|cause| cause.is::<http_body_util::LengthLimitError>()) {
            too_large()
        } else {
            Problem::new(StatusCode::BAD_REQUEST, "body.broken")
        }
    })
}

fn check_is_json(headers: &HeaderMap, bytes: &[u8]) -> Result<(), Problem> {
    let kind = content_type(headers).split(';').next().unwrap_or_default().trim();
    if bytes.is_empty() && kind.is_empty() || kind.eq_ignore_ascii_case("application/json") || kind.ends_with("+json") {
        return Ok(());
    }
    Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media_type").with("expected", "application/json"))
}

/// Nothing at all means a body without fields.
fn or_nothing(bytes: &[u8]) -> &[u8] {
    if bytes.is_empty() { b"{}" } else { bytes }
}

/// Reads JSON strictly. Only a refusal is read a second time, to learn where it stands.
pub(crate) fn read_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let read = T::deserialize(Strict(&mut reader)).and_then(|value| reader.end().map(|()| value));
    read.map_err(|error| json_problem::<T>(bytes, &error))
}

fn json_problem<T: DeserializeOwned>(bytes: &[u8], error: &serde_json::Error) -> Problem {
    if std::str::from_utf8(bytes).is_err() {
        return not_utf8();
    }
    if !error.is_data() {
        return Problem::new(StatusCode::BAD_REQUEST, "json.malformed").with("line", error.line()).with("column", error.column());
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    match serde_path_to_error::deserialize::<_, T>(Strict(&mut reader)) {
        Ok(_) => Problem::new(StatusCode::BAD_REQUEST, "json.malformed").with("line", error.line()).with("column", error.column()),
        Err(error) => {
            let path = error.path().to_string();
            Error::Invalid(vec![field_error(path, &error.into_inner().to_string())]).into()
        }
    }
}

fn not_utf8() -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "body.utf8")
}

/// What serde says, as a field and a code. The texts are serde's own and stable in practice; one that
/// is not known here is passed on as what was expected.
fn field_error(path: String, message: &str) -> FieldError {
    let message = message.split(" at line ").next().unwrap_or(message);
    let path = if path == "." { String::new() } else { path };
    let quoted = || message.split('`').nth(1).unwrap_or_default().to_owned();
    let inside = |name: String| match (path.is_empty(), path.ends_with(&name)) {
        (true, _) => name,
        (false, true) => path.clone(),
        (false, false) => format!("{path}.{name}"),
    };
    if message.starts_with("unknown field") {
        return FieldError::new(inside(quoted()), "unknown_field");
    }
    if message.starts_with("missing field") {
        return FieldError::new(inside(quoted()), "required");
    }
    if message.starts_with("duplicate field") {
        return FieldError::new(inside(quoted()), "repeated");
    }
    let expected = message.rsplit_once("expected ").map_or(message, |(_, expected)| expected.strip_prefix("one of ").unwrap_or(expected));
    let code = if message.starts_with("invalid type") { "type" } else { "format" };
    FieldError::new(path, code).with("expected", plain(expected))
}

/// Rust's names of kinds in plain words.
fn plain(expected: &str) -> Cow<'_, str> {
    match expected {
        "i64" | "i32" | "u64" | "u32" | "u16" | "u8" | "usize" => Cow::Borrowed("a whole number"),
        "invalid digit found in string" | "cannot parse integer from empty string" => Cow::Borrowed("a whole number"),
        "number too large to fit in target type" | "number too small to fit in target type" => Cow::Borrowed("a smaller whole number"),
        "provided string was not `true` or `false`" => Cow::Borrowed("true or false"),
        "f64" => Cow::Borrowed("a number"),
        "a string" | "a borrowed string" | "str" | "path" => Cow::Borrowed("a text"),
        "a boolean" | "bool" => Cow::Borrowed("true or false"),
        "a sequence" => Cow::Borrowed("a list"),
        "a map" => Cow::Borrowed("an object"),
        other if other.starts_with("struct ") => Cow::Borrowed("an object"),
        other => Cow::Borrowed(other),
    }
}
