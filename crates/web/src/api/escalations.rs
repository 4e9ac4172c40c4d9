//! Problems that go up the team: passed up, taken on, answered, settled; lists and counts of those that are open.

use std::collections::BTreeMap;

use base::{Ctx, Edge};
use db::Tx;
use kernel::{Error, EscalationId, OrderId, OrderState, Priority, RoleId, StoreId, Time, UserId, Version};
use orders::escalations::{self, Escalation, EscalationCounts, EscalationFilter, EscalationState, Level, NewEscalation, OfOrder};
use orders::reasons::{self, ReasonList};

use super::common::{ActorView, EventJson, Limit, limit, total};
use crate::extract::{Path, Query, Write};
use crate::respond::{Answer, List, Made, Reply, shown, versioned};
use crate::schema::{Describe, Many, body, view, word};

body! {
    /// A problem to be passed up.
    pub(crate) struct NewEscalationBody {
        /// The code of the reason.
        reason: String = "complaint",
        /// What the problem is.
        message: String = "The customer wants the money back and the parcel is lost",
        /// To which level of the path; the one above your own when left out. 0 is the order's agent.
        level: Option<i64> = 1,
    }

    /// Which open escalations. Words in one parameter are alternatives; parameters combine.
    pub(crate) struct EscalationQuery {
        /// One's own, and those that wait for somebody on one's level.
        mine: Option<bool>,
        /// On these levels.
        #[serde(default)]
        level: Many<i64> = [1],
        /// So far: `open`, `acknowledged`, `answered`.
        #[serde(default)]
        state: Many<EscalationState>,
        /// Whether the deadline is over.
        overdue: Option<bool>,
        /// In this store.
        store_id: Option<StoreId>,
        /// How many, 1 to 200.
        limit: Option<Limit> = 50,
        /// Where the part before ended.
        cursor: Option<String>,
    }

    /// Somebody takes an escalation on.
    pub(crate) struct AcknowledgeBody {
        /// The version that was read; without it only the state decides.
        version: Option<Version> = 1,
    }

    /// An answer to the agent.
    pub(crate) struct AnswerBody {
        /// What to do.
        message: String = "Send it again, we pay",
        /// The version that was read; without it only the state decides.
        version: Option<Version> = 1,
    }

    /// An escalation goes further up.
    pub(crate) struct PassUpBody {
        /// Why.
        message: String = "I may not decide this",
        /// To which level; the next one when left out.
        level: Option<i64> = 2,
        /// The version that was read; without it only the state decides.
        version: Option<Version> = 1,
    }

    /// An escalation is settled.
    pub(crate) struct ResolveBody {
        /// What came of it.
        message: Option<String> = "Sent again",
        /// The version that was read; without it only the state decides.
        version: Option<Version> = 1,
    }
}

view! {
    /// Something that was passed up the team.
    pub(crate) struct EscalationView {
        /// Which.
        id: EscalationId,
        /// About which order.
        order_id: OrderId,
        /// Where that was sold.
        store_id: StoreId,
        /// How far it is.
        state: EscalationState,
        /// Where it is: 0 with the agent, then the levels of the path.
        level: i64 = 1,
        /// The name of the role there; null with the agent.
        level_name: Option<String> = "Team Manager",
        /// The code of the reason.
        reason: String = "complaint",
        /// The reason in your language.
        label: String = "Complaint of the customer",
        /// What the problem is.
        message: String = "The customer wants the money back and the parcel is lost",
        /// Who passed it up.
        raised_by: ActorView,
        /// When it began.
        raised_at: Time,
        /// When it came to its level.
        level_at: Time,
        /// Whose it is now; null while nobody on the level has taken it on.
        owner_id: Option<UserId>,
        /// When it goes up by itself.
        due_at: Time,
        /// Whether that is over.
        is_overdue: bool = false,
        /// When somebody on the level took it on.
        acknowledged_at: Option<Time>,
        /// The last answer to the agent.
        answer: Option<String>,
        /// Who gave it.
        answered_by: Option<ActorView>,
        /// When.
        answered_at: Option<Time>,
        /// What came of it.
        resolution: Option<String>,
        /// Who settled it.
        resolved_by: Option<ActorView>,
        /// When.
        resolved_at: Option<Time>,
        /// Grows with each change.
        version: Version = 1,
        /// The order; in lists and when one escalation is read.
        #[serde(skip_serializing_if = "Option::is_none")]
        order: Option<EscalatedOrderView>,
        /// Its steps from the order's history, oldest first; when one escalation is read.
        #[serde(skip_serializing_if = "Option::is_none")]
        history: Option<Vec<EventJson>>,
    }

    /// The order of an escalation.
    pub(crate) struct EscalatedOrderView {
        /// Which.
        id: OrderId,
        /// What people call it.
        number: String = "1041",
        /// Where it stands.
        state: OrderState,
        /// How urgent it is.
        priority: Priority,
        /// Who buys.
        customer_name: String = "Amina Benali",
        /// Whose it is.
        agent_id: Option<UserId>,
    }

    /// How many escalations are open.
    pub(crate) struct EscalationCountsView {
        /// All of them, in your stores.
        open: i64 = 4,
        /// By level.
        by_level: Vec<LevelCountView>,
        /// Beyond their deadline, of those that you may see; counted to 10,000.
        overdue: i64 = 1,
        /// Your own, and those that wait for somebody on your level; counted to 10,000.
        mine: i64 = 2,
    }

    /// How many escalations are open on one level.
    pub(crate) struct LevelCountView {
        /// Which.
        level: i64 = 1,
        /// How many.
        open: i64 = 4,
    }

    /// A level of the path that problems go up.
    pub(crate) struct LevelView {
        /// 0 for the agent.
        level: i64 = 1,
        /// Whose role; null for the agent, and for a role that is gone.
        role_id: Option<RoleId>,
        /// The role's name; null for the agent.
        name: Option<String> = "Team Manager",
        /// Working hours of the store after which what waits there goes up by itself.
        hours: u32 = 8,
    }
}

impl Describe for EscalationState {
    fn schema(_: &mut utoipa::openapi::schema::Components) -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        word(EscalationState::WORDS)
    }
}

/// The words that escalations are shown with.
pub(crate) struct Shown {
    labels: BTreeMap<String, String>,
    path: Vec<Level>,
    now: Time,
}

impl Shown {
    pub(crate) fn load(tx: &mut Tx, ctx: &Ctx) -> Result<Shown, Error> {
        Ok(Shown { labels: reasons::labels(tx, ctx, ReasonList::Escalation)?, path: escalations::levels(tx, ctx)?, now: ctx.now })
    }

    pub(crate) fn view(&self, row: Escalation) -> EscalationView {
        let level = self.path.iter().rfind(|level| level.level <= row.level).filter(|level| level.level > 0);
        EscalationView {
            raised_by: ActorView::of(row.raised_by()),
            answered_by: row.answered_by().map(ActorView::of),
            resolved_by: row.resolved_by().map(ActorView::of),
            is_overdue: row.is_overdue(self.now),
            level_name: level.map(|level| level.name.clone()),
            label: self.labels.get(&row.reason).unwrap_or(&row.reason).clone(),
            id: row.id,
            order_id: row.order_id,
            store_id: row.store_id,
            state: row.state,
            level: row.level,
            reason: row.reason,
            message: row.message,
            raised_at: row.raised_at,
            level_at: row.level_at,
            owner_id: row.owner_id,
            due_at: row.due_at,
            acknowledged_at: row.acknowledged_at,
            answer: row.answer,
            answered_at: row.answered_at,
            resolution: row.resolution,
            resolved_at: row.resolved_at,
            version: row.version,
            order: None,
            history: None,
        }
    }
}

impl EscalatedOrderView {
    fn of(order: OfOrder) -> EscalatedOrderView {
        EscalatedOrderView {
            id: order.id,
            number: order.number,
            state: order.state,
            priority: order.priority,
            customer_name: order.contact_name,
            agent_id: order.agent_id,
        }
    }
}

fn one(tx: &mut Tx, ctx: &Ctx, row: Escalation) -> Result<EscalationView, Error> {
    Ok(Shown::load(tx, ctx)?.view(row))
}

/// `POST /api/v1/orders/{id}/escalations`
pub(crate) async fn escalate(edge: Edge, Path(id): Path<OrderId>, write: Write<NewEscalationBody>) -> Made<EscalationView> {
    let NewEscalationBody { reason, message, level } = write.body;
    let new = NewEscalation { reason, message, level };
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        let row = escalations::escalate(tx, ctx, id, &new)?;
        one(tx, ctx, row)
    });
    Ok(answer.await?.into())
}

/// `GET /api/v1/orders/{id}/escalations`
pub(crate) async fn of_order(edge: Edge, Path(id): Path<OrderId>) -> Reply<List<EscalationView>> {
    let views = edge.read(move |tx, ctx| {
        let rows = escalations::of_order(tx, ctx, id)?;
        let shown = Shown::load(tx, ctx)?;
        Ok(rows.into_iter().map(|row| shown.view(row)).collect())
    });
    shown(List::whole(views.await?))
}

/// `GET /api/v1/escalations`
pub(crate) async fn list(edge: Edge, Query(query): Query<EscalationQuery>) -> Reply<List<EscalationView>> {
    let limit = limit(query.limit)?;
    let cursor = query.cursor;
    let filter = EscalationFilter {
        is_mine: query.mine.unwrap_or(false),
        levels: query.level.0,
        states: query.state.0,
        is_overdue: query.overdue,
        store: query.store_id,
    };
    let list = edge.read(move |tx, ctx| {
        let page = escalations::list(tx, ctx, &filter, cursor.as_deref(), limit)?;
        let shown = Shown::load(tx, ctx)?;
        let view = |(row, order)| EscalationView { order: Some(EscalatedOrderView::of(order)), ..shown.view(row) };
        let (count, is_more) = page.total;
        Ok(List { items: page.items.into_iter().map(view).collect(), next_cursor: page.next_cursor, total: total(count, is_more) })
    });
    shown(list.await?)
}

/// `GET /api/v1/escalations/counts`
pub(crate) async fn counts(edge: Edge) -> Reply<EscalationCountsView> {
    let EscalationCounts { by_level, overdue, mine } = edge.read(escalations::counts).await?;
    let open = by_level.values().sum();
    let by_level = by_level.into_iter().map(|(level, open)| LevelCountView { level, open }).collect();
    shown(EscalationCountsView { open, by_level, overdue, mine })
}

/// `GET /api/v1/escalations/path`
pub(crate) async fn path(edge: Edge) -> Reply<List<LevelView>> {
    let levels = edge.read(escalations::path).await?;
    let view = |level: Level| LevelView {
        level: level.level,
        role_id: level.role,
        name: Some(level.name).filter(|name| !name.is_empty()),
        hours: level.hours,
    };
    shown(List::whole(levels.into_iter().map(view).collect()))
}

/// `GET /api/v1/escalations/{id}`
pub(crate) async fn get(edge: Edge, Path(id): Path<EscalationId>) -> Reply<EscalationView> {
    let view = edge.read(move |tx, ctx| {
        let (row, history) = escalations::find(tx, ctx, id)?;
        let order = escalations::order_of(tx, ctx, &row)?;
        let shown = Shown::load(tx, ctx)?;
        let history = Some(history.into_iter().map(EventJson::of).collect());
        Ok(EscalationView { order: Some(EscalatedOrderView::of(order)), history, ..shown.view(row) })
    });
    let view = view.await?;
    let version = view.version;
    versioned(view, version)
}

/// `POST /api/v1/escalations/{id}/acknowledge`
pub(crate) async fn acknowledge(edge: Edge, Path(id): Path<EscalationId>, write: Write<AcknowledgeBody>) -> Answer<EscalationView> {
    let version = write.if_match.or(write.body.version);
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        let row = escalations::acknowledge(tx, ctx, id, version)?;
        one(tx, ctx, row)
    });
    Ok(answer.await?.into())
}

/// `POST /api/v1/escalations/{id}/answer`
pub(crate) async fn answer(edge: Edge, Path(id): Path<EscalationId>, write: Write<AnswerBody>) -> Answer<EscalationView> {
    let AnswerBody { message, version } = write.body;
    let version = write.if_match.or(version);
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        let row = escalations::answer(tx, ctx, id, &message, version)?;
        one(tx, ctx, row)
    });
    Ok(answer.await?.into())
}

/// `POST /api/v1/escalations/{id}/pass-up`
pub(crate) async fn pass_up(edge: Edge, Path(id): Path<EscalationId>, write: Write<PassUpBody>) -> Answer<EscalationView> {
    let PassUpBody { message, level, version } = write.body;
    let version = write.if_match.or(version);
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        let row = escalations::pass_up(tx, ctx, id, &message, level, version)?;
        one(tx, ctx, row)
    });
    Ok(answer.await?.into())
}

/// `POST /api/v1/escalations/{id}/resolve`
pub(crate) async fn resolve(edge: Edge, Path(id): Path<EscalationId>, write: Write<ResolveBody>) -> Answer<EscalationView> {
    let ResolveBody { message, version } = write.body;
    let version = write.if_match.or(version);
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        let row = escalations::resolve(tx, ctx, id, message.as_deref(), version)?;
        one(tx, ctx, row)
    });
    Ok(answer.await?.into())
}
