//! How a value is judged by the kind of its field. Pure.

use base::Ctx;
use kernel::{Amount, Check, Country, Currency, Day, FieldDef, FieldError, FieldKind, Money, Phone, Required, Subject, fold};
use serde_json::{Map, Number, Value};

/// Letters of a text.
const TEXT: usize = 2_000;
/// Letters of an address.
const URL: usize = 2_000;
/// Millionths of one.
pub(crate) const MICRO: i64 = 1_000_000;
/// The largest number, either way.
const LARGEST: i64 = 9_000_000_000_000;
/// Most decimals of a number.
const DECIMALS: usize = 6;

/// On which occasion values come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// An order is placed or a customer entered: defaults are filled in, what is required must be there.
    Begin,
    /// The same from a file of the past: kinds are judged, nothing is required.
    Import,
    /// What stands is changed: what stays as it was is not judged again.
    Change,
}

/// What numbers and amounts are read by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Surroundings {
    /// Whose spelling telephone numbers follow.
    pub country: Country,
    /// What amounts must be in; any currency when not given.
    pub currency: Option<Currency>,
}

/// Judges `custom` and answers it as it is kept: numbers as numbers, choices by their keys, telephones as
/// E.164, defaults filled in. What is wrong is noted as `custom.<key>`.
pub fn check_custom(
    check: &mut Check,
    ctx: &Ctx,
    subject: Subject,
    new: &Map<String, Value>,
    before: Option<&Map<String, Value>>,
    moment: Moment,
    around: Surroundings,
) -> Map<String, Value> {
    let (fields, keeps) = (ctx.settings.field_set.of(subject), ctx.settings.fields.keep_unknown);
    if fields.is_empty() && (keeps || new.is_empty()) {
        return new.clone();
    }
    judged(check, fields, keeps, new, before, moment, around)
}

fn judged(
    check: &mut Check,
    fields: &[FieldDef],
    keeps: bool,
    new: &Map<String, Value>,
    before: Option<&Map<String, Value>>,
    moment: Moment,
    around: Surroundings,
) -> Map<String, Value> {
    let mut kept = Map::new();
    for (key, value) in new {
        let stood = before.and_then(|before| before.get(key));
        let Some(field) = fields.iter().find(|field| field.key == *key) else {
            if keeps || stood == Some(value) {
                kept.insert(key.clone(), value.clone());
            } else {
                check.fail(format!("custom.{key}"), "custom.unknown");
            }
            continue;
        };
        if is_nothing(value) {
            continue;
        }
        if stood == Some(value) {
            kept.insert(key.clone(), value.clone());
            continue;
        }
        match read(field, value, around) {
            Ok(value) => drop(kept.insert(key.clone(), value)),
            Err(wrong) => check.push(FieldError { field: format!("custom.{key}"), ..wrong }),
        }
    }
    if moment == Moment::Begin {
        for field in fields {
            if let (Some(default), None) = (&field.default, kept.get(&field.key))
                && !new.contains_key(&field.key)
            {
                kept.insert(field.key.clone(), default.clone());
            }
        }
    }
    for field in fields.iter().filter(|field| field.required == Required::Placing) {
        let is_wanted = match moment {
            Moment::Begin => true,
            Moment::Import => false,
            Moment::Change => before.is_some_and(|before| before.contains_key(&field.key)),
        };
        let is_judged = new.get(&field.key).is_some_and(|value| !is_nothing(value));
        if is_wanted && !is_judged && !kept.contains_key(&field.key) {
            check.fail(format!("custom.{}", field.key), "required");
        }
    }
    kept
}

/// The fields that must have a value before an order is confirmed and have none.
pub fn missing_to_confirm<'a>(ctx: &'a Ctx, custom: &str) -> Vec<&'a FieldDef> {
    let wanted: Vec<&FieldDef> = ctx.settings.field_set.order.iter().filter(|field| field.required != Required::No).collect();
    if wanted.is_empty() {
        return wanted;
    }
    let custom: Map<String, Value> = serde_json::from_str(custom).unwrap_or_default();
    wanted.into_iter().filter(|field| custom.get(&field.key).is_none_or(is_nothing)).collect()
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

/// A value as it is kept, or what is wrong with it. Files send everything as texts, so a text is read as
/// what the field holds.
pub(crate) fn read(field: &FieldDef, value: &Value, around: Surroundings) -> Result<Value, FieldError> {
    let wrong = |code: &'static str| FieldError::new(field.key.clone(), code);
    match field.kind {
        FieldKind::Text => {
            let text = text_of(value).ok_or_else(|| wrong("field.text"))?;
            limited(text.trim(), TEXT, &field.key).map(Value::from)
        }
        FieldKind::Number => {
            let micro = number_of(value).ok_or_else(|| wrong("field.number"))?;
            Ok(Value::Number(number_from(micro)))
        }
        FieldKind::Money => money(field, value, around),
        FieldKind::Date => {
            let day = value.as_str().and_then(Day::parse).ok_or_else(|| wrong("field.date"))?;
            Ok(Value::from(day.to_string()))
        }
        FieldKind::Boolean => match value {
            Value::Bool(truth) => Ok(Value::Bool(*truth)),
            Value::String(text) => truth_of(text).map(Value::Bool).ok_or_else(|| wrong("field.boolean")),
            _ => Err(wrong("field.boolean")),
        },
        FieldKind::Choice => {
            let text = text_of(value).ok_or_else(|| offered(field))?;
            chosen(field, &text).map(Value::from).ok_or_else(|| offered(field))
        }
        FieldKind::MultiChoice => {
            let texts: Vec<String> = match value {
                Value::Array(items) => items.iter().map(text_of).collect::<Option<_>>().ok_or_else(|| offered(field))?,
                Value::String(text) => text.split([';', ',']).map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect(),
                _ => return Err(offered(field)),
            };
            let mut keys: Vec<String> = Vec::with_capacity(texts.len());
            for text in &texts {
                let key = chosen(field, text).ok_or_else(|| offered(field))?;
                if !keys.contains(&key) {
                    keys.push(key);
                }
            }
            Ok(Value::from(keys))
        }
        FieldKind::Url => {
            let text = value.as_str().map(str::trim).ok_or_else(|| wrong("field.url"))?;
            let rest = ["https://", "http://"].iter().find_map(|scheme| text.strip_prefix(scheme));
            let is_url = rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
                && !text.chars().any(|sign| sign.is_whitespace() || sign.is_control() || matches!(sign, '<' | '>' | '"'));
            if is_url { limited(text, URL, &field.key).map(Value::from) } else { Err(wrong("field.url")) }
        }
        FieldKind::Phone => {
            let text = text_of(value).ok_or_else(|| wrong("phone"))?;
            Phone::parse(&text, around.country).map(|phone| Value::from(phone.e164())).map_err(|_| wrong("phone"))
        }
    }
}

fn limited(text: &str, most: usize, key: &str) -> Result<String, FieldError> {
    if text.len() > most && text.chars().count() > most {
        return Err(FieldError::new(key, "too_long").with("max", most));
    }
    // One of the engines cannot keep a zero letter.
    if text.contains('\0') {
        return Err(FieldError::new(key, "text.control"));
    }
    Ok(text.to_owned())
}

fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn truth_of(text: &str) -> Option<bool> {
    match text.trim().to_lowercase().as_str() {
        "true" | "yes" | "1" | "oui" | "نعم" => Some(true),
        "false" | "no" | "0" | "non" | "لا" => Some(false),
        _ => None,
    }
}

/// The key of the choice that is called so: by its key, or by a label in any language.
pub(crate) fn chosen(field: &FieldDef, text: &str) -> Option<String> {
    let offered = || field.choices.iter().filter(|choice| !choice.is_archived);
    let by_key = offered().find(|choice| choice.key == text);
    let by_label = || {
        let folded = fold(text);
        offered().find(|choice| fold(&choice.key) == folded || choice.labels.values().any(|label| fold(label) == folded))
    };
    by_key.or_else(by_label).map(|choice| choice.key.clone())
}

fn offered(field: &FieldDef) -> FieldError {
    let keys: Vec<&str> = field.choices.iter().filter(|choice| !choice.is_archived).map(|choice| choice.key.as_str()).collect();
    FieldError::new(field.key.clone(), "field.choice").with("allowed", keys.join(", "))
}

fn money(field: &FieldDef, value: &Value, around: Surroundings) -> Result<Value, FieldError> {
    let wrong = |code: &'static str| FieldError::new(field.key.clone(), code);
    let money: Money = match (value, around.currency) {
        (Value::Object(_), _) => serde_json::from_value(value.clone()).map_err(|_| wrong("field.money"))?,
        // A plain number in a file is in the currency of the order, written with decimals.
        (Value::String(text), Some(currency)) => Money { amount: currency.parse_amount(text).ok_or_else(|| wrong("field.money"))?, currency },
        _ => return Err(wrong("field.money")),
    };
    if let Some(currency) = around.currency.filter(|currency| *currency != money.currency) {
        return Err(wrong("currency.store").with("expected", currency).with("found", money.currency));
    }
    if !money.amount.is_within_limit() {
        return Err(wrong("money.overflow").with("max", Amount::LIMIT));
    }
    Ok(serde_json::json!({ "amount": money.amount.0, "currency": money.currency.code() }))
}

/// A number in millionths, from a JSON number or its text; none when it has more decimals or is too large.
pub(crate) fn number_of(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => match number.as_i64() {
            Some(whole) => within(i128::from(whole) * i128::from(MICRO)),
            // Written out without an exponent.
            None => micro_of(&format!("{}", number.as_f64()?)),
        },
        Value::String(text) => micro_of(&kernel::western_digits(text).trim().replace([' ', '\u{a0}', '\u{202f}'], "").replace(',', ".")),
        _ => None,
    }
}

fn micro_of(text: &str) -> Option<i64> {
    let (is_negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    let decimals = decimals.trim_end_matches('0');
    let is_number = !(whole.is_empty() && decimals.is_empty()) && whole.bytes().chain(decimals.bytes()).all(|sign| sign.is_ascii_digit());
    if !is_number || whole.len() > 15 || decimals.len() > DECIMALS {
        return None;
    }
    let micro: i128 = format!("0{whole}{decimals:0<DECIMALS$}").parse().ok()?;
    within(if is_negative { -micro } else { micro })
}

fn within(micro: i128) -> Option<i64> {
    let most = i128::from(LARGEST) * i128::from(MICRO);
    // Beyond what 64 bits hold nothing can be compared, so the limit is the smaller of both.
    if micro.abs() > most.min(i128::from(i64::MAX)) { None } else { i64::try_from(micro).ok() }
}

/// The number as text, without needless zeros.
pub(crate) fn number_text(micro: i64) -> String {
    let (whole, rest) = (micro / MICRO, (micro % MICRO).abs());
    let sign = if micro < 0 && whole == 0 { "-" } else { "" };
    if rest == 0 {
        return whole.to_string();
    }
    format!("{sign}{whole}.{}", format!("{rest:06}").trim_end_matches('0'))
}

fn number_from(micro: i64) -> Number {
    if micro % MICRO == 0 {
        return Number::from(micro / MICRO);
    }
    serde_json::from_str(&number_text(micro)).unwrap_or_else(|_| Number::from(micro / MICRO))
}

#[cfg(test)]
mod tests {
    use kernel::{Choice, FacetState, FieldId, Id, Labels, Locale, Tone};
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    const AROUND: Surroundings = Surroundings { country: Country::DZ, currency: Some(Currency::DZD) };

    fn field(kind: FieldKind) -> FieldDef {
        let choice = |key: &str, fr: &str, is_archived| Choice {
            key: key.to_owned(),
            labels: Labels::from([(Locale::Fr, fr.to_owned())]),
            tone: Tone::Neutral,
            is_archived,
        };
        FieldDef {
            id: FieldId::from_i64(7),
            key: "it".to_owned(),
            labels: Labels::new(),
            kind,
            required: Required::No,
            default: None,
            choices: vec![choice("red", "Rouge", false), choice("green", "Vert", false), choice("old", "Vieux", true)],
            is_filterable: false,
            is_searchable: false,
            is_listed: false,
            facets: FacetState::None,
        }
    }

    #[track_caller]
    fn check(kind: FieldKind, value: Value, expected: Result<Value, &str>) {
        let read = read(&field(kind), &value, AROUND).map_err(|wrong| wrong.code);
        assert_eq!(read, expected, "{kind} {value}");
    }

    #[test]
    fn a_value_is_judged_by_its_kind() {
        use FieldKind::*;
        check(Text, json!(" size M "), Ok(json!("size M")));
        check(Text, json!(42), Ok(json!("42")));
        check(Text, json!({"a": 1}), Err("field.text"));
        check(Text, json!("x".repeat(2_001)), Err("too_long"));
        check(Text, json!("a\u{0}b"), Err("text.control"));
        check(Number, json!(12), Ok(json!(12)));
        check(Number, json!("1 250,5"), Ok(json!(1250.5)));
        check(Number, json!("٤٢"), Ok(json!(42)));
        check(Number, json!(-0.25), Ok(json!(-0.25)));
        check(Number, json!("twelve"), Err("field.number"));
        check(Number, json!("0.0000001"), Err("field.number"));
        check(Number, json!(1e16), Err("field.number"));
        check(Money, json!({"amount": 1250, "currency": "DZD"}), Ok(json!({"amount": 1250, "currency": "DZD"})));
        check(Money, json!("12.50"), Ok(json!({"amount": 1250, "currency": "DZD"})));
        check(Money, json!({"amount": 1250, "currency": "EUR"}), Err("currency.store"));
        check(Money, json!(1250), Err("field.money"));
        check(Date, json!("2026-11-21"), Ok(json!("2026-11-21")));
        check(Date, json!("21/11/2026"), Err("field.date"));
        check(Boolean, json!(true), Ok(json!(true)));
        check(Boolean, json!("oui"), Ok(json!(true)));
        check(Boolean, json!("perhaps"), Err("field.boolean"));
        check(Choice, json!("red"), Ok(json!("red")));
        check(Choice, json!("ROUGE"), Ok(json!("red")));
        check(Choice, json!("old"), Err("field.choice"));
        check(Choice, json!("blue"), Err("field.choice"));
        check(MultiChoice, json!(["vert", "red", "green"]), Ok(json!(["green", "red"])));
        check(MultiChoice, json!("red; green"), Ok(json!(["red", "green"])));
        check(MultiChoice, json!(["red", 7.5]), Err("field.choice"));
        check(Url, json!("https://shop.example/x"), Ok(json!("https://shop.example/x")));
        check(Url, json!("javascript:alert(1)"), Err("field.url"));
        check(Url, json!("https:///x"), Err("field.url"));
        check(Phone, json!("0550 14 23 87"), Ok(json!("+213550142387")));
        check(Phone, json!("12"), Err("phone"));
    }

    fn all(fields: &[FieldDef], keeps: bool, new: Value, before: Option<Value>, moment: Moment) -> (Value, Vec<String>) {
        let map = |value: Value| value.as_object().cloned().unwrap_or_default();
        let before = before.map(map);
        let mut check = Check::new();
        let kept = judged(&mut check, fields, keeps, &map(new), before.as_ref(), moment, AROUND);
        let wrong = match check.done() {
            Err(kernel::Error::Invalid(wrong)) => wrong.into_iter().map(|one| format!("{}={}", one.field, one.code)).collect(),
            _ => Vec::new(),
        };
        (Value::Object(kept), wrong)
    }

    #[test]
    fn what_is_required_must_be_there_when_it_begins_and_may_not_go_later() {
        let required = FieldDef { required: Required::Placing, ..field(FieldKind::Text) };
        let fields = [required];
        assert_eq!(all(&fields, true, json!({}), None, Moment::Begin).1, ["custom.it=required"]);
        assert_eq!(all(&fields, true, json!({"it": " "}), None, Moment::Begin).1, ["custom.it=required"]);
        assert_eq!(all(&fields, true, json!({}), None, Moment::Import).1, [""; 0]);
        assert_eq!(all(&fields, true, json!({}), Some(json!({})), Moment::Change).1, [""; 0], "it never stood there");
        assert_eq!(all(&fields, true, json!({"it": null}), Some(json!({"it": "x"})), Moment::Change).1, ["custom.it=required"]);
        // One problem for one field.
        assert_eq!(all(&fields, true, json!({"it": []}), None, Moment::Begin).1, ["custom.it=required"]);
        assert_eq!(all(&fields, true, json!({"it": {}}), None, Moment::Begin).1, ["custom.it=field.text"]);
    }

    #[test]
    fn defaults_are_for_the_beginning_and_unknown_names_for_the_settings() {
        let fields = [FieldDef { default: Some(json!("M")), ..field(FieldKind::Text) }];
        assert_eq!(all(&fields, true, json!({}), None, Moment::Begin).0, json!({"it": "M"}));
        assert_eq!(all(&fields, true, json!({"it": null}), None, Moment::Begin).0, json!({}), "nothing was said on purpose");
        assert_eq!(all(&fields, true, json!({}), Some(json!({})), Moment::Change).0, json!({}));
        assert_eq!(all(&fields, true, json!({"campaign": {"id": 7}}), None, Moment::Import).0, json!({"campaign": {"id": 7}}));
        assert_eq!(all(&fields, false, json!({"campaign": 7}), None, Moment::Begin).1, ["custom.campaign=custom.unknown"]);
        assert_eq!(all(&fields, false, json!({"campaign": 7}), Some(json!({"campaign": 7})), Moment::Change).1, [""; 0], "it stood there");
    }

    #[test]
    fn what_stays_as_it_was_is_not_judged_again() {
        let fields = [field(FieldKind::Choice)];
        let stood = json!({"it": "old"});
        assert_eq!(all(&fields, true, stood.clone(), Some(stood.clone()), Moment::Change), (stood, vec![]));
        assert_eq!(all(&fields, true, json!({"it": "old"}), Some(json!({"it": "red"})), Moment::Change).1, ["custom.it=field.choice"]);
    }

    proptest! {
        #[test]
        fn a_number_reads_back_as_it_was_written(micro in -9_000_000_000_000_000_i64..9_000_000_000_000_000) {
            let text = number_text(micro);
            prop_assert_eq!(micro_of(&text), Some(micro), "{}", text);
            prop_assert_eq!(number_of(&Value::String(text)), Some(micro));
        }
    }
}
