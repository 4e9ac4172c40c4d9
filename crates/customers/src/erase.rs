//! Forgetting a person: what is kept about her in this crate, and where the whole erasing stands.
//!
//! Erasing is asked for, waits as long as the settings say, and can be called off until then. `care` does
//! the rest of it: orders, messages, files. What stays are amounts, provinces and dates of her orders, the
//! figures of her record, and a certificate in the history without anything personal.

use base::jobs::NewJob;
use base::{Ctx, events, jobs};
use db::Tx;
use kernel::{Actor, CustomerId, ErasureCause, ErasureId, ErasureState, Error, Event, JobKind, Permission, Time, fold};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::merge::ids_of;
use crate::needles::Needles;
use crate::store::{self, erasures as rows, reach};

/// What the sealed signs of a person are bound to.
const PURPOSE: &str = "erasure";

db::row! {
    /// The erasing of a person.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Erasure {
        /// Which.
        pub id: ErasureId,
        /// Whose.
        pub customer_id: CustomerId,
        /// Where it stands.
        pub state: ErasureState,
        /// Why.
        pub cause: ErasureCause,
        /// When it begins, or began.
        pub due_at: Time,
        /// JSON: what is gone, in figures.
        pub counts: String,
        /// Who asked for it: the kind of actor.
        pub author_kind: String,
        /// Who asked for it: the number.
        pub author_id: Option<i64>,
        /// When it was asked for.
        pub created_at: Time,
        /// When it was done or called off.
        pub finished_at: Option<Time>,
    }
}

/// What an erasing took away, in figures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Erased {
    /// Orders that name nobody any more.
    pub orders: u64,
    /// Messages whose words are gone.
    pub messages: u64,
    /// Notes, marks, consents, numbers and addresses.
    pub notes: u64,
    /// Files that named the person.
    pub files: u64,
    /// Details of events.
    pub events: u64,
    /// Kept answers and other traces.
    pub traces: u64,
}

impl Erasure {
    /// Who asked for it.
    pub fn author(&self) -> Actor {
        Actor::from_columns(&self.author_kind, self.author_id)
    }

    /// What is gone so far.
    pub fn erased(&self) -> Erased {
        serde_json::from_str(&self.counts).unwrap_or_default()
    }
}

/// Asks for a person to be erased. `confirm` is the customer's name or id, typed by whoever asks. It begins
/// after the hours that the settings give; until then it can be called off.
///
/// `Invalid` on `confirm`, `Conflict` `erase.twin` when it was asked for already, `customer.erased`,
/// `merge.running` while orders of hers are on their way from one record to another.
pub fn ask(tx: &mut Tx, ctx: &Ctx, id: CustomerId, confirm: &str) -> Result<Erasure, Error> {
    ctx.require(Permission::CustomerErase)?;

    let customer = store::find(tx, ctx, id)?.ok_or(Error::not_found("customer"))?;
    if customer.erased_at.is_some() {
        return Err(Error::conflict("customer.erased"));
    }
    let typed = confirm.trim();
    let is_named = !customer.name.is_empty() && fold(typed) == fold(&customer.name);
    if !is_named && typed != customer.id.to_string() {
        return Err(Error::field("confirm", "erase.confirm"));
    }
    begin(tx, ctx, customer.id, ErasureCause::Asked, ctx.now.plus_s(i64::from(ctx.settings.privacy.erase_wait_hours) * 3_600))
}

/// The same by the rules of retention, at once. For the job that looks for people nobody has heard of.
pub fn forget(tx: &mut Tx, ctx: &Ctx, id: CustomerId) -> Result<Erasure, Error> {
    ctx.require(Permission::CustomerErase)?;
    begin(tx, ctx, id, ErasureCause::Inactive, ctx.now)
}

fn begin(tx: &mut Tx, ctx: &Ctx, id: CustomerId, cause: ErasureCause, due_at: Time) -> Result<Erasure, Error> {
    store::merges::lock(tx, id)?;
    if store::merges::standing_of(tx, id)?.iter().any(|merge| matches!(merge.state, kernel::MergeState::Merging | kernel::MergeState::Undoing)) {
        return Err(Error::conflict("merge.running"));
    }
    let erasure: ErasureId = tx.new_id();
    if !rows::insert(tx, ctx, erasure, id, cause, due_at)? {
        return Err(Error::conflict("erase.twin"));
    }
    let work = NewJob {
        run_at: due_at,
        unique_key: Some(format!("erase:{erasure}")),
        ..NewJob::now(ctx, JobKind::ErasePerson, json!({ "erasure": erasure }))
    };
    jobs::enqueue(tx, ctx, work)?;

    events::record(tx, ctx, Event::ErasureAsked { customer: id, erasure, cause, due_at })?;
    rows::find(tx, erasure)?.ok_or_else(|| Error::internal("the erasing just asked for is not there"))
}

/// Calls an erasing off. `Conflict` `erase.too_late` once it has begun.
pub fn cancel(tx: &mut Tx, ctx: &Ctx, id: CustomerId) -> Result<Erasure, Error> {
    ctx.require(Permission::CustomerErase)?;

    let customer = store::find(tx, ctx, id)?.ok_or(Error::not_found("customer"))?;
    let open = rows::open(tx, customer.id)?.ok_or(Error::not_found("erasure"))?;
    if !rows::cancel(tx, open.id, ctx.now)? {
        return Err(Error::conflict("erase.too_late"));
    }

    events::record(tx, ctx, Event::ErasureCancelled { customer: customer.id, erasure: open.id })?;
    rows::find(tx, open.id)?.ok_or_else(|| Error::internal("an erasing has no row"))
}

/// The latest erasing of a customer; `NotFound` when there was none.
pub fn find(tx: &mut Tx, ctx: &Ctx, id: CustomerId) -> Result<Erasure, Error> {
    ctx.require(Permission::CustomerRead)?;
    let customer = store::find(tx, ctx, id)?.ok_or(Error::not_found("customer"))?;
    rows::latest(tx, customer.id)?.ok_or(Error::not_found("erasure"))
}

/// All records of the person whom an erasing is about, before anything of her is gone.
pub fn ids_of_person(tx: &mut Tx, id: ErasureId) -> Result<Vec<CustomerId>, Error> {
    match rows::find(tx, id)? {
        Some(erasure) => ids_of(tx, erasure.customer_id),
        None => Ok(Vec::new()),
    }
}

/// A person in the hands of the work that erases her.
#[derive(Clone, Debug)]
pub struct Person {
    /// The erasing.
    pub erasure: Erasure,
    /// Her id and those of the records that became part of her.
    pub ids: Vec<CustomerId>,
    /// What she is found by.
    pub needles: Needles,
}

/// Seals what running erasings look for again with the current key; answers how many needed it.
pub fn rewrap(tx: &mut Tx, ctx: &Ctx) -> Result<u64, Error> {
    let mut changed = 0;
    for (id, sealed) in rows::all_sealed(tx)? {
        if let Some(sealed) = ctx.secrets.rewrapped(tx.org(), PURPOSE, &sealed)? {
            rows::rewrap(tx, id, &sealed)?;
            changed += 1;
        }
    }
    Ok(changed)
}

/// Begins the work, or goes on with it: forgets everything this crate keeps, and answers what is left to be
/// looked for. None when it was called off or is done. From here on nothing new can come to this person: her
/// numbers and addresses lead nowhere, and who writes again is somebody new.
pub fn begin_work(tx: &mut Tx, ctx: &Ctx, id: ErasureId, more: &Needles) -> Result<Option<Person>, Error> {
    let Some(erasure) = rows::find(tx, id)? else { return Ok(None) };
    let customer = erasure.customer_id;
    match erasure.state {
        ErasureState::Done | ErasureState::Cancelled => return Ok(None),
        ErasureState::Running => {
            let sealed = rows::sealed(tx, id)?.ok_or_else(|| Error::internal("an erasing has lost what it looks for"))?;
            let plain = ctx.secrets.open(tx.org(), PURPOSE, &sealed)?;
            let needles = serde_json::from_slice(&plain).map_err(Error::internal)?;
            return Ok(Some(Person { ids: ids_of(tx, customer)?, erasure, needles }));
        }
        ErasureState::Waiting => {}
    }
    store::merges::lock(tx, customer)?;
    let ids = ids_of(tx, customer)?;
    let mut needles = more.clone();
    for id in &ids {
        gather(tx, *id, &mut needles)?;
    }
    let sealed = ctx.secrets.seal(tx.org(), PURPOSE, &serde_json::to_vec(&needles).map_err(Error::internal)?)?;
    if !rows::start(tx, id, &sealed)? {
        return Ok(None);
    }
    for id in &ids {
        // With what filters and counters know of her tags and fields.
        crate::erase_labels(tx, ctx, *id)?;
    }
    let notes = rows::forget(tx, &ids, ctx.now)?;
    for id in &ids {
        tx.touch("customer", *id);
    }
    rows::set_counts(tx, id, &Erased { notes, ..Erased::default() })?;
    let erasure = rows::find(tx, id)?.ok_or_else(|| Error::internal("an erasing has no row"))?;
    Ok(Some(Person { erasure, ids, needles }))
}

fn gather(tx: &mut Tx, id: CustomerId, needles: &mut Needles) -> Result<(), Error> {
    needles.id(id);
    if let Some(customer) = store::find_row(tx, id)? {
        needles.name(&customer.name);
        needles.word(customer.email.as_deref().unwrap_or_default());
        needles.word(customer.external_ref.as_deref().unwrap_or_default());
    }
    for row in reach::list_phones(tx, id)? {
        needles.phone(&row.phone);
    }
    for address in reach::list_addresses(tx, id)? {
        needles.word(&address.line1);
    }
    Ok(())
}

/// Adds to what is gone, in the transaction in which it went.
pub fn add_counts(tx: &mut Tx, id: ErasureId, more: &Erased) -> Result<(), Error> {
    let Some(erasure) = rows::find(tx, id)? else { return Ok(()) };
    let so_far = erasure.erased();
    let counts = Erased {
        orders: so_far.orders + more.orders,
        messages: so_far.messages + more.messages,
        notes: so_far.notes + more.notes,
        files: so_far.files + more.files,
        events: so_far.events + more.events,
        traces: so_far.traces + more.traces,
    };
    rows::set_counts(tx, id, &counts)
}

/// Ends the work: the signs of the person go as well, and the certificate is written.
pub fn finish(tx: &mut Tx, ctx: &Ctx, id: ErasureId) -> Result<(), Error> {
    let Some(erasure) = rows::find(tx, id)?.filter(|erasure| erasure.state == ErasureState::Running) else { return Ok(()) };
    rows::finish(tx, id, ctx.now)?;
    let Erased { orders, messages, notes, files, events: details, .. } = erasure.erased();
    let certificate =
        Event::PersonErased { customer: erasure.customer_id, erasure: id, cause: erasure.cause, orders, messages, notes, files, events: details };
    events::record(tx, ctx, certificate)?;
    tx.touch("customer", erasure.customer_id);
    Ok(())
}

/// Customers of whom nothing was heard since `before`, older than a place: nothing ordered, nothing changed.
/// Those who are gone already are not among them. Also answers where to go on; none at the end.
pub fn inactive(tx: &mut Tx, before: Time, after: Option<rows::Place>, limit: u32) -> Result<(Vec<CustomerId>, Option<rows::Place>), Error> {
    rows::inactive(tx, before, after, limit)
}
