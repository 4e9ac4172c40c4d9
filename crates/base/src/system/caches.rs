//! What a process remembers so that it need not ask again: how much, how often that helped, and forgetting it.
//!
//! Each cache counts for itself, with counters that cost a few nanoseconds; they begin with the process. Emptying one makes the next
//! looks slower and changes nothing else. Several processes each have their own.

use std::sync::atomic::{AtomicU64, Ordering};

use kernel::{Error, Event, Permission, UserId};

use super::keeper;
use crate::edge::Edge;
use crate::events;

/// How often a cache knew and did not know.
#[derive(Debug, Default)]
pub struct Tally {
    hits: AtomicU64,
    misses: AtomicU64,
}

impl Tally {
    /// Nothing counted yet.
    pub const fn new() -> Tally {
        Tally { hits: AtomicU64::new(0), misses: AtomicU64::new(0) }
    }

    /// Counts one look and whether it was known.
    pub fn count(&self, is_known: bool) {
        let counter = if is_known { &self.hits } else { &self.misses };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    /// Figures of a cache with so many entries.
    pub fn figures(&self, name: &'static str, entries: usize, limit: Option<usize>) -> CacheFigures {
        CacheFigures {
            name,
            entries: entries as u64,
            limit: limit.map(|limit| limit as u64),
            hits: self.hits.load(Ordering::Relaxed),
            misses: self.misses.load(Ordering::Relaxed),
        }
    }
}

/// How a cache of this process is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CacheFigures {
    /// Its name.
    pub name: &'static str,
    /// What is in it.
    pub entries: u64,
    /// What may be in it at most; none where the number of organizations is the limit.
    pub limit: Option<u64>,
    /// Looks that were answered from it, since the process began.
    pub hits: u64,
    /// Looks that were not.
    pub misses: u64,
}

/// A cache that can be looked at and emptied.
pub struct Cache {
    /// Looks at it.
    pub look: fn(&Edge) -> CacheFigures,
    /// Empties it.
    pub clear: fn(&Edge),
}

/// The settings of organizations.
pub const SETTINGS: Cache = Cache { look: |edge| edge.base.settings_cache().figures(), clear: |edge| edge.base.settings_cache().clear() };

/// How these caches of this process are. Needs `system.read`, and is the installation's.
pub async fn list(edge: &Edge, caches: &[Cache]) -> Result<Vec<CacheFigures>, Error> {
    keeper(edge, Permission::SystemRead, "cache").await?;
    Ok(caches.iter().map(|cache| (cache.look)(edge)).collect())
}

/// Empties the cache of this name in this process. Needs `system.edit`, and is the installation's.
pub async fn clear(edge: &Edge, caches: &[Cache], name: &str) -> Result<CacheFigures, Error> {
    keeper(edge, Permission::SystemEdit, "cache").await?;
    let cache = caches.iter().find(|cache| (cache.look)(edge).name == name).ok_or(Error::not_found("cache"))?;
    let name = (cache.look)(edge).name;
    edge.write(move |tx, ctx| {
        let user = ctx.user().unwrap_or(kernel::Id::from_i64(0));
        let user: UserId = user;
        events::record(tx, ctx, Event::CacheCleared { user, cache: name.to_owned() })
    })
    .await?;
    (cache.clear)(edge);
    Ok((cache.look)(edge))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tally_counts_what_was_known_and_what_was_not() {
        let tally = Tally::new();
        for is_known in [true, true, false] {
            tally.count(is_known);
        }
        assert_eq!(tally.figures("x", 1, Some(2)), CacheFigures { name: "x", entries: 1, limit: Some(2), hits: 2, misses: 1 });
    }
}
