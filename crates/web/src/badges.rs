//! What states, channels, moves and events look like: one table each, so that a thing looks the same on every page.
//!
//! A tone never stands alone: a dot or an icon and words go with it. Keys are those of the message files.

use kernel::{Channel, Confirmation, Event, NoteAudience, OrderAction, OrderState, PaymentMethod, PaymentState, Priority, ShippingState};

/// A coloured word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Badge {
    /// The message.
    pub(crate) key: &'static str,
    /// The tone: `info`, `warn`, `ok`, `bad`, `vio`, `pri`, `neu`.
    pub(crate) tone: &'static str,
}

impl Badge {
    /// The class of a soft fill.
    pub(crate) fn fill(&self) -> &'static str {
        if self.tone == "pri" { "pri-soft" } else { self.tone }
    }
}

const fn badge(key: &'static str, tone: &'static str) -> Badge {
    Badge { key, tone }
}

/// What a list says about an order: its state, finer where calls and parcels know more.
pub(crate) fn order(state: OrderState, confirmation: Confirmation, has_promised_call: bool, shipping: ShippingState) -> Badge {
    match (state, confirmation, shipping) {
        (OrderState::Pending, Confirmation::Attempting, _) if has_promised_call => badge("state-call-back", "warn"),
        (OrderState::Pending, Confirmation::Attempting | Confirmation::Abandoned, _) => badge("state-no-answer", "warn"),
        (OrderState::Pending, Confirmation::Confirmed | Confirmation::Failed, _) => badge("state-to-confirm", "warn"),
        (OrderState::Processing, _, ShippingState::Booked) => badge("state-ready", "pri"),
        (OrderState::Shipped | OrderState::OutForDelivery, _, _) => badge("state-in-delivery", "vio"),
        _ => self::state(state),
    }
}

/// An order's state alone.
pub(crate) fn state(state: OrderState) -> Badge {
    match state {
        OrderState::Pending => badge("state-new", "info"),
        OrderState::Confirmed => badge("state-confirmed", "ok"),
        OrderState::Backordered => badge("state-backordered", "warn"),
        OrderState::Processing => badge("state-processing", "pri"),
        OrderState::Shipped => badge("state-shipped", "vio"),
        OrderState::OutForDelivery => badge("state-out", "vio"),
        OrderState::Delivered => badge("state-delivered", "ok"),
        OrderState::ReturnRequested => badge("state-return-requested", "warn"),
        OrderState::ReturnApproved => badge("state-return-approved", "warn"),
        OrderState::Returned => badge("state-returned", "bad"),
        OrderState::Refunded => badge("state-refunded", "neu"),
        OrderState::Cancelled => badge("state-cancelled", "bad"),
    }
}

/// What an order waits for, as a sentence beside its progress.
pub(crate) fn waits_for(state: OrderState) -> &'static str {
    match state {
        OrderState::Pending => "order-waits-confirm",
        OrderState::Confirmed => "order-waits-process",
        OrderState::Backordered => "order-waits-stock",
        OrderState::Processing => "order-waits-ship",
        OrderState::Shipped => "order-waits-out",
        OrderState::OutForDelivery => "order-waits-deliver",
        OrderState::Delivered => "order-waits-nothing",
        OrderState::ReturnRequested => "order-waits-return-approval",
        OrderState::ReturnApproved => "order-waits-return",
        OrderState::Returned => "order-waits-refund",
        OrderState::Refunded => "order-waits-refunded",
        OrderState::Cancelled => "order-waits-cancelled",
    }
}

/// What there is to do with an order, as a heading.
pub(crate) fn next_action(state: OrderState) -> &'static str {
    match state {
        OrderState::Pending => "order-next-confirm",
        OrderState::Confirmed => "order-next-process",
        OrderState::Backordered => "order-next-stock",
        OrderState::Processing => "order-next-ship",
        OrderState::Shipped | OrderState::OutForDelivery => "order-next-follow",
        OrderState::Delivered => "order-next-delivered",
        OrderState::ReturnRequested | OrderState::ReturnApproved => "order-next-return",
        OrderState::Returned | OrderState::Refunded | OrderState::Cancelled => "order-next-closed",
    }
}

/// How urgent; nothing for what is as usual.
pub(crate) fn priority(priority: Priority) -> Option<Badge> {
    match priority {
        Priority::Low => Some(badge("priority-low", "neu")),
        Priority::Normal => None,
        Priority::High => Some(badge("priority-high", "warn")),
        Priority::Urgent => Some(badge("priority-urgent", "bad")),
    }
}

/// How urgent, in one word.
pub(crate) fn priority_name(priority: Priority) -> &'static str {
    match priority {
        Priority::Low => "priority-low",
        Priority::Normal => "priority-normal",
        Priority::High => "priority-high",
        Priority::Urgent => "priority-urgent",
    }
}

/// What has been paid.
pub(crate) fn payment(state: PaymentState) -> Badge {
    match state {
        PaymentState::Unpaid => badge("payment-unpaid", "neu"),
        PaymentState::Authorized => badge("payment-authorized", "info"),
        PaymentState::Paid => badge("payment-paid", "ok"),
        PaymentState::PartRefunded => badge("payment-part-refunded", "warn"),
        PaymentState::Refunded => badge("payment-refunded", "bad"),
        PaymentState::ChargedBack => badge("payment-charged-back", "bad"),
    }
}

/// How it is paid.
pub(crate) fn payment_method(method: PaymentMethod) -> &'static str {
    match method {
        PaymentMethod::Cod => "payment-cod",
        PaymentMethod::Card => "payment-card",
        PaymentMethod::Transfer => "payment-transfer",
        PaymentMethod::Wallet => "payment-wallet",
        PaymentMethod::Voucher => "payment-voucher",
        PaymentMethod::Other => "payment-other",
    }
}

/// Where the parcel is.
pub(crate) fn shipping(state: ShippingState) -> Badge {
    match state {
        ShippingState::None => badge("shipping-none", "neu"),
        ShippingState::Booked => badge("shipping-booked", "info"),
        ShippingState::InTransit => badge("shipping-in-transit", "vio"),
        ShippingState::OutForDelivery => badge("shipping-out", "vio"),
        ShippingState::AtOffice => badge("shipping-at-office", "warn"),
        ShippingState::FailedAttempt => badge("shipping-failed-attempt", "warn"),
        ShippingState::Delivered => badge("shipping-delivered", "ok"),
        ShippingState::Returning => badge("shipping-returning", "warn"),
        ShippingState::Returned => badge("shipping-returned", "bad"),
        ShippingState::Lost => badge("shipping-lost", "bad"),
    }
}

/// Where an order came from: icon and message.
pub(crate) fn channel(channel: Channel) -> (&'static str, &'static str) {
    match channel {
        Channel::Web => ("store", "channel-web"),
        Channel::Whatsapp => ("message-circle", "channel-whatsapp"),
        Channel::Instagram => ("camera", "channel-instagram"),
        Channel::Facebook => ("thumbs-up", "channel-facebook"),
        Channel::Messenger => ("message-square", "channel-messenger"),
        Channel::Tiktok => ("music", "channel-tiktok"),
        Channel::Phone => ("phone", "channel-phone"),
        Channel::InStore => ("shopping-bag", "channel-in-store"),
        Channel::Marketplace => ("layout-grid", "channel-marketplace"),
        Channel::Api => ("plug", "channel-api"),
        Channel::Import => ("file-spreadsheet", "channel-import"),
    }
}

/// How a move is offered.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MoveFace {
    /// The verb on the button.
    pub(crate) verb: &'static str,
    /// What the toast says afterwards.
    pub(crate) done: &'static str,
    /// The dot before the verb.
    pub(crate) tone: &'static str,
    /// The key that presses it; empty for none.
    pub(crate) key: &'static str,
}

const fn face(verb: &'static str, done: &'static str, tone: &'static str, key: &'static str) -> MoveFace {
    MoveFace { verb, done, tone, key }
}

/// What a move's button looks like.
pub(crate) fn action(action: OrderAction) -> MoveFace {
    match action {
        OrderAction::Confirm => face("move-confirm", "moved-confirm", "ok", "c"),
        OrderAction::Backorder => face("move-backorder", "moved-backorder", "warn", ""),
        OrderAction::Restock => face("move-restock", "moved-restock", "ok", ""),
        OrderAction::Process => face("move-process", "moved-process", "pri", "p"),
        OrderAction::HandOver => face("move-hand-over", "moved-hand-over", "vio", "h"),
        OrderAction::OutForDelivery => face("move-out", "moved-out", "vio", ""),
        OrderAction::FailDelivery => face("move-fail-delivery", "moved-fail-delivery", "warn", ""),
        OrderAction::Deliver => face("move-deliver", "moved-deliver", "ok", "d"),
        OrderAction::ReturnToSender => face("move-return-to-sender", "moved-return-to-sender", "bad", ""),
        OrderAction::RequestReturn => face("move-request-return", "moved-request-return", "warn", ""),
        OrderAction::ApproveReturn => face("move-approve-return", "moved-approve-return", "ok", ""),
        OrderAction::RejectReturn => face("move-reject-return", "moved-reject-return", "bad", ""),
        OrderAction::ReceiveReturn => face("move-receive-return", "moved-receive-return", "ok", ""),
        OrderAction::Refund => face("move-refund", "moved-refund", "warn", ""),
        OrderAction::Cancel => face("move-cancel", "moved-cancel", "bad", ""),
        OrderAction::Reopen => face("move-reopen", "moved-reopen", "info", ""),
        OrderAction::Correct => face("move-correct", "moved-correct", "neu", ""),
    }
}

/// How a line of an order's history looks: icon, tone, sentence about `$who`.
pub(crate) fn event(event: &Event) -> (&'static str, &'static str, &'static str) {
    match event {
        Event::OrderPlaced { .. } => ("shopping-bag", "neu", "history-placed"),
        Event::OrderMoved { to, action, .. } => (moved_icon(*to), state(*to).tone, moved_sentence(*action)),
        Event::SubstatusMoved { .. } => ("circle-check", "neu", "history-substatus"),
        Event::MoveUndone { .. } => ("undo-2", "neu", "history-undone"),
        Event::InvoiceNumbered { .. } | Event::CreditNumbered { .. } => ("banknote", "ok", "history-numbered"),
        Event::InvoiceVoided { .. } | Event::CreditVoided { .. } => ("banknote", "bad", "history-number-voided"),
        Event::HoldSet { .. } => ("lock", "warn", "history-hold-set"),
        Event::HoldChanged { .. } => ("lock", "neu", "history-hold-changed"),
        Event::HoldReleased { .. } => ("circle-check", "ok", "history-hold-released"),
        Event::HoldUndone { .. } => ("undo-2", "neu", "history-hold-undone"),
        Event::EscalationRaised { .. } => ("arrow-up", "warn", "history-escalated"),
        Event::EscalationAcknowledged { .. } => ("eye", "info", "history-escalation-acknowledged"),
        Event::EscalationMoved { is_overdue: false, .. } => ("arrow-up", "warn", "history-escalation-moved"),
        Event::EscalationMoved { is_overdue: true, .. } => ("clock", "bad", "history-escalation-late"),
        Event::EscalationAnswered { .. } => ("arrow-down", "info", "history-escalation-answered"),
        Event::EscalationOverdue { .. } => ("clock", "bad", "history-escalation-overdue"),
        Event::EscalationResolved { .. } => ("circle-check", "ok", "history-escalation-resolved"),
        Event::OrderChanged { .. } => ("pencil", "info", "history-changed"),
        Event::OrderEdited { .. } => ("pencil", "info", "history-edited"),
        Event::EditUndone { .. } => ("undo-2", "neu", "history-edit-undone"),
        Event::LineMoved { .. } => ("package", "neu", "history-line-moved"),
        Event::NoteAdded { audience: NoteAudience::Internal, .. } => ("sticky-note", "neu", "history-note"),
        Event::NoteAdded { audience: NoteAudience::Customer, .. } => ("sticky-note", "warn", "history-note-customer"),
        Event::NotePinned { .. } => ("pin", "neu", "history-note-pinned"),
        Event::NoteUnpinned { .. } => ("pin", "neu", "history-note-unpinned"),
        Event::TrackingAdded { .. } => ("truck", "vio", "history-tracking"),
        Event::AttachmentAdded { .. } => ("camera", "info", "history-attached"),
        Event::AttachmentChanged { .. } => ("camera", "neu", "history-attachment-changed"),
        Event::AttachmentRemoved { .. } => ("camera", "neu", "history-detached"),
        Event::AttachmentRestored { .. } => ("undo-2", "neu", "history-attachment-restored"),
        Event::OrderArchived { .. } => ("archive", "neu", "history-archived"),
        Event::OrderUnarchived { .. } => ("archive", "neu", "history-unarchived"),
        Event::DecisionRecorded { .. } => ("bot", "info", "history-decision"),
        Event::CreditNoteRecorded { .. } => ("banknote", "bad", "history-credited"),
        Event::TransactionRecorded { .. } => ("banknote", "ok", "history-paid"),
        Event::OrderNotified { .. } => ("message-circle", "ok", "history-notified"),
        Event::OrderAssigned { to: Some(_), .. } => ("user-check", "info", "history-given"),
        Event::OrderAssigned { to: None, .. } => ("users", "neu", "history-freed"),
        Event::MessageAsked { .. } => ("message-circle", "info", "history-message-asked"),
        Event::MessageCalledOff { .. } => ("undo-2", "neu", "history-message-called-off"),
        Event::OrderPushed { is_taken: true, .. } => ("plug", "ok", "history-pushed"),
        Event::OrderPushed { is_taken: false, .. } => ("plug", "bad", "history-push-refused"),
        _ => ("history", "neu", "history-other"),
    }
}

fn moved_icon(to: OrderState) -> &'static str {
    match to {
        OrderState::Shipped | OrderState::OutForDelivery => "truck",
        OrderState::Cancelled => "ban",
        OrderState::Returned | OrderState::ReturnApproved | OrderState::ReturnRequested => "undo-2",
        OrderState::Refunded => "banknote",
        OrderState::Processing | OrderState::Backordered => "package",
        OrderState::Pending | OrderState::Confirmed | OrderState::Delivered => "circle-check",
    }
}

fn moved_sentence(action: OrderAction) -> &'static str {
    match action {
        OrderAction::Confirm => "history-confirm",
        OrderAction::Backorder => "history-backorder",
        OrderAction::Restock => "history-restock",
        OrderAction::Process => "history-process",
        OrderAction::HandOver => "history-hand-over",
        OrderAction::OutForDelivery => "history-out",
        OrderAction::FailDelivery => "history-fail-delivery",
        OrderAction::Deliver => "history-deliver",
        OrderAction::ReturnToSender => "history-return-to-sender",
        OrderAction::RequestReturn => "history-request-return",
        OrderAction::ApproveReturn => "history-approve-return",
        OrderAction::RejectReturn => "history-reject-return",
        OrderAction::ReceiveReturn => "history-receive-return",
        OrderAction::Refund => "history-refund",
        OrderAction::Cancel => "history-cancel",
        OrderAction::Reopen => "history-reopen",
        OrderAction::Correct => "history-correct",
    }
}

/// The tone of somebody's initials, the same on every page.
pub(crate) fn person_tone(id: i64) -> &'static str {
    const TONES: [&str; 6] = ["t-info", "t-vio", "t-ok", "t-warn", "t-pri", "t-bad"];
    // Ids made in one burst differ in their lowest bits; the highest hold the moment.
    let mixed = (id as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
    TONES[(mixed % TONES.len() as u64) as usize]
}

/// At most two initials of a name; one letter where words do not start with Latin letters.
pub(crate) fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().find(|sign| sign.is_alphanumeric()));
    let Some(first) = words.next() else { return "?".to_owned() };
    let is_latin = first < '\u{250}';
    match words.next_back().filter(|_| is_latin) {
        Some(last) => first.to_uppercase().chain(last.to_uppercase()).collect(),
        None => first.to_uppercase().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_short_in_every_script() {
        assert_eq!(initials("Nadia Boudiaf"), "NB");
        assert_eq!(initials("Samia Ould Ali"), "SA");
        assert_eq!(initials("نادية بوضياف"), "ن");
        assert_eq!(initials(" élodie "), "É");
        assert_eq!(initials(""), "?");
    }

    #[test]
    fn calls_and_parcels_refine_the_state() {
        use Confirmation::{Attempting, Pending};
        let key = |state, confirmation, promised, parcel| order(state, confirmation, promised, parcel).key;
        assert_eq!(key(OrderState::Pending, Pending, false, ShippingState::None), "state-new");
        assert_eq!(key(OrderState::Pending, Attempting, true, ShippingState::None), "state-call-back");
        assert_eq!(key(OrderState::Pending, Attempting, false, ShippingState::None), "state-no-answer");
        assert_eq!(key(OrderState::Processing, Pending, false, ShippingState::Booked), "state-ready");
    }
}
