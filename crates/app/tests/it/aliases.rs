//! Paths of other systems: each with and without a slash at the end, bearer tokens only.

use axum::http::Method;
use serde_json::{Value, json};
use testkit::{AGENT, both};
use web::{Kind, route_table};

/// The alias as it is written, and with a slash.
fn both_ways(path: &str) -> [String; 2] {
    [path.to_owned(), format!("{path}/")]
}

both! {
    async fn update_status_moves_an_order_to_a_status(shop: Shop) {
        for path in both_ways("/orders/update-status") {
            let order = shop.order().await;
            let moved = shop.agent().post(&path, json!({"order_id": order.id, "status": "confirmed", "notes": "by phone"})).await.expect(200);
            assert_eq!(moved.body["order"]["state"], "CONFIRMED");
            let step = shop.agent().get(&order.path("/progress")).await.expect(200).body["timeline"][1].clone();
            assert_eq!((&step["notes"], &step["action"]), (&json!("by phone"), &json!("confirm")));
            shop.admin().post(&path, json!({"order_id": order.id, "status": "PROCESSING"})).await.expect(200);
            shop.admin().post(&path, json!({"order_id": order.id, "status": "Shipped"})).await.expect(200);
            assert_eq!(shop.admin().post(&path, json!({"order_id": order.id, "status": "fulfilled"})).await.expect(200).body["order"]["state"], "DELIVERED");
            assert_eq!(shop.admin().post(&path, json!({"order_id": order.id, "status": "PENDING"})).await.expect(409).code(), "order.state");
            assert_eq!(shop.admin().post(&path, json!({"order_id": order.id, "status": "RETURN_REQUESTED"})).await.expect(422).fields(), ["reason: required"]);
            shop.admin().post(&path, json!({"order_id": order.id, "status": "RETURN_REQUESTED", "reason": "too_small"})).await.expect(200);
            for (body, expected) in [
                (json!({"status": "SHIPPED"}), "order_id: required"), (json!({"order_id": order.id, "status": "flying"}), "status: format"),
                (json!({"order_id": order.id, "to": "SHIPPED"}), "to: unknown_field"), (json!({"order_id": "1041", "status": "SHIPPED"}), "order_id: format"),
            ] {
                assert_eq!(shop.admin().post(&path, body).await.expect(422).fields(), [expected]);
            }
            shop.neighbour().post(&path, json!({"order_id": order.id, "status": "RETURN_APPROVED"})).await.expect(404);
            shop.weak().post(&path, json!({"order_id": order.id, "status": "RETURN_APPROVED"})).await.expect(403);
            // Once is once, and a slash more is another call.
            let fresh = shop.order().await;
            let once = shop.agent().once(&format!("alias {path}"));
            let first = once.post(&path, json!({"order_id": fresh.id, "status": "confirmed"})).await.expect(200);
            assert_eq!(once.post(&path, json!({"order_id": fresh.id, "status": "confirmed"})).await.expect(200).text, first.text);
        }
    }

    async fn progress_and_stats_answer_as_the_api_does(shop: Shop) {
        let order = shop.order().processing().await;
        for path in both_ways(&format!("/orders/{}/progress", order.id)) {
            let alias = shop.agent().get(&path).await.expect(200);
            assert_eq!(alias.body, shop.agent().get(&order.path("/progress")).await.expect(200).body);
            assert_eq!((&alias.body["percentage"], &alias.body["next_status"]), (&json!(50), &json!("SHIPPED")));
            shop.neighbour().get(&path).await.expect(404);
        }
        for path in both_ways("/orders/stats") {
            assert_eq!(shop.admin().get(&path).await.expect(200).body, shop.admin().get("/api/v1/orders/stats").await.expect(200).body);
            shop.agent().get(&path).await.expect(403);
        }
    }

    async fn enhanced_orders_are_listed_page_by_page(shop: Shop) {
        for n in 0..7 {
            shop.order().with("external_ref", json!(format!("E-{n}"))).await;
            shop.advance(1);
        }
        shop.order().cancelled().await;
        for path in both_ways("/api/enhanced-orders") {
            let page = async |query: &str| shop.agent().get(&format!("{path}?{query}")).await.expect(200).body;
            let first = page("page_size=3").await;
            assert_eq!((&first["count"], &first["next"], &first["previous"], first["results"].as_array().unwrap().len()), (&json!(8), &json!(2), &Value::Null, 3));
            let last = page("page_size=3&page=3").await;
            assert_eq!((&last["next"], &last["previous"], last["results"].as_array().unwrap().len()), (&Value::Null, &json!(2), 2));
            let sorted = page("ordering=created_at&status=pending,shipped").await;
            assert_eq!((&sorted["count"], &sorted["results"][0]["external_ref"]), (&json!(7), &json!("E-0")));
            for (query, expected) in [("page_size=201", "page_size: range"), ("ordering=colour", "ordering: format"), ("status=lost", "status: format"), ("limit=3", "limit: unknown_field"), ("page=x", "page: format")] {
                assert_eq!(shop.agent().get(&format!("{path}?{query}")).await.expect(422).fields(), [expected]);
            }
            assert_eq!(shop.neighbour().get(&path).await.expect(200).body["count"], 0);
            assert_eq!(shop.agent().get(&format!("{path}?page=0")).await.status, 422, "pages count from 1");
        }
    }

    async fn an_enhanced_order_is_read_changed_and_tracked(shop: Shop) {
        let order = shop.order().await;
        for (round, path) in both_ways(&format!("/api/enhanced-orders/{}", order.id)).into_iter().enumerate() {
            let read = shop.agent().get(&path).await.expect(200);
            assert_eq!(read.body, shop.agent().get(&order.path("")).await.expect(200).body);
            let version = read.body["version"].as_i64().unwrap();
            let status = ["CONFIRMED", "PROCESSING"][round];
            assert_eq!(shop.admin().patch(&path, json!({"status": status, "version": version - 1})).await.expect(409).code(), "stale");
            assert_eq!(shop.admin().with_header("If-Match", &format!("\"{}\"", version + 7)).patch(&path, json!({"status": status})).await.expect(412).code(), "stale");
            let moved = shop.admin().patch(&path, json!({"status": status.to_lowercase(), "version": version, "notify_customer": false})).await.expect(200);
            assert_eq!(moved.body["order"]["state"], status);
            shop.weak().patch(&path, json!({"status": "SHIPPED"})).await.expect(403);
            shop.foreigner().get(&path).await.expect(404);
        }
        for (round, path) in both_ways(&format!("/api/enhanced-orders/{}/tracking", order.id)).into_iter().enumerate() {
            let entry = json!({"status": "in_transit", "location": "Oran", "description": "Left the hub", "timestamp": "2026-11-21T08:00:00Z"});
            shop.agent().post(&path, entry).await.expect(201);
            let entries = shop.agent().get(&path).await.expect(200);
            assert_eq!(entries.items().len(), round + 1);
            let first = &entries.items()[0];
            assert_eq!((&first["place"], &first["text"], &first["at"]), (&json!("Oran"), &json!("Left the hub"), &json!("2026-11-21T08:00:00Z")));
            shop.weak().post(&path, json!({"status": "x"})).await.expect(403);
        }
    }

    async fn a_customer_comes_with_all_their_orders(shop: Shop) {
        let order = shop.order().for_phone("Nour", "0770112233").delivered().await;
        shop.manager().post(&order.path("/archive"), json!({})).await.expect(200);
        shop.order().for_phone("Nour", "0770112233").await;
        let id = order.body["customer"]["id"].as_str().unwrap();
        for path in both_ways(&format!("/api/customer-service/customers/{id}")) {
            let found = shop.agent().get(&path).await.expect(200);
            assert_eq!(found.body["customer"], shop.agent().get(&format!("/api/v1/customers/{id}")).await.expect(200).body);
            assert_eq!(found.body["orders"].as_array().unwrap().len(), 2, "archived ones, too");
            shop.neighbour().get(&path).await.expect(404);
            shop.foreigner().get(&path).await.expect(404);
            shop.weak().get(&path).await.expect(403);
        }
    }

    async fn aliases_know_no_cookies_and_each_has_its_twin(shop: Shop) {
        let browser = shop.browser(AGENT).await;
        let aliases: Vec<_> = route_table().into_iter().filter(|route| route.kind == Kind::Alias).collect();
        assert!(aliases.len() >= 18, "{}", aliases.len());
        for route in &aliases {
            let twin = if route.path.ends_with('/') { route.path.trim_end_matches('/').to_owned() } else { format!("{}/", route.path) };
            assert!(aliases.iter().any(|other| other.path == twin && other.method == route.method), "{} has no twin", route.path);
            let path = route.path.replace("{id}", "ord_0000000000001");
            let body = if route.method == Method::GET { None } else { Some("application/json") };
            let answer = browser.send(route.method.clone(), &path, body, "{}".into()).await;
            assert_eq!((answer.status, answer.code()), (401, "unauthenticated"), "{} {path}", route.method);
        }
    }
}
