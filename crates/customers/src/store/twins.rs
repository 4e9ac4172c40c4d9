//! The SQL of customers who may be one person. Each look goes through an index and ends early.

use base::Ctx;
use db::{Tx, dialect, params};
use kernel::value::ToValue;
use kernel::{CustomerId, Error, fold};

/// Customers who are looked at for one reason.
const LOOKED: i64 = 50;
/// The newest customers among whom twins are looked for.
const NEWEST: i64 = 1_000;

fn ids(tx: &mut Tx, sql: &str, params: Vec<db::Value>) -> Result<Vec<CustomerId>, Error> {
    let rows: Vec<(CustomerId,)> = tx.rows(sql, params)?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Whoever has a number with the same national digits.
pub(crate) fn by_digits(tx: &mut Tx, id: CustomerId) -> Result<Vec<CustomerId>, Error> {
    // Both engines read the tables in this order: from her few numbers to the same ones.
    ids(
        tx,
        "select distinct o.customer_id
           from customer_phones p cross join customer_phones o
          where p.org_id = $1
            and p.customer_id = $2
            and o.org_id = $1
            and o.reversed_national = p.reversed_national
            and o.customer_id <> p.customer_id
          order by o.customer_id
          limit $3",
        params![tx.org(), id, LOOKED],
    )
}

pub(crate) fn by_email(tx: &mut Tx, email: &str) -> Result<Vec<CustomerId>, Error> {
    // Few share an address, so they are found by it and sorted afterwards.
    let id = dialect::beside_index(tx.engine(), "id", "0");
    ids(
        tx,
        &format!("select id from customers where org_id = $1 and email = $2 and merged_into is null order by {id} limit $3"),
        params![tx.org(), email, LOOKED],
    )
}

pub(crate) fn by_name(tx: &mut Tx, folded: &str) -> Result<Vec<CustomerId>, Error> {
    ids(
        tx,
        "select id from customers where org_id = $1 and name_folded = $2 and merged_into is null and erased_at is null order by id limit $3",
        params![tx.org(), folded, LOOKED],
    )
}

pub(crate) fn streets_of(tx: &mut Tx, customers: &[CustomerId]) -> Result<Vec<(CustomerId, String)>, Error> {
    if customers.is_empty() {
        return Ok(Vec::new());
    }
    let mut params = params![tx.org()];
    params.extend(customers.iter().map(ToValue::to_value));
    let rows: Vec<(CustomerId, String, Option<String>, Option<String>)> = tx.rows(
        &format!(
            "select customer_id, line1, province_code, province
               from customer_addresses
              where org_id = $1
                and customer_id in ({})
              order by id desc
              limit 1000",
            dialect::markers(2, customers.len())
        ),
        params,
    )?;
    let street = |line1: &str, province: &str| format!("{} {}", fold(line1), fold(province));
    Ok(rows.into_iter().map(|(id, line1, code, typed)| (id, street(&line1, &code.or(typed).unwrap_or_default()))).collect())
}

pub(crate) fn suspects(tx: &mut Tx, ctx: &Ctx, limit: u32) -> Result<Vec<CustomerId>, Error> {
    let mut params = params![tx.org(), NEWEST, limit];
    let seen = super::seen(ctx, &mut params);
    ids(
        tx,
        &format!(
            "select c.id
               from (select id, created_at, email, name_folded
                       from customers
                      where org_id = $1
                        and merged_into is null
                        and erased_at is null
                      order by created_at desc, id desc
                      limit $2) c
              where (exists (select 1 from customers e where e.org_id = $1 and e.email = c.email and e.id <> c.id and e.merged_into is null)
                     or exists (select 1 from customers n
                                 where n.org_id = $1 and n.name_folded = c.name_folded and c.name_folded <> '' and n.id <> c.id
                                   and n.merged_into is null)
                     or exists (select 1
                                  from customer_phones p
                                  join customer_phones o
                                    on o.org_id = $1 and o.reversed_national = p.reversed_national and o.customer_id <> p.customer_id
                                 where p.org_id = $1 and p.customer_id = c.id)){seen}
              order by c.created_at desc, c.id desc
              limit $3"
        ),
        params,
    )
}
