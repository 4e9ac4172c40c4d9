//! Money: whole minor units, checked, never a float.
//!
//! Inside one order, account or ledger the currency is held once and plain [`Amount`]s do; at the
//! edges an amount travels with its currency as [`Money`].

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};

use serde::{Deserialize, Serialize};

use crate::Error;
use crate::value::{Column, ColumnError, ToValue, Value};

/// An amount in minor units (centimes, poisha, cents) of a currency held elsewhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Amount(pub i64);

impl Amount {
    /// Nothing.
    pub const ZERO: Amount = Amount(0);
    /// The largest amount that input may name, in minor units: 10^15. Sums of a thousand such
    /// amounts still fit, so the plain operators below cannot overflow on accepted input.
    pub const LIMIT: Amount = Amount(1_000_000_000_000_000);

    /// Whether the amount is between minus and plus [`Amount::LIMIT`].
    pub fn is_within_limit(self) -> bool {
        self.0.unsigned_abs() <= Amount::LIMIT.0.unsigned_abs()
    }

    /// The sum, or `money.overflow` when it leaves the limit.
    pub fn plus(self, other: Amount) -> Result<Amount, Error> {
        self.0.checked_add(other.0).map(Amount).filter(|sum| sum.is_within_limit()).ok_or_else(overflow)
    }

    /// The product with a count, or `money.overflow` when it leaves the limit.
    pub fn times(self, count: i64) -> Result<Amount, Error> {
        self.0.checked_mul(count).map(Amount).filter(|product| product.is_within_limit()).ok_or_else(overflow)
    }

    /// This share of the amount in millionths, rounded half away from zero: 19 % is 190,000.
    pub fn share(self, millionths: i64) -> Amount {
        Amount(divide_rounded(i128::from(self.0) * i128::from(millionths), 1_000_000))
    }

    /// The part of the amount that a rate in millionths makes when it is already included:
    /// `amount * rate / (1 + rate)`, rounded half away from zero.
    pub fn included_share(self, millionths: i64) -> Amount {
        Amount(divide_rounded(i128::from(self.0) * i128::from(millionths), 1_000_000 + i128::from(millionths)))
    }

    /// Splits the amount by weights so that the parts add up exactly (largest remainder; among equal
    /// remainders the earlier part wins). Weights must not be negative; when all are zero the parts are equal.
    pub fn split(self, weights: &[i64]) -> Vec<Amount> {
        let total: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
        if weights.is_empty() {
            return Vec::new();
        }
        if total == 0 {
            return self.split(&vec![1; weights.len()]);
        }
        let sign = i128::from(self.0.signum());
        let whole = i128::from(self.0).abs();
        let mut parts: Vec<i128> = weights.iter().map(|weight| whole * i128::from(*weight) / total).collect();
        let mut left = whole - parts.iter().sum::<i128>();
        let mut by_remainder: Vec<usize> = (0..weights.len()).collect();
        by_remainder.sort_by_key(|place| std::cmp::Reverse(whole * i128::from(weights[*place]) % total));
        for place in by_remainder {
            if left == 0 {
                break;
            }
            parts[place] += 1;
            left -= 1;
        }
        parts.into_iter().map(|part| Amount((part * sign) as i64)).collect()
    }
}

fn divide_rounded(dividend: i128, divisor: i128) -> i64 {
    let half = divisor / 2;
    let rounded = if dividend >= 0 { (dividend + half) / divisor } else { (dividend - half) / divisor };
    rounded as i64
}

fn overflow() -> Error {
    Error::field("", "money.overflow")
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Add for Amount {
    type Output = Amount;
    fn add(self, other: Amount) -> Amount {
        Amount(self.0.checked_add(other.0).expect("amounts are limited where they come in"))
    }
}

impl Sub for Amount {
    type Output = Amount;
    fn sub(self, other: Amount) -> Amount {
        Amount(self.0.checked_sub(other.0).expect("amounts are limited where they come in"))
    }
}

impl Neg for Amount {
    type Output = Amount;
    fn neg(self) -> Amount {
        Amount(-self.0)
    }
}

impl AddAssign for Amount {
    fn add_assign(&mut self, other: Amount) {
        *self = *self + other;
    }
}

impl SubAssign for Amount {
    fn sub_assign(&mut self, other: Amount) {
        *self = *self - other;
    }
}

impl Sum for Amount {
    fn sum<I: Iterator<Item = Amount>>(amounts: I) -> Amount {
        amounts.fold(Amount::ZERO, Add::add)
    }
}

impl ToValue for Amount {
    fn to_value(&self) -> Value {
        Value::Int(self.0)
    }
}

impl Column for Amount {
    fn from_value(value: Value) -> Result<Amount, ColumnError> {
        i64::from_value(value).map(Amount)
    }
}

/// A currency by its ISO 4217 code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    /// Algerian dinar.
    pub const DZD: Currency = Currency(*b"DZD");
    /// Bangladeshi taka.
    pub const BDT: Currency = Currency(*b"BDT");
    /// Kenyan shilling.
    pub const KES: Currency = Currency(*b"KES");

    /// The three letters.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).expect("made from three ASCII letters")
    }

    /// How many decimals its minor unit has by ISO 4217: 0, 2 or 3 (4 for a few accounting units).
    pub fn exponent(&self) -> u32 {
        iso_currency::Currency::from_code(self.code()).and_then(|known| known.exponent()).map_or(2, u32::from)
    }

    /// Minor units in one whole: 100 for the dinar, 1 for the yen, 1,000 for the Kuwaiti dinar.
    pub fn minor_per_unit(&self) -> i64 {
        10_i64.pow(self.exponent())
    }

    /// Reads a decimal text such as `8400`, `8400.5` or `-12.34` into minor units, without floats.
    /// Groups may be parted by spaces or commas when a point parts the decimals.
    pub fn parse_amount(&self, text: &str) -> Option<Amount> {
        let text: String = text.trim().chars().filter(|sign| !matches!(sign, ' ' | ',' | '\u{a0}' | '\u{202f}')).collect();
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.as_str()),
        };
        let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
        if whole.is_empty() && decimals.is_empty() || !whole.bytes().chain(decimals.bytes()).all(|sign| sign.is_ascii_digit()) {
            return None;
        }
        let exponent = self.exponent() as usize;
        let (kept, beyond) = decimals.split_at(decimals.len().min(exponent));
        if beyond.bytes().any(|sign| sign != b'0') {
            return None;
        }
        let minor: i64 = format!("{whole}{kept:0<exponent$}").parse().ok()?;
        let amount = Amount(if negative { -minor } else { minor });
        amount.is_within_limit().then_some(amount)
    }

    /// Writes an amount as a plain decimal with a point and no groups: `8400.00`.
    pub fn show_amount(&self, amount: Amount) -> String {
        let exponent = self.exponent() as usize;
        if exponent == 0 {
            return amount.0.to_string();
        }
        let unit = self.minor_per_unit().unsigned_abs();
        let minor = amount.0.unsigned_abs();
        let sign = if amount.0 < 0 { "-" } else { "" };
        format!("{sign}{}.{:0exponent$}", minor / unit, minor % unit)
    }
}

/// The text was not a currency of ISO 4217.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CurrencyError;

impl fmt::Display for CurrencyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected an ISO 4217 currency code such as DZD")
    }
}

impl std::error::Error for CurrencyError {}

impl std::str::FromStr for Currency {
    type Err = CurrencyError;
    fn from_str(text: &str) -> Result<Currency, CurrencyError> {
        let upper = text.trim().to_ascii_uppercase();
        let bytes: [u8; 3] = upper.as_bytes().try_into().map_err(|_| CurrencyError)?;
        iso_currency::Currency::from_code(&upper).ok_or(CurrencyError)?;
        Ok(Currency(bytes))
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for Currency {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Currency, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl ToValue for Currency {
    fn to_value(&self) -> Value {
        Value::Text(self.code().to_owned())
    }
}

impl Column for Currency {
    fn from_value(value: Value) -> Result<Currency, ColumnError> {
        match &value {
            Value::Text(text) => text.parse().map_err(|_| ColumnError::new("Currency", &value)),
            other => Err(ColumnError::new("Currency", other)),
        }
    }
}

/// An amount with its currency: the form at every edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Money {
    /// Minor units.
    pub amount: Amount,
    /// ISO 4217 code.
    pub currency: Currency,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_always_add_up() {
        for (amount, weights) in [(100, vec![1, 1, 1]), (-100, vec![1, 1, 1]), (7, vec![0, 0]), (1, vec![3, 5, 9]), (10, vec![0, 4])] {
            let parts = Amount(amount).split(&weights);
            assert_eq!(parts.iter().copied().sum::<Amount>(), Amount(amount), "{amount} by {weights:?}");
        }
        assert_eq!(Amount(100).split(&[1, 1, 1]), [Amount(34), Amount(33), Amount(33)]);
    }

    #[test]
    fn decimals_follow_the_currency() {
        let parse = |code: &str, text: &str| code.parse::<Currency>().unwrap().parse_amount(text).map(|amount| amount.0);
        assert_eq!(parse("DZD", "8 400"), Some(840_000));
        assert_eq!(parse("DZD", "6.95"), Some(695));
        assert_eq!(parse("DZD", "-0.5"), Some(-50));
        assert_eq!(parse("DZD", "1.005"), None);
        assert_eq!(parse("JPY", "120"), Some(120));
        assert_eq!(parse("JPY", "1.5"), None);
        assert_eq!(parse("KWD", "1.234"), Some(1_234));
        assert_eq!(parse("DZD", "1e5"), None);
        assert_eq!(parse("DZD", "99999999999999999999"), None);
        assert_eq!("KWD".parse::<Currency>().unwrap().show_amount(Amount(-1_034)), "-1.034");
        assert!("XX".parse::<Currency>().is_err());
    }

    #[test]
    fn tax_rounds_half_away_from_zero() {
        assert_eq!(Amount(50).share(190_000), Amount(10));
        assert_eq!(Amount(-50).share(190_000), Amount(-10));
        assert_eq!(Amount(11_900).included_share(190_000), Amount(1_900));
    }
}
