//! What follows from each event. A table: every event is named, so that a new one does not compile
//! until somebody has decided.

use kernel::{Event, JobKind, OrderState};

use crate::settings::Settings;

/// The jobs that follow from an event under these settings.
pub fn reactions(event: &Event, settings: &Settings) -> Vec<JobKind> {
    match event {
        Event::OrderPlaced { .. } => told(OrderState::Pending, settings),
        Event::OrderMoved { to, .. } => told(*to, settings),

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
        Event::VariantAdded { .. } | Event::VariantChanged { .. } => Vec::new(),
        Event::OrderChanged { .. }
        | Event::LineMoved { .. }
        | Event::NoteAdded { .. }
        | Event::TrackingAdded { .. }
        | Event::OrderArchived { .. }
        | Event::OrderUnarchived { .. }
        | Event::DecisionRecorded { .. }
        | Event::CreditNoteRecorded { .. }
        | Event::TransactionRecorded { .. }
        | Event::OrderNotified { .. }
        | Event::OrderPushed { .. } => Vec::new(),
        Event::ImportStarted { .. } | Event::ImportFinished { .. } => Vec::new(),
        Event::SettingChanged { .. } | Event::ScheduleChanged { .. } => Vec::new(),
        Event::JobRetried { .. } | Event::JobCancelled { .. } => Vec::new(),
        Event::CounterRepaired { .. } | Event::BackupMade { .. } => Vec::new(),
    }
}

/// Whether a job has effects outside, so that it waits until the event can no longer be undone.
pub fn waits_for_undo(kind: JobKind) -> bool {
    match kind {
        JobKind::NotifyCustomer | JobKind::PushToErp => true,
        JobKind::SendMessage
        | JobKind::SendMail
        | JobKind::ImportOrders
        | JobKind::SealEvents
        | JobKind::ProveCounters
        | JobKind::Purge
        | JobKind::Backup => false,
    }
}

/// Who is told that an order has come to this state.
fn told(state: OrderState, settings: &Settings) -> Vec<JobKind> {
    let mut jobs = Vec::new();
    if settings.orders.notifiable_states.contains(&state) {
        jobs.push(JobKind::NotifyCustomer);
    }
    if !settings.erp.url.is_empty() && settings.orders.syncable_states.contains(&state) {
        jobs.push(JobKind::PushToErp);
    }
    jobs
}

#[cfg(test)]
mod tests {
    use kernel::{Id, OrderAction, OrderId};

    use super::*;

    #[track_caller]
    fn check(to: OrderState, url: &str, expected: &[JobKind]) {
        let mut settings = Settings::default();
        settings.erp.url = url.to_owned();
        settings.orders.syncable_states = vec![OrderState::Pending, OrderState::Shipped];
        let moved = Event::OrderMoved { order: OrderId::from_i64(1), action: OrderAction::Correct, from: OrderState::Pending, to, reason: None };
        assert_eq!(reactions(&moved, &settings), expected);
    }

    #[test]
    fn settings_decide_who_hears() {
        check(OrderState::Shipped, "", &[JobKind::NotifyCustomer]);
        check(OrderState::Shipped, "https://erp.example", &[JobKind::NotifyCustomer, JobKind::PushToErp]);
        check(OrderState::Pending, "https://erp.example", &[JobKind::PushToErp]);
        check(OrderState::Refunded, "https://erp.example", &[]);
    }
}
