//! Statuses and moves: what orders can be and how they may go, edited as a draft, tried against the orders there are, put into force.
//!
//! The file of `docs/rules.md` is the whole of it; each form here changes a part of the draft of that file.

mod diff;
mod draft;
mod file;
mod graph;
mod guards;
mod moves;
mod state;
mod versions;

use askama::Template;
use axum::http::{Method, Uri};
use axum::response::Response;
use base::rules::RuleSet;
use base::{Ctx, Edge};
use db::Tx;
use kernel::{Error, OrderState, Permission};
use orders::RuleDraft;

use super::side::{SideItem, side};
use super::{Here, Top, frame, toast};
use crate::api::rules::state_label;
use crate::badges;
use crate::error::Outcome;
use crate::extract::Info;
use crate::pages::context::{Reader, html};
use crate::pages::setup::form::tone_classes;
use crate::pages::view::{Shell, TabLink, Tabs};
use crate::router::{Access, Route};
use crate::words::Words;

use graph::Graph;

const READ: Access = Access::Needs(Permission::SettingsRead);
const EDIT: Access = Access::Needs(Permission::SettingsEdit);
const HOME: &str = "/app/settings/statuses";

pub(super) fn routes() -> Vec<Route> {
    let mut routes = vec![Route::page(Method::GET, "/app/settings/statuses", READ, "page_statuses", show)];
    routes.extend(state::routes());
    routes.extend(moves::routes());
    routes.extend(draft::routes());
    routes.extend(versions::routes());
    routes.extend(file::routes());
    routes
}

/// The rules that a page shows: the draft where there is one, else what is in force.
struct Work {
    reader: Reader,
    in_force: RuleSet,
    /// The version in force.
    version: i64,
    draft: Option<RuleDraft>,
}

impl Work {
    fn load(tx: &mut Tx, ctx: &Ctx) -> Result<Work, Error> {
        let view = orders::find_rules(tx, ctx)?;
        Ok(Work { reader: Reader::load(tx, ctx)?, in_force: view.rules, version: view.version, draft: orders::find_rule_draft(tx, ctx)? })
    }

    fn rules(&self) -> &RuleSet {
        self.draft.as_ref().map_or(&self.in_force, |draft| &draft.rules)
    }

    /// The version of the draft, 0 for none.
    fn draft_version(&self) -> i64 {
        self.draft.as_ref().map_or(0, |draft| draft.version)
    }

    /// How many things the draft changes.
    fn changes(&self) -> usize {
        self.draft.as_ref().map_or(0, |draft| diff::differences(&self.in_force, &draft.rules).len())
    }

    /// What stands above each page of the statuses.
    fn bar(&self, say: Words) -> Option<DraftBar> {
        let changes = self.draft.as_ref().map(|_| self.changes())?;
        Some(DraftBar { words: say.count("status-draft-changes", changes as i64, &changes.to_string()) })
    }
}

/// That there is a draft, with the way to it.
#[derive(Clone, Debug)]
struct DraftBar {
    words: String,
}

fn tabs(say: Words, here: &str) -> Option<Tabs> {
    let tab = |href: &str, key: &str| TabLink { href: format!("{HOME}{href}"), label: say.t(key), count: String::new(), is_here: href == here };
    let items = vec![
        tab("", "status-tab-states"),
        tab("/moves", "status-tab-moves"),
        tab("/draft", "status-tab-draft"),
        tab("/versions", "status-tab-versions"),
        tab("/file", "status-tab-file"),
    ];
    Some(Tabs { label: say.t("status-title"), items })
}

fn sides(ctx: &Ctx) -> Vec<SideItem> {
    side(ctx, HOME)
}

/// A frame below the statuses.
fn below(reader: &Reader, ctx: &Ctx, info: &Info, uri: &Uri, heading: &str) -> Shell {
    let say = Words { locale: ctx.locale };
    let here = Here { heading, section: "shell-nav-settings", back: Some(HOME), uri, toast: toast(say, uri) };
    frame(reader, ctx, info, here).under(vec![(HOME.to_owned(), say.t("status-title"))])
}

/// A state's name by these rules, which may not be in force.
fn name_of(ctx: &Ctx, rules: &RuleSet, state: OrderState) -> String {
    let own = rules.states.get(&state).and_then(|of| base::rules::label(&of.labels, ctx.locale));
    own.map_or_else(|| state_label(ctx, state), str::to_owned)
}

/// A sub-status as a chip.
#[derive(Clone, Debug)]
struct SubChip {
    label: String,
    key: String,
    fill: &'static str,
    dot: &'static str,
    is_default: bool,
    is_archived: bool,
}

/// A state as a card.
#[derive(Clone, Debug)]
struct StateCard {
    state: OrderState,
    name: String,
    fill: &'static str,
    tone: &'static str,
    progress: Option<u8>,
    notifies: bool,
    syncs: bool,
    subs: Vec<SubChip>,
}

#[derive(Template)]
#[template(path = "setup/statuses.html")]
struct StatusesPage {
    page: Shell,
    top: Top,
    bar: Option<DraftBar>,
    graph: Graph,
    states: Vec<StateCard>,
    version: String,
}

fn card(ctx: &Ctx, rules: &RuleSet, state: OrderState) -> StateCard {
    let own = rules.states.get(&state);
    let badge = badges::state(state);
    let (fill, tone) = match own.and_then(|of| of.tone) {
        Some(tone) => tone_classes(tone),
        None => (badge.fill(), dot_of(badge.tone)),
    };
    let subs = own.into_iter().flat_map(|of| of.substatuses.iter()).map(|one| {
        let (sub_fill, dot) = one.tone.map_or((fill, tone), tone_classes);
        SubChip {
            label: base::rules::label(&one.labels, ctx.locale).unwrap_or(&one.key).to_owned(),
            key: one.key.clone(),
            fill: sub_fill,
            dot,
            is_default: one.is_default,
            is_archived: one.is_archived,
        }
    });
    StateCard {
        state,
        name: name_of(ctx, rules, state),
        fill,
        tone,
        progress: rules.progress(state, None),
        notifies: rules.notifies(state, None),
        syncs: rules.syncs(state, None),
        subs: subs.collect(),
    }
}

fn dot_of(tone: &str) -> &'static str {
    match tone {
        "info" => "d-info",
        "warn" => "d-warn",
        "ok" => "d-ok",
        "bad" => "d-bad",
        "vio" => "d-vio",
        "pri" => "d-pri",
        _ => "d-neu",
    }
}

/// `GET /app/settings/statuses`
async fn show(edge: Edge, info: Info, uri: Uri) -> Outcome<Response> {
    let work = edge.read(Work::load).await?;
    let ctx = &edge.ctx;
    let say = Words { locale: ctx.locale };
    let heading = say.t("status-title");
    let here = Here { heading: &heading, section: "shell-nav-settings", back: Some("/app/settings"), uri: &uri, toast: toast(say, &uri) };
    let page = frame(&work.reader, ctx, &info, here);
    let top = Top { heading, subtitle: say.t("set-statuses-about"), tabs: tabs(say, ""), side: sides(ctx), notice: None };
    let version = if work.version == 0 { say.t("status-as-built") } else { say.one("status-version", "n", work.version) };
    html(&StatusesPage {
        page,
        top,
        bar: work.bar(say),
        graph: graph::draw(ctx, work.rules()),
        states: OrderState::ALL.iter().map(|state| card(ctx, work.rules(), *state)).collect(),
        version,
    })
}
