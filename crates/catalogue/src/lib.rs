//! The catalogue: what orders sell.
//!
//! A variant is known by its SKU; a line without one is known by its title and variant text. One
//! that nobody knows makes an entry when its first order comes in, so that orders are found by what
//! they sell and figures have names. Titles and prices at intake are those of the first order; later
//! orders keep their own and change nothing here, because a row that every order writes is a queue.
//!
//! Not here: stock, purchase prices, pictures, prices that orders are checked against.

mod model;
mod service;
mod store;
mod take_back;

pub use model::{IntakeLine, NewVariant, Variant, VariantChange, VariantFilter, VariantPage, VariantStatus};
pub use service::{by_skus, change, create, find, find_all, forget_person, list, matching, variants_for};
pub use take_back::take_back;
