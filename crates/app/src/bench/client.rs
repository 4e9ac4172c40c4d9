//! The client of the benchmark: a process of its own, so that its work is not counted as the server's.
//!
//! It reads a [`Plan`] as JSON from standard input, drives the server over loopback, and writes a
//! [`Report`] as JSON to standard output. One thread, kept-alive connections, no pipelining. In an
//! open loop a request's time counts from the moment when it was due, so a slow server cannot hide
//! behind a client that waits for it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{Duration, Instant};

use http_body_util::{BodyExt, Full};
use hyper::Request;
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use serde::{Deserialize, Serialize};

use super::orders::sample_body;

/// What to do.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Plan {
    /// `127.0.0.1:PORT`.
    pub(super) address: String,
    /// The key to sign in with.
    pub(super) bearer: String,
    /// The cookies of a browser, which stand in the place of the key.
    pub(super) cookie: Option<String>,
    /// Connections at the same time.
    pub(super) connections: usize,
    /// Milliseconds before the measured window begins.
    pub(super) warm_ms: u64,
    /// Milliseconds that are measured.
    pub(super) run_ms: u64,
    /// Requests per second of an open loop; none means as fast as the server answers.
    pub(super) rate_per_s: Option<f64>,
    /// Which requests.
    pub(super) work: Work,
}

/// Which requests to send.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) enum Work {
    /// Place orders of known customers.
    Place {
        /// The store's id.
        store: String,
        /// How many customers were loaded.
        customers: u64,
        /// Makes idempotency keys and references unlike those of other windows.
        window: String,
    },
    /// Post one action on each of these orders once.
    Act {
        /// The action's word.
        action: String,
        /// Orders' ids.
        orders: Vec<String>,
    },
    /// Get these paths, over and over.
    Get {
        /// Paths with queries.
        paths: Vec<String>,
    },
}

/// What happened.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Report {
    /// Answers with 2xx within the window.
    pub(super) done: u64,
    /// Other answers within the window, or none.
    pub(super) refused: u64,
    /// Length of the window; less when there was nothing left to send.
    pub(super) seconds: f64,
    /// Middle answer time, microseconds.
    pub(super) p50_us: u64,
    /// The 99th of a hundred, microseconds.
    pub(super) p99_us: u64,
    /// The slowest, microseconds.
    pub(super) max_us: u64,
    /// Requests sent in all, warming included: how many of `orders` are used up.
    pub(super) sent: u64,
    /// What the first refusal said.
    pub(super) first_refusal: Option<String>,
    /// Processor seconds of this process in all.
    pub(super) cpu_s: f64,
}

struct Course {
    plan: Plan,
    started: Instant,
    next: Cell<u64>,
    latencies_us: RefCell<Vec<u32>>,
    refused: Cell<u64>,
    first_refusal: RefCell<Option<String>>,
    /// When the last answer within the window came, if there was nothing left to send before its end.
    ran_out: Cell<Option<Duration>>,
}

/// Runs the plan on standard input.
pub(crate) fn run() -> Result<(), String> {
    let plan: Plan = serde_json::from_reader(std::io::stdin().lock()).map_err(|error| format!("cannot read the plan: {error}"))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| error.to_string())?;
    let report = tokio::task::LocalSet::new().block_on(&runtime, drive(plan))?;
    println!("{}", serde_json::to_string(&report).map_err(|error| error.to_string())?);
    Ok(())
}

async fn drive(plan: Plan) -> Result<Report, String> {
    let (warm, whole) = (Duration::from_millis(plan.warm_ms), Duration::from_millis(plan.run_ms));
    let connections = plan.connections;
    let mut senders = Vec::with_capacity(connections);
    for _ in 0..connections {
        senders.push(connect(&plan.address).await?);
    }
    let course = Rc::new(Course {
        plan,
        started: Instant::now(),
        next: Cell::new(0),
        latencies_us: RefCell::default(),
        refused: Cell::new(0),
        first_refusal: RefCell::default(),
        ran_out: Cell::default(),
    });
    let lanes: Vec<_> = senders.into_iter().map(|sender| tokio::task::spawn_local(lane(Rc::clone(&course), sender))).collect();
    for lane in lanes {
        lane.await.map_err(|error| error.to_string())??;
    }
    let mut latencies = course.latencies_us.borrow_mut();
    latencies.sort_unstable();
    let at =
        |share: f64| latencies.get(((latencies.len() as f64 * share) as usize).min(latencies.len().saturating_sub(1))).copied().map_or(0, u64::from);
    Ok(Report {
        done: latencies.len() as u64,
        refused: course.refused.get(),
        seconds: course.ran_out.get().map_or(whole, |at| at.saturating_sub(warm)).as_secs_f64(),
        p50_us: at(0.5),
        p99_us: at(0.99),
        max_us: at(1.0),
        sent: course.next.get(),
        first_refusal: course.first_refusal.borrow().clone(),
        cpu_s: super::process::cpu_seconds(std::process::id()).unwrap_or(0.0),
    })
}

async fn connect(address: &str) -> Result<SendRequest<Full<Bytes>>, String> {
    let stream = tokio::net::TcpStream::connect(address).await.map_err(|error| format!("cannot reach {address}: {error}"))?;
    stream.set_nodelay(true).map_err(|error| error.to_string())?;
    let (sender, connection) = handshake(TokioIo::new(stream)).await.map_err(|error| error.to_string())?;
    tokio::task::spawn_local(async move {
        // An ended connection shows itself to the sender.
        let _ = connection.await;
    });
    Ok(sender)
}

async fn lane(course: Rc<Course>, mut sender: SendRequest<Full<Bytes>>) -> Result<(), String> {
    let warm = Duration::from_millis(course.plan.warm_ms);
    let end = warm + Duration::from_millis(course.plan.run_ms);
    loop {
        let number = course.next.get();
        let due = match course.plan.rate_per_s {
            Some(rate) => Duration::from_secs_f64(number as f64 / rate),
            None => course.started.elapsed(),
        };
        if due >= end {
            return Ok(());
        }
        course.next.set(number + 1);
        let Some(request) = course.plan.request(number) else {
            course.ran_out.set(course.ran_out.get().max(Some(course.started.elapsed())));
            return Ok(());
        };
        if due > course.started.elapsed() {
            tokio::time::sleep_until((course.started + due).into()).await;
        }
        let from = if course.plan.rate_per_s.is_some() { course.started + due } else { Instant::now() };
        let answer = sender.send_request(request).await.map_err(|error| format!("the server closed a connection: {error}"))?;
        let status = answer.status();
        let body = answer.into_body().collect().await.map_err(|error| error.to_string())?.to_bytes();
        let now = course.started.elapsed();
        if now < warm || now > end {
            continue;
        }
        if status.is_success() {
            course.latencies_us.borrow_mut().push(u32::try_from(from.elapsed().as_micros()).unwrap_or(u32::MAX));
        } else {
            course.refused.set(course.refused.get() + 1);
            course.first_refusal.borrow_mut().get_or_insert_with(|| format!("{status} {}", String::from_utf8_lossy(&body)));
        }
    }
}

impl Plan {
    fn request(&self, number: u64) -> Option<Request<Full<Bytes>>> {
        let (method, path, body, key) = match &self.work {
            Work::Place { store, customers, window } => {
                let body = sample_body(store, number, *customers, Some(&format!("{window}-{number}")));
                ("POST", "/api/v1/orders".to_owned(), body, Some(format!("{window}-{number}")))
            }
            Work::Act { action, orders } => {
                let order = orders.get(number as usize)?;
                ("POST", format!("/api/v1/orders/{order}/{action}"), "{}".to_owned(), None)
            }
            Work::Get { paths } => ("GET", paths[number as usize % paths.len()].clone(), String::new(), None),
        };
        let mut request = Request::builder().method(method).uri(path).header("host", &self.address).header("content-type", "application/json");
        request = match &self.cookie {
            Some(cookie) => request.header("cookie", cookie).header("accept", "text/html").header("accept-encoding", "gzip"),
            None => request.header("authorization", format!("Bearer {}", self.bearer)),
        };
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        Some(request.body(Full::new(Bytes::from(body))).expect("a fixed form"))
    }
}
