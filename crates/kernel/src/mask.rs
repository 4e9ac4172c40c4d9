//! Hiding what leads to a person, for readers without the right to see it.

use std::borrow::Cow;

/// So many digits in a row may be a telephone number; what is shorter is an amount or a house.
const TELEPHONE: usize = 8;
/// Longer rows of digits are numbers of parcels and cards.
const LONGEST: usize = 15;

/// Hides telephone numbers inside of free words, all but the last two digits, whatever their spelling:
/// `call 0550 14 23 87` becomes `call ••••••••87`. Digits of any script count.
pub fn hide_phones(text: &str) -> Cow<'_, str> {
    let mut shown = String::new();
    let mut rest = 0;
    let mut signs = text.char_indices().peekable();
    while let Some((start, sign)) = signs.next() {
        let begins = sign.is_numeric() || sign == '+';
        if !begins {
            continue;
        }
        let (mut digits, mut end) = (usize::from(sign.is_numeric()), start + sign.len_utf8());
        while let Some((at, next)) = signs.peek().copied() {
            if next.is_numeric() {
                digits += 1;
                end = at + next.len_utf8();
            } else if !matches!(next, ' ' | '-' | '.' | '(' | ')' | '/' | '\u{a0}' | '\u{202f}') {
                break;
            }
            signs.next();
        }
        let found = &text[start..end];
        if (TELEPHONE..=LONGEST).contains(&digits) && !is_day(found) {
            let last: String = found.chars().filter(|sign| sign.is_numeric()).skip(digits - 2).collect();
            shown.push_str(&text[rest..start]);
            shown.extend(std::iter::repeat_n('•', digits - 2));
            shown.push_str(&last);
            rest = end;
        }
    }
    if rest == 0 {
        return Cow::Borrowed(text);
    }
    shown.push_str(&text[rest..]);
    Cow::Owned(shown)
}

/// Whether the digits are a day: `2026-11-21`, `21/11/2026`.
fn is_day(found: &str) -> bool {
    let parts: Vec<usize> = found.split(['-', '/', '.']).map(|part| part.chars().count()).collect();
    matches!(parts.as_slice(), [4, 2, 2] | [2, 2, 4])
}

/// Hides e-mail addresses inside of free words: `write to amina@example.dz` becomes `write to a•••@example.dz`.
pub fn hide_emails(text: &str) -> Cow<'_, str> {
    if !text.contains('@') {
        return Cow::Borrowed(text);
    }
    let of_name = |sign: char| sign.is_alphanumeric() || matches!(sign, '.' | '_' | '-' | '+' | '%');
    let mut shown = String::with_capacity(text.len());
    let mut rest = 0;
    for (at, _) in text.match_indices('@') {
        let name = text[rest..at].rfind(|sign: char| !of_name(sign)).map_or(rest, |place| {
            let place = rest + place;
            place + text[place..].chars().next().map_or(1, char::len_utf8)
        });
        let has_host = text[at + 1..].chars().next().is_some_and(char::is_alphanumeric);
        if name < at && has_host {
            shown.push_str(&text[rest..name]);
            shown.push_str(&email(&text[name..at]));
            rest = at;
        }
    }
    shown.push_str(&text[rest..]);
    Cow::Owned(shown)
}

/// Hides both kinds, where asked to, in every text inside of JSON.
pub fn hide_in_json(value: &mut serde_json::Value, phones: bool, emails: bool) {
    match value {
        serde_json::Value::String(text) => {
            if phones {
                *text = hide_phones(text).into_owned();
            }
            if emails {
                *text = hide_emails(text).into_owned();
            }
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(|item| hide_in_json(item, phones, emails)),
        serde_json::Value::Object(fields) => fields.values_mut().for_each(|item| hide_in_json(item, phones, emails)),
        _ => {}
    }
}

/// The name part of an e-mail address as it is shown without the right: its first letter.
fn email(name: &str) -> String {
    name.chars().take(1).chain("•••".chars()).collect()
}

/// What stands for a hidden text.
pub const DOTS: &str = "•••";

/// Whether a text was written with what stands for hidden signs: it must not come back as a value.
pub fn has_dots(text: &str) -> bool {
    text.contains('•')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn telephones_in_words_become_dots() {
        for (text, expected) in [
            ("call 0550 14 23 87 after five", "call ••••••••87 after five"),
            ("+213550142387", "••••••••••87"),
            ("(0550) 14-23.87, or ٠٥٥٠١٤٢٣٨٧", "(••••••••87, or ••••••••٨٧"),
            ("order 1041, 12 900 DZD, room 7", "order 1041, 12 900 DZD, room 7"),
            ("on 2026-11-21, or 21/11/2026", "on 2026-11-21, or 21/11/2026"),
            ("parcel 1234567890123456", "parcel 1234567890123456"),
            ("no digits", "no digits"),
            ("0550142387", "••••••••87"),
        ] {
            assert_eq!(hide_phones(text), expected);
        }
    }

    #[test]
    fn addresses_in_words_become_dots() {
        for (text, expected) in [
            ("write to amina.b@example.dz, please", "write to a•••@example.dz, please"),
            ("@home and a @ b", "@home and a @ b"),
            ("a@b.c and ن.ع@d.e", "a•••@b.c and ن•••@d.e"),
            ("none", "none"),
        ] {
            assert_eq!(hide_emails(text), expected);
        }
    }
}
