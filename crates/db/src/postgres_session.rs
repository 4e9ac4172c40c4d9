//! One PostgreSQL connection with its own small runtime: statements, the lazy `begin`, and what
//! its errors mean.

use std::collections::HashMap;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;

use kernel::value::Value;
use tokio::runtime::Runtime;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Statement};

use crate::error::{DbError, without_digits};
use crate::postgres_server::Server;
use crate::queue::Mode;
use crate::row::{Row, RowReader, check_names};
use crate::tx::one_line;
use crate::value::{PgBind, root_cause};

/// Prepared statements kept per connection.
const STATEMENTS: usize = 1024;

pub(crate) struct Session {
    runtime: Runtime,
    server: Server,
    client: Option<Client>,
    statements: HashMap<Box<str>, Known>,
    mode: Mode,
    began: bool,
}

#[derive(Clone)]
struct Known {
    statement: Statement,
    /// The row types whose names were compared, known by where their names stand.
    checked: Vec<usize>,
}

impl Session {
    pub(crate) fn new(server: Server) -> std::io::Result<Session> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        Ok(Session { runtime, server, client: None, statements: HashMap::new(), mode: Mode::Bare, began: false })
    }

    /// Connects unless the connection stands.
    pub(crate) fn connect(&mut self) -> Result<(), DbError> {
        if let Some(client) = &self.client {
            // One turn of the runtime, so that it notices when the server has hung up meanwhile.
            self.runtime.block_on(tokio::task::yield_now());
            if !client.is_closed() {
                return Ok(());
            }
        }
        self.disconnect();
        let server = &self.server;
        let client = self.runtime.block_on(async {
            let (client, connection) = server.connect().await?;
            let runtime = tokio::runtime::Handle::current();
            runtime.spawn(async move {
                if let Err(error) = connection.await {
                    tracing::warn!("A connection to PostgreSQL ended: {}", root_cause(&error));
                }
            });
            // The role should have it; this is for those who forgot.
            client.batch_execute("select set_config('lock_timeout', '2s', false) where current_setting('lock_timeout') = '0'").await?;
            Ok(client)
        });
        self.client = Some(client.map_err(|error: tokio_postgres::Error| DbError::Lost(describe(&error)))?);
        Ok(())
    }

    fn disconnect(&mut self) {
        self.client = None;
        self.statements.clear();
        self.began = false;
    }

    /// The next statement begins a transaction of this kind.
    pub(crate) fn prepare_begin(&mut self, mode: Mode) {
        self.mode = mode;
        self.began = false;
    }

    /// Whether statements are those of a transaction, begun or not.
    pub(crate) fn is_in_transaction(&self) -> bool {
        self.mode != Mode::Bare
    }

    pub(crate) fn rows<T: Row>(&mut self, sql: &str, params: Vec<Value>, limit: usize) -> Result<Vec<T>, DbError> {
        let known = self.known(sql, &params)?;
        if !T::COLUMNS.is_empty() && !known.checked.contains(&T::COLUMNS.as_ptr().addr()) {
            let names = known.statement.columns().iter().map(tokio_postgres::Column::name);
            check_names(T::COLUMNS, names).map_err(|text| DbError::failed(format!("{text} in: {}", one_line(sql))))?;
            if let Some(known) = self.statements.get_mut(sql) {
                known.checked.push(T::COLUMNS.as_ptr().addr());
            }
        }
        let raw = self.raw_rows(&known.statement, params).map_err(|error| self.explain(&error, sql))?;
        let mut found = Vec::with_capacity(raw.len().min(limit));
        for row in raw.iter().take(limit) {
            let mut reader = RowReader::postgres(row);
            match T::read(&mut reader) {
                Ok(row) => found.push(row),
                Err(error) => {
                    let name = row.columns().get(reader.position().saturating_sub(1)).map_or("?", tokio_postgres::Column::name);
                    return Err(DbError::failed(format!("column {name}: {error} in: {}", one_line(sql))));
                }
            }
        }
        Ok(found)
    }

    /// Apart from [`Session::rows`], so that it is compiled once and not for each type of row.
    fn raw_rows(&mut self, statement: &tokio_postgres::Statement, params: Vec<Value>) -> Result<Vec<tokio_postgres::Row>, tokio_postgres::Error> {
        let binds: Vec<PgBind> = params.into_iter().map(PgBind).collect();
        self.with_begin(|client| {
            let binds = &binds;
            async move { client.query(statement, &refs(binds)).await }
        })
    }

    pub(crate) fn execute(&mut self, sql: &str, params: Vec<Value>) -> Result<u64, DbError> {
        let known = self.known(sql, &params)?;
        let binds: Vec<PgBind> = params.into_iter().map(PgBind).collect();
        let result = self.with_begin(|client| {
            let statement = &known.statement;
            let binds = &binds;
            async move { client.execute(statement, &refs(binds)).await }
        });
        result.map_err(|error| self.explain(&error, sql))
    }

    /// Sends all statements before it waits for the first answer.
    pub(crate) fn run_all(&mut self, statements: Vec<(&str, Vec<Value>)>) -> Result<Vec<u64>, DbError> {
        if statements.is_empty() {
            return Ok(Vec::new());
        }
        let mut prepared = Vec::with_capacity(statements.len());
        for (sql, params) in statements {
            let known = self.known(sql, &params)?;
            let binds: Vec<PgBind> = params.into_iter().map(PgBind).collect();
            prepared.push((sql, known.statement, binds));
        }
        let results = self.with_begin(|client| {
            let all = prepared.iter().map(|(_, statement, binds)| {
                let run: Pin<Box<dyn Future<Output = Result<u64, tokio_postgres::Error>>>> =
                    Box::pin(async move { client.execute(statement, &refs(binds)).await });
                run
            });
            let all = together(all.collect());
            async move { Ok(all.await) }
        });
        let results = results.map_err(|error| self.explain(&error, "begin"))?;
        let mut counts = Vec::with_capacity(results.len());
        for ((sql, _, _), result) in prepared.iter().zip(results) {
            counts.push(result.map_err(|error| self.explain(&error, sql))?);
        }
        Ok(counts)
    }

    /// Savepoints of a part; they are not prepared.
    pub(crate) fn control(&mut self, sql: &'static str) -> Result<(), DbError> {
        if self.client.is_none() {
            return Err(DbError::Lost("no connection".to_owned()));
        }
        let result = self.with_begin(|client| client.batch_execute(sql));
        result.map_err(|error| self.explain(&error, sql))
    }

    /// Commits what began. `Err(Lost)` means that nobody knows whether it happened.
    pub(crate) fn commit(&mut self) -> Result<(), DbError> {
        if !std::mem::take(&mut self.began) {
            return Ok(());
        }
        let Some(client) = &self.client else { return Err(DbError::Lost("no connection".to_owned())) };
        let result = self.runtime.block_on(client.batch_execute("commit"));
        result.map_err(|error| match error.code() {
            Some(&SqlState::INTERNAL_ERROR) => DbError::Lost(describe(&error)),
            _ => self.explain(&error, "commit"),
        })
    }

    pub(crate) fn rollback(&mut self) {
        if !std::mem::take(&mut self.began) {
            return;
        }
        let Some(client) = &self.client else { return };
        if let Err(error) = self.runtime.block_on(client.batch_execute("rollback")) {
            tracing::warn!("A rollback failed, its connection is given up: {}", describe(&error));
            self.disconnect();
        }
    }

    /// The statement, prepared once per connection. Preparing happens before `begin` is sent.
    fn known(&mut self, sql: &str, params: &[Value]) -> Result<Known, DbError> {
        if !self.statements.contains_key(sql) {
            if self.statements.len() >= STATEMENTS {
                self.statements.clear();
            }
            let Some(client) = &self.client else { return Err(DbError::Lost("no connection".to_owned())) };
            let statement = self.runtime.block_on(client.prepare(sql));
            let statement = statement.map_err(|error| self.explain(&error, sql))?;
            self.statements.insert(sql.into(), Known { statement, checked: Vec::new() });
        }
        let known = self.statements.get(sql).expect("inserted above").clone();
        let wanted = known.statement.params().len();
        if wanted != params.len() {
            return Err(DbError::failed(format!("{} values for {wanted} markers in: {}", params.len(), one_line(sql))));
        }
        Ok(known)
    }

    /// Runs a request; the first one of a transaction takes `begin` along.
    fn with_begin<'a, T, F>(&'a mut self, request: impl FnOnce(&'a Client) -> F) -> Result<T, tokio_postgres::Error>
    where
        F: Future<Output = Result<T, tokio_postgres::Error>>,
    {
        let begin = match self.mode {
            _ if self.began => None,
            Mode::Write => Some("begin"),
            Mode::Read => Some("begin read only"),
            Mode::Bare => None,
        };
        self.began |= begin.is_some();
        let client = self.client.as_ref().expect("`known` has seen the client");
        let request = request(client);
        self.runtime.block_on(async {
            let Some(begin) = begin else { return request.await };
            // Biased: `begin` must be sent first.
            let (begun, answer) = tokio::join!(biased; client.batch_execute(begin), request);
            begun?;
            answer
        })
    }

    fn explain(&mut self, error: &tokio_postgres::Error, sql: &str) -> DbError {
        let stale_plan = error.code() == Some(&SqlState::INVALID_SQL_STATEMENT_NAME)
            || error.as_db_error().is_some_and(|inner| inner.message().contains("cached plan must not change"));
        if stale_plan {
            // Another process has migrated; prepare anew.
            self.statements.clear();
            return DbError::Retry(describe(error));
        }
        meaning(error, sql)
    }
}

/// What an error of PostgreSQL is to us.
pub(crate) fn meaning(error: &tokio_postgres::Error, sql: &str) -> DbError {
    let text = format!("{} in: {}", describe(error), one_line(sql));
    let Some(inner) = error.as_db_error() else {
        return if error.is_closed() || is_io(error) { DbError::Lost(text) } else { DbError::Failed(text) };
    };
    let code = inner.code();
    match *code {
        SqlState::UNIQUE_VIOLATION => DbError::Unique { name: without_digits(inner.constraint().unwrap_or("unnamed")).to_owned() },
        SqlState::T_R_SERIALIZATION_FAILURE | SqlState::T_R_DEADLOCK_DETECTED | SqlState::LOCK_NOT_AVAILABLE => DbError::Retry(text),
        SqlState::DISK_FULL => DbError::Disk(text),
        SqlState::QUERY_CANCELED => DbError::Busy(text),
        SqlState::TOO_MANY_CONNECTIONS => DbError::Lost(text),
        _ if code.code().starts_with("08") || code.code().starts_with("57P") => DbError::Lost(text),
        _ => DbError::Failed(text),
    }
}

fn is_io(error: &tokio_postgres::Error) -> bool {
    std::error::Error::source(error).is_some_and(|source| source.is::<std::io::Error>())
}

/// The message without its detail, which may hold what people typed.
pub(crate) fn describe(error: &tokio_postgres::Error) -> String {
    match error.as_db_error() {
        Some(inner) => format!("{} ({})", inner.message(), inner.code().code()),
        None => {
            let (text, cause) = (error.to_string(), root_cause(error));
            if text.contains(&cause) { text } else { format!("{text}: {cause}") }
        }
    }
}

fn refs(binds: &[PgBind]) -> Vec<&(dyn ToSql + Sync)> {
    binds.iter().map(|bind| bind as &(dyn ToSql + Sync)).collect()
}

/// Polls all futures in order until the last is done, so that requests leave in their order.
async fn together<'a, T>(mut futures: Vec<Pin<Box<dyn Future<Output = T> + 'a>>>) -> Vec<T> {
    let mut done: Vec<Option<T>> = futures.iter().map(|_| None).collect();
    poll_fn(|context| {
        let mut waiting = false;
        for (future, slot) in futures.iter_mut().zip(&mut done) {
            if slot.is_none() {
                match future.as_mut().poll(context) {
                    Poll::Ready(value) => *slot = Some(value),
                    Poll::Pending => waiting = true,
                }
            }
        }
        if waiting { Poll::Pending } else { Poll::Ready(()) }
    })
    .await;
    done.into_iter().flatten().collect()
}
