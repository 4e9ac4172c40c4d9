//! An organization's rule set: named sub-statuses below the states of orders, which moves are
//! forbidden or guarded, who hears of what, how far along an order counts.
//!
//! It lies over the table of moves (`orders::state`) and only ever narrows it. The version in force
//! stands among the settings under the name [`NAME`], so `ctx.settings.rules` costs an action no
//! statement of its own; every version is kept in `rule_versions`.
//!
//! The marks "the customer hears of it" and "the ERP hears of it" stand here alone. The settings
//! `notifiable_states` and `syncable_states` are a window to them: reading shows the marks, setting
//! makes a new version of the rule set.
//!
//! Not here: reading a rule set that somebody sent and saying what is wrong with it, trying one, moving
//! orders out of sub-statuses that are gone (orders).

use std::collections::BTreeMap;

use db::{Tx, params};
use kernel::{Confirmation, Error, Labels, Locale, OrderAction, OrderState, PaymentState, Permission, Tone, UserId, Version};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::ctx::Ctx;

/// The name of the settings row that holds the rule set in force.
pub const NAME: &str = "rules";

/// What an organization's orders can be and how they may move, as far as it differs from the table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RuleSet {
    /// States with names, marks or sub-statuses of the organization's own.
    pub states: BTreeMap<OrderState, StateRules>,
    /// Rows of the table that are switched off or guarded.
    pub moves: Vec<MoveRule>,
    /// Names and colours of how far a call has come.
    pub confirmations: BTreeMap<Confirmation, Look>,
}

/// What is said of one state.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct StateRules {
    /// Its names; where none is given the built-in words stand.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: Labels,
    /// Its tone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tone: Option<Tone>,
    /// Its colour, `#rrggbb`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub color: Option<String>,
    /// How far along an order counts here, 0 to 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub progress: Option<u8>,
    /// Whether the customer hears of an order's coming here; as built in when not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notifies: Option<bool>,
    /// Whether the ERP hears of it; as built in when not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub syncs: Option<bool>,
    /// Its sub-statuses, by position.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub substatuses: Vec<Substatus>,
}

/// A named place within a state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Substatus {
    /// What programs call it, the same for good.
    pub key: String,
    /// Its names.
    #[serde(default)]
    pub labels: Labels,
    /// Its tone; the state's when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tone: Option<Tone>,
    /// Its colour, `#rrggbb`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub color: Option<String>,
    /// Where it stands among its siblings.
    #[serde(default)]
    pub position: i64,
    /// Where an order goes that comes to the state without naming another.
    #[serde(default)]
    pub is_default: bool,
    /// Whether no order may come here any more; those that are here stay.
    #[serde(default)]
    pub is_archived: bool,
    /// How far along an order counts here; the state's when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub progress: Option<u8>,
    /// Whether the customer hears of an order's coming here; the state's mark when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notifies: Option<bool>,
    /// Whether the ERP hears of it; the state's mark when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub syncs: Option<bool>,
    /// The siblings that may follow; all of them when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<Vec<String>>,
    /// The actions that cannot be taken from here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub forbids: Vec<OrderAction>,
    /// What must hold for an order to come here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub guards: Vec<Guard>,
}

/// What is said of one row of the table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoveRule {
    /// From this state.
    pub from: OrderState,
    /// By this action.
    pub action: OrderAction,
    /// Whether it is switched off.
    #[serde(default)]
    pub is_forbidden: bool,
    /// What must hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub guards: Vec<Guard>,
}

/// Names and colours alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Look {
    /// Its names.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: Labels,
    /// Its tone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tone: Option<Tone>,
    /// Its colour, `#rrggbb`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub color: Option<String>,
}

/// What a move must have, beyond the right that its row needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "require", rename_all = "snake_case")]
pub enum Guard {
    /// A reason code.
    Reason,
    /// Words about why.
    Note,
    /// A tag on the order.
    Tag {
        /// Which.
        tag: String,
    },
    /// A field of the order that is filled in: one of [`FIELDS`] or `custom.` and a name.
    Field {
        /// Which.
        field: String,
    },
    /// One more right.
    Right {
        /// Which.
        right: Permission,
    },
    /// A role, by its word or name. Kafila itself has every role.
    Role {
        /// Which.
        role: String,
    },
    /// A call that has come so far.
    Confirmation {
        /// One of these.
        is: Vec<Confirmation>,
    },
    /// A payment that has come so far.
    Payment {
        /// One of these.
        is: Vec<PaymentState>,
    },
    /// Notes of a kind, `call` for example: so many attempts before somebody may give up.
    Notes {
        /// Of this kind.
        kind: String,
        /// At least so many.
        least: u32,
    },
}

/// The fields of an order that a guard may ask for, beside those of the team's own.
pub const FIELDS: &[&str] =
    &["contact_phone", "line1", "city", "province", "postal_code", "tracking", "courier", "agent_id", "customer_id", "expected_on", "external_ref"];

impl Guard {
    /// Its word.
    pub fn word(&self) -> &'static str {
        match self {
            Guard::Reason => "reason",
            Guard::Note => "note",
            Guard::Tag { .. } => "tag",
            Guard::Field { .. } => "field",
            Guard::Right { .. } => "right",
            Guard::Role { .. } => "role",
            Guard::Confirmation { .. } => "confirmation",
            Guard::Payment { .. } => "payment",
            Guard::Notes { .. } => "notes",
        }
    }

    /// Every word, for messages.
    pub const WORDS: &'static [&'static str] = &["reason", "note", "tag", "field", "right", "role", "confirmation", "payment", "notes"];
}

/// Whether customers hear of a state unless the rule set says otherwise.
pub fn notifies_by_itself(state: OrderState) -> bool {
    matches!(state, OrderState::Confirmed | OrderState::Shipped | OrderState::OutForDelivery | OrderState::Delivered | OrderState::Cancelled)
}

/// The name in this language or one that its readers understand, else any.
pub fn label(labels: &Labels, locale: Locale) -> Option<&str> {
    locale.fallbacks().iter().find_map(|locale| labels.get(locale)).or_else(|| labels.values().next()).map(String::as_str)
}

impl RuleSet {
    /// A sub-status of a state, archived ones included.
    pub fn substatus(&self, state: OrderState, key: &str) -> Option<&Substatus> {
        self.states.get(&state)?.substatuses.iter().find(|one| one.key == key)
    }

    /// Where an order goes that comes to a state without naming a sub-status.
    pub fn default_of(&self, state: OrderState) -> Option<&Substatus> {
        self.states.get(&state)?.substatuses.iter().find(|one| one.is_default && !one.is_archived)
    }

    /// The sub-statuses of a state that orders may come to, by position.
    pub fn open(&self, state: OrderState) -> impl Iterator<Item = &Substatus> {
        self.states.get(&state).into_iter().flat_map(|rules| rules.substatuses.iter()).filter(|one| !one.is_archived)
    }

    /// The rule for a row of the table, if there is one.
    pub fn move_rule(&self, from: OrderState, action: OrderAction) -> Option<&MoveRule> {
        self.moves.iter().find(|rule| rule.from == from && rule.action == action)
    }

    /// Whether a row of the table is switched off for an order that stands here.
    pub fn forbids(&self, from: OrderState, substatus: Option<&str>, action: OrderAction) -> bool {
        self.move_rule(from, action).is_some_and(|rule| rule.is_forbidden)
            || substatus.and_then(|key| self.substatus(from, key)).is_some_and(|one| one.forbids.contains(&action))
    }

    /// Whether the customer hears of an order's coming to a state.
    pub fn notifies(&self, state: OrderState, substatus: Option<&str>) -> bool {
        let own = substatus.and_then(|key| self.substatus(state, key)).and_then(|one| one.notifies);
        own.or_else(|| self.states.get(&state)?.notifies).unwrap_or_else(|| notifies_by_itself(state))
    }

    /// Whether the ERP hears of it, once it has an address.
    pub fn syncs(&self, state: OrderState, substatus: Option<&str>) -> bool {
        let own = substatus.and_then(|key| self.substatus(state, key)).and_then(|one| one.syncs);
        own.or_else(|| self.states.get(&state)?.syncs).unwrap_or(true)
    }

    /// How far along an order is that stands here, 0 to 100; none once it is called off or on its way back,
    /// unless the rule set says a figure for that, too.
    pub fn progress(&self, state: OrderState, substatus: Option<&str>) -> Option<u8> {
        let own = substatus.and_then(|key| self.substatus(state, key)).and_then(|one| one.progress);
        own.or_else(|| self.states.get(&state)?.progress).or_else(|| state.progress())
    }

    /// The states that customers hear of.
    pub fn notifiable_states(&self) -> Vec<OrderState> {
        OrderState::ALL.iter().copied().filter(|state| self.notifies(*state, None)).collect()
    }

    /// The states that the ERP hears of.
    pub fn syncable_states(&self) -> Vec<OrderState> {
        OrderState::ALL.iter().copied().filter(|state| self.syncs(*state, None)).collect()
    }

    /// The same with these states marked, and no others.
    #[must_use]
    pub fn marked(&self, notifiable: &[OrderState], syncable: &[OrderState]) -> RuleSet {
        let mut marked = self.clone();
        for state in OrderState::ALL {
            let rules = marked.states.entry(*state).or_default();
            rules.notifies = Some(notifiable.contains(state));
            rules.syncs = Some(syncable.contains(state));
        }
        marked
    }

    /// Each sub-status with its state.
    pub fn substatuses(&self) -> impl Iterator<Item = (OrderState, &Substatus)> {
        self.states.iter().flat_map(|(state, rules)| rules.substatuses.iter().map(move |one| (*state, one)))
    }

    /// Reads what [`RuleSet::text`] wrote, or the settings that stood before there were rule sets.
    pub fn parse(text: &str) -> Result<RuleSet, serde_json::Error> {
        let value: Value = serde_json::from_str(text)?;
        match value.get("settings") {
            Some(settings) => Ok(RuleSet::of_settings(settings)),
            None => serde_json::from_value(value),
        }
    }

    /// As it is stored.
    pub fn text(&self) -> Result<String, Error> {
        serde_json::to_string(self).map_err(Error::internal)
    }

    fn of_settings(settings: &Value) -> RuleSet {
        let states = |field: &str| -> Option<Vec<OrderState>> { serde_json::from_value(settings.get(field)?.clone()).ok() };
        let plain = RuleSet::default();
        let notifiable = states("notifiable_states").unwrap_or_else(|| plain.notifiable_states());
        let syncable = states("syncable_states").unwrap_or_else(|| plain.syncable_states());
        plain.marked(&notifiable, &syncable)
    }
}

/// Why a version came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Because<'a> {
    /// `rules`, `settings` or `restore`.
    pub origin: &'static str,
    /// Why, in words.
    pub note: Option<&'a str>,
    /// What becomes of sub-statuses that are gone, as JSON.
    pub mapping: Option<&'a str>,
}

/// Puts a rule set into force as the version after `standing`. `Stale` when another one stands by now.
///
/// Asks for no right: the actions that change rules or settings do.
pub fn save(tx: &mut Tx, ctx: &Ctx, rules: &RuleSet, standing: Version, because: &Because<'_>) -> Result<Version, Error> {
    let (version, text) = (standing + 1, rules.text()?);
    crate::settings::write(tx, ctx, NAME, &text, standing)?;
    tx.execute(
        "insert into rule_versions (org_id, version, document, mapping, note, origin, changed_at, changed_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![tx.org(), version, text, because.mapping, because.note, because.origin, ctx.now, ctx.user()],
    )?;
    tx.touch(crate::settings::TOPIC, ctx.org);
    Ok(version)
}

db::row! {
    /// A version of the rule set, without the rules themselves.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct RuleVersion {
        /// Which.
        pub version: Version,
        /// `rules`, `settings` or `restore`.
        pub origin: String,
        /// Why, in words.
        pub note: Option<String>,
        /// When it came into force.
        pub changed_at: kernel::Time,
        /// Who changed it, if a person did.
        pub changed_by: Option<UserId>,
    }
}

/// Versions, the newest first. Needs `settings.read`.
pub fn list_versions(tx: &mut Tx, ctx: &Ctx, before: Option<Version>, limit: u32) -> Result<Vec<RuleVersion>, Error> {
    ctx.require(Permission::SettingsRead)?;
    tx.rows(
        "select version, origin, note, changed_at, changed_by
           from rule_versions
          where org_id = $1
            and version < $2
          order by version desc
          limit $3",
        params![tx.org(), before.unwrap_or(i64::MAX), i64::from(limit.min(200))],
    )
}

/// A version as it was. Needs `settings.read`.
pub fn find_version(tx: &mut Tx, ctx: &Ctx, version: Version) -> Result<Option<(RuleVersion, RuleSet)>, Error> {
    ctx.require(Permission::SettingsRead)?;
    let found: Option<RuleVersion> = tx.optional(
        "select version, origin, note, changed_at, changed_by from rule_versions where org_id = $1 and version = $2",
        params![tx.org(), version],
    )?;
    let Some(found) = found else { return Ok(None) };
    let (text,): (String,) = tx.one("select document from rule_versions where org_id = $1 and version = $2", params![tx.org(), version])?;
    Ok(Some((found, RuleSet::parse(&text).map_err(Error::internal)?)))
}

#[cfg(test)]
mod tests {
    use OrderState::{Confirmed, Pending, Shipped};

    use super::*;

    fn rules() -> RuleSet {
        RuleSet::parse(
            r#"{
              "states": {
                "PENDING": {"progress": 10, "notifies": true, "substatuses": [
                  {"key": "fresh", "labels": {"en": "New", "ar": "جديد"}, "is_default": true},
                  {"key": "no_answer", "labels": {"fr": "Sans réponse"}, "progress": 15, "notifies": false, "forbids": ["process"]},
                  {"key": "old", "is_archived": true, "is_default": true}
                ]}
              },
              "moves": [{"from": "CONFIRMED", "action": "backorder", "is_forbidden": true}]
            }"#,
        )
        .unwrap()
    }

    #[test]
    fn a_substatus_says_more_than_its_state_and_the_state_more_than_the_table() {
        let rules = rules();
        assert_eq!(rules.default_of(Pending).map(|one| one.key.as_str()), Some("fresh"));
        assert_eq!((rules.progress(Pending, None), rules.progress(Pending, Some("no_answer"))), (Some(10), Some(15)));
        assert_eq!((rules.progress(Pending, Some("gone")), rules.progress(Shipped, None)), (Some(10), Some(75)));
        assert!(rules.notifies(Pending, Some("fresh")) && !rules.notifies(Pending, Some("no_answer")) && rules.notifies(Confirmed, None));
        assert!(rules.forbids(Pending, Some("no_answer"), OrderAction::Process) && !rules.forbids(Pending, Some("fresh"), OrderAction::Process));
        assert!(rules.forbids(Confirmed, None, OrderAction::Backorder) && !rules.forbids(Confirmed, None, OrderAction::Process));
        let label_of = |key: &str, locale| label(&rules.substatus(Pending, key).unwrap().labels, locale).map(str::to_owned);
        assert_eq!(label_of("fresh", Locale::Dz).as_deref(), Some("جديد"));
        assert_eq!(label_of("no_answer", Locale::En).as_deref(), Some("Sans réponse"), "any name is better than none");
    }

    #[test]
    fn what_is_stored_reads_back() {
        let rules = rules();
        assert_eq!(RuleSet::parse(&rules.text().unwrap()).unwrap(), rules);
    }

    #[test]
    fn the_settings_of_before_become_marks() {
        let rules = RuleSet::parse(r#"{"settings":{"notifiable_states":["REFUNDED"],"undo_seconds":10}}"#).unwrap();
        assert_eq!(rules.notifiable_states(), [OrderState::Refunded]);
        assert_eq!(rules.syncable_states(), OrderState::ALL);
        let silent = RuleSet::parse(r#"{"settings":{"syncable_states":[]}}"#).unwrap();
        assert_eq!((silent.notifiable_states(), silent.syncable_states()), (RuleSet::default().notifiable_states(), Vec::new()));
    }
}
