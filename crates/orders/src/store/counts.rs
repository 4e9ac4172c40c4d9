//! Counting orders again, for the nightly proof of the counters.

use base::counters::OrderDay;
use db::{Tx, params};
use kernel::{Error, OrderState, StoreId};

/// Orders by store, state and whether they are archived.
pub(crate) fn by_state(tx: &mut Tx) -> Result<Vec<(StoreId, OrderState, bool, i64)>, Error> {
    tx.rows(
        "select store_id, state, is_archived, count(*)
           from orders
          where org_id = $1
          group by store_id, state, is_archived
          limit 100000",
        params![tx.org()],
    )
}

/// Orders by the day on which they were placed, store, state and currency.
pub(crate) fn by_day(tx: &mut Tx) -> Result<Vec<OrderDay>, Error> {
    tx.rows(
        "select placed_day as day, store_id, state, currency, count(*) as orders, cast(sum(total) as bigint) as total
           from orders
          where org_id = $1
          group by placed_day, store_id, state, currency
          order by placed_day, store_id, state, currency
          limit 200000",
        params![tx.org()],
    )
}
