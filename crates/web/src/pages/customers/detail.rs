//! One customer over HTTP: the page, the part that shows work going on, and what is done with one click.

use axum::http::{HeaderMap, Method, Uri};
use axum::response::Response;
use base::{Ctx, Edge};
use care::EntryKind;
use customers::PhoneChange;
use db::Tx;
use kernel::{AddressId, CustomerId, Error, MergeId, NoteId, Permission, Phone, PhoneId, Time};

use super::detail_view::Detail;
use super::query::HOME;
use crate::api::care::read_cursor;
use crate::error::{Outcome, Problem};
use crate::extract::{Form, Info, Path, Two};
use crate::pages::context::{Place, Reader, html, see};
use crate::pages::typed::Typed;
use crate::pages::view::{Notice, Toast};
use crate::router::{Access, Route};
use crate::words::Words;

pub(super) fn routes() -> Vec<Route> {
    let read = Access::Needs(Permission::CustomerRead);
    let edit = Access::Needs(Permission::CustomerEdit);
    vec![
        Route::page(Method::GET, "/app/customers/{id}", read, "page_customer", show),
        Route::page(Method::GET, "/app/customers/{id}/work", read, "page_customer_work", show_work),
        Route::page(Method::POST, "/app/customers/{id}/phones/{number}/reveal", read, "page_reveal_phone", reveal),
        Route::page(Method::POST, "/app/customers/{id}/phones/{number}/main", edit, "page_main_phone", main_phone),
        Route::page(Method::POST, "/app/customers/{id}/phones/{number}/remove", edit, "page_remove_phone", remove_phone),
        Route::page(Method::POST, "/app/customers/{id}/addresses/{address_id}/main", edit, "page_main_address", main_address),
        Route::page(Method::POST, "/app/customers/{id}/addresses/{address_id}/remove", edit, "page_remove_address", remove_address),
        Route::page(Method::POST, "/app/customers/{id}/notes", edit, "page_add_customer_note", add_note),
        Route::page(Method::POST, "/app/customers/{id}/notes/{note_id}/erase", edit, "page_erase_customer_note", erase_note),
        Route::page(Method::POST, "/app/customers/{id}/archive", edit, "page_archive_customer", archive),
        Route::page(Method::POST, "/app/customers/{id}/unarchive", edit, "page_unarchive_customer", unarchive),
    ]
}

/// What the address says besides the customer.
#[derive(Clone, Debug, Default)]
pub(super) struct Asked {
    /// The kind of entries that the history is narrowed to.
    pub(super) kind: Option<EntryKind>,
    /// Where the part of the history before ended.
    pub(super) before: Option<(Time, i64)>,
    /// What has just been done.
    done: String,
    /// The merge that has just been made.
    merge: Option<MergeId>,
}

impl Asked {
    fn read(uri: &Uri) -> Asked {
        let mut asked = Asked::default();
        for (name, value) in form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()) {
            match &*name {
                "show" => asked.kind = value.parse().ok(),
                "before" => asked.before = read_cursor(Some(&value)).ok().flatten(),
                "done" => asked.done = value.into_owned(),
                "event" => asked.merge = value.parse().ok(),
                _ => {}
            }
        }
        asked
    }
}

/// `GET /app/customers/{id}`
async fn show(Path(id): Path<CustomerId>, edge: Edge, info: Info, uri: Uri) -> Outcome<Response> {
    let asked = Asked::read(&uri);
    let say = Words { locale: edge.ctx.locale };
    let toast = match asked.done.as_str() {
        "saved" => Some(Toast::done(say.t("customers-done-saved"))),
        "made" => Some(Toast::done(say.t("customers-done-made"))),
        "note" => Some(Toast::done(say.t("customers-done-note"))),
        "note-erased" => Some(Toast::done(say.t("customers-done-note-erased"))),
        "flag" => Some(Toast::done(say.t("customers-done-flag"))),
        "lifted" => Some(Toast::done(say.t("customers-done-lifted"))),
        "consent" => Some(Toast::done(say.t("customers-done-consent"))),
        "archived" => Some(Toast::with_undo(say.t("customers-done-archived"), format!("{HOME}/{id}/unarchive"))),
        "unarchived" => Some(Toast::done(say.t("customers-done-unarchived"))),
        "merged" => Some(match asked.merge {
            Some(merge) => Toast::with_undo(say.t("customers-done-merged"), format!("{HOME}/{id}/unmerge?merge={merge}")),
            None => Toast::done(say.t("customers-done-merged")),
        }),
        "unmerged" => Some(Toast::done(say.t("customers-done-unmerged"))),
        "export" => Some(Toast::done(say.t("customers-done-export"))),
        "erasing" => Some(Toast::done(say.t("customers-done-erasing"))),
        "kept" => Some(Toast::done(say.t("customers-done-kept"))),
        _ => None,
    };
    page(&edge, &info, id, &asked, Extra { toast, ..Extra::default() }).await
}

/// What a page shows besides the customer as it stands.
#[derive(Default)]
pub(super) struct Extra {
    toast: Option<Toast>,
    notice: Option<Notice>,
    /// A number that was asked for, whole.
    revealed: Option<(PhoneId, Phone)>,
    /// A note that did not go through.
    note: String,
}

async fn page(edge: &Edge, info: &Info, id: CustomerId, asked: &Asked, extra: Extra) -> Outcome<Response> {
    let wanted = asked.clone();
    let (reader, detail) = edge
        .read(move |tx, ctx| {
            let reader = Reader::load(tx, ctx)?;
            let detail = Detail::load(tx, ctx, &reader, id, &wanted)?;
            Ok((reader, detail))
        })
        .await?;
    let ctx = &edge.ctx;
    let say = Words { locale: ctx.locale };
    let name = detail.shown_name();
    // An old id leads to the record that was kept.
    let here = format!("{HOME}/{}", detail.id());
    let place = Place { title: say.one("customers-one-window", "name", &name), back: Some(HOME.to_owned()), crumb: name, here, toast: extra.toast };
    html(&detail.into_page(ctx, reader.shell(ctx, info, place), asked, extra.notice, extra.note, extra.revealed.as_ref()))
}

/// `GET /app/customers/{id}/work`: how far the work about them is.
async fn show_work(Path(id): Path<CustomerId>, edge: Edge, info: Info, headers: HeaderMap) -> Outcome<Response> {
    if !crate::pages::context::is_part(&headers) {
        let id = edge.read(move |tx, ctx| customers::find(tx, ctx, id)).await?.id;
        return Ok(see(&format!("{HOME}/{id}#data")));
    }
    let csrf = info.csrf_token();
    let work = edge
        .read(move |tx, ctx| {
            let reader = Reader::load(tx, ctx)?;
            let detail = Detail::load(tx, ctx, &reader, id, &Asked::default())?;
            Ok(detail.work(ctx, csrf.clone()))
        })
        .await?;
    html(&work)
}

/// `POST /app/customers/{id}/phones/{number}/reveal`: the page with one number whole; the look is written down.
async fn reveal(Path(Two(id, named)): Path<Two<CustomerId, String>>, edge: Edge, info: Info) -> Outcome<Response> {
    let revealed = edge
        .write(move |tx, ctx| {
            let phone = customers::find_phone(tx, ctx, id, &named)?;
            Ok((phone, customers::reveal_phone(tx, ctx, id, phone)?))
        })
        .await?;
    page(&edge, &info, id, &Asked::default(), Extra { revealed: Some(revealed), ..Extra::default() }).await
}

/// Does one thing to a customer and says so on their page; what stands in its way is said there, too.
pub(super) async fn act(
    edge: &Edge,
    info: &Info,
    id: CustomerId,
    done: &str,
    action: impl Fn(&mut Tx, &Ctx) -> Result<(), Error> + Send + 'static,
) -> Outcome<Response> {
    match edge.write(action).await {
        Ok(()) => Ok(see(&format!("{HOME}/{id}?done={done}"))),
        Err(error @ (Error::Invalid(_) | Error::Conflict { .. } | Error::Stale { .. })) => refused(edge, info, id, &Problem::from(error)).await,
        Err(other) => Err(other.into()),
    }
}

/// The page with what stood in the way.
pub(super) async fn refused(edge: &Edge, info: &Info, id: CustomerId, problem: &Problem) -> Outcome<Response> {
    refused_with(edge, info, id, problem, Extra::default()).await
}

async fn refused_with(edge: &Edge, info: &Info, id: CustomerId, problem: &Problem, extra: Extra) -> Outcome<Response> {
    let locale = edge.ctx.locale;
    let text = match problem.errors().first() {
        Some(error) => Problem::field_message(locale, error),
        None => problem.title(locale),
    };
    let notice = Some(Notice { tone: "bad", text });
    let mut response = page(edge, info, id, &Asked::default(), Extra { notice, ..extra }).await?;
    *response.status_mut() = problem.status();
    Ok(response)
}

/// `POST /app/customers/{id}/phones/{number}/main`
async fn main_phone(Path(Two(id, named)): Path<Two<CustomerId, String>>, edge: Edge, info: Info) -> Outcome<Response> {
    act(&edge, &info, id, "saved", move |tx, ctx| {
        let phone = customers::find_phone(tx, ctx, id, &named)?;
        customers::change_phone(tx, ctx, id, phone, &PhoneChange { is_main: true, ..PhoneChange::default() })
    })
    .await
}

/// `POST /app/customers/{id}/phones/{number}/remove`
async fn remove_phone(Path(Two(id, named)): Path<Two<CustomerId, String>>, edge: Edge, info: Info) -> Outcome<Response> {
    act(&edge, &info, id, "saved", move |tx, ctx| {
        let phone = customers::find_phone(tx, ctx, id, &named)?;
        customers::remove_phone(tx, ctx, id, phone)
    })
    .await
}

/// `POST /app/customers/{id}/addresses/{address_id}/main`
async fn main_address(Path(Two(id, address)): Path<Two<CustomerId, AddressId>>, edge: Edge, info: Info) -> Outcome<Response> {
    act(&edge, &info, id, "saved", move |tx, ctx| customers::set_main_address(tx, ctx, id, address)).await
}

/// `POST /app/customers/{id}/addresses/{address_id}/remove`
async fn remove_address(Path(Two(id, address)): Path<Two<CustomerId, AddressId>>, edge: Edge, info: Info) -> Outcome<Response> {
    act(&edge, &info, id, "saved", move |tx, ctx| customers::remove_address(tx, ctx, id, address)).await
}

/// `POST /app/customers/{id}/notes`
async fn add_note(Path(id): Path<CustomerId>, edge: Edge, info: Info, Form(typed): Form<Typed>) -> Outcome<Response> {
    let note = typed.get("content").to_owned();
    let text = note.clone();
    let key = typed.once(&format!("{HOME}/{id}/notes"))?;
    match edge.write_once(key.as_ref(), move |tx, ctx| customers::notes::add(tx, ctx, id, &text).map(drop)).await {
        Ok(_) => Ok(see(&format!("{HOME}/{id}?done=note#history"))),
        Err(error @ (Error::Invalid(_) | Error::Conflict { .. })) => {
            refused_with(&edge, &info, id, &Problem::from(error), Extra { note, ..Extra::default() }).await
        }
        Err(other) => Err(other.into()),
    }
}

/// `POST /app/customers/{id}/notes/{note_id}/erase`
async fn erase_note(Path(Two(id, note)): Path<Two<CustomerId, NoteId>>, edge: Edge, info: Info) -> Outcome<Response> {
    act(&edge, &info, id, "note-erased#history", move |tx, ctx| customers::notes::erase(tx, ctx, id, note)).await
}

/// `POST /app/customers/{id}/archive`
async fn archive(Path(id): Path<CustomerId>, edge: Edge, info: Info) -> Outcome<Response> {
    act(&edge, &info, id, "archived", move |tx, ctx| customers::archive(tx, ctx, id).map(drop)).await
}

/// `POST /app/customers/{id}/unarchive`
async fn unarchive(Path(id): Path<CustomerId>, edge: Edge, info: Info) -> Outcome<Response> {
    act(&edge, &info, id, "unarchived", move |tx, ctx| customers::unarchive(tx, ctx, id).map(drop)).await
}
