//! ChromeDriver as a process, and W3C WebDriver as calls of it.
//!
//! The protocol is a dozen JSON calls, so it is spoken over the HTTP client that is here already: the libraries for it would bring a
//! score of crates, and features with them that set what tests build apart from what is shipped.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

/// Where Debian and others put the two programs.
const FOLDERS: [&str; 3] = ["/usr/bin", "/usr/local/bin", "/snap/bin"];
const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "chrome"];

/// Nothing of the browser's own business: no updates, no first start, no sync, and its profile thrown away.
const FLAGS: [&str; 13] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--accept-lang=en",
    // The browser ends with ChromeDriver, however that ends.
    "--remote-debugging-pipe",
];

/// A browser with a profile of its own, and the ChromeDriver that drives it; both end with this.
pub(super) struct Driver {
    driver: Child,
    /// `http://127.0.0.1:port/session/id`
    session: String,
    http: reqwest::Client,
    _profile: TempDir,
}

impl Driver {
    /// Starts both. Panics with words when one of them is not installed: a test that is skipped proves nothing.
    pub(super) async fn start() -> Driver {
        let browser = BROWSERS.iter().find_map(|name| program(name)).unwrap_or_else(|| missing("Chromium", "chromium"));
        let chromedriver = program("chromedriver").unwrap_or_else(|| missing("ChromeDriver", "chromium-driver"));
        let (driver, port) = serve(&chromedriver);
        let profile = tempfile::tempdir().expect("the temporary folder is writable");
        let mut flags: Vec<String> = FLAGS.map(str::to_owned).to_vec();
        flags.push(format!("--user-data-dir={}", profile.path().display()));
        let wanted = json!({
            "browserName": "chrome",
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
            "goog:chromeOptions": {"binary": browser, "args": flags, "perfLoggingPrefs": {"enableNetwork": true, "enablePage": false}},
            "timeouts": {"implicit": 0, "pageLoad": 60_000, "script": 60_000},
        });
        let mut driver = Driver { driver, session: format!("http://127.0.0.1:{port}/session"), http: crate::client::http(), _profile: profile };
        let made = driver.post("", json!({"capabilities": {"alwaysMatch": wanted}})).await;
        let made = made.unwrap_or_else(|problem| panic!("the browser does not start: {problem}"));
        let id = made["sessionId"].as_str().expect("a session has an id");
        driver.session = format!("{}/{id}", driver.session);
        driver
    }

    /// A command with a body; its value, or what the browser says is wrong.
    pub(super) async fn post(&self, command: &str, body: Value) -> Result<Value, Problem> {
        self.answer(self.http.post(format!("{}{command}", self.session)).json(&body)).await
    }

    /// A command without one.
    pub(super) async fn get(&self, command: &str) -> Result<Value, Problem> {
        self.answer(self.http.get(format!("{}{command}", self.session))).await
    }

    async fn answer(&self, request: reqwest::RequestBuilder) -> Result<Value, Problem> {
        let answer = request.send().await.unwrap_or_else(|error| panic!("ChromeDriver is gone: {error}"));
        let is_good = answer.status().is_success();
        let mut body: Value = answer.json().await.unwrap_or_else(|error| panic!("ChromeDriver answers no JSON: {error}"));
        let value = body["value"].take();
        if is_good { Ok(value) } else { Err(Problem::of(&value)) }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

/// What a command was refused with.
#[derive(Debug)]
pub(super) struct Problem {
    /// A word of the protocol: `stale element reference`.
    pub(super) kind: String,
    message: String,
}

impl Problem {
    fn of(value: &Value) -> Problem {
        let text = |field: &str| value[field].as_str().unwrap_or_default().to_owned();
        Problem { kind: text("error"), message: text("message").lines().next().unwrap_or_default().to_owned() }
    }

    /// Whether the page was just then becoming another one, so that asking again is right.
    pub(super) fn is_passing(&self) -> bool {
        matches!(
            self.kind.as_str(),
            "stale element reference" | "no such element" | "detached shadow root" | "element not interactable" | "element click intercepted"
        ) || self.message.contains("aborted by navigation")
            || self.message.contains("Cannot find context")
            || self.message.contains("Execution context was destroyed")
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.kind, self.message)
    }
}

/// Starts ChromeDriver on a port that it chooses. It ends with the thread that began it, even when that is killed.
fn serve(program: &str) -> (Child, u16) {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL", program, "--port=0"]).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut driver = command.spawn().unwrap_or_else(|error| panic!("setpriv of util-linux does not start: {error}"));
    let mut lines = BufReader::new(driver.stdout.take().expect("its output is piped")).lines();
    let port = lines
        .by_ref()
        .map_while(Result::ok)
        .find_map(|line| line.rsplit_once("on port ")?.1.trim_end_matches('.').parse().ok().filter(|port| *port != 0));
    // What it says later is read, so that it never waits for a reader.
    std::thread::spawn(move || lines.for_each(drop));
    (driver, port.expect("ChromeDriver says which port it has"))
}

fn program(name: &str) -> Option<String> {
    FOLDERS.iter().map(|folder| format!("{folder}/{name}")).find(|path| Path::new(path).exists())
}

fn missing(what: &str, package: &str) -> ! {
    panic!(
        "{what} is not installed, and the tests in browsers need it. On Debian: apt-get install {package}. \
         scripts/test.sh installs all that the tests need."
    )
}
