//! The parameters of a list as JSON, read by the same code as those of an address: for what keeps them (views, bulk
//! runs) and reads them later.

use kernel::{Check, Error, FieldError};
use orders::Chosen;
use serde_json::{Map, Value};

use crate::api::orders::listed::{ANY, Listed, in_group};

/// What decides which part of a list is shown, not which orders it has.
const OF_A_PART: [&str; 3] = ["limit", "cursor", "page"];

/// Which orders a list with these parameters shows. `Invalid` names the parameters that it does not take, as `filter.state`.
pub fn read_orders(query: &Map<String, Value>) -> Result<Chosen, Error> {
    let text = encoded(query)?;
    let listed = Listed::read(&text).map_err(|problem| within(Error::Invalid(problem.errors().to_vec())))?;
    let (search, filter, page) = listed.into_parts().map_err(within)?;
    Ok(Chosen { search, filter, sort: page.sort })
}

fn within(error: Error) -> Error {
    match error {
        Error::Invalid(fields) => Error::Invalid(fields.into_iter().map(|field| field.inside("filter")).collect()),
        other => other,
    }
}

/// As it would stand behind the question mark. Alternatives come as a list, or as one text with commas; groups as a list of
/// objects.
fn encoded(query: &Map<String, Value>) -> Result<String, Error> {
    let mut check = Check::new();
    let mut pairs = form_urlencoded::Serializer::new(String::new());
    for (name, value) in query.iter().filter(|(name, _)| *name != ANY) {
        add(&mut check, &mut pairs, "", name, value);
    }
    match query.get(ANY) {
        None | Some(Value::Null) => {}
        Some(Value::Array(groups)) => {
            for (place, group) in groups.iter().enumerate() {
                let prefix = format!("{ANY}.{}", place + 1);
                match group {
                    Value::Object(group) if group.is_empty() => check.fail(format!("filter.{prefix}"), "filter.group_empty"),
                    Value::Object(group) => group.iter().for_each(|(name, value)| add(&mut check, &mut pairs, &format!("{prefix}."), name, value)),
                    _ => check.push(FieldError::new(format!("filter.{prefix}"), "type").with("expected", "an object")),
                }
            }
        }
        Some(_) => check.push(FieldError::new(format!("filter.{ANY}"), "type").with("expected", "a list of objects")),
    }
    check.done()?;
    Ok(pairs.finish())
}

/// Adds one parameter, under the prefix of its group.
fn add(check: &mut Check, pairs: &mut form_urlencoded::Serializer<'_, String>, prefix: &str, name: &str, value: &Value) {
    let field = format!("filter.{prefix}{}", kernel::cut(name, 60));
    if OF_A_PART.contains(&name) || in_group(name).is_some() {
        check.push(FieldError::new(field, "unknown_field"));
        return;
    }
    match plain(value) {
        Some(Some(text)) => {
            pairs.append_pair(&format!("{prefix}{name}"), &text);
        }
        // Null, or no alternative at all: as if it were not there.
        Some(None) => {}
        None => check.push(FieldError::new(field, "type").with("expected", "a text, a number, true, false or a list of them")),
    }
}

fn plain(value: &Value) -> Option<Option<String>> {
    match value {
        Value::Null => Some(None),
        Value::Bool(is) => Some(Some(is.to_string())),
        Value::Number(number) => Some(Some(number.to_string())),
        Value::String(text) => Some(Some(text.clone())),
        Value::Array(some) => {
            let texts: Option<Vec<String>> = some
                .iter()
                .map(|one| match one {
                    Value::Array(_) | Value::Object(_) | Value::Null => None,
                    one => plain(one).flatten(),
                })
                .collect();
            texts.map(|texts| (!texts.is_empty()).then(|| texts.join(",")))
        }
        Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use kernel::OrderState;
    use serde_json::json;

    use super::*;

    fn read(query: Value) -> Result<Chosen, String> {
        read_orders(query.as_object().unwrap()).map_err(|error| match error {
            Error::Invalid(fields) => fields.iter().map(|one| format!("{}: {}", one.field, one.code)).collect::<Vec<_>>().join(", "),
            other => other.to_string(),
        })
    }

    #[test]
    fn a_kept_filter_means_what_the_list_means() {
        let chosen =
            read(json!({"state": ["PENDING", "confirmed"], "total_from": 500, "held": true, "sort": "-total", "priority": null, "channel": []}));
        let chosen = chosen.unwrap();
        assert_eq!(chosen.filter.states, [OrderState::Pending, OrderState::Confirmed]);
        assert_eq!((chosen.filter.total_from, chosen.filter.is_held), (Some(kernel::Amount(500)), Some(true)));
        assert_eq!((chosen.sort.to_string(), chosen.search), ("-total".to_owned(), None));
        assert_eq!(read(json!({"search": "Amina & Karim", "state": "PENDING,CONFIRMED"})).unwrap().search.as_deref(), Some("Amina & Karim"));
        assert_eq!(read(json!({})).unwrap(), Chosen::default());
        let grouped = read(json!({"state": "PENDING", "any": [{"city": ["Oran", "Es Senia"]}, {"total_from": 500, "held": true}]})).unwrap();
        assert_eq!((grouped.filter.any[0].cities.len(), grouped.filter.any[1].is_held), (2, Some(true)));
        assert_eq!(read(json!({"any": []})).unwrap(), Chosen::default());
    }

    #[test]
    fn what_the_list_does_not_take_is_named() {
        assert_eq!(read(json!({"limit": 5, "colour": "red"})).unwrap_err(), "filter.limit: unknown_field");
        assert_eq!(read(json!({"colour": "red"})).unwrap_err(), "filter.colour: unknown_field");
        assert_eq!(read(json!({"state": "LOST"})).unwrap_err(), "filter.state: format");
        assert_eq!(read(json!({"state": {"is": "PENDING"}, "store_id": [["x"]]})).unwrap_err(), "filter.state: type, filter.store_id: type");
        assert_eq!(read(json!({"any": {"city": "Oran"}})).unwrap_err(), "filter.any: type");
        assert_eq!(read(json!({"any": [{}, 5]})).unwrap_err(), "filter.any.1: filter.group_empty, filter.any.2: type");
        assert_eq!(read(json!({"any": [{"colour": "red"}]})).unwrap_err(), "filter.any.1.colour: unknown_field");
        assert_eq!(read(json!({"any": [{"any": [{"held": true}]}]})).unwrap_err(), "filter.any.1.any: type");
        assert_eq!(read(json!({"any.1.city": "Oran"})).unwrap_err(), "filter.any.1.city: unknown_field");
        assert_eq!(read(json!({"sort": "total,total"})).unwrap_err(), "filter.sort: repeated");
        assert_eq!(read(json!({"sort": "colour"})).unwrap_err(), "filter.sort: unknown");
    }
}
