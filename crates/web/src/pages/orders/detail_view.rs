//! One order as its page shows it: where it stands, what can be done, what it holds, what happened, who buys.

use std::collections::BTreeMap;
use std::sync::Arc;

use access::Store;
use base::Ctx;
use base::events::EventView;
use base::rules::Guard;
use customers::CustomerDetail;
use db::Tx;
use kernel::{
    Actor, Amount, Error, Event, EventId, FieldChange, Id, LineState, NoteAudience, NoteId, OrderAction, OrderId, OrderState, PaymentMethod,
    Permission, TaxMode, Time, TrackingEntryId, UserId,
};
use orders::{Line, OrderDetail, overlay, state};
use serde_json::Value;

use super::detail::Part;
use super::moves::{reason_key, reasons};
use super::row::shown_phone;
use super::view::{ActivityTab, Card, Change, CustomerView, DetailPage, Entry, LineView, Offer, Pair, PhoneView};
use crate::badges::{self, Badge};
use crate::format::Format;
use crate::pages::context::Reader;
use crate::pages::view::{Choosable, Shell, Step};
use crate::words::{Words, strong};

/// An order with everything around it.
pub(super) struct Detail {
    say: Words,
    format: Format,
    detail: OrderDetail,
    store: Arc<Store>,
    customer: Option<CustomerDetail>,
    people: BTreeMap<UserId, String>,
}

impl Detail {
    pub(super) fn load(tx: &mut Tx, ctx: &Ctx, reader: &Reader, id: OrderId) -> Result<Detail, Error> {
        let detail = orders::detail(tx, ctx, id)?;
        let store = access::stores::find(tx, ctx, detail.order.store_id)?;
        let customer = match detail.order.customer_id {
            Some(customer) if ctx.can(Permission::CustomerRead) => Some(customers::detail(tx, ctx, customer)?),
            _ => None,
        };
        let mut ids: Vec<UserId> = detail.history.iter().filter_map(|event| user_of(event.actor)).chain(detail.order.agent_id).collect();
        ids.sort_unstable();
        ids.dedup();
        let people = access::users::names(tx, ctx, &ids)?.into_iter().map(|person| (person.id, person.name)).collect();
        let format = reader.format(ctx).of_store(store.number_style, &store.zone);
        Ok(Detail { say: Words { locale: ctx.locale }, format, detail, store, customer, people })
    }

    pub(super) fn id(&self) -> i64 {
        self.detail.order.id.to_i64()
    }

    /// The number as people call it; set apart where lines run from right to left, so that its sign stays before it.
    pub(super) fn shown_number(&self) -> String {
        let number = &self.detail.order.number;
        if self.say.locale.is_right_to_left() { format!("\u{2066}#{number}\u{2069}") } else { format!("#{number}") }
    }

    /// The move that the reader may still take back, and until when.
    pub(super) fn undo(&self) -> Option<(EventId, Time)> {
        self.detail.undo
    }

    pub(super) fn into_page(self, ctx: &Ctx, page: Shell, part: Part, problem: Option<String>) -> DetailPage {
        let (say, format, order) = (self.say, &self.format, &self.detail.order);
        let channel = say.t(badges::channel(order.channel).1);
        let came = say.with("order-came", &[("channel", channel), ("at", format.moment(order.created_at))]);
        let is_to_call = order.state == OrderState::Pending && self.detail.actions.contains(&OrderAction::Confirm);
        let collects = order.payment_method == PaymentMethod::Cod && order.to_collect == order.total;
        let total_label = say.t(if collects { "order-to-collect" } else { "order-total" });
        DetailPage {
            id: order.id.to_string(),
            version: order.version,
            heading: say.one("order-heading", "number", self.shown_number()),
            badge: badges::order(order.state, order.confirmation, order.call_at.is_some(), order.shipping_state),
            priority: badges::priority(order.priority),
            is_archived: order.archived_at.is_some(),
            came,
            updated: say.one("order-updated", "at", format.ago(order.updated_at)),
            problem,
            percent: ctx.settings.rules.progress(order.state, order.substatus.as_deref()),
            waits: say.t(badges::waits_for(order.state)),
            promise: order.expected_on.filter(|_| !order.state.is_closed()).map(|day| say.one("order-promise", "day", format.day(day))),
            steps: self.steps(),
            moves: self.offers(ctx),
            next_title: say.t(badges::next_action(order.state)),
            is_closed: order.state.is_closed(),
            is_to_call,
            phone: self.phone(ctx),
            units: say.count("order-units", order.item_count, &format.number(order.item_count)),
            lines: self.detail.lines.iter().map(|line| self.line(line)).collect(),
            sums: self.sums(),
            total_label,
            total: format.money_parts(order.total, order.currency),
            activity_tabs: activity_tabs(&page.here, part),
            can_note: ctx.can(Permission::OrderNote) && order.archived_at.is_none(),
            history: self.history(ctx, part),
            customer: self.customer(ctx),
            address: self.address(ctx),
            cards: self.cards(),
            page,
        }
    }

    /// When an order last came to a state.
    fn reached(&self, wanted: OrderState) -> Option<Time> {
        let to = |event: &EventView| match event.event() {
            Ok(Event::OrderMoved { to, .. } | Event::MoveUndone { to, .. }) => Some(to),
            _ => None,
        };
        self.detail.history.iter().rev().find(|event| to(event) == Some(wanted)).map(|event| event.at)
    }

    fn steps(&self) -> Vec<Step> {
        use OrderState::{
            Backordered, Cancelled, Confirmed, Delivered, OutForDelivery, Pending, Processing, Refunded, ReturnApproved, ReturnRequested, Returned,
            Shipped,
        };
        let now = self.detail.order.state;
        let note = |state: OrderState| self.reached(state).map(|at| self.format.moment(at)).unwrap_or_default();
        let received = Step { class: "done", title: "order-step-received", note: self.format.moment(self.detail.order.created_at) };
        let way = [
            (Confirmed, "order-step-confirmed"),
            (Processing, "order-step-preparation"),
            (Shipped, "order-step-shipped"),
            (OutForDelivery, "order-step-out"),
            (Delivered, "order-step-delivered"),
        ];
        let back = [
            (ReturnRequested, "order-step-return-asked"),
            (ReturnApproved, "order-step-return-approved"),
            (Returned, "order-step-returned"),
            (Refunded, "order-step-refunded"),
        ];

        let mut steps = vec![received];
        let turned = now == Cancelled || back.iter().any(|(state, _)| *state == now);
        if turned {
            // Only where it has been, then the way back.
            let been = way.iter().filter(|(state, _)| self.reached(*state).is_some());
            steps.extend(been.map(|(state, title)| Step { class: "done", title, note: note(*state) }));
            if now == Cancelled {
                steps.push(Step { class: "now red", title: "order-step-cancelled", note: note(Cancelled) });
                return steps;
            }
            let at = back.iter().position(|(state, _)| *state == now).unwrap_or_default();
            for (place, (state, title)) in back.iter().enumerate() {
                let class = if place < at {
                    "done red"
                } else if place == at {
                    "now red"
                } else {
                    ""
                };
                if place >= at || self.reached(*state).is_some() {
                    steps.push(Step { class, title, note: note(*state) });
                }
            }
            return steps;
        }
        let at = match now {
            Pending | Confirmed | Backordered => 0,
            other => way.iter().position(|(state, _)| *state == other).unwrap_or_default(),
        };
        for (place, (state, title)) in way.iter().enumerate() {
            let class = if place < at || now == Delivered {
                "done"
            } else if place == at {
                "now"
            } else {
                ""
            };
            let (title, note) = match (now, place) {
                (Pending, 0) => ("order-step-confirming", String::new()),
                (Backordered, 0) => ("state-backordered", note(Backordered)),
                _ => (*title, if class.is_empty() { String::new() } else { note(*state) }),
            };
            steps.push(Step { class, title, note });
        }
        steps
    }

    fn offers(&self, ctx: &Ctx) -> Vec<Offer> {
        let order = &self.detail.order;
        let (rules, substatus) = (&ctx.settings.rules, order.substatus.as_deref());
        let next = overlay::expected_next(rules, order.state, substatus);
        let usual = next.and_then(|next| overlay::action_between(rules, order.state, substatus, next).ok());
        let offer = |action: &OrderAction| Offer {
            action: action.as_str(),
            face: badges::action(*action),
            is_first: usual == Some(*action),
            asks: state::needs_reason(*action) || overlay::guards(rules, order.state, *action).contains(&Guard::Reason),
            reasons: reasons(*action).iter().map(|(code, key)| Choosable::new(*code, self.say.t(key), "")).collect(),
        };
        let mut offers: Vec<Offer> = self.detail.actions.iter().map(offer).collect();
        offers.sort_by_key(|offer| !offer.is_first);
        offers
    }

    fn phone(&self, ctx: &Ctx) -> Option<PhoneView> {
        let phone = self.detail.order.contact_phone.as_ref()?;
        let can_call = ctx.can(Permission::PhoneSee);
        let whole = if can_call { phone.e164() } else { "" };
        Some(PhoneView {
            text: shown_phone(ctx, phone, self.detail.order.country),
            e164: whole.to_owned(),
            digits: whole.trim_start_matches('+').to_owned(),
            can_call,
        })
    }

    fn line(&self, line: &Line) -> LineView {
        let currency = self.detail.order.currency;
        let parts = [line.variant.clone(), line.sku.clone()];
        let badge = match line.state {
            LineState::Ready => None,
            LineState::Backordered => Some(Badge { key: "line-backordered", tone: "warn" }),
            LineState::Cancelled => Some(Badge { key: "line-cancelled", tone: "neu" }),
            LineState::Returned => Some(Badge { key: "line-returned", tone: "bad" }),
        };
        LineView {
            title: line.title.clone(),
            note: parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · "),
            badge,
            sum: format!("{} × {}", self.format.number(line.quantity), self.format.amount(line.unit_price, currency)),
            total: self.format.amount(line.line_total, currency),
        }
    }

    fn sums(&self) -> Vec<Pair> {
        let (say, order) = (self.say, &self.detail.order);
        let mut sums = Vec::new();
        let mut add = |label: String, amount: Amount| sums.push(Pair { label, value: self.format.amount(amount, order.currency) });
        add(say.t("order-subtotal"), order.subtotal);
        if order.discount != Amount::ZERO {
            add(say.t("order-discount"), -order.discount);
        }
        if order.shipping_fee != Amount::ZERO {
            add(say.t("order-shipping-fee"), order.shipping_fee);
        }
        if order.cod_fee != Amount::ZERO {
            add(say.t("order-cod-fee"), order.cod_fee);
        }
        if order.tax != Amount::ZERO {
            let key = if order.tax_mode == TaxMode::Inclusive { "order-tax-included" } else { "order-tax" };
            let rate = self.format.percent(order.tax_rate_ppm);
            add(say.with(key, &[("label", self.store.tax_label.clone()), ("rate", rate)]), order.tax);
        }
        let credited: Amount = self.detail.credit_notes.iter().map(|note| note.total).sum();
        if credited != Amount::ZERO {
            add(say.t("order-credited"), -credited);
        }
        sums
    }

    fn name_of(&self, actor: Actor) -> String {
        match actor {
            Actor::User(id) => self.people.get(&id).cloned().unwrap_or_else(|| self.say.t("history-somebody")),
            Actor::ApiKey(_) => self.say.t("channel-api"),
            Actor::Customer(_) => self.detail.order.contact_name.clone(),
            Actor::System => self.say.t("history-system"),
        }
    }

    fn history(&self, ctx: &Ctx, part: Part) -> Vec<Entry> {
        let wanted = |event: &Event| match part {
            Part::All => true,
            Part::Notes => matches!(event, Event::NoteAdded { .. }),
            Part::Status => {
                matches!(
                    event,
                    Event::OrderPlaced { .. }
                        | Event::OrderMoved { .. }
                        | Event::MoveUndone { .. }
                        | Event::SubstatusMoved { .. }
                        | Event::TrackingAdded { .. }
                )
            }
        };
        let newest_first = self.detail.history.iter().rev();
        newest_first.filter_map(|view| view.event().ok().filter(wanted).map(|event| self.entry(ctx, view, &event))).collect()
    }

    fn entry(&self, ctx: &Ctx, view: &EventView, event: &Event) -> Entry {
        let (icon, tone, sentence) = badges::event(event);
        let (text, is_visible) = match event {
            Event::NoteAdded { note, audience, .. } => (self.note(*note), *audience == NoteAudience::Customer),
            Event::TrackingAdded { entry, .. } => (Some(self.tracking(*entry, view.details.text.as_deref().unwrap_or_default())), true),
            Event::OrderMoved { reason, .. } | Event::SubstatusMoved { reason, .. } => {
                (self.why(reason.as_deref(), view.details.text.as_deref()), false)
            }
            _ => (view.details.text.clone(), false),
        };
        Entry {
            icon,
            tone,
            sentence: self.say.rich(sentence, &[("who", strong(&self.name_of(view.actor)))]),
            text,
            is_visible,
            changes: view.details.changes.iter().map(|change| self.change(ctx, change)).collect(),
            at: self.format.moment(view.at),
            at_iso: self.format.iso(view.at),
            at_exact: self.format.exact(view.at),
        }
    }

    fn note(&self, id: NoteId) -> Option<String> {
        self.detail.notes.iter().find(|note| note.id == id).map(orders::Note::text)
    }

    fn tracking(&self, id: TrackingEntryId, status: &str) -> String {
        let found = self.detail.tracking.iter().find(|entry| entry.id == id);
        let parts = found.map(|entry| [Some(entry.status.clone()), entry.place.clone(), entry.text.clone()]);
        parts.map_or_else(|| status.to_owned(), |parts| parts.into_iter().flatten().collect::<Vec<_>>().join(" · "))
    }

    fn why(&self, reason: Option<&str>, note: Option<&str>) -> Option<String> {
        let named = reason.map(|code| reason_key(code).map_or_else(|| code.to_owned(), |key| self.say.t(key)));
        let reason = named.map(|reason| self.say.one("order-reason-was", "reason", reason));
        let parts: Vec<String> = reason.into_iter().chain(note.map(str::to_owned)).collect();
        (!parts.is_empty()).then(|| parts.join("\n"))
    }

    fn change(&self, ctx: &Ctx, change: &FieldChange) -> Change {
        let hidden = change.field.contains("phone") && !ctx.can(Permission::PhoneSee);
        let shown = |value: &Value| if hidden { "•••".to_owned() } else { text_of(value) };
        Change { field: self.field_name(&change.field), before: shown(&change.before), after: shown(&change.after) }
    }

    fn field_name(&self, field: &str) -> String {
        let key = match field {
            "priority" => "order-priority",
            "expected_on" => "order-expected",
            "channel" => "order-channel",
            "contact_name" => "order-customer",
            "contact_phone" => "channel-phone",
            "shipping_address" => "order-address",
            "tags" => "order-tags",
            "agent_id" => "order-agent",
            "courier" => "order-courier",
            "tracking" => "order-tracking",
            other => return other.to_owned(),
        };
        self.say.t(key)
    }

    fn customer(&self, ctx: &Ctx) -> CustomerView {
        let (say, order) = (self.say, &self.detail.order);
        let mut figures = Vec::new();
        if let Some(customer) = &self.customer {
            let sum = |part: fn(&customers::StoreTotals) -> i64| customer.totals.iter().map(part).sum::<i64>();
            let mut add = |key: &str, count: i64| figures.push(Pair { label: say.t(key), value: self.format.number(count) });
            add("order-customer-orders", sum(|totals| totals.orders));
            add("order-customer-delivered", sum(|totals| totals.delivered));
            add("order-customer-returned", sum(|totals| totals.returned));
            add("order-customer-cancelled", sum(|totals| totals.cancelled));
        }
        let since = self.customer.as_ref().and_then(|customer| customer.totals.iter().map(|totals| totals.first_order_at).min());
        CustomerView {
            name: order.contact_name.clone(),
            initials: badges::initials(&order.contact_name),
            tone: badges::person_tone(order.customer_id.map_or(0, Id::to_i64)),
            since: since.map(|at| say.one("order-customer-since", "day", self.format.day(at.day_in(&self.store.zone)))),
            email: self.customer.as_ref().and_then(|customer| customer.customer.email.as_deref()).map(|email| customers::shown_email(ctx, email)),
            figures,
        }
    }

    fn address(&self, ctx: &Ctx) -> Vec<String> {
        let order = &self.detail.order;
        let place = [order.city.clone(), order.district.clone().filter(|district| order.city.as_ref() != Some(district)), order.province.clone()];
        let place: Vec<String> = place.into_iter().flatten().filter(|part| !part.is_empty()).collect();
        let place = (!place.is_empty()).then(|| place.join(", "));
        let street = |line: &Option<String>| line.as_deref().map(|line| customers::shown_street(ctx, line));
        [street(&order.line1), street(&order.line2), place, order.postal_code.clone()].into_iter().flatten().filter(|line| !line.is_empty()).collect()
    }

    fn cards(&self) -> Vec<Card> {
        let (say, order) = (self.say, &self.detail.order);
        let pair = |key: &str, value: Option<String>| value.filter(|value| !value.is_empty()).map(|value| Pair { label: say.t(key), value });
        let rows = |pairs: Vec<Option<Pair>>| pairs.into_iter().flatten().collect::<Vec<Pair>>();
        let agent = order.agent_id.map(|id| self.people.get(&id).cloned().unwrap_or_else(|| id.to_string()));
        vec![
            Card {
                title: "order-payment",
                badge: Some(badges::payment(order.payment_state)),
                rows: rows(vec![
                    pair("order-payment-method", Some(say.t(badges::payment_method(order.payment_method)))),
                    pair("order-payment-due", Some(self.format.money(order.to_collect, order.currency))),
                ]),
            },
            Card {
                title: "order-shipment",
                badge: Some(badges::shipping(order.shipping_state)),
                rows: rows(vec![
                    pair("order-courier", order.courier.clone()),
                    pair("order-tracking", order.tracking.clone()),
                    pair("order-expected", order.expected_on.map(|day| self.format.day(day))),
                ]),
            },
            Card {
                title: "order-facts",
                badge: None,
                rows: rows(vec![
                    pair("order-store", Some(self.store.name.clone())),
                    pair("order-agent", agent.or_else(|| Some(say.t("orders-nobody")))),
                    pair("order-reference", order.external_ref.clone()),
                    pair("order-priority", Some(say.t(badges::priority_name(order.priority)))),
                    pair("order-tags", Some(order.tags().join(", "))),
                ]),
            },
        ]
    }
}

fn user_of(actor: Actor) -> Option<UserId> {
    match actor {
        Actor::User(id) => Some(id),
        _ => None,
    }
}

fn activity_tabs(here: &str, part: Part) -> Vec<ActivityTab> {
    let tab = |key, one: Part, query: &str| ActivityTab { key, href: format!("{here}{query}"), is_here: part == one };
    vec![
        tab("order-activity-all", Part::All, ""),
        tab("order-activity-notes", Part::Notes, "?show=notes"),
        tab("order-activity-status", Part::Status, "?show=status"),
    ]
}

/// A kept value as a person reads it.
fn text_of(value: &Value) -> String {
    match value {
        Value::Null => "–".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(text_of).collect::<Vec<_>>().join(", "),
        Value::Object(fields) => fields.values().filter(|value| !value.is_null()).map(text_of).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}
