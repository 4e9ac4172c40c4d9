//! How pages look and whether everybody can use them: axe-core finds nothing, nothing scrolls sideways, the console is silent; in each
//! language, each theme, each size.
//!
//! All three languages by three sizes by two themes are eighteen looks of each page. A usual run takes nine of them, so chosen that every
//! pair of language and size, of language and theme, and of size and theme is there: what goes wrong on a page goes wrong by one of
//! these, or by two that meet. `KAFILA_BROWSER_ALL=1` takes all eighteen. The narrowest screen, 320 pixels, is looked at for sideways
//! scroll in every language.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use testkit::{ADMIN, Browser, Engine, Screen};

use crate::pages::{NO_PAGES, PAGES, Who};
use crate::trip::{self, Trip};
use crate::world::World;

const LANGUAGES: [&str; 3] = ["en", "fr", "ar"];
const SIZES: [Screen; 3] = [Screen::PHONE, Screen::TABLET, Screen::DESKTOP];
const THEMES: [&str; 2] = ["light", "dark"];
const AXE: &str = include_str!("vendor/axe.min.js");

/// Whether all looks are taken, not only enough for every pair.
static TAKES_ALL: LazyLock<bool> = LazyLock::new(|| {
    #[expect(clippy::disallowed_methods, reason = "chosen by whoever runs the tests")]
    std::env::var("KAFILA_BROWSER_ALL").is_ok_and(|value| value == "1")
});

/// The sizes and themes that a language is looked at in.
fn looks(language: usize) -> Vec<(Screen, &'static str)> {
    let all = SIZES.iter().enumerate().flat_map(|(size, screen)| THEMES.iter().enumerate().map(move |(theme, name)| (size, theme, *screen, *name)));
    all.filter(|(size, theme, ..)| *TAKES_ALL || (language + size) % 2 == *theme).map(|(_, _, screen, theme)| (screen, theme)).collect()
}

#[test]
fn a_usual_run_meets_every_pair_of_language_size_and_theme() {
    let mut pairs = std::collections::BTreeSet::new();
    for (language, word) in LANGUAGES.iter().enumerate() {
        for (screen, theme) in looks(language) {
            pairs.extend([format!("{word} {}", screen.width), format!("{word} {theme}"), format!("{} {theme}", screen.width)]);
        }
    }
    assert_eq!(pairs.len(), 3 * 3 + 3 * 2 + 3 * 2, "{pairs:?}");
}

/// What axe-core finds wrong on the page, in words.
pub async fn violations(browser: &Browser) -> Vec<String> {
    // Without motion and with everything loaded, so that each run sees the same.
    browser.traffic().await;
    // Half a megabyte is sent once for each page, not for each look at it.
    if browser.value("return !window.axe", json!([])).await == true {
        browser.value(&format!("{AXE} return true"), json!([])).await;
    }
    let run = "document.fonts.ready.then(() => axe.run(document, { resultTypes: ['violations'], rules: { 'target-size': { enabled: true } } })).then( \
               found => done(found.violations.map(one => `${one.id} (${one.impact}): ${one.nodes.slice(0, 4).map(node => \
               `${node.target.join(' ')} ${node.failureSummary.split('\\n').slice(1).join(' ')}`).join(' | ')}`)), problem => done([String(problem)]))";
    let found = browser.promised(run, json!([])).await;
    found.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// By how many pixels the page can be pushed sideways.
pub async fn sideways(browser: &Browser) -> i64 {
    let over = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
    browser.value(over, json!([])).await.as_i64().unwrap()
}

async fn look_at_every_page_in(trip: &Trip, language: usize) {
    let word = LANGUAGES[language];
    let world = World::of(&trip.shop).await;
    let admin = trip.shop.browser(ADMIN).await;
    admin.submit("/app/preferences", &[("language", word), ("theme", "system")]).await.expect(303);
    let (visitor, staff) = (trip.visitor().await, trip.browser(ADMIN).await);
    visitor.cookie("kafila_lang", word).await;
    let mut wrong = Vec::new();
    for page in PAGES {
        let browser = if page.who == Who::Visitor { &visitor } else { &staff };
        if page.status >= 400 {
            browser.forgive(page.status);
        }
        browser.resize(SIZES[0]).await;
        browser.go(&world.path(page.path)).await;
        let root = browser.value("return document.documentElement.lang", json!([])).await;
        if root != word {
            wrong.push(format!("{} in {word}: the page says it is in {root}", page.name));
        }
        for (screen, theme) in looks(language) {
            browser.resize(screen).await;
            browser.prefer(theme).await;
            let look = format!("{} in {word}, {theme}, at {}", page.name, screen.width);
            wrong.extend(violations(browser).await.into_iter().map(|violation| format!("{look}: {violation}")));
            let over = sideways(browser).await;
            if over > 0 {
                wrong.push(format!("{look}: scrolls sideways by {over}"));
            }
        }
        browser.resize(Screen::NARROW).await;
        let over = sideways(browser).await;
        if over > 0 {
            wrong.push(format!("{} in {word} at 320: scrolls sideways by {over}", page.name));
        }
        wrong.extend(browser.complaints().await.into_iter().map(|complaint| format!("{} in {word}: {complaint}", page.name)));
    }
    assert!(wrong.is_empty(), "{} things are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn everybody_can_use_every_page_in_english() {
    trip::run(Engine::Sqlite, Screen::PHONE, async |trip| look_at_every_page_in(trip, 0).await);
}

#[test]
fn everybody_can_use_every_page_in_french() {
    trip::run(Engine::Sqlite, Screen::PHONE, async |trip| look_at_every_page_in(trip, 1).await);
}

#[test]
fn everybody_can_use_every_page_in_arabic() {
    trip::run(Engine::Sqlite, Screen::PHONE, async |trip| look_at_every_page_in(trip, 2).await);
}

#[test]
fn what_is_wrong_with_a_page_is_heard() {
    trip::run(Engine::Sqlite, Screen::PHONE, async |trip| {
        let browser = trip.visitor().await;
        browser.go("/sign-in").await;
        assert_eq!((violations(&browser).await, sideways(&browser).await), (vec![], 0));
        let spoil = "const one = document.createElement('button'); one.className = 'btn'; document.querySelector('main').append(one); \
                     const wide = document.createElement('hr'); wide.width = 900; document.body.append(wide); return true";
        browser.value(spoil, json!([])).await;
        let found = violations(&browser).await;
        assert!(found.iter().any(|one| one.starts_with("button-name")), "{found:?}");
        assert!(sideways(&browser).await > 0);
        assert!(browser.complaints().await.is_empty());
        browser.promised("fetch('/nowhere').then(() => done(true))", json!([])).await;
        assert!(browser.complaints().await.iter().any(|one| one.contains("404")));
        browser.value("setTimeout(() => { throw new Error('spilt') }); return true", json!([])).await;
        browser.value("const one = document.createElement('script'); one.textContent = '1'; document.body.append(one); return true", json!([])).await;
        let (mut heard, begun) = (String::new(), Instant::now());
        while !(heard.contains("spilt") && heard.contains("Content Security Policy")) {
            assert!(begun.elapsed() < Duration::from_secs(30), "{heard}");
            heard.push_str(&browser.complaints().await.join("\n"));
        }
    });
}

#[test]
fn every_route_of_a_page_stands_in_the_table() {
    let pages = web::route_table().into_iter().filter(|route| route.method == axum::http::Method::GET && route.kind == web::Kind::Page);
    let mut missing = Vec::new();
    for route in pages.filter(|route| !route.is_twin) {
        let is_listed = PAGES.iter().any(|page| page.route == route.path) || NO_PAGES.iter().any(|(path, _)| *path == route.path);
        if !is_listed {
            missing.push(route.path);
        }
    }
    assert!(missing.is_empty(), "say in tests/browser/pages.rs how these pages are looked at: {missing:?}");
    let routes: Vec<&str> = web::route_table().iter().map(|route| route.path).collect();
    for page in PAGES {
        assert!(routes.contains(&page.route), "{}: there is no route {}", page.name, page.route);
    }
    for (path, why) in NO_PAGES {
        assert!(routes.contains(path) && !why.is_empty() && !PAGES.iter().any(|page| page.route == *path), "{path}: {why}");
    }
}

#[test]
fn what_the_tests_borrow_is_what_their_manifest_says() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser/vendor");
    let manifest: toml::Table = std::fs::read_to_string(folder.join("MANIFEST.toml")).unwrap().parse().unwrap();
    for file in manifest["file"].as_array().unwrap() {
        let text = |field: &str| file[field].as_str().unwrap();
        let bytes = std::fs::read(folder.join(text("name"))).unwrap();
        assert_eq!(hex::encode(Sha256::digest(bytes)), text("sha256"), "{} changed", text("name"));
        assert!(!text("version").is_empty() && !text("licence").is_empty() && !text("source").is_empty());
        assert!(std::fs::read_to_string(folder.join(text("licence_file"))).unwrap().contains("Mozilla Public License"));
    }
}
