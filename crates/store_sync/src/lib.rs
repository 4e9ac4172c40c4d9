//! Bringing orders in from outside: today from files, later from shops.
//!
//! A preset says how the columns of a file are called and what its rows mean; [`run`] reads the file
//! and writes orders, their past and credit notes through the same actions as everybody. The same file
//! twice changes nothing. docs/import.md tells people about it.
//!
//! Not here: progress bars and exit codes (app), uploads (web), shops that push their orders.

mod countries;
mod decimal;
mod groups;
mod history;
mod import;
mod job;
mod model;
mod piece;
mod presets;
mod rejects;
mod table;
mod targets;

pub use import::{Host, run};
pub use job::{NewImport, Words, begin, run_job};
pub use model::{Cursor, Done, Go, Options, Preset, Progress, Source, Summary};
