//! Orders for tests: placed and moved through the API, as people do it.

use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Value, json};

use crate::client::Client;
use crate::shop::Shop;

/// An order to be placed; awaiting it places it and moves it where it shall be.
#[must_use]
pub struct OrderBuilder {
    shop: Shop,
    by: Client,
    body: Value,
    moves: &'static [&'static str],
}

/// An order as the API showed it last.
#[derive(Clone, Debug)]
pub struct PlacedOrder {
    /// `ord_…`.
    pub id: String,
    /// As people call it.
    pub number: String,
    /// For `If-Match` and bodies.
    pub version: i64,
    /// Everything.
    pub body: Value,
}

impl OrderBuilder {
    pub(crate) fn new(shop: Shop) -> OrderBuilder {
        let body = sample(&shop.main().to_string());
        let by = shop.admin();
        OrderBuilder { shop, by, body, moves: &[] }
    }

    /// Placed by this caller instead of the admin.
    pub fn by(mut self, client: Client) -> OrderBuilder {
        self.by = client;
        self
    }

    /// Sets a field of what is sent: `with("priority", json!("high"))`; null leaves it out.
    pub fn with(mut self, field: &str, value: Value) -> OrderBuilder {
        let fields = self.body.as_object_mut().expect("an order is an object");
        if value.is_null() {
            fields.remove(field);
        } else {
            fields.insert(field.to_owned(), value);
        }
        self
    }

    /// In the other store, NATU.
    pub fn in_second_store(self) -> OrderBuilder {
        let second = self.shop.second().to_string();
        self.with("store_id", json!(second))
    }

    /// For a customer with this phone.
    pub fn for_phone(self, name: &str, phone: &str) -> OrderBuilder {
        self.with("customer", json!({"name": name, "phone": phone}))
    }

    /// What would be sent.
    pub fn body(&self) -> Value {
        self.body.clone()
    }

    /// The customer agreed.
    pub fn confirmed(mut self) -> OrderBuilder {
        self.moves = &["confirm"];
        self
    }

    /// Being prepared.
    pub fn processing(mut self) -> OrderBuilder {
        self.moves = &["confirm", "process"];
        self
    }

    /// Handed to the courier.
    pub fn shipped(mut self) -> OrderBuilder {
        self.moves = &["confirm", "process", "hand_over"];
        self
    }

    /// With the delivery agent.
    pub fn out_for_delivery(mut self) -> OrderBuilder {
        self.moves = &["confirm", "process", "hand_over", "out_for_delivery"];
        self
    }

    /// In the customer's hands.
    pub fn delivered(mut self) -> OrderBuilder {
        self.moves = &["confirm", "process", "hand_over", "out_for_delivery", "deliver"];
        self
    }

    /// Called off.
    pub fn cancelled(mut self) -> OrderBuilder {
        self.moves = &["cancel"];
        self
    }
}

impl IntoFuture for OrderBuilder {
    type Output = PlacedOrder;
    type IntoFuture = Pin<Box<dyn Future<Output = PlacedOrder> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let placed = self.by.place(self.body).await.expect(201);
            let mut order = PlacedOrder::of(placed.body);
            let admin = self.shop.admin();
            for action in self.moves {
                let body = if *action == "cancel" { json!({"reason": "customer_changed_mind"}) } else { json!({}) };
                let moved = admin.post(&format!("/api/v1/orders/{}/{action}", order.id), body).await.expect(200);
                let body = if moved.body["order"].is_object() { moved.body["order"].clone() } else { moved.body };
                order = PlacedOrder::of(body);
            }
            order
        })
    }
}

impl PlacedOrder {
    /// From the JSON of an order.
    #[track_caller]
    pub fn of(body: Value) -> PlacedOrder {
        let text = |field: &str| match &body[field] {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let version = body["version"].as_i64().unwrap_or_else(|| panic!("not an order: {body}"));
        PlacedOrder { id: text("id"), number: text("number"), version, body }
    }

    /// `/api/v1/orders/ord_…` and what follows.
    pub fn path(&self, rest: &str) -> String {
        format!("/api/v1/orders/{}{rest}", self.id)
    }
}

/// An order as a shop sends it, different from all before by its reference and phone.
pub(crate) fn sample(store: &str) -> Value {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    let n = NEXT.fetch_add(1, Ordering::Relaxed);
    json!({
        "store_id": store,
        "external_ref": format!("T-{n}"),
        "channel": "whatsapp",
        "customer": {"name": "Amina Benali", "phone": format!("0550{:06}", n % 1_000_000), "language": "ar"},
        "shipping_address": {"line1": "Cité 200 logts, bloc 7", "city": "Bir El Djir", "province": "Oran", "country": "DZ"},
        "lines": [{"sku": "LIN-M", "title": "Linen dress", "variant": "sand, M", "quantity": 1, "unit_price": {"amount": 840_000, "currency": "DZD"}}],
        "shipping_fee": {"amount": 60_000, "currency": "DZD"},
        "payment_method": "cod"
    })
}
