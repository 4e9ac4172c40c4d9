//! Removing what is past its time: spent sessions and links, forgotten failures.

use db::Tx;
use kernel::{Error, Time};

use crate::rules::FAILURES_FORGOTTEN_US;
use crate::store::{credentials, sessions};

/// How long an ended session or link can still be looked at.
const KEPT_US: i64 = 30 * Time::DAY;

/// Removes at most `limit` rows of each kind; answers how many.
pub fn purge(tx: &mut Tx, now: Time, limit: u32) -> Result<u64, Error> {
    let mut removed = sessions::purge(tx, now.plus_us(-KEPT_US), limit)?;
    removed += credentials::purge_links(tx, now.plus_us(-KEPT_US), limit)?;
    removed += credentials::purge_failures(tx, now.plus_us(-2 * FAILURES_FORGOTTEN_US), limit)?;
    Ok(removed)
}
