//! What a customer agrees to, with what follows from a no.

use base::Ctx;
use customers::consent::{self, Consent, NewConsent};
use db::Tx;
use kernel::{ContactChannel, ContactPurpose, CustomerId, Error};

/// Writes down that a customer agreed to something or took it back. Messages that wait to be sent are given up
/// when they may not be sent any more.
pub fn record_consent(tx: &mut Tx, ctx: &Ctx, id: CustomerId, new: &NewConsent) -> Result<Consent, Error> {
    let consent = consent::record(tx, ctx, id, new)?;
    let customer = customers::find(tx, ctx, id)?;
    let is_allowed = consent::may_message(tx, customer.id, ContactChannel::Email, ContactPurpose::Order)?;
    if !is_allowed {
        notifications::give_up(tx, ctx, customer.id)?;
    }
    Ok(consent)
}
