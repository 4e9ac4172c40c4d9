//! Idempotency: the same call twice has one effect and one answer.
//!
//! The answer is kept in the transaction of its action, as its last statement, so that both are there
//! or neither. That is the only statement on the normal path. A twin runs its action too, but cannot
//! keep its answer: on PostgreSQL it waits at the unique key until the first has committed, on
//! SQLite there is one writer. It is then rolled back whole and gets the kept answer. An action that
//! was refused looks for a kept answer as well, because its first run is what made the second
//! impossible ("already confirmed").
//!
//! The key comes last, after the counters, so nobody who holds it waits for anything.

use db::{Tx, params};
use kernel::{Actor, Error, Time};
use serde::Serialize;

use crate::ctx::Ctx;
use crate::edge::{Answer, Edge};

/// How long an answer is kept.
pub const KEPT_FOR_US: i64 = Time::DAY;

/// The caller's name for one call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// 1 to 255 bytes.
    pub key: String,
    /// SHA-256 of method, path and body.
    pub fingerprint: [u8; 32],
}

impl IdempotencyKey {
    /// Checks the key and takes the fingerprint of the call. `Invalid` when the key is empty or longer
    /// than 255 bytes or holds control characters.
    pub fn new(key: &str, method: &str, path: &str, body: &[u8]) -> Result<IdempotencyKey, Error> {
        use sha2::{Digest, Sha256};

        if key.is_empty() || key.len() > 255 || key.chars().any(char::is_control) {
            return Err(Error::field("Idempotency-Key", "idempotency.key"));
        }
        let mut hash = Sha256::new();
        for part in [method.as_bytes(), path.as_bytes(), body] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        Ok(IdempotencyKey { key: key.to_owned(), fingerprint: hash.finalize().into() })
    }
}

pub(crate) async fn write_once<T: Serialize + Send + 'static>(
    edge: &Edge,
    key: Option<&IdempotencyKey>,
    f: impl Fn(&mut Tx, &Ctx) -> Result<T, Error> + Send + 'static,
) -> Result<Answer, Error> {
    let Some(key) = key else {
        let body = edge.write(move |tx, ctx| render(&f(tx, ctx)?)).await?;
        return Ok(Answer { body: body.into(), replayed: false });
    };

    let own = key.clone();
    let result = edge
        .write(move |tx, ctx| {
            let body = render(&f(tx, ctx)?)?;
            if keep(tx, ctx, &own, &body)? { Ok(body) } else { Err(Error::conflict("idempotency.twin")) }
        })
        .await;

    let error = match result {
        Ok(body) => return Ok(Answer { body: body.into(), replayed: false }),
        Err(error) => error,
    };
    let own = key.clone();
    // When even this look fails, the first error says more.
    match edge.read(move |tx, ctx| find(tx, ctx, &own.key)).await {
        Ok(Some(kept)) if kept.fingerprint == key.fingerprint => Ok(Answer { body: kept.body.into(), replayed: true }),
        Ok(Some(_)) => Err(Error::conflict("idempotency.other_body")),
        Ok(None) | Err(_) => Err(error),
    }
}

fn render<T: Serialize>(value: &T) -> Result<String, Error> {
    serde_json::to_string(value).map_err(Error::internal)
}

db::row! {
    struct Kept {
        fingerprint: Vec<u8>,
        body: String,
    }
}

/// Keeps an answer; false when one is kept already. An expired one is replaced.
fn keep(tx: &mut Tx, ctx: &Ctx, key: &IdempotencyKey, body: &str) -> Result<bool, Error> {
    let kept = tx.execute(
        "insert into idempotency (org_id, actor, key, fingerprint, body, expires_at)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (org_id, actor, key) do update
            set fingerprint = excluded.fingerprint, body = excluded.body, expires_at = excluded.expires_at
          where idempotency.expires_at <= $7",
        params![tx.org(), owner(ctx.actor), key.key, key.fingerprint.as_slice(), body, ctx.now.plus_us(KEPT_FOR_US), ctx.now],
    )?;
    Ok(kept > 0)
}

fn find(tx: &mut Tx, ctx: &Ctx, key: &str) -> Result<Option<Kept>, Error> {
    tx.optional(
        "select fingerprint, body
           from idempotency
          where org_id = $1
            and actor = $2
            and key = $3
            and expires_at > $4",
        params![tx.org(), owner(ctx.actor), key, ctx.now],
    )
}

/// Keys are per caller: two programs may count alike.
fn owner(actor: Actor) -> String {
    match actor.columns() {
        (kind, Some(id)) => format!("{kind}:{id}"),
        (kind, None) => kind.to_owned(),
    }
}

/// Removes at most `limit` answers that are past their time; answers how many.
pub fn purge(tx: &mut Tx, now: Time, limit: u32) -> Result<u64, Error> {
    tx.execute(
        "delete from idempotency
          where org_id = $1
            and (actor, key) in (select actor, key
                                   from idempotency
                                  where org_id = $1
                                    and expires_at <= $2
                                  order by expires_at
                                  limit $3)",
        params![tx.org(), now, limit],
    )
}
