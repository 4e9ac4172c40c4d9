//! Imports on both engines, of small files made up for them.

#![expect(clippy::disallowed_methods, reason = "a shop of tests stands outside of any edge")]
#![expect(clippy::unwrap_used, reason = "a failing test shall panic")]

mod jobs;
mod kafila;
mod mappings;
mod olist;
mod online_retail;
mod presets;
mod undo;
mod world;
