//! The list of orders as its page shows it: views with counts, filters, rows, pages, and figures over it.

use std::collections::BTreeMap;

use access::Store;
use base::{Agents, Ctx, counters};
use db::Tx;
use jiff::tz::TimeZone;
use kernel::{Currency, Day, Error, OrderState, Permission, RoleId};
use orders::reasons::{self, ReasonList};
use orders::views::{self, View as SavedView, ViewList};
use orders::{OrderPage, Page, PageStart, Search, Sort, SortKey, Total};

use super::columns::Look;
use super::query::{Home, ListQuery, Open, RETURNS, VIEWS, View};
use super::row::Surroundings;
use super::view::{Chip, ColumnHead, Empty, Figure, ListView, Row, Tab};
use super::{bulk, filters};
use crate::error::Problem;
use crate::format::Format;
use crate::pages::context::{Place, Reader};
use crate::pages::sort::SortHead;
use crate::words::Words;

/// How far page numbers reach; the rest of a list is found by date.
const REACH: u64 = 10_000;

/// The zone and currency that a reader's days and amounts are of: those of their first store.
pub(super) fn home(stores: &[Store]) -> Home {
    let first = stores.first();
    Home { zone: first.map_or(TimeZone::UTC, |store| store.zone.clone()), currency: first.map_or(Currency::DZD, |store| store.currency) }
}

/// The query with what its kept view says. A view that is gone is the list of everything.
pub(super) fn open_view(tx: &mut Tx, ctx: &Ctx, query: ListQuery, home: &Home) -> Result<(ListQuery, Option<SavedView>), Error> {
    let Open::Saved(id) = query.view else { return Ok((query, None)) };
    match views::find(tx, ctx, id) {
        Ok(saved) => Ok((query.opened(&saved, home), Some(saved))),
        Err(Error::NotFound { .. }) => Ok((query.elsewhere(Open::Usual(&VIEWS[0])), None)),
        Err(other) => Err(other),
    }
}

/// Orders by state; none for people who see some agents' orders only, because counters know nothing of agents.
pub(super) fn counted(tx: &mut Tx, ctx: &Ctx) -> Result<Option<BTreeMap<OrderState, i64>>, Error> {
    if ctx.sees().agents == Agents::All { Ok(Some(counters::orders_by_state(tx, ctx.sees())?)) } else { Ok(None) }
}

/// How many of them stand in these states; in all when none is named.
pub(super) fn count_of(counts: Option<&BTreeMap<OrderState, i64>>, states: &[OrderState]) -> Option<i64> {
    Some(counts?.iter().filter(|(state, _)| states.is_empty() || states.contains(state)).map(|(_, count)| count).sum())
}

/// What filters are made of besides the tables of words: people, places, what the team calls its own.
pub(super) struct Known {
    pub(super) agents: Vec<access::Person>,
    pub(super) holds: BTreeMap<String, String>,
}

impl Known {
    /// Loads what the chips of this query name, or with `is_whole` everything that the sheet offers.
    pub(super) fn load(tx: &mut Tx, ctx: &Ctx, query: &ListQuery, is_whole: bool) -> Result<Known, Error> {
        let names_agents = is_whole || query.has("agent", |agent| agent.starts_with("usr_"));
        let agents = if names_agents && ctx.sees().agents == Agents::All { access::users::list_agents(tx, ctx)? } else { Vec::new() };
        let holds = if is_whole || query.has("hold", |_| true) { reasons::labels(tx, ctx, ReasonList::Hold)? } else { BTreeMap::new() };
        Ok(Known { agents, holds })
    }
}

/// Everything that a view of the list is made from.
pub(super) struct Listing {
    pub(super) query: ListQuery,
    pub(super) reader: Reader,
    pub(super) home: Home,
    pub(super) say: Words,
    saved: Option<SavedView>,
    tabs: Vec<SavedView>,
    look: Look,
    format: Format,
    since: i64,
    rows: Vec<Row>,
    total: Total,
    older: Option<String>,
    problem: Option<String>,
    counts: Option<BTreeMap<OrderState, i64>>,
    known: Known,
}

impl Listing {
    pub(super) fn load(tx: &mut Tx, ctx: &Ctx, query: ListQuery) -> Result<Listing, Error> {
        let reader = Reader::load(tx, ctx)?;
        let say = Words { locale: ctx.locale };
        let format = reader.format(ctx);
        let home = home(&reader.stores);
        let (query, saved) = open_view(tx, ctx, query, &home)?;
        let look = Look::of(&reader, query.view, saved.as_ref());
        let look = Look { limit: query.limit.unwrap_or(look.limit), ..look };

        let (found, older, problem) = match find(tx, ctx, &home, &query, look.limit) {
            Ok((found, older)) => (found, older, None),
            Err(error @ (Error::Invalid(_) | Error::Conflict { .. })) => {
                let nothing = OrderPage { items: Vec::new(), next_cursor: None, total: Some(Total::Exact(0)) };
                (nothing, None, Some(explained(say, error)))
            }
            Err(error) => return Err(error),
        };
        let rows = Surroundings::load(tx, ctx, &format, &found.items)?.rows(ctx, &found.items);

        // Views at hand, and the one that is open.
        let mut tabs = views::list(tx, ctx, ViewList::Orders)?;
        tabs.retain(|view| view.pin.is_some() || query.view == Open::Saved(view.id));
        let counts = counted(tx, ctx)?;
        let known = Known::load(tx, ctx, &query, false)?;
        let total = found.total.unwrap_or(Total::Exact(0));
        Ok(Listing { query, reader, home, say, saved, tabs, look, format, since: ctx.now.0, rows, total, older, problem, counts, known })
    }

    pub(super) fn place(&self) -> Place {
        Place { title: self.say.t("orders-window"), back: None, crumb: self.say.t("orders-title"), here: self.query.url(), toast: None }
    }

    fn count_of(&self, states: &[OrderState]) -> Option<i64> {
        count_of(self.counts.as_ref(), states)
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
        let today = ctx.now.day_in(&self.home.zone);
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
        let figure = |key: &str, value: String, note: Option<String>, rest: &str| Figure {
            label: self.say.t(key),
            value,
            note,
            href: format!("/app/orders?{rest}"),
        };
        let week = self.say.one("orders-figure-week", "n", number(placed(7, OrderState::ALL)));
        Ok(vec![
            figure("orders-figure-today", number(placed(1, OrderState::ALL)), Some(week), "days=today"),
            figure("orders-figure-waiting", number(self.count_of(&[OrderState::Pending]).unwrap_or(0)), None, "view=to_confirm"),
            figure(
                "orders-figure-confirmed",
                share(placed(7, &agreed), placed(7, &judged)),
                of(placed(7, &judged)),
                "view=confirmed&days=last_7_days",
            ),
            figure("orders-figure-delivered", share(arrived - returned, arrived), of(arrived), "view=delivered&days=last_30_days"),
            figure("orders-figure-returned", share(returned, arrived), of(arrived), "view=returns&days=last_30_days"),
        ])
    }

    /// The list as its template shows it, and its reader.
    pub(super) fn into_view(mut self, ctx: &Ctx, csrf: String) -> (ListView, Reader) {
        let rows = std::mem::take(&mut self.rows);
        let (query, say) = (&self.query, self.say);
        let active = query.active();
        let (count, is_exact) = match self.total {
            Total::Exact(count) => (count, true),
            Total::AtLeast(count) => (count, false),
        };
        let limit = u64::from(self.look.limit);
        let pages = (count.max(0) as u64).min(REACH).div_ceil(limit).max(1);
        let number = |count: i64| self.format.number(count);
        let total = if is_exact { number(count) } else { say.one("orders-at-least", "n", number(count)) };
        let first = i64::from(query.page - 1) * i64::from(self.look.limit) + 1;
        let range = [("from", number(first)), ("to", number(first + rows.len() as i64 - 1)), ("total", total.clone())];
        let page = |page: u32| query.with(|query| query.page = page).url();
        let has_next = query.q.is_empty() && u64::from(query.page) < pages;
        let next = match &self.older {
            Some(older) => Some(query.with(|query| query.older = Some(older.clone())).url()),
            None => has_next.then(|| page(query.page + 1)),
        };
        let is_own = self.saved.as_ref().is_some_and(|saved| saved.may_edit);
        let is_changed = query.is_changed();
        let jump: Vec<(String, String)> = query.with(|_| {}).fields();
        // A search is not counted: what it shows is all that is known.
        let range = match (&query.older, &self.older) {
            (Some(_), _) => say.one("orders-found-further", "n", number(rows.len() as i64)),
            (None, Some(_)) => say.one("orders-found-so-far", "n", number(rows.len() as i64)),
            (None, None) => say.with("orders-range", &range),
        };
        let view = ListView {
            say,
            csrf,
            query: query.with(|_| {}).text(),
            since: self.since,
            here: query.url(),
            tabs: self.tabs(),
            views_href: query.beside("views"),
            save_href: is_changed.then(|| query.beside("views/new")),
            update: self.saved.as_ref().filter(|_| is_own && is_changed).map(|saved| (saved.id.to_string(), saved.version)),
            q: query.q.clone(),
            everywhere: (!query.q.is_empty() && (query.view != Open::Usual(&VIEWS[0]) || active.len() > 1 || query.group_count() > 0)).then(|| {
                let mut all = ListQuery::default();
                all.q.clone_from(&query.q);
                all.url()
            }),
            filters_href: query.with(|_| {}).beside("filters"),
            columns_href: query.beside("columns"),
            export_href: format!("/app/orders/bulk/new?do=export&all=1&query={}", crate::pages::context::encoded(&query.with(|_| {}).text())),
            chips: self.chips(&active),
            sentence: self.sentence(),
            clear: query.bare().url(),
            kept: query.with(|query| query.q.clear()).fields(),
            jump,
            columns: self.columns(),
            is_compact: self.look.is_compact,
            empty: self.empty(ctx, active.len() + query.group_count()),
            problem: self.problem.clone(),
            range,
            is_search: self.older.is_some(),
            first: (query.page > 2).then(|| page(1)),
            previous: (query.page > 1).then(|| page(query.page - 1)),
            next,
            page: query.page,
            page_count: if query.q.is_empty() { pages } else { 1 },
            of_pages: say.one("orders-of-pages", "n", number(pages as i64)),
            bar: bulk::bar(ctx, say, count, &total, rows.len()),
            rows,
        };
        (view, self.reader)
    }

    fn tabs(&self) -> Vec<Tab> {
        let limit = self.query.limit;
        let usual = |view: &'static View| Tab {
            word: view.word.to_owned(),
            name: self.say.t(view.key),
            href: ListQuery::tab(Open::Usual(view), limit).url(),
            count: self.count_of(view.states).map(|count| self.format.number(count)).unwrap_or_default(),
            is_here: self.query.view == Open::Usual(view),
            is_kept: false,
        };
        let kept = |view: &SavedView| Tab {
            word: view.id.to_string(),
            name: view.view.name.clone(),
            href: ListQuery::tab_url(Open::Saved(view.id)),
            count: String::new(),
            is_here: self.query.view == Open::Saved(view.id),
            is_kept: true,
        };
        VIEWS.iter().map(usual).chain(self.tabs.iter().map(kept)).collect()
    }

    fn columns(&self) -> Vec<ColumnHead> {
        let sort = self.query.sort();
        let is_search = !self.query.q.is_empty();
        let head = |column: &&'static super::columns::Column| {
            let by = column.sort.filter(|_| !is_search);
            // One column shows the sort by the last change, if both are there.
            let is_twin = column.name == "state" && self.look.columns.iter().any(|one| one.name == "moved");
            ColumnHead { name: column.name, key: column.key, class: column.class, sort: by.map(|key| self.sort_head(column.key, key, sort, is_twin)) }
        };
        self.look.columns.iter().map(head).collect()
    }

    /// Where a click on a column sorts by it, and with Shift by it among equals.
    fn sort_head(&self, label: &str, key: SortKey, sort: Sort, is_twin: bool) -> SortHead {
        // The most urgent always come first.
        let way = |is_descending: bool| if is_descending || key == SortKey::Priority { "descending" } else { "ascending" };
        let is_first = !is_twin && sort.key == key;
        let second = sort.then.filter(|then| !is_twin && then.key == key);
        let url = |sort: Sort| self.query.with(|_| {}).sorted(sort).url();
        let turned = |is_descending: bool| key == SortKey::Priority || !is_descending;
        let then = match (is_first, second) {
            (true, _) => sort.then.map(|_| Sort { is_descending: turned(sort.is_descending), ..sort }),
            (false, Some(then)) => Some(sort.then(key, turned(then.is_descending))),
            (false, None) => (sort.key != key).then(|| sort.then(key, true)),
        };
        SortHead {
            label: self.say.t(label),
            href: url(Sort::by(key, !is_first || turned(sort.is_descending))),
            then: then.map(url),
            way: if is_first { Some(way(sort.is_descending)) } else { second.map(|then| way(then.is_descending)) },
            place: if sort.then.is_none() { 0 } else { u8::from(is_first) + 2 * u8::from(second.is_some()) },
        }
    }

    fn names<'a>(&'a self, query: &'a ListQuery) -> filters::Names<'a> {
        filters::Names { query, reader: &self.reader, format: &self.format, say: self.say, known: &self.known }
    }

    /// The filters in force as sentences, each with the address without it; a group of alternatives is one.
    fn chips(&self, active: &[&'static str]) -> Vec<Chip> {
        let names = self.names(&self.query);
        let single = active.iter().map(|chip| {
            let (label, value) = names.chip(chip);
            Chip { label: self.say.t(label), value, href: self.query.without(chip).url() }
        });
        let groups = (0..self.query.group_count()).map(|place| Chip {
            label: self.say.t("orders-group-chip"),
            value: self.names(&self.query.group(place)).conditions(),
            href: self.query.without_group(place).url(),
        });
        single.chain(groups).collect()
    }

    /// What is shown as one sentence, where there are alternatives.
    fn sentence(&self) -> Option<String> {
        let groups: Vec<String> = (0..self.query.group_count()).map(|place| self.names(&self.query.group(place)).conditions()).collect();
        let any = filters::either(self.say, &groups)?;
        let tab = match self.query.view {
            Open::Usual(view) if !view.states.is_empty() && self.query.all("state").is_empty() => {
                Some(self.say.with("orders-said-is", &[("label", self.say.t("orders-filter-state")), ("value", self.say.t(view.key))]))
            }
            _ => None,
        };
        let all = self.names(&self.query).said().into_iter();
        Some(match filters::both(self.say, &tab.into_iter().chain(all).collect::<Vec<_>>()) {
            Some(all) => self.say.with("orders-said", &[("all", all), ("any", any)]),
            None => self.say.one("orders-said-any", "any", any),
        })
    }

    /// What stands there instead of rows: the first time, after filtering, when all is done.
    fn empty(&self, ctx: &Ctx, filters: usize) -> Empty {
        let say = self.say;
        if filters > 0 {
            let key = if self.query.q.is_empty() { "orders-none-text" } else { "orders-none-search" };
            let title = say.count("orders-none-title", filters as i64, &filters.to_string());
            if let Some(older) = &self.older {
                let on = self.query.with(|query| query.older = Some(older.clone())).url();
                return Empty {
                    icon: "search-x",
                    tone: "t-neu",
                    title,
                    text: say.t("orders-none-yet"),
                    action: Some((on, say.t("orders-search-on"))),
                };
            }
            let title = if self.query.older.is_some() { say.t("orders-none-older") } else { title };
            let clear = if self.query.is_changed() { self.query.bare() } else { ListQuery::default() };
            let action = Some((clear.url(), say.t("orders-clear")));
            return Empty { icon: "search-x", tone: "t-neu", title, text: say.t(key), action };
        }
        if self.query.view.states().is_empty() {
            let action = ctx.can(Permission::ApiKeyEdit).then(|| ("/docs".to_owned(), say.t("orders-empty-docs")));
            return Empty { icon: "package", tone: "t-pri", title: say.t("orders-empty-title"), text: say.t("orders-empty-text"), action };
        }
        let action = Some((ListQuery::default().url(), say.t("orders-see-all")));
        Empty { icon: "circle-check", tone: "t-ok", title: say.t("orders-done-title"), text: say.t("orders-done-text"), action }
    }
}

/// The orders that an address asks for: by search when something was typed, else as a list.
fn find(tx: &mut Tx, ctx: &Ctx, home: &Home, query: &ListQuery, limit: u32) -> Result<(OrderPage, Option<String>), Error> {
    let chosen = query.chosen(home, ctx.now)?;
    let Some(text) = chosen.search else {
        let page = Page { limit, start: PageStart::Number(query.page), sort: chosen.sort, with_total: true };
        return Ok((orders::list(tx, ctx, &chosen.filter, &page)?, None));
    };
    let found = orders::search(tx, ctx, &Search { text, filter: chosen.filter, limit, older: query.older.clone() })?;
    let count = found.items.len() as i64;
    let total = if found.older.is_some() { Total::AtLeast(count) } else { Total::Exact(count) };
    Ok((OrderPage { items: found.items, next_cursor: None, total: Some(total) }, found.older))
}

/// What is wrong with what was asked, in words.
pub(super) fn explained(say: Words, error: Error) -> String {
    let problem = Problem::from(error);
    match problem.errors().first() {
        Some(error) => Problem::field_message(say.locale, error),
        None => problem.title(say.locale),
    }
}

/// Days of a span in words: from, to, or both.
pub(super) fn days(format: &Format, from: Option<Day>, to: Option<Day>) -> String {
    match (from, to) {
        (Some(from), Some(to)) => format!("{} – {}", format.day(from), format.day(to)),
        (from, to) => from.or(to).map(|day| format.day(day)).unwrap_or_default(),
    }
}

/// The roles that a view can be shared with.
pub(super) fn roles(tx: &mut Tx, ctx: &Ctx) -> Result<Vec<(RoleId, String)>, Error> {
    let reader = Ctx { permissions: [Permission::UserRead].into_iter().collect(), ..ctx.clone() };
    Ok(access::roles::list(tx, &reader)?.into_iter().map(|role| (role.id, role.name)).collect())
}
