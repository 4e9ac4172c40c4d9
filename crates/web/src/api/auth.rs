//! Coming in: signing in and out, joining by a link, a forgotten password, a new address.
//!
//! For a program the answer holds a token; for a browser, which asks with `"cookie": true`, the
//! session travels in an HttpOnly cookie that no script can read. These calls take no idempotency
//! key: their answers hold secrets, which are not kept.

use access::joining::{self, LinkView, NewAdmin};
use access::model::Credentials;
use access::sign_in::{self, NewSession, SignedIn};
use access::{Client, LinkKind, SessionKind, account, sessions};
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use base::Edge;
use kernel::{Hidden, SessionId, Time, UserId};

use super::common::{Nothing, renamed};
use super::me::{EmailBody, PasswordChangeBody};
use crate::error::Outcome;
use crate::extract::{Info, Json, Path};
use crate::openapi::{Input, Output, Sketch};
use crate::respond::{Done, Reply, Shown, done, shown};
use crate::schema::{Describe, body, view, word};
use crate::security::{csrf_token, end_session_cookie, session_cookie};
use crate::state::WebState;

body! {
    /// Who wants in.
    pub(crate) struct SignInBody {
        /// The address, in any case.
        email: String = "samira@example.dz",
        /// The password.
        password: Hidden,
        /// Whether nobody else uses this device; it stays signed in longer.
        trusted: Option<bool>,
        /// Whether the session shall travel in a cookie instead of a token.
        cookie: Option<bool>,
    }

    /// The second step.
    pub(crate) struct SecondStepBody {
        /// What the first step answered.
        challenge: String,
        /// A code of the authenticator, or a recovery code.
        code: String = "123456",
    }

    /// The first Admin.
    pub(crate) struct SetUpBody {
        /// As colleagues will see it.
        name: String = "Karim Meziane",
        /// To sign in with.
        email: String = "karim@example.dz",
        /// The password.
        password: Hidden,
        /// What the organization is called.
        organization: Option<String> = "Dar El Moda",
    }

    /// Somebody who joins.
    pub(crate) struct JoinBody {
        /// As colleagues will see it; that of the invitation when left out.
        name: Option<String> = "Samira Haddad",
        /// The password.
        password: Hidden,
    }

    /// Who forgot the password.
    pub(crate) struct AskResetBody {
        /// The address.
        email: String = "samira@example.dz",
    }

    /// A new password by a link.
    pub(crate) struct ResetBody {
        /// The new password.
        password: Hidden,
    }
}

view! {
    /// How far signing in has come.
    pub(crate) struct SignInView {
        /// `signed_in`, or `second_step` when a code is needed, too.
        state: &'static str = "signed_in",
        /// What programs send as `Authorization: Bearer`; none in a cookie's answer.
        token: Option<String> = "eyJ…",
        /// What to send back with the code.
        challenge: Option<String>,
        /// The new session.
        session_id: Option<SessionId>,
        /// Whose.
        user_id: Option<UserId>,
        /// What browsers send as `X-CSRF-Token`; none in a token's answer.
        csrf_token: Option<String>,
        /// Until when the session, or the challenge, can be used.
        expires_at: Time,
    }

    /// What a link is for.
    pub(crate) struct LinkJson {
        /// For what.
        kind: LinkKind,
        /// The organization's name; may be empty.
        organization: String = "Dar El Moda",
        /// Whose name stands in the form.
        name: Option<String>,
        /// The address it is about.
        email: Option<String>,
        /// Until when it can be used.
        expires_at: Time,
    }
}

impl Describe for LinkKind {
    fn schema(_: &mut utoipa::openapi::schema::Components) -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        word(LinkKind::WORDS)
    }
}

/// An answer that may set a cookie.
pub(crate) struct SignInAnswer {
    view: SignInView,
    cookie: Option<axum::http::HeaderValue>,
}

impl IntoResponse for SignInAnswer {
    fn into_response(self) -> Response {
        let mut response = axum::Json(self.view).into_response();
        if let Some(cookie) = self.cookie {
            response.headers_mut().insert(header::SET_COOKIE, cookie);
        }
        response
    }
}

impl Output for SignInAnswer {
    fn describe(sketch: Sketch<'_>) -> Sketch<'_> {
        <Shown<SignInView> as Output>::describe(sketch)
    }
}

/// What the browser calls itself.
pub(crate) struct Agent(Option<String>);

impl axum::extract::FromRequestParts<WebState> for Agent {
    type Rejection = crate::error::Problem;

    async fn from_request_parts(parts: &mut axum::http::request::Parts, _: &WebState) -> Outcome<Agent> {
        Ok(Agent(user_agent(&parts.headers)))
    }
}

impl Input for Agent {
    fn describe(sketch: Sketch<'_>) -> Sketch<'_> {
        sketch
    }
}

pub(crate) fn user_agent(headers: &HeaderMap) -> Option<String> {
    headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

fn client(info: &Info, agent: Agent, is_trusted: bool) -> Client {
    Client { ip: info.ip.clone(), user_agent: agent.0, is_trusted }
}

fn kind(wants_cookie: Option<bool>) -> SessionKind {
    if wants_cookie == Some(true) { SessionKind::Browser } else { SessionKind::Token }
}

/// How long the cookie of a session stays: on a device that is not trusted it moves on with each use,
/// so the browser's own copy ends with the browser.
pub(crate) fn cookie_of(state: &WebState, session: &NewSession) -> axum::http::HeaderValue {
    let age_s = session.expires_at.since_us(state.base().now()) / Time::SECOND;
    session_cookie(state, session.token.reveal(), session.is_trusted.then_some(age_s))
}

fn signed_in(state: &WebState, session: &NewSession) -> SignInAnswer {
    let is_cookie = session.kind == SessionKind::Browser;
    let view = SignInView {
        state: "signed_in",
        token: (!is_cookie).then(|| session.token.reveal().to_owned()),
        challenge: None,
        session_id: Some(session.session),
        user_id: Some(session.user),
        csrf_token: is_cookie.then(|| csrf_token(session.token.reveal())),
        expires_at: session.expires_at,
    };
    SignInAnswer { view, cookie: is_cookie.then(|| cookie_of(state, session)) }
}

/// `POST /api/v1/sign-in`
pub(crate) async fn sign_in(State(state): State<WebState>, info: Info, agent: Agent, Json(body): Json<SignInBody>) -> Outcome<SignInAnswer> {
    state.limits().account(&body.email)?;
    let client = client(&info, agent, body.trusted.unwrap_or(false));
    let credentials = Credentials { email: body.email, password: body.password };
    match sign_in::sign_in(state.base(), &credentials, &client, kind(body.cookie)).await? {
        SignedIn::Done(session) => Ok(signed_in(&state, &session)),
        SignedIn::SecondStep { challenge, expires_at } => {
            let view = SignInView {
                state: "second_step",
                token: None,
                challenge: Some(challenge),
                session_id: None,
                user_id: None,
                csrf_token: None,
                expires_at,
            };
            Ok(SignInAnswer { view, cookie: None })
        }
    }
}

/// `POST /api/v1/sign-in/second-step`
pub(crate) async fn second_step(State(state): State<WebState>, info: Info, agent: Agent, Json(body): Json<SecondStepBody>) -> Outcome<SignInAnswer> {
    let session = sign_in::second_step(state.base(), &body.challenge, &body.code, &client(&info, agent, false)).await?;
    Ok(signed_in(&state, &session))
}

/// A sign-out that also removes the cookie.
pub(crate) struct SignedOut(axum::http::HeaderValue);

impl IntoResponse for SignedOut {
    fn into_response(self) -> Response {
        (axum::http::StatusCode::NO_CONTENT, [(header::SET_COOKIE, self.0)]).into_response()
    }
}

impl Output for SignedOut {
    fn describe(sketch: Sketch<'_>) -> Sketch<'_> {
        <crate::respond::Saved<(), 204> as Output>::describe(sketch)
    }
}

/// `POST /api/v1/sign-out`
pub(crate) async fn sign_out(State(state): State<WebState>, edge: Edge, Json(Nothing {}): Json<Nothing>) -> Outcome<SignedOut> {
    edge.write(sessions::sign_out).await?;
    Ok(SignedOut(end_session_cookie(&state)))
}

/// `GET /api/v1/links/{token}`
pub(crate) async fn look(State(state): State<WebState>, Path(token): Path<String>) -> Reply<LinkJson> {
    let LinkView { kind, organization, name, email, expires_at } = joining::look(state.base(), &token).await?;
    shown(LinkJson { kind, organization, name, email, expires_at })
}

/// `POST /api/v1/links/{token}/set-up`
pub(crate) async fn set_up(
    State(state): State<WebState>,
    info: Info,
    agent: Agent,
    Path(token): Path<String>,
    Json(body): Json<SetUpBody>,
) -> Outcome<SignInAnswer> {
    let new = NewAdmin { name: body.name, email: body.email, password: body.password, organization: body.organization };
    let session = joining::set_up(state.base(), &token, &new, &client(&info, agent, false)).await?;
    Ok(signed_in(&state, &session))
}

/// `POST /api/v1/links/{token}/join`
pub(crate) async fn join(
    State(state): State<WebState>,
    info: Info,
    agent: Agent,
    Path(token): Path<String>,
    Json(body): Json<JoinBody>,
) -> Outcome<SignInAnswer> {
    let client = client(&info, agent, false);
    let session = joining::accept(state.base(), &token, body.name.as_deref(), &body.password, &client).await?;
    Ok(signed_in(&state, &session))
}

/// `POST /api/v1/password-reset`
pub(crate) async fn ask_reset(State(state): State<WebState>, info: Info, agent: Agent, Json(body): Json<AskResetBody>) -> Done {
    state.limits().account(&body.email)?;
    account::ask_reset(state.base(), &body.email, &client(&info, agent, false)).await?;
    done()
}

/// `POST /api/v1/links/{token}/reset`
pub(crate) async fn reset(State(state): State<WebState>, info: Info, agent: Agent, Path(token): Path<String>, Json(body): Json<ResetBody>) -> Done {
    account::reset(state.base(), &token, &body.password, &client(&info, agent, false)).await?;
    done()
}

/// `POST /api/v1/links/{token}/verify-email`
pub(crate) async fn verify_email(State(state): State<WebState>, Path(token): Path<String>, Json(Nothing {}): Json<Nothing>) -> Done {
    account::verify_email(state.base(), &token).await?;
    done()
}

/// `POST /api/v1/me/password`
pub(crate) async fn change_password(edge: Edge, Json(body): Json<PasswordChangeBody>) -> Done {
    let changed = account::change_password(&edge, &body.current_password, &body.new_password).await;
    changed.map_err(|error| renamed(error, &[("password", "new_password")]))?;
    done()
}

/// `POST /api/v1/me/email`
pub(crate) async fn change_email(edge: Edge, Json(body): Json<EmailBody>) -> Done {
    account::ask_email_change(&edge, &body.email, &body.password).await?;
    done()
}
