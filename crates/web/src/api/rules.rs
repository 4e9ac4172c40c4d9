//! The rule set: one file with the organization's statuses and moves. What it may hold stands in `docs/rules.md`.

use std::collections::BTreeMap;

use base::rules::{self, Look, RuleVersion};
use base::{Ctx, Edge, tasks};
use kernel::{Confirmation, Locale, OrderState, TaskId, Time, Tone, UserId, Version};
use orders::{Applied, NewRules, RuleDraft, RulesView};
use serde_json::{Map, Value};

use crate::api::common::{Limit, Nothing, limit};
use crate::api::work::TaskJson;
use crate::badges;
use crate::extract::{Path, Query, Write};
use crate::respond::{Answer, Begun, Done, List, Reply, Total, shown, versioned};
use crate::schema::{body, view};
use crate::words;

view! {
    /// The rule set in force, or a version of it.
    pub(crate) struct RulesJson {
        /// 0 when nobody ever changed it.
        version: Version = 3,
        /// The rules, as they can be sent back.
        rules: Map<String, Value> = {"states": {}, "moves": [], "confirmations": {}},
        /// Why it came into force.
        note: Option<String> = "The hub asks for the reason of every return",
        /// `rules`, `settings` or `restore`; null while nobody ever changed it.
        origin: Option<String> = "rules",
        /// When it came into force.
        changed_at: Option<Time>,
        /// Who changed it, if a person did.
        changed_by: Option<UserId>,
        /// The work of moving orders out of sub-statuses that are gone; only in the answer of a change that called for it.
        #[serde(skip_serializing_if = "Option::is_none")]
        task_id: Option<TaskId>,
    }

    /// A version of the rule set, without the rules.
    pub(crate) struct RuleVersionView {
        /// Which.
        version: Version = 3,
        /// Why it came into force.
        note: Option<String>,
        /// `rules`, `settings` or `restore`.
        origin: String = "rules",
        /// When.
        changed_at: Time,
        /// Who changed it, if a person did.
        changed_by: Option<UserId>,
    }

    /// A state with its sub-statuses, in your language.
    pub(crate) struct StatusView {
        /// Which.
        state: OrderState,
        /// Its name.
        label: String = "New",
        /// Its tone; the page's own when null.
        tone: Option<Tone>,
        /// Its colour.
        color: Option<String> = "#b45309",
        /// How far along an order counts here.
        progress: Option<u8> = 25,
        /// Whether customers hear of it.
        notifies: bool = true,
        /// Whether the ERP hears of it.
        syncs: bool = true,
        /// Its sub-statuses, by position.
        substatuses: Vec<SubstatusJson>,
    }

    /// A named place within a state, in your language.
    pub(crate) struct SubstatusJson {
        /// What programs call it.
        key: String = "no_answer",
        /// Its name.
        label: String = "No answer",
        /// Its tone; the state's when null.
        tone: Option<Tone>,
        /// Its colour.
        color: Option<String>,
        /// Whether orders land here that name no other.
        is_default: bool = false,
        /// Whether no order may come here any more.
        is_archived: bool = false,
        /// How far along an order counts here.
        progress: Option<u8> = 25,
        /// The siblings that may follow; null means all.
        next: Option<Vec<String>>,
    }

    /// How far a call has come, in your language.
    pub(crate) struct ConfirmationView {
        /// Which.
        confirmation: Confirmation,
        /// Its name; null where the organization gave none.
        label: Option<String>,
        /// Its tone.
        tone: Option<Tone>,
        /// Its colour.
        color: Option<String>,
    }

    /// What orders can be.
    pub(crate) struct StatusesView {
        /// The version of the rule set.
        version: Version = 3,
        /// The states, as an order passes them.
        states: Vec<StatusView>,
        /// How far calls come.
        confirmations: Vec<ConfirmationView>,
    }
}

view! {
    /// The rule set that somebody works on and that is not in force yet.
    pub(crate) struct RuleDraftView {
        /// Grows with each change of the draft.
        version: Version = 2,
        /// The rules, as they can be sent back.
        rules: Map<String, Value> = {"states": {}, "moves": [], "confirmations": {}},
        /// For each sub-status that would be gone: where its orders would move.
        mapping: BTreeMap<String, Option<String>> = {},
        /// The version of the rules that it was made from.
        based_on: Version = 3,
        /// The work of trying it; null since its last change.
        trial_task_id: Option<TaskId>,
        /// The last change.
        changed_at: Time,
        /// Who changed it last, if a person did.
        changed_by: Option<UserId>,
    }
}

body! {
    /// A rule set to be kept as the draft.
    pub(crate) struct RuleDraftBody {
        /// The rules.
        rules: Value = {"states": {}},
        /// For each sub-status that would be gone: where its orders would move, or null for the state's default.
        #[serde(default)]
        mapping: BTreeMap<String, Option<String>> = {},
        /// The version of the rules that it was made from; the draft's own, else the one in force, when left out.
        based_on: Option<Version>,
        /// The version of the draft that was read; 0 when there was none.
        version: Option<Version>,
    }

    /// The draft to be put into force.
    pub(crate) struct ActivateBody {
        /// Why, in words.
        note: Option<String>,
        /// The version of the draft that was read.
        version: Option<Version>,
    }
}

body! {
    /// A rule set to be put into force.
    pub(crate) struct RulesBody {
        /// The rules.
        rules: Value = {"states": {}},
        /// For each sub-status that is gone by it: the one of the same state that its orders move to, or null for the state's default.
        #[serde(default)]
        mapping: BTreeMap<String, Option<String>> = {},
        /// Why, in words.
        note: Option<String>,
        /// The version that was read.
        version: Option<Version>,
    }

    /// A rule set to be tried.
    pub(crate) struct TryBody {
        /// The rules.
        rules: Value = {"states": {}},
        /// Where orders of sub-statuses would move that are gone by it.
        #[serde(default)]
        mapping: BTreeMap<String, Option<String>> = {},
    }

    /// An earlier version to go back to.
    pub(crate) struct RestoreBody {
        /// For each sub-status that is gone by it: where its orders move.
        #[serde(default)]
        mapping: BTreeMap<String, Option<String>> = {},
        /// Why, in words.
        note: Option<String>,
        /// The version that was read.
        version: Option<Version>,
    }

    /// Which versions.
    pub(crate) struct VersionQuery {
        /// How many, 1 to 200.
        limit: Option<Limit> = 50,
        /// Where the part before ended.
        cursor: Option<Version>,
    }
}

impl RulesJson {
    fn of(view: RulesView, task_id: Option<TaskId>) -> RulesJson {
        let rules = match serde_json::to_value(&view.rules) {
            Ok(Value::Object(rules)) => rules,
            _ => Map::new(),
        };
        let (note, origin, changed_at, changed_by) = match view.since {
            None => (None, None, None, None),
            Some(RuleVersion { note, origin, changed_at, changed_by, .. }) => (note, Some(origin), Some(changed_at), changed_by),
        };
        RulesJson { version: view.version, rules, note, origin, changed_at, changed_by, task_id }
    }

    fn applied(applied: Applied) -> RulesJson {
        RulesJson::of(applied.view, applied.task)
    }
}

impl RuleDraftView {
    fn of(draft: RuleDraft) -> RuleDraftView {
        let rules = match serde_json::to_value(&draft.rules) {
            Ok(Value::Object(rules)) => rules,
            _ => Map::new(),
        };
        let RuleDraft { mapping, based_on, trial, version, changed_at, changed_by, .. } = draft;
        RuleDraftView { version, rules, mapping, based_on, trial_task_id: trial, changed_at, changed_by }
    }
}

/// The state's name in somebody's language: the organization's, else the built-in one.
pub(crate) fn state_label(ctx: &Ctx, state: OrderState) -> String {
    let own = ctx.settings.rules.states.get(&state).and_then(|of| rules::label(&of.labels, ctx.locale));
    own.map_or_else(|| words::text(ctx.locale, badges::state(state).key, &kernel::Args::new()), str::to_owned)
}

impl StatusView {
    fn of(ctx: &Ctx, state: OrderState) -> StatusView {
        let set = &ctx.settings.rules;
        let own = set.states.get(&state);
        let substatuses = own.into_iter().flat_map(|of| of.substatuses.iter()).map(|one| SubstatusJson {
            key: one.key.clone(),
            label: rules::label(&one.labels, ctx.locale).unwrap_or(&one.key).to_owned(),
            tone: one.tone,
            color: one.color.clone(),
            is_default: one.is_default,
            is_archived: one.is_archived,
            progress: set.progress(state, Some(&one.key)),
            next: one.next.clone(),
        });
        StatusView {
            state,
            label: state_label(ctx, state),
            tone: own.and_then(|of| of.tone),
            color: own.and_then(|of| of.color.clone()),
            progress: set.progress(state, None),
            notifies: set.notifies(state, None),
            syncs: set.syncs(state, None),
            substatuses: substatuses.collect(),
        }
    }
}

/// `GET /api/v1/statuses`
pub(crate) async fn statuses(edge: Edge) -> Reply<StatusesView> {
    let ctx = &edge.ctx;
    let set = &ctx.settings.rules;
    let confirmations = Confirmation::ALL.iter().map(|confirmation| {
        let Look { labels, tone, color } = set.confirmations.get(confirmation).cloned().unwrap_or_default();
        ConfirmationView { confirmation: *confirmation, label: rules::label(&labels, ctx.locale).map(str::to_owned), tone, color }
    });
    shown(StatusesView {
        version: ctx.settings.rules_version,
        states: OrderState::ALL.iter().map(|state| StatusView::of(ctx, *state)).collect(),
        confirmations: confirmations.collect(),
    })
}

/// `GET /api/v1/rules`
pub(crate) async fn get(edge: Edge) -> Reply<RulesJson> {
    let view = edge.read(orders::find_rules).await?;
    let version = view.version;
    versioned(RulesJson::of(view, None), version)
}

/// `PUT /api/v1/rules`
pub(crate) async fn put(edge: Edge, write: Write<RulesBody>) -> Answer<RulesJson> {
    let RulesBody { rules, mapping, note, version } = write.body;
    let new = NewRules { rules, mapping, note, version: write.if_match.or(version) };
    Ok(edge.write_once(write.key.as_ref(), move |tx, ctx| Ok(RulesJson::applied(orders::put_rules(tx, ctx, &new)?))).await?.into())
}

/// `POST /api/v1/rules/dry-run`
pub(crate) async fn dry_run(edge: Edge, write: Write<TryBody>) -> Begun<TaskJson> {
    let TryBody { rules, mapping } = write.body;
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        let task = orders::try_rules(tx, ctx, &rules, &mapping)?;
        Ok(TaskJson::of(tasks::view(tx, ctx, task)?))
    });
    Ok(answer.await?.into())
}

/// `GET /api/v1/rules/versions`
pub(crate) async fn versions(edge: Edge, Query(query): Query<VersionQuery>) -> Reply<List<RuleVersionView>> {
    let limit = limit(query.limit)?;
    let found = edge.read(move |tx, ctx| orders::list_rules(tx, ctx, query.cursor, limit)).await?;
    let is_full = found.len() == limit as usize;
    let next_cursor = found.last().filter(|last| is_full && last.version > 1).map(|last| last.version.to_string());
    // Versions have no holes, so the newest one says how many there are.
    let count = found.first().map_or(0, |first| u64::try_from(first.version).unwrap_or(0));
    let view = |one: RuleVersion| RuleVersionView {
        version: one.version,
        note: one.note,
        origin: one.origin,
        changed_at: one.changed_at,
        changed_by: one.changed_by,
    };
    shown(List { items: found.into_iter().map(view).collect(), next_cursor, total: Total::Exactly(count) })
}

/// `GET /api/v1/rules/versions/{version}`
pub(crate) async fn version(edge: Edge, Path(version): Path<Version>) -> Reply<RulesJson> {
    shown(RulesJson::of(edge.read(move |tx, ctx| orders::find_rules_version(tx, ctx, version)).await?, None))
}

/// `POST /api/v1/rules/versions/{version}/restore`
pub(crate) async fn restore(edge: Edge, Path(version): Path<Version>, write: Write<RestoreBody>) -> Answer<RulesJson> {
    let RestoreBody { mapping, note, version: standing } = write.body;
    let new = NewRules { rules: Value::Null, mapping, note, version: write.if_match.or(standing) };
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| Ok(RulesJson::applied(orders::restore_rules(tx, ctx, version, &new)?)));
    Ok(answer.await?.into())
}

/// `GET /api/v1/rules/draft`
pub(crate) async fn get_draft(edge: Edge) -> Reply<RuleDraftView> {
    let draft = edge.read(orders::find_rule_draft).await?.ok_or(kernel::Error::not_found("rules_draft"))?;
    let version = draft.version;
    versioned(RuleDraftView::of(draft), version)
}

/// `PUT /api/v1/rules/draft`
pub(crate) async fn put_draft(edge: Edge, write: Write<RuleDraftBody>) -> Answer<RuleDraftView> {
    let RuleDraftBody { rules, mapping, based_on, version } = write.body;
    let version = write.if_match.or(version);
    let answer = edge
        .write_once(write.key.as_ref(), move |tx, ctx| Ok(RuleDraftView::of(orders::save_rule_draft(tx, ctx, &rules, &mapping, based_on, version)?)));
    Ok(answer.await?.into())
}

/// `DELETE /api/v1/rules/draft`
pub(crate) async fn discard_draft(edge: Edge, write: Write<Nothing>) -> Done {
    Ok(edge.write_once(write.key.as_ref(), orders::discard_rule_draft).await?.into())
}

/// `POST /api/v1/rules/draft/dry-run`
pub(crate) async fn try_draft(edge: Edge, write: Write<Nothing>) -> Begun<TaskJson> {
    let answer = edge.write_once(write.key.as_ref(), |tx, ctx| {
        let task = orders::try_rule_draft(tx, ctx)?;
        Ok(TaskJson::of(tasks::view(tx, ctx, task)?))
    });
    Ok(answer.await?.into())
}

/// `POST /api/v1/rules/draft/activate`
pub(crate) async fn activate_draft(edge: Edge, write: Write<ActivateBody>) -> Answer<RulesJson> {
    let ActivateBody { note, version } = write.body;
    let version = write.if_match.or(version);
    let answer =
        edge.write_once(write.key.as_ref(), move |tx, ctx| Ok(RulesJson::applied(orders::activate_rule_draft(tx, ctx, note.clone(), version)?)));
    Ok(answer.await?.into())
}

/// A name for somebody who reads this language; what the key is when nobody named it.
pub(crate) fn substatus_label(ctx: &Ctx, state: OrderState, key: &str) -> String {
    let locale: Locale = ctx.locale;
    let own = ctx.settings.rules.substatus(state, key).and_then(|one| rules::label(&one.labels, locale));
    own.unwrap_or(key).to_owned()
}
