//! The SQL of notes and tracking entries.

use db::{Tx, params};
use kernel::{Actor, Error, NoteAudience, NoteId, OrderId, Time, TrackingEntryId};

use crate::model::{NewTrackingEntry, Note, TrackingEntry};

pub(crate) fn insert(tx: &mut Tx, order: OrderId, id: NoteId, audience: NoteAudience, author: Actor, body: &str, now: Time) -> Result<(), Error> {
    let (author_kind, author_id) = author.columns();
    tx.execute(
        "insert into order_notes (org_id, order_id, id, audience, author_kind, author_id, body, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![tx.org(), order, id, audience, author_kind, author_id, body, now],
    )
    .map(drop)
}

/// The order knows how many notes it has, so that lists need not count.
pub(crate) fn count_one_more(tx: &mut Tx, order: OrderId, now: Time) -> Result<(), Error> {
    tx.execute("update orders set note_count = note_count + 1, updated_at = $3 where org_id = $1 and id = $2", params![tx.org(), order, now])
        .map(drop)
}

/// Notes, oldest first; those for the customer alone when `audience` says so.
pub(crate) fn list(tx: &mut Tx, order: OrderId, audience: Option<NoteAudience>) -> Result<Vec<Note>, Error> {
    let mut params = params![tx.org(), order];
    let mut only = "";
    if let Some(audience) = audience {
        params.push(kernel::value::ToValue::to_value(&audience));
        only = " and audience = $3";
    }
    tx.rows(
        &format!(
            "select id, audience, author_kind, author_id, body, created_at, pinned_at
               from order_notes
              where org_id = $1
                and order_id = $2{only}
              order by id
              limit 1000"
        ),
        params,
    )
}

/// One note of an order.
pub(crate) fn find(tx: &mut Tx, order: OrderId, id: NoteId) -> Result<Option<Note>, Error> {
    tx.optional(
        "select id, audience, author_kind, author_id, body, created_at, pinned_at
           from order_notes
          where org_id = $1
            and order_id = $2
            and id = $3",
        params![tx.org(), order, id],
    )
}

pub(crate) fn count_pinned(tx: &mut Tx, order: OrderId) -> Result<i64, Error> {
    let (count,): (i64,) =
        tx.one("select count(*) from order_notes where org_id = $1 and order_id = $2 and pinned_at is not null", params![tx.org(), order])?;
    Ok(count)
}

pub(crate) fn set_pinned(tx: &mut Tx, order: OrderId, id: NoteId, at: Option<Time>) -> Result<(), Error> {
    tx.execute("update order_notes set pinned_at = $4 where org_id = $1 and order_id = $2 and id = $3", params![tx.org(), order, id, at]).map(drop)
}

pub(crate) fn insert_tracking(
    tx: &mut Tx,
    order: OrderId,
    id: TrackingEntryId,
    new: &NewTrackingEntry,
    author: Actor,
    now: Time,
) -> Result<(), Error> {
    let (author_kind, author_id) = author.columns();
    tx.execute(
        "insert into tracking_entries (org_id, order_id, id, at, status, place, body, source, author_kind, author_id, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        params![
            tx.org(),
            order,
            id,
            new.at.unwrap_or(now),
            new.status,
            new.place,
            new.text,
            new.source.as_deref().unwrap_or("staff"),
            author_kind,
            author_id,
            now
        ],
    )
    .map(drop)
}

/// Tracking entries by their own time, oldest first.
pub(crate) fn list_tracking(tx: &mut Tx, order: OrderId) -> Result<Vec<TrackingEntry>, Error> {
    tx.rows(
        "select id, at, status, place, body as text, source, author_kind, author_id, created_at
           from tracking_entries
          where org_id = $1
            and order_id = $2
          order by at, id
          limit 1000",
        params![tx.org(), order],
    )
}
