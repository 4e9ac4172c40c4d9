//! Numbers of legal documents: invoices, credit notes, and what is to come. Without gaps, by kind,
//! store and, where the pattern names it, year.
//!
//! A number is taken in the transaction that binds it to its document, with the series' row locked to
//! the end of it: a transaction that fails gives its number back. The row is the last lock before the
//! counters, so take the number last. What always holds: from its first to its last number a series has
//! each once; a number never goes to another document; a document that counts no more keeps its number.
//!
//! Not here: the documents themselves; the numbers that people call orders by, which may have gaps (base).

mod pattern;

use access::Store;
use base::{Ctx, events};
use db::{OnUnique, Tx};
use kernel::{
    Actor, Amount, Check, CreditNoteId, Currency, Day, Details, Error, Event, FieldError, Id, JobId, NumberId, OrderId, OrderState, Permission,
    StoreId, Time, Version, words,
};

pub use pattern::Pattern;

use crate::limits;
use crate::store::{self, credits, series as rows};

words! {
    /// What kind of document a number is for.
    pub enum NumberKind {
        /// An invoice of an order.
        Invoice = "invoice",
        /// A credit note.
        CreditNote = "credit_note",
    }
}

impl NumberKind {
    /// How numbers look where nobody said.
    pub fn usual(self) -> &'static str {
        match self {
            NumberKind::Invoice => "{store}-{year}-{seq:5}",
            NumberKind::CreditNote => "{store}-CN-{year}-{seq:5}",
        }
    }
}

/// Letters of a pattern and of a reason.
const PATTERN: usize = 60;
const REASON: usize = 500;
/// The largest first number.
const FIRST: i64 = 1_000_000_000;

/// How the numbers of a kind look in a store, and where they stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// Of what.
    pub kind: NumberKind,
    /// In which store.
    pub store_id: StoreId,
    /// How a number is written: `{store}-{year}-{seq:5}`.
    pub pattern: String,
    /// Where the very first counting begins; later years begin at 1.
    pub first: i64,
    /// What the next document would get.
    pub next: String,
    /// 0 while the series is as built in.
    pub version: Version,
    /// When it was set.
    pub changed_at: Option<Time>,
}

/// How a series shall be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSeries {
    /// How a number is written.
    pub pattern: String,
    /// Where the very first counting begins; 1 when not given.
    pub first: Option<i64>,
    /// The version that was read.
    pub version: Option<Version>,
}

db::row! {
    /// A number that was given to a document.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct DocumentNumber {
        /// Which entry of the ledger.
        pub id: NumberId,
        /// Of what.
        pub kind: NumberKind,
        /// In which store.
        pub store_id: StoreId,
        /// Of which year; 0 when the series does not begin anew each year.
        pub year: i64,
        /// The counted part.
        pub seq: i64,
        /// The number as it stands on the document.
        pub number: String,
        /// The prefix of the document's id: `ord` for an order's invoice.
        pub subject_kind: String,
        /// The number of the document's id.
        pub subject_id: i64,
        /// The order that it is about, when there is one.
        pub order_id: Option<OrderId>,
        /// Of the total.
        pub currency: Currency,
        /// What the document came to when it got the number.
        pub total: Amount,
        /// The store's day.
        pub issued_on: Day,
        /// When.
        pub created_at: Time,
        /// Who: the kind of actor.
        pub actor_kind: String,
        /// Who: the number.
        pub actor_id: Option<i64>,
        /// Since when the document counts no more.
        pub voided_at: Option<Time>,
        /// Why, in words.
        pub void_reason: Option<String>,
        /// By whom: the kind of actor.
        pub voided_by_kind: Option<String>,
        /// By whom: the number.
        pub voided_by_id: Option<i64>,
    }
}

impl DocumentNumber {
    /// Who gave it.
    pub fn actor(&self) -> Actor {
        Actor::from_columns(&self.actor_kind, self.actor_id)
    }

    /// Who voided the document.
    pub fn voided_by(&self) -> Option<Actor> {
        self.voided_by_kind.as_deref().map(|kind| Actor::from_columns(kind, self.voided_by_id))
    }

    /// The document's id as people see it.
    pub fn subject(&self) -> String {
        kernel::id::show(&self.subject_kind, self.subject_id)
    }
}

/// The document that gets a number; the caller has locked it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Document {
    /// Of what kind.
    pub kind: NumberKind,
    /// The prefix of its id and the number.
    pub subject: (&'static str, i64),
    /// The order that it is about.
    pub order: Option<OrderId>,
    /// Of its total.
    pub currency: Currency,
    /// What it comes to.
    pub total: Amount,
}

/// Gives a document its number, or answers the one that it has; says whether it is new. Needs `number.issue`.
///
/// For whoever makes documents: lock the document first, call this after everything else that locks rows.
/// `Conflict` `series.collision` when the pattern leads to a number that another series has given already.
pub fn issue(tx: &mut Tx, ctx: &Ctx, store: &Store, document: &Document) -> Result<(DocumentNumber, bool), Error> {
    ctx.require(Permission::NumberIssue)?;
    if let Some(standing) = rows::of_document(tx, document.kind, document.subject)? {
        return Ok((standing, false));
    }

    let config = rows::find(tx, document.kind, store.id)?;
    let pattern = config.as_ref().map_or(document.kind.usual(), |config| config.pattern.as_str());
    let pattern = Pattern::parse(pattern).map_err(|_| Error::internal("a stored pattern cannot be read"))?;
    let day = ctx.now.day_in(&store.zone);
    let date = day.date();
    let year = if pattern.is_yearly() { i64::from(date.year()) } else { 0 };
    let seq = rows::take(tx, document.kind, store.id, year, config.map_or(1, |config| config.first))?;
    let (actor_kind, actor_id) = ctx.actor.columns();
    let number = DocumentNumber {
        id: tx.new_id(),
        kind: document.kind,
        store_id: store.id,
        year,
        seq,
        number: pattern.write(&store.code, date.year(), seq),
        subject_kind: document.subject.0.to_owned(),
        subject_id: document.subject.1,
        order_id: document.order,
        currency: document.currency,
        total: document.total,
        issued_on: day,
        created_at: ctx.now,
        actor_kind: actor_kind.to_owned(),
        actor_id,
        voided_at: None,
        void_reason: None,
        voided_by_kind: None,
        voided_by_id: None,
    };
    rows::insert(tx, &number).on_unique("document_numbers_number", || Error::conflict("series.collision").with("number", &number.number))?;
    Ok((number, true))
}

/// Gives an order the number of its invoice, once; says whether it is new. Needs `number.issue`.
///
/// `Conflict` `number.cancelled` for an order that was called off, `number.test` for one placed to try
/// things out. After its invoice was voided an order may get another number.
pub fn invoice(tx: &mut Tx, ctx: &Ctx, id: OrderId) -> Result<(DocumentNumber, bool), Error> {
    ctx.require(Permission::NumberIssue)?;

    let order = store::find_to_change(tx, ctx, id)?.ok_or(Error::not_found("order"))?;
    if let Some(standing) = rows::of_document(tx, NumberKind::Invoice, (OrderId::PREFIX, id.to_i64()))? {
        return Ok((standing, false));
    }
    if order.state == OrderState::Cancelled {
        return Err(Error::conflict("number.cancelled"));
    }
    if order.is_test {
        return Err(Error::conflict("number.test"));
    }

    let store = access::stores::find(tx, ctx, order.store_id)?;
    let subject = (OrderId::PREFIX, id.to_i64());
    let document = Document { kind: NumberKind::Invoice, subject, order: Some(id), currency: order.currency, total: order.total };
    let (number, is_new) = issue(tx, ctx, &store, &document)?;
    events::record(tx, ctx, Event::InvoiceNumbered { order: id, number_id: number.id, number: number.number.clone() })?;
    Ok((number, is_new))
}

/// Gives a credit note its number, once; says whether it is new. Needs `number.issue`.
pub fn credit(tx: &mut Tx, ctx: &Ctx, id: CreditNoteId) -> Result<(DocumentNumber, bool), Error> {
    ctx.require(Permission::NumberIssue)?;

    let note = credits::find_to_change(tx, ctx, id)?.ok_or(Error::not_found("credit_note"))?;
    let store = access::stores::find(tx, ctx, note.store_id)?;
    let subject = (CreditNoteId::PREFIX, id.to_i64());
    let document = Document { kind: NumberKind::CreditNote, subject, order: note.order_id, currency: note.currency, total: note.total };
    let (number, is_new) = issue(tx, ctx, &store, &document)?;
    if is_new {
        events::record(tx, ctx, Event::CreditNumbered { credit_note: id, number_id: number.id, number: number.number.clone() })?;
    }
    Ok((number, is_new))
}

/// Says that a document counts no more. Its number stays with it, with the reason; nobody gets it again.
/// Needs `number.issue`. `Conflict` `number.voided` when that was said before.
pub fn void(tx: &mut Tx, ctx: &Ctx, id: NumberId, reason: &str) -> Result<DocumentNumber, Error> {
    ctx.require(Permission::NumberIssue)?;

    let number = rows::find_number(tx, ctx, id)?.ok_or(Error::not_found("number"))?;
    let mut check = Check::new();
    check.require(!reason.trim().is_empty(), "reason", "required");
    limits::text(&mut check, "reason", Some(reason), REASON);
    check.done()?;
    if number.voided_at.is_some() || !rows::void(tx, ctx.actor, id, reason.trim(), ctx.now)? {
        return Err(Error::conflict("number.voided"));
    }

    let text = number.number.clone();
    let event = match (number.kind, number.order_id) {
        (NumberKind::Invoice, Some(order)) => Event::InvoiceVoided { order, number_id: id, number: text },
        _ => Event::CreditVoided { credit_note: CreditNoteId::from_i64(number.subject_id), number_id: id, number: text },
    };
    events::record_with(tx, ctx, event, Details::text(reason.trim()))?;
    rows::find_number(tx, ctx, id)?.ok_or(Error::not_found("number"))
}

/// Which numbers to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NumberFilter {
    /// Of this kind.
    pub kind: Option<NumberKind>,
    /// In these stores; in all when empty.
    pub stores: Vec<StoreId>,
    /// Of this year, as the series counts.
    pub year: Option<i64>,
    /// About this order.
    pub order: Option<OrderId>,
    /// Whether the document was voided.
    pub is_voided: Option<bool>,
    /// Older than this one: the last of the page before.
    pub before: Option<NumberId>,
}

/// The ledger, newest first. Needs `number.read`; shows the stores, and for whoever sees only some orders the
/// orders, that the caller may see.
pub fn list(tx: &mut Tx, ctx: &Ctx, filter: &NumberFilter, limit: u32) -> Result<Vec<DocumentNumber>, Error> {
    ctx.require(Permission::NumberRead)?;
    rows::list(tx, ctx, filter, limit.clamp(1, 200))
}

/// Every series of the stores that the caller may see, those as built in included. Needs `number.read`.
pub fn list_series(tx: &mut Tx, ctx: &Ctx) -> Result<Vec<Series>, Error> {
    ctx.require(Permission::NumberRead)?;
    let reader = Ctx { permissions: [Permission::StoreRead].into_iter().collect(), ..ctx.clone() };
    let stores = access::stores::list(tx, &reader, false)?;
    let (configs, counters) = (rows::list_series(tx)?, rows::counters(tx)?);
    let mut all = Vec::with_capacity(stores.len() * NumberKind::ALL.len());
    for store in &stores {
        for kind in NumberKind::ALL {
            let config = configs.iter().find(|config| config.kind == *kind && config.store_id == store.id);
            all.push(shown(ctx, store, *kind, config, &counters)?);
        }
    }
    Ok(all)
}

fn shown(ctx: &Ctx, store: &Store, kind: NumberKind, config: Option<&rows::Config>, counters: &[rows::Counter]) -> Result<Series, Error> {
    let text = config.map_or_else(|| kind.usual().to_owned(), |config| config.pattern.clone());
    let pattern = Pattern::parse(&text).map_err(|_| Error::internal("a stored pattern cannot be read"))?;
    let date = ctx.now.day_in(&store.zone).date();
    let year = if pattern.is_yearly() { i64::from(date.year()) } else { 0 };
    let own: Vec<&rows::Counter> = counters.iter().filter(|counter| counter.kind == kind && counter.store_id == store.id).collect();
    let first = config.map_or(1, |config| config.first);
    let next = match own.iter().find(|counter| counter.year == year) {
        Some(counter) => counter.next,
        None if own.is_empty() => first,
        None => 1,
    };
    Ok(Series {
        kind,
        store_id: store.id,
        next: pattern.write(&store.code, date.year(), next),
        pattern: text,
        first,
        version: config.map_or(0, |config| config.version),
        changed_at: config.map(|config| config.changed_at),
    })
}

/// Says how the numbers of a kind look in a store from now on. Needs `settings.edit`.
///
/// Numbers that were given stay as they are. `first` only counts for a series that has not begun.
/// `Invalid` `series.taken` when another store's numbers of this kind could look the same.
pub fn set(tx: &mut Tx, ctx: &Ctx, kind: NumberKind, store: StoreId, new: &NewSeries) -> Result<Series, Error> {
    ctx.require(Permission::SettingsEdit)?;

    let store = access::stores::find(tx, ctx, store)?;
    let standing = rows::find(tx, kind, store.id)?;
    let version = standing.as_ref().map_or(0, |config| config.version);
    let first = new.first.unwrap_or_else(|| standing.as_ref().map_or(1, |config| config.first));
    let mut check = Check::new();
    limits::text(&mut check, "pattern", Some(&new.pattern), PATTERN);
    match Pattern::parse(new.pattern.trim()) {
        Ok(pattern) => check.require(!is_taken(tx, kind, &store, &pattern)?, "pattern", "series.taken"),
        Err(code) => check.fail("pattern", code),
    }
    if !(1..=FIRST).contains(&first) {
        check.push(FieldError::new("first", "range").with("least", 1).with("most", FIRST));
    }
    check.done()?;
    if new.version.is_some_and(|read| read != version) {
        return Err(Error::Stale { version, fields: vec!["pattern"] });
    }

    if !rows::save(tx, ctx, kind, store.id, new.pattern.trim(), first, version)? {
        return Err(Error::Stale { version: version + 1, fields: vec!["pattern"] });
    }
    events::record(tx, ctx, Event::SeriesChanged { store: store.id, number_kind: kind.to_string() })?;
    let config = rows::find(tx, kind, store.id)?;
    let counters = rows::counters(tx)?;
    shown(ctx, &store, kind, config.as_ref(), &counters)
}

/// Whether another store writes its numbers so that they could be the same.
fn is_taken(tx: &mut Tx, kind: NumberKind, own: &Store, pattern: &Pattern) -> Result<bool, Error> {
    let everybody = Ctx::system(tx.org(), Time(0), std::sync::Arc::default());
    let configs = rows::list_series(tx)?;
    let skeleton = pattern.skeleton(&own.code);
    for store in access::stores::list(tx, &everybody, true)?.iter().filter(|store| store.id != own.id) {
        let config = configs.iter().find(|config| config.kind == kind && config.store_id == store.id);
        let theirs = Pattern::parse(config.map_or(kind.usual(), |config| config.pattern.as_str()));
        if theirs.is_ok_and(|theirs| theirs.skeleton(&store.code) == skeleton) {
            return Ok(true);
        }
    }
    Ok(false)
}

db::row! {
    /// A series whose ledger does not hold each of its numbers once.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Broken {
        /// Of what.
        pub kind: NumberKind,
        /// In which store.
        pub store_id: StoreId,
        /// Of which year.
        pub year: i64,
        /// Numbers that were given.
        pub expected: i64,
        /// Numbers that the ledger has.
        pub found: i64,
    }
}

/// Series with a gap or a double; there should never be one.
pub fn broken(tx: &mut Tx) -> Result<Vec<Broken>, Error> {
    rows::broken(tx)
}

/// The nightly proof: looks for gaps and doubles, and says so. Nothing is repaired: a number that was given
/// stands on paper. Needs `system.edit`.
pub fn prove(tx: &mut Tx, ctx: &Ctx, job: JobId) -> Result<Vec<Broken>, Error> {
    ctx.require(Permission::SystemEdit)?;
    let broken = rows::broken(tx)?;
    for one in &broken {
        let Broken { kind, store_id, year, expected, found } = one;
        tracing::error!(store.id = %store_id, number.kind = %kind, year, expected, found, "A series of numbers has a gap or a double");
        let event = Event::SeriesBroken { job, store: *store_id, number_kind: kind.to_string(), year: *year, expected: *expected, found: *found };
        events::record(tx, ctx, event)?;
    }
    Ok(broken)
}
