//! One draft: the form of a new order with what is in it, and its link, its end, its placing.

use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::Response;
use base::{Ctx, Edge};
use kernel::{DraftId, Error, OrderId, Permission, Version, mask};
use orders::{Draft, DraftChange, NewOrder};

use super::desk::{Frame, Steps, Worked, order_page, work};
use super::sheet::Sheet;
use super::view::{DeskPage, DeskPart, DraftSide, SideBySide};
use crate::error::{Outcome, Problem};
use crate::extract::{Form, Info, Path};
use crate::pages::context::{Place, encoded, html, is_part, see};
use crate::pages::typed::Typed;
use crate::pages::view::Toast;
use crate::router::{Access, Route};
use crate::state::WebState;
use crate::words::Words;

pub(super) fn routes() -> Vec<Route> {
    let needs = Access::Needs(Permission::OrderPlace);
    vec![
        Route::page(Method::GET, "/app/drafts/{id}", needs, "page_draft", show),
        Route::page(Method::POST, "/app/drafts/{id}", needs, "page_change_draft", send),
        Route::page(Method::POST, "/app/drafts/{id}/share", needs, "page_share_draft", share),
        Route::page(Method::POST, "/app/drafts/{id}/unshare", needs, "page_unshare_draft", unshare),
        Route::page(Method::POST, "/app/drafts/{id}/delete", needs, "page_delete_draft", delete),
    ]
}

/// What is said above a form that did not go through.
#[derive(Default)]
struct Said {
    errors: Vec<kernel::FieldError>,
    notice: Option<String>,
    /// What somebody else changed meanwhile.
    sides: Vec<&'static str>,
    toast: Option<Toast>,
    /// A link that was just made.
    link: Option<String>,
    /// How many things are different from the order that it repeats.
    changes: i64,
}

/// `GET /app/drafts/{id}`
async fn show(Path(id): Path<DraftId>, edge: Edge, info: Info, uri: Uri, headers: HeaderMap) -> Outcome<Response> {
    let say = Words { locale: edge.ctx.locale };
    let mut said = Said::default();
    for (name, value) in form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()) {
        match (&*name, &*value) {
            ("done", "saved") => said.toast = Some(Toast::done(say.t("draft-saved"))),
            ("done", "again") => said.toast = Some(Toast::done(say.t("draft-again"))),
            ("done", "unshared") => said.toast = Some(Toast::done(say.t("draft-unshared"))),
            ("changes", count) => said.changes = count.parse().unwrap_or(0),
            _ => {}
        }
    }
    page(&edge, &info, &headers, id, None, said, StatusCode::OK).await
}

/// The page of a draft: with what is in it, or with what was typed.
async fn page(
    edge: &Edge,
    info: &Info,
    headers: &HeaderMap,
    id: DraftId,
    typed: Option<(Sheet, Steps, Option<Version>)>,
    said: Said,
    status: StatusCode,
) -> Outcome<Response> {
    let read = edge.read(move |tx, ctx| {
        let draft = orders::find_draft(tx, ctx, id)?;
        let Some(content) = draft.content.clone() else { return Ok(Err(draft.row.order_id)) };
        let store = access::stores::find(tx, ctx, draft.row.store_id)?;
        let stands = shown(ctx, Sheet::of(&content, store.country, store.currency));
        let (sheet, steps) = match &typed {
            Some((sheet, steps, _)) => (Sheet { store: Some(draft.row.store_id), ..sheet.clone() }, steps.clone()),
            None => (stands.clone(), Steps::default()),
        };
        let worked = work(tx, ctx, sheet, &steps, Some(&content))?;
        Ok(Ok((draft, stands, worked, typed.as_ref().and_then(|(_, _, version)| *version))))
    });
    let (draft, stands, worked, version) = match read.await? {
        Ok(read) => read,
        Err(order) => return Ok(see(&order.map_or_else(|| "/app/drafts".to_owned(), order_page))),
    };
    let ctx = &edge.ctx;
    let say = Words { locale: ctx.locale };
    let href = format!("/app/drafts/{id}");
    let name = if draft.row.contact_name.is_empty() { say.t("draft-nobody") } else { draft.row.contact_name.clone() };
    let place = Place {
        title: say.one("draft-window", "name", &name),
        back: Some("/app/drafts".to_owned()),
        crumb: name,
        here: href.clone(),
        toast: said.toast,
    };
    let page = worked.reader.shell(ctx, info, place);
    let frame = Frame {
        csrf: &page.csrf,
        action: href.clone(),
        key: String::new(),
        version: Some(if said.sides.is_empty() { version.unwrap_or(draft.row.version) } else { draft.row.version }),
        errors: &said.errors,
        notice: said.notice,
        focus: "",
    };
    let mut desk = worked.desk(ctx, frame);
    desk.sides = said.sides.iter().map(|field| side(say, field, &stands, &worked.sheet)).collect();
    let mut response = if is_part(headers) {
        html(&DeskPart { desk })?
    } else {
        let side = draft_side(ctx, &draft, &worked, href, said.link, said.changes);
        html(&DeskPage { desk, page, draft: Some(side) })?
    };
    *response.status_mut() = status;
    Ok(response)
}

/// A draft as this reader may see it: numbers and streets with dots for those who may not see them whole.
fn shown(ctx: &Ctx, sheet: Sheet) -> Sheet {
    let dots = |text: String, right: Permission| if ctx.can(right) || text.is_empty() { text } else { mask::DOTS.to_owned() };
    Sheet {
        phone: dots(sheet.phone, Permission::PhoneSee),
        line1: dots(sheet.line1, Permission::ContactSee),
        line2: dots(sheet.line2, Permission::ContactSee),
        note: customers::shown_words(ctx, &sheet.note),
        ..sheet
    }
}

/// A field as it stands and as it was typed.
fn side(say: Words, field: &str, stands: &Sheet, typed: &Sheet) -> SideBySide {
    let lines =
        |sheet: &Sheet| sheet.lines.iter().map(|line| format!("{} × {} {}", line.quantity, line.title, line.price)).collect::<Vec<_>>().join(", ");
    let joined = |parts: [&String; 4]| parts.into_iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(", ");
    let key = match field {
        "customer" => "order-customer",
        "shipping_address" => "order-address",
        "lines" => "order-items",
        "discount" => "order-discount",
        "shipping_fee" => "order-shipping-fee",
        "cod_fee" => "order-cod-fee",
        "payment_method" => "order-payment-method",
        "priority" => "order-priority",
        "expected_on" => "order-expected",
        "channel" => "draft-source",
        _ => "draft-note",
    };
    let of = |sheet: &Sheet| match field {
        "customer" => [&*sheet.name, &*sheet.phone].join(" "),
        "shipping_address" => joined([&sheet.line1, &sheet.line2, &sheet.city, &sheet.province]),
        "lines" => lines(sheet),
        "discount" => sheet.discount.clone(),
        "shipping_fee" => sheet.shipping_fee.clone(),
        "cod_fee" => sheet.cod_fee.clone(),
        "payment_method" => sheet.payment_method.clone(),
        "priority" => sheet.priority.clone(),
        "expected_on" => sheet.expected_on.clone(),
        "channel" => sheet.channel.clone(),
        _ => sheet.note.clone(),
    };
    SideBySide { label: say.t(key), theirs: of(stands), mine: of(typed) }
}

fn draft_side(ctx: &Ctx, draft: &Draft, worked: &Worked, href: String, link: Option<String>, changes: i64) -> DraftSide {
    let say = Words { locale: ctx.locale };
    let format = worked.reader.format(ctx).of_store(worked.store.number_style, &worked.store.zone);
    let phone = draft.content.as_ref().and_then(|content| content.customer.as_ref()?.phone.clone());
    let digits = phone
        .filter(|_| ctx.can(Permission::PhoneSee))
        .and_then(|phone| kernel::Phone::parse(&phone, worked.store.country).ok())
        .map(|phone| phone.e164().trim_start_matches('+').to_owned())
        .unwrap_or_default();
    let text = link.as_ref().map(|link| say.with("draft-share-text", &[("store", worked.store.name.clone()), ("link", link.clone())]));
    DraftSide {
        expires: say.one("draft-expires", "at", format.date(draft.row.expires_at)),
        link_until: draft.row.link_expires_at.filter(|until| *until > ctx.now).map(|until| say.one("draft-link-until", "at", format.moment(until))),
        whatsapp: text.map(|text| format!("{digits}?text={}", encoded(&text).replace('+', "%20"))).unwrap_or_default(),
        link,
        changes: if changes > 0 { vec![say.count("draft-changes", changes, &format.number(changes))] } else { Vec::new() },
        href,
    }
}

/// `POST /app/drafts/{id}`: a button of the form, keeping it, or placing it.
async fn send(Path(id): Path<DraftId>, edge: Edge, info: Info, headers: HeaderMap, Form(typed): Form<Typed>) -> Outcome<Response> {
    let wanted = typed.get("do").to_owned();
    let sheet = Sheet::read(&typed);
    let version: Option<Version> = typed.read("version");
    if !matches!(&*wanted, "place" | "save") {
        return page(&edge, &info, &headers, id, Some((sheet, Steps::read(&typed), version)), Said::default(), StatusCode::OK).await;
    }
    let (own, places) = (sheet.clone(), wanted == "place");
    let done = edge.write(move |tx, ctx| {
        let draft = orders::find_draft(tx, ctx, id)?;
        let Some(content) = draft.content.clone() else { return Ok(draft.row.order_id) };
        let store = access::stores::find(tx, ctx, draft.row.store_id)?;
        let stands = shown(ctx, Sheet::of(&content, store.country, store.currency));
        let own = Sheet { store: stands.store, used: String::new(), find: String::new(), ..own.clone() };
        if own != (Sheet { used: String::new(), find: String::new(), ..stands.clone() }) {
            let (new, unread) = own.to_new(&store, Some(&content));
            if !unread.is_empty() {
                return Err(Error::Invalid(unread));
            }
            orders::change_draft(tx, ctx, id, &change(new, version))?;
        } else if version.is_some_and(|version| version != draft.row.version) {
            return Err(Error::Stale { version: draft.row.version, fields: Vec::new() });
        }
        Ok(if places { Some(orders::place_draft(tx, ctx, id, None)?.order.id) } else { None })
    });
    let say = Words { locale: edge.ctx.locale };
    let error = match done.await {
        Ok(order) => return Ok(see(&order.map_or_else(|| format!("/app/drafts/{id}?done=saved"), |order: OrderId| order_page(order)))),
        Err(error) => error,
    };
    let (said, status) = match error {
        Error::Invalid(errors) => (Said { errors, notice: Some(say.t("draft-wrong")), ..Said::default() }, StatusCode::UNPROCESSABLE_ENTITY),
        Error::Stale { fields, .. } => (Said { notice: Some(say.t("draft-stale")), sides: fields, ..Said::default() }, StatusCode::CONFLICT),
        error @ Error::Conflict { .. } => {
            let problem = Problem::from(error);
            (Said { notice: Some(problem.title(say.locale)), ..Said::default() }, problem.status())
        }
        other => return Err(other.into()),
    };
    page(&edge, &info, &headers, id, Some((sheet, Steps::default(), version)), said, status).await
}

/// A whole form as a change: everything that it shows is as it says.
fn change(new: NewOrder, version: Option<Version>) -> DraftChange {
    DraftChange {
        channel: Some(new.channel),
        customer: Some(new.customer),
        shipping_address: Some(new.shipping_address),
        lines: Some(new.lines),
        discount: Some(new.discount),
        shipping_fee: Some(new.shipping_fee),
        cod_fee: Some(new.cod_fee),
        payment_method: Some(new.payment_method),
        priority: Some(new.priority),
        expected_on: Some(new.expected_on),
        note: Some(new.note),
        version,
        ..DraftChange::default()
    }
}

/// `POST /app/drafts/{id}/share`: the link is shown once, on the page that answers.
async fn share(
    Path(id): Path<DraftId>,
    edge: Edge,
    info: Info,
    headers: HeaderMap,
    State(state): State<WebState>,
    Form(typed): Form<Typed>,
) -> Outcome<Response> {
    let link = access::shared::make(edge.ctx.org, id);
    let hash = link.secret_hash;
    let hours = typed.read::<u32>("hours");
    edge.write(move |tx, ctx| orders::share_draft(tx, ctx, id, &hash, hours)).await?;
    let url = format!("{}/q/{}", state.config().public_url.trim_end_matches('/'), link.text.reveal());
    let mut response = page(&edge, &info, &headers, id, None, Said { link: Some(url), ..Said::default() }, StatusCode::OK).await?;
    response.headers_mut().insert(axum::http::header::CACHE_CONTROL, axum::http::HeaderValue::from_static("no-store"));
    Ok(response)
}

/// `POST /app/drafts/{id}/unshare`
async fn unshare(Path(id): Path<DraftId>, edge: Edge) -> Outcome<Response> {
    edge.write(move |tx, ctx| orders::unshare_draft(tx, ctx, id)).await?;
    Ok(see(&format!("/app/drafts/{id}?done=unshared")))
}

/// `POST /app/drafts/{id}/delete`
async fn delete(Path(id): Path<DraftId>, edge: Edge) -> Outcome<Response> {
    edge.write(move |tx, ctx| orders::delete_draft(tx, ctx, id)).await?;
    Ok(see("/app/drafts?done=deleted"))
}
