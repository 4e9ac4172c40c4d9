//! Orders come in: what is kept, what it comes to, what is refused and how that is said.

use axum::http::Method;
use serde_json::{Value, json};
use testkit::{Answer, Client, Shop, both};
use tokio::task::JoinSet;

/// The order that the API guide shows.
fn shown(shop: &Shop) -> Value {
    json!({
        "store_id": shop.main(), "external_ref": "W-1041", "channel": "whatsapp", "placed_at": "2026-11-21T09:00:00Z",
        "customer": {"name": "Amina Benali", "phone": "0550 14 23 87", "email": null, "language": "ar"},
        "shipping_address": {"line1": "Cité 200 logts, bloc 7", "city": "Bir El Djir", "province": "Oran", "country": "DZ"},
        "lines": [{"sku": "LIN-M", "title": "Linen dress", "variant": "sand, M", "quantity": 1, "unit_price": {"amount": 840_000, "currency": "DZD"}}],
        "shipping_fee": {"amount": 60_000, "currency": "DZD"}, "payment_method": "cod", "tags": [], "custom": {}
    })
}

fn amount(body: &Value, field: &str) -> i64 {
    body[field]["amount"].as_i64().unwrap_or_else(|| panic!("no amount {field} in {body}"))
}

/// A store with the given peculiarities.
async fn store(shop: &Shop, code: &str, more: Value) -> String {
    let mut body = json!({"code": code, "name": code});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    shop.admin().post("/api/v1/stores", body).await.expect(201).id().to_owned()
}

/// What an order comes to: subtotal, discount, fees, tax, total, what the door collects.
async fn figures(shop: &Shop, order: Value) -> [i64; 7] {
    let placed = shop.admin().place(order).await.expect(201);
    let order = shop.admin().get(&format!("/api/v1/orders/{}", placed.id())).await.expect(200).body;
    let lines = order["lines"].as_array().unwrap();
    let sum = |field: &str| lines.iter().map(|line| amount(line, field)).sum::<i64>();
    assert_eq!(sum("line_total"), amount(&order, "subtotal"), "lines make the subtotal");
    assert_eq!(sum("order_discount"), amount(&order, "discount"), "the order's discount is spread whole");
    assert_eq!(sum("tax"), amount(&order, "tax"), "the lines' taxes make the tax");
    ["subtotal", "discount", "shipping_fee", "cod_fee", "tax", "total", "to_collect"].map(|field| amount(&order, field))
}

/// The sample with the value at this JSON pointer replaced, or removed when it is null.
fn with(shop: &Shop, pointer: &str, value: Value) -> Value {
    let mut body = shop.order().body();
    let (parent, last) = pointer.rsplit_once('/').unwrap();
    match body.pointer_mut(parent).unwrap_or_else(|| panic!("no {parent}")) {
        Value::Object(fields) if value.is_null() => drop(fields.remove(last)),
        Value::Object(fields) => drop(fields.insert(last.to_owned(), value)),
        Value::Array(items) => items[last.parse::<usize>().unwrap()] = value,
        other => panic!("{other} has no {last}"),
    }
    body
}

#[track_caller]
fn refused(answer: &Answer, expected: &[&str]) {
    assert_eq!((answer.status, answer.fields()), (422, expected.iter().map(|one| (*one).to_owned()).collect()), "{answer}");
    assert_eq!(answer.header("content-type"), "application/problem+json");
}

both! {
    async fn an_order_is_placed_as_the_guide_shows(shop: Shop) {
        let placed = shop.agent().place(shown(&shop)).await.expect(201);
        assert_eq!(placed.body["is_new"], true);
        let read = shop.agent().get(&format!("/api/v1/orders/{}", placed.id())).await.expect(200);
        assert_eq!(read.header("etag"), "\"1\"");
        let order = &read.body;
        let expected = json!({
            "external_ref": "W-1041", "channel": "whatsapp", "state": "PENDING", "progress": 25, "confirmation": "pending",
            "shipping_state": "none", "payment_state": "unpaid", "priority": "normal", "payment_method": "cod", "hold_count": 0,
            "created_at": "2026-11-21T09:00:00Z", "store_id": shop.main(), "agent_id": null, "tags": [], "custom": {}, "version": 1,
            "line_count": 1, "item_count": 1, "tax_mode": "inclusive",
        });
        for (field, value) in expected.as_object().unwrap() {
            assert_eq!(&order[field], value, "{field}");
        }
        assert_eq!(order["customer"]["name"], "Amina Benali");
        assert_eq!(order["customer"]["phone"], "+213550142387");
        assert_eq!(order["shipping_address"]["line1"], "Cité 200 logts, bloc 7");
        assert_eq!(order["shipping_address"]["province_key"], "DZ:31");
        assert_eq!(order["shipping_address"]["place_known"], true);
        assert_eq!(order["subtotal"], json!({"amount": 840_000, "currency": "DZD"}));
        assert_eq!(order["total"], json!({"amount": 900_000, "currency": "DZD"}));
        assert_eq!(order["to_collect"], order["total"]);
        let line = &order["lines"][0];
        assert_eq!((line["sku"].as_str(), line["variant"].as_str(), line["state"].as_str()), (Some("LIN-M"), Some("sand, M"), Some("READY")));
        assert_eq!(order["history"][0]["kind"], "order.placed");
        let me = shop.agent().get("/api/v1/me").await.expect(200);
        assert_eq!(order["history"][0]["actor"]["id"], me.body["user"]["id"]);
        // The catalogue learned what is sold, the customer list who bought.
        assert_eq!(shop.agent().get("/api/v1/variants?search=LIN-M").await.expect(200).items()[0]["title"], "Linen dress");
        let customer = order["customer"]["id"].as_str().unwrap();
        let customer = shop.admin().get(&format!("/api/v1/customers/{customer}")).await.expect(200);
        assert_eq!(customer.body["totals"][0]["orders"], 1);
        assert_eq!(customer.body["language"], "ar");
    }

    async fn an_order_can_be_as_small_and_as_large_as_allowed(shop: Shop) {
        let admin = shop.admin();
        let small = json!({"store_id": shop.main(), "channel": "in_store", "lines": [{"title": "Cash sale", "quantity": 1, "unit_price": {"amount": 0, "currency": "DZD"}}]});
        let small = admin.place(small).await.expect(201);
        assert_eq!((small.body["total"]["amount"].as_i64(), &small.body["customer"]), (Some(0), &Value::Null));

        let line = |n: usize| json!({"sku": format!("S-{n}"), "title": format!("Thing {n}"), "quantity": 2, "unit_price": {"amount": 101, "currency": "DZD"}});
        let lines: Vec<Value> = (0..1_000).map(line).collect();
        let large = admin.place(with(&shop, "/lines", json!(lines))).await.expect(201);
        assert_eq!((large.body["line_count"].as_i64(), large.body["item_count"].as_i64()), (Some(1_000), Some(2_000)));
        assert_eq!(amount(&large.body, "subtotal"), 202_000);
        let lines: Vec<Value> = (0..1_001).map(line).collect();
        refused(&admin.place(with(&shop, "/lines", json!(lines))).await, &["lines: too_many"]);

        let mut whole = shop.order().body();
        for (field, value) in [
            ("priority", json!("urgent")), ("expected_on", json!("2026-12-01")), ("tags", json!(["vip", "هدية"])), ("note", json!("Rings twice")),
            ("custom", json!({"campaign": {"id": 7}})), ("is_test", json!(true)), ("channel", json!("instagram")),
        ] {
            whole[field] = value;
        }
        whole["lines"][0]["spec"] = json!({"fabric": "linen"});
        let whole = admin.place(whole).await.expect(201);
        let whole = admin.get(&format!("/api/v1/orders/{}", whole.id())).await.expect(200).body;
        assert_eq!((&whole["priority"], &whole["expected_on"], &whole["tags"]), (&json!("urgent"), &json!("2026-12-01"), &json!(["vip", "هدية"])));
        assert_eq!((&whole["custom"], &whole["is_test"], &whole["channel"]), (&json!({"campaign": {"id": 7}}), &json!(true), &json!("instagram")));
        assert_eq!((&whole["notes"][0]["text"], &whole["notes"][0]["audience"], &whole["note_count"]), (&json!("Rings twice"), &json!("internal"), &json!(1)));
        assert_eq!(whole["lines"][0]["spec"], json!({"fabric": "linen"}));
    }

    async fn orders_add_up_in_currencies_with_0_2_and_3_decimals(shop: Shop) {
        let money = |amount: i64, currency: &str| json!({"amount": amount, "currency": currency});
        let customer = json!({"name": "Amina", "email": "amina@example.dz"});
        let inclusive = store(&shop, "INCL", json!({"tax_rate_ppm": 190_000, "cod_fee": 20_000, "shipping_fee": 45_000})).await;
        let exclusive = store(&shop, "EXCL", json!({"tax_rate_ppm": 190_000, "tax_mode": "exclusive"})).await;
        let yen = store(&shop, "YEN", json!({"currency": "JPY", "country": "JP", "zone": "Asia/Tokyo", "tax_mode": "exclusive", "tax_rate_ppm": 100_000})).await;
        let kuwait = store(&shop, "KWT", json!({"currency": "KWD", "country": "KW", "zone": "Asia/Kuwait"})).await;

        let lines = json!([
            {"title": "Dress", "quantity": 1, "unit_price": money(840_000, "DZD")},
            {"title": "Scarf", "quantity": 2, "unit_price": money(150_000, "DZD"), "discount": {"percent_ppm": 100_000}},
        ]);
        let dress = |store: &str| json!({
            "store_id": store, "customer": customer, "lines": lines, "discount": {"amount": money(10_000, "DZD")}, "shipping_fee": money(60_000, "DZD"),
        });
        assert_eq!(figures(&shop, dress(&inclusive)).await, [1_110_000, 10_000, 60_000, 20_000, 175_630, 1_180_000, 1_180_000]);
        assert_eq!(figures(&shop, dress(&exclusive)).await, [1_110_000, 10_000, 60_000, 0, 209_000, 1_369_000, 1_369_000]);

        let yen = json!({
            "store_id": yen, "customer": customer, "lines": [{"title": "Obi", "quantity": 3, "unit_price": money(333, "JPY")}],
            "discount": {"percent_ppm": 50_000}, "payment_method": "card",
        });
        assert_eq!(figures(&shop, yen).await, [999, 50, 0, 0, 95, 1_044, 0]);

        let kuwait = json!({
            "store_id": kuwait, "customer": customer, "discount": {"percent_ppm": 333_333},
            "lines": [
                {"title": "Oud", "quantity": 1, "unit_price": money(1_001, "KWD"), "discount": {"amount": money(1, "KWD")}},
                {"title": "Bag", "quantity": 1, "unit_price": money(5, "KWD")},
            ],
        });
        assert_eq!(figures(&shop, kuwait).await, [1_005, 335, 0, 0, 0, 670, 670]);

        // The store's own fees stand in for what is left out; nobody pays for cash who pays by card.
        let mut usual = dress(&inclusive);
        usual.as_object_mut().unwrap().remove("shipping_fee");
        usual.as_object_mut().unwrap().remove("discount");
        assert_eq!(figures(&shop, usual.clone()).await[2..4], [45_000, 20_000]);
        usual["payment_method"] = json!("card");
        assert_eq!(figures(&shop, usual).await[2..4], [45_000, 0]);
    }

    async fn the_same_call_twice_makes_one_order_and_gets_the_same_bytes(shop: Shop) {
        let order = shop.order().with("external_ref", Value::Null).body();
        let agent = shop.agent().once("call-1");
        let first = agent.place(order.clone()).await.expect(201);
        let again = agent.place(order.clone()).await.expect(201);
        assert_eq!(first.text, again.text);
        assert_eq!((first.header("idempotent-replayed"), again.header("idempotent-replayed")), ("", "true"));
        assert_eq!(shop.admin().get("/api/v1/orders").await.expect(200).body["total"], 1);

        let mut other = order.clone();
        other["lines"][0]["quantity"] = json!(2);
        let refused = agent.place(other).await.expect(422);
        assert_eq!(refused.code(), "idempotency.other_body");
        // Somebody else's key is another key, and so is the same one a day later.
        assert_ne!(shop.colleague().once("call-1").place(order.clone()).await.expect(201).id(), first.id());
        shop.advance(86_400);
        assert_ne!(shop.agent().once("call-1").place(order.clone()).await.expect(201).id(), first.id());
        for key in ["", " \u{7f}", &"x".repeat(256)] {
            let answer = shop.agent().with_header("Idempotency-Key", "x").with_header("Idempotency-Key", key.trim_end_matches('\u{7f}')).place(order.clone()).await;
            if key.len() != 2 {
                assert_eq!((answer.status, answer.fields()), (422, vec!["Idempotency-Key: idempotency.key".to_owned()]), "{key:?}");
            }
        }
        // A move and its repetition, also once the state has moved on.
        let moved = agent.post(&format!("/api/v1/orders/{}/confirm", first.id()), json!({})).await.expect(422);
        assert_eq!(moved.code(), "idempotency.other_body", "a key belongs to its path");
        let agent = shop.agent().once("call-2");
        let path = format!("/api/v1/orders/{}/confirm", first.id());
        let moved = agent.post(&path, json!({})).await.expect(200);
        assert_eq!(agent.post(&path, json!({})).await.expect(200).text, moved.text);
    }

    async fn a_hundred_writers_with_one_key_make_one_order(shop: Shop) {
        let order = shop.order().with("external_ref", Value::Null).body();
        let agent = shop.agent().once("one");
        let mut calls = JoinSet::new();
        for _ in 0..100 {
            let (agent, order) = (agent.clone(), order.clone());
            calls.spawn(async move { agent.place(order).await });
        }
        let answers = calls.join_all().await;
        let first = answers[0].text.clone();
        for answer in &answers {
            assert_eq!((answer.status, &answer.text), (201, &first));
        }
        assert_eq!(answers.iter().filter(|answer| answer.header("idempotent-replayed").is_empty()).count(), 1);
        assert_eq!(shop.admin().get("/api/v1/orders").await.expect(200).body["total"], 1);
    }

    async fn the_same_reference_answers_the_order_that_stands(shop: Shop) {
        let order = shown(&shop);
        let first = shop.agent().place(order.clone()).await.expect(201);
        shop.admin().post(&format!("/api/v1/orders/{}/confirm", first.id()), json!({})).await.expect(200);
        let again = shop.colleague().place(order.clone()).await.expect(201);
        assert_eq!((again.id(), &again.body["is_new"], &again.body["state"]), (first.id(), &json!(false), &json!("CONFIRMED")));

        let mut other = order.clone();
        other["lines"][0]["unit_price"]["amount"] = json!(1);
        let conflict = shop.agent().place(other).await.expect(409);
        assert_eq!(conflict.code(), "order.external_ref");
        assert!(conflict.body["title"].as_str().unwrap().contains(first.id()), "{conflict}");

        let mut elsewhere = order;
        elsewhere["store_id"] = json!(shop.second());
        let elsewhere = shop.admin().place(elsewhere).await.expect(201);
        assert_ne!(elsewhere.id(), first.id());
        assert_eq!(shop.admin().get("/api/v1/orders?state=PENDING,CONFIRMED").await.expect(200).body["total"], 2);
    }

    async fn places_are_found_by_old_names_and_kept_as_typed_when_unknown(shop: Shop) {
        let place = async |province: &str, city: &str| {
            let body = with(&shop, "/shipping_address", json!({"line1": "Rue 1", "city": city, "province": province}));
            let order = shop.agent().place(body).await.expect(201).body;
            let address = &order["shipping_address"];
            let text = |field: &str| address[field].as_str().unwrap_or_default().to_owned();
            (text("province"), text("city"), text("province_key"), address["place_known"].as_bool().unwrap())
        };
        let known = |province: &str, city: &str, key: &str| (province.to_owned(), city.to_owned(), key.to_owned(), true);
        assert_eq!(place("Wilaya d'Oran", "Es Senia").await, known("Oran", "Es Senia", "DZ:31"));
        assert_eq!(place("وهران", "بئر الجير").await, known("Oran", "Bir El Djir", "DZ:31"));
        // As of the maps of 48 and of 58 wilayas.
        assert_eq!(place("Adrar", "Timimoun").await, known("Timimoun", "Timimoun", "DZ:49"));
        assert_eq!(place("Batna", "Barika").await, known("Barika", "Barika", "DZ:60"));
        assert_eq!(place("03", "Aflou").await, known("Aflou", "Aflou", "DZ:59"));
        let unknown = |province: &str, city: &str, key: &str| (province.to_owned(), city.to_owned(), key.to_owned(), false);
        assert_eq!(place("Atlantis", "Poséidon").await, unknown("Atlantis", "Poséidon", "DZ:atlantis"));
        assert_eq!(place("Oran", "Atlantis").await, unknown("Oran", "Atlantis", "DZ:31"));
        assert_eq!(shop.agent().get("/api/v1/orders?place_known=false").await.expect(200).body["total"], 2);
        assert_eq!(shop.agent().get("/api/v1/orders?province=DZ:31").await.expect(200).body["total"], 3);
    }

    async fn every_wrong_field_is_named_by_its_path(shop: Shop) {
        let agent = shop.agent();
            let dzd = |amount: Value| json!({"amount": amount, "currency": "DZD"});
        let cases: &[(&str, Value, &str)] = &[
            // Wrong types.
            ("/lines/0/quantity", json!("two"), "lines[0].quantity: type"),
            ("/lines/0/quantity", json!(1.5), "lines[0].quantity: type"),
            ("/lines/0/title", json!(7), "lines[0].title: type"),
            ("/lines", json!({}), "lines: type"),
            ("/customer", json!("Amina"), "customer: type"),
            ("/tags", json!([1]), "tags[0]: type"),
            ("/custom", json!([]), "custom: type"),
            ("/is_test", json!("yes"), "is_test: type"),
            ("/lines/0/unit_price", json!(840_000), "lines[0].unit_price: type"),
            ("/lines/0/unit_price", dzd(json!("840000")), "lines[0].unit_price.amount: type"),
            ("/lines/0/unit_price", dzd(json!(8.4)), "lines[0].unit_price.amount: type"),
            // Words and ids.
            ("/channel", json!("telegraph"), "channel: format"),
            ("/priority", json!("asap"), "priority: format"),
            ("/payment_method", json!("barter"), "payment_method: format"),
            ("/store_id", json!("MAIN"), "store_id: format"),
            ("/store_id", json!("sto_0000000000001"), "store_id: unknown"),
            ("/store_id", json!(shop.foreign_store()), "store_id: unknown"),
            ("/store_id", json!(shop.second()), "store_id: unknown"),
            ("/agent_id", json!("Amel"), "agent_id: format"),
            ("/agent_id", json!("usr_0000000000001"), "agent_id: unknown"),
            ("/shipping_address/country", json!("Algeria"), "shipping_address.country: format"),
            // Money.
            ("/lines/0/unit_price", json!({"amount": 1, "currency": "DZX"}), "lines[0].unit_price.currency: format"),
            ("/lines/0/unit_price", json!({"amount": 1, "currency": "EUR"}), "lines[0].unit_price: currency.store"),
            ("/shipping_fee", json!({"amount": 1, "currency": "EUR"}), "shipping_fee: currency.store"),
            ("/lines/0/unit_price", dzd(json!(-1)), "lines[0].unit_price: negative"),
            ("/shipping_fee", dzd(json!(-1)), "shipping_fee: negative"),
            ("/cod_fee", dzd(json!(-1)), "cod_fee: negative"),
            ("/lines/0/unit_price", dzd(json!(1_000_000_000_000_001_i64)), "lines[0].unit_price: money.overflow"),
            ("/lines/0/unit_price", dzd(json!(1e30)), "lines[0].unit_price.amount: type"),
            ("/lines/0", json!({"title": "Gold", "quantity": 1_000_000, "unit_price": dzd(json!(1_000_000_000_000_i64))}), "lines[0].unit_price: money.overflow"),
            ("/discount", json!({}), "discount: discount.one"),
            ("/discount", json!({"percent_ppm": 1, "amount": dzd(json!(1))}), "discount: discount.one"),
            ("/discount", json!({"percent_ppm": 1_000_001}), "discount: percent"),
            ("/discount", json!({"percent_ppm": -1}), "discount: percent"),
            ("/discount", json!({"amount": dzd(json!(840_001))}), "discount: discount.too_large"),
            ("/discount", json!({"amount": dzd(json!(-1))}), "discount: negative"),
            ("/lines/0/discount", json!({"amount": dzd(json!(840_001))}), "lines[0].discount: discount.too_large"),
            ("/lines/0/discount", json!({"percent_ppm": 9_000_000}), "lines[0].discount: percent"),
            // Numbers and texts.
            ("/lines/0/quantity", json!(0), "lines[0].quantity: quantity"),
            ("/lines/0/quantity", json!(-3), "lines[0].quantity: quantity"),
            ("/lines/0/quantity", json!(1_000_001), "lines[0].quantity: quantity"),
            ("/lines/0/quantity", json!(i64::MIN), "lines[0].quantity: quantity"),
            ("/lines/0/quantity", json!(u64::MAX), "lines[0].quantity: format"),
            ("/lines", json!([]), "lines: required"),
            ("/lines", Value::Null, "lines: required"),
            ("/lines/0/title", json!("  "), "lines[0].title: required"),
            ("/lines/0/title", Value::Null, "lines[0].title: required"),
            ("/lines/0/title", json!("x".repeat(301)), "lines[0].title: too_long"),
            ("/lines/0/sku", json!("a\u{0}b"), "lines[0].sku: text.control"),
            ("/store_id", Value::Null, "store_id: required"),
            ("/external_ref", json!("x".repeat(101)), "external_ref: too_long"),
            ("/tags", json!(["good", " "]), "tags[1]: required"),
            ("/note", json!("zero \u{0}"), "note: text.control"),
            ("/custom", json!({"text": "x".repeat(17_000)}), "custom: too_long"),
            // People.
            ("/customer", Value::Null, "customer: required"),
            ("/customer", json!({"name": "Amina"}), "customer.phone: required"),
            ("/customer", json!({"phone": "0550142387"}), "customer.name: required"),
            ("/customer/phone", json!("12"), "customer.phone: phone"),
            ("/customer/phone", json!("call me"), "customer.phone: phone"),
            ("/customer/email", json!("nobody"), "customer.email: email"),
            ("/customer/language", json!("Klingon"), "customer.language: format"),
            // Dates.
            ("/placed_at", json!("2026-02-30T09:00:00Z"), "placed_at: format"),
            ("/placed_at", json!("yesterday"), "placed_at: format"),
            ("/placed_at", json!("2026-11-21T09:06:00Z"), "placed_at: date.future"),
            ("/placed_at", json!("1999-12-31T23:59:59Z"), "placed_at: date.too_early"),
            ("/expected_on", json!("2026-02-30"), "expected_on: format"),
            ("/expected_on", json!("30/11/2026"), "expected_on: format"),
            // Unknown fields, at each depth.
            ("/colour", json!("red"), "colour: unknown_field"),
            ("/lines/0/colour", json!("red"), "lines[0].colour: unknown_field"),
            ("/customer/colour", json!("red"), "customer.colour: unknown_field"),
            ("/shipping_address/colour", json!("red"), "shipping_address.colour: unknown_field"),
            ("/lines/0/unit_price", json!({"amount": 1, "currency": "DZD", "colour": "red"}), "lines[0].unit_price.colour: unknown_field"),
        ];
        shop.mark().await;
        let mut wrong = Vec::new();
        for (pointer, value, expected) in cases {
            let answer = agent.place(with(&shop, pointer, value.clone())).await;
            if (answer.status, answer.fields()) != (422, vec![(*expected).to_owned()]) {
                wrong.push(format!("{pointer} = {value:.80}: {expected}, found {answer}", value = value.to_string()));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        let gold = json!({"title": "Gold", "quantity": 1_000, "unit_price": dzd(json!(1_000_000_000_000_i64))});
        refused(&agent.place(with(&shop, "/lines", json!([gold, gold]))).await, &["total: money.overflow"]);
        shop.assert_nothing_happened().await;
    }

    async fn all_wrong_fields_are_named_at_once_in_the_readers_language(shop: Shop) {
        let mut order = shop.order().body();
        order["customer"] = json!({"name": " ", "phone": "12", "email": "x"});
        order["lines"][0]["quantity"] = json!(0);
        order["lines"][0]["unit_price"] = json!({"amount": -1, "currency": "EUR"});
        order["placed_at"] = json!("1980-01-01T00:00:00Z");
        order["tags"] = json!([""]);
        let expected = [
            "placed_at: date.too_early", "customer.phone: phone", "customer.name: required", "customer.email: email", "lines[0].quantity: quantity",
            "lines[0].unit_price: currency.store", "lines[0].unit_price: negative", "tags[0]: required",
        ];
        let said = async |locale: &str| {
            let answer = shop.agent().reads(locale).place(order.clone()).await;
            refused(&answer, &expected);
            let message = answer.body["errors"][4]["message"].as_str().unwrap().to_owned();
            (answer.body["title"].as_str().unwrap().to_owned(), message)
        };
        assert_eq!(said("en").await, ("Some fields are wrong.".to_owned(), "Between 1 and 1,000,000.".to_owned()));
        assert_eq!(said("fr-DZ, en;q=0.5").await, ("Certains champs sont incorrects.".to_owned(), "Entre 1 et 1 000 000.".to_owned()));
        let (title, message) = said("ar").await;
        let is_arabic = |text: &str| text.chars().any(|sign| ('\u{600}'..='\u{6ff}').contains(&sign));
        assert!(is_arabic(&title) && is_arabic(&message), "{title} {message}");
        // Conflicts, missing things and missing rights, too.
        let placed = shop.order().await;
        for (locale, state, missing) in [
            ("fr", "Impossible tant que la commande est PENDING. Possible : confirm, backorder, process, cancel.", "Cet élément n’existe pas, ou vous ne pouvez pas le voir."),
            ("en", "This cannot be done while the order is PENDING. Possible: confirm, backorder, process, cancel.", "This does not exist, or you may not see it."),
        ] {
            let admin = shop.admin().reads(locale);
            assert_eq!(admin.post(&placed.path("/deliver"), json!({})).await.expect(409).body["title"], state);
            assert_eq!(admin.get("/api/v1/orders/ord_0000000000001").await.expect(404).body["title"], missing);
        }
        assert_eq!(shop.weak().reads("fr").get("/api/v1/orders").await.expect(403).body["title"], "Il faut le droit order.read.");
    }

    async fn what_is_no_order_at_all_is_refused_before_anything_is_read(shop: Shop) {
        let json = Some("application/json");
        let agent = shop.agent();
        let send = async |content_type: Option<&str>, body: Vec<u8>| agent.send(Method::POST, "/api/v1/orders", content_type, body.into()).await;
        let order = shop.order().body().to_string();
        shop.mark().await;

        let huge = format!("{{\"note\": \"{}\"}}", "x".repeat(1 << 20));
        let answer = send(json, huge.into_bytes()).await.expect(413);
        assert_eq!(answer.code(), "body.too_large");
        let mut latin = order.clone().into_bytes();
        let place = order.find("Amina").unwrap();
        latin[place] = 0xe9;
        assert_eq!(send(json, latin).await.expect(400).code(), "body.utf8");
        for text in ["", "{", "{\"store_id\": }", "nothing", "\u{feff}{}", &"[".repeat(50_000), "{} {}"] {
            let answer = send(json, text.as_bytes().to_vec()).await;
            assert!(matches!(answer.status, 400 | 422), "{:.40}: {answer}", text);
        }
        assert_eq!(send(json, b"{\"lines\": [".to_vec()).await.expect(400).code(), "json.malformed");
        assert_eq!(send(json, b"[]".to_vec()).await.status, 422);
        let answer = send(json, b"{\"tags\": [], \"tags\": []}".to_vec()).await;
        refused(&answer, &["tags: repeated"]);
        let deep = order.replacen('{', &format!("{{\"custom\": {{\"deep\": {}{}}},", "[".repeat(300), "]".repeat(300)), 1);
        assert_eq!(send(json, deep.into_bytes()).await.expect(400).code(), "json.malformed");
        for content_type in [None, Some("text/plain"), Some("application/x-www-form-urlencoded"), Some("application/xml")] {
            assert_eq!(send(content_type, order.clone().into_bytes()).await.expect(415).code(), "media_type", "{content_type:?}");
        }
        for (method, path, status, code) in [
            (Method::DELETE, "/api/v1/orders", 405, "method"), (Method::GET, "/api/v1/nothing", 404, "path"),
            (Method::GET, "/api/v1/orders/1041", 404, "not_found"), (Method::GET, "/api/v1/orders/cus_0000000000001", 404, "not_found"),
            (Method::POST, "/api/v1/orders/ord_0000000000001/vanish", 404, "not_found"),
        ] {
            let answer = agent.send(method, path, None, Vec::new().into()).await;
            assert_eq!((answer.status, answer.code()), (status, code), "{path}");
        }
        shop.assert_nothing_happened().await;
        assert_eq!(send(Some("application/json; charset=utf-8"), order.into_bytes()).await.status, 201);
    }

    async fn a_zero_letter_is_never_an_error_of_ours(shop: Shop) {
        let admin = shop.admin();
        let order = shop.order().await;
        let customer = order.body["customer"]["id"].as_str().unwrap().to_owned();
        let body = shop.order().body();
        let mut broken = Vec::new();
        let mut note = |what: &str, answer: &Answer| {
            if answer.status >= 500 {
                broken.push(format!("{what}: {answer}"));
            }
        };
        for pointer in ["/external_ref", "/customer/name", "/customer/email", "/customer/external_ref", "/customer/phone", "/shipping_address/line1",
            "/shipping_address/line2", "/shipping_address/city", "/shipping_address/province", "/shipping_address/postal_code", "/lines/0/sku",
            "/lines/0/title", "/lines/0/variant", "/note"] {
            note(pointer, &admin.place(with(&shop, pointer, json!("a\u{0}b"))).await);
        }
        let mut custom = body.clone();
        custom["custom"] = json!({"a\u{0}": "b\u{0}"});
        custom["tags"] = json!(["a\u{0}"]);
        note("custom", &admin.place(custom).await);
        let writes = [
            (Method::POST, "/api/v1/customers".to_owned(), json!({"name": "a\u{0}b"})),
            (Method::POST, "/api/v1/customers".to_owned(), json!({"name": "Zero", "email": "a\u{0}@b.dz"})),
            (Method::PATCH, format!("/api/v1/customers/{customer}"), json!({"name": "a\u{0}b"})),
            (Method::POST, format!("/api/v1/customers/{customer}/phones"), json!({"number": "0661000001", "label": "a\u{0}"})),
            (Method::POST, format!("/api/v1/customers/{customer}/addresses"), json!({"line1": "a\u{0}", "label": "\u{0}"})),
            (Method::POST, "/api/v1/variants".to_owned(), json!({"sku": "a\u{0}", "title": "b", "price": {"amount": 1, "currency": "DZD"}})),
            (Method::POST, "/api/v1/variants".to_owned(), json!({"sku": "a", "title": "b\u{0}", "variant": "c\u{0}", "price": {"amount": 1, "currency": "DZD"}})),
            (Method::POST, "/api/v1/roles".to_owned(), json!({"name": "a\u{0}", "permissions": []})),
            (Method::POST, "/api/v1/api-keys".to_owned(), json!({"name": "a\u{0}"})),
            (Method::POST, "/api/v1/stores".to_owned(), json!({"code": "A\u{0}", "name": "a\u{0}", "tax_label": "\u{0}", "color": "\u{0}"})),
            (Method::PATCH, "/api/v1/me/preferences".to_owned(), json!({"preferences": {"theme": "\u{0}", "a\u{0}": "\u{0}"}})),
            (Method::PUT, "/api/v1/settings/general".to_owned(), json!({"value": {"name": "\u{0}"}})),
            (Method::PATCH, order.path(""), json!({"contact_name": "a\u{0}", "tags": ["\u{0}"], "custom": {"\u{0}": "\u{0}"}})),
            (Method::POST, order.path("/notes"), json!({"text": "a\u{0}", "kind": "\u{0}"})),
            (Method::POST, order.path("/notes"), json!({"text": "a", "data": {"\u{0}": "\u{0}"}})),
            (Method::POST, order.path("/tracking"), json!({"status": "a\u{0}", "place": "\u{0}"})),
            (Method::POST, order.path("/confirm"), json!({"note": "a\u{0}", "reason": "\u{0}"})),
            (Method::POST, order.path("/decisions"), json!({"source": "\u{0}", "should_progress": true, "confidence_ppm": 1, "is_applied": true, "reasoning": "\u{0}"})),
            (Method::POST, "/api/v1/sign-in".to_owned(), json!({"email": "a\u{0}@b.dz", "password": "\u{0}"})),
            (Method::POST, "/api/v1/password-reset".to_owned(), json!({"email": "a\u{0}@b.dz"})),
            (Method::POST, "/api/v1/users".to_owned(), json!({"email": "a\u{0}@b.dz", "name": "\u{0}", "role_id": "rol_0000000000001"})),
        ];
        for (method, path, body) in writes {
            let answer = admin.send(method, &path, Some("application/json"), body.to_string().into()).await;
            note(&path, &answer);
        }
        for path in ["/api/v1/orders?search=a%00b", "/api/v1/orders?province=%00", "/api/v1/search?q=%00", "/api/v1/search?q=a%00b", "/api/v1/customers?search=a%00b",
            "/api/v1/customers?sort=name&cursor=cus_0000000000001~%00", "/api/v1/variants?search=%00", "/api/v1/events?subject=%00", "/api/v1/events?kind=%00",
            "/api/v1/places/DZ/%00", "/api/v1/links/%00", "/api/v1/orders?cursor=%00"] {
            note(path, &admin.get(path).await);
        }
        assert!(broken.is_empty(), "{}", broken.join("\n"));
    }

    async fn facts_of_a_placed_order_change_and_leave_a_trace(shop: Shop) {
        let order = shop.order().await;
        let change = json!({
            "priority": "high", "expected_on": "2026-12-24", "contact_name": "Amina B.", "contact_phone": "0661 22 33 44", "channel": "phone",
            "shipping_address": {"line1": "Rue Larbi Ben M'hidi 4", "city": "Hydra", "province": "Alger"}, "tags": ["gift"], "custom": {"a": 1},
        });
        let changed = shop.agent().patch(&order.path(""), change).await.expect(200);
        assert_eq!((changed.body["version"].as_i64(), &changed.body["priority"], &changed.body["tags"]), (Some(2), &json!("high"), &json!(["gift"])));
        assert_eq!(changed.body["customer"]["phone"], "+213661223344");
        assert_eq!(changed.body["shipping_address"]["province_key"], "DZ:16");
        let history = shop.agent().get(&order.path("/history")).await.expect(200);
        let event = history.items().last().unwrap();
        assert_eq!((&event["kind"], &event["changes"][0]), (&json!("order.changed"), &json!({"field": "priority", "before": "normal", "after": "high"})));
        assert_eq!(event["changes"].as_array().unwrap().len(), 8);
        // Found by what it says now, not by what it said.
        let found = async |text: &str| shop.agent().get(&format!("/api/v1/search?q={text}")).await.expect(200).items().len();
        assert_eq!((found("0661223344").await, found("3344").await), (1, 1));
        // Nothing different is no change; null takes a value away.
        assert_eq!(shop.agent().patch(&order.path(""), json!({"priority": "high"})).await.expect(200).body["version"], 2);
        let emptied = shop.agent().patch(&order.path(""), json!({"expected_on": null, "contact_phone": null})).await.expect(200);
        assert_eq!((&emptied.body["expected_on"], &emptied.body["customer"]["phone"]), (&Value::Null, &Value::Null));
        for (body, expected) in [
            (json!({"contact_name": " "}), "contact_name: required"), (json!({"contact_phone": "12"}), "contact_phone: phone"),
            (json!({"expected_on": "2026-02-30"}), "expected_on: format"), (json!({"state": "DELIVERED"}), "state: unknown_field"),
            (json!({"total": 1}), "total: unknown_field"), (json!({"tags": [""]}), "tags[0]: required"),
            (json!({"shipping_address": {"line1": "x".repeat(301)}}), "shipping_address.line1: too_long"),
        ] {
            refused(&shop.agent().patch(&order.path(""), body).await, &[expected]);
        }
        // Who packs sees dots, and cannot send them back.
        let packer = shop.role("agent");
        let other = shop.order().await;
        let masked = packer.get(&other.path("")).await.expect(200).body["customer"]["phone"].as_str().unwrap().to_owned();
        assert!(masked.starts_with("+213•••"), "{masked}");
        refused(&packer.patch(&other.path(""), json!({"contact_phone": masked})).await, &["contact_phone: phone.masked"]);
        shop.role("shop_owner").patch(&other.path(""), json!({"priority": "low"})).await.expect(403);
    }
}

/// Two references of one shop race; one order stands.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_reference_from_two_processes_makes_one_order() {
    let shop = Shop::on(testkit::Engine::Postgres).await;
    let other = shop.second_process().await;
    let mut calls = JoinSet::new();
    for n in 0..20 {
        let client: Client = if n % 2 == 0 { shop.agent() } else { other.agent() };
        let order = shown(&shop);
        calls.spawn(async move { client.place(order).await.expect(201) });
    }
    let answers = calls.join_all().await;
    assert!(answers.iter().all(|answer| answer.id() == answers[0].id()));
    assert_eq!(answers.iter().filter(|answer| answer.body["is_new"] == true).count(), 1);
}
