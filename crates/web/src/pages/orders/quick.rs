//! A short look at one order beside the list, and the moves that people make from the list.

use axum::http::{HeaderMap, Method, Uri};
use axum::response::Response;
use base::{Ctx, Edge};
use db::Tx;
use kernel::{Error, EventId, LineState, NoteAudience, OrderAction, OrderId, Permission, Version};
use orders::{Move, OrderDetail, state};

use super::agent::{self, AgentCard};
use super::sheet;
use super::view::{QuickLine, QuickMove, QuickPhone, QuickView};
use crate::badges;
use crate::error::Outcome;
use crate::extract::{Form, Info, Path};
use crate::format::dotted;
use crate::pages::context::{Reader, is_part, own_path, see};
use crate::pages::phones::shown_phone;
use crate::pages::typed::Typed;
use crate::router::{Access, Route};
use crate::words::Words;

pub(super) fn routes() -> Vec<Route> {
    // Each move has a right of its own; the action asks for it.
    let needs = Access::Needs(Permission::OrderRead);
    vec![
        Route::page(Method::GET, "/app/orders/{id}/quick", needs, "page_quick_order", show),
        Route::page(Method::POST, "/app/orders/act", needs, "page_act_on_order", act),
        Route::page(Method::POST, "/app/orders/act/undo/{event}", needs, "page_undo_act", undo),
    ]
}

/// `GET /app/orders/{id}/quick`: as a part beside the list; the order's own page elsewhere.
async fn show(Path(id): Path<OrderId>, edge: Edge, info: Info, uri: Uri, headers: HeaderMap) -> Outcome<Response> {
    if !is_part(&headers) {
        edge.read(move |tx, ctx| orders::find(tx, ctx, id)).await?;
        return Ok(see(&format!("/app/orders/{id}")));
    }
    let back = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).find(|(name, _)| name == "back").map(|(_, back)| back.into_owned());
    let back = back.as_deref().and_then(own_path).unwrap_or("/app/orders").to_owned();
    let csrf = info.csrf_token();
    let (reader, title, view) = edge
        .read(move |tx, ctx| {
            let reader = Reader::load(tx, ctx)?;
            let detail = orders::detail(tx, ctx, id)?;
            let say = Words { locale: ctx.locale };
            let title = say.one("order-heading", "number", format!("\u{2066}#{}\u{2069}", detail.order.number));
            let view = quick(tx, ctx, &reader, detail, csrf.clone(), back.clone())?;
            Ok((reader, title, view))
        })
        .await?;
    sheet::answer(&headers, &edge, &info, &reader, title, &view)
}

fn quick(tx: &mut Tx, ctx: &Ctx, reader: &Reader, detail: OrderDetail, csrf: String, back: String) -> Result<QuickView, Error> {
    let say = Words { locale: ctx.locale };
    let order = &detail.order;
    let store = access::stores::find(tx, ctx, order.store_id)?;
    let format = reader.format(ctx).of_store(store.number_style, &store.zone);
    let agent = match order.agent_id {
        Some(id) => access::users::names(tx, ctx, &[id])?.into_iter().next().map(|person| person.name),
        None => None,
    };
    let takers = agent::takers(tx, ctx, order)?;
    let agent = AgentCard::of(ctx, say, &format, &detail, agent, &takers);
    let whole = ctx.can(Permission::PhoneSee);
    let phone = order.contact_phone.as_ref().map(|phone| QuickPhone {
        text: shown_phone(ctx, phone, order.country),
        e164: if whole { phone.e164().to_owned() } else { String::new() },
        digits: if whole { phone.e164().trim_start_matches('+').to_owned() } else { String::new() },
    });
    let lines = detail.lines.iter().filter(|line| line.state != LineState::Cancelled).map(|line| QuickLine {
        title: line.title.clone(),
        note: dotted([&line.variant, &line.sku]),
        quantity: format.number(line.quantity),
        total: format.amount(line.line_total, order.currency),
    });
    let next = orders::overlay::expected_next(&ctx.settings.rules, order.state, order.substatus.as_deref());
    let is_next = |action: OrderAction| state::transition(order.state, action).is_ok_and(|row| Some(row.to) == next);
    let moves = detail.actions.iter().map(|action| QuickMove {
        action: action.as_str(),
        face: badges::action(*action),
        is_first: is_next(*action),
        asks: state::needs_reason(*action),
    });
    let mut moves: Vec<QuickMove> = moves.collect();
    moves.sort_by_key(|one| !one.is_first);
    let last = detail.notes.iter().rev().find(|note| note.audience == NoteAudience::Internal);
    let note = last.and_then(|note| serde_json::from_str::<serde_json::Value>(&note.body).ok()?.get("text")?.as_str().map(str::to_owned));
    let tags: Vec<String> = serde_json::from_str(&order.tags).unwrap_or_default();
    Ok(QuickView {
        say,
        csrf,
        back,
        id: order.id.to_string(),
        number: order.number.clone(),
        version: order.version,
        badge: badges::order(order.state, order.confirmation, order.call_at.is_some(), order.shipping_state),
        priority: badges::priority(order.priority),
        came: say.with("order-came", &[("channel", say.t(badges::channel(order.channel).1)), ("at", format.moment(order.created_at))]),
        name: order.contact_name.clone(),
        phone,
        place: [order.line1.as_deref().map(|line| customers::shown_street(ctx, line)), order.city.clone(), order.province.clone()]
            .into_iter()
            .flatten()
            .filter(|line| !line.is_empty())
            .collect(),
        lines: lines.collect(),
        total: format.money(order.total, order.currency),
        collect: (order.to_collect != order.total).then(|| format.money(order.to_collect, order.currency)),
        payment: say.t(badges::payment_method(order.payment_method)),
        holds: detail.holds.iter().map(|hold| detail.hold_labels.get(&hold.kind).cloned().unwrap_or_else(|| hold.kind.clone())).collect(),
        tags,
        agent,
        note,
        moves,
    })
}

/// `POST /app/orders/act`: one move from the list. `do` names the order, the version that was seen and the action.
async fn act(edge: Edge, Form(form): Form<Typed>) -> Outcome<Response> {
    let mut parts = form.get("do").split('.');
    let id: Option<OrderId> = parts.next().and_then(|id| id.parse().ok());
    let version: Option<Version> = parts.next().and_then(|version| version.parse().ok());
    let action: Option<OrderAction> = parts.next().and_then(|action| action.parse().ok());
    let (Some(id), Some(version), Some(action)) = (id, version, action) else { return Err(Error::field("do", "required").into()) };
    let back = own_path(form.get("back")).unwrap_or("/app/orders?view=all").to_owned();
    if state::needs_reason(action) {
        // It asks something first.
        return Ok(see(&format!("/app/orders/{id}")));
    }
    let wanted = Move { version: Some(version), ..Move::new(action) };
    let moved = edge.write(move |tx, ctx| orders::act(tx, ctx, id, &wanted)).await;
    match moved {
        Ok(moved) => Ok(see(&with(&back, &format!("done={action}&event={}", moved.event)))),
        // What stands in the way is told where it can be put right.
        Err(Error::Invalid(_) | Error::Conflict { .. } | Error::Stale { .. }) => Ok(see(&format!("/app/orders/{id}?refused={action}"))),
        Err(other) => Err(other.into()),
    }
}

/// `POST /app/orders/act/undo/{event}`
async fn undo(Path(event): Path<EventId>, edge: Edge, uri: Uri, Form(_): Form<Typed>) -> Outcome<Response> {
    let back = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).find(|(name, _)| name == "back").map(|(_, back)| back.into_owned());
    edge.write(move |tx, ctx| orders::undo_step(tx, ctx, event, payments::owed)).await?;
    Ok(see(&with(back.as_deref().and_then(own_path).unwrap_or("/app/orders?view=all"), "done=undone")))
}

/// An address that says something more.
fn with(path: &str, said: &str) -> String {
    let joint = if path.contains('?') { '&' } else { '?' };
    format!("{path}{joint}{said}")
}
