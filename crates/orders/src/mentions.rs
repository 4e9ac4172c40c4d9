//! Whom a note names: colleagues who have it before them until they have looked at its order.
//!
//! A text names somebody by `@` and their name, its first word, their e-mail address or what stands before its `@`; what fits several
//! people, or nobody who may see the order, names nobody and stays text. Programs and pages may say whom they mean by id. What always
//! holds: only internal notes name anybody, and only people who may see the order.

use access::team::{self, Colleague};
use base::Ctx;
use db::Tx;
use kernel::{Actor, Check, Error, NoteAudience, NoteId, OrderId, Permission, StoreId, Time, UserId, fold};

use crate::model::{NewNote, Note, Order};
use crate::store::{self, mentions as rows};

/// Most people that one note names.
pub const MOST: usize = 20;
/// Beyond so many the number for every page says nothing more.
const COUNTED: i64 = 99;
/// Most that are listed at once.
pub const LISTED: u32 = 100;

db::row! {
    /// Somebody whom a note names.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Mentioned {
        /// Which note.
        pub note_id: NoteId,
        /// Whom.
        pub user_id: UserId,
        /// When they looked at the order; none before.
        pub seen_at: Option<Time>,
    }

    /// A note that names the caller and that they have not seen.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Mention {
        /// The note.
        pub note: NoteId,
        /// Of which order.
        pub order_id: OrderId,
        /// What people call the order.
        pub number: String,
        /// Of which store.
        pub store_id: StoreId,
        /// Who wrote it: the kind of actor.
        pub author_kind: String,
        /// Who wrote it: the number.
        pub author_id: Option<i64>,
        /// JSON object with at least `text`.
        pub body: String,
        /// When it was written.
        pub at: Time,
    }
}

impl Mention {
    /// Who wrote it.
    pub fn author(&self) -> Actor {
        Actor::from_columns(&self.author_kind, self.author_id)
    }

    /// What the note says.
    pub fn text(&self) -> String {
        Note::text_of(&self.body)
    }
}

/// The colleagues whom a note of this order may name: who is active and may see it, by name. Needs `order.note`.
pub fn colleagues(tx: &mut Tx, ctx: &Ctx, order: OrderId) -> Result<Vec<Colleague>, Error> {
    ctx.require(Permission::OrderNote)?;
    let order = store::find(tx, ctx, order)?.ok_or(Error::not_found("order"))?;
    of(tx, ctx, &order)
}

fn of(tx: &mut Tx, ctx: &Ctx, order: &Order) -> Result<Vec<Colleague>, Error> {
    let mut people = team::who_see(tx, order.store_id, order.agent_id)?;
    people.retain(|person| Some(person.id) != ctx.user());
    Ok(people)
}

/// Whom a new note names. What is asked for by id must be possible; what the text says and fits nobody is only text.
pub(crate) fn decide(tx: &mut Tx, ctx: &Ctx, check: &mut Check, order: &Order, new: &NewNote) -> Result<Vec<UserId>, Error> {
    if new.audience != NoteAudience::Internal {
        check.require(new.mentions.is_empty(), "mentions", "mention.audience");
        return Ok(Vec::new());
    }
    if new.mentions.is_empty() && !new.text.contains('@') {
        return Ok(Vec::new());
    }
    let people = of(tx, ctx, order)?;
    let mut named = new.mentions.clone();
    // Naming oneself tells nobody anything.
    named.retain(|user| Some(*user) != ctx.user());
    check.require(named.iter().all(|user| people.iter().any(|person| person.id == *user)), "mentions", "mention.unseen");
    named.extend(named_in(&new.text, &people));
    named.sort_unstable();
    named.dedup();
    check.require(named.len() <= MOST, "mentions", "mention.many");
    Ok(named)
}

/// The people whom a text names with `@`. The longest name that fits counts; where two people fit it equally, neither is meant.
pub(crate) fn named_in(text: &str, people: &[Colleague]) -> Vec<UserId> {
    let signs: Vec<char> = text.chars().collect();
    let handles: Vec<(UserId, usize, String)> = people.iter().flat_map(handles).collect();
    let mut named = Vec::new();
    for (at, _) in signs.iter().enumerate().filter(|(_, sign)| **sign == '@') {
        // What stands inside a word is an e-mail address.
        if at > 0 && signs[at - 1].is_alphanumeric() {
            continue;
        }
        let rest = &signs[at + 1..];
        let fits = |(_, length, folded): &&(UserId, usize, String)| {
            rest.len() >= *length && ends(&rest[*length..]) && fold(&rest[..*length].iter().collect::<String>()) == *folded
        };
        let fitting: Vec<_> = handles.iter().filter(fits).collect();
        let Some(longest) = fitting.iter().map(|(_, length, _)| *length).max() else { continue };
        let mut meant: Vec<UserId> = fitting.iter().filter(|(_, length, _)| *length == longest).map(|(user, _, _)| *user).collect();
        meant.dedup();
        if let [one] = meant[..]
            && !named.contains(&one)
        {
            named.push(one);
        }
    }
    named
}

/// Whether a name may end before this: a sentence goes on, a word or an address does not.
fn ends(rest: &[char]) -> bool {
    match rest {
        [] => true,
        [first, ..] if first.is_alphanumeric() => false,
        ['.' | '-' | '_' | '@' | '+', second, ..] => !second.is_alphanumeric(),
        _ => true,
    }
}

/// What somebody may be called by: with its length in signs, folded for comparing.
fn handles(person: &Colleague) -> Vec<(UserId, usize, String)> {
    let name = person.name.trim();
    let first = name.split_whitespace().next().unwrap_or_default();
    let local = person.email.split('@').next().unwrap_or_default();
    let mut all: Vec<(UserId, usize, String)> = [name, first, local, &person.email]
        .into_iter()
        .map(|handle| (person.id, handle.chars().count(), fold(handle)))
        .filter(|(_, _, folded)| !folded.is_empty())
        .collect();
    all.dedup();
    all
}

pub(crate) fn insert(tx: &mut Tx, ctx: &Ctx, order: OrderId, note: NoteId, people: &[UserId]) -> Result<(), Error> {
    rows::insert(tx, order, note, people, ctx.now)
}

/// Whom the notes of an order name. Needs `order.read`.
pub fn of_order(tx: &mut Tx, ctx: &Ctx, order: OrderId) -> Result<Vec<Mentioned>, Error> {
    ctx.require(Permission::OrderRead)?;
    store::find(tx, ctx, order)?.ok_or(Error::not_found("order"))?;
    rows::of_order(tx, order)
}

/// The notes that name the caller and that they have not seen, newest first, of orders that they may see; nothing for programs.
/// Needs `order.read`.
pub fn waiting(tx: &mut Tx, ctx: &Ctx, limit: u32) -> Result<Vec<Mention>, Error> {
    ctx.require(Permission::OrderRead)?;
    let Some(user) = ctx.user() else { return Ok(Vec::new()) };
    let mut found = rows::waiting(tx, ctx, user, limit.min(LISTED))?;
    for mention in &mut found {
        mention.body = customers::shown_json(ctx, &mention.body);
    }
    Ok(found)
}

/// How many notes name the caller and are not seen, at most 99. For every page, so it costs an index look-up; nothing for those who may
/// not read orders.
pub fn count_waiting(tx: &mut Tx, ctx: &Ctx) -> Result<i64, Error> {
    match ctx.user() {
        Some(user) if ctx.can(Permission::OrderRead) => rows::count_waiting(tx, ctx, user, COUNTED),
        _ => Ok(0),
    }
}

/// Whether a note of this order names the caller and is not seen.
pub fn is_waiting(tx: &mut Tx, ctx: &Ctx, order: OrderId) -> Result<bool, Error> {
    match ctx.user() {
        Some(user) => rows::is_waiting(tx, order, user),
        None => Ok(false),
    }
}

/// The caller has looked at an order: what named them there waits no more, up to a note if one is given. Answers how many notes did.
/// Needs `order.read`.
pub fn see(tx: &mut Tx, ctx: &Ctx, order: OrderId, up_to: Option<NoteId>) -> Result<u64, Error> {
    ctx.require(Permission::OrderRead)?;
    store::find(tx, ctx, order)?.ok_or(Error::not_found("order"))?;
    match ctx.user() {
        Some(user) => rows::see(tx, order, user, up_to, ctx.now),
        None => Ok(0),
    }
}

#[cfg(test)]
mod tests {
    use kernel::Id;

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[i64]) {
        let people = [
            (1, "Ines Khelifi", "ines.k@shop.test"),
            (2, "Karim Saïdi", "karim@shop.test"),
            (3, "Karim Benali", "kb@shop.test"),
            (4, "أمينة بن علي", "amina@shop.test"),
            (5, "Karim", "k5@shop.test"),
        ];
        let people = people.map(|(id, name, email)| Colleague { id: UserId::from_i64(id), name: name.into(), email: email.into(), locale: None });
        let named: Vec<i64> = named_in(text, &people).into_iter().map(Id::to_i64).collect();
        assert_eq!(named, expected, "{text}");
    }

    #[test]
    fn a_name_after_the_sign_names_its_person() {
        check("@Ines Khelifi, look", &[1]);
        check("ask @ines.", &[1]);
        check("@INES KHELIFI and @karim saidi: both", &[1, 2]);
        check("(@أمينة بن علي)", &[4]);
        check("@ines.k please; @kb@shop.test too", &[1, 3]);
        check("@Ines @Ines Khelifi", &[1]);
    }

    #[test]
    fn what_fits_several_or_nobody_stays_text() {
        check("@Karim", &[]);
        check("@Nobody, @, @@, mail ines.k@shop.test, x@ines", &[]);
        check("@Inesse @ines.kh @karim-2", &[]);
        check("Ines Khelifi", &[]);
    }
}
