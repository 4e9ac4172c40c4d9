//! Free words on orders as somebody may see them: telephones and e-mail addresses inside are dots without the
//! rights. Whoever has the rights gets the words as they are.

use base::Ctx;
use customers::{shown_json, shown_words};
use kernel::Permission;

use crate::credit::CreditNote;
use crate::escalations::Escalation;
use crate::holds::Hold;
use crate::model::{Note, TrackingEntry};

fn sees_all(ctx: &Ctx) -> bool {
    ctx.can(Permission::PhoneSee) && ctx.can(Permission::ContactSee)
}

fn words(ctx: &Ctx, text: &mut Option<String>) {
    if let Some(text) = text {
        *text = shown_words(ctx, text);
    }
}

pub(crate) fn notes(ctx: &Ctx, mut notes: Vec<Note>) -> Vec<Note> {
    if !sees_all(ctx) {
        notes.iter_mut().for_each(|note| note.body = shown_json(ctx, &note.body));
    }
    notes
}

pub(crate) fn tracking(ctx: &Ctx, mut entries: Vec<TrackingEntry>) -> Vec<TrackingEntry> {
    if !sees_all(ctx) {
        for entry in &mut entries {
            entry.status = shown_words(ctx, &entry.status);
            words(ctx, &mut entry.place);
            words(ctx, &mut entry.text);
        }
    }
    entries
}

pub(crate) fn credit_notes(ctx: &Ctx, mut notes: Vec<CreditNote>) -> Vec<CreditNote> {
    if !sees_all(ctx) {
        notes.iter_mut().for_each(|note| words(ctx, &mut note.reason));
    }
    notes
}

pub(crate) fn holds(ctx: &Ctx, mut holds: Vec<Hold>) -> Vec<Hold> {
    if !sees_all(ctx) {
        for hold in &mut holds {
            words(ctx, &mut hold.note);
            words(ctx, &mut hold.release_note);
        }
    }
    holds
}

pub(crate) fn escalation(ctx: &Ctx, mut one: Escalation) -> Escalation {
    if !sees_all(ctx) {
        one.message = shown_words(ctx, &one.message);
        words(ctx, &mut one.answer);
        words(ctx, &mut one.resolution);
    }
    one
}
