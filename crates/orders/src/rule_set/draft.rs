//! The rule set that a team works on before it is in force: one draft, kept until it is put into force or thrown away.
//!
//! A draft is checked like what is in force, so that it can be tried and put into force at any time. Every change of it makes its
//! trial out of date. Who was faster is told by its version; whether other rules came into force meanwhile, by what it is based on.

use std::collections::BTreeMap;

use base::rules::RuleSet;
use base::{Ctx, settings};
use db::Tx;
use kernel::{Check, Error, OrderState, Permission, TaskId, Time, UserId, Version};
use serde_json::Value;

use super::{Applied, NewRules, apply, checked, gone, try_rules};
use crate::store::rule_sets::{self as store, DraftRow};

/// A rule set that is not in force yet.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleDraft {
    /// The rules.
    pub rules: RuleSet,
    /// For each sub-status that would be gone: where its orders would move; none for the state's default.
    pub mapping: BTreeMap<String, Option<String>>,
    /// The version that it was made from.
    pub based_on: Version,
    /// The work of trying it; none since its last change.
    pub trial: Option<TaskId>,
    /// Grows with each change of the draft.
    pub version: Version,
    /// The last change.
    pub changed_at: Time,
    /// Who changed it last, if a person did.
    pub changed_by: Option<UserId>,
}

/// The draft, if there is one. Needs `settings.read`.
pub fn find_rule_draft(tx: &mut Tx, ctx: &Ctx) -> Result<Option<RuleDraft>, Error> {
    ctx.require(Permission::SettingsRead)?;
    load(tx)
}

fn load(tx: &mut Tx) -> Result<Option<RuleDraft>, Error> {
    let Some(row) = store::find_draft(tx)? else { return Ok(None) };
    Ok(Some(RuleDraft {
        rules: RuleSet::parse(&row.document).map_err(Error::internal)?,
        mapping: serde_json::from_str(&row.mapping).map_err(Error::internal)?,
        based_on: row.based_on,
        trial: row.trial,
        version: row.version,
        changed_at: row.changed_at,
        changed_by: row.changed_by,
    }))
}

/// The sub-statuses that are in force and that these rules do not have.
pub fn gone_by(in_force: &RuleSet, rules: &RuleSet) -> Vec<(OrderState, String)> {
    gone(in_force, rules)
}

/// Keeps a rule set as the draft. Needs `settings.edit`. What the mapping says of sub-statuses that stay is left out.
///
/// `based_on` is the version of the rules that it was made from; left out, that of the draft before, else the one in force.
/// `Invalid` names everything that is wrong by its path; `Stale` when `version` is given and another one stands, 0 for no draft.
pub fn save_rule_draft(
    tx: &mut Tx,
    ctx: &Ctx,
    rules: &Value,
    mapping: &BTreeMap<String, Option<String>>,
    based_on: Option<Version>,
    version: Option<Version>,
) -> Result<RuleDraft, Error> {
    ctx.require(Permission::SettingsEdit)?;
    let standing = store::find_draft(tx)?;
    let before = standing.as_ref().map_or(0, |draft| draft.version);
    if version.is_some_and(|version| version != before) {
        return Err(Error::Stale { version: before, fields: vec!["rules"] });
    }
    let in_force = settings::load(tx)?;
    let mut check = Check::new();
    let rules = checked(tx, ctx, &mut check, rules)?;
    let based_on = based_on.or(standing.as_ref().map(|draft| draft.based_on)).unwrap_or(in_force.rules_version);
    check.require(based_on <= in_force.rules_version, "based_on", "unknown");
    check.done()?;

    let gone = gone(&in_force.rules, &rules);
    let mapping: BTreeMap<&String, &Option<String>> = mapping.iter().filter(|(key, _)| gone.iter().any(|(_, gone)| gone == *key)).collect();
    let row = DraftRow {
        document: rules.text()?,
        mapping: serde_json::to_string(&mapping).map_err(Error::internal)?,
        based_on,
        trial: None,
        version: before + 1,
        changed_at: ctx.now,
        changed_by: ctx.user(),
    };
    if !store::write_draft(tx, &row, before)? {
        return Err(Error::Stale { version: before + 1, fields: vec!["rules"] });
    }
    tx.touch(settings::TOPIC, ctx.org);
    load(tx)?.ok_or(Error::not_found("rules_draft"))
}

/// Throws the draft away; without one nothing happens. Needs `settings.edit`.
pub fn discard_rule_draft(tx: &mut Tx, ctx: &Ctx) -> Result<(), Error> {
    ctx.require(Permission::SettingsEdit)?;
    store::delete_draft(tx)?;
    tx.touch(settings::TOPIC, ctx.org);
    Ok(())
}

/// Begins to try the draft against the orders that there are; answers the work, which the draft remembers. Needs `settings.edit`.
pub fn try_rule_draft(tx: &mut Tx, ctx: &Ctx) -> Result<TaskId, Error> {
    ctx.require(Permission::SettingsEdit)?;
    let draft = load(tx)?.ok_or(Error::not_found("rules_draft"))?;
    let rules = serde_json::to_value(&draft.rules).map_err(Error::internal)?;
    let task = try_rules(tx, ctx, &rules, &draft.mapping)?;
    store::set_trial(tx, task)?;
    tx.touch(settings::TOPIC, ctx.org);
    Ok(task)
}

/// Puts the draft into force, and there is none any more. Needs `settings.edit`.
///
/// `Stale` when the draft is another one than `version`, or when other rules came into force since it was made; `Invalid` names
/// every sub-status that would be gone and is not mapped.
pub fn activate_rule_draft(tx: &mut Tx, ctx: &Ctx, note: Option<String>, version: Option<Version>) -> Result<Applied, Error> {
    ctx.require(Permission::SettingsEdit)?;
    let draft = load(tx)?.ok_or(Error::not_found("rules_draft"))?;
    if version.is_some_and(|version| version != draft.version) {
        return Err(Error::Stale { version: draft.version, fields: vec!["rules"] });
    }
    let rules = serde_json::to_value(&draft.rules).map_err(Error::internal)?;
    let new = NewRules { rules, mapping: draft.mapping, note, version: Some(draft.based_on) };
    let applied = apply(tx, ctx, &new, "rules")?;
    store::delete_draft(tx)?;
    Ok(applied)
}
