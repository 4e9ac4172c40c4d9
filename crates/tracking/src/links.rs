//! Signed links to one order. Nothing is kept of a link; it bears its organization, order, end and round, and a signature over
//! them. Ending an order's links begins another round.

use base::{Ctx, events};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use db::Tx;
use kernel::{Error, Event, Hidden, Id, OrderId, OrgId, Permission, Time};

use crate::{require_on, store};

const PURPOSE: &str = "tracking link";
/// Organization and order, eight bytes each; end in seconds and round, four each.
const SIGNED: usize = 24;
/// Half a signature is more than anybody can guess, and keeps a link short enough for a text message.
const SIGNATURE: usize = 16;
/// What a customer who proved herself gets leads to the page for a day.
const BRIEF_US: i64 = Time::DAY;

/// A link to an order.
#[derive(Clone, Debug)]
pub struct Link {
    /// What stands in the address.
    pub token: Hidden,
    /// Until when it can be used.
    pub expires_at: Time,
}

/// A link to give to an order's customer, for as long as the settings say. The same order has many; each leads there until its end.
pub fn link(tx: &mut Tx, ctx: &Ctx, id: OrderId) -> Result<Link, Error> {
    let order = orders::find(tx, ctx, id)?;
    require_on(ctx)?;
    make(tx, ctx, order.id, ctx.now.plus_us(i64::from(ctx.settings.tracking.link_days) * Time::DAY))
}

/// A link for somebody who proved that the order is theirs; it ends after a day.
pub fn brief_link(tx: &mut Tx, ctx: &Ctx, id: OrderId) -> Result<Link, Error> {
    make(tx, ctx, id, ctx.now.plus_us(BRIEF_US))
}

/// Such links for several orders, in their order; whoever asks has looked whose they are.
pub(crate) fn brief_links(tx: &mut Tx, ctx: &Ctx, orders: &[OrderId]) -> Result<Vec<Link>, Error> {
    let rounds = store::rounds(tx, orders)?;
    let expires_at = ctx.now.plus_us(BRIEF_US);
    orders.iter().map(|order| signed(tx, ctx, *order, expires_at, rounds.get(order).copied().unwrap_or(0))).collect()
}

fn make(tx: &mut Tx, ctx: &Ctx, order: OrderId, expires_at: Time) -> Result<Link, Error> {
    let round = store::round(tx, order)?;
    signed(tx, ctx, order, expires_at, round)
}

fn signed(tx: &Tx, ctx: &Ctx, order: OrderId, expires_at: Time, round: i64) -> Result<Link, Error> {
    let until = u32::try_from(expires_at.0 / Time::SECOND).map_err(Error::internal)?;
    let round = u32::try_from(round).map_err(Error::internal)?;
    let mut bytes = Vec::with_capacity(SIGNED + SIGNATURE);
    bytes.extend_from_slice(&tx.org().to_i64().to_be_bytes());
    bytes.extend_from_slice(&order.to_i64().to_be_bytes());
    bytes.extend_from_slice(&until.to_be_bytes());
    bytes.extend_from_slice(&round.to_be_bytes());
    let signature = ctx.secrets.sign(tx.org(), PURPOSE, &bytes)?;
    bytes.extend_from_slice(&signature[..SIGNATURE]);
    Ok(Link { token: Hidden::new(URL_SAFE_NO_PAD.encode(bytes)), expires_at: Time(i64::from(until) * Time::SECOND) })
}

/// Ends all links to an order. Links that are made afterwards lead there again.
pub fn revoke(tx: &mut Tx, ctx: &Ctx, id: OrderId) -> Result<(), Error> {
    ctx.require(Permission::OrderEdit)?;

    let order = orders::find(tx, ctx, id)?;
    store::next_round(tx, order.id, ctx.now)?;

    events::record(tx, ctx, Event::OrderLinksRevoked { order: order.id })?;
    Ok(())
}

struct Read {
    org: OrgId,
    order: OrderId,
    until: Time,
    round: i64,
    bytes: Vec<u8>,
}

fn read(token: &str) -> Option<Read> {
    if token.len() > 100 {
        return None;
    }
    let bytes = URL_SAFE_NO_PAD.decode(token.trim()).ok().filter(|bytes| bytes.len() == SIGNED + SIGNATURE)?;
    let long = |from: usize| Some(i64::from_be_bytes(bytes.get(from..from + 8)?.try_into().ok()?));
    let short = |from: usize| Some(i64::from(u32::from_be_bytes(bytes.get(from..from + 4)?.try_into().ok()?)));
    Some(Read {
        org: OrgId::from_i64(long(0)?),
        order: OrderId::from_i64(long(8)?),
        until: Time(short(16)? * Time::SECOND),
        round: short(20)?,
        bytes,
    })
}

/// The organization that a link belongs to, as it says; [`open`] proves it.
pub fn org_of(token: &str) -> Option<OrgId> {
    read(token).map(|link| link.org)
}

/// The order that a link leads to. One answer, `Conflict` `link.spent`, for all that can be wrong with it.
pub fn open(tx: &mut Tx, ctx: &Ctx, token: &str) -> Result<OrderId, Error> {
    require_on(ctx)?;
    let spent = || Error::conflict("link.spent");
    let link = read(token).filter(|link| link.org == tx.org()).ok_or_else(spent)?;
    let (signed, signature) = link.bytes.split_at(SIGNED);
    if !ctx.secrets.is_signed(tx.org(), PURPOSE, signed, signature) || link.until <= ctx.now {
        return Err(spent());
    }
    if store::round(tx, link.order)? != link.round {
        return Err(spent());
    }
    Ok(link.order)
}
