//! Kept views of the list: made, changed, shared, kept at hand, taken away and brought back.

use axum::http::{HeaderMap, Method, Uri};
use axum::response::Response;
use base::{Ctx, Edge};
use db::Tx;
use kernel::{Error, Permission, RoleId, Version, ViewId};
use orders::views::{self, Audience, NewView, View, ViewChange, ViewList};
use serde_json::{Map, Value, json};

use super::columns::Look;
use super::listing::{home, open_view, roles};
use super::query::{ListQuery, Open};
use super::sheet;
use super::view::{ViewForm, ViewLine, ViewsSheet};
use crate::error::{Outcome, Problem};
use crate::extract::{Form, Info, Path};
use crate::lists;
use crate::pages::context::{Reader, own_path, see};
use crate::pages::typed::{Again, Typed};
use crate::pages::view::Choosable;
use crate::router::{Access, Route};
use crate::words::Words;

/// Where the view that was taken away last stands among somebody's preferences, to be brought back.
const REMOVED: &str = "list.orders.removed";
/// What the form of a view is called.
const FORM: &str = "view";

pub(super) fn routes() -> Vec<Route> {
    let needs = Access::Needs(Permission::OrderRead);
    vec![
        Route::page(Method::GET, "/app/orders/views", needs, "page_views", show),
        Route::page(Method::POST, "/app/orders/views", needs, "page_keep_view", create),
        Route::page(Method::GET, "/app/orders/views/new", needs, "page_new_view", show_new),
        Route::page(Method::POST, "/app/orders/views/restore", needs, "page_restore_view", restore),
        Route::page(Method::GET, "/app/orders/views/{id}", needs, "page_view", show_one),
        Route::page(Method::POST, "/app/orders/views/{id}", needs, "page_change_view", change),
        Route::page(Method::POST, "/app/orders/views/{id}/update", needs, "page_update_view", update),
        Route::page(Method::POST, "/app/orders/views/{id}/pin", needs, "page_pin_view", pin),
        Route::page(Method::POST, "/app/orders/views/{id}/remove", needs, "page_remove_view", remove),
    ]
}

fn say_of(edge: &Edge) -> Words {
    Words { locale: edge.ctx.locale }
}

/// `GET /app/orders/views?…`: every view that the reader sees.
async fn show(edge: Edge, info: Info, uri: Uri, headers: HeaderMap) -> Outcome<Response> {
    let query = ListQuery::read(uri.query().unwrap_or_default());
    let csrf = info.csrf_token();
    let say = say_of(&edge);
    let (reader, body) = edge
        .read(move |tx, ctx| {
            let reader = Reader::load(tx, ctx)?;
            let roles = roles(tx, ctx)?;
            let back = query.url();
            let lines = views::list(tx, ctx, ViewList::Orders)?.into_iter().map(|view| line(ctx, say, &roles, view));
            let lines: Vec<ViewLine> = lines.collect();
            Ok((reader, ViewsSheet { say, csrf: csrf.clone(), back, new_href: query.beside("views/new"), lines }))
        })
        .await?;
    sheet::answer(&headers, &edge, &info, &reader, say.t("orders-views"), &body)
}

fn line(ctx: &Ctx, say: Words, roles: &[(RoleId, String)], view: View) -> ViewLine {
    let role = |id: RoleId| roles.iter().find(|(role, _)| *role == id).map(|(_, name)| name.clone()).unwrap_or_default();
    let audience = match (view.view.audience, view.view.role) {
        (Audience::Private, _) => say.t("orders-view-private"),
        (Audience::Everybody, _) => say.t("orders-view-everybody"),
        (Audience::Role, id) => say.one("orders-view-role", "role", id.map(role).unwrap_or_default()),
    };
    let defaults: Vec<String> = view.default_of.iter().map(|id| role(*id)).collect();
    ViewLine {
        href: ListQuery::tab_url(Open::Saved(view.id)),
        id: view.id.to_string(),
        name: view.view.name,
        audience,
        default_of: (!defaults.is_empty()).then(|| say.one("orders-view-default-of", "roles", say.list(&defaults))),
        is_pinned: view.pin.is_some(),
        may_edit: view.may_edit && (view.view.audience == Audience::Private || ctx.can(Permission::ViewShare)),
    }
}

/// What the form of a view shows.
fn form(tx: &mut Tx, ctx: &Ctx, csrf: String, action: String, query: String, view: Option<&View>, again: &Again) -> Result<ViewForm, Error> {
    let say = Words { locale: ctx.locale };
    let shares = ctx.can(Permission::ViewShare);
    let audience = match view.map(|view| (view.view.audience, view.view.role)) {
        None | Some((Audience::Private, _)) => "private".to_owned(),
        Some((Audience::Everybody, _)) => "everybody".to_owned(),
        Some((Audience::Role, role)) => role.map(|role| role.to_string()).unwrap_or_default(),
    };
    let chosen = again.or(FORM, "audience", &audience).to_owned();
    let mut audiences = vec![Choosable::new("private", say.t("orders-view-private"), &chosen)];
    let roles = if shares { roles(tx, ctx)? } else { Vec::new() };
    if shares {
        audiences.push(Choosable::new("everybody", say.t("orders-view-everybody"), &chosen));
        let of_role = |(id, name): &(RoleId, String)| Choosable::new(id.to_string(), say.one("orders-view-role", "role", name), &chosen);
        audiences.extend(roles.iter().map(of_role));
    }
    let defaults = roles.iter().map(|(id, name)| Choosable {
        value: id.to_string(),
        label: name.clone(),
        is_chosen: view.is_some_and(|view| view.default_of.contains(id)),
    });
    Ok(ViewForm {
        say,
        csrf,
        action,
        query,
        version: view.map(|view| view.version),
        name: again.or(FORM, "name", view.map_or("", |view| view.view.name.as_str())).to_owned(),
        name_error: again.wrong(FORM, "name").map(str::to_owned),
        problem: again.rest.clone(),
        audiences,
        defaults: defaults.collect(),
        is_pinned: view.is_none_or(|view| view.pin.is_some()),
    })
}

/// `GET /app/orders/views/new?…`: the list as it stands, to be kept under a name.
async fn show_new(edge: Edge, info: Info, uri: Uri, headers: HeaderMap) -> Outcome<Response> {
    let raw = uri.query().unwrap_or_default().to_owned();
    shown(&edge, &info, &headers, None, raw, Again::default(), None).await
}

/// `GET /app/orders/views/{id}`
async fn show_one(Path(id): Path<ViewId>, edge: Edge, info: Info, uri: Uri, headers: HeaderMap) -> Outcome<Response> {
    let raw = uri.query().unwrap_or_default().to_owned();
    shown(&edge, &info, &headers, Some(id), raw, Again::default(), None).await
}

async fn shown(
    edge: &Edge,
    info: &Info,
    headers: &HeaderMap,
    id: Option<ViewId>,
    raw: String,
    again: Again,
    problem: Option<Problem>,
) -> Outcome<Response> {
    let csrf = info.csrf_token();
    let say = say_of(edge);
    let (reader, body) = edge
        .read(move |tx, ctx| {
            let reader = Reader::load(tx, ctx)?;
            let view = id.map(|id| views::find(tx, ctx, id)).transpose()?;
            let action = id.map_or_else(|| "/app/orders/views".to_owned(), |id| format!("/app/orders/views/{id}"));
            let body = form(tx, ctx, csrf.clone(), action, raw.clone(), view.as_ref(), &again)?;
            Ok((reader, body))
        })
        .await?;
    let title = say.t(if id.is_some() { "orders-view-change" } else { "orders-view-save" });
    let status = problem.map_or(axum::http::StatusCode::OK, |problem| problem.status());
    sheet::with_status(headers, edge, info, &reader, title, &body, status)
}

/// Who sees it, as its form says: `private`, `everybody` or a role.
fn audience_of(typed: &Typed) -> (Audience, Option<RoleId>) {
    match typed.get("audience") {
        "everybody" => (Audience::Everybody, None),
        word => word.parse().map_or((Audience::Private, None), |role| (Audience::Role, Some(role))),
    }
}

fn defaults_of(typed: &Typed) -> Vec<RoleId> {
    typed.all("default_of").filter_map(|id| id.parse().ok()).collect()
}

/// What a view keeps of the list that an address shows.
fn kept(tx: &mut Tx, ctx: &Ctx, raw: &str) -> Result<(Map<String, Value>, String, Look), Error> {
    let reader = Reader::load(tx, ctx)?;
    let home = home(&reader.stores);
    let (query, saved) = open_view(tx, ctx, ListQuery::read(raw), &home)?;
    let look = Look::of(&reader, query.view, saved.as_ref());
    let filter = query.api(&home, ctx.now, false);
    lists::read_orders(&filter)?;
    Ok((filter, query.sort().to_string(), look))
}

/// `POST /app/orders/views`
async fn create(edge: Edge, info: Info, headers: HeaderMap, Form(typed): Form<Typed>) -> Outcome<Response> {
    let (audience, role) = audience_of(&typed);
    let raw = typed.get("query").to_owned();
    let (name, is_pinned, roles) = (typed.get("name").to_owned(), typed.has("pin"), defaults_of(&typed));
    let asked = raw.clone();
    let made = edge.write(move |tx, ctx| {
        let (query, sort, look) = kept(tx, ctx, &asked)?;
        let new = NewView {
            list: ViewList::Orders,
            name: name.clone(),
            audience,
            role,
            query,
            columns: look.names(),
            sort: Some(sort),
            density: Some(look.density()),
            page_size: Some(i64::from(look.limit)),
            position: 0,
        };
        let view = views::create(tx, ctx, &new)?;
        if is_pinned {
            views::pin(tx, ctx, view.id, 0)?;
        }
        if !roles.is_empty() {
            views::set_default(tx, ctx, view.id, &roles)?;
        }
        Ok(view.id)
    });
    match made.await {
        Ok(id) => Ok(see(&format!("{}&done=view-kept", ListQuery::tab_url(Open::Saved(id))))),
        Err(error) => refused(&edge, &info, &headers, None, raw, typed, error).await,
    }
}

/// `POST /app/orders/views/{id}`: another name or audience, at hand or not, the roles that begin with it.
async fn change(Path(id): Path<ViewId>, edge: Edge, info: Info, headers: HeaderMap, Form(typed): Form<Typed>) -> Outcome<Response> {
    let raw = typed.get("query").to_owned();
    let change = ViewChange { name: Some(typed.get("name").to_owned()), audience: Some(audience_of(&typed)), ..ViewChange::default() };
    let version: Version = typed.read("version").unwrap_or(0);
    let (is_pinned, roles) = (typed.has("pin"), defaults_of(&typed));
    let changed = edge.write(move |tx, ctx| {
        let view = views::change(tx, ctx, id, &change, version)?;
        if ctx.can(Permission::ViewShare) && view.default_of != roles {
            views::set_default(tx, ctx, id, &roles)?;
        }
        match (view.pin.is_some(), is_pinned) {
            (false, true) => views::pin(tx, ctx, id, 0).map(drop),
            (true, false) => views::unpin(tx, ctx, id).map(drop),
            _ => Ok(()),
        }
    });
    match changed.await {
        Ok(()) => Ok(see(&format!("{}&done=view-kept", ListQuery::tab_url(Open::Saved(id))))),
        Err(error) => refused(&edge, &info, &headers, Some(id), raw, typed, error).await,
    }
}

/// `POST /app/orders/views/{id}/update`: the view shows from now on what the list shows.
async fn update(Path(id): Path<ViewId>, edge: Edge, info: Info, headers: HeaderMap, Form(typed): Form<Typed>) -> Outcome<Response> {
    let raw = typed.get("query").to_owned();
    let version: Version = typed.read("version").unwrap_or(0);
    let asked = raw.clone();
    let changed = edge.write(move |tx, ctx| {
        let (query, sort, _) = kept(tx, ctx, &asked)?;
        views::change(tx, ctx, id, &ViewChange { query: Some(query), sort: Some(Some(sort)), ..ViewChange::default() }, version)
    });
    match changed.await {
        Ok(_) => Ok(see(&format!("{}&done=view-kept", ListQuery::tab_url(Open::Saved(id))))),
        Err(error) => refused(&edge, &info, &headers, Some(id), raw, Typed::default(), error).await,
    }
}

/// The form again with what is wrong; what nobody can put right is a page of its own.
async fn refused(edge: &Edge, info: &Info, headers: &HeaderMap, id: Option<ViewId>, raw: String, typed: Typed, error: Error) -> Outcome<Response> {
    let problem = match error {
        Error::Invalid(_) | Error::Conflict { .. } | Error::Stale { .. } => Problem::from(error),
        other => return Err(other.into()),
    };
    let again = Again::new(say_of(edge), FORM, typed, &["name"], &problem);
    shown(edge, info, headers, id, raw, again, Some(problem)).await
}

/// `POST /app/orders/views/{id}/pin`: at hand, or no more.
async fn pin(Path(id): Path<ViewId>, edge: Edge, Form(typed): Form<Typed>) -> Outcome<Response> {
    let is_off = typed.has("off");
    edge.write(move |tx, ctx| if is_off { views::unpin(tx, ctx, id) } else { views::pin(tx, ctx, id, 0) }).await?;
    Ok(see(own_path(typed.get("back")).unwrap_or("/app/orders")))
}

/// `POST /app/orders/views/{id}/remove`
async fn remove(Path(id): Path<ViewId>, edge: Edge, Form(_): Form<Typed>) -> Outcome<Response> {
    edge.write(move |tx, ctx| {
        let view = views::find(tx, ctx, id)?;
        let is_pinned = view.pin.is_some();
        let NewView { name, audience, role, query, columns, sort, density, page_size, position, .. } = view.view;
        let removed = json!({
            "name": name, "audience": audience.as_str(), "role": role.map(|role| role.to_string()), "query": query, "columns": columns, "sort": sort,
            "density": density.map(|density| density.as_str()), "page_size": page_size, "position": position, "pin": is_pinned,
            "default_of": view.default_of.iter().map(|role| role.to_string()).collect::<Vec<_>>(),
        });
        views::remove(tx, ctx, id)?;
        access::preferences::set(tx, ctx, &Map::from_iter([(REMOVED.to_owned(), removed)]))
    })
    .await?;
    Ok(see("/app/orders?view=all&done=view-removed"))
}

/// `POST /app/orders/views/restore`: the view that was taken away last.
async fn restore(edge: Edge, Form(_): Form<Typed>) -> Outcome<Response> {
    let id = edge
        .write(|tx, ctx| {
            let kept = access::preferences::get(tx, ctx)?.get(REMOVED).cloned().ok_or(Error::not_found("view"))?;
            let text = |name: &str| kept.get(name).and_then(Value::as_str);
            let words = |name: &str| {
                kept.get(name).and_then(Value::as_array).map(|all| all.iter().filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>())
            };
            let new = NewView {
                list: ViewList::Orders,
                name: text("name").unwrap_or_default().to_owned(),
                audience: text("audience").and_then(|word| word.parse().ok()).unwrap_or(Audience::Private),
                role: text("role").and_then(|id| id.parse().ok()),
                query: kept.get("query").and_then(Value::as_object).cloned().unwrap_or_default(),
                columns: words("columns"),
                sort: text("sort").map(str::to_owned),
                density: text("density").and_then(|word| word.parse().ok()),
                page_size: kept.get("page_size").and_then(Value::as_i64),
                position: kept.get("position").and_then(Value::as_i64).unwrap_or(0),
            };
            let view = views::create(tx, ctx, &new)?;
            if kept.get("pin").and_then(Value::as_bool) == Some(true) {
                views::pin(tx, ctx, view.id, 0)?;
            }
            let roles: Vec<RoleId> = words("default_of").unwrap_or_default().iter().filter_map(|id| id.parse().ok()).collect();
            if !roles.is_empty() && ctx.can(Permission::ViewShare) {
                views::set_default(tx, ctx, view.id, &roles)?;
            }
            access::preferences::set(tx, ctx, &Map::from_iter([(REMOVED.to_owned(), Value::Null)]))?;
            Ok(view.id)
        })
        .await?;
    Ok(see(&format!("{}&done=view-restored", ListQuery::tab_url(Open::Saved(id)))))
}
