//! What can go wrong below an action, and when a database is opened.
//!
//! Actions see only `kernel::Error`. A [`DbError`] travels inside `Error::Internal`, so that
//! [`OnUnique`] can find the name of a violated index in any result.

use std::fmt;

use kernel::Error;

/// Why a statement or a transaction failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DbError {
    /// A unique index or primary key refused the row.
    Unique {
        /// The index, without a trailing `_<digits>`; `<table>_pkey` for a primary key.
        name: String,
    },
    /// Two transactions stood in each other's way; the closure is run again.
    Retry(String),
    /// The connection is gone, or the server is going down.
    Lost(String),
    /// The disk is full or does not answer.
    Disk(String),
    /// A lock was held too long.
    Busy(String),
    /// Our bug, or a broken database.
    Failed(String),
}

impl DbError {
    pub(crate) fn failed(text: impl Into<String>) -> DbError {
        DbError::Failed(text.into())
    }

    /// The surroundings failed, not the statement; no action may hide that by wrapping it.
    pub(crate) fn is_outside(&self) -> bool {
        !matches!(self, DbError::Unique { .. } | DbError::Failed(_))
    }

    /// Running the closure again, perhaps on a new connection, may help.
    pub(crate) fn may_retry(&self) -> bool {
        matches!(self, DbError::Retry(_) | DbError::Lost(_))
    }
}

impl fmt::Display for DbError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DbError::Unique { name } => write!(f, "{name} must be unique, and the statement does not say what that means"),
            DbError::Retry(text) => write!(f, "in the way of another transaction: {text}"),
            DbError::Lost(text) => write!(f, "the connection to the database is lost: {text}"),
            DbError::Disk(text) => write!(f, "the disk is full or failing: {text}"),
            DbError::Busy(text) => write!(f, "the database is busy: {text}"),
            DbError::Failed(text) => f.write_str(text),
        }
    }
}

impl std::error::Error for DbError {}

impl From<DbError> for Error {
    fn from(error: DbError) -> Error {
        match error {
            DbError::Unique { .. } | DbError::Failed(_) => Error::internal(error),
            DbError::Retry(_) | DbError::Busy(_) => Error::Busy { retry_after_s: 1 },
            DbError::Lost(_) => Error::Unavailable { service: "postgres" },
            DbError::Disk(_) => Error::Unavailable { service: "disk" },
        }
    }
}

/// Gives a violated unique index its meaning.
pub trait OnUnique<T> {
    /// When the index `name` refused the row, answers `verdict()`; may be chained for several names.
    fn on_unique(self, name: &str, verdict: impl FnOnce() -> Error) -> Result<T, Error>;
}

impl<T, E: Into<Error>> OnUnique<T> for Result<T, E> {
    fn on_unique(self, name: &str, verdict: impl FnOnce() -> Error) -> Result<T, Error> {
        let error = match self {
            Ok(value) => return Ok(value),
            Err(error) => error.into(),
        };
        match violated(&error) {
            Some(found) if found == without_digits(name) => Err(verdict()),
            _ => Err(error),
        }
    }
}

/// The unique index that this error is about.
pub fn violated(error: &Error) -> Option<&str> {
    match error {
        Error::Internal(cause) => match cause.downcast_ref::<DbError>() {
            Some(DbError::Unique { name }) => Some(name),
            _ => None,
        },
        _ => None,
    }
}

/// Whether the error is that a row which should go is still pointed to by another one.
pub fn is_pointed_to(error: &Error) -> bool {
    match error {
        // Neither driver gives it a kind of its own; both engines' words for it hold these two.
        Error::Internal(cause) => match cause.downcast_ref::<DbError>() {
            Some(DbError::Failed(text)) => text.to_ascii_lowercase().contains("foreign key"),
            _ => false,
        },
        _ => false,
    }
}

/// Strips the `_<digits>` that a distributed engine appends to the names of its parts.
pub(crate) fn without_digits(name: &str) -> &str {
    let head = name.trim_end_matches(|sign: char| sign.is_ascii_digit());
    match head.strip_suffix('_') {
        Some(stripped) if head.len() < name.len() && !stripped.is_empty() => stripped,
        _ => name,
    }
}

/// Why a database could not be opened or brought up to date. Its text says what to do.
#[derive(Debug)]
pub enum OpenError {
    /// Nobody answers, or not with these credentials.
    CannotReach {
        /// Where we looked, without a password.
        place: String,
        /// What the system said.
        reason: String,
    },
    /// Another process holds the file.
    Locked {
        /// The file.
        path: String,
    },
    /// The file is damaged.
    Corrupt {
        /// The file.
        path: String,
        /// What SQLite said.
        reason: String,
    },
    /// A PostgreSQL database that sorts like a dictionary.
    Collation {
        /// Its name.
        database: String,
    },
    /// A newer Kafila has been at work here.
    Newer {
        /// The newest migration in the database.
        found: u32,
        /// The newest migration this binary knows.
        known: u32,
    },
    /// The file is something else.
    NotADatabase {
        /// The file.
        path: String,
    },
    /// No room to open or migrate.
    DiskFull {
        /// The file.
        path: String,
    },
    /// The system does not let us read or write here.
    Permission {
        /// The file.
        path: String,
        /// What the system said.
        reason: String,
    },
    /// A migration failed, was changed after its release, or its number is used twice.
    Migration {
        /// Which one.
        number: u32,
        /// What is wrong with it.
        reason: String,
    },
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            OpenError::CannotReach { place, reason } => {
                write!(f, "cannot reach the database at {place}: {reason}. Check the address, that the server runs, and the user's rights.")
            }
            OpenError::Collation { database } => {
                write!(
                    f,
                    "the database {database} sorts texts like a dictionary, so searches would miss rows. Make one that sorts by letters: \
                     create database {database} encoding 'UTF8' lc_collate 'C' template template0; nothing was written."
                )
            }
            OpenError::Locked { path } => {
                write!(
                    f,
                    "{path} is in use by another process. Stop the other one first (is a second kafila running?), or use PostgreSQL, where several may run."
                )
            }
            OpenError::Corrupt { path, reason } => {
                write!(f, "{path} is damaged: {reason}. Keep a copy of it, then restore the newest backup.")
            }
            OpenError::Newer { found, known } => {
                write!(
                    f,
                    "the database is at migration {found}, this kafila knows only {known}. Start the newer kafila, or restore the backup made before the upgrade."
                )
            }
            OpenError::NotADatabase { path } => {
                write!(f, "{path} is not a SQLite database. Check the path in the configuration; the file was left as it is.")
            }
            OpenError::DiskFull { path } => write!(f, "no room left on the disk of {path}. Free some space and start again."),
            OpenError::Permission { path, reason } => {
                write!(f, "no right to read and write {path}: {reason}. Give the file and its folder to the user that runs kafila.")
            }
            OpenError::Migration { number, reason } => write!(f, "migration {number}: {reason}"),
        }
    }
}

impl std::error::Error for OpenError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trailing_digits_are_no_part_of_a_name() {
        assert_eq!(without_digits("customers_phone_102008"), "customers_phone");
        assert_eq!(without_digits("customers_phone"), "customers_phone");
        assert_eq!(without_digits("lines2"), "lines2");
        assert_eq!(without_digits("_12"), "_12");
    }

    #[test]
    fn a_violation_is_found_by_name_through_a_chain() {
        let broken = || Err::<(), Error>(DbError::Unique { name: "b".into() }.into());
        let heard = broken().on_unique("a", || Error::conflict("a")).on_unique("b_7", || Error::conflict("b"));
        assert_eq!(heard.unwrap_err().code(), "b");
        assert_eq!(broken().on_unique("a", || Error::conflict("a")).unwrap_err().code(), "internal");
    }
}
