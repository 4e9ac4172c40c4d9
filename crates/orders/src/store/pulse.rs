//! Counting orders of a short span by the hour.

use base::Ctx;
use db::{Tx, params};
use kernel::value::ToValue;
use kernel::{Error, StoreId, Time};

/// Orders of each hour after `from`, before `until`: the hour's place and how many. The index over the moment of placing (and, where a
/// store is named, the one over stores) answers.
pub(crate) fn by_hour(tx: &mut Tx, ctx: &Ctx, store: Option<StoreId>, from: Time, until: Time) -> Result<Vec<(i64, i64)>, Error> {
    let mut values = params![tx.org(), from, until];
    let mut one_store = String::new();
    if let Some(store) = store {
        values.push(store.to_value());
        // Named, so that the index over stores serves.
        one_store = format!(" and o.store_id = ${} and o.is_archived in (0, 1)", values.len());
    }
    let sees = ctx.sees().clause("o", &mut values);
    let sql = format!(
        "select (o.created_at - $2) / {} as hour, count(*) as n
           from orders o
          where o.org_id = $1
            and o.created_at >= $2
            and o.created_at < $3{one_store}{sees}
          group by hour
          order by hour
          limit 1000",
        Time::HOUR
    );
    tx.rows(&sql, values)
}
