//! Work on many orders beside people's: runs that move orders one after the other while a window is measured.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use kernel::Time;
use serde_json::{Value, json};

/// Orders of one run, as in the table of what must hold.
const ORDERS: u64 = 10_000;
/// How often is asked how far a run is; asking must not be the load.
const LOOK: Duration = Duration::from_millis(200);

/// Parts of the loaded orders by the time of their placing, each used once.
pub(super) struct Parts {
    begin: Time,
    step_us: i64,
    each: u64,
    next: u64,
    end: u64,
}

impl Parts {
    /// Parts of `count` orders that were placed `step_us` apart; as large as so many windows allow.
    pub(super) fn new(begin: Time, step_us: i64, count: u64, windows: u64) -> Parts {
        Parts { begin, step_us, each: ORDERS.min(count / (3 * windows).max(1)).max(1), next: 0, end: count }
    }

    /// The next part as the parameters of a list.
    fn take(&mut self) -> Option<Value> {
        let last = self.next + self.each;
        if last > self.end {
            return None;
        }
        let at = |order: u64| self.begin.plus_us(self.step_us * order as i64).to_string();
        let filter = json!({ "placed_from": at(self.next), "placed_until": at(last) });
        self.next = last;
        Some(filter)
    }
}

/// What was done beside a window.
pub(super) struct Beside {
    /// Orders that were moved.
    pub(super) done: u64,
    /// Seconds in which a run was under way.
    pub(super) seconds: f64,
}

/// Runs, one after the other, until it is told to stop. Beside people a run of this size takes longer to prepare than a window lasts, so the
/// first is prepared before the window begins.
pub(super) struct Runs {
    is_over: Arc<AtomicBool>,
    thread: JoinHandle<(Parts, Result<Beside, String>)>,
}

impl Runs {
    /// Prepares the first one and begins it.
    pub(super) fn begin(address: &str, bearer: &str, mut parts: Parts) -> Result<Runs, String> {
        let is_over = Arc::new(AtomicBool::new(false));
        let (over, api) = (Arc::clone(&is_over), Api { address: address.to_owned(), bearer: bearer.to_owned() });
        let first = prepare(&api, &mut parts)?;
        let thread = std::thread::spawn(move || {
            let beside = run(&api, &mut parts, first, &over);
            (parts, beside)
        });
        Ok(Runs { is_over, thread })
    }

    /// Calls off what runs, and answers what was done.
    pub(super) fn end(self) -> (Option<Parts>, Result<Beside, String>) {
        self.is_over.store(true, Ordering::SeqCst);
        match self.thread.join() {
            Ok((parts, beside)) => (Some(parts), beside),
            Err(_) => (None, Err("the thread that begins runs panicked".to_owned())),
        }
    }
}

/// Where a run of the next part is, once it can begin; none when no part is left.
fn prepare(api: &Api, parts: &mut Parts) -> Result<Option<String>, String> {
    let Some(filter) = parts.take() else { return Ok(None) };
    // Those that are confirmed already are refused: that is part of such work, too.
    let body = json!({ "action": "move", "move_by": "confirm", "filter": filter });
    let bulk = api.call("POST", "/api/v1/bulk", Some(&body))?;
    let path = format!("/api/v1/bulk/{}", bulk["id"].as_str().ok_or("a run without an id")?);
    loop {
        let seen = api.call("GET", &path, None)?;
        match seen["state"].as_str() {
            Some("ready") => return Ok(Some(path)),
            Some("preparing") => std::thread::sleep(LOOK),
            _ => return Err(format!("a run could not be prepared: {seen}")),
        }
    }
}

fn run(api: &Api, parts: &mut Parts, first: Option<String>, is_over: &AtomicBool) -> Result<Beside, String> {
    let mut beside = Beside { done: 0, seconds: 0.0 };
    let mut next = first;
    while let Some(path) = next {
        let began = Instant::now();
        api.call("POST", &format!("{path}/start"), Some(&json!({})))?;
        let mut is_cancelled = false;
        let last = loop {
            let seen = api.call("GET", &path, None)?;
            if matches!(seen["state"].as_str(), Some("done" | "cancelled" | "failed")) {
                break seen;
            }
            if is_over.load(Ordering::SeqCst) && !is_cancelled {
                // It may have ended in between.
                let _ = api.call("POST", &format!("{path}/cancel"), Some(&json!({})));
                is_cancelled = true;
            }
            std::thread::sleep(LOOK);
        };
        if last["state"] == "failed" {
            return Err(format!("a run failed: {last}"));
        }
        beside.done += last["done"].as_u64().unwrap_or(0);
        beside.seconds += began.elapsed().as_secs_f64();
        next = if is_over.load(Ordering::SeqCst) { None } else { prepare(api, parts)? };
    }
    Ok(beside)
}

/// A few calls of the API.
struct Api {
    address: String,
    bearer: String,
}

impl Api {
    fn call(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Value, String> {
        let text = body.map(Value::to_string).unwrap_or_default();
        let mut stream = TcpStream::connect(&self.address).map_err(|error| format!("cannot reach {}: {error}", self.address))?;
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
             connection: close\r\n\r\n{text}",
            self.address,
            self.bearer,
            text.len()
        );
        stream.write_all(head.as_bytes()).map_err(|error| error.to_string())?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).map_err(|error| error.to_string())?;
        let (head, body) = answer.split_once("\r\n\r\n").ok_or_else(|| format!("{method} {path} was answered by {answer:?}"))?;
        if !head.starts_with("HTTP/1.1 2") {
            return Err(format!("{method} {path} was refused: {body}"));
        }
        serde_json::from_str(body).map_err(|error| format!("{method} {path} was answered by {body:?}: {error}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_is_used_once() {
        let mut parts = Parts::new(Time(0), 1_000_000, 1_000, 10);
        let taken: Vec<Value> = std::iter::from_fn(|| parts.take()).collect();
        assert_eq!(taken.len(), 30);
        assert_eq!(taken[0], json!({"placed_from": "1970-01-01T00:00:00Z", "placed_until": "1970-01-01T00:00:33Z"}));
        assert_eq!(taken[1]["placed_from"], taken[0]["placed_until"]);
    }
}
