use std::sync::{Mutex, mpsc};
use std::time::{Duration, Instant};

use db::testing::{PostgresServer, sqlite_from_template, sqlite_template};
use db::{Db, DbConfig, Engine, dialect, params};

use crate::transactions::insert;
use crate::{Place, SCHEMA, both, org};

both! {
    dialect_words_run
    a_text_is_found_within_others
    a_statement_without_rows_to_lock_runs
}

async fn dialect_words_run(place: Place) {
    place.db.write(org(), |tx| insert(tx, Some("50%"), "Amina")).await.unwrap();
    let found = place.db.write(org(), |tx| {
        let engine = tx.engine();
        let sql = format!(
            "select {}(1, 2), {}(1, 2) from customers where org_id = $1 and {}{}",
            dialect::greatest(engine),
            dialect::least(engine),
            dialect::search_like("phone", "$2"),
            dialect::for_update_skip_locked(engine)
        );
        tx.rows::<(i64, i64)>(&sql, params![tx.org(), dialect::like_pattern("0%")])
    });
    assert_eq!(found.await.unwrap(), [(2, 1)]);
}

async fn a_text_is_found_within_others(place: Place) {
    place.db.write(org(), |tx| insert(tx, Some("1"), "k-1041 أمينة بن علي 213550001122")).await.unwrap();
    place.db.write(org(), |tx| insert(tx, None, "50% off")).await.unwrap();
    let found = |wanted: &str| {
        let wanted = wanted.to_owned();
        place.db.read(org(), move |tx| {
            let engine = tx.engine();
            // Of two searches in one statement, each finds its own; of an absent telephone, nothing.
            let (name, phone) = (dialect::contains(engine, "name", "$2"), dialect::contains(engine, "phone", "$3"));
            let sql = format!("select name from customers where org_id = $1 and {name} and ({phone} or phone is null)");
            let rows = tx.rows::<(String,)>(&sql, params![tx.org(), dialect::containing(engine, &wanted), dialect::containing(engine, "1")])?;
            Ok(rows.len())
        })
    };
    for (wanted, count) in [("أمينة", 1), ("55000", 1), ("k-1041 ", 1), ("", 2), ("%", 1), ("0_ o", 0), ("213550001122 ", 0), ("و", 0)] {
        assert_eq!(found(wanted).await.unwrap(), count, "{wanted}");
    }
}

async fn a_statement_without_rows_to_lock_runs(place: Place) {
    let sql = "select id from customers where org_id = $1";
    let found = place.db.write(org(), move |tx| tx.rows::<(i64,)>(&format!("{sql}{}", dialect::for_update(tx.engine())), params![tx.org()]));
    assert_eq!(found.await.unwrap(), []);
}

#[tokio::test]
async fn a_read_sees_one_moment() {
    let place = Place::new(Engine::Sqlite);
    let (entered, enters) = mpsc::channel();
    let (release, wait) = mpsc::channel::<()>();
    let (entered, wait) = (Mutex::new(entered), Mutex::new(wait));
    let db = place.db.clone();
    let read = tokio::spawn(async move {
        db.read(org(), move |tx| {
            let count = "select count(*) from customers where org_id = $1";
            let before = tx.one::<(i64,)>(count, params![tx.org()])?;
            entered.lock().unwrap().send(()).unwrap();
            let _ = wait.lock().unwrap().recv();
            Ok((before, tx.one::<(i64,)>(count, params![tx.org()])?))
        })
        .await
    });
    tokio::task::spawn_blocking(move || enters.recv()).await.unwrap().unwrap();
    place.db.write(org(), |tx| insert(tx, None, "Amina")).await.unwrap();
    assert_eq!(place.count().await, 1, "others see it");
    drop(release);
    assert_eq!(read.await.unwrap().unwrap(), ((0,), (0,)));
}

#[tokio::test]
async fn a_backup_is_whole_while_others_write() {
    let place = Place::new(Engine::Sqlite);
    let db = place.db.clone();
    let writing = tokio::spawn(async move {
        for n in 0..300 {
            let name = format!("{n} {}", "x".repeat(2_000));
            db.write(org(), move |tx| insert(tx, None, &name)).await.unwrap();
        }
    });
    place.db.write(org(), |tx| insert(tx, None, "first")).await.unwrap();
    let to = place.folder.path().join("copy.db");
    place.db.backup_to(&to).await.unwrap();
    writing.await.unwrap();
    place.db.backup_to(&to).await.unwrap();
    assert_eq!(
        std::fs::read_dir(place.folder.path())
            .unwrap()
            .filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().starts_with("copy"))
            .count(),
        1
    );

    let copy = Db::open(&DbConfig::sqlite(to)).unwrap();
    assert!(copy.migrate(SCHEMA).unwrap().applied.is_empty());
    let count = copy.read(org(), |tx| tx.one::<(i64,)>("select count(*) from customers where org_id = $1", params![tx.org()])).await;
    assert_eq!(count.unwrap().0, 301);
    assert!(place.db.backup_to(&place.folder.path().join("no/such/folder.db")).await.is_err());
}

#[tokio::test]
async fn the_log_is_copied_while_writing_and_gone_after_closing() {
    let place = Place::new(Engine::Sqlite);
    let text = "x".repeat(100_000);
    for n in 0..200 {
        let name = format!("{n}{text}");
        place.db.write(org(), move |tx| insert(tx, None, &name)).await.unwrap();
    }
    // 20 MB went through the log; with checkpoints beside it the database itself has grown.
    let file = place.folder.path().join("kafila.db");
    let started = Instant::now();
    while std::fs::metadata(&file).unwrap().len() < 4_000_000 {
        assert!(started.elapsed() < Duration::from_secs(20), "no checkpoint ran");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    place.db.close(Duration::from_secs(20));
    assert_eq!(["kafila.db-wal", "kafila.db-shm"].map(|name| place.folder.path().join(name).exists()), [false, false]);
}

#[tokio::test]
async fn postgres_says_where_to_make_backups() {
    let place = Place::new(Engine::Postgres);
    let answer = place.db.backup_to(&place.folder.path().join("x")).await;
    assert_eq!(answer.unwrap_err().code(), "backup.use_pg_dump");
}

#[tokio::test]
async fn a_notification_reaches_every_process() {
    let place = Place::new(Engine::Postgres);
    let other = Db::open(&place.config).unwrap();
    let (sender, heard) = mpsc::channel();
    other.listen("live", move |payload| sender.send(payload.to_owned()).unwrap()).unwrap();
    place.db.notify("live", "one").await.unwrap();
    let heard = tokio::task::spawn_blocking(move || heard.recv_timeout(Duration::from_secs(10))).await.unwrap();
    assert_eq!(heard.unwrap(), "one");
    other.close(Duration::from_secs(5));

    let alone = Place::new(Engine::Sqlite);
    alone.db.listen("live", |_| {}).unwrap();
    alone.db.notify("live", "one").await.unwrap();
}

#[tokio::test]
async fn templates_give_each_test_its_own_database() {
    let prepare = |db: &Db| {
        db.blocking_write(org(), |tx| insert(tx, None, "in the template")).unwrap();
    };
    let folder = tempfile::tempdir().unwrap();
    let file = sqlite_template(SCHEMA, "db tests", prepare);
    let server = PostgresServer::shared();
    let template = server.template(SCHEMA, "db tests", prepare);
    let (one, two) = (server.database(&template), server.database(&template));
    for config in [sqlite_from_template(&file, folder.path()), one.config(), two.config()] {
        let db = Db::open(&config).unwrap();
        db.write(org(), |tx| insert(tx, None, "here")).await.unwrap();
        let names = db.read(org(), |tx| tx.rows::<(String,)>("select name from customers where org_id = $1 order by id", params![tx.org()]));
        assert_eq!(names.await.unwrap(), [("in the template".to_owned(),), ("here".to_owned(),)]);
        db.close(Duration::from_secs(5));
    }
}

#[tokio::test]
async fn an_answer_means_that_it_is_on_the_disk() {
    let place = Place::new(Engine::Sqlite);
    for (pragma, wanted) in [("synchronous", 2), ("foreign_keys", 1), ("cache_size", -8_000), ("wal_autocheckpoint", 0)] {
        let found = place.db.system_write(move |tx| tx.one::<(i64,)>(&format!("pragma {pragma}"), params![])).await.unwrap();
        assert_eq!(found.0, wanted, "{pragma}");
    }
    let mode = place.db.system_write(|tx| tx.one::<(String,)>("pragma journal_mode", params![])).await.unwrap();
    assert_eq!(mode.0, "wal");
}
