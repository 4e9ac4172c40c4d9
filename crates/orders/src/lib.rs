//! Orders: how they come in, what they come to, how they move, how they are found and counted.
//!
//! Every order comes in through [`place`], from whatever channel, and moves through [`act`], by the
//! table in [`state`]. What always holds: an order's parts add up to its total; a reference of a shop
//! comes in once; the counters say how many orders stand where; every move is an event with from,
//! to, actor, reason; what somebody may not see is not found. Beside its own state an order carries facts
//! of other machines (call, parcel, payment, risk), so that one table serves every list; their
//! owners write them through the `set_…` functions, and nobody else has SQL on `orders`.
//!
//! Not here: drafts and carts, changing lines after the placing, stock, the ledger, parcels and
//! couriers, telling the customer (notifications reacts to our events), duplicates and risk.

mod content;
mod credit;
mod facts;
mod filter;
mod limits;
mod model;
mod moves;
mod notes;
mod place;
mod queries;
pub mod rules;
mod search;
pub mod state;
mod stats;
mod store;
#[cfg(test)]
mod tests;

pub use credit::{CreditLine, CreditNote, Credited, NewCreditLine, NewCreditNote, find_credit_note, list_credit_notes, record_credit_note};
pub use facts::{
    TOPIC, add_holds, archive, change, find_to_change, set_agent, set_confirmation, set_duplicate_score, set_line_state, set_payment_state, set_risk,
    set_shipping_state, set_tracking, unarchive,
};
pub use filter::{Archived, Assigned, OrderFilter, OrderPage, Page, PageStart, Search, SearchPage, Sort, SortKey, Total};
pub use model::{
    Decision, Line, Move, Moved, NewAddress, NewContact, NewDiscount, NewLine, NewNote, NewOrder, NewTrackingEntry, Note, Order, OrderChange,
    OrderRow, Placed, TrackingEntry,
};
pub use moves::{
    act, backorder, cancel, confirm, correct, deliver, hand_over, move_to, out_for_delivery, process, reopen, request_return, restock,
    return_to_sender, undo,
};
pub use notes::{add_note, add_tracking, list_notes, list_tracking, record_decision};
pub use place::{place, place_imported, place_once};
pub use queries::{Notification, OrderDetail, Progress, Step, detail, find, find_by_ref, list, list_lines, progress};
pub use search::search;
pub use stats::{MESSAGES_BY_STATE, NotificationRates, PROOFS, Stats, recount_days, stats};
