//! Counting orders of a short span by the hour.

use base::Ctx;
use db::{Tx, params};
use kernel::value::ToValue;
use kernel::{Error, StoreId, Time};

/// Orders of each hour from `from` on, before `until`, which is later. Each hour is counted along the index over the moment of
/// placing (and, where a store is named, the one over stores); to group a day's orders by their hour would sort them first, which takes
/// several times as long.
pub(crate) fn by_hour(tx: &mut Tx, ctx: &Ctx, store: Option<StoreId>, from: Time, until: Time) -> Result<Vec<i64>, Error> {
    let mut values = params![tx.org(), from, until];
    let mut one_store = String::new();
    if let Some(store) = store {
        values.push(store.to_value());
        // Named, so that the index over stores serves.
        one_store = format!(" and o.store_id = ${} and o.is_archived in (0, 1)", values.len());
    }
    let sees = ctx.sees().clause("o", &mut values);
    let sql = format!(
        "with recursive hours (begins_at, ends_at) as (
             select cast($2 as bigint), cast($2 as bigint) + {hour}
              union all
             select ends_at, ends_at + {hour} from hours where ends_at < $3
         )
         select (select count(*)
                   from orders o
                  where o.org_id = $1
                    and o.created_at >= hours.begins_at
                    and o.created_at < case when hours.ends_at < $3 then hours.ends_at else $3 end{one_store}{sees}) as n
           from hours
          order by hours.begins_at
          limit 1000",
        hour = Time::HOUR
    );
    Ok(tx.rows::<(i64,)>(&sql, values)?.into_iter().map(|(count,)| count).collect())
}
