//! Orders that are held back, by people and until a date.

use kernel::Time;
use serde_json::{Value, json};
use testkit::{Answer, Client, PlacedOrder, Shop, both};

async fn hold(by: &Client, order: &PlacedOrder, body: Value) -> Answer {
    by.post(&order.path("/holds"), body).await
}

async fn read(shop: &Shop, order: &PlacedOrder) -> Value {
    shop.admin().get(&order.path("")).await.expect(200).body
}

/// The codes of what stands in the way, by action.
fn blocked(order: &Value) -> Vec<(&str, &str)> {
    let actions = order["actions"].as_array().unwrap().iter();
    actions.filter_map(|one| Some((one["action"].as_str()?, one["blocked"]["code"].as_str()?))).collect()
}

async fn kinds(shop: &Shop, order: &PlacedOrder) -> Vec<String> {
    let history = shop.admin().get(&order.path("/history")).await.expect(200);
    let kinds = history.items().iter().map(|event| event["kind"].as_str().unwrap().to_owned());
    kinds.filter(|kind| kind.starts_with("order.hold")).collect()
}

both! {
    async fn an_order_waits_for_each_of_its_holds(shop: Shop) {
        let order = shop.order().confirmed().await;
        let me = shop.agent().get("/api/v1/me").await.expect(200).body["user"]["id"].clone();
        let first = hold(&shop.agent(), &order, json!({"kind": "address", "note": " No such district "})).await.expect(201);
        shop.advance(60);
        let second = hold(&shop.manager(), &order, json!({"kind": "stock", "owner_id": me})).await.expect(201);
        let held = &first.body["hold"];
        assert_eq!((&held["kind"], &held["label"], &held["note"]), (&json!("address"), &json!("Address to be checked"), &json!("No such district")));
        assert_eq!((&held["set_by"], &held["owner_id"], &held["set_at"]), (&json!({"kind": "user", "id": me}), &me, &json!("2026-11-21T09:00:00Z")));
        assert_eq!((&held["is_open"], &held["released_at"], &held["version"]), (&json!(true), &Value::Null, &json!(1)));
        assert_eq!(first.body["undo_until"], "2026-11-21T09:00:10Z");

        let shown = read(&shop, &order).await;
        assert_eq!((&shown["hold_count"], shown["holds"].as_array().unwrap().len()), (&json!(2), 2));
        assert_eq!(blocked(&shown), [("process", "order.held")]);
        let process = shown["actions"].as_array().unwrap().iter().find(|one| one["action"] == "process").unwrap();
        assert_eq!(process["blocked"]["message"], "2 reasons hold this order back: Address to be checked, Stock is missing.");
        // By whatever way.
        for (path, body) in [("/process", json!({})), ("/moves", json!({"action": "process"})), ("/moves", json!({"to": "PROCESSING"}))] {
            let refused = shop.admin().post(&order.path(path), body).await.expect(409);
            assert_eq!((refused.code(), &refused.body["title"]), ("order.held", &process["blocked"]["message"]));
        }
        assert_eq!(shop.admin().post("/orders/update-status", json!({"order_id": order.id, "status": "PROCESSING"})).await.expect(409).code(), "order.held");
        let french = shop.admin().reads("fr").post(&order.path("/process"), json!({})).await.expect(409);
        assert_eq!(french.body["title"], "2 motifs bloquent cette commande : Adresse à vérifier, Stock manquant.");

        let release = |held: &Answer| order.path(&format!("/holds/{}/release", held.body["hold"]["id"].as_str().unwrap()));
        let gone = shop.agent().post(&release(&first), json!({"note": "She gave another address"})).await.expect(200);
        let released = &gone.body["hold"];
        assert_eq!((&released["is_open"], &released["release_note"], &released["released_by"]["id"]), (&json!(false), &json!("She gave another address"), &me));
        assert_eq!(shop.agent().post(&release(&first), json!({})).await.expect(409).code(), "hold.released");
        assert_eq!(shop.admin().post(&order.path("/process"), json!({})).await.expect(409).code(), "order.held");
        shop.manager().post(&release(&second), json!({})).await.expect(200);
        shop.admin().post(&order.path("/process"), json!({})).await.expect(200);

        // A parcel that is packed does not leave, and one that left does not go out; what happened at the door is taken.
        let third = hold(&shop.agent(), &order, json!({"kind": "payment"})).await.expect(201);
        assert_eq!(shop.admin().post(&order.path("/hand_over"), json!({})).await.expect(409).code(), "order.held");
        shop.manager().post(&release(&third), json!({})).await.expect(200);
        shop.admin().post(&order.path("/hand_over"), json!({})).await.expect(200);
        let fourth = hold(&shop.agent(), &order, json!({"kind": "fraud"})).await.expect(201);
        assert_eq!(blocked(&read(&shop, &order).await), [("out_for_delivery", "order.held")]);
        assert_eq!(shop.admin().post(&order.path("/out_for_delivery"), json!({})).await.expect(409).code(), "order.held");
        shop.admin().post(&order.path("/deliver"), json!({})).await.expect(200);
        assert_eq!(hold(&shop.agent(), &order, json!({"kind": "fraud"})).await.expect(409).code(), "hold.closed");
        shop.agent().post(&release(&fourth), json!({})).await.expect(200);

        let listed = shop.agent().get(&order.path("/holds")).await.expect(200);
        assert_eq!(listed.items().len(), 4);
        assert_eq!(shop.agent().get(&order.path("/holds?open=true")).await.expect(200).items().len(), 0);
        let history = shop.admin().get(&order.path("/history")).await.expect(200);
        let set = history.items().iter().find(|event| event["kind"] == "order.hold_set").unwrap();
        assert_eq!((&set["data"]["hold_kind"], &set["text"], &set["data"]["hold"]), (&json!("address"), &json!("No such district"), &held["id"]));
    }

    async fn a_hold_ends_by_itself_on_its_date(shop: Shop) {
        let order = shop.order().confirmed().await;
        let at = shop.now().plus_s(3_600);
        let held = hold(&shop.agent(), &order, json!({"kind": "customer_request", "release_at": at})).await.expect(201);
        let later = hold(&shop.agent(), &order, json!({"kind": "payment", "release_at": at})).await.expect(201);
        let path = |held: &Answer| order.path(&format!("/holds/{}", held.body["hold"]["id"].as_str().unwrap()));
        let new = shop.now().plus_s(7_200);
        let changed = shop.agent().patch(&path(&later), json!({"release_at": new, "note": "Friday", "version": 1})).await.expect(200);
        assert_eq!((&changed.body["release_at"], &changed.body["note"], &changed.body["version"]), (&json!(new), &json!("Friday"), &json!(2)));
        let stale = shop.agent().patch(&path(&later), json!({"note": "Saturday", "version": 1})).await.expect(409);
        assert_eq!((stale.code(), &stale.body["fields"]), ("stale", &json!(["note"])));

        shop.advance(3_600);
        shop.run_jobs().await;
        let shown = shop.agent().get(&order.path("/holds")).await.expect(200);
        assert_eq!((&shown.items()[0]["is_open"], &shown.items()[0]["released_by"]), (&json!(false), &json!({"kind": "system", "id": null})));
        assert_eq!((&shown.items()[1]["is_open"], &read(&shop, &order).await["hold_count"]), (&json!(true), &json!(1)), "its first date counts no more");
        shop.advance(3_600);
        shop.run_jobs().await;
        assert_eq!(read(&shop, &order).await["hold_count"], 0);
        shop.admin().post(&order.path("/process"), json!({})).await.expect(200);
        let history = shop.admin().get(&order.path("/history")).await.expect(200);
        let due: Vec<&Value> = history.items().iter().filter(|event| event["kind"] == "order.hold_released").collect();
        assert!(due.len() == 2 && due.iter().all(|event| event["data"]["is_due"] == true && event["automated"] == true), "{history}");
        assert_eq!(shop.agent().patch(&path(&held), json!({"note": "x"})).await.expect(409).code(), "hold.released");

        for (body, expected) in [
            (json!({"kind": "payment", "release_at": shop.now()}), "release_at: time.past"),
            (json!({"kind": "payment", "release_at": Time::parse("2029-01-01T00:00:00Z")}), "release_at: date.too_late"),
            (json!({"kind": "payment", "owner_id": "usr_0000000000001"}), "owner_id: unknown"), (json!({"kind": "nothing"}), "kind: unknown"),
            (json!({}), "kind: required"), (json!({"kind": "payment", "note": "x".repeat(10_001)}), "note: too_long"),
            (json!({"kind": "payment", "reason": "x"}), "reason: unknown_field"),
        ] {
            assert_eq!(hold(&shop.agent(), &order, body).await.expect(422).fields(), [expected]);
        }
    }

    async fn setting_and_releasing_are_taken_back_within_ten_seconds_by_whoever_did_it(shop: Shop) {
        let order = shop.order().confirmed().await;
        let undo = async |by: &Client, done: &Answer| by.post(&order.path("/undo"), json!({"event_id": done.body["event_id"]})).await;
        let set = hold(&shop.agent(), &order, json!({"kind": "stock"})).await.expect(201);
        assert_eq!(undo(&shop.manager(), &set).await.expect(409).code(), "undo.not_yours");
        shop.advance(5);
        assert_eq!(undo(&shop.agent(), &set).await.expect(200).body["hold_count"], 0);
        assert_eq!(undo(&shop.agent(), &set).await.status, 404, "it never was");
        assert_eq!(shop.agent().get(&order.path("/holds")).await.expect(200).items().len(), 0);

        let set = hold(&shop.agent(), &order, json!({"kind": "stock"})).await.expect(201);
        let release = order.path(&format!("/holds/{}/release", set.body["hold"]["id"].as_str().unwrap()));
        let released = shop.manager().post(&release, json!({"note": "Here"})).await.expect(200);
        assert_eq!(undo(&shop.agent(), &set).await.expect(409).code(), "undo.not_last");
        assert_eq!(undo(&shop.manager(), &released).await.expect(200).body["hold_count"], 1);
        let open = shop.agent().get(&order.path("/holds?open=true")).await.expect(200);
        assert_eq!((&open.items()[0]["released_at"], &open.items()[0]["release_note"]), (&Value::Null, &Value::Null));
        let again = shop.manager().post(&release, json!({})).await.expect(200);
        shop.advance(11);
        assert_eq!(undo(&shop.manager(), &again).await.expect(409).code(), "undo.too_late");
        assert_eq!(kinds(&shop, &order).await, [
            "order.hold_set", "order.hold_undone", "order.hold_set", "order.hold_released", "order.hold_undone", "order.hold_released",
        ]);
    }

    async fn a_correction_is_not_taken_back_into_a_hold(shop: Shop) {
        let order = shop.order().shipped().await;
        let corrected = shop.manager().post(&order.path("/correct"), json!({"reason": "misclick"})).await.expect(200);
        hold(&shop.agent(), &order, json!({"kind": "address"})).await.expect(201);
        let refused = shop.manager().post(&order.path("/undo"), json!({"event_id": corrected.body["event_id"]})).await.expect(409);
        assert_eq!((refused.code(), &read(&shop, &order).await["state"]), ("order.held", &json!("PROCESSING")));
        // Calling off and its undo are no step nearer to the customer.
        let cancelled = shop.admin().post(&order.path("/cancel"), json!({"reason": "other"})).await.expect(200);
        shop.admin().post(&order.path("/undo"), json!({"event_id": cancelled.body["event_id"]})).await.expect(200);
    }

    async fn held_orders_are_listed_and_counted_by_kind(shop: Shop) {
        let (one, two, other) = (shop.order().await, shop.order().await, shop.order().in_second_store().await);
        shop.order().await;
        hold(&shop.admin(), &one, json!({"kind": "stock"})).await.expect(201);
        hold(&shop.admin(), &one, json!({"kind": "address"})).await.expect(201);
        let released = hold(&shop.admin(), &two, json!({"kind": "stock"})).await.expect(201);
        hold(&shop.admin(), &two, json!({"kind": "payment"})).await.expect(201);
        hold(&shop.admin(), &other, json!({"kind": "stock"})).await.expect(201);
        let list = async |by: &Client, query: &str| {
            let found = by.get(&format!("/api/v1/orders?{query}")).await.expect(200);
            assert!(query.starts_with("search") || found.body["total"] == found.items().len(), "{query}: {found}");
            let mut ids: Vec<String> = found.items().iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect();
            ids.sort();
            ids
        };
        assert_eq!(list(&shop.admin(), "hold_kind=stock").await, [&one.id, &two.id, &other.id].map(Clone::clone));
        shop.admin().post(&two.path(&format!("/holds/{}/release", released.body["hold"]["id"].as_str().unwrap())), json!({})).await.expect(200);
        assert_eq!(list(&shop.admin(), "hold_kind=stock&sort=-total").await, [&one.id, &other.id].map(Clone::clone));
        assert_eq!(list(&shop.agent(), "hold_kind=stock,payment").await, [&one.id, &two.id].map(Clone::clone));
        assert_eq!(list(&shop.neighbour(), "hold_kind=stock").await, std::slice::from_ref(&other.id));
        assert_eq!(list(&shop.admin(), "hold_kind=stock&state=CONFIRMED").await.len(), 0);
        assert_eq!(list(&shop.admin(), "hold_kind=nothing").await.len(), 0);
        assert_eq!(list(&shop.admin(), "held=true&hold_kind=address&priority=normal").await, std::slice::from_ref(&one.id));
        assert_eq!(list(&shop.admin(), &format!("search={}&hold_kind=address", one.number)).await, std::slice::from_ref(&one.id));
        let open = async |by: &Client, code: &str| {
            let kinds = by.get("/api/v1/hold-kinds").await.expect(200);
            kinds.items().iter().find(|kind| kind["code"] == code).unwrap()["open"].clone()
        };
        assert_eq!((open(&shop.admin(), "stock").await, open(&shop.agent(), "stock").await, open(&shop.neighbour(), "payment").await), (json!(2), json!(1), json!(0)));
    }

    async fn kinds_of_holds_are_the_teams_own(shop: Shop) {
        let kinds = shop.agent().reads("ar").get("/api/v1/hold-kinds").await.expect(200);
        assert_eq!(kinds.items().len(), 10);
        assert_eq!((&kinds.items()[0]["code"], &kinds.items()[0]["label"]), (&json!("address"), &json!("العنوان بحاجة إلى تحقق")));
        let new = json!({"code": "gift_wrap", "labels": {"en": "Gift wrap", "fr": "Emballage"}, "needs_note": true});
        shop.manager().post("/api/v1/hold-kinds", new.clone()).await.expect(403);
        shop.admin().post("/api/v1/hold-kinds", new.clone()).await.expect(201);
        assert_eq!(shop.admin().post("/api/v1/hold-kinds", new).await.expect(422).fields(), ["code: taken"]);
        assert_eq!(shop.admin().post("/api/v1/hold-kinds", json!({"code": "x", "labels": {"xx": "?"}})).await.expect(422).fields(), ["labels.xx: format"]);
        assert_eq!(shop.admin().patch("/api/v1/hold-kinds/gift_wrap", json!({"needs_note": false})).await.expect(422).fields(), ["version: required"]);
        let renamed = json!({"labels": {"en": "Wrapping"}, "position": 5, "version": 1});
        let changed = shop.admin().patch("/api/v1/hold-kinds/gift_wrap", renamed).await.expect(200);
        assert_eq!((&changed.body["label"], &changed.body["version"]), (&json!("Wrapping"), &json!(2)));
        assert_eq!(shop.agent().get("/api/v1/hold-kinds").await.expect(200).items()[0]["code"], "gift_wrap");
        let order = shop.order().await;
        assert_eq!(hold(&shop.agent(), &order, json!({"kind": "gift_wrap"})).await.expect(422).fields(), ["note: required"]);
        hold(&shop.agent(), &order, json!({"kind": "gift_wrap", "note": "Red"})).await.expect(201);
        shop.admin().patch("/api/v1/hold-kinds/gift_wrap", json!({"is_archived": true, "version": 2})).await.expect(200);
        assert_eq!(hold(&shop.agent(), &order, json!({"kind": "gift_wrap", "note": "Red"})).await.expect(422).fields(), ["kind: reason.archived"]);
        assert_eq!(read(&shop, &order).await["holds"][0]["label"], "Wrapping", "what stands keeps its words");
        assert_eq!(shop.agent().get("/api/v1/hold-kinds").await.expect(200).items().len(), 10);
        assert_eq!(shop.agent().get("/api/v1/hold-kinds?with_archived=true").await.expect(200).items().len(), 11);
        assert_eq!(shop.foreigner().get("/api/v1/hold-kinds?with_archived=true").await.expect(200).items().len(), 10);
        assert_eq!(shop.admin().patch("/api/v1/hold-kinds/nothing", json!({"version": 1})).await.status, 404);
        // Each list is its own.
        shop.admin().post("/api/v1/escalation-reasons", json!({"code": "gift_wrap", "labels": {"en": "Gift wrap"}})).await.expect(201);
        let trail = shop.admin().get("/api/v1/events?kind=order_reason.added,order_reason.changed").await.expect(200);
        assert_eq!(trail.items().len(), 4);
    }

    async fn who_may_not_hold_may_not_and_what_is_not_seen_is_not_held(shop: Shop) {
        let order = shop.order().await;
        let held = hold(&shop.role("agent"), &order, json!({"kind": "stock"})).await.expect(201);
        let id = held.body["hold"]["id"].as_str().unwrap().to_owned();
        for by in [shop.weak(), shop.role("shop_owner")] {
            hold(&by, &order, json!({"kind": "stock"})).await.expect(403);
            by.post(&order.path(&format!("/holds/{id}/release")), json!({})).await.expect(403);
            by.patch(&order.path(&format!("/holds/{id}")), json!({"note": "x"})).await.expect(403);
        }
        shop.role("shop_owner").get(&order.path("/holds")).await.expect(200);
        for by in [shop.neighbour(), shop.foreigner()] {
            hold(&by, &order, json!({"kind": "stock"})).await.expect(404);
            by.get(&order.path("/holds")).await.expect(404);
        }
        let other = shop.order().await;
        shop.agent().post(&other.path(&format!("/holds/{id}/release")), json!({})).await.expect(404);
        shop.manager().post(&order.path("/archive"), json!({})).await.expect(200);
        assert_eq!(hold(&shop.agent(), &order, json!({"kind": "stock"})).await.expect(409).code(), "order.archived");
        let once = shop.agent().once("hold");
        let first = hold(&once, &other, json!({"kind": "stock"})).await.expect(201);
        assert_eq!(hold(&once, &other, json!({"kind": "stock"})).await.expect(201).text, first.text);
        for _ in 0..19 {
            hold(&shop.agent(), &other, json!({"kind": "other"})).await.expect(201);
        }
        assert_eq!(hold(&shop.agent(), &other, json!({"kind": "other"})).await.expect(409).code(), "hold.too_many");
    }
}
