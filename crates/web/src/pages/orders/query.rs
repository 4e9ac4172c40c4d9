//! The list's address: view, filters, sort, page. The address is the state, so back, reload and sharing work.
//!
//! Every filter is a parameter of the API's list under a shorter name; days and amounts are read in the reader's zone and currency.
//! An address comes from a person's hands: what it names and we do not understand is left out, never refused.

use std::collections::BTreeMap;

use kernel::{Error, OrderState, Time, ViewId};
use orders::views::View as SavedView;
use orders::{Chosen, Sort};
use serde_json::{Map, Value};

pub(super) use super::filter_set::Home;
use super::filter_set::{FILTERS, Values, add, api_of, groups_of, place_of, values_of};
use crate::api::orders::listed::{ANY, in_group};
use crate::lists;
use crate::pages::sort;

/// A view that everybody has: a tab over the table.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct View {
    /// Its word in the address.
    pub(super) word: &'static str,
    /// Its message.
    pub(super) key: &'static str,
    /// What it shows; everything when empty.
    pub(super) states: &'static [OrderState],
}

/// States of orders that come or came back.
pub(super) const RETURNS: &[OrderState] = &[OrderState::ReturnRequested, OrderState::ReturnApproved, OrderState::Returned, OrderState::Refunded];

/// The views that everybody has.
#[rustfmt::skip]
pub(super) static VIEWS: &[View] = &[
    View { word: "all", key: "orders-view-all", states: &[] },
    View { word: "to_confirm", key: "orders-view-to-confirm", states: &[OrderState::Pending] },
    View { word: "confirmed", key: "orders-view-confirmed", states: &[OrderState::Confirmed] },
    View { word: "backordered", key: "orders-view-backordered", states: &[OrderState::Backordered] },
    View { word: "processing", key: "orders-view-processing", states: &[OrderState::Processing] },
    View { word: "delivery", key: "orders-view-delivery", states: &[OrderState::Shipped, OrderState::OutForDelivery] },
    View { word: "delivered", key: "orders-view-delivered", states: &[OrderState::Delivered] },
    View { word: "returns", key: "orders-view-returns", states: RETURNS },
    View { word: "cancelled", key: "orders-view-cancelled", states: &[OrderState::Cancelled] },
];

/// Which tab is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Open {
    /// One that everybody has.
    Usual(&'static View),
    /// One that somebody kept.
    Saved(ViewId),
}

impl Open {
    /// Its word in the address.
    pub(super) fn word(self) -> String {
        match self {
            Open::Usual(view) => view.word.to_owned(),
            Open::Saved(id) => id.to_string(),
        }
    }

    /// The states that it shows by itself.
    pub(super) fn states(self) -> &'static [OrderState] {
        match self {
            Open::Usual(view) => view.states,
            Open::Saved(_) => &[],
        }
    }
}

/// What is of the list as a whole stands in no group.
const OF_THE_WHOLE: [&str; 2] = ["archived", "search"];
/// More groups than these are not even read; fewer are refused in words.
const READ: usize = 12;

/// What a kept view says by itself.
#[derive(Clone, Debug, Default, PartialEq)]
struct Kept {
    values: Values,
    groups: Vec<Values>,
    sort: Option<Sort>,
}

/// What the address says.
#[derive(Clone, Debug)]
pub(super) struct ListQuery {
    pub(super) view: Open,
    /// What is searched for within the view.
    pub(super) q: String,
    values: Values,
    /// Groups of which one holds as well.
    groups: Vec<Values>,
    /// Whether a kept view is shown otherwise than it was kept.
    is_edited: bool,
    kept: Kept,
    sort: Option<Sort>,
    pub(super) page: u32,
    pub(super) limit: Option<u32>,
    /// Where a search stopped looking.
    pub(super) older: Option<String>,
    /// Microseconds; what was placed later is new to the reader.
    pub(super) since: Option<i64>,
}

impl Default for ListQuery {
    fn default() -> ListQuery {
        ListQuery {
            view: Open::Usual(&VIEWS[0]),
            q: String::new(),
            values: Values::new(),
            groups: Vec::new(),
            is_edited: false,
            kept: Kept::default(),
            sort: None,
            page: 1,
            limit: None,
            older: None,
            since: None,
        }
    }
}

impl ListQuery {
    /// Reads an address.
    pub(super) fn read(raw: &str) -> ListQuery {
        let mut query = ListQuery::default();
        let mut sorts = Vec::new();
        let mut groups: BTreeMap<u32, Values> = BTreeMap::new();
        for (name, value) in form_urlencoded::parse(raw.as_bytes()) {
            let text = kernel::cut(value.trim(), 200);
            if text.is_empty() {
                continue;
            }
            match &*name {
                "view" => query.view = open(text),
                "q" => query.q = text.to_owned(),
                "edited" => query.is_edited = true,
                "sort" => sorts.push(text.to_owned()),
                "page" => query.page = kernel::western_digits(text).parse().unwrap_or(1).max(1),
                "limit" => query.limit = text.parse().ok().filter(|limit| [25, 50, 100].contains(limit)),
                "older" => query.older = Some(text.to_owned()),
                "since" => query.since = text.parse().ok(),
                name => match in_group(name) {
                    Some((_, name)) if OF_THE_WHOLE.contains(&name) => {}
                    Some((number, name)) if groups.len() < READ || groups.contains_key(&number) => add(groups.entry(number).or_default(), name, text),
                    Some(_) => {}
                    None => query.add(name, text),
                },
            }
        }
        query.groups = groups.into_values().filter(|group| !group.is_empty()).collect();
        query.sort = sort::read(&sorts, |text| Sort::parse(text).ok());
        query.is_edited |= !query.values.is_empty() || !query.groups.is_empty();
        query
    }

    fn add(&mut self, name: &str, text: &str) {
        add(&mut self.values, name, text);
    }

    /// The same, knowing what its kept view says: shown so unless the address says otherwise.
    pub(super) fn opened(mut self, view: &SavedView, home: &Home) -> ListQuery {
        let (values, groups) = (values_of(&view.view.query, home), groups_of(&view.view.query, home));
        self.kept = Kept { values, groups, sort: view.view.sort.as_deref().and_then(|sort| Sort::parse(sort).ok()) };
        if !self.is_edited {
            self.values.clone_from(&self.kept.values);
            self.groups.clone_from(&self.kept.groups);
        }
        self.is_edited = !self.is_as_kept();
        self
    }

    /// A list with these parameters of the API, in the tab that shows just that.
    pub(super) fn of_api(filter: &Map<String, Value>, home: &Home) -> ListQuery {
        let mut query = ListQuery { values: values_of(filter, home), groups: groups_of(filter, home), ..ListQuery::default() };
        let states: Vec<&str> = query.all("state").iter().map(String::as_str).collect();
        let is_of = |view: &&'static View| !states.is_empty() && view.states.iter().map(|state| state.as_str()).eq(states.iter().copied());
        if let Some(view) = VIEWS.iter().find(is_of) {
            query.view = Open::Usual(view);
            query.clear("state");
        }
        query
    }

    /// The same filters, in a kept view.
    pub(super) fn inside(self, view: Open, saved: &SavedView, home: &Home) -> ListQuery {
        // In a tab of states these are filters.
        let mut query = self;
        let states: Vec<String> = query.view.states().iter().map(|state| state.as_str().to_owned()).collect();
        states.iter().for_each(|state| query.add("state", state));
        query.view = view;
        query.is_edited = true;
        query.opened(saved, home)
    }

    /// The values of a filter.
    pub(super) fn all(&self, name: &str) -> &[String] {
        place_of(name).and_then(|place| self.values.get(&place)).map_or(&[], Vec::as_slice)
    }

    /// The only value of a filter, or nothing.
    pub(super) fn first(&self, name: &str) -> &str {
        self.all(name).first().map_or("", String::as_str)
    }

    /// Whether a filter has a value that is so, in a group or outside of them.
    pub(super) fn has(&self, name: &str, is_so: impl Fn(&str) -> bool) -> bool {
        let Some(place) = place_of(name) else { return false };
        let all = std::iter::once(&self.values).chain(&self.groups);
        all.filter_map(|values| values.get(&place)).flatten().any(|value| is_so(value))
    }

    /// How many groups there are.
    pub(super) fn group_count(&self) -> usize {
        self.groups.len()
    }

    /// A group, counted from 0, as a list that asks nothing else; one that is not there yet asks nothing.
    pub(super) fn group(&self, place: usize) -> ListQuery {
        ListQuery { values: self.groups.get(place).cloned().unwrap_or_default(), ..ListQuery::default() }
    }

    /// The same without a group.
    pub(super) fn without_group(&self, place: usize) -> ListQuery {
        self.with(|query| {
            if place < query.groups.len() {
                query.groups.remove(place);
            }
        })
    }

    fn is_as_kept(&self) -> bool {
        self.values == self.kept.values && self.groups == self.kept.groups
    }

    fn clear(&mut self, name: &str) {
        if let Some(place) = place_of(name) {
            self.values.remove(&place);
        }
    }

    /// The sort in force.
    pub(super) fn sort(&self) -> Sort {
        self.sort.or(self.kept.sort).unwrap_or_default()
    }

    /// Sorts so; the usual way leaves the address.
    pub(super) fn sorted(mut self, sort: Sort) -> ListQuery {
        self.sort = (sort != self.kept.sort.unwrap_or_default()).then_some(sort);
        self
    }

    /// The parameters of this address.
    pub(super) fn pairs(&self) -> Vec<(String, String)> {
        let mut pairs: Vec<(String, String)> = Vec::new();
        let mut add = |name: &str, value: String| pairs.push((name.to_owned(), value));
        if self.view != Open::Usual(&VIEWS[0]) {
            add("view", self.view.word());
        }
        if !self.q.is_empty() {
            add("q", self.q.clone());
        }
        let is_as_kept = matches!(self.view, Open::Saved(_)) && self.is_as_kept();
        if !is_as_kept {
            for (place, values) in &self.values {
                values.iter().for_each(|value| add(FILTERS[*place].name, value.clone()));
            }
            for (number, group) in self.groups.iter().enumerate() {
                for (place, values) in group {
                    values.iter().for_each(|value| add(&format!("{}{}", at(number), FILTERS[*place].name), value.clone()));
                }
            }
            if self.values.is_empty() && self.groups.is_empty() && matches!(self.view, Open::Saved(_)) {
                add("edited", "1".to_owned());
            }
        }
        // How the tab sorts by itself needs no words.
        let usual = self.kept.sort.or(matches!(self.view, Open::Usual(_)).then(Sort::default));
        if let Some(sort) = self.sort.filter(|sort| Some(*sort) != usual) {
            add("sort", sort.to_string());
        }
        if let Some(limit) = self.limit {
            add("limit", limit.to_string());
        }
        if self.page > 1 {
            add("page", self.page.to_string());
        }
        if let Some(older) = &self.older {
            add("older", older.clone());
        }
        pairs
    }

    /// The same for a form: its tab is always named, because the bare address opens what somebody looked at last.
    pub(super) fn fields(&self) -> Vec<(String, String)> {
        let mut pairs = self.pairs();
        if self.view == Open::Usual(&VIEWS[0]) {
            pairs.insert(0, ("view".to_owned(), self.view.word()));
        }
        pairs
    }

    /// The part after the question mark.
    pub(super) fn text(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(self.pairs()).finish()
    }

    /// The address. The tab of everything names itself, because the bare address opens what somebody looked at last.
    pub(super) fn url(&self) -> String {
        let text = self.text();
        if text.is_empty() { "/app/orders?view=all".to_owned() } else { format!("/app/orders?{text}") }
    }

    /// Another page about this list: `/app/orders/filters?…`.
    pub(super) fn beside(&self, path: &str) -> String {
        format!("/app/orders/{path}{}", self.url().trim_start_matches("/app/orders"))
    }

    /// The same, changed, from its first page on.
    pub(super) fn with(&self, change: impl FnOnce(&mut ListQuery)) -> ListQuery {
        let mut query = ListQuery { page: 1, older: None, since: None, ..self.clone() };
        change(&mut query);
        query
    }

    /// The same without one of its chips.
    pub(super) fn without(&self, chip: &str) -> ListQuery {
        self.with(|query| match chip {
            "q" => query.q.clear(),
            "amount" => ["min", "max"].into_iter().for_each(|name| query.clear(name)),
            "total" => ["total_from", "total_to", "currency"].into_iter().for_each(|name| query.clear(name)),
            name => query.clear(name),
        })
    }

    /// The chips in force.
    pub(super) fn active(&self) -> Vec<&'static str> {
        let mut chips: Vec<&'static str> = Vec::new();
        if !self.q.is_empty() {
            chips.push("q");
        }
        for place in self.values.keys() {
            let chip = match FILTERS[*place].name {
                "min" | "max" => "amount",
                "total_from" | "total_to" | "currency" => "total",
                name => name,
            };
            if !chips.contains(&chip) {
                chips.push(chip);
            }
        }
        chips
    }

    /// The tab as it opens by itself, sorted as it is.
    pub(super) fn bare(&self) -> ListQuery {
        self.with(|query| {
            query.q.clear();
            query.values.clone_from(&query.kept.values);
            query.groups.clone_from(&query.kept.groups);
        })
    }

    /// Another tab, sorted its own way.
    pub(super) fn tab(view: Open, limit: Option<u32>) -> ListQuery {
        ListQuery { view, limit, ..ListQuery::default() }
    }

    /// The same in another tab.
    pub(super) fn elsewhere(self, view: Open) -> ListQuery {
        ListQuery { view, ..self }
    }

    /// The address of a tab.
    pub(super) fn tab_url(view: Open) -> String {
        format!("/app/orders?view={}", view.word())
    }

    /// Whether there is something to keep: filters, a search or a sort that its view does not have by itself.
    pub(super) fn is_changed(&self) -> bool {
        !self.q.is_empty() || !self.is_as_kept() || self.sort.is_some_and(|sort| sort != self.kept.sort.unwrap_or_default())
    }

    /// The parameters of the API that show the same orders. With `is_snapshot` days that move on stand as they are now.
    pub(super) fn api(&self, home: &Home, now: Time, is_snapshot: bool) -> Map<String, Value> {
        let mut map = api_of(&self.values, home, now, is_snapshot);
        if !map.contains_key("state") && !self.view.states().is_empty() {
            map.insert("state".to_owned(), self.view.states().iter().map(|state| state.as_str()).collect());
        }
        // A group of which nothing is clear says nothing; its words tell so.
        let groups = self.groups.iter().map(|group| api_of(group, home, now, is_snapshot));
        let groups: Vec<Value> = groups.filter(|group| !group.is_empty()).map(Value::Object).collect();
        if !groups.is_empty() {
            map.insert(ANY.to_owned(), groups.into());
        }
        if !self.q.is_empty() {
            map.insert("search".to_owned(), self.q.clone().into());
        }
        map
    }

    /// The orders that this address asks for.
    pub(super) fn chosen(&self, home: &Home, now: Time) -> Result<Chosen, Error> {
        lists::read_orders(&self.api(home, now, false)).map(|chosen| Chosen { sort: self.sort(), ..chosen })
    }
}

fn open(word: &str) -> Open {
    match word.parse() {
        Ok(id) => Open::Saved(id),
        Err(_) => Open::Usual(VIEWS.iter().find(|view| view.word == word).unwrap_or(&VIEWS[0])),
    }
}

/// What the parameters of a group begin with, counted from 0.
pub(super) fn at(group: usize) -> String {
    format!("{ANY}.{}.", group + 1)
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;
    use kernel::{Amount, Currency};
    use serde_json::json;

    use super::*;

    fn home() -> Home {
        Home { zone: TimeZone::get("Africa/Algiers").unwrap(), currency: Currency::DZD }
    }

    fn chosen(raw: &str) -> Chosen {
        ListQuery::read(raw).chosen(&home(), Time(1_795_000_000_000_000)).unwrap()
    }

    #[test]
    fn an_address_reads_back_as_written() {
        let raw =
            "view=delivery&q=amina+b&from=2026-11-01&store=sto_0000000000001&province=DZ%3A31&province=DZ%3A16&agent=me&min=1000&sort=-total&page=3";
        let query = ListQuery::read(raw);
        assert_eq!(query.text(), raw);
        assert_eq!(query.active(), ["q", "from", "store", "province", "agent", "amount"]);
        assert_eq!(query.without("q").text(), raw.replace("&q=amina+b", "").replace("&page=3", ""));
        assert_eq!(query.bare().text(), "view=delivery&sort=-total");
        assert_eq!(ListQuery::read("province=DZ:31,DZ:16").text(), "province=DZ%3A31&province=DZ%3A16");
    }

    #[test]
    fn groups_stand_in_the_address_under_their_numbers() {
        let raw = "state=PENDING&any.1.city=Oran&any.2.channel=web&any.2.min=5000";
        let query = ListQuery::read(raw);
        assert_eq!(query.text(), raw);
        assert_eq!(ListQuery::read("any.4.city=Oran,Alger&any.9.held=true").text(), "any.1.city=Oran&any.1.city=Alger&any.2.held=true");
        assert_eq!(ListQuery::read("any.1.archived=any&any.1.evil=1&any.x.city=Oran&any.0.city=Oran").text(), "");
        assert_eq!((query.group_count(), query.group(1).text()), (2, "channel=web&min=5000".to_owned()));
        assert_eq!(query.without_group(0).text(), "state=PENDING&any.1.channel=web&any.1.min=5000");
        assert!(query.is_changed() && query.has("channel", |one| one == "web") && !query.has("agent", |_| true));
        let filter = query.chosen(&home(), Time(0)).unwrap().filter;
        assert_eq!((filter.any[0].cities.as_slice(), filter.any[1].total_from), (["Oran".to_owned()].as_slice(), Some(Amount(500_000))));
        let kept = query.api(&home(), Time(0), false);
        assert_eq!(ListQuery::of_api(&kept, &home()).text(), format!("view=to_confirm&{}", raw.trim_start_matches("state=PENDING&")));
        let unclear = ListQuery::read("any.1.min=1.250&any.2.city=Oran").chosen(&home(), Time(0)).unwrap().filter;
        assert_eq!((unclear.any.len(), unclear.any[0].cities.as_slice()), (1, ["Oran".to_owned()].as_slice()), "what is not clear is left out");
        let many: Vec<String> = (1..=6).map(|number| format!("any.{number}.held=true")).collect();
        assert!(ListQuery::read(&many.join("&")).chosen(&home(), Time(0)).is_err());
    }

    #[test]
    fn two_keys_of_a_sort_stand_in_one_parameter() {
        assert_eq!(ListQuery::read("sort=-total%2Ccreated_at").text(), "sort=-total%2Ccreated_at");
        assert_eq!(ListQuery::read("sort=-total&sort=created_at").text(), "sort=-total%2Ccreated_at");
        assert_eq!(ListQuery::read("sort=-created_at&sort=").text(), "");
    }

    #[test]
    fn what_an_address_says_wrong_is_left_out() {
        let query = ListQuery::read("view=x&state=y&store=1&from=2026-99-99&sort=colour&page=-1&limit=7&evil=1&q=");
        assert_eq!(query.url(), "/app/orders?view=all");
        assert_eq!(ListQuery::read("page=%D9%A3").page, 3);
        assert!(query.active().is_empty() && !query.is_changed());
    }

    #[test]
    fn filters_say_what_the_address_says() {
        let filter = chosen("view=delivery&to=2026-11-21&max=8400&held=true&escalated=true&agent=me").filter;
        assert_eq!(filter.states, [OrderState::Shipped, OrderState::OutForDelivery]);
        assert_eq!((filter.total_to, filter.currency), (Some(Amount(840_000)), Some(Currency::DZD)));
        assert_eq!(filter.placed_until.map(|time| time.to_string()), Some("2026-11-21T23:00:00Z".to_owned()));
        assert_eq!((filter.is_held, filter.is_escalated, filter.assigned), (Some(true), Some(true), vec![orders::Assigned::Caller]));
        let typed = chosen("min=1%2C250&max=8+400%2C50&any.1.min=1%2C250%2C000").filter;
        assert_eq!((typed.total_from, typed.total_to), (Some(Amount(125_000)), Some(Amount(840_050))));
        assert_eq!(typed.any[0].total_from, Some(Amount(125_000_000)), "a comma of an amount parts no alternatives");
        assert_eq!(chosen("view=delivery&state=PENDING").filter.states, [OrderState::Pending], "a filter says more than its tab");
        assert_eq!(chosen("q=amina").search.as_deref(), Some("amina"));
    }

    #[test]
    fn what_is_kept_and_opened_again_is_the_same_list() {
        let raw = "state=PENDING&days=last_7_days&from=2026-11-01&to=2026-11-20&province=DZ%3A31&city=Bir+El+Djir&min=1000&max=2000&tag=gift&held=false&archived=any";
        let query = ListQuery::read(raw);
        let kept = query.api(&home(), Time(0), false);
        assert_eq!(kept["placed_in"], json!("last_7_days"));
        let again = ListQuery::of_api(&kept, &home());
        assert_eq!(again.text(), format!("view=to_confirm&{}", raw.trim_start_matches("state=PENDING&")));
        let odd = json!({"placed_from": "2026-11-01T10:00:00Z", "total_from": 150, "currency": "DZD", "tag_all": ["a", "b"]});
        let odd = ListQuery::of_api(odd.as_object().unwrap(), &home());
        assert_eq!(odd.text(), "tag_all=a&tag_all=b&placed_from=2026-11-01T10%3A00%3A00Z&total_from=150&currency=DZD");
        assert_eq!(odd.active(), ["tag_all", "placed_from", "total"]);
        let snapshot = query.api(&home(), Time(0), true);
        assert!(snapshot.get("placed_in").is_none() && snapshot.contains_key("placed_from"));
    }
}
