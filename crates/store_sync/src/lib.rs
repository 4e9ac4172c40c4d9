//! store_sync.
