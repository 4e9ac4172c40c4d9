//! What goes into an edit and what comes out.

use kernel::{Actor, Amount, CustomerId, EditId, EventId, FieldChange, FieldError, LineId, Money, OrderId, PaymentState, Time, Version};
use serde_json::Value;

use super::fields::EditField;
use crate::model::{Line, NewAddress, NewDiscount, NewLine, Order};

/// What shall be different about a placed order; what is not mentioned stays.
///
/// A discount that was given as a share stands on the order as an amount, and stays that amount until
/// somebody gives another one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EditChange {
    /// Lines more, after those that are there.
    pub add_lines: Vec<NewLine>,
    /// Lines that stay, with another quantity, price or discount.
    pub change_lines: Vec<LineChange>,
    /// Lines that give their place to another thing.
    pub replace_lines: Vec<LineReplacement>,
    /// Lines that go.
    pub remove_lines: Vec<LineId>,
    /// Another discount of the order, or none.
    pub discount: Option<Option<NewDiscount>>,
    /// Another fee for delivery.
    pub shipping_fee: Option<Money>,
    /// Another fee for cash on delivery.
    pub cod_fee: Option<Money>,
    /// Another address, all of it.
    pub shipping_address: Option<NewAddress>,
    /// Another name on the order.
    pub contact_name: Option<String>,
    /// Another number on the order in any spelling, or none. The customer's record keeps its own.
    pub contact_phone: Option<Option<String>>,
    /// Another customer, whose totals then count it.
    pub customer_id: Option<CustomerId>,
    /// Why, in words.
    pub note: Option<String>,
}

/// What shall be different about a line; what is not mentioned stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineChange {
    /// Which.
    pub line: LineId,
    /// So many.
    pub quantity: Option<i64>,
    /// At this price.
    pub unit_price: Option<Money>,
    /// With this discount, or none.
    pub discount: Option<Option<NewDiscount>>,
}

impl LineChange {
    /// Nothing different yet.
    pub fn of(line: LineId) -> LineChange {
        LineChange { line, quantity: None, unit_price: None, discount: None }
    }
}

/// Another thing in the place of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineReplacement {
    /// Which line.
    pub line: LineId,
    /// What stands there instead.
    pub with: NewLine,
}

/// A proposal to change an order.
#[derive(Clone, Debug)]
pub struct Edit {
    /// Which.
    pub id: EditId,
    /// Of which order.
    pub order_id: OrderId,
    /// Who began it.
    pub author: Actor,
    /// What shall be different.
    pub change: EditChange,
    /// The same as JSON, in the form in which programs send it; numbers as this caller may see them.
    pub change_json: Value,
    /// The version of the order that it stands on.
    pub order_version: Version,
    /// Grows with each change of the proposal.
    pub version: Version,
    /// When it was begun.
    pub created_at: Time,
    /// Its last change.
    pub updated_at: Time,
    /// When it is dropped by itself.
    pub expires_at: Time,
}

/// What a line goes through in an edit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineStep {
    /// It stays as it is; its parts of the order's discount and tax may differ.
    Kept,
    /// Another quantity, price or discount.
    Changed,
    /// Another thing in its place.
    Replaced,
    /// It is new.
    Added,
    /// It goes.
    Removed,
}

/// A line before and after.
#[derive(Clone, Debug)]
pub struct LinePreview {
    /// What happens to it.
    pub step: LineStep,
    /// As it stands; none for an added one.
    pub before: Option<Line>,
    /// As it would stand; none for a removed one.
    pub after: Option<Line>,
}

/// A field that somebody else changed since the proposal was made: all three sides of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Differing {
    /// Which: `discount`, `lines.lin_….quantity`.
    pub field: String,
    /// As the proposal's author saw it.
    pub base: Value,
    /// As it stands now.
    pub theirs: Value,
    /// As the proposal wants it; none when it does not touch it.
    pub mine: Option<Value>,
    /// Whether the proposal wants it otherwise than it stands now.
    pub overlaps: bool,
}

/// What a proposal would do to the order as it stands now.
#[derive(Clone, Debug)]
pub struct EditPreview {
    /// The proposal.
    pub edit: Edit,
    /// The order as it stands.
    pub before: Order,
    /// The order as it would stand; none when something about the proposal is wrong.
    pub after: Option<Order>,
    /// Each line before and after, in the order in which they would stand, removed ones last.
    pub lines: Vec<LinePreview>,
    /// What else of the order would differ, before and after; amounts in minor units.
    pub changes: Vec<FieldChange>,
    /// The parts that would differ.
    pub fields: Vec<EditField>,
    /// The parts that would differ and may not, in the state that the order is in.
    pub closed: Vec<EditField>,
    /// What else is wrong, field by field.
    pub wrong: Vec<FieldError>,
    /// What somebody else changed since.
    pub differing: Vec<Differing>,
    /// Whether both can stand: what they changed and what this changes do not overlap.
    pub can_merge: bool,
}

/// What a proposal shall say instead.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReviseEdit {
    /// What shall be different about the order, all of it.
    pub change: EditChange,
    /// The version of the proposal that was read; without it the revision always goes through.
    pub version: Option<Version>,
    /// The version of the order that was read: the proposal then stands on that one.
    pub order_version: Option<Version>,
}

/// How a proposal is applied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ApplyEdit {
    /// The version of the proposal that was previewed; without it whatever it says now.
    pub version: Option<Version>,
    /// Whether what somebody else changed meanwhile stays beside it, where the two do not overlap.
    pub merges: bool,
}

/// What an applied edit did.
#[derive(Clone, Debug)]
pub struct Edited {
    /// The order as it stands now.
    pub order: Order,
    /// The event; its actor may undo it for a while.
    pub event: EventId,
    /// Until when; none when it cannot be undone.
    pub undo_until: Option<Time>,
}

/// What of a total has been paid, and what the door still collects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owed {
    /// What the order counts as paid.
    pub payment_state: PaymentState,
    /// What is collected at the door.
    pub to_collect: Amount,
}
