//! One action on many orders: tried, begun, stopped, taken back; each order once, whatever happens in between.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use testkit::{Answer, Client, Engine, PlacedOrder, Shop, both};

use crate::deployment::{Deployment, all, figures_equal_lists};

async fn placed(shop: &Shop, count: usize) -> Vec<PlacedOrder> {
    let mut orders = Vec::new();
    for _ in 0..count {
        orders.push(shop.order().await);
    }
    orders
}

fn ids(orders: &[PlacedOrder]) -> Vec<&str> {
    orders.iter().map(|order| order.id.as_str()).collect()
}

fn path(bulk: &Value) -> String {
    format!("/api/v1/bulk/{}", bulk["id"].as_str().unwrap())
}

/// Prepares a run and waits until it was tried.
async fn prepared(shop: &Shop, by: &Client, body: Value) -> Value {
    let begun = by.post("/api/v1/bulk", body).await.expect(202).body;
    assert_eq!(begun["state"], "preparing");
    shop.run_jobs().await;
    by.get(&path(&begun)).await.expect(200).body
}

async fn started(shop: &Shop, by: &Client, bulk: &Value, body: Value) -> Value {
    by.post(&format!("{}/start", path(bulk)), body).await.expect(200);
    shop.run_jobs().await;
    by.get(&path(bulk)).await.expect(200).body
}

/// Outcomes by order.
async fn outcomes(by: &Client, bulk: &Value) -> BTreeMap<String, Value> {
    let items = all(by, &format!("{}/items", path(bulk))).await;
    items.into_iter().map(|item| (item["order_id"].as_str().unwrap().to_owned(), item)).collect()
}

fn figures(bulk: &Value) -> [i64; 5] {
    ["found", "done", "unchanged", "refused", "skipped"].map(|name| bulk[name].as_i64().unwrap())
}

async fn state(by: &Client, order: &PlacedOrder) -> String {
    by.get(&order.path("")).await.expect(200).body["state"].as_str().unwrap().to_owned()
}

/// How often an order moved.
async fn moves(by: &Client, id: &str) -> usize {
    let history = by.get(&format!("/api/v1/orders/{id}/history")).await.expect(200);
    history.items().iter().filter(|event| event["kind"] == "order.moved").count()
}

both! {
    async fn many_orders_are_tried_first_then_done_and_each_says_what_became_of_it(shop: Shop) {
        let manager = shop.manager();
        let waiting = placed(&shop, 4).await;
        let confirmed = shop.order().confirmed().await;
        let cancelled = shop.order().cancelled().await;
        shop.advance(60);
        shop.run_jobs().await;

        let body = json!({"action": "move", "move_by": "confirm", "note": "called all of them", "filter": {"channel": ["whatsapp"], "archived": "any"}});
        let bulk = prepared(&shop, &manager, body).await;
        assert_eq!((&bulk["state"], &bulk["found"], &bulk["waiting"], &bulk["done"]), (&json!("ready"), &json!(6), &json!(6), &json!(0)), "{bulk}");
        assert_eq!(bulk["offers"], json!(["start", "cancel"]));
        let preview = &bulk["preview"];
        assert_eq!((&preview["would_do"], &preview["totals"]), (&json!(4), &json!([{"amount": 5_400_000, "currency": "DZD"}])));
        let refusals: Vec<(&str, i64)> =
            preview["refusals"].as_array().unwrap().iter().map(|one| (one["code"].as_str().unwrap(), one["orders"].as_i64().unwrap())).collect();
        assert_eq!(refusals, [("order.state", 1), ("order.state", 1)], "grouped by what stands in the way: {preview}");
        assert!(preview["refusals"][0]["message"].as_str().unwrap().contains("CANCELLED"), "the newest comes first: {preview}");
        assert_eq!(preview["refusals"][0]["examples"], json!([cancelled.number]));
        for order in &waiting {
            assert_eq!(state(&manager, order).await, "PENDING", "nothing was done yet");
        }
        shop.assert_counters_true().await;

        let bulk = started(&shop, &manager, &bulk, json!({})).await;
        assert_eq!((&bulk["state"], figures(&bulk), &bulk["error_ppm"]), (&json!("done"), [6, 4, 0, 2, 0], &json!(333_333)), "{bulk}");
        for order in &waiting {
            let read = manager.get(&order.path("")).await.expect(200).body;
            assert_eq!((&read["state"], &read["version"]), (&json!("CONFIRMED"), &json!(2)));
            let event = read["history"].as_array().unwrap().last().unwrap().clone();
            assert_eq!((&event["kind"], &event["text"], &event["request_id"]), (&json!("order.moved"), &json!("called all of them"), &bulk["id"]));
            assert_eq!((&event["actor"]["kind"], &event["automated"]), (&json!("user"), &json!(false)), "a person did it");
        }
        let seen = outcomes(&manager, &bulk).await;
        assert_eq!(seen[&waiting[0].id]["outcome"], "done");
        let refused = &seen[&confirmed.id];
        assert_eq!((&refused["outcome"], &refused["code"], &refused["number"]), (&json!("refused"), &json!("order.state"), &json!(confirmed.number)));
        assert!(refused["message"].as_str().unwrap().contains("CONFIRMED"), "{refused}");
        let only = manager.get(&format!("{}/items?outcome=refused&limit=1", path(&bulk))).await.expect(200);
        assert_eq!((only.items().len(), only.items()[0]["order_id"].as_str().unwrap()), (1, cancelled.id.as_str()), "in the order of the list");
        let next = manager.get(&format!("{}/items?outcome=refused&limit=1&cursor={}", path(&bulk), only.body["next_cursor"].as_str().unwrap())).await.expect(200);
        assert_eq!((next.items()[0]["order_id"].as_str().unwrap(), &next.body["next_cursor"]), (confirmed.id.as_str(), &Value::Null));
        let file = manager.get(&format!("{}/items/file?outcome=done", path(&bulk))).await.expect(200);
        assert_eq!((file.text.lines().count(), file.header("content-type")), (5, "text/csv; charset=utf-8"), "{file}");

        let begun = manager.post(&format!("{}/export", path(&bulk)), json!({"outcome": "done", "columns": ["number", "state"]})).await.expect(202);
        shop.run_jobs().await;
        let made = manager.get(&format!("/api/v1/tasks/{}/file", begun.id())).await.expect(200);
        assert_eq!(made.text.lines().count(), 5, "a heading and the orders that were done: {made}");
        assert!(made.text.contains(&waiting[0].number) && !made.text.contains(&cancelled.number), "{made}");
        shop.agent().post(&format!("{}/export", path(&bulk)), json!({})).await.expect(403);

        let task = manager.get(&format!("/api/v1/tasks/{}", bulk["task_id"].as_str().unwrap())).await.expect(200).body;
        assert_eq!((&task["state"], &task["done"], &task["total"], &task["errors"]), (&json!("done"), &json!(6), &json!(6), &json!(2)));
        assert_eq!((&task["result"]["done"], &task["result"]["refused"], &task["title"]), (&json!(4), &json!(2), &json!("confirm")));
        let list = manager.get("/api/v1/bulk").await.expect(200);
        assert_eq!((list.items().len(), &list.items()[0]["id"]), (1, &bulk["id"]));
        let events = shop.admin().get("/api/v1/events?kind=bulk.started,bulk.ended").await.expect(200);
        assert_eq!(events.items()[0]["data"]["done"], 4, "{events}");
        figures_equal_lists(&shop.admin()).await;
    }

    async fn a_list_of_orders_is_bounded_and_everything_wrong_is_said_at_once(shop: Shop) {
        let manager = shop.manager();
        let order = shop.order().await;
        let many: Vec<String> = (0..101).map(|n| format!("ord_{n:013}")).collect();
        for (body, expected) in [
            (json!({"action": "archive", "order_ids": many}), vec!["order_ids: too_many"]),
            (json!({"action": "archive", "order_ids": []}), vec!["order_ids: required"]),
            (json!({"action": "archive", "order_ids": [order.id, order.id]}), vec!["order_ids[1]: repeated"]),
            (json!({"action": "archive"}), vec!["order_ids: bulk.selection"]),
            (json!({"action": "archive", "order_ids": [order.id], "filter": {}}), vec!["order_ids: bulk.selection"]),
            (json!({"action": "move", "order_ids": [order.id]}), vec!["move_by: move.one"]),
            (json!({"action": "cancel", "order_ids": [], "reason": "Because!", "start": {"first": 0, "stop_above_ppm": 2_000_000}}),
             vec!["reason: reason.code", "order_ids: required", "first: range", "stop_above_ppm: percent"]),
            (json!({"action": "cancel", "order_ids": [order.id]}), vec!["reason: required"]),
            (json!({"action": "tags", "order_ids": [order.id]}), vec!["add_tags: required"]),
            (json!({"action": "tags", "add_tags": [" "], "remove_tags": ["x".repeat(41)], "order_ids": [order.id]}),
             vec!["add_tags[0]: required", "remove_tags[0]: too_long"]),
            (json!({"action": "priority", "order_ids": [order.id]}), vec!["priority: required"]),
            (json!({"action": "assign", "agent_id": "me", "order_ids": [order.id]}), vec!["agent_id: format"]),
            (json!({"action": "archive", "filter": {"state": "LOST"}}), vec!["filter.state: format"]),
            (json!({"action": "archive", "filter": {"limit": 5}}), vec!["filter.limit: unknown_field"]),
            (json!({"action": "archive", "order_ids": [order.id], "start": {"start_at": "2020-01-01T00:00:00Z"}}), vec!["start_at: time.past"]),
            (json!({"action": "archive", "order_ids": [order.id], "start": {"start_at": "2030-01-01T00:00:00Z"}}), vec!["start_at: bulk.too_far"]),
        ] {
            let answer = manager.post("/api/v1/bulk", body.clone()).await.expect(422);
            assert_eq!(answer.fields(), expected, "{body}");
        }
        // One that does not exist and one of another organization are refused, each on its own; the rest is done.
        let foreign = shop.foreigner().place(json!({
            "store_id": shop.foreign_store(), "customer": {"name": "Farid", "phone": "0550142387"},
            "lines": [{"sku": "X", "title": "X", "quantity": 1, "unit_price": {"amount": 100, "currency": "DZD"}}]
        })).await.expect(201);
        let body = json!({"action": "priority", "priority": "high", "order_ids": [order.id, foreign.id(), "ord_0000000000001"], "start": {}});
        let begun = manager.clone().once("twice").post("/api/v1/bulk", body.clone()).await.expect(202);
        let again = manager.clone().once("twice").post("/api/v1/bulk", body).await.expect(202);
        assert_eq!((begun.id(), again.header("idempotent-replayed")), (again.id(), "true"), "the same call is the same run");
        shop.run_jobs().await;
        let bulk = manager.get(&path(&begun.body)).await.expect(200).body;
        assert_eq!((&bulk["state"], figures(&bulk)), (&json!("done"), [3, 1, 0, 2, 0]), "{bulk}");
        let seen = outcomes(&manager, &bulk).await;
        assert_eq!((&seen[foreign.id()]["code"], &seen[foreign.id()]["number"]), (&json!("not_found"), &Value::Null));
        assert_eq!(manager.get(&order.path("")).await.expect(200).body["priority"], "high");
    }

    async fn what_somebody_changed_meanwhile_is_left_alone_until_it_is_asked_for_again(shop: Shop) {
        let manager = shop.manager();
        let orders = placed(&shop, 3).await;
        let bulk = prepared(&shop, &manager, json!({"action": "move", "to": "CONFIRMED", "filter": {"state": ["PENDING"]}})).await;
        // One is changed, one comes in, one leaves the filter.
        shop.agent().patch(&orders[0].path(""), json!({"contact_name": "Amina B."})).await.expect(200);
        let late = shop.order().await;
        manager.post(&orders[1].path("/cancel"), json!({"reason": "customer_refused"})).await.expect(200);
        let bulk = started(&shop, &manager, &bulk, json!({})).await;
        assert_eq!((&bulk["state"], figures(&bulk)), (&json!("done"), [3, 1, 0, 0, 2]), "{bulk}");
        let seen = outcomes(&manager, &bulk).await;
        assert_eq!((&seen[&orders[0].id]["outcome"], &seen[&orders[0].id]["code"]), (&json!("skipped"), &json!("bulk.changed")));
        assert!(!seen.contains_key(&late.id), "what was not seen is not done");
        assert_eq!((state(&manager, &orders[0]).await, state(&manager, &late).await), ("PENDING".to_owned(), "PENDING".to_owned()));

        manager.post(&format!("{}/retry", path(&bulk)), json!({})).await.expect(409);
        manager.post(&format!("{}/retry", path(&bulk)), json!({"skipped": true})).await.expect(200);
        shop.run_jobs().await;
        let bulk = manager.get(&path(&bulk)).await.expect(200).body;
        assert_eq!((&bulk["state"], figures(&bulk)), (&json!("done"), [3, 2, 0, 1, 0]), "{bulk}");
        assert_eq!(outcomes(&manager, &bulk).await[&orders[1].id]["code"], "order.state", "cancelled is not what it was");
        // Put right by hand, the refused one goes through.
        manager.post(&orders[1].path("/reopen"), json!({})).await.expect(200);
        manager.post(&format!("{}/retry", path(&bulk)), json!({})).await.expect(200);
        shop.run_jobs().await;
        let bulk = manager.get(&path(&bulk)).await.expect(200).body;
        assert_eq!((&bulk["state"], figures(&bulk), &bulk["error_ppm"]), (&json!("done"), [3, 3, 0, 0, 0], &json!(0)), "{bulk}");
    }

    async fn a_first_batch_is_looked_at_before_the_rest(shop: Shop) {
        let manager = shop.manager();
        let orders = placed(&shop, 7).await;
        let body = json!({"action": "tags", "add_tags": ["campaign"], "filter": {"sort": "created_at"}, "start": {"first": 3}});
        let bulk = prepared(&shop, &manager, body).await;
        assert_eq!((&bulk["state"], figures(&bulk), &bulk["waiting"]), (&json!("paused"), [7, 3, 0, 0, 0], &json!(4)), "{bulk}");
        assert_eq!(bulk["offers"], json!(["start", "cancel", "undo"]));
        let seen = outcomes(&manager, &bulk).await;
        let first: Vec<&Value> = orders.iter().map(|order| &seen[&order.id]["outcome"]).collect();
        assert_eq!(first, ["done", "done", "done", "waiting", "waiting", "waiting", "waiting"], "the first of the list, oldest first");
        let bulk = started(&shop, &manager, &bulk, json!({"first": 2})).await;
        assert_eq!((&bulk["state"], &bulk["done"]), (&json!("paused"), &json!(5)));
        let bulk = started(&shop, &manager, &bulk, json!({})).await;
        assert_eq!((&bulk["state"], figures(&bulk)), (&json!("done"), [7, 7, 0, 0, 0]));
        assert_eq!(manager.post(&format!("{}/start", path(&bulk)), json!({})).await.expect(409).code(), "bulk.state");
        // A second time there is nothing to do, and nothing is written.
        let again = prepared(&shop, &manager, json!({"action": "tags", "add_tags": ["campaign"], "filter": {}, "start": {}})).await;
        assert_eq!((&again["state"], figures(&again), &again["preview"]["unchanged"]), (&json!("done"), [7, 0, 7, 0, 0], &json!(7)));
        assert_eq!(manager.get(&orders[0].path("")).await.expect(200).body["version"], 2);
    }

    async fn too_many_refusals_stop_it(shop: Shop) {
        let manager = shop.manager();
        for n in 0..60 {
            if n % 3 == 0 { shop.order().cancelled().await } else { shop.order().await };
        }
        let body = json!({"action": "move", "move_by": "confirm", "filter": {}});
        let bulk = prepared(&shop, &manager, body).await;
        let bulk = started(&shop, &manager, &bulk, json!({"stop_above_ppm": 200_000})).await;
        let [found, done, unchanged, refused, skipped] = figures(&bulk);
        assert_eq!((&bulk["state"], found, done + refused, unchanged, skipped), (&json!("stopped"), 60, 20, 0, 0), "after twenty it knows: {bulk}");
        assert!(refused > 4, "{bulk}");
        assert_eq!(bulk["waiting"], 40);
        // Whoever goes on has looked; the share begins anew.
        let bulk = started(&shop, &manager, &bulk, json!({"stop_above_ppm": 400_000})).await;
        assert_eq!((&bulk["state"], figures(&bulk)), (&json!("done"), [60, 40, 0, 20, 0]), "{bulk}");
        shop.assert_counters_true().await;
    }

    async fn it_waits_for_its_time_and_is_called_off(shop: Shop) {
        let manager = shop.manager();
        let orders = placed(&shop, 3).await;
        let at = "2026-11-21T21:00:00Z";
        let body = json!({"action": "move", "move_by": "confirm", "filter": {}, "start": {"start_at": at}});
        let bulk = prepared(&shop, &manager, body.clone()).await;
        assert_eq!((&bulk["state"], &bulk["start_at"], &bulk["done"]), (&json!("scheduled"), &json!(at), &json!(0)), "{bulk}");
        shop.agent().post(&format!("{}/cancel", path(&bulk)), json!({})).await.expect(403);
        let off = manager.post(&format!("{}/cancel", path(&bulk)), json!({})).await.expect(200);
        assert_eq!((&off.body["state"], &off.body["offers"]), (&json!("cancelled"), &json!([])));
        assert_eq!(manager.post(&format!("{}/cancel", path(&bulk)), json!({})).await.expect(409).code(), "bulk.state");
        let second = prepared(&shop, &manager, body).await;
        shop.advance(12 * 3_600);
        shop.run_jobs().await;
        assert_eq!(manager.get(&path(&second)).await.expect(200).body["done"], 3);
        assert_eq!(moves(&manager, &orders[0].id).await, 1, "the one that was called off did nothing");

        // Also through its task, before it begins.
        let third = manager.post("/api/v1/bulk", json!({"action": "archive", "filter": {}})).await.expect(202).body;
        manager.post(&format!("/api/v1/tasks/{}/cancel", third["task_id"].as_str().unwrap()), json!({})).await.expect(200);
        assert_eq!(manager.get(&path(&third)).await.expect(200).body["state"], "cancelled");
    }

    async fn an_undo_puts_back_what_nobody_has_touched_and_says_what_stays(shop: Shop) {
        let manager = shop.manager();
        let orders = placed(&shop, 4).await;
        let before: Vec<Value> = {
            let mut all = Vec::new();
            for order in &orders {
                all.push(manager.get(&order.path("")).await.expect(200).body);
            }
            all
        };
        let bulk = prepared(&shop, &manager, json!({"action": "cancel", "reason": "customer_refused", "filter": {}, "start": {}})).await;
        assert_eq!((&bulk["state"], &bulk["done"], &bulk["undo_until"]), (&json!("done"), &json!(4), &json!("2026-11-21T09:10:00Z")), "{bulk}");
        shop.advance(300);
        shop.run_jobs().await;
        let told = manager.get(&orders[0].path("/messages")).await.expect(200);
        assert!(told.items().iter().all(|message| message["template"] != "order.cancelled"), "nothing goes out while it can be taken back: {told}");
        // One was reopened by hand, one edited.
        manager.post(&orders[1].path("/reopen"), json!({})).await.expect(200);
        shop.agent().patch(&orders[2].path(""), json!({"tags": ["call again"]})).await.expect(200);
        assert_eq!(shop.admin().post(&format!("{}/undo", path(&bulk)), json!({})).await.expect(409).code(), "bulk.not_yours");
        manager.post(&format!("{}/undo", path(&bulk)), json!({})).await.expect(200);
        shop.run_jobs().await;
        let bulk = manager.get(&path(&bulk)).await.expect(200).body;
        assert_eq!((&bulk["state"], &bulk["undone"], &bulk["kept"], &bulk["offers"]), (&json!("undone"), &json!(2), &json!(2), &json!([])), "{bulk}");
        let seen = outcomes(&manager, &bulk).await;
        for (n, expected) in [(0, "undone"), (1, "kept"), (2, "kept"), (3, "undone")] {
            assert_eq!(seen[&orders[n].id]["undo"], expected, "{n}: {}", seen[&orders[n].id]);
        }
        assert_eq!((&seen[&orders[1].id]["undo_code"], state(&manager, &orders[2]).await), (&json!("bulk.changed"), "CANCELLED".to_owned()));
        let kept = manager.get(&format!("{}/items?undo=kept", path(&bulk))).await.expect(200);
        assert_eq!(kept.items().len(), 2);
        for n in [0, 3] {
            let after = manager.get(&orders[n].path("")).await.expect(200).body;
            for field in ["state", "confirmation", "shipping_state", "moved_at", "priority", "tags", "agent_id"] {
                assert_eq!(after[field], before[n][field], "{field}");
            }
        }
        shop.advance(3_600);
        shop.run_jobs().await;
        let told = manager.get(&orders[0].path("/messages")).await.expect(200);
        assert!(told.items().iter().all(|message| message["template"] != "order.cancelled"), "what was taken back is never told");
        let told = manager.get(&orders[2].path("/messages")).await.expect(200);
        assert!(told.items().iter().any(|message| message["template"] == "order.cancelled"), "what stays is told: {told}");
        figures_equal_lists(&shop.admin()).await;
        let customer = before[0]["customer"]["id"].as_str().unwrap();
        let totals = manager.get(&format!("/api/v1/customers/{customer}")).await.expect(200).body["totals"].clone();
        assert_eq!((&totals[0]["orders"], &totals[0]["cancelled"]), (&json!(1), &json!(0)), "{totals}");

        let late = prepared(&shop, &manager, json!({"action": "move", "move_by": "confirm", "filter": {"state": "PENDING"}, "start": {}})).await;
        shop.advance(601);
        assert_eq!(manager.post(&format!("{}/undo", path(&late)), json!({})).await.expect(409).code(), "undo.too_late");
    }

    async fn every_action_is_done_and_taken_back(shop: Shop) {
        let manager = shop.manager();
        let agent = manager.get("/api/v1/users").await.expect(200).items().iter().find(|user| user["email"] == "agent@shop.test").unwrap()["id"].clone();
        let customer = json!({"name": "Amina", "phone": "0550142387", "email": "amina@example.dz"});
        let order = shop.order().with("customer", customer).with("tags", json!(["vip"])).confirmed().await;
        shop.advance(60);
        shop.run_jobs().await;
        let read = || async { manager.get(&order.path("")).await.expect(200).body };
        let before = read().await;
        for (body, field, expected) in [
            (json!({"action": "tags", "add_tags": ["late", "VIP"], "remove_tags": ["gone"]}), "tags", json!(["vip", "late"])),
            (json!({"action": "priority", "priority": "urgent"}), "priority", json!("urgent")),
            (json!({"action": "assign", "agent_id": agent}), "agent_id", agent.clone()),
            (json!({"action": "progress"}), "state", json!("PROCESSING")),
            (json!({"action": "move", "to": "BACKORDERED"}), "state", json!("BACKORDERED")),
            (json!({"action": "cancel", "reason": "out_of_stock"}), "state", json!("CANCELLED")),
        ] {
            let mut body = body;
            body["order_ids"] = json!([order.id]);
            body["start"] = json!({});
            let bulk = prepared(&shop, &manager, body.clone()).await;
            assert_eq!((&bulk["state"], &bulk["done"]), (&json!("done"), &json!(1)), "{body}: {bulk}");
            assert_eq!(read().await[field], expected, "{body}");
            manager.post(&format!("{}/undo", path(&bulk)), json!({})).await.expect(200);
            shop.run_jobs().await;
            let after = read().await;
            for field in ["tags", "priority", "agent_id", "state", "confirmation", "archived_at"] {
                assert_eq!(after[field], before[field], "{body}: {field}");
            }
        }
        let archived = prepared(&shop, &manager, json!({"action": "archive", "order_ids": [order.id], "start": {}})).await;
        assert!(read().await["archived_at"].is_string());
        manager.post(&format!("{}/undo", path(&archived)), json!({})).await.expect(200);
        shop.run_jobs().await;
        assert!(read().await["archived_at"].is_null());
        shop.assert_counters_true().await;

        let messages = || async { manager.get(&order.path("/messages")).await.expect(200).items().len() };
        let told = messages().await;
        let called_off = prepared(&shop, &manager, json!({"action": "notify", "order_ids": [order.id], "start": {}})).await;
        manager.post(&format!("{}/undo", path(&called_off)), json!({})).await.expect(200);
        shop.run_jobs().await;
        shop.advance(3_600);
        shop.run_jobs().await;
        assert_eq!(messages().await, told, "called off before it went out");
        let bulk = prepared(&shop, &manager, json!({"action": "notify", "order_ids": [order.id], "start": {}})).await;
        assert_eq!(bulk["done"], 1, "{bulk}");
        shop.advance(601);
        shop.run_jobs().await;
        assert_eq!(messages().await, told + 1);
        assert_eq!(manager.post(&format!("{}/undo", path(&bulk)), json!({})).await.expect(409).code(), "undo.too_late");
        let shipped = shop.order().processing().await;
        let refused = prepared(&shop, &manager, json!({"action": "notify", "order_ids": [shipped.id]})).await;
        assert_eq!(refused["preview"]["refusals"][0]["code"], "message.nothing", "nothing is told of an order in preparation");
    }

    async fn each_order_asks_for_the_right_and_the_sight_of_whoever_acts(shop: Shop) {
        let (here, there) = (shop.order().await, shop.order().in_second_store().await);
        shop.agent().post("/api/v1/bulk", json!({"action": "archive", "order_ids": [here.id]})).await.expect(403);
        // Follow-up has the right for many orders, not that of confirming.
        let suivi = shop.role("agent_suivi");
        let refused = suivi.post("/api/v1/bulk", json!({"action": "move", "move_by": "confirm", "order_ids": [here.id]})).await.expect(403);
        assert!(refused.body["title"].as_str().unwrap().contains("order.confirm"), "{refused}");
        suivi.post("/api/v1/bulk", json!({"action": "assign", "agent_id": "none", "order_ids": [here.id]})).await.expect(403);

        // A key for one store: the other store's order is not there for it, named or found.
        let scopes = json!(["order.read", "order.bulk", "order.confirm", "order.edit"]);
        let key = shop.admin().post("/api/v1/api-keys", json!({"name": "main", "store_ids": [shop.main()], "scopes": scopes})).await.expect(201);
        let main = shop.bearer(key.body["secret"].as_str().unwrap());
        let named = prepared(&shop, &main, json!({"action": "move", "move_by": "confirm", "order_ids": [here.id, there.id], "start": {}})).await;
        assert_eq!((&named["state"], figures(&named)), (&json!("done"), [2, 1, 0, 1, 0]), "{named}");
        assert_eq!(outcomes(&main, &named).await[&there.id]["code"], "not_found");
        let found = prepared(&shop, &main, json!({"action": "priority", "priority": "high", "filter": {}})).await;
        assert_eq!(found["found"], 1, "{found}");
        assert_eq!(state(&shop.admin(), &there).await, "PENDING");
        // Whoever does not see every order does not see others' runs.
        let others = prepared(&shop, &shop.manager(), json!({"action": "archive", "filter": {}})).await;
        main.get(&path(&others)).await.expect(404);
        assert_eq!(main.get("/api/v1/bulk").await.expect(200).items().len(), 2);
        shop.admin().get(&path(&named)).await.expect(200);
        shop.foreigner().get(&path(&named)).await.expect(404);

        // A right that is lost in between counts, and so does a key that is gone.
        let id = key.body["key"]["id"].as_str().unwrap();
        shop.admin().delete(&format!("/api/v1/api-keys/{id}")).await.expect(204);
        let role = shop.admin().post("/api/v1/roles", json!({"name": "Bulk", "permissions": ["order.read", "order.bulk", "order.edit", "order.see_all", "store.see_all", "view.share"]})).await.expect(201);
        let role = role.body.clone();
        let key = shop.admin().post("/api/v1/api-keys", json!({"name": "role", "role_id": role["id"]})).await.expect(201);
        let program = shop.bearer(key.body["secret"].as_str().unwrap());
        let bulk = prepared(&shop, &program, json!({"action": "priority", "priority": "urgent", "filter": {}})).await;
        assert_eq!(bulk["preview"]["would_do"], 2, "{bulk}");
        program.post(&format!("{}/start", path(&bulk)), json!({})).await.expect(200);
        let less = json!({"name": "Bulk", "permissions": ["order.read", "order.bulk", "order.see_all", "store.see_all"], "version": role["version"]});
        shop.admin().put(&format!("/api/v1/roles/{}", role["id"].as_str().unwrap()), less).await.expect(200);
        shop.run_jobs().await;
        let bulk = shop.admin().get(&path(&bulk)).await.expect(200).body;
        assert_eq!((&bulk["state"], figures(&bulk)), (&json!("done"), [2, 0, 0, 2, 0]), "{bulk}");
        assert_eq!(outcomes(&shop.admin(), &bulk).await[&here.id]["code"], "forbidden");
    }

    async fn an_agent_takes_only_what_they_may_see(shop: Shop) {
        let manager = shop.manager();
        let people = manager.get("/api/v1/users").await.expect(200).items().to_vec();
        let id = |email: &str| people.iter().find(|user| user["email"] == email).unwrap()["id"].clone();
        let (here, there) = (shop.order().await, shop.order().in_second_store().await);
        let body = json!({"action": "assign", "agent_id": id("agent@shop.test"), "order_ids": [here.id, there.id], "start": {}});
        let bulk = prepared(&shop, &manager, body).await;
        assert_eq!(figures(&bulk), [2, 1, 0, 1, 0], "{bulk}");
        assert_eq!(outcomes(&manager, &bulk).await[&there.id]["code"], "order.agent");
        shop.colleague().get(&here.path("")).await.expect(404);
        let history = shop.agent().get(&here.path("/history")).await.expect(200);
        assert_eq!(history.items().last().unwrap()["data"]["to"], id("agent@shop.test"));
        // Somebody else took it since: the undo leaves it to them.
        let again = json!({"action": "assign", "agent_id": id("colleague@shop.test"), "order_ids": [here.id], "start": {}});
        prepared(&shop, &manager, again).await;
        manager.post(&format!("{}/undo", path(&bulk)), json!({})).await.expect(200);
        shop.run_jobs().await;
        assert_eq!(manager.get(&path(&bulk)).await.expect(200).body["kept"], 1);
        shop.colleague().get(&here.path("")).await.expect(200);
    }

    async fn two_at_once_on_the_same_orders_leave_each_order_once_and_each_result_true(shop: Shop) {
        let (manager, admin) = (shop.manager(), shop.admin());
        placed(&shop, 40).await;
        let confirm = manager.post("/api/v1/bulk", json!({"action": "move", "move_by": "confirm", "filter": {"sort": "created_at"}, "start": {}})).await.expect(202).body;
        let cancel = admin
            .post("/api/v1/bulk", json!({"action": "cancel", "reason": "customer_refused", "filter": {"sort": "-created_at"}, "start": {}})).await.expect(202).body;
        // Two workers at the same time.
        tokio::join!(shop.run_jobs(), shop.run_jobs());
        shop.run_jobs().await;
        let (confirm, cancel) = (manager.get(&path(&confirm)).await.expect(200).body, admin.get(&path(&cancel)).await.expect(200).body);
        assert_eq!((&confirm["state"], &cancel["state"]), (&json!("done"), &json!("done")), "{confirm} {cancel}");
        let (confirmed, cancelled) = (outcomes(&manager, &confirm).await, outcomes(&admin, &cancel).await);
        let mut totals = BTreeMap::<(String, String), usize>::new();
        for order in all(&admin, "/api/v1/orders").await {
            let id = order["id"].as_str().unwrap();
            let word = |results: &BTreeMap<String, Value>| results[id]["outcome"].as_str().unwrap().to_owned();
            let (first, second) = (word(&confirmed), word(&cancelled));
            let done = usize::from(first == "done") + usize::from(second == "done");
            assert_eq!(moves(&admin, id).await, done, "{first} {second}: as often as the results say");
            let expected = match (first.as_str(), second.as_str()) {
                ("done", "skipped") => "CONFIRMED",
                ("skipped", "done") => "CANCELLED",
                other => panic!("{other:?}"),
            };
            assert_eq!(order["state"], expected);
            *totals.entry((first, second)).or_default() += 1;
        }
        assert_eq!(totals.values().sum::<usize>(), 40, "{totals:?}");
        figures_equal_lists(&admin).await;
    }

    async fn the_path_of_other_systems_is_understood(shop: Shop) {
        let key = shop.admin().post("/api/v1/api-keys", json!({"name": "other"})).await.expect(201);
        let program = shop.bearer(key.body["secret"].as_str().unwrap());
        let orders = placed(&shop, 3).await;
        let run = async |path_of: &str, body: Value| -> Value {
            let begun = program.post(path_of, body).await.expect(202).body;
            shop.run_jobs().await;
            program.get(&path(&begun)).await.expect(200).body
        };
        let tried = run("/orders/bulk-action", json!({"action": "status_change", "status": "confirmed", "order_ids": ids(&orders), "dry_run": true})).await;
        assert_eq!((&tried["state"], &tried["preview"]["would_do"]), (&json!("ready"), &json!(3)));
        let done = run("/orders/bulk-action/", json!({"action": "status_change", "status": "confirmed", "order_ids": ids(&orders), "notify_customer": false})).await;
        assert_eq!((&done["state"], figures(&done)), (&json!("done"), [3, 3, 0, 0, 0]));
        let on = run("/orders/bulk-action", json!({"action": "auto-progress", "order_ids": ids(&orders)})).await;
        assert_eq!((&on["done"], state(&shop.admin(), &orders[0]).await), (&json!(3), "PROCESSING".to_owned()));
        let off = run("/orders/bulk-action", json!({"action": "cancel", "reason": "out_of_stock", "notes": "sold out", "order_ids": [orders[0].id]})).await;
        assert_eq!(off["done"], 1);
        assert_eq!(program.post("/orders/bulk-action", json!({"action": "status_change", "order_ids": ids(&orders)})).await.expect(422).fields(), ["status: required"]);
        shop.browser(testkit::AGENT).await.post("/orders/bulk-action", json!({"action": "archive", "order_ids": ids(&orders)})).await.expect(401);
    }

    async fn runs_go_when_finished_jobs_do(shop: Shop) {
        let manager = shop.manager();
        placed(&shop, 2).await;
        // One whose work never comes to its end holds nobody up.
        let stuck = prepared(&shop, &manager, json!({"action": "archive", "filter": {}, "start": {}})).await;
        let sql = "update tasks set state = 'running' where org_id = $1";
        assert!(shop.edge().await.write(move |tx, _| tx.execute(sql, db::params![tx.org()])).await.unwrap() > 0);
        let bulk = prepared(&shop, &manager, json!({"action": "archive", "filter": {"archived": "any"}, "start": {}})).await;
        shop.advance(29 * 86_400);
        let purge = async || shop.edge().await.write(|tx, ctx| bulk::purge(tx, ctx, 100)).await.unwrap();
        assert_eq!(purge().await, 0);
        manager.get(&path(&bulk)).await.expect(200);
        shop.advance(2 * 86_400);
        assert!(purge().await > 0);
        manager.get(&path(&bulk)).await.expect(404);
        manager.get(&path(&stuck)).await.expect(200);
        assert_eq!(purge().await, 0);
    }
}

/// The real binary is killed while it prepares a run and carries it out: each order is done once.
mod a_kill_in_the_middle_does_each_order_once {
    use std::time::{Duration, Instant};

    use super::*;

    /// On PostgreSQL a killed process holds its job until the lease is spent.
    const PATIENCE: Duration = Duration::from_secs(180);

    async fn wait(client: &Client, path: &str, is_right: impl Fn(&Answer) -> bool) -> Answer {
        let begun = Instant::now();
        loop {
            let last = client.get(path).await.expect(200);
            if is_right(&last) {
                return last;
            }
            assert!(begun.elapsed() < PATIENCE, "it never came so far: {last}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    async fn survives(engine: Engine, count: usize, parts: &[usize]) {
        let place = Deployment::on(engine);
        let mut served = place.serve();
        let mut client = served.client(&place.key);
        let store = crate::binary::main_store(&client).await;
        for n in 0..count {
            let body = json!({
                "store_id": store, "external_ref": format!("B-{n}"), "customer": {"name": "Amina", "phone": format!("05501{:05}", n % 30)},
                "lines": [{"sku": "LIN-M", "title": "Linen dress", "quantity": 1, "unit_price": {"amount": 100, "currency": "DZD"}}]
            });
            client.post("/api/v1/orders", body).await.expect(201);
        }
        let begun = client.post("/api/v1/bulk", json!({"action": "move", "move_by": "confirm", "filter": {}, "start": {}})).await.expect(202).body;
        let mut killed_at = Vec::new();
        for part in parts {
            let far = |answer: &Answer| answer.body["done"].as_u64().unwrap() as usize * 100 >= part * count;
            let seen = wait(&client, &path(&begun), far).await;
            served.kill();
            killed_at.push(seen.body["done"].as_u64().unwrap());
            place.prove().await;
            served = place.serve();
            client = served.client(&place.key);
        }
        let done = wait(&client, &path(&begun), |answer| answer.body["state"] == "done").await.body;
        assert_eq!(figures(&done), [count as i64, count as i64, 0, 0, 0], "{done}");
        let orders = all(&client, "/api/v1/orders").await;
        assert_eq!(orders.len(), count);
        for order in &orders {
            assert_eq!((&order["state"], &order["version"]), (&json!("CONFIRMED"), &json!(2)), "{order}");
        }
        let events = all(&client, "/api/v1/events?kind=order.moved").await;
        assert_eq!(events.len(), count, "each order moved once");
        figures_equal_lists(&client).await;
        served.stop();
        place.prove().await;
        println!("{engine:?}: killed when {killed_at:?} of {count} orders were done; each was done once");
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn sqlite() {
        survives(Engine::Sqlite, 600, &[0, 10, 50]).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn postgres() {
        survives(Engine::Postgres, 200, &[20]).await;
    }
}
