//! Statements without anything around them: what `kafila bench` holds the product against.
//!
//! One connection, opened like the writer's, with prepared statements; no queue, no closures, no
//! retry. A write is durable when [`Bare::commit`] answers.

use kernel::value::Value;

use crate::error::{DbError, OpenError};
use crate::postgres_server::Server;
use crate::queue::Mode;
use crate::sqlite_session::{self, Use};
use crate::{DbConfig, postgres_session};

/// One connection of its own.
pub struct Bare(Kind);

enum Kind {
    Sqlite(Box<sqlite_session::Session>),
    Postgres(Box<postgres_session::Session>),
}

impl Bare {
    /// Opens a connection beside those of a running server.
    pub fn open(config: &DbConfig) -> Result<Bare, OpenError> {
        match config {
            DbConfig::Sqlite { path, tuning } => {
                let connection = sqlite_session::open(path, Use::Write, tuning.cache_kb)?;
                // The server has a thread for this; a bare loop lets SQLite do it as it always does.
                connection.execute_batch("pragma wal_autocheckpoint = 1000").map_err(|error| sqlite_session::open_error(path, &error))?;
                Ok(Bare(Kind::Sqlite(Box::new(sqlite_session::Session::new(connection)))))
            }
            DbConfig::Postgres { url, .. } => {
                let unreachable = |reason: String| OpenError::CannotReach { place: "PostgreSQL".to_owned(), reason };
                let server = Server::read(url).map_err(unreachable)?;
                let mut session = postgres_session::Session::new(server).map_err(|error| unreachable(error.to_string()))?;
                session.connect().map_err(|error| unreachable(error.to_string()))?;
                Ok(Bare(Kind::Postgres(Box::new(session))))
            }
        }
    }

    /// Begins a transaction; on PostgreSQL the word travels with the next statement.
    pub fn begin(&mut self) -> Result<(), DbError> {
        match &mut self.0 {
            Kind::Sqlite(session) => session.control("begin immediate"),
            Kind::Postgres(session) => {
                session.prepare_begin(Mode::Write);
                Ok(())
            }
        }
    }

    /// Runs one statement to its end; answers how many rows it found or changed.
    pub fn run(&mut self, sql: &str, params: &[Value]) -> Result<u64, DbError> {
        match &mut self.0 {
            Kind::Sqlite(session) => session.execute(sql, params),
            Kind::Postgres(session) => session.execute(sql, params.to_vec()),
        }
    }

    /// Runs statements that are all known beforehand; PostgreSQL gets them in one send.
    pub fn run_all(&mut self, statements: Vec<(&str, Vec<Value>)>) -> Result<(), DbError> {
        match &mut self.0 {
            Kind::Sqlite(session) => statements.into_iter().try_for_each(|(sql, params)| session.execute(sql, &params).map(drop)),
            Kind::Postgres(session) => session.run_all(statements).map(drop),
        }
    }

    /// Commits.
    pub fn commit(&mut self) -> Result<(), DbError> {
        match &mut self.0 {
            Kind::Sqlite(session) => session.control("commit"),
            Kind::Postgres(session) => session.commit(),
        }
    }

    /// Gives up what was begun.
    pub fn rollback(&mut self) {
        match &mut self.0 {
            Kind::Sqlite(session) => {
                // Nothing to give up when the engine has done so itself.
                let _ = session.control("rollback");
            }
            Kind::Postgres(session) => session.rollback(),
        }
    }
}
