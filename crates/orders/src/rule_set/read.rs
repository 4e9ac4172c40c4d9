//! Reading a rule set that somebody wrote: every mistake by its path, all at once.

use std::str::FromStr;

use base::rules::{FIELDS, Guard, Look, MoveRule, RuleSet, StateRules, Substatus};
use kernel::{Check, Confirmation, FieldError, Labels, Locale, OrderAction, OrderState, PaymentState, Permission, Tone};
use serde_json::{Map, Value};

use crate::state;

/// Sub-statuses of one state.
const SUBSTATUSES: usize = 50;
/// Guards of one move or sub-status.
const GUARDS: usize = 10;
/// Letters of a name.
const LABEL: usize = 60;
/// Letters of a key, a tag, a role, a field.
const WORD: usize = 60;

/// The rule set as far as it can be read. Whatever is wrong stands in `check`, and then the answer is of no use.
pub(super) fn read(check: &mut Check, value: &Value) -> RuleSet {
    let mut reader = Reader { check };
    let rules = reader.rule_set(value);
    judge(check, &rules);
    rules
}

/// Sub-statuses by position, as they are kept. Until then they stand as they were sent, so that mistakes are named by
/// their place there.
pub(super) fn sorted(mut rules: RuleSet) -> RuleSet {
    for of in rules.states.values_mut() {
        of.substatuses.sort_by_key(|one| one.position);
    }
    rules
}

/// Every guard with its path.
pub(super) fn guards(rules: &RuleSet) -> Vec<(String, &Guard)> {
    let mut found = Vec::new();
    for (place, rule) in rules.moves.iter().enumerate() {
        found.extend(rule.guards.iter().enumerate().map(|(at, guard)| (format!("moves[{place}].guards[{at}]"), guard)));
    }
    for (state, place, one) in places(rules) {
        let path = format!("states.{state}.substatuses[{place}].guards");
        found.extend(one.guards.iter().enumerate().map(|(at, guard)| (format!("{path}[{at}]"), guard)));
    }
    found
}

/// Every sub-status with its state and its place in the list.
pub(super) fn places(rules: &RuleSet) -> impl Iterator<Item = (OrderState, usize, &Substatus)> {
    rules.states.iter().flat_map(|(state, of)| of.substatuses.iter().enumerate().map(move |(place, one)| (*state, place, one)))
}

/// What only the whole shows: keys that stand twice, siblings that are not there, rows that the table has not.
fn judge(check: &mut Check, rules: &RuleSet) {
    let mut seen: Vec<&str> = Vec::new();
    for (state, place, one) in places(rules) {
        let path = |field: &str| format!("states.{state}.substatuses[{place}].{field}");
        if !one.key.is_empty() {
            check.require(!seen.contains(&one.key.as_str()), path("key"), "duplicate");
            seen.push(&one.key);
        }
        for (at, next) in one.next.iter().flatten().enumerate() {
            let is_sibling = *next != one.key && rules.substatus(state, next).is_some();
            check.require(is_sibling, format!("{}[{at}]", path("next")), "rules.sibling");
        }
        for (at, action) in one.forbids.iter().enumerate() {
            check_row(check, state, *action, format!("{}[{at}]", path("forbids")));
        }
        check.require(!(one.is_default && one.is_archived), path("is_default"), "rules.default_archived");
        let begins = state == OrderState::Pending && one.is_default;
        check.require(!begins || one.guards.is_empty(), path("guards"), "rules.default_guard");
    }
    for (state, of) in &rules.states {
        let defaults = of.substatuses.iter().filter(|one| one.is_default).count();
        check.require(defaults <= 1, format!("states.{state}.substatuses"), "rules.defaults");
    }
    for (place, rule) in rules.moves.iter().enumerate() {
        check_row(check, rule.from, rule.action, format!("moves[{place}].action"));
        let is_first = rules.moves.iter().position(|other| (other.from, other.action) == (rule.from, rule.action)) == Some(place);
        check.require(is_first, format!("moves[{place}]"), "duplicate");
    }
}

fn check_row(check: &mut Check, from: OrderState, action: OrderAction, path: String) {
    if !state::actions(from).any(|row| row.action == action) {
        let allowed: Vec<&str> = state::actions(from).map(|row| row.action.as_str()).collect();
        check.push(FieldError::new(path, "rules.row").with("state", from).with("allowed", allowed.join(", ")));
    }
}

/// Reads values and notes what is wrong with them.
struct Reader<'a> {
    check: &'a mut Check,
}

impl Reader<'_> {
    fn wrong_type(&mut self, path: &str, expected: &str) {
        self.check.push(FieldError::new(path, "type").with("expected", expected));
    }

    /// The fields of an object; those that nobody knows are noted.
    fn object<'v>(&mut self, path: &str, value: &'v Value, known: &[&str]) -> Option<&'v Map<String, Value>> {
        let Value::Object(fields) = value else {
            self.wrong_type(path, "an object");
            return None;
        };
        for field in fields.keys().filter(|field| !known.contains(&field.as_str())) {
            self.check.fail(below(path, field), "unknown_field");
        }
        Some(fields)
    }

    fn list<'v>(&mut self, path: &str, value: Option<&'v Value>, most: usize) -> &'v [Value] {
        match value {
            None | Some(Value::Null) => &[],
            Some(Value::Array(items)) if items.len() <= most => items,
            Some(Value::Array(_)) => {
                self.check.push(FieldError::new(path, "too_many").with("max", most));
                &[]
            }
            Some(_) => {
                self.wrong_type(path, "a list");
                &[]
            }
        }
    }

    fn text(&mut self, path: &str, value: Option<&Value>, most: usize) -> Option<String> {
        match value {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) => {
                if text.chars().count() > most {
                    self.check.push(FieldError::new(path, "too_long").with("max", most));
                }
                if text.chars().any(char::is_control) {
                    self.check.fail(path, "text.control");
                }
                Some(text.trim().to_owned())
            }
            Some(_) => {
                self.wrong_type(path, "a text");
                None
            }
        }
    }

    /// A text that must be there.
    fn needed(&mut self, path: &str, value: Option<&Value>, most: usize) -> String {
        let is_text = matches!(value, None | Some(Value::Null | Value::String(_)));
        let text = self.text(path, value, most).unwrap_or_default();
        self.check.require(!is_text || !text.is_empty(), path, "required");
        text
    }

    fn truth(&mut self, path: &str, value: Option<&Value>) -> Option<bool> {
        match value {
            None | Some(Value::Null) => None,
            Some(Value::Bool(truth)) => Some(*truth),
            Some(_) => {
                self.wrong_type(path, "true or false");
                None
            }
        }
    }

    fn number(&mut self, path: &str, value: Option<&Value>, least: i64, most: i64) -> Option<i64> {
        match value {
            None | Some(Value::Null) => None,
            Some(value) => match value.as_i64() {
                Some(number) if (least..=most).contains(&number) => Some(number),
                Some(_) => {
                    self.check.push(FieldError::new(path, "range").with("least", least).with("most", most));
                    None
                }
                None => {
                    self.wrong_type(path, "a whole number");
                    None
                }
            },
        }
    }

    fn percent(&mut self, path: &str, value: Option<&Value>) -> Option<u8> {
        self.number(path, value, 0, 100).and_then(|number| u8::try_from(number).ok())
    }

    /// A word of a closed set.
    fn word<T: FromStr>(&mut self, path: &str, value: Option<&Value>, allowed: &[&str]) -> Option<T> {
        let text = self.text(path, value, 1_000)?;
        let word = text.parse().ok();
        if word.is_none() {
            self.check.push(FieldError::new(path, "format").with("expected", allowed.join(", ")));
        }
        word
    }

    fn words<T: FromStr>(&mut self, path: &str, value: Option<&Value>, allowed: &[&str]) -> Vec<T> {
        let items = self.list(path, value, allowed.len());
        items.iter().enumerate().filter_map(|(place, item)| self.word(&format!("{path}[{place}]"), Some(item), allowed)).collect()
    }

    fn rule_set(&mut self, value: &Value) -> RuleSet {
        let mut rules = RuleSet::default();
        let Some(fields) = self.object("", value, &["states", "moves", "confirmations"]) else { return rules };
        if let Some(states) = fields.get("states").filter(|value| !value.is_null())
            && let Some(states) = self.object("states", states, OrderState::WORDS)
        {
            for (name, value) in states {
                let Ok(state) = name.parse::<OrderState>() else { continue };
                let of = self.state(&format!("states.{name}"), value);
                rules.states.insert(state, of);
            }
        }
        let rows = state::TRANSITIONS.len();
        for (place, value) in self.list("moves", fields.get("moves"), rows).iter().enumerate() {
            rules.moves.extend(self.move_rule(&format!("moves[{place}]"), value));
        }
        if let Some(words) = fields.get("confirmations").filter(|value| !value.is_null())
            && let Some(words) = self.object("confirmations", words, Confirmation::WORDS)
        {
            for (name, value) in words {
                let Ok(confirmation) = name.parse::<Confirmation>() else { continue };
                let path = format!("confirmations.{name}");
                if let Some(fields) = self.object(&path, value, &["labels", "tone", "color"]) {
                    let look = self.look(&path, fields);
                    rules.confirmations.insert(confirmation, look);
                }
            }
        }
        rules
    }

    fn look(&mut self, path: &str, fields: &Map<String, Value>) -> Look {
        let mut labels = Labels::new();
        if let Some(value) = fields.get("labels").filter(|value| !value.is_null())
            && let Some(names) = self.object(&below(path, "labels"), value, Locale::WORDS)
        {
            for (word, value) in names {
                let Ok(locale) = word.parse::<Locale>() else { continue };
                let name = self.needed(&format!("{path}.labels.{word}"), Some(value), LABEL);
                labels.insert(locale, name);
            }
        }
        let tone = self.word(&below(path, "tone"), fields.get("tone"), Tone::WORDS);
        let at = below(path, "color");
        let color = self.text(&at, fields.get("color"), 7).map(|color| color.to_ascii_lowercase());
        let is_color = |color: &String| color.len() == 7 && color.starts_with('#') && color[1..].bytes().all(|sign| sign.is_ascii_hexdigit());
        self.check.require(color.as_ref().is_none_or(is_color), at, "store.color");
        Look { labels, tone, color }
    }

    fn state(&mut self, path: &str, value: &Value) -> StateRules {
        const KNOWN: &[&str] = &["labels", "tone", "color", "progress", "notifies", "syncs", "substatuses"];
        let Some(fields) = self.object(path, value, KNOWN) else { return StateRules::default() };
        let Look { labels, tone, color } = self.look(path, fields);
        let at = below(path, "substatuses");
        let listed = self.list(&at, fields.get("substatuses"), SUBSTATUSES);
        let substatuses = listed.iter().enumerate().map(|(place, value)| self.substatus(&format!("{at}[{place}]"), value, place)).collect();
        StateRules {
            labels,
            tone,
            color,
            progress: self.percent(&below(path, "progress"), fields.get("progress")),
            notifies: self.truth(&below(path, "notifies"), fields.get("notifies")),
            syncs: self.truth(&below(path, "syncs"), fields.get("syncs")),
            substatuses,
        }
    }

    fn substatus(&mut self, path: &str, value: &Value, place: usize) -> Substatus {
        const KNOWN: &[&str] = &[
            "key",
            "labels",
            "tone",
            "color",
            "position",
            "is_default",
            "is_archived",
            "progress",
            "notifies",
            "syncs",
            "next",
            "forbids",
            "guards",
        ];
        let empty = Map::new();
        let fields = self.object(path, value, KNOWN);
        let is_object = fields.is_some();
        let fields = fields.unwrap_or(&empty);
        let at = |field: &str| below(path, field);
        let Look { labels, tone, color } = self.look(path, fields);
        let mut key = String::new();
        if is_object {
            self.check.require(!labels.is_empty(), at("labels"), "required");
            key = self.needed(&at("key"), fields.get("key"), WORD);
            self.check.require(key.is_empty() || is_key(&key), at("key"), "rules.key");
        }
        let next = fields.get("next").filter(|value| !value.is_null()).map(|value| {
            let keys = self.list(&at("next"), Some(value), SUBSTATUSES);
            keys.iter().enumerate().map(|(place, key)| self.needed(&format!("{}[{place}]", at("next")), Some(key), WORD)).collect()
        });
        Substatus {
            key,
            labels,
            tone,
            color,
            position: self.number(&at("position"), fields.get("position"), -1_000_000, 1_000_000).unwrap_or(place as i64),
            is_default: self.truth(&at("is_default"), fields.get("is_default")).unwrap_or(false),
            is_archived: self.truth(&at("is_archived"), fields.get("is_archived")).unwrap_or(false),
            progress: self.percent(&at("progress"), fields.get("progress")),
            notifies: self.truth(&at("notifies"), fields.get("notifies")),
            syncs: self.truth(&at("syncs"), fields.get("syncs")),
            next,
            forbids: self.words(&at("forbids"), fields.get("forbids"), OrderAction::WORDS),
            guards: self.guards(&at("guards"), fields.get("guards")),
        }
    }

    fn move_rule(&mut self, path: &str, value: &Value) -> Option<MoveRule> {
        let fields = self.object(path, value, &["from", "action", "is_forbidden", "guards"])?;
        let is_forbidden = self.truth(&below(path, "is_forbidden"), fields.get("is_forbidden")).unwrap_or(false);
        let guards = self.guards(&below(path, "guards"), fields.get("guards"));
        let mut needed = |field: &str| {
            let at = below(path, field);
            self.check.require(!fields.get(field).is_none_or(Value::is_null), &at, "required");
            at
        };
        let (from_at, action_at) = (needed("from"), needed("action"));
        let from = self.word(&from_at, fields.get("from"), OrderState::WORDS);
        let action = self.word(&action_at, fields.get("action"), OrderAction::WORDS);
        Some(MoveRule { from: from?, action: action?, is_forbidden, guards })
    }

    fn guards(&mut self, path: &str, value: Option<&Value>) -> Vec<Guard> {
        let items = self.list(path, value, GUARDS);
        items.iter().enumerate().filter_map(|(place, value)| self.guard(&format!("{path}[{place}]"), value)).collect()
    }

    fn guard(&mut self, path: &str, value: &Value) -> Option<Guard> {
        let word = match value.get("require") {
            Some(Value::String(word)) if Guard::WORDS.contains(&word.as_str()) => word.as_str(),
            _ if !value.is_object() => {
                self.wrong_type(path, "an object");
                return None;
            }
            _ => {
                self.check.push(FieldError::new(below(path, "require"), "format").with("expected", Guard::WORDS.join(", ")));
                return None;
            }
        };
        let known: &[&str] = match word {
            "tag" => &["require", "tag"],
            "field" => &["require", "field"],
            "right" => &["require", "right"],
            "role" => &["require", "role"],
            "confirmation" | "payment" => &["require", "is"],
            "notes" => &["require", "kind", "least"],
            _ => &["require"],
        };
        let fields = self.object(path, value, known)?;
        let at = |field: &str| below(path, field);
        Some(match word {
            "reason" => Guard::Reason,
            "note" => Guard::Note,
            "tag" => Guard::Tag { tag: self.needed(&at("tag"), fields.get("tag"), 40) },
            "field" => {
                let field = self.needed(&at("field"), fields.get("field"), WORD);
                let is_known = FIELDS.contains(&field.as_str()) || field.strip_prefix("custom.").is_some_and(|name| !name.is_empty());
                if !field.is_empty() && !is_known {
                    let expected = format!("{}, custom.…", FIELDS.join(", "));
                    self.check.push(FieldError::new(at("field"), "format").with("expected", expected));
                }
                Guard::Field { field }
            }
            "right" => {
                let missing = fields.get("right").is_none_or(Value::is_null);
                self.check.require(!missing, at("right"), "required");
                Guard::Right { right: self.word(&at("right"), fields.get("right"), Permission::WORDS)? }
            }
            "role" => Guard::Role { role: self.needed(&at("role"), fields.get("role"), WORD) },
            "confirmation" => {
                let is = self.words(&at("is"), fields.get("is"), Confirmation::WORDS);
                self.check.require(fields.get("is").is_some_and(|is| *is != Value::Array(Vec::new())), at("is"), "required");
                Guard::Confirmation { is }
            }
            "payment" => {
                let is = self.words(&at("is"), fields.get("is"), PaymentState::WORDS);
                self.check.require(fields.get("is").is_some_and(|is| *is != Value::Array(Vec::new())), at("is"), "required");
                Guard::Payment { is }
            }
            _ => {
                let kind = self.needed(&at("kind"), fields.get("kind"), 40);
                let least = self.number(&at("least"), fields.get("least"), 1, 100).unwrap_or(1);
                Guard::Notes { kind, least: u32::try_from(least).unwrap_or(1) }
            }
        })
    }
}

fn below(path: &str, field: &str) -> String {
    if path.is_empty() { field.to_owned() } else { format!("{path}.{field}") }
}

/// Small letters, digits and underscores, a letter first.
fn is_key(key: &str) -> bool {
    key.len() <= 40
        && key.as_bytes()[0].is_ascii_lowercase()
        && key.bytes().all(|sign| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mistakes(text: &str) -> Vec<String> {
        let mut check = Check::new();
        read(&mut check, &serde_json::from_str(text).unwrap());
        match check.done() {
            Ok(()) => Vec::new(),
            Err(kernel::Error::Invalid(wrong)) => wrong.into_iter().map(|one| format!("{} {}", one.field, one.code)).collect(),
            Err(other) => panic!("{other}"),
        }
    }

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        assert_eq!(mistakes(text), expected, "{text}");
    }

    #[test]
    fn every_mistake_is_named_by_its_path() {
        check("{}", &[]);
        check("[]", &[" type"]);
        check(
            r#"{"states": {"LOST": {}, "PENDING": {"colour": "red"}}, "rules": 1}"#,
            &["rules unknown_field", "states.LOST unknown_field", "states.PENDING.colour unknown_field"],
        );
        check(
            r##"{"states": {"PENDING": {"progress": 101, "notifies": "yes", "color": "red", "tone": "pink", "labels": {"en": " ", "de": "x"}}}}"##,
            &[
                "states.PENDING.labels.de unknown_field",
                "states.PENDING.labels.en required",
                "states.PENDING.tone format",
                "states.PENDING.color store.color",
                "states.PENDING.progress range",
                "states.PENDING.notifies type",
            ],
        );
        check(
            r#"{"states": {"CONFIRMED": {"substatuses": [
                {"key": "Waiting", "labels": {"en": "Waiting"}},
                {"labels": {}},
                {"key": "a", "labels": {"en": "A"}, "next": ["a", "b", "zzz"], "forbids": ["deliver", "process"], "is_default": true},
                {"key": "b", "labels": {"en": "B"}, "is_default": true, "position": "first"},
                {"key": "b", "labels": {"en": "B"}},
                "c"]}}}"#,
            &[
                "states.CONFIRMED.substatuses[0].key rules.key",
                "states.CONFIRMED.substatuses[1].labels required",
                "states.CONFIRMED.substatuses[1].key required",
                "states.CONFIRMED.substatuses[3].position type",
                "states.CONFIRMED.substatuses[5] type",
                "states.CONFIRMED.substatuses[2].next[0] rules.sibling",
                "states.CONFIRMED.substatuses[2].next[2] rules.sibling",
                "states.CONFIRMED.substatuses[2].forbids[0] rules.row",
                "states.CONFIRMED.substatuses[4].key duplicate",
                "states.CONFIRMED.substatuses rules.defaults",
            ],
        );
        check(
            r#"{"moves": [{"from": "PENDING"}, {"from": "PENDING", "action": "deliver"}, {"from": "PENDING", "action": "cancel"}, {"from": "PENDING", "action": "cancel"}, 7]}"#,
            &["moves[0].action required", "moves[4] type", "moves[0].action rules.row", "moves[2] duplicate"],
        );
        check(
            r#"{"states": {"PENDING": {"substatuses": [{"key": "new", "labels": {"fr": "Nouveau"}, "is_default": true, "is_archived": true, "guards": [{"require": "note"}]}]}}}"#,
            &["states.PENDING.substatuses[0].is_default rules.default_archived", "states.PENDING.substatuses[0].guards rules.default_guard"],
        );
    }

    #[test]
    fn guards_are_a_closed_set() {
        let guard = |guard: &str| format!(r#"{{"moves": [{{"from": "PENDING", "action": "cancel", "guards": [{guard}]}}]}}"#);
        let at = |rest: &str| format!("moves[0].guards[0]{rest}");
        for good in [
            r#"{"require": "reason"}"#,
            r#"{"require": "note"}"#,
            r#"{"require": "tag", "tag": "paid"}"#,
            r#"{"require": "field", "field": "custom.size"}"#,
            r#"{"require": "field", "field": "tracking"}"#,
            r#"{"require": "right", "right": "order.refund"}"#,
            r#"{"require": "role", "role": "Supervisor"}"#,
            r#"{"require": "confirmation", "is": ["confirmed"]}"#,
            r#"{"require": "payment", "is": ["paid", "authorized"]}"#,
            r#"{"require": "notes", "kind": "call", "least": 2}"#,
        ] {
            check(&guard(good), &[]);
        }
        for (bad, expected) in [
            (r#"{"require": "luck"}"#, at(".require format")),
            (r#"{}"#, at(".require format")),
            (r#""reason""#, at(" type")),
            (r#"{"require": "tag"}"#, at(".tag required")),
            (r#"{"require": "reason", "why": 1}"#, at(".why unknown_field")),
            (r#"{"require": "field", "field": "colour"}"#, at(".field format")),
            (r#"{"require": "right", "right": "order.fly"}"#, at(".right format")),
            (r#"{"require": "right"}"#, at(".right required")),
            (r#"{"require": "confirmation", "is": []}"#, at(".is required")),
            (r#"{"require": "payment", "is": ["rich"]}"#, at(".is[0] format")),
            (r#"{"require": "notes", "kind": "call", "least": 0}"#, at(".least range")),
            (r#"{"require": "role", "role": 5}"#, at(".role type")),
        ] {
            check(&guard(bad), &[&expected]);
        }
    }

    #[test]
    fn what_is_kept_stands_by_position() {
        let text = r#"{"states": {"PENDING": {"substatuses": [
            {"key": "b", "labels": {"en": "B"}, "position": 2}, {"key": "a", "labels": {"en": "A"}, "position": 1}]}}}"#;
        let rules = sorted(read(&mut Check::new(), &serde_json::from_str(text).unwrap()));
        let keys: Vec<&str> = rules.substatuses().map(|(_, one)| one.key.as_str()).collect();
        assert_eq!(keys, ["a", "b"]);
        assert_eq!(read(&mut Check::new(), &serde_json::to_value(&rules).unwrap()), rules, "what is taken out can be brought in");
    }

    #[test]
    fn the_example_of_the_documents_is_a_good_one() {
        let page = include_str!("../../../../docs/rules.md");
        let example = page.split("```json rules\n").nth(1).and_then(|rest| rest.split("```").next()).expect("the page has an example");
        check(example, &[]);
    }
}
