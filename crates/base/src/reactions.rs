//! What follows from each event. A table: every event is named, so that a new one does not compile
//! until somebody has decided.

use kernel::{Event, JobKind, OrderState};

use crate::settings::Settings;

/// The jobs that follow from an event under these settings.
pub fn reactions(event: &Event, settings: &Settings) -> Vec<JobKind> {
    match event {
        Event::OrderPlaced { substatus, .. } => told(OrderState::Pending, substatus.as_deref(), settings),
        Event::OrderMoved { to, to_substatus, .. } => told(*to, to_substatus.as_deref(), settings),
        Event::SubstatusMoved { state, to: Some(to), .. } => told_inside(*state, to, settings),
        Event::SubstatusMoved { to: None, .. } => Vec::new(),

        // Taking a move back deletes what was to follow; the ERP heard nothing yet.
        Event::MoveUndone { .. } => Vec::new(),

        Event::OrganizationCreated { .. } | Event::StoreCreated { .. } | Event::StoreChanged { .. } | Event::StoreArchived { .. } => Vec::new(),
        Event::UserInvited { .. }
        | Event::UserJoined { .. }
        | Event::UserChanged { .. }
        | Event::UserArchived { .. }
        | Event::EmailVerified { .. }
        | Event::PasswordResetAsked { .. }
        | Event::PasswordChanged { .. }
        | Event::TotpChanged { .. }
        | Event::SignedIn { .. }
        | Event::SignInRefused { .. }
        | Event::SessionEnded { .. } => Vec::new(),
        Event::RoleCreated { .. } | Event::RoleChanged { .. } | Event::RoleRemoved { .. } => Vec::new(),
        Event::ApiKeyCreated { .. } | Event::ApiKeyRevoked { .. } => Vec::new(),
        Event::CustomerCreated { .. } | Event::CustomerChanged { .. } => Vec::new(),
        Event::FlagAdded { .. }
        | Event::FlagRemoved { .. }
        | Event::CustomerNoteAdded { .. }
        | Event::CustomerNoteErased { .. }
        | Event::ConsentChanged { .. } => Vec::new(),
        // The jobs of these are enqueued by their actions, with a task to watch or a time to wait for.
        Event::CustomersMerged { .. }
        | Event::CustomerMergedAway { .. }
        | Event::CustomersUnmerged { .. }
        | Event::PersonExported { .. }
        | Event::PhoneRevealed { .. }
        | Event::ErasureAsked { .. }
        | Event::ErasureCancelled { .. }
        | Event::PersonErased { .. } => Vec::new(),
        Event::VariantAdded { .. } | Event::VariantChanged { .. } => Vec::new(),
        Event::EscalationRaised { .. } | Event::EscalationMoved { .. } | Event::EscalationAnswered { .. } | Event::EscalationOverdue { .. } => {
            if settings.escalation.mail {
                vec![JobKind::NotifyEscalation]
            } else {
                Vec::new()
            }
        }
        Event::EscalationAcknowledged { .. } | Event::EscalationResolved { .. } => Vec::new(),
        Event::HoldSet { .. } | Event::HoldChanged { .. } | Event::HoldReleased { .. } | Event::HoldUndone { .. } => Vec::new(),
        Event::ReasonAdded { .. } | Event::ReasonChanged { .. } => Vec::new(),
        Event::OrderEdited { .. } | Event::EditUndone { .. } | Event::OrderDeleted { .. } => Vec::new(),
        Event::DraftBegun { .. }
        | Event::DraftChanged { .. }
        | Event::DraftShared { .. }
        | Event::DraftPlaced { .. }
        | Event::DraftDeleted { .. } => Vec::new(),
        Event::OrderChanged { .. }
        | Event::LineMoved { .. }
        | Event::NoteAdded { .. }
        | Event::NotePinned { .. }
        | Event::NoteUnpinned { .. }
        | Event::TrackingAdded { .. }
        | Event::OrderArchived { .. }
        | Event::OrderUnarchived { .. }
        | Event::DecisionRecorded { .. }
        | Event::CreditNoteRecorded { .. }
        | Event::TransactionRecorded { .. }
        | Event::OrderNotified { .. }
        | Event::OrderPushed { .. } => Vec::new(),
        Event::AttachmentAdded { .. } | Event::AttachmentChanged { .. } | Event::AttachmentRemoved { .. } | Event::AttachmentRestored { .. } => {
            Vec::new()
        }
        Event::TagCreated { .. } | Event::TagChanged { .. } | Event::TagMerged { .. } | Event::FieldCreated { .. } | Event::FieldChanged { .. } => {
            Vec::new()
        }
        Event::BulkStarted { .. } | Event::BulkEnded { .. } | Event::BulkUndone { .. } => Vec::new(),
        Event::OrderAssigned { .. } | Event::MessageAsked { .. } | Event::MessageCalledOff { .. } => Vec::new(),
        Event::ViewCreated { .. } | Event::ViewChanged { .. } | Event::ViewRemoved { .. } => Vec::new(),
        Event::ImportStarted { .. } | Event::ImportFinished { .. } => Vec::new(),
        Event::ImportUndoStarted { .. } | Event::ImportUndone { .. } | Event::OrderTakenBack { .. } | Event::CustomerTakenBack { .. } => Vec::new(),
        Event::MappingSaved { .. } | Event::MappingRemoved { .. } | Event::ExportStarted { .. } | Event::ExportFinished { .. } => Vec::new(),
        Event::InvoiceNumbered { .. } | Event::InvoiceVoided { .. } | Event::CreditNumbered { .. } | Event::CreditVoided { .. } => Vec::new(),
        Event::SeriesChanged { .. } | Event::SeriesBroken { .. } => Vec::new(),
        Event::RulesChanged { .. } | Event::SettingChanged { .. } | Event::ScheduleChanged { .. } | Event::CacheCleared { .. } => Vec::new(),
        Event::JobRetried { .. } | Event::JobCancelled { .. } => Vec::new(),
        Event::OrderLinksRevoked { .. }
        | Event::CustomerCodeAsked { .. }
        | Event::CustomerCodeIssued { .. }
        | Event::CustomerEntered { .. }
        | Event::CounterRepaired { .. }
        | Event::BackupMade { .. }
        | Event::BackupAsked { .. }
        | Event::BackupTaken { .. } => Vec::new(),
    }
}

/// Whether a job has effects outside, so that it waits until the event can no longer be undone.
pub fn waits_for_undo(kind: JobKind) -> bool {
    match kind {
        JobKind::NotifyCustomer | JobKind::PushToErp => true,
        JobKind::SendMessage
        | JobKind::SendMail
        | JobKind::ReleaseHold
        | JobKind::RaiseEscalation
        | JobKind::NotifyEscalation
        | JobKind::ImportOrders
        | JobKind::UndoImport
        | JobKind::Export
        | JobKind::TryRules
        | JobKind::MoveSubstatuses
        | JobKind::Bulk
        | JobKind::SealEvents
        | JobKind::VerifyChain
        | JobKind::ProveCounters
        | JobKind::Purge
        | JobKind::Retag
        | JobKind::FillField
        | JobKind::SweepFiles
        | JobKind::MergeCustomers
        | JobKind::ExportPerson
        | JobKind::ErasePerson
        | JobKind::ForgetInactive
        | JobKind::Backup => false,
    }
}

/// Who is told that an order has come to this state.
fn told(state: OrderState, substatus: Option<&str>, settings: &Settings) -> Vec<JobKind> {
    these(settings.rules.notifies(state, substatus), settings.rules.syncs(state, substatus), settings)
}

/// Who is told of a move inside a state: those whom the sub-status itself names. The state was told already.
fn told_inside(state: OrderState, substatus: &str, settings: &Settings) -> Vec<JobKind> {
    let Some(own) = settings.rules.substatus(state, substatus) else { return Vec::new() };
    these(own.notifies == Some(true), own.syncs == Some(true), settings)
}

fn these(notifies: bool, syncs: bool, settings: &Settings) -> Vec<JobKind> {
    let mut jobs = Vec::new();
    if notifies {
        jobs.push(JobKind::NotifyCustomer);
    }
    if !settings.erp.url.is_empty() && syncs {
        jobs.push(JobKind::PushToErp);
    }
    jobs
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use kernel::{Id, OrderAction, OrderId};

    use super::*;
    use crate::rules::RuleSet;

    #[track_caller]
    fn check(to: OrderState, url: &str, expected: &[JobKind]) {
        let mut settings = Settings::default();
        settings.erp.url = url.to_owned();
        let marked = settings.rules.marked(&settings.rules.notifiable_states(), &[OrderState::Pending, OrderState::Shipped]);
        settings.rules = Arc::new(marked);
        assert_eq!(reactions(&moved(to, None), &settings), expected);
    }

    fn moved(to: OrderState, to_substatus: Option<String>) -> Event {
        let (order, from) = (OrderId::from_i64(1), OrderState::Pending);
        Event::OrderMoved { order, action: OrderAction::Correct, from, to, reason: None, from_substatus: None, to_substatus }
    }

    #[test]
    fn a_substatus_may_speak_where_its_state_is_silent_and_the_other_way_round() {
        let rules = RuleSet::parse(
            r#"{"states": {"PROCESSING": {"substatuses": [{"key": "packed", "notifies": true}, {"key": "printed"}]},
                           "SHIPPED": {"substatuses": [{"key": "stuck", "notifies": false}, {"key": "moving"}]}}}"#,
        );
        let settings = Settings { rules: Arc::new(rules.unwrap()), ..Settings::default() };
        let of = |state, key: &str| reactions(&moved(state, Some(key.to_owned())), &settings);
        assert_eq!(of(OrderState::Processing, "packed"), [JobKind::NotifyCustomer]);
        assert_eq!(of(OrderState::Processing, "printed"), []);
        assert_eq!(of(OrderState::Shipped, "stuck"), []);
        assert_eq!(of(OrderState::Shipped, "moving"), [JobKind::NotifyCustomer]);
        let inside = |state, key: &str| {
            let event = Event::SubstatusMoved { order: OrderId::from_i64(1), state, from: None, to: Some(key.to_owned()), reason: None };
            reactions(&event, &settings)
        };
        assert_eq!(inside(OrderState::Processing, "packed"), [JobKind::NotifyCustomer]);
        assert_eq!(inside(OrderState::Shipped, "moving"), [], "the customer heard of the state when the order came to it");
    }

    #[test]
    fn settings_decide_who_hears() {
        check(OrderState::Shipped, "", &[JobKind::NotifyCustomer]);
        check(OrderState::Shipped, "https://erp.example", &[JobKind::NotifyCustomer, JobKind::PushToErp]);
        check(OrderState::Pending, "https://erp.example", &[JobKind::PushToErp]);
        check(OrderState::Refunded, "https://erp.example", &[]);
    }
}
