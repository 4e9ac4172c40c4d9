//! Links that work once: made, opened, spent. Only the hash of their secret is stored.

use base::Ctx;
use db::Tx;
use kernel::{Error, InviteId, Time, UserId};

use crate::model::{LinkKind, SessionKind};
use crate::store::credentials::{self, Link};
use crate::tokens::{self, Bearer};

/// A link to be made.
pub(crate) struct NewLink {
    pub(crate) kind: LinkKind,
    pub(crate) user: Option<UserId>,
    pub(crate) email: Option<String>,
    pub(crate) session_kind: Option<SessionKind>,
    pub(crate) is_trusted: bool,
    pub(crate) lives_us: i64,
}

impl NewLink {
    pub(crate) fn new(kind: LinkKind, user: Option<UserId>, lives_us: i64) -> NewLink {
        NewLink { kind, user, email: None, session_kind: None, is_trusted: false, lives_us }
    }
}

/// Makes a link, and voids older ones of its kind; answers its token and when it ends.
pub(crate) fn make(tx: &mut Tx, ctx: &Ctx, new: NewLink) -> Result<(String, Time), Error> {
    let secret = tokens::new_secret();
    let id: InviteId = tx.new_id();
    let expires_at = ctx.now.plus_us(new.lives_us);
    // Two browsers may stand at the second step at once.
    if new.kind != LinkKind::SecondStep {
        credentials::void_links(tx, new.kind, new.user, ctx.now)?;
    }
    let link = Link {
        id,
        kind: new.kind,
        user: new.user,
        secret_hash: tokens::hash(secret.reveal()).to_vec(),
        email: new.email,
        session_kind: new.session_kind,
        is_trusted: new.is_trusted,
        attempts: 0,
        created_at: ctx.now,
        expires_at,
        used_at: None,
    };
    credentials::insert_link(tx, &link)?;
    Ok((tokens::show(ctx.org, id, &secret), expires_at))
}

/// Reads a token as somebody sent it; `link.spent` when it cannot be one.
pub(crate) fn read(token: &str) -> Result<Bearer<InviteId>, Error> {
    tokens::read(token.trim()).ok_or_else(spent)
}

/// The link of a token, if it is of one of these kinds and can still be used. One answer, `link.spent`,
/// for all that can be wrong with it.
pub(crate) fn open(tx: &mut Tx, ctx: &Ctx, token: &Bearer<InviteId>, kinds: &[LinkKind]) -> Result<Link, Error> {
    let link = credentials::find_link(tx, token.id)?
        .filter(|link| token.matches(&link.secret_hash) && kinds.contains(&link.kind) && link.used_at.is_none() && link.expires_at > ctx.now);
    link.ok_or_else(spent)
}

/// Opens and spends; `link.spent` when somebody was faster.
pub(crate) fn take(tx: &mut Tx, ctx: &Ctx, token: &Bearer<InviteId>, kind: LinkKind) -> Result<Link, Error> {
    let link = open(tx, ctx, token, &[kind])?;
    if credentials::use_link(tx, link.id, ctx.now)? { Ok(link) } else { Err(spent()) }
}

fn spent() -> Error {
    Error::conflict("link.spent")
}
