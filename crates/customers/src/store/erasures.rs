//! The SQL of erasing people.

use base::Ctx;
use db::{Tx, dialect, params};
use kernel::value::ToValue;
use kernel::{CustomerId, ErasureCause, ErasureId, Error, Time};

use crate::erase::{Erased, Erasure};

const ERASURE: &str = "e.id, e.customer_id, e.state, e.cause, e.due_at, e.counts, e.author_kind, e.author_id, e.created_at, e.finished_at";

/// False when one waits or runs already.
pub(crate) fn insert(tx: &mut Tx, ctx: &Ctx, id: ErasureId, customer: CustomerId, cause: ErasureCause, due_at: Time) -> Result<bool, Error> {
    let (author_kind, author_id) = ctx.actor.columns();
    let made = tx.execute(
        "insert into customer_erasures (org_id, id, customer_id, state, cause, due_at, counts, author_kind, author_id, created_at)
         values ($1, $2, $3, 'waiting', $4, $5, '{}', $6, $7, $8)
         on conflict (org_id, customer_id) where state in ('waiting', 'running') do nothing",
        params![tx.org(), id, customer, cause, due_at, author_kind, author_id, ctx.now],
    )?;
    Ok(made == 1)
}

pub(crate) fn find(tx: &mut Tx, id: ErasureId) -> Result<Option<Erasure>, Error> {
    tx.optional(&format!("select {ERASURE} from customer_erasures e where e.org_id = $1 and e.id = $2"), params![tx.org(), id])
}

/// The newest one, whatever became of it.
pub(crate) fn latest(tx: &mut Tx, customer: CustomerId) -> Result<Option<Erasure>, Error> {
    tx.optional(
        &format!("select {ERASURE} from customer_erasures e where e.org_id = $1 and e.customer_id = $2 order by e.id desc limit 1"),
        params![tx.org(), customer],
    )
}

/// The one that waits or runs.
pub(crate) fn open(tx: &mut Tx, customer: CustomerId) -> Result<Option<Erasure>, Error> {
    tx.optional(
        &format!("select {ERASURE} from customer_erasures e where e.org_id = $1 and e.customer_id = $2 and e.state in ('waiting', 'running')"),
        params![tx.org(), customer],
    )
}

pub(crate) fn cancel(tx: &mut Tx, id: ErasureId, now: Time) -> Result<bool, Error> {
    let changed = tx.execute(
        "update customer_erasures set state = 'cancelled', finished_at = $3 where org_id = $1 and id = $2 and state = 'waiting'",
        params![tx.org(), id, now],
    )?;
    Ok(changed == 1)
}

pub(crate) fn start(tx: &mut Tx, id: ErasureId, sealed: &[u8]) -> Result<bool, Error> {
    let changed = tx.execute(
        "update customer_erasures set state = 'running', sealed = $3 where org_id = $1 and id = $2 and state = 'waiting'",
        params![tx.org(), id, sealed],
    )?;
    Ok(changed == 1)
}

pub(crate) fn all_sealed(tx: &mut Tx) -> Result<Vec<(ErasureId, Vec<u8>)>, Error> {
    tx.rows("select id, sealed from customer_erasures where org_id = $1 and sealed is not null order by id limit 100000", params![tx.org()])
}

pub(crate) fn rewrap(tx: &mut Tx, id: ErasureId, sealed: &[u8]) -> Result<(), Error> {
    tx.execute("update customer_erasures set sealed = $3 where org_id = $1 and id = $2", params![tx.org(), id, sealed]).map(drop)
}

pub(crate) fn sealed(tx: &mut Tx, id: ErasureId) -> Result<Option<Vec<u8>>, Error> {
    let row: Option<(Option<Vec<u8>>,)> = tx.optional("select sealed from customer_erasures where org_id = $1 and id = $2", params![tx.org(), id])?;
    Ok(row.and_then(|(sealed,)| sealed))
}

pub(crate) fn set_counts(tx: &mut Tx, id: ErasureId, counts: &Erased) -> Result<(), Error> {
    let counts = serde_json::to_string(counts).map_err(Error::internal)?;
    tx.execute("update customer_erasures set counts = $3 where org_id = $1 and id = $2", params![tx.org(), id, counts]).map(drop)
}

pub(crate) fn finish(tx: &mut Tx, id: ErasureId, now: Time) -> Result<(), Error> {
    tx.execute(
        "update customer_erasures set state = 'done', sealed = null, finished_at = $3 where org_id = $1 and id = $2",
        params![tx.org(), id, now],
    )
    .map(drop)
}

/// Forgets what is kept about these records of one person; answers how many rows of it are gone. Consents stay
/// without words: they prove what was allowed, and lead to nobody.
pub(crate) fn forget(tx: &mut Tx, ids: &[CustomerId], now: Time) -> Result<u64, Error> {
    let mut gone = 0;
    for some in ids.chunks(500) {
        let mut params = params![tx.org()];
        params.extend(some.iter().map(ToValue::to_value));
        let markers = dialect::markers(2, some.len());
        for table in ["customer_phones", "customer_addresses", "customer_notes", "customer_flags"] {
            gone += tx.execute(&format!("delete from {table} where org_id = $1 and customer_id in ({markers})"), params.clone())?;
        }
        gone += tx.execute(
            &format!("update customer_consents set words = null where org_id = $1 and customer_id in ({markers}) and words is not null"),
            params.clone(),
        )?;
        tx.execute(
            &format!(
                "update customer_merges
                    set fields = '{{}}', state = case when state = 'undone' then state else 'final' end
                  where org_id = $1
                    and (kept_id in ({markers}) or gone_id in ({markers}))"
            ),
            params.clone(),
        )?;
        params.push(now.to_value());
        let at = params.len();
        tx.execute(
            &format!(
                "update customers
                    set name = '', name_folded = '', email = null, external_ref = null, language = null, language_source = null,
                        tags = '[]', custom = '{{}}', erased_at = ${at}, archived_at = coalesce(archived_at, ${at}), updated_at = ${at},
                        version = version + 1
                  where org_id = $1
                    and id in ({markers})"
            ),
            params,
        )?;
    }
    Ok(gone)
}

db::row! {
    struct Quiet {
        id: CustomerId,
        created_at: Time,
        is_quiet: bool,
    }
}

/// Where a walk through all customers stands, the oldest first.
pub(crate) type Place = (Time, CustomerId);

/// A page of customers, the oldest first, and of them those who were quiet since `before` and have nothing open.
pub(crate) fn inactive(tx: &mut Tx, before: Time, after: Option<Place>, limit: u32) -> Result<(Vec<CustomerId>, Option<Place>), Error> {
    let mut params = params![tx.org(), before, limit];
    let mut newer = String::new();
    if let Some((at, id)) = after {
        params.extend(params![at, id]);
        newer = " and (c.created_at, c.id) > ($4, $5)".to_owned();
    }
    let rows: Vec<Quiet> = tx.rows(
        &format!(
            "select c.id, c.created_at,
                    case when c.erased_at is null and c.merged_into is null and c.updated_at < $2
                              and not exists (select 1 from customer_totals t
                                               where t.org_id = $1 and t.customer_id = c.id
                                                 and (t.last_order_at >= $2 or t.orders > t.delivered + t.returned + t.cancelled))
                              and not exists (select 1 from customer_notes n where n.org_id = $1 and n.customer_id = c.id and n.created_at >= $2)
                              and not exists (select 1 from customer_erasures e
                                               where e.org_id = $1 and e.customer_id = c.id and e.state in ('waiting', 'running'))
                         then 1 else 0 end as is_quiet
               from customers c
              where c.org_id = $1
                and c.created_at < $2{newer}
              order by c.created_at, c.id
              limit $3"
        ),
        params,
    )?;
    let next = if rows.len() as u32 == limit { rows.last().map(|row| (row.created_at, row.id)) } else { None };
    Ok((rows.into_iter().filter(|row| row.is_quiet).map(|row| row.id).collect(), next))
}
