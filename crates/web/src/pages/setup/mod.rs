//! The set-up: stores, people with their roles and keys, settings, statuses and moves.
//!
//! Every form works as a plain POST. A form that is refused comes back with 422 over what was typed; one that somebody else was
//! faster with comes back with 409 and both sides. Each handler calls the action that the API calls.

mod form;
mod keys;
mod labels;
mod logo;
mod numbers;
mod people;
mod reasons;
pub(super) mod rights;
mod roles;
mod sessions;
mod settings;
mod side;
mod statuses;
mod stores;
mod wizard;

use axum::http::{StatusCode, Uri};
use axum::response::Response;
use base::Ctx;

use crate::error::Outcome;
use crate::extract::Info;
use crate::pages::context::{Place, Reader, html};
use crate::pages::view::{Notice, Shell, Tabs, Toast};
use crate::router::Route;
use crate::words::Words;

pub(super) use wizard::wizard_steps;

use side::SideItem;

pub(super) fn routes() -> Vec<Route> {
    let mut routes = stores::routes();
    routes.extend(people::routes());
    routes.extend(roles::routes());
    routes.extend(sessions::routes());
    routes.extend(keys::routes());
    routes.extend(settings::routes());
    routes.extend(logo::routes());
    routes.extend(reasons::routes());
    routes.extend(labels::routes());
    routes.extend(numbers::routes());
    routes.extend(statuses::routes());
    routes.extend(wizard::routes());
    routes
}

/// What stands above the content of a page.
#[derive(Clone, Debug, Default)]
struct Top {
    heading: String,
    subtitle: String,
    tabs: Option<Tabs>,
    /// The other parts of the settings.
    side: Vec<SideItem>,
    notice: Option<Notice>,
}

/// The frame of a page: below its section's first page, or that page itself.
struct Here<'a> {
    heading: &'a str,
    /// The message that names the section.
    section: &'static str,
    /// The page above, when this is not the first of its section.
    back: Option<&'static str>,
    uri: &'a Uri,
    toast: Option<Toast>,
}

fn frame(reader: &Reader, ctx: &Ctx, info: &Info, here: Here<'_>) -> Shell {
    let say = Words { locale: ctx.locale };
    let title = match here.back {
        Some(_) => say.with("set-window", &[("title", here.heading.to_owned()), ("section", say.t(here.section))]),
        None => say.one("gate-window", "title", here.heading),
    };
    let place = Place {
        title,
        back: here.back.map(str::to_owned),
        crumb: here.heading.to_owned(),
        here: here.uri.path_and_query().map_or_else(String::new, |path| path.as_str().to_owned()),
        toast: here.toast,
    };
    reader.shell(ctx, info, place)
}

/// A page with another status than 200.
fn with_status(template: &impl askama::Template, status: StatusCode) -> Outcome<Response> {
    let mut response = html(template)?;
    *response.status_mut() = status;
    Ok(response)
}

/// A parameter of the address.
fn asked(uri: &Uri, name: &str) -> Option<String> {
    let query = uri.query().unwrap_or_default();
    form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value.into_owned()).filter(|value| !value.is_empty())
}

/// What the address says was done.
fn toast(say: Words, uri: &Uri) -> Option<Toast> {
    let key = match asked(uri, "done")?.as_str() {
        "saved" => "set-done-saved",
        "made" => "set-done-made",
        "archived" => "set-done-archived",
        "reopened" => "set-done-reopened",
        "removed" => "set-done-removed",
        "ended" => "set-done-ended",
        "drafted" => "set-done-drafted",
        "discarded" => "set-done-discarded",
        "activated" => "set-done-activated",
        "let-go" => "set-done-let-go",
        "factor" => "set-done-factor",
        _ => return None,
    };
    Some(Toast::done(say.t(key)))
}

/// What could not be done, in a line above the content.
fn bad(text: String) -> Option<Notice> {
    Some(Notice { tone: "bad", text })
}
