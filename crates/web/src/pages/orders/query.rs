//! The list's address: view, filters, sort, page. The address is the state, so back, reload and sharing work.
//!
//! An address comes from a person's hands: what it names and we do not understand is left out, never refused.

use jiff::tz::TimeZone;
use kernel::{Amount, Channel, Currency, Day, OrderState, Priority, ShippingState, StoreId, UserId};
use orders::{Assigned, OrderFilter, Sort};

/// A saved view: a tab over the table.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct View {
    /// Its word in the address; empty for the first.
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
pub(super) const VIEWS: &[View] = &[
    View { word: "", key: "orders-view-all", states: &[] },
    View { word: "to_confirm", key: "orders-view-to-confirm", states: &[OrderState::Pending] },
    View { word: "confirmed", key: "orders-view-confirmed", states: &[OrderState::Confirmed] },
    View { word: "backordered", key: "orders-view-backordered", states: &[OrderState::Backordered] },
    View { word: "processing", key: "orders-view-processing", states: &[OrderState::Processing] },
    View { word: "delivery", key: "orders-view-delivery", states: &[OrderState::Shipped, OrderState::OutForDelivery] },
    View { word: "delivered", key: "orders-view-delivered", states: &[OrderState::Delivered] },
    View { word: "returns", key: "orders-view-returns", states: RETURNS },
    View { word: "cancelled", key: "orders-view-cancelled", states: &[OrderState::Cancelled] },
];

/// Whose orders, as the filter offers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whose {
    /// The reader's own.
    Mine,
    /// Nobody's yet.
    Free,
    /// This agent's.
    Agent(UserId),
}

impl std::str::FromStr for Whose {
    type Err = ();
    fn from_str(text: &str) -> Result<Whose, ()> {
        match text {
            "mine" => Ok(Whose::Mine),
            "none" => Ok(Whose::Free),
            id => id.parse().map(Whose::Agent).map_err(|_| ()),
        }
    }
}

impl std::fmt::Display for Whose {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Whose::Mine => f.write_str("mine"),
            Whose::Free => f.write_str("none"),
            Whose::Agent(id) => id.fmt(f),
        }
    }
}

/// What the address says.
#[derive(Clone, Debug)]
pub(super) struct ListQuery {
    pub(super) view: &'static View,
    pub(super) q: String,
    pub(super) state: Option<OrderState>,
    pub(super) store: Option<StoreId>,
    /// A key as in orders: `DZ:31`.
    pub(super) province: Option<String>,
    pub(super) agent: Option<Whose>,
    pub(super) channel: Option<Channel>,
    pub(super) shipping: Option<ShippingState>,
    pub(super) priority: Option<Priority>,
    pub(super) from: Option<Day>,
    pub(super) to: Option<Day>,
    /// As typed, in whole units.
    pub(super) min: String,
    pub(super) max: String,
    pub(super) sort: Sort,
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
            view: &VIEWS[0],
            q: String::new(),
            state: None,
            store: None,
            province: None,
            agent: None,
            channel: None,
            shipping: None,
            priority: None,
            from: None,
            to: None,
            min: String::new(),
            max: String::new(),
            sort: Sort::default(),
            page: 1,
            limit: None,
            older: None,
            since: None,
        }
    }
}

/// The parameters that narrow a view: each is a chip that can be taken away.
pub(super) const FILTERS: [&str; 11] = ["q", "state", "store", "province", "agent", "channel", "shipping", "priority", "from", "to", "amount"];

impl ListQuery {
    /// Reads an address.
    pub(super) fn read(raw: &str) -> ListQuery {
        let mut query = ListQuery::default();
        for (name, value) in form_urlencoded::parse(raw.as_bytes()) {
            let text: String = kernel::cut(value.trim(), 200).to_owned();
            if text.is_empty() {
                continue;
            }
            match &*name {
                "view" => query.view = VIEWS.iter().find(|view| view.word == text).unwrap_or(&VIEWS[0]),
                "q" => query.q = text,
                "state" => query.state = text.parse().ok(),
                "store" => query.store = text.parse().ok(),
                "province" => query.province = Some(text),
                "agent" => query.agent = text.parse().ok(),
                "channel" => query.channel = text.parse().ok(),
                "shipping" => query.shipping = text.parse().ok(),
                "priority" => query.priority = text.parse().ok(),
                "from" => query.from = Day::parse(&text),
                "to" => query.to = Day::parse(&text),
                "min" => query.min = text,
                "max" => query.max = text,
                "sort" => query.sort = Sort::parse(&text).unwrap_or_default(),
                "page" => query.page = kernel::western_digits(&text).parse().unwrap_or(1).max(1),
                "limit" => query.limit = text.parse().ok().filter(|limit| [25, 50, 100].contains(limit)),
                "older" => query.older = Some(text),
                "since" => query.since = text.parse().ok(),
                _ => {}
            }
        }
        query
    }

    /// The parameters of this address, without page and sort where they are the usual ones.
    pub(super) fn pairs(&self) -> Vec<(String, String)> {
        let mut pairs: Vec<(String, String)> = Vec::new();
        let mut add = |name: &str, value: Option<String>| pairs.extend(value.map(|value| (name.to_owned(), value)));
        let filled = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        add("view", filled(self.view.word));
        add("q", filled(&self.q));
        add("state", self.state.map(|state| state.to_string()));
        add("store", self.store.map(|store| store.to_string()));
        add("province", self.province.clone());
        add("agent", self.agent.map(|whose| whose.to_string()));
        add("channel", self.channel.map(|channel| channel.to_string()));
        add("shipping", self.shipping.map(|state| state.to_string()));
        add("priority", self.priority.map(|priority| priority.to_string()));
        add("from", self.from.map(|day| day.to_string()));
        add("to", self.to.map(|day| day.to_string()));
        add("min", filled(&self.min));
        add("max", filled(&self.max));
        add("sort", (self.sort != Sort::default()).then(|| self.sort.to_string()));
        add("limit", self.limit.map(|limit| limit.to_string()));
        add("page", (self.page > 1).then(|| self.page.to_string()));
        add("older", self.older.clone());
        pairs
    }

    /// The part after the question mark.
    pub(super) fn text(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(self.pairs()).finish()
    }

    /// The address.
    pub(super) fn url(&self) -> String {
        let text = self.text();
        if text.is_empty() { "/app/orders".to_owned() } else { format!("/app/orders?{text}") }
    }

    /// The same, changed, from its first page on.
    pub(super) fn with(&self, change: impl FnOnce(&mut ListQuery)) -> ListQuery {
        let mut query = ListQuery { page: 1, older: None, since: None, ..self.clone() };
        change(&mut query);
        query
    }

    /// The same without one of [`FILTERS`].
    pub(super) fn without(&self, filter: &str) -> ListQuery {
        self.with(|query| match filter {
            "q" => query.q.clear(),
            "state" => query.state = None,
            "store" => query.store = None,
            "province" => query.province = None,
            "agent" => query.agent = None,
            "channel" => query.channel = None,
            "shipping" => query.shipping = None,
            "priority" => query.priority = None,
            "from" => query.from = None,
            "to" => query.to = None,
            _ => {
                query.min.clear();
                query.max.clear();
            }
        })
    }

    /// Which of [`FILTERS`] are in force.
    pub(super) fn active(&self) -> Vec<&'static str> {
        let is_in_force = |filter: &&str| self.without(filter).text() != self.with(|_| {}).text();
        FILTERS.into_iter().filter(is_in_force).collect()
    }

    /// The view without any filter, sorted as it is.
    pub(super) fn bare(&self) -> ListQuery {
        ListQuery { view: self.view, sort: self.sort, limit: self.limit, ..ListQuery::default() }
    }

    /// What is asked of orders. Days are of this zone, amounts of this currency, `mine` is this person's.
    pub(super) fn filter(&self, zone: &TimeZone, currency: Currency, reader: Option<UserId>) -> OrderFilter {
        let amount = |text: &str| -> Option<Amount> { currency.parse_amount(&kernel::western_digits(text)) };
        let assigned = match self.agent {
            None => None,
            Some(Whose::Mine) => reader.map(Assigned::To),
            Some(Whose::Free) => Some(Assigned::Free),
            Some(Whose::Agent(id)) => Some(Assigned::To(id)),
        };
        OrderFilter {
            stores: self.store.into_iter().collect(),
            states: self.state.map_or_else(|| self.view.states.to_vec(), |state| vec![state]),
            shipping_states: self.shipping.into_iter().collect(),
            channels: self.channel.into_iter().collect(),
            priorities: self.priority.into_iter().collect(),
            provinces: self.province.iter().cloned().collect(),
            assigned: assigned.into_iter().collect(),
            placed_from: self.from.map(|day| day.start_in(zone)),
            placed_until: self.to.map(|day| day.plus(1).start_in(zone)),
            total_from: amount(&self.min),
            total_to: amount(&self.max),
            currency: (amount(&self.min).is_some() || amount(&self.max).is_some()).then_some(currency),
            ..OrderFilter::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_reads_back_as_written() {
        let raw = "view=delivery&q=amina+b&store=sto_0000000000001&province=DZ%3A31&agent=mine&from=2026-11-01&min=1000&sort=-total&page=3";
        let query = ListQuery::read(raw);
        assert_eq!(query.text(), raw);
        assert_eq!(query.active(), ["q", "store", "province", "agent", "from", "amount"]);
        assert_eq!(query.without("q").text(), raw.replace("&q=amina+b", "").replace("&page=3", ""));
        assert_eq!(query.bare().text(), "view=delivery&sort=-total");
    }

    #[test]
    fn what_an_address_says_wrong_is_left_out() {
        let query = ListQuery::read("view=x&state=y&store=1&from=2026-99-99&sort=colour&page=-1&limit=7&evil=1&q=");
        assert_eq!(query.url(), "/app/orders");
        assert_eq!(ListQuery::read("page=%D9%A3").page, 3);
        assert!(query.active().is_empty());
    }

    #[test]
    fn filters_say_what_the_address_says() {
        let zone = TimeZone::get("Africa/Algiers").unwrap();
        let filter = ListQuery::read("view=delivery&to=2026-11-21&max=8400").filter(&zone, Currency::DZD, None);
        assert_eq!(filter.states, [OrderState::Shipped, OrderState::OutForDelivery]);
        assert_eq!(filter.total_to, Some(Amount(840_000)));
        assert_eq!(filter.placed_until.map(|time| time.to_string()), Some("2026-11-21T23:00:00Z".to_owned()));
    }
}
