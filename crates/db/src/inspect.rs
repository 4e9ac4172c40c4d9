//! Looking at a SQLite file from outside: backups, restores and `kafila doctor`, also while another
//! process has it open.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use kernel::Error;
use rusqlite::{Connection, OpenFlags};

use crate::error::OpenError;
use crate::sqlite_session::open_error;
use crate::{Db, DbConfig, params, sqlite};

/// What a SQLite file holds, after reading all of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspection {
    /// The newest migration.
    pub version: u32,
    /// What SQLite found wrong, one sentence each; empty when all is well.
    pub problems: Vec<String>,
    /// Rows in each table.
    pub rows: BTreeMap<String, i64>,
}

/// Reads a whole SQLite file: its structure, its foreign keys, the rows of each table. The file stays as it is.
pub fn inspect_sqlite(path: &Path) -> Result<Inspection, OpenError> {
    let connection = open(path)?;
    read(&connection).map_err(|error| open_error(path, &error))
}

/// The newest migration of a SQLite file, by its header; 0 for a new one.
pub fn sqlite_version(path: &Path) -> Result<u32, OpenError> {
    let connection = open(path)?;
    connection.query_row("pragma user_version", [], |row| row.get(0)).map_err(|error| open_error(path, &error))
}

/// [`Db::backup_to`](crate::Db::backup_to) for a process that has not opened the database, because
/// another one owns it. Takes as long as copying the file.
pub fn backup_sqlite(from: &Path, to: &Path) -> Result<(), Error> {
    Ok(sqlite::backup(from, to)?)
}

impl Db {
    /// The newest migration in the database; 0 for a new one. Blocks its thread.
    #[expect(clippy::disallowed_methods, reason = "the list of migrations stands above organizations")]
    pub fn version(&self) -> Result<u32, Error> {
        if let DbConfig::Sqlite { path, .. } = self.config() {
            return sqlite_version(path).map_err(Error::internal);
        }
        self.blocking_system_read(|tx| {
            let there = "select 1 from pg_tables where schemaname = current_schema() and tablename = 'migrations'";
            if tx.optional::<(i64,)>(there, params![])?.is_none() {
                return Ok(0);
            }
            let (newest,): (Option<i64>,) = tx.one("select max(number) from migrations", params![])?;
            u32::try_from(newest.unwrap_or(0)).map_err(Error::internal)
        })
    }
}

impl Db {
    /// How many bytes the database takes on its disk, the log of a file included. Blocks its thread.
    #[expect(clippy::disallowed_methods, reason = "the size stands above organizations")]
    pub fn size(&self) -> Result<u64, Error> {
        if let DbConfig::Sqlite { path, .. } = self.config() {
            let length = |path: &Path| std::fs::metadata(path).map_or(0, |file| file.len());
            let log = path.with_file_name(format!("{}-wal", path.file_name().unwrap_or_default().to_string_lossy()));
            return Ok(length(path) + length(&log));
        }
        self.blocking_system_read(|tx| {
            let (bytes,): (i64,) = tx.one("select pg_database_size(current_database()) as bytes", params![])?;
            u64::try_from(bytes).map_err(Error::internal)
        })
    }
}

fn open(path: &Path) -> Result<Connection, OpenError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(|error| open_error(path, &error))?;
    connection.busy_timeout(Duration::from_secs(5)).map_err(|error| open_error(path, &error))?;
    Ok(connection)
}

fn read(connection: &Connection) -> rusqlite::Result<Inspection> {
    // One moment for all that follows.
    connection.execute_batch("begin deferred")?;
    let version = connection.query_row("pragma user_version", [], |row| row.get(0))?;
    let mut problems: Vec<String> = texts(connection, "pragma integrity_check(20)")?.into_iter().filter(|text| text != "ok").collect();
    let orphans = "select \"table\" || ' has rows whose ' || parent || ' is not there' from pragma_foreign_key_check group by 1 limit 20";
    problems.extend(texts(connection, orphans)?);
    let mut rows = BTreeMap::new();
    for table in texts(connection, "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%' order by name")? {
        let count = format!("select count(*) from \"{}\"", table.replace('"', "\"\""));
        rows.insert(table, connection.query_row(&count, [], |row| row.get(0))?);
    }
    connection.execute_batch("commit")?;
    Ok(Inspection { version, problems, rows })
}

fn texts(connection: &Connection, sql: &str) -> rusqlite::Result<Vec<String>> {
    let mut statement = connection.prepare(sql)?;
    statement.query_map([], |row| row.get(0))?.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_tells_what_it_holds_while_somebody_writes() {
        let folder = std::env::temp_dir().join(format!("kafila-inspect-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join("kafila.db");
        let writer = Connection::open(&path).unwrap();
        let set_up = "pragma journal_mode = wal; create table p (id integer primary key); create table c (p references p (id));
                      insert into p values (1), (2); insert into c values (1); pragma user_version = 3; begin immediate; insert into p values (3);";
        writer.execute_batch(set_up).unwrap();
        let seen = inspect_sqlite(&path).unwrap();
        assert_eq!((seen.version, seen.problems.as_slice()), (3, [].as_slice()));
        assert_eq!(seen.rows, BTreeMap::from([("c".to_owned(), 1), ("p".to_owned(), 2)]), "the open transaction does not count");
        writer.execute_batch("rollback; pragma foreign_keys = off; insert into c values (9)").unwrap();
        assert_eq!(inspect_sqlite(&path).unwrap().problems, ["c has rows whose p is not there"]);
        backup_sqlite(&path, &folder.join("copy.db")).unwrap();
        assert_eq!(inspect_sqlite(&folder.join("copy.db")).unwrap().rows["c"], 2);
        std::fs::write(folder.join("text.db"), "no database at all, whatever its name says").unwrap();
        assert!(matches!(inspect_sqlite(&folder.join("text.db")), Err(OpenError::NotADatabase { .. })));
        std::fs::remove_dir_all(folder).unwrap();
    }
}
