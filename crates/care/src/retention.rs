//! Forgetting people of whom nothing was heard for as long as the settings say; by default nobody.

use base::Ctx;
use base::jobs::{Job, Next};
use db::Tx;
use kernel::{CustomerId, Error, Time};
use serde::{Deserialize, Serialize};

/// Customers that one slice looks at.
const LOOKED_AT: u32 = 500;
/// A month in microseconds, a twelfth of a year.
const MONTH_US: i64 = Time::DAY * 36_525 / 1_200;

#[derive(Serialize, Deserialize)]
struct Cursor {
    at: i64,
    id: CustomerId,
}

/// Asks for the erasing of customers who neither bought nor changed for `privacy.forget_after_months`, and have
/// no order that is still open: [`base::jobs::Runner::Local`] of [`kernel::JobKind::ForgetInactive`].
pub fn forget_inactive(tx: &mut Tx, ctx: &Ctx, job: &Job) -> Result<Next, Error> {
    let months = i64::from(ctx.settings.privacy.forget_after_months);
    if months == 0 {
        return Ok(Next::Done);
    }
    let cursor: Option<Cursor> = serde_json::from_value(job.cursor.clone()).ok();
    let after = cursor.map(|cursor| (Time(cursor.at), cursor.id));
    let (found, next) = customers::erase::inactive(tx, ctx.now.plus_us(-months * MONTH_US), after, LOOKED_AT)?;
    for customer in found {
        customers::erase::forget(tx, ctx, customer)?;
    }
    let Some((at, id)) = next else { return Ok(Next::Done) };
    let cursor = serde_json::to_value(Cursor { at: at.0, id }).map_err(Error::internal)?;
    Ok(Next::Slice { cursor, done: job.done + i64::from(LOOKED_AT), of: 0 })
}
