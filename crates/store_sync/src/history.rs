//! The moves that led an order to where a file says it is.

use kernel::{OrderAction, OrderState, Time};

use crate::piece::Step;

/// What a file knows about when things happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Times {
    pub(crate) placed: Time,
    pub(crate) confirmed: Option<Time>,
    pub(crate) handed_over: Option<Time>,
    pub(crate) delivered: Option<Time>,
    pub(crate) ended: Option<Time>,
}

/// The usual way to a state, each move at the time that the file gives for it, else at the nearest known
/// time before. Clocks of different people disagree, so a move may be earlier than the one before it;
/// it stays as it is told.
pub(crate) fn steps(state: OrderState, times: &Times) -> Vec<Step> {
    use OrderAction::{ApproveReturn, Backorder, Cancel, Confirm, Deliver, HandOver, OutForDelivery, Process, Refund, RequestReturn, ReturnToSender};

    let confirmed = times.confirmed.unwrap_or(times.placed);
    let handed_over = times.handed_over.unwrap_or(confirmed);
    let delivered = times.delivered.unwrap_or(handed_over);
    let confirm = Step::new(Confirm, confirmed);
    let way = [confirm, Step::new(Process, handed_over), Step::new(HandOver, handed_over)];
    let ended = times.ended.unwrap_or(delivered);
    let back = [way.as_slice(), &[Step::new(Deliver, delivered), Step::because(RequestReturn, ended, "imported")]].concat();
    match state {
        OrderState::Pending => Vec::new(),
        OrderState::Confirmed => vec![confirm],
        OrderState::Backordered => vec![confirm, Step::new(Backorder, confirmed)],
        OrderState::Processing => vec![confirm, Step::new(Process, handed_over)],
        OrderState::Shipped => way.to_vec(),
        OrderState::OutForDelivery => [way.as_slice(), &[Step::new(OutForDelivery, delivered)]].concat(),
        OrderState::Delivered => [way.as_slice(), &[Step::new(Deliver, delivered)]].concat(),
        OrderState::Returned => [way.as_slice(), &[Step::because(ReturnToSender, ended, "imported")]].concat(),
        OrderState::Cancelled => {
            let cancel = Step::because(Cancel, times.ended.unwrap_or(confirmed), "imported");
            if times.confirmed.is_some() { vec![confirm, cancel] } else { vec![cancel] }
        }
        OrderState::ReturnRequested => back,
        OrderState::ReturnApproved => [back.as_slice(), &[Step::new(ApproveReturn, ended)]].concat(),
        OrderState::Refunded => [way.as_slice(), &[Step::new(Deliver, delivered), Step::because(Refund, ended, "imported")]].concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(state: OrderState, times: Times, expected: &str) {
        let found: Vec<String> = steps(state, &times).iter().map(|step| format!("{} {}", step.action, step.at.0)).collect();
        assert_eq!(found.join(", "), expected);
    }

    #[test]
    fn moves_keep_their_own_times() {
        let all = Times { placed: Time(1), confirmed: Some(Time(2)), handed_over: Some(Time(3)), delivered: Some(Time(4)), ended: None };
        check(OrderState::Delivered, all, "confirm 2, process 3, hand_over 3, deliver 4");
        check(OrderState::Delivered, Times { confirmed: None, ..all }, "confirm 1, process 3, hand_over 3, deliver 4");
        check(OrderState::Delivered, Times { placed: Time(1), ..Times::default() }, "confirm 1, process 1, hand_over 1, deliver 1");
        check(OrderState::Shipped, Times { handed_over: Some(Time(1)), ..all }, "confirm 2, process 1, hand_over 1");
        check(OrderState::Cancelled, all, "confirm 2, cancel 2");
        check(OrderState::Cancelled, Times { placed: Time(1), ended: Some(Time(9)), ..Times::default() }, "cancel 9");
        check(OrderState::Returned, Times { ended: Some(Time(9)), ..all }, "confirm 2, process 3, hand_over 3, return_to_sender 9");
        check(OrderState::Processing, Times { handed_over: None, ..all }, "confirm 2, process 2");
    }

    #[test]
    fn the_table_of_moves_allows_every_way() {
        for state in OrderState::ALL {
            let mut at = OrderState::Pending;
            for step in steps(*state, &Times::default()) {
                let row = orders::state::transition(at, step.action).unwrap();
                assert_eq!(row.needs_reason, step.reason.is_some(), "{}", step.action);
                at = row.to;
            }
            assert_eq!(at, *state);
        }
    }
}
