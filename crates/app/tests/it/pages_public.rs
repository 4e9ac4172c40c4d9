//! What customers do by themselves: links in messages, changing and calling off an order, their figures; and the store's logo.

use std::io::Cursor;

use axum::http::Method;
use image::{ImageFormat, Rgba, RgbaImage};
use serde_json::{Value, json};
use testkit::{ADMIN, Client, PlacedOrder, Shop, WEAK, both};
use web::{LimitsConfig, WebConfig, WebState};

fn visitor(shop: &Shop) -> Client {
    Client::nobody(shop.router()).reads("en")
}

async fn placed(shop: &Shop) -> PlacedOrder {
    let lines = json!([
        {"sku": "LIN-1", "title": "Linen dress", "quantity": 1, "unit_price": {"amount": 840_000, "currency": "DZD"}},
        {"sku": "BELT", "title": "Belt", "quantity": 2, "unit_price": {"amount": 50_000, "currency": "DZD"}},
    ]);
    let customer = json!({"name": "Amina Benali", "phone": "0550142387", "email": "Amina@Example.dz", "language": "en"});
    shop.order().with("customer", customer).with("lines", lines).await
}

async fn token_of(shop: &Shop, order: &PlacedOrder) -> String {
    shop.admin().post(&order.path("/tracking-link"), json!({})).await.expect(200).body["token"].as_str().unwrap().to_owned()
}

async fn read(shop: &Shop, order: &PlacedOrder) -> Value {
    shop.admin().get(&order.path("")).await.expect(200).body
}

/// What was mailed, the oldest first, as its reader sees it.
fn mails(shop: &Shop) -> Vec<String> {
    let folder = shop.base().data_dir().join("mail");
    let mut paths: Vec<_> = std::fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| std::fs::read_to_string(path).unwrap().replace("=\r\n", "").replace("=3D", "=")).collect()
}

fn png(width: u32, height: u32) -> Vec<u8> {
    let picture = RgbaImage::from_fn(width, height, |x, _| Rgba([11, 107, 93, if x < width / 2 { 255 } else { 0 }]));
    let mut bytes = Vec::new();
    picture.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).unwrap();
    bytes
}

fn form(store: &str, file: &[u8]) -> (String, Vec<u8>) {
    let mut body = format!("--xx\r\nContent-Disposition: form-data; name=\"store\"\r\n\r\n{store}\r\n--xx\r\nContent-Disposition: form-data; name=\"file\"; filename=\"logo.png\"\r\n\r\n").into_bytes();
    body.extend(file);
    body.extend(b"\r\n--xx--\r\n");
    ("multipart/form-data; boundary=xx".to_owned(), body)
}

both! {
    async fn a_message_leads_to_the_page_of_its_order(shop: Shop) {
        let order = placed(&shop).await;
        shop.admin().post(&order.path("/confirm"), json!({})).await.expect(200);
        shop.advance(10);
        shop.run_jobs().await;
        let mail = mails(&shop).pop().unwrap();
        let link = mail.split_whitespace().find(|word| word.starts_with("http://shop.test/t/")).unwrap_or_else(|| panic!("no link in {mail}"));
        assert!(mail.contains(&format!("Follow your order: {link}")) && link.ends_with("?lang=en"), "{mail}");
        let path = link.strip_prefix("http://shop.test").unwrap().to_owned();
        let page = visitor(&shop).get(&path).await.expect(200);
        assert!(page.text.contains(&format!("Order {}", order.number)) && page.text.contains("Your order is confirmed"), "{}", page.text);

        // What is kept of the message holds no link.
        let token = path.trim_start_matches("/t/").split('?').next().unwrap().to_owned();
        let messages = shop.admin().get(&order.path("/messages")).await.expect(200);
        assert!(messages.text.contains("Follow your order: •••") && !messages.text.contains(&token) && !messages.text.contains("{link}"), "{messages}");
        // It was made when the message went out, and lives as long as a link does.
        let made = shop.admin().put("/api/v1/settings/tracking", json!({"value": {"link_days": 2}})).await;
        made.expect(200);
        shop.admin().delete(&order.path("/tracking-link")).await.expect(204);
        visitor(&shop).get(&path).await.expect(410);
    }

    async fn a_message_without_a_page_to_lead_to_has_no_such_line(shop: Shop) {
        shop.admin().put("/api/v1/settings/tracking", json!({"value": {"is_on": false}})).await.expect(200);
        let order = placed(&shop).await;
        shop.admin().post(&order.path("/confirm"), json!({})).await.expect(200);
        shop.advance(10);
        shop.run_jobs().await;
        let mail = mails(&shop).pop().unwrap();
        assert!(mail.contains("is confirmed") && !mail.contains("Follow your order") && !mail.contains("{link}"), "{mail}");
    }

    async fn a_customer_changes_her_order_with_link_and_proof(shop: Shop) {
        let order = placed(&shop).await;
        let token = token_of(&shop, &order).await;
        let visitor = visitor(&shop);
        let page = visitor.get(&format!("/t/{token}")).await.expect(200);
        for word in [format!("href=\"/t/{token}/change\""), format!("href=\"/t/{token}/cancel\""), "Change items, day or address".to_owned()] {
            assert!(page.text.contains(&word), "{word} is not in {}", page.text);
        }
        assert!(!page.text.contains("value=\"cancel\"") && !page.text.contains("value=\"address\""), "what she does herself is not asked for");
        let path = format!("/t/{token}/change");
        let form = visitor.get(&path).await.expect(200);
        for hidden in ["Benali", "550142387", "200 logts"] {
            assert!(!form.text.contains(hidden), "{hidden} is in {}", form.text);
        }

        let before = read(&shop, &order).await;
        let line = |place: usize| format!("line.{}", before["lines"][place]["id"].as_str().unwrap());
        let (dress, belt) = (line(0), line(1));
        let fields = [
            (dress.as_str(), "3"), (belt.as_str(), "0"), ("day", "2026-11-25"), ("line1", "Rue des Frères, 12"), ("city", ""), ("province", ""),
            ("name", ""), ("phone", "0661 22 33 44"), ("proof", "2387"),
        ];
        let done = visitor.submit(&path, &fields).await.expect(303);
        let after = read(&shop, &order).await;
        assert_eq!(after["lines"].as_array().unwrap().len(), 1);
        assert_eq!((&after["lines"][0]["quantity"], &after["expected_on"]), (&json!(3), &json!("2026-11-25")));
        assert_eq!((&after["shipping_address"]["line1"], &after["shipping_address"]["city"]), (&json!("Rue des Frères, 12"), &before["shipping_address"]["city"]));
        assert!(after["contact"].to_string().contains("661223344") || after.to_string().contains("+213661223344"), "{after}");
        let told = visitor.get(done.header("location").split('#').next().unwrap()).await.expect(200);
        assert!(told.text.contains("Your order is changed"), "{}", told.text);
        let history = shop.admin().get(&order.path("/history")).await.expect(200);
        let edited = history.items().iter().find(|event| event["kind"] == "order.edited").unwrap_or_else(|| panic!("{history}"));
        assert_eq!(edited["actor"]["kind"], "customer", "{edited}");
        shop.assert_counters_true().await;

        // The old number proves nothing any more, and nothing to change is said so.
        assert!(visitor.submit(&path, &[("line1", "x"), ("proof", "2387")]).await.expect(422).text.contains("proof-error"));
        let nothing = visitor.submit(&path, &[("proof", "3344")]).await.expect(422);
        assert!(nothing.text.contains("Nothing would be different"), "{}", nothing.text);
    }

    async fn a_change_that_is_wrong_is_told_beside_its_fields(shop: Shop) {
        let order = placed(&shop).await;
        let token = token_of(&shop, &order).await;
        let visitor = visitor(&shop);
        let before = read(&shop, &order).await;
        let (dress, belt) = (before["lines"][0]["id"].as_str().unwrap().to_owned(), before["lines"][1]["id"].as_str().unwrap().to_owned());
        let path = format!("/t/{token}/change");
        let (dress_field, belt_field) = (format!("line.{dress}"), format!("line.{belt}"));
        let wrong = visitor.submit(&path, &[(&dress_field, "100"), ("day", "2026-11-21"), ("phone", "12"), ("line1", "kept <b>"), ("proof", "2387")]).await.expect(422);
        assert!(wrong.text.contains(&format!("{dress_field}-error")) && wrong.text.contains("id=\"day-error\"") && wrong.text.contains("kept &#60;b&#62;"), "{}", wrong.text);
        let none = visitor.submit(&path, &[(&dress_field, "0"), (&belt_field, "0"), ("proof", "2387")]).await.expect(422);
        assert!(none.text.contains("One line must remain"), "{}", none.text);
        visitor.submit(&path, &[(&dress_field, "many"), ("proof", "2387")]).await.expect(422);

        let api = format!("/api/v1/track/{token}/changes");
        assert_eq!(visitor.post(&api, json!({"proof": "0000", "line1": "x"})).await.expect(422).fields(), ["proof: tracking.own_proof"]);
        assert_eq!(visitor.post(&api, json!({"proof": " ", "line1": "x"})).await.expect(422).fields(), ["proof: required"]);
        assert_eq!(visitor.post(&api, json!({"proof": "2387", "lines": [{"id": dress, "quantity": 100}], "day": "2027-01-01"})).await.expect(422).fields(), ["lines[0].quantity: quantity", "day: tracking.day"]);
        assert_eq!(visitor.post(&api, json!({"proof": "2387", "phone": "12"})).await.expect(422).fields(), ["phone: phone"]);
        assert_eq!(visitor.post(&api, json!({"proof": "2387"})).await.expect(409).code(), "edit.nothing");
        assert_eq!(read(&shop, &order).await["version"], before["version"]);

        let limits = LimitsConfig { lookup_per_number: 2, ..LimitsConfig::off() };
        let config = WebConfig { public_url: "http://shop.test".to_owned(), limits, ..WebConfig::default() };
        let slow = Client::nobody(web::app(WebState::new(shop.base().clone(), config, None))).reads("en");
        for guess in ["0001", "0002"] {
            slow.post(&api, json!({"proof": guess, "line1": "x"})).await.expect(422);
        }
        slow.post(&api, json!({"proof": "2387", "line1": "x"})).await.expect(429);
        let page = slow.submit(&path, &[("proof", "2387"), ("line1", "x")]).await.expect(429);
        assert!(page.text.contains("<form") && !page.header("retry-after").is_empty(), "{}", page.text);
        visitor.post(&api.replace(&token, "x"), json!({"proof": "2387", "line1": "x"})).await.expect(409);
        visitor.get("/t/x/change").await.expect(410);
    }

    async fn a_customer_calls_her_order_off_and_it_is_hers(shop: Shop) {
        let order = placed(&shop).await;
        let token = token_of(&shop, &order).await;
        let visitor = visitor(&shop);
        let path = format!("/t/{token}/cancel");
        assert!(visitor.get(&path).await.expect(200).text.contains("You cannot take this back here"));
        let without = visitor.submit(&path, &[("reason", "other"), ("text", ""), ("proof", "2387")]).await.expect(422);
        assert!(without.text.contains("text-error"), "{}", without.text);
        let wrong = visitor.submit(&path, &[("reason", "price"), ("text", "too much"), ("proof", "1111")]).await.expect(422);
        assert!(wrong.text.contains("proof-error") && wrong.text.contains("too much"), "{}", wrong.text);
        let done = visitor.submit(&path, &[("reason", "price"), ("text", "too much for me"), ("proof", "amina@example.dz")]).await.expect(303);
        assert!(visitor.get(done.header("location").split('#').next().unwrap()).await.expect(200).text.contains("Your order is cancelled"));
        let after = read(&shop, &order).await;
        assert_eq!(after["state"], "CANCELLED");
        let kept = shop.admin().get(&order.path("/cancellations")).await.expect(200);
        let kept = &kept.items()[0];
        assert_eq!((&kept["reason"], &kept["cause"], &kept["note"]), (&json!("price"), &json!("customer"), &json!("too much for me")), "{kept}");
        let history = shop.admin().get(&order.path("/history")).await.expect(200);
        let moved = history.items().iter().find(|event| event["kind"] == "order.moved").unwrap_or_else(|| panic!("{history}"));
        assert_eq!(moved["actor"]["kind"], "customer", "{moved}");
        shop.assert_counters_true().await;
        // It is over: the form that was sent twice, or opened again, leads to the same words.
        let again = visitor.submit(&path, &[("reason", "price"), ("text", "too much for me"), ("proof", "amina@example.dz")]).await.expect(303);
        assert_eq!(again.header("location"), done.header("location"));
        assert_eq!(visitor.get(&path).await.expect(303).header("location"), done.header("location"));
        assert_eq!(visitor.post(&format!("/api/v1/track/{token}/cancel"), json!({"proof": "2387", "reason": "price"})).await.expect(409).code(), "tracking.not_hers");
    }

    async fn until_when_an_order_is_hers_is_for_the_store_to_say(shop: Shop) {
        let visitor = visitor(&shop);
        let may = async |order: &PlacedOrder| {
            let token = token_of(&shop, order).await;
            let shown = visitor.get(&format!("/api/v1/track/{token}")).await.expect(200).body["own"].clone();
            (shown["change"] == true, shown["change_items"] == true, shown["cancel"] == true)
        };
        let (pending, confirmed, packed) = (placed(&shop).await, shop.order().confirmed().await, shop.order().processing().await);
        assert_eq!((may(&pending).await, may(&confirmed).await, may(&packed).await), ((true, true, true), (false, false, false), (false, false, false)));
        shop.admin().put("/api/v1/settings/tracking", json!({"value": {"change": "until_prepared", "cancel": "never"}})).await.expect(200);
        assert_eq!((may(&pending).await, may(&confirmed).await, may(&packed).await), ((true, true, false), (true, true, false), (false, false, false)));
        let token = token_of(&shop, &pending).await;
        visitor.get(&format!("/t/{token}/cancel")).await.expect(409);
        assert!(visitor.get(&format!("/t/{token}")).await.expect(200).text.contains("value=\"cancel\""), "what she may not do, she may ask for");
        assert_eq!(shop.admin().put("/api/v1/settings/tracking", json!({"value": {"change": "always"}})).await.expect(422).fields(), ["value.change: setting.type"]);

        // What is sold is left to the team once something was paid.
        shop.manager().post(&pending.path("/transactions"), json!({"kind": "payment", "method": "cod", "amount": {"amount": 500, "currency": "DZD"}})).await.expect(201);
        assert_eq!(may(&pending).await, (true, false, false));
        let line = read(&shop, &pending).await["lines"][0]["id"].clone();
        let refused = visitor.post(&format!("/api/v1/track/{token}/changes"), json!({"proof": "2387", "lines": [{"id": line, "quantity": 2}]})).await.expect(409);
        assert_eq!(refused.code(), "tracking.not_hers");
    }

    async fn a_customer_reads_what_her_orders_come_to(shop: Shop) {
        let order = placed(&shop).await;
        shop.order().with("customer", json!({"name": "Amina Benali", "phone": "0550142387"})).delivered().await;
        let customer = read(&shop, &order).await["customer"]["id"].as_str().unwrap().to_owned();
        let code = shop.admin().post(&format!("/api/v1/customers/{customer}/code"), json!({})).await.expect(200).body["code"].as_str().unwrap().to_owned();
        let visitor = visitor(&shop);
        let entered = visitor.submit(&format!("/my-orders/enter?shop={}", shop.org()), &[("contact", "0550142387"), ("code", &code)]).await.expect(303);
        let mine = visitor.clone().with_header("cookie", entered.header("set-cookie").split(';').next().unwrap());
        assert!(mine.get("/my-orders").await.expect(200).text.contains("/my-orders/figures"));
        let page = mine.get("/my-orders/figures").await.expect(200);
        for word in ["The last twelve months", "Nov\u{a0}2026", "Dec\u{a0}2025", "For one order, on average", "Kept of what arrived", "100%"] {
            assert!(page.text.contains(word), "{word} is not in {}", page.text);
        }
        assert!(page.header("cache-control").starts_with("private"));
        assert!(visitor.get(&format!("/my-orders/figures?shop={}", shop.org())).await.expect(200).text.contains("name=\"contact\""));
        let token = visitor.post("/api/v1/my-orders/enter", json!({"contact": "0550142387", "code": shop.admin().post(&format!("/api/v1/customers/{customer}/code"), json!({})).await.expect(200).body["code"], "shop": shop.org().to_string()})).await.expect(200);
        let own = visitor.with_header("authorization", &format!("Bearer {}", token.body["token"].as_str().unwrap()));
        let months = own.get("/api/v1/my-orders").await.expect(200).body["figures"]["months"].clone();
        assert_eq!((months.as_array().unwrap().len(), &months[11]), (12, &json!({"first": "2026-11-01", "orders": 2, "delivered": 1})));
    }

    async fn what_a_process_remembers_is_counted_and_emptied_with_a_trace(shop: Shop) {
        let admin = shop.admin();
        let of = async |name: &str| {
            let caches = admin.get("/api/v1/caches").await.expect(200);
            caches.items().iter().find(|cache| cache["name"] == name).cloned().unwrap_or_else(|| panic!("{caches}"))
        };
        let first = of("callers").await;
        let second = of("callers").await;
        assert!(second["hits"].as_u64() > first["hits"].as_u64() && second["entries"].as_u64() > Some(0) && second["limit"] == 20_000, "{first} {second}");
        let emptied = admin.post("/api/v1/caches/callers/clear", json!({})).await.expect(200);
        assert_eq!(emptied.body["entries"], 0);
        let after = of("callers").await;
        assert!(after["misses"].as_u64() > second["misses"].as_u64(), "the next look asks again: {after}");
        admin.post("/api/v1/caches/settings/clear", json!({})).await.expect(200);
        admin.post("/api/v1/caches/nothing/clear", json!({})).await.expect(404);
        let events = admin.get("/api/v1/events?kind=cache.cleared").await.expect(200);
        assert_eq!((events.items().len(), &events.items()[1]["data"]["cache"]), (2, &json!("callers")), "{events}");
        for client in [shop.weak(), shop.agent()] {
            client.get("/api/v1/caches").await.expect(403);
            client.post("/api/v1/caches/callers/clear", json!({})).await.expect(403);
        }
        shop.foreigner().get("/api/v1/caches").await.expect(404);
        shop.foreigner().post("/api/v1/caches/callers/clear", json!({})).await.expect(404);
        shop.foreigner().get("/api/v1/parameters").await.expect(404);

        let page = shop.browser(ADMIN).await.reads("en");
        let shown = page.get("/app/system").await.expect(200);
        assert!(shown.text.contains("Who is signed in") && shown.text.contains("name=\"cache\" value=\"search_windows\""), "{}", shown.text);
        let done = page.submit("/app/system/caches/clear", &[("cache", "search_windows")]).await.expect(303);
        assert!(page.get(done.header("location").split('#').next().unwrap()).await.expect(200).text.contains("The cache is empty"));
    }

    async fn what_failed_lately_is_told_by_kind(shop: Shop) {
        let folder = shop.base().data_dir().join("logs");
        std::fs::create_dir_all(&folder).unwrap();
        let line = |time: &str, level: &str, request: &str, message: &str| {
            format!("{{\"timestamp\":\"2026-11-21T{time}Z\",\"level\":\"{level}\",\"target\":\"web::frame\",\"message\":\"{message}\",\"request\":\"{request}\"}}\n")
        };
        let text = [
            line("08:00:00", "ERROR", "r-1", "Order 1041 cannot be read"),
            line("08:10:00", "INFO", "r-2", "Order 1041 was read"),
            line("08:20:00", "ERROR", "r-3", "Order 1042 cannot be read"),
            line("08:30:00", "ERROR", "r-4", "The disk is full"),
        ];
        std::fs::write(folder.join("kafila.2026-11-21.log"), text.concat()).unwrap();
        let failures = shop.admin().get("/api/v1/logs/failures").await.expect(200);
        let told: Vec<_> = failures.items().iter().map(|one| (one["count"].as_u64().unwrap(), one["request_id"].as_str().unwrap().to_owned())).collect();
        assert_eq!(told, [(1, "r-4".to_owned()), (2, "r-3".to_owned())], "{failures}");
        let page = shop.browser(ADMIN).await.reads("en").get("/app/system/logs").await.expect(200);
        assert!(page.text.contains("What failed lately") && page.text.contains("/app/system/logs?request=r-3"), "{}", page.text);
        shop.agent().get("/api/v1/logs/failures").await.expect(403);
        shop.foreigner().get("/api/v1/logs/failures").await.expect(404);
    }

    async fn a_logo_is_small_safe_and_shown_on_every_page_for_customers(shop: Shop) {
        let admin = shop.admin();
        let set = admin.send(Method::PUT, "/api/v1/logos", Some("application/octet-stream"), png(1_200, 400).into()).await.expect(200);
        assert_eq!((&set.body["store_id"], &set.body["width"], &set.body["height"]), (&Value::Null, &json!(288), &json!(96)));
        let url = set.body["url"].as_str().unwrap().to_owned();
        let visitor = visitor(&shop);
        let picture = visitor.get(&url).await.expect(200);
        assert_eq!((picture.header("content-type"), picture.header("x-content-type-options")), ("image/png", "nosniff"));
        assert!(picture.header("cache-control").contains("immutable") && picture.header("content-security-policy").contains("sandbox"));
        assert!(picture.bytes.len() < 8 * 1024, "{}", picture.bytes.len());

        let order = placed(&shop).await;
        let token = token_of(&shop, &order).await;
        let shown = format!("<img class=\"plogo\" src=\"{url}\" width=\"120\" height=\"40\" alt=\"\">");
        for path in [format!("/t/{token}"), format!("/t/{token}/change"), format!("/my-orders?shop={}", shop.org()), format!("/track-order?shop={}", shop.org())] {
            let page = visitor.get(&path).await.expect(200);
            assert!(page.text.contains(&shown), "{path}: {}", page.text);
        }
        let draft = admin.post("/api/v1/drafts", json!({"store_id": shop.main(), "customer": {"name": "Amina", "phone": "0550142387"}, "lines": [{"title": "Belt", "quantity": 1, "unit_price": {"amount": 100, "currency": "DZD"}}]})).await.expect(201);
        let shared = admin.post(&format!("/api/v1/drafts/{}/share", draft.body["draft"]["id"].as_str().unwrap()), json!({})).await.expect(200);
        let quote = visitor.get(&format!("/q/{}", shared.body["token"].as_str().unwrap())).await.expect(200);
        assert!(quote.text.contains(&format!("<img class=\"qlogo\" src=\"{url}\"")), "{}", quote.text);
        assert_eq!(visitor.get(&format!("/api/v1/track/{token}")).await.expect(200).body["logo_url"], json!(url));

        // A store's own goes before that of all; once it is gone, that of all stands again.
        let own = admin.send(Method::PUT, &format!("/api/v1/stores/{}/logo", shop.main()), Some("application/octet-stream"), png(96, 96).into()).await.expect(200);
        let own_url = own.body["url"].as_str().unwrap().to_owned();
        assert!(visitor.get(&format!("/t/{token}")).await.expect(200).text.contains(&own_url));
        assert!(visitor.get(&format!("/track-order?shop={}", shop.org())).await.expect(200).text.contains(&url));
        assert_eq!(admin.get("/api/v1/logos").await.expect(200).items().len(), 2);
        admin.delete(&format!("/api/v1/stores/{}/logo", shop.main())).await.expect(204);
        visitor.get(&own_url).await.expect(404);
        assert!(visitor.get(&format!("/t/{token}")).await.expect(200).text.contains(&shown));
        admin.delete("/api/v1/logos").await.expect(204);
        admin.delete("/api/v1/logos").await.expect(204);
        visitor.get(&url).await.expect(404);
        assert!(visitor.get(&format!("/t/{token}")).await.expect(200).text.contains("class=\"logo\""));
        let events = admin.get("/api/v1/events?kind=setting.changed").await.expect(200);
        assert!(events.text.contains("logo"), "{events}");
    }

    async fn what_is_no_picture_is_no_logo(shop: Shop) {
        let admin = shop.admin();
        let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>".to_vec();
        for (content, code) in [(svg.clone(), "file.logo"), (b"GIF89a\x01\0".to_vec(), "file.logo"), (Vec::new(), "file.empty"), (b"\x89PNG\r\n\x1a\n".to_vec(), "file.picture")] {
            let refused = admin.send(Method::PUT, "/api/v1/logos", Some("application/octet-stream"), content.into()).await.expect(422);
            assert_eq!(refused.fields(), [format!("file: {code}")]);
        }
        let large = vec![0_u8; 2 * 1024 * 1024 + 1];
        admin.send(Method::PUT, "/api/v1/logos", Some("application/octet-stream"), large.into()).await.expect(413);
        let (kind, body) = form("", &png(64, 64));
        admin.send(Method::PUT, "/api/v1/logos", Some(&kind), body.into()).await.expect(200);
        shop.weak().send(Method::PUT, "/api/v1/logos", Some("application/octet-stream"), png(9, 9).into()).await.expect(403);
        shop.nobody().send(Method::PUT, "/api/v1/logos", Some("application/octet-stream"), png(9, 9).into()).await.expect(401);
        let foreign = format!("/api/v1/stores/{}/logo", shop.foreign_store());
        admin.send(Method::PUT, &foreign, Some("application/octet-stream"), png(9, 9).into()).await.expect(404);

        let page = shop.browser(ADMIN).await.reads("en");
        let ours = page.clone().with_header("origin", "http://shop.test");
        let shown = page.get("/app/settings/logo").await.expect(200);
        assert!(shown.text.contains("All stores") && shown.text.contains("image/png,image/jpeg,image/webp") && shown.text.contains("/app/settings/logo/remove"), "{}", shown.text);
        let (kind, body) = form(&shop.main().to_string(), &svg);
        let refused = ours.send(Method::POST, "/app/settings/logo", Some(&kind), body.into()).await.expect(422);
        assert!(refused.text.contains(&format!("id=\"logo-{}-error\"", shop.main())) && refused.text.contains("SVG is not taken"), "{}", refused.text);
        let (kind, body) = form(&shop.main().to_string(), &png(64, 64));
        ours.send(Method::POST, "/app/settings/logo", Some(&kind), body.into()).await.expect(303);
        assert_eq!(admin.get("/api/v1/logos").await.expect(200).items().len(), 2);
        page.submit("/app/settings/logo/remove", &[("store", &shop.main().to_string())]).await.expect(303);
        assert_eq!(admin.get("/api/v1/logos").await.expect(200).items().len(), 1);
        shop.browser(WEAK).await.get("/app/settings/logo").await.expect(403);
    }
}

#[tokio::test]
async fn paths_of_other_systems_lead_to_ours_and_the_app_is_called_in_ones_own_language() {
    let shop = Shop::new().await;
    let visitor = visitor(&shop);
    for (path, to) in [
        ("/shop/orders", "/app/orders"),
        ("/shop/orders?q=amina", "/app/orders?q=amina"),
        ("/shop/orders/ord_0000000000001", "/app/orders/ord_0000000000001"),
        ("/shop/advanced-analytics", "/app"),
        ("/customer/orders", "/my-orders"),
    ] {
        assert_eq!(visitor.get(path).await.expect(303).header("location"), to);
    }
    for (lang, dir, name) in [("en", "ltr", "Orders"), ("fr", "ltr", "Commandes"), ("ar", "rtl", "الطلبات")] {
        let manifest = visitor.get(&format!("/manifest/{lang}")).await.expect(200);
        assert_eq!(manifest.header("content-type"), "application/manifest+json");
        let body: Value = serde_json::from_str(&manifest.text).unwrap();
        assert_eq!((&body["lang"], &body["dir"], &body["shortcuts"][0]["name"]), (&json!(lang), &json!(dir), &json!(name)), "{manifest}");
        assert!(body["icons"].as_array().unwrap().len() == 4 && body["start_url"] == "/app", "{manifest}");
        let door = visitor.get(&format!("/sign-in?lang={lang}")).await.expect(200);
        assert!(door.text.contains(&format!("<link rel=\"manifest\" href=\"/manifest/{lang}\">")), "{}", door.text);
    }
    visitor.get("/manifest/xx").await.expect(404);
    shop.finish().await;
}
