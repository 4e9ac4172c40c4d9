//! Tags and the team's own fields on orders.
//!
//! An order carries the names of its tags and the values of its fields; what lists are filtered by stands in
//! the facets beside, written in the same transaction. An order without either has none, and costs nothing.
//! The jobs here carry a renamed or merged tag through, and bring the values of a field into the index
//! when people make it a filter; the customers' part of both is done by `customers`.

use std::collections::{BTreeMap, BTreeSet};

use base::counters::Counters;
use base::jobs::{Job, Next};
use base::{Ctx, events};
use db::Tx;
use fields::{Facet, FacetOwner, Moment, Surroundings, TagJob};
use kernel::{Check, Details, Error, Event, FieldId, Id, OrderId, Permission, Subject, TagId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::facts::TOPIC;
use crate::limits;
use crate::model::Order;
use crate::store::{self, labels as rows};

/// Orders or customers that one slice of a job changes.
const SLICE: u32 = 200;
/// Orders or customers that one slice looks at.
const LOOKED_AT: u32 = 500;
/// Facets that one slice removes.
const CLEARED: u32 = 500;

/// Puts tags on an order; those that it bears already stay. A tag that nobody used before begins here, where
/// the settings or the caller's rights allow it.
pub fn add_tags(tx: &mut Tx, ctx: &Ctx, id: OrderId, names: &[String]) -> Result<Order, Error> {
    ctx.require(Permission::OrderEdit)?;

    let before = store::find_to_change(tx, ctx, id)?.ok_or(Error::not_found("order"))?;
    let mut check = Check::new();
    check.require(!names.is_empty(), "tags", "required");
    limits::tags(&mut check, names);
    check.done()?;
    let standing = before.tags();
    let new = fields::ensure_tags(tx, ctx, names, &standing)?;
    let mut all = standing;
    all.extend(new.into_iter().map(|tag| tag.name).filter(|name| !before.tags().contains(name)));
    let mut check = Check::new();
    limits::tags(&mut check, &all);
    check.done()?;

    set_tags(tx, ctx, before, all)
}

/// Takes one tag from an order, by its id or by a name that it has or had.
pub fn remove_tag(tx: &mut Tx, ctx: &Ctx, id: OrderId, called: &str) -> Result<Order, Error> {
    ctx.require(Permission::OrderEdit)?;

    let before = store::find_to_change(tx, ctx, id)?.ok_or(Error::not_found("order"))?;
    let tag = fields::tag_called(tx, called)?;
    let kept = fields::names_of(tx, &before.tags())?.into_iter().filter(|(_, one)| *one != Some(tag.id)).map(|(name, _)| name);
    let kept: Vec<String> = kept.collect();
    set_tags(tx, ctx, before, kept)
}

/// Adding and removing single tags collides with no editor: two people may tag an order at once.
fn set_tags(tx: &mut Tx, ctx: &Ctx, before: Order, names: Vec<String>) -> Result<Order, Error> {
    let after = Order { tags: Value::from(names).to_string(), ..before.clone() };
    let mut details = Details::none();
    details.change("tags", &before.tags(), &after.tags());
    if details.is_empty() {
        return Ok(before);
    }
    let columns = vec![("tags", db::Value::Text(after.tags.clone()))];
    if !store::set(tx, before.id, Some(before.version), ctx.now, columns)? {
        return Err(Error::Stale { version: before.version + 1, fields: vec!["tags"] });
    }
    events::record_with(tx, ctx, Event::OrderChanged { order: before.id, fields: details.fields() }, details)?;
    save(tx, ctx, &after)?;
    Ok(Order { version: before.version + 1, updated_at: ctx.now, ..after })
}

/// The names of an order's tags as they are kept, and their ids.
pub(crate) fn named(tags: Vec<fields::Tag>) -> (String, Vec<TagId>) {
    if tags.is_empty() {
        return ("[]".to_owned(), Vec::new());
    }
    let ids = tags.iter().map(|tag| tag.id).collect();
    (Value::from(tags.into_iter().map(|tag| tag.name).collect::<Vec<_>>()).to_string(), ids)
}

/// Judges the team's own fields of an order that begins.
pub(crate) fn judged(check: &mut Check, ctx: &Ctx, new: &crate::model::NewOrder, around: Surroundings) -> Map<String, Value> {
    let moment = if new.import_source.is_some() || ctx.is_replay { Moment::Import } else { Moment::Begin };
    fields::check_custom(check, ctx, Subject::Order, &new.custom, None, moment, around)
}

/// What filters find an order by, besides its columns.
pub(crate) fn facets(ctx: &Ctx, tags: &[TagId], custom: &Map<String, Value>) -> BTreeSet<Facet> {
    let mut facets = fields::of_custom(ctx, Subject::Order, custom);
    facets.extend(fields::of_tags(tags.iter().copied()));
    facets
}

pub(crate) fn owner(order: &Order) -> FacetOwner {
    FacetOwner::Order { id: order.id, store: order.store_id, is_archived: order.archived_at.is_some(), created_at: order.created_at }
}

/// Whether an order may have facets at all.
pub(crate) fn has_facets(order: &Order) -> bool {
    order.tags != "[]" || order.custom != "{}"
}

/// Brings the facets of an order to what it says now, and the counters of its tags: the last statements.
pub(crate) fn save(tx: &mut Tx, ctx: &Ctx, after: &Order) -> Result<(), Error> {
    let tags = match after.tags.as_str() {
        "[]" => Vec::new(),
        _ => fields::names_of(tx, &after.tags())?.into_iter().filter_map(|(_, id)| id).collect(),
    };
    let wanted = facets(ctx, &tags, &after.custom());
    let mut counters = Counters::new();
    fields::save_facets(tx, owner(after), &wanted, &mut counters)?;
    counters.flush(tx)
}

/// An order with tags goes: they are borne by one fewer.
pub(crate) fn uncount(tx: &mut Tx, order: &Order, counters: &mut Counters) -> Result<(), Error> {
    if order.tags != "[]" {
        for (_, id) in fields::names_of(tx, &order.tags())? {
            if let Some(id) = id {
                counters.add(fields::tag_count_key(id, Some(order.store_id)), -1);
            }
        }
    }
    Ok(())
}

/// What must have a value before an order is confirmed, as wrong fields.
pub(crate) fn missing_to_confirm(ctx: &Ctx, order: &Order) -> Result<(), Error> {
    // The past is written down as it was.
    if ctx.is_replay {
        return Ok(());
    }
    let mut check = Check::new();
    for field in fields::missing_to_confirm(ctx, &order.custom) {
        check.fail(format!("custom.{}", field.key), "required");
    }
    check.done()
}

/// Notes what differs between two sets of fields, each by its name.
pub(crate) fn differences(details: &mut Details, before: &Map<String, Value>, after: &Map<String, Value>) {
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    for name in names {
        let of = |map: &Map<String, Value>| map.get(name).cloned().unwrap_or(Value::Null);
        details.change(&format!("custom.{name}"), &of(before), &of(after));
    }
}

/// Where a job stands: orders first, then customers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Cursor {
    subject: Subject,
    /// The last one that is done.
    after: i64,
}

impl Cursor {
    fn of(job: &Job) -> Cursor {
        serde_json::from_value(job.cursor.clone()).unwrap_or(Cursor { subject: Subject::Order, after: 0 })
    }
}

fn slice(subject: Subject, after: i64, done: i64, of: i64) -> Next {
    Next::Slice { cursor: json!(Cursor { subject, after }), done, of: of.max(done) }
}

/// Carries a renamed or merged tag through to everything that bears it, a few hundred at a time.
pub fn retag_job(tx: &mut Tx, ctx: &Ctx, job: &Job) -> Result<Next, Error> {
    let TagJob { tag } = serde_json::from_value(job.payload.clone()).map_err(Error::internal)?;
    let Cursor { subject, after } = Cursor::of(job);
    let value = tag.to_string();
    let ids = fields::facets_in(tx, subject, 0, Some(&value), after, SLICE)?;
    let of = bearers(tx, tag)?;
    let Some(last) = ids.last().copied() else {
        return match subject {
            Subject::Order => Ok(slice(Subject::Customer, 0, job.done, of)),
            Subject::Customer => {
                fields::end_merge(tx, tag)?;
                Ok(Next::Done)
            }
        };
    };
    match subject {
        Subject::Order => retag(tx, ctx, tag, &ids)?,
        Subject::Customer => customers::retag(tx, ctx, tag, &ids)?,
    }
    Ok(slice(subject, last, job.done + ids.len() as i64, of))
}

/// How many the counters say bear a tag: what a job has before it.
fn bearers(tx: &mut Tx, tag: TagId) -> Result<i64, Error> {
    let orders = base::counters::read(tx, &format!("{}{tag}.", fields::TAGGED_ORDERS))?;
    let customers = base::counters::read(tx, &fields::tag_count_key(tag, None))?;
    Ok(orders.values().sum::<i64>() + customers.values().sum::<i64>())
}

fn retag(tx: &mut Tx, ctx: &Ctx, tag: TagId, ids: &[i64]) -> Result<(), Error> {
    let orders = rows::tagged(tx, ids)?;
    let names: BTreeSet<String> = orders.iter().flat_map(|order| names_in(&order.tags)).collect();
    let names: Vec<String> = names.into_iter().collect();
    let known = fields::renamed(tx, &names)?;
    let mut counters = Counters::new();
    for order in orders {
        let mut now: Vec<String> = Vec::new();
        let mut wanted: BTreeSet<Facet> = BTreeSet::new();
        for name in names_in(&order.tags) {
            let (name, id) = known.get(&name).cloned().unwrap_or((name, None));
            wanted.extend(fields::of_tags(id));
            if !now.contains(&name) {
                now.push(name);
            }
        }
        let text = Value::from(now).to_string();
        if text != order.tags {
            rows::set_tags(tx, order.id, &text)?;
        }
        let owner = FacetOwner::Order { id: order.id, store: order.store_id, is_archived: order.is_archived, created_at: order.created_at };
        fields::save_tag_facets(tx, owner, &wanted, &mut counters)?;
        tx.touch(TOPIC, order.id);
    }
    tracing::debug!(tag.id = %tag, org.id = %ctx.org, "Carried a tag through to {} orders", ids.len());
    counters.flush(tx)
}

fn names_in(tags: &str) -> Vec<String> {
    serde_json::from_str(tags).unwrap_or_default()
}

/// Brings the values of a field into the index of filters and searches, or takes them out of it, a few hundred
/// orders or customers at a time.
pub fn fill_field_job(tx: &mut Tx, ctx: &Ctx, job: &Job) -> Result<Next, Error> {
    let field: FieldId = serde_json::from_value(job.payload["field"].clone()).map_err(Error::internal)?;
    let Some(field) = fields::load_field(tx, field)? else { return Ok(Next::Done) };
    let definition = field.definition();
    if !definition.has_facets() {
        return clear(tx, ctx, job, &field);
    }
    let Cursor { after, .. } = Cursor::of(job);
    let (done, last) = match field.subject {
        Subject::Order => fill(tx, &definition, after)?,
        Subject::Customer => customers::fill_field(tx, &definition, after, LOOKED_AT)?,
    };
    match last {
        Some(last) => Ok(slice(field.subject, last, job.done + done, population(tx, field.subject)?)),
        None => {
            fields::settled(tx, ctx, &field)?;
            Ok(Next::Done)
        }
    }
}

fn population(tx: &mut Tx, subject: Subject) -> Result<i64, Error> {
    match subject {
        Subject::Order => Ok(base::counters::read(tx, base::counters::ORDERS_BY_STATE)?.values().sum()),
        // Customers have no counter; the job says how far it is without an end.
        Subject::Customer => Ok(0),
    }
}

fn clear(tx: &mut Tx, ctx: &Ctx, job: &Job, field: &fields::Field) -> Result<Next, Error> {
    let gone = fields::clear_field(tx, field.subject, field.id, CLEARED)?;
    if gone < u64::from(CLEARED) {
        fields::settled(tx, ctx, field)?;
        return Ok(Next::Done);
    }
    Ok(slice(field.subject, 0, job.done + gone as i64, 0))
}

/// One slice of orders; answers how many and the last of them, none at the end.
fn fill(tx: &mut Tx, field: &kernel::FieldDef, after: i64) -> Result<(i64, Option<i64>), Error> {
    let orders = rows::with_custom(tx, after, LOOKED_AT)?;
    let Some(last) = orders.last().map(|order| order.id.to_i64()) else { return Ok((0, None)) };
    let ids: Vec<i64> = orders.iter().map(|order| order.id.to_i64()).collect();
    let mut standing: BTreeMap<i64, BTreeSet<Facet>> = BTreeMap::new();
    for (id, facet) in fields::facet_orders(tx, Subject::Order, field.id, &ids)? {
        standing.entry(id).or_default().insert(facet);
    }
    for order in &orders {
        let custom: Map<String, Value> = serde_json::from_str(&order.custom).unwrap_or_default();
        let wanted = custom.get(&field.key).map(|value| fields::of_field(field, value)).unwrap_or_default();
        let stood = standing.remove(&order.id.to_i64()).unwrap_or_default();
        let owner = FacetOwner::Order { id: order.id, store: order.store_id, is_archived: order.is_archived, created_at: order.created_at };
        fields::replace_facets(tx, owner, &stood, &wanted)?;
    }
    Ok((orders.len() as i64, Some(last)))
}
