//! What the template of one order shows. Plain data: words and numbers are put in order by their makers.

use askama::Template;

use super::agent::AgentCard;
use super::people::{Here, NamesYou, Piece, PinView};
use crate::badges::{Badge, MoveFace};
use crate::format::MoneyParts;
use crate::pages::typed::Again;
use crate::pages::view::{Choosable, Shell, Step};

/// `GET /app/orders/{id}`
#[derive(Template)]
#[template(path = "orders/detail.html")]
pub(crate) struct DetailPage {
    pub(crate) page: Shell,
    /// A form of the page that did not go through.
    pub(crate) again: Again,
    /// Who else has the page open.
    pub(crate) here: Here,
    /// What names the reader and was not seen.
    pub(crate) names_you: Vec<NamesYou>,
    /// Notes on top.
    pub(crate) pins: Vec<PinView>,
    pub(crate) id: String,
    pub(crate) version: i64,
    pub(crate) heading: String,
    pub(crate) badge: Badge,
    pub(crate) substatus: Option<Mark>,
    pub(crate) priority: Option<Badge>,
    pub(crate) is_archived: bool,
    pub(crate) is_test: bool,
    pub(crate) came: String,
    pub(crate) updated: String,
    /// The store, for the printed slip.
    pub(crate) store: String,
    pub(crate) more: More,
    pub(crate) percent: Option<u8>,
    pub(crate) waits: String,
    pub(crate) promise: Option<String>,
    pub(crate) steps: Vec<Step>,
    /// The way back, where it goes back.
    pub(crate) back_steps: Vec<Step>,
    pub(crate) moves: Vec<Offer>,
    pub(crate) next_title: String,
    pub(crate) next_hint: String,
    /// Whether nothing waits any more.
    pub(crate) is_closed: bool,
    /// Whether calling is the thing to do.
    pub(crate) is_to_call: bool,
    /// What keeps the parcel from going on.
    pub(crate) held: Option<String>,
    /// Where in its state it may go.
    pub(crate) places: Vec<Choosable>,
    pub(crate) phone: Option<PhoneView>,
    pub(crate) units: String,
    /// Where it is edited, for those who may, while something may change.
    pub(crate) edit: Option<String>,
    pub(crate) lines: Vec<LineView>,
    pub(crate) sums: Vec<Pair>,
    pub(crate) total_label: String,
    pub(crate) total: MoneyParts,
    pub(crate) activity_tabs: Vec<ActivityTab>,
    pub(crate) can_note: bool,
    pub(crate) history: Vec<Entry>,
    pub(crate) customer: CustomerView,
    /// Each line of it.
    pub(crate) address: Vec<String>,
    /// Where a map shows it.
    pub(crate) map: Option<String>,
    pub(crate) agent: AgentCard,
    pub(crate) payment: PaymentCard,
    pub(crate) shipment: ShipmentCard,
    pub(crate) holds: HoldsCard,
    pub(crate) escalation: EscalationCard,
    pub(crate) files: FilesCard,
    pub(crate) facts: FactsCard,
}

/// What the menu of an order offers.
#[derive(Default)]
pub(crate) struct More {
    pub(crate) can_reorder: bool,
    /// Calling it off, which asks for a reason where the next step stands.
    pub(crate) can_cancel: bool,
    pub(crate) can_archive: bool,
    pub(crate) can_unarchive: bool,
    /// Only orders that were placed to try things out.
    pub(crate) can_delete: bool,
}

impl More {
    /// Whether it offers anything.
    pub(crate) fn is_empty(&self) -> bool {
        !(self.can_reorder || self.can_cancel || self.can_archive || self.can_unarchive || self.can_delete)
    }
}

/// A coloured word of the team's own.
#[derive(Clone, Debug)]
pub(crate) struct Mark {
    pub(crate) text: String,
    /// The class of a soft fill.
    pub(crate) fill: &'static str,
}

/// A move that may be made now.
pub(crate) struct Offer {
    pub(crate) action: &'static str,
    pub(crate) face: MoveFace,
    /// The usual way on.
    pub(crate) is_first: bool,
    /// Whether it asks something before.
    pub(crate) asks: bool,
    /// What follows from it, where that is not plain.
    pub(crate) consequence: Option<String>,
    pub(crate) reasons: Vec<Choosable>,
}

/// A number to call, whole or with dots.
pub(crate) struct PhoneView {
    pub(crate) text: String,
    pub(crate) e164: String,
    pub(crate) digits: String,
    /// Whether the reader may see it whole.
    pub(crate) can_call: bool,
}

/// A line of the order.
pub(crate) struct LineView {
    pub(crate) title: String,
    pub(crate) note: String,
    pub(crate) badge: Option<Badge>,
    /// `2 × 1,700`
    pub(crate) sum: String,
    pub(crate) discount: Option<String>,
    pub(crate) total: String,
}

/// A fact.
#[derive(Clone, Debug)]
pub(crate) struct Pair {
    pub(crate) label: String,
    pub(crate) value: String,
}

/// A part of the history.
pub(crate) struct ActivityTab {
    pub(crate) key: &'static str,
    pub(crate) href: String,
    pub(crate) is_here: bool,
}

/// A line of the history.
pub(crate) struct Entry {
    pub(crate) icon: &'static str,
    pub(crate) tone: &'static str,
    /// HTML, its values escaped by [`crate::words`].
    pub(crate) sentence: String,
    pub(crate) text: Vec<Piece>,
    /// The note that it tells of.
    pub(crate) note: Option<NoteTool>,
    /// Whether the customer may read it.
    pub(crate) is_visible: bool,
    pub(crate) changes: Vec<Change>,
    /// How many fields it changed, in words.
    pub(crate) changed: String,
    /// Whether the changes are open from the start.
    pub(crate) is_open: bool,
    pub(crate) at: String,
    pub(crate) at_iso: String,
    pub(crate) at_exact: String,
}

/// A note that can be put on top.
pub(crate) struct NoteTool {
    pub(crate) id: String,
    pub(crate) is_pinned: bool,
}

/// A field before and after.
pub(crate) struct Change {
    pub(crate) field: String,
    pub(crate) before: String,
    pub(crate) after: String,
}

/// Who buys.
pub(crate) struct CustomerView {
    pub(crate) name: String,
    pub(crate) initials: String,
    pub(crate) tone: &'static str,
    pub(crate) since: Option<String>,
    pub(crate) email: Option<String>,
    /// Marks that stand on them.
    pub(crate) flags: Vec<Mark>,
    pub(crate) figures: Vec<Pair>,
    /// Delivered of those that came to an end: percent, and in words.
    pub(crate) success: Option<(u8, String)>,
    /// Their orders before this one.
    pub(crate) last: Vec<LastOrder>,
    /// Whether somebody else in the list is likely the same person.
    pub(crate) twins: Option<String>,
    /// Their own page.
    pub(crate) href: Option<String>,
    /// What their delivered orders came to.
    pub(crate) spent: Option<String>,
    /// That other orders of theirs are open, in words, and which: address and number.
    pub(crate) open: Option<String>,
    pub(crate) open_orders: Vec<(String, String)>,
}

/// An order of the customer, in one line.
pub(crate) struct LastOrder {
    pub(crate) href: String,
    pub(crate) number: String,
    pub(crate) at: String,
    pub(crate) badge: Badge,
    pub(crate) total: String,
}

/// What is paid and what moved.
pub(crate) struct PaymentCard {
    pub(crate) badge: Badge,
    pub(crate) rows: Vec<Pair>,
    pub(crate) movements: Vec<Movement>,
    pub(crate) can_record: bool,
    pub(crate) kinds: Vec<Choosable>,
    pub(crate) methods: Vec<Choosable>,
    pub(crate) currency: String,
}

/// Money that moved.
pub(crate) struct Movement {
    pub(crate) title: String,
    pub(crate) note: String,
    pub(crate) amount: String,
    pub(crate) state: Badge,
}

/// Where the parcel is.
pub(crate) struct ShipmentCard {
    pub(crate) badge: Badge,
    pub(crate) rows: Vec<Pair>,
    pub(crate) entries: Vec<TrackView>,
    pub(crate) can_add: bool,
}

/// A dated word about the parcel.
pub(crate) struct TrackView {
    pub(crate) title: String,
    pub(crate) note: String,
    pub(crate) at: String,
    pub(crate) at_iso: String,
}

/// What holds the order back.
pub(crate) struct HoldsCard {
    pub(crate) holds: Vec<HoldView>,
    pub(crate) can_change: bool,
    pub(crate) kinds: Vec<Choosable>,
}

impl HoldsCard {
    /// Whether there is nothing to see and nothing to do.
    pub(crate) fn is_empty(&self) -> bool {
        self.holds.is_empty() && !self.can_change
    }
}

/// A reason that holds it back.
pub(crate) struct HoldView {
    pub(crate) id: String,
    pub(crate) label: String,
    pub(crate) note: Option<String>,
    pub(crate) meta: String,
}

/// What was passed up the team.
pub(crate) struct EscalationCard {
    pub(crate) open: Option<EscalationView>,
    pub(crate) can_raise: bool,
    pub(crate) reasons: Vec<Choosable>,
    pub(crate) levels: Vec<Choosable>,
}

impl EscalationCard {
    /// Whether there is nothing to see and nothing to do.
    pub(crate) fn is_empty(&self) -> bool {
        self.open.is_none() && !self.can_raise
    }
}

/// An escalation that is not settled.
pub(crate) struct EscalationView {
    pub(crate) id: String,
    pub(crate) version: i64,
    pub(crate) label: String,
    pub(crate) state: Badge,
    pub(crate) message: String,
    pub(crate) meta: String,
    pub(crate) rows: Vec<Pair>,
    pub(crate) late: Option<String>,
    pub(crate) answer: Option<String>,
    pub(crate) answer_meta: String,
    pub(crate) can_take: bool,
    pub(crate) can_answer: bool,
    pub(crate) can_pass: bool,
    pub(crate) can_resolve: bool,
}

/// Photos and files.
pub(crate) struct FilesCard {
    pub(crate) files: Vec<FileView>,
    pub(crate) count: String,
    pub(crate) can_add: bool,
    pub(crate) kinds: Vec<Choosable>,
}

impl FilesCard {
    /// Whether there is nothing to see and nothing to do.
    pub(crate) fn is_empty(&self) -> bool {
        self.files.is_empty() && !self.can_add
    }
}

/// A photo or file.
pub(crate) struct FileView {
    pub(crate) href: String,
    /// A small picture of it.
    pub(crate) thumb: Option<String>,
    pub(crate) title: String,
    pub(crate) meta: String,
    pub(crate) is_visible: bool,
}

/// What else is said about the order.
pub(crate) struct FactsCard {
    pub(crate) rows: Vec<Pair>,
    pub(crate) tags: Vec<Mark>,
    pub(crate) known_tags: Vec<String>,
    pub(crate) can_edit: bool,
    pub(crate) priorities: Vec<Choosable>,
    pub(crate) channels: Vec<Choosable>,
    pub(crate) expected: String,
    pub(crate) own: Vec<OwnField>,
}

/// A field of the team's own, for a form.
pub(crate) struct OwnField {
    /// `custom.size`
    pub(crate) name: String,
    pub(crate) label: String,
    /// The kind of input; `select` and `multi` have options.
    pub(crate) kind: &'static str,
    pub(crate) value: String,
    pub(crate) options: Vec<Choosable>,
}
