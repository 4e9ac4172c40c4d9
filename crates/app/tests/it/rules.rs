//! Statuses and moves as configuration: one file over the API, tried before, gone back to, felt by every order.

use serde_json::{Value, json};
use testkit::{Answer, PlacedOrder, Shop, both};

fn rules() -> Value {
    json!({
        "states": {
            "PENDING": {
                "labels": {"en": "To confirm", "fr": "À confirmer", "ar": "للتأكيد"},
                "substatuses": [
                    {"key": "fresh", "labels": {"en": "New", "ar": "جديدة"}, "tone": "info", "is_default": true, "position": 1},
                    {"key": "no_answer", "labels": {"en": "No answer", "fr": "Sans réponse", "ar": "لا يرد", "dz": "ما يردش"}, "tone": "warn", "color": "#B45309",
                     "position": 2, "progress": 27, "forbids": ["process"]},
                    {"key": "call_back", "labels": {"en": "Call back"}, "position": 3, "notifies": true}
                ]
            },
            "PROCESSING": {"progress": 55, "notifies": false, "substatuses": [{"key": "packed", "labels": {"en": "Packed"}, "notifies": true}]}
        },
        "moves": [
            {"from": "CONFIRMED", "action": "backorder", "is_forbidden": true},
            {"from": "CONFIRMED", "action": "cancel", "guards": [{"require": "note"}, {"require": "right", "right": "order.refund"}]}
        ],
        "confirmations": {"attempting": {"labels": {"fr": "En cours d'appel"}, "tone": "warn"}}
    })
}

async fn put(shop: &Shop, body: Value) -> Answer {
    shop.admin().put("/api/v1/rules", body).await
}

async fn read(shop: &Shop, order: &PlacedOrder) -> Value {
    shop.admin().get(&order.path("")).await.expect(200).body
}

fn actions(order: &Value) -> Vec<&str> {
    order["actions"].as_array().unwrap().iter().map(|one| one["action"].as_str().unwrap()).collect()
}

async fn finished(shop: &Shop, task: &Value) -> Value {
    assert!(shop.run_jobs().await.failed.is_empty());
    let task = shop.admin().get(&format!("/api/v1/tasks/{}", task.as_str().unwrap())).await.expect(200).body;
    assert_eq!(task["state"], "done", "{task}");
    task
}

both! {
    async fn one_file_says_what_orders_can_be_and_every_order_feels_it(shop: Shop) {
        let before = shop.order().await;
        let empty = shop.admin().get("/api/v1/rules").await.expect(200);
        assert_eq!((&empty.body["version"], &empty.body["rules"]["states"], empty.header("etag")), (&json!(0), &json!({}), "\"0\""));
        let set = put(&shop, json!({"rules": rules(), "note": "Calls come first", "version": 0})).await.expect(200);
        assert_eq!((&set.body["version"], &set.body["note"], &set.body["origin"]), (&json!(1), &json!("Calls come first"), &json!("rules")));
        assert_eq!(set.body["rules"]["states"]["PENDING"]["substatuses"][1]["color"], "#b45309");
        let again = put(&shop, json!({"rules": set.body["rules"], "version": 1})).await.expect(200);
        assert_eq!((&again.body["version"], &again.body["rules"]), (&json!(1), &set.body["rules"]), "what is taken out can be brought in, and changes nothing");
        assert_eq!(put(&shop, json!({"rules": {}, "version": 0})).await.expect(409).code(), "stale");

        // Orders.
        assert_eq!(read(&shop, &before).await["substatus"], Value::Null, "orders from before stand in none");
        let order = shop.order().await;
        assert_eq!(order.body["substatus"], json!({"key": "fresh", "label": "New", "tone": "info", "color": null}));
        let inside = order.path("/substatus");
        let moved = shop.agent().post(&inside, json!({"substatus": "no_answer", "note": "Rang twice"})).await.expect(200);
        assert_eq!((&moved.body["order"]["substatus"]["key"], &moved.body["order"]["progress"], &moved.body["undo_until"]), (&json!("no_answer"), &json!(27), &json!("2026-11-21T09:00:10Z")));
        assert!(!actions(&moved.body["order"]).contains(&"process") && actions(&moved.body["order"]).contains(&"confirm"));
        let french = shop.agent().reads("fr").get(&order.path("")).await.expect(200).body;
        assert_eq!(french["substatus"]["label"], "Sans réponse");
        let history = shop.admin().get(&order.path("/history")).await.expect(200);
        let last = history.items().last().unwrap();
        assert_eq!((&last["kind"], &last["data"]["from"], &last["data"]["to"], &last["text"]), (&json!("order.substatus_moved"), &json!("fresh"), &json!("no_answer"), &json!("Rang twice")));
        let refused = shop.admin().post(&order.path("/process"), json!({})).await.expect(409);
        assert_eq!(refused.code(), "order.forbidden");
        assert!(refused.body["title"].as_str().unwrap().contains("confirm, backorder, cancel"), "{refused}");
        assert_eq!(shop.agent().post(&inside, json!({"substatus": "no_answer"})).await.expect(409).code(), "substatus.same");
        assert_eq!(shop.agent().post(&inside, json!({"substatus": "packed"})).await.expect(422).fields(), ["substatus: substatus.unknown"]);
        assert_eq!(shop.agent().post(&inside, json!({"substatus": "fresh", "version": 1})).await.expect(409).code(), "stale");
        shop.weak().post(&inside, json!({"substatus": "fresh"})).await.expect(403);
        shop.neighbour().post(&inside, json!({"substatus": "fresh"})).await.expect(404);
        let back = shop.agent().post(&order.path("/undo"), json!({"event_id": moved.body["event_id"]})).await.expect(200);
        assert_eq!(back.body["substatus"]["key"], "fresh");

        // Lists filter by it and show it.
        shop.agent().post(&inside, json!({"substatus": "call_back"})).await.expect(200);
        let listed = shop.agent().get("/api/v1/orders?substatus=call_back,no_answer").await.expect(200);
        assert_eq!((listed.items().len(), &listed.items()[0]["substatus"]["label"], &listed.items()[0]["progress"]), (1, &json!("Call back"), &json!(25)));
        assert_eq!(shop.agent().get("/api/v1/orders?substatus=no_answer").await.expect(200).body["total"], 0);

        // Moves: one is switched off, one asks for more.
        let confirmed = shop.agent().post(&order.path("/confirm"), json!({})).await.expect(200).body["order"].clone();
        assert_eq!((&confirmed["substatus"], actions(&confirmed)), (&Value::Null, vec![]), "a call centre agent may neither process nor refund");
        let seen = read(&shop, &order).await;
        assert_eq!(actions(&seen), ["process", "cancel", "correct"]);
        assert_eq!(seen["actions"][1]["requires"], json!([{"require": "note"}, {"require": "right", "right": "order.refund"}]));
        assert_eq!(seen["actions"][0]["substatuses"], json!(["packed"]));
        assert_eq!(shop.admin().post(&order.path("/backorder"), json!({})).await.expect(409).code(), "order.forbidden");
        assert_eq!(shop.admin().post(&order.path("/moves"), json!({"to": "BACKORDERED"})).await.expect(409).code(), "order.forbidden");
        assert_eq!(shop.admin().post(&order.path("/cancel"), json!({"reason": "customer_refused"})).await.expect(422).fields(), ["note: required"]);
        let cancel = json!({"reason": "customer_refused", "note": "She said so"});
        let agent = shop.agent().post(&order.path("/cancel"), cancel.clone()).await.expect(403);
        assert_eq!(agent.body["code"], "forbidden");
        let processed = shop.admin().post(&order.path("/process"), json!({"substatus": "packed"})).await.expect(200).body["order"].clone();
        assert_eq!((&processed["substatus"]["key"], &processed["progress"]), (&json!("packed"), &json!(55)));
        let progress = shop.agent().get(&order.path("/progress")).await.expect(200).body;
        let steps: Vec<String> = progress["timeline"].as_array().unwrap().iter().map(|step| format!("{} {}", step["to"].as_str().unwrap(), step["to_substatus"].as_str().unwrap_or("-"))).collect();
        assert_eq!(steps, ["PENDING fresh", "PENDING no_answer", "PENDING fresh", "PENDING call_back", "CONFIRMED -", "PROCESSING packed"]);
        assert_eq!((&progress["percentage"], &progress["substatus"]["key"]), (&json!(55), &json!("packed")));

        // In the reader's language.
        let statuses = shop.agent().reads("ar").get("/api/v1/statuses").await.expect(200).body;
        assert_eq!((&statuses["version"], &statuses["states"][0]["label"], &statuses["states"][0]["substatuses"][1]["label"]), (&json!(1), &json!("للتأكيد"), &json!("لا يرد")));
        assert_eq!(statuses["confirmations"][1]["label"], "En cours d'appel", "any name is better than none");
        shop.weak().get("/api/v1/statuses").await.expect(403);
    }

    async fn customers_and_the_erp_hear_of_what_is_marked(shop: Shop) {
        put(&shop, json!({"rules": rules()})).await.expect(200);
        let order = shop.order().with("customer", json!({"name": "Amina", "phone": "0550142387", "email": "amina@example.dz", "language": "en"})).await;
        let messages = async || {
            shop.advance(11);
            assert!(shop.run_jobs().await.failed.is_empty());
            let messages = shop.admin().get(&order.path("/messages")).await.expect(200);
            messages.items().iter().map(|one| format!("{} {}", one["template"].as_str().unwrap(), one["subject"].as_str().unwrap())).collect::<Vec<_>>()
        };
        assert!(messages().await.is_empty(), "customers do not hear of PENDING unless it is marked");
        let number = order.number.clone();
        shop.agent().post(&order.path("/substatus"), json!({"substatus": "no_answer"})).await.expect(200);
        shop.agent().post(&order.path("/substatus"), json!({"substatus": "call_back"})).await.expect(200);
        assert_eq!(messages().await, [format!("order.substatus Order {number}: Call back")]);
        shop.admin().post(&order.path("/process"), json!({})).await.expect(200);
        shop.admin().post(&order.path("/substatus"), json!({"substatus": "packed", "notify": false})).await.expect(200);
        assert_eq!(messages().await.len(), 1, "PROCESSING is silent, and so was the wish");
        shop.admin().post(&order.path("/hand_over"), json!({})).await.expect(200);
        assert_eq!(messages().await.len(), 2);
    }

    async fn every_mistake_is_named_by_its_path_and_nothing_happens(shop: Shop) {
        shop.mark().await;
        let wrong = json!({"rules": {
            "states": {"PENDING": {"colour": 1, "substatuses": [{"key": "A", "labels": {"en": "x"}, "next": ["b"]}, {"key": "b", "labels": {}}]}, "LOST": {}},
            "moves": [{"from": "PENDING", "action": "deliver"}, {"from": "PENDING", "action": "cancel", "guards": [{"require": "luck"}]}]
        }, "note": "x".repeat(10_001)});
        assert_eq!(put(&shop, wrong).await.expect(422).fields(), [
            "note: too_long", "rules.states.LOST: unknown_field", "rules.states.PENDING.colour: unknown_field", "rules.states.PENDING.substatuses[0].key: rules.key",
            "rules.states.PENDING.substatuses[1].labels: required", "rules.moves[1].guards[0].require: format", "rules.moves[0].action: rules.row",
        ]);
        let french = shop.admin().reads("fr").put("/api/v1/rules", json!({"rules": {"moves": [{"from": "PENDING", "action": "deliver"}]}})).await.expect(422);
        assert!(french.body["errors"][0]["message"].as_str().unwrap().contains("confirm, backorder, process, cancel"), "{french}");
        for body in [json!({"rules": []}), json!({"rules": "all"})] {
            assert_eq!(put(&shop, body).await.expect(422).fields(), ["rules: type"]);
        }
        assert_eq!(put(&shop, json!({})).await.expect(422).fields(), ["rules: required"]);
        assert_eq!(shop.admin().post("/api/v1/rules/dry-run", json!({"rules": {"moves": 1}})).await.expect(422).fields(), ["rules.moves: type"]);
        shop.manager().put("/api/v1/rules", json!({"rules": {}})).await.expect(403);
        shop.manager().get("/api/v1/rules").await.expect(200);
        shop.agent().get("/api/v1/rules").await.expect(403);
        shop.assert_nothing_happened().await;
    }

    async fn a_rule_set_is_tried_against_the_orders_that_there_are(shop: Shop) {
        put(&shop, json!({"rules": rules()})).await.expect(200);
        let orders = [shop.order().await, shop.order().await, shop.order().confirmed().await, shop.order().delivered().await];
        shop.admin().post(&orders[1].path("/substatus"), json!({"substatus": "no_answer"})).await.expect(200);
        let tried = json!({
            "rules": {
                "states": {"PENDING": {"substatuses": [{"key": "fresh", "labels": {"en": "New"}, "is_archived": true}, {"key": "called", "labels": {"en": "Called"}}]}},
                "moves": [
                    {"from": "CONFIRMED", "action": "process", "is_forbidden": true}, {"from": "CONFIRMED", "action": "backorder", "is_forbidden": true},
                    {"from": "CONFIRMED", "action": "cancel", "is_forbidden": true}, {"from": "CONFIRMED", "action": "correct", "is_forbidden": true},
                    {"from": "PENDING", "action": "confirm", "guards": [{"require": "tag", "tag": "checked"}]}]
            },
            "mapping": {"no_answer": "called"}
        });
        let versions = shop.admin().get("/api/v1/rules/versions").await.expect(200).items().len();
        let task = shop.admin().post("/api/v1/rules/dry-run", tried).await.expect(202);
        let done = finished(&shop, &task.body["id"]).await;
        assert_eq!((&done["result"]["orders"], &done["done"], &done["total"]), (&json!(4), &json!(4), &json!(4)));
        let findings: Vec<String> = done["result"]["findings"].as_array().unwrap().iter().map(|one| {
            let text = |field: &str| one[field].as_str().unwrap_or("-").to_owned();
            format!("{} {} {} {} {} {}", text("finding"), text("state"), text("substatus"), text("to"), text("guard"), one["count"])
        }).collect();
        assert_eq!(findings, [
            "guard_unmet PENDING fresh - tag checked 1", "guard_unmet PENDING no_answer - tag checked 1", "stuck CONFIRMED - - - 1", "substatus_archived PENDING fresh - - 1",
            "substatus_gone PENDING no_answer called - 1",
        ]);
        assert_eq!(done["result"]["findings"][2]["examples"], json!([orders[2].number]));
        assert_eq!(shop.admin().get("/api/v1/rules/versions").await.expect(200).items().len(), versions, "trying changes nothing");
        assert_eq!(read(&shop, &orders[1]).await["substatus"]["key"], "no_answer");
    }

    async fn orders_of_a_substatus_that_is_gone_move_by_a_job_and_there_is_a_way_back(shop: Shop) {
        put(&shop, json!({"rules": rules()})).await.expect(200);
        let mut orders = Vec::new();
        for _ in 0..5 {
            orders.push(shop.order().await);
        }
        let smaller = json!({"states": {"PENDING": {"substatuses": [{"key": "call_back", "labels": {"en": "Call back"}}]}}});
        let unmapped = put(&shop, json!({"rules": smaller, "version": 1})).await.expect(422);
        assert_eq!(unmapped.fields(), ["mapping.fresh: rules.unmapped", "mapping.no_answer: rules.unmapped", "mapping.packed: rules.unmapped"]);
        let mapping = json!({"fresh": "call_back", "no_answer": "call_back", "packed": null});
        let set = put(&shop, json!({"rules": smaller, "mapping": mapping, "note": "One place for calls", "version": 1})).await.expect(200);
        let version = read(&shop, &orders[0]).await["version"].clone();
        let done = finished(&shop, &set.body["task_id"]).await;
        assert_eq!(done["result"], json!({"moved": 5}));
        for order in &orders {
            let read = read(&shop, order).await;
            assert_eq!((&read["substatus"]["key"], &read["version"]), (&json!("call_back"), &version), "no editor's save fails for it");
            assert_eq!(read["history"].as_array().unwrap().last().unwrap()["data"]["reason"], "rules_changed");
        }
        let back = shop.admin().post("/api/v1/rules/versions/1/restore", json!({"note": "It was better", "version": 2})).await.expect(200);
        assert_eq!((&back.body["version"], &back.body["origin"], back.body["task_id"].is_null()), (&json!(3), &json!("restore"), true));
        let versions = shop.manager().get("/api/v1/rules/versions?limit=2").await.expect(200);
        assert_eq!((versions.items().len(), &versions.items()[0]["note"], &versions.body["next_cursor"], &versions.body["total"]), (2, &json!("It was better"), &json!("2"), &json!(3)));
        let me = shop.admin().get("/api/v1/me").await.expect(200).body["user"]["id"].clone();
        assert_eq!(versions.items()[1]["changed_by"], me);
        let first = shop.manager().get("/api/v1/rules/versions/1").await.expect(200);
        assert_eq!(first.body["rules"], back.body["rules"]);
        shop.admin().get("/api/v1/rules/versions/9").await.expect(404);
        let trail = shop.admin().get("/api/v1/events?kind=rules.changed").await.expect(200);
        assert_eq!((trail.items().len(), &trail.items()[0]["text"]), (3, &json!("It was better")));
    }

    async fn the_older_settings_still_work_and_show_the_marks(shop: Shop) {
        shop.admin().put("/api/v1/settings/orders", json!({"value": {"notifiable_states": ["REFUNDED"]}})).await.expect(200);
        let rules = shop.admin().get("/api/v1/rules").await.expect(200).body;
        assert_eq!((&rules["version"], &rules["origin"], &rules["rules"]["states"]["REFUNDED"]["notifies"]), (&json!(1), &json!("settings"), &json!(true)));
        assert_eq!(rules["rules"]["states"]["SHIPPED"]["notifies"], false);
        put(&shop, json!({"rules": {"states": {"SHIPPED": {"notifies": true}, "CONFIRMED": {"notifies": false}}}})).await.expect(200);
        let sections = shop.admin().get("/api/v1/settings").await.expect(200);
        let orders = sections.items().iter().find(|one| one["name"] == "orders").unwrap();
        assert_eq!(orders["value"]["notifiable_states"], json!(["SHIPPED", "OUT_FOR_DELIVERY", "DELIVERED", "CANCELLED"]));
    }

    async fn guards_ask_for_roles_fields_payments_and_calls(shop: Shop) {
        let row = |action: &str, guard: Value| json!({"from": "PENDING", "action": action, "guards": [guard]});
        put(&shop, json!({"rules": {"moves": [
            row("cancel", json!({"require": "role", "role": "supervisor"})),
            row("confirm", json!({"require": "field", "field": "custom.size"})),
            row("process", json!({"require": "payment", "is": ["paid"]})),
            row("backorder", json!({"require": "confirmation", "is": ["confirmed"]})),
        ]}})).await.expect(200);
        let order = shop.order().await;
        let because = json!({"reason": "customer_refused"});
        for (action, needs) in [("cancel", "role supervisor"), ("confirm", "field custom.size"), ("process", "payment paid"), ("backorder", "confirmation confirmed")] {
            let caller = if action == "process" { shop.admin() } else { shop.agent() };
            let refused = caller.post(&order.path(&format!("/{action}")), because.clone()).await.expect(409);
            assert_eq!(refused.code(), "order.guard", "{refused}");
            assert!(refused.body["title"].as_str().unwrap().contains(needs), "{refused}");
        }
        // The right alone will not do: an Admin is no Supervisor. A key counts by its role.
        shop.admin().post(&order.path("/cancel"), because.clone()).await.expect(409);
        let roles = shop.admin().get("/api/v1/roles").await.expect(200);
        let role = roles.items().iter().find(|role| role["code"] == "team_manager").unwrap()["id"].clone();
        let key = shop.admin().post("/api/v1/api-keys", json!({"name": "bot", "role_id": role})).await.expect(201);
        let bot = shop.bearer(key.body["secret"].as_str().unwrap());
        bot.post(&order.path("/cancel"), because.clone()).await.expect(200);
        shop.manager().post(&order.path("/reopen"), json!({})).await.expect(200);
        shop.manager().post(&order.path("/cancel"), because).await.expect(200);
        shop.manager().post(&order.path("/reopen"), json!({})).await.expect(200);

        let sized = shop.order().with("custom", json!({"size": "M"})).await;
        shop.agent().post(&sized.path("/confirm"), json!({})).await.expect(200);
        let paid = json!({"kind": "payment", "state": "settled", "method": "card", "amount": order.body["total"]});
        shop.manager().post(&order.path("/transactions"), paid).await.expect(201);
        shop.admin().post(&order.path("/process"), json!({})).await.expect(200);
    }

    async fn a_process_hears_of_new_rules_at_once(shop: Shop) {
        put(&shop, json!({"rules": rules()})).await.expect(200);
        assert_eq!(shop.order().await.body["substatus"]["key"], "fresh");
        let mapping = json!({"fresh": null, "no_answer": null, "call_back": null, "packed": null});
        put(&shop, json!({"rules": {}, "mapping": mapping})).await.expect(200);
        assert_eq!(shop.order().await.body["substatus"], Value::Null);
    }
}
