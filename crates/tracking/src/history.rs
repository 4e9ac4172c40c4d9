//! A customer's own orders: found, narrowed, sorted, and added up.

use std::collections::BTreeMap;

use base::Ctx;
use db::Tx;
use kernel::{Amount, Currency, CustomerId, Error, OrderId, StoreId, Time, fold, western_digits, words};
use orders::{Archived, OrderFilter, OrderRow, Page};

use crate::links::{Link, brief_link};
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
    let names: BTreeMap<StoreId, String> = access::stores::list(tx, ctx, true)?.iter().map(|store| (store.id, store.name.clone())).collect();
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
    figures.spent = spent.into_values().filter(|sum| sum.amount > Amount::ZERO).collect();

    let mut orders: Vec<OwnOrder> = all.into_iter().filter(|order| is_wanted(order, wanted)).collect();
    match wanted.sort {
        WantedSort::Newest => orders.sort_by_key(|order| std::cmp::Reverse((order.placed_at, order.id))),
        WantedSort::Oldest => orders.sort_by_key(|order| (order.placed_at, order.id)),
        WantedSort::Total => orders.sort_by_key(|order| std::cmp::Reverse((order.total, order.placed_at))),
    }
    Ok(History { orders, figures, looked_at, is_more })
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

/// A link to one of a customer's own orders; `NotFound` for somebody else's.
pub fn own_link(tx: &mut Tx, ctx: &Ctx, customer: CustomerId, order: OrderId) -> Result<Link, Error> {
    require_on(ctx)?;
    let found = orders::find(tx, ctx, order)?;
    if found.customer_id != Some(customer) {
        return Err(Error::not_found("order"));
    }
    brief_link(tx, ctx, order)
}
