//! Catalogue entries that came in with an import that is taken back.

use base::{Ctx, events};
use db::Tx;
use kernel::{Error, Id, ImportId, Permission, VariantId};

use crate::store;

/// Removes a variant that this import has made and nobody has touched since, and its product when it has
/// no other. Answers whether it is gone. The caller knows that nothing sells it.
pub fn take_back(tx: &mut Tx, ctx: &Ctx, import: ImportId, id: VariantId) -> Result<bool, Error> {
    ctx.require(Permission::OrderImport)?;

    let history = events::of_subject(tx, ctx, VariantId::PREFIX, id.to_i64(), 2)?;
    let is_untouched = matches!(&history[..], [only] if only.kind == "variant.added" && only.request_id == import.to_string());
    if !is_untouched {
        return Ok(false);
    }

    // A row of another domain that points to it refuses this part, and then it stays.
    match tx.attempt(|tx| store::delete(tx, id))? {
        Ok(()) => {}
        Err(refused) if db::is_pointed_to(&refused) => return Ok(false),
        Err(other) => return Err(other),
    }
    tx.touch("variant", id);
    Ok(true)
}
