//! Orders that are not placed yet, and wishes to change placed ones, as they are kept: JSON in a column.
//!
//! What is kept outlives a release, so these are types of their own: a field that an older row does not
//! have is read as not given.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{
    Amount, Channel, Country, CustomerId, Day, Error, LineId, LineState, Locale, Money, PaymentMethod, Phone, Priority, StoreId, VariantId,
    VariantKind,
};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use crate::edit::{EditChange, LineChange, LineReplacement};
use crate::model::{Line, NewAddress, NewContact, NewDiscount, NewLine, NewOrder, Order};

/// Writes something kept.
pub(crate) fn text<T: Serialize>(kept: &T) -> Result<String, Error> {
    serde_json::to_string(kept).map_err(Error::internal)
}

/// Reads what [`text`] wrote.
pub(crate) fn read<T: for<'de> Deserialize<'de>>(text: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(Error::internal)
}

/// Null means "to nothing"; what is not there stays as it is.
fn mentioned<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum KeptDiscount {
    Amount(Money),
    PercentPpm(i64),
}

impl From<NewDiscount> for KeptDiscount {
    fn from(new: NewDiscount) -> KeptDiscount {
        match new {
            NewDiscount::Amount(money) => KeptDiscount::Amount(money),
            NewDiscount::Percent(ppm) => KeptDiscount::PercentPpm(ppm),
        }
    }
}

impl From<KeptDiscount> for NewDiscount {
    fn from(kept: KeptDiscount) -> NewDiscount {
        match kept {
            KeptDiscount::Amount(money) => NewDiscount::Amount(money),
            KeptDiscount::PercentPpm(ppm) => NewDiscount::Percent(ppm),
        }
    }
}

#[derive(Serialize, Deserialize)]
struct KeptContact {
    name: String,
    phone: Option<String>,
    email: Option<String>,
    language: Option<Locale>,
    external_ref: Option<String>,
}

impl From<NewContact> for KeptContact {
    fn from(new: NewContact) -> KeptContact {
        let NewContact { name, phone, email, language, external_ref } = new;
        KeptContact { name, phone, email, language, external_ref }
    }
}

impl From<KeptContact> for NewContact {
    fn from(kept: KeptContact) -> NewContact {
        let KeptContact { name, phone, email, language, external_ref } = kept;
        NewContact { name, phone, email, language, external_ref }
    }
}

#[derive(Serialize, Deserialize)]
struct KeptAddress {
    label: Option<String>,
    line1: String,
    line2: Option<String>,
    city: Option<String>,
    district: Option<String>,
    province: Option<String>,
    country: Option<Country>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    is_unknown: bool,
    postal_code: Option<String>,
}

impl From<NewAddress> for KeptAddress {
    fn from(new: NewAddress) -> KeptAddress {
        let NewAddress { label, line1, line2, city, district, province, country, is_unknown, postal_code } = new;
        KeptAddress { label, line1, line2, city, district, province, country, is_unknown, postal_code }
    }
}

impl From<KeptAddress> for NewAddress {
    fn from(kept: KeptAddress) -> NewAddress {
        let KeptAddress { label, line1, line2, city, district, province, country, is_unknown, postal_code } = kept;
        NewAddress { label, line1, line2, city, district, province, country, is_unknown, postal_code }
    }
}

#[derive(Serialize, Deserialize)]
pub(crate) struct KeptLine {
    sku: Option<String>,
    kind: VariantKind,
    title: String,
    variant: Option<String>,
    spec: Option<Map<String, Value>>,
    quantity: i64,
    unit_price: Money,
    discount: Option<KeptDiscount>,
    #[serde(default)]
    is_backordered: bool,
}

impl From<NewLine> for KeptLine {
    fn from(new: NewLine) -> KeptLine {
        let NewLine { sku, kind, title, variant, spec, quantity, unit_price, discount, is_backordered } = new;
        KeptLine { sku, kind, title, variant, spec, quantity, unit_price, discount: discount.map(Into::into), is_backordered }
    }
}

impl From<KeptLine> for NewLine {
    fn from(kept: KeptLine) -> NewLine {
        let KeptLine { sku, kind, title, variant, spec, quantity, unit_price, discount, is_backordered } = kept;
        NewLine { sku, kind, title, variant, spec, quantity, unit_price, discount: discount.map(Into::into), is_backordered }
    }
}

/// What a draft will place. When it is placed and by whom is decided then.
#[derive(Serialize, Deserialize)]
pub(crate) struct KeptOrder {
    store_id: StoreId,
    external_ref: Option<String>,
    channel: Channel,
    customer: Option<KeptContact>,
    shipping_address: Option<KeptAddress>,
    #[serde(default)]
    lines: Vec<KeptLine>,
    discount: Option<KeptDiscount>,
    shipping_fee: Option<Money>,
    cod_fee: Option<Money>,
    payment_method: PaymentMethod,
    priority: Priority,
    expected_on: Option<Day>,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default)]
    custom: Map<String, Value>,
    note: Option<String>,
    #[serde(default)]
    is_test: bool,
}

impl From<NewOrder> for KeptOrder {
    fn from(new: NewOrder) -> KeptOrder {
        KeptOrder {
            store_id: new.store_id,
            external_ref: new.external_ref,
            channel: new.channel,
            customer: new.customer.map(Into::into),
            shipping_address: new.shipping_address.map(Into::into),
            lines: new.lines.into_iter().map(Into::into).collect(),
            discount: new.discount.map(Into::into),
            shipping_fee: new.shipping_fee,
            cod_fee: new.cod_fee,
            payment_method: new.payment_method,
            priority: new.priority,
            expected_on: new.expected_on,
            tags: new.tags,
            custom: new.custom,
            note: new.note,
            is_test: new.is_test,
        }
    }
}

impl From<KeptOrder> for NewOrder {
    fn from(kept: KeptOrder) -> NewOrder {
        NewOrder {
            external_ref: kept.external_ref,
            channel: kept.channel,
            customer: kept.customer.map(Into::into),
            shipping_address: kept.shipping_address.map(Into::into),
            lines: kept.lines.into_iter().map(Into::into).collect(),
            discount: kept.discount.map(Into::into),
            shipping_fee: kept.shipping_fee,
            cod_fee: kept.cod_fee,
            payment_method: kept.payment_method,
            priority: kept.priority,
            expected_on: kept.expected_on,
            tags: kept.tags,
            custom: kept.custom,
            note: kept.note,
            is_test: kept.is_test,
            ..NewOrder::new(kept.store_id)
        }
    }
}

#[derive(Serialize, Deserialize)]
struct KeptLineChange {
    #[serde(rename = "line_id")]
    line: LineId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    quantity: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unit_price: Option<Money>,
    #[serde(default, deserialize_with = "mentioned", skip_serializing_if = "Option::is_none")]
    discount: Option<Option<KeptDiscount>>,
}

#[derive(Serialize, Deserialize)]
struct KeptReplacement {
    #[serde(rename = "line_id")]
    line: LineId,
    with: KeptLine,
}

/// What a proposal wants to be different.
#[derive(Serialize, Deserialize)]
pub(crate) struct KeptChange {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    add_lines: Vec<KeptLine>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    change_lines: Vec<KeptLineChange>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    replace_lines: Vec<KeptReplacement>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    remove_lines: Vec<LineId>,
    #[serde(default, deserialize_with = "mentioned", skip_serializing_if = "Option::is_none")]
    discount: Option<Option<KeptDiscount>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    shipping_fee: Option<Money>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cod_fee: Option<Money>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    shipping_address: Option<KeptAddress>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    contact_name: Option<String>,
    #[serde(default, deserialize_with = "mentioned", skip_serializing_if = "Option::is_none")]
    contact_phone: Option<Option<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    customer_id: Option<CustomerId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

impl From<EditChange> for KeptChange {
    fn from(change: EditChange) -> KeptChange {
        let kept_change = |one: LineChange| KeptLineChange {
            line: one.line,
            quantity: one.quantity,
            unit_price: one.unit_price,
            discount: one.discount.map(|discount| discount.map(Into::into)),
        };
        KeptChange {
            add_lines: change.add_lines.into_iter().map(Into::into).collect(),
            change_lines: change.change_lines.into_iter().map(kept_change).collect(),
            replace_lines: change.replace_lines.into_iter().map(|one| KeptReplacement { line: one.line, with: one.with.into() }).collect(),
            remove_lines: change.remove_lines,
            discount: change.discount.map(|discount| discount.map(Into::into)),
            shipping_fee: change.shipping_fee,
            cod_fee: change.cod_fee,
            shipping_address: change.shipping_address.map(Into::into),
            contact_name: change.contact_name,
            contact_phone: change.contact_phone,
            customer_id: change.customer_id,
            note: change.note,
        }
    }
}

impl From<KeptChange> for EditChange {
    fn from(kept: KeptChange) -> EditChange {
        let change = |one: KeptLineChange| LineChange {
            line: one.line,
            quantity: one.quantity,
            unit_price: one.unit_price,
            discount: one.discount.map(|discount| discount.map(Into::into)),
        };
        EditChange {
            add_lines: kept.add_lines.into_iter().map(Into::into).collect(),
            change_lines: kept.change_lines.into_iter().map(change).collect(),
            replace_lines: kept.replace_lines.into_iter().map(|one| LineReplacement { line: one.line, with: one.with.into() }).collect(),
            remove_lines: kept.remove_lines,
            discount: kept.discount.map(|discount| discount.map(Into::into)),
            shipping_fee: kept.shipping_fee,
            cod_fee: kept.cod_fee,
            shipping_address: kept.shipping_address.map(Into::into),
            contact_name: kept.contact_name,
            contact_phone: kept.contact_phone,
            customer_id: kept.customer_id,
            note: kept.note,
        }
    }
}

/// What an undo of an edit puts back: the columns of the order that differed, the lines that differed or went, and
/// which ones to remove. What is paid is asked anew.
#[derive(Serialize, Deserialize)]
pub(crate) struct KeptBefore {
    columns: BTreeMap<String, Value>,
    pub(crate) total: Amount,
    lines: Vec<KeptRow>,
    added: Vec<LineId>,
}

/// A line as its row says.
#[derive(Serialize, Deserialize)]
struct KeptRow {
    id: LineId,
    position: i64,
    sku: Option<String>,
    title: String,
    variant: Option<String>,
    spec: Option<String>,
    quantity: i64,
    unit_price: Amount,
    discount: Amount,
    order_discount: Amount,
    tax: Amount,
    line_total: Amount,
    state: LineState,
    variant_id: Option<VariantId>,
}

/// The columns that an undo may write: a name that is not here stands in no statement.
const UNDONE: [&str; 22] = [
    "customer_id",
    "contact_name",
    "contact_phone",
    "line1",
    "line2",
    "city",
    "district",
    "province",
    "province_key",
    "country",
    "postal_code",
    "place_known",
    "subtotal",
    "discount",
    "shipping_fee",
    "cod_fee",
    "tax",
    "total",
    "line_count",
    "item_count",
    "backordered_count",
    "summary",
];

impl KeptBefore {
    /// Keeps how an order stood: its lines, the columns that put it back, and the lines as they stand now.
    pub(crate) fn of(order: &Order, lines: &[Line], columns: Vec<(&'static str, db::Value)>, now: &[&Line]) -> KeptBefore {
        let json = |value: db::Value| match value {
            db::Value::Int(number) => Value::from(number),
            db::Value::Text(text) => Value::from(text),
            db::Value::Null | db::Value::Bytes(_) => Value::Null,
        };
        let columns = columns.into_iter().filter(|(name, _)| UNDONE.contains(name)).map(|(name, value)| (name.to_owned(), json(value))).collect();
        let now: BTreeMap<LineId, &Line> = now.iter().map(|line| (line.id, *line)).collect();
        let had: BTreeSet<LineId> = lines.iter().map(|line| line.id).collect();
        let differed = lines.iter().filter(|line| now.get(&line.id).copied() != Some(*line));
        KeptBefore {
            columns,
            total: order.total,
            lines: differed.cloned().map(KeptRow::from).collect(),
            added: now.keys().copied().filter(|id| !had.contains(id)).collect(),
        }
    }

    /// The columns to write.
    pub(crate) fn columns(&self) -> Result<Vec<(&'static str, db::Value)>, Error> {
        let value = |value: &Value| match value {
            Value::Null => Ok(db::Value::Null),
            Value::Number(number) => number.as_i64().map(db::Value::Int).ok_or_else(|| Error::internal("a kept number is no whole one")),
            Value::String(text) => Ok(db::Value::Text(text.clone())),
            _ => Err(Error::internal("a kept column is neither number nor text")),
        };
        UNDONE.into_iter().filter_map(|name| Some((name, self.columns.get(name)?))).map(|(name, kept)| Ok((name, value(kept)?))).collect()
    }

    /// The order as it is now, with the name and the number that it had: what it is found by.
    pub(crate) fn on(&self, order: &Order) -> Order {
        let mut restored = order.clone();
        if let Some(Value::String(name)) = self.columns.get("contact_name") {
            restored.contact_name.clone_from(name);
        }
        if let Some(phone) = self.columns.get("contact_phone") {
            restored.contact_phone = phone.as_str().and_then(|text| Phone::from_e164(text).ok());
        }
        restored
    }

    /// The lines to write.
    pub(crate) fn lines(&self) -> Vec<Line> {
        self.lines.iter().map(Line::from).collect()
    }

    /// The lines to remove.
    pub(crate) fn added(&self) -> &[LineId] {
        &self.added
    }
}

impl From<Line> for KeptRow {
    fn from(line: Line) -> KeptRow {
        KeptRow {
            id: line.id,
            position: line.position,
            sku: line.sku,
            title: line.title,
            variant: line.variant,
            spec: line.spec,
            quantity: line.quantity,
            unit_price: line.unit_price,
            discount: line.discount,
            order_discount: line.order_discount,
            tax: line.tax,
            line_total: line.line_total,
            state: line.state,
            variant_id: line.variant_id,
        }
    }
}

impl From<&KeptRow> for Line {
    fn from(row: &KeptRow) -> Line {
        Line {
            id: row.id,
            position: row.position,
            sku: row.sku.clone(),
            title: row.title.clone(),
            variant: row.variant.clone(),
            spec: row.spec.clone(),
            quantity: row.quantity,
            unit_price: row.unit_price,
            discount: row.discount,
            order_discount: row.order_discount,
            tax: row.tax,
            line_total: row.line_total,
            state: row.state,
            variant_id: row.variant_id,
        }
    }
}

#[cfg(test)]
mod tests {
    use kernel::{Currency, Id};

    use super::*;

    #[test]
    fn nothing_and_not_mentioned_are_kept_apart() {
        let line = LineId::from_i64(5);
        let change = EditChange {
            change_lines: vec![LineChange { discount: Some(None), ..LineChange::of(line) }, LineChange { quantity: Some(2), ..LineChange::of(line) }],
            discount: Some(Some(NewDiscount::Percent(100_000))),
            contact_phone: Some(None),
            ..EditChange::default()
        };
        let text = text(&KeptChange::from(change.clone())).unwrap();
        assert_eq!(EditChange::from(read::<KeptChange>(&text).unwrap()), change);
        assert_eq!(EditChange::from(read::<KeptChange>("{}").unwrap()), EditChange::default());
    }

    #[test]
    fn a_draft_reads_back_as_it_was_kept() {
        let money = Money { amount: Amount(840_000), currency: Currency::DZD };
        let mut new = NewOrder::new(StoreId::from_i64(1));
        new.customer = Some(NewContact { name: "Amina".into(), phone: Some("0550".into()), ..NewContact::default() });
        new.shipping_address = Some(NewAddress { line1: "Rue 1".into(), ..NewAddress::default() });
        new.lines = vec![NewLine { discount: Some(NewDiscount::Amount(money)), ..NewLine::new(Some("LIN-M"), "Linen dress", 1, money) }];
        new.tags = vec!["gift".into()];
        let text = text(&KeptOrder::from(new.clone())).unwrap();
        assert_eq!(NewOrder::from(read::<KeptOrder>(&text).unwrap()), new);
    }
}
