//! What the team wrote about a customer: internal, never for her eyes, and erasable one by one.

use base::{Ctx, events};
use db::Tx;
use kernel::{Actor, Check, CustomerId, Error, Event, FieldError, NoteId, Permission, Time};

use crate::reach::shown_words;
use crate::service::to_change;
use crate::store::{self, notes as rows};

/// Letters of a note.
const TEXT: usize = 10_000;

db::row! {
    /// A note about a customer.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Note {
        /// Which.
        pub id: NoteId,
        /// What it says; telephones and addresses in it are dots for those without the rights.
        pub text: String,
        /// Who wrote it: the kind of actor.
        pub author_kind: String,
        /// Who wrote it: the number.
        pub author_id: Option<i64>,
        /// When.
        pub created_at: Time,
    }
}

impl Note {
    /// Who wrote it.
    pub fn author(&self) -> Actor {
        Actor::from_columns(&self.author_kind, self.author_id)
    }
}

/// Writes a note. What it says stands in its row, not in the event, so that it can be erased.
pub fn add(tx: &mut Tx, ctx: &Ctx, id: CustomerId, text: &str) -> Result<NoteId, Error> {
    ctx.require(Permission::CustomerEdit)?;

    let customer = to_change(tx, ctx, id)?;
    let text = text.trim();
    let mut check = Check::new();
    check.require(!text.is_empty(), "content", "required");
    if text.chars().count() > TEXT {
        check.push(FieldError::new("content", "too_long").with("max", TEXT));
    }
    check.require(!text.contains('\0'), "content", "text.control");
    check.done()?;

    let note: NoteId = tx.new_id();
    rows::insert(tx, ctx, note, customer.id, text)?;

    events::record(tx, ctx, Event::CustomerNoteAdded { customer: customer.id, note })?;
    Ok(note)
}

/// Erases a note; that there was one stays in the history.
pub fn erase(tx: &mut Tx, ctx: &Ctx, id: CustomerId, note: NoteId) -> Result<(), Error> {
    ctx.require(Permission::CustomerEdit)?;

    let customer = to_change(tx, ctx, id)?;
    if !rows::delete(tx, customer.id, note)? {
        return Err(Error::not_found("note"));
    }

    events::record(tx, ctx, Event::CustomerNoteErased { customer: customer.id, note })?;
    Ok(())
}

/// A customer's notes, newest first, older than a place.
pub fn list(tx: &mut Tx, ctx: &Ctx, id: CustomerId, before: Option<(Time, i64)>, limit: u32) -> Result<Vec<Note>, Error> {
    ctx.require(Permission::CustomerRead)?;
    let customer = store::find(tx, ctx, id)?.ok_or(Error::not_found("customer"))?;
    Ok(shown(ctx, rows::before(tx, customer.id, before, limit)?))
}

/// The newest ones, for whoever has looked the customer up.
pub(crate) fn newest(tx: &mut Tx, ctx: &Ctx, id: CustomerId) -> Result<Vec<Note>, Error> {
    Ok(shown(ctx, rows::before(tx, id, None, 50)?))
}

fn shown(ctx: &Ctx, notes: Vec<Note>) -> Vec<Note> {
    notes.into_iter().map(|note| Note { text: shown_words(ctx, &note.text), ..note }).collect()
}
