//! What can be done with attachments. The owner's crate has asked for the right, and looked whether the caller sees
//! the owner.

use std::collections::BTreeMap;

use base::files::{self, StoredFile};
use base::{Ctx, events};
use db::Tx;
use kernel::{
    Actor, AttachmentId, AttachmentKind, Check, CustomerId, Details, Error, Event, FieldError, FileId, Id, NoteAudience, OrderId, Time, Version,
};

use crate::intake::{Prepared, Stored};
use crate::kinds::is_harmless;
use crate::store::{self, Row};

/// Attachments of one order or customer.
const MOST: u32 = 200;
/// Letters of a caption.
const CAPTION: usize = 500;

/// What an attachment belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// An order.
    Order(OrderId),
    /// A customer.
    Customer(CustomerId),
}

impl Owner {
    pub(crate) fn columns(self) -> (&'static str, i64) {
        match self {
            Owner::Order(id) => ("order", id.to_i64()),
            Owner::Customer(id) => ("customer", id.to_i64()),
        }
    }
}

/// What is said about a file that is attached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAttachment {
    /// What it shows.
    pub kind: AttachmentKind,
    /// Who may see it.
    pub audience: NoteAudience,
    /// Words beside it.
    pub caption: Option<String>,
}

/// What shall be different about an attachment; `None` leaves it as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AttachmentChange {
    /// What it shows.
    pub kind: Option<AttachmentKind>,
    /// Who may see it.
    pub audience: Option<NoteAudience>,
    /// Other words beside it, or none.
    pub caption: Option<Option<String>>,
    /// The version that was read; without it the change always goes through.
    pub version: Option<Version>,
}

/// Which attachments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AttachmentFilter {
    /// Those that show this.
    pub kind: Option<AttachmentKind>,
    /// Those that these may see.
    pub audience: Option<NoteAudience>,
}

/// A photo or file on something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Which.
    pub id: AttachmentId,
    /// What it shows.
    pub kind: AttachmentKind,
    /// Who may see it.
    pub audience: NoteAudience,
    /// Words beside it.
    pub caption: Option<String>,
    /// What people call the file.
    pub name: String,
    /// What it is.
    pub content_type: String,
    /// In bytes.
    pub size: i64,
    /// Of a picture.
    pub width: Option<i64>,
    /// Of a picture.
    pub height: Option<i64>,
    /// The small pictures that there are, by their longest side.
    pub thumbs: Vec<u32>,
    /// Who brought it.
    pub author: Actor,
    /// Grows with each change.
    pub version: Version,
    /// When it was attached.
    pub created_at: Time,
    /// The last change.
    pub updated_at: Time,
}

/// An attachment that was removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Removed {
    /// Which.
    pub id: AttachmentId,
    /// Until when its remover may put it back; none when they cannot.
    pub undo_until: Option<Time>,
}

/// Content to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The content's row.
    pub file: StoredFile,
    /// What people call it.
    pub name: String,
    /// Whether a page may show it where it stands, rather than keep it as a file.
    pub is_harmless: bool,
}

fn thumbs_of(text: &str) -> BTreeMap<String, FileId> {
    serde_json::from_str(text).unwrap_or_default()
}

impl From<Row> for Attachment {
    fn from(row: Row) -> Attachment {
        let mut thumbs: Vec<u32> = thumbs_of(&row.thumbs).keys().filter_map(|side| side.parse().ok()).collect();
        thumbs.sort_unstable();
        Attachment {
            author: row.author(),
            id: row.id,
            kind: row.kind,
            audience: row.audience,
            caption: row.caption,
            name: row.name,
            content_type: row.content_type,
            size: row.size,
            width: row.width,
            height: row.height,
            thumbs,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

fn check_caption(check: &mut Check, caption: Option<&str>) {
    let Some(caption) = caption else { return };
    if caption.chars().count() > CAPTION {
        check.push(FieldError::new("caption", "too_long").with("max", CAPTION));
    }
    check.require(!caption.contains('\0'), "caption", "text.control");
}

fn said(caption: Option<&str>) -> Option<String> {
    caption.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// Attaches a file that was [prepared](crate::prepare).
pub fn add(tx: &mut Tx, ctx: &Ctx, owner: Owner, new: &NewAttachment, prepared: &Prepared) -> Result<Attachment, Error> {
    let mut check = Check::new();
    check_caption(&mut check, new.caption.as_deref());
    check.done()?;
    if store::count(tx, owner, MOST)? >= i64::from(MOST) {
        return Err(Error::conflict("attachment.most").with("max", MOST));
    }

    let write = |tx: &mut Tx, stored: &Stored| files::insert(tx, ctx, &stored.file, &stored.sha256, stored.size);
    let main = write(tx, &prepared.main)?;
    let mut thumbs: BTreeMap<String, FileId> = BTreeMap::new();
    for (side, stored) in &prepared.thumbs {
        thumbs.insert(side.to_string(), write(tx, stored)?.id);
    }
    let (owner_kind, owner_id) = owner.columns();
    let (author_kind, author_id) = ctx.actor.columns();
    let row = Row {
        id: tx.new_id(),
        owner_kind: owner_kind.to_owned(),
        owner_id,
        kind: new.kind,
        audience: new.audience,
        caption: said(new.caption.as_deref()),
        name: main.name.clone(),
        content_type: main.content_type.clone(),
        size: main.size,
        sha256: main.sha256.clone(),
        width: prepared.size.map(|(width, _)| i64::from(width)),
        height: prepared.size.map(|(_, height)| i64::from(height)),
        file_id: main.id,
        thumbs: serde_json::to_string(&thumbs).map_err(Error::internal)?,
        author_kind: author_kind.to_owned(),
        author_id,
        version: 1,
        created_at: ctx.now,
        updated_at: ctx.now,
        deleted_at: None,
        deleted_by_kind: None,
        deleted_by_id: None,
    };
    store::insert(tx, &row)?;

    let (attachment, attachment_kind, audience) = (row.id, row.kind, row.audience);
    tell(tx, ctx, owner, Details::none(), |order| Event::AttachmentAdded { order, attachment, attachment_kind, audience })?;
    Ok(row.into())
}

/// An order's history names each; a customer's says that her attachments changed.
fn tell(tx: &mut Tx, ctx: &Ctx, owner: Owner, details: Details, event: impl FnOnce(OrderId) -> Event) -> Result<(), Error> {
    match owner {
        Owner::Order(order) => events::record_with(tx, ctx, event(order), details)?,
        Owner::Customer(customer) => {
            let changed = Event::CustomerChanged { customer, fields: vec!["attachments".to_owned()] };
            tx.touch("customer", customer);
            events::record_with(tx, ctx, changed, details)?
        }
    };
    Ok(())
}

/// The attachments of an owner, oldest first.
pub fn list(tx: &mut Tx, _ctx: &Ctx, owner: Owner, filter: AttachmentFilter) -> Result<Vec<Attachment>, Error> {
    Ok(store::list(tx, owner, filter.kind, filter.audience, MOST)?.into_iter().map(Attachment::from).collect())
}

/// One attachment.
pub fn find(tx: &mut Tx, _ctx: &Ctx, owner: Owner, id: AttachmentId) -> Result<Attachment, Error> {
    store::find(tx, owner, id)?.map(Attachment::from).ok_or(Error::not_found("attachment"))
}

/// The content of an attachment: itself, or the small picture of this longest side. `NotFound` for a size that it does
/// not have.
pub fn shown(tx: &mut Tx, ctx: &Ctx, owner: Owner, id: AttachmentId, side: Option<u32>) -> Result<Shown, Error> {
    let row = store::find(tx, owner, id)?.ok_or(Error::not_found("attachment"))?;
    let file = match side {
        None => row.file_id,
        Some(side) => thumbs_of(&row.thumbs).get(&side.to_string()).copied().ok_or(Error::not_found("attachment"))?,
    };
    let file = files::find(tx, ctx, file)?;
    let name = if side.is_some() { file.name.clone() } else { row.name };
    Ok(Shown { is_harmless: is_harmless(&file.content_type), name, file })
}

/// Changes what is said about an attachment.
pub fn change(tx: &mut Tx, ctx: &Ctx, owner: Owner, id: AttachmentId, change: &AttachmentChange) -> Result<Attachment, Error> {
    let before = standing(tx, owner, id)?;
    let mut check = Check::new();
    check_caption(&mut check, change.caption.as_ref().and_then(Option::as_deref));
    check.done()?;
    let (kind, audience) = (change.kind.unwrap_or(before.kind), change.audience.unwrap_or(before.audience));
    let caption = change.caption.as_ref().map_or_else(|| before.caption.clone(), |caption| said(caption.as_deref()));
    let mut details = Details::none();
    details.change("kind", &before.kind, &kind);
    details.change("audience", &before.audience, &audience);
    details.change("caption", &before.caption, &caption);
    let differing = || {
        let named = |name: &&str| details.changes.iter().any(|change| change.field == *name);
        ["kind", "audience", "caption"].into_iter().filter(named).collect::<Vec<&'static str>>()
    };
    if change.version.is_some_and(|version| version != before.version) {
        return Err(Error::Stale { version: before.version, fields: differing() });
    }
    if details.is_empty() {
        return Ok(before.into());
    }

    let version = before.version;
    let after = Row { kind, audience, caption, updated_at: ctx.now, version: version + 1, ..before };
    if !store::update(tx, &after, version)? {
        return Err(Error::Stale { version: version + 1, fields: differing() });
    }

    let fields = details.fields();
    tell(tx, ctx, owner, details, |order| Event::AttachmentChanged { order, attachment: id, fields })?;
    Ok(after.into())
}

fn standing(tx: &mut Tx, owner: Owner, id: AttachmentId) -> Result<Row, Error> {
    store::find_to_change(tx, owner, id)?.filter(|row| row.deleted_at.is_none()).ok_or(Error::not_found("attachment"))
}

/// Removes an attachment: it is not found any more, and goes for good when it cannot be put back.
pub fn remove(tx: &mut Tx, ctx: &Ctx, owner: Owner, id: AttachmentId) -> Result<Removed, Error> {
    let before = standing(tx, owner, id)?;
    let (kind, number) = ctx.actor.columns();
    let version = before.version;
    let after = Row {
        updated_at: ctx.now,
        deleted_at: Some(ctx.now),
        deleted_by_kind: Some(kind.to_owned()),
        deleted_by_id: number,
        version: version + 1,
        ..before
    };
    if !store::update(tx, &after, version)? {
        return Err(Error::Stale { version: version + 1, fields: vec!["deleted_at"] });
    }

    tell(tx, ctx, owner, Details::none(), |order| Event::AttachmentRemoved { order, attachment: id })?;
    let seconds = i64::from(ctx.settings.orders.undo_seconds);
    Ok(Removed { id, undo_until: (seconds > 0).then(|| ctx.now.plus_s(seconds)) })
}

/// Puts an attachment back that the caller removed a moment ago. `Conflict` `undo.too_late` or `undo.not_yours`; nothing
/// when it stands already.
pub fn restore(tx: &mut Tx, ctx: &Ctx, owner: Owner, id: AttachmentId) -> Result<Attachment, Error> {
    let before = store::find_to_change(tx, owner, id)?.ok_or(Error::not_found("attachment"))?;
    let Some(deleted_at) = before.deleted_at else { return Ok(before.into()) };
    if before.deleted_by() != Some(ctx.actor) {
        return Err(Error::conflict("undo.not_yours"));
    }
    let seconds = i64::from(ctx.settings.orders.undo_seconds);
    if ctx.now > deleted_at.plus_s(seconds) {
        return Err(Error::conflict("undo.too_late").with("seconds", seconds));
    }

    let version = before.version;
    let after = Row { updated_at: ctx.now, deleted_at: None, deleted_by_kind: None, deleted_by_id: None, version: version + 1, ..before };
    if !store::update(tx, &after, version)? {
        return Err(Error::Stale { version: version + 1, fields: vec!["deleted_at"] });
    }

    tell(tx, ctx, owner, Details::none(), |order| Event::AttachmentRestored { order, attachment: id })?;
    Ok(after.into())
}

/// Removes the rows of at most `limit` attachments that nobody can put back; answers how many. Their content goes with
/// the next sweep.
pub fn purge(tx: &mut Tx, ctx: &Ctx, limit: u32) -> Result<u64, Error> {
    let until = ctx.now.plus_s(-i64::from(ctx.settings.orders.undo_seconds) - 1);
    let spent = store::spent(tx, until, limit)?;
    for row in &spent {
        forget(tx, ctx, row)?;
    }
    Ok(spent.len() as u64)
}

/// Removes every attachment of an owner at once, for whoever erases a person; answers how many. It cannot be undone.
/// Asks for no right of its own.
pub fn erase_of(tx: &mut Tx, ctx: &Ctx, owner: Owner) -> Result<u64, Error> {
    let rows = store::all(tx, owner, 10_000)?;
    for row in &rows {
        forget(tx, ctx, row)?;
    }
    Ok(rows.len() as u64)
}

/// Brings the attachments of one customer to another, or these of them alone; answers which. For whoever merges two
/// records of one person. Asks for no right of its own.
pub fn give(tx: &mut Tx, from: CustomerId, to: CustomerId, these: Option<&[i64]>) -> Result<Vec<i64>, Error> {
    if these.is_some_and(<[i64]>::is_empty) { Ok(Vec::new()) } else { store::give(tx, from, to, these) }
}

fn forget(tx: &mut Tx, ctx: &Ctx, row: &Row) -> Result<(), Error> {
    files::remove(tx, ctx, row.file_id)?;
    for file in thumbs_of(&row.thumbs).into_values() {
        files::remove(tx, ctx, file)?;
    }
    store::delete(tx, row.id)
}
