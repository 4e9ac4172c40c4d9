//! The caches of this process, from all crates: one table for the API and the page.

use base::system::caches::{self, Cache};

/// Every cache that can be looked at and emptied.
pub(crate) const CACHES: &[Cache] = &[access::CALLERS, caches::SETTINGS, orders::SEARCH_WINDOWS];
