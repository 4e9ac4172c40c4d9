//! One state: its names, colour and marks, and the sub-statuses below it.

use std::collections::BTreeMap;

use askama::Template;
use axum::http::{Method, StatusCode, Uri};
use axum::response::Response;
use base::rules::{RuleSet, StateRules, Substatus};
use base::{Ctx, Edge};
use kernel::{Error, FieldError, OrderAction, OrderState, Permission};
use orders::state::actions;
use serde_json::{Map, Value, json};

use super::{DraftBar, EDIT, HOME, READ, Work, below, guards, name_of, sides, tabs};
use crate::badges;
use crate::error::{Outcome, Problem};
use crate::extract::{Form, Info, Path};
use crate::pages::context::see;
use crate::pages::setup::form::{Group, Input, Kind, NAMED_IN, Typed, label_inputs, refuse, tones};
use crate::pages::setup::settings::yes_no;
use crate::pages::setup::{Top, bad, with_status};
use crate::pages::view::{Choosable, Shell};
use crate::router::Route;
use crate::words::Words;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::page(Method::GET, "/app/settings/statuses/states/{state}", READ, "page_state", show),
        Route::page(Method::POST, "/app/settings/statuses/states/{state}", EDIT, "page_draft_state", save),
    ]
}

/// A sub-status as a part of the form.
#[derive(Clone, Debug)]
struct SubForm {
    /// Nothing for a new one.
    title: String,
    key: String,
    is_archived: bool,
    is_default: bool,
    fill: &'static str,
    dot: &'static str,
    groups: Vec<Group>,
    is_open: bool,
}

#[derive(Template)]
#[template(path = "setup/state.html")]
struct StatePage {
    page: Shell,
    top: Top,
    bar: Option<DraftBar>,
    action: String,
    version: i64,
    groups: Vec<Group>,
    subs: Vec<SubForm>,
    may_edit: bool,
    help: Vec<(String, String)>,
}

fn state_groups(say: Words, own: &StateRules) -> Vec<Group> {
    let mut tone_options = vec![Choosable::new("", say.t("status-tone-usual"), own.tone.map_or("", |tone| tone.as_str()))];
    tone_options.extend(tones(say, own.tone));
    let marks = |name: &str, label: &str, hint: &str, value: Option<bool>| {
        Input::select(name, say.t(label), yes_no(say, value, "status-as-built-mark")).hint(say.t(hint))
    };
    vec![
        Group { title: Some(say.t("set-labels")), text: Some(say.t("status-labels-text")), inputs: label_inputs(say, "labels.", &own.labels) },
        Group::of(
            None,
            vec![
                Input::select("tone", say.t("set-tone"), tone_options),
                Input::text("color", say.t("status-color"), own.color.clone().unwrap_or_default()).hint(say.t("status-color-hint")).ltr().quiet(),
                Input {
                    unit: Some("%".to_owned()),
                    ..Input::new(Kind::Number, "progress", say.t("status-progress"), own.progress.map(|n| n.to_string()).unwrap_or_default())
                        .hint(say.t("status-progress-hint"))
                        .quiet()
                },
                marks("notifies", "status-notifies", "status-notifies-hint", own.notifies),
                marks("syncs", "status-syncs", "status-syncs-hint", own.syncs),
            ],
        ),
    ]
}

fn sub_groups(say: Words, ctx: &Ctx, state: OrderState, own: &StateRules, one: Option<&Substatus>, place: usize) -> Vec<Group> {
    let prefix = format!("substatuses[{place}].");
    let name = |field: &str| format!("{prefix}{field}");
    let mut first = Vec::new();
    if one.is_none() {
        first.push(Input::text(name("key"), say.t("status-key"), "").hint(say.t("status-key-hint")).ltr().quiet());
    }
    first.extend(label_inputs(say, &name("labels."), &one.map(|one| one.labels.clone()).unwrap_or_default()));
    let tone = one.and_then(|one| one.tone);
    let mut tone_options = vec![Choosable::new("", say.t("status-tone-of-state"), tone.map_or("", |tone| tone.as_str()))];
    tone_options.extend(tones(say, tone));
    let position = one.map_or(place as i64 + 1, |one| one.position);
    let progress = one.and_then(|one| one.progress).map(|n| n.to_string()).unwrap_or_default();
    let look = vec![
        Input::select(name("tone"), say.t("set-tone"), tone_options),
        Input::text(name("color"), say.t("status-color"), one.and_then(|one| one.color.clone()).unwrap_or_default()).ltr().quiet(),
        Input::new(Kind::Number, name("position"), say.t("status-order"), position.to_string()),
        Input { unit: Some("%".to_owned()), ..Input::new(Kind::Number, name("progress"), say.t("status-progress"), progress).quiet() },
        Input::select(name("notifies"), say.t("status-notifies"), yes_no(say, one.and_then(|one| one.notifies), "status-as-state")),
        Input::select(name("syncs"), say.t("status-syncs"), yes_no(say, one.and_then(|one| one.syncs), "status-as-state")),
        Input::check(name("is_default"), say.t("status-default"), one.is_some_and(|one| one.is_default)).hint(say.t("status-default-hint")),
        Input::check(name("is_archived"), say.t("status-archived"), one.is_some_and(|one| one.is_archived)).hint(say.t("status-archived-hint")),
    ];
    let mut groups = vec![Group::of(None, first), Group::of(None, look)];
    let Some(one) = one else { return groups };

    let siblings: Vec<Choosable> = own
        .substatuses
        .iter()
        .filter(|other| other.key != one.key)
        .map(|other| Choosable {
            value: other.key.clone(),
            label: base::rules::label(&other.labels, ctx.locale).unwrap_or(&other.key).to_owned(),
            is_chosen: one.next.as_ref().is_some_and(|next| next.contains(&other.key)),
        })
        .collect();
    let mut ways = Vec::new();
    if !siblings.is_empty() {
        ways.push(Input::many(name("next"), say.t("status-next"), siblings).hint(say.t("status-next-hint")));
    }
    let forbids = actions(state).map(|row| Choosable {
        value: row.action.to_string(),
        label: say.t(badges::action(row.action).verb),
        is_chosen: one.forbids.contains(&row.action),
    });
    let forbids: Vec<Choosable> = forbids.collect();
    if !forbids.is_empty() {
        ways.push(Input::many(name("forbids"), say.t("status-forbids"), forbids).hint(say.t("status-forbids-hint")));
    }
    groups.push(Group::of(Some(say.t("status-ways")), ways));
    groups.push(Group {
        title: Some(say.t("status-guards")),
        text: Some(say.t("status-guards-text")),
        inputs: guards::inputs(say, &prefix, &one.guards),
    });
    groups.push(Group::of(None, vec![Input::check(name("remove"), say.t("status-remove"), false).hint(say.t("status-remove-hint"))]));
    groups
}

fn page(work: &Work, ctx: &Ctx, info: &Info, uri: &Uri, state: OrderState, refused: Option<(&Problem, &Typed)>) -> StatePage {
    let say = Words { locale: ctx.locale };
    let rules = work.rules();
    let own = rules.states.get(&state).cloned().unwrap_or_default();
    let mut groups = state_groups(say, &own);
    let card = super::card(ctx, rules, state);
    let mut subs: Vec<SubForm> = own
        .substatuses
        .iter()
        .enumerate()
        .map(|(place, one)| SubForm {
            title: base::rules::label(&one.labels, ctx.locale).unwrap_or(&one.key).to_owned(),
            key: one.key.clone(),
            is_archived: one.is_archived,
            is_default: one.is_default,
            fill: card.subs.get(place).map_or("neu", |sub| sub.fill),
            dot: card.subs.get(place).map_or("d-neu", |sub| sub.dot),
            groups: sub_groups(say, ctx, state, &own, Some(one), place),
            is_open: false,
        })
        .collect();
    let place = subs.len();
    subs.push(SubForm {
        title: String::new(),
        key: String::new(),
        is_archived: false,
        is_default: false,
        fill: "neu",
        dot: "d-neu",
        groups: sub_groups(say, ctx, state, &own, None, place),
        is_open: place == 0,
    });
    let mut notice = None;
    if let Some((problem, typed)) = refused {
        // All fields at once, so that words find theirs; then each part has its own back.
        let lengths: Vec<usize> = subs.iter().map(|sub| sub.groups.len()).collect();
        let mut all = std::mem::take(&mut groups);
        let count = all.len();
        all.extend(subs.iter_mut().flat_map(|sub| std::mem::take(&mut sub.groups)));
        notice = refuse(say, problem, typed, &mut all).and_then(bad);
        let mut rest = all.split_off(count);
        groups = all;
        for (sub, length) in subs.iter_mut().zip(lengths) {
            let later = rest.split_off(length);
            sub.groups = std::mem::replace(&mut rest, later);
            sub.is_open |= sub.groups.iter().flat_map(|group| &group.inputs).any(|input| input.error.is_some());
        }
    }
    let heading = name_of(ctx, rules, state);
    let shell = below(&work.reader, ctx, info, uri, &heading);
    let subtitle = say.one("status-state-about", "state", state);
    StatePage {
        page: shell,
        top: Top { heading, subtitle, tabs: tabs(say, ""), side: sides(ctx), notice },
        bar: work.bar(say),
        action: format!("{HOME}/states/{state}"),
        version: work.draft_version(),
        groups,
        subs,
        may_edit: ctx.can(Permission::SettingsEdit),
        help: guards::help(say),
    }
}

/// `GET /app/settings/statuses/states/{state}`
async fn show(Path(state): Path<OrderState>, edge: Edge, info: Info, uri: Uri) -> Outcome<Response> {
    let work = edge.read(Work::load).await?;
    with_status(&page(&work, &edge.ctx, &info, &uri, state, None), StatusCode::OK)
}

fn labels(typed: &Typed, prefix: &str) -> Value {
    let named = NAMED_IN.iter().filter_map(|(_, word, _)| Some(((*word).to_owned(), Value::from(typed.filled(&format!("{prefix}labels.{word}"))?))));
    Value::Object(named.collect::<Map<_, _>>())
}

/// Adds a field that says something.
fn put(object: &mut Map<String, Value>, field: &str, value: Option<Value>) {
    if let Some(value) = value {
        object.insert(field.to_owned(), value);
    }
}

/// A number as one, anything else as it was typed, so that the action names it.
fn number(typed: &Typed, name: &str) -> Option<Value> {
    typed.filled(name).map(|text| text.parse::<i64>().map_or(Value::from(text), Value::from))
}

fn mark(typed: &Typed, name: &str) -> Option<Value> {
    match typed.get(name) {
        "yes" => Some(Value::Bool(true)),
        "no" => Some(Value::Bool(false)),
        _ => None,
    }
}

fn look(typed: &Typed, prefix: &str) -> Map<String, Value> {
    let name = |field: &str| format!("{prefix}{field}");
    let mut object = Map::new();
    object.insert("labels".to_owned(), labels(typed, prefix));
    put(&mut object, "tone", typed.filled(&name("tone")).map(Value::from));
    put(&mut object, "color", typed.filled(&name("color")).map(Value::from));
    put(&mut object, "progress", number(typed, &name("progress")));
    put(&mut object, "notifies", mark(typed, &name("notifies")));
    put(&mut object, "syncs", mark(typed, &name("syncs")));
    object
}

/// The state as its form describes it, with the places in the form of the sub-statuses that it names.
fn read(typed: &Typed, own: &StateRules) -> (Value, Vec<usize>) {
    let mut state = look(typed, "");
    let (mut subs, mut places) = (Vec::new(), Vec::new());
    for place in 0..=own.substatuses.len() {
        let prefix = format!("substatuses[{place}].");
        let name = |field: &str| format!("{prefix}{field}");
        let standing = own.substatuses.get(place);
        let key = standing.map_or_else(|| typed.get(&name("key")).to_owned(), |one| one.key.clone());
        let mut sub = look(typed, &prefix);
        let is_empty = key.is_empty() && sub["labels"].as_object().is_none_or(Map::is_empty);
        if typed.has(&name("remove")) || (standing.is_none() && is_empty) {
            continue;
        }
        sub.insert("key".to_owned(), Value::from(key));
        put(&mut sub, "position", number(typed, &name("position")));
        sub.insert("is_default".to_owned(), Value::Bool(typed.has(&name("is_default"))));
        sub.insert("is_archived".to_owned(), Value::Bool(typed.has(&name("is_archived"))));
        let all = |field: &str| typed.all(&name(field)).map(str::to_owned).collect::<Vec<String>>();
        let next = all("next");
        // Nothing checked means all, unless none at all were allowed before.
        let none_before = standing.is_some_and(|one| one.next.as_ref().is_some_and(Vec::is_empty));
        if !next.is_empty() || none_before {
            sub.insert("next".to_owned(), json!(next));
        }
        let forbids = all("forbids");
        if !forbids.is_empty() {
            sub.insert("forbids".to_owned(), json!(forbids));
        }
        let asked: Vec<Value> = guards::read(typed, &prefix).into_iter().map(|(_, guard)| guard).collect();
        if !asked.is_empty() {
            sub.insert("guards".to_owned(), Value::Array(asked));
        }
        subs.push(Value::Object(sub));
        places.push(place);
    }
    if !subs.is_empty() {
        state.insert("substatuses".to_owned(), Value::Array(subs));
    }
    (Value::Object(state), places)
}

/// Words about the file, beside the fields of this form.
fn beside(error: Error, state: OrderState, places: &[usize]) -> Error {
    let Error::Invalid(fields) = error else { return error };
    let prefix = format!("rules.states.{state}.");
    let renamed = fields.into_iter().map(|field| {
        let Some(rest) = field.field.strip_prefix(&prefix) else { return field };
        let mut name = rest.to_owned();
        if let Some((at, after)) = rest.strip_prefix("substatuses[").and_then(|rest| rest.split_once(']')) {
            let place = at.parse::<usize>().ok().and_then(|at| places.get(at)).copied().unwrap_or_default();
            name = format!("substatuses[{place}]{}", guard_field(after));
        }
        FieldError { field: name, ..field }
    });
    Error::Invalid(renamed.collect())
}

/// What a guard says of itself has one field, whatever its kind calls it.
pub(super) fn guard_field(path: &str) -> String {
    let Some((before, rest)) = path.split_once("guards[") else { return path.to_owned() };
    let Some((at, field)) = rest.split_once(']') else { return path.to_owned() };
    let field = if field == ".require" { ".require" } else { ".value" };
    format!("{before}guards[{at}]{field}")
}

/// A state that says nothing is left out of the file.
fn says_nothing(state: &Value) -> bool {
    state.as_object().is_none_or(|fields| fields.iter().all(|(name, value)| name == "labels" && value.as_object().is_none_or(Map::is_empty)))
}

/// `POST /app/settings/statuses/states/{state}`
async fn save(Path(state): Path<OrderState>, edge: Edge, info: Info, uri: Uri, Form(typed): Form<Typed>) -> Outcome<Response> {
    let form = typed.clone();
    let saved = edge.write(move |tx, ctx| {
        let work = Work::load(tx, ctx)?;
        let own = work.rules().states.get(&state).cloned().unwrap_or_default();
        let (value, places) = read(&form, &own);
        let mut rules = serde_json::to_value(work.rules()).map_err(Error::internal)?;
        let states = rules["states"].as_object_mut().ok_or_else(|| Error::internal("the rules have no states"))?;
        if says_nothing(&value) {
            states.remove(state.as_str());
        } else {
            states.insert(state.to_string(), value);
        }
        let mapping = work.draft.as_ref().map(|draft| draft.mapping.clone()).unwrap_or_else(BTreeMap::new);
        orders::save_rule_draft(tx, ctx, &rules, &mapping, None, Some(form.version())).map_err(|error| beside(error, state, &places))
    });
    match saved.await {
        Ok(_) => Ok(see(&format!("{HOME}/states/{state}?done=drafted"))),
        Err(error @ (Error::Invalid(_) | Error::Stale { .. } | Error::Conflict { .. })) => {
            let problem = Problem::from(error);
            let work = edge.read(Work::load).await?;
            with_status(&page(&work, &edge.ctx, &info, &uri, state, Some((&problem, &typed))), problem.status())
        }
        Err(error) => Err(error.into()),
    }
}

/// The rules with one move said anew; for the form of moves.
pub(super) fn with_move(
    rules: &RuleSet,
    from: OrderState,
    action: OrderAction,
    is_forbidden: bool,
    asked: &[Value],
) -> Result<(Value, usize), Error> {
    let mut value = serde_json::to_value(rules).map_err(Error::internal)?;
    let moves = value["moves"].as_array_mut().ok_or_else(|| Error::internal("the rules have no moves"))?;
    let is_it = |rule: &Value| rule["from"] == json!(from) && rule["action"] == json!(action);
    let place = moves.iter().position(is_it);
    if !is_forbidden && asked.is_empty() {
        if let Some(place) = place {
            moves.remove(place);
        }
        return Ok((value, 0));
    }
    let rule = json!({ "from": from, "action": action, "is_forbidden": is_forbidden, "guards": asked });
    let place = match place {
        Some(place) => {
            moves[place] = rule;
            place
        }
        None => {
            moves.push(rule);
            moves.len() - 1
        }
    };
    Ok((value, place))
}
