//! The SQL of drafts.

use base::Ctx;
use db::{Row, RowReader, Tx, Value, dialect, params};
use kernel::value::{ColumnError, ToValue};
use kernel::{DraftId, Error, OrderId, Time};

use crate::drafts::{DraftFilter, DraftRow, DraftState};

const DRAFT: &str = "d.id, d.store_id, d.channel, d.agent_id, d.state, d.contact_name, d.summary, d.line_count, d.currency, d.total, d.to_collect, \
     d.link_expires_at, d.order_id, d.version, d.created_at, d.updated_at, d.placed_at, d.expires_at";

/// A draft with what it would place and the hash of its link's secret.
#[derive(Clone)]
pub(crate) struct KeptDraft {
    pub row: DraftRow,
    pub content: String,
    pub secret_hash: Option<Vec<u8>>,
}

impl Row for KeptDraft {
    /// Those of the row and two more.
    const COLUMNS: &'static [&'static str] = &[];

    fn read(row: &mut RowReader<'_>) -> Result<KeptDraft, ColumnError> {
        Ok(KeptDraft { row: DraftRow::read(row)?, content: row.column()?, secret_hash: row.column()? })
    }
}

fn one(tx: &mut Tx, ctx: Option<&Ctx>, id: DraftId, lock: &str) -> Result<Option<KeptDraft>, Error> {
    let mut params = params![tx.org(), id];
    let seen = ctx.map(|ctx| ctx.sees().clause("d", &mut params)).unwrap_or_default();
    tx.optional(&format!("select {DRAFT}, d.content, d.secret_hash from order_drafts d where d.org_id = $1 and d.id = $2{seen}{lock}"), params)
}

/// A draft that the caller may see.
pub(crate) fn find(tx: &mut Tx, ctx: &Ctx, id: DraftId) -> Result<Option<KeptDraft>, Error> {
    one(tx, Some(ctx), id, "")
}

/// The same, kept from others until the end of the transaction.
pub(crate) fn find_to_change(tx: &mut Tx, ctx: &Ctx, id: DraftId) -> Result<Option<KeptDraft>, Error> {
    let lock = dialect::for_update(tx.engine());
    one(tx, Some(ctx), id, lock)
}

/// A draft that somebody bears the link of.
pub(crate) fn find_any(tx: &mut Tx, id: DraftId) -> Result<Option<KeptDraft>, Error> {
    one(tx, None, id, "")
}

/// The same, kept from others until the end of the transaction.
pub(crate) fn find_any_to_change(tx: &mut Tx, id: DraftId) -> Result<Option<KeptDraft>, Error> {
    let lock = dialect::for_update(tx.engine());
    one(tx, None, id, lock)
}

pub(crate) fn insert(tx: &mut Tx, row: &DraftRow, content: &str) -> Result<(), Error> {
    tx.execute(
        "insert into order_drafts (org_id, id, store_id, channel, agent_id, state, content, contact_name, summary, line_count, currency, total,
                                   to_collect, version, created_at, updated_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
        params![
            tx.org(),
            row.id,
            row.store_id,
            row.channel,
            row.agent_id,
            row.state,
            content,
            row.contact_name,
            row.summary,
            row.line_count,
            row.currency,
            row.total,
            row.to_collect,
            row.version,
            row.created_at,
            row.updated_at,
            row.expires_at
        ],
    )
    .map(drop)
}

pub(crate) fn update(tx: &mut Tx, row: &DraftRow, content: &str) -> Result<(), Error> {
    tx.execute(
        "update order_drafts
            set channel = $3, agent_id = $4, content = $5, contact_name = $6, summary = $7, line_count = $8, total = $9, to_collect = $10,
                version = $11, updated_at = $12, expires_at = $13
          where org_id = $1
            and id = $2",
        params![
            tx.org(),
            row.id,
            row.channel,
            row.agent_id,
            content,
            row.contact_name,
            row.summary,
            row.line_count,
            row.total,
            row.to_collect,
            row.version,
            row.updated_at,
            row.expires_at
        ],
    )
    .map(drop)
}

/// A link changes nothing that anybody edits, so the version stays.
pub(crate) fn set_link(tx: &mut Tx, id: DraftId, secret_hash: Option<&[u8]>, until: Option<Time>, now: Time) -> Result<(), Error> {
    tx.execute(
        "update order_drafts
            set secret_hash = $3, link_expires_at = $4, updated_at = $5
          where org_id = $1
            and id = $2",
        params![tx.org(), id, secret_hash, until, now],
    )
    .map(drop)
}

/// Notes which order a draft became. The order says now what the draft said.
pub(crate) fn set_placed(tx: &mut Tx, id: DraftId, order: OrderId, now: Time, expires_at: Time) -> Result<(), Error> {
    tx.execute(
        "update order_drafts
            set state = 'placed', order_id = $3, content = '{}', contact_name = '', placed_at = $4, updated_at = $4, expires_at = $5,
                version = version + 1
          where org_id = $1
            and id = $2",
        params![tx.org(), id, order, now, expires_at],
    )
    .map(drop)
}

pub(crate) fn delete(tx: &mut Tx, id: DraftId) -> Result<(), Error> {
    tx.execute("delete from order_drafts where org_id = $1 and id = $2", params![tx.org(), id]).map(drop)
}

fn conditions(tx: &Tx, ctx: &Ctx, filter: &DraftFilter, params: &mut Vec<Value>) -> String {
    *params = params![tx.org(), ctx.now];
    let mut sql = String::from("d.org_id = $1 and d.expires_at > $2");
    let mut only = |column: &str, value: Option<Value>, params: &mut Vec<Value>| {
        if let Some(value) = value {
            params.push(value);
            sql.push_str(&format!(" and d.{column} = ${}", params.len()));
        }
    };
    only("state", Some(filter.state.unwrap_or(DraftState::Open).to_value()), params);
    only("store_id", filter.store.map(|store| store.to_value()), params);
    only("channel", filter.channel.map(|channel| channel.to_value()), params);
    sql + &ctx.sees().clause("d", params)
}

/// The newest first, older than a place.
pub(crate) fn list(tx: &mut Tx, ctx: &Ctx, filter: &DraftFilter, limit: u32) -> Result<Vec<DraftRow>, Error> {
    let mut params = Vec::new();
    let mut conditions = conditions(tx, ctx, filter, &mut params);
    if let Some((at, id)) = filter.before {
        params.extend(params![at, id]);
        conditions.push_str(&format!(" and (d.created_at, d.id) < (${}, ${})", params.len() - 1, params.len()));
    }
    params.push(i64::from(limit).to_value());
    let sql = format!("select {DRAFT} from order_drafts d where {conditions} order by d.created_at desc, d.id desc limit ${}", params.len());
    tx.rows(&sql, params)
}

/// How many there are, counted to so many.
pub(crate) fn count(tx: &mut Tx, ctx: &Ctx, filter: &DraftFilter, most: i64) -> Result<i64, Error> {
    let mut params = Vec::new();
    let conditions = conditions(tx, ctx, filter, &mut params);
    params.push(most.to_value());
    let sql = format!("select count(*) from (select 1 as one from order_drafts d where {conditions} limit ${}) few", params.len());
    let (count,): (i64,) = tx.one(&sql, params)?;
    Ok(count)
}

/// Removes at most so many that are past their time.
pub(crate) fn purge(tx: &mut Tx, now: Time, limit: u32) -> Result<u64, Error> {
    tx.execute(
        "delete from order_drafts
          where org_id = $1
            and id in (select id from order_drafts where org_id = $1 and expires_at <= $2 order by expires_at, id limit $3)",
        params![tx.org(), now, limit],
    )
}
