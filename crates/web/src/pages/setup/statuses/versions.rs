//! Every version of the rules: who, when, why, what it changed, and back to one of them by way of the draft.

use std::collections::BTreeMap;

use askama::Template;
use axum::http::{Method, Uri};
use axum::response::Response;
use base::Edge;
use base::rules::RuleSet;
use kernel::{Error, Permission, UserId, Version};

use super::diff::{self, Difference};
use super::{EDIT, HOME, READ, Work, below, sides, tabs};
use crate::error::Outcome;
use crate::extract::{Info, Path};
use crate::pages::context::{html, see};
use crate::pages::setup::{Top, asked};
use crate::pages::view::{EmptyState, Pager, Shell};
use crate::router::Route;
use crate::words::Words;

const PAGE: u32 = 50;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::page(Method::GET, "/app/settings/statuses/versions", READ, "page_rule_versions", list),
        Route::page(Method::GET, "/app/settings/statuses/versions/{version}", READ, "page_rule_version", show),
        Route::page(Method::POST, "/app/settings/statuses/versions/{version}/draft", EDIT, "page_draft_rule_version", draft),
    ]
}

#[derive(Clone, Debug)]
struct VersionRow {
    version: Version,
    origin: String,
    note: Option<String>,
    who: String,
    when: String,
    is_in_force: bool,
}

#[derive(Template)]
#[template(path = "setup/versions.html")]
struct VersionsPage {
    page: Shell,
    top: Top,
    rows: Vec<VersionRow>,
    empty: EmptyState,
    pager: Option<Pager>,
}

#[derive(Template)]
#[template(path = "setup/version.html")]
struct VersionPage {
    page: Shell,
    top: Top,
    version: Version,
    facts: Vec<(String, String)>,
    /// Against the version before it.
    changed: Vec<Difference>,
    /// Against what is in force.
    back: Vec<Difference>,
    is_in_force: bool,
    may_edit: bool,
    has_draft: bool,
}

fn origin_words(say: Words, origin: &str) -> String {
    match origin {
        "settings" => say.t("status-origin-settings"),
        "restore" => say.t("status-origin-restore"),
        _ => say.t("status-origin-rules"),
    }
}

/// `GET /app/settings/statuses/versions?before=…`
async fn list(edge: Edge, info: Info, uri: Uri) -> Outcome<Response> {
    let before: Option<Version> = asked(&uri, "before").and_then(|text| text.parse().ok());
    let (work, found, names) = edge
        .read(move |tx, ctx| {
            let found = orders::list_rules(tx, ctx, before, PAGE)?;
            let ids: Vec<UserId> = found.iter().filter_map(|one| one.changed_by).collect();
            Ok((Work::load(tx, ctx)?, found, access::users::names(tx, ctx, &ids)?))
        })
        .await?;
    let ctx = &edge.ctx;
    let say = Words { locale: ctx.locale };
    let format = work.reader.format(ctx);
    let rows: Vec<VersionRow> = found
        .iter()
        .map(|one| VersionRow {
            version: one.version,
            origin: origin_words(say, &one.origin),
            note: one.note.clone(),
            who: one.changed_by.and_then(|id| names.iter().find(|person| person.id == id)).map(|person| person.name.clone()).unwrap_or_default(),
            when: format.moment(one.changed_at),
            is_in_force: one.version == work.version,
        })
        .collect();
    let last = found.last().filter(|last| found.len() == PAGE as usize && last.version > 1).map(|last| last.version);
    let pager = last.map(|last| Pager {
        say,
        range: say.one("status-version", "n", last),
        previous: None,
        next: Some(format!("{HOME}/versions?before={last}")),
    });
    let heading = say.t("status-versions-title");
    let page = below(&work.reader, ctx, &info, &uri, &heading);
    let top = Top { heading, subtitle: say.t("status-versions-about"), tabs: tabs(say, "/versions"), side: sides(ctx), notice: None };
    let empty = EmptyState { icon: "history", tone: "t-neu", title: say.t("status-as-built"), text: say.t("status-versions-none"), action: None };
    html(&VersionsPage { page, top, rows, empty, pager })
}

/// `GET /app/settings/statuses/versions/{version}`
async fn show(Path(version): Path<Version>, edge: Edge, info: Info, uri: Uri) -> Outcome<Response> {
    let (work, view, before, who) = edge
        .read(move |tx, ctx| {
            let view = orders::find_rules_version(tx, ctx, version)?;
            // The first one was made from what is built in.
            let before = if version > 1 { orders::find_rules_version(tx, ctx, version - 1)?.rules } else { RuleSet::default() };
            let by: Vec<UserId> = view.since.as_ref().and_then(|since| since.changed_by).into_iter().collect();
            let who = access::users::names(tx, ctx, &by)?.pop().map(|person| person.name);
            Ok((Work::load(tx, ctx)?, view, before, who))
        })
        .await?;
    let ctx = &edge.ctx;
    let say = Words { locale: ctx.locale };
    let format = work.reader.format(ctx);
    let mut facts = Vec::new();
    if let Some(since) = &view.since {
        facts.push((say.t("status-when"), format.exact(since.changed_at)));
        facts.push((say.t("status-who"), who.unwrap_or_else(|| say.t("shell-name"))));
        facts.push((say.t("status-how"), origin_words(say, &since.origin)));
        if let Some(note) = &since.note {
            facts.push((say.t("status-why"), note.clone()));
        }
    }
    let heading = say.one("status-version", "n", version);
    let page = below(&work.reader, ctx, &info, &uri, &heading);
    let top = Top { heading, subtitle: String::new(), tabs: tabs(say, "/versions"), side: sides(ctx), notice: None };
    html(&VersionPage {
        page,
        top,
        version,
        facts,
        changed: diff::differences(&before, &view.rules),
        back: diff::differences(&work.in_force, &view.rules),
        is_in_force: version == work.version,
        may_edit: ctx.can(Permission::SettingsEdit),
        has_draft: work.draft.is_some(),
    })
}

/// `POST /app/settings/statuses/versions/{version}/draft`: the draft is what that version was.
async fn draft(Path(version): Path<Version>, edge: Edge) -> Outcome<Response> {
    edge.write(move |tx, ctx| {
        let view = orders::find_rules_version(tx, ctx, version)?;
        let rules = serde_json::to_value(&view.rules).map_err(Error::internal)?;
        let in_force = orders::find_rules(tx, ctx)?.version;
        orders::save_rule_draft(tx, ctx, &rules, &BTreeMap::new(), Some(in_force), None)
    })
    .await?;
    Ok(see(&format!("{HOME}/draft?done=drafted")))
}
