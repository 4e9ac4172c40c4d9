//! A customer's own orders: found, narrowed, sorted, and added up.

use std::collections::BTreeMap;

use base::Ctx;
use db::Tx;
use kernel::{Amount, Currency, CustomerId, Day, Error, OrderId, StoreId, Time, fold, western_digits, words};
use orders::{Archived, OrderFilter, OrderRow, Page};

use crate::links::{Link, brief_link, brief_links};
use crate::require_on;
use crate::rules::Standing;

words! {
    /// Which of her orders a customer looks at.
    pub enum Group {
        /// All of them.
        All = "all",
        /// Still to come.
        Coming = "coming",
        /// In her hands.
        Delivered = "delivered",
        /// Called off, lost, or on their way back.
        Ended = "ended",
    }

    /// How she sorts them.
    pub enum WantedSort {
        /// The newest first.
        Newest = "newest",
        /// The oldest first.
        Oldest = "oldest",
        /// The dearest first.
        Total = "total",
    }
}

/// What she looks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Part of a number, of a thing or of a store's name.
    pub text: String,
    /// Which.
    pub group: Group,
    /// In which order.
    pub sort: WantedSort,
}

impl Default for Wanted {
    fn default() -> Wanted {
        Wanted { text: String::new(), group: Group::All, sort: WantedSort::Newest }
    }
}

/// A customer's own orders.
#[derive(Clone, Debug)]
pub struct History {
    /// Those that she looks for.
    pub orders: Vec<OwnOrder>,
    /// What all of hers add up to.
    pub figures: Figures,
    /// How many were looked through: the newest, 200 at most.
    pub looked_at: usize,
    /// Whether there are older ones.
    pub is_more: bool,
}

/// One of her orders.
#[derive(Clone, Debug)]
pub struct OwnOrder {
    /// Which.
    pub id: OrderId,
    /// As the store writes it.
    pub number: String,
    /// Which store.
    pub store_name: String,
    /// Where it stands.
    pub standing: Standing,
    /// What it sells, in one line.
    pub summary: String,
    /// How many things.
    pub item_count: i64,
    /// What it comes to.
    pub total: Amount,
    /// Of its amounts.
    pub currency: Currency,
    /// When it was placed.
    pub placed_at: Time,
}

/// What a customer's orders add up to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// All orders.
    pub orders: i64,
    /// In her hands.
    pub delivered: i64,
    /// Given back or not taken.
    pub returned: i64,
    /// Called off.
    pub cancelled: i64,
    /// Still to come.
    pub coming: i64,
    /// What the delivered ones came to.
    pub spent: Vec<Spent>,
    /// Her first order.
    pub since: Option<Time>,
    /// The last twelve months, the present one last; of the orders that were looked through.
    pub months: Vec<Month>,
}

/// A month of a customer's orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Month {
    /// Its first day.
    pub first: Day,
    /// Orders that were placed in it.
    pub orders: i64,
    /// Of them in her hands.
    pub delivered: i64,
}

/// An amount of one currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spent {
    /// How much.
    pub amount: Amount,
    /// Of which currency.
    pub currency: Currency,
}

/// How many of her orders are looked through.
const LOOKED_AT: u32 = 200;

/// A customer's own orders. The session proved before who she is; see [`crate::owner`].
pub fn history(tx: &mut Tx, ctx: &Ctx, customer: CustomerId, wanted: &Wanted) -> Result<History, Error> {
    require_on(ctx)?;
    let filter = OrderFilter { customer: Some(customer), archived: Archived::Any, ..OrderFilter::default() };
    let page = orders::list(tx, ctx, &filter, &Page { limit: LOOKED_AT, with_total: false, ..Page::default() })?;
    let stores = access::stores::list(tx, ctx, true)?;
    let names: BTreeMap<StoreId, String> = stores.iter().map(|store| (store.id, store.name.clone())).collect();
    let zone = stores.first().map_or(jiff::tz::TimeZone::UTC, |store| store.zone.clone());
    let totals = customers::detail(tx, ctx, customer)?.totals;

    let (looked_at, is_more) = (page.items.len(), page.next_cursor.is_some());
    let all: Vec<OwnOrder> = page.items.into_iter().map(|row| own(row, &names)).collect();
    let mut figures = Figures { coming: all.iter().filter(|order| order.standing.is_coming()).count() as i64, ..Figures::default() };
    let mut spent: BTreeMap<&str, Spent> = BTreeMap::new();
    for store in &totals {
        figures.orders += store.orders;
        figures.delivered += store.delivered;
        figures.returned += store.returned;
        figures.cancelled += store.cancelled;
        figures.since = Some(figures.since.map_or(store.first_order_at, |since| since.min(store.first_order_at)));
        let sum = spent.entry(store.currency.code()).or_insert(Spent { amount: Amount::ZERO, currency: store.currency });
        sum.amount += store.delivered_total;
    }
    figures.months = months(&all, ctx.now.day_in(&zone), |order| order.placed_at.day_in(&zone));
    figures.spent = spent.into_values().filter(|sum| sum.amount > Amount::ZERO).collect();

    let mut orders: Vec<OwnOrder> = all.into_iter().filter(|order| is_wanted(order, wanted)).collect();
    match wanted.sort {
        WantedSort::Newest => orders.sort_by_key(|order| std::cmp::Reverse((order.placed_at, order.id))),
        WantedSort::Oldest => orders.sort_by_key(|order| (order.placed_at, order.id)),
        WantedSort::Total => orders.sort_by_key(|order| std::cmp::Reverse((order.total, order.placed_at))),
    }
    Ok(History { orders, figures, looked_at, is_more })
}

/// Twelve months to today's, with what was placed in each.
fn months(all: &[OwnOrder], today: Day, placed_on: impl Fn(&OwnOrder) -> Day) -> Vec<Month> {
    let mut months: Vec<Month> = Vec::with_capacity(12);
    let mut first = today.date().first_of_month();
    for _ in 0..12 {
        months.push(Month { first: Day::from_date(first), orders: 0, delivered: 0 });
        first = jiff::civil::Date::first_of_month(first.yesterday().unwrap_or(first));
    }
    months.reverse();
    for order in all {
        let first = Day::from_date(placed_on(order).date().first_of_month());
        if let Some(month) = months.iter_mut().find(|month| month.first == first) {
            month.orders += 1;
            month.delivered += i64::from(order.standing == Standing::Delivered);
        }
    }
    months
}

fn own(row: OrderRow, names: &BTreeMap<StoreId, String>) -> OwnOrder {
    OwnOrder {
        id: row.id,
        standing: Standing::of(row.state, row.confirmation, row.shipping_state),
        number: row.number,
        store_name: names.get(&row.store_id).cloned().unwrap_or_default(),
        summary: row.summary,
        item_count: row.item_count,
        total: row.total,
        currency: row.currency,
        placed_at: row.created_at,
    }
}

fn is_wanted(order: &OwnOrder, wanted: &Wanted) -> bool {
    let is_of_group = match wanted.group {
        Group::All => true,
        Group::Coming => order.standing.is_coming(),
        Group::Delivered => order.standing == Standing::Delivered,
        Group::Ended => order.standing.is_over() || order.standing == Standing::Lost,
    };
    let text = fold(western_digits(wanted.text.trim().trim_start_matches('#')).as_str());
    is_of_group && (text.is_empty() || [&order.number, &order.summary, &order.store_name].into_iter().any(|field| fold(field).contains(&text)))
}

/// A link to each order of a history.
pub fn own_links(tx: &mut Tx, ctx: &Ctx, history: &History) -> Result<Vec<Link>, Error> {
    let orders: Vec<OrderId> = history.orders.iter().map(|order| order.id).collect();
    brief_links(tx, ctx, &orders)
}

/// A link to one of a customer's own orders; `NotFound` for somebody else's.
pub fn own_link(tx: &mut Tx, ctx: &Ctx, customer: CustomerId, order: OrderId) -> Result<Link, Error> {
    require_on(ctx)?;
    let found = orders::find(tx, ctx, order)?;
    if found.customer_id != Some(customer) {
        return Err(Error::not_found("order"));
    }
    brief_link(tx, ctx, order)
}

#[cfg(test)]
mod tests {
    use kernel::Id;

    use super::*;

    #[test]
    fn months_are_twelve_and_hold_what_was_placed_in_them() {
        let order = |day: &str, standing| OwnOrder {
            id: OrderId::from_i64(1),
            number: String::new(),
            store_name: String::new(),
            standing,
            summary: String::new(),
            item_count: 1,
            total: Amount(1),
            currency: Currency::DZD,
            placed_at: Day::parse(day).unwrap().start_in(&jiff::tz::TimeZone::UTC),
        };
        let all = [
            order("2026-11-21", Standing::Received),
            order("2026-11-01", Standing::Delivered),
            order("2025-12-31", Standing::Delivered),
            order("2025-11-30", Standing::Delivered),
        ];
        let months = months(&all, Day::parse("2026-11-21").unwrap(), |order| order.placed_at.day_in(&jiff::tz::TimeZone::UTC));
        let shown: Vec<String> =
            months.iter().filter(|month| month.orders > 0).map(|m| format!("{} {} {}", m.first, m.orders, m.delivered)).collect();
        assert_eq!(shown, ["2025-12-01 1 1", "2026-11-01 2 1"]);
        assert_eq!((months.len(), months[0].first), (12, Day::parse("2025-12-01").unwrap()));
    }
}
