//! Signed-in browsers and tokens: everybody's, listed and ended.

use access::{Session, SessionKind, sessions, users};
use askama::Template;
use axum::http::{Method, Uri};
use axum::response::Response;
use base::Edge;
use kernel::{Id, Permission, SessionId, UserId};

use super::people::tabs;
use super::{Here, Top, frame, toast};
use crate::badges;
use crate::error::Outcome;
use crate::extract::{Form, Info, Path};
use crate::format::Format;
use crate::pages::context::{Reader, html, own_path, see};
use crate::pages::setup::form::Typed;
use crate::pages::view::Shell;
use crate::router::{Access, Route};
use crate::words::Words;

pub(super) fn routes() -> Vec<Route> {
    let needs = Access::Needs(Permission::SessionEdit);
    vec![
        Route::page(Method::GET, "/app/users/sessions", needs, "page_sessions", list),
        Route::page(Method::POST, "/app/users/sessions/{id}/end", needs, "page_end_session", end),
        Route::page(Method::POST, "/app/users/{id}/sessions/end", needs, "page_end_sessions", end_all),
    ]
}

/// A session as a row.
#[derive(Clone, Debug)]
pub(super) struct SessionRow {
    pub(super) id: String,
    /// Whose, where the list is of everybody.
    pub(super) person: Option<(String, String, &'static str, String)>,
    pub(super) icon: &'static str,
    pub(super) device: String,
    pub(super) address: String,
    pub(super) seen: String,
    pub(super) seen_exact: String,
    pub(super) until: String,
    pub(super) is_trusted: bool,
    pub(super) is_current: bool,
}

#[derive(Template)]
#[template(path = "setup/sessions.html")]
struct SessionsPage {
    page: Shell,
    top: Top,
    sessions: Vec<SessionRow>,
}

/// A browser's long name for itself in two words: `Firefox, Android`. Names that nobody knows stay as they are.
fn device(agent: &str) -> String {
    let first = |known: &[(&str, &'static str)]| known.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name);
    let browser = first(&[
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser", "Samsung Internet"),
        ("Firefox", "Firefox"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
    ]);
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} · {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => agent.chars().take(40).collect(),
    }
}

pub(super) fn session_row(say: Words, format: &Format, session: &Session, person: Option<(UserId, &str)>) -> SessionRow {
    let device = match (session.kind, session.user_agent.as_deref()) {
        (SessionKind::Token, _) => say.t("sessions-token"),
        (SessionKind::Browser, Some(agent)) if !agent.is_empty() => device(agent),
        _ => say.t("sessions-browser"),
    };
    let is_phone = session.user_agent.as_deref().is_some_and(|agent| agent.contains("Mobile") || agent.contains("Android"));
    SessionRow {
        id: session.id.to_string(),
        person: person.map(|(id, name)| (id.to_string(), badges::initials(name), badges::person_tone(id.to_i64()), name.to_owned())),
        icon: match session.kind {
            SessionKind::Token => "plug",
            SessionKind::Browser if is_phone => "phone",
            SessionKind::Browser => "monitor",
        },
        device,
        address: session.ip.clone().unwrap_or_default(),
        seen: format.ago(session.last_seen_at),
        seen_exact: format.exact(session.last_seen_at),
        until: format.moment(session.expires_at),
        is_trusted: session.is_trusted,
        is_current: session.is_current,
    }
}

/// `GET /app/users/sessions`
async fn list(edge: Edge, info: Info, uri: Uri) -> Outcome<Response> {
    let (reader, all, names) = edge
        .read(|tx, ctx| {
            let all = sessions::list(tx, ctx, None)?;
            let ids: Vec<UserId> = all.iter().map(|session| session.user).collect::<std::collections::BTreeSet<_>>().into_iter().collect();
            let names = users::names(tx, ctx, &ids)?;
            Ok((Reader::load(tx, ctx)?, all, names))
        })
        .await?;
    let ctx = &edge.ctx;
    let say = Words { locale: ctx.locale };
    let format = reader.format(ctx);
    let name = |id: UserId| names.iter().find(|person| person.id == id).map(|person| person.name.as_str()).unwrap_or("…");
    let rows = all.iter().map(|session| session_row(say, &format, session, Some((session.user, name(session.user))))).collect();
    let heading = say.t("sessions-title");
    let here = Here { heading: &heading, section: "shell-nav-people", back: Some("/app/users"), uri: &uri, toast: toast(say, &uri) };
    let page = frame(&reader, ctx, &info, here);
    let subtitle = say.count("sessions-subtitle", all.len() as i64, &format.number(all.len() as i64));
    let top = Top { heading, subtitle, tabs: Some(tabs(ctx, "/app/users/sessions")), ..Top::default() };
    html(&SessionsPage { page, top, sessions: rows })
}

/// `POST /app/users/sessions/{id}/end`
async fn end(Path(id): Path<SessionId>, edge: Edge, Form(typed): Form<Typed>) -> Outcome<Response> {
    let back = typed.filled("back").and_then(|back| own_path(&back).map(str::to_owned));
    match edge.write(move |tx, ctx| sessions::end(tx, ctx, id)).await {
        Ok(()) => Ok(see(&format!("{}?done=ended", back.as_deref().unwrap_or("/app/users/sessions")))),
        Err(error) => Err(error.into()),
    }
}

/// `POST /app/users/{id}/sessions/end`
async fn end_all(Path(id): Path<UserId>, edge: Edge) -> Outcome<Response> {
    edge.write(move |tx, ctx| sessions::end_all(tx, ctx, id)).await?;
    Ok(see(&format!("/app/users/{id}?done=ended")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_named_in_two_words() {
        let chrome = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Mobile Safari/537.36";
        assert_eq!(device(chrome), "Chrome · Android");
        assert_eq!(
            device("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605 Version/17.0 Mobile/15E148 Safari/604.1"),
            "Safari · iPhone"
        );
        assert_eq!(device("curl/8.5"), "curl/8.5");
    }
}
