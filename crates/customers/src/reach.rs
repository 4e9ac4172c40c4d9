//! How to reach a customer: her numbers and addresses, the main one first.
//!
//! A number belongs to one customer. Whoever gives her a number that somebody else has hears whose it is,
//! if they may see that customer, because then the two may be one person and can be merged.

use base::{Ctx, events};
use db::Tx;
use kernel::{AddressId, Check, Country, CustomerId, Details, Error, Event, FieldError, Permission, Phone, PhoneId, Version, mask};

use serde_json::{Map, Value};

use crate::model::{AddressChange, NewAddress};
use crate::place::{check_address, place_of};
use crate::service::to_change;
use crate::store::{self, reach as rows};

/// Numbers and addresses of one customer.
const MOST: usize = 50;

/// What shall be different about a number; `None` leaves a field as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PhoneChange {
    /// Another number in its place.
    pub phone: Option<Phone>,
    /// Another label, or none any more.
    pub label: Option<Option<String>>,
    /// Whether it shall be the main one; a main one stays so until another is.
    pub is_main: bool,
    /// The version that was read; without it the change always goes through.
    pub version: Option<Version>,
}

/// A number as this caller may see it: whole with the right to, else its last two digits.
pub fn shown_phone(ctx: &Ctx, phone: &Phone) -> String {
    if ctx.can(Permission::PhoneSee) { phone.e164().to_owned() } else { phone.masked() }
}

/// An e-mail address as this caller may see it: whole with the right to, else the first letter and the host.
pub fn shown_email(ctx: &Ctx, email: &str) -> String {
    if ctx.can(Permission::ContactSee) { email.to_owned() } else { mask::hide_emails(email).into_owned() }
}

/// Street and house as this caller may see them: whole with the right to, else dots. Nothing stays nothing.
pub fn shown_street(ctx: &Ctx, street: &str) -> String {
    if ctx.can(Permission::ContactSee) || street.is_empty() { street.to_owned() } else { mask::DOTS.to_owned() }
}

/// Free words as this caller may see them: telephones and e-mail addresses inside are dots without the rights.
pub fn shown_words(ctx: &Ctx, text: &str) -> String {
    let text = if ctx.can(Permission::PhoneSee) { text.into() } else { mask::hide_phones(text) };
    if ctx.can(Permission::ContactSee) { text.into_owned() } else { mask::hide_emails(&text).into_owned() }
}

/// Fields of the team's own as this caller may see them: telephones and e-mail addresses in them are dots without
/// the rights.
pub fn shown_fields(ctx: &Ctx, mut fields: Map<String, Value>) -> Map<String, Value> {
    let (phones, contacts) = (ctx.can(Permission::PhoneSee), ctx.can(Permission::ContactSee));
    if !phones || !contacts {
        fields.values_mut().for_each(|value| mask::hide_in_json(value, !phones, !contacts));
    }
    fields
}

/// A value of a field, or a part of a proposal, as this caller may see it: streets and what stands under an
/// address are dots without the right, and so are telephones and e-mail addresses inside of it.
pub fn shown_value(ctx: &Ctx, field: &str, mut value: Value) -> Value {
    let (phones, contacts) = (ctx.can(Permission::PhoneSee), ctx.can(Permission::ContactSee));
    if !phones || !contacts {
        mask::hide_in_json(&mut value, !phones, !contacts);
    }
    if !contacts {
        hide_streets(&mut value, field.contains("address") || field.starts_with("line1") || field.starts_with("line2"));
    }
    value
}

fn hide_streets(value: &mut Value, is_street: bool) {
    match value {
        Value::String(text) if is_street && !text.is_empty() => mask::DOTS.clone_into(text),
        Value::Array(items) => items.iter_mut().for_each(|item| hide_streets(item, is_street)),
        Value::Object(fields) => {
            for (name, value) in fields {
                hide_streets(value, matches!(name.as_str(), "line1" | "line2") || (is_street && !matches!(name.as_str(), "country" | "province")));
            }
        }
        _ => {}
    }
}

/// JSON of free words as this caller may see it; what is no JSON is taken as words.
pub fn shown_json(ctx: &Ctx, text: &str) -> String {
    let (phones, contacts) = (ctx.can(Permission::PhoneSee), ctx.can(Permission::ContactSee));
    if phones && contacts {
        return text.to_owned();
    }
    let Ok(mut value) = serde_json::from_str::<Value>(text) else { return shown_words(ctx, text) };
    mask::hide_in_json(&mut value, !phones, !contacts);
    value.to_string()
}

/// Whether fields that come in hold what stands for hidden signs, sent by somebody who sees those.
pub fn has_hidden(ctx: &Ctx, fields: &Map<String, Value>) -> bool {
    let sees_all = ctx.can(Permission::PhoneSee) && ctx.can(Permission::ContactSee);
    !sees_all && fields.values().any(|value| mask::has_dots(&value.to_string()))
}

/// What is wrong with a number that somebody else has: whose it is stands in it for those who may see her.
pub(crate) fn taken(tx: &mut Tx, ctx: &Ctx, field: &str, phone: &Phone) -> Result<Option<FieldError>, Error> {
    let Some(owner) = store::by_phone(tx, phone)? else { return Ok(None) };
    let error = FieldError::new(field, "phone.taken");
    let seen = ctx.can(Permission::CustomerRead) && store::find(tx, ctx, owner.id)?.is_some();
    Ok(Some(if seen { error.with("customer", owner.id).with("name", owner.name) } else { error.with("customer", "none").with("name", "") }))
}

fn refused(tx: &mut Tx, ctx: &Ctx, field: &str, phone: &Phone) -> Error {
    match taken(tx, ctx, field, phone) {
        Ok(Some(taken)) => Error::Invalid(vec![taken]),
        Ok(None) => Error::field(field, "phone.taken").with("customer", "none").with("name", ""),
        Err(other) => other,
    }
}

fn check_label(check: &mut Check, label: Option<&str>) {
    let Some(label) = label else { return };
    if label.chars().count() > 60 {
        check.push(FieldError::new("label", "too_long").with("max", 60));
    }
    check.require(!label.contains('\0'), "label", "text.control");
}

/// Gives a customer one more number, after those that she has.
pub fn add_phone(tx: &mut Tx, ctx: &Ctx, id: CustomerId, phone: &Phone, label: Option<&str>) -> Result<PhoneId, Error> {
    ctx.require(Permission::CustomerEdit)?;
    let customer = to_change(tx, ctx, id)?;
    let mut check = Check::new();
    check_label(&mut check, label);
    check.done()?;
    let (count, last) = rows::count_phones(tx, customer.id)?;
    if count >= MOST as i64 {
        return Err(Error::field("number", "too_many").with("max", MOST));
    }
    let position = if last == 0 { 0 } else { last + 1 };
    let Some(made) = rows::insert_phone(tx, customer.id, phone, label, position, ctx.now)? else { return Err(refused(tx, ctx, "number", phone)) };
    phones_changed(tx, ctx, customer.id, None, Some(phone))?;
    Ok(made)
}

/// Shows one number of a customer whole to somebody who sees dots, and writes the look down. Needs `phone.reveal`;
/// whoever has `phone.see` is shown it without a trace, as everywhere.
pub fn reveal_phone(tx: &mut Tx, ctx: &Ctx, id: CustomerId, phone: PhoneId) -> Result<Phone, Error> {
    ctx.require(Permission::CustomerRead)?;
    let customer = store::find(tx, ctx, id)?.ok_or(Error::not_found("customer"))?;
    let row = rows::find_phone(tx, customer.id, phone)?.ok_or(Error::not_found("phone"))?;
    if ctx.can(Permission::PhoneSee) {
        return Ok(row.phone);
    }
    ctx.require(Permission::PhoneReveal)?;

    events::record(tx, ctx, Event::PhoneRevealed { customer: customer.id, phone })?;
    Ok(row.phone)
}

/// Finds a number of a customer by its id or as it is written: the one without the right to see it names the id.
pub fn find_phone(tx: &mut Tx, ctx: &Ctx, id: CustomerId, named: &str) -> Result<PhoneId, Error> {
    let customer = store::find(tx, ctx, id)?.ok_or(Error::not_found("customer"))?;
    let phones = rows::list_phones(tx, customer.id)?;
    let wanted: Option<PhoneId> = named.parse().ok();
    let found = phones.iter().find(|one| Some(one.id) == wanted || one.phone.e164() == named);
    found.map(|one| one.id).ok_or(Error::not_found("phone"))
}

/// Changes a number, its label, or makes it the main one.
pub fn change_phone(tx: &mut Tx, ctx: &Ctx, id: CustomerId, phone: PhoneId, change: &PhoneChange) -> Result<(), Error> {
    ctx.require(Permission::CustomerEdit)?;
    let customer = to_change(tx, ctx, id)?;
    let before = rows::find_phone(tx, customer.id, phone)?.ok_or(Error::not_found("phone"))?;
    let mut check = Check::new();
    check_label(&mut check, change.label.as_ref().and_then(Option::as_deref));
    check.done()?;

    let number = change.phone.as_ref().unwrap_or(&before.phone);
    let label = change.label.as_ref().unwrap_or(&before.label);
    let mut fields = Vec::new();
    if *number != before.phone {
        fields.push("number");
    }
    if *label != before.label {
        fields.push("label");
    }
    if change.version.is_some_and(|version| version != before.version) {
        return Err(Error::Stale { version: before.version, fields });
    }
    if *number != before.phone
        && let Some(taken) = taken(tx, ctx, "number", number)?
    {
        return Err(Error::Invalid(vec![taken]));
    }
    if !fields.is_empty() && !rows::update_phone(tx, &before, number, label.as_deref())? {
        return Err(Error::Stale { version: before.version + 1, fields });
    }
    if change.is_main {
        rows::set_main_phone(tx, customer.id, phone)?;
    }

    phones_changed(tx, ctx, customer.id, Some(&before.phone), Some(number))
}

/// Takes a number from a customer.
pub fn remove_phone(tx: &mut Tx, ctx: &Ctx, id: CustomerId, phone: PhoneId) -> Result<(), Error> {
    ctx.require(Permission::CustomerEdit)?;
    let customer = to_change(tx, ctx, id)?;
    let before = rows::find_phone(tx, customer.id, phone)?.ok_or(Error::not_found("phone"))?;
    if !rows::delete_phone(tx, customer.id, phone)? {
        return Err(Error::not_found("phone"));
    }
    phones_changed(tx, ctx, customer.id, Some(&before.phone), None)
}

/// Puts a customer's numbers in this order; the first is the main one. All of them must be named, once each.
pub fn order_phones(tx: &mut Tx, ctx: &Ctx, id: CustomerId, wanted: &[PhoneId]) -> Result<(), Error> {
    ctx.require(Permission::CustomerEdit)?;
    let customer = to_change(tx, ctx, id)?;
    let standing: Vec<PhoneId> = rows::list_phones(tx, customer.id)?.into_iter().map(|one| one.id).collect();
    check_order("phones", &standing, wanted)?;
    rows::order_phones(tx, customer.id, wanted)?;
    events::record(tx, ctx, Event::CustomerChanged { customer: customer.id, fields: vec!["phones".to_owned()] })?;
    tx.touch("customer", customer.id);
    Ok(())
}

/// Somebody who has not seen the newest one must not put it anywhere.
fn check_order<T: Copy + Ord>(field: &'static str, standing: &[T], wanted: &[T]) -> Result<(), Error> {
    let sorted = |list: &[T]| {
        let mut list = list.to_vec();
        list.sort_unstable();
        list
    };
    if sorted(standing) == sorted(wanted) { Ok(()) } else { Err(Error::field(field, "order.all")) }
}

fn phones_changed(tx: &mut Tx, ctx: &Ctx, id: CustomerId, before: Option<&Phone>, after: Option<&Phone>) -> Result<(), Error> {
    let mut details = Details::none();
    details.change("phones", &before.map(Phone::e164), &after.map(Phone::e164));
    events::record_with(tx, ctx, Event::CustomerChanged { customer: id, fields: vec!["phones".to_owned()] }, details)?;
    tx.touch("customer", id);
    Ok(())
}

/// Gives a customer an address. `country` stands in when the address names none.
pub fn add_address(tx: &mut Tx, ctx: &Ctx, id: CustomerId, new: &NewAddress, country: Country) -> Result<AddressId, Error> {
    ctx.require(Permission::CustomerEdit)?;
    let customer = to_change(tx, ctx, id)?;
    let (country, place) = located(new, country)?;
    if rows::count_addresses(tx, customer.id)? >= MOST as i64 {
        return Err(Error::field("line1", "too_many").with("max", MOST));
    }
    let address = rows::insert_address(tx, customer.id, new, country, &place, ctx.now)?;
    addresses_changed(tx, ctx, customer.id)?;
    Ok(address)
}

/// Replaces an address.
pub fn change_address(tx: &mut Tx, ctx: &Ctx, id: CustomerId, address: AddressId, change: &AddressChange) -> Result<(), Error> {
    ctx.require(Permission::CustomerEdit)?;
    let customer = to_change(tx, ctx, id)?;
    let before = rows::find_address(tx, customer.id, address)?.ok_or(Error::not_found("address"))?;
    let (country, place) = located(&change.address, before.country)?;
    let is_stale = change.version.is_some_and(|version| version != before.version);
    if is_stale || !rows::update_address(tx, &before, &change.address, country, &place, ctx.now)? {
        return Err(Error::Stale { version: before.version, fields: vec!["address"] });
    }
    addresses_changed(tx, ctx, customer.id)
}

/// Makes an address the one that orders go to unless they say otherwise.
pub fn set_main_address(tx: &mut Tx, ctx: &Ctx, id: CustomerId, address: AddressId) -> Result<(), Error> {
    ctx.require(Permission::CustomerEdit)?;
    let customer = to_change(tx, ctx, id)?;
    rows::find_address(tx, customer.id, address)?.ok_or(Error::not_found("address"))?;
    rows::set_main_address(tx, customer.id, address)?;
    addresses_changed(tx, ctx, customer.id)
}

/// Puts a customer's addresses in this order; the first is the main one. All of them must be named, once each.
pub fn order_addresses(tx: &mut Tx, ctx: &Ctx, id: CustomerId, wanted: &[AddressId]) -> Result<(), Error> {
    ctx.require(Permission::CustomerEdit)?;
    let customer = to_change(tx, ctx, id)?;
    let standing: Vec<AddressId> = rows::list_addresses(tx, customer.id)?.into_iter().map(|one| one.id).collect();
    check_order("addresses", &standing, wanted)?;
    rows::order_addresses(tx, customer.id, wanted)?;
    addresses_changed(tx, ctx, customer.id)
}

/// Removes an address.
pub fn remove_address(tx: &mut Tx, ctx: &Ctx, id: CustomerId, address: AddressId) -> Result<(), Error> {
    ctx.require(Permission::CustomerEdit)?;
    let customer = to_change(tx, ctx, id)?;
    if !rows::delete_address(tx, customer.id, address)? {
        return Err(Error::not_found("address"));
    }
    addresses_changed(tx, ctx, customer.id)
}

fn located(new: &NewAddress, country: Country) -> Result<(Country, crate::Place), Error> {
    let mut check = Check::new();
    check.require(!mask::has_dots(&new.line1), "line1", "contact.masked");
    check_address(&mut check, "", new);
    check.done()?;
    let country = new.country.unwrap_or(country);
    let place = place_of(country, new.province.as_deref(), new.city.as_deref());
    Ok((country, crate::Place { is_known: place.is_known && !new.is_unknown, ..place }))
}

fn addresses_changed(tx: &mut Tx, ctx: &Ctx, id: CustomerId) -> Result<(), Error> {
    events::record(tx, ctx, Event::CustomerChanged { customer: id, fields: vec!["addresses".to_owned()] })?;
    tx.touch("customer", id);
    Ok(())
}
