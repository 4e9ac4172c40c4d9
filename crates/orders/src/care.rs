//! What becomes of orders when their customer is merged, unmerged or forgotten. For `care`, which asks for
//! the rights; these functions ask for none, and work through orders some hundreds at a time.
//!
//! What always holds: the figures of a customer are those of her orders, also between two slices. Of an
//! order whose customer was forgotten stay amounts, province, dates, number and what was sold.

use std::collections::{BTreeMap, BTreeSet};

use base::traces::{Key, Put, Trace};
use base::{Ctx, events};
use customers::needles::Needles;
use customers::{TotalsChange, merge};
use db::Tx;
use kernel::{Amount, CustomerId, Error, Id, OrderId, StoreId, Time, mask};

use crate::filter::{Archived, OrderFilter, Page, PageStart};
use crate::model::{Order, OrderRow};
use crate::place::search_document;
use crate::sort::{Place, Sort};
use crate::store::care::{self as rows, Moved};
use crate::{labels, masked, queries, state};

/// Where free words about persons may stand that no order leads to.
pub const TRACES: &[Trace] = &[
    Trace { table: "order_drafts", key: Key::Id("id"), columns: &["content", "contact_name", "summary"], put: Put::Remove },
    Trace { table: "views", key: Key::Id("id"), columns: &["query", "name"], put: Put::Set("query = '{}', name = '•••'") },
];

/// Brings at most so many orders, oldest first, from one customer to another, with the figures that they make.
/// Answers which; fewer than asked for means that none is left.
pub fn give_orders(tx: &mut Tx, from: CustomerId, to: CustomerId, limit: u32) -> Result<Vec<i64>, Error> {
    let moved = rows::give(tx, from, to, limit)?;
    settle(tx, from, to, &moved)
}

/// Brings these orders from one customer to another, those of them that are still the first one's.
pub fn give_these(tx: &mut Tx, from: CustomerId, to: CustomerId, orders: &[i64]) -> Result<Vec<i64>, Error> {
    let moved = rows::give_these(tx, from, to, orders)?;
    settle(tx, from, to, &moved)
}

fn settle(tx: &mut Tx, from: CustomerId, to: CustomerId, moved: &[Moved]) -> Result<Vec<i64>, Error> {
    let ids: Vec<i64> = moved.iter().map(|order| order.id.to_i64()).collect();
    let mut by_store: BTreeMap<StoreId, (TotalsChange, Time)> = BTreeMap::new();
    for order in moved {
        let (change, last) = by_store.entry(order.store_id).or_insert_with(|| (nothing(order), order.created_at));
        let outcome = state::outcome(order.state);
        let count = |wanted: state::Outcome| i64::from(outcome == wanted);
        change.orders += 1;
        change.delivered += count(state::Outcome::Delivered);
        change.returned += count(state::Outcome::Returned);
        change.cancelled += count(state::Outcome::Cancelled);
        change.ordered_total += order.total;
        if outcome == state::Outcome::Delivered {
            change.delivered_total += order.total;
        }
        change.ordered_at = change.ordered_at.min(order.created_at);
        *last = (*last).max(order.created_at);
    }
    for (store, (change, last)) in by_store {
        let left = rows::span(tx, from, store)?;
        merge::shift_totals(tx, from, to, &change, (change.ordered_at, last), left)?;
    }
    for order in moved {
        tx.touch(crate::TOPIC, order.id);
    }
    Ok(ids)
}

fn nothing(order: &Moved) -> TotalsChange {
    TotalsChange {
        store_id: order.store_id,
        currency: order.currency,
        orders: 0,
        delivered: 0,
        returned: 0,
        cancelled: 0,
        ordered_total: Amount::ZERO,
        delivered_total: Amount::ZERO,
        ordered_at: order.created_at,
    }
}

/// Brings a customer's credit notes to another one; answers which.
pub fn give_credit_notes(tx: &mut Tx, from: CustomerId, to: CustomerId) -> Result<Vec<i64>, Error> {
    rows::give_credit_notes(tx, from, to, None)
}

/// Brings these credit notes back, those of them that are still the first one's.
pub fn give_these_credit_notes(tx: &mut Tx, from: CustomerId, to: CustomerId, notes: &[i64]) -> Result<Vec<i64>, Error> {
    if notes.is_empty() { Ok(Vec::new()) } else { rows::give_credit_notes(tx, from, to, Some(notes)) }
}

/// How many orders a customer has, counted to one more than `most`.
pub fn count_of(tx: &mut Tx, customer: CustomerId, most: u32) -> Result<i64, Error> {
    rows::count_of(tx, customer, most)
}

/// A customer's orders that the caller may see, newest first, older than a place; archived ones, too.
pub fn of_customer_before(tx: &mut Tx, ctx: &Ctx, customer: CustomerId, before: Option<(Time, i64)>, limit: u32) -> Result<Vec<OrderRow>, Error> {
    let filter = OrderFilter { customer: Some(customer), archived: Archived::Any, ..OrderFilter::default() };
    let sort = Sort::default();
    let start = match before {
        None => PageStart::First,
        Some((at, id)) => PageStart::Cursor(Place::placed(at, OrderId::from_i64(id)).cursor(sort)),
    };
    let page = Page { limit: limit.clamp(1, 200), start, sort, with_total: false };
    Ok(queries::list(tx, ctx, &filter, &page)?.items)
}

/// Credit notes of a customer that the caller may see, newest first, older than a place.
pub fn credit_notes_before(
    tx: &mut Tx,
    ctx: &Ctx,
    customer: CustomerId,
    before: Option<(Time, i64)>,
    limit: u32,
) -> Result<Vec<crate::CreditNote>, Error> {
    Ok(masked::credit_notes(ctx, rows::credit_notes_before(tx, ctx, customer, before, limit)?))
}

/// The condition that a row of another table belongs to an order that the caller may see: nothing for those who
/// see everything. It pushes what it binds.
pub fn visible(ctx: &Ctx, column: &str, params: &mut Vec<db::Value>) -> String {
    rows::visible(ctx, column, params)
}

/// Streets that the newest orders of these customers went to, folded, with the province.
pub fn streets_of(tx: &mut Tx, customers: &[CustomerId]) -> Result<Vec<(CustomerId, String)>, Error> {
    rows::streets_of(tx, customers)
}

db::row! {
    /// Where the newest order of a customer goes.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct LastPlace {
        /// Whose order.
        pub customer_id: CustomerId,
        /// City, commune or town.
        pub city: Option<String>,
        /// Province by the list's name, or as typed.
        pub province: Option<String>,
        /// Country.
        pub country: kernel::Country,
    }
}

/// Where the newest orders of these customers go, of those that the caller may see: one statement for a whole list.
pub fn places_of(tx: &mut Tx, ctx: &Ctx, customers: &[CustomerId]) -> Result<Vec<LastPlace>, Error> {
    if customers.is_empty() || !ctx.can(kernel::Permission::OrderRead) {
        return Ok(Vec::new());
    }
    rows::places_of(tx, ctx, customers)
}

/// Places that orders go to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// These provinces: keys such as `DZ:31`.
    pub provinces: Vec<String>,
    /// These towns, as orders name them.
    pub cities: Vec<String>,
}

/// Customers whose newest order, of those that the caller may see, goes to one of these places: what lists show as theirs. Needs
/// `order.read`.
pub fn sent_to(ctx: &Ctx, to: &Places) -> Result<customers::Elsewhere, Error> {
    ctx.require(kernel::Permission::OrderRead)?;
    let (all, one) = (to.clone(), to.clone());
    Ok(customers::Elsewhere::new(move |ctx, params| rows::all_sent_to(ctx, &all, params), move |ctx, params| rows::is_sent_to(ctx, &one, params)))
}

/// The ids of a customer's orders, oldest first, from a place on: for writing down everything about a person.
pub fn ids_after(tx: &mut Tx, customer: CustomerId, after: Option<(Time, OrderId)>, limit: u32) -> Result<Vec<(Time, OrderId)>, Error> {
    rows::ids_after(tx, customer, after, limit)
}

/// Names, numbers and streets on the newest orders of a customer, which may differ from her record.
pub fn gather(tx: &mut Tx, customer: CustomerId, needles: &mut Needles) -> Result<(), Error> {
    for contact in rows::contacts_of(tx, customer)? {
        needles.name(&contact.contact_name);
        if let Some(phone) = contact.contact_phone {
            needles.phone(&phone);
        }
        needles.word(contact.line1.as_deref().unwrap_or_default());
    }
    Ok(())
}

/// What a slice of forgetting did.
#[derive(Clone, Debug, Default)]
pub struct Forgotten {
    /// The orders of the slice.
    pub orders: Vec<i64>,
    /// Details of events that are gone.
    pub events: u64,
    /// The last order of the slice; none when there was none left.
    pub last: Option<(Time, OrderId)>,
}

/// Forgets who a customer's orders were for, oldest first from a place on.
pub fn forget_orders(
    tx: &mut Tx,
    ctx: &Ctx,
    customer: CustomerId,
    after: Option<(Time, OrderId)>,
    limit: u32,
    needles: &Needles,
) -> Result<Forgotten, Error> {
    let found = rows::of_customer_to_change(tx, customer, after, limit)?;
    let ids: Vec<i64> = found.iter().map(|order| order.id.to_i64()).collect();
    let last = found.last().map(|order| (order.created_at, order.id));
    if ids.is_empty() {
        return Ok(Forgotten::default());
    }
    let personal = forget_lines(tx, ctx, customer, &ids, needles)?;
    for order in found {
        let is_personal = personal.contains(&order.id);
        forget_order(tx, ctx, order, needles, is_personal)?;
    }
    rows::forget_around(tx, &ids)?;
    for entry in rows::tracking_words(tx, &ids)? {
        if needles.names_her(&entry.status) {
            rows::forget_tracking_word(tx, entry.order_id, entry.id)?;
        }
    }
    let events = events::erase_details_of_many(tx, ctx, OrderId::PREFIX, &ids)?;
    Ok(Forgotten { orders: ids, events, last })
}

/// Forgets specifications, and words that name her. A product that others bought, too, keeps its title even if a
/// part of it is her name; one that was made for her does not. Answers the orders that had such lines.
fn forget_lines(tx: &mut Tx, ctx: &Ctx, customer: CustomerId, orders: &[i64], needles: &Needles) -> Result<BTreeSet<OrderId>, Error> {
    let mut personal = BTreeSet::new();
    for line in rows::lines_of(tx, orders)? {
        let in_title = needles.names_her(&line.title);
        let in_variant = line.variant.as_deref().is_some_and(|text| needles.names_her(text));
        let is_hers = match line.variant_id {
            Some(id) if in_title || in_variant => rows::is_sold_to_her_alone(tx, id, customer)?,
            _ => true,
        };
        let hides_title = needles.is_in(&line.title) || (in_title && is_hers);
        if let Some(id) = line.variant_id.filter(|_| in_title || in_variant) {
            catalogue::forget_person(tx, ctx, id, &|text| if is_hers { needles.names_her(text) } else { needles.is_in(text) })?;
        }
        if hides_title || in_variant {
            personal.insert(line.order_id);
        }
        if hides_title || in_variant || line.has_spec {
            rows::forget_line(tx, &line, hides_title, in_variant)?;
        }
    }
    Ok(personal)
}

fn forget_order(tx: &mut Tx, ctx: &Ctx, before: Order, needles: &Needles, is_personal: bool) -> Result<(), Error> {
    let hides = |text: &Option<String>| text.as_deref().is_some_and(|text| needles.names_her(text));
    let after = Order {
        contact_name: String::new(),
        contact_phone: None,
        line1: None,
        line2: None,
        city: None,
        district: None,
        postal_code: None,
        external_ref: before.external_ref.clone().filter(|_| !hides(&before.external_ref)),
        summary: if is_personal || needles.is_in(&before.summary) { mask::DOTS.to_owned() } else { before.summary.clone() },
        tags: "[]".to_owned(),
        custom: "{}".to_owned(),
        ..before.clone()
    };
    rows::forget(tx, &after, &search_document(&after), ctx.now)?;
    if before.tags != after.tags || before.custom != after.custom {
        labels::save(tx, ctx, &after)?;
    }
    tx.touch(crate::TOPIC, after.id);
    Ok(())
}

/// Forgets what a customer's credit notes say in words.
pub fn forget_credit_notes(tx: &mut Tx, ctx: &Ctx, customer: CustomerId) -> Result<u64, Error> {
    let ids = rows::forget_credit_notes(tx, customer)?;
    events::erase_details_of_many(tx, ctx, kernel::CreditNoteId::PREFIX, &ids)
}
