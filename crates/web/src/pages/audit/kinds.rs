//! What happened, in words: a message and an icon for each kind of event.

use crate::words::Words;

/// Kinds of events and the messages that name them; a test looks that none is missing.
#[rustfmt::skip]
const KINDS: &[(&str, &str)] = &[
    ("organization.created", "event-organization-created"), ("store.created", "event-store-created"), ("store.changed", "event-store-changed"),
    ("store.archived", "event-store-archived"), ("user.invited", "event-user-invited"), ("user.joined", "event-user-joined"),
    ("user.changed", "event-user-changed"), ("user.archived", "event-user-archived"), ("user.email_verified", "event-user-email-verified"),
    ("user.password_reset_asked", "event-user-password-reset-asked"), ("user.password_changed", "event-user-password-changed"),
    ("user.totp_changed", "event-user-totp-changed"), ("session.signed_in", "event-session-signed-in"),
    ("session.refused", "event-session-refused"), ("session.ended", "event-session-ended"), ("role.created", "event-role-created"),
    ("role.changed", "event-role-changed"), ("role.removed", "event-role-removed"), ("api_key.created", "event-api-key-created"),
    ("api_key.revoked", "event-api-key-revoked"), ("customer.created", "event-customer-created"), ("customer.changed", "event-customer-changed"),
    ("customer.flag_added", "event-customer-flag-added"), ("customer.flag_removed", "event-customer-flag-removed"),
    ("customer.note_added", "event-customer-note-added"), ("customer.note_erased", "event-customer-note-erased"),
    ("customer.consent", "event-customer-consent"), ("customer.merged", "event-customer-merged"),
    ("customer.merged_away", "event-customer-merged-away"), ("customer.unmerged", "event-customer-unmerged"),
    ("customer.exported", "event-customer-exported"), ("customer.phone_revealed", "event-customer-phone-revealed"),
    ("customer.erasure_asked", "event-customer-erasure-asked"), ("customer.erasure_cancelled", "event-customer-erasure-cancelled"),
    ("customer.erased", "event-customer-erased"), ("variant.added", "event-variant-added"), ("variant.changed", "event-variant-changed"),
    ("order.placed", "event-order-placed"), ("order.moved", "event-order-moved"), ("order.substatus_moved", "event-order-substatus-moved"),
    ("order.move_undone", "event-order-move-undone"), ("order.changed", "event-order-changed"), ("order.line_moved", "event-order-line-moved"),
    ("order.note_added", "event-order-note-added"), ("order.note_pinned", "event-order-note-pinned"),
    ("order.note_unpinned", "event-order-note-unpinned"), ("order.tracking_added", "event-order-tracking-added"),
    ("order.archived", "event-order-archived"), ("order.unarchived", "event-order-unarchived"),
    ("order.attachment_added", "event-order-attachment-added"), ("order.attachment_changed", "event-order-attachment-changed"),
    ("order.attachment_removed", "event-order-attachment-removed"), ("order.attachment_restored", "event-order-attachment-restored"),
    ("order.decision", "event-order-decision"), ("order.hold_set", "event-order-hold-set"), ("order.hold_changed", "event-order-hold-changed"),
    ("order.hold_released", "event-order-hold-released"), ("order.hold_undone", "event-order-hold-undone"),
    ("order.escalated", "event-order-escalated"), ("order.escalation_acknowledged", "event-order-escalation-acknowledged"),
    ("order.escalation_moved", "event-order-escalation-moved"), ("order.escalation_answered", "event-order-escalation-answered"),
    ("order.escalation_overdue", "event-order-escalation-overdue"), ("order.escalation_resolved", "event-order-escalation-resolved"),
    ("order_reason.added", "event-order-reason-added"), ("order_reason.changed", "event-order-reason-changed"),
    ("order.edited", "event-order-edited"), ("order.edit_undone", "event-order-edit-undone"), ("order.deleted", "event-order-deleted"),
    ("draft.begun", "event-draft-begun"), ("draft.changed", "event-draft-changed"), ("draft.shared", "event-draft-shared"),
    ("draft.placed", "event-draft-placed"), ("draft.deleted", "event-draft-deleted"), ("order.credited", "event-order-credited"),
    ("order.transaction", "event-order-transaction"), ("order.notified", "event-order-notified"), ("order.pushed", "event-order-pushed"),
    ("order.links_revoked", "event-order-links-revoked"), ("customer.code_asked", "event-customer-code-asked"),
    ("customer.code_issued", "event-customer-code-issued"), ("customer.entered", "event-customer-entered"),
    ("import.started", "event-import-started"), ("import.finished", "event-import-finished"),
    ("import.undo_started", "event-import-undo-started"), ("import.undone", "event-import-undone"),
    ("order.taken_back", "event-order-taken-back"), ("customer.taken_back", "event-customer-taken-back"),
    ("import_mapping.saved", "event-import-mapping-saved"), ("import_mapping.removed", "event-import-mapping-removed"),
    ("export.started", "event-export-started"), ("export.finished", "event-export-finished"),
    ("order.invoice_numbered", "event-order-invoice-numbered"), ("order.invoice_voided", "event-order-invoice-voided"),
    ("credit_note.numbered", "event-credit-note-numbered"), ("credit_note.voided", "event-credit-note-voided"),
    ("series.changed", "event-series-changed"), ("series.broken", "event-series-broken"), ("rules.changed", "event-rules-changed"),
    ("tag.created", "event-tag-created"), ("tag.changed", "event-tag-changed"), ("tag.merged", "event-tag-merged"),
    ("field.created", "event-field-created"), ("field.changed", "event-field-changed"), ("bulk.started", "event-bulk-started"),
    ("bulk.ended", "event-bulk-ended"), ("bulk.undone", "event-bulk-undone"), ("order.assigned", "event-order-assigned"),
    ("order.message_asked", "event-order-message-asked"), ("order.message_called_off", "event-order-message-called-off"),
    ("view.created", "event-view-created"), ("view.changed", "event-view-changed"), ("view.removed", "event-view-removed"),
    ("setting.changed", "event-setting-changed"), ("schedule.changed", "event-schedule-changed"), ("job.retried", "event-job-retried"),
    ("job.cancelled", "event-job-cancelled"), ("cache.cleared", "event-cache-cleared"), ("counter.repaired", "event-counter-repaired"), ("backup.asked", "event-backup-asked"),
    ("backup.taken", "event-backup-taken"), ("backup.made", "event-backup-made"),
];

/// What a kind is called.
pub(super) fn name(say: Words, kind: &str) -> String {
    KINDS.iter().find(|(one, _)| *one == kind).map_or_else(|| kind.to_owned(), |(_, key)| say.t(key))
}

/// An icon and a tone by what a kind is about.
pub(super) fn face(kind: &str) -> (&'static str, &'static str) {
    match kind.split('.').next().unwrap_or_default() {
        "order" | "draft" | "bulk" => ("package", "info"),
        "customer" => ("shopping-bag", "vio"),
        "session" | "api_key" | "role" => ("lock", "warn"),
        "import" | "import_mapping" | "export" => ("file-spreadsheet", "pri"),
        "setting" | "rules" | "schedule" | "series" | "view" | "order_reason" => ("pencil", "neu"),
        "job" | "counter" | "backup" => ("archive", "neu"),
        "store" | "organization" => ("store", "info"),
        _ => ("history", "neu"),
    }
}

#[cfg(test)]
mod tests {
    use kernel::{Event, Locale};

    use super::*;

    #[test]
    fn every_kind_of_event_has_words() {
        let missing: Vec<&&str> = Event::KINDS.iter().filter(|kind| !KINDS.iter().any(|(one, _)| one == *kind)).collect();
        assert!(missing.is_empty(), "pages/audit/kinds.rs has no words for {missing:?}");
        for (kind, key) in KINDS {
            assert!(Event::KINDS.contains(kind), "{kind} is gone");
            for locale in [Locale::En, Locale::Fr, Locale::Ar] {
                assert_ne!(name(Words { locale }, kind), *key, "{locale}");
            }
        }
    }
}
