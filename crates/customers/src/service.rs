//! What can be done with customers.

use base::{Ctx, events};
use db::Tx;
use kernel::{Check, Country, CustomerId, Details, Error, Event, FieldError, Id, LanguageSource, Permission, Phone, StoreId, Time, fold, mask};

use crate::model::{Customer, CustomerChange, CustomerDetail, CustomerFilter, CustomerPage, NewCustomer, TotalsChange};
use crate::sort::{CustomerSort, Place};
use crate::store::{self, After, Wanted};
use crate::{consent, figures, flags, labels, notes, reach};

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
///
/// Each shop counts its customers itself, so a shop's id of another store names her only when nothing speaks
/// against it: see [`is_hers`]. What is somebody else's is not joined; she becomes a customer of her own, without
/// the shop's id, which belongs to the first one.
pub fn find_or_create(tx: &mut Tx, ctx: &Ctx, store: StoreId, new: &NewCustomer) -> Result<Customer, Error> {
    if let Some(phone) = &new.phone
        && let Some(known) = store::by_phone(tx, phone)?
    {
        return Ok(known);
    }
    if let Some(external_ref) = &new.external_ref
        && let Some(known) = store::by_external_ref(tx, external_ref)?
    {
        if is_hers(tx, &known, store, new)? {
            return with_phone(tx, ctx, known, new);
        }
        return make(tx, ctx, &NewCustomer { external_ref: None, ..new.clone() });
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

/// Whether a shop's id means this customer: she bought in that store before, or has no number that would tell her
/// apart, or bears the same name.
fn is_hers(tx: &mut Tx, known: &Customer, store: StoreId, new: &NewCustomer) -> Result<bool, Error> {
    if fold(&known.name) == fold(&new.name) || new.name.trim().is_empty() || store::has_bought_in(tx, known.id, store)? {
        return Ok(true);
    }
    Ok(store::reach::list_phones(tx, known.id)?.is_empty())
}

/// A customer known by another sign learns her number.
fn with_phone(tx: &mut Tx, ctx: &Ctx, known: Customer, new: &NewCustomer) -> Result<Customer, Error> {
    if let Some(phone) = &new.phone {
        store::reach::insert_phone(tx, known.id, phone, None, 0, ctx.now)?;
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
        && store::reach::insert_phone(tx, made.id, phone, None, 0, ctx.now)?.is_none()
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
    if let Some(email) = &new.email {
        check.require(!mask::has_dots(email), "email", "contact.masked");
    }
    if let Some(phone) = &new.phone
        && let Some(taken) = reach::taken(tx, ctx, "phone", phone)?
    {
        check.push(taken);
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

/// The customer with this e-mail address, likewise; the first of several.
pub fn by_email(tx: &mut Tx, email: &str) -> Result<Option<Customer>, Error> {
    store::by_email(tx, &email.trim().to_lowercase())
}

/// The most digits of a telephone number: 15 (E.164), after `00`.
const MOST_DIGITS: usize = 17;

/// Customers whose number ends in these digits (at least three, at most those of a number). For searches of
/// higher tiers, which apply their own view.
pub fn by_phone_ending(tx: &mut Tx, digits: &str, limit: u32) -> Result<Vec<CustomerId>, Error> {
    if !(3..=MOST_DIGITS).contains(&digits.len()) || !digits.bytes().all(|sign| sign.is_ascii_digit()) {
        return Ok(Vec::new());
    }
    store::by_phone_ending(tx, digits, limit)
}

/// Customers whose name begins so, folded. For searches of higher tiers, which apply their own view.
pub fn of_name(tx: &mut Tx, name: &str, limit: u32) -> Result<Vec<CustomerId>, Error> {
    let folded = fold(name);
    if folded.is_empty() { Ok(Vec::new()) } else { store::by_name(tx, &folded, limit) }
}

/// One customer who shall be different: an erased one stays as it is.
pub(crate) fn to_change(tx: &mut Tx, ctx: &Ctx, id: CustomerId) -> Result<Customer, Error> {
    let customer = store::find(tx, ctx, id)?.ok_or(Error::not_found("customer"))?;
    if customer.erased_at.is_some() { Err(Error::conflict("customer.erased")) } else { Ok(customer) }
}

/// One customer with numbers, addresses, totals and history.
pub fn detail(tx: &mut Tx, ctx: &Ctx, id: CustomerId) -> Result<CustomerDetail, Error> {
    let customer = find(tx, ctx, id)?;
    // An old id leads to the customer that was kept.
    let id = customer.id;
    Ok(CustomerDetail {
        phones: store::reach::list_phones(tx, id)?,
        addresses: store::reach::list_addresses(tx, id)?,
        flags: flags::open_of(tx, ctx, &[id])?,
        notes: notes::newest(tx, ctx, id)?,
        consents: consent::shown(ctx, consent::latest(tx, id)?),
        merges: store::merges::standing_of(tx, id)?,
        erasure: store::erasures::latest(tx, id)?,
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
        Some(text) => {
            let mut found = searched(tx, ctx, text, filter.country)?;
            // Fields of the team's own hold telephones, too.
            if ctx.can(Permission::PhoneSee) || text.chars().any(char::is_alphabetic) {
                let in_fields = fields::searchable_texts(tx, ctx, kernel::Subject::Customer, text, SEARCHED)?;
                found.extend(in_fields.into_iter().map(CustomerId::from_i64));
            }
            found.sort_unstable();
            found.dedup();
            Some(found)
        }
    };
    if ids.as_ref().is_some_and(Vec::is_empty) {
        return Ok(CustomerPage { items: Vec::new(), next_cursor: None, total: 0, is_more: false });
    }
    let flag = filter.flag.as_deref().map(|kind| (kind, ctx.now));
    let compared = figures::stores_of(tx, ctx, filter)?;
    // A second key narrows nothing: whoever has not bought comes last.
    let is_narrowed = filter.store.is_some() || !filter.bought.is_empty() || filter.sort.is_of_figures();
    let stores: &[StoreId] = if is_narrowed { &compared } else { &[] };
    if filter.sort.is_of_figures() && stores.is_empty() {
        return Ok(CustomerPage { items: Vec::new(), next_cursor: None, total: 0, is_more: false });
    }
    let by_name = filter.sort == CustomerSort::Name;
    let facets = fields::resolve(tx, ctx, kernel::Subject::Customer, &filter.tags, &filter.custom)?;
    let mut wanted = Wanted {
        ids: ids.as_deref(),
        with_archived: filter.with_archived,
        flag,
        facets: &facets,
        elsewhere: filter.elsewhere.as_ref(),
        lead: None,
        stores,
        bought: &filter.bought,
        store: filter.store,
        by_name,
        after: None,
        limit: limit + 1,
    };
    if wanted.ids.is_none() {
        wanted.lead = store::lead(tx, ctx, &wanted)?;
    }
    if filter.sort.is_of_figures() || filter.then.is_some() {
        return by_places(tx, ctx, filter, &wanted, &compared);
    }
    wanted.after = filter.cursor.as_deref().map(|cursor| read_cursor(cursor, by_name)).transpose()?;
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

/// A page sorted by what customers bought, or by two keys: their places first, then their rows.
fn by_places(tx: &mut Tx, ctx: &Ctx, filter: &CustomerFilter, wanted: &Wanted<'_>, compared: &[StoreId]) -> Result<CustomerPage, Error> {
    let sort = filter.sort.write(filter.then);
    let after = filter.cursor.as_deref().map(|cursor| Place::read(cursor, &sort)).transpose()?;
    let mut places = store::sorted::next(tx, ctx, wanted, filter.sort, filter.then, compared, after.as_ref())?;
    let total = store::count(tx, ctx, wanted)?;
    let most = wanted.limit as usize - 1;
    let is_last = places.len() <= most;
    places.truncate(most);
    let next_cursor = places.last().filter(|_| !is_last).map(|last| last.cursor(&sort));
    let ids: Vec<CustomerId> = places.iter().map(|place| place.id).collect();
    let mut items = Vec::new();
    if !ids.is_empty() {
        let rows = Wanted { ids: Some(&ids), lead: None, stores: &[], ..wanted.clone() };
        items = store::list(tx, ctx, &rows)?;
        items.sort_by_key(|row| ids.iter().position(|id| *id == row.id));
    }
    Ok(CustomerPage { items, next_cursor, total: total.min(COUNTED), is_more: total > COUNTED })
}

/// Without `phone.see` a telephone is found whole or not at all: its end would be read digit by digit.
fn searched(tx: &mut Tx, ctx: &Ctx, text: &str, country: Option<Country>) -> Result<Vec<CustomerId>, Error> {
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
    if !ctx.can(Permission::PhoneSee) {
        return Ok(Vec::new());
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

    let before = to_change(tx, ctx, id)?;
    let mut check = Check::new();
    let mut after = before.clone();
    if let Some(name) = &change.name {
        check_name(&mut check, name);
        after.name = name.trim().to_owned();
    }
    if let Some(email) = &change.email {
        check_email(&mut check, email.as_deref());
        check.require(!email.as_deref().is_some_and(mask::has_dots), "email", "contact.masked");
        after.email = email.as_ref().map(|email| email.trim().to_lowercase());
    }
    if let Some(language) = change.language {
        after.language = language;
        after.language_source = language.map(|_| LanguageSource::Chosen);
    }
    match labels::changed(tx, ctx, &before, &mut after, change.tags.as_deref(), change.custom.as_ref()) {
        Err(Error::Invalid(fields)) => fields.into_iter().for_each(|field| check.push(field)),
        other => other?,
    }
    check.done()?;
    save(tx, ctx, &before, after, change.version)
}

/// Takes a customer out of the daily lists.
pub fn archive(tx: &mut Tx, ctx: &Ctx, id: CustomerId) -> Result<Customer, Error> {
    ctx.require(Permission::CustomerEdit)?;
    let before = to_change(tx, ctx, id)?;
    let after = Customer { archived_at: before.archived_at.or(Some(ctx.now)), ..before.clone() };
    save(tx, ctx, &before, after, None)
}

/// Puts her back.
pub fn unarchive(tx: &mut Tx, ctx: &Ctx, id: CustomerId) -> Result<Customer, Error> {
    ctx.require(Permission::CustomerEdit)?;
    let before = to_change(tx, ctx, id)?;
    let after = Customer { archived_at: None, ..before.clone() };
    save(tx, ctx, &before, after, None)
}

pub(crate) fn save(tx: &mut Tx, ctx: &Ctx, before: &Customer, after: Customer, version: Option<i64>) -> Result<Customer, Error> {
    let mut details = Details::none();
    details.change("name", &before.name, &after.name);
    details.change("email", &before.email, &after.email);
    details.change("language", &before.language, &after.language);
    details.change("language_source", &before.language_source, &after.language_source);
    details.change("archived_at", &before.archived_at, &after.archived_at);
    labels::differences(&mut details, before, &after);
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
    if before.tags != after.tags || before.custom != after.custom {
        labels::save(tx, ctx, &after)?;
    }
    tx.touch("customer", before.id);
    Ok(Customer { version: before.version + 1, updated_at: ctx.now, ..after })
}

fn differing(details: &Details) -> Vec<&'static str> {
    let named = |field: &&str| details.changes.iter().any(|change| change.field == *field);
    let has_custom = details.changes.iter().any(|change| change.field.starts_with("custom."));
    let custom = has_custom.then_some("custom");
    ["name", "email", "language", "archived_at", "tags"].into_iter().filter(named).chain(custom).collect()
}

/// Adds an order or a move to a customer's totals. Orders calls it in the order's transaction.
pub fn add_totals(tx: &mut Tx, id: CustomerId, change: &TotalsChange) -> Result<(), Error> {
    store::add_totals(tx, id, change)
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
