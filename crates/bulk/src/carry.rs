//! What an action does to one order, and how it is taken back. Each goes through the same action that people
//! use for one order, with the same right, checks, event and counters.

use base::{Ctx, jobs};
use db::Tx;
use kernel::{Error, Event, OrderAction, OrderId, Version};
use orders::{Move, MoveInside, Moved, OrderChange, Standing, state};

use crate::model::{Args, Before, BulkAction, How, Why};

/// What became of an order that was not refused.
#[derive(Debug)]
pub(crate) struct Carried {
    /// What an undo puts back; none when there was nothing to do.
    pub(crate) before: Option<Before>,
    /// Its version now.
    pub(crate) version: Version,
}

impl Carried {
    fn nothing(order: &Standing) -> Carried {
        Carried { before: None, version: order.version }
    }

    fn moved(moved: &Moved) -> Carried {
        Carried { before: Some(Before::Moved(moved.event)), version: moved.order.version }
    }
}

/// Does it to one order, which the caller keeps from others.
pub(crate) fn carry(tx: &mut Tx, ctx: &Ctx, action: &BulkAction, order: &Standing) -> Result<Carried, Error> {
    let version = Some(order.version);
    match action {
        BulkAction::Move { action, how } => Ok(Carried::moved(&orders::act(tx, ctx, order.id, &how.to_move(*action, version))?)),
        BulkAction::MoveTo { to, .. } if order.state == *to => Ok(Carried::nothing(order)),
        BulkAction::MoveTo { to, how } => {
            // The usual action is chosen where the present state is known.
            let wanted = how.to_move(OrderAction::Correct, version);
            Ok(Carried::moved(&orders::move_to(tx, ctx, order.id, *to, &wanted)?))
        }
        BulkAction::Progress { how } => {
            let to = state::expected_next(order.state).ok_or_else(|| Error::conflict("bulk.no_next").with("state", order.state))?;
            let wanted = how.to_move(OrderAction::Correct, version);
            Ok(Carried::moved(&orders::move_to(tx, ctx, order.id, to, &wanted)?))
        }
        BulkAction::Substatus { substatus, how } => {
            let wanted =
                MoveInside { reason: how.reason.clone(), note: how.note.clone(), version, notifies: how.notifies, ..MoveInside::to(substatus) };
            match orders::move_inside(tx, ctx, order.id, &wanted) {
                Ok(moved) => Ok(Carried::moved(&moved)),
                Err(Error::Conflict { code: "substatus.same", .. }) => Ok(Carried::nothing(order)),
                Err(other) => Err(other),
            }
        }
        BulkAction::Tags { add, remove } => {
            let was = orders::find(tx, ctx, order.id)?.tags();
            let is = tagged(&was, add, remove);
            if is == was {
                return Ok(Carried::nothing(order));
            }
            let after = orders::change(tx, ctx, order.id, &OrderChange { tags: Some(is), version, ..OrderChange::default() })?;
            Ok(Carried { before: Some(Before::Tags(was)), version: after.version })
        }
        BulkAction::Priority { priority } => {
            let was = orders::find(tx, ctx, order.id)?.priority;
            if was == *priority {
                return Ok(Carried::nothing(order));
            }
            let after = orders::change(tx, ctx, order.id, &OrderChange { priority: Some(*priority), version, ..OrderChange::default() })?;
            Ok(Carried { before: Some(Before::Priority(was)), version: after.version })
        }
        BulkAction::Assign { agent } => {
            if order.agent_id == *agent {
                return Ok(Carried::nothing(order));
            }
            let after = orders::assign(tx, ctx, order.id, *agent)?;
            Ok(Carried { before: Some(Before::Agent { was: order.agent_id, is: *agent }), version: after.version })
        }
        BulkAction::Archive | BulkAction::Unarchive => {
            let is_archived = matches!(action, BulkAction::Archive);
            let after = if is_archived { orders::archive(tx, ctx, order.id)? } else { orders::unarchive(tx, ctx, order.id)? };
            let before = (after.version != order.version).then_some(Before::Archived(!is_archived));
            Ok(Carried { before, version: after.version })
        }
        BulkAction::Notify => {
            let event = notifications::ask(tx, ctx, order.id)?;
            Ok(Carried { before: Some(Before::Message(event)), version: order.version })
        }
    }
}

/// Puts an order back to what it was, if nobody has touched it since.
pub(crate) fn take_back(tx: &mut Tx, ctx: &Ctx, before: &Before, order: &Standing) -> Result<(), Error> {
    let version = Some(order.version);
    match before {
        Before::Moved(event) => orders::undo(tx, ctx, *event).map(drop),
        Before::Tags(tags) => {
            orders::change(tx, ctx, order.id, &OrderChange { tags: Some(tags.clone()), version, ..OrderChange::default() }).map(drop)
        }
        Before::Priority(priority) => {
            orders::change(tx, ctx, order.id, &OrderChange { priority: Some(*priority), version, ..OrderChange::default() }).map(drop)
        }
        // An agent is a fact without a version: whose it is now tells whether somebody was there.
        Before::Agent { is, .. } if order.agent_id != *is => Err(Error::conflict("bulk.changed")),
        Before::Agent { was, .. } => orders::assign(tx, ctx, order.id, *was).map(drop),
        Before::Archived(true) => orders::archive(tx, ctx, order.id).map(drop),
        Before::Archived(false) => orders::unarchive(tx, ctx, order.id).map(drop),
        Before::Message(event) => {
            if jobs::cancel_of_event(tx, ctx, *event)?.started > 0 {
                return Err(Error::conflict("undo.too_late").with("seconds", ctx.settings.orders.undo_seconds));
            }
            base::events::record(tx, ctx, Event::MessageCalledOff { order: order.id, undoes: *event }).map(drop)
        }
    }
}

impl How {
    fn to_move(&self, action: OrderAction, version: Option<Version>) -> Move {
        Move { reason: self.reason.clone(), note: self.note.clone(), notifies: self.notifies, version, ..Move::new(action) }
    }
}

/// Tags with some added at the end and others left out; the rest keeps its order.
fn tagged(was: &[String], add: &[String], remove: &[String]) -> Vec<String> {
    let same = |one: &str, other: &str| kernel::fold(one) == kernel::fold(other);
    let mut tags: Vec<String> = was.iter().filter(|tag| !remove.iter().any(|gone| same(tag, gone))).cloned().collect();
    for tag in add.iter().map(|tag| tag.trim()) {
        if !tags.iter().any(|one| same(one, tag)) {
            tags.push(tag.to_owned());
        }
    }
    tags
}

/// Why an order was refused, or the error itself when all of the slice must be tried again. An order that somebody
/// changed in between is no refusal: it is told apart by its `None`.
pub(crate) fn why(error: Error, order: OrderId) -> Result<Option<Why>, Error> {
    let why = match error {
        Error::Stale { .. } => return Ok(None),
        Error::Busy { .. } | Error::Unavailable { .. } | Error::TooMany { .. } => return Err(error),
        Error::Unauthenticated => Why::code("unauthenticated"),
        Error::NotFound { .. } => Why::code("not_found"),
        Error::Forbidden { needs } => Why { args: args([("permission", needs.to_string())]), ..Why::code("forbidden") },
        Error::Conflict { code, args } => {
            Why { code: code.to_owned(), args: args.into_iter().map(|(name, value)| (name.to_owned(), value)).collect() }
        }
        Error::Invalid(fields) => match fields.into_iter().next() {
            Some(field) => {
                let mut args: Args = field.args.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
                args.insert("field".to_owned(), field.field);
                Why { code: field.code.to_owned(), args }
            }
            None => Why::code("invalid"),
        },
        Error::Internal(cause) => {
            tracing::error!(order.id = %order, "An order of a bulk run failed: {cause}");
            Why::code("internal")
        }
    };
    Ok(Some(why))
}

fn args<const N: usize>(pairs: [(&str, String); N]) -> Args {
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(was: &[&str], add: &[&str], remove: &[&str], expected: &[&str]) {
        let owned = |tags: &[&str]| tags.iter().map(|tag| (*tag).to_owned()).collect::<Vec<_>>();
        assert_eq!(tagged(&owned(was), &owned(add), &owned(remove)), owned(expected));
    }

    #[test]
    fn tags_come_once_and_go_whole() {
        check(&["vip", "gift"], &["late", "VIP"], &[], &["vip", "gift", "late"]);
        check(&["vip", "gift"], &["late"], &["Gift", "none"], &["vip", "late"]);
        check(&["vip"], &["vip"], &["vip"], &["vip"]);
        check(&[], &[" late ", "late"], &[], &["late"]);
    }
}
