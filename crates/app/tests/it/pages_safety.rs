//! What forms and pages must not do: show what is hidden, take one form for two, lose or misread what was typed.

use serde_json::json;
use testkit::{ADMIN, AGENT, Client, PlacedOrder, Shop, both};

/// What stands between two texts of a page.
#[track_caller]
fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let rest = text.split_once(before).unwrap_or_else(|| panic!("{before} is missing in {text}")).1;
    rest.split_once(after).unwrap().0
}

fn page_of(order: &PlacedOrder, rest: &str) -> String {
    format!("/app/orders/{}{rest}", order.id)
}

/// A browser of somebody with just these rights.
async fn somebody_with(shop: &Shop, rights: &[&str]) -> Client {
    let admin = shop.admin();
    let role = admin.post("/api/v1/roles", json!({"name": "Just these", "permissions": rights})).await.expect(201).id().to_owned();
    let users = admin.get("/api/v1/users").await.expect(200);
    let user = users.items().iter().find(|user| user["email"] == AGENT.email).unwrap().clone();
    admin.patch(&format!("/api/v1/users/{}", user["id"].as_str().unwrap()), json!({"role_id": role, "version": user["version"]})).await.expect(200);
    shop.browser(AGENT).await
}

/// A browser without script: the proof stands in its forms alone.
async fn plain_browser(shop: &Shop) -> (Client, String) {
    let token = shop.cookie(ADMIN).await;
    let cookie = format!("{}={token}", web::SESSION_COOKIE);
    (Client::nobody(shop.router()).with_header("cookie", &cookie).with_header("accept", "text/html"), web::csrf_token(&token))
}

const LINE: [(&str, &str); 3] = [("title.0", "Linen dress"), ("quantity.0", "1"), ("price.0", "8400")];

both! {
    async fn a_short_look_hides_the_street_like_the_page_does(shop: Shop) {
        let order = shop.order().await;
        let blind = somebody_with(&shop, &["order.read", "order.see_all", "store.read", "store.see_all"]).await;
        let quick = blind.clone().with_header("hx-request-type", "partial").get(&page_of(&order, "/quick")).await.expect(200);
        assert!(quick.text.contains("Bir El Djir") && !quick.text.contains("200 logts"), "{quick}");
        let whole = shop.browser(ADMIN).await.with_header("hx-request-type", "partial").get(&page_of(&order, "/quick")).await.expect(200);
        assert!(whole.text.contains("200 logts"), "{whole}");
    }

    async fn a_payment_that_is_sent_twice_is_recorded_once(shop: Shop) {
        let browser = shop.browser(ADMIN).await;
        let order = shop.order().await;
        let page = browser.get(&page_of(&order, "")).await.expect(200);
        let form = between(&page.text, "/payments\"", "</form>");
        let key = between(form, "name=\"key\" value=\"", "\"").to_owned();
        let fields = [("key", &*key), ("kind", "payment"), ("amount", "500"), ("method", "cod"), ("reference", "")];
        let first = browser.submit(&page_of(&order, "/payments"), &fields).await.expect(303);
        let second = browser.submit(&page_of(&order, "/payments"), &fields).await.expect(303);
        assert_eq!(first.header("location"), second.header("location"));
        let moved = shop.admin().get(&order.path("/transactions")).await.expect(200);
        assert_eq!(moved.items().len(), 1, "{moved}");
        // The page has another key by now, and the same amount again is another payment.
        let page = browser.get(&page_of(&order, "")).await.expect(200);
        let next = between(between(&page.text, "/payments\"", "</form>"), "name=\"key\" value=\"", "\"").to_owned();
        assert_ne!(next, key);
        browser.submit(&page_of(&order, "/payments"), &[("key", &*next), ("kind", "payment"), ("amount", "500"), ("method", "cod")]).await.expect(303);
        assert_eq!(shop.admin().get(&order.path("/transactions")).await.expect(200).items().len(), 2);
    }

    async fn notes_and_steps_of_a_parcel_that_are_sent_twice_are_kept_once(shop: Shop) {
        let browser = shop.browser(ADMIN).await;
        let order = shop.order().await;
        let customer = shop.admin().get(&order.path("")).await.expect(200).body["customer"]["id"].as_str().unwrap().to_owned();
        let note = [("text", "Ring twice")];
        let step = [("status", "At the depot"), ("place", "Oran"), ("text", "")];
        let about = [("content", "Speaks French")];
        let cases = [
            (page_of(&order, ""), "/notes", &note[..], order.path("/notes")),
            (page_of(&order, ""), "/tracking", &step[..], order.path("/tracking")),
            (format!("/app/customers/{customer}"), "/notes", &about[..], format!("/api/v1/customers/{customer}/notes")),
        ];
        for (path, form, fields, kept) in cases {
            for expected in [1, 2] {
                let page = browser.get(&path).await.expect(200);
                let key = between(between(&page.text, &format!("{form}\""), "</form>"), "name=\"key\" value=\"", "\"").to_owned();
                let fields: Vec<(&str, &str)> = fields.iter().copied().chain([("key", &*key)]).collect();
                for _ in 0..2 {
                    browser.submit(&format!("{path}{form}"), &fields).await.expect(303);
                }
                assert_eq!(shop.admin().get(&kept).await.expect(200).items().len(), expected, "{kept}");
            }
        }
    }

    async fn amounts_of_a_store_are_read_as_people_write_them(shop: Shop) {
        let browser = shop.browser(ADMIN).await;
        let store = format!("/api/v1/stores/{}", shop.main());
        let path = format!("/app/stores/{}", shop.main());
        let standing = shop.admin().get(&store).await.expect(200).body;
        let version = standing["version"].to_string();
        let form = |version: &str, fee: &str| -> Vec<(String, String)> {
            let fields = [
                ("version", version), ("name", "Main"), ("code", "MAIN"), ("color", "#0e7490"), ("notify_language", "fr"), ("country", "DZ"),
                ("zone", "Africa/Algiers"), ("week_start", "sunday"), ("number_style", "comma_point"), ("shipping_fee", fee), ("cod_fee", ""),
                ("tax_mode", "inclusive"), ("tax_rate_ppm", "١٩"), ("tax_label", "TVA"),
            ];
            fields.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
        };
        let send = async |version: &str, fee: &str| {
            let fields = form(version, fee);
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (&**name, &**value)).collect();
            browser.submit(&path, &fields).await
        };
        send(&version, "1,250").await.expect(303);
        let saved = shop.admin().get(&store).await.expect(200).body;
        assert_eq!((&saved["shipping_fee"], &saved["tax_rate_ppm"]), (&json!(125_000), &json!(190_000)), "a thousand and more, not one");
        // A store without a colour of its own does not get one because a browser's field cannot be empty.
        assert_eq!(saved["color"], standing["color"], "{saved}");
        let version = saved["version"].to_string();
        // A point may part thousands as well as decimals: nobody guesses.
        let refused = send(&version, "1.250").await.expect(422);
        assert!(refused.text.contains("f-shipping_fee-error") && refused.text.contains("value=\"1.250\""), "{refused}");
        send(&version, "٣٠٠٫٥٠").await.expect(422);
        send(&version, "١٢٠٠").await.expect(303);
        assert_eq!(shop.admin().get(&store).await.expect(200).body["shipping_fee"], 120_000);

        let money = |fee| [("country", "DZ"), ("currency", "DZD"), ("zone", "Africa/Algiers"), ("week_start", "sunday"), ("number_style", "comma_point"), ("shipping_fee", fee)];
        browser.submit("/app/set-up/money", &money("1.250")).await.expect(422);
        browser.submit("/app/set-up/money", &money("1,250")).await.expect(303);
        assert_eq!(shop.admin().get(&store).await.expect(200).body["shipping_fee"], 125_000);
    }

    async fn an_amount_about_a_customer_keeps_its_currency(shop: Shop) {
        let admin = shop.admin();
        admin.post("/api/v1/fields", json!({"subject": "customer", "key": "deposit", "kind": "money", "labels": {"en": "Deposit"}})).await.expect(201);
        let order = shop.order().await;
        let customer = order.body["customer"]["id"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/customers/{customer}");
        let version = admin.get(&path).await.expect(200).body["version"].clone();
        admin.patch(&path, json!({"version": version, "custom": {"deposit": {"amount": 1250, "currency": "EUR"}}})).await.expect(200);

        let browser = shop.browser(ADMIN).await;
        let edit = format!("/app/customers/{customer}/edit");
        let save = async |deposit: &str| {
            let page = browser.get(&edit).await.expect(200);
            let version = between(&page.text, "name=\"version\" value=\"", "\"").to_owned();
            browser.submit(&edit, &[("version", &*version), ("name", "Amina B"), ("email", ""), ("language", ""), ("tags", ""), ("custom.deposit", deposit)]).await.expect(303);
            admin.get(&path).await.expect(200).body["custom"]["deposit"].clone()
        };
        assert_eq!(save("12.50").await, json!({"amount": 1250, "currency": "EUR"}), "what nobody touched stays as it is");
        assert_eq!(save("20").await, json!({"amount": 2000, "currency": "EUR"}));
    }

    async fn an_amount_of_the_teams_own_is_read_as_people_write_it(shop: Shop) {
        let (admin, browser) = (shop.admin(), shop.browser(ADMIN).await);
        admin.post("/api/v1/fields", json!({"subject": "order", "key": "worth", "kind": "money", "labels": {"en": "Worth"}})).await.expect(201);
        let order = shop.order().await;
        let save = async |worth: &str| {
            let version = admin.get(&order.path("")).await.expect(200).body["version"].to_string();
            browser.submit(&page_of(&order, "/facts"), &[("version", &*version), ("custom.worth", worth)]).await
        };
        save("12,50").await.expect(303);
        assert_eq!(admin.get(&order.path("")).await.expect(200).body["custom"]["worth"], json!({"amount": 1250, "currency": "DZD"}));
        let refused = save("1.250").await.expect(422);
        assert!(refused.text.contains("1.250"), "{refused}");
    }

    async fn a_run_says_how_many_orders_it_would_try_again(shop: Shop) {
        let manager = shop.browser(testkit::MANAGER).await;
        let (one, two) = (shop.order().await, shop.order().await);
        let begun = manager.submit("/app/orders/bulk", &[("do", "priority"), ("priority", "urgent"), ("id", &one.id), ("id", &two.id)]).await.expect(303);
        let run = begun.header("location").to_owned();
        shop.run_jobs().await;
        // Somebody works on one of them meanwhile: the run leaves it as it is.
        manager.submit(&page_of(&two, "/facts"), &[("expected_on", "2030-01-02")]).await.expect(303);
        manager.submit(&format!("{run}/start"), &[("first", "")]).await.expect(303);
        shop.run_jobs().await;
        let done = manager.get(&run).await.expect(200);
        assert!(done.text.contains("Try the one not done again"), "{done}");
    }

    async fn the_first_start_puts_no_store_away_that_has_orders(shop: Shop) {
        let browser = shop.browser(ADMIN).await;
        shop.order().await;
        let money = [("country", "FR"), ("currency", "EUR"), ("zone", "Europe/Paris"), ("week_start", "monday"), ("number_style", "space_comma"), ("shipping_fee", "5")];
        let refused = browser.submit("/app/set-up/money", &money).await.expect(422);
        assert!(refused.text.contains("f-currency-error"), "{refused}");
        let store = shop.admin().get(&format!("/api/v1/stores/{}", shop.main())).await.expect(200).body;
        assert_eq!((&store["code"], &store["is_archived"], &store["currency"]), (&json!("MAIN"), &json!(false), &json!("DZD")));
    }

    async fn whoever_is_changed_keeps_the_stores_that_are_put_away(shop: Shop) {
        let admin = shop.admin();
        let users = admin.get("/api/v1/users").await.expect(200);
        let user = users.items().iter().find(|user| user["email"] == AGENT.email).unwrap().clone();
        let path = format!("/api/v1/users/{}", user["id"].as_str().unwrap());
        let stores = json!([shop.main(), shop.second()]);
        admin.patch(&path, json!({"store_ids": stores, "version": user["version"]})).await.expect(200);
        admin.post(&format!("/api/v1/stores/{}/archive", shop.second()), json!({})).await.expect(200);
        let standing = admin.get(&path).await.expect(200).body;

        let browser = shop.browser(ADMIN).await;
        let (version, main) = (standing["version"].to_string(), shop.main().to_string());
        let form = [("version", &*version), ("name", "Amel A."), ("role", standing["role"]["id"].as_str().or(standing["role_id"].as_str()).unwrap()), ("stores", &main), ("locale", "")];
        browser.submit(&format!("/app/users/{}", user["id"].as_str().unwrap()), &form).await.expect(303);
        let after = admin.get(&path).await.expect(200).body;
        assert_eq!(after["name"], "Amel A.");
        assert_eq!(after["store_ids"], standing["store_ids"], "the form cannot say anything about a store that it does not show");
    }

    async fn an_offer_is_accepted_in_a_browser_that_is_signed_in_as_well(shop: Shop) {
        let agent = shop.agent();
        let line = json!({"title": "Linen dress", "quantity": 1, "unit_price": {"amount": 840_000, "currency": "DZD"}});
        let begun = json!({"store_id": shop.main(), "channel": "instagram", "lines": [line], "shipping_fee": {"amount": 0, "currency": "DZD"}});
        let draft = agent.post("/api/v1/drafts", begun).await.expect(201).body["draft"]["id"].as_str().unwrap().to_owned();
        let shared = agent.post(&format!("/api/v1/drafts/{draft}/share"), json!({})).await.expect(200).body;
        let link = format!("/q/{}", shared["token"].as_str().unwrap());
        let (browser, csrf) = plain_browser(&shop).await;
        let offer = browser.get(&link).await.expect(200);
        let form = between(&offer.text, "<form class=\"flow", "</form>");
        assert_eq!(between(form, "name=\"csrf\" value=\"", "\""), csrf);
        let (version, total) = (between(form, "name=\"version\" value=\"", "\""), between(form, "name=\"total\" value=\"", "\""));
        let fields = [("csrf", &*csrf), ("version", version), ("total", total), ("name", "Lina"), ("phone", "0661223344"), ("line1", "Rue 4"), ("province", "16"), ("city", "Alger")];
        browser.submit(&link, &fields).await.expect(303);
        assert!(!shop.nobody().get(&link).await.expect(200).text.contains("name=\"csrf\""));
    }

    async fn a_note_about_a_customer_that_does_not_go_through_is_still_there(shop: Shop) {
        let order = shop.order().await;
        let customer = order.body["customer"]["id"].as_str().unwrap().to_owned();
        let long = format!("Call after six. {}", "a".repeat(10_000));
        let refused = shop.browser(ADMIN).await.submit(&format!("/app/customers/{customer}/notes"), &[("content", &long)]).await.expect(422);
        assert!(refused.text.contains("Call after six. aaaa"), "what was typed is kept");
    }

    async fn a_note_with_bullets_is_a_note_and_dots_are_not_typed_over(shop: Shop) {
        let browser = shop.browser(ADMIN).await;
        let mut form = vec![("do", "draft"), ("key", "page-bullets"), ("note", "• call first\n• gift")];
        form.extend(LINE);
        let kept = browser.submit("/app/orders/new", &form).await.expect(303);
        let draft = kept.header("location").split('?').next().unwrap().to_owned();
        let page = browser.get(&draft).await.expect(200);
        assert!(page.text.contains("• call first"), "{page}");

        let mut change = vec![("do", "save"), ("version", "1"), ("note", "Her sister: 0550 14 23 87")];
        change.extend(LINE);
        browser.submit(&draft, &change).await.expect(303);
        // Whoever sees dots keeps them or writes a new note; words beside dots would be lost without a word.
        let blind = somebody_with(&shop, &["order.read", "order.place", "order.see_all", "store.read", "store.see_all", "contact.see"]).await;
        let page = blind.get(&draft).await.expect(200);
        assert!(page.text.contains("Her sister: ••••••••87"), "{page}");
        let mut edit = vec![("do", "save"), ("version", "2"), ("note", "Her sister: ••••••••87, after six")];
        edit.extend(LINE);
        let refused = blind.submit(&draft, &edit).await.expect(422);
        assert!(refused.text.contains("after six") && refused.text.contains("Type all of it"), "{refused}");
        edit[2] = ("note", "Her sister: ••••••••87");
        edit[3] = ("title.0", "Silk dress");
        blind.submit(&draft, &edit).await.expect(303);
        let page = browser.get(&draft).await.expect(200);
        assert!(page.text.contains("Her sister: 0550 14 23 87") && page.text.contains("Silk dress"), "{page}");
    }

    async fn what_is_no_number_is_told_and_not_left_out(shop: Shop) {
        let browser = shop.browser(ADMIN).await;
        let main = shop.main().to_string();
        let (pattern, first) = (format!("pattern-{main}-invoice"), format!("first-{main}-invoice"));
        let path = format!("/app/settings/stores/{main}/series/invoice");
        let wrong = browser.submit(&path, &[("version", "0"), (&pattern, "{store}/{seq:4}"), (&first, "a hundred")]).await.expect(422);
        assert!(wrong.text.contains(&format!("f-{first}-error")) && wrong.text.contains("a hundred"), "{wrong}");
        browser.submit(&path, &[("version", "0"), (&pattern, "{store}/{seq:4}"), (&first, "١٠٠")]).await.expect(303);
        assert!(browser.get("/app/settings/numbers").await.expect(200).text.contains("MAIN/0100"));

        let reason = [("code", "gift_wrap"), ("labels.en", "No gift wrap"), ("position", "first")];
        let wrong = browser.submit("/app/settings/cancellation-reasons", &reason).await.expect(422);
        assert!(wrong.text.contains("f-position-error") && wrong.text.contains("value=\"first\""), "{wrong}");
        let field = [("subject", "order"), ("key", "size"), ("kind", "text"), ("labels.en", "Size"), ("required", "no"), ("position", "x")];
        assert!(browser.submit("/app/settings/fields", &field).await.expect(422).text.contains("f-position-error"));
    }

    async fn a_wish_that_is_sent_twice_is_one_note(shop: Shop) {
        let order = shop.order().await;
        let token = shop.admin().post(&order.path("/tracking-link"), json!({})).await.expect(200).body["token"].as_str().unwrap().to_owned();
        let visitor = Client::nobody(shop.router()).reads("en");
        let fields = [("request", "other"), ("text", "Is it the long one?")];
        for _ in 0..7 {
            visitor.submit(&format!("/t/{token}/request"), &fields).await.expect(303);
        }
        visitor.submit(&format!("/t/{token}/request"), &[("request", "other"), ("text", "And in red?")]).await.expect(303);
        let notes = shop.admin().get(&order.path("/notes")).await.expect(200);
        let asked = notes.items().iter().filter(|note| note["kind"] == "customer_request").count();
        assert_eq!(asked, 2, "{notes}");
    }
}

/// An address may ask for a language, and for nothing else that a browser keeps.
#[tokio::test]
async fn a_language_in_an_address_adds_nothing_to_a_cookie() {
    let shop = Shop::new().await;
    let evil = "?lang=en%3B%20Domain%3Dshop.test%3B%20Max-Age%3D9";
    let spent = Client::nobody(shop.router()).get(&format!("/q/nonsense{evil}")).await.expect(409);
    let step = shop.browser(ADMIN).await.get(&format!("/app/set-up{evil}")).await.expect(200);
    for answer in [spent, step] {
        assert!(!answer.headers.get_all("set-cookie").iter().any(|cookie| cookie.to_str().unwrap().contains("Domain")), "{:?}", answer.headers);
    }
    let french = Client::nobody(shop.router()).get("/q/nonsense?lang=fr").await.expect(409);
    assert!(french.header("set-cookie").starts_with("kafila_lang=fr; Path=/"), "{:?}", french.headers);
}
