//! A team's own codes on orders and customers: tags, and fields that the team defines.
//!
//! A tag is a row of the organization; an order or customer carries its name, so that reading needs no
//! second look, and its id in the facets, so that filters follow a rename or a merge at once. A name that
//! a tag once had goes on meaning it. Fields have a kind by which values are judged; what a field
//! does not know (a name in `custom` that nobody defined) is kept unless the settings refuse it.
//!
//! Facets are the index behind filters: one row for each tag and each value of a field that is filtered or
//! searched by, written in the transaction of the order or customer. Whoever has neither has no row, and
//! writing them costs nothing.
//!
//! Not here: the rows of orders and customers (their crates write names and values, and go through them when
//! a tag is renamed or a field becomes a filter), pages.

mod definitions;
mod facets;
mod filter;
mod model;
mod store;
mod tags;
mod values;

pub use definitions::{change_field, create_field, find_field, list_fields, load_field, settled};
pub use facets::{
    Facet, FacetOwner, PROOFS, TAGGED_ORDERS, clear_field, insert_facets, of_custom, of_field, of_tags, replace_facets, save_facets, save_tag_facets,
    set_archived, tag_count_key,
};
pub use filter::{CustomTest, FacetHow, FacetTest, TagFilter, WrongTest, resolve, searchable_texts};
pub use model::{Field, FieldChange, NewField, NewTag, Tag, TagChange, TagList, TagPage, TagRow};
pub use store::{facet_orders, facets_in};
pub use tags::{RETAG, TagJob, change_tag, create_tag, end_merge, ensure_tags, find_tag, list_tags, merge_tags, names_of, renamed, tag_called};
pub use values::{Moment, Surroundings, check_custom, missing_to_confirm};
