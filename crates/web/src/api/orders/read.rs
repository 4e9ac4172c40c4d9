//! Finding and reading orders: the list with its filters, search, one order, progress, figures.

use base::events::{self, EventView};
use base::{Ctx, Edge};
use db::Tx;
use fields::{CustomTest, TagFilter};
use kernel::{
    Amount, Channel, Confirmation, Currency, CustomerId, Day, Error, Id, NoteAudience, OrderId, OrderState, PaymentMethod, PaymentState, Priority,
    ShippingState, StoreId, Time, UserId,
};
use orders::mentions;
use orders::{Archived, Assigned, OrderFilter, Page, PageStart, PlacedIn, Search, Sort};

use super::listed::Listed;
use super::view::{NoteView, OrderRowView, OrderView, TrackingEntryView};
use crate::api::common::{EventJson, Limit, PageNumber, limit, page_number};
use crate::extract::{Path, Query};
use crate::respond::{List, Reply, Total, shown, versioned};
use crate::schema::{Describe, Many, body, word};

body! {
    /// Which orders, in which order. Words in one parameter are alternatives; parameters combine.
    pub(crate) struct OrderQuery {
        /// Number, reference, telephone, name, product, SKU, tracking number, agent, date or amount.
        search: Option<String> = "Amina",
        /// Sold in these stores.
        #[serde(default)]
        store_id: Many<StoreId>,
        /// Standing here; `fulfilled` means DELIVERED.
        #[serde(default)]
        state: Many<OrderState> = ["PENDING", "CONFIRMED"],
        /// In these sub-statuses, by their keys.
        #[serde(default)]
        substatus: Many<String> = ["no_answer"],
        /// Parcel here.
        #[serde(default)]
        shipping_state: Many<ShippingState>,
        /// Paid so far.
        #[serde(default)]
        payment_state: Many<PaymentState>,
        /// Paid this way.
        #[serde(default)]
        payment_method: Many<PaymentMethod>,
        /// Call so far.
        #[serde(default)]
        confirmation: Many<Confirmation>,
        /// Come from here.
        #[serde(default)]
        channel: Many<Channel>,
        /// So urgent.
        #[serde(default)]
        priority: Many<Priority>,
        /// Going there: country and code of the province.
        #[serde(default)]
        province: Many<String> = ["DZ:31"],
        /// To these towns, as orders name them.
        #[serde(default)]
        city: Many<String> = ["Bir El Djir"],
        /// With one of these variants among its lines.
        #[serde(default)]
        sku: Many<String> = ["LIN-M"],
        /// This person's.
        customer_id: Option<CustomerId>,
        /// These agents', `me` for the caller's own, or `none` for nobody's.
        #[serde(default)]
        agent_id: Many<AgentWord> = ["none"],
        /// Placed from here on.
        placed_from: Option<Time>,
        /// Placed before.
        placed_until: Option<Time>,
        /// Placed on this day of their store.
        placed_on: Option<Day>,
        /// Placed in these days, which move on with the calendar of the caller's first store.
        placed_in: Option<PlacedIn>,
        /// Owing at least this, in minor units.
        total_from: Option<Amount>,
        /// Owing at most this, in minor units.
        total_to: Option<Amount>,
        /// In this currency; needed with amounts where the stores that are asked for sell in several.
        currency: Option<Currency> = "DZD",
        /// Whether held back.
        held: Option<bool>,
        /// Held back for one of these kinds of reasons: codes of the list of kinds.
        #[serde(default)]
        hold_kind: Many<String> = ["address"],
        /// Whether somebody passed it up the team and waits for an answer.
        escalated: Option<bool>,
        /// Whether the place was found in the lists.
        place_known: Option<bool>,
        /// With at least one of these tags: names, present or former, or ids.
        #[serde(default)]
        tag: Many<String> = ["gift", "vip"],
        /// With every one of these tags.
        #[serde(default)]
        tag_all: Many<String>,
        /// With none of these tags.
        #[serde(default)]
        tag_none: Many<String>,
        /// With these values in the team's own fields, all of which must hold: `size:XL|L` for one of several values,
        /// `weight:10..20`, `due:2026-11-01..` for ranges of numbers, amounts in minor units and days.
        #[serde(default)]
        custom: Many<FieldTest> = ["size:XL|L"],
        /// Whether in the daily lists: `no` (the usual), `only`, `any`.
        archived: Option<Archived>,
        /// `created_at`, `total`, `moved_at`, `number` or `priority`; a minus before it means the largest first. A second one
        /// after a comma decides among equals: `-total,created_at`.
        sort: Option<String> = "-created_at",
        /// How many, 1 to 200.
        limit: Option<Limit> = 50,
        /// Where the part before ended.
        cursor: Option<String>,
        /// A page by its number from 1, within the first 10,000 orders; instead of `cursor`.
        page: Option<PageNumber>,
    }

    /// Which notes.
    pub(crate) struct NoteQuery {
        /// Only those that these may read.
        audience: Option<NoteAudience>,
    }

    /// What to look for.
    pub(crate) struct SearchQuery {
        /// Number, reference, telephone, name, product, SKU, tracking number, agent, date or amount.
        q: String = "0550142387",
        /// How many, 1 to 200.
        limit: Option<Limit> = 50,
        /// Where the search before stopped looking, to look at older orders.
        cursor: Option<String>,
    }
}

/// An agent's id, `me`, or `none`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AgentWord(Assigned);

impl std::str::FromStr for AgentWord {
    type Err = kernel::IdError;
    fn from_str(text: &str) -> Result<AgentWord, kernel::IdError> {
        match text {
            "none" => Ok(AgentWord(Assigned::Free)),
            "me" => Ok(AgentWord(Assigned::Caller)),
            id => id.parse::<UserId>().map(|id| AgentWord(Assigned::To(id))),
        }
    }
}

impl Describe for AgentWord {
    fn schema(_: &mut utoipa::openapi::schema::Components) -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        crate::schema::text(None, Some("^(none|me|usr_[0-9A-Za-z]{13})$"), Some("none"))
    }
}

/// A condition on one of the team's own fields.
#[derive(Clone, Debug)]
pub(crate) struct FieldTest(pub(crate) CustomTest);

impl std::str::FromStr for FieldTest {
    type Err = fields::WrongTest;
    fn from_str(text: &str) -> Result<FieldTest, fields::WrongTest> {
        text.parse().map(FieldTest)
    }
}

impl Describe for FieldTest {
    fn schema(_: &mut utoipa::openapi::schema::Components) -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        crate::schema::text(None, None, Some("size:XL|L"))
    }
}

impl Describe for PlacedIn {
    fn schema(_: &mut utoipa::openapi::schema::Components) -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        word(PlacedIn::WORDS)
    }
}

impl Describe for Archived {
    fn schema(_: &mut utoipa::openapi::schema::Components) -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        word(Archived::WORDS)
    }
}

impl OrderQuery {
    /// The filter and the page that the parameters ask for.
    pub(crate) fn into_parts(self) -> Result<(Option<String>, OrderFilter, Page), Error> {
        let start = match (self.cursor, page_number(self.page)?) {
            (Some(_), Some(_)) => return Err(Error::field("page", "page.or_cursor")),
            (Some(cursor), None) => PageStart::Cursor(cursor),
            (None, Some(page)) => PageStart::Number(page),
            (None, None) => PageStart::First,
        };
        let sort = self.sort.as_deref().map(Sort::parse).transpose()?.unwrap_or_default();
        let page = Page { limit: limit(self.limit)?, start, sort, with_total: true };
        let filter = OrderFilter {
            stores: self.store_id.0,
            states: self.state.0,
            substatuses: self.substatus.0,
            shipping_states: self.shipping_state.0,
            payment_states: self.payment_state.0,
            payment_methods: self.payment_method.0,
            confirmations: self.confirmation.0,
            channels: self.channel.0,
            priorities: self.priority.0,
            provinces: self.province.0,
            cities: self.city.0,
            skus: self.sku.0,
            variants: Vec::new(),
            customer: self.customer_id,
            assigned: self.agent_id.0.into_iter().map(|word| word.0).collect(),
            placed_from: self.placed_from,
            placed_until: self.placed_until,
            placed_on: self.placed_on,
            placed_in: self.placed_in,
            total_from: self.total_from,
            total_to: self.total_to,
            currency: self.currency,
            is_held: self.held,
            hold_kinds: self.hold_kind.0,
            is_escalated: self.escalated,
            place_known: self.place_known,
            tags: TagFilter { any: self.tag.0, all: self.tag_all.0, none: self.tag_none.0 },
            custom: self.custom.0.into_iter().map(|test| test.0).collect(),
            facets: Vec::new(),
            archived: self.archived.unwrap_or(Archived::No),
            any: Vec::new(),
        };
        Ok((self.search.filter(|text| !text.trim().is_empty()), filter, page))
    }
}

fn total(total: Option<orders::Total>) -> Total {
    match total {
        Some(orders::Total::Exact(count)) => crate::api::common::total(count, false),
        Some(orders::Total::AtLeast(count)) => crate::api::common::total(count, true),
        None => Total::AtLeast { at_least: 0 },
    }
}

/// `GET /api/v1/orders`
pub(crate) async fn list(edge: Edge, query: Listed) -> Reply<List<OrderRowView>> {
    let is_sorted = query.query.sort.as_deref().is_some_and(|sort| sort != Sort::default().to_string());
    let (search, filter, page) = query.into_parts()?;
    if let Some(text) = search {
        if is_sorted {
            return Err(Error::field("sort", "sort.search").into());
        }
        let older = match page.start {
            PageStart::Cursor(cursor) => Some(cursor),
            PageStart::First => None,
            PageStart::Number(_) => return Err(Error::field("page", "page.search").into()),
        };
        return found(&edge, Search { text, filter, limit: page.limit, older }).await;
    }
    shown(edge.read(move |tx, ctx| listed(tx, ctx, &filter, &page)).await?)
}

/// A page of the list, as it is sent.
pub(crate) fn listed(tx: &mut Tx, ctx: &Ctx, filter: &OrderFilter, page: &Page) -> Result<List<OrderRowView>, Error> {
    let found = orders::list(tx, ctx, filter, page)?;
    Ok(List { items: OrderRowView::marked(tx, ctx, found.items)?, next_cursor: found.next_cursor, total: total(found.total) })
}

/// `GET /api/v1/search`
pub(crate) async fn search(edge: Edge, Query(query): Query<SearchQuery>) -> Reply<List<OrderRowView>> {
    let limit = limit(query.limit)?;
    found(&edge, Search { text: query.q, filter: OrderFilter::default(), limit, older: query.cursor }).await
}

async fn found(edge: &Edge, search: Search) -> Reply<List<OrderRowView>> {
    let list = edge.read(move |tx, ctx| {
        let page = orders::search(tx, ctx, &search)?;
        let count = page.items.len() as u64;
        Ok(List {
            items: OrderRowView::marked(tx, ctx, page.items)?,
            total: if page.older.is_some() { Total::AtLeast { at_least: count } } else { Total::Exactly(count) },
            next_cursor: page.older,
        })
    });
    shown(list.await?)
}

/// `GET /api/v1/orders/{id}`
pub(crate) async fn get(edge: Edge, Path(id): Path<OrderId>) -> Reply<OrderView> {
    let view = edge.read(move |tx, ctx| {
        let detail = orders::detail(tx, ctx, id)?;
        OrderView::whole(tx, ctx, detail)
    });
    let view = view.await?;
    let version = view.version;
    versioned(view, version)
}

/// Whoever may see an order may see its history.
fn history_of(tx: &mut Tx, ctx: &Ctx, id: OrderId) -> Result<Vec<EventView>, Error> {
    let order = orders::find(tx, ctx, id)?;
    events::of_subject(tx, ctx, OrderId::PREFIX, order.id.to_i64(), events::MAX_PAGE)
}

/// `GET /api/v1/orders/{id}/history`
pub(crate) async fn history(edge: Edge, Path(id): Path<OrderId>) -> Reply<List<EventJson>> {
    let events = edge.read(move |tx, ctx| history_of(tx, ctx, id)).await?;
    shown(List::whole(events.into_iter().map(EventJson::of).collect()))
}

/// `GET /api/v1/orders/{id}/notes`
pub(crate) async fn notes(edge: Edge, Path(id): Path<OrderId>, Query(query): Query<NoteQuery>) -> Reply<List<NoteView>> {
    let read = edge.read(move |tx: &mut Tx, ctx| {
        let notes = orders::list_notes(tx, ctx, id, query.audience)?;
        Ok::<_, Error>((notes, mentions::of_order(tx, ctx, id)?))
    });
    let (notes, named) = read.await?;
    shown(List::whole(NoteView::all(notes, &named)))
}

/// `GET /api/v1/orders/{id}/tracking`
pub(crate) async fn tracking(edge: Edge, Path(id): Path<OrderId>) -> Reply<List<TrackingEntryView>> {
    let entries = edge.read(move |tx, ctx| orders::list_tracking(tx, ctx, id)).await?;
    shown(List::whole(entries.into_iter().map(TrackingEntryView::of).collect()))
}

/// `GET /api/v1/customers/{id}/orders`
pub(crate) async fn of_customer(edge: Edge, Path(id): Path<CustomerId>, query: Listed) -> Reply<List<OrderRowView>> {
    if query.query.customer_id.is_some_and(|customer| customer != id) {
        return Err(Error::field("customer_id", "customer.other").into());
    }
    let (search, filter, page) = query.into_parts()?;
    if search.is_some() {
        return Err(Error::field("search", "search.customer").into());
    }
    let filter = OrderFilter { customer: Some(id), ..filter };
    let list = edge.read(move |tx, ctx| {
        customers::find(tx, ctx, id)?;
        listed(tx, ctx, &filter, &page)
    });
    shown(list.await?)
}
