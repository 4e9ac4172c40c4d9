//! The filters of the list: their names in an address, the parameters of the API that they are, and how one becomes the other.
//!
//! The same names stand outside of groups and in them.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use kernel::{
    Channel, Confirmation, Currency, CustomerId, Day, OrderState, PaymentMethod, PaymentState, Priority, ShippingState, StoreId, Time, UserId,
};
use orders::{Archived, PlacedIn};
use serde_json::{Map, Value};

use crate::api::orders::listed::ANY;
use crate::pages::amounts::amount;

/// A filter: its name in the address, the parameter of the API that it is, and what it may say.
pub(super) struct Filter {
    pub(super) name: &'static str,
    api: &'static str,
    is_valid: fn(&str) -> bool,
}

fn word<T: std::str::FromStr>(text: &str) -> bool {
    text.parse::<T>().is_ok()
}

fn is_yes_or_no(text: &str) -> bool {
    matches!(text, "true" | "false")
}

fn is_text(text: &str) -> bool {
    !text.is_empty() && text.len() <= 200 && !text.contains([',', '\0'])
}

/// Typed as people do, with either mark and blanks; what it is worth is read with the currency.
fn is_amount(text: &str) -> bool {
    !text.is_empty() && text.len() <= 40 && !text.contains('\0')
}

fn is_key(text: &str) -> bool {
    is_text(text) && text.bytes().all(|sign| sign.is_ascii_alphanumeric() || matches!(sign, b'_' | b'-' | b':' | b'.'))
}

fn is_agent(text: &str) -> bool {
    matches!(text, "me" | "none") || word::<UserId>(text)
}

fn is_day(text: &str) -> bool {
    Day::parse(text).is_some()
}

fn is_time(text: &str) -> bool {
    Time::parse(text).is_some()
}

const fn filter(name: &'static str, api: &'static str, is_valid: fn(&str) -> bool) -> Filter {
    Filter { name, api, is_valid }
}

/// Every filter in the order of its chips. Days and amounts have no parameter of their own: they are read in the reader's zone and
/// currency. What the sheet cannot say stands under the API's own name, so that a kept view loses nothing.
#[rustfmt::skip]
pub(super) static FILTERS: &[Filter] = &[
    filter("state", "state", word::<OrderState>),
    filter("substatus", "substatus", is_key),
    filter("days", "placed_in", word::<PlacedIn>),
    filter("from", "", is_day),
    filter("to", "", is_day),
    filter("store", "store_id", word::<StoreId>),
    filter("channel", "channel", word::<Channel>),
    filter("sku", "sku", is_text),
    filter("province", "province", is_key),
    filter("city", "city", is_text),
    filter("agent", "agent_id", is_agent),
    filter("call", "confirmation", word::<Confirmation>),
    filter("shipping", "shipping_state", word::<ShippingState>),
    filter("payment", "payment_state", word::<PaymentState>),
    filter("method", "payment_method", word::<PaymentMethod>),
    filter("min", "", is_amount),
    filter("max", "", is_amount),
    filter("tag", "tag", is_text),
    filter("untag", "tag_none", is_text),
    filter("priority", "priority", word::<Priority>),
    filter("held", "held", is_yes_or_no),
    filter("hold", "hold_kind", is_key),
    filter("escalated", "escalated", is_yes_or_no),
    filter("place", "place_known", is_yes_or_no),
    filter("archived", "archived", word::<Archived>),
    filter("customer", "customer_id", word::<CustomerId>),
    filter("search", "search", is_text),
    filter("tag_all", "tag_all", is_text),
    filter("custom", "custom", is_text),
    filter("placed_on", "placed_on", is_day),
    filter("placed_from", "placed_from", is_time),
    filter("placed_until", "placed_until", is_time),
    filter("total_from", "total_from", word::<u64>),
    filter("total_to", "total_to", word::<u64>),
    filter("currency", "currency", word::<Currency>),
];

pub(super) fn place_of(name: &str) -> Option<usize> {
    FILTERS.iter().position(|filter| filter.name == name)
}

/// Filters that say one thing.
#[rustfmt::skip]
const ONE_VALUE: [&str; 13] = [
    "days", "held", "escalated", "place", "archived", "customer", "search", "placed_on", "placed_from", "placed_until", "total_from", "total_to", "currency",
];

/// Filters by an amount as it is typed.
const AMOUNTS: [&str; 2] = ["min", "max"];

/// Values by the place of their filter.
pub(super) type Values = BTreeMap<usize, Vec<String>>;

/// Where and in what the reader's days and amounts are.
#[derive(Clone, Debug)]
pub(super) struct Home {
    pub(super) zone: TimeZone,
    pub(super) currency: Currency,
}

/// Adds what a parameter of an address says, as far as it is understood.
pub(super) fn add(values: &mut Values, name: &str, text: &str) {
    let Some(place) = place_of(name) else { return };
    // A comma parts alternatives; in an amount it parts thousands or decimals.
    let parts: Vec<&str> = if AMOUNTS.contains(&name) { vec![text] } else { text.split(',').collect() };
    for one in parts.into_iter().map(str::trim).filter(|one| (FILTERS[place].is_valid)(one)) {
        let values = values.entry(place).or_default();
        if values.len() < 100 && !values.iter().any(|value| value == one) {
            values.push(one.to_owned());
        }
    }
}

/// The parameters of the API that some filters are.
pub(super) fn api_of(values: &Values, home: &Home, now: Time, is_snapshot: bool) -> Map<String, Value> {
    let first = |name: &str| place_of(name).and_then(|place| values.get(&place)?.first()).map_or("", String::as_str);
    let mut map = Map::new();
    for (place, values) in values {
        let filter = &FILTERS[*place];
        if filter.api.is_empty() || (is_snapshot && filter.name == "days") {
            continue;
        }
        let value = if ONE_VALUE.contains(&filter.name) { Value::from(values[0].clone()) } else { Value::from(values.clone()) };
        map.insert(filter.api.to_owned(), value);
    }
    let days = first("days").parse::<PlacedIn>().ok().filter(|_| is_snapshot).map(|days| days.bounds(now, &home.zone));
    let day = |name: &str| Day::parse(first(name));
    if let Some(from) = day("from").map(|day| day.start_in(&home.zone)).or(days.map(|(from, _)| from)) {
        map.insert("placed_from".to_owned(), from.to_string().into());
    }
    if let Some(until) = day("to").map(|day| day.plus(1).start_in(&home.zone)).or(days.and_then(|(_, until)| until)) {
        map.insert("placed_until".to_owned(), until.to_string().into());
    }
    for (name, api) in [("min", "total_from"), ("max", "total_to")] {
        if let Some(amount) = amount(first(name), home.currency) {
            map.insert(api.to_owned(), amount.0.into());
            map.insert("currency".to_owned(), home.currency.code().into());
        }
    }
    map
}

/// Kept groups as values of filters.
pub(super) fn groups_of(filter: &Map<String, Value>, home: &Home) -> Vec<Values> {
    let groups = filter.get(ANY).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object);
    groups.map(|group| values_of(group, home)).filter(|group| !group.is_empty()).collect()
}

/// Kept parameters as values of filters.
pub(super) fn values_of(filter: &Map<String, Value>, home: &Home) -> Values {
    let mut values = Values::new();
    for (api, value) in filter {
        let texts: Vec<String> = match value {
            Value::Array(some) => some.iter().filter_map(plain).collect(),
            one => plain(one).into_iter().collect(),
        };
        for text in texts {
            match said(api, &text, filter, home) {
                Some((name, text)) => add(&mut values, name, &text),
                None => {
                    let name = FILTERS.iter().find(|filter| filter.api == api).map_or("", |filter| filter.name);
                    add(&mut values, name, &text);
                }
            }
        }
    }
    // Units are of the reader's own currency.
    let has = |name: &str| place_of(name).is_some_and(|place| values.contains_key(&place));
    if (has("min") || has("max"))
        && let Some(currency) = place_of("currency")
    {
        values.remove(&currency);
    }
    values
}

/// Instants and amounts as the sheet says them: days of the reader's zone, units of their currency.
fn said(api: &str, text: &str, filter: &Map<String, Value>, home: &Home) -> Option<(&'static str, String)> {
    let midnight = |at: Time| Some(at.day_in(&home.zone)).filter(|day| day.start_in(&home.zone) == at);
    let is_home = filter.get("currency").is_none_or(|code| code.as_str() == Some(home.currency.code()));
    match api {
        "placed_from" => Some(("from", midnight(Time::parse(text)?)?.to_string())),
        "placed_until" => Some(("to", midnight(Time::parse(text)?)?.plus(-1).to_string())),
        "total_from" | "total_to" if is_home => {
            let minor: i64 = text.parse().ok()?;
            let unit = home.currency.minor_per_unit();
            let whole = (minor % unit == 0).then(|| (minor / unit).to_string())?;
            Some((if api == "total_from" { "min" } else { "max" }, whole))
        }
        _ => None,
    }
}

fn plain(value: &Value) -> Option<String> {
    match value {
        Value::Bool(is) => Some(is.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(text.clone()),
        _ => None,
    }
}
