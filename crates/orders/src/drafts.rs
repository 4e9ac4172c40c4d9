//! Drafts: orders that are being put together. A cart is a draft, and so is a quote.
//!
//! A draft is begun in a chat by somebody who may place orders, edited freely, shown to its customer by a
//! link, and becomes an order by [`place_draft`] or, by the customer herself, [`accept_draft`]. It may lack what
//! an order needs (a customer, lines) until then; what is there is checked and priced by the same rules.
//! It has no number, counts nowhere, and is deleted when somebody drops it or nobody touched it for so
//! many days.
//!
//! What holds: a draft becomes one order, however often it is placed; a customer accepts what she saw, to the
//! last unit, or hears that it changed; a placed draft keeps nothing but its order.
//!
//! Not here: the written form of the link (access).

use base::{Ctx, events};
use customers::NewCustomer;
use db::Tx;
use kernel::{
    Actor, Amount, Channel, Check, CustomerId, Day, DraftId, Error, Event, FieldError, Money, OrderId, PaymentMethod, Permission, Priority, StoreId,
    Time, UserId, Version, mask, words,
};
use serde_json::{Map, Value};

use crate::kept::{self, KeptOrder};
use crate::model::{Line, NewAddress, NewContact, NewDiscount, NewLine, NewOrder, Order, Placed};
use crate::place::{self, Facts, known_store, summary};
use crate::rules::{LineTotals, Totals};
use crate::store::{self, drafts};

/// The live topic of drafts.
pub const DRAFT_TOPIC: &str = "draft";

words! {
    /// Where a draft stands.
    pub enum DraftState {
        /// Being put together.
        Open = "open",
        /// It became an order.
        Placed = "placed",
    }
}

db::row! {
    /// A draft as lists show it.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct DraftRow {
        /// Its id.
        pub id: DraftId,
        /// For which store.
        pub store_id: StoreId,
        /// Where it came from.
        pub channel: Channel,
        /// Whose it is.
        pub agent_id: Option<UserId>,
        /// Where it stands.
        pub state: DraftState,
        /// Who would buy; empty when nobody is named or it is placed.
        pub contact_name: String,
        /// What it would sell, in one line.
        pub summary: String,
        /// How many lines.
        pub line_count: i64,
        /// Of its amounts.
        pub currency: kernel::Currency,
        /// What the customer would owe, as of its last change.
        pub total: Amount,
        /// What of it would be collected at the door.
        pub to_collect: Amount,
        /// Until when its link can be used; none without a link.
        pub link_expires_at: Option<Time>,
        /// The order that it became.
        pub order_id: Option<OrderId>,
        /// Grows with each change.
        pub version: Version,
        /// When it was begun.
        pub created_at: Time,
        /// Its last change.
        pub updated_at: Time,
        /// When it became an order.
        pub placed_at: Option<Time>,
        /// When it is deleted unless somebody changes it.
        pub expires_at: Time,
    }
}

/// A draft with everything in it, priced as of now.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Its row.
    pub row: DraftRow,
    /// What it would place; none once it is placed.
    pub content: Option<NewOrder>,
    /// What it would come to; none once it is placed, or when a discount takes more than there is.
    pub priced: Option<Priced>,
    /// What an order needs and the draft lacks: `customer.phone`, `lines`.
    pub missing: Vec<FieldError>,
}

/// What a draft comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Priced {
    /// Each line.
    pub lines: Vec<LineTotals>,
    /// All lines.
    pub subtotal: Amount,
    /// The order's own discount.
    pub discount: Amount,
    /// For delivery.
    pub shipping_fee: Amount,
    /// For cash on delivery.
    pub cod_fee: Amount,
    /// The tax, inside or on top.
    pub tax: Amount,
    /// What the customer would owe.
    pub total: Amount,
    /// What of it would be collected at the door.
    pub to_collect: Amount,
    /// How many things.
    pub item_count: i64,
}

/// What shall be different about a draft; `None` leaves a field as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DraftChange {
    /// Another channel.
    pub channel: Option<Channel>,
    /// Another buyer, all of them, or nobody yet.
    pub customer: Option<Option<NewContact>>,
    /// Another address, all of it, or none yet.
    pub shipping_address: Option<Option<NewAddress>>,
    /// Other lines, all of them.
    pub lines: Option<Vec<NewLine>>,
    /// Another discount, or none.
    pub discount: Option<Option<NewDiscount>>,
    /// Another fee for delivery, or the store's.
    pub shipping_fee: Option<Option<Money>>,
    /// Another fee for cash on delivery, or the store's.
    pub cod_fee: Option<Option<Money>>,
    /// Another way to pay.
    pub payment_method: Option<PaymentMethod>,
    /// Another urgency.
    pub priority: Option<Priority>,
    /// Another promised day, or none.
    pub expected_on: Option<Option<Day>>,
    /// Other tags, all of them.
    pub tags: Option<Vec<String>>,
    /// Other fields of the team's own, all of them.
    pub custom: Option<Map<String, Value>>,
    /// Another first note, or none.
    pub note: Option<Option<String>>,
    /// Somebody else's, or nobody's.
    pub agent_id: Option<Option<UserId>>,
    /// The version that was read; without it the change always goes through.
    pub version: Option<Version>,
}

/// Which drafts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DraftFilter {
    /// Only those that stand so.
    pub state: Option<DraftState>,
    /// Only of this store.
    pub store: Option<StoreId>,
    /// Only from there.
    pub channel: Option<Channel>,
    /// At most so many; 1 to 200.
    pub limit: u32,
    /// Older than this place.
    pub before: Option<(Time, DraftId)>,
}

/// A page of drafts, the newest first.
#[derive(Clone, Debug)]
pub struct DraftPage {
    /// The drafts.
    pub items: Vec<DraftRow>,
    /// Whether there are more.
    pub is_more: bool,
    /// How many there are, counted to 10,000.
    pub total: i64,
}

/// What a total counts to.
pub(crate) const COUNTED: i64 = 10_000;

/// The fields that [`change_draft`] can change, by the names that events and `Stale` use.
const FIELDS: [&str; 14] = [
    "channel",
    "customer",
    "shipping_address",
    "lines",
    "discount",
    "shipping_fee",
    "cod_fee",
    "payment_method",
    "priority",
    "expected_on",
    "tags",
    "custom",
    "note",
    "agent_id",
];

/// Begins a draft. What is there is checked like an order, all wrong fields at once; what is missing may
/// come later. It belongs to whoever begins it, unless it names somebody else.
pub fn begin_draft(tx: &mut Tx, ctx: &Ctx, new: &NewOrder) -> Result<Draft, Error> {
    begun(tx, ctx, new, None)
}

/// [`begin_draft`], noting the order that it repeats.
pub(crate) fn begun(tx: &mut Tx, ctx: &Ctx, new: &NewOrder, repeats: Option<OrderId>) -> Result<Draft, Error> {
    ctx.require(Permission::OrderPlace)?;

    let store = known_store(tx, ctx, new.store_id)?;
    if store.is_archived {
        return Err(Error::field("store_id", "store.archived"));
    }
    let agent_id = new.agent_id.or_else(|| ctx.user());
    let is_agent_known = agent_known(tx, new.agent_id)?;
    let checked = checked(ctx, &store, new, is_agent_known)?;
    let row = DraftRow {
        id: tx.new_id(),
        store_id: store.id,
        channel: new.channel,
        agent_id,
        state: DraftState::Open,
        contact_name: name_of(new),
        summary: summary(new),
        line_count: new.lines.len() as i64,
        currency: store.currency,
        total: checked.priced.total,
        to_collect: checked.priced.to_collect,
        link_expires_at: None,
        order_id: None,
        version: 1,
        created_at: ctx.now,
        updated_at: ctx.now,
        placed_at: None,
        expires_at: expiry(ctx),
    };
    drafts::insert(tx, &row, &kept::text(&KeptOrder::from(new.clone()))?)?;

    events::record(tx, ctx, Event::DraftBegun { draft: row.id, store: store.id, repeats })?;
    Ok(Draft { content: Some(NewOrder { agent_id, ..new.clone() }), row, priced: Some(checked.priced), missing: checked.missing })
}

/// One draft, priced as of now.
pub fn find_draft(tx: &mut Tx, ctx: &Ctx, id: DraftId) -> Result<Draft, Error> {
    ctx.require(Permission::OrderPlace)?;
    let row = drafts::find(tx, ctx, id)?.ok_or(Error::not_found("draft"))?;
    whole(tx, ctx, row)
}

/// What something would come to that nobody has kept yet.
#[derive(Clone, Debug)]
pub struct Look {
    /// The price as of now; none when it cannot be added up.
    pub priced: Option<Priced>,
    /// What an order needs and this lacks, and what is wrong with it.
    pub missing: Vec<FieldError>,
}

/// What an order of this would come to, and what is missing or wrong. Nothing is kept of it.
pub fn look_at(tx: &mut Tx, ctx: &Ctx, new: &NewOrder) -> Result<Look, Error> {
    ctx.require(Permission::OrderPlace)?;
    let store = known_store(tx, ctx, new.store_id)?;
    let (priced, missing) = priced_now(ctx, &store, new)?;
    Ok(Look { priced, missing })
}

/// A page of drafts that the caller may see, the newest first: one statement for the rows, one for the total.
pub fn list_drafts(tx: &mut Tx, ctx: &Ctx, filter: &DraftFilter) -> Result<DraftPage, Error> {
    ctx.require(Permission::OrderPlace)?;
    let limit = filter.limit.clamp(1, 200);
    let mut items = drafts::list(tx, ctx, filter, limit + 1)?;
    let is_more = items.len() > limit as usize;
    items.truncate(limit as usize);
    let total = drafts::count(tx, ctx, filter, COUNTED + 1)?;
    Ok(DraftPage { items, is_more, total })
}

/// Changes a draft, all or nothing, and keeps it for as long again.
///
/// With a version that no longer stands the answer is `Stale` with the fields that this change would make
/// different. `Conflict` `draft.placed` once it is an order: that is changed by an edit.
pub fn change_draft(tx: &mut Tx, ctx: &Ctx, id: DraftId, change: &DraftChange) -> Result<Draft, Error> {
    ctx.require(Permission::OrderPlace)?;

    let kept = drafts::find_to_change(tx, ctx, id)?.ok_or(Error::not_found("draft"))?;
    open(&kept.row)?;
    let before = content_of(&kept)?;
    let after = changed(before.clone(), change);
    let fields = differing(&before, &after);
    if change.version.is_some_and(|version| version != kept.row.version) {
        return Err(Error::Stale { version: kept.row.version, fields });
    }
    let store = known_store(tx, ctx, kept.row.store_id)?;
    let is_agent_known = before.agent_id == after.agent_id || agent_known(tx, after.agent_id)?;
    let checked = checked(ctx, &store, &after, is_agent_known)?;
    let row = DraftRow {
        channel: after.channel,
        agent_id: after.agent_id,
        contact_name: name_of(&after),
        summary: summary(&after),
        line_count: after.lines.len() as i64,
        total: checked.priced.total,
        to_collect: checked.priced.to_collect,
        version: kept.row.version + 1,
        updated_at: ctx.now,
        expires_at: expiry(ctx),
        ..kept.row
    };
    drafts::update(tx, &row, &kept::text(&KeptOrder::from(after.clone()))?)?;

    let fields = fields.into_iter().map(str::to_owned).collect();
    events::record(tx, ctx, Event::DraftChanged { draft: id, fields })?;
    Ok(Draft { content: Some(after), row, priced: Some(checked.priced), missing: checked.missing })
}

/// Deletes a draft with everything in it. `Conflict` `draft.placed` once it is an order.
pub fn delete_draft(tx: &mut Tx, ctx: &Ctx, id: DraftId) -> Result<(), Error> {
    ctx.require(Permission::OrderPlace)?;

    let kept = drafts::find_to_change(tx, ctx, id)?.ok_or(Error::not_found("draft"))?;
    open(&kept.row)?;
    drafts::delete(tx, id)?;

    events::record(tx, ctx, Event::DraftDeleted { draft: id })?;
    Ok(())
}

/// Gives a draft's customer a link, whose secret has this hash; an older link ends. Answers until when it can
/// be used: at most as long as the draft is kept.
pub fn share_draft(tx: &mut Tx, ctx: &Ctx, id: DraftId, secret_hash: &[u8], hours: Option<u32>) -> Result<Time, Error> {
    ctx.require(Permission::OrderPlace)?;

    let kept = drafts::find_to_change(tx, ctx, id)?.ok_or(Error::not_found("draft"))?;
    open(&kept.row)?;
    if let Some(hours) = hours.filter(|hours| !(1..=24 * 365).contains(hours)) {
        return Err(Error::Invalid(vec![FieldError::new("hours", "range").with("least", 1).with("most", 24 * 365).with("found", hours)]));
    }
    let wanted = hours.map_or(kept.row.expires_at, |hours| ctx.now.plus_s(i64::from(hours) * 3_600));
    let until = wanted.min(kept.row.expires_at);
    drafts::set_link(tx, id, Some(secret_hash), Some(until), ctx.now)?;

    events::record(tx, ctx, Event::DraftShared { draft: id, is_on: true })?;
    Ok(until)
}

/// Ends a draft's link. Ending it twice does no harm.
pub fn unshare_draft(tx: &mut Tx, ctx: &Ctx, id: DraftId) -> Result<(), Error> {
    ctx.require(Permission::OrderPlace)?;

    let kept = drafts::find_to_change(tx, ctx, id)?.ok_or(Error::not_found("draft"))?;
    if kept.secret_hash.is_none() {
        return Ok(());
    }
    drafts::set_link(tx, id, None, None, ctx.now)?;

    events::record(tx, ctx, Event::DraftShared { draft: id, is_on: false })?;
    Ok(())
}

/// Makes a draft an order. Placing it again answers the same order, unchanged.
///
/// `Invalid` names what is missing or wrong; `Stale` when the draft has another version by now; `Conflict`
/// `draft.expired` when nobody changed it for too long.
pub fn place_draft(tx: &mut Tx, ctx: &Ctx, id: DraftId, version: Option<Version>) -> Result<Placed, Error> {
    ctx.require(Permission::OrderPlace)?;

    let kept = drafts::find_to_change(tx, ctx, id)?.ok_or(Error::not_found("draft"))?;
    if let Some(order) = kept.row.order_id {
        let order = store::find_any(tx, order)?.ok_or(Error::not_found("draft"))?;
        return Ok(Placed { order, is_new: false });
    }
    if kept.row.expires_at <= ctx.now {
        return Err(Error::conflict("draft.expired"));
    }
    if version.is_some_and(|version| version != kept.row.version) {
        return Err(Error::Stale { version: kept.row.version, fields: vec!["draft"] });
    }
    let content = content_of(&kept)?;
    placed(tx, ctx, &kept.row, content, false)
}

/// The draft is kept from others, so nobody else places it meanwhile.
fn placed(tx: &mut Tx, ctx: &Ctx, row: &DraftRow, content: NewOrder, by_customer: bool) -> Result<Placed, Error> {
    // Whoever began it may have left since; the order then belongs to nobody.
    let agent_id = match content.agent_id {
        Some(agent) if access::users::is_agent(tx, agent)? => Some(agent),
        _ => None,
    };
    let placed = place::place_once(tx, ctx, &NewOrder { agent_id, ..content })?;
    drafts::set_placed(tx, row.id, placed.order.id, ctx.now, expiry(ctx))?;

    events::record(tx, ctx, Event::DraftPlaced { draft: row.id, order: placed.order.id, by_customer })?;
    Ok(placed)
}

/// A draft as its customer sees it by the link.
#[derive(Clone, Debug)]
pub struct Quote {
    /// Which draft.
    pub draft: DraftRow,
    /// The name of the store.
    pub store_name: String,
    /// What it is about.
    pub content: QuoteContent,
}

/// What a quote shows: the draft, or the order that it became.
#[derive(Clone, Debug)]
pub enum QuoteContent {
    /// Not accepted yet.
    Open {
        /// What would be placed.
        content: Box<NewOrder>,
        /// What it comes to; none when it cannot be added up.
        priced: Option<Priced>,
        /// What the customer still has to say.
        missing: Vec<FieldError>,
    },
    /// It became an order.
    Placed {
        /// The order.
        order: Box<Order>,
        /// Its lines.
        lines: Vec<Line>,
    },
}

/// What a customer agrees to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acceptance {
    /// The version that she saw.
    pub version: Version,
    /// The total that she saw.
    pub total: Money,
    /// Who she is, where the draft does not say.
    pub customer: Option<NewContact>,
    /// Where it goes, where the draft does not say.
    pub shipping_address: Option<NewAddress>,
}

/// What the bearer of a link sees. `matches` judges the kept hash of the link's secret.
///
/// One answer, `Conflict` `link.spent`, for all that can be wrong with a link.
pub fn quote(tx: &mut Tx, ctx: &Ctx, id: DraftId, matches: impl Fn(&[u8]) -> bool) -> Result<Quote, Error> {
    let kept = drafts::find_any(tx, id)?;
    let kept = linked(ctx, kept, matches)?;
    quoted(tx, ctx, kept.row.clone(), &kept)
}

/// Places a draft by its link, at just the total that its customer saw. Accepting again answers the order.
///
/// `link.spent` as in [`quote`]; `draft.changed` when what she saw is no longer what it says or costs; `Invalid`
/// names what she still has to say.
pub fn accept_draft(tx: &mut Tx, ctx: &Ctx, id: DraftId, matches: impl Fn(&[u8]) -> bool, accepted: &Acceptance) -> Result<Quote, Error> {
    let kept = drafts::find_any_to_change(tx, id)?;
    let kept = linked(ctx, kept, matches)?;
    if kept.row.state == DraftState::Placed {
        return quoted(tx, ctx, kept.row.clone(), &kept);
    }
    let mut content = content_of(&kept)?;
    let store = access::stores::find(tx, ctx, kept.row.store_id)?;
    let checked = checked(ctx, &store, &content, true)?;
    let total = Money { amount: checked.priced.total, currency: store.currency };
    if accepted.version != kept.row.version || accepted.total != total {
        return Err(Error::conflict("draft.changed"));
    }
    if content.customer.is_none() {
        content.customer.clone_from(&accepted.customer);
    }
    if content.shipping_address.is_none() {
        content.shipping_address.clone_from(&accepted.shipping_address);
    }
    let customer = buyer(tx, ctx, &store, &content)?;
    let hers = Ctx { actor: customer.map_or(Actor::System, Actor::Customer), ..ctx.clone() };
    let placed = placed(tx, &hers, &kept.row, content, true)?;

    let row = DraftRow { state: DraftState::Placed, order_id: Some(placed.order.id), placed_at: Some(ctx.now), ..kept.row };
    let lines = store::list_lines(tx, placed.order.id)?;
    Ok(Quote { draft: row, store_name: store.name.clone(), content: QuoteContent::Placed { order: Box::new(placed.order), lines } })
}

/// Who accepts; made now if she is not known, so that the order is hers from its first event on.
fn buyer(tx: &mut Tx, ctx: &Ctx, store: &access::Store, content: &NewOrder) -> Result<Option<CustomerId>, Error> {
    let mut check = Check::new();
    let Facts { customer, .. } = place::facts(&mut check, ctx, store, content, ctx.now);
    check.done()?;
    let is_named = |one: &NewCustomer| one.phone.is_some() || one.email.is_some() || one.external_ref.is_some();
    match customer.filter(is_named) {
        Some(customer) => Ok(Some(customers::find_or_create(tx, ctx, store.id, &customer)?.id)),
        None => Ok(None),
    }
}

/// Removes drafts that are past their time, at most so many; answers how many.
pub fn purge_drafts(tx: &mut Tx, now: Time, limit: u32) -> Result<u64, Error> {
    drafts::purge(tx, now, limit)
}

fn linked(ctx: &Ctx, kept: Option<drafts::KeptDraft>, matches: impl Fn(&[u8]) -> bool) -> Result<drafts::KeptDraft, Error> {
    let is_good = |kept: &drafts::KeptDraft| {
        kept.secret_hash.as_deref().is_some_and(&matches)
            && kept.row.link_expires_at.is_some_and(|until| until > ctx.now)
            && kept.row.expires_at > ctx.now
    };
    kept.filter(is_good).ok_or_else(|| Error::conflict("link.spent"))
}

fn quoted(tx: &mut Tx, ctx: &Ctx, row: DraftRow, kept: &drafts::KeptDraft) -> Result<Quote, Error> {
    let store = access::stores::find(tx, ctx, row.store_id)?;
    let content = match row.order_id {
        Some(order) => {
            let order = store::find_any(tx, order)?.ok_or_else(|| Error::conflict("link.spent"))?;
            let lines = store::list_lines(tx, order.id)?;
            QuoteContent::Placed { order: Box::new(order), lines }
        }
        None => {
            let content = content_of(kept)?;
            let (priced, missing) = priced_now(ctx, &store, &content)?;
            QuoteContent::Open { content: Box::new(content), priced, missing }
        }
    };
    Ok(Quote { draft: row, store_name: store.name.clone(), content })
}

fn whole(tx: &mut Tx, ctx: &Ctx, kept: drafts::KeptDraft) -> Result<Draft, Error> {
    if kept.row.state == DraftState::Placed {
        return Ok(Draft { row: kept.row, content: None, priced: None, missing: Vec::new() });
    }
    let content = content_of(&kept)?;
    let store = known_store(tx, ctx, kept.row.store_id)?;
    let (priced, missing) = priced_now(ctx, &store, &content)?;
    Ok(Draft { row: kept.row, content: Some(content), priced, missing })
}

/// The price as of now, and what is missing or has become wrong since: the store's fees and limits may have changed.
fn priced_now(ctx: &Ctx, store: &access::Store, content: &NewOrder) -> Result<(Option<Priced>, Vec<FieldError>), Error> {
    match checked(ctx, store, content, true) {
        Ok(checked) => Ok((Some(checked.priced), checked.missing)),
        Err(Error::Invalid(wrong)) => Ok((None, wrong)),
        Err(other) => Err(other),
    }
}

struct Checked {
    priced: Priced,
    missing: Vec<FieldError>,
}

/// What may come later, besides fields of the team's own.
const LATER: [&str; 4] = ["customer", "customer.name", "customer.phone", "lines"];

fn may_come_later(field: &str) -> bool {
    LATER.contains(&field) || field.starts_with("custom.")
}

/// Checks what is there like an order and prices it; what an order needs besides is named apart.
fn checked(ctx: &Ctx, store: &access::Store, content: &NewOrder, is_agent_known: bool) -> Result<Checked, Error> {
    let mut check = Check::new();
    check.require(is_agent_known, "agent_id", "unknown");
    // Somebody who sees dots must not send them back.
    let street = content.shipping_address.as_ref().map(|address| address.line1.as_str());
    check.require(!street.is_some_and(mask::has_dots), "shipping_address.line1", "contact.masked");
    let email = content.customer.as_ref().and_then(|customer| customer.email.as_deref());
    check.require(!email.is_some_and(mask::has_dots), "customer.email", "contact.masked");
    place::facts(&mut check, ctx, store, content, ctx.now);
    let prices = place::prices(&mut check, store, content);
    let fields = match check.done() {
        Ok(()) => Vec::new(),
        Err(Error::Invalid(fields)) => fields,
        Err(other) => return Err(other),
    };
    let (missing, wrong): (Vec<_>, Vec<_>) = fields.into_iter().partition(|one| one.code == "required" && may_come_later(&one.field));
    if !wrong.is_empty() {
        return Err(Error::Invalid(wrong));
    }
    let totals = prices.totals(store, content.payment_method)?;
    let Totals { lines, subtotal, discount, tax, total, to_collect, item_count } = totals;
    let priced = Priced { lines, subtotal, discount, shipping_fee: prices.shipping_fee, cod_fee: prices.cod_fee, tax, total, to_collect, item_count };
    Ok(Checked { priced, missing })
}

fn agent_known(tx: &mut Tx, agent: Option<UserId>) -> Result<bool, Error> {
    match agent {
        Some(agent) => access::users::is_agent(tx, agent),
        None => Ok(true),
    }
}

fn open(row: &DraftRow) -> Result<(), Error> {
    match row.order_id {
        Some(order) => Err(Error::conflict("draft.placed").with("order", order)),
        None => Ok(()),
    }
}

fn expiry(ctx: &Ctx) -> Time {
    ctx.now.plus_us(i64::from(ctx.settings.orders.draft_days) * Time::DAY)
}

fn name_of(content: &NewOrder) -> String {
    content.customer.as_ref().map(|customer| customer.name.trim().to_owned()).unwrap_or_default()
}

/// What a draft would place. Its store and agent are what its row says.
fn content_of(kept: &drafts::KeptDraft) -> Result<NewOrder, Error> {
    let content: NewOrder = kept::read::<KeptOrder>(&kept.content)?.into();
    Ok(NewOrder { store_id: kept.row.store_id, channel: kept.row.channel, agent_id: kept.row.agent_id, ..content })
}

fn changed(mut content: NewOrder, change: &DraftChange) -> NewOrder {
    fn put<T: Clone>(field: &mut T, wanted: &Option<T>) {
        if let Some(wanted) = wanted {
            field.clone_from(wanted);
        }
    }
    put(&mut content.channel, &change.channel);
    put(&mut content.customer, &change.customer);
    put(&mut content.shipping_address, &change.shipping_address);
    put(&mut content.lines, &change.lines);
    put(&mut content.discount, &change.discount);
    put(&mut content.shipping_fee, &change.shipping_fee);
    put(&mut content.cod_fee, &change.cod_fee);
    put(&mut content.payment_method, &change.payment_method);
    put(&mut content.priority, &change.priority);
    put(&mut content.expected_on, &change.expected_on);
    put(&mut content.tags, &change.tags);
    put(&mut content.custom, &change.custom);
    put(&mut content.note, &change.note);
    put(&mut content.agent_id, &change.agent_id);
    content
}

fn differing(before: &NewOrder, after: &NewOrder) -> Vec<&'static str> {
    let differs = |field: &str| match field {
        "channel" => before.channel != after.channel,
        "customer" => before.customer != after.customer,
        "shipping_address" => before.shipping_address != after.shipping_address,
        "lines" => before.lines != after.lines,
        "discount" => before.discount != after.discount,
        "shipping_fee" => before.shipping_fee != after.shipping_fee,
        "cod_fee" => before.cod_fee != after.cod_fee,
        "payment_method" => before.payment_method != after.payment_method,
        "priority" => before.priority != after.priority,
        "expected_on" => before.expected_on != after.expected_on,
        "tags" => before.tags != after.tags,
        "custom" => before.custom != after.custom,
        "note" => before.note != after.note,
        _ => before.agent_id != after.agent_id,
    };
    FIELDS.into_iter().filter(|field| differs(field)).collect()
}
