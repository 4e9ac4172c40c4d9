//! People around an order: whose it is, notes on top of it, whom notes name, who looks at it.

use base::{Ctx, Edge};
use kernel::{Error, EventId, NoteId, OrderId, StoreId, Time, UserId};
use orders::mentions::{self, Mention};
use orders::{Given, Giving};

use super::view::{NoteView, OrderView};
use crate::api::common::{ActorView, Nothing};
use crate::api::me::CountView;
use crate::extract::{Path, Query, Two, Write};
use crate::respond::{Answer, List, Reply, shown};
use crate::schema::{body, view};

body! {
    /// Which colleagues.
    pub(crate) struct ColleagueQuery {
        /// Those whose name has this in it; everybody when left out.
        search: Option<String> = "ines",
    }

    /// Whose an order shall be.
    pub(crate) struct AssignBody {
        /// This person's, `me` for your own, or `none` for nobody's.
        agent_id: String = "none",
        /// Whose it was when you looked, in the same words; without it, whosoever.
        was: Option<String>,
    }
}

view! {
    /// A colleague whom a note may name.
    pub(crate) struct NamedView {
        /// Who.
        id: UserId,
        /// As colleagues see them.
        name: String = "Ines Khelifi",
    }

    /// A note that names you and that you have not seen.
    pub(crate) struct MentionView {
        /// The note.
        note_id: NoteId,
        /// Of which order.
        order_id: OrderId,
        /// What people call the order.
        order_number: String = "NATU-1042",
        /// Of which store.
        store_id: StoreId,
        /// Who wrote it.
        author: ActorView,
        /// What it says.
        text: String = "@Ines Khelifi can you call her?",
        /// When.
        created_at: Time,
    }

    /// An order that was given to somebody.
    pub(crate) struct AssignedView {
        /// As it stands now.
        order: OrderView,
        /// What tells of it; null when it was theirs already.
        event_id: Option<EventId>,
        /// Until when you may take it back.
        undo_until: Option<Time>,
    }

    /// Somebody who has the page of an order open.
    pub(crate) struct ViewerView {
        /// Who.
        user_id: UserId,
        /// As colleagues see them.
        name: String = "Ines Khelifi",
        /// Whether they have its form open.
        is_editing: bool = false,
    }
}

impl MentionView {
    fn of(mention: Mention) -> MentionView {
        MentionView {
            note_id: mention.note,
            order_id: mention.order_id,
            author: ActorView::of(mention.author()),
            text: mention.text(),
            order_number: mention.number,
            store_id: mention.store_id,
            created_at: mention.at,
        }
    }
}

/// `PUT /api/v1/orders/{id}/notes/{note_id}/pin`
pub(crate) async fn pin(edge: Edge, Path(Two(id, note)): Path<Two<OrderId, NoteId>>, write: Write<Nothing>) -> Answer<NoteView> {
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        let note = orders::pin_note(tx, ctx, id, note)?;
        Ok(NoteView::of(note, &mentions::of_order(tx, ctx, id)?))
    });
    Ok(answer.await?.into())
}

/// `DELETE /api/v1/orders/{id}/notes/{note_id}/pin`
pub(crate) async fn unpin(edge: Edge, Path(Two(id, note)): Path<Two<OrderId, NoteId>>, write: Write<Nothing>) -> Answer<NoteView> {
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        let note = orders::unpin_note(tx, ctx, id, note)?;
        Ok(NoteView::of(note, &mentions::of_order(tx, ctx, id)?))
    });
    Ok(answer.await?.into())
}

/// `GET /api/v1/orders/{id}/colleagues`
pub(crate) async fn colleagues(edge: Edge, Path(id): Path<OrderId>, Query(query): Query<ColleagueQuery>) -> Reply<List<NamedView>> {
    let mut people = edge.read(move |tx, ctx| mentions::colleagues(tx, ctx, id)).await?;
    if let Some(search) = &query.search {
        let wanted = kernel::fold(search);
        people.retain(|person| kernel::fold(&person.name).contains(&wanted));
    }
    shown(List::whole(people.into_iter().map(|person| NamedView { id: person.id, name: person.name }).collect()))
}

/// `GET /api/v1/me/mentions`
pub(crate) async fn waiting(edge: Edge) -> Reply<List<MentionView>> {
    let found = edge.read(|tx, ctx| mentions::waiting(tx, ctx, mentions::LISTED)).await?;
    shown(List::whole(found.into_iter().map(MentionView::of).collect()))
}

/// `POST /api/v1/orders/{id}/mentions/seen`
pub(crate) async fn seen(edge: Edge, Path(id): Path<OrderId>, write: Write<Nothing>) -> Answer<CountView> {
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| Ok(CountView { count: mentions::see(tx, ctx, id, None)? }));
    Ok(answer.await?.into())
}

/// `GET /api/v1/orders/{id}/viewers`
pub(crate) async fn viewers(edge: Edge, Path(id): Path<OrderId>) -> Reply<List<ViewerView>> {
    let found = edge.base.viewers(edge.ctx.org, id);
    let views = edge.read(move |tx, ctx| {
        orders::find(tx, ctx, id)?;
        let ids: Vec<UserId> = found.iter().map(|viewer| viewer.user).collect();
        let people = access::users::names(tx, ctx, &ids)?;
        let view = |person: access::Person| {
            let is_editing = found.iter().any(|viewer| viewer.user == person.id && viewer.is_editing);
            ViewerView { user_id: person.id, name: person.name, is_editing }
        };
        Ok::<_, Error>(people.into_iter().map(view).collect())
    });
    shown(List::whole(views.await?))
}

/// Nobody's, where people are named.
pub(crate) const NOBODY: &str = "none";
/// The caller's own.
const ME: &str = "me";

/// Somebody's id, the caller's, or nobody's.
pub(crate) fn whose(ctx: &Ctx, field: &'static str, text: &str) -> Result<Option<UserId>, Error> {
    let wrong = || Error::field(field, "format").with("expected", "usr_…, me, none");
    match text {
        NOBODY => Ok(None),
        "" => Err(Error::field(field, "required")),
        // A program is nobody.
        ME => ctx.user().map(Some).ok_or_else(wrong),
        id => id.parse().map(Some).map_err(|_| wrong()),
    }
}

/// `POST /api/v1/orders/{id}/assign`
pub(crate) async fn assign(edge: Edge, Path(id): Path<OrderId>, write: Write<AssignBody>) -> Answer<AssignedView> {
    let AssignBody { agent_id, was } = write.body;
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        let was = was.as_deref().map(|was| whose(ctx, "was", was)).transpose()?;
        let Given { order, event, undo_until } = orders::give(tx, ctx, id, Giving { to: whose(ctx, "agent_id", &agent_id)?, was })?;
        Ok(AssignedView { order: OrderView::of(ctx, order), event_id: event, undo_until })
    });
    Ok(answer.await?.into())
}

/// `GET /api/v1/orders/{id}/agents`
pub(crate) async fn takers(edge: Edge, Path(id): Path<OrderId>) -> Reply<List<NamedView>> {
    let people = edge.read(move |tx, ctx| orders::takers(tx, ctx, id)).await?;
    shown(List::whole(people.into_iter().map(|person| NamedView { id: person.id, name: person.name }).collect()))
}
