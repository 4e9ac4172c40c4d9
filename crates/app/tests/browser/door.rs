//! Through the door: signing in with and without a second factor, the first start.

use serde_json::json;
use testkit::{ADMIN, AGENT, Client, PASSWORD, Screen};

use crate::looks::violations;
use crate::trip::{self, code, screens};

screens! {
    async fn somebody_signs_in_goes_where_they_wanted_and_out_again(trip: &Trip) {
        let order = trip.shop.order().await;
        let browser = trip.visitor().await;
        browser.go(&format!("/app/orders/{}", order.id)).await;
        browser.sees("Log in").await;
        browser.fill("E-mail", AGENT.email).await;
        browser.fill("Password", "not it").await;
        browser.forgive(422);
        browser.press("Log in").await;
        browser.sees("E-mail or password is wrong.").await;
        assert_eq!(browser.value("return field('E-mail').value", json!([])).await, AGENT.email, "what was typed is kept");
        browser.fill("Password", PASSWORD).await;
        browser.press("Log in").await;
        browser.is_at(&format!("/app/orders/{}", order.id)).await;
        browser.sees(&format!("Order #{}", order.number)).await;
        // On a phone the bar of an order bears its next step.
        browser.go("/app/orders").await;
        browser.press_at(if trip.is_phone() { "nav.bar summary" } else { "summary.me" }).await;
        browser.press("Log out").await;
        browser.sees("You are logged out.").await;
        browser.go("/app/orders").await;
        browser.sees("Log in").await;
    }

    async fn a_second_factor_is_asked_for_on_its_own_page(trip: &Trip) {
        let agent = trip.shop.agent();
        let secret = agent.post("/api/v1/me/totp", json!({})).await.expect(200).body["secret"].as_str().unwrap().to_owned();
        agent.post("/api/v1/me/totp/confirm", json!({"code": code(&secret, &trip.shop)})).await.expect(200);
        trip.shop.advance(31);
        let browser = trip.visitor().await;
        browser.go("/sign-in").await;
        browser.fill("E-mail", AGENT.email).await;
        browser.fill("Password", PASSWORD).await;
        browser.press("Log in").await;
        browser.sees("Second step").await;
        // The field has the focus: the code is typed without looking for it.
        browser.forgive(422);
        let focus = "return document.activeElement?.id === 'code' && document.activeElement.value === ''";
        browser.holds("the focus in the code", focus, json!([])).await;
        browser.type_text("000000").await;
        browser.key("Enter").await;
        browser.sees_at(".err").await;
        browser.holds("the focus in the code", focus, json!([])).await;
        browser.type_text(&code(&secret, &trip.shop)).await;
        browser.key("Enter").await;
        browser.is_at("/app").await;
        browser.sees_at("h1").await;
    }

    async fn a_password_manager_finds_its_fields(trip: &Trip) {
        let browser = trip.visitor().await;
        browser.go("/sign-in").await;
        let hints = browser.value("return [field('E-mail').autocomplete, field('Password').autocomplete]", json!([])).await;
        assert_eq!(hints, json!(["username", "current-password"]));
        browser.fill("Password", "seven camels").await;
        browser.press("Show").await;
        assert_eq!(browser.value("return field('Password').type", json!([])).await, "text");
    }
}

/// The real binary, as somebody meets it who has just installed it.
#[test]
fn the_first_start_leads_from_the_printed_link_to_the_shop() {
    trip::with_binary(Screen::DESKTOP, async |served, browser| {
        let link = served.wait_for_line("/sign-in/set-up/");
        let link = link.split_whitespace().find(|word| word.contains("/sign-in/set-up/")).unwrap();
        browser.go(link).await;
        assert_eq!(violations(browser).await, Vec::<String>::new());
        browser.fill("Your name", "Karima Haddad").await;
        browser.fill("E-mail", "karima@dune.example").await;
        browser.fill("Name of the organization", "Dune Outfitters").await;
        browser.forgive(422);
        browser.fill("Password", "1234").await;
        browser.press("Continue").await;
        browser.sees_at(".err").await;
        browser.fill("Password", PASSWORD).await;
        browser.press("Continue").await;
        browser.is_at("/app/set-up").await;
        assert_eq!(violations(browser).await, Vec::<String>::new());
        browser.fill("Name of the first store", "Dune Oran").await;
        browser.fill("Short code", "ORAN").await;
        browser.press("Continue").await;
        browser.is_at("/app/set-up/money").await;
        browser.press("Continue").await;
        browser.is_at("/app/set-up/team").await;
        browser.press("Later").await;
        browser.is_at("/app/set-up/orders").await;
        browser.go("/app/orders").await;
        browser.sees("Your orders will appear here").await;
        // The link works once.
        browser.forgive(409);
        browser.go(link).await;
        browser.sees("This link is used up").await;
    });
}

#[test]
fn whoever_may_nothing_is_told_so() {
    trip::run(testkit::Engine::Sqlite, Screen::PHONE, async |trip| {
        let browser = trip.browser(testkit::WEAK).await;
        browser.forgive(403);
        browser.go("/app/orders").await;
        browser.sees_at("h1").await;
        let admin: Client = trip.shop.admin();
        admin.get("/api/v1/me").await.expect(200);
        let browser = trip.browser(ADMIN).await;
        browser.forgive(404);
        browser.go("/app/orders/ord_0000000000001").await;
        browser.sees_at("h1").await;
    });
}

#[test]
fn the_browser_offers_to_install_the_app_and_misses_nothing() {
    trip::run(testkit::Engine::Sqlite, Screen::PHONE, async |trip| {
        let browser = trip.browser(AGENT).await;
        browser.go("/app/orders").await;
        // The worker that answers without a network looks after every page.
        let script = "navigator.serviceWorker.ready.then(found => done(new URL(found.scope).pathname))";
        assert_eq!(browser.promised(script, json!([])).await, "/");
        let missing = browser.cdp("Page.getInstallabilityErrors", json!({})).await;
        assert_eq!(missing["installabilityErrors"], json!([]));
        let manifest = browser.cdp("Page.getAppManifest", json!({})).await;
        assert_eq!(manifest["errors"], json!([]));
        let manifest: serde_json::Value = serde_json::from_str(manifest["data"].as_str().unwrap()).unwrap();
        assert_eq!((&manifest["start_url"], &manifest["scope"], &manifest["display"]), (&json!("/app"), &json!("/"), &json!("standalone")));
        for (size, purpose) in [("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")] {
            let icons = manifest["icons"].as_array().unwrap();
            let icon = icons.iter().find(|icon| icon["sizes"] == size && icon["purpose"] == purpose).unwrap_or_else(|| panic!("{size} {purpose}"));
            // Each is the picture that it says it is.
            let script = "fetch(arguments[0]).then(a => a.blob()).then(createImageBitmap).then(i => done(`${i.width}x${i.height}`))";
            assert_eq!(browser.promised(script, json!([icon["src"]])).await, size);
        }
        for shortcut in manifest["shortcuts"].as_array().unwrap() {
            browser.go(shortcut["url"].as_str().unwrap()).await;
            browser.sees_at("h1").await;
        }
    });
}
