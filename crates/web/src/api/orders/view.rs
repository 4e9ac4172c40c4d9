//! What an order looks like to programs.

use base::Ctx;
use base::rules::{Guard, RuleSet};
use db::Tx;
use kernel::{
    Channel, Confirmation, Country, CustomerId, Day, Error, EventId, LineId, LineState, Money, NoteAudience, NoteId, OrderAction, OrderId,
    OrderState, PaymentMethod, PaymentState, Priority, ShippingState, StoreId, TaxMode, Time, TrackingEntryId, UserId, VariantId, Version,
};
use orders::mentions::Mentioned;
use orders::state::Transition;
use orders::{Line, Note, Order, OrderDetail, OrderRow, TrackingEntry, holds, overlay};
use serde_json::{Map, Value};

use crate::api::care::{FlagMarkView, marks};
use crate::api::common::{ActorView, EventJson, money, phone};
use crate::api::credits::CreditNoteView;
use crate::api::escalations::{EscalationView, Shown};
use crate::api::orders::holds::HoldView;
use crate::error::Problem;
use crate::schema::view;

view! {
    /// An order. `lines`, `notes`, `tracking_entries` and `history` are there when one order is read, not in the answers of moves.
    pub(crate) struct OrderView {
        /// Which.
        id: OrderId,
        /// What people call it.
        number: String = "1041",
        /// Where it was sold.
        store_id: StoreId,
        /// What the shop or file calls it.
        external_ref: Option<String> = "W-1041",
        /// Where it came from.
        channel: Channel,
        /// Where it stands.
        state: OrderState,
        /// Where in its state, if the organization has sub-statuses there.
        substatus: Option<SubstatusView>,
        /// How far along it is in percent; null once it is called off or on its way back.
        progress: Option<u8> = 35,
        /// How far the confirmation call has come.
        confirmation: Confirmation,
        /// When to call.
        call_at: Option<Time>,
        /// Whose it is.
        agent_id: Option<UserId>,
        /// Where the parcel is.
        shipping_state: ShippingState,
        /// What has been paid.
        payment_state: PaymentState,
        /// The courier's number of the parcel.
        tracking: Option<String>,
        /// Who carries it.
        courier: Option<String>,
        /// How likely it is a duplicate, 0 to 100.
        duplicate_score: Option<i64>,
        /// How likely it is refused at the door, 0 to 100.
        risk: Option<i64>,
        /// Reasons that hold it back.
        hold_count: i64 = 0,
        /// How urgent it is.
        priority: Priority,
        /// When it was promised.
        expected_on: Option<Day>,
        /// How the customer pays.
        payment_method: PaymentMethod,
        /// Who buys.
        customer: Option<ContactView>,
        /// Where it goes.
        shipping_address: ShippingAddressView,
        /// All lines.
        subtotal: Money,
        /// The order's own discount.
        discount: Money,
        /// For delivery.
        shipping_fee: Money,
        /// For cash on delivery.
        cod_fee: Money,
        /// The tax, inside or on top.
        tax: Money,
        /// Whether prices hold the tax.
        tax_mode: TaxMode,
        /// The rate in millionths: 19 % is 190,000.
        tax_rate_ppm: i64 = 190000,
        /// What the customer owes.
        total: Money,
        /// What of it is collected at the door.
        to_collect: Money,
        /// How many lines.
        line_count: i64 = 1,
        /// How many things.
        item_count: i64 = 2,
        /// Lines that cannot ship yet.
        backordered_count: i64 = 0,
        /// Notes on it.
        note_count: i64 = 0,
        /// What it sells, in one line.
        summary: String = "2 × Linen dress",
        /// Short words of the team's own.
        tags: Vec<String> = ["vip"],
        /// Fields of the team's own.
        custom: Map<String, Value> = {},
        /// Placed to try things out.
        is_test: bool = false,
        /// The preset that brought it in from a file.
        import_source: Option<String>,
        /// Since when it is out of the daily lists.
        archived_at: Option<Time>,
        /// When it was placed.
        created_at: Time,
        /// When we wrote it down.
        recorded_at: Time,
        /// The last change of any kind.
        updated_at: Time,
        /// The last change of state.
        moved_at: Time,
        /// Grows with each change.
        version: Version = 1,
        /// What you may do with it now.
        actions: Vec<ActionView>,
        /// Whether this call made it; only in the answer of placing.
        #[serde(skip_serializing_if = "Option::is_none")]
        is_new: Option<bool>,
        /// What it sells.
        #[serde(skip_serializing_if = "Option::is_none")]
        lines: Option<Vec<LineView>>,
        /// Notes, oldest first.
        #[serde(skip_serializing_if = "Option::is_none")]
        notes: Option<Vec<NoteView>>,
        /// Dated words about where the parcel is, oldest first.
        #[serde(skip_serializing_if = "Option::is_none")]
        tracking_entries: Option<Vec<TrackingEntryView>>,
        /// What it gave back on paper.
        #[serde(skip_serializing_if = "Option::is_none")]
        credit_notes: Option<Vec<CreditNoteView>>,
        /// What holds it back now, oldest first.
        #[serde(skip_serializing_if = "Option::is_none")]
        holds: Option<Vec<HoldView>>,
        /// What was passed up the team and is not settled.
        #[serde(skip_serializing_if = "Option::is_none")]
        escalation: Option<Box<EscalationView>>,
        /// The move that you may still take back.
        #[serde(skip_serializing_if = "Option::is_none")]
        undo: Option<UndoView>,
        /// Everything that happened to it, oldest first.
        #[serde(skip_serializing_if = "Option::is_none")]
        history: Option<Vec<EventJson>>,
    }

    /// Who buys, as written on the order.
    pub(crate) struct ContactView {
        /// The customer's record.
        id: Option<CustomerId>,
        /// As they write themselves.
        name: String = "Amina Benali",
        /// Their number; masked without the right to see it whole.
        phone: Option<String> = "+213550142387",
        /// Marks on them that stand; there when orders are read, not in the answers of changes.
        #[serde(skip_serializing_if = "Option::is_none")]
        flags: Option<Vec<FlagMarkView>>,
    }

    /// Where an order goes.
    pub(crate) struct ShippingAddressView {
        /// Street and house.
        line1: Option<String> = "Cité 200 logts, bloc 7",
        /// The rest of it.
        line2: Option<String>,
        /// City, commune or town.
        city: Option<String> = "Bir El Djir",
        /// District, daira or sub-county.
        district: Option<String>,
        /// Province by the list's name, or as typed.
        province: Option<String> = "Oran",
        /// What province filters compare.
        province_key: Option<String> = "DZ:31",
        /// Country.
        country: Country,
        /// Postal code.
        postal_code: Option<String>,
        /// Whether the place was found in the lists.
        place_known: bool = true,
    }

    /// Something you may do with an order now.
    pub(crate) struct ActionView {
        /// Which.
        action: OrderAction,
        /// Where it leads.
        to: OrderState,
        /// Whether a reason must be given.
        needs_reason: bool = false,
        /// What else the organization asks for: each as a rule set writes it. Left out when there is nothing.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        requires: Vec<serde_json::Value> = [{"require": "note"}],
        /// The sub-statuses in which the order may land; it lands in the default when none is named. Left out when there are none.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        substatuses: Vec<String> = ["no_answer"],
        /// What stands in the way now. Left out when nothing does.
        #[serde(skip_serializing_if = "Option::is_none")]
        blocked: Option<BlockedView>,
    }

    /// Why something cannot be done now.
    pub(crate) struct BlockedView {
        /// The code of the refusal that it would meet.
        code: &'static str = "order.held",
        /// The same in words.
        message: String = "2 reasons hold this order back: Address to be checked, Stock is missing.",
    }

    /// A named place within a state.
    pub(crate) struct SubstatusView {
        /// What programs call it.
        key: String = "no_answer",
        /// Its name in your language.
        label: String = "No answer",
        /// Its tone, or its state's.
        tone: Option<kernel::Tone>,
        /// Its colour, or its state's.
        color: Option<String>,
    }

    /// A line of an order.
    pub(crate) struct LineView {
        /// Which.
        id: LineId,
        /// Its SKU.
        sku: Option<String> = "LIN-M",
        /// What it is.
        title: String = "Linen dress",
        /// Size, colour and the like.
        variant: Option<String> = "sand, M",
        /// More about it.
        spec: Option<Map<String, Value>>,
        /// How many.
        quantity: i64 = 2,
        /// What one costs.
        unit_price: Money,
        /// The line's own discount.
        discount: Money,
        /// Its part of the order's discount.
        order_discount: Money,
        /// The tax on it, inside or on top.
        tax: Money,
        /// Quantity times price less its own discount.
        line_total: Money,
        /// Whether it can ship.
        state: LineState,
        /// Its entry in the catalogue.
        variant_id: Option<VariantId>,
    }

    /// A note on an order.
    pub(crate) struct NoteView {
        /// Which.
        id: NoteId,
        /// Who may read it.
        audience: NoteAudience,
        /// Who wrote it.
        author: ActorView,
        /// What it says.
        text: String = "Wants it in blue if sand is sold out",
        /// What kind of interaction it is about.
        kind: Option<String> = "call",
        /// Whatever else the writer's form had.
        data: Map<String, Value> = {},
        /// When.
        created_at: Time,
        /// Since when it stands on top of the order; null when it does not.
        pinned_at: Option<Time>,
        /// The colleagues whom it names.
        mentions: Vec<MentionedView>,
    }

    /// A colleague whom a note names.
    pub(crate) struct MentionedView {
        /// Whom.
        user_id: UserId,
        /// When they looked at the order; null before.
        seen_at: Option<Time>,
    }

    /// Dated words about where the parcel is.
    pub(crate) struct TrackingEntryView {
        /// Which.
        id: TrackingEntryId,
        /// When it was so.
        at: Time,
        /// The word for the status.
        status: String = "at_hub",
        /// Where.
        place: Option<String> = "Oran",
        /// More words.
        text: Option<String>,
        /// `staff`, or the courier's name.
        source: String = "staff",
        /// Who wrote it.
        author: ActorView,
        /// When it was written.
        created_at: Time,
    }

    /// An order as lists show it.
    pub(crate) struct OrderRowView {
        /// Which.
        id: OrderId,
        /// What people call it.
        number: String = "1041",
        /// Where it was sold.
        store_id: StoreId,
        /// What the shop or file calls it.
        external_ref: Option<String> = "W-1041",
        /// Where it came from.
        channel: Channel,
        /// Where it stands.
        state: OrderState,
        /// Where in its state, if the organization has sub-statuses there.
        substatus: Option<SubstatusView>,
        /// How far along it is in percent.
        progress: Option<u8> = 35,
        /// How far the confirmation call has come.
        confirmation: Confirmation,
        /// When to call.
        call_at: Option<Time>,
        /// Whose it is.
        agent_id: Option<UserId>,
        /// Where the parcel is.
        shipping_state: ShippingState,
        /// What has been paid.
        payment_state: PaymentState,
        /// How the customer pays.
        payment_method: PaymentMethod,
        /// The courier's number of the parcel.
        tracking: Option<String>,
        /// Who carries it.
        courier: Option<String>,
        /// Reasons that hold it back.
        hold_count: i64 = 0,
        /// How urgent it is.
        priority: Priority,
        /// When it was promised.
        expected_on: Option<Day>,
        /// Who buys.
        customer: Option<ContactView>,
        /// City, commune or town.
        city: Option<String> = "Bir El Djir",
        /// Province by the list's name, or as typed.
        province: Option<String> = "Oran",
        /// Country.
        country: Country,
        /// Whether the place was found in the lists.
        place_known: bool = true,
        /// What the customer owes.
        total: Money,
        /// What of it is collected at the door.
        to_collect: Money,
        /// How many lines.
        line_count: i64 = 1,
        /// How many things.
        item_count: i64 = 2,
        /// Lines that cannot ship yet.
        backordered_count: i64 = 0,
        /// Notes on it.
        note_count: i64 = 0,
        /// What it sells, in one line.
        summary: String = "2 × Linen dress",
        /// Short words of the team's own.
        tags: Vec<String> = ["vip"],
        /// Those of the team's own fields that lists show.
        custom: Map<String, Value> = {},
        /// Since when it is out of the daily lists.
        archived_at: Option<Time>,
        /// When it was placed.
        created_at: Time,
        /// The last change of any kind.
        updated_at: Time,
        /// The last change of state.
        moved_at: Time,
        /// Grows with each change.
        version: Version = 1,
    }

    /// A move that may still be taken back.
    pub(crate) struct UndoView {
        /// The event of the move.
        event_id: EventId,
        /// Until when.
        until: Time,
    }

    /// What a move did.
    pub(crate) struct MovedView {
        /// The order as it stands now.
        order: OrderView,
        /// The event; whoever made the move may take it back with it.
        event_id: EventId,
        /// Until when; null when it cannot be taken back.
        undo_until: Option<Time>,
    }
}

fn contact(ctx: &Ctx, id: Option<CustomerId>, name: String, number: Option<&kernel::Phone>) -> Option<ContactView> {
    if id.is_none() && name.is_empty() && number.is_none() {
        return None;
    }
    Some(ContactView { id, name, phone: number.map(|number| phone(ctx, number)), flags: None })
}

impl OrderRowView {
    /// A list with the marks of its customers: one statement more, and a second where anybody bears one.
    pub(crate) fn marked(tx: &mut Tx, ctx: &Ctx, rows: Vec<OrderRow>) -> Result<Vec<OrderRowView>, Error> {
        let customers: Vec<CustomerId> = rows.iter().filter_map(|row| row.customer_id).collect();
        let marks = marks(tx, ctx, &customers)?;
        let mut views: Vec<OrderRowView> = rows.into_iter().map(|row| OrderRowView::of(ctx, row)).collect();
        if ctx.can(kernel::Permission::CustomerRead) {
            for (contact, id) in views.iter_mut().filter_map(|view| view.customer.as_mut()).filter_map(|contact| contact.id.map(|id| (contact, id))) {
                contact.flags = Some(marks.get(&id).cloned().unwrap_or_default());
            }
        }
        Ok(views)
    }
}

impl ActionView {
    fn of(rules: &RuleSet, row: &Transition) -> ActionView {
        let guards = overlay::guards(rules, row.from, row.action);
        ActionView {
            action: row.action,
            to: row.to,
            needs_reason: row.needs_reason || guards.contains(&Guard::Reason),
            requires: guards.iter().filter(|guard| **guard != Guard::Reason).filter_map(|guard| serde_json::to_value(guard).ok()).collect(),
            substatuses: rules.open(row.to).map(|one| one.key.clone()).collect(),
            blocked: None,
        }
    }
}

impl BlockedView {
    /// What an action would meet; `holds` names what holds the order back, where that was read.
    fn of(ctx: &Ctx, order: &Order, action: OrderAction, holds: Option<&str>) -> Option<BlockedView> {
        let code = orders::obstacle(order, action)?;
        let error = match (code, holds) {
            ("order.held", Some(names)) => Error::conflict(code).with("holds", order.hold_count).with("names", names),
            ("order.held", None) => Error::conflict("order.held_back").with("holds", order.hold_count),
            _ => Error::conflict(code).with("lines", order.backordered_count),
        };
        Some(BlockedView { code, message: Problem::from(error).title(ctx.locale) })
    }
}

impl SubstatusView {
    pub(crate) fn of(ctx: &Ctx, state: OrderState, key: Option<&str>) -> Option<SubstatusView> {
        let key = key?;
        let (of, own) = (ctx.settings.rules.states.get(&state), ctx.settings.rules.substatus(state, key));
        Some(SubstatusView {
            label: crate::api::rules::substatus_label(ctx, state, key),
            tone: own.and_then(|one| one.tone).or_else(|| of?.tone),
            color: own.and_then(|one| one.color.clone()).or_else(|| of?.color.clone()),
            key: key.to_owned(),
        })
    }
}

impl OrderView {
    /// The order's own row.
    pub(crate) fn of(ctx: &Ctx, order: Order) -> OrderView {
        let in_currency = |amount| money(amount, order.currency);
        let is_archived = order.archived_at.is_some();
        let rules = &ctx.settings.rules;
        let rows = overlay::actions(rules, order.state, order.substatus.as_deref());
        let rows = rows.filter(|row| !is_archived && ctx.can(row.permission) && overlay::has_rights(rules, row, &ctx.permissions));
        let blocked = |row: &Transition| BlockedView::of(ctx, &order, row.action, None);
        let actions: Vec<ActionView> = rows.map(|row| ActionView { blocked: blocked(row), ..ActionView::of(rules, row) }).collect();
        OrderView {
            id: order.id,
            store_id: order.store_id,
            channel: order.channel,
            state: order.state,
            substatus: SubstatusView::of(ctx, order.state, order.substatus.as_deref()),
            progress: ctx.settings.rules.progress(order.state, order.substatus.as_deref()),
            confirmation: order.confirmation,
            call_at: order.call_at,
            agent_id: order.agent_id,
            shipping_state: order.shipping_state,
            payment_state: order.payment_state,
            duplicate_score: order.duplicate_score,
            risk: order.risk,
            hold_count: order.hold_count,
            priority: order.priority,
            expected_on: order.expected_on,
            payment_method: order.payment_method,
            subtotal: in_currency(order.subtotal),
            discount: in_currency(order.discount),
            shipping_fee: in_currency(order.shipping_fee),
            cod_fee: in_currency(order.cod_fee),
            tax: in_currency(order.tax),
            tax_mode: order.tax_mode,
            tax_rate_ppm: order.tax_rate_ppm,
            total: in_currency(order.total),
            to_collect: in_currency(order.to_collect),
            line_count: order.line_count,
            item_count: order.item_count,
            backordered_count: order.backordered_count,
            note_count: order.note_count,
            tags: order.tags(),
            custom: customers::shown_fields(ctx, order.custom()),
            is_test: order.is_test,
            archived_at: order.archived_at,
            created_at: order.created_at,
            recorded_at: order.recorded_at,
            updated_at: order.updated_at,
            moved_at: order.moved_at,
            version: order.version,
            actions,
            is_new: None,
            lines: None,
            notes: None,
            tracking_entries: None,
            credit_notes: None,
            holds: None,
            escalation: None,
            undo: None,
            history: None,
            customer: contact(ctx, order.customer_id, order.contact_name, order.contact_phone.as_ref()),
            shipping_address: ShippingAddressView {
                line1: order.line1.map(|line| customers::shown_street(ctx, &line)),
                line2: order.line2.map(|line| customers::shown_street(ctx, &line)),
                city: order.city,
                district: order.district,
                province: order.province,
                province_key: order.province_key,
                country: order.country,
                postal_code: order.postal_code,
                place_known: order.place_known,
            },
            number: order.number,
            external_ref: order.external_ref,
            tracking: order.tracking,
            courier: order.courier,
            summary: order.summary,
            import_source: order.import_source,
        }
    }

    /// The order with everything around it.
    pub(crate) fn whole(tx: &mut Tx, ctx: &Ctx, detail: OrderDetail) -> Result<OrderView, Error> {
        let currency = detail.order.currency;
        let order = detail.order.clone();
        let mut view = OrderView::of(ctx, detail.order);
        if !detail.holds.is_empty() {
            let names = holds::names(&detail.holds, &detail.hold_labels);
            for action in &mut view.actions {
                action.blocked = BlockedView::of(ctx, &order, action.action, Some(&names));
            }
        }
        if let Some(contact) = view.customer.as_mut().filter(|_| ctx.can(kernel::Permission::CustomerRead))
            && let Some(id) = contact.id
        {
            contact.flags = Some(marks(tx, ctx, &[id])?.remove(&id).unwrap_or_default());
        }
        view.holds = Some(detail.holds.into_iter().map(|hold| HoldView::of(hold, &detail.hold_labels)).collect());
        if let Some(open) = detail.escalation {
            view.escalation = Some(Box::new(Shown::load(tx, ctx)?.view(open)));
        }
        view.lines = Some(detail.lines.into_iter().map(|line| LineView::of(line, currency)).collect());
        view.notes = Some(NoteView::all(detail.notes, &detail.mentions));
        view.tracking_entries = Some(detail.tracking.into_iter().map(TrackingEntryView::of).collect());
        view.credit_notes = Some(detail.credit_notes.into_iter().map(|note| CreditNoteView::of(note, None)).collect());
        view.undo = detail.undo.map(|(event_id, until)| UndoView { event_id, until });
        view.history = Some(detail.history.into_iter().map(EventJson::of).collect());
        Ok(view)
    }
}

impl LineView {
    pub(crate) fn of(line: Line, currency: kernel::Currency) -> LineView {
        let in_currency = |amount| money(amount, currency);
        LineView {
            id: line.id,
            quantity: line.quantity,
            unit_price: in_currency(line.unit_price),
            discount: in_currency(line.discount),
            order_discount: in_currency(line.order_discount),
            tax: in_currency(line.tax),
            line_total: in_currency(line.line_total),
            state: line.state,
            variant_id: line.variant_id,
            spec: line.spec.and_then(|text| serde_json::from_str(&text).ok()),
            sku: line.sku,
            title: line.title,
            variant: line.variant,
        }
    }
}

impl NoteView {
    /// The notes of an order with whom each of them names.
    pub(crate) fn all(notes: Vec<Note>, mentions: &[Mentioned]) -> Vec<NoteView> {
        notes.into_iter().map(|note| NoteView::of(note, mentions)).collect()
    }

    pub(crate) fn of(note: Note, mentions: &[Mentioned]) -> NoteView {
        let author = ActorView::of(note.author());
        let mut body: Map<String, Value> = serde_json::from_str(&note.body).unwrap_or_default();
        let mut take = |name: &str| match body.remove(name) {
            Some(Value::String(text)) => Some(text),
            _ => None,
        };
        let (text, kind) = (take("text").unwrap_or_default(), take("kind"));
        let data = match body.remove("data") {
            Some(Value::Object(data)) => data,
            _ => body,
        };
        let named = mentions.iter().filter(|one| one.note_id == note.id);
        NoteView {
            id: note.id,
            audience: note.audience,
            author,
            text,
            kind,
            data,
            created_at: note.created_at,
            pinned_at: note.pinned_at,
            mentions: named.map(|one| MentionedView { user_id: one.user_id, seen_at: one.seen_at }).collect(),
        }
    }
}

impl TrackingEntryView {
    pub(crate) fn of(entry: TrackingEntry) -> TrackingEntryView {
        let author = ActorView::of(entry.author());
        TrackingEntryView {
            id: entry.id,
            at: entry.at,
            status: entry.status,
            place: entry.place,
            text: entry.text,
            source: entry.source,
            author,
            created_at: entry.created_at,
        }
    }
}

impl OrderRowView {
    pub(crate) fn of(ctx: &Ctx, row: OrderRow) -> OrderRowView {
        OrderRowView {
            tags: row.tags(),
            custom: customers::shown_fields(ctx, row.listed(&ctx.settings.field_set.order)),
            id: row.id,
            number: row.number,
            store_id: row.store_id,
            external_ref: row.external_ref,
            channel: row.channel,
            state: row.state,
            substatus: SubstatusView::of(ctx, row.state, row.substatus.as_deref()),
            progress: ctx.settings.rules.progress(row.state, row.substatus.as_deref()),
            confirmation: row.confirmation,
            call_at: row.call_at,
            agent_id: row.agent_id,
            shipping_state: row.shipping_state,
            payment_state: row.payment_state,
            payment_method: row.payment_method,
            tracking: row.tracking,
            courier: row.courier,
            hold_count: row.hold_count,
            priority: row.priority,
            expected_on: row.expected_on,
            customer: contact(ctx, row.customer_id, row.contact_name, row.contact_phone.as_ref()),
            city: row.city,
            province: row.province,
            country: row.country,
            place_known: row.place_known,
            total: money(row.total, row.currency),
            to_collect: money(row.to_collect, row.currency),
            line_count: row.line_count,
            item_count: row.item_count,
            backordered_count: row.backordered_count,
            note_count: row.note_count,
            summary: row.summary,
            archived_at: row.archived_at,
            created_at: row.created_at,
            updated_at: row.updated_at,
            moved_at: row.moved_at,
            version: row.version,
        }
    }
}
