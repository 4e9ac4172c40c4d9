//! The server under test: the same binary in a process of its own.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::client::{Plan, Report};
use super::process;

/// A running `kafila serve`.
pub(super) struct Server {
    child: Child,
    /// `127.0.0.1:PORT`.
    pub(super) address: String,
    /// From starting the process until `/healthz` answered 200.
    pub(super) started_in: Duration,
}

impl Server {
    /// Starts it on a free port and waits until it answers.
    pub(super) fn start(data: &Path, database_url: Option<&str>) -> Result<Server, String> {
        let address = free_address()?;
        let log = std::fs::File::create(data.join("bench-server.log")).map_err(|error| format!("cannot write the server's log: {error}"))?;
        let mut command = Command::new(binary()?);
        command.arg("serve").arg("--data").arg(data).arg("--listen").arg(&address);
        // No limits on how often one key may call, and no line for each request.
        command.env("KAFILA_LIMITS_API_PER_ACTOR", "0").env("KAFILA_LIMITS_PUBLIC_PER_ADDRESS", "0").env("KAFILA_LOG_LEVEL", "warn");
        if let Some(url) = database_url {
            command.env("KAFILA_DATABASE_URL", url);
        }
        let started = Instant::now();
        let child =
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn().map_err(|error| format!("cannot start the server: {error}"))?;
        let mut server = Server { child, address, started_in: Duration::ZERO };
        loop {
            if answers(&server.address) {
                server.started_in = started.elapsed();
                return Ok(server);
            }
            if let Ok(Some(status)) = server.child.try_wait() {
                return Err(format!("the server ended at once ({status}); see bench-server.log in {}", data.display()));
            }
            if started.elapsed() > Duration::from_secs(60) {
                return Err("the server did not answer /healthz within a minute".to_owned());
            }
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// The process.
    pub(super) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Whether no job is due or running.
    pub(super) fn is_idle(&self) -> bool {
        said(&self.address, "/readyz").is_some_and(|answer| answer.contains("\"0 due, 0 running,"))
    }

    /// Memory in bytes: now, and at its highest.
    pub(super) fn memory_bytes(&self) -> (u64, u64) {
        process::memory_bytes(self.pid()).unwrap_or((0, 0))
    }

    /// Runs a plan in a client process; the report, and what the processor did meanwhile.
    pub(super) fn drive(&self, plan: &Plan) -> Result<(Report, Load), String> {
        let before = Load::now(self.pid());
        let mut client = Command::new(binary()?)
            .arg("bench-client")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .map_err(|error| format!("cannot start the client: {error}"))?;
        let json = serde_json::to_string(plan).map_err(|error| error.to_string())?;
        let mut pipe = client.stdin.take().ok_or("the client has no input")?;
        pipe.write_all(json.as_bytes()).map_err(|error| format!("cannot send the plan: {error}"))?;
        drop(pipe);
        let output = client.wait_with_output().map_err(|error| error.to_string())?;
        let report: Report = serde_json::from_slice(&output.stdout).map_err(|error| format!("the client failed: {error}"))?;
        if report.done == 0 || report.refused > report.done / 100 {
            let said = report.first_refusal.clone().unwrap_or_default();
            return Err(format!("{} answers and {} refusals; the first refusal said: {said}", report.done, report.refused));
        }
        let load = Load::now(self.pid()).since(&before, report.cpu_s);
        Ok((report, load))
    }

    /// Ends it as an operator would, and waits.
    pub(super) fn end(&mut self) -> Result<(), String> {
        self.terminate();
        let asked = Instant::now();
        while asked.elapsed() < Duration::from_secs(20) {
            if self.child.try_wait().map_err(|error| error.to_string())?.is_some() {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Err("the server did not stop within 20 s of SIGTERM".to_owned())
    }

    fn terminate(&self) {
        // The standard library only knows SIGKILL.
        let _ = Command::new("kill").arg("-TERM").arg(self.pid().to_string()).status();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

/// Processor use during a window.
#[derive(Clone, Copy, Debug)]
pub(super) struct Load {
    at: Instant,
    /// Processor seconds of the server.
    pub(super) server_s: f64,
    all_s: f64,
    /// Processor seconds of the client.
    pub(super) client_s: f64,
    /// Cores that other processes kept busy on average.
    pub(super) foreign_cores: f64,
}

impl Load {
    fn now(pid: u32) -> Load {
        Load {
            at: Instant::now(),
            server_s: process::cpu_seconds(pid).unwrap_or(0.0),
            all_s: process::cpu_seconds_of_all().unwrap_or(0.0),
            client_s: 0.0,
            foreign_cores: 0.0,
        }
    }

    fn since(self, before: &Load, client_s: f64) -> Load {
        let seconds = self.at.duration_since(before.at).as_secs_f64().max(0.001);
        let (server_s, all_s) = (self.server_s - before.server_s, self.all_s - before.all_s);
        Load { server_s, all_s, client_s, foreign_cores: ((all_s - server_s - client_s) / seconds).max(0.0), ..self }
    }
}

/// The program itself.
fn binary() -> Result<std::path::PathBuf, String> {
    std::env::current_exe().map_err(|error| format!("cannot find the program itself: {error}"))
}

fn free_address() -> Result<String, String> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").map_err(|error| error.to_string())?;
    Ok(listener.local_addr().map_err(|error| error.to_string())?.to_string())
}

fn answers(address: &str) -> bool {
    said(address, "/healthz").is_some_and(|answer| answer.lines().next().is_some_and(|line| line.contains(" 200 ")))
}

/// What a path answers, head and body; a few kilobytes at most.
fn said(address: &str, path: &str) -> Option<String> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.write_all(format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n").as_bytes()).ok()?;
    let mut answer = String::new();
    stream.take(8_192).read_to_string(&mut answer).ok()?;
    Some(answer)
}
