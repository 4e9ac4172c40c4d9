//! `/track-order`: an order by its number.

use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::Response;
use kernel::Locale;
use serde::Deserialize;

use super::view::{FoundView, LookUpPage, Public};
use super::{Asked, Web, counted, frame, keep_number, shown, with_shop, words};
use crate::error::{Outcome, Problem};
use crate::extract::{Form, Info};
use crate::pages::context::see;
use crate::pages::form::explain;
use crate::pages::view::{Field, Notice};
use crate::state::WebState;
use crate::visitor::{self, Found};

/// `GET /track-order`: the form; with `number` in the address also where that order stands.
pub(super) async fn show(state: Web, info: Info, uri: Uri, headers: HeaderMap) -> Outcome<Response> {
    let asked = Asked::read(&uri);
    let locale = asked.locale(&headers, &info);
    let page = page(&state, &info, &headers, locale, &asked).await?;
    if asked.number.trim().is_empty() {
        return shown(&page, StatusCode::OK, asked.lang.as_deref());
    }
    answer(&state, &info, locale, &asked, page, "").await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LookUpForm {
    number: String,
    #[serde(default)]
    proof: String,
}

/// `POST /track-order`
pub(super) async fn find(state: Web, info: Info, uri: Uri, headers: HeaderMap, Form(typed): Form<LookUpForm>) -> Outcome<Response> {
    let asked = Asked { number: typed.number, ..Asked::read(&uri) };
    let locale = asked.locale(&headers, &info);
    let page = page(&state, &info, &headers, locale, &asked).await?;
    answer(&state, &info, locale, &asked, page, &typed.proof).await
}

async fn page(state: &WebState, info: &Info, headers: &HeaderMap, locale: Locale, asked: &Asked) -> Outcome<LookUpPage> {
    let say = crate::words::Words { locale };
    let mut page: Public = frame(state, info, headers, locale, asked.shop, say.t("track-find-title")).await?;
    page.keep.push_str(&keep_number(&asked.number));
    let number = Field {
        name: "number",
        label: say.t("track-find-number"),
        kind: "text",
        value: asked.number.clone(),
        autocomplete: "off",
        hint: Some(say.t("track-find-number-hint")),
        is_ltr: true,
        ..Field::default()
    };
    let proof = Field {
        name: "proof",
        label: say.t("track-find-proof"),
        kind: "text",
        autocomplete: "off",
        hint: Some(say.t("track-find-proof-hint")),
        is_ltr: true,
        is_optional: true,
        ..Field::default()
    };
    let known = visitor::organization(state, asked.shop).await?;
    let mine = known.map(|_| with_shop("/my-orders", asked.shop));
    Ok(LookUpPage { page, number, proof, found: Vec::new(), pages: Vec::new(), mine })
}

async fn answer(state: &WebState, info: &Info, locale: Locale, asked: &Asked, mut page: LookUpPage, proof: &str) -> Outcome<Response> {
    let lang = asked.lang.as_deref();
    let say = page.page.say;
    let found = match counted(state, info) {
        Ok(()) => visitor::find(state, info, locale, asked.shop, &asked.number, proof).await,
        Err(error) => Err(error.into()),
    };
    match found {
        Ok(Found::Links(links)) if links.len() == 1 => Ok(see(&format!("/t/{}", links[0].token.reveal()))),
        Ok(Found::Links(links)) => {
            let label = |place: usize| say.one("track-order", "number", format!("{} ({})", asked.number.trim(), place + 1));
            page.pages = links.iter().enumerate().map(|(place, link)| (format!("/t/{}", link.token.reveal()), label(place))).collect();
            shown(&page, StatusCode::OK, lang)
        }
        Ok(Found::Standing(orders)) => {
            let found = orders.into_iter().map(|one| {
                let (key, fill) = words::badge(one.standing);
                FoundView { number: one.number, store: one.store_name, key, fill }
            });
            page.found = found.collect();
            shown(&page, StatusCode::OK, lang)
        }
        Err(problem) if problem.status().is_server_error() => Err(problem),
        Err(problem) => refused(page, &problem, lang),
    }
}

/// What went wrong, above the form or beside its fields; which part did not fit is not told.
fn refused(mut page: LookUpPage, problem: &Problem, lang: Option<&str>) -> Outcome<Response> {
    let say = page.page.say;
    let rest = explain(say, problem, &mut [&mut page.number, &mut page.proof]);
    page.page.notice = rest.map(|text| Notice { tone: "bad", text });
    let status = match problem.status() {
        StatusCode::TOO_MANY_REQUESTS => StatusCode::TOO_MANY_REQUESTS,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let mut response = shown(&page, status, lang)?;
    if let Some(value) = problem.arg("seconds").and_then(|seconds| seconds.parse().ok()) {
        response.headers_mut().insert(header::RETRY_AFTER, value);
    }
    Ok(response)
}
