//! `/t/{token}`: the page of one order, by its signed link.

use askama::Template;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use base::{Ctx, Edge};
use kernel::{Error, Locale, Time, mask};
use serde::Deserialize;
use tracking::{Part, Stage, Standing, Tracked, Wish};

use super::view::{AskView, EntryView, ItemView, Meter, Pay, SaidView, StepView, TrackPage, TrackedPart};
use super::{Asked, Logo, Web, dressed, frame, kept_private, message, off, shown, words};
use crate::error::{Outcome, Problem};
use crate::extract::{Form, Info, Path};
use crate::format::Format;
use crate::pages::context::{html, is_part, see};
use crate::pages::view::{Choice, Choosable, Notice};
use crate::state::WebState;
use crate::visitor;
use crate::words::Words;

/// What somebody wrote who asks for something.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AskForm {
    #[serde(default)]
    request: String,
    #[serde(default)]
    text: String,
}

/// `GET /t/{token}`
pub(super) async fn show(state: Web, info: Info, uri: Uri, headers: HeaderMap, Path(token): Path<String>) -> Outcome<Response> {
    let asked = Asked::read(&uri);
    let locale = asked.locale(&headers, &info);
    match load(&state, &info, locale, &token).await {
        Ok((edge, order)) => {
            let mut part = part(&edge.ctx, &info, &headers, &token, order, &AskForm::default(), None);
            if asked.is_sent {
                part.page.notice = Some(Notice { tone: "ok", text: part.page.say.t("track-ask-done") });
            }
            match asked.done.as_str() {
                "change" => part.page.notice = Some(Notice { tone: "ok", text: part.page.say.t("track-change-done") }),
                "cancel" => part.page.notice = Some(Notice { tone: "ok", text: part.page.say.t("track-cancel-done") }),
                _ => {}
            }
            answer(part, is_part(&headers), StatusCode::OK, asked.lang.as_deref())
        }
        Err(error) => gone(&state, &info, &headers, locale, &asked, error).await,
    }
}

pub(super) async fn load(state: &WebState, info: &Info, locale: Locale, token: &str) -> Result<(Edge, Tracked), Error> {
    let edge = visitor::bearer(state, info, locale, token).await?;
    let token = token.to_owned();
    let order = edge.read(move |tx, ctx| {
        let order = tracking::open(tx, ctx, &token)?;
        tracking::show(tx, ctx, order)
    });
    let order = order.await?;
    Ok((edge, order))
}

fn answer(part: TrackedPart, is_part: bool, status: StatusCode, lang: Option<&str>) -> Outcome<Response> {
    if is_part {
        return Ok(kept_private(html(&part)?, lang));
    }
    let body = part.render().map_err(Error::internal)?;
    shown(&TrackPage { page: part.page, body }, status, lang)
}

/// The page of a link that leads nowhere any more.
pub(super) async fn gone(state: &WebState, info: &Info, headers: &HeaderMap, locale: Locale, asked: &Asked, error: Error) -> Outcome<Response> {
    match error {
        Error::Conflict { code: "link.spent", .. } => {
            let say = Words { locale };
            let page = frame(state, info, headers, locale, None, say.t("track-spent-title")).await?;
            let action = Some(("/track-order".to_owned(), say.t("track-other")));
            message(page, say.t("track-spent-text"), action, StatusCode::GONE, asked.lang.as_deref())
        }
        Error::NotFound { .. } => off(state, info, headers, locale, asked).await,
        other => Err(other.into()),
    }
}

/// `POST /t/{token}/request`
pub(super) async fn ask(
    state: Web,
    info: Info,
    uri: Uri,
    headers: HeaderMap,
    Path(token): Path<String>,
    Form(typed): Form<AskForm>,
) -> Outcome<Response> {
    let asked = Asked::read(&uri);
    let locale = asked.locale(&headers, &info);
    let wish: Wish = typed.request.parse().unwrap_or(Wish::Other);
    let edge = match visitor::bearer(&state, &info, locale, &token).await {
        Ok(edge) => edge,
        Err(error) => return gone(&state, &info, &headers, locale, &asked, error).await,
    };
    let (sent, text) = (token.clone(), typed.text.clone());
    let asking = edge.write(move |tx, ctx| {
        let order = tracking::open(tx, ctx, &sent)?;
        tracking::ask(tx, ctx, order, wish, &text)
    });
    match asking.await {
        Ok(()) => Ok(see(&format!("/t/{token}?sent=1#note"))),
        Err(Error::Conflict { code: "link.spent", .. }) => gone(&state, &info, &headers, locale, &asked, Error::conflict("link.spent")).await,
        Err(error @ (Error::Invalid(_) | Error::Conflict { .. })) => {
            let problem = Problem::from(error);
            match load(&state, &info, locale, &token).await {
                Ok((edge, order)) => {
                    let part = part(&edge.ctx, &info, &headers, &token, order, &typed, Some(&problem));
                    answer(part, false, StatusCode::UNPROCESSABLE_ENTITY, asked.lang.as_deref())
                }
                Err(error) => gone(&state, &info, &headers, locale, &asked, error).await,
            }
        }
        Err(error @ Error::NotFound { .. }) => gone(&state, &info, &headers, locale, &asked, error).await,
        Err(error) => Err(error.into()),
    }
}

fn part(ctx: &Ctx, info: &Info, headers: &HeaderMap, token: &str, order: Tracked, typed: &AskForm, problem: Option<&Problem>) -> TrackedPart {
    let say = Words { locale: ctx.locale };
    let (store, now) = (&order.store, ctx.now);
    let zone = store.zone.clone();
    let format = Format::new(ctx.locale, store.number_style, zone.clone(), now);
    let moment = |at: Time| words::moment(say, &format, &zone, now, at);
    let (heading, sentence) = words::standing(order.standing);
    let mut page = dressed(say, headers, info, store.name.clone(), order.front.accent.clone(), say.t(heading));
    page.query = format!("?shop={}", ctx.org);
    page.logo = order.logo.as_ref().map(|logo| Logo::of(ctx.org, logo));

    let steps =
        order.route.iter().map(|part| StepView { note: note(say, &order, part), ..step(say, &format, part, order.standing, part.at.map(&moment)) });
    let entries = order.entries.iter().map(|entry| EntryView {
        iso: format.iso(entry.at),
        at: moment(entry.at),
        status: words::news(say, &entry.status),
        place: entry.place.clone(),
        text: entry.text.clone(),
    });
    let said = order.said.iter().map(|said| SaidView { iso: format.iso(said.at), at: moment(said.at), text: said.text.clone() });
    let ask = ask_view(say, &order, typed, problem);
    if ask.error.is_none()
        && let Some(problem) = problem
    {
        page.notice = Some(Notice { tone: "bad", text: problem.title(say.locale) });
    }
    let digits = |number: &String| -> String { number.chars().filter(char::is_ascii_digit).collect() };
    TrackedPart {
        tone: if order.standing.is_over() || order.standing == Standing::Lost {
            "off"
        } else if order.is_late {
            "late"
        } else {
            "on"
        },
        truck: truck(order.standing),
        promise: promise(say, &format, &order, now),
        sentence: say.t(sentence),
        progress: order.progress.map(|percent| format.percent(i64::from(percent) * 10_000)),
        meter: order.progress.map(|percent| Meter {
            class: meter_class(percent),
            label: say.one("track-progress", "percent", format.percent(i64::from(percent) * 10_000)),
        }),
        steps: steps.collect(),
        items: order
            .items
            .iter()
            .map(|item| ItemView {
                title: item.title.clone(),
                variant: item.variant.clone(),
                quantity: format.number(item.quantity),
                total: format.money(item.total, order.currency),
            })
            .collect(),
        courier: order.courier.clone(),
        parcel: order.parcel.clone(),
        entries: entries.collect(),
        pay: pay(say, &format, &order),
        sums: sums(say, &format, &order),
        own: order.own,
        said: said.collect(),
        address: address(&order),
        phone: order.front.phone.as_ref().map(|number| format!("+{}", digits(number))),
        whatsapp: order.front.whatsapp.as_ref().map(|number| {
            let hello = say.one("track-hello", "number", &order.number);
            format!("{}?text={}", digits(number), crate::pages::context::encoded(&hello).replace('+', "%20"))
        }),
        is_urgent: order.is_late || matches!(order.standing, Standing::NotMet | Standing::Lost),
        contact: say.with("track-contact-text", &[("store", store.name.clone()), ("number", order.number.clone())]),
        ask,
        token: token.to_owned(),
        mine: Some(format!("/my-orders?shop={}", ctx.org)),
        here: format!("/t/{token}?lang={}", say.lang()),
        as_of: say.one("track-as-of", "time", format.clock(now)),
        number: order.number,
        page,
    }
}

fn step(say: Words, format: &Format, part: &Part, standing: Standing, at: Option<String>) -> StepView {
    let is_red = matches!(part.stage, Stage::Cancelled | Stage::Back) || matches!(standing, Standing::Lost);
    StepView {
        class: match (part.is_done, part.is_now, is_red) {
            (true, ..) => "done",
            (_, true, true) => "now red",
            (_, true, false) => "now",
            _ => "next",
        },
        is_now: part.is_now,
        icon: match (part.is_done, part.is_now) {
            (true, _) => Some("check"),
            (_, true) => Some(words::stage_icon(part.stage)),
            _ => None,
        },
        label: say.t(words::stage(part.stage)),
        note: None,
        at: part.at.zip(at).map(|(at, text)| (format.iso(at), text)),
    }
}

/// What stands under a stop: where the parcel was heard of last, at the present one; who carries it, where it was handed over.
fn note(say: Words, order: &Tracked, part: &Part) -> Option<String> {
    let heard = order.entries.first().filter(|entry| part.is_now && part.at.is_some_and(|at| entry.at >= at));
    match (heard, part.stage) {
        (Some(entry), Stage::Sent | Stage::Near) => {
            let status = words::news(say, &entry.status);
            Some([Some(status), entry.place.clone()].into_iter().flatten().collect::<Vec<_>>().join(" · "))
        }
        (_, Stage::Sent) if part.is_done || part.is_now => order.courier.clone(),
        _ => None,
    }
}

/// The promise in words: a day, near or far, or that it is late.
fn promise(say: Words, format: &Format, order: &Tracked, now: Time) -> Option<String> {
    let day = order.promised_on.filter(|_| order.standing.is_coming())?;
    let zone = &order.store.zone;
    let today = now.day_in(zone);
    let key = match day {
        day if day < today => "track-promise-late",
        day if day == today => "track-promise-today",
        day if day == today.plus(1) => "track-promise-tomorrow",
        _ => "track-promise-on",
    };
    Some(say.one(key, "day", words::day(say, format, zone, day)))
}

fn pay(say: Words, format: &Format, order: &Tracked) -> Option<Pay> {
    use kernel::{Amount, PaymentMethod};
    let money = |amount| format.money(amount, order.currency);
    let to_pay = order.to_pay?;
    Some(match (to_pay > Amount::ZERO, order.payment_method, order.standing) {
        (true, PaymentMethod::Cod, _) => Pay { label: say.t("track-pay-door"), amount: money(to_pay), icon: "banknote" },
        (true, ..) => Pay { label: say.t("track-pay-open"), amount: money(to_pay), icon: "banknote" },
        (false, _, Standing::Delivered) => Pay { label: say.t("track-pay-total"), amount: money(order.total), icon: "circle-check" },
        (false, ..) => Pay { label: say.t("track-pay-nothing"), amount: money(to_pay), icon: "circle-check" },
    })
}

/// What the total is made of, where it is more than the things alone.
fn sums(say: Words, format: &Format, order: &Tracked) -> Vec<(String, String)> {
    use kernel::Amount;
    let money = |amount| format.money(amount, order.currency);
    let mut sums = Vec::new();
    if order.subtotal != order.total {
        sums.push((say.t("order-subtotal"), money(order.subtotal)));
    }
    for (key, amount) in [("order-discount", -order.discount), ("order-shipping-fee", order.fees), ("order-field-tax", order.tax)] {
        if amount != Amount::ZERO {
            sums.push((say.t(key), money(amount)));
        }
    }
    sums.push((say.t("order-total"), money(order.total)));
    sums
}

/// Name, number, street, place: what is known of them, a line each.
fn address(order: &Tracked) -> Vec<(String, bool)> {
    let place: Vec<&str> = [&order.city, &order.province].into_iter().filter_map(|part| part.as_deref()).filter(|part| !part.is_empty()).collect();
    let street = order.street.clone().filter(|street| street != mask::DOTS || !place.is_empty());
    let mut lines = vec![(order.name.clone(), false)];
    lines.extend(order.phone.clone().map(|phone| (phone, true)));
    lines.extend(street.map(|street| (street, false)));
    lines.push((place.join(", "), false));
    lines.retain(|(line, _)| !line.is_empty());
    lines
}

/// Where the truck is on its way over the dunes, and where on the part of them that a phone shows; what left its way shows none.
fn truck(standing: Standing) -> Vec<(&'static str, u32, u32)> {
    let [(x, y), (slim_x, slim_y)] = match standing {
        Standing::Received | Standing::NotReached => [(1_090, 191), (838, 210)],
        Standing::Confirmed | Standing::Waiting => [(940, 200), (800, 213)],
        Standing::Preparing => [(760, 214), (760, 214)],
        Standing::Sent => [(572, 202), (572, 202)],
        Standing::AtOffice | Standing::NotMet | Standing::Near => [(290, 207), (442, 197)],
        Standing::Delivered => [(90, 222), (365, 204)],
        _ => return Vec::new(),
    };
    vec![("wide", x, y), ("slim", slim_x, slim_y)]
}

fn meter_class(percent: u8) -> &'static str {
    match percent {
        0..=4 => "p-0",
        5..=14 => "p-1",
        15..=24 => "p-2",
        25..=34 => "p-3",
        35..=44 => "p-4",
        45..=54 => "p-5",
        55..=67 => "p-6",
        68..=79 => "p-7",
        80..=87 => "p-8",
        88..=96 => "p-9",
        _ => "p-10",
    }
}

fn ask_view(say: Words, order: &Tracked, typed: &AskForm, problem: Option<&Problem>) -> AskView {
    // What she may do herself stands beside the form.
    let is_asked = |wish: &&Wish| match wish {
        Wish::OtherDay | Wish::Address => !order.own.change,
        Wish::Cancel => !order.own.cancel,
        Wish::Return | Wish::Other => true,
    };
    let wishes: Vec<&Wish> = order.wishes.iter().filter(is_asked).collect();
    let chosen = if typed.request.is_empty() { wishes.first().map_or(Wish::Other, |wish| **wish).as_str() } else { &typed.request };
    let options = wishes.iter().map(|wish| Choosable::new(wish.as_str(), say.t(words::wish(**wish)), chosen));
    let error = problem.and_then(|problem| problem.errors().first()).map(|error| Problem::field_message(say.locale, error));
    AskView {
        title: say.t(if order.standing == Standing::Delivered { "track-ask-return" } else { "track-ask" }),
        what: Choice { name: "request", label: say.t("track-ask-what"), options: options.collect(), ..Choice::default() },
        text: typed.text.clone(),
        error,
        is_open: problem.is_some() || order.standing == Standing::NotMet,
    }
}
