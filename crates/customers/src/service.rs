//! What can be done with customers.

use base::{Ctx, events};
use db::Tx;
use kernel::{AddressId, Check, Country, CustomerId, Details, Error, Event, FieldError, Id, Permission, Phone, Time, fold};

use crate::model::{
    AddressChange, Customer, CustomerChange, CustomerDetail, CustomerFilter, CustomerPage, CustomerSort, NewAddress, NewCustomer, TotalsChange,
};
use crate::place::{check_address, place_of};
use crate::store::{self, After, Wanted};

/// The prefix of a customer's events.
const PREFIX: &str = <CustomerId as Id>::PREFIX;
/// How many customers a search looks at.
const SEARCHED: u32 = 200;
/// What a total counts to.
const COUNTED: i64 = 10_000;

/// Finds the customer of an order, or makes her. No right is asked for: whoever may place the order
/// may name its customer.
///
/// One statement when the number is known. A number that is known decides; what else was sent about
/// her stays with the order, because people mistype names more often than they change them.
pub fn find_or_create(tx: &mut Tx, ctx: &Ctx, new: &NewCustomer) -> Result<Customer, Error> {
    if let Some(phone) = &new.phone
        && let Some(known) = store::by_phone(tx, phone)?
    {
        return Ok(known);
    }
    if let Some(external_ref) = &new.external_ref
        && let Some(known) = store::by_external_ref(tx, external_ref)?
    {
        return with_phone(tx, ctx, known, new);
    }
    if new.phone.is_none()
        && new.external_ref.is_none()
        && let Some(email) = &new.email
        && let Some(known) = store::by_email(tx, &email.to_lowercase())?
    {
        return Ok(known);
    }
    make(tx, ctx, new)
}

/// A customer known by another sign learns her number.
fn with_phone(tx: &mut Tx, ctx: &Ctx, known: Customer, new: &NewCustomer) -> Result<Customer, Error> {
    if let Some(phone) = &new.phone {
        store::insert_phone(tx, known.id, phone, None, ctx.now)?;
    }
    Ok(known)
}

fn make(tx: &mut Tx, ctx: &Ctx, new: &NewCustomer) -> Result<Customer, Error> {
    let new = NewCustomer { email: new.email.as_ref().map(|email| email.trim().to_lowercase()), ..new.clone() };
    let Some(made) = store::insert(tx, &new, ctx.now)? else {
        // Somebody else's transaction was first; ours waited for it, so now it can be seen.
        let external_ref = new.external_ref.as_deref().unwrap_or_default();
        return store::by_external_ref(tx, external_ref)?.ok_or_else(|| Error::internal("a customer that was in the way is not there"));
    };
    if let Some(phone) = &new.phone
        && !store::insert_phone(tx, made.id, phone, None, ctx.now)?
    {
        store::uninsert(tx, made.id)?;
        return store::by_phone(tx, phone)?.ok_or_else(|| Error::internal("a number that was in the way is not there"));
    }
    events::record(tx, ctx, Event::CustomerCreated { customer: made.id })?;
    tx.touch("customer", made.id);
    Ok(made)
}

/// Enters a customer by hand. A number that belongs to somebody is refused.
pub fn create(tx: &mut Tx, ctx: &Ctx, new: &NewCustomer) -> Result<Customer, Error> {
    ctx.require(Permission::CustomerEdit)?;

    let mut check = Check::new();
    check_name(&mut check, &new.name);
    check_email(&mut check, new.email.as_deref());
    if let Some(phone) = &new.phone
        && store::by_phone(tx, phone)?.is_some()
    {
        check.fail("phone", "phone.taken");
    }
    check.done()?;

    make(tx, ctx, new)
}

/// One customer.
pub fn find(tx: &mut Tx, ctx: &Ctx, id: CustomerId) -> Result<Customer, Error> {
    ctx.require(Permission::CustomerRead)?;
    store::find(tx, ctx, id)?.ok_or(Error::not_found("customer"))
}

/// The customer with this number, whatever the caller may see of her. For actions of higher tiers.
pub fn by_phone(tx: &mut Tx, phone: &Phone) -> Result<Option<Customer>, Error> {
    store::by_phone(tx, phone)
}

/// Customers whose number ends in these digits (at least three). For searches of higher tiers, which
/// apply their own view.
pub fn by_phone_ending(tx: &mut Tx, digits: &str, limit: u32) -> Result<Vec<CustomerId>, Error> {
    if digits.len() < 3 || !digits.bytes().all(|sign| sign.is_ascii_digit()) {
        return Ok(Vec::new());
    }
    store::by_phone_ending(tx, digits, limit)
}

/// Customers whose name begins so, folded. For searches of higher tiers, which apply their own view.
pub fn of_name(tx: &mut Tx, name: &str, limit: u32) -> Result<Vec<CustomerId>, Error> {
    let folded = fold(name);
    if folded.is_empty() { Ok(Vec::new()) } else { store::by_name(tx, &folded, limit) }
}

/// One customer with numbers, addresses, totals and history.
pub fn detail(tx: &mut Tx, ctx: &Ctx, id: CustomerId) -> Result<CustomerDetail, Error> {
    let customer = find(tx, ctx, id)?;
    Ok(CustomerDetail {
        phones: store::list_phones(tx, id)?,
        addresses: store::list_addresses(tx, id)?,
        totals: store::list_totals(tx, ctx, id)?,
        history: events::of_subject(tx, ctx, PREFIX, id.to_i64(), 100)?,
        customer,
    })
}

/// A page of customers that the caller may see.
pub fn list(tx: &mut Tx, ctx: &Ctx, filter: &CustomerFilter) -> Result<CustomerPage, Error> {
    ctx.require(Permission::CustomerRead)?;

    let limit = filter.limit.clamp(1, 200);
    let ids = match filter.search.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        None => None,
        Some(text) => Some(searched(tx, text, filter.country)?),
    };
    if ids.as_ref().is_some_and(Vec::is_empty) {
        return Ok(CustomerPage { items: Vec::new(), next_cursor: None, total: 0, is_more: false });
    }
    let by_name = filter.sort == CustomerSort::Name;
    let after = filter.cursor.as_deref().map(|cursor| read_cursor(cursor, by_name)).transpose()?;
    let mut wanted = Wanted { ids: ids.as_deref(), with_archived: filter.with_archived, by_name, after, limit: limit + 1 };
    let mut items = store::list(tx, ctx, &wanted)?;
    wanted.after = None;
    let total = store::count(tx, ctx, &wanted)?;
    let is_last = items.len() <= limit as usize;
    items.truncate(limit as usize);
    let next_cursor = items
        .last()
        .filter(|_| !is_last)
        .map(|last| if by_name { format!("{}~{}", last.id, fold(&last.name)) } else { format!("{}~{}", last.id, last.created_at.0) });
    Ok(CustomerPage { items, next_cursor, total: total.min(COUNTED), is_more: total > COUNTED })
}

fn searched(tx: &mut Tx, text: &str, country: Option<Country>) -> Result<Vec<CustomerId>, Error> {
    if text.contains('@') {
        return Ok(store::by_email(tx, &text.to_lowercase())?.map(|one| one.id).into_iter().collect());
    }
    let digits: String = kernel::western_digits(text).chars().filter(char::is_ascii_digit).collect();
    let is_number = digits.len() >= 3 && !text.chars().any(char::is_alphabetic);
    if !is_number {
        return of_name(tx, text, SEARCHED);
    }
    if let Ok(phone) = Phone::parse(text, country.unwrap_or(Country::DZ))
        && let Some(known) = store::by_phone(tx, &phone)?
    {
        return Ok(vec![known.id]);
    }
    store::by_phone_ending(tx, &digits, SEARCHED)
}

fn read_cursor(cursor: &str, by_name: bool) -> Result<After, Error> {
    let wrong = || Error::field("cursor", "cursor");
    let (id, key) = cursor.split_once('~').ok_or_else(wrong)?;
    let id: CustomerId = id.parse().map_err(|_| wrong())?;
    if by_name { Ok(After::Name(key.to_owned(), id)) } else { Ok(After::Newest(Time(key.parse().map_err(|_| wrong())?), id)) }
}

/// Changes a customer's data. Each field that differs is kept before and after.
pub fn change(tx: &mut Tx, ctx: &Ctx, id: CustomerId, change: &CustomerChange) -> Result<Customer, Error> {
    ctx.require(Permission::CustomerEdit)?;

    let before = store::find(tx, ctx, id)?.ok_or(Error::not_found("customer"))?;
    let mut check = Check::new();
    let mut after = before.clone();
    if let Some(name) = &change.name {
        check_name(&mut check, name);
        after.name = name.trim().to_owned();
    }
    if let Some(email) = &change.email {
        check_email(&mut check, email.as_deref());
        after.email = email.as_ref().map(|email| email.trim().to_lowercase());
    }
    if let Some(language) = change.language {
        after.language = language;
    }
    check.done()?;
    save(tx, ctx, &before, after, change.version)
}

/// Takes a customer out of the daily lists.
pub fn archive(tx: &mut Tx, ctx: &Ctx, id: CustomerId) -> Result<Customer, Error> {
    ctx.require(Permission::CustomerEdit)?;
    let before = store::find(tx, ctx, id)?.ok_or(Error::not_found("customer"))?;
    let after = Customer { archived_at: before.archived_at.or(Some(ctx.now)), ..before.clone() };
    save(tx, ctx, &before, after, None)
}

/// Puts her back.
pub fn unarchive(tx: &mut Tx, ctx: &Ctx, id: CustomerId) -> Result<Customer, Error> {
    ctx.require(Permission::CustomerEdit)?;
    let before = store::find(tx, ctx, id)?.ok_or(Error::not_found("customer"))?;
    let after = Customer { archived_at: None, ..before.clone() };
    save(tx, ctx, &before, after, None)
}

fn save(tx: &mut Tx, ctx: &Ctx, before: &Customer, after: Customer, version: Option<i64>) -> Result<Customer, Error> {
    let mut details = Details::none();
    details.change("name", &before.name, &after.name);
    details.change("email", &before.email, &after.email);
    details.change("language", &before.language, &after.language);
    details.change("archived_at", &before.archived_at, &after.archived_at);
    if version.is_some_and(|version| version != before.version) {
        return Err(Error::Stale { version: before.version, fields: differing(&details) });
    }
    if details.is_empty() {
        return Ok(before.clone());
    }
    if !store::update(tx, &after, before.version, ctx.now)? {
        return Err(Error::Stale { version: before.version + 1, fields: differing(&details) });
    }
    let fields = details.fields();
    events::record_with(tx, ctx, Event::CustomerChanged { customer: before.id, fields }, details)?;
    tx.touch("customer", before.id);
    Ok(Customer { version: before.version + 1, updated_at: ctx.now, ..after })
}

fn differing(details: &Details) -> Vec<&'static str> {
    ["name", "email", "language", "archived_at"].into_iter().filter(|field| details.changes.iter().any(|change| change.field == *field)).collect()
}

/// Gives a customer one more number.
pub fn add_phone(tx: &mut Tx, ctx: &Ctx, id: CustomerId, phone: &Phone, label: Option<&str>) -> Result<(), Error> {
    ctx.require(Permission::CustomerEdit)?;
    store::find(tx, ctx, id)?.ok_or(Error::not_found("customer"))?;
    if label.is_some_and(|label| label.chars().count() > 60) {
        return Err(Error::field("label", "too_long").with("max", 60));
    }
    if label.is_some_and(|label| label.contains('\0')) {
        return Err(Error::field("label", "text.control"));
    }
    if !store::insert_phone(tx, id, phone, label, ctx.now)? {
        return Err(Error::field("number", "phone.taken"));
    }
    phones_changed(tx, ctx, id, None, Some(phone))
}

/// Takes a number from a customer.
pub fn remove_phone(tx: &mut Tx, ctx: &Ctx, id: CustomerId, phone: &Phone) -> Result<(), Error> {
    ctx.require(Permission::CustomerEdit)?;
    store::find(tx, ctx, id)?.ok_or(Error::not_found("customer"))?;
    if !store::delete_phone(tx, id, phone)? {
        return Err(Error::not_found("phone"));
    }
    phones_changed(tx, ctx, id, Some(phone), None)
}

fn phones_changed(tx: &mut Tx, ctx: &Ctx, id: CustomerId, before: Option<&Phone>, after: Option<&Phone>) -> Result<(), Error> {
    let mut details = Details::none();
    details.change("phones", &before.map(Phone::e164), &after.map(Phone::e164));
    events::record_with(tx, ctx, Event::CustomerChanged { customer: id, fields: details.fields() }, details)?;
    tx.touch("customer", id);
    Ok(())
}

/// Gives a customer an address. `country` stands in when the address names none.
pub fn add_address(tx: &mut Tx, ctx: &Ctx, id: CustomerId, new: &NewAddress, country: Country) -> Result<AddressId, Error> {
    ctx.require(Permission::CustomerEdit)?;
    store::find(tx, ctx, id)?.ok_or(Error::not_found("customer"))?;
    let (country, place) = located(new, country)?;
    let address = store::insert_address(tx, id, new, country, &place, ctx.now)?;
    address_changed(tx, ctx, id)?;
    Ok(address)
}

/// Replaces an address.
pub fn change_address(tx: &mut Tx, ctx: &Ctx, id: CustomerId, address: AddressId, change: &AddressChange) -> Result<(), Error> {
    ctx.require(Permission::CustomerEdit)?;
    store::find(tx, ctx, id)?.ok_or(Error::not_found("customer"))?;
    let before = store::find_address(tx, id, address)?.ok_or(Error::not_found("address"))?;
    let (country, place) = located(&change.address, before.country)?;
    let is_stale = change.version.is_some_and(|version| version != before.version);
    if is_stale || !store::update_address(tx, &before, &change.address, country, &place, ctx.now)? {
        return Err(Error::Stale { version: before.version, fields: vec!["address"] });
    }
    address_changed(tx, ctx, id)
}

/// Removes an address.
pub fn remove_address(tx: &mut Tx, ctx: &Ctx, id: CustomerId, address: AddressId) -> Result<(), Error> {
    ctx.require(Permission::CustomerEdit)?;
    store::find(tx, ctx, id)?.ok_or(Error::not_found("customer"))?;
    if !store::delete_address(tx, id, address)? {
        return Err(Error::not_found("address"));
    }
    address_changed(tx, ctx, id)
}

fn located(new: &NewAddress, country: Country) -> Result<(Country, crate::Place), Error> {
    let mut check = Check::new();
    check_address(&mut check, "", new);
    check.done()?;
    let country = new.country.unwrap_or(country);
    let place = place_of(country, new.province.as_deref(), new.city.as_deref());
    Ok((country, crate::Place { is_known: place.is_known && !new.is_unknown, ..place }))
}

fn address_changed(tx: &mut Tx, ctx: &Ctx, id: CustomerId) -> Result<(), Error> {
    events::record(tx, ctx, Event::CustomerChanged { customer: id, fields: vec!["addresses".to_owned()] })?;
    tx.touch("customer", id);
    Ok(())
}

/// Adds an order or a move to a customer's totals. Orders calls it in the order's transaction.
pub fn add_totals(tx: &mut Tx, id: CustomerId, change: &TotalsChange) -> Result<(), Error> {
    store::add_totals(tx, id, change)
}

/// A number as this caller may see it: whole with the right to, else its last two digits.
pub fn shown_phone(ctx: &Ctx, phone: &Phone) -> String {
    if ctx.can(Permission::PhoneSee) { phone.e164().to_owned() } else { phone.masked() }
}

fn check_name(check: &mut Check, name: &str) {
    check.require(!name.trim().is_empty(), "name", "required");
    if name.chars().count() > 200 {
        check.push(FieldError::new("name", "too_long").with("max", 200));
    }
    // One of the engines cannot keep a zero letter.
    check.require(!name.contains('\0'), "name", "text.control");
}

fn check_email(check: &mut Check, email: Option<&str>) {
    if let Some(email) = email {
        let is_address = email.len() <= 254
            && !email.contains('\0')
            && email.trim().split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'));
        check.require(is_address, "email", "email");
    }
}
