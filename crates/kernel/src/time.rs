//! Instants and days.
//!
//! An instant is microseconds since 1970 in UTC; a day is a day of a store's calendar. Both are
//! whole numbers in the database and text (RFC 3339, ISO 8601) everywhere people look.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::value::{Column, ColumnError, ToValue, Value};

/// An instant, microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(pub i64);

impl Time {
    /// One second in microseconds.
    pub const SECOND: i64 = 1_000_000;
    /// One minute in microseconds.
    pub const MINUTE: i64 = 60 * Time::SECOND;
    /// One hour in microseconds.
    pub const HOUR: i64 = 60 * Time::MINUTE;
    /// Twenty-four hours in microseconds.
    pub const DAY: i64 = 24 * Time::HOUR;

    /// Reads an RFC 3339 instant; the offset is required.
    pub fn parse(text: &str) -> Option<Time> {
        let timestamp: Timestamp = text.trim().parse().ok()?;
        Some(Time(timestamp.as_microsecond()))
    }

    /// Reads a local time without offset (`2017-10-02 10:56:33`) as of a zone.
    pub fn parse_local(text: &str, zone: &TimeZone) -> Option<Time> {
        let local: jiff::civil::DateTime = text.trim().parse().ok()?;
        Some(Time(zone.to_timestamp(local).ok()?.as_microsecond()))
    }

    /// This many microseconds later.
    #[must_use]
    pub fn plus_us(self, us: i64) -> Time {
        Time(self.0.saturating_add(us))
    }

    /// This many seconds later.
    #[must_use]
    pub fn plus_s(self, seconds: i64) -> Time {
        self.plus_us(seconds.saturating_mul(Time::SECOND))
    }

    /// Microseconds since an earlier instant; negative when it is later.
    pub fn since_us(self, earlier: Time) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// The day on a store's wall calendar.
    pub fn day_in(self, zone: &TimeZone) -> Day {
        Day::from_date(zone.to_datetime(self.timestamp()).date())
    }

    /// As a library instant, for zones and formatting. Instants beyond the years that calendars
    /// know are clamped.
    pub fn timestamp(self) -> Timestamp {
        Timestamp::from_microsecond(self.0).unwrap_or(if self.0 < 0 { Timestamp::MIN } else { Timestamp::MAX })
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.timestamp().fmt(f)
    }
}

impl serde::Serialize for Time {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Time {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Time, D::Error> {
        let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
        Time::parse(&text).ok_or_else(|| serde::de::Error::custom("expected an RFC 3339 instant such as 2026-11-21T09:00:00Z"))
    }
}

impl ToValue for Time {
    fn to_value(&self) -> Value {
        Value::Int(self.0)
    }
}

impl Column for Time {
    fn from_value(value: Value) -> Result<Time, ColumnError> {
        i64::from_value(value).map(Time)
    }
}

/// A day of a store's calendar, counted from 1970-01-01.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i32);

impl Day {
    /// Reads `2026-11-21`.
    pub fn parse(text: &str) -> Option<Day> {
        let date: Date = text.trim().parse().ok()?;
        Some(Day::from_date(date))
    }

    /// From a calendar date.
    pub fn from_date(date: Date) -> Day {
        Day(date.since(EPOCH).map_or(0, |span| span.get_days()))
    }

    /// As a calendar date; days beyond the years that calendars know are clamped.
    pub fn date(self) -> Date {
        EPOCH.saturating_add(jiff::Span::new().try_days(self.0).unwrap_or_default())
    }

    /// The first instant of the day in a zone.
    pub fn start_in(self, zone: &TimeZone) -> Time {
        let start = self.date().at(0, 0, 0, 0);
        Time(zone.to_timestamp(start).map_or(0, |timestamp| timestamp.as_microsecond()))
    }

    /// This many days later.
    #[must_use]
    pub fn plus(self, days: i32) -> Day {
        Day(self.0.saturating_add(days))
    }
}

const EPOCH: Date = jiff::civil::date(1970, 1, 1);

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.date().fmt(f)
    }
}

impl serde::Serialize for Day {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Day {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Day, D::Error> {
        let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
        Day::parse(&text).ok_or_else(|| serde::de::Error::custom("expected a date such as 2026-11-21"))
    }
}

impl ToValue for Day {
    fn to_value(&self) -> Value {
        Value::Int(i64::from(self.0))
    }
}

impl Column for Day {
    fn from_value(value: Value) -> Result<Day, ColumnError> {
        i32::from_value(value).map(Day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_and_days_read_back() {
        let at = Time::parse("2026-11-21T09:00:00+01:00").unwrap();
        assert_eq!(at.to_string(), "2026-11-21T08:00:00Z");
        assert_eq!(Time::parse("2026-02-30T09:00:00Z"), None);
        assert_eq!(Time::parse("2026-11-21T09:00:00"), None, "an offset is required");
        assert_eq!(Day::parse("2026-11-21").unwrap().to_string(), "2026-11-21");
        assert_eq!(Day::parse("1969-12-31").unwrap(), Day(-1));
    }

    #[test]
    fn a_day_is_a_day_of_the_store() {
        let algiers = TimeZone::get("Africa/Algiers").unwrap();
        let late = Time::parse("2026-11-21T23:30:00Z").unwrap();
        assert_eq!(late.day_in(&algiers).to_string(), "2026-11-22");
        assert_eq!(late.day_in(&algiers).start_in(&algiers).to_string(), "2026-11-21T23:00:00Z");
    }
}
