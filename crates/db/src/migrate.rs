//! Bringing a database up to date: one numbered list for both engines, forward only.

use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rusqlite::Connection;
use sha2::{Digest, Sha256};
use tokio_postgres::Client;

use crate::error::OpenError;
use crate::postgres_server::{Server, place};
use crate::postgres_session::describe;
use crate::sqlite_session::open_error;
use crate::{Engine, dialect};

/// One step, written once for both engines; see [`dialect::ddl`] for its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Migration {
    /// Its place in the list; numbers ascend, gaps are fine.
    pub number: u32,
    /// What it does: `orders_add_risk`.
    pub name: &'static str,
    /// Statements with templated types.
    pub sql: &'static str,
}

/// What [`Db::migrate`](crate::Db::migrate) did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Migrated {
    /// The numbers applied now, in order.
    pub applied: Vec<u32>,
    /// The newest migration in the database.
    pub version: u32,
}

#[derive(Clone, Debug)]
struct Applied {
    number: u32,
    name: String,
    sha256: String,
}

const CREATE: &str = "create table if not exists migrations (number bigint not null primary key, name text not null, sha256 text not null, applied_at bigint not null)";
const LIST: &str = "select number, name, sha256 from migrations order by number";
/// Any number that nobody else locks: "kafila" in ASCII.
const LOCK: i64 = 0x6b61_6669_6c61;

pub(crate) fn sqlite(path: &Path, list: &[Migration]) -> Result<Migrated, OpenError> {
    check_list(list)?;
    let failed = |error: &rusqlite::Error| open_error(path, error);
    let connection = Connection::open_with_flags(path, rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE).map_err(|error| failed(&error))?;
    let prepare = connection.busy_timeout(Duration::from_secs(10));
    // Rebuilding a table must not delete what points to it; each step is checked before it commits.
    let prepare = prepare.and_then(|()| connection.execute_batch("pragma synchronous = full; pragma foreign_keys = off"));
    prepare.map_err(|error| failed(&error))?;

    let mut applied_now = Vec::new();
    loop {
        // Taken anew for each step, so that two starting processes share the work instead of failing.
        connection.execute_batch("begin immediate").map_err(|error| failed(&error))?;
        connection.execute(CREATE, []).map_err(|error| failed(&error))?;
        let applied = sqlite_list(&connection).map_err(|error| failed(&error))?;
        let Some(next) = next(&applied, list)? else {
            connection.execute_batch("commit").map_err(|error| failed(&error))?;
            let version = list.last().map_or(0, |last| last.number);
            return Ok(Migrated { applied: applied_now, version });
        };
        sqlite_step(&connection, next).map_err(|error| match open_error(path, &error) {
            full @ OpenError::DiskFull { .. } => full,
            _ => OpenError::Migration { number: next.number, reason: format!("{} failed, nothing of it was kept: {error}", next.name) },
        })?;
        applied_now.push(next.number);
        tracing::info!(migration = next.number, "Applied migration {} {}", next.number, next.name);
    }
}

fn sqlite_list(connection: &Connection) -> rusqlite::Result<Vec<Applied>> {
    let mut statement = connection.prepare(LIST)?;
    let rows = statement.query_map([], |row| Ok(Applied { number: row.get(0)?, name: row.get(1)?, sha256: row.get(2)? }))?;
    rows.collect()
}

fn sqlite_step(connection: &Connection, migration: &Migration) -> rusqlite::Result<()> {
    for statement in dialect::ddl(Engine::Sqlite, migration.sql) {
        connection.execute_batch(&statement)?;
    }
    let broken: i64 = connection.query_row("select count(*) from pragma_foreign_key_check", [], |row| row.get(0))?;
    if broken > 0 {
        return Err(rusqlite::Error::SqliteFailure(
            rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CONSTRAINT_FOREIGNKEY),
            Some(format!("{broken} rows point to rows that are not there")),
        ));
    }
    let row = rusqlite::params![migration.number, migration.name, sha256(migration.sql), now_us()];
    connection.execute("insert into migrations (number, name, sha256, applied_at) values (?1, ?2, ?3, ?4)", row)?;
    connection.execute_batch(&format!("pragma user_version = {}; commit", migration.number))
}

pub(crate) fn postgres(url: &str, list: &[Migration]) -> Result<Migrated, OpenError> {
    check_list(list)?;
    let unreachable = |reason: String| OpenError::CannotReach { place: place(url), reason };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| unreachable(error.to_string()))?;
    let server = Server::read(url).map_err(unreachable)?;
    runtime.block_on(async {
        let (client, connection) = server.connect().await.map_err(|error| unreachable(describe(&error)))?;
        let connection = tokio::runtime::Handle::current().spawn(connection);
        let result = postgres_steps(&client, list, &unreachable).await;
        // The lock of the session goes with the connection.
        drop(client);
        drop(connection.await);
        result
    })
}

async fn postgres_steps(client: &Client, list: &[Migration], unreachable: &impl Fn(String) -> OpenError) -> Result<Migrated, OpenError> {
    let failed = |error: tokio_postgres::Error| unreachable(describe(&error));
    // What begins with a text is found between that text and the next one, letter by letter.
    let row = client.query_one("select ':' > '9' and 'a' > 'B', current_database()", &[]).await.map_err(failed)?;
    if !row.get::<_, bool>(0) {
        return Err(OpenError::Collation { database: row.get(1) });
    }
    // Another process may be migrating for minutes; the time limit of the role is not meant for that.
    client.batch_execute(&format!("set lock_timeout = 0; select pg_advisory_lock({LOCK}); reset lock_timeout")).await.map_err(failed)?;
    client.batch_execute(CREATE).await.map_err(failed)?;
    let mut applied_now = Vec::new();
    loop {
        let rows = client.query(LIST, &[]).await.map_err(failed)?;
        let applied: Vec<Applied> = rows
            .iter()
            .map(|row| Applied { number: u32::try_from(row.get::<_, i64>(0)).unwrap_or(u32::MAX), name: row.get(1), sha256: row.get(2) })
            .collect();
        let Some(next) = next(&applied, list)? else {
            return Ok(Migrated { applied: applied_now, version: list.last().map_or(0, |last| last.number) });
        };
        postgres_step(client, next).await.map_err(|error| OpenError::Migration {
            number: next.number,
            reason: format!("{} failed, nothing of it was kept: {}", next.name, describe(&error)),
        })?;
        applied_now.push(next.number);
        tracing::info!(migration = next.number, "Applied migration {} {}", next.number, next.name);
    }
}

async fn postgres_step(client: &Client, migration: &Migration) -> Result<(), tokio_postgres::Error> {
    client.batch_execute("begin").await?;
    for statement in dialect::ddl(Engine::Postgres, migration.sql) {
        client.batch_execute(&statement).await?;
    }
    let (number, sha256, now) = (i64::from(migration.number), sha256(migration.sql), now_us());
    let insert = "insert into migrations (number, name, sha256, applied_at) values ($1, $2, $3, $4)";
    client.execute(insert, &[&number, &migration.name, &sha256, &now]).await?;
    client.batch_execute("commit").await
}

fn check_list(list: &[Migration]) -> Result<(), OpenError> {
    for two in list.windows(2) {
        if two[1].number <= two[0].number {
            let reason = format!("{} comes after {} {}; numbers must ascend and be used once", two[1].name, two[0].number, two[0].name);
            return Err(OpenError::Migration { number: two[1].number, reason });
        }
    }
    Ok(())
}

/// The next step to take, after the list and the database have been compared.
fn next<'l>(applied: &[Applied], list: &'l [Migration]) -> Result<Option<&'l Migration>, OpenError> {
    let known = list.last().map_or(0, |last| last.number);
    let newest = applied.last().map_or(0, |last| last.number);
    if newest > known {
        return Err(OpenError::Newer { found: newest, known });
    }
    for done in applied {
        let Some(migration) = list.iter().find(|migration| migration.number == done.number) else {
            let reason = format!("the database has it as {}, this kafila does not know it; start the kafila that was here before", done.name);
            return Err(OpenError::Migration { number: done.number, reason });
        };
        if sha256(migration.sql) != done.sha256 {
            let reason = format!("{} was changed after it had been applied here; restore its text and write a new migration", migration.name);
            return Err(OpenError::Migration { number: done.number, reason });
        }
    }
    let is_done = |migration: &Migration| applied.iter().any(|done| done.number == migration.number);
    match list.iter().find(|migration| !is_done(migration)) {
        Some(late) if late.number < newest => {
            let reason = format!("{} is new, but number {newest} is already applied here; give it a higher number", late.name);
            Err(OpenError::Migration { number: late.number, reason })
        }
        other => Ok(other),
    }
}

/// Line ends do not count: a checkout on Windows is no change.
fn sha256(sql: &str) -> String {
    hex::encode(Sha256::digest(sql.replace("\r\n", "\n")))
}

#[expect(clippy::disallowed_methods, reason = "notes when a migration ran, which no clock of an action decides")]
fn now_us() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_micros() as i64)
}
