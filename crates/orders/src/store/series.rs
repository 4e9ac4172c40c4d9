//! The SQL of numbers of legal documents.

use base::{Agents, Ctx};
use db::{Tx, params};
use kernel::value::ToValue;
use kernel::{Actor, Error, NumberId, StoreId, Time, Version};

use crate::series::{Broken, DocumentNumber, NumberFilter, NumberKind};

db::row! {
    /// How a series looks.
    pub(crate) struct Config {
        pub kind: NumberKind,
        pub store_id: StoreId,
        pub pattern: String,
        pub first: i64,
        pub version: i64,
        pub changed_at: Time,
    }

    /// Where a series stands.
    pub(crate) struct Counter {
        pub kind: NumberKind,
        pub store_id: StoreId,
        pub year: i64,
        pub next: i64,
    }
}

pub(crate) fn find(tx: &mut Tx, kind: NumberKind, store: StoreId) -> Result<Option<Config>, Error> {
    tx.optional(
        "select kind, store_id, pattern, first, version, changed_at
           from number_series
          where org_id = $1
            and kind = $2
            and store_id = $3",
        params![tx.org(), kind, store],
    )
}

pub(crate) fn list_series(tx: &mut Tx) -> Result<Vec<Config>, Error> {
    tx.rows(
        "select kind, store_id, pattern, first, version, changed_at
           from number_series
          where org_id = $1
          order by kind, store_id
          limit 10000",
        params![tx.org()],
    )
}

pub(crate) fn counters(tx: &mut Tx) -> Result<Vec<Counter>, Error> {
    tx.rows(
        "select kind, store_id, year, next
           from series_counters
          where org_id = $1
          order by kind, store_id, year
          limit 100000",
        params![tx.org()],
    )
}

/// False when another version stands.
pub(crate) fn save(tx: &mut Tx, ctx: &Ctx, kind: NumberKind, store: StoreId, pattern: &str, first: i64, standing: Version) -> Result<bool, Error> {
    let written = tx.execute(
        "insert into number_series (org_id, kind, store_id, pattern, first, version, changed_at, changed_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (org_id, kind, store_id) do update
            set pattern = excluded.pattern, first = excluded.first, version = excluded.version, changed_at = excluded.changed_at,
                changed_by = excluded.changed_by
          where number_series.version = $9",
        params![tx.org(), kind, store, pattern, first, standing + 1, ctx.now, ctx.user(), standing],
    )?;
    Ok(written == 1)
}

/// Takes the next number of a series. Its row stays locked to the end of the transaction, so the next one waits
/// until it is known whether this one was given.
pub(crate) fn take(tx: &mut Tx, kind: NumberKind, store: StoreId, year: i64, first: i64) -> Result<i64, Error> {
    let taken: Option<(i64,)> = tx.optional(
        "update series_counters
            set next = next + 1
          where org_id = $1
            and kind = $2
            and store_id = $3
            and year = $4
         returning next",
        params![tx.org(), kind, store, year],
    )?;
    if let Some((next,)) = taken {
        return Ok(next - 1);
    }
    // The very first counting begins where the series says, later years at 1.
    let (others,): (i64,) = tx.one(
        "select count(*) from (select 1 as one from series_counters where org_id = $1 and kind = $2 and store_id = $3 limit 1) s",
        params![tx.org(), kind, store],
    )?;
    let first = if others == 0 { first } else { 1 };
    // Two may begin it at once: the second waits here and then counts on.
    let (next,): (i64,) = tx.one(
        "insert into series_counters (org_id, kind, store_id, year, first, next)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (org_id, kind, store_id, year) do update set next = series_counters.next + 1
         returning next",
        params![tx.org(), kind, store, year, first, first + 1],
    )?;
    Ok(next - 1)
}

pub(crate) fn insert(tx: &mut Tx, number: &DocumentNumber) -> Result<u64, Error> {
    tx.execute(
        "insert into document_numbers (org_id, id, kind, store_id, year, seq, number, subject_kind, subject_id, order_id, currency, total,
                                       issued_on, created_at, actor_kind, actor_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        params![
            tx.org(),
            number.id,
            number.kind,
            number.store_id,
            number.year,
            number.seq,
            number.number,
            number.subject_kind,
            number.subject_id,
            number.order_id,
            number.currency,
            number.total,
            number.issued_on,
            number.created_at,
            number.actor_kind,
            number.actor_id
        ],
    )
}

const NUMBER: &str = "n.id, n.kind, n.store_id, n.year, n.seq, n.number, n.subject_kind, n.subject_id, n.order_id, n.currency, n.total, n.issued_on, \
     n.created_at, n.actor_kind, n.actor_id, n.voided_at, n.void_reason, n.voided_by_kind, n.voided_by_id";

/// The number of a document that counts.
pub(crate) fn of_document(tx: &mut Tx, kind: NumberKind, subject: (&str, i64)) -> Result<Option<DocumentNumber>, Error> {
    let sql = format!(
        "select {NUMBER}
           from document_numbers n
          where n.org_id = $1
            and n.kind = $2
            and n.subject_kind = $3
            and n.subject_id = $4
            and n.voided_at is null"
    );
    tx.optional(&sql, params![tx.org(), kind, subject.0, subject.1])
}

/// What the caller may see: her stores, and where she sees only some orders, what is about those.
fn seen(ctx: &Ctx, params: &mut Vec<db::Value>) -> String {
    if ctx.sees().agents == Agents::All {
        return ctx.sees().store_clause("n.store_id", params);
    }
    let orders = ctx.sees().clause("o", params);
    format!(" and exists (select 1 from orders o where o.org_id = $1 and o.id = n.order_id{orders})")
}

pub(crate) fn find_number(tx: &mut Tx, ctx: &Ctx, id: NumberId) -> Result<Option<DocumentNumber>, Error> {
    let mut params = params![tx.org(), id];
    let seen = seen(ctx, &mut params);
    tx.optional(&format!("select {NUMBER} from document_numbers n where n.org_id = $1 and n.id = $2{seen}"), params)
}

pub(crate) fn list(tx: &mut Tx, ctx: &Ctx, filter: &NumberFilter, limit: u32) -> Result<Vec<DocumentNumber>, Error> {
    let mut params = params![tx.org()];
    let mut conditions = seen(ctx, &mut params);
    let mut and = |text: &str, value: db::Value| {
        params.push(value);
        conditions.push_str(&format!(" and {text} ${}", params.len()));
    };
    if let Some(kind) = filter.kind {
        and("n.kind =", kind.to_value());
    }
    if let Some(year) = filter.year {
        and("n.year =", year.to_value());
    }
    if let Some(order) = filter.order {
        and("n.order_id =", order.to_value());
    }
    if let Some(before) = filter.before {
        and("n.id <", before.to_value());
    }
    if !filter.stores.is_empty() {
        let first = params.len() + 1;
        params.extend(filter.stores.iter().map(ToValue::to_value));
        conditions.push_str(&format!(" and n.store_id in ({})", db::dialect::markers(first, filter.stores.len())));
    }
    match filter.is_voided {
        Some(true) => conditions.push_str(" and n.voided_at is not null"),
        Some(false) => conditions.push_str(" and n.voided_at is null"),
        None => {}
    }
    params.push(i64::from(limit).to_value());
    let limit = params.len();
    tx.rows(&format!("select {NUMBER} from document_numbers n where n.org_id = $1{conditions} order by n.id desc limit ${limit}"), params)
}

/// False when it was voided before.
pub(crate) fn void(tx: &mut Tx, by: Actor, id: NumberId, reason: &str, now: Time) -> Result<bool, Error> {
    let (kind, actor) = by.columns();
    let changed = tx.execute(
        "update document_numbers
            set voided_at = $3, void_reason = $4, voided_by_kind = $5, voided_by_id = $6
          where org_id = $1
            and id = $2
            and voided_at is null",
        params![tx.org(), id, now, reason, kind, actor],
    )?;
    Ok(changed == 1)
}

/// Counters and ledger of one moment: a single statement, so that numbers given meanwhile are in both or in neither.
pub(crate) fn broken(tx: &mut Tx) -> Result<Vec<Broken>, Error> {
    tx.rows(
        "select c.kind, c.store_id, c.year, c.next - c.first as expected, c.found
           from (select s.kind, s.store_id, s.year, s.first, s.next,
                        (select count(*)
                           from document_numbers n
                          where n.org_id = $1
                            and n.kind = s.kind
                            and n.store_id = s.store_id
                            and n.year = s.year) as found,
                        (select count(*)
                           from document_numbers n
                          where n.org_id = $1
                            and n.kind = s.kind
                            and n.store_id = s.store_id
                            and n.year = s.year
                            and n.seq >= s.first
                            and n.seq < s.next) as inside
                   from series_counters s
                  where s.org_id = $1) c
          where c.found <> c.next - c.first
             or c.inside <> c.next - c.first
          order by c.kind, c.store_id, c.year
          limit 1000",
        params![tx.org()],
    )
}
