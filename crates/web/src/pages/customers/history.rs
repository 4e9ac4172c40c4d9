//! Everything between a customer and the shop as lines of the page.

use std::collections::BTreeMap;

use base::Ctx;
use base::events::EventView;
use care::{Entry as Item, What};
use customers::flags::FlagKind;
use kernel::{Actor, Event, FieldChange, MergeState, MessageState, Permission, TransactionKind, TransactionState, UserId};
use serde_json::Value;

use super::query::HOME;
use super::view::{Entry, Sum, isolated};
use crate::badges::{self, Badge};
use crate::format::Format;
use crate::pages::view::Confirm;
use crate::words::{Words, strong};

/// What lines need besides themselves.
pub(super) struct Lines<'a> {
    pub(super) ctx: &'a Ctx,
    pub(super) say: Words,
    pub(super) format: &'a Format,
    pub(super) people: &'a BTreeMap<UserId, String>,
    pub(super) kinds: &'a [FlagKind],
    /// Whose line it is, as their address names them.
    pub(super) customer: String,
    pub(super) name: String,
    pub(super) csrf: String,
    pub(super) can_edit: bool,
}

impl Lines<'_> {
    fn who(&self, actor: Actor) -> String {
        match actor {
            Actor::User(id) => self.people.get(&id).cloned().unwrap_or_else(|| self.say.t("history-somebody")),
            Actor::ApiKey(_) => self.say.t("channel-api"),
            Actor::Customer(_) => self.name.clone(),
            Actor::System => self.say.t("history-system"),
        }
    }

    fn order(&self, id: &impl std::fmt::Display, number: &str) -> String {
        format!("<a class=\"link\" href=\"/app/orders/{id}\">{}</a>", strong(&format!("#{number}")))
    }

    /// A line of the history.
    pub(super) fn entry(&self, item: &Item) -> Entry {
        let (say, format) = (self.say, self.format);
        let by = |actor: Actor| ("who", strong(&self.who(actor)));
        let entry = |icon, tone, sentence: String| Entry {
            icon,
            tone,
            sentence,
            text: None,
            badge: None,
            changes: Vec::new(),
            at: Sum { text: format.moment(item.at), iso: format.iso(item.at), exact: format.exact(item.at) },
            erase: None,
        };
        match &item.what {
            What::Order(order) => {
                let values = [("order", self.order(&order.id, &order.number)), ("total", strong(&format.money(order.total, order.currency)))];
                let badge = badges::order(order.state, order.confirmation, order.call_at.is_some(), order.shipping_state);
                Entry { badge: Some(badge), ..entry("shopping-bag", "t-info", say.rich("customers-line-order", &values)) }
            }
            What::Message(message) => {
                let subject = customers::shown_words(self.ctx, &message.subject);
                let badge = match message.state {
                    MessageState::Queued => Badge { key: "customers-message-queued", tone: "neu" },
                    MessageState::Sent => Badge { key: "customers-message-sent", tone: "ok" },
                    MessageState::Skipped => Badge { key: "customers-message-skipped", tone: "warn" },
                    MessageState::Failed => Badge { key: "customers-message-failed", tone: "bad" },
                };
                Entry { badge: Some(badge), ..entry("mail", "t-vio", say.rich("customers-line-message", &[("subject", strong(&subject))])) }
            }
            What::Payment(moved) => {
                let key = match moved.kind {
                    TransactionKind::Payment => "customers-line-payment",
                    TransactionKind::Refund => "customers-line-refund",
                    TransactionKind::Chargeback => "customers-line-chargeback",
                };
                let tone = if moved.kind == TransactionKind::Payment { "t-ok" } else { "t-bad" };
                let badge = match moved.state {
                    TransactionState::Settled => None,
                    TransactionState::Pending => Some(Badge { key: "customers-payment-pending", tone: "warn" }),
                    TransactionState::Failed => Some(Badge { key: "customers-payment-failed", tone: "bad" }),
                };
                let amount = strong(&format.money(moved.amount, moved.currency));
                Entry { badge, ..entry("banknote", tone, say.rich(key, &[("amount", amount)])) }
            }
            What::CreditNote(note) => {
                let amount = strong(&format.money(note.total, note.currency));
                Entry { text: note.reason.clone(), ..entry("banknote", "t-bad", say.rich("customers-line-credit", &[("amount", amount)])) }
            }
            What::Note(note) => Entry {
                text: Some(note.text.clone()),
                erase: self.can_edit.then(|| Confirm {
                    say,
                    csrf: self.csrf.clone(),
                    id: format!("erase-{}", note.id),
                    class: "sm ghost",
                    button: say.t("customers-note-erase"),
                    title: say.t("customers-note-erase-title"),
                    text: say.t("customers-note-erase-text"),
                    verb: say.t("customers-note-erase"),
                    action: format!("{HOME}/{}/notes/{}/erase", self.customer, note.id),
                    hidden: Vec::new(),
                }),
                ..entry("sticky-note", "t-warn", say.rich("customers-line-note", &[by(note.author())]))
            },
            What::Flag(flag) => {
                let kind = self.kinds.iter().find(|kind| kind.code == flag.kind).map_or(flag.kind.as_str(), |kind| kind.label(self.ctx.locale));
                let mut parts: Vec<String> = Some(flag.reason.clone()).filter(|reason| !reason.is_empty()).into_iter().collect();
                if let (Some(at), Some(actor)) = (flag.removed_at, flag.removed_by()) {
                    let why = flag.removed_reason.clone().unwrap_or_default();
                    parts.push(say.with(
                        "customers-flag-lifted",
                        &[("who", isolated(self.who(actor))), ("at", isolated(format.moment(at))), ("reason", isolated(why))],
                    ));
                }
                let sentence = say.rich("customers-line-flag", &[by(flag.author()), ("mark", strong(kind))]);
                Entry { text: (!parts.is_empty()).then(|| parts.join("\n")), ..entry("flag", "t-warn", sentence) }
            }
            What::Consent(consent) => {
                let key = if consent.is_given { "customers-line-consent-given" } else { "customers-line-consent-taken" };
                let values = [
                    by(consent.author()),
                    ("channel", strong(&say.t(super::forms::channel(consent.channel)))),
                    ("purpose", strong(&say.t(super::forms::purpose(consent.purpose)))),
                ];
                let tone = if consent.is_given { "t-ok" } else { "t-neu" };
                Entry { text: consent.words.clone(), ..entry("shield", tone, say.rich(key, &values)) }
            }
            What::Merge(merge) => {
                let badge =
                    matches!(merge.state, MergeState::Undone | MergeState::Undoing).then_some(Badge { key: "customers-merge-undone", tone: "neu" });
                Entry { badge, ..entry("merge", "t-vio", say.rich("customers-line-merge", &[by(merge.author())])) }
            }
            What::Change(event) => self.change(event, entry),
        }
    }

    fn change(&self, view: &EventView, entry: impl Fn(&'static str, &'static str, String) -> Entry) -> Entry {
        let say = self.say;
        let (icon, tone, key) = match view.event() {
            Ok(Event::CustomerCreated { .. }) => ("user", "t-info", "customers-line-created"),
            Ok(Event::CustomerChanged { .. }) => ("pencil", "t-info", "customers-line-changed"),
            Ok(Event::FlagRemoved { .. }) => ("flag", "t-neu", "customers-line-flag-removed"),
            Ok(Event::CustomerNoteErased { .. }) => ("sticky-note", "t-neu", "customers-line-note-erased"),
            Ok(Event::CustomerMergedAway { .. }) => ("merge", "t-neu", "customers-line-merged-away"),
            Ok(Event::CustomersUnmerged { .. }) => ("undo-2", "t-neu", "customers-line-unmerged"),
            Ok(Event::PersonExported { .. }) => ("download", "t-info", "customers-line-exported"),
            Ok(Event::PhoneRevealed { .. }) => ("eye", "t-warn", "customers-line-revealed"),
            Ok(Event::ErasureAsked { .. }) => ("trash-2", "t-bad", "customers-line-erasure-asked"),
            Ok(Event::ErasureCancelled { .. }) => ("undo-2", "t-ok", "customers-line-erasure-cancelled"),
            Ok(Event::PersonErased { .. }) => ("trash-2", "t-bad", "customers-line-erased"),
            _ => ("history", "t-neu", "history-other"),
        };
        let who = ("who", strong(&self.who(view.actor)));
        let sentence = match view.event() {
            // Addresses and the order of numbers have no before and after.
            Ok(Event::CustomerChanged { fields, .. }) if view.details.changes.is_empty() && !fields.is_empty() => {
                let names: Vec<String> = fields.iter().map(|field| self.field_name(field)).collect();
                say.rich("customers-line-changed-what", &[who, ("what", strong(&say.list(&names)))])
            }
            _ => say.rich(key, &[who]),
        };
        let changes = view.details.changes.iter().map(|change| self.field(change)).collect();
        Entry { text: view.details.text.clone(), changes, ..entry(icon, tone, sentence) }
    }

    fn field(&self, change: &FieldChange) -> (String, String, String) {
        let is_hidden = change.field.contains("phone") && !self.ctx.can(Permission::PhoneSee);
        let shown = |value: &Value| if is_hidden && !value.is_null() { "•••".to_owned() } else { text_of(value) };
        (self.field_name(&change.field), shown(&change.before), shown(&change.after))
    }

    fn field_name(&self, field: &str) -> String {
        let key = match field {
            "name" => "customers-name",
            "email" => "customers-email",
            "language" | "language_source" => "customers-language",
            "phones" => "customers-phones",
            "addresses" => "customers-addresses",
            "tags" => "customers-tags",
            "archived_at" => "customers-archived",
            other => {
                let own = other.strip_prefix("custom.").unwrap_or(other);
                let known = self.ctx.settings.field_set.customer.iter().find(|one| one.key == own);
                return known.map_or_else(|| own.to_owned(), |one| one.label(self.ctx.locale).to_owned());
            }
        };
        self.say.t(key)
    }
}

/// A kept value as a person reads it.
pub(super) fn text_of(value: &Value) -> String {
    match value {
        Value::Null => "–".to_owned(),
        Value::String(text) => text.clone(),
        Value::Bool(true) => "✓".to_owned(),
        Value::Bool(false) => "✗".to_owned(),
        Value::Array(items) if items.is_empty() => "–".to_owned(),
        Value::Array(items) => items.iter().map(text_of).collect::<Vec<_>>().join(", "),
        Value::Object(fields) => fields.values().filter(|value| !value.is_null()).map(text_of).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}
