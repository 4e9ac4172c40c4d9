//! Figures of orders, from the counters that change with them, and the proof that they are right.

use std::collections::{BTreeMap, BTreeSet};

use base::Ctx;
use base::counters::{self, ORDERS_BY_STATE, OrderDay, Proof};
use db::Tx;
use kernel::{Amount, Currency, Day, Error, MessageState, Money, OrderState, Permission, StoreId};

use crate::filter::{OrderFilter, Page};
use crate::model::OrderRow;
use crate::queries;
use crate::sort::{Sort, SortKey};
use crate::store::counts;

/// Where archived orders are counted by store and state.
const ARCHIVED_BY_STATE: &str = "orders.archived.";
/// Where messages to customers are counted by store and how they ended; written by `notifications`.
pub const MESSAGES_BY_STATE: &str = "messages.";

/// The key of the counter of messages about a store's orders that ended so.
pub fn messages_key(store: StoreId, state: MessageState) -> String {
    format!("{MESSAGES_BY_STATE}{store}.{state}")
}

fn read_messages_key(key: &str) -> Option<(StoreId, MessageState)> {
    let (store, state) = key.strip_prefix(MESSAGES_BY_STATE)?.split_once('.')?;
    Some((store.parse().ok()?, state.parse().ok()?))
}

/// The key of the counter of a store's archived orders in a state.
pub(crate) fn archived_key(store: StoreId, state: OrderState) -> String {
    format!("{ARCHIVED_BY_STATE}{store}.{state}")
}

fn read_archived_key(key: &str) -> Option<(StoreId, OrderState)> {
    let (store, state) = key.strip_prefix(ARCHIVED_BY_STATE)?.split_once('.')?;
    Some((store.parse().ok()?, state.parse().ok()?))
}

/// Figures of the orders that the caller may see, of all agents.
#[derive(Clone, Debug)]
pub struct Stats {
    /// All orders, archived ones included.
    pub total: i64,
    /// Of them out of the daily lists.
    pub archived: i64,
    /// By where they stand; states without orders are left out.
    pub by_state: BTreeMap<OrderState, i64>,
    /// Placed today, each store by its own calendar.
    pub today: i64,
    /// What they come to, for each currency.
    pub today_totals: Vec<Money>,
    /// What moved last.
    pub recent: Vec<OrderRow>,
    /// Messages to customers about orders.
    pub notifications: NotificationRates,
}

/// How messages to customers ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NotificationRates {
    /// On their way or there.
    pub sent: i64,
    /// Not sent on purpose: no address, not wanted.
    pub skipped: i64,
    /// Could not be sent.
    pub failed: i64,
    /// Sent of those that should have been, in millionths; none when there were none.
    pub sent_ppm: Option<i64>,
}

/// Figures from the counters; nothing is counted that can grow.
pub fn stats(tx: &mut Tx, ctx: &Ctx) -> Result<Stats, Error> {
    ctx.require(Permission::StatsRead)?;

    let by_state: BTreeMap<OrderState, i64> = counters::orders_by_state(tx, ctx.sees())?.into_iter().filter(|(_, count)| *count != 0).collect();
    let archived = by_store(tx, ARCHIVED_BY_STATE, read_archived_key)?.into_iter().filter(|((store, _), _)| ctx.sees().store(*store));
    let archived = archived.map(|(_, count)| count).sum();
    let (today, today_totals) = today(tx, ctx)?;
    let recent = if ctx.can(Permission::OrderRead) {
        let sort = Sort::by(SortKey::MovedAt, true);
        let page = Page { limit: 10, sort, with_total: false, ..Page::default() };
        queries::list(tx, ctx, &OrderFilter::default(), &page)?.items
    } else {
        Vec::new()
    };
    Ok(Stats { total: by_state.values().sum(), archived, by_state, today, today_totals, recent, notifications: notification_rates(tx, ctx)? })
}

fn today(tx: &mut Tx, ctx: &Ctx) -> Result<(i64, Vec<Money>), Error> {
    // Somewhere it may still be yesterday, or tomorrow already.
    let utc = Day((ctx.now.0.div_euclid(kernel::Time::DAY)) as i32);
    let days: Vec<OrderDay> = counters::order_days(tx, ctx.sees(), utc.plus(-1), utc.plus(1))?;
    let mut own: BTreeMap<StoreId, Day> = BTreeMap::new();
    for store in days.iter().map(|day| day.store_id).collect::<BTreeSet<_>>() {
        own.insert(store, ctx.now.day_in(&access::stores::find(tx, ctx, store)?.zone));
    }
    let mut orders = 0;
    let mut totals: BTreeMap<Currency, Amount> = BTreeMap::new();
    for day in days.iter().filter(|day| own.get(&day.store_id) == Some(&day.day)) {
        orders += day.orders;
        *totals.entry(day.currency).or_default() += day.total;
    }
    Ok((orders, totals.into_iter().map(|(currency, amount)| Money { amount, currency }).collect()))
}

fn notification_rates(tx: &mut Tx, ctx: &Ctx) -> Result<NotificationRates, Error> {
    let counts = counters::read(tx, MESSAGES_BY_STATE)?;
    let counts: Vec<_> = counts.iter().filter_map(|(key, count)| Some((read_messages_key(key)?, *count))).collect();
    let of = |wanted: MessageState| -> i64 {
        counts.iter().filter(|((store, state), _)| *state == wanted && ctx.sees().store(*store)).map(|(_, count)| count).sum()
    };
    let (sent, skipped, failed) = (of(MessageState::Sent), of(MessageState::Skipped), of(MessageState::Failed));
    let tried = sent + failed;
    Ok(NotificationRates { sent, skipped, failed, sent_ppm: (tried > 0).then(|| sent * 1_000_000 / tried) })
}

type ByStore = BTreeMap<(StoreId, OrderState), i64>;

fn by_store(tx: &mut Tx, prefix: &str, read: fn(&str) -> Option<(StoreId, OrderState)>) -> Result<ByStore, Error> {
    let counts = counters::read(tx, prefix)?;
    Ok(counts.into_iter().filter_map(|(key, count)| Some((read(&key)?, count))).collect())
}

/// How many orders a filter of nothing but stores and states has. Somebody who sees some stores has them in
/// the filter.
pub(crate) fn counted(tx: &mut Tx, filter: &OrderFilter) -> Result<i64, Error> {
    let is_wanted = |store: StoreId, state: OrderState| {
        (filter.stores.is_empty() || filter.stores.contains(&store)) && (filter.states.is_empty() || filter.states.contains(&state))
    };
    let sum = |counts: ByStore| counts.into_iter().filter(|((store, state), _)| is_wanted(*store, *state)).map(|(_, count)| count).sum::<i64>();
    let archived = sum(by_store(tx, ARCHIVED_BY_STATE, read_archived_key)?);
    if !queries::wants(filter, false) {
        return Ok(archived);
    }
    let all = sum(by_store(tx, ORDERS_BY_STATE, counters::read_state_key)?);
    Ok(if queries::wants(filter, true) { all } else { all - archived })
}

/// What the nightly proof counts again: orders by state, archived orders by state, open holds by kind, open
/// escalations by level.
pub const PROOFS: [Proof; 5] = [
    Proof { name: ORDERS_BY_STATE, recount: recount_states },
    Proof { name: ARCHIVED_BY_STATE, recount: recount_archived },
    Proof { name: fields::TAGGED_ORDERS, recount: recount_tags },
    Proof { name: crate::holds::OPEN_BY_KIND, recount: crate::holds::RECOUNT },
    Proof { name: crate::escalations::OPEN_BY_LEVEL, recount: crate::escalations::RECOUNT },
];

fn recount_states(tx: &mut Tx, _: &Ctx) -> Result<BTreeMap<String, i64>, Error> {
    let mut counted = BTreeMap::new();
    for (store, state, _, count) in counts::by_state(tx)? {
        *counted.entry(counters::state_key(store, state)).or_default() += count;
    }
    Ok(counted)
}

fn recount_archived(tx: &mut Tx, _: &Ctx) -> Result<BTreeMap<String, i64>, Error> {
    let archived = counts::by_state(tx)?.into_iter().filter(|(_, _, is_archived, _)| *is_archived);
    Ok(archived.map(|(store, state, _, count)| (archived_key(store, state), count)).collect())
}

fn recount_tags(tx: &mut Tx, _: &Ctx) -> Result<BTreeMap<String, i64>, Error> {
    let counted = crate::store::labels::count_tags(tx)?;
    Ok(counted.into_iter().map(|(tag, store, count)| (format!("{}{tag}.{store}", fields::TAGGED_ORDERS), count)).collect())
}

/// Counts the rollup of days again, for `base::counters::prove_days`.
pub fn recount_days(tx: &mut Tx, _: &Ctx) -> Result<Vec<OrderDay>, Error> {
    counts::by_day(tx)
}
