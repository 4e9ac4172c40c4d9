//! The real binary is killed under load, again and again. What it had acknowledged is there once, what it had
//! not is there wholly or not at all, and the same key after the restart answers the same order.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};
use testkit::{Answer, Client, Engine};
use tokio::sync::Notify;
use tokio::task::JoinSet;

use crate::binary::{Served, main_store};
use crate::deployment::{Deployment, all, figures_equal_lists};

const WRITERS: usize = 8;

/// A write under its key, so that it can be asked again.
#[derive(Clone, Debug)]
struct Wanted {
    key: String,
    path: String,
    body: Value,
}

impl Wanted {
    async fn send(&self, client: &Client) -> Option<Answer> {
        client.clone().once(&self.key).try_post(&self.path, self.body.clone()).await.ok()
    }
}

/// What a writer knows of an order.
#[derive(Clone, Debug)]
struct Known {
    reference: String,
    placing: Wanted,
    /// The order as it was acknowledged; none while its placing has no answer.
    placed: Option<Value>,
    /// Moves with an answer, in their order.
    moved: Vec<(Wanted, Value)>,
    /// The move without one.
    moving: Option<Wanted>,
}

/// How many acknowledged writes the server has to give before it is killed.
struct Fuse {
    left: AtomicUsize,
    burnt: Notify,
}

impl Fuse {
    fn acknowledged(&self) {
        if self.left.fetch_sub(1, Ordering::SeqCst) == 1 {
            self.burnt.notify_one();
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite() {
    survives(Engine::Sqlite, 15).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres() {
    survives(Engine::Postgres, 3).await;
}

async fn survives(engine: Engine, rounds: usize) {
    let place = Deployment::on(engine);
    let mut served = place.serve();
    let store = main_store(&served.client(&place.key)).await;
    let mut known: Vec<Known> = Vec::new();
    let (mut acknowledged, mut in_doubt, mut in_doubt_there) = (0, 0, 0);
    for round in 0..rounds {
        // Early in one round, late in another: the kill meets starts, first writes, checkpoints.
        let fuse = Arc::new(Fuse { left: AtomicUsize::new(15 + (round * 53) % 160), burnt: Notify::new() });
        let mut writers = JoinSet::new();
        for writer in 0..WRITERS {
            writers.spawn(write_until_gone(served.client(&place.key), store.clone(), format!("R{round}W{writer}"), Arc::clone(&fuse)));
        }
        fuse.burnt.notified().await;
        served.kill();
        let mut fresh: Vec<Known> = writers.join_all().await.into_iter().flatten().collect();

        // Nobody writes now: what a crash leaves must add up by itself.
        place.prove().await;
        served = place.serve();
        let client = served.client(&place.key);
        for one in &mut fresh {
            acknowledged += one.moved.len() + usize::from(one.placed.is_some());
            let (asked, found) = settle(&client, one).await;
            in_doubt += asked;
            in_doubt_there += found;
        }
        known.extend(fresh);
        figures_equal_lists(&client).await;
    }
    check_all(&served, &place, &store, &known).await;
    served.stop();
    place.prove().await;
    let moves: usize = known.iter().map(|one| one.moved.len()).sum();
    println!(
        "{engine:?}: {rounds} kills, {} orders and {moves} moves; {acknowledged} acknowledged before a kill, lost 0; \
         {in_doubt} in doubt, of which {in_doubt_there} had been written",
        known.len(),
    );
}

/// Places orders and moves them, until the server is gone.
async fn write_until_gone(client: Client, store: String, name: String, fuse: Arc<Fuse>) -> Vec<Known> {
    let mut known = Vec::new();
    for n in 0.. {
        let mut one = Known::new(&store, &format!("{name}N{n}"));
        let is_over = !write(&client, &mut one, &fuse).await;
        known.push(one);
        if is_over {
            break;
        }
    }
    known
}

/// Places one order and moves it; false when the server went away meanwhile.
async fn write(client: &Client, one: &mut Known, fuse: &Fuse) -> bool {
    let Some(answer) = one.placing.send(client).await else { return false };
    assert_eq!(answer.status, 201, "{answer}");
    let id = answer.id().to_owned();
    one.placed = Some(answer.body);
    fuse.acknowledged();
    for action in ["confirm", "process", "hand_over"] {
        let moving =
            Wanted { key: format!("{}-{action}", one.reference), path: format!("/api/v1/orders/{id}/{action}"), body: json!({"note": "under load"}) };
        one.moving = Some(moving.clone());
        let Some(answer) = moving.send(client).await else { return false };
        assert_eq!(answer.status, 200, "{answer}");
        one.moving = None;
        one.moved.push((moving, answer.body));
        fuse.acknowledged();
    }
    true
}

impl Known {
    fn new(store: &str, reference: &str) -> Known {
        // Two lines and a note, so that there are parts that could be missing.
        let body = json!({
            "store_id": store,
            "external_ref": reference,
            "channel": "whatsapp",
            "customer": {"name": "Amina Benali", "phone": format!("05501{:05}", reference.bytes().fold(7_u32, |sum, byte| (sum * 31 + u32::from(byte)) % 40))},
            "lines": [
                {"sku": "LIN-M", "title": "Linen dress", "quantity": 1, "unit_price": {"amount": 840_000, "currency": "DZD"}},
                {"sku": format!("SKU-{reference}"), "title": "Silk scarf", "quantity": 2, "unit_price": {"amount": 150_000, "currency": "DZD"}},
            ],
            "note": "please ring twice",
        });
        let placing = Wanted { key: format!("{reference}-place"), path: "/api/v1/orders".to_owned(), body };
        Known { reference: reference.to_owned(), placing, placed: None, moved: Vec::new(), moving: None }
    }

    /// The states that may stand after a crash: with and without what has no answer.
    fn may_stand(&self) -> Vec<&str> {
        let states = ["PENDING", "CONFIRMED", "PROCESSING", "SHIPPED"];
        let reached = self.moved.len();
        let last = if self.moving.is_some() { reached + 1 } else { reached };
        states[reached..=last].to_vec()
    }
}

/// Compares what stands with what was answered, then asks again for what has no answer. Tells how many
/// writes were in doubt and how many of them had been done.
async fn settle(client: &Client, one: &mut Known) -> (usize, usize) {
    let found = client.get(&format!("/api/v1/search?q={}&limit=200", one.reference)).await;
    let items: Vec<&Value> = found.items().iter().filter(|item| item["external_ref"] == one.reference.as_str()).collect();
    let mut asked = 0;
    let mut done = 0;
    match (&one.placed, items.as_slice()) {
        (Some(placed), [item]) => {
            assert_eq!(item["id"], placed["id"], "{one:?}");
            let detail = whole(client, one).await;
            let state = detail["state"].as_str().unwrap();
            assert!(one.may_stand().contains(&state), "{state} of {one:?}");
            done += usize::from(one.moving.is_some() && one.may_stand().last() == Some(&state));
        }
        (None, []) => {}
        (None, [_]) => done += 1,
        (_, found) => panic!("{} orders for {one:?}", found.len()),
    }

    let again = one.placing.send(client).await.expect("the server is back");
    assert_eq!(again.status, 201, "{again}");
    match &one.placed {
        // The kept answer, to the letter.
        Some(placed) => assert_eq!((again.header("idempotent-replayed"), &again.body), ("true", placed)),
        None => {
            asked += 1;
            assert_eq!(again.header("idempotent-replayed") == "true", done == 1, "{again}");
            if let [item] = items.as_slice() {
                assert_eq!(item["id"], again.body["id"]);
            }
            one.placed = Some(again.body);
        }
    }
    if let Some(moving) = one.moving.take() {
        asked += 1;
        let again = moving.send(client).await.expect("the server is back");
        assert_eq!(again.status, 200, "{again}");
        assert_eq!(again.header("idempotent-replayed") == "true", done == 1, "{again}");
        one.moved.push((moving, again.body));
    }
    whole(client, one).await;
    (asked, done)
}

/// An order with everything around it; nothing of it may be missing or double.
async fn whole(client: &Client, one: &Known) -> Value {
    let id = one.placed.as_ref().unwrap()["id"].as_str().unwrap();
    let detail = client.get(&format!("/api/v1/orders/{id}")).await;
    assert_eq!(detail.status, 200, "{detail}");
    let count = |field: &str| detail.body[field].as_array().unwrap().len();
    assert_eq!((count("lines"), count("notes")), (2, 1), "{detail}");
    let kinds = |kind: &str| detail.body["history"].as_array().unwrap().iter().filter(|event| event["kind"] == kind).count();
    let moves = kinds("order.moved");
    assert_eq!(kinds("order.placed"), 1, "{detail}");
    assert_eq!(detail.body["version"], json!(1 + moves), "each move counts once: {detail}");
    assert!((one.moved.len()..=one.moved.len() + usize::from(one.moving.is_some())).contains(&moves), "{one:?} {detail}");
    detail.body
}

/// At the very end, over all rounds: each order once, none besides, numbers not given twice, customers' totals true.
async fn check_all(served: &Served, place: &Deployment, store: &str, known: &[Known]) {
    let client = served.client(&place.key);
    let orders = all(&client, "/api/v1/orders?archived=any").await;
    let by_ref: BTreeMap<&str, &Value> = orders.iter().map(|order| (order["external_ref"].as_str().unwrap(), order)).collect();
    assert_eq!((by_ref.len(), orders.len()), (known.len(), known.len()), "one order for each reference");
    for one in known {
        let order = by_ref[one.reference.as_str()];
        assert_eq!(order["id"], one.placed.as_ref().unwrap()["id"]);
        assert_eq!(order["state"], *one.may_stand().last().unwrap(), "{one:?}");
        if let Some((moving, body)) = one.moved.last() {
            let again = moving.send(&client).await.unwrap();
            assert_eq!((again.status, &again.body), (200, body), "the same key answers the same");
        }
    }
    let mut numbers: Vec<&str> = orders.iter().map(|order| order["number"].as_str().unwrap()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), orders.len(), "a number was given twice");

    let mut bought: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    for order in &orders {
        let (count, sum) = bought.entry(order["customer"]["id"].as_str().unwrap()).or_default();
        *count += 1;
        *sum += order["total"]["amount"].as_i64().unwrap();
    }
    for (customer, (count, sum)) in bought {
        let seen = client.get(&format!("/api/v1/customers/{customer}")).await;
        let totals: Vec<(&Value, &Value, &Value)> =
            seen.body["totals"].as_array().unwrap().iter().map(|row| (&row["store_id"], &row["orders"], &row["ordered"]["amount"])).collect();
        assert_eq!(totals, [(&json!(store), &json!(count), &json!(sum))], "{seen}");
    }
    let chain = client.post("/api/v1/events/verify", json!({})).await;
    assert_eq!((chain.status, &chain.body["is_whole"]), (200, &json!(true)), "{chain}");
}
