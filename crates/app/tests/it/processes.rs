//! Several processes on one PostgreSQL share the work, hear of each other's changes and never give out a
//! number twice. On SQLite one process owns the data.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use base::counters;
use db::params;
use serde_json::{Value, json};
use testkit::{Client, Engine, Shop};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::binary::{PATIENCE, Ran, Served, main_store, order};
use crate::deployment::{Deployment, all, figures_equal_lists, until};
use crate::streams::Stream;

const ORDERS: usize = 200;

/// A mail server that counts. It takes mails up to its gate and then keeps its clients waiting.
struct Postbox {
    port: u16,
    received: Arc<Mutex<BTreeMap<String, usize>>>,
    gate: watch::Sender<usize>,
    taken: watch::Receiver<usize>,
}

impl Postbox {
    async fn open(gate: usize) -> Postbox {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (gate, open_to) = watch::channel(gate);
        let (count, taken) = watch::channel(0);
        let received = Arc::new(Mutex::new(BTreeMap::new()));
        let (shared, count) = (Arc::clone(&received), Arc::new(count));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (shared, count, open_to) = (Arc::clone(&shared), Arc::clone(&count), open_to.clone());
                // A client that is killed breaks its connection off, and that is no trouble of ours.
                tokio::spawn(async move { drop(serve_mail(stream, &shared, &count, open_to).await) });
            }
        });
        Postbox { port, received, gate, taken }
    }

    fn environment(&self) -> Vec<(&'static str, String)> {
        vec![("KAFILA_MAIL_HOST", "127.0.0.1".to_owned()), ("KAFILA_MAIL_PORT", self.port.to_string()), ("KAFILA_MAIL_SECURITY", "none".to_owned())]
    }

    /// How often each mail came in, by its Message-ID.
    fn received(&self) -> BTreeMap<String, usize> {
        self.received.lock().unwrap().clone()
    }

    async fn until_taken(&mut self, count: usize) {
        let waited = tokio::time::timeout(PATIENCE, self.taken.wait_for(|taken| *taken >= count)).await;
        waited.expect("the mails never came").unwrap();
    }
}

async fn serve_mail(
    stream: TcpStream,
    received: &Mutex<BTreeMap<String, usize>>,
    count: &watch::Sender<usize>,
    mut open_to: watch::Receiver<usize>,
) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    stream.write_all(b"220 postbox\r\n").await?;
    let mut line = String::new();
    loop {
        line.clear();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        match line.get(..4).unwrap_or_default().to_ascii_uppercase().as_str() {
            "DATA" => {
                stream.write_all(b"354 go on\r\n").await?;
                let mut id = String::new();
                loop {
                    line.clear();
                    stream.read_line(&mut line).await?;
                    if let Some(found) = line.strip_prefix("Message-ID:") {
                        id = found.trim().to_owned();
                    }
                    if line == ".\r\n" || line.is_empty() {
                        break;
                    }
                }
                let mut taken = 0;
                count.send_modify(|count| {
                    *count += 1;
                    taken = *count;
                });
                // Past the gate the client waits for its answer, with the job in its hands.
                let _ = open_to.wait_for(|gate| taken <= *gate).await;
                *received.lock().unwrap().entry(id).or_default() += 1;
                stream.write_all(b"250 taken\r\n").await?;
            }
            "QUIT" => return stream.write_all(b"221 bye\r\n").await,
            _ => stream.write_all(b"250 ok\r\n").await?,
        }
    }
}

fn serve_with(place: &Deployment, postbox: &Postbox) -> Served {
    Served::spawn(place.command().envs(postbox.environment()).args(["serve", "--listen", "127.0.0.1:0"]))
}

fn work_with(place: &Deployment, postbox: &Postbox) -> crate::deployment::Working {
    let environment = postbox.environment();
    place.work(&environment.iter().map(|(name, value)| (*name, value.as_str())).collect::<Vec<_>>())
}

/// Orders are told of when they ship, and at once, because nothing can be undone.
async fn tell_at_once(client: &Client) {
    let set = client.put("/api/v1/settings/orders", json!({"value": {"undo_seconds": 0, "notifiable_states": ["SHIPPED"]}})).await;
    assert_eq!(set.status, 200, "{set}");
}

/// Places orders of customers with an e-mail address and ships them, over all clients; answers their ids.
async fn ship(clients: &[Client], store: &str, count: usize) -> Vec<String> {
    let mut calls = JoinSet::new();
    let hands = 8;
    for hand in 0..hands {
        let (clients, store) = (clients.to_vec(), store.to_owned());
        calls.spawn(async move {
            let mut ids = Vec::new();
            for n in (hand..count).step_by(hands) {
                let client = &clients[n % clients.len()];
                let mut body = order(&store, &format!("P-{n}"));
                body["customer"] = json!({"name": "Amina Benali", "phone": format!("0550{n:06}"), "email": format!("amina{n}@example.dz")});
                let placed = client.place(body).await.expect(201);
                for action in ["confirm", "process", "hand_over"] {
                    // Through whichever process, as people's pages do.
                    let client = &clients[(n + action.len()) % clients.len()];
                    let moved = client.post(&format!("/api/v1/orders/{}/{action}", placed.id()), json!({})).await;
                    assert_eq!(moved.status, 200, "{moved}");
                }
                ids.push(placed.id().to_owned());
            }
            ids
        });
    }
    calls.join_all().await.into_iter().flatten().collect()
}

async fn jobs(client: &Client, kind: &str, state: &str) -> Vec<Value> {
    all(client, &format!("/api/v1/jobs?kind={kind}&state={state}")).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_job_runs_once() {
    let place = Deployment::on(Engine::Postgres);
    let mut postbox = Postbox::open(usize::MAX).await;
    let one = serve_with(&place, &postbox);
    tell_at_once(&one.client(&place.key)).await;
    // Started after the settings, so that nobody has older ones.
    let two = serve_with(&place, &postbox);
    let _workers = (work_with(&place, &postbox), work_with(&place, &postbox));
    let clients = [one.client(&place.key), two.client(&place.key)];
    let store = main_store(&clients[0]).await;
    let ids = ship(&clients, &store, ORDERS).await;

    postbox.until_taken(ORDERS).await;
    until(&clients[0], "/api/v1/orders/stats", |stats| stats.body["notifications"]["sent"] == json!(ORDERS)).await;
    let received = postbox.received();
    assert_eq!((received.len(), received.values().sum::<usize>()), (ORDERS, ORDERS), "none is missing, none came twice");
    for id in &ids {
        let progress = clients[1].get(&format!("/api/v1/orders/{id}/progress")).await;
        let told: Vec<&Value> = progress.body["notifications"].as_array().unwrap().iter().map(|told| &told["state"]).collect();
        assert_eq!(told, ["sent"], "{progress}");
    }
    for kind in ["notify_customer", "send_message"] {
        let done = jobs(&clients[0], kind, "done").await;
        assert_eq!(done.len(), ORDERS, "{kind}");
        assert!(done.iter().all(|job| job["attempts"] == 1), "{kind}: each was tried once");
    }
    one.stop();
    two.stop();
    place.prove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_jobs_of_a_killed_worker_are_done_by_others() {
    let place = Deployment::on(Engine::Postgres);
    let mut postbox = Postbox::open(40).await;
    let served = serve_with(&place, &postbox);
    let client = served.client(&place.key);
    tell_at_once(&client).await;
    let (killed, _other) = (work_with(&place, &postbox), work_with(&place, &postbox));
    let store = main_store(&client).await;
    ship(std::slice::from_ref(&client), &store, ORDERS).await;

    // Both workers and the server hang at the postbox with mails in their hands, and with more leased.
    postbox.until_taken(40 + 16 + 16 + 1).await;
    killed.kill();
    postbox.gate.send_replace(usize::MAX);
    a_minute_passes_for_the_dead(&place).await;

    until(&client, "/api/v1/orders/stats", |stats| stats.body["notifications"]["sent"] == json!(ORDERS)).await;
    let received = postbox.received();
    let more_than_once = received.values().filter(|count| **count > 1).count();
    assert_eq!(received.len(), ORDERS, "no mail is missing");
    assert!(more_than_once <= 16, "only what the killed one had in its hands may go out twice, not {more_than_once}");
    // What happened outside may be double; what is written here is not.
    let told = all(&client, "/api/v1/events?kind=order.notified").await;
    let mut by_order: BTreeMap<&str, usize> = BTreeMap::new();
    told.iter().for_each(|event| *by_order.entry(event["subject"].as_str().unwrap()).or_default() += 1);
    assert_eq!((by_order.len(), told.len()), (ORDERS, ORDERS));
    assert_eq!(jobs(&client, "send_message", "done").await.len(), ORDERS);
    assert_eq!(jobs(&client, "send_message", "dead").await, Vec::<Value>::new());
    served.stop();
    place.prove().await;
}

/// Waits until only one worker has mails left, which must be the dead one, and spends its leases: they last a
/// minute by the wall's clock, which nobody has to wait for here.
async fn a_minute_passes_for_the_dead(place: &Deployment) {
    let base = place.open();
    let past = base.now().0 - 1;
    let begun = Instant::now();
    loop {
        let unfinished =
            "select state, leased_by from jobs where kind = 'send_message' and state in ('waiting', 'running') group by state, leased_by";
        let left: Vec<(String, Option<i64>)> = base.db().system_read(move |tx| tx.rows(unfinished, params![])).await.unwrap();
        if let [(state, Some(dead))] = left.as_slice()
            && state == "running"
        {
            let (spend, dead) = ("update jobs set leased_until = $1 where leased_by = $2 and state = 'running'", *dead);
            let spent = base.db().system_write(move |tx| tx.execute(spend, params![past, dead])).await.unwrap();
            assert!((1..=64).contains(&spent), "{spent} jobs were in its hands");
            break;
        }
        assert!(begun.elapsed() < PATIENCE, "others still hold jobs: {left:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    base.close(Duration::from_secs(10));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_schedule_fires_once_however_many_look() {
    let place = Deployment::on(Engine::Postgres);
    let served = [place.serve(), place.serve()];
    let _workers = [place.work(&[]), place.work(&[])];
    let client = served[0].client(&place.key);
    let schedules = client.get("/api/v1/schedules").await;
    let kinds: Vec<String> = schedules.items().iter().map(|schedule| schedule["kind"].as_str().unwrap().to_owned()).collect();
    assert!(kinds.len() >= 4, "{schedules}");
    let base = place.open();
    for round in 0..5 {
        let before = all(&client, "/api/v1/jobs").await.len();
        // All are due now, for everybody who looks.
        let due = base.now().0 - 1;
        // And none by itself meanwhile, as at a full minute.
        let move_back = "update schedules set next_at = $1, last_at = null, is_on = 1, cron = '0 0 29 2 *'";
        let moved = base.db().system_write(move |tx| tx.execute(move_back, params![due])).await.unwrap();
        assert_eq!(moved as usize, kinds.len());
        until(&client, "/api/v1/schedules", |answer| answer.items().iter().all(|schedule| !schedule["last_at"].is_null())).await;
        let fired = all(&client, "/api/v1/jobs").await.len() - before;
        assert_eq!(fired, kinds.len(), "round {round}");
        until(&client, "/api/v1/jobs?state=waiting", |answer| answer.items().is_empty()).await;
        until(&client, "/api/v1/jobs?state=running", |answer| answer.items().is_empty()).await;
    }
    let all_jobs = all(&client, "/api/v1/jobs").await;
    assert!(all_jobs.iter().all(|job| job["state"] == "done" && job["attempts"] == 1), "{all_jobs:?}");
    base.close(Duration::from_secs(10));
}

/// The same in steps of an hour over two days: what was missed meanwhile is one job.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_due_time_is_one_job_for_two_processes() {
    let shop = Shop::on(Engine::Postgres).await;
    let other = shop.second_process().await;
    let (mut fired, mut by_other) = (0, 0);
    for _ in 0..48 {
        shop.advance(3_600);
        other.advance(3_600);
        let (here, there) = tokio::join!(shop.fire_schedules(), other.fire_schedules());
        fired += here + there;
        by_other += there;
        shop.run_jobs().await;
    }
    let jobs = all(&shop.admin(), "/api/v1/jobs").await;
    assert_eq!(jobs.len() as u64, fired / 2, "both organizations have the same schedules");
    // Sealing each hour, and backup, proof and purge once a day.
    assert_eq!(jobs.iter().filter(|job| job["kind"] == "seal_events").count(), 48);
    for kind in ["backup", "prove_counters", "purge"] {
        assert_eq!(jobs.iter().filter(|job| job["kind"] == kind).count(), 2, "{kind}");
    }
    println!("{fired} jobs, {by_other} of them fired by the other process");
}

/// The proof counts and compares while others commit in between; none of that may look like an error.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_proof_repairs_nothing_while_orders_come_in_and_move() {
    let shop = Shop::on(Engine::Postgres).await;
    let other = shop.second_process().await;
    let is_over = Arc::new(AtomicBool::new(false));
    let mut writers = JoinSet::new();
    for writer in 0..6 {
        let (shop, is_over) = (if writer % 2 == 0 { shop.clone() } else { other.clone() }, Arc::clone(&is_over));
        writers.spawn(async move {
            let mut written = 0;
            while !is_over.load(Ordering::SeqCst) {
                shop.order().confirmed().await;
                written += 2;
            }
            written
        });
    }
    let edge = shop.edge().await;
    let mut proofs = 0;
    let begun = Instant::now();
    while proofs < 300 && begun.elapsed() < Duration::from_secs(10) {
        let repairs = edge
            .write(|tx, ctx| {
                let repairs = counters::prove(tx, ctx, tx.new_id(), &orders::PROOFS)?;
                Ok((repairs, counters::prove_days(tx, ctx, tx.new_id(), orders::recount_days)?))
            })
            .await
            .unwrap();
        assert_eq!(repairs, (Vec::new(), Vec::new()), "proof {proofs}");
        proofs += 1;
    }
    is_over.store(true, Ordering::SeqCst);
    let written: usize = writers.join_all().await.into_iter().sum();
    assert!(written > 20, "only {written} writes came between");
    println!("{proofs} proofs between {written} writes, 0 repairs");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_in_one_process_is_seen_live_in_another() {
    let place = Deployment::on(Engine::Postgres);
    let (here, there) = (place.serve(), place.serve());
    let client = here.client(&place.key);
    let store = main_store(&client).await;
    let mut stream = Stream::open(&there.address, &place.key, None).await;
    let mut waits = Vec::new();
    for n in 0..9 {
        let placed = client.place(order(&store, &format!("L-{n}"))).await.expect(201);
        let begun = Instant::now();
        stream.until_change("order", placed.id()).await;
        waits.push(begun.elapsed());
    }
    waits.sort_unstable();
    // Looking for what was missed comes each 5 s only; so most of them came by notification.
    assert!(waits[waits.len() / 2] < Duration::from_secs(2), "{waits:?}");
    println!("heard in the other process after {:?} in the middle, {:?} at most", waits[waits.len() / 2], waits[waits.len() - 1]);
}

/// Whoever is killed right after a commit never tells the others. They look for themselves.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_notification_that_is_lost_is_made_up_for() {
    let place = Deployment::on(Engine::Postgres);
    let there = place.serve();
    let store = main_store(&there.client(&place.key)).await;
    let mut stream = Stream::open(&there.address, &place.key, None).await;
    let was_found_by_looking = |served: &Served| served.said().contains("missed by notification and found by looking");
    for n in 0..10 {
        let here = place.serve();
        let placed = here.client(&place.key).place(order(&store, &format!("K-{n}"))).await;
        // Within the 200 ms for which changes are collected, or the next round tries again.
        here.kill();
        stream.until_change("order", placed.expect(201).id()).await;
        if was_found_by_looking(&there) {
            return;
        }
    }
    panic!("no notification was ever lost:\n{}", there.said());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn numbers_and_ids_are_never_given_out_twice() {
    let place = Deployment::on(Engine::Postgres);
    let served = [place.serve(), place.serve(), place.serve()];
    let store = main_store(&served[0].client(&place.key)).await;
    let mut calls = JoinSet::new();
    for writer in 0..12 {
        let (client, store) = (served[writer % served.len()].client(&place.key), store.clone());
        calls.spawn(async move {
            let mut given = Vec::new();
            for n in 0..30 {
                let placed = client.place(order(&store, &format!("N{writer}-{n}"))).await.expect(201);
                given.push((placed.body["number"].as_str().unwrap().to_owned(), placed.id().to_owned()));
            }
            given
        });
    }
    let given: Vec<(String, String)> = calls.join_all().await.into_iter().flatten().collect();
    let count = |of: fn(&(String, String)) -> &String| given.iter().map(of).collect::<std::collections::BTreeSet<_>>().len();
    assert_eq!((count(|one| &one.0), count(|one| &one.1)), (360, 360));
    figures_equal_lists(&served[1].client(&place.key)).await;
    for one in served {
        one.stop();
    }
    place.prove().await;
}

/// The first one does not even notice.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_sqlite_a_second_process_refuses_and_names_the_way_out() {
    let place = Deployment::on(Engine::Sqlite);
    let served = place.serve();
    let client = served.client(&place.key);
    let store = main_store(&client).await;
    for arguments in [&["serve", "--listen", "127.0.0.1:0"][..], &["import", "orders.csv", "--preset", "kafila"], &["user", "list"]] {
        let said = Ran::of(place.command().args(arguments)).failed(4);
        assert!(said.contains(&format!("process {}", served.pid())) && said.contains("PostgreSQL"), "{arguments:?}: {said}");
    }
    let said = Ran::of(place.command().arg("work")).failed(2);
    assert!(said.contains("needs PostgreSQL") && said.contains("kafila serve"), "{said}");
    client.place(order(&store, "still-here")).await.expect(201);
    served.stop();
}
