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
    Amount, Currency, Error, Event, EventId, Id, LineState, OrderAction, OrderId, OrderState, PaymentMethod, Permission, TaxMode, Time, UserId, mask,
};
use notifications::Message;
use orders::reasons::{self, ReasonList};
use orders::{Line, OrderDetail, OrderFilter, OrderRow, Page, overlay, state};

use super::agent::{self, AgentCard};
use super::care_view::{Around, Cards, fill};
use super::detail::Part;
use super::moves::reasons;
use super::page_view::{CustomerView, DetailPage, LastOrder, LineView, Mark, More, Offer, Pair, PhoneView};
use super::people::{self, Here};
use super::story::{self, Story, user_of};
use crate::badges::{self, Badge};
use crate::format::{Format, dotted};
use crate::pages::context::Reader;
use crate::pages::phones::shown_phone;
use crate::pages::typed::Again;
use crate::pages::view::{Choosable, Shell, Step};
use crate::words::Words;

/// How many orders of the customer stand beside this one.
const LAST: usize = 3;

/// An order with everything around it.
pub(super) struct Detail {
    say: Words,
    format: Format,
    detail: OrderDetail,
    store: Arc<Store>,
    around: Around,
    customer: Option<CustomerDetail>,
    flags: Vec<Mark>,
    last: Vec<OrderRow>,
    /// Other orders of the customer that are not packed yet: perhaps the same twice.
    open: Vec<OrderRow>,
    twins: usize,
    people: BTreeMap<UserId, String>,
    /// Whom the reader may give it to.
    takers: Vec<access::Person>,
    reasons: BTreeMap<String, String>,
    messages: Vec<Message>,
}

impl Detail {
    pub(super) fn load(tx: &mut Tx, ctx: &Ctx, reader: &Reader, id: OrderId, part: Part) -> Result<Detail, Error> {
        let detail = orders::detail(tx, ctx, id)?;
        let store = access::stores::find(tx, ctx, detail.order.store_id)?;
        let around = Around::load(tx, ctx, id, &detail)?;
        let customer = match detail.order.customer_id {
            Some(customer) if ctx.can(Permission::CustomerRead) => Some(customers::detail(tx, ctx, customer)?),
            _ => None,
        };
        let (flags, last, twins) = match &customer {
            Some(customer) => (flags(tx, ctx, customer)?, last_orders(tx, ctx, customer, id)?, care::twins(tx, ctx, customer.customer.id)?.len()),
            None => (Vec::new(), Vec::new(), 0),
        };
        let open = match &customer {
            Some(customer) if !detail.order.state.is_closed() => open_orders(tx, ctx, customer, id)?,
            _ => Vec::new(),
        };
        let mut ids: Vec<UserId> = detail.history.iter().filter_map(|event| user_of(event.actor)).chain(detail.order.agent_id).collect();
        ids.extend(around.people(&detail));
        ids.extend(detail.notes.iter().filter_map(|note| user_of(note.author())));
        ids.extend(detail.mentions.iter().map(|one| one.user_id));
        ids.extend(detail.history.iter().filter_map(given_to));
        ids.sort_unstable();
        ids.dedup();
        let people = access::users::names(tx, ctx, &ids)?.into_iter().map(|person| (person.id, person.name)).collect();
        let takers = agent::takers(tx, ctx, &detail.order)?;
        let mut words = reasons::labels(tx, ctx, ReasonList::Cancellation)?;
        if detail.escalation.is_some() {
            words.extend(reasons::labels(tx, ctx, ReasonList::Escalation)?);
        }
        let messages = if part == Part::Messages { notifications::list(tx, ctx, id)? } else { Vec::new() };
        let format = reader.format(ctx).of_store(store.number_style, &store.zone);
        Ok(Detail {
            say: Words { locale: ctx.locale },
            format,
            detail,
            store,
            around,
            customer,
            flags,
            last,
            open,
            twins,
            people,
            takers,
            reasons: words,
            messages,
        })
    }

    pub(super) fn id(&self) -> i64 {
        self.detail.order.id.to_i64()
    }

    /// The number as people call it; set apart where lines run from right to left, so that its sign stays before it.
    pub(super) fn shown_number(&self) -> String {
        number_of(self.say, &self.detail.order.number)
    }

    /// The move that the reader may still take back, and until when.
    pub(super) fn undo(&self) -> Option<(EventId, Time)> {
        self.detail.undo
    }

    /// Whose it is now, after it was given to them.
    pub(super) fn agent_said(&self, ctx: &Ctx) -> String {
        agent::said(ctx, self.say, &self.detail.order, self.agent_name().as_deref())
    }

    fn agent_name(&self) -> Option<String> {
        self.detail.order.agent_id.map(|id| self.people.get(&id).cloned().unwrap_or_else(|| self.say.t("history-somebody")))
    }

    /// Until when the reader may take back with this event that they held the order back, released it, or gave it to somebody.
    pub(super) fn back_until(&self, ctx: &Ctx, event: EventId) -> Option<Time> {
        let view = self.detail.history.iter().find(|view| view.id == event)?;
        let is_such = matches!(view.event(), Ok(Event::HoldSet { .. } | Event::HoldReleased { .. } | Event::OrderAssigned { .. }));
        let until = view.at.plus_s(i64::from(ctx.settings.orders.undo_seconds));
        (is_such && view.actor == ctx.actor && ctx.now <= until && until > view.at).then_some(until)
    }

    pub(super) fn into_page(self, ctx: &Ctx, page: Shell, part: Part, again: Again, here: Here) -> DetailPage {
        let (say, format, order) = (self.say, &self.format, &self.detail.order);
        let story = Story { say, format, detail: &self.detail, people: &self.people, reasons: &self.reasons, messages: &self.messages };
        let cards = Cards { ctx, say, format, detail: &self.detail, store: &self.store, around: &self.around, people: &self.people, story: &story };
        let channel = say.t(badges::channel(order.channel).1);
        let came = say.with("order-came", &[("channel", channel), ("at", format.moment(order.created_at))]);
        let is_to_call = order.state == OrderState::Pending && self.detail.actions.contains(&OrderAction::Confirm);
        let collects = order.payment_method == PaymentMethod::Cod && order.to_collect == order.total;
        let total_label = say.t(if collects { "order-to-collect" } else { "order-total" });
        let is_live = order.archived_at.is_none();
        let can_edit = is_live && ctx.can(Permission::OrderEdit) && !orders::open_fields(order.state).is_empty();
        let (steps, back_steps) = self.steps();
        let next_title = match order.call_at.filter(|_| order.state == OrderState::Pending) {
            Some(at) => say.one("order-next-call-at", "at", format.moment(at)),
            None => say.t(badges::next_action(order.state)),
        };
        DetailPage {
            id: order.id.to_string(),
            version: order.version,
            heading: say.one("order-heading", "number", self.shown_number()),
            badge: badges::order(order.state, order.confirmation, order.call_at.is_some(), order.shipping_state),
            substatus: self.substatus(ctx),
            priority: badges::priority(order.priority),
            is_archived: !is_live,
            is_test: order.is_test,
            came,
            updated: say.one("order-updated", "at", format.ago(order.updated_at)),
            store: self.store.name.clone(),
            more: More {
                can_reorder: ctx.can(Permission::OrderPlace),
                can_cancel: self.detail.actions.contains(&OrderAction::Cancel),
                can_archive: is_live && ctx.can(Permission::OrderArchive),
                can_unarchive: !is_live && ctx.can(Permission::OrderArchive),
                can_delete: order.is_test && ctx.can(Permission::OrderArchive),
            },
            again,
            here: Here { note: self.detail.notes.last().map(|note| note.id.to_string()).unwrap_or_default(), ..here },
            names_you: people::names_you(ctx, &story),
            pins: people::pins(&story),
            percent: ctx.settings.rules.progress(order.state, order.substatus.as_deref()),
            waits: say.t(badges::waits_for(order.state)),
            promise: order.expected_on.filter(|_| !order.state.is_closed()).map(|day| say.one("order-promise", "day", format.day(day))),
            steps,
            back_steps,
            moves: self.offers(ctx, &cards),
            next_title,
            next_hint: say.t("order-next-hint"),
            is_closed: order.state.is_closed(),
            is_to_call,
            held: cards.held(),
            places: self.places(ctx),
            phone: self.phone(ctx),
            units: say.count("order-units", order.item_count, &format.number(order.item_count)),
            edit: can_edit.then(|| format!("{}/edit", page.here)),
            lines: self.detail.lines.iter().map(|line| self.line(line)).collect(),
            sums: self.sums(),
            total_label,
            total: format.money_parts(order.total, order.currency),
            activity_tabs: story::tabs(&page.here, part),
            can_note: ctx.can(Permission::OrderNote) && is_live,
            history: story.entries(ctx, part),
            customer: self.customer(ctx),
            map: map_of(&self.address(ctx), order.country.code()),
            address: self.address(ctx),
            payment: cards.payment(),
            shipment: cards.shipment(),
            holds: cards.holds(),
            agent: AgentCard::of(ctx, say, format, &self.detail, self.agent_name(), &self.takers),
            escalation: cards.escalation(),
            files: cards.files(),
            facts: cards.facts(),
            page,
        }
    }

    /// Where in its state it stands, by the name and colour that the organization gave it.
    fn substatus(&self, ctx: &Ctx) -> Option<Mark> {
        let order = &self.detail.order;
        let found = ctx.settings.rules.substatus(order.state, order.substatus.as_deref()?)?;
        let text = base::rules::label(&found.labels, self.say.locale).unwrap_or(&found.key).to_owned();
        Some(Mark { text, fill: found.tone.map_or("neu", fill) })
    }

    /// Where in its state it may go.
    fn places(&self, ctx: &Ctx) -> Vec<Choosable> {
        let order = &self.detail.order;
        if order.archived_at.is_some() || !ctx.can(Permission::OrderEdit) {
            return Vec::new();
        }
        let siblings = overlay::siblings(&ctx.settings.rules, order.state, order.substatus.as_deref());
        siblings.map(|one| Choosable::new(one.key.clone(), base::rules::label(&one.labels, self.say.locale).unwrap_or(&one.key), "")).collect()
    }

    /// When an order last came to a state.
    fn reached(&self, wanted: OrderState) -> Option<Time> {
        let to = |event: &EventView| match event.event() {
            Ok(Event::OrderMoved { to, .. } | Event::MoveUndone { to, .. }) => Some(to),
            _ => None,
        };
        self.detail.history.iter().rev().find(|event| to(event) == Some(wanted)).map(|event| event.at)
    }

    /// When it was first given to somebody.
    fn assigned(&self) -> Option<Time> {
        let is_given = |event: &&EventView| matches!(event.event(), Ok(Event::OrderAssigned { .. }));
        let given = self.detail.history.iter().find(is_given).map(|event| event.at);
        self.detail.order.agent_id.map(|_| given.unwrap_or(self.detail.order.created_at))
    }

    /// The way of an order with its times, and the way back where it goes back.
    fn steps(&self) -> (Vec<Step>, Vec<Step>) {
        use OrderState::{
            Backordered, Cancelled, Confirmed, Delivered, OutForDelivery, Pending, Processing, Refunded, ReturnApproved, ReturnRequested, Returned,
            Shipped,
        };
        let now = self.detail.order.state;
        let note = |state: OrderState| self.reached(state).map(|at| self.format.moment(at)).unwrap_or_default();
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

        let mut steps = vec![Step { class: "done", title: "order-step-received", note: self.format.moment(self.detail.order.created_at) }];
        if let Some(at) = self.assigned() {
            steps.push(Step { class: "done", title: "order-step-assigned", note: self.format.moment(at) });
        }
        if now == Cancelled {
            // Only where it has been.
            let been = way.iter().filter(|(state, _)| self.reached(*state).is_some());
            steps.extend(been.map(|(state, title)| Step { class: "done", title, note: note(*state) }));
            steps.push(Step { class: "now red", title: "order-step-cancelled", note: note(Cancelled) });
            return (steps, Vec::new());
        }
        if let Some(at) = back.iter().position(|(state, _)| *state == now) {
            for (state, title) in &way {
                // A parcel can come back without having arrived.
                let class = if self.reached(*state).is_some() { "done" } else { "" };
                steps.push(Step { class, title, note: note(*state) });
            }
            let class = |place: usize| match place.cmp(&at) {
                std::cmp::Ordering::Less => "done red",
                std::cmp::Ordering::Equal => "now red",
                std::cmp::Ordering::Greater => "red",
            };
            let red = |(place, (state, title)): (usize, &(OrderState, &'static str))| Step { class: class(place), title, note: note(*state) };
            // A step that was left out on the way back is not shown as made.
            let made = |(place, (state, _)): &(usize, &(OrderState, &'static str))| *place >= at || self.reached(*state).is_some();
            return (steps, back.iter().enumerate().filter(made).map(red).collect());
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
        (steps, Vec::new())
    }

    fn offers(&self, ctx: &Ctx, cards: &Cards<'_>) -> Vec<Offer> {
        let order = &self.detail.order;
        let (rules, substatus) = (&ctx.settings.rules, order.substatus.as_deref());
        let next = overlay::expected_next(rules, order.state, substatus);
        let usual = next.and_then(|next| overlay::action_between(rules, order.state, substatus, next).ok());
        let is_held = order.hold_count > 0;
        let offer = |action: &OrderAction| {
            let is_cancel = *action == OrderAction::Cancel;
            let own = || reasons(*action).iter().map(|(code, key)| Choosable::new(*code, self.say.t(key), "")).collect();
            let consequence = match action {
                OrderAction::Cancel => Some("order-cancel-consequence"),
                OrderAction::Refund => Some("order-refund-consequence"),
                _ => None,
            };
            Offer {
                action: action.as_str(),
                face: badges::action(*action),
                is_first: usual == Some(*action),
                asks: is_cancel || state::needs_reason(*action) || overlay::guards(rules, order.state, *action).contains(&Guard::Reason),
                consequence: consequence.map(|key| self.say.t(key)),
                reasons: if is_cancel { cards.cancel_reasons() } else { own() },
            }
        };
        // What a hold stands in the way of is not offered: the page says why, and where to release it.
        let open = self.detail.actions.iter().filter(|action| !is_held || !orders::holds::blocks(**action));
        let mut offers: Vec<Offer> = open.map(offer).collect();
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
        let badge = match line.state {
            LineState::Ready => None,
            LineState::Backordered => Some(Badge { key: "line-backordered", tone: "warn" }),
            LineState::Cancelled => Some(Badge { key: "line-cancelled", tone: "neu" }),
            LineState::Returned => Some(Badge { key: "line-returned", tone: "bad" }),
        };
        LineView {
            title: line.title.clone(),
            note: dotted([&line.variant, &line.sku]),
            badge,
            sum: format!("{} × {}", self.format.number(line.quantity), self.format.amount(line.unit_price, currency)),
            discount: (line.discount != Amount::ZERO).then(|| format!("−{}", self.format.amount(line.discount, currency))),
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
        let ended = self.customer.as_ref().map(|customer| {
            customer
                .totals
                .iter()
                .fold((0, 0), |(good, all), totals| (good + totals.delivered, all + totals.delivered + totals.returned + totals.cancelled))
        });
        let success = ended.filter(|(_, all)| *all > 0).map(|(good, all)| {
            let ppm = good * 1_000_000 / all;
            (u8::try_from((ppm + 5_000) / 10_000).unwrap_or(100), self.format.percent(ppm))
        });
        let since = self.customer.as_ref().and_then(|customer| customer.totals.iter().map(|totals| totals.first_order_at).min());
        let twins = self.twins as i64;
        let open = self.open.len() as i64;
        let mut spent: BTreeMap<Currency, Amount> = BTreeMap::new();
        for one in self.customer.iter().flat_map(|customer| &customer.totals) {
            *spent.entry(one.currency).or_insert(Amount::ZERO) += one.delivered_total;
        }
        let spent = spent.into_iter().map(|(currency, amount)| self.format.money(amount, currency)).collect::<Vec<_>>().join(" · ");
        CustomerView {
            name: order.contact_name.clone(),
            initials: badges::initials(&order.contact_name),
            tone: badges::person_tone(order.customer_id.map_or(0, Id::to_i64)),
            since: since.map(|at| say.one("order-customer-since", "day", self.format.day(at.day_in(&self.store.zone)))),
            email: self.customer.as_ref().and_then(|customer| customer.customer.email.as_deref()).map(|email| customers::shown_email(ctx, email)),
            flags: self.flags.clone(),
            figures,
            success,
            last: self.last.iter().map(|row| self.last_order(row)).collect(),
            twins: (twins > 0).then(|| say.count("order-customer-twins", twins, &self.format.number(twins))),
            spent: (!spent.is_empty()).then_some(spent),
            open: (open > 0).then(|| say.count("people-open-too", open, &self.format.number(open))),
            open_orders: self.open.iter().map(|row| (format!("/app/orders/{}", row.id), row.number.clone())).collect(),
            href: self.customer.as_ref().map(|customer| format!("/app/customers/{}", customer.customer.id)),
        }
    }

    fn last_order(&self, row: &OrderRow) -> LastOrder {
        LastOrder {
            href: format!("/app/orders/{}", row.id),
            number: row.number.clone(),
            at: self.format.date(row.created_at),
            badge: badges::order(row.state, row.confirmation, row.call_at.is_some(), row.shipping_state),
            total: self.format.amount(row.total, row.currency),
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
}

/// A number as people call it; set apart where lines run from right to left, so that its sign stays before it.
pub(super) fn number_of(say: Words, number: &str) -> String {
    if say.locale.is_right_to_left() { format!("\u{2066}#{number}\u{2069}") } else { format!("#{number}") }
}

/// Whom an event says that the order was given to.
fn given_to(view: &EventView) -> Option<UserId> {
    match view.event() {
        Ok(Event::OrderAssigned { to, .. }) => to,
        _ => None,
    }
}

/// The marks on a customer, each with its colour.
fn flags(tx: &mut Tx, ctx: &Ctx, customer: &CustomerDetail) -> Result<Vec<Mark>, Error> {
    let kinds = customers::flags::kinds_of(tx, &customer.flags)?;
    let mark = |flag: &customers::flags::Flag| {
        let kind = kinds.get(&flag.kind);
        Mark { text: kind.map_or(&*flag.kind, |kind| kind.label(ctx.locale)).to_owned(), fill: kind.map_or("neu", |kind| fill(kind.tone)) }
    };
    Ok(customer.flags.iter().map(mark).collect())
}

/// Where a map shows an address; nothing where dots hide it or nothing is known but a country.
fn map_of(address: &[String], country: &str) -> Option<String> {
    let mut known: Vec<&str> = address.iter().map(String::as_str).filter(|line| !mask::has_dots(line)).collect();
    if known.is_empty() {
        return None;
    }
    known.push(country);
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("api", "1").append_pair("query", &known.join(", ")).finish();
    Some(format!("https://www.google.com/maps/search/?{query}"))
}

/// Other orders of a customer that are not packed yet, as far as the reader may see them: perhaps the same order twice.
fn open_orders(tx: &mut Tx, ctx: &Ctx, customer: &CustomerDetail, this: OrderId) -> Result<Vec<OrderRow>, Error> {
    let states = vec![OrderState::Pending, OrderState::Confirmed, OrderState::Backordered, OrderState::Processing];
    let filter = OrderFilter { customer: Some(customer.customer.id), states, ..OrderFilter::default() };
    let page = Page { limit: LAST as u32 + 1, with_total: false, ..Page::default() };
    let mut rows = orders::list(tx, ctx, &filter, &page)?.items;
    rows.retain(|row| row.id != this);
    rows.truncate(LAST);
    Ok(rows)
}

/// The newest orders of a customer but this one, as far as the reader may see them.
fn last_orders(tx: &mut Tx, ctx: &Ctx, customer: &CustomerDetail, this: OrderId) -> Result<Vec<OrderRow>, Error> {
    let filter = OrderFilter { customer: Some(customer.customer.id), ..OrderFilter::default() };
    let page = Page { limit: LAST as u32 + 1, with_total: false, ..Page::default() };
    let mut rows = orders::list(tx, ctx, &filter, &page)?.items;
    rows.retain(|row| row.id != this);
    rows.truncate(LAST);
    Ok(rows)
}
