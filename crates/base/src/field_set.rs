//! The snapshot of a team's own fields that settings carry, so that placing an order needs no statement to
//! know them. The crate `fields` owns the definitions and writes the snapshot anew with each change.

use db::{Tx, dialect, params};
use kernel::{Error, FieldSet, Version};

use crate::ctx::Ctx;
use crate::settings;

/// The name of its row among the settings.
pub(crate) const NAME: &str = "field_set";

/// The version that stands, kept from others until the end of the transaction: the first thing that a change of
/// any definition does, so that no snapshot misses another change.
pub fn lock(tx: &mut Tx) -> Result<Version, Error> {
    let lock = dialect::for_update(tx.engine());
    let row: Option<(Version,)> =
        tx.optional(&format!("select version from settings where org_id = $1 and name = $2{lock}"), params![tx.org(), NAME])?;
    Ok(row.map_or(0, |(version,)| version))
}

/// Writes the fields in use. `standing` is what [`lock`] answered.
pub fn publish(tx: &mut Tx, ctx: &Ctx, set: &FieldSet, standing: Version) -> Result<(), Error> {
    let value = serde_json::to_string(set).map_err(Error::internal)?;
    settings::write(tx, ctx, NAME, &value, standing)?;
    tx.touch(settings::TOPIC, ctx.org);
    Ok(())
}
