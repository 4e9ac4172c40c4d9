//! What else people do to one order from its page: holds, escalations, tags, facts, tracking, payments, archive, ordering again.

use axum::http::Method;
use axum::response::Response;
use base::Edge;
use kernel::{Day, Error, EscalationId, HoldId, OrderId, PaymentMethod, Permission, Subject, TransactionKind, TransactionState, Version};
use orders::escalations::{self, EscalationAction, NewEscalation};
use orders::holds::{self, NewHold};
use orders::{NewTrackingEntry, OrderChange};

use super::detail::refused;
use super::own_fields;
use crate::error::Outcome;
use crate::extract::{Form, Info, Path, Two};
use crate::pages::amounts::amount;
use crate::pages::context::see;
use crate::pages::typed::Typed;
use crate::router::{Access, Route};

pub(super) fn routes() -> Vec<Route> {
    use Access::Needs;
    vec![
        Route::page(Method::POST, "/app/orders/{id}/holds", Needs(Permission::OrderHold), "page_set_hold", set_hold),
        Route::page(Method::POST, "/app/orders/{id}/holds/{hold_id}/release", Needs(Permission::OrderHold), "page_release_hold", release_hold),
        Route::page(Method::POST, "/app/orders/{id}/escalations", Needs(Permission::OrderEscalate), "page_escalate", escalate),
        // Whoever it came from may settle it, whoever it came to may answer: the action asks.
        Route::page(Method::POST, "/app/orders/{id}/escalations/steps", Needs(Permission::OrderRead), "page_step_escalation", step_escalation),
        Route::page(Method::POST, "/app/orders/{id}/tags", Needs(Permission::OrderEdit), "page_tag_order", tag),
        Route::page(Method::POST, "/app/orders/{id}/facts", Needs(Permission::OrderEdit), "page_change_facts", change_facts),
        Route::page(Method::POST, "/app/orders/{id}/tracking", Needs(Permission::OrderNote), "page_add_tracking", add_tracking),
        Route::page(Method::POST, "/app/orders/{id}/payments", Needs(Permission::PaymentRecord), "page_record_payment", record_payment),
        Route::page(Method::POST, "/app/orders/{id}/archive", Needs(Permission::OrderArchive), "page_archive_order", archive),
        Route::page(Method::POST, "/app/orders/{id}/unarchive", Needs(Permission::OrderArchive), "page_unarchive_order", unarchive),
        Route::page(Method::POST, "/app/orders/{id}/reorder", Needs(Permission::OrderPlace), "page_reorder", reorder),
        Route::page(Method::POST, "/app/orders/{id}/delete", Needs(Permission::OrderArchive), "page_delete_order", delete),
    ]
}

fn done(id: OrderId, word: &str, part: &str) -> Response {
    see(&format!("/app/orders/{id}?done={word}{part}"))
}

/// `POST /app/orders/{id}/holds`
async fn set_hold(Path(id): Path<OrderId>, edge: Edge, info: Info, Form(typed): Form<Typed>) -> Outcome<Response> {
    let day = typed.filled("release_at");
    let (kind, note) = (typed.get("kind").to_owned(), typed.filled("note"));
    let held = edge.write(move |tx, ctx| {
        let order = orders::find(tx, ctx, id)?;
        let store = access::stores::find(tx, ctx, order.store_id)?;
        // A day means its beginning where the store is.
        let release_at = match &day {
            Some(text) => {
                Some(Day::parse(text).ok_or_else(|| Error::field("release_at", "format").with("expected", "2026-11-30"))?.start_in(&store.zone))
            }
            None => None,
        };
        holds::set(tx, ctx, id, &NewHold { kind: kind.clone(), note: note.clone(), owner: None, release_at })
    });
    match held.await {
        Ok(held) => Ok(done(id, "held", &format!("&event={}#holds", held.event))),
        Err(error) => refused(&edge, &info, id, "hold", typed, &["kind", "note", "release_at"], error.into()).await,
    }
}

/// `POST /app/orders/{id}/holds/{hold_id}/release`
async fn release_hold(Path(Two(id, hold)): Path<Two<OrderId, HoldId>>, edge: Edge, info: Info, Form(typed): Form<Typed>) -> Outcome<Response> {
    let note = typed.filled("note");
    match edge.write(move |tx, ctx| holds::release(tx, ctx, id, hold, note.as_deref())).await {
        Ok(held) => Ok(done(id, "released", &format!("&event={}#holds", held.event))),
        Err(error) => refused(&edge, &info, id, "release", typed, &[], error.into()).await,
    }
}

/// `POST /app/orders/{id}/escalations`
async fn escalate(Path(id): Path<OrderId>, edge: Edge, info: Info, Form(typed): Form<Typed>) -> Outcome<Response> {
    let new = NewEscalation { reason: typed.get("reason").to_owned(), message: typed.get("message").to_owned(), level: typed.read("level") };
    match edge.write(move |tx, ctx| escalations::escalate(tx, ctx, id, &new)).await {
        Ok(_) => Ok(done(id, "escalated", "#escalation")),
        Err(error) => refused(&edge, &info, id, "escalate", typed, &["reason", "message", "level"], error.into()).await,
    }
}

/// `POST /app/orders/{id}/escalations/steps`
async fn step_escalation(Path(id): Path<OrderId>, edge: Edge, info: Info, Form(typed): Form<Typed>) -> Outcome<Response> {
    let step = typed.read::<EscalationAction>("step").unwrap_or(EscalationAction::Acknowledge);
    let escalation: Option<EscalationId> = typed.read("escalation");
    let (message, version, level): (_, Option<Version>, _) = (typed.filled("message"), typed.read("version"), typed.read::<i64>("level"));
    let taken = edge.write(move |tx, ctx| {
        orders::find(tx, ctx, id)?;
        let escalation = escalation.ok_or(Error::not_found("escalation"))?;
        let said = || message.as_deref().unwrap_or_default();
        match step {
            EscalationAction::Acknowledge => escalations::acknowledge(tx, ctx, escalation, version),
            EscalationAction::Answer => escalations::answer(tx, ctx, escalation, said(), version),
            EscalationAction::PassUp => escalations::pass_up(tx, ctx, escalation, said(), level, version),
            EscalationAction::Resolve => escalations::resolve(tx, ctx, escalation, message.as_deref(), version),
        }
    });
    match taken.await {
        Ok(_) => Ok(done(id, step.as_str(), "#escalation")),
        Err(error) => refused(&edge, &info, id, step.as_str(), typed, &["message"], error.into()).await,
    }
}

/// `POST /app/orders/{id}/tags`
async fn tag(Path(id): Path<OrderId>, edge: Edge, info: Info, Form(typed): Form<Typed>) -> Outcome<Response> {
    let removed = typed.filled("remove");
    let added: Vec<String> = typed.get("add").split(',').map(|tag| tag.trim().to_owned()).filter(|tag| !tag.is_empty()).collect();
    let is_removal = removed.is_some();
    let changed = edge.write(move |tx, ctx| match &removed {
        Some(tag) => orders::remove_tag(tx, ctx, id, tag),
        None if added.is_empty() => {
            orders::find(tx, ctx, id)?;
            Err(Error::field("add", "required"))
        }
        None => orders::add_tags(tx, ctx, id, &added),
    });
    match changed.await {
        Ok(_) => Ok(done(id, if is_removal { "untagged" } else { "tagged" }, "#facts")),
        Err(error) => refused(&edge, &info, id, "tag", typed, &["add"], error.into()).await,
    }
}

/// `POST /app/orders/{id}/facts`
async fn change_facts(Path(id): Path<OrderId>, edge: Edge, info: Info, Form(typed): Form<Typed>) -> Outcome<Response> {
    let own = typed.clone();
    let changed = edge.write(move |tx, ctx| {
        let order = orders::find(tx, ctx, id)?;
        let fields = ctx.settings.field_set.of(Subject::Order);
        let shown = customers::shown_fields(ctx, order.custom());
        let custom = own_fields::read(&own, fields, order.custom(), &shown, order.currency)?;
        let expected_on = match own.has("expected_on").then(|| own.filled("expected_on")) {
            None => None,
            Some(None) => Some(None),
            Some(Some(text)) => Some(Some(Day::parse(&text).ok_or_else(|| Error::field("expected_on", "format").with("expected", "2026-11-30"))?)),
        };
        let change = OrderChange {
            priority: own.read("priority"),
            expected_on,
            channel: own.read("channel"),
            custom: (custom != order.custom()).then_some(custom),
            version: own.read("version"),
            ..OrderChange::default()
        };
        orders::change(tx, ctx, id, &change)
    });
    match changed.await {
        Ok(_) => Ok(done(id, "facts", "#facts")),
        Err(error) => refused(&edge, &info, id, "facts", typed, &["priority", "expected_on", "channel"], error.into()).await,
    }
}

/// `POST /app/orders/{id}/tracking`
async fn add_tracking(Path(id): Path<OrderId>, edge: Edge, info: Info, Form(typed): Form<Typed>) -> Outcome<Response> {
    let new =
        NewTrackingEntry { at: None, status: typed.get("status").to_owned(), place: typed.filled("place"), text: typed.filled("text"), source: None };
    let key = typed.once(&format!("/app/orders/{id}/tracking"))?;
    match edge.write_once(key.as_ref(), move |tx, ctx| orders::add_tracking(tx, ctx, id, &new).map(drop)).await {
        Ok(_) => Ok(done(id, "tracked", "#shipment")),
        Err(error) => refused(&edge, &info, id, "tracking", typed, &["status", "place", "text"], error.into()).await,
    }
}

/// `POST /app/orders/{id}/payments`
async fn record_payment(Path(id): Path<OrderId>, edge: Edge, info: Info, Form(typed): Form<Typed>) -> Outcome<Response> {
    let own = typed.clone();
    let key = typed.once(&format!("/app/orders/{id}/payments"))?;
    let recorded = edge.write_once(key.as_ref(), move |tx, ctx| {
        let order = orders::find(tx, ctx, id)?;
        let sum = amount(own.get("amount"), order.currency).ok_or_else(|| Error::field("amount", "amount.text"))?;
        let new = payments::NewTransaction {
            kind: own.read("kind").unwrap_or(TransactionKind::Payment),
            state: TransactionState::Settled,
            method: own.read("method").unwrap_or(PaymentMethod::Cod),
            amount: sum,
            currency: order.currency,
            reference: own.filled("reference"),
            at: ctx.now,
        };
        payments::record(tx, ctx, id, &new).map(drop)
    });
    match recorded.await {
        Ok(_) => Ok(done(id, "paid", "#payment")),
        Err(error) => refused(&edge, &info, id, "payment", typed, &["amount", "kind", "method", "reference"], error.into()).await,
    }
}

/// `POST /app/orders/{id}/archive`
async fn archive(Path(id): Path<OrderId>, edge: Edge, info: Info) -> Outcome<Response> {
    match edge.write(move |tx, ctx| orders::archive(tx, ctx, id)).await {
        Ok(_) => Ok(done(id, "archived", "")),
        Err(error) => refused(&edge, &info, id, "archive", Typed::default(), &[], error.into()).await,
    }
}

/// `POST /app/orders/{id}/unarchive`
async fn unarchive(Path(id): Path<OrderId>, edge: Edge, info: Info) -> Outcome<Response> {
    match edge.write(move |tx, ctx| orders::unarchive(tx, ctx, id)).await {
        Ok(_) => Ok(done(id, "unarchived", "")),
        Err(error) => refused(&edge, &info, id, "archive", Typed::default(), &[], error.into()).await,
    }
}

/// `POST /app/orders/{id}/reorder`: a draft with the same things at today's prices, to look at.
async fn reorder(Path(id): Path<OrderId>, edge: Edge, info: Info) -> Outcome<Response> {
    let drafted = edge.write(move |tx, ctx| {
        let again = orders::reorder(tx, ctx, id)?;
        Ok((again.draft.row.id, again.changes.len()))
    });
    match drafted.await {
        Ok((draft, changes)) => Ok(see(&format!("/app/drafts/{draft}?done=again&changes={changes}"))),
        Err(error) => refused(&edge, &info, id, "reorder", Typed::default(), &[], error.into()).await,
    }
}

/// `POST /app/orders/{id}/delete`: only an order that was placed to try things out.
async fn delete(Path(id): Path<OrderId>, edge: Edge, info: Info) -> Outcome<Response> {
    let deleted = edge.write(move |tx, ctx| {
        orders::delete_test_order(tx, ctx, id, |tx, id| {
            payments::forget(tx, id)?;
            notifications::forget(tx, id)
        })
    });
    match deleted.await {
        Ok(()) => Ok(see("/app/orders")),
        Err(error) => refused(&edge, &info, id, "delete", Typed::default(), &[], error.into()).await,
    }
}
