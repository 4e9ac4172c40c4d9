//! What protects every request: headers, cookies, proof against forged requests, other origins.

use std::sync::OnceLock;

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use kernel::Locale;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::error::Problem;
use crate::state::WebState;

/// The cookie that holds a browser's session.
pub const SESSION_COOKIE: &str = "kafila_session";
/// The header in which scripts of our pages send the CSRF token.
pub const CSRF_HEADER: &str = "x-csrf-token";
/// The field in which forms of our pages send the CSRF token.
pub const CSRF_FIELD: &str = "csrf";

/// Pages load nothing from elsewhere and run no inline script.
const PAGE_POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; \
                           form-action 'self'; frame-ancestors 'none'";
/// Data is never a page.
const DATA_POLICY: &str = "default-src 'none'; frame-ancestors 'none'";

/// What is known about a request besides its caller.
#[derive(Debug)]
pub struct RequestInfo {
    /// The request's id, ours or a sane one that came along.
    pub id: String,
    /// The caller's address.
    pub ip: Option<String>,
    /// The language of `Accept-Language`, where it names one of ours.
    pub accepts: Option<Locale>,
    /// The session token of the cookie, when the caller came with one.
    pub(crate) session_token: Option<String>,
    /// `light` or `dark`, as the browser remembers it for pages before the door.
    pub(crate) theme: Option<&'static str>,
    /// Whether a script asks for a part of a page.
    pub(crate) is_part: bool,
    /// Whether a bearer token came along; it goes before the cookie.
    pub(crate) has_bearer: bool,
    /// The page of ours that led here, where the browser says so.
    pub(crate) back: Option<String>,
    /// Whether the address can be asked for again as it is.
    pub(crate) is_safe: bool,
    /// Whether it is a page for customers.
    pub(crate) is_customers: bool,
    pub(crate) locale: OnceLock<Locale>,
}

/// The path of our own page that led to a request, as the browser tells it.
pub(crate) fn came_from(headers: &HeaderMap) -> Option<String> {
    let from: Uri = headers.get(header::REFERER)?.to_str().ok()?.parse().ok()?;
    let host = headers.get(header::HOST)?.to_str().ok()?;
    let is_ours = from.authority().is_some_and(|authority| authority.as_str().eq_ignore_ascii_case(host));
    let path = from.path_and_query()?.as_str();
    is_ours.then(|| crate::pages::own_path(path).map(str::to_owned)).flatten()
}

impl RequestInfo {
    /// The language to answer in.
    pub fn locale(&self) -> Locale {
        self.locale.get().copied().or(self.accepts).unwrap_or(Locale::En)
    }

    /// Whether the caller is known by a cookie, so that changes need the CSRF token.
    pub fn is_by_cookie(&self) -> bool {
        self.session_token.is_some() && !self.has_bearer
    }

    /// The CSRF token of the browser's session; empty without one.
    pub fn csrf_token(&self) -> String {
        self.session_token.as_deref().map(csrf_token).unwrap_or_default()
    }
}

/// The CSRF token of a session: derived from its secret, so it needs no storage and ends with it.
pub fn csrf_token(session_token: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(b"kafila csrf\0");
    hash.update(session_token.as_bytes());
    hex::encode(&hash.finalize()[..16])
}

/// The language of `Accept-Language`: the first of ours by weight.
pub(crate) fn accepted_locale(headers: &HeaderMap) -> Option<Locale> {
    let text = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    let mut best: Option<(Locale, f32)> = None;
    for part in text.split(',').take(20) {
        let (tag, weight) = part.split_once(";q=").map_or((part, 1.0), |(tag, weight)| (tag, weight.trim().parse().unwrap_or(0.0)));
        let primary = tag.trim().split('-').next().unwrap_or_default();
        let Some(locale) = Locale::INTERFACE.into_iter().find(|one| one.as_str().eq_ignore_ascii_case(primary)) else { continue };
        if weight > 0.0 && best.is_none_or(|(_, found)| weight > found) {
            best = Some((locale, weight));
        }
    }
    best.map(|(locale, _)| locale)
}

/// An id for this request: the one that came along when it is short and plain, else a new one.
pub(crate) fn request_id(headers: &HeaderMap) -> String {
    let came = headers.get("x-request-id").and_then(|value| value.to_str().ok());
    match came {
        Some(id) if (1..=64).contains(&id.len()) && id.bytes().all(|sign| sign.is_ascii_alphanumeric() || b"-_.".contains(&sign)) => id.to_owned(),
        _ => format!("{:016x}", rand::random::<u64>()),
    }
}

/// The value of a cookie.
pub(crate) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name && !value.is_empty()).then_some(value))
}

/// The cookie that starts a browser's session; `max_age_s` none lets it end with the browser.
pub fn session_cookie(state: &WebState, token: &str, max_age_s: Option<i64>) -> HeaderValue {
    let secure = if state.is_https() { "; Secure" } else { "" };
    let age = max_age_s.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
    let cookie = format!("{SESSION_COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax{secure}{age}");
    HeaderValue::from_str(&cookie).unwrap_or_else(|_| HeaderValue::from_static(""))
}

/// The cookie that ends a browser's session.
pub fn end_session_cookie(state: &WebState) -> HeaderValue {
    session_cookie(state, "", Some(0))
}

/// The token of `Authorization: Bearer …`.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Whether a method only looks.
pub(crate) fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// How sure we are that a browser sent this from a page of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The browser said so.
    Ours,
    /// Not a browser, or an old one.
    Unknown,
    /// Another site's page.
    Foreign,
}

/// Where a request came from, by what browsers send and scripts cannot forge.
pub(crate) fn origin(state: &WebState, headers: &HeaderMap) -> Origin {
    let get = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let from = get("origin");
    if from.is_some_and(|from| is_allowed_origin(state, from)) {
        return Origin::Ours;
    }
    match get("sec-fetch-site") {
        Some("same-origin" | "none") => return Origin::Ours,
        Some(_) => return Origin::Foreign,
        None => {}
    }
    match from {
        None => Origin::Unknown,
        Some(from) => {
            let host = from.split_once("://").map(|(_, host)| host);
            let is_host = host.is_some() && host == get("host");
            let is_public = from.eq_ignore_ascii_case(state.config().public_url.trim_end_matches('/'));
            if is_host || is_public { Origin::Ours } else { Origin::Foreign }
        }
    }
}

fn is_allowed_origin(state: &WebState, origin: &str) -> bool {
    state.config().allowed_origins.iter().any(|one| one.eq_ignore_ascii_case(origin))
}

/// Whether two tokens are the same, in constant time.
pub(crate) fn same_token(sent: &str, expected: &str) -> bool {
    !expected.is_empty() && sent.as_bytes().ct_eq(expected.as_bytes()).into()
}

pub(crate) fn forged() -> Problem {
    Problem::new(StatusCode::FORBIDDEN, "csrf")
}

/// What kind of headers an answer gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// JSON of the API.
    Api,
    /// A path that existed elsewhere and is understood here; bearer tokens only.
    Alias,
    /// A page or a part of one: problems are shown as a page, callers without a session are sent to sign in.
    Page,
    /// Scripts, styles, fonts, documents, health.
    Plain,
}

const fn named(name: &'static str) -> HeaderName {
    HeaderName::from_static(name)
}

/// Adds the headers that every answer has.
pub(crate) fn protect(state: &WebState, kind: Kind, request_id: &str, from: Option<&HeaderValue>, headers: &mut HeaderMap) {
    const NOSNIFF: HeaderName = named("x-content-type-options");
    headers.insert(NOSNIFF, HeaderValue::from_static("nosniff"));
    // Addresses, personal links among them, are named to nobody else; to say nothing at all would take the origin from our own forms.
    headers.insert(named("referrer-policy"), HeaderValue::from_static("same-origin"));
    headers.insert(named("cross-origin-resource-policy"), HeaderValue::from_static("same-origin"));
    let policy = if matches!(kind, Kind::Page | Kind::Plain) { PAGE_POLICY } else { DATA_POLICY };
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(policy));
    if kind != Kind::Plain {
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    }
    if matches!(kind, Kind::Page | Kind::Plain) {
        headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
        headers.insert(named("cross-origin-opener-policy"), HeaderValue::from_static("same-origin"));
        headers.insert(named("permissions-policy"), HeaderValue::from_static("camera=(self), geolocation=(), microphone=(), payment=(), usb=()"));
    }
    if state.is_https() {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000; includeSubDomains"));
    }
    if let Ok(id) = HeaderValue::from_str(request_id) {
        headers.insert(named("x-request-id"), id);
    }
    if let Some(from) = from {
        let allowed = from.to_str().is_ok_and(|origin| is_allowed_origin(state, origin));
        if allowed && matches!(kind, Kind::Api | Kind::Alias) {
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, from.clone());
            headers.insert(named("cross-origin-resource-policy"), HeaderValue::from_static("cross-origin"));
            headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("etag, x-request-id, retry-after, idempotent-replayed"));
        }
        if !state.config().allowed_origins.is_empty() {
            headers.append(header::VARY, HeaderValue::from_static("origin"));
        }
    }
}

/// The answer to a browser that asks before calling from another origin; none when it may not.
pub(crate) fn preflight(state: &WebState, request: &HeaderMap) -> Option<HeaderMap> {
    let from = request.get(header::ORIGIN)?;
    request.get(header::ACCESS_CONTROL_REQUEST_METHOD)?;
    if !from.to_str().is_ok_and(|origin| is_allowed_origin(state, origin)) {
        return None;
    }
    let mut headers = HeaderMap::new();
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST, PUT, PATCH, DELETE"));
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_HEADERS,
        HeaderValue::from_static(
            "authorization, content-type, accept-language, idempotency-key, if-match, if-none-match, last-event-id, x-request-id",
        ),
    );
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400"));
    Some(headers)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn the_language_is_the_heaviest_of_ours() {
        let check = |text, expected| assert_eq!(accepted_locale(&headers(&[("accept-language", text)])), expected, "{text}");
        check("fr-DZ,fr;q=0.9,ar;q=0.8", Some(Locale::Fr));
        check("de, ar;q=0.5, en;q=0.7", Some(Locale::En));
        check("de", None);
        check("AR", Some(Locale::Ar));
        check("fr;q=0", None);
    }

    #[test]
    fn a_request_id_is_taken_when_it_is_plain() {
        assert_eq!(request_id(&headers(&[("x-request-id", "ab-12.c_D")])), "ab-12.c_D");
        assert_eq!(request_id(&headers(&[("x-request-id", "a b")])).len(), 16);
        assert_eq!(request_id(&headers(&[])).len(), 16);
    }

    #[test]
    fn cookies_and_bearer_tokens_are_found() {
        let both = headers(&[("cookie", "a=1; kafila_session=org.t=x; b=2"), ("authorization", "bearer  kaf_1")]);
        assert_eq!(cookie(&both, SESSION_COOKIE), Some("org.t=x"));
        assert_eq!(bearer(&both), Some("kaf_1"));
        assert_eq!(bearer(&headers(&[("authorization", "Basic eA==")])), None);
    }

    #[test]
    fn a_csrf_token_belongs_to_one_session() {
        assert_ne!(csrf_token("a"), csrf_token("b"));
        assert!(same_token(&csrf_token("a"), &csrf_token("a")));
        assert!(!same_token("", ""));
    }
}
