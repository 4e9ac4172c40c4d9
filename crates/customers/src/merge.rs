//! Two records of one person become one, and two again.
//!
//! The record that goes stays as a pointer: its id, the shop's id of it and its e-mail address lead to the
//! one that was kept. Numbers, addresses, notes, marks and consents move at once and are written down, so
//! that undoing gives back just these; orders and what hangs on them are moved by `care`, which knows them.
//! What the kept record takes over of name, e-mail and language stands in the merge, before and after.
//!
//! A record that took in another one cannot go itself, and one that is gone cannot take in another: there
//! are no chains and no circles, so a pointer always leads to somebody who stands.

use std::collections::BTreeMap;

use base::{Ctx, events};
use db::Tx;
use kernel::{Actor, Check, CustomerId, Error, Event, Locale, MergeId, MergeState, Permission, TaskId, Time};
use serde::{Deserialize, Serialize};

use crate::labels;
use crate::model::{Customer, TotalsChange};
use crate::store::{self, merges as rows, reach};
use crate::take_back::take_totals_back;

/// Which record's value the kept one shall have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Side {
    /// Its own, or the other's where its own is empty.
    #[default]
    Kept,
    /// The other's.
    Gone,
}

/// What to choose where both records say something else.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Choices {
    /// Whose name.
    pub name: Side,
    /// Whose e-mail address.
    pub email: Side,
    /// Whose language.
    pub language: Side,
}

/// A value that the kept record took over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Taken {
    pub(crate) before: Option<String>,
    pub(crate) after: Option<String>,
}

/// What the kept record took over, by field.
pub(crate) type TakenOver = BTreeMap<String, Taken>;

db::row! {
    /// A merge.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Merge {
        /// Which.
        pub id: MergeId,
        /// Who was kept.
        pub kept_id: CustomerId,
        /// Who is part of them.
        pub gone_id: CustomerId,
        /// Where it stands.
        pub state: MergeState,
        /// The work, when there were too many orders for one moment.
        pub task_id: Option<TaskId>,
        /// Who merged: the kind of actor.
        pub author_kind: String,
        /// Who merged: the number.
        pub author_id: Option<i64>,
        /// When it began.
        pub created_at: Time,
        /// When all orders were over.
        pub merged_at: Option<Time>,
        /// When it was undone.
        pub undone_at: Option<Time>,
    }
}

impl Merge {
    /// Who merged.
    pub fn author(&self) -> Actor {
        Actor::from_columns(&self.author_kind, self.author_id)
    }
}

/// What moves with a merge, of one kind of things.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Telephone numbers.
    pub phones: i64,
    /// Addresses.
    pub addresses: i64,
    /// Notes.
    pub notes: i64,
    /// Marks.
    pub flags: i64,
    /// Consents.
    pub consents: i64,
}

/// The two records of a merge that could be, looked up and found fit: the kept one and the one that goes.
///
/// `Conflict` `merge.same`, `merge.gone` when one of them is part of somebody already, `merge.chain` when
/// the one that shall go took in another one, `merge.erasing`, `customer.erased`.
///
/// `locks` keeps both from others until the end of the transaction: for the merge itself, not for a look.
pub fn pair(tx: &mut Tx, ctx: &Ctx, kept: CustomerId, gone: CustomerId, locks: bool) -> Result<(Customer, Customer), Error> {
    ctx.require(Permission::CustomerMerge)?;

    if kept == gone {
        return Err(Error::conflict("merge.same"));
    }
    // Locked by id, so that two merges of the same people do not wait for each other.
    let (low, high) = if kept < gone { (kept, gone) } else { (gone, kept) };
    for id in [low, high] {
        store::find(tx, ctx, id)?.ok_or(Error::not_found("customer"))?;
        if let Some(into) = if locks { rows::lock(tx, id)? } else { rows::gone_into(tx, id)? } {
            return Err(Error::conflict("merge.gone").with("customer", id).with("kept", into));
        }
    }
    if let Some(taken_in) = rows::standing_of(tx, gone)?.first() {
        return Err(Error::conflict("merge.chain").with("customer", gone).with("taken", taken_in.gone_id));
    }
    let find = |tx: &mut Tx, id| store::find_row(tx, id)?.ok_or(Error::not_found("customer"));
    let (kept, gone) = (find(tx, kept)?, find(tx, gone)?);
    if kept.erased_at.is_some() || gone.erased_at.is_some() {
        return Err(Error::conflict("customer.erased"));
    }
    for id in [kept.id, gone.id] {
        if store::erasures::open(tx, id)?.is_some() {
            return Err(Error::conflict("merge.erasing").with("customer", id));
        }
    }
    Ok((kept, gone))
}

/// What moves with a merge of the customer's own things.
pub fn counts(tx: &mut Tx, gone: CustomerId) -> Result<Counts, Error> {
    rows::counts(tx, gone)
}

/// Merges the records themselves: pointer, numbers, addresses, notes, marks, consents, chosen fields. The
/// caller moves the orders, and says how far they are by the state.
pub fn begin(tx: &mut Tx, ctx: &Ctx, kept: &Customer, gone: &Customer, choices: &Choices) -> Result<Merge, Error> {
    ctx.require(Permission::CustomerMerge)?;

    let (after, mut fields) = chosen(kept, gone, choices);
    let merge: MergeId = tx.new_id();
    rows::insert(tx, ctx, merge, kept.id, gone.id, &fields)?;
    rows::move_own(tx, merge, gone.id, kept.id)?;
    rows::point(tx, gone.id, Some(kept.id), ctx.now)?;
    if !store::update(tx, &after, kept.version, ctx.now)? {
        return Err(Error::Stale { version: kept.version + 1, fields: vec!["name", "email", "language"] });
    }
    if labels::take_over_labels(tx, ctx, kept.id, gone.id)? {
        let now = store::find_row(tx, kept.id)?.ok_or_else(|| Error::internal("a kept customer has no row"))?;
        for (field, before, after) in [("tags", &kept.tags, now.tags), ("custom", &kept.custom, now.custom)] {
            if *before != after {
                fields.insert(field.to_owned(), Taken { before: Some(before.clone()), after: Some(after) });
            }
        }
        rows::set_fields(tx, merge, &fields)?;
    }

    events::record(tx, ctx, Event::CustomersMerged { customer: kept.id, gone: gone.id, merge })?;
    events::record(tx, ctx, Event::CustomerMergedAway { customer: gone.id, kept: kept.id, merge })?;
    tx.touch("customer", kept.id);
    tx.touch("customer", gone.id);
    find_any(tx, merge)
}

/// The kept record as it will be, and what it takes over. What it lacks it takes in any case.
fn chosen(kept: &Customer, gone: &Customer, choices: &Choices) -> (Customer, TakenOver) {
    let mut after = kept.clone();
    let mut fields = TakenOver::new();
    let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let mut take = |field: &str, side: Side, own: Option<String>, other: Option<String>| {
        let takes = other.is_some() && own != other && (own.is_none() || side == Side::Gone);
        if takes {
            fields.insert(field.to_owned(), Taken { before: own, after: other });
        }
        takes
    };
    if take("name", choices.name, text(&kept.name), text(&gone.name)) {
        after.name.clone_from(&gone.name);
    }
    if take("email", choices.email, kept.email.clone(), gone.email.clone()) {
        after.email.clone_from(&gone.email);
    }
    let word = |language: Option<Locale>| language.map(|one| one.as_str().to_owned());
    if take("language", choices.language, word(kept.language), word(gone.language)) {
        (after.language, after.language_source) = (gone.language, gone.language_source);
        let source = |one: &Customer| one.language_source.map(|source| source.as_str().to_owned());
        fields.insert("language_source".to_owned(), Taken { before: source(kept), after: source(gone) });
    }
    (after, fields)
}

/// One merge of customers that the caller may see.
pub fn find(tx: &mut Tx, ctx: &Ctx, id: MergeId) -> Result<Merge, Error> {
    ctx.require(Permission::CustomerRead)?;
    let merge = rows::find(tx, id)?.ok_or(Error::not_found("merge"))?;
    store::find(tx, ctx, merge.kept_id)?.ok_or(Error::not_found("merge"))?;
    Ok(merge)
}

/// What the record that went is called, for whoever has looked the kept one up; none once it is erased.
pub fn name_of(tx: &mut Tx, ctx: &Ctx, merge: &Merge) -> Result<Option<String>, Error> {
    ctx.require(Permission::CustomerRead)?;
    Ok(store::find_row(tx, merge.gone_id)?.filter(|gone| gone.erased_at.is_none()).map(|gone| gone.name))
}

fn find_any(tx: &mut Tx, id: MergeId) -> Result<Merge, Error> {
    rows::find(tx, id)?.ok_or_else(|| Error::internal("a merge has no row"))
}

/// One merge for the work that moves its orders, whoever may see it.
pub fn of_job(tx: &mut Tx, id: MergeId) -> Result<Option<Merge>, Error> {
    rows::find(tx, id)
}

/// Begins to undo a merge: its customer stands again, with what moved and is still there. The caller moves
/// the orders back that were written down.
///
/// `Conflict` `merge.running` while orders are on their way, `merge.undone`, `merge.final` once the person
/// was erased.
pub fn begin_undo(tx: &mut Tx, ctx: &Ctx, id: MergeId) -> Result<Merge, Error> {
    ctx.require(Permission::CustomerMerge)?;

    let merge = find(tx, ctx, id)?;
    rows::lock(tx, merge.gone_id.min(merge.kept_id))?;
    rows::lock(tx, merge.gone_id.max(merge.kept_id))?;
    let merge = find_any(tx, merge.id)?;
    match merge.state {
        MergeState::Merged => {}
        MergeState::Merging | MergeState::Undoing => return Err(Error::conflict("merge.running")),
        MergeState::Undone => return Err(Error::conflict("merge.undone")),
        MergeState::Final => return Err(Error::conflict("merge.final")),
    }
    if store::erasures::open(tx, merge.kept_id)?.is_some() {
        return Err(Error::conflict("merge.erasing").with("customer", merge.kept_id));
    }
    give_fields_back(tx, ctx, &merge)?;
    rows::move_own_back(tx, &merge)?;
    rows::point(tx, merge.gone_id, None, ctx.now)?;
    rows::set_undoing(tx, ctx, id)?;

    events::record(tx, ctx, Event::CustomersUnmerged { customer: merge.kept_id, gone: merge.gone_id, merge: id })?;
    tx.touch("customer", merge.kept_id);
    tx.touch("customer", merge.gone_id);
    find_any(tx, id)
}

/// The kept record gets its own values back, unless somebody changed them since. Where a later merge took
/// over the same field, that one remembers the older value instead.
fn give_fields_back(tx: &mut Tx, ctx: &Ctx, merge: &Merge) -> Result<(), Error> {
    let fields = rows::fields(tx, merge.id)?;
    if fields.is_empty() {
        return Ok(());
    }
    let later: Vec<MergeId> = rows::standing_of(tx, merge.kept_id)?.into_iter().map(|one| one.id).filter(|id| *id > merge.id).rev().collect();
    let kept = store::find_row(tx, merge.kept_id)?.ok_or_else(|| Error::internal("a kept customer has no row"))?;
    let mut after = kept.clone();
    for (field, taken) in fields {
        let mut is_handed_on = false;
        for id in &later {
            let mut theirs = rows::fields(tx, *id)?;
            if let Some(newer) = theirs.get_mut(&field) {
                newer.before = taken.before.clone();
                rows::set_fields(tx, *id, &theirs)?;
                is_handed_on = true;
                break;
            }
        }
        if is_handed_on {
            continue;
        }
        match field.as_str() {
            "name" if Some(&kept.name) == taken.after.as_ref() => after.name = taken.before.unwrap_or_default(),
            "email" if kept.email == taken.after => after.email = taken.before,
            "language" if kept.language.map(|one| one.as_str()) == taken.after.as_deref() => {
                after.language = taken.before.and_then(|word| word.parse().ok());
            }
            "tags" if Some(&kept.tags) == taken.after.as_ref() => after.tags = taken.before.unwrap_or_else(|| "[]".to_owned()),
            "custom" if Some(&kept.custom) == taken.after.as_ref() => after.custom = taken.before.unwrap_or_else(|| "{}".to_owned()),
            "language_source" if kept.language_source.map(|one| one.as_str()) == taken.after.as_deref() => {
                after.language_source = taken.before.and_then(|word| word.parse().ok());
            }
            _ => {}
        }
    }
    if after != kept && !store::update(tx, &after, kept.version, ctx.now)? {
        return Err(Error::Stale { version: kept.version + 1, fields: vec!["name", "email", "language"] });
    }
    if after.tags != kept.tags || after.custom != kept.custom {
        store::labels::set(tx, kept.id, &after.tags, &after.custom)?;
        labels::save(tx, ctx, &after)?;
    }
    Ok(())
}

/// Says where a merge stands, and which task shows the work.
pub fn set_state(tx: &mut Tx, ctx: &Ctx, id: MergeId, state: MergeState, task: Option<TaskId>) -> Result<(), Error> {
    rows::set_state(tx, id, state, task, ctx.now)
}

/// Writes down which things of another domain moved with a merge.
pub fn note_moved(tx: &mut Tx, merge: MergeId, kind: &'static str, items: &[i64]) -> Result<(), Error> {
    rows::note_moved(tx, merge, kind, items)
}

/// Things of another domain that moved with a merge and are still to be moved back, at most so many.
pub fn moved(tx: &mut Tx, merge: MergeId, kind: &'static str, limit: u32) -> Result<Vec<i64>, Error> {
    rows::moved(tx, merge, kind, limit)
}

/// Strikes off what was moved back.
pub fn moved_back(tx: &mut Tx, merge: MergeId, kind: &'static str, items: &[i64]) -> Result<(), Error> {
    rows::forget_moved(tx, merge, kind, items)
}

/// Carries the figures of orders over from one customer to another: both always say what their orders come
/// to. `change` counts them, `span` is when the first and the last of them were placed, `left` the same for
/// the orders of that store that stay, if any do.
pub fn shift_totals(
    tx: &mut Tx,
    from: CustomerId,
    to: CustomerId,
    change: &TotalsChange,
    span: (Time, Time),
    left: Option<(Time, Time)>,
) -> Result<(), Error> {
    let less = TotalsChange {
        orders: -change.orders,
        delivered: -change.delivered,
        returned: -change.returned,
        cancelled: -change.cancelled,
        ordered_total: -change.ordered_total,
        delivered_total: -change.delivered_total,
        ..*change
    };
    take_totals_back(tx, from, &less, left)?;
    let more = TotalsChange { ordered_at: span.0, ..*change };
    let stretch = TotalsChange {
        ordered_at: span.1,
        orders: 0,
        delivered: 0,
        returned: 0,
        cancelled: 0,
        ordered_total: kernel::Amount::ZERO,
        delivered_total: kernel::Amount::ZERO,
        ..*change
    };
    store::add_totals(tx, to, &more)?;
    store::add_totals(tx, to, &stretch)
}

/// How many orders a customer has, by her figures.
pub fn orders_of(tx: &mut Tx, id: CustomerId) -> Result<i64, Error> {
    rows::orders_of(tx, id)
}

/// Who this customer is and whom it took in: all ids that ever meant this person.
pub fn ids_of(tx: &mut Tx, id: CustomerId) -> Result<Vec<CustomerId>, Error> {
    let mut ids = vec![id];
    ids.extend(rows::standing_of(tx, id)?.into_iter().map(|merge| merge.gone_id));
    Ok(ids)
}

/// Merges into this customer, newest first, older than a place; those undone, too.
pub fn merges_before(tx: &mut Tx, id: CustomerId, before: Option<(Time, i64)>, limit: u32) -> Result<Vec<Merge>, Error> {
    rows::before(tx, id, before, limit)
}

/// The numbers of a customer, for whoever has looked her up.
pub fn phones_of(tx: &mut Tx, id: CustomerId) -> Result<Vec<crate::PhoneRow>, Error> {
    reach::list_phones(tx, id)
}

/// Checks the words of a choice: `kept` or `gone`.
pub fn side(check: &mut Check, field: &'static str, word: Option<&str>) -> Side {
    match word {
        None | Some("kept") => Side::Kept,
        Some("gone") => Side::Gone,
        Some(_) => {
            check.push(kernel::FieldError::new(field, "format").with("expected", "kept, gone"));
            Side::Kept
        }
    }
}
