//! One's own sessions: which devices are signed in, ending one, all others, or all.

use access::{Session, SessionKind, sessions};
use axum::extract::State;
use axum::http::{Method, header};
use axum::response::Response;
use base::Edge;
use kernel::SessionId;

use super::HOME;
use super::view::SessionLine;
use crate::error::Outcome;
use crate::extract::Path;
use crate::format::Format;
use crate::pages::context::see;
use crate::pages::view::Confirm;
use crate::router::{Access, Route};
use crate::security::end_session_cookie;
use crate::state::WebState;
use crate::words::Words;

pub(super) fn routes() -> Vec<Route> {
    let mine = Access::Session;
    vec![
        Route::page(Method::POST, "/app/account/sessions/{id}/end", mine, "page_end_session", end),
        Route::page(Method::POST, "/app/account/sessions/end-others", mine, "page_end_other_sessions", end_others),
        Route::page(Method::POST, "/app/account/sessions/end-all", mine, "page_sign_out_everywhere", end_all),
    ]
}

/// `POST /app/account/sessions/{id}/end`
async fn end(Path(id): Path<SessionId>, edge: Edge) -> Outcome<Response> {
    edge.write(move |tx, ctx| {
        // Here one ends one's own alone, whatever one may do to others elsewhere.
        let own = sessions::list_own(tx, ctx)?;
        own.iter().find(|session| session.id == id).ok_or(kernel::Error::not_found("session"))?;
        sessions::end(tx, ctx, id)
    })
    .await?;
    Ok(see(&format!("{HOME}?done=ended#sessions")))
}

/// `POST /app/account/sessions/end-others`
async fn end_others(edge: Edge) -> Outcome<Response> {
    edge.write(sessions::end_own_others).await?;
    Ok(see(&format!("{HOME}?done=others#sessions")))
}

/// `POST /app/account/sessions/end-all`: everywhere, here as well.
async fn end_all(edge: Edge, State(state): State<WebState>) -> Outcome<Response> {
    edge.write(|tx, ctx| {
        sessions::end_own_others(tx, ctx)?;
        sessions::sign_out(tx, ctx)
    })
    .await?;
    let mut response = see("/sign-in?out=1");
    response.headers_mut().insert(header::SET_COOKIE, end_session_cookie(&state));
    Ok(response)
}

/// The button that asks before somebody signs out everywhere.
pub(super) fn everywhere(say: Words, csrf: String) -> Confirm {
    Confirm {
        say,
        csrf,
        id: "everywhere".to_owned(),
        class: "bad",
        button: say.t("account-sign-out-all"),
        title: say.t("account-sign-out-all-title"),
        text: say.t("account-sign-out-all-text"),
        verb: say.t("account-sign-out-all"),
        action: format!("{HOME}/sessions/end-all"),
        hidden: Vec::new(),
    }
}

/// A session as its owner knows it.
pub(super) fn line(say: Words, format: &Format, session: &Session) -> SessionLine {
    let agent = session.user_agent.as_deref().unwrap_or_default();
    let (browser, system) = (browser_of(agent), system_of(agent));
    let device = match (session.kind, browser, system) {
        (SessionKind::Token, _, _) => say.t("account-session-program"),
        (_, Some(browser), Some(system)) => say.with("account-session-browser", &[("browser", browser.to_owned()), ("system", system.to_owned())]),
        (_, Some(name), None) | (_, None, Some(name)) => name.to_owned(),
        (_, None, None) => say.t("account-session-unknown"),
    };
    let icon = match (session.kind, system) {
        (SessionKind::Token, _) => "plug",
        (_, Some("Android" | "iPhone" | "iPad")) => "smartphone",
        _ => "monitor",
    };
    SessionLine {
        id: session.id.to_string(),
        icon,
        device,
        ip: session.ip.clone(),
        began: say.one("account-session-began", "at", format.moment(session.created_at)),
        seen: format.ago(session.last_seen_at),
        seen_exact: format.exact(session.last_seen_at),
        is_current: session.is_current,
        is_trusted: session.is_trusted,
    }
}

/// The browser by its own words; the order matters, because they name each other.
fn browser_of(agent: &str) -> Option<&'static str> {
    let known = [
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("CriOS/", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    known.into_iter().find(|(sign, _)| agent.contains(sign)).map(|(_, name)| name)
}

fn system_of(agent: &str) -> Option<&'static str> {
    let known = [
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("CrOS", "ChromeOS"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];
    known.into_iter().find(|(sign, _)| agent.contains(sign)).map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn device(agent: &str, browser: Option<&str>, system: Option<&str>) {
        assert_eq!((browser_of(agent), system_of(agent)), (browser, system), "{agent}");
    }

    #[test]
    fn devices_are_known_by_what_they_call_themselves() {
        device("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36", Some("Chrome"), Some("Android"));
        device("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1", Some("Safari"), Some("iPhone"));
        device("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/130.0 Safari/537.36 Edg/130.0", Some("Edge"), Some("Windows"));
        device("Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0", Some("Firefox"), Some("Linux"));
        device("curl/8.5", None, None);
    }
}
