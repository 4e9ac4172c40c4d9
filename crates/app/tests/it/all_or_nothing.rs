//! Each statement of an action is made to fail, one after the other. Nothing half done stays behind, whichever
//! it is, and the same call works when nothing fails any more.

use app::runners::runner;
use base::worker::Worker;
use serde_json::{Value, json};
use testkit::{Answer, Client, PlacedOrder, Shop, both};

use crate::deployment::figures_equal_lists;

/// Calls until a call has fewer statements than `n`, failing the n-th each time. Before each call `before` says how
/// things stand, and after a failure they must stand so again. Answers the call that went through and how many
/// statements it took.
async fn fail_each<C: Future<Output = Answer>, S: Future<Output = Value>>(
    shop: &Shop,
    call: impl Fn() -> C,
    before: impl Fn() -> S,
) -> (Answer, u64) {
    let stood = before().await;
    for n in 1.. {
        shop.fail_statement(n).await;
        let answer = call().await;
        if shop.is_failure_pending() {
            shop.base().db().fail_statement(0);
            return (answer, n - 1);
        }
        assert_eq!((answer.status, answer.code()), (500, "internal"), "statement {n}: {answer}");
        assert!(!answer.text.contains("made to fail"), "what went wrong inside is for the log: {answer}");
        shop.assert_nothing_happened().await;
        assert_eq!(before().await, stood, "statement {n}");
    }
    unreachable!("some number is larger than the number of statements")
}

/// What people see of an order and of all orders; ids of requests left out.
async fn seen(client: &Client, order: Option<&PlacedOrder>) -> Value {
    let one = match order {
        Some(order) => client.get(&order.path("")).await.expect(200).body,
        None => Value::Null,
    };
    let stats = client.get("/api/v1/orders/stats").await.expect(200).body;
    let customers = client.get("/api/v1/customers").await.expect(200).body;
    let jobs = client.get("/api/v1/jobs").await.expect(200).body;
    json!([one, stats, customers, jobs])
}

both! {
    async fn placing_is_all_or_nothing(shop: Shop) {
        // Everything that placing can bring along: a new customer, a new product beside a known one, a note, a key.
        shop.order().await;
        let body = shop
            .order()
            .for_phone("Zoë Haddad", "0770 11 22 33")
            .with("note", json!("ring twice"))
            .with("tags", json!(["gift"]))
            .with("lines", json!([
                {"sku": "LIN-M", "title": "Linen dress", "quantity": 1, "unit_price": {"amount": 840_000, "currency": "DZD"}},
                {"sku": "NEW-1", "title": "Silk scarf", "quantity": 2, "unit_price": {"amount": 150_000, "currency": "DZD"}, "discount": {"percent_ppm": 100_000}},
            ]))
            .body();
        let agent = shop.agent().once("the-order");
        let (placed, statements) = fail_each(&shop, || agent.place(body.clone()), || async { seen(&shop.admin(), None).await }).await;
        assert_eq!((placed.status, placed.header("idempotent-replayed")), (201, ""), "{placed}");
        assert!(statements > 12, "only {statements} statements were made to fail");

        let again = agent.place(body).await;
        assert_eq!((again.status, again.header("idempotent-replayed"), &again.body), (201, "true", &placed.body));
        let order = shop.admin().get(&format!("/api/v1/orders/{}", placed.id())).await.expect(200);
        assert_eq!((order.body["lines"].as_array().unwrap().len(), order.body["notes"].as_array().unwrap().len()), (2, 1), "{order}");
        let customers = shop.admin().get("/api/v1/customers?search=0770112233").await;
        assert_eq!((customers.items().len(), &customers.items()[0]["orders"]), (1, &json!(1)), "{customers}");
        figures_equal_lists(&shop.admin()).await;
    }

    async fn numbers_and_rule_sets_are_all_or_nothing(shop: Shop) {
        let admin = shop.admin();
        let rules = json!({"rules": {"states": {"PENDING": {"substatuses": [
            {"key": "fresh", "labels": {"en": "New"}, "is_default": true}, {"key": "called", "labels": {"en": "Called"}}]}}}, "note": "ours"});
        let in_force = || async { admin.get("/api/v1/rules").await.expect(200).body };
        let (set, _) = fail_each(&shop, || admin.put("/api/v1/rules", rules.clone()), in_force).await;
        assert_eq!((set.status, &set.body["version"]), (200, &json!(1)), "{set}");

        let order = shop.order().await;
        let stands = || seen(&admin, Some(&order));
        let path = order.path("/substatus");
        let (moved, statements) = fail_each(&shop, || admin.post(&path, json!({"substatus": "called", "note": "rang"})), stands).await;
        assert_eq!((moved.status, &moved.body["order"]["substatus"]["key"]), (200, &json!("called")), "{moved}");
        assert!(statements >= 4, "only {statements} statements were made to fail");

        let path = order.path("/invoice-number");
        let (given, statements) = fail_each(&shop, || admin.post(&path, json!({})), stands).await;
        assert_eq!((given.status, &given.body["seq"]), (200, &json!(1)), "a number of a transaction that fails is the next one's: {given}");
        assert!(statements >= 6, "only {statements} statements were made to fail");

        let smaller = json!({"rules": {}, "mapping": {"fresh": null, "called": null}});
        let (set, _) = fail_each(&shop, || admin.put("/api/v1/rules", smaller.clone()), in_force).await;
        assert_eq!((set.status, &set.body["version"], set.body["task_id"].is_string()), (200, &json!(2), true), "{set}");
    }

    async fn moving_is_all_or_nothing(shop: Shop) {
        let order = shop.order().await;
        let admin = shop.admin();
        // One that customers are told of, one with a reason and words, and those that change a customer's totals.
        let moves = [
            ("confirm", json!({})),
            ("process", json!({})),
            ("hand_over", json!({"note": "the courier came late"})),
            ("deliver", json!({})),
            ("request_return", json!({"reason": "wrong_size", "note": "too small"})),
        ];
        for (n, (action, body)) in moves.into_iter().enumerate() {
            let keyed = admin.clone().once(action);
            let path = order.path(&format!("/{action}"));
            let (moved, statements) = fail_each(&shop, || keyed.post(&path, body.clone()), || seen(&admin, Some(&order))).await;
            assert_eq!(moved.status, 200, "{moved}");
            assert!(statements > 5, "only {statements} statements of {action} were made to fail");
            assert_eq!(moved.body["order"]["version"], json!(n + 2), "{moved}");
            let again = keyed.post(&path, body.clone()).await;
            assert_eq!((again.header("idempotent-replayed"), &again.body), ("true", &moved.body));
        }
        let stats = admin.get("/api/v1/orders/stats").await;
        assert_eq!(stats.body["by_status"], json!({"RETURN_REQUESTED": 1}), "{stats}");
        figures_equal_lists(&admin).await;
    }

    async fn taking_back_is_all_or_nothing(shop: Shop) {
        let order = shop.order().processing().await;
        let admin = shop.admin();
        let moved = admin.post(&order.path("/hand_over"), json!({})).await.expect(200);
        let body = json!({"event_id": moved.body["event_id"]});
        let keyed = admin.clone().once("take-it-back");
        let path = order.path("/undo");
        let (undone, statements) = fail_each(&shop, || keyed.post(&path, body.clone()), || seen(&admin, Some(&order))).await;
        assert_eq!((undone.status, &undone.body["state"]), (200, &json!("PROCESSING")), "{undone}");
        assert!(statements > 6, "only {statements} statements were made to fail");
        // What was to follow is called off with it.
        shop.advance(11);
        shop.run_jobs().await;
        let progress = admin.get(&order.path("/progress")).await;
        let told: Vec<&Value> = progress.body["notifications"].as_array().unwrap().iter().map(|told| &told["template"]).collect();
        assert!(!told.contains(&&json!("order.shipped")), "{progress}");
        figures_equal_lists(&admin).await;
    }

    async fn editing_and_taking_an_edit_back_are_all_or_nothing(shop: Shop) {
        let order = shop.order().await;
        let other = shop.order().for_phone("Karim", "0770 44 55 66").await;
        let admin = shop.admin();
        let karim = admin.get(&other.path("")).await.expect(200).body["customer"]["id"].clone();
        let line = admin.get(&order.path("")).await.expect(200).body["lines"][0]["id"].clone();
        // Everything that an edit can touch: lines that come, go and change, the totals of two customers, a new product.
        let change = json!({
            "replace_lines": [{"line_id": line, "with": {"sku": "NEW-1", "title": "New", "quantity": 2, "unit_price": {"amount": 5_000, "currency": "DZD"}}}],
            "add_lines": [{"sku": "NEW-2", "title": "Newer", "quantity": 1, "unit_price": {"amount": 7_000, "currency": "DZD"}}],
            "discount": {"percent_ppm": 100_000}, "customer_id": karim, "contact_phone": "0661 99 88 77", "note": "asked for it",
        });
        let edits = order.path("/edits");
        let (begun, _) = fail_each(&shop, || admin.post(&edits, change.clone()), || seen(&admin, Some(&order))).await;
        assert_eq!(begun.status, 201, "{begun}");
        let path = format!("{edits}/{}/apply", begun.body["edit"]["id"].as_str().unwrap());
        let keyed = admin.clone().once("apply-it");
        let (applied, statements) = fail_each(&shop, || keyed.post(&path, json!({})), || seen(&admin, Some(&order))).await;
        assert_eq!((applied.status, &applied.body["order"]["version"]), (200, &json!(2)), "{applied}");
        assert!(statements > 12, "only {statements} statements were made to fail");
        let again = keyed.post(&path, json!({})).await;
        assert_eq!((again.header("idempotent-replayed"), &again.body), ("true", &applied.body));
        figures_equal_lists(&admin).await;
        let undo = json!({"event_id": applied.body["event_id"]});
        let undone = order.path("/undo");
        let (back, statements) = fail_each(&shop, || admin.post(&undone, undo.clone()), || seen(&admin, Some(&order))).await;
        assert_eq!((back.status, &back.body["total"]), (200, &order.body["total"]), "{back}");
        assert!(statements > 8, "only {statements} statements were made to fail");
        figures_equal_lists(&admin).await;
    }

    async fn placing_a_draft_is_all_or_nothing(shop: Shop) {
        let admin = shop.admin();
        let draft = json!({"store_id": shop.main(), "customer": {"name": "Lina", "phone": "0770 11 22 44"}, "lines": [
            {"sku": "NEW-7", "title": "New", "quantity": 1, "unit_price": {"amount": 5_000, "currency": "DZD"}},
        ]});
        let (begun, _) = fail_each(&shop, || admin.post("/api/v1/drafts", draft.clone()), || seen(&admin, None)).await;
        let path = format!("/api/v1/drafts/{}/place", begun.body["draft"]["id"].as_str().unwrap());
        let (placed, statements) = fail_each(&shop, || admin.post(&path, json!({})), || seen(&admin, None)).await;
        assert_eq!((placed.status, &placed.body["is_new"]), (201, &json!(true)), "{placed}");
        assert!(statements > 12, "only {statements} statements were made to fail");
        figures_equal_lists(&admin).await;
    }

    async fn changing_and_archiving_are_all_or_nothing(shop: Shop) {
        let order = shop.order().await;
        let admin = shop.admin();
        let path = order.path("");
        let change = json!({"priority": "high", "contact_phone": "0661 99 88 77", "tags": ["vip"], "custom": {"size": "M"}, "version": 1});
        let (changed, _) = fail_each(&shop, || admin.patch(&path, change.clone()), || seen(&admin, Some(&order))).await;
        assert_eq!((changed.status, &changed.body["version"]), (200, &json!(2)), "{changed}");
        let archive = order.path("/archive");
        let (archived, _) = fail_each(&shop, || admin.post(&archive, json!({})), || seen(&admin, Some(&order))).await;
        assert!(archived.status == 200 && !archived.body["archived_at"].is_null(), "{archived}");
        figures_equal_lists(&admin).await;
    }

    async fn a_job_is_all_or_nothing(shop: Shop) {
        let customer = json!({"name": "Amina", "phone": "0550 14 23 87", "email": "amina@example.dz"});
        let order = shop.order().with("customer", customer).confirmed().await;
        shop.jobs_may_fail();
        shop.advance(11);
        // Whether taking, doing or noting a failure fails: the job comes again, and the message is written and sent once.
        let worker = Worker::new(shop.base().clone(), runner);
        let mut failures = 0;
        for n in 1.. {
            shop.base().db().fail_statement(n);
            match worker.run_until_idle().await {
                Ok(ran) => failures += ran.failed.len(),
                Err(_) => failures += 1,
            }
            if shop.is_failure_pending() {
                break;
            }
            shop.advance(3_600);
        }
        shop.base().db().fail_statement(0);
        shop.advance(100_000);
        shop.run_jobs().await;
        assert!(failures > 3, "only {failures} attempts failed");
        let progress = shop.admin().get(&order.path("/progress")).await;
        let told: Vec<&Value> = progress.body["notifications"].as_array().unwrap().iter().map(|told| &told["state"]).collect();
        assert_eq!(told, ["sent"], "{progress}");
        let stats = shop.admin().get("/api/v1/orders/stats").await;
        assert_eq!(stats.body["notifications"]["sent"], 1, "{stats}");
    }
}
