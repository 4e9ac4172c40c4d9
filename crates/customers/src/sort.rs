//! What a list of customers is sorted by: one key or two, and places in a list sorted so.

use kernel::{CustomerId, Error, words};

words! {
    /// How a list of customers is sorted.
    #[derive(Default)]
    pub enum CustomerSort {
        /// Newest first.
        #[default]
        Newest = "-created_at",
        /// By folded name.
        Name = "name",
        /// Who ordered last first. As all that follow, of customers who have ordered.
        LastOrder = "-last_order_at",
        /// Whose last order is the longest ago.
        LongestAgo = "last_order_at",
        /// Most orders in a store first.
        Orders = "-orders",
        /// Who spent most in a store first.
        Spent = "-spent",
        /// Most delivered of the orders that came to their end first.
        Delivered = "-delivered_rate",
        /// Most returned of them first.
        Returned = "-returned_rate",
    }
}

impl CustomerSort {
    /// Whether it compares what customers bought.
    pub fn is_of_figures(self) -> bool {
        !matches!(self, CustomerSort::Newest | CustomerSort::Name)
    }

    /// Whether it compares figures of one store alone: sums of several would have no index, and no currency.
    pub fn needs_store(self) -> bool {
        self.is_of_figures() && !matches!(self, CustomerSort::LastOrder | CustomerSort::LongestAgo)
    }

    /// Whether another sort compares the same, if only from the other end.
    pub fn compares_as(self, other: CustomerSort) -> bool {
        let measure = |sort: CustomerSort| match sort {
            CustomerSort::LongestAgo => CustomerSort::LastOrder,
            CustomerSort::Returned => CustomerSort::Delivered,
            other => other,
        };
        measure(self) == measure(other)
    }

    /// Reads a sort of one key or two: `-orders`, `-orders,name`.
    pub fn read(text: &str) -> Result<(CustomerSort, Option<CustomerSort>), Error> {
        let unknown = |_| Error::field("sort", "format").with("expected", CustomerSort::WORDS.join(", "));
        let keys = text.split(',').map(|word| word.trim().parse().map_err(unknown)).collect::<Result<Vec<CustomerSort>, Error>>()?;
        match keys.as_slice() {
            [one] => Ok((*one, None)),
            [one, then] if one.compares_as(*then) => Err(Error::field("sort", "repeated")),
            [one, then] => Ok((*one, Some(*then))),
            _ => Err(Error::field("sort", "too_many").with("max", 2)),
        }
    }

    /// As [`CustomerSort::read`] reads it.
    pub fn write(self, then: Option<CustomerSort>) -> String {
        then.map_or_else(|| self.to_string(), |then| format!("{self},{then}"))
    }
}

/// A place in a sorted list that is read part after part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// Which part.
    pub part: usize,
    /// What each key is, where it is a number.
    pub numbers: [i64; 2],
    /// What the key is that is a text.
    pub text: String,
    pub id: CustomerId,
}

impl Place {
    /// As callers carry it.
    pub(crate) fn cursor(&self, sort: &str) -> String {
        let Place { part, numbers: [first, second], text, id } = self;
        format!("{sort}~{part}~{first}~{second}~{id}~{text}")
    }

    /// Reads [`Place::cursor`] of the same sort.
    pub(crate) fn read(text: &str, sort: &str) -> Result<Place, Error> {
        let wrong = || Error::field("cursor", "cursor");
        let rest = text.strip_prefix(sort).and_then(|rest| rest.strip_prefix('~')).ok_or_else(wrong)?;
        let parts: Vec<&str> = rest.splitn(5, '~').collect();
        let [part, first, second, id, text] = parts.as_slice() else { return Err(wrong()) };
        let number = |text: &str| text.parse::<i64>().map_err(|_| wrong());
        Ok(Place {
            part: part.parse().map_err(|_| wrong())?,
            numbers: [number(first)?, number(second)?],
            text: (*text).to_owned(),
            id: id.parse().map_err(|_| wrong())?,
        })
    }
}

#[cfg(test)]
mod tests {
    use kernel::Id;

    use super::*;

    fn refused(text: &str) -> String {
        match CustomerSort::read(text).unwrap_err() {
            Error::Invalid(fields) => fields.iter().map(|field| format!("{}={}", field.field, field.code)).collect(),
            other => other.to_string(),
        }
    }

    #[test]
    fn a_sort_has_one_key_or_two_that_compare_different_things() {
        for text in ["name", "-orders,name", "name,-spent", "-delivered_rate,last_order_at"] {
            let (first, then) = CustomerSort::read(text).unwrap();
            assert_eq!(first.write(then), text);
        }
        assert_eq!(refused("colour"), "sort=format");
        assert_eq!(refused("name,"), "sort=format");
        assert_eq!(refused("-delivered_rate,-returned_rate"), "sort=repeated");
        assert_eq!(refused("name,-orders,-spent"), "sort=too_many");
    }

    #[test]
    fn a_cursor_belongs_to_its_sort() {
        let place = Place { part: 1, numbers: [-1, 42], text: "a~b".to_owned(), id: CustomerId::from_i64(7) };
        assert_eq!(Place::read(&place.cursor("-orders,name"), "-orders,name").unwrap(), place);
        assert!(Place::read(&place.cursor("-orders,name"), "-orders").is_err());
        assert!(Place::read("rubbish", "-orders").is_err());
    }
}
