//! Bulk: one action on many orders, by their ids or by the filter of a list.
//!
//! A run is prepared first: which orders, at which version, what each would answer, what they come to.
//! Then it is carried out as a job in slices behind people's work, each order on its own: one that is
//! refused stops no other. It can stop after a first batch, above a share of refusals, or when asked;
//! go on, try the refused ones again, and be taken back for a while.
//!
//! What always holds: an order is done once, whatever dies in between, because its result and its
//! change are one transaction; one that changed since the set was made is skipped, never overwritten;
//! each order's action asks for its own right, with the rights that the actor has at that moment; what
//! goes outside waits until the run can no longer be taken back.
//!
//! Not here: what an action does to an order (orders, notifications), files of orders (reports).

mod carry;
mod job;
mod model;
mod pace;
mod rules;
mod service;
mod store;

use base::traces::{Key, Put, Trace};
pub use job::{ReadList, run_job};
pub use model::{
    Args, Bulk, BulkAction, BulkFilter, BulkState, BulkWord, How, Item, ItemFilter, MAX_IDS, NewBulk, Outcome, Refusal, Selection, Start, Trial,
    UndoOutcome,
};

/// Where a person may be named in what people looked for and in what an undo would put back.
pub const TRACES: &[Trace] = &[
    Trace { table: "bulk_runs", key: Key::Id("id"), columns: &["query"], put: Put::Set("query = null") },
    Trace { table: "bulk_items", key: Key::Two("bulk_id", "order_id"), columns: &["before", "args"], put: Put::Set("before = null, args = null") },
];

pub use service::{begin, cancel, find, list, list_items, list_orders, purge, retry, start, undo};
