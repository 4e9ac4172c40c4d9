//! Orders for files that people take out: which ones, then their content, a few hundred at a time.
//!
//! Which ones is settled first ([`ids`]), by what never changes about an order, so that each stands in the
//! file once, however orders move while it is made. Not here: columns, files, jobs (`reports`).

use std::collections::BTreeMap;

use base::{Ctx, events};
use db::Tx;
use kernel::{Error, Id, OrderId, OrderState, Permission, Time};

use crate::filter::{OrderFilter, Search};
use crate::model::{Line, Order};
use crate::sort::{Place, Sort};
use crate::store::{export as rows, list as lists};

/// Where an order stands in the sort of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ranked {
    /// Which.
    pub id: i64,
    place: Place,
}

/// A part of the orders that a filter finds, in the order in which they were placed.
pub struct IdPage {
    /// The orders, with their place in the wanted sort.
    pub items: Vec<Ranked>,
    /// Where the next part begins; none at the end.
    pub next: Option<String>,
}

/// A part of the orders that the filter finds and the caller may see; at most 1,000. Needs `order.read`.
///
/// It goes by the time of placing, which never changes, so that no order is met twice or missed between two
/// parts; the caller sorts by what it gets. See [`sorted`].
pub fn ids(tx: &mut Tx, ctx: &Ctx, filter: &OrderFilter, sort: Sort, cursor: Option<&str>) -> Result<IdPage, Error> {
    ctx.require(Permission::OrderRead)?;

    const PART: u32 = 1_000;
    let by_placing = Sort::default();
    let after = cursor.map(|cursor| Place::read(cursor, by_placing)).transpose()?;
    let Some(seen) = filter.seen(tx, ctx)? else { return Ok(IdPage { items: Vec::new(), next: None }) };
    let lead = lists::choose(tx, &seen, by_placing)?;
    let found = lists::rows(tx, &seen, by_placing, lead, after, 0, PART)?;
    let next = (found.len() == PART as usize).then(|| found.last().map(|last| lists::place_of(last, by_placing).cursor(by_placing))).flatten();
    let items = found.iter().map(|row| lists::place_of(row, sort)).map(|place| Ranked { id: place.id.to_i64(), place });
    Ok(IdPage { items: items.collect(), next })
}

/// Puts the parts of [`ids`] into the wanted sort.
pub fn sorted(mut items: Vec<Ranked>, sort: Sort) -> Vec<OrderId> {
    items.sort_unstable_by(|one, other| sort.compare(&one.place, &other.place));
    items.dedup_by_key(|one| one.id);
    items.into_iter().map(|one| OrderId::from_i64(one.id)).collect()
}

/// The same for what somebody typed into the search box, best hits first. `next` is [`Search::older`].
pub fn found_ids(tx: &mut Tx, ctx: &Ctx, search: &Search) -> Result<(Vec<OrderId>, Option<String>), Error> {
    let page = crate::search::search(tx, ctx, search)?;
    Ok((page.items.into_iter().map(|row| row.id).collect(), page.older))
}

/// An order with everything that a file may say about it.
#[derive(Clone, Debug)]
pub struct Exported {
    /// The order.
    pub order: Order,
    /// What it sells; each with the kind of its catalogue entry.
    pub lines: Vec<(Line, kernel::VariantKind)>,
    /// The first internal note, if there is one.
    pub note: Option<String>,
    /// When it came to a state last.
    pub reached: BTreeMap<OrderState, Time>,
}

/// These orders as far as the caller may see them, in the order of the ids: four statements for at most a
/// few hundred. Needs `order.read`.
pub fn contents(tx: &mut Tx, ctx: &Ctx, ids: &[OrderId]) -> Result<Vec<Exported>, Error> {
    ctx.require(Permission::OrderRead)?;

    let mut orders: BTreeMap<OrderId, Order> = rows::orders(tx, ctx, ids)?.into_iter().map(|order| (order.id, order)).collect();
    let seen: Vec<OrderId> = ids.iter().copied().filter(|id| orders.contains_key(id)).collect();
    let mut lines: BTreeMap<OrderId, Vec<(Line, kernel::VariantKind)>> = BTreeMap::new();
    for (order, line, kind) in rows::lines(tx, &seen)? {
        lines.entry(order).or_default().push((line, kind));
    }
    let mut notes = rows::first_notes(tx, &seen)?;
    let raw: Vec<i64> = seen.iter().map(|id| id.to_i64()).collect();
    let mut reached: BTreeMap<OrderId, BTreeMap<OrderState, Time>> = BTreeMap::new();
    for event in events::of_subjects(tx, ctx, OrderId::PREFIX, &raw, "order.moved")? {
        let to = serde_json::from_str::<serde_json::Value>(&event.data).ok().and_then(|data| data["to"].as_str()?.parse().ok());
        if let Some(to) = to {
            reached.entry(OrderId::from_i64(event.subject_id)).or_default().insert(to, event.at);
        }
    }
    let exported = seen.into_iter().filter_map(|id| {
        Some(Exported {
            order: orders.remove(&id)?,
            lines: lines.remove(&id).unwrap_or_default(),
            note: notes.remove(&id),
            reached: reached.remove(&id).unwrap_or_default(),
        })
    });
    Ok(exported.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_put_into_the_wanted_sort_and_each_order_stands_once() {
        let item = |key: i64, then: i64, id: i64| Ranked { id, place: Place { rank: 0, key, then, id: OrderId::from_i64(id) } };
        let items = vec![item(30, 0, 1), item(10, 7, 2), item(20, 0, 3), item(10, 8, 4), item(30, 0, 1)];
        let raw = |sort: &str| sorted(items.clone(), Sort::parse(sort).unwrap()).iter().map(|id| id.to_i64()).collect::<Vec<_>>();
        assert_eq!(raw("total"), [2, 4, 3, 1]);
        assert_eq!(raw("-total"), [1, 3, 4, 2]);
        assert_eq!(raw("-total,number"), [1, 3, 2, 4]);
        assert_eq!(raw("total,-number"), [4, 2, 3, 1]);
    }
}
