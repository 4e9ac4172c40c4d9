//! The first start: whoever has the printed link becomes the first Admin. What follows stands with the set-up.

use access::LinkKind;
use access::joining::{self, LinkView, NewAdmin};
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::Response;
use kernel::{Error, Hidden};
use serde::Deserialize;

use super::sign_in::Asked;
use super::view::{MessagePage, SetUpPage};
use super::{client, enter, remember_language};
use crate::error::{Outcome, Problem};
use crate::extract::{Form, Info, Path};
use crate::limits::RateClass;
use crate::pages::context::{gate, html, visitor_locale};
use crate::pages::form::explain;
use crate::pages::setup::wizard_steps;
use crate::pages::view::{Field, Notice};
use crate::router::{Access, Route};
use crate::state::WebState;
use crate::words::Words;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::page(Method::GET, "/sign-in/set-up/{token}", Access::Public, "page_set_up", show_owner).rate(RateClass::SignIn),
        Route::page(Method::POST, "/sign-in/set-up/{token}", Access::Public, "page_do_set_up", become_owner).rate(RateClass::SignIn),
    ]
}

fn text_field(name: &'static str, label: String, value: &str, autocomplete: &'static str) -> Field {
    Field { name, label, kind: "text", value: value.to_owned(), autocomplete, ..Field::default() }
}

fn owner_page(say: Words, headers: &HeaderMap, info: &Info, typed: &OwnerForm) -> SetUpPage {
    let (steps, steps_label) = wizard_steps(say, 1);
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
    Ok(response)
}
