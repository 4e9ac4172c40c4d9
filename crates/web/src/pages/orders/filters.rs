//! The filters of the list: what they are called, what they offer, and the sheet in which they are chosen.

use axum::http::{HeaderMap, Method, Uri};
use axum::response::Response;
use base::{Agents, Ctx, Edge};
use db::Tx;
use fields::TagList;
use kernel::{Channel, Confirmation, Day, Error, OrderState, PaymentMethod, PaymentState, Permission, Priority, ShippingState};
use orders::{Archived, PlacedIn, Sort, SortKey, Total};

use super::listing::{self, Known, home, open_view};
use super::query::{Home, ListQuery, at};
use super::sheet;
use super::view::{Alternative, FilterForm, FilterGroup};
use crate::badges;
use crate::error::Outcome;
use crate::extract::Info;
use crate::format::Format;
use crate::pages::amounts::amount;
use crate::pages::context::Reader;
use crate::pages::places::{provinces, towns};
use crate::pages::view::{Choosable, isolated};
use crate::router::{Access, Route};
use crate::words::Words;

/// So many tags are offered; others are typed.
const TAGS: u32 = 60;
/// A chip names so many values, and counts more.
const NAMED: usize = 2;

pub(super) fn routes() -> Vec<Route> {
    vec![Route::page(Method::GET, "/app/orders/filters", Access::Needs(Permission::OrderRead), "page_orders_filters", show)]
}

/// Days that move on with the calendar.
pub(super) fn days_key(days: PlacedIn) -> &'static str {
    match days {
        PlacedIn::Today => "orders-days-today",
        PlacedIn::Yesterday => "orders-days-yesterday",
        PlacedIn::LastSevenDays => "orders-days-seven",
        PlacedIn::LastThirtyDays => "orders-days-thirty",
        PlacedIn::ThisMonth => "orders-days-month",
        PlacedIn::LastMonth => "orders-days-last-month",
    }
}

fn call_key(confirmation: Confirmation) -> &'static str {
    match confirmation {
        Confirmation::Pending => "orders-call-pending",
        Confirmation::Attempting => "orders-call-attempting",
        Confirmation::Confirmed => "orders-call-confirmed",
        Confirmation::Failed => "orders-call-failed",
        Confirmation::Abandoned => "orders-call-abandoned",
    }
}

/// What the values of filters are called.
pub(super) struct Names<'a> {
    pub(super) query: &'a ListQuery,
    pub(super) reader: &'a Reader,
    pub(super) format: &'a Format,
    pub(super) say: Words,
    pub(super) known: &'a Known,
}

impl Names<'_> {
    /// A chip: the message of its label and its value.
    pub(super) fn chip(&self, chip: &'static str) -> (&'static str, String) {
        let query = self.query;
        let day = |name: &str| Day::parse(query.first(name));
        let is = |yes: &'static str, no: &'static str| if query.first(chip) == "false" { no } else { yes };
        match chip {
            "q" => ("orders-filter-search-chip", query.q.clone()),
            "from" => ("orders-filter-from", listing::days(self.format, day("from"), None)),
            "to" => ("orders-filter-to", listing::days(self.format, None, day("to"))),
            "placed_on" => ("orders-filter-days", listing::days(self.format, day("placed_on"), None)),
            "amount" => ("orders-col-total", self.span(&self.amount("min"), &self.amount("max"))),
            "total" => ("orders-col-total", self.span(query.first("total_from"), query.first("total_to"))),
            "held" => (is("orders-filter-held", "orders-filter-not-held"), String::new()),
            "escalated" => (is("orders-filter-escalated", "orders-filter-not-escalated"), String::new()),
            "place" => (is("orders-filter-place-known", "orders-filter-place-unknown"), String::new()),
            other => (label(other), self.values(other)),
        }
    }

    /// Each condition in words.
    pub(super) fn said(&self) -> Vec<String> {
        let said = |chip| match self.chip(chip) {
            (label, value) if value.is_empty() => self.say.t(label),
            (label, value) => self.say.with("orders-said-is", &[("label", self.say.t(label)), ("value", isolated(value.trim()))]),
        };
        self.query.active().into_iter().map(said).collect()
    }

    /// All conditions in words.
    pub(super) fn conditions(&self) -> String {
        both(self.say, &self.said()).unwrap_or_default()
    }

    /// A typed amount as the reader writes amounts; that it does not count where it can be read in two ways.
    fn amount(&self, name: &str) -> String {
        let (typed, currency) = (self.query.first(name), home(&self.reader.stores).currency);
        match amount(typed, currency) {
            Some(amount) => self.format.money(amount, currency),
            None if typed.is_empty() => String::new(),
            None => self.say.one("orders-filter-unclear", "typed", isolated(typed)),
        }
    }

    fn span(&self, from: &str, to: &str) -> String {
        match (from.is_empty(), to.is_empty()) {
            (false, true) => self.say.one("orders-span-from", "from", format!("{from}\u{a0}")),
            (true, false) => self.say.one("orders-span-to", "to", format!("{to}\u{a0}")),
            _ => format!("{from} – {to}"),
        }
    }

    fn values(&self, name: &str) -> String {
        let all = self.query.all(name);
        if all.len() > NAMED {
            return self.say.count("orders-chip-selected", all.len() as i64, &self.format.number(all.len() as i64));
        }
        let named: Vec<String> = all.iter().map(|value| self.value(name, value)).collect();
        match named.as_slice() {
            [first, second] => self.say.with("orders-chip-or", &[("first", first.clone()), ("second", second.clone())]),
            _ => named.join(""),
        }
    }

    /// What a value is called.
    fn value(&self, name: &str, value: &str) -> String {
        let say = self.say;
        let word = match name {
            "state" => value.parse().ok().map(|state: OrderState| badges::state(state).key),
            "days" => value.parse().ok().map(days_key),
            "channel" => value.parse().ok().map(|channel: Channel| badges::channel(channel).1),
            "call" => value.parse().ok().map(call_key),
            "shipping" => value.parse().ok().map(|state: ShippingState| badges::shipping(state).key),
            "payment" => value.parse().ok().map(|state: PaymentState| badges::payment(state).key),
            "method" => value.parse().ok().map(|method: PaymentMethod| badges::payment_method(method)),
            "priority" => value.parse().ok().map(|priority: Priority| badges::priority_name(priority)),
            "archived" => value.parse().ok().map(archived_key),
            "agent" if value == "me" => Some("orders-mine"),
            "agent" if value == "none" => Some("orders-nobody"),
            _ => None,
        };
        if let Some(word) = word {
            return say.t(word);
        }
        let found = match name {
            "store" => self.reader.stores.iter().find(|store| store.id.to_string() == value).map(|store| store.name.clone()),
            "province" => provinces(&self.reader.stores, say).into_iter().find(|(key, _)| key == value).map(|(_, name)| name),
            "agent" => self.known.agents.iter().find(|person| person.id.to_string() == value).map(|person| person.name.clone()),
            "hold" => self.known.holds.get(value).cloned(),
            _ => None,
        };
        found.unwrap_or_else(|| value.to_owned())
    }
}

/// Conditions that all hold, in words; none of none.
pub(super) fn both(say: Words, said: &[String]) -> Option<String> {
    said.iter().cloned().reduce(|first, second| say.with("orders-said-and", &[("first", first), ("second", second)]))
}

/// Groups of which one holds, in words, each in brackets where there are several.
pub(super) fn either(say: Words, groups: &[String]) -> Option<String> {
    if let [one] = groups {
        return Some(one.clone());
    }
    let bracketed = groups.iter().map(|group| say.one("orders-said-group", "group", group));
    bracketed.reduce(|first, second| say.with("orders-said-or", &[("first", first), ("second", second)]))
}

fn archived_key(archived: Archived) -> &'static str {
    match archived {
        Archived::No => "orders-archived-no",
        Archived::Only => "orders-archived-only",
        Archived::Any => "orders-archived-any",
    }
}

/// What a filter is called.
fn label(name: &str) -> &'static str {
    match name {
        "state" => "orders-filter-state",
        "substatus" => "orders-filter-substatus",
        "store" => "orders-filter-store",
        "channel" => "orders-filter-channel",
        "sku" => "orders-filter-sku",
        "province" => "orders-filter-province",
        "city" => "orders-filter-city",
        "agent" => "orders-filter-agent",
        "call" => "orders-filter-call",
        "shipping" => "orders-filter-shipping",
        "payment" => "orders-filter-payment",
        "method" => "orders-filter-method",
        "tag" => "orders-filter-tag",
        "tag_all" => "orders-filter-tag-all",
        "untag" => "orders-filter-untag",
        "priority" => "orders-filter-priority",
        "hold" => "orders-filter-hold",
        "archived" => "orders-filter-archived",
        "customer" => "orders-col-customer",
        "custom" => "orders-filter-custom",
        "search" => "orders-filter-search-chip",
        _ => "orders-filter-days",
    }
}

/// `GET /app/orders/filters?…`
///
/// `group=2` asks for the conditions of a group instead, and `drop=2` takes it away.
async fn show(edge: Edge, info: Info, uri: Uri, headers: HeaderMap) -> Outcome<Response> {
    let raw = uri.query().unwrap_or_default();
    let query = ListQuery::read(raw);
    let number = |wanted: &str| {
        let value = form_urlencoded::parse(raw.as_bytes()).find(|(name, _)| name == wanted)?.1.parse::<usize>().ok()?;
        value.checked_sub(1)
    };
    let (group, dropped) = (number("group"), number("drop"));
    let say = Words { locale: edge.ctx.locale };
    let (reader, form) = edge
        .read(move |tx, ctx| {
            let reader = Reader::load(tx, ctx)?;
            let form = form(tx, ctx, &reader, query.clone(), group, dropped)?;
            Ok((reader, form))
        })
        .await?;
    let title = say.t(if group.is_some() { "orders-group-title" } else { "orders-filters" });
    sheet::answer(&headers, &edge, &info, &reader, title, &form)
}

fn form(tx: &mut Tx, ctx: &Ctx, reader: &Reader, query: ListQuery, group: Option<usize>, dropped: Option<usize>) -> Result<FilterForm, Error> {
    let say = Words { locale: ctx.locale };
    let home = home(&reader.stores);
    let (mut list, _) = open_view(tx, ctx, query, &home)?;
    if let Some(place) = dropped {
        list = list.without_group(place);
    }
    // One more than there are begins a new one.
    let group = group.map(|place| place.min(list.group_count()));
    let query = group.map_or_else(|| list.clone(), |place| list.group(place));
    let known = Known::load(tx, ctx, &list, true)?;
    let format = reader.format(ctx);
    let names = Names { query: &query, reader, format: &format, say, known: &known };
    let offers = |name: &'static str, values: Vec<String>| -> FilterGroup {
        let options: Vec<Choosable> = values
            .into_iter()
            .map(|value| Choosable { is_chosen: query.all(name).contains(&value), label: names.value(name, &value), value })
            .collect();
        let chosen = options.iter().filter(|option| option.is_chosen).count();
        FilterGroup { name, label: say.t(label(name)), is_open: chosen > 0 || matches!(name, "state"), chosen, options, is_long: false }
    };
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();

    let mut groups = vec![offers("state", words(OrderState::WORDS))];
    let substatuses: Vec<(OrderState, &base::rules::Substatus)> = ctx.settings.rules.substatuses().filter(|(_, one)| !one.is_archived).collect();
    if !substatuses.is_empty() {
        let mut group = offers("substatus", Vec::new());
        group.options = substatuses
            .iter()
            .map(|(state, one)| {
                let own = base::rules::label(&one.labels, ctx.locale).unwrap_or(&one.key);
                let text = format!("{} · {own}", say.t(badges::state(*state).key));
                Choosable { value: one.key.clone(), label: text, is_chosen: query.all("substatus").contains(&one.key) }
            })
            .collect();
        group.chosen = group.options.iter().filter(|option| option.is_chosen).count();
        group.is_open = group.chosen > 0;
        groups.push(group);
    }
    if reader.stores.len() > 1 {
        groups.push(offers("store", reader.stores.iter().map(|store| store.id.to_string()).collect()));
    }
    groups.push(offers("channel", words(Channel::WORDS)));
    let mut province = offers("province", provinces(&reader.stores, say).into_iter().map(|(key, _)| key).collect());
    province.is_long = true;
    groups.push(province);
    if ctx.sees().agents == Agents::All {
        let people = known.agents.iter().map(|person| person.id.to_string());
        let mut agent = offers("agent", words(&["me", "none"]).into_iter().chain(people).collect());
        agent.is_long = agent.options.len() > 20;
        groups.push(agent);
    }
    groups.push(offers("call", words(Confirmation::WORDS)));
    groups.push(offers("shipping", words(ShippingState::WORDS)));
    groups.push(offers("payment", words(PaymentState::WORDS)));
    groups.push(offers("method", words(PaymentMethod::WORDS)));
    groups.push(offers("priority", words(Priority::WORDS)));
    let tags = fields::list_tags(tx, ctx, &TagList { search: None, with_archived: false, limit: TAGS, cursor: None })?;
    let mut tag = offers("tag", tags.items.into_iter().map(|row| row.tag.name).filter(|name| !name.contains(',')).collect());
    // What is asked for and not offered stays asked for.
    for value in query.all("tag") {
        if !tag.options.iter().any(|option| option.value == *value) {
            tag.options.push(Choosable { value: value.clone(), label: value.clone(), is_chosen: true });
        }
    }
    if !tag.options.is_empty() {
        groups.push(tag);
    }
    groups.push(offers("hold", known.holds.keys().cloned().collect()));

    let yes_or_no = |name: &'static str, yes: &str, no: &str| {
        let chosen = query.first(name);
        vec![
            Choosable::new("", say.t("orders-filter-any"), chosen),
            Choosable::new("true", say.t(yes), chosen),
            Choosable::new("false", say.t(no), chosen),
        ]
    };
    let days = query.first("days");
    let archived = query.first("archived");
    let shown = ["state", "substatus", "days", "from", "to", "store", "channel", "sku", "province", "city", "agent", "call", "shipping", "payment"];
    let shown: Vec<&str> = shown
        .into_iter()
        .chain(["method", "min", "max", "tag", "untag", "priority", "held", "hold", "escalated", "place", "archived", "page"])
        .collect();
    // What the sheet has no field for is kept; in a kept view everything said here stands instead of what it says by itself.
    let at = group.map(at).unwrap_or_default();
    let is_sorted = group.is_none() && list.q.is_empty();
    let is_shown = |name: &str| match name.strip_prefix(&at) {
        Some(name) if group.is_some() => shown.contains(&name),
        _ => group.is_none() && (shown.contains(&name) || is_sorted && name == "sort"),
    };
    let mut kept: Vec<(String, String)> = list.with(|_| {}).fields().into_iter().filter(|(name, _)| !is_shown(name)).collect();
    if matches!(list.view, super::query::Open::Saved(_)) && !kept.iter().any(|(name, _)| name == "edited") {
        kept.push(("edited".to_owned(), "1".to_owned()));
    }
    let kept_options = Archived::ALL
        .iter()
        .map(|one| Choosable::new(if *one == Archived::No { "" } else { one.as_str() }, say.t(archived_key(*one)), archived))
        .collect();
    Ok(FilterForm {
        say,
        kept,
        days: std::iter::once(Choosable::new("", say.t("orders-filter-any"), days))
            .chain(PlacedIn::ALL.iter().map(|one| Choosable::new(one.as_str(), say.t(days_key(*one)), days)))
            .collect(),
        from: query.first("from").to_owned(),
        to: query.first("to").to_owned(),
        min: query.first("min").to_owned(),
        max: query.first("max").to_owned(),
        currency: home.currency.code().to_owned(),
        sku: query.first("sku").to_owned(),
        city: query.all("city").join(", "),
        cities: towns(&reader.stores, query.all("province")),
        untag: query.all("untag").join(", "),
        groups,
        toggles: [
            ("held", "orders-filter-holds", yes_or_no("held", "orders-filter-held", "orders-filter-not-held")),
            ("escalated", "orders-filter-escalations", yes_or_no("escalated", "orders-filter-escalated", "orders-filter-not-escalated")),
            ("place", "orders-filter-place", yes_or_no("place", "orders-filter-place-known", "orders-filter-place-unknown")),
            ("archived", "orders-filter-archived", kept_options),
        ]
        .into_iter()
        .filter(|(name, ..)| group.is_none() || *name != "archived")
        .collect(),
        clear: (group.is_none() && (!list.active().is_empty() || list.group_count() > 0)).then(|| list.bare().url()),
        show: show_words(tx, ctx, reader, &list, &home, say),
        is_group: group.is_some(),
        at,
        alternatives: (0..list.group_count())
            .map(|place| {
                let query = list.group(place);
                let words = Names { query: &query, reader, format: &format, say, known: &known }.conditions();
                Alternative { number: place + 1, words }
            })
            .collect(),
        next_group: (list.group_count() < orders::MOST_GROUPS).then(|| list.group_count() + 1),
        sorts: if is_sorted { sorts(say, list.sort()) } else { Vec::new() },
    })
}

/// What may be chosen as the first and the second key of the sort.
fn sorts(say: Words, sort: Sort) -> Vec<(&'static str, &'static str, Vec<Choosable>)> {
    let word = |key: SortKey, is_descending: bool| Sort::by(key, is_descending || key == SortKey::Priority).to_string();
    let options = |chosen: String| -> Vec<Choosable> {
        SORTS.iter().map(|(key, is_descending, label)| Choosable::new(word(*key, *is_descending), say.t(label), &chosen)).collect()
    };
    let then = sort.then.map(|then| word(then.key, then.is_descending)).unwrap_or_default();
    let none = Choosable::new("", say.t("sort-then-none"), &then);
    vec![
        ("f-sort", "sort-by", options(word(sort.key, sort.is_descending))),
        ("f-then", "sort-then", std::iter::once(none).chain(options(then)).collect()),
    ]
}

/// Every sort by one key, and its message.
const SORTS: [(SortKey, bool, &str); 9] = [
    (SortKey::CreatedAt, true, "orders-sort-newest"),
    (SortKey::CreatedAt, false, "orders-sort-oldest"),
    (SortKey::Total, true, "orders-sort-largest"),
    (SortKey::Total, false, "orders-sort-smallest"),
    (SortKey::MovedAt, true, "orders-sort-moved-last"),
    (SortKey::MovedAt, false, "orders-sort-moved-first"),
    (SortKey::Number, true, "orders-sort-number-down"),
    (SortKey::Number, false, "orders-sort-number-up"),
    (SortKey::Priority, true, "orders-sort-urgent"),
];

/// The words of the button that shows the orders that a query asks for.
pub(super) fn show_words(tx: &mut Tx, ctx: &Ctx, reader: &Reader, query: &ListQuery, home: &Home, say: Words) -> String {
    let counted = query.chosen(home, ctx.now).and_then(|chosen| match chosen.search {
        // What a search finds is not counted before it is shown.
        Some(_) => Ok(None),
        None => orders::count(tx, ctx, &chosen.filter).map(Some),
    });
    let number = |count: i64| reader.format(ctx).number(count);
    match counted {
        Ok(Some(Total::Exact(count))) => say.count("orders-show", count, &number(count)),
        Ok(Some(Total::AtLeast(count))) => say.count("orders-show", count, &say.one("orders-at-least", "n", number(count))),
        Ok(None) | Err(_) => say.t("orders-show-any"),
    }
}
