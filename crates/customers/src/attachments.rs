//! Photos and files on customers: who may bring, see and remove them. What they are stands in the crate `attachments`.

use ::attachments::{Attachment, AttachmentChange, AttachmentFilter, NewAttachment, Owner, Prepared, Removed, Shown};
use base::Ctx;
use db::Tx;
use kernel::{AttachmentId, CustomerId, Error, Permission};

use crate::service;

/// Whether the caller may attach files to this customer, and the one that the id leads to: asked before anything is
/// read or stored.
pub fn may_attach(tx: &mut Tx, ctx: &Ctx, id: CustomerId) -> Result<CustomerId, Error> {
    ctx.require(Permission::CustomerEdit)?;
    Ok(service::to_change(tx, ctx, id)?.id)
}

fn seen(tx: &mut Tx, ctx: &Ctx, id: CustomerId) -> Result<Owner, Error> {
    Ok(Owner::Customer(service::find(tx, ctx, id)?.id))
}

/// Attaches a file that was prepared.
pub fn attach(tx: &mut Tx, ctx: &Ctx, id: CustomerId, new: &NewAttachment, prepared: &Prepared) -> Result<Attachment, Error> {
    let id = may_attach(tx, ctx, id)?;
    ::attachments::add(tx, ctx, Owner::Customer(id), new, prepared)
}

/// The photos and files of a customer, oldest first.
pub fn list_attachments(tx: &mut Tx, ctx: &Ctx, id: CustomerId, filter: AttachmentFilter) -> Result<Vec<Attachment>, Error> {
    let owner = seen(tx, ctx, id)?;
    ::attachments::list(tx, ctx, owner, filter)
}

/// One photo or file of a customer.
pub fn find_attachment(tx: &mut Tx, ctx: &Ctx, id: CustomerId, attachment: AttachmentId) -> Result<Attachment, Error> {
    let owner = seen(tx, ctx, id)?;
    ::attachments::find(tx, ctx, owner, attachment)
}

/// Its content, or one of its small pictures.
pub fn show_attachment(tx: &mut Tx, ctx: &Ctx, id: CustomerId, attachment: AttachmentId, side: Option<u32>) -> Result<Shown, Error> {
    let owner = seen(tx, ctx, id)?;
    ::attachments::shown(tx, ctx, owner, attachment, side)
}

/// Changes what is said about it.
pub fn change_attachment(tx: &mut Tx, ctx: &Ctx, id: CustomerId, attachment: AttachmentId, change: &AttachmentChange) -> Result<Attachment, Error> {
    let id = may_attach(tx, ctx, id)?;
    ::attachments::change(tx, ctx, Owner::Customer(id), attachment, change)
}

/// Removes it; its remover may put it back for a few seconds.
pub fn detach(tx: &mut Tx, ctx: &Ctx, id: CustomerId, attachment: AttachmentId) -> Result<Removed, Error> {
    let id = may_attach(tx, ctx, id)?;
    ::attachments::remove(tx, ctx, Owner::Customer(id), attachment)
}

/// Puts back what the caller removed a moment ago.
pub fn restore_attachment(tx: &mut Tx, ctx: &Ctx, id: CustomerId, attachment: AttachmentId) -> Result<Attachment, Error> {
    let id = may_attach(tx, ctx, id)?;
    ::attachments::restore(tx, ctx, Owner::Customer(id), attachment)
}
