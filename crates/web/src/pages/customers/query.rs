//! The list's address: search, filters, sort, the part that is shown. The address is the state, so back, reload and sharing work.
//!
//! An address comes from a person's hands: what it names and we do not understand is left out, never refused.

use customers::{Bought, CustomerFilter, CustomerSort};
use fields::TagFilter;
use kernel::{Country, FieldDef, FieldKind, StoreId, TaskId, Time};
use orders::care::Places;

use crate::api::orders::read::FieldTest;
use crate::pages::amounts::amount;
use crate::pages::sort;

/// Where the list stands.
pub(super) const HOME: &str = "/app/customers";
/// The parameters that narrow the list, besides fields of the team's own.
const FILTERS: [&str; 11] = ["q", "flag", "tag", "province", "city", "store", "orders", "spent", "share", "quiet", "archived"];
/// What the list offers to ask: so many orders or more, so many in a hundred delivered or less, so many days without an order.
pub(super) const ORDERS: [i64; 4] = [2, 3, 5, 10];
pub(super) const SHARES: [i64; 3] = [75, 50, 25];
pub(super) const QUIET: [i64; 4] = [30, 60, 90, 180];
/// How many parts back an address remembers.
const REMEMBERED: usize = 40;

/// What the address says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ListQuery {
    pub(super) q: String,
    /// A kind of marks.
    pub(super) flag: String,
    /// The name of a tag.
    pub(super) tag: String,
    /// Choices of the team's own: the field's key and the value's.
    pub(super) custom: Vec<(String, String)>,
    /// Where the newest order goes: country and code of the province.
    pub(super) province: String,
    /// The town that it goes to.
    pub(super) city: String,
    /// Whose figures are compared.
    pub(super) store: Option<StoreId>,
    /// Orders, at least.
    pub(super) orders: Option<i64>,
    /// Spent, at least, as typed.
    pub(super) spent: String,
    /// Delivered of a hundred, at most.
    pub(super) share: Option<i64>,
    /// Days without an order.
    pub(super) quiet: Option<i64>,
    pub(super) archived: bool,
    pub(super) sort: CustomerSort,
    /// What decides among equals.
    pub(super) then: Option<CustomerSort>,
    pub(super) limit: Option<u32>,
    /// Where the part before ended; none for the first part.
    pub(super) cursor: Option<String>,
    /// Where the parts before that one ended, the nearest last.
    pub(super) before: Vec<String>,
    /// A file that was asked for.
    pub(super) task: Option<TaskId>,
    /// What has just been done.
    pub(super) done: String,
}

impl ListQuery {
    /// Reads an address.
    pub(super) fn read(raw: &str) -> ListQuery {
        let mut query = ListQuery::default();
        let mut sorts = Vec::new();
        for (name, value) in form_urlencoded::parse(raw.as_bytes()) {
            let text = kernel::cut(value.trim(), 400).to_owned();
            if text.is_empty() || text.contains('\0') {
                continue;
            }
            match &*name {
                "q" => query.q = kernel::cut(&text, 200).to_owned(),
                "flag" => query.flag = text,
                "tag" => query.tag = text,
                "province" => query.province = text,
                "city" => query.city = text,
                "store" => query.store = text.parse().ok(),
                "orders" => query.orders = text.parse().ok().filter(|one| ORDERS.contains(one)),
                "spent" => query.spent = text,
                "share" => query.share = text.parse().ok().filter(|one| SHARES.contains(one)),
                "quiet" => query.quiet = text.parse().ok().filter(|one| QUIET.contains(one)),
                "archived" => query.archived = text == "1",
                "sort" => sorts.push(text),
                "limit" => query.limit = text.parse().ok().filter(|limit| [25, 50, 100].contains(limit)),
                "at" => query.cursor = Some(text),
                "before" => query.before.push(text),
                "task" => query.task = text.parse().ok(),
                "done" => query.done = text,
                own => {
                    if let Some(key) = own.strip_prefix("custom.") {
                        query.custom.push((key.to_owned(), text));
                    }
                }
            }
        }
        (query.sort, query.then) = sort::read(&sorts, |text| CustomerSort::read(text).ok()).unwrap_or_default();
        query
    }

    /// The parameters of this address.
    pub(super) fn pairs(&self) -> Vec<(String, String)> {
        let mut pairs: Vec<(String, String)> = Vec::new();
        let mut add = |name: &str, value: &str| {
            if !value.is_empty() {
                pairs.push((name.to_owned(), value.to_owned()));
            }
        };
        add("q", &self.q);
        add("flag", &self.flag);
        add("tag", &self.tag);
        add("province", &self.province);
        add("city", &self.city);
        add("store", &self.store.map(|store| store.to_string()).unwrap_or_default());
        for (name, number) in [("orders", self.orders), ("share", self.share), ("quiet", self.quiet)] {
            add(name, &number.map(|number| number.to_string()).unwrap_or_default());
        }
        add("spent", &self.spent);
        add("archived", if self.archived { "1" } else { "" });
        for (key, value) in &self.custom {
            add(&format!("custom.{key}"), value);
        }
        let sort = self.sort.write(self.then);
        add("sort", if sort == CustomerSort::default().as_str() { "" } else { &sort });
        add("limit", &self.limit.map(|limit| limit.to_string()).unwrap_or_default());
        for cursor in &self.before {
            add("before", cursor);
        }
        add("at", self.cursor.as_deref().unwrap_or_default());
        pairs
    }

    /// The address.
    pub(super) fn url(&self) -> String {
        let text = form_urlencoded::Serializer::new(String::new()).extend_pairs(self.pairs()).finish();
        if text.is_empty() { HOME.to_owned() } else { format!("{HOME}?{text}") }
    }

    /// The same, changed, from its first part on.
    pub(super) fn with(&self, change: impl FnOnce(&mut ListQuery)) -> ListQuery {
        let mut query = ListQuery { cursor: None, before: Vec::new(), task: None, done: String::new(), ..self.clone() };
        change(&mut query);
        query
    }

    /// The part after this one.
    pub(super) fn next(&self, cursor: &str) -> ListQuery {
        let mut before = self.before.clone();
        before.extend(self.cursor.clone());
        let forgotten = before.len().saturating_sub(REMEMBERED);
        before.drain(..forgotten);
        self.with(|query| (query.cursor, query.before) = (Some(cursor.to_owned()), before))
    }

    /// The part before this one; none for the first.
    pub(super) fn previous(&self) -> Option<ListQuery> {
        self.cursor.as_ref()?;
        let mut before = self.before.clone();
        let cursor = before.pop();
        Some(self.with(|query| (query.cursor, query.before) = (cursor, before)))
    }

    /// Which filters are in force.
    pub(super) fn active(&self) -> Vec<String> {
        let plain = FILTERS.into_iter().filter(|filter| self.without(filter) != self.with(|_| {})).map(str::to_owned);
        plain.chain(self.custom.iter().map(|(key, _)| format!("custom.{key}"))).collect()
    }

    /// The same without one filter.
    pub(super) fn without(&self, filter: &str) -> ListQuery {
        self.with(|query| match filter {
            "q" => query.q.clear(),
            "flag" => query.flag.clear(),
            "tag" => query.tag.clear(),
            "province" => query.province.clear(),
            "city" => query.city.clear(),
            "store" => query.store = None,
            "orders" => query.orders = None,
            "spent" => query.spent.clear(),
            "share" => query.share = None,
            "quiet" => query.quiet = None,
            "archived" => query.archived = false,
            own => query.custom.retain(|(key, _)| own.strip_prefix("custom.") != Some(key)),
        })
    }

    /// The list without any filter, sorted as it is.
    pub(super) fn bare(&self) -> ListQuery {
        ListQuery { sort: self.sort, then: self.then, limit: self.limit, ..ListQuery::default() }
    }

    /// Whether only those who bought are wanted, by figures that each store keeps for itself.
    fn is_of_buyers(&self) -> bool {
        // Whoever is sorted by the last order has bought; a second key that needs a store makes it that store's.
        let by_first = self.sort.needs_store() || self.sort.is_of_figures() && self.then.is_some_and(CustomerSort::needs_store);
        by_first || self.orders.is_some() || !self.spent.is_empty() || self.share.is_some() || self.quiet.is_some()
    }

    /// Whether such figures are compared, if only among equals.
    fn needs_store(&self) -> bool {
        self.is_of_buyers() || self.then.is_some_and(CustomerSort::needs_store)
    }

    /// The same with a store where only those are wanted who bought and several stores are there: the first, unless one was chosen.
    pub(super) fn settled(mut self, stores: &[access::Store]) -> ListQuery {
        if self.store.is_none() && stores.len() > 1 && self.is_of_buyers() {
            self.store = stores.first().map(|store| store.id);
        }
        self
    }

    /// The store whose figures are compared: the chosen one, or the only one that is open.
    fn compared<'a>(&self, stores: &'a [access::Store]) -> Option<&'a access::Store> {
        let store = self.store.or_else(|| stores.first().filter(|_| self.needs_store()).map(|store| store.id))?;
        stores.iter().find(|one| one.id == store)
    }

    /// Where newest orders go, as it is asked; none when it is not.
    pub(super) fn places(&self) -> Option<Places> {
        let filled = |text: &str| (!text.is_empty()).then(|| text.to_owned()).into_iter().collect();
        let places = Places { provinces: filled(&self.province), cities: filled(&self.city) };
        (places != Places::default()).then_some(places)
    }

    /// What is asked of customers. Fields that are not there, or offer no choice, and amounts that are none are left out.
    pub(super) fn filter(&self, country: Country, own: &[FieldDef], stores: &[access::Store], now: Time, limit: u32) -> CustomerFilter {
        let store = self.compared(stores);
        let filled = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let known = self.custom.iter().filter(|(key, _)| own.iter().any(|field| field.key == *key && is_offered(field)));
        CustomerFilter {
            search: filled(&self.q),
            country: Some(country),
            with_archived: self.archived,
            flag: filled(&self.flag),
            // A second key leaves nobody out.
            store: self.store.or(store.filter(|_| self.is_of_buyers()).map(|store| store.id)),
            compared: store.map(|store| store.id),
            bought: Bought {
                orders_from: self.orders,
                spent_from: store.and_then(|store| amount(&self.spent, store.currency)).filter(|amount| amount.0 > 0),
                delivered_to: self.share,
                last_until: self.quiet.map(|days| now.plus_us(-days * Time::DAY)),
                ..Bought::default()
            },
            elsewhere: None,
            tags: TagFilter { any: filled(&self.tag).into_iter().collect(), ..TagFilter::default() },
            custom: known.filter_map(|(key, value)| format!("{key}:{value}").parse::<FieldTest>().ok()).map(|test| test.0).collect(),
            sort: self.sort,
            then: self.then,
            limit,
            cursor: self.cursor.clone(),
        }
    }
}

/// Whether the list offers to filter by this field.
pub(super) fn is_offered(field: &FieldDef) -> bool {
    field.is_filterable && matches!(field.kind, FieldKind::Choice | FieldKind::MultiChoice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_reads_back_as_written() {
        let raw = "q=amina+b&flag=vip&tag=gros&province=DZ%3A31&city=Oran&orders=3&share=50&quiet=90&spent=8400&archived=1&custom.class=gold&sort=-orders%2Cname&limit=25&before=a%7E1&at=b%7E2";
        let query = ListQuery::read(raw);
        assert_eq!(query.url(), format!("{HOME}?{raw}"));
        assert_eq!(query.active(), ["q", "flag", "tag", "province", "city", "orders", "spent", "share", "quiet", "archived", "custom.class"]);
        assert_eq!(
            query.without("custom.class").url(),
            format!(
                "{HOME}?q=amina+b&flag=vip&tag=gros&province=DZ%3A31&city=Oran&orders=3&share=50&quiet=90&spent=8400&archived=1&sort=-orders%2Cname&limit=25"
            )
        );
        assert_eq!(query.bare().url(), format!("{HOME}?sort=-orders%2Cname&limit=25"));
        assert_eq!(ListQuery::read("sort=-orders&sort=name").url(), format!("{HOME}?sort=-orders%2Cname"));
        assert_eq!(ListQuery::read("sort=-created_at&sort=").url(), HOME);
    }

    #[test]
    fn pages_lead_on_and_back() {
        let first = ListQuery::read("q=a");
        assert_eq!(first.previous(), None);
        let third = first.next("x").next("y");
        assert_eq!((third.cursor.as_deref(), third.before.as_slice()), (Some("y"), ["x".to_owned()].as_slice()));
        assert_eq!(third.previous().unwrap(), first.next("x"));
        assert_eq!(third.previous().unwrap().previous().unwrap(), first);
        let deep = (0..90).fold(first, |query, part| query.next(&part.to_string()));
        assert_eq!(deep.before.len(), REMEMBERED);
    }

    #[test]
    fn what_an_address_says_wrong_is_left_out() {
        assert_eq!(ListQuery::read("sort=colour&limit=7&store=x&orders=4&quiet=many&evil=1&q=&archived=yes&task=x").url(), HOME);
    }
}
