//! Which orders, in which order, how many: what lists and searches are asked, and what they answer.

use base::{Agents, Ctx, Sees, Stores};
use db::Tx;
use fields::{CustomTest, FacetTest, TagFilter};
use jiff::tz::TimeZone;
use kernel::{
    Amount, Channel, Check, Confirmation, Currency, CustomerId, Day, Error, FieldError, OrderState, PaymentMethod, PaymentState, Permission,
    Priority, ShippingState, StoreId, Subject, Time, UserId, VariantId, words,
};

use crate::model::OrderRow;
use crate::sort::Sort;

words! {
    /// Whether orders out of the daily lists are wanted.
    pub enum Archived {
        /// Only those in the daily lists.
        No = "no",
        /// Only those out of them.
        Only = "only",
        /// Both.
        Any = "any",
    }

    /// Days that move on with the calendar, as views keep them.
    pub enum PlacedIn {
        /// Since midnight.
        Today = "today",
        /// The day before.
        Yesterday = "yesterday",
        /// Seven days, today among them.
        LastSevenDays = "last_7_days",
        /// Thirty days, today among them.
        LastThirtyDays = "last_30_days",
        /// Since the first of the month.
        ThisMonth = "this_month",
        /// The month before.
        LastMonth = "last_month",
    }
}

impl PlacedIn {
    /// The first day, and the first that is no longer meant; none where it goes on.
    pub fn days(self, today: Day) -> (Day, Option<Day>) {
        let date = today.date();
        let first = today.plus(1 - i32::from(date.day()));
        match self {
            PlacedIn::Today => (today, None),
            PlacedIn::Yesterday => (today.plus(-1), Some(today)),
            PlacedIn::LastSevenDays => (today.plus(-6), None),
            PlacedIn::LastThirtyDays => (today.plus(-29), None),
            PlacedIn::ThisMonth => (first, None),
            PlacedIn::LastMonth => (Day::from_date(first.plus(-1).date().first_of_month()), Some(first)),
        }
    }

    /// The same as instants of a zone.
    pub fn bounds(self, now: Time, zone: &TimeZone) -> (Time, Option<Time>) {
        let (from, until) = self.days(now.day_in(zone));
        (from.start_in(zone), until.map(|day| day.start_in(zone)))
    }
}

/// Whose orders are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Assigned {
    /// Nobody's yet.
    Free,
    /// This agent's.
    To(UserId),
    /// The caller's own, whoever that is.
    Caller,
}

/// Which orders are wanted. Lists are alternatives, an empty one means all; the fields combine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderFilter {
    /// Sold here.
    pub stores: Vec<StoreId>,
    /// Standing here.
    pub states: Vec<OrderState>,
    /// In these places within their states.
    pub substatuses: Vec<String>,
    /// Parcel here.
    pub shipping_states: Vec<ShippingState>,
    /// Paid so far.
    pub payment_states: Vec<PaymentState>,
    /// Paid this way.
    pub payment_methods: Vec<PaymentMethod>,
    /// Call so far.
    pub confirmations: Vec<Confirmation>,
    /// Come from here.
    pub channels: Vec<Channel>,
    /// So urgent.
    pub priorities: Vec<Priority>,
    /// Going there: keys as in `Order::province_key`, e.g. `DZ:31`.
    pub provinces: Vec<String>,
    /// To these towns, as orders name them.
    pub cities: Vec<String>,
    /// With one of these variants among its lines, by SKU.
    pub skus: Vec<String>,
    /// What the lines are asked for the SKUs; filled in when a list is read, so leave it empty.
    pub variants: Vec<VariantId>,
    /// This person's.
    pub customer: Option<CustomerId>,
    /// These agents', or nobody's.
    pub assigned: Vec<Assigned>,
    /// Placed from here on.
    pub placed_from: Option<Time>,
    /// Placed before.
    pub placed_until: Option<Time>,
    /// Placed on this day of their store.
    pub placed_on: Option<Day>,
    /// Placed in these days of the caller's first store.
    pub placed_in: Option<PlacedIn>,
    /// Owing at least this, in minor units.
    pub total_from: Option<Amount>,
    /// Owing at most this.
    pub total_to: Option<Amount>,
    /// In this currency. Amounts are only compared within one: where the stores that are asked for sell in several, a
    /// range of amounts must name it.
    pub currency: Option<Currency>,
    /// Whether held back.
    pub is_held: Option<bool>,
    /// Held back for one of these kinds of reasons.
    pub hold_kinds: Vec<String>,
    /// Whether somebody passed it up the team and waits for an answer.
    pub is_escalated: Option<bool>,
    /// Whether the place was found in the lists.
    pub place_known: Option<bool>,
    /// With these tags.
    pub tags: TagFilter,
    /// With these values in the team's own fields; all of them must hold.
    pub custom: Vec<CustomTest>,
    /// What the index is asked for the two before; filled in when a list is read, so leave it empty.
    pub facets: Vec<FacetTest>,
    /// Whether in the daily lists.
    pub archived: Archived,
    /// At least one of these holds as well, where there are any. Each is a filter of its own, without groups; `archived`
    /// means nothing in it.
    pub any: Vec<OrderFilter>,
}

/// So many groups of alternatives a filter has at most.
pub const MOST_GROUPS: usize = 5;
/// So many conditions each of them has, and so many values all of them together.
const CONDITIONS: usize = 8;
const VALUES: usize = 200;

impl Default for OrderFilter {
    fn default() -> OrderFilter {
        OrderFilter {
            stores: Vec::new(),
            states: Vec::new(),
            substatuses: Vec::new(),
            shipping_states: Vec::new(),
            payment_states: Vec::new(),
            payment_methods: Vec::new(),
            confirmations: Vec::new(),
            channels: Vec::new(),
            priorities: Vec::new(),
            provinces: Vec::new(),
            cities: Vec::new(),
            skus: Vec::new(),
            variants: Vec::new(),
            customer: None,
            assigned: Vec::new(),
            placed_from: None,
            placed_until: None,
            placed_on: None,
            placed_in: None,
            total_from: None,
            total_to: None,
            currency: None,
            is_held: None,
            hold_kinds: Vec::new(),
            is_escalated: None,
            place_known: None,
            tags: TagFilter::default(),
            custom: Vec::new(),
            facets: Vec::new(),
            archived: Archived::No,
            any: Vec::new(),
        }
    }
}

impl OrderFilter {
    /// Groups of alternatives are few, each asks something, and none has groups of its own. Their places are counted from 1.
    pub fn check_groups(&self) -> Result<(), Error> {
        let mut check = Check::new();
        if self.any.len() > MOST_GROUPS {
            check.push(FieldError::new("any", "filter.groups").with("max", MOST_GROUPS));
        }
        for (place, group) in self.any.iter().enumerate() {
            check.keep(&format!("any.{}", place + 1), group.check_group())?;
        }
        if self.any.iter().map(|group| group.extent().1).sum::<usize>() > VALUES {
            check.push(FieldError::new("any", "filter.values").with("max", VALUES));
        }
        check.done()
    }

    /// One group of alternatives.
    pub fn check_group(&self) -> Result<(), Error> {
        let mut check = Check::new();
        let (conditions, _) = self.extent();
        check.require(conditions > 0, "", "filter.group_empty");
        check.require(self.any.is_empty(), "any", "unknown_field");
        if conditions > CONDITIONS {
            check.push(FieldError::new("", "filter.conditions").with("max", CONDITIONS));
        }
        check.done()
    }

    /// How many conditions it has besides its groups and whether it is archived, and how many values they name.
    fn extent(&self) -> (usize, usize) {
        let lists = [
            self.stores.len(),
            self.states.len(),
            self.substatuses.len(),
            self.shipping_states.len(),
            self.payment_states.len(),
            self.payment_methods.len(),
            self.confirmations.len(),
            self.channels.len(),
            self.priorities.len(),
            self.provinces.len(),
            self.cities.len(),
            self.skus.len(),
            self.assigned.len(),
            self.hold_kinds.len(),
            self.tags.any.len(),
            self.tags.all.len(),
            self.tags.none.len(),
        ];
        let asked = [
            self.customer.is_some(),
            self.placed_from.is_some() || self.placed_until.is_some(),
            self.placed_on.is_some(),
            self.placed_in.is_some(),
            self.total_from.is_some() || self.total_to.is_some() || self.currency.is_some(),
            self.is_held.is_some(),
            self.is_escalated.is_some(),
            self.place_known.is_some(),
        ];
        let single = asked.into_iter().filter(|is_asked| *is_asked).count() + self.custom.len();
        (lists.into_iter().filter(|values| *values > 0).count() + single, lists.into_iter().sum::<usize>() + single)
    }

    /// The same as an index can serve it: narrowed to what the caller may see, tags and fields looked up. None when
    /// nothing is left. Statements only where tags, fields, SKUs, currencies or moving days are asked for.
    pub(crate) fn seen(&self, tx: &mut Tx, ctx: &Ctx) -> Result<Option<OrderFilter>, Error> {
        self.check_groups()?;
        let Some(looked_up) = self.clone().looked_up(tx, ctx, None)? else { return Ok(None) };
        let Some(mut seen) = looked_up.narrowed(ctx.sees()) else { return Ok(None) };
        let groups = std::mem::take(&mut seen.any);
        let has_groups = !groups.is_empty();
        for group in groups {
            // A group that nothing can meet is no alternative.
            if let Some(group) = group.looked_up(tx, ctx, Some(self))? {
                let group = OrderFilter { archived: seen.archived, ..group.settled() };
                if !seen.any.contains(&group) {
                    seen.any.push(group);
                }
            }
        }
        Ok((!has_groups || !seen.any.is_empty()).then_some(seen))
    }

    /// What it names in words, as the tables know it; within another filter where it is a group of that. None when nothing
    /// can meet it.
    fn looked_up(mut self, tx: &mut Tx, ctx: &Ctx, within: Option<&OrderFilter>) -> Result<Option<OrderFilter>, Error> {
        if self.assigned.contains(&Assigned::Caller) {
            // Programs are nobody, so nothing is theirs.
            let own = ctx.user().map(Assigned::To);
            self.assigned = self.assigned.into_iter().filter_map(|one| if one == Assigned::Caller { own } else { Some(one) }).collect();
            if self.assigned.is_empty() {
                return Ok(None);
            }
        }
        self.check_currency(tx, ctx, within)?;
        if !self.in_stores_of_currency(tx, ctx)? {
            return Ok(None);
        }
        if !self.skus.is_empty() {
            // A variant keeps its SKU, and every line that has one bears the variant.
            self.variants = catalogue::by_skus(tx, &std::mem::take(&mut self.skus))?;
            if self.variants.is_empty() {
                return Ok(None);
            }
        }
        if let Some(days) = self.placed_in.take() {
            let reader = Ctx { permissions: [Permission::StoreRead].into_iter().collect(), ..ctx.clone() };
            let zone = access::stores::list(tx, &reader, false)?.into_iter().next().map_or(TimeZone::UTC, |store| store.zone);
            let (from, until) = days.bounds(ctx.now, &zone);
            self.placed_from = Some(self.placed_from.map_or(from, |at| at.max(from)));
            self.placed_until = self.placed_until.into_iter().chain(until).min();
        }
        if !self.tags.is_empty() || !self.custom.is_empty() {
            self.facets = fields::resolve(tx, ctx, Subject::Order, &self.tags, &self.custom)?;
        }
        Ok(Some(self))
    }

    /// A store sells in one currency for ever, so a currency means stores, which have an index. False when no store is
    /// left. One statement, and only where a currency is asked for.
    fn in_stores_of_currency(&mut self, tx: &mut Tx, ctx: &Ctx) -> Result<bool, Error> {
        let Some(currency) = self.currency else { return Ok(true) };
        let reader = Ctx { permissions: [Permission::StoreRead].into_iter().collect(), sees: Sees::everything(), ..ctx.clone() };
        let stores = access::stores::list(tx, &reader, true)?;
        let (some, others): (Vec<_>, Vec<_>) = stores.into_iter().partition(|store| store.currency == currency);
        if !others.is_empty() {
            let is_wanted = |store: &StoreId| self.stores.is_empty() || self.stores.contains(store);
            self.stores = some.into_iter().map(|store| store.id).filter(is_wanted).collect();
        }
        Ok(others.is_empty() || !self.stores.is_empty())
    }

    /// A range of amounts is of one currency: the one that is named, or the only one that there is. One statement, and only
    /// where amounts are asked for without a currency.
    fn check_currency(&self, tx: &mut Tx, ctx: &Ctx, within: Option<&OrderFilter>) -> Result<(), Error> {
        let is_named = self.currency.or(within.and_then(|within| within.currency)).is_some();
        if is_named || (self.total_from.is_none() && self.total_to.is_none()) {
            return Ok(());
        }
        let reader = Ctx { permissions: [Permission::StoreRead].into_iter().collect(), ..ctx.clone() };
        let stores = access::stores::list(tx, &reader, true)?;
        let mut known: Vec<&str> = Vec::new();
        let is_wanted = |filter: &OrderFilter, store: &StoreId| filter.stores.is_empty() || filter.stores.contains(store);
        for store in stores.iter().filter(|store| is_wanted(self, &store.id) && within.is_none_or(|within| is_wanted(within, &store.id))) {
            if !known.contains(&store.currency.code()) {
                known.push(store.currency.code());
            }
        }
        if known.len() > 1 { Err(Error::field("currency", "currency.needed").with("known", known.join(", "))) } else { Ok(()) }
    }

    /// The same, narrowed to what somebody may see; none when nothing is left. It says the same as
    /// [`Sees::clause`], as a filter.
    fn narrowed(&self, sees: &Sees) -> Option<OrderFilter> {
        let mut narrow = self.clone().settled();
        if let Stores::These(stores) = &sees.stores {
            let wanted = |store: &StoreId| self.stores.is_empty() || self.stores.contains(store);
            narrow.stores = stores.iter().copied().filter(wanted).collect();
            if narrow.stores.is_empty() {
                return None;
            }
        }
        let allowed = match sees.agents {
            Agents::All => return Some(narrow),
            Agents::Own(user) => vec![Assigned::To(user)],
            Agents::OwnAndFree(user) => vec![Assigned::Free, Assigned::To(user)],
        };
        let wanted = |one: &Assigned| self.assigned.is_empty() || self.assigned.contains(one);
        narrow.assigned = allowed.into_iter().filter(wanted).collect();
        if narrow.assigned.is_empty() { None } else { Some(narrow) }
    }

    /// The same as indexes find it.
    fn settled(self) -> OrderFilter {
        let mut settled = self.with_hours().without_twins();
        if !settled.hold_kinds.is_empty() {
            // The index of what is held back leads.
            settled.is_held = settled.is_held.or(Some(true));
        }
        settled
    }

    /// A day of a store begins and ends somewhere in these hours, wherever the store is; they let an
    /// index find the day.
    pub(crate) fn with_hours(mut self) -> OrderFilter {
        if let Some(day) = self.placed_on {
            let midnight = Time(i64::from(day.0) * Time::DAY);
            let from = midnight.plus_us(-14 * Time::HOUR);
            let until = midnight.plus_us(Time::DAY + 12 * Time::HOUR);
            self.placed_from = Some(self.placed_from.map_or(from, |at| at.max(from)));
            self.placed_until = Some(self.placed_until.map_or(until, |at| at.min(until)));
        }
        self
    }

    /// Each alternative once, so that each is read once.
    fn without_twins(mut self) -> OrderFilter {
        fn once<T: PartialEq>(some: &mut Vec<T>) {
            let mut kept: Vec<T> = Vec::with_capacity(some.len());
            for one in some.drain(..) {
                if !kept.contains(&one) {
                    kept.push(one);
                }
            }
            *some = kept;
        }
        once(&mut self.stores);
        once(&mut self.states);
        once(&mut self.substatuses);
        once(&mut self.shipping_states);
        once(&mut self.payment_states);
        once(&mut self.confirmations);
        once(&mut self.channels);
        once(&mut self.priorities);
        once(&mut self.hold_kinds);
        once(&mut self.provinces);
        once(&mut self.payment_methods);
        once(&mut self.cities);
        once(&mut self.skus);
        once(&mut self.assigned);
        self
    }

    /// Whether the counters can say how many there are: nothing but stores and states is asked.
    pub(crate) fn is_counted(&self) -> bool {
        let plain = OrderFilter { stores: self.stores.clone(), states: self.states.clone(), archived: self.archived, ..OrderFilter::default() };
        *self == plain
    }
}

/// Where a page begins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum PageStart {
    /// At the beginning.
    #[default]
    First,
    /// After the place that an earlier page answered as `next_cursor`.
    Cursor(String),
    /// At this page, counted from 1; within the first 10,000 orders. Farther jumps go by date.
    Number(u32),
}

/// Which part of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// At most so many; 1 to 200.
    pub limit: u32,
    /// Where it begins.
    pub start: PageStart,
    /// The order of the list.
    pub sort: Sort,
    /// Whether to say how many there are in all.
    pub with_total: bool,
}

impl Default for Page {
    fn default() -> Page {
        Page { limit: 50, start: PageStart::First, sort: Sort::default(), with_total: true }
    }
}

/// How many orders a list has in all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Total {
    /// Exactly so many.
    Exact(i64),
    /// This many, and more.
    AtLeast(i64),
}

/// A page of orders.
#[derive(Clone, Debug)]
pub struct OrderPage {
    /// The orders.
    pub items: Vec<OrderRow>,
    /// Where the next page begins; none when this is the last.
    pub next_cursor: Option<String>,
    /// How many there are in all, when it was asked.
    pub total: Option<Total>,
}

/// The farthest that page numbers reach: so many orders may be skipped.
pub(crate) const SKIPPED: u32 = 10_000;
/// What a total is counted to.
pub(crate) const COUNTED: i64 = 10_000;

/// What somebody typed into the search box, and what else shall hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    /// Number, reference, telephone, name, product, SKU, tracking number, agent, date or amount.
    pub text: String,
    /// What else shall hold; by default archived orders are not found.
    pub filter: OrderFilter,
    /// At most so many; 1 to 200; 50 when 0.
    pub limit: u32,
    /// Where an earlier search stopped looking, to look farther.
    pub older: Option<String>,
}

/// What a search found: exact hits first, then the newest.
#[derive(Clone, Debug)]
pub struct SearchPage {
    /// The orders.
    pub items: Vec<OrderRow>,
    /// Set when there are older orders that were not looked at; [`Search::older`] goes on from there.
    pub older: Option<String>,
}

#[cfg(test)]
mod tests {
    use kernel::Id;

    use super::*;

    #[test]
    fn what_is_seen_is_a_narrower_filter() {
        let (store, other, user) = (StoreId::from_i64(1), StoreId::from_i64(2), UserId::from_i64(3));
        let sees = Sees { stores: Stores::These(vec![store]), agents: Agents::OwnAndFree(user) };
        let all = OrderFilter::default();
        let seen = all.narrowed(&sees).unwrap();
        assert_eq!((seen.stores, seen.assigned), (vec![store], vec![Assigned::Free, Assigned::To(user)]));
        assert_eq!(OrderFilter { stores: vec![other], ..all.clone() }.narrowed(&sees), None);
        assert_eq!(OrderFilter { assigned: vec![Assigned::To(UserId::from_i64(9))], ..all.clone() }.narrowed(&sees), None);
        assert_eq!(all.narrowed(&Sees::everything()).unwrap(), all);
        assert!(all.is_counted() && OrderFilter { stores: vec![store], ..all.clone() }.is_counted());
        assert!(!OrderFilter { is_held: Some(true), ..all }.is_counted());
    }

    #[test]
    fn days_move_on_with_the_calendar() {
        let day = |text: &str| Day::parse(text).unwrap();
        let of = |span: PlacedIn, today: &str| {
            let (from, until) = span.days(day(today));
            (from.to_string(), until.map(|day| day.to_string()).unwrap_or_default())
        };
        let expected = |from: &str, until: &str| (from.to_owned(), until.to_owned());
        assert_eq!(of(PlacedIn::Today, "2026-03-01"), expected("2026-03-01", ""));
        assert_eq!(of(PlacedIn::Yesterday, "2026-03-01"), expected("2026-02-28", "2026-03-01"));
        assert_eq!(of(PlacedIn::LastSevenDays, "2026-03-01"), expected("2026-02-23", ""));
        assert_eq!(of(PlacedIn::ThisMonth, "2026-03-31"), expected("2026-03-01", ""));
        assert_eq!(of(PlacedIn::LastMonth, "2026-01-15"), expected("2025-12-01", "2026-01-01"));
    }
}
