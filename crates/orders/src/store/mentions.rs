//! The SQL of whom notes name.

use base::Ctx;
use db::{Tx, params};
use kernel::{Error, Id, NoteId, OrderId, Time, UserId};

use crate::mentions::{Mention, Mentioned};

pub(crate) fn insert(tx: &mut Tx, order: OrderId, note: NoteId, people: &[UserId], now: Time) -> Result<(), Error> {
    for user in people {
        tx.execute(
            "insert into note_mentions (org_id, order_id, note_id, user_id, created_at) values ($1, $2, $3, $4, $5)",
            params![tx.org(), order, note, *user, now],
        )?;
    }
    Ok(())
}

pub(crate) fn of_order(tx: &mut Tx, order: OrderId) -> Result<Vec<Mentioned>, Error> {
    tx.rows(
        "select note_id, user_id, seen_at
           from note_mentions
          where org_id = $1
            and order_id = $2
          order by note_id, user_id
          limit 10000",
        params![tx.org(), order],
    )
}

/// What somebody has not seen of the orders that they may see, newest first.
pub(crate) fn waiting(tx: &mut Tx, ctx: &Ctx, user: UserId, limit: u32) -> Result<Vec<Mention>, Error> {
    let mut params = params![tx.org(), user, i64::from(limit)];
    let sees = ctx.sees().clause("o", &mut params);
    tx.rows(
        &format!(
            "select m.note_id as note, m.order_id, o.number, o.store_id, n.author_kind, n.author_id, n.body, m.created_at as at
               from note_mentions m
               join orders o on o.org_id = $1 and o.id = m.order_id
               join order_notes n on n.org_id = $1 and n.order_id = m.order_id and n.id = m.note_id
              where m.org_id = $1
                and m.user_id = $2
                and m.seen_at is null{sees}
              order by m.note_id desc
              limit $3"
        ),
        params,
    )
}

pub(crate) fn count_waiting(tx: &mut Tx, ctx: &Ctx, user: UserId, most: i64) -> Result<i64, Error> {
    let mut params = params![tx.org(), user, most];
    let sees = ctx.sees().clause("o", &mut params);
    let (count,): (i64,) = tx.one(
        &format!(
            "select count(*) as waiting
               from (select m.note_id
                       from note_mentions m
                       join orders o on o.org_id = $1 and o.id = m.order_id
                      where m.org_id = $1
                        and m.user_id = $2
                        and m.seen_at is null{sees}
                      limit $3) c"
        ),
        params,
    )?;
    Ok(count)
}

pub(crate) fn is_waiting(tx: &mut Tx, order: OrderId, user: UserId) -> Result<bool, Error> {
    let found: Option<(NoteId,)> = tx.optional(
        "select note_id from note_mentions where org_id = $1 and order_id = $2 and user_id = $3 and seen_at is null order by note_id limit 1",
        params![tx.org(), order, user],
    )?;
    Ok(found.is_some())
}

pub(crate) fn see(tx: &mut Tx, order: OrderId, user: UserId, up_to: Option<NoteId>, now: Time) -> Result<u64, Error> {
    tx.execute(
        "update note_mentions
            set seen_at = $5
          where org_id = $1
            and order_id = $2
            and user_id = $3
            and note_id <= $4
            and seen_at is null",
        params![tx.org(), order, user, up_to.map_or(i64::MAX, Id::to_i64), now],
    )
}
