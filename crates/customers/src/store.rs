//! The SQL of customers, their numbers, addresses and totals.

use base::{Ctx, Stores};
use db::{OnUnique, Tx, Value, dialect, params};
use kernel::value::ToValue;
use kernel::{AddressId, Country, CustomerId, Error, Phone, Time, Version, fold};

use crate::model::{Address, Customer, CustomerRow, NewAddress, NewCustomer, PhoneRow, StoreTotals, TotalsChange};
use crate::place::Place;

const CUSTOMER: &str = "c.id, c.name, c.email, c.language, c.external_ref, c.version, c.created_at, c.updated_at, c.archived_at";

pub(crate) fn find(tx: &mut Tx, ctx: &Ctx, id: CustomerId) -> Result<Option<Customer>, Error> {
    let mut params = params![tx.org(), id];
    let seen = seen(ctx, &mut params);
    tx.optional(&format!("select {CUSTOMER} from customers c where c.org_id = $1 and c.id = $2{seen}"), params)
}

/// A customer of a store that the caller may see. One who has not ordered yet belongs to no store, so that
/// whoever enters a caller by hand finds them again.
fn seen(ctx: &Ctx, params: &mut Vec<Value>) -> String {
    if ctx.sees().stores == Stores::All {
        return String::new();
    }
    let stores = ctx.sees().store_clause("t.store_id", params);
    format!(
        " and (exists (select 1 from customer_totals t where t.org_id = $1 and t.customer_id = c.id{stores})
               or not exists (select 1 from customer_totals u where u.org_id = $1 and u.customer_id = c.id))"
    )
}

pub(crate) fn by_phone(tx: &mut Tx, phone: &Phone) -> Result<Option<Customer>, Error> {
    tx.optional(
        "select c.id, c.name, c.email, c.language, c.external_ref, c.version, c.created_at, c.updated_at, c.archived_at
           from customer_phones p
           join customers c on c.org_id = $1 and c.id = p.customer_id
          where p.org_id = $1
            and p.phone = $2",
        params![tx.org(), phone],
    )
}

pub(crate) fn by_external_ref(tx: &mut Tx, external_ref: &str) -> Result<Option<Customer>, Error> {
    tx.optional(
        "select c.id, c.name, c.email, c.language, c.external_ref, c.version, c.created_at, c.updated_at, c.archived_at
           from customers c
          where c.org_id = $1
            and c.external_ref = $2",
        params![tx.org(), external_ref],
    )
}

pub(crate) fn by_email(tx: &mut Tx, email: &str) -> Result<Option<Customer>, Error> {
    tx.optional(
        "select c.id, c.name, c.email, c.language, c.external_ref, c.version, c.created_at, c.updated_at, c.archived_at
           from customers c
          where c.org_id = $1
            and c.email = $2
          order by c.id
          limit 1",
        params![tx.org(), email],
    )
}

/// Customers whose number ends in these digits, newest first.
pub(crate) fn by_phone_ending(tx: &mut Tx, digits: &str, limit: u32) -> Result<Vec<CustomerId>, Error> {
    let reversed: String = digits.chars().rev().take(9).collect();
    let ids: Vec<(CustomerId,)> = tx.rows(
        "select customer_id
           from customer_phones
          where org_id = $1
            and reversed_national >= $2
            and reversed_national < $3
          order by reversed_national
          limit $4",
        params![tx.org(), reversed, format!("{reversed}:"), i64::from(limit)],
    )?;
    Ok(ids.into_iter().map(|(id,)| id).collect())
}

/// Customers whose folded name begins so.
pub(crate) fn by_name(tx: &mut Tx, folded: &str, limit: u32) -> Result<Vec<CustomerId>, Error> {
    let ids: Vec<(CustomerId,)> = tx.rows(
        "select id
           from customers
          where org_id = $1
            and name_folded >= $2
            and name_folded < $3
          order by name_folded, id
          limit $4",
        params![tx.org(), folded, after_all(folded), i64::from(limit)],
    )?;
    Ok(ids.into_iter().map(|(id,)| id).collect())
}

/// The end of the range of texts that begin so: both engines compare folded texts by their bytes.
fn after_all(prefix: &str) -> String {
    format!("{prefix}\u{10ffff}")
}

/// Makes a customer; `None` when somebody else has just made the one with this shop's id.
pub(crate) fn insert(tx: &mut Tx, new: &NewCustomer, now: Time) -> Result<Option<Customer>, Error> {
    let id: CustomerId = tx.new_id();
    let made = tx.execute(
        "insert into customers (org_id, id, name, name_folded, email, language, external_ref, version, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, 1, $8, $8)
         on conflict (org_id, external_ref) where external_ref is not null do nothing",
        params![tx.org(), id, new.name, fold(&new.name), new.email, new.language, new.external_ref, now],
    )?;
    Ok((made == 1).then(|| Customer {
        id,
        name: new.name.clone(),
        email: new.email.clone(),
        language: new.language,
        external_ref: new.external_ref.clone(),
        version: 1,
        created_at: now,
        updated_at: now,
        archived_at: None,
    }))
}

/// Takes back a customer that [`insert`] made in this transaction.
pub(crate) fn uninsert(tx: &mut Tx, id: CustomerId) -> Result<(), Error> {
    tx.execute("delete from customers where org_id = $1 and id = $2", params![tx.org(), id]).map(drop)
}

/// Whether the number is hers now; not when somebody has it already.
pub(crate) fn insert_phone(tx: &mut Tx, id: CustomerId, phone: &Phone, label: Option<&str>, now: Time) -> Result<bool, Error> {
    let phone_id: i64 = kernel::Id::to_i64(tx.new_id::<CustomerId>());
    let made = tx.execute(
        "insert into customer_phones (org_id, id, customer_id, phone, reversed_national, label, created_at)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (org_id, phone) do nothing",
        params![tx.org(), phone_id, id, phone, phone.reversed_national(), label, now],
    )?;
    Ok(made == 1)
}

pub(crate) fn delete_phone(tx: &mut Tx, id: CustomerId, phone: &Phone) -> Result<bool, Error> {
    let gone = tx.execute("delete from customer_phones where org_id = $1 and phone = $2 and customer_id = $3", params![tx.org(), phone, id])?;
    Ok(gone == 1)
}

pub(crate) fn update(tx: &mut Tx, after: &Customer, version: Version, now: Time) -> Result<bool, Error> {
    let changed = tx
        .execute(
            "update customers
                set name = $4, name_folded = $5, email = $6, language = $7, archived_at = $8, updated_at = $9, version = version + 1
              where org_id = $1
                and id = $2
                and version = $3",
            params![tx.org(), after.id, version, after.name, fold(&after.name), after.email, after.language, after.archived_at, now],
        )
        .on_unique("customers_external_ref", || Error::field("external_ref", "taken"))?;
    Ok(changed == 1)
}

pub(crate) fn list_phones(tx: &mut Tx, id: CustomerId) -> Result<Vec<PhoneRow>, Error> {
    tx.rows(
        "select phone, label
           from customer_phones
          where org_id = $1
            and customer_id = $2
          order by id
          limit 50",
        params![tx.org(), id],
    )
}

const ADDRESS: &str = "id, label, line1, line2, city, district, province, province_code, country, postal_code, place_known, version";

pub(crate) fn list_addresses(tx: &mut Tx, id: CustomerId) -> Result<Vec<Address>, Error> {
    tx.rows(
        &format!("select {ADDRESS} from customer_addresses where org_id = $1 and customer_id = $2 order by id desc limit 50"),
        params![tx.org(), id],
    )
}

pub(crate) fn find_address(tx: &mut Tx, customer: CustomerId, id: AddressId) -> Result<Option<Address>, Error> {
    tx.optional(
        &format!("select {ADDRESS} from customer_addresses where org_id = $1 and id = $2 and customer_id = $3"),
        params![tx.org(), id, customer],
    )
}

pub(crate) fn insert_address(
    tx: &mut Tx,
    customer: CustomerId,
    new: &NewAddress,
    country: Country,
    place: &Place,
    now: Time,
) -> Result<AddressId, Error> {
    let id: AddressId = tx.new_id();
    tx.execute(
        "insert into customer_addresses (org_id, id, customer_id, label, line1, line2, city, district, province, province_code, country,
                                         postal_code, place_known, version, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 1, $14, $14)",
        params![
            tx.org(),
            id,
            customer,
            new.label,
            new.line1,
            new.line2,
            place.city,
            new.district,
            place.province,
            place.province_code,
            country,
            new.postal_code,
            place.is_known,
            now
        ],
    )?;
    Ok(id)
}

pub(crate) fn update_address(tx: &mut Tx, before: &Address, new: &NewAddress, country: Country, place: &Place, now: Time) -> Result<bool, Error> {
    let changed = tx.execute(
        "update customer_addresses
            set label = $4, line1 = $5, line2 = $6, city = $7, district = $8, province = $9, province_code = $10, country = $11,
                postal_code = $12, place_known = $13, updated_at = $14, version = version + 1
          where org_id = $1
            and id = $2
            and version = $3",
        params![
            tx.org(),
            before.id,
            before.version,
            new.label,
            new.line1,
            new.line2,
            place.city,
            new.district,
            place.province,
            place.province_code,
            country,
            new.postal_code,
            place.is_known,
            now
        ],
    )?;
    Ok(changed == 1)
}

pub(crate) fn delete_address(tx: &mut Tx, customer: CustomerId, id: AddressId) -> Result<bool, Error> {
    let gone = tx.execute("delete from customer_addresses where org_id = $1 and id = $2 and customer_id = $3", params![tx.org(), id, customer])?;
    Ok(gone == 1)
}

/// One upsert; the first and the last order are the earliest and the latest ever seen.
pub(crate) fn add_totals(tx: &mut Tx, id: CustomerId, add: &TotalsChange) -> Result<(), Error> {
    tx.execute(
        "insert into customer_totals (org_id, customer_id, store_id, currency, orders, delivered, returned, cancelled, ordered_total,
                                      delivered_total, first_order_at, last_order_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)
         on conflict (org_id, customer_id, store_id) do update
            set orders = customer_totals.orders + excluded.orders,
                delivered = customer_totals.delivered + excluded.delivered,
                returned = customer_totals.returned + excluded.returned,
                cancelled = customer_totals.cancelled + excluded.cancelled,
                ordered_total = customer_totals.ordered_total + excluded.ordered_total,
                delivered_total = customer_totals.delivered_total + excluded.delivered_total,
                first_order_at = case when excluded.first_order_at < customer_totals.first_order_at
                                      then excluded.first_order_at else customer_totals.first_order_at end,
                last_order_at = case when excluded.last_order_at > customer_totals.last_order_at
                                     then excluded.last_order_at else customer_totals.last_order_at end",
        params![
            tx.org(),
            id,
            add.store_id,
            add.currency,
            add.orders,
            add.delivered,
            add.returned,
            add.cancelled,
            add.ordered_total,
            add.delivered_total,
            add.ordered_at
        ],
    )
    .map(drop)
}

pub(crate) fn list_totals(tx: &mut Tx, ctx: &Ctx, id: CustomerId) -> Result<Vec<StoreTotals>, Error> {
    let mut params = params![tx.org(), id];
    let stores = ctx.sees().store_clause("store_id", &mut params);
    tx.rows(
        &format!(
            "select store_id, currency, orders, delivered, returned, cancelled, ordered_total, delivered_total, first_order_at, last_order_at
               from customer_totals
              where org_id = $1
                and customer_id = $2{stores}
              order by store_id
              limit 500"
        ),
        params,
    )
}

/// Which customers a list shows.
pub(crate) struct Wanted<'a> {
    /// These alone, when somebody searched.
    pub ids: Option<&'a [CustomerId]>,
    pub with_archived: bool,
    pub by_name: bool,
    pub after: Option<After>,
    pub limit: u32,
}

/// Where the page before ended.
pub(crate) enum After {
    Newest(Time, CustomerId),
    Name(String, CustomerId),
}

fn conditions(ctx: &Ctx, wanted: &Wanted<'_>, params: &mut Vec<Value>) -> String {
    let mut sql = "c.org_id = $1".to_owned();
    if let Some(ids) = wanted.ids {
        let first = params.len() + 1;
        params.extend(ids.iter().map(ToValue::to_value));
        sql.push_str(&format!(" and c.id in ({})", dialect::markers(first, ids.len())));
    }
    if !wanted.with_archived {
        sql.push_str(" and c.archived_at is null");
    }
    sql.push_str(&seen(ctx, params));
    sql
}

pub(crate) fn list(tx: &mut Tx, ctx: &Ctx, wanted: &Wanted<'_>) -> Result<Vec<CustomerRow>, Error> {
    let mut params = params![tx.org()];
    let mut conditions = conditions(ctx, wanted, &mut params);
    match &wanted.after {
        None => {}
        Some(After::Newest(at, id)) => {
            params.extend(params![at, id]);
            conditions.push_str(&format!(" and (c.created_at, c.id) < (${}, ${})", params.len() - 1, params.len()));
        }
        Some(After::Name(name, id)) => {
            params.extend(params![name, id]);
            conditions.push_str(&format!(" and (c.name_folded, c.id) > (${}, ${})", params.len() - 1, params.len()));
        }
    }
    let order = if wanted.by_name { "c.name_folded, c.id" } else { "c.created_at desc, c.id desc" };
    // Other stores' sums are none of the caller's business, so they are summed by what she sees.
    let stores = ctx.sees().store_clause("t.store_id", &mut params);
    params.push(i64::from(wanted.limit).to_value());
    let sum = |column: &str| {
        format!("(select cast(coalesce(sum(t.{column}), 0) as bigint) from customer_totals t where t.org_id = $1 and t.customer_id = c.id{stores})")
    };
    let sql = format!(
        "select c.id, c.name,
                (select p.phone from customer_phones p where p.org_id = $1 and p.customer_id = c.id order by p.id limit 1) as phone,
                c.email, c.language,
                {} as orders, {} as delivered, {} as returned, {} as cancelled,
                (select max(t.last_order_at) from customer_totals t where t.org_id = $1 and t.customer_id = c.id{stores}) as last_order_at,
                c.created_at, c.version
           from customers c
          where {conditions}
          order by {order}
          limit ${}",
        sum("orders"),
        sum("delivered"),
        sum("returned"),
        sum("cancelled"),
        params.len()
    );
    tx.rows(&sql, params)
}

/// How many, at most 10,001.
pub(crate) fn count(tx: &mut Tx, ctx: &Ctx, wanted: &Wanted<'_>) -> Result<i64, Error> {
    let mut params = params![tx.org()];
    let conditions = conditions(ctx, wanted, &mut params);
    let (count,): (i64,) = tx.one(&format!("select count(*) from (select 1 from customers c where {conditions} limit 10001) few"), params)?;
    Ok(count)
}
