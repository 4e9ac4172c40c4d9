//! Moving orders, taking moves back, and what people write on them.

use base::{Ctx, Edge};
use kernel::{Error, EventId, LineId, LineState, NoteAudience, NoteId, OrderAction, OrderId, OrderState, Time, TrackingEntryId, UserId, Version};
use orders::{Decision, Move, MoveInside, Moved, NewNote, NewTrackingEntry};
use serde_json::{Map, Value};

use super::view::{MovedView, OrderView};
use crate::api::common::{Nothing, renamed};
use crate::extract::{Path, Two, Write};
use crate::respond::{Answer, Done, Made};
use crate::schema::{body, view};

body! {
    /// How to move inside a state.
    pub(crate) struct SubstatusBody {
        /// To this sub-status of the state.
        substatus: String = "no_answer",
        /// Why, as a code of small letters, digits and underscores; needed where the rule set says so.
        reason: Option<String>,
        /// Why, in words.
        note: Option<String>,
        /// Whether the customer hears of it, where the rule set says so; true when left out.
        notify: Option<bool>,
        /// The version that was read; without it only the present place decides.
        version: Option<Version> = 1,
    }

    /// How to move.
    pub(crate) struct MoveBody {
        /// Why, as a code of small letters, digits and underscores; needed where the action says so.
        reason: Option<String> = "customer_refused",
        /// Why, in words.
        note: Option<String>,
        /// Whether the customer hears of it, where the settings say so; true when left out.
        notify: Option<bool>,
        /// The sub-status of the new state in which the order lands; the state's default when left out.
        substatus: Option<String>,
        /// The version that was read; without it only the state decides.
        version: Option<Version> = 1,
    }

    /// A move by its action or by the state it shall lead to.
    pub(crate) struct AnyMoveBody {
        /// Which action.
        action: Option<OrderAction> = "confirm",
        /// Or: where to, by the usual action.
        to: Option<OrderState>,
        /// Why, as a code of small letters, digits and underscores; needed where the action says so.
        reason: Option<String>,
        /// Why, in words.
        note: Option<String>,
        /// Whether the customer hears of it, where the settings say so; true when left out.
        notify: Option<bool>,
        /// The sub-status of the new state in which the order lands; the state's default when left out.
        substatus: Option<String>,
        /// The version that was read; without it only the state decides.
        version: Option<Version> = 1,
    }

    /// Which move to take back.
    pub(crate) struct UndoBody {
        /// The event of the move.
        event_id: EventId,
    }

    /// A note to be written.
    pub(crate) struct NoteBody {
        /// Who may read it; `internal` when left out.
        audience: Option<NoteAudience> = "internal",
        /// What it says.
        text: String = "Wants it in blue if sand is sold out",
        /// What kind of interaction it is about.
        kind: Option<String> = "call",
        /// Whatever else the form had.
        #[serde(default)]
        data: Map<String, Value> = {},
        /// Colleagues whom an internal note names, beside those whom its text names with `@`; at most 20 of both.
        #[serde(default)]
        mentions: Vec<UserId> = [],
    }

    /// A tracking entry to be written.
    pub(crate) struct TrackingBody {
        /// When it was so; now when left out.
        at: Option<Time>,
        /// The word for the status.
        status: String = "at_hub",
        /// Where.
        place: Option<String> = "Oran",
        /// More words.
        text: Option<String>,
        /// Who says so; `staff` when left out.
        source: Option<String>,
    }

    /// What a rule or a model decided.
    pub(crate) struct DecisionBody {
        /// The name of the rule set or model.
        source: String = "progress-rules",
        /// Whether it would move on.
        should_progress: bool = true,
        /// Where to.
        next_state: Option<OrderState> = "PROCESSING",
        /// How sure, in millionths.
        confidence_ppm: i64 = 920000,
        /// Whether it was carried out.
        is_applied: bool = false,
        /// Why, in words.
        reasoning: String = "Confirmed 26 hours ago, stock is there",
    }

    /// A line's new state.
    pub(crate) struct LineStateBody {
        /// Whether it can ship.
        state: LineState,
    }
}

view! {
    /// What was written.
    pub(crate) struct WrittenNoteView {
        /// The note.
        id: NoteId,
    }

    /// What was written.
    pub(crate) struct WrittenTrackingView {
        /// The entry.
        id: TrackingEntryId,
    }
}

impl MovedView {
    pub(crate) fn of(ctx: &Ctx, moved: Moved) -> MovedView {
        MovedView { order: OrderView::of(ctx, moved.order), event_id: moved.event, undo_until: moved.undo_until }
    }
}

pub(crate) fn wanted(action: OrderAction, body: MoveBody, if_match: Option<Version>) -> Move {
    Move {
        action,
        reason: body.reason,
        note: body.note,
        version: if_match.or(body.version),
        notifies: body.notify.unwrap_or(true),
        substatus: body.substatus,
    }
}

/// `POST /api/v1/orders/{id}/{action}`: one of the actions of the state table, named in the path.
pub(crate) async fn act(edge: Edge, Path(Two(id, action)): Path<Two<OrderId, OrderAction>>, write: Write<MoveBody>) -> Answer<MovedView> {
    let wanted = wanted(action, write.body, write.if_match);
    Ok(edge.write_once(write.key.as_ref(), move |tx, ctx| Ok(MovedView::of(ctx, orders::act(tx, ctx, id, &wanted)?))).await?.into())
}

/// `POST /api/v1/orders/{id}/moves`
pub(crate) async fn any(edge: Edge, Path(id): Path<OrderId>, write: Write<AnyMoveBody>) -> Answer<MovedView> {
    let AnyMoveBody { action, to, reason, note, notify, substatus, version } = write.body;
    let body = MoveBody { reason, note, notify, substatus, version };
    let answer = match (action, to) {
        (Some(action), None) => {
            let wanted = wanted(action, body, write.if_match);
            edge.write_once(write.key.as_ref(), move |tx, ctx| Ok(MovedView::of(ctx, orders::act(tx, ctx, id, &wanted)?))).await?
        }
        (None, Some(to)) => {
            // The usual action is chosen inside, where the present state is known.
            let wanted = wanted(OrderAction::Correct, body, write.if_match);
            edge.write_once(write.key.as_ref(), move |tx, ctx| Ok(MovedView::of(ctx, orders::move_to(tx, ctx, id, to, &wanted)?))).await?
        }
        _ => return Err(Error::field("action", "move.one").into()),
    };
    Ok(answer.into())
}

/// `POST /api/v1/orders/{id}/substatus`
pub(crate) async fn move_inside(edge: Edge, Path(id): Path<OrderId>, write: Write<SubstatusBody>) -> Answer<MovedView> {
    let SubstatusBody { substatus, reason, note, notify, version } = write.body;
    let wanted = MoveInside { substatus, reason, note, version: write.if_match.or(version), notifies: notify.unwrap_or(true) };
    Ok(edge.write_once(write.key.as_ref(), move |tx, ctx| Ok(MovedView::of(ctx, orders::move_inside(tx, ctx, id, &wanted)?))).await?.into())
}

/// `POST /api/v1/orders/{id}/undo`
pub(crate) async fn undo(edge: Edge, Path(id): Path<OrderId>, write: Write<UndoBody>) -> Answer<OrderView> {
    let event = write.body.event_id;
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        let order = orders::undo_step(tx, ctx, event, payments::owed)?;
        if order.id != id {
            return Err(Error::not_found("event"));
        }
        Ok(OrderView::of(ctx, order))
    });
    Ok(answer.await?.into())
}

/// `POST /api/v1/orders/{id}/notes`
pub(crate) async fn add_note(edge: Edge, Path(id): Path<OrderId>, write: Write<NoteBody>) -> Made<WrittenNoteView> {
    let NoteBody { audience, text, kind, data, mentions } = write.body;
    let new = NewNote { audience: audience.unwrap_or(NoteAudience::Internal), text, kind, data, mentions };
    Ok(edge.write_once(write.key.as_ref(), move |tx, ctx| Ok(WrittenNoteView { id: orders::add_note(tx, ctx, id, &new)? })).await?.into())
}

/// `POST /api/v1/orders/{id}/tracking`
pub(crate) async fn add_tracking(edge: Edge, Path(id): Path<OrderId>, write: Write<TrackingBody>) -> Made<WrittenTrackingView> {
    let new = write.body.into_new();
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| Ok(WrittenTrackingView { id: orders::add_tracking(tx, ctx, id, &new)? }));
    Ok(answer.await?.into())
}

impl TrackingBody {
    pub(crate) fn into_new(self) -> NewTrackingEntry {
        NewTrackingEntry { at: self.at, status: self.status, place: self.place, text: self.text, source: self.source }
    }
}

/// `POST /api/v1/orders/{id}/decisions`
pub(crate) async fn decide(edge: Edge, Path(id): Path<OrderId>, write: Write<DecisionBody>) -> Done {
    let DecisionBody { source, should_progress, next_state, confidence_ppm, is_applied, reasoning } = write.body;
    let decision = Decision { source, should_progress, next_state, confidence_ppm, is_applied, reasoning };
    Ok(edge
        .write_once(write.key.as_ref(), move |tx, ctx| {
            orders::record_decision(tx, ctx, id, &decision).map_err(|error| renamed(error, &[("confidence", "confidence_ppm")]))
        })
        .await?
        .into())
}

/// `POST /api/v1/orders/{id}/lines/{line_id}/state`
pub(crate) async fn set_line_state(edge: Edge, Path(Two(id, line)): Path<Two<OrderId, LineId>>, write: Write<LineStateBody>) -> Answer<OrderView> {
    let state = write.body.state;
    Ok(edge.write_once(write.key.as_ref(), move |tx, ctx| Ok(OrderView::of(ctx, orders::set_line_state(tx, ctx, id, line, state)?))).await?.into())
}

/// `POST /api/v1/orders/{id}/archive`
pub(crate) async fn archive(edge: Edge, Path(id): Path<OrderId>, write: Write<Nothing>) -> Answer<OrderView> {
    Ok(edge.write_once(write.key.as_ref(), move |tx, ctx| Ok(OrderView::of(ctx, orders::archive(tx, ctx, id)?))).await?.into())
}

/// `POST /api/v1/orders/{id}/unarchive`
pub(crate) async fn unarchive(edge: Edge, Path(id): Path<OrderId>, write: Write<Nothing>) -> Answer<OrderView> {
    Ok(edge.write_once(write.key.as_ref(), move |tx, ctx| Ok(OrderView::of(ctx, orders::unarchive(tx, ctx, id)?))).await?.into())
}
