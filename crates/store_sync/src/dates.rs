//! Dates as files of other programs write them, turned into those that our own columns hold.

use kernel::{fold, western_digits, words};

words! {
    /// Which part of `03/04/2026` is the day.
    pub enum DateOrder {
        /// The first one: 3 April.
        DayFirst = "day_first",
        /// The second one: March 4th.
        MonthFirst = "month_first",
    }
}

/// English, French and Arabic names of months by their beginnings, folded. Longer ones first where one
/// begins like another.
const MONTHS: &[(&str, u32)] = &[
    ("janv", 1),
    ("jan", 1),
    ("fev", 2),
    ("feb", 2),
    ("mars", 3),
    ("mar", 3),
    ("avr", 4),
    ("apr", 4),
    ("mai", 5),
    ("may", 5),
    ("juin", 6),
    ("jun", 6),
    ("juil", 7),
    ("jul", 7),
    ("aout", 8),
    ("aug", 8),
    ("sep", 9),
    ("oct", 10),
    ("nov", 11),
    ("dec", 12),
    ("يناير", 1),
    ("جانفي", 1),
    ("فبراير", 2),
    ("فيفري", 2),
    ("مارس", 3),
    ("ابريل", 4),
    ("افريل", 4),
    ("مايو", 5),
    ("ماي", 5),
    ("يونيو", 6),
    ("جوان", 6),
    ("يوليو", 7),
    ("جويليه", 7),
    ("اغسطس", 8),
    ("اوت", 8),
    ("سبتمبر", 9),
    ("اكتوبر", 10),
    ("نوفمبر", 11),
    ("ديسمبر", 12),
];

/// The date and time in a text, as `2026-03-31 14:05:00` or with its offset as RFC 3339; a day alone stays a
/// day. None when nobody can read it.
///
/// Understood are `2026-03-31`, `2026/03/31 14:05`, `31/03/2026 2:05 PM`, `31.03.26`, `March 31, 2026`,
/// `31 mars 2026 14:05`, each also with an offset behind (`+0100`, `+01:00`, `Z`, `UTC`), and ISO 8601.
pub(crate) fn canonical(text: &str, order: DateOrder) -> Option<String> {
    let text = western_digits(text.trim());
    let (text, offset) = without_offset(&text);
    let (date, clock) = parts(text)?;
    let (year, month, day) = date_of(date, order)?;
    let is_real = jiff::civil::Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).is_ok();
    if !is_real {
        return None;
    }
    let date = format!("{year:04}-{month:02}-{day:02}");
    let Some(clock) = clock else { return offset.is_empty().then_some(date) };
    let (hour, minute, second) = clock_of(clock)?;
    let time = format!("{hour:02}:{minute:02}:{second:02}");
    Some(if offset.is_empty() { format!("{date} {time}") } else { format!("{date}T{time}{offset}") })
}

/// Whether a text is a date that says itself which part is the day, and which that is; `None` inside when
/// it may be either.
pub(crate) fn evidence(text: &str) -> Option<Option<DateOrder>> {
    let (first, second) = (canonical(text, DateOrder::DayFirst), canonical(text, DateOrder::MonthFirst));
    match (first, second) {
        (None, None) => None,
        (Some(_), None) => Some(Some(DateOrder::DayFirst)),
        (None, Some(_)) => Some(Some(DateOrder::MonthFirst)),
        (Some(_), Some(_)) => Some(None),
    }
}

/// An offset at the end, in the form of RFC 3339.
fn without_offset(text: &str) -> (&str, String) {
    for (end, offset) in [("Z", "Z"), ("UTC", "Z"), ("GMT", "Z")] {
        if let Some(rest) = text.strip_suffix(end) {
            // A word may end so; a time ends in a digit before it.
            let rest = rest.trim_end();
            if rest.ends_with(|sign: char| sign.is_ascii_digit()) {
                return (rest, offset.to_owned());
            }
        }
    }
    let Some(at) = text.rfind(['+', '-']).filter(|at| text[..*at].contains(':')) else { return (text, String::new()) };
    let digits: String = text[at + 1..].chars().filter(|sign| *sign != ':').collect();
    if !(digits.len() == 4 || digits.len() == 2) || !digits.bytes().all(|sign| sign.is_ascii_digit()) {
        return (text, String::new());
    }
    let minutes = digits.get(2..4).unwrap_or("00");
    (text[..at].trim_end(), format!("{}{}:{minutes}", &text[at..=at], &digits[..2]))
}

/// The date and the time of day in a text.
fn parts(text: &str) -> Option<(&str, Option<&str>)> {
    let Some(colon) = text.find(':') else { return (!text.is_empty()).then_some((text, None)) };
    // The hour stands before the first colon, behind a space or a `T`.
    let start = text[..colon].rfind([' ', 'T', '\u{a0}', '\u{202f}'])?;
    let gap = text[start..].chars().next().map_or(1, char::len_utf8);
    Some((text[..start].trim_end_matches([' ', ',']), Some(&text[start + gap..])))
}

fn date_of(text: &str, order: DateOrder) -> Option<(u32, u32, u32)> {
    let pieces: Vec<&str> = text.split([' ', '/', '-', '.', ',', '\u{a0}']).filter(|piece| !piece.is_empty()).collect();
    let named = pieces.iter().rposition(|piece| month_of(piece).is_some());
    if let Some(at) = named {
        let month = month_of(pieces[at])?;
        // A day of the week before is passed over; `1st` and `1er` are 1.
        let numbers: Vec<&str> = pieces.iter().enumerate().filter(|(place, _)| *place != at).map(|(_, piece)| *piece).collect();
        let numbers: Vec<u32> = numbers.iter().filter_map(|piece| leading_number(piece)).collect();
        let [day, year] = numbers[..] else { return None };
        return if day > 31 { Some((whole_year(day), month, year)) } else { Some((whole_year(year), month, day)) };
    }
    let [first, second, third] = pieces[..] else { return None };
    let number = |piece: &str| if piece.len() <= 4 { piece.parse::<u32>().ok() } else { None };
    if first.len() == 4 {
        return Some((number(first)?, number(second)?, number(third)?));
    }
    if !matches!(third.len(), 2 | 4) {
        return None;
    }
    let (day, month) = if order == DateOrder::DayFirst { (first, second) } else { (second, first) };
    Some((whole_year(number(third)?), number(month)?, number(day)?))
}

fn leading_number(piece: &str) -> Option<u32> {
    let digits: String = piece.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

fn whole_year(year: u32) -> u32 {
    if year < 100 { 2_000 + year } else { year }
}

fn month_of(piece: &str) -> Option<u32> {
    let folded = fold(piece);
    if folded.chars().next().is_none_or(|sign| sign.is_ascii_digit()) {
        return None;
    }
    MONTHS.iter().find(|(name, _)| folded.starts_with(name)).map(|(_, month)| *month)
}

/// `14:05`, `14:05:09`, `14:05:09.123`, `2:05 PM`.
fn clock_of(text: &str) -> Option<(u32, u32, u32)> {
    let folded = text.trim().to_lowercase();
    let (digits, half) = match folded.find(|sign: char| sign.is_alphabetic()) {
        Some(at) => (folded[..at].trim(), folded[at..].replace(['.', ' '], "")),
        None => (folded.as_str(), String::new()),
    };
    let mut pieces = digits.split(':');
    let mut hour: u32 = pieces.next()?.trim().parse().ok()?;
    let minute: u32 = pieces.next()?.trim().parse().ok()?;
    let second: u32 = pieces.next().map_or(Some(0), |second| second.split('.').next().and_then(|whole| whole.trim().parse().ok()))?;
    match half.as_str() {
        "" => {}
        "pm" | "م" if hour < 12 => hour += 12,
        "am" | "ص" if hour == 12 => hour = 0,
        "pm" | "م" | "am" | "ص" => {}
        _ => return None,
    }
    (pieces.next().is_none() && hour < 24 && minute < 60 && second < 60).then_some((hour, minute, second))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, day_first: &str, month_first: &str) {
        let expected = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        assert_eq!(canonical(text, DateOrder::DayFirst), expected(day_first), "{text}");
        assert_eq!(canonical(text, DateOrder::MonthFirst), expected(month_first), "{text}");
    }

    #[test]
    fn dates_are_read_as_people_and_programs_write_them() {
        for (text, expected) in [
            ("2026-03-31", "2026-03-31"),
            ("2026/3/31 14:05", "2026-03-31 14:05:00"),
            ("2026-03-31 14:05:09.123", "2026-03-31 14:05:09"),
            ("2026-03-31T14:05:09Z", "2026-03-31T14:05:09Z"),
            ("2026-03-31 14:05:09 +0100", "2026-03-31T14:05:09+01:00"),
            ("2026-03-31 14:05:09 -03:30", "2026-03-31T14:05:09-03:30"),
            ("2026-03-31 14:05:09 UTC", "2026-03-31T14:05:09Z"),
            ("March 31, 2026 2:05 PM", "2026-03-31 14:05:00"),
            ("Tue, 31 Mar 2026 12:05 am", "2026-03-31 00:05:00"),
            ("31 mars 2026", "2026-03-31"),
            ("mardi 31 août 2027 à 14:05", "2027-08-31 14:05:00"),
            ("٣١/٠٣/٢٠٢٦", "2026-03-31"),
            ("31 مارس 2026 2:05 م", "2026-03-31 14:05:00"),
        ] {
            if text.starts_with('٣') {
                check(text, expected, "");
            } else {
                check(text, expected, expected);
            }
        }
        check("31/03/2026 21:46:21 +00:00", "2026-03-31T21:46:21+00:00", "");
        check("31.03.26", "2026-03-31", "");
        check("3/4/2026", "2026-04-03", "2026-03-04");
        check("12/31/2026 9:05", "", "2026-12-31 09:05:00");
    }

    #[test]
    fn what_is_no_date_is_not_read() {
        for text in ["", "31/02/2026", "0550142387", "8400.50", "2026-13-01", "12:30", "soon", "1/2/3", "3-4-20266", "25:00 2026-01-01"] {
            check(text, "", "");
        }
    }

    #[test]
    fn a_date_may_say_itself_which_part_is_the_day() {
        assert_eq!(evidence("31/03/2026"), Some(Some(DateOrder::DayFirst)));
        assert_eq!(evidence("03/31/2026"), Some(Some(DateOrder::MonthFirst)));
        assert_eq!(evidence("03/04/2026"), Some(None));
        assert_eq!(evidence("Oran"), None);
    }
}
