//! What a trivial read and a small write cost through each door.
//!
//! `cargo run --release -p db --example overhead [postgres]`; the numbers depend on what else the
//! machine does, so compare them only within one run.

#![expect(clippy::disallowed_methods, reason = "this crate is what stands below the edge")]

use std::time::{Duration, Instant};

use db::testing::PostgresServer;
use db::{Db, DbConfig, Migration, Tx, params};
use kernel::Error;
use kernel::id::{Id, OrderId, OrgId};

const SCHEMA: &[Migration] = &[Migration {
    number: 1,
    name: "overhead",
    sql: "-- tenant\ncreate table things (org_id {id} not null, id {id} not null, name {text} not null, primary key (org_id, id));",
}];
const ROWS: i64 = 10_000;
const FIND: &str = "select id, name from things where org_id = $1 and id = $2";

fn find(tx: &mut Tx, id: i64) -> Result<(i64, String), Error> {
    tx.one(FIND, params![tx.org(), id % ROWS])
}

fn insert(tx: &mut Tx) -> Result<u64, Error> {
    let id: OrderId = tx.new_id();
    tx.execute("insert into things (org_id, id, name) values ($1, $2, $3)", params![tx.org(), id, "a name"])
}

fn main() {
    let folder = std::env::temp_dir().join(format!("kafila-overhead-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("the temporary folder is writable");
    let postgres = std::env::args().any(|argument| argument == "postgres");
    let database = postgres.then(|| PostgresServer::shared().empty_database());
    let config = match &database {
        Some(database) => DbConfig::Postgres { url: database.url(), connections: db::POSTGRES_CONNECTIONS },
        None => DbConfig::sqlite(folder.join("kafila.db")),
    };
    let db = Db::open(&config).unwrap_or_else(|error| panic!("{error}"));
    db.migrate(SCHEMA).unwrap_or_else(|error| panic!("{error}"));
    run(&db).unwrap_or_else(|error| panic!("{error}"));
    db.close(Duration::from_secs(10));
    let _ = std::fs::remove_dir_all(folder);
}

fn run(db: &Db) -> Result<(), Error> {
    let org = OrgId::from_i64(1);
    db.blocking_write(org, |tx| {
        for id in 0..ROWS {
            tx.execute("insert into things (org_id, id, name) values ($1, $2, $3)", params![tx.org(), id, format!("name {id}")])?;
        }
        Ok(())
    })?;

    let reads = 200_000;
    let started = Instant::now();
    db.blocking_read(org, move |tx| (0..reads).try_for_each(|id| find(tx, id).map(drop)))?;
    report("reads inside one closure", reads, started);

    let alone = 50_000;
    let started = Instant::now();
    for id in 0..alone {
        db.blocking_read(org, move |tx| find(tx, id))?;
    }
    report("reads, one closure each, one blocking caller", alone, started);

    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().map_err(Error::internal)?;
    for callers in [1, 16, 64] {
        let each = 100_000 / callers;
        let started = Instant::now();
        runtime.block_on(callers_of(callers, db, move |db| async move {
            for id in 0..each {
                db.read(org, move |tx| find(tx, id)).await?;
            }
            Ok(())
        }))?;
        report(&format!("reads through the async door, {callers} callers"), each * callers, started);
    }
    for callers in [1, 64, 256] {
        let each = if callers == 1 { 500 } else { 30_000 / callers };
        let (before, started) = (db.stats(), Instant::now());
        runtime.block_on(callers_of(callers, db, move |db| async move {
            for _ in 0..each {
                db.write(org, insert).await?;
            }
            Ok(())
        }))?;
        report(&format!("writes through the async door, {callers} callers"), each * callers, started);
        println!("    {} commits", db.stats().commits - before.commits);
    }
    Ok(())
}

async fn callers_of<F>(callers: i64, db: &Db, body: impl Fn(Db) -> F) -> Result<(), Error>
where
    F: Future<Output = Result<(), Error>> + Send + 'static,
{
    let runtime = tokio::runtime::Handle::current();
    let tasks: Vec<_> = (0..callers).map(|_| runtime.spawn(body(db.clone()))).collect();
    for task in tasks {
        task.await.map_err(Error::internal)??;
    }
    Ok(())
}

fn report(what: &str, count: i64, started: Instant) {
    let seconds = started.elapsed().as_secs_f64();
    println!("{what}: {:.0} a second, {:.1} µs each", count as f64 / seconds, seconds * 1e6 / count as f64);
}
