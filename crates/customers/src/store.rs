//! The SQL of customers, their numbers, addresses and totals.

pub(crate) mod consents;
pub(crate) mod erasures;
pub(crate) mod export;
pub(crate) mod figures;
pub(crate) mod flags;
pub(crate) mod labels;
pub(crate) mod merges;
pub(crate) mod notes;
pub(crate) mod reach;
pub(crate) mod sorted;
pub(crate) mod take_back;
pub(crate) mod twins;

use std::sync::LazyLock;

use base::{Ctx, Stores};
use db::{OnUnique, Tx, Value, dialect, params};
use fields::FacetTest;
use kernel::value::ToValue;
use kernel::{CustomerId, Error, LanguageSource, Phone, StoreId, Time, Version, fold};

use crate::elsewhere::Elsewhere;
use crate::figures::Bought;
use crate::model::{Customer, CustomerRow, NewCustomer, StoreTotals, TotalsChange};

const CUSTOMER: &str = "c.id, c.name, c.email, c.language, c.external_ref, c.version, c.created_at, c.updated_at, c.archived_at, \
                        c.language_source, c.erased_at, c.tags, c.custom";

/// The row that an id leads to: that of a customer who was merged is the one that was kept.
const LED_TO: &str = "coalesce((select m.merged_into from customers m where m.org_id = $1 and m.id = $2), $2)";

pub(crate) fn find(tx: &mut Tx, ctx: &Ctx, id: CustomerId) -> Result<Option<Customer>, Error> {
    let mut params = params![tx.org(), id];
    let seen = seen(ctx, &mut params);
    tx.optional(&format!("select {CUSTOMER} from customers c where c.org_id = $1 and c.id = {LED_TO}{seen}"), params)
}

/// The condition that a row is older than a place in a list sorted by these two columns, or nothing.
pub(crate) fn older_than(at: &str, id: &str, before: Option<(Time, i64)>, params: &mut Vec<Value>) -> String {
    let Some((time, number)) = before else { return String::new() };
    params.extend(params![time, number]);
    format!(" and ({at}, {id}) < (${}, ${})", params.len() - 1, params.len())
}

/// The row itself, whether or not it was merged and whoever may see it.
pub(crate) fn find_row(tx: &mut Tx, id: CustomerId) -> Result<Option<Customer>, Error> {
    tx.optional(&format!("select {CUSTOMER} from customers c where c.org_id = $1 and c.id = $2"), params![tx.org(), id])
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

static BY_PHONE: LazyLock<String> = LazyLock::new(|| {
    format!(
        "select {CUSTOMER}
           from customer_phones p
           join customers c on c.org_id = $1 and c.id = p.customer_id
          where p.org_id = $1
            and p.phone = $2"
    )
});

/// Numbers of a merged customer belong to the one that was kept, so the owner is never a merged one.
pub(crate) fn by_phone(tx: &mut Tx, phone: &Phone) -> Result<Option<Customer>, Error> {
    tx.optional(&BY_PHONE, params![tx.org(), phone])
}

pub(crate) fn by_external_ref(tx: &mut Tx, external_ref: &str) -> Result<Option<Customer>, Error> {
    tx.optional(
        &format!(
            "select {CUSTOMER}
               from customers g
               join customers c on c.org_id = $1 and c.id = coalesce(g.merged_into, g.id)
              where g.org_id = $1
                and g.external_ref = $2"
        ),
        params![tx.org(), external_ref],
    )
}

pub(crate) fn by_email(tx: &mut Tx, email: &str) -> Result<Option<Customer>, Error> {
    tx.optional(
        &format!(
            "select {CUSTOMER}
               from customers g
               join customers c on c.org_id = $1 and c.id = coalesce(g.merged_into, g.id)
              where g.org_id = $1
                and g.email = $2
              order by g.id
              limit 1"
        ),
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
            and merged_into is null
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
    let language_source = new.language.map(|_| LanguageSource::Chosen);
    let made = tx.execute(
        "insert into customers (org_id, id, name, name_folded, email, language, external_ref, version, created_at, updated_at, language_source)
         values ($1, $2, $3, $4, $5, $6, $7, 1, $8, $8, $9)
         on conflict (org_id, external_ref) where external_ref is not null do nothing",
        params![tx.org(), id, new.name, fold(&new.name), new.email, new.language, new.external_ref, now, language_source],
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
        language_source,
        erased_at: None,
        tags: "[]".to_owned(),
        custom: "{}".to_owned(),
    }))
}

/// Takes back a customer that [`insert`] made in this transaction.
pub(crate) fn uninsert(tx: &mut Tx, id: CustomerId) -> Result<(), Error> {
    tx.execute("delete from customers where org_id = $1 and id = $2", params![tx.org(), id]).map(drop)
}

pub(crate) fn update(tx: &mut Tx, after: &Customer, version: Version, now: Time) -> Result<bool, Error> {
    let changed = tx
        .execute(
            "update customers
                set name = $4, name_folded = $5, email = $6, language = $7, archived_at = $8, updated_at = $9, language_source = $10,
                    tags = $11, custom = $12, version = version + 1
              where org_id = $1
                and id = $2
                and version = $3",
            params![
                tx.org(),
                after.id,
                version,
                after.name,
                fold(&after.name),
                after.email,
                after.language,
                after.archived_at,
                now,
                after.language_source,
                after.tags,
                after.custom
            ],
        )
        .on_unique("customers_external_ref", || Error::field("external_ref", "taken"))?;
    Ok(changed == 1)
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

/// Whether she has bought in this store, whatever came of it.
pub(crate) fn has_bought_in(tx: &mut Tx, id: CustomerId, store: StoreId) -> Result<bool, Error> {
    let row: Option<(i64,)> =
        tx.optional("select orders from customer_totals where org_id = $1 and customer_id = $2 and store_id = $3", params![tx.org(), id, store])?;
    Ok(row.is_some())
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

pub(crate) fn spent_of(tx: &mut Tx, ctx: &Ctx, ids: &[CustomerId], store: Option<StoreId>) -> Result<Vec<crate::around::Spent>, Error> {
    let mut params = params![tx.org()];
    params.extend(ids.iter().map(ToValue::to_value));
    let markers = dialect::markers(2, ids.len());
    let mut stores = ctx.sees().store_clause("store_id", &mut params);
    if let Some(store) = store {
        params.push(store.to_value());
        stores.push_str(&format!(" and store_id = ${}", params.len()));
    }
    tx.rows(
        &format!(
            "select customer_id, currency, cast(sum(ordered_total) as bigint) as ordered, cast(sum(delivered_total) as bigint) as delivered
               from customer_totals
              where org_id = $1
                and customer_id in ({markers}){stores}
              group by customer_id, currency
              order by customer_id, currency
              limit 10000"
        ),
        params,
    )
}

/// Which customers a list shows.
#[derive(Clone)]
pub(crate) struct Wanted<'a> {
    /// These alone, when somebody searched.
    pub ids: Option<&'a [CustomerId]>,
    pub with_archived: bool,
    pub flag: Option<(&'a str, Time)>,
    /// What must hold for tags and fields.
    pub facets: &'a [FacetTest],
    /// What a higher tier knows of them.
    pub elsewhere: Option<&'a Elsewhere>,
    /// What few customers meet, so that they are read by it.
    pub lead: Option<Lead>,
    /// Where they must have bought, if that is asked.
    pub stores: &'a [StoreId],
    pub bought: &'a Bought,
    /// The store whose figures alone are summed up.
    pub store: Option<StoreId>,
    pub by_name: bool,
    pub after: Option<After>,
    pub limit: u32,
}

/// What is met by few customers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lead {
    /// This of the tests of tags and fields.
    Facet(usize),
    /// The mark.
    Flag,
    /// What they bought in the one store.
    Bought,
    /// What a higher tier knows of them.
    Elsewhere,
}

/// Customers with a mark, or of a store: beyond so many the index of the sort is read, and each row is asked.
const FEW: i64 = 5_000;

/// What leads to few customers, if anything does. One short look for each thing that is asked.
pub(crate) fn lead(tx: &mut Tx, ctx: &Ctx, wanted: &Wanted<'_>) -> Result<Option<Lead>, Error> {
    if let Some(place) = labels::lead(tx, wanted.facets)? {
        return Ok(Some(Lead::Facet(place)));
    }
    let mut tries = Vec::new();
    if wanted.flag.is_some() {
        tries.push(Lead::Flag);
    }
    if wanted.elsewhere.is_some() {
        tries.push(Lead::Elsewhere);
    }
    if wanted.stores.len() == 1 {
        tries.push(Lead::Bought);
    }
    for lead in tries {
        let mut params = params![tx.org()];
        if let Some(few) = few(ctx, &Wanted { lead: Some(lead), ..wanted.clone() }, &mut params) {
            let (found,): (i64,) = tx.one(&format!("select count(*) from {few}"), params)?;
            if found <= FEW {
                return Ok(Some(lead));
            }
        }
    }
    Ok(None)
}

/// The few customers that lead, as a table `w` of their ids.
fn few(ctx: &Ctx, wanted: &Wanted<'_>, params: &mut Vec<Value>) -> Option<String> {
    let rows = match wanted.lead? {
        Lead::Facet(place) => labels::few(wanted.facets.get(place)?, params),
        Lead::Flag => {
            params.push(wanted.flag?.0.to_value());
            format!("select distinct f.customer_id from customer_flags f where f.org_id = $1 and f.kind = ${} and f.removed_at is null", params.len())
        }
        Lead::Elsewhere => (wanted.elsewhere?.all)(ctx, params),
        Lead::Bought => {
            params.push(wanted.stores.first()?.to_value());
            let store = params.len();
            let bought = figures::bought(wanted.bought, params);
            format!("select t.customer_id from customer_totals t where t.org_id = $1 and t.store_id = ${store}{bought}")
        }
    };
    Some(format!("({rows} limit {}) w", FEW + 1))
}

/// Where the page before ended.
#[derive(Clone)]
pub(crate) enum After {
    Newest(Time, CustomerId),
    Name(String, CustomerId),
}

/// The table that customers are read from: their own, or first the few that lead. Both engines read them in this order.
fn from(ctx: &Ctx, wanted: &Wanted<'_>, params: &mut Vec<Value>) -> String {
    few(ctx, wanted, params).map_or_else(|| "customers c".to_owned(), |few| format!("{few} cross join customers c"))
}

fn conditions(ctx: &Ctx, wanted: &Wanted<'_>, params: &mut Vec<Value>) -> String {
    let mut sql = of_customers(ctx, wanted, params);
    if !wanted.stores.is_empty() && wanted.lead != Some(Lead::Bought) {
        sql.push_str(&figures::who_bought(wanted, params));
    }
    sql
}

/// The conditions on customers themselves.
fn of_customers(ctx: &Ctx, wanted: &Wanted<'_>, params: &mut Vec<Value>) -> String {
    let mut sql = "c.org_id = $1".to_owned();
    if let Some(ids) = wanted.ids {
        let first = params.len() + 1;
        params.extend(ids.iter().map(ToValue::to_value));
        sql.push_str(&format!(" and c.id in ({})", dialect::markers(first, ids.len())));
    }
    if !wanted.with_archived {
        sql.push_str(" and c.archived_at is null");
    }
    if let Some((kind, now)) = wanted.flag {
        params.extend(params![kind, now]);
        sql.push_str(&format!(
            " and exists (select 1 from customer_flags f where f.org_id = $1 and f.kind = ${} and f.customer_id = c.id
                             and f.removed_at is null and (f.expires_at is null or f.expires_at > ${}))",
            params.len() - 1,
            params.len()
        ));
    }
    sql.push_str(" and c.merged_into is null");
    if wanted.lead.is_some() {
        sql.push_str(" and c.id = w.customer_id");
    }
    let led = if let Some(Lead::Facet(place)) = wanted.lead { Some(place) } else { None };
    sql.push_str(&labels::conditions(wanted.facets, led, params));
    if let Some(elsewhere) = wanted.elsewhere.filter(|_| wanted.lead != Some(Lead::Elsewhere)) {
        sql.push_str(&(elsewhere.one)(ctx, params));
    }
    sql.push_str(&seen(ctx, params));
    sql
}

pub(crate) fn list(tx: &mut Tx, ctx: &Ctx, wanted: &Wanted<'_>) -> Result<Vec<CustomerRow>, Error> {
    let mut params = params![tx.org()];
    let from = from(ctx, wanted, &mut params);
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
    let mut stores = ctx.sees().store_clause("t.store_id", &mut params);
    if let Some(store) = wanted.store {
        params.push(store.to_value());
        stores.push_str(&format!(" and t.store_id = ${}", params.len()));
    }
    params.push(i64::from(wanted.limit).to_value());
    let sum = |column: &str| {
        format!("(select cast(coalesce(sum(t.{column}), 0) as bigint) from customer_totals t where t.org_id = $1 and t.customer_id = c.id{stores})")
    };
    // `first_order_at` is never null and stands in no index, so that no index of a whole store is read for one customer's last order.
    let sql = format!(
        "select c.id, c.name,
                (select p.phone from customer_phones p where p.org_id = $1 and p.customer_id = c.id order by p.is_main desc, p.position, p.id limit 1) as phone,
                c.email, c.language,
                {} as orders, {} as delivered, {} as returned, {} as cancelled,
                (select max(t.last_order_at) from customer_totals t
                  where t.org_id = $1 and t.customer_id = c.id and t.first_order_at is not null{stores}) as last_order_at,
                c.created_at, c.version, c.tags, c.custom
           from {from}
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
    let from = from(ctx, wanted, &mut params);
    let conditions = conditions(ctx, wanted, &mut params);
    let (count,): (i64,) = tx.one(&format!("select count(*) from (select 1 from {from} where {conditions} limit 10001) few"), params)?;
    Ok(count)
}
