//! Two people at one thing: the second hears what differs and overwrites nothing.

use serde_json::json;
use testkit::both;

both! {
    async fn the_second_editor_of_an_order_hears_which_fields_differ(shop: Shop) {
        let order = shop.order().await;
        let first = shop.agent().get(&order.path("")).await.expect(200);
        let etag = first.header("etag").to_owned();
        assert_eq!(etag, "\"1\"");
        shop.colleague().patch(&order.path(""), json!({"priority": "urgent", "tags": ["vip"], "version": 1})).await.expect(200);

        let mine = json!({"priority": "low", "contact_name": "Amina Benali", "channel": "phone"});
        let late = shop.agent().with_header("If-Match", &etag).patch(&order.path(""), mine.clone()).await.expect(412);
        assert_eq!((late.code(), &late.body["version"], &late.body["fields"]), ("stale", &json!(2), &json!(["priority", "channel"])));
        let mut body = mine.clone();
        body["version"] = json!(1);
        let late = shop.agent().patch(&order.path(""), body).await.expect(409);
        assert_eq!((late.code(), &late.body["version"], &late.body["fields"]), ("stale", &json!(2), &json!(["priority", "channel"])));
        let stands = shop.agent().get(&order.path("")).await.expect(200);
        assert_eq!((&stands.body["priority"], &stands.body["channel"]), (&json!("urgent"), &json!("whatsapp")));

        let saved = shop.agent().with_header("If-Match", "\"2\"").patch(&order.path(""), mine.clone()).await.expect(200);
        assert_eq!(saved.body["version"], 3);
        for header in ["*", "W/\"3\"", "3"] {
            shop.agent().with_header("If-Match", header).patch(&order.path(""), json!({"priority": "low"})).await.expect(200);
        }
        for header in ["\"three\"", "\"3", "+3", "W/", "1234567890123456789"] {
            let odd = shop.agent().with_header("If-Match", header).patch(&order.path(""), mine.clone()).await.expect(422);
            assert_eq!(odd.fields(), ["If-Match: if_match"], "{header}");
        }
    }

    async fn a_move_that_builds_on_an_old_version_is_stale(shop: Shop) {
        let order = shop.order().await;
        shop.colleague().patch(&order.path(""), json!({"priority": "urgent"})).await.expect(200);
        let late = shop.agent().post(&order.path("/confirm"), json!({"version": 1})).await.expect(409);
        assert_eq!((late.code(), &late.body["version"], &late.body["fields"]), ("stale", &json!(2), &json!(["state"])));
        let late = shop.agent().with_header("If-Match", "\"1\"").post(&order.path("/confirm"), json!({})).await.expect(412);
        assert_eq!(late.code(), "stale");
        shop.agent().with_header("If-Match", "\"2\"").post(&order.path("/confirm"), json!({})).await.expect(200);
        // Two agents confirm: the second hears that it is confirmed already, whatever the version.
        assert_eq!(shop.colleague().post(&order.path("/confirm"), json!({})).await.expect(409).code(), "order.state");
    }

    async fn everything_that_people_edit_has_a_version(shop: Shop) {
        let admin = shop.admin();
        let order = shop.order().await;
        let customer = format!("/api/v1/customers/{}", order.body["customer"]["id"].as_str().unwrap());
        let variant = admin.get("/api/v1/variants?search=LIN-M").await.expect(200).items()[0]["id"].as_str().unwrap().to_owned();
        let role = admin.post("/api/v1/roles", json!({"name": "Night", "permissions": ["order.read"]})).await.expect(201).id().to_owned();
        let user = admin.get("/api/v1/users").await.expect(200).items().iter().find(|user| user["email"] == "agent@shop.test").unwrap()["id"].clone();
        let schedule = admin.get("/api/v1/schedules").await.expect(200).items()[0].clone();
        let cases = [
            (customer, json!({"name": "First"}), json!({"name": "Second", "language": "fr"}), json!(["name", "language"]), "PATCH"),
            (format!("/api/v1/variants/{variant}"), json!({"title": "First"}), json!({"title": "Second"}), json!(["title"]), "PATCH"),
            (format!("/api/v1/stores/{}", shop.main()), json!({"name": "First"}), json!({"name": "Second", "cod_fee": 5}), json!(["name", "cod_fee"]), "PATCH"),
            (format!("/api/v1/users/{}", user.as_str().unwrap()), json!({"name": "First"}), json!({"name": "Second"}), json!(["name"]), "PATCH"),
            (format!("/api/v1/roles/{role}"), json!({"name": "First", "permissions": ["order.read"]}), json!({"name": "Second", "permissions": ["order.place"]}), json!(["name", "permissions"]), "PUT"),
            (format!("/api/v1/schedules/{}", schedule["id"].as_str().unwrap()), json!({"is_on": false}), json!({"cron": "1 2 * * *"}), json!(["cron"]), "PATCH"),
            ("/api/v1/settings/general".to_owned(), json!({"value": {"name": "First"}}), json!({"value": {"name": "Second"}}), json!(["name"]), "PUT"),
        ];
        for (path, mut first, mut second, fields, method) in cases {
            let version = if path.contains("settings") { 0 } else { 1 };
            let send = async |body: &serde_json::Value| match method {
                "PUT" => admin.put(&path, body.clone()).await,
                _ => admin.patch(&path, body.clone()).await,
            };
            first["version"] = json!(version);
            second["version"] = json!(version);
            let saved = send(&first).await;
            assert_eq!((saved.status, saved.body["version"].as_i64()), (200, Some(version + 1)), "{path}: {saved}");
            let late = send(&second).await;
            assert_eq!((late.status, late.code(), &late.body["version"]), (409, "stale", &json!(version + 1)), "{path}: {late}");
            assert_eq!(late.body["fields"], fields, "{path}");
            second["version"] = json!(version + 1);
            send(&second).await.expect(200);
        }
        // Blind overwriting is not offered where rights are at stake.
        for (path, body) in [(format!("/api/v1/users/{}", user.as_str().unwrap()), json!({"name": "X"})), (format!("/api/v1/stores/{}", shop.main()), json!({"name": "X"}))] {
            assert_eq!(admin.patch(&path, body).await.expect(422).fields(), ["version: required"]);
        }
    }
}
