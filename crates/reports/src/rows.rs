//! Rows of a file in their plain form: amounts with a point, instants in RFC 3339, our own words. The file is
//! written from these, in whatever style.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use access::Store;
use base::Ctx;
use base::events::EventView;
use customers::{Contact, CustomerRow};
use db::Tx;
use kernel::{Actor, Amount, Currency, CustomerId, Error, OrderId, OrderState, StoreId, Time, TransactionKind, UserId};
use orders::{Exported, Line};
use payments::Settled;
use serde_json::{Map, Value};

use crate::columns::{ALL_CUSTOM, CUSTOM, ONCE, is_of_line};
use crate::model::RowsAre;

/// Rows of some orders, and what was met in them.
#[derive(Debug, Default)]
pub(crate) struct Part {
    /// Each with the cells of the columns, and before them the row's store and currency; behind them the team's
    /// own fields as JSON, where they are wanted.
    pub(crate) rows: Vec<Vec<String>>,
    /// Names of the team's own fields.
    pub(crate) custom: BTreeSet<String>,
    /// Orders that stand in the rows.
    pub(crate) orders: u64,
}

/// Cells before those of the columns: the store and the currency.
pub(crate) const BEFORE: usize = 2;

/// Rows of these events, with the names of people as they are called now.
pub(crate) fn of_events(tx: &mut Tx, ctx: &Ctx, events: &[EventView], columns: &[String]) -> Result<Vec<Vec<String>>, Error> {
    let user = |event: &EventView| if let Actor::User(user) = event.actor { Some(user) } else { None };
    let mut ids: Vec<UserId> = events.iter().filter_map(user).collect();
    ids.sort_unstable();
    ids.dedup();
    let names: BTreeMap<UserId, String> = access::users::names(tx, ctx, &ids)?.into_iter().map(|one| (one.id, one.name)).collect();
    let cell = |event: &EventView, column: &str| match column {
        "happened_at" => event.at.to_string(),
        "event" => event.kind.clone(),
        "subject" => event.subject_id(),
        "actor_name" => user(event).and_then(|user| names.get(&user).cloned()).unwrap_or_default(),
        "actor" => match event.actor {
            Actor::User(id) => id.to_string(),
            Actor::ApiKey(id) => id.to_string(),
            Actor::Customer(id) => id.to_string(),
            Actor::System => "system".to_owned(),
        },
        "text" => event.details.text.clone().unwrap_or_default(),
        "changes" => {
            let changes = event.details.changes.iter().map(|change| format!("{}: {} → {}", change.field, change.before, change.after));
            changes.collect::<Vec<_>>().join("; ")
        }
        "data" => event.data.to_string(),
        "request_id" => event.request_id.clone(),
        "event_id" => event.id.to_string(),
        _ => String::new(),
    };
    let row = |event: &EventView| {
        let before = std::iter::repeat_n(String::new(), BEFORE);
        before.chain(columns.iter().map(|column| cell(event, column))).collect()
    };
    Ok(events.iter().map(row).collect())
}

/// Rows of these orders, as far as the caller may see them; those that are gone are left out.
pub(crate) fn of_orders(tx: &mut Tx, ctx: &Ctx, ids: &[OrderId], columns: &[String], rows: RowsAre) -> Result<Part, Error> {
    let found = orders::contents(tx, ctx, ids)?;
    let wants = |names: &[&str]| columns.iter().any(|column| names.contains(&column.as_str()));
    let seen: Vec<OrderId> = found.iter().map(|one| one.order.id).collect();
    let settled = if wants(&["paid_amount", "paid_at", "refunded_amount"]) { payments::settled(tx, ctx, &seen)? } else { Vec::new() };
    let mut customers: Vec<CustomerId> = Vec::new();
    if wants(&["customer_email", "customer_ref", "language"]) {
        customers.extend(found.iter().filter_map(|one| one.order.customer_id));
        customers.sort_unstable();
        customers.dedup();
    }
    let contacts: BTreeMap<CustomerId, Contact> = customers::contacts(tx, ctx, &customers)?.into_iter().map(|one| (one.id, one)).collect();
    let mut stores: BTreeMap<StoreId, Arc<Store>> = BTreeMap::new();
    let mut part = Part::default();
    for one in &found {
        let store = match stores.get(&one.order.store_id) {
            Some(store) => Arc::clone(store),
            None => Arc::clone(stores.entry(one.order.store_id).or_insert(access::stores::find(tx, ctx, one.order.store_id)?)),
        };
        let contact = one.order.customer_id.and_then(|id| contacts.get(&id));
        let moved: Vec<&Settled> = settled.iter().filter(|row| row.order_id == one.order.id).collect();
        let source = Source { ctx, one, store: &store, contact, moved };
        part.orders += 1;
        match rows {
            RowsAre::Order => source.row(columns, None, true, &mut part),
            RowsAre::Line => {
                for (place, line) in one.lines.iter().enumerate() {
                    source.row(columns, Some((place, line)), place == 0, &mut part);
                }
                // An order without lines is no less an order.
                if one.lines.is_empty() {
                    source.row(columns, None, true, &mut part);
                }
            }
        }
    }
    Ok(part)
}

/// An order and what belongs to it.
struct Source<'a> {
    ctx: &'a Ctx,
    one: &'a Exported,
    store: &'a Store,
    contact: Option<&'a Contact>,
    moved: Vec<&'a Settled>,
}

type KindedLine = (Line, kernel::VariantKind);

impl Source<'_> {
    fn row(&self, columns: &[String], line: Option<(usize, &KindedLine)>, is_first: bool, part: &mut Part) {
        let order = &self.one.order;
        let mut row = Vec::with_capacity(columns.len() + BEFORE + 1);
        row.extend([self.store.code.clone(), order.currency.to_string()]);
        let mut wants_custom = false;
        for column in columns {
            let name = column.as_str();
            if name == ALL_CUSTOM {
                wants_custom = true;
                row.push(String::new());
            } else if let Some(name) = name.strip_prefix(CUSTOM) {
                row.push(order.custom().get(name).map(text_of).unwrap_or_default());
            } else if is_of_line(name) {
                row.push(line.map(|line| self.of_line(name, line)).unwrap_or_default());
            } else if !is_first && ONCE.contains(&name) {
                row.push(String::new());
            } else {
                row.push(self.of_order(name));
            }
        }
        if wants_custom {
            let custom = order.custom();
            part.custom.extend(custom.keys().cloned());
            row.push(Value::Object(custom).to_string());
        }
        part.rows.push(row);
    }

    fn of_order(&self, column: &str) -> String {
        let order = &self.one.order;
        let some = |text: &Option<String>| text.clone().unwrap_or_default();
        let street = |text: &Option<String>| {
            text.as_deref().filter(|text| !text.is_empty()).map(|text| customers::shown_street(self.ctx, text)).unwrap_or_default()
        };
        let money = |amount: Amount| money(amount, order.currency);
        match column {
            "number" => order.number.clone(),
            // What has no reference is known by its number, so that it can be brought in again.
            "order_ref" => order.external_ref.clone().unwrap_or_else(|| order.number.clone()),
            "store" => self.store.code.clone(),
            "store_name" => self.store.name.clone(),
            "placed_at" => order.created_at.to_string(),
            "channel" => order.channel.to_string(),
            "state" => order.state.to_string(),
            "confirmation" => order.confirmation.to_string(),
            "shipping_state" => order.shipping_state.to_string(),
            "payment_state" => order.payment_state.to_string(),
            "payment_method" => order.payment_method.to_string(),
            "priority" => order.priority.to_string(),
            "customer_name" => order.contact_name.clone(),
            "customer_phone" => order.contact_phone.as_ref().map(|phone| customers::shown_phone(self.ctx, phone)).unwrap_or_default(),
            "customer_email" => {
                self.contact.and_then(|contact| contact.email.as_deref()).map(|email| customers::shown_email(self.ctx, email)).unwrap_or_default()
            }
            "customer_ref" => self.contact.and_then(|contact| contact.external_ref.clone()).unwrap_or_default(),
            "language" => self.contact.and_then(|contact| contact.language).map(|language| language.to_string()).unwrap_or_default(),
            "address" => street(&order.line1),
            "address2" => street(&order.line2),
            "city" => some(&order.city),
            "district" => some(&order.district),
            "province" => some(&order.province),
            "postal_code" => some(&order.postal_code),
            "country" => order.country.to_string(),
            "summary" => order.summary.clone(),
            "line_count" => order.line_count.to_string(),
            "item_count" => order.item_count.to_string(),
            "subtotal" => money(order.subtotal),
            "order_discount" => money(order.discount),
            "shipping_fee" => money(order.shipping_fee),
            "cod_fee" => money(order.cod_fee),
            "tax" => money(order.tax),
            "total" => money(order.total),
            "to_collect" => money(order.to_collect),
            "paid_amount" => self.moved(TransactionKind::Payment).map(|moved| money(moved.amount)).unwrap_or_default(),
            "paid_at" => self.moved(TransactionKind::Payment).map(|moved| moved.at.to_string()).unwrap_or_default(),
            "refunded_amount" => self.moved(TransactionKind::Refund).map(|moved| money(moved.amount)).unwrap_or_default(),
            "currency" => order.currency.to_string(),
            "expected_on" => order.expected_on.map(|day| day.to_string()).unwrap_or_default(),
            "tags" => order.tags().join(";"),
            "note" => self.one.note.as_deref().map(|note| customers::shown_words(self.ctx, note)).unwrap_or_default(),
            "tracking" => some(&order.tracking),
            "courier" => some(&order.courier),
            "confirmed_at" => self.reached(OrderState::Confirmed),
            "handed_over_at" if order.state == OrderState::Processing => self.reached(OrderState::Processing),
            "handed_over_at" => self.reached(OrderState::Shipped),
            "delivered_at" if order.state == OrderState::OutForDelivery => self.reached(OrderState::OutForDelivery),
            "delivered_at" => self.reached(OrderState::Delivered),
            "ended_at" => match order.state {
                OrderState::Cancelled | OrderState::Returned | OrderState::Refunded | OrderState::ReturnApproved => self.reached(order.state),
                OrderState::ReturnRequested => self.reached(order.state),
                _ => String::new(),
            },
            "updated_at" => order.updated_at.to_string(),
            _ => String::new(),
        }
    }

    fn reached(&self, state: OrderState) -> String {
        self.one.reached.get(&state).map(Time::to_string).unwrap_or_default()
    }

    fn moved(&self, kind: TransactionKind) -> Option<&Settled> {
        self.moved.iter().find(|moved| moved.kind == kind).copied()
    }

    fn of_line(&self, column: &str, (place, (line, kind)): (usize, &KindedLine)) -> String {
        let money = |amount: Amount| money(amount, self.one.order.currency);
        match column {
            "line" => (place + 1).to_string(),
            "sku" => line.sku.clone().unwrap_or_default(),
            "title" => line.title.clone(),
            "variant" => line.variant.clone().unwrap_or_default(),
            "kind" => kind.to_string(),
            "quantity" => line.quantity.to_string(),
            "unit_price" => money(line.unit_price),
            "discount" => money(line.discount),
            "line_total" => money(line.line_total),
            _ => String::new(),
        }
    }
}

/// An amount in major units, with all decimals of its currency.
fn money(amount: Amount, currency: Currency) -> String {
    let (unit, minor) = (currency.minor_per_unit().unsigned_abs(), amount.0.unsigned_abs());
    let sign = if amount.0 < 0 { "-" } else { "" };
    match currency.exponent() as usize {
        0 => format!("{sign}{minor}"),
        width => format!("{sign}{}.{:0width$}", minor / unit, minor % unit),
    }
}

/// What a field of the team's own says in a cell.
pub(crate) fn text_of(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The fields of the team's own in the order of their names, as a row keeps them.
pub(crate) fn custom_cells(json: &str, names: &[String]) -> Vec<String> {
    let custom: Map<String, Value> = serde_json::from_str(json).unwrap_or_default();
    names.iter().map(|name| custom.get(name).map(text_of).unwrap_or_default()).collect()
}

/// A row of a customer.
pub(crate) fn of_customer(ctx: &Ctx, row: &CustomerRow, columns: &[String]) -> Vec<String> {
    let cell = |column: &String| match column.as_str() {
        "customer_id" => row.id.to_string(),
        "customer_name" => row.name.clone(),
        "customer_phone" => row.phone.as_ref().map(|phone| customers::shown_phone(ctx, phone)).unwrap_or_default(),
        "customer_email" => row.email.as_deref().map(|email| customers::shown_email(ctx, email)).unwrap_or_default(),
        "language" => row.language.map(|language| language.to_string()).unwrap_or_default(),
        "orders" => row.orders.to_string(),
        "delivered" => row.delivered.to_string(),
        "returned" => row.returned.to_string(),
        "cancelled" => row.cancelled.to_string(),
        "last_order_at" => row.last_order_at.map(|at| at.to_string()).unwrap_or_default(),
        "created_at" => row.created_at.to_string(),
        "tags" => serde_json::from_str::<Vec<String>>(&row.tags).unwrap_or_default().join(";"),
        _ => String::new(),
    };
    [String::new(), String::new()].into_iter().chain(columns.iter().map(cell)).collect()
}
