//! Customers without an account: in whose organization they are, and what they may look at there. The same for the API and for pages.
//!
//! Nothing is decided here; each organization is asked by the actions of `tracking`, one after the other, because a number alone
//! does not say whose it is.

use base::{Ctx, Edge};
use kernel::{Error, Locale, OrgId};
use tracking::{Link, Numbered, OwnChange, OwnReason};

use crate::error::Problem;
use crate::extract::Info;
use crate::state::WebState;

/// Stores that a number alone may belong to before more is asked for.
const TOLD: usize = 3;

/// What there is to a number and its proof.
pub(crate) enum Found {
    /// Without a proof: where the orders of this number stand.
    Standing(Vec<Numbered>),
    /// Links to those that the proof fits.
    Links(Vec<Link>),
}

/// An edge for somebody unknown: Kafila acts, on a request from there, in this organization.
pub(crate) async fn edge(state: &WebState, info: &Info, locale: Locale, org: OrgId) -> Edge {
    let edge = state.base().system_edge(org).await;
    let ctx = Ctx { ip: info.ip.clone(), request_id: info.id.clone(), locale, ..(*edge.ctx).clone() };
    state.base().edge(ctx)
}

/// The organizations that may be meant: the one that is named, if there is such, or all.
pub(crate) async fn organizations(state: &WebState, shop: Option<OrgId>) -> Result<Vec<OrgId>, Error> {
    let all = base::organizations::ids(state.base()).await?;
    Ok(match shop {
        Some(shop) => all.into_iter().filter(|org| *org == shop).collect(),
        None => all,
    })
}

/// The one organization that is meant: the one that is named, or the only one there is.
pub(crate) async fn organization(state: &WebState, shop: Option<OrgId>) -> Result<Option<OrgId>, Error> {
    let found = organizations(state, shop).await?;
    Ok(if let [one] = found[..] { Some(one) } else { None })
}

/// One answer for everything that does not fit.
pub(crate) fn no_match() -> Problem {
    Problem::new(axum::http::StatusCode::NOT_FOUND, "tracking.no_match")
}

/// Looks a number up, with a proof or without. Draws from the limit of the number, whether or not there is such an order.
pub(crate) async fn find(state: &WebState, info: &Info, locale: Locale, shop: Option<OrgId>, number: &str, proof: &str) -> Result<Found, Problem> {
    let number = number.trim();
    if number.is_empty() {
        return Err(Error::field("number", "required").into());
    }
    if number.chars().count() > 60 || number.contains('\0') {
        return Err(no_match());
    }
    if proof.contains('\0') || proof.chars().count() > 254 {
        return Err(no_match());
    }
    state.limits().number(number)?;
    let mut standing = Vec::new();
    let mut links = Vec::new();
    for org in organizations(state, shop).await? {
        let (number, proof) = (number.to_owned(), proof.trim().to_owned());
        let edge = edge(state, info, locale, org).await;
        let found = edge.read(move |tx, ctx| {
            if proof.is_empty() {
                return Ok((tracking::numbered(tx, ctx, &number)?, Vec::new()));
            }
            let fitting = tracking::look_up(tx, ctx, &number, &proof)?;
            let links = fitting.into_iter().map(|order| tracking::brief_link(tx, ctx, order)).collect::<Result<Vec<Link>, Error>>()?;
            Ok((Vec::new(), links))
        });
        match found.await {
            Ok((told, led)) => {
                standing.extend(told);
                links.extend(led);
            }
            // This organization does not show its orders.
            Err(Error::NotFound { .. }) => {}
            Err(other) => return Err(other.into()),
        }
    }
    match (standing.len(), links.is_empty()) {
        (0, true) => Err(no_match()),
        (0, false) => Ok(Found::Links(links)),
        (1..=TOLD, _) => Ok(Found::Standing(standing)),
        // Which stores there are is nobody's business; the proof says which order is meant.
        _ => Err(Error::field("proof", "tracking.proof").into()),
    }
}

/// An edge in the organization that a link names. `Conflict` `link.spent` when it cannot be one of ours.
pub(crate) async fn bearer(state: &WebState, info: &Info, locale: Locale, token: &str) -> Result<Edge, Error> {
    let spent = || Error::conflict("link.spent");
    let org = tracking::org_of(token).ok_or_else(spent)?;
    let org = organization(state, Some(org)).await?.ok_or_else(spent)?;
    Ok(edge(state, info, locale, org).await)
}

/// The edge and the order of a link, once a try at its number was counted: who changes an order proves who she is, and guessing must be
/// slow.
async fn proving(state: &WebState, info: &Info, locale: Locale, token: &str) -> Result<Edge, Error> {
    let edge = bearer(state, info, locale, token).await?;
    let own = token.to_owned();
    let number = edge.read(move |tx, ctx| {
        let order = tracking::open(tx, ctx, &own)?;
        Ok(orders::find(tx, ctx, order)?.number)
    });
    state.limits().number(&number.await?)?;
    Ok(edge)
}

/// Changes the order of a link as its customer wants it.
pub(crate) async fn change(state: &WebState, info: &Info, locale: Locale, token: &str, proof: &str, wanted: OwnChange) -> Result<(), Error> {
    let edge = proving(state, info, locale, token).await?;
    let (token, proof) = (token.to_owned(), proof.to_owned());
    edge.write(move |tx, ctx| {
        let order = tracking::open(tx, ctx, &token)?;
        tracking::change_own(tx, ctx, order, &proof, &wanted, payments::owed)
    })
    .await
}

/// Calls the order of a link off as its customer wants it.
pub(crate) async fn cancel(
    state: &WebState,
    info: &Info,
    locale: Locale,
    token: &str,
    proof: &str,
    reason: OwnReason,
    text: String,
) -> Result<(), Error> {
    let edge = proving(state, info, locale, token).await?;
    let (token, proof) = (token.to_owned(), proof.to_owned());
    edge.write(move |tx, ctx| {
        let order = tracking::open(tx, ctx, &token)?;
        tracking::cancel_own(tx, ctx, order, &proof, reason, &text)
    })
    .await
}

/// The address of a page about one order.
pub(crate) fn page_url(state: &WebState, link: &Link) -> String {
    format!("{}/t/{}", state.config().public_url.trim_end_matches('/'), link.token.reveal())
}
