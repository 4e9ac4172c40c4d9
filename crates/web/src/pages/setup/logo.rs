//! The logos that customers see: for all stores, and for single ones.

use askama::Template;
use axum::extract::Request;
use axum::http::{Method, StatusCode, Uri};
use axum::response::Response;
use base::Edge;
use kernel::{Error, Permission, StoreId};

use super::side::side;
use super::{Here, Top, frame, toast, with_status};
use crate::api::logos;
use crate::error::{Outcome, Problem};
use crate::extract::{Form, Info};
use crate::pages::Logo;
use crate::pages::context::{Reader, see};
use crate::pages::typed::Typed;
use crate::pages::view::Shell;
use crate::router::{Access, Route};
use crate::words::Words;

pub(super) fn routes() -> Vec<Route> {
    let edit = Access::Needs(Permission::SettingsEdit);
    vec![
        Route::page(Method::GET, "/app/settings/logo", Access::Needs(Permission::SettingsRead), "page_logos", show),
        Route::page(Method::POST, "/app/settings/logo", edit, "page_set_logo", set).slow(),
        Route::page(Method::POST, "/app/settings/logo/remove", edit, "page_remove_logo", remove),
    ]
}

#[derive(Template)]
#[template(path = "setup/logo.html")]
struct LogoPage {
    page: Shell,
    top: Top,
    may_edit: bool,
    logos: Vec<OneLogo>,
}

/// The logo of all stores, or of one.
struct OneLogo {
    key: String,
    /// The store's id; empty for all.
    store: String,
    title: String,
    logo: Option<Logo>,
    facts: String,
    none: String,
    error: Option<String>,
}

/// `GET /app/settings/logo`
async fn show(edge: Edge, info: Info, uri: Uri) -> Outcome<Response> {
    page(&edge, &info, &uri, None).await
}

/// The page; with what was refused, beside its store.
async fn page(edge: &Edge, info: &Info, uri: &Uri, refused: Option<(&str, Problem)>) -> Outcome<Response> {
    let (reader, found) = edge.read(|tx, ctx| Ok((Reader::load(tx, ctx)?, tracking::list_logos(tx, ctx)?))).await?;
    let ctx = &edge.ctx;
    let say = Words { locale: ctx.locale };
    let format = reader.format(ctx);
    let heading = say.t("set-logo");
    let here = Here { heading: &heading, section: "shell-nav-settings", back: Some("/app/settings"), uri, toast: toast(say, uri) };
    let shell = frame(&reader, ctx, info, here);
    let one = |store: Option<&access::Store>| {
        let id = store.map(|store| store.id);
        let logo = found.iter().find(|logo| logo.store == id);
        let facts = logo.map(|logo| {
            let size = format.decimal(&format.number(logo.size / 1024), (logo.size % 1024 * 10 / 1024).unsigned_abs());
            say.with("logo-facts", &[("width", logo.width.to_string()), ("height", logo.height.to_string()), ("size", size)])
        });
        let text = id.map(|id| id.to_string()).unwrap_or_default();
        OneLogo {
            key: format!("logo-{}", if text.is_empty() { "all" } else { &text }),
            title: store.map_or_else(|| say.t("logo-all"), |store| store.name.clone()),
            logo: logo.map(|logo| Logo::of(ctx.org, logo)),
            facts: facts.unwrap_or_default(),
            none: say.t(if store.is_none() { "logo-none" } else { "logo-none-own" }),
            error: refused.as_ref().filter(|(of, _)| *of == text).map(|(_, problem)| {
                problem.errors().first().map_or_else(|| problem.title(say.locale), |error| Problem::field_message(say.locale, error))
            }),
            store: text,
        }
    };
    let mut logos = vec![one(None)];
    if reader.stores.len() > 1 || found.iter().any(|logo| logo.store.is_some()) {
        logos.extend(reader.stores.iter().map(|store| one(Some(store))));
    }
    let top = Top { heading, subtitle: say.t("set-logo-about"), side: side(ctx, "/app/settings/logo"), ..Top::default() };
    let status = refused.as_ref().map_or(StatusCode::OK, |(_, problem)| problem.status());
    with_status(&LogoPage { page: shell, top, may_edit: ctx.can(Permission::SettingsEdit), logos }, status)
}

/// `POST /app/settings/logo`
async fn set(edge: Edge, info: Info, uri: Uri, request: Request) -> Outcome<Response> {
    let mut of = String::new();
    let logo = match logos::read(request, &mut of).await {
        Ok(logo) => logo,
        Err(problem) if problem.status().is_client_error() => return page(&edge, &info, &uri, Some((of.trim(), problem))).await,
        Err(problem) => return Err(problem),
    };
    let store = store_of(&of)?;
    edge.write(move |tx, ctx| tracking::set_logo(tx, ctx, store, &logo)).await?;
    Ok(see("/app/settings/logo?done=saved"))
}

/// `POST /app/settings/logo/remove`
async fn remove(edge: Edge, Form(typed): Form<Typed>) -> Outcome<Response> {
    let store = store_of(typed.get("store"))?;
    edge.write(move |tx, ctx| tracking::remove_logo(tx, ctx, store)).await?;
    Ok(see("/app/settings/logo?done=removed"))
}

fn store_of(text: &str) -> Result<Option<StoreId>, Error> {
    match text.trim() {
        "" => Ok(None),
        id => id.parse().map(Some).map_err(|_| Error::not_found("store")),
    }
}
