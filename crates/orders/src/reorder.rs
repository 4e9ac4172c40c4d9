//! Ordering the same again: what an order sold, as the catalogue sells it today.
//!
//! What is known there comes at today's price, under today's name; what is no longer sold is left out; what the
//! catalogue does not know, or sells in another currency, stays as it was. All of it is named. Discounts
//! belonged to the old order and fees are the store's of today.

use std::collections::{BTreeMap, BTreeSet};

use base::Ctx;
use catalogue::{Variant, VariantStatus};
use db::Tx;
use kernel::{Currency, Error, Money, OrderId, Permission, VariantId, VariantKind, words};

use crate::drafts::{self, Draft};
use crate::model::{Line, NewAddress, NewContact, NewLine, NewOrder, Order};
use crate::store;

words! {
    /// What is different about a line today.
    pub enum Change {
        /// Another price.
        Price = "price",
        /// Another title or variant.
        Name = "name",
        /// Not sold any more; the line is left out.
        Gone = "gone",
        /// Not in the catalogue; the line stays as it was.
        Unknown = "unknown",
    }
}

/// Something that is different today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// What.
    pub change: Change,
    /// The SKU of the old line.
    pub sku: Option<String>,
    /// The title of the old line.
    pub title: String,
    /// The variant of the old line.
    pub variant: Option<String>,
    /// What one cost.
    pub was: Money,
    /// What one costs today; none when it is not sold.
    pub now: Option<Money>,
}

/// A draft that repeats an order, and what is different today.
#[derive(Clone, Debug)]
pub struct Reordered {
    /// The draft.
    pub draft: Draft,
    /// What is different, line by line.
    pub changes: Vec<Changed>,
}

/// Begins a draft with what an order sold, for the same buyer and address.
///
/// `Conflict` `reorder.nothing` when none of it is sold any more.
pub fn reorder(tx: &mut Tx, ctx: &Ctx, id: OrderId) -> Result<Reordered, Error> {
    ctx.require(Permission::OrderPlace)?;

    let order = store::find(tx, ctx, id)?.ok_or(Error::not_found("order"))?;
    let lines = store::list_lines(tx, id)?;
    let ids: BTreeSet<VariantId> = lines.iter().filter_map(|line| line.variant_id).collect();
    let variants = catalogue::find_all(tx, &ids.into_iter().collect::<Vec<_>>())?;
    let variants: BTreeMap<VariantId, Variant> = variants.into_iter().map(|variant| (variant.id, variant)).collect();
    let (lines, changes) = today(&lines, &variants, order.currency);
    if lines.is_empty() {
        return Err(Error::conflict("reorder.nothing"));
    }

    let draft = drafts::begun(tx, ctx, &again(&order, lines), Some(id))?;
    Ok(Reordered { draft, changes })
}

/// The old lines as they are sold today, and what is different.
fn today(lines: &[Line], variants: &BTreeMap<VariantId, Variant>, currency: Currency) -> (Vec<NewLine>, Vec<Changed>) {
    let mut sold = Vec::with_capacity(lines.len());
    let mut changes = Vec::new();
    for line in lines {
        let was = Money { amount: line.unit_price, currency };
        let variant = line.variant_id.and_then(|id| variants.get(&id)).filter(|variant| variant.currency == currency);
        let mut note = |change: Change, now: Option<Money>| {
            changes.push(Changed { change, sku: line.sku.clone(), title: line.title.clone(), variant: line.variant.clone(), was, now });
        };
        let new = |kind, title: &str, variant: Option<&String>, unit_price| NewLine {
            kind,
            variant: variant.cloned(),
            spec: line.spec.as_deref().and_then(|spec| serde_json::from_str(spec).ok()),
            ..NewLine::new(line.sku.as_deref(), title, line.quantity, unit_price)
        };
        match variant {
            None => {
                note(Change::Unknown, Some(was));
                sold.push(new(VariantKind::Goods, &line.title, line.variant.as_ref(), was));
            }
            Some(variant) if variant.status == VariantStatus::Inactive => note(Change::Gone, None),
            Some(variant) => {
                let now = Money { amount: variant.price, currency };
                if now != was {
                    note(Change::Price, Some(now));
                }
                if (&variant.title, &variant.variant) != (&line.title, &line.variant) {
                    note(Change::Name, Some(now));
                }
                sold.push(new(variant.kind, &variant.title, variant.variant.as_ref(), now));
            }
        }
    }
    (sold, changes)
}

/// An order for the same buyer, to the same address, paid in the same way.
fn again(order: &Order, lines: Vec<NewLine>) -> NewOrder {
    let phone = order.contact_phone.as_ref().map(|phone| phone.e164().to_owned());
    let is_named = !order.contact_name.is_empty() || phone.is_some();
    NewOrder {
        channel: order.channel,
        customer: is_named.then(|| NewContact { name: order.contact_name.clone(), phone, ..NewContact::default() }),
        shipping_address: order.line1.clone().map(|line1| NewAddress {
            label: None,
            line1,
            line2: order.line2.clone(),
            city: order.city.clone(),
            district: order.district.clone(),
            province: order.province.clone(),
            country: Some(order.country),
            is_unknown: !order.place_known,
            postal_code: order.postal_code.clone(),
        }),
        lines,
        payment_method: order.payment_method,
        is_test: order.is_test,
        ..NewOrder::new(order.store_id)
    }
}

#[cfg(test)]
mod tests {
    use kernel::{Amount, Id, LineId, LineState, ProductId, Time};

    use super::*;

    fn line(variant: Option<i64>, title: &str, price: i64) -> Line {
        Line {
            id: LineId::from_i64(1),
            position: 0,
            sku: Some("S".into()),
            title: title.into(),
            variant: None,
            spec: None,
            quantity: 2,
            unit_price: Amount(price),
            discount: Amount(5),
            order_discount: Amount::ZERO,
            tax: Amount::ZERO,
            line_total: Amount(2 * price - 5),
            state: LineState::Ready,
            variant_id: variant.map(VariantId::from_i64),
        }
    }

    fn variant(id: i64, title: &str, price: i64, status: VariantStatus) -> Variant {
        Variant {
            id: VariantId::from_i64(id),
            product_id: ProductId::from_i64(id),
            kind: VariantKind::Goods,
            sku: Some("S".into()),
            title: title.into(),
            variant: None,
            price: Amount(price),
            currency: Currency::DZD,
            status,
            version: 1,
            created_at: Time(0),
            updated_at: Time(0),
        }
    }

    #[track_caller]
    fn check(line: Line, catalogue: &[Variant], currency: Currency, expected: &str) {
        let variants = catalogue.iter().map(|one| (one.id, one.clone())).collect();
        let (lines, changes) = today(&[line], &variants, currency);
        let lines = lines.iter().map(|line| format!("{} {} at {}", line.quantity, line.title, line.unit_price.amount));
        let changes = changes.iter().map(|one| one.change.to_string());
        assert_eq!(lines.chain(changes).collect::<Vec<_>>().join(", "), expected);
    }

    #[test]
    fn what_is_different_today_is_named() {
        use VariantStatus::{Active, Inactive};
        let dzd = Currency::DZD;
        check(line(Some(7), "Dress", 100), &[variant(7, "Dress", 100, Active)], dzd, "2 Dress at 100");
        check(line(Some(7), "Dress", 100), &[variant(7, "Dress", 120, Active)], dzd, "2 Dress at 120, price");
        check(line(Some(7), "Dress", 100), &[variant(7, "Linen dress", 120, Active)], dzd, "2 Linen dress at 120, price, name");
        check(line(Some(7), "Dress", 100), &[variant(7, "Dress", 100, Inactive)], dzd, "gone");
        check(line(Some(7), "Dress", 100), &[], dzd, "2 Dress at 100, unknown");
        check(line(None, "Dress", 100), &[], dzd, "2 Dress at 100, unknown");
        check(line(Some(7), "Dress", 100), &[variant(7, "Dress", 9, Active)], Currency::KES, "2 Dress at 100, unknown");
    }
}
