//! The SQL of attachments.

use db::{Tx, Value, dialect, params};
use kernel::value::ToValue;
use kernel::{Actor, AttachmentId, AttachmentKind, Error, FileId, NoteAudience, Time, Version};

use crate::service::Owner;

db::row! {
    pub(crate) struct Row {
        pub id: AttachmentId,
        pub owner_kind: String,
        pub owner_id: i64,
        pub kind: AttachmentKind,
        pub audience: NoteAudience,
        pub caption: Option<String>,
        pub name: String,
        pub content_type: String,
        pub size: i64,
        pub sha256: Vec<u8>,
        pub width: Option<i64>,
        pub height: Option<i64>,
        pub file_id: FileId,
        pub thumbs: String,
        pub author_kind: String,
        pub author_id: Option<i64>,
        pub version: Version,
        pub created_at: Time,
        pub updated_at: Time,
        pub deleted_at: Option<Time>,
        pub deleted_by_kind: Option<String>,
        pub deleted_by_id: Option<i64>,
    }
}

const ROW: &str = "id, owner_kind, owner_id, kind, audience, caption, name, content_type, size, sha256, width, height, file_id, thumbs, \
                   author_kind, author_id, version, created_at, updated_at, deleted_at, deleted_by_kind, deleted_by_id";

pub(crate) fn insert(tx: &mut Tx, row: &Row) -> Result<(), Error> {
    tx.execute(
        "insert into attachments (org_id, id, owner_kind, owner_id, kind, audience, caption, name, content_type, size, sha256, width, height,
                                  file_id, thumbs, author_kind, author_id, version, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $19)",
        params![
            tx.org(),
            row.id,
            row.owner_kind,
            row.owner_id,
            row.kind,
            row.audience,
            row.caption,
            row.name,
            row.content_type,
            row.size,
            row.sha256,
            row.width,
            row.height,
            row.file_id,
            row.thumbs,
            row.author_kind,
            row.author_id,
            row.version,
            row.created_at
        ],
    )
    .map(drop)
}

/// One attachment of this owner, also a removed one, kept from others until the end of the transaction.
pub(crate) fn find_to_change(tx: &mut Tx, owner: Owner, id: AttachmentId) -> Result<Option<Row>, Error> {
    let (kind, number) = owner.columns();
    let lock = dialect::for_update(tx.engine());
    tx.optional(
        &format!("select {ROW} from attachments where org_id = $1 and id = $2 and owner_kind = $3 and owner_id = $4{lock}"),
        params![tx.org(), id, kind, number],
    )
}

/// One attachment that stands.
pub(crate) fn find(tx: &mut Tx, owner: Owner, id: AttachmentId) -> Result<Option<Row>, Error> {
    let (kind, number) = owner.columns();
    tx.optional(
        &format!("select {ROW} from attachments where org_id = $1 and id = $2 and owner_kind = $3 and owner_id = $4 and deleted_at is null"),
        params![tx.org(), id, kind, number],
    )
}

pub(crate) fn list(tx: &mut Tx, owner: Owner, kind: Option<AttachmentKind>, audience: Option<NoteAudience>, limit: u32) -> Result<Vec<Row>, Error> {
    let (owner_kind, number) = owner.columns();
    let mut params = params![tx.org(), owner_kind, number];
    let mut only = String::new();
    let mut and = |column: &str, value: Value| {
        params.push(value);
        only.push_str(&format!(" and {column} = ${}", params.len()));
    };
    if let Some(kind) = kind {
        and("kind", kind.to_value());
    }
    if let Some(audience) = audience {
        and("audience", audience.to_value());
    }
    tx.rows(
        &format!(
            "select {ROW} from attachments where org_id = $1 and owner_kind = $2 and owner_id = $3 and deleted_at is null{only} order by id limit {limit}"
        ),
        params,
    )
}

/// How many there are of an owner, removed ones included, at most one more than `most`.
pub(crate) fn count(tx: &mut Tx, owner: Owner, most: u32) -> Result<i64, Error> {
    let (kind, number) = owner.columns();
    let (count,): (i64,) = tx.one(
        &format!(
            "select count(*) from (select 1 as one from attachments where org_id = $1 and owner_kind = $2 and owner_id = $3 limit {}) few",
            most + 1
        ),
        params![tx.org(), kind, number],
    )?;
    Ok(count)
}

pub(crate) fn update(tx: &mut Tx, row: &Row, version: Version) -> Result<bool, Error> {
    let changed = tx.execute(
        "update attachments
            set kind = $4, audience = $5, caption = $6, updated_at = $7, deleted_at = $8, deleted_by_kind = $9, deleted_by_id = $10,
                version = version + 1
          where org_id = $1
            and id = $2
            and version = $3",
        params![
            tx.org(),
            row.id,
            version,
            row.kind,
            row.audience,
            row.caption,
            row.updated_at,
            row.deleted_at,
            row.deleted_by_kind,
            row.deleted_by_id
        ],
    )?;
    Ok(changed == 1)
}

/// Removed attachments that nobody can put back any more.
pub(crate) fn spent(tx: &mut Tx, until: Time, limit: u32) -> Result<Vec<Row>, Error> {
    tx.rows(
        &format!("select {ROW} from attachments where org_id = $1 and deleted_at is not null and deleted_at <= $2 order by deleted_at, id limit $3"),
        params![tx.org(), until, i64::from(limit)],
    )
}

/// Every attachment of an owner, removed ones included.
pub(crate) fn all(tx: &mut Tx, owner: Owner, limit: u32) -> Result<Vec<Row>, Error> {
    let (kind, number) = owner.columns();
    tx.rows(
        &format!("select {ROW} from attachments where org_id = $1 and owner_kind = $2 and owner_id = $3 order by id limit {limit}"),
        params![tx.org(), kind, number],
    )
}

pub(crate) fn delete(tx: &mut Tx, id: AttachmentId) -> Result<(), Error> {
    tx.execute("delete from attachments where org_id = $1 and id = $2", params![tx.org(), id]).map(drop)
}

impl Row {
    pub(crate) fn author(&self) -> Actor {
        Actor::from_columns(&self.author_kind, self.author_id)
    }

    pub(crate) fn deleted_by(&self) -> Option<Actor> {
        self.deleted_by_kind.as_deref().map(|kind| Actor::from_columns(kind, self.deleted_by_id))
    }
}

/// Brings attachments of one customer to another; answers which.
pub(crate) fn give(tx: &mut Tx, from: kernel::CustomerId, to: kernel::CustomerId, these: Option<&[i64]>) -> Result<Vec<i64>, Error> {
    let mut params = params![tx.org(), from, to];
    let mut only = String::new();
    if let Some(these) = these {
        params.extend(these.iter().map(kernel::value::ToValue::to_value));
        only = format!(" and id in ({})", db::dialect::markers(4, these.len()));
    }
    let rows: Vec<(i64,)> = tx.rows(
        &format!("update attachments set owner_id = $3 where org_id = $1 and owner_kind = 'customer' and owner_id = $2{only} returning id"),
        params,
    )?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}
