//! The OpenAPI document, made from the handlers themselves.
//!
//! A handler's arguments and its answer each know how to describe themselves ([`Input`], [`Output`]),
//! so a route's row needs no second description and the document cannot disagree with the code.
//! Not here: which routes exist (`router.rs`).

use std::future::Future;
use std::pin::Pin;

use axum::extract::{FromRequest, FromRequestParts};
use axum::handler::Handler;
use axum::http::Method;
use axum::response::{IntoResponse, Response};
use base::Edge;
use serde::Serialize;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::{Operation, OperationBuilder, Parameter, ParameterBuilder, ParameterIn, ParameterStyle};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{AdditionalProperties, Components, ObjectBuilder, Schema, SchemaType, Type};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{
    Content, HttpMethod, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, PathItem, Paths, Ref, RefOr, Required, ResponseBuilder,
};

use crate::api::orders::listed::{ANY, Listed};
use crate::api::orders::read::OrderQuery;
use crate::error::Problem;
use crate::extract::{Info, Json, Path, Query, Two, Write};
use crate::respond::{Saved, Shown, Streamed};
use crate::router::{Access, Route};
use crate::schema::{Describe, Fields, component, text};
use crate::security::Kind;
use crate::state::WebState;

/// The description of one operation under construction.
pub(crate) struct Sketch<'a> {
    /// Shared schemas.
    pub(crate) components: &'a mut Components,
    /// Names of the segments in the route's path.
    pub(crate) segments: Vec<String>,
    /// The method of the route.
    pub(crate) method: Method,
    pub(crate) operation: OperationBuilder,
    pub(crate) takes_json: bool,
    pub(crate) takes_body: bool,
}

/// An argument of a handler that can describe itself.
pub(crate) trait Input {
    /// Adds parameters or a body.
    fn describe(sketch: Sketch<'_>) -> Sketch<'_>;
}

/// An answer of a handler that can describe itself.
pub(crate) trait Output {
    /// Adds the answer when all is well.
    fn describe(sketch: Sketch<'_>) -> Sketch<'_>;
}

type Answering = Pin<Box<dyn Future<Output = Response> + Send>>;

/// A handler whose arguments and answer can describe themselves.
pub(crate) trait Documented<T>: Handler<T, WebState, Future = Answering> {
    /// Describes the operation.
    fn describe(sketch: Sketch<'_>) -> Sketch<'_>;
}

macro_rules! documented {
    ($($argument:ident),*; $last:ident) => {
        impl<F, Fut, Answer, Mark, $($argument,)* $last> Documented<(Mark, $($argument,)* $last,)> for F
        where
            F: Fn($($argument,)* $last) -> Fut + Clone + Send + Sync + 'static,
            Fut: Future<Output = Answer> + Send,
            Answer: IntoResponse + Output,
            $($argument: FromRequestParts<WebState> + Input + Send,)*
            $last: FromRequest<WebState, Mark> + Input + Send,
            F: Handler<(Mark, $($argument,)* $last,), WebState, Future = Answering>,
        {
            fn describe(sketch: Sketch<'_>) -> Sketch<'_> {
                $(let sketch = $argument::describe(sketch);)*
                let sketch = $last::describe(sketch);
                Answer::describe(sketch)
            }
        }
    };
}

impl<F, Fut, Answer> Documented<((),)> for F
where
    F: Fn() -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = Answer> + Send,
    Answer: IntoResponse + Output,
    F: Handler<((),), WebState, Future = Answering>,
{
    fn describe(sketch: Sketch<'_>) -> Sketch<'_> {
        Answer::describe(sketch)
    }
}

documented!(; A);
documented!(A; B);
documented!(A, B; C);
documented!(A, B, C; D);
documented!(A, B, C, D; E);

impl Input for Edge {
    fn describe(sketch: Sketch<'_>) -> Sketch<'_> {
        sketch
    }
}

impl Input for Option<Edge> {
    fn describe(sketch: Sketch<'_>) -> Sketch<'_> {
        sketch
    }
}

impl Input for Info {
    fn describe(sketch: Sketch<'_>) -> Sketch<'_> {
        sketch
    }
}

impl Input for axum::extract::State<WebState> {
    fn describe(sketch: Sketch<'_>) -> Sketch<'_> {
        sketch
    }
}

/// A type of one segment of a path.
pub(crate) trait Segments {
    fn schemas(components: &mut Components) -> Vec<RefOr<Schema>>;
}

impl<T: Describe> Segments for T {
    fn schemas(components: &mut Components) -> Vec<RefOr<Schema>> {
        vec![T::schema(components)]
    }
}

impl<A: Describe, B: Describe> Segments for Two<A, B> {
    fn schemas(components: &mut Components) -> Vec<RefOr<Schema>> {
        vec![A::schema(components), B::schema(components)]
    }
}

impl<T: Segments> Input for Path<T> {
    fn describe(mut sketch: Sketch<'_>) -> Sketch<'_> {
        let schemas = T::schemas(sketch.components);
        for (name, schema) in sketch.segments.clone().into_iter().zip(schemas) {
            let parameter = ParameterBuilder::new().name(name).parameter_in(ParameterIn::Path).required(Required::True).schema(Some(schema));
            sketch.operation = sketch.operation.parameter(parameter);
        }
        sketch
    }
}

impl<T: Fields> Input for Query<T> {
    fn describe(mut sketch: Sketch<'_>) -> Sketch<'_> {
        for field in T::fields(sketch.components) {
            let schema = without_null(field.schema);
            let is_list = matches!(schema, RefOr::T(Schema::Array(_)));
            let mut parameter = ParameterBuilder::new()
                .name(field.name)
                .parameter_in(ParameterIn::Query)
                .required(if field.required { Required::True } else { Required::False })
                .description(Some(field.doc))
                .schema(Some(schema));
            if is_list {
                parameter = parameter.style(Some(ParameterStyle::Form)).explode(Some(false));
            }
            if let Some(example) = field.example {
                parameter = parameter.example(Some(example));
            }
            sketch.operation = sketch.operation.parameter(parameter);
        }
        sketch
    }
}

impl Input for Listed {
    fn describe(sketch: Sketch<'_>) -> Sketch<'_> {
        let mut sketch = <Query<OrderQuery> as Input>::describe(sketch);
        // Written form-exploded, each property of this object is a parameter of its own.
        let groups = ObjectBuilder::new().additional_properties(Some(AdditionalProperties::RefOr(text(None, None, None))));
        let parameter = ParameterBuilder::new()
            .name(ANY)
            .parameter_in(ParameterIn::Query)
            .required(Required::False)
            .description(Some(
                "Groups of conditions of which at least one holds as well: any parameter of this list that narrows it (not `search`, \
                 `archived`, `sort`, `limit`, `cursor`, `page`) under `any.` and the number of its group. Conditions of one group \
                 combine. At most 5 groups of 8 conditions.",
            ))
            .schema(Some(Schema::Object(groups.build())))
            .style(Some(ParameterStyle::Form))
            .explode(Some(true))
            .example(Some(serde_json::json!({"any.1.city": "Oran", "any.2.total_from": "500000", "any.2.channel": "web"})));
        sketch.operation = sketch.operation.parameter(parameter);
        sketch
    }
}

/// A parameter that may be left out is left out, not null.
fn without_null(schema: RefOr<Schema>) -> RefOr<Schema> {
    match schema {
        RefOr::T(Schema::Object(mut object)) => {
            if let SchemaType::Array(kinds) = &object.schema_type
                && let [kind, Type::Null] = kinds.as_slice()
            {
                object.schema_type = SchemaType::Type(kind.clone());
                if let Some(words) = &mut object.enum_values {
                    words.retain(|word| !word.is_null());
                }
            }
            RefOr::T(Schema::Object(object))
        }
        RefOr::T(Schema::OneOf(one_of)) => one_of.items.into_iter().next().unwrap_or_else(crate::schema::anything),
        other => other,
    }
}

fn json_body<T: Describe + Fields>(mut sketch: Sketch<'_>) -> Sketch<'_> {
    let schema = T::schema(sketch.components);
    let fields = T::fields(sketch.components);
    if fields.is_empty() && sketch.method == Method::DELETE {
        return sketch;
    }
    let is_required = fields.iter().any(|field| field.required);
    let body = RequestBodyBuilder::new().content("application/json", Content::new(Some(schema))).required(Some(if is_required {
        Required::True
    } else {
        Required::False
    }));
    sketch.operation = sketch.operation.request_body(Some(body.build()));
    sketch.takes_json = true;
    sketch.takes_body = true;
    sketch
}

impl<T: Describe + Fields> Input for Json<T> {
    fn describe(sketch: Sketch<'_>) -> Sketch<'_> {
        json_body::<T>(sketch)
    }
}

impl<T: Describe + Fields> Input for Write<T> {
    fn describe(sketch: Sketch<'_>) -> Sketch<'_> {
        let mut sketch = json_body::<T>(sketch);
        sketch.operation = sketch.operation.parameter_ref(Ref::new("#/components/parameters/IdempotencyKey"));
        let has_version = T::fields(sketch.components).iter().any(|field| field.name == "version");
        if has_version {
            sketch.operation = sketch.operation.parameter_ref(Ref::new("#/components/parameters/IfMatch"));
        }
        sketch
    }
}

impl<T: Output> Output for Result<T, Problem> {
    fn describe(sketch: Sketch<'_>) -> Sketch<'_> {
        T::describe(sketch)
    }
}

impl<T: Describe> Output for Shown<T> {
    fn describe(mut sketch: Sketch<'_>) -> Sketch<'_> {
        let schema = T::schema(sketch.components);
        let response = ResponseBuilder::new().description("As asked.").content("application/json", Content::new(Some(schema)));
        sketch.operation = sketch.operation.response("200", response.build());
        sketch
    }
}

impl<T: Describe, const STATUS: u16> Output for Saved<T, STATUS> {
    fn describe(mut sketch: Sketch<'_>) -> Sketch<'_> {
        let words = match STATUS {
            201 => "Made.",
            202 => "Begun; the task says how far it is.",
            204 => "Done.",
            _ => "Saved.",
        };
        let mut response = ResponseBuilder::new().description(words);
        if STATUS != 204 {
            let schema = T::schema(sketch.components);
            response = response.content("application/json", Content::new(Some(schema)));
        }
        let replayed = HeaderBuilder::new().schema(Some(text(None, None, None))).description(Some("`true` when an earlier answer is repeated."));
        response = response.header("Idempotent-Replayed", replayed.build());
        sketch.operation = sketch.operation.response(STATUS.to_string(), response.build());
        sketch
    }
}

impl Describe for () {
    fn schema(_: &mut Components) -> RefOr<Schema> {
        crate::schema::anything()
    }
}

impl Output for Streamed {
    fn describe(mut sketch: Sketch<'_>) -> Sketch<'_> {
        let content = || Content::new(Some(text(None, None, None)));
        let response = ResponseBuilder::new()
            .description("A text, sent while it is made.")
            .content("application/x-ndjson", content())
            .content("application/json", Content::new(Some(crate::schema::anything())))
            .content("application/octet-stream", content())
            .content("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", content())
            .content("text/csv", content())
            .content("text/html", content());
        sketch.operation = sketch.operation.response("200", response.build());
        sketch
    }
}

crate::schema::view! {
    /// Why something was refused (RFC 9457). Programs look at `code`; the words may change.
    pub(crate) struct ProblemDocument {
        /// `/problems/` and the code.
        #[serde(rename = "type")]
        r#type: String = "/problems/order.state",
        /// What happened, in the caller's language.
        title: String = "This order cannot be confirmed any more.",
        /// The status of the answer.
        status: u16 = 409,
        /// The stable code.
        code: String = "order.state",
        /// More words, where there are some.
        #[serde(skip_serializing_if = "Option::is_none")]
        detail: Option<String>,
        /// Every field that is wrong, all at once.
        errors: Vec<FieldProblemDocument>,
        /// Name it when you ask for help.
        request_id: String = "6f1d0e5b7c2a9d34",
        /// The version that stands now, when yours is old.
        #[serde(skip_serializing_if = "Option::is_none")]
        version: Option<i64>,
        /// The fields that differ, when your version is old.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        fields: Vec<String>,
        /// All sides of the fields that somebody else changed, where a change can be merged.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        differing: Vec<crate::api::orders::edit::DifferingView>,
    }

    /// A field that is wrong.
    pub(crate) struct FieldProblemDocument {
        /// Where it stands: `lines[0].quantity`.
        field: String = "lines[0].quantity",
        /// The stable code.
        code: String = "required",
        /// What is wrong, in the caller's language.
        message: String = "This is needed.",
    }
}

const PROBLEMS: [(&str, &str, &str); 13] = [
    ("400", "Malformed", "The request cannot be read: no JSON, no UTF-8."),
    ("401", "Unauthenticated", "No session, or the token is spent."),
    ("403", "Forbidden", "Signed in, but the right is missing."),
    ("404", "NotFound", "It does not exist, or you may not see it."),
    ("405", "NoSuchMethod", "The path does not offer this method; `Allow` says which it does."),
    ("409", "Conflict", "Well-formed, but not now; or your version is old."),
    ("412", "PreconditionFailed", "The version in `If-Match` is old."),
    ("413", "TooLarge", "The body is over the limit."),
    ("415", "MediaType", "The body is of another kind."),
    ("422", "Invalid", "Fields are wrong; all of them are named."),
    ("429", "TooMany", "Too many calls; `Retry-After` says when to come back."),
    ("500", "Internal", "Our fault; name the request's id when you ask for help."),
    ("503", "Busy", "Too much at once, or something is down; try again after `Retry-After`."),
];

/// Makes the document of these routes.
pub(crate) fn document(routes: &[Route], public_url: &str) -> OpenApi {
    let mut components = Components::new();
    for (_, name, words) in PROBLEMS {
        let schema = component::<ProblemDocument>("Problem", "Why something was refused (RFC 9457).".to_owned(), false, &mut components);
        let mut response = ResponseBuilder::new().description(words).content("application/problem+json", Content::new(Some(schema)));
        if matches!(name, "TooMany" | "Busy") {
            let header = HeaderBuilder::new().schema(Some(u32::schema(&mut components))).description(Some("Seconds to wait."));
            response = response.header("Retry-After", header.build());
        }
        components.responses.insert(name.to_owned(), RefOr::T(response.build()));
    }
    for (name, parameter) in shared_parameters() {
        components.parameters.insert(name.to_owned(), RefOr::T(parameter));
    }
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("A token of `POST /api/v1/sign-in` (at most 24 h) or an API key (`kaf_…`)."));
    components.add_security_scheme("bearer", SecurityScheme::Http(bearer.build()));
    let cookie =
        ApiKeyValue::with_description("kafila_session", "The session of a browser; changes also need the `X-CSRF-Token` of `GET /api/v1/me`.");
    components.add_security_scheme("cookie", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));

    let mut paths = Paths::new();
    let mut tags: Vec<&str> = Vec::new();
    for route in routes {
        let (Some(describe), Some(method)) = (route.describe, http_method(&route.info.method)) else { continue };
        if route.info.is_twin {
            continue;
        }
        if !tags.contains(&route.info.tag) {
            tags.push(route.info.tag);
        }
        let operation = operation(route, describe, &mut components);
        let item = PathItem::new(method, operation);
        match paths.paths.get_mut(route.info.path) {
            Some(standing) => standing.merge_operations(item),
            None => {
                paths.paths.insert(route.info.path.to_owned(), item);
            }
        }
    }

    let info = InfoBuilder::new()
        .title("Kafila")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(include_str!("openapi.md")))
        .license(Some(LicenseBuilder::new().name("Apache-2.0").identifier(Some("Apache-2.0")).build()));
    let tags = tags.into_iter().map(|tag| TagBuilder::new().name(tag).description(Some(crate::router::tag_words(tag))).build());
    OpenApiBuilder::new()
        .info(info.build())
        .servers(Some([utoipa::openapi::ServerBuilder::new().url(if public_url.is_empty() { "/" } else { public_url }).build()]))
        .paths(paths)
        .components(Some(components))
        .tags(Some(tags.collect::<Vec<_>>()))
        .build()
}

fn operation(route: &Route, describe: fn(Sketch<'_>) -> Sketch<'_>, components: &mut Components) -> Operation {
    let info = &route.info;
    let segments =
        info.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).map(|name| name.trim_start_matches('*').to_owned());
    let rights = match info.access {
        Access::Public => "Open to everybody.".to_owned(),
        Access::Session => "Needs a session or a token; what is done needs its own right.".to_owned(),
        Access::Needs(permission) => format!("Needs `{permission}`."),
    };
    let operation = OperationBuilder::new()
        .operation_id(Some(info.id))
        .tag(info.tag)
        .summary(Some(info.summary))
        .description(Some(rights))
        .parameter_ref(Ref::new("#/components/parameters/AcceptLanguage"));
    let sketch = Sketch { components, segments: segments.collect(), method: info.method.clone(), operation, takes_json: false, takes_body: false };
    let has_segments = !sketch.segments.is_empty();
    let sketch = describe(sketch);

    let is_write = !matches!(info.method, Method::GET);
    let has_session = info.access != Access::Public;
    let applies = |status: &str| match status {
        // Customers bear a token of their own kind.
        "401" => has_session || info.path.contains("sign-in") || info.path.contains("/my-orders"),
        "403" => has_session || is_write,
        "404" => has_segments || is_write || info.path.ends_with("/draft"),
        "405" => false,
        "400" => true,
        "409" => is_write || ["/links/", "/quotes/", "/track/"].iter().any(|part| info.path.contains(part)),
        "415" => sketch.takes_body,
        "412" => is_write && has_session,
        "413" => sketch.takes_body,
        _ => true,
    };
    let mut operation = sketch.operation;
    for (status, name, _) in PROBLEMS.iter().filter(|(status, _, _)| applies(status)) {
        operation = operation.response(*status, RefOr::Ref(Ref::from_response_name(*name)));
    }
    operation = match (has_session, info.kind) {
        (false, _) => operation.securities(Some(Vec::<SecurityRequirement>::new())),
        (true, Kind::Alias) => operation.security(SecurityRequirement::new("bearer", Vec::<String>::new())),
        (true, _) => operation
            .security(SecurityRequirement::new("bearer", Vec::<String>::new()))
            .security(SecurityRequirement::new("cookie", Vec::<String>::new())),
    };
    operation.build()
}

fn shared_parameters() -> [(&'static str, Parameter); 3] {
    let header = |name: &str, words: &str, schema| {
        ParameterBuilder::new()
            .name(name)
            .parameter_in(ParameterIn::Header)
            .required(Required::False)
            .description(Some(words))
            .schema(Some(schema))
            .build()
    };
    [
        (
            "IdempotencyKey",
            header(
                "Idempotency-Key",
                "Your name for this call, 1 to 255 signs. The same call under the same key has one effect, and its answer is repeated for 24 hours.",
                crate::schema::text_of(1, 255, "5b1e6c1e-order-1041"),
            ),
        ),
        (
            "IfMatch",
            header(
                "If-Match",
                "The version you build on, as in `ETag`.",
                text(None, Some("^(\\*|(W/)?([0-9]{1,18}|\"[0-9]{1,18}\"))$"), Some("\"3\"")),
            ),
        ),
        ("AcceptLanguage", header("Accept-Language", "The language of texts: en, fr or ar.", text(None, None, Some("fr")))),
    ]
}

fn http_method(method: &Method) -> Option<HttpMethod> {
    match *method {
        Method::GET => Some(HttpMethod::Get),
        Method::POST => Some(HttpMethod::Post),
        Method::PUT => Some(HttpMethod::Put),
        Method::PATCH => Some(HttpMethod::Patch),
        Method::DELETE => Some(HttpMethod::Delete),
        _ => None,
    }
}

/// The document as it is sent.
pub(crate) fn json(document: &impl Serialize) -> String {
    serde_json::to_string(document).unwrap_or_default()
}
