//! The first start: whoever has the printed link becomes the first Admin, then describes the shop.

use access::joining::{self, LinkView, NewAdmin};
use access::{LinkKind, NewStore, Store, stores};
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::Response;
use base::{Ctx, Edge, settings};
use db::Tx;
use kernel::{Country, Currency, Error, Hidden, Locale, NumberStyle, Permission, WeekStart};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::sign_in::Asked;
use super::view::{MessagePage, SetUpPage};
use super::{client, enter, keep_private, remember_language};
use crate::error::{Outcome, Problem};
use crate::extract::{Form, Info, Path};
use crate::limits::RateClass;
use crate::pages::LANGUAGES;
use crate::pages::context::{gate, html, see, visitor_locale};
use crate::pages::form::explain;
use crate::pages::view::{Choice, Choosable, Field, Notice, Step};
use crate::router::{Access, Route};
use crate::state::WebState;
use crate::words::Words;

pub(super) fn routes() -> Vec<Route> {
    use Permission::StoreEdit;
    vec![
        Route::page(Method::GET, "/sign-in/set-up/{token}", Access::Public, "page_set_up", show_owner).rate(RateClass::SignIn),
        Route::page(Method::POST, "/sign-in/set-up/{token}", Access::Public, "page_do_set_up", become_owner).rate(RateClass::SignIn),
        Route::page(Method::GET, "/app/set-up", Access::Needs(StoreEdit), "page_set_up_store", show_store),
        Route::page(Method::POST, "/app/set-up", Access::Needs(StoreEdit), "page_do_set_up_store", describe_store),
    ]
}

const STEPS: usize = 2;

fn steps(say: Words, at: usize) -> (Vec<Step>, String) {
    let class = |step: usize| match step.cmp(&at) {
        std::cmp::Ordering::Less => "done",
        std::cmp::Ordering::Equal => "now",
        std::cmp::Ordering::Greater => "",
    };
    let all = vec![
        Step { class: class(1), title: "setup-owner", note: say.t("setup-owner-note") },
        Step { class: class(2), title: "setup-store", note: say.t("setup-store-note") },
    ];
    (all, say.with("setup-steps", &[("n", at.to_string()), ("total", STEPS.to_string())]))
}

fn text_field(name: &'static str, label: String, value: &str, autocomplete: &'static str) -> Field {
    Field { name, label, kind: "text", value: value.to_owned(), autocomplete, ..Field::default() }
}

fn owner_page(say: Words, headers: &HeaderMap, info: &Info, typed: &OwnerForm) -> SetUpPage {
    let (steps, steps_label) = steps(say, 1);
    let fields = vec![
        text_field("name", say.t("gate-name"), &typed.name, "name"),
        Field { kind: "email", is_ltr: true, ..text_field("email", say.t("gate-login"), &typed.email, "username") },
        text_field("organization", say.t("setup-organization"), &typed.organization, "organization"),
    ];
    let hint = Some(say.t("gate-password-hint"));
    let password = Field { name: "password", label: say.t("gate-password"), autocomplete: "new-password", hint, ..Field::default() };
    SetUpPage {
        page: gate(say, headers, info, "setup-owner-title", ""),
        steps,
        steps_label,
        intro: "setup-owner-intro",
        fields,
        password: Some(password),
        choices: Vec::new(),
        button: say.t("setup-next"),
    }
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct OwnerForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    organization: String,
    #[serde(default)]
    password: Hidden,
}

async fn look(state: &WebState, token: &str) -> Outcome<Option<LinkView>> {
    match joining::look(state.base(), token).await {
        Ok(view) => Ok(Some(view).filter(|view| view.kind == LinkKind::SetUp)),
        Err(Error::Conflict { .. } | Error::NotFound { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn spent(say: Words, headers: &HeaderMap, info: &Info) -> Outcome<Response> {
    let page = gate(say, headers, info, "gate-link-title", "");
    let (text, button) = (say.t("setup-link-text"), say.t("gate-back-to-sign-in"));
    let mut response = html(&MessagePage { page, text, href: "/sign-in", button, form_action: None })?;
    *response.status_mut() = StatusCode::CONFLICT;
    Ok(response)
}

/// `GET /sign-in/set-up/{token}`
async fn show_owner(Path(token): Path<String>, State(state): State<WebState>, info: Info, uri: Uri, headers: HeaderMap) -> Outcome<Response> {
    let asked = Asked::read(&uri);
    let say = Words { locale: visitor_locale(&headers, &info, asked.lang.as_deref()) };
    let mut response = match look(&state, &token).await? {
        Some(link) => {
            let typed = OwnerForm { organization: link.organization, ..OwnerForm::default() };
            html(&owner_page(say, &headers, &info, &typed))?
        }
        None => spent(say, &headers, &info)?,
    };
    keep_private(&mut response);
    remember_language(&mut response, asked.lang.as_deref());
    Ok(response)
}

/// `POST /sign-in/set-up/{token}`
async fn become_owner(
    Path(token): Path<String>,
    State(state): State<WebState>,
    info: Info,
    headers: HeaderMap,
    Form(typed): Form<OwnerForm>,
) -> Outcome<Response> {
    let say = Words { locale: visitor_locale(&headers, &info, None) };
    let organization = Some(typed.organization.trim().to_owned()).filter(|name| !name.is_empty());
    let new = NewAdmin { name: typed.name.clone(), email: typed.email.clone(), password: typed.password.clone(), organization };
    match joining::set_up(state.base(), &token, &new, &client(&headers, &info, false)).await {
        Ok(session) => Ok(enter(&state, &session, "/app/set-up")),
        Err(Error::Conflict { .. } | Error::NotFound { .. }) => spent(say, &headers, &info),
        Err(error @ Error::Invalid(_)) => {
            let problem = Problem::from(error);
            let mut page = owner_page(say, &headers, &info, &typed);
            let mut fields: Vec<&mut Field> = page.fields.iter_mut().collect();
            fields.extend(page.password.as_mut());
            let rest = explain(say, &problem, &mut fields);
            refused(page, rest, &problem)
        }
        Err(error) => Err(error.into()),
    }
}

fn refused(mut page: SetUpPage, rest: Option<String>, problem: &Problem) -> Outcome<Response> {
    page.page.notice = rest.map(|text| Notice { tone: "bad", text });
    let mut response = html(&page)?;
    *response.status_mut() = problem.status();
    keep_private(&mut response);
    Ok(response)
}

/// The shop as the form describes it.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoreForm {
    name: String,
    code: String,
    country: Country,
    currency: Currency,
    zone: String,
    language: Locale,
    number_style: NumberStyle,
    week_start: WeekStart,
}

impl StoreForm {
    fn of(store: &Store, language: Locale) -> StoreForm {
        StoreForm {
            name: store.name.clone(),
            code: store.code.clone(),
            country: store.country,
            currency: store.currency,
            zone: store.zone_name().to_owned(),
            language,
            number_style: store.number_style,
            week_start: store.week_start,
        }
    }
}

const ZONES: [&str; 7] = ["Africa/Algiers", "Asia/Dhaka", "Africa/Nairobi", "Africa/Casablanca", "Africa/Tunis", "Europe/Paris", "UTC"];
const CURRENCIES: [&str; 8] = ["DZD", "BDT", "KES", "EUR", "GBP", "USD", "MAD", "TND"];

fn store_page(say: Words, headers: &HeaderMap, info: &Info, form: &StoreForm) -> SetUpPage {
    let (steps, steps_label) = steps(say, 2);
    let hint = Some(say.t("setup-store-code-hint"));
    let code = Field { hint, is_ltr: true, ..text_field("code", say.t("setup-store-code"), &form.code, "off") };
    let fields = vec![text_field("name", say.t("setup-store-name"), &form.name, "off"), code];

    let choice = |name, label: &str, options| Choice { name, label: say.t(label), options, ..Choice::default() };
    let countries = [("DZ", "setup-algeria"), ("BD", "setup-bangladesh"), ("KE", "setup-kenya")];
    let weeks = [("saturday", "setup-saturday"), ("sunday", "setup-sunday"), ("monday", "setup-monday")];
    let styles = [("space_comma", "12\u{202f}900,50"), ("comma_point", "12,900.50"), ("point_comma", "12.900,50")];
    let same = |values: &[&str], chosen: &str| -> Vec<Choosable> { values.iter().map(|value| Choosable::new(*value, *value, chosen)).collect() };
    let shown = |pairs: &[(&str, &str)], chosen: &str| -> Vec<Choosable> {
        pairs.iter().map(|(value, label)| Choosable::new(*value, *label, chosen)).collect()
    };
    let said = |pairs: &[(&str, &str)], chosen: &str| -> Vec<Choosable> {
        pairs.iter().map(|(value, key)| Choosable::new(*value, say.t(key), chosen)).collect()
    };
    let choices = vec![
        choice("country", "setup-country", said(&countries, form.country.code())),
        choice("currency", "setup-currency", same(&CURRENCIES, form.currency.code())),
        choice("zone", "setup-zone", same(&ZONES, &form.zone)),
        choice("language", "setup-language", shown(LANGUAGES, form.language.as_str())),
        choice("number_style", "setup-numbers", shown(&styles, form.number_style.as_str())),
        choice("week_start", "setup-week", said(&weeks, form.week_start.as_str())),
    ];
    SetUpPage {
        page: gate(say, headers, info, "setup-store-title", ""),
        steps,
        steps_label,
        intro: "setup-store-intro",
        fields,
        password: None,
        choices,
        button: say.t("setup-finish"),
    }
}

/// `GET /app/set-up`
async fn show_store(edge: Edge, info: Info, uri: Uri, headers: HeaderMap) -> Outcome<Response> {
    let asked = Asked::read(&uri);
    let form = edge.read(|tx, ctx| Ok(StoreForm::of(&first_store(tx, ctx)?, ctx.locale))).await?;
    let say = Words { locale: visitor_locale(&headers, &info, asked.lang.as_deref()) };
    let mut response = html(&store_page(say, &headers, &info, &form))?;
    remember_language(&mut response, asked.lang.as_deref());
    Ok(response)
}

fn first_store(tx: &mut Tx, ctx: &Ctx) -> Result<Store, Error> {
    stores::list(tx, ctx, false)?.into_iter().next().ok_or(Error::not_found("store"))
}

/// `POST /app/set-up`
async fn describe_store(edge: Edge, info: Info, headers: HeaderMap, Form(form): Form<StoreForm>) -> Outcome<Response> {
    let wanted = form.clone();
    match edge.write(move |tx, ctx| save(tx, ctx, &wanted)).await {
        Ok(()) => Ok(see("/app/orders")),
        Err(error @ (Error::Invalid(_) | Error::Conflict { .. })) => {
            let say = Words { locale: visitor_locale(&headers, &info, None) };
            let problem = Problem::from(error);
            let mut page = store_page(say, &headers, &info, &form);
            let mut fields: Vec<&mut Field> = page.fields.iter_mut().collect();
            let rest = explain(say, &problem, &mut fields);
            refused(page, rest, &problem)
        }
        Err(error) => Err(error.into()),
    }
}

/// Makes the first store what the form says, and the language that of new people and of whoever fills it in. A store keeps its
/// currency, so for another one a new store takes the first one's place.
fn save(tx: &mut Tx, ctx: &Ctx, form: &StoreForm) -> Result<(), Error> {
    let before = first_store(tx, ctx)?;

    let new = NewStore {
        code: form.code.clone(),
        name: form.name.clone(),
        currency: form.currency,
        country: form.country,
        zone: form.zone.clone(),
        week_start: form.week_start,
        number_style: form.number_style,
        notify_language: form.language,
        ..NewStore::of(&before)
    };
    if form.currency == before.currency {
        stores::change(tx, ctx, before.id, &new, before.version)?;
    } else {
        let aside = NewStore { code: format!("OLD{}", before.version), ..NewStore::of(&before) };
        let aside = stores::change(tx, ctx, before.id, &aside, before.version)?;
        stores::create(tx, ctx, &new)?;
        stores::archive(tx, ctx, aside.id)?;
    }

    let language = Map::from_iter([("default_locale".to_owned(), Value::from(form.language.as_str()))]);
    settings::set(tx, ctx, "general", &language, None)?;
    let own = Map::from_iter([("locale".to_owned(), Value::from(form.language.as_str()))]);
    access::preferences::set(tx, ctx, &own).map(drop)
}
