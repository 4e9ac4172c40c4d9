//! Everything that ever happened between a customer and the shop, as one line through time: orders, messages,
//! payments, credit notes, notes, marks, consents, merges and changes of the record.
//!
//! Each kind has an index of its own by customer and time, so a page costs one statement for each kind,
//! however long the history is. What the caller may not see is left out.

use base::Ctx;
use base::events::{self, EventPlace, EventView};
use customers::consent::{self, Consent};
use customers::flags::{self, Flag};
use customers::merge::{self, Merge};
use customers::notes::{self, Note};
use db::Tx;
use kernel::{CustomerId, Error, Event, EventId, Id, Permission, Time, words};
use notifications::Message;
use orders::{CreditNote, OrderRow};
use payments::Transaction;

words! {
    /// What an entry is about.
    pub enum EntryKind {
        /// An order came in.
        Order = "order",
        /// A message was written.
        Message = "message",
        /// Money moved.
        Payment = "payment",
        /// Something went back on paper.
        CreditNote = "credit_note",
        /// Somebody wrote a note about the customer.
        Note = "note",
        /// Somebody put a mark on the customer.
        Flag = "flag",
        /// The customer agreed to something or took it back.
        Consent = "consent",
        /// Another record became part of this one.
        Merge = "merge",
        /// The record changed.
        Change = "change",
    }
}

/// What happened.
#[derive(Clone, Debug)]
pub enum What {
    /// An order as it stands now.
    Order(Box<OrderRow>),
    /// A message.
    Message(Box<Message>),
    /// A movement of money.
    Payment(Transaction),
    /// A credit note.
    CreditNote(Box<CreditNote>),
    /// A note.
    Note(Note),
    /// A mark, taken off or not.
    Flag(Flag),
    /// A consent.
    Consent(Consent),
    /// A merge, undone or not.
    Merge(Merge),
    /// An event about the record.
    Change(Box<EventView>),
}

/// One entry.
#[derive(Clone, Debug)]
pub struct Entry {
    /// When.
    pub at: Time,
    /// Decides among those of one moment.
    pub id: i64,
    /// What.
    pub what: What,
}

impl Entry {
    /// What it is about.
    pub fn kind(&self) -> EntryKind {
        match self.what {
            What::Order(_) => EntryKind::Order,
            What::Message(_) => EntryKind::Message,
            What::Payment(_) => EntryKind::Payment,
            What::CreditNote(_) => EntryKind::CreditNote,
            What::Note(_) => EntryKind::Note,
            What::Flag(_) => EntryKind::Flag,
            What::Consent(_) => EntryKind::Consent,
            What::Merge(_) => EntryKind::Merge,
            What::Change(_) => EntryKind::Change,
        }
    }
}

/// A part of the line, newest first.
#[derive(Clone, Debug)]
pub struct Page {
    /// The entries.
    pub items: Vec<Entry>,
    /// Where the next part begins; none at the end.
    pub next: Option<(Time, i64)>,
}

/// Events that another kind of entry shows already.
const SHOWN_ELSEWHERE: [&str; 4] = ["customer.flag_added", "customer.note_added", "customer.consent", "customer.merged"];

/// A part of a customer's line, newest first, older than a place; `kinds` narrows it, none means all.
///
/// An old id of a merged customer leads to the line of the one that was kept, which holds both histories.
pub fn timeline(tx: &mut Tx, ctx: &Ctx, id: CustomerId, kinds: &[EntryKind], before: Option<(Time, i64)>, limit: u32) -> Result<Page, Error> {
    let customer = customers::find(tx, ctx, id)?.id;
    let limit = limit.clamp(1, 199);
    let one_more = limit + 1;
    let wants = |kind: EntryKind| kinds.is_empty() || kinds.contains(&kind);
    let mut items: Vec<Entry> = Vec::new();
    let mut add = |at: Time, id: i64, what: What| items.push(Entry { at, id, what });
    if wants(EntryKind::Order) && ctx.can(Permission::OrderRead) {
        for row in orders::care::of_customer_before(tx, ctx, customer, before, one_more)? {
            add(row.created_at, row.id.to_i64(), What::Order(Box::new(row)));
        }
    }
    if wants(EntryKind::Message) && ctx.can(Permission::OrderRead) {
        for message in notifications::of_customer_before(tx, ctx, customer, before, one_more)? {
            add(message.created_at, message.id.to_i64(), What::Message(Box::new(message)));
        }
    }
    if wants(EntryKind::Payment) && ctx.can(Permission::PaymentRead) {
        for movement in payments::of_customer_before(tx, ctx, customer, before, one_more)? {
            add(movement.at, movement.id.to_i64(), What::Payment(movement));
        }
    }
    if wants(EntryKind::CreditNote) && ctx.can(Permission::OrderRead) {
        for note in orders::care::credit_notes_before(tx, ctx, customer, before, one_more)? {
            add(note.created_at, note.id.to_i64(), What::CreditNote(Box::new(note)));
        }
    }
    if wants(EntryKind::Note) {
        for note in notes::list(tx, ctx, customer, before, one_more)? {
            add(note.created_at, note.id.to_i64(), What::Note(note));
        }
    }
    if wants(EntryKind::Flag) {
        for flag in flags::before(tx, ctx, customer, before, one_more)? {
            add(flag.at, flag.id.to_i64(), What::Flag(flag));
        }
    }
    if wants(EntryKind::Consent) {
        for one in consent::before(tx, ctx, customer, before, one_more)? {
            add(one.at, one.id.to_i64(), What::Consent(one));
        }
    }
    if wants(EntryKind::Merge) {
        for one in merge::merges_before(tx, customer, before, one_more)? {
            add(one.created_at, one.id.to_i64(), What::Merge(one));
        }
    }
    if wants(EntryKind::Change) {
        let ids: Vec<i64> = merge::ids_of(tx, customer)?.into_iter().map(Id::to_i64).collect();
        let kinds: Vec<&str> = Event::KINDS.iter().copied().filter(|kind| kind.starts_with("customer.") && !SHOWN_ELSEWHERE.contains(kind)).collect();
        let place = before.map(|(at, id)| EventPlace { at, id: EventId::from_i64(id) });
        for view in events::of_subjects_before(tx, ctx, CustomerId::PREFIX, &ids, &kinds, place, one_more)? {
            add(view.at, view.id.to_i64(), What::Change(Box::new(view)));
        }
    }
    items.sort_by_key(|entry| std::cmp::Reverse((entry.at, entry.id)));
    let is_more = items.len() > limit as usize;
    items.truncate(limit as usize);
    let next = if is_more { items.last().map(|entry| (entry.at, entry.id)) } else { None };
    Ok(Page { items, next })
}
