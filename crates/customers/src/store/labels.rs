//! The SQL of tags and fields on customers.

use db::{Tx, Value, dialect, params};
use fields::{FacetHow, FacetTest};
use kernel::value::ToValue;
use kernel::{CustomerId, Error, Time};

/// Customers with a tag or a value: beyond so many the index of the sort is read, and each row is asked.
const FEW: i64 = 5_000;

db::row! {
    /// A customer with her tags and fields.
    pub(crate) struct Labelled {
        pub id: CustomerId,
        pub tags: String,
        pub custom: String,
        pub created_at: Time,
    }
}

/// These customers, kept from others until the end of the transaction.
pub(crate) fn tagged(tx: &mut Tx, ids: &[i64]) -> Result<Vec<Labelled>, Error> {
    let mut params = params![tx.org()];
    params.extend(ids.iter().map(ToValue::to_value));
    let lock = dialect::for_update(tx.engine());
    tx.rows(
        &format!(
            "select id, tags, custom, created_at from customers where org_id = $1 and id in ({}) order by id{lock}",
            dialect::markers(2, ids.len())
        ),
        params,
    )
}

/// The next customers by their numbers, kept from others until the end of the transaction.
pub(crate) fn with_custom(tx: &mut Tx, after: i64, limit: u32) -> Result<Vec<Labelled>, Error> {
    let lock = dialect::for_update(tx.engine());
    tx.rows(
        &format!("select id, tags, custom, created_at from customers where org_id = $1 and id > $2 order by id limit $3{lock}"),
        params![tx.org(), after, i64::from(limit)],
    )
}

/// Writes tags and fields; no editor collides with it.
pub(crate) fn set(tx: &mut Tx, id: CustomerId, tags: &str, custom: &str) -> Result<(), Error> {
    tx.execute("update customers set tags = $3, custom = $4 where org_id = $1 and id = $2", params![tx.org(), id, tags, custom]).map(drop)
}

/// The test that is met by few customers, if there is one: their rows are read by it instead of by the sort.
pub(crate) fn lead(tx: &mut Tx, tests: &[FacetTest]) -> Result<Option<usize>, Error> {
    for (place, test) in tests.iter().enumerate() {
        if matches!(test.how, FacetHow::None(_)) {
            continue;
        }
        let mut params = params![tx.org()];
        let condition = condition(test, "f", &mut params);
        let (found,): (i64,) = tx.one(
            &format!("select count(*) from (select 1 as one from customer_facets f where f.org_id = $1{condition} limit {}) few", FEW + 1),
            params,
        )?;
        if found <= FEW {
            return Ok(Some(place));
        }
    }
    Ok(None)
}

fn condition(test: &FacetTest, alias: &str, params: &mut Vec<Value>) -> String {
    params.push(test.field.to_value());
    let mut sql = format!(" and {alias}.field = ${}", params.len());
    match &test.how {
        FacetHow::Any(values) if values.is_empty() => sql.push_str(" and 1 = 0"),
        FacetHow::Any(values) | FacetHow::None(values) => {
            let first = params.len() + 1;
            params.extend(values.iter().map(ToValue::to_value));
            sql.push_str(&format!(" and {alias}.value in ({})", dialect::markers(first, values.len())));
        }
        FacetHow::Range { from, to } => {
            sql.push_str(&format!(" and {alias}.number is not null"));
            for (bound, than) in [(from, ">="), (to, "<=")] {
                if let Some(bound) = bound {
                    params.push(bound.to_value());
                    sql.push_str(&format!(" and {alias}.number {than} ${}", params.len()));
                }
            }
        }
    }
    sql
}

/// The customers that meet a test, once each.
pub(crate) fn few(test: &FacetTest, params: &mut Vec<Value>) -> String {
    let condition = condition(test, "f", params);
    format!("select distinct f.customer_id from customer_facets f where f.org_id = $1{condition}")
}

/// What must hold for tags and fields, as conditions on `c`.
pub(crate) fn conditions(tests: &[FacetTest], lead: Option<usize>, params: &mut Vec<Value>) -> String {
    let mut sql = String::new();
    for (_, test) in tests.iter().enumerate().filter(|(place, _)| lead != Some(*place)) {
        let not = if matches!(test.how, FacetHow::None(_)) { "not " } else { "" };
        let condition = condition(test, "x", params);
        sql.push_str(&format!(" and {not}exists (select 1 from customer_facets x where x.org_id = $1 and x.customer_id = c.id{condition})"));
    }
    sql
}
