//! The SQL of numbers and addresses.

use db::{Tx, params};
use kernel::{AddressId, Country, CustomerId, Error, Phone, PhoneId, Time};

use crate::model::{Address, NewAddress, PhoneRow};
use crate::place::Place;

/// The number is hers now; none when somebody has it already.
pub(crate) fn insert_phone(
    tx: &mut Tx,
    id: CustomerId,
    phone: &Phone,
    label: Option<&str>,
    position: i64,
    now: Time,
) -> Result<Option<PhoneId>, Error> {
    let phone_id: PhoneId = tx.new_id();
    let made = tx.execute(
        "insert into customer_phones (org_id, id, customer_id, phone, reversed_national, label, created_at, position)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (org_id, phone) do nothing",
        params![tx.org(), phone_id, id, phone, phone.reversed_national(), label, now, position],
    )?;
    Ok((made == 1).then_some(phone_id))
}

/// How many numbers she has, and the last place among them; places are 0 until somebody has put them in order.
pub(crate) fn count_phones(tx: &mut Tx, id: CustomerId) -> Result<(i64, i64), Error> {
    tx.one(
        "select count(*), coalesce(max(few.position), 0)
           from (select position from customer_phones where org_id = $1 and customer_id = $2 limit 100) few",
        params![tx.org(), id],
    )
}

pub(crate) fn find_phone(tx: &mut Tx, customer: CustomerId, id: PhoneId) -> Result<Option<PhoneRow>, Error> {
    tx.optional(
        "select id, phone, label, version from customer_phones where org_id = $1 and id = $2 and customer_id = $3",
        params![tx.org(), id, customer],
    )
}

pub(crate) fn update_phone(tx: &mut Tx, before: &PhoneRow, phone: &Phone, label: Option<&str>) -> Result<bool, Error> {
    let changed = tx.execute(
        "update customer_phones
            set phone = $4, reversed_national = $5, label = $6, version = version + 1
          where org_id = $1
            and id = $2
            and version = $3",
        params![tx.org(), before.id, before.version, phone, phone.reversed_national(), label],
    )?;
    Ok(changed == 1)
}

pub(crate) fn set_main_phone(tx: &mut Tx, customer: CustomerId, id: PhoneId) -> Result<(), Error> {
    tx.execute(
        "update customer_phones
            set is_main = case when id = $3 then 1 else 0 end
          where org_id = $1
            and customer_id = $2",
        params![tx.org(), customer, id],
    )
    .map(drop)
}

pub(crate) fn order_phones(tx: &mut Tx, customer: CustomerId, order: &[PhoneId]) -> Result<(), Error> {
    let sql = "update customer_phones set is_main = 0, position = $4 where org_id = $1 and customer_id = $2 and id = $3";
    let org = tx.org();
    let all = order.iter().enumerate().map(|(place, id)| (sql, params![org, customer, id, place as i64 + 1]));
    tx.run_all(all.collect()).map(drop)
}

pub(crate) fn delete_phone(tx: &mut Tx, customer: CustomerId, id: PhoneId) -> Result<bool, Error> {
    let gone = tx.execute("delete from customer_phones where org_id = $1 and id = $2 and customer_id = $3", params![tx.org(), id, customer])?;
    Ok(gone == 1)
}

/// Her numbers, the main one first.
pub(crate) fn list_phones(tx: &mut Tx, id: CustomerId) -> Result<Vec<PhoneRow>, Error> {
    tx.rows(
        "select id, phone, label, version
           from customer_phones
          where org_id = $1
            and customer_id = $2
          order by is_main desc, position, id
          limit 100",
        params![tx.org(), id],
    )
}

const ADDRESS: &str = "id, label, line1, line2, city, district, province, province_code, country, postal_code, place_known, version";

/// Her addresses, the main one first, then the newest.
pub(crate) fn list_addresses(tx: &mut Tx, id: CustomerId) -> Result<Vec<Address>, Error> {
    tx.rows(
        &format!(
            "select {ADDRESS}
               from customer_addresses
              where org_id = $1
                and customer_id = $2
              order by is_main desc, position, id desc
              limit 100"
        ),
        params![tx.org(), id],
    )
}

pub(crate) fn count_addresses(tx: &mut Tx, id: CustomerId) -> Result<i64, Error> {
    let (count,): (i64,) = tx
        .one("select count(*) from (select 1 from customer_addresses where org_id = $1 and customer_id = $2 limit 100) few", params![tx.org(), id])?;
    Ok(count)
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

pub(crate) fn set_main_address(tx: &mut Tx, customer: CustomerId, id: AddressId) -> Result<(), Error> {
    tx.execute(
        "update customer_addresses
            set is_main = case when id = $3 then 1 else 0 end
          where org_id = $1
            and customer_id = $2",
        params![tx.org(), customer, id],
    )
    .map(drop)
}

pub(crate) fn order_addresses(tx: &mut Tx, customer: CustomerId, order: &[AddressId]) -> Result<(), Error> {
    let sql = "update customer_addresses set is_main = case when cast($4 as bigint) = 1 then 1 else 0 end, position = $4
                where org_id = $1 and customer_id = $2 and id = $3";
    let org = tx.org();
    let all = order.iter().enumerate().map(|(place, id)| (sql, params![org, customer, id, place as i64 + 1]));
    tx.run_all(all.collect()).map(drop)
}

pub(crate) fn delete_address(tx: &mut Tx, customer: CustomerId, id: AddressId) -> Result<bool, Error> {
    let gone = tx.execute("delete from customer_addresses where org_id = $1 and id = $2 and customer_id = $3", params![tx.org(), id, customer])?;
    Ok(gone == 1)
}
