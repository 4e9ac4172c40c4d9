//! How orders come in over a day: what a dashboard draws.

use base::Ctx;
use db::Tx;
use kernel::{Error, Permission, StoreId, Time};

use crate::store::pulse;

/// Hours of one question at most.
const HOURS: i64 = 49;

/// Orders that were placed in each hour from a moment on, until another, of those that the caller may see; archived ones count. The
/// first entry is the first hour; at most two days (with the hour that a clock may turn back). Needs `order.read`.
pub fn placed_by_hour(tx: &mut Tx, ctx: &Ctx, store: Option<StoreId>, from: Time, until: Time) -> Result<Vec<i64>, Error> {
    ctx.require(Permission::OrderRead)?;
    let until = until.min(from.plus_us(HOURS * Time::HOUR));
    if until <= from { Ok(Vec::new()) } else { pulse::by_hour(tx, ctx, store, from, until) }
}
