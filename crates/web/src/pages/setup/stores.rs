//! Stores: cards, a form for each, putting away and opening again.

use access::{NewStore, Store, stores};
use askama::Template;
use axum::http::{Method, StatusCode, Uri};
use axum::response::Response;
use base::calendar::{Span, StoreCalendar, WeeklyHours};
use base::{Ctx, Edge};
use db::Tx;
use kernel::{Amount, Country, Currency, Day, Error, FieldError, Id, Locale, NumberStyle, Permission, StoreId, TaxMode, WeekStart};
use orders::{Archived, OrderFilter, Total};

use super::form::{Group, Input, Kind, Typed, refuse};
use super::{Here, Top, bad, frame, toast, with_status};
use crate::badges;
use crate::error::{Outcome, Problem};
use crate::extract::{Form, Info, Path};
use crate::pages::LANGUAGES;
use crate::pages::amounts::{amount as amount_of, plain};
use crate::pages::context::{Reader, html, see};
use crate::pages::view::{Choosable, Confirm, Notice, Shell};
use crate::router::{Access, Route};
use crate::words::Words;

const NEEDS: Access = Access::Needs(Permission::StoreEdit);

/// What the field for a colour shows of a store that has none.
const USUAL_COLOR: &str = "#0e7490";

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::page(Method::GET, "/app/stores", NEEDS, "page_stores", list),
        Route::page(Method::GET, "/app/stores/new", NEEDS, "page_new_store", show_new),
        Route::page(Method::POST, "/app/stores", NEEDS, "page_create_store", create),
        Route::page(Method::GET, "/app/stores/{id}", NEEDS, "page_store", show),
        Route::page(Method::POST, "/app/stores/{id}", NEEDS, "page_change_store", change),
        Route::page(Method::POST, "/app/stores/{id}/archive", NEEDS, "page_archive_store", archive),
        Route::page(Method::POST, "/app/stores/{id}/reopen", NEEDS, "page_reopen_store", reopen),
    ]
}

/// A store as its card shows it.
#[derive(Clone, Debug)]
struct StoreCard {
    id: String,
    name: String,
    code: String,
    initials: String,
    tone: &'static str,
    /// Its own colour.
    color: Option<String>,
    facts: Vec<(&'static str, String)>,
    is_archived: bool,
}

#[derive(Template)]
#[template(path = "setup/stores.html")]
struct StoresPage {
    page: Shell,
    top: Top,
    stores: Vec<StoreCard>,
    may_open: bool,
}

#[derive(Template)]
#[template(path = "setup/store.html")]
struct StorePage {
    page: Shell,
    top: Top,
    action: String,
    version: i64,
    groups: Vec<Group>,
    button: String,
    /// Where the form that opens it again is sent.
    reopen: Option<String>,
    archive: Option<Confirm>,
}

/// Zones offered in a list; any other that a store has is added to it.
pub(super) const ZONES: [&str; 14] = [
    "Africa/Algiers",
    "Africa/Cairo",
    "Africa/Casablanca",
    "Africa/Lagos",
    "Africa/Nairobi",
    "Africa/Tunis",
    "Asia/Dhaka",
    "Asia/Dubai",
    "Asia/Karachi",
    "Asia/Riyadh",
    "Europe/Istanbul",
    "Europe/London",
    "Europe/Paris",
    "UTC",
];
pub(super) const CURRENCIES: [&str; 14] = ["DZD", "AED", "BDT", "EGP", "EUR", "GBP", "KES", "MAD", "NGN", "PKR", "SAR", "TND", "TRY", "USD"];
pub(super) const COUNTRIES: [(&str, &str); 14] = [
    ("DZ", "setup-algeria"),
    ("BD", "setup-bangladesh"),
    ("EG", "stores-egypt"),
    ("FR", "stores-france"),
    ("KE", "setup-kenya"),
    ("MA", "stores-morocco"),
    ("NG", "stores-nigeria"),
    ("PK", "stores-pakistan"),
    ("SA", "stores-saudi"),
    ("TN", "stores-tunisia"),
    ("TR", "stores-turkey"),
    ("AE", "stores-emirates"),
    ("GB", "stores-britain"),
    ("US", "stores-america"),
];
/// What is usual in these countries: currency (ISO 4217), time zone, the day on which the working week begins, how numbers are written
/// (CLDR). Only offered; a store may have it otherwise.
#[rustfmt::skip]
pub(super) const USUAL: [(&str, &str, &str, &str, &str); 14] = [
    ("DZ", "DZD", "Africa/Algiers",    "sunday", "space_comma"), ("BD", "BDT", "Asia/Dhaka",       "sunday", "comma_point"),
    ("EG", "EGP", "Africa/Cairo",      "sunday", "comma_point"), ("FR", "EUR", "Europe/Paris",     "monday", "space_comma"),
    ("KE", "KES", "Africa/Nairobi",    "monday", "comma_point"), ("MA", "MAD", "Africa/Casablanca", "monday", "point_comma"),
    ("NG", "NGN", "Africa/Lagos",      "monday", "comma_point"), ("PK", "PKR", "Asia/Karachi",     "monday", "comma_point"),
    ("SA", "SAR", "Asia/Riyadh",       "sunday", "comma_point"), ("TN", "TND", "Africa/Tunis",     "monday", "space_comma"),
    ("TR", "TRY", "Europe/Istanbul",   "monday", "point_comma"), ("AE", "AED", "Asia/Dubai",       "monday", "comma_point"),
    ("GB", "GBP", "Europe/London",     "monday", "comma_point"), ("US", "USD", "America/New_York", "monday", "comma_point"),
];
pub(super) const STYLES: [(&str, &str); 3] = [("space_comma", "12\u{202f}900,50"), ("comma_point", "12,900.50"), ("point_comma", "12.900,50")];
pub(super) const WEEKS: [(&str, &str); 3] = [("saturday", "setup-saturday"), ("sunday", "setup-sunday"), ("monday", "setup-monday")];
const DAYS: [(&str, &str); 7] = [
    ("saturday", "setup-saturday"),
    ("sunday", "setup-sunday"),
    ("monday", "setup-monday"),
    ("tuesday", "stores-tuesday"),
    ("wednesday", "stores-wednesday"),
    ("thursday", "stores-thursday"),
    ("friday", "stores-friday"),
];

/// Values that are their own names; the chosen one is there even when the list lacks it.
pub(super) fn plain_options(values: &[&str], chosen: &str) -> Vec<Choosable> {
    let mut options: Vec<Choosable> = values.iter().map(|value| Choosable::new(*value, *value, chosen)).collect();
    if !chosen.is_empty() && !values.contains(&chosen) {
        options.insert(0, Choosable::new(chosen, chosen, chosen));
    }
    options
}

/// Values with the messages that name them; the chosen one is there even when the list lacks it.
pub(super) fn said_options(say: Words, pairs: &[(&str, &str)], chosen: &str) -> Vec<Choosable> {
    let mut options: Vec<Choosable> = pairs.iter().map(|(value, key)| Choosable::new(*value, say.t(key), chosen)).collect();
    if !chosen.is_empty() && pairs.iter().all(|(value, _)| *value != chosen) {
        options.insert(0, Choosable::new(chosen, chosen, chosen));
    }
    options
}

pub(super) fn language_options(chosen: &str) -> Vec<Choosable> {
    LANGUAGES.iter().map(|(value, label)| Choosable::new(*value, *label, chosen)).collect()
}

fn style_options(chosen: &str) -> Vec<Choosable> {
    STYLES.iter().map(|(value, label)| Choosable::new(*value, *label, chosen)).collect()
}

/// The form of a store: a new one may choose its currency.
fn groups(say: Words, store: &NewStore, is_new: bool) -> Vec<Group> {
    let t = |key: &str| say.t(key);
    let currency = store.currency;
    let code = currency.code();
    let mut money = Vec::new();
    if is_new {
        let currencies = plain_options(&CURRENCIES, code);
        money.push(Input::select("currency", t("setup-currency"), currencies).hint(t("stores-currency-hint")));
    }
    let amount = |name: &str, label: &str, hint: &str, amount: Amount| Input {
        unit: Some(code.to_owned()),
        ..Input::new(Kind::Number, name, t(label), plain(amount, currency)).hint(t(hint))
    };
    let percent = plain_percent(store.tax_rate_ppm);
    money.extend([
        Input::select("number_style", t("setup-numbers"), style_options(store.number_style.as_str())),
        amount("shipping_fee", "stores-shipping-fee", "stores-shipping-fee-hint", store.shipping_fee),
        amount("cod_fee", "stores-cod-fee", "stores-cod-fee-hint", store.cod_fee),
        Input::select(
            "tax_mode",
            t("stores-tax-mode"),
            said_options(say, &[("inclusive", "stores-tax-inclusive"), ("exclusive", "stores-tax-exclusive")], store.tax_mode.as_str()),
        ),
        Input { unit: Some("%".to_owned()), ..Input::new(Kind::Number, "tax_rate_ppm", t("stores-tax-rate"), percent) },
        Input::text("tax_label", t("stores-tax-label"), store.tax_label.clone()).hint(t("stores-tax-label-hint")).optional(),
    ]);
    let hours =
        DAYS.iter().map(|(day, key)| Input::text(format!("hours_{day}"), t(key), write_spans(day_of(&store.calendar.hours, day))).ltr().quiet());
    let holidays = store.calendar.holidays.iter().map(|day| day.date().to_string()).collect::<Vec<_>>().join("\n");
    vec![
        Group::of(
            Some(t("stores-group-what")),
            vec![
                Input::text("name", t("stores-name"), store.name.clone()),
                Input::text("code", t("setup-store-code"), store.code.clone()).hint(t("setup-store-code-hint")).ltr(),
                Input::new(Kind::Color, "color", t("stores-color"), store.color.clone().unwrap_or_else(|| USUAL_COLOR.to_owned()))
                    .hint(t("stores-color-hint"))
                    .optional(),
                Input::select("notify_language", t("stores-language"), language_options(store.notify_language.as_str()))
                    .hint(t("stores-language-hint")),
            ],
        ),
        Group::of(
            Some(t("stores-group-where")),
            vec![
                Input::select("country", t("setup-country"), said_options(say, &COUNTRIES, store.country.code())).hint(t("stores-country-hint")),
                Input::select("zone", t("setup-zone"), plain_options(&ZONES, &store.zone)),
                Input::select("week_start", t("setup-week"), said_options(say, &WEEKS, store.week_start.as_str())),
            ],
        ),
        Group::of(Some(t("stores-group-money")), money),
        Group { title: Some(t("stores-group-hours")), text: Some(t("stores-hours-text")), inputs: hours.collect() },
        Group::of(None, vec![Input::new(Kind::Area, "holidays", t("stores-holidays"), holidays).hint(t("stores-holidays-hint")).ltr().optional()]),
    ]
}

/// A share in millionths as percent: `19`, `7.5`.
fn plain_percent(ppm: i64) -> String {
    let (whole, rest) = (ppm / 10_000, ppm % 10_000);
    if rest == 0 { whole.to_string() } else { format!("{whole}.{rest:04}").trim_end_matches('0').to_owned() }
}

fn read_percent(text: &str) -> Option<i64> {
    let text = kernel::western_digits(text).trim().trim_end_matches(['%', '٪']).trim().replace(',', ".");
    let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
    if rest.len() > 4 || !rest.bytes().all(|sign| sign.is_ascii_digit()) {
        return None;
    }
    let whole: i64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let rest: i64 = format!("{rest:0<4}").parse().ok()?;
    whole.checked_mul(10_000)?.checked_add(rest)
}

fn day_of<'a>(hours: &'a WeeklyHours, day: &str) -> &'a [Span] {
    match day {
        "monday" => &hours.monday,
        "tuesday" => &hours.tuesday,
        "wednesday" => &hours.wednesday,
        "thursday" => &hours.thursday,
        "friday" => &hours.friday,
        "saturday" => &hours.saturday,
        _ => &hours.sunday,
    }
}

fn day_mut<'a>(hours: &'a mut WeeklyHours, day: &str) -> &'a mut Vec<Span> {
    match day {
        "monday" => &mut hours.monday,
        "tuesday" => &mut hours.tuesday,
        "wednesday" => &mut hours.wednesday,
        "thursday" => &mut hours.thursday,
        "friday" => &mut hours.friday,
        "saturday" => &mut hours.saturday,
        _ => &mut hours.sunday,
    }
}

/// `09:00-12:00, 13:00-18:00`
fn write_spans(spans: &[Span]) -> String {
    let clock = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
    spans.iter().map(|span| format!("{}-{}", clock(span.opens), clock(span.closes))).collect::<Vec<_>>().join(", ")
}

fn read_spans(text: &str) -> Option<Vec<Span>> {
    let clock = |text: &str| -> Option<u16> {
        let (hour, minute) = text.trim().split_once(':').unwrap_or((text.trim(), "0"));
        let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
        (hour <= 24 && minute < 60 && hour * 60 + minute <= 1_440).then_some(hour * 60 + minute)
    };
    let spans = text.split([',', ';', '،']).map(str::trim).filter(|span| !span.is_empty());
    spans
        .map(|span| {
            let (opens, closes) = span.split_once(['-', '–'])?;
            Some(Span { opens: clock(opens)?, closes: clock(closes)? })
        })
        .collect()
}

/// The store that the form describes, over what it was; every field that cannot be read.
fn read(typed: &Typed, before: &NewStore) -> Result<NewStore, Error> {
    let mut wrong = Vec::new();
    let currency: Currency = typed.read("currency").unwrap_or(before.currency);
    let mut amount = |name: &str, stands: Amount| match typed.filled(name) {
        None => Amount::ZERO,
        Some(text) => amount_of(&text, currency).unwrap_or_else(|| {
            wrong.push(FieldError::new(name.to_owned(), "amount.text"));
            stands
        }),
    };
    let shipping_fee = amount("shipping_fee", before.shipping_fee);
    let cod_fee = amount("cod_fee", before.cod_fee);
    let tax_rate_ppm = read_percent(typed.get("tax_rate_ppm")).unwrap_or_else(|| {
        wrong.push(FieldError::new("tax_rate_ppm", "format").with("expected", "19"));
        0
    });
    let country: Country = typed.read("country").unwrap_or_else(|| {
        wrong.push(FieldError::new("country", "required"));
        before.country
    });
    let mut calendar: StoreCalendar = before.calendar.clone();
    for (day, _) in DAYS {
        let name = format!("hours_{day}");
        if typed.has(&name) {
            match read_spans(typed.get(&name)) {
                Some(spans) => *day_mut(&mut calendar.hours, day) = spans,
                None => wrong.push(FieldError::new(name, "format").with("expected", "09:00-18:00")),
            }
        }
    }
    if typed.has("holidays") {
        let days: Option<std::collections::BTreeSet<Day>> = typed.get("holidays").split_whitespace().map(Day::parse).collect();
        match days {
            Some(days) => calendar.holidays = days,
            None => wrong.push(FieldError::new("holidays", "format").with("expected", "2026-11-01")),
        }
    }
    if !wrong.is_empty() {
        return Err(Error::Invalid(wrong));
    }
    Ok(NewStore {
        code: typed.get("code").to_owned(),
        name: typed.get("name").to_owned(),
        currency,
        country,
        zone: typed.filled("zone").unwrap_or_else(|| before.zone.clone()),
        week_start: typed.read::<WeekStart>("week_start").unwrap_or(before.week_start),
        number_style: typed.read::<NumberStyle>("number_style").unwrap_or(before.number_style),
        tax_mode: typed.read::<TaxMode>("tax_mode").unwrap_or(before.tax_mode),
        tax_rate_ppm,
        tax_label: typed.get("tax_label").to_owned(),
        shipping_fee,
        cod_fee,
        // A browser's field for a colour cannot be empty: the usual one says nothing.
        color: typed.filled("color").filter(|color| before.color.is_some() || color != USUAL_COLOR),
        calendar,
        notify_language: typed.read::<Locale>("notify_language").unwrap_or(before.notify_language),
    })
}

/// Words that the action uses for hours, beside the field of the day.
fn beside_days(error: Error) -> Error {
    let Error::Invalid(fields) = error else { return error };
    let renamed = fields.into_iter().map(|field| match field.field.strip_prefix("calendar.hours.") {
        Some(rest) => {
            let day = rest.split('[').next().unwrap_or(rest).to_owned();
            FieldError { field: format!("hours_{day}"), ..field }
        }
        None => field,
    });
    Error::Invalid(renamed.collect())
}

/// `GET /app/stores`
async fn list(edge: Edge, info: Info, uri: Uri) -> Outcome<Response> {
    let (reader, cards) = edge
        .read(|tx, ctx| {
            let reader = Reader::load(tx, ctx)?;
            let all = stores::list(tx, ctx, true)?;
            let cards = all.iter().map(|store| card(tx, ctx, &reader, store)).collect::<Result<Vec<_>, Error>>()?;
            Ok((reader, cards))
        })
        .await?;
    let ctx = &edge.ctx;
    let say = Words { locale: ctx.locale };
    let heading = say.t("stores-title");
    let open = cards.iter().filter(|card| !card.is_archived).count() as i64;
    let top = Top { heading: heading.clone(), subtitle: say.count("stores-subtitle", open, &open.to_string()), ..Top::default() };
    let page = frame(&reader, ctx, &info, Here { heading: &heading, section: "shell-nav-stores", back: None, uri: &uri, toast: toast(say, &uri) });
    html(&StoresPage { page, top, stores: cards, may_open: ctx.can(Permission::StoreSeeAll) })
}

fn card(tx: &mut Tx, ctx: &Ctx, reader: &Reader, store: &Store) -> Result<StoreCard, Error> {
    let say = Words { locale: ctx.locale };
    let format = reader.format(ctx).of_store(store.number_style, &store.zone);
    let mut facts = Vec::new();
    if ctx.can(Permission::OrderRead) {
        let today = ctx.now.day_in(&store.zone).start_in(&store.zone);
        let filter = OrderFilter { stores: vec![store.id], placed_from: Some(today), archived: Archived::Any, ..OrderFilter::default() };
        let (Total::Exact(count) | Total::AtLeast(count)) = orders::count(tx, ctx, &filter)?;
        facts.push(("stores-orders-today", format.number(count)));
    }
    facts.push(("setup-currency", store.currency.to_string()));
    facts.push(("setup-country", country_name(say, store.country)));
    facts.push(("stores-shipping-fee", format.money(store.shipping_fee, store.currency)));
    let tax = if store.tax_rate_ppm == 0 { say.t("stores-no-tax") } else { format!("{} {}", format.percent(store.tax_rate_ppm), store.tax_label) };
    facts.push(("stores-tax", tax));
    Ok(StoreCard {
        id: store.id.to_string(),
        name: store.name.clone(),
        code: store.code.clone(),
        initials: badges::initials(&store.name),
        tone: badges::person_tone(store.id.to_i64()),
        color: store.color.clone(),
        facts,
        is_archived: store.is_archived,
    })
}

fn country_name(say: Words, country: Country) -> String {
    COUNTRIES.iter().find(|(code, _)| *code == country.code()).map_or_else(|| country.to_string(), |(_, key)| say.t(key))
}

/// The form of a store that is there, or of a new one, as it stands or as it was refused.
struct FormOf {
    stands: NewStore,
    store: Option<std::sync::Arc<Store>>,
    reader: Reader,
    /// Whether another open store remains.
    is_last: bool,
}

impl FormOf {
    fn load(tx: &mut Tx, ctx: &Ctx, id: Option<StoreId>) -> Result<FormOf, Error> {
        let store = id.map(|id| stores::find(tx, ctx, id)).transpose()?;
        let reader = Reader::load(tx, ctx)?;
        let stands = match (&store, reader.stores.first()) {
            (Some(store), _) => NewStore::of(store),
            // A new store is as the first one, but for its name.
            (None, Some(first)) => NewStore { code: String::new(), name: String::new(), color: None, ..NewStore::of(first) },
            (None, None) => NewStore::algerian("", ""),
        };
        let is_last = reader.stores.len() < 2;
        Ok(FormOf { stands, store, reader, is_last })
    }

    fn page(&self, ctx: &Ctx, info: &Info, uri: &Uri, refused: Option<(&Problem, &Typed)>) -> StorePage {
        let say = Words { locale: ctx.locale };
        let mut groups = groups(say, &self.stands, self.store.is_none());
        let notice = refused.and_then(|(problem, typed)| refuse(say, problem, typed, &mut groups)).and_then(bad);
        let heading = self.store.as_ref().map_or_else(|| say.t("stores-new"), |store| store.name.clone());
        let is_archived = self.store.as_ref().is_some_and(|store| store.is_archived);
        let subtitle = match &self.store {
            Some(store) => say.with("stores-fixed", &[("code", store.code.clone()), ("currency", store.currency.to_string())]),
            None => say.t("stores-new-text"),
        };
        let here = Here { heading: &heading, section: "shell-nav-stores", back: Some("/app/stores"), uri, toast: toast(say, uri) };
        let page = frame(&self.reader, ctx, info, here);
        let archive = self.store.as_ref().filter(|store| !store.is_archived && !self.is_last).map(|store| Confirm {
            say,
            csrf: page.csrf.clone(),
            id: "archive".to_owned(),
            class: "bad",
            button: say.t("stores-archive"),
            title: say.one("stores-archive-title", "name", &store.name),
            text: say.t("stores-archive-text"),
            verb: say.t("stores-archive"),
            action: format!("/app/stores/{}/archive", store.id),
            hidden: Vec::new(),
        });
        StorePage {
            page,
            top: Top {
                heading,
                subtitle,
                notice: notice.or_else(|| is_archived.then(|| Notice { tone: "warn", text: say.t("stores-is-archived") })),
                ..Top::default()
            },
            action: self.store.as_ref().map_or_else(|| "/app/stores".to_owned(), |store| format!("/app/stores/{}", store.id)),
            version: self.store.as_ref().map_or(0, |store| store.version),
            groups,
            button: say.t(if self.store.is_some() { "set-save" } else { "stores-open" }),
            reopen: self.store.as_ref().filter(|store| store.is_archived).map(|store| format!("/app/stores/{}/reopen", store.id)),
            archive,
        }
    }
}

async fn show_form(edge: &Edge, info: &Info, uri: &Uri, id: Option<StoreId>, refused: Option<(Problem, Typed)>) -> Outcome<Response> {
    let form = edge.read(move |tx, ctx| FormOf::load(tx, ctx, id)).await?;
    let status = refused.as_ref().map_or(StatusCode::OK, |(problem, _)| problem.status());
    with_status(&form.page(&edge.ctx, info, uri, refused.as_ref().map(|(problem, typed)| (problem, typed))), status)
}

/// `GET /app/stores/new`
async fn show_new(edge: Edge, info: Info, uri: Uri) -> Outcome<Response> {
    // Who sees some stores cannot add to them.
    edge.ctx.require(Permission::StoreSeeAll)?;
    show_form(&edge, &info, &uri, None, None).await
}

/// `POST /app/stores`
async fn create(edge: Edge, info: Info, uri: Uri, Form(typed): Form<Typed>) -> Outcome<Response> {
    let form = typed.clone();
    let made = edge.write(move |tx, ctx| {
        let stands = FormOf::load(tx, ctx, None)?.stands;
        stores::create(tx, ctx, &read(&form, &stands)?).map_err(beside_days)
    });
    match made.await {
        Ok(_) => Ok(see("/app/stores?done=made")),
        Err(error) => refused(&edge, &info, &uri, None, typed, error).await,
    }
}

/// `GET /app/stores/{id}`
async fn show(Path(id): Path<StoreId>, edge: Edge, info: Info, uri: Uri) -> Outcome<Response> {
    show_form(&edge, &info, &uri, Some(id), None).await
}

/// `POST /app/stores/{id}`
async fn change(Path(id): Path<StoreId>, edge: Edge, info: Info, uri: Uri, Form(typed): Form<Typed>) -> Outcome<Response> {
    let form = typed.clone();
    let changed = edge.write(move |tx, ctx| {
        let before = stores::find(tx, ctx, id)?;
        let new = read(&form, &NewStore::of(&before))?;
        stores::change(tx, ctx, id, &new, form.version()).map_err(beside_days)
    });
    match changed.await {
        Ok(_) => Ok(see(&format!("/app/stores/{id}?done=saved"))),
        Err(error) => refused(&edge, &info, &uri, Some(id), typed, error).await,
    }
}

async fn refused(edge: &Edge, info: &Info, uri: &Uri, id: Option<StoreId>, typed: Typed, error: Error) -> Outcome<Response> {
    match error {
        Error::Invalid(_) | Error::Conflict { .. } | Error::Stale { .. } => show_form(edge, info, uri, id, Some((error.into(), typed))).await,
        other => Err(other.into()),
    }
}

/// `POST /app/stores/{id}/archive`
async fn archive(Path(id): Path<StoreId>, edge: Edge, info: Info, uri: Uri) -> Outcome<Response> {
    match edge.write(move |tx, ctx| stores::archive(tx, ctx, id)).await {
        Ok(_) => Ok(see("/app/stores?done=archived")),
        Err(error) => stands(&edge, &info, &uri, id, error).await,
    }
}

/// `POST /app/stores/{id}/reopen`
async fn reopen(Path(id): Path<StoreId>, edge: Edge, info: Info, uri: Uri) -> Outcome<Response> {
    match edge.write(move |tx, ctx| stores::reopen(tx, ctx, id)).await {
        Ok(_) => Ok(see(&format!("/app/stores/{id}?done=reopened"))),
        Err(error) => stands(&edge, &info, &uri, id, error).await,
    }
}

/// The store as it stands, with why it could not be put away or opened.
async fn stands(edge: &Edge, info: &Info, uri: &Uri, id: StoreId, error: Error) -> Outcome<Response> {
    let Error::Conflict { .. } = error else { return Err(error.into()) };
    let problem = Problem::from(error);
    let form = edge.read(move |tx, ctx| FormOf::load(tx, ctx, Some(id))).await?;
    let mut page = form.page(&edge.ctx, info, uri, None);
    page.top.notice = bad(problem.title(edge.ctx.locale));
    with_status(&page, problem.status())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_read_as_they_are_written() {
        for text in ["09:00-18:00", "09:00-12:30, 13:30-18:00", "", "22:00-02:00"] {
            assert_eq!(write_spans(&read_spans(text).unwrap()), text);
        }
        assert_eq!(write_spans(&read_spans("9-18; 20–24").unwrap()), "09:00-18:00, 20:00-24:00");
        for wrong in ["from nine", "09:00", "25:00-26:00", "09:61-10:00"] {
            assert_eq!(read_spans(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn percent_is_read_as_it_is_written() {
        for (ppm, text) in [(190_000, "19"), (75_000, "7.5"), (0, "0"), (1, "0.0001")] {
            assert_eq!((plain_percent(ppm).as_str(), read_percent(text)), (text, Some(ppm)));
        }
        assert_eq!(
            (read_percent("5,5 %"), read_percent("١٩٪"), read_percent("many"), read_percent("")),
            (Some(55_000), Some(190_000), None, Some(0))
        );
    }
}
