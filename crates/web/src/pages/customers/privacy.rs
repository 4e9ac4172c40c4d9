//! What the law asks for: everything about a person written down for them, and a person forgotten.

use axum::http::Method;
use axum::response::Response;
use base::{Ctx, Edge};
use customers::erase;
use db::Tx;
use kernel::{CustomerId, Error, Permission};

use super::detail::act;
use super::forms::{Target, back_to, save, show};
use super::query::HOME;
use super::sheet::Sheet;
use crate::api::care::export_file;
use crate::error::Outcome;
use crate::extract::{Form, Info, Path};
use crate::pages::context::Reader;
use crate::pages::input::Input;
use crate::pages::typed::Typed;
use crate::router::{Access, Route};
use crate::words::Words;

pub(super) fn routes() -> Vec<Route> {
    let (export, erase) = (Access::Needs(Permission::CustomerExport), Access::Needs(Permission::CustomerErase));
    vec![
        Route::page(Method::POST, "/app/customers/{id}/export", export, "page_export_person", begin_export),
        Route::page(Method::GET, "/app/customers/{id}/exports/{task_id}", export, "page_person_file", export_file).slow(),
        Route::page(Method::GET, "/app/customers/{id}/erase", erase, "page_erase", ask),
        Route::page(Method::POST, "/app/customers/{id}/erase", erase, "page_erase_customer", begin_erase),
        Route::page(Method::POST, "/app/customers/{id}/erase/cancel", erase, "page_cancel_erase", cancel),
    ]
}

/// `POST /app/customers/{id}/export`
async fn begin_export(Path(id): Path<CustomerId>, edge: Edge, info: Info) -> Outcome<Response> {
    act(&edge, &info, id, "export#data", move |tx, ctx| care::begin_export(tx, ctx, id).map(drop)).await
}

fn sheet(tx: &mut Tx, ctx: &Ctx, _: &Reader, target: &Target) -> Result<Sheet, Error> {
    let say = Words { locale: ctx.locale };
    let customer = customers::find(tx, ctx, target.id)?;
    if customer.erased_at.is_some() {
        return Err(Error::conflict("customer.erased"));
    }
    // Without a name there is nothing to type but the id.
    let asked = if customer.name.is_empty() { customer.id.to_string() } else { customer.name.clone() };
    let hours = i64::from(ctx.settings.privacy.erase_wait_hours);
    let inputs = vec![Input::text("confirm", say.one("customers-erase-confirm", "name", asked), "")];
    let action = format!("{HOME}/{}/erase", customer.id);
    let sheet = Sheet::new(
        say.one("customers-erase-title", "name", back_to(say, &customer).1),
        action,
        back_to(say, &customer),
        say.t("customers-erase"),
        inputs,
    );
    let wait = if hours == 0 { say.t("customers-erase-at-once") } else { say.count("customers-erase-wait", hours, &hours.to_string()) };
    Ok(Sheet {
        consequences: vec![say.t("customers-erase-gone"), say.t("customers-erase-stays"), wait, say.t("customers-erase-final")],
        is_danger: true,
        ..sheet
    })
}

/// `GET /app/customers/{id}/erase`
async fn ask(Path(id): Path<CustomerId>, edge: Edge, info: Info) -> Outcome<Response> {
    show(&edge, &info, Target { id, part: String::new() }, sheet).await
}

/// `POST /app/customers/{id}/erase`
async fn begin_erase(Path(id): Path<CustomerId>, edge: Edge, info: Info, Form(typed): Form<Typed>) -> Outcome<Response> {
    let action = move |tx: &mut Tx, ctx: &Ctx, typed: &Typed| erase::ask(tx, ctx, id, typed.get("confirm"));
    let target = Target { id, part: String::new() };
    save(&edge, &info, target, typed, sheet, action, move |_| format!("{HOME}/{id}?done=erasing#data")).await
}

/// `POST /app/customers/{id}/erase/cancel`
async fn cancel(Path(id): Path<CustomerId>, edge: Edge, info: Info) -> Outcome<Response> {
    act(&edge, &info, id, "kept#data", move |tx, ctx| erase::cancel(tx, ctx, id).map(drop)).await
}
