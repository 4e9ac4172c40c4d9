//! The rules as one file: taken out as it is, brought in as the draft, every mistake by its place.

use std::collections::BTreeMap;

use askama::Template;
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use base::{Ctx, Edge};
use kernel::{Error, Permission};
use serde_json::Value;

use super::{DraftBar, EDIT, HOME, READ, Work, below, sides, tabs};
use crate::error::{Outcome, Problem};
use crate::extract::{Form, Info};
use crate::pages::context::see;
use crate::pages::setup::form::Typed;
use crate::pages::setup::{Top, bad, with_status};
use crate::pages::view::Shell;
use crate::router::Route;
use crate::words::Words;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::page(Method::GET, "/app/settings/statuses/file", READ, "page_rule_file", show),
        Route::page(Method::POST, "/app/settings/statuses/file", EDIT, "page_import_rule_file", import),
        Route::page(Method::GET, "/app/settings/statuses/file/rules.json", READ, "page_export_rule_file", export),
    ]
}

/// A mistake in the file.
#[derive(Clone, Debug)]
struct Mistake {
    place: String,
    words: String,
}

#[derive(Template)]
#[template(path = "setup/rule_file.html")]
struct FilePage {
    page: Shell,
    top: Top,
    bar: Option<DraftBar>,
    text: String,
    mistakes: Vec<Mistake>,
    may_edit: bool,
    version: i64,
}

fn pretty(rules: &base::rules::RuleSet) -> Result<String, Error> {
    serde_json::to_string_pretty(rules).map_err(Error::internal)
}

fn page(work: &Work, ctx: &Ctx, info: &Info, uri: &Uri, typed: Option<&Typed>) -> Result<FilePage, Error> {
    let say = Words { locale: ctx.locale };
    let heading = say.t("status-file-title");
    let shell = below(&work.reader, ctx, info, uri, &heading);
    let text = match typed {
        Some(typed) => typed.get("rules").to_owned(),
        None => pretty(work.rules())?,
    };
    Ok(FilePage {
        page: shell,
        top: Top { heading, subtitle: say.t("status-file-about"), tabs: tabs(say, "/file"), side: sides(ctx), notice: None },
        bar: work.bar(say),
        text,
        mistakes: Vec::new(),
        may_edit: ctx.can(Permission::SettingsEdit),
        version: work.draft_version(),
    })
}

/// `GET /app/settings/statuses/file`
async fn show(edge: Edge, info: Info, uri: Uri) -> Outcome<Response> {
    let work = edge.read(Work::load).await?;
    with_status(&page(&work, &edge.ctx, &info, &uri, None)?, StatusCode::OK)
}

/// `GET /app/settings/statuses/file/rules.json`: what is in force.
async fn export(edge: Edge) -> Outcome<Response> {
    let view = edge.read(orders::find_rules).await?;
    let mut response = pretty(&view.rules)?.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if let Ok(name) = HeaderValue::from_str(&format!("attachment; filename=\"rules-{}.json\"", view.version)) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(response)
}

/// `POST /app/settings/statuses/file`
async fn import(edge: Edge, info: Info, uri: Uri, Form(typed): Form<Typed>) -> Outcome<Response> {
    let say = Words { locale: edge.ctx.locale };
    let rules: Value = match serde_json::from_str(typed.get("rules")) {
        Ok(rules) => rules,
        Err(error) => {
            let work = edge.read(Work::load).await?;
            let mut page = page(&work, &edge.ctx, &info, &uri, Some(&typed))?;
            let values = [("line", error.line().to_string()), ("column", error.column().to_string())];
            page.top.notice = bad(say.with("status-file-broken", &values));
            return with_status(&page, StatusCode::UNPROCESSABLE_ENTITY);
        }
    };
    // What `GET /api/v1/rules` answers may be brought in as it is, too.
    let rules = rules.get("rules").cloned().unwrap_or(rules);
    let version = typed.version();
    let saved = edge.write(move |tx, ctx| {
        let in_force = orders::find_rules(tx, ctx)?.version;
        orders::save_rule_draft(tx, ctx, &rules, &BTreeMap::new(), Some(in_force), Some(version))
    });
    match saved.await {
        Ok(_) => Ok(see(&format!("{HOME}/draft?done=drafted"))),
        Err(error @ (Error::Invalid(_) | Error::Conflict { .. } | Error::Stale { .. })) => {
            let problem = Problem::from(error);
            let work = edge.read(Work::load).await?;
            let mut page = page(&work, &edge.ctx, &info, &uri, Some(&typed))?;
            page.mistakes = problem
                .errors()
                .iter()
                .map(|error| Mistake {
                    place: error.field.strip_prefix("rules.").unwrap_or(&error.field).to_owned(),
                    words: Problem::field_message(edge.ctx.locale, error),
                })
                .collect();
            let count = page.mistakes.len() as i64;
            page.top.notice = bad(match problem.code() {
                "stale" => say.t("status-draft-stale"),
                _ if count == 0 => problem.title(edge.ctx.locale),
                _ => say.count("status-file-mistakes", count, &count.to_string()),
            });
            with_status(&page, problem.status())
        }
        Err(error) => Err(error.into()),
    }
}
