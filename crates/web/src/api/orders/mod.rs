//! Orders over the API: placed, found, read, moved, written on.

pub(crate) mod act;
pub(crate) mod cancellations;
pub(crate) mod edit;
pub(crate) mod figures;
pub(crate) mod holds;
pub(crate) mod listed;
pub(crate) mod people;
pub(crate) mod place;
pub(crate) mod read;
pub(crate) mod view;
