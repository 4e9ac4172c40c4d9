//! Care for people who buy, across the domains that know something about them: their whole history, merging two
//! records of one person and undoing it, writing down everything that is kept about a person, and forgetting one.
//!
//! Each domain moves, shows and forgets its own rows by functions of its own; here is the order in which it
//! happens, and the work in slices where a person has very many orders.
//!
//! Not here: the record itself, marks, notes, consents (customers), who is shown what (customers, by right),
//! removing what is past its time (the app's purge).

mod consents;
mod erase;
mod export;
mod html;
mod merge;
mod retention;
mod timeline;
mod twins;

pub use consents::record_consent;
pub use erase::run as erase_job;
pub use export::{ExportFile, begin as begin_export, file as export_file, run as export_job};
pub use merge::{Conflict, Merged, Preview, merge, merge_job, preview, unmerge};
pub use retention::forget_inactive;
pub use timeline::{Entry, EntryKind, Page, What, timeline};
pub use twins::{Likeness, Suggestion, suggestions, twins};
