//! Two people at one order: what each of them changed, field by field, and whether both can stand.

use std::collections::{BTreeMap, BTreeSet};

use kernel::LineId;
use serde_json::{Value, json};

use super::model::{Differing, EditChange};
use crate::model::{Line, Order};

/// An order field by field, as far as it matters to whoever edits it. Lines are taken apart:
/// `lines.lin_….quantity`.
pub(crate) type Sides = BTreeMap<String, Value>;

/// What of a line can be changed by itself.
const OF_A_LINE: [&str; 4] = ["thing", "quantity", "unit_price", "discount"];

fn of_line(line: LineId, what: &str) -> String {
    format!("lines.{line}.{what}")
}

/// An order as it stands.
pub(crate) fn sides<'a>(order: &Order, lines: impl IntoIterator<Item = &'a Line>) -> Sides {
    let mut sides = Sides::from([
        ("state".to_owned(), json!(order.state)),
        ("priority".to_owned(), json!(order.priority)),
        ("expected_on".to_owned(), json!(order.expected_on)),
        ("channel".to_owned(), json!(order.channel)),
        ("discount".to_owned(), json!(order.discount)),
        ("shipping_fee".to_owned(), json!(order.shipping_fee)),
        ("cod_fee".to_owned(), json!(order.cod_fee)),
        ("shipping_address".to_owned(), address(order)),
        ("contact_name".to_owned(), json!(order.contact_name)),
        ("contact_phone".to_owned(), json!(order.contact_phone.as_ref().map(kernel::Phone::e164))),
        ("customer_id".to_owned(), json!(order.customer_id)),
    ]);
    for line in lines {
        sides.insert(of_line(line.id, "thing"), json!({"sku": line.sku, "title": line.title, "variant": line.variant}));
        sides.insert(of_line(line.id, "quantity"), json!(line.quantity));
        sides.insert(of_line(line.id, "unit_price"), json!(line.unit_price));
        sides.insert(of_line(line.id, "discount"), json!(line.discount));
        sides.insert(of_line(line.id, "state"), json!(line.state));
    }
    sides
}

/// An address as one value.
pub(crate) fn address(order: &Order) -> Value {
    json!({
        "line1": order.line1, "line2": order.line2, "city": order.city, "district": order.district, "province": order.province,
        "country": order.country, "postal_code": order.postal_code,
    })
}

/// The fields that a proposal speaks of.
pub(crate) fn touched(change: &EditChange) -> BTreeSet<String> {
    let mut touched = BTreeSet::new();
    let mut touch = |is_there: bool, field: &str| {
        if is_there {
            touched.insert(field.to_owned());
        }
    };
    touch(change.discount.is_some(), "discount");
    touch(change.shipping_fee.is_some(), "shipping_fee");
    touch(change.cod_fee.is_some(), "cod_fee");
    touch(change.shipping_address.is_some(), "shipping_address");
    touch(change.contact_name.is_some(), "contact_name");
    touch(change.contact_phone.is_some(), "contact_phone");
    touch(change.customer_id.is_some(), "customer_id");
    for line in &change.change_lines {
        touch(line.quantity.is_some(), &of_line(line.line, "quantity"));
        touch(line.unit_price.is_some(), &of_line(line.line, "unit_price"));
        touch(line.discount.is_some(), &of_line(line.line, "discount"));
    }
    for line in change.replace_lines.iter().map(|one| one.line).chain(change.remove_lines.iter().copied()) {
        for what in OF_A_LINE {
            touch(true, &of_line(line, what));
        }
    }
    touched
}

/// What changed between the order that the proposal stands on and the order as it is now. `wanted` is what
/// the proposal makes of it now, where it can be worked out.
pub(crate) fn differing(base: &Sides, now: &Sides, touched: &BTreeSet<String>, wanted: Option<&Sides>) -> Vec<Differing> {
    let fields: BTreeSet<&String> = base.keys().chain(now.keys()).collect();
    let of = |sides: &Sides, field: &str| sides.get(field).cloned().unwrap_or(Value::Null);
    fields
        .into_iter()
        .filter(|field| base.get(*field) != now.get(*field))
        .map(|field| {
            let theirs = of(now, field);
            let mine = touched.contains(field).then(|| wanted.map_or(Value::Null, |wanted| of(wanted, field)));
            let overlaps = mine.as_ref().is_some_and(|mine| wanted.is_none() || *mine != theirs);
            Differing { field: field.clone(), base: of(base, field), theirs, mine, overlaps }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Sides {
        let pairs = text.split(' ').filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap());
        pairs.map(|(field, value)| (field.to_owned(), json!(value))).collect()
    }

    #[track_caller]
    fn check(base: &str, now: &str, wanted: &str, expected: &str) {
        let (base, now, wanted) = (read(base), read(now), read(wanted));
        let touched = wanted.keys().cloned().collect();
        let mut whole = now.clone();
        whole.extend(wanted);
        let found = differing(&base, &now, &touched, Some(&whole));
        let shown: Vec<String> = found.iter().map(|one| format!("{}{}", one.field, if one.overlaps { "!" } else { "" })).collect();
        assert_eq!(shown.join(" "), expected);
    }

    #[test]
    fn both_stand_unless_both_changed_the_same_field_otherwise() {
        check("fee=1 name=A", "fee=1 name=A", "fee=2", "");
        check("fee=1 name=A", "fee=1 name=B", "fee=2", "name");
        check("fee=1 name=A", "fee=3 name=A", "fee=2", "fee!");
        check("fee=1 name=A", "fee=2 name=A", "fee=2", "fee");
        check("fee=1", "fee=1 line=x", "fee=2", "line");
        check("fee=1 line=x", "fee=1", "line=y", "line!");
    }
}
