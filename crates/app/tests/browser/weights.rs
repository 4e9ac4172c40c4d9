//! What pages weigh on a phone with an empty cache: bytes on the wire, requests, elements, and never a word with another host.

use serde_json::json;
use testkit::{ADMIN, Engine, Screen};

use crate::pages::{PAGES, Who};
use crate::trip;
use crate::world::World;

/// Elements of a page at most.
const ELEMENTS: u64 = 2_500;

#[test]
fn every_page_stays_within_its_weight() {
    trip::run(Engine::Sqlite, Screen::PHONE, async |trip| {
        let world = World::of(&trip.shop).await;
        let (visitor, staff) = (trip.visitor().await, trip.browser(ADMIN).await);
        let mut wrong = Vec::new();
        let mut table = String::new();
        for page in PAGES {
            let browser = if page.who == Who::Visitor { &visitor } else { &staff };
            if page.status >= 400 {
                browser.forgive(page.status);
            }
            browser.go("about:blank").await;
            browser.forget_traffic().await;
            browser.go(&world.path(page.path)).await;
            let traffic = browser.traffic().await;
            let bytes: u64 = traffic.iter().filter_map(|request| request.bytes).sum();
            assert!(bytes > 1_000, "the browser told no bytes of {}", page.name);
            let elements = browser.value("return document.querySelectorAll('*').length", json!([])).await.as_u64().unwrap();
            let (kilobytes, requests) = page.weight.limits();
            table.push_str(&format!("{:<24} {:>7.1} kB {:>3} requests {elements:>5} elements\n", page.name, bytes as f64 / 1_000.0, traffic.len()));
            let mut parts: Vec<String> = traffic.iter().map(|one| format!("{} {}", one.bytes.unwrap_or(0), one.url)).collect();
            parts.sort();
            let parts = parts.join("\n    ");
            if bytes > kilobytes * 1_000 {
                wrong.push(format!("{} weighs {bytes} bytes, more than {kilobytes} kB:\n    {parts}", page.name));
            }
            if traffic.len() > requests {
                wrong.push(format!("{} asks {} times, more than {requests}:\n    {parts}", page.name, traffic.len()));
            }
            if elements > ELEMENTS {
                wrong.push(format!("{} has {elements} elements, more than {ELEMENTS}", page.name));
            }
            let own = format!("http://{}/", trip.address);
            wrong.extend(traffic.iter().filter(|one| !one.url.starts_with(&own)).map(|one| format!("{} talks to {}", page.name, one.url)));
        }
        println!("{table}");
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    });
}

/// Bytes of a picture at most.
const PICTURE: u64 = 60_000;

#[test]
fn the_documentation_shows_each_page_that_has_a_caption() {
    let docs = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    let text = std::fs::read_to_string(docs.join("screens.md")).unwrap();
    let mut wrong = Vec::new();
    for page in PAGES {
        let Some(caption) = page.caption else { continue };
        let tails = if page.is_shown_on_a_phone { &["", "-phone"][..] } else { &[""] };
        for tail in tails {
            let place = format!("screens/{}{tail}.webp", page.name);
            let size = std::fs::metadata(docs.join(&place)).map(|file| file.len());
            let is_good = size.is_ok_and(|size| size <= PICTURE) && text.contains(&format!("]({place})")) && text.contains(caption);
            if !is_good {
                wrong.push(place);
            }
        }
    }
    assert!(wrong.is_empty(), "`cargo run --release -p app --example screenshots` takes them anew: {wrong:?}");
}
