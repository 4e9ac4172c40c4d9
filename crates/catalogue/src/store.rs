//! The SQL of products and variants.

use db::{Tx, dialect, params};
use kernel::value::ToValue;
use kernel::{Error, ProductId, Time, VariantId, Version, cut, fold};

use crate::model::{NewVariant, Variant, VariantFilter, VariantStatus};

const VARIANT: &str = "id, product_id, kind, sku, title, variant, price, currency, status, version, created_at, updated_at";

/// Sizes of the lists that a statement is written for, so that few texts serve all orders.
const LIST_SIZES: [usize; 13] = [1, 2, 3, 4, 6, 8, 12, 16, 32, 64, 128, 512, 2048];

/// The ids of those that are known. One statement for up to 2,048 of them.
pub(crate) fn find_known(tx: &mut Tx, known_by: &[String]) -> Result<Vec<(String, VariantId)>, Error> {
    let mut found = Vec::with_capacity(known_by.len());
    for some in known_by.chunks(LIST_SIZES[LIST_SIZES.len() - 1]) {
        let size = LIST_SIZES.into_iter().find(|size| *size >= some.len()).unwrap_or(some.len());
        let mut params = params![tx.org()];
        params.extend(some.iter().map(ToValue::to_value));
        let filler = some[some.len() - 1].to_value();
        params.resize(size + 1, filler);
        let sql = format!("select known_by, id from variants where org_id = $1 and known_by in ({})", dialect::markers(2, size));
        found.extend(tx.rows::<(String, VariantId)>(&sql, params)?);
    }
    Ok(found)
}

pub(crate) fn find(tx: &mut Tx, id: VariantId) -> Result<Option<Variant>, Error> {
    tx.optional(&format!("select {VARIANT} from variants where org_id = $1 and id = $2"), params![tx.org(), id])
}

pub(crate) fn find_all(tx: &mut Tx, ids: &[VariantId]) -> Result<Vec<Variant>, Error> {
    let mut found = Vec::with_capacity(ids.len());
    for some in ids.chunks(500) {
        let mut params = params![tx.org()];
        params.extend(some.iter().map(ToValue::to_value));
        let sql = format!("select {VARIANT} from variants where org_id = $1 and id in ({})", dialect::markers(2, some.len()));
        found.extend(tx.rows::<Variant>(&sql, params)?);
    }
    Ok(found)
}

pub(crate) fn product_titled(tx: &mut Tx, title: &str) -> Result<Option<ProductId>, Error> {
    let found: Option<(ProductId,)> = tx.optional(
        "select id
           from products
          where org_id = $1
            and title_folded = $2
          order by id
          limit 1",
        params![tx.org(), fold(title)],
    )?;
    Ok(found.map(|(id,)| id))
}

pub(crate) fn insert_product(tx: &mut Tx, title: &str, now: Time) -> Result<ProductId, Error> {
    let id: ProductId = tx.new_id();
    tx.execute(
        "insert into products (org_id, id, title, title_folded, status, version, created_at, updated_at)
         values ($1, $2, $3, $4, 'active', 1, $5, $5)",
        params![tx.org(), id, title, fold(title), now],
    )?;
    Ok(id)
}

/// Makes a variant; `None` when somebody else has just made it.
pub(crate) fn insert(tx: &mut Tx, product: ProductId, known_by: &str, new: &NewVariant, now: Time) -> Result<Option<VariantId>, Error> {
    let id: VariantId = tx.new_id();
    let sku = known_by.starts_with("s:").then_some(new.sku.as_str());
    let made = tx.execute(
        "insert into variants (org_id, id, product_id, known_by, sku, title, variant, price, currency, status, search, version, created_at, updated_at, kind)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'active', $10, 1, $11, $11, $12)
         on conflict (org_id, known_by) do nothing",
        params![
            tx.org(),
            id,
            product,
            known_by,
            sku,
            new.title,
            new.variant,
            new.price,
            new.currency,
            search_text(sku, &new.title, new.variant.as_deref()),
            now,
            new.kind
        ],
    )?;
    Ok((made == 1).then_some(id))
}

fn search_text(sku: Option<&str>, title: &str, variant: Option<&str>) -> String {
    let whole = fold(&format!("{} {title} {}", sku.unwrap_or_default(), variant.unwrap_or_default()));
    cut(&whole, 160).to_owned()
}

/// Removes a variant, and its product when that was its only one.
pub(crate) fn delete(tx: &mut Tx, id: VariantId) -> Result<(), Error> {
    let product: Option<(ProductId,)> =
        tx.optional("delete from variants where org_id = $1 and id = $2 returning product_id", params![tx.org(), id])?;
    let Some((product,)) = product else { return Ok(()) };
    tx.execute(
        "delete from products
          where org_id = $1
            and id = $2
            and version = 1
            and not exists (select 1 from variants v where v.org_id = $1 and v.product_id = $2)",
        params![tx.org(), product],
    )
    .map(drop)
}

pub(crate) fn update(tx: &mut Tx, after: &Variant, version: Version, now: Time) -> Result<bool, Error> {
    let changed = tx.execute(
        "update variants
            set title = $4, variant = $5, price = $6, status = $7, search = $8, updated_at = $9, version = version + 1
          where org_id = $1
            and id = $2
            and version = $3",
        params![
            tx.org(),
            after.id,
            version,
            after.title,
            after.variant,
            after.price,
            after.status,
            search_text(after.sku.as_deref(), &after.title, after.variant.as_deref()),
            now
        ],
    )?;
    Ok(changed == 1)
}

fn conditions(filter: &VariantFilter, params: &mut Vec<db::Value>) -> String {
    let mut sql = "org_id = $1".to_owned();
    // Both statuses named, so that the index on (org_id, status, search) serves either way.
    match filter.status {
        Some(status) => {
            params.push(status.to_value());
            sql.push_str(&format!(" and status = ${}", params.len()));
        }
        None => sql.push_str(" and status in ('active', 'inactive')"),
    }
    if let Some(text) = filter.search.as_deref().map(fold).filter(|text| !text.is_empty()) {
        params.push(dialect::like_pattern(&text).to_value());
        sql.push_str(&format!(" and {}", dialect::search_like("search", &format!("${}", params.len()))));
    }
    sql
}

pub(crate) fn list(tx: &mut Tx, filter: &VariantFilter, limit: u32) -> Result<Vec<Variant>, Error> {
    let mut params = params![tx.org()];
    let mut conditions = conditions(filter, &mut params);
    if let Some(cursor) = filter.cursor {
        params.push(cursor.to_value());
        conditions.push_str(&format!(" and id < ${}", params.len()));
    }
    params.push(i64::from(limit).to_value());
    tx.rows(&format!("select {VARIANT} from variants where {conditions} order by id desc limit ${}", params.len()), params)
}

pub(crate) fn count(tx: &mut Tx, filter: &VariantFilter) -> Result<i64, Error> {
    let mut params = params![tx.org()];
    let conditions = conditions(filter, &mut params);
    let (count,): (i64,) = tx.one(&format!("select count(*) from (select 1 from variants where {conditions} limit 10001) few"), params)?;
    Ok(count)
}

/// Ids of variants whose title or SKU contains the folded text, through the index alone.
pub(crate) fn matching(tx: &mut Tx, folded: &str, limit: u32) -> Result<Vec<VariantId>, Error> {
    let like = dialect::search_like("search", "$2");
    let ids: Vec<(VariantId,)> = tx.rows(
        &format!(
            "select id from variants where org_id = $1 and status in ('{}', '{}') and {like} limit $3",
            VariantStatus::Active,
            VariantStatus::Inactive
        ),
        params![tx.org(), dialect::like_pattern(folded), i64::from(limit)],
    )?;
    Ok(ids.into_iter().map(|(id,)| id).collect())
}

db::row! {
    /// The words of a variant and of its product.
    pub(crate) struct VariantWords {
        pub product_id: ProductId,
        pub title: String,
        pub variant: Option<String>,
        pub sku: Option<String>,
        /// What it is found by at intake.
        pub known_by: String,
        pub product_title: String,
    }
}

/// The words of a variant.
pub(crate) fn words_of(tx: &mut Tx, id: VariantId) -> Result<Option<VariantWords>, Error> {
    tx.optional(
        "select v.product_id, v.title, v.variant, v.sku, v.known_by, p.title as product_title
           from variants v
           join products p on p.org_id = $1 and p.id = v.product_id
          where v.org_id = $1
            and v.id = $2",
        params![tx.org(), id],
    )
}

/// Puts other words in their place; an entry that was known by its title is known by nothing any more.
pub(crate) fn set_words(tx: &mut Tx, id: VariantId, title: &str, variant: Option<&str>, sku: Option<&str>, now: Time) -> Result<(), Error> {
    tx.execute(
        "update variants
            set title = $3, variant = $4, search = $5, updated_at = $6, version = version + 1,
                known_by = case when sku is null then 'f:' || cast(id as text) else known_by end
          where org_id = $1
            and id = $2",
        params![tx.org(), id, title, variant, search_text(sku, title, variant), now],
    )
    .map(drop)
}

pub(crate) fn set_product_title(tx: &mut Tx, id: ProductId, title: &str, now: Time) -> Result<(), Error> {
    tx.execute(
        "update products set title = $3, title_folded = $4, updated_at = $5, version = version + 1 where org_id = $1 and id = $2",
        params![tx.org(), id, title, fold(title), now],
    )
    .map(drop)
}
