//! Orders: how they come in, what they come to, how they move, how they are found and counted.
//!
//! Every order comes in through [`place`], from whatever channel, and moves through [`act`], by the
//! table in [`state`]. What always holds: an order's parts add up to its total; a reference of a shop
//! comes in once; the counters say how many orders stand where; every move is an event with from,
//! to, actor, reason; what somebody may not see is not found. Beside its own state an order carries facts
//! of other machines (call, parcel, payment, risk), so that one table serves every list; their
//! owners write them through the `set_…` functions, and nobody else has SQL on `orders`.
//!
//! An order may begin as a draft, and what was placed changes by proposals that are looked at before they are
//! applied.
//!
//! Not here: stock, the ledger, parcels and couriers, telling the customer (notifications reacts to our
//! events), duplicates and risk.

mod assign;
mod attachments;
pub mod cancellations;
pub mod care;
mod content;
mod credit;
mod delete;
mod drafts;
mod edit;
pub mod escalations;
mod export;
mod facts;
mod filter;
pub mod holds;
mod kept;
mod labels;
mod limits;
mod many;
mod masked;
pub mod mentions;
mod model;
mod moves;
mod notes;
pub mod overlay;
mod place;
mod pulse;
mod queries;
pub mod reasons;
mod reorder;
mod rule_set;
pub mod rules;
mod search;
pub mod series;
mod sort;
pub mod state;
mod stats;
mod store;
mod substatus;
mod take_back;
#[cfg(test)]
mod tests;
pub mod views;

pub use self::assign::{Given, Giving, assign, give, takers};
pub use self::attachments::{attach, change_attachment, detach, find_attachment, list_attachments, may_attach, restore_attachment, show_attachment};
pub use credit::{CreditLine, CreditNote, Credited, NewCreditLine, NewCreditNote, find_credit_note, list_credit_notes, record_credit_note};
pub use delete::delete_test_order;
pub use drafts::{
    Acceptance, DRAFT_TOPIC, Draft, DraftChange, DraftFilter, DraftPage, DraftRow, DraftState, Look, Priced, Quote, QuoteContent, accept_draft,
    begin_draft, change_draft, delete_draft, find_draft, list_drafts, look_at, place_draft, purge_drafts, quote, share_draft, unshare_draft,
};
pub use edit::{
    ApplyEdit, Differing, EDITABLE, Edit, EditChange, EditField, EditPreview, Edited, LineChange, LinePreview, LineReplacement, LineStep, Owed,
    Owing, ReviseEdit, apply_edit, begin_edit, drop_edit, list_edits, may_change, open_fields, preview_edit, purge_edits, revise_edit, undo_step,
};
pub use export::{Exported, IdPage, Ranked, contents, found_ids, ids, sorted};
pub use facts::{
    TOPIC, archive, change, find_to_change, set_agent, set_confirmation, set_duplicate_score, set_line_state, set_payment_state, set_risk,
    set_shipping_state, set_tracking, unarchive,
};
pub use filter::{Archived, Assigned, MOST_GROUPS, OrderFilter, OrderPage, Page, PageStart, PlacedIn, Search, SearchPage, Total};
pub use labels::{add_tags, fill_field_job, remove_tag, retag_job};
pub use many::{Chosen, Standing, count, keep, newest, standing};
pub use model::{
    Decision, Line, Move, Moved, NewAddress, NewContact, NewDiscount, NewLine, NewNote, NewOrder, NewTrackingEntry, Note, Order, OrderChange,
    OrderRow, Placed, TrackingEntry,
};
pub use moves::{
    act, backorder, cancel, confirm, correct, deliver, hand_over, move_to, obstacle, out_for_delivery, process, reopen, request_return, restock,
    return_to_sender, undo,
};
pub use notes::{MOST_PINS, add_note, add_tracking, list_notes, list_tracking, pin_note, record_decision, unpin_note};
pub use place::{place, place_imported, place_once};
pub use pulse::placed_by_hour;
pub use queries::{Notification, OrderDetail, Progress, Step, detail, find, find_by_ref, list, list_lines, progress};
pub use reorder::{Change, Changed, Reordered, reorder};
pub use rule_set::{
    Applied, NewRules, RuleDraft, RulesView, activate_rule_draft, discard_rule_draft, find_rule_draft, find_rules, find_rules_version, gone_by,
    list_rules, move_substatuses, put_rules, restore_rules, save_rule_draft, try_rule_draft, try_rules, try_rules_job,
};
pub use search::{numbered, search};
pub use sort::{Sort, SortKey, Then};
pub use stats::{MESSAGES_BY_STATE, NotificationRates, PROOFS, Stats, messages_key, recount_days, stats};
pub use store::search::WINDOWS as SEARCH_WINDOWS;
pub use substatus::{MoveInside, move_inside};
pub use take_back::{CreditTakenBack, Left, StaysBecause, TakenBack, as_left, credits_as_left, take_back, take_credit_back, unsold, without_orders};
