//! Why a command ended early, in words for the person at the keyboard, and its exit code.

use std::fmt;

use db::OpenError;
use kernel::{FieldError, Locale};

/// The exit codes; `docs/operations.md` lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// The work itself failed; or `doctor` found something.
    Failed = 1,
    /// The command line was wrong (also what the parser of the command line uses).
    Usage = 2,
    /// The configuration is wrong.
    Config = 3,
    /// The data directory: no right, no room, or another process holds it.
    DataDir = 4,
    /// The database: damaged, newer than this binary, or not reachable.
    Database = 5,
    /// The key that opens stored secrets.
    Key = 6,
    /// The address to listen on is taken.
    Port = 7,
    /// An import refused some rows; the others are in.
    Refused = 8,
}

/// Why a command ended early: what happened and what to do.
#[derive(Debug)]
pub struct Failure {
    /// What the shell sees.
    pub exit: Exit,
    what: String,
    remedy: Option<String>,
}

impl Failure {
    /// What happened.
    pub fn new(exit: Exit, what: impl Into<String>) -> Failure {
        Failure { exit, what: what.into(), remedy: None }
    }

    /// Adds what to do.
    #[must_use]
    pub fn remedy(mut self, remedy: impl Into<String>) -> Failure {
        self.remedy = Some(remedy.into());
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        match &self.remedy {
            Some(remedy) => write!(f, "\n{remedy}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Failure {}

impl From<kernel::Error> for Failure {
    fn from(error: kernel::Error) -> Failure {
        match &error {
            kernel::Error::Unavailable { service: "disk" } => Failure::new(Exit::DataDir, "the disk is full or does not answer")
                .remedy("Free some space and start again; what was acknowledged is on the disk."),
            kernel::Error::Unavailable { service: "postgres" } => {
                Failure::new(Exit::Database, "PostgreSQL cannot be reached").remedy("Check that the server runs and that database.url is right.")
            }
            kernel::Error::Invalid(fields) => {
                let lines: Vec<String> = fields.iter().map(explain).collect();
                Failure::new(Exit::Usage, lines.join("\n"))
            }
            kernel::Error::Internal(_) => Failure::new(Exit::Failed, error.to_string()),
            _ => Failure::new(Exit::Failed, web::error::Problem::from(error).title(Locale::En)),
        }
    }
}

/// A wrong input, with all that is known about it.
fn explain(field: &FieldError) -> String {
    let args: Vec<String> = field.args.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    let more = if args.is_empty() { String::new() } else { format!(" ({})", args.join("; ")) };
    format!("{}: {}{more}", field.field, web::error::Problem::field_message(Locale::En, field))
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Failure {
        let exit = match &error {
            OpenError::Locked { .. } | OpenError::DiskFull { .. } | OpenError::Permission { .. } => Exit::DataDir,
            OpenError::CannotReach { .. }
            | OpenError::Collation { .. }
            | OpenError::Corrupt { .. }
            | OpenError::Newer { .. }
            | OpenError::NotADatabase { .. }
            | OpenError::Migration { .. } => Exit::Database,
        };
        Failure::new(exit, error.to_string())
    }
}

/// A failure about a file: what was tried, where, and what the system said.
pub fn file_failure(what: &str, path: &std::path::Path, error: &std::io::Error) -> Failure {
    use std::io::ErrorKind::{PermissionDenied, QuotaExceeded, ReadOnlyFilesystem, StorageFull};
    let remedy = match error.kind() {
        PermissionDenied | ReadOnlyFilesystem => "Give the directory to the user that runs kafila, or choose another one with --data.",
        StorageFull | QuotaExceeded => "Free some space on that disk and start again.",
        _ => "Check the path; another directory is chosen with --data.",
    };
    Failure::new(Exit::DataDir, format!("cannot {what} {}: {error}", path.display())).remedy(remedy)
}
