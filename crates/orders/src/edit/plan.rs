//! What an edit would make of an order. Pure: the order and its lines come in, what they would be goes out.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use base::Ctx;
use kernel::{Amount, Check, Currency, Error, FieldError, LineId, LineState, Permission, Phone, mask};

use super::fields::EditField;
use super::model::{EditChange, LineChange, LinePreview, LineStep};
use crate::facts::put_address;
use crate::limits;
use crate::model::{Line, NewLine, Order};
use crate::place::summary_of;
use crate::rules::{self, Discount, LinePrice, OrderPrice};

/// What an order would be.
pub(crate) struct Planned {
    /// The order; what is paid and collected of its total is not known here.
    pub after: Order,
    /// Its lines, in their order.
    pub lines: Vec<PlannedLine>,
    /// Lines that go.
    pub removed: Vec<Line>,
    /// The parts that differ.
    pub fields: Vec<EditField>,
}

/// A line as it would be.
pub(crate) struct PlannedLine {
    pub step: LineStep,
    pub before: Option<Line>,
    pub after: Line,
    /// What it sells, where that is new and the catalogue has to be asked.
    pub new: Option<NewLine>,
}

impl Planned {
    /// Each line before and after, removed ones last.
    pub(crate) fn previews(&self) -> Vec<LinePreview> {
        let stay = self.lines.iter().map(|line| LinePreview { step: line.step, before: line.before.clone(), after: Some(line.after.clone()) });
        let go = self.removed.iter().map(|line| LinePreview { step: LineStep::Removed, before: Some(line.clone()), after: None });
        stay.chain(go).collect()
    }

    /// The lines as they would be.
    pub(crate) fn after_lines(&self) -> impl Iterator<Item = &Line> {
        self.lines.iter().map(|line| &line.after)
    }
}

/// What a proposal says about a line that is there.
enum Wish<'a> {
    Change(&'a LineChange),
    Replace(&'a NewLine),
    Remove,
}

/// A line on the way to being priced, with the name by which the proposal speaks of it.
struct Draft {
    line: PlannedLine,
    price: LinePrice,
    named: String,
}

/// Works an edit out, or names every wrong field of it: `change_lines[0].quantity`.
pub(crate) fn plan(ctx: &Ctx, order: &Order, lines: &[Line], change: &EditChange, new_id: impl Fn() -> LineId) -> Result<Planned, Error> {
    let mut check = Check::new();
    let wishes = wishes(&mut check, lines, change);
    let currency = order.currency;
    let mut drafts: Vec<Draft> = Vec::with_capacity(lines.len() + change.add_lines.len());
    let mut removed = Vec::new();
    for line in lines {
        match wishes.get(&line.id) {
            None => drafts.push(kept(line)),
            Some((named, Wish::Change(wish))) => drafts.push(changed(&mut check, named, line, wish, currency)),
            Some((named, Wish::Replace(new))) => drafts.push(replaced(&mut check, named, line, new, currency)),
            Some((_, Wish::Remove)) => removed.push(line.clone()),
        }
    }
    let first = lines.iter().map(|line| line.position).max().map_or(0, |last| last + 1);
    for ((place, new), position) in change.add_lines.iter().enumerate().zip(first..) {
        drafts.push(added(&mut check, &format!("add_lines[{place}]"), new, new_id(), position, currency));
    }
    check.require(!drafts.is_empty(), "remove_lines", "edit.no_lines");
    let most = (ctx.settings.orders.max_lines as usize).max(lines.len());
    if drafts.len() > most {
        check.push(FieldError::new("add_lines", "too_many").with("max", most.saturating_sub(lines.len())));
    }

    let mut after = order.clone();
    contact(&mut check, ctx, &mut after, change);
    let discount = match change.discount {
        None => Some(Discount::Amount(order.discount)),
        Some(wanted) => limits::discount(&mut check, "discount", wanted, currency),
    };
    if let Some(fee) = change.shipping_fee {
        after.shipping_fee = limits::money(&mut check, "shipping_fee", fee, currency);
    }
    if let Some(fee) = change.cod_fee {
        after.cod_fee = limits::money(&mut check, "cod_fee", fee, currency);
    }
    if let Some(customer) = change.customer_id {
        after.customer_id = Some(customer);
    }
    limits::text(&mut check, "note", change.note.as_deref(), limits::NOTE);
    // Adding up what is wrong already would only name the same fields twice.
    check.done()?;

    let prices: Vec<LinePrice> = drafts.iter().map(|draft| draft.price).collect();
    let totals = rules::totals(&OrderPrice {
        lines: &prices,
        discount,
        shipping_fee: after.shipping_fee,
        cod_fee: after.cod_fee,
        tax_mode: order.tax_mode,
        tax_rate_ppm: order.tax_rate_ppm,
        payment_method: order.payment_method,
    })
    .map_err(|error| in_words_of_the_edit(error, &drafts))?;

    let lines: Vec<PlannedLine> = drafts.into_iter().zip(&totals.lines).map(|(draft, totals)| priced(draft.line, totals)).collect();
    after.subtotal = totals.subtotal;
    after.discount = totals.discount;
    after.tax = totals.tax;
    after.total = totals.total;
    after.item_count = totals.item_count;
    after.line_count = lines.len() as i64;
    after.backordered_count = lines.iter().filter(|line| line.after.state == LineState::Backordered).count() as i64;
    if lines.iter().any(|line| line.step != LineStep::Kept) || !removed.is_empty() {
        after.summary = lines
            .first()
            .map_or_else(String::new, |first| summary_of(&first.after.title, first.after.variant.as_deref(), first.after.quantity, lines.len()));
    }
    let fields = differing(order, &after, &lines, &removed);
    Ok(Planned { after, lines, removed, fields })
}

/// What is said about which line; a line is spoken of once.
fn wishes<'a>(check: &mut Check, lines: &[Line], change: &'a EditChange) -> BTreeMap<LineId, (String, Wish<'a>)> {
    let mut wishes = BTreeMap::new();
    let mut wish = |named: String, field: String, line: LineId, wish: Wish<'a>| {
        if !lines.iter().any(|one| one.id == line) {
            check.fail(field, "unknown");
        } else if let Entry::Vacant(free) = wishes.entry(line) {
            free.insert((named, wish));
        } else {
            check.fail(field, "edit.line_twice");
        }
    };
    for (place, one) in change.change_lines.iter().enumerate() {
        let named = format!("change_lines[{place}]");
        wish(named.clone(), format!("{named}.line_id"), one.line, Wish::Change(one));
    }
    for (place, one) in change.replace_lines.iter().enumerate() {
        let named = format!("replace_lines[{place}]");
        wish(format!("{named}.with"), format!("{named}.line_id"), one.line, Wish::Replace(&one.with));
    }
    for (place, line) in change.remove_lines.iter().enumerate() {
        let named = format!("remove_lines[{place}]");
        wish(named.clone(), named, *line, Wish::Remove);
    }
    wishes
}

fn price_of(line: &Line) -> LinePrice {
    LinePrice { quantity: line.quantity, unit_price: line.unit_price, discount: Some(Discount::Amount(line.discount)) }
}

fn kept(line: &Line) -> Draft {
    let planned = PlannedLine { step: LineStep::Kept, before: Some(line.clone()), after: line.clone(), new: None };
    Draft { line: planned, price: price_of(line), named: String::new() }
}

fn changed(check: &mut Check, named: &str, line: &Line, wish: &LineChange, currency: Currency) -> Draft {
    let mut after = line.clone();
    if let Some(quantity) = wish.quantity {
        limits::quantity(check, &format!("{named}.quantity"), quantity);
        after.quantity = quantity;
    }
    if let Some(price) = wish.unit_price {
        after.unit_price = limits::money(check, &format!("{named}.unit_price"), price, currency);
    }
    let mut price = price_of(&after);
    if let Some(discount) = wish.discount {
        price.discount = limits::discount(check, &format!("{named}.discount"), discount, currency);
    }
    Draft { line: PlannedLine { step: LineStep::Changed, before: Some(line.clone()), after, new: None }, price, named: named.to_owned() }
}

/// Another thing on the same line: its place and its id stay.
fn replaced(check: &mut Check, named: &str, line: &Line, new: &NewLine, currency: Currency) -> Draft {
    let mut draft = added(check, named, new, line.id, line.position, currency);
    draft.line.step = LineStep::Replaced;
    draft.line.before = Some(line.clone());
    draft
}

fn added(check: &mut Check, named: &str, new: &NewLine, id: LineId, position: i64, currency: Currency) -> Draft {
    limits::line_at(check, named, new, currency);
    let discount = limits::discount(check, &format!("{named}.discount"), new.discount, currency);
    let after = Line {
        id,
        position,
        sku: new.sku.as_deref().map(str::trim).filter(|sku| !sku.is_empty()).map(str::to_owned),
        title: new.title.trim().to_owned(),
        variant: new.variant.clone(),
        spec: new.spec.as_ref().map(|spec| serde_json::Value::Object(spec.clone()).to_string()),
        quantity: new.quantity,
        unit_price: new.unit_price.amount,
        discount: Amount::ZERO,
        order_discount: Amount::ZERO,
        tax: Amount::ZERO,
        line_total: Amount::ZERO,
        state: if new.is_backordered { LineState::Backordered } else { LineState::Ready },
        variant_id: None,
    };
    let price = LinePrice { quantity: new.quantity, unit_price: new.unit_price.amount, discount };
    let line = PlannedLine { step: LineStep::Added, before: None, after, new: Some(new.clone()) };
    Draft { line, price, named: named.to_owned() }
}

fn priced(mut line: PlannedLine, totals: &rules::LineTotals) -> PlannedLine {
    line.after.discount = totals.discount;
    line.after.order_discount = totals.order_discount;
    line.after.tax = totals.tax;
    line.after.line_total = totals.line_total;
    if line.step == LineStep::Changed && line.before.as_ref().is_some_and(|before| own(before) == own(&line.after)) {
        line.step = LineStep::Kept;
    }
    line
}

/// What a line says of itself, without its parts of the whole order.
fn own(line: &Line) -> (i64, Amount, Amount) {
    (line.quantity, line.unit_price, line.discount)
}

/// The rules count lines as they would stand; the caller knows them by what was sent.
fn in_words_of_the_edit(error: Error, drafts: &[Draft]) -> Error {
    let Error::Invalid(fields) = error else { return error };
    let renamed = fields.into_iter().map(|one| {
        let inside = one.field.strip_prefix("lines[").and_then(|rest| rest.split_once(']'));
        let named = inside.and_then(|(place, rest)| Some((drafts.get(place.parse::<usize>().ok()?)?.named.as_str(), rest)));
        match named {
            Some((named, rest)) if !named.is_empty() => FieldError { field: format!("{named}{rest}"), ..one },
            _ => one,
        }
    });
    Error::Invalid(renamed.collect())
}

fn contact(check: &mut Check, ctx: &Ctx, after: &mut Order, change: &EditChange) {
    if let Some(name) = &change.contact_name {
        check.require(!name.trim().is_empty(), "contact_name", "required");
        limits::text(check, "contact_name", Some(name), 200);
        after.contact_name = name.trim().to_owned();
    }
    if let Some(address) = &change.shipping_address {
        // Somebody who sees dots must not send them back as a street.
        check.require(!mask::has_dots(&address.line1), "shipping_address.line1", "contact.masked");
        customers::check_address(check, "shipping_address", address);
        put_address(after, address);
    }
    if let Some(phone) = &change.contact_phone {
        // Somebody who sees dots must not send them back as a number.
        let is_masked = !ctx.can(Permission::PhoneSee) && phone.as_deref().is_some_and(|text| text.contains('•'));
        check.require(!is_masked, "contact_phone", "phone.masked");
        after.contact_phone = match phone.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
            None => None,
            Some(text) => {
                let read = Phone::parse(text, after.country);
                check.require(read.is_ok() || is_masked, "contact_phone", "phone");
                read.ok()
            }
        };
    }
}

/// The parts that differ.
fn differing(before: &Order, after: &Order, lines: &[PlannedLine], removed: &[Line]) -> Vec<EditField> {
    let address = |order: &Order| {
        let texts = [&order.line1, &order.line2, &order.city, &order.district, &order.province, &order.postal_code].map(Clone::clone);
        (texts, order.country, order.place_known)
    };
    EditField::ALL
        .iter()
        .copied()
        .filter(|field| match field {
            EditField::Lines => !removed.is_empty() || lines.iter().any(|line| line.step != LineStep::Kept),
            EditField::Discount => before.discount != after.discount,
            EditField::ShippingFee => before.shipping_fee != after.shipping_fee,
            EditField::CodFee => before.cod_fee != after.cod_fee,
            EditField::ShippingAddress => address(before) != address(after),
            EditField::ContactName => before.contact_name != after.contact_name,
            EditField::ContactPhone => before.contact_phone != after.contact_phone,
            EditField::Customer => before.customer_id != after.customer_id,
        })
        .collect()
}
