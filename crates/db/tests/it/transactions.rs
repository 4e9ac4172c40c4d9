use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use db::{Change, OnUnique, Tx, params};
use kernel::Error;
use kernel::id::{CustomerId, Id};

use crate::{ORG, Place, both, org};

both! {
    nine_hundred_callers_with_panics_and_refusals
    nulls_numbers_texts_and_bytes_come_back
    a_unique_violation_carries_the_name_of_its_index
    run_all_counts_each_statement
    run_all_reports_the_first_error_and_keeps_nothing
    rows_are_checked_by_name
    a_dead_transaction_never_answers_ok
    every_failing_statement_leaves_nothing
    changes_are_published_after_the_commit_only
    a_caller_that_goes_away_does_not_stop_its_work
    a_read_cannot_write
    statements_are_recorded_with_their_values
    a_system_transaction_lends_itself_to_an_organization
    background_work_waits_for_people
    closing_finishes_what_was_sent
    a_discarded_closure_answers_and_leaves_nothing
    background_work_that_is_refused_leaves_nothing
    a_bare_loop_runs_beside_the_database
    markers_are_numbered_by_their_number
    a_part_that_is_refused_leaves_the_rest
    a_part_whose_statement_fails_leaves_the_rest
}

db::row! {
    #[derive(Clone, Debug, PartialEq)]
    struct Customer {
        id: CustomerId,
        phone: Option<String>,
        name: String,
        raw: Option<Vec<u8>>,
        at: Option<i64>,
    }
}

db::row! {
    #[derive(Debug)]
    struct Swapped {
        name: String,
        phone: Option<String>,
    }
}

const INSERT: &str = "insert into customers (org_id, id, phone, name, raw, at) values ($1, $2, $3, $4, $5, $6)";

pub(crate) fn insert(tx: &mut Tx, phone: Option<&str>, name: &str) -> Result<CustomerId, Error> {
    let id: CustomerId = tx.new_id();
    tx.execute(INSERT, params![tx.org(), id, phone, name, None::<Vec<u8>>, None::<i64>])
        .on_unique("customers_phone", || Error::field("phone", "taken"))?;
    tx.touch("customer", id);
    Ok(id)
}

async fn a_part_that_is_refused_leaves_the_rest(place: Place) {
    let heard: Arc<Mutex<Vec<Change>>> = Arc::default();
    let hear = Arc::clone(&heard);
    place.db.set_on_commit(Arc::new(move |_, changes| hear.lock().unwrap().extend_from_slice(changes)));
    let kept = place.db.write_background(org(), |tx| {
        let mut kept = Vec::new();
        for n in 0..10 {
            let part = tx.attempt(|tx| {
                let id = insert(tx, Some(&n.to_string()), "Amina")?;
                // Parts may have parts.
                let inner = tx.attempt(|tx| insert(tx, Some(&format!("{n}-inner")), "Karim").and(Err::<(), _>(Error::conflict("inner"))))?;
                assert_eq!(inner.unwrap_err().code(), "inner");
                if n % 2 == 0 { Ok(id) } else { Err(Error::conflict("refused")) }
            })?;
            match part {
                Ok(id) => kept.push(id),
                Err(error) => assert_eq!(error.code(), "refused"),
            }
        }
        Ok(kept)
    });
    let kept = kept.await.unwrap();
    assert_eq!((kept.len(), place.count().await), (5, 5));
    let told: Vec<i64> = heard.lock().unwrap().iter().map(|change| change.id).collect();
    assert_eq!(told, kept.iter().map(|id| id.to_i64()).collect::<Vec<_>>(), "what was taken back is not told");
}

async fn a_part_whose_statement_fails_leaves_the_rest(place: Place) {
    let answers = place.db.write(org(), |tx| {
        insert(tx, Some("1"), "Amina")?;
        let twin = tx.attempt(|tx| insert(tx, Some("1"), "Karim"))?;
        let broken = tx.attempt(|tx| tx.execute("update customers set nonsense = 1 where org_id = $1", params![tx.org()]))?;
        insert(tx, Some("2"), "Lina")?;
        Ok((twin.is_err(), broken.unwrap_err().code() == "internal"))
    });
    assert_eq!(answers.await.unwrap(), (true, true));
    assert_eq!(place.count().await, 2);
    // A dead transaction has no more parts.
    let dead = place.db.write(org(), |tx| {
        let _ = insert(tx, Some("1"), "Karim");
        tx.attempt(|tx| insert(tx, Some("3"), "Zoë")).map(drop)
    });
    assert!(dead.await.is_err());
    assert_eq!(place.count().await, 2);
}

async fn nine_hundred_callers_with_panics_and_refusals(place: Place) {
    let mut calls = Vec::new();
    for n in 0..900 {
        let db = place.db.clone();
        calls.push(tokio::spawn(async move {
            let answer = db.write(org(), move |tx| {
                insert(tx, Some(&format!("{n}")), "Amina")?;
                match n % 3 {
                    0 => Ok(n),
                    1 => Err(Error::conflict("refused")),
                    _ => panic!("on purpose"),
                }
            });
            (n, answer.await)
        }));
    }
    for call in calls {
        match call.await.unwrap() {
            (n, Ok(answer)) => assert_eq!((n % 3, n), (0, answer)),
            (n, Err(Error::Conflict { .. })) => assert_eq!(n % 3, 1),
            (n, Err(Error::Internal(cause))) => {
                assert_eq!(n % 3, 2, "{cause}");
                assert!(cause.to_string().contains("on purpose"), "{cause}");
            }
            (n, Err(other)) => panic!("{n}: {other:?}"),
        }
    }
    assert_eq!(place.count().await, 300);
}

async fn nulls_numbers_texts_and_bytes_come_back(place: Place) {
    let full = Customer {
        id: CustomerId::from_i64(i64::MAX),
        phone: Some("x".into()),
        name: "Zoë; 'ب'".into(),
        raw: Some(vec![0, 255]),
        at: Some(i64::MIN),
    };
    let bare = Customer { id: CustomerId::from_i64(1), phone: None, name: String::new(), raw: None, at: None };
    let all = vec![bare, full];
    let sent = all.clone();
    place
        .db
        .write(org(), move |tx| {
            for one in &sent {
                tx.execute(INSERT, params![tx.org(), one.id, one.phone, one.name, one.raw, one.at])?;
            }
            Ok(())
        })
        .await
        .unwrap();
    let select = "select id, phone, name, raw, at from customers where org_id = $1 order by id";
    let found = place.db.read(org(), move |tx| tx.rows::<Customer>(select, params![tx.org()])).await.unwrap();
    assert_eq!(found, all);
    let sums = "select sum(id - id + 5), count(*), min(at), 1 = 1 from customers where org_id = $1";
    let (sum, count, least, truth) = place.db.read(org(), move |tx| tx.one::<(i64, i64, i64, bool)>(sums, params![tx.org()])).await.unwrap();
    assert_eq!((sum, count, least, truth), (10, 2, i64::MIN, true));
    let fraction =
        place.db.read(org(), |tx| tx.one::<(i64,)>("select avg(x) as mean from (select 1 as x union all select 2) as two", params![])).await;
    assert!(fraction.unwrap_err().to_string().contains("column mean"));
}

async fn a_unique_violation_carries_the_name_of_its_index(place: Place) {
    let write = |phone: &'static str, name: &'static str, id: i64, at: Option<i64>| {
        place.db.write(org(), move |tx| {
            let result = tx.optional::<(i64,)>(&format!("{INSERT} returning id"), params![tx.org(), id, phone, name, None::<i64>, at]);
            result
                .on_unique("customers_phone", || Error::conflict("phone"))
                .on_unique("customers_pkey", || Error::conflict("id"))
                .on_unique("customers_name", || Error::conflict("name"))
        })
    };
    assert_eq!(write("1", "Amina", 1, Some(1)).await.unwrap(), Some((1,)));
    assert_eq!(write("1", "Zoë", 2, Some(1)).await.unwrap_err().code(), "phone");
    assert_eq!(write("2", "Zoë", 1, Some(1)).await.unwrap_err().code(), "id");
    assert_eq!(write("3", "AMINA", 3, Some(1)).await.unwrap_err().code(), "name");
    write("4", "AMINA", 4, None).await.unwrap();
    let unnamed = place.db.write(org(), |tx| tx.execute(INSERT, params![tx.org(), 9, "1", "", None::<i64>, None::<i64>])).await.unwrap_err();
    assert_eq!(db::violated(&unnamed), Some("customers_phone"));
}

async fn run_all_counts_each_statement(place: Place) {
    let counts = place.db.write(org(), |tx| {
        let org = tx.org();
        tx.run_all(vec![
            ("insert into counters (org_id, name, n) values ($1, $2, 1), ($1, $3, 1)", params![org, "a", "b"]),
            ("update counters set n = n + $2 where org_id = $1", params![org, 5]),
            ("delete from counters where org_id = $1 and name = $2", params![org, "zzz"]),
        ])
    });
    assert_eq!(counts.await.unwrap(), [2, 2, 0]);
    let sum = place.db.read(org(), |tx| tx.one::<(i64,)>("select cast(sum(n) as bigint) from counters where org_id = $1", params![tx.org()]));
    assert_eq!(sum.await.unwrap().0, 12);
}

async fn run_all_reports_the_first_error_and_keeps_nothing(place: Place) {
    let broken = place.db.write(org(), |tx| {
        let org = tx.org();
        let add = "insert into counters (org_id, name, n) values ($1, $2, 1)";
        tx.run_all(vec![(add, params![org, "a"]), (add, params![org, "a"]), (add, params![org, "b"])])
            .on_unique("counters_pkey", || Error::conflict("twice"))
    });
    assert_eq!(broken.await.unwrap_err().code(), "twice");
    let left = place.db.read(org(), |tx| tx.rows::<(String,)>("select name from counters where org_id = $1", params![tx.org()])).await;
    assert_eq!(left.unwrap(), []);
    assert!(place.db.write(org(), |tx| tx.run_all(vec![])).await.unwrap().is_empty());
}

async fn rows_are_checked_by_name(place: Place) {
    let check = |sql: &'static str| place.db.read(org(), move |tx| tx.rows::<Swapped>(sql, params![tx.org()]));
    check("select name, phone from customers where org_id = $1").await.unwrap();
    for wrong in ["select phone, name from customers where org_id = $1", "select name from customers where org_id = $1"] {
        let text = check(wrong).await.unwrap_err().to_string();
        assert!(text.contains("its row wants [name, phone]"), "{text}");
    }
    let wrong_count = place.db.read(org(), |tx| tx.rows::<(i64,)>("select n from counters where org_id = $1 and name = $2", params![1])).await;
    assert!(wrong_count.unwrap_err().to_string().contains("1 values for 2 markers"));
    place.db.write(org(), |tx| insert(tx, None, "Amina")).await.unwrap();
    let kind = place.db.read(org(), |tx| tx.rows::<(i64,)>("select name from customers where org_id = $1", params![tx.org()])).await;
    let text = kind.unwrap_err().to_string();
    assert!(text.contains("column name: expected i64, found a text of 5 bytes"), "{text}");
    let none = place.db.read(org(), |tx| tx.one::<(i64,)>("select n from counters where org_id = $1", params![tx.org()])).await;
    assert_eq!(none.unwrap_err().code(), "internal");
}

async fn a_dead_transaction_never_answers_ok(place: Place) {
    let answer = place.db.write(org(), |tx| {
        insert(tx, Some("1"), "Amina")?;
        assert!(tx.execute("insert into nowhere (x) values ($1)", params![1]).is_err());
        assert!(insert(tx, Some("2"), "Zoë").is_err(), "nothing runs after a failed statement");
        Ok(())
    });
    let text = answer.await.unwrap_err().to_string();
    assert!(text.contains("nowhere"), "{text}");
    assert_eq!(place.count().await, 0);
}

async fn every_failing_statement_leaves_nothing(place: Place) {
    for n in 1.. {
        place.db.fail_statement(n);
        let phone = format!("{n}");
        let answer = place.db.write(org(), move |tx| {
            insert(tx, Some(&phone), "Amina")?;
            let add = "insert into counters (org_id, name, n) values ($1, $2, 1)";
            tx.run_all(vec![(add, params![tx.org(), "a"]), (add, params![tx.org(), "b"])])?;
            insert(tx, None, "Zoë")
        });
        let answer = answer.await;
        place.db.fail_statement(0);
        match answer {
            Ok(_) => {
                assert_eq!(n, 5);
                break;
            }
            Err(error) => assert_eq!((error.code(), place.count().await), ("internal", 0)),
        }
    }
    assert_eq!(place.count().await, 2);
}

async fn changes_are_published_after_the_commit_only(place: Place) {
    let heard: Arc<Mutex<Vec<(i64, Change)>>> = Arc::default();
    let sink = Arc::clone(&heard);
    place.db.set_on_commit(Arc::new(move |org, changes| {
        sink.lock().unwrap().extend(changes.iter().map(|change| (org.to_i64(), *change)));
    }));
    let id = place.db.write(org(), |tx| insert(tx, None, "Amina")).await.unwrap();
    let refused = place.db.write(org(), |tx| insert(tx, None, "Zoë").and(Err::<(), _>(Error::conflict("no"))));
    refused.await.unwrap_err();
    let expected = vec![(ORG, Change { topic: "customer", id: id.to_i64() })];
    assert_eq!(*heard.lock().unwrap(), expected, "heard before the caller was answered, and nothing of the refusal");
}

async fn a_caller_that_goes_away_does_not_stop_its_work(place: Place) {
    let (release, wait) = mpsc::channel::<()>();
    let wait = Mutex::new(wait);
    let db = place.db.clone();
    let sent = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&sent);
    let caller = tokio::spawn(async move {
        db.write(org(), move |tx| {
            flag.store(true, Ordering::SeqCst);
            let _ = wait.lock().unwrap().recv();
            insert(tx, None, "Amina")
        })
        .await
    });
    while !sent.load(Ordering::SeqCst) {
        tokio::task::yield_now().await;
    }
    caller.abort();
    caller.await.unwrap_err();
    release.send(()).unwrap();
    place.db.close(Duration::from_secs(10));
    let again = db::Db::open(&place.config).unwrap();
    let count = again.read(org(), |tx| tx.one::<(i64,)>("select count(*) from customers", params![])).await.unwrap();
    assert_eq!(count.0, 1);
}

async fn a_read_cannot_write(place: Place) {
    place.db.read(org(), |tx| insert(tx, None, "Amina")).await.unwrap_err();
    place.db.system_read(|tx| tx.execute("delete from customers", params![])).await.unwrap_err();
    assert_eq!(place.count().await, 0);
}

async fn statements_are_recorded_with_their_values(place: Place) {
    place.db.record_statements(true);
    // Sent by itself, beside whatever is recorded: no part of it.
    place.db.notify("aside", "live").await.unwrap();
    place.db.write(org(), |tx| insert(tx, Some("1"), "Amina")).await.unwrap();
    place.db.record_statements(false);
    place.count().await;
    let recorded = place.db.take_recorded();
    assert_eq!(recorded.len(), 1);
    assert_eq!((recorded[0].sql.as_str(), recorded[0].params.len()), (INSERT, 6));
    assert!(place.db.take_recorded().is_empty());
}

async fn a_system_transaction_lends_itself_to_an_organization(place: Place) {
    let of = place.db.system_write(|tx| tx.with_org(org(), |tx| insert(tx, None, "Amina").map(|_| tx.org())));
    assert_eq!(of.await.unwrap(), org());
    let all = place.db.system_read(|tx| tx.rows::<(i64, String)>("select org_id, name from customers", params![])).await.unwrap();
    assert_eq!(all, [(ORG, "Amina".to_owned())]);
    let db = place.db.clone();
    let blocking = std::thread::spawn(move || db.blocking_write(org(), |tx| insert(tx, None, "Zoë")).and(db.blocking_read(org(), |tx| Ok(tx.org()))));
    assert_eq!(blocking.join().unwrap().unwrap(), org());
}

async fn background_work_waits_for_people(place: Place) {
    let order: Arc<Mutex<Vec<&'static str>>> = Arc::default();
    let (release, wait) = mpsc::channel::<()>();
    let wait = Arc::new(Mutex::new(wait));
    // Keeps every thread busy until everything else is queued.
    let threads = if place.db.engine() == db::Engine::Sqlite { 1 } else { 4 };
    let started = Arc::new(AtomicUsize::new(0));
    let mut calls = Vec::new();
    for _ in 0..threads {
        let (db, wait, flag) = (place.db.clone(), Arc::clone(&wait), Arc::clone(&started));
        calls.push(tokio::spawn(async move {
            db.write(org(), move |_| {
                flag.fetch_add(1, Ordering::SeqCst);
                let _ = wait.lock().unwrap().recv();
                Ok(())
            })
            .await
        }));
        while started.load(Ordering::SeqCst) < calls.len() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
    for _ in 0..3 {
        let (db, order) = (place.db.clone(), Arc::clone(&order));
        let note = move |_: &mut Tx| {
            order.lock().unwrap().push("background");
            Ok(())
        };
        calls.push(tokio::spawn(async move { db.write_background(org(), note).await }));
    }
    while place.db.stats().queued < 3 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    for _ in 0..5 {
        let (db, order) = (place.db.clone(), Arc::clone(&order));
        let note = move |_: &mut Tx| {
            order.lock().unwrap().push("people");
            Ok(())
        };
        calls.push(tokio::spawn(async move { db.write(org(), note).await }));
    }
    while place.db.stats().queued < 8 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    drop(release);
    for call in calls {
        call.await.unwrap().unwrap();
    }
    let order = order.lock().unwrap();
    assert_eq!(order.len(), 8);
    if threads == 1 {
        assert!(order[..5].iter().all(|lane| *lane == "people"), "{order:?}");
    }
}

async fn closing_finishes_what_was_sent(place: Place) {
    let calls: Vec<_> = (0..200)
        .map(|n| {
            let db = place.db.clone();
            tokio::spawn(async move { db.write(org(), move |tx| insert(tx, Some(&format!("{n}")), "Amina")).await })
        })
        .collect();
    while place.db.stats().writes == 0 {
        tokio::task::yield_now().await;
    }
    let db = place.db.clone();
    tokio::task::spawn_blocking(move || db.close(Duration::from_secs(20))).await.unwrap();
    let mut done = 0;
    for call in calls {
        match call.await.unwrap() {
            Ok(_) => done += 1,
            Err(Error::Unavailable { .. }) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
    let again = db::Db::open(&place.config).unwrap();
    let count = again.read(org(), |tx| tx.one::<(i64,)>("select count(*) from customers", params![])).await.unwrap().0;
    assert_eq!(count, done);
}

async fn markers_are_numbered_by_their_number(place: Place) {
    let sql = "select cast($2 as bigint), cast($1 as bigint), '$1'";
    let found = place.db.read(org(), move |tx| tx.one::<(i64, i64, String)>(sql, params![1, 2])).await.unwrap();
    assert_eq!(found, (2, 1, "$1".to_owned()));
}

async fn a_discarded_closure_answers_and_leaves_nothing(place: Place) {
    let seen = place
        .db
        .write(org(), |tx| {
            insert(tx, None, "dry")?;
            tx.discard();
            tx.one::<(i64,)>("select count(*) from customers where org_id = $1", params![tx.org()])
        })
        .await
        .unwrap();
    assert_eq!((seen.0, place.count().await), (1, 0));
    place.db.write(org(), |tx| insert(tx, None, "wet").map(drop)).await.unwrap();
    assert_eq!(place.count().await, 1, "the next closure is not discarded");
}

async fn background_work_that_is_refused_leaves_nothing(place: Place) {
    place.db.write_background(org(), |tx| insert(tx, Some("1"), "kept").map(drop)).await.unwrap();
    let refused = place.db.write_background(org(), |tx| {
        insert(tx, None, "refused")?;
        Err::<(), _>(Error::conflict("no"))
    });
    assert_eq!(refused.await.unwrap_err().code(), "no");
    let twice = place.db.write_background(org(), |tx| {
        insert(tx, None, "before")?;
        insert(tx, Some("1"), "twice").map(drop)
    });
    assert_eq!(twice.await.unwrap_err().code(), "invalid");
    let dry = place.db.write_background(org(), |tx| {
        tx.discard();
        insert(tx, None, "dry").map(drop)
    });
    dry.await.unwrap();
    let panicked = place.db.write_background(org(), |tx| {
        insert(tx, None, "panicked")?;
        if tx.org() == org() { panic!("asked for") } else { Ok(()) }
    });
    assert_eq!(panicked.await.unwrap_err().code(), "internal");
    assert_eq!(place.count().await, 1);
    place.db.write_background(org(), |tx| insert(tx, None, "after").map(drop)).await.unwrap();
    place.db.write(org(), |tx| insert(tx, None, "people").map(drop)).await.unwrap();
    assert_eq!(place.count().await, 3);
}

async fn a_bare_loop_runs_beside_the_database(place: Place) {
    let config = place.db.config().clone();
    let bare = tokio::task::spawn_blocking(move || {
        let mut bare = db::bare::Bare::open(&config).unwrap();
        let values = |id: i64| params![org(), id, None::<String>, "bare", None::<Vec<u8>>, None::<i64>];
        bare.begin().unwrap();
        bare.run(INSERT, &values(1)).unwrap();
        bare.run_all(vec![(INSERT, values(2)), (INSERT, values(3))]).unwrap();
        bare.commit().unwrap();
        bare.begin().unwrap();
        bare.run(INSERT, &values(4)).unwrap();
        bare.rollback();
    });
    bare.await.unwrap();
    assert_eq!(place.count().await, 3);
}
