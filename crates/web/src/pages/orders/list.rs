//! The list of orders over HTTP: the page, its part, rows that changed, how many came since, counts of views.

use axum::Json;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use base::events::EventView;
use base::{Ctx, Edge};
use db::Tx;
use kernel::{Error, Event, EventId, OrderAction, OrderId, Permission, Time};
use orders::views::{self, ViewList};
use orders::{Page, Total};
use serde_json::{Map, Value, json};

use super::columns::Look;
use super::listing::{Listing, home, open_view};
use super::query::{ListQuery, Open};
use super::row::{Surroundings, row_of};
use super::view::{ListPage, ListPart, Row, RowsPart, RowsView};
use crate::badges;
use crate::error::Outcome;
use crate::extract::Info;
use crate::pages::context::{Reader, html, is_part, see};
use crate::pages::view::Toast;
use crate::router::{Access, Route};
use crate::words::Words;

/// Where the last settings of the list stand among somebody's preferences; the API's own place.
const LAST: &str = "list.orders";

pub(super) fn routes() -> Vec<Route> {
    let needs = Access::Needs(Permission::OrderRead);
    vec![
        Route::page(Method::GET, "/app/orders", needs, "page_orders", show),
        Route::page(Method::GET, "/app/orders/rows", needs, "page_order_rows", show_rows),
        Route::page(Method::GET, "/app/orders/fresh", needs, "page_orders_fresh", show_fresh),
        Route::page(Method::GET, "/app/orders/count", needs, "page_orders_count", show_count),
        Route::page(Method::GET, "/app/orders/counts", needs, "page_orders_counts", show_counts),
    ]
}

/// `GET /app/orders`. The bare address opens the list as it was left, else as the reader's role begins.
async fn show(edge: Edge, info: Info, uri: Uri, headers: HeaderMap) -> Outcome<Response> {
    let raw = uri.query().unwrap_or_default();
    let query = ListQuery::read(raw);
    let csrf = info.csrf_token();
    if raw.is_empty() {
        let last = edge.read(last).await?;
        if let Some(url) = last {
            return Ok(see(&url));
        }
    }
    if is_part(&headers) {
        let (list, left) = edge
            .read(move |tx, ctx| {
                let listing = Listing::load(tx, ctx, query.clone())?;
                let left = left(&listing, ctx);
                Ok((listing.into_view(ctx, csrf.clone()).0, left))
            })
            .await?;
        keep(&edge, left).await?;
        return html(&ListPart { list });
    }
    let said = Said::read(&uri);
    let page = edge.read(move |tx, ctx| {
        let listing = Listing::load(tx, ctx, query.clone())?;
        let toast = said.toast(tx, ctx, &listing)?;
        let (mut place, subtitle, figures) = (listing.place(), listing.subtitle(), listing.figures(tx, ctx)?);
        place.toast = toast;
        let left = left(&listing, ctx);
        let (list, reader) = listing.into_view(ctx, csrf.clone());
        Ok((place, subtitle, figures, list, reader, left))
    });
    let (place, subtitle, figures, list, reader, left) = page.await?;
    if !raw.is_empty() && list.problem.is_none() {
        keep(&edge, left).await?;
    }
    let status = if list.problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let can_place = edge.ctx.can(Permission::OrderPlace);
    let can_give = edge.ctx.can(Permission::OrderAssign);
    let mut response = html(&ListPage { page: reader.shell(&edge.ctx, &info, place), subtitle, figures, can_place, can_give, list })?;
    *response.status_mut() = status;
    Ok(response)
}

/// Where the bare address leads; none when that is the plain list.
fn last(tx: &mut Tx, ctx: &Ctx) -> Result<Option<String>, Error> {
    let reader = Reader::load(tx, ctx)?;
    let home = home(&reader.stores);
    let plain = ListQuery::default().url();
    if let Some(kept) = reader.me.preferences.get(LAST).and_then(Value::as_object) {
        let empty = Map::new();
        let filter = kept.get("filter").and_then(Value::as_object).unwrap_or(&empty);
        let mut query = ListQuery::of_api(filter, &home);
        let id = kept.get("view_id").and_then(Value::as_str).and_then(|id| id.parse().ok());
        if let Some(id) = id
            && let Ok(saved) = views::find(tx, ctx, id)
        {
            query = query.inside(Open::Saved(id), &saved, &home);
        }
        if let Some(sort) = kept.get("sort").and_then(Value::as_str).and_then(|sort| orders::Sort::parse(sort).ok()) {
            query = query.sorted(sort);
        }
        return Ok(Some(query.url()).filter(|url| *url != plain));
    }
    let view = views::default_of_caller(tx, ctx, ViewList::Orders)?;
    Ok(view.map(|view| ListQuery::tab_url(Open::Saved(view.id))))
}

/// How the list is left, when that differs from what is kept. What was searched for is not kept: it may name a person.
fn left(listing: &Listing, ctx: &Ctx) -> Option<Value> {
    let query = &listing.query;
    if !query.q.is_empty() || query.page > 1 {
        return None;
    }
    let view = if let Open::Saved(id) = query.view { Value::from(id.to_string()) } else { Value::Null };
    let now = json!({
        "view_id": view, "filter": query.api(&listing.home, ctx.now, false), "columns": null, "sort": query.sort().to_string(),
        "density": null, "page_size": null,
    });
    (listing.reader.me.preferences.get(LAST) != Some(&now)).then_some(now)
}

async fn keep(edge: &Edge, left: Option<Value>) -> Outcome<()> {
    let Some(left) = left else { return Ok(()) };
    let changes = Map::from_iter([(LAST.to_owned(), left)]);
    match edge.write(move |tx, ctx| access::preferences::set(tx, ctx, &changes)).await {
        // Somebody's preferences may be full; the list opens all the same.
        Ok(_) | Err(Error::Invalid(_)) => Ok(()),
        Err(other) => Err(other.into()),
    }
}

/// What the address says has just happened.
#[derive(Clone, Debug, Default)]
struct Said {
    done: String,
    event: Option<EventId>,
}

impl Said {
    fn read(uri: &Uri) -> Said {
        let mut said = Said::default();
        for (name, value) in form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()) {
            match &*name {
                "done" => said.done = value.into_owned(),
                "event" => said.event = value.parse().ok(),
                _ => {}
            }
        }
        said
    }

    fn toast(&self, tx: &mut Tx, ctx: &Ctx, listing: &Listing) -> Result<Option<Toast>, Error> {
        let say = listing.say;
        let plain = |key: &str| Ok(Some(Toast::done(say.t(key))));
        match self.done.as_str() {
            "" => Ok(None),
            "view-kept" => plain("orders-view-kept"),
            "view-restored" => plain("orders-view-restored"),
            "view-removed" => Ok(Some(Toast::with_undo(say.t("orders-view-removed"), "/app/orders/views/restore"))),
            "undone" => plain("orders-undone"),
            "assigned" => self.assigned(tx, ctx, listing),
            action => {
                let (Ok(action), Some(id)) = (action.parse::<OrderAction>(), self.event) else { return Ok(None) };
                let Some(event) = base::events::find(tx, ctx, id)?.filter(|event| event.actor == ctx.actor) else { return Ok(None) };
                let Ok(Event::OrderMoved { order, .. }) = event.event() else { return Ok(None) };
                let Ok(order) = orders::find(tx, ctx, order) else { return Ok(None) };
                let text = say.one(badges::action(action).done, "number", &order.number);
                Ok(Some(with_way_back(ctx, listing, &event, text)))
            }
        }
    }

    /// That an order was given to somebody, where it can still be seen with the way back.
    fn assigned(&self, tx: &mut Tx, ctx: &Ctx, listing: &Listing) -> Result<Option<Toast>, Error> {
        let Some(id) = self.event else { return Ok(None) };
        let Some(event) = base::events::find(tx, ctx, id)?.filter(|event| event.actor == ctx.actor) else { return Ok(None) };
        let Ok(Event::OrderAssigned { order, .. }) = event.event() else { return Ok(None) };
        let Ok(order) = orders::find(tx, ctx, order) else { return Ok(Some(Toast::done(listing.say.t("orders-given")))) };
        let ids: Vec<_> = order.agent_id.into_iter().collect();
        let name = access::users::names(tx, ctx, &ids)?.into_iter().next().map(|person| person.name);
        let text = super::agent::said(ctx, listing.say, &order, name.as_deref());
        Ok(Some(with_way_back(ctx, listing, &event, text)))
    }
}

/// What was done, with the way back while there is one.
fn with_way_back(ctx: &Ctx, listing: &Listing, event: &EventView, text: String) -> Toast {
    let until = event.at.plus_us(i64::from(ctx.settings.orders.undo_seconds) * Time::SECOND);
    let left = until.since_us(ctx.now) / Time::SECOND;
    if left < 1 {
        return Toast::done(text);
    }
    let undo = format!("/app/orders/act/undo/{}?back={}", event.id, crate::pages::context::encoded(&listing.query.url()));
    Toast { seconds: left, ..Toast::with_undo(text, undo) }
}

/// `GET /app/orders/rows?ids=…`: rows in view that changed. What somebody may not see any more is left out.
async fn show_rows(edge: Edge, uri: Uri) -> Outcome<Response> {
    let raw = uri.query().unwrap_or_default();
    let ids: Vec<OrderId> = form_urlencoded::parse(raw.as_bytes())
        .find(|(name, _)| name == "ids")
        .map(|(_, ids)| ids.split(',').take(100).filter_map(|id| id.parse().ok()).collect())
        .unwrap_or_default();
    let query = ListQuery::read(raw);
    let (rows, columns): (Vec<Row>, _) = edge
        .read(move |tx, ctx| {
            let reader = Reader::load(tx, ctx)?;
            let (query, saved) = open_view(tx, ctx, query.clone(), &home(&reader.stores))?;
            let look = Look::of(&reader, query.view, saved.as_ref());
            let mut found = Vec::with_capacity(ids.len());
            for id in &ids {
                match orders::find(tx, ctx, *id) {
                    Ok(order) => found.push(row_of(order)),
                    Err(Error::NotFound { .. }) => {}
                    Err(error) => return Err(error),
                }
            }
            Ok((Surroundings::load(tx, ctx, &reader.format(ctx), &found)?.rows(ctx, &found), look.columns))
        })
        .await?;
    let list = RowsView {
        say: Words { locale: edge.ctx.locale },
        has_picks: super::bulk::has_bar(&edge.ctx),
        columns: super::view::plain_columns(&columns),
        rows,
    };
    html(&RowsPart { list })
}

/// `GET /app/orders/fresh?since=…`: how many orders of this view came since the list was read, in words; nothing when none did.
async fn show_fresh(edge: Edge, uri: Uri) -> Outcome<Response> {
    let query = ListQuery::read(uri.query().unwrap_or_default());
    let text = edge
        .read(move |tx, ctx| {
            let reader = Reader::load(tx, ctx)?;
            let home = home(&reader.stores);
            let since = Time(query.since.unwrap_or(ctx.now.0)).plus_us(1);
            let (query, _) = open_view(tx, ctx, query.clone(), &home)?;
            let Ok(chosen) = query.chosen(&home, ctx.now) else { return Ok(None) };
            let mut filter = chosen.filter;
            filter.placed_from = filter.placed_from.max(Some(since));
            let count = match orders::list(tx, ctx, &filter, &Page { limit: 1, ..Page::default() })?.total {
                Some(Total::Exact(count) | Total::AtLeast(count)) => count,
                None => 0,
            };
            let written = reader.format(ctx).number(count);
            Ok((count > 0).then(|| Words { locale: ctx.locale }.count("orders-fresh", count, &written)))
        })
        .await?;
    Ok(text.unwrap_or_default().into_response())
}

/// `GET /app/orders/count?…`: the words of the button that shows the orders of a sheet of filters.
async fn show_count(edge: Edge, uri: Uri) -> Outcome<Response> {
    let query = ListQuery::read(uri.query().unwrap_or_default());
    let text = edge.read(move |tx, ctx| {
        let reader = Reader::load(tx, ctx)?;
        let home = home(&reader.stores);
        let (query, _) = open_view(tx, ctx, query.clone(), &home)?;
        let say = Words { locale: ctx.locale };
        Ok(super::filters::show_words(tx, ctx, &reader, &query, &home, say))
    });
    Ok(text.await?.into_response())
}

/// `GET /app/orders/counts`: how many orders each tab has, by its word in the address, as the reader writes numbers.
async fn show_counts(edge: Edge) -> Outcome<Response> {
    let counts = edge.read(|tx, ctx| {
        let reader = Reader::load(tx, ctx)?;
        let home = home(&reader.stores);
        let format = reader.format(ctx);
        let mut counts = Map::new();
        let usual = super::listing::counted(tx, ctx)?;
        for view in super::query::VIEWS {
            if let Some(count) = super::listing::count_of(usual.as_ref(), view.states) {
                counts.insert(view.word.to_owned(), format.number(count).into());
            }
        }
        for view in views::list(tx, ctx, ViewList::Orders)?.into_iter().filter(|view| view.pin.is_some()).take(views::MOST_PINS as usize) {
            let query = ListQuery::tab(Open::Saved(view.id), None).opened(&view, &home);
            let Ok(chosen) = query.chosen(&home, ctx.now) else { continue };
            if chosen.search.is_some() {
                continue;
            }
            let written = match orders::count(tx, ctx, &chosen.filter) {
                Ok(Total::Exact(count)) => format.number(count),
                Ok(Total::AtLeast(count)) => format!("{}+", format.number(count)),
                Err(Error::Invalid(_)) => continue,
                Err(other) => return Err(other),
            };
            counts.insert(view.id.to_string(), written.into());
        }
        Ok(counts)
    });
    Ok(Json(Value::Object(counts.await?)).into_response())
}
