//! The first start, after the first Admin is in: the shop, its money and places, the team, the first orders. Each step is saved alone
//! and may be left for later.

use access::users::Invited;
use access::{NewStore, NewUser, Role, Store, roles, stores, users};
use askama::Template;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::Response;
use base::{Ctx, Edge, settings};
use db::Tx;
use kernel::{Amount, Country, Currency, Error, FieldError, Locale, NumberStyle, Permission, WeekStart};
use serde_json::{Map, Value};

use super::form::{Group, Input, Kind, Typed, refuse};
use super::stores::{COUNTRIES, CURRENCIES, STYLES, USUAL, WEEKS, ZONES, language_options, plain_options, said_options};
use super::{asked, bad, with_status};
use crate::error::{Outcome, Problem};
use crate::extract::{Form, Info};
use crate::pages::amounts::{amount, plain};
use crate::pages::context::{LANGUAGE_COOKIE, encoded, gate, preference_cookie, see, visitor_locale};
use crate::pages::sections;
use crate::pages::view::{Choosable, Gate, Notice, Step};
use crate::router::{Access, Route};
use crate::words::Words;

/// How many steps the first start has.
const STEPS: usize = 5;

/// The people that one form may invite.
const ROWS: usize = 3;

pub(super) fn routes() -> Vec<Route> {
    let store = Access::Needs(Permission::StoreEdit);
    let user = Access::Needs(Permission::UserEdit);
    vec![
        Route::page(Method::GET, "/app/set-up", store, "page_set_up_store", show_store),
        Route::page(Method::POST, "/app/set-up", store, "page_do_set_up_store", save_store),
        Route::page(Method::GET, "/app/set-up/money", store, "page_set_up_money", show_money),
        Route::page(Method::POST, "/app/set-up/money", store, "page_do_set_up_money", save_money),
        Route::page(Method::GET, "/app/set-up/team", user, "page_set_up_team", show_team),
        Route::page(Method::POST, "/app/set-up/team", user, "page_do_set_up_team", invite),
        Route::page(Method::GET, "/app/set-up/orders", store, "page_set_up_orders", show_orders),
    ]
}

/// The way through the first start, and where on it one is.
pub(in crate::pages) fn wizard_steps(say: Words, at: usize) -> (Vec<Step>, String) {
    let all = [
        ("setup-owner", "setup-owner-note"),
        ("setup-store", "setup-store-note"),
        ("setup-money", "setup-money-note"),
        ("setup-team", "setup-team-note"),
        ("setup-orders", "setup-orders-note"),
    ];
    let class = |step: usize| match step.cmp(&at) {
        std::cmp::Ordering::Less => "done",
        std::cmp::Ordering::Equal => "now",
        std::cmp::Ordering::Greater => "",
    };
    let steps = all.iter().enumerate().map(|(place, (title, note))| Step { class: class(place + 1), title, note: say.t(note) });
    (steps.collect(), say.with("setup-steps", &[("n", at.to_string()), ("total", STEPS.to_string())]))
}

/// Somebody invited in this step, with the link that is shown this once.
#[derive(Clone, Debug)]
struct Shared {
    name: String,
    link: String,
    whatsapp: String,
}

/// A way to begin.
#[derive(Clone, Debug)]
struct Way {
    href: String,
    icon: &'static str,
    tone: &'static str,
    title: String,
    text: String,
}

#[derive(Template)]
#[template(path = "setup/wizard.html")]
struct WizardPage {
    page: Gate,
    steps: Vec<Step>,
    steps_label: String,
    intro: &'static str,
    groups: Vec<Group>,
    shared: Vec<Shared>,
    ways: Vec<Way>,
    /// The step before and the one after, which leaves this one for later.
    back: Option<&'static str>,
    skip: Option<&'static str>,
    button: Option<String>,
    /// The country whose usual money and places the form shows.
    seen: Option<String>,
}

fn page(say: Words, headers: &HeaderMap, info: &Info, at: usize) -> WizardPage {
    let (steps, steps_label) = wizard_steps(say, at);
    let (heading, intro, back, skip) = match at {
        2 => ("setup-store-title", "setup-store-intro", None, Some("/app/set-up/money")),
        3 => ("setup-money-title", "setup-money-intro", Some("/app/set-up"), Some("/app/set-up/team")),
        4 => ("setup-team-title", "setup-team-intro", Some("/app/set-up/money"), Some("/app/set-up/orders")),
        _ => ("setup-orders-title", "setup-orders-intro", Some("/app/set-up/team"), None),
    };
    WizardPage {
        page: gate(say, headers, info, heading, ""),
        steps,
        steps_label,
        intro,
        groups: Vec::new(),
        shared: Vec::new(),
        ways: Vec::new(),
        back,
        skip,
        button: Some(say.t("setup-next")),
        seen: None,
    }
}

fn words(headers: &HeaderMap, info: &Info, uri: &Uri) -> Words {
    Words { locale: visitor_locale(headers, info, asked(uri, "lang").as_deref()) }
}

/// The page, which remembers the language that somebody chose on it.
fn answer(page: &WizardPage, uri: &Uri, status: StatusCode) -> Outcome<Response> {
    let mut response = with_status(page, status)?;
    if let Some(cookie) = asked(uri, "lang").and_then(|word| preference_cookie(LANGUAGE_COOKIE, &word)) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

fn first_store(tx: &mut Tx, ctx: &Ctx) -> Result<Store, Error> {
    stores::list(tx, ctx, false)?.into_iter().next().ok_or(Error::not_found("store"))
}

fn store_groups(say: Words, store: &Store, language: Locale) -> Vec<Group> {
    vec![Group::of(
        None,
        vec![
            Input::text("name", say.t("setup-store-name"), store.name.clone()),
            Input::text("code", say.t("setup-store-code"), store.code.clone()).hint(say.t("setup-store-code-hint")).ltr(),
            Input::select("language", say.t("setup-language"), language_options(language.as_str())),
        ],
    )]
}

/// `GET /app/set-up`
async fn show_store(edge: Edge, info: Info, uri: Uri, headers: HeaderMap) -> Outcome<Response> {
    let store = edge.read(first_store).await?;
    let say = words(&headers, &info, &uri);
    let groups = store_groups(say, &store, edge.ctx.locale);
    answer(&WizardPage { groups, ..page(say, &headers, &info, 2) }, &uri, StatusCode::OK)
}

/// `POST /app/set-up`: the first store's name, and the language of new people and of whoever fills it in.
async fn save_store(edge: Edge, info: Info, uri: Uri, headers: HeaderMap, Form(typed): Form<Typed>) -> Outcome<Response> {
    let form = typed.clone();
    let saved = edge.write(move |tx, ctx| {
        let before = first_store(tx, ctx)?;
        let language = form.read::<Locale>("language").unwrap_or(before.notify_language);
        let new =
            NewStore { code: form.get("code").to_owned(), name: form.get("name").to_owned(), notify_language: language, ..NewStore::of(&before) };
        stores::change(tx, ctx, before.id, &new, before.version)?;
        let value = Map::from_iter([("default_locale".to_owned(), Value::from(language.as_str()))]);
        settings::set(tx, ctx, "general", &value, None)?;
        let own = Map::from_iter([("locale".to_owned(), Value::from(language.as_str()))]);
        access::preferences::set(tx, ctx, &own).map(drop)
    });
    match saved.await {
        Ok(()) => Ok(see("/app/set-up/money")),
        Err(error @ (Error::Invalid(_) | Error::Conflict { .. } | Error::Stale { .. })) => {
            let problem = Problem::from(error);
            let store = edge.read(first_store).await?;
            let say = words(&headers, &info, &uri);
            let mut groups = store_groups(say, &store, edge.ctx.locale);
            refused(page(say, &headers, &info, 2), &mut groups, say, &problem, &typed, &uri)
        }
        Err(error) => Err(error.into()),
    }
}

fn refused(mut page: WizardPage, groups: &mut Vec<Group>, say: Words, problem: &Problem, typed: &Typed, uri: &Uri) -> Outcome<Response> {
    page.page.notice = refuse(say, problem, typed, groups).and_then(bad);
    page.groups = std::mem::take(groups);
    answer(&page, uri, problem.status())
}

fn money_groups(say: Words, store: &NewStore) -> Vec<Group> {
    let styles = STYLES.iter().map(|(value, label)| Choosable::new(*value, *label, store.number_style.as_str())).collect();
    let fee = Input::new(Kind::Number, "shipping_fee", say.t("stores-shipping-fee"), plain(store.shipping_fee, store.currency));
    vec![Group::of(
        None,
        vec![
            Input::select("country", say.t("setup-country"), said_options(say, &COUNTRIES, store.country.code())).hint(say.t("stores-country-hint")),
            Input::select("currency", say.t("setup-currency"), plain_options(&CURRENCIES, store.currency.code())).hint(say.t("stores-currency-hint")),
            Input::select("zone", say.t("setup-zone"), plain_options(&ZONES, &store.zone)),
            Input::select("week_start", say.t("setup-week"), said_options(say, &WEEKS, store.week_start.as_str())),
            Input::select("number_style", say.t("setup-numbers"), styles),
            fee.hint(say.t("stores-shipping-fee-hint")).optional(),
        ],
    )]
}

/// `GET /app/set-up/money`
async fn show_money(edge: Edge, info: Info, uri: Uri, headers: HeaderMap) -> Outcome<Response> {
    let store = edge.read(first_store).await?;
    let say = words(&headers, &info, &uri);
    answer(&WizardPage { groups: money_groups(say, &NewStore::of(&store)), ..page(say, &headers, &info, 3) }, &uri, StatusCode::OK)
}

/// The store with what is usual in the country that was chosen, where only the country was chosen: then it is shown before it counts.
/// A fee is not known from a country.
fn usual(before: &Store, typed: &Typed) -> Option<NewStore> {
    let of = |code: &str| USUAL.into_iter().find(|(one, ..)| *one == code);
    let stored = (before.country.code(), before.currency.code(), before.zone_name(), before.week_start.as_str(), before.number_style.as_str());
    // What the form showed: the store as it is, or what is usual in a country that was chosen before.
    let shown = of(typed.get("seen")).unwrap_or(stored);
    let was = [shown.1, shown.2, shown.3, shown.4];
    let (code, currency, zone, week_start, number_style) = if typed.get("country") == stored.0 { stored } else { of(typed.get("country"))? };
    let is_untouched = ["currency", "zone", "week_start", "number_style"].into_iter().zip(was).all(|(field, was)| typed.get(field) == was);
    if code == shown.0 || !is_untouched || was == [currency, zone, week_start, number_style] {
        return None;
    }
    Some(NewStore {
        country: code.parse().ok()?,
        currency: currency.parse().ok()?,
        zone: zone.to_owned(),
        week_start: week_start.parse().ok()?,
        number_style: number_style.parse().ok()?,
        shipping_fee: Amount(0),
        ..NewStore::of(before)
    })
}

/// Makes the first store what the form says. A store keeps its currency, so for another one a new store takes the first one's place.
fn change_money(tx: &mut Tx, ctx: &Ctx, typed: &Typed) -> Result<(), Error> {
    let before = first_store(tx, ctx)?;
    let currency: Currency = typed.read("currency").unwrap_or(before.currency);
    let fee = typed.filled("shipping_fee").unwrap_or_else(|| "0".to_owned());
    let shipping_fee = amount(&fee, currency).ok_or_else(|| Error::field("shipping_fee", "amount.text"))?;
    let new = NewStore {
        currency,
        country: typed.read::<Country>("country").unwrap_or(before.country),
        zone: typed.filled("zone").unwrap_or_else(|| before.zone_name().to_owned()),
        week_start: typed.read::<WeekStart>("week_start").unwrap_or(before.week_start),
        number_style: typed.read::<NumberStyle>("number_style").unwrap_or(before.number_style),
        shipping_fee,
        ..NewStore::of(&before)
    };
    // Once somebody has ordered, the first store keeps its place, and says that it keeps its currency.
    let is_unused = ctx.can(Permission::OrderRead) && orders::newest(tx, ctx)?.is_none();
    if currency == before.currency || !is_unused {
        return stores::change(tx, ctx, before.id, &new, before.version).map(drop);
    }
    let aside = NewStore { code: format!("OLD{}", before.version), ..NewStore::of(&before) };
    let aside = stores::change(tx, ctx, before.id, &aside, before.version)?;
    stores::create(tx, ctx, &new)?;
    stores::archive(tx, ctx, aside.id).map(drop)
}

/// `POST /app/set-up/money`
async fn save_money(edge: Edge, info: Info, uri: Uri, headers: HeaderMap, Form(typed): Form<Typed>) -> Outcome<Response> {
    let before = edge.read(first_store).await?;
    if let Some(usual) = usual(&before, &typed) {
        let say = words(&headers, &info, &uri);
        let mut groups = money_groups(say, &usual);
        // A fee that was typed stays; one that only stood there is of the other currency.
        if typed.has("seen") || typed.get("shipping_fee") != plain(before.shipping_fee, before.currency) {
            groups
                .iter_mut()
                .flat_map(|group| group.inputs.iter_mut())
                .filter(|input| input.name == "shipping_fee")
                .for_each(|fee| fee.retype(&typed));
        }
        let mut shown = WizardPage { groups, seen: Some(usual.country.to_string()), ..page(say, &headers, &info, 3) };
        shown.page.notice = Some(Notice { tone: "info", text: say.t("setup-money-usual") });
        return answer(&shown, &uri, StatusCode::OK);
    }
    let form = typed.clone();
    match edge.write(move |tx, ctx| change_money(tx, ctx, &form)).await {
        Ok(()) => Ok(see("/app/set-up/team")),
        Err(error @ (Error::Invalid(_) | Error::Conflict { .. } | Error::Stale { .. })) => {
            let problem = Problem::from(error);
            let store = edge.read(first_store).await?;
            let say = words(&headers, &info, &uri);
            let mut groups = money_groups(say, &NewStore::of(&store));
            refused(WizardPage { seen: typed.filled("seen"), ..page(say, &headers, &info, 3) }, &mut groups, say, &problem, &typed, &uri)
        }
        Err(error) => Err(error.into()),
    }
}

fn team_groups(say: Words, ctx: &Ctx, all: &[Role]) -> Vec<Group> {
    let usual = all.iter().find(|role| role.code.as_deref() == Some("agent_call_center")).map(|role| role.id.to_string()).unwrap_or_default();
    let may_give: Vec<&Role> = all.iter().filter(|role| role.permissions.iter().all(|right| ctx.can(right))).collect();
    let row = |place: usize| {
        let roles = may_give.iter().map(|role| Choosable::new(role.id.to_string(), role.name.clone(), &usual)).collect();
        Group::of(
            Some(say.one("setup-team-person", "n", place + 1)),
            vec![
                Input::text(format!("name{place}"), say.t("people-name"), "").quiet(),
                Input::new(Kind::Email, format!("email{place}"), say.t("gate-login"), "").ltr().quiet(),
                Input::select(format!("role{place}"), say.t("people-role"), roles),
            ],
        )
    };
    (0..ROWS).map(row).collect()
}

async fn team_page(edge: &Edge, info: &Info, uri: &Uri, headers: &HeaderMap) -> Outcome<(WizardPage, Words)> {
    let all = edge.read(roles::list).await?;
    let say = words(headers, info, uri);
    Ok((WizardPage { groups: team_groups(say, &edge.ctx, &all), button: Some(say.t("setup-team-button")), ..page(say, headers, info, 4) }, say))
}

/// `GET /app/set-up/team`
async fn show_team(edge: Edge, info: Info, uri: Uri, headers: HeaderMap) -> Outcome<Response> {
    let (page, _) = team_page(&edge, &info, &uri, &headers).await?;
    answer(&page, &uri, StatusCode::OK)
}

/// Invites everybody whom the form names, or nobody.
fn invite_all(tx: &mut Tx, ctx: &Ctx, typed: &Typed, public_url: &str) -> Result<Vec<Invited>, Error> {
    let store = first_store(tx, ctx)?;
    let mut invited = Vec::new();
    for place in 0..ROWS {
        let of = |field: &str| typed.get(&format!("{field}{place}")).to_owned();
        if of("email").is_empty() && of("name").is_empty() {
            continue;
        }
        let named = |error: Error| match error {
            Error::Invalid(fields) => {
                Error::Invalid(fields.into_iter().map(|field| FieldError { field: format!("{}{place}", field.field), ..field }).collect())
            }
            other => other,
        };
        let role = of("role").parse().map_err(|_| Error::field(format!("role{place}"), "required"))?;
        let new = NewUser { email: of("email"), name: of("name"), role, stores: vec![store.id], locale: Some(ctx.locale) };
        invited.push(users::invite(tx, ctx, &new, public_url).map_err(named)?);
    }
    Ok(invited)
}

/// `POST /app/set-up/team`
async fn invite(edge: Edge, info: Info, uri: Uri, headers: HeaderMap, Form(typed): Form<Typed>) -> Outcome<Response> {
    let form = typed.clone();
    let url = edge.base.public_url().to_owned();
    match edge.write(move |tx, ctx| invite_all(tx, ctx, &form, &url)).await {
        Ok(invited) if invited.is_empty() => Ok(see("/app/set-up/orders")),
        Ok(invited) => {
            let (mut page, say) = team_page(&edge, &info, &uri, &headers).await?;
            let organization = edge.ctx.settings.general.name.clone();
            let organization = if organization.is_empty() { say.t("shell-name") } else { organization };
            page.shared = invited
                .into_iter()
                .map(|one| {
                    let values = [("name", one.user.name.clone()), ("organization", organization.clone()), ("link", one.link.clone())];
                    let whatsapp = encoded(&say.with("people-invite-message", &values)).replace('+', "%20");
                    Shared { name: one.user.name, link: one.link, whatsapp }
                })
                .collect();
            page.groups = Vec::new();
            page.button = None;
            let mut response = answer(&page, &uri, StatusCode::OK)?;
            response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            Ok(response)
        }
        Err(error @ (Error::Invalid(_) | Error::Conflict { .. })) => {
            let problem = Problem::from(error);
            let (mut page, say) = team_page(&edge, &info, &uri, &headers).await?;
            let mut groups = std::mem::take(&mut page.groups);
            refused(page, &mut groups, say, &problem, &typed, &uri)
        }
        Err(error) => Err(error.into()),
    }
}

/// `GET /app/set-up/orders`: where the first orders come from; only what there is.
async fn show_orders(edge: Edge, info: Info, uri: Uri, headers: HeaderMap) -> Outcome<Response> {
    let say = words(&headers, &info, &uri);
    let ctx = &edge.ctx;
    let way = |href: &str, icon, tone, title: &str, text: &str| Way { href: href.to_owned(), icon, tone, title: say.t(title), text: say.t(text) };
    let mut ways = Vec::new();
    if sections::leads_to(ctx, "/app/imports") {
        ways.push(way("/app/imports", "file-spreadsheet", "t-info", "setup-way-import", "setup-way-import-text"));
    }
    if ctx.can(Permission::ApiKeyEdit) {
        ways.push(way("/app/users/keys/new", "plug", "t-vio", "setup-way-program", "setup-way-program-text"));
    }
    ways.push(way("/app/orders", "package", "t-neu", "setup-way-empty", "setup-way-empty-text"));
    answer(&WizardPage { ways, button: None, ..page(say, &headers, &info, 5) }, &uri, StatusCode::OK)
}
