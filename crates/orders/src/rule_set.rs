//! The rule set as one file: read whole, checked whole, put into force whole, gone back to, tried.
//!
//! What always holds: what is in force was checked; a key of a sub-status belongs to its state for good,
//! also after it is gone; every version is kept with who and why; orders in a sub-status that is gone
//! are moved by a job to where the mapping says.
//!
//! Not here: what rules mean for a move ([`crate::overlay`]), where they are kept (base::rules).

mod draft;
mod read;
mod sweep;
mod trial;

use std::collections::BTreeMap;

use base::rules::{self, Because, Guard, RuleSet, RuleVersion};
use base::tasks::{self, NewTask};
use base::{Ctx, events, jobs, settings};
use db::Tx;
use kernel::{Check, Details, Error, Event, FieldError, Id, JobKind, OrderState, Permission, TaskId, UserId, Version};
use serde_json::{Value, json};

pub use draft::{RuleDraft, activate_rule_draft, discard_rule_draft, find_rule_draft, gone_by, save_rule_draft, try_rule_draft};
pub use sweep::run as move_substatuses;
pub use trial::run as try_rules_job;

use crate::limits;
use crate::store::rule_sets::{self as store, KnownKey};

/// After this time every process has heard of new rules; what it wrote by the old ones is swept up then.
const HEARD_S: i64 = 15;

/// A rule set that somebody wants in force.
#[derive(Clone, Debug, PartialEq)]
pub struct NewRules {
    /// The file.
    pub rules: Value,
    /// For each sub-status that is gone: the one that its orders move to, or none for the state's default.
    pub mapping: BTreeMap<String, Option<String>>,
    /// Why, in words.
    pub note: Option<String>,
    /// The version that was read.
    pub version: Option<Version>,
}

/// The rule set in force.
#[derive(Clone, Debug, PartialEq)]
pub struct RulesView {
    /// 0 when nobody ever changed it.
    pub version: Version,
    /// The rules.
    pub rules: RuleSet,
    /// When and why it came into force, by whom; none while nobody ever changed it.
    pub since: Option<RuleVersion>,
}

/// What putting a rule set into force did.
#[derive(Clone, Debug, PartialEq)]
pub struct Applied {
    /// What is in force now.
    pub view: RulesView,
    /// The work of moving orders out of sub-statuses that are gone, if any is.
    pub task: Option<TaskId>,
}

/// The rule set in force. Needs `settings.read`.
pub fn find_rules(tx: &mut Tx, ctx: &Ctx) -> Result<RulesView, Error> {
    ctx.require(Permission::SettingsRead)?;
    let settings = settings::load(tx)?;
    let since = match settings.rules_version {
        0 => None,
        version => rules::find_version(tx, ctx, version)?.map(|(version, _)| version),
    };
    Ok(RulesView { version: settings.rules_version, rules: (*settings.rules).clone(), since })
}

/// Versions, the newest first. Needs `settings.read`.
pub fn list_rules(tx: &mut Tx, ctx: &Ctx, before: Option<Version>, limit: u32) -> Result<Vec<RuleVersion>, Error> {
    rules::list_versions(tx, ctx, before, limit)
}

/// A version as it was. Needs `settings.read`.
pub fn find_rules_version(tx: &mut Tx, ctx: &Ctx, version: Version) -> Result<RulesView, Error> {
    let (since, rules) = rules::find_version(tx, ctx, version)?.ok_or(Error::not_found("rules"))?;
    Ok(RulesView { version, rules, since: Some(since) })
}

/// Puts a rule set into force, all or nothing. Needs `settings.edit`.
///
/// `Invalid` names everything that is wrong by its path, and every sub-status that would be gone and is not
/// mapped; `Stale` when another version stands.
pub fn put_rules(tx: &mut Tx, ctx: &Ctx, new: &NewRules) -> Result<Applied, Error> {
    ctx.require(Permission::SettingsEdit)?;
    apply(tx, ctx, new, "rules")
}

/// Puts an earlier version into force again, as a new one. Needs `settings.edit`. It is checked like
/// any other, because roles that it names may be gone.
pub fn restore_rules(tx: &mut Tx, ctx: &Ctx, version: Version, new: &NewRules) -> Result<Applied, Error> {
    ctx.require(Permission::SettingsEdit)?;
    let reader = Ctx { permissions: [Permission::SettingsRead].into_iter().collect(), ..ctx.clone() };
    let (_, rules) = rules::find_version(tx, &reader, version)?.ok_or(Error::not_found("rules"))?;
    let rules = serde_json::to_value(&rules).map_err(Error::internal)?;
    apply(tx, ctx, &NewRules { rules, ..new.clone() }, "restore")
}

/// Begins to try a rule set against the orders that there are; answers the work. Needs `settings.edit`.
pub fn try_rules(tx: &mut Tx, ctx: &Ctx, rules: &Value, mapping: &BTreeMap<String, Option<String>>) -> Result<TaskId, Error> {
    ctx.require(Permission::SettingsEdit)?;
    let standing = settings::load(tx)?;
    let mut check = Check::new();
    let rules = checked(tx, ctx, &mut check, rules)?;
    check.done()?;

    let title = format!("rules after version {}", standing.rules_version);
    let task = tasks::create(tx, ctx, NewTask { kind: JobKind::TryRules, title })?;
    let job = jobs::NewJob { task: Some(task), ..jobs::NewJob::now(ctx, JobKind::TryRules, json!({ "trial": task, "mapping": mapping })) };
    jobs::enqueue(tx, ctx, job)?;
    store::insert_trial(tx, task, &rules.text()?, ctx.now)?;
    Ok(task)
}

fn apply(tx: &mut Tx, ctx: &Ctx, new: &NewRules, origin: &'static str) -> Result<Applied, Error> {
    let standing = settings::load(tx)?;
    if new.version.is_some_and(|version| version != standing.rules_version) {
        return Err(Error::Stale { version: standing.rules_version, fields: vec!["rules"] });
    }
    let mut check = Check::new();
    limits::text(&mut check, "note", new.note.as_deref(), limits::NOTE);
    let rules = checked(tx, ctx, &mut check, &new.rules)?;
    let gone = gone(&standing.rules, &rules);
    check_mapping(&mut check, &rules, &gone, &new.mapping);
    check.done()?;

    let mut task = None;
    if rules != *standing.rules {
        let mapping = if new.mapping.is_empty() { None } else { Some(serde_json::to_string(&new.mapping).map_err(Error::internal)?) };
        let because = Because { origin, note: new.note.as_deref(), mapping: mapping.as_deref() };
        let version = rules::save(tx, ctx, &rules, standing.rules_version, &because)?;
        store::keep_keys(tx, &kept_keys(&rules, &gone, &new.mapping))?;
        if !gone.is_empty() {
            task = Some(sweep(tx, ctx, version)?);
        }
        let user = ctx.user().unwrap_or(UserId::from_i64(0));
        let details = new.note.clone().map(Details::text).unwrap_or_default();
        events::record_with(tx, ctx, Event::RulesChanged { user, version }, details)?;
    }

    let reader = Ctx { permissions: [Permission::SettingsRead].into_iter().collect(), ..ctx.clone() };
    Ok(Applied { view: find_rules(tx, &reader)?, task })
}

/// The rule set, if nothing is wrong with it; else what is wrong stands in `check`, and the answer is of no use.
fn checked(tx: &mut Tx, _ctx: &Ctx, check: &mut Check, value: &Value) -> Result<RuleSet, Error> {
    let mut own = Check::new();
    let rules = read::read(&mut own, value);
    for (path, guard) in read::guards(&rules) {
        if let Guard::Role { role } = guard {
            own.require(access::roles::is_known(tx, role)?, format!("{path}.role"), "unknown");
        }
    }
    let known = store::list_keys(tx)?;
    for (state, place, one) in read::places(&rules) {
        if let Some(before) = known.iter().find(|before| before.key == one.key && before.state != state) {
            own.push(FieldError::new(format!("states.{state}.substatuses[{place}].key"), "rules.key_state").with("state", before.state));
        }
    }
    check.keep("rules", own.done())?;
    Ok(read::sorted(rules))
}

/// The sub-statuses of one rule set that another does not have.
fn gone(before: &RuleSet, after: &RuleSet) -> Vec<(OrderState, String)> {
    let is_gone = |state: OrderState, key: &str| after.substatus(state, key).is_none();
    before.substatuses().filter(|(state, one)| is_gone(*state, &one.key)).map(|(state, one)| (state, one.key.clone())).collect()
}

fn check_mapping(check: &mut Check, rules: &RuleSet, gone: &[(OrderState, String)], mapping: &BTreeMap<String, Option<String>>) {
    for (state, key) in gone {
        match mapping.get(key) {
            None => check.fail(format!("mapping.{key}"), "rules.unmapped"),
            Some(Some(to)) if !rules.open(*state).any(|one| one.key == *to) => {
                let open: Vec<&str> = rules.open(*state).map(|one| one.key.as_str()).collect();
                check.push(FieldError::new(format!("mapping.{key}"), "substatus.unknown").with("allowed", open.join(", ")));
            }
            Some(_) => {}
        }
    }
    for key in mapping.keys().filter(|key| !gone.iter().any(|(_, gone)| gone == *key)) {
        check.fail(format!("mapping.{key}"), "rules.not_gone");
    }
}

fn kept_keys(rules: &RuleSet, gone: &[(OrderState, String)], mapping: &BTreeMap<String, Option<String>>) -> Vec<KnownKey> {
    let there = rules.substatuses().map(|(state, one)| KnownKey { key: one.key.clone(), state, became: None });
    let gone = gone.iter().map(|(state, key)| {
        let became = mapping.get(key).cloned().flatten().unwrap_or_default();
        KnownKey { key: key.clone(), state: *state, became: Some(became) }
    });
    there.chain(gone).collect()
}

/// Calls for the work of moving orders, once now and once when no process knows the old rules any more.
fn sweep(tx: &mut Tx, ctx: &Ctx, version: Version) -> Result<TaskId, Error> {
    let task = NewTask { kind: JobKind::MoveSubstatuses, title: format!("rules version {version}") };
    let (task, _) = tasks::enqueue(tx, ctx, task, json!({}), None)?;
    let again = jobs::NewJob::now(ctx, JobKind::MoveSubstatuses, json!({}));
    jobs::enqueue(tx, ctx, jobs::NewJob { run_at: ctx.now.plus_s(HEARD_S), ..again })?;
    Ok(task)
}

/// Where orders of a sub-status that is gone belong now; none when their state has no default.
pub(crate) fn successor(rules: &RuleSet, keys: &[KnownKey], state: OrderState, gone: &str) -> Option<String> {
    let mut key = gone;
    // A chain of mappings is as long as there are keys, unless it is a circle.
    for _ in 0..=keys.len() {
        let Some(became) = keys.iter().find(|one| one.key == key).and_then(|one| one.became.as_deref()) else { break };
        if became.is_empty() {
            break;
        }
        if rules.substatus(state, became).is_some() {
            return Some(became.to_owned());
        }
        key = became;
    }
    rules.default_of(state).map(|one| one.key.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_of_mappings_ends_where_something_is_there() {
        let rules = RuleSet::parse(r#"{"states": {"PENDING": {"substatuses": [{"key": "c"}, {"key": "d", "is_default": true}]}}}"#).unwrap();
        let key = |key: &str, became: Option<&str>| KnownKey { key: key.into(), state: OrderState::Pending, became: became.map(str::to_owned) };
        let keys = [key("a", Some("b")), key("b", Some("c")), key("c", None), key("x", Some("y")), key("y", Some("x")), key("z", Some(""))];
        let next = |gone: &str| successor(&rules, &keys, OrderState::Pending, gone);
        assert_eq!(next("a").as_deref(), Some("c"));
        assert_eq!(next("x").as_deref(), Some("d"), "a circle ends in the default");
        assert_eq!((next("z").as_deref(), next("never").as_deref()), (Some("d"), Some("d")));
        assert_eq!(successor(&rules, &keys, OrderState::Confirmed, "a"), None);
    }
}
