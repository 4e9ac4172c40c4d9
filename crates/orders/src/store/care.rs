//! The SQL of merging and forgetting customers, as far as orders are concerned.

use base::Ctx;
use db::{Tx, Value, dialect, params};
use kernel::value::ToValue;
use kernel::{
    Amount, CreditNoteId, Currency, CustomerId, Error, Id, LineId, OrderId, OrderState, Phone, StoreId, Time, TrackingEntryId, VariantId, fold,
};

use super::ORDER;
use crate::credit::CreditNote;
use crate::model::Order;

db::row! {
    /// An order that changed its customer.
    #[derive(Clone, Debug)]
    pub(crate) struct Moved {
        pub id: OrderId,
        pub store_id: StoreId,
        pub currency: Currency,
        pub state: OrderState,
        pub total: Amount,
        pub created_at: Time,
    }
}

db::row! {
    /// Whom an order is for.
    pub(crate) struct Contact {
        pub contact_name: String,
        pub contact_phone: Option<Phone>,
        pub line1: Option<String>,
    }
}

db::row! {
    /// What was written about where a parcel is.
    pub(crate) struct TrackingWord {
        pub order_id: OrderId,
        pub id: TrackingEntryId,
        pub status: String,
    }
}

fn in_list(params: &mut Vec<Value>, ids: &[i64]) -> String {
    let first = params.len() + 1;
    params.extend(ids.iter().map(ToValue::to_value));
    dialect::markers(first, ids.len())
}

/// What comes back says how each order stood when it was taken, so that the figures are exact.
pub(crate) fn give(tx: &mut Tx, from: CustomerId, to: CustomerId, limit: u32) -> Result<Vec<Moved>, Error> {
    tx.rows(
        "update orders
            set customer_id = $3
          where org_id = $1
            and id in (select id from orders where org_id = $1 and customer_id = $2 order by created_at, id limit $4)
      returning id, store_id, currency, state, total, created_at",
        params![tx.org(), from, to, limit],
    )
}

pub(crate) fn give_these(tx: &mut Tx, from: CustomerId, to: CustomerId, orders: &[i64]) -> Result<Vec<Moved>, Error> {
    if orders.is_empty() {
        return Ok(Vec::new());
    }
    let mut params = params![tx.org(), from, to];
    let ids = in_list(&mut params, orders);
    tx.rows(
        &format!(
            "update orders
                set customer_id = $3
              where org_id = $1
                and customer_id = $2
                and id in ({ids})
          returning id, store_id, currency, state, total, created_at"
        ),
        params,
    )
}

pub(crate) fn give_credit_notes(tx: &mut Tx, from: CustomerId, to: CustomerId, these: Option<&[i64]>) -> Result<Vec<i64>, Error> {
    let mut params = params![tx.org(), from, to];
    let only = these.map(|these| format!(" and id in ({})", in_list(&mut params, these))).unwrap_or_default();
    let rows: Vec<(i64,)> =
        tx.rows(&format!("update credit_notes set customer_id = $3 where org_id = $1 and customer_id = $2{only} returning id"), params)?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// When the first and the last of a customer's orders in a store were placed. Both looks end at the first hit.
pub(crate) fn span(tx: &mut Tx, customer: CustomerId, store: StoreId) -> Result<Option<(Time, Time)>, Error> {
    let look = |direction: &str| {
        format!(
            "select created_at
               from orders
              where org_id = $1
                and customer_id = $2
                and coalesce(store_id, 0) = $3
              order by created_at {direction}, id {direction}
              limit 1"
        )
    };
    let first: Option<(Time,)> = tx.optional(&look("asc"), params![tx.org(), customer, store])?;
    let Some((first,)) = first else { return Ok(None) };
    let (last,): (Time,) = tx.one(&look("desc"), params![tx.org(), customer, store])?;
    Ok(Some((first, last)))
}

pub(crate) fn count_of(tx: &mut Tx, customer: CustomerId, most: u32) -> Result<i64, Error> {
    let (count,): (i64,) = tx.one(
        "select count(*) from (select 1 from orders where org_id = $1 and customer_id = $2 limit $3) few",
        params![tx.org(), customer, most + 1],
    )?;
    Ok(count)
}

pub(crate) fn credit_notes_before(
    tx: &mut Tx,
    ctx: &Ctx,
    customer: CustomerId,
    before: Option<(Time, i64)>,
    limit: u32,
) -> Result<Vec<CreditNote>, Error> {
    let mut params = params![tx.org(), customer, limit];
    let mut conditions = ctx.sees().store_clause("store_id", &mut params);
    if let Some((at, id)) = before {
        params.extend(params![at, id]);
        conditions.push_str(&format!(" and (created_at, id) < (${}, ${})", params.len() - 1, params.len()));
    }
    tx.rows(
        &format!(
            "select {}
               from credit_notes
              where org_id = $1
                and customer_id = $2{conditions}
              order by created_at desc, id desc
              limit $3",
            super::credits::NOTE
        ),
        params,
    )
}

pub(crate) fn visible(ctx: &Ctx, column: &str, params: &mut Vec<Value>) -> String {
    if ctx.sees().is_everything() {
        return String::new();
    }
    let seen = ctx.sees().clause("vo", params);
    format!(" and exists (select 1 from orders vo where vo.org_id = $1 and vo.id = {column}{seen})")
}

/// The newest order of each of these customers, by the index of customers' orders.
pub(crate) fn places_of(tx: &mut Tx, ctx: &Ctx, customers: &[CustomerId]) -> Result<Vec<crate::care::LastPlace>, Error> {
    let mut params = params![tx.org()];
    params.extend(customers.iter().map(ToValue::to_value));
    let seen = ctx.sees().clause("o", &mut params);
    let arms: Vec<String> = (0..customers.len())
        .map(|place| {
            format!(
                "select a{place}.customer_id, a{place}.city, a{place}.province, a{place}.country
                   from (select o.customer_id, o.city, o.province, o.country
                           from orders o
                          where o.org_id = $1 and o.customer_id = ${}{seen}
                          order by o.created_at desc, o.id desc
                          limit 1) a{place}",
                place + 2
            )
        })
        .collect();
    tx.rows(&arms.join(" union all "), params)
}

/// The newest order of a customer that the caller sees, where it goes to one of these places. It pushes what it binds.
fn newest_to(ctx: &Ctx, to: &crate::care::Places, is_led: bool, params: &mut Vec<Value>) -> String {
    let mut sql = String::new();
    // What another index leads to is written so that no index of places tempts.
    let columns = if is_led { ["o.province_key", "o.city"] } else { ["coalesce(o.province_key, '')", "coalesce(o.city, '')"] };
    for (column, values) in columns.into_iter().zip([&to.provinces, &to.cities]) {
        if !values.is_empty() {
            let first = params.len() + 1;
            params.extend(values.iter().map(ToValue::to_value));
            sql.push_str(&format!(" and {column} in ({})", dialect::markers(first, values.len())));
        }
    }
    sql.push_str(&ctx.sees().clause("o", params));
    let newer = ctx.sees().clause("n", params);
    sql.push_str(&format!(
        " and not exists (select 1 from orders n where n.org_id = $1 and n.customer_id = o.customer_id
                             and (n.created_at, n.id) > (o.created_at, o.id){newer})"
    ));
    sql
}

/// Customers whose newest order goes there, by the index of the place.
pub(crate) fn all_sent_to(ctx: &Ctx, to: &crate::care::Places, params: &mut Vec<Value>) -> String {
    let conditions = newest_to(ctx, to, true, params);
    format!("select o.customer_id from orders o where o.org_id = $1 and o.customer_id is not null{conditions}")
}

/// The same as a condition on one customer `c`, by the index of customers' orders.
pub(crate) fn is_sent_to(ctx: &Ctx, to: &crate::care::Places, params: &mut Vec<Value>) -> String {
    let conditions = newest_to(ctx, to, false, params);
    format!(" and exists (select 1 from orders o where o.org_id = $1 and o.customer_id = c.id{conditions})")
}

/// The newest orders of each customer that are looked at.
const NEWEST: i64 = 5;

pub(crate) fn streets_of(tx: &mut Tx, customers: &[CustomerId]) -> Result<Vec<(CustomerId, String)>, Error> {
    if customers.is_empty() {
        return Ok(Vec::new());
    }
    let mut params = params![tx.org(), NEWEST];
    params.extend(customers.iter().map(ToValue::to_value));
    let arms: Vec<String> = (0..customers.len())
        .map(|place| {
            format!(
                "select a{place}.customer_id, a{place}.line1, a{place}.province_key
                   from (select customer_id, line1, province_key
                           from orders
                          where org_id = $1 and customer_id = ${}
                          order by created_at desc, id desc
                          limit $2) a{place}",
                place + 3
            )
        })
        .collect();
    let rows: Vec<(CustomerId, Option<String>, Option<String>)> = tx.rows(&arms.join(" union all "), params)?;
    let street = |line1: Option<String>, province: Option<String>| {
        let province = province.unwrap_or_default();
        format!("{} {}", fold(&line1.unwrap_or_default()), fold(province.split_once(':').map_or(province.as_str(), |(_, code)| code)))
    };
    Ok(rows.into_iter().map(|(id, line1, province)| (id, street(line1, province))).collect())
}

pub(crate) fn ids_after(tx: &mut Tx, customer: CustomerId, after: Option<(Time, OrderId)>, limit: u32) -> Result<Vec<(Time, OrderId)>, Error> {
    let mut params = params![tx.org(), customer, limit];
    let newer = newer(after, &mut params);
    tx.rows(&format!("select created_at, id from orders where org_id = $1 and customer_id = $2{newer} order by created_at, id limit $3"), params)
}

fn newer(after: Option<(Time, OrderId)>, params: &mut Vec<Value>) -> String {
    let Some((at, id)) = after else { return String::new() };
    params.extend(params![at, id]);
    format!(" and (created_at, id) > (${}, ${})", params.len() - 1, params.len())
}

/// Name, number and street of the newest 500 orders.
pub(crate) fn contacts_of(tx: &mut Tx, customer: CustomerId) -> Result<Vec<Contact>, Error> {
    tx.rows(
        "select contact_name, contact_phone, line1
           from orders
          where org_id = $1
            and customer_id = $2
          order by created_at desc, id desc
          limit 500",
        params![tx.org(), customer],
    )
}

pub(crate) fn of_customer_to_change(tx: &mut Tx, customer: CustomerId, after: Option<(Time, OrderId)>, limit: u32) -> Result<Vec<Order>, Error> {
    let mut params = params![tx.org(), customer, limit];
    let mut newer = String::new();
    if let Some((at, id)) = after {
        params.extend(params![at, id]);
        newer = " and (o.created_at, o.id) > ($4, $5)".to_owned();
    }
    let lock = dialect::for_update(tx.engine());
    tx.rows(
        &format!(
            "select {ORDER}
               from orders o
              where o.org_id = $1
                and o.customer_id = $2{newer}
              order by o.created_at, o.id
              limit $3{lock}"
        ),
        params,
    )
}

pub(crate) fn forget(tx: &mut Tx, after: &Order, document: &str, now: Time) -> Result<(), Error> {
    tx.execute(
        "update orders
            set contact_name = '', contact_phone = null, line1 = null, line2 = null, city = null, district = null, postal_code = null,
                external_ref = $3, content_hash = null, summary = $4, tags = '[]', custom = '{}', search = $5, updated_at = $6,
                version = version + 1
          where org_id = $1
            and id = $2",
        params![tx.org(), after.id, after.external_ref, after.summary, document, now],
    )
    .map(drop)
}

db::row! {
    /// The words of a line.
    pub(crate) struct LineWords {
        pub order_id: OrderId,
        pub id: LineId,
        pub title: String,
        pub variant: Option<String>,
        pub variant_id: Option<VariantId>,
        pub has_spec: bool,
    }
}

pub(crate) fn lines_of(tx: &mut Tx, orders: &[i64]) -> Result<Vec<LineWords>, Error> {
    let mut params = params![tx.org()];
    let ids = in_list(&mut params, orders);
    tx.rows(
        &format!(
            "select order_id, id, title, variant, variant_id, case when spec is null then 0 else 1 end as has_spec
               from order_lines
              where org_id = $1
                and order_id in ({ids})
              order by order_id, id
              limit 1000000"
        ),
        params,
    )
}

/// Whether nobody else ever bought this. The look ends at the first hit.
pub(crate) fn is_sold_to_her_alone(tx: &mut Tx, variant: VariantId, customer: CustomerId) -> Result<bool, Error> {
    let found: Option<(i64,)> = tx.optional(
        "select 1 as one
           from order_lines l
           join orders o on o.org_id = $1 and o.id = l.order_id
          where l.org_id = $1
            and l.variant_id = $2
            and coalesce(o.customer_id, 0) <> $3
          limit 1",
        params![tx.org(), variant, customer],
    )?;
    Ok(found.is_none())
}

pub(crate) fn forget_line(tx: &mut Tx, line: &LineWords, title: bool, variant: bool) -> Result<(), Error> {
    let title = if title { ", title = '•••'" } else { "" };
    let variant = if variant { ", variant = null" } else { "" };
    tx.execute(
        &format!("update order_lines set spec = null{title}{variant} where org_id = $1 and order_id = $2 and id = $3"),
        params![tx.org(), line.order_id, line.id],
    )
    .map(drop)
}

/// What people wrote about these orders: notes, places of the parcel, why they were held, passed on, called off,
/// and proposals to change them. That it was written stays.
pub(crate) fn forget_around(tx: &mut Tx, orders: &[i64]) -> Result<(), Error> {
    let mut params = params![tx.org()];
    let ids = in_list(&mut params, orders);
    let statements = [
        "update order_notes set body = '{}'",
        "update tracking_entries set place = null, body = null",
        "update order_holds set note = null, release_note = null",
        "update escalations set message = '', answer = null, resolution = null",
        "update order_cancellations set said = null, note = null",
        "update credit_notes set reason = null, content_hash = null",
        "delete from order_edits",
    ];
    for statement in statements {
        tx.execute(&format!("{statement} where org_id = $1 and order_id in ({ids})"), params.clone())?;
    }
    Ok(())
}

pub(crate) fn tracking_words(tx: &mut Tx, orders: &[i64]) -> Result<Vec<TrackingWord>, Error> {
    let mut params = params![tx.org()];
    let ids = in_list(&mut params, orders);
    tx.rows(
        &format!("select order_id, id, status from tracking_entries where org_id = $1 and order_id in ({ids}) order by order_id, id limit 100000"),
        params,
    )
}

pub(crate) fn forget_tracking_word(tx: &mut Tx, order: OrderId, id: TrackingEntryId) -> Result<(), Error> {
    tx.execute("update tracking_entries set status = '•••' where org_id = $1 and order_id = $2 and id = $3", params![tx.org(), order, id]).map(drop)
}

pub(crate) fn forget_credit_notes(tx: &mut Tx, customer: CustomerId) -> Result<Vec<i64>, Error> {
    let rows: Vec<(CreditNoteId,)> = tx.rows(
        "update credit_notes set reason = null, content_hash = null where org_id = $1 and customer_id = $2 returning id",
        params![tx.org(), customer],
    )?;
    Ok(rows.into_iter().map(|(id,)| id.to_i64()).collect())
}
