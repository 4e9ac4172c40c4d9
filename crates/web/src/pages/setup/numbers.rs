//! How the numbers of invoices and credit notes look, store by store.

use askama::Template;
use axum::http::{Method, StatusCode, Uri};
use axum::response::Response;
use base::{Ctx, Edge};
use kernel::{Error, FieldError, Permission, StoreId};
use orders::series::{self, NewSeries, NumberKind, Series};

use super::form::{Group, Input, Kind, Typed, refuse};
use super::side::side;
use super::{Here, Top, bad, frame, toast, with_status};
use crate::error::{Outcome, Problem};
use crate::extract::{Form, Info, Path, Two};
use crate::pages::context::{Reader, see};
use crate::pages::view::Shell;
use crate::router::{Access, Route};
use crate::words::Words;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::page(Method::GET, "/app/settings/numbers", Access::Needs(Permission::NumberRead), "page_series", list),
        Route::page(Method::POST, "/app/settings/stores/{id}/series/{kind}", Access::Needs(Permission::SettingsEdit), "page_set_series", set),
    ]
}

/// The form of one kind in one store.
#[derive(Clone, Debug)]
struct SeriesForm {
    store: StoreId,
    kind: NumberKind,
    title: &'static str,
    next: String,
    action: String,
    version: i64,
    groups: Vec<Group>,
}

#[derive(Clone, Debug)]
struct StoreSeries {
    name: String,
    code: String,
    forms: Vec<SeriesForm>,
}

#[derive(Template)]
#[template(path = "setup/numbers.html")]
struct NumbersPage {
    page: Shell,
    top: Top,
    stores: Vec<StoreSeries>,
    may_edit: bool,
}

fn kind_key(kind: NumberKind) -> &'static str {
    match kind {
        NumberKind::Invoice => "numbers-invoice",
        NumberKind::CreditNote => "numbers-credit-note",
    }
}

fn form(say: Words, series: &Series) -> SeriesForm {
    let usual = say.one("set-usual", "value", series.kind.usual());
    // Two forms of a page must not name their fields alike.
    let own = |field: &str| format!("{field}-{}-{}", series.store_id, series.kind);
    let mut inputs = vec![Input {
        usual: Some(usual),
        ..Input::text(own("pattern"), say.t("numbers-pattern"), series.pattern.clone()).hint(say.t("numbers-pattern-hint")).ltr()
    }];
    inputs
        .push(Input::new(Kind::Number, own("first"), say.t("numbers-first"), series.first.to_string()).hint(say.t("numbers-first-hint")).optional());
    SeriesForm {
        store: series.store_id,
        kind: series.kind,
        title: kind_key(series.kind),
        next: series.next.clone(),
        action: format!("/app/settings/stores/{}/series/{}", series.store_id, series.kind),
        version: series.version,
        groups: vec![Group::of(None, inputs)],
    }
}

fn page(ctx: &Ctx, info: &Info, uri: &Uri, reader: &Reader, all: &[Series]) -> NumbersPage {
    let say = Words { locale: ctx.locale };
    let stores = reader.stores.iter().map(|store| StoreSeries {
        name: store.name.clone(),
        code: store.code.clone(),
        forms: all.iter().filter(|series| series.store_id == store.id).map(|series| form(say, series)).collect(),
    });
    let heading = say.t("set-numbers");
    let here = Here { heading: &heading, section: "shell-nav-settings", back: Some("/app/settings"), uri, toast: toast(say, uri) };
    let shell = frame(reader, ctx, info, here);
    let top = Top { heading, subtitle: say.t("set-numbers-about"), side: side(ctx, "/app/settings/numbers"), ..Top::default() };
    NumbersPage { page: shell, top, stores: stores.filter(|store| !store.forms.is_empty()).collect(), may_edit: ctx.can(Permission::SettingsEdit) }
}

/// `GET /app/settings/numbers`
async fn list(edge: Edge, info: Info, uri: Uri) -> Outcome<Response> {
    let (reader, all) = edge.read(|tx, ctx| Ok((Reader::load(tx, ctx)?, series::list_series(tx, ctx)?))).await?;
    with_status(&page(&edge.ctx, &info, &uri, &reader, &all), StatusCode::OK)
}

/// `POST /app/settings/stores/{id}/series/{kind}`
async fn set(
    Path(Two(store, kind)): Path<Two<StoreId, NumberKind>>,
    edge: Edge,
    info: Info,
    uri: Uri,
    Form(typed): Form<Typed>,
) -> Outcome<Response> {
    let own = |field: &str| format!("{field}-{store}-{kind}");
    let new = NewSeries { pattern: typed.get(&own("pattern")).to_owned(), first: None, version: Some(typed.version()) };
    // The action calls its fields by names of its own.
    let first = typed.whole(&own("first")).map_err(|_| FieldError::new("first", "format").with("expected", "100"));
    let error = match edge
        .write(move |tx, ctx| {
            access::stores::find(tx, ctx, store)?;
            let first = first.clone().map_err(|wrong| Error::Invalid(vec![wrong]))?;
            series::set(tx, ctx, kind, store, &NewSeries { first, ..new.clone() })
        })
        .await
    {
        Ok(_) => return Ok(see("/app/settings/numbers?done=saved")),
        Err(error @ (Error::Conflict { .. } | Error::Stale { .. })) => error,
        Err(Error::Invalid(fields)) => Error::Invalid(fields.into_iter().map(|field| FieldError { field: own(&field.field), ..field }).collect()),
        Err(error) => return Err(error.into()),
    };
    let problem = Problem::from(error);
    let (reader, all) = edge.read(|tx, ctx| Ok((Reader::load(tx, ctx)?, series::list_series(tx, ctx)?))).await?;
    let mut page = page(&edge.ctx, &info, &uri, &reader, &all);
    let say = Words { locale: edge.ctx.locale };
    let forms = page.stores.iter_mut().flat_map(|store| store.forms.iter_mut());
    let mut rest = None;
    for form in forms.filter(|form| form.store == store && form.kind == kind) {
        rest = refuse(say, &problem, &typed, &mut form.groups);
    }
    page.top.notice = rest.and_then(bad);
    with_status(&page, problem.status())
}
