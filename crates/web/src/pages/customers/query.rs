//! The list's address: search, filters, sort, the part that is shown. The address is the state, so back, reload and sharing work.
//!
//! An address comes from a person's hands: what it names and we do not understand is left out, never refused.

use customers::{CustomerFilter, CustomerSort};
use fields::TagFilter;
use kernel::{Country, FieldDef, FieldKind, TaskId};

use crate::api::orders::read::FieldTest;

/// Where the list stands.
pub(super) const HOME: &str = "/app/customers";
/// The parameters that narrow the list, besides fields of the team's own.
const FILTERS: [&str; 4] = ["q", "flag", "tag", "archived"];
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
    pub(super) archived: bool,
    pub(super) sort: CustomerSort,
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
        for (name, value) in form_urlencoded::parse(raw.as_bytes()) {
            let text = kernel::cut(value.trim(), 400).to_owned();
            if text.is_empty() || text.contains('\0') {
                continue;
            }
            match &*name {
                "q" => query.q = kernel::cut(&text, 200).to_owned(),
                "flag" => query.flag = text,
                "tag" => query.tag = text,
                "archived" => query.archived = text == "1",
                "sort" => query.sort = if text == "name" { CustomerSort::Name } else { CustomerSort::Newest },
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
        add("archived", if self.archived { "1" } else { "" });
        for (key, value) in &self.custom {
            add(&format!("custom.{key}"), value);
        }
        add("sort", if self.sort == CustomerSort::Name { "name" } else { "" });
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
            "archived" => query.archived = false,
            own => query.custom.retain(|(key, _)| own.strip_prefix("custom.") != Some(key)),
        })
    }

    /// The list without any filter, sorted as it is.
    pub(super) fn bare(&self) -> ListQuery {
        ListQuery { sort: self.sort, limit: self.limit, ..ListQuery::default() }
    }

    /// What is asked of customers. Fields that are not there, or offer no choice, are left out.
    pub(super) fn filter(&self, country: Country, own: &[FieldDef], limit: u32) -> CustomerFilter {
        let filled = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let known = self.custom.iter().filter(|(key, _)| own.iter().any(|field| field.key == *key && is_offered(field)));
        CustomerFilter {
            search: filled(&self.q),
            country: Some(country),
            with_archived: self.archived,
            flag: filled(&self.flag),
            tags: TagFilter { any: filled(&self.tag).into_iter().collect(), ..TagFilter::default() },
            custom: known.filter_map(|(key, value)| format!("{key}:{value}").parse::<FieldTest>().ok()).map(|test| test.0).collect(),
            sort: self.sort,
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
        let raw = "q=amina+b&flag=vip&tag=gros&archived=1&custom.class=gold&sort=name&limit=25&before=a%7E1&at=b%7E2";
        let query = ListQuery::read(raw);
        assert_eq!(query.url(), format!("{HOME}?{raw}"));
        assert_eq!(query.active(), ["q", "flag", "tag", "archived", "custom.class"]);
        assert_eq!(query.without("custom.class").url(), format!("{HOME}?q=amina+b&flag=vip&tag=gros&archived=1&sort=name&limit=25"));
        assert_eq!(query.bare().url(), format!("{HOME}?sort=name&limit=25"));
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
        assert_eq!(ListQuery::read("sort=colour&limit=7&evil=1&q=&archived=yes&task=x").url(), HOME);
    }
}
