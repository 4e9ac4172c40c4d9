//! Prices in files: decimal texts, exactly, without floats.

use kernel::{Amount, Currency};

/// A decimal number: `digits` without its point, and how many of them stand after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Decimal {
    digits: i128,
    scale: u32,
}

/// More digits than any amount has.
const MOST_DIGITS: usize = 30;

impl Decimal {
    /// Reads `8400`, `-12.34`, `8 400,50` or `1,234,567.8`. Where one sign alone could be a decimal comma
    /// or part groups of three (`1,234`), nobody knows, and it is not read.
    pub(crate) fn parse(text: &str) -> Option<Decimal> {
        let text: String = text.chars().filter(|sign| !matches!(sign, ' ' | '\u{a0}' | '\u{202f}')).collect();
        let (is_negative, text) = text.strip_prefix('-').map_or((false, text.as_str()), |rest| (true, rest));
        let (whole, decimals) = parts(text)?;
        if whole.is_empty() && decimals.is_empty() || whole.len() + decimals.len() > MOST_DIGITS {
            return None;
        }
        if !whole.bytes().chain(decimals.bytes()).all(|sign| sign.is_ascii_digit()) {
            return None;
        }
        let digits: i128 = format!("0{whole}{decimals}").parse().ok()?;
        Some(Decimal { digits: if is_negative { -digits } else { digits }, scale: decimals.len() as u32 })
    }

    /// Whether it is above zero.
    pub(crate) fn is_positive(self) -> bool {
        self.digits > 0
    }

    /// The whole number that this many decimals make of it; none when it has more.
    pub(crate) fn scaled(self, decimals: u32) -> Option<i64> {
        let unit = 10_i128.checked_pow(self.scale.saturating_sub(decimals))?;
        let missing = 10_i128.checked_pow(decimals.saturating_sub(self.scale))?;
        (self.digits % unit == 0).then(|| self.digits / unit * missing).and_then(|number| i64::try_from(number).ok())
    }

    /// This many times it, in minor units of the currency, rounded half away from zero. None beyond all measure.
    pub(crate) fn times(self, count: i64, currency: Currency) -> Option<Amount> {
        let exponent = currency.exponent();
        let product = self.digits.checked_mul(i128::from(count))?;
        let minor = if self.scale <= exponent {
            product.checked_mul(10_i128.pow(exponent - self.scale))?
        } else {
            let unit = 10_i128.pow(self.scale - exponent);
            let half = if product < 0 { -(unit / 2) } else { unit / 2 };
            (product + half) / unit
        };
        let amount = Amount(i64::try_from(minor).ok()?);
        amount.is_within_limit().then_some(amount)
    }

    /// What one costs, where a line sells this many. A price finer than the currency is rounded if that
    /// changes nothing about the line; else the answer is why not, as a code.
    pub(crate) fn unit_price(self, quantity: i64, currency: Currency) -> Result<Amount, &'static str> {
        let unit = self.times(1, currency).ok_or("money.overflow")?;
        let line = self.times(quantity, currency).ok_or("money.overflow")?;
        if unit.times(quantity).is_ok_and(|rounded| rounded == line) { Ok(unit) } else { Err("import.price_too_fine") }
    }
}

/// The digits before and after the decimal sign, groups put together.
fn parts(text: &str) -> Option<(String, &str)> {
    let (points, commas) = (text.matches('.').count(), text.matches(',').count());
    let decimal_sign = match (points, commas) {
        (0, 0) => None,
        (1, 0) => Some('.'),
        // `8400,5` and `8400,50`, but `1,234` may be either.
        (0, 1) if text.rsplit(',').next().is_some_and(|decimals| decimals.len() != 3) => Some(','),
        (0, 1) => return None,
        (1, _) if text.rfind('.') > text.rfind(',') => Some('.'),
        (_, 1) if text.rfind(',') > text.rfind('.') => Some(','),
        (0, _) | (_, 0) => None,
        _ => return None,
    };
    let (whole, decimals) = decimal_sign.and_then(|sign| text.split_once(sign)).unwrap_or((text, ""));
    let mut groups = whole.split(['.', ',']);
    let first = groups.next().unwrap_or_default();
    let mut joined = first.to_owned();
    let is_grouped = first.len() < whole.len();
    if is_grouped && !(1..=3).contains(&first.len()) {
        return None;
    }
    for group in groups {
        if group.len() != 3 {
            return None;
        }
        joined.push_str(group);
    }
    Some((joined, decimals))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<i64>) {
        let gbp: Currency = "GBP".parse().unwrap();
        assert_eq!(Decimal::parse(text).map(|price| price.times(1, gbp).unwrap().0), expected, "{text:?}");
    }

    #[test]
    fn decimals_are_read_as_people_write_them() {
        check("6.95", Some(695));
        check("2.1", Some(210));
        check("-53594.36", Some(-5_359_436));
        check("8400", Some(840_000));
        check("8 400,50", Some(840_050));
        check("8\u{202f}400,5", Some(840_050));
        check("1,234,567.8", Some(123_456_780));
        check("1.234.567,8", Some(123_456_780));
        check("1,234,567", Some(123_456_700));
        check(".5", Some(50));
        check("0,999", None);
        check("1,234", None);
        check("1.234", Some(123));
        check("12,34.5", None);
        check("1,2,3", None);
        check("", None);
        check("-", None);
        check("1e5", None);
        check("12 DA", None);
        check("NaN", None);
        check("9".repeat(40).as_str(), None);
    }

    #[test]
    fn decimals_become_whole_numbers_where_they_are() {
        let scaled = |text: &str| Decimal::parse(text).unwrap().scaled(4);
        assert_eq!(scaled("10"), Some(100_000));
        assert_eq!(scaled("7.5"), Some(75_000));
        assert_eq!(scaled("7.500000"), Some(75_000));
        assert_eq!(scaled("7.50001"), None);
    }

    #[test]
    fn a_price_finer_than_the_currency_must_change_nothing() {
        let (gbp, jpy, kwd): (Currency, Currency, Currency) = ("GBP".parse().unwrap(), "JPY".parse().unwrap(), "KWD".parse().unwrap());
        let price =
            |text: &str, quantity: i64, currency: Currency| Decimal::parse(text).unwrap().unit_price(quantity, currency).map(|amount| amount.0);
        assert_eq!(price("0.001", 1, gbp), Ok(0));
        assert_eq!(price("0.001", 4, gbp), Ok(0));
        assert_eq!(price("0.001", 5, gbp), Err("import.price_too_fine"));
        assert_eq!(price("0.001", 5, kwd), Ok(1));
        assert_eq!(price("1.005", 1, gbp), Ok(101));
        assert_eq!(price("-1.005", 1, gbp), Ok(-101));
        assert_eq!(price("6.9500", -12, gbp), Ok(695));
        assert_eq!(price("120", 3, jpy), Ok(120));
        assert_eq!(price("99999999999999999999", 1, gbp), Err("money.overflow"));
    }
}
