//! What a move or a place asks for, as words and as fields of a form.

use base::rules::{FIELDS, Guard};
use kernel::{Confirmation, PaymentState, Permission};
use serde_json::{Value, json};

use crate::badges;
use crate::pages::setup::form::{Input, Typed};
use crate::pages::setup::rights;
use crate::pages::view::Choosable;
use crate::words::Words;

/// Each kind of guard with the message that names it.
const KINDS: [(&str, &str); 9] = [
    ("reason", "guard-kind-reason"),
    ("note", "guard-kind-note"),
    ("notes", "guard-kind-notes"),
    ("field", "guard-kind-field"),
    ("tag", "guard-kind-tag"),
    ("role", "guard-kind-role"),
    ("right", "guard-kind-right"),
    ("confirmation", "guard-kind-confirmation"),
    ("payment", "guard-kind-payment"),
];

/// A guard as a sentence.
pub(super) fn words_of(say: Words, guard: &Guard) -> String {
    match guard {
        Guard::Reason => say.t("guard-reason"),
        Guard::Note => say.t("guard-note"),
        Guard::Tag { tag } => say.one("guard-tag", "tag", tag),
        Guard::Field { field } => say.one("guard-field", "field", field_name(say, field)),
        Guard::Right { right } => say.one("guard-right", "right", say.t(rights::words(*right))),
        Guard::Role { role } => say.one("guard-role", "role", role),
        Guard::Confirmation { is } => {
            let named: Vec<String> = is.iter().map(|one| say.t(confirmation_key(*one))).collect();
            say.one("guard-confirmation", "is", say.list(&named))
        }
        Guard::Payment { is } => {
            let named: Vec<String> = is.iter().map(|one| say.t(badges::payment(*one).key)).collect();
            say.one("guard-payment", "is", say.list(&named))
        }
        Guard::Notes { kind, least } => say.with("guard-notes", &[("kind", kind.clone()), ("least", least.to_string())]),
    }
}

pub(super) fn confirmation_key(one: Confirmation) -> &'static str {
    match one {
        Confirmation::Pending => "call-pending",
        Confirmation::Attempting => "call-attempting",
        Confirmation::Confirmed => "call-confirmed",
        Confirmation::Failed => "call-failed",
        Confirmation::Abandoned => "call-abandoned",
    }
}

fn field_name(say: Words, field: &str) -> String {
    let key = match field {
        "contact_phone" => "guard-field-phone",
        "line1" => "guard-field-street",
        "city" => "guard-field-city",
        "province" => "guard-field-province",
        "postal_code" => "guard-field-postal-code",
        "tracking" => "guard-field-tracking",
        "courier" => "guard-field-courier",
        "agent_id" => "guard-field-agent",
        "customer_id" => "guard-field-customer",
        "expected_on" => "guard-field-expected-on",
        "external_ref" => "guard-field-external-ref",
        own => return own.strip_prefix("custom.").unwrap_or(own).to_owned(),
    };
    say.t(key)
}

/// What stands beside the kind: `call 3`, `tracking`, `confirmed, attempting`.
fn plain(guard: &Guard) -> String {
    match guard {
        Guard::Reason | Guard::Note => String::new(),
        Guard::Tag { tag } => tag.clone(),
        Guard::Field { field } => field.clone(),
        Guard::Right { right } => right.to_string(),
        Guard::Role { role } => role.clone(),
        Guard::Confirmation { is } => is.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        Guard::Payment { is } => is.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        Guard::Notes { kind, least } => format!("{kind} {least}"),
    }
}

/// Two fields for each guard and for one more; their names begin with `prefix`.
pub(super) fn inputs(say: Words, prefix: &str, guards: &[Guard]) -> Vec<Input> {
    let mut inputs = Vec::new();
    for place in 0..=guards.len().min(9) {
        let guard = guards.get(place);
        let chosen = guard.map_or("", Guard::word);
        let mut options = vec![Choosable::new("", say.t("guard-none"), chosen)];
        options.extend(KINDS.iter().map(|(word, key)| Choosable::new(*word, say.t(key), chosen)));
        let n = (place + 1).to_string();
        inputs.push(Input::select(format!("{prefix}guards[{place}].require"), say.one("guard-asks", "n", &n), options).quiet());
        let value = Input::text(format!("{prefix}guards[{place}].value"), say.one("guard-value", "n", &n), guard.map(plain).unwrap_or_default());
        inputs.push(value.hint(say.t("guard-value-hint")).ltr().quiet());
    }
    inputs
}

/// The guards that such fields describe, as the file writes them, each with the place of its fields. What cannot be read stays as it
/// was typed, so that the action names it.
pub(super) fn read(typed: &Typed, prefix: &str) -> Vec<(usize, Value)> {
    let mut guards = Vec::new();
    for place in 0..=10 {
        let require = typed.get(&format!("{prefix}guards[{place}].require"));
        let value = typed.get(&format!("{prefix}guards[{place}].value"));
        if require.is_empty() {
            continue;
        }
        let list = || value.split(',').map(str::trim).filter(|word| !word.is_empty()).collect::<Vec<_>>();
        let guard = match require {
            "tag" => json!({ "require": "tag", "tag": value }),
            "field" => {
                let is_own = !FIELDS.contains(&value) && !value.starts_with("custom.") && !value.is_empty();
                json!({ "require": "field", "field": if is_own { format!("custom.{value}") } else { value.to_owned() } })
            }
            "right" => json!({ "require": "right", "right": value }),
            "role" => json!({ "require": "role", "role": value }),
            "confirmation" | "payment" => json!({ "require": require, "is": list() }),
            "notes" => {
                let (kind, least) = value.rsplit_once(' ').map_or((value, None), |(kind, least)| (kind.trim(), least.parse::<u32>().ok()));
                json!({ "require": "notes", "kind": kind, "least": least.map_or(Value::from(1), Value::from) })
            }
            other => json!({ "require": other }),
        };
        guards.push((place, guard));
    }
    guards
}

/// What can be typed beside each kind, for those who look it up.
pub(super) fn help(say: Words) -> Vec<(String, String)> {
    let words = |words: &[&str]| words.join(", ");
    vec![
        (say.t("guard-kind-notes"), "call 3".to_owned()),
        (say.t("guard-kind-field"), format!("{}, custom.…", words(FIELDS))),
        (say.t("guard-kind-tag"), say.t("guard-help-tag")),
        (say.t("guard-kind-role"), say.t("guard-help-role")),
        (say.t("guard-kind-right"), format!("{}, …", words(&Permission::WORDS[..6]))),
        (say.t("guard-kind-confirmation"), words(Confirmation::WORDS)),
        (say.t("guard-kind-payment"), words(PaymentState::WORDS)),
    ]
}

#[cfg(test)]
mod tests {
    use kernel::Locale;

    use super::*;

    #[test]
    fn guards_are_read_as_they_are_written() {
        let guards = [
            Guard::Reason,
            Guard::Notes { kind: "call".into(), least: 3 },
            Guard::Field { field: "custom.size".into() },
            Guard::Confirmation { is: vec![Confirmation::Confirmed, Confirmation::Attempting] },
            Guard::Right { right: Permission::OrderRefund },
        ];
        let typed = Typed(inputs(Words { locale: Locale::En }, "x.", &guards).into_iter().map(|input| (input.name, input.value)).collect());
        let read: Vec<Guard> = read(&typed, "x.").into_iter().map(|(_, guard)| serde_json::from_value(guard).unwrap()).collect();
        assert_eq!(read, guards);
    }

    #[test]
    fn every_kind_of_guard_can_be_chosen() {
        for word in Guard::WORDS {
            assert!(KINDS.iter().any(|(kind, _)| kind == word), "{word}");
        }
    }
}
