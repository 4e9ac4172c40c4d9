//! What a dashboard is about: whose, of which store, of which days, compared with which.

use std::sync::Arc;

use base::Ctx;
use db::Tx;
use jiff::tz::TimeZone;
use kernel::{Currency, Day, Error, StoreId, Time};

use crate::format::Format;
use crate::pages::context::Reader;
use crate::pages::view::Choosable;
use crate::words::Words;

/// The days that figures are of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Period {
    Today,
    Yesterday,
    Week,
    Month,
}

/// Every period: its word in the address and its message.
const PERIODS: &[(Period, &str, &str)] = &[
    (Period::Today, "", "dash-today"),
    (Period::Yesterday, "yesterday", "dash-yesterday"),
    (Period::Week, "week", "dash-week"),
    (Period::Month, "month", "dash-month"),
];

/// What the address asks for; what it names and nobody knows is left out.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Asked {
    period: Option<Period>,
    store: Option<StoreId>,
}

impl Asked {
    pub(super) fn read(query: &str) -> Asked {
        let mut asked = Asked::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "period" => asked.period = PERIODS.iter().find(|(_, word, _)| *word == value).map(|(period, ..)| *period),
                "store" => asked.store = value.parse().ok(),
                _ => {}
            }
        }
        asked
    }
}

/// Days from one to another, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) from: Day,
    pub(super) to: Day,
}

impl Span {
    pub(super) fn has(&self, day: Day) -> bool {
        self.from <= day && day <= self.to
    }

    /// The days, in their order.
    pub(super) fn days(&self) -> Vec<Day> {
        let mut days = Vec::new();
        let mut day = self.from;
        while day <= self.to {
            days.push(day);
            day = day.plus(1);
        }
        days
    }
}

impl Period {
    /// The days of the period, and those that it is compared with: the same days of the week before, or as many days before.
    pub(super) fn spans(self, today: Day) -> (Span, Span) {
        let span = |from: i32, to: i32| Span { from: today.plus(from), to: today.plus(to) };
        match self {
            Period::Today => (span(0, 0), span(-7, -7)),
            Period::Yesterday => (span(-1, -1), span(-8, -8)),
            Period::Week => (span(-6, 0), span(-13, -7)),
            Period::Month => (span(-29, 0), span(-59, -30)),
        }
    }
}

/// Everything that the cards of one dashboard share.
#[derive(Clone)]
pub(super) struct Scope(Arc<Inner>);

struct Inner {
    reader: Reader,
    say: Words,
    format: Format,
    zone: TimeZone,
    currency: Currency,
    now: Time,
    period: Period,
    store: Option<StoreId>,
}

impl Scope {
    pub(super) fn load(tx: &mut Tx, ctx: &Ctx, asked: &Asked) -> Result<Scope, Error> {
        let reader = Reader::load(tx, ctx)?;
        // A store that the reader does not see is as good as none.
        let chosen = reader.stores.iter().find(|store| Some(store.id) == asked.store);
        let home = chosen.or(reader.stores.first());
        let (zone, currency) = home.map_or((TimeZone::UTC, Currency::DZD), |store| (store.zone.clone(), store.currency));
        let format = match home {
            Some(store) => reader.format(ctx).of_store(store.number_style, &store.zone),
            None => reader.format(ctx),
        };
        let store = chosen.map(|store| store.id);
        let period = asked.period.unwrap_or(Period::Today);
        Ok(Scope(Arc::new(Inner { reader, say: Words { locale: ctx.locale }, format, zone, currency, now: ctx.now, period, store })))
    }

    pub(super) fn reader(&self) -> &Reader {
        &self.0.reader
    }

    pub(super) fn say(&self) -> Words {
        self.0.say
    }

    pub(super) fn format(&self) -> &Format {
        &self.0.format
    }

    pub(super) fn currency(&self) -> Currency {
        self.0.currency
    }

    pub(super) fn now(&self) -> Time {
        self.0.now
    }

    pub(super) fn period(&self) -> Period {
        self.0.period
    }

    pub(super) fn store(&self) -> Option<StoreId> {
        self.0.store
    }

    pub(super) fn today(&self) -> Day {
        self.0.now.day_in(&self.0.zone)
    }

    /// When a day begins where the store is.
    pub(super) fn start_of(&self, day: Day) -> Time {
        day.start_in(&self.0.zone)
    }

    /// Whether figures of this store are wanted.
    pub(super) fn wants(&self, store: StoreId) -> bool {
        self.0.store.is_none_or(|wanted| wanted == store)
    }

    /// The hour on the wall.
    fn hour(&self) -> i64 {
        self.now().since_us(self.start_of(self.today())).div_euclid(Time::HOUR)
    }

    pub(super) fn greeting(&self, ctx: &Ctx) -> String {
        let name = &self.0.reader.me.user.name;
        let first = name.split_whitespace().next().unwrap_or(name);
        let key = match self.hour() {
            5..12 => "dash-morning",
            12..18 => "dash-afternoon",
            _ => "dash-evening",
        };
        Words { locale: ctx.locale }.one(key, "name", first)
    }

    pub(super) fn subtitle(&self) -> String {
        let (format, now) = (&self.0.format, self.0.now);
        let values = [("day", format.day(self.today())), ("time", format.clock(now))];
        self.say().with("dash-as-of", &values)
    }

    /// The address of this dashboard.
    pub(super) fn here(&self) -> String {
        self.url(self.0.period, self.0.store)
    }

    fn url(&self, period: Period, store: Option<StoreId>) -> String {
        let word = PERIODS.iter().find(|(one, ..)| *one == period).map_or("", |(_, word, _)| *word);
        let mut query = form_urlencoded::Serializer::new(String::new());
        if !word.is_empty() {
            query.append_pair("period", word);
        }
        if let Some(store) = store {
            query.append_pair("store", &store.to_string());
        }
        let query = query.finish();
        if query.is_empty() { "/app".to_owned() } else { format!("/app?{query}") }
    }

    pub(super) fn periods(&self) -> Vec<Choosable> {
        let choice = |(period, _, key): &(Period, &str, &str)| Choosable {
            value: self.url(*period, self.0.store),
            label: self.say().t(key),
            is_chosen: *period == self.0.period,
        };
        PERIODS.iter().map(choice).collect()
    }

    pub(super) fn period_name(&self) -> String {
        PERIODS.iter().find(|(period, ..)| *period == self.0.period).map_or_else(String::new, |(_, _, key)| self.say().t(key))
    }

    /// The stores to choose from, when there are several.
    pub(super) fn stores(&self) -> Vec<Choosable> {
        if self.0.reader.stores.len() < 2 {
            return Vec::new();
        }
        let all = Choosable { value: self.url(self.0.period, None), label: self.say().t("dash-all-stores"), is_chosen: self.0.store.is_none() };
        let one = |store: &access::Store| Choosable {
            value: self.url(self.0.period, Some(store.id)),
            label: store.name.clone(),
            is_chosen: self.0.store == Some(store.id),
        };
        [all].into_iter().chain(self.0.reader.stores.iter().map(one)).collect()
    }

    pub(super) fn store_name(&self) -> String {
        let found = self.0.reader.stores.iter().find(|store| Some(store.id) == self.0.store);
        found.map_or_else(|| self.say().t("dash-all-stores"), |store| store.name.clone())
    }

    /// The list of orders, of this store, with further parameters.
    pub(super) fn orders(&self, pairs: &[(&str, String)]) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(pairs);
        if let Some(store) = self.0.store {
            query.append_pair("store", &store.to_string());
        }
        let query = query.finish();
        if query.is_empty() { "/app/orders".to_owned() } else { format!("/app/orders?{query}") }
    }

    /// The orders that were placed in a span of days.
    pub(super) fn placed(&self, span: Span, view: &str) -> String {
        self.orders(&[("view", view.to_owned()), ("from", span.from.to_string()), ("to", span.to.to_string())])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_compared_with_the_same_day_of_the_week_before() {
        let today = Day::parse("2026-11-22").unwrap();
        let check = |period: Period, now: (&str, &str), before: (&str, &str)| {
            let (one, other) = period.spans(today);
            let text = |span: Span| (span.from.to_string(), span.to.to_string());
            assert_eq!((text(one), text(other)), ((now.0.into(), now.1.into()), (before.0.into(), before.1.into())), "{period:?}");
            assert_eq!(one.days().len(), other.days().len());
        };
        check(Period::Today, ("2026-11-22", "2026-11-22"), ("2026-11-15", "2026-11-15"));
        check(Period::Yesterday, ("2026-11-21", "2026-11-21"), ("2026-11-14", "2026-11-14"));
        check(Period::Week, ("2026-11-16", "2026-11-22"), ("2026-11-09", "2026-11-15"));
        check(Period::Month, ("2026-10-24", "2026-11-22"), ("2026-09-24", "2026-10-23"));
    }

    #[test]
    fn an_address_of_nobody_asks_for_today() {
        assert_eq!(Asked::read("period=century&store=rubbish&x=1").period, None);
        assert_eq!(Asked::read("period=week").period, Some(Period::Week));
    }
}
