//! The orders that a benchmark places: two lines, one of its loaded customers, a place in Algeria.
//!
//! Loader and client make them from a number alone, so that they need not talk to each other.

use serde_json::json;

/// Titles and prices in minor units of what is sold.
pub(super) const PRODUCTS: &[(&str, &str, i64)] = &[
    ("LIN-M", "Linen dress, sand, M", 840_000),
    ("WATCH-1", "Atlas watch, steel", 1_290_000),
    ("PACK-2", "Canvas backpack", 520_000),
    ("HEAD-7", "Studio headphones", 975_000),
    ("RING-K", "Kabyle silver ring", 1_430_000),
    ("SHOE-43", "Trail shoes, 43", 760_000),
    ("LAMP-O", "Desk lamp, oak", 410_000),
    ("SUN-A", "Sunglasses, amber", 340_000),
];

const PLACES: &[(&str, &str)] =
    &[("Alger", "Hydra"), ("Oran", "Bir El Djir"), ("Constantine", "El Khroub"), ("Sétif", "El Eulma"), ("Blida", "Boufarik")];
const GIVEN: &[&str] = &["Amina", "Karim", "Yasmine", "Sofiane", "Lina", "Mourad", "Rania", "Hichem", "Nour", "Fares", "Salima", "Walid"];
const FAMILY: &[&str] = &["Benali", "Haddad", "Chérif", "Meziane", "Khelifi", "Ziani", "Boukhalfa", "Laroussi", "Djebbar", "Amrani", "Ferhat"];
const CHANNELS: &[&str] = &["whatsapp", "web", "instagram", "phone"];

/// The n-th customer's telephone number.
pub(super) fn phone(customer: u64) -> String {
    format!("+2135{:08}", 50_000_000 + customer % 40_000_000)
}

/// The n-th customer's name.
pub(super) fn name(customer: u64) -> String {
    format!("{} {}", GIVEN[(customer % GIVEN.len() as u64) as usize], FAMILY[(customer / 7 % FAMILY.len() as u64) as usize])
}

/// Province and commune of the n-th customer.
pub(super) fn place(customer: u64) -> (&'static str, &'static str) {
    PLACES[(customer % PLACES.len() as u64) as usize]
}

/// Spreads numbers over a range, always the same way.
pub(super) fn spread(number: u64, range: u64) -> u64 {
    let mut mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed ^= mixed >> 32;
    mixed % range.max(1)
}

/// The body of `POST /api/v1/orders` for the n-th order.
pub(super) fn sample_body(store: &str, number: u64, customers: u64, external_ref: Option<&str>) -> String {
    let customer = spread(number, customers);
    let (province, city) = place(customer);
    let line = |place: u64| {
        let (sku, title, price) = PRODUCTS[((number + place) % PRODUCTS.len() as u64) as usize];
        json!({"sku": sku, "title": title, "quantity": 1 + place, "unit_price": {"amount": price, "currency": "DZD"}})
    };
    json!({
        "store_id": store,
        "external_ref": external_ref,
        "channel": CHANNELS[(number % CHANNELS.len() as u64) as usize],
        "customer": {"name": name(customer), "phone": phone(customer), "language": "ar"},
        "shipping_address": {"line1": "Cité 200 logts, bloc 7", "city": city, "province": province, "country": "DZ"},
        "lines": [line(0), line(1)],
        "shipping_fee": {"amount": 60_000, "currency": "DZD"},
        "payment_method": "cod"
    })
    .to_string()
}
