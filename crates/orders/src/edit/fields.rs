//! Which part of a placed order may still change in which state, as a table.
//!
//! What is packed changes until the parcel is handed over; where it goes until a delivery agent has it; what
//! is owed until it is delivered. From then on money moves by credit notes and refunds alone. Who to
//! call stays open while somebody may have to be called.

use kernel::OrderState::{self, Backordered, Confirmed, Delivered, OutForDelivery, Pending, Processing, ReturnApproved, ReturnRequested, Shipped};
use kernel::words;

words! {
    /// A part of an order that an edit can change.
    pub enum EditField {
        /// What it sells: lines, quantities, prices, the lines' discounts.
        Lines = "lines",
        /// The order's own discount.
        Discount = "discount",
        /// The fee for delivery.
        ShippingFee = "shipping_fee",
        /// The fee for cash on delivery.
        CodFee = "cod_fee",
        /// Where it goes.
        ShippingAddress = "shipping_address",
        /// The name on it.
        ContactName = "contact_name",
        /// The number on it.
        ContactPhone = "contact_phone",
        /// Whose order it is.
        Customer = "customer_id",
    }
}

/// In which states each part may change; nowhere else.
#[rustfmt::skip]
pub const EDITABLE: &[(EditField, &[OrderState])] = &[
    (EditField::Lines,           &[Pending, Confirmed, Backordered, Processing]),
    (EditField::Discount,        &[Pending, Confirmed, Backordered, Processing, Shipped, OutForDelivery]),
    (EditField::ShippingFee,     &[Pending, Confirmed, Backordered, Processing, Shipped, OutForDelivery]),
    (EditField::CodFee,          &[Pending, Confirmed, Backordered, Processing, Shipped, OutForDelivery]),
    (EditField::ShippingAddress, &[Pending, Confirmed, Backordered, Processing, Shipped]),
    (EditField::ContactName,     &[Pending, Confirmed, Backordered, Processing, Shipped, OutForDelivery, Delivered, ReturnRequested, ReturnApproved]),
    (EditField::ContactPhone,    &[Pending, Confirmed, Backordered, Processing, Shipped, OutForDelivery, Delivered, ReturnRequested, ReturnApproved]),
    (EditField::Customer,        &[Pending, Confirmed, Backordered, Processing, Shipped, OutForDelivery]),
];

/// Whether a part may change while the order stands there.
pub fn may_change(field: EditField, state: OrderState) -> bool {
    EDITABLE.iter().any(|(one, states)| *one == field && states.contains(&state))
}

/// The parts that may change while the order stands there.
pub fn open_fields(state: OrderState) -> Vec<EditField> {
    EditField::ALL.iter().copied().filter(|field| may_change(*field, state)).collect()
}

impl EditField {
    /// Whether it changes what is owed.
    pub fn is_money(self) -> bool {
        matches!(self, EditField::Lines | EditField::Discount | EditField::ShippingFee | EditField::CodFee)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_has_its_row() {
        for field in EditField::ALL {
            assert_eq!(EDITABLE.iter().filter(|(one, _)| one == field).count(), 1, "{field}");
        }
    }

    #[test]
    fn money_does_not_change_after_delivery_nor_anything_once_it_is_over() {
        for state in OrderState::ALL {
            let open = open_fields(*state);
            if !matches!(state, Pending | Confirmed | Backordered | Processing | Shipped | OutForDelivery) {
                assert!(!open.iter().any(|field| field.is_money()) && !open.contains(&EditField::Customer), "{state}");
            }
            if state.is_closed() && *state != Delivered {
                assert_eq!(open, [], "{state}");
            }
        }
    }

    #[test]
    fn the_documents_say_the_same() {
        let page = include_str!("../../../../docs/editing.md");
        for (field, states) in EDITABLE {
            let states: Vec<&str> = states.iter().map(|state| state.as_str()).collect();
            let row = format!("| {field} | {} |\n", states.join(", "));
            assert!(page.contains(&row), "docs/editing.md lacks {row}");
        }
    }

    #[test]
    fn the_parcel_decides_about_lines_and_address() {
        assert!(may_change(EditField::Lines, Processing) && !may_change(EditField::Lines, Shipped));
        assert!(may_change(EditField::ShippingAddress, Shipped) && !may_change(EditField::ShippingAddress, OutForDelivery));
        assert!(may_change(EditField::Discount, OutForDelivery) && !may_change(EditField::Discount, Delivered));
        assert!(may_change(EditField::ContactPhone, ReturnApproved));
    }
}
