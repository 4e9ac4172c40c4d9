//! Customers: who buys, how to reach them, where they receive parcels, what they bought in all.
//!
//! A person is known by telephone number: one number belongs to one person, one person may have
//! several. An order that comes in finds its customer by number, else by the id its shop knows her
//! by, else by e-mail, and makes one when nobody is found. What orders add up to stands in
//! `customer_totals`, one row for each store, written by orders in the order's transaction; the same
//! rows say which stores' people may see her. Places are checked against the lists of `base::places`;
//! one that is not there is kept as typed and flagged.
//!
//! Marks, notes and consents stand beside the record. Two records of one person can become one: the one
//! that goes stays as a pointer, so every id that ever was answers. Numbers, addresses and free words are
//! shown by right (`shown_phone`, `shown_email`, `shown_street`, `shown_words`).
//!
//! Not here: orders of a customer (orders lists them by customer), moving, exporting and erasing what other
//! domains keep about her (care), classes and scores.

mod around;
mod attachments;
pub mod consent;
mod elsewhere;
pub mod erase;
mod export;
mod figures;
pub mod flags;
mod labels;
pub mod language;
pub mod merge;
mod model;
pub mod needles;
pub mod notes;
mod place;
mod reach;
mod service;
mod sort;
mod store;
mod take_back;
pub mod twins;

pub use self::attachments::{attach, change_attachment, detach, find_attachment, list_attachments, may_attach, restore_attachment, show_attachment};
pub use around::{Spent, spent_of};
pub use elsewhere::Elsewhere;
pub use export::{Contact, contacts};
pub use figures::Bought;
pub use labels::{add_tags, create_with, erase_labels, fill_field, remove_tag, retag, take_over_labels};
pub use model::{
    Address, AddressChange, Customer, CustomerChange, CustomerDetail, CustomerFilter, CustomerPage, CustomerRow, NewAddress, NewCustomer, PhoneRow,
    StoreTotals, TotalsChange,
};
pub use place::{Place, check_address, place_of};
pub use reach::{
    PhoneChange, add_address, add_phone, change_address, change_phone, find_phone, has_hidden, order_addresses, order_phones, remove_address,
    remove_phone, reveal_phone, set_main_address, shown_email, shown_fields, shown_json, shown_phone, shown_street, shown_value, shown_words,
};
pub use service::{add_totals, archive, by_email, by_phone, by_phone_ending, change, create, detail, find, find_or_create, list, of_name, unarchive};
pub use sort::CustomerSort;
pub use take_back::{take_back, take_totals_back};
