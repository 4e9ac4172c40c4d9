//! An offer by its link: what the customer sees of a draft, and their agreement. Without an account, light, in three languages.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::Response;
use base::Edge;
use db::Tx;
use kernel::{Amount, Country, Currency, Error, Locale, Money};
use orders::{Acceptance, NewAddress, NewContact, Quote, QuoteContent};

use super::desk::{provinces, sums};
use super::view::{QuoteLine, QuotePage, QuoteView};
use crate::api::drafts::bearer;
use crate::badges;
use crate::error::{Outcome, Problem};
use crate::extract::{Form, Info, Path};
use crate::format::Format;
use crate::pages::Logo;
use crate::pages::context::{LANGUAGE_COOKIE, gate, html, preference_cookie, see, visitor_locale};
use crate::pages::typed::Typed;
use crate::pages::view::Notice;
use crate::router::{Access, Route};
use crate::state::WebState;
use crate::words::Words;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::page(Method::GET, "/q/{token}", Access::Public, "page_quote", show),
        Route::page(Method::POST, "/q/{token}", Access::Public, "page_accept_quote", accept),
    ]
}

/// A quote with how its store writes.
struct Offer {
    view: QuoteView,
    store: String,
    logo: Option<Logo>,
}

fn language(uri: &Uri) -> Option<String> {
    form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).find(|(name, _)| name == "lang").map(|(_, value)| value.into_owned())
}

/// What the bearer of a link sees, or nothing when the link is spent.
async fn look(state: &WebState, info: &Info, token: &str, locale: Locale) -> Outcome<Option<Offer>> {
    let (edge, link) = match bearer(state, info, token).await {
        Ok(found) => found,
        Err(Error::Conflict { .. } | Error::NotFound { .. }) => return Ok(None),
        Err(other) => return Err(other.into()),
    };
    let read = edge.read(move |tx, ctx| {
        let quote = orders::quote(tx, ctx, link.id(), |kept| link.matches(kept))?;
        offer(tx, ctx, quote, locale)
    });
    match read.await {
        Ok(offer) => Ok(Some(offer)),
        Err(Error::Conflict { .. } | Error::NotFound { .. }) => Ok(None),
        Err(other) => Err(other.into()),
    }
}

fn offer(tx: &mut Tx, ctx: &base::Ctx, quote: Quote, locale: Locale) -> Result<Offer, Error> {
    let store = access::stores::find(tx, ctx, quote.draft.store_id)?;
    let say = Words { locale };
    let format = Format::new(locale, store.number_style, store.zone.clone(), ctx.now);
    let currency = quote.draft.currency;
    let line = |title: &str, variant: Option<&str>, quantity: i64, price: Amount, total: Amount| QuoteLine {
        title: title.to_owned(),
        note: variant.unwrap_or_default().to_owned(),
        sum: format!("{} × {}", format.number(quantity), format.amount(price, currency)),
        total: format.amount(total, currency),
    };
    let until = quote.draft.link_expires_at.map(|at| say.one("quote-until", "at", format.moment(at)));
    let version = quote.draft.version;
    let view = match quote.content {
        QuoteContent::Open { content, priced, missing } => {
            let lacks = |field: &str| missing.iter().any(|error| error.field == field || error.field.starts_with(&format!("{field}.")));
            let contact = content.customer.clone().unwrap_or_default();
            let total_of = |at: usize| priced.as_ref().and_then(|priced| priced.lines.get(at)).map_or(Amount::ZERO, |line| line.line_total);
            QuoteView {
                number: None,
                version,
                total_minor: priced.as_ref().map_or(0, |priced| priced.total.0),
                lines: content
                    .lines
                    .iter()
                    .enumerate()
                    .map(|(at, one)| line(&one.title, one.variant.as_deref(), one.quantity, one.unit_price.amount, total_of(at)))
                    .collect(),
                sums: priced.as_ref().map(|priced| sums(say, &format, currency, priced)).unwrap_or_default(),
                total: priced.as_ref().map(|priced| format.money_parts(priced.total, currency)),
                payment: say.t(badges::payment_method(content.payment_method)),
                phone: contact.phone.as_deref().map(ending),
                asks_contact: content.customer.is_none(),
                name: contact.name,
                asks_address: content.shipping_address.is_none(),
                address: content.shipping_address.as_ref().map(address).unwrap_or_default(),
                until,
                provinces: provinces(locale, store.country, ""),
                is_open: priced.is_some() && !content.lines.is_empty() && (content.customer.is_none() || !lacks("customer")),
            }
        }
        QuoteContent::Placed { order, lines } => {
            let priced = vec![
                (say.t("order-subtotal"), order.subtotal),
                (say.t("order-discount"), -order.discount),
                (say.t("order-shipping-fee"), order.shipping_fee),
                (say.t("order-cod-fee"), order.cod_fee),
                (say.t("order-field-tax"), order.tax),
            ];
            let street = NewAddress {
                line1: order.line1.clone().unwrap_or_default(),
                city: order.city.clone(),
                province: order.province.clone(),
                ..NewAddress::default()
            };
            QuoteView {
                number: Some(order.number.clone()),
                version,
                total_minor: order.total.0,
                lines: lines.iter().map(|one| line(&one.title, one.variant.as_deref(), one.quantity, one.unit_price, one.line_total)).collect(),
                sums: priced
                    .into_iter()
                    .filter(|(_, amount)| *amount != Amount::ZERO)
                    .map(|(label, amount)| (label, format.amount(amount, currency)))
                    .collect(),
                total: Some(format.money_parts(order.total, currency)),
                payment: say.t(badges::payment_method(order.payment_method)),
                name: order.contact_name.clone(),
                phone: order.contact_phone.as_ref().map(kernel::Phone::masked),
                address: address(&street),
                until: None,
                asks_contact: false,
                asks_address: false,
                provinces: Vec::new(),
                is_open: false,
            }
        }
    };
    let logo = tracking::logo_of(tx, Some(store.id))?.map(|logo| Logo::of(ctx.org, &logo));
    Ok(Offer { view, store: quote.store_name, logo })
}

/// All but the end of a number that was typed.
fn ending(phone: &str) -> String {
    let signs = phone.chars().count();
    phone.chars().enumerate().map(|(place, sign)| if place + 2 >= signs || sign == ' ' { sign } else { '•' }).collect()
}

fn address(address: &NewAddress) -> Vec<String> {
    let province = address.province.as_deref().map(|text| {
        // A form keeps a code where the lists have one.
        let country = address.country.unwrap_or(Country::DZ);
        base::places::find_province(country, text).map_or_else(|| text.to_owned(), |found| found.name.clone())
    });
    let place = [address.city.clone(), province].into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
    [address.line1.clone(), address.line2.clone().unwrap_or_default(), place].into_iter().filter(|line| !line.is_empty()).collect()
}

/// The page: an offer, an order, or that the link is spent.
fn page(headers: &HeaderMap, info: &Info, uri: &Uri, offer: Option<Offer>, said: Said) -> Outcome<Response> {
    let asked = language(uri);
    let say = Words { locale: visitor_locale(headers, info, asked.as_deref()) };
    let heading = match &offer {
        None => "quote-spent-title",
        Some(Offer { view: QuoteView { number: Some(_), .. }, .. }) => "quote-placed-title",
        Some(_) => "quote-title",
    };
    let store = offer.as_ref().map(|offer| offer.store.clone()).unwrap_or_default();
    let status = if offer.is_none() { StatusCode::CONFLICT } else { said.status };
    let mut page = gate(say, headers, info, heading, &store);
    // The customer knows the shop, not us.
    page.title = if store.is_empty() { page.heading.clone() } else { say.with("quote-window", &[("store", store), ("title", page.heading.clone())]) };
    page.notice = said.notice.map(|text| Notice { tone: "bad", text });
    let (quote, logo) = offer.map(|offer| (offer.view, offer.logo)).unzip();
    let mut response = html(&QuotePage { page, logo: logo.flatten(), quote, errors: said.errors, typed: said.typed })?;
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    headers.insert("x-robots-tag", HeaderValue::from_static("noindex"));
    if let Some(cookie) = asked.and_then(|word| preference_cookie(LANGUAGE_COOKIE, &word)) {
        headers.append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

struct Said {
    status: StatusCode,
    notice: Option<String>,
    errors: BTreeMap<&'static str, String>,
    typed: BTreeMap<&'static str, String>,
}

impl Default for Said {
    fn default() -> Said {
        Said { status: StatusCode::OK, notice: None, errors: BTreeMap::new(), typed: BTreeMap::new() }
    }
}

/// `GET /q/{token}`
async fn show(Path(token): Path<String>, State(state): State<WebState>, info: Info, uri: Uri, headers: HeaderMap) -> Outcome<Response> {
    let locale = visitor_locale(&headers, &info, language(&uri).as_deref());
    let offer = look(&state, &info, &token, locale).await?;
    page(&headers, &info, &uri, offer, Said::default())
}

/// The fields that the customer may fill.
const FIELDS: [&str; 5] = ["name", "phone", "line1", "province", "city"];

/// `POST /q/{token}`: agreeing again answers the same order.
async fn accept(
    Path(token): Path<String>,
    State(state): State<WebState>,
    info: Info,
    uri: Uri,
    headers: HeaderMap,
    Form(typed): Form<Typed>,
) -> Outcome<Response> {
    let locale = visitor_locale(&headers, &info, language(&uri).as_deref());
    let Some(offer) = look(&state, &info, &token, locale).await? else { return page(&headers, &info, &uri, None, Said::default()) };
    let (edge, link): (Edge, _) = bearer(&state, &info, &token).await?;
    let customer =
        offer.view.asks_contact.then(|| NewContact { name: typed.get("name").to_owned(), phone: typed.filled("phone"), ..NewContact::default() });
    let street =
        NewAddress { line1: typed.get("line1").to_owned(), city: typed.filled("city"), province: typed.filled("province"), ..NewAddress::default() };
    let (version, total) = (typed.read("version").unwrap_or(0), typed.read("total").unwrap_or(0));
    let asks_address = offer.view.asks_address;
    let accepted = edge.write(move |tx, ctx| {
        let currency: Currency = orders::quote(tx, ctx, link.id(), |kept| link.matches(kept))?.draft.currency;
        let accepted = Acceptance {
            version,
            total: Money { amount: Amount(total), currency },
            customer: customer.clone(),
            shipping_address: asks_address.then(|| street.clone()),
        };
        orders::accept_draft(tx, ctx, link.id(), |kept| link.matches(kept), &accepted).map(drop)
    });
    let error = match accepted.await {
        Ok(()) => return Ok(see(&format!("/q/{token}"))),
        Err(error @ (Error::Invalid(_) | Error::Conflict { .. })) => error,
        Err(other) => return Err(other.into()),
    };
    let problem = Problem::from(error);
    let say = Words { locale };
    let mut said = Said { status: problem.status(), ..Said::default() };
    said.typed = FIELDS.iter().map(|field| (*field, typed.get(field).to_owned())).collect();
    let mut rest = Vec::new();
    for error in problem.errors() {
        let name = super::sheet::field_of(&error.field);
        let text = Problem::field_message(locale, error);
        match FIELDS.iter().find(|field| **field == name) {
            Some(field) => drop(said.errors.insert(field, text)),
            None => rest.push(text),
        }
    }
    said.notice = Some(if problem.errors().is_empty() {
        problem.title(locale)
    } else if rest.is_empty() {
        say.t("draft-wrong")
    } else {
        rest.join(" ")
    });
    let offer = look(&state, &info, &token, locale).await?;
    page(&headers, &info, &uri, offer, said)
}
