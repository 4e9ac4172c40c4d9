//! Every refusal as an RFC 9457 problem document.
//!
//! Actions answer [`kernel::Error`]; extractors have a few refusals of their own (a body that is
//! no JSON, a path that does not exist). Both become a [`Problem`], which travels as a response
//! extension and is rendered once, by the frame around each request, because only there the
//! reader's language and the request's id are known. Words come from the message files by code.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kernel::{Args, Error, FieldError, Locale, Version};
use serde::Serialize;

use crate::words;

/// Why a request was refused, before it is put into words.
#[derive(Clone, Debug)]
pub struct Problem(Box<Parts>);

#[derive(Clone, Debug)]
struct Parts {
    status: StatusCode,
    code: &'static str,
    args: Args,
    errors: Vec<FieldError>,
    retry_after_s: Option<u32>,
    version: Option<Version>,
    fields: Vec<&'static str>,
    differing: Option<serde_json::Value>,
    /// The whole text of an internal error, for the log alone.
    cause: Option<String>,
}

/// The result of a handler.
pub type Outcome<T> = Result<T, Problem>;

impl Problem {
    /// A refusal of the web itself.
    pub fn new(status: StatusCode, code: &'static str) -> Problem {
        Problem(Box::new(Parts {
            status,
            code,
            args: Args::new(),
            errors: Vec::new(),
            retry_after_s: None,
            version: None,
            fields: Vec::new(),
            differing: None,
            cause: None,
        }))
    }

    /// Adds a value for the message.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl std::fmt::Display) -> Problem {
        self.0.args.insert(name, value.to_string());
        self
    }

    /// A body over the limit, which people read in the unit that fits.
    pub(crate) fn too_large(limit: usize) -> Problem {
        let (size, unit) = if limit >= 1 << 20 { (limit >> 20, "mb") } else { (limit >> 10, "kb") };
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body.too_large").with("size", size).with("unit", unit)
    }

    /// Adds a wrong field.
    #[must_use]
    pub fn field(mut self, error: FieldError) -> Problem {
        self.0.errors.push(error);
        self
    }

    /// Says when another try makes sense.
    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Problem {
        self.0.retry_after_s = Some(seconds.max(1));
        self
    }

    /// Adds all sides of the fields that somebody else changed, and the version that stands now.
    #[must_use]
    pub(crate) fn differing(mut self, version: Version, differing: serde_json::Value) -> Problem {
        self.0.version = Some(version);
        self.0.differing = Some(differing);
        self
    }

    /// The status it will be answered with.
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        self.0.code
    }

    /// The wrong fields, for forms that show the words beside them.
    pub fn errors(&self) -> &[FieldError] {
        &self.0.errors
    }

    /// A value for the message.
    pub(crate) fn arg(&self, name: &str) -> Option<&str> {
        self.0.args.get(name).map(String::as_str)
    }

    /// In how many seconds another try makes sense.
    pub(crate) fn retry_after_s(&self) -> Option<u32> {
        self.0.retry_after_s
    }

    /// The full text of an internal error; not for the reader.
    pub(crate) fn cause(&self) -> Option<&str> {
        self.0.cause.as_deref()
    }

    /// A stale `If-Match` is a failed precondition, a stale version in a body a conflict.
    pub(crate) fn into_precondition(mut self) -> Problem {
        if self.0.code == "stale" {
            self.0.status = StatusCode::PRECONDITION_FAILED;
        }
        self
    }

    /// What happened in one sentence, in the reader's language.
    pub fn title(&self, locale: Locale) -> String {
        words::text(locale, &message_key(self.0.code), &self.0.args)
    }

    /// What is wrong with one field, in the reader's language.
    pub fn field_message(locale: Locale, error: &FieldError) -> String {
        // A few codes mean something else beside a field: `too_many` calls, `too_many` tags.
        let own = message_key(&format!("field.{}", error.code));
        words::find(locale, &own, &error.args).unwrap_or_else(|| words::text(locale, &message_key(error.code), &error.args))
    }

    /// The problem document.
    pub(crate) fn render(&self, locale: Locale, request_id: &str) -> Response {
        let parts = &*self.0;
        let errors = parts.errors.iter().map(|error| {
            let customer_id = error.args.get("customer").map(String::as_str).filter(|id| *id != "none");
            FieldProblem { field: &error.field, code: error.code, message: Problem::field_message(locale, error), customer_id }
        });
        let document = Document {
            kind: format!("/problems/{}", parts.code),
            title: self.title(locale),
            status: parts.status.as_u16(),
            code: parts.code,
            detail: parts.cause.as_ref().map(|_| {
                let args = Args::from([("reference", request_id.to_owned())]);
                words::text(locale, "error-internal-reference", &args)
            }),
            errors: errors.collect(),
            request_id,
            version: parts.version,
            fields: &parts.fields,
            differing: parts.differing.as_ref(),
        };
        let body = serde_json::to_vec(&document).unwrap_or_default();
        let mut response = (parts.status, [(header::CONTENT_TYPE, "application/problem+json")], body).into_response();
        if let Some(seconds) = parts.retry_after_s {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if parts.status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

/// `order.state` has its words under `error-order-state`.
pub(crate) fn message_key(code: &str) -> String {
    let mut key = String::with_capacity(code.len() + 6);
    key.push_str("error-");
    key.extend(code.chars().map(|sign| if matches!(sign, '.' | '_') { '-' } else { sign }));
    key
}

#[derive(Serialize)]
struct Document<'a> {
    #[serde(rename = "type")]
    kind: String,
    title: String,
    status: u16,
    code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    errors: Vec<FieldProblem<'a>>,
    request_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<Version>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    fields: &'a [&'static str],
    #[serde(skip_serializing_if = "Option::is_none")]
    differing: Option<&'a serde_json::Value>,
}

#[derive(Serialize)]
struct FieldProblem<'a> {
    field: &'a str,
    code: &'static str,
    message: String,
    /// Another customer whom this is about, if the caller may see them: whose number it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_id: Option<&'a str>,
}

impl From<Error> for Problem {
    fn from(error: Error) -> Problem {
        let code = error.code();
        match error {
            Error::Unauthenticated => Problem::new(StatusCode::UNAUTHORIZED, code),
            Error::Forbidden { needs } => Problem::new(StatusCode::FORBIDDEN, code).with("permission", needs),
            Error::NotFound { what } => Problem::new(StatusCode::NOT_FOUND, code).with("what", what),
            Error::Invalid(errors) => {
                let mut problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code);
                problem.0.errors = errors;
                problem
            }
            Error::Conflict { args, .. } => {
                // The same key with another body is the caller's mistake, not a race.
                let status = if code == "idempotency.other_body" { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::CONFLICT };
                let mut problem = Problem::new(status, code);
                problem.0.args = args;
                problem
            }
            Error::Stale { version, fields } => {
                let mut problem = Problem::new(StatusCode::CONFLICT, code);
                problem.0.version = Some(version);
                problem.0.fields = fields;
                problem
            }
            Error::TooMany { retry_after_s } => {
                Problem::new(StatusCode::TOO_MANY_REQUESTS, code).with("seconds", retry_after_s.max(1)).retry_after(retry_after_s)
            }
            Error::Busy { retry_after_s } => {
                Problem::new(StatusCode::SERVICE_UNAVAILABLE, code).with("seconds", retry_after_s.max(1)).retry_after(retry_after_s)
            }
            Error::Unavailable { service } => Problem::new(StatusCode::SERVICE_UNAVAILABLE, code).with("service", service).retry_after(5),
            Error::Internal(cause) => {
                let mut problem = Problem::new(StatusCode::INTERNAL_SERVER_ERROR, code);
                problem.0.cause = Some(whole_story(&*cause));
                problem
            }
        }
    }
}

/// An error with everything that led to it, for the log.
fn whole_story(error: &(dyn std::error::Error + 'static)) -> String {
    let mut story = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        story.push_str(": ");
        story.push_str(&cause.to_string());
        source = cause.source();
    }
    story
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = self.0.status;
        response.extensions_mut().insert(self);
        response
    }
}
