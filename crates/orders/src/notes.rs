//! What people and machines write about an order: notes, tracking entries, decisions.

use base::{Ctx, events};
use db::Tx;
use kernel::{Check, Details, Error, Event, NoteAudience, NoteId, OrderId, Permission, TrackingEntryId};
use serde_json::{Map, Value};

use crate::limits;
use crate::masked;
use crate::mentions;
use crate::model::{Decision, NewNote, NewTrackingEntry, Note, TrackingEntry};
use crate::store::{self, notes};

/// Writes a note. What it says stands in its row, not in the event, so that it can be erased.
pub fn add_note(tx: &mut Tx, ctx: &Ctx, id: OrderId, new: &NewNote) -> Result<NoteId, Error> {
    ctx.require(Permission::OrderNote)?;

    let order = store::find(tx, ctx, id)?.ok_or(Error::not_found("order"))?;
    let mut check = Check::new();
    check.require(!new.text.trim().is_empty(), "text", "required");
    limits::text(&mut check, "text", Some(&new.text), limits::NOTE);
    limits::text(&mut check, "kind", new.kind.as_deref(), 40);
    limits::object(&mut check, "data", &new.data);
    let named = mentions::decide(tx, ctx, &mut check, &order, new)?;
    check.done()?;

    let note: NoteId = tx.new_id();
    notes::insert(tx, id, note, new.audience, ctx.actor, &body(new), ctx.now)?;
    mentions::insert(tx, ctx, id, note, &named)?;
    notes::count_one_more(tx, id, ctx.now)?;

    events::record(tx, ctx, Event::NoteAdded { order: id, note, audience: new.audience, mentions: named })?;
    Ok(note)
}

/// Most notes that stand on top of one order.
pub const MOST_PINS: i64 = 3;

/// Puts a note on top of its order; one that stands there already stays. Needs `order.note`.
///
/// `Conflict` `note.pins` when so many stand there that one must go first.
pub fn pin_note(tx: &mut Tx, ctx: &Ctx, id: OrderId, note: NoteId) -> Result<Note, Error> {
    set_pin(tx, ctx, id, note, true)
}

/// Takes a note from the top of its order; one that does not stand there stays where it is. Needs `order.note`.
pub fn unpin_note(tx: &mut Tx, ctx: &Ctx, id: OrderId, note: NoteId) -> Result<Note, Error> {
    set_pin(tx, ctx, id, note, false)
}

fn set_pin(tx: &mut Tx, ctx: &Ctx, id: OrderId, note: NoteId, is_pinned: bool) -> Result<Note, Error> {
    ctx.require(Permission::OrderNote)?;

    // The order is kept from others meanwhile, so that two who pin at once do not go past the limit together.
    store::find_to_change(tx, ctx, id)?.ok_or(Error::not_found("order"))?;
    let found = notes::find(tx, id, note)?.ok_or(Error::not_found("note"))?;
    let pinned_at = is_pinned.then_some(ctx.now);
    if found.pinned_at.is_some() != is_pinned {
        if is_pinned && notes::count_pinned(tx, id)? >= MOST_PINS {
            return Err(Error::conflict("note.pins").with("max", MOST_PINS));
        }
        notes::set_pinned(tx, id, note, pinned_at)?;
        let event = if is_pinned { Event::NotePinned { order: id, note } } else { Event::NoteUnpinned { order: id, note } };
        events::record(tx, ctx, event)?;
    }
    let now = Note { pinned_at: found.pinned_at.filter(|_| is_pinned).or(pinned_at), ..found };
    masked::notes(ctx, vec![now]).pop().ok_or(Error::not_found("note"))
}

fn body(new: &NewNote) -> String {
    let mut body = Map::new();
    body.insert("text".to_owned(), Value::from(new.text.trim()));
    // Apart, so that the writer's names never meet ours.
    if !new.data.is_empty() {
        body.insert("data".to_owned(), Value::Object(new.data.clone()));
    }
    if let Some(kind) = &new.kind {
        body.insert("kind".to_owned(), Value::from(kind.as_str()));
    }
    Value::Object(body).to_string()
}

/// The notes of an order, oldest first. `audience` narrows to those that the customer may read.
pub fn list_notes(tx: &mut Tx, ctx: &Ctx, id: OrderId, audience: Option<NoteAudience>) -> Result<Vec<Note>, Error> {
    ctx.require(Permission::OrderRead)?;
    store::find(tx, ctx, id)?.ok_or(Error::not_found("order"))?;
    Ok(masked::notes(ctx, notes::list(tx, id, audience)?))
}

/// Writes a tracking entry. It says where the parcel is; the order moves by its own actions.
pub fn add_tracking(tx: &mut Tx, ctx: &Ctx, id: OrderId, new: &NewTrackingEntry) -> Result<TrackingEntryId, Error> {
    ctx.require(Permission::OrderNote)?;

    store::find(tx, ctx, id)?.ok_or(Error::not_found("order"))?;
    let mut check = Check::new();
    check.require(!new.status.trim().is_empty(), "status", "required");
    limits::text(&mut check, "status", Some(&new.status), 80);
    limits::text(&mut check, "place", new.place.as_deref(), 200);
    limits::text(&mut check, "text", new.text.as_deref(), 2_000);
    limits::text(&mut check, "source", new.source.as_deref(), 40);
    if let Some(at) = new.at {
        limits::placed_at(&mut check, "at", at, ctx.now);
    }
    check.done()?;

    let entry: TrackingEntryId = tx.new_id();
    notes::insert_tracking(tx, id, entry, new, ctx.actor, ctx.now)?;

    events::record_with(tx, ctx, Event::TrackingAdded { order: id, entry }, Details::text(new.status.trim()))?;
    Ok(entry)
}

/// The tracking entries of an order by their own time, oldest first.
pub fn list_tracking(tx: &mut Tx, ctx: &Ctx, id: OrderId) -> Result<Vec<TrackingEntry>, Error> {
    ctx.require(Permission::OrderRead)?;
    store::find(tx, ctx, id)?.ok_or(Error::not_found("order"))?;
    Ok(masked::tracking(ctx, notes::list_tracking(tx, id)?))
}

/// Keeps what a rule or a model decided about an order, and why, in its history.
pub fn record_decision(tx: &mut Tx, ctx: &Ctx, id: OrderId, decision: &Decision) -> Result<(), Error> {
    ctx.require(Permission::OrderDecide)?;

    store::find(tx, ctx, id)?.ok_or(Error::not_found("order"))?;
    let mut check = Check::new();
    check.require(!decision.source.trim().is_empty(), "source", "required");
    limits::text(&mut check, "source", Some(&decision.source), 80);
    limits::text(&mut check, "reasoning", Some(&decision.reasoning), limits::NOTE);
    check.require((0..=1_000_000).contains(&decision.confidence_ppm), "confidence", "percent");
    check.done()?;

    let event = Event::DecisionRecorded {
        order: id,
        should_progress: decision.should_progress,
        next_state: decision.next_state,
        confidence_ppm: decision.confidence_ppm,
        is_applied: decision.is_applied,
    };
    let mut details = Details::text(decision.reasoning.clone());
    details.change("source", &None, &Some(decision.source.trim()));
    events::record_with(tx, ctx, event, details)?;
    Ok(())
}
