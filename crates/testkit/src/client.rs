//! A caller of the API: in this process, or over a socket to the real binary.

use std::fmt;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, header};
use serde_json::Value;
use tower::ServiceExt;

use crate::people::Person;
use crate::shop::Shop;

/// What speaks HTTP to a process of its own: the real binary, ChromeDriver.
#[expect(clippy::disallowed_methods, reason = "tests talk to real servers")]
pub fn http() -> reqwest::Client {
    base::http::choose_ciphers();
    reqwest::Client::new()
}

/// Somebody who calls. Cloning it is cheap; changes like [`Client::with_header`] answer a new one.
#[derive(Clone)]
pub struct Client {
    way: Way,
    who: Who,
    headers: Vec<(String, String)>,
}

#[derive(Clone)]
enum Way {
    Inside(Router),
    Remote { address: String, http: reqwest::Client },
}

#[derive(Clone)]
enum Who {
    Nobody,
    Bearer(String),
    /// Signs in when it is needed.
    Person {
        shop: Shop,
        person: Person,
    },
    /// A browser: cookie and CSRF token of this session.
    Browser {
        token: String,
    },
}

/// What was answered.
#[derive(Clone, Debug)]
pub struct Answer {
    /// 200, 201, 409, …
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The JSON; null when it is none.
    pub body: Value,
    /// The body as it came, as far as it is text.
    pub text: String,
    /// The body as it came.
    pub bytes: Vec<u8>,
}

impl Client {
    pub(crate) fn person(shop: Shop, person: Person) -> Client {
        Client { way: Way::Inside(shop.router()), who: Who::Person { shop, person }, headers: Vec::new() }
    }

    /// Somebody who is not signed in, at a router of the test's own.
    pub fn nobody(router: Router) -> Client {
        Client { way: Way::Inside(router), who: Who::Nobody, headers: Vec::new() }
    }

    pub(crate) fn bearer(router: Router, token: &str) -> Client {
        Client { way: Way::Inside(router), who: Who::Bearer(token.to_owned()), headers: Vec::new() }
    }

    pub(crate) fn browser(router: Router, token: &str) -> Client {
        Client { way: Way::Inside(router), who: Who::Browser { token: token.to_owned() }, headers: Vec::new() }
    }

    /// A program with this key, at `http://host:port`.
    pub fn remote(address: &str, key: &str) -> Client {
        Client { way: Way::Remote { address: address.to_owned(), http: http() }, who: Who::Bearer(key.to_owned()), headers: Vec::new() }
    }

    /// Sends this header with each request.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Client {
        self.headers.retain(|(other, _)| !other.eq_ignore_ascii_case(name));
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sends each request under this idempotency key.
    #[must_use]
    pub fn once(self, key: &str) -> Client {
        self.with_header("Idempotency-Key", key)
    }

    /// Reads in this language.
    #[must_use]
    pub fn reads(self, locale: &str) -> Client {
        self.with_header("Accept-Language", locale)
    }

    /// `GET`.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None, Bytes::new()).await
    }

    /// `POST` with JSON.
    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.json(Method::POST, path, &body).await
    }

    /// `PUT` with JSON.
    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.json(Method::PUT, path, &body).await
    }

    /// `PATCH` with JSON.
    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.json(Method::PATCH, path, &body).await
    }

    /// `DELETE`.
    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None, Bytes::new()).await
    }

    /// Places an order: `POST /api/v1/orders`.
    pub async fn place(&self, order: Value) -> Answer {
        self.post("/api/v1/orders", order).await
    }

    /// Submits a form, as a page does.
    pub async fn submit(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = fields.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect::<Vec<_>>().join("&");
        self.send(Method::POST, path, Some("application/x-www-form-urlencoded"), body.into()).await
    }

    /// Any request, with the body as it is. Panics when the server cannot be reached.
    pub async fn send(&self, method: Method, path: &str, content_type: Option<&str>, body: Bytes) -> Answer {
        self.try_send(method, path, content_type, body).await.unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Like [`Client::post`], for a server that may be going down.
    pub async fn try_post(&self, path: &str, body: Value) -> Result<Answer, reqwest::Error> {
        self.try_send(Method::POST, path, Some("application/json"), body.to_string().into()).await
    }

    /// Like [`Client::get`], for a server that may be going down.
    pub async fn try_get(&self, path: &str) -> Result<Answer, reqwest::Error> {
        self.try_send(Method::GET, path, None, Bytes::new()).await
    }

    /// What this caller bears, for a request that goes another way, such as a stream; empty for nobody.
    pub async fn token(&self) -> String {
        match &self.who {
            Who::Nobody => String::new(),
            Who::Bearer(token) | Who::Browser { token } => token.clone(),
            Who::Person { shop, person } => shop.token(person).await,
        }
    }

    async fn json(&self, method: Method, path: &str, body: &Value) -> Answer {
        self.send(method, path, Some("application/json"), body.to_string().into()).await
    }

    async fn try_send(&self, method: Method, path: &str, content_type: Option<&str>, body: Bytes) -> Result<Answer, reqwest::Error> {
        let headers = self.all_headers(content_type).await;
        match &self.way {
            Way::Inside(router) => {
                let mut request = Request::builder().method(method).uri(path).body(Body::from(body)).expect("a path is a URI");
                *request.headers_mut() = headers;
                let response = router.clone().oneshot(request).await.expect("the router answers everything");
                let (parts, body) = response.into_parts();
                let bytes = axum::body::to_bytes(body, usize::MAX).await.expect("the body of an answer can be read");
                Ok(Answer::new(parts.status.as_u16(), parts.headers, &bytes))
            }
            Way::Remote { address, http } => {
                let response = http.request(method, format!("{address}{path}")).headers(headers).body(body).send().await?;
                let (status, headers) = (response.status().as_u16(), response.headers().clone());
                Ok(Answer::new(status, headers, &response.bytes().await?))
            }
        }
    }

    async fn all_headers(&self, content_type: Option<&str>) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let value = |text: &str| HeaderValue::from_str(text).expect("a header holds what a header can hold");
        if let Some(content_type) = content_type {
            headers.insert(header::CONTENT_TYPE, value(content_type));
        }
        match &self.who {
            Who::Nobody => {}
            Who::Bearer(token) => {
                headers.insert(header::AUTHORIZATION, value(&format!("Bearer {token}")));
            }
            Who::Person { shop, person } => {
                let token = shop.token(person).await;
                headers.insert(header::AUTHORIZATION, value(&format!("Bearer {token}")));
            }
            Who::Browser { token } => {
                headers.insert(header::COOKIE, value(&format!("{}={token}", web::SESSION_COOKIE)));
                headers.insert(HeaderName::from_bytes(web::CSRF_HEADER.as_bytes()).expect("its name is one"), value(&web::csrf_token(token)));
                headers.insert(header::ACCEPT, value("text/html"));
            }
        }
        for (name, text) in &self.headers {
            headers.insert(HeaderName::from_bytes(name.as_bytes()).expect("a header's name is one"), value(text));
        }
        headers
    }
}

fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~');
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

impl Answer {
    fn new(status: u16, headers: HeaderMap, bytes: &[u8]) -> Answer {
        let text = String::from_utf8_lossy(bytes).into_owned();
        Answer { status, headers, body: serde_json::from_str(&text).unwrap_or(Value::Null), text, bytes: bytes.to_vec() }
    }

    /// The answer, if its status is this one.
    #[track_caller]
    pub fn expect(self, status: u16) -> Answer {
        assert_eq!(self.status, status, "{self}");
        self
    }

    /// The `code` of a problem document; empty for anything else.
    pub fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }

    /// The `id` of what was answered.
    #[track_caller]
    pub fn id(&self) -> &str {
        self.body["id"].as_str().unwrap_or_else(|| panic!("no id in {self}"))
    }

    /// The `items` of a list.
    #[track_caller]
    pub fn items(&self) -> &[Value] {
        self.body["items"].as_array().unwrap_or_else(|| panic!("no items in {self}"))
    }

    /// The fields that a problem document names, with their codes: `quantity: number.positive`.
    pub fn fields(&self) -> Vec<String> {
        let errors = self.body["errors"].as_array().into_iter().flatten();
        errors.map(|error| format!("{}: {}", error["field"].as_str().unwrap_or_default(), error["code"].as_str().unwrap_or_default())).collect()
    }

    /// A header as text; empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

/// `409 {"type":…}`; the id of the request, which differs each time, is left out.
impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.body.is_null() {
            return write!(f, "{} {}", self.status, self.text);
        }
        let mut body = self.body.clone();
        if let Some(fields) = body.as_object_mut() {
            fields.remove("request_id");
        }
        write!(f, "{} {body}", self.status)
    }
}
