//! Rights in plain words, by area.

use kernel::Permission::{self, *};

/// An area of rights.
pub(super) struct Area {
    pub(super) key: &'static str,
    pub(super) icon: &'static str,
    /// Each with the message that says what it allows.
    pub(super) rights: &'static [(Permission, &'static str)],
}

/// Every right there is, each in one area; a test looks.
#[rustfmt::skip]
pub(super) static AREAS: &[Area] = &[
    Area { key: "area-orders", icon: "package", rights: &[
        (OrderRead, "right-order-read"), (OrderSeeAll, "right-order-see-all"), (OrderPlace, "right-order-place"), (OrderEdit, "right-order-edit"),
        (OrderNote, "right-order-note"), (OrderAttach, "right-order-attach"), (OrderAssign, "right-order-assign"), (OrderBulk, "right-order-bulk"),
        (OrderArchive, "right-order-archive"), (OrderImport, "right-order-import"), (OrderExport, "right-order-export"),
        (OrderDecide, "right-order-decide"),
    ] },
    Area { key: "area-moves", icon: "git-branch", rights: &[
        (OrderConfirm, "right-order-confirm"), (OrderProcess, "right-order-process"), (OrderShip, "right-order-ship"),
        (OrderDeliver, "right-order-deliver"), (OrderCancel, "right-order-cancel"), (OrderReturn, "right-order-return"),
        (OrderReturnApprove, "right-order-return-approve"), (OrderRefund, "right-order-refund"), (OrderCorrect, "right-order-correct"),
        (OrderHold, "right-order-hold"), (OrderEscalate, "right-order-escalate"), (EscalationHandle, "right-escalation-handle"),
    ] },
    Area { key: "area-customers", icon: "users", rights: &[
        (CustomerRead, "right-customer-read"), (CustomerEdit, "right-customer-edit"), (CustomerMerge, "right-customer-merge"),
        (PhoneSee, "right-phone-see"), (PhoneReveal, "right-phone-reveal"), (ContactSee, "right-contact-see"), (CustomerExport, "right-customer-export"),
        (CustomerErase, "right-customer-erase"),
    ] },
    Area { key: "area-money", icon: "banknote", rights: &[
        (PaymentRead, "right-payment-read"), (PaymentRecord, "right-payment-record"), (NumberRead, "right-number-read"),
        (NumberIssue, "right-number-issue"),
    ] },
    Area { key: "area-catalogue", icon: "tags", rights: &[
        (CatalogueRead, "right-catalogue-read"), (CatalogueEdit, "right-catalogue-edit"), (TagEdit, "right-tag-edit"),
        (FieldEdit, "right-field-edit"),
    ] },
    Area { key: "area-insight", icon: "layout-grid", rights: &[
        (StatsRead, "right-stats-read"), (ViewShare, "right-view-share"), (AuditRead, "right-audit-read"),
    ] },
    Area { key: "area-team", icon: "user-check", rights: &[
        (UserRead, "right-user-read"), (UserEdit, "right-user-edit"), (RoleEdit, "right-role-edit"), (SessionEdit, "right-session-edit"),
        (ApiKeyEdit, "right-api-key-edit"),
    ] },
    Area { key: "area-setup", icon: "settings", rights: &[
        (StoreRead, "right-store-read"), (StoreSeeAll, "right-store-see-all"), (StoreEdit, "right-store-edit"),
        (SettingsRead, "right-settings-read"), (SettingsEdit, "right-settings-edit"), (SystemRead, "right-system-read"),
        (SystemEdit, "right-system-edit"), (LogRead, "right-log-read"), (BackupTake, "right-backup-take"),
    ] },
];

/// The message that says what somebody with this right may do.
pub(in crate::pages) fn words(right: Permission) -> &'static str {
    let all = AREAS.iter().flat_map(|area| area.rights);
    all.into_iter().find(|(one, _)| *one == right).map_or(right.as_str(), |(_, key)| key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_right_stands_in_one_area() {
        for right in Permission::ALL {
            let areas = AREAS.iter().filter(|area| area.rights.iter().any(|(one, _)| one == right)).count();
            assert_eq!(areas, 1, "{right}");
        }
    }
}
