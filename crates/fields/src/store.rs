//! The SQL of tags, definitions and facets.

use db::{Tx, Value, dialect, params};
use kernel::value::ToValue;
use kernel::{Error, FieldId, Id, OrderId, Subject, TagId, Time, Version};

use crate::facets::{Facet, FacetOwner};
use crate::model::{Field, Tag};

const TAG: &str = "t.id, t.name, t.tone, t.position, t.version, t.created_at, t.updated_at, t.archived_at";

pub(crate) fn find(tx: &mut Tx, id: TagId) -> Result<Option<Tag>, Error> {
    tx.optional(&format!("select {TAG} from tags t where t.org_id = $1 and t.id = $2 and t.merged_into is null"), params![tx.org(), id])
}

pub(crate) fn find_to_change(tx: &mut Tx, id: TagId) -> Result<Option<Tag>, Error> {
    let lock = dialect::for_update(tx.engine());
    tx.optional(&format!("select {TAG} from tags t where t.org_id = $1 and t.id = $2 and t.merged_into is null{lock}"), params![tx.org(), id])
}

fn listed(search: Option<&str>, with_archived: bool, params: &mut Vec<Value>) -> String {
    let mut sql = "t.org_id = $1 and t.merged_into is null".to_owned();
    if !with_archived {
        sql.push_str(" and t.archived_at is null");
    }
    if let Some(search) = search {
        params.extend(params![search, format!("{search}\u{10ffff}")]);
        let last = params.len();
        sql.push_str(&format!(
            " and exists (select 1 from tag_names n where n.org_id = $1 and n.tag_id = t.id and n.folded >= ${} and n.folded < ${last})",
            last - 1
        ));
    }
    sql
}

pub(crate) fn list(tx: &mut Tx, search: Option<&str>, with_archived: bool, after: Option<(i64, TagId)>, limit: u32) -> Result<Vec<Tag>, Error> {
    let mut params = params![tx.org()];
    let mut conditions = listed(search, with_archived, &mut params);
    if let Some((position, id)) = after {
        params.extend(params![position, id]);
        conditions.push_str(&format!(" and (t.position, t.id) > (${}, ${})", params.len() - 1, params.len()));
    }
    params.push(i64::from(limit).to_value());
    tx.rows(&format!("select {TAG} from tags t where {conditions} order by t.position, t.id limit ${}", params.len()), params)
}

/// How many, at most 5,001.
pub(crate) fn count(tx: &mut Tx, search: Option<&str>, with_archived: bool) -> Result<i64, Error> {
    let mut params = params![tx.org()];
    let conditions = listed(search, with_archived, &mut params);
    let (count,): (i64,) = tx.one(&format!("select count(*) from (select 1 as one from tags t where {conditions} limit 5001) few"), params)?;
    Ok(count)
}

pub(crate) fn last_position(tx: &mut Tx) -> Result<i64, Error> {
    let (last,): (Option<i64>,) = tx.one("select max(position) from tags where org_id = $1 and merged_into is null", params![tx.org()])?;
    Ok(last.unwrap_or(0))
}

pub(crate) fn insert_tag(tx: &mut Tx, tag: &Tag) -> Result<(), Error> {
    tx.execute(
        "insert into tags (org_id, id, name, tone, position, version, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $7)",
        params![tx.org(), tag.id, tag.name, tag.tone, tag.position, tag.version, tag.created_at],
    )
    .map(drop)
}

pub(crate) fn update_tag(tx: &mut Tx, after: &Tag, version: Version) -> Result<bool, Error> {
    let changed = tx.execute(
        "update tags
            set name = $4, tone = $5, position = $6, archived_at = $7, updated_at = $8, version = version + 1
          where org_id = $1
            and id = $2
            and version = $3",
        params![tx.org(), after.id, version, after.name, after.tone, after.position, after.archived_at, after.updated_at],
    )?;
    Ok(changed == 1)
}

/// Whether the name means this tag now; not when it means another one already.
pub(crate) fn claim_name(tx: &mut Tx, folded: &str, id: TagId) -> Result<bool, Error> {
    let made =
        tx.execute("insert into tag_names (org_id, folded, tag_id) values ($1, $2, $3) on conflict do nothing", params![tx.org(), folded, id])?;
    Ok(made == 1)
}

/// Takes a name from the tag that had it.
pub(crate) fn give_name(tx: &mut Tx, folded: &str, id: TagId) -> Result<(), Error> {
    tx.execute("update tag_names set tag_id = $3 where org_id = $1 and folded = $2", params![tx.org(), folded, id]).map(drop)
}

pub(crate) fn give_names(tx: &mut Tx, from: TagId, to: TagId) -> Result<(), Error> {
    tx.execute("update tag_names set tag_id = $3 where org_id = $1 and tag_id = $2", params![tx.org(), from, to]).map(drop)
}

/// What was being merged into the tag goes with it.
pub(crate) fn set_merged(tx: &mut Tx, id: TagId, into: TagId, now: Time) -> Result<(), Error> {
    tx.execute(
        "update tags
            set merged_into = $3, updated_at = $4, version = version + 1
          where org_id = $1
            and (id = $2 or merged_into = $2)",
        params![tx.org(), id, into, now],
    )
    .map(drop)
}

pub(crate) fn delete_merged(tx: &mut Tx, id: TagId) -> Result<(), Error> {
    tx.execute("delete from tags where org_id = $1 and id = $2 and merged_into is not null", params![tx.org(), id]).map(drop)
}

/// The tags that these folded names mean.
pub(crate) fn by_keys(tx: &mut Tx, keys: &[String]) -> Result<Vec<(String, Tag)>, Error> {
    let mut found = Vec::with_capacity(keys.len());
    for some in keys.chunks(200) {
        let mut params = params![tx.org()];
        params.extend(some.iter().map(ToValue::to_value));
        let names: Vec<(String, TagId)> = tx.rows(
            &format!(
                "select n.folded, n.tag_id from tag_names n where n.org_id = $1 and n.folded in ({}) limit 200",
                dialect::markers(2, some.len())
            ),
            params,
        )?;
        if names.is_empty() {
            continue;
        }
        let mut params = params![tx.org()];
        params.extend(names.iter().map(|(_, id)| id.to_value()));
        let tags: Vec<Tag> =
            tx.rows(&format!("select {TAG} from tags t where t.org_id = $1 and t.id in ({}) limit 200", dialect::markers(2, names.len())), params)?;
        found.extend(names.into_iter().filter_map(|(folded, id)| Some((folded, tags.iter().find(|tag| tag.id == id)?.clone()))));
    }
    Ok(found)
}

/// Tags on their way into these: theirs, and where to.
pub(crate) fn merging_into(tx: &mut Tx, ids: &[TagId]) -> Result<Vec<(TagId, TagId)>, Error> {
    let mut params = params![tx.org()];
    params.extend(ids.iter().map(ToValue::to_value));
    tx.rows(
        &format!(
            "select id, merged_into from tags where org_id = $1 and merged_into is not null and merged_into in ({}) order by id limit 1000",
            dialect::markers(2, ids.len())
        ),
        params,
    )
}

db::row! {
    pub(crate) struct FieldRow {
        id: FieldId,
        subject: Subject,
        key: String,
        labels: String,
        kind: kernel::FieldKind,
        required: kernel::Required,
        default_value: Option<String>,
        choices: String,
        is_filterable: bool,
        is_searchable: bool,
        is_listed: bool,
        facets: kernel::FacetState,
        position: i64,
        version: Version,
        created_at: Time,
        updated_at: Time,
        archived_at: Option<Time>,
    }
}

impl From<FieldRow> for Field {
    fn from(row: FieldRow) -> Field {
        Field {
            id: row.id,
            subject: row.subject,
            key: row.key,
            labels: serde_json::from_str(&row.labels).unwrap_or_default(),
            kind: row.kind,
            required: row.required,
            default: row.default_value.and_then(|text| serde_json::from_str(&text).ok()),
            choices: serde_json::from_str(&row.choices).unwrap_or_default(),
            is_filterable: row.is_filterable,
            is_searchable: row.is_searchable,
            is_listed: row.is_listed,
            facets: row.facets,
            position: row.position,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
            archived_at: row.archived_at,
        }
    }
}

const FIELD: &str = "id, subject, key, labels, kind, required, default_value, choices, is_filterable, is_searchable, is_listed, facets, position, \
                     version, created_at, updated_at, archived_at";

pub(crate) fn fields(tx: &mut Tx, subject: Option<Subject>, with_archived: bool) -> Result<Vec<Field>, Error> {
    let mut params = params![tx.org()];
    let mut conditions = String::new();
    if let Some(subject) = subject {
        params.push(subject.to_value());
        conditions.push_str(" and subject = $2");
    }
    if !with_archived {
        conditions.push_str(" and archived_at is null");
    }
    let rows: Vec<FieldRow> =
        tx.rows(&format!("select {FIELD} from custom_fields where org_id = $1{conditions} order by subject desc, position, id limit 1000"), params)?;
    Ok(rows.into_iter().map(Field::from).collect())
}

pub(crate) fn field(tx: &mut Tx, id: FieldId) -> Result<Option<Field>, Error> {
    let row: Option<FieldRow> = tx.optional(&format!("select {FIELD} from custom_fields where org_id = $1 and id = $2"), params![tx.org(), id])?;
    Ok(row.map(Field::from))
}

pub(crate) fn insert_field(tx: &mut Tx, field: &Field) -> Result<(), Error> {
    tx.execute(
        "insert into custom_fields (org_id, id, subject, key, labels, kind, required, default_value, choices, is_filterable, is_searchable,
                                    is_listed, facets, position, version, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $16)",
        params![
            tx.org(),
            field.id,
            field.subject,
            field.key,
            json(&field.labels)?,
            field.kind,
            field.required,
            default(field),
            json(&field.choices)?,
            field.is_filterable,
            field.is_searchable,
            field.is_listed,
            field.facets,
            field.position,
            field.version,
            field.created_at
        ],
    )
    .map(drop)
    .on_taken()
}

pub(crate) fn update_field(tx: &mut Tx, after: &Field, version: Version) -> Result<bool, Error> {
    let changed = tx.execute(
        "update custom_fields
            set labels = $4, required = $5, default_value = $6, choices = $7, is_filterable = $8, is_searchable = $9, is_listed = $10,
                facets = $11, position = $12, archived_at = $13, updated_at = $14, version = version + 1
          where org_id = $1
            and id = $2
            and version = $3",
        params![
            tx.org(),
            after.id,
            version,
            json(&after.labels)?,
            after.required,
            default(after),
            json(&after.choices)?,
            after.is_filterable,
            after.is_searchable,
            after.is_listed,
            after.facets,
            after.position,
            after.archived_at,
            after.updated_at
        ],
    )?;
    Ok(changed == 1)
}

/// Says whether the values stand in the index; no editor collides with it.
pub(crate) fn set_facets(tx: &mut Tx, id: FieldId, facets: kernel::FacetState) -> Result<(), Error> {
    tx.execute("update custom_fields set facets = $3 where org_id = $1 and id = $2", params![tx.org(), id, facets]).map(drop)
}

fn json<T: serde::Serialize>(value: &T) -> Result<String, Error> {
    serde_json::to_string(value).map_err(Error::internal)
}

fn default(field: &Field) -> Option<String> {
    field.default.as_ref().map(serde_json::Value::to_string)
}

/// The name of the index on names is the one thing that can be taken.
trait OnTaken {
    fn on_taken(self) -> Self;
}

impl OnTaken for Result<(), Error> {
    fn on_taken(self) -> Self {
        use db::OnUnique;
        self.on_unique("custom_fields_key", || Error::field("key", "taken"))
    }
}

/// The table of a subject's facets and the column of its owner.
fn table(subject: Subject) -> (&'static str, &'static str) {
    match subject {
        Subject::Order => ("order_facets", "order_id"),
        Subject::Customer => ("customer_facets", "customer_id"),
    }
}

fn owner(owner: &FacetOwner) -> (&'static str, &'static str, i64) {
    match owner {
        FacetOwner::Order { id, .. } => ("order_facets", "order_id", id.to_i64()),
        FacetOwner::Customer { id, .. } => ("customer_facets", "customer_id", id.to_i64()),
    }
}

db::row! {
    pub(crate) struct FacetRow {
        field: i64,
        value: String,
        number: Option<i64>,
    }
}

impl From<FacetRow> for Facet {
    fn from(row: FacetRow) -> Facet {
        Facet { field: row.field, value: row.value, number: row.number }
    }
}

pub(crate) fn of_owner(tx: &mut Tx, of: &FacetOwner) -> Result<Vec<Facet>, Error> {
    let (table, column, id) = owner(of);
    let rows: Vec<FacetRow> =
        tx.rows(&format!("select field, value, number from {table} where org_id = $1 and {column} = $2 limit 5000"), params![tx.org(), id])?;
    Ok(rows.into_iter().map(Facet::from).collect())
}

pub(crate) fn insert(tx: &mut Tx, of: &FacetOwner, facets: &[Facet]) -> Result<(), Error> {
    let (table, column, id) = owner(of);
    for some in facets.chunks(100) {
        let mut params = Vec::with_capacity(some.len() * 7);
        let width = match of {
            FacetOwner::Order { .. } => 7,
            FacetOwner::Customer { .. } => 6,
        };
        for facet in some {
            params.extend(params![tx.org(), id, facet.field, facet.value, facet.number]);
            match of {
                FacetOwner::Order { is_archived, created_at, .. } => params.extend(params![is_archived, created_at]),
                FacetOwner::Customer { created_at, .. } => params.extend(params![created_at]),
            }
        }
        let archived = if width == 7 { ", is_archived" } else { "" };
        let sql = format!(
            "insert into {table} (org_id, {column}, field, value, number{archived}, created_at) values {} on conflict do nothing",
            dialect::value_rows(some.len(), width)
        );
        tx.execute(&sql, params)?;
    }
    Ok(())
}

pub(crate) fn delete(tx: &mut Tx, of: &FacetOwner, facets: &[Facet]) -> Result<(), Error> {
    let (table, column, id) = owner(of);
    let sql = format!("delete from {table} where org_id = $1 and {column} = $2 and field = $3 and value = $4");
    let org = tx.org();
    let statements = facets.iter().map(|facet| (sql.as_str(), params![org, id, facet.field, facet.value]));
    tx.run_all(statements.collect()).map(drop)
}

pub(crate) fn set_archived(tx: &mut Tx, order: OrderId, is_archived: bool) -> Result<(), Error> {
    tx.execute("update order_facets set is_archived = $3 where org_id = $1 and order_id = $2", params![tx.org(), order, is_archived]).map(drop)
}

/// Owners with a row of this field and value, by their numbers, after this one.
pub fn facets_in(tx: &mut Tx, subject: Subject, field: i64, value: Option<&str>, after: i64, limit: u32) -> Result<Vec<i64>, Error> {
    let (table, column) = table(subject);
    let mut params = params![tx.org(), field, after, i64::from(limit)];
    let mut only = "";
    if let Some(value) = value {
        params.push(value.to_value());
        only = " and value = $5";
    }
    let rows: Vec<(i64,)> = tx.rows(
        &format!("select distinct {column} from {table} where org_id = $1 and field = $2 and {column} > $3{only} order by {column} limit $4"),
        params,
    )?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// The facets of a filter's field on these orders or customers, by owner.
pub fn facet_orders(tx: &mut Tx, subject: Subject, field: FieldId, owners: &[i64]) -> Result<Vec<(i64, Facet)>, Error> {
    if owners.is_empty() {
        return Ok(Vec::new());
    }
    let (table, column) = table(subject);
    let mut params = params![tx.org(), field, -field.to_i64()];
    params.extend(owners.iter().map(ToValue::to_value));
    let rows: Vec<(i64, i64, String, Option<i64>)> = tx.rows(
        &format!(
            "select {column}, field, value, number from {table} where org_id = $1 and {column} in ({}) and field in ($2, $3) limit 100000",
            dialect::markers(4, owners.len())
        ),
        params,
    )?;
    Ok(rows.into_iter().map(|(id, field, value, number)| (id, Facet { field, value, number })).collect())
}

pub(crate) fn clear_field(tx: &mut Tx, subject: Subject, field: FieldId, limit: u32) -> Result<u64, Error> {
    let (table, column) = table(subject);
    let rows: Vec<(i64, i64, String)> = tx.rows(
        &format!("select {column}, field, value from {table} where org_id = $1 and field in ($2, $3) order by field, {column}, value limit $4"),
        params![tx.org(), field, -field.to_i64(), i64::from(limit)],
    )?;
    let (org, count) = (tx.org(), rows.len() as u64);
    let sql = format!("delete from {table} where org_id = $1 and {column} = $2 and field = $3 and value = $4");
    tx.run_all(rows.into_iter().map(|(owner, field, value)| (sql.as_str(), params![org, owner, field, value])).collect())?;
    Ok(count)
}

/// Owners in whose searched fields a text begins so.
pub(crate) fn beginning(tx: &mut Tx, subject: Subject, fields: &[i64], text: &str, limit: u32) -> Result<Vec<i64>, Error> {
    let (table, column) = table(subject);
    let mut params = params![tx.org(), text, format!("{text}\u{10ffff}"), i64::from(limit)];
    params.extend(fields.iter().map(ToValue::to_value));
    let rows: Vec<(i64,)> = tx.rows(
        &format!(
            "select {column} from {table} where org_id = $1 and field in ({}) and value >= $2 and value < $3 order by value, {column} desc limit $4",
            dialect::markers(5, fields.len())
        ),
        params,
    )?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

pub(crate) fn count_customers(tx: &mut Tx) -> Result<Vec<(String, i64)>, Error> {
    tx.rows(
        "select value, count(*)
           from customer_facets
          where org_id = $1
            and field = 0
          group by value
          limit 100000",
        params![tx.org()],
    )
}
