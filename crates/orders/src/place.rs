//! How an order comes in. Whatever the channel, it comes through [`place`].
//!
//! Statements for an order of a known customer with known variants and up to 32 lines, two of them
//! only when it has an external reference or a first note (and one more when it names its agent):
//!
//! | # | what | owner |
//! |---|---|---|
//! | 1 | the store | access |
//! | 2 | the order with this external reference, if it has one | orders |
//! | 3 | the customer by number | customers |
//! | 4 | the variants of all lines | catalogue |
//! | 5 | the next number (on PostgreSQL once in a hundred orders) | base |
//! | 6, 7 | order and lines; together unless there is an external reference | orders |
//! | 8 | the first note, if there is one | orders |
//! | 9 | the customer's totals | customers |
//! | 10 | the event | base |
//! | 11 | the jobs of its reactions | base |
//! | 12, 13 | the store's counter and the day's rollup, together | base |
//!
//! So an order without reference and note takes eleven. One with tags looks them up (two, more for tags that
//! begin with it), and one with tags or filtered fields writes its facets (one).

use std::sync::Arc;

use access::Store;
use base::counters::{self, Counters};
use base::{Ctx, events};
use catalogue::IntakeLine;
use customers::{NewCustomer, TotalsChange};
use db::Tx;
use kernel::{
    Amount, Channel, Check, Country, CustomerId, Error, Event, FieldError, LineState, Money, OrderId, OrderState, PaymentMethod, PaymentState,
    Permission, Phone, ShippingState, StoreId, Time, cut, fold,
};
use serde_json::{Map, Value};

use crate::content::content_hash;
use crate::labels;
use crate::limits;
use crate::model::{Line, NewOrder, Order, Placed};
use crate::rules::{self, Discount, LinePrice, OrderPrice, Totals};
use crate::store::{intake, notes};

/// Places an order: checks all of it, numbers it, writes it, counts it, and lets what follows follow.
///
/// The same external reference again answers the order that stands already, unchanged; with other
/// content it is `Conflict` `order.external_ref`. All wrong fields are named at once.
pub fn place(tx: &mut Tx, ctx: &Ctx, new: &NewOrder) -> Result<Order, Error> {
    Ok(place_once(tx, ctx, new)?.order)
}

/// [`place`], saying whether the order is new.
pub fn place_once(tx: &mut Tx, ctx: &Ctx, new: &NewOrder) -> Result<Placed, Error> {
    ctx.require(Permission::OrderPlace)?;
    placed(tx, ctx, new, ctx.now)
}

/// [`place_once`] for files: with the right to import, at the time that the order was placed, and
/// without anything following from it outside.
pub fn place_imported(tx: &mut Tx, ctx: &Ctx, new: &NewOrder) -> Result<Placed, Error> {
    ctx.require(Permission::OrderImport)?;
    let at = ctx.at(new.placed_at.unwrap_or(ctx.now));
    placed(tx, &at, new, ctx.now)
}

/// `ctx.now` is the moment of the order, `today` the moment at which it is written down.
fn placed(tx: &mut Tx, ctx: &Ctx, new: &NewOrder, today: Time) -> Result<Placed, Error> {
    let store = store_for(tx, ctx, new.store_id)?;
    let is_agent_known = match new.agent_id {
        Some(agent) => access::users::is_agent(tx, agent)?,
        None => true,
    };
    let checked = match checked(ctx, &store, new, today, is_agent_known) {
        Ok(checked) => checked,
        Err(wrong) => return Err(with_wrong_tags(tx, ctx, new, wrong)),
    };
    let hash = checked.external_ref.as_ref().map(|_| content_hash(new));
    if let (Some(external_ref), Some(hash)) = (&checked.external_ref, &hash)
        && let Some(standing) = same_as_before(tx, store.id, external_ref, hash)?
    {
        return Ok(standing);
    }
    let (tags, tag_ids) = labels::named(fields::ensure_tags(tx, ctx, &new.tags, &[])?);

    let customer = match &checked.customer {
        Some(customer) => Some(customers::find_or_create(tx, ctx, store.id, customer)?.id),
        None => None,
    };
    let intake: Vec<IntakeLine<'_>> = new
        .lines
        .iter()
        .map(|line| IntakeLine {
            sku: line.sku.as_deref(),
            kind: line.kind,
            title: &line.title,
            variant: line.variant.as_deref(),
            unit_price: line.unit_price.amount,
        })
        .collect();
    let variants = catalogue::variants_for(tx, ctx, &intake, store.currency)?;
    let seq = counters::number(tx, ctx, "orders")?;
    let order = Order { tags, ..order_of(tx, ctx, &store, new, &checked, customer, seq) };
    let lines: Vec<Line> = lines_of(tx, new, &checked.totals, &variants);

    if !intake::insert(tx, &order, hash.as_deref(), &lines)? {
        // The same order was being placed by somebody else and is committed now.
        let (external_ref, hash) = (checked.external_ref.as_deref().unwrap_or_default(), hash.unwrap_or_default());
        return same_as_before(tx, store.id, external_ref, &hash)?.ok_or_else(|| Error::internal("an order that was in the way is not there"));
    }
    let mut counters = Counters::new();
    fields::insert_facets(tx, labels::owner(&order), &labels::facets(ctx, &tag_ids, &checked.custom), &mut counters)?;
    if let Some(note) = &new.note {
        notes::insert(
            tx,
            order.id,
            tx.new_id(),
            kernel::NoteAudience::Internal,
            ctx.actor,
            &serde_json::json!({ "text": note }).to_string(),
            ctx.now,
        )?;
    }
    if let Some(customer) = customer {
        customers::add_totals(tx, customer, &placed_totals(&order))?;
    }

    events::record(
        tx,
        ctx,
        Event::OrderPlaced {
            order: order.id,
            number: order.number.clone(),
            total: order.total,
            currency: order.currency,
            substatus: order.substatus.clone(),
        },
    )?;
    counters.order(order.placed_day, order.store_id, order.state, order.currency, 1, order.total);
    counters.flush(tx)?;
    Ok(Placed { order, is_new: true })
}

/// What else is wrong is told together with what is wrong about the tags.
fn with_wrong_tags(tx: &mut Tx, ctx: &Ctx, new: &NewOrder, wrong: Error) -> Error {
    let Error::Invalid(mut fields) = wrong else { return wrong };
    let mut check = Check::new();
    limits::tags(&mut check, &new.tags);
    if check.is_ok()
        && let Err(Error::Invalid(tags)) = fields::ensure_tags(tx, ctx, &new.tags, &[])
    {
        fields.extend(tags);
    }
    Error::Invalid(fields)
}

/// The store, if the caller may place orders in it.
fn store_for(tx: &mut Tx, ctx: &Ctx, id: StoreId) -> Result<Arc<Store>, Error> {
    let store = known_store(tx, ctx, id)?;
    if store.is_archived && !ctx.is_replay {
        return Err(Error::field("store_id", "store.archived"));
    }
    Ok(store)
}

/// A store that the caller may see; to an order, an unknown one is a wrong field.
pub(crate) fn known_store(tx: &mut Tx, ctx: &Ctx, id: StoreId) -> Result<Arc<Store>, Error> {
    access::stores::find(tx, ctx, id).map_err(|error| match error {
        Error::NotFound { .. } => Error::field("store_id", "unknown"),
        other => other,
    })
}

/// The order that stands under this reference; `Conflict` when it was another one.
fn same_as_before(tx: &mut Tx, store: StoreId, external_ref: &str, hash: &[u8]) -> Result<Option<Placed>, Error> {
    let Some(standing) = intake::find_by_ref(tx, store, external_ref)? else { return Ok(None) };
    if standing.content_hash.as_deref() != Some(hash) {
        return Err(Error::conflict("order.external_ref").with("external_ref", external_ref).with("order", standing.id));
    }
    let order = crate::store::find_any(tx, standing.id)?.ok_or_else(|| Error::internal("an order with a reference has no row"))?;
    Ok(Some(Placed { order, is_new: false }))
}

/// What a check makes of an order.
struct Checked {
    external_ref: Option<String>,
    placed_at: Time,
    recorded_at: Time,
    country: Country,
    phone: Option<Phone>,
    customer: Option<NewCustomer>,
    shipping_fee: Amount,
    cod_fee: Amount,
    totals: Totals,
    custom: Map<String, Value>,
}

fn checked(ctx: &Ctx, store: &Store, new: &NewOrder, today: Time, is_agent_known: bool) -> Result<Checked, Error> {
    let mut check = Check::new();
    check.require(is_agent_known, "agent_id", "unknown");
    let facts = facts(&mut check, ctx, store, new, today);
    let prices = prices(&mut check, store, new);
    // Adding up what is wrong already would only name the same fields twice.
    check.done()?;

    let totals = prices.totals(store, new.payment_method)?;
    let Facts { external_ref, placed_at, country, phone, customer, custom } = facts;
    let Prices { shipping_fee, cod_fee, .. } = prices;
    Ok(Checked { external_ref, placed_at, recorded_at: today, country, phone, customer, shipping_fee, cod_fee, totals, custom })
}

/// What an order says besides its prices.
pub(crate) struct Facts {
    pub external_ref: Option<String>,
    pub placed_at: Time,
    pub country: Country,
    pub phone: Option<Phone>,
    pub customer: Option<NewCustomer>,
    /// The team's own fields as they are kept.
    pub custom: Map<String, Value>,
}

/// Reads what an order says besides its prices, and notes all that is wrong or missing.
pub(crate) fn facts(check: &mut Check, ctx: &Ctx, store: &Store, new: &NewOrder, today: Time) -> Facts {
    let external_ref = new.external_ref.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    limits::text(check, "external_ref", external_ref.as_deref(), limits::EXTERNAL_REF);
    let placed_at = new.placed_at.unwrap_or(ctx.now);
    limits::placed_at(check, "placed_at", placed_at, today);

    let address = new.shipping_address.as_ref();
    let country = address.and_then(|address| address.country).unwrap_or(store.country);
    if let Some(address) = address {
        customers::check_address(check, "shipping_address", address);
    }
    let contact = new.customer.as_ref();
    let phone = match contact.and_then(|contact| contact.phone.as_deref()).map(str::trim).filter(|text| !text.is_empty()) {
        None => None,
        Some(text) => {
            let read =
                Phone::parse(text, country).or_else(|error| if country == store.country { Err(error) } else { Phone::parse(text, store.country) });
            check.require(read.is_ok(), "customer.phone", "phone");
            read.ok()
        }
    };
    let may_be_nobody = new.import_source.is_some() || matches!(new.channel, Channel::Import | Channel::InStore);
    limits::contact(check, contact, may_be_nobody);
    let customer = contact.map(|contact| NewCustomer {
        name: contact.name.trim().to_owned(),
        phone: phone.clone(),
        email: contact.email.as_ref().map(|email| email.trim().to_lowercase()).filter(|email| !email.is_empty()),
        language: contact.language,
        external_ref: contact.external_ref.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned),
    });

    let max_lines = if new.import_source.is_some() { limits::IMPORTED_LINES } else { ctx.settings.orders.max_lines as usize };
    check.require(!new.lines.is_empty(), "lines", "required");
    if new.lines.len() > max_lines {
        check.push(FieldError::new("lines", "too_many").with("max", max_lines));
    }
    for (place, line) in new.lines.iter().enumerate() {
        limits::line(check, place, line, store.currency);
    }
    limits::tags(check, &new.tags);
    limits::custom(check, &new.custom);
    let custom = labels::judged(check, ctx, new, fields::Surroundings { country, currency: Some(store.currency) });
    limits::text(check, "note", new.note.as_deref(), limits::NOTE);
    limits::text(check, "import_source", new.import_source.as_deref(), 40);
    Facts { external_ref, placed_at, country, phone, customer, custom }
}

/// What an order is priced by, in its store.
pub(crate) struct Prices {
    pub shipping_fee: Amount,
    pub cod_fee: Amount,
    discount: Option<Discount>,
    lines: Vec<LinePrice>,
}

/// Reads what an order is priced by, and notes all that is wrong.
pub(crate) fn prices(check: &mut Check, store: &Store, new: &NewOrder) -> Prices {
    let fee = |check: &mut Check, field: &str, money: Option<Money>, usual: Amount| match money {
        Some(money) => limits::money(check, field, money, store.currency),
        None => usual,
    };
    let shipping_fee = fee(check, "shipping_fee", new.shipping_fee, store.shipping_fee);
    let usual_cod = if new.payment_method == PaymentMethod::Cod { store.cod_fee } else { Amount::ZERO };
    let cod_fee = fee(check, "cod_fee", new.cod_fee, usual_cod);
    let lines = new
        .lines
        .iter()
        .enumerate()
        .map(|(place, line)| LinePrice {
            quantity: line.quantity,
            unit_price: line.unit_price.amount,
            discount: line.discount.and_then(|one| limits::discount(check, &format!("lines[{place}].discount"), Some(one), store.currency)),
        })
        .collect();
    let discount = limits::discount(check, "discount", new.discount, store.currency);
    Prices { shipping_fee, cod_fee, discount, lines }
}

impl Prices {
    /// What it comes to, by the store's tax; names the discounts that take more than there is.
    pub(crate) fn totals(&self, store: &Store, payment_method: PaymentMethod) -> Result<Totals, Error> {
        rules::totals(&OrderPrice {
            lines: &self.lines,
            discount: self.discount,
            shipping_fee: self.shipping_fee,
            cod_fee: self.cod_fee,
            tax_mode: store.tax_mode,
            tax_rate_ppm: store.tax_rate_ppm,
            payment_method,
        })
    }
}

fn order_of(tx: &Tx, ctx: &Ctx, store: &Store, new: &NewOrder, checked: &Checked, customer_id: Option<CustomerId>, seq: i64) -> Order {
    let address = new.shipping_address.as_ref();
    let place = customers::place_of(
        checked.country,
        address.and_then(|address| address.province.as_deref()),
        address.and_then(|address| address.city.as_deref()),
    );
    let totals = &checked.totals;
    let backordered_count = new.lines.iter().filter(|line| line.is_backordered).count() as i64;
    let id: OrderId = tx.new_id();
    Order {
        id,
        store_id: store.id,
        seq,
        number: format!("{}{seq}", ctx.settings.orders.number_prefix),
        external_ref: checked.external_ref.clone(),
        channel: new.channel,
        customer_id,
        contact_name: checked.customer.as_ref().map(|customer| customer.name.clone()).unwrap_or_default(),
        contact_phone: checked.phone.clone(),
        line1: address.map(|address| address.line1.clone()),
        line2: address.and_then(|address| address.line2.clone()),
        district: address.and_then(|address| address.district.clone()),
        province_key: place.key(checked.country),
        city: place.city,
        province: place.province,
        country: checked.country,
        postal_code: address.and_then(|address| address.postal_code.clone()),
        place_known: place.is_known && address.is_some_and(|address| !address.is_unknown),
        state: OrderState::Pending,
        confirmation: kernel::Confirmation::Pending,
        call_at: None,
        agent_id: new.agent_id,
        shipping_state: ShippingState::None,
        payment_state: PaymentState::Unpaid,
        tracking: None,
        courier: None,
        substatus: ctx.settings.rules.default_of(OrderState::Pending).map(|one| one.key.clone()),
        duplicate_score: None,
        risk: None,
        hold_count: 0,
        priority: new.priority,
        expected_on: new.expected_on,
        payment_method: new.payment_method,
        currency: store.currency,
        subtotal: totals.subtotal,
        discount: totals.discount,
        shipping_fee: checked.shipping_fee,
        cod_fee: checked.cod_fee,
        tax: totals.tax,
        tax_mode: store.tax_mode,
        tax_rate_ppm: store.tax_rate_ppm,
        total: totals.total,
        to_collect: totals.to_collect,
        line_count: new.lines.len() as i64,
        item_count: totals.item_count,
        backordered_count,
        note_count: i64::from(new.note.is_some()),
        summary: summary(new),
        tags: "[]".to_owned(),
        custom: if checked.custom.is_empty() { "{}".to_owned() } else { Value::Object(checked.custom.clone()).to_string() },
        is_test: new.is_test,
        import_source: new.import_source.clone(),
        placed_day: checked.placed_at.day_in(&store.zone),
        archived_at: None,
        created_at: checked.placed_at,
        recorded_at: checked.recorded_at,
        updated_at: ctx.now,
        moved_at: ctx.now,
        version: 1,
    }
}

pub(crate) fn summary(new: &NewOrder) -> String {
    let Some(first) = new.lines.first() else { return String::new() };
    summary_of(&first.title, first.variant.as_deref(), first.quantity, new.lines.len())
}

/// The first line and how many more.
pub(crate) fn summary_of(title: &str, variant: Option<&str>, quantity: i64, lines: usize) -> String {
    let mut text = cut(title.trim(), 60).to_owned();
    if let Some(variant) = variant.filter(|variant| !variant.is_empty()) {
        text.push_str(", ");
        text.push_str(cut(variant, 30));
    }
    if quantity > 1 {
        text.push_str(&format!(" × {quantity}"));
    }
    if lines > 1 {
        text.push_str(&format!(" + {}", lines - 1));
    }
    text
}

fn lines_of(tx: &Tx, new: &NewOrder, totals: &Totals, variants: &[kernel::VariantId]) -> Vec<Line> {
    let priced = new.lines.iter().zip(&totals.lines).zip(variants);
    priced
        .enumerate()
        .map(|(place, ((line, totals), variant))| Line {
            id: tx.new_id(),
            position: place as i64,
            sku: line.sku.as_deref().map(str::trim).filter(|sku| !sku.is_empty()).map(str::to_owned),
            title: line.title.trim().to_owned(),
            variant: line.variant.clone(),
            spec: line.spec.as_ref().map(|spec| serde_json::Value::Object(spec.clone()).to_string()),
            quantity: line.quantity,
            unit_price: line.unit_price.amount,
            discount: totals.discount,
            order_discount: totals.order_discount,
            tax: totals.tax,
            line_total: totals.line_total,
            state: if line.is_backordered { LineState::Backordered } else { LineState::Ready },
            variant_id: Some(*variant),
        })
        .collect()
}

fn placed_totals(order: &Order) -> TotalsChange {
    TotalsChange {
        store_id: order.store_id,
        currency: order.currency,
        orders: 1,
        delivered: 0,
        returned: 0,
        cancelled: 0,
        ordered_total: order.total,
        delivered_total: Amount::ZERO,
        ordered_at: order.created_at,
    }
}

/// Most bytes of the folded document that searches look through.
const DOCUMENT: usize = 96;

/// The document by which an order is found: number, phone digits, name, reference, tracking. What is
/// long is cut, the least telling first.
pub(crate) fn search_document(order: &Order) -> String {
    let mut document = fold(&order.number);
    let mut add = |text: &str, most: usize| {
        if !text.is_empty() {
            document.push(' ');
            document.push_str(cut(text, most));
        }
    };
    add(order.contact_phone.as_ref().map_or("", |phone| phone.e164().trim_start_matches('+')), 15);
    add(&fold(&order.contact_name), 40);
    add(&order.external_ref.as_deref().map(fold).unwrap_or_default(), 24);
    add(&order.tracking.as_deref().map(fold).unwrap_or_default(), 24);
    let kept = cut(&document, DOCUMENT).trim_end().len();
    document.truncate(kept);
    document
}
