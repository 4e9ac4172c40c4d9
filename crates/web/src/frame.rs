//! The frame around every request, the same for API, aliases and pages.
//!
//! In this order: an id, the address, a limit, who asks, whether they may, proof against forged
//! requests, the handler under a time limit, problems put into words, headers, figures. A panic is a
//! 500 for its caller alone.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use base::Edge;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use kernel::Error;
use metrics::{Counter, Histogram};
use tracing::Instrument;

use crate::error::{Outcome, Problem};
use crate::extract::{content_type, is_multipart, read_body};
use crate::limits::RateClass;
use crate::router::{Access, RouteInfo};
use crate::security::{self, CSRF_FIELD, CSRF_HEADER, Kind, Origin, RequestInfo, SESSION_COOKIE};
use crate::state::WebState;

/// A handler without its types.
pub(crate) type Handle = Box<dyn Fn(Request, WebState) -> BoxFuture<'static, Response> + Send + Sync>;

/// A route with its handler and figures.
pub(crate) struct Framed {
    pub(crate) info: RouteInfo,
    handle: Handle,
    seconds: Histogram,
    by_class: [Counter; 5],
}

impl Framed {
    pub(crate) fn new(info: RouteInfo, handle: Handle) -> Arc<Framed> {
        let count = |class: &'static str| metrics::counter!("kafila_http_requests_total", "operation" => info.id, "status" => class);
        let by_class = [count("1xx"), count("2xx"), count("3xx"), count("4xx"), count("5xx")];
        let seconds = metrics::histogram!("kafila_http_request_seconds", "operation" => info.id);
        Arc::new(Framed { info, handle, seconds, by_class })
    }

    /// Answers one request.
    pub(crate) async fn answer(self: Arc<Framed>, state: WebState, request: Request) -> Response {
        let begun = Instant::now();
        let info = Arc::new(request_info(&state, &request));
        let from = request.headers().get(header::ORIGIN).cloned();
        let has_if_match = request.headers().contains_key(header::IF_MATCH);
        let next = (self.info.kind == Kind::Page).then(|| sign_in_location(&request));

        let span = tracing::debug_span!("request", id = %info.id, operation = self.info.id);
        let mut response = self.inside(&state, &info, request).instrument(span).await;

        if let Some(problem) = response.extensions_mut().remove::<Problem>() {
            if let Some(cause) = problem.cause() {
                tracing::error!(reference = %info.id, operation = self.info.id, "A request failed: {cause}");
            }
            let problem = if has_if_match { problem.into_precondition() } else { problem };
            let headers = std::mem::take(response.headers_mut());
            response = self.render(&info, &problem, next);
            for (name, value) in &headers {
                if name != header::CONTENT_LENGTH {
                    response.headers_mut().insert(name, value.clone());
                }
            }
        }
        security::protect(&state, self.info.kind, &info.id, from.as_ref(), response.headers_mut());
        self.count(&state, &info, &response, begun);
        response
    }

    fn render(&self, info: &RequestInfo, problem: &Problem, next: Option<String>) -> Response {
        let Some(next) = next else { return problem.render(info.locale(), &info.id) };
        if problem.status() == StatusCode::UNAUTHORIZED {
            // A script would put the door into the page; it asks the reader to sign in beside it instead.
            return if info.is_part {
                (StatusCode::UNAUTHORIZED, [("hx-reswap", "none")]).into_response()
            } else {
                Redirect::to(&next).into_response()
            };
        }
        crate::pages::problem(info, problem)
    }

    async fn inside(&self, state: &WebState, info: &Arc<RequestInfo>, mut request: Request) -> Response {
        let ready = self.admit(state, info, &mut request).await;
        if let Err(problem) = ready {
            return problem.into_response();
        }
        request.extensions_mut().insert(Arc::clone(info));

        let answer = AssertUnwindSafe((self.handle)(request, state.clone())).catch_unwind();
        let answer = if self.info.is_slow {
            answer.await
        } else {
            match tokio::time::timeout(state.timeout(), answer).await {
                Ok(answer) => answer,
                Err(_) => return Problem::new(StatusCode::SERVICE_UNAVAILABLE, "timeout").retry_after(5).into_response(),
            }
        };
        answer.unwrap_or_else(|panic| Problem::from(Error::internal(format!("panic: {}", panic_text(&*panic)))).into_response())
    }

    /// Everything that must hold before the handler runs.
    async fn admit(&self, state: &WebState, info: &Arc<RequestInfo>, request: &mut Request) -> Outcome<()> {
        state.limits().address(self.info.rate, info.ip.as_deref())?;

        let bearer = security::bearer(request.headers());
        let session = info.session_token.as_deref().filter(|_| bearer.is_none() && self.info.kind != Kind::Alias);
        let is_safe = security::is_safe(request.method());
        if bearer.is_none() && !is_safe && security::origin(state, request.headers()) == Origin::Foreign {
            return Err(security::forged());
        }

        let edge = match (self.info.access, bearer, session) {
            (Access::Public, Some(_), _) | (Access::Public, None, None) => None,
            // A public page looks different to somebody signed in; a spent session does not matter here.
            (Access::Public, None, Some(token)) if self.info.kind == Kind::Page => crate::auth::session(state.base(), token).await.ok(),
            (Access::Public, None, Some(_)) => None,
            (_, Some(token), _) => Some(crate::auth::bearer(state.base(), token).await.map_err(|error| guessed(state, info, error))?),
            (_, None, Some(token)) => Some(crate::auth::session(state.base(), token).await.map_err(|error| guessed(state, info, error))?),
            (_, None, None) => return Err(Error::Unauthenticated.into()),
        };
        let Some(mut edge) = edge else { return Ok(()) };
        know_request(&mut edge, info, bearer.is_some());

        if let Access::Needs(permission) = self.info.access {
            edge.ctx.require(permission)?;
        }
        if self.info.rate == RateClass::Api {
            state.limits().actor((edge.ctx.org, edge.ctx.actor))?;
        }
        let by_cookie = bearer.is_none();
        request.extensions_mut().insert(edge);
        if by_cookie && !is_safe {
            check_token(state, info, request).await?;
        }
        Ok(())
    }

    fn count(&self, state: &WebState, info: &RequestInfo, response: &Response, begun: Instant) {
        let status = response.status().as_u16();
        let took = begun.elapsed();
        self.seconds.record(took.as_secs_f64());
        if let Some(counter) = self.by_class.get(usize::from(status / 100).saturating_sub(1)) {
            counter.increment(1);
        }
        let took_ms = took.as_millis() as u64;
        if state.config().access_log {
            tracing::info!(request = %info.id, operation = self.info.id, status, took_ms, "{} {} {status}", self.info.method, self.info.path);
        } else {
            tracing::debug!(request = %info.id, operation = self.info.id, status, took_ms, "{} {} {status}", self.info.method, self.info.path);
        }
    }
}

/// Tokens that are none cost their sender a call of everybody's limit, so nobody tries many.
fn guessed(state: &WebState, info: &RequestInfo, error: Error) -> Error {
    match state.limits().address(RateClass::Public, info.ip.as_deref()) {
        Err(too_many) if matches!(error, Error::Unauthenticated) => too_many,
        _ => error,
    }
}

fn request_info(state: &WebState, request: &Request) -> RequestInfo {
    let headers = request.headers();
    RequestInfo {
        id: security::request_id(headers),
        ip: address(state, request),
        accepts: security::accepted_locale(headers),
        session_token: security::cookie(headers, SESSION_COOKIE).map(str::to_owned),
        theme: crate::pages::theme(headers),
        is_part: headers.get("hx-request-type").is_some_and(|value| value == "partial"),
        has_bearer: headers.contains_key(header::AUTHORIZATION),
        // A page does not lead back to itself; a form that was sent there does.
        back: security::came_from(headers)
            .filter(|back| !security::is_safe(request.method()) || request.uri().path_and_query().is_none_or(|here| here.as_str() != back)),
        is_safe: security::is_safe(request.method()),
        is_customers: ["/t/", "/track-order", "/my-orders", "/q/"].iter().any(|start| request.uri().path().starts_with(start)),
        locale: OnceLock::new(),
    }
}

/// The caller's address: the connection's, or what a trusted proxy names last. A proxy may add a line of its own
/// after those that a caller sent, so only the last line counts.
fn address(state: &WebState, request: &Request) -> Option<String> {
    if state.config().trust_forwarded_for
        && let Some(last) = named_last(request.headers())
    {
        return Some(last);
    }
    let peer = request.extensions().get::<ConnectInfo<std::net::SocketAddr>>()?;
    Some(peer.0.ip().to_string())
}

/// The last address of the last line of `X-Forwarded-For`.
fn named_last(headers: &HeaderMap) -> Option<String> {
    let line = headers.get_all("x-forwarded-for").iter().next_back()?;
    let last = line.to_str().ok()?.rsplit(',').next()?.trim();
    (!last.is_empty()).then(|| last.to_owned())
}

/// Tells the caller's context which request this is, and the request which language the caller reads.
fn know_request(edge: &mut Edge, info: &RequestInfo, by_bearer: bool) {
    let ctx = Arc::make_mut(&mut edge.ctx);
    ctx.request_id.clone_from(&info.id);
    ctx.ip.clone_from(&info.ip);
    if by_bearer && let Some(locale) = info.accepts {
        ctx.locale = locale;
    }
    // Set once: nothing read it before the caller was known.
    let _ = info.locale.set(ctx.locale);
}

/// A browser's change needs the token of its session: in a header, in the form, or, for files, the
/// browser's own word that our page sent it.
async fn check_token(state: &WebState, info: &RequestInfo, request: &mut Request) -> Outcome<()> {
    let expected = info.csrf_token();
    let headers = request.headers();
    if let Some(sent) = headers.get(CSRF_HEADER) {
        return if sent.to_str().is_ok_and(|sent| security::same_token(sent, &expected)) { Ok(()) } else { Err(security::forged()) };
    }
    let kind = content_type(headers);
    if is_multipart(headers) {
        return if security::origin(state, headers) == Origin::Ours { Ok(()) } else { Err(security::forged()) };
    }
    if !kind.starts_with("application/x-www-form-urlencoded") {
        return Err(security::forged());
    }
    let body = std::mem::replace(request.body_mut(), Body::empty());
    let bytes = read_body(request.headers(), body, state.config().body_limit_bytes).await?;
    let sent = form_urlencoded::parse(&bytes).find(|(name, _)| name == CSRF_FIELD).map(|(_, value)| value.into_owned());
    *request.body_mut() = Body::from(bytes);
    if sent.is_some_and(|sent| security::same_token(&sent, &expected)) { Ok(()) } else { Err(security::forged()) }
}

/// Where a page sends somebody who is not signed in; it brings them back to what they looked at.
fn sign_in_location(request: &Request) -> String {
    let wanted = request.uri().path_and_query().map_or("/", |path| path.as_str());
    if wanted == "/" || !security::is_safe(request.method()) {
        return "/sign-in".to_owned();
    }
    let next: String = form_urlencoded::byte_serialize(wanted.as_bytes()).collect();
    format!("/sign-in?next={next}")
}

fn panic_text(panic: &(dyn Any + Send)) -> &str {
    panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("without words")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_caller_is_who_the_last_line_of_the_proxy_names_last() {
        let last = |lines: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append("x-forwarded-for", axum::http::HeaderValue::from_static(line));
            }
            named_last(&headers)
        };
        assert_eq!(last(&["10.0.0.1"]).as_deref(), Some("10.0.0.1"));
        assert_eq!(last(&["6.6.6.6, 10.0.0.1"]).as_deref(), Some("10.0.0.1"));
        assert_eq!(last(&["6.6.6.6", "10.0.0.1"]).as_deref(), Some("10.0.0.1"));
        assert_eq!(last(&["6.6.6.6, 7.7.7.7", "8.8.8.8,10.0.0.1 "]).as_deref(), Some("10.0.0.1"));
        assert_eq!(last(&[]), None);
        assert_eq!(last(&["6.6.6.6", ""]), None);
    }
}
