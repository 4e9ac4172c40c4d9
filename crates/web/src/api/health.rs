//! Health and figures, for those who watch over the server.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base::jobs;
use kernel::{Error, Time};
use serde::Serialize;

use crate::state::WebState;

#[derive(Serialize)]
struct Ready {
    status: &'static str,
    checks: Vec<Check>,
}

#[derive(Serialize)]
struct Check {
    name: &'static str,
    is_ok: bool,
    detail: String,
}

/// `GET /healthz`: the process answers. Nothing is looked at, so it is cheap and never waits.
pub(crate) async fn alive() -> Response {
    let mut response = "ok\n".into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// `GET /readyz`: the database answers, its queue of work moves, and its disk takes files.
pub(crate) async fn ready(State(state): State<WebState>) -> Response {
    let base = state.base();
    let now = base.now();
    #[expect(clippy::disallowed_methods, reason = "health is that of the process, above organizations")]
    let work = base.db().system_read(move |tx| jobs::health(tx, now)).await;
    let mut checks = vec![check("database", work.as_ref().map(|_| "reads".to_owned()))];
    if let Ok(work) = work {
        let detail =
            format!("{} due, {} running, {} dead, oldest due for {} s", work.due, work.running, work.dead, work.oldest_due_us / Time::SECOND);
        // Late work is shown, but taking this process out of service would only make it later.
        checks.push(Check { name: "queue", is_ok: true, detail });
    }
    checks.push(disk(base.data_dir()).await);

    let is_ready = checks.iter().all(|check| check.is_ok);
    let status = if is_ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let ready = Ready { status: if is_ready { "ready" } else { "not_ready" }, checks };
    let mut response = (status, axum::Json(ready)).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn check(name: &'static str, result: Result<String, &Error>) -> Check {
    match result {
        Ok(detail) => Check { name, is_ok: true, detail },
        Err(error) => {
            tracing::error!("Not ready: {name}: {error}");
            Check { name, is_ok: false, detail: error.code().to_owned() }
        }
    }
}

/// Whether a small file can be written where the data lies: full, read-only and missing disks all show here.
async fn disk(data_dir: &std::path::Path) -> Check {
    // A name for each call: two who ask at once must not remove each other's.
    let probe = data_dir.join(format!(".readyz-{}-{}", std::process::id(), PROBES.fetch_add(1, Ordering::Relaxed)));
    let written = tokio::task::spawn_blocking(move || std::fs::write(&probe, b"ready\n").and_then(|()| std::fs::remove_file(&probe))).await;
    match written {
        Ok(Ok(())) => Check { name: "disk", is_ok: true, detail: "writes".to_owned() },
        Ok(Err(error)) => {
            tracing::error!("Not ready: the data directory takes no files: {error}");
            Check { name: "disk", is_ok: false, detail: error.kind().to_string() }
        }
        Err(error) => Check { name: "disk", is_ok: false, detail: error.to_string() },
    }
}

/// Counts the files that [`disk`] has written.
static PROBES: AtomicU64 = AtomicU64::new(0);

/// `GET /metrics`: figures for Prometheus.
pub(crate) async fn metrics(State(state): State<WebState>) -> Response {
    match state.metrics() {
        Some(text) => ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text()).into_response(),
        None => (StatusCode::NOT_FOUND, "metrics are off\n").into_response(),
    }
}
