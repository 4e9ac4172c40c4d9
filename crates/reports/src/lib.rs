//! Files of what is kept: orders, customers and the audit trail as CSV or XLSX, for people and for other programs.
//!
//! [`begin`] writes down what somebody wants and what they may see at that moment; a job makes the file in
//! slices ([`run_job`]). It settles first which orders there are, by what never changes about them, so that
//! each stands in the file once; then it reads them a few hundred at a time, as they are then; then it writes
//! the file. docs/export.md tells people about it.
//!
//! Not here: the parameters of lists and the words of headings (web), printed documents.

mod columns;
mod file;
mod job;
mod model;
mod rows;

pub use columns::{CUSTOMERS, EVENTS, KAFILA, Kind, ORDERS, kind_of, order_columns_of};
pub use job::{Labels, ReadList, run_job};
pub use model::{Format, MOST_IDS, NewExport, RowsAre, Separator, Style, What, begin};
