//! Filling the database before anything is measured: through the real action, many orders a
//! transaction, over the last ninety days.

use std::time::Instant;

use base::Edge;
use kernel::{Channel, Currency, Locale, Money, OrderAction, OrderId, StoreId, Time};
use orders::{Move, NewAddress, NewContact, NewLine, NewOrder};

use super::orders::{PRODUCTS, name, phone, place, spread};

/// Orders in one transaction while loading.
const BATCH: u64 = 500;
/// Of so many orders one is confirmed, so that lists by state differ.
const CONFIRMED_OF: u64 = 5;

/// What was loaded.
pub(super) struct Loaded {
    pub(super) store: StoreId,
    /// Orders that wait to be confirmed.
    pub(super) pending: Vec<OrderId>,
    /// All orders by number, for reading.
    pub(super) all: Vec<OrderId>,
    pub(super) customers: u64,
    /// When the first was placed, and how far apart they are.
    pub(super) begin: Time,
    pub(super) step_us: i64,
    pub(super) seconds: f64,
}

/// Places `count` orders of `count / 4` customers, and confirms a fifth of them.
pub(super) async fn load(edge: &Edge, store: StoreId, count: u64, mut progress: impl FnMut(u64)) -> Result<Loaded, String> {
    let started = Instant::now();
    let customers = (count / 4).max(1);
    let begin = edge.base.now().plus_us(-90 * Time::DAY);
    let step_us = 90 * Time::DAY / (count.max(1) as i64 + 1);
    let mut loaded = Loaded { store, pending: Vec::new(), all: Vec::with_capacity(count as usize), customers, begin, step_us, seconds: 0.0 };
    let mut first = 0;
    while first < count {
        let end = (first + BATCH).min(count);
        let placed = edge
            .write_background(move |tx, ctx| {
                let mut ids = Vec::with_capacity((end - first) as usize);
                for number in first..end {
                    let at = ctx.at(begin.plus_us(step_us * number as i64));
                    let order = orders::place(tx, &at, &new_order(store, number, customers, at.now))?;
                    if number.is_multiple_of(CONFIRMED_OF) {
                        orders::act(tx, &at, order.id, &Move::new(OrderAction::Confirm))?;
                    }
                    ids.push(order.id);
                }
                Ok(ids)
            })
            .await
            .map_err(|error| format!("loading failed: {error}"))?;
        for (place, id) in placed.into_iter().enumerate() {
            if !(first + place as u64).is_multiple_of(CONFIRMED_OF) {
                loaded.pending.push(id);
            }
            loaded.all.push(id);
        }
        first = end;
        progress(first);
    }
    loaded.seconds = started.elapsed().as_secs_f64();
    Ok(loaded)
}

/// The n-th order: the same as [`super::orders::sample_body`] sends.
fn new_order(store: StoreId, number: u64, customers: u64, at: Time) -> NewOrder {
    let customer = spread(number, customers);
    let (province, city) = place(customer);
    let dzd = |amount: i64| Money { amount: kernel::Amount(amount), currency: Currency::DZD };
    let line = |place: u64| {
        let (sku, title, price) = PRODUCTS[((number + place) % PRODUCTS.len() as u64) as usize];
        NewLine::new(Some(sku), title, 1 + place as i64, dzd(price))
    };
    NewOrder {
        external_ref: Some(format!("load-{number}")),
        channel: [Channel::Whatsapp, Channel::Web, Channel::Instagram, Channel::Phone][(number % 4) as usize],
        placed_at: Some(at),
        customer: Some(NewContact { name: name(customer), phone: Some(phone(customer)), language: Some(Locale::Ar), ..NewContact::default() }),
        shipping_address: Some(NewAddress {
            line1: "Cité 200 logts, bloc 7".to_owned(),
            city: Some(city.to_owned()),
            province: Some(province.to_owned()),
            country: Some(kernel::Country::DZ),
            ..NewAddress::default()
        }),
        lines: vec![line(0), line(1)],
        shipping_fee: Some(dzd(60_000)),
        ..NewOrder::new(store)
    }
}
