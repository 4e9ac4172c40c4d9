//! What the templates about customers show. Plain data: words and numbers are put in order by their makers.

use askama::Template;
use base::Ctx;
use care::{Likeness, Suggestion};
use customers::Customer;
use customers::flags::{Flag, FlagKind};
use kernel::{Country, Id, Phone, Tone};

use crate::badges;
use crate::format::MoneyParts;
use crate::pages::context::Reader;
use crate::pages::phones::shown_phone;
use crate::pages::sort::SortHead;
pub(super) use crate::pages::view::isolated;
use crate::pages::view::{Choosable, Confirm, EmptyState, Notice, Pager, Shell};
use crate::words::Words;

/// `GET /app/customers`
#[derive(Template)]
#[template(path = "customers/list.html")]
pub(super) struct ListPage {
    pub(super) page: Shell,
    pub(super) subtitle: String,
    pub(super) can_add: bool,
    pub(super) list: ListView,
}

/// The same without its frame, for a change of filter.
#[derive(Template)]
#[template(path = "customers/table.html")]
pub(super) struct ListPart {
    pub(super) list: ListView,
}

/// The list with its filters, rows and pages.
pub(super) struct ListView {
    pub(super) say: Words,
    /// The address of this view, from its first part on.
    pub(super) here: String,
    pub(super) q: String,
    pub(super) filters: Vec<Filter>,
    pub(super) chips: Vec<Chip>,
    pub(super) filter_count: usize,
    /// The address without filters.
    pub(super) clear: String,
    /// Parameters that the filter form keeps: the size.
    pub(super) kept: Vec<(String, String)>,
    /// The sorts that are offered.
    pub(super) sorts: Vec<Choosable>,
    /// What may decide among equals.
    pub(super) thens: Vec<Choosable>,
    /// The heads of the columns.
    pub(super) heads: Vec<Head>,
    pub(super) rows: Vec<Row>,
    pub(super) empty: EmptyState,
    pub(super) problem: Option<String>,
    pub(super) pager: Pager,
    /// How many on a page: the number, its address, whether it is so now.
    pub(super) sizes: Vec<(String, String, bool)>,
    pub(super) file: Option<FileLine>,
    /// None where the reader may not, or where files know no such filter.
    pub(super) export: Option<ExportForm>,
    /// How many there are, in words.
    pub(super) count: String,
}

/// What asks for a file of the list as it is filtered.
pub(super) struct ExportForm {
    pub(super) csrf: String,
    /// The parameters of this view, to come back to.
    pub(super) list: String,
    pub(super) fields: Vec<(&'static str, String)>,
}

/// A file of the list: being made, ready, or failed.
pub(super) struct FileLine {
    pub(super) tone: &'static str,
    pub(super) text: String,
    /// Where to look again while it is being made.
    pub(super) again: Option<String>,
    /// Where the file is.
    pub(super) file: Option<String>,
}

/// The head of a column.
pub(super) struct Head {
    pub(super) class: &'static str,
    pub(super) label: String,
    /// How the list is sorted by it, where it can be.
    pub(super) sort: Option<SortHead>,
}

/// A filter that offers a few values, or is typed.
pub(super) struct Filter {
    pub(super) name: String,
    pub(super) label: String,
    pub(super) options: Vec<Choosable>,
    /// What was typed, where it is typed.
    pub(super) typed: Option<String>,
    /// Words to type faster; an amount has none.
    pub(super) known: Vec<String>,
}

impl Filter {
    /// A filter that is typed.
    pub(super) fn typed(name: &str, label: String, typed: &str) -> Filter {
        Filter { name: name.to_owned(), label, options: Vec::new(), typed: Some(typed.to_owned()), known: Vec::new() }
    }

    pub(super) fn is_amount(&self) -> bool {
        self.name == "spent"
    }
}

/// A filter in force.
pub(super) struct Chip {
    pub(super) label: String,
    pub(super) value: String,
    pub(super) href: String,
}

/// A customer in the list: a row at the desk, a card on a phone.
pub(super) struct Row {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) initials: String,
    pub(super) tone: &'static str,
    pub(super) phone: Option<String>,
    pub(super) marks: Vec<Mark>,
    pub(super) tags: Vec<String>,
    pub(super) orders: String,
    pub(super) orders_text: String,
    pub(super) delivered: String,
    pub(super) returned: String,
    pub(super) has_returns: bool,
    /// Delivered of what came to an end.
    pub(super) success: Option<String>,
    /// One for each currency.
    pub(super) spent: Vec<MoneyParts>,
    pub(super) place: String,
    pub(super) district: String,
    pub(super) last: Option<Sum>,
}

/// A moment as people read it, for programs and for hovering.
pub(super) struct Sum {
    pub(super) text: String,
    pub(super) iso: String,
    pub(super) exact: String,
}

/// A mark on somebody.
pub(super) struct Mark {
    pub(super) label: String,
    /// The class of its fill and that of its dot.
    pub(super) fill: &'static str,
    pub(super) dot: &'static str,
    pub(super) reason: String,
}

impl Mark {
    pub(super) fn of(ctx: &Ctx, kinds: &[FlagKind], flag: &Flag) -> Mark {
        let kind = kinds.iter().find(|kind| kind.code == flag.kind);
        let (fill, dot) = tone(kind.map_or(Tone::Neutral, |kind| kind.tone));
        Mark { label: kind.map_or_else(|| flag.kind.clone(), |kind| kind.label(ctx.locale).to_owned()), fill, dot, reason: flag.reason.clone() }
    }
}

/// The classes of a tone: the fill of a tag and the colour of a dot.
pub(super) fn tone(tone: Tone) -> (&'static str, &'static str) {
    match tone {
        Tone::Neutral => ("neu", "d-neu"),
        Tone::Info => ("info", "d-info"),
        Tone::Ok => ("ok", "d-ok"),
        Tone::Warn => ("warn", "d-warn"),
        Tone::Bad => ("bad", "d-bad"),
        Tone::Violet => ("vio", "d-vio"),
        Tone::Primary => ("pri-soft", "d-pri"),
    }
}

/// The country whose spelling of numbers a reader uses: that of their first store.
pub(super) fn home_country(reader: &Reader) -> Country {
    reader.stores.first().map_or(Country::DZ, |store| store.country)
}

/// `GET /app/customers/twins`
#[derive(Template)]
#[template(path = "customers/twins.html")]
pub(super) struct TwinsPage {
    pub(super) page: Shell,
    pub(super) rows: Vec<TwinRow>,
    pub(super) can_merge: bool,
    pub(super) empty: EmptyState,
}

/// Two records that are likely one person.
pub(super) struct TwinRow {
    /// Both of them.
    pub(super) people: Vec<Person>,
    /// Why: messages.
    pub(super) reasons: Vec<&'static str>,
}

impl TwinRow {
    pub(super) fn of(ctx: &Ctx, country: Country, pair: Suggestion) -> TwinRow {
        TwinRow {
            people: vec![Person::of(ctx, country, &pair.customer, &pair.phones), Person::of(ctx, country, &pair.other, &pair.other_phones)],
            reasons: pair.reasons.iter().map(|reason| likeness(*reason)).collect(),
        }
    }
}

impl TwinRow {
    /// What a button that compares them is called.
    pub(super) fn compare(&self, say: &Words) -> String {
        let name = |place: usize| self.people.get(place).map(|person| person.name.clone()).unwrap_or_default();
        compare(say, name(0), name(1))
    }
}

/// What a button that compares two records is called.
pub(super) fn compare(say: &Words, one: String, other: String) -> String {
    say.with("customers-compare-two", &[("one", one), ("other", other)])
}

/// The message that says why two records are likely one person.
pub(super) fn likeness(reason: Likeness) -> &'static str {
    match reason {
        Likeness::Phone => "customers-like-phone",
        Likeness::Email => "customers-like-email",
        Likeness::Name => "customers-like-name",
        Likeness::Address => "customers-like-address",
    }
}

/// Somebody in short.
#[derive(Clone, Debug)]
pub(super) struct Person {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) initials: String,
    pub(super) tone: &'static str,
    pub(super) email: Option<String>,
    pub(super) phones: Vec<String>,
}

impl Person {
    /// What a button that compares them with somebody is called.
    pub(super) fn compared_with(&self, say: &Words, name: &str) -> String {
        compare(say, name.to_owned(), self.name.clone())
    }

    pub(super) fn of(ctx: &Ctx, country: Country, customer: &Customer, phones: &[Phone]) -> Person {
        Person {
            id: customer.id.to_string(),
            name: if customer.name.is_empty() { Words { locale: ctx.locale }.t("customers-nameless") } else { customer.name.clone() },
            initials: badges::initials(&customer.name),
            tone: badges::person_tone(customer.id.to_i64()),
            email: customer.email.as_deref().map(|email| customers::shown_email(ctx, email)),
            phones: phones.iter().map(|phone| shown_phone(ctx, phone, country)).collect(),
        }
    }
}

/// `GET /app/customers/{id}`
#[derive(Template)]
#[template(path = "customers/detail.html")]
pub(super) struct DetailPage {
    pub(super) page: Shell,
    pub(super) may: May,
    pub(super) id: String,
    pub(super) name: String,
    pub(super) initials: String,
    pub(super) tone: &'static str,
    pub(super) since: String,
    pub(super) is_archived: bool,
    pub(super) is_erased: bool,
    pub(super) notice: Option<Notice>,
    /// A note that did not go through.
    pub(super) note: String,
    pub(super) marks: Vec<MarkLine>,
    pub(super) figures: Vec<Figure>,
    /// Delivered of what came to an end: the bar's width, and the share.
    pub(super) success: Option<(i64, String)>,
    pub(super) orders: Vec<OrderLine>,
    pub(super) has_more_orders: bool,
    pub(super) phones: Vec<PhoneLine>,
    pub(super) email: Option<String>,
    pub(super) can_write: bool,
    pub(super) language: Option<String>,
    /// Where the language comes from: a message.
    pub(super) language_source: Option<&'static str>,
    pub(super) reference: Option<String>,
    pub(super) addresses: Vec<AddressLine>,
    pub(super) tags: Vec<String>,
    pub(super) fields: Vec<(String, String)>,
    pub(super) consents: Vec<ConsentLine>,
    pub(super) twins: Vec<(Person, Vec<&'static str>)>,
    pub(super) merges: Vec<MergeLine>,
    pub(super) work: WorkView,
    pub(super) tabs: Vec<HistoryTab>,
    pub(super) history: Vec<Entry>,
    /// Where older entries are.
    pub(super) older: Option<String>,
}

/// What this reader may do to this customer.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct May {
    pub(super) edit: bool,
    pub(super) merge: bool,
    pub(super) export: bool,
    pub(super) erase: bool,
    pub(super) order: bool,
}

/// A number of what somebody bought.
pub(super) struct Figure {
    pub(super) label: String,
    pub(super) value: String,
}

/// An order in short.
pub(super) struct OrderLine {
    pub(super) id: String,
    pub(super) number: String,
    pub(super) item: String,
    pub(super) badge: badges::Badge,
    pub(super) total: MoneyParts,
    pub(super) at: Sum,
}

/// A mark with why and since when.
pub(super) struct MarkLine {
    pub(super) mark: Mark,
    pub(super) note: String,
    /// Where it is taken off.
    pub(super) lift: String,
}

/// A telephone number.
pub(super) struct PhoneLine {
    pub(super) id: String,
    pub(super) text: String,
    pub(super) label: Option<String>,
    pub(super) is_main: bool,
    /// The number whole, for those who may see it.
    pub(super) whole: Option<String>,
    pub(super) can_reveal: bool,
}

impl PhoneLine {
    /// The digits alone, as links of WhatsApp want them.
    pub(super) fn digits(&self) -> &str {
        self.whole.as_deref().unwrap_or_default().trim_start_matches('+')
    }
}

/// Where somebody receives parcels.
pub(super) struct AddressLine {
    pub(super) id: String,
    pub(super) label: Option<String>,
    pub(super) lines: Vec<String>,
    pub(super) is_main: bool,
    pub(super) is_known: bool,
}

/// What is allowed on one way.
pub(super) struct ConsentLine {
    pub(super) channel: String,
    /// For orders, for advertising.
    pub(super) says: Vec<bool>,
}

/// Another record that became part of this one.
pub(super) struct MergeLine {
    pub(super) id: String,
    pub(super) text: String,
    pub(super) can_undo: bool,
}

/// Work about somebody that takes time: files, erasing, orders on their way between records.
#[derive(Template)]
#[template(path = "customers/work.html")]
pub(super) struct WorkView {
    pub(super) say: Words,
    pub(super) csrf: String,
    pub(super) id: String,
    pub(super) may: May,
    /// Where to look again while something is going on.
    pub(super) again: Option<String>,
    pub(super) bars: Vec<Bar>,
    pub(super) files: Vec<PersonFile>,
    /// Whether a file can be asked for now.
    pub(super) can_begin: bool,
    pub(super) erasure: Option<ErasureLine>,
}

/// How far something is.
pub(super) struct Bar {
    pub(super) text: String,
    /// The bar's width; none while nobody knows.
    pub(super) percent: Option<i64>,
}

/// Everything about somebody as files.
pub(super) struct PersonFile {
    pub(super) made: String,
    pub(super) until: String,
    pub(super) html: String,
    pub(super) json: String,
}

/// The erasing of somebody.
pub(super) struct ErasureLine {
    pub(super) tone: &'static str,
    pub(super) text: String,
    /// What is gone, in figures.
    pub(super) figures: Vec<(String, String)>,
    pub(super) can_cancel: bool,
    pub(super) is_over: bool,
}

/// A part of the history.
pub(super) struct HistoryTab {
    pub(super) key: &'static str,
    pub(super) href: String,
    pub(super) is_here: bool,
}

/// A line of the history.
pub(super) struct Entry {
    pub(super) icon: &'static str,
    pub(super) tone: &'static str,
    /// HTML, its values escaped by [`crate::words`].
    pub(super) sentence: String,
    pub(super) text: Option<String>,
    pub(super) badge: Option<badges::Badge>,
    /// Fields before and after: name, before, after.
    pub(super) changes: Vec<(String, String, String)>,
    pub(super) at: Sum,
    /// Takes a note away.
    pub(super) erase: Option<Confirm>,
}

/// `GET /app/customers/{id}/merge`, before somebody is chosen.
#[derive(Template)]
#[template(path = "customers/merge_pick.html")]
pub(super) struct PickPage {
    pub(super) page: Shell,
    pub(super) id: String,
    pub(super) name: String,
    pub(super) q: String,
    pub(super) twins: Vec<(Person, Vec<&'static str>)>,
    pub(super) found: Vec<Person>,
    pub(super) has_searched: bool,
}

/// `GET /app/customers/{id}/merge?with=…`
#[derive(Template)]
#[template(path = "customers/merge.html")]
pub(super) struct MergePage {
    pub(super) page: Shell,
    pub(super) problem: Option<String>,
    /// Who stays, then who goes.
    pub(super) sides: Vec<Candidate>,
    pub(super) kept: String,
    pub(super) gone: String,
    /// The address where the other one stays.
    pub(super) swap: String,
    pub(super) back: String,
    pub(super) choices: Vec<MergeChoice>,
    /// What moves: how many of what.
    pub(super) moves: Vec<(String, String)>,
    /// What the one will have bought.
    pub(super) sums: Vec<(String, String)>,
    pub(super) is_slow: bool,
}

/// One of two records.
pub(super) struct Candidate {
    pub(super) person: Person,
    pub(super) facts: Vec<(String, String)>,
}

/// A field that both records fill differently.
pub(super) struct MergeChoice {
    /// `name`, `email` or `language`.
    pub(super) name: &'static str,
    pub(super) label: String,
    pub(super) kept: String,
    pub(super) gone: String,
    /// Whether the other record's value was chosen.
    pub(super) is_gone: bool,
}
