//! Paths of other systems, understood here: one table, each row with its body mapping.
//!
//! An alias takes bearer tokens only and answers with and without a slash at the end. It calls the
//! same actions as the API; only names differ (`status` for `to`, `page_size` for `limit`).

use axum::http::Method;
use base::Edge;
use kernel::{CustomerId, Error, OrderAction, OrderId, OrderState, Permission, Time};
use orders::{Archived, Move, NewTrackingEntry, OrderFilter, Page, PageStart, Sort};

use crate::api::bulk;
use crate::api::care as care_api;
use crate::api::common::{Limit, PageNumber, limit, page_number, renamed};
use crate::api::customers::CustomerView;
use crate::api::drafts;
use crate::api::orders::act::{MoveBody, WrittenTrackingView, wanted};
use crate::api::orders::figures;
use crate::api::orders::people;
use crate::api::orders::read::{self, listed};
use crate::api::orders::view::{MovedView, OrderRowView};
use crate::extract::{Path, Query, Write};
use crate::openapi::Documented;
use crate::respond::{Answer, List, Made, Reply, Total, shown};
use crate::router::{Access, Route};
use crate::schema::{Many, body, view};

/// Every alias, each in both spellings.
#[rustfmt::skip]
pub(crate) fn routes() -> Vec<Route> {
    use Permission::{CustomerEdit, CustomerRead, OrderBulk, OrderNote, OrderRead, StatsRead};
    const SESSION: Access = Access::Session;
    let mut all = Vec::new();
    let mut add = |pair: [Route; 2]| all.extend(pair);

    add(both(Method::POST,  ["/orders/update-status", "/orders/update-status/"],                   SESSION,             "aliasUpdateStatus", "Moves an order to a status",           update_status));
    add(both(Method::POST,  ["/orders/bulk-action", "/orders/bulk-action/"],                       OrderBulk.into(),    "aliasBulkAction",   "One action on at most 100 orders",     bulk::alias));
    add(both(Method::GET,   ["/orders/{id}/progress", "/orders/{id}/progress/"],                   OrderRead.into(),    "aliasProgress",     "How far along an order is",            figures::progress));
    add(both(Method::GET,   ["/orders/stats", "/orders/stats/"],                                   StatsRead.into(),    "aliasStats",        "Figures of all orders",                figures::stats));
    add(both(Method::GET,   ["/api/enhanced-orders", "/api/enhanced-orders/"],                     OrderRead.into(),    "aliasListOrders",   "Orders, page by page",                 list));
    add(both(Method::GET,   ["/api/enhanced-orders/{id}", "/api/enhanced-orders/{id}/"],           OrderRead.into(),    "aliasGetOrder",     "One order",                            read::get));
    add(both(Method::PATCH, ["/api/enhanced-orders/{id}", "/api/enhanced-orders/{id}/"],           SESSION,             "aliasChangeStatus", "Changes an order's status",            change_status));
    add(both(Method::GET,   ["/api/enhanced-orders/{id}/tracking", "/api/enhanced-orders/{id}/tracking/"], OrderRead.into(), "aliasTracking",   "Tracking entries of an order",         read::tracking));
    add(both(Method::POST,  ["/api/enhanced-orders/{id}/tracking", "/api/enhanced-orders/{id}/tracking/"], OrderNote.into(), "aliasAddTracking", "Writes a tracking entry",             add_tracking));
    add(both(Method::POST,  ["/api/orders/create-from-cart", "/api/orders/create-from-cart/"],     Permission::OrderPlace.into(), "aliasCreateFromCart", "Places an order from a cart", drafts::from_cart));
    add(both(Method::POST,  ["/api/customer-service/orders/{id}/assign", "/api/customer-service/orders/{id}/assign/"], Permission::OrderAssign.into(), "aliasAssignOrder", "Says whose an order is", people::assign));
    add(both(Method::GET,   ["/api/customer-service/customers/{id}", "/api/customer-service/customers/{id}/"], CustomerRead.into(), "aliasCustomer", "One customer with all their orders", customer));
    add(both(Method::POST,  ["/api/customer-service/customers/{id}/flags", "/api/customer-service/customers/{id}/flags/"], CustomerEdit.into(), "aliasAddFlag", "Puts a mark on a customer", care_api::add_flag));
    add(both(Method::POST,  ["/api/customer-service/customers/{id}/notes", "/api/customer-service/customers/{id}/notes/"], CustomerEdit.into(), "aliasAddCustomerNote", "Writes a note about a customer", care_api::add_note));
    all
}

/// One row in both spellings; the document shows the first.
fn both<T: 'static, H: Documented<T>>(
    method: Method,
    [plain, slashed]: [&'static str; 2],
    access: Access,
    id: &'static str,
    summary: &'static str,
    handler: H,
) -> [Route; 2] {
    let twin = Route::api(method.clone(), slashed, access, id, summary, handler.clone()).alias().tagged("aliases").twin();
    [Route::api(method, plain, access, id, summary, handler).alias().tagged("aliases"), twin]
}

body! {
    /// A status for an order.
    pub(crate) struct UpdateStatusBody {
        /// Which order.
        order_id: OrderId,
        /// Where to, in capitals or not; `fulfilled` means DELIVERED.
        status: OrderState = "SHIPPED",
        /// Why, as a code; needed for cancelling and returns.
        reason: Option<String>,
        /// Why, in words.
        notes: Option<String>,
        /// Whether the customer hears of it, where the settings say so; true when left out.
        notify_customer: Option<bool>,
    }

    /// A status for the order in the path.
    pub(crate) struct StatusBody {
        /// Where to, in capitals or not; `fulfilled` means DELIVERED.
        status: OrderState = "SHIPPED",
        /// Why, as a code; needed for cancelling and returns.
        reason: Option<String>,
        /// Why, in words.
        notes: Option<String>,
        /// Whether the customer hears of it, where the settings say so; true when left out.
        notify_customer: Option<bool>,
        /// The version that was read.
        version: Option<i64>,
    }

    /// A tracking entry by other names.
    pub(crate) struct TrackingAliasBody {
        /// The word for the status.
        status: String = "in_transit",
        /// Where.
        location: Option<String> = "Oran",
        /// More words.
        description: Option<String>,
        /// When it was so; now when left out.
        timestamp: Option<Time>,
    }

    /// Which page of orders.
    pub(crate) struct PageQuery {
        /// Its number, from 1.
        page: Option<PageNumber> = 1,
        /// How many on a page, 1 to 200.
        page_size: Option<Limit> = 50,
        /// Standing here, parted by commas.
        #[serde(default)]
        status: Many<OrderState> = ["PENDING"],
        /// `created_at`, `total`, `moved_at` or `number`; a minus before it means the largest first.
        ordering: Option<String> = "-created_at",
    }
}

view! {
    /// A page of orders.
    pub(crate) struct OrderPageView {
        /// How many there are in all, counted to 10,000.
        count: u64 = 45,
        /// The next page's number; null at the end.
        next: Option<u32> = 2,
        /// The number of the page before; null at the beginning.
        previous: Option<u32>,
        /// The orders.
        results: Vec<OrderRowView>,
    }

    /// A customer with all their orders and everything else that happened.
    pub(crate) struct CustomerHistoryView {
        /// The record with everything that happened to it.
        customer: CustomerView,
        /// Their newest 200 orders that you may see.
        orders: Vec<OrderRowView>,
        /// Orders, messages, payments, notes, marks, consents, merges and changes as one line, newest first, page by page.
        history: List<care_api::TimelineView>,
    }
}

/// The move that a status means; its action is chosen where the present state is known.
fn to_move(reason: Option<String>, notes: Option<String>, notify: Option<bool>, version: Option<i64>, if_match: Option<i64>) -> Move {
    wanted(OrderAction::Correct, MoveBody { reason, note: notes, notify, substatus: None, version }, if_match)
}

async fn update_status(edge: Edge, write: Write<UpdateStatusBody>) -> Answer<MovedView> {
    let UpdateStatusBody { order_id, status, reason, notes, notify_customer } = write.body;
    let wanted = to_move(reason, notes, notify_customer, None, write.if_match);
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| Ok(MovedView::of(ctx, orders::move_to(tx, ctx, order_id, status, &wanted)?)));
    Ok(answer.await?.into())
}

async fn change_status(edge: Edge, Path(id): Path<OrderId>, write: Write<StatusBody>) -> Answer<MovedView> {
    let StatusBody { status, reason, notes, notify_customer, version } = write.body;
    let wanted = to_move(reason, notes, notify_customer, version, write.if_match);
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| Ok(MovedView::of(ctx, orders::move_to(tx, ctx, id, status, &wanted)?)));
    Ok(answer.await?.into())
}

async fn add_tracking(edge: Edge, Path(id): Path<OrderId>, write: Write<TrackingAliasBody>) -> Made<WrittenTrackingView> {
    let TrackingAliasBody { status, location, description, timestamp } = write.body;
    let new = NewTrackingEntry { at: timestamp, status, place: location, text: description, source: None };
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| Ok(WrittenTrackingView { id: orders::add_tracking(tx, ctx, id, &new)? }));
    Ok(answer.await?.into())
}

async fn list(edge: Edge, Query(query): Query<PageQuery>) -> Reply<OrderPageView> {
    let number = page_number(query.page)?.unwrap_or(1);
    let limit = limit(query.page_size).map_err(|error| renamed(error, &[("limit", "page_size")]))?;
    let sort = match query.ordering.as_deref() {
        None => Sort::default(),
        Some(text) => Sort::parse(text).map_err(|_| Error::field("ordering", "format").with("expected", "-created_at, total, moved_at, number"))?,
    };
    let filter = OrderFilter { states: query.status.0, archived: Archived::No, ..OrderFilter::default() };
    let page = Page { limit, start: PageStart::Number(number), sort, with_total: true };
    let list = edge.read(move |tx, ctx| listed(tx, ctx, &filter, &page)).await?;
    let count = match list.total {
        Total::Exactly(count) | Total::AtLeast { at_least: count } => count,
    };
    let next = list.next_cursor.is_some().then_some(number.saturating_add(1));
    shown(OrderPageView { count, next, previous: (number > 1).then(|| number - 1), results: list.items })
}

async fn customer(edge: Edge, Path(id): Path<CustomerId>, Query(query): Query<care_api::TimelineQuery>) -> Reply<CustomerHistoryView> {
    let limit = limit(query.limit)?;
    let before = care_api::read_cursor(query.cursor.as_deref())?;
    let kinds = query.kind.0;
    let filter = OrderFilter { customer: Some(id), archived: Archived::Any, ..OrderFilter::default() };
    let page = Page { limit: 200, with_total: false, ..Page::default() };
    let view = edge.read(move |tx, ctx| {
        let customer = CustomerView::load(tx, ctx, id)?;
        // An old id leads to the customer that was kept.
        let filter = OrderFilter { customer: Some(customer.id), ..filter.clone() };
        let orders = if ctx.can(Permission::OrderRead) { listed(tx, ctx, &filter, &page)?.items } else { Vec::new() };
        let history = care_api::line(tx, ctx, id, &kinds, before, limit)?;
        Ok(CustomerHistoryView { customer, orders, history })
    });
    shown(view.await?)
}
