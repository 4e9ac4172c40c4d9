//! How the list looks: its columns in their order, how close rows stand, how many on a page. Kept for each person and view.

use axum::http::{HeaderMap, Method, Uri};
use axum::response::Response;
use base::{Ctx, Edge};
use db::Tx;
use kernel::Error;
use kernel::Permission;
use orders::SortKey;
use orders::views::{Density, View as SavedView};
use serde_json::{Map, Value, json};

use super::listing::{home, open_view};
use super::query::{ListQuery, Open};
use super::sheet;
use super::view::{ColumnChoice, ColumnsForm};
use crate::error::Outcome;
use crate::extract::{Form, Info};
use crate::pages::context::{Reader, own_path, see};
use crate::pages::typed::Typed;
use crate::pages::view::Choosable;
use crate::router::{Access, Route};
use crate::words::Words;

/// Where the looks of views stand among somebody's preferences.
const LOOKS: &str = "list.orders.looks";
/// So many views have a look of their own; the rest look as they were kept.
const MOST: usize = 40;

pub(super) fn routes() -> Vec<Route> {
    let needs = Access::Needs(Permission::OrderRead);
    vec![
        Route::page(Method::GET, "/app/orders/columns", needs, "page_orders_columns", show),
        Route::page(Method::POST, "/app/orders/columns", needs, "page_set_orders_columns", set),
    ]
}

/// A column that the list can have.
#[derive(Debug)]
pub(super) struct Column {
    /// Its name in what is kept.
    pub(super) name: &'static str,
    /// Its message.
    pub(super) key: &'static str,
    pub(super) class: &'static str,
    pub(super) sort: Option<SortKey>,
    is_usual: bool,
}

const fn column(name: &'static str, key: &'static str, class: &'static str, sort: Option<SortKey>, is_usual: bool) -> Column {
    Column { name, key, class, sort, is_usual }
}

/// Every column; the first is always there.
#[rustfmt::skip]
pub(super) static COLUMNS: &[Column] = &[
    column("number", "orders-col-order", "c-ref", Some(SortKey::Number), true),
    column("customer", "orders-col-customer", "c-who", None, true),
    column("items", "orders-col-items", "c-items", None, true),
    column("place", "orders-col-place", "c-place", None, true),
    column("total", "orders-col-total", "c-amt end", Some(SortKey::Total), true),
    column("state", "orders-col-state", "c-st", Some(SortKey::MovedAt), true),
    column("agent", "orders-col-agent", "c-agent", None, true),
    column("created", "orders-col-created", "c-time end", Some(SortKey::CreatedAt), true),
    column("collect", "orders-col-collect", "c-x c-num end", None, false),
    column("payment", "orders-col-payment", "c-x", None, false),
    column("shipping", "orders-col-shipping", "c-x", None, false),
    column("tracking", "orders-col-tracking", "c-x", None, false),
    column("store", "orders-col-store", "c-x", None, false),
    column("tags", "orders-col-tags", "c-x", None, false),
    column("priority", "orders-col-priority", "c-x", Some(SortKey::Priority), false),
    column("expected", "orders-col-expected", "c-x", None, false),
    column("moved", "orders-col-moved", "c-x end", Some(SortKey::MovedAt), false),
];

/// At most so many beside each other.
const MOST_COLUMNS: usize = 12;

/// How a list looks.
#[derive(Clone, Debug)]
pub(super) struct Look {
    pub(super) columns: Vec<&'static Column>,
    pub(super) is_compact: bool,
    pub(super) limit: u32,
}

impl Look {
    /// As the reader likes this view; else as it was kept; else as they like every page.
    pub(super) fn of(reader: &Reader, view: Open, saved: Option<&SavedView>) -> Look {
        let own = reader.me.preferences.get(LOOKS).and_then(|looks| looks.get(view.word())).and_then(Value::as_object);
        let names = |value: &Value| -> Vec<String> { value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect() };
        let kept = saved.map(|saved| &saved.view);
        let named = own.and_then(|own| own.get("columns")).map(names).or_else(|| kept.and_then(|view| view.columns.clone()));
        let density = own
            .and_then(|own| own.get("density"))
            .and_then(Value::as_str)
            .or_else(|| kept.and_then(|view| view.density).map(|density| if density == Density::Compact { "compact" } else { "comfortable" }))
            .or_else(|| reader.preference("density"));
        let limit = own
            .and_then(|own| own.get("page_size"))
            .and_then(Value::as_i64)
            .or_else(|| kept.and_then(|view| view.page_size))
            .or_else(|| reader.number("page_size"))
            .and_then(|limit| u32::try_from(limit).ok())
            .unwrap_or(50);
        Look { columns: columns_of(named.as_deref()), is_compact: density == Some("compact"), limit: limit.clamp(10, 200) }
    }

    /// The names of its columns, as views keep them; none for the usual ones.
    pub(super) fn names(&self) -> Option<Vec<String>> {
        let usual = columns_of(None);
        let is_usual = self.columns.iter().map(|column| column.name).eq(usual.iter().map(|column| column.name));
        (!is_usual).then(|| self.columns.iter().map(|column| column.name.to_owned()).collect())
    }

    pub(super) fn density(&self) -> Density {
        if self.is_compact { Density::Compact } else { Density::Comfortable }
    }
}

/// The columns of these names, the number first; what nobody knows any more is left out.
fn columns_of(names: Option<&[String]>) -> Vec<&'static Column> {
    let Some(names) = names else { return COLUMNS.iter().filter(|column| column.is_usual).collect() };
    let mut columns: Vec<&'static Column> = vec![&COLUMNS[0]];
    for name in names {
        let Some(column) = COLUMNS.iter().find(|column| column.name == name) else { continue };
        if columns.len() < MOST_COLUMNS && !columns.iter().any(|one| one.name == column.name) {
            columns.push(column);
        }
    }
    columns
}

/// `GET /app/orders/columns?…`
async fn show(edge: Edge, info: Info, uri: Uri, headers: HeaderMap) -> Outcome<Response> {
    let query = ListQuery::read(uri.query().unwrap_or_default());
    let say = Words { locale: edge.ctx.locale };
    let csrf = info.csrf_token();
    let (reader, form) = edge
        .read(move |tx, ctx| {
            let reader = Reader::load(tx, ctx)?;
            let form = form(tx, ctx, &reader, query.clone(), csrf.clone())?;
            Ok((reader, form))
        })
        .await?;
    sheet::answer(&headers, &edge, &info, &reader, say.t("orders-columns-title"), &form)
}

fn form(tx: &mut Tx, ctx: &Ctx, reader: &Reader, query: ListQuery, csrf: String) -> Result<ColumnsForm, Error> {
    let say = Words { locale: ctx.locale };
    let (query, saved) = open_view(tx, ctx, query, &home(&reader.stores))?;
    let look = Look::of(reader, query.view, saved.as_ref());
    let is_shown = |column: &Column| look.columns.iter().any(|one| one.name == column.name);
    let shown = look.columns.iter().copied();
    let rest = COLUMNS.iter().filter(|column| !is_shown(column));
    let choices = shown.chain(rest).map(|column| ColumnChoice {
        name: column.name,
        label: say.t(column.key),
        is_chosen: is_shown(column),
        is_fixed: column.name == COLUMNS[0].name,
    });
    let density = if look.is_compact { "compact" } else { "comfortable" };
    let limit = look.limit.to_string();
    Ok(ColumnsForm {
        say,
        csrf,
        view: query.view.word(),
        back: query.url(),
        choices: choices.collect(),
        densities: vec![
            Choosable::new("comfortable", say.t("orders-density-comfortable"), density),
            Choosable::new("compact", say.t("orders-density-compact"), density),
        ],
        sizes: ["25", "50", "100"].into_iter().map(|size| Choosable::new(size, size, &limit)).collect(),
    })
}

/// `POST /app/orders/columns`: what is ticked, in the order of the form; a button beside a column moves it.
async fn set(edge: Edge, Form(form): Form<Typed>) -> Outcome<Response> {
    let view = form.get("view").to_owned();
    let back = own_path(form.get("back")).unwrap_or("/app/orders").to_owned();
    let is_reset = form.has("reset");
    let look = look_of(&form);
    edge.write(move |tx, ctx| {
        let mut looks = access::preferences::get(tx, ctx)?.get(LOOKS).and_then(|looks| looks.as_object().cloned()).unwrap_or_default();
        looks.remove(&view);
        if !is_reset {
            while looks.len() >= MOST {
                let Some(first) = looks.keys().next().cloned() else { break };
                looks.remove(&first);
            }
            looks.insert(kernel::cut(&view, 40).to_owned(), look.clone());
        }
        access::preferences::set(tx, ctx, &Map::from_iter([(LOOKS.to_owned(), Value::Object(looks))]))
    })
    .await?;
    // A column that was moved may be moved farther.
    let is_moved = form.has("up") || form.has("down");
    let beside = format!("/app/orders/columns{}", back.strip_prefix("/app/orders").unwrap_or_default());
    Ok(see(if is_moved { &beside } else { &back }))
}

fn look_of(form: &Typed) -> Value {
    let mut names: Vec<&str> = form.all("column").collect();
    for (button, by) in [("up", -1_isize), ("down", 1)] {
        let moved = form.get(button);
        if let Some(at) = names.iter().position(|name| *name == moved) {
            let to = at.saturating_add_signed(by).min(names.len() - 1);
            names.swap(at, to);
        }
    }
    let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
    let columns: Vec<&str> = columns_of(Some(&names)).into_iter().map(|column| column.name).collect();
    let density = if form.get("density") == "compact" { "compact" } else { "comfortable" };
    let limit = form.read::<i64>("page_size").filter(|size| [25, 50, 100].contains(size)).unwrap_or(50);
    json!({ "columns": columns, "density": density, "page_size": limit })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_chosen_ordered_and_moved_and_the_number_stays_first() {
        let typed: Typed =
            serde_json::from_value(json!([["column", "total"], ["column", "customer"], ["column", "rubbish"], ["up", "customer"]])).unwrap();
        assert_eq!(look_of(&typed)["columns"], json!(["number", "customer", "total"]));
        let names = |some: &[&str]| some.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let of = |some: &[&str]| columns_of(Some(&names(some))).iter().map(|column| column.name).collect::<Vec<_>>();
        assert_eq!(of(&["total", "total", "number"]), ["number", "total"]);
        assert_eq!(of(&[]), ["number"]);
        assert!(COLUMNS.iter().filter(|column| column.is_usual).count() <= 10, "a table begins with ten columns at most");
    }
}
