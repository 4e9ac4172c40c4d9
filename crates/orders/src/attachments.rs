//! Photos and files on orders: who may bring, see and remove them. What they are stands in the crate `attachments`.

use ::attachments::{Attachment, AttachmentChange, AttachmentFilter, NewAttachment, Owner, Prepared, Removed, Shown};
use base::Ctx;
use db::Tx;
use kernel::{AttachmentId, Error, OrderId, Permission};

use crate::facts::TOPIC;
use crate::store;

/// Whether the caller may attach files to this order: asked before anything is read or stored.
pub fn may_attach(tx: &mut Tx, ctx: &Ctx, id: OrderId) -> Result<(), Error> {
    ctx.require(Permission::OrderAttach)?;
    store::find(tx, ctx, id)?.map(drop).ok_or(Error::not_found("order"))
}

/// Attaches a file that was prepared. It is no fact of the order: no editor collides with it.
pub fn attach(tx: &mut Tx, ctx: &Ctx, id: OrderId, new: &NewAttachment, prepared: &Prepared) -> Result<Attachment, Error> {
    may_attach(tx, ctx, id)?;
    let made = ::attachments::add(tx, ctx, Owner::Order(id), new, prepared)?;
    tx.touch(TOPIC, id);
    Ok(made)
}

/// The photos and files of an order, oldest first.
pub fn list_attachments(tx: &mut Tx, ctx: &Ctx, id: OrderId, filter: AttachmentFilter) -> Result<Vec<Attachment>, Error> {
    crate::find(tx, ctx, id)?;
    ::attachments::list(tx, ctx, Owner::Order(id), filter)
}

/// One photo or file of an order.
pub fn find_attachment(tx: &mut Tx, ctx: &Ctx, id: OrderId, attachment: AttachmentId) -> Result<Attachment, Error> {
    crate::find(tx, ctx, id)?;
    ::attachments::find(tx, ctx, Owner::Order(id), attachment)
}

/// Its content, or one of its small pictures.
pub fn show_attachment(tx: &mut Tx, ctx: &Ctx, id: OrderId, attachment: AttachmentId, side: Option<u32>) -> Result<Shown, Error> {
    crate::find(tx, ctx, id)?;
    ::attachments::shown(tx, ctx, Owner::Order(id), attachment, side)
}

/// Changes what is said about it.
pub fn change_attachment(tx: &mut Tx, ctx: &Ctx, id: OrderId, attachment: AttachmentId, change: &AttachmentChange) -> Result<Attachment, Error> {
    may_change(tx, ctx, id, attachment)?;
    ::attachments::change(tx, ctx, Owner::Order(id), attachment, change)
}

/// Removes it; its remover may put it back for a few seconds.
pub fn detach(tx: &mut Tx, ctx: &Ctx, id: OrderId, attachment: AttachmentId) -> Result<Removed, Error> {
    may_change(tx, ctx, id, attachment)?;
    ::attachments::remove(tx, ctx, Owner::Order(id), attachment)
}

/// Puts back what the caller removed a moment ago.
pub fn restore_attachment(tx: &mut Tx, ctx: &Ctx, id: OrderId, attachment: AttachmentId) -> Result<Attachment, Error> {
    may_attach(tx, ctx, id)?;
    ::attachments::restore(tx, ctx, Owner::Order(id), attachment)
}

/// One's own files, or everybody's with the right to change orders.
fn may_change(tx: &mut Tx, ctx: &Ctx, id: OrderId, attachment: AttachmentId) -> Result<(), Error> {
    may_attach(tx, ctx, id)?;
    let found = ::attachments::find(tx, ctx, Owner::Order(id), attachment)?;
    if found.author == ctx.actor { Ok(()) } else { ctx.require(Permission::OrderEdit) }
}
