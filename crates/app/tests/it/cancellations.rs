//! Orders that are called off: why, by whom, and how often.

use serde_json::{Value, json};
use testkit::{PlacedOrder, Shop, both};

async fn kept(shop: &Shop, order: &PlacedOrder) -> Vec<Value> {
    shop.agent().get(&order.path("/cancellations")).await.expect(200).items().to_vec()
}

async fn report(shop: &Shop, query: &str) -> Value {
    shop.admin().get(&format!("/api/v1/orders/cancellations?{query}")).await.expect(200).body
}

both! {
    async fn a_cancellation_has_a_reason_and_somebody_who_wanted_it(shop: Shop) {
        let order = shop.order().await;
        let cancel = order.path("/cancel");
        assert_eq!(shop.agent().post(&cancel, json!({})).await.expect(422).fields(), ["reason: required"]);
        assert_eq!(shop.agent().post(&cancel, json!({"reason": "She said no"})).await.expect(422).fields(), ["reason: reason.code"]);
        assert_eq!(shop.agent().post(&cancel, json!({"reason": "price", "cause": "nobody"})).await.expect(422).fields(), ["cause: format"]);
        let moved = shop.agent().post(&cancel, json!({"reason": "price", "note": "Found it cheaper", "cause": "customer"})).await.expect(200);
        assert_eq!(moved.body["order"]["state"], "CANCELLED");
        let [one] = &kept(&shop, &order).await[..] else { panic!("one cancellation") };
        assert_eq!((&one["reason"], &one["label"], &one["note"], &one["said"]), (&json!("price"), &json!("Price"), &json!("Found it cheaper"), &Value::Null));
        assert_eq!((&one["cause"], &one["by"]["kind"], &one["from_state"], &one["day"]), (&json!("customer"), &json!("user"), &json!("PENDING"), &json!("2026-11-21")));
        assert_eq!(one["against_customer"], false);

        // Words from before there was a list: one that stands for a reason, and one that says something new.
        let (known, unknown) = (shop.order().await, shop.order().await);
        shop.admin().post(&known.path("/moves"), json!({"action": "cancel", "reason": "customer_refused"})).await.expect(200);
        shop.admin().post("/orders/update-status", json!({"order_id": unknown.id, "status": "CANCELLED", "reason": "moved_to_paris"})).await.expect(200);
        let one = &kept(&shop, &known).await[0];
        assert_eq!((&one["reason"], &one["said"], &one["note"], &one["cause"]), (&json!("changed_mind"), &json!("customer_refused"), &Value::Null, &json!("staff")));
        let one = &kept(&shop, &unknown).await[0];
        assert_eq!((&one["reason"], &one["said"], &one["note"]), (&json!("other"), &json!("moved_to_paris"), &json!("moved_to_paris")));
        let progress = shop.agent().get(&unknown.path("/progress")).await.expect(200).body;
        assert_eq!(progress["timeline"].as_array().unwrap().last().unwrap()["reason"], "moved_to_paris", "the history says what was said");
    }

    async fn reopening_keeps_what_was_and_an_undo_leaves_nothing(shop: Shop) {
        let order = shop.order().await;
        shop.agent().post(&order.path("/cancel"), json!({"reason": "unreachable"})).await.expect(200);
        shop.advance(60);
        let reopened = shop.agent().post(&order.path("/reopen"), json!({})).await.expect(200);
        assert_eq!(kept(&shop, &order).await[0]["reopened_at"], "2026-11-21T09:01:00Z");
        let figures = report(&shop, "").await;
        assert_eq!((&figures["total"], &figures["reopened"]), (&json!(1), &json!(1)));
        shop.agent().post(&order.path("/undo"), json!({"event_id": reopened.body["event_id"]})).await.expect(200);
        assert_eq!((&kept(&shop, &order).await[0]["reopened_at"], &report(&shop, "").await["reopened"]), (&Value::Null, &json!(0)));
        shop.advance(60);
        shop.agent().post(&order.path("/reopen"), json!({})).await.expect(200);
        shop.agent().post(&order.path("/cancel"), json!({"reason": "duplicate"})).await.expect(200);
        assert_eq!(kept(&shop, &order).await.iter().map(|one| one["reason"].as_str().unwrap()).collect::<Vec<_>>(), ["unreachable", "duplicate"]);

        let other = shop.order().await;
        let cancelled = shop.agent().post(&other.path("/cancel"), json!({"reason": "test"})).await.expect(200);
        shop.agent().post(&other.path("/undo"), json!({"event_id": cancelled.body["event_id"]})).await.expect(200);
        assert_eq!(kept(&shop, &other).await.len(), 0);
        let figures = report(&shop, "").await;
        assert_eq!((&figures["total"], &figures["reopened"], figures["by_reason"].as_array().unwrap().len()), (&json!(2), &json!(1), 2));
    }

    async fn cancellations_are_counted_by_reason_cause_and_day(shop: Shop) {
        let cancel = async |order: &PlacedOrder, reason: &str, cause: Option<&str>| {
            shop.admin().post(&order.path("/cancel"), json!({"reason": reason, "cause": cause})).await.expect(200);
        };
        cancel(&shop.order().await, "price", Some("customer")).await;
        cancel(&shop.order().await, "price", None).await;
        cancel(&shop.order().in_second_store().await, "fraud", Some("rule")).await;
        // Still the 21st in London, the 22nd in Algiers.
        shop.advance(14 * 3_600 + 1_800);
        cancel(&shop.order().await, "price", Some("customer")).await;
        let all = report(&shop, "").await;
        assert_eq!((&all["total"], &all["by_cause"]), (&json!(4), &json!({"staff": 1, "customer": 2, "rule": 1})));
        assert_eq!(all["by_day"], json!([{"day": "2026-11-21", "total": 3}, {"day": "2026-11-22", "total": 1}]));
        let reasons = all["by_reason"].as_array().unwrap();
        assert_eq!((&reasons[0]["reason"], &reasons[0]["total"], &reasons[0]["share_ppm"]), (&json!("price"), &json!(3), &json!(750_000)));
        assert_eq!(reasons[0]["by_cause"], json!({"staff": 1, "customer": 2}));
        assert_eq!((&reasons[1]["reason"], &reasons[1]["against_customer"], &reasons[1]["label"]), (&json!("fraud"), &json!(true), &json!("Suspected fraud")));
        assert_eq!(report(&shop, "from=2026-11-22&to=2026-11-22").await["total"], 1);
        assert_eq!(report(&shop, "to=2026-11-20").await["total"], 0);
        assert_eq!(report(&shop, &format!("store_id={}", shop.second())).await["total"], 1);
        // What one does not see is not counted.
        assert_eq!(shop.role("shop_owner").get("/api/v1/orders/cancellations").await.expect(200).body["total"], 3);
        shop.agent().get("/api/v1/orders/cancellations").await.expect(403);
        for (query, expected) in [
            ("from=2026-11-22&to=2026-11-21", "to: calendar.range"), ("from=2020-01-01&to=2026-01-01", "from: date.too_early"), ("from=soon", "from: format"),
            ("store_id=sto_0000000000001", "store_id: unknown"), ("colour=red", "colour: unknown_field"),
        ] {
            let admin = if query.starts_with("store") { shop.role("shop_owner") } else { shop.admin() };
            assert_eq!(admin.get(&format!("/api/v1/orders/cancellations?{query}")).await.expect(422).fields(), [expected]);
        }
    }

    async fn the_team_decides_which_reasons_there_are_and_what_they_mean(shop: Shop) {
        let reasons = shop.agent().reads("fr").get("/api/v1/cancellation-reasons").await.expect(200);
        let codes: Vec<&str> = reasons.items().iter().map(|reason| reason["code"].as_str().unwrap()).collect();
        assert_eq!(codes, ["changed_mind", "duplicate", "unreachable", "wrong_number", "out_of_stock", "price", "delivery_time", "fraud", "test", "other"]);
        assert!(reasons.items().iter().all(|reason| reason["labels"].as_object().unwrap().len() == 4 && reason.get("open").is_none()), "{reasons}");
        assert_eq!(reasons.items()[0]["label"], "Le client a changé d’avis");
        let new = json!({"code": "joke", "labels": {"en": "A joke"}, "needs_note": true, "against_customer": true});
        shop.admin().post("/api/v1/cancellation-reasons", new).await.expect(201);
        let order = shop.order().for_phone("Nour", "0770112233").await;
        assert_eq!(shop.agent().post(&order.path("/cancel"), json!({"reason": "joke"})).await.expect(422).fields(), ["note: required"]);
        shop.agent().post(&order.path("/cancel"), json!({"reason": "joke", "note": "Laughed"})).await.expect(200);
        shop.admin().patch("/api/v1/cancellation-reasons/joke", json!({"is_archived": true, "against_customer": false, "version": 1})).await.expect(200);
        let next = shop.order().for_phone("Nour", "0770112233").await;
        assert_eq!(shop.agent().post(&next.path("/cancel"), json!({"reason": "joke", "note": "x"})).await.expect(422).fields(), ["reason: reason.archived"]);
        shop.agent().post(&next.path("/cancel"), json!({"reason": "out_of_stock"})).await.expect(200);

        let customer = order.body["customer"]["id"].as_str().unwrap();
        let theirs = shop.agent().get(&format!("/api/v1/customers/{customer}/cancellations")).await.expect(200);
        let shown: Vec<(&Value, &Value)> = theirs.items().iter().map(|one| (&one["reason"], &one["against_customer"])).collect();
        assert_eq!(shown, [(&json!("out_of_stock"), &json!(false)), (&json!("joke"), &json!(true))], "what counted then still counts");
        let id = customer.parse().unwrap();
        let against = async || shop.edge().await.read(move |tx, _| orders::cancellations::count_against(tx, id)).await.unwrap();
        assert_eq!(against().await, 1);
        shop.agent().post(&order.path("/reopen"), json!({})).await.expect(200);
        assert_eq!(against().await, 0, "a reopened order is forgiven");
        shop.neighbour().get(&format!("/api/v1/customers/{customer}/cancellations")).await.expect(404);
        shop.neighbour().get(&order.path("/cancellations")).await.expect(404);
    }

    async fn urgency_is_placed_changed_listed_and_kept_in_the_history(shop: Shop) {
        let order = shop.order().with("priority", json!("urgent")).await;
        assert_eq!(shop.order().await.body["priority"], "normal", "as usual when nothing is said");
        for priority in ["low", "high"] {
            let read = shop.agent().get(&order.path("")).await.expect(200).body;
            let changed = shop.agent().patch(&order.path(""), json!({"priority": priority, "version": read["version"]})).await.expect(200);
            assert_eq!(changed.body["priority"], priority);
            assert_eq!(shop.agent().get(&format!("/api/v1/orders?priority={priority}")).await.expect(200).items()[0]["id"], order.id);
        }
        assert_eq!(shop.agent().patch(&order.path(""), json!({"priority": "huge", "version": 3})).await.expect(422).fields(), ["priority: format"]);
        let history = shop.agent().get(&order.path("/history")).await.expect(200);
        let changes: Vec<&Value> = history.items().iter().filter(|event| event["kind"] == "order.changed").map(|event| &event["changes"]).collect();
        assert_eq!(changes, [&json!([{"field": "priority", "before": "urgent", "after": "low"}]), &json!([{"field": "priority", "before": "low", "after": "high"}])]);
        let sorted = shop.agent().get("/api/v1/orders?sort=priority").await.expect(200);
        assert_eq!(sorted.items()[0]["id"], order.id);
    }
}
