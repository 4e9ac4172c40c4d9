//! Signing in, its second step, signing out.

use access::model::Credentials;
use access::sign_in::SignedIn;
use access::{SessionKind, sessions, sign_in};
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::Response;
use base::Edge;
use kernel::{Error, Hidden};
use serde::Deserialize;

use super::view::{SecondFactorPage, SignInPage};
use super::{client, enter, remember_language};
use crate::error::{Outcome, Problem};
use crate::extract::{Form, Info};
use crate::limits::RateClass;
use crate::pages::context::{encoded, gate, html, own_path, see, visitor_locale};
use crate::pages::view::{Field, Gate, Notice};
use crate::router::{Access, Route};
use crate::security::{SESSION_COOKIE, cookie, end_session_cookie};
use crate::state::WebState;
use crate::words::Words;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::page(Method::GET, "/sign-in", Access::Public, "page_sign_in", show),
        Route::page(Method::POST, "/sign-in", Access::Public, "page_do_sign_in", enter_name).rate(RateClass::SignIn),
        Route::page(Method::POST, "/sign-in/code", Access::Public, "page_do_second_step", enter_code).rate(RateClass::SignIn),
        Route::page(Method::POST, "/sign-out", Access::Session, "page_sign_out", leave),
    ]
}

/// What the address says besides the page. Anything else is nothing to us.
#[derive(Default)]
pub(super) struct Asked {
    pub(super) lang: Option<String>,
    next: Option<String>,
    is_out: bool,
    has_new_password: bool,
}

impl Asked {
    pub(super) fn read(uri: &axum::http::Uri) -> Asked {
        let mut asked = Asked::default();
        for (name, value) in form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()) {
            match &*name {
                "lang" if ["en", "fr", "ar"].contains(&&*value) => asked.lang = Some(value.into_owned()),
                "next" => asked.next = own_path(&value).map(str::to_owned),
                "out" => asked.is_out = true,
                "new" => asked.has_new_password = true,
                _ => {}
            }
        }
        asked
    }

    /// Where to go when somebody is in.
    fn goal(&self) -> &str {
        self.next.as_deref().unwrap_or("/")
    }
}

/// `GET /sign-in`
async fn show(edge: Option<Edge>, State(state): State<WebState>, info: Info, uri: axum::http::Uri, headers: HeaderMap) -> Outcome<Response> {
    let asked = Asked::read(&uri);
    if edge.is_some() {
        return Ok(see(asked.goal()));
    }
    let say = Words { locale: visitor_locale(&headers, &info, asked.lang.as_deref()) };
    let mut page = page(say, &headers, &info, &asked, &only_name(&state).await);
    if asked.is_out {
        page.notice = Some(Notice { tone: "ok", text: say.t("gate-signed-out") });
    } else if asked.has_new_password {
        page.notice = Some(Notice { tone: "ok", text: say.t("gate-password-saved") });
    } else if cookie(&headers, SESSION_COOKIE).is_some() {
        page.notice = Some(Notice { tone: "info", text: say.t("gate-session-over") });
    }
    let mut response = html(&form(page, "", false))?;
    remember_language(&mut response, asked.lang.as_deref());
    Ok(response)
}

/// The name of the organization where there is only one; nothing where the door is that of several.
async fn only_name(state: &WebState) -> String {
    match base::organizations::only(state.base()).await {
        Ok(Some(org)) => state.base().settings(org).await.general.name.clone(),
        Ok(None) | Err(_) => String::new(),
    }
}

fn page(say: Words, headers: &HeaderMap, info: &Info, asked: &Asked, organization: &str) -> Gate {
    let mut page = gate(say, headers, info, "gate-sign-in", organization);
    if let Some(next) = &asked.next {
        page.keep = format!("&next={}", encoded(next));
        page.query = format!("?next={}", encoded(next));
    }
    page
}

fn form(page: Gate, email: &str, is_trusted: bool) -> SignInPage {
    let say = page.say;
    let login = Field {
        name: "email",
        label: say.t("gate-login"),
        kind: "email",
        value: email.to_owned(),
        autocomplete: "username",
        is_ltr: true,
        ..Field::default()
    };
    let password = Field { name: "password", label: say.t("gate-password"), autocomplete: "current-password", forgotten: true, ..Field::default() };
    SignInPage { page, login, password, is_trusted }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SignInForm {
    email: String,
    password: Hidden,
    trust: Option<String>,
}

/// `POST /sign-in`
async fn enter_name(
    State(state): State<WebState>,
    info: Info,
    uri: axum::http::Uri,
    headers: HeaderMap,
    Form(typed): Form<SignInForm>,
) -> Outcome<Response> {
    let asked = Asked::read(&uri);
    let say = Words { locale: visitor_locale(&headers, &info, None) };
    let is_trusted = typed.trust.is_some();
    let credentials = Credentials { email: typed.email.clone(), password: typed.password };

    let tried = match state.limits().account(&typed.email) {
        Ok(()) => sign_in::sign_in(state.base(), &credentials, &client(&headers, &info, is_trusted), SessionKind::Browser).await,
        Err(error) => Err(error),
    };
    match tried {
        Ok(SignedIn::Done(session)) => Ok(enter(&state, &session, asked.goal())),
        Ok(SignedIn::SecondStep { challenge, .. }) => {
            let mut page = page(say, &headers, &info, &asked, &only_name(&state).await);
            page.heading = say.t("gate-code-title");
            html(&SecondFactorPage { page, pending: challenge, error: None })
        }
        Err(error @ (Error::Unauthenticated | Error::TooMany { .. } | Error::Invalid(_))) => {
            let mut page = page(say, &headers, &info, &asked, &only_name(&state).await);
            page.notice = Some(refusal(say, error));
            refused(&form(page, &typed.email, is_trusted))
        }
        Err(error) => Err(error.into()),
    }
}

/// Which of the two was wrong is not told.
fn refusal(say: Words, error: Error) -> Notice {
    let text = match error {
        Error::Unauthenticated => say.t("gate-refused"),
        other => Problem::from(other).title(say.locale),
    };
    Notice { tone: "bad", text }
}

fn refused(template: &impl askama::Template) -> Outcome<Response> {
    let mut response = html(template)?;
    *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(response)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CodeForm {
    pending: String,
    code: String,
}

/// `POST /sign-in/code`
async fn enter_code(
    State(state): State<WebState>,
    info: Info,
    uri: axum::http::Uri,
    headers: HeaderMap,
    Form(typed): Form<CodeForm>,
) -> Outcome<Response> {
    let asked = Asked::read(&uri);
    let say = Words { locale: visitor_locale(&headers, &info, None) };
    match sign_in::second_step(state.base(), &typed.pending, &typed.code, &client(&headers, &info, false)).await {
        Ok(session) => Ok(enter(&state, &session, asked.goal())),
        Err(Error::Invalid(errors)) => {
            let mut page = page(say, &headers, &info, &asked, &only_name(&state).await);
            page.heading = say.t("gate-code-title");
            let error = errors.first().map(|error| Problem::field_message(say.locale, error));
            refused(&SecondFactorPage { page, pending: typed.pending, error })
        }
        Err(error @ (Error::Unauthenticated | Error::TooMany { .. })) => {
            let mut page = page(say, &headers, &info, &asked, &only_name(&state).await);
            page.notice = Some(match error {
                Error::Unauthenticated => Notice { tone: "warn", text: say.t("gate-code-over") },
                other => refusal(say, other),
            });
            refused(&form(page, "", false))
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /sign-out`
async fn leave(edge: Edge, State(state): State<WebState>) -> Outcome<Response> {
    edge.write(sessions::sign_out).await?;
    let mut response = see("/sign-in?out=1");
    response.headers_mut().insert(header::SET_COOKIE, end_session_cookie(&state));
    Ok(response)
}
