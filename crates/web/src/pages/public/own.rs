//! `/t/{token}/change`, `/t/{token}/cancel`: what a customer changes about her order herself. The link leads here; a change takes the
//! end of her number or her address, too, because links travel.

use askama::Template;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::Response;
use base::Ctx;
use kernel::{Day, Error, FieldError, LineId, Locale, OrderState};
use tracking::{OwnChange, OwnReason, Tracked};

use super::track::{gone, load};
use super::view::{CancelPage, ChangeItem, ChangePage, Public};
use super::{Asked, Logo, Web, counted, dressed, message, shown, words};
use crate::error::{Outcome, Problem};
use crate::extract::{Form, Info, Path};
use crate::pages::context::see;
use crate::pages::drafts::desk::provinces;
use crate::pages::form::{beside, explain};
use crate::pages::typed::Typed;
use crate::pages::view::{Choosable, Field, Notice};
use crate::visitor;
use crate::words::Words;

/// What a field of a line is called: `line.lin_…`.
const LINE: &str = "line.";

/// What was done, as the page of the order is told.
const CHANGE: &str = "change";
const CANCEL: &str = "cancel";

/// A customer's request about her own order.
struct Visit {
    state: Web,
    info: Info,
    headers: HeaderMap,
    asked: Asked,
    locale: Locale,
    token: String,
}

impl Visit {
    fn new(state: Web, info: Info, uri: &Uri, headers: HeaderMap, token: String) -> Visit {
        let asked = Asked::read(uri);
        let locale = asked.locale(&headers, &info);
        Visit { state, info, headers, asked, locale, token }
    }

    fn counted(&self) -> Result<(), Error> {
        counted(&self.state, &self.info)
    }

    async fn gone(&self, error: Error) -> Outcome<Response> {
        gone(&self.state, &self.info, &self.headers, self.locale, &self.asked, error).await
    }

    fn frame(&self, ctx: &Ctx, order: &Tracked, heading: &str) -> Public {
        let say = Words { locale: self.locale };
        let mut page = dressed(say, &self.headers, &self.info, order.store.name.clone(), order.front.accent.clone(), say.t(heading));
        page.logo = order.logo.as_ref().map(|logo| Logo::of(ctx.org, logo));
        page
    }

    /// The form, as it was typed; with why it was refused.
    async fn show<F: OwnForm>(&self, typed: &Typed, refused: Option<Error>) -> Outcome<Response> {
        let lang = self.asked.lang.as_deref();
        let (edge, order) = match load(&self.state, &self.info, self.locale, &self.token).await {
            Ok(loaded) => loaded,
            Err(error) => return self.gone(error).await,
        };
        let page = self.frame(&edge.ctx, &order, F::HEADING);
        if !F::is_open(&order) {
            if let Some(done) = F::done(&order) {
                return Ok(see(&done_at(&self.token, done)));
            }
            return past_it(page, &self.token, lang);
        }
        let mut form = F::new(page, &self.token, &edge.ctx, &order, typed);
        let problem = match refused {
            None => return shown(&form, StatusCode::OK, lang),
            Some(error @ (Error::Invalid(_) | Error::Conflict { .. } | Error::TooMany { .. })) => Problem::from(error),
            Some(error) => return self.gone(error).await,
        };
        form.explain(&problem);
        let status = if problem.status() == StatusCode::TOO_MANY_REQUESTS { problem.status() } else { StatusCode::UNPROCESSABLE_ENTITY };
        let mut response = shown(&form, status, lang)?;
        if let Some(value) = problem.arg("seconds").and_then(|seconds| seconds.parse().ok()) {
            response.headers_mut().insert(header::RETRY_AFTER, value);
        }
        Ok(response)
    }
}

/// A form about one's own order.
trait OwnForm: Template {
    /// The message in its head.
    const HEADING: &'static str;
    /// Whether the order may still be treated so.
    fn is_open(order: &Tracked) -> bool;
    /// What the order says of it where nothing is left to do, as after a form that was sent twice.
    fn done(order: &Tracked) -> Option<&'static str>;
    fn new(page: Public, token: &str, ctx: &Ctx, order: &Tracked, typed: &Typed) -> Self;
    /// Puts the problem beside its fields, and above the form what names none of them.
    fn explain(&mut self, problem: &Problem);
}

/// `GET /t/{token}/change`
pub(super) async fn show_change(state: Web, info: Info, uri: Uri, headers: HeaderMap, Path(token): Path<String>) -> Outcome<Response> {
    Visit::new(state, info, &uri, headers, token).show::<ChangePage>(&Typed::default(), None).await
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
    let visit = Visit::new(state, info, &uri, headers, token);
    match make_change(&visit, &typed).await {
        Ok(()) => Ok(see(&done_at(&visit.token, CHANGE))),
        Err(error) => visit.show::<ChangePage>(&typed, Some(error)).await,
    }
}

async fn make_change(visit: &Visit, typed: &Typed) -> Result<(), Error> {
    let wanted = wanted(typed)?;
    visit.counted()?;
    let lines: Vec<LineId> = wanted.lines.iter().map(|(id, _)| *id).collect();
    let done = visitor::change(&visit.state, &visit.info, visit.locale, &visit.token, typed.get("proof"), wanted).await;
    done.map_err(|error| as_typed(error, &lines))
}

/// The error with its fields named as in the form: `lines[0].quantity` is `line.lin_…` there.
fn as_typed(error: Error, lines: &[LineId]) -> Error {
    let Error::Invalid(mut errors) = error else { return error };
    for error in &mut errors {
        let place = error.field.strip_prefix("lines[").and_then(|rest| rest.split_once(']')).and_then(|(place, _)| place.parse::<usize>().ok());
        if let Some(id) = place.and_then(|place| lines.get(place)) {
            error.field = format!("{LINE}{id}");
        }
    }
    Error::Invalid(errors)
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

impl OwnForm for ChangePage {
    const HEADING: &'static str = "track-change-title";

    fn is_open(order: &Tracked) -> bool {
        order.own.change
    }

    fn done(_: &Tracked) -> Option<&'static str> {
        None
    }

    fn new(page: Public, token: &str, ctx: &Ctx, order: &Tracked, typed: &Typed) -> ChangePage {
        let say = page.say;
        let text = |name: &'static str, key: &str, kind: &'static str, autocomplete: &'static str| Field {
            name,
            label: say.t(key),
            kind,
            value: typed.get(name).to_owned(),
            autocomplete,
            is_optional: true,
            ..Field::default()
        };
        let (first, last) = tracking::own_days(ctx, &order.store);
        ChangePage {
            items: if order.own.change_items { items(order, typed) } else { Vec::new() },
            lines: Field { name: "lines", ..Field::default() },
            days: (first.to_string(), last.to_string()),
            day: Field { is_ltr: true, hint: Some(say.t("track-change-day-hint")), ..text("day", "track-change-day", "date", "off") },
            line1: text("line1", "track-change-street", "text", "street-address"),
            city: text("city", "track-change-city", "text", "address-level2"),
            province: text("province", "track-change-province", "text", "address-level1"),
            provinces: provinces(say.locale, order.store.country, typed.get("province")),
            name: text("name", "track-change-name", "text", "name"),
            phone: Field { is_ltr: true, ..text("phone", "track-change-phone", "tel", "tel") },
            proof: proof(say),
            token: token.to_owned(),
            page,
        }
    }

    fn explain(&mut self, problem: &Problem) {
        let say = self.page.say;
        let ChangePage { items, lines, day, line1, city, province, name, phone, proof, .. } = self;
        let others = problem.errors().iter().filter(|error| match items.iter_mut().find(|item| item.name == error.field) {
            Some(item) => {
                item.error = Some(Problem::field_message(say.locale, error));
                false
            }
            None => true,
        });
        let others: Vec<&FieldError> = others.collect();
        let rest = if problem.errors().is_empty() {
            Some(problem.title(say.locale))
        } else {
            beside(say, others, &mut [lines, day, line1, city, province, name, phone, proof])
        };
        self.page.notice = rest.map(|text| Notice { tone: "bad", text });
    }
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
    Visit::new(state, info, &uri, headers, token).show::<CancelPage>(&Typed::default(), None).await
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
    let visit = Visit::new(state, info, &uri, headers, token);
    let reason: OwnReason = typed.read("reason").unwrap_or(OwnReason::ChangedMind);
    let done = match visit.counted() {
        Ok(()) => {
            visitor::cancel(&visit.state, &visit.info, visit.locale, &visit.token, typed.get("proof"), reason, typed.get("text").to_owned()).await
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => Ok(see(&done_at(&visit.token, CANCEL))),
        Err(error) => visit.show::<CancelPage>(&typed, Some(error)).await,
    }
}

impl OwnForm for CancelPage {
    const HEADING: &'static str = "track-cancel-title";

    fn is_open(order: &Tracked) -> bool {
        order.own.cancel
    }

    fn done(order: &Tracked) -> Option<&'static str> {
        (order.state == OrderState::Cancelled).then_some(CANCEL)
    }

    fn new(page: Public, token: &str, _: &Ctx, order: &Tracked, typed: &Typed) -> CancelPage {
        let say = page.say;
        let chosen = typed.filled("reason").unwrap_or_else(|| OwnReason::ChangedMind.as_str().to_owned());
        CancelPage {
            token: token.to_owned(),
            number: order.number.clone(),
            reasons: OwnReason::ALL.iter().map(|reason| Choosable::new(reason.as_str(), say.t(words::reason(*reason)), &chosen)).collect(),
            text: Field { name: "text", value: typed.get("text").to_owned(), ..Field::default() },
            proof: proof(say),
            page,
        }
    }

    fn explain(&mut self, problem: &Problem) {
        // The reason is chosen from a list; a store that does not keep one says so in words.
        let rest = explain(self.page.say, problem, &mut [&mut self.text, &mut self.proof]);
        self.page.notice = rest.map(|text| Notice { tone: "bad", text });
    }
}

fn done_at(token: &str, done: &str) -> String {
    format!("/t/{token}?done={done}#note")
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
