//! Changing an order after it was placed, as a proposal: begun, looked at, applied or dropped.
//!
//! A proposal says what shall be different and keeps the order as its author saw it. [`preview_edit`] works it
//! out on the order as it stands now: what it would come to, line by line, what may not change any more,
//! and what somebody else changed meanwhile. [`apply_edit`] writes it: lines, totals, the customer's
//! totals, the document by which the order is found, one event with every field before and after, and
//! the counters. Its actor may take it back for a while ([`undo_step`]), which puts the same lines
//! and totals back.
//!
//! What holds: parts add up to the total, whatever is edited; nothing that is wrong or closed is ever written;
//! what somebody else saved is never overwritten unseen. How much of a total is paid only the ledger
//! knows, so whoever calls says whom to ask ([`Owing`]).
//!
//! Statements of applying, however many lines the order has (up to two thousand): the order, the proposal, the lines, what is owed,
//! the variants of what is new, the order's row, lines that go and lines that stand, the event with its
//! details, the proposal, the customer's totals, the day's rollup.

pub(crate) mod fields;
pub(crate) mod model;
mod plan;
mod sides;

use std::collections::BTreeMap;

use base::counters::Counters;
use base::{Ctx, events, jobs};
use catalogue::IntakeLine;
use customers::TotalsChange;
use db::{Tx, Value};
use kernel::value::ToValue;
use kernel::{Amount, CustomerId, Details, EditId, Error, Event, EventId, OrderId, Permission, Phone, Time};
use serde_json::json;

pub use self::fields::{EDITABLE, EditField, may_change, open_fields};
pub use self::model::{
    ApplyEdit, Differing, Edit, EditChange, EditPreview, Edited, LineChange, LinePreview, LineReplacement, LineStep, Owed, ReviseEdit,
};
use self::plan::{Planned, plan};
use self::sides::{Sides, differing, sides, touched};
use crate::kept::{self, KeptBefore, KeptChange};
use crate::model::{Line, Order};
use crate::moves;
use crate::place::search_document;
use crate::state::{self, Outcome};
use crate::store::{self, edits};

/// Open proposals that one order may have.
const MOST: usize = 20;
/// How long a proposal stays open without a change.
const OPEN_FOR_US: i64 = 7 * Time::DAY;
/// How long what an undo needs is kept; longer than any grace time.
const KEPT_FOR_US: i64 = Time::HOUR;

/// What is owed of a total: asked of whoever keeps the money that moved for orders. It gets the order with its
/// present total, and the total to judge.
pub type Owing = fn(&mut Tx, &Order, Amount) -> Result<Owed, Error>;

/// Begins a proposal and answers what it would do. It may be empty and filled in later.
///
/// `Invalid` names every wrong field; what may not change in the order's state is shown in the preview.
/// `Conflict` `order.archived`, `edit.closed` when nothing about the order may change any more,
/// `edit.too_many` when too many proposals are open.
pub fn begin_edit(tx: &mut Tx, ctx: &Ctx, id: OrderId, change: &EditChange, owing: Owing) -> Result<EditPreview, Error> {
    ctx.require(Permission::OrderEdit)?;

    let order = store::find(tx, ctx, id)?.ok_or(Error::not_found("order"))?;
    open_or_refuse(&order)?;
    let lines = store::list_lines(tx, id)?;
    checked(tx, ctx, &order, &lines, change)?;
    if edits::list_open(tx, id, ctx.now)?.len() >= MOST {
        return Err(Error::conflict("edit.too_many").with("max", MOST));
    }

    let row = edits::EditRow {
        id: tx.new_id(),
        state: edits::EditState::Open,
        author_kind: ctx.actor.columns().0.to_owned(),
        author_id: ctx.actor.columns().1,
        order_version: order.version,
        base: kept::text(&sides(&order, &lines))?,
        wanted: kept::text(&KeptChange::from(change.clone()))?,
        before: None,
        event_id: None,
        applied_version: None,
        version: 1,
        created_at: ctx.now,
        updated_at: ctx.now,
        expires_at: ctx.now.plus_us(OPEN_FOR_US),
    };
    edits::insert(tx, id, &row)?;
    previewed(tx, ctx, order, &lines, row, owing)
}

/// The open proposals of an order, the oldest first.
pub fn list_edits(tx: &mut Tx, ctx: &Ctx, id: OrderId) -> Result<Vec<Edit>, Error> {
    ctx.require(Permission::OrderEdit)?;
    store::find(tx, ctx, id)?.ok_or(Error::not_found("order"))?;
    edits::list_open(tx, id, ctx.now)?.into_iter().map(|row| edit_of(ctx, id, row)).collect()
}

/// What a proposal would do to the order as it stands now.
pub fn preview_edit(tx: &mut Tx, ctx: &Ctx, id: OrderId, edit: EditId, owing: Owing) -> Result<EditPreview, Error> {
    ctx.require(Permission::OrderEdit)?;

    let order = store::find(tx, ctx, id)?.ok_or(Error::not_found("order"))?;
    let row = edits::find(tx, id, edit)?.filter(|row| row.is_open(ctx.now)).ok_or(Error::not_found("edit"))?;
    let lines = store::list_lines(tx, id)?;
    previewed(tx, ctx, order, &lines, row, owing)
}

/// Replaces what a proposal says. With the version of the order that its author has now seen, the proposal
/// stands on that one.
///
/// `Stale` when the proposal (`edit`) or the order (`order`) has another version by now.
pub fn revise_edit(tx: &mut Tx, ctx: &Ctx, id: OrderId, edit: EditId, revised: &ReviseEdit, owing: Owing) -> Result<EditPreview, Error> {
    ctx.require(Permission::OrderEdit)?;
    let ReviseEdit { change, version, order_version } = revised;

    let order = store::find(tx, ctx, id)?.ok_or(Error::not_found("order"))?;
    let row = edits::find_to_change(tx, id, edit)?.filter(|row| row.is_open(ctx.now)).ok_or(Error::not_found("edit"))?;
    if version.is_some_and(|version| version != row.version) {
        return Err(Error::Stale { version: row.version, fields: vec!["edit"] });
    }
    if order_version.is_some_and(|version| version != order.version) {
        return Err(Error::Stale { version: order.version, fields: vec!["order"] });
    }
    open_or_refuse(&order)?;
    let lines = store::list_lines(tx, id)?;
    checked(tx, ctx, &order, &lines, change)?;

    let mut revised = edits::EditRow { wanted: kept::text(&KeptChange::from(change.clone()))?, ..row };
    if let Some(version) = *order_version {
        revised.order_version = version;
        revised.base = kept::text(&sides(&order, &lines))?;
    }
    revised.version += 1;
    revised.updated_at = ctx.now;
    revised.expires_at = ctx.now.plus_us(OPEN_FOR_US);
    edits::update(tx, id, &revised)?;
    previewed(tx, ctx, order, &lines, revised, owing)
}

/// Drops a proposal; nothing of it stays. One that is gone already is gone.
pub fn drop_edit(tx: &mut Tx, ctx: &Ctx, id: OrderId, edit: EditId) -> Result<(), Error> {
    ctx.require(Permission::OrderEdit)?;
    store::find(tx, ctx, id)?.ok_or(Error::not_found("order"))?;
    match edits::find_to_change(tx, id, edit)? {
        Some(row) if row.state == edits::EditState::Applied => Err(Error::conflict("edit.applied")),
        Some(_) => edits::delete(tx, id, edit),
        None => Ok(()),
    }
}

/// Writes a proposal into its order.
///
/// `Conflict` `edit.stale` when the order changed meanwhile elsewhere (apply again with `merges`), `edit.overlap`
/// when somebody else changed the same fields, `edit.closed` when the order's state no longer allows
/// it, `edit.nothing` when nothing would differ, `edit.applied` when it is done already. `Invalid` names
/// what is wrong with it by now.
pub fn apply_edit(tx: &mut Tx, ctx: &Ctx, id: OrderId, edit: EditId, wanted: &ApplyEdit, owing: Owing) -> Result<Edited, Error> {
    ctx.require(Permission::OrderEdit)?;

    let order = store::find_to_change(tx, ctx, id)?.ok_or(Error::not_found("order"))?;
    let row = edits::find_to_change(tx, id, edit)?.ok_or(Error::not_found("edit"))?;
    if row.state == edits::EditState::Applied {
        return Err(Error::conflict("edit.applied"));
    }
    if !row.is_open(ctx.now) {
        return Err(Error::not_found("edit"));
    }
    if wanted.version.is_some_and(|version| version != row.version) {
        return Err(Error::Stale { version: row.version, fields: vec!["edit"] });
    }
    open_or_refuse(&order)?;
    let lines = store::list_lines(tx, id)?;
    let change = row.change()?;
    let planned = plan(ctx, &order, &lines, &change, || tx.new_id());
    let apart = apart(&row, &order, &lines, &change, planned.as_ref().ok())?;
    if apart.iter().any(|one| one.overlaps) {
        return Err(Error::conflict("edit.overlap"));
    }
    if !apart.is_empty() && !wanted.merges {
        return Err(Error::conflict("edit.stale"));
    }
    let mut planned = planned?;
    if planned.fields.is_empty() {
        return Err(Error::conflict("edit.nothing"));
    }
    let closed = closed(&planned, &order);
    if !closed.is_empty() {
        return Err(refused(&order, &closed));
    }
    check_customer(tx, ctx, &order, &change)?;
    settle(tx, &order, &mut planned, owing)?;
    name_variants(tx, ctx, &order, &mut planned)?;

    let columns = columns(&order, &planned.after);
    if !store::set(tx, id, Some(order.version), ctx.now, columns)? {
        return Err(Error::Stale { version: order.version + 1, fields: vec!["order"] });
    }
    let standing = written(&planned);
    let removed: Vec<_> = planned.removed.iter().map(|line| line.id).collect();
    edits::save_lines(tx, id, order.created_at, &standing, &removed)?;
    let after = Order { version: order.version + 1, updated_at: ctx.now, ..planned.after.clone() };

    let fields = planned.fields.iter().map(|field| field.as_str().to_owned()).collect();
    let event = Event::OrderEdited { order: id, fields, from_total: order.total, to_total: after.total, currency: order.currency };
    let event = events::record_with(tx, ctx, event, details(&order, &planned, &change))?;
    let before = KeptBefore::of(&order, &lines, self::columns(&after, &order), &planned.lines.iter().map(|line| &line.after).collect::<Vec<_>>());
    edits::set_applied(tx, id, edit, &kept::text(&before)?, event, after.version, ctx.now, ctx.now.plus_us(KEPT_FOR_US))?;
    count(tx, &order, &after)?;
    Ok(Edited { order: after, event, undo_until: moves::undo_until(ctx) })
}

/// Takes back one's last move or edit of an order, within the seconds that the settings give.
///
/// As [`undo`](crate::undo), for edits too: `Conflict` `undo.too_late`, `undo.not_last`, `undo.not_yours`.
pub fn undo_step(tx: &mut Tx, ctx: &Ctx, event: EventId, owing: Owing) -> Result<Order, Error> {
    let view = events::find(tx, ctx, event)?.ok_or(Error::not_found("event"))?;
    match view.event()? {
        Event::OrderEdited { order, .. } => undo_edit(tx, ctx, order, &view, owing),
        _ => moves::undo(tx, ctx, event),
    }
}

fn undo_edit(tx: &mut Tx, ctx: &Ctx, id: OrderId, view: &events::EventView, owing: Owing) -> Result<Order, Error> {
    ctx.require(Permission::OrderEdit)?;

    let order = store::find_to_change(tx, ctx, id)?.ok_or(Error::not_found("event"))?;
    moves::may_undo(ctx, view, &order)?;
    let row = edits::find_applied(tx, id, view.id)?;
    let row = row.filter(|row| row.applied_version == Some(order.version)).ok_or_else(|| Error::conflict("undo.not_last"))?;
    let before: KeptBefore = kept::read(row.before.as_deref().unwrap_or_default())?;
    if jobs::cancel_of_event(tx, ctx, view.id)?.started > 0 {
        return Err(Error::conflict("undo.too_late").with("seconds", ctx.settings.orders.undo_seconds));
    }
    // What was paid meanwhile stays paid; it is the old total that is owed again.
    let owed = owing(tx, &order, before.total)?;

    let mut columns = before.columns()?;
    columns.push(("search", search_document(&before.on(&order)).to_value()));
    columns.push(("payment_state", owed.payment_state.to_value()));
    columns.push(("to_collect", owed.to_collect.to_value()));
    if !store::set(tx, id, Some(order.version), ctx.now, columns)? {
        return Err(Error::Stale { version: order.version + 1, fields: vec!["order"] });
    }
    edits::save_lines(tx, id, order.created_at, &before.lines(), before.added())?;
    edits::delete(tx, id, row.id)?;
    let restored = store::find(tx, ctx, id)?.ok_or(Error::not_found("event"))?;

    let event = Event::EditUndone { order: id, undoes: view.id, from_total: order.total, to_total: restored.total, currency: order.currency };
    events::record(tx, ctx, event)?;
    count(tx, &order, &restored)?;
    Ok(restored)
}

/// Removes proposals that are past their time, at most so many; answers how many.
pub fn purge_edits(tx: &mut Tx, now: Time, limit: u32) -> Result<u64, Error> {
    edits::purge(tx, now, limit)
}

fn open_or_refuse(order: &Order) -> Result<(), Error> {
    if order.archived_at.is_some() {
        return Err(Error::conflict("order.archived"));
    }
    if open_fields(order.state).is_empty() {
        return Err(refused(order, EditField::ALL));
    }
    Ok(())
}

fn closed(planned: &Planned, order: &Order) -> Vec<EditField> {
    planned.fields.iter().copied().filter(|field| !may_change(*field, order.state)).collect()
}

/// `Conflict` `edit.closed` when some of these fields may not change in the order's state. Fields that no edit
/// knows may change always.
pub(crate) fn refuse_closed(order: &Order, fields: &[String]) -> Result<(), Error> {
    let known = fields.iter().filter_map(|field| field.parse::<EditField>().ok());
    let closed: Vec<EditField> = known.filter(|field| !may_change(*field, order.state)).collect();
    if closed.is_empty() { Ok(()) } else { Err(refused(order, &closed)) }
}

fn refused(order: &Order, closed: &[EditField]) -> Error {
    let fields: Vec<&str> = closed.iter().map(|field| field.as_str()).collect();
    Error::conflict("edit.closed").with("state", order.state).with("fields", fields.join(", "))
}

/// Whether a proposal can be worked out on the order as it stands, and names a customer that the caller may see.
fn checked(tx: &mut Tx, ctx: &Ctx, order: &Order, lines: &[Line], change: &EditChange) -> Result<(), Error> {
    plan(ctx, order, lines, change, || tx.new_id())?;
    check_customer(tx, ctx, order, change)
}

fn check_customer(tx: &mut Tx, ctx: &Ctx, order: &Order, change: &EditChange) -> Result<(), Error> {
    let Some(customer) = change.customer_id.filter(|customer| order.customer_id != Some(*customer)) else { return Ok(()) };
    match customers::find(tx, ctx, customer) {
        Ok(_) => Ok(()),
        Err(Error::NotFound { .. }) => Err(Error::field("customer_id", "unknown")),
        Err(other) => Err(other),
    }
}

fn edit_of(ctx: &Ctx, order_id: OrderId, row: edits::EditRow) -> Result<Edit, Error> {
    let mut change_json: serde_json::Value = kept::read(&row.wanted)?;
    if let Some(fields) = change_json.as_object_mut() {
        fields.iter_mut().for_each(|(field, value)| hide(ctx, field, value));
    }
    Ok(Edit {
        change_json,
        id: row.id,
        order_id,
        author: kernel::Actor::from_columns(&row.author_kind, row.author_id),
        change: row.change()?,
        order_version: row.order_version,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
        expires_at: row.expires_at,
    })
}

/// What changed since the proposal was made; nothing when the order has the same version.
fn apart(row: &edits::EditRow, order: &Order, lines: &[Line], change: &EditChange, planned: Option<&Planned>) -> Result<Vec<Differing>, Error> {
    if row.order_version == order.version {
        return Ok(Vec::new());
    }
    let base: Sides = kept::read(&row.base)?;
    let wanted = planned.map(|planned| sides(&planned.after, planned.after_lines()));
    Ok(differing(&base, &sides(order, lines), &touched(change), wanted.as_ref()))
}

fn previewed(tx: &mut Tx, ctx: &Ctx, order: Order, lines: &[Line], row: edits::EditRow, owing: Owing) -> Result<EditPreview, Error> {
    let change = row.change()?;
    let planned = plan(ctx, &order, lines, &change, || tx.new_id());
    let mut differing = apart(&row, &order, lines, &change, planned.as_ref().ok())?;
    for one in &mut differing {
        for side in [Some(&mut one.base), Some(&mut one.theirs), one.mine.as_mut()].into_iter().flatten() {
            hide(ctx, &one.field, side);
        }
    }
    let edit = edit_of(ctx, order.id, row)?;
    let (planned, wrong) = match planned {
        Ok(planned) => (Some(planned), Vec::new()),
        Err(Error::Invalid(wrong)) => (None, wrong),
        Err(other) => return Err(other),
    };
    let can_merge = wrong.is_empty() && !differing.iter().any(|one| one.overlaps);
    let Some(mut planned) = planned else {
        let (lines, changes, fields, closed) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        return Ok(EditPreview { edit, before: order, after: None, lines, changes, fields, closed, wrong, differing, can_merge });
    };
    settle(tx, &order, &mut planned, owing)?;
    let mut changes = details(&order, &planned, &change).changes;
    changes.retain(|one| !one.field.starts_with("lines."));
    for one in &mut changes {
        hide(ctx, &one.field, &mut one.before);
        hide(ctx, &one.field, &mut one.after);
    }
    Ok(EditPreview {
        edit,
        lines: planned.previews(),
        changes,
        fields: planned.fields.clone(),
        closed: closed(&planned, &order),
        after: Some(planned.after),
        before: order,
        wrong,
        differing,
        can_merge,
    })
}

/// A field as this caller may see it: numbers, streets and free words are dots without the rights.
fn hide(ctx: &Ctx, field: &str, value: &mut serde_json::Value) {
    match (field, value) {
        ("contact_phone", serde_json::Value::String(text)) => {
            *text = match Phone::from_e164(text) {
                Ok(phone) => customers::shown_phone(ctx, &phone),
                // As somebody typed it.
                Err(_) if ctx.can(Permission::PhoneSee) => return,
                Err(_) => kernel::mask::DOTS.to_owned(),
            };
        }
        ("shipping_address", serde_json::Value::Object(address)) => {
            for (_, line) in address.iter_mut().filter(|(name, _)| matches!(name.as_str(), "line1" | "line2")) {
                if let serde_json::Value::String(text) = line {
                    *text = customers::shown_street(ctx, text);
                }
            }
        }
        ("note", serde_json::Value::String(text)) => *text = customers::shown_words(ctx, text),
        _ => {}
    }
}

/// Asks what of the new total is paid and collected; a total that stays needs no asking.
fn settle(tx: &mut Tx, order: &Order, planned: &mut Planned, owing: Owing) -> Result<(), Error> {
    if planned.after.total != order.total {
        let owed = owing(tx, order, planned.after.total)?;
        planned.after.payment_state = owed.payment_state;
        planned.after.to_collect = owed.to_collect;
    }
    Ok(())
}

/// Finds what new lines sell in the catalogue; what is unknown there makes an entry, as in placing.
fn name_variants(tx: &mut Tx, ctx: &Ctx, order: &Order, planned: &mut Planned) -> Result<(), Error> {
    let new: Vec<IntakeLine<'_>> = planned
        .lines
        .iter()
        .filter_map(|line| line.new.as_ref())
        .map(|new| IntakeLine {
            sku: new.sku.as_deref(),
            kind: new.kind,
            title: &new.title,
            variant: new.variant.as_deref(),
            unit_price: new.unit_price.amount,
        })
        .collect();
    if new.is_empty() {
        return Ok(());
    }
    let variants = catalogue::variants_for(tx, ctx, &new, order.currency)?;
    for (line, variant) in planned.lines.iter_mut().filter(|line| line.new.is_some()).zip(variants) {
        line.after.variant_id = Some(variant);
    }
    Ok(())
}

/// The lines whose rows differ.
fn written(planned: &Planned) -> Vec<Line> {
    planned.lines.iter().filter(|line| line.before.as_ref() != Some(&line.after)).map(|line| line.after.clone()).collect()
}

/// Only what differs is written, so that the indexes of the rest are left alone.
fn columns(before: &Order, after: &Order) -> Vec<(&'static str, Value)> {
    let sides = |order: &Order| {
        [
            ("customer_id", order.customer_id.to_value()),
            ("contact_name", order.contact_name.to_value()),
            ("contact_phone", order.contact_phone.to_value()),
            ("line1", order.line1.to_value()),
            ("line2", order.line2.to_value()),
            ("city", order.city.to_value()),
            ("district", order.district.to_value()),
            ("province", order.province.to_value()),
            ("province_key", order.province_key.to_value()),
            ("country", order.country.to_value()),
            ("postal_code", order.postal_code.to_value()),
            ("place_known", order.place_known.to_value()),
            ("payment_state", order.payment_state.to_value()),
            ("subtotal", order.subtotal.to_value()),
            ("discount", order.discount.to_value()),
            ("shipping_fee", order.shipping_fee.to_value()),
            ("cod_fee", order.cod_fee.to_value()),
            ("tax", order.tax.to_value()),
            ("total", order.total.to_value()),
            ("to_collect", order.to_collect.to_value()),
            ("line_count", order.line_count.to_value()),
            ("item_count", order.item_count.to_value()),
            ("backordered_count", order.backordered_count.to_value()),
            ("summary", order.summary.to_value()),
            ("search", search_document(order).to_value()),
        ]
    };
    sides(before).into_iter().zip(sides(after)).filter(|(before, after)| before.1 != after.1).map(|(_, after)| after).collect()
}

/// Every field before and after, in minor units of the order's currency; one entry for each line that changed.
fn details(order: &Order, planned: &Planned, change: &EditChange) -> Details {
    let after = &planned.after;
    let mut details =
        Details { text: change.note.as_deref().map(str::trim).filter(|note| !note.is_empty()).map(str::to_owned), ..Details::default() };
    let line = |line: &Line| {
        json!({
            "sku": line.sku, "title": line.title, "variant": line.variant, "quantity": line.quantity, "unit_price": line.unit_price,
            "discount": line.discount,
        })
    };
    for preview in planned.previews().iter().filter(|preview| preview.step != LineStep::Kept) {
        let id = preview.after.as_ref().or(preview.before.as_ref()).map(|line| line.id);
        if let Some(id) = id {
            details.change(&format!("lines.{id}"), &preview.before.as_ref().map(line), &preview.after.as_ref().map(line));
        }
    }
    details.change("discount", &order.discount, &after.discount);
    details.change("shipping_fee", &order.shipping_fee, &after.shipping_fee);
    details.change("cod_fee", &order.cod_fee, &after.cod_fee);
    details.change("shipping_address", &sides::address(order), &sides::address(after));
    details.change("contact_name", &order.contact_name, &after.contact_name);
    details.change("contact_phone", &order.contact_phone.as_ref().map(Phone::e164), &after.contact_phone.as_ref().map(Phone::e164));
    details.change("customer_id", &order.customer_id, &after.customer_id);
    details.change("total", &order.total, &after.total);
    details.change("to_collect", &order.to_collect, &after.to_collect);
    details
}

/// Totals first, counters last: locks are taken in that order everywhere.
fn count(tx: &mut Tx, before: &Order, after: &Order) -> Result<(), Error> {
    for (customer, change) in totals_changes(before, after) {
        customers::add_totals(tx, customer, &change)?;
    }
    let mut counters = Counters::new();
    counters.order_total(after.placed_day, after.store_id, after.state, after.currency, after.total - before.total);
    counters.flush(tx)
}

/// What an edit does to the totals of customers, in the order of their ids.
fn totals_changes(before: &Order, after: &Order) -> BTreeMap<CustomerId, TotalsChange> {
    let share = |order: &Order, orders: i64, total: Amount| {
        let is = |outcome: Outcome| if state::outcome(order.state) == outcome { orders } else { 0 };
        let is_delivered = state::outcome(order.state) == Outcome::Delivered;
        TotalsChange {
            store_id: order.store_id,
            currency: order.currency,
            orders,
            delivered: is(Outcome::Delivered),
            returned: is(Outcome::Returned),
            cancelled: is(Outcome::Cancelled),
            ordered_total: total,
            delivered_total: if is_delivered { total } else { Amount::ZERO },
            ordered_at: order.created_at,
        }
    };
    let mut changes = BTreeMap::new();
    if before.customer_id == after.customer_id {
        if let Some(customer) = after.customer_id.filter(|_| before.total != after.total) {
            changes.insert(customer, share(after, 0, after.total - before.total));
        }
        return changes;
    }
    changes.extend(before.customer_id.map(|customer| (customer, share(before, -1, -before.total))));
    changes.extend(after.customer_id.map(|customer| (customer, share(after, 1, after.total))));
    changes
}
