//! One SQLite connection: pragmas, statements, and what its errors mean.

use std::cell::RefCell;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use kernel::value::Value;
use memchr::memmem::Finder;
use rusqlite::config::DbConfig;
use rusqlite::functions::FunctionFlags;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, ErrorCode, OpenFlags, Statement, ffi};

use crate::dialect;
use crate::error::{DbError, OpenError, without_digits};
use crate::lexer;
use crate::row::{Row, RowReader, check_names};
use crate::tx::one_line;
use crate::value::SqliteBind;

/// Prepared statements kept per connection.
const STATEMENTS: usize = 512;
/// Rewritten texts kept per connection; more means that somebody builds SQL with values in it.
const TEXTS: usize = 4096;

pub(crate) struct Session {
    pub(crate) connection: Connection,
    texts: Texts,
}

/// Rewritten texts by what they were written from.
#[derive(Default)]
struct Texts {
    places: HashMap<Box<str>, usize, BuildHasherDefault<TextHasher>>,
    texts: Vec<Text>,
}

struct Text {
    sql: Arc<str>,
    /// The row types whose names were compared, known by where their names stand.
    checked: Vec<usize>,
}

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    Write,
    Read,
    Checkpoint,
}

/// `cache_kb` is what a reader keeps in memory.
pub(crate) fn open(path: &Path, usage: Use, cache_kb: usize) -> Result<Connection, OpenError> {
    let mut flags = OpenFlags::SQLITE_OPEN_NO_MUTEX;
    flags |= match usage {
        Use::Write => OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
        Use::Checkpoint => OpenFlags::SQLITE_OPEN_READ_WRITE,
        Use::Read => OpenFlags::SQLITE_OPEN_READ_ONLY,
    };
    let connection = Connection::open_with_flags(path, flags).map_err(|error| open_error(path, &error))?;
    set_up(&connection, usage, cache_kb).map_err(|error| open_error(path, &error))?;
    Ok(connection)
}

fn set_up(connection: &Connection, usage: Use, cache_kb: usize) -> rusqlite::Result<()> {
    // A checkpoint that waits for readers holds the writer up, so it gives up early.
    let patience = if usage == Use::Checkpoint { Duration::from_millis(50) } else { Duration::from_secs(5) };
    connection.busy_timeout(patience)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // One plan for a statement whatever is bound; without this some are planned anew at each run.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    if usage != Use::Read {
        let _: String = connection.query_row("pragma journal_mode = wal", [], |row| row.get(0))?;
    }
    let cache = if usage == Use::Write { 2 * cache_kb } else { cache_kb };
    connection.execute_batch(&format!(
        "pragma synchronous = full; pragma cache_size = -{cache}; pragma mmap_size = 0; pragma foreign_keys = on;
         pragma temp_store = memory; pragma wal_autocheckpoint = 0;"
    ))?;
    if usage == Use::Write {
        // What is deleted or replaced is overwritten, so that a person who was erased is in no corner of the file.
        connection.execute_batch("pragma secure_delete = on")?;
    }
    know_contains(connection)?;
    // Reading the header is what finds out that a file is no database.
    let _: i64 = connection.query_row("select count(*) from sqlite_schema", [], |row| row.get(0))?;
    Ok(())
}

/// Makes the function behind [`dialect::contains`](crate::dialect::contains) known. What it looks for is made ready once
/// for all rows of a search. False for what is no text.
fn know_contains(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    let ready = RefCell::new(Finder::new(b"").into_owned());
    connection.create_scalar_function(dialect::CONTAINS, 2, flags, move |call| {
        let (ValueRef::Text(text), ValueRef::Text(wanted)) = (call.get_raw(0), call.get_raw(1)) else { return Ok(false) };
        let mut finder = ready.borrow_mut();
        if finder.needle() != wanted {
            *finder = Finder::new(wanted).into_owned();
        }
        Ok(finder.find(text).is_some())
    })
}

pub(crate) fn open_error(path: &Path, error: &rusqlite::Error) -> OpenError {
    let (path, reason) = (path.display().to_string(), error.to_string());
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => OpenError::NotADatabase { path },
        Some(ErrorCode::DatabaseCorrupt) => OpenError::Corrupt { path, reason },
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => OpenError::Locked { path },
        Some(ErrorCode::DiskFull) => OpenError::DiskFull { path },
        Some(ErrorCode::PermissionDenied | ErrorCode::ReadOnly) => OpenError::Permission { path, reason },
        Some(ErrorCode::CannotOpen) if Path::new(&path).exists() => OpenError::Permission { path, reason },
        _ => OpenError::CannotReach { place: path, reason },
    }
}

impl Session {
    pub(crate) fn new(connection: Connection) -> Session {
        Session { connection, texts: Texts::default() }
    }

    pub(crate) fn rows<T: Row>(&mut self, sql: &str, params: &[Value], limit: usize) -> Result<Vec<T>, DbError> {
        let text = self.texts.find(sql);
        let result = query(&self.connection, text, params, limit);
        result.map_err(|error| self.explain(error, sql))
    }

    pub(crate) fn execute(&mut self, sql: &str, params: &[Value]) -> Result<u64, DbError> {
        let text = self.texts.find(sql);
        let result = execute(&self.connection, &text.sql, params);
        result.map_err(|error| self.explain(error, sql))
    }

    /// Statements of the batch itself: `begin immediate`, `savepoint`, `commit`.
    pub(crate) fn control(&self, sql: &'static str) -> Result<(), DbError> {
        let result = self.connection.prepare_cached(sql).and_then(|mut statement| statement.raw_execute());
        result.map(drop).map_err(|error| self.explain(Trouble::Sqlite(error), sql))
    }

    pub(crate) fn is_open(&self) -> bool {
        !self.connection.is_autocommit()
    }

    fn explain(&self, trouble: Trouble, sql: &str) -> DbError {
        let error = match trouble {
            Trouble::Ours(text) => return DbError::failed(format!("{text} in: {}", one_line(sql))),
            Trouble::Sqlite(error) => error,
        };
        let code = error.sqlite_error().map(|inner| inner.extended_code);
        if matches!(code, Some(ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY)) {
            return DbError::Unique { name: self.violated(&error.to_string()) };
        }
        meaning(&error, sql)
    }

    /// SQLite names columns, PostgreSQL names the index; this finds the index by its columns.
    fn violated(&self, message: &str) -> String {
        let told = message.rsplit("failed: ").next().unwrap_or(message);
        if let Some(name) = told.strip_prefix("index '") {
            return without_digits(name.trim_end_matches('\'')).to_owned();
        }
        let mut table = "";
        let mut columns = Vec::new();
        for part in told.split(", ") {
            if let Some((of, column)) = part.split_once('.') {
                table = of;
                columns.push(column.to_owned());
            }
        }
        let name = self.index_of(table, &columns).ok().flatten();
        without_digits(&name.unwrap_or_else(|| format!("{table}_pkey"))).to_owned()
    }

    fn index_of(&self, table: &str, columns: &[String]) -> rusqlite::Result<Option<String>> {
        let list = "select name, origin from pragma_index_list(?1) where \"unique\" = 1";
        let mut statement = self.connection.prepare(list)?;
        let indexes = statement.query_map([table], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
        for index in indexes {
            let (name, origin) = index?;
            let mut statement = self.connection.prepare("select name from pragma_index_info(?1) order by seqno")?;
            let of_index = statement.query_map([&name], |row| row.get(0))?.collect::<rusqlite::Result<Vec<Option<String>>>>()?;
            if of_index.len() == columns.len() && of_index.iter().zip(columns).all(|(have, want)| have.as_ref() == Some(want)) {
                return Ok(Some(match origin.as_str() {
                    "pk" => format!("{table}_pkey"),
                    // A constraint inside the table has no name here; this is what PostgreSQL would call it.
                    "u" => format!("{table}_{}_key", columns.join("_")),
                    _ => name,
                }));
            }
        }
        Ok(None)
    }
}

/// What an error of SQLite is to us.
pub(crate) fn meaning(error: &rusqlite::Error, sql: &str) -> DbError {
    let text = format!("{error} in: {}", one_line(sql));
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => DbError::Busy(text),
        Some(ErrorCode::DiskFull | ErrorCode::SystemIoFailure | ErrorCode::OutOfMemory) => DbError::Disk(text),
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            DbError::failed(format!("the database file is damaged; keep a copy of it and restore the newest backup: {text}"))
        }
        _ => DbError::failed(text),
    }
}

enum Trouble {
    Sqlite(rusqlite::Error),
    Ours(String),
}

impl From<rusqlite::Error> for Trouble {
    fn from(error: rusqlite::Error) -> Trouble {
        Trouble::Sqlite(error)
    }
}

impl Texts {
    fn find(&mut self, sql: &str) -> &mut Text {
        let place = match self.places.get(sql) {
            Some(place) => *place,
            None => self.add(sql),
        };
        &mut self.texts[place]
    }

    fn add(&mut self, sql: &str) -> usize {
        if self.texts.len() >= TEXTS {
            self.places.clear();
            self.texts.clear();
        }
        self.places.insert(sql.into(), self.texts.len());
        self.texts.push(Text { sql: lexer::question_marks(sql).into(), checked: Vec::new() });
        self.texts.len() - 1
    }
}

fn query<T: Row>(connection: &Connection, text: &mut Text, params: &[Value], limit: usize) -> Result<Vec<T>, Trouble> {
    let mut statement = connection.prepare_cached(&text.sql)?;
    if !T::COLUMNS.is_empty() && !text.checked.contains(&T::COLUMNS.as_ptr().addr()) {
        check_names(T::COLUMNS, statement.column_names()).map_err(Trouble::Ours)?;
        text.checked.push(T::COLUMNS.as_ptr().addr());
    }
    bind(&mut statement, params)?;
    let mut found = Vec::new();
    let mut culprit = None;
    let mut rows = statement.raw_query();
    while found.len() < limit
        && let Some(row) = rows.next()?
    {
        let mut reader = RowReader::sqlite(row);
        match T::read(&mut reader) {
            Ok(row) => found.push(row),
            Err(error) => {
                culprit = Some((reader.position().saturating_sub(1), error));
                break;
            }
        }
    }
    drop(rows);
    match culprit {
        None => Ok(found),
        Some((at, error)) => Err(Trouble::Ours(format!("column {}: {error}", statement.column_name(at).unwrap_or("?")))),
    }
}

fn execute(connection: &Connection, sql: &str, params: &[Value]) -> Result<u64, Trouble> {
    let mut statement = connection.prepare_cached(sql)?;
    bind(&mut statement, params)?;
    if statement.column_count() == 0 {
        return Ok(statement.raw_execute()? as u64);
    }
    let mut rows = statement.raw_query();
    let mut count = 0;
    while rows.next()?.is_some() {
        count += 1;
    }
    Ok(count)
}

fn bind(statement: &mut Statement<'_>, params: &[Value]) -> Result<(), Trouble> {
    if statement.parameter_count() != params.len() {
        return Err(Trouble::Ours(format!("{} values for {} markers", params.len(), statement.parameter_count())));
    }
    for (at, value) in params.iter().enumerate() {
        statement.raw_bind_parameter(at + 1, SqliteBind(value))?;
    }
    Ok(())
}

/// Hashes the texts of our own statements, eight bytes at a time; nobody outside chooses them.
#[derive(Default)]
struct TextHasher(u64);

impl Hasher for TextHasher {
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.0 = (self.0.rotate_left(5) ^ u64::from_le_bytes(word)).wrapping_mul(0x517c_c1b7_2722_0a95);
        }
    }
}
