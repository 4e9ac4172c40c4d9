//! Holding orders back, and letting them go.

use std::collections::BTreeMap;

use base::{Ctx, Edge};
use db::Tx;
use kernel::{Error, EventId, HoldId, OrderId, Time, UserId, Version};
use orders::holds::{self, Held, Hold, HoldChange, NewHold};
use orders::reasons::{self, ReasonList};

use crate::api::common::ActorView;
use crate::extract::{Path, Query, Two, Write};
use crate::respond::{Answer, List, Made, Reply, shown};
use crate::schema::{Patch, body, view};

body! {
    /// Which holds.
    pub(crate) struct HoldQuery {
        /// Whether only those that hold the order back now.
        open: Option<bool>,
    }

    /// A hold to be set.
    pub(crate) struct NewHoldBody {
        /// The code of its kind.
        kind: String = "address",
        /// Why, in words.
        note: Option<String> = "The district does not exist",
        /// Who looks after it; whoever sets it when left out.
        owner_id: Option<UserId>,
        /// When it is released by itself.
        release_at: Option<Time>,
    }

    /// What changes about a hold; what is left out stays, null means none.
    pub(crate) struct HoldChangeBody {
        /// Other words.
        #[serde(default)]
        note: Patch<String>,
        /// Another owner.
        #[serde(default)]
        owner_id: Patch<UserId>,
        /// Another date.
        #[serde(default)]
        release_at: Patch<Time>,
        /// The version that was read; without it the change always goes through.
        version: Option<Version> = 1,
    }

    /// A hold to be released.
    pub(crate) struct ReleaseBody {
        /// What came of it.
        note: Option<String> = "The customer gave another address",
    }
}

view! {
    /// A reason that holds or held an order back.
    pub(crate) struct HoldView {
        /// Which.
        id: HoldId,
        /// Of which order.
        order_id: OrderId,
        /// The code of its kind.
        kind: String = "address",
        /// Its kind in your language.
        label: String = "Address to be checked",
        /// Why, in words.
        note: Option<String>,
        /// Who looks after it.
        owner_id: Option<UserId>,
        /// Who set it.
        set_by: ActorView,
        /// When.
        set_at: Time,
        /// When it is released by itself.
        release_at: Option<Time>,
        /// Whether it holds the order back now.
        is_open: bool = true,
        /// When it was released.
        released_at: Option<Time>,
        /// Who released it; `system` when its date had come.
        released_by: Option<ActorView>,
        /// What whoever released it said.
        release_note: Option<String>,
        /// Grows with each change.
        version: Version = 1,
    }

    /// What setting or releasing a hold did.
    pub(crate) struct HeldView {
        /// The hold as it stands now.
        hold: HoldView,
        /// The event; whoever did it may take it back with it, as a move.
        event_id: EventId,
        /// Until when; null when it cannot be taken back.
        undo_until: Option<Time>,
    }
}

impl HoldView {
    pub(crate) fn of(hold: Hold, labels: &BTreeMap<String, String>) -> HoldView {
        HoldView {
            id: hold.id,
            order_id: hold.order_id,
            label: labels.get(&hold.kind).unwrap_or(&hold.kind).clone(),
            set_by: ActorView::of(hold.set_by()),
            released_by: hold.released_by().map(ActorView::of),
            kind: hold.kind,
            note: hold.note,
            owner_id: hold.owner_id,
            set_at: hold.set_at,
            release_at: hold.release_at,
            is_open: hold.released_at.is_none(),
            released_at: hold.released_at,
            release_note: hold.release_note,
            version: hold.version,
        }
    }

    fn one(tx: &mut Tx, ctx: &Ctx, hold: Hold) -> Result<HoldView, Error> {
        Ok(HoldView::of(hold, &reasons::labels(tx, ctx, ReasonList::Hold)?))
    }
}

impl HeldView {
    fn of(tx: &mut Tx, ctx: &Ctx, held: Held) -> Result<HeldView, Error> {
        Ok(HeldView { hold: HoldView::one(tx, ctx, held.hold)?, event_id: held.event, undo_until: held.undo_until })
    }
}

/// `GET /api/v1/orders/{id}/holds`
pub(crate) async fn list(edge: Edge, Path(id): Path<OrderId>, Query(query): Query<HoldQuery>) -> Reply<List<HoldView>> {
    let only_open = query.open.unwrap_or(false);
    let views = edge.read(move |tx, ctx| {
        let holds = holds::list(tx, ctx, id, only_open)?;
        let labels = reasons::labels(tx, ctx, ReasonList::Hold)?;
        Ok(holds.into_iter().map(|hold| HoldView::of(hold, &labels)).collect())
    });
    shown(List::whole(views.await?))
}

/// `POST /api/v1/orders/{id}/holds`
pub(crate) async fn set(edge: Edge, Path(id): Path<OrderId>, write: Write<NewHoldBody>) -> Made<HeldView> {
    let NewHoldBody { kind, note, owner_id, release_at } = write.body;
    let new = NewHold { kind, note, owner: owner_id, release_at };
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        let held = holds::set(tx, ctx, id, &new)?;
        HeldView::of(tx, ctx, held)
    });
    Ok(answer.await?.into())
}

/// `PATCH /api/v1/orders/{id}/holds/{hold_id}`
pub(crate) async fn change(edge: Edge, Path(Two(id, hold)): Path<Two<OrderId, HoldId>>, write: Write<HoldChangeBody>) -> Answer<HoldView> {
    let HoldChangeBody { note, owner_id, release_at, version } = write.body;
    let version = write.if_match.or(version);
    let change = HoldChange { note: note.into_option(), owner: owner_id.into_option(), release_at: release_at.into_option() };
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        let hold = holds::change(tx, ctx, id, hold, &change, version)?;
        HoldView::one(tx, ctx, hold)
    });
    Ok(answer.await?.into())
}

/// `POST /api/v1/orders/{id}/holds/{hold_id}/release`
pub(crate) async fn release(edge: Edge, Path(Two(id, hold)): Path<Two<OrderId, HoldId>>, write: Write<ReleaseBody>) -> Answer<HeldView> {
    let note = write.body.note;
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        let held = holds::release(tx, ctx, id, hold, note.as_deref())?;
        HeldView::of(tx, ctx, held)
    });
    Ok(answer.await?.into())
}
