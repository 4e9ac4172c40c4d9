//! Links that work once: joining by invitation, a forgotten password, a new address.

use access::joining::{self, LinkView};
use access::{LinkKind, account};
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::Response;
use kernel::{Error, Hidden};
use serde::Deserialize;

use super::sign_in::Asked;
use super::view::{ForgottenPage, MessagePage, NewPasswordPage};
use super::{client, enter, remember_language};
use crate::error::{Outcome, Problem};
use crate::extract::{Form, Info, Path};
use crate::limits::RateClass;
use crate::pages::context::{gate, html, see, visitor_locale};
use crate::pages::form::explain;
use crate::pages::view::{Field, Notice};
use crate::router::{Access, Route};
use crate::state::WebState;
use crate::words::Words;

pub(super) fn routes() -> Vec<Route> {
    use Access::Public;
    vec![
        Route::page(Method::GET, "/sign-in/forgotten", Public, "page_forgotten", show_forgotten),
        Route::page(Method::POST, "/sign-in/forgotten", Public, "page_ask_reset", ask_reset).rate(RateClass::SignIn),
        Route::page(Method::GET, "/sign-in/reset/{token}", Public, "page_reset", show_reset).rate(RateClass::SignIn),
        Route::page(Method::POST, "/sign-in/reset/{token}", Public, "page_do_reset", reset).rate(RateClass::SignIn),
        Route::page(Method::GET, "/sign-in/join/{token}", Public, "page_join", show_join).rate(RateClass::SignIn),
        Route::page(Method::POST, "/sign-in/join/{token}", Public, "page_do_join", join).rate(RateClass::SignIn),
        Route::page(Method::GET, "/sign-in/verify/{token}", Public, "page_verify", show_verify).rate(RateClass::SignIn),
        Route::page(Method::POST, "/sign-in/verify/{token}", Public, "page_do_verify", verify).rate(RateClass::SignIn),
    ]
}

/// Who reads, before anybody is known.
struct Visitor {
    say: Words,
    headers: HeaderMap,
    info: Info,
    asked: Asked,
}

impl Visitor {
    fn new(headers: HeaderMap, info: Info, uri: &Uri) -> Visitor {
        let asked = Asked::read(uri);
        let say = Words { locale: visitor_locale(&headers, &info, asked.lang.as_deref()) };
        Visitor { say, headers, info, asked }
    }

    fn answer(&self, template: &impl askama::Template, status: StatusCode) -> Outcome<Response> {
        let mut response = html(template)?;
        *response.status_mut() = status;
        remember_language(&mut response, self.asked.lang.as_deref());
        Ok(response)
    }

    /// The page of a link that is used up, too old, or never was.
    fn spent(&self) -> Outcome<Response> {
        let page = gate(self.say, &self.headers, &self.info, "gate-link-title", "");
        let button = self.say.t("gate-back-to-sign-in");
        let text = self.say.t("gate-link-text");
        self.answer(&MessagePage { page, text, href: "/sign-in", button, form_action: None }, StatusCode::CONFLICT)
    }

    /// What a link is for, if it is for this.
    async fn look(&self, state: &WebState, token: &str, kind: LinkKind) -> Outcome<Option<LinkView>> {
        match joining::look(state.base(), token).await {
            Ok(view) => Ok(Some(view).filter(|view| view.kind == kind)),
            Err(Error::Conflict { .. } | Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    fn new_password(&self) -> Field {
        let say = self.say;
        let hint = Some(say.t("gate-password-hint"));
        Field { name: "password", label: say.t("gate-new-password"), autocomplete: "new-password", hint, ..Field::default() }
    }
}

fn forgotten_page(visitor: &Visitor, email: &str, is_sent: bool) -> ForgottenPage {
    let say = visitor.say;
    let page = gate(say, &visitor.headers, &visitor.info, "gate-forgotten-title", "");
    let login = Field {
        name: "email",
        label: say.t("gate-login"),
        kind: "email",
        value: email.to_owned(),
        autocomplete: "username",
        is_ltr: true,
        ..Field::default()
    };
    ForgottenPage { page, login, is_sent }
}

/// `GET /sign-in/forgotten`
async fn show_forgotten(info: Info, uri: Uri, headers: HeaderMap) -> Outcome<Response> {
    let visitor = Visitor::new(headers, info, &uri);
    visitor.answer(&forgotten_page(&visitor, "", false), StatusCode::OK)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ForgottenForm {
    email: String,
}

/// `POST /sign-in/forgotten`
async fn ask_reset(State(state): State<WebState>, info: Info, uri: Uri, headers: HeaderMap, Form(typed): Form<ForgottenForm>) -> Outcome<Response> {
    let visitor = Visitor::new(headers, info, &uri);
    let asked = match state.limits().account(&typed.email) {
        Ok(()) => account::ask_reset(state.base(), &typed.email, &client(&visitor.headers, &visitor.info, false)).await,
        Err(error) => Err(error),
    };
    match asked {
        Ok(()) => visitor.answer(&forgotten_page(&visitor, "", true), StatusCode::OK),
        Err(error @ (Error::Invalid(_) | Error::TooMany { .. })) => {
            let problem = Problem::from(error);
            let mut page = forgotten_page(&visitor, &typed.email, false);
            let rest = explain(visitor.say, &problem, &mut [&mut page.login]);
            page.page.notice = rest.map(|text| Notice { tone: "bad", text });
            visitor.answer(&page, problem.status())
        }
        Err(error) => Err(error.into()),
    }
}

fn reset_page(visitor: &Visitor, link: &LinkView) -> NewPasswordPage {
    let say = visitor.say;
    NewPasswordPage {
        page: gate(say, &visitor.headers, &visitor.info, "gate-reset-title", &link.organization),
        text: None,
        name: None,
        email: link.email.clone().unwrap_or_default(),
        password: visitor.new_password(),
        button: say.t("gate-reset-button"),
    }
}

/// `GET /sign-in/reset/{token}`
async fn show_reset(Path(token): Path<String>, State(state): State<WebState>, info: Info, uri: Uri, headers: HeaderMap) -> Outcome<Response> {
    let visitor = Visitor::new(headers, info, &uri);
    match visitor.look(&state, &token, LinkKind::Reset).await? {
        Some(link) => visitor.answer(&reset_page(&visitor, &link), StatusCode::OK),
        None => visitor.spent(),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PasswordForm {
    name: Option<String>,
    password: Hidden,
    /// For password managers only.
    #[serde(rename = "username")]
    _username: Option<String>,
}

/// `POST /sign-in/reset/{token}`
async fn reset(
    Path(token): Path<String>,
    State(state): State<WebState>,
    info: Info,
    uri: Uri,
    headers: HeaderMap,
    Form(typed): Form<PasswordForm>,
) -> Outcome<Response> {
    let visitor = Visitor::new(headers, info, &uri);
    let Some(link) = visitor.look(&state, &token, LinkKind::Reset).await? else { return visitor.spent() };
    match account::reset(state.base(), &token, &typed.password, &client(&visitor.headers, &visitor.info, false)).await {
        Ok(()) => Ok(see("/sign-in?new=1")),
        Err(Error::Conflict { .. }) => visitor.spent(),
        Err(error @ Error::Invalid(_)) => again(&visitor, reset_page(&visitor, &link), error),
        Err(error) => Err(error.into()),
    }
}

/// The form once more, with what is wrong beside its fields.
fn again(visitor: &Visitor, mut page: NewPasswordPage, error: Error) -> Outcome<Response> {
    let problem = Problem::from(error);
    let mut fields = vec![&mut page.password];
    fields.extend(page.name.as_mut());
    let rest = explain(visitor.say, &problem, &mut fields);
    page.page.notice = rest.map(|text| Notice { tone: "bad", text });
    visitor.answer(&page, problem.status())
}

fn join_page(visitor: &Visitor, link: &LinkView, name: Option<&str>) -> NewPasswordPage {
    let say = visitor.say;
    let name = name.or(link.name.as_deref()).unwrap_or_default().to_owned();
    NewPasswordPage {
        page: gate(say, &visitor.headers, &visitor.info, "gate-invite-title", &link.organization),
        text: Some(say.t("gate-invite-text")),
        name: Some(Field { name: "name", label: say.t("gate-name"), kind: "text", value: name, autocomplete: "name", ..Field::default() }),
        email: link.email.clone().unwrap_or_default(),
        password: visitor.new_password(),
        button: say.t("gate-invite-button"),
    }
}

/// `GET /sign-in/join/{token}`
async fn show_join(Path(token): Path<String>, State(state): State<WebState>, info: Info, uri: Uri, headers: HeaderMap) -> Outcome<Response> {
    let visitor = Visitor::new(headers, info, &uri);
    match visitor.look(&state, &token, LinkKind::Invitation).await? {
        Some(link) => visitor.answer(&join_page(&visitor, &link, None), StatusCode::OK),
        None => visitor.spent(),
    }
}

/// `POST /sign-in/join/{token}`
async fn join(
    Path(token): Path<String>,
    State(state): State<WebState>,
    info: Info,
    uri: Uri,
    headers: HeaderMap,
    Form(typed): Form<PasswordForm>,
) -> Outcome<Response> {
    let visitor = Visitor::new(headers, info, &uri);
    let Some(link) = visitor.look(&state, &token, LinkKind::Invitation).await? else { return visitor.spent() };
    let client = client(&visitor.headers, &visitor.info, false);
    match joining::accept(state.base(), &token, typed.name.as_deref(), &typed.password, &client).await {
        Ok(session) => Ok(enter(&state, &session, "/")),
        Err(Error::Conflict { .. }) => visitor.spent(),
        Err(error @ Error::Invalid(_)) => again(&visitor, join_page(&visitor, &link, typed.name.as_deref()), error),
        Err(error) => Err(error.into()),
    }
}

/// `GET /sign-in/verify/{token}`
///
/// Only shows a button: programs that look at the links of a mail must not use them up.
async fn show_verify(Path(token): Path<String>, State(state): State<WebState>, info: Info, uri: Uri, headers: HeaderMap) -> Outcome<Response> {
    let visitor = Visitor::new(headers, info, &uri);
    let Some(link) = visitor.look(&state, &token, LinkKind::VerifyEmail).await? else { return visitor.spent() };
    let say = visitor.say;
    let page = gate(say, &visitor.headers, &visitor.info, "gate-verify-title", &link.organization);
    let text = say.one("gate-verify-text", "email", link.email.unwrap_or_default());
    let form_action = Some(format!("/sign-in/verify/{token}"));
    visitor.answer(&MessagePage { page, text, href: "", button: say.t("gate-verify-button"), form_action }, StatusCode::OK)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NoFields {}

/// `POST /sign-in/verify/{token}`
async fn verify(
    Path(token): Path<String>,
    State(state): State<WebState>,
    info: Info,
    uri: Uri,
    headers: HeaderMap,
    Form(NoFields {}): Form<NoFields>,
) -> Outcome<Response> {
    let visitor = Visitor::new(headers, info, &uri);
    match account::verify_email(state.base(), &token).await {
        Ok(()) => {
            let say = visitor.say;
            let page = gate(say, &visitor.headers, &visitor.info, "gate-verified-title", "");
            let button = say.t("gate-go-on");
            visitor.answer(&MessagePage { page, text: say.t("gate-verified-text"), href: "/", button, form_action: None }, StatusCode::OK)
        }
        Err(Error::Conflict { .. } | Error::NotFound { .. }) => visitor.spent(),
        Err(error) => Err(error.into()),
    }
}
