//! What customers see of their orders: look-up, one order by its link, their own history by a code; and the links and codes that
//! the team gives them.

use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use base::Edge;
use kernel::{CustomerId, Day, Error, Hidden, LineId, Money, OrderId, OrgId, PaymentMethod, Time};
use tracking::{Entered, Group, History, Link, Numbered, OwnChange, OwnReason, Session, Stage, Standing, Tracked, Wanted, WantedSort, Wish};
use utoipa::openapi::schema::Components;
use utoipa::openapi::{RefOr, Schema};

use crate::api::common::{Nothing, money};
use crate::error::Problem;
use crate::extract::{Info, Json, Path, Query, Write};
use crate::openapi::{Input, Sketch};
use crate::respond::{Done, Reply, done, shown};
use crate::schema::{Describe, body, view, word};
use crate::security;
use crate::state::WebState;
use crate::visitor::{self, Found};

macro_rules! described_words {
    ($($words:ident),+) => {$(
        impl Describe for $words {
            fn schema(_: &mut Components) -> RefOr<Schema> {
                word($words::WORDS)
            }
        }
    )+};
}

described_words!(Stage, Standing, Wish, Group, WantedSort, OwnReason);

body! {
    /// Which order, and what proves whose it is.
    pub(crate) struct LookUpBody {
        /// Its number: ours, with or without what stands before it, or the shop's own.
        number: String = "1041",
        /// The last four digits of the telephone on the order, or its customer's e-mail address. Without it only where the order
        /// stands is told.
        proof: Option<String> = "2387",
        /// Of which organization; all are asked when left out.
        shop: Option<OrgId>,
    }

    /// What a customer asks for.
    pub(crate) struct WishBody {
        /// Which kind of thing; those that the order takes now stand in `requests`.
        request: Wish,
        /// In her words, at most 500 letters.
        text: String = "Please come on Tuesday",
    }

    /// What a customer wants to be different; what is left out stays.
    pub(crate) struct OwnChangeBody {
        /// The last four digits of the telephone on the order, or its customer's e-mail address.
        proof: String = "2387",
        /// How many of which things.
        #[serde(default)]
        lines: Vec<OwnLineBody>,
        /// Another street.
        line1: Option<String> = "Cité 200 logts, bloc 9",
        /// Another city, commune or town.
        city: Option<String> = "Bir El Djir",
        /// Another province, by its name or code.
        province: Option<String> = "Oran",
        /// Another name on the order.
        name: Option<String> = "Amina Benali",
        /// Another number on the order.
        phone: Option<String> = "0550 14 23 87",
        /// Another day, from tomorrow to 30 days from now.
        day: Option<Day>,
    }

    /// How many of a thing.
    pub(crate) struct OwnLineBody {
        /// Which line, as `items` name it.
        id: LineId,
        /// How many, 0 to 99; 0 takes it away.
        quantity: i64 = 2,
    }

    /// Why a customer calls her order off.
    pub(crate) struct OwnCancelBody {
        /// The last four digits of the telephone on the order, or its customer's e-mail address.
        proof: String = "2387",
        /// Why.
        reason: OwnReason,
        /// In her words, at most 500 letters; needed with `other`.
        text: Option<String>,
    }

    /// Who wants a code.
    pub(crate) struct AskCodeBody {
        /// A telephone number or an e-mail address.
        contact: String = "0550 14 23 87",
        /// Of which organization; may be left out where there is only one.
        shop: Option<OrgId>,
    }

    /// A code that was sent or read out.
    pub(crate) struct EnterBody {
        /// The telephone number or e-mail address of its customer.
        contact: String = "0550 14 23 87",
        /// The six digits.
        code: Hidden = "402817",
        /// Of which organization; may be left out where there is only one.
        shop: Option<OrgId>,
    }

    /// Which of one's own orders.
    pub(crate) struct OwnOrdersQuery {
        /// Part of a number, of a thing or of a store's name.
        q: Option<String>,
        /// Which; all when left out.
        show: Option<Group>,
        /// In which order; the newest first when left out.
        sort: Option<WantedSort>,
    }
}

view! {
    /// What there is to a number.
    pub(crate) struct LookedUpView {
        /// Without a proof: where the orders of this number stand, nothing about persons.
        orders: Vec<NumberedView>,
        /// With a proof: links to the pages of the orders that it fits, good for a day.
        links: Vec<LinkView>,
    }

    /// What a number alone tells.
    pub(crate) struct NumberedView {
        /// As the store writes it.
        number: String = "1041",
        /// Which store.
        store: String = "Yasmine",
        /// Where the order stands, in a customer's words.
        standing: Standing,
    }

    /// A link to the page of one order.
    pub(crate) struct LinkView {
        /// The page.
        url: String = "https://orders.example.com/t/AAAAAAAAAAw…",
        /// What stands in it, for the API.
        token: String = "AAAAAAAAAAw…",
        /// Until when it can be used.
        expires_at: Time,
    }

    /// An order as its customer sees it.
    pub(crate) struct TrackedView {
        /// As the store writes it.
        number: String = "1041",
        /// Which store.
        store: String = "Yasmine",
        /// Where to call the store.
        store_phone: Option<String> = "+213 550 14 23 87",
        /// Where to write to it by WhatsApp.
        store_whatsapp: Option<String> = "+213 550 14 23 87",
        /// Where the order stands, in a customer's words.
        standing: Standing,
        /// 0 to 100; null once it left its way.
        progress: Option<u8> = 75,
        /// The day that was promised.
        promised_on: Option<Day>,
        /// Whether that day is over and the order is still to come.
        is_late: bool = false,
        /// The stops of its way.
        route: Vec<PartView>,
        /// What it comes to.
        total: Money,
        /// What of it is to be paid still; null once it was called off or is on its way back.
        to_pay: Option<Money>,
        /// How it is paid.
        payment_method: PaymentMethod,
        /// What the things come to before discount, fees and tax.
        subtotal: Money,
        /// What is taken off.
        discount: Money,
        /// What delivery and cash on delivery cost.
        fees: Money,
        /// The tax on top; nothing where prices hold it already.
        tax: Money,
        /// What it holds.
        items: Vec<ItemView>,
        /// Whom it is for: the first name and a letter.
        name: String = "Amina B.",
        /// The number to call, mostly hidden.
        phone: Option<String> = "+213•••••••87",
        /// The first word of the street.
        street: Option<String> = "Cité •••",
        /// City, commune or town.
        city: Option<String> = "Bir El Djir",
        /// Province.
        province: Option<String> = "Oran",
        /// Who carries it.
        courier: Option<String> = "Yalidine",
        /// The courier's number of the parcel.
        parcel: Option<String> = "YAL-6F21",
        /// What was heard of the parcel, newest first; at most 20.
        entries: Vec<TrackedEntryView>,
        /// What the store wrote to its customer, newest first; at most 20.
        notes: Vec<SaidView>,
        /// What may be asked for now.
        requests: Vec<Wish>,
        /// What the customer may do herself now, with a proof.
        own: OwnRightsView,
        /// The logo of the store.
        logo_url: Option<String>,
        /// When it was placed.
        placed_at: Time,
        /// The last change of any kind.
        updated_at: Time,
    }

    /// What a customer may do about an order herself.
    pub(crate) struct OwnRightsView {
        /// Change address, name, number and day.
        change: bool = true,
        /// Change how many of each thing, too.
        change_items: bool = true,
        /// Call it off.
        cancel: bool = true,
    }

    /// A month of a customer's orders.
    pub(crate) struct OwnMonthView {
        /// Its first day.
        first: Day,
        /// Orders that were placed in it.
        orders: i64 = 2,
        /// Of them in her hands.
        delivered: i64 = 1,
    }

    /// A stop on an order's way.
    pub(crate) struct PartView {
        /// Which.
        stage: Stage,
        /// When it was reached, if that was written down.
        at: Option<Time>,
        /// Whether it lies behind.
        is_done: bool = true,
        /// Whether it is where the order is.
        is_now: bool = false,
    }

    /// A thing in an order.
    pub(crate) struct ItemView {
        /// Which line.
        id: LineId,
        /// What it comes to.
        total: Money,
        /// What it is.
        title: String = "Linen dress",
        /// Size, colour and the like.
        variant: Option<String> = "sand, M",
        /// How many.
        quantity: i64 = 1,
    }

    /// Something heard of a parcel.
    pub(crate) struct TrackedEntryView {
        /// When it was so.
        at: Time,
        /// The courier's or the team's word.
        status: String = "at_hub",
        /// Where.
        place: Option<String> = "Oran",
        /// More words.
        text: Option<String>,
    }

    /// Something the store wrote to its customer.
    pub(crate) struct SaidView {
        /// When.
        at: Time,
        /// What.
        text: String = "Blue is sold out; we send sand as agreed",
    }

    /// A code to read out.
    pub(crate) struct IssuedCodeView {
        /// The six digits; shown once.
        code: String = "402817",
        /// Until when it can be used.
        expires_at: Time,
    }

    /// A session of a customer.
    pub(crate) struct CustomerSessionView {
        /// To send as `Authorization: Bearer …`.
        token: String = "000000000000c.0000000000007.…",
        /// Until when it lasts.
        expires_at: Time,
    }

    /// A customer's own orders.
    pub(crate) struct OwnOrdersView {
        /// Those that were looked for among the newest 200.
        items: Vec<OwnOrderView>,
        /// What all of them add up to.
        figures: OwnFiguresView,
        /// Whether there are older ones.
        is_more: bool = false,
    }

    /// One of a customer's own orders.
    pub(crate) struct OwnOrderView {
        /// Which.
        id: OrderId,
        /// As the store writes it.
        number: String = "1041",
        /// Which store.
        store: String = "Yasmine",
        /// Where it stands, in a customer's words.
        standing: Standing,
        /// What it sells, in one line.
        summary: String = "Linen dress",
        /// How many things.
        item_count: i64 = 1,
        /// What it comes to.
        total: Money,
        /// When it was placed.
        placed_at: Time,
        /// Its page, good for a day.
        link: LinkView,
    }

    /// What a customer's orders add up to.
    pub(crate) struct OwnFiguresView {
        /// All orders.
        orders: i64 = 7,
        /// Still to come.
        coming: i64 = 1,
        /// In her hands.
        delivered: i64 = 5,
        /// Given back or not taken.
        returned: i64 = 0,
        /// Called off.
        cancelled: i64 = 1,
        /// What the delivered ones came to, for each currency.
        spent: Vec<Money>,
        /// Her first order.
        since: Option<Time>,
        /// The last twelve months, the present one last; of the newest 200 orders.
        months: Vec<OwnMonthView>,
    }
}

/// The session of a customer, from `Authorization: Bearer …`. Only read here; the action proves it.
pub(crate) struct Bearer(Session);

impl FromRequestParts<WebState> for Bearer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &WebState) -> Result<Bearer, Problem> {
        let token = security::bearer(&parts.headers).and_then(tracking::read_session);
        token.map(Bearer).ok_or_else(|| Error::Unauthenticated.into())
    }
}

impl Input for Bearer {
    fn describe(sketch: Sketch<'_>) -> Sketch<'_> {
        sketch
    }
}

impl LinkView {
    fn of(state: &WebState, link: &Link) -> LinkView {
        LinkView { url: visitor::page_url(state, link), token: link.token.reveal().to_owned(), expires_at: link.expires_at }
    }
}

impl NumberedView {
    fn of(one: Numbered) -> NumberedView {
        NumberedView { number: one.number, store: one.store_name, standing: one.standing }
    }
}

impl TrackedView {
    fn of(org: OrgId, order: Tracked) -> TrackedView {
        let currency = order.currency;
        TrackedView {
            number: order.number,
            store: order.store.name.clone(),
            store_phone: order.front.phone,
            store_whatsapp: order.front.whatsapp,
            standing: order.standing,
            progress: order.progress,
            promised_on: order.promised_on,
            is_late: order.is_late,
            route: order
                .route
                .into_iter()
                .map(|part| PartView { stage: part.stage, at: part.at, is_done: part.is_done, is_now: part.is_now })
                .collect(),
            total: money(order.total, currency),
            to_pay: order.to_pay.map(|amount| money(amount, currency)),
            payment_method: order.payment_method,
            subtotal: money(order.subtotal, currency),
            discount: money(order.discount, currency),
            fees: money(order.fees, currency),
            tax: money(order.tax, currency),
            own: OwnRightsView { change: order.own.change, change_items: order.own.change_items, cancel: order.own.cancel },
            logo_url: order.logo.as_ref().map(|logo| logo.path(org)),
            items: order
                .items
                .into_iter()
                .map(|item| ItemView {
                    id: item.id,
                    total: money(item.total, currency),
                    title: item.title,
                    variant: item.variant,
                    quantity: item.quantity,
                })
                .collect(),
            name: order.name,
            phone: order.phone,
            street: order.street,
            city: order.city,
            province: order.province,
            courier: order.courier,
            parcel: order.parcel,
            entries: order
                .entries
                .into_iter()
                .map(|entry| TrackedEntryView { at: entry.at, status: entry.status, place: entry.place, text: entry.text })
                .collect(),
            notes: order.said.into_iter().map(|said| SaidView { at: said.at, text: said.text }).collect(),
            requests: order.wishes.to_vec(),
            placed_at: order.placed_at,
            updated_at: order.updated_at,
        }
    }
}

/// `POST /api/v1/track`
pub(crate) async fn look_up(State(state): State<WebState>, info: Info, Json(body): Json<LookUpBody>) -> Reply<LookedUpView> {
    let proof = body.proof.unwrap_or_default();
    shown(match visitor::find(&state, &info, info.locale(), body.shop, &body.number, &proof).await? {
        Found::Standing(orders) => LookedUpView { orders: orders.into_iter().map(NumberedView::of).collect(), links: Vec::new() },
        Found::Links(links) => LookedUpView { orders: Vec::new(), links: links.iter().map(|link| LinkView::of(&state, link)).collect() },
    })
}

/// `GET /api/v1/track/{token}`
pub(crate) async fn show(State(state): State<WebState>, info: Info, Path(token): Path<String>) -> Reply<TrackedView> {
    let edge = visitor::bearer(&state, &info, info.locale(), &token).await?;
    let read = edge.read(move |tx, ctx| {
        let order = tracking::open(tx, ctx, &token)?;
        Ok(TrackedView::of(ctx.org, tracking::show(tx, ctx, order)?))
    });
    shown(read.await?)
}

/// `POST /api/v1/track/{token}/requests`
pub(crate) async fn ask(State(state): State<WebState>, info: Info, Path(token): Path<String>, Json(body): Json<WishBody>) -> Done {
    let edge = visitor::bearer(&state, &info, info.locale(), &token).await?;
    let WishBody { request, text } = body;
    edge.write(move |tx, ctx| {
        let order = tracking::open(tx, ctx, &token)?;
        tracking::ask(tx, ctx, order, request, &text)
    })
    .await?;
    done()
}

/// `POST /api/v1/track/{token}/changes`
pub(crate) async fn change(State(state): State<WebState>, info: Info, Path(token): Path<String>, Json(body): Json<OwnChangeBody>) -> Done {
    let OwnChangeBody { proof, lines, line1, city, province, name, phone, day } = body;
    let lines = lines.into_iter().map(|line| (line.id, line.quantity)).collect();
    visitor::change(&state, &info, info.locale(), &token, &proof, OwnChange { lines, line1, city, province, name, phone, day }).await?;
    done()
}

/// `POST /api/v1/track/{token}/cancel`
pub(crate) async fn cancel(State(state): State<WebState>, info: Info, Path(token): Path<String>, Json(body): Json<OwnCancelBody>) -> Done {
    visitor::cancel(&state, &info, info.locale(), &token, &body.proof, body.reason, body.text.unwrap_or_default()).await?;
    done()
}

/// `POST /api/v1/orders/{id}/tracking-link`: takes no idempotency key, because its answer opens the page; asking again gives
/// another link, and both work.
pub(crate) async fn link(State(state): State<WebState>, edge: Edge, Path(id): Path<OrderId>, Json(_): Json<Nothing>) -> Reply<LinkView> {
    let link = edge.read(move |tx, ctx| tracking::link(tx, ctx, id)).await?;
    shown(LinkView::of(&state, &link))
}

/// `DELETE /api/v1/orders/{id}/tracking-link`
pub(crate) async fn revoke(edge: Edge, Path(id): Path<OrderId>, write: Write<Nothing>) -> Done {
    Ok(edge.write_once(write.key.as_ref(), move |tx, ctx| tracking::revoke(tx, ctx, id)).await?.into())
}

/// `POST /api/v1/customers/{id}/code`: takes no idempotency key, because its answer holds a secret; each call ends the code before.
pub(crate) async fn issue_code(edge: Edge, Path(id): Path<CustomerId>, Json(_): Json<Nothing>) -> Reply<IssuedCodeView> {
    let issued = edge.write(move |tx, ctx| tracking::issue_code(tx, ctx, id)).await?;
    shown(IssuedCodeView { code: issued.code.reveal().to_owned(), expires_at: issued.expires_at })
}

/// The organization of a customer who has no account.
async fn shop_of(state: &WebState, info: &Info, shop: Option<OrgId>) -> Result<Edge, Error> {
    let code = if shop.is_some() { "unknown" } else { "required" };
    let org = visitor::organization(state, shop).await?.ok_or_else(|| Error::field("shop", code))?;
    Ok(visitor::edge(state, info, info.locale(), org).await)
}

/// `POST /api/v1/my-orders/code`: the same answer whether or not somebody is known there.
pub(crate) async fn ask_code(State(state): State<WebState>, info: Info, Json(body): Json<AskCodeBody>) -> Done {
    state.limits().number(&body.contact)?;
    let edge = shop_of(&state, &info, body.shop).await?;
    edge.write(move |tx, ctx| tracking::ask_code(tx, ctx, &body.contact)).await?;
    done()
}

/// `POST /api/v1/my-orders/enter`
pub(crate) async fn enter(State(state): State<WebState>, info: Info, Json(body): Json<EnterBody>) -> Reply<CustomerSessionView> {
    state.limits().number(&body.contact)?;
    let edge = shop_of(&state, &info, body.shop).await?;
    match edge.write(move |tx, ctx| tracking::enter(tx, ctx, &body.contact, body.code.reveal())).await? {
        Entered::In(session) => shown(CustomerSessionView { token: session.token.reveal().to_owned(), expires_at: session.expires_at }),
        Entered::Refused => Err(Error::field("code", "tracking.code").into()),
    }
}

async fn own_edge(state: &WebState, info: &Info, session: &Session) -> Result<Edge, Error> {
    let org = visitor::organization(state, Some(session.org())).await?.ok_or(Error::Unauthenticated)?;
    Ok(visitor::edge(state, info, info.locale(), org).await)
}

/// `GET /api/v1/my-orders`
pub(crate) async fn own_orders(
    State(state): State<WebState>,
    info: Info,
    Bearer(session): Bearer,
    Query(query): Query<OwnOrdersQuery>,
) -> Reply<OwnOrdersView> {
    let edge = own_edge(&state, &info, &session).await?;
    let text = query.q.unwrap_or_default();
    let wanted = Wanted { text, group: query.show.unwrap_or(Group::All), sort: query.sort.unwrap_or(WantedSort::Newest) };
    let read = edge.read(move |tx, ctx| {
        let customer = tracking::owner(tx, ctx, &session)?;
        let history = tracking::history(tx, ctx, customer, &wanted)?;
        let links = tracking::own_links(tx, ctx, &history)?;
        Ok((history, links))
    });
    let (history, links) = read.await?;
    shown(own_view(&state, history, &links))
}

fn own_view(state: &WebState, history: History, links: &[Link]) -> OwnOrdersView {
    let figures = history.figures;
    let items = history.orders.into_iter().zip(links).map(|(order, link)| OwnOrderView {
        id: order.id,
        number: order.number,
        store: order.store_name,
        standing: order.standing,
        summary: order.summary,
        item_count: order.item_count,
        total: money(order.total, order.currency),
        placed_at: order.placed_at,
        link: LinkView::of(state, link),
    });
    OwnOrdersView {
        items: items.collect(),
        figures: OwnFiguresView {
            orders: figures.orders,
            coming: figures.coming,
            delivered: figures.delivered,
            returned: figures.returned,
            cancelled: figures.cancelled,
            spent: figures.spent.into_iter().map(|sum| money(sum.amount, sum.currency)).collect(),
            since: figures.since,
            months: figures
                .months
                .iter()
                .map(|month| OwnMonthView { first: month.first, orders: month.orders, delivered: month.delivered })
                .collect(),
        },
        is_more: history.is_more,
    }
}

/// `POST /api/v1/my-orders/leave`
pub(crate) async fn leave(State(state): State<WebState>, info: Info, Bearer(session): Bearer) -> Done {
    let edge = own_edge(&state, &info, &session).await?;
    edge.write(move |tx, ctx| tracking::leave(tx, ctx, &session)).await?;
    done()
}
