//! Requests to others: the one sender.
//!
//! Only `http` and `https`, no redirects, no proxy, a limit on time and on the size of what comes back.
//! An account with a redirect or a misspelt address fails visibly instead of sending its key elsewhere.
//! Whoever may set such an address may make this server call hosts of its own network: that is the
//! right to change settings, and a self-hosted ERP is the reason that private addresses are allowed.
//!
//! Logs name the host and the path; the query, the headers and the bodies stay out of them.
//!
//! Not here: trying again (the job does), what a request means (connectors).

use std::fmt;
use std::time::{Duration, Instant};

use kernel::{Error, Hidden, Time};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::redirect::Policy;
use serde::Serialize;

/// Most bytes of an answer's body that are read.
pub const MAX_BODY: usize = 4 * 1024 * 1024;
/// How long a request may take when it does not say.
pub const TIMEOUT: Duration = Duration::from_secs(30);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

kernel::words! {
    /// What is asked for.
    pub enum Method {
        /// Read.
        Get = "GET",
        /// Make, or do.
        Post = "POST",
        /// Replace.
        Put = "PUT",
        /// Change.
        Patch = "PATCH",
        /// Remove.
        Delete = "DELETE",
    }
}

/// A request, complete.
#[derive(Clone, PartialEq, Eq)]
pub struct HttpRequest {
    /// What is asked for.
    pub method: Method,
    /// `https://…`; a query in it may hold secrets and is not logged.
    pub url: String,
    /// Names and values; values are not logged.
    pub headers: Vec<(String, Hidden)>,
    /// What is sent.
    pub body: Vec<u8>,
    /// How long all of it may take.
    pub timeout: Duration,
}

impl HttpRequest {
    /// A request without headers and body.
    pub fn new(method: Method, url: impl Into<String>) -> HttpRequest {
        HttpRequest { method, url: url.into(), headers: Vec::new(), body: Vec::new(), timeout: TIMEOUT }
    }

    /// Reads.
    pub fn get(url: impl Into<String>) -> HttpRequest {
        HttpRequest::new(Method::Get, url)
    }

    /// Makes, or does.
    pub fn post(url: impl Into<String>) -> HttpRequest {
        HttpRequest::new(Method::Post, url)
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<String>) -> HttpRequest {
        self.headers.push((name.to_owned(), Hidden::new(value)));
        self
    }

    /// Says who we are by a token.
    #[must_use]
    pub fn bearer(self, token: &Hidden) -> HttpRequest {
        let value = format!("Bearer {}", token.reveal());
        self.header("authorization", value)
    }

    /// Sends JSON. A value that has no JSON form is our bug and an internal error.
    pub fn json<T: Serialize>(self, value: &T) -> Result<HttpRequest, Error> {
        let body = serde_json::to_vec(value).map_err(Error::internal)?;
        Ok(HttpRequest { body, ..self.header("content-type", "application/json") })
    }

    /// Sends these bytes.
    #[must_use]
    pub fn body(mut self, body: Vec<u8>) -> HttpRequest {
        self.body = body;
        self
    }

    /// Signs the body as the [Standard Webhooks](https://www.standardwebhooks.com) specification says:
    /// HMAC-SHA256 over `id.seconds.body`, in three headers. The same `id` goes with each repetition, so
    /// that the receiver can tell one. `secret` is base64, with or without `whsec_`.
    pub fn signed(self, secret: &Hidden, id: &str, now: Time) -> Result<HttpRequest, Error> {
        let seconds = now.0.div_euclid(Time::SECOND);
        let key = standardwebhooks::Webhook::new(secret.reveal()).map_err(|_| Error::conflict("webhook.secret"))?;
        let signature = key.sign(id, seconds, &self.body).map_err(Error::internal)?;
        Ok(self.header("webhook-id", id).header("webhook-timestamp", seconds.to_string()).header("webhook-signature", signature))
    }
}

impl fmt::Debug for HttpRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} ({} bytes)", self.method, shown_url(&self.url), self.body.len())
    }
}

/// `Conflict` `webhook.secret` when a text cannot sign: it is base64, with or without `whsec_`.
pub fn check_signing_secret(secret: &Hidden) -> Result<(), Error> {
    standardwebhooks::Webhook::new(secret.reveal()).map(drop).map_err(|_| Error::conflict("webhook.secret"))
}

/// A new secret for [`HttpRequest::signed`]: `whsec_` and 32 random bytes in base64.
pub fn new_signing_secret() -> Hidden {
    use base64::Engine as _;
    let bytes: [u8; 32] = rand::random();
    Hidden::new(format!("whsec_{}", base64::engine::general_purpose::STANDARD.encode(bytes)))
}

/// An answer, whatever its status.
#[derive(Clone, PartialEq, Eq)]
pub struct HttpResponse {
    /// 200, 404, …
    pub status: u16,
    /// Names in small letters, and values; values that are no text are left out.
    pub headers: Vec<(String, String)>,
    /// At most [`MAX_BODY`] bytes.
    pub body: Vec<u8>,
}

impl HttpResponse {
    /// Whether the status is 2xx.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The first header of this name, in small letters.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(one, _)| one == name).map(|(_, value)| value.as_str())
    }

    /// The body as JSON.
    pub fn json<T: serde::de::DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_slice(&self.body)
    }
}

impl fmt::Debug for HttpResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} bytes)", self.status, self.body.len())
    }
}

/// The sender of a process. Cloning it is cheap.
#[derive(Clone)]
pub struct Http {
    client: reqwest::Client,
}

/// Names the one library of ciphers for the TLS of this process. To be called before a client of HTTP is made; later calls change
/// nothing.
pub fn choose_ciphers() {
    // An error says that they were chosen before.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

impl Http {
    /// Fails when the system's random numbers or certificates cannot be used.
    #[expect(clippy::disallowed_methods, reason = "the one home of the client")]
    pub fn new() -> Result<Http, Error> {
        choose_ciphers();
        let client = reqwest::Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .connect_timeout(CONNECT_TIMEOUT)
            .user_agent(concat!("kafila/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(Error::internal)?;
        Ok(Http { client })
    }

    /// Sends a request and reads the answer. The error is a sentence without secrets.
    pub async fn send(&self, request: &HttpRequest) -> Result<HttpResponse, String> {
        let started = Instant::now();
        let result = match tokio::time::timeout(request.timeout, self.exchange(request)).await {
            Ok(result) => result,
            Err(_) => Err(format!("no whole answer within {} s", request.timeout.as_secs_f64())),
        };
        let place = shown_url(&request.url);
        let duration_ms = started.elapsed().as_millis() as u64;
        match &result {
            Ok(response) => tracing::info!(duration_ms, status = response.status, "Sent {} {place}: {}", request.method, response.status),
            Err(error) => tracing::warn!(duration_ms, "{} {place} failed: {error}", request.method),
        }
        result
    }

    async fn exchange(&self, request: &HttpRequest) -> Result<HttpResponse, String> {
        let url = checked_url(&request.url)?;
        let mut headers = HeaderMap::new();
        for (name, value) in &request.headers {
            let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| format!("{name:?} cannot be the name of a header"))?;
            let mut value = HeaderValue::from_str(value.reveal()).map_err(|_| format!("the header {name} has signs that headers cannot hold"))?;
            value.set_sensitive(true);
            headers.append(name, value);
        }
        let method = match request.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Put => reqwest::Method::PUT,
            Method::Patch => reqwest::Method::PATCH,
            Method::Delete => reqwest::Method::DELETE,
        };
        let call = self.client.request(method, url).headers(headers).body(request.body.clone());
        let mut response = call.send().await.map_err(|error| told(&error))?;

        let status = response.status().as_u16();
        let headers = response.headers().iter();
        let headers = headers.filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))).collect();
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| told(&error))? {
            if body.len() + chunk.len() > MAX_BODY {
                return Err(format!("the answer is larger than {MAX_BODY} bytes"));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(HttpResponse { status, headers, body })
    }
}

fn checked_url(url: &str) -> Result<reqwest::Url, String> {
    let url: reqwest::Url = url.parse().map_err(|error| format!("not an address: {error}"))?;
    match url.scheme() {
        "http" | "https" if url.host_str().is_some_and(|host| !host.is_empty()) => Ok(url),
        other => Err(format!("an address must begin with https:// or http://, not {other}:")),
    }
}

/// Scheme, host and path: user names, queries and fragments may be secrets.
fn shown_url(url: &str) -> String {
    match url.parse::<reqwest::Url>() {
        Ok(url) => {
            let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
            format!("{}://{}{port}{}", url.scheme(), url.host_str().unwrap_or("?"), url.path())
        }
        Err(_) => "an unreadable address".to_owned(),
    }
}

/// What went wrong down to its cause, without the address, which may hold secrets.
fn told(error: &reqwest::Error) -> String {
    let kind = if error.is_timeout() {
        "no answer in time"
    } else if error.is_connect() {
        "no connection"
    } else {
        "the exchange broke off"
    };
    let mut inner: &dyn std::error::Error = error;
    while let Some(next) = inner.source() {
        inner = next;
    }
    // The outermost error names the address; a cause below it does not.
    if std::error::Error::source(error).is_none() { kind.to_owned() } else { format!("{kind}: {inner}") }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;

    /// Answers each connection with the same text and gives back what the first one sent.
    async fn answering(answer: Vec<u8>) -> (String, tokio::sync::oneshot::Receiver<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (sender, receiver) = tokio::sync::oneshot::channel();
        std::thread::spawn(move || {
            let listener = listener.into_std().unwrap();
            listener.set_nonblocking(false).unwrap();
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            let (stream, _) = listener.accept().unwrap();
            stream.set_nonblocking(true).unwrap();
            runtime.block_on(async move {
                let mut stream = tokio::net::TcpStream::from_std(stream).unwrap();
                let mut heard = vec![0; 65_536];
                let n = stream.read(&mut heard).await.unwrap();
                let _ = sender.send(String::from_utf8_lossy(&heard[..n]).into_owned());
                let _ = stream.write_all(&answer).await;
                let _ = stream.shutdown().await;
            });
        });
        (url, receiver)
    }

    #[tokio::test]
    async fn a_request_is_sent_and_its_answer_read() {
        let (url, heard) = answering(b"HTTP/1.1 201 Created\r\nX-Id: 7\r\ncontent-length: 8\r\n\r\n{\"id\":7}".to_vec()).await;
        let request = HttpRequest::post(format!("{url}/orders?key=hush")).bearer(&Hidden::new("hush")).json(&serde_json::json!({"a": 1})).unwrap();
        assert!(!format!("{request:?}").contains("hush"));

        let response = Http::new().unwrap().send(&request).await.unwrap();
        assert_eq!((response.status, response.header("x-id")), (201, Some("7")));
        assert_eq!(response.json::<serde_json::Value>().unwrap()["id"], 7);
        let heard = heard.await.unwrap();
        assert!(heard.starts_with("POST /orders?key=hush HTTP/1.1\r\n"), "{heard}");
        assert!(heard.contains("authorization: Bearer hush\r\n") && heard.ends_with("{\"a\":1}"), "{heard}");
    }

    #[tokio::test]
    async fn a_redirect_is_an_answer_and_not_followed() {
        let (url, _heard) = answering(b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n".to_vec()).await;
        assert_eq!(Http::new().unwrap().send(&HttpRequest::get(url)).await.unwrap().status, 302);
    }

    #[tokio::test]
    async fn too_much_and_too_late_are_refused() {
        let mut long = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", MAX_BODY + 1).into_bytes();
        long.resize(long.len() + MAX_BODY + 1, b'x');
        let (url, _heard) = answering(long).await;
        let http = Http::new().unwrap();
        assert!(http.send(&HttpRequest::get(url)).await.unwrap_err().contains("larger than"));

        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut silent = HttpRequest::get(format!("http://{}/?token=hush", listener.local_addr().unwrap()));
        silent.timeout = Duration::from_millis(50);
        let error = http.send(&silent).await.unwrap_err();
        assert!(error.contains("within") && !error.contains("hush"), "{error}");
        drop(listener);
        assert!(!http.send(&silent).await.unwrap_err().contains("hush"));
    }

    #[tokio::test]
    async fn only_web_addresses_are_called() {
        let http = Http::new().unwrap();
        for url in ["file:///etc/passwd", "ftp://example.com/", "gopher://x/", "", "//host/path", "data:text/plain,x"] {
            assert!(http.send(&HttpRequest::get(url)).await.is_err(), "{url}");
        }
    }

    #[test]
    fn a_hook_is_signed_as_the_specification_says() {
        // The example of the specification's reference libraries.
        let secret = Hidden::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        let request = HttpRequest::post("https://example.com/hook").body(br#"{"test": 2432232314}"#.to_vec());
        let request = request.signed(&secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", Time(1_614_265_330 * Time::SECOND)).unwrap();
        let header = |name: &str| request.headers.iter().find(|(one, _)| one == name).map(|(_, value)| value.reveal().to_owned()).unwrap();
        assert_eq!(header("webhook-signature"), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        assert_eq!(header("webhook-timestamp"), "1614265330");
        assert!(standardwebhooks::Webhook::new(new_signing_secret().reveal()).is_ok());
    }
}
