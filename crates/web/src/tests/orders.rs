//! Orders over the API and over the paths of other systems.

use axum::body::Body;
use axum::http::{Method, header};
use serde_json::json;

use super::World;

#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_placed_read_moved_and_the_move_taken_back() {
    let world = World::new().await;
    let id = world.placed().await;
    let path = format!("/api/v1/orders/{id}");

    let order = world.get(&path).await;
    assert_eq!((order.status.as_u16(), order.header("etag")), (200, "\"1\""), "{}", order.text);
    assert_eq!(order.body["total"], json!({"amount": 1_740_000, "currency": "DZD"}));
    assert_eq!(order.body["lines"][0]["sku"], "LIN-M");
    assert_eq!(order.body["shipping_address"]["province_key"], "DZ:31");
    assert_eq!(order.body["customer"]["phone"], "+213550142387");
    let actions: Vec<&str> = order.body["actions"].as_array().unwrap().iter().map(|row| row["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["confirm", "backorder", "process", "cancel"]);

    let moved = world.post(&format!("{path}/confirm"), json!({"version": 1})).await;
    assert_eq!((moved.status.as_u16(), moved.body["order"]["state"].as_str().unwrap()), (200, "CONFIRMED"), "{}", moved.text);
    let again = world.post(&format!("{path}/confirm"), json!({})).await;
    assert_eq!((again.status.as_u16(), again.code()), (409, "order.state"), "{}", again.text);

    let undone = world.post(&format!("{path}/undo"), json!({"event_id": moved.body["event_id"]})).await;
    assert_eq!((undone.status.as_u16(), undone.body["state"].as_str().unwrap()), (200, "PENDING"), "{}", undone.text);

    let cancelled = world.post(&format!("{path}/cancel"), json!({})).await;
    assert_eq!((cancelled.status.as_u16(), cancelled.errors().as_str()), (422, "reason required"));
    let moved = world.post(&format!("{path}/moves"), json!({"to": "processing"})).await;
    assert_eq!(moved.body["order"]["state"], "PROCESSING", "{}", moved.text);
    let unknown = world.post(&format!("{path}/fly"), json!({})).await;
    assert_eq!(unknown.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn old_versions_are_refused_with_the_fields_that_differ() {
    let world = World::new().await;
    let path = format!("/api/v1/orders/{}", world.placed().await);
    let changed = world.call(Method::PATCH, &path, json!({"priority": "high", "version": 1})).await;
    assert_eq!((changed.status.as_u16(), &changed.body["version"]), (200, &json!(2)), "{}", changed.text);

    let stale = world.call(Method::PATCH, &path, json!({"priority": "low", "version": 1})).await;
    assert_eq!((stale.status.as_u16(), stale.code(), &stale.body["version"]), (409, "stale", &json!(2)), "{}", stale.text);
    assert_eq!(stale.body["fields"], json!(["priority"]));

    let request = world.request(Method::PATCH, &path).header(header::CONTENT_TYPE, "application/json").header(header::IF_MATCH, "\"1\"");
    let stale = world.send(request.body(Body::from(r#"{"priority": "low"}"#)).unwrap()).await;
    assert_eq!((stale.status.as_u16(), stale.code()), (412, "stale"));
    let request = world.request(Method::PATCH, &path).header(header::CONTENT_TYPE, "application/json").header(header::IF_MATCH, "\"2\"");
    assert_eq!(world.send(request.body(Body::from(r#"{"priority": "low"}"#)).unwrap()).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_call_under_one_key_has_one_effect() {
    let world = World::new().await;
    let send = async |body: String| {
        let request = world.request(Method::POST, "/api/v1/orders").header(header::CONTENT_TYPE, "application/json");
        world.send(request.header("idempotency-key", "order-1041").body(Body::from(body)).unwrap()).await
    };
    let order = world.order();
    let first = send(order.to_string()).await;
    let second = send(order.to_string()).await;
    assert_eq!((first.status.as_u16(), second.status.as_u16()), (201, 201));
    assert_eq!((first.text.as_str(), first.header("idempotent-replayed")), (second.text.as_str(), ""));
    assert_eq!(second.header("idempotent-replayed"), "true");
    let mut other = order;
    other["priority"] = json!("high");
    let other = send(other.to_string()).await;
    assert_eq!((other.status.as_u16(), other.code()), (422, "idempotency.other_body"));
    assert_eq!(world.get("/api/v1/orders").await.body["total"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn paths_of_other_systems_reach_the_same_orders() {
    let world = World::new().await;
    let id = world.placed().await;

    for path in [format!("/api/enhanced-orders/{id}"), format!("/api/enhanced-orders/{id}/")] {
        assert_eq!(world.get(&path).await.body["id"], id);
    }
    let page = world.get("/api/enhanced-orders/?page=1&page_size=10&status=pending&ordering=-created_at").await;
    assert_eq!((page.status.as_u16(), &page.body["count"], &page.body["next"]), (200, &json!(1), &json!(null)), "{}", page.text);
    assert_eq!(page.body["results"][0]["id"], id);

    let updated =
        world.post("/orders/update-status", json!({"order_id": id, "status": "processing", "notes": "all there", "notify_customer": false})).await;
    assert_eq!((updated.status.as_u16(), updated.body["order"]["state"].as_str()), (200, Some("PROCESSING")), "{}", updated.text);
    let changed = world.call(Method::PATCH, &format!("/api/enhanced-orders/{id}/"), json!({"status": "SHIPPED"})).await;
    assert_eq!((changed.status.as_u16(), changed.body["order"]["state"].as_str()), (200, Some("SHIPPED")), "{}", changed.text);
    let done = world.call(Method::PATCH, &format!("/api/enhanced-orders/{id}"), json!({"status": "fulfilled"})).await;
    assert_eq!(done.body["order"]["state"], "DELIVERED", "{}", done.text);

    let entry = json!({"status": "in_transit", "location": "Oran", "description": "On the van", "timestamp": "2026-11-21T08:00:00Z"});
    let written = world.post(&format!("/api/enhanced-orders/{id}/tracking/"), entry).await;
    assert_eq!(written.status, 201, "{}", written.text);
    let entries = world.get(&format!("/api/enhanced-orders/{id}/tracking")).await;
    assert_eq!((&entries.body["items"][0]["status"], &entries.body["items"][0]["place"]), (&json!("in_transit"), &json!("Oran")), "{}", entries.text);

    let progress = world.get(&format!("/orders/{id}/progress/")).await;
    assert_eq!((&progress.body["percentage"], &progress.body["current_status"]), (&json!(100), &json!("DELIVERED")), "{}", progress.text);
    assert_eq!(progress.body["timeline"].as_array().unwrap().len(), 4, "{}", progress.text);
    let stats = world.get("/orders/stats").await;
    assert_eq!((&stats.body["total"], &stats.body["by_status"]["DELIVERED"]), (&json!(1), &json!(1)), "{}", stats.text);

    let order = world.get(&format!("/api/v1/orders/{id}")).await;
    let customer = order.body["customer"]["id"].as_str().unwrap();
    let history = world.get(&format!("/api/customer-service/customers/{customer}/")).await;
    assert_eq!((&history.body["customer"]["name"], &history.body["orders"][0]["id"]), (&json!("Amina Benali"), &json!(id)), "{}", history.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_live_stream_says_hello_and_tells_of_changes() {
    use futures_util::StreamExt;

    let world = World::new().await;
    let mut stream = Box::pin(crate::api::live::events(world.admin.clone(), None));
    let _hello = stream.next().await.unwrap();
    let id = world.placed().await;
    let mut seen = String::new();
    while !seen.contains(&id) {
        let next = tokio::time::timeout(std::time::Duration::from_secs(5), stream.next()).await.expect("the order is told").unwrap();
        seen = format!("{:?}", next.unwrap());
    }
    assert!(seen.contains("order"), "{seen}");
}
