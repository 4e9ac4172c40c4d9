//! The list of orders over HTTP: the page, its part, rows that changed, how many came since.

use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use base::Edge;
use kernel::{Error, OrderId, Permission, Time};
use orders::{Page, Total};

use super::listing::{Listing, home};
use super::query::ListQuery;
use super::row::{Surroundings, row_of};
use super::view::{ListPage, ListPart, Row, RowsPart, RowsView};
use crate::error::Outcome;
use crate::extract::Info;
use crate::pages::context::{Reader, html, is_part};
use crate::router::{Access, Route};
use crate::words::Words;

pub(super) fn routes() -> Vec<Route> {
    let needs = Access::Needs(Permission::OrderRead);
    vec![
        Route::page(Method::GET, "/app/orders", needs, "page_orders", show),
        Route::page(Method::GET, "/app/orders/rows", needs, "page_order_rows", show_rows),
        Route::page(Method::GET, "/app/orders/fresh", needs, "page_orders_fresh", show_fresh),
    ]
}

/// `GET /app/orders`
async fn show(edge: Edge, info: Info, uri: Uri, headers: HeaderMap) -> Outcome<Response> {
    let query = ListQuery::read(uri.query().unwrap_or_default());
    if is_part(&headers) {
        let list = edge.read(move |tx, ctx| Ok(Listing::load(tx, ctx, &query)?.into_view(ctx).0)).await?;
        return html(&ListPart { list });
    }
    let page = edge.read(move |tx, ctx| {
        let listing = Listing::load(tx, ctx, &query)?;
        let (place, subtitle, figures) = (listing.place(), listing.subtitle(), listing.figures(tx, ctx)?);
        let (list, reader) = listing.into_view(ctx);
        Ok((place, subtitle, figures, list, reader))
    });
    let (place, subtitle, figures, list, reader) = page.await?;
    let status = if list.problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let mut response = html(&ListPage { page: reader.shell(&edge.ctx, &info, place), subtitle, figures, list })?;
    *response.status_mut() = status;
    Ok(response)
}

/// `GET /app/orders/rows?ids=…`: rows in view that changed. What somebody may not see any more is left out.
async fn show_rows(edge: Edge, uri: Uri) -> Outcome<Response> {
    let ids: Vec<OrderId> = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes())
        .find(|(name, _)| name == "ids")
        .map(|(_, ids)| ids.split(',').take(100).filter_map(|id| id.parse().ok()).collect())
        .unwrap_or_default();
    let rows: Vec<Row> = edge
        .read(move |tx, ctx| {
            let reader = Reader::load(tx, ctx)?;
            let mut found = Vec::with_capacity(ids.len());
            for id in &ids {
                match orders::find(tx, ctx, *id) {
                    Ok(order) => found.push(row_of(order)),
                    Err(Error::NotFound { .. }) => {}
                    Err(error) => return Err(error),
                }
            }
            Ok(Surroundings::load(tx, ctx, &reader.format(ctx), &found)?.rows(ctx, &found))
        })
        .await?;
    html(&RowsPart { list: RowsView { say: Words { locale: edge.ctx.locale }, rows } })
}

/// `GET /app/orders/fresh?since=…`: how many orders of this view came since the list was read, in words; nothing when none did.
async fn show_fresh(edge: Edge, uri: Uri) -> Outcome<Response> {
    let query = ListQuery::read(uri.query().unwrap_or_default());
    let text = edge
        .read(move |tx, ctx| {
            let reader = Reader::load(tx, ctx)?;
            let (zone, currency) = home(&reader.stores);
            let mut filter = query.filter(&zone, currency, ctx.user());
            let since = Time(query.since.unwrap_or(ctx.now.0)).plus_us(1);
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
