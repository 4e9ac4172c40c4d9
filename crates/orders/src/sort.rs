//! What a list of orders is sorted by: one key or two, and places in a list sorted so.

use std::cmp::Ordering;

use kernel::{Error, OrderId, words};

words! {
    /// What a list is sorted by.
    pub enum SortKey {
        /// When the order was placed.
        CreatedAt = "created_at",
        /// What the customer owes.
        Total = "total",
        /// When its state changed last.
        MovedAt = "moved_at",
        /// Its number.
        Number = "number",
        /// How urgent it is; the newest first within one urgency, unless a second key says otherwise.
        Priority = "priority",
    }
}

/// More keys than these are refused.
const KEYS: usize = 2;

/// A sort: by what, which end first, and by what among equals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    /// By what.
    pub key: SortKey,
    /// The largest first. Sorting by priority has the most urgent first, whatever stands here.
    pub is_descending: bool,
    /// What decides among those that are equal by the first key.
    pub then: Option<Then>,
}

/// The second key of a sort.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Then {
    /// By what.
    pub key: SortKey,
    /// The largest first.
    pub is_descending: bool,
}

impl Default for Sort {
    /// Newest first.
    fn default() -> Sort {
        Sort::by(SortKey::CreatedAt, true)
    }
}

impl Sort {
    /// By one key.
    pub fn by(key: SortKey, is_descending: bool) -> Sort {
        Sort { key, is_descending, then: None }
    }

    /// The same with this key among equals.
    pub fn then(self, key: SortKey, is_descending: bool) -> Sort {
        Sort { then: Some(Then { key, is_descending }), ..self }
    }

    /// Reads `created_at`, `-created_at` or `-total,created_at`.
    pub fn parse(text: &str) -> Result<Sort, Error> {
        let mut keys: Vec<(SortKey, bool)> = Vec::new();
        for part in text.split(',').map(str::trim) {
            let (is_descending, word) = part.strip_prefix('-').map_or((false, part), |word| (true, word));
            let key = word.parse().map_err(|_| Error::field("sort", "unknown").with("allowed", SortKey::WORDS.join(", ")))?;
            if keys.iter().any(|(one, _)| *one == key) {
                return Err(Error::field("sort", "repeated"));
            }
            if keys.len() == KEYS {
                return Err(Error::field("sort", "too_many").with("max", KEYS));
            }
            keys.push((key, is_descending));
        }
        let mut keys = keys.into_iter();
        let (key, is_descending) = keys.next().unwrap_or((SortKey::CreatedAt, true));
        Ok(Sort { key, is_descending, then: keys.next().map(|(key, is_descending)| Then { key, is_descending }) })
    }

    /// What each urgency is sorted by where urgency comes first, else the sort itself.
    pub(crate) fn within(self) -> Sort {
        match (self.key, self.then) {
            (SortKey::Priority, Some(then)) => Sort::by(then.key, then.is_descending),
            (SortKey::Priority, None) => Sort::default(),
            _ => self,
        }
    }

    /// Whether the largest id comes first among equals: as the last key goes.
    pub(crate) fn is_last_descending(self) -> bool {
        self.then.map_or(self.is_descending, Then::has_largest_first)
    }

    /// Which of two places comes first.
    pub(crate) fn compare(self, one: &Place, other: &Place) -> Ordering {
        let turned = |order: Ordering, is_descending: bool| if is_descending { order.reverse() } else { order };
        let within = self.within();
        let then = within.then.map_or(Ordering::Equal, |then| turned(one.then.cmp(&other.then), then.has_largest_first()));
        turned(one.rank.cmp(&other.rank), true)
            .then(turned(one.key.cmp(&other.key), within.is_descending))
            .then(then)
            .then(turned(one.id.cmp(&other.id), within.is_last_descending()))
    }
}

impl Then {
    /// Whether the largest comes first: the most urgent always does.
    pub(crate) fn has_largest_first(self) -> bool {
        self.is_descending || self.key == SortKey::Priority
    }
}

impl std::fmt::Display for Sort {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = |is_descending: bool| if is_descending { "-" } else { "" };
        write!(f, "{}{}", sign(self.is_descending), self.key)?;
        match self.then {
            Some(then) => write!(f, ",{}{}", sign(then.is_descending), then.key),
            None => Ok(()),
        }
    }
}

/// The place of an order in a sorted list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// Urgency, when urgency comes first; else 0.
    pub rank: i64,
    /// What the list is sorted by, within one urgency.
    pub key: i64,
    /// What decides among equals; 0 where the sort has one key.
    pub then: i64,
    /// Decides among those that are equal in all of it.
    pub id: OrderId,
}

impl Place {
    /// A place in a list by the day of placing.
    pub(crate) fn placed(at: kernel::Time, id: OrderId) -> Place {
        Place { rank: 0, key: at.0, then: 0, id }
    }

    /// As callers carry it.
    pub(crate) fn cursor(&self, sort: Sort) -> String {
        format!("{sort}.{}.{}.{}.{}", self.rank, self.key, self.then, self.id)
    }

    /// Reads [`Place::cursor`] of the same sort.
    pub(crate) fn read(text: &str, sort: Sort) -> Result<Place, Error> {
        let wrong = || Error::field("cursor", "cursor");
        let rest = text.strip_prefix(&format!("{sort}.")).ok_or_else(wrong)?;
        let mut parts = rest.splitn(4, '.');
        let mut next = || parts.next().ok_or_else(wrong);
        let rank = next()?.parse().map_err(|_| wrong())?;
        let key = next()?.parse().map_err(|_| wrong())?;
        let then = next()?.parse().map_err(|_| wrong())?;
        let id = next()?.parse().map_err(|_| wrong())?;
        Ok(Place { rank, key, then, id })
    }
}

#[cfg(test)]
mod tests {
    use kernel::Id;

    use super::*;

    fn refused(text: &str) -> String {
        match Sort::parse(text).unwrap_err() {
            Error::Invalid(fields) => fields.iter().map(|field| format!("{}={}", field.field, field.code)).collect(),
            other => other.to_string(),
        }
    }

    #[test]
    fn a_sort_has_one_key_or_two_that_differ() {
        for text in ["created_at", "-total", "-total,created_at", "priority,-moved_at", "number,priority"] {
            assert_eq!(Sort::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Sort::parse("-total, number").unwrap(), Sort::by(SortKey::Total, true).then(SortKey::Number, false));
        assert_eq!(refused("colour"), "sort=unknown");
        assert_eq!(refused("total,"), "sort=unknown");
        assert_eq!(refused("total,-total"), "sort=repeated");
        assert_eq!(refused("total,number,created_at"), "sort=too_many");
    }

    #[test]
    fn a_cursor_belongs_to_its_sort() {
        let sort = Sort::parse("-total,number").unwrap();
        let place = Place { rank: 0, key: 125_000, then: 41, id: OrderId::from_i64(77) };
        assert_eq!(Place::read(&place.cursor(sort), sort).unwrap(), place);
        assert!(Place::read(&place.cursor(sort), Sort::parse("-total").unwrap()).is_err());
        assert!(Place::read(&place.cursor(sort), Sort::default()).is_err());
        assert!(Place::read("rubbish", sort).is_err());
    }
}
