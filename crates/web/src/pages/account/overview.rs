//! The page of one's own account, and its forms.

use access::{account, preferences, totp};
use axum::http::{Method, Uri, header};
use axum::response::Response;
use base::Edge;
use kernel::{Error, Hidden, Locale};
use serde_json::{Map, Value};

use super::HOME;
use super::sessions::{everywhere, line};
use super::view::{AccountPage, FactorCard, FormCard};
use crate::api::common::renamed;
use crate::error::{Outcome, Problem};
use crate::extract::{Form, Info};
use crate::limits::RateClass;
use crate::pages::context::{LANGUAGE_COOKIE, Place, Reader, THEME_COOKIE, html, preference_cookie, see};
use crate::pages::input::{self, Input};
use crate::pages::typed::Typed;
use crate::pages::view::{Choosable, LANGUAGES, Toast};
use crate::router::{Access, Route};
use crate::words::Words;

pub(super) fn routes() -> Vec<Route> {
    let mine = Access::Session;
    vec![
        Route::page(Method::GET, "/app/account", mine, "page_account", show),
        Route::page(Method::POST, "/app/account/name", mine, "page_rename", rename),
        Route::page(Method::POST, "/app/account/preferences", mine, "page_account_preferences", prefer),
        Route::page(Method::POST, "/app/account/email", mine, "page_change_email", change_email).rate(RateClass::SignIn),
        Route::page(Method::POST, "/app/account/password", mine, "page_change_password", change_password).rate(RateClass::SignIn),
    ]
}

/// A form that did not go through.
pub(super) struct Tried {
    pub(super) form: &'static str,
    pub(super) typed: Typed,
    pub(super) problem: Problem,
}

/// `GET /app/account`
async fn show(edge: Edge, info: Info, uri: Uri) -> Outcome<Response> {
    let done =
        form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).find(|(name, _)| name == "done").map(|(_, value)| value.into_owned());
    let say = Words { locale: edge.ctx.locale };
    let toast = match done.as_deref() {
        Some("name" | "preferences") => Some(say.t("account-done-saved")),
        Some("email") => Some(say.t("account-done-email")),
        Some("password") => Some(say.t("account-done-password")),
        Some("off") => Some(say.t("account-done-off")),
        Some("ended") => Some(say.t("account-done-ended")),
        Some("others") => Some(say.t("account-done-others")),
        _ => None,
    };
    page(&edge, &info, toast.map(Toast::done), None).await
}

/// The page, with what went wrong beside the form that it is about.
pub(super) async fn page(edge: &Edge, info: &Info, toast: Option<Toast>, tried: Option<Tried>) -> Outcome<Response> {
    let (reader, own, left) = edge
        .read(|tx, ctx| {
            let reader = Reader::load(tx, ctx)?;
            let left = if reader.me.user.has_totp { totp::recovery_codes_left(tx, ctx)? } else { 0 };
            Ok((reader, access::sessions::list_own(tx, ctx)?, left))
        })
        .await?;
    let ctx = &edge.ctx;
    let say = Words { locale: ctx.locale };
    let format = reader.format(ctx);
    let title = say.t("account-title");
    let place = Place { title: say.t("account-window"), back: None, crumb: title, here: HOME.to_owned(), toast };
    let user = &reader.me.user;
    let mut forms = vec![profile(say, &reader), look(say, &reader), email(say, &user.email), password(say)];
    let mut factor = FactorCard {
        is_on: user.has_totp,
        text: say.t(if user.has_totp { "account-factor-on" } else { "account-factor-off" }),
        codes: user.has_totp.then(|| say.count("account-codes-left", left, &format.number(left))),
        password: secret("factor_password", say.t("account-password-present"), "current-password"),
    };
    let mut status = None;
    if let Some(Tried { form, typed, problem }) = tried {
        status = Some(problem.status());
        if let Some(card) = forms.iter_mut().find(|card| card.id == form) {
            card.inputs.iter_mut().for_each(|input| input.fill(&typed));
            card.rest = input::explain(say, &problem, &mut card.inputs);
        } else {
            let words = match problem.errors().first() {
                Some(error) => Problem::field_message(ctx.locale, error),
                None => problem.title(ctx.locale),
            };
            factor.password.error = Some(words);
        }
    }
    let mut shell = reader.shell(ctx, info, place);
    if status.is_some() {
        shell.title = say.one("form-error-window", "title", &shell.title);
    }
    let view = AccountPage {
        has_others: own.iter().any(|session| !session.is_current),
        sessions: own.iter().map(|session| line(say, &format, session)).collect(),
        everywhere: everywhere(say, shell.csrf.clone()),
        page: shell,
        notice: None,
        forms,
        factor,
    };
    let mut response = html(&view)?;
    if let Some(status) = status {
        *response.status_mut() = status;
    }
    Ok(response)
}

fn profile(say: Words, reader: &Reader) -> FormCard {
    let user = &reader.me.user;
    FormCard {
        id: "name",
        title: say.t("account-profile"),
        text: Some(say.one("account-role", "role", &user.role_name)),
        inputs: vec![Input::text("name", say.t("account-name"), &user.name).autocomplete("name").hint(say.t("account-name-hint"))],
        button: say.t("form-save"),
        rest: None,
    }
}

fn look(say: Words, reader: &Reader) -> FormCard {
    let language = say.locale.as_str();
    let theme = reader.preference("theme").filter(|theme| ["light", "dark"].contains(theme)).unwrap_or("auto");
    let keys = if reader.preference("keys") == Some("off") { "off" } else { "on" };
    let size = reader.number("page_size").unwrap_or(50).to_string();
    let mut sizes: Vec<String> = [25, 50, 100].iter().map(ToString::to_string).collect();
    if !sizes.contains(&size) {
        sizes.push(size.clone());
    }
    FormCard {
        id: "preferences",
        title: say.t("account-look"),
        text: Some(say.t("account-look-text")),
        inputs: vec![
            Input::select("locale", say.t("shell-language"), LANGUAGES.iter().map(|(code, name)| Choosable::new(*code, *name, language)).collect()),
            Input::select(
                "theme",
                say.t("shell-theme"),
                vec![
                    Choosable::new("auto", say.t("theme-system"), theme),
                    Choosable::new("light", say.t("theme-light"), theme),
                    Choosable::new("dark", say.t("theme-dark"), theme),
                ],
            ),
            Input::select("page_size", say.t("account-page-size"), sizes.into_iter().map(|one| Choosable::new(one.clone(), one, &size)).collect()),
            Input::select(
                "keys",
                say.t("keys-title"),
                vec![Choosable::new("on", say.t("account-keys-on"), keys), Choosable::new("off", say.t("account-keys-off"), keys)],
            )
            .hint(say.t("account-keys-hint")),
        ],
        button: say.t("form-save"),
        rest: None,
    }
}

fn secret(name: &'static str, label: String, autocomplete: &'static str) -> Input {
    Input::text(name, label, "").of("password").autocomplete(autocomplete)
}

fn email(say: Words, now: &str) -> FormCard {
    FormCard {
        id: "email",
        title: say.t("account-email"),
        text: Some(say.one("account-email-text", "email", now)),
        inputs: vec![
            Input::text("email", say.t("account-email-new"), "").of("email").autocomplete("email"),
            secret("password", say.t("account-password-present"), "current-password"),
        ],
        button: say.t("account-email-send"),
        rest: None,
    }
}

fn password(say: Words) -> FormCard {
    FormCard {
        id: "password",
        title: say.t("account-password"),
        text: Some(say.t("account-password-text")),
        inputs: vec![
            secret("current_password", say.t("account-password-present"), "current-password"),
            secret("new_password", say.t("account-password-new"), "new-password").hint(say.t("gate-password-hint")),
        ],
        button: say.t("account-password-save"),
        rest: None,
    }
}

/// What can be put right on the page is shown there; the rest is a page of its own.
pub(super) async fn again(edge: &Edge, info: &Info, form: &'static str, typed: Typed, error: Error) -> Outcome<Response> {
    match error {
        Error::Invalid(_) | Error::Conflict { .. } | Error::Stale { .. } | Error::TooMany { .. } => {
            page(edge, info, None, Some(Tried { form, typed, problem: Problem::from(error) })).await
        }
        other => Err(other.into()),
    }
}

/// `POST /app/account/name`
async fn rename(edge: Edge, info: Info, Form(typed): Form<Typed>) -> Outcome<Response> {
    let name = typed.get("name").to_owned();
    match edge.write(move |tx, ctx| account::rename(tx, ctx, &name)).await {
        Ok(()) => Ok(see(&format!("{HOME}?done=name"))),
        Err(error) => again(&edge, &info, "name", typed, error).await,
    }
}

/// `POST /app/account/preferences`
async fn prefer(edge: Edge, info: Info, Form(typed): Form<Typed>) -> Outcome<Response> {
    let mut changes = Map::new();
    for name in ["locale", "theme"] {
        if let Some(word) = typed.filled(name) {
            changes.insert(name.to_owned(), Value::from(word));
        }
    }
    if typed.has("page_size") {
        changes.insert("page_size".to_owned(), typed.read::<i64>("page_size").map_or_else(|| Value::from(typed.get("page_size")), Value::from));
    }
    if typed.has("keys") {
        changes.insert("keys".to_owned(), Value::from(if typed.get("keys") == "off" { "off" } else { "on" }));
    }
    match edge.write(move |tx, ctx| preferences::set(tx, ctx, &changes)).await {
        Ok(_) => {}
        Err(error) => return again(&edge, &info, "preferences", typed, error).await,
    }
    let language = typed.read::<Locale>("locale").map(Locale::as_str);
    let theme = typed.filled("theme");
    let mut response = see(&format!("{HOME}?done=preferences"));
    for (name, value) in [(LANGUAGE_COOKIE, language), (THEME_COOKIE, theme.as_deref())] {
        if let Some(cookie) = value.and_then(|value| preference_cookie(name, value)) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }
    Ok(response)
}

/// `POST /app/account/email`
async fn change_email(edge: Edge, info: Info, Form(typed): Form<Typed>) -> Outcome<Response> {
    match account::ask_email_change(&edge, typed.get("email"), &hidden(&typed, "password")).await {
        Ok(()) => Ok(see(&format!("{HOME}?done=email"))),
        Err(error) => again(&edge, &info, "email", typed, error).await,
    }
}

/// `POST /app/account/password`
async fn change_password(edge: Edge, info: Info, Form(typed): Form<Typed>) -> Outcome<Response> {
    let (present, new) = (hidden(&typed, "current_password"), hidden(&typed, "new_password"));
    match account::change_password(&edge, &present, &new).await {
        Ok(()) => Ok(see(&format!("{HOME}?done=password"))),
        Err(error) => again(&edge, &info, "password", typed, renamed(error, &[("password", "new_password")])).await,
    }
}

/// A password as it was typed, with the spaces around it.
pub(super) fn hidden(typed: &Typed, name: &str) -> Hidden {
    let text = typed.pairs().iter().find(|(one, _)| one == name).map(|(_, value)| value.clone()).unwrap_or_default();
    Hidden::new(text)
}
