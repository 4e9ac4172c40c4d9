//! The SQL of marks and their kinds.

use base::Ctx;
use db::{Tx, dialect, params};
use kernel::value::ToValue;
use kernel::{CustomerId, Error, FlagId, Labels, Time, Tone, Version};

use crate::flags::{Flag, FlagKind, FlagKindChange, NewFlag};

db::row! {
    struct KindRow {
        code: String,
        labels: String,
        tone: Tone,
        archived_at: Option<Time>,
        version: Version,
    }
}

pub(crate) fn list_kinds(tx: &mut Tx) -> Result<Vec<FlagKind>, Error> {
    let rows: Vec<KindRow> = tx.rows(
        "select code, labels, tone, archived_at, version
           from customer_flag_kinds
          where org_id = $1
          order by code
          limit 200",
        params![tx.org()],
    )?;
    let kind = |row: KindRow| FlagKind {
        labels: serde_json::from_str::<Labels>(&row.labels).unwrap_or_default(),
        code: row.code,
        tone: row.tone,
        is_seeded: false,
        is_archived: row.archived_at.is_some(),
        version: row.version,
    };
    Ok(rows.into_iter().map(kind).collect())
}

/// Writes a kind over the version that was read; 0 is none yet.
pub(crate) fn save_kind(tx: &mut Tx, code: &str, change: &FlagKindChange, version: Version, now: Time) -> Result<bool, Error> {
    let labels = serde_json::to_string(&change.labels).map_err(Error::internal)?;
    let archived_at = change.is_archived.then_some(now);
    let written = tx.execute(
        "insert into customer_flag_kinds (org_id, code, labels, tone, version, created_at, updated_at, archived_at)
         values ($1, $2, $3, $4, $5, $6, $6, $7)
         on conflict (org_id, code) do update
            set labels = excluded.labels, tone = excluded.tone, version = excluded.version, updated_at = excluded.updated_at,
                archived_at = excluded.archived_at
          where customer_flag_kinds.version = $8",
        params![tx.org(), code, labels, change.tone, version + 1, now, archived_at, version],
    )?;
    Ok(written == 1)
}

const FLAG: &str = "f.id, f.customer_id, f.kind, f.reason, f.at, f.expires_at, f.author_kind, f.author_id, f.removed_at, f.removed_by_kind, \
                    f.removed_by_id, f.removed_reason";

pub(crate) fn insert(tx: &mut Tx, ctx: &Ctx, id: FlagId, customer: CustomerId, new: &NewFlag, reason: &str) -> Result<(), Error> {
    let (author_kind, author_id) = ctx.actor.columns();
    tx.execute(
        "insert into customer_flags (org_id, id, customer_id, kind, reason, at, expires_at, author_kind, author_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        params![tx.org(), id, customer, new.kind, reason, new.at.unwrap_or(ctx.now), new.expires_at, author_kind, author_id],
    )
    .map(drop)
}

pub(crate) fn find(tx: &mut Tx, customer: CustomerId, id: FlagId) -> Result<Option<Flag>, Error> {
    tx.optional(
        &format!("select {FLAG} from customer_flags f where f.org_id = $1 and f.id = $2 and f.customer_id = $3"),
        params![tx.org(), id, customer],
    )
}

pub(crate) fn remove(tx: &mut Tx, ctx: &Ctx, id: FlagId, reason: &str) -> Result<bool, Error> {
    let (by_kind, by_id) = ctx.actor.columns();
    let changed = tx.execute(
        "update customer_flags
            set removed_at = $3, removed_by_kind = $4, removed_by_id = $5, removed_reason = $6
          where org_id = $1
            and id = $2
            and removed_at is null",
        params![tx.org(), id, ctx.now, by_kind, by_id, reason],
    )?;
    Ok(changed == 1)
}

/// Those that stand on these customers, newest first.
pub(crate) fn open_of(tx: &mut Tx, customers: &[CustomerId], now: Time) -> Result<Vec<Flag>, Error> {
    let mut params = params![tx.org(), now];
    params.extend(customers.iter().map(ToValue::to_value));
    tx.rows(
        &format!(
            "select {FLAG}
               from customer_flags f
              where f.org_id = $1
                and f.customer_id in ({})
                and f.removed_at is null
                and (f.expires_at is null or f.expires_at > $2)
              order by f.at desc, f.id desc
              limit 10000",
            dialect::markers(3, customers.len())
        ),
        params,
    )
}

/// All of a customer, newest first.
pub(crate) fn list(tx: &mut Tx, customer: CustomerId) -> Result<Vec<Flag>, Error> {
    before(tx, customer, None, 1_000)
}

/// All of a customer older than a place, newest first.
pub(crate) fn before(tx: &mut Tx, customer: CustomerId, before: Option<(Time, i64)>, limit: u32) -> Result<Vec<Flag>, Error> {
    let mut params = params![tx.org(), customer, limit];
    let older = super::older_than("f.at", "f.id", before, &mut params);
    tx.rows(
        &format!("select {FLAG} from customer_flags f where f.org_id = $1 and f.customer_id = $2{older} order by f.at desc, f.id desc limit $3"),
        params,
    )
}
