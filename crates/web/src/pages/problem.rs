//! What went wrong, as a page: what it is, what is safe, what to do, a code to quote.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::error::Problem;
use crate::pages::context;
use crate::pages::gate::view::ProblemPage;
use crate::pages::view::Gate;
use crate::security::RequestInfo;
use crate::words::Words;

/// The page of a problem, in the reader's language.
pub(crate) fn problem(info: &RequestInfo, problem: &Problem) -> Response {
    let say = Words { locale: info.locale() };
    let status = problem.status();
    let title = problem.title(say.locale);
    let home = || ("/app/orders".to_owned(), say.t("problem-home"));
    let again = || (String::new(), say.t("problem-again"));
    let (heading, icon, tone, text, actions) = match status {
        StatusCode::NOT_FOUND => (say.t("problem-not-found-title"), "search-x", "t-neu", say.t("problem-not-found-text"), vec![home()]),
        StatusCode::FORBIDDEN if problem.code() == "csrf" => (say.t("problem-refused-title"), "rotate-ccw", "t-warn", title, vec![home()]),
        StatusCode::FORBIDDEN => (say.t("problem-forbidden-title"), "lock", "t-neu", say.t("problem-forbidden-text"), vec![home()]),
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
            (say.t("problem-busy-title"), "clock", "t-warn", title, vec![again(), home()])
        }
        status if status.is_server_error() => {
            (say.t("problem-failed-title"), "triangle-alert", "t-bad", say.t("problem-failed-text"), vec![again(), home()])
        }
        _ => (say.t("problem-refused-title"), "triangle-alert", "t-warn", title, vec![home()]),
    };
    let page = Gate {
        say,
        theme: None,
        title: say.one("gate-window", "title", &heading),
        heading,
        organization: String::new(),
        csrf: String::new(),
        keep: String::new(),
        query: String::new(),
        notice: None,
    };
    // What to quote: the request for our mistakes, the right that is missing for an administrator.
    let code = if status.is_server_error() { Some(info.id.clone()) } else { problem.arg("permission").map(str::to_owned) };
    let template = ProblemPage { page, icon, tone, text, code, actions, has_search: status == StatusCode::NOT_FOUND };
    match context::html(&template) {
        Ok(mut response) => {
            *response.status_mut() = status;
            response
        }
        // A template that cannot be rendered must not hide what went wrong.
        Err(_) => (status, problem.code()).into_response(),
    }
}
