//! The SQL of consents.

use base::Ctx;
use db::{Tx, params};
use kernel::{ConsentId, ContactChannel, ContactPurpose, CustomerId, Error, Time};

use crate::consent::{Consent, NewConsent};

/// What is known of a customer's will.
pub(crate) enum Standing {
    /// Nothing is kept of her any more.
    Erased,
    /// She said yes or no.
    Said(bool),
    /// She never said anything.
    Silent,
}

/// The latest word counts. One statement.
pub(crate) fn standing(tx: &mut Tx, id: CustomerId, channel: ContactChannel, purpose: ContactPurpose) -> Result<Standing, Error> {
    let row: Option<(Option<Time>, Option<bool>)> = tx.optional(
        "select c.erased_at,
                (select s.is_given
                   from customer_consents s
                  where s.org_id = $1
                    and s.customer_id = c.id
                    and s.channel = $3
                    and s.purpose = $4
                  order by s.at desc, s.id desc
                  limit 1) as is_given
           from customers c
          where c.org_id = $1
            and c.id = coalesce((select m.merged_into from customers m where m.org_id = $1 and m.id = $2), $2)",
        params![tx.org(), id, channel, purpose],
    )?;
    Ok(match row {
        Some((Some(_), _)) => Standing::Erased,
        Some((None, Some(is_given))) => Standing::Said(is_given),
        _ => Standing::Silent,
    })
}

pub(crate) fn insert(
    tx: &mut Tx,
    ctx: &Ctx,
    id: ConsentId,
    customer: CustomerId,
    new: &NewConsent,
    at: Time,
    words: Option<&str>,
) -> Result<(), Error> {
    let (author_kind, author_id) = ctx.actor.columns();
    tx.execute(
        "insert into customer_consents (org_id, id, customer_id, channel, purpose, is_given, at, source, words, author_kind, author_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        params![tx.org(), id, customer, new.channel, new.purpose, new.is_given, at, new.source, words, author_kind, author_id],
    )
    .map(drop)
}

const CONSENT: &str = "s.id, s.channel, s.purpose, s.is_given, s.at, s.source, s.words, s.author_kind, s.author_id";

pub(crate) fn find(tx: &mut Tx, id: ConsentId) -> Result<Option<Consent>, Error> {
    tx.optional(&format!("select {CONSENT} from customer_consents s where s.org_id = $1 and s.id = $2"), params![tx.org(), id])
}

/// Newest first, older than a place.
pub(crate) fn before(tx: &mut Tx, customer: CustomerId, before: Option<(Time, i64)>, limit: u32) -> Result<Vec<Consent>, Error> {
    let mut params = params![tx.org(), customer, limit];
    let older = super::older_than("s.at", "s.id", before, &mut params);
    tx.rows(
        &format!(
            "select {CONSENT} from customer_consents s where s.org_id = $1 and s.customer_id = $2{older} order by s.at desc, s.id desc limit $3"
        ),
        params,
    )
}
