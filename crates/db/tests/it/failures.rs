use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use db::{Db, DbConfig, Engine, OpenError, params};
use kernel::Error;

use crate::transactions::insert;
use crate::{Place, org};

#[tokio::test]
async fn a_full_disk_is_heard_by_the_whole_batch_and_passes() {
    // A batch ends after some milliseconds, and on a busy machine that may be before all of them are in it.
    for _ in 0..20 {
        if a_full_disk_is_heard().await {
            return;
        }
    }
    panic!("those that waited were never one batch");
}

/// Whether the one that found no room was in one batch with those that waited before it.
async fn a_full_disk_is_heard() -> bool {
    let place = Place::new(Engine::Sqlite);
    let limit =
        |pages: i64| place.db.system_write(move |tx| tx.one::<(i64,)>(&format!("pragma max_page_count = {pages}"), params![]).map(|row| row.0));
    place.db.write(org(), |tx| insert(tx, None, "before")).await.unwrap();
    limit(1).await.unwrap(); // Becomes the present size: not one page more.

    // Holds the writer until all of them wait, so that they are one batch.
    let (release, wait) = mpsc::channel::<()>();
    let wait = Mutex::new(wait);
    let db = place.db.clone();
    let mut calls = vec![tokio::spawn(async move {
        db.write(org(), move |_| {
            let _ = wait.lock().unwrap().recv();
            Ok(())
        })
        .await
    })];
    for n in 0..20 {
        let db = place.db.clone();
        let name = if n == 10 { "x".repeat(100_000) } else { "small".to_owned() };
        calls.push(tokio::spawn(async move { db.write(org(), move |tx| insert(tx, None, &name).map(drop)).await }));
    }
    while place.db.stats().queued < 20 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let commits = place.db.stats().commits;
    drop(release);
    let mut heard = Vec::new();
    for call in calls {
        heard.push(call.await.unwrap().err());
    }
    let is_one_batch = place.db.stats().commits <= commits + 1;
    let told = heard.iter().filter(|error| matches!(error, Some(Error::Unavailable { service: "disk" }))).count();
    assert!(told >= 1, "{heard:?}");
    if is_one_batch {
        assert!(told >= 12, "the batch up to the one that found no room: {heard:?}");
    }

    limit(1_000_000).await.unwrap();
    let before = place.count().await;
    place.db.write(org(), |tx| insert(tx, None, "after")).await.unwrap();
    assert_eq!(place.count().await, before + 1);
    assert_eq!(before, 1 + heard.iter().filter(|error| error.is_none()).count() as i64, "who heard Ok is there, nobody else");
    is_one_batch
}

#[tokio::test]
async fn a_full_queue_answers_busy() {
    let place = Place::new(Engine::Sqlite);
    let (release, wait) = mpsc::channel::<()>();
    let wait = Mutex::new(wait);
    let db = place.db.clone();
    let holder = tokio::spawn(async move {
        db.write(org(), move |_| {
            let _ = wait.lock().unwrap().recv();
            Ok(())
        })
        .await
    });
    while place.db.stats().writes == 0 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let calls: Vec<_> = (0..4096 + 50)
        .map(|_| {
            let db = place.db.clone();
            tokio::spawn(async move { db.write(org(), |_| Ok(())).await })
        })
        .collect();
    while place.db.stats().busy_refusals < 50 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    drop(release);
    holder.await.unwrap().unwrap();
    let mut busy = 0;
    for call in calls {
        match call.await.unwrap() {
            Ok(()) => {}
            Err(Error::Busy { retry_after_s: 1 }) => busy += 1,
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!(busy, 50);
    let stats = place.db.stats();
    assert!(stats.largest_batch > 1 && stats.commits < 4096, "{stats:?}");
}

#[tokio::test]
async fn a_deadlock_is_run_again_even_when_the_error_is_wrapped() {
    let place = Place::new(Engine::Postgres);
    let add = "insert into counters (org_id, name, n) values ($1, 'a', 0), ($1, 'b', 0)";
    place.db.write(org(), move |tx| tx.execute(add, params![tx.org()])).await.unwrap();
    let runs = Arc::new(AtomicU32::new(0));
    let barrier = Arc::new(std::sync::Barrier::new(2));
    let mut calls = Vec::new();
    for names in [["a", "b"], ["b", "a"]] {
        let (db, runs, barrier) = (place.db.clone(), Arc::clone(&runs), Arc::clone(&barrier));
        calls.push(tokio::spawn(async move {
            db.write(org(), move |tx| {
                let first_time = runs.fetch_add(1, Ordering::SeqCst) < 2;
                let update = "update counters set n = n + 1 where org_id = $1 and name = $2";
                tx.execute(update, params![tx.org(), names[0]])?;
                if first_time {
                    barrier.wait();
                }
                tx.execute(update, params![tx.org(), names[1]]).map_err(|_| Error::internal("wrapped"))
            })
            .await
        }));
    }
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_eq!(runs.load(Ordering::SeqCst), 3, "one of the two ran twice");
    assert_eq!(place.db.stats().retries, 1);
    let sum = place.db.read(org(), |tx| tx.one::<(i64,)>("select cast(sum(n) as bigint) from counters where org_id = $1", params![tx.org()]));
    assert_eq!(sum.await.unwrap().0, 4);
}

#[tokio::test]
async fn what_never_succeeds_is_given_up_after_five_retries() {
    let place = Place::new(Engine::Postgres);
    let runs = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&runs);
    let answer = place.db.write(org(), move |tx| {
        counted.fetch_add(1, Ordering::SeqCst);
        tx.execute("do $$ begin raise exception 'no' using errcode = '40001'; end $$", params![])
    });
    assert!(matches!(answer.await, Err(Error::Busy { .. })));
    assert_eq!(runs.load(Ordering::SeqCst), 6);
}

#[tokio::test]
async fn a_lost_connection_is_made_anew() {
    let place = Place::new(Engine::Postgres);
    let kill = "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()";
    for _ in 0..8 {
        place.db.write(org(), |tx| insert(tx, None, "Amina")).await.unwrap();
        place.db.system_write(move |tx| tx.one::<(i64,)>(kill, params![])).await.unwrap();
    }
    assert_eq!(place.count().await, 8);

    // Killed in the middle: nothing of the first run stays, the second succeeds.
    let first = AtomicBool::new(true);
    place
        .db
        .write(org(), move |tx| {
            insert(tx, None, "Zoë")?;
            if first.swap(false, Ordering::SeqCst) {
                tx.execute("select pg_terminate_backend(pg_backend_pid())", params![])?;
            }
            Ok(())
        })
        .await
        .unwrap();
    assert_eq!(place.count().await, 9);
}

#[tokio::test]
async fn a_server_that_is_not_there_is_said_so() {
    let config = DbConfig::Postgres { url: "postgres://kafila:secret@127.0.0.1:1/kafila".into(), connections: 2 };
    let text = Db::open(&config).map(drop).unwrap_err().to_string();
    assert!(text.contains("127.0.0.1:1/kafila") && text.contains("Check the address") && !text.contains("secret"), "{text}");
}

#[test]
fn a_database_that_sorts_like_a_dictionary_is_refused_before_anything_is_written() {
    let server = db::testing::PostgresServer::shared();
    let database = server.database("template0 encoding 'UTF8' locale_provider icu icu_locale 'en-US' lc_collate 'C' lc_ctype 'C'");
    let config = DbConfig::Postgres { url: database.url().to_owned(), connections: 1 };
    let text = Db::open(&config).unwrap().migrate(&[]).unwrap_err().to_string();
    assert!(text.contains("sorts texts like a dictionary") && text.contains("lc_collate 'C'"), "{text}");
}

#[tokio::test]
async fn files_that_cannot_be_opened_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let open = |path: std::path::PathBuf| Db::open(&DbConfig::sqlite(path)).map(drop).unwrap_err();
    let other = folder.path().join("letter.txt");
    std::fs::write(&other, "Dear reader, this is a long letter and by no means a database. ".repeat(30)).unwrap();
    assert!(matches!(open(other.clone()), OpenError::NotADatabase { .. }));
    assert!(std::fs::read_to_string(&other).unwrap().starts_with("Dear reader"));
    assert!(matches!(open(folder.path().join("nowhere/kafila.db")), OpenError::CannotReach { .. }));
    assert!(matches!(open(folder.path().to_owned()), OpenError::Permission { .. }));
}

#[tokio::test]
async fn a_panic_while_waiting_threads_exist_hurts_nobody() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let place = Place::new(engine);
        for _ in 0..20 {
            place.db.read(org(), |_| -> Result<(), Error> { panic!("on purpose") }).await.unwrap_err();
            place.db.write(org(), |tx| insert(tx, None, "x").map(|_| panic!("on purpose")).map(|(): ()| ())).await.unwrap_err();
        }
        assert_eq!(place.count().await, 0);
        let ids: Vec<i64> = (0..1000).map(|_| place.db.ids().next()).collect();
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), 1000);
    }
}
