//! `/my-orders`: a customer's own orders, behind a code.

use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::Response;
use base::Edge;
use kernel::{Amount, Error, Hidden, Locale, NumberStyle, OrderId, OrgId};
use serde::Deserialize;
use tracking::{Entered, Group, History, Link, Session, Wanted, WantedSort};

use super::view::{CodePage, ContactPage, FiguresPage, MinePage, MonthView, OwnOrderView, Public};
use super::{Asked, Web, counted, frame, kept_private, nowhere, off, shown, with_shop, words};
use crate::error::{Outcome, Problem};
use crate::extract::{Form, Info, Path};
use crate::format::Format;
use crate::pages::context::{encoded, see};
use crate::pages::form::explain;
use crate::pages::view::{Choice, Choosable, Field, Notice};
use crate::security;
use crate::state::WebState;
use crate::visitor;
use crate::words::{Words, strong};

/// The cookie of a customer's session; it goes to these pages alone.
const COOKIE: &str = "kafila_customer";
/// How long a browser keeps it; the session itself ends as soon.
const COOKIE_S: i64 = 1_800;

/// `GET /my-orders`
pub(super) async fn show(state: Web, info: Info, uri: Uri, headers: HeaderMap) -> Outcome<Response> {
    let asked = Asked::read(&uri);
    let locale = asked.locale(&headers, &info);
    let Some(session) = session(&headers) else { return contact(&state, &info, &headers, locale, &asked, None).await };
    let org = session.org();
    let wanted =
        Wanted { text: asked.q.clone(), group: asked.show.parse().unwrap_or(Group::All), sort: asked.sort.parse().unwrap_or(WantedSort::Newest) };
    let Some(edge) = own_edge(&state, &info, locale, &session).await? else { return over(&state, &info, &headers, locale, &asked, org).await };
    let (bearer, looked_for) = (session.clone(), wanted.clone());
    let read = edge.read(move |tx, ctx| {
        let customer = tracking::owner(tx, ctx, &bearer)?;
        let history = tracking::history(tx, ctx, customer, &looked_for)?;
        let links = tracking::own_links(tx, ctx, &history)?;
        let store = access::stores::list(tx, ctx, true)?.into_iter().next();
        Ok((history, links, store))
    });
    match read.await {
        Ok((history, links, store)) => {
            let (style, zone) = store.map_or((NumberStyle::CommaPoint, jiff::tz::TimeZone::UTC), |store| (store.number_style, store.zone.clone()));
            let format = Format::new(locale, style, zone, edge.ctx.now);
            let asked = Asked { shop: Some(session.org()), ..asked };
            let page = mine(&state, &info, &headers, locale, &asked, &wanted, history, &links, &format).await?;
            shown(&page, StatusCode::OK, asked.lang.as_deref())
        }
        Err(Error::Unauthenticated) => over(&state, &info, &headers, locale, &asked, org).await,
        Err(Error::NotFound { .. }) => off(&state, &info, &headers, locale, &asked).await,
        Err(error) => Err(error.into()),
    }
}

/// `GET /my-orders/figures`: what all of them come to.
pub(super) async fn figures(state: Web, info: Info, uri: Uri, headers: HeaderMap) -> Outcome<Response> {
    let asked = Asked::read(&uri);
    let locale = asked.locale(&headers, &info);
    let Some(session) = session(&headers) else { return contact(&state, &info, &headers, locale, &asked, None).await };
    let org = session.org();
    let Some(edge) = own_edge(&state, &info, locale, &session).await? else { return over(&state, &info, &headers, locale, &asked, org).await };
    let read = edge.read(move |tx, ctx| {
        let customer = tracking::owner(tx, ctx, &session)?;
        let history = tracking::history(tx, ctx, customer, &Wanted::default())?;
        Ok((history, access::stores::list(tx, ctx, true)?.into_iter().next()))
    });
    match read.await {
        Ok((history, store)) => {
            let (style, zone) = store.map_or((NumberStyle::CommaPoint, jiff::tz::TimeZone::UTC), |store| (store.number_style, store.zone.clone()));
            let format = Format::new(locale, style, zone, edge.ctx.now);
            let say = Words { locale };
            let page = frame(&state, &info, &headers, locale, Some(org), say.t("mine-figures")).await?;
            shown(&figures_page(say, page, &history, &format), StatusCode::OK, asked.lang.as_deref())
        }
        Err(Error::Unauthenticated) => over(&state, &info, &headers, locale, &asked, org).await,
        Err(Error::NotFound { .. }) => off(&state, &info, &headers, locale, &asked).await,
        Err(error) => Err(error.into()),
    }
}

fn figures_page(say: Words, page: Public, history: &History, format: &Format) -> FiguresPage {
    let figures = &history.figures;
    let most = figures.months.iter().map(|month| month.orders).max().unwrap_or_default();
    let months = figures.months.iter().rev().map(|month| MonthView {
        name: format.month(month.first),
        class: bar(month.orders, most),
        orders: format.number(month.orders),
        delivered: format.number(month.delivered),
    });
    // Of those that came to an end, how many she kept.
    let ended = figures.delivered + figures.returned;
    let kept = (ended > 0).then(|| format.percent(figures.delivered * 1_000_000 / ended));
    // An average over several currencies is none.
    let of_one = figures.spent.len() == 1 && figures.delivered > 0;
    let spent = figures.spent.iter().map(|sum| {
        let average = if of_one { format.money(Amount(sum.amount.0 / figures.delivered), sum.currency) } else { "–".to_owned() };
        (format.money(sum.amount, sum.currency), average)
    });
    let mut all = vec![
        (say.t("mine-orders"), format.number(figures.orders)),
        (say.t("mine-coming"), format.number(figures.coming)),
        (say.t("mine-delivered"), format.number(figures.delivered)),
        (say.t("mine-back"), format.number(figures.cancelled + figures.returned)),
    ];
    all.extend(kept.map(|share| (say.t("mine-kept"), share)));
    FiguresPage {
        figures: all,
        since: figures.since.map(|since| say.one("mine-since", "date", format.date(since))),
        spent: spent.collect(),
        months: months.collect(),
        has_months: figures.orders > 0,
        many: history.is_more.then(|| say.one("mine-many", "n", format.number(history.looked_at as i64))),
        page,
    }
}

/// How long a bar is, in tenths of the longest.
fn bar(orders: i64, most: i64) -> &'static str {
    const BARS: [&str; 11] = ["p-none", "p-1", "p-2", "p-3", "p-4", "p-5", "p-6", "p-7", "p-8", "p-9", "p-10"];
    if orders == 0 || most == 0 { BARS[0] } else { BARS[((orders * 10 / most).clamp(1, 10)) as usize] }
}

fn session(headers: &HeaderMap) -> Option<Session> {
    security::cookie(headers, COOKIE).and_then(tracking::read_session)
}

async fn own_edge(state: &WebState, info: &Info, locale: Locale, session: &Session) -> Outcome<Option<Edge>> {
    match visitor::organization(state, Some(session.org())).await? {
        Some(org) => Ok(Some(visitor::edge(state, info, locale, org).await)),
        None => Ok(None),
    }
}

/// The first page again, with words about the session that is over.
async fn over(state: &WebState, info: &Info, headers: &HeaderMap, locale: Locale, asked: &Asked, org: OrgId) -> Outcome<Response> {
    let asked = &Asked { shop: asked.shop.or(Some(org)), ..asked.clone() };
    let notice = Notice { tone: "info", text: Words { locale }.t("mine-over") };
    let mut response = contact(state, info, headers, locale, asked, Some(notice)).await?;
    response.headers_mut().append(header::SET_COOKIE, cookie(state, "", 0));
    Ok(response)
}

fn cookie(state: &WebState, token: &str, age_s: i64) -> HeaderValue {
    let secure = if state.is_https() { "; Secure" } else { "" };
    let cookie = format!("{COOKIE}={token}; Path=/my-orders; HttpOnly; SameSite=Lax; Max-Age={age_s}{secure}");
    HeaderValue::from_str(&cookie).unwrap_or_else(|_| HeaderValue::from_static(""))
}

/// The page that asks whose orders; where there are several organizations and none is named there is nobody to ask.
async fn contact(state: &WebState, info: &Info, headers: &HeaderMap, locale: Locale, asked: &Asked, notice: Option<Notice>) -> Outcome<Response> {
    let Some(org) = visitor::organization(state, asked.shop).await? else { return nowhere(state, info, headers, locale, asked).await };
    if !state.base().settings(org).await.tracking.is_on {
        return off(state, info, headers, locale, asked).await;
    }
    let say = Words { locale };
    let notice = notice.or_else(|| asked.is_left.then(|| Notice { tone: "ok", text: say.t("mine-left") }));
    let mut page = contact_page(state, info, headers, locale, asked.shop, "").await?;
    page.page.notice = notice;
    shown(&page, StatusCode::OK, asked.lang.as_deref())
}

async fn contact_page(state: &WebState, info: &Info, headers: &HeaderMap, locale: Locale, shop: Option<OrgId>, typed: &str) -> Outcome<ContactPage> {
    let say = Words { locale };
    let page = frame(state, info, headers, locale, shop, say.t("mine-title")).await?;
    let contact = Field {
        name: "contact",
        label: say.t("mine-contact"),
        kind: "text",
        value: typed.to_owned(),
        autocomplete: "tel",
        is_ltr: true,
        ..Field::default()
    };
    Ok(ContactPage { page, contact })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ContactForm {
    contact: String,
    /// Whether a code is there already, read out by somebody.
    have: Option<String>,
}

/// `POST /my-orders/code`: the same page for a number that is known and for one that is not.
pub(super) async fn ask_code(state: Web, info: Info, uri: Uri, headers: HeaderMap, Form(typed): Form<ContactForm>) -> Outcome<Response> {
    let asked = Asked::read(&uri);
    let locale = asked.locale(&headers, &info);
    let Some(org) = visitor::organization(&state, asked.shop).await? else { return nowhere(&state, &info, &headers, locale, &asked).await };
    let has_one = typed.have.is_some();
    let edge = visitor::edge(&state, &info, locale, org).await;
    let number = typed.contact.clone();
    let sent = match limited(&state, &info, &typed.contact) {
        Ok(()) if has_one && !typed.contact.trim().is_empty() => Ok(()),
        Ok(()) => edge.write(move |tx, ctx| tracking::ask_code(tx, ctx, &number)).await,
        Err(error) => Err(error),
    };
    match sent {
        Ok(()) => {
            let page = code_page(&state, &info, &headers, locale, asked.shop, &typed.contact, !has_one).await?;
            shown(&page, StatusCode::OK, asked.lang.as_deref())
        }
        Err(Error::NotFound { .. }) => off(&state, &info, &headers, locale, &asked).await,
        Err(error @ (Error::Invalid(_) | Error::TooMany { .. })) => {
            let problem = Problem::from(error);
            let mut page = contact_page(&state, &info, &headers, locale, asked.shop, &typed.contact).await?;
            let rest = explain(page.page.say, &problem, &mut [&mut page.contact]);
            page.page.notice = rest.map(|text| Notice { tone: "bad", text });
            shown(&page, problem.status(), asked.lang.as_deref())
        }
        Err(error) => Err(error.into()),
    }
}

fn limited(state: &WebState, info: &Info, contact: &str) -> Result<(), Error> {
    counted(state, info)?;
    state.limits().number(contact)
}

async fn code_page(
    state: &WebState,
    info: &Info,
    headers: &HeaderMap,
    locale: Locale,
    shop: Option<OrgId>,
    contact: &str,
    is_sent: bool,
) -> Outcome<CodePage> {
    let say = Words { locale };
    let page = frame(state, info, headers, locale, shop, say.t("mine-code-title")).await?;
    let sent = is_sent.then(|| say.rich("mine-code-sent", &[("contact", strong(contact.trim()))]));
    Ok(CodePage { page, sent, contact: contact.trim().to_owned(), error: None })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CodeForm {
    contact: String,
    code: Hidden,
}

/// `POST /my-orders/enter`
pub(super) async fn enter(state: Web, info: Info, uri: Uri, headers: HeaderMap, Form(typed): Form<CodeForm>) -> Outcome<Response> {
    let asked = Asked::read(&uri);
    let locale = asked.locale(&headers, &info);
    let Some(org) = visitor::organization(&state, asked.shop).await? else { return nowhere(&state, &info, &headers, locale, &asked).await };
    let edge = visitor::edge(&state, &info, locale, org).await;
    let (contact, code) = (typed.contact.clone(), typed.code.clone());
    let entered = match limited(&state, &info, &typed.contact) {
        Ok(()) => edge.write(move |tx, ctx| tracking::enter(tx, ctx, &contact, code.reveal())).await,
        Err(error) => Err(error),
    };
    let refusal = match entered {
        Ok(Entered::In(session)) => {
            let mut response = kept_private(see(&with_shop("/my-orders", asked.shop)), asked.lang.as_deref());
            response.headers_mut().append(header::SET_COOKIE, cookie(&state, session.token.reveal(), COOKIE_S));
            return Ok(response);
        }
        Ok(Entered::Refused) => Problem::from(Error::field("code", "tracking.code")),
        Err(Error::NotFound { .. }) => return off(&state, &info, &headers, locale, &asked).await,
        Err(error @ (Error::Invalid(_) | Error::TooMany { .. })) => Problem::from(error),
        Err(error) => return Err(error.into()),
    };
    let mut page = code_page(&state, &info, &headers, locale, asked.shop, &typed.contact, false).await?;
    page.error = match refusal.errors().first() {
        Some(error) => Some(Problem::field_message(locale, error)),
        None => Some(refusal.title(locale)),
    };
    shown(&page, refusal.status(), asked.lang.as_deref())
}

/// `POST /my-orders/leave`
pub(super) async fn leave(state: Web, info: Info, uri: Uri, headers: HeaderMap) -> Outcome<Response> {
    let asked = Asked::read(&uri);
    let locale = asked.locale(&headers, &info);
    if let Some(session) = session(&headers)
        && let Some(edge) = own_edge(&state, &info, locale, &session).await?
    {
        match edge.write(move |tx, ctx| tracking::leave(tx, ctx, &session)).await {
            Ok(()) | Err(Error::NotFound { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let mut response = kept_private(see(&with_shop("/my-orders?left=1", asked.shop)), None);
    response.headers_mut().append(header::SET_COOKIE, cookie(&state, "", 0));
    Ok(response)
}

/// `GET /my-orders/orders/{id}`: to the page of one of one's own orders.
pub(super) async fn order(state: Web, info: Info, uri: Uri, headers: HeaderMap, Path(id): Path<OrderId>) -> Outcome<Response> {
    let asked = Asked::read(&uri);
    let locale = asked.locale(&headers, &info);
    let Some(session) = session(&headers) else { return contact(&state, &info, &headers, locale, &asked, None).await };
    let org = session.org();
    let Some(edge) = own_edge(&state, &info, locale, &session).await? else { return over(&state, &info, &headers, locale, &asked, org).await };
    let link = edge.read(move |tx, ctx| {
        let customer = tracking::owner(tx, ctx, &session)?;
        tracking::own_link(tx, ctx, customer, id)
    });
    match link.await {
        Ok(link) => Ok(kept_private(see(&format!("/t/{}", link.token.reveal())), None)),
        Err(Error::Unauthenticated) => over(&state, &info, &headers, locale, &asked, org).await,
        Err(error) => Err(error.into()),
    }
}

#[expect(clippy::too_many_arguments, reason = "the parts of one page")]
async fn mine(
    state: &WebState,
    info: &Info,
    headers: &HeaderMap,
    locale: Locale,
    asked: &Asked,
    wanted: &Wanted,
    history: History,
    links: &[Link],
    format: &Format,
) -> Outcome<MinePage> {
    let say = Words { locale };
    let mut page = frame(state, info, headers, locale, asked.shop, say.t("mine-title")).await?;
    let kept = [("q", wanted.text.as_str()), ("show", wanted.group.as_str()), ("sort", wanted.sort.as_str())];
    for (name, value) in kept {
        page.keep.push_str(&format!("&{name}={}", encoded(value)));
    }
    let figures = history.figures;
    let mut shown_figures = vec![
        (say.t("mine-orders"), format.number(figures.orders)),
        (say.t("mine-coming"), format.number(figures.coming)),
        (say.t("mine-delivered"), format.number(figures.delivered)),
        (say.t("mine-back"), format.number(figures.cancelled + figures.returned)),
    ];
    shown_figures.extend(figures.spent.iter().map(|sum| (say.t("mine-spent"), format.money(sum.amount, sum.currency))));
    let groups = Group::ALL.iter().map(|group| Choosable::new(group.as_str(), say.t(words::group(*group)), wanted.group.as_str()));
    let sorts = WantedSort::ALL.iter().map(|sort| Choosable::new(sort.as_str(), say.t(words::sort(*sort)), wanted.sort.as_str()));
    let choices = vec![
        Choice { name: "show", label: say.t("mine-show"), options: groups.collect(), ..Choice::default() },
        Choice { name: "sort", label: say.t("mine-sort"), options: sorts.collect(), ..Choice::default() },
    ];
    let several_stores = history.orders.iter().any(|order| order.store_name != history.orders[0].store_name);
    let orders = history.orders.into_iter().zip(links).map(|(order, link)| {
        let (key, fill) = words::badge(order.standing);
        let things = say.count("mine-things", order.item_count, &format.number(order.item_count));
        let mut more = format!("{} · {things}", format.date(order.placed_at));
        if several_stores {
            more.push_str(&format!(" · {}", order.store_name));
        }
        OwnOrderView {
            href: format!("/t/{}", link.token.reveal()),
            number: order.number,
            summary: order.summary,
            more,
            key,
            fill,
            total: format.money(order.total, order.currency),
        }
    });
    Ok(MinePage {
        page,
        figures: shown_figures,
        since: figures.since.map(|since| say.one("mine-since", "date", format.date(since))),
        shop: asked.shop.map(|shop| shop.to_string()),
        q: wanted.text.clone(),
        choices,
        is_narrowed: !wanted.text.trim().is_empty() || wanted.group != Group::All,
        orders: orders.collect(),
        many: history.is_more.then(|| say.one("mine-many", "n", format.number(history.looked_at as i64))),
    })
}
