//! The client of the benchmark: a process of its own, so that its work is not counted as the server's.
//!
//! It reads a [`Plan`] as JSON from standard input, drives the server over loopback, and writes a
//! [`Report`] as JSON to standard output. One thread, kept-alive connections, no pipelining. In an
//! open loop a request's time counts from the moment when it was due, so a slow server cannot hide
//! behind a client that waits for it.
//!
//! It shares the machine with the server, so it does as little as it can: requests are written as
//! bytes, and of an answer it only looks for the end.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{Duration, Instant};

use httparse::Status;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

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
    let mut lines = Vec::with_capacity(connections);
    for _ in 0..connections {
        lines.push(Line::open(&plan.address).await?);
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
    let lanes: Vec<_> = lines.into_iter().map(|line| tokio::task::spawn_local(lane(Rc::clone(&course), line))).collect();
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

/// A kept-alive connection.
struct Line {
    stream: TcpStream,
    /// What has come of the answer.
    held: Vec<u8>,
}

/// Headers that an answer may have.
const HEADERS: usize = 64;

impl Line {
    async fn open(address: &str) -> Result<Line, String> {
        let stream = TcpStream::connect(address).await.map_err(|error| format!("cannot reach {address}: {error}"))?;
        stream.set_nodelay(true).map_err(|error| error.to_string())?;
        Ok(Line { stream, held: Vec::with_capacity(64 * 1_024) })
    }

    /// Sends a request and waits for the whole answer: its status, and where its body begins in what is held.
    async fn ask(&mut self, request: &[u8]) -> Result<(u16, usize), String> {
        self.stream.write_all(request).await.map_err(|error| format!("the server closed a connection: {error}"))?;
        self.held.clear();
        let head = loop {
            self.more().await?;
            if let Some(head) = Head::read(&self.held)? {
                break head;
            }
        };
        match head.length {
            Some(length) => self.until(head.ends + length).await?,
            None => self.chunks(head.ends).await?,
        }
        Ok((head.status, head.ends))
    }

    async fn chunks(&mut self, mut at: usize) -> Result<(), String> {
        loop {
            match httparse::parse_chunk_size(&self.held[at..]).map_err(|_| "the server sent a chunk without a size")? {
                Status::Partial => self.more().await?,
                Status::Complete((begins, size)) => {
                    at += begins + usize::try_from(size).map_err(|error| error.to_string())? + b"\r\n".len();
                    self.until(at).await?;
                    if size == 0 {
                        return Ok(());
                    }
                }
            }
        }
    }

    async fn until(&mut self, length: usize) -> Result<(), String> {
        while self.held.len() < length {
            self.more().await?;
        }
        Ok(())
    }

    async fn more(&mut self) -> Result<(), String> {
        match self.stream.read_buf(&mut self.held).await {
            Ok(0) => Err("the server closed a connection".to_owned()),
            Ok(_) => Ok(()),
            Err(error) => Err(format!("the server closed a connection: {error}")),
        }
    }
}

/// What the head of an answer says.
struct Head {
    status: u16,
    /// Where the body begins.
    ends: usize,
    /// Bytes of the body; none when it comes in chunks.
    length: Option<usize>,
}

impl Head {
    /// None when it has not come whole.
    fn read(held: &[u8]) -> Result<Option<Head>, String> {
        let mut headers = [httparse::EMPTY_HEADER; HEADERS];
        let mut response = httparse::Response::new(&mut headers);
        let Status::Complete(ends) = response.parse(held).map_err(|error| format!("the server's answer is none: {error}"))? else { return Ok(None) };
        let status = response.code.unwrap_or_default();
        let length = response.headers.iter().find(|header| header.name.eq_ignore_ascii_case("content-length"));
        let length = length.and_then(|header| std::str::from_utf8(header.value).ok()?.parse().ok());
        // These have no body, and say nothing of its length.
        let is_bare = matches!(status, 204 | 304);
        Ok(Some(Head { status, ends, length: if is_bare { Some(0) } else { length } }))
    }
}

async fn lane(course: Rc<Course>, mut line: Line) -> Result<(), String> {
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
        let (status, body) = line.ask(&request).await?;
        let now = course.started.elapsed();
        if now < warm || now > end {
            continue;
        }
        if (200..300).contains(&status) {
            course.latencies_us.borrow_mut().push(u32::try_from(from.elapsed().as_micros()).unwrap_or(u32::MAX));
        } else {
            course.refused.set(course.refused.get() + 1);
            course.first_refusal.borrow_mut().get_or_insert_with(|| format!("{status} {}", String::from_utf8_lossy(&line.held[body..])));
        }
    }
}

impl Plan {
    /// The bytes of a request; none when there is nothing left to ask.
    fn request(&self, number: u64) -> Option<Vec<u8>> {
        let (head, key, body) = match &self.work {
            Work::Place { store, customers, window } => {
                let key = format!("{window}-{number}");
                let body = sample_body(store, number, *customers, Some(&key));
                ("POST /api/v1/orders".to_owned(), format!("idempotency-key: {key}\r\n"), body)
            }
            Work::Act { action, orders } => {
                let order = orders.get(number as usize)?;
                (format!("POST /api/v1/orders/{order}/{action}"), String::new(), "{}".to_owned())
            }
            Work::Get { paths } => (format!("GET {}", paths[number as usize % paths.len()]), String::new(), String::new()),
        };
        let (address, length) = (&self.address, body.len());
        let who = match &self.cookie {
            Some(cookie) => format!("cookie: {cookie}\r\naccept: text/html\r\naccept-encoding: gzip"),
            None => format!("authorization: Bearer {}", self.bearer),
        };
        let head = format!("{head} HTTP/1.1\r\nhost: {address}\r\n{who}\r\n{key}content-type: application/json\r\ncontent-length: {length}\r\n\r\n");
        Some((head + &body).into_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Answers one request with these pieces, one after the other.
    async fn answered(pieces: &'static [&'static str]) -> Result<(u16, String), String> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let server = async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = [0; 64];
            let read = stream.read(&mut request).await.unwrap();
            assert_eq!(&request[..read], b"GET / HTTP/1.1\r\n\r\n");
            for piece in pieces {
                stream.write_all(piece.as_bytes()).await.unwrap();
                tokio::task::yield_now().await;
            }
        };
        let client = async {
            let mut line = Line::open(&address).await.unwrap();
            let (status, body) = line.ask(b"GET / HTTP/1.1\r\n\r\n").await?;
            Ok((status, String::from_utf8_lossy(&line.held[body..]).into_owned()))
        };
        tokio::join!(server, client).1
    }

    #[tokio::test]
    async fn an_answer_ends_where_its_length_says() {
        let pieces = &["HTTP/1.1 200 OK\r\nContent-", "Length: 5\r\n\r\nab", "cde"];
        assert_eq!(answered(pieces).await, Ok((200, "abcde".to_owned())));
        assert_eq!(answered(&["HTTP/1.1 204 No Content\r\n\r\n"]).await, Ok((204, String::new())));
    }

    #[tokio::test]
    async fn an_answer_in_chunks_ends_with_the_empty_one() {
        let pieces = &["HTTP/1.1 404 Not Found\r\ntransfer-encoding: chunked\r\n\r\n3\r\nab", "c\r\n2", "\r\nde\r\n0\r\n", "\r\n"];
        let (status, body) = answered(pieces).await.unwrap();
        assert_eq!((status, body.as_str()), (404, "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"));
    }

    #[tokio::test]
    async fn an_answer_that_breaks_off_is_said() {
        assert_eq!(answered(&["HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nab"]).await.unwrap_err(), "the server closed a connection");
        assert!(answered(&["SSH-2.0\r\n\r\n"]).await.unwrap_err().starts_with("the server's answer is none"));
    }
}
