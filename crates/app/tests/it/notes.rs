//! What people and machines write about an order, and the money that moves for it.

use serde_json::{Value, json};
use testkit::{Answer, PlacedOrder, Shop, both};

/// `payment settled 300000 A1`: kind, state, amount in centimes and, if there is one, the other side's number.
async fn pay(shop: &Shop, order: &PlacedOrder, movement: &str) -> Answer {
    let mut words = movement.split(' ');
    let mut next = || words.next();
    let mut body =
        json!({"kind": next(), "state": next(), "method": "card", "amount": {"amount": next().unwrap().parse::<i64>().unwrap(), "currency": "DZD"}});
    if let Some(reference) = next() {
        body["reference"] = json!(reference);
    }
    shop.manager().post(&order.path("/transactions"), body).await
}

both! {
    async fn notes_have_an_author_a_time_and_an_audience(shop: Shop) {
        let order = shop.order().await;
        let me = shop.agent().get("/api/v1/me").await.expect(200).body["user"]["id"].clone();
        shop.advance(60);
        shop.agent().post(&order.path("/notes"), json!({"text": " Wants it in blue ", "kind": "call", "data": {"duration_s": 95, "outcome": {"agreed": true}}})).await.expect(201);
        shop.advance(60);
        shop.role("shop_owner").post(&order.path("/notes"), json!({"audience": "customer", "text": "نرسله غدا"})).await.expect(201);

        let notes = shop.agent().get(&order.path("/notes")).await.expect(200);
        let [internal, visible] = notes.items() else { panic!("{notes}") };
        assert_eq!((&internal["text"], &internal["kind"], &internal["audience"]), (&json!("Wants it in blue"), &json!("call"), &json!("internal")));
        assert_eq!(internal["data"], json!({"duration_s": 95, "outcome": {"agreed": true}}));
        assert_eq!((&internal["author"], &internal["created_at"]), (&json!({"kind": "user", "id": me}), &json!("2026-11-21T09:01:00Z")));
        assert_eq!((&visible["text"], &visible["audience"]), (&json!("نرسله غدا"), &json!("customer")));
        let own = json!({"data": {"deep": 1}, "text": "mine", "kind": 7});
        let order_of_its_own = shop.order().await;
        shop.agent().post(&order_of_its_own.path("/notes"), json!({"text": "x", "data": own})).await.expect(201);
        let read = shop.agent().get(&order_of_its_own.path("/notes")).await.expect(200);
        assert_eq!((&read.items()[0]["data"], &read.items()[0]["text"], &read.items()[0]["kind"]), (&own, &json!("x"), &Value::Null), "whatever its names are");
        for (audience, text) in [("internal", "Wants it in blue"), ("customer", "نرسله غدا")] {
            let only = shop.agent().get(&order.path(&format!("/notes?audience={audience}"))).await.expect(200);
            assert_eq!((only.items().len(), &only.items()[0]["text"]), (1, &json!(text)));
        }
        let read = shop.agent().get(&order.path("")).await.expect(200).body;
        assert_eq!((&read["note_count"], read["notes"].as_array().unwrap().len()), (&json!(2), 2));
        let event = read["history"].as_array().unwrap().iter().find(|event| event["kind"] == "order.note_added").unwrap();
        assert!(!event.to_string().contains("blue"), "what a note says stands in the note alone: {event}");

        for (body, expected) in [
            (json!({"text": "  "}), "text: required"), (json!({}), "text: required"), (json!({"text": "x".repeat(10_001)}), "text: too_long"),
            (json!({"text": "x", "audience": "everybody"}), "audience: format"), (json!({"text": "x", "data": {"long": "x".repeat(17_000)}}), "data: too_long"),
            (json!({"text": "x", "data": {"deep": [{"a\u{0}": 1}]}}), "data: text.control"),
            (json!({"text": "x", "kind": "x".repeat(41)}), "kind: too_long"), (json!({"text": "x", "author": "me"}), "author: unknown_field"),
        ] {
            assert_eq!(shop.agent().post(&order.path("/notes"), body).await.expect(422).fields(), [expected]);
        }
        shop.role("agent_suivi").post(&order.path("/notes"), json!({"text": "seen"})).await.expect(201);
        shop.weak().post(&order.path("/notes"), json!({"text": "no"})).await.expect(403);
        let same = shop.agent().once("note");
        let first = same.post(&order.path("/notes"), json!({"text": "once"})).await.expect(201);
        assert_eq!(same.post(&order.path("/notes"), json!({"text": "once"})).await.expect(201).text, first.text);
        assert_eq!(shop.agent().get(&order.path("")).await.expect(200).body["note_count"], 4);
    }

    async fn tracking_entries_are_dated_and_do_not_move_the_order(shop: Shop) {
        let order = shop.order().shipped().await;
        let tracking = order.path("/tracking");
        shop.role("agent_suivi").post(&tracking, json!({"status": "at_hub", "place": "Oran", "text": "Arrived", "at": "2026-11-21T08:00:00Z", "source": "yalidine"})).await.expect(201);
        shop.role("shop_owner").post(&tracking, json!({"status": "picked_up", "at": "2026-11-20T16:00:00Z"})).await.expect(201);
        shop.agent().post(&tracking, json!({"status": "called the driver"})).await.expect(201);
        let entries = shop.agent().get(&tracking).await.expect(200);
        let shown: Vec<(&Value, &Value, &Value)> = entries.items().iter().map(|entry| (&entry["at"], &entry["status"], &entry["source"])).collect();
        assert_eq!(shown, [
            (&json!("2026-11-20T16:00:00Z"), &json!("picked_up"), &json!("staff")),
            (&json!("2026-11-21T08:00:00Z"), &json!("at_hub"), &json!("yalidine")),
            (&json!("2026-11-21T09:00:00Z"), &json!("called the driver"), &json!("staff")),
        ]);
        assert_eq!((&entries.items()[1]["place"], &entries.items()[1]["text"]), (&json!("Oran"), &json!("Arrived")));
        let read = shop.agent().get(&order.path("")).await.expect(200).body;
        assert_eq!((&read["state"], read["tracking_entries"].as_array().unwrap().len()), (&json!("SHIPPED"), 3));
        for (body, expected) in [
            (json!({"status": " "}), "status: required"), (json!({"status": "x", "at": "2026-11-22T09:00:00Z"}), "at: date.future"),
            (json!({"status": "x", "at": "2026-02-30T00:00:00Z"}), "at: format"), (json!({"status": "x", "place": "x".repeat(201)}), "place: too_long"),
        ] {
            assert_eq!(shop.agent().post(&tracking, body).await.expect(422).fields(), [expected]);
        }
        shop.weak().post(&tracking, json!({"status": "x"})).await.expect(403);
    }

    async fn what_a_model_decided_is_kept_with_its_reasons(shop: Shop) {
        let order = shop.order().await;
        let decision = json!({
            "source": "progress-rules", "should_progress": true, "next_state": "confirmed", "confidence_ppm": 920_000, "is_applied": false, "reasoning": "Called twice",
        });
        let decisions = order.path("/decisions");
        shop.manager().post(&decisions, decision.clone()).await.expect(204);
        let history = shop.agent().get(&order.path("/history")).await.expect(200);
        let event = history.items().last().unwrap();
        assert_eq!((&event["kind"], &event["text"]), (&json!("order.decision"), &json!("Called twice")));
        assert_eq!(event["changes"], json!([{"field": "source", "before": null, "after": "progress-rules"}]));
        assert_eq!(event["data"]["source"], Value::Null, "free words can be erased, so they stand in no sealed event");
        assert_eq!((&event["data"]["next_state"], &event["data"]["confidence_ppm"], &event["data"]["is_applied"]), (&json!("CONFIRMED"), &json!(920_000), &json!(false)));
        assert_eq!(shop.agent().get(&order.path("")).await.expect(200).body["state"], "PENDING", "deciding is not moving");
        shop.agent().post(&decisions, decision.clone()).await.expect(403);
        for (field, value, expected) in [
            ("confidence_ppm", json!(1_000_001), "confidence_ppm: percent"), ("confidence_ppm", json!(-1), "confidence_ppm: percent"), ("source", json!(""), "source: required"),
            ("next_state", json!("HEAVEN"), "next_state: format"), ("should_progress", json!("yes"), "should_progress: type"), ("reasoning", Value::Null, "reasoning: type"),
        ] {
            let mut wrong = decision.clone();
            wrong[field] = value;
            assert_eq!(shop.manager().post(&decisions, wrong).await.expect(422).fields(), [expected]);
        }
    }

    async fn what_is_paid_is_derived_from_the_money_that_moved(shop: Shop) {
        let order = shop.order().await;
        let state = async || {
            let read = shop.agent().get(&order.path("")).await.expect(200).body;
            (read["payment_state"].as_str().unwrap().to_owned(), read["to_collect"]["amount"].as_i64().unwrap())
        };
        assert_eq!(state().await, ("unpaid".to_owned(), 900_000));
        pay(&shop, &order, "payment settled 300000 A1").await.expect(201);
        assert_eq!(state().await, ("unpaid".to_owned(), 600_000), "the door collects the rest");
        pay(&shop, &order, "payment failed 600000 A2").await.expect(201);
        pay(&shop, &order, "payment pending 600000 A3").await.expect(201);
        assert_eq!(state().await, ("authorized".to_owned(), 600_000), "a promise is not money yet");
        let paid = pay(&shop, &order, "payment settled 600000 A4").await.expect(201);
        assert_eq!(state().await, ("paid".to_owned(), 0));
        // The same report again is the same money; another one under its name is refused.
        assert_eq!(pay(&shop, &order, "payment settled 600000 A4").await.expect(201).id(), paid.id());
        assert_eq!(pay(&shop, &order, "payment settled 1 A4").await.expect(409).code(), "transaction.reference");
        pay(&shop, &order, "refund settled 100000").await.expect(201);
        assert_eq!(state().await.0, "part_refunded");
        pay(&shop, &order, "refund settled 800000").await.expect(201);
        assert_eq!(state().await.0, "refunded");
        pay(&shop, &order, "chargeback settled 1").await.expect(201);
        assert_eq!(state().await.0, "charged_back");
        assert_eq!(shop.agent().get("/api/v1/orders?payment_state=charged_back").await.expect(200).body["total"], 1);

        let listed = shop.manager().get(&order.path("/transactions")).await.expect(200);
        let amounts: Vec<i64> = listed.items().iter().map(|one| one["amount"]["amount"].as_i64().unwrap()).collect();
        assert_eq!(amounts, [300_000, 600_000, 600_000, 600_000, 100_000, 800_000, 1]);
        assert_eq!((&listed.items()[0]["reference"], &listed.items()[0]["at"]), (&json!("A1"), &json!("2026-11-21T09:00:00Z")));
        let history = shop.admin().get(&order.path("/history")).await.expect(200);
        assert_eq!(history.items().iter().filter(|event| event["kind"] == "order.transaction").count(), 7);

        let money = |amount: i64, currency: &str| json!({"kind": "payment", "method": "cod", "amount": {"amount": amount, "currency": currency}});
        let mut late = money(1, "DZD");
        late["at"] = json!("2026-11-22T09:00:00Z");
        let mut long = money(1, "DZD");
        long["reference"] = json!("x".repeat(101));
        for (body, expected) in [
            (money(0, "DZD"), "amount: money.positive"), (money(-5, "DZD"), "amount: money.positive"), (money(5, "EUR"), "amount.currency: money.currency"), (late, "at: time.future"),
            (long, "reference: text.length"), (json!({"kind": "gift", "method": "cod", "amount": {"amount": 1, "currency": "DZD"}}), "kind: format"),
        ] {
            assert_eq!(shop.manager().post(&order.path("/transactions"), body).await.expect(422).fields(), [expected]);
        }
        shop.agent().post(&order.path("/transactions"), money(1, "DZD")).await.expect(403);
        shop.agent().get(&order.path("/transactions")).await.expect(403);
        shop.role("agent_suivi").get(&order.path("/transactions")).await.expect(200);
        shop.foreigner().post(&order.path("/transactions"), money(1, "DZD")).await.expect(404);
        let once = shop.manager().once("pay");
        let first = once.post(&order.path("/transactions"), money(7, "DZD")).await.expect(201);
        assert_eq!(once.post(&order.path("/transactions"), money(7, "DZD")).await.expect(201).text, first.text);
    }
}
