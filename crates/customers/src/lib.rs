//! Customers: who buys, how to reach them, where they receive parcels, what they bought in all.
//!
//! A person is known by telephone number: one number belongs to one person, one person may have
//! several. An order that comes in finds its customer by number, else by the id its shop knows her
//! by, else by e-mail, and makes one when nobody is found. What orders add up to stands in
//! `customer_totals`, one row for each store, written by orders in the order's transaction; the same
//! rows say which stores' people may see her. Places are checked against the lists of `base::places`;
//! one that is not there is kept as typed and flagged.
//!
//! Not here: orders of a customer (orders lists them by customer), classes, flags and scores,
//! merging two records, erasing a person.

mod model;
mod place;
mod service;
mod store;

pub use model::{
    Address, AddressChange, Customer, CustomerChange, CustomerDetail, CustomerFilter, CustomerPage, CustomerRow, CustomerSort, NewAddress,
    NewCustomer, PhoneRow, StoreTotals, TotalsChange,
};
pub use place::{Place, check_address, place_of};
pub use service::{
    add_address, add_phone, add_totals, archive, by_phone, by_phone_ending, change, change_address, create, detail, find, find_or_create, list,
    of_name, remove_address, remove_phone, shown_phone, unarchive,
};
