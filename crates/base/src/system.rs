//! The installation itself: how it is, its backups, its log. What belongs to the whole process is looked after in the name of the oldest
//! organization, by people who see all of it; an organization beside it knows of its own work alone.

pub mod backups;
pub mod caches;
pub mod health;
pub mod logs;

use kernel::{Error, Permission};

use crate::edge::Edge;
use crate::organizations;

/// Whether the caller looks after the installation.
pub async fn is_keeper(edge: &Edge) -> Result<bool, Error> {
    Ok(edge.ctx.sees().is_everything() && organizations::oldest(&edge.base).await? == Some(edge.ctx.org))
}

/// `Forbidden` without this right, and `NotFound` for whoever does not look after the installation.
async fn keeper(edge: &Edge, needs: Permission, what: &'static str) -> Result<(), Error> {
    edge.ctx.require(needs)?;
    if is_keeper(edge).await? { Ok(()) } else { Err(Error::not_found(what)) }
}
