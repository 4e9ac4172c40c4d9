//! What people do to one order from its page: moves, the way back, notes.

use axum::http::Method;
use axum::response::Response;
use base::Edge;
use kernel::{EventId, NoteAudience, OrderAction, OrderId, Permission};
use orders::{Move, MoveInside, NewNote};
use serde_json::Map;

use super::detail::refused;
use crate::error::{Outcome, Problem};
use crate::extract::{Form, Info, Path, Two};
use crate::pages::context::see;
use crate::pages::typed::Typed;
use crate::router::{Access, Route};

pub(super) fn routes() -> Vec<Route> {
    vec![
        // Each move has a right of its own; the action asks for it.
        Route::page(Method::POST, "/app/orders/{id}/moves", Access::Needs(Permission::OrderRead), "page_move_order", act),
        Route::page(Method::POST, "/app/orders/{id}/substatus", Access::Needs(Permission::OrderEdit), "page_move_inside", move_inside),
        Route::page(Method::POST, "/app/orders/{id}/undo/{event}", Access::Needs(Permission::OrderRead), "page_undo_move", undo),
        Route::page(Method::POST, "/app/orders/{id}/notes", Access::Needs(Permission::OrderNote), "page_add_note", add_note),
    ]
}

/// Why a move is made, as its form offers it: codes with the messages that name them. What an organization says in words goes into
/// the note.
#[rustfmt::skip]
pub(super) fn reasons(action: OrderAction) -> &'static [(&'static str, &'static str)] {
    match action {
        OrderAction::Cancel => &[
            ("customer_refused", "reason-customer-refused"), ("unreachable", "reason-unreachable"), ("wrong_number", "reason-wrong-number"),
            ("duplicate", "reason-duplicate"), ("out_of_stock", "reason-out-of-stock"), ("price", "reason-price"), ("other", "reason-other"),
        ],
        OrderAction::FailDelivery => &[
            ("unreachable", "reason-unreachable"), ("not_home", "reason-not-home"), ("postponed", "reason-postponed"),
            ("wrong_address", "reason-wrong-address"), ("other", "reason-other"),
        ],
        OrderAction::ReturnToSender => &[
            ("customer_refused", "reason-customer-refused"), ("unreachable", "reason-unreachable"), ("wrong_address", "reason-wrong-address"),
            ("damaged", "reason-damaged"), ("other", "reason-other"),
        ],
        OrderAction::RequestReturn => &[
            ("wrong_item", "reason-wrong-item"), ("damaged", "reason-damaged"), ("size", "reason-size"),
            ("changed_mind", "reason-changed-mind"), ("other", "reason-other"),
        ],
        OrderAction::RejectReturn => &[("too_late", "reason-too-late"), ("used", "reason-used"), ("other", "reason-other")],
        OrderAction::Refund => &[("returned", "reason-returned"), ("goodwill", "reason-goodwill"), ("other", "reason-other")],
        OrderAction::Correct => &[("mistake", "reason-mistake"), ("courier_report", "reason-courier-report"), ("other", "reason-other")],
        _ => &[],
    }
}

/// The message that names a reason, where it is one of ours.
pub(super) fn reason_key(code: &str) -> Option<&'static str> {
    let all = OrderAction::ALL.iter().flat_map(|action| reasons(*action));
    all.into_iter().find(|(known, _)| *known == code).map(|(_, key)| *key)
}

/// The form of a move: one for each action, so that what was typed comes back where it was typed.
fn form_of(action: OrderAction) -> &'static str {
    action.as_str()
}

/// `POST /app/orders/{id}/moves`
async fn act(Path(id): Path<OrderId>, edge: Edge, info: Info, Form(typed): Form<Typed>) -> Outcome<Response> {
    let Some(action) = typed.read::<OrderAction>("action") else {
        // Whether the order is there comes first.
        edge.read(move |tx, ctx| orders::find(tx, ctx, id)).await?;
        return Err(kernel::Error::field("action", "required").into());
    };
    let wanted = Move { reason: typed.filled("reason"), note: typed.filled("note"), version: typed.read("version"), ..Move::new(action) };
    match edge.write(move |tx, ctx| orders::act(tx, ctx, id, &wanted)).await {
        Ok(moved) => Ok(see(&format!("/app/orders/{id}?done={action}&event={}", moved.event))),
        Err(error) => refused(&edge, &info, id, form_of(action), typed, &["reason", "note"], error.into()).await,
    }
}

/// `POST /app/orders/{id}/substatus`
async fn move_inside(Path(id): Path<OrderId>, edge: Edge, info: Info, Form(typed): Form<Typed>) -> Outcome<Response> {
    let wanted = MoveInside {
        reason: typed.filled("reason"),
        note: typed.filled("note"),
        version: typed.read("version"),
        ..MoveInside::to(typed.get("substatus"))
    };
    match edge.write(move |tx, ctx| orders::move_inside(tx, ctx, id, &wanted)).await {
        Ok(moved) => Ok(see(&format!("/app/orders/{id}?done=inside&event={}", moved.event))),
        Err(error) => refused(&edge, &info, id, "substatus", typed, &["substatus", "reason", "note"], error.into()).await,
    }
}

/// `POST /app/orders/{id}/undo/{event}`
async fn undo(Path(Two(id, event)): Path<Two<OrderId, EventId>>, edge: Edge, info: Info) -> Outcome<Response> {
    match edge.write(move |tx, ctx| orders::undo_step(tx, ctx, event, payments::owed)).await {
        Ok(order) => Ok(see(&format!("/app/orders/{}?done=undone", order.id))),
        Err(error) => refused(&edge, &info, id, "undo", Typed::default(), &[], Problem::from(error)).await,
    }
}

/// `POST /app/orders/{id}/notes`
async fn add_note(Path(id): Path<OrderId>, edge: Edge, info: Info, Form(typed): Form<Typed>) -> Outcome<Response> {
    let audience = if typed.has("is_visible") { NoteAudience::Customer } else { NoteAudience::Internal };
    // What was picked from the suggestions; what was only typed is found in the text.
    let mentions = if audience == NoteAudience::Internal { typed.all("mention").filter_map(|id| id.parse().ok()).collect() } else { Vec::new() };
    let note = NewNote { audience, text: typed.get("text").to_owned(), kind: None, data: Map::new(), mentions };
    let key = typed.once(&format!("/app/orders/{id}/notes"))?;
    match edge.write_once(key.as_ref(), move |tx, ctx| orders::add_note(tx, ctx, id, &note).map(drop)).await {
        Ok(_) => Ok(see(&format!("/app/orders/{id}?done=note#activity"))),
        Err(error) => refused(&edge, &info, id, "note", typed, &["text", "mentions"], error.into()).await,
    }
}
