//! What an order counts as paid.

use kernel::{Amount, PaymentMethod, PaymentState, TransactionKind, TransactionState};

use crate::Transaction;

/// Derives what an order of this total counts as, from all its movements.
///
/// Charged back wins over refunded, refunded over paid. An order that is only partly paid is still
/// unpaid: the door has to collect the rest. Money that the door is still to collect promises nothing.
pub fn payment_state(total: Amount, movements: &[Transaction]) -> PaymentState {
    let sum = |kind: TransactionKind, state: TransactionState| -> Amount {
        movements.iter().filter(|one| one.kind == kind && one.state == state).map(|one| one.amount).sum()
    };
    let paid = sum(TransactionKind::Payment, TransactionState::Settled);
    let is_promise =
        |one: &&Transaction| one.kind == TransactionKind::Payment && one.state == TransactionState::Pending && one.method != PaymentMethod::Cod;
    let promised: Amount = movements.iter().filter(is_promise).map(|one| one.amount).sum();
    let refunded = sum(TransactionKind::Refund, TransactionState::Settled);
    let charged_back = sum(TransactionKind::Chargeback, TransactionState::Settled);
    if charged_back > Amount::ZERO {
        PaymentState::ChargedBack
    } else if refunded > Amount::ZERO && refunded >= paid {
        PaymentState::Refunded
    } else if refunded > Amount::ZERO {
        PaymentState::PartRefunded
    } else if paid >= total && paid > Amount::ZERO {
        PaymentState::Paid
    } else if paid + promised >= total && promised > Amount::ZERO {
        PaymentState::Authorized
    } else {
        PaymentState::Unpaid
    }
}

/// What the door still has to collect: of cash on delivery what has not come in. What is only promised has not.
pub(crate) fn to_collect(method: PaymentMethod, total: Amount, movements: &[Transaction]) -> Amount {
    if method != PaymentMethod::Cod {
        return Amount::ZERO;
    }
    let is_in = |one: &&Transaction| one.kind == TransactionKind::Payment && one.state == TransactionState::Settled;
    let paid: Amount = movements.iter().filter(is_in).map(|one| one.amount).sum();
    Amount::ZERO.max(total - paid)
}

#[cfg(test)]
mod tests {
    use kernel::{Id, OrderId, Time, TransactionId};

    use super::*;

    /// `paid 60; promised 40; refunded 10; charged 5`, against a total of 100; the door is `expected` to collect.
    #[track_caller]
    fn check(story: &str, expected: PaymentState) {
        assert_eq!(payment_state(Amount(100), &movements(story)), expected, "{story}");
    }

    fn movements(story: &str) -> Vec<Transaction> {
        story
            .split("; ")
            .filter(|step| !step.is_empty())
            .map(|step| {
                let (word, amount) = step.split_once(' ').unwrap();
                let (kind, state) = match word {
                    "paid" => (TransactionKind::Payment, TransactionState::Settled),
                    "promised" | "expected" => (TransactionKind::Payment, TransactionState::Pending),
                    "failed" => (TransactionKind::Payment, TransactionState::Failed),
                    "refunded" => (TransactionKind::Refund, TransactionState::Settled),
                    "charged" => (TransactionKind::Chargeback, TransactionState::Settled),
                    other => panic!("no such step: {other}"),
                };
                Transaction {
                    id: TransactionId::from_i64(1),
                    order_id: OrderId::from_i64(1),
                    kind,
                    state,
                    method: if word == "expected" { PaymentMethod::Cod } else { PaymentMethod::Card },
                    amount: Amount(amount.parse().unwrap()),
                    currency: kernel::Currency::DZD,
                    reference: None,
                    at: Time(0),
                }
            })
            .collect()
    }

    #[test]
    fn the_door_collects_what_has_not_come_in() {
        let check = |method, story, expected| assert_eq!(to_collect(method, Amount(100), &movements(story)), Amount(expected), "{story}");
        check(PaymentMethod::Cod, "", 100);
        check(PaymentMethod::Cod, "paid 60; failed 40", 40);
        check(PaymentMethod::Cod, "paid 160", 0);
        check(PaymentMethod::Cod, "paid 60; promised 40; expected 40", 40);
        check(PaymentMethod::Card, "", 0);
    }

    #[test]
    fn the_state_follows_from_the_movements() {
        check("", PaymentState::Unpaid);
        check("paid 60", PaymentState::Unpaid);
        check("failed 100", PaymentState::Unpaid);
        check("paid 60; paid 40", PaymentState::Paid);
        check("paid 60; promised 40", PaymentState::Authorized);
        check("paid 60; expected 40", PaymentState::Unpaid);
        check("paid 100; refunded 30", PaymentState::PartRefunded);
        check("paid 100; refunded 100", PaymentState::Refunded);
        check("paid 100; refunded 100; charged 5", PaymentState::ChargedBack);
    }
}
