//! Calling orders off with a reason, and how often that happens.

use std::collections::BTreeMap;

use base::{Ctx, Edge};
use db::Tx;
use kernel::{CancellationId, CustomerId, Day, Error, OrderAction, OrderId, OrderState, StoreId, Time, Version};
use orders::Move;
use orders::cancellations::{self, CancelCause, Cancellation, ReasonCount, Report};
use orders::reasons::{self, ReasonList};

use super::view::MovedView;
use crate::api::common::ActorView;
use crate::extract::{Path, Query, Write};
use crate::respond::{Answer, List, Reply, shown};
use crate::schema::{Describe, body, view, word};

body! {
    /// How an order is called off.
    pub(crate) struct CancelBody {
        /// Why: a code of the list of cancellation reasons. Another code counts as `other` and is kept as the note.
        reason: Option<String> = "changed_mind",
        /// Why, in words; needed where the reason says so.
        note: Option<String>,
        /// Who wanted it: `staff`, `customer` or `rule`; when left out, whoever calls says it.
        cause: Option<CancelCause> = "customer",
        /// Whether the customer hears of it, where the settings say so; true when left out.
        notify: Option<bool>,
        /// The version that was read; without it only the state decides.
        version: Option<Version> = 1,
    }

    /// Of which days and which store.
    pub(crate) struct ReportQuery {
        /// The first day of the stores' own calendars; thirty days before the last when left out.
        from: Option<Day>,
        /// The last day, included; now when left out.
        to: Option<Day>,
        /// In this store.
        store_id: Option<StoreId>,
    }
}

view! {
    /// A time that an order was called off.
    pub(crate) struct CancellationView {
        /// Which.
        id: CancellationId,
        /// Which order.
        order_id: OrderId,
        /// The code of the reason.
        reason: String = "changed_mind",
        /// The reason in your language.
        label: String = "The customer changed their mind",
        /// The code that the caller gave, where it is none of the list.
        said: Option<String>,
        /// More words.
        note: Option<String>,
        /// Who wanted it.
        cause: CancelCause,
        /// Who called it off.
        by: ActorView,
        /// When.
        at: Time,
        /// The store's day.
        day: Day,
        /// Where the order stood.
        from_state: OrderState,
        /// Whether it counts against the customer.
        against_customer: bool = true,
        /// Since when the order lives again.
        reopened_at: Option<Time>,
    }

    /// Cancellations of some days, in the stores that you may see.
    pub(crate) struct CancellationReportView {
        /// The first day.
        from: Day,
        /// The last day, included.
        to: Day,
        /// All of them.
        total: i64 = 41,
        /// Of them living again.
        reopened: i64 = 3,
        /// By reason, the most frequent first.
        by_reason: Vec<ReasonCountView>,
        /// By who wanted it.
        by_cause: BTreeMap<String, i64> = {"customer": 30, "staff": 10, "rule": 1},
        /// By day; days without any are left out.
        by_day: Vec<DayCountView>,
    }

    /// The cancellations of one reason.
    pub(crate) struct ReasonCountView {
        /// Its code.
        reason: String = "changed_mind",
        /// The reason in your language.
        label: String = "The customer changed their mind",
        /// Whether they count against the customer.
        against_customer: bool = true,
        /// How many.
        total: i64 = 18,
        /// Of them living again.
        reopened: i64 = 1,
        /// Of all cancellations, in millionths.
        share_ppm: i64 = 439024,
        /// By who wanted it.
        by_cause: BTreeMap<String, i64> = {"customer": 18},
    }

    /// The cancellations of one day.
    pub(crate) struct DayCountView {
        /// The stores' day.
        day: Day,
        /// How many.
        total: i64 = 5,
    }
}

impl Describe for CancelCause {
    fn schema(_: &mut utoipa::openapi::schema::Components) -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        word(CancelCause::WORDS)
    }
}

fn by_word(counts: BTreeMap<CancelCause, i64>) -> BTreeMap<String, i64> {
    counts.into_iter().map(|(cause, count)| (cause.to_string(), count)).collect()
}

impl CancellationView {
    fn of(row: Cancellation, labels: &BTreeMap<String, String>) -> CancellationView {
        CancellationView {
            by: ActorView::of(row.by()),
            label: labels.get(&row.reason).unwrap_or(&row.reason).clone(),
            id: row.id,
            order_id: row.order_id,
            reason: row.reason,
            said: row.said,
            note: row.note,
            cause: row.cause,
            at: row.at,
            day: row.day,
            from_state: row.from_state,
            against_customer: row.against_customer,
            reopened_at: row.reopened_at,
        }
    }

    fn all(tx: &mut Tx, ctx: &Ctx, rows: Vec<Cancellation>) -> Result<List<CancellationView>, Error> {
        let labels = reasons::labels(tx, ctx, ReasonList::Cancellation)?;
        Ok(List::whole(rows.into_iter().map(|row| CancellationView::of(row, &labels)).collect()))
    }
}

impl ReasonCountView {
    fn of(one: ReasonCount) -> ReasonCountView {
        ReasonCountView {
            reason: one.code,
            label: one.label,
            against_customer: one.against_customer,
            total: one.cancelled,
            reopened: one.reopened,
            share_ppm: one.share_ppm,
            by_cause: by_word(one.by_cause),
        }
    }
}

impl CancellationReportView {
    fn of(report: Report) -> CancellationReportView {
        CancellationReportView {
            from: report.from,
            to: report.to,
            total: report.cancelled,
            reopened: report.reopened,
            by_reason: report.by_reason.into_iter().map(ReasonCountView::of).collect(),
            by_cause: by_word(report.by_cause),
            by_day: report.by_day.into_iter().map(|(day, total)| DayCountView { day, total }).collect(),
        }
    }
}

/// `POST /api/v1/orders/{id}/cancel`
pub(crate) async fn cancel(edge: Edge, Path(id): Path<OrderId>, write: Write<CancelBody>) -> Answer<MovedView> {
    let CancelBody { reason, note, cause, notify, version } = write.body;
    let version = write.if_match.or(version);
    let wanted = Move { reason, note, version, notifies: notify.unwrap_or(true), ..Move::new(OrderAction::Cancel) };
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| Ok(MovedView::of(ctx, cancellations::cancel(tx, ctx, id, &wanted, cause)?)));
    Ok(answer.await?.into())
}

/// `GET /api/v1/orders/{id}/cancellations`
pub(crate) async fn of_order(edge: Edge, Path(id): Path<OrderId>) -> Reply<List<CancellationView>> {
    let list = edge.read(move |tx, ctx| {
        let rows = cancellations::of_order(tx, ctx, id)?;
        CancellationView::all(tx, ctx, rows)
    });
    shown(list.await?)
}

/// `GET /api/v1/customers/{id}/cancellations`
pub(crate) async fn of_customer(edge: Edge, Path(id): Path<CustomerId>) -> Reply<List<CancellationView>> {
    let list = edge.read(move |tx, ctx| {
        customers::find(tx, ctx, id)?;
        let rows = cancellations::of_customer(tx, ctx, id)?;
        CancellationView::all(tx, ctx, rows)
    });
    shown(list.await?)
}

/// `GET /api/v1/orders/cancellations`
pub(crate) async fn report(edge: Edge, Query(query): Query<ReportQuery>) -> Reply<CancellationReportView> {
    let ReportQuery { from, to, store_id } = query;
    let report = edge.read(move |tx, ctx| cancellations::report(tx, ctx, from, to, store_id)).await?;
    shown(CancellationReportView::of(report))
}
