//! The list of orders and one order: found, opened, moved, by hand and by keyboard, while others work on the same.

use serde_json::json;
use testkit::{ADMIN, AGENT, Browser, COLLEAGUE, Engine, Screen};

use crate::trip::{self, Trip, screens};

/// At a desk each has a menu of its own; a phone has one for all.
async fn open_menu(trip: &Trip, browser: &Browser, name: &str) {
    if trip.is_phone() {
        browser.press_at("nav.bar summary").await;
    } else {
        browser.press(name).await;
    }
}

screens! {
    async fn an_order_is_found_by_the_end_of_a_phone_and_opened(trip: &Trip) {
        trip.shop.order().for_phone("Amina Benali", "0550 14 23 87").await;
        let wanted = trip.shop.order().for_phone("Yacine Brahimi", "0661 77 88 99").await;
        let browser = trip.browser(AGENT).await;
        browser.go("/app/orders").await;
        browser.sees("Amina Benali").await;
        browser.fill_at("#q", "0661 77 88 99").await;
        browser.sees_no("Amina Benali").await;
        // What was searched stands in the address, so that a reload and a colleague see the same.
        browser.holds("the search in the address", "return location.search.includes('q=0661+77+88+99')", json!([])).await;
        browser.reload().await;
        browser.sees("Yacine Brahimi").await;
        browser.sees_no("Amina Benali").await;
        browser.press_at("#orders tbody tr .ref, #orders tbody tr").await;
        browser.is_at(&format!("/app/orders/{}", wanted.id)).await;
        browser.sees("Yacine Brahimi").await;
        browser.back().await;
        browser.is_at("/app/orders?").await;
        browser.sees("Yacine Brahimi").await;
        browser.sees_no("Amina Benali").await;
    }

    async fn a_step_is_done_and_taken_back(trip: &Trip) {
        let order = trip.shop.order().await;
        let browser = trip.browser(AGENT).await;
        browser.go(&format!("/app/orders/{}", order.id)).await;
        browser.press("Confirm").await;
        browser.sees(&format!("Order #{} confirmed", order.number)).await;
        browser.press("Undo").await;
        browser.sees("Step taken back").await;
        let read = trip.shop.agent().get(&order.path("")).await.expect(200);
        assert_eq!(read.body["state"], "PENDING", "{read}");
    }

    async fn a_way_back_stays_over_the_pages_that_come_within_its_time(trip: &Trip) {
        let order = trip.shop.order().await;
        // Longer than usual, so that it is seen whose seconds are kept.
        trip.shop.admin().put("/api/v1/settings/orders", json!({"value": {"undo_seconds": 300}})).await.expect(200);
        let browser = trip.browser(AGENT).await;
        let page = format!("/app/orders/{}", order.id);
        let until = async |moment: &str| {
            let set = "const kept = JSON.parse(sessionStorage.getItem('kafila-back')); kept.until = MOMENT; \
                       sessionStorage.setItem('kafila-back', JSON.stringify(kept)); return true";
            browser.value(&set.replace("MOMENT", moment), json!([])).await;
        };
        browser.go(&page).await;
        browser.press("Confirm").await;
        browser.sees(&format!("Order #{} confirmed", order.number)).await;
        let left = browser.value("return JSON.parse(sessionStorage.getItem('kafila-back')).until - Date.now()", json!([])).await;
        assert!((100_000.0..=300_000.0).contains(&left.as_f64().unwrap()), "{left} ms of 300 s are left");
        until("0").await;
        browser.go("/app/orders").await;
        browser.sees_no("Undo").await;
        until("Date.now() + 600_000").await;
        browser.go(&page).await;
        browser.press("Undo").await;
        browser.sees("Step taken back").await;
        assert_eq!(trip.shop.agent().get(&order.path("")).await.expect(200).body["state"], "PENDING");
        browser.go("/app/orders").await;
        browser.sees_no("Undo").await;
    }
}

#[test]
fn an_order_is_found_confirmed_and_left_by_keyboard_alone() {
    trip::run(Engine::Sqlite, Screen::DESKTOP, async |trip| {
        trip.shop.order().for_phone("Amina Benali", "0550 14 23 87").await;
        let order = trip.shop.order().for_phone("Yacine Brahimi", "0661 77 88 99").await;
        let browser = trip.browser(AGENT).await;
        browser.go("/app/orders").await;
        browser.key("/").await;
        browser.type_text("brahimi").await;
        browser.sees_no("Amina Benali").await;
        browser.key("Escape").await;
        browser.key("j").await;
        browser.sees_at("tr.cur").await;
        browser.key("Enter").await;
        browser.is_at(&format!("/app/orders/{}", order.id)).await;
        browser.key("c").await;
        browser.sees(&format!("Order #{} confirmed", order.number)).await;
        browser.key("?").await;
        browser.sees_in("dialog[open]", "Keyboard shortcuts").await;
        browser.key("Escape").await;
        browser.holds("no dialog", "return !document.querySelector('dialog[open]')", json!([])).await;
        browser.key("g").await;
        browser.key("o").await;
        browser.is_at("/app/orders").await;
    });
}

#[test]
fn nothing_is_out_of_reach_of_the_tab_key_and_the_focus_is_seen() {
    trip::run(Engine::Sqlite, Screen::DESKTOP, async |trip| {
        trip.shop.order().await;
        let browser = trip.browser(AGENT).await;
        browser.go("/app/orders").await;
        // The first stop leads past the frame.
        browser.key("Tab").await;
        browser.key("Enter").await;
        browser.holds("the way into the content", "return location.hash === '#main'", json!([])).await;
        let wanted = browser.value(
            "return [...document.querySelectorAll('main a[href],main button,main input,main select,main summary')].filter(one => seen(one) && !one.disabled && one.tabIndex >= 0).length",
            json!([]),
        ).await;
        let mut seen = 0;
        for _ in 0..wanted.as_u64().unwrap() {
            browser.key("Tab").await;
            let outline = browser.value(
                "const one = document.activeElement; const style = getComputedStyle(one); const box = getComputedStyle(one.closest('.inp,.input,.find') ?? one); return one.closest('main') ? [style.outlineStyle !== 'none' || box.outlineStyle !== 'none' || box.boxShadow !== 'none', one.outerHTML.slice(0, 120)] : null",
                json!([]),
            ).await;
            if outline.is_null() {
                break;
            }
            assert_eq!(outline[0], true, "no focus to be seen on {}", outline[1]);
            seen += 1;
        }
        assert!(seen > 5, "only {seen} stops in the content");
    });
}

#[test]
fn a_change_by_a_colleague_shows_without_a_reload() {
    trip::run(Engine::Sqlite, Screen::DESKTOP, async |trip| {
        let order = trip.shop.order().for_phone("Amina Benali", "0550 14 23 87").await;
        let (watching, working) = (trip.browser(AGENT).await, trip.browser(COLLEAGUE).await);
        watching.go("/app/orders").await;
        watching.sees_at("[data-live].live").await;
        working.go(&format!("/app/orders/{}", order.id)).await;
        working.press("Confirm").await;
        working.sees("confirmed").await;
        watching.sees_in(&format!("#{}", order.id), "Confirmed").await;
        // A new order never pushes the list away under the pointer.
        trip.shop.advance(60);
        trip.shop.order().for_phone("Yacine Brahimi", "0661 77 88 99").await;
        watching.sees("1 new order").await;
        watching.key(".").await;
        watching.sees("Yacine Brahimi").await;
    });
}

#[test]
fn a_change_in_another_process_shows_without_a_reload() {
    trip::run(Engine::Postgres, Screen::DESKTOP, async |trip| {
        let order = trip.shop.order().for_phone("Amina Benali", "0550 14 23 87").await;
        let other = trip.shop.second_process().await;
        let address = other.listen().await;
        let (watching, working) = (trip.at(address).await, trip.browser(COLLEAGUE).await);
        watching.wear(&trip.shop.cookie(AGENT).await).await;
        watching.go("/app/orders").await;
        watching.sees_at("[data-live].live").await;
        working.go(&format!("/app/orders/{}", order.id)).await;
        working.press("Confirm").await;
        working.sees("confirmed").await;
        watching.sees_in(&format!("#{}", order.id), "Confirmed").await;
    });
}

#[test]
fn colleagues_on_the_same_order_see_each_other_and_name_each_other() {
    trip::run(Engine::Sqlite, Screen::DESKTOP, async |trip| {
        let order = trip.shop.order().for_phone("Amina Benali", "0550 14 23 87").await;
        let (first, second) = (trip.browser(AGENT).await, trip.browser(COLLEAGUE).await);
        let path = format!("/app/orders/{}", order.id);
        first.go(&path).await;
        first.sees_at("[data-live].live").await;
        second.go(&path).await;
        first.sees_in("[data-here]", "Chakib Colleague is viewing").await;
        second.sees_in("[data-here]", "Amel Agent is viewing").await;
        second.go(&format!("{path}/edit")).await;
        first.sees_in("[data-here]", "Chakib Colleague is editing").await;
        second.go("/app/orders").await;
        first.holds("nobody else on the page", "return !document.querySelector('[data-here]').textContent.includes('Chakib')", json!([])).await;

        // By keyboard alone: the sign, the beginning of a name, Enter.
        first.key("t").await;
        first.type_text("@chak").await;
        first.sees_in("[role=listbox]", "Chakib Colleague").await;
        first.key("Enter").await;
        first.holds("the whole name", "return document.querySelector('[data-mentions]').value === '@Chakib Colleague '", json!([])).await;
        first.press("Add note").await;
        first.sees("Note added").await;
        second.go("/app/alerts").await;
        second.sees("Amel Agent named you in a note").await;
        second.go(&path).await;
        second.sees("Amel Agent named you in a note").await;
        second.sees_in("[data-here]", "Amel Agent is viewing").await;
        second.go("/app/alerts").await;
        second.sees_no("Amel Agent named you in a note").await;
    });
}

#[test]
fn a_step_on_an_order_that_changed_meanwhile_is_refused_with_words() {
    trip::run(Engine::Sqlite, Screen::DESKTOP, async |trip| {
        let order = trip.shop.order().await;
        let browser = trip.browser(AGENT).await;
        browser.without_script().await;
        browser.go(&format!("/app/orders/{}", order.id)).await;
        trip.shop.admin().post(&order.path("/confirm"), json!({})).await.expect(200);
        browser.forgive(409);
        browser.press("Confirm").await;
        browser.sees_at("[role=alert]").await;
    });
}

screens! {
    async fn the_language_turns_the_page_around_and_stays(trip: &Trip) {
        trip.shop.order().await;
        let browser = trip.browser(ADMIN).await;
        browser.go("/app/orders").await;
        open_menu(trip, &browser, "Language").await;
        browser.press("العربية").await;
        browser.holds("Arabic from right to left", "return document.documentElement.dir === 'rtl' && document.documentElement.lang === 'ar'", json!([])).await;
        browser.go("/app/orders").await;
        browser.holds("Arabic that stays", "return document.documentElement.dir === 'rtl'", json!([])).await;
        browser.holds("a page without a sideways scroll", "return document.documentElement.scrollWidth <= document.documentElement.clientWidth", json!([])).await;
    }

    async fn the_theme_changes_at_once_and_stays(trip: &Trip) {
        let browser = trip.browser(ADMIN).await;
        browser.go("/app/orders").await;
        let ground = "return getComputedStyle(document.body).backgroundColor";
        let light = browser.value(ground, json!([])).await;
        open_menu(trip, &browser, "Theme").await;
        browser.press("Dark").await;
        browser.holds("a dark page", "return getComputedStyle(document.body).backgroundColor !== arguments[0]", json!([light])).await;
        browser.traffic().await;
        browser.reload().await;
        assert_ne!(browser.value(ground, json!([])).await, light);
        browser.go("/sign-in").await;
        assert_ne!(browser.value(ground, json!([])).await, light, "before the door, too");
    }
}
