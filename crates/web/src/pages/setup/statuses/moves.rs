//! The moves between states: which are switched off, what they ask for.

use askama::Template;
use axum::http::{Method, StatusCode, Uri};
use axum::response::Response;
use base::rules::RuleSet;
use base::{Ctx, Edge};
use kernel::{Error, FieldError, OrderAction, OrderState, Permission};
use orders::state::{Transition, actions, transition};
use serde_json::Value;

use super::state::{guard_field, with_move};
use super::{DraftBar, EDIT, Graph, HOME, READ, Work, below, graph, guards, name_of, sides, tabs};
use crate::badges;
use crate::error::{Outcome, Problem};
use crate::extract::{Form, Info, Path, Two};
use crate::pages::context::{html, see};
use crate::pages::setup::form::{Group, Input, Typed, refuse};
use crate::pages::setup::{Top, bad, rights, with_status};
use crate::pages::view::Shell;
use crate::router::Route;
use crate::words::Words;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::page(Method::GET, "/app/settings/statuses/moves", READ, "page_moves", list),
        Route::page(Method::GET, "/app/settings/statuses/moves/{state}/{action}", READ, "page_move_rule", show),
        Route::page(Method::POST, "/app/settings/statuses/moves/{state}/{action}", EDIT, "page_draft_move", save),
    ]
}

/// A move as a row.
#[derive(Clone, Debug)]
struct MoveRow {
    action: OrderAction,
    name: String,
    to: String,
    to_fill: &'static str,
    to_dot: &'static str,
    is_off: bool,
    guards: Vec<String>,
    right: String,
    needs_reason: bool,
}

#[derive(Clone, Debug)]
struct StateMoves {
    state: OrderState,
    name: String,
    fill: &'static str,
    dot: &'static str,
    rows: Vec<MoveRow>,
}

#[derive(Template)]
#[template(path = "setup/moves.html")]
struct MovesPage {
    page: Shell,
    top: Top,
    bar: Option<DraftBar>,
    graph: Graph,
    states: Vec<StateMoves>,
}

#[derive(Template)]
#[template(path = "setup/move.html")]
struct MovePage {
    page: Shell,
    top: Top,
    bar: Option<DraftBar>,
    action: String,
    version: i64,
    groups: Vec<Group>,
    facts: Vec<(String, String)>,
    may_edit: bool,
    help: Vec<(String, String)>,
}

fn row(say: Words, ctx: &Ctx, rules: &RuleSet, row: &Transition) -> MoveRow {
    let rule = rules.move_rule(row.from, row.action);
    let to = super::card(ctx, rules, row.to);
    MoveRow {
        action: row.action,
        name: say.t(badges::action(row.action).verb),
        to: to.name,
        to_fill: to.fill,
        to_dot: to.tone,
        is_off: rule.is_some_and(|rule| rule.is_forbidden),
        guards: rule.map(|rule| rule.guards.iter().map(|guard| guards::words_of(say, guard)).collect()).unwrap_or_default(),
        right: say.t(rights::words(row.permission)),
        needs_reason: row.needs_reason,
    }
}

/// `GET /app/settings/statuses/moves`
async fn list(edge: Edge, info: Info, uri: Uri) -> Outcome<Response> {
    let work = edge.read(Work::load).await?;
    let ctx = &edge.ctx;
    let say = Words { locale: ctx.locale };
    let rules = work.rules();
    let states = OrderState::ALL.iter().map(|state| {
        let card = super::card(ctx, rules, *state);
        StateMoves {
            state: *state,
            name: card.name,
            fill: card.fill,
            dot: card.tone,
            rows: actions(*state).map(|one| row(say, ctx, rules, one)).collect(),
        }
    });
    let heading = say.t("status-moves-title");
    let page = below(&work.reader, ctx, &info, &uri, &heading);
    let top = Top { heading, subtitle: say.t("status-moves-about"), tabs: tabs(say, "/moves"), side: sides(ctx), notice: None };
    html(&MovesPage {
        page,
        top,
        bar: work.bar(say),
        graph: graph::draw(ctx, rules),
        states: states.filter(|state| !state.rows.is_empty()).collect(),
    })
}

fn page(work: &Work, ctx: &Ctx, info: &Info, uri: &Uri, one: &Transition, refused: Option<(&Problem, &Typed)>) -> MovePage {
    let say = Words { locale: ctx.locale };
    let rules = work.rules();
    let rule = rules.move_rule(one.from, one.action);
    let off = Input::check("is_forbidden", say.t("status-move-off"), rule.is_some_and(|rule| rule.is_forbidden)).hint(say.t("status-move-off-hint"));
    let asked = guards::inputs(say, "", rule.map_or(&[][..], |rule| rule.guards.as_slice()));
    let mut groups =
        vec![Group::of(None, vec![off]), Group { title: Some(say.t("status-guards")), text: Some(say.t("status-guards-text")), inputs: asked }];
    let notice = refused.and_then(|(problem, typed)| refuse(say, problem, typed, &mut groups)).and_then(bad);
    let action = say.t(badges::action(one.action).verb);
    let heading = action.clone();
    let shell = below(&work.reader, ctx, info, uri, &heading);
    let subtitle = say.with("status-arrow", &[("from", name_of(ctx, rules, one.from)), ("to", name_of(ctx, rules, one.to)), ("action", action)]);
    let mut facts = vec![(say.t("status-move-right"), say.t(rights::words(one.permission)))];
    if one.needs_reason {
        facts.push((say.t("status-move-reason"), say.t("set-yes")));
    }
    MovePage {
        page: shell,
        top: Top { heading, subtitle, tabs: tabs(say, "/moves"), side: sides(ctx), notice },
        bar: work.bar(say),
        action: format!("{HOME}/moves/{}/{}", one.from, one.action),
        version: work.draft_version(),
        groups,
        facts,
        may_edit: ctx.can(Permission::SettingsEdit),
        help: guards::help(say),
    }
}

fn known(state: OrderState, action: OrderAction) -> Outcome<&'static Transition> {
    transition(state, action).map_err(|_| Error::not_found("page").into())
}

/// `GET /app/settings/statuses/moves/{state}/{action}`
async fn show(Path(Two(state, action)): Path<Two<OrderState, OrderAction>>, edge: Edge, info: Info, uri: Uri) -> Outcome<Response> {
    let one = known(state, action)?;
    let work = edge.read(Work::load).await?;
    with_status(&page(&work, &edge.ctx, &info, &uri, one, None), StatusCode::OK)
}

/// `POST /app/settings/statuses/moves/{state}/{action}`
async fn save(
    Path(Two(state, action)): Path<Two<OrderState, OrderAction>>,
    edge: Edge,
    info: Info,
    uri: Uri,
    Form(typed): Form<Typed>,
) -> Outcome<Response> {
    let one = known(state, action)?;
    let form = typed.clone();
    let saved = edge.write(move |tx, ctx| {
        let work = Work::load(tx, ctx)?;
        let asked = guards::read(&form, "");
        let values: Vec<Value> = asked.iter().map(|(_, guard)| guard.clone()).collect();
        let (rules, place) = with_move(work.rules(), state, action, form.has("is_forbidden"), &values)?;
        let mapping = work.draft.as_ref().map(|draft| draft.mapping.clone()).unwrap_or_default();
        orders::save_rule_draft(tx, ctx, &rules, &mapping, None, Some(form.version())).map_err(|error| beside(error, place, &asked))
    });
    match saved.await {
        Ok(_) => Ok(see(&format!("{HOME}/moves?done=drafted#s-{state}"))),
        Err(error @ (Error::Invalid(_) | Error::Stale { .. } | Error::Conflict { .. })) => {
            let problem = Problem::from(error);
            let work = edge.read(Work::load).await?;
            with_status(&page(&work, &edge.ctx, &info, &uri, one, Some((&problem, &typed))), problem.status())
        }
        Err(error) => Err(error.into()),
    }
}

/// Words about the file, beside the fields of this form.
fn beside(error: Error, place: usize, asked: &[(usize, Value)]) -> Error {
    let Error::Invalid(fields) = error else { return error };
    let prefix = format!("rules.moves[{place}].");
    let renamed = fields.into_iter().map(|field| {
        let Some(rest) = field.field.strip_prefix(&prefix) else { return field };
        let mut name = guard_field(rest);
        // Fields that were left empty stand between those that were filled in.
        if let Some((at, after)) = name.strip_prefix("guards[").and_then(|rest| rest.split_once(']')) {
            let slot = at.parse::<usize>().ok().and_then(|at| asked.get(at)).map_or(0, |(slot, _)| *slot);
            name = format!("guards[{slot}]{after}");
        }
        FieldError { field: name, ..field }
    });
    Error::Invalid(renamed.collect())
}
