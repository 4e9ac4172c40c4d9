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
    /// Whether it may stand in the bottom bar of a phone: the first four that somebody may open do.
    pub(crate) is_quick: bool,
    /// The letter that leads there after `g`; empty for none.
    pub(crate) go: &'static str,
}

impl Section {
    const fn new(key: &'static str, href: &'static str, icon: &'static str, needs: Permission) -> Section {
        Section { key, href, icon, group: None, needs: Some(needs), is_quick: false, go: "" }
    }

    const fn quick(self) -> Section {
        Section { is_quick: true, ..self }
    }

    const fn go(self, letter: &'static str) -> Section {
        Section { go: letter, ..self }
    }

    const fn under(self, group: &'static str) -> Section {
        Section { group: Some(group), ..self }
    }

    /// Whether this reader may open it.
    pub(crate) fn is_open(&self, ctx: &Ctx) -> bool {
        self.needs.is_none_or(|right| ctx.can(right))
    }
}

/// The dashboard: only its own address belongs to it, though every other begins so.
pub(crate) const HOME: &str = "/app";
/// What waits for the reader.
pub(crate) const ALERTS: &str = "/app/alerts";

/// Where pages belong that hang below no place of the side bar: search, one's own account.
static NOWHERE: Section = Section { key: "shell-home", href: HOME, icon: "layout-dashboard", group: None, needs: None, is_quick: false, go: "" };

/// Every place.
pub(crate) static SECTIONS: &[Section] = &[
    Section::new("shell-nav-home", HOME, "layout-dashboard", Permission::OrderRead).quick().go("d"),
    Section::new("shell-nav-orders", "/app/orders", "package", Permission::OrderRead).quick().go("o"),
    Section::new("shell-nav-drafts", "/app/drafts", "file-text", Permission::OrderPlace),
    Section::new("shell-nav-alerts", ALERTS, "bell", Permission::OrderRead).quick().go("w"),
    Section::new("shell-nav-customers", "/app/customers", "users", Permission::CustomerRead).go("c").under("shell-group-customers"),
    Section::new("shell-nav-stores", "/app/stores", "store", Permission::StoreEdit).under("shell-group-setup"),
    Section::new("shell-nav-people", "/app/users", "user-check", Permission::UserRead).under("shell-group-setup"),
    Section::new("shell-nav-settings", "/app/settings", "settings", Permission::SettingsRead).go("s").under("shell-group-setup"),
    Section::new("shell-nav-imports", "/app/imports", "file-spreadsheet", Permission::OrderImport).under("shell-group-setup"),
    Section::new("shell-nav-audit", "/app/audit", "history", Permission::AuditRead).under("shell-group-setup"),
    Section::new("shell-nav-system", "/app/system", "activity", Permission::SystemRead).under("shell-group-setup"),
    Section::new("shell-nav-api", "/docs", "plug", Permission::ApiKeyEdit).under("shell-group-setup"),
];

/// The place that an address belongs to: the one whose address it begins with, the longest first.
pub(crate) fn of(path: &str) -> &'static Section {
    let begins = |section: &&Section| {
        let rest = path.strip_prefix(section.href);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['?', '#']) || (section.href != HOME && rest.starts_with('/')))
    };
    SECTIONS.iter().filter(begins).max_by_key(|section| section.href.len()).unwrap_or(&NOWHERE)
}

/// Where somebody begins: the first place that they may open.
pub(crate) fn landing(ctx: &Ctx) -> Option<&'static str> {
    SECTIONS.iter().find(|section| section.is_open(ctx)).map(|section| section.href)
}

/// Whether there is such a place and the reader may open it: other pages link to it then.
pub(crate) fn leads_to(ctx: &Ctx, href: &str) -> bool {
    SECTIONS.iter().any(|section| section.href == href && section.is_open(ctx))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_belongs_to_the_section_that_its_address_begins_with() {
        for (path, section) in [
            ("/app/orders", "/app/orders"),
            ("/app/orders/ord_1?x=1", "/app/orders"),
            ("/app/ordersx", HOME),
            ("/app?store=x", HOME),
            ("/app/search?q=a", HOME),
        ] {
            assert_eq!(of(path).href, section, "{path}");
        }
        assert_eq!((of("/app").key, of("/app/search").key), ("shell-nav-home", "shell-home"));
    }

    #[test]
    fn a_letter_leads_to_one_place() {
        let mut letters: Vec<&str> = SECTIONS.iter().map(|section| section.go).filter(|letter| !letter.is_empty()).collect();
        letters.sort_unstable();
        let count = letters.len();
        letters.dedup();
        assert_eq!(letters.len(), count, "{letters:?}");
    }
}
