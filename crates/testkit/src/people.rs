//! The people of the test shop. All have joined; the password of each is [`PASSWORD`].

/// Everybody's password.
pub const PASSWORD: &str = "correct horse battery 7 staple";

/// Somebody who can sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Person {
    /// The address to sign in with.
    pub email: &'static str,
    /// As colleagues see them.
    pub name: &'static str,
    /// The word of the role; `nobody` has no rights at all.
    pub role: &'static str,
    /// Codes of the stores they see; all that the role sees when empty.
    pub stores: &'static [&'static str],
    /// Whether they belong to the other organization.
    pub is_foreign: bool,
}

const fn person(email: &'static str, name: &'static str, role: &'static str, stores: &'static [&'static str]) -> Person {
    Person { email, name, role, stores, is_foreign: false }
}

/// Has every right.
pub const ADMIN: Person = person("admin@shop.test", "Karima Admin", "admin", &[]);
/// Leads the team.
pub const MANAGER: Person = person("manager@shop.test", "Mourad Manager", "team_manager", &[]);
pub(crate) const FOLLOW_UP: Person = person("suivi@shop.test", "Samia Suivi", "agent_suivi", &[]);
/// Calls customers of the store MAIN.
pub const AGENT: Person = person("agent@shop.test", "Amel Agent", "agent_call_center", &["MAIN"]);
/// Calls beside [`AGENT`].
pub const COLLEAGUE: Person = person("colleague@shop.test", "Chakib Colleague", "agent_call_center", &["MAIN"]);
pub(crate) const PACKER: Person = person("packer@shop.test", "Pari Packer", "agent", &["MAIN"]);
pub(crate) const OWNER: Person = person("owner@shop.test", "Omar Owner", "shop_owner", &["MAIN"]);
/// Sees the store NATU alone.
pub const NEIGHBOUR: Person = person("neighbour@shop.test", "Nadia Neighbour", "agent_call_center", &["NATU"]);
/// May do nothing.
pub const WEAK: Person = person("weak@shop.test", "Walid Weak", "nobody", &["MAIN"]);
/// Has every right, in another organization.
pub const FOREIGNER: Person = Person { email: "admin@other.test", name: "Farid Foreign", role: "admin", stores: &[], is_foreign: true };

pub(crate) const ALL: &[Person] = &[ADMIN, MANAGER, FOLLOW_UP, AGENT, COLLEAGUE, PACKER, OWNER, NEIGHBOUR, WEAK, FOREIGNER];
