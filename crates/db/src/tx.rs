//! A transaction as actions see it.
//!
//! A `Tx` lives on the thread that owns its connection and is lent to one closure at a time. After
//! a failed statement it is dead: every further statement fails, and the closure's result is an
//! error whatever it answers. It never begins or commits by itself.

use std::any::Any;
use std::sync::Arc;

use kernel::Error;
use kernel::id::{Id, OrgId};
use kernel::value::Value;

use crate::error::DbError;
use crate::row::Row;
use crate::shared::{Change, Shared};
use crate::{Engine, postgres_session, sqlite_session};

pub(crate) enum Session {
    Sqlite(Box<sqlite_session::Session>),
    Postgres(Box<postgres_session::Session>),
}

/// A transaction of one organization.
pub struct Tx {
    org: OrgId,
    session: Session,
    shared: Arc<Shared>,
    changes: Vec<(OrgId, Change)>,
    dead: Option<DbError>,
    is_discarded: bool,
    aside: Option<Aside>,
}

/// What a lower crate gathers while a closure runs, to write it at the end.
pub type Aside = Box<dyn Any + Send>;

/// A transaction above organizations: leasing jobs, due schedules, listing organizations.
pub struct SystemTx {
    tx: Tx,
}

impl Tx {
    /// Whose data this is about.
    pub fn org(&self) -> OrgId {
        self.org
    }

    /// For the functions of [`dialect`](crate::dialect) that need to know.
    pub fn engine(&self) -> Engine {
        match self.session {
            Session::Sqlite(_) => Engine::Sqlite,
            Session::Postgres(_) => Engine::Postgres,
        }
    }

    /// Tells apart the databases that are open in this process. One opened after another was closed may
    /// get the same number.
    pub fn database(&self) -> usize {
        Arc::as_ptr(&self.shared).addr()
    }

    /// All rows.
    pub fn rows<T: Row>(&mut self, sql: &str, params: Vec<Value>) -> Result<Vec<T>, Error> {
        self.query(sql, params, usize::MAX)
    }

    /// The first row, if there is one.
    pub fn optional<T: Row>(&mut self, sql: &str, params: Vec<Value>) -> Result<Option<T>, Error> {
        Ok(self.query(sql, params, 1)?.into_iter().next())
    }

    /// The first row; none is an internal error.
    pub fn one<T: Row>(&mut self, sql: &str, params: Vec<Value>) -> Result<T, Error> {
        match self.optional(sql, params)? {
            Some(row) => Ok(row),
            None => Err(self.fail(DbError::failed(format!("no row where one must be: {}", one_line(sql))))),
        }
    }

    /// Runs a statement and answers how many rows it changed.
    pub fn execute(&mut self, sql: &str, params: Vec<Value>) -> Result<u64, Error> {
        self.admit(sql, &params)?;
        let result = match &mut self.session {
            Session::Sqlite(session) => session.execute(sql, &params),
            Session::Postgres(session) => session.execute(sql, params),
        };
        self.heard(result)
    }

    /// Runs several statements and answers how many rows each changed. PostgreSQL gets them together,
    /// so they cost one round trip; the first error is reported.
    pub fn run_all(&mut self, statements: Vec<(&str, Vec<Value>)>) -> Result<Vec<u64>, Error> {
        for (sql, params) in &statements {
            self.admit(sql, params)?;
        }
        let result = match &mut self.session {
            Session::Sqlite(session) => statements.iter().map(|(sql, params)| session.execute(sql, params)).collect(),
            Session::Postgres(session) => session.run_all(statements),
        };
        self.heard(result)
    }

    /// A fresh id.
    pub fn new_id<I: Id>(&self) -> I {
        I::from_i64(self.shared.ids.next())
    }

    /// Notes a live change. It is published after the commit, and forgotten when this closure fails.
    pub fn touch(&mut self, topic: &'static str, id: impl Id) {
        let change = (self.org, Change { topic, id: id.to_i64() });
        if !self.changes.contains(&change) {
            self.changes.push(change);
        }
    }

    /// Undoes all that this closure writes, although its answer stands: a dry run sees what would happen.
    pub fn discard(&mut self) {
        self.is_discarded = true;
    }

    /// Runs a part that may be refused without the rest: what a refused part wrote and touched is taken
    /// back, and the closure goes on. The outer error is about the database, and then all of the
    /// closure fails.
    pub fn attempt<T>(&mut self, part: impl FnOnce(&mut Tx) -> Result<T, Error>) -> Result<Result<T, Error>, Error> {
        if let Some(dead) = &self.dead {
            return Err(Error::internal(format!("a part after a failed statement ({dead})")));
        }
        self.control("savepoint part")?;
        let touched = self.changes.len();
        let result = part(self);
        if let Some(dead) = self.dead.clone() {
            // A lost connection, a full disk or a deadlock takes more along than this part.
            if dead.is_outside() || !self.is_open() {
                return Err(dead.into());
            }
            self.dead = None;
            self.take_part_back(touched)?;
            return Ok(Err(result.err().unwrap_or_else(|| dead.into())));
        }
        if result.is_err() {
            self.take_part_back(touched)?;
        } else {
            self.control("release savepoint part")?;
        }
        Ok(result)
    }

    fn take_part_back(&mut self, touched: usize) -> Result<(), Error> {
        self.changes.truncate(touched);
        self.control("rollback to savepoint part")?;
        self.control("release savepoint part")
    }

    /// Keeps something for the rest of the closure and answers what was kept before. It is forgotten when
    /// the closure ends.
    pub fn set_aside(&mut self, aside: Option<Aside>) -> Option<Aside> {
        std::mem::replace(&mut self.aside, aside)
    }

    /// What [`Tx::set_aside`] keeps, if it is of this type.
    pub fn aside_mut<T: Any>(&mut self) -> Option<&mut T> {
        self.aside.as_mut()?.downcast_mut()
    }

    fn control(&mut self, sql: &'static str) -> Result<(), Error> {
        let result = match &mut self.session {
            Session::Sqlite(session) => session.control(sql),
            Session::Postgres(session) => session.control(sql),
        };
        self.heard(result)
    }

    /// Whether the engine itself has not rolled everything back.
    fn is_open(&self) -> bool {
        match &self.session {
            Session::Sqlite(session) => session.is_open(),
            Session::Postgres(_) => true,
        }
    }

    /// Whether it is a transaction at all, and not a notification that is sent by itself.
    fn is_in_transaction(&self) -> bool {
        match &self.session {
            Session::Sqlite(_) => true,
            Session::Postgres(session) => session.is_in_transaction(),
        }
    }

    fn query<T: Row>(&mut self, sql: &str, params: Vec<Value>, limit: usize) -> Result<Vec<T>, Error> {
        self.admit(sql, &params)?;
        let result = match &mut self.session {
            Session::Sqlite(session) => session.rows(sql, &params, limit),
            Session::Postgres(session) => session.rows(sql, params, limit),
        };
        self.heard(result)
    }

    /// Refuses the statement of a dead transaction and the one that a test wants to fail. Statements above
    /// organizations do not count: leases and notifications run by themselves, whatever a test does.
    fn admit(&mut self, sql: &str, params: &[Value]) -> Result<(), Error> {
        if let Some(dead) = &self.dead {
            return Err(Error::internal(format!("a statement after a failed one ({dead}): {}", one_line(sql))));
        }
        if self.is_in_transaction() {
            self.shared.record(sql, params);
        }
        if self.org != OrgId::from_i64(0) && self.shared.fails_now() {
            return Err(self.fail(DbError::failed(format!("made to fail by a test: {}", one_line(sql)))));
        }
        Ok(())
    }

    fn heard<T>(&mut self, result: Result<T, DbError>) -> Result<T, Error> {
        result.map_err(|error| self.fail(error))
    }

    fn fail(&mut self, error: DbError) -> Error {
        self.dead = Some(error.clone());
        error.into()
    }
}

impl SystemTx {
    pub(crate) fn new(session: Session, shared: Arc<Shared>) -> SystemTx {
        SystemTx { tx: Tx { org: OrgId::from_i64(0), session, shared, changes: Vec::new(), dead: None, is_discarded: false, aside: None } }
    }

    /// Runs a function of one organization inside this transaction.
    pub fn with_org<T>(&mut self, org: OrgId, f: impl FnOnce(&mut Tx) -> Result<T, Error>) -> Result<T, Error> {
        self.tx.org = org;
        let result = f(&mut self.tx);
        self.tx.org = OrgId::from_i64(0);
        result
    }

    /// For the functions of [`dialect`](crate::dialect) that need to know.
    pub fn engine(&self) -> Engine {
        self.tx.engine()
    }

    /// All rows.
    pub fn rows<T: Row>(&mut self, sql: &str, params: Vec<Value>) -> Result<Vec<T>, Error> {
        self.tx.rows(sql, params)
    }

    /// The first row, if there is one.
    pub fn optional<T: Row>(&mut self, sql: &str, params: Vec<Value>) -> Result<Option<T>, Error> {
        self.tx.optional(sql, params)
    }

    /// The first row; none is an internal error.
    pub fn one<T: Row>(&mut self, sql: &str, params: Vec<Value>) -> Result<T, Error> {
        self.tx.one(sql, params)
    }

    /// Runs a statement and answers how many rows it changed.
    pub fn execute(&mut self, sql: &str, params: Vec<Value>) -> Result<u64, Error> {
        self.tx.execute(sql, params)
    }

    /// See [`Tx::run_all`].
    pub fn run_all(&mut self, statements: Vec<(&str, Vec<Value>)>) -> Result<Vec<u64>, Error> {
        self.tx.run_all(statements)
    }

    /// A fresh id.
    pub fn new_id<I: Id>(&self) -> I {
        self.tx.new_id()
    }

    /// Makes it ready for the next closure.
    pub(crate) fn renew(&mut self) {
        self.tx.org = OrgId::from_i64(0);
        self.tx.changes.clear();
        self.tx.dead = None;
        self.tx.is_discarded = false;
        self.tx.aside = None;
    }

    pub(crate) fn session(&mut self) -> &mut Session {
        &mut self.tx.session
    }

    pub(crate) fn dead(&self) -> Option<&DbError> {
        self.tx.dead.as_ref()
    }

    pub(crate) fn is_discarded(&self) -> bool {
        self.tx.is_discarded
    }

    pub(crate) fn kill(&mut self, error: DbError) {
        if self.tx.dead.is_none() {
            self.tx.dead = Some(error);
        }
    }

    pub(crate) fn take_changes(&mut self) -> Vec<(OrgId, Change)> {
        std::mem::take(&mut self.tx.changes)
    }

    /// What the caller hears: a dead transaction never answers Ok, and no wrapping hides that the
    /// surroundings failed.
    pub(crate) fn judge<T>(&self, result: Result<T, Error>) -> Result<T, Error> {
        match (&self.tx.dead, result) {
            (None, result) => result,
            (Some(dead), _) if dead.is_outside() => Err(dead.clone().into()),
            (Some(_), Err(error)) => Err(error),
            (Some(dead), Ok(_)) => Err(Error::internal(format!("a statement failed, yet the action answered Ok: {dead}"))),
        }
    }
}

/// A statement as a log line shows it.
pub(crate) fn one_line(sql: &str) -> String {
    let mut line = String::with_capacity(sql.len());
    for word in sql.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
        if line.len() > 300 {
            line.push_str(" …");
            break;
        }
    }
    line
}
