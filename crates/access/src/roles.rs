//! Roles: named sets of rights. The table is what a new organization begins with; from then on roles
//! are rows, and people may change all but Admin, which always has every right there is.

use base::{Ctx, events};
use db::Tx;
use kernel::Permission::{self, *};
use kernel::{Actor, Check, Details, Error, Event, Permissions, RoleId, Version, fold};

use crate::model::{Role, RoleChange};
use crate::{rules, store};

/// The live topic of a changed role.
pub const TOPIC: &str = "role";

/// The word of the role that has every right.
pub const ADMIN: &str = "admin";

/// A role as a new organization gets it.
pub struct Seed {
    /// Its word, which never changes.
    pub code: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Other names by which commands and files know it.
    pub also: &'static [&'static str],
    /// Its rights; all of them when this is `None`.
    pub permissions: Option<&'static [Permission]>,
}

/// The roles of the first start.
#[rustfmt::skip]
pub const SEEDS: &[Seed] = &[
    Seed { code: ADMIN, name: "Admin", also: &["administrator", "owner"], permissions: None },
    Seed { code: "team_manager", name: "Team Manager", also: &["supervisor", "manager"], permissions: Some(&[
        OrderRead, OrderPlace, OrderEdit, OrderConfirm, OrderProcess, OrderShip, OrderDeliver, OrderCancel, OrderReturn, OrderReturnApprove,
        OrderRefund, OrderCorrect, OrderNote, OrderAttach, OrderHold, OrderEscalate, EscalationHandle, OrderBulk, OrderAssign, OrderArchive, OrderDecide, OrderImport, OrderExport, OrderSeeAll, PaymentRead, PaymentRecord,
        NumberRead, NumberIssue, StatsRead, CustomerRead, CustomerEdit, CustomerMerge, CustomerExport, CustomerErase, PhoneSee, ContactSee, CatalogueRead, CatalogueEdit, StoreRead, StoreSeeAll,
        UserRead, UserEdit, SessionEdit, ViewShare, TagEdit, SettingsRead, AuditRead, SystemRead,
    ]) },
    // Follows parcels after the hand-over.
    Seed { code: "agent_suivi", name: "Agent Suivi", also: &["follow_up", "follow-up agent"], permissions: Some(&[
        OrderRead, OrderEdit, OrderProcess, OrderShip, OrderDeliver, OrderCancel, OrderReturn, OrderReturnApprove, OrderNote, OrderAttach, OrderHold, OrderEscalate, OrderBulk, OrderExport, OrderSeeAll,
        PaymentRead, StatsRead, CustomerRead, CustomerEdit, CustomerMerge, PhoneSee, ContactSee, CatalogueRead, StoreRead, StoreSeeAll,
    ]) },
    // Calls customers before anything ships.
    Seed { code: "agent_call_center", name: "Agent Call Center", also: &["call_center", "call center agent"], permissions: Some(&[
        OrderRead, OrderPlace, OrderEdit, OrderConfirm, OrderCancel, OrderReturn, OrderNote, OrderAttach, OrderHold, OrderEscalate,
        CustomerRead, CustomerEdit, PhoneSee, ContactSee, CatalogueRead, StoreRead,
    ]) },
    // Takes orders and prepares them; need not call, so telephones are masked.
    Seed { code: "agent", name: "Agent", also: &[], permissions: Some(&[
        OrderRead, OrderPlace, OrderEdit, OrderProcess, OrderShip, OrderNote, OrderAttach, OrderHold, OrderEscalate, CustomerRead, ContactSee, CatalogueRead, StoreRead,
    ]) },
    // Sees the shops that she owns, and all that is sold there.
    Seed { code: "shop_owner", name: "Shop Owner", also: &["merchant"], permissions: Some(&[
        OrderRead, OrderPlace, OrderNote, OrderAttach, OrderExport, OrderSeeAll, PaymentRead, NumberRead, StatsRead, CustomerRead, PhoneSee, ContactSee, CatalogueRead, StoreRead,
    ]) },
];

impl Seed {
    /// Its rights.
    pub fn rights(&self) -> Permissions {
        self.permissions.map_or_else(Permissions::all, |list| list.iter().copied().collect())
    }

    fn is_called(&self, folded: &str) -> bool {
        fold(self.code) == folded || fold(self.name) == folded || self.also.iter().any(|also| fold(also) == folded)
    }
}

/// The roles of the first start and their rights, as a table for people.
pub fn matrix() -> String {
    let width = Permission::WORDS.iter().map(|word| word.len()).max().unwrap_or(0);
    let mut lines = vec![format!("{:width$}  {}", "", SEEDS.iter().map(|seed| seed.name).collect::<Vec<_>>().join(" | "))];
    for permission in Permission::ALL {
        let marks = SEEDS.iter().map(|seed| {
            let mark = if seed.rights().has(*permission) { "x" } else { "." };
            format!("{mark:^name$}", name = seed.name.len())
        });
        lines.push(format!("{permission:width$}  {}", marks.collect::<Vec<_>>().join(" | "), permission = permission.as_str()));
    }
    lines.iter().map(|line| line.trim_end()).collect::<Vec<_>>().join("\n") + "\n"
}

/// All roles, those of the first start first. Needs `user.read`.
pub fn list(tx: &mut Tx, ctx: &Ctx) -> Result<Vec<Role>, Error> {
    ctx.require(UserRead)?;
    store::roles::list(tx)
}

/// One role. Needs `user.read`.
pub fn find(tx: &mut Tx, ctx: &Ctx, id: RoleId) -> Result<Role, Error> {
    ctx.require(UserRead)?;
    load(tx, id)
}

/// The role that people call by this name, in any case: `Supervisor` is the Team Manager. Needs `user.read`.
pub fn by_name(tx: &mut Tx, ctx: &Ctx, name: &str) -> Result<Role, Error> {
    ctx.require(UserRead)?;

    let wanted = fold(name);
    let roles = store::roles::list(tx)?;
    let seeded = SEEDS.iter().find(|seed| seed.is_called(&wanted)).map(|seed| seed.code);
    let found =
        roles.iter().find(|role| fold(&role.name) == wanted).or_else(|| roles.iter().find(|role| seeded.is_some() && role.code.as_deref() == seeded));
    found.cloned().ok_or_else(|| {
        let known: Vec<&str> = roles.iter().map(|role| role.name.as_str()).collect();
        Error::field("role", "role.unknown").with("known", known.join(", "))
    })
}

/// Whether there is a role that people call by this name, in any case. Asks for no right: rules name roles.
pub fn is_known(tx: &mut Tx, name: &str) -> Result<bool, Error> {
    let wanted = fold(name);
    Ok(store::roles::list(tx)?.iter().any(|role| is_called(role, &wanted)))
}

/// Whether the caller has the role that people call by this name: a person, or a key by its own role or its
/// owner's. Kafila itself has every role.
pub fn is_of(tx: &mut Tx, ctx: &Ctx, name: &str) -> Result<bool, Error> {
    let role = match ctx.actor {
        Actor::System => return Ok(true),
        Actor::User(user) => store::roles::of_user(tx, user)?,
        Actor::ApiKey(key) => store::roles::of_key(tx, key)?,
        Actor::Customer(_) => None,
    };
    Ok(role.is_some_and(|role| is_called(&role, &fold(name))))
}

fn is_called(role: &Role, folded: &str) -> bool {
    let seeded = SEEDS.iter().find(|seed| role.code.as_deref() == Some(seed.code));
    fold(&role.name) == folded || seeded.is_some_and(|seed| seed.is_called(folded))
}

/// Makes a role with rights that the caller has. Needs `role.edit`.
pub fn create(tx: &mut Tx, ctx: &Ctx, new: &RoleChange) -> Result<Role, Error> {
    ctx.require(RoleEdit)?;
    check(ctx, new, &Permissions::default())?;

    let id = tx.new_id();
    store::roles::insert(tx, id, None, new.name.trim(), &new.permissions, ctx.now)?;
    events::record(tx, ctx, Event::RoleCreated { role: id })?;
    tx.touch(TOPIC, id);

    load(tx, id)
}

/// Changes a role's name and rights; people who have it feel it at once. Needs `role.edit`.
///
/// Admin cannot change (`role.admin`). Rights that the role already has may stay even if the caller
/// lacks them. `Stale` when somebody was faster.
pub fn change(tx: &mut Tx, ctx: &Ctx, id: RoleId, new: &RoleChange, version: Version) -> Result<Role, Error> {
    ctx.require(RoleEdit)?;

    let before = load(tx, id)?;
    if before.code.as_deref() == Some(ADMIN) {
        return Err(Error::conflict("role.admin"));
    }
    rules::may_grant(ctx, &before.permissions)?;
    check(ctx, new, &before.permissions)?;
    let stale = || Error::Stale { version: before.version, fields: differing(&before, new) };
    if before.version != version {
        return Err(stale());
    }

    let words =
        |these: &Permissions, others: &Permissions| these.iter().filter(|one| !others.has(*one)).map(|one| one.to_string()).collect::<Vec<_>>();
    let (gained, lost) = (words(&new.permissions, &before.permissions), words(&before.permissions, &new.permissions));
    if gained.is_empty() && lost.is_empty() && before.name == new.name.trim() {
        return Ok(before);
    }
    if !store::roles::update(tx, id, version, new.name.trim(), &new.permissions)? {
        return Err(stale());
    }
    let mut details = Details::none();
    details.change("name", &before.name.as_str(), &new.name.trim());
    events::record_with(tx, ctx, Event::RoleChanged { role: id, gained, lost }, details)?;
    tx.touch(TOPIC, id);

    load(tx, id)
}

/// Removes a custom role that nobody has. Needs `role.edit`.
///
/// `role.seeded` for a role of the first start, `role.in_use` when people (also archived ones, whose
/// history names it) or keys have it.
pub fn remove(tx: &mut Tx, ctx: &Ctx, id: RoleId) -> Result<(), Error> {
    ctx.require(RoleEdit)?;

    let role = load(tx, id)?;
    if role.code.is_some() {
        return Err(Error::conflict("role.seeded"));
    }
    store::roles::lock(tx, id)?;
    if store::roles::is_used(tx, id)? {
        return Err(Error::conflict("role.in_use"));
    }

    store::roles::delete(tx, id)?;
    events::record(tx, ctx, Event::RoleRemoved { role: id })?;
    tx.touch(TOPIC, id);
    Ok(())
}

pub(crate) fn load(tx: &mut Tx, id: RoleId) -> Result<Role, Error> {
    store::roles::find(tx, id)?.ok_or(Error::not_found("role"))
}

/// Adds the roles of the table that are not there yet.
pub(crate) fn seed(tx: &mut Tx, ctx: &Ctx) -> Result<(), Error> {
    for seed in SEEDS {
        let id = tx.new_id();
        store::roles::insert(tx, id, Some(seed.code), seed.name, &seed.rights(), ctx.now)?;
        events::record(tx, ctx, Event::RoleCreated { role: id })?;
    }
    Ok(())
}

fn check(ctx: &Ctx, new: &RoleChange, already: &Permissions) -> Result<(), Error> {
    let mut check = Check::new();
    rules::check_name(&mut check, "name", &new.name, 60);
    let more: Permissions = new.permissions.iter().filter(|one| !already.has(*one)).collect();
    check.done()?;
    rules::may_grant(ctx, &more)
}

fn differing(before: &Role, new: &RoleChange) -> Vec<&'static str> {
    let mut fields = Vec::new();
    if before.name != new.name.trim() {
        fields.push("name");
    }
    if before.permissions != new.permissions {
        fields.push("permissions");
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_roles_of_the_first_start() {
        insta::assert_snapshot!(matrix());
    }

    #[test]
    fn only_shop_owners_and_agents_are_bound_to_stores_and_only_agents_to_their_own_orders() {
        let without = |permission| SEEDS.iter().filter(|seed| !seed.rights().has(permission)).map(|seed| seed.code).collect::<Vec<_>>();
        assert_eq!(without(StoreSeeAll), ["agent_call_center", "agent", "shop_owner"]);
        assert_eq!(without(OrderSeeAll), ["agent_call_center", "agent"]);
    }
}
