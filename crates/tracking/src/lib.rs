//! What customers see of their own orders, without an account: one order by its number and a proof, by a signed link, and all of
//! theirs by a code.
//!
//! What holds: a number alone tells where an order stands and nothing about a person; whatever does not fit gets the same
//! answer; on the page of one order names, numbers and streets are dots, because links travel; a link is signed with the
//! installation's key, ends, and can be ended; a code is kept as a hash, lives ten minutes, is tried five times, and whoever asks
//! for one hears the same whether or not somebody is known there; what a customer changes herself takes a proof beside the link, and goes
//! by the actions of the team.
//!
//! Callers are nobody's users, so these actions run as Kafila itself in the organization that the number or link leads to; those for
//! the team ask for a right. Not here: how often somebody may ask (web), what orders are (orders), the parcel's way (shipments).

mod channels;
mod codes;
mod front;
mod history;
mod links;
mod logo;
mod look_up;
mod own;
mod rules;
mod show;
mod store;
mod wishes;

pub use codes::{CODE_DIGITS, Entered, Issued, NewSession, Session, ask_code, enter, forget_person, issue_code, leave, owner, purge, read_session};
pub use front::{Front, front_of};
pub use history::{Figures, Group, History, Month, OwnOrder, Spent, Wanted, WantedSort, history, own_link, own_links};
pub use links::{Link, brief_link, link, open, org_of, revoke};
pub use logo::{LogoContent, ShownLogo, list_logos, logo_content, logo_of, may_set_logo, remove_logo, set_logo};
pub use look_up::{Numbered, look_up, numbered};
pub use own::{OwnChange, OwnReason, OwnRights, cancel_own, change_own, own_days};
pub use rules::{Part, Stage, Standing, Wish, shown_name};
pub use show::{Entry, Item, Said, Tracked, show};
pub use wishes::ask;

use base::Ctx;
use kernel::Error;

/// Refuses when the organization does not show its orders to customers: what is off is not there.
fn require_on(ctx: &Ctx) -> Result<(), Error> {
    if ctx.settings.tracking.is_on { Ok(()) } else { Err(Error::not_found("page")) }
}
