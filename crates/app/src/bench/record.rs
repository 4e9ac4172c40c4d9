//! Learning scripts: each request once through the real router, in this process, with the statements
//! that it sends written down.

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use base::Base;
use kernel::Id;
use kernel::id::OrderId;
use tower::ServiceExt;

use super::orders::sample_body;
use super::script::{Script, Varying};

/// How many orders of how many customers the bare loop places in turn.
const PLACED: usize = 2_000;

/// The router and a key to call it with.
pub(super) struct Recorder {
    pub(super) router: Router,
    pub(super) base: Base,
    pub(super) bearer: String,
}

impl Recorder {
    /// `POST /api/v1/orders`, of so many customers that are known: the bare loop must have as many to find and
    /// to change as the server, whose orders come from all of them.
    pub(super) async fn place(&self, store: &str, customers: u64) -> Result<Vec<Script>, String> {
        // The first ones warm: sign-in is remembered, statements are prepared.
        for number in 0..2 {
            let key = format!("WARMUP-{number:05}");
            self.call("POST", "/api/v1/orders", &sample_body(store, number, customers, Some(&key)), Some(&key)).await?;
        }
        let mut scripts = Vec::with_capacity(PLACED);
        for number in 2..2 + PLACED as u64 {
            scripts.push(self.placed(store, number, customers).await?);
        }
        Ok(scripts)
    }

    async fn placed(&self, store: &str, number: u64, customers: u64) -> Result<Script, String> {
        let key = format!("RECORD-{number:05}");
        let mark = self.base.db().ids().next();
        self.base.db().record_statements(true);
        let answer = self.call("POST", "/api/v1/orders", &sample_body(store, number, customers, Some(&key)), Some(&key)).await;
        self.base.db().record_statements(false);
        let recorded = self.base.db().take_recorded();
        let order: serde_json::Value = serde_json::from_str(&answer?).map_err(|error| error.to_string())?;
        let number = order["number"].as_str().ok_or("the answer has no number")?.to_owned();
        let tokens = vec![key.clone(), kernel::fold(&key), number.clone(), kernel::fold(&number)];
        Ok(Script::learn(&recorded, &Varying { mark, subject: None, tokens, count: number.parse().ok() }))
    }

    /// `POST /api/v1/orders/{id}/{action}`.
    pub(super) async fn act(&self, order: OrderId, warm: OrderId, action: &str) -> Result<Script, String> {
        self.call("POST", &format!("/api/v1/orders/{warm}/{action}"), "{}", None).await?;
        let mark = self.base.db().ids().next();
        self.base.db().record_statements(true);
        let answer = self.call("POST", &format!("/api/v1/orders/{order}/{action}"), "{}", None).await;
        self.base.db().record_statements(false);
        let recorded = self.base.db().take_recorded();
        answer?;
        Ok(Script::learn(&recorded, &Varying { mark, subject: Some(order.to_i64()), ..Varying::default() }))
    }

    /// A `GET`; `subject` is the order that the path names, if it names one.
    pub(super) async fn get(&self, path: &str, subject: Option<OrderId>) -> Result<Script, String> {
        self.call("GET", path, "", None).await?;
        self.base.db().record_statements(true);
        let answer = self.call("GET", path, "", None).await;
        self.base.db().record_statements(false);
        let recorded = self.base.db().take_recorded();
        answer?;
        Ok(Script::learn(&recorded, &Varying { mark: i64::MAX, subject: subject.map(Id::to_i64), ..Varying::default() }))
    }

    /// A page as a browser asks for it: its statements and its text; none when the path is no page of its own.
    pub(super) async fn page(&self, path: &str, cookie: &str) -> Result<Option<(Script, String)>, String> {
        let (status, text, script) = self.look(path, [("accept", "text/html"), ("cookie", cookie)]).await?;
        Ok((status == StatusCode::OK && text.starts_with("<!doctype html>")).then_some((script, text)))
    }

    /// What the API answers at a path: the statements and the text; none when it refuses to answer.
    pub(super) async fn answer(&self, path: &str) -> Result<Option<(Script, String)>, String> {
        let bearer = format!("Bearer {}", self.bearer);
        let (status, text, script) = self.look(path, [("accept", "application/json"), ("authorization", &bearer)]).await?;
        Ok((status == StatusCode::OK).then_some((script, text)))
    }

    async fn look(&self, path: &str, headers: [(&str, &str); 2]) -> Result<(StatusCode, String, Script), String> {
        let ask = async || {
            let request =
                headers.iter().fold(Request::builder().uri(path).header("host", "127.0.0.1"), |request, (name, value)| request.header(*name, *value));
            let answer = self.router.clone().oneshot(request.body(Body::empty()).map_err(|error| error.to_string())?).await;
            let answer = answer.map_err(|error| error.to_string())?;
            let status = answer.status();
            let bytes = axum::body::to_bytes(answer.into_body(), 16 << 20).await.map_err(|error| error.to_string())?;
            Ok::<_, String>((status, String::from_utf8_lossy(&bytes).into_owned()))
        };
        ask().await?;
        self.base.db().record_statements(true);
        let answer = ask().await;
        self.base.db().record_statements(false);
        let recorded = self.base.db().take_recorded();
        let (status, text) = answer?;
        if status.is_server_error() {
            return Err(format!("{path} answered {status}"));
        }
        Ok((status, text, Script::learn(&recorded, &Varying { mark: i64::MAX, ..Varying::default() })))
    }

    async fn call(&self, method: &str, path: &str, body: &str, key: Option<&str>) -> Result<String, String> {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "127.0.0.1")
            .header("authorization", format!("Bearer {}", self.bearer))
            .header("content-type", "application/json");
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let request = request.body(Body::from(body.to_owned())).map_err(|error| error.to_string())?;
        let answer = self.router.clone().oneshot(request).await.map_err(|error| error.to_string())?;
        let status = answer.status();
        let bytes = axum::body::to_bytes(answer.into_body(), 16 << 20).await.map_err(|error| error.to_string())?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if status.is_success() && status != StatusCode::NO_CONTENT { Ok(text) } else { Err(format!("{method} {path} answered {status}: {text}")) }
    }
}
