//! The SQL of lists of customers by what they bought, and by two keys. `t` is a row of `customer_totals`, `c` its customer.
//!
//! A list is read part after part: first those who have something to compare, by the index of that, then the rest. Within one
//! first key the second one decides; its rows are sorted for each page.

use base::Ctx;
use db::{Tx, Value, dialect, params};
use kernel::value::ToValue;
use kernel::{CustomerId, Error, StoreId};

use super::Wanted;
use super::figures::{bought, figure};
use crate::sort::{CustomerSort, Place};

/// What a part is sorted by.
struct Key {
    sql: String,
    is_text: bool,
    is_descending: bool,
}

/// Which table a part is read by.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    /// What customers bought.
    Totals,
    /// Customers, with what they bought beside them.
    Customers,
    /// Customers alone.
    Alone,
}

/// Some of the customers of a list, and how they are sorted.
struct Part {
    by: By,
    condition: Option<String>,
    keys: Vec<Key>,
    /// Whether the largest id comes first among equals: as the last key goes.
    is_last_descending: bool,
}

impl Part {
    fn new(by: By, condition: Option<String>, keys: Vec<Key>) -> Part {
        Part { is_last_descending: keys.last().is_some_and(|key| key.is_descending), by, condition, keys }
    }
}

/// What customers themselves are compared by.
fn own(sort: CustomerSort) -> Option<Key> {
    match sort {
        CustomerSort::Newest => Some(Key { sql: "c.created_at".to_owned(), is_text: false, is_descending: true }),
        CustomerSort::Name => Some(Key { sql: "c.name_folded".to_owned(), is_text: true, is_descending: false }),
        _ => None,
    }
}

/// A figure as a first key, of those who have it.
fn compared(sort: CustomerSort) -> Key {
    let (sql, _, is_descending) = figure(sort);
    Key { sql: sql.to_owned(), is_text: false, is_descending }
}

/// What stands for a figure that somebody does not have, so that they come last.
fn none(is_descending: bool) -> i64 {
    if is_descending { -1 } else { i64::MAX }
}

/// A figure as a second key; whoever has nothing to compare comes last.
fn second(sort: CustomerSort) -> Key {
    let (sql, comparable, is_descending) = figure(sort);
    let sql = match comparable {
        Some(comparable) => format!("case when {comparable} then {sql} else {} end", none(is_descending)),
        None => sql.to_owned(),
    };
    Key { sql, is_text: false, is_descending }
}

/// The parts of a list. `stores` are those whose figures are compared; it binds what a second key of figures needs beside
/// customers.
fn parts(sort: CustomerSort, then: Option<CustomerSort>, stores: &[StoreId], params: &mut Vec<Value>) -> Vec<Part> {
    if let Some(first) = own(sort) {
        let then = then.and_then(|then| own(then).or_else(|| beside(then, stores, params)));
        return vec![Part::new(By::Alone, None, std::iter::once(first).chain(then).collect())];
    }
    let (_, comparable, _) = figure(sort);
    let without = comparable.map(|comparable| format!("not ({comparable})"));
    let is_first = comparable.map(str::to_owned);
    match (then, without) {
        (None, without) => {
            let rest = without.map(|without| Part::new(By::Totals, Some(without), vec![compared(CustomerSort::LastOrder)]));
            std::iter::once(Part::new(By::Totals, is_first, vec![compared(sort)])).chain(rest).collect()
        }
        (Some(then), without) => {
            let among = own(then).unwrap_or_else(|| second(then));
            let is_descending = among.is_descending;
            let mut parts = vec![Part::new(By::Totals, is_first, vec![compared(sort), among])];
            let Some(without) = without else { return parts };
            // Those who have nothing to compare are equal by the first key; the index of the second one leads.
            match (own(then), figure_of(then)) {
                (Some(key), _) => parts.push(Part::new(By::Customers, Some(without), vec![key])),
                (None, Some(with)) => {
                    parts.push(Part::new(By::Totals, Some(format!("{without} and {with}")), vec![compared(then)]));
                    let neither = Part::new(By::Totals, Some(format!("{without} and not ({with})")), Vec::new());
                    parts.push(Part { is_last_descending: is_descending, ..neither });
                }
                (None, None) => parts.push(Part::new(By::Totals, Some(without), vec![compared(then)])),
            }
            parts
        }
    }
}

/// Who has something to compare, where not everybody has.
fn figure_of(sort: CustomerSort) -> Option<&'static str> {
    figure(sort).1
}

/// A figure of customers who are read without what they bought.
fn beside(sort: CustomerSort, stores: &[StoreId], params: &mut Vec<Value>) -> Option<Key> {
    if stores.is_empty() {
        return None;
    }
    let (sql, comparable, is_descending) = figure(sort);
    let first = params.len() + 1;
    params.extend(stores.iter().map(ToValue::to_value));
    let stores = dialect::markers(first, stores.len());
    let is_comparable = comparable.map(|comparable| format!(" and {comparable}")).unwrap_or_default();
    // `first_order_at` is never null and stands in no index, so that no index of a whole store is read for one customer.
    let sql = format!(
        "coalesce((select max({sql}) from customer_totals t where t.org_id = $1 and t.customer_id = c.id and t.first_order_at is not null
                      and t.store_id in ({stores}){is_comparable}), {})",
        none(is_descending)
    );
    Some(Key { sql, is_text: false, is_descending })
}

/// The next customers of a list, with their places. `stores` are those whose figures are compared.
pub(crate) fn next(
    tx: &mut Tx,
    ctx: &Ctx,
    wanted: &Wanted<'_>,
    sort: CustomerSort,
    then: Option<CustomerSort>,
    stores: &[StoreId],
    after: Option<&Place>,
) -> Result<Vec<Place>, Error> {
    let limit = wanted.limit as usize;
    let mut found: Vec<Place> = Vec::new();
    let begun = after.map_or(0, |after| after.part);
    let mut params = params![tx.org(), i64::from(wanted.limit)];
    for (number, part) in parts(sort, then, stores, &mut params).iter().enumerate().skip(begun) {
        if found.len() >= limit {
            break;
        }
        let after = after.filter(|after| after.part == number);
        let rows = read(tx, ctx, wanted, part, after, params.clone())?;
        let left = limit - found.len();
        let place = |(id, first, second, text)| Place { part: number, numbers: [first, second], text, id };
        found.extend(rows.into_iter().take(left).map(place));
    }
    Ok(found)
}

type Read = (CustomerId, i64, i64, String);

/// Those of a part in order: each store read by its index and merged.
fn read(tx: &mut Tx, ctx: &Ctx, wanted: &Wanted<'_>, part: &Part, after: Option<&Place>, mut params: Vec<Value>) -> Result<Vec<Read>, Error> {
    let row = if part.by == By::Totals { "t.customer_id" } else { "c.id" };
    let number = |place: usize| part.keys.get(place).filter(|key| !key.is_text).map_or("cast(0 as bigint)", |key| &key.sql);
    let text = part.keys.iter().find(|key| key.is_text).map_or("''", |key| &key.sql);
    let way = |is_descending: bool| if is_descending { " desc" } else { "" };
    let keys = |name: &dyn Fn(usize, &Key) -> String, id: &str| {
        let keys = part.keys.iter().enumerate().map(|(place, key)| format!("{}{}", name(place, key), way(key.is_descending)));
        keys.chain([format!("{id}{}", way(part.is_last_descending))]).collect::<Vec<_>>().join(", ")
    };
    let order = keys(&|_, key| key.sql.clone(), row);
    let stores: Vec<Option<StoreId>> = if part.by == By::Alone { vec![None] } else { wanted.stores.iter().copied().map(Some).collect() };
    let mut arms = Vec::new();
    for (place, store) in stores.into_iter().enumerate() {
        let (from, mut conditions) = match store {
            Some(store) => of_store(ctx, wanted, part.by, store, &mut params),
            None => (super::from(ctx, wanted, &mut params), super::conditions(ctx, wanted, &mut params)),
        };
        if let Some(condition) = &part.condition {
            conditions.push_str(&format!(" and {condition}"));
        }
        if let Some(after) = after {
            conditions.push_str(&beyond(part, row, after, &mut params));
        }
        arms.push(format!(
            "select a{place}.id, a{place}.a, a{place}.b, a{place}.n
               from (select {row} as id, {} as a, {} as b, {text} as n from {from} where {conditions} order by {order} limit $2) a{place}",
            number(0),
            number(1)
        ));
    }
    if arms.is_empty() {
        return Ok(Vec::new());
    }
    let name = |place: usize, key: &Key| if key.is_text { "p.n" } else { ["p.a", "p.b"][place.min(1)] }.to_owned();
    let order = keys(&name, "p.id");
    tx.rows(&format!("select p.id, p.a, p.b, p.n from ({}) p order by {order} limit $2", arms.join(" union all ")), params)
}

/// The condition that a row comes after a place.
fn beyond(part: &Part, row: &str, after: &Place, params: &mut Vec<Value>) -> String {
    let sign = |is_descending: bool| if is_descending { "<" } else { ">" };
    let mut markers = Vec::new();
    for (place, key) in part.keys.iter().enumerate() {
        params.push(if key.is_text { after.text.to_value() } else { after.numbers[place.min(1)].to_value() });
        markers.push(format!("${}", params.len()));
    }
    params.push(after.id.to_value());
    let id = format!("${}", params.len());
    let last = format!("{row} {} {id}", sign(part.is_last_descending));
    let Some((first, at)) = part.keys.first().zip(markers.first()) else { return format!(" and {last}") };
    let than = sign(first.is_descending);
    // The key alone, too: an index of a share is not searched by the pair.
    let alone = format!(" and {} {than}= {at}", first.sql);
    if part.keys.len() == 1 {
        return format!("{alone} and ({}, {row}) {than} ({at}, {id})", first.sql);
    }
    let rest = part
        .keys
        .iter()
        .zip(&markers)
        .rev()
        .fold(last, |rest, (key, at)| format!("({} {} {at} or {} = {at} and {rest})", key.sql, sign(key.is_descending), key.sql));
    format!("{alone} and {rest}")
}

/// The tables and conditions of one store: the index of the part leads, unless few customers are meant anyway.
fn of_store(ctx: &Ctx, wanted: &Wanted<'_>, by: By, store: StoreId, params: &mut Vec<Value>) -> (String, String) {
    let few = super::few(ctx, wanted, params);
    let from = match &few {
        Some(few) => format!("{few} cross join customers c cross join customer_totals t"),
        None if wanted.ids.is_some() || by == By::Customers => "customers c cross join customer_totals t".to_owned(),
        None => "customer_totals t cross join customers c".to_owned(),
    };
    let mut conditions = super::of_customers(ctx, wanted, params);
    params.push(store.to_value());
    conditions.push_str(&format!(" and t.org_id = $1 and t.customer_id = c.id and t.store_id = ${}", params.len()));
    conditions.push_str(&bought(wanted.bought, params));
    // Whoever bought in several stores stands where she bought last, or first where the first is looked for.
    if wanted.stores.len() > 1 {
        let first = params.len() + 1;
        params.extend(wanted.stores.iter().map(ToValue::to_value));
        let stores = dialect::markers(first, wanted.stores.len());
        conditions.push_str(&format!(
            " and not exists (select 1 from customer_totals u where u.org_id = $1 and u.customer_id = t.customer_id and u.store_id in ({stores})
                                 and (u.last_order_at > t.last_order_at or u.last_order_at = t.last_order_at and u.store_id > t.store_id))"
        ));
    }
    (from, conditions)
}
