//! Words in files that people take out: headings, and our own words in their language.

use kernel::{Args, Channel, Locale, OrderState, PaymentMethod, PaymentState, Priority};

use crate::{badges, words};

/// Columns and the messages of their headings.
#[rustfmt::skip]
const HEADINGS: &[(&str, &str)] = &[
    ("number", "export-number"), ("order_ref", "export-order-ref"), ("store", "export-store"), ("store_name", "export-store-name"),
    ("placed_at", "export-placed-at"), ("channel", "export-channel"), ("state", "export-state"), ("confirmation", "export-confirmation"),
    ("shipping_state", "export-shipping-state"), ("payment_state", "export-payment-state"), ("payment_method", "export-payment-method"),
    ("priority", "export-priority"), ("customer_id", "export-customer-id"), ("customer_name", "export-customer-name"),
    ("customer_phone", "export-customer-phone"), ("customer_email", "export-customer-email"), ("customer_ref", "export-customer-ref"),
    ("language", "export-language"), ("address", "export-address"), ("address2", "export-address2"), ("city", "export-city"),
    ("district", "export-district"), ("province", "export-province"), ("postal_code", "export-postal-code"), ("country", "export-country"),
    ("summary", "export-summary"), ("line_count", "export-line-count"), ("item_count", "export-item-count"), ("subtotal", "export-subtotal"),
    ("order_discount", "export-order-discount"), ("shipping_fee", "export-shipping-fee"), ("cod_fee", "export-cod-fee"), ("tax", "export-tax"),
    ("total", "export-total"), ("to_collect", "export-to-collect"), ("paid_amount", "export-paid-amount"), ("paid_at", "export-paid-at"),
    ("refunded_amount", "export-refunded-amount"), ("currency", "export-currency"), ("expected_on", "export-expected-on"),
    ("tags", "export-tags"), ("note", "export-note"), ("tracking", "export-tracking"), ("courier", "export-courier"),
    ("confirmed_at", "export-confirmed-at"), ("handed_over_at", "export-handed-over-at"), ("delivered_at", "export-delivered-at"),
    ("ended_at", "export-ended-at"), ("updated_at", "export-updated-at"), ("line", "export-line"), ("sku", "export-sku"),
    ("title", "export-title"), ("variant", "export-variant"), ("kind", "export-kind"), ("quantity", "export-quantity"),
    ("unit_price", "export-unit-price"), ("discount", "export-discount"), ("line_total", "export-line-total"), ("orders", "export-orders"),
    ("delivered", "export-delivered"), ("returned", "export-returned"), ("cancelled", "export-cancelled"),
    ("last_order_at", "export-last-order-at"), ("created_at", "export-created-at"),
    ("happened_at", "export-happened-at"), ("event", "export-event"), ("subject", "export-subject"), ("actor_name", "export-actor-name"),
    ("actor", "export-actor"), ("text", "export-text"), ("changes", "export-changes"), ("data", "export-data"),
    ("request_id", "export-request-id"), ("event_id", "export-event-id"),
];

/// The word for a column (`column`), a sheet (`sheet`), or one of our words of a set (`state`), in a language;
/// what nobody translates stays as it is.
pub fn label(locale: Locale, set: &str, word: &str) -> String {
    let key = match set {
        "column" => HEADINGS.iter().find(|(name, _)| *name == word).map(|(_, key)| *key),
        "sheet" => Some("export-sheet"),
        "state" => word.parse::<OrderState>().ok().map(|state| badges::state(state).key),
        "payment_state" => word.parse::<PaymentState>().ok().map(|state| badges::payment(state).key),
        "payment_method" => word.parse::<PaymentMethod>().ok().map(badges::payment_method),
        "priority" => word.parse::<Priority>().ok().map(badges::priority_name),
        "channel" => word.parse::<Channel>().ok().map(|channel| badges::channel(channel).1),
        _ => None,
    };
    key.map_or_else(|| word.to_owned(), |key| words::text(locale, key, &Args::new()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_has_a_heading_in_every_language() {
        let names = reports::ORDERS.iter().chain(reports::CUSTOMERS).chain(reports::EVENTS).map(|(name, _)| *name);
        for name in names {
            for locale in [Locale::En, Locale::Fr, Locale::Ar] {
                let heading = label(locale, "column", name);
                assert!(heading != name && !heading.starts_with("export-"), "{locale}: {name} is {heading}");
            }
        }
        assert_eq!(label(Locale::Fr, "state", "DELIVERED"), label(Locale::Fr, "state", "delivered"));
        assert_eq!(label(Locale::En, "state", "unheard of"), "unheard of");
        assert!(HEADINGS.len() >= reports::ORDERS.len());
    }
}
