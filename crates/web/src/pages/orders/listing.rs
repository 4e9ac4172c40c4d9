//! The list of orders as its page shows it: views with counts, filters, rows, pages, and figures over it.

use std::collections::BTreeMap;

use access::Store;
use base::{Agents, Ctx, counters, places};
use db::Tx;
use jiff::tz::TimeZone;
use kernel::{Channel, Country, Currency, Day, Error, OrderState, Permission, Priority, ShippingState};
use orders::{OrderPage, Page, PageStart, Search, Sort, SortKey, Total};

use super::query::{ListQuery, RETURNS, VIEWS, View, Whose};
use super::row::Surroundings;
use super::view::{Chip, Column, Empty, Figure, FilterChoice, ListView, Row, Tab};
use crate::badges;
use crate::error::Problem;
use crate::format::Format;
use crate::pages::context::{Place, Reader};
use crate::pages::view::Choosable;
use crate::words::Words;

/// Orders on a page unless somebody likes it otherwise.
const PAGE: u32 = 50;
/// How far page numbers reach; the rest of a list is found by date.
const REACH: u64 = 10_000;

/// The zone and currency that a reader's days and amounts are of: those of their first store.
pub(super) fn home(stores: &[Store]) -> (TimeZone, Currency) {
    stores.first().map_or((TimeZone::UTC, Currency::DZD), |store| (store.zone.clone(), store.currency))
}

/// Everything that a view of the list is made from.
pub(super) struct Listing {
    query: ListQuery,
    pub(super) reader: Reader,
    say: Words,
    format: Format,
    since: i64,
    limit: u32,
    rows: Vec<Row>,
    total: Total,
    older: Option<String>,
    problem: Option<String>,
    /// Orders by state; none for people who see some agents' orders only, because counters know nothing of agents.
    counts: Option<BTreeMap<OrderState, i64>>,
    agents: Vec<access::Person>,
}

impl Listing {
    pub(super) fn load(tx: &mut Tx, ctx: &Ctx, query: &ListQuery) -> Result<Listing, Error> {
        let reader = Reader::load(tx, ctx)?;
        let say = Words { locale: ctx.locale };
        let format = reader.format(ctx);
        let limit = query.limit.or_else(|| u32::try_from(reader.number("page_size")?).ok()).unwrap_or(PAGE);

        let (found, older, problem) = match find(tx, ctx, &reader, query, limit) {
            Ok((found, older)) => (found, older, None),
            Err(error @ (Error::Invalid(_) | Error::Conflict { .. })) => {
                let nothing = OrderPage { items: Vec::new(), next_cursor: None, total: Some(Total::Exact(0)) };
                (nothing, None, Some(explained(say, error)))
            }
            Err(error) => return Err(error),
        };
        let rows = Surroundings::load(tx, ctx, &format, &found.items)?.rows(ctx, &found.items);

        let sees_all = ctx.sees().agents == Agents::All;
        let counts = if sees_all { Some(counters::orders_by_state(tx, ctx.sees())?) } else { None };
        let agents = if sees_all { access::users::list_agents(tx, ctx)? } else { Vec::new() };
        let total = found.total.unwrap_or(Total::Exact(0));
        Ok(Listing { query: query.clone(), reader, say, format, since: ctx.now.0, limit, rows, total, older, problem, counts, agents })
    }

    pub(super) fn place(&self) -> Place {
        Place { title: self.say.t("orders-window"), back: None, crumb: self.say.t("orders-title"), here: self.query.url(), toast: None }
    }

    fn count_of(&self, states: &[OrderState]) -> Option<i64> {
        let counts = self.counts.as_ref()?;
        Some(counts.iter().filter(|(state, _)| states.is_empty() || states.contains(state)).map(|(_, count)| count).sum())
    }

    pub(super) fn subtitle(&self) -> String {
        let (Some(all), Some(waiting)) = (self.count_of(&[]), self.count_of(&[OrderState::Pending])) else { return String::new() };
        let values = [("count", all.to_string()), ("n", self.format.number(all)), ("waiting", self.format.number(waiting))];
        self.say.with("orders-subtitle", &values)
    }

    /// The day's figures, from the rollup; for people who may see figures of everybody.
    pub(super) fn figures(&self, tx: &mut Tx, ctx: &Ctx) -> Result<Vec<Figure>, Error> {
        if !ctx.can(Permission::StatsRead) || self.counts.is_none() {
            return Ok(Vec::new());
        }
        let today = ctx.now.day_in(&home(&self.reader.stores).0);
        let days = counters::order_days(tx, ctx.sees(), today.plus(-29), today)?;
        // Orders placed in so many days, today included, that stand in one of these states now.
        let placed = |in_days: i32, states: &[OrderState]| -> i64 {
            let first = today.plus(1 - in_days);
            days.iter().filter(|day| day.day >= first && states.contains(&day.state)).map(|day| day.orders).sum()
        };
        let judged: Vec<OrderState> = OrderState::ALL.iter().copied().filter(|state| *state != OrderState::Pending).collect();
        let agreed: Vec<OrderState> = judged.iter().copied().filter(|state| *state != OrderState::Cancelled).collect();
        let (arrived, returned) = (placed(30, &[OrderState::Delivered]) + placed(30, RETURNS), placed(30, RETURNS));

        let number = |count: i64| self.format.number(count);
        let share = |part: i64, whole: i64| if whole > 0 { self.format.percent(part * 1_000_000 / whole) } else { "–".to_owned() };
        let of = |whole: i64| (whole > 0).then(|| self.say.one("orders-figure-of", "n", number(whole)));
        let figure = |key: &str, value: String, note: Option<String>, view: &str| Figure {
            label: self.say.t(key),
            value,
            note,
            href: self.query.bare().with(|query| query.view = view_of(view)).url(),
        };
        let week = self.say.one("orders-figure-week", "n", number(placed(7, OrderState::ALL)));
        Ok(vec![
            figure("orders-figure-today", number(placed(1, OrderState::ALL)), Some(week), ""),
            figure("orders-figure-waiting", number(self.count_of(&[OrderState::Pending]).unwrap_or(0)), None, "to_confirm"),
            figure("orders-figure-confirmed", share(placed(7, &agreed), placed(7, &judged)), of(placed(7, &judged)), "confirmed"),
            figure("orders-figure-delivered", share(arrived - returned, arrived), of(arrived), "delivered"),
            figure("orders-figure-returned", share(returned, arrived), of(arrived), "returns"),
        ])
    }

    /// The list as its template shows it, and its reader.
    pub(super) fn into_view(mut self, ctx: &Ctx) -> (ListView, Reader) {
        let rows = std::mem::take(&mut self.rows);
        let (query, say) = (&self.query, self.say);
        let active = query.active();
        let (count, is_exact) = match self.total {
            Total::Exact(count) => (count, true),
            Total::AtLeast(count) => (count, false),
        };
        let pages = (count.max(0) as u64).min(REACH).div_ceil(u64::from(self.limit)).max(1);
        let number = |count: i64| self.format.number(count);
        let total = if is_exact { number(count) } else { say.one("orders-at-least", "n", number(count)) };
        let first = i64::from(query.page - 1) * i64::from(self.limit) + 1;
        let range = [("from", number(first)), ("to", number(first + rows.len() as i64 - 1)), ("total", total)];
        let page = |page: u32| query.with(|query| query.page = page).url();
        let has_next = query.q.is_empty() && u64::from(query.page) < pages;
        let next = match &self.older {
            Some(older) => Some(query.with(|query| query.older = Some(older.clone())).url()),
            None => has_next.then(|| page(query.page + 1)),
        };
        let view = ListView {
            say,
            query: query.with(|_| {}).text(),
            since: self.since,
            here: query.url(),
            tabs: self.tabs(),
            q: query.q.clone(),
            from: query.from.map(|day| day.to_string()).unwrap_or_default(),
            to: query.to.map(|day| day.to_string()).unwrap_or_default(),
            min: query.min.clone(),
            max: query.max.clone(),
            choices: self.choices(ctx),
            chips: self.chips(&active),
            filter_count: active.len(),
            show_results: say.count("orders-show", count, &number(count)),
            clear: query.bare().url(),
            kept: query.bare().pairs(),
            all_kept: query.with(|_| {}).pairs(),
            columns: self.columns(),
            rows,
            empty: self.empty(active.len()),
            problem: self.problem.clone(),
            range: say.with("orders-range", &range),
            previous: (query.page > 1).then(|| page(query.page - 1)),
            next,
            page: query.page,
            page_count: if query.q.is_empty() { pages } else { 1 },
            of_pages: say.one("orders-of-pages", "n", number(pages as i64)),
        };
        (view, self.reader)
    }

    fn tabs(&self) -> Vec<Tab> {
        let tab = |view: &'static View| Tab {
            key: view.key,
            href: self.query.with(|query| (query.view, query.state) = (view, None)).url(),
            count: self.count_of(view.states).map(|count| self.format.number(count)).unwrap_or_default(),
            is_here: self.query.view == view,
        };
        VIEWS.iter().map(tab).collect()
    }

    fn columns(&self) -> Vec<Column> {
        let sort = self.query.sort;
        let column = |key, class, by: Option<SortKey>| {
            let is_sorted = by == Some(sort.key);
            let turned = |key| Sort { key, is_descending: !is_sorted || !sort.is_descending };
            Column {
                key,
                class,
                href: by.map(|key| self.query.with(|query| query.sort = turned(key)).url()),
                sorted: is_sorted.then_some(if sort.is_descending { "descending" } else { "ascending" }),
            }
        };
        vec![
            column("orders-col-order", "c-ref", Some(SortKey::Number)),
            column("orders-col-customer", "c-who", None),
            column("orders-col-items", "c-items", None),
            column("orders-col-place", "c-place", None),
            column("orders-col-total", "c-amt end", Some(SortKey::Total)),
            column("orders-col-state", "c-st", Some(SortKey::MovedAt)),
            column("orders-col-agent", "c-agent", None),
            column("orders-col-created", "c-time end", Some(SortKey::CreatedAt)),
        ]
    }

    fn choices(&self, ctx: &Ctx) -> Vec<FilterChoice> {
        let (query, say) = (&self.query, self.say);
        let word = |chosen: Option<String>| chosen.unwrap_or_default();
        let mut choices = Vec::new();

        let chosen = word(query.state.map(|state| state.to_string()));
        let states = if query.view.states.is_empty() { OrderState::ALL } else { query.view.states };
        if states.len() > 1 {
            let options = states.iter().map(|state| Choosable::new(state.as_str(), say.t(badges::state(*state).key), &chosen)).collect();
            choices.push(FilterChoice { name: "state", label: "orders-filter-state", options });
        }
        if self.reader.stores.len() > 1 {
            let chosen = word(query.store.map(|store| store.to_string()));
            let options = self.reader.stores.iter().map(|store| Choosable::new(store.id.to_string(), store.name.clone(), &chosen)).collect();
            choices.push(FilterChoice { name: "store", label: "orders-filter-store", options });
        }
        let chosen = word(query.province.clone());
        let options = self.provinces().into_iter().map(|(key, name)| Choosable::new(key, name, &chosen)).collect();
        choices.push(FilterChoice { name: "province", label: "orders-filter-province", options });

        if ctx.sees().agents == Agents::All {
            let chosen = word(query.agent.map(|whose| whose.to_string()));
            let mut options = vec![Choosable::new("mine", say.t("orders-mine"), &chosen), Choosable::new("none", say.t("orders-nobody"), &chosen)];
            options.extend(self.agents.iter().map(|person| Choosable::new(person.id.to_string(), person.name.clone(), &chosen)));
            choices.push(FilterChoice { name: "agent", label: "orders-filter-agent", options });
        }
        let chosen = word(query.channel.map(|channel| channel.to_string()));
        let options = Channel::ALL.iter().map(|one| Choosable::new(one.as_str(), say.t(badges::channel(*one).1), &chosen)).collect();
        choices.push(FilterChoice { name: "channel", label: "orders-filter-channel", options });

        let chosen = word(query.shipping.map(|state| state.to_string()));
        let options = ShippingState::ALL.iter().map(|one| Choosable::new(one.as_str(), say.t(badges::shipping(*one).key), &chosen)).collect();
        choices.push(FilterChoice { name: "shipping", label: "orders-filter-shipping", options });

        let chosen = word(query.priority.map(|priority| priority.to_string()));
        let options = Priority::ALL.iter().map(|one| Choosable::new(one.as_str(), say.t(badges::priority_name(*one)), &chosen)).collect();
        choices.push(FilterChoice { name: "priority", label: "orders-filter-priority", options });
        choices
    }

    /// The provinces of the countries that the reader's stores sell in: key and name in the reader's script.
    fn provinces(&self) -> Vec<(String, String)> {
        let mut countries: Vec<Country> = self.reader.stores.iter().map(|store| store.country).collect();
        countries.sort_unstable();
        countries.dedup();
        let is_local = self.say.locale.is_right_to_left();
        let named = |province: &places::Province| {
            let name = if is_local { &province.local_name } else { &province.name };
            (format!("{}:{}", province.country, province.code), format!("{} · {name}", province.code))
        };
        countries.into_iter().flat_map(places::provinces).map(named).collect()
    }

    fn chips(&self, active: &[&'static str]) -> Vec<Chip> {
        let (query, say) = (&self.query, self.say);
        let day = |day: Option<Day>| day.map(|day| self.format.day(day)).unwrap_or_default();
        let chip = |filter: &&'static str| {
            let (label, value) = match *filter {
                "q" => ("orders-filter-search-chip", query.q.clone()),
                "state" => ("orders-filter-state", query.state.map(|state| say.t(badges::state(state).key)).unwrap_or_default()),
                "store" => ("orders-filter-store", self.store_name()),
                "province" => ("orders-filter-province", self.province_name()),
                "agent" => ("orders-filter-agent", self.agent_name()),
                "channel" => ("orders-filter-channel", query.channel.map(|one| say.t(badges::channel(one).1)).unwrap_or_default()),
                "shipping" => ("orders-filter-shipping", query.shipping.map(|one| say.t(badges::shipping(one).key)).unwrap_or_default()),
                "priority" => ("orders-filter-priority", query.priority.map(|one| say.t(badges::priority_name(one))).unwrap_or_default()),
                "from" => ("orders-filter-from", day(query.from)),
                "to" => ("orders-filter-to", day(query.to)),
                _ => ("orders-col-total", span(&query.min, &query.max)),
            };
            Chip { label: say.t(label), value, href: query.without(filter).url() }
        };
        active.iter().map(chip).collect()
    }

    fn store_name(&self) -> String {
        let found = self.reader.stores.iter().find(|store| Some(store.id) == self.query.store);
        found.map_or_else(|| self.query.store.map(|id| id.to_string()).unwrap_or_default(), |store| store.name.clone())
    }

    fn province_name(&self) -> String {
        let wanted = self.query.province.clone().unwrap_or_default();
        let found = self.provinces().into_iter().find(|(key, _)| *key == wanted);
        found.map_or(wanted, |(_, name)| name)
    }

    fn agent_name(&self) -> String {
        match self.query.agent {
            Some(Whose::Mine) => self.say.t("orders-mine"),
            Some(Whose::Free) => self.say.t("orders-nobody"),
            Some(Whose::Agent(id)) => self.agents.iter().find(|person| person.id == id).map_or_else(|| id.to_string(), |person| person.name.clone()),
            None => String::new(),
        }
    }

    /// What stands there instead of rows: the first time, after filtering, when all is done.
    fn empty(&self, filters: usize) -> Empty {
        let say = self.say;
        if filters > 0 {
            let key = if self.query.q.is_empty() { "orders-none-text" } else { "orders-none-search" };
            let title = say.count("orders-none-title", filters as i64, &filters.to_string());
            let action = Some((self.query.bare().url(), say.t("orders-clear")));
            return Empty { icon: "search-x", tone: "t-neu", title, text: say.t(key), action };
        }
        if self.query.view.states.is_empty() {
            let action = Some(("/docs".to_owned(), say.t("orders-empty-docs")));
            return Empty { icon: "package", tone: "t-pri", title: say.t("orders-empty-title"), text: say.t("orders-empty-text"), action };
        }
        let action = Some((ListQuery::default().url(), say.t("orders-see-all")));
        Empty { icon: "circle-check", tone: "t-ok", title: say.t("orders-done-title"), text: say.t("orders-done-text"), action }
    }
}

/// From, to, or both.
fn span(from: &str, to: &str) -> String {
    match (from.is_empty(), to.is_empty()) {
        (false, true) => format!("≥ {from}"),
        (true, false) => format!("≤ {to}"),
        _ => format!("{from} – {to}"),
    }
}

fn view_of(word: &str) -> &'static View {
    VIEWS.iter().find(|view| view.word == word).unwrap_or(&VIEWS[0])
}

/// The orders that an address asks for: by search when something was typed, else as a list.
fn find(tx: &mut Tx, ctx: &Ctx, reader: &Reader, query: &ListQuery, limit: u32) -> Result<(OrderPage, Option<String>), Error> {
    let (zone, currency) = home(&reader.stores);
    let filter = query.filter(&zone, currency, ctx.user());
    if query.q.is_empty() {
        let page = Page { limit, start: PageStart::Number(query.page), sort: query.sort, with_total: true };
        return Ok((orders::list(tx, ctx, &filter, &page)?, None));
    }
    let found = orders::search(tx, ctx, &Search { text: query.q.clone(), filter, limit, older: query.older.clone() })?;
    let count = found.items.len() as i64;
    let total = if found.older.is_some() { Total::AtLeast(count) } else { Total::Exact(count) };
    Ok((OrderPage { items: found.items, next_cursor: None, total: Some(total) }, found.older))
}

/// What is wrong with what was asked, in words.
fn explained(say: Words, error: Error) -> String {
    let problem = Problem::from(error);
    match problem.errors().first() {
        Some(error) => Problem::field_message(say.locale, error),
        None => problem.title(say.locale),
    }
}
