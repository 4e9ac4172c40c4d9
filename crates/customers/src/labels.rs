//! Tags and the team's own fields on customers, as `orders` has them on orders.

use std::collections::{BTreeMap, BTreeSet};

use base::counters::Counters;
use base::{Ctx, events};
use db::Tx;
use fields::{Facet, FacetOwner, Moment, Surroundings};
use kernel::{Check, Country, CustomerId, Details, Error, Event, FieldDef, FieldError, Id, Permission, Subject, TagId};
use serde_json::{Map, Value};

use crate::model::{Customer, NewCustomer};
use crate::service;
use crate::store::{self, labels as rows};

/// Tags of one customer.
const TAGS: usize = 50;
/// Letters of a tag.
const TAG: usize = 40;
/// Bytes of all fields together.
const CUSTOM_BYTES: usize = 16 * 1024;

/// Enters a customer by hand with tags and fields; see [`crate::create`]. What the team's fields require must
/// be there.
pub fn create_with(
    tx: &mut Tx,
    ctx: &Ctx,
    new: &NewCustomer,
    tags: &[String],
    custom: &Map<String, Value>,
    country: Country,
) -> Result<Customer, Error> {
    ctx.require(Permission::CustomerEdit)?;

    let mut check = Check::new();
    check_tags(&mut check, tags);
    check_size(&mut check, custom);
    let custom = fields::check_custom(&mut check, ctx, Subject::Customer, custom, None, Moment::Begin, around(country));
    check.done()?;
    let made = service::create(tx, ctx, new)?;
    if tags.is_empty() && custom.is_empty() {
        return Ok(made);
    }

    let names = fields::ensure_tags(tx, ctx, tags, &[])?.into_iter().map(|tag| tag.name).collect::<Vec<_>>();
    let after = Customer { tags: Value::from(names).to_string(), custom: Value::Object(custom).to_string(), ..made.clone() };
    rows::set(tx, made.id, &after.tags, &after.custom)?;
    save(tx, ctx, &after)?;
    Ok(after)
}

/// Puts tags on a customer; those that she bears already stay.
pub fn add_tags(tx: &mut Tx, ctx: &Ctx, id: CustomerId, names: &[String]) -> Result<Customer, Error> {
    ctx.require(Permission::CustomerEdit)?;

    let before = service::to_change(tx, ctx, id)?;
    let mut check = Check::new();
    check.require(!names.is_empty(), "tags", "required");
    check_tags(&mut check, names);
    check.done()?;
    let mut all = before.tags();
    let new = fields::ensure_tags(tx, ctx, names, &all)?;
    all.extend(new.into_iter().map(|tag| tag.name).filter(|name| !before.tags().contains(name)));
    let mut check = Check::new();
    check_tags(&mut check, &all);
    check.done()?;
    service::save(tx, ctx, &before, Customer { tags: Value::from(all).to_string(), ..before.clone() }, None)
}

/// Takes one tag from a customer, by its id or by a name that it has or had.
pub fn remove_tag(tx: &mut Tx, ctx: &Ctx, id: CustomerId, called: &str) -> Result<Customer, Error> {
    ctx.require(Permission::CustomerEdit)?;

    let before = service::to_change(tx, ctx, id)?;
    let tag = fields::tag_called(tx, called)?;
    let kept = fields::names_of(tx, &before.tags())?.into_iter().filter(|(_, one)| *one != Some(tag.id)).map(|(name, _)| name);
    let kept: Vec<String> = kept.collect();
    service::save(tx, ctx, &before, Customer { tags: Value::from(kept).to_string(), ..before.clone() }, None)
}

/// What a change wants to be different; wrong fields are noted. Tags that are new to the organization begin.
pub(crate) fn changed(
    tx: &mut Tx,
    ctx: &Ctx,
    before: &Customer,
    after: &mut Customer,
    tags: Option<&[String]>,
    custom: Option<&Map<String, Value>>,
) -> Result<(), Error> {
    let mut check = Check::new();
    if let Some(tags) = tags {
        check_tags(&mut check, tags);
    }
    if let Some(custom) = custom {
        check_size(&mut check, custom);
        let country = base::places::countries().first().copied().unwrap_or(Country::DZ);
        let custom = fields::check_custom(&mut check, ctx, Subject::Customer, custom, Some(&before.custom()), Moment::Change, around(country));
        after.custom = Value::Object(custom).to_string();
    }
    check.done()?;
    if let Some(tags) = tags {
        let names: Vec<String> = fields::ensure_tags(tx, ctx, tags, &before.tags())?.into_iter().map(|tag| tag.name).collect();
        after.tags = Value::from(names).to_string();
    }
    Ok(())
}

fn around(country: Country) -> Surroundings {
    Surroundings { country, currency: None }
}

fn check_tags(check: &mut Check, tags: &[String]) {
    if tags.len() > TAGS {
        check.push(FieldError::new("tags", "too_many").with("max", TAGS));
    }
    for (place, tag) in tags.iter().enumerate() {
        let field = format!("tags[{place}]");
        check.require(!tag.trim().is_empty(), &field, "required");
        if tag.chars().count() > TAG {
            check.push(FieldError::new(&field, "too_long").with("max", TAG));
        }
        check.require(!tag.contains('\0'), &field, "text.control");
    }
}

fn check_size(check: &mut Check, custom: &Map<String, Value>) {
    let bytes = serde_json::to_string(custom).map_or(usize::MAX, |text| text.len());
    if bytes > CUSTOM_BYTES {
        check.push(FieldError::new("custom", "too_long").with("max", CUSTOM_BYTES));
    }
}

fn owner(customer: &Customer) -> FacetOwner {
    FacetOwner::Customer { id: customer.id, created_at: customer.created_at }
}

/// Brings the facets of a customer to what she bears now, and the counters of her tags: the last statements.
pub(crate) fn save(tx: &mut Tx, ctx: &Ctx, after: &Customer) -> Result<(), Error> {
    let tags: Vec<TagId> = match after.tags.as_str() {
        "[]" => Vec::new(),
        _ => fields::names_of(tx, &after.tags())?.into_iter().filter_map(|(_, id)| id).collect(),
    };
    let mut wanted = fields::of_custom(ctx, Subject::Customer, &after.custom());
    wanted.extend(fields::of_tags(tags));
    let mut counters = Counters::new();
    fields::save_facets(tx, owner(after), &wanted, &mut counters)?;
    counters.flush(tx)
}

/// Notes what differs between two sets of fields, each by its name.
pub(crate) fn differences(details: &mut Details, before: &Customer, after: &Customer) {
    details.change("tags", &before.tags(), &after.tags());
    if before.custom == after.custom {
        return;
    }
    let (before, after) = (before.custom(), after.custom());
    for name in before.keys().chain(after.keys()).collect::<BTreeSet<_>>() {
        let of = |map: &Map<String, Value>| map.get(name).cloned().unwrap_or(Value::Null);
        details.change(&format!("custom.{name}"), &of(&before), &of(&after));
    }
}

/// Forgets the tags and fields of a person: for whoever erases her. Asks for no right of its own.
pub fn erase_labels(tx: &mut Tx, ctx: &Ctx, id: CustomerId) -> Result<(), Error> {
    let Some(customer) = store::find_row(tx, id)? else { return Ok(()) };
    let after = Customer { tags: "[]".to_owned(), custom: "{}".to_owned(), ..customer };
    rows::set(tx, id, &after.tags, &after.custom)?;
    save(tx, ctx, &after)
}

/// Gives the customer that is kept what the merged one bore and she did not: tags, and values of fields that she
/// has none of. For whoever merges them; answers whether anything changed.
pub fn take_over_labels(tx: &mut Tx, ctx: &Ctx, kept: CustomerId, gone: CustomerId) -> Result<bool, Error> {
    let (Some(before), Some(other)) = (store::find_row(tx, kept)?, store::find_row(tx, gone)?) else { return Ok(false) };
    let mut tags = before.tags();
    tags.extend(other.tags().into_iter().filter(|tag| !before.tags().contains(tag)));
    tags.truncate(TAGS);
    let mut custom = other.custom();
    custom.extend(before.custom());
    let after = Customer { tags: Value::from(tags).to_string(), custom: Value::Object(custom).to_string(), ..before.clone() };
    if after.tags == before.tags && after.custom == before.custom {
        return Ok(false);
    }
    let mut details = Details::none();
    differences(&mut details, &before, &after);
    rows::set(tx, kept, &after.tags, &after.custom)?;
    events::record_with(tx, ctx, Event::CustomerChanged { customer: kept, fields: details.fields() }, details)?;
    save(tx, ctx, &after)?;
    Ok(true)
}

/// Carries a renamed or merged tag through to these customers: a slice of the job of `orders`.
pub fn retag(tx: &mut Tx, _ctx: &Ctx, _tag: TagId, ids: &[i64]) -> Result<(), Error> {
    let customers = rows::tagged(tx, ids)?;
    let names: BTreeSet<String> = customers.iter().flat_map(|one| names_in(&one.tags)).collect();
    let known = fields::renamed(tx, &names.into_iter().collect::<Vec<_>>())?;
    let mut counters = Counters::new();
    for customer in customers {
        let mut now: Vec<String> = Vec::new();
        let mut wanted: BTreeSet<Facet> = BTreeSet::new();
        for name in names_in(&customer.tags) {
            let (name, id) = known.get(&name).cloned().unwrap_or((name, None));
            wanted.extend(fields::of_tags(id));
            if !now.contains(&name) {
                now.push(name);
            }
        }
        let text = Value::from(now).to_string();
        if text != customer.tags {
            rows::set(tx, customer.id, &text, &customer.custom)?;
        }
        let owner = FacetOwner::Customer { id: customer.id, created_at: customer.created_at };
        fields::save_tag_facets(tx, owner, &wanted, &mut counters)?;
        tx.touch("customer", customer.id);
    }
    counters.flush(tx)
}

fn names_in(tags: &str) -> Vec<String> {
    serde_json::from_str(tags).unwrap_or_default()
}

/// Brings the values of a field into the index: a slice of the job of `orders`. Answers how many customers were
/// looked at and the last of them; none at the end.
pub fn fill_field(tx: &mut Tx, field: &FieldDef, after: i64, limit: u32) -> Result<(i64, Option<i64>), Error> {
    let customers = rows::with_custom(tx, after, limit)?;
    let Some(last) = customers.last().map(|one| one.id.to_i64()) else { return Ok((0, None)) };
    let ids: Vec<i64> = customers.iter().map(|one| one.id.to_i64()).collect();
    let mut standing: BTreeMap<i64, BTreeSet<Facet>> = BTreeMap::new();
    for (id, facet) in fields::facet_orders(tx, Subject::Customer, field.id, &ids)? {
        standing.entry(id).or_default().insert(facet);
    }
    for customer in &customers {
        let custom: Map<String, Value> = serde_json::from_str(&customer.custom).unwrap_or_default();
        let wanted = custom.get(&field.key).map(|value| fields::of_field(field, value)).unwrap_or_default();
        let stood = standing.remove(&customer.id.to_i64()).unwrap_or_default();
        fields::replace_facets(tx, FacetOwner::Customer { id: customer.id, created_at: customer.created_at }, &stood, &wanted)?;
    }
    Ok((customers.len() as i64, Some(last)))
}
