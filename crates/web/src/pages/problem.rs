//! What went wrong, as a page: what it is, what is safe, what to do, a code to quote. And the page of a browser without a network.

use askama::Template;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use kernel::{Locale, Permission};

use crate::error::{Outcome, Problem};
use crate::extract::Info;
use crate::pages::context;
use crate::pages::gate::view::{ProblemPage, Way};
use crate::pages::setup::rights;
use crate::pages::view::Gate;
use crate::router::{Access, Route};
use crate::security::RequestInfo;
use crate::words::Words;

/// A part that failed: a line beside the page, whose content stays as it is.
#[derive(Template)]
#[template(path = "problem_part.html")]
struct ProblemPart {
    text: String,
    code: Option<String>,
}

/// What a problem looks like.
struct Face {
    heading: &'static str,
    icon: &'static str,
    tone: &'static str,
    text: String,
    /// Whether trying again may help.
    again: bool,
}

pub(super) fn routes() -> Vec<Route> {
    vec![Route::page(Method::GET, "/offline", Access::Public, "page_offline", offline)]
}

fn face(say: Words, problem: &Problem) -> Face {
    let title = problem.title(say.locale);
    let face = |heading, icon, tone, text, again| Face { heading, icon, tone, text, again };
    match problem.status() {
        StatusCode::NOT_FOUND => face("problem-not-found-title", "search-x", "t-neu", say.t("problem-not-found-text"), false),
        StatusCode::FORBIDDEN if problem.code() == "csrf" => face("problem-refused-title", "rotate-ccw", "t-warn", title, false),
        StatusCode::FORBIDDEN => face("problem-forbidden-title", "lock", "t-neu", say.t("problem-forbidden-text"), false),
        StatusCode::CONFLICT => face("problem-conflict-title", "history", "t-warn", title, true),
        StatusCode::TOO_MANY_REQUESTS => {
            let text = problem.retry_after_s().map_or(title, |seconds| wait(say, seconds));
            face("problem-too-many-title", "clock", "t-warn", text, true)
        }
        StatusCode::PAYLOAD_TOO_LARGE => face("problem-too-large-title", "file-text", "t-warn", title, false),
        StatusCode::SERVICE_UNAVAILABLE => face("problem-busy-title", "clock", "t-warn", title, true),
        status if status.is_server_error() => face("problem-failed-title", "triangle-alert", "t-bad", say.t("problem-failed-text"), true),
        _ => face("problem-refused-title", "triangle-alert", "t-warn", title, false),
    }
}

/// Where to go from here: the same once more, where that may help and can be asked for; back to where one was; the beginning.
fn ways_out(say: Words, info: &RequestInfo, again: bool) -> Vec<Way> {
    let mut ways = Vec::new();
    if again && info.is_safe {
        ways.push(Way { href: String::new(), label: say.t("problem-again"), is_back: false });
    }
    if let Some(back) = &info.back {
        // What was typed there comes back with it, as far as the browser keeps it.
        ways.push(Way { href: back.clone(), label: say.t("problem-back"), is_back: true });
    }
    let (href, key) = if info.is_customers { ("/track-order", "problem-look-up") } else { ("/", "problem-home") };
    if info.back.as_deref() != Some(href) {
        ways.push(Way { href: href.to_owned(), label: say.t(key), is_back: false });
    }
    ways
}

/// How long to wait, in seconds or, for longer, in minutes.
fn wait(say: Words, seconds: u32) -> String {
    let (key, count) =
        if seconds < 90 { ("problem-wait-seconds", i64::from(seconds)) } else { ("problem-wait-minutes", i64::from(seconds.div_ceil(60))) };
    say.count(key, count, &count.to_string())
}

/// The page of a problem, in the reader's language; for a script that asked for a part, a line to show beside the page.
pub(crate) fn problem(info: &RequestInfo, problem: &Problem) -> Response {
    let say = Words { locale: info.locale() };
    let status = problem.status();
    let face = face(say, problem);
    // What to quote: the request for our mistakes, the right that is missing for an administrator.
    let right =
        problem.arg("permission").map(|word| word.parse::<Permission>().map_or_else(|_| word.to_owned(), |right| say.t(rights::words(right))));
    let code = if status.is_server_error() { Some(info.id.clone()) } else { right };
    if info.is_part {
        return part(status, ProblemPart { text: face.text, code });
    }
    let actions = ways_out(say, info, face.again);
    let heading = say.t(face.heading);
    let template = ProblemPage {
        page: frame(say, info.theme, heading),
        icon: face.icon,
        tone: face.tone,
        text: face.text,
        code_label: if status == StatusCode::FORBIDDEN { "problem-right" } else { "problem-code" },
        code,
        actions,
        is_word: status == StatusCode::FORBIDDEN,
        // Who is not signed in would meet the door.
        has_search: status == StatusCode::NOT_FOUND && info.session_token.is_some() && !info.is_customers,
    };
    let mut response = match context::html(&template) {
        Ok(response) => response,
        // A template that cannot be rendered must not hide what went wrong.
        Err(_) => return (status, problem.code()).into_response(),
    };
    *response.status_mut() = status;
    if let Some(seconds) = problem.retry_after_s() {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

fn part(status: StatusCode, template: ProblemPart) -> Response {
    let headers = [("hx-retarget", "#toasts"), ("hx-reswap", "beforeend")];
    match template.render() {
        Ok(text) => (status, headers, Html(text)).into_response(),
        Err(_) => status.into_response(),
    }
}

fn frame(say: Words, theme: Option<&'static str>, heading: String) -> Gate {
    Gate {
        say,
        theme,
        title: say.one("gate-window", "title", &heading),
        heading,
        organization: String::new(),
        csrf: String::new(),
        keep: String::new(),
        query: String::new(),
        notice: None,
    }
}

/// `GET /offline?lang=…`: what a browser shows that kept it and has no network. It knows nobody and says nothing of anybody.
async fn offline(info: Info, uri: Uri, headers: HeaderMap) -> Outcome<Response> {
    let asked =
        form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).find(|(name, _)| name == "lang").map(|(_, word)| word.into_owned());
    let locale = Locale::INTERFACE.into_iter().find(|locale| Some(locale.as_str()) == asked.as_deref());
    let say = Words { locale: locale.unwrap_or_else(|| context::visitor_locale(&headers, &info, None)) };
    context::html(&ProblemPage {
        page: frame(say, None, say.t("problem-offline-title")),
        icon: "wifi-off",
        tone: "t-warn",
        text: say.t("problem-offline-text"),
        code_label: "problem-code",
        code: None,
        is_word: false,
        actions: vec![Way { href: String::new(), label: say.t("problem-again"), is_back: false }],
        has_search: false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_long_to_wait_is_said_in_the_unit_that_people_use() {
        let say = Words { locale: Locale::En };
        assert_eq!(wait(say, 1), "You did that very often. Try again in 1 second.");
        assert_eq!(wait(say, 60), "You did that very often. Try again in 60 seconds.");
        assert_eq!(wait(say, 601), "You did that very often. Try again in 11 minutes.");
    }
}
