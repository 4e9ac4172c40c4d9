//! Orders move by the table and by nothing else; who moved one may take it back for a moment.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use kernel::{OrderAction, OrderState, Permission};
use orders::state::{self, TRANSITIONS};
use serde_json::{Value, json};
use testkit::{Answer, Client, PlacedOrder, Shop, both};

/// What leads from PENDING to a state.
fn way_to(state: OrderState) -> &'static [&'static str] {
    match state {
        OrderState::Pending => &[],
        OrderState::Confirmed => &["confirm"],
        OrderState::Backordered => &["backorder"],
        OrderState::Processing => &["process"],
        OrderState::Shipped => &["process", "hand_over"],
        OrderState::OutForDelivery => &["process", "hand_over", "out_for_delivery"],
        OrderState::Delivered => &["process", "hand_over", "deliver"],
        OrderState::ReturnRequested => &["process", "hand_over", "deliver", "request_return"],
        OrderState::ReturnApproved => &["process", "hand_over", "deliver", "request_return", "approve_return"],
        OrderState::Returned => &["process", "hand_over", "return_to_sender"],
        OrderState::Refunded => &["process", "hand_over", "deliver", "refund"],
        OrderState::Cancelled => &["cancel"],
    }
}

/// An order that stands there.
async fn order_in(shop: &Shop, state: OrderState) -> PlacedOrder {
    let mut order = shop.order().await;
    for action in way_to(state) {
        let moved = shop.admin().post(&order.path(&format!("/{action}")), json!({"reason": "test"})).await.expect(200);
        order = PlacedOrder::of(moved.body["order"].clone());
    }
    assert_eq!(order.body["state"], state.as_str());
    order
}

/// A key that may do everything but this.
async fn without(shop: &Shop, permission: Permission) -> Client {
    let scopes: Vec<&str> = Permission::ALL.iter().filter(|one| **one != permission).map(|one| one.as_str()).collect();
    let made = shop.admin().post("/api/v1/api-keys", json!({"name": format!("all but {permission}"), "scopes": scopes})).await.expect(201);
    shop.bearer(made.body["secret"].as_str().unwrap())
}

async fn history(shop: &Shop, order: &PlacedOrder) -> Vec<Value> {
    shop.admin().get(&order.path("/history")).await.expect(200).items().to_vec()
}

async fn waiting_jobs(shop: &Shop, kind: &str) -> usize {
    shop.admin().get(&format!("/api/v1/jobs?kind={kind}&state=waiting")).await.expect(200).items().len()
}

#[track_caller]
fn conflict(answer: &Answer, code: &str) {
    assert_eq!((answer.status, answer.code()), (409, code), "{answer}");
}

fn event_of(moved: &Answer) -> Value {
    json!({"event_id": moved.body["event_id"]})
}

both! {
    async fn every_row_of_the_table_needs_its_right_and_its_reason(shop: Shop) {
        let mut weak: BTreeMap<Permission, Client> = BTreeMap::new();
        for row in TRANSITIONS {
            if let Entry::Vacant(vacant) = weak.entry(row.permission) {
                vacant.insert(without(&shop, row.permission).await);
            }
            let what = format!("{} {}", row.from, row.action);
            let order = order_in(&shop, row.from).await;
            let path = order.path(&format!("/{}", row.action));
            let offered = json!({"action": row.action, "to": row.to, "needs_reason": row.needs_reason});
            assert!(order.body["actions"].as_array().unwrap().contains(&offered), "{what} is offered");
            let seen = weak[&row.permission].get(&order.path("")).await.expect(200);
            assert!(!seen.body["actions"].as_array().unwrap().contains(&offered), "{what} is not offered without the right");

            let answer = weak[&row.permission].post(&path, json!({"reason": "test"})).await;
            assert_eq!((answer.status, answer.code()), (403, "forbidden"), "{what}: {answer}");
            if row.needs_reason {
                let answer = shop.admin().post(&path, json!({})).await;
                assert_eq!((answer.status, answer.fields()), (422, vec!["reason: required".to_owned()]), "{what}: {answer}");
            }
            let untouched = shop.admin().get(&order.path("")).await.expect(200);
            assert_eq!(untouched.body["version"], order.version, "{what}");

            let body = if row.needs_reason { json!({"reason": "wrong_size", "note": "said so"}) } else { json!({}) };
            let moved = shop.admin().post(&path, body).await.expect(200);
            assert_eq!(moved.body["order"]["state"], row.to.as_str(), "{what}");
            assert_eq!(moved.body["order"]["progress"], json!(row.to.progress()), "{what}");
            let last = history(&shop, &order).await.pop().unwrap();
            let reason = if row.needs_reason { json!("wrong_size") } else { Value::Null };
            let data = json!({"order": order.id, "action": row.action, "from": row.from, "to": row.to, "reason": reason});
            assert_eq!((&last["kind"], &last["data"]), (&json!("order.moved"), &data), "{what}");
        }
    }

    async fn what_is_not_in_the_table_is_a_conflict_and_changes_nothing(shop: Shop) {
        for from in OrderState::ALL {
            let order = order_in(&shop, *from).await;
            let allowed: Vec<&str> = state::actions(*from).map(|row| row.action.as_str()).collect();
            for action in OrderAction::ALL.iter().filter(|action| !allowed.contains(&action.as_str())) {
                let answer = shop.admin().post(&order.path(&format!("/{action}")), json!({"reason": "test"})).await;
                conflict(&answer, "order.state");
                assert!(answer.body["title"].as_str().unwrap().contains(&allowed.join(", ")), "{answer}");
            }
            for to in OrderState::ALL.iter().filter(|to| !state::actions(*from).any(|row| row.to == **to)) {
                conflict(&shop.admin().post(&order.path("/moves"), json!({"to": to, "reason": "test"})).await, "order.state");
            }
            let after = shop.admin().get(&order.path("")).await.expect(200);
            assert_eq!((&after.body["version"], &after.body["state"]), (&json!(order.version), &json!(from)), "nothing moved");
        }
    }

    async fn a_move_can_name_its_action_or_the_state_it_leads_to(shop: Shop) {
        let order = shop.order().await;
        let moves = order.path("/moves");
        let moved = shop.admin().post(&moves, json!({"action": "confirm"})).await.expect(200);
        assert_eq!((&moved.body["order"]["state"], &moved.body["order"]["confirmation"]), (&json!("CONFIRMED"), &json!("confirmed")));
        shop.admin().post(&moves, json!({"to": "processing"})).await.expect(200);
        shop.admin().post(&moves, json!({"to": "SHIPPED"})).await.expect(200);
        // Accepted, never stored.
        let moved = shop.admin().post(&moves, json!({"to": "fulfilled"})).await.expect(200);
        assert_eq!((&moved.body["order"]["state"], &moved.body["order"]["shipping_state"]), (&json!("DELIVERED"), &json!("delivered")));
        assert_eq!(shop.admin().get("/api/v1/orders?state=fulfilled").await.expect(200).body["total"], 1);
        for body in [json!({}), json!({"action": "refund", "to": "REFUNDED"})] {
            assert_eq!(shop.admin().post(&moves, body).await.expect(422).fields(), ["action: move.one"]);
        }
        for (body, expected) in [
            (json!({"action": "explode"}), "action: format"), (json!({"to": "LOST"}), "to: format"), (json!({"action": "refund", "reason": "Broken!"}), "reason: reason.code"),
            (json!({"action": "refund", "reason": ""}), "reason: reason.code"), (json!({"action": "refund", "reason": "x", "note": "x".repeat(10_001)}), "note: too_long"),
            (json!({"action": "refund", "version": "1"}), "version: type"),
        ] {
            assert_eq!(shop.admin().post(&moves, body).await.expect(422).fields(), [expected]);
        }
        shop.weak().post(&moves, json!({"action": "refund", "reason": "test"})).await.expect(403);
        shop.weak().post(&moves, json!({"to": "REFUNDED", "reason": "test"})).await.expect(403);
    }

    async fn each_move_is_recorded_with_who_when_and_why(shop: Shop) {
        let order = shop.order().await;
        shop.advance(60);
        shop.agent().post(&order.path("/confirm"), json!({"note": "Call after 17:00"})).await.expect(200);
        shop.advance(60);
        let key = shop.admin().post("/api/v1/api-keys", json!({"name": "bot"})).await.expect(201);
        let bot = shop.bearer(key.body["secret"].as_str().unwrap());
        bot.post(&order.path("/cancel"), json!({"reason": "out_of_stock", "note": "No more sand"})).await.expect(200);

        // Kafila itself moves, too.
        let id = order.id.parse().unwrap();
        shop.edge().await.write(move |tx, ctx| orders::reopen(tx, ctx, id)).await.unwrap();

        let history = history(&shop, &order).await;
        let [placed, confirmed, cancelled, reopened] = history.as_slice() else { panic!("{history:?}") };
        assert_eq!((&placed["kind"], &placed["at"]), (&json!("order.placed"), &json!("2026-11-21T09:00:00Z")));
        assert_eq!((&confirmed["at"], &confirmed["automated"], &confirmed["text"]), (&json!("2026-11-21T09:01:00Z"), &json!(false), &json!("Call after 17:00")));
        let agent = shop.agent().get("/api/v1/me").await.expect(200).body["user"]["id"].clone();
        assert_eq!(confirmed["actor"], json!({"kind": "user", "id": agent}));
        assert_eq!((&confirmed["data"]["from"], &confirmed["data"]["to"]), (&json!("PENDING"), &json!("CONFIRMED")));
        assert_eq!((&cancelled["actor"]["kind"], &cancelled["automated"]), (&json!("api_key"), &json!(false)));
        assert_eq!((&cancelled["data"]["reason"], &cancelled["text"]), (&json!("out_of_stock"), &json!("No more sand")));
        assert_eq!((&reopened["actor"], &reopened["automated"]), (&json!({"kind": "system", "id": null}), &json!(true)));
        assert!(cancelled["request_id"].is_string() && confirmed["session_id"].is_string());

        let progress = shop.agent().get(&order.path("/progress")).await.expect(200);
        let steps: Vec<String> = progress.body["timeline"].as_array().unwrap().iter()
            .map(|step| format!("{} {} {} {}", step["from"], step["to"], step["automated"], step["timestamp"])).collect();
        assert_eq!(steps, [
            r#"null "PENDING" false "2026-11-21T09:00:00Z""#, r#""PENDING" "CONFIRMED" false "2026-11-21T09:01:00Z""#,
            r#""CONFIRMED" "CANCELLED" false "2026-11-21T09:02:00Z""#, r#""CANCELLED" "PENDING" true "2026-11-21T09:02:00Z""#,
        ]);
        assert_eq!((&progress.body["timeline"][2]["reason"], &progress.body["timeline"][1]["notes"]), (&json!("out_of_stock"), &json!("Call after 17:00")));
    }

    async fn progress_is_a_percentage_the_next_state_and_the_way_so_far(shop: Shop) {
        let order = shop.order().await;
        let progress = async || {
            let answer = shop.agent().get(&order.path("/progress")).await.expect(200).body;
            (answer["percentage"].as_i64(), answer["current_status"].as_str().unwrap().to_owned(), answer["next_status"].as_str().map(str::to_owned), answer["timeline"].as_array().unwrap().len())
        };
        let expected = |percentage: i64, current: &str, next: Option<&str>, steps: usize| (Some(percentage), current.to_owned(), next.map(str::to_owned), steps);
        assert_eq!(progress().await, expected(25, "PENDING", Some("CONFIRMED"), 1));
        let stages = [
            ("confirm", 35, "CONFIRMED", Some("PROCESSING")), ("process", 50, "PROCESSING", Some("SHIPPED")), ("hand_over", 75, "SHIPPED", Some("OUT_FOR_DELIVERY")),
            ("out_for_delivery", 90, "OUT_FOR_DELIVERY", Some("DELIVERED")), ("deliver", 100, "DELIVERED", None),
        ];
        for (place, (action, percentage, state, next)) in stages.into_iter().enumerate() {
            shop.admin().post(&order.path(&format!("/{action}")), json!({})).await.expect(200);
            assert_eq!(progress().await, expected(percentage, state, next, place + 2));
        }
        shop.admin().post(&order.path("/request_return"), json!({"reason": "too_small"})).await.expect(200);
        assert_eq!(progress().await, (None, "RETURN_REQUESTED".to_owned(), Some("RETURN_APPROVED".to_owned()), 7));
    }

    async fn a_move_is_taken_back_by_its_actor_within_ten_seconds(shop: Shop) {
        let order = shop.order().await;
        let before = shop.admin().get(&order.path("")).await.expect(200).body;
        let moved = shop.agent().post(&order.path("/confirm"), json!({})).await.expect(200);
        assert_eq!(moved.body["undo_until"], "2026-11-21T09:00:10Z");
        assert_eq!(waiting_jobs(&shop, "notify_customer").await, 1);
        let offered = shop.agent().get(&order.path("")).await.expect(200);
        assert_eq!(offered.body["undo"], json!({"event_id": moved.body["event_id"], "until": "2026-11-21T09:00:10Z"}));
        assert!(shop.colleague().get(&order.path("")).await.expect(200).body["undo"].is_null());

        shop.advance(9);
        // Nothing has gone out: effects outside wait for the same ten seconds.
        assert!(shop.run_jobs().await.failed.is_empty());
        assert_eq!(waiting_jobs(&shop, "notify_customer").await, 1);
        let undone = shop.agent().post(&order.path("/undo"), event_of(&moved)).await.expect(200);
        for field in ["state", "confirmation", "shipping_state", "moved_at", "progress", "total"] {
            assert_eq!(undone.body[field], before[field], "{field}");
        }
        assert_eq!(waiting_jobs(&shop, "notify_customer").await, 0);
        shop.advance(3_600);
        shop.run_jobs().await;
        let progress = shop.agent().get(&order.path("/progress")).await.expect(200);
        assert_eq!(progress.body["notifications"], json!([]));
        let last = progress.body["timeline"].as_array().unwrap().last().unwrap().clone();
        assert_eq!((&last["is_undo"], &last["from"], &last["to"]), (&json!(true), &json!("CONFIRMED"), &json!("PENDING")));
        // It can be confirmed again, and the customer hears it once.
        conflict(&shop.agent().post(&order.path("/undo"), event_of(&moved)).await, "undo.not_last");
        shop.agent().post(&order.path("/confirm"), json!({})).await.expect(200);
        shop.advance(11);
        shop.run_jobs().await;
        let progress = shop.agent().get(&order.path("/progress")).await.expect(200);
        assert_eq!(progress.body["notifications"].as_array().unwrap().len(), 1);
    }

    async fn nobody_else_takes_a_move_back_nor_later_nor_out_of_turn(shop: Shop) {
        let order = shop.order().await;
        let moved = shop.agent().post(&order.path("/confirm"), json!({})).await.expect(200);
        let undo = order.path("/undo");
        conflict(&shop.colleague().post(&undo, event_of(&moved)).await, "undo.not_yours");
        conflict(&shop.admin().post(&undo, event_of(&moved)).await, "undo.not_yours");
        assert_eq!(shop.neighbour().post(&undo, event_of(&moved)).await.status, 404);
        assert_eq!(shop.foreigner().post(&undo, event_of(&moved)).await.status, 404);
        let other = shop.order().await;
        assert_eq!(shop.agent().post(&other.path("/undo"), event_of(&moved)).await.status, 404, "the event of another order");
        assert_eq!(shop.agent().get(&order.path("")).await.expect(200).body["state"], "CONFIRMED", "and that order stays moved");
        let placed = history(&shop, &order).await[0]["id"].clone();
        assert_eq!(shop.admin().post(&undo, json!({"event_id": placed})).await.status, 404, "placing is no move");
        assert_eq!(shop.agent().post(&undo, json!({"event_id": "evt_0000000000001"})).await.status, 404);
        assert_eq!(shop.agent().post(&undo, json!({})).await.fields(), ["event_id: required"]);

        // Ten seconds are still in time, a moment more is not.
        shop.advance(11);
        conflict(&shop.agent().post(&undo, event_of(&moved)).await, "undo.too_late");
        let processed = shop.admin().post(&order.path("/process"), json!({})).await.expect(200);
        let shipped = shop.admin().post(&order.path("/hand_over"), json!({})).await.expect(200);
        conflict(&shop.admin().post(&undo, event_of(&processed)).await, "undo.not_last");
        shop.advance(10);
        shop.admin().post(&undo, event_of(&shipped)).await.expect(200);

        // What has gone out cannot be taken back, however young.
        let shipped = shop.admin().post(&order.path("/hand_over"), json!({})).await.expect(200);
        shop.advance(10);
        shop.run_jobs().await;
        conflict(&shop.admin().post(&undo, event_of(&shipped)).await, "undo.too_late");
        assert_eq!(shop.admin().get(&order.path("")).await.expect(200).body["state"], "SHIPPED");
    }

    async fn the_organization_decides_how_long_a_move_can_be_taken_back(shop: Shop) {
        let set = async |seconds: i64| shop.admin().put("/api/v1/settings/orders", json!({"value": {"undo_seconds": seconds}})).await;
        set(60).await.expect(200);
        let order = shop.order().await;
        let moved = shop.admin().post(&order.path("/confirm"), json!({})).await.expect(200);
        assert_eq!(moved.body["undo_until"], "2026-11-21T09:01:00Z");
        shop.advance(60);
        shop.admin().post(&order.path("/undo"), event_of(&moved)).await.expect(200);
        set(0).await.expect(200);
        let moved = shop.admin().post(&order.path("/confirm"), json!({})).await.expect(200);
        assert!(moved.body["undo_until"].is_null());
        shop.advance(1);
        conflict(&shop.admin().post(&order.path("/undo"), event_of(&moved)).await, "undo.too_late");
        assert_eq!(set(301).await.expect(422).fields(), ["value.undo_seconds: setting.range"]);
    }

    async fn the_customer_hears_of_a_move_unless_the_caller_says_not_to(shop: Shop) {
        let customer = json!({"name": "Amina", "email": "amina@example.dz", "language": "fr"});
        let order = shop.order().with("customer", customer).await;
        let silent = json!({"order_id": order.id, "status": "confirmed", "notify_customer": false, "notes": "by phone"});
        shop.admin().post("/orders/update-status", silent).await.expect(200);
        assert_eq!(waiting_jobs(&shop, "notify_customer").await, 0);
        shop.admin().post(&order.path("/process"), json!({})).await.expect(200);
        assert_eq!(waiting_jobs(&shop, "notify_customer").await, 0, "PROCESSING is not among the states that customers hear of");
        let loud = json!({"order_id": order.id, "status": "SHIPPED", "notify_customer": true});
        shop.admin().post("/orders/update-status", loud).await.expect(200);
        assert_eq!(waiting_jobs(&shop, "notify_customer").await, 1);
        shop.admin().post(&order.path("/deliver"), json!({"notify": false})).await.expect(200);
        assert_eq!(waiting_jobs(&shop, "notify_customer").await, 1);
        // The settings decide which states are told at all.
        shop.admin().put("/api/v1/settings/orders", json!({"value": {"notifiable_states": ["REFUNDED"]}})).await.expect(200);
        let quiet = shop.order().await;
        shop.admin().post(&quiet.path("/confirm"), json!({})).await.expect(200);
        assert_eq!(waiting_jobs(&shop, "notify_customer").await, 1);
    }

    async fn held_orders_and_missing_goods_wait(shop: Shop) {
        let held = shop.order().confirmed().await;
        let hold = async || shop.admin().post(&held.path("/holds"), json!({"kind": "stock"})).await.expect(201).body["hold"]["id"].as_str().unwrap().to_owned();
        let release = async |id: String| drop(shop.admin().post(&held.path(&format!("/holds/{id}/release")), json!({})).await.expect(200));
        let holds = [hold().await, hold().await];
        conflict(&shop.admin().post(&held.path("/process"), json!({})).await, "order.held");
        assert_eq!(shop.admin().get("/api/v1/orders?held=true").await.expect(200).items()[0]["id"], held.id);
        for id in holds {
            release(id).await;
        }
        shop.admin().post(&held.path("/process"), json!({})).await.expect(200);
        hold().await;
        conflict(&shop.admin().post(&held.path("/hand_over"), json!({})).await, "order.held");
        shop.admin().post(&held.path("/cancel"), json!({"reason": "fraud"})).await.expect(200);

        let line = |sku: &str, waits: bool| json!({"sku": sku, "title": sku, "quantity": 1, "is_backordered": waits, "unit_price": {"amount": 100, "currency": "DZD"}});
        let order = shop.order().with("lines", json!([line("HERE", false), line("GONE", true)])).await;
        assert_eq!(order.body["backordered_count"], 1);
        conflict(&shop.admin().post(&order.path("/process"), json!({})).await, "order.backordered");
        shop.agent().post(&order.path("/backorder"), json!({})).await.expect(200);
        conflict(&shop.agent().post(&order.path("/restock"), json!({})).await, "order.backordered");
        let read = shop.agent().get(&order.path("")).await.expect(200).body;
        let states: Vec<&str> = read["lines"].as_array().unwrap().iter().map(|line| line["state"].as_str().unwrap()).collect();
        assert_eq!(states, ["READY", "BACKORDERED"]);
        let state_of = |line: usize| order.path(&format!("/lines/{}/state", read["lines"][line]["id"].as_str().unwrap()));
        shop.role("agent").post(&state_of(1), json!({"state": "READY"})).await.expect(403);
        conflict(&shop.agent().post(&state_of(1), json!({"state": "RETURNED"})).await, "line.state");
        assert_eq!(shop.agent().post(&state_of(1), json!({"state": "GONE"})).await.expect(422).fields(), ["state: format"]);
        let ready = shop.agent().post(&state_of(1), json!({"state": "READY"})).await.expect(200);
        assert_eq!(ready.body["backordered_count"], 0);
        assert_eq!(shop.agent().post(&order.path("/lines/lin_0000000000001/state"), json!({"state": "READY"})).await.status, 404);
        shop.agent().post(&order.path("/restock"), json!({})).await.expect(200);
        shop.admin().post(&order.path("/process"), json!({})).await.expect(200);
        let last = history(&shop, &order).await.into_iter().rfind(|event| event["kind"] == "order.line_moved").unwrap();
        assert_eq!((&last["data"]["from"], &last["data"]["to"]), (&json!("BACKORDERED"), &json!("READY")));
    }

    async fn a_wrong_step_is_put_right_by_those_who_may(shop: Shop) {
        let order = shop.order().delivered().await;
        let correct = order.path("/correct");
        shop.role("agent_suivi").post(&correct, json!({"reason": "misclick"})).await.expect(403);
        assert_eq!(shop.manager().post(&correct, json!({})).await.expect(422).fields(), ["reason: required"]);
        for (to, shipping) in [("SHIPPED", "in_transit"), ("PROCESSING", "none"), ("CONFIRMED", "none"), ("PENDING", "none")] {
            let moved = shop.manager().post(&correct, json!({"reason": "misclick"})).await.expect(200);
            assert_eq!((moved.body["order"]["state"].as_str(), moved.body["order"]["shipping_state"].as_str()), (Some(to), Some(shipping)));
        }
        conflict(&shop.manager().post(&correct, json!({"reason": "misclick"})).await, "order.state");
        // The customer's totals went back, too.
        let customer = order.body["customer"]["id"].as_str().unwrap();
        let totals = shop.admin().get(&format!("/api/v1/customers/{customer}")).await.expect(200).body["totals"][0].clone();
        assert_eq!((&totals["orders"], &totals["delivered"], &totals["spent"]["amount"]), (&json!(1), &json!(0), &json!(0)));
        shop.admin().post(&order.path("/cancel"), json!({"reason": "twice"})).await.expect(200);
        let reopened = shop.admin().post(&order.path("/reopen"), json!({})).await.expect(200);
        assert_eq!((&reopened.body["order"]["state"], &reopened.body["order"]["confirmation"]), (&json!("PENDING"), &json!("pending")));
    }

    async fn an_archived_order_is_out_of_the_way_and_stays_as_it_is(shop: Shop) {
        let order = shop.order().delivered().await;
        shop.agent().post(&order.path("/archive"), json!({})).await.expect(403);
        let archived = shop.manager().post(&order.path("/archive"), json!({})).await.expect(200);
        assert_eq!((&archived.body["archived_at"], &archived.body["actions"]), (&json!("2026-11-21T09:00:00Z"), &json!([])));
        let total = async |query: &str| shop.admin().get(&format!("/api/v1/orders?{query}")).await.expect(200).body["total"].clone();
        assert_eq!((total("").await, total("archived=only").await, total("archived=any").await), (json!(0), json!(1), json!(1)));
        assert_eq!(shop.admin().get(&order.path("")).await.expect(200).body["state"], "DELIVERED", "still read by its id");
        conflict(&shop.admin().post(&order.path("/refund"), json!({"reason": "test"})).await, "order.archived");
        let stats = shop.admin().get("/api/v1/orders/stats").await.expect(200).body;
        assert_eq!((&stats["total"], &stats["archived"], &stats["by_status"]["DELIVERED"]), (&json!(1), &json!(1), &json!(1)));
        shop.manager().post(&order.path("/archive"), json!({})).await.expect(200);
        shop.manager().post(&order.path("/unarchive"), json!({})).await.expect(200);
        assert_eq!((total("").await, total("archived=only").await), (json!(1), json!(0)));
        shop.admin().post(&order.path("/refund"), json!({"reason": "test"})).await.expect(200);
        let kinds: Vec<String> = history(&shop, &order).await.iter().map(|event| event["kind"].as_str().unwrap().to_owned()).collect();
        assert_eq!(kinds.iter().filter(|kind| kind.ends_with("archived")).collect::<Vec<_>>(), ["order.archived", "order.unarchived"]);
    }

    async fn totals_of_a_customer_follow_what_becomes_of_the_orders(shop: Shop) {
        let buyer = |order: testkit::OrderBuilder| order.for_phone("Nour", "0770112233");
        let kept = buyer(shop.order()).delivered().await;
        buyer(shop.order()).cancelled().await;
        let back = buyer(shop.order()).shipped().await;
        shop.admin().post(&back.path("/return_to_sender"), json!({"reason": "refused"})).await.expect(200);
        buyer(shop.order()).await;
        let customer = kept.body["customer"]["id"].as_str().unwrap();
        let totals = shop.admin().get(&format!("/api/v1/customers/{customer}")).await.expect(200).body["totals"][0].clone();
        let count = |field: &str| totals[field].as_i64().unwrap();
        assert_eq!(["orders", "delivered", "returned", "cancelled"].map(count), [4, 1, 1, 1]);
        assert_eq!((&totals["ordered"]["amount"], &totals["spent"]["amount"]), (&json!(3_600_000), &json!(900_000)));
        let stats = shop.admin().get("/api/v1/orders/stats").await.expect(200).body;
        assert_eq!(stats["by_status"], json!({"PENDING": 1, "DELIVERED": 1, "RETURNED": 1, "CANCELLED": 1}));
        assert_eq!((&stats["total"], &stats["today"], &stats["today_totals"][0]["amount"]), (&json!(4), &json!(4), &json!(3_600_000)));
        assert_eq!(stats["recent"].as_array().unwrap().len(), 4);
    }
}
