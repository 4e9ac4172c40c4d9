//! The list of the settings' parts, beside each of them; what somebody may not see is absent.

use base::Ctx;
use kernel::Permission;

/// A part of the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) href: &'static str,
    pub(super) key: &'static str,
    /// What it is about, in a line.
    pub(super) about: &'static str,
    pub(super) icon: &'static str,
    needs: Permission,
}

const fn part(href: &'static str, key: &'static str, about: &'static str, icon: &'static str) -> Part {
    Part { href, key, about, icon, needs: Permission::SettingsRead }
}

/// Every part, in the order of the list; sections of the settings first.
pub(super) static PARTS: &[Part] = &[
    part("/app/settings/general", "set-general", "set-general-about", "store"),
    part("/app/settings/orders", "set-orders", "set-orders-about", "package"),
    part("/app/settings/statuses", "status-title", "set-statuses-about", "git-branch"),
    part("/app/settings/cancellation-reasons", "set-cancellation-reasons", "set-cancellation-reasons-about", "ban"),
    part("/app/settings/hold-kinds", "set-hold-kinds", "set-hold-kinds-about", "pause"),
    part("/app/settings/escalation-reasons", "set-escalation-reasons", "set-escalation-reasons-about", "triangle-alert"),
    part("/app/settings/escalation", "set-escalation", "set-escalation-about", "arrow-up"),
    part("/app/settings/tags", "set-tags", "set-tags-about", "tags"),
    part("/app/settings/fields", "set-fields", "set-fields-about", "list-checks"),
    part("/app/settings/numbers", "set-numbers", "set-numbers-about", "receipt"),
    part("/app/settings/notifications", "set-notifications", "set-notifications-about", "mail"),
    part("/app/settings/tracking", "set-tracking", "set-tracking-about", "map-pin"),
    part("/app/settings/logo", "set-logo", "set-logo-about", "camera"),
    part("/app/settings/erp", "set-erp", "set-erp-about", "plug"),
    part("/app/settings/access", "set-access", "set-access-about", "lock"),
    part("/app/settings/privacy", "set-privacy", "set-privacy-about", "shield"),
    part("/app/settings/retention", "set-retention", "set-retention-about", "clock"),
];

/// A part as the list shows it.
#[derive(Clone, Debug)]
pub(super) struct SideItem {
    pub(super) part: &'static Part,
    pub(super) is_here: bool,
}

/// The parts that this reader may open; the present one marked.
pub(super) fn side(ctx: &Ctx, here: &str) -> Vec<SideItem> {
    let is_open = |part: &&Part| ctx.can(part.needs) && (part.href != "/app/settings/numbers" || ctx.can(Permission::NumberRead));
    PARTS.iter().filter(is_open).map(|part| SideItem { part, is_here: here == part.href || here.starts_with(&format!("{}/", part.href)) }).collect()
}
