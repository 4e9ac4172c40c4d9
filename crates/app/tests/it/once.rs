//! The same call many times at once has one effect and one answer; two editors do not overwrite each other.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use testkit::{Client, Engine, both};
use tokio::task::JoinSet;

use crate::binary::main_store;
use crate::deployment::{Deployment, all, figures_equal_lists};

const WRITERS: usize = 100;

/// Without a reference of the shop, so that nothing but the key tells that it is the same order.
fn nameless_order(store: &str) -> Value {
    json!({
        "store_id": store,
        "customer": {"name": "Amina Benali", "phone": "0550 14 23 87"},
        "lines": [{"sku": "LIN-M", "title": "Linen dress", "quantity": 1, "unit_price": {"amount": 840_000, "currency": "DZD"}}],
        "note": "once, please"
    })
}

/// All at once, each on a connection of its own.
async fn place_all_at_once(clients: &[Client], body: &Value) -> Vec<Value> {
    let mut calls = JoinSet::new();
    for n in 0..WRITERS {
        let (client, body) = (clients[n % clients.len()].clone(), body.clone());
        calls.spawn(async move { client.place(body).await });
    }
    let answers = calls.join_all().await;
    let replayed = answers.iter().filter(|answer| answer.header("idempotent-replayed") == "true").count();
    assert_eq!(replayed, WRITERS - 1, "one of them placed it");
    answers.into_iter().map(|answer| answer.expect(201).body).collect()
}

async fn one_order_of(clients: &[Client]) {
    let store = main_store(&clients[0]).await;
    let body = nameless_order(&store);
    for round in 0..3 {
        let keyed: Vec<Client> = clients.iter().map(|client| client.clone().once(&format!("key-{round}"))).collect();
        let answers = place_all_at_once(&keyed, &body).await;
        assert!(answers.iter().all(|answer| *answer == answers[0]), "everybody hears the same");
        let orders = all(&clients[0], "/api/v1/orders").await;
        assert_eq!(orders.len(), round + 1);
        let history = clients[0].get(&format!("/api/v1/orders/{}/history", answers[0]["id"].as_str().unwrap())).await;
        assert_eq!(history.items().iter().filter(|event| event["kind"] == "order.placed").count(), 1, "{history}");
    }
    let customers = clients[0].get("/api/v1/customers").await;
    assert_eq!((customers.items().len(), &customers.items()[0]["orders"]), (1, &json!(3)), "{customers}");
    figures_equal_lists(&clients[0]).await;

    let other = clients[0].clone().once("key-0").place(json!({"store_id": store, "lines": []})).await;
    assert_eq!((other.status, other.code()), (422, "idempotency.other_body"), "{other}");
}

/// The real binary on each engine; on PostgreSQL it has its usual 16 connections.
mod a_hundred_writers_with_one_key_make_one_order {
    use super::*;

    async fn in_one_process(engine: Engine) {
        let place = Deployment::on(engine);
        let served = place.serve();
        one_order_of(&[served.client(&place.key)]).await;
        served.stop();
        place.prove().await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn sqlite() {
        in_one_process(Engine::Sqlite).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn postgres() {
        in_one_process(Engine::Postgres).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn in_two_processes_on_postgres() {
        let place = Deployment::on(Engine::Postgres);
        let (one, two) = (place.serve(), place.serve());
        one_order_of(&[one.client(&place.key), two.client(&place.key)]).await;
        one.stop();
        two.stop();
        place.prove().await;
    }
}

both! {
    async fn a_hundred_moves_with_one_key_are_one_move(shop: Shop) {
        let order = shop.order().await;
        let mut calls = JoinSet::new();
        for _ in 0..WRITERS {
            let (agent, path) = (shop.agent().once("confirm-it"), order.path("/confirm"));
            calls.spawn(async move { agent.post(&path, json!({})).await });
        }
        let answers = calls.join_all().await;
        assert!(answers.iter().all(|answer| answer.status == 200 && answer.body == answers[0].body), "{}", answers[0]);
        let seen = shop.agent().get(&order.path("")).await;
        assert_eq!((&seen.body["state"], &seen.body["version"]), (&json!("CONFIRMED"), &json!(2)), "{seen}");
    }

    async fn a_hundred_moves_without_a_key_are_one_move_and_refusals(shop: Shop) {
        let order = shop.order().await;
        let mut calls = JoinSet::new();
        for _ in 0..WRITERS {
            let (agent, path) = (shop.agent(), order.path("/confirm"));
            calls.spawn(async move { agent.post(&path, json!({})).await });
        }
        let answers = calls.join_all().await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
        assert_eq!(answers.iter().filter(|answer| answer.status == 409 && answer.code() == "order.state").count(), WRITERS - 1);
    }

    async fn a_hundred_new_customers_with_one_number_are_one_customer(shop: Shop) {
        let mut calls = JoinSet::new();
        for n in 0..WRITERS {
            let (agent, body) = (shop.agent(), shop.order().for_phone("Amina", "0661 22 33 44").with("external_ref", json!(format!("C-{n}"))).body());
            calls.spawn(async move { agent.place(body).await });
        }
        let answers = calls.join_all().await;
        let customers: BTreeSet<String> = answers.into_iter().map(|answer| answer.expect(201).body["customer"]["id"].to_string()).collect();
        assert_eq!(customers.len(), 1);
        let found = shop.agent().get("/api/v1/customers?search=0661223344").await;
        assert_eq!(found.items()[0]["orders"], json!(WRITERS), "{found}");
    }

    async fn the_second_of_two_editors_hears_what_differs(shop: Shop) {
        let order = shop.order().await;
        let read = shop.agent().get(&order.path("")).await;
        let version = read.body["version"].clone();
        let first = shop.agent().patch(&order.path(""), json!({"priority": "high", "tags": ["vip"], "version": version})).await;
        assert_eq!(first.status, 200, "{first}");

        // The same priority is no difference; the name and the tags are.
        let wanted = json!({"priority": "high", "tags": ["gift"], "contact_name": "Amina B.", "version": version});
        let second = shop.colleague().patch(&order.path(""), wanted.clone()).await;
        assert_eq!((second.status, second.code()), (409, "stale"), "{second}");
        assert_eq!((&second.body["version"], &second.body["fields"]), (&first.body["version"], &json!(["contact_name", "tags"])), "{second}");

        // In a header instead of the body it is a failed precondition.
        let etag = shop.colleague().with_header("If-Match", read.header("etag"));
        let second = etag.patch(&order.path(""), json!({"contact_name": "Amina B."})).await;
        assert_eq!((second.status, second.code(), &second.body["fields"]), (412, "stale", &json!(["contact_name"])), "{second}");

        let stands = shop.agent().get(&order.path("")).await;
        assert_eq!((&stands.body["tags"], &stands.body["customer"]["name"]), (&json!(["vip"]), &json!("Amina Benali")), "{stands}");
        let mut wanted = wanted;
        wanted["version"] = stands.body["version"].clone();
        let third = shop.colleague().patch(&order.path(""), wanted).await;
        assert_eq!((third.status, &third.body["tags"]), (200, &json!(["gift"])), "{third}");
    }

    async fn of_many_editors_at_once_one_wins(shop: Shop) {
        let order = shop.order().await;
        for round in 0..5 {
            let version = shop.agent().get(&order.path("")).await.body["version"].clone();
            let mut calls = JoinSet::new();
            for n in 0..20 {
                let client = if n % 2 == 0 { shop.agent() } else { shop.colleague() };
                let (path, body) = (order.path(""), json!({"contact_name": format!("Amina {round}.{n}"), "version": version}));
                calls.spawn(async move { client.patch(&path, body).await });
            }
            let answers = calls.join_all().await;
            let won: Vec<&Value> = answers.iter().filter(|answer| answer.status == 200).map(|answer| &answer.body["customer"]["name"]).collect();
            let refused = answers.iter().filter(|answer| answer.status == 409 && answer.body["fields"] == json!(["contact_name"])).count();
            assert_eq!((won.len(), refused), (1, 19), "{}", answers[0]);
            let stands = shop.agent().get(&order.path("")).await;
            assert_eq!(stands.body["customer"]["name"], *won[0], "{stands}");
        }
    }
}
