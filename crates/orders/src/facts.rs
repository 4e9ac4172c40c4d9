//! Changing an order's facts: what people edit, and what the owners of other machines write.
//!
//! People's changes carry a version and leave their trace with every field before and after. The
//! `set_…` functions are for the owners of those facts in higher tiers, who record events of their
//! own; they ask for no right and move no version, so that a machine at work never makes an editor's
//! save fail.

use base::counters::Counters;
use base::{Ctx, events};
use db::{Tx, Value};
use fields::{Moment, Surroundings};
use kernel::value::ToValue;
use kernel::{
    Amount, Check, Confirmation, Details, Error, Event, LineId, LineState, OrderId, PaymentState, Permission, Phone, ShippingState, Subject, Time,
    UserId, Version, mask,
};

use crate::labels;
use crate::limits;
use crate::model::{NewAddress, Order, OrderChange};
use crate::place::search_document;
use crate::store;

/// The fields that [`change`] can change, by the names that events and `Stale` use.
const FIELDS: [&str; 8] = ["priority", "expected_on", "channel", "contact_name", "contact_phone", "shipping_address", "tags", "custom"];

/// Changes an order's facts, all or nothing.
///
/// With a version that no longer stands the answer is `Stale` with the fields that this change would
/// make different from what stands now. `Conflict` `edit.closed` names parts that may no longer change in the
/// order's state; what is sold and what it costs changes by edits alone.
pub fn change(tx: &mut Tx, ctx: &Ctx, id: OrderId, change: &OrderChange) -> Result<Order, Error> {
    ctx.require(Permission::OrderEdit)?;

    let before = store::find_to_change(tx, ctx, id)?.ok_or(Error::not_found("order"))?;
    let mut after = changed(ctx, &before, change)?;
    if let Some(tags) = &change.tags {
        (after.tags, _) = labels::named(fields::ensure_tags(tx, ctx, tags, &before.tags())?);
    }
    let details = differences(&before, &after);
    if change.version.is_some_and(|version| version != before.version) {
        return Err(Error::Stale { version: before.version, fields: named(&details) });
    }
    if details.is_empty() {
        return Ok(before);
    }
    crate::edit::refuse_closed(&before, &details.fields())?;

    if !store::set(tx, id, Some(before.version), ctx.now, columns(&before, &after))? {
        return Err(Error::Stale { version: before.version + 1, fields: named(&details) });
    }

    events::record_with(tx, ctx, Event::OrderChanged { order: id, fields: details.fields() }, details)?;
    if before.tags != after.tags || before.custom != after.custom {
        labels::save(tx, ctx, &after)?;
    }
    Ok(Order { version: before.version + 1, updated_at: ctx.now, ..after })
}

fn changed(ctx: &Ctx, before: &Order, change: &OrderChange) -> Result<Order, Error> {
    let mut check = Check::new();
    let mut after = before.clone();
    if let Some(priority) = change.priority {
        after.priority = priority;
    }
    if let Some(expected_on) = change.expected_on {
        after.expected_on = expected_on;
    }
    if let Some(channel) = change.channel {
        after.channel = channel;
    }
    if let Some(name) = &change.contact_name {
        check.require(!name.trim().is_empty(), "contact_name", "required");
        limits::text(&mut check, "contact_name", Some(name), 200);
        after.contact_name = name.trim().to_owned();
    }
    if let Some(address) = &change.shipping_address {
        check.require(!mask::has_dots(&address.line1), "shipping_address.line1", "contact.masked");
        customers::check_address(&mut check, "shipping_address", address);
        put_address(&mut after, address);
    }
    if let Some(phone) = &change.contact_phone {
        // Somebody who sees dots must not send them back as a number.
        let is_masked = !ctx.can(Permission::PhoneSee) && phone.as_deref().is_some_and(|text| text.contains('•'));
        check.require(!is_masked, "contact_phone", "phone.masked");
        after.contact_phone = match phone.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
            None => None,
            Some(text) => {
                let read = Phone::parse(text, after.country);
                check.require(read.is_ok() || is_masked, "contact_phone", "phone");
                read.ok()
            }
        };
    }
    if let Some(tags) = &change.tags {
        limits::tags(&mut check, tags);
    }
    if let Some(custom) = &change.custom {
        // Somebody who sees dots must not send them back as values.
        check.require(!customers::has_hidden(ctx, custom), "custom", "contact.masked");
        limits::custom(&mut check, custom);
        let around = Surroundings { country: after.country, currency: Some(before.currency) };
        let custom = fields::check_custom(&mut check, ctx, Subject::Order, custom, Some(&before.custom()), Moment::Change, around);
        after.custom = serde_json::Value::Object(custom).to_string();
    }
    check.done()?;
    Ok(after)
}

/// Sends an order to another address; where it names no country, it stays in the order's.
pub(crate) fn put_address(after: &mut Order, address: &NewAddress) {
    let country = address.country.unwrap_or(after.country);
    let place = customers::place_of(country, address.province.as_deref(), address.city.as_deref());
    after.line1 = Some(address.line1.clone());
    after.line2 = address.line2.clone();
    after.district = address.district.clone();
    after.postal_code = address.postal_code.clone();
    after.province_key = place.key(country);
    after.place_known = place.is_known && !address.is_unknown;
    after.city = place.city;
    after.province = place.province;
    after.country = country;
}

type Address<'a> = (Option<&'a str>, Option<&'a str>, Option<&'a str>, Option<&'a str>, Option<&'a str>, &'a str, Option<&'a str>);

fn address(order: &Order) -> Address<'_> {
    (
        order.line1.as_deref(),
        order.line2.as_deref(),
        order.city.as_deref(),
        order.district.as_deref(),
        order.province.as_deref(),
        order.country.code(),
        order.postal_code.as_deref(),
    )
}

fn differences(before: &Order, after: &Order) -> Details {
    let mut details = Details::none();
    details.change("priority", &before.priority, &after.priority);
    details.change("expected_on", &before.expected_on, &after.expected_on);
    details.change("channel", &before.channel, &after.channel);
    details.change("contact_name", &before.contact_name, &after.contact_name);
    details.change("contact_phone", &before.contact_phone.as_ref().map(Phone::e164), &after.contact_phone.as_ref().map(Phone::e164));
    details.change("shipping_address", &address(before), &address(after));
    details.change("tags", &before.tags(), &after.tags());
    if before.custom != after.custom {
        labels::differences(&mut details, &before.custom(), &after.custom());
    }
    details
}

fn named(details: &Details) -> Vec<&'static str> {
    let is_named = |name: &str, field: &str| name == field || field == "custom" && name.starts_with("custom.");
    FIELDS.into_iter().filter(|field| details.changes.iter().any(|change| is_named(&change.field, field))).collect()
}

/// Only what differs is written, so that the indexes of the rest are left alone.
fn columns(before: &Order, after: &Order) -> Vec<(&'static str, Value)> {
    let mut columns: Vec<(&'static str, Value)> = Vec::new();
    let mut set = |column: &'static str, before: Value, after: Value| {
        if before != after {
            columns.push((column, after));
        }
    };
    set("priority", before.priority.to_value(), after.priority.to_value());
    set("expected_on", before.expected_on.to_value(), after.expected_on.to_value());
    set("channel", before.channel.to_value(), after.channel.to_value());
    set("contact_name", before.contact_name.to_value(), after.contact_name.to_value());
    set("contact_phone", before.contact_phone.to_value(), after.contact_phone.to_value());
    set("line1", before.line1.to_value(), after.line1.to_value());
    set("line2", before.line2.to_value(), after.line2.to_value());
    set("city", before.city.to_value(), after.city.to_value());
    set("district", before.district.to_value(), after.district.to_value());
    set("province", before.province.to_value(), after.province.to_value());
    set("province_key", before.province_key.to_value(), after.province_key.to_value());
    set("country", before.country.to_value(), after.country.to_value());
    set("postal_code", before.postal_code.to_value(), after.postal_code.to_value());
    set("place_known", before.place_known.to_value(), after.place_known.to_value());
    set("tags", before.tags.to_value(), after.tags.to_value());
    set("custom", before.custom.to_value(), after.custom.to_value());
    set("search", search_document(before).to_value(), search_document(after).to_value());
    columns
}

/// Takes an order out of the daily lists; it is found by whoever asks for archived ones, and moves no more.
pub fn archive(tx: &mut Tx, ctx: &Ctx, id: OrderId) -> Result<Order, Error> {
    set_archived(tx, ctx, id, true)
}

/// Puts it back into the daily lists.
pub fn unarchive(tx: &mut Tx, ctx: &Ctx, id: OrderId) -> Result<Order, Error> {
    set_archived(tx, ctx, id, false)
}

fn set_archived(tx: &mut Tx, ctx: &Ctx, id: OrderId, is_archived: bool) -> Result<Order, Error> {
    ctx.require(Permission::OrderArchive)?;

    let order = store::find_to_change(tx, ctx, id)?.ok_or(Error::not_found("order"))?;
    if order.archived_at.is_some() == is_archived {
        return Ok(order);
    }

    let archived_at = is_archived.then_some(ctx.now);
    let columns = vec![("is_archived", is_archived.to_value()), ("archived_at", archived_at.to_value())];
    if !store::set(tx, id, Some(order.version), ctx.now, columns)? {
        return Err(Error::Stale { version: order.version + 1, fields: vec!["archived_at"] });
    }

    if labels::has_facets(&order) {
        fields::set_archived(tx, id, is_archived)?;
    }
    let event = if is_archived { Event::OrderArchived { order: id } } else { Event::OrderUnarchived { order: id } };
    events::record(tx, ctx, event)?;
    let mut counters = Counters::new();
    counters.add(crate::stats::archived_key(order.store_id, order.state), if is_archived { 1 } else { -1 });
    counters.flush(tx)?;
    Ok(Order { archived_at, updated_at: ctx.now, version: order.version + 1, ..order })
}

/// Says whether a line can ship. An order with lines that wait cannot be prepared or handed over.
pub fn set_line_state(tx: &mut Tx, ctx: &Ctx, id: OrderId, line: LineId, to: LineState) -> Result<Order, Error> {
    ctx.require(Permission::OrderConfirm)?;

    let order = store::find_to_change(tx, ctx, id)?.ok_or(Error::not_found("order"))?;
    let found = store::list_lines(tx, id)?.into_iter().find(|one| one.id == line).ok_or(Error::not_found("line"))?;
    let is_allowed = matches!((found.state, to), (LineState::Ready, LineState::Backordered) | (LineState::Backordered, LineState::Ready));
    if found.state == to {
        return Ok(order);
    }
    if !is_allowed || order.state.is_closed() || order.archived_at.is_some() {
        return Err(Error::conflict("line.state").with("state", found.state).with("order_state", order.state));
    }

    let waiting = if to == LineState::Backordered { 1 } else { -1 };
    if !store::set_line_state(tx, id, line, found.state, to, waiting, ctx.now)? {
        return Err(Error::Stale { version: order.version + 1, fields: vec!["lines"] });
    }

    events::record(tx, ctx, Event::LineMoved { order: id, line, from: found.state, to })?;
    Ok(Order { backordered_count: order.backordered_count + waiting, updated_at: ctx.now, version: order.version + 1, ..order })
}

fn set_fact(tx: &mut Tx, ctx: &Ctx, id: OrderId, columns: Vec<(&'static str, Value)>) -> Result<(), Error> {
    if !store::set(tx, id, None, ctx.now, columns)? {
        return Err(Error::not_found("order"));
    }
    tx.touch(TOPIC, id);
    Ok(())
}

/// The live topic of orders.
pub const TOPIC: &str = "order";

/// How far the confirmation call has come, and when to call. For `confirmation`.
pub fn set_confirmation(tx: &mut Tx, ctx: &Ctx, id: OrderId, confirmation: Confirmation, call_at: Option<Time>) -> Result<(), Error> {
    set_fact(tx, ctx, id, vec![("confirmation", confirmation.to_value()), ("call_at", call_at.to_value())])
}

/// Whose the order is. For `assignment`.
pub fn set_agent(tx: &mut Tx, ctx: &Ctx, id: OrderId, agent: Option<UserId>) -> Result<(), Error> {
    set_fact(tx, ctx, id, vec![("agent_id", agent.to_value())])
}

/// Where the parcel is. For `shipments`.
pub fn set_shipping_state(tx: &mut Tx, ctx: &Ctx, id: OrderId, shipping_state: ShippingState) -> Result<(), Error> {
    set_fact(tx, ctx, id, vec![("shipping_state", shipping_state.to_value())])
}

/// The parcel's number and who carries it. For `shipments`.
pub fn set_tracking(tx: &mut Tx, ctx: &Ctx, id: OrderId, tracking: Option<&str>, courier: Option<&str>) -> Result<(), Error> {
    let mut check = Check::new();
    limits::text(&mut check, "tracking", tracking, 100);
    limits::text(&mut check, "courier", courier, 60);
    check.done()?;
    let order = store::find_any(tx, id)?.ok_or(Error::not_found("order"))?;
    let after = Order { tracking: tracking.map(str::to_owned), courier: courier.map(str::to_owned), ..order };
    let columns =
        vec![("tracking", after.tracking.to_value()), ("courier", after.courier.to_value()), ("search", search_document(&after).to_value())];
    set_fact(tx, ctx, id, columns)
}

/// What has been paid, and what is left to collect at the door. For `payments`.
pub fn set_payment_state(tx: &mut Tx, ctx: &Ctx, id: OrderId, payment_state: PaymentState, to_collect: Amount) -> Result<(), Error> {
    set_fact(tx, ctx, id, vec![("payment_state", payment_state.to_value()), ("to_collect", to_collect.to_value())])
}

/// How likely it is a duplicate, 0 to 100. For `duplicates`.
pub fn set_duplicate_score(tx: &mut Tx, ctx: &Ctx, id: OrderId, score: Option<i64>) -> Result<(), Error> {
    set_fact(tx, ctx, id, vec![("duplicate_score", score.to_value())])
}

/// How likely it is refused at the door, 0 to 100. For `risk`.
pub fn set_risk(tx: &mut Tx, ctx: &Ctx, id: OrderId, risk: Option<i64>) -> Result<(), Error> {
    set_fact(tx, ctx, id, vec![("risk", risk.to_value())])
}

/// One reason more, or one fewer, to hold it back. For [`crate::holds`], which keeps the reasons.
pub(crate) fn add_holds(tx: &mut Tx, ctx: &Ctx, id: OrderId, delta: i64) -> Result<(), Error> {
    if !store::add_holds(tx, id, delta, ctx.now)? {
        return Err(Error::not_found("order"));
    }
    tx.touch(TOPIC, id);
    Ok(())
}

/// Reads an order for whoever sets its facts: with the caller's view, and kept from others until the end
/// of the transaction. With a version that no longer stands the answer is `Stale`.
pub fn find_to_change(tx: &mut Tx, ctx: &Ctx, id: OrderId, version: Option<Version>) -> Result<Order, Error> {
    let order = store::find_to_change(tx, ctx, id)?.ok_or(Error::not_found("order"))?;
    match version {
        Some(version) if version != order.version => Err(Error::Stale { version: order.version, fields: Vec::new() }),
        _ => Ok(order),
    }
}
