//! How far an order is, and how many there are.

use std::collections::BTreeMap;

use base::{Ctx, Edge};
use kernel::{EventId, MessageId, Money, OrderAction, OrderId, OrderState, Time};
use orders::{Notification, Progress, Stats, Step};

use super::view::{OrderRowView, SubstatusView};
use crate::api::common::ActorView;
use crate::extract::Path;
use crate::respond::{Reply, shown};
use crate::schema::view;

view! {
    /// How far along an order is, and how it came here.
    pub(crate) struct ProgressView {
        /// Which.
        order_id: OrderId,
        /// What people call it.
        number: String = "1041",
        /// 0 to 100; null once it is called off or on its way back.
        percentage: Option<u8> = 50,
        /// Where it stands.
        current_status: OrderState,
        /// Where in its state, if the organization has sub-statuses there.
        substatus: Option<SubstatusView>,
        /// Where it goes next when all goes well.
        next_status: Option<OrderState>,
        /// Every change of state, oldest first.
        timeline: Vec<StepView>,
        /// What the customer was told, oldest first.
        notifications: Vec<NotificationView>,
    }

    /// A change of state.
    pub(crate) struct StepView {
        /// The event.
        event_id: EventId,
        /// When.
        timestamp: Time,
        /// From where; null for the placing.
        from: Option<OrderState>,
        /// To where.
        to: OrderState,
        /// From where within the state; left out when the state had no sub-statuses.
        #[serde(skip_serializing_if = "Option::is_none")]
        from_substatus: Option<String>,
        /// To where within the state.
        #[serde(skip_serializing_if = "Option::is_none")]
        to_substatus: Option<String>,
        /// By which action; null for the placing, for a move inside a state and for an undo.
        action: Option<OrderAction>,
        /// By whom.
        actor: ActorView,
        /// Whether no person was at work.
        automated: bool = false,
        /// Why, as a code.
        reason: Option<String>,
        /// Why, in words.
        notes: Option<String>,
        /// Whether it takes an earlier move back.
        is_undo: bool = false,
    }

    /// Something the customer was told, or should have been.
    pub(crate) struct NotificationView {
        /// When.
        timestamp: Time,
        /// The message.
        message_id: MessageId,
        /// How.
        channel: String = "email",
        /// On which occasion.
        template: String = "shipped",
        /// `sent`, `skipped`, `failed`.
        state: String = "sent",
    }

    /// Figures of the orders that you may see.
    pub(crate) struct StatsView {
        /// All orders, archived ones included.
        total: i64 = 1247,
        /// Of them out of the daily lists.
        archived: i64 = 0,
        /// By where they stand; states without orders are left out.
        by_status: BTreeMap<String, i64> = {"PENDING": 45, "PROCESSING": 123, "DELIVERED": 980},
        /// Placed today, each store by its own calendar.
        today: i64 = 31,
        /// What they come to, for each currency.
        today_totals: Vec<Money>,
        /// What moved last.
        recent: Vec<OrderRowView>,
        /// Messages to customers about orders.
        notifications: NotificationRatesView,
    }

    /// How messages to customers ended.
    pub(crate) struct NotificationRatesView {
        /// On their way or there.
        sent: i64 = 2031,
        /// Not sent on purpose.
        skipped: i64 = 12,
        /// Could not be sent.
        failed: i64 = 4,
        /// Sent of those that should have been, in millionths; null when there were none.
        sent_ppm: Option<i64> = 998000,
    }
}

impl ProgressView {
    pub(crate) fn of(ctx: &Ctx, progress: Progress) -> ProgressView {
        ProgressView {
            substatus: SubstatusView::of(ctx, progress.current, progress.order.substatus.as_deref()),
            order_id: progress.order.id,
            number: progress.order.number,
            percentage: progress.percentage,
            current_status: progress.current,
            next_status: progress.next,
            timeline: progress.timeline.into_iter().map(StepView::of).collect(),
            notifications: progress.notifications.into_iter().map(NotificationView::of).collect(),
        }
    }
}

impl StepView {
    fn of(step: Step) -> StepView {
        StepView {
            event_id: step.event,
            timestamp: step.at,
            from: step.from,
            to: step.to,
            from_substatus: step.from_substatus,
            to_substatus: step.to_substatus,
            action: step.action,
            actor: ActorView::of(step.actor),
            automated: step.automated,
            reason: step.reason,
            notes: step.note,
            is_undo: step.is_undo,
        }
    }
}

impl NotificationView {
    fn of(told: Notification) -> NotificationView {
        NotificationView { timestamp: told.at, message_id: told.message, channel: told.channel, template: told.template, state: told.state }
    }
}

impl StatsView {
    pub(crate) fn of(ctx: &Ctx, stats: Stats) -> StatsView {
        let rates = stats.notifications;
        StatsView {
            total: stats.total,
            archived: stats.archived,
            by_status: stats.by_state.into_iter().map(|(state, count)| (state.to_string(), count)).collect(),
            today: stats.today,
            today_totals: stats.today_totals,
            recent: stats.recent.into_iter().map(|row| OrderRowView::of(ctx, row)).collect(),
            notifications: NotificationRatesView { sent: rates.sent, skipped: rates.skipped, failed: rates.failed, sent_ppm: rates.sent_ppm },
        }
    }
}

/// `GET /api/v1/orders/{id}/progress`
pub(crate) async fn progress(edge: Edge, Path(id): Path<OrderId>) -> Reply<ProgressView> {
    shown(edge.read(move |tx, ctx| Ok(ProgressView::of(ctx, orders::progress(tx, ctx, id)?))).await?)
}

/// `GET /api/v1/orders/stats`
pub(crate) async fn stats(edge: Edge) -> Reply<StatsView> {
    shown(edge.read(|tx, ctx| Ok(StatsView::of(ctx, orders::stats(tx, ctx)?))).await?)
}
