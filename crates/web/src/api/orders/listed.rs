//! The parameters of the list: what always holds, and groups of which one holds as well (`any.1.city=Oran&any.2.total_from=500000`).
//!
//! A group is written and read as the list itself, under its number; JSON keeps it as `"any": [{"city": ["Oran"]}, …]`. There is
//! one nesting and no other language.

use std::collections::BTreeMap;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use kernel::{Check, Error, FieldError};
use orders::{OrderFilter, Page};

use super::read::OrderQuery;
use crate::error::Problem;
use crate::extract::read_query;
use crate::state::WebState;

/// The name that groups stand under.
pub(crate) const ANY: &str = "any";

/// Which orders, in which order, with groups of alternatives.
#[derive(Clone, Debug)]
pub(crate) struct Listed {
    pub(crate) query: OrderQuery,
    /// Each group under its number.
    groups: BTreeMap<u32, OrderQuery>,
}

impl FromRequestParts<WebState> for Listed {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &WebState) -> Result<Listed, Problem> {
        Listed::read(parts.uri.query().unwrap_or_default())
    }
}

/// The group and the parameter that a name says: `any.2.city`.
pub(crate) fn in_group(name: &str) -> Option<(u32, &str)> {
    let (number, rest) = name.strip_prefix(ANY)?.strip_prefix('.')?.split_once('.')?;
    let is_number = !number.is_empty() && number.len() <= 4 && number.bytes().all(|sign| sign.is_ascii_digit());
    is_number.then(|| number.parse().ok()).flatten().filter(|number| *number > 0).map(|number| (number, rest))
}

impl Listed {
    /// Reads what stands behind a question mark.
    pub(crate) fn read(text: &str) -> Result<Listed, Problem> {
        let mut plain = form_urlencoded::Serializer::new(String::new());
        let mut grouped: BTreeMap<u32, form_urlencoded::Serializer<'static, String>> = BTreeMap::new();
        for (name, value) in form_urlencoded::parse(text.as_bytes()) {
            match in_group(&name) {
                Some((number, rest)) => {
                    let group = grouped.entry(number).or_insert_with(|| form_urlencoded::Serializer::new(String::new()));
                    group.append_pair(rest, &value);
                }
                None => {
                    plain.append_pair(&name, &value);
                }
            }
        }
        let mut groups = BTreeMap::new();
        for (number, mut pairs) in grouped {
            let group: OrderQuery = read_query(&pairs.finish()).map_err(|problem| within(number, problem.errors()))?;
            groups.insert(number, group);
        }
        Ok(Listed { query: read_query(&plain.finish())?, groups })
    }

    /// The filter and the page that the parameters ask for.
    pub(crate) fn into_parts(self) -> Result<(Option<String>, OrderFilter, Page), Error> {
        let (search, mut filter, page) = self.query.into_parts()?;
        for (number, group) in self.groups {
            check_group(&group).map_err(|error| inside(number, error))?;
            let group = group.into_parts().map_err(|error| inside(number, error))?.1;
            group.check_group().map_err(|error| inside(number, error))?;
            filter.any.push(group);
        }
        filter.check_groups()?;
        Ok((search, filter, page))
    }
}

/// What is of the list as a whole stands in no group.
fn check_group(group: &OrderQuery) -> Result<(), Error> {
    let mut check = Check::new();
    for (name, is_there) in [
        ("search", group.search.is_some()),
        ("archived", group.archived.is_some()),
        ("sort", group.sort.is_some()),
        ("limit", group.limit.is_some()),
        ("cursor", group.cursor.is_some()),
        ("page", group.page.is_some()),
    ] {
        check.require(!is_there, name, "filter.whole_list");
    }
    check.done()
}

fn inside(number: u32, error: Error) -> Error {
    match error {
        Error::Invalid(fields) => within_fields(number, &fields),
        other => other,
    }
}

fn within(number: u32, fields: &[FieldError]) -> Problem {
    within_fields(number, fields).into()
}

fn within_fields(number: u32, fields: &[FieldError]) -> Error {
    let prefix = format!("{ANY}.{number}");
    Error::Invalid(fields.iter().map(|field| field.clone().inside(&prefix)).collect())
}

#[cfg(test)]
mod tests {
    use kernel::{Amount, OrderState};

    use super::*;

    fn read(text: &str) -> Result<OrderFilter, String> {
        let told = |fields: &[FieldError]| fields.iter().map(|one| format!("{}: {}", one.field, one.code)).collect::<Vec<_>>().join(", ");
        let listed = Listed::read(text).map_err(|problem| told(problem.errors()))?;
        listed.into_parts().map(|(_, filter, _)| filter).map_err(|error| match error {
            Error::Invalid(fields) => told(&fields),
            other => other.to_string(),
        })
    }

    #[test]
    fn groups_are_read_with_the_words_of_the_list() {
        let filter = read("state=PENDING&any.1.city=Oran,Es%20Senia&any.1.channel=web&any.7.total_from=500000").unwrap();
        assert_eq!(filter.states, [OrderState::Pending]);
        assert_eq!(filter.any.len(), 2);
        assert_eq!((filter.any[0].cities.len(), filter.any[0].channels.len()), (2, 1));
        assert_eq!(filter.any[1].total_from, Some(Amount(500_000)));
    }

    #[test]
    fn what_a_group_does_not_take_is_named() {
        assert_eq!(read("any.1.colour=red").unwrap_err(), "any.1.colour: unknown_field");
        assert_eq!(read("any.2.state=LOST").unwrap_err(), "any.2.state: format");
        assert_eq!(read("any.1.sort=total").unwrap_err(), "any.1.sort: filter.whole_list");
        assert_eq!(read("any.1.archived=any&any.1.search=x").unwrap_err(), "any.1.search: filter.whole_list, any.1.archived: filter.whole_list");
        assert_eq!(read("any.1.any.1.city=Oran").unwrap_err(), "any.1.any.1.city: unknown_field");
        let nine = [
            "city=a",
            "channel=web",
            "state=PENDING",
            "province=DZ:31",
            "sku=a",
            "confirmation=pending",
            "held=true",
            "escalated=true",
            "place_known=true",
        ];
        let nine: Vec<String> = nine.iter().map(|one| format!("any.7.{one}")).collect();
        assert_eq!(read(&nine.join("&")).unwrap_err(), "any.7: filter.conditions");
        assert_eq!(read("any.x.city=Oran").unwrap_err(), "any.x.city: unknown_field");
        assert_eq!(read("any=Oran").unwrap_err(), "any: unknown_field");
        let many: Vec<String> = (1..=6).map(|number| format!("any.{number}.held=true")).collect();
        assert_eq!(read(&many.join("&")).unwrap_err(), "any: filter.groups");
    }
}
