//! What goes in and what comes out: orders, lines, notes, tracking entries.

use kernel::{
    Actor, Amount, Channel, Confirmation, Country, Currency, CustomerId, Day, EventId, LineId, LineState, Locale, Money, NoteAudience, NoteId,
    OrderAction, OrderId, OrderState, PaymentMethod, PaymentState, Phone, Priority, ShippingState, StoreId, TaxMode, Time, TrackingEntryId, UserId,
    VariantId, VariantKind, Version,
};
use serde_json::{Map, Value};

pub use customers::NewAddress;

/// An order as it comes in, from whatever channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewOrder {
    /// Where it was sold; decides currency, tax and fees.
    pub store_id: StoreId,
    /// What the shop or file calls it. The same one again answers the order that stands already.
    pub external_ref: Option<String>,
    /// Where it came from.
    pub channel: Channel,
    /// When it was placed; now when not given. Not before 2000 and not in the future.
    pub placed_at: Option<Time>,
    /// Who buys; none for sales to nobody in particular.
    pub customer: Option<NewContact>,
    /// Where it goes.
    pub shipping_address: Option<NewAddress>,
    /// What it sells; at least one.
    pub lines: Vec<NewLine>,
    /// Less this, after the lines' own discounts.
    pub discount: Option<NewDiscount>,
    /// For delivery; the store's fee when not given.
    pub shipping_fee: Option<Money>,
    /// For cash on delivery; the store's fee when not given and the customer pays so.
    pub cod_fee: Option<Money>,
    /// How the customer pays.
    pub payment_method: PaymentMethod,
    /// How urgent it is.
    pub priority: Priority,
    /// When it was promised.
    pub expected_on: Option<Day>,
    /// Short words of the team's own.
    pub tags: Vec<String>,
    /// Fields of the team's own.
    pub custom: Map<String, Value>,
    /// A first internal note.
    pub note: Option<String>,
    /// Whose it is from the start.
    pub agent_id: Option<UserId>,
    /// Placed to try things out.
    pub is_test: bool,
    /// The preset that brought it in from a file.
    pub import_source: Option<String>,
}

impl NewOrder {
    /// An order of a store with nothing in it yet.
    pub fn new(store_id: StoreId) -> NewOrder {
        NewOrder {
            store_id,
            external_ref: None,
            channel: Channel::Api,
            placed_at: None,
            customer: None,
            shipping_address: None,
            lines: Vec::new(),
            discount: None,
            shipping_fee: None,
            cod_fee: None,
            payment_method: PaymentMethod::Cod,
            priority: Priority::Normal,
            expected_on: None,
            tags: Vec::new(),
            custom: Map::new(),
            note: None,
            agent_id: None,
            is_test: false,
            import_source: None,
        }
    }
}

/// Who buys, as written on the order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewContact {
    /// As she writes herself.
    pub name: String,
    /// In any spelling; read as of the address' or the store's country.
    pub phone: Option<String>,
    /// Where to write to.
    pub email: Option<String>,
    /// What messages to her are written in.
    pub language: Option<Locale>,
    /// The id that the shop or file knows her by.
    pub external_ref: Option<String>,
}

/// A line as it comes in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLine {
    /// Its SKU, if the shop has one.
    pub sku: Option<String>,
    /// Whether it is packed or only charged.
    pub kind: VariantKind,
    /// What it is.
    pub title: String,
    /// Size, colour and the like.
    pub variant: Option<String>,
    /// More about it, as the shop has it.
    pub spec: Option<Map<String, Value>>,
    /// How many.
    pub quantity: i64,
    /// What one costs, in the store's currency.
    pub unit_price: Money,
    /// Less this.
    pub discount: Option<NewDiscount>,
    /// Whether it can ship.
    pub is_backordered: bool,
}

impl NewLine {
    /// So many of one thing at a price.
    pub fn new(sku: Option<&str>, title: &str, quantity: i64, unit_price: Money) -> NewLine {
        NewLine {
            sku: sku.map(str::to_owned),
            kind: VariantKind::Goods,
            title: title.to_owned(),
            variant: None,
            spec: None,
            quantity,
            unit_price,
            discount: None,
            is_backordered: false,
        }
    }
}

/// A reduction as it comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewDiscount {
    /// This much, in the store's currency.
    Amount(Money),
    /// This share, in millionths: 10 % is 100,000.
    Percent(i64),
}

/// An order that stands, and whether this call made it.
#[derive(Clone, Debug)]
pub struct Placed {
    /// The order.
    pub order: Order,
    /// False when the same order had come in before.
    pub is_new: bool,
}

db::row! {
    /// An order with everything that its row says.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Order {
        /// Its id.
        pub id: OrderId,
        /// Where it was sold.
        pub store_id: StoreId,
        /// The counted part of its number.
        pub seq: i64,
        /// What people call it.
        pub number: String,
        /// What the shop or file calls it.
        pub external_ref: Option<String>,
        /// Where it came from.
        pub channel: Channel,
        /// Who bought.
        pub customer_id: Option<CustomerId>,
        /// Her name as on the order.
        pub contact_name: String,
        /// Her number as on the order; print it through `customers::shown_phone`.
        pub contact_phone: Option<Phone>,
        /// Street and house.
        pub line1: Option<String>,
        /// The rest of it.
        pub line2: Option<String>,
        /// City, commune or town.
        pub city: Option<String>,
        /// District, daira or sub-county.
        pub district: Option<String>,
        /// Province by the list's name, or as typed.
        pub province: Option<String>,
        /// What province filters compare: `DZ:31`.
        pub province_key: Option<String>,
        /// Country.
        pub country: Country,
        /// Postal code.
        pub postal_code: Option<String>,
        /// Whether the place was found in the lists.
        pub place_known: bool,
        /// Where it stands.
        pub state: OrderState,
        /// How far the confirmation call has come.
        pub confirmation: Confirmation,
        /// When to call.
        pub call_at: Option<Time>,
        /// Whose it is.
        pub agent_id: Option<UserId>,
        /// Where the parcel is.
        pub shipping_state: ShippingState,
        /// What has been paid.
        pub payment_state: PaymentState,
        /// The courier's number of the parcel.
        pub tracking: Option<String>,
        /// Who carries it.
        pub courier: Option<String>,
        /// Where in its state it stands, if the state has sub-statuses.
        pub substatus: Option<String>,
        /// How likely it is a duplicate, 0 to 100.
        pub duplicate_score: Option<i64>,
        /// How likely it is refused at the door, 0 to 100.
        pub risk: Option<i64>,
        /// Reasons that hold it back.
        pub hold_count: i64,
        /// How urgent it is.
        pub priority: Priority,
        /// When it was promised.
        pub expected_on: Option<Day>,
        /// How the customer pays.
        pub payment_method: PaymentMethod,
        /// Of all its amounts.
        pub currency: Currency,
        /// All lines.
        pub subtotal: Amount,
        /// The order's own discount.
        pub discount: Amount,
        /// For delivery.
        pub shipping_fee: Amount,
        /// For cash on delivery.
        pub cod_fee: Amount,
        /// The tax, inside or on top.
        pub tax: Amount,
        /// Whether prices hold the tax.
        pub tax_mode: TaxMode,
        /// The rate in millionths.
        pub tax_rate_ppm: i64,
        /// What the customer owes.
        pub total: Amount,
        /// What of it is collected at the door.
        pub to_collect: Amount,
        /// How many lines.
        pub line_count: i64,
        /// How many things.
        pub item_count: i64,
        /// Lines that cannot ship yet.
        pub backordered_count: i64,
        /// Notes on it.
        pub note_count: i64,
        /// What it sells, in one line.
        pub summary: String,
        /// JSON array of short words.
        pub tags: String,
        /// JSON object of the team's own fields.
        pub custom: String,
        /// Placed to try things out.
        pub is_test: bool,
        /// The preset that brought it in from a file.
        pub import_source: Option<String>,
        /// The store's day on which it was placed.
        pub placed_day: Day,
        /// Since when it is out of the daily lists.
        pub archived_at: Option<Time>,
        /// When it was placed.
        pub created_at: Time,
        /// When we wrote it down.
        pub recorded_at: Time,
        /// The last change of any kind.
        pub updated_at: Time,
        /// The last change of state.
        pub moved_at: Time,
        /// Grows with each change.
        pub version: Version,
    }

    /// An order as lists show it.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct OrderRow {
        /// Its id.
        pub id: OrderId,
        /// The counted part of its number.
        pub seq: i64,
        /// What people call it.
        pub number: String,
        /// Where it was sold.
        pub store_id: StoreId,
        /// What the shop or file calls it.
        pub external_ref: Option<String>,
        /// Where it came from.
        pub channel: Channel,
        /// Who bought.
        pub customer_id: Option<CustomerId>,
        /// Her name as on the order.
        pub contact_name: String,
        /// Her number as on the order; print it through `customers::shown_phone`.
        pub contact_phone: Option<Phone>,
        /// City, commune or town.
        pub city: Option<String>,
        /// Province by the list's name, or as typed.
        pub province: Option<String>,
        /// Country.
        pub country: Country,
        /// Whether the place was found in the lists.
        pub place_known: bool,
        /// Where it stands.
        pub state: OrderState,
        /// How far the confirmation call has come.
        pub confirmation: Confirmation,
        /// When to call.
        pub call_at: Option<Time>,
        /// Whose it is.
        pub agent_id: Option<UserId>,
        /// Where the parcel is.
        pub shipping_state: ShippingState,
        /// What has been paid.
        pub payment_state: PaymentState,
        /// How the customer pays.
        pub payment_method: PaymentMethod,
        /// The courier's number of the parcel.
        pub tracking: Option<String>,
        /// Who carries it.
        pub courier: Option<String>,
        /// Where in its state it stands, if the state has sub-statuses.
        pub substatus: Option<String>,
        /// Reasons that hold it back.
        pub hold_count: i64,
        /// How urgent it is.
        pub priority: Priority,
        /// When it was promised.
        pub expected_on: Option<Day>,
        /// Of its amounts.
        pub currency: Currency,
        /// What the customer owes.
        pub total: Amount,
        /// What of it is collected at the door.
        pub to_collect: Amount,
        /// How many lines.
        pub line_count: i64,
        /// How many things.
        pub item_count: i64,
        /// Lines that cannot ship yet.
        pub backordered_count: i64,
        /// Notes on it.
        pub note_count: i64,
        /// What it sells, in one line.
        pub summary: String,
        /// JSON array of short words.
        pub tags: String,
        /// JSON object of the team's own fields.
        pub custom: String,
        /// Since when it is out of the daily lists.
        pub archived_at: Option<Time>,
        /// When it was placed.
        pub created_at: Time,
        /// The last change of any kind.
        pub updated_at: Time,
        /// The last change of state.
        pub moved_at: Time,
        /// Grows with each change.
        pub version: Version,
    }

    /// A line of an order.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Line {
        /// Its id.
        pub id: LineId,
        /// Its place, from 0.
        pub position: i64,
        /// Its SKU.
        pub sku: Option<String>,
        /// What it is.
        pub title: String,
        /// Size, colour and the like.
        pub variant: Option<String>,
        /// JSON object: more about it.
        pub spec: Option<String>,
        /// How many.
        pub quantity: i64,
        /// What one costs.
        pub unit_price: Amount,
        /// The line's own discount.
        pub discount: Amount,
        /// Its part of the order's discount.
        pub order_discount: Amount,
        /// The tax on it, inside or on top.
        pub tax: Amount,
        /// Quantity times price less its own discount.
        pub line_total: Amount,
        /// Whether it can ship.
        pub state: LineState,
        /// Its entry in the catalogue.
        pub variant_id: Option<VariantId>,
    }

    /// A note on an order.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Note {
        /// Its id.
        pub id: NoteId,
        /// Who may read it.
        pub audience: NoteAudience,
        /// Who wrote it: the kind of actor.
        pub author_kind: String,
        /// Who wrote it: the number.
        pub author_id: Option<i64>,
        /// JSON object with at least `text`.
        pub body: String,
        /// When.
        pub created_at: Time,
        /// Since when it stands on top of the order; none when it does not.
        pub pinned_at: Option<Time>,
    }

    /// Dated words about where the parcel is.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct TrackingEntry {
        /// Its id.
        pub id: TrackingEntryId,
        /// When it was so.
        pub at: Time,
        /// The courier's or staff's word for the status.
        pub status: String,
        /// Where.
        pub place: Option<String>,
        /// More words.
        pub text: Option<String>,
        /// `staff`, or the courier's name.
        pub source: String,
        /// Who wrote it: the kind of actor.
        pub author_kind: String,
        /// Who wrote it: the number.
        pub author_id: Option<i64>,
        /// When it was written.
        pub created_at: Time,
    }
}

impl Note {
    /// Who wrote it.
    pub fn author(&self) -> Actor {
        Actor::from_columns(&self.author_kind, self.author_id)
    }

    /// What kind of interaction it is about: `call`, `message`, …
    pub fn kind(&self) -> Option<String> {
        let body: Value = serde_json::from_str(&self.body).unwrap_or_default();
        body.get("kind").and_then(Value::as_str).map(str::to_owned)
    }

    /// Its text.
    pub fn text(&self) -> String {
        Note::text_of(&self.body)
    }

    /// What a kept body says.
    pub(crate) fn text_of(body: &str) -> String {
        let body: Value = serde_json::from_str(body).unwrap_or_default();
        body.get("text").and_then(Value::as_str).unwrap_or_default().to_owned()
    }
}

impl TrackingEntry {
    /// Who wrote it.
    pub fn author(&self) -> Actor {
        Actor::from_columns(&self.author_kind, self.author_id)
    }
}

impl Order {
    /// Its tags.
    pub fn tags(&self) -> Vec<String> {
        serde_json::from_str(&self.tags).unwrap_or_default()
    }

    /// Its own fields.
    pub fn custom(&self) -> Map<String, Value> {
        serde_json::from_str(&self.custom).unwrap_or_default()
    }
}

impl OrderRow {
    /// Its tags.
    pub fn tags(&self) -> Vec<String> {
        serde_json::from_str(&self.tags).unwrap_or_default()
    }

    /// Those of the team's own fields that lists show.
    pub fn listed(&self, fields: &[kernel::FieldDef]) -> Map<String, Value> {
        if self.custom == "{}" || !fields.iter().any(|field| field.is_listed) {
            return Map::new();
        }
        let mut custom: Map<String, Value> = serde_json::from_str(&self.custom).unwrap_or_default();
        custom.retain(|name, _| fields.iter().any(|field| field.is_listed && field.key == *name));
        custom
    }
}

/// A move that somebody wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// Which.
    pub action: OrderAction,
    /// Why, as a code of small letters, digits and underscores: `customer_refused`.
    pub reason: Option<String>,
    /// Why, in words.
    pub note: Option<String>,
    /// The version that was read; without it only the state decides.
    pub version: Option<Version>,
    /// Whether the customer hears of it, where the settings say so.
    pub notifies: bool,
    /// Where in the new state; its default when not given.
    pub substatus: Option<String>,
}

impl Move {
    /// A move without reason or note.
    pub fn new(action: OrderAction) -> Move {
        Move { action, reason: None, note: None, version: None, notifies: true, substatus: None }
    }

    /// A move with a reason code.
    pub fn because(action: OrderAction, reason: &str) -> Move {
        Move { reason: Some(reason.to_owned()), ..Move::new(action) }
    }
}

/// What a move did.
#[derive(Clone, Debug)]
pub struct Moved {
    /// The order as it stands now.
    pub order: Order,
    /// The event; its actor may undo it for a while.
    pub event: EventId,
    /// Until when; none when it cannot be undone.
    pub undo_until: Option<Time>,
}

/// What shall be different about an order's facts; `None` leaves a field as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrderChange {
    /// Another urgency.
    pub priority: Option<Priority>,
    /// Another promised day, or none.
    pub expected_on: Option<Option<Day>>,
    /// Another channel.
    pub channel: Option<Channel>,
    /// Another name on the order.
    pub contact_name: Option<String>,
    /// Another number on the order, in any spelling, or none. The customer's record keeps its own.
    pub contact_phone: Option<Option<String>>,
    /// Another address.
    pub shipping_address: Option<NewAddress>,
    /// Other tags.
    pub tags: Option<Vec<String>>,
    /// Other fields of the team's own, all of them.
    pub custom: Option<Map<String, Value>>,
    /// The version that was read; without it the change always goes through.
    pub version: Option<Version>,
}

/// A note to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewNote {
    /// Who may read it.
    pub audience: NoteAudience,
    /// What it says.
    pub text: String,
    /// What kind of interaction it is about: `call`, `message`, …
    pub kind: Option<String>,
    /// Whatever else the writer's form had.
    pub data: Map<String, Value>,
    /// Colleagues whom it shall name beside those whom its text names with `@`; only for internal notes.
    pub mentions: Vec<UserId>,
}

/// A tracking entry to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTrackingEntry {
    /// When it was so; now when not given.
    pub at: Option<Time>,
    /// The word for the status.
    pub status: String,
    /// Where.
    pub place: Option<String>,
    /// More words.
    pub text: Option<String>,
    /// `staff`, or the courier's name.
    pub source: Option<String>,
}

/// What a rule or a model decided about an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The name of the rule set or model.
    pub source: String,
    /// Whether it would move on.
    pub should_progress: bool,
    /// Where to.
    pub next_state: Option<OrderState>,
    /// How sure, in millionths.
    pub confidence_ppm: i64,
    /// Whether it was carried out.
    pub is_applied: bool,
    /// Why, in words.
    pub reasoning: String,
}
