//! The SQL of notes about customers.

use base::Ctx;
use db::{Tx, params};
use kernel::{CustomerId, Error, NoteId, Time};

use crate::notes::Note;

pub(crate) fn insert(tx: &mut Tx, ctx: &Ctx, id: NoteId, customer: CustomerId, text: &str) -> Result<(), Error> {
    let (author_kind, author_id) = ctx.actor.columns();
    tx.execute(
        "insert into customer_notes (org_id, id, customer_id, body, author_kind, author_id, created_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        params![tx.org(), id, customer, text, author_kind, author_id, ctx.now],
    )
    .map(drop)
}

pub(crate) fn delete(tx: &mut Tx, customer: CustomerId, id: NoteId) -> Result<bool, Error> {
    let gone = tx.execute("delete from customer_notes where org_id = $1 and id = $2 and customer_id = $3", params![tx.org(), id, customer])?;
    Ok(gone == 1)
}

/// Newest first, older than a place.
pub(crate) fn before(tx: &mut Tx, customer: CustomerId, before: Option<(Time, i64)>, limit: u32) -> Result<Vec<Note>, Error> {
    let mut params = params![tx.org(), customer, limit];
    let older = super::older_than("n.created_at", "n.id", before, &mut params);
    tx.rows(
        &format!(
            "select n.id, n.body as text, n.author_kind, n.author_id, n.created_at
               from customer_notes n
              where n.org_id = $1
                and n.customer_id = $2{older}
              order by n.created_at desc, n.id desc
              limit $3"
        ),
        params,
    )
}
