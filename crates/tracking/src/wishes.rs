//! What a customer asks for about her order: a note for the team, which decides.

use base::Ctx;
use db::Tx;
use kernel::{Actor, Check, Error, NoteAudience, OrderId, Time};
use orders::{NewNote, Note};
use serde_json::{Map, Value};

use crate::require_on;
use crate::rules::{Standing, Wish};

/// Wishes that one order takes in a day.
const A_DAY: usize = 5;
/// Letters of a wish.
const LETTERS: usize = 500;
/// The kind of note that a wish is.
const KIND: &str = "customer_request";

/// Writes down what the bearer of an order's link asks for. The order itself stays as it is.
///
/// `Conflict` `tracking.wish` when the order is past it, `tracking.wishes` after five in a day; `Invalid` names a text that is
/// missing or too long. The same wish in the same words, within a day, is written down once.
pub fn ask(tx: &mut Tx, ctx: &Ctx, id: OrderId, wish: Wish, text: &str) -> Result<(), Error> {
    require_on(ctx)?;

    let order = orders::find_to_change(tx, ctx, id, None)?;
    let mut check = Check::new();
    check.require(!text.trim().is_empty(), "text", "required");
    if text.chars().count() > LETTERS {
        check.push(kernel::FieldError::new("text", "too_long").with("max", LETTERS));
    }
    check.require(!text.contains('\0'), "text", "text.control");
    check.done()?;
    let standing = Standing::of(order.state, order.confirmation, order.shipping_state);
    if !standing.wishes().contains(&wish) {
        return Err(Error::conflict("tracking.wish"));
    }
    let since = ctx.now.plus_us(-Time::DAY);
    let mut notes = orders::list_notes(tx, ctx, id, Some(NoteAudience::Internal))?;
    notes.retain(|note| note.created_at > since && note.kind().as_deref() == Some(KIND));
    // The same wish in the same words is the same form, sent twice.
    if notes.iter().any(|note| wish_of(note).as_deref() == Some(wish.as_str()) && note.text() == text.trim()) {
        return Ok(());
    }
    if notes.len() >= A_DAY {
        return Err(Error::conflict("tracking.wishes"));
    }

    let data = Map::from_iter([("request".to_owned(), Value::from(wish.as_str()))]);
    let note = NewNote { audience: NoteAudience::Internal, text: text.trim().to_owned(), kind: Some(KIND.to_owned()), data, mentions: Vec::new() };
    let hers = Ctx { actor: order.customer_id.map_or(Actor::System, Actor::Customer), ..ctx.clone() };
    orders::add_note(tx, &hers, id, &note).map(drop)
}

/// What a note of a customer asks for.
fn wish_of(note: &Note) -> Option<String> {
    let body: Value = serde_json::from_str(&note.body).unwrap_or_default();
    body["data"]["request"].as_str().map(str::to_owned)
}
