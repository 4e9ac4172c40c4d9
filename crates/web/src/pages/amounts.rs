//! Amounts as people type them, and as forms hold them.

use kernel::{Amount, Currency};

/// An amount as people type it: a comma or a point may part the decimals, the other one thousands. None where that is not clear:
/// `1.250` is a thousand and more to some, and one and a quarter to others.
pub(crate) fn amount(text: &str, currency: Currency) -> Option<Amount> {
    let text: String = kernel::western_digits(text).chars().filter(|sign| !sign.is_whitespace()).collect();
    let (points, commas) = (text.matches('.').count(), text.matches(',').count());
    let last = text.rfind(['.', ',']);
    let mark = last.and_then(|at| text[at..].chars().next());
    let after = last.map_or(0, |at| text.len() - at - 1);
    let decimals = match (points, commas) {
        (0, 0) => None,
        // Of two marks the last one parts the decimals, and there is only one of it.
        (1.., 1..) if text.matches(mark?).count() > 1 => return None,
        (1.., 1..) => mark,
        (2.., 0) | (0, 2..) => None,
        // Nothing is parted into thousands that begins with naught.
        _ if after != 3 || text.starts_with(['0', '.', ',']) => mark,
        (0, _) if currency.exponent() != 3 => None,
        (_, 0) if currency.exponent() == 3 => mark,
        _ => return None,
    };
    let plain: String = text.chars().filter(|sign| !matches!(sign, '.' | ',') || Some(*sign) == decimals).collect();
    currency.parse_amount(&plain.replace(',', "."))
}

/// An amount as a form holds it, without decimals that say nothing.
pub(crate) fn plain(amount: Amount, currency: Currency) -> String {
    let text = currency.show_amount(amount);
    match text.split_once('.') {
        Some((whole, decimals)) if decimals.bytes().all(|sign| sign == b'0') => whole.to_owned(),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_typed_with_either_decimal_sign() {
        let read = |text: &str| amount(text, Currency::DZD).map(|amount| amount.0);
        assert_eq!((read("8400"), read("8 400,50"), read("8,400"), read("8,400.5")), (Some(840_000), Some(840_050), Some(840_000), Some(840_050)));
        assert_eq!(
            (read("12.900,50"), read("1,250,000"), read("1.250.000"), read("٨٤٠٠")),
            (Some(1_290_050), Some(125_000_000), Some(125_000_000), Some(840_000))
        );
        assert_eq!((read("0.5"), read("1.250,00"), read("1,5.0,0")), (Some(50), Some(125_000), None));
        assert_eq!((read(""), read("x")), (None, None));
        // A thousand and more, or one and a quarter?
        assert_eq!((read("1.250"), read("8.400")), (None, None));
        assert_eq!((read("0,500"), read("0.500"), read(",50"), read("0,505")), (Some(50), Some(50), Some(50), None));
        let millimes = |text: &str| amount(text, "TND".parse().unwrap()).map(|amount| amount.0);
        assert_eq!((millimes("1.250"), millimes("1,250"), millimes("1250")), (Some(1_250), None, Some(1_250_000)));
        assert_eq!(millimes("0,500"), Some(500));
    }

    #[test]
    fn an_amount_is_shown_as_one_would_type_it() {
        let of = |minor, code: &str| plain(Amount(minor), code.parse().unwrap());
        assert_eq!([of(60_000, "DZD"), of(1_250, "EUR"), of(5, "EUR"), of(120, "JPY"), of(-50, "EUR")], ["600", "12.50", "0.05", "120", "-0.50"]);
    }
}
