//! Search everywhere: orders, customers and pages from one box. A page of its own, and the list of the box that opens over any page.
//!
//! What is found is what the domains find for this reader; nothing here looks into the database by itself.

use askama::Template;
use axum::http::{HeaderMap, Method, Uri};
use axum::response::Response;
use base::{Ctx, Edge};
use customers::CustomerFilter;
use db::Tx;
use kernel::{Error, Permission, fold};
use orders::{OrderFilter, Search};

use crate::badges::{self, Badge};
use crate::error::Outcome;
use crate::extract::Info;
use crate::format::Format;
use crate::pages::context::{Place, Reader, html, is_part};
use crate::pages::sections::{self, SECTIONS};
use crate::pages::view::Shell;
use crate::router::{Access, Route};
use crate::words::Words;

/// So many of each kind in the box; the page shows more orders by a link to the list.
const MOST: u32 = 8;
/// One letter means too much; one digit may be a number.
const SHORTEST: usize = 2;

pub(super) fn routes() -> Vec<Route> {
    vec![Route::page(Method::GET, "/app/search", Access::Session, "page_search", show)]
}

/// The page with its form.
#[derive(Template)]
#[template(path = "search/page.html")]
struct SearchPage {
    page: Shell,
    q: String,
    groups: Vec<Group>,
    /// All orders that the text finds.
    all_orders: Option<String>,
}

/// The list alone, for the box over a page.
#[derive(Template)]
#[template(path = "search/part.html")]
struct SearchPart {
    say: Words,
    groups: Vec<Group>,
}

/// Things of one kind.
struct Group {
    /// The message that names it; also what its parts are called by.
    key: &'static str,
    items: Vec<Found>,
}

/// One thing that was found.
struct Found {
    /// Where it leads; for what is done in place, the button that does it.
    href: String,
    presses: &'static str,
    icon: &'static str,
    title: String,
    /// Parts of a line, each with its own direction.
    notes: Vec<String>,
    badge: Option<Badge>,
    /// The key that does the same.
    key: String,
}

/// Pages below those of the side bar that people look for by name: message, address, icon, the right that opens it.
const DEEPER: &[(&str, &str, &str, Option<Permission>)] = &[
    ("draft-new-title", "/app/orders/new", "plus", Some(Permission::OrderPlace)),
    ("bulk-runs", "/app/orders/bulk", "list-checks", Some(Permission::OrderBulk)),
    ("exports-title", "/app/exports", "download", Some(Permission::OrderExport)),
    ("imports-new", "/app/imports/new", "file-spreadsheet", Some(Permission::OrderImport)),
    ("account-title", "/app/account", "user", None),
    ("roles-title", "/app/users/roles", "shield", Some(Permission::UserRead)),
    ("status-title", "/app/settings/statuses", "settings", Some(Permission::SettingsRead)),
    ("set-tags", "/app/settings/tags", "tag", Some(Permission::SettingsRead)),
    ("set-fields", "/app/settings/fields", "settings", Some(Permission::SettingsRead)),
    ("system-jobs", "/app/system/jobs", "activity", Some(Permission::SystemRead)),
    ("system-backups", "/app/system/backups", "activity", Some(Permission::SystemRead)),
    ("system-logs", "/app/system/logs", "activity", Some(Permission::LogRead)),
];

/// What can be done from anywhere: its message, its icon, the button of the page that does it, its key.
const ACTIONS: &[(&str, &str, &str, &str)] = &[
    ("keys-title", "keyboard", "[data-open=keys]", "?"),
    ("theme-light", "sun", "[data-themes] [value=light]", ""),
    ("theme-dark", "moon", "[data-themes] [value=dark]", ""),
    ("theme-system", "monitor", "[data-themes] [value=system]", ""),
    ("shell-sign-out", "log-out", "[action='/sign-out'] button", ""),
];

/// `GET /app/search?q=…`
async fn show(edge: Edge, info: Info, uri: Uri, headers: HeaderMap) -> Outcome<Response> {
    let q = typed(uri.query().unwrap_or_default());
    let say = Words { locale: edge.ctx.locale };
    let is_box = is_part(&headers);
    let text = q.clone();
    let (reader, mut groups) = edge
        .read(move |tx, ctx| {
            let reader = Reader::load(tx, ctx)?;
            let found = things(tx, ctx, &reader, &text)?;
            Ok((reader, found))
        })
        .await?;
    groups.push(Group { key: "search-pages", items: pages(&edge.ctx, say, &q) });
    if is_box {
        groups.push(Group { key: "search-actions", items: actions(say, &q) });
    }
    groups.retain(|group| !group.items.is_empty());
    if is_box {
        return html(&SearchPart { say, groups });
    }
    let orders = groups.iter().find(|group| group.key == "search-orders").map_or(0, |group| group.items.len());
    let all_orders = (orders >= MOST as usize).then(|| format!("/app/orders?view=all&q={}", crate::pages::context::encoded(&q)));
    let place = Place {
        title: say.t("search-window"),
        back: None,
        crumb: say.t("search-title"),
        here: if q.is_empty() { "/app/search".to_owned() } else { format!("/app/search?q={}", crate::pages::context::encoded(&q)) },
        toast: None,
    };
    html(&SearchPage { page: reader.shell(&edge.ctx, &info, place), q, groups, all_orders })
}

fn typed(query: &str) -> String {
    let found = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "q");
    found.map(|(_, text)| kernel::cut(text.replace('\0', "").trim(), 120).to_owned()).unwrap_or_default()
}

/// Orders and customers that the reader may see.
fn things(tx: &mut Tx, ctx: &Ctx, reader: &Reader, q: &str) -> Result<Vec<Group>, Error> {
    let mut groups = Vec::new();
    let text = fold(q);
    let is_number = !text.is_empty() && text.bytes().all(|sign| sign.is_ascii_digit());
    if text.chars().count() < SHORTEST && !is_number {
        return Ok(groups);
    }
    let format = reader.format(ctx);
    if ctx.can(Permission::OrderRead) {
        let search = Search {
            text: q.to_owned(),
            filter: OrderFilter { archived: orders::Archived::Any, ..OrderFilter::default() },
            limit: MOST,
            older: None,
        };
        let found = orders::search(tx, ctx, &search)?;
        groups.push(Group { key: "search-orders", items: found.items.iter().map(|row| order(&format, row)).collect() });
    }
    if sections::leads_to(ctx, "/app/customers") && ctx.can(Permission::CustomerRead) {
        let filter = CustomerFilter {
            search: Some(q.to_owned()),
            country: reader.stores.first().map(|store| store.country),
            limit: MOST,
            ..CustomerFilter::default()
        };
        let found = customers::list(tx, ctx, &filter)?;
        groups.push(Group { key: "search-customers", items: found.items.iter().map(|row| customer(ctx, &format, row)).collect() });
    }
    Ok(groups)
}

fn order(format: &Format, row: &orders::OrderRow) -> Found {
    Found {
        href: format!("/app/orders/{}", row.id),
        presses: "",
        icon: "package",
        title: format!("#{}", row.number),
        notes: vec![row.contact_name.clone(), format.money(row.total, row.currency), format.ago(row.created_at)],
        badge: Some(badges::order(row.state, row.confirmation, row.call_at.is_some(), row.shipping_state)),
        key: String::new(),
    }
}

fn customer(ctx: &Ctx, format: &Format, row: &customers::CustomerRow) -> Found {
    let say = Words { locale: ctx.locale };
    let phone = row.phone.as_ref().map(|phone| customers::shown_phone(ctx, phone));
    let orders = say.count("search-orders-of", row.orders, &format.number(row.orders));
    Found {
        href: format!("/app/customers/{}", row.id),
        presses: "",
        icon: "users",
        title: row.name.clone(),
        notes: phone.into_iter().chain([orders]).collect(),
        badge: None,
        key: String::new(),
    }
}

/// Whether each word that was typed begins a word of the name.
fn names(name: &str, q: &str) -> bool {
    let (name, q) = (fold(name), fold(q));
    q.split(' ').all(|word| name.split(' ').any(|part| part.starts_with(word)))
}

fn pages(ctx: &Ctx, say: Words, q: &str) -> Vec<Found> {
    let page = |title: String, note: Option<String>, href: &str, icon: &'static str, go: &str| Found {
        href: href.to_owned(),
        presses: "",
        icon,
        title,
        notes: note.into_iter().collect(),
        badge: None,
        key: if go.is_empty() { String::new() } else { format!("G {}", go.to_uppercase()) },
    };
    let places = SECTIONS.iter().filter(|section| section.is_open(ctx));
    let places = places.map(|one| page(say.t(one.key), one.group.map(|group| say.t(group)), one.href, one.icon, one.go));
    // The box that opens with nothing typed shows the places of the side bar alone.
    let deeper = DEEPER.iter().filter(|(.., needs)| !q.is_empty() && needs.is_none_or(|right| ctx.can(right)));
    let deeper = deeper.map(|(key, href, icon, _)| page(say.t(key), Some(say.t(sections::of(href).key)), href, icon, ""));
    places.chain(deeper).filter(|found| names(&found.title, q)).collect()
}

fn actions(say: Words, q: &str) -> Vec<Found> {
    let open = ACTIONS.iter().map(|(key, icon, presses, shortcut)| (say.t(key), *icon, *presses, *shortcut)).filter(|(title, ..)| names(title, q));
    open.map(|(title, icon, presses, shortcut)| Found {
        href: String::new(),
        presses,
        icon,
        title,
        notes: Vec::new(),
        badge: None,
        key: shortcut.to_owned(),
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_found_by_the_beginnings_of_its_words() {
        assert!(names("Users and roles", "ro us"));
        assert!(names("Paramètres", "parame"));
        assert!(names("الإعدادات", "الاعد"));
        assert!(names("Orders", ""));
        assert!(!names("Orders", "ders"));
    }

    #[test]
    fn what_was_typed_is_cut_and_cleaned() {
        assert_eq!(typed("q=%20amina%00%20&x=1"), "amina");
        assert_eq!(typed(&format!("q={}", "a".repeat(500))).len(), 120);
        assert_eq!(typed(""), "");
    }
}
