//! The frame of the pages: side bar by role, search everywhere, dashboard, what waits for somebody, shortcuts, what answers without a
//! network, and pages that say what went wrong.

use axum::body::{Body, to_bytes};
use axum::http::{Method, Request};
use kernel::JobKind;
use serde_json::json;
use testkit::{Client, Shop, both};
use tower::ServiceExt;

/// A page's part, as a script asks for it.
async fn part(shop: &Shop, cookie: Option<&str>, path: &str) -> (u16, String, axum::http::HeaderMap) {
    let mut request = Request::builder().uri(path).header("hx-request-type", "partial");
    if let Some(cookie) = cookie {
        request = request.header("cookie", format!("{}={cookie}", web::SESSION_COOKIE));
    }
    let response = shop.router().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    let text = String::from_utf8(to_bytes(body, usize::MAX).await.unwrap().to_vec()).unwrap();
    (parts.status.as_u16(), text, parts.headers)
}

async fn page(client: &Client, path: &str) -> String {
    client.get(path).await.expect(200).text
}

/// What stands between two marks of a page.
fn between<'a>(page: &'a str, from: &str, to: &str) -> &'a str {
    let start = page.find(from).unwrap_or_else(|| panic!("no {from} in {page}"));
    let rest = &page[start..];
    &rest[..rest.find(to).unwrap_or(rest.len())]
}

both! {
    async fn the_side_bar_holds_what_the_role_may_open(shop: Shop) {
        let browser = shop.browser(testkit::ADMIN).await;
        let admin = page(&browser, "/app").await;
        let bar = between(&admin, "<nav class=\"nav\"", "</nav>");
        for place in ["href=\"/app\"", "href=\"/app/orders\"", "href=\"/app/alerts\"", "href=\"/docs\"", "data-go=\"o\""] {
            assert!(bar.contains(place), "{place} in {bar}");
        }
        assert!(bar.contains("title=\"Dashboard\" data-go=\"d\" aria-current=\"page\""), "{bar}");

        let browser = shop.browser(testkit::AGENT).await;
        let agent = page(&browser, "/app/orders").await;
        let bar = between(&agent, "<nav class=\"nav\"", "</nav>");
        assert!(bar.contains("href=\"/app/orders\"") && !bar.contains("href=\"/docs\""), "{bar}");
        let phone = between(&agent, "<nav class=\"bar\"", "<details");
        assert!(phone.matches("<a ").count() <= 4 && phone.contains("/app/orders"), "{phone}");
    }

    async fn the_door_leads_to_the_first_page_of_the_role(shop: Shop) {
        let browser = shop.browser(testkit::ADMIN).await;
        assert_eq!(browser.get("/").await.expect(303).header("location"), "/app");
        let browser = shop.browser(testkit::WEAK).await;
        assert_eq!(browser.get("/app").await.status, 403);
        assert_eq!(shop.nobody().get("/").await.expect(303).header("location"), "/sign-in");
    }

    async fn the_dashboard_shows_what_came_in_today(shop: Shop) {
        let browser = shop.browser(testkit::ADMIN).await;
        let empty = page(&browser, "/app").await;
        assert!(empty.contains("Nothing waits for you") && empty.contains("0 open orders"), "{empty}");

        shop.order().await;
        let order = shop.order().await;
        shop.admin().post(&order.path("/moves"), json!({"action": "confirm", "version": 1})).await.expect(200);
        let board = page(&browser, "/app").await;
        let figures = between(&board, "class=\"card kpis", "</section>");
        assert!(figures.contains("New orders</small><span><b>2</b>"), "{figures}");
        assert!(figures.contains("To confirm</small><span><b>1</b>"), "{figures}");
        assert!(figures.contains("100%") && figures.contains("1 of 1 decided"), "{figures}");
        assert!(figures.contains("/app/orders?view=all&#38;from=2026-11-21&#38;to=2026-11-21"), "{figures}");
        assert!(board.contains("2 open orders") && board.contains("<title id=\"chart-name\">Orders by hour</title>"), "{board}");
        assert!(between(&board, "<tbody>", "</tbody>").contains("<td class=\"num\">2</td>"));
        assert!(board.contains(&format!("/app/orders/{}", order.id)), "the latest activity names the order");
        assert!(!board.contains("style=") && !board.contains("dash-"), "{board}");

        let cookie = shop.cookie(testkit::ADMIN).await;
        let (status, text, _) = part(&shop, Some(&cookie), "/app?period=week").await;
        assert!(status == 200 && text.trim_start().starts_with("<div class=\"board\"") && text.contains("Orders by day"), "{text}");
        let other = shop.second();
        let (_, text, _) = part(&shop, Some(&cookie), &format!("/app?store={other}")).await;
        assert!(text.contains("New orders</small><span><b>0</b>"), "{text}");
        assert_eq!(browser.get("/app?period=century&store=rubbish").await.status, 200);
    }

    async fn a_day_is_compared_with_the_same_hours_a_week_before(shop: Shop) {
        // It is nine in the morning, UTC; two orders came earlier that day a week before, one came later.
        for at in ["2026-11-14T06:10:00Z", "2026-11-14T08:10:00Z", "2026-11-14T15:10:00Z", "2026-11-21T08:10:00Z"] {
            shop.order().with("placed_at", json!(at)).await;
        }
        let browser = shop.browser(testkit::ADMIN).await;
        let board = page(&browser, "/app").await;
        let figures = between(&board, "class=\"card kpis", "</section>");
        assert!(figures.contains("New orders</small><span><b>1</b>") && figures.contains("2 by this hour a week before"), "{figures}");
        assert!(figures.contains("<em class=\"down\">−50%</em>"), "{figures}");
        assert!(board.contains("50% fewer orders than before"), "{board}");
        let stores = between(&board, "Placed today, beside the same hours a week before", "</section>");
        assert!(stores.contains("2 a week before") && !stores.contains("3 a week before"), "{stores}");
    }

    async fn figures_of_everybody_are_for_those_who_may_see_them(shop: Shop) {
        let order = shop.order().await;
        let browser = shop.browser(testkit::AGENT).await;
        let board = page(&browser, "/app").await;
        assert!(!board.contains("Confirmation rate") && !board.contains("chart-name"), "{board}");
        assert!(board.contains("To confirm</small>") && board.contains(&order.id), "{board}");
    }

    async fn what_waits_for_somebody_is_said_on_every_page(shop: Shop) {
        let order = shop.order().await;
        shop.agent().post(&order.path("/escalations"), json!({"reason": "complaint", "message": "The parcel is lost"})).await.expect(201);
        let manager = shop.browser(testkit::MANAGER).await;
        assert!(page(&manager, "/app/orders").await.contains("1 thing waits for you"));
        let alerts = page(&manager, "/app/alerts").await;
        assert!(alerts.contains("The parcel is lost") && alerts.contains(&format!("/app/orders/{}", order.id)), "{alerts}");
        let agent = shop.browser(testkit::AGENT).await;
        assert!(!page(&agent, "/app/alerts").await.contains("The parcel is lost"));

        // Five hours later nobody has called.
        shop.advance(5 * 3_600);
        assert!(page(&manager, "/app/alerts").await.contains("1 order waits for a call for over 4 hours"));
    }

    async fn search_finds_orders_by_number_phone_and_name(shop: Shop) {
        let order = shop.order().for_phone("نادية بوضياف", "0550142387").await;
        let number = shop.admin().get(&order.path("")).await.expect(200).body["number"].as_str().unwrap().to_owned();
        let other = shop.order().for_phone("Karim Saidi", "0661777888").await;
        let cookie = shop.cookie(testkit::ADMIN).await;
        for q in [number.as_str(), "0550142387", "0550 14 23 87", "%2B213 550 14 23 87", "2387", "نادية", "بوضياف"] {
            let (status, text, _) = part(&shop, Some(&cookie), &format!("/app/search?q={}", q.replace(' ', "+").replace('#', "%23"))).await;
            let orders = if text.contains("id=\"search-orders\"") { between(&text, "id=\"search-orders\"", "</div>") } else { "" };
            assert!(status == 200 && orders.contains(&order.id), "{q}: {text}");
            assert!(!text.contains(&other.id) || q.len() < 4, "{q}: {text}");
        }
        let browser = shop.browser(testkit::ADMIN).await;
        let found = page(&browser, "/app/search?q=karim").await;
        assert!(found.contains(&other.id) && !found.contains(&order.id), "{found}");
        assert!(page(&browser, "/app/search?q=zzzzzz").await.contains("Nothing was found"));
        let neighbour = shop.browser(testkit::NEIGHBOUR).await;
        assert!(!page(&neighbour, "/app/search?q=karim").await.contains(&other.id), "another store's order");
    }

    async fn search_finds_pages_by_their_names_in_the_readers_language(shop: Shop) {
        let cookie = shop.cookie(testkit::AGENT).await;
        let (_, text, _) = part(&shop, Some(&cookie), "/app/search?q=ord").await;
        assert!(text.contains("role=\"option\"") && text.contains("href=\"/app/orders\""), "{text}");
        assert!(!text.contains("/docs"), "{text}");
        let browser = shop.browser(testkit::AGENT).await;
        browser.submit("/app/preferences", &[("language", "fr"), ("csrf", &web::csrf_token(&cookie))]).await;
        let (_, text, _) = part(&shop, Some(&shop.cookie(testkit::AGENT).await), "/app/search?q=comm").await;
        assert!(text.contains("href=\"/app/orders\""), "{text}");
    }

    async fn single_keys_can_be_switched_off(shop: Shop) {
        let browser = shop.browser(testkit::AGENT).await;
        assert!(!page(&browser, "/app/orders").await.contains("data-keys=\"off\""));
        assert_eq!(browser.submit("/app/preferences", &[("keys", "off"), ("back", "/app/orders")]).await.status, 303);
        let after = page(&browser, "/app/orders").await;
        assert!(after.contains("<div class=\"shell\" data-keys=\"off\">") && after.contains("Switch single keys on"), "{after}");
    }

    async fn a_page_that_stood_open_learns_who_is_in(shop: Shop) {
        let browser = shop.browser(testkit::AGENT).await;
        let answer = browser.get("/app/session").await.expect(200);
        let me = shop.agent().get("/api/v1/me").await.expect(200).body["user"]["id"].clone();
        assert_eq!(answer.body["user"], me);
        assert_eq!(answer.body["csrf"].as_str().unwrap().len(), 32);
        assert_eq!(shop.nobody().get("/app/session").await.status, 303);
        assert!(page(&browser, "/app/back").await.contains("You are in again"));
    }

    async fn the_door_bears_the_name_of_the_only_organization(shop: Shop) {
        // The test's shop stands beside another organization, so its door is everybody's.
        assert!(page(&shop.nobody(), "/sign-in").await.contains("<bdi>Kafila</bdi>"));
    }

    async fn failed_work_waits_for_those_who_look_after_the_system(shop: Shop) {
        let job = shop.edge().await.write(|tx, ctx| {
            base::jobs::enqueue(tx, ctx, base::jobs::NewJob::now(ctx, JobKind::SendMail, json!({})))
        }).await.unwrap().unwrap();
        shop.edge().await.write(move |tx, ctx| {
            tx.execute("update jobs set state = 'dead', finished_at = $3 where org_id = $1 and id = $2", db::params![tx.org(), job, ctx.now])
        }).await.unwrap();
        let browser = shop.browser(testkit::ADMIN).await;
        assert!(page(&browser, "/app/alerts").await.contains("1 job failed for good"));
        let agent = shop.browser(testkit::AGENT).await;
        assert!(!page(&agent, "/app/alerts").await.contains("failed for good"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_answers_without_a_network_keeps_nothing_of_anybody() {
    let shop = Shop::new().await;
    let worker = shop.nobody().get("/sw.js").await.expect(200);
    assert!(worker.header("content-type").starts_with("text/javascript") && worker.header("cache-control") == "no-cache");
    assert!(!worker.text.contains("@asset"), "{}", worker.text);
    let kept: Vec<&str> = worker.text.split('\'').filter(|text| text.starts_with("/a/") && text.len() > 3).collect();
    assert!(kept.len() >= 8, "{kept:?}");
    for asset in kept {
        shop.nobody().get(asset).await.expect(200);
    }
    for (language, title) in [("en", "You are offline"), ("fr", "Vous êtes hors ligne"), ("ar", "لا اتصال بالشبكة")] {
        let page = shop.nobody().get(&format!("/offline?lang={language}")).await.expect(200);
        assert!(page.text.contains(title) && page.text.contains(&format!("<html lang=\"{language}\"")), "{}", page.text);
    }
    let sign_in = shop.nobody().get("/sign-in").await.expect(200).text;
    let manifest = sign_in.split('"').find(|text| text.starts_with("/manifest/")).unwrap();
    let manifest = shop.nobody().get(manifest).await.expect(200).body;
    assert_eq!((&manifest["start_url"], &manifest["display"]), (&json!("/app"), &json!("standalone")));
    for icon in manifest["icons"].as_array().unwrap() {
        shop.nobody().get(icon["src"].as_str().unwrap()).await.expect(200);
    }
    assert!(manifest["icons"].as_array().unwrap().iter().any(|icon| icon["purpose"] == "maskable" && icon["sizes"] == "512x512"));
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_say_what_went_wrong_and_what_to_do() {
    let shop = Shop::new().await;
    let browser = shop.browser(testkit::AGENT).await;
    let html = || browser.clone().with_header("accept", "text/html");

    let lost = html().get("/app/nowhere").await.expect(404).text;
    assert!(lost.contains("This page is not here") && lost.contains("action=\"/app/search\""), "{lost}");
    let lost = html().get("/app/orders/ord_0000000000001").await.expect(404).text;
    assert!(lost.contains("action=\"/app/search\""), "{lost}");
    let weak = shop.browser(testkit::WEAK).await.get("/app/orders").await.expect(403).text;
    assert!(weak.contains("Missing right") && weak.contains("<b>See orders</b>"), "the right is named in words: {weak}");

    // Back to where one was; another site's address leads nowhere.
    let from = |url: &str| html().with_header("host", "kafila.test").with_header("referer", url);
    let lost = from("http://kafila.test/app/orders?view=all").get("/app/nowhere").await.expect(404).text;
    assert!(lost.contains("href=\"/app/orders?view=all\" data-back>Back to where you were"), "{lost}");
    for url in ["https://elsewhere.test/app/orders", "http://kafila.test/app/nowhere", "kafila.test", "http://kafila.test//elsewhere.test"] {
        assert!(!from(url).get("/app/nowhere").await.expect(404).text.contains("data-back"), "{url}");
    }
    // Customers are not sent to the team's door.
    let lost = shop.nobody().get("/t/a/b/c").await.expect(404);
    assert!(!lost.text.contains("href=\"/\"") && !lost.text.contains("action=\"/app/search\""), "{lost}");
    // A form that cannot be sent again leads back to itself.
    let large = format!("a={}", "x".repeat(3 << 20));
    let refused = from("http://kafila.test/app/orders/new")
        .send(Method::POST, "/app/orders/new", Some("application/x-www-form-urlencoded"), large.into())
        .await;
    let refused = refused.expect(413).text;
    assert!(refused.contains("Too large") && refused.contains(" MB") && refused.contains("href=\"/app/orders/new\" data-back"), "{refused}");

    let cookie = shop.cookie(testkit::AGENT).await;
    let (status, text, headers) = part(&shop, Some(&cookie), "/app/orders/ord_0000000000001").await;
    assert_eq!((status, &headers["hx-retarget"], &headers["hx-reswap"]), (404, &"#toasts".parse().unwrap(), &"beforeend".parse().unwrap()));
    assert!(text.starts_with("<div class=\"toast\""), "{text}");
    let (status, text, headers) = part(&shop, None, "/app/orders").await;
    assert_eq!((status, text.as_str(), &headers["hx-reswap"]), (401, "", &"none".parse().unwrap()));

    let dark = Request::builder().method(Method::GET).uri("/app/nowhere").header("accept", "text/html").header("cookie", "kafila_theme=dark");
    let response = shop.router().oneshot(dark.body(Body::empty()).unwrap()).await.unwrap();
    let text = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    assert!(String::from_utf8_lossy(&text).contains("data-theme=\"dark\""));
}
