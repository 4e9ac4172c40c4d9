//! What happened to an order as its page tells it: who, what, when, and each field before and after.

use std::collections::BTreeMap;

use base::Ctx;
use base::events::EventView;
use kernel::{
    Actor, Amount, Currency, Day, Event, FieldChange, MessageState, NoteAudience, NoteId, OrderState, Permission, Priority, TrackingEntryId, UserId,
};
use notifications::Message;
use orders::{Note, OrderDetail};
use serde_json::Value;

use super::detail::Part;
use super::page_view::{ActivityTab, Change, Entry, NoteTool};
use super::people::{Piece, named, pieces};
use crate::badges::{self, Badge};
use crate::format::{Format, dotted};
use crate::words::{Words, strong};

/// What telling it needs.
pub(super) struct Story<'a> {
    pub(super) say: Words,
    pub(super) format: &'a Format,
    pub(super) detail: &'a OrderDetail,
    pub(super) people: &'a BTreeMap<UserId, String>,
    /// The words of reasons, by code.
    pub(super) reasons: &'a BTreeMap<String, String>,
    pub(super) messages: &'a [Message],
}

/// The beginning of a long text.
fn begun(text: &str) -> String {
    const SIGNS: usize = 120;
    if text.chars().count() > SIGNS { format!("{}…", text.chars().take(SIGNS).collect::<String>().trim_end()) } else { text.to_owned() }
}

/// The user behind an actor.
pub(super) fn user_of(actor: Actor) -> Option<UserId> {
    match actor {
        Actor::User(id) => Some(id),
        _ => None,
    }
}

/// The parts of the history that can be shown alone.
pub(super) fn tabs(here: &str, part: Part) -> Vec<ActivityTab> {
    let tab = |key, one: Part, query: &str| ActivityTab { key, href: format!("{here}{query}"), is_here: part == one };
    vec![
        tab("order-activity-all", Part::All, ""),
        tab("order-activity-notes", Part::Notes, "?show=notes"),
        tab("order-activity-status", Part::Status, "?show=status"),
        tab("order-activity-messages", Part::Messages, "?show=messages"),
        tab("order-activity-audit", Part::Audit, "?show=audit"),
    ]
}

fn belongs(part: Part, view: &EventView, event: &Event) -> bool {
    match part {
        Part::All => true,
        Part::Notes => matches!(event, Event::NoteAdded { .. } | Event::NotePinned { .. } | Event::NoteUnpinned { .. }),
        Part::Status => matches!(
            event,
            Event::OrderPlaced { .. }
                | Event::OrderMoved { .. }
                | Event::MoveUndone { .. }
                | Event::SubstatusMoved { .. }
                | Event::TrackingAdded { .. }
                | Event::HoldSet { .. }
                | Event::HoldReleased { .. }
        ),
        Part::Messages => matches!(event, Event::OrderNotified { .. } | Event::MessageAsked { .. } | Event::MessageCalledOff { .. }),
        Part::Audit => !view.details.changes.is_empty(),
    }
}

impl Story<'_> {
    /// The name of whoever did it.
    pub(super) fn name_of(&self, actor: Actor) -> String {
        match actor {
            Actor::User(id) => self.people.get(&id).cloned().unwrap_or_else(|| self.say.t("history-somebody")),
            Actor::ApiKey(_) => self.say.t("channel-api"),
            Actor::Customer(_) => self.detail.order.contact_name.clone(),
            Actor::System => self.say.t("history-system"),
        }
    }

    /// The lines, newest first.
    pub(super) fn entries(&self, ctx: &Ctx, part: Part) -> Vec<Entry> {
        let newest_first = self.detail.history.iter().rev();
        let belonging = newest_first.filter_map(|view| Some((view, view.event().ok().filter(|event| belongs(part, view, event))?)));
        let mut told: Vec<_> = belonging.map(|(view, event)| (view.at, self.entry(ctx, view, &event, part))).collect();
        if matches!(part, Part::All | Part::Notes) {
            told.extend(self.first_notes().map(|note| (note.created_at, self.first_note(note))));
        }
        told.extend(self.messages.iter().map(|message| (message.created_at, self.message(message))));
        told.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
        told.into_iter().map(|(_, entry)| entry).collect()
    }

    /// Notes that came with the order itself: no event of their own tells of them.
    fn first_notes(&self) -> impl Iterator<Item = &Note> {
        let note_of = |view: &EventView| match view.event() {
            Ok(Event::NoteAdded { note, .. }) => Some(note),
            _ => None,
        };
        let told: Vec<NoteId> = self.detail.history.iter().filter_map(note_of).collect();
        self.detail.notes.iter().filter(move |note| !told.contains(&note.id))
    }

    fn first_note(&self, note: &Note) -> Entry {
        let is_visible = note.audience == NoteAudience::Customer;
        let (tone, key) = if is_visible { ("warn", "history-note-customer") } else { ("neu", "history-note") };
        Entry {
            icon: "sticky-note",
            tone,
            sentence: self.say.rich(key, &[("who", strong(&self.name_of(note.author())))]),
            text: self.pieces_of(note),
            note: Some(NoteTool { id: note.id.to_string(), is_pinned: note.pinned_at.is_some() }),
            is_visible,
            changes: Vec::new(),
            changed: String::new(),
            is_open: false,
            at: self.format.moment(note.created_at),
            at_iso: self.format.iso(note.created_at),
            at_exact: self.format.exact(note.created_at),
        }
    }

    fn entry(&self, ctx: &Ctx, view: &EventView, event: &Event, part: Part) -> Entry {
        let (icon, tone, sentence) = badges::event(event);
        let (sentence, given) = match event {
            Event::OrderAssigned { to: Some(to), .. } if user_of(view.actor) == Some(*to) => ("history-taken", None),
            Event::OrderAssigned { to, .. } => (sentence, *to),
            _ => (sentence, None),
        };
        let given = given.map(|to| self.name_of(Actor::User(to))).unwrap_or_default();
        let note = match event {
            Event::NoteAdded { note, .. } => self.note(*note),
            _ => None,
        };
        let (text, is_visible) = match event {
            Event::NoteAdded { audience, .. } => (None, *audience == NoteAudience::Customer),
            Event::NotePinned { note, .. } | Event::NoteUnpinned { note, .. } => (self.note(*note).map(Note::text).map(|text| begun(&text)), false),
            Event::TrackingAdded { entry, .. } => (Some(self.tracking(*entry, view.details.text.as_deref().unwrap_or_default())), true),
            Event::OrderMoved { reason, .. } | Event::SubstatusMoved { reason, .. } => {
                (self.why(reason.as_deref(), view.details.text.as_deref()), false)
            }
            _ => (view.details.text.clone(), false),
        };
        let changes: Vec<Change> = view.details.changes.iter().map(|change| self.change(ctx, change)).collect();
        let count = changes.len() as i64;
        Entry {
            icon,
            tone,
            sentence: self.say.rich(sentence, &[("who", strong(&self.name_of(view.actor))), ("to", strong(&given))]),
            text: match note {
                Some(note) => self.pieces_of(note),
                None => text.map(|text| pieces(&text, std::iter::empty())).unwrap_or_default(),
            },
            note: note.map(|note| NoteTool { id: note.id.to_string(), is_pinned: note.pinned_at.is_some() }),
            is_visible,
            changed: self.say.count("order-fields-changed", count, &self.format.number(count)),
            changes,
            is_open: part == Part::Audit,
            at: self.format.moment(view.at),
            at_iso: self.format.iso(view.at),
            at_exact: self.format.exact(view.at),
        }
    }

    fn message(&self, message: &Message) -> Entry {
        let (tone, key) = match message.state {
            MessageState::Queued => ("info", "message-queued"),
            MessageState::Sent => ("ok", "message-sent"),
            MessageState::Skipped => ("neu", "message-skipped"),
            MessageState::Failed => ("bad", "message-failed"),
        };
        let at = message.ended_at.unwrap_or(message.created_at);
        Entry {
            icon: "message-circle",
            tone,
            sentence: self.say.rich(key, &[("subject", strong(&message.subject))]),
            text: message.reason.as_deref().map(|reason| pieces(reason, std::iter::empty())).unwrap_or_default(),
            note: None,
            is_visible: true,
            changes: Vec::new(),
            changed: String::new(),
            is_open: false,
            at: self.format.moment(at),
            at_iso: self.format.iso(at),
            at_exact: self.format.exact(at),
        }
    }

    fn note(&self, id: NoteId) -> Option<&Note> {
        self.detail.notes.iter().find(|note| note.id == id)
    }

    /// What a note says, the names of those whom it names apart.
    pub(super) fn pieces_of(&self, note: &Note) -> Vec<Piece> {
        pieces(&note.text(), named(self.detail, note.id).filter_map(|one| self.people.get(&one.user_id)))
    }

    fn tracking(&self, id: TrackingEntryId, status: &str) -> String {
        let found = self.detail.tracking.iter().find(|entry| entry.id == id);
        found.map_or_else(|| status.to_owned(), |entry| dotted([&Some(entry.status.clone()), &entry.place, &entry.text]))
    }

    fn why(&self, reason: Option<&str>, note: Option<&str>) -> Option<String> {
        let named = reason.map(|code| self.reason(code));
        let reason = named.map(|reason| self.say.one("order-reason-was", "reason", reason));
        let parts: Vec<String> = reason.into_iter().chain(note.map(str::to_owned)).collect();
        (!parts.is_empty()).then(|| parts.join("\n"))
    }

    /// A reason's words: the team's list, then ours, then its code.
    fn reason(&self, code: &str) -> String {
        let listed = self.reasons.get(code).cloned();
        listed.or_else(|| super::moves::reason_key(code).map(|key| self.say.t(key))).unwrap_or_else(|| code.to_owned())
    }

    fn change(&self, ctx: &Ctx, change: &FieldChange) -> Change {
        let hidden = change.field.contains("phone") && !ctx.can(Permission::PhoneSee);
        let shown = |value: &Value| {
            if hidden { "•••".to_owned() } else { value_text(self.say, self.format, self.detail.order.currency, &change.field, value) }
        };
        Change { field: field_name(self.say, &change.field), before: shown(&change.before), after: shown(&change.after) }
    }
}

/// What people call a field of an order.
pub(super) fn field_name(say: Words, field: &str) -> String {
    let last = field.rsplit('.').next().unwrap_or(field);
    let is_of_a_line = field.starts_with("lines.");
    let key = match last {
        "priority" => "order-priority",
        "expected_on" => "order-expected",
        "channel" => "order-channel",
        "contact_name" => "order-customer",
        "contact_phone" => "channel-phone",
        "customer_id" => "order-customer",
        "shipping_address" => "order-address",
        "tags" => "order-tags",
        "agent_id" => "order-agent",
        "courier" => "order-courier",
        "tracking" => "order-tracking",
        "state" => "order-field-state",
        "substatus" => "order-field-substatus",
        "subtotal" => "order-subtotal",
        "discount" if is_of_a_line => "order-field-line-discount",
        "discount" => "order-discount",
        "shipping_fee" => "order-shipping-fee",
        "cod_fee" => "order-cod-fee",
        "tax" => "order-field-tax",
        "total" => "order-total",
        "to_collect" => "order-payment-due",
        "payment_state" => "order-payment",
        "quantity" => "order-field-quantity",
        "unit_price" => "order-field-price",
        "thing" => "order-field-thing",
        "lines" => "order-items",
        "line_count" => "order-field-line-count",
        "item_count" => "order-field-item-count",
        "note" => "order-field-note",
        "owner_id" => "order-field-owner",
        "release_at" => "order-field-release",
        "kind" => "order-field-kind",
        "caption" => "order-file-caption",
        "audience" => "order-field-audience",
        _ => return last.replace('_', " "),
    };
    say.t(key)
}

/// A kept value as a person reads it: amounts with their unit, words by their names.
pub(super) fn value_text(say: Words, format: &Format, currency: Currency, field: &str, value: &Value) -> String {
    let last = field.rsplit('.').next().unwrap_or(field);
    let badge = |badge: Badge| say.t(badge.key);
    match (last, value) {
        (
            "subtotal" | "discount" | "shipping_fee" | "cod_fee" | "tax" | "total" | "to_collect" | "unit_price" | "line_total",
            Value::Number(minor),
        ) => format.money(Amount(minor.as_i64().unwrap_or_default()), currency),
        ("priority", Value::String(word)) => word.parse::<Priority>().map_or_else(|_| word.clone(), |one| say.t(badges::priority_name(one))),
        ("state", Value::String(word)) => word.parse::<OrderState>().map_or_else(|_| word.clone(), |one| badge(badges::state(one))),
        ("channel", Value::String(word)) => word.parse::<kernel::Channel>().map_or_else(|_| word.clone(), |one| say.t(badges::channel(one).1)),
        ("expected_on", Value::String(day)) => Day::parse(day).map_or_else(|| day.clone(), |day| format.day(day)),
        (_, other) => plain(other),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => "–".to_owned(),
        Value::String(text) if text.is_empty() => "–".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(items) if items.is_empty() => "–".to_owned(),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
        Value::Object(fields) => {
            let parts: Vec<String> = fields.values().filter(|value| !value.is_null()).map(plain).collect();
            if parts.is_empty() { "–".to_owned() } else { parts.join(", ") }
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;
    use kernel::{Locale, NumberStyle, Time};
    use serde_json::json;

    use super::*;

    #[test]
    fn what_changed_is_told_in_words_and_with_units() {
        let say = Words { locale: Locale::En };
        let format = Format::new(Locale::En, NumberStyle::CommaPoint, TimeZone::UTC, Time(0));
        let text = |field: &str, value: Value| value_text(say, &format, Currency::DZD, field, &value).replace('\u{a0}', " ");
        assert_eq!(text("shipping_fee", json!(60_000)), "600 DA");
        assert_eq!(text("lines.lin_1.unit_price", json!(840_000)), "8,400 DA");
        assert_eq!((text("priority", json!("urgent")), text("state", json!("PENDING"))), ("Urgent".to_owned(), "New".to_owned()));
        assert_eq!(text("shipping_address", json!({"line1": "Bloc 7", "line2": null, "city": "Oran"})), "Oran, Bloc 7".to_owned());
        assert_eq!((text("courier", Value::Null), text("tags", json!([]))), ("–".to_owned(), "–".to_owned()));
        assert_eq!((field_name(say, "lines.lin_1.quantity"), field_name(say, "gift_wrap")), ("Quantity".to_owned(), "gift wrap".to_owned()));
    }
}
