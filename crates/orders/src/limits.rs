//! What is accepted at the edge, and the names of what is not.

use kernel::{Amount, Check, Currency, FieldError, Money, Time};
use serde_json::{Map, Value};

use crate::model::{NewContact, NewDiscount, NewLine};
use crate::rules::Discount;

pub(crate) const EXTERNAL_REF: usize = 100;
pub(crate) const NOTE: usize = 10_000;
/// Files hold invoices of more than a thousand lines; people and shops do not.
pub(crate) const IMPORTED_LINES: usize = 10_000;
const QUANTITY: i64 = 1_000_000;
const TITLE: usize = 300;
const TAGS: usize = 50;
const TAG: usize = 40;
const CUSTOM_BYTES: usize = 16 * 1024;
/// 2000-01-01T00:00:00Z.
const FIRST: Time = Time(946_684_800_000_000);
/// How far ahead a sender's clock may be.
const AHEAD_US: i64 = 5 * Time::MINUTE;

/// A text of at most so many letters, without a zero letter, which one of the engines cannot keep.
pub(crate) fn text(check: &mut Check, field: &str, text: Option<&str>, most: usize) {
    let Some(text) = text else { return };
    // Bytes are quick to count and never fewer than letters.
    if text.len() > most && text.chars().count() > most {
        check.push(FieldError::new(field, "too_long").with("max", most));
    }
    if text.contains('\0') {
        check.fail(field, "text.control");
    }
}

pub(crate) fn placed_at(check: &mut Check, field: &str, at: Time, now: Time) {
    if at < FIRST {
        check.push(FieldError::new(field, "date.too_early").with("min", FIRST));
    }
    if at > now.plus_us(AHEAD_US) {
        check.push(FieldError::new(field, "date.future").with("now", now));
    }
}

/// The amount, if it is of the store's currency and neither negative nor beyond all measure.
pub(crate) fn money(check: &mut Check, field: &str, money: Money, currency: Currency) -> Amount {
    if money.currency != currency {
        check.push(FieldError::new(field, "currency.store").with("expected", currency).with("found", money.currency));
    }
    if money.amount.0 < 0 {
        check.fail(field, "negative");
    }
    if !money.amount.is_within_limit() {
        check.push(FieldError::new(field, "money.overflow").with("max", Amount::LIMIT));
    }
    money.amount
}

/// Who buys. Orders that somebody must be called about name a telephone or an e-mail address; what was
/// sold over the counter or stands in an old file may name nobody.
pub(crate) fn contact(check: &mut Check, contact: Option<&NewContact>, may_be_nobody: bool) {
    let Some(contact) = contact else {
        check.require(may_be_nobody, "customer", "required");
        return;
    };
    let is_given = |text: &Option<String>| text.as_deref().is_some_and(|text| !text.trim().is_empty());
    text(check, "customer.name", Some(&contact.name), 200);
    text(check, "customer.external_ref", contact.external_ref.as_deref(), EXTERNAL_REF);
    check.require(is_given(&contact.external_ref) || !contact.name.trim().is_empty(), "customer.name", "required");
    check.require(may_be_nobody || is_given(&contact.phone) || is_given(&contact.email), "customer.phone", "required");
    if let Some(email) = contact.email.as_deref().map(str::trim).filter(|email| !email.is_empty()) {
        let is_address = email.len() <= 254 && email.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty());
        check.require(is_address && !email.contains('\0'), "customer.email", "email");
    }
}

pub(crate) fn line(check: &mut Check, place: usize, line: &NewLine, currency: Currency) {
    line_at(check, &format!("lines[{place}]"), line, currency);
}

pub(crate) fn quantity(check: &mut Check, field: &str, quantity: i64) {
    if !(1..=QUANTITY).contains(&quantity) {
        check.push(FieldError::new(field, "quantity").with("min", 1).with("max", QUANTITY));
    }
}

/// A reduction as it came in, in the store's currency.
pub(crate) fn discount(check: &mut Check, field: &str, discount: Option<NewDiscount>, currency: Currency) -> Option<Discount> {
    discount.map(|discount| match discount {
        NewDiscount::Amount(amount) => Discount::Amount(money(check, field, amount, currency)),
        NewDiscount::Percent(ppm) => Discount::Percent(ppm),
    })
}

/// A line, whatever its caller calls it.
pub(crate) fn line_at(check: &mut Check, named: &str, line: &NewLine, currency: Currency) {
    let field = |name: &str| format!("{named}.{name}");
    quantity(check, &field("quantity"), line.quantity);
    money(check, &field("unit_price"), line.unit_price, currency);
    check.require(!line.title.trim().is_empty(), field("title"), "required");
    text(check, &field("title"), Some(&line.title), TITLE);
    text(check, &field("sku"), line.sku.as_deref(), 80);
    text(check, &field("variant"), line.variant.as_deref(), 200);
    if let Some(spec) = &line.spec {
        object(check, &field("spec"), spec);
    }
}

pub(crate) fn tags(check: &mut Check, tags: &[String]) {
    if tags.len() > TAGS {
        check.push(FieldError::new("tags", "too_many").with("max", TAGS));
    }
    for (place, tag) in tags.iter().enumerate() {
        let field = format!("tags[{place}]");
        check.require(!tag.trim().is_empty(), &field, "required");
        text(check, &field, Some(tag), TAG);
    }
}

pub(crate) fn custom(check: &mut Check, custom: &Map<String, Value>) {
    if !custom.is_empty() {
        object(check, "custom", custom);
    }
}

/// JSON of our callers' own: bounded, and without the escaped zero letter.
pub(crate) fn object(check: &mut Check, field: &str, object: &Map<String, Value>) {
    let bytes = serde_json::to_string(object).map_or(usize::MAX, |text| text.len());
    if bytes > CUSTOM_BYTES {
        check.push(FieldError::new(field, "too_long").with("max", CUSTOM_BYTES));
    }
    let has_zero = object.iter().any(|(name, value)| name.contains('\0') || holds_zero(value));
    check.require(!has_zero, field, "text.control");
}

fn holds_zero(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(holds_zero),
        Value::Object(fields) => fields.iter().any(|(name, value)| name.contains('\0') || holds_zero(value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// A reason is a code: it stands in events, which must not hold personal data.
pub(crate) fn reason(check: &mut Check, reason: Option<&str>, is_required: bool) {
    match reason {
        None => check.require(!is_required, "reason", "required"),
        Some(code) => self::code(check, "reason", code),
    }
}

/// Small letters, digits and underscores, at most 60.
pub(crate) fn code(check: &mut Check, field: &str, code: &str) {
    let is_code = (1..=60).contains(&code.len()) && code.bytes().all(|sign| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == b'_');
    check.require(is_code, field, "reason.code");
}
