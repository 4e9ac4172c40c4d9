//! What customers bought, as conditions and as what is compared. `t` is a row of `customer_totals`, `c` its customer.

use db::{Value, dialect};
use kernel::value::ToValue;

use super::Wanted;
use crate::figures::Bought;
use crate::sort::CustomerSort;

/// What a share is of, in millionths; the words of the index.
const SHARE: &str = "(t.delivered * 1000000 / nullif(t.delivered + t.returned, 0))";
const ENDED: &str = "t.delivered + t.returned > 0";

/// How a sort is read: what is compared, who has something to compare, whether the largest comes first.
pub(crate) fn figure(sort: CustomerSort) -> (&'static str, Option<&'static str>, bool) {
    match sort {
        CustomerSort::Orders => ("t.orders", Some("t.orders > 1"), true),
        CustomerSort::Spent => ("t.delivered_total", Some("t.delivered_total > 0"), true),
        CustomerSort::Delivered => (SHARE, Some(ENDED), true),
        CustomerSort::Returned => (SHARE, Some(ENDED), false),
        CustomerSort::LongestAgo => ("t.last_order_at", None, false),
        CustomerSort::LastOrder | CustomerSort::Newest | CustomerSort::Name => ("t.last_order_at", None, true),
    }
}

/// What must have been bought, as conditions on `t`, with the words of the indexes.
pub(crate) fn bought(bought: &Bought, params: &mut Vec<Value>) -> String {
    let mut sql = String::new();
    // The bound stands before the words of the index: one of the engines takes the first that it can use.
    let mut add = |condition: &str, value: Value, words: &str| {
        params.push(value);
        sql.push_str(&format!(" and {condition} ${}{words}", params.len()));
    };
    if let Some(orders) = bought.orders_from {
        add("t.orders >=", orders.to_value(), if orders > 1 { " and t.orders > 1" } else { "" });
    }
    if let Some(orders) = bought.orders_to {
        add("t.orders <=", orders.to_value(), "");
    }
    if let Some(spent) = bought.spent_from {
        add("t.delivered_total >=", spent.to_value(), if spent.0 > 0 { " and t.delivered_total > 0" } else { "" });
    }
    if let Some(spent) = bought.spent_to {
        add("t.delivered_total <=", spent.to_value(), "");
    }
    for (percent, than) in [(bought.delivered_from, ">="), (bought.delivered_to, "<=")] {
        if let Some(percent) = percent {
            add(&format!("{ENDED} and {SHARE} {than}"), (percent * 10_000).to_value(), "");
        }
    }
    if let Some(at) = bought.last_from {
        add("t.last_order_at >=", at.to_value(), "");
    }
    if let Some(at) = bought.last_until {
        add("t.last_order_at <", at.to_value(), "");
    }
    sql
}

/// Whoever bought in one of the stores, as a condition on `c`.
pub(crate) fn who_bought(wanted: &Wanted<'_>, params: &mut Vec<Value>) -> String {
    let first = params.len() + 1;
    params.extend(wanted.stores.iter().map(ToValue::to_value));
    let stores = dialect::markers(first, wanted.stores.len());
    let bought = bought(wanted.bought, params);
    format!(" and exists (select 1 from customer_totals t where t.org_id = $1 and t.customer_id = c.id and t.store_id in ({stores}){bought})")
}
