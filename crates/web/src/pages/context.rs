//! What every handler of a page needs: how the reader reads, the frame, answers.

use askama::Template;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use base::Ctx;
use db::Tx;
use jiff::tz::TimeZone;
use kernel::{Error, Locale, NumberStyle, Permission};
use serde_json::Value;

use crate::badges;
use crate::error::Outcome;
use crate::extract::Info;
use crate::format::Format;
use crate::pages::sections::{self, SECTIONS, Section};
use crate::pages::view::{Gate, NavItem, Shell, Toast};
use crate::security;
use crate::words::Words;

/// The cookies that a browser without a session reads its language and theme from.
pub(crate) const LANGUAGE_COOKIE: &str = "kafila_lang";
pub(crate) const THEME_COOKIE: &str = "kafila_theme";

/// Renders a page or a part of one.
pub(crate) fn html(template: &impl Template) -> Outcome<Response> {
    let text = template.render().map_err(Error::internal)?;
    let mut response = Html(text).into_response();
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("hx-request-type, cookie, accept-language"));
    Ok(response)
}

/// After a form: look there.
pub(crate) fn see(path: &str) -> Response {
    Redirect::to(path).into_response()
}

/// Whether the part alone is wanted.
pub(crate) fn is_part(headers: &HeaderMap) -> bool {
    headers.get("hx-request-type").is_some_and(|value| value == "partial")
}

/// A path of ours to go back to; another site's address is not followed. Browsers leave tabs and line ends
/// out of an address, so a path with any control character is none of ours.
pub(crate) fn own_path(path: &str) -> Option<&str> {
    let is_ours = path.starts_with('/') && !path.starts_with("//") && !path.contains(|sign: char| sign == '\\' || sign.is_control());
    is_ours.then_some(path)
}

/// A text for the address.
pub(crate) fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// `light` or `dark` of a word; everything else follows the device.
pub(crate) fn theme_of(word: Option<&str>) -> Option<&'static str> {
    match word {
        Some("light") => Some("light"),
        Some("dark") => Some("dark"),
        _ => None,
    }
}

/// The theme that a browser remembers for pages before the door.
pub(crate) fn theme(headers: &HeaderMap) -> Option<&'static str> {
    theme_of(security::cookie(headers, THEME_COOKIE))
}

/// The language before somebody is known: asked for, remembered by the browser, or the browser's own.
pub(crate) fn visitor_locale(headers: &HeaderMap, info: &Info, asked: Option<&str>) -> Locale {
    let of = |word: &str| Locale::INTERFACE.into_iter().find(|locale| locale.as_str() == word);
    asked.and_then(of).or_else(|| security::cookie(headers, LANGUAGE_COOKIE).and_then(of)).unwrap_or_else(|| info.locale())
}

/// A cookie for a harmless preference, for a year. A word and nothing else: it may come from an address.
pub(crate) fn preference_cookie(name: &str, value: &str) -> Option<HeaderValue> {
    if !value.bytes().all(|sign| sign.is_ascii_alphanumeric()) {
        return None;
    }
    HeaderValue::from_str(&format!("{name}={value}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly")).ok()
}

/// The frame of a page before the door.
pub(crate) fn gate(say: Words, headers: &HeaderMap, info: &Info, heading: &str, organization: &str) -> Gate {
    let heading = say.t(heading);
    Gate {
        say,
        theme: theme(headers),
        title: say.one("gate-window", "title", &heading),
        heading,
        organization: if organization.is_empty() { say.t("shell-name") } else { organization.to_owned() },
        csrf: info.csrf_token(),
        keep: String::new(),
        query: String::new(),
        notice: None,
    }
}

/// The reader of a staff page, as the database knows them.
pub(crate) struct Reader {
    pub(crate) me: access::Me,
    /// The open stores that they see, by code.
    pub(crate) stores: Vec<access::Store>,
    /// How many problems that were passed up, and notes that name them, wait for them.
    pub(crate) waiting: i64,
}

impl Reader {
    /// Loads who reads; in the same transaction as what they read.
    pub(crate) fn load(tx: &mut Tx, ctx: &Ctx) -> Result<Reader, Error> {
        let me = access::users::me(tx, ctx)?;
        let stores = if ctx.can(Permission::StoreRead) { access::stores::list(tx, ctx, false)? } else { Vec::new() };
        let waiting = orders::escalations::waiting(tx, ctx)? + orders::mentions::count_waiting(tx, ctx)?;
        Ok(Reader { me, stores, waiting })
    }

    /// A preference, when it is a text.
    pub(crate) fn preference(&self, name: &str) -> Option<&str> {
        self.me.preferences.get(name).and_then(Value::as_str)
    }

    /// A preference, when it is a number.
    pub(crate) fn number(&self, name: &str) -> Option<i64> {
        self.me.preferences.get(name).and_then(Value::as_i64)
    }

    /// Words and numbers as this reader reads them; days and hours are those of their first store.
    pub(crate) fn format(&self, ctx: &Ctx) -> Format {
        match self.stores.first() {
            Some(store) => Format::new(ctx.locale, store.number_style, store.zone.clone(), ctx.now),
            None => Format::new(ctx.locale, NumberStyle::CommaPoint, TimeZone::UTC, ctx.now),
        }
    }

    /// The frame of a page, in the section that its address belongs to.
    pub(crate) fn shell(&self, ctx: &Ctx, info: &Info, place: Place) -> Shell {
        let section = sections::of(&place.here);
        let say = Words { locale: ctx.locale };
        let user = &self.me.user;
        let count = self.stores.len() as i64;
        Shell {
            say,
            theme: theme_of(self.preference("theme")),
            title: place.title,
            csrf: info.csrf_token(),
            // Not the request's id, which a caller may bring along twice.
            once: format!("page-{:016x}", rand::random::<u64>()),
            organization: if ctx.settings.general.name.is_empty() { say.t("shell-name") } else { ctx.settings.general.name.clone() },
            stores: say.count("shell-stores", count, &count.to_string()),
            user_name: user.name.clone(),
            user_id: user.id.to_string(),
            user_initials: badges::initials(&user.name),
            user_tone: badges::person_tone(kernel::Id::to_i64(user.id)),
            email: user.email.clone(),
            role: user.role_name.clone(),
            nav: nav(ctx, section, self.waiting),
            waiting: (self.waiting > 0).then(|| say.count("shell-waiting", self.waiting, &self.waiting.to_string())),
            has_single_keys: self.preference("keys") != Some("off"),
            section,
            back: place.back,
            crumb: place.crumb,
            here: place.here,
            toast: place.toast,
            trail: Vec::new(),
        }
    }
}

/// Where a page stands.
pub(crate) struct Place {
    /// The window's title.
    pub(crate) title: String,
    /// The page above.
    pub(crate) back: Option<String>,
    pub(crate) crumb: String,
    /// The address, to come back to.
    pub(crate) here: String,
    pub(crate) toast: Option<Toast>,
}

/// How many places stand in the bottom bar of a phone, beside "More".
const QUICK: usize = 4;

/// The places that this reader may open, the present one marked; a group is named before its first.
fn nav(ctx: &Ctx, here: &'static Section, waiting: i64) -> Vec<NavItem> {
    let mut last = None;
    let mut quick = 0;
    let open = SECTIONS.iter().filter(|section| section.is_open(ctx));
    open.map(|section| {
        let group = section.group.filter(|group| last.replace(*group) != Some(*group));
        quick += usize::from(section.is_quick);
        let count = (section.href == sections::ALERTS && waiting > 0).then(|| waiting.to_string());
        NavItem { section, group, is_here: section == here, is_quick: section.is_quick && quick <= QUICK, count }
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_path_of_ours_is_gone_back_to() {
        for path in ["/", "/app/orders?q=a", "/app/orders/x#notes"] {
            assert_eq!(own_path(path), Some(path));
        }
        for path in
            ["", "app", "https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil.example", "/\r\n/evil.example", "/\0/x", "/\u{85}/x"]
        {
            assert_eq!(own_path(path), None, "{path:?}");
        }
    }
}
