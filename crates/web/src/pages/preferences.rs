//! Language, theme, shortcuts: kept with the person, so that they follow to the next device, and in a cookie for pages before the door.

use axum::http::{Method, header};
use axum::response::Response;
use base::Edge;
use kernel::Locale;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::error::Outcome;
use crate::extract::Form;
use crate::pages::context::{LANGUAGE_COOKIE, THEME_COOKIE, own_path, preference_cookie, see};
use crate::router::{Access, Route};

pub(super) fn routes() -> Vec<Route> {
    vec![Route::page(Method::POST, "/app/preferences", Access::Session, "page_set_preferences", set)]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PreferencesForm {
    #[serde(default)]
    back: String,
    language: Option<String>,
    theme: Option<String>,
    /// `on` or `off`: whether single keys are shortcuts.
    keys: Option<String>,
}

/// `POST /app/preferences`
async fn set(edge: Edge, Form(form): Form<PreferencesForm>) -> Outcome<Response> {
    let language = form.language.as_deref().and_then(|word| Locale::INTERFACE.into_iter().find(|locale| locale.as_str() == word));
    let theme = form.theme.as_deref().map(|word| match word {
        "light" => "light",
        "dark" => "dark",
        _ => "auto",
    });

    let mut changes = Map::new();
    if let Some(language) = language {
        changes.insert("locale".to_owned(), Value::from(language.as_str()));
    }
    if let Some(theme) = theme {
        changes.insert("theme".to_owned(), Value::from(theme));
    }
    if let Some(keys) = form.keys.as_deref() {
        changes.insert("keys".to_owned(), Value::from(if keys == "off" { "off" } else { "on" }));
    }
    edge.write(move |tx, ctx| access::preferences::set(tx, ctx, &changes)).await?;

    let mut response = see(own_path(&form.back).unwrap_or("/"));
    let cookies = [(LANGUAGE_COOKIE, language.map(Locale::as_str)), (THEME_COOKIE, theme)];
    for (name, value) in cookies {
        if let Some(cookie) = value.and_then(|value| preference_cookie(name, value)) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }
    Ok(response)
}
