//! What files of orders say about who bought.

use base::Ctx;
use db::Tx;
use kernel::{CustomerId, Error, Locale, Permission};

use crate::store::export as rows;

db::row! {
    /// How a customer is written to, and what a shop calls her.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Contact {
        /// Who.
        pub id: CustomerId,
        /// Where to write to; print it through [`shown_email`](crate::shown_email).
        pub email: Option<String>,
        /// What messages to her are written in.
        pub language: Option<Locale>,
        /// The id that a shop or a file knows her by.
        pub external_ref: Option<String>,
    }
}

/// These customers, a few hundred at most, in one statement; the caller has seen their orders. Nothing without
/// `customer.read`.
pub fn contacts(tx: &mut Tx, ctx: &Ctx, ids: &[CustomerId]) -> Result<Vec<Contact>, Error> {
    if !ctx.can(Permission::CustomerRead) || ids.is_empty() {
        return Ok(Vec::new());
    }
    rows::contacts(tx, ids)
}
