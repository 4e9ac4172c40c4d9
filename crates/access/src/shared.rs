//! Links for people without an account: a customer looks at what somebody put together for her.
//!
//! A link is `<organization>.<thing>.<secret>`, so a look-up stays inside its organization. Only the hash of the
//! secret is kept, by whoever owns the thing; so is how long it lives.

use kernel::{Id, OrgId};

use crate::tokens::{self, Bearer};

/// A link that was just made, and what to keep of it.
#[derive(Clone, Debug)]
pub struct NewLink {
    /// What the customer gets; shown once.
    pub text: kernel::Hidden,
    /// What is kept.
    pub secret_hash: [u8; 32],
}

/// Makes a link to a thing, with a secret of 256 bits.
pub fn make<I: Id>(org: OrgId, id: I) -> NewLink {
    let secret = tokens::new_secret();
    NewLink { text: kernel::Hidden::new(tokens::show(org, id, &secret)), secret_hash: tokens::hash(secret.reveal()) }
}

/// A link as somebody sent it: where to look, and what must match there.
#[derive(Clone, Debug)]
pub struct Link<I>(Bearer<I>);

impl<I: Id> Link<I> {
    /// Whose it is.
    pub fn org(&self) -> OrgId {
        self.0.org
    }

    /// What it is about.
    pub fn id(&self) -> I {
        self.0.id
    }

    /// Whether the kept hash is that of its secret, in constant time.
    pub fn matches(&self, kept: &[u8]) -> bool {
        self.0.matches(kept)
    }
}

/// Reads a link; nothing when it cannot be one.
pub fn read<I: Id>(text: &str) -> Option<Link<I>> {
    tokens::read(text.trim()).map(Link)
}

#[cfg(test)]
mod tests {
    use kernel::DraftId;

    use super::*;

    #[test]
    fn a_link_begins_with_its_organization_and_proves_its_secret() {
        let (org, draft) = (OrgId::from_i64(12), DraftId::from_i64(7));
        let made = make(org, draft);
        assert!(made.text.reveal().starts_with("000000000000c.0000000000007."));
        let link = read::<DraftId>(made.text.reveal()).unwrap();
        assert_eq!((link.org(), link.id()), (org, draft));
        assert!(link.matches(&made.secret_hash) && !link.matches(&make(org, draft).secret_hash));
        assert!(read::<DraftId>("000000000000c.0000000000007.short").is_none());
    }
}
