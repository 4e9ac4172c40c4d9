//! The list of customers over HTTP: the page, its part, the file of it.

use std::collections::BTreeMap;

use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::Response;
use base::tasks::{self, TaskView};
use base::{Ctx, Edge, places};
use customers::flags::{self, FlagKind};
use customers::{CustomerPage, CustomerRow, CustomerSort, Spent};
use db::Tx;
use kernel::{Country, CustomerId, Error, Id, JobKind, Permission, TaskState};
use orders::care::{LastPlace, sent_to};
use reports::{NewExport, What};
use serde_json::{Map, Value};

use super::query::{HOME, ListQuery, ORDERS, QUIET, SHARES, is_offered};
use super::view::{Chip, ExportForm, FileLine, Filter, Head, ListPage, ListPart, ListView, Mark, Row, Sum, TwinRow, TwinsPage, home_country};
use crate::badges;
use crate::error::{Outcome, Problem};
use crate::extract::{Form, Info};
use crate::format::Format;
use crate::pages::context::{Place, Reader, encoded, html, is_part, see};
use crate::pages::places::{provinces, towns};
use crate::pages::sort::SortHead;
use crate::pages::typed::Typed;
use crate::pages::view::{Choosable, EmptyState, Pager, Toast};
use crate::router::{Access, Route};
use crate::words::Words;

/// Customers on a page unless somebody likes it otherwise.
const PAGE: u32 = 50;
/// Suggestions of two records that are one person.
const TWINS: u32 = 20;

pub(super) fn routes() -> Vec<Route> {
    let needs = Access::Needs(Permission::CustomerRead);
    vec![
        Route::page(Method::GET, "/app/customers", needs, "page_customers", show),
        Route::page(Method::GET, "/app/customers/twins", needs, "page_customer_twins", show_twins),
        Route::page(Method::POST, "/app/customers/export", Access::Needs(Permission::OrderExport), "page_export_customers", export),
    ]
}

/// `GET /app/customers`
async fn show(edge: Edge, info: Info, uri: Uri, headers: HeaderMap) -> Outcome<Response> {
    let query = ListQuery::read(uri.query().unwrap_or_default());
    let asked = query.clone();
    let csrf = info.csrf_token();
    let (reader, list) = edge
        .read(move |tx, ctx| {
            let reader = Reader::load(tx, ctx)?;
            let query = query.clone().settled(&reader.stores);
            let list = Listing::load(tx, ctx, &reader, &query)?.into_view(ctx, &reader, &query, &csrf);
            Ok((reader, list))
        })
        .await?;
    let status = if list.problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    if is_part(&headers) {
        return html(&ListPart { list });
    }
    let ctx = &edge.ctx;
    let say = Words { locale: ctx.locale };
    let title = say.t("customers-title");
    let toast = (asked.done == "export").then(|| Toast::done(say.t("customers-file-begun")));
    let place = Place { title: say.t("customers-window"), back: None, crumb: title, here: asked.with(|_| {}).url(), toast };
    let page = ListPage { subtitle: list.count.clone(), can_add: ctx.can(Permission::CustomerEdit), page: reader.shell(ctx, &info, place), list };
    let mut response = html(&page)?;
    *response.status_mut() = status;
    Ok(response)
}

/// `POST /app/customers/export`: the list as it is filtered, as a file.
async fn export(edge: Edge, Form(typed): Form<Typed>) -> Outcome<Response> {
    let mut filter = Map::new();
    for name in ["search", "flag"] {
        if let Some(text) = typed.filled(name) {
            filter.insert(name.to_owned(), Value::from(text));
        }
    }
    if typed.has("archived") {
        filter.insert("archived".to_owned(), Value::from(true));
    }
    let raw = typed.get("list").to_owned();
    let new = NewExport { query: filter, ..NewExport::of(What::Customers) };
    match edge.write(move |tx, ctx| reports::begin(tx, ctx, &new)).await {
        Ok(task) => {
            let url = ListQuery::read(&raw).url();
            let sign = if url.contains('?') { '&' } else { '?' };
            Ok(see(&format!("{url}{sign}task={task}&done=export")))
        }
        Err(error) => Err(error.into()),
    }
}

/// `GET /app/customers/twins`: records that are likely one person.
async fn show_twins(edge: Edge, info: Info) -> Outcome<Response> {
    let (reader, rows) = edge
        .read(|tx, ctx| {
            let reader = Reader::load(tx, ctx)?;
            let country = home_country(&reader);
            let pairs = care::suggestions(tx, ctx, TWINS)?;
            let rows = pairs.into_iter().map(|pair| TwinRow::of(ctx, country, pair)).collect::<Vec<TwinRow>>();
            Ok((reader, rows))
        })
        .await?;
    let ctx = &edge.ctx;
    let say = Words { locale: ctx.locale };
    let title = say.t("customers-twins-title");
    let place = Place {
        title: say.one("customers-form-window", "heading", &title),
        back: Some(HOME.to_owned()),
        crumb: title,
        here: format!("{HOME}/twins"),
        toast: None,
    };
    let empty = EmptyState {
        icon: "circle-check",
        tone: "t-ok",
        title: say.t("customers-twins-none-title"),
        text: say.t("customers-twins-none-text"),
        action: Some((HOME.to_owned(), say.t("customers-see-all"))),
    };
    html(&TwinsPage { page: reader.shell(ctx, &info, place), rows, can_merge: ctx.can(Permission::CustomerMerge), empty })
}

/// Everything that a view of the list is made from.
struct Listing {
    found: CustomerPage,
    problem: Option<String>,
    limit: u32,
    kinds: Vec<FlagKind>,
    tags: Vec<String>,
    marks: BTreeMap<CustomerId, Vec<flags::Flag>>,
    spent: Vec<Spent>,
    places: BTreeMap<CustomerId, LastPlace>,
    file: Option<TaskView>,
}

impl Listing {
    fn load(tx: &mut Tx, ctx: &Ctx, reader: &Reader, query: &ListQuery) -> Result<Listing, Error> {
        let limit = query.limit.or_else(|| u32::try_from(reader.number("page_size")?).ok()).unwrap_or(PAGE);
        let own = &ctx.settings.field_set.customer;
        let mut filter = query.filter(home_country(reader), own, &reader.stores, ctx.now, limit);
        // Who may not read orders is not offered their places.
        if let Some(places) = query.places().filter(|_| ctx.can(Permission::OrderRead)) {
            filter.elsewhere = Some(sent_to(ctx, &places)?);
        }
        let (found, problem) = match customers::list(tx, ctx, &filter) {
            Ok(found) => (found, None),
            Err(error @ (Error::Invalid(_) | Error::Conflict { .. })) => {
                let problem = Problem::from(error);
                let words = match problem.errors().first() {
                    Some(error) => Problem::field_message(ctx.locale, error),
                    None => problem.title(ctx.locale),
                };
                (CustomerPage { items: Vec::new(), next_cursor: None, total: 0, is_more: false }, Some(words))
            }
            Err(error) => return Err(error),
        };
        let ids: Vec<CustomerId> = found.items.iter().map(|row| row.id).collect();
        let mut marks: BTreeMap<CustomerId, Vec<flags::Flag>> = BTreeMap::new();
        for flag in flags::open_of(tx, ctx, &ids)? {
            marks.entry(flag.customer_id).or_default().push(flag);
        }
        let tags = if ctx.can(Permission::OrderRead) {
            let wanted = fields::TagList { limit: 100, ..fields::TagList::default() };
            fields::list_tags(tx, ctx, &wanted)?.items.into_iter().map(|row| row.tag.name).collect()
        } else {
            Vec::new()
        };
        let file = match query.task {
            Some(task) => match tasks::view(tx, ctx, task) {
                Ok(task) if task.kind == JobKind::Export && task.actor == ctx.actor => Some(task),
                Ok(_) | Err(Error::NotFound { .. }) => None,
                Err(error) => return Err(error),
            },
            None => None,
        };
        Ok(Listing {
            problem,
            limit,
            kinds: flags::list_kinds(tx, ctx)?,
            tags,
            marks,
            spent: customers::spent_of(tx, ctx, &ids, filter.store)?,
            places: orders::care::places_of(tx, ctx, &ids)?.into_iter().map(|place| (place.customer_id, place)).collect(),
            found,
            file,
        })
    }

    fn into_view(self, ctx: &Ctx, reader: &Reader, query: &ListQuery, csrf: &str) -> ListView {
        let say = Words { locale: ctx.locale };
        let format = reader.format(ctx);
        let country = home_country(reader);
        let mut total = format.number(self.found.total);
        if self.found.is_more {
            total.push('+');
        }
        let count = say.count("customers-count", self.found.total, &total);
        let active = query.active();
        let rows = self.found.items.iter().map(|row| self.row(ctx, &format, country, row)).collect();
        ListView {
            say,
            here: query.with(|_| {}).url(),
            q: query.q.clone(),
            filters: self.filters(ctx, reader, query),
            chips: active.iter().map(|name| self.chip(ctx, reader, query, name)).collect(),
            filter_count: active.len(),
            clear: query.bare().url(),
            kept: ListQuery { limit: query.limit, ..ListQuery::default() }.pairs(),
            sorts: sorts(say, query.sort),
            thens: thens(say, query),
            heads: heads(say, query),
            rows,
            empty: empty(ctx, say, query, active.len()),
            problem: self.problem.clone(),
            pager: Pager {
                say,
                range: count.clone(),
                previous: query.previous().map(|query| query.url()),
                next: self.found.next_cursor.as_deref().map(|cursor| query.next(cursor).url()),
            },
            sizes: [25, 50, 100]
                .into_iter()
                .map(|size| (size.to_string(), query.with(|query| query.limit = Some(size)).url(), size == self.limit))
                .collect(),
            export: export_form(ctx, query, csrf),
            file: self.file.as_ref().map(|task| FileLine::of(say, &format, task, query)),
            count,
        }
    }

    fn row(&self, ctx: &Ctx, format: &Format, country: Country, row: &CustomerRow) -> Row {
        let say = Words { locale: ctx.locale };
        let closed = row.delivered + row.returned;
        let place = self.places.get(&row.id);
        let province = |place: &LastPlace| match place.province.as_deref().and_then(|name| places::find_province(place.country, name)) {
            Some(province) if say.locale.is_right_to_left() => province.local_name.clone(),
            _ => place.province.clone().unwrap_or_default(),
        };
        let spent = self.spent.iter().filter(|sum| sum.customer_id == row.id);
        let marks = self.marks.get(&row.id).map(Vec::as_slice).unwrap_or_default();
        Row {
            id: row.id.to_string(),
            name: if row.name.is_empty() { say.t("customers-nameless") } else { row.name.clone() },
            initials: badges::initials(&row.name),
            tone: badges::person_tone(row.id.to_i64()),
            phone: row.phone.as_ref().map(|phone| crate::pages::phones::shown_phone(ctx, phone, country)),
            marks: marks.iter().map(|flag| Mark::of(ctx, &self.kinds, flag)).collect(),
            tags: row.tags(),
            orders: format.number(row.orders),
            orders_text: say.count("customers-orders-n", row.orders, &format.number(row.orders)),
            delivered: format.number(row.delivered),
            returned: format.number(row.returned),
            has_returns: row.returned > 0,
            success: (closed > 0).then(|| format.percent(row.delivered * 1_000_000 / closed)),
            spent: spent.map(|sum| format.money_parts(sum.delivered, sum.currency)).collect(),
            place: place.map(province).unwrap_or_default(),
            district: place.and_then(|place| place.city.clone()).unwrap_or_default(),
            last: row.last_order_at.map(|at| Sum { text: format.ago(at), iso: format.iso(at), exact: format.exact(at) }),
        }
    }

    fn filters(&self, ctx: &Ctx, reader: &Reader, query: &ListQuery) -> Vec<Filter> {
        let say = Words { locale: ctx.locale };
        let mut filters = Vec::new();
        let mut add = |name: String, label: String, options: Vec<Choosable>| {
            if !options.is_empty() {
                filters.push(Filter { name, label, options, typed: None, known: Vec::new() });
            }
        };
        let kinds = self.kinds.iter().filter(|kind| !kind.is_archived || kind.code == query.flag);
        add("flag".to_owned(), say.t("customers-flags"), kinds.map(|kind| Choosable::new(&kind.code, kind.label(ctx.locale), &query.flag)).collect());
        add("tag".to_owned(), say.t("customers-tags"), self.tags.iter().map(|tag| Choosable::new(tag, tag, &query.tag)).collect());
        for field in ctx.settings.field_set.customer.iter().filter(|field| is_offered(field)) {
            let chosen = query.custom.iter().find(|(key, _)| *key == field.key).map_or("", |(_, value)| value);
            let choices = field.choices.iter().map(|choice| Choosable::new(&choice.key, choice.label(ctx.locale), chosen));
            add(format!("custom.{}", field.key), field.label(ctx.locale).to_owned(), choices.collect());
        }
        if reader.stores.len() > 1 {
            let chosen = query.store.map(|store| store.to_string()).unwrap_or_default();
            let stores = reader.stores.iter().map(|store| Choosable::new(store.id.to_string(), &store.name, &chosen));
            add("store".to_owned(), say.t("customers-store"), stores.collect());
        }
        let format = reader.format(ctx);
        for (name, label, numbers, chosen) in [
            ("orders", "customers-orders", &ORDERS[..], query.orders),
            ("share", "customers-delivered", &SHARES[..], query.share),
            ("quiet", "customers-quiet", &QUIET[..], query.quiet),
        ] {
            let chosen = chosen.map(|number| number.to_string()).unwrap_or_default();
            let options = numbers.iter().map(|number| Choosable::new(number.to_string(), figure(say, &format, name, *number), &chosen));
            add(name.to_owned(), say.t(label), options.collect());
        }
        let archived = if query.archived { "1" } else { "" };
        add("archived".to_owned(), say.t("customers-archived"), vec![Choosable::new("1", say.t("customers-archived-too"), archived)]);
        if !reader.stores.is_empty() {
            let spent = Filter::typed("spent", say.t("customers-least-spent"), &query.spent);
            let place = filters.iter().position(|filter| filter.name == "share").unwrap_or(filters.len());
            filters.insert(place, spent);
        }
        if ctx.can(Permission::OrderRead) {
            // Two levels: the province, then its towns to choose from.
            let options = provinces(&reader.stores, say).into_iter().map(|(key, name)| Choosable::new(key, name, &query.province)).collect();
            let province = Filter { name: "province".to_owned(), label: say.t("orders-filter-province"), options, typed: None, known: Vec::new() };
            let city = Filter {
                known: towns(&reader.stores, std::slice::from_ref(&query.province)),
                ..Filter::typed("city", say.t("orders-filter-city"), &query.city)
            };
            let place = filters.iter().position(|filter| filter.name == "tag").map_or(0, |place| place + 1);
            filters.splice(place..place, [province, city]);
        }
        filters
    }

    fn chip(&self, ctx: &Ctx, reader: &Reader, query: &ListQuery, name: &str) -> Chip {
        let say = Words { locale: ctx.locale };
        let format = reader.format(ctx);
        let own = ctx.settings.field_set.customer.iter();
        let (label, value) = match name {
            "q" => (say.t("customers-chip-search"), query.q.clone()),
            "flag" => {
                let kind = self.kinds.iter().find(|kind| kind.code == query.flag);
                (say.t("customers-flags"), kind.map_or_else(|| query.flag.clone(), |kind| kind.label(ctx.locale).to_owned()))
            }
            "tag" => (say.t("customers-tags"), query.tag.clone()),
            "province" => {
                let known = provinces(&reader.stores, say).into_iter().find(|(key, _)| *key == query.province);
                (say.t("orders-filter-province"), known.map_or_else(|| query.province.clone(), |(_, name)| name))
            }
            "city" => (say.t("orders-filter-city"), query.city.clone()),
            "store" => {
                let store = reader.stores.iter().find(|store| Some(store.id) == query.store);
                (say.t("customers-store"), store.map(|store| store.name.clone()).unwrap_or_default())
            }
            "orders" => (say.t("customers-orders"), figure(say, &format, name, query.orders.unwrap_or_default())),
            "spent" => (say.t("customers-least-spent"), query.spent.clone()),
            "share" => (say.t("customers-delivered"), figure(say, &format, name, query.share.unwrap_or_default())),
            "quiet" => (say.t("customers-quiet"), figure(say, &format, name, query.quiet.unwrap_or_default())),
            "archived" => (say.t("customers-archived"), say.t("customers-archived-too")),
            custom => {
                let key = custom.strip_prefix("custom.").unwrap_or(custom);
                let typed = query.custom.iter().find(|(one, _)| one == key).map(|(_, value)| value.clone()).unwrap_or_default();
                match own.clone().find(|field| field.key == key) {
                    Some(field) => {
                        let choice = field.choices.iter().find(|choice| choice.key == typed);
                        (field.label(ctx.locale).to_owned(), choice.map_or(typed, |choice| choice.label(ctx.locale).to_owned()))
                    }
                    None => (key.to_owned(), typed),
                }
            }
        };
        Chip { label, value, href: query.without(name).url() }
    }
}

/// What a filter by a figure asks, in words.
fn figure(say: Words, format: &Format, name: &str, number: i64) -> String {
    match name {
        "orders" => say.count("customers-least-orders", number, &format.number(number)),
        "share" => say.one("customers-most-share", "percent", format.percent(number * 10_000)),
        _ => say.count("customers-quiet-days", number, &format.number(number)),
    }
}

fn sort_label(say: Words, sort: CustomerSort) -> String {
    match sort {
        CustomerSort::Newest => say.t("customers-sort-newest"),
        CustomerSort::Name => say.t("customers-sort-name"),
        CustomerSort::LastOrder => say.t("customers-sort-last"),
        CustomerSort::LongestAgo => say.t("customers-sort-quiet"),
        CustomerSort::Orders => say.t("customers-sort-orders"),
        CustomerSort::Spent => say.t("customers-sort-spent"),
        CustomerSort::Delivered => say.t("customers-sort-delivered"),
        CustomerSort::Returned => say.t("customers-sort-returned"),
    }
}

fn sorts(say: Words, chosen: CustomerSort) -> Vec<Choosable> {
    CustomerSort::ALL.iter().map(|sort| Choosable::new(sort.as_str(), sort_label(say, *sort), chosen.as_str())).collect()
}

/// What may decide among those that are equal by the first key.
fn thens(say: Words, query: &ListQuery) -> Vec<Choosable> {
    let chosen = query.then.map_or("", |then| then.as_str());
    let offered = CustomerSort::ALL.iter().filter(|sort| !sort.compares_as(query.sort));
    offered.map(|sort| Choosable::new(sort.as_str(), say.one("sort-then-by", "sort", sort_label(say, *sort)), chosen)).collect()
}

/// The heads of the columns: a click sorts by one alone, another sorts as before; with Shift it is the second key.
fn heads(say: Words, query: &ListQuery) -> Vec<Head> {
    let head = |class, label: String, sorts: &[(CustomerSort, &'static str)]| {
        let after = |chosen: CustomerSort| sorts.iter().map(|(sort, _)| *sort).skip_while(|sort| *sort != chosen).nth(1);
        let way = |chosen: CustomerSort| sorts.iter().find(|(sort, _)| *sort == chosen).map(|(_, way)| *way);
        let (first, second) = (way(query.sort), query.then.and_then(way));
        let alone = |sort: CustomerSort| query.with(|query| (query.sort, query.then) = (sort, None)).url();
        let both = |then: Option<CustomerSort>| query.with(|query| query.then = then).url();
        let sort = sorts.first().map(|(fresh, _)| SortHead {
            label: label.clone(),
            href: alone(if first.is_some() { after(query.sort).unwrap_or_default() } else { *fresh }),
            then: match (first, query.then) {
                (Some(_), _) => None,
                (None, Some(then)) if second.is_some() => Some(both(after(then))),
                (None, _) => Some(*fresh).filter(|fresh| !fresh.compares_as(query.sort)).map(|fresh| both(Some(fresh))),
            },
            way: first.or(second),
            place: if query.then.is_none() { 0 } else { u8::from(first.is_some()) + 2 * u8::from(second.is_some()) },
        });
        Head { class, label, sort }
    };
    use CustomerSort::{Delivered, LastOrder, LongestAgo, Name, Orders, Returned, Spent};
    vec![
        head("", say.t("customers-col-name"), &[(Name, "ascending")]),
        head("p-marks", say.t("customers-flags"), &[]),
        head("end", say.t("customers-orders"), &[(Orders, "descending")]),
        head("end", say.t("customers-delivered"), &[(Delivered, "descending")]),
        head("end", say.t("customers-returned"), &[(Returned, "descending")]),
        head("end", say.t("customers-spent"), &[(Spent, "descending")]),
        head("p-place", say.t("customers-col-place"), &[]),
        head("end p-last", say.t("customers-col-last"), &[(LastOrder, "descending"), (LongestAgo, "ascending")]),
    ]
}

/// A file knows search, mark and archive; with other filters it would hold more than the list shows.
fn export_form(ctx: &Ctx, query: &ListQuery, csrf: &str) -> Option<ExportForm> {
    let plain = query.with(|query| (query.q, query.flag, query.archived) = Default::default());
    if !ctx.can(Permission::OrderExport) || !plain.active().is_empty() {
        return None;
    }
    let fields =
        [("search", query.q.clone()), ("flag", query.flag.clone()), ("archived", if query.archived { "1".to_owned() } else { String::new() })];
    let url = query.with(|_| {}).url();
    Some(ExportForm {
        csrf: csrf.to_owned(),
        list: url.split_once('?').map(|(_, list)| list.to_owned()).unwrap_or_default(),
        fields: fields.into_iter().filter(|(_, value)| !value.is_empty()).collect(),
    })
}

/// What stands there instead of rows: the first time, or after filtering.
fn empty(ctx: &Ctx, say: Words, query: &ListQuery, filters: usize) -> EmptyState {
    if filters > 0 {
        let key = if query.q.is_empty() { "customers-none-text" } else { "customers-none-search" };
        return EmptyState {
            icon: "search-x",
            tone: "t-neu",
            title: say.count("customers-none-title", filters as i64, &filters.to_string()),
            text: say.t(key),
            action: Some((query.bare().url(), say.t("customers-clear"))),
        };
    }
    let add = (format!("{HOME}/new"), say.t("customers-new"));
    EmptyState {
        icon: "users",
        tone: "t-pri",
        title: say.t("customers-empty-title"),
        text: say.t("customers-empty-text"),
        action: ctx.can(Permission::CustomerEdit).then_some(add),
    }
}

impl FileLine {
    fn of(say: Words, format: &Format, task: &TaskView, query: &ListQuery) -> FileLine {
        let is_open = matches!(task.state, TaskState::Waiting | TaskState::Running);
        let text = match task.state {
            TaskState::Waiting | TaskState::Running => say.one("customers-file-making", "done", format.number(task.done)),
            TaskState::Done => say.count("customers-file-ready", task.done, &format.number(task.done)),
            TaskState::Failed | TaskState::Cancelled => say.t("customers-file-failed"),
        };
        let url = query.with(|_| {}).url();
        let sign = if url.contains('?') { '&' } else { '?' };
        FileLine {
            tone: match task.state {
                TaskState::Done => "ok",
                TaskState::Failed | TaskState::Cancelled => "bad",
                TaskState::Waiting | TaskState::Running => "info",
            },
            text,
            again: is_open.then(|| format!("{url}{sign}task={}", encoded(&task.id.to_string()))),
            file: (task.state == TaskState::Done && task.result_file.is_some()).then(|| format!("/api/v1/tasks/{}/file", task.id)),
        }
    }
}
