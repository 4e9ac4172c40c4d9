//! What a customer changes about her order herself, as long as the settings leave it to her: things, address, name, number, day; or
//! calls it off.
//!
//! A link travels, so a change takes a proof, too: the last four digits of the telephone on the order, or her e-mail address. Everything
//! goes by the actions that the team uses, so what may not change any more is refused alike and each change is told alike, as done by the
//! customer. What has been paid is left to the team.

use base::Ctx;
use base::settings::CustomerMay;
use db::Tx;
use kernel::{Actor, Check, Day, Error, FieldError, LineId, OrderAction, OrderId, PaymentMethod, PaymentState, words};
use orders::cancellations::CancelCause;
use orders::{ApplyEdit, EditChange, LineChange, Move, NewAddress, Order, OrderChange, Owing};

use crate::look_up::fits;
use crate::require_on;

words! {
    /// Why a customer calls her order off; codes of the list of reasons.
    pub enum OwnReason {
        /// She does not want it any more.
        ChangedMind = "changed_mind",
        /// It takes too long.
        DeliveryTime = "delivery_time",
        /// It costs too much.
        Price = "price",
        /// She ordered it twice.
        Duplicate = "duplicate",
        /// Something else, which she writes.
        Other = "other",
    }
}

/// So many of a thing a customer may ask for by herself.
const MOST: i64 = 99;
/// How many days ahead she may choose.
const AHEAD: i32 = 30;
/// Letters that she may write.
const LETTERS: usize = 500;

/// What a customer may do about an order herself now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OwnRights {
    /// Change address, name, number and day.
    pub change: bool,
    /// Change how many of each thing, too.
    pub change_items: bool,
    /// Call it off.
    pub cancel: bool,
}

/// What shall be different; what is not said stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnChange {
    /// How many of which line; none of it takes it away.
    pub lines: Vec<(LineId, i64)>,
    /// Another street.
    pub line1: Option<String>,
    /// Another city, commune or town.
    pub city: Option<String>,
    /// Another province.
    pub province: Option<String>,
    /// Another name on the order.
    pub name: Option<String>,
    /// Another number on the order.
    pub phone: Option<String>,
    /// Another day.
    pub day: Option<Day>,
}

/// What the settings leave to the customer of this order, if she can prove who she is.
pub(crate) fn rights(ctx: &Ctx, order: &Order, has_proof: bool) -> OwnRights {
    let is_hers = |until: CustomerMay| until.in_state(order.state) && has_proof && order.archived_at.is_none();
    // An order of which a part came in still counts as unpaid; the door then has less to collect.
    let has_deposit = order.payment_method == PaymentMethod::Cod && order.to_collect < order.total;
    let is_unpaid = order.payment_state == PaymentState::Unpaid && !has_deposit;
    let change = is_hers(ctx.settings.tracking.change);
    OwnRights { change, change_items: change && is_unpaid, cancel: is_hers(ctx.settings.tracking.cancel) && is_unpaid }
}

/// Whether the customer of this order has anything by which she can prove who she is.
pub(crate) fn has_proof(tx: &mut Tx, ctx: &Ctx, order: &Order) -> Result<bool, Error> {
    if order.contact_phone.is_some() {
        return Ok(true);
    }
    let Some(customer) = order.customer_id else { return Ok(false) };
    Ok(customers::find(tx, ctx, customer)?.email.is_some())
}

/// The days that a customer may choose from, in the store's zone: the first and the last.
pub fn own_days(ctx: &Ctx, store: &access::Store) -> (Day, Day) {
    let today = ctx.now.day_in(&store.zone);
    (today.plus(1), today.plus(AHEAD))
}

/// Changes an order as its customer wants it, all or nothing.
///
/// `Invalid` names every wrong field, `proof` among them; `Conflict` `tracking.not_hers` when the order is past it, `edit.nothing` when
/// nothing would be different.
pub fn change_own(tx: &mut Tx, ctx: &Ctx, id: OrderId, proof: &str, wanted: &OwnChange, owing: Owing) -> Result<(), Error> {
    let order = proved(tx, ctx, id, proof)?;
    let may = rights(ctx, &order, true);
    if !may.change || (!wanted.lines.is_empty() && !may.change_items) {
        return Err(Error::conflict("tracking.not_hers"));
    }
    let lines = orders::list_lines(tx, ctx, id)?;
    let store = access::stores::find(tx, ctx, order.store_id)?;
    check_own(ctx, &store, &lines, wanted)?;

    let hers = hers(ctx, &order);
    let mut is_changed = false;
    let change = edit_of(&order, &lines, wanted);
    if change != EditChange::default() {
        let begun = orders::begin_edit(tx, &hers, id, &change, owing).map_err(named)?;
        if begun.fields.is_empty() {
            orders::drop_edit(tx, &hers, id, begun.edit.id)?;
        } else {
            orders::apply_edit(tx, &hers, id, begun.edit.id, &ApplyEdit::default(), owing).map_err(named)?;
            is_changed = true;
        }
    }
    if let Some(day) = wanted.day.filter(|day| order.expected_on != Some(*day)) {
        orders::change(tx, &hers, id, &OrderChange { expected_on: Some(Some(day)), ..OrderChange::default() })?;
        is_changed = true;
    }
    if is_changed { Ok(()) } else { Err(Error::conflict("edit.nothing")) }
}

/// Calls an order off as its customer wants it.
///
/// `Invalid` `proof`, or `text` where the reason needs words; `Conflict` `tracking.not_hers` when the order is past it.
pub fn cancel_own(tx: &mut Tx, ctx: &Ctx, id: OrderId, proof: &str, reason: OwnReason, text: &str) -> Result<(), Error> {
    let order = proved(tx, ctx, id, proof)?;
    if !rights(ctx, &order, true).cancel {
        return Err(Error::conflict("tracking.not_hers"));
    }
    let text = text.trim();
    let mut check = Check::new();
    check.require(reason != OwnReason::Other || !text.is_empty(), "text", "required");
    if text.chars().count() > LETTERS {
        check.push(FieldError::new("text", "too_long").with("max", LETTERS));
    }
    check.require(!text.contains('\0'), "text", "text.control");
    check.done()?;

    let note = (!text.is_empty()).then(|| text.to_owned());
    let wanted = Move { reason: Some(reason.as_str().to_owned()), note, ..Move::new(OrderAction::Cancel) };
    orders::cancellations::cancel(tx, &hers(ctx, &order), id, &wanted, Some(CancelCause::Customer)).map(drop)
}

/// The order, if the proof fits; it is read for change, so that it stays as it was judged.
fn proved(tx: &mut Tx, ctx: &Ctx, id: OrderId, proof: &str) -> Result<Order, Error> {
    require_on(ctx)?;
    if proof.trim().is_empty() {
        return Err(Error::field("proof", "required"));
    }
    if proof.len() > 254 || proof.contains('\0') || !fits(tx, ctx, id, proof)? {
        return Err(Error::field("proof", "tracking.own_proof"));
    }
    orders::find_to_change(tx, ctx, id, None)
}

/// The customer acts; an order of nobody is changed by Kafila on her behalf.
fn hers(ctx: &Ctx, order: &Order) -> Ctx {
    Ctx { actor: order.customer_id.map_or(Actor::System, Actor::Customer), ..ctx.clone() }
}

fn check_own(ctx: &Ctx, store: &access::Store, lines: &[orders::Line], wanted: &OwnChange) -> Result<(), Error> {
    let mut check = Check::new();
    for (place, (line, quantity)) in wanted.lines.iter().enumerate() {
        check.require(lines.iter().any(|one| one.id == *line), format!("lines[{place}].id"), "unknown");
        if !(0..=MOST).contains(quantity) {
            check.push(FieldError::new(format!("lines[{place}].quantity"), "quantity").with("min", 0).with("max", MOST));
        }
    }
    let (first, last) = own_days(ctx, store);
    if wanted.day.is_some_and(|day| day < first || last < day) {
        check.push(FieldError::new("day", "tracking.day").with("first", first).with("last", last));
    }
    check.done()
}

/// What differs, as the team's action takes it. An address that is said in part keeps the rest.
fn edit_of(order: &Order, lines: &[orders::Line], wanted: &OwnChange) -> EditChange {
    let mut change = EditChange::default();
    for (line, quantity) in &wanted.lines {
        match (lines.iter().find(|one| one.id == *line), *quantity) {
            (Some(_), 0) => change.remove_lines.push(*line),
            (Some(one), quantity) if one.quantity != quantity => {
                change.change_lines.push(LineChange { quantity: Some(quantity), ..LineChange::of(*line) });
            }
            _ => {}
        }
    }
    if wanted.line1.is_some() || wanted.city.is_some() || wanted.province.is_some() {
        // What lies inside of another town or street is not kept.
        let moves = wanted.city.is_some() || wanted.province.is_some();
        let kept = |old: &Option<String>| old.clone().filter(|_| !moves);
        change.shipping_address = Some(NewAddress {
            line1: wanted.line1.clone().or_else(|| order.line1.clone()).unwrap_or_default(),
            line2: order.line2.clone().filter(|_| wanted.line1.is_none()),
            city: wanted.city.clone().or_else(|| order.city.clone()),
            district: kept(&order.district),
            province: wanted.province.clone().or_else(|| order.province.clone()),
            country: Some(order.country),
            postal_code: kept(&order.postal_code),
            ..NewAddress::default()
        });
    }
    change.contact_name.clone_from(&wanted.name);
    change.contact_phone = wanted.phone.clone().map(Some);
    change
}

/// The fields as a customer's form calls them.
fn named(error: Error) -> Error {
    let Error::Invalid(fields) = error else { return error };
    let renamed = fields.into_iter().map(|one| {
        let field = match one.field.as_str() {
            "contact_name" => "name".to_owned(),
            "contact_phone" => "phone".to_owned(),
            "remove_lines" => "lines".to_owned(),
            other => other.strip_prefix("shipping_address.").unwrap_or(other).to_owned(),
        };
        FieldError { field, ..one }
    });
    Error::Invalid(renamed.collect())
}
