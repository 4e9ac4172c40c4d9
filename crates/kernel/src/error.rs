//! Every answer an action can give instead of its result.
//!
//! No transport here: the web renders an [`Error`] once, in its own file, and words come from
//! the message files by `code`, in the reader's language. The codes are part of the API.

use std::collections::BTreeMap;
use std::fmt;

use crate::Permission;

/// Named values that a message needs: numbers and short texts.
pub type Args = BTreeMap<&'static str, String>;

/// The version of a row that people edit; it grows by one with each change.
pub type Version = i64;

/// Why an action did not happen.
#[derive(Debug)]
pub enum Error {
    /// Nobody is signed in, or the token is spent.
    Unauthenticated,
    /// Signed in, but this right is missing.
    Forbidden {
        /// The right that would allow it.
        needs: Permission,
    },
    /// It does not exist, or the caller may not see it.
    NotFound {
        /// The kind of thing: `order`, `customer`.
        what: &'static str,
    },
    /// The caller can fix these; one entry per field, all at once.
    Invalid(Vec<FieldError>),
    /// Well-formed, but not now: the state moved on, the stock is gone.
    Conflict {
        /// Stable code, e.g. `order.state`.
        code: &'static str,
        /// What the message needs.
        args: Args,
    },
    /// Somebody saved before you.
    Stale {
        /// The version that stands now.
        version: Version,
        /// The fields that differ from what the caller had or wants.
        fields: Vec<&'static str>,
    },
    /// Too many calls; slow down.
    TooMany {
        /// Seconds until the next try makes sense.
        retry_after_s: u32,
    },
    /// The queue of writes is full, or a lock was held too long.
    Busy {
        /// Seconds until the next try makes sense.
        retry_after_s: u32,
    },
    /// Somebody outside, or the database, is down; trying again may help.
    Unavailable {
        /// Who is down: `postgres`, `smtp`, `disk`.
        service: &'static str,
    },
    /// Our bug or a broken database. Logged in full, shown as a reference number.
    Internal(Box<dyn std::error::Error + Send + Sync>),
}

/// One field that the caller can fix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// Where it stands in what was sent: `lines[0].quantity`.
    pub field: String,
    /// Stable code, e.g. `required`, `money.overflow`.
    pub code: &'static str,
    /// What the message needs.
    pub args: Args,
}

impl FieldError {
    /// A field and the code of what is wrong with it.
    pub fn new(field: impl Into<String>, code: &'static str) -> FieldError {
        FieldError { field: field.into(), code, args: Args::new() }
    }

    /// Adds a value for the message.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl fmt::Display) -> FieldError {
        self.args.insert(name, value.to_string());
        self
    }

    /// The same problem, one level deeper: `quantity` becomes `lines[0].quantity`.
    #[must_use]
    pub fn inside(mut self, prefix: &str) -> FieldError {
        self.field = if self.field.is_empty() { prefix.to_owned() } else { format!("{prefix}.{}", self.field) };
        self
    }
}

impl Error {
    /// One wrong field.
    pub fn field(field: impl Into<String>, code: &'static str) -> Error {
        Error::Invalid(vec![FieldError::new(field, code)])
    }

    /// The thing does not exist, or not for this caller.
    pub fn not_found(what: &'static str) -> Error {
        Error::NotFound { what }
    }

    /// Not now.
    pub fn conflict(code: &'static str) -> Error {
        Error::Conflict { code, args: Args::new() }
    }

    /// Our bug or a broken database.
    pub fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
        Error::Internal(cause.into())
    }

    /// Adds a value for the message of a conflict or of the last field; other errors stay as they are.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl fmt::Display) -> Error {
        match &mut self {
            Error::Conflict { args, .. } => {
                args.insert(name, value.to_string());
            }
            Error::Invalid(fields) => {
                if let Some(field) = fields.last_mut() {
                    field.args.insert(name, value.to_string());
                }
            }
            _ => {}
        }
        self
    }

    /// The stable code by which callers and message files know this error.
    pub fn code(&self) -> &'static str {
        match self {
            Error::Unauthenticated => "unauthenticated",
            Error::Forbidden { .. } => "forbidden",
            Error::NotFound { .. } => "not_found",
            Error::Invalid(_) => "invalid",
            Error::Conflict { code, .. } => code,
            Error::Stale { .. } => "stale",
            Error::TooMany { .. } => "too_many",
            Error::Busy { .. } => "busy",
            Error::Unavailable { .. } => "unavailable",
            Error::Internal(_) => "internal",
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Unauthenticated => write!(f, "not signed in"),
            Error::Forbidden { needs } => write!(f, "needs the permission {needs}"),
            Error::NotFound { what } => write!(f, "no such {what}"),
            Error::Invalid(fields) => {
                let fields: Vec<String> = fields.iter().map(|one| format!("{}: {}", one.field, one.code)).collect();
                write!(f, "invalid input ({})", fields.join(", "))
            }
            Error::Conflict { code, .. } => write!(f, "conflict: {code}"),
            Error::Stale { version, fields } => write!(f, "changed meanwhile to version {version}: {}", fields.join(", ")),
            Error::TooMany { retry_after_s } => write!(f, "too many calls, try again in {retry_after_s} s"),
            Error::Busy { retry_after_s } => write!(f, "busy, try again in {retry_after_s} s"),
            Error::Unavailable { service } => write!(f, "{service} cannot be reached"),
            Error::Internal(cause) => write!(f, "{cause}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Internal(cause) => Some(&**cause),
            _ => None,
        }
    }
}

/// Collects every wrong field of one input, so that the caller hears all of them at once.
#[derive(Debug, Default)]
pub struct Check {
    errors: Vec<FieldError>,
}

impl Check {
    /// Nothing wrong so far.
    pub fn new() -> Check {
        Check::default()
    }

    /// Notes a wrong field.
    pub fn fail(&mut self, field: impl Into<String>, code: &'static str) {
        self.errors.push(FieldError::new(field, code));
    }

    /// Notes a wrong field with what its message needs.
    pub fn push(&mut self, error: FieldError) {
        self.errors.push(error);
    }

    /// Notes a wrong field unless the condition holds.
    pub fn require(&mut self, holds: bool, field: impl Into<String>, code: &'static str) {
        if !holds {
            self.fail(field, code);
        }
    }

    /// Keeps the value, or notes its fields under `prefix` and answers `None`. An error that is not
    /// about fields is passed on.
    pub fn keep<T>(&mut self, prefix: &str, result: Result<T, Error>) -> Result<Option<T>, Error> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(Error::Invalid(fields)) => {
                self.errors.extend(fields.into_iter().map(|one| one.inside(prefix)));
                Ok(None)
            }
            Err(other) => Err(other),
        }
    }

    /// Whether nothing was wrong so far.
    pub fn is_ok(&self) -> bool {
        self.errors.is_empty()
    }

    /// All wrong fields at once, or nothing.
    pub fn done(self) -> Result<(), Error> {
        if self.errors.is_empty() { Ok(()) } else { Err(Error::Invalid(self.errors)) }
    }
}
