//! Heads of tables that sort: a click sorts by the column alone, with Shift it is the second key. Where there is no such key,
//! the list's choice of sorts offers the same.

/// A column's head that sorts.
#[derive(Clone, Debug, Default)]
pub(crate) struct SortHead {
    pub(crate) label: String,
    /// Where a click sorts by this column alone.
    pub(crate) href: String,
    /// Where it becomes the second key of the sort, or turns round as a key of two.
    pub(crate) then: Option<String>,
    /// `ascending`, `descending`, or none when it does not sort now.
    pub(crate) way: Option<&'static str>,
    /// Which of two keys it is; 0 where the list has one, or the column is none of them.
    pub(crate) place: u8,
}

impl SortHead {
    /// What assistants of people who do not see it say of the column; the second key is said in words, as one column alone may
    /// be called sorted.
    pub(crate) fn aria(&self) -> Option<&'static str> {
        if self.place < 2 { self.way } else { None }
    }

    /// The message of which key it is.
    pub(crate) fn words(&self) -> &'static str {
        match (self.place, self.way) {
            (1, _) => "sort-is-first",
            (_, Some("descending")) => "sort-is-second-down",
            _ => "sort-is-second-up",
        }
    }
}

/// The sort that several parameters of an address, or one with commas, ask for: those that are understood, from the first on.
pub(crate) fn read<T>(texts: &[String], parse: impl Fn(&str) -> Option<T>) -> Option<T> {
    let words: Vec<&str> = texts.iter().flat_map(|text| text.split(',')).map(str::trim).filter(|word| !word.is_empty()).collect();
    (1..=words.len().min(2)).rev().find_map(|count| parse(&words[..count].join(",")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_choices_are_one_sort_and_what_is_not_understood_is_left_out() {
        let of = |texts: &[&str]| {
            let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
            read(&texts, |text| orders::Sort::parse(text).ok()).map(|sort| sort.to_string())
        };
        assert_eq!(of(&["-total,created_at"]).as_deref(), Some("-total,created_at"));
        assert_eq!(of(&["-total", "created_at"]).as_deref(), Some("-total,created_at"));
        assert_eq!(of(&["-total", "total"]).as_deref(), Some("-total"));
        assert_eq!(of(&["-total,colour"]).as_deref(), Some("-total"));
        assert_eq!(of(&["-total", "number", "created_at"]).as_deref(), Some("-total,number"));
        assert_eq!(of(&["colour", "total"]), None);
    }
}
