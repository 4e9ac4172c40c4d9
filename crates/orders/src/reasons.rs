//! Why: the lists of reasons to hold an order back, to call it off and to pass it up the team.
//!
//! Each list begins with the reasons of [`seeds`], in four languages. An organization adds its own, and
//! renames, reorders and archives all of them; a row stands only for what it added or changed, so a
//! later release can bring more. What always holds: a code means the same for good, and is never
//! removed, because histories and figures name it.

pub(crate) mod seeds;

use std::collections::BTreeMap;

use base::{Ctx, events};
use db::Tx;
use kernel::{Check, Details, Error, Event, FieldError, Labels, Locale, Permission, ReasonId, Time, Version, words};

use crate::limits;
use crate::store::reasons as store;

pub(crate) use seeds::Seed;

words! {
    /// What a reason is for.
    pub enum ReasonList {
        /// To hold an order back.
        Hold = "hold",
        /// To call an order off.
        Cancellation = "cancellation",
        /// To pass a problem up the team.
        Escalation = "escalation",
    }
}

/// What any unknown reason to call an order off counts as.
pub(crate) const OTHER: &str = "other";
/// Reasons of its own that an organization may have in one list.
const OWN: usize = 200;
const LABEL: usize = 80;
const POSITION: i64 = 1_000_000;
/// Where the organization's own reasons stand when nobody says where: behind those of the program.
const LAST: i64 = 1_000;

/// A reason of one of the lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// What it is for.
    pub list: ReasonList,
    /// Small letters, digits and underscores; never changes.
    pub code: String,
    /// What people read, by language.
    pub labels: Labels,
    /// Whether whoever gives it must say more.
    pub needs_note: bool,
    /// Whether a cancellation for it counts against the customer.
    pub against_customer: bool,
    /// Its place in the list, the lowest first.
    pub position: i64,
    /// Since when it cannot be chosen any more.
    pub archived_at: Option<Time>,
    /// Whether it came with the program.
    pub is_seeded: bool,
    /// Grows with each change, from 1.
    pub version: Version,
}

impl Reason {
    /// What people of this language read; the code when nobody wrote anything.
    pub fn label(&self, locale: Locale) -> &str {
        let own = locale.fallbacks().iter().find_map(|locale| self.labels.get(locale));
        own.or_else(|| self.labels.values().next()).map_or(&self.code, String::as_str)
    }
}

/// A reason to be added.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewReason {
    /// Small letters, digits and underscores, at most 60.
    pub code: String,
    /// What people read, in at least one language.
    pub labels: Labels,
    /// Whether whoever gives it must say more.
    pub needs_note: bool,
    /// Whether a cancellation for it counts against the customer.
    pub against_customer: bool,
    /// Its place; behind all others when not given.
    pub position: Option<i64>,
}

/// What shall be different about a reason; `None` leaves a field as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReasonChange {
    /// Other words, all languages at once.
    pub labels: Option<Labels>,
    /// Whether more must be said.
    pub needs_note: Option<bool>,
    /// Whether it counts against the customer.
    pub against_customer: Option<bool>,
    /// Another place.
    pub position: Option<i64>,
    /// Out of the list, or back in it.
    pub is_archived: Option<bool>,
}

/// The reasons of a list by their places; archived ones when asked for. Needs `order.read`.
pub fn list(tx: &mut Tx, ctx: &Ctx, list: ReasonList, with_archived: bool) -> Result<Vec<Reason>, Error> {
    ctx.require(Permission::OrderRead)?;
    let mut all = all(tx, list)?;
    all.retain(|reason| with_archived || reason.archived_at.is_none());
    Ok(all)
}

/// The labels of a list's reasons by their codes, archived ones included, in the caller's language.
pub fn labels(tx: &mut Tx, ctx: &Ctx, list: ReasonList) -> Result<BTreeMap<String, String>, Error> {
    Ok(all(tx, list)?.into_iter().map(|reason| (reason.code.clone(), reason.label(ctx.locale).to_owned())).collect())
}

/// All reasons of a list, archived ones included, for actions that ask for rights themselves.
pub(crate) fn of(tx: &mut Tx, list: ReasonList) -> Result<Vec<Reason>, Error> {
    all(tx, list)
}

fn all(tx: &mut Tx, list: ReasonList) -> Result<Vec<Reason>, Error> {
    let rows = store::list(tx, list)?;
    let mut all: Vec<Reason> = seeds::of(list).map(|seed| seed.reason()).filter(|seed| rows.iter().all(|row| row.code != seed.code)).collect();
    all.extend(rows.into_iter().map(|row| row.reason(list)));
    all.sort_by(|one, other| (one.position, &one.code).cmp(&(other.position, &other.code)));
    Ok(all)
}

/// A reason by its code, archived or not: one statement by primary key.
pub(crate) fn find(tx: &mut Tx, list: ReasonList, code: &str) -> Result<Option<Reason>, Error> {
    let row = store::find(tx, list, code)?.map(|row| row.reason(list));
    Ok(row.or_else(|| seeds::find(list, code).map(Seed::reason)))
}

/// Whether somebody may give this reason under `field`, and whether the note that it needs is there.
pub(crate) fn check_chosen(check: &mut Check, field: &str, found: Option<&Reason>, note: Option<&str>) {
    match found {
        None => check.fail(field, "unknown"),
        Some(reason) => {
            check.require(reason.archived_at.is_none(), field, "reason.archived");
            check.require(!reason.needs_note || note.is_some_and(|note| !note.trim().is_empty()), "note", "required");
        }
    }
}

/// Adds a reason of the organization's own. Needs `settings.edit`.
pub fn add(tx: &mut Tx, ctx: &Ctx, list: ReasonList, new: &NewReason) -> Result<Reason, Error> {
    ctx.require(Permission::SettingsEdit)?;

    let mut check = Check::new();
    limits::code(&mut check, "code", &new.code);
    check_labels(&mut check, &new.labels);
    check_rest(&mut check, list, new.against_customer, new.position);
    let own = all(tx, list)?.into_iter().filter(|reason| !reason.is_seeded).count();
    if own >= OWN {
        check.push(FieldError::new("code", "too_many").with("max", OWN));
    }
    check.done()?;
    if find(tx, list, &new.code)?.is_some() {
        return Err(Error::field("code", "taken"));
    }

    let reason = Reason {
        list,
        code: new.code.clone(),
        labels: trimmed(&new.labels),
        needs_note: new.needs_note,
        against_customer: new.against_customer,
        position: new.position.unwrap_or(LAST + own as i64),
        archived_at: None,
        is_seeded: false,
        version: 1,
    };
    let id: ReasonId = tx.new_id();
    if !store::insert(tx, id, &reason)? {
        return Err(Error::field("code", "taken"));
    }
    events::record(tx, ctx, Event::ReasonAdded { reason: id, list: list.to_string(), code: reason.code.clone() })?;
    Ok(reason)
}

/// Changes a reason, the organization's own or one that came with the program. Needs `settings.edit`.
///
/// `Stale` when somebody was faster.
pub fn change(tx: &mut Tx, ctx: &Ctx, list: ReasonList, code: &str, change: &ReasonChange, version: Version) -> Result<Reason, Error> {
    ctx.require(Permission::SettingsEdit)?;

    let before = find(tx, list, code)?.ok_or(Error::not_found("reason"))?;
    let after = changed(ctx, &before, change)?;
    let mut details = Details::none();
    details.change("labels", &before.labels, &after.labels);
    details.change("needs_note", &before.needs_note, &after.needs_note);
    details.change("against_customer", &before.against_customer, &after.against_customer);
    details.change("position", &before.position, &after.position);
    details.change("is_archived", &before.archived_at.is_some(), &after.archived_at.is_some());
    if version != before.version {
        return Err(Error::Stale { version: before.version, fields: named(&details) });
    }
    if details.is_empty() {
        return Ok(before);
    }

    let fresh: ReasonId = tx.new_id();
    let Some(id) = store::save(tx, fresh, &after, before.version)? else {
        return Err(Error::Stale { version: before.version + 1, fields: named(&details) });
    };
    let event = Event::ReasonChanged { reason: id, list: list.to_string(), code: code.to_owned(), fields: details.fields() };
    events::record_with(tx, ctx, event, details)?;
    Ok(after)
}

fn changed(ctx: &Ctx, before: &Reason, change: &ReasonChange) -> Result<Reason, Error> {
    let mut check = Check::new();
    if let Some(labels) = &change.labels {
        check_labels(&mut check, labels);
    }
    check_rest(&mut check, before.list, change.against_customer.unwrap_or(false), change.position);
    check.done()?;
    Ok(Reason {
        labels: change.labels.as_ref().map_or_else(|| before.labels.clone(), trimmed),
        needs_note: change.needs_note.unwrap_or(before.needs_note),
        against_customer: change.against_customer.unwrap_or(before.against_customer),
        position: change.position.unwrap_or(before.position),
        archived_at: match change.is_archived {
            None => before.archived_at,
            Some(false) => None,
            Some(true) => before.archived_at.or(Some(ctx.now)),
        },
        version: before.version + 1,
        ..before.clone()
    })
}

fn named(details: &Details) -> Vec<&'static str> {
    const FIELDS: [&str; 5] = ["labels", "needs_note", "against_customer", "position", "is_archived"];
    FIELDS.into_iter().filter(|field| details.changes.iter().any(|change| change.field == *field)).collect()
}

fn trimmed(labels: &Labels) -> Labels {
    labels.iter().map(|(locale, label)| (*locale, label.trim().to_owned())).filter(|(_, label)| !label.is_empty()).collect()
}

fn check_labels(check: &mut Check, labels: &Labels) {
    check.require(!trimmed(labels).is_empty(), "labels", "required");
    for (locale, label) in labels {
        let field = format!("labels.{locale}");
        limits::text(check, &field, Some(label), LABEL);
        check.require(!label.chars().any(char::is_control), field, "text.control");
    }
}

fn check_rest(check: &mut Check, list: ReasonList, against_customer: bool, position: Option<i64>) {
    check.require(list == ReasonList::Cancellation || !against_customer, "against_customer", "reason.customer");
    if position.is_some_and(|position| !(0..=POSITION).contains(&position)) {
        check.push(FieldError::new("position", "range").with("least", 0).with("most", POSITION));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_found_in_the_nearest_language() {
        let reason = |labels: &[(Locale, &str)]| Reason {
            labels: labels.iter().map(|(locale, label)| (*locale, (*label).to_owned())).collect(),
            ..seeds::find(ReasonList::Hold, "other").unwrap().reason()
        };
        assert_eq!(reason(&[(Locale::En, "Later"), (Locale::Ar, "لاحقا")]).label(Locale::Dz), "لاحقا");
        assert_eq!(reason(&[(Locale::En, "Later")]).label(Locale::Fr), "Later");
        assert_eq!(reason(&[(Locale::Dz, "من بعد")]).label(Locale::En), "من بعد");
        assert_eq!(reason(&[]).label(Locale::En), "other");
    }
}
