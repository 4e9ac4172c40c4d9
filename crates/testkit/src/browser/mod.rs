//! A browser in which a test does what people do: opens a page, reads it, presses what it names, types.
//!
//! Things are named by the words that people read, or by a CSS selector where they have none. Nothing sleeps: each step waits until
//! what it needs is there, and fails with words and the text of the page when it never comes. What the page complains of, in its
//! console or by a request that fails, is kept until [`Browser::complaints`] asks.

mod driver;

use std::collections::BTreeSet;
use std::fmt::Display;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use self::driver::{Driver, Problem};

/// How long anything may take before a test gives up; far more than it needs.
const PATIENCE: Duration = Duration::from_secs(30);
/// Between two looks at a page that is not there yet.
const LOOK: Duration = Duration::from_millis(20);
/// The name that the protocol gives an element under.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
const PAGE: &str = include_str!("page.js");

/// How large the screen is, and whether it is touched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Screen {
    /// CSS pixels across.
    pub width: u32,
    /// CSS pixels down.
    pub height: u32,
    /// A phone's or a tablet's: touched, not pointed at.
    pub is_touched: bool,
}

impl Screen {
    /// A phone that many have.
    pub const PHONE: Screen = Screen { width: 360, height: 780, is_touched: true };
    /// The narrowest that must do.
    pub const NARROW: Screen = Screen { width: 320, height: 640, is_touched: true };
    /// A tablet.
    pub const TABLET: Screen = Screen { width: 820, height: 1100, is_touched: true };
    /// A desk.
    pub const DESKTOP: Screen = Screen { width: 1440, height: 900, is_touched: false };
}

/// A browser of its own: profile, cookies, cache.
pub struct Browser {
    driver: Driver,
    base: String,
    heard: Mutex<Heard>,
}

/// What the browser has said since it began.
#[derive(Default)]
struct Heard {
    complaints: Vec<String>,
    /// Statuses that a test expects, such as 422 for a form that is wrong on purpose.
    forgiven: BTreeSet<u16>,
    /// Requests since [`Browser::forget_traffic`], by id.
    traffic: Vec<Request>,
}

/// A request of a page.
#[derive(Clone, Debug)]
pub struct Request {
    id: String,
    /// Where to.
    pub url: String,
    /// What it was for, as the browser names it: `Document`, `Stylesheet`, `Script`, `Image`, `Font`, `Fetch`, `EventSource`, `Manifest`.
    pub kind: String,
    /// Bytes on the wire, once it has ended.
    pub bytes: Option<u64>,
    has_ended: bool,
    is_cached: bool,
}

impl Browser {
    /// A browser that looks at the server at `http://host:port`.
    pub async fn open(base: &str, screen: Screen) -> Browser {
        let browser = Browser { driver: Driver::start().await, base: base.to_owned(), heard: Mutex::default() };
        browser.resize(screen).await;
        browser.prefer("light").await;
        browser
    }

    /// Another screen from now on.
    pub async fn resize(&self, screen: Screen) {
        let Screen { width, height, is_touched } = screen;
        self.cdp("Emulation.setDeviceMetricsOverride", json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": is_touched})).await;
        self.cdp("Emulation.setTouchEmulationEnabled", json!({"enabled": is_touched, "maxTouchPoints": 1})).await;
    }

    /// The device's own theme: `light` or `dark`. It asks for no motion, so that nothing is caught halfway.
    pub async fn prefer(&self, theme: &str) {
        let wishes = [("prefers-color-scheme", theme), ("prefers-reduced-motion", "reduce")];
        let wishes = wishes.map(|(name, value)| json!({"name": name, "value": value}));
        self.cdp("Emulation.setEmulatedMedia", json!({"features": wishes})).await;
    }

    /// Pages run no script from now on, as in a browser in which somebody has switched it off.
    pub async fn without_script(&self) {
        self.cdp("Emulation.setScriptExecutionDisabled", json!({"value": true})).await;
    }

    /// Signs somebody in by the cookie that they have already.
    pub async fn wear(&self, token: &str) {
        self.cookie(web::SESSION_COOKIE, token).await;
    }

    /// Sets a cookie.
    pub async fn cookie(&self, name: &str, value: &str) {
        self.cdp("Network.setCookie", json!({"name": name, "value": value, "url": self.base})).await;
    }

    /// Opens a page and waits until it is loaded.
    pub async fn go(&self, path: &str) {
        let url = if path.contains(':') && !path.starts_with('/') { path.to_owned() } else { format!("{}{path}", self.base) };
        if let Err(problem) = self.driver.post("/url", json!({"url": url})).await {
            panic!("{path} does not open: {problem}");
        }
    }

    /// As the button of the browser.
    pub async fn back(&self) {
        self.driver.post("/back", json!({})).await.unwrap_or_else(|problem| panic!("no way back: {problem}"));
    }

    /// Loads the page again.
    pub async fn reload(&self) {
        self.driver.post("/refresh", json!({})).await.unwrap_or_else(|problem| panic!("no reload: {problem}"));
    }

    /// The path and query of the page.
    pub async fn path(&self) -> String {
        let url = self.driver.get("/url").await.unwrap_or_else(|problem| panic!("no address: {problem}"));
        let url = url.as_str().unwrap_or_default();
        url.strip_prefix(&self.base).unwrap_or(url).to_owned()
    }

    /// Presses what is called so: a link, a button, a menu, a box to tick. The exact name goes before one that begins so.
    pub async fn press(&self, name: &str) {
        self.click(&format!("“{name}”"), "return pressable(arguments[0])", name).await;
    }

    /// Presses the first that this CSS selector finds in view.
    pub async fn press_at(&self, selector: &str) {
        self.click(selector, "return shown(arguments[0])", selector).await;
    }

    async fn click(&self, what: &str, find: &str, argument: &str) {
        self.until(what, async || {
            let element = self.element(find, argument).await?;
            // Into the middle, away from bars that stay at the edges.
            let shown = json!({"script": "arguments[0].scrollIntoView({ block: 'center' })", "args": [{ELEMENT: element}]});
            for (command, body) in [("/execute/sync".to_owned(), shown), (format!("/element/{element}/click"), json!({}))] {
                if let Err(problem) = self.driver.post(&command, body).await {
                    return problem.pass(what);
                }
            }
            Some(())
        })
        .await;
    }

    /// Types into the field with this label, instead of what it holds.
    pub async fn fill(&self, label: &str, text: &str) {
        self.type_into(&format!("the field “{label}”"), "return field(arguments[0])", label, text).await;
    }

    /// Types into the first that this CSS selector finds in view, instead of what it holds.
    pub async fn fill_at(&self, selector: &str, text: &str) {
        self.type_into(selector, "return shown(arguments[0])", selector, text).await;
    }

    async fn type_into(&self, what: &str, find: &str, argument: &str, text: &str) {
        self.until(what, async || {
            let element = self.element(find, argument).await?;
            for (command, body) in [("clear", json!({})), ("value", json!({"text": text}))] {
                if let Err(problem) = self.driver.post(&format!("/element/{element}/{command}"), body).await {
                    return problem.pass(what);
                }
            }
            Some(())
        })
        .await;
    }

    /// Gives a file to the input that this CSS selector finds.
    pub async fn attach(&self, selector: &str, file: &std::path::Path) {
        self.until(selector, async || {
            let element = self.element("return document.querySelector(arguments[0])", selector).await?;
            match self.driver.post(&format!("/element/{element}/value"), json!({"text": file.display().to_string()})).await {
                Ok(_) => Some(()),
                Err(problem) => problem.pass(selector),
            }
        })
        .await;
    }

    /// Chooses an option by its words in the list with this label.
    pub async fn choose(&self, label: &str, option: &str) {
        // The list itself is drawn by the system, out of reach of a pointer.
        let find = "const list = field(arguments[0]); const one = list && best([...list.options], arguments[1]); if (!one) return false; \
                    if (!one.selected) { one.selected = true; for (const name of ['input', 'change']) list.dispatchEvent(new Event(name, { bubbles: true })); } \
                    return true";
        self.holds(&format!("“{option}” under “{label}”"), find, json!([label, option])).await;
    }

    /// Presses a key: a sign, `Enter`, `Escape`, `Tab`, `Shift+Tab`, `Control+k`, `ArrowDown`.
    pub async fn key(&self, key: &str) {
        let names: Vec<String> = if key == "+" { vec![key.to_owned()] } else { key.split('+').map(code).collect() };
        let down = names.iter().map(|name| json!({"type": "keyDown", "value": name}));
        let up = names.iter().rev().map(|name| json!({"type": "keyUp", "value": name}));
        let actions = json!([{"type": "key", "id": "keyboard", "actions": down.chain(up).collect::<Vec<_>>()}]);
        self.driver.post("/actions", json!({"actions": actions})).await.unwrap_or_else(|problem| panic!("{key} cannot be pressed: {problem}"));
    }

    /// Types where the cursor stands.
    pub async fn type_text(&self, text: &str) {
        for sign in text.chars() {
            self.key(&sign.to_string()).await;
        }
    }

    /// Waits until the page shows these words.
    pub async fn sees(&self, words: &str) {
        self.holds(
            &format!("the words “{words}”"),
            "return !!document.body && plain(document.body.innerText).includes(plain(arguments[0]))",
            json!([words]),
        )
        .await;
    }

    /// Waits until the page does not show these words any more.
    pub async fn sees_no(&self, words: &str) {
        let find = "return !!document.body && !plain(document.body.innerText).includes(plain(arguments[0]))";
        self.holds(&format!("the page without the words “{words}”"), find, json!([words])).await;
    }

    /// Waits until this CSS selector finds something in view.
    pub async fn sees_at(&self, selector: &str) {
        self.holds(selector, "return !!shown(arguments[0])", json!([selector])).await;
    }

    /// Waits until what this CSS selector finds shows these words.
    pub async fn sees_in(&self, selector: &str, words: &str) {
        let find = "return [...document.querySelectorAll(arguments[0])].some(one => seen(one) && plain(one.innerText).includes(plain(arguments[1])))";
        self.holds(&format!("“{words}” in {selector}"), find, json!([selector, words])).await;
    }

    /// Waits until the path and query of the page begin so.
    pub async fn is_at(&self, path: &str) {
        self.until(&format!("the page {path}"), async || {
            let here = self.path().await;
            let is_ready = self.script("return document.readyState === 'complete'", json!([])).await? == json!(true);
            (here.starts_with(path) && is_ready).then_some(())
        })
        .await;
    }

    /// Waits until an expression of the page is true.
    pub async fn holds(&self, what: &str, script: &str, arguments: Value) {
        self.until(what, async || (self.script(script, arguments.clone()).await? == json!(true)).then_some(())).await;
    }

    /// Whether something called so can be pressed now.
    pub async fn offers(&self, name: &str) -> bool {
        self.script("return !!pressable(arguments[0])", json!([name])).await == Some(json!(true))
    }

    /// The text of the first that this CSS selector finds, as people read it.
    pub async fn text(&self, selector: &str) -> String {
        let mut found = String::new();
        self.until(selector, async || {
            let text = self.script("const one = shown(arguments[0]); return one && plain(one.innerText)", json!([selector])).await?;
            found = text.as_str()?.to_owned();
            Some(())
        })
        .await;
        found
    }

    /// The value of an expression; panics when the page goes away meanwhile.
    pub async fn value(&self, script: &str, arguments: Value) -> Value {
        let mut found = Value::Null;
        self.until(script, async || {
            found = self.script(script, arguments.clone()).await?;
            Some(())
        })
        .await;
        found
    }

    /// The value of a promise that a script makes and gives to `done`.
    pub async fn promised(&self, script: &str, arguments: Value) -> Value {
        let script = format!("{PAGE}\nconst done = arguments[arguments.length - 1];\n{script}");
        self.driver.post("/execute/async", json!({"script": script, "args": arguments})).await.unwrap_or_else(|problem| panic!("{problem}"))
    }

    /// The page as a PNG.
    pub async fn picture(&self) -> Vec<u8> {
        let picture = self.driver.get("/screenshot").await.unwrap_or_else(|problem| panic!("no picture: {problem}"));
        STANDARD.decode(picture.as_str().unwrap_or_default()).expect("a picture comes in base64")
    }

    /// The page as a WebP of this quality, of a hundred.
    pub async fn picture_as_webp(&self, quality: u32) -> Vec<u8> {
        let picture = self.cdp("Page.captureScreenshot", json!({"format": "webp", "quality": quality})).await;
        STANDARD.decode(picture["data"].as_str().unwrap_or_default()).expect("a picture comes in base64")
    }

    /// A command of the browser's own protocol.
    pub async fn cdp(&self, command: &str, parameters: Value) -> Value {
        let body = json!({"cmd": command, "params": parameters});
        self.driver.post("/goog/cdp/execute", body).await.unwrap_or_else(|problem| panic!("{command}: {problem}"))
    }

    /// Answers with this status are expected in this test.
    pub fn forgive(&self, status: u16) {
        self.heard().forgiven.insert(status);
    }

    /// What the pages complained of since it was asked last: errors in the console, requests that failed.
    pub async fn complaints(&self) -> Vec<String> {
        self.listen().await;
        let mut heard = self.heard();
        let forgiven: Vec<String> = heard.forgiven.iter().map(|status| format!("status of {status}")).collect();
        let mut complaints = std::mem::take(&mut heard.complaints);
        complaints.retain(|one| !forgiven.iter().any(|status| one.contains(status)));
        complaints
    }

    /// Forgets what went over the wire, and what the cache holds.
    pub async fn forget_traffic(&self) {
        self.cdp("Network.clearBrowserCache", json!({})).await;
        // What a service worker answers costs nothing: a first visit has none.
        self.cdp("Network.enable", json!({})).await;
        self.cdp("Network.setBypassServiceWorker", json!({"bypass": true})).await;
        self.listen().await;
        self.heard().traffic.clear();
    }

    /// What went over the wire for the page since [`Browser::forget_traffic`], once all of it has ended. Streams never end and are left
    /// out, and so is what the browser asks for its own tab and menu.
    pub async fn traffic(&self) -> Vec<Request> {
        let mut found = Vec::new();
        self.until("an end of the requests", async || {
            self.listen().await;
            let heard = self.heard();
            found = heard.traffic.iter().filter(|request| request.is_of_the_page()).cloned().collect();
            found.iter().all(|request| request.has_ended).then_some(())
        })
        .await;
        // What its caches answer, or what is called off before an answer, brings no byte over the wire.
        found.retain(|request| request.bytes.is_some_and(|bytes| bytes > 0));
        found
    }

    /// Reads what the browser has logged since.
    async fn listen(&self) {
        for kind in ["browser", "performance"] {
            let lines = self.driver.post("/se/log", json!({"type": kind})).await.unwrap_or_else(|problem| panic!("no log: {problem}"));
            let mut heard = self.heard();
            for line in lines.as_array().into_iter().flatten() {
                let message = line["message"].as_str().unwrap_or_default();
                if kind == "browser" {
                    if line["level"] == "SEVERE" {
                        heard.complaints.push(message.to_owned());
                    }
                } else if let Ok(line) = serde_json::from_str::<Value>(message) {
                    heard.network(&line["message"]["method"], &line["message"]["params"]);
                }
            }
        }
    }

    fn heard(&self) -> std::sync::MutexGuard<'_, Heard> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn element(&self, find: &str, argument: &str) -> Option<String> {
        let found = self.script(find, json!([argument])).await?;
        found[ELEMENT].as_str().map(str::to_owned)
    }

    /// The value of a script; none when the page is just going away.
    async fn script(&self, script: &str, arguments: Value) -> Option<Value> {
        let script = format!("{PAGE}\n{script}");
        match self.driver.post("/execute/sync", json!({"script": script, "args": arguments})).await {
            Ok(value) => Some(value),
            Err(problem) => problem.pass(&script),
        }
    }

    /// Looks until it is there.
    async fn until(&self, what: &str, mut look: impl AsyncFnMut() -> Option<()>) {
        let begun = Instant::now();
        while look().await.is_none() {
            if begun.elapsed() > PATIENCE {
                let (here, text) = (self.path().await, self.script("return document.body.innerText", json!([])).await);
                let text: String = text.as_ref().and_then(Value::as_str).unwrap_or_default().chars().take(3_000).collect();
                panic!("{what} never came. {here} shows:\n{text}");
            }
            tokio::time::sleep(LOOK).await;
        }
    }
}

impl Problem {
    /// Nothing, if asking again is right.
    #[track_caller]
    fn pass<T>(self, what: impl Display) -> Option<T> {
        assert!(self.is_passing(), "{what}: {self}");
        None
    }
}

impl Request {
    fn is_of_the_page(&self) -> bool {
        let is_of_the_browser = self.kind == "Manifest" || self.url.ends_with("/icon.svg");
        let is_stream = self.kind == "EventSource" || self.url.ends_with("/app/live");
        !is_of_the_browser && !is_stream && !self.is_cached && self.url.starts_with("http")
    }
}

impl Heard {
    fn network(&mut self, method: &Value, told: &Value) {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let id = text(&told["requestId"]);
        let known = self.traffic.iter_mut().rev().find(|request| request.id == id);
        match (method.as_str().unwrap_or_default(), known) {
            ("Network.requestWillBeSent", known) => {
                // A redirect goes on under the same id: what it cost before is a request of its own.
                if let Some(before) = known.filter(|_| told["redirectResponse"].is_object()) {
                    before.bytes = told["redirectResponse"]["encodedDataLength"].as_u64();
                    before.has_ended = true;
                    before.id.clear();
                }
                let (url, kind) = (text(&told["request"]["url"]), text(&told["type"]));
                if kind == "Document" {
                    // What the page before still waited for, nobody waits for any more.
                    self.traffic.iter_mut().for_each(|request| request.has_ended = true);
                }
                self.traffic.push(Request { id, url, kind, bytes: None, has_ended: false, is_cached: false });
            }
            ("Network.responseReceived", known) => {
                let status = told["response"]["status"].as_u64().unwrap_or_default();
                if let Some(request) = known {
                    // Told apart from what the memory holds, and no more on the wire.
                    request.is_cached |= told["response"]["fromDiskCache"] == true;
                    if told["response"]["mimeType"] == "text/event-stream" {
                        request.kind = "EventSource".to_owned();
                    }
                    if status >= 400 {
                        let complaint = format!("{} was answered with a status of {status}", request.url);
                        self.complaints.push(complaint);
                    }
                }
            }
            ("Network.requestServedFromCache", Some(request)) => request.is_cached = true,
            ("Network.loadingFinished", Some(request)) => {
                request.bytes = told["encodedDataLength"].as_f64().map(|bytes| bytes as u64);
                request.has_ended = true;
            }
            ("Network.loadingFailed", Some(request)) => {
                request.has_ended = true;
                // Leaving a page ends its stream and what it still waits for.
                let was_left = told["canceled"] == true || told["errorText"] == "net::ERR_ABORTED";
                if !was_left {
                    let complaint = format!("{} failed: {}", request.url, text(&told["errorText"]));
                    self.complaints.push(complaint);
                }
            }
            _ => {}
        }
    }
}

/// The sign under which the protocol knows a key.
fn code(name: &str) -> String {
    let sign = match name {
        "Enter" => '\u{e007}',
        "Escape" => '\u{e00c}',
        "Tab" => '\u{e004}',
        "Shift" => '\u{e008}',
        "Control" => '\u{e009}',
        "Alt" => '\u{e00a}',
        "Space" => ' ',
        "Backspace" => '\u{e003}',
        "ArrowUp" => '\u{e013}',
        "ArrowDown" => '\u{e015}',
        "ArrowLeft" => '\u{e012}',
        "ArrowRight" => '\u{e014}',
        "Home" => '\u{e011}',
        "End" => '\u{e010}',
        _ => return name.to_owned(),
    };
    sign.to_string()
}
