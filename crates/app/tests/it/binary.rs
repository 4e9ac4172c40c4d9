//! The real binary as a process: run to its end, or serving until it is told to stop.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use testkit::Client;

/// How long anything may take before a test gives up; far more than it needs.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// The binary with nothing of our own environment but the path.
pub fn kafila(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kafila"));
    command.env_clear().env("PATH", "/usr/bin:/bin").arg("--data").arg(data).stdin(Stdio::null());
    command
}

/// What a command answered.
#[derive(Debug)]
pub struct Ran {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Ran {
    pub fn of(command: &mut Command) -> Ran {
        let output = command.output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Ran { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// The standard output of a command that must succeed.
    #[track_caller]
    pub fn ok(self) -> String {
        assert_eq!(self.code, Some(0), "{}", self.err);
        self.out
    }

    /// The standard error of a command that must fail so.
    #[track_caller]
    pub fn failed(self, code: i32) -> String {
        assert_eq!(self.code, Some(code), "{}\n{}", self.out, self.err);
        assert_eq!(self.out, "", "a failure leaves standard output alone");
        self.err
    }
}

/// Runs a command to its end.
pub fn run(data: &Path, arguments: &[&str]) -> Ran {
    Ran::of(kafila(data).args(arguments))
}

/// A key with all rights.
pub fn admin_key(data: &Path) -> String {
    run(data, &["api-key", "create", "--name", "tests", "--role", "Admin"]).ok().trim().to_owned()
}

/// A running `kafila serve`.
pub struct Served {
    child: Child,
    pub address: String,
    lines: Arc<Lines>,
}

#[derive(Default)]
struct Lines {
    so_far: Mutex<(Vec<String>, bool)>,
    more: Condvar,
}

impl Served {
    /// Starts it on a free port and waits until it says where it listens.
    #[track_caller]
    pub fn start(data: &Path) -> Served {
        Served::spawn(kafila(data).args(["serve", "--listen", "127.0.0.1:0"]))
    }

    #[track_caller]
    pub fn spawn(command: &mut Command) -> Served {
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let lines = Arc::new(Lines::default());
        let (stderr, shared) = (child.stderr.take().unwrap(), Arc::clone(&lines));
        std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines() {
                let Ok(line) = line else { break };
                shared.so_far.lock().unwrap().0.push(line);
                shared.more.notify_all();
            }
            shared.so_far.lock().unwrap().1 = true;
            shared.more.notify_all();
        });
        let mut served = Served { child, address: String::new(), lines };
        let line = served.wait_for_line("Kafila listens on http://");
        served.address = line.rsplit("http://").next().unwrap().to_owned();
        served
    }

    /// The first line of standard error with this text; panics when it never comes.
    #[track_caller]
    pub fn wait_for_line(&self, text: &str) -> String {
        let begun = Instant::now();
        let mut state = self.lines.so_far.lock().unwrap();
        loop {
            if let Some(line) = state.0.iter().find(|line| line.contains(text)) {
                return line.clone();
            }
            let left = PATIENCE.saturating_sub(begun.elapsed());
            assert!(!state.1 && !left.is_zero(), "never said {text:?}, but:\n{}", state.0.join("\n"));
            state = self.lines.more.wait_timeout(state, left).unwrap().0;
        }
    }

    /// All of standard error so far.
    pub fn said(&self) -> String {
        self.lines.so_far.lock().unwrap().0.join("\n")
    }

    pub fn client(&self, key: &str) -> Client {
        Client::remote(&format!("http://{}", self.address), key)
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Asks it to stop, as a service manager does.
    pub fn terminate(&self) {
        let status = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(status.success());
    }

    /// Ends it without asking, as a power cut would.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Waits for its end.
    #[track_caller]
    pub fn wait(&mut self) -> ExitStatus {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(begun.elapsed() < PATIENCE, "does not end:\n{}", self.said());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Asks it to stop and waits for a good end.
    #[track_caller]
    pub fn stop(mut self) {
        self.terminate();
        let status = self.wait();
        assert!(status.success(), "{status}: {}", self.said());
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The store that the first start makes.
pub async fn main_store(client: &Client) -> String {
    let stores = client.get("/api/v1/stores").await;
    assert_eq!(stores.status, 200, "{stores}");
    stores.body["items"][0]["id"].as_str().unwrap().to_owned()
}

/// An order as a shop sends it; `reference` tells it from others.
pub fn order(store: &str, reference: &str) -> Value {
    json!({
        "store_id": store,
        "external_ref": reference,
        "channel": "whatsapp",
        "customer": {"name": "Amina Benali", "phone": "0550 14 23 87"},
        "shipping_address": {"line1": "Cité 200 logts, bloc 7", "city": "Bir El Djir", "province": "Oran", "country": "DZ"},
        "lines": [{"sku": "LIN-M", "title": "Linen dress", "quantity": 1, "unit_price": {"amount": 840_000, "currency": "DZD"}}],
        "shipping_fee": {"amount": 60_000, "currency": "DZD"},
        "payment_method": "cod"
    })
}

/// Plain HTTP without a client: what a health check sends.
pub fn healthz(address: &str) -> Option<String> {
    let mut stream = std::net::TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
    std::io::Write::write_all(&mut stream, b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    Some(answer)
}
