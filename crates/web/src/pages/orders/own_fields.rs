//! Fields of the team's own in forms: how their values are shown, offered and read back.

use base::Ctx;
use kernel::{Amount, Check, Currency, Error, FieldDef, FieldKind};
use serde_json::{Map, Value, json};

use super::page_view::{OwnField, Pair};
use crate::format::Format;
use crate::pages::amounts::amount;
use crate::pages::typed::Typed;
use crate::pages::view::Choosable;
use crate::words::Words;

/// What a field is called in forms.
pub(crate) fn name_of(field: &FieldDef) -> String {
    format!("custom.{}", field.key)
}

/// The fields as a form offers them; `shown` is what the reader may see of the values.
pub(crate) fn offered(ctx: &Ctx, fields: &[FieldDef], shown: &Map<String, Value>, currency: Currency) -> Vec<OwnField> {
    let say = Words { locale: ctx.locale };
    fields.iter().map(|field| one(say, field, shown.get(&field.key), currency)).collect()
}

fn one(say: Words, field: &FieldDef, value: Option<&Value>, currency: Currency) -> OwnField {
    let chosen = |key: &str| match value {
        Some(Value::Array(keys)) => keys.iter().any(|one| one.as_str() == Some(key)),
        Some(Value::String(one)) => one == key,
        _ => false,
    };
    let choices = || field.choices.iter().filter(|choice| !choice.is_archived || chosen(&choice.key));
    let choice =
        |choice: &kernel::Choice| Choosable { value: choice.key.clone(), label: choice.label(say.locale).to_owned(), is_chosen: chosen(&choice.key) };
    let (kind, options) = match field.kind {
        FieldKind::Text => ("text", Vec::new()),
        FieldKind::Number | FieldKind::Money => ("decimal", Vec::new()),
        FieldKind::Date => ("date", Vec::new()),
        FieldKind::Url => ("url", Vec::new()),
        FieldKind::Phone => ("tel", Vec::new()),
        FieldKind::Boolean => {
            let now = value.and_then(Value::as_bool).map(|truth| truth.to_string()).unwrap_or_default();
            let options = [("", "order-none"), ("true", "order-yes"), ("false", "order-no")];
            ("select", options.map(|(value, key)| Choosable::new(value, say.t(key), &now)).into())
        }
        FieldKind::Choice => {
            let none = Choosable { value: String::new(), label: say.t("order-none"), is_chosen: value.is_none() };
            ("select", std::iter::once(none).chain(choices().map(choice)).collect())
        }
        FieldKind::MultiChoice => ("multi", choices().map(choice).collect()),
    };
    OwnField {
        name: name_of(field),
        label: field.label(say.locale).to_owned(),
        kind,
        value: value.map(|value| text_of(value, currency)).unwrap_or_default(),
        options,
    }
}

/// A value as a form holds it.
fn text_of(value: &Value, currency: Currency) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Object(money) => money.get("amount").and_then(Value::as_i64).map(|amount| currency.show_amount(Amount(amount))).unwrap_or_default(),
        other => other.to_string(),
    }
}

/// The values that there are, as facts.
pub(crate) fn shown(ctx: &Ctx, format: &Format, fields: &[FieldDef], values: &Map<String, Value>, currency: Currency) -> Vec<Pair> {
    let say = Words { locale: ctx.locale };
    let label = |field: &FieldDef, key: &str| {
        field.choices.iter().find(|choice| choice.key == key).map_or_else(|| key.to_owned(), |choice| choice.label(say.locale).to_owned())
    };
    let text = |field: &FieldDef, value: &Value| match (field.kind, value) {
        (FieldKind::Boolean, Value::Bool(truth)) => say.t(if *truth { "order-yes" } else { "order-no" }),
        (FieldKind::Choice, Value::String(key)) => label(field, key),
        (FieldKind::MultiChoice, Value::Array(keys)) => {
            say.list(&keys.iter().filter_map(Value::as_str).map(|key| label(field, key)).collect::<Vec<_>>())
        }
        (FieldKind::Money, Value::Object(money)) => {
            let amount = money.get("amount").and_then(Value::as_i64).unwrap_or_default();
            format.money(Amount(amount), currency)
        }
        (FieldKind::Date, Value::String(day)) => kernel::Day::parse(day).map_or_else(|| day.clone(), |day| format.day(day)),
        (_, value) => text_of(value, currency),
    };
    let filled = fields.iter().filter_map(|field| Some((field, values.get(&field.key)?)));
    let pair = |(field, value): (&FieldDef, &Value)| Pair { label: field.label(say.locale).to_owned(), value: text(field, value) };
    filled.map(pair).filter(|pair| !pair.value.is_empty()).collect()
}

/// What a form makes of the values that stand: what was not touched stays as it is, dots included.
pub(crate) fn read(
    typed: &Typed,
    fields: &[FieldDef],
    standing: Map<String, Value>,
    shown: &Map<String, Value>,
    currency: Currency,
) -> Result<Map<String, Value>, Error> {
    let mut check = Check::new();
    let mut values = standing;
    for field in fields {
        let name = name_of(field);
        if !typed.has(&name) {
            continue;
        }
        if field.kind == FieldKind::MultiChoice {
            let keys: Vec<&str> = typed.all(&name).filter(|key| !key.is_empty()).collect();
            if keys.is_empty() {
                values.remove(&field.key)
            } else {
                values.insert(field.key.clone(), Value::from(keys))
            };
            continue;
        }
        let text = typed.get(&name);
        let before = shown.get(&field.key).map(|value| text_of(value, currency)).unwrap_or_default();
        if text == before {
            continue;
        }
        if text.is_empty() {
            values.remove(&field.key)
        } else {
            let value = match field.kind {
                FieldKind::Money => match amount(text, currency) {
                    Some(amount) => json!({ "amount": amount.0, "currency": currency.code() }),
                    None => {
                        check.fail(name, "amount.text");
                        continue;
                    }
                },
                _ => Value::from(text),
            };
            values.insert(field.key.clone(), value)
        };
    }
    check.done()?;
    Ok(values)
}
