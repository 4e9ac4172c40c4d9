//! Keys for programs: listed, made with what they may do and for how long, ended. The text is shown once.

use access::{ApiKey, NewApiKey, Role, keys, roles, users};
use askama::Template;
use axum::http::{Method, StatusCode, Uri, header};
use axum::response::Response;
use base::{Ctx, Edge};
use db::Tx;
use kernel::{ApiKeyId, Day, Error, Permission, RoleId, StoreId, Time, UserId};

use super::form::{Group, Input, Kind, Typed, refuse};
use super::people::tabs;
use super::rights::AREAS;
use super::{Here, Top, bad, frame, toast, with_status};
use crate::error::{Outcome, Problem};
use crate::extract::{Form, Info, Path};
use crate::pages::context::{Reader, html, see};
use crate::pages::view::{Choosable, Confirm, EmptyState, Shell};
use crate::router::{Access, Route};
use crate::words::Words;

const NEEDS: Access = Access::Needs(Permission::ApiKeyEdit);

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::page(Method::GET, "/app/users/keys", NEEDS, "page_keys", list),
        Route::page(Method::GET, "/app/users/keys/new", NEEDS, "page_new_key", show_new),
        Route::page(Method::POST, "/app/users/keys", NEEDS, "page_create_key", create),
        Route::page(Method::POST, "/app/users/api-keys/{id}/revoke", NEEDS, "page_revoke_key", revoke),
    ]
}

/// A key as a row.
#[derive(Clone, Debug)]
struct KeyRow {
    name: String,
    owner: String,
    scopes: String,
    stores: String,
    made: String,
    used: String,
    ends: String,
    is_over: bool,
    revoke: Confirm,
}

#[derive(Template)]
#[template(path = "setup/keys.html")]
struct KeysPage {
    page: Shell,
    top: Top,
    keys: Vec<KeyRow>,
    empty: EmptyState,
}

#[derive(Template)]
#[template(path = "setup/key_form.html")]
struct KeyFormPage {
    page: Shell,
    top: Top,
    groups: Vec<Group>,
}

#[derive(Template)]
#[template(path = "setup/key_made.html")]
struct KeyMadePage {
    page: Shell,
    top: Top,
    secret: String,
    example: String,
}

/// `GET /app/users/keys`
async fn list(edge: Edge, info: Info, uri: Uri) -> Outcome<Response> {
    let (reader, all, roles, names) = edge
        .read(|tx, ctx| {
            let all = keys::list(tx, ctx)?;
            let ids: Vec<UserId> = all.iter().flat_map(|key| [key.user, key.created_by]).flatten().collect();
            let names = users::names(tx, ctx, &ids)?;
            let roles = if ctx.can(Permission::UserRead) { roles::list(tx, ctx)? } else { Vec::new() };
            Ok((Reader::load(tx, ctx)?, all, roles, names))
        })
        .await?;
    let ctx = &edge.ctx;
    let say = Words { locale: ctx.locale };
    let heading = say.t("keysof-title");
    let here = Here { heading: &heading, section: "shell-nav-people", back: Some("/app/users"), uri: &uri, toast: toast(say, &uri) };
    let page = frame(&reader, ctx, &info, here);
    let format = reader.format(ctx);
    let row = |key: &ApiKey| {
        let owner = match (key.role, key.user) {
            (Some(id), _) => {
                let role = roles.iter().find(|role| role.id == id).map_or("…", |role| role.name.as_str());
                say.one("keysof-of-role", "role", role)
            }
            (None, Some(id)) => names.iter().find(|person| person.id == id).map(|person| person.name.clone()).unwrap_or_default(),
            (None, None) => String::new(),
        };
        let stores = key.stores.as_ref().map_or_else(
            || say.t("people-all-stores"),
            |ids| {
                ids.iter()
                    .filter_map(|id| reader.stores.iter().find(|store| store.id == *id))
                    .map(|store| store.name.clone())
                    .collect::<Vec<_>>()
                    .join(", ")
            },
        );
        KeyRow {
            name: key.name.clone(),
            owner,
            scopes: key.scopes.as_ref().map_or_else(
                || say.t("keysof-all-rights"),
                |scopes| {
                    let count = scopes.iter().count() as i64;
                    say.count("keysof-some-rights", count, &count.to_string())
                },
            ),
            stores,
            made: format.date(key.created_at),
            used: key.last_used_at.map_or_else(|| say.t("keysof-unused"), |at| format.ago(at)),
            ends: key.expires_at.map_or_else(|| say.t("keysof-no-end"), |at| format.date(at.plus_us(-1))),
            is_over: key.expires_at.is_some_and(|at| at <= ctx.now),
            revoke: Confirm {
                say,
                csrf: page.csrf.clone(),
                id: key.id.to_string(),
                class: "sm bad",
                button: say.t("keysof-revoke"),
                title: say.one("keysof-revoke-title", "name", &key.name),
                text: say.t("keysof-revoke-text"),
                verb: say.t("keysof-revoke"),
                action: format!("/app/users/api-keys/{}/revoke", key.id),
                hidden: Vec::new(),
            },
        }
    };
    let rows: Vec<KeyRow> = all.iter().map(row).collect();
    let make = Some(("/app/users/keys/new".to_owned(), say.t("keysof-new")));
    let empty = EmptyState { icon: "key", tone: "t-pri", title: say.t("keysof-none"), text: say.t("keysof-none-text"), action: make };
    let top = Top { heading, subtitle: say.t("keysof-subtitle"), tabs: Some(tabs(ctx, "/app/users/keys")), ..Top::default() };
    html(&KeysPage { page, top, keys: rows, empty })
}

fn groups(say: Words, ctx: &Ctx, reader: &Reader, roles: &[Role]) -> Vec<Group> {
    let mut owners = vec![Choosable::new("", say.t("keysof-mine"), "")];
    let may_give = |role: &&Role| role.permissions.iter().all(|right| ctx.can(right));
    owners.extend(roles.iter().filter(may_give).map(|role| Choosable::new(role.id.to_string(), say.one("keysof-of-role", "role", &role.name), "")));
    let stores = reader.stores.iter().map(|store| Choosable::new(store.id.to_string(), store.name.clone(), ""));
    let mut groups = vec![Group::of(
        None,
        vec![
            Input::text("name", say.t("keysof-name"), "").hint(say.t("keysof-name-hint")),
            Input::select("role", say.t("keysof-owner"), owners).hint(say.t("keysof-owner-hint")),
            Input::new(Kind::Day, "expires_at", say.t("keysof-ends"), "").hint(say.t("keysof-ends-hint")).optional(),
        ],
    )];
    groups.push(Group::of(None, vec![Input::many("stores", say.t("people-stores"), stores.collect()).hint(say.t("keysof-stores-hint"))]));
    let mut first = true;
    for area in AREAS {
        let rights = area.rights.iter().filter(|(right, _)| ctx.can(*right)).map(|(right, key)| Choosable::new(right.as_str(), say.t(key), ""));
        let input = Input::many("scopes", say.t(area.key), rights.collect());
        if !input.options.is_empty() {
            let title = first.then(|| say.t("keysof-rights"));
            let text = first.then(|| say.t("keysof-rights-hint"));
            groups.push(Group { title, text, inputs: vec![input] });
            first = false;
        }
    }
    groups
}

fn load(tx: &mut Tx, ctx: &Ctx) -> Result<(Reader, Vec<Role>), Error> {
    Ok((Reader::load(tx, ctx)?, if ctx.can(Permission::UserRead) { roles::list(tx, ctx)? } else { Vec::new() }))
}

async fn show_form(edge: &Edge, info: &Info, uri: &Uri, refused: Option<(Problem, Typed)>) -> Outcome<Response> {
    let (reader, roles) = edge.read(load).await?;
    let ctx = &edge.ctx;
    let say = Words { locale: ctx.locale };
    let mut groups = groups(say, ctx, &reader, &roles);
    let notice = refused.as_ref().and_then(|(problem, typed)| refuse(say, problem, typed, &mut groups)).and_then(bad);
    let heading = say.t("keysof-new");
    let page = frame(&reader, ctx, info, Here { heading: &heading, section: "shell-nav-people", back: Some("/app/users/keys"), uri, toast: None });
    let top = Top { heading, subtitle: say.t("keysof-new-text"), notice, ..Top::default() };
    let status = refused.as_ref().map_or(StatusCode::OK, |(problem, _)| problem.status());
    with_status(&KeyFormPage { page, top, groups }, status)
}

/// `GET /app/users/keys/new`
async fn show_new(edge: Edge, info: Info, uri: Uri) -> Outcome<Response> {
    show_form(&edge, &info, &uri, None).await
}

/// `POST /app/users/keys`
async fn create(edge: Edge, info: Info, uri: Uri, Form(typed): Form<Typed>) -> Outcome<Response> {
    let form = typed.clone();
    let made = edge.write(move |tx, ctx| {
        let scopes: Vec<Permission> = form.all("scopes").filter_map(|word| word.parse().ok()).collect();
        let stores: Vec<StoreId> = form.all("stores").filter_map(|id| id.parse().ok()).collect();
        let reader = Reader::load(tx, ctx)?;
        let expires_at: Option<Time> = match form.filled("expires_at") {
            None => None,
            // To the end of the day where the first store is.
            Some(text) => {
                let day = Day::parse(&text).ok_or_else(|| Error::field("expires_at", "format").with("expected", "2027-01-31"))?;
                let zone = reader.stores.first().map_or(jiff::tz::TimeZone::UTC, |store| store.zone.clone());
                Some(day.plus(1).start_in(&zone))
            }
        };
        let new = NewApiKey {
            name: form.get("name").to_owned(),
            role: form.read::<RoleId>("role"),
            scopes: Some(scopes).filter(|scopes| !scopes.is_empty()),
            stores: Some(stores).filter(|stores| !stores.is_empty()),
            expires_at,
        };
        Ok((keys::create(tx, ctx, &new)?, reader))
    });
    let (made, reader) = match made.await {
        Ok(made) => made,
        Err(error @ (Error::Invalid(_) | Error::Conflict { .. })) => return show_form(&edge, &info, &uri, Some((error.into(), typed))).await,
        Err(error) => return Err(error.into()),
    };
    let ctx = &edge.ctx;
    let say = Words { locale: ctx.locale };
    let heading = say.one("keysof-made-title", "name", &made.key.name);
    let here = Here { heading: &heading, section: "shell-nav-people", back: Some("/app/users/keys"), uri: &uri, toast: None };
    let page = frame(&reader, ctx, &info, here);
    let secret = made.text.reveal().to_owned();
    let example = format!("curl -H 'Authorization: Bearer {secret}' {}/api/v1/orders", edge.base.public_url());
    let mut response = html(&KeyMadePage { page, top: Top { heading, ..Top::default() }, secret, example })?;
    // It is shown this once: no copy of the page may stay.
    response.headers_mut().insert(header::CACHE_CONTROL, axum::http::HeaderValue::from_static("no-store"));
    Ok(response)
}

/// `POST /app/users/api-keys/{id}/revoke`
async fn revoke(Path(id): Path<ApiKeyId>, edge: Edge) -> Outcome<Response> {
    edge.write(move |tx, ctx| keys::revoke(tx, ctx, id)).await?;
    Ok(see("/app/users/keys?done=ended"))
}
