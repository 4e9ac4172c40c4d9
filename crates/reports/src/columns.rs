//! The columns that a file can have.

use crate::model::What;

/// What stands in a column, which decides how it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Words and codes.
    Text,
    /// A word of ours that people read in their language, of the named set.
    Word(&'static str),
    /// A whole number.
    Count,
    /// An amount in major units.
    Money,
    /// An instant.
    Time,
    /// A day.
    Day,
}

/// A column: its name, and what stands in it.
type Column = (&'static str, Kind);

/// Columns of orders. Those of a line stand last, and need one row for each line.
#[rustfmt::skip]
pub const ORDERS: &[Column] = &[
    ("number", Kind::Text), ("order_ref", Kind::Text), ("store", Kind::Text), ("store_name", Kind::Text), ("placed_at", Kind::Time),
    ("channel", Kind::Word("channel")), ("state", Kind::Word("state")), ("confirmation", Kind::Text), ("shipping_state", Kind::Text),
    ("payment_state", Kind::Word("payment_state")), ("payment_method", Kind::Word("payment_method")), ("priority", Kind::Word("priority")),
    ("customer_name", Kind::Text), ("customer_phone", Kind::Text), ("customer_email", Kind::Text), ("customer_ref", Kind::Text),
    ("language", Kind::Text), ("address", Kind::Text), ("address2", Kind::Text), ("city", Kind::Text), ("district", Kind::Text),
    ("province", Kind::Text), ("postal_code", Kind::Text), ("country", Kind::Text), ("summary", Kind::Text), ("line_count", Kind::Count),
    ("item_count", Kind::Count), ("subtotal", Kind::Money), ("order_discount", Kind::Money), ("shipping_fee", Kind::Money),
    ("cod_fee", Kind::Money), ("tax", Kind::Money), ("total", Kind::Money), ("to_collect", Kind::Money), ("paid_amount", Kind::Money),
    ("paid_at", Kind::Time), ("refunded_amount", Kind::Money), ("currency", Kind::Text), ("expected_on", Kind::Day), ("tags", Kind::Text),
    ("note", Kind::Text), ("tracking", Kind::Text), ("courier", Kind::Text), ("confirmed_at", Kind::Time), ("handed_over_at", Kind::Time),
    ("delivered_at", Kind::Time), ("ended_at", Kind::Time), ("updated_at", Kind::Time),
    ("line", Kind::Count), ("sku", Kind::Text), ("title", Kind::Text), ("variant", Kind::Text), ("kind", Kind::Text), ("quantity", Kind::Count),
    ("unit_price", Kind::Money), ("discount", Kind::Money), ("line_total", Kind::Money),
];

/// Amounts and counts of a whole order. Where an order has several rows they stand in its first one, so that
/// sums come out right.
pub(crate) const ONCE: &[&str] = &[
    "line_count",
    "item_count",
    "subtotal",
    "order_discount",
    "shipping_fee",
    "cod_fee",
    "tax",
    "total",
    "to_collect",
    "paid_amount",
    "refunded_amount",
];

/// Columns of a line.
const OF_LINES: &[&str] = &["line", "sku", "title", "variant", "kind", "quantity", "unit_price", "discount", "line_total"];

/// The columns by which the preset `kafila` of imports brings an order in again as it is. `custom.*` stands for
/// all fields of the team's own.
pub const KAFILA: &[&str] = &[
    "order_ref",
    "store",
    "placed_at",
    "channel",
    "customer_name",
    "customer_phone",
    "customer_email",
    "customer_ref",
    "language",
    "address",
    "address2",
    "city",
    "district",
    "province",
    "country",
    "postal_code",
    "sku",
    "title",
    "variant",
    "kind",
    "quantity",
    "unit_price",
    "discount",
    "order_discount",
    "shipping_fee",
    "cod_fee",
    "currency",
    "payment_method",
    "priority",
    "expected_on",
    "tags",
    "note",
    "state",
    "confirmed_at",
    "handed_over_at",
    "delivered_at",
    "ended_at",
    "paid_amount",
    "paid_at",
    "refunded_amount",
    "custom.*",
];

/// What a file of orders has unless somebody chooses.
const USUAL: &[&str] = &[
    "number",
    "order_ref",
    "store",
    "placed_at",
    "state",
    "payment_state",
    "payment_method",
    "customer_name",
    "customer_phone",
    "address",
    "city",
    "province",
    "summary",
    "item_count",
    "shipping_fee",
    "total",
    "to_collect",
    "currency",
    "tracking",
    "tags",
];

/// What a file of lines has unless somebody chooses.
const USUAL_LINES: &[&str] = &[
    "number",
    "order_ref",
    "store",
    "placed_at",
    "state",
    "customer_name",
    "customer_phone",
    "city",
    "province",
    "sku",
    "title",
    "variant",
    "quantity",
    "unit_price",
    "discount",
    "line_total",
    "shipping_fee",
    "total",
    "currency",
];

/// Columns of customers.
pub const CUSTOMERS: &[Column] = &[
    ("customer_id", Kind::Text),
    ("customer_name", Kind::Text),
    ("customer_phone", Kind::Text),
    ("customer_email", Kind::Text),
    ("language", Kind::Text),
    ("orders", Kind::Count),
    ("delivered", Kind::Count),
    ("returned", Kind::Count),
    ("cancelled", Kind::Count),
    ("last_order_at", Kind::Time),
    ("created_at", Kind::Time),
    ("tags", Kind::Text),
];

/// Columns of the audit trail.
pub const EVENTS: &[Column] = &[
    ("happened_at", Kind::Time),
    ("event", Kind::Text),
    ("subject", Kind::Text),
    ("actor_name", Kind::Text),
    ("actor", Kind::Text),
    ("text", Kind::Text),
    ("changes", Kind::Text),
    ("data", Kind::Text),
    ("request_id", Kind::Text),
    ("event_id", Kind::Text),
];

/// The columns that a file of this can have.
pub(crate) fn of(what: What) -> &'static [Column] {
    match what {
        What::Orders => ORDERS,
        What::Customers => CUSTOMERS,
        What::Events => EVENTS,
    }
}

/// Fields of the team's own begin so.
pub(crate) const CUSTOM: &str = "custom.";
/// All of them.
pub(crate) const ALL_CUSTOM: &str = "custom.*";

/// What stands in a column; none for a name that there is not.
pub fn kind_of(columns: &[Column], name: &str) -> Option<Kind> {
    if name.len() > CUSTOM.len() && name.starts_with(CUSTOM) {
        return Some(Kind::Text);
    }
    columns.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind)
}

/// Whether a column is of a line.
pub(crate) fn is_of_line(name: &str) -> bool {
    OF_LINES.contains(&name)
}

/// The usual columns.
pub fn order_columns_of(by_line: bool) -> Vec<String> {
    let usual = if by_line { USUAL_LINES } else { USUAL };
    usual.iter().map(|name| (*name).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_named_column_is_one() {
        for name in KAFILA.iter().chain(USUAL).chain(USUAL_LINES).chain(ONCE).chain(OF_LINES) {
            assert!(kind_of(ORDERS, name).is_some(), "{name}");
        }
        assert_eq!(kind_of(ORDERS, "custom."), None);
        assert_eq!(kind_of(ORDERS, "colour"), None);
        let mut names: Vec<&str> = ORDERS.iter().map(|(name, _)| *name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), ORDERS.len());
    }
}
