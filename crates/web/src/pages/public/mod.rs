//! The pages for customers: looking an order up, the page of one order, all of one's own. No account, no script needed, nothing of the
//! staff's frame; in the store's name and colour.

mod icons;
mod look_up;
mod mine;
mod own;
mod track;
mod view;
mod words;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use base::settings::{READABLE, white_on};
use kernel::{Locale, OrderId, OrgId};

pub(crate) use self::view::Logo;
use self::view::{MessagePage, Public};
use crate::error::Outcome;
use crate::extract::{Info, Path};
use crate::limits::RateClass;
use crate::pages::context::{LANGUAGE_COOKIE, THEME_COOKIE, encoded, html, preference_cookie, see, theme_of, visitor_locale};
use crate::router::{Access, Route};
use crate::security::{self, Kind};
use crate::state::WebState;
use crate::visitor;
use crate::words::Words;

pub(crate) use icons::drawn;

pub(super) fn routes() -> Vec<Route> {
    const OPEN: Access = Access::Public;
    vec![
        Route::page(Method::GET, "/track-order", OPEN, "page_look_up", look_up::show),
        Route::page(Method::POST, "/track-order", OPEN, "page_do_look_up", look_up::find),
        Route::page(Method::GET, "/t/{token}", OPEN, "page_tracked", track::show),
        Route::page(Method::POST, "/t/{token}/request", OPEN, "page_request", track::ask),
        Route::page(Method::GET, "/t/{token}/change", OPEN, "page_own_change", own::show_change),
        Route::page(Method::POST, "/t/{token}/change", OPEN, "page_do_own_change", own::change).rate(RateClass::Lookup),
        Route::page(Method::GET, "/t/{token}/cancel", OPEN, "page_own_cancel", own::show_cancel),
        Route::page(Method::POST, "/t/{token}/cancel", OPEN, "page_do_own_cancel", own::cancel).rate(RateClass::Lookup),
        Route::page(Method::GET, "/my-orders/figures", OPEN, "page_own_figures", mine::figures),
        Route::page(Method::GET, "/my-orders", OPEN, "page_own_orders", mine::show),
        Route::page(Method::POST, "/my-orders/code", OPEN, "page_ask_code", mine::ask_code),
        Route::page(Method::POST, "/my-orders/enter", OPEN, "page_enter_code", mine::enter),
        Route::page(Method::POST, "/my-orders/leave", OPEN, "page_leave_orders", mine::leave),
        Route::page(Method::GET, "/my-orders/orders/{id}", OPEN, "page_own_order", mine::order),
        Route::page(Method::GET, "/customer/orders", OPEN, "page_customer_orders", to_own_orders),
        Route::page(Method::GET, "/customer/orders/{id}/track", OPEN, "page_customer_order", to_own_order),
        Route::plain(Method::GET, "/brand/{colour}", OPEN, Kind::Plain, "brand", "A store's colour as a style sheet", brand).rate(RateClass::Free),
    ]
}

/// `GET /customer/orders`
async fn to_own_orders() -> Outcome<Response> {
    Ok(see("/my-orders"))
}

/// `GET /customer/orders/{id}/track`
async fn to_own_order(Path(id): Path<OrderId>) -> Outcome<Response> {
    Ok(see(&format!("/my-orders/orders/{id}")))
}

/// `GET /brand/{colour}`: the six digits of a colour on which white is readable. It never changes, so browsers keep it.
async fn brand(Path(colour): Path<String>) -> Response {
    let is_readable = white_on(&format!("#{colour}")).is_some_and(|contrast| contrast >= READABLE);
    if !is_readable {
        return StatusCode::NOT_FOUND.into_response();
    }
    let sheet = format!(":root{{--brand:#{}}}\n", colour.to_ascii_lowercase());
    let headers = [(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "public, max-age=31536000, immutable")];
    (headers, sheet).into_response()
}

/// What the address says besides the page. Anything else is nothing to us.
#[derive(Clone, Default)]
struct Asked {
    lang: Option<String>,
    shop: Option<OrgId>,
    number: String,
    is_sent: bool,
    is_left: bool,
    /// What was just done to an order: `change`, `cancel`.
    done: String,
    q: String,
    show: String,
    sort: String,
}

impl Asked {
    fn read(uri: &Uri) -> Asked {
        let mut asked = Asked::default();
        for (name, value) in form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()) {
            if value.contains('\0') {
                continue;
            }
            match &*name {
                "lang" if ["en", "fr", "ar"].contains(&&*value) => asked.lang = Some(value.into_owned()),
                "shop" => asked.shop = value.parse().ok(),
                "number" => asked.number = value.chars().take(60).collect(),
                "sent" => asked.is_sent = true,
                "left" => asked.is_left = true,
                "done" => asked.done = value.into_owned(),
                "q" => asked.q = value.chars().take(100).collect(),
                "show" => asked.show = value.into_owned(),
                "sort" => asked.sort = value.into_owned(),
                _ => {}
            }
        }
        asked
    }

    fn locale(&self, headers: &HeaderMap, info: &Info) -> Locale {
        visitor_locale(headers, info, self.lang.as_deref())
    }
}

/// The frame of a page in the name of the organization that is meant, or of nobody where there are several. The heading is a text.
async fn frame(state: &WebState, info: &Info, headers: &HeaderMap, locale: Locale, shop: Option<OrgId>, heading: String) -> Outcome<Public> {
    let say = Words { locale };
    let org = visitor::organization(state, shop).await?;
    let (mut store, mut accent) = (String::new(), String::new());
    if let Some(org) = org {
        let settings = state.base().settings(org).await;
        store.clone_from(&settings.general.name);
        accent.clone_from(&settings.tracking.accent);
    }
    if store.trim().is_empty() {
        store = say.t("shell-name");
    }
    let logo = match org {
        Some(org) => {
            visitor::edge(state, info, locale, org)
                .await
                .read(|tx, ctx| Ok(tracking::logo_of(tx, None)?.map(|logo| Logo::of(ctx.org, &logo))))
                .await?
        }
        None => None,
    };
    let mut page = dressed(say, headers, info, store, Some(accent), heading);
    page.logo = logo;
    page.query = shop.map(|shop| format!("?shop={shop}")).unwrap_or_default();
    page.keep = shop.map(|shop| format!("&shop={shop}")).unwrap_or_default();
    Ok(page)
}

fn dressed(say: Words, headers: &HeaderMap, info: &Info, store: String, accent: Option<String>, heading: String) -> Public {
    let is_readable = |colour: &str| white_on(colour).is_some_and(|contrast| contrast >= READABLE);
    Public {
        say,
        theme: theme_of(security::cookie(headers, THEME_COOKIE)),
        title: say.with("track-window", &[("title", heading.clone()), ("store", store.clone())]),
        heading,
        letter: store.chars().find(|sign| sign.is_alphanumeric()).map(|sign| sign.to_uppercase().collect()).unwrap_or_default(),
        store,
        brand: accent.filter(|colour| is_readable(colour)).map(|colour| colour.trim_start_matches('#').to_ascii_lowercase()),
        logo: None,
        csrf: info.csrf_token(),
        keep: String::new(),
        query: String::new(),
        notice: None,
    }
}

/// A page about orders stays with its reader: no shared cache, no search engine.
fn kept_private(mut response: Response, lang: Option<&str>) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex, nofollow"));
    if let Some(cookie) = lang.and_then(|word| preference_cookie(LANGUAGE_COOKIE, word)) {
        headers.append(header::SET_COOKIE, cookie);
    }
    response
}

fn shown(template: &impl askama::Template, status: StatusCode, lang: Option<&str>) -> Outcome<Response> {
    let mut response = kept_private(html(template)?, lang);
    *response.status_mut() = status;
    Ok(response)
}

/// A page with one thing to say, and where to go on.
fn message(page: Public, text: String, action: Option<(String, String)>, status: StatusCode, lang: Option<&str>) -> Outcome<Response> {
    shown(&MessagePage { page, text, action }, status, lang)
}

/// `?shop=…` or `&shop=…`, or nothing.
fn with_shop(path: &str, shop: Option<OrgId>) -> String {
    match shop {
        Some(shop) if path.contains('?') => format!("{path}&shop={shop}"),
        Some(shop) => format!("{path}?shop={shop}"),
        None => path.to_owned(),
    }
}

/// Draws from the limit of look-ups, so that a page of ours can say so.
fn counted(state: &WebState, info: &Info) -> Result<(), kernel::Error> {
    state.limits().address(RateClass::Lookup, info.ip.as_deref())
}

/// `/track-order` with its number, for the links to other languages.
fn keep_number(number: &str) -> String {
    if number.is_empty() { String::new() } else { format!("&number={}", encoded(number)) }
}

/// The organization's page where there are several stores and none is named, or the pages are off.
async fn nowhere(state: &WebState, info: &Info, headers: &HeaderMap, locale: Locale, asked: &Asked) -> Outcome<Response> {
    let say = Words { locale };
    let page = frame(state, info, headers, locale, None, say.t("mine-lost-title")).await?;
    let action = Some(("/track-order".to_owned(), say.t("track-other")));
    message(page, say.t("mine-lost-text"), action, StatusCode::NOT_FOUND, asked.lang.as_deref())
}

/// The page of a store that does not show its orders.
async fn off(state: &WebState, info: &Info, headers: &HeaderMap, locale: Locale, asked: &Asked) -> Outcome<Response> {
    let say = Words { locale };
    let page = frame(state, info, headers, locale, asked.shop, say.t("track-off-title")).await?;
    message(page, say.t("track-off-text"), None, StatusCode::NOT_FOUND, asked.lang.as_deref())
}

/// Handlers that need more than the state and the request.
type Web = State<WebState>;
