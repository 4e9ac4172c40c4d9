//! `/t/{token}/change`, `/t/{token}/cancel`: what a customer changes about her order herself. The link leads here; a change takes the
//! end of her number or her address, too, because links travel.

use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::Response;
use base::Ctx;
use kernel::{Day, Error, FieldError, LineId};
use tracking::{OwnChange, OwnReason, Tracked};

use super::track::{gone, load};
use super::view::{CancelPage, ChangeItem, ChangePage, Public};
use super::{Asked, Logo, Web, counted, dressed, message, shown, words};
use crate::error::{Outcome, Problem};
use crate::extract::{Form, Info, Path};
use crate::pages::context::see;
use crate::pages::drafts::desk::provinces;
use crate::pages::form::explain;
use crate::pages::typed::Typed;
use crate::pages::view::{Choosable, Field, Notice};
use crate::visitor;
use crate::words::Words;

/// What a field of a line is called: `line.lin_…`.
const LINE: &str = "line.";

/// `GET /t/{token}/change`
pub(super) async fn show_change(state: Web, info: Info, uri: Uri, headers: HeaderMap, Path(token): Path<String>) -> Outcome<Response> {
    change_page(state, info, uri, headers, token, Typed::default(), None).await
}

/// `POST /t/{token}/change`
pub(super) async fn change(
    state: Web,
    info: Info,
    uri: Uri,
    headers: HeaderMap,
    Path(token): Path<String>,
    Form(typed): Form<Typed>,
) -> Outcome<Response> {
    let locale = Asked::read(&uri).locale(&headers, &info);
    let done = match wanted(&typed) {
        Ok(wanted) => match counted(&state, &info) {
            Ok(()) => visitor::change(&state, &info, locale, &token, typed.get("proof"), wanted).await,
            Err(error) => Err(error),
        },
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => Ok(see(&format!("/t/{token}?done=change#note"))),
        Err(error) => change_page(state, info, uri, headers, token, typed, Some(error)).await,
    }
}

/// What the form wants; fields that are left as they were want nothing.
fn wanted(typed: &Typed) -> Result<OwnChange, Error> {
    let mut wrong = Vec::new();
    let mut lines = Vec::new();
    for (name, value) in typed.pairs() {
        let Some(id) = name.strip_prefix(LINE) else { continue };
        match (id.parse::<LineId>(), kernel::western_digits(value.trim()).parse::<i64>()) {
            (Ok(id), Ok(quantity)) if typed.get(&format!("was.{id}")) != quantity.to_string() => lines.push((id, quantity)),
            (Ok(_), Ok(_)) => {}
            _ => wrong.push(FieldError::new(name.clone(), "quantity").with("min", 0).with("max", 99)),
        }
    }
    let day = typed.filled("day").map(|text| Day::parse(&text));
    if day == Some(None) {
        wrong.push(FieldError::new("day", "format").with("expected", "2026-11-24"));
    }
    if !wrong.is_empty() {
        return Err(Error::Invalid(wrong));
    }
    Ok(OwnChange {
        lines,
        line1: typed.filled("line1"),
        city: typed.filled("city"),
        province: typed.filled("province"),
        name: typed.filled("name"),
        phone: typed.filled("phone"),
        day: day.flatten(),
    })
}

async fn change_page(state: Web, info: Info, uri: Uri, headers: HeaderMap, token: String, typed: Typed, refused: Option<Error>) -> Outcome<Response> {
    let asked = Asked::read(&uri);
    let locale = asked.locale(&headers, &info);
    let lang = asked.lang.as_deref();
    let (ctx, order) = match load(&state, &info, locale, &token).await {
        Ok((edge, order)) => (edge.ctx, order),
        Err(error) => return gone(&state, &info, &headers, locale, &asked, error).await,
    };
    let say = Words { locale };
    let page = own_frame(&ctx, &info, &headers, &order, say.t("track-change-title"));
    if !order.own.change {
        return past_it(page, &token, lang);
    }
    let text = |name: &'static str, key: &str, kind: &'static str, autocomplete: &'static str| Field {
        name,
        label: say.t(key),
        kind,
        value: typed.get(name).to_owned(),
        autocomplete,
        is_optional: true,
        ..Field::default()
    };
    let (first, last) = tracking::own_days(&ctx, &order.store);
    let mut shown_page = ChangePage {
        items: if order.own.change_items { items(&order, &typed) } else { Vec::new() },
        items_error: None,
        days: (first.to_string(), last.to_string()),
        day: Field { is_ltr: true, hint: Some(say.t("track-change-day-hint")), ..text("day", "track-change-day", "date", "off") },
        line1: text("line1", "track-change-street", "text", "street-address"),
        city: text("city", "track-change-city", "text", "address-level2"),
        province: text("province", "track-change-province", "text", "address-level1"),
        provinces: provinces(locale, order.store.country, typed.get("province")),
        name: text("name", "track-change-name", "text", "name"),
        phone: Field { is_ltr: true, ..text("phone", "track-change-phone", "tel", "tel") },
        proof: proof(say),
        token: token.clone(),
        page,
    };
    let Some(error) = refused else { return shown(&shown_page, StatusCode::OK, lang) };
    let problem = match error {
        error @ (Error::Invalid(_) | Error::Conflict { .. } | Error::TooMany { .. }) => Problem::from(error),
        error => return gone(&state, &info, &headers, locale, &asked, error).await,
    };
    for error in problem.errors() {
        let text = Problem::field_message(locale, error);
        // Wrong in the form itself, in what it sent, or in all of the things together.
        let sent = error.field.strip_prefix("lines[").and_then(|rest| rest.split_once(']')).and_then(|(place, _)| place.parse::<usize>().ok());
        let name =
            sent.and_then(|place| wanted(&typed).ok()?.lines.get(place).map(|(id, _)| format!("{LINE}{id}"))).unwrap_or_else(|| error.field.clone());
        match shown_page.items.iter_mut().find(|item| item.name == name) {
            Some(item) => item.error = Some(text),
            None if error.field == "lines" => shown_page.items_error = Some(text),
            None => {}
        }
    }
    let others: Vec<&FieldError> = problem.errors().iter().filter(|error| !error.field.starts_with("line") || error.field == "line1").collect();
    let beside = others.iter().fold(Problem::new(problem.status(), "invalid"), |all, error| all.field((*error).clone()));
    let asked_of: &Problem = if problem.errors().is_empty() { &problem } else { &beside };
    let rest = if problem.errors().is_empty() || !others.is_empty() {
        explain(
            say,
            asked_of,
            &mut [
                &mut shown_page.day,
                &mut shown_page.line1,
                &mut shown_page.city,
                &mut shown_page.province,
                &mut shown_page.name,
                &mut shown_page.phone,
                &mut shown_page.proof,
            ],
        )
    } else {
        None
    };
    shown_page.page.notice = rest.map(|text| Notice { tone: "bad", text });
    with_wait(shown(&shown_page, status_of(&problem), lang)?, &problem)
}

fn items(order: &Tracked, typed: &Typed) -> Vec<ChangeItem> {
    let item = |item: &tracking::Item| {
        let name = format!("{LINE}{}", item.id);
        ChangeItem {
            quantity: typed.filled(&name).unwrap_or_else(|| item.quantity.to_string()),
            title: item.title.clone(),
            variant: item.variant.clone(),
            error: None,
            name,
        }
    };
    order.items.iter().map(item).collect()
}

/// `GET /t/{token}/cancel`
pub(super) async fn show_cancel(state: Web, info: Info, uri: Uri, headers: HeaderMap, Path(token): Path<String>) -> Outcome<Response> {
    cancel_page(state, info, uri, headers, token, Typed::default(), None).await
}

/// `POST /t/{token}/cancel`
pub(super) async fn cancel(
    state: Web,
    info: Info,
    uri: Uri,
    headers: HeaderMap,
    Path(token): Path<String>,
    Form(typed): Form<Typed>,
) -> Outcome<Response> {
    let locale = Asked::read(&uri).locale(&headers, &info);
    let reason: OwnReason = typed.read("reason").unwrap_or(OwnReason::ChangedMind);
    let done = match counted(&state, &info) {
        Ok(()) => visitor::cancel(&state, &info, locale, &token, typed.get("proof"), reason, typed.get("text").to_owned()).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => Ok(see(&format!("/t/{token}?done=cancel#note"))),
        Err(error) => cancel_page(state, info, uri, headers, token, typed, Some(error)).await,
    }
}

async fn cancel_page(state: Web, info: Info, uri: Uri, headers: HeaderMap, token: String, typed: Typed, refused: Option<Error>) -> Outcome<Response> {
    let asked = Asked::read(&uri);
    let locale = asked.locale(&headers, &info);
    let lang = asked.lang.as_deref();
    let (ctx, order) = match load(&state, &info, locale, &token).await {
        Ok((edge, order)) => (edge.ctx, order),
        Err(error) => return gone(&state, &info, &headers, locale, &asked, error).await,
    };
    let say = Words { locale };
    let page = own_frame(&ctx, &info, &headers, &order, say.t("track-cancel-title"));
    if !order.own.cancel {
        return past_it(page, &token, lang);
    }
    let chosen = typed.filled("reason").unwrap_or_else(|| OwnReason::ChangedMind.as_str().to_owned());
    let reasons = OwnReason::ALL.iter().map(|reason| Choosable::new(reason.as_str(), say.t(words::reason(*reason)), &chosen)).collect();
    let text = typed.get("text").to_owned();
    let mut shown_page = CancelPage { page, token, number: order.number, reasons, text, text_error: None, proof: proof(say) };
    let Some(error) = refused else { return shown(&shown_page, StatusCode::OK, lang) };
    let problem = match error {
        error @ (Error::Invalid(_) | Error::Conflict { .. } | Error::TooMany { .. }) => Problem::from(error),
        error => return gone(&state, &info, &headers, locale, &asked, error).await,
    };
    let mut text = Field { name: "text", ..Field::default() };
    // The reason is chosen from a list; a store that does not keep one says so in words.
    let rest = explain(say, &problem, &mut [&mut text, &mut shown_page.proof]);
    shown_page.text_error = text.error;
    shown_page.page.notice = rest.map(|text| Notice { tone: "bad", text });
    with_wait(shown(&shown_page, status_of(&problem), lang)?, &problem)
}

fn own_frame(ctx: &Ctx, info: &Info, headers: &HeaderMap, order: &Tracked, heading: String) -> Public {
    let say = Words { locale: ctx.locale };
    let mut page = dressed(say, headers, info, order.store.name.clone(), order.front.accent.clone(), heading);
    page.logo = order.logo.as_ref().map(|logo| Logo::of(ctx.org, logo));
    page
}

/// The order came too far, or the store keeps changes to itself.
fn past_it(page: Public, token: &str, lang: Option<&str>) -> Outcome<Response> {
    let (text, back) = (page.say.t("track-own-over"), page.say.t("track-own-back"));
    message(page, text, Some((format!("/t/{token}"), back)), StatusCode::CONFLICT, lang)
}

fn proof(say: Words) -> Field {
    Field {
        name: "proof",
        label: say.t("track-find-proof"),
        kind: "text",
        autocomplete: "off",
        hint: Some(say.t("track-own-proof-hint")),
        is_ltr: true,
        ..Field::default()
    }
}

fn status_of(problem: &Problem) -> StatusCode {
    match problem.status() {
        StatusCode::TOO_MANY_REQUESTS => StatusCode::TOO_MANY_REQUESTS,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

fn with_wait(mut response: Response, problem: &Problem) -> Outcome<Response> {
    if let Some(value) = problem.arg("seconds").and_then(|seconds| seconds.parse().ok()) {
        response.headers_mut().insert(header::RETRY_AFTER, value);
    }
    Ok(response)
}
