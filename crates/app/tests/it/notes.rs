//! What people and machines write about an order, and the money that moves for it.

use kernel::{Amount, OrderId, PaymentMethod, TransactionKind, TransactionState};
use payments::NewTransaction;
use serde_json::{Value, json};
use testkit::{PlacedOrder, Shop, both};

async fn pay(
    shop: &Shop,
    order: &PlacedOrder,
    kind: TransactionKind,
    state: TransactionState,
    amount: i64,
    reference: Option<&str>,
) -> Result<(), kernel::Error> {
    let id: OrderId = order.id.parse().unwrap();
    let new = NewTransaction {
        kind,
        state,
        method: PaymentMethod::Card,
        amount: Amount(amount),
        currency: "DZD".parse().unwrap(),
        reference: reference.map(str::to_owned),
        at: shop.now(),
    };
    shop.edge().await.write(move |tx, ctx| payments::record(tx, ctx, id, &new)).await.map(drop)
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
        use TransactionKind::{Chargeback, Payment, Refund};
        use TransactionState::{Failed, Pending, Settled};
        let order = shop.order().await;
        let state = async || {
            let read = shop.agent().get(&order.path("")).await.expect(200).body;
            (read["payment_state"].as_str().unwrap().to_owned(), read["to_collect"]["amount"].as_i64().unwrap())
        };
        assert_eq!(state().await, ("unpaid".to_owned(), 900_000));
        pay(&shop, &order, Payment, Settled, 300_000, Some("A1")).await.unwrap();
        assert_eq!(state().await, ("unpaid".to_owned(), 600_000), "the door collects the rest");
        pay(&shop, &order, Payment, Failed, 600_000, Some("A2")).await.unwrap();
        pay(&shop, &order, Payment, Pending, 600_000, Some("A3")).await.unwrap();
        assert_eq!(state().await, ("authorized".to_owned(), 0));
        pay(&shop, &order, Payment, Settled, 600_000, Some("A4")).await.unwrap();
        assert_eq!(state().await, ("paid".to_owned(), 0));
        // The same report again is the same money; another one under its name is refused.
        pay(&shop, &order, Payment, Settled, 600_000, Some("A4")).await.unwrap();
        assert_eq!(pay(&shop, &order, Payment, Settled, 1, Some("A4")).await.unwrap_err().code(), "transaction.reference");
        pay(&shop, &order, Refund, Settled, 100_000, None).await.unwrap();
        assert_eq!(state().await.0, "part_refunded");
        pay(&shop, &order, Refund, Settled, 800_000, None).await.unwrap();
        assert_eq!(state().await.0, "refunded");
        pay(&shop, &order, Chargeback, Settled, 1, None).await.unwrap();
        assert_eq!(state().await.0, "charged_back");
        assert_eq!(shop.agent().get("/api/v1/orders?payment_state=charged_back").await.expect(200).body["total"], 1);
        let history = shop.admin().get(&order.path("/history")).await.expect(200);
        assert_eq!(history.items().iter().filter(|event| event["kind"] == "order.transaction").count(), 7);
        assert_eq!(pay(&shop, &order, Payment, Settled, 0, None).await.unwrap_err().code(), "invalid");
    }
}
