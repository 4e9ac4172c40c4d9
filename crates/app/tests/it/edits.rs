//! Changing what was placed, as a proposal: shown, applied, merged, taken back. And deleting test orders.

use serde_json::{Value, json};
use testkit::{Answer, Client, PlacedOrder, Shop, both};

use crate::deployment::figures_equal_lists;

fn dinars(amount: i64) -> Value {
    json!({"amount": amount, "currency": "DZD"})
}

async fn begin(client: &Client, order: &PlacedOrder, change: Value) -> Answer {
    client.post(&order.path("/edits"), change).await
}

fn edit_path(order: &PlacedOrder, preview: &Answer, rest: &str) -> String {
    order.path(&format!("/edits/{}{rest}", preview.body["edit"]["id"].as_str().unwrap()))
}

/// What two people see of an order, without what grows with each change.
async fn seen(client: &Client, order: &PlacedOrder) -> Value {
    let mut body = client.get(&order.path("")).await.expect(200).body;
    for field in ["version", "updated_at", "history", "undo"] {
        body.as_object_mut().unwrap().remove(field);
    }
    body
}

/// Somebody's address on the order: the first line and one more.
async fn two_lines(shop: &Shop) -> PlacedOrder {
    let lines = json!([
        {"sku": "LIN-M", "title": "Linen dress", "variant": "sand, M", "quantity": 1, "unit_price": dinars(840_000)},
        {"sku": "SCA-R", "title": "Silk scarf", "quantity": 2, "unit_price": dinars(150_000), "discount": {"percent_ppm": 100_000}},
    ]);
    shop.order().with("lines", lines).await
}

both! {
    async fn an_agent_sells_more_during_the_call(shop: Shop) {
        let order = two_lines(&shop).await;
        let agent = shop.agent();
        let read = agent.get(&order.path("")).await.expect(200).body;
        let scarf = read["lines"][1]["id"].clone();
        let change = json!({
            "add_lines": [{"sku": "BAG-1", "title": "Bag", "quantity": 1, "unit_price": dinars(200_000)}],
            "change_lines": [{"line_id": scarf, "quantity": 3, "discount": {"percent_ppm": 100_000}}],
            "discount": {"amount": dinars(55_000)},
            "contact_name": "Amina B.",
            "note": "She wants the bag too",
        });
        let preview = begin(&agent, &order, change.clone()).await.expect(201);
        let body = &preview.body;
        // 8,400 + 3 × 1,500 less a tenth + 2,000, less 550, and 600 for delivery.
        assert_eq!((&body["before"]["total"], &body["after"]["total"]), (&dinars(1_170_000), &dinars(1_450_000)), "{preview}");
        assert_eq!((&body["total_difference"], &body["to_collect_difference"]), (&dinars(280_000), &dinars(280_000)));
        assert_eq!(body["fields"], json!(["lines", "discount", "contact_name"]));
        let steps: Vec<(&str, bool, bool)> =
            body["lines"].as_array().unwrap().iter().map(|line| (line["step"].as_str().unwrap(), line["before"].is_null(), line["after"].is_null())).collect();
        assert_eq!(steps, [("kept", false, false), ("changed", false, false), ("added", true, false)]);
        assert_eq!((&body["lines"][1]["before"]["quantity"], &body["lines"][1]["after"]["quantity"]), (&json!(2), &json!(3)));
        assert_eq!((&body["refusals"], &body["is_stale"], &body["edit"]["change"]["note"]), (&json!([]), &json!(false), &json!("She wants the bag too")));
        assert_eq!(seen(&agent, &order).await["total"], dinars(1_170_000), "looking changes nothing");
        let listed = agent.get(&order.path("/edits")).await.expect(200);
        assert_eq!((listed.items().len(), &listed.items()[0]["change"]["discount"]), (1, &json!({"amount": dinars(55_000)})));

        let applied = agent.clone().once("apply").post(&edit_path(&order, &preview, "/apply"), json!({"version": 1})).await.expect(200);
        let (now, undo_until) = (&applied.body["order"], &applied.body["undo_until"]);
        assert_eq!((&now["total"], &now["to_collect"], &now["line_count"], &now["item_count"], &now["version"]), (&dinars(1_450_000), &dinars(1_450_000), &json!(3), &json!(5), &json!(2)));
        assert_eq!((undo_until, &now["customer"]["name"]), (&json!("2026-11-21T09:00:10Z"), &json!("Amina B.")));
        let again = agent.clone().once("apply").post(&edit_path(&order, &preview, "/apply"), json!({"version": 1})).await.expect(200);
        assert_eq!((again.header("idempotent-replayed"), &again.text), ("true", &applied.text));
        assert_eq!(agent.post(&edit_path(&order, &preview, "/apply"), json!({})).await.expect(409).code(), "edit.applied");
        agent.get(&edit_path(&order, &preview, "")).await.expect(404);

        let history = agent.get(&order.path("/history")).await.expect(200);
        let event = history.items().last().unwrap();
        assert_eq!((&event["kind"], &event["text"]), (&json!("order.edited"), &json!("She wants the bag too")));
        assert_eq!(event["data"], json!({"order": order.id, "fields": ["lines", "discount", "contact_name"], "from_total": 1_170_000, "to_total": 1_450_000, "currency": "DZD"}));
        let changed: Vec<&str> = event["changes"].as_array().unwrap().iter().map(|change| change["field"].as_str().unwrap()).collect();
        assert_eq!(changed.iter().filter(|field| field.starts_with("lines.lin_")).count(), 2, "{changed:?}");
        assert_eq!(&changed[2..], ["discount", "contact_name", "total", "to_collect"]);
        assert!(!event["data"].to_string().contains("Amina"), "{event}");
        // It is found by what it says now.
        assert_eq!(agent.get("/api/v1/search?q=Amina%20B.").await.expect(200).items()[0]["id"], json!(order.id));
        assert_eq!(agent.get("/api/v1/search?q=BAG-1").await.expect(200).items()[0]["id"], json!(order.id));
        let customers = shop.admin().get(&format!("/api/v1/customers/{}", read["customer"]["id"].as_str().unwrap())).await.expect(200);
        assert_eq!(customers.body["totals"][0]["ordered"], dinars(1_450_000));
        figures_equal_lists(&shop.admin()).await;
        shop.assert_counters_true().await;
    }

    async fn an_edit_is_taken_back_within_its_seconds_and_leaves_nothing_else(shop: Shop) {
        let order = two_lines(&shop).await;
        let (agent, other) = (shop.agent(), shop.order().for_phone("Karim", "0770 99 00 11").await);
        let before = seen(&agent, &order).await;
        let lines = before["lines"].as_array().unwrap();
        let karim = shop.admin().get(&other.path("")).await.expect(200).body["customer"]["id"].clone();
        let change = json!({
            "replace_lines": [{"line_id": lines[0]["id"], "with": {"sku": "COAT", "title": "Coat", "quantity": 2, "unit_price": dinars(900_000), "is_backordered": true}}],
            "remove_lines": [lines[1]["id"]],
            "shipping_fee": dinars(0), "cod_fee": dinars(10_000), "customer_id": karim, "contact_phone": "0661 00 00 01",
            "shipping_address": {"line1": "Rue 2", "city": "Bab El Oued", "province": "Alger"},
        });
        let preview = begin(&agent, &order, change).await.expect(201);
        let applied = agent.post(&edit_path(&order, &preview, "/apply"), json!({})).await.expect(200);
        let now = &applied.body["order"];
        assert_eq!((&now["customer"]["id"], &now["customer"]["phone"], &now["shipping_address"]["province_key"]), (&karim, &json!("+213661000001"), &json!("DZ:16")));
        assert_eq!((&now["backordered_count"], &now["summary"], &now["total"]), (&json!(1), &json!("Coat × 2"), &dinars(1_810_000)));
        shop.assert_counters_true().await;

        let undo = json!({"event_id": applied.body["event_id"]});
        assert_eq!(shop.colleague().post(&order.path("/undo"), undo.clone()).await.expect(409).code(), "undo.not_yours");
        assert_eq!(agent.get(&order.path("")).await.expect(200).body["undo"]["event_id"], applied.body["event_id"]);
        shop.advance(10);
        agent.post(&order.path("/undo"), undo.clone()).await.expect(200);
        assert_eq!(seen(&agent, &order).await, before, "the same lines, totals, buyer and address");
        assert_eq!(agent.post(&order.path("/undo"), undo).await.expect(409).code(), "undo.not_last");
        let last = agent.get(&order.path("/history")).await.expect(200).items().last().unwrap().clone();
        assert_eq!((&last["kind"], &last["data"]["from_total"], &last["data"]["to_total"]), (&json!("order.edit_undone"), &json!(1_810_000), &json!(1_170_000)));

        let preview = begin(&agent, &order, json!({"shipping_fee": dinars(5)})).await.expect(201);
        let applied = agent.post(&edit_path(&order, &preview, "/apply"), json!({})).await.expect(200);
        shop.advance(11);
        assert_eq!(agent.post(&order.path("/undo"), json!({"event_id": applied.body["event_id"]})).await.expect(409).code(), "undo.too_late");
        figures_equal_lists(&shop.admin()).await;
    }

    async fn who_saved_later_sees_both_sides_and_merges_what_does_not_overlap(shop: Shop) {
        let order = two_lines(&shop).await;
        let (nadia, samir) = (shop.agent(), shop.colleague());
        let dress = nadia.get(&order.path("")).await.expect(200).body["lines"][0]["id"].clone();
        let hers = begin(&nadia, &order, json!({"change_lines": [{"line_id": dress, "quantity": 2}]})).await.expect(201);
        let his = begin(&samir, &order, json!({"shipping_fee": dinars(90_000), "contact_phone": "0661 00 00 01"})).await.expect(201);
        samir.post(&edit_path(&order, &his, "/apply"), json!({})).await.expect(200);

        let refused = nadia.post(&edit_path(&order, &hers, "/apply"), json!({})).await.expect(409);
        assert_eq!((refused.code(), &refused.body["version"]), ("edit.stale", &json!(2)), "{refused}");
        let sides = refused.body["differing"].as_array().unwrap();
        let fee = sides.iter().find(|one| one["field"] == "shipping_fee").unwrap();
        assert_eq!(*fee, json!({"field": "shipping_fee", "base": 60_000, "theirs": 90_000, "mine": null, "overlaps": false}));
        assert_eq!(sides.len(), 2, "{refused}");
        let looked = nadia.get(&edit_path(&order, &hers, "")).await.expect(200);
        assert_eq!((&looked.body["is_stale"], &looked.body["can_merge"], &looked.body["total_difference"]), (&json!(true), &json!(true), &dinars(840_000)));
        let masked = shop.role("agent").get(&edit_path(&order, &hers, "")).await.expect(200);
        assert!(!masked.text.contains("661000001") && masked.text.contains("•"), "{masked}");
        let merged = nadia.post(&edit_path(&order, &hers, "/apply"), json!({"merge": true})).await.expect(200);
        assert_eq!((&merged.body["order"]["shipping_fee"], &merged.body["order"]["item_count"]), (&dinars(90_000), &json!(4)));

        // Both at the same field: neither wins unseen.
        let hers = begin(&nadia, &order, json!({"shipping_fee": dinars(1)})).await.expect(201);
        let his = begin(&samir, &order, json!({"shipping_fee": dinars(2)})).await.expect(201);
        samir.post(&edit_path(&order, &his, "/apply"), json!({})).await.expect(200);
        let refused = nadia.post(&edit_path(&order, &hers, "/apply"), json!({"merge": true})).await.expect(409);
        assert_eq!((refused.code(), &refused.body["differing"]), ("edit.overlap", &json!([{"field": "shipping_fee", "base": 90_000, "theirs": 2, "mine": 1, "overlaps": true}])));
        let version = refused.body["version"].clone();
        let path = edit_path(&order, &hers, "");
        assert_eq!(nadia.put(&path, json!({"shipping_fee": dinars(1), "order_version": 1})).await.expect(409).body["fields"], json!(["order"]));
        let revised = nadia.put(&path, json!({"shipping_fee": dinars(1), "version": 1, "order_version": version})).await.expect(200);
        assert_eq!((&revised.body["is_stale"], &revised.body["edit"]["version"]), (&json!(false), &json!(2)));
        assert_eq!(nadia.clone().with_header("If-Match", "\"1\"").post(&format!("{path}/apply"), json!({})).await.expect(412).code(), "stale");
        nadia.clone().with_header("If-Match", "\"2\"").post(&format!("{path}/apply"), json!({})).await.expect(200);
        assert_eq!(seen(&nadia, &order).await["shipping_fee"], dinars(1));

        // A move that somebody made since is a difference, too; applying looks at where the order stands now.
        let late = begin(&nadia, &order, json!({"change_lines": [{"line_id": dress, "quantity": 9}], "shipping_fee": dinars(7)})).await.expect(201);
        for action in ["confirm", "process", "hand_over"] {
            shop.admin().post(&order.path(&format!("/{action}")), json!({})).await.expect(200);
        }
        let looked = nadia.get(&edit_path(&order, &late, "")).await.expect(200);
        assert_eq!(looked.body["refusals"][0], json!({"field": "lines", "code": "edit.field_closed", "message": "This cannot change while the order is SHIPPED."}));
        assert_eq!(looked.body["refusals"].as_array().unwrap().len(), 1, "the fee may change until delivery");
        assert_eq!(nadia.post(&edit_path(&order, &late, "/apply"), json!({"merge": true})).await.expect(409).code(), "edit.closed");
        nadia.delete(&edit_path(&order, &late, "")).await.expect(204);
        nadia.delete(&edit_path(&order, &late, "")).await.expect(204);
        assert_eq!(nadia.get(&order.path("/edits")).await.expect(200).body["total"], 0);
        figures_equal_lists(&shop.admin()).await;
    }

    async fn what_was_paid_stays_paid_when_the_total_changes(shop: Shop) {
        let order = two_lines(&shop).await;
        let admin = shop.admin();
        let pay = |amount: i64, reference: &'static str| {
            let (admin, path) = (admin.clone(), order.path("/transactions"));
            async move { admin.post(&path, json!({"kind": "payment", "state": "settled", "method": "card", "amount": dinars(amount), "reference": reference})).await.expect(201) }
        };
        pay(1_170_000, "A1").await;
        assert_eq!(seen(&admin, &order).await["payment_state"], "paid");
        let preview = begin(&admin, &order, json!({"shipping_fee": dinars(100_000)})).await.expect(201);
        assert_eq!((&preview.body["total_difference"], &preview.body["to_collect_difference"], &preview.body["after"]["payment_state"]), (&dinars(40_000), &dinars(40_000), &json!("unpaid")));
        let applied = admin.post(&edit_path(&order, &preview, "/apply"), json!({})).await.expect(200);
        assert_eq!((&applied.body["order"]["payment_state"], &applied.body["order"]["to_collect"]), (&json!("unpaid"), &dinars(40_000)));
        pay(40_000, "A2").await;
        admin.post(&order.path("/undo"), json!({"event_id": applied.body["event_id"]})).await.expect(200);
        let back = seen(&admin, &order).await;
        assert_eq!((&back["total"], &back["payment_state"], &back["to_collect"]), (&dinars(1_170_000), &json!("paid"), &dinars(0)));
    }

    async fn who_may_not_edit_or_not_see_hears_so(shop: Shop) {
        let order = two_lines(&shop).await;
        let preview = begin(&shop.agent(), &order, json!({"shipping_fee": dinars(5)})).await.expect(201);
        for (client, status) in [(shop.weak(), 403), (shop.role("shop_owner"), 403), (shop.foreigner(), 404), (shop.neighbour(), 404), (shop.nobody(), 401)] {
            begin(&client, &order, json!({})).await.expect(status);
            client.get(&order.path("/edits")).await.expect(status);
            client.get(&edit_path(&order, &preview, "")).await.expect(status);
            client.put(&edit_path(&order, &preview, ""), json!({})).await.expect(status);
            client.post(&edit_path(&order, &preview, "/apply"), json!({})).await.expect(status);
            client.delete(&edit_path(&order, &preview, "")).await.expect(status);
        }
        let other = shop.order().await;
        shop.agent().post(&edit_path(&other, &preview, "/apply"), json!({})).await.expect(404);
        let wrong = begin(&shop.agent(), &order, json!({"discount": {"amount": dinars(1), "percent_ppm": 1}, "colour": "red"})).await.expect(422);
        assert_eq!(wrong.fields(), ["colour: unknown_field"]);
        let wrong = begin(&shop.agent(), &order, json!({"discount": {}})).await.expect(422);
        assert_eq!(wrong.fields(), ["discount: discount.one"]);
        assert_eq!(shop.agent().reads("fr").post(&order.path("/edits"), json!({"remove_lines": ["lin_0000000000001"]})).await.expect(422).fields(), ["remove_lines[0]: unknown"]);
    }

    async fn only_test_orders_are_deleted(shop: Shop) {
        let manager = shop.manager();
        let placed = shop.order().await;
        let refused = manager.delete(&placed.path("")).await.expect(409);
        assert_eq!((refused.code(), refused.body["title"].as_str().unwrap()), ("order.delete_placed", "An order that was placed is kept. Cancel it or archive it."));
        let tried = shop.order().with("is_test", json!(true)).for_phone("Amina", "0550 77 66 55").with("note", json!("trying")).await;
        manager.post(&tried.path("/transactions"), json!({"kind": "payment", "method": "cod", "amount": dinars(5)})).await.expect(201);
        manager.post(&tried.path("/tracking"), json!({"status": "at_hub"})).await.expect(201);
        begin(&manager, &tried, json!({"shipping_fee": dinars(5)})).await.expect(201);
        manager.post(&tried.path("/cancel"), json!({"reason": "customer_changed_mind"})).await.expect(200);
        let kept = shop.order().with("is_test", json!(true)).delivered().await;
        manager.post(&kept.path("/archive"), json!({})).await.expect(200);

        shop.agent().delete(&tried.path("")).await.expect(403);
        shop.foreigner().delete(&tried.path("")).await.expect(404);
        for order in [&tried, &kept] {
            manager.delete(&order.path("")).await.expect(204);
            manager.get(&order.path("")).await.expect(404);
            manager.delete(&order.path("")).await.expect(404);
        }
        shop.advance(60);
        assert!(shop.run_jobs().await.failed.is_empty(), "nothing follows from an order that is gone");
        let trail = shop.admin().get(&format!("/api/v1/events?subject={}", tried.id)).await.expect(200);
        assert_eq!((&trail.items()[0]["kind"], &trail.items()[0]["data"]["number"]), (&json!("order.deleted"), &json!(tried.number)));
        figures_equal_lists(&shop.admin()).await;
        shop.assert_counters_true().await;
    }

    async fn five_hundred_lines_are_edited_over_the_api(shop: Shop) {
        let lines: Vec<Value> = (0..500).map(|n| json!({"sku": format!("S-{n}"), "title": format!("Thing {n}"), "quantity": 1, "unit_price": dinars(1_000 + n)})).collect();
        let order = shop.order().with("lines", json!(lines)).await;
        let admin = shop.admin();
        let read = admin.get(&order.path("")).await.expect(200).body;
        let all = read["lines"].as_array().unwrap();
        let change: Vec<Value> = all[1..].iter().map(|line| json!({"line_id": line["id"], "quantity": 2})).collect();
        let preview = begin(&admin, &order, json!({"change_lines": change, "remove_lines": [all[0]["id"]], "discount": {"percent_ppm": 30_000}})).await.expect(201);
        assert_eq!((&preview.body["after"]["line_count"], &preview.body["after"]["item_count"]), (&json!(499), &json!(998)));
        let applied = admin.post(&edit_path(&order, &preview, "/apply"), json!({})).await.expect(200);
        assert_eq!(applied.body["order"]["total"], preview.body["after"]["total"]);
        admin.post(&order.path("/undo"), json!({"event_id": applied.body["event_id"]})).await.expect(200);
        let back = admin.get(&order.path("")).await.expect(200).body;
        assert_eq!((&back["lines"], &back["total"]), (&read["lines"], &read["total"]));
    }
}
