//! What the templates of the list and of what stands beside it show. Plain data: words and numbers are put in order by their makers.

use askama::Template;

use super::columns::Column;
pub(crate) use super::page_view::Pair;
use crate::badges::{Badge, MoveFace};
use crate::format::MoneyParts;
use crate::pages::progress::Bar;
use crate::pages::sort::SortHead;
use crate::pages::view::{Choosable, Shell};
use crate::words::Words;

/// `GET /app/orders`
#[derive(Template)]
#[template(path = "orders/list.html")]
pub(crate) struct ListPage {
    pub(crate) page: Shell,
    pub(crate) subtitle: String,
    pub(crate) figures: Vec<Figure>,
    /// Whether the reader may place orders.
    pub(crate) can_place: bool,
    /// Whether the reader may say whose orders are.
    pub(crate) can_give: bool,
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
    pub(crate) has_picks: bool,
    pub(crate) columns: Vec<ColumnHead>,
    pub(crate) rows: Vec<Row>,
}

impl RowsView {
    pub(crate) fn has_picks(&self) -> bool {
        self.has_picks
    }
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
    /// Proof for forms.
    pub(crate) csrf: String,
    /// The parameters of this view, for the live bar.
    pub(crate) query: String,
    /// When the list was read, microseconds; what comes later is new.
    pub(crate) since: i64,
    /// The address of this view.
    pub(crate) here: String,
    pub(crate) tabs: Vec<Tab>,
    /// Every kept view.
    pub(crate) views_href: String,
    /// Where the list as it stands is kept under a name; none when there is nothing to keep.
    pub(crate) save_href: Option<String>,
    /// The open view with its version, when it may be kept as the list stands now.
    pub(crate) update: Option<(String, i64)>,
    pub(crate) q: String,
    /// The same search without the view and its filters.
    pub(crate) everywhere: Option<String>,
    pub(crate) filters_href: String,
    pub(crate) columns_href: String,
    /// A file of all that the view shows.
    pub(crate) export_href: String,
    pub(crate) chips: Vec<Chip>,
    /// What is shown as a sentence, where chips alone do not say how they belong together.
    pub(crate) sentence: Option<String>,
    /// The address of this tab without filters.
    pub(crate) clear: String,
    /// Parameters that the search keeps: tab, filters, sort, page size.
    pub(crate) kept: Vec<(String, String)>,
    /// Parameters that the page jump keeps: all but the page.
    pub(crate) jump: Vec<(String, String)>,
    pub(crate) columns: Vec<ColumnHead>,
    pub(crate) is_compact: bool,
    pub(crate) rows: Vec<Row>,
    pub(crate) empty: Empty,
    pub(crate) problem: Option<String>,
    pub(crate) range: String,
    pub(crate) first: Option<String>,
    pub(crate) previous: Option<String>,
    pub(crate) next: Option<String>,
    /// Whether what comes next is further away, instead of the next page.
    pub(crate) is_search: bool,
    pub(crate) page: u32,
    pub(crate) page_count: u64,
    pub(crate) of_pages: String,
    /// What can be done with ticked rows; none for who may do nothing with them.
    pub(crate) bar: Option<BulkBar>,
}

impl ListView {
    pub(crate) fn has_picks(&self) -> bool {
        self.bar.is_some()
    }
}

/// A view.
pub(crate) struct Tab {
    /// Its word in the address.
    pub(crate) word: String,
    pub(crate) name: String,
    pub(crate) href: String,
    /// How many, where the counters know it at once.
    pub(crate) count: String,
    pub(crate) is_here: bool,
    /// Whether somebody kept it.
    pub(crate) is_kept: bool,
}

/// A filter in force.
pub(crate) struct Chip {
    pub(crate) label: String,
    pub(crate) value: String,
    pub(crate) href: String,
}

/// A column's head.
pub(crate) struct ColumnHead {
    pub(crate) name: &'static str,
    pub(crate) key: &'static str,
    pub(crate) class: &'static str,
    /// How the list is sorted by it, where it can be.
    pub(crate) sort: Option<SortHead>,
}

/// Columns without anything to sort by, for rows alone.
pub(super) fn plain_columns(columns: &[&'static Column]) -> Vec<ColumnHead> {
    columns.iter().map(|column| ColumnHead { name: column.name, key: column.key, class: column.class, sort: None }).collect()
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
    /// The same to be dialled; empty for who may not see it whole.
    pub(crate) dial: String,
    pub(crate) priority: Option<Badge>,
    pub(crate) item: String,
    pub(crate) more_items: Option<String>,
    pub(crate) place: String,
    pub(crate) district: String,
    pub(crate) total: MoneyParts,
    pub(crate) badge: Badge,
    /// Where in its state, in the team's own words.
    pub(crate) substatus: Option<String>,
    pub(crate) is_held: bool,
    pub(crate) progress: Option<u8>,
    pub(crate) progress_label: String,
    pub(crate) agent: Option<Face>,
    pub(crate) at: String,
    pub(crate) at_iso: String,
    pub(crate) at_exact: String,
    /// The move that comes next, if the reader may make it: its word and the message of its verb.
    pub(crate) next: Option<(&'static str, &'static str)>,
    /// The text of a further column.
    pub(crate) extra: Extra,
}

/// Further columns, each as a text.
#[derive(Default)]
pub(crate) struct Extra {
    pub(crate) collect: String,
    pub(crate) payment: String,
    pub(crate) shipping: String,
    pub(crate) tracking: String,
    pub(crate) store: String,
    pub(crate) tags: String,
    pub(crate) priority: String,
    pub(crate) expected: String,
    pub(crate) moved: String,
}

impl Row {
    /// What a further column says.
    pub(crate) fn text(&self, column: &str) -> &str {
        match column {
            "collect" => &self.extra.collect,
            "payment" => &self.extra.payment,
            "shipping" => &self.extra.shipping,
            "tracking" => &self.extra.tracking,
            "store" => &self.extra.store,
            "tags" => &self.extra.tags,
            "priority" => &self.extra.priority,
            "expected" => &self.extra.expected,
            _ => &self.extra.moved,
        }
    }
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

/// A form or a short look, as a page of its own.
#[derive(Template)]
#[template(path = "orders/sheet_page.html")]
pub(crate) struct SheetPage {
    pub(crate) page: Shell,
    pub(crate) title: String,
    /// HTML of the part.
    pub(crate) body: String,
}

/// The same beside the list.
#[derive(Template)]
#[template(path = "orders/sheet.html")]
pub(crate) struct SheetPart {
    pub(crate) say: Words,
    pub(crate) title: String,
    /// HTML of the part.
    pub(crate) body: String,
}

/// `GET /app/orders/filters`
#[derive(Template)]
#[template(path = "orders/filters.html")]
pub(crate) struct FilterForm {
    pub(crate) say: Words,
    pub(crate) kept: Vec<(String, String)>,
    pub(crate) days: Vec<Choosable>,
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) min: String,
    pub(crate) max: String,
    pub(crate) currency: String,
    pub(crate) sku: String,
    pub(crate) city: String,
    pub(crate) cities: Vec<String>,
    pub(crate) untag: String,
    pub(crate) groups: Vec<FilterGroup>,
    /// Name, message of the label, and yes, no or any.
    pub(crate) toggles: Vec<(&'static str, &'static str, Vec<Choosable>)>,
    pub(crate) clear: Option<String>,
    pub(crate) show: String,
    /// Whether the conditions are those of one group.
    pub(crate) is_group: bool,
    /// What the names of its fields begin with.
    pub(crate) at: String,
    /// The groups of which one holds.
    pub(crate) alternatives: Vec<Alternative>,
    /// The number of one more group, where there may be one.
    pub(crate) next_group: Option<usize>,
    /// The first and the second key of the sort: id, message of the label, and what may be chosen.
    pub(crate) sorts: Vec<(&'static str, &'static str, Vec<Choosable>)>,
}

/// A group of conditions of which one group holds.
pub(crate) struct Alternative {
    /// From 1.
    pub(crate) number: usize,
    pub(crate) words: String,
}

/// A filter that offers words.
pub(crate) struct FilterGroup {
    pub(crate) name: &'static str,
    pub(crate) label: String,
    pub(crate) is_open: bool,
    pub(crate) chosen: usize,
    pub(crate) options: Vec<Choosable>,
    /// Whether it scrolls in a box of its own.
    pub(crate) is_long: bool,
}

/// `GET /app/orders/columns`
#[derive(Template)]
#[template(path = "orders/columns.html")]
pub(crate) struct ColumnsForm {
    pub(crate) say: Words,
    pub(crate) csrf: String,
    pub(crate) view: String,
    pub(crate) back: String,
    pub(crate) choices: Vec<ColumnChoice>,
    pub(crate) densities: Vec<Choosable>,
    pub(crate) sizes: Vec<Choosable>,
}

/// A column to choose.
pub(crate) struct ColumnChoice {
    pub(crate) name: &'static str,
    pub(crate) label: String,
    pub(crate) is_chosen: bool,
    pub(crate) is_fixed: bool,
}

/// `GET /app/orders/views`
#[derive(Template)]
#[template(path = "orders/views.html")]
pub(crate) struct ViewsSheet {
    pub(crate) say: Words,
    pub(crate) csrf: String,
    pub(crate) back: String,
    pub(crate) new_href: String,
    pub(crate) lines: Vec<ViewLine>,
}

/// A kept view.
pub(crate) struct ViewLine {
    pub(crate) href: String,
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) audience: String,
    pub(crate) default_of: Option<String>,
    pub(crate) is_pinned: bool,
    pub(crate) may_edit: bool,
}

/// The form of a view.
#[derive(Template)]
#[template(path = "orders/view_form.html")]
pub(crate) struct ViewForm {
    pub(crate) say: Words,
    pub(crate) csrf: String,
    pub(crate) action: String,
    /// The list that is kept.
    pub(crate) query: String,
    pub(crate) version: Option<i64>,
    pub(crate) name: String,
    pub(crate) name_error: Option<String>,
    pub(crate) problem: Option<String>,
    pub(crate) audiences: Vec<Choosable>,
    /// Roles that may begin with it.
    pub(crate) defaults: Vec<Choosable>,
    pub(crate) is_pinned: bool,
}

/// `GET /app/orders/{id}/quick`
#[derive(Template)]
#[template(path = "orders/quick.html")]
pub(crate) struct QuickView {
    pub(crate) say: Words,
    pub(crate) csrf: String,
    pub(crate) back: String,
    pub(crate) id: String,
    pub(crate) number: String,
    pub(crate) version: i64,
    pub(crate) badge: Badge,
    pub(crate) priority: Option<Badge>,
    pub(crate) came: String,
    pub(crate) name: String,
    pub(crate) phone: Option<QuickPhone>,
    pub(crate) place: Vec<String>,
    pub(crate) lines: Vec<QuickLine>,
    pub(crate) total: String,
    pub(crate) collect: Option<String>,
    pub(crate) payment: String,
    pub(crate) holds: Vec<String>,
    pub(crate) tags: Vec<String>,
    pub(crate) agent: super::agent::AgentCard,
    pub(crate) note: Option<String>,
    pub(crate) moves: Vec<QuickMove>,
}

/// A number to call; whole where the reader may see it so.
pub(crate) struct QuickPhone {
    pub(crate) text: String,
    pub(crate) e164: String,
    pub(crate) digits: String,
}

/// A line of the order.
pub(crate) struct QuickLine {
    pub(crate) title: String,
    pub(crate) note: String,
    pub(crate) quantity: String,
    pub(crate) total: String,
}

/// A move that may be made now.
pub(crate) struct QuickMove {
    pub(crate) action: &'static str,
    pub(crate) face: MoveFace,
    pub(crate) is_first: bool,
    /// Whether it asks something first, on the order's own page.
    pub(crate) asks: bool,
}

/// What can be done with ticked rows.
pub(crate) struct BulkBar {
    pub(crate) can_export: bool,
    pub(crate) can_bulk: bool,
    /// "Select all 1,284 in this view"; none when the page shows all.
    pub(crate) all: Option<String>,
    /// In sight.
    pub(crate) acts: Vec<BarAct>,
    /// In the menu.
    pub(crate) rest: Vec<BarAct>,
}

/// An action on many orders.
pub(crate) struct BarAct {
    pub(crate) word: &'static str,
    pub(crate) key: &'static str,
    pub(crate) icon: &'static str,
}

/// `GET /app/orders/bulk/new`
#[derive(Template)]
#[template(path = "orders/bulk_form.html")]
pub(crate) struct BulkForm {
    pub(crate) say: Words,
    pub(crate) csrf: String,
    pub(crate) word: &'static str,
    pub(crate) text: String,
    pub(crate) is_bad: bool,
    pub(crate) options: Vec<Choosable>,
    pub(crate) known_tags: Vec<String>,
    pub(crate) add_tags: String,
    pub(crate) remove_tags: String,
    pub(crate) note: String,
    pub(crate) problem: Option<String>,
    pub(crate) errors: Vec<String>,
    pub(crate) kept: Vec<(String, String)>,
}

/// `GET /app/orders/bulk/{id}`
#[derive(Template)]
#[template(path = "orders/bulk_page.html")]
pub(crate) struct BulkPage {
    pub(crate) page: Shell,
    pub(crate) run: BulkRun,
}

/// The same without its frame, while it is under way.
#[derive(Template)]
#[template(path = "orders/bulk_run.html")]
pub(crate) struct BulkPart {
    pub(crate) run: BulkRun,
}

/// A run: what is going on, what can be done about it, what became of each order.
pub(crate) struct BulkRun {
    pub(crate) say: Words,
    pub(crate) csrf: String,
    pub(crate) here: String,
    pub(crate) title: String,
    pub(crate) badge: Badge,
    pub(crate) by: String,
    pub(crate) sentence: String,
    pub(crate) is_live: bool,
    pub(crate) percent: Option<i64>,
    pub(crate) progress: String,
    pub(crate) figures: Vec<Pair>,
    pub(crate) would_do: Option<String>,
    pub(crate) unchanged: Option<String>,
    pub(crate) totals: Vec<String>,
    pub(crate) refusals: Vec<BulkRefusal>,
    pub(crate) start: Option<String>,
    pub(crate) can_choose_start: bool,
    pub(crate) firsts: Vec<Choosable>,
    pub(crate) stops: Vec<Choosable>,
    pub(crate) can_cancel: bool,
    pub(crate) retry: Option<String>,
    pub(crate) undo: Option<(String, String)>,
    pub(crate) outcomes: Vec<Choosable>,
    pub(crate) file: String,
    pub(crate) items: Vec<BulkItem>,
    pub(crate) next: Option<String>,
    pub(crate) problem: Option<String>,
}

impl BulkRun {
    /// The class of the bar's width.
    pub(crate) fn width(&self) -> String {
        format!("w-{}", self.percent.unwrap_or(0))
    }
}

/// Why some orders would be refused.
pub(crate) struct BulkRefusal {
    pub(crate) orders: String,
    pub(crate) message: String,
    pub(crate) examples: Vec<String>,
}

/// An order of a run.
pub(crate) struct BulkItem {
    pub(crate) href: Option<String>,
    pub(crate) number: String,
    pub(crate) badge: Badge,
    pub(crate) why: String,
    pub(crate) at: String,
}

/// `GET /app/orders/bulk`
#[derive(Template)]
#[template(path = "orders/bulk_list.html")]
pub(crate) struct BulkListPage {
    pub(crate) page: Shell,
    pub(crate) lines: Vec<BulkLine>,
}

/// A run in the list of runs.
pub(crate) struct BulkLine {
    pub(crate) href: String,
    pub(crate) title: String,
    pub(crate) badge: Badge,
    pub(crate) found: String,
    pub(crate) refused: Option<String>,
    pub(crate) who: String,
    pub(crate) at: String,
    pub(crate) at_iso: String,
    pub(crate) at_exact: String,
}

/// `GET /app/exports`
#[derive(Template)]
#[template(path = "orders/exports.html")]
pub(crate) struct ExportsPage {
    pub(crate) page: Shell,
    pub(crate) list: ExportsView,
}

/// The same without its frame, while a file is being made.
#[derive(Template)]
#[template(path = "orders/exports_list.html")]
pub(crate) struct ExportsPart {
    pub(crate) list: ExportsView,
}

/// The reader's files.
pub(crate) struct ExportsView {
    pub(crate) say: Words,
    pub(crate) csrf: String,
    pub(crate) problem: Option<String>,
    pub(crate) is_live: bool,
    pub(crate) lines: Vec<ExportLine>,
}

/// A file.
pub(crate) struct ExportLine {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) badge: Badge,
    pub(crate) bar: Option<Bar>,
    pub(crate) rows: Option<String>,
    pub(crate) sha256: Option<String>,
    pub(crate) href: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) can_cancel: bool,
    pub(crate) at: String,
    pub(crate) at_iso: String,
    pub(crate) at_exact: String,
}
