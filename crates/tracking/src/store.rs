//! The SQL of links' rounds, codes and sessions.

use std::collections::BTreeMap;

use db::{Tx, dialect, params};
use kernel::value::ToValue;
use kernel::{CodeId, CustomerId, Error, OrderId, SessionId, Time};

/// Which round of links stands for an order.
pub(crate) fn round(tx: &mut Tx, order: OrderId) -> Result<i64, Error> {
    let row: Option<(i64,)> = tx.optional("select round from tracking_links where org_id = $1 and order_id = $2", params![tx.org(), order])?;
    Ok(row.map_or(0, |(round,)| round))
}

/// The same for several orders; those without a row stand at the first round.
pub(crate) fn rounds(tx: &mut Tx, orders: &[OrderId]) -> Result<BTreeMap<OrderId, i64>, Error> {
    let mut rounds = BTreeMap::new();
    for some in orders.chunks(500) {
        let mut params = params![tx.org()];
        params.extend(some.iter().map(ToValue::to_value));
        let sql = format!("select order_id, round from tracking_links where org_id = $1 and order_id in ({})", dialect::markers(2, some.len()));
        let rows: Vec<(OrderId, i64)> = tx.rows(&sql, params)?;
        rounds.extend(rows);
    }
    Ok(rounds)
}

pub(crate) fn next_round(tx: &mut Tx, order: OrderId, now: Time) -> Result<(), Error> {
    tx.execute(
        "insert into tracking_links (org_id, order_id, round, revoked_at)
         values ($1, $2, 1, $3)
         on conflict (org_id, order_id) do update set round = tracking_links.round + 1, revoked_at = excluded.revoked_at",
        params![tx.org(), order, now],
    )
    .map(drop)
}

db::row! {
    /// A code that may still be used.
    pub(crate) struct KeptCode {
        pub(crate) id: CodeId,
        pub(crate) customer_id: Option<CustomerId>,
        pub(crate) code_hash: Vec<u8>,
    }
}

/// How many codes were made for a subject since a moment, counted to `most`.
pub(crate) fn count_codes(tx: &mut Tx, subject: &[u8], since: Time, most: u32) -> Result<i64, Error> {
    let (count,): (i64,) = tx.one(
        "select count(*)
           from (select 1 from customer_codes where org_id = $1 and subject = $2 and created_at > $3 limit $4) few",
        params![tx.org(), subject, since, most],
    )?;
    Ok(count)
}

pub(crate) fn insert_code(
    tx: &mut Tx,
    id: CodeId,
    subject: &[u8],
    customer: Option<CustomerId>,
    code_hash: &[u8],
    now: Time,
    expires_at: Time,
) -> Result<(), Error> {
    tx.execute(
        "insert into customer_codes (org_id, id, subject, customer_id, code_hash, tries, created_at, expires_at)
         values ($1, $2, $3, $4, $5, 0, $6, $7)",
        params![tx.org(), id, subject, customer, code_hash, now, expires_at],
    )
    .map(drop)
}

/// Counts a try at the newest code of a subject and answers it, unless it is past its time or was tried too often.
pub(crate) fn try_code(tx: &mut Tx, subject: &[u8], now: Time, most: i64) -> Result<Option<KeptCode>, Error> {
    tx.optional(
        "update customer_codes
            set tries = tries + 1
          where org_id = $1
            and id = (select id from customer_codes where org_id = $1 and subject = $2 order by created_at desc, id desc limit 1)
            and expires_at > $3
            and tries < $4
         returning id, customer_id, code_hash",
        params![tx.org(), subject, now, most],
    )
}

/// A used code opens nothing more; its row stays a while, so that codes of an hour can be counted.
pub(crate) fn spend_code(tx: &mut Tx, id: CodeId, now: Time) -> Result<(), Error> {
    tx.execute("update customer_codes set expires_at = $3 where org_id = $1 and id = $2", params![tx.org(), id, now]).map(drop)
}

pub(crate) fn insert_session(tx: &mut Tx, id: SessionId, customer: CustomerId, secret_hash: &[u8], now: Time, expires_at: Time) -> Result<(), Error> {
    tx.execute(
        "insert into customer_sessions (org_id, id, customer_id, secret_hash, created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6)",
        params![tx.org(), id, customer, secret_hash, now, expires_at],
    )
    .map(drop)
}

/// Whose session it is and the hash of its secret, while it lasts.
pub(crate) fn find_session(tx: &mut Tx, id: SessionId, now: Time) -> Result<Option<(CustomerId, Vec<u8>)>, Error> {
    tx.optional(
        "select customer_id, secret_hash from customer_sessions where org_id = $1 and id = $2 and expires_at > $3",
        params![tx.org(), id, now],
    )
}

pub(crate) fn delete_session(tx: &mut Tx, id: SessionId) -> Result<(), Error> {
    tx.execute("delete from customer_sessions where org_id = $1 and id = $2", params![tx.org(), id]).map(drop)
}

pub(crate) fn forget(tx: &mut Tx, customer: CustomerId) -> Result<u64, Error> {
    let codes = tx.execute("delete from customer_codes where org_id = $1 and customer_id = $2", params![tx.org(), customer])?;
    let sessions = tx.execute("delete from customer_sessions where org_id = $1 and customer_id = $2", params![tx.org(), customer])?;
    Ok(codes + sessions)
}

pub(crate) fn purge(tx: &mut Tx, codes_before: Time, now: Time, limit: u32) -> Result<u64, Error> {
    let codes = tx.execute(
        "delete from customer_codes
          where org_id = $1
            and id in (select id from customer_codes where org_id = $1 and expires_at < $2 order by expires_at, id limit $3)",
        params![tx.org(), codes_before, limit],
    )?;
    let sessions = tx.execute(
        "delete from customer_sessions
          where org_id = $1
            and id in (select id from customer_sessions where org_id = $1 and expires_at < $2 order by expires_at, id limit $3)",
        params![tx.org(), now, limit],
    )?;
    Ok(codes.max(sessions))
}

/// Logos.
pub(crate) mod logos {
    use db::{Tx, params};
    use kernel::{Error, Time};

    db::row! {
        /// A logo without its picture.
        pub(crate) struct LogoRow {
            pub(crate) store_id: i64,
            pub(crate) sha256: Vec<u8>,
            pub(crate) width: i64,
            pub(crate) height: i64,
            pub(crate) size: i64,
            pub(crate) changed_at: Time,
        }
    }

    const LOGO: &str = "store_id, sha256, width, height, length(content) as size, changed_at";

    pub(crate) fn list(tx: &mut Tx) -> Result<Vec<LogoRow>, Error> {
        tx.rows(&format!("select {LOGO} from logos where org_id = $1 order by store_id limit 10000"), params![tx.org()])
    }

    pub(crate) fn find(tx: &mut Tx, store: i64) -> Result<Option<LogoRow>, Error> {
        tx.optional(&format!("select {LOGO} from logos where org_id = $1 and store_id = $2"), params![tx.org(), store])
    }

    pub(crate) fn content(tx: &mut Tx, sha256: &[u8]) -> Result<Option<(String, Vec<u8>)>, Error> {
        // Two stores may have the same picture.
        tx.optional("select content_type, content from logos where org_id = $1 and sha256 = $2 limit 1", params![tx.org(), sha256])
    }

    pub(crate) fn save(tx: &mut Tx, row: &LogoRow, content_type: &str, content: &[u8]) -> Result<(), Error> {
        tx.execute(
            "insert into logos (org_id, store_id, sha256, content_type, content, width, height, changed_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8)
             on conflict (org_id, store_id) do update
                set sha256 = excluded.sha256, content_type = excluded.content_type, content = excluded.content,
                    width = excluded.width, height = excluded.height, changed_at = excluded.changed_at",
            params![tx.org(), row.store_id, &row.sha256[..], content_type, content, row.width, row.height, row.changed_at],
        )
        .map(drop)
    }

    pub(crate) fn delete(tx: &mut Tx, store: i64) -> Result<(), Error> {
        tx.execute("delete from logos where org_id = $1 and store_id = $2", params![tx.org(), store]).map(drop)
    }
}
