//! The order's own life, as a table: which action leads from which state to which, and who may.
//!
//! There is no way round it. A step taken by mistake is put right by `correct`, one state back, which
//! has its own rows, its own right and leaves its trace. Confirmation, payment, shipment and return
//! are machines of their own; what a move implies for the facts kept beside the order is
//! [`implied`].

use kernel::OrderAction::{
    ApproveReturn, Backorder, Cancel, Confirm, Correct, Deliver, FailDelivery, HandOver, OutForDelivery, Process, ReceiveReturn, Refund,
    RejectReturn, Reopen, RequestReturn, Restock, ReturnToSender,
};
use kernel::OrderState::{
    Backordered, Cancelled, Confirmed, Delivered, Pending, Processing, Refunded, ReturnApproved, ReturnRequested, Returned, Shipped,
};
use kernel::Permission::{
    OrderCancel, OrderConfirm, OrderCorrect, OrderDeliver, OrderProcess, OrderRefund, OrderReturn, OrderReturnApprove, OrderShip,
};
use kernel::{Confirmation, Error, OrderAction, OrderState, Permission, Permissions, ShippingState};

/// The state of a parcel with its delivery agent; named apart because the action has the same name.
const ON_THE_ROAD: OrderState = OrderState::OutForDelivery;

/// One allowed move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transition {
    /// From this state.
    pub from: OrderState,
    /// By this action.
    pub action: OrderAction,
    /// To this state.
    pub to: OrderState,
    /// With this right.
    pub permission: Permission,
    /// Whether the action must say why.
    pub needs_reason: bool,
}

const fn row(from: OrderState, action: OrderAction, to: OrderState, permission: Permission) -> Transition {
    Transition { from, action, to, permission, needs_reason: needs_reason(action) }
}

/// Whether an action must say why.
pub const fn needs_reason(action: OrderAction) -> bool {
    matches!(action, Cancel | FailDelivery | ReturnToSender | RequestReturn | RejectReturn | Refund | Correct)
}

/// Every allowed move. Between two states the first row is the usual way.
#[rustfmt::skip]
pub const TRANSITIONS: &[Transition] = &[
    //  from             action          to               right
    row(Pending,         Confirm,        Confirmed,       OrderConfirm),
    row(Pending,         Backorder,      Backordered,     OrderConfirm),
    row(Pending,         Process,        Processing,      OrderProcess),
    row(Pending,         Cancel,         Cancelled,       OrderCancel),

    row(Confirmed,       Process,        Processing,      OrderProcess),
    row(Confirmed,       Backorder,      Backordered,     OrderConfirm),
    row(Confirmed,       Cancel,         Cancelled,       OrderCancel),
    row(Confirmed,       Correct,        Pending,         OrderCorrect),

    row(Backordered,     Restock,        Confirmed,       OrderConfirm),
    row(Backordered,     Cancel,         Cancelled,       OrderCancel),
    row(Backordered,     Correct,        Pending,         OrderCorrect),

    row(Processing,      HandOver,       Shipped,         OrderShip),
    row(Processing,      Backorder,      Backordered,     OrderConfirm),
    row(Processing,      Cancel,         Cancelled,       OrderCancel),
    row(Processing,      Correct,        Confirmed,       OrderCorrect),

    row(Shipped,         OutForDelivery, ON_THE_ROAD,     OrderShip),
    row(Shipped,         Deliver,        Delivered,       OrderDeliver),
    row(Shipped,         ReturnToSender, Returned,        OrderShip),
    row(Shipped,         Correct,        Processing,      OrderCorrect),

    row(ON_THE_ROAD,     Deliver,        Delivered,       OrderDeliver),
    row(ON_THE_ROAD,     FailDelivery,   Shipped,         OrderShip),
    row(ON_THE_ROAD,     ReturnToSender, Returned,        OrderShip),
    row(ON_THE_ROAD,     Correct,        Shipped,         OrderCorrect),

    row(Delivered,       RequestReturn,  ReturnRequested, OrderReturn),
    row(Delivered,       Refund,         Refunded,        OrderRefund),
    row(Delivered,       Correct,        Shipped,         OrderCorrect),

    row(ReturnRequested, ApproveReturn,  ReturnApproved,  OrderReturnApprove),
    row(ReturnRequested, RejectReturn,   Delivered,       OrderReturnApprove),
    row(ReturnRequested, Correct,        Delivered,       OrderCorrect),

    row(ReturnApproved,  ReceiveReturn,  Returned,        OrderReturnApprove),
    row(ReturnApproved,  RejectReturn,   Delivered,       OrderReturnApprove),
    row(ReturnApproved,  Correct,        ReturnRequested, OrderCorrect),

    // A refund is put right in the ledger, so `Refunded` has no row.
    row(Returned,        Refund,         Refunded,        OrderRefund),
    row(Returned,        Correct,        ReturnApproved,  OrderCorrect),

    row(Cancelled,       Reopen,         Pending,         OrderCancel),
];

/// The row for an action in a state, or `Conflict` with what would be allowed instead.
pub fn transition(from: OrderState, action: OrderAction) -> Result<&'static Transition, Error> {
    TRANSITIONS.iter().find(|row| row.from == from && row.action == action).ok_or_else(|| not_from_here(from).with("action", action))
}

/// The usual action between two states, for callers who name the state they want.
pub fn action_between(from: OrderState, to: OrderState) -> Result<OrderAction, Error> {
    let found = TRANSITIONS.iter().find(|row| row.from == from && row.to == to);
    found.map(|row| row.action).ok_or_else(|| not_from_here(from).with("to", to))
}

fn not_from_here(from: OrderState) -> Error {
    let allowed: Vec<&str> = actions(from).map(|row| row.action.as_str()).collect();
    Error::conflict("order.state").with("state", from).with("allowed", allowed.join(", "))
}

/// The rows that begin here.
pub fn actions(from: OrderState) -> impl Iterator<Item = &'static Transition> {
    TRANSITIONS.iter().filter(move |row| row.from == from)
}

/// What somebody with these rights may do from here.
pub fn actions_from(from: OrderState, permissions: &Permissions) -> Vec<OrderAction> {
    actions(from).filter(|row| permissions.has(row.permission)).map(|row| row.action).collect()
}

/// Where an order goes next when all goes well.
pub fn expected_next(state: OrderState) -> Option<OrderState> {
    match state {
        Pending | Backordered => Some(Confirmed),
        Confirmed => Some(Processing),
        Processing => Some(Shipped),
        Shipped => Some(ON_THE_ROAD),
        OrderState::OutForDelivery => Some(Delivered),
        ReturnRequested => Some(ReturnApproved),
        ReturnApproved => Some(Returned),
        Delivered | Returned | Refunded | Cancelled => None,
    }
}

/// What a move says about the facts that stand beside the order. Their own machines say more and
/// later; until they do, lists and queues must not contradict the order's state.
pub fn implied(action: OrderAction, to: OrderState) -> (Option<Confirmation>, Option<ShippingState>) {
    let confirmation = match (action, to) {
        (Confirm | Restock, _) => Some(Confirmation::Confirmed),
        (Reopen, _) | (Correct, Pending) => Some(Confirmation::Pending),
        _ => None,
    };
    let shipping = match (action, to) {
        (HandOver, _) => Some(ShippingState::InTransit),
        (OutForDelivery, _) => Some(ShippingState::OutForDelivery),
        (FailDelivery, _) => Some(ShippingState::FailedAttempt),
        (Deliver, _) => Some(ShippingState::Delivered),
        (ReturnToSender | ReceiveReturn, _) => Some(ShippingState::Returned),
        (Correct, Shipped) => Some(ShippingState::InTransit),
        (Correct, Processing) => Some(ShippingState::None),
        (Correct, ReturnApproved) => Some(ShippingState::Returning),
        _ => None,
    };
    (confirmation, shipping)
}

/// What an order in this state is to its customer's totals: delivered and kept, back, called off.
pub(crate) fn outcome(state: OrderState) -> Outcome {
    match state {
        Delivered | ReturnRequested | ReturnApproved => Outcome::Delivered,
        Returned | Refunded => Outcome::Returned,
        Cancelled => Outcome::Cancelled,
        Pending | Confirmed | Backordered | Processing | Shipped | OrderState::OutForDelivery => Outcome::Open,
    }
}

/// See [`outcome`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Open,
    Delivered,
    Returned,
    Cancelled,
}

/// The table for the documents, as Markdown.
pub fn markdown() -> String {
    let mut text = String::from("| from | action | to | right | reason |\n|---|---|---|---|---|\n");
    for row in TRANSITIONS {
        let reason = if row.needs_reason { "required" } else { "" };
        text.push_str(&format!("| {} | {} | {} | {} | {reason} |\n", row.from, row.action, row.to, row.permission));
    }
    text
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_state_and_an_action_lead_to_one_place() {
        let mut seen = BTreeSet::new();
        for row in TRANSITIONS {
            assert!(seen.insert((row.from, row.action)), "{} {} stands twice", row.from, row.action);
            assert_ne!(row.from, row.to);
        }
    }

    #[test]
    fn every_state_is_reached_and_every_action_is_used() {
        for state in OrderState::ALL {
            assert!(*state == Pending || TRANSITIONS.iter().any(|row| row.to == *state), "{state} is never reached");
            assert!(*state == Refunded || actions(*state).next().is_some(), "{state} is a dead end");
        }
        for action in OrderAction::ALL {
            assert!(TRANSITIONS.iter().any(|row| row.action == *action), "{action} is never allowed");
        }
    }

    #[test]
    fn what_is_expected_is_allowed() {
        for state in OrderState::ALL {
            if let Some(next) = expected_next(*state) {
                assert!(action_between(*state, next).is_ok(), "{state} to {next}");
            }
        }
    }

    #[test]
    fn an_order_on_its_way_is_not_cancelled() {
        for from in [Shipped, ON_THE_ROAD, Delivered, Returned, Refunded] {
            assert_eq!(transition(from, Cancel).unwrap_err().code(), "order.state");
        }
        assert_eq!(action_between(ON_THE_ROAD, Shipped).unwrap(), FailDelivery);
        assert_eq!(action_between(ReturnRequested, Delivered).unwrap(), RejectReturn);
        assert!(action_between(Pending, Shipped).is_err());
    }

    #[test]
    fn rights_decide_which_actions_are_offered() {
        let caller: Permissions = [OrderConfirm, OrderCancel].into_iter().collect();
        assert_eq!(actions_from(Pending, &caller), [Confirm, Backorder, Cancel]);
        assert_eq!(actions_from(Shipped, &caller), []);
        assert!(markdown().contains("| PROCESSING | hand_over | SHIPPED | order.ship |  |\n"));
    }
}
