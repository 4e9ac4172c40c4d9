//! The places of the side bar, in its order: what somebody may not see is absent.

use base::Ctx;
use kernel::Permission;

/// A place in the side bar: a page that others hang below.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Section {
    /// The message that names it.
    pub(crate) key: &'static str,
    /// Its first page; what begins so belongs to it.
    pub(crate) href: &'static str,
    pub(crate) icon: &'static str,
    /// The message of the group that it stands in.
    pub(crate) group: Option<&'static str>,
    /// The right that opens it; none for everybody who is in.
    needs: Option<Permission>,
    /// Whether it may stand in the bottom bar of a phone.
    pub(crate) is_quick: bool,
}

impl Section {
    const fn new(key: &'static str, href: &'static str, icon: &'static str, needs: Permission) -> Section {
        Section { key, href, icon, group: None, needs: Some(needs), is_quick: false }
    }

    const fn quick(self) -> Section {
        Section { is_quick: true, ..self }
    }

    const fn under(self, group: &'static str) -> Section {
        Section { group: Some(group), ..self }
    }

    /// Whether this reader may open it.
    pub(crate) fn is_open(&self, ctx: &Ctx) -> bool {
        self.needs.is_none_or(|right| ctx.can(right))
    }
}

/// Every place.
pub(crate) static SECTIONS: &[Section] = &[
    Section::new("shell-nav-orders", "/app/orders", "package", Permission::OrderRead).quick(),
    Section::new("shell-nav-api", "/docs", "plug", Permission::ApiKeyEdit).under("shell-group-setup"),
];

/// The place that an address belongs to: the one whose address it begins with, the longest first.
pub(crate) fn of(path: &str) -> &'static Section {
    let begins = |section: &&Section| path.strip_prefix(section.href).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#']));
    SECTIONS.iter().filter(begins).max_by_key(|section| section.href.len()).unwrap_or(&SECTIONS[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_belongs_to_the_section_that_its_address_begins_with() {
        for (path, section) in [("/app/orders", "/app/orders"), ("/app/orders/ord_1?x=1", "/app/orders"), ("/app/ordersx", SECTIONS[0].href)] {
            assert_eq!(of(path).href, section, "{path}");
        }
    }
}
