//! What two rule sets say differently, place by place. Places are named as in the file, sub-statuses by their keys.

use std::collections::BTreeMap;

use base::rules::RuleSet;
use serde_json::Value;

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Difference {
    /// `PENDING.no_answer.labels.fr`
    pub(super) place: String,
    pub(super) before: Option<String>,
    pub(super) after: Option<String>,
}

/// Every difference, by place.
pub(super) fn differences(before: &RuleSet, after: &RuleSet) -> Vec<Difference> {
    let (before, after) = (flat(before), flat(after));
    let mut places: Vec<&String> = before.keys().chain(after.keys()).collect();
    places.sort_unstable();
    places.dedup();
    let found =
        places.into_iter().map(|place| Difference { place: place.clone(), before: before.get(place).cloned(), after: after.get(place).cloned() });
    found.filter(|one| one.before != one.after).collect()
}

fn flat(rules: &RuleSet) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    let value = serde_json::to_value(rules).unwrap_or_default();
    for (state, of) in value["states"].as_object().into_iter().flatten() {
        for (field, value) in of.as_object().into_iter().flatten() {
            if field != "substatuses" {
                note(&mut all, &format!("{state}.{field}"), value);
            }
        }
        for sub in of["substatuses"].as_array().into_iter().flatten() {
            let key = sub["key"].as_str().unwrap_or_default();
            // That it is there at all is a difference, too.
            all.insert(format!("{state}.{key}"), key.to_owned());
            for (field, value) in sub.as_object().into_iter().flatten() {
                let is_plain = matches!(value, Value::Bool(false)) || field == "key";
                if !is_plain {
                    note(&mut all, &format!("{state}.{key}.{field}"), value);
                }
            }
        }
    }
    for rule in value["moves"].as_array().into_iter().flatten() {
        let place = format!("{}.{}", rule["from"].as_str().unwrap_or_default(), rule["action"].as_str().unwrap_or_default());
        for field in ["is_forbidden", "guards"] {
            if !matches!(rule[field], Value::Null | Value::Bool(false)) {
                note(&mut all, &format!("{place}.{field}"), &rule[field]);
            }
        }
    }
    for (word, of) in value["confirmations"].as_object().into_iter().flatten() {
        note(&mut all, &format!("confirmations.{word}"), of);
    }
    all
}

fn note(all: &mut BTreeMap<String, String>, place: &str, value: &Value) {
    match value {
        Value::Object(fields) => {
            for (field, value) in fields {
                note(all, &format!("{place}.{field}"), value);
            }
        }
        Value::String(text) => drop(all.insert(place.to_owned(), text.clone())),
        Value::Array(items) if items.iter().all(Value::is_string) => {
            let words: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
            all.insert(place.to_owned(), words.join(", "));
        }
        Value::Array(items) => {
            let guards = items.iter().map(|guard| {
                let said = guard.as_object().into_iter().flatten().map(|(_, value)| match value {
                    Value::String(text) => text.clone(),
                    other => other.to_string(),
                });
                said.collect::<Vec<_>>().join(" ")
            });
            all.insert(place.to_owned(), guards.collect::<Vec<_>>().join(" · "));
        }
        other => drop(all.insert(place.to_owned(), other.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_are_named_by_their_place_in_the_file() {
        let rules = |text: &str| RuleSet::parse(text).unwrap();
        let before = rules(r#"{"states":{"PENDING":{"progress":10,"substatuses":[{"key":"fresh","labels":{"en":"New"}}]}}}"#);
        let after = rules(
            r#"{"states":{"PENDING":{"progress":20,"substatuses":[{"key":"late","labels":{"en":"Late"}},{"key":"fresh","labels":{"en":"New"}}]}},
                "moves":[{"from":"CONFIRMED","action":"cancel","guards":[{"require":"note"}]}]}"#,
        );
        let found = differences(&before, &after);
        let places: Vec<&str> = found.iter().map(|one| one.place.as_str()).collect();
        assert_eq!(
            places,
            ["CONFIRMED.cancel.guards", "PENDING.late", "PENDING.late.labels.en", "PENDING.late.position", "PENDING.progress"].to_vec()
        );
        let progress = found.last().unwrap();
        assert_eq!((progress.before.as_deref(), progress.after.as_deref()), (Some("10"), Some("20")));
        assert!(differences(&after, &after).is_empty());
    }
}
