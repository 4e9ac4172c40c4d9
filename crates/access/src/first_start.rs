//! The first start: an organization with a store, its roles, and a link to make its first Admin with.

use base::{Base, Ctx, events};
use db::Tx;
use kernel::{Error, Event, OrgId, Time};

use crate::links::{self, NewLink};
use crate::model::{LinkKind, NewStore};
use crate::store::users;
use crate::{mails, orgs, roles, stores};

/// How long the set-up link works; each start of the program prints a new one.
const SET_UP_US: i64 = 7 * Time::DAY;

/// The clock of the first schedules, as of the first store.
const ZONE: &str = "Africa/Algiers";

/// What a start found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FirstStart {
    /// The oldest organization, the one that commands on the server are about.
    pub org: OrgId,
    /// While nobody can sign in: `http://…/sign-in/set-up/…`, to be printed. Works once; older ones end.
    pub set_up_link: Option<String>,
}

/// Makes what is missing: the organization, its store, roles and schedules, and a set-up link while
/// nobody can sign in. Does nothing more on a second call.
pub async fn first_start(base: &Base) -> Result<FirstStart, Error> {
    let org = orgs::first_or_new(base).await?;
    furnish(base, org).await?;
    let edge = base.system_edge(org).await;
    let public_url = base.public_url().to_owned();
    let set_up_link = edge
        .write(move |tx, ctx| {
            if users::is_anybody_there(tx)? {
                return Ok(None);
            }
            let (token, _) = links::make(tx, ctx, NewLink::new(LinkKind::SetUp, None, SET_UP_US))?;
            Ok(Some(format!("{public_url}{}{token}", mails::SET_UP_PATH)))
        })
        .await?;
    Ok(FirstStart { org, set_up_link })
}

/// The same without a link, for commands that need an organization and no Admin. Answers the oldest one.
pub async fn ensure(base: &Base) -> Result<OrgId, Error> {
    let org = orgs::first_or_new(base).await?;
    furnish(base, org).await?;
    Ok(org)
}

/// Gives an organization that has nothing yet its store, roles and schedules.
pub async fn furnish(base: &Base, org: OrgId) -> Result<(), Error> {
    orgs::seed_schedules(base, org, ZONE).await?;
    let edge = base.system_edge(org).await;
    match edge.write(seed).await {
        // Another process was faster: its store has the code. Now there is nothing left to do.
        Err(Error::Invalid(_)) => edge.write(seed).await,
        other => other,
    }
}

fn seed(tx: &mut Tx, ctx: &Ctx) -> Result<(), Error> {
    if !crate::store::stores::list(tx, true)?.is_empty() {
        return Ok(());
    }
    let main = stores::create(tx, ctx, &NewStore::algerian("MAIN", "Main store"))?;
    roles::seed(tx, ctx)?;
    events::record(tx, ctx, Event::OrganizationCreated { store: main.id })?;
    Ok(())
}
