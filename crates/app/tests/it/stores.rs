//! Stores: opened, changed, put away; the currency stays.

use serde_json::{Value, json};
use testkit::both;

both! {
    async fn a_store_has_code_currency_country_zone_week_and_number_style(shop: Shop) {
        let admin = shop.admin();
        let new = json!({
            "code": "purna", "name": "Purna", "currency": "BDT", "country": "BD", "zone": "Asia/Dhaka", "week_start": "sunday", "number_style": "comma_point",
            "tax_mode": "exclusive", "tax_rate_ppm": 150_000, "tax_label": "VAT", "shipping_fee": 12_000, "cod_fee": 1_000, "color": "#0E7490", "notify_language": "en",
        });
        let made = admin.post("/api/v1/stores", new.clone()).await.expect(201);
        let path = format!("/api/v1/stores/{}", made.id());
        let read = admin.get(&path).await.expect(200);
        assert_eq!((&read.body["code"], &read.body["color"], read.header("etag")), (&json!("PURNA"), &json!("#0e7490"), "\"1\""));
        for field in ["name", "currency", "country", "zone", "week_start", "number_style", "tax_mode", "tax_rate_ppm", "tax_label", "shipping_fee", "cod_fee", "notify_language"] {
            assert_eq!(read.body[field], new[field], "{field}");
        }
        assert_eq!(admin.post("/api/v1/stores", new.clone()).await.expect(422).fields(), ["code: store.code_taken"]);
        let wrong = json!({"code": "a b", "name": " ", "zone": "Mars/Olympus", "tax_rate_ppm": 1_000_001, "shipping_fee": -1, "color": "blue"});
        let mut fields = admin.post("/api/v1/stores", wrong).await.expect(422).fields();
        fields.sort();
        assert_eq!(fields, ["code: store.code", "color: store.color", "name: required", "shipping_fee: money.negative", "tax_rate_ppm: setting.range", "zone: store.zone"]);
        for (field, value) in [("currency", "XXX1"), ("country", "Dhaka"), ("week_start", "someday"), ("number_style", "roman"), ("tax_mode", "none"), ("notify_language", "la")] {
            let mut wrong = new.clone();
            wrong[field] = json!(value);
            assert_eq!(admin.post("/api/v1/stores", wrong).await.expect(422).fields(), [format!("{field}: format")]);
        }
        let changed = admin.patch(&path, json!({"name": "Purna Dhaka", "color": null, "version": 1})).await.expect(200);
        assert_eq!((&changed.body["name"], &changed.body["color"], &changed.body["version"]), (&json!("Purna Dhaka"), &Value::Null, &json!(2)));
        assert_eq!(admin.patch(&path, json!({"currency": "DZD", "version": 2})).await.expect(422).fields(), ["currency: unknown_field"]);
        let late = admin.patch(&path, json!({"name": "Other", "version": 1})).await.expect(409);
        assert_eq!((late.code(), &late.body["fields"], &late.body["version"]), ("stale", &json!(["name"]), &json!(2)));
        let late = admin.with_header("If-Match", "\"1\"").patch(&path, json!({"name": "Other"})).await.expect(412);
        assert_eq!(late.code(), "stale");
        shop.manager().post("/api/v1/stores", new).await.expect(403);
        shop.manager().patch(&path, json!({"name": "X", "version": 2})).await.expect(403);
    }

    async fn an_archived_store_takes_no_orders_and_keeps_its_own(shop: Shop) {
        let admin = shop.admin();
        let order = shop.order().in_second_store().await;
        let path = format!("/api/v1/stores/{}", shop.second());
        assert_eq!(admin.post(&format!("{path}/archive"), json!({})).await.expect(200).body["is_archived"], true);
        admin.post(&format!("{path}/archive"), json!({})).await.expect(200);
        let refused = admin.place(shop.order().in_second_store().body()).await.expect(422);
        assert_eq!(refused.fields(), ["store_id: store.archived"]);
        admin.post(&order.path("/confirm"), json!({})).await.expect(200);
        let codes = async |query: &str| admin.get(&format!("/api/v1/stores{query}")).await.expect(200).items().iter().map(|store| store["code"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
        assert_eq!((codes("").await, codes("?with_archived=true").await.len()), (vec!["MAIN".to_owned()], 2));
        let last = admin.post(&format!("/api/v1/stores/{}/archive", shop.main()), json!({})).await.expect(409);
        assert_eq!(last.code(), "store.last");
        assert_eq!(admin.post(&format!("{path}/reopen"), json!({})).await.expect(200).body["is_archived"], false);
        admin.place(shop.order().in_second_store().body()).await.expect(201);
        shop.manager().post(&format!("{path}/archive"), json!({})).await.expect(403);
    }

    async fn people_see_the_stores_they_are_assigned_to(shop: Shop) {
        let codes = async |client: testkit::Client| client.get("/api/v1/stores").await.expect(200).items().iter().map(|store| store["code"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
        assert_eq!(codes(shop.agent()).await, ["MAIN"]);
        assert_eq!(codes(shop.neighbour()).await, ["NATU"]);
        assert_eq!(codes(shop.manager()).await, ["MAIN", "NATU"]);
        assert_eq!(codes(shop.foreigner()).await, ["MAIN"]);
        shop.agent().get(&format!("/api/v1/stores/{}", shop.second())).await.expect(404);
        shop.foreigner().get(&format!("/api/v1/stores/{}", shop.main())).await.expect(404);
        shop.foreigner().patch(&format!("/api/v1/stores/{}", shop.main()), json!({"name": "Mine", "version": 1})).await.expect(404);
        // Given another store, they see it at once.
        let user = shop.admin().get("/api/v1/users").await.expect(200).items().iter().find(|user| user["email"] == "agent@shop.test").unwrap().clone();
        let path = format!("/api/v1/users/{}", user["id"].as_str().unwrap());
        shop.admin().patch(&path, json!({"store_ids": [shop.main(), shop.second()], "version": user["version"]})).await.expect(200);
        assert_eq!(codes(shop.agent()).await, ["MAIN", "NATU"]);
    }
}
