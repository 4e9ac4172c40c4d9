//! Lock-outs: too many failures of one name or from one address, and nobody gets in by it for a while.
//!
//! Names that nobody has are counted like others (in the first organization), so that a lock does not
//! tell which names exist. A success forgets the failures of the name, not those of the address.

use base::Ctx;
use db::Tx;
use kernel::Error;

use crate::store::credentials;
use crate::{rules, tokens};

/// What failures are counted by.
#[derive(Clone, Debug)]
pub(crate) struct Keys {
    /// Sorted: rows are held in one order.
    keys: Vec<(String, u32)>,
    name: String,
}

impl Keys {
    /// For signing in; `allowance` is what one name may fail, see [`rules::ADDRESS_ALLOWANCE`] for addresses.
    pub(crate) fn new(what: &str, email_key: &str, ip: Option<&str>) -> Keys {
        let key = |kind: &str, text: &str| format!("{kind}:{what}:{}", hex::encode(&tokens::hash(text)[..16]));
        let name = key("name", email_key);
        let mut keys: Vec<(String, u32)> = ip.map(|ip| (key("ip", ip), rules::ADDRESS_ALLOWANCE)).into_iter().collect();
        keys.push((name.clone(), 1));
        Keys { keys, name }
    }
}

/// Seconds that the name or the address is still locked.
pub(crate) fn locked_for_s(tx: &mut Tx, ctx: &Ctx, keys: &Keys) -> Result<Option<u32>, Error> {
    let mut longest = None;
    for (key, _) in &keys.keys {
        longest = longest.max(rules::locked_for_s(credentials::failures_now(tx, key)?, ctx.now));
    }
    Ok(longest)
}

/// The same in a write, with the rows held until the commit: of many guesses at once each sees what
/// the ones before it found out.
pub(crate) fn held_for_s(tx: &mut Tx, ctx: &Ctx, keys: &Keys) -> Result<Option<u32>, Error> {
    let mut longest = None;
    for (key, _) in &keys.keys {
        credentials::begin_failures(tx, key, ctx.now)?;
        longest = longest.max(rules::locked_for_s(credentials::failures(tx, key)?, ctx.now));
    }
    Ok(longest)
}

/// Counts a failure; answers whether a lock begins with it.
pub(crate) fn failed(tx: &mut Tx, ctx: &Ctx, keys: &Keys) -> Result<bool, Error> {
    let settings = &ctx.settings.access;
    let mut locks = false;
    for (key, allowance) in &keys.keys {
        credentials::begin_failures(tx, key, ctx.now)?;
        let before = credentials::failures(tx, key)?;
        let after = rules::failed_again(before, ctx.now, settings.lockout_attempts.saturating_mul(*allowance), settings.lockout_minutes);
        credentials::set_failures(tx, key, after)?;
        locks |= after.locked_until.is_some();
    }
    Ok(locks)
}

/// Forgets the failures of the name.
pub(crate) fn succeeded(tx: &mut Tx, keys: &Keys) -> Result<(), Error> {
    credentials::forget_failures(tx, &keys.name)
}
