//! A store's calendar: when somebody is there. Pure.
//!
//! Hours are wall-clock times of the store's zone, several spans a day; a span whose end is not after
//! its beginning ends the next day. A holiday has no spans of its own, but the night before still runs
//! into it. In a Ramadan range (or any other) other weekly hours hold. Where a clock is set forward, a
//! time that does not exist is read as the same distance after the gap; where it is set back, the
//! earlier one counts (RFC 5545).

use std::collections::BTreeSet;

use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use kernel::{Check, Day, Error, Time};
use serde::{Deserialize, Serialize};

/// How far [`StoreCalendar::next_open`] looks.
const HORIZON_DAYS: i32 = 800;
const MINUTES_OF_DAY: u16 = 1_440;

/// A span of a day in minutes after midnight. From 0 to 1,440; an end that is not after the beginning is of the next day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// Minute of the day from which on somebody is there, 0 to 1,439.
    pub opens: u16,
    /// Minute of the day (or the next) from which on nobody is, 0 to 1,440.
    pub closes: u16,
}

impl Span {
    /// From `hour:minute` to `hour:minute`.
    pub fn of(opens: (u16, u16), closes: (u16, u16)) -> Span {
        Span { opens: opens.0 * 60 + opens.1, closes: closes.0 * 60 + closes.1 }
    }

    fn passes_midnight(self) -> bool {
        self.closes <= self.opens
    }
}

/// The hours of a week, each day with its spans.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WeeklyHours {
    /// Of Monday.
    pub monday: Vec<Span>,
    /// Of Tuesday.
    pub tuesday: Vec<Span>,
    /// Of Wednesday.
    pub wednesday: Vec<Span>,
    /// Of Thursday.
    pub thursday: Vec<Span>,
    /// Of Friday.
    pub friday: Vec<Span>,
    /// Of Saturday.
    pub saturday: Vec<Span>,
    /// Of Sunday.
    pub sunday: Vec<Span>,
}

impl WeeklyHours {
    /// The same spans on these days.
    pub fn on(days: &[Weekday], spans: &[Span]) -> WeeklyHours {
        let mut week = WeeklyHours::default();
        for day in days {
            *week.day_mut(*day) = spans.to_vec();
        }
        week
    }

    /// Of one day.
    pub fn day(&self, day: Weekday) -> &[Span] {
        match day {
            Weekday::Monday => &self.monday,
            Weekday::Tuesday => &self.tuesday,
            Weekday::Wednesday => &self.wednesday,
            Weekday::Thursday => &self.thursday,
            Weekday::Friday => &self.friday,
            Weekday::Saturday => &self.saturday,
            Weekday::Sunday => &self.sunday,
        }
    }

    fn day_mut(&mut self, day: Weekday) -> &mut Vec<Span> {
        match day {
            Weekday::Monday => &mut self.monday,
            Weekday::Tuesday => &mut self.tuesday,
            Weekday::Wednesday => &mut self.wednesday,
            Weekday::Thursday => &mut self.thursday,
            Weekday::Friday => &mut self.friday,
            Weekday::Saturday => &mut self.saturday,
            Weekday::Sunday => &mut self.sunday,
        }
    }

    fn check(&self, field: &str, check: &mut Check) {
        for (name, spans) in [
            ("monday", &self.monday),
            ("tuesday", &self.tuesday),
            ("wednesday", &self.wednesday),
            ("thursday", &self.thursday),
            ("friday", &self.friday),
            ("saturday", &self.saturday),
            ("sunday", &self.sunday),
        ] {
            check.require(spans.len() <= 12, format!("{field}.{name}"), "calendar.spans");
            for (at, span) in spans.iter().enumerate() {
                let holds = span.opens < MINUTES_OF_DAY && span.closes <= MINUTES_OF_DAY;
                check.require(holds, format!("{field}.{name}[{at}]"), "calendar.span");
            }
        }
    }
}

/// Days on which other hours hold: Ramadan, a sale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpecialRange {
    /// What it is, for people.
    pub name: String,
    /// The first day.
    pub from: Day,
    /// The last day, included.
    pub to: Day,
    /// Its hours.
    pub hours: WeeklyHours,
}

/// When somebody is there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoreCalendar {
    /// Whose clock the hours are of; an IANA name in JSON.
    #[serde(with = "zone_name")]
    pub zone: TimeZone,
    /// The usual hours.
    pub hours: WeeklyHours,
    /// Days without hours.
    #[serde(default)]
    pub holidays: BTreeSet<Day>,
    /// Days with other hours; where ranges overlap, the first one counts.
    #[serde(default)]
    pub ranges: Vec<SpecialRange>,
}

impl StoreCalendar {
    /// Usual hours alone.
    pub fn new(zone: TimeZone, hours: WeeklyHours) -> StoreCalendar {
        StoreCalendar { zone, hours, holidays: BTreeSet::new(), ranges: Vec::new() }
    }

    /// `Invalid` with every span and range that cannot be.
    pub fn check(&self) -> Result<(), Error> {
        let mut check = Check::new();
        self.hours.check("hours", &mut check);
        for (at, range) in self.ranges.iter().enumerate() {
            check.require(range.from <= range.to, format!("ranges[{at}].to"), "calendar.range");
            range.hours.check(&format!("ranges[{at}].hours"), &mut check);
        }
        check.done()
    }

    /// Whether somebody is there at this moment. The end of a span is not part of it.
    pub fn is_open(&self, at: Time) -> bool {
        let today = at.day_in(&self.zone);
        // A span of yesterday may pass midnight.
        (-1..=0).any(|back| self.spans_of(today.plus(back)).any(|(opens, closes)| opens <= at && at < closes))
    }

    /// This moment when somebody is there, else the next one at which somebody comes; `None` when
    /// nobody does within 800 days.
    pub fn next_open(&self, at: Time) -> Option<Time> {
        if self.is_open(at) {
            return Some(at);
        }
        let today = at.day_in(&self.zone);
        // Spans of a day begin on that day or, after a gap at its end, a little later: one day more
        // than the first find cannot bring an earlier one, because days follow each other.
        (-1..=HORIZON_DAYS).find_map(|ahead| self.spans_of(today.plus(ahead)).map(|(opens, _)| opens).filter(|opens| *opens >= at).min())
    }

    /// Whole minutes between two moments in which somebody was there; 0 when `to` is not after `from`.
    pub fn business_minutes_between(&self, from: Time, to: Time) -> i64 {
        if to <= from {
            return 0;
        }
        let (first, last) = (from.day_in(&self.zone).plus(-1), to.day_in(&self.zone));
        let mut total_us = 0;
        let mut counted_until = from;
        // By beginning, across days: what overlaps is counted once.
        let mut spans: Vec<(Time, Time)> = (first.0..=last.0).flat_map(|day| self.spans_of(Day(day)).collect::<Vec<_>>()).collect();
        spans.sort();
        for (opens, closes) in spans {
            let (opens, closes) = (opens.max(counted_until), closes.min(to));
            if opens < closes {
                total_us += closes.since_us(opens);
                counted_until = closes;
            }
        }
        total_us / Time::MINUTE
    }

    /// The moment at which somebody has been there for so many minutes since `from`; without minutes, the
    /// next moment at which somebody is there. `None` when that does not come within 800 days.
    pub fn after_business_minutes(&self, from: Time, minutes: i64) -> Option<Time> {
        let last = from.plus_us(i64::from(HORIZON_DAYS) * Time::DAY);
        let mut left_us = minutes.max(0).saturating_mul(Time::MINUTE);
        let mut at = self.next_open(from)?;
        while at <= last {
            let today = at.day_in(&self.zone);
            let around = (-1..=0).flat_map(|back| self.spans_of(today.plus(back)).collect::<Vec<_>>());
            let closes = around.filter(|(opens, closes)| *opens <= at && at < *closes).map(|(_, closes)| closes).max()?;
            let open_us = closes.since_us(at);
            if left_us <= open_us {
                return Some(at.plus_us(left_us));
            }
            left_us -= open_us;
            at = self.next_open(closes)?;
        }
        None
    }

    /// The spans that begin on a day, as instants; empty ones left out.
    fn spans_of(&self, day: Day) -> impl Iterator<Item = (Time, Time)> + '_ {
        let spans = if self.holidays.contains(&day) { &[] } else { self.hours_on(day).day(day.date().weekday()) };
        spans.iter().filter_map(move |span| {
            let closing_day = if span.passes_midnight() { day.plus(1) } else { day };
            let (opens, closes) = (self.instant(day, span.opens), self.instant(closing_day, span.closes));
            (opens < closes).then_some((opens, closes))
        })
    }

    fn hours_on(&self, day: Day) -> &WeeklyHours {
        let range = self.ranges.iter().find(|range| range.from <= day && day <= range.to);
        range.map_or(&self.hours, |range| &range.hours)
    }

    fn instant(&self, day: Day, minute: u16) -> Time {
        let day = day.plus(i32::from(minute / MINUTES_OF_DAY));
        let minute = minute % MINUTES_OF_DAY;
        let local = day.date().at((minute / 60) as i8, (minute % 60) as i8, 0, 0);
        Time(self.zone.to_timestamp(local).map_or(0, |instant| instant.as_microsecond()))
    }
}

/// A zone in JSON is its IANA name.
mod zone_name {
    use jiff::tz::TimeZone;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(zone: &TimeZone, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(zone.iana_name().unwrap_or("UTC"))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<TimeZone, D::Error> {
        let name = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        TimeZone::get(&name).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SHOP_DAYS: [Weekday; 5] = [Weekday::Sunday, Weekday::Monday, Weekday::Tuesday, Weekday::Wednesday, Weekday::Thursday];

    fn zone(name: &str) -> TimeZone {
        TimeZone::get(name).unwrap()
    }

    fn at(text: &str, zone: &TimeZone) -> Time {
        Time::parse_local(text, zone).unwrap()
    }

    fn algiers() -> StoreCalendar {
        let spans = [Span::of((8, 0), (12, 0)), Span::of((13, 0), (17, 0))];
        let mut calendar = StoreCalendar::new(zone("Africa/Algiers"), WeeklyHours::on(&SHOP_DAYS, &spans));
        calendar.holidays.insert(Day::parse("2026-11-01").unwrap());
        let night = WeeklyHours::on(&SHOP_DAYS, &[Span::of((10, 0), (15, 0)), Span::of((20, 30), (0, 30))]);
        let day = |text: &str| Day::parse(text).unwrap();
        calendar.ranges.push(SpecialRange { name: "Ramadan".into(), from: day("2026-02-18"), to: day("2026-03-19"), hours: night });
        calendar
    }

    #[track_caller]
    fn check(now: &str, expected: &str) {
        let calendar = algiers();
        let now = at(now, &calendar.zone);
        let next = calendar.next_open(now).unwrap();
        assert_eq!(next.timestamp().to_zoned(calendar.zone.clone()).strftime("%F %H:%M").to_string(), expected);
        assert_eq!(calendar.is_open(now), next == now);
    }

    #[test]
    fn hours_lunch_weekend_holiday_and_ramadan() {
        check("2026-11-22 09:15", "2026-11-22 09:15");
        check("2026-11-22 12:00", "2026-11-22 13:00");
        check("2026-11-22 17:00", "2026-11-23 08:00");
        check("2026-11-19 18:00", "2026-11-22 08:00");
        // Sunday, 1 November, is a holiday.
        check("2026-10-29 17:30", "2026-11-02 08:00");
        check("2026-03-01 15:30", "2026-03-01 20:30");
        check("2026-03-02 00:15", "2026-03-02 00:15");
        check("2026-03-02 00:30", "2026-03-02 10:00");
        // Thursday's night runs into a Friday without hours.
        check("2026-02-20 00:10", "2026-02-20 00:10");
        check("2026-02-20 00:40", "2026-02-22 10:00");
        // The night of the last day of the range ends in the usual hours' morning.
        check("2026-03-20 00:10", "2026-03-20 00:10");
    }

    #[track_caller]
    fn minutes(from: &str, to: &str, expected: i64) {
        let calendar = algiers();
        assert_eq!(calendar.business_minutes_between(at(from, &calendar.zone), at(to, &calendar.zone)), expected);
    }

    #[test]
    fn business_minutes_are_counted_once() {
        minutes("2026-11-22 09:00", "2026-11-22 09:45", 45);
        minutes("2026-11-22 09:00", "2026-11-22 14:00", 240);
        minutes("2026-11-19 16:00", "2026-11-22 09:00", 120);
        minutes("2026-11-20 00:00", "2026-11-21 23:59", 0);
        minutes("2026-11-22 14:00", "2026-11-22 09:00", 0);
        minutes("2026-02-19 23:30", "2026-02-20 08:00", 60);

        let mut twice = algiers();
        twice.hours.sunday.push(Span::of((8, 0), (17, 0)));
        twice.hours.sunday.push(Span::of((16, 0), (16, 0)));
        let day = at("2026-11-22 00:00", &twice.zone);
        assert_eq!(twice.business_minutes_between(day, day.plus_us(Time::DAY)), 16 * 60, "08:00 to midnight");
    }

    #[track_caller]
    fn deadline(from: &str, minutes: i64, expected: &str) {
        let calendar = algiers();
        let due = calendar.after_business_minutes(at(from, &calendar.zone), minutes).unwrap();
        assert_eq!(due.timestamp().to_zoned(calendar.zone.clone()).strftime("%F %H:%M").to_string(), expected);
    }

    #[test]
    fn a_deadline_counts_the_minutes_in_which_somebody_is_there() {
        deadline("2026-11-22 09:00", 60, "2026-11-22 10:00");
        deadline("2026-11-22 11:30", 60, "2026-11-22 13:30");
        deadline("2026-11-22 16:00", 60, "2026-11-22 17:00");
        deadline("2026-11-22 16:00", 61, "2026-11-23 08:01");
        // Thursday evening, over the weekend, and a whole working day more.
        deadline("2026-11-19 18:00", 9 * 60, "2026-11-23 09:00");
        deadline("2026-11-20 10:00", 0, "2026-11-22 08:00");
        let never = StoreCalendar::new(zone("Africa/Algiers"), WeeklyHours::default());
        assert_eq!(never.after_business_minutes(Time(0), 1), None);
    }

    #[test]
    fn clocks_that_are_set_do_not_lose_or_double_minutes() {
        // Clocks go from 02:00 to 03:00 on 29 March and from 03:00 to 02:00 on 25 October 2026.
        let calendar = StoreCalendar::new(zone("Europe/Paris"), WeeklyHours::on(&[Weekday::Saturday, Weekday::Sunday], &[Span::of((22, 0), (6, 0))]));
        let count = |from: &str, to: &str| calendar.business_minutes_between(at(from, &calendar.zone), at(to, &calendar.zone));
        assert_eq!(count("2026-03-28 20:00", "2026-03-29 12:00"), 7 * 60);
        assert_eq!(count("2026-10-24 20:00", "2026-10-25 12:00"), 9 * 60);
    }

    #[test]
    fn impossible_hours_are_named() {
        let mut calendar = algiers();
        calendar.hours.monday = vec![Span { opens: 1_440, closes: 10 }, Span { opens: 0, closes: 1_440 }];
        calendar.ranges[0].to = Day(0);
        let Err(Error::Invalid(wrong)) = calendar.check() else { panic!("accepted") };
        let fields: Vec<&str> = wrong.iter().map(|one| one.field.as_str()).collect();
        assert_eq!(fields, ["hours.monday[0]", "ranges[0].to"]);
    }

    #[test]
    fn a_calendar_reads_back_from_json() {
        let calendar = algiers();
        let text = serde_json::to_string(&calendar).unwrap();
        assert_eq!(serde_json::from_str::<StoreCalendar>(&text).unwrap(), calendar);
        assert!(serde_json::from_str::<StoreCalendar>(&text.replace("Africa/Algiers", "Africa/Nowhere")).is_err());
    }

    fn any_calendar() -> impl Strategy<Value = StoreCalendar> {
        let zones = prop::sample::select(vec![
            "Africa/Algiers",
            "Asia/Dhaka",
            "Africa/Nairobi",
            "Europe/Paris",
            "America/New_York",
            "Africa/Casablanca",
            "Africa/Cairo",
            "Pacific/Apia",
            "Australia/Lord_Howe",
        ]);
        let span = (0_u16..1_440, 0_u16..=1_440).prop_map(|(opens, closes)| Span { opens, closes });
        let week = prop::collection::vec(prop::collection::vec(span, 0..3), 7).prop_map(|mut days| WeeklyHours {
            monday: days.remove(0),
            tuesday: days.remove(0),
            wednesday: days.remove(0),
            thursday: days.remove(0),
            friday: days.remove(0),
            saturday: days.remove(0),
            sunday: days.remove(0),
        });
        let range = (20_500_i32..20_900, 0_i32..40);
        (zones, week.clone(), prop::collection::btree_set(20_500_i32..20_900, 0..6), prop::option::of((range, week))).prop_map(
            |(name, hours, holidays, range)| StoreCalendar {
                zone: zone(name),
                hours,
                holidays: holidays.into_iter().map(Day).collect(),
                ranges: range
                    .map(|((from, days), hours)| SpecialRange { name: String::new(), from: Day(from), to: Day(from + days), hours })
                    .into_iter()
                    .collect(),
            },
        )
    }

    /// A minute of the years 2026 and 2027, with both changes of every clock in them.
    fn any_minute() -> impl Strategy<Value = Time> {
        (29_500_000_i64..30_000_000).prop_map(|minute| Time(minute * Time::MINUTE))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        #[test]
        fn the_next_opening_is_open_and_nothing_before_it_is(calendar in any_calendar(), now in any_minute()) {
            match calendar.next_open(now) {
                None => prop_assert!(!calendar.is_open(now)),
                Some(next) => {
                    prop_assert!(next >= now && calendar.is_open(next));
                    prop_assert_eq!(calendar.business_minutes_between(now, next), 0);
                    prop_assert!(next == now || !calendar.is_open(next.plus_us(-1)));
                }
            }
        }

        #[test]
        fn minutes_are_what_a_clock_counts(calendar in any_calendar(), from in any_minute(), length in 0_i64..4_000) {
            let counted = (0..length).filter(|minute| calendar.is_open(from.plus_us(minute * Time::MINUTE))).count();
            prop_assert_eq!(calendar.business_minutes_between(from, from.plus_us(length * Time::MINUTE)), counted as i64);
        }

        #[test]
        fn a_deadline_leaves_as_many_minutes_as_it_was_given(calendar in any_calendar(), from in any_minute(), minutes in 0_i64..20_000) {
            if let Some(due) = calendar.after_business_minutes(from, minutes) {
                prop_assert!(due >= from);
                prop_assert_eq!(calendar.business_minutes_between(from, due), minutes);
                prop_assert!(minutes == 0 || calendar.business_minutes_between(from, due.plus_us(-Time::MINUTE)) == minutes - 1);
            }
        }

        #[test]
        fn minutes_add_up(calendar in any_calendar(), from in any_minute(), first in 0_i64..20_000, second in 0_i64..20_000) {
            let middle = from.plus_us(first * Time::MINUTE);
            let to = middle.plus_us(second * Time::MINUTE);
            let parts = calendar.business_minutes_between(from, middle) + calendar.business_minutes_between(middle, to);
            prop_assert_eq!(calendar.business_minutes_between(from, to), parts);
        }
    }
}
