//! Cancellations: each time that an order was called off, why, and who wanted it.
//!
//! The order itself moves by its table ([`crate::act`]); this keeps what a figure needs. What always holds:
//! each cancellation has a reason of the list; the rollup by day says how many there are, in the same
//! transaction; a reopened order keeps its cancellations, marked as reopened; one that was taken back
//! within its seconds counts nowhere.
//!
//! Programs that gave a word of their own before there was a list may go on: it counts as the reason that
//! it stands for, or as `other`, and is kept beside it. Not here: what follows for the customer's class
//! or risk, which only read [`Cancellation::against_customer`].

use std::collections::BTreeMap;

use base::counters::{Counters, Repair};
use base::{Ctx, events};
use db::Tx;
use kernel::{Actor, Check, CustomerId, Day, Error, Event, FieldError, JobId, OrderId, Permission, StoreId, Time, words};

use crate::model::{Move, Moved, Order};
use crate::reasons::{self, OTHER, Reason, ReasonList, seeds};
use crate::store;
use crate::store::cancellations as rows;

pub use crate::store::cancellations::Cancellation;

words! {
    /// Who wanted an order called off.
    pub enum CancelCause {
        /// The team.
        Staff = "staff",
        /// The customer, by themselves or through whoever spoke with them.
        Customer = "customer",
        /// A rule or a job.
        Rule = "rule",
    }
}

/// Most days of one report.
const LONGEST: i32 = 731;

impl Cancellation {
    /// Who called it off.
    pub fn by(&self) -> Actor {
        Actor::from_columns(&self.by_kind, self.by_id)
    }
}

/// Why an order is called off, as it will be kept.
pub(crate) struct Why {
    reason: Reason,
    /// The caller's own word, where it is none of the list.
    said: Option<String>,
    note: Option<String>,
    cause: CancelCause,
}

/// Calls an order off and says who wanted it; without a word about that, the customer when the customer
/// acts, a rule when nobody does, else the team.
pub fn cancel(tx: &mut Tx, ctx: &Ctx, id: OrderId, wanted: &Move, cause: Option<CancelCause>) -> Result<Moved, Error> {
    crate::moves::act_for(tx, ctx, id, wanted, cause)
}

/// What the reason of a cancellation means. The move's own fields were checked before.
pub(crate) fn why(tx: &mut Tx, ctx: &Ctx, wanted: &Move, cause: Option<CancelCause>) -> Result<Why, Error> {
    let word = wanted.reason.as_deref().unwrap_or_default();
    let known = reasons::find(tx, ReasonList::Cancellation, word)?;
    let is_known = known.is_some();
    let found = match known {
        Some(reason) => Some(reason),
        None => {
            reasons::find(tx, ReasonList::Cancellation, seeds::meant_by(word).unwrap_or(OTHER))?.map(|meant| Reason { archived_at: None, ..meant })
        }
    };
    // A word that nobody knows says more than nothing.
    let note = wanted.note.clone().or_else(|| (!is_known && seeds::meant_by(word).is_none()).then(|| word.to_owned()));
    let mut check = Check::new();
    reasons::check_chosen(&mut check, "reason", found.as_ref(), note.as_deref());
    check.done()?;
    let reason = found.ok_or_else(|| Error::internal("there is no other reason"))?;
    let cause = cause.unwrap_or(match ctx.actor {
        Actor::Customer(_) => CancelCause::Customer,
        Actor::System => CancelCause::Rule,
        Actor::User(_) | Actor::ApiKey(_) => CancelCause::Staff,
    });
    Ok(Why { reason, said: (!is_known).then(|| word.to_owned()), note, cause })
}

/// Keeps that an order was called off; answers what changes in the rollup. `order` is as it stood before.
pub(crate) fn record(tx: &mut Tx, ctx: &Ctx, order: &Order, why: Why) -> Result<Entry, Error> {
    let store = access::stores::find(tx, ctx, order.store_id)?;
    let (by_kind, by_id) = ctx.actor.columns();
    let row = Cancellation {
        id: tx.new_id(),
        order_id: order.id,
        store_id: order.store_id,
        day: ctx.now.day_in(&store.zone),
        reason: why.reason.code,
        said: why.said,
        note: why.note,
        cause: why.cause,
        by_kind: by_kind.to_owned(),
        by_id,
        against_customer: why.reason.against_customer,
        from_state: order.state,
        at: ctx.now,
        reopened_at: None,
    };
    rows::insert(tx, &row)?;
    Ok(row.counted(1, 0))
}

/// Keeps that a cancelled order lives again.
pub(crate) fn reopened(tx: &mut Tx, ctx: &Ctx, order: OrderId) -> Result<Option<Entry>, Error> {
    // Orders that were called off before there was a list have no row.
    let Some(last) = rows::last(tx, order)?.filter(|last| last.reopened_at.is_none()) else { return Ok(None) };
    rows::set_reopened(tx, &last, Some(ctx.now))?;
    Ok(Some(last.counted(0, 1)))
}

/// The cancelling was taken back.
pub(crate) fn undone(tx: &mut Tx, ctx: &Ctx, order: OrderId) -> Result<Option<Entry>, Error> {
    let Some(last) = rows::last(tx, order)?.filter(|last| last.reopened_at.is_none()) else { return Ok(None) };
    rows::set_undone(tx, &last, ctx.now)?;
    Ok(Some(last.counted(-1, 0)))
}

/// The reopening was taken back.
pub(crate) fn not_reopened(tx: &mut Tx, order: OrderId) -> Result<Option<Entry>, Error> {
    let Some(last) = rows::last(tx, order)?.filter(|last| last.reopened_at.is_some()) else { return Ok(None) };
    rows::set_reopened(tx, &last, None)?;
    Ok(Some(last.counted(0, -1)))
}

/// Takes an order's cancellations out of the rollup, before its rows go.
pub(crate) fn uncount(tx: &mut Tx, order: OrderId, counters: &mut Counters) -> Result<(), Error> {
    for row in rows::of_order(tx, order)? {
        row.counted(-1, -i64::from(row.reopened_at.is_some())).add_to(counters);
    }
    Ok(())
}

impl Cancellation {
    fn counted(&self, cancelled: i64, reopened: i64) -> Entry {
        Entry { day: self.day, store_id: self.store_id, reason: self.reason.clone(), cause: self.cause, cancelled, reopened }
    }
}

impl Entry {
    /// Adds this much to the rollup.
    pub(crate) fn add_to(&self, counters: &mut Counters) {
        counters.cancellation(self.day, self.store_id, &self.reason, self.cause.as_str(), self.cancelled, self.reopened);
    }
}

/// Each time that an order was called off, oldest first. Needs `order.read`.
pub fn of_order(tx: &mut Tx, ctx: &Ctx, order: OrderId) -> Result<Vec<Cancellation>, Error> {
    ctx.require(Permission::OrderRead)?;
    store::find(tx, ctx, order)?.ok_or(Error::not_found("order"))?;
    rows::of_order(tx, order)
}

/// A customer's cancellations in orders that the caller may see, newest first, at most 200. Needs
/// `order.read`; the caller has looked the customer up before.
pub fn of_customer(tx: &mut Tx, ctx: &Ctx, customer: CustomerId) -> Result<Vec<Cancellation>, Error> {
    ctx.require(Permission::OrderRead)?;
    rows::of_customer(tx, ctx, customer)
}

/// How many cancellations count against a customer, in all stores: those for a reason that says so, and
/// not reopened since. For whoever judges customers, who asks for rights.
pub fn count_against(tx: &mut Tx, customer: CustomerId) -> Result<i64, Error> {
    rows::count_against(tx, customer)
}

/// Cancellations of some days of their stores, for a report.
#[derive(Clone, Debug)]
pub struct Report {
    /// The first day.
    pub from: Day,
    /// The last day, included.
    pub to: Day,
    /// All of them.
    pub cancelled: i64,
    /// Of them living again.
    pub reopened: i64,
    /// By reason, the most frequent first.
    pub by_reason: Vec<ReasonCount>,
    /// By who wanted it.
    pub by_cause: BTreeMap<CancelCause, i64>,
    /// By day, in order; days without any are left out.
    pub by_day: Vec<(Day, i64)>,
}

/// The cancellations of one reason.
#[derive(Clone, Debug)]
pub struct ReasonCount {
    /// Its code.
    pub code: String,
    /// What people read.
    pub label: String,
    /// Whether they count against the customer, as the list says now.
    pub against_customer: bool,
    /// How many.
    pub cancelled: i64,
    /// Of them living again.
    pub reopened: i64,
    /// Of all cancellations, in millionths.
    pub share_ppm: i64,
    /// By who wanted it.
    pub by_cause: BTreeMap<CancelCause, i64>,
}

/// Cancellations by reason, cause and day, in the stores that the caller may see, of all agents; of one
/// store when it is given. Needs `stats.read`. A period of at most two years, of thirty days when nothing is said.
pub fn report(tx: &mut Tx, ctx: &Ctx, from: Option<Day>, to: Option<Day>, only: Option<StoreId>) -> Result<Report, Error> {
    ctx.require(Permission::StatsRead)?;

    let today = Day(ctx.now.0.div_euclid(Time::DAY) as i32);
    // Somewhere it is tomorrow already.
    let to = to.unwrap_or(today.plus(1));
    let from = from.unwrap_or(to.plus(-30));
    if from > to {
        return Err(Error::field("to", "calendar.range"));
    }
    if to.0.saturating_sub(from.0) >= LONGEST {
        return Err(Error::Invalid(vec![FieldError::new("from", "date.too_early").with("min", to.plus(1 - LONGEST))]));
    }
    if only.is_some_and(|store| !ctx.sees().store(store)) {
        return Err(Error::field("store_id", "unknown"));
    }
    let counted = rows::by_reason(tx, ctx, from, to, only)?;
    let by_day = rows::by_day(tx, ctx, from, to, only)?;
    let known = reasons::of(tx, ReasonList::Cancellation)?;
    Ok(Report { by_day, ..summed(ctx, from, to, counted, &known) })
}

fn summed(ctx: &Ctx, from: Day, to: Day, counted: Vec<(String, CancelCause, i64, i64)>, known: &[Reason]) -> Report {
    let mut report = Report { from, to, cancelled: 0, reopened: 0, by_reason: Vec::new(), by_cause: BTreeMap::new(), by_day: Vec::new() };
    // By reason: what is of one reason follows each other.
    for (code, cause, cancelled, reopened) in counted.into_iter().filter(|(_, _, cancelled, _)| *cancelled != 0) {
        report.cancelled += cancelled;
        report.reopened += reopened;
        *report.by_cause.entry(cause).or_default() += cancelled;
        if report.by_reason.last().is_none_or(|last| last.code != code) {
            let reason = known.iter().find(|reason| reason.code == code);
            report.by_reason.push(ReasonCount {
                label: reason.map_or(code.as_str(), |reason| reason.label(ctx.locale)).to_owned(),
                against_customer: reason.is_some_and(|reason| reason.against_customer),
                code,
                cancelled: 0,
                reopened: 0,
                share_ppm: 0,
                by_cause: BTreeMap::new(),
            });
        }
        if let Some(one) = report.by_reason.last_mut() {
            one.cancelled += cancelled;
            one.reopened += reopened;
            one.by_cause.insert(cause, cancelled);
        }
    }
    for one in &mut report.by_reason {
        one.share_ppm = one.cancelled.saturating_mul(1_000_000) / report.cancelled.max(1);
    }
    report.by_reason.sort_by(|one, other| (other.cancelled, &one.code).cmp(&(one.cancelled, &other.code)));
    report
}

db::row! {
    /// The cancellations of one day, store, reason and cause.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Entry {
        /// The store's day.
        pub day: Day,
        /// Where the orders were sold.
        pub store_id: StoreId,
        /// The code of the reason.
        pub reason: String,
        /// Who wanted it.
        pub cause: CancelCause,
        /// How many, or how many more.
        pub cancelled: i64,
        /// Of them living again.
        pub reopened: i64,
    }
}

type Key = (Day, StoreId, String, CancelCause);

/// What has to be added to the rollup so that it says what there is; nothing when it is true.
pub fn off(tx: &mut Tx) -> Result<Vec<Entry>, Error> {
    let mut differences: BTreeMap<Key, (i64, i64)> = BTreeMap::new();
    for (entries, sign) in [(rows::recount(tx)?, 1), (rows::all_days(tx)?, -1)] {
        for entry in entries {
            let change = differences.entry((entry.day, entry.store_id, entry.reason, entry.cause)).or_default();
            *change = (change.0 + sign * entry.cancelled, change.1 + sign * entry.reopened);
        }
    }
    differences.retain(|_, change| *change != (0, 0));
    let entry = |((day, store_id, reason, cause), (cancelled, reopened))| Entry { day, store_id, reason, cause, cancelled, reopened };
    Ok(differences.into_iter().map(entry).collect())
}

/// Whether the rollup looks off: [`prove`] looks again.
pub fn is_off(tx: &mut Tx) -> Result<bool, Error> {
    Ok(!off(tx)?.is_empty())
}

/// Compares the rollup with the cancellations that there are, repairs what is off and records each
/// repair: part of the nightly proof. An entry that changes meanwhile is left for the next night. Needs
/// `system.edit`.
pub fn prove(tx: &mut Tx, ctx: &Ctx, job: JobId) -> Result<Vec<Repair>, Error> {
    ctx.require(Permission::SystemEdit)?;
    let first = off(tx)?;
    if first.is_empty() {
        return Ok(Vec::new());
    }
    rows::lock_days(tx)?;
    let mut repairs = Vec::new();
    for entry in off(tx)?.into_iter().filter(|entry| first.contains(entry)) {
        let stored = rows::stored(tx, &entry)?;
        let counter = format!("cancellation_days.{}.{}.{}.{}", entry.day, entry.store_id, entry.reason, entry.cause);
        let repair = if entry.cancelled != 0 {
            Repair { counter: format!("{counter}.cancelled"), stored: stored.0, counted: stored.0 + entry.cancelled }
        } else {
            Repair { counter: format!("{counter}.reopened"), stored: stored.1, counted: stored.1 + entry.reopened }
        };
        tracing::error!(
            counter = repair.counter,
            stored = repair.stored,
            counted = repair.counted,
            "The rollup of cancellations was off and is repaired"
        );
        let mut counters = Counters::new();
        entry.add_to(&mut counters);
        counters.flush(tx)?;
        let Repair { counter, stored, counted } = repair.clone();
        events::record(tx, ctx, Event::CounterRepaired { job, counter, stored, counted })?;
        repairs.push(repair);
    }
    Ok(repairs)
}
