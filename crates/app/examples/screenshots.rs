//! Takes the pictures of the documentation: plays the demonstration, looks at each page that has a caption in the table of pages, and
//! writes `docs/screens/*.webp` and `docs/screens.md`.
//!
//! `cargo run --release -p app --example screenshots` needs Chromium and ChromeDriver; a number behind `--` is how many orders are played.

#![expect(unreachable_pub, reason = "the table of pages belongs to the tests")]

#[path = "../tests/browser/pages.rs"]
#[expect(dead_code, reason = "the tests need more of it")]
mod pages;
#[path = "../tests/browser/world.rs"]
#[expect(dead_code, clippy::unwrap_used, reason = "the tests need more of it, and may be blunt")]
mod world;

use std::fmt::Write as _;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::Duration;

use serde_json::json;
use testkit::{Browser, Client, Screen};

use crate::pages::{PAGES, Page, Who};
use crate::world::World;

/// A picture may weigh so many bytes; it is taken at the best quality that fits.
const BYTES: usize = 60_000;
const QUALITIES: [u32; 5] = [85, 75, 65, 50, 35];
const DESK: Screen = Screen { width: 1280, height: 800, is_touched: false };

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    // The demonstration is this same program, started once more.
    if arguments.get(1).is_some_and(|word| word == "demo") {
        return app::run();
    }
    let orders = arguments.get(1).map_or("1500", String::as_str);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime can be made");
    runtime.block_on(take(orders));
    ExitCode::SUCCESS
}

/// The demonstration, served; it ends with this.
struct Demo {
    child: Child,
    address: String,
    email: String,
    password: String,
}

impl Demo {
    fn start(data: &Path, orders: &str) -> Demo {
        let mut command = Command::new(std::env::current_exe().expect("a program knows where it is"));
        command.arg("demo").arg("--data").arg(data).args(["--orders", orders, "--listen", "127.0.0.1:0"]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the demonstration can be started");
        let mut lines = BufReader::new(child.stderr.take().expect("it is piped")).lines().map_while(Result::ok);
        let (mut email, mut password) = (String::new(), String::new());
        let address = lines.by_ref().find_map(|line| {
            if let Some((_, word)) = line.split_once("the password of all is") {
                word.trim().clone_into(&mut password);
            }
            let mut words = line.split_whitespace();
            if let (Some(first), Some("admin")) = (words.next(), words.next()) {
                first.clone_into(&mut email);
            }
            line.split_once("Kafila listens on ").map(|(_, address)| address.to_owned())
        });
        std::thread::spawn(move || lines.for_each(drop));
        Demo { child, address: address.expect("the demonstration says where it listens"), email, password }
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

async fn take(orders: &str) {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    let folder = docs.join("screens");
    std::fs::create_dir_all(&folder).expect("the documentation can be written to");
    for old in std::fs::read_dir(&folder).expect("it was just made").flatten() {
        std::fs::remove_file(old.path()).expect("an old picture can be removed");
    }
    let data = tempfile::tempdir().expect("the temporary folder is writable");
    let demo = Demo::start(data.path(), orders);
    let world = furnished(&demo).await;

    let (visitor, staff) = (Browser::open(&demo.address, DESK).await, Browser::open(&demo.address, DESK).await);
    staff.go("/sign-in").await;
    staff.fill("E-mail", &demo.email).await;
    staff.fill("Password", &demo.password).await;
    staff.press("Log in").await;
    staff.is_at("/app").await;

    let mut text = String::from(
        "# Screens\n\nTaken from the demonstration (`kafila demo`), in English and light unless said. \
         `cargo run --release -p app --example screenshots`\ntakes them anew.\n",
    );
    for page in PAGES {
        let Some(caption) = page.caption else { continue };
        let browser = if page.who == Who::Visitor { &visitor } else { &staff };
        let _ = writeln!(text, "\n## {caption}\n");
        let mut shots = vec![Shot::of(page, "", DESK, "en", "light")];
        if page.is_shown_on_a_phone {
            shots.push(Shot::of(page, "-phone", Screen::PHONE, "en", "light"));
        }
        if page.name == "orders" {
            shots.push(Shot::of(page, "-ar", DESK, "ar", "light"));
            shots.push(Shot::of(page, "-dark", DESK, "en", "dark"));
        }
        for shot in shots {
            let file = folder.join(format!("{}.webp", shot.name));
            shot.take(browser, &world, &file).await;
            let _ = writeln!(text, "![{caption}{}](screens/{}.webp)", shot.note, shot.name);
        }
    }
    std::fs::write(docs.join("screens.md"), text).expect("the documentation can be written to");
}

/// One picture.
struct Shot<'a> {
    page: &'a Page,
    name: String,
    note: &'static str,
    screen: Screen,
    language: &'static str,
    theme: &'static str,
}

impl<'a> Shot<'a> {
    fn of(page: &'a Page, tail: &'static str, screen: Screen, language: &'static str, theme: &'static str) -> Shot<'a> {
        let note = match tail {
            "-phone" => ", on a phone",
            "-ar" => ", in Arabic",
            "-dark" => ", dark",
            _ => "",
        };
        Shot { page, name: format!("{}{tail}", page.name), note, screen, language, theme }
    }

    async fn take(&self, browser: &Browser, world: &World, file: &PathBuf) {
        browser.resize(self.screen).await;
        browser.prefer(self.theme).await;
        if self.page.who == Who::Admin {
            // Any page in the staff's frame has the token that the form needs.
            browser.go("/app/orders").await;
            let set = "const csrf = document.querySelector('meta[name=csrf]').content; \
                       fetch('/app/preferences', { method: 'POST', redirect: 'manual', body: new URLSearchParams({ csrf, language: arguments[0] }) }) \
                       .then(() => done(true))";
            browser.promised(set, json!([self.language])).await;
        }
        browser.forget_traffic().await;
        browser.go(&world.path(self.page.path)).await;
        browser.traffic().await;
        browser.promised("document.fonts.ready.then(() => done(true))", json!([])).await;
        let mut picture = Vec::new();
        for quality in QUALITIES {
            picture = browser.picture_as_webp(quality).await;
            if picture.len() <= BYTES {
                break;
            }
        }
        println!("{} {} bytes", file.display(), picture.len());
        std::fs::write(file, picture).expect("a picture can be written");
    }
}

/// Adds to the demonstration what the pages are about, as in the tests.
async fn furnished(demo: &Demo) -> World {
    let door = Client::remote(&demo.address, "nobody");
    let signed_in = door.post("/api/v1/sign-in", json!({"email": demo.email, "password": demo.password})).await.expect(200);
    let admin = Client::remote(&demo.address, signed_in.body["token"].as_str().expect("a session has a token"));
    let stores = admin.get("/api/v1/stores").await.expect(200);
    let store = stores.items().iter().find(|store| store["code"] == "PURNA").expect("the demonstration has this store");
    let mut world = World::empty();
    for (name, state) in [("pending", "PENDING"), ("cancelled", "CANCELLED")] {
        let found = admin.get(&format!("/api/v1/orders?limit=1&state={state}")).await.expect(200);
        world.set(name, found.items()[0]["id"].as_str().expect("an order has an id"));
    }
    let rest = async || {
        loop {
            let tasks = admin.get("/api/v1/tasks?limit=50").await.expect(200);
            if tasks.items().iter().all(|task| !matches!(task["state"].as_str(), Some("waiting" | "running"))) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    world.furnish(&admin, store["id"].as_str().expect("a store has an id"), rest).await;
    world
}
