//! Numbers of invoices and credit notes over the API; stores of several currencies.

use serde_json::{Value, json};
use testkit::both;

both! {
    async fn an_order_gets_the_number_of_its_invoice_once(shop: Shop) {
        let order = shop.order().await;
        let path = order.path("/invoice-number");
        let given = shop.manager().post(&path, json!({})).await.expect(200);
        assert_eq!((&given.body["number"], &given.body["is_new"], &given.body["kind"], &given.body["seq"]), (&json!("MAIN-2026-00001"), &json!(true), &json!("invoice"), &json!(1)));
        assert_eq!((&given.body["total"], &given.body["issued_on"], &given.body["document_id"]), (&json!({"amount": 900_000, "currency": "DZD"}), &json!("2026-11-21"), &json!(order.id)));
        let again = shop.manager().post(&path, json!({})).await.expect(200);
        assert_eq!((&again.body["number"], &again.body["is_new"], &again.body["id"]), (&given.body["number"], &json!(false), &given.body["id"]));
        let other = shop.order().in_second_store().await;
        assert_eq!(shop.manager().post(&other.path("/invoice-number"), json!({})).await.expect(200).body["number"], "NATU-2026-00001", "each store counts for itself");
        let history = shop.admin().get(&order.path("/history")).await.expect(200);
        assert_eq!((&history.items()[1]["kind"], &history.items()[1]["data"]["number"]), (&json!("order.invoice_numbered"), &json!("MAIN-2026-00001")));
        assert_eq!(history.items().len(), 2, "asked twice, told once");
        shop.agent().post(&path, json!({})).await.expect(403);
        shop.weak().post(&path, json!({})).await.expect(403);
        shop.foreigner().post(&path, json!({})).await.expect(404);
        let cancelled = shop.order().cancelled().await;
        assert_eq!(shop.manager().post(&cancelled.path("/invoice-number"), json!({})).await.expect(409).code(), "number.cancelled");
        let once = shop.manager().once("invoice");
        let third = shop.order().await;
        let first = once.post(&third.path("/invoice-number"), json!({})).await.expect(200);
        assert_eq!(once.post(&third.path("/invoice-number"), json!({})).await.expect(200).text, first.text);
    }

    async fn a_voided_document_keeps_its_number_with_the_reason(shop: Shop) {
        let order = shop.order().await;
        let given = shop.manager().post(&order.path("/invoice-number"), json!({})).await.expect(200);
        let void = format!("/api/v1/document-numbers/{}/void", given.id());
        assert_eq!(shop.manager().post(&void, json!({"reason": ""})).await.expect(422).fields(), ["reason: required"]);
        let voided = shop.manager().post(&void, json!({"reason": "Wrong company name"})).await.expect(200);
        assert_eq!((&voided.body["number"], &voided.body["void_reason"], &voided.body["voided_by"]["kind"]), (&given.body["number"], &json!("Wrong company name"), &json!("user")));
        assert_eq!(shop.manager().post(&void, json!({"reason": "again"})).await.expect(409).code(), "number.voided");
        assert_eq!(shop.manager().post(&order.path("/invoice-number"), json!({})).await.expect(200).body["number"], "MAIN-2026-00002");
        let ledger = shop.manager().get(&format!("/api/v1/document-numbers?order_id={}", order.id)).await.expect(200);
        let numbers: Vec<&Value> = ledger.items().iter().map(|one| &one["number"]).collect();
        assert_eq!(numbers, [&json!("MAIN-2026-00002"), &json!("MAIN-2026-00001")]);
        assert_eq!(shop.manager().get("/api/v1/document-numbers?voided=true&year=2026&kind=invoice").await.expect(200).items().len(), 1);
        let page = shop.manager().get("/api/v1/document-numbers?limit=1").await.expect(200);
        let next = shop.manager().get(&format!("/api/v1/document-numbers?limit=1&cursor={}", page.body["next_cursor"].as_str().unwrap())).await.expect(200);
        assert_eq!(next.items()[0]["number"], "MAIN-2026-00001");
        shop.agent().get("/api/v1/document-numbers").await.expect(403);
        assert!(shop.foreigner().get("/api/v1/document-numbers").await.expect(200).items().is_empty());
    }

    async fn a_series_is_configured_by_store_and_kind(shop: Shop) {
        let series = shop.manager().get("/api/v1/series").await.expect(200);
        let shown: Vec<(&Value, &Value)> = series.items().iter().map(|one| (&one["kind"], &one["next"])).collect();
        assert_eq!(shown[..2], [(&json!("invoice"), &json!("MAIN-2026-00001")), (&json!("credit_note"), &json!("MAIN-CN-2026-00001"))]);
        let path = format!("/api/v1/stores/{}/series/invoice", shop.main());
        let set = shop.admin().put(&path, json!({"pattern": "FA{yy}/{seq:6}", "first": 1041, "version": 0})).await.expect(200);
        assert_eq!((&set.body["next"], &set.body["version"]), (&json!("FA26/001041"), &json!(1)));
        let order = shop.order().await;
        assert_eq!(shop.admin().post(&order.path("/invoice-number"), json!({})).await.expect(200).body["number"], "FA26/001041");
        assert_eq!(shop.admin().put(&path, json!({"pattern": "{seq}", "version": 0})).await.expect(409).code(), "stale");
        for (pattern, expected) in [("{seq", "pattern: series.pattern"), ("N° {seq}", "pattern: series.pattern"), ("NATU-{year}-{seq:5}", "pattern: series.taken")] {
            assert_eq!(shop.admin().put(&path, json!({"pattern": pattern})).await.expect(422).fields(), [expected]);
        }
        shop.manager().put(&path, json!({"pattern": "{seq}"})).await.expect(403);
        shop.admin().put(&format!("/api/v1/stores/{}/series/receipt", shop.main()), json!({"pattern": "{seq}"})).await.expect(404);
        shop.admin().put(&format!("/api/v1/stores/{}/series/invoice", shop.foreign_store()), json!({"pattern": "{seq}"})).await.expect(404);
    }

    async fn fifty_callers_at_once_leave_no_gap(shop: Shop) {
        let mut orders = Vec::new();
        for _ in 0..50 {
            orders.push(shop.order().await);
        }
        let calls = orders.iter().map(|order| {
            let (admin, path, cancel) = (shop.admin(), order.path("/invoice-number"), order.path("/invoice-number/nothing"));
            async move {
                let _ = admin.post(&cancel, json!({})).await;
                loop {
                    let answer = admin.post(&path, json!({})).await;
                    if answer.status != 503 {
                        return answer.expect(200).body["seq"].as_i64().unwrap();
                    }
                }
            }
        });
        let mut given = futures_util::future::join_all(calls).await;
        given.sort_unstable();
        assert_eq!(given, (1..=50).collect::<Vec<i64>>());
    }

    async fn stores_of_three_currencies_never_mix_their_amounts(shop: Shop) {
        let admin = shop.admin();
        let main = admin.get(&format!("/api/v1/stores/{}", shop.main())).await.expect(200).body;
        let mut stores = Vec::new();
        for (code, currency) in [("KWT", "KWD"), ("TOKYO", "JPY")] {
            let mut body = json!({"code": code, "name": code, "currency": currency, "shipping_fee": 0, "cod_fee": 0, "tax_rate_ppm": 0});
            for field in ["country", "zone", "week_start", "number_style", "tax_mode", "tax_label", "notify_language"] {
                body[field] = main[field].clone();
            }
            stores.push((admin.post("/api/v1/stores", body).await.expect(201).id().to_owned(), currency));
        }
        let mut orders = Vec::new();
        for (store, currency) in &stores {
            let price = json!({"amount": 900_000, "currency": currency});
            let order = shop.order().with("store_id", json!(store)).with("shipping_fee", json!({"amount": 0, "currency": currency}))
                .with("customer", json!({"name": "Amina", "phone": "0550142387"})).with("lines", json!([{"sku": "TEA", "title": "Tea", "quantity": 1, "unit_price": price}])).await;
            assert_eq!(order.body["total"], json!({"amount": 900_000, "currency": currency}));
            orders.push(order);
        }
        let dinars = shop.order().with("customer", json!({"name": "Amina", "phone": "0550142387"})).await;
        assert_eq!(dinars.body["total"], json!({"amount": 900_000, "currency": "DZD"}));

        let refused = admin.get("/api/v1/orders?total_from=1").await.expect(422);
        assert_eq!(refused.fields(), ["currency: currency.needed"]);
        assert!(refused.body["errors"][0]["message"].as_str().unwrap().contains("KWD"), "{refused}");
        for (order, currency) in orders.iter().zip(["KWD", "JPY"]).chain([(&dinars, "DZD")]) {
            let found = admin.get(&format!("/api/v1/orders?total_from=900000&total_to=900000&currency={currency}")).await.expect(200);
            assert_eq!((found.items().len(), &found.items()[0]["id"]), (1, &json!(order.id)));
        }
        assert_eq!(shop.agent().get("/api/v1/orders?total_from=1").await.expect(200).body["total"], 1, "who sees one currency need not name it");
        // 900.000 dinars of Kuwait, 9,000.00 of Algeria, 900,000 yen.
        for (text, order) in [("900.000", &orders[0]), ("9000.00", &dinars)] {
            let found = admin.get(&format!("/api/v1/search?q={text}")).await.expect(200);
            let ids: Vec<&Value> = found.items().iter().map(|one| &one["id"]).collect();
            assert_eq!(ids, [&json!(order.id)], "{text}");
        }
        let stats = admin.get("/api/v1/orders/stats").await.expect(200).body;
        let mut totals: Vec<String> = stats["today_totals"].as_array().unwrap().iter().map(|one| format!("{} {}", one["currency"].as_str().unwrap(), one["amount"])).collect();
        totals.sort();
        assert_eq!(totals, ["DZD 900000", "JPY 900000", "KWD 900000"]);
        let customer = admin.get(&format!("/api/v1/customers/{}", dinars.body["customer"]["id"].as_str().unwrap())).await.expect(200).body;
        let mut spent: Vec<String> = customer["totals"].as_array().unwrap().iter().map(|row| format!("{} {}", row["ordered"]["currency"].as_str().unwrap(), row["ordered"]["amount"])).collect();
        spent.sort();
        assert_eq!(spent, ["DZD 900000", "JPY 900000", "KWD 900000"]);
        let wrong = json!({"kind": "payment", "state": "settled", "method": "card", "amount": {"amount": 900_000, "currency": "DZD"}});
        assert_eq!(admin.post(&orders[0].path("/transactions"), wrong).await.expect(422).fields(), ["amount.currency: money.currency"]);
        for (order, number) in orders.iter().zip(["KWT-2026-00001", "TOKYO-2026-00001"]) {
            let given = admin.post(&order.path("/invoice-number"), json!({})).await.expect(200);
            assert_eq!((&given.body["number"], &given.body["total"]), (&json!(number), &order.body["total"]));
        }
    }
}
