//! Where an order stands in a customer's words, by which stops it came there, what may be asked for. Pure.

use kernel::{Confirmation, OrderState, ShippingState, Time, words};

words! {
    /// A stop on an order's way, as its customer sees it.
    pub enum Stage {
        /// It came in.
        Received = "received",
        /// The customer agreed.
        Confirmed = "confirmed",
        /// It is being packed.
        Prepared = "prepared",
        /// The courier has it.
        Sent = "sent",
        /// The delivery agent has it.
        Near = "near",
        /// The customer has it.
        Delivered = "delivered",
        /// The customer wants to give it back.
        ReturnAsked = "return_asked",
        /// It may come back.
        ReturnAccepted = "return_accepted",
        /// It came back.
        Back = "back",
        /// The money went back.
        Refunded = "refunded",
        /// It was called off.
        Cancelled = "cancelled",
    }

    /// Where an order stands, in a customer's words.
    pub enum Standing {
        /// It came in; somebody will call.
        Received = "received",
        /// Somebody called and did not reach her.
        NotReached = "not_reached",
        /// She agreed.
        Confirmed = "confirmed",
        /// Something is missing and on its way to the store.
        Waiting = "waiting",
        /// It is being packed.
        Preparing = "preparing",
        /// The courier has it.
        Sent = "sent",
        /// It waits at an office of the courier.
        AtOffice = "at_office",
        /// The delivery agent has it.
        Near = "near",
        /// The delivery agent could not hand it over.
        NotMet = "not_met",
        /// She has it.
        Delivered = "delivered",
        /// She wants to give it back.
        ReturnAsked = "return_asked",
        /// It may come back.
        ReturnAccepted = "return_accepted",
        /// It is on its way back to the store.
        Returning = "returning",
        /// It is back.
        Back = "back",
        /// The money went back.
        Refunded = "refunded",
        /// It was called off.
        Cancelled = "cancelled",
        /// The courier lost it.
        Lost = "lost",
    }

    /// What a customer may ask for about an order.
    pub enum Wish {
        /// To receive it on another day.
        OtherDay = "other_day",
        /// To have the address put right.
        Address = "address",
        /// To call it off.
        Cancel = "cancel",
        /// To give it back or to exchange it.
        Return = "return",
        /// Something else.
        Other = "other",
    }
}

/// The stops when all goes well.
const WAY: [Stage; 6] = [Stage::Received, Stage::Confirmed, Stage::Prepared, Stage::Sent, Stage::Near, Stage::Delivered];

impl Stage {
    /// The stop at which an order of this state is.
    pub(crate) fn of(state: OrderState) -> Stage {
        match state {
            OrderState::Pending => Stage::Received,
            OrderState::Confirmed | OrderState::Backordered => Stage::Confirmed,
            OrderState::Processing => Stage::Prepared,
            OrderState::Shipped => Stage::Sent,
            OrderState::OutForDelivery => Stage::Near,
            OrderState::Delivered => Stage::Delivered,
            OrderState::ReturnRequested => Stage::ReturnAsked,
            OrderState::ReturnApproved => Stage::ReturnAccepted,
            OrderState::Returned => Stage::Back,
            OrderState::Refunded => Stage::Refunded,
            OrderState::Cancelled => Stage::Cancelled,
        }
    }
}

impl Standing {
    /// By the order's state, and finer where the call and the parcel know more.
    pub(crate) fn of(state: OrderState, confirmation: Confirmation, parcel: ShippingState) -> Standing {
        match (state, parcel) {
            (OrderState::Shipped | OrderState::OutForDelivery, ShippingState::Lost) => Standing::Lost,
            (OrderState::Shipped | OrderState::OutForDelivery, ShippingState::Returning | ShippingState::Returned) => Standing::Returning,
            (OrderState::Shipped | OrderState::OutForDelivery, ShippingState::AtOffice) => Standing::AtOffice,
            (OrderState::Shipped | OrderState::OutForDelivery, ShippingState::FailedAttempt) => Standing::NotMet,
            (OrderState::Pending, _) if matches!(confirmation, Confirmation::Attempting | Confirmation::Abandoned) => Standing::NotReached,
            (OrderState::Pending, _) => Standing::Received,
            (OrderState::Confirmed, _) => Standing::Confirmed,
            (OrderState::Backordered, _) => Standing::Waiting,
            (OrderState::Processing, _) => Standing::Preparing,
            (OrderState::Shipped, _) => Standing::Sent,
            (OrderState::OutForDelivery, _) => Standing::Near,
            (OrderState::Delivered, _) => Standing::Delivered,
            (OrderState::ReturnRequested, _) => Standing::ReturnAsked,
            (OrderState::ReturnApproved, _) => Standing::ReturnAccepted,
            (OrderState::Returned, _) => Standing::Back,
            (OrderState::Refunded, _) => Standing::Refunded,
            (OrderState::Cancelled, _) => Standing::Cancelled,
        }
    }

    /// Whether it is still to come to the customer.
    pub fn is_coming(self) -> bool {
        !matches!(self, Standing::Delivered | Standing::Lost) && !self.is_over()
    }

    /// Whether it was called off or goes back.
    pub fn is_over(self) -> bool {
        use Standing::{Back, Cancelled, Refunded, ReturnAccepted, ReturnAsked, Returning};
        matches!(self, Cancelled | ReturnAsked | ReturnAccepted | Returning | Back | Refunded)
    }

    /// What may be asked for at this point.
    pub(crate) fn wishes(self) -> &'static [Wish] {
        use Standing::{AtOffice, Confirmed, Delivered, Near, NotMet, NotReached, Preparing, Received, Sent, Waiting};
        match self {
            Received | NotReached | Confirmed | Waiting | Preparing => &[Wish::OtherDay, Wish::Address, Wish::Cancel, Wish::Other],
            Sent | AtOffice | Near | NotMet => &[Wish::OtherDay, Wish::Address, Wish::Other],
            Delivered => &[Wish::Return, Wish::Other],
            _ => &[Wish::Other],
        }
    }
}

/// A stop with what is known about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Which.
    pub stage: Stage,
    /// When it was reached, if that was written down.
    pub at: Option<Time>,
    /// Whether it lies behind.
    pub is_done: bool,
    /// Whether it is where the order is.
    pub is_now: bool,
}

/// The stops of an order that came to these states at these times, oldest first. What was put right or taken back does
/// not show; an order that left its way shows how far it came.
pub(crate) fn route(came: &[(OrderState, Time)], placed_at: Time, state: OrderState) -> Vec<Part> {
    let mut reached: Vec<(Stage, Time)> = vec![(Stage::Received, placed_at)];
    for (to, at) in came {
        let stage = Stage::of(*to);
        if reached.last().is_none_or(|(last, _)| *last != stage) {
            reached.retain(|(other, _)| *other < stage);
            reached.push((stage, if stage == Stage::Received { placed_at } else { *at }));
        }
    }
    let now = Stage::of(state);
    let at = |stage: Stage| reached.iter().find(|(other, _)| *other == stage).map(|(_, at)| *at);
    let part = |stage: Stage| Part { stage, at: at(stage).filter(|_| stage <= now), is_done: stage < now, is_now: stage == now };
    if WAY.contains(&now) {
        return WAY.into_iter().map(part).collect();
    }
    let furthest = reached.iter().map(|(stage, _)| *stage).filter(|stage| WAY.contains(stage)).max().unwrap_or(Stage::Received);
    let mut parts: Vec<Part> = WAY.into_iter().filter(|stage| *stage <= furthest).map(part).collect();
    let off_way = [Stage::ReturnAsked, Stage::ReturnAccepted, Stage::Back, Stage::Refunded, Stage::Cancelled];
    let is_ahead = |stage: Stage| match now {
        Stage::ReturnAsked => matches!(stage, Stage::ReturnAccepted | Stage::Back),
        Stage::ReturnAccepted => stage == Stage::Back,
        _ => false,
    };
    let shown = off_way.into_iter().filter(|stage| *stage == now || (*stage < now && at(*stage).is_some()) || is_ahead(*stage));
    parts.extend(shown.map(part));
    parts
}

/// A name as the page shows it: the first word, and of the last its first letter.
pub fn shown_name(name: &str) -> String {
    let mut words = name.split_whitespace();
    let Some(first) = words.next() else { return String::new() };
    match words.next_back().and_then(|last| last.chars().next()) {
        Some(letter) => format!("{first} {letter}."),
        None => first.to_owned(),
    }
}

/// A street as the page shows it: its first word, unless that has digits.
pub(crate) fn shown_street(street: &str) -> String {
    match street.split_whitespace().next().filter(|word| !word.chars().any(char::is_numeric)) {
        Some(word) => format!("{} {}", word.trim_end_matches(','), kernel::mask::DOTS),
        None => kernel::mask::DOTS.to_owned(),
    }
}

/// Whether what somebody typed proves that the order is theirs: at least the last four digits of its telephone.
pub(crate) fn ends_with(phone: &str, typed: &str) -> bool {
    use subtle::ConstantTimeEq;
    // The zero before a national number is not part of its written form.
    let digits = if typed.len() >= 9 { typed.trim_start_matches('0') } else { typed };
    let is_long_enough = digits.len() >= 4 && digits.bytes().all(|sign| sign.is_ascii_digit());
    let end = phone.len().checked_sub(digits.len()).and_then(|from| phone.get(from..)).unwrap_or_default();
    let is_same: bool = end.as_bytes().ct_eq(digits.as_bytes()).into();
    is_long_enough && is_same
}

#[cfg(test)]
mod tests {
    use kernel::OrderState::{Backordered, Cancelled, Confirmed, Delivered, OutForDelivery, Pending, Processing, ReturnRequested, Returned, Shipped};

    use super::*;

    #[track_caller]
    fn check(came: &[OrderState], expected: &str) {
        let state = *came.last().unwrap();
        let came: Vec<(OrderState, Time)> = came.iter().enumerate().map(|(place, state)| (*state, Time(place as i64 + 1))).collect();
        let shown: Vec<String> = route(&came, Time(1), state)
            .iter()
            .map(|part| {
                let sign = if part.is_now { "*" } else { "" };
                let at = part.at.map_or_else(|| "-".to_owned(), |at| at.0.to_string());
                format!("{sign}{}:{at}", part.stage)
            })
            .collect();
        assert_eq!(shown.join(" "), expected);
    }

    #[test]
    fn the_way_shows_what_is_behind_and_what_lies_ahead() {
        check(&[Pending], "*received:1 confirmed:- prepared:- sent:- near:- delivered:-");
        check(&[Pending, Confirmed, Processing, Shipped], "received:1 confirmed:2 prepared:3 *sent:4 near:- delivered:-");
        check(&[Pending, Confirmed, Processing, Shipped, OutForDelivery, Delivered], "received:1 confirmed:2 prepared:3 sent:4 near:5 *delivered:6");
        // Waiting for stock is the same stop.
        check(&[Pending, Confirmed, Backordered, Confirmed], "received:1 *confirmed:2 prepared:- sent:- near:- delivered:-");
    }

    #[test]
    fn what_was_put_right_does_not_show() {
        check(&[Pending, Confirmed, Processing, Confirmed], "received:1 *confirmed:4 prepared:- sent:- near:- delivered:-");
        check(&[Pending, Confirmed, Pending, Confirmed], "received:1 *confirmed:4 prepared:- sent:- near:- delivered:-");
        check(&[Pending, Cancelled, Pending], "*received:1 confirmed:- prepared:- sent:- near:- delivered:-");
    }

    #[test]
    fn an_order_that_left_its_way_shows_how_far_it_came() {
        check(&[Pending, Confirmed, Cancelled], "received:1 confirmed:2 *cancelled:3");
        check(&[Pending, Confirmed, Processing, Shipped, Returned], "received:1 confirmed:2 prepared:3 sent:4 *back:5");
        check(
            &[Pending, Confirmed, Processing, Shipped, OutForDelivery, Delivered, ReturnRequested],
            "received:1 confirmed:2 prepared:3 sent:4 near:5 delivered:6 *return_asked:7 return_accepted:- back:-",
        );
    }

    #[test]
    fn names_and_streets_are_shown_by_their_beginning() {
        for (name, expected) in [("Amina Benali", "Amina B."), ("هشام لعرابي", "هشام ل."), ("Amina", "Amina"), ("", "")] {
            assert_eq!(shown_name(name), expected);
        }
        for (street, expected) in [("Cité 200 logts, bloc 7", "Cité •••"), ("12 rue Didouche", "•••"), ("", "•••"), ("Hydra, villa 4", "Hydra •••")]
        {
            assert_eq!(shown_street(street), expected);
        }
    }

    #[test]
    fn the_last_four_digits_or_the_whole_number_prove_whose_it_is() {
        for (typed, expected) in [
            ("2387", true),
            ("142387", true),
            ("0550142387", true),
            ("213550142387", true),
            ("387", false),
            ("2388", false),
            ("", false),
            ("9213550142387", false),
        ] {
            assert_eq!(ends_with("+213550142387", typed), expected, "{typed}");
        }
        assert!(ends_with("+213550140387", "0387") && !ends_with("", "2387"));
    }

    #[test]
    fn calls_and_parcels_say_more_than_the_state() {
        let of = |state, call, parcel| Standing::of(state, call, parcel);
        assert_eq!(of(Pending, Confirmation::Attempting, ShippingState::None), Standing::NotReached);
        assert_eq!(of(Shipped, Confirmation::Confirmed, ShippingState::AtOffice), Standing::AtOffice);
        assert_eq!(of(OutForDelivery, Confirmation::Confirmed, ShippingState::FailedAttempt), Standing::NotMet);
        assert_eq!(of(Delivered, Confirmation::Confirmed, ShippingState::Lost), Standing::Delivered);
        assert!(Standing::Sent.is_coming() && !Standing::Delivered.is_coming() && Standing::Returning.is_over());
        assert!(Standing::Preparing.wishes().contains(&Wish::Cancel) && !Standing::Sent.wishes().contains(&Wish::Cancel));
    }
}
