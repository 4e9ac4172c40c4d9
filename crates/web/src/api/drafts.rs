//! Drafts, carts and quotes: put together, shown to a customer by a link, placed; and ordering the same again.

use axum::extract::State;
use base::{Ctx, Edge};
use kernel::{
    Channel, Country, Currency, Day, DraftId, Error, FieldError, Locale, Money, OrderId, PaymentMethod, Priority, StoreId, Time, UserId, VariantKind,
    Version,
};
use orders::{
    Acceptance, Change, Changed, Draft, DraftChange, DraftFilter, DraftRow, DraftState, NewAddress, NewContact, NewDiscount, NewLine, NewOrder,
    Priced, Quote, QuoteContent,
};
use serde_json::{Map, Value};

use super::common::{Limit, Nothing, limit, money, total};
use super::customers::AddressBody;
use super::orders::place::{ContactBody, DiscountBody, LineBody, NewOrderBody};
use super::orders::view::OrderView;
use crate::error::Problem;
use crate::extract::{Info, Json, Path, Query, Write};
use crate::respond::{Answer, Done, List, Made, Reply, shown, versioned};
use crate::schema::{Describe, Patch, body, view, word};
use crate::state::WebState;

/// What a total counts to.
const COUNTED: i64 = 10_000;

body! {
    /// A draft to begin with; what is missing may come later.
    pub(crate) struct NewDraftBody {
        /// Where it will be sold; decides currency, tax and fees.
        store_id: StoreId,
        /// What the shop will call the order.
        external_ref: Option<String>,
        /// Where it comes from; `api` when left out.
        channel: Option<Channel> = "whatsapp",
        /// Who will buy.
        customer: Option<ContactBody>,
        /// Where it will go.
        shipping_address: Option<AddressBody>,
        /// What it will sell.
        #[serde(default)]
        lines: Vec<LineBody> = [],
        /// Less this, after the lines' own discounts.
        discount: Option<DiscountBody>,
        /// For delivery; the store's fee when left out.
        shipping_fee: Option<Money>,
        /// For cash on delivery; the store's fee when left out and the customer pays so.
        cod_fee: Option<Money>,
        /// How the customer will pay; `cod` when left out.
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
        /// Whose it is; your own when left out.
        agent_id: Option<UserId>,
        /// To try things out.
        is_test: Option<bool>,
    }

    /// What shall be different about a draft; what is left out stays.
    pub(crate) struct DraftChangeBody {
        /// Another channel.
        channel: Option<Channel>,
        /// Another buyer, or null for nobody yet.
        #[serde(default)]
        customer: Patch<ContactBody>,
        /// Another address, all of it, or null for none yet.
        #[serde(default)]
        shipping_address: Patch<AddressBody>,
        /// Other lines, all of them.
        lines: Option<Vec<LineBody>>,
        /// Another discount, or null for none.
        #[serde(default)]
        discount: Patch<DiscountBody>,
        /// Another fee for delivery, or null for the store's.
        #[serde(default)]
        shipping_fee: Patch<Money>,
        /// Another fee for cash on delivery, or null for the store's.
        #[serde(default)]
        cod_fee: Patch<Money>,
        /// Another way to pay.
        payment_method: Option<PaymentMethod>,
        /// Another urgency.
        priority: Option<Priority>,
        /// Another promised day, or null for none.
        #[serde(default)]
        expected_on: Patch<Day>,
        /// Other tags, all of them.
        tags: Option<Vec<String>>,
        /// Other fields of the team's own, all of them.
        custom: Option<Map<String, Value>>,
        /// Another first note, or null for none.
        #[serde(default)]
        note: Patch<String>,
        /// Somebody else's, or null for nobody's.
        #[serde(default)]
        agent_id: Patch<UserId>,
        /// The version that was read.
        version: Option<Version> = 1,
    }

    /// Which drafts.
    pub(crate) struct DraftQuery {
        /// Where they stand; `open` when left out.
        state: Option<DraftState> = "open",
        /// Of this store.
        store_id: Option<StoreId>,
        /// From there.
        channel: Option<Channel>,
        /// How many, 1 to 200.
        limit: Option<Limit> = 50,
        /// Where the part before ended.
        cursor: Option<String>,
    }

    /// How long a link lives.
    pub(crate) struct ShareBody {
        /// Hours, 1 to 8,760; as long as the draft when left out, and never longer.
        hours: Option<u32> = 48,
    }

    /// How to place a draft.
    pub(crate) struct PlaceDraftBody {
        /// The version that was read.
        version: Option<Version> = 1,
    }

    /// What a customer agrees to.
    pub(crate) struct AcceptBody {
        /// The version that was seen.
        version: Version = 3,
        /// The total that was seen.
        total: Money,
        /// Who buys, where the quote does not say.
        customer: Option<ContactBody>,
        /// Where it goes, where the quote does not say.
        shipping_address: Option<AddressBody>,
    }

    /// What to repeat an order as.
    pub(crate) struct ReorderBody {
        /// Whether it is placed at once; a draft to look at when left out.
        place: Option<bool> = false,
    }

    /// A cart: one that is kept here, or all that is in it.
    pub(crate) struct CartBody {
        /// A draft.
        cart_id: Option<DraftId>,
        /// Or what is in the cart.
        cart: Option<NewOrderBody>,
    }
}

view! {
    /// A draft as lists show it.
    pub(crate) struct DraftRowView {
        /// Which.
        id: DraftId,
        /// For which store.
        store_id: StoreId,
        /// Where it came from.
        channel: Channel,
        /// Whose it is.
        agent_id: Option<UserId>,
        /// Where it stands.
        state: DraftState,
        /// Who would buy.
        contact_name: String = "Amina Benali",
        /// What it would sell, in one line.
        summary: String = "Linen dress, sand, M",
        /// How many lines.
        line_count: i64 = 1,
        /// What the customer would owe, as of its last change.
        total: Money,
        /// What of it would be collected at the door.
        to_collect: Money,
        /// Until when its link can be used; null without a link.
        link_expires_at: Option<Time>,
        /// The order that it became.
        order_id: Option<OrderId>,
        /// Grows with each change.
        version: Version = 1,
        /// When it was begun.
        created_at: Time,
        /// Its last change.
        updated_at: Time,
        /// When it became an order.
        placed_at: Option<Time>,
        /// When it is deleted unless somebody changes it.
        expires_at: Time,
    }

    /// A draft with everything in it, priced as of now.
    pub(crate) struct DraftView {
        /// Its row.
        draft: DraftRowView,
        /// What it would place; null once it is placed.
        content: Option<DraftContentView>,
        /// What it would come to.
        totals: Option<DraftTotalsView>,
        /// What an order needs and the draft lacks, and what has become wrong since.
        missing: Vec<MissingView>,
    }

    /// What a draft would place.
    pub(crate) struct DraftContentView {
        /// What the shop will call the order.
        external_ref: Option<String>,
        /// Who will buy.
        customer: Option<DraftContactView>,
        /// Where it will go.
        shipping_address: Option<DraftAddressView>,
        /// What it will sell.
        lines: Vec<DraftLineView>,
        /// The order's discount as it was given.
        discount: Option<DraftDiscountView>,
        /// The fee for delivery that was given; null means the store's.
        shipping_fee: Option<Money>,
        /// The fee for cash on delivery that was given; null means the store's.
        cod_fee: Option<Money>,
        /// How the customer will pay.
        payment_method: PaymentMethod,
        /// How urgent it is.
        priority: Priority,
        /// When it was promised.
        expected_on: Option<Day>,
        /// Short words of the team's own.
        tags: Vec<String> = [],
        /// Fields of the team's own.
        custom: Map<String, Value> = {},
        /// A first internal note.
        note: Option<String>,
        /// To try things out.
        is_test: bool = false,
    }

    /// Who would buy.
    pub(crate) struct DraftContactView {
        /// As they write themselves.
        name: String = "Amina Benali",
        /// Their number as it was typed; masked without the right to see it whole.
        phone: Option<String> = "0550 14 23 87",
        /// Where to write to.
        email: Option<String>,
        /// What messages to them are written in.
        language: Option<Locale>,
        /// The id that the shop knows them by.
        external_ref: Option<String>,
    }

    /// Where it would go, as it was typed.
    pub(crate) struct DraftAddressView {
        /// Street and house.
        line1: String = "Cité 200 logts, bloc 7",
        /// The rest of it.
        line2: Option<String>,
        /// City, commune or town.
        city: Option<String> = "Bir El Djir",
        /// District, daira or sub-county.
        district: Option<String>,
        /// Province.
        province: Option<String> = "Oran",
        /// Country; null means the store's.
        country: Option<Country>,
        /// Postal code.
        postal_code: Option<String>,
    }

    /// A line of a draft.
    pub(crate) struct DraftLineView {
        /// Its SKU.
        sku: Option<String> = "LIN-M",
        /// Something that is packed, or a service.
        kind: VariantKind,
        /// What it is.
        title: String = "Linen dress",
        /// Size, colour and the like.
        variant: Option<String> = "sand, M",
        /// More about it.
        spec: Option<Map<String, Value>>,
        /// How many.
        quantity: i64 = 1,
        /// What one costs.
        unit_price: Money,
        /// The line's discount as it was given.
        discount: Option<DraftDiscountView>,
        /// Whether it cannot ship yet.
        is_backordered: bool = false,
        /// Quantity times price less its own discount; null when it cannot be added up.
        line_total: Option<Money>,
    }

    /// A reduction as it was given: an amount or a share.
    pub(crate) struct DraftDiscountView {
        /// This much.
        amount: Option<Money>,
        /// This share in millionths.
        percent_ppm: Option<i64> = 100000,
    }

    /// What a draft comes to.
    pub(crate) struct DraftTotalsView {
        /// All lines.
        subtotal: Money,
        /// The order's own discount.
        discount: Money,
        /// For delivery.
        shipping_fee: Money,
        /// For cash on delivery.
        cod_fee: Money,
        /// The tax, inside or on top.
        tax: Money,
        /// What the customer would owe.
        total: Money,
        /// What of it would be collected at the door.
        to_collect: Money,
    }

    /// What keeps a draft from being placed.
    pub(crate) struct MissingView {
        /// Which field.
        field: String = "customer.phone",
        /// The stable code.
        code: &'static str = "required",
        /// What is wrong, in the caller's language.
        message: String = "This is needed.",
    }

    /// A link for a customer. Its text is shown once.
    pub(crate) struct SharedView {
        /// What the customer bears.
        token: String = "000000000000c.0000000000007.…",
        /// Where the quote is read.
        url: String = "https://orders.example.com/api/v1/quotes/000000000000c.0000000000007.…",
        /// Until when it can be used.
        expires_at: Time,
    }

    /// A quote as its customer sees it.
    pub(crate) struct QuoteView {
        /// `open` or `placed`.
        state: DraftState,
        /// Send it back when accepting.
        version: Version = 3,
        /// Who sells.
        store: String = "Natu",
        /// The number of the order, once it is one.
        number: Option<String> = "1041",
        /// Who buys.
        customer_name: String = "Amina Benali",
        /// Their number, masked.
        customer_phone: Option<String> = "+213•••••••87",
        /// Where it goes.
        shipping_address: Option<DraftAddressView>,
        /// What it sells.
        lines: Vec<QuoteLineView>,
        /// What it comes to; null when it cannot be added up.
        totals: Option<DraftTotalsView>,
        /// How to pay.
        payment_method: PaymentMethod,
        /// What the customer still has to say.
        missing: Vec<MissingView>,
        /// Until when it can be accepted.
        expires_at: Option<Time>,
    }

    /// A line of a quote.
    pub(crate) struct QuoteLineView {
        /// What it is.
        title: String = "Linen dress",
        /// Size, colour and the like.
        variant: Option<String> = "sand, M",
        /// How many.
        quantity: i64 = 1,
        /// What one costs.
        unit_price: Money,
        /// Quantity times price less its own discount; null when it cannot be added up.
        line_total: Option<Money>,
    }

    /// An order repeated, and what is different today.
    pub(crate) struct ReorderView {
        /// The draft; null when it was placed at once.
        draft: Option<DraftView>,
        /// The order, when it was placed at once.
        order: Option<OrderView>,
        /// What is different today.
        changes: Vec<ReorderChangeView>,
    }

    /// Something that is different today.
    pub(crate) struct ReorderChangeView {
        /// What: the price, the name, no longer sold, not in the catalogue.
        change: Change,
        /// The SKU of the old line.
        sku: Option<String> = "LIN-M",
        /// The title of the old line.
        title: String = "Linen dress",
        /// The variant of the old line.
        variant: Option<String>,
        /// What one cost.
        was: Money,
        /// What one costs today; null when it is not sold.
        now: Option<Money>,
    }
}

impl Describe for DraftState {
    fn schema(_: &mut utoipa::openapi::schema::Components) -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        word(DraftState::WORDS)
    }
}

impl Describe for Change {
    fn schema(_: &mut utoipa::openapi::schema::Components) -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        word(Change::WORDS)
    }
}

impl NewDraftBody {
    fn into_new(self) -> Result<NewOrder, Error> {
        Ok(NewOrder {
            external_ref: self.external_ref,
            channel: self.channel.unwrap_or(Channel::Api),
            customer: self.customer.map(ContactBody::into_new),
            shipping_address: self.shipping_address.map(AddressBody::into_new),
            lines: lines(self.lines)?,
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
            ..NewOrder::new(self.store_id)
        })
    }
}

fn lines(bodies: Vec<LineBody>) -> Result<Vec<NewLine>, Error> {
    bodies.into_iter().enumerate().map(|(place, line)| line.into_new(&format!("lines[{place}]"))).collect()
}

impl DraftChangeBody {
    fn into_change(self, if_match: Option<Version>) -> Result<DraftChange, Error> {
        Ok(DraftChange {
            channel: self.channel,
            customer: self.customer.into_option().map(|one| one.map(ContactBody::into_new)),
            shipping_address: self.shipping_address.into_option().map(|one| one.map(AddressBody::into_new)),
            lines: self.lines.map(lines).transpose()?,
            discount: self.discount.into_option().map(|one| one.map(|one| one.into_new("discount")).transpose()).transpose()?,
            shipping_fee: self.shipping_fee.into_option(),
            cod_fee: self.cod_fee.into_option(),
            payment_method: self.payment_method,
            priority: self.priority,
            expected_on: self.expected_on.into_option(),
            tags: self.tags,
            custom: self.custom,
            note: self.note.into_option(),
            agent_id: self.agent_id.into_option(),
            version: if_match.or(self.version),
        })
    }
}

impl DraftRowView {
    fn of(row: DraftRow) -> DraftRowView {
        DraftRowView {
            total: money(row.total, row.currency),
            to_collect: money(row.to_collect, row.currency),
            id: row.id,
            store_id: row.store_id,
            channel: row.channel,
            agent_id: row.agent_id,
            state: row.state,
            contact_name: row.contact_name,
            summary: row.summary,
            line_count: row.line_count,
            link_expires_at: row.link_expires_at,
            order_id: row.order_id,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
            placed_at: row.placed_at,
            expires_at: row.expires_at,
        }
    }
}

impl DraftView {
    fn of(ctx: &Ctx, draft: Draft) -> DraftView {
        let currency = draft.row.currency;
        DraftView {
            content: draft.content.map(|content| DraftContentView::of(ctx, content, draft.priced.as_ref(), currency)),
            totals: draft.priced.as_ref().map(|priced| DraftTotalsView::of(priced, currency)),
            missing: missing(ctx, draft.missing),
            draft: DraftRowView::of(draft.row),
        }
    }
}

fn missing(ctx: &Ctx, fields: Vec<FieldError>) -> Vec<MissingView> {
    let view = |error: FieldError| MissingView { message: Problem::field_message(ctx.locale, &error), field: error.field, code: error.code };
    fields.into_iter().map(view).collect()
}

impl DraftTotalsView {
    fn of(priced: &Priced, currency: Currency) -> DraftTotalsView {
        let in_currency = |amount| money(amount, currency);
        DraftTotalsView {
            subtotal: in_currency(priced.subtotal),
            discount: in_currency(priced.discount),
            shipping_fee: in_currency(priced.shipping_fee),
            cod_fee: in_currency(priced.cod_fee),
            tax: in_currency(priced.tax),
            total: in_currency(priced.total),
            to_collect: in_currency(priced.to_collect),
        }
    }
}

impl DraftDiscountView {
    fn of(discount: NewDiscount) -> DraftDiscountView {
        match discount {
            NewDiscount::Amount(amount) => DraftDiscountView { amount: Some(amount), percent_ppm: None },
            NewDiscount::Percent(ppm) => DraftDiscountView { amount: None, percent_ppm: Some(ppm) },
        }
    }
}

impl DraftAddressView {
    /// For the team: by right.
    fn shown(ctx: &Ctx, address: NewAddress) -> DraftAddressView {
        let street = |line: String| customers::shown_street(ctx, &line);
        let view = DraftAddressView::of(address);
        DraftAddressView { line1: street(view.line1), line2: view.line2.map(street), ..view }
    }

    fn of(address: NewAddress) -> DraftAddressView {
        DraftAddressView {
            line1: address.line1,
            line2: address.line2,
            city: address.city,
            district: address.district,
            province: address.province,
            country: address.country,
            postal_code: address.postal_code,
        }
    }
}

/// A number as it was typed, for those who may see it; all but its end hidden for others.
fn typed_phone(sees: bool, phone: String) -> String {
    if sees {
        return phone;
    }
    let signs = phone.chars().count();
    phone.chars().enumerate().map(|(place, sign)| if place + 2 >= signs || sign == ' ' { sign } else { '•' }).collect()
}

impl DraftContentView {
    fn of(ctx: &Ctx, content: NewOrder, priced: Option<&Priced>, currency: Currency) -> DraftContentView {
        let sees = ctx.can(kernel::Permission::PhoneSee);
        let contact = |contact: NewContact| DraftContactView {
            name: contact.name,
            phone: contact.phone.map(|phone| typed_phone(sees, phone)),
            email: contact.email.map(|email| customers::shown_email(ctx, &email)),
            language: contact.language,
            external_ref: contact.external_ref,
        };
        let line = |(place, line): (usize, NewLine)| DraftLineView {
            sku: line.sku,
            kind: line.kind,
            title: line.title,
            variant: line.variant,
            spec: line.spec,
            quantity: line.quantity,
            unit_price: line.unit_price,
            discount: line.discount.map(DraftDiscountView::of),
            is_backordered: line.is_backordered,
            line_total: priced.and_then(|priced| priced.lines.get(place)).map(|totals| money(totals.line_total, currency)),
        };
        DraftContentView {
            external_ref: content.external_ref,
            customer: content.customer.map(contact),
            shipping_address: content.shipping_address.map(|address| DraftAddressView::shown(ctx, address)),
            lines: content.lines.into_iter().enumerate().map(line).collect(),
            discount: content.discount.map(DraftDiscountView::of),
            shipping_fee: content.shipping_fee,
            cod_fee: content.cod_fee,
            payment_method: content.payment_method,
            priority: content.priority,
            expected_on: content.expected_on,
            tags: content.tags,
            custom: customers::shown_fields(ctx, content.custom),
            note: content.note.map(|note| customers::shown_words(ctx, &note)),
            is_test: content.is_test,
        }
    }
}

impl QuoteView {
    /// What the customer sees, and nothing of what the team keeps for itself.
    fn of(ctx: &Ctx, quote: Quote) -> QuoteView {
        let currency = quote.draft.currency;
        match quote.content {
            QuoteContent::Open { content, priced, missing: lacks } => {
                let line = |(place, line): (usize, NewLine)| QuoteLineView {
                    title: line.title,
                    variant: line.variant,
                    quantity: line.quantity,
                    unit_price: line.unit_price,
                    line_total: priced.as_ref().and_then(|priced| priced.lines.get(place)).map(|totals| money(totals.line_total, currency)),
                };
                let contact = content.customer.unwrap_or_default();
                QuoteView {
                    state: DraftState::Open,
                    version: quote.draft.version,
                    store: quote.store_name,
                    number: None,
                    customer_name: contact.name,
                    customer_phone: contact.phone.map(|phone| typed_phone(false, phone)),
                    shipping_address: content.shipping_address.map(DraftAddressView::of),
                    lines: content.lines.into_iter().enumerate().map(line).collect(),
                    totals: priced.as_ref().map(|priced| DraftTotalsView::of(priced, currency)),
                    payment_method: content.payment_method,
                    missing: missing(ctx, lacks),
                    expires_at: quote.draft.link_expires_at,
                }
            }
            QuoteContent::Placed { order, lines } => {
                let order = *order;
                let in_currency = |amount| money(amount, currency);
                QuoteView {
                    state: DraftState::Placed,
                    version: quote.draft.version,
                    store: quote.store_name,
                    totals: Some(DraftTotalsView {
                        subtotal: in_currency(order.subtotal),
                        discount: in_currency(order.discount),
                        shipping_fee: in_currency(order.shipping_fee),
                        cod_fee: in_currency(order.cod_fee),
                        tax: in_currency(order.tax),
                        total: in_currency(order.total),
                        to_collect: in_currency(order.to_collect),
                    }),
                    lines: lines
                        .into_iter()
                        .map(|line| QuoteLineView {
                            title: line.title,
                            variant: line.variant,
                            quantity: line.quantity,
                            unit_price: in_currency(line.unit_price),
                            line_total: Some(in_currency(line.line_total)),
                        })
                        .collect(),
                    payment_method: order.payment_method,
                    missing: Vec::new(),
                    expires_at: quote.draft.link_expires_at,
                    number: Some(order.number),
                    customer_name: order.contact_name,
                    customer_phone: order.contact_phone.map(|phone| phone.masked()),
                    shipping_address: order.line1.map(|line1| DraftAddressView {
                        line1,
                        line2: order.line2,
                        city: order.city,
                        district: order.district,
                        province: order.province,
                        country: Some(order.country),
                        postal_code: order.postal_code,
                    }),
                }
            }
        }
    }
}

/// `POST /api/v1/drafts`
pub(crate) async fn begin(edge: Edge, write: Write<NewDraftBody>) -> Made<DraftView> {
    let new = write.body.into_new()?;
    Ok(edge.write_once(write.key.as_ref(), move |tx, ctx| Ok(DraftView::of(ctx, orders::begin_draft(tx, ctx, &new)?))).await?.into())
}

/// `GET /api/v1/drafts`
pub(crate) async fn list(edge: Edge, Query(query): Query<DraftQuery>) -> Reply<List<DraftRowView>> {
    let filter = DraftFilter {
        state: query.state,
        store: query.store_id,
        channel: query.channel,
        limit: limit(query.limit)?,
        before: query.cursor.as_deref().map(read_cursor).transpose()?,
    };
    let page = edge.read(move |tx, ctx| orders::list_drafts(tx, ctx, &filter)).await?;
    let next_cursor = page.items.last().filter(|_| page.is_more).map(|last| format!("{}~{}", last.id, last.created_at.0));
    let total = total(page.total.min(COUNTED), page.total > COUNTED);
    shown(List { items: page.items.into_iter().map(DraftRowView::of).collect(), next_cursor, total })
}

fn read_cursor(cursor: &str) -> Result<(Time, DraftId), Error> {
    let read = || {
        let (id, at) = cursor.split_once('~')?;
        Some((Time(at.parse().ok()?), id.parse().ok()?))
    };
    read().ok_or_else(|| Error::field("cursor", "cursor"))
}

/// `GET /api/v1/drafts/{id}`
pub(crate) async fn get(edge: Edge, Path(id): Path<DraftId>) -> Reply<DraftView> {
    let view = edge.read(move |tx, ctx| Ok(DraftView::of(ctx, orders::find_draft(tx, ctx, id)?))).await?;
    let version = view.draft.version;
    versioned(view, version)
}

/// `PATCH /api/v1/drafts/{id}`
pub(crate) async fn change(edge: Edge, Path(id): Path<DraftId>, write: Write<DraftChangeBody>) -> Answer<DraftView> {
    let change = write.body.into_change(write.if_match)?;
    Ok(edge.write_once(write.key.as_ref(), move |tx, ctx| Ok(DraftView::of(ctx, orders::change_draft(tx, ctx, id, &change)?))).await?.into())
}

/// `DELETE /api/v1/drafts/{id}`
pub(crate) async fn delete(edge: Edge, Path(id): Path<DraftId>, write: Write<Nothing>) -> Done {
    Ok(edge.write_once(write.key.as_ref(), move |tx, ctx| orders::delete_draft(tx, ctx, id)).await?.into())
}

/// `POST /api/v1/drafts/{id}/share`: takes no idempotency key, because its answer holds a secret, and those are not
/// kept. Each call makes a new link and ends the one before.
pub(crate) async fn share(State(state): State<WebState>, edge: Edge, Path(id): Path<DraftId>, Json(body): Json<ShareBody>) -> Reply<SharedView> {
    let link = access::shared::make(edge.ctx.org, id);
    let (hash, hours) = (link.secret_hash, body.hours);
    let expires_at = edge.write(move |tx, ctx| orders::share_draft(tx, ctx, id, &hash, hours)).await?;
    let token = link.text.reveal().to_owned();
    shown(SharedView { url: format!("{}/api/v1/quotes/{token}", state.config().public_url.trim_end_matches('/')), token, expires_at })
}

/// `POST /api/v1/drafts/{id}/unshare`
pub(crate) async fn unshare(edge: Edge, Path(id): Path<DraftId>, write: Write<Nothing>) -> Done {
    Ok(edge.write_once(write.key.as_ref(), move |tx, ctx| orders::unshare_draft(tx, ctx, id)).await?.into())
}

/// `POST /api/v1/drafts/{id}/place`
pub(crate) async fn place(edge: Edge, Path(id): Path<DraftId>, write: Write<PlaceDraftBody>) -> Made<OrderView> {
    let version = write.if_match.or(write.body.version);
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        let placed = orders::place_draft(tx, ctx, id, version)?;
        Ok(OrderView { is_new: Some(placed.is_new), ..OrderView::of(ctx, placed.order) })
    });
    Ok(answer.await?.into())
}

/// `POST /api/orders/create-from-cart`
pub(crate) async fn from_cart(edge: Edge, write: Write<CartBody>) -> Made<OrderView> {
    let CartBody { cart_id, cart } = write.body;
    let new = cart.map(NewOrderBody::into_new).transpose()?;
    if cart_id.is_some() == new.is_some() {
        return Err(Error::field("cart_id", "cart.one").into());
    }
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        let placed = match (cart_id, &new) {
            (Some(id), _) => orders::place_draft(tx, ctx, id, None)?,
            (None, Some(new)) => orders::place_once(tx, ctx, new)?,
            (None, None) => return Err(Error::field("cart_id", "cart.one")),
        };
        Ok(OrderView { is_new: Some(placed.is_new), ..OrderView::of(ctx, placed.order) })
    });
    Ok(answer.await?.into())
}

/// `POST /api/v1/orders/{id}/reorder`
pub(crate) async fn reorder(edge: Edge, Path(id): Path<OrderId>, write: Write<ReorderBody>) -> Made<ReorderView> {
    let places = write.body.place.unwrap_or(false);
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        let again = orders::reorder(tx, ctx, id)?;
        let changes = again.changes.into_iter().map(ReorderChangeView::of).collect();
        if !places {
            return Ok(ReorderView { draft: Some(DraftView::of(ctx, again.draft)), order: None, changes });
        }
        let placed = orders::place_draft(tx, ctx, again.draft.row.id, None)?;
        Ok(ReorderView { draft: None, order: Some(OrderView::of(ctx, placed.order)), changes })
    });
    Ok(answer.await?.into())
}

impl ReorderChangeView {
    fn of(one: Changed) -> ReorderChangeView {
        ReorderChangeView { change: one.change, sku: one.sku, title: one.title, variant: one.variant, was: one.was, now: one.now }
    }
}

/// An edge for the bearer of a link: Kafila acts, on a request from there, in the organization of the link.
pub(crate) async fn bearer(state: &WebState, info: &Info, token: &str) -> Result<(Edge, access::shared::Link<DraftId>), Error> {
    let link = access::shared::read::<DraftId>(token).ok_or_else(|| Error::conflict("link.spent"))?;
    let edge = state.base().system_edge(link.org()).await;
    let ctx = Ctx { ip: info.ip.clone(), request_id: info.id.clone(), locale: info.locale(), ..(*edge.ctx).clone() };
    Ok((state.base().edge(ctx), link))
}

/// `GET /api/v1/quotes/{token}`
pub(crate) async fn quote(State(state): State<WebState>, info: Info, Path(token): Path<String>) -> Reply<QuoteView> {
    let (edge, link) = bearer(&state, &info, &token).await?;
    shown(edge.read(move |tx, ctx| Ok(QuoteView::of(ctx, orders::quote(tx, ctx, link.id(), |kept| link.matches(kept))?))).await?)
}

/// `POST /api/v1/quotes/{token}/accept`: accepting again answers the same order, so it needs no idempotency key.
pub(crate) async fn accept(State(state): State<WebState>, info: Info, Path(token): Path<String>, Json(body): Json<AcceptBody>) -> Reply<QuoteView> {
    let (edge, link) = bearer(&state, &info, &token).await?;
    let accepted = Acceptance {
        version: body.version,
        total: body.total,
        customer: body.customer.map(ContactBody::into_new),
        shipping_address: body.shipping_address.map(AddressBody::into_new),
    };
    let quote = edge.write(move |tx, ctx| Ok(QuoteView::of(ctx, orders::accept_draft(tx, ctx, link.id(), |kept| link.matches(kept), &accepted)?)));
    shown(quote.await?)
}

#[cfg(test)]
mod tests {
    use kernel::Id;

    use super::*;

    #[test]
    fn a_typed_number_shows_its_end_alone_to_those_who_may_not_see_it() {
        assert_eq!(typed_phone(false, "0550 14 23 87".into()), "•••• •• •• 87");
        assert_eq!(typed_phone(true, "0550 14 23 87".into()), "0550 14 23 87");
        assert_eq!(typed_phone(false, "7".into()), "7");
    }

    #[test]
    fn a_cursor_reads_back() {
        let id = DraftId::from_i64(7);
        assert_eq!(read_cursor(&format!("{id}~42")).unwrap(), (Time(42), id));
        assert!(read_cursor("42").is_err() && read_cursor("drf_x~42").is_err());
    }
}
