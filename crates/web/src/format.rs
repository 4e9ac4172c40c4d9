//! Numbers, money, dates and spans of time as one reader of one store reads them.
//!
//! A page follows its reader: French parts thousands by a narrow space and decimals by a comma, English and Arabic by comma and
//! point. A store that writes `12.900,50` writes so for everybody, because its people would misread the others. Digits are western.
//! Days and hours are those of the store's zone. Nothing here is stored.

use jiff::tz::TimeZone;
use kernel::{Amount, Currency, Day, Locale, NumberStyle, Time};

use crate::words::Words;

/// Keeps a number and its unit on one line.
const NO_BREAK: char = '\u{a0}';
/// Parts the thousands in French.
const NARROW: char = '\u{202f}';

const MONTHS: [&str; 12] =
    ["time-jan", "time-feb", "time-mar", "time-apr", "time-may", "time-jun", "time-jul", "time-aug", "time-sep", "time-oct", "time-nov", "time-dec"];

/// How one reader reads.
#[derive(Clone, Debug)]
pub(crate) struct Format {
    say: Words,
    style: NumberStyle,
    zone: TimeZone,
    now: Time,
}

/// An amount in three parts, so that the page can subdue the unit: what stands before the number, the number, what stands after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MoneyParts {
    pub(crate) before: String,
    pub(crate) number: String,
    pub(crate) after: String,
}

/// What there is of these, with a dot between.
pub(crate) fn dotted<'a>(parts: impl IntoIterator<Item = &'a Option<String>>) -> String {
    let filled: Vec<&str> = parts.into_iter().flatten().map(String::as_str).filter(|part| !part.is_empty()).collect();
    filled.join(" · ")
}

impl Format {
    /// For a reader of this language, of a store with this style and zone, at this moment.
    pub(crate) fn new(locale: Locale, style: NumberStyle, zone: TimeZone, now: Time) -> Format {
        let style = match (style, locale) {
            (NumberStyle::PointComma, _) => NumberStyle::PointComma,
            (_, Locale::Fr) => NumberStyle::SpaceComma,
            _ => NumberStyle::CommaPoint,
        };
        Format { say: Words { locale }, style, zone, now }
    }

    /// The same reader, another store.
    #[must_use]
    pub(crate) fn of_store(&self, style: NumberStyle, zone: &TimeZone) -> Format {
        Format::new(self.say.locale, style, zone.clone(), self.now)
    }

    /// A whole number with its thousands parted.
    pub(crate) fn number(&self, number: i64) -> String {
        let sign = if number < 0 { "−" } else { "" };
        format!("{sign}{}", self.grouped(number.unsigned_abs()))
    }

    fn grouped(&self, number: u64) -> String {
        let digits = number.to_string();
        let mut text = String::with_capacity(digits.len() + digits.len() / 3 * 3);
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                text.push(match self.style {
                    NumberStyle::CommaPoint => ',',
                    NumberStyle::SpaceComma => NARROW,
                    NumberStyle::PointComma => '.',
                });
            }
            text.push(digit);
        }
        text
    }

    /// A share in millionths as percent with at most one decimal: `64.2%`, in French `64,2 %`.
    pub(crate) fn percent(&self, millionths: i64) -> String {
        self.say.one("time-percent", "n", self.points(millionths))
    }

    /// A share in millionths in hundredths with at most one decimal, without the sign for percent: what two shares differ by.
    pub(crate) fn points(&self, millionths: i64) -> String {
        let tenths = (millionths + 500 * millionths.signum()) / 1_000;
        let mut number = self.number(tenths / 10);
        if tenths % 10 != 0 {
            number.push(self.decimal_sign());
            number.push_str(&(tenths % 10).abs().to_string());
        }
        number
    }

    /// A number with one decimal.
    pub(crate) fn decimal(&self, whole: &str, tenths: u64) -> String {
        format!("{whole}{}{tenths}", self.decimal_sign())
    }

    fn decimal_sign(&self) -> char {
        if self.style == NumberStyle::CommaPoint { '.' } else { ',' }
    }

    /// An amount as a number, without its unit.
    pub(crate) fn amount(&self, amount: Amount, currency: Currency) -> String {
        let unit = currency.minor_per_unit().unsigned_abs();
        let minor = amount.0.unsigned_abs();
        let mut text = format!("{}{}", if amount.0 < 0 { "−" } else { "" }, self.grouped(minor / unit));
        let decimals = minor % unit;
        if unit > 1 && (decimals != 0 || !is_spoken_whole(currency)) {
            let width = currency.exponent() as usize;
            text.push(self.decimal_sign());
            text.push_str(&format!("{decimals:0width$}"));
        }
        text
    }

    /// An amount with its unit: `12,900 DA`, `12 900 DA`, `12,900 د.ج`.
    pub(crate) fn money(&self, amount: Amount, currency: Currency) -> String {
        let parts = self.money_parts(amount, currency);
        format!("{}{}{}", parts.before, parts.number, parts.after)
    }

    /// An amount and its unit apart.
    pub(crate) fn money_parts(&self, amount: Amount, currency: Currency) -> MoneyParts {
        let key = match currency.code() {
            "DZD" => "money-dzd",
            "BDT" => "money-bdt",
            "KES" => "money-kes",
            "EUR" => "money-eur",
            "GBP" => "money-gbp",
            "USD" => "money-usd",
            _ => "money-other",
        };
        let whole = self.say.with(key, &[("amount", "\u{1}".to_owned()), ("code", currency.code().to_owned())]).replace(' ', &NO_BREAK.to_string());
        let (before, after) = whole.split_once('\u{1}').unwrap_or(("", ""));
        MoneyParts { before: before.to_owned(), number: self.amount(amount, currency), after: after.to_owned() }
    }

    /// `22 Nov 2026`
    pub(crate) fn day(&self, day: Day) -> String {
        let date = day.date();
        self.date_text(date.day(), date.month(), Some(date.year()))
    }

    /// `Nov 2026`
    pub(crate) fn month(&self, day: Day) -> String {
        let date = day.date();
        let month = self.say.t(MONTHS[usize::from(date.month().unsigned_abs()).clamp(1, 12) - 1]);
        format!("{month}{NO_BREAK}{}", date.year())
    }

    /// The day of an instant; the year only when it is another one.
    pub(crate) fn date(&self, at: Time) -> String {
        let (date, today) = (at.day_in(&self.zone).date(), self.now.day_in(&self.zone).date());
        self.date_text(date.day(), date.month(), (date.year() != today.year()).then_some(date.year()))
    }

    fn date_text(&self, day: i8, month: i8, year: Option<i16>) -> String {
        let month = self.say.t(MONTHS[usize::from(month.unsigned_abs()).clamp(1, 12) - 1]);
        match year {
            Some(year) => format!("{day}{NO_BREAK}{month}{NO_BREAK}{year}"),
            None => format!("{day}{NO_BREAK}{month}"),
        }
    }

    /// `09:41`
    pub(crate) fn clock(&self, at: Time) -> String {
        let local = self.zone.to_datetime(at.timestamp());
        format!("{:02}:{:02}", local.hour(), local.minute())
    }

    /// The hour today, the day and the hour before today.
    pub(crate) fn moment(&self, at: Time) -> String {
        if at.day_in(&self.zone) == self.now.day_in(&self.zone) { self.clock(at) } else { self.say.list(&[self.date(at), self.clock(at)]) }
    }

    /// Everything: `22 Nov 2026, 09:41`, for hovering.
    pub(crate) fn exact(&self, at: Time) -> String {
        self.say.list(&[self.day(at.day_in(&self.zone)), self.clock(at)])
    }

    /// How long ago, under 24 hours; then the date.
    pub(crate) fn ago(&self, at: Time) -> String {
        let past = self.now.since_us(at);
        if !(-Time::MINUTE..Time::DAY).contains(&past) {
            return self.date(at);
        }
        if past < Time::MINUTE {
            return self.say.t("time-now");
        }
        if past < Time::HOUR { self.say.one("time-minutes", "n", past / Time::MINUTE) } else { self.say.one("time-hours", "n", past / Time::HOUR) }
    }

    /// The instant for `<time datetime>`.
    pub(crate) fn iso(&self, at: Time) -> String {
        Time(at.0 - at.0.rem_euclid(Time::SECOND)).to_string()
    }
}

/// Currencies whose decimals nobody speaks of when there are none.
fn is_spoken_whole(currency: Currency) -> bool {
    [Currency::DZD, Currency::BDT, Currency::KES].contains(&currency)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format(locale: Locale, style: NumberStyle) -> Format {
        Format::new(locale, style, TimeZone::get("Africa/Algiers").unwrap(), Time::parse("2026-11-22T14:00:00Z").unwrap())
    }

    #[track_caller]
    fn money(locale: Locale, style: NumberStyle, code: &str, minor: i64, expected: &str) {
        assert_eq!(format(locale, style).money(Amount(minor), code.parse().unwrap()).replace('\u{a0}', "~"), expected);
    }

    #[test]
    fn money_is_written_as_the_language_and_the_store_write_it() {
        use NumberStyle::{CommaPoint, PointComma, SpaceComma};
        money(Locale::En, CommaPoint, "DZD", 1_290_000, "12,900~DA");
        money(Locale::Fr, CommaPoint, "DZD", 1_290_000, "12\u{202f}900~DA");
        money(Locale::Ar, CommaPoint, "DZD", 840_000, "8,400~د.ج");
        money(Locale::Fr, SpaceComma, "DZD", 1_290_050, "12\u{202f}900,50~DA");
        money(Locale::En, SpaceComma, "DZD", 1_290_000, "12,900~DA");
        money(Locale::En, PointComma, "EUR", 1_290_000, "€12.900,00");
        money(Locale::Fr, CommaPoint, "EUR", 1_250, "12,50~€");
        money(Locale::En, CommaPoint, "JPY", 120, "120~JPY");
        money(Locale::En, CommaPoint, "KWD", -1_034, "−1.034~KWD");
        money(Locale::En, CommaPoint, "BDT", 1_290_000, "৳12,900");
    }

    #[test]
    fn percent_has_a_decimal_where_there_is_one() {
        assert_eq!(format(Locale::En, NumberStyle::CommaPoint).percent(642_000), "64.2%");
        assert_eq!(format(Locale::Fr, NumberStyle::CommaPoint).percent(642_000), "64,2\u{202f}%");
        assert_eq!(format(Locale::En, NumberStyle::CommaPoint).percent(1_000_000), "100%");
    }

    #[test]
    fn times_are_near_first_and_dates_later() {
        let en = format(Locale::En, NumberStyle::CommaPoint);
        let at = |text: &str| Time::parse(text).unwrap();
        assert_eq!(en.ago(at("2026-11-22T13:59:40Z")), "now");
        assert_eq!(en.ago(at("2026-11-22T13:51:00Z")), "9 min");
        assert_eq!(en.ago(at("2026-11-21T15:00:00Z")), "23 h");
        assert_eq!(en.ago(at("2026-10-12T15:00:00Z")), "12\u{a0}Oct");
        assert_eq!(en.ago(at("2025-10-12T15:00:00Z")), "12\u{a0}Oct\u{a0}2025");
        assert_eq!(en.moment(at("2026-11-22T08:41:00Z")), "09:41");
        let ar = format(Locale::Ar, NumberStyle::CommaPoint);
        assert_eq!(ar.day(Day::parse("2026-06-22").unwrap()), "22\u{a0}جوان\u{a0}2026");
        let fr = format(Locale::Fr, NumberStyle::CommaPoint);
        assert_eq!(fr.exact(at("2026-11-22T08:41:00Z")), "22\u{a0}nov.\u{a0}2026, 09:41");
    }
}
