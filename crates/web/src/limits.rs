//! How often who may call what; beyond it the answer is 429 with `Retry-After`.
//!
//! A limit is a bucket that refills evenly (GCRA): its size is what one may do at once, and a full
//! minute without calls fills it again. Buckets live in this process; several processes behind one
//! address each have their own.

use std::hash::{BuildHasher, Hash, RandomState};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use kernel::{Error, western_digits};

/// Calls per minute, look-ups of one number per hour. Zero switches a limit off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitsConfig {
    /// Sign-in, reset and second-factor calls per address.
    pub sign_in_per_address: u32,
    /// Sign-in, reset and second-factor calls per e-mail address named.
    pub sign_in_per_account: u32,
    /// Calls to what needs no session, per address.
    pub public_per_address: u32,
    /// API calls per user or key.
    pub api_per_actor: u32,
    /// Look-ups of orders and codes of customers, per address.
    pub lookup_per_address: u32,
    /// Look-ups and codes per order's number, telephone or e-mail address named, in an hour.
    pub lookup_per_number: u32,
}

impl Default for LimitsConfig {
    fn default() -> LimitsConfig {
        LimitsConfig {
            sign_in_per_address: 30,
            sign_in_per_account: 10,
            public_per_address: 300,
            api_per_actor: 6_000,
            lookup_per_address: 30,
            lookup_per_number: 20,
        }
    }
}

impl LimitsConfig {
    /// No limits at all: for benchmarks over loopback.
    pub fn off() -> LimitsConfig {
        LimitsConfig {
            sign_in_per_address: 0,
            sign_in_per_account: 0,
            public_per_address: 0,
            api_per_actor: 0,
            lookup_per_address: 0,
            lookup_per_number: 0,
        }
    }
}

/// Which bucket a route draws from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RateClass {
    /// Guessing passwords and codes must be slow: per address, and per account in the handler.
    SignIn,
    /// Open to everybody: per address.
    Public,
    /// Looking orders up: numbers and digits can be guessed, so per address, and per number in the handler.
    Lookup,
    /// Signed in: per user or key.
    Api,
    /// Health, metrics and assets are not limited.
    Free,
}

/// The buckets of this process.
pub struct Limits {
    sign_in_per_address: Bucket,
    sign_in_per_account: Bucket,
    public_per_address: Bucket,
    api_per_actor: Bucket,
    lookup_per_address: Bucket,
    lookup_per_number: Bucket,
    hasher: RandomState,
}

impl Limits {
    pub(crate) fn new(config: &LimitsConfig) -> Limits {
        Limits {
            sign_in_per_address: Bucket::per_minute(config.sign_in_per_address),
            sign_in_per_account: Bucket::per_minute(config.sign_in_per_account),
            public_per_address: Bucket::per_minute(config.public_per_address),
            api_per_actor: Bucket::per_minute(config.api_per_actor),
            lookup_per_address: Bucket::per_minute(config.lookup_per_address),
            lookup_per_number: Bucket::per_hour(config.lookup_per_number),
            hasher: RandomState::new(),
        }
    }

    /// One call from an address, before anything is read.
    pub(crate) fn address(&self, class: RateClass, address: Option<&str>) -> Result<(), Error> {
        match class {
            RateClass::SignIn => self.sign_in_per_address.take(|| self.key(&address)),
            RateClass::Public => self.public_per_address.take(|| self.key(&address)),
            RateClass::Lookup => self.lookup_per_address.take(|| self.key(&address)),
            RateClass::Api | RateClass::Free => Ok(()),
        }
    }

    /// One call by somebody known.
    pub(crate) fn actor(&self, actor: impl Hash) -> Result<(), Error> {
        self.api_per_actor.take(|| self.key(&actor))
    }

    /// One try at an account, whether it exists or not.
    ///
    /// Answers `TooMany` when the account was tried too often, from wherever.
    pub fn account(&self, email: &str) -> Result<(), Error> {
        self.sign_in_per_account.take(|| self.key(&email.trim().to_lowercase()))
    }

    /// One try at an order's number, a telephone or an address, whether it exists or not.
    ///
    /// Answers `TooMany` when it was tried too often, from wherever.
    pub fn number(&self, number: &str) -> Result<(), Error> {
        let signs: String = western_digits(number).to_lowercase().chars().filter(|sign| sign.is_alphanumeric() || *sign == '@').collect();
        self.lookup_per_number.take(|| self.key(&signs.trim_start_matches('0')))
    }

    fn key(&self, what: &impl Hash) -> u64 {
        self.hasher.hash_one(what)
    }
}

struct Bucket {
    limiter: Option<DefaultKeyedRateLimiter<u64>>,
    clock: DefaultClock,
    takes: AtomicU32,
}

/// After this many calls, buckets that are full again are forgotten.
const CALLS_BETWEEN_CLEANING: u32 = 10_000;

impl Bucket {
    fn per_minute(calls: u32) -> Bucket {
        Bucket::of(NonZeroU32::new(calls).map(Quota::per_minute))
    }

    fn per_hour(calls: u32) -> Bucket {
        Bucket::of(NonZeroU32::new(calls).map(Quota::per_hour))
    }

    fn of(quota: Option<Quota>) -> Bucket {
        let limiter = quota.map(RateLimiter::keyed);
        Bucket { limiter, clock: DefaultClock::default(), takes: AtomicU32::new(0) }
    }

    fn take(&self, key: impl FnOnce() -> u64) -> Result<(), Error> {
        let Some(limiter) = &self.limiter else { return Ok(()) };
        if self.takes.fetch_add(1, Ordering::Relaxed) % CALLS_BETWEEN_CLEANING == CALLS_BETWEEN_CLEANING - 1 {
            limiter.retain_recent();
        }
        limiter.check_key(&key()).map_err(|not_until| {
            let wait = not_until.wait_time_from(self.clock.now());
            Error::TooMany { retry_after_s: u32::try_from(wait.as_secs() + 1).unwrap_or(u32::MAX) }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_answers_when_to_come_back_and_zero_means_none() {
        let limits = Limits::new(&LimitsConfig { sign_in_per_account: 2, ..LimitsConfig::off() });
        assert!(limits.account("a@b.dz").is_ok());
        assert!(limits.account("A@b.dz ").is_ok());
        let Err(Error::TooMany { retry_after_s }) = limits.account("a@b.dz") else { panic!("the third call is one too many") };
        assert!((1..=31).contains(&retry_after_s), "{retry_after_s}");
        assert!(limits.account("other@b.dz").is_ok());
        let numbers = Limits::new(&LimitsConfig { lookup_per_number: 2, ..LimitsConfig::off() });
        assert!(
            numbers.number("#1041").is_ok() && numbers.number(" ١٠٤١").is_ok() && numbers.number("1041").is_err() && numbers.number("1042").is_ok()
        );
        for _ in 0..1_000 {
            assert!(limits.address(RateClass::Public, Some("10.0.0.1")).is_ok());
        }
    }
}
