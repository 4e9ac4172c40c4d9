//! What the templates of the list and of one order show. Plain data: words and numbers are put in order by their makers.

use askama::Template;

use crate::badges::{Badge, MoveFace};
use crate::format::MoneyParts;
use crate::pages::view::{Choosable, Shell, Step};
use crate::words::Words;

/// `GET /app/orders`
#[derive(Template)]
#[template(path = "orders/list.html")]
pub(crate) struct ListPage {
    pub(crate) page: Shell,
    pub(crate) subtitle: String,
    pub(crate) figures: Vec<Figure>,
    pub(crate) list: ListView,
}

/// The same without its frame, for a change of filter.
#[derive(Template)]
#[template(path = "orders/table.html")]
pub(crate) struct ListPart {
    pub(crate) list: ListView,
}

/// Rows alone, for those in view that changed.
#[derive(Template)]
#[template(path = "orders/rows.html")]
pub(crate) struct RowsPart {
    pub(crate) list: RowsView,
}

/// Rows with the words to show them.
pub(crate) struct RowsView {
    pub(crate) say: Words,
    pub(crate) rows: Vec<Row>,
}

/// A number over the list that leads to what it counts.
pub(crate) struct Figure {
    pub(crate) label: String,
    pub(crate) value: String,
    pub(crate) note: Option<String>,
    pub(crate) href: String,
}

/// The list with its tabs, filters, rows and pages.
pub(crate) struct ListView {
    pub(crate) say: Words,
    /// The parameters of this view, for the live bar.
    pub(crate) query: String,
    /// When the list was read, microseconds; what comes later is new.
    pub(crate) since: i64,
    /// The address of this view.
    pub(crate) here: String,
    pub(crate) tabs: Vec<Tab>,
    pub(crate) q: String,
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) min: String,
    pub(crate) max: String,
    pub(crate) choices: Vec<FilterChoice>,
    pub(crate) chips: Vec<Chip>,
    pub(crate) filter_count: usize,
    pub(crate) show_results: String,
    /// The address of this tab without filters.
    pub(crate) clear: String,
    /// Parameters that the filter form keeps: tab, sort, page size.
    pub(crate) kept: Vec<(String, String)>,
    /// Parameters that the page jump keeps: all but the page.
    pub(crate) all_kept: Vec<(String, String)>,
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: Vec<Row>,
    pub(crate) empty: Empty,
    pub(crate) problem: Option<String>,
    pub(crate) range: String,
    pub(crate) previous: Option<String>,
    pub(crate) next: Option<String>,
    pub(crate) page: u32,
    pub(crate) page_count: u64,
    pub(crate) of_pages: String,
}

/// A filter that offers a few values.
pub(crate) struct FilterChoice {
    pub(crate) name: &'static str,
    pub(crate) label: &'static str,
    pub(crate) options: Vec<Choosable>,
}

/// A saved view.
pub(crate) struct Tab {
    pub(crate) key: &'static str,
    pub(crate) href: String,
    pub(crate) count: String,
    pub(crate) is_here: bool,
}

/// A filter in force.
pub(crate) struct Chip {
    pub(crate) label: String,
    pub(crate) value: String,
    pub(crate) href: String,
}

/// A column's head.
pub(crate) struct Column {
    pub(crate) key: &'static str,
    pub(crate) class: &'static str,
    /// Where a click sorts by it.
    pub(crate) href: Option<String>,
    /// `ascending`, `descending`, or none when it does not sort now.
    pub(crate) sorted: Option<&'static str>,
}

/// What stands there instead of rows.
#[derive(Default)]
pub(crate) struct Empty {
    pub(crate) icon: &'static str,
    pub(crate) tone: &'static str,
    pub(crate) title: String,
    pub(crate) text: String,
    pub(crate) action: Option<(String, String)>,
}

/// An order in the list: a row at the desk, a card on a phone.
pub(crate) struct Row {
    pub(crate) id: String,
    /// Tells a page whether it shows the order as it stands.
    pub(crate) version: i64,
    pub(crate) number: String,
    pub(crate) channel: String,
    pub(crate) channel_icon: &'static str,
    pub(crate) name: String,
    pub(crate) phone: Option<String>,
    pub(crate) priority: Option<Badge>,
    pub(crate) item: String,
    pub(crate) more_items: Option<String>,
    pub(crate) place: String,
    pub(crate) district: String,
    pub(crate) total: MoneyParts,
    pub(crate) badge: Badge,
    pub(crate) progress: Option<u8>,
    pub(crate) progress_label: String,
    pub(crate) agent: Option<Face>,
    pub(crate) at: String,
    pub(crate) at_iso: String,
    pub(crate) at_exact: String,
}

/// Somebody as initials on a tone.
#[derive(Clone, Debug)]
pub(crate) struct Face {
    pub(crate) name: String,
    /// The first name.
    pub(crate) short: String,
    pub(crate) initials: String,
    pub(crate) tone: &'static str,
}

/// `GET /app/orders/{id}`
#[derive(Template)]
#[template(path = "orders/detail.html")]
pub(crate) struct DetailPage {
    pub(crate) page: Shell,
    pub(crate) id: String,
    pub(crate) version: i64,
    pub(crate) heading: String,
    pub(crate) badge: Badge,
    pub(crate) priority: Option<Badge>,
    pub(crate) is_archived: bool,
    pub(crate) came: String,
    pub(crate) updated: String,
    pub(crate) problem: Option<String>,
    pub(crate) percent: Option<u8>,
    pub(crate) waits: String,
    pub(crate) promise: Option<String>,
    pub(crate) steps: Vec<Step>,
    pub(crate) moves: Vec<Offer>,
    pub(crate) next_title: String,
    /// Whether nothing waits any more.
    pub(crate) is_closed: bool,
    /// Whether calling is the thing to do.
    pub(crate) is_to_call: bool,
    pub(crate) phone: Option<PhoneView>,
    pub(crate) units: String,
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
    pub(crate) cards: Vec<Card>,
}

/// A move that may be made now.
pub(crate) struct Offer {
    pub(crate) action: &'static str,
    pub(crate) face: MoveFace,
    /// The usual way on.
    pub(crate) is_first: bool,
    /// Whether it asks something before.
    pub(crate) asks: bool,
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
    pub(crate) total: String,
}

/// A fact.
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
    pub(crate) text: Option<String>,
    /// Whether the customer may read it.
    pub(crate) is_visible: bool,
    pub(crate) changes: Vec<Change>,
    pub(crate) at: String,
    pub(crate) at_iso: String,
    pub(crate) at_exact: String,
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
    pub(crate) figures: Vec<Pair>,
}

/// A card of facts beside the story.
pub(crate) struct Card {
    pub(crate) title: &'static str,
    pub(crate) badge: Option<Badge>,
    pub(crate) rows: Vec<Pair>,
}
