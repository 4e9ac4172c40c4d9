//! Customers: who buys, how to reach them, what they bought.

use base::{Ctx, Edge};
use customers::{
    Address, AddressChange, Customer, CustomerChange, CustomerDetail, CustomerFilter, CustomerRow, CustomerSort, NewAddress, NewCustomer,
};
use db::Tx;
use kernel::{AddressId, Country, CustomerId, Error, Locale, Money, Phone, StoreId, Time, Version};

use super::common::{EventJson, Limit, Nothing, home_country, home_country_of, limit, money, phone, total};
use crate::extract::{Path, Query, Two, Write};
use crate::respond::{Answer, List, Made, Reply, shown, versioned};
use crate::schema::{Patch, body, view};

view! {
    /// A customer as lists show them.
    pub(crate) struct CustomerRowView {
        /// Whose row.
        id: CustomerId,
        /// As they write themselves.
        name: String = "Amina Benali",
        /// One of their numbers; masked without the right to see it whole.
        phone: Option<String> = "+213550142387",
        /// Where to write to.
        email: Option<String>,
        /// What messages to them are written in.
        language: Option<Locale>,
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
        /// Where to write to.
        email: Option<String>,
        /// What messages to them are written in.
        language: Option<Locale>,
        /// The id that a shop or a file knows them by.
        external_ref: Option<String>,
        /// Their numbers, oldest first.
        phones: Vec<PhoneView>,
        /// Their addresses, newest first.
        addresses: Vec<AddressView>,
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
    }

    /// A telephone number.
    pub(crate) struct PhoneView {
        /// The number; masked without the right to see it whole.
        number: String = "+213550142387",
        /// Whose or what for.
        label: Option<String> = "sister",
    }

    /// Where somebody receives parcels.
    pub(crate) struct AddressView {
        /// Which.
        id: AddressId,
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
        /// `-created_at` (newest first) or `name`.
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
        /// The version that was read.
        version: Option<Version> = 1,
    }

    /// A number more.
    pub(crate) struct PhoneBody {
        /// The number in any spelling.
        number: String = "0550 14 23 87",
        /// Whose or what for.
        label: Option<String> = "sister",
        /// The country whose spelling the number follows; that of your first store when left out.
        country: Option<Country> = "DZ",
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
            id: row.id,
            name: row.name,
            email: row.email,
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
    fn of(ctx: &Ctx, detail: CustomerDetail) -> CustomerView {
        let CustomerDetail { customer, phones, addresses, totals, history } = detail;
        let Customer { id, name, email, language, external_ref, version, created_at, updated_at, archived_at } = customer;
        let phones = phones.into_iter().map(|row| PhoneView { number: phone(ctx, &row.phone), label: row.label });
        let totals = totals.into_iter().map(|row| TotalsView {
            store_id: row.store_id,
            orders: row.orders,
            delivered: row.delivered,
            returned: row.returned,
            cancelled: row.cancelled,
            ordered: money(row.ordered_total, row.currency),
            spent: money(row.delivered_total, row.currency),
            first_order_at: row.first_order_at,
            last_order_at: row.last_order_at,
        });
        CustomerView {
            id,
            name,
            email,
            language,
            external_ref,
            phones: phones.collect(),
            addresses: addresses.into_iter().map(AddressView::of).collect(),
            totals: totals.collect(),
            history: history.into_iter().map(EventJson::of).collect(),
            version,
            created_at,
            updated_at,
            archived_at,
        }
    }

    pub(crate) fn load(tx: &mut Tx, ctx: &Ctx, id: CustomerId) -> Result<CustomerView, Error> {
        Ok(CustomerView::of(ctx, customers::detail(tx, ctx, id)?))
    }
}

impl AddressView {
    fn of(address: Address) -> AddressView {
        AddressView {
            id: address.id,
            label: address.label,
            line1: address.line1,
            line2: address.line2,
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
    let sort = match query.sort.as_deref() {
        None | Some("-created_at") => CustomerSort::Newest,
        Some("name") => CustomerSort::Name,
        Some(_) => return Err(Error::field("sort", "format").with("expected", "-created_at, name").into()),
    };
    let country = if query.search.is_some() { Some(home_country(&edge).await?) } else { None };
    let filter = CustomerFilter {
        search: query.search,
        country,
        with_archived: query.with_archived.unwrap_or(false),
        sort,
        limit: limit(query.limit)?,
        cursor: query.cursor,
    };
    let list = edge.read(move |tx, ctx| {
        let page = customers::list(tx, ctx, &filter)?;
        Ok(List {
            items: page.items.into_iter().map(|row| CustomerRowView::of(ctx, row)).collect(),
            next_cursor: page.next_cursor,
            total: total(page.total, page.is_more),
        })
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
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        let customer = customers::create(tx, ctx, &new)?;
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
    let PhoneBody { number, label, country } = write.body;
    let country = match country {
        Some(country) => country,
        None => home_country(&edge).await?,
    };
    let number = read_phone("number", &number, country)?;
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        customers::add_phone(tx, ctx, id, &number, label.as_deref())?;
        CustomerView::load(tx, ctx, id)
    });
    Ok(answer.await?.into())
}

/// `DELETE /api/v1/customers/{id}/phones/{number}`
pub(crate) async fn remove_phone(edge: Edge, Path(Two(id, number)): Path<Two<CustomerId, String>>, write: Write<Nothing>) -> Answer<CustomerView> {
    let number = Phone::from_e164(&number).map_err(|_| Error::not_found("phone"))?;
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        customers::remove_phone(tx, ctx, id, &number)?;
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
