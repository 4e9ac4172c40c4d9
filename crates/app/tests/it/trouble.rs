//! What is out of our hands goes wrong under load: the disk is full, the queue is full, the database is gone.
//! Callers hear that it is not their fault and when to come again; what was acknowledged stays; all goes on
//! by itself when the trouble is over.

use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, mpsc};
use std::time::{Duration, Instant};

use db::params;
use db::testing::OwnServer;
use serde_json::json;
use testkit::{Answer, Client, Engine, Shop};
use tokio::task::JoinSet;

use crate::binary::{PATIENCE, Served, main_store, order};
use crate::deployment::{Deployment, all, figures_equal_lists, until};

const WRITERS: usize = 6;

/// What writers saw while there was trouble.
#[derive(Debug, Default)]
struct Seen {
    /// References of orders that were acknowledged.
    placed: Vec<String>,
    /// Refusals.
    refused: Vec<Answer>,
}

/// Writers that go on whatever they hear, each order under a key of its own, until it is acknowledged. At the
/// end none is in doubt.
struct Load {
    is_over: Arc<AtomicBool>,
    writers: JoinSet<Seen>,
}

impl Load {
    fn begin(client: &Client, store: &str, name: &str) -> Load {
        let is_over = Arc::new(AtomicBool::new(false));
        let mut writers = JoinSet::new();
        for writer in 0..WRITERS {
            writers.spawn(write(client.clone(), store.to_owned(), format!("{name}-{writer}"), Arc::clone(&is_over)));
        }
        Load { is_over, writers }
    }

    async fn end(self, into: &mut Seen) {
        self.is_over.store(true, Ordering::SeqCst);
        for seen in self.writers.join_all().await {
            into.placed.extend(seen.placed);
            into.refused.extend(seen.refused);
        }
    }
}

async fn write(client: Client, store: String, name: String, is_over: Arc<AtomicBool>) -> Seen {
    let mut seen = Seen::default();
    let mut n = 0;
    let mut is_in_doubt = false;
    while is_in_doubt || !is_over.load(Ordering::SeqCst) {
        let reference = format!("{name}-{n}");
        let answer = client.clone().once(&reference).try_post("/api/v1/orders", order(&store, &reference)).await;
        match answer {
            Ok(answer) if answer.status == 201 => {
                seen.placed.push(reference);
                n += 1;
                is_in_doubt = false;
            }
            // The same key again, as a shop's program does; not at full speed.
            Ok(answer) => {
                seen.refused.push(answer);
                is_in_doubt = true;
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            Err(error) => panic!("the server itself went away: {error}"),
        }
    }
    seen
}

/// Every refusal is one that says: not now, come again.
#[track_caller]
fn were_told_to_come_again(refused: &[Answer], codes: &[&str]) {
    assert!(!refused.is_empty(), "nobody heard of the trouble");
    for answer in refused {
        assert_eq!(answer.status, 503, "{answer}");
        assert!(codes.contains(&answer.code()) && answer.header("retry-after").parse::<u32>().is_ok_and(|seconds| seconds > 0), "{answer}");
    }
}

/// Places one order after the other until one is answered so; others may be placed or told to come again.
async fn place_until(client: &Client, store: &str, name: &str, status: u16, seen: &mut Seen) {
    let begun = Instant::now();
    let mut n = 0;
    loop {
        let reference = format!("{name}-{n}");
        let answer = client.clone().once(&reference).place(order(store, &reference)).await;
        let is_right = answer.status == status;
        if answer.status == 201 {
            seen.placed.push(reference);
            n += 1;
        } else {
            seen.refused.push(answer);
        }
        if is_right {
            return;
        }
        assert!(begun.elapsed() < PATIENCE, "placing is never answered {status}, but: {:?}", seen.refused.last());
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// What was acknowledged is there once, and besides at most what was refused and never asked again.
async fn all_are_there_once(client: &Client, seen: &Seen, given_up: usize) {
    let orders = all(client, "/api/v1/orders").await;
    let mut found: Vec<&str> = orders.iter().map(|order| order["external_ref"].as_str().unwrap()).collect();
    found.sort_unstable();
    for reference in &seen.placed {
        assert!(found.binary_search(&reference.as_str()).is_ok(), "{reference} was acknowledged and is lost");
    }
    found.dedup();
    assert_eq!(found.len(), orders.len(), "no order is there twice");
    let acknowledged = seen.placed.len();
    assert!((acknowledged..=acknowledged + given_up).contains(&orders.len()), "{} orders, acknowledged were {acknowledged}", orders.len());
    figures_equal_lists(client).await;
}

/// A server whose data directory is a small file system of its own, seen from here through its process.
struct SmallDisk {
    served: Served,
    seen_from_here: PathBuf,
    place: Deployment,
}

impl SmallDisk {
    fn start(bytes: u64) -> SmallDisk {
        let place = Deployment::on(Engine::Sqlite);
        let inside = place.data().join("small");
        std::fs::create_dir(&inside).unwrap();
        let script = "mount -t tmpfs -o size=$2 tmpfs \"$1/small\" && cp -r \"$1/keys\" \"$1/kafila.db\" \"$1/small/\" && \
                      exec \"$0\" serve --data \"$1/small\" --listen 127.0.0.1:0";
        let mut command = Command::new("unshare");
        if !Command::new("id").arg("-u").output().unwrap().stdout.starts_with(b"0\n") {
            command.args(["--user", "--map-root-user"]);
        }
        command.args(["--mount", "sh", "-c", script, env!("CARGO_BIN_EXE_kafila")]).arg(place.data()).arg(bytes.to_string());
        command.env_clear().env("PATH", "/usr/bin:/bin:/usr/sbin:/sbin").env("KAFILA_LIMITS_API_PER_ACTOR", "0");
        let served = Served::spawn(&mut command);
        let seen_from_here = PathBuf::from(format!("/proc/{}/root{}", served.pid(), inside.display()));
        SmallDisk { served, seen_from_here, place }
    }

    /// Takes all room that is left.
    fn fill(&self) {
        let mut filler = std::fs::File::create(self.seen_from_here.join("filler")).unwrap();
        let block = [7; 4_096];
        while std::io::Write::write_all(&mut filler, &block).is_ok() {}
    }

    fn free(&self) {
        std::fs::remove_file(self.seen_from_here.join("filler")).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_stops_writing_and_loses_nothing() {
    let disk = SmallDisk::start(64 << 20);
    let client = disk.served.client(&disk.place.key);
    let store = main_store(&client).await;
    let mut seen = Seen::default();
    for round in 0..3 {
        let load = Load::begin(&client, &store, &format!("load-{round}"));
        disk.fill();
        // Whoever still finds a little room takes it, and then there is none.
        place_until(&client, &store, &format!("full-{round}"), 503, &mut seen).await;
        let listed = client.get("/api/v1/orders?limit=1").await;
        assert_eq!(listed.status, 200, "reading goes on: {listed}");
        let ready = client.get("/readyz").await;
        assert_eq!(ready.status, 503, "{ready}");
        assert_eq!(client.get("/healthz").await.status, 200, "the process is well");

        disk.free();
        place_until(&client, &store, &format!("free-{round}"), 201, &mut seen).await;
        load.end(&mut seen).await;
        let ready = client.get("/readyz").await;
        assert_eq!(ready.status, 200, "{ready}");
        all_are_there_once(&client, &seen, 2 * (round + 1)).await;
    }
    were_told_to_come_again(&seen.refused, &["unavailable"]);
    println!("3 full disks: {} orders acknowledged, lost 0, {} refusals", seen.placed.len(), seen.refused.len());
    proves_itself(&client).await;
    disk.served.stop();
}

/// The nightly proof, now: it repairs nothing, and the chain of events is whole.
async fn proves_itself(client: &Client) {
    let schedules = client.get("/api/v1/schedules").await;
    for kind in ["prove_counters", "seal_events"] {
        let schedule = schedules.items().iter().find(|schedule| schedule["kind"] == kind).unwrap();
        let begun = client.post(&format!("/api/v1/schedules/{}/run", schedule["id"].as_str().unwrap()), json!({})).await;
        assert_eq!(begun.status, 202, "{begun}");
        let job = format!("/api/v1/jobs/{}", begun.body["job_id"].as_str().unwrap());
        until(client, &job, |job| job.body["state"] == "done").await;
    }
    let repaired = client.get("/api/v1/events?kind=counter.repaired").await;
    assert_eq!((repaired.status, repaired.items()), (200, &[][..]), "{repaired}");
    let chain = client.post("/api/v1/events/verify", json!({})).await;
    assert_eq!(chain.body["is_whole"], true, "{chain}");
}

/// Counts rows of everything; a full disk shows in the middle of an action, and the whole action is undone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_action_that_finds_no_room_leaves_nothing() {
    let shop = Shop::new().await;
    shop.order().await;
    let limit = async |pages: i64| {
        let pragma = format!("pragma max_page_count = {pages}");
        shop.base().db().system_write(move |tx| tx.one::<(i64,)>(&pragma, params![])).await.unwrap();
    };
    shop.mark().await;
    // Becomes the present size: not one page more.
    limit(1).await;
    // Larger than any room that is left in pages which are there already.
    let large = shop.order().with("note", json!("x".repeat(9_000))).with("custom", json!({"words": "y".repeat(15_000)})).body();
    let (agent, mut placed) = (shop.agent(), 0);
    let refused = loop {
        let mut body = large.clone();
        body["external_ref"] = json!(format!("large-{placed}"));
        let answer = agent.place(body).await;
        if answer.status != 201 {
            break answer;
        }
        placed += 1;
        assert!(placed < 100, "there is no end of room");
        shop.mark().await;
    };
    were_told_to_come_again(std::slice::from_ref(&refused), &["unavailable"]);
    shop.assert_nothing_happened().await;
    assert!(!refused.text.contains("SQLITE") && !refused.text.contains("kafila.db"), "{refused}");
    limit(1_000_000).await;
    agent.place(large).await.expect(201);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_queue_says_when_to_come_again() {
    let shop = Shop::new().await;
    let edge = shop.edge().await;
    let (release, wait) = mpsc::channel::<()>();
    let (holds, mut held) = tokio::sync::mpsc::unbounded_channel();
    let wait = Mutex::new(wait);
    let mut waiting = JoinSet::new();
    let holder = edge.clone();
    waiting.spawn(async move {
        holder
            .write(move |_, _| {
                let _ = holds.send(());
                let _ = wait.lock().unwrap().recv();
                Ok(())
            })
            .await
    });
    held.recv().await.unwrap();
    let begun = Instant::now();
    // One more than there is room for tells that the queue is full.
    while shop.base().db().stats().busy_refusals == 0 {
        for _ in 0..500 {
            let edge = edge.clone();
            waiting.spawn(async move { edge.write(|_, _| Ok(())).await });
        }
        tokio::task::yield_now().await;
        assert!(begun.elapsed() < PATIENCE, "the queue has no end");
    }
    let refused = shop.agent().place(shop.order().body()).await;
    were_told_to_come_again(std::slice::from_ref(&refused), &["busy"]);
    // Readers have a queue of their own.
    shop.agent().get("/api/v1/orders").await.expect(200);
    release.send(()).unwrap();
    waiting.join_all().await;
    shop.agent().place(shop.order().body()).await.expect(201);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_postgres_that_goes_away_comes_back_without_a_restart() {
    let home = tempfile::tempdir().unwrap();
    let server = OwnServer::start_in(home.path(), "shop");
    let place = Deployment::at(server.url("shop"));
    let served = place.serve();
    let client = served.client(&place.key);
    let store = main_store(&client).await;
    let mut stream = crate::streams::Stream::open(&served.address, &place.key, None).await;
    let mut seen = Seen::default();
    for round in 0..2 {
        let load = Load::begin(&client, &store, &format!("load-{round}"));
        place_until(&client, &store, &format!("before-{round}"), 201, &mut seen).await;
        server.stop();
        place_until(&client, &store, &format!("gone-{round}"), 503, &mut seen).await;
        // An answer at once, not after a time-out.
        let begun = Instant::now();
        let refused = client.get("/api/v1/orders").await;
        assert_eq!(refused.status, 503, "{refused}");
        assert!(begun.elapsed() < Duration::from_secs(5), "took {:?}", begun.elapsed());
        assert!(!refused.text.contains("127.0.0.1"), "where the database is, is not for callers: {refused}");
        seen.refused.push(refused);
        let ready = client.get("/readyz").await;
        assert_eq!(ready.status, 503, "{ready}");
        assert_eq!(client.get("/healthz").await.status, 200);

        server.start();
        place_until(&client, &store, &format!("back-{round}"), 201, &mut seen).await;
        load.end(&mut seen).await;
        until(&client, "/readyz", |ready| ready.status == 200).await;
        all_are_there_once(&client, &seen, 2 * (round + 1)).await;
    }
    were_told_to_come_again(&seen.refused, &["unavailable"]);
    // Streams were not cut, and hear of what comes now.
    let placed = client.place(order(&store, "after-all")).await.expect(201);
    stream.until_change("order", placed.id()).await;
    println!("2 stops of PostgreSQL: {} orders acknowledged, lost 0, {} refusals", seen.placed.len(), seen.refused.len());
    served.stop();
    place.prove().await;
}
