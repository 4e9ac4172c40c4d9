//! Telephone numbers: E.164, read in any spelling, printed as dots.

use std::fmt;

use crate::Country;
use crate::value::{Column, ColumnError, ToValue, Value};

/// A telephone number in E.164 form (`+213550142387`).
///
/// `Debug` and `Display` mask it, so that it cannot slip into a log; [`Phone::e164`] shows it whole.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Phone(String);

/// The text could not be read as a telephone number of the country.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PhoneError;

impl fmt::Display for PhoneError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected a telephone number")
    }
}

impl std::error::Error for PhoneError {}

impl Phone {
    /// Reads a number as people write it (`0550 14 23 87`, `00213…`, `+213 550…`, Arabic or Bengali
    /// digits), taking numbers without a country code as of `country`.
    pub fn parse(text: &str, country: Country) -> Result<Phone, PhoneError> {
        let digits = western_digits(text);
        let trimmed = digits.trim();
        let international = match trimmed.strip_prefix("00") {
            Some(rest) => format!("+{rest}"),
            None => trimmed.to_owned(),
        };
        let region: Option<phonenumber::country::Id> = country.code().parse().ok();
        let parsed = phonenumber::parse(region, &international).map_err(|_| PhoneError)?;
        if !phonenumber::is_valid(&parsed) {
            return Err(PhoneError);
        }
        Ok(Phone(parsed.format().mode(phonenumber::Mode::E164).to_string()))
    }

    /// Takes a number that already is E.164: a plus and 6 to 15 digits. For what we stored, and for
    /// senders that promise this form.
    pub fn from_e164(text: &str) -> Result<Phone, PhoneError> {
        let digits = text.strip_prefix('+').ok_or(PhoneError)?;
        if !(6..=15).contains(&digits.len()) || !digits.bytes().all(|sign| sign.is_ascii_digit()) {
            return Err(PhoneError);
        }
        Ok(Phone(text.to_owned()))
    }

    /// The whole number, with plus and country code.
    pub fn e164(&self) -> &str {
        &self.0
    }

    /// The national digits backwards, so that "ends with" becomes an indexed "begins with".
    pub fn reversed_national(&self) -> String {
        self.0.trim_start_matches('+').chars().rev().take(9).collect()
    }

    /// The number as people of its country write it: `0550 14 23 87`.
    pub fn national(&self) -> String {
        match phonenumber::parse(None, &self.0) {
            Ok(parsed) => parsed.format().mode(phonenumber::Mode::National).to_string(),
            Err(_) => self.0.clone(),
        }
    }

    /// The number with all but the country code's start and the last two digits hidden: `+213•••••••87`.
    pub fn masked(&self) -> String {
        let signs: Vec<char> = self.0.chars().collect();
        let last = signs.len().saturating_sub(2);
        signs.iter().enumerate().map(|(place, sign)| if place < 4 || place >= last { *sign } else { '•' }).collect()
    }
}

/// Digits of any script become western ones.
pub fn western_digits(text: &str) -> String {
    text.chars()
        .map(|sign| match sign {
            '\u{660}'..='\u{669}' => char::from(b'0' + (sign as u32 - 0x660) as u8),
            '\u{6f0}'..='\u{6f9}' => char::from(b'0' + (sign as u32 - 0x6f0) as u8),
            '\u{9e6}'..='\u{9ef}' => char::from(b'0' + (sign as u32 - 0x9e6) as u8),
            other => other,
        })
        .collect()
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

impl ToValue for Phone {
    fn to_value(&self) -> Value {
        Value::Text(self.0.clone())
    }
}

impl Column for Phone {
    fn from_value(value: Value) -> Result<Phone, ColumnError> {
        match &value {
            Value::Text(text) => Phone::from_e164(text).map_err(|_| ColumnError::new("Phone", &value)),
            other => Err(ColumnError::new("Phone", other)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(country: &str, text: &str, expected: &str) {
        let country: Country = country.parse().unwrap();
        let read = Phone::parse(text, country).map_or_else(|_| "refused".to_owned(), |phone| phone.e164().to_owned());
        assert_eq!(read, expected, "{text}");
    }

    #[test]
    fn a_phone_is_read_in_any_spelling() {
        check("DZ", "0550 14 23 87", "+213550142387");
        check("DZ", "00213 550-14-23-87", "+213550142387");
        check("DZ", "+213 (0) 550 14 23 87", "+213550142387");
        check("DZ", "٠٥٥٠١٤٢٣٨٧", "+213550142387");
        check("BD", "01712-345678", "+8801712345678");
        check("BD", "০১৭১২৩৪৫৬৭৮", "+8801712345678");
        check("KE", "0712 345678", "+254712345678");
        check("DZ", "12", "refused");
        check("DZ", "call me", "refused");
    }

    #[test]
    fn a_phone_never_shows_itself_by_accident() {
        let phone = Phone::from_e164("+213550142387").unwrap();
        assert_eq!(format!("{phone} {phone:?}"), "+213•••••••87 +213•••••••87");
        assert_eq!(phone.reversed_national(), "783241055");
    }
}
