//! What a person may be found by in files, kept answers and free words, when all of it shall go. Pure.

use kernel::{CustomerId, Phone, fold, western_digits};
use serde::{Deserialize, Serialize};

/// Digits of a number that are compared: what stands before them is the country, or a zero.
const DIGITS: usize = 9;

/// Signs of a person. It is sealed wherever it is kept, and only until the erasing has ended.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Needles {
    ids: Vec<String>,
    names: Vec<String>,
    phones: Vec<String>,
    words: Vec<String>,
}

impl std::fmt::Debug for Needles {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Needles(•••)")
    }
}

impl Needles {
    /// The id by which kept answers name her.
    pub fn id(&mut self, id: CustomerId) {
        push(&mut self.ids, id.to_string());
    }

    /// Her name; less than two letters say nothing.
    pub fn name(&mut self, name: &str) {
        let folded = fold(name);
        if folded.chars().count() >= 2 {
            push(&mut self.names, folded);
        }
    }

    /// One of her numbers.
    pub fn phone(&mut self, phone: &Phone) {
        let digits = phone.e164().trim_start_matches('+');
        push(&mut self.phones, digits[digits.len().saturating_sub(DIGITS)..].to_owned());
    }

    /// An e-mail address, a street, the id that a shop knows her by.
    pub fn word(&mut self, word: &str) {
        let folded = fold(word);
        if folded.chars().count() >= 6 {
            push(&mut self.words, folded);
        }
    }

    /// Whether a text about her own order names her: any part of it counts.
    pub fn names_her(&self, text: &str) -> bool {
        let folded = framed(&fold(text));
        self.names.iter().any(|name| folded.contains(&framed(name)) || name.split(' ').any(|part| part.len() > 3 && folded.contains(&framed(part))))
            || self.has_signs(text, &folded)
    }

    /// Whether a text about anybody names her: only what is hers alone counts, or her full name.
    pub fn is_in(&self, text: &str) -> bool {
        self.ids.iter().any(|id| text.contains(id.as_str())) || {
            let folded = framed(&fold(text));
            self.names.iter().any(|name| name.contains(' ') && folded.contains(&framed(name))) || self.has_signs(text, &folded)
        }
    }

    fn has_signs(&self, text: &str, folded: &str) -> bool {
        let digits = if self.phones.is_empty() { String::new() } else { digits_of(text) };
        self.phones.iter().any(|phone| digits.contains(phone.as_str())) || self.words.iter().any(|word| folded.contains(&framed(word)))
    }
}

fn push(list: &mut Vec<String>, text: String) {
    if !list.contains(&text) {
        list.push(text);
    }
}

/// With a space at each end, so that only whole words are found.
fn framed(text: &str) -> String {
    format!(" {text} ")
}

/// The digits of a text in western form; what people write inside of numbers is left out, everything else
/// parts them.
fn digits_of(text: &str) -> String {
    let mut digits = String::with_capacity(text.len());
    for sign in western_digits(text).chars() {
        if sign.is_ascii_digit() {
            digits.push(sign);
        } else if !matches!(sign, ' ' | '-' | '.' | '(' | ')' | '/' | '\u{a0}' | '\u{202f}') && !digits.ends_with('|') {
            digits.push('|');
        }
    }
    digits
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hers() -> Needles {
        let mut needles = Needles::default();
        needles.name("Amina Benali");
        needles.name("أمينة");
        needles.phone(&Phone::from_e164("+213550142387").unwrap());
        needles.word("amina.b@example.dz");
        needles
    }

    #[test]
    fn a_person_is_found_in_any_spelling() {
        for text in [
            "0550 14 23 87;Oran",
            "tel:00213550142387",
            "٠٥٥٠١٤٢٣٨٧",
            "Write to Amina.B@Example.DZ",
            "for AMINA  BENALI!",
            "{\"phone\":\"+213550142387\"}",
        ] {
            assert!(hers().is_in(text), "{text}");
        }
        for text in ["Amina", "Benali Amina", "0550142388", "550 and 142387", "amina@example.dz", "1,055;014,238,7"] {
            assert!(!hers().is_in(text), "{text}");
        }
    }

    #[test]
    fn on_her_own_orders_a_part_of_the_name_is_enough() {
        assert!(hers().names_her("Dress, embroidered: Amina"));
        assert!(hers().names_her("قميص أمينه"));
        assert!(!hers().names_her("Linen dress, sand, M"));
    }
}
