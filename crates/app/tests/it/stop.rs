//! Stopping: what was begun is finished, what was answered is kept, and the next start finds all of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::Semaphore;

use crate::binary::{Served, admin_key, healthz, main_store, order, run};

/// Streams orders in while the process is told to stop, then counts on a new one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_under_load_loses_nothing_that_was_answered() {
    let folder = tempfile::tempdir().unwrap();
    let key = admin_key(folder.path());
    let mut served = Served::start(folder.path());
    let store = main_store(&served.client(&key)).await;

    let is_over = Arc::new(AtomicBool::new(false));
    let count = Arc::new(Semaphore::new(0));
    let writers: Vec<_> = (0..8)
        .map(|writer| {
            let (client, store) = (served.client(&key), store.clone());
            let (is_over, count) = (Arc::clone(&is_over), Arc::clone(&count));
            tokio::spawn(async move {
                let mut placed = Vec::new();
                for n in 0.. {
                    if is_over.load(Ordering::Relaxed) {
                        break;
                    }
                    let reference = format!("W{writer}-{n}");
                    match client.try_post("/api/v1/orders", order(&store, &reference)).await {
                        Ok(answer) if answer.status == 201 => {
                            placed.push(reference);
                            count.add_permits(1);
                        }
                        // Refused while stopping, or the connection is closed: not acknowledged.
                        Ok(answer) => assert!(answer.status == 503, "{answer}"),
                        Err(_) => break,
                    }
                }
                placed
            })
        })
        .collect();
    drop(count.acquire_many(40).await.unwrap());
    // A stream that would never end by itself must not hold the stop up.
    let stream = served.client(&key);
    let streaming = tokio::spawn(async move { stream.try_get("/api/v1/live").await.is_ok() });
    let watcher = served.client(&key);
    while !watcher.get("/metrics").await.text.contains("kafila_live_streams 1") {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }

    served.terminate();
    let status = tokio::task::spawn_blocking(move || (served.wait(), served)).await.unwrap();
    let (status, served) = status;
    is_over.store(true, Ordering::Relaxed);
    assert!(status.success(), "{status}: {}", served.said());
    assert!(!served.said().contains("cut off"), "{}", served.said());
    drop(streaming.await);

    let mut placed = Vec::new();
    for writer in writers {
        placed.extend(writer.await.unwrap());
    }
    assert!(placed.len() >= 40, "only {} orders were placed", placed.len());
    // Drained: nothing waits in a log beside the database.
    let log = std::fs::metadata(folder.path().join("kafila.db-wal")).map_or(0, |log| log.len());
    assert_eq!(log, 0);

    let again = Served::start(folder.path());
    let client = again.client(&key);
    for reference in &placed {
        let again = client.post("/api/v1/orders", order(&store, reference)).await;
        assert_eq!(again.body["is_new"], false, "{reference}: {again}");
    }
    again.stop();
}

#[test]
fn health_answers_as_soon_as_it_listens_and_twice_is_no_problem() {
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), &["user", "list"]).ok();
    for _ in 0..2 {
        let served = Served::start(folder.path());
        let answer = healthz(&served.address).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        served.stop();
    }
}
