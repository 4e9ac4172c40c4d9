//! What a customer agreed to: on which way she may be reached, for what. Every word of hers is kept with the
//! moment, the way she said it and whoever wrote it down; the latest one counts.
//!
//! Messages about her own orders are allowed until she takes that back; advertising only once she agreed.

use base::{Ctx, events};
use db::Tx;
use kernel::{Actor, Check, ConsentId, ConsentSource, ContactChannel, ContactPurpose, CustomerId, Error, Event, FieldError, Permission, Time};

use crate::reach::shown_words;
use crate::service::to_change;
use crate::store::{self, consents as rows};

/// Letters of what was said.
const WORDS: usize = 500;

db::row! {
    /// One time that a customer agreed, or took it back.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Consent {
        /// Which.
        pub id: ConsentId,
        /// On which way.
        pub channel: ContactChannel,
        /// For what.
        pub purpose: ContactPurpose,
        /// Whether she agreed.
        pub is_given: bool,
        /// When she said so.
        pub at: Time,
        /// How she said so.
        pub source: ConsentSource,
        /// What she said, or where it can be found.
        pub words: Option<String>,
        /// Who wrote it down: the kind of actor.
        pub author_kind: String,
        /// Who wrote it down: the number.
        pub author_id: Option<i64>,
    }
}

impl Consent {
    /// Who wrote it down.
    pub fn author(&self) -> Actor {
        Actor::from_columns(&self.author_kind, self.author_id)
    }
}

/// What a customer said about being written to or called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewConsent {
    /// On which way.
    pub channel: ContactChannel,
    /// For what.
    pub purpose: ContactPurpose,
    /// Whether she agrees.
    pub is_given: bool,
    /// How she said so.
    pub source: ConsentSource,
    /// When she said so; now when not given.
    pub at: Option<Time>,
    /// What she said, or where it can be found.
    pub words: Option<String>,
}

/// Whether a customer may be reached on this way for this purpose: about her orders unless she took that
/// back, for advertising only if she agreed. Somebody who was erased is never reached. No right is asked
/// for: whoever sends a message asks here first.
pub fn may_message(tx: &mut Tx, id: CustomerId, channel: ContactChannel, purpose: ContactPurpose) -> Result<bool, Error> {
    Ok(match rows::standing(tx, id, channel, purpose)? {
        rows::Standing::Erased => false,
        rows::Standing::Said(is_given) => is_given,
        rows::Standing::Silent => purpose == ContactPurpose::Order,
    })
}

/// Writes down that a customer agreed to something or took it back. The same word again changes nothing.
pub fn record(tx: &mut Tx, ctx: &Ctx, id: CustomerId, new: &NewConsent) -> Result<Consent, Error> {
    ctx.require(Permission::CustomerEdit)?;

    let customer = to_change(tx, ctx, id)?;
    let words = new.words.as_deref().map(str::trim).filter(|words| !words.is_empty());
    let mut check = Check::new();
    if words.is_some_and(|words| words.chars().count() > WORDS) {
        check.push(FieldError::new("words", "too_long").with("max", WORDS));
    }
    check.require(!words.is_some_and(|words| words.contains('\0')), "words", "text.control");
    check.require(new.at.is_none_or(|at| at <= ctx.now.plus_s(300)), "at", "time.future");
    check.done()?;
    let at = new.at.unwrap_or(ctx.now);
    let standing = latest(tx, customer.id)?.into_iter().find(|one| one.channel == new.channel && one.purpose == new.purpose);
    if let Some(standing) = standing.filter(|one| one.is_given == new.is_given && one.at <= at) {
        return Ok(standing);
    }

    let consent: ConsentId = tx.new_id();
    rows::insert(tx, ctx, consent, customer.id, new, at, words)?;

    let event = Event::ConsentChanged { customer: customer.id, consent, channel: new.channel, purpose: new.purpose, is_given: new.is_given };
    events::record(tx, ctx, event)?;
    rows::find(tx, consent)?.ok_or_else(|| Error::internal("the consent just written is not there"))
}

/// Everything that a customer ever said about it, newest first.
pub fn list(tx: &mut Tx, ctx: &Ctx, id: CustomerId) -> Result<Vec<Consent>, Error> {
    ctx.require(Permission::CustomerRead)?;
    let customer = store::find(tx, ctx, id)?.ok_or(Error::not_found("customer"))?;
    Ok(shown(ctx, rows::before(tx, customer.id, None, 1_000)?))
}

/// The same page by page, newest first, older than a place, for whoever has looked her up.
pub fn before(tx: &mut Tx, ctx: &Ctx, id: CustomerId, before: Option<(Time, i64)>, limit: u32) -> Result<Vec<Consent>, Error> {
    ctx.require(Permission::CustomerRead)?;
    Ok(shown(ctx, rows::before(tx, id, before, limit)?))
}

/// Telephones and addresses in what was said are dots for those without the rights.
pub(crate) fn shown(ctx: &Ctx, all: Vec<Consent>) -> Vec<Consent> {
    all.into_iter().map(|one| Consent { words: one.words.map(|words| shown_words(ctx, &words)), ..one }).collect()
}

/// What counts now: the latest word for each way and purpose.
pub(crate) fn latest(tx: &mut Tx, id: CustomerId) -> Result<Vec<Consent>, Error> {
    let mut latest: Vec<Consent> = Vec::new();
    for one in rows::before(tx, id, None, 1_000)? {
        if !latest.iter().any(|newer| newer.channel == one.channel && newer.purpose == one.purpose) {
            latest.push(one);
        }
    }
    Ok(latest)
}
