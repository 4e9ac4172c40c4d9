//! Bringing orders in from outside: today from files, later from shops.
//!
//! A preset says how the columns of a file are called and what its rows mean, or a mapping that people write
//! down themselves ([`mappings`]); [`run`] reads the file and writes orders, their past and credit notes
//! through the same actions as everybody. The same file twice changes nothing, and what an import made can
//! be taken back ([`begin_undo`]). docs/import.md tells people about it.
//!
//! Not here: progress bars and exit codes (app), uploads (web), shops that push their orders.

mod amounts;
mod countries;
mod dates;
mod decimal;
mod encoding;
mod groups;
mod guess;
mod history;
mod import;
mod imports;
mod job;
mod mapping;
pub mod mappings;
mod model;
mod piece;
mod presets;
mod preview;
mod rejects;
mod store;
mod table;
mod targets;
mod undo;

use base::traces::{Key, Put, Trace};
pub use dates::DateOrder;
pub use encoding::Encoding;
pub use guess::{ColumnGuess, Guess, Reason};
pub use import::{Host, run};
pub use imports::{IMPORT_TOPIC, Import, ImportState, find_import, list_imports};
pub use job::{NewImport, Words, begin, run_job};
pub use mapping::{ColumnUse, Constant, DecimalMark, Definition, Field, RowKind, WordUse};
pub use model::{Cursor, Done, Go, Options, Preset, Progress, Source, Summary};
pub use preview::{Preview, PreviewRow, has_columns_of, preview};
pub use rejects::{RefusedRow, refused_rows};

/// Where a person may be named in what is kept about files.
pub const TRACES: &[Trace] =
    &[Trace { table: "imports", key: Key::Id("id"), columns: &["file_name", "result"], put: Put::Set("file_name = '•••', result = null") }];

pub use undo::{Undone, begin_undo, run_undo, undo};
