//! The index behind filters and searches: which rows an order or customer has in it.
//!
//! A tag is a row of the field 0. A field that lists are filtered by has a row for each of its values; one
//! that searches look at has, under its number made negative, a row for each word that its text goes on from, so that
//! a search finds any word by its beginning.

use std::collections::{BTreeMap, BTreeSet};

use base::Ctx;
use base::counters::{Counters, Proof};
use db::Tx;
use kernel::{CustomerId, Day, Error, FieldDef, FieldKind, Id, OrderId, StoreId, Subject, TagId, Time, cut, fold};
use serde_json::{Map, Value};

use crate::store;
use crate::values::{number_of, number_text};

/// Bytes of a value that are kept.
const VALUE: usize = 100;
/// Words of a text that a search finds it by.
const WORDS: usize = 12;
/// Where tags are counted by the orders of each store.
pub const TAGGED_ORDERS: &str = "tags.order.";
/// Where tags are counted by customers.
const TAGGED_CUSTOMERS: &str = "tags.customer.";

/// A row of the index.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Facet {
    /// 0 for tags, the number of the field for filters, minus that number for searches.
    pub field: i64,
    /// What is compared: a tag's id, a choice's key, folded words, a number, a day.
    pub value: String,
    /// What ranges compare: millionths of a number, minor units of an amount, days since 1970.
    pub number: Option<i64>,
}

/// What has facets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FacetOwner {
    /// An order.
    Order {
        /// Which.
        id: OrderId,
        /// Where it was sold: tags are counted by store.
        store: StoreId,
        /// Whether it is out of the daily lists.
        is_archived: bool,
        /// When it was placed: lists are sorted by it.
        created_at: Time,
    },
    /// A customer.
    Customer {
        /// Which.
        id: CustomerId,
        /// Since when we know them.
        created_at: Time,
    },
}

impl FacetOwner {
    fn count_key(&self, tag: &str) -> String {
        match self {
            FacetOwner::Order { store, .. } => format!("{TAGGED_ORDERS}{tag}.{store}"),
            FacetOwner::Customer { .. } => format!("{TAGGED_CUSTOMERS}{tag}"),
        }
    }

    fn count(&self, counters: &mut Counters, facets: &[Facet], delta: i64) {
        for tag in facets.iter().filter(|facet| facet.field == 0) {
            counters.add(self.count_key(&tag.value), delta);
        }
    }
}

/// The counter of a tag on the orders of a store, or on customers.
pub fn tag_count_key(tag: TagId, store: Option<StoreId>) -> String {
    match store {
        Some(store) => format!("{TAGGED_ORDERS}{tag}.{store}"),
        None => format!("{TAGGED_CUSTOMERS}{tag}"),
    }
}

/// The rows of tags.
pub fn of_tags(tags: impl IntoIterator<Item = TagId>) -> BTreeSet<Facet> {
    tags.into_iter().map(|tag| Facet { field: 0, value: tag.to_string(), number: None }).collect()
}

/// The rows of values: of the fields in use that are filtered or searched by.
pub fn of_custom(ctx: &Ctx, subject: Subject, custom: &Map<String, Value>) -> BTreeSet<Facet> {
    let fields = ctx.settings.field_set.of(subject).iter().filter(|field| field.has_facets());
    fields.filter_map(|field| Some(of_field(field, custom.get(&field.key)?))).flatten().collect()
}

/// The rows of one field's value.
pub fn of_field(field: &FieldDef, value: &Value) -> BTreeSet<Facet> {
    let mut facets = BTreeSet::new();
    if field.is_filterable {
        facets.extend(filtered(field, value).into_iter().map(|(value, number)| Facet { field: field.id.to_i64(), value, number }));
    }
    if field.is_searchable {
        facets.extend(searched(field, value).into_iter().map(|value| Facet { field: -field.id.to_i64(), value, number: None }));
    }
    facets
}

/// Folded for comparing; signs that folding leaves out are kept when there is nothing else.
pub(crate) fn compared(text: &str) -> String {
    let folded = fold(text);
    let folded = if folded.is_empty() { text.trim().to_lowercase() } else { folded };
    cut(&folded, VALUE).trim_end().to_owned()
}

fn filtered(field: &FieldDef, value: &Value) -> Vec<(String, Option<i64>)> {
    let one = |value: String, number: Option<i64>| if value.is_empty() { Vec::new() } else { vec![(value, number)] };
    match (field.kind, value) {
        (FieldKind::Number, value) => number_of(value).map_or_else(Vec::new, |micro| one(number_text(micro), Some(micro))),
        (FieldKind::Money, value) => value["amount"].as_i64().map_or_else(Vec::new, |minor| one(minor.to_string(), Some(minor))),
        (FieldKind::Date, Value::String(text)) => Day::parse(text).map_or_else(Vec::new, |day| one(day.to_string(), Some(i64::from(day.0)))),
        (FieldKind::Boolean, Value::Bool(truth)) => one(truth.to_string(), None),
        (FieldKind::Choice | FieldKind::Phone, Value::String(text)) => one(cut(text, VALUE).to_owned(), None),
        (FieldKind::Text | FieldKind::Url, Value::String(text)) => one(compared(text), None),
        (FieldKind::MultiChoice, Value::Array(items)) => {
            items.iter().filter_map(Value::as_str).filter(|key| !key.is_empty()).map(|key| (cut(key, VALUE).to_owned(), None)).collect()
        }
        // Written before the field was defined, and not of its kind.
        _ => Vec::new(),
    }
}

fn searched(field: &FieldDef, value: &Value) -> Vec<String> {
    let labels = |key: &str| {
        let choice = field.choices.iter().find(|choice| choice.key == key);
        choice.into_iter().flat_map(|choice| choice.labels.values().map(|label| compared(label))).chain([compared(key)]).collect::<Vec<_>>()
    };
    let found = match (field.kind, value) {
        (FieldKind::Phone, Value::String(text)) => {
            // With the country and as people dial at home, without the leading zero.
            let digits = text.trim_start_matches('+').to_owned();
            let national: String = kernel::Phone::from_e164(text).map(|phone| phone.reversed_national().chars().rev().collect()).unwrap_or_default();
            vec![digits, national]
        }
        (FieldKind::Number, value) => number_of(value).map(number_text).into_iter().collect(),
        (FieldKind::Choice, Value::String(key)) => labels(key),
        (FieldKind::MultiChoice, Value::Array(items)) => items.iter().filter_map(Value::as_str).flat_map(labels).collect(),
        (FieldKind::Text | FieldKind::Url, Value::String(text)) => endings(&compared(text)),
        (FieldKind::Date, Value::String(text)) => vec![compared(text)],
        _ => Vec::new(),
    };
    found.into_iter().filter(|text| !text.is_empty()).collect()
}

/// The text from each of its words on.
fn endings(text: &str) -> Vec<String> {
    let starts = std::iter::once(0).chain(text.match_indices(' ').map(|(place, _)| place + 1));
    starts.take(WORDS).map(|start| text[start..].to_owned()).filter(|ending| !ending.is_empty()).collect()
}

/// Writes the facets of what has just begun; nothing when there are none.
pub fn insert_facets(tx: &mut Tx, owner: FacetOwner, facets: &BTreeSet<Facet>, counters: &mut Counters) -> Result<(), Error> {
    if facets.is_empty() {
        return Ok(());
    }
    let facets: Vec<Facet> = facets.iter().cloned().collect();
    store::insert(tx, &owner, &facets)?;
    owner.count(counters, &facets, 1);
    Ok(())
}

/// Brings the facets of what was changed to these, whatever stood there.
pub fn save_facets(tx: &mut Tx, owner: FacetOwner, wanted: &BTreeSet<Facet>, counters: &mut Counters) -> Result<(), Error> {
    let standing = store::of_owner(tx, &owner)?.into_iter().collect();
    let (gone, new) = replace_facets(tx, owner, &standing, wanted)?;
    owner.count(counters, &gone, -1);
    owner.count(counters, &new, 1);
    Ok(())
}

/// The same for tags alone; the facets of fields stay.
pub fn save_tag_facets(tx: &mut Tx, owner: FacetOwner, wanted: &BTreeSet<Facet>, counters: &mut Counters) -> Result<(), Error> {
    let standing = store::of_owner(tx, &owner)?.into_iter().filter(|facet| facet.field == 0).collect();
    let (gone, new) = replace_facets(tx, owner, &standing, wanted)?;
    owner.count(counters, &gone, -1);
    owner.count(counters, &new, 1);
    Ok(())
}

/// Writes what differs between the facets that stand and those that shall; answers what went and what came.
pub fn replace_facets(
    tx: &mut Tx,
    owner: FacetOwner,
    standing: &BTreeSet<Facet>,
    wanted: &BTreeSet<Facet>,
) -> Result<(Vec<Facet>, Vec<Facet>), Error> {
    let gone: Vec<Facet> = standing.difference(wanted).cloned().collect();
    let new: Vec<Facet> = wanted.difference(standing).cloned().collect();
    if !gone.is_empty() {
        store::delete(tx, &owner, &gone)?;
    }
    if !new.is_empty() {
        store::insert(tx, &owner, &new)?;
    }
    Ok((gone, new))
}

/// Removes at most so many rows of a field from the index; answers how many.
pub fn clear_field(tx: &mut Tx, subject: Subject, field: kernel::FieldId, limit: u32) -> Result<u64, Error> {
    store::clear_field(tx, subject, field, limit)
}

/// Notes that an order with facets left the daily lists, or is back.
pub fn set_archived(tx: &mut Tx, order: OrderId, is_archived: bool) -> Result<(), Error> {
    store::set_archived(tx, order, is_archived)
}

/// What the nightly proof counts again: tags on customers. Those on orders are counted by `orders`.
pub const PROOFS: [Proof; 1] = [Proof { name: TAGGED_CUSTOMERS, recount: recount_customers }];

fn recount_customers(tx: &mut Tx, _: &Ctx) -> Result<BTreeMap<String, i64>, Error> {
    Ok(store::count_customers(tx)?.into_iter().map(|(tag, count)| (format!("{TAGGED_CUSTOMERS}{tag}"), count)).collect())
}

/// How many orders and customers bear each tag, for those who see these stores; `None` where the caller must
/// not know.
pub(crate) fn counts(tx: &mut Tx, ctx: &Ctx) -> Result<Counts, Error> {
    let of_orders = match ctx.sees().agents {
        base::Agents::All => Some(base::counters::read(tx, TAGGED_ORDERS)?),
        _ => None,
    };
    let of_customers = match ctx.sees().stores {
        base::Stores::All => Some(base::counters::read(tx, TAGGED_CUSTOMERS)?),
        base::Stores::These(_) => None,
    };
    let mut orders = BTreeMap::new();
    for (key, count) in of_orders.iter().flatten() {
        let Some((tag, store)) = key.strip_prefix(TAGGED_ORDERS).and_then(|rest| rest.split_once('.')) else { continue };
        if store.parse().is_ok_and(|store| ctx.sees().store(store)) {
            *orders.entry(tag.to_owned()).or_default() += count;
        }
    }
    let strip = |(key, count): (&String, &i64)| Some((key.strip_prefix(TAGGED_CUSTOMERS)?.to_owned(), *count));
    Ok(Counts { orders: of_orders.is_some().then_some(orders), customers: of_customers.map(|counts| counts.iter().filter_map(strip).collect()) })
}

pub(crate) struct Counts {
    orders: Option<BTreeMap<String, i64>>,
    customers: Option<BTreeMap<String, i64>>,
}

impl Counts {
    pub(crate) fn of(&self, tag: TagId) -> (Option<i64>, Option<i64>) {
        let tag = tag.to_string();
        let of = |counts: &Option<BTreeMap<String, i64>>| counts.as_ref().map(|counts| counts.get(&tag).copied().unwrap_or(0));
        (of(&self.orders), of(&self.customers))
    }
}

#[cfg(test)]
mod tests {
    use kernel::{Choice, FacetState, FieldId, Labels, Locale, Required, Tone};
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(kind: FieldKind, value: Value, filters: &[&str], searches: &[&str]) {
        let field = FieldDef {
            id: FieldId::from_i64(7),
            key: "it".to_owned(),
            labels: Labels::new(),
            kind,
            required: Required::No,
            default: None,
            choices: vec![Choice {
                key: "red".to_owned(),
                labels: Labels::from([(Locale::Fr, "Rouge vif".to_owned())]),
                tone: Tone::Bad,
                is_archived: false,
            }],
            is_filterable: true,
            is_searchable: true,
            is_listed: false,
            facets: FacetState::Ready,
        };
        let facets = of_field(&field, &value);
        let shown = |facet: &Facet| facet.number.map_or_else(|| facet.value.clone(), |number| format!("{}#{number}", facet.value));
        let of = |number: i64| facets.iter().filter(|facet| facet.field == number).map(shown).collect::<Vec<_>>();
        assert_eq!(
            (of(7), of(-7)),
            (filters.iter().map(|text| (*text).to_owned()).collect(), searches.iter().map(|text| (*text).to_owned()).collect())
        );
    }

    #[test]
    fn a_value_is_found_by_what_people_compare() {
        check(FieldKind::Text, json!("Rue Didouche-Mourad"), &["rue didouche mourad"], &["didouche mourad", "mourad", "rue didouche mourad"]);
        check(FieldKind::Text, json!("★★"), &["★★"], &["★★"]);
        check(FieldKind::Number, json!(1250.5), &["1250.5#1250500000"], &["1250.5"]);
        check(FieldKind::Money, json!({"amount": 1250, "currency": "DZD"}), &["1250#1250"], &[]);
        check(FieldKind::Date, json!("1970-01-03"), &["1970-01-03#2"], &["1970 01 03"]);
        check(FieldKind::Boolean, json!(true), &["true"], &[]);
        check(FieldKind::Choice, json!("red"), &["red"], &["red", "rouge vif"]);
        check(FieldKind::MultiChoice, json!(["red", "old"]), &["old", "red"], &["old", "red", "rouge vif"]);
        check(FieldKind::Phone, json!("+213550142387"), &["+213550142387"], &["213550142387", "550142387"]);
        check(FieldKind::Number, json!({"not": "a number"}), &[], &[]);
        let long = "word ".repeat(80);
        check(
            FieldKind::Text,
            json!(long),
            &[long[..99].trim_end()],
            &endings(long[..99].trim_end()).iter().map(String::as_str).collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>(),
        );
    }
}
