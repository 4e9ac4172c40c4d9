//! Placing an order and changing its facts.

use base::Edge;
use kernel::{Channel, Day, Error, Locale, Money, OrderId, PaymentMethod, Priority, StoreId, Time, UserId, VariantKind, Version};
use orders::{NewContact, NewDiscount, NewLine, NewOrder, OrderChange};
use serde_json::{Map, Value};

use super::view::OrderView;
use crate::api::customers::AddressBody;
use crate::extract::{Path, Write};
use crate::respond::{Answer, Made};
use crate::schema::{Patch, body};

body! {
    /// An order to be placed.
    pub(crate) struct NewOrderBody {
        /// Where it was sold; decides currency, tax and fees.
        store_id: StoreId,
        /// What the shop calls it. The same one again answers the order that stands already.
        external_ref: Option<String> = "W-1041",
        /// Where it came from; `api` when left out.
        channel: Option<Channel> = "whatsapp",
        /// When it was placed; now when left out.
        placed_at: Option<Time>,
        /// Who buys.
        customer: Option<ContactBody>,
        /// Where it goes.
        shipping_address: Option<AddressBody>,
        /// What it sells; at least one.
        lines: Vec<LineBody>,
        /// Less this, after the lines' own discounts.
        discount: Option<DiscountBody>,
        /// For delivery; the store's fee when left out.
        shipping_fee: Option<Money>,
        /// For cash on delivery; the store's fee when left out and the customer pays so.
        cod_fee: Option<Money>,
        /// How the customer pays; `cod` when left out.
        payment_method: Option<PaymentMethod> = "cod",
        /// How urgent it is; `normal` when left out.
        priority: Option<Priority> = "normal",
        /// When it was promised.
        expected_on: Option<Day>,
        /// Short words of the team's own.
        #[serde(default)]
        tags: Vec<String> = [],
        /// Fields of the team's own.
        #[serde(default)]
        custom: Map<String, Value> = {},
        /// A first internal note.
        note: Option<String>,
        /// Whose it is from the start.
        agent_id: Option<UserId>,
        /// Placed to try things out.
        is_test: Option<bool>,
    }

    /// Who buys.
    pub(crate) struct ContactBody {
        /// As they write themselves.
        #[serde(default)]
        name: String = "Amina Benali",
        /// In any spelling; read as of the address' or the store's country.
        phone: Option<String> = "0550 14 23 87",
        /// Where to write to.
        email: Option<String>,
        /// What messages to them are written in.
        language: Option<Locale> = "ar",
        /// The id that the shop knows them by.
        external_ref: Option<String>,
    }

    /// A line of a new order.
    pub(crate) struct LineBody {
        /// Its SKU, if the shop has one.
        sku: Option<String> = "LIN-M",
        /// What it is.
        title: String = "Linen dress",
        /// Size, colour and the like.
        variant: Option<String> = "sand, M",
        /// More about it, as the shop has it.
        spec: Option<Map<String, Value>>,
        /// How many.
        quantity: i64 = 1,
        /// Something that is packed, or a service such as postage; `goods` when left out.
        kind: Option<VariantKind>,
        /// What one costs, in the store's currency.
        unit_price: Money,
        /// Less this.
        discount: Option<DiscountBody>,
        /// Whether it cannot ship yet.
        is_backordered: Option<bool>,
    }

    /// A reduction: either an amount or a share.
    pub(crate) struct DiscountBody {
        /// This much, in the store's currency.
        amount: Option<Money>,
        /// This share in millionths: 10 % is 100,000.
        percent_ppm: Option<i64> = 100000,
    }

    /// What shall be different about an order's facts; what is left out stays. Its state changes by actions.
    pub(crate) struct OrderChangeBody {
        /// Another urgency.
        priority: Option<Priority> = "high",
        /// Another promised day, or null for none.
        #[serde(default)]
        expected_on: Patch<Day>,
        /// Another channel.
        channel: Option<Channel>,
        /// Another name on the order.
        contact_name: Option<String>,
        /// Another number on the order in any spelling, or null for none.
        #[serde(default)]
        contact_phone: Patch<String>,
        /// Another address, all of it.
        shipping_address: Option<AddressBody>,
        /// Other tags, all of them.
        tags: Option<Vec<String>>,
        /// Other fields of the team's own, all of them.
        custom: Option<Map<String, Value>>,
        /// The version that was read.
        version: Option<Version> = 1,
    }
}

impl DiscountBody {
    pub(crate) fn into_new(self, field: &str) -> Result<NewDiscount, Error> {
        match (self.amount, self.percent_ppm) {
            (Some(amount), None) => Ok(NewDiscount::Amount(amount)),
            (None, Some(ppm)) => Ok(NewDiscount::Percent(ppm)),
            _ => Err(Error::field(field, "discount.one")),
        }
    }
}

impl ContactBody {
    pub(crate) fn into_new(self) -> NewContact {
        let ContactBody { name, phone, email, language, external_ref } = self;
        NewContact { name, phone, email, language, external_ref }
    }
}

impl LineBody {
    /// As actions take it; `named` is what the body calls the line.
    pub(crate) fn into_new(self, named: &str) -> Result<NewLine, Error> {
        let discount = self.discount.map(|discount| discount.into_new(&format!("{named}.discount"))).transpose()?;
        Ok(NewLine {
            sku: self.sku,
            kind: self.kind.unwrap_or(VariantKind::Goods),
            title: self.title,
            variant: self.variant,
            spec: self.spec,
            quantity: self.quantity,
            unit_price: self.unit_price,
            discount,
            is_backordered: self.is_backordered.unwrap_or(false),
        })
    }
}

impl NewOrderBody {
    pub(crate) fn into_new(self) -> Result<NewOrder, Error> {
        let mut lines = Vec::with_capacity(self.lines.len());
        for (place, line) in self.lines.into_iter().enumerate() {
            lines.push(line.into_new(&format!("lines[{place}]"))?);
        }
        Ok(NewOrder {
            store_id: self.store_id,
            external_ref: self.external_ref,
            channel: self.channel.unwrap_or(Channel::Api),
            placed_at: self.placed_at,
            customer: self.customer.map(ContactBody::into_new),
            shipping_address: self.shipping_address.map(AddressBody::into_new),
            lines,
            discount: self.discount.map(|discount| discount.into_new("discount")).transpose()?,
            shipping_fee: self.shipping_fee,
            cod_fee: self.cod_fee,
            payment_method: self.payment_method.unwrap_or(PaymentMethod::Cod),
            priority: self.priority.unwrap_or(Priority::Normal),
            expected_on: self.expected_on,
            tags: self.tags,
            custom: self.custom,
            note: self.note,
            agent_id: self.agent_id,
            is_test: self.is_test.unwrap_or(false),
            import_source: None,
        })
    }
}

/// `POST /api/v1/orders`
pub(crate) async fn place(edge: Edge, write: Write<NewOrderBody>) -> Made<OrderView> {
    let new = write.body.into_new()?;
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        let placed = orders::place_once(tx, ctx, &new)?;
        Ok(OrderView { is_new: Some(placed.is_new), ..OrderView::of(ctx, placed.order) })
    });
    Ok(answer.await?.into())
}

/// `PATCH /api/v1/orders/{id}`
pub(crate) async fn change(edge: Edge, Path(id): Path<OrderId>, write: Write<OrderChangeBody>) -> Answer<OrderView> {
    let version = write.if_match.or(write.body.version);
    let body = write.body;
    let change = OrderChange {
        priority: body.priority,
        expected_on: body.expected_on.into_option(),
        channel: body.channel,
        contact_name: body.contact_name,
        contact_phone: body.contact_phone.into_option(),
        shipping_address: body.shipping_address.map(AddressBody::into_new),
        tags: body.tags,
        custom: body.custom,
        version,
    };
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| Ok(OrderView::of(ctx, orders::change(tx, ctx, id, &change)?)));
    Ok(answer.await?.into())
}
