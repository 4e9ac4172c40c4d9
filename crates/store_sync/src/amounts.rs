//! Amounts of other programs' files: as people write them, made whole where a file gives only sums.

use kernel::{Currency, western_digits};

use crate::decimal::Decimal;
use crate::mapping::DecimalMark;

/// An amount in the form that our own columns hold, without what stands around it (`DA`, `€`, spaces). None
/// when it cannot be one.
pub(crate) fn canonical(text: &str, mark: DecimalMark) -> Option<String> {
    let text = western_digits(text).replace('٫', ".").replace('٬', ",");
    // The point of an abbreviation (`DA.`, `د.ج`) is none of the amount; that of `.5` stands at its very beginning.
    let whole = text.trim();
    let inner = whole.trim_end_matches(|sign: char| !sign.is_ascii_digit());
    let first = inner.find(|sign: char| sign.is_ascii_digit())?;
    let before = &inner[..first];
    let is_negative = before.contains('-');
    let inner = if matches!(before.trim_start_matches('-'), "." | ",") { &inner[first - 1..] } else { &inner[first..] };
    let plain: String = inner.chars().filter(|sign| !matches!(sign, ' ' | '\u{a0}' | '\u{202f}' | '\'' | '’')).collect();
    if plain.is_empty() || plain.chars().any(|sign| !(sign.is_ascii_digit() || matches!(sign, '.' | ','))) {
        return None;
    }
    let number = match mark {
        DecimalMark::Auto => plain,
        DecimalMark::Point => ungrouped(&plain, ',', '.')?,
        DecimalMark::Comma => ungrouped(&plain, '.', ',')?,
    };
    Decimal::parse(&number)?;
    Some(if is_negative { format!("-{number}") } else { number })
}

/// A number without the signs that part its thousands; these stand before three digits, or, as in
/// Bangladesh, two.
fn ungrouped(text: &str, group: char, decimal: char) -> Option<String> {
    let (whole, decimals) = text.split_once(decimal).unwrap_or((text, ""));
    if decimals.contains([group, decimal]) {
        return None;
    }
    let groups: Vec<&str> = whole.split(group).collect();
    if let [first, middle @ .., last] = groups.as_slice()
        && groups.len() > 1
        && (!(1..=3).contains(&first.len()) || last.len() != 3 || middle.iter().any(|one| !matches!(one.len(), 2 | 3)))
    {
        return None;
    }
    let whole = groups.concat();
    Some(if decimals.is_empty() { whole } else { format!("{whole}.{decimals}") })
}

/// A canonical amount in minor units; none when it is finer than the currency.
pub(crate) fn minor(text: &str, currency: Currency) -> Option<i64> {
    Decimal::parse(text)?.scaled(currency.exponent())
}

/// Minor units as our own columns hold them.
pub(crate) fn text(minor: i64, currency: Currency) -> String {
    let unit = currency.minor_per_unit();
    let sign = if minor < 0 { "-" } else { "" };
    let (whole, rest) = (minor.unsigned_abs() / unit.unsigned_abs(), minor.unsigned_abs() % unit.unsigned_abs());
    let width = currency.exponent() as usize;
    if width == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{rest:0width$}") }
}

/// The price of one and the discount on all that make a sum of so many, to the last unit.
pub(crate) fn split(sum: i64, quantity: i64) -> (i64, i64) {
    let each = sum.div_euclid(quantity) + i64::from(sum.rem_euclid(quantity) != 0);
    (each, each * quantity - sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, point: Option<&str>, comma: Option<&str>) {
        assert_eq!(canonical(text, DecimalMark::Point).as_deref(), point, "{text} with a point");
        assert_eq!(canonical(text, DecimalMark::Comma).as_deref(), comma, "{text} with a comma");
    }

    #[test]
    fn amounts_are_read_as_a_file_writes_them() {
        check("1,234", Some("1234"), Some("1.234"));
        check("1.234,50 DA", None, Some("1234.50"));
        check("DA 1,234.50", Some("1234.50"), None);
        check("8 400", Some("8400"), Some("8400"));
        check("8\u{202f}400 د.ج", Some("8400"), Some("8400"));
        check("٨٤٠٠٫٥", Some("8400.5"), None);
        check("1,00,000.00", Some("100000.00"), None);
        check("-5,5", None, Some("-5.5"));
        check("€12.00", Some("12.00"), None);
        check("1e5", None, None);
        check("", None, None);
        check("gratis", None, None);
        check("DA. 500", Some("500"), Some("500"));
        check("-.5", Some("-.5"), None);
        check("DZD -12", Some("-12"), Some("-12"));
        check("1.23", Some("1.23"), None);
        assert_eq!(canonical("1,234", DecimalMark::Auto), None);
        assert_eq!(canonical("1 234,5 DZD", DecimalMark::Auto).as_deref(), Some("1234,5"));
    }

    #[test]
    fn sums_are_parted_to_the_last_unit() {
        for (sum, quantity) in [(10_000, 3), (1, 7), (0, 2), (999, 3)] {
            let (each, discount) = split(sum, quantity);
            assert_eq!(each * quantity - discount, sum);
            assert!(discount >= 0 && discount < quantity);
        }
        let (dzd, jpy): (Currency, Currency) = (Currency::DZD, "JPY".parse().unwrap());
        assert_eq!((text(125_005, dzd), text(-5, dzd), text(120, jpy)), ("1250.05".into(), "-0.05".into(), "120".into()));
        assert_eq!((minor("1250.05", dzd), minor("0.001", dzd)), (Some(125_005), None));
    }
}
