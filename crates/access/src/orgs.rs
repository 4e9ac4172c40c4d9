//! The few looks above organizations that access needs: whose name is it, which was the first.

#![expect(clippy::disallowed_methods, reason = "a name must be found before its organization is known")]

use base::{Base, Ctx, Edge, organizations, schedules};
use kernel::{Error, OrgId};

/// Held in the directory by the first organization, so that two processes that start at once make
/// one. No address looks like this.
const FIRST: &str = "@first";

/// The organization of a sign-in name in its folded form.
pub(crate) async fn of_name(base: &Base, key: &str) -> Result<Option<OrgId>, Error> {
    let key = key.to_owned();
    base.db().system_read(move |tx| organizations::of_name(tx, &key)).await
}

/// The oldest organization.
pub(crate) async fn first(base: &Base) -> Result<Option<OrgId>, Error> {
    of_name(base, FIRST).await
}

/// The oldest organization, begun now if there is none.
pub(crate) async fn first_or_new(base: &Base) -> Result<OrgId, Error> {
    if let Some(org) = first(base).await? {
        return Ok(org);
    }
    let now = base.now();
    let begun = base
        .db()
        .system_write(move |tx| {
            let org = organizations::create(tx, "Kafila", now)?;
            tx.with_org(org, |tx| organizations::claim_name(tx, FIRST, || Error::conflict("organization.begun")))?;
            Ok(org)
        })
        .await;
    match begun {
        // Another process was faster.
        Err(Error::Conflict { code: "organization.begun", .. }) => first(base).await?.ok_or(Error::not_found("organization")),
        other => other,
    }
}

/// The schedules that each organization begins with, those that it does not have yet.
pub(crate) async fn seed_schedules(base: &Base, org: OrgId, zone: &'static str) -> Result<(), Error> {
    let now = base.now();
    base.db().system_write(move |tx| schedules::seed(tx, org, zone, now, schedules::DEFAULTS)).await?;
    Ok(())
}

/// An edge for somebody who has not signed in yet: Kafila acts, on a request from there.
pub(crate) async fn visitor(base: &Base, org: OrgId, ip: Option<&str>) -> Edge {
    let edge = base.system_edge(org).await;
    match ip {
        None => edge,
        Some(ip) => base.edge(Ctx { ip: Some(ip.to_owned()), ..(*edge.ctx).clone() }),
    }
}
