//! What else the page of an order shows beside its story: holds, escalations, files, money, parcel, facts. Loaded and put in order here.

use std::collections::BTreeMap;

use access::Store;
use attachments::Attachment;
use base::Ctx;
use db::Tx;
use fields::Tag;
use kernel::{
    AttachmentKind, Channel, Error, Locale, NoteAudience, OrderId, PaymentMethod, Permission, Priority, Subject, Tone, TransactionKind,
    TransactionState, UserId,
};
use orders::escalations::{self, EscalationAction, EscalationState, Level};
use orders::holds::Hold;
use orders::reasons::{self, Reason, ReasonList};
use orders::{Order, OrderDetail};
use payments::Transaction;

use super::own_fields;
use super::page_view::{
    EscalationCard, EscalationView, FactsCard, FileView, FilesCard, HoldView, HoldsCard, Mark, Movement, Pair, PaymentCard, ShipmentCard, TrackView,
};
use super::story::{Story, user_of};
use crate::badges::{self, Badge};
use crate::format::{Format, dotted};
use crate::pages::view::Choosable;
use crate::words::Words;

/// The class of a tone's soft fill.
pub(super) fn fill(tone: Tone) -> &'static str {
    match tone {
        Tone::Neutral => "neu",
        Tone::Info => "info",
        Tone::Ok => "ok",
        Tone::Warn => "warn",
        Tone::Bad => "bad",
        Tone::Violet => "vio",
        Tone::Primary => "pri-soft",
    }
}

/// What stands around an order, as it was read.
pub(super) struct Around {
    pub(super) files: Vec<Attachment>,
    pub(super) transactions: Vec<Transaction>,
    pub(super) tags: Vec<Tag>,
    pub(super) hold_reasons: Vec<Reason>,
    pub(super) escalation_reasons: Vec<Reason>,
    pub(super) cancel_reasons: Vec<Reason>,
    pub(super) levels: Vec<Level>,
}

impl Around {
    pub(super) fn load(tx: &mut Tx, ctx: &Ctx, id: OrderId, detail: &OrderDetail) -> Result<Around, Error> {
        let is_live = detail.order.archived_at.is_none();
        let reasons =
            |tx: &mut Tx, right: Permission, list| if is_live && ctx.can(right) { reasons::list(tx, ctx, list, false) } else { Ok(Vec::new()) };
        let bears_tags = detail.order.tags != "[]" || ctx.can(Permission::OrderEdit);
        let wanted = fields::TagList { with_archived: true, limit: 200, ..fields::TagList::default() };
        Ok(Around {
            files: orders::list_attachments(tx, ctx, id, ::attachments::AttachmentFilter::default())?,
            transactions: if ctx.can(Permission::PaymentRead) { payments::list(tx, ctx, id)? } else { Vec::new() },
            tags: if bears_tags { fields::list_tags(tx, ctx, &wanted)?.items.into_iter().map(|row| row.tag).collect() } else { Vec::new() },
            hold_reasons: reasons(tx, Permission::OrderHold, ReasonList::Hold)?,
            escalation_reasons: if detail.escalation.is_none() {
                reasons(tx, Permission::OrderEscalate, ReasonList::Escalation)?
            } else {
                Vec::new()
            },
            cancel_reasons: reasons(tx, Permission::OrderCancel, ReasonList::Cancellation)?,
            levels: if ctx.can(Permission::OrderEscalate) || detail.escalation.is_some() { escalations::levels(tx, ctx)? } else { Vec::new() },
        })
    }

    /// Whose names are needed to show it.
    pub(super) fn people(&self, detail: &OrderDetail) -> Vec<UserId> {
        let files = self.files.iter().filter_map(|file| user_of(file.author));
        let holds = detail.holds.iter().flat_map(|hold| [user_of(hold.set_by()), hold.owner_id]).flatten();
        let escalation =
            detail.escalation.iter().flat_map(|one| [user_of(one.raised_by()), one.owner_id, one.answered_by().and_then(user_of)]).flatten();
        files.chain(holds).chain(escalation).collect()
    }
}

/// What putting it in order needs.
pub(super) struct Cards<'a> {
    pub(super) ctx: &'a Ctx,
    pub(super) say: Words,
    pub(super) format: &'a Format,
    pub(super) detail: &'a OrderDetail,
    pub(super) store: &'a Store,
    pub(super) around: &'a Around,
    pub(super) people: &'a BTreeMap<UserId, String>,
    pub(super) story: &'a Story<'a>,
}

fn choices(reasons: &[Reason], locale: Locale) -> Vec<Choosable> {
    reasons.iter().map(|reason| Choosable::new(reason.code.clone(), reason.label(locale), "")).collect()
}

impl Cards<'_> {
    fn order(&self) -> &Order {
        &self.detail.order
    }

    fn is_live(&self) -> bool {
        self.order().archived_at.is_none()
    }

    fn can(&self, right: Permission) -> bool {
        self.is_live() && self.ctx.can(right)
    }

    fn pair(&self, key: &str, value: Option<String>) -> Option<Pair> {
        value.filter(|value| !value.is_empty()).map(|value| Pair { label: self.say.t(key), value })
    }

    fn rows(pairs: Vec<Option<Pair>>) -> Vec<Pair> {
        pairs.into_iter().flatten().collect()
    }

    fn name(&self, id: UserId) -> String {
        self.people.get(&id).cloned().unwrap_or_else(|| self.say.t("history-somebody"))
    }

    /// The reasons to call it off.
    pub(super) fn cancel_reasons(&self) -> Vec<Choosable> {
        choices(&self.around.cancel_reasons, self.say.locale)
    }

    pub(super) fn holds(&self) -> HoldsCard {
        HoldsCard {
            holds: self.detail.holds.iter().map(|hold| self.hold(hold)).collect(),
            can_change: self.can(Permission::OrderHold),
            kinds: choices(&self.around.hold_reasons, self.say.locale),
        }
    }

    fn hold(&self, hold: &Hold) -> HoldView {
        let who = self.story.name_of(hold.set_by());
        let mut meta = self.say.with("order-hold-by", &[("who", who), ("at", self.format.moment(hold.set_at))]);
        if let Some(until) = hold.release_at {
            meta = format!("{meta} · {}", self.say.one("order-hold-until", "at", self.format.moment(until)));
        }
        HoldView {
            id: hold.id.to_string(),
            label: self.detail.hold_labels.get(&hold.kind).unwrap_or(&hold.kind).clone(),
            note: hold.note.clone(),
            meta,
        }
    }

    /// What keeps the parcel from going on, in one sentence.
    pub(super) fn held(&self) -> Option<String> {
        let names = orders::holds::names(&self.detail.holds, &self.detail.hold_labels);
        (!self.detail.holds.is_empty()).then(|| self.say.one("order-held", "holds", names))
    }

    pub(super) fn escalation(&self) -> EscalationCard {
        let level = |level: &Level| {
            let name = if level.level == 0 { self.say.t("order-escalation-agent") } else { level.name.clone() };
            Choosable::new(level.level.to_string(), name, "")
        };
        EscalationCard {
            open: self.open_escalation(),
            can_raise: self.detail.escalation.is_none() && self.can(Permission::OrderEscalate),
            reasons: choices(&self.around.escalation_reasons, self.say.locale),
            levels: self.around.levels.iter().filter(|level| level.level > 0).map(level).collect(),
        }
    }

    fn open_escalation(&self) -> Option<EscalationView> {
        let (say, format) = (self.say, self.format);
        let one = self.detail.escalation.as_ref()?;
        let may = if one.level == 0 {
            self.ctx.can(Permission::EscalationHandle) || self.ctx.can(Permission::OrderEscalate)
        } else {
            self.ctx.can(Permission::EscalationHandle)
        };
        let can = |action: EscalationAction| may && escalations::TRANSITIONS.iter().any(|(from, by, _)| *from == one.state && *by == action);
        let level = self.around.levels.iter().rfind(|level| level.level <= one.level).filter(|level| level.level > 0);
        let at_level = level.map_or_else(|| say.t("order-escalation-agent"), |level| level.name.clone());
        let is_overdue = one.is_overdue(self.ctx.now);
        let badge = match one.state {
            EscalationState::Open => Badge { key: "escalation-open", tone: "warn" },
            EscalationState::Acknowledged => Badge { key: "escalation-acknowledged", tone: "info" },
            EscalationState::Answered => Badge { key: "escalation-answered", tone: "ok" },
            EscalationState::Resolved => Badge { key: "escalation-resolved", tone: "neu" },
        };
        let mine = one.owner_id.is_some() && one.owner_id == self.ctx.user();
        Some(EscalationView {
            id: one.id.to_string(),
            version: one.version,
            label: self.story.reasons.get(&one.reason).unwrap_or(&one.reason).clone(),
            state: badge,
            message: one.message.clone(),
            meta: say.with("order-hold-by", &[("who", self.story.name_of(one.raised_by())), ("at", format.moment(one.raised_at))]),
            rows: Self::rows(vec![
                self.pair("order-escalation-level", Some(at_level)),
                self.pair("order-escalation-owner", one.owner_id.map(|id| self.name(id))),
                self.pair("order-escalation-due", Some(format.moment(one.due_at))),
            ]),
            late: is_overdue.then(|| say.one("order-escalation-late", "at", format.moment(one.due_at))),
            answer: one.answer.clone(),
            answer_meta: match (one.answered_by(), one.answered_at) {
                (Some(who), Some(at)) => say.with("order-hold-by", &[("who", self.story.name_of(who)), ("at", format.moment(at))]),
                _ => String::new(),
            },
            can_take: !mine && can(EscalationAction::Acknowledge),
            can_answer: one.level > 0 && can(EscalationAction::Answer),
            can_pass: can(EscalationAction::PassUp) && self.around.levels.iter().any(|level| level.level > one.level),
            can_resolve: can(EscalationAction::Resolve),
        })
    }

    pub(super) fn files(&self) -> FilesCard {
        let count = self.around.files.len() as i64;
        let kinds = [
            (AttachmentKind::Packing, "file-packing"),
            (AttachmentKind::Shipping, "file-shipping"),
            (AttachmentKind::Proof, "file-proof"),
            (AttachmentKind::Other, "file-other"),
        ];
        let name = |kind: AttachmentKind| kinds.iter().find(|(one, _)| *one == kind).map(|(_, key)| self.say.t(key)).unwrap_or_default();
        let file = |one: &Attachment| {
            let href = format!("/app/orders/{}/attachments/{}", self.order().id, one.id);
            FileView {
                thumb: one.thumbs.contains(&144).then(|| format!("{href}?size=144")),
                title: one.caption.clone().unwrap_or_else(|| name(one.kind)),
                meta: format!("{} · {} · {}", name(one.kind), self.story.name_of(one.author), self.format.moment(one.created_at)),
                is_visible: one.audience == NoteAudience::Customer,
                href,
            }
        };
        FilesCard {
            files: self.around.files.iter().map(file).collect(),
            count: if count > 0 { self.format.number(count) } else { String::new() },
            can_add: self.can(Permission::OrderAttach),
            kinds: kinds.iter().map(|(kind, key)| Choosable::new(kind.as_str(), self.say.t(key), "other")).collect(),
        }
    }

    pub(super) fn payment(&self) -> PaymentCard {
        let (say, order) = (self.say, self.order());
        let kinds =
            [(TransactionKind::Payment, "txn-payment"), (TransactionKind::Refund, "txn-refund"), (TransactionKind::Chargeback, "txn-chargeback")];
        let kind = |kind: TransactionKind| kinds.iter().find(|(one, _)| *one == kind).map(|(_, key)| say.t(key)).unwrap_or_default();
        let movement = |one: &Transaction| {
            let sign = if one.kind == TransactionKind::Payment { one.amount } else { -one.amount };
            let method = say.t(badges::payment_method(one.method));
            Movement {
                title: kind(one.kind),
                note: dotted([&Some(self.format.moment(one.at)), &Some(method), &one.reference]),
                amount: self.format.money(sign, one.currency),
                state: match one.state {
                    TransactionState::Pending => Badge { key: "txn-pending", tone: "warn" },
                    TransactionState::Settled => Badge { key: "txn-settled", tone: "ok" },
                    TransactionState::Failed => Badge { key: "txn-failed", tone: "bad" },
                },
            }
        };
        let settled = |wanted: TransactionKind| {
            let moved = self.around.transactions.iter().filter(|one| one.kind == wanted && one.state == TransactionState::Settled);
            moved.map(|one| one.amount).sum::<kernel::Amount>()
        };
        let collected = settled(TransactionKind::Payment);
        let method = say.t(badges::payment_method(order.payment_method));
        let sees = self.ctx.can(Permission::PaymentRead);
        PaymentCard {
            badge: badges::payment(order.payment_state),
            rows: Self::rows(vec![
                self.pair("order-payment-method", Some(method)),
                self.pair("order-payment-due", Some(self.format.money(order.to_collect, order.currency))),
                self.pair("order-payment-received", sees.then(|| self.format.money(collected, order.currency))),
            ]),
            movements: self.around.transactions.iter().map(movement).collect(),
            can_record: self.can(Permission::PaymentRecord),
            kinds: kinds.iter().map(|(kind, key)| Choosable::new(kind.as_str(), say.t(key), "payment")).collect(),
            methods: PaymentMethod::ALL
                .iter()
                .map(|method| Choosable::new(method.as_str(), say.t(badges::payment_method(*method)), order.payment_method.as_str()))
                .collect(),
            currency: order.currency.code().to_owned(),
        }
    }

    pub(super) fn shipment(&self) -> ShipmentCard {
        let order = self.order();
        let entry = |one: &orders::TrackingEntry| TrackView {
            title: one.status.clone(),
            note: dotted([&one.place, &one.text]),
            at: self.format.moment(one.at),
            at_iso: self.format.iso(one.at),
        };
        ShipmentCard {
            badge: badges::shipping(order.shipping_state),
            rows: Self::rows(vec![
                self.pair("order-courier", order.courier.clone()),
                self.pair("order-tracking", order.tracking.clone()),
                self.pair("order-expected", order.expected_on.map(|day| self.format.day(day))),
            ]),
            entries: self.detail.tracking.iter().rev().map(entry).collect(),
            can_add: self.can(Permission::OrderNote),
        }
    }

    pub(super) fn facts(&self) -> FactsCard {
        let (ctx, say, order) = (self.ctx, self.say, self.order());
        let own = ctx.settings.field_set.of(Subject::Order);
        let values = customers::shown_fields(ctx, order.custom());
        let mut rows = Self::rows(vec![
            self.pair("order-store", Some(self.store.name.clone())),
            self.pair("order-channel", Some(say.t(badges::channel(order.channel).1))),
            self.pair("order-reference", order.external_ref.clone()),
            self.pair("order-priority", Some(say.t(badges::priority_name(order.priority)))),
        ]);
        rows.extend(own_fields::shown(ctx, self.format, own, &values, order.currency));
        let borne = order.tags();
        let tone = |name: &str| self.around.tags.iter().find(|tag| tag.name == name).map_or("neu", |tag| fill(tag.tone));
        let free = self.around.tags.iter().filter(|tag| tag.archived_at.is_none() && !borne.contains(&tag.name));
        FactsCard {
            rows,
            known_tags: free.map(|tag| tag.name.clone()).collect(),
            tags: borne.iter().map(|name| Mark { text: name.clone(), fill: tone(name) }).collect(),
            can_edit: self.can(Permission::OrderEdit),
            priorities: Priority::ALL
                .iter()
                .map(|one| Choosable::new(one.as_str(), say.t(badges::priority_name(*one)), order.priority.as_str()))
                .collect(),
            channels: Channel::ALL.iter().map(|one| Choosable::new(one.as_str(), say.t(badges::channel(*one).1), order.channel.as_str())).collect(),
            expected: order.expected_on.map(|day| day.to_string()).unwrap_or_default(),
            own: own_fields::offered(ctx, own, &values, order.currency),
        }
    }
}
