//! Customers: who buys, how to reach them, what they bought.

use base::{Ctx, Edge};
use customers::{
    Address, AddressChange, Bought, Customer, CustomerChange, CustomerDetail, CustomerFilter, CustomerRow, CustomerSort, NewAddress, NewCustomer,
    PhoneChange, StoreTotals,
};
use db::Tx;
use fields::TagFilter;
use kernel::{AddressId, Amount, Country, CustomerId, Error, LanguageSource, Locale, Money, Phone, PhoneId, StoreId, Time, Version};
use orders::care::{Places, sent_to};
use serde_json::{Map, Value};

use super::care::{ConsentView, CustomerNoteView, ErasureView, FlagMarkView, FlagView, MergeView, marks};
use super::common::{EventJson, Limit, Nothing, home_country, home_country_of, limit, money, phone, total};
use super::orders::read::FieldTest;
use crate::extract::{Path, Query, Two, Write};
use crate::respond::{Answer, List, Made, Reply, shown, versioned};
use crate::schema::{Many, Patch, body, view};

view! {
    /// A customer as lists show them.
    pub(crate) struct CustomerRowView {
        /// Whose row.
        id: CustomerId,
        /// As they write themselves.
        name: String = "Amina Benali",
        /// Their main number; masked without the right to see it whole.
        phone: Option<String> = "+213550142387",
        /// Where to write to; masked without the right to see it whole.
        email: Option<String>,
        /// What messages to them are written in.
        language: Option<Locale>,
        /// Marks on them that stand.
        flags: Vec<FlagMarkView>,
        /// Orders placed.
        orders: i64 = 4,
        /// Of them delivered.
        delivered: i64 = 3,
        /// Of them back.
        returned: i64 = 0,
        /// Of them called off.
        cancelled: i64 = 1,
        /// The latest order.
        last_order_at: Option<Time>,
        /// Short words of the team's own.
        tags: Vec<String> = ["vip"],
        /// Those of the team's own fields that lists show.
        custom: Map<String, Value> = {},
        /// Since when we know them.
        created_at: Time,
        /// Grows with each change.
        version: Version = 1,
    }

    /// A customer with everything kept about them.
    pub(crate) struct CustomerView {
        /// Whose.
        id: CustomerId,
        /// As they write themselves.
        name: String = "Amina Benali",
        /// Where to write to; masked without the right to see it whole.
        email: Option<String>,
        /// What messages to them are written in.
        language: Option<Locale>,
        /// Whether the language was chosen or found in what they wrote.
        language_source: Option<LanguageSource>,
        /// The id that a shop or a file knows them by.
        external_ref: Option<String>,
        /// Short words of the team's own.
        tags: Vec<String> = ["vip"],
        /// Fields of the team's own.
        custom: Map<String, Value> = {},
        /// Their numbers, the main one first.
        phones: Vec<PhoneView>,
        /// Their addresses, the main one first, then the newest.
        addresses: Vec<AddressView>,
        /// Marks on them that stand, newest first.
        flags: Vec<FlagView>,
        /// What the team wrote about them, newest first; at most 50.
        notes: Vec<CustomerNoteView>,
        /// What they agreed to or took back last, for each way and purpose.
        consents: Vec<ConsentView>,
        /// Customers who became part of them, newest first.
        merges: Vec<MergeView>,
        /// The latest erasing, if anybody ever asked for one.
        erasure: Option<ErasureView>,
        /// What they bought, for each store that you may see.
        totals: Vec<TotalsView>,
        /// What happened to this record, newest first.
        history: Vec<EventJson>,
        /// Grows with each change.
        version: Version = 1,
        /// Since when we know them.
        created_at: Time,
        /// The last change.
        updated_at: Time,
        /// Since when they are out of the daily lists.
        archived_at: Option<Time>,
        /// Since when nothing personal is kept about them.
        erased_at: Option<Time>,
    }

    /// A telephone number.
    pub(crate) struct PhoneView {
        /// Which.
        id: PhoneId,
        /// The number; masked without the right to see it whole.
        number: String = "+213550142387",
        /// Whose or what for.
        label: Option<String> = "sister",
        /// Whether it is the one to call first.
        is_main: bool = true,
        /// Grows with each change.
        version: Version = 1,
    }

    /// A number that was asked for.
    pub(crate) struct WholePhoneView {
        /// The number, whole.
        number: String = "+213550142387",
    }

    /// Where somebody receives parcels.
    pub(crate) struct AddressView {
        /// Which.
        id: AddressId,
        /// Whether orders go there unless they say otherwise.
        is_main: bool = true,
        /// What they call it.
        label: Option<String> = "home",
        /// Street and house.
        line1: String = "Cité 200 logts, bloc 7",
        /// The rest of it.
        line2: Option<String>,
        /// City, commune or town.
        city: Option<String> = "Bir El Djir",
        /// District, daira or sub-county.
        district: Option<String>,
        /// Province by the list's name, or as typed.
        province: Option<String> = "Oran",
        /// Its code in the list.
        province_code: Option<String> = "31",
        /// Country.
        country: Country,
        /// Postal code.
        postal_code: Option<String>,
        /// Whether the place was found in the lists.
        place_known: bool = true,
        /// Grows with each change.
        version: Version = 1,
    }

    /// What somebody bought in one store.
    pub(crate) struct TotalsView {
        /// Which store.
        store_id: StoreId,
        /// Orders placed.
        orders: i64 = 4,
        /// Of them delivered and not given back.
        delivered: i64 = 3,
        /// Of them back.
        returned: i64 = 0,
        /// Of them called off.
        cancelled: i64 = 1,
        /// What all orders came to.
        ordered: Money,
        /// What the delivered ones came to.
        spent: Money,
        /// The first order.
        first_order_at: Time,
        /// The latest order.
        last_order_at: Time,
    }
}

body! {
    /// Which customers.
    pub(crate) struct CustomerQuery {
        /// A name's beginning, a number in any spelling, its last four digits or more, or an e-mail address.
        search: Option<String> = "Amina",
        /// Also those out of the daily lists.
        with_archived: Option<bool>,
        /// With at least one of these tags: names, present or former, or ids.
        #[serde(default)]
        tag: Many<String> = ["vip"],
        /// With every one of these tags.
        #[serde(default)]
        tag_all: Many<String>,
        /// With none of these tags.
        #[serde(default)]
        tag_none: Many<String>,
        /// With these values in the team's own fields, all of which must hold: `class:gold|silver`, `since:2026-01-01..`.
        #[serde(default)]
        custom: Many<FieldTest> = ["class:gold"],
        /// Only those who bear a mark of this kind.
        flag: Option<String> = "refuser",
        /// Whose newest order goes there: country and code of the province. This and the next need `order.read`.
        #[serde(default)]
        province: Many<String> = ["DZ:31"],
        /// Whose newest order goes to one of these towns, as orders name them.
        #[serde(default)]
        city: Many<String> = ["Bir El Djir"],
        /// Only those who bought in this store; the figures are those of this store alone.
        store_id: Option<StoreId>,
        /// At least so many orders in the store. This and the next seven, and the sorts by figures, need `store_id` where
        /// you see several stores.
        orders_from: Option<i64> = 2,
        /// At most so many.
        orders_to: Option<i64>,
        /// Delivered orders that come to at least this, in minor units of the store's currency.
        spent_from: Option<Amount>,
        /// To at most this.
        spent_to: Option<Amount>,
        /// Of the orders that came to their end, at least so many in a hundred were delivered.
        delivered_from: Option<i64>,
        /// At most so many in a hundred.
        delivered_to: Option<i64> = 50,
        /// The last order placed from here on.
        last_order_from: Option<Time>,
        /// The last order placed before.
        last_order_until: Option<Time>,
        /// `-created_at` (newest first) or `name`; of those who have ordered: `-last_order_at`, `last_order_at` (over up to 8
        /// stores), `-orders`, `-spent`, `-delivered_rate`, `-returned_rate` (in one store). A second one after a comma decides
        /// among equals, and who has not ordered comes last by it: `-orders,name`.
        sort: Option<String> = "-created_at",
        /// How many, 1 to 200.
        limit: Option<Limit> = 50,
        /// Where the part before ended.
        cursor: Option<String>,
    }

    /// A customer entered by hand.
    pub(crate) struct NewCustomerBody {
        /// As they write themselves.
        name: String = "Amina Benali",
        /// A number in any spelling.
        phone: Option<String> = "0550 14 23 87",
        /// Where to write to.
        email: Option<String>,
        /// What messages to them are written in.
        language: Option<Locale> = "ar",
        /// Short words of the team's own.
        #[serde(default)]
        tags: Vec<String> = [],
        /// Fields of the team's own.
        #[serde(default)]
        custom: Map<String, Value> = {},
        /// The country whose spelling the number follows; that of your first store when left out.
        country: Option<Country> = "DZ",
    }

    /// What shall be different; what is left out stays.
    pub(crate) struct CustomerChangeBody {
        /// A new name.
        name: Option<String>,
        /// A new e-mail address, or null for none any more.
        #[serde(default)]
        email: Patch<String>,
        /// Another language, or null for unknown.
        #[serde(default)]
        language: Patch<Locale>,
        /// Other tags, all of them.
        tags: Option<Vec<String>>,
        /// Other fields of the team's own, all of them.
        custom: Option<Map<String, Value>>,
        /// The version that was read.
        version: Option<Version> = 1,
    }

    /// A number more.
    pub(crate) struct PhoneBody {
        /// The number in any spelling.
        number: String = "0550 14 23 87",
        /// Whose or what for.
        label: Option<String> = "sister",
        /// True makes it the one to call first.
        is_main: Option<bool> = false,
        /// The country whose spelling the number follows; that of your first store when left out.
        country: Option<Country> = "DZ",
    }

    /// What shall be different about a number; what is left out stays.
    pub(crate) struct PhoneChangeBody {
        /// Another number in its place, in any spelling.
        number: Option<String> = "0550 14 23 87",
        /// Another label, or null for none any more.
        #[serde(default)]
        label: Patch<String>,
        /// True makes it the one to call first.
        is_main: Option<bool> = true,
        /// The country whose spelling the number follows; that of your first store when left out.
        country: Option<Country> = "DZ",
        /// The version that was read.
        version: Option<Version> = 1,
    }

    /// The order of somebody's numbers.
    pub(crate) struct PhoneOrderBody {
        /// All of them, the one to call first at the beginning.
        phones: Vec<PhoneId>,
    }

    /// The order of somebody's addresses.
    pub(crate) struct AddressOrderBody {
        /// All of them, the main one at the beginning.
        addresses: Vec<AddressId>,
    }

    /// An address as it comes in; the place is looked up in the lists.
    pub(crate) struct AddressBody {
        /// What they call it.
        label: Option<String> = "home",
        /// Street and house.
        line1: String = "Cité 200 logts, bloc 7",
        /// The rest of it.
        line2: Option<String>,
        /// City, commune or town.
        city: Option<String> = "Bir El Djir",
        /// District, daira or sub-county.
        district: Option<String>,
        /// Province by name or code, in any spelling the lists know.
        province: Option<String> = "Oran",
        /// Country; the store's when left out.
        country: Option<Country> = "DZ",
        /// Postal code.
        postal_code: Option<String>,
        /// The version that was read, when an address is replaced.
        version: Option<Version>,
    }
}

impl CustomerRowView {
    fn of(ctx: &Ctx, row: CustomerRow) -> CustomerRowView {
        CustomerRowView {
            phone: row.phone.as_ref().map(|number| phone(ctx, number)),
            tags: row.tags(),
            custom: row.listed(&ctx.settings.field_set.customer),
            id: row.id,
            name: row.name,
            email: row.email.map(|email| customers::shown_email(ctx, &email)),
            flags: Vec::new(),
            language: row.language,
            orders: row.orders,
            delivered: row.delivered,
            returned: row.returned,
            cancelled: row.cancelled,
            last_order_at: row.last_order_at,
            created_at: row.created_at,
            version: row.version,
        }
    }
}

impl CustomerView {
    fn of(tx: &mut Tx, ctx: &Ctx, detail: CustomerDetail) -> Result<CustomerView, Error> {
        let CustomerDetail { customer, phones, addresses, flags, notes, consents, merges, erasure, totals, history } = detail;
        let (tags, custom) = (customer.tags(), customer.custom());
        let Customer { id, name, email, language, external_ref, version, created_at, updated_at, archived_at, language_source, erased_at, .. } =
            customer;
        let phones = phones.into_iter().enumerate().map(|(place, row)| PhoneView {
            id: row.id,
            number: phone(ctx, &row.phone),
            label: row.label,
            is_main: place == 0,
            version: row.version,
        });
        let addresses = addresses.into_iter().enumerate().map(|(place, row)| AddressView { is_main: place == 0, ..AddressView::of(ctx, row) });
        Ok(CustomerView {
            id,
            name,
            email: email.map(|email| customers::shown_email(ctx, &email)),
            language,
            language_source,
            external_ref,
            tags,
            custom,
            phones: phones.collect(),
            addresses: addresses.collect(),
            flags: FlagView::all(tx, ctx, flags)?,
            notes: notes.into_iter().map(CustomerNoteView::of).collect(),
            consents: consents.into_iter().map(ConsentView::of).collect(),
            merges: merges.into_iter().map(MergeView::of).collect(),
            erasure: erasure.map(ErasureView::of),
            totals: totals.into_iter().map(TotalsView::of).collect(),
            history: history.into_iter().map(EventJson::of).collect(),
            version,
            created_at,
            updated_at,
            archived_at,
            erased_at,
        })
    }

    pub(crate) fn load(tx: &mut Tx, ctx: &Ctx, id: CustomerId) -> Result<CustomerView, Error> {
        let detail = customers::detail(tx, ctx, id)?;
        CustomerView::of(tx, ctx, detail)
    }
}

impl TotalsView {
    pub(crate) fn of(row: StoreTotals) -> TotalsView {
        TotalsView {
            store_id: row.store_id,
            orders: row.orders,
            delivered: row.delivered,
            returned: row.returned,
            cancelled: row.cancelled,
            ordered: money(row.ordered_total, row.currency),
            spent: money(row.delivered_total, row.currency),
            first_order_at: row.first_order_at,
            last_order_at: row.last_order_at,
        }
    }
}

impl AddressView {
    fn of(ctx: &Ctx, address: Address) -> AddressView {
        AddressView {
            id: address.id,
            is_main: false,
            label: address.label,
            line1: customers::shown_street(ctx, &address.line1),
            line2: address.line2.map(|line| customers::shown_street(ctx, &line)),
            city: address.city,
            district: address.district,
            province: address.province,
            province_code: address.province_code,
            country: address.country,
            postal_code: address.postal_code,
            place_known: address.place_known,
            version: address.version,
        }
    }
}

impl AddressBody {
    /// As actions take it.
    pub(crate) fn into_new(self) -> NewAddress {
        NewAddress {
            label: self.label,
            line1: self.line1,
            line2: self.line2,
            city: self.city,
            district: self.district,
            province: self.province,
            country: self.country,
            postal_code: self.postal_code,
            is_unknown: false,
        }
    }
}

fn read_phone(field: &str, text: &str, country: Country) -> Result<Phone, Error> {
    Phone::parse(text, country).map_err(|_| Error::field(field, "phone"))
}

/// `GET /api/v1/customers`
pub(crate) async fn list(edge: Edge, Query(query): Query<CustomerQuery>) -> Reply<List<CustomerRowView>> {
    let (sort, then) = query.sort.as_deref().map(CustomerSort::read).transpose()?.unwrap_or_default();
    let places = Places { provinces: query.province.0, cities: query.city.0 };
    let elsewhere = if places == Places::default() { None } else { Some(sent_to(&edge.ctx, &places)?) };
    let country = if query.search.is_some() { Some(home_country(&edge).await?) } else { None };
    let filter = CustomerFilter {
        search: query.search,
        country,
        with_archived: query.with_archived.unwrap_or(false),
        flag: query.flag.filter(|kind| !kind.trim().is_empty()),
        store: query.store_id,
        compared: None,
        bought: Bought {
            orders_from: query.orders_from,
            orders_to: query.orders_to,
            spent_from: query.spent_from,
            spent_to: query.spent_to,
            delivered_from: query.delivered_from,
            delivered_to: query.delivered_to,
            last_from: query.last_order_from,
            last_until: query.last_order_until,
        },
        elsewhere,
        tags: TagFilter { any: query.tag.0, all: query.tag_all.0, none: query.tag_none.0 },
        custom: query.custom.0.into_iter().map(|test| test.0).collect(),
        sort,
        then,
        limit: limit(query.limit)?,
        cursor: query.cursor,
    };
    let list = edge.read(move |tx, ctx| {
        let page = customers::list(tx, ctx, &filter)?;
        let mut marks = marks(tx, ctx, &page.items.iter().map(|row| row.id).collect::<Vec<_>>())?;
        let view = |row: CustomerRow| CustomerRowView { flags: marks.remove(&row.id).unwrap_or_default(), ..CustomerRowView::of(ctx, row) };
        Ok(List { items: page.items.into_iter().map(view).collect(), next_cursor: page.next_cursor, total: total(page.total, page.is_more) })
    });
    shown(list.await?)
}

/// `GET /api/v1/customers/{id}`
pub(crate) async fn get(edge: Edge, Path(id): Path<CustomerId>) -> Reply<CustomerView> {
    let view = edge.read(move |tx, ctx| CustomerView::load(tx, ctx, id)).await?;
    let version = view.version;
    versioned(view, version)
}

/// `POST /api/v1/customers`
pub(crate) async fn create(edge: Edge, write: Write<NewCustomerBody>) -> Made<CustomerView> {
    let body = write.body;
    let country = match body.country {
        Some(country) => country,
        None => home_country(&edge).await?,
    };
    let phone = body.phone.filter(|text| !text.trim().is_empty()).map(|text| read_phone("phone", &text, country)).transpose()?;
    let new = NewCustomer { name: body.name, phone, email: body.email, language: body.language, external_ref: None };
    let (tags, custom) = (body.tags, body.custom);
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        let customer = customers::create_with(tx, ctx, &new, &tags, &custom, country)?;
        CustomerView::load(tx, ctx, customer.id)
    });
    Ok(answer.await?.into())
}

/// `PATCH /api/v1/customers/{id}`
pub(crate) async fn change(edge: Edge, Path(id): Path<CustomerId>, write: Write<CustomerChangeBody>) -> Answer<CustomerView> {
    let body = write.body;
    let change = CustomerChange {
        name: body.name,
        email: body.email.into_option(),
        language: body.language.into_option(),
        tags: body.tags,
        custom: body.custom,
        version: write.if_match.or(body.version),
    };
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        customers::change(tx, ctx, id, &change)?;
        CustomerView::load(tx, ctx, id)
    });
    Ok(answer.await?.into())
}

/// `POST /api/v1/customers/{id}/archive`
pub(crate) async fn archive(edge: Edge, Path(id): Path<CustomerId>, write: Write<Nothing>) -> Answer<CustomerView> {
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        customers::archive(tx, ctx, id)?;
        CustomerView::load(tx, ctx, id)
    });
    Ok(answer.await?.into())
}

/// `POST /api/v1/customers/{id}/unarchive`
pub(crate) async fn unarchive(edge: Edge, Path(id): Path<CustomerId>, write: Write<Nothing>) -> Answer<CustomerView> {
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        customers::unarchive(tx, ctx, id)?;
        CustomerView::load(tx, ctx, id)
    });
    Ok(answer.await?.into())
}

/// `POST /api/v1/customers/{id}/phones`
pub(crate) async fn add_phone(edge: Edge, Path(id): Path<CustomerId>, write: Write<PhoneBody>) -> Made<CustomerView> {
    let PhoneBody { number, label, is_main, country } = write.body;
    let country = match country {
        Some(country) => country,
        None => home_country(&edge).await?,
    };
    let number = read_phone("number", &number, country)?;
    let is_main = is_main.unwrap_or(false);
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        let made = customers::add_phone(tx, ctx, id, &number, label.as_deref())?;
        if is_main {
            customers::change_phone(tx, ctx, id, made, &PhoneChange { is_main, ..PhoneChange::default() })?;
        }
        CustomerView::load(tx, ctx, id)
    });
    Ok(answer.await?.into())
}

/// `PATCH /api/v1/customers/{id}/phones/{number}`: the number, or its id.
pub(crate) async fn change_phone(
    edge: Edge,
    Path(Two(id, named)): Path<Two<CustomerId, String>>,
    write: Write<PhoneChangeBody>,
) -> Answer<CustomerView> {
    let version = write.if_match.or(write.body.version);
    let PhoneChangeBody { number, label, is_main, country, .. } = write.body;
    let country = match country {
        Some(country) => country,
        None => home_country(&edge).await?,
    };
    let phone = number.map(|text| read_phone("number", &text, country)).transpose()?;
    let change = PhoneChange { phone, label: label.into_option(), is_main: is_main.unwrap_or(false), version };
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        let found = customers::find_phone(tx, ctx, id, &named)?;
        customers::change_phone(tx, ctx, id, found, &change)?;
        CustomerView::load(tx, ctx, id)
    });
    Ok(answer.await?.into())
}

/// `DELETE /api/v1/customers/{id}/phones/{number}`: the number, or its id.
pub(crate) async fn remove_phone(edge: Edge, Path(Two(id, named)): Path<Two<CustomerId, String>>, write: Write<Nothing>) -> Answer<CustomerView> {
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        let found = customers::find_phone(tx, ctx, id, &named)?;
        customers::remove_phone(tx, ctx, id, found)?;
        CustomerView::load(tx, ctx, id)
    });
    Ok(answer.await?.into())
}

/// `POST /api/v1/customers/{id}/phones/{number}/reveal`: the number's id, for those who see dots.
pub(crate) async fn reveal_phone(edge: Edge, Path(Two(id, named)): Path<Two<CustomerId, String>>, write: Write<Nothing>) -> Answer<WholePhoneView> {
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        let found = customers::find_phone(tx, ctx, id, &named)?;
        Ok(WholePhoneView { number: customers::reveal_phone(tx, ctx, id, found)?.e164().to_owned() })
    });
    Ok(answer.await?.into())
}

/// `POST /api/v1/customers/{id}/phones/order`
pub(crate) async fn order_phones(edge: Edge, Path(id): Path<CustomerId>, write: Write<PhoneOrderBody>) -> Answer<CustomerView> {
    let phones = write.body.phones;
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        customers::order_phones(tx, ctx, id, &phones)?;
        CustomerView::load(tx, ctx, id)
    });
    Ok(answer.await?.into())
}

/// `POST /api/v1/customers/{id}/addresses/order`
pub(crate) async fn order_addresses(edge: Edge, Path(id): Path<CustomerId>, write: Write<AddressOrderBody>) -> Answer<CustomerView> {
    let addresses = write.body.addresses;
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        customers::order_addresses(tx, ctx, id, &addresses)?;
        CustomerView::load(tx, ctx, id)
    });
    Ok(answer.await?.into())
}

/// `POST /api/v1/customers/{id}/addresses/{address_id}/main`
pub(crate) async fn set_main_address(
    edge: Edge,
    Path(Two(id, address)): Path<Two<CustomerId, AddressId>>,
    write: Write<Nothing>,
) -> Answer<CustomerView> {
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        customers::set_main_address(tx, ctx, id, address)?;
        CustomerView::load(tx, ctx, id)
    });
    Ok(answer.await?.into())
}

/// `POST /api/v1/customers/{id}/addresses`
pub(crate) async fn add_address(edge: Edge, Path(id): Path<CustomerId>, write: Write<AddressBody>) -> Made<CustomerView> {
    let new = write.body.into_new();
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        let home = home_country_of(tx, ctx)?;
        customers::add_address(tx, ctx, id, &new, home)?;
        CustomerView::load(tx, ctx, id)
    });
    Ok(answer.await?.into())
}

/// `PUT /api/v1/customers/{id}/addresses/{address_id}`
pub(crate) async fn change_address(
    edge: Edge,
    Path(Two(id, address)): Path<Two<CustomerId, AddressId>>,
    write: Write<AddressBody>,
) -> Answer<CustomerView> {
    let version = write.if_match.or(write.body.version);
    let change = AddressChange { address: write.body.into_new(), version };
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        customers::change_address(tx, ctx, id, address, &change)?;
        CustomerView::load(tx, ctx, id)
    });
    Ok(answer.await?.into())
}

/// `DELETE /api/v1/customers/{id}/addresses/{address_id}`
pub(crate) async fn remove_address(
    edge: Edge,
    Path(Two(id, address)): Path<Two<CustomerId, AddressId>>,
    write: Write<Nothing>,
) -> Answer<CustomerView> {
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        customers::remove_address(tx, ctx, id, address)?;
        CustomerView::load(tx, ctx, id)
    });
    Ok(answer.await?.into())
}
