//! What happens to one order: when it comes in, who calls, when it moves, where it ends.
//!
//! A story is drawn whole, to its end, and told only as far as today: so the newest orders are still
//! waiting, older ones are on the road, and the oldest are closed.

use kernel::{NoteAudience, OrderAction, Priority, Time};

use super::dice::Dice;

/// Something that happens to an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// It moves.
    Move(OrderAction, Option<&'static str>),
    /// Somebody writes a note.
    Note(NoteAudience, &'static str),
    /// The courier says where it is.
    Tracking(&'static str, &'static str),
    /// Somebody finds that it is urgent.
    Raise(Priority),
}

/// Who does it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hand {
    /// The agent whose order it is.
    Agent,
    /// Somebody who follows parcels up.
    FollowUp,
    /// A rule or a courier's report.
    System,
}

/// One step of a story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) at: Time,
    pub(super) hand: Hand,
    pub(super) step: Step,
}

const NO_ANSWER: &[&str] =
    &["No answer, will try again in the afternoon.", "Phone switched off.", "Busy twice, sent a message.", "Rings out, second try this evening."];
const AGREED: &[&str] = &[
    "Confirmed. Wants delivery after 17:00.",
    "Confirmed, asked to call before coming.",
    "Confirmed, size checked with the customer.",
    "Confirmed. Her sister will receive the parcel.",
    "Address completed: second floor, door on the left.",
];
const REFUSED: &[&str] = &["customer_refused", "no_answer", "duplicate", "wrong_number", "price"];
const CAME_BACK: &[&str] = &["refused_at_door", "absent", "changed_mind", "wrong_item"];

/// Draws what happens after an order came in at `placed_at`.
pub(super) fn draw(dice: &mut Dice, placed_at: Time) -> Vec<Told> {
    let mut story = Story { dice, at: placed_at, told: Vec::new() };
    story.tell();
    story.told
}

struct Story<'a> {
    dice: &'a mut Dice,
    at: Time,
    told: Vec<Told>,
}

impl Story<'_> {
    fn tell(&mut self) {
        if self.dice.chance(4) {
            self.later_min(2, 30);
            let priority = if self.dice.chance(30) { Priority::Urgent } else { Priority::High };
            self.say(Hand::Agent, Step::Raise(priority));
        }
        for _ in 0..self.dice.weighed(&[(0, 62), (1, 22), (2, 11), (3, 5)], |tries| tries.1).0 {
            self.working_min(10, 240);
            let words = *self.dice.pick(NO_ANSWER);
            self.say(Hand::Agent, Step::Note(NoteAudience::Internal, words));
        }
        self.working_min(6, 200);
        if self.dice.chance(17) {
            let reason = *self.dice.pick(REFUSED);
            return self.say(Hand::Agent, Step::Move(OrderAction::Cancel, Some(reason)));
        }
        self.say(Hand::Agent, Step::Move(OrderAction::Confirm, None));
        if self.dice.chance(35) {
            let words = *self.dice.pick(AGREED);
            self.say(Hand::Agent, Step::Note(NoteAudience::Internal, words));
        }
        if self.dice.chance(4) {
            self.working_min(5, 90);
            self.say(Hand::System, Step::Move(OrderAction::Backorder, None));
            self.working_min(1_440, 5_760);
            self.say(Hand::FollowUp, Step::Move(OrderAction::Restock, None));
        }
        self.working_min(30, 900);
        self.say(Hand::FollowUp, Step::Move(OrderAction::Process, None));
        self.working_min(60, 700);
        self.say(Hand::FollowUp, Step::Move(OrderAction::HandOver, None));
        self.say(Hand::System, Step::Tracking("picked_up", "Alger"));
        self.on_the_road();
    }

    fn on_the_road(&mut self) {
        for attempt in 0..3 {
            self.working_min(700, 2_400);
            self.say(Hand::System, Step::Move(OrderAction::OutForDelivery, None));
            self.later_min(60, 420);
            if self.dice.chance(if attempt == 0 { 76 } else { 52 }) {
                self.say(Hand::System, Step::Move(OrderAction::Deliver, None));
                return self.after_delivery();
            }
            self.say(Hand::System, Step::Move(OrderAction::FailDelivery, Some("absent")));
            self.say(Hand::FollowUp, Step::Note(NoteAudience::Customer, "The courier could not reach you and comes again on the next working day."));
            if self.dice.chance(30) {
                break;
            }
        }
        self.working_min(1_400, 4_300);
        let reason = *self.dice.pick(CAME_BACK);
        self.say(Hand::FollowUp, Step::Move(OrderAction::ReturnToSender, Some(reason)));
    }

    fn after_delivery(&mut self) {
        if !self.dice.chance(4) {
            return;
        }
        self.working_min(900, 6_000);
        self.say(Hand::FollowUp, Step::Move(OrderAction::RequestReturn, Some("wrong_item")));
        self.working_min(120, 1_500);
        if self.dice.chance(20) {
            return self.say(Hand::FollowUp, Step::Move(OrderAction::RejectReturn, Some("worn")));
        }
        self.say(Hand::FollowUp, Step::Move(OrderAction::ApproveReturn, None));
        self.working_min(2_000, 7_000);
        self.say(Hand::FollowUp, Step::Move(OrderAction::ReceiveReturn, None));
        if self.dice.chance(60) {
            self.working_min(200, 2_000);
            self.say(Hand::FollowUp, Step::Move(OrderAction::Refund, Some("returned")));
        }
    }

    fn say(&mut self, hand: Hand, step: Step) {
        // Two things never happen to one order at the same moment.
        self.at = self.at.plus_s(7);
        self.told.push(Told { at: self.at, hand, step });
    }

    fn later_min(&mut self, least: i64, most: i64) {
        self.at = self.at.plus_us(self.dice.between(least, most) * Time::MINUTE + self.dice.between(0, 59) * Time::SECOND);
    }

    /// Some time later, at an hour when people work in Algeria: 8:00 to 20:00.
    fn working_min(&mut self, least: i64, most: i64) {
        self.later_min(least, most);
        let local_hour = (self.at.0 + Time::HOUR).rem_euclid(Time::DAY) / Time::HOUR;
        if local_hour < 8 {
            self.at = self.at.plus_us((8 - local_hour) * Time::HOUR);
        } else if local_hour >= 20 {
            self.at = self.at.plus_us((32 - local_hour) * Time::HOUR);
        }
    }
}

/// When orders come in over the day, 0 to 23 h local, as parts of the whole.
const HOURS: &[(i64, u64)] = &[
    (0, 3),
    (1, 2),
    (2, 1),
    (3, 1),
    (4, 1),
    (5, 1),
    (6, 1),
    (7, 2),
    (8, 4),
    (9, 6),
    (10, 7),
    (11, 7),
    (12, 6),
    (13, 6),
    (14, 6),
    (15, 6),
    (16, 6),
    (17, 6),
    (18, 6),
    (19, 7),
    (20, 8),
    (21, 9),
    (22, 7),
    (23, 5),
];

/// Draws when an order comes in: within the last `days` days before `now`, more of them lately and
/// in the evening.
pub(super) fn placed_at(dice: &mut Dice, now: Time, days: i64) -> Time {
    loop {
        // Of two days the later one: a shop that grows.
        let day = dice.between(0, days - 1).max(dice.between(-days, days - 1));
        let hour = dice.weighed(HOURS, |hour| hour.1).0;
        let midnight = Time((now.0 + Time::HOUR).div_euclid(Time::DAY) * Time::DAY - Time::HOUR);
        let at = midnight
            .plus_us((day - days + 1) * Time::DAY + hour * Time::HOUR)
            .plus_us(dice.between(0, 59) * Time::MINUTE + dice.between(0, 59) * Time::SECOND);
        if at < now {
            return at;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_tells_the_same_story() {
        let tell = || {
            let mut dice = Dice::new(7);
            (0..50).map(|_| draw(&mut dice, Time(1_780_000_000_000_000))).collect::<Vec<_>>()
        };
        assert_eq!(tell(), tell());
    }

    #[test]
    fn a_story_only_makes_moves_that_the_table_allows() {
        let mut dice = Dice::new(1);
        for _ in 0..2_000 {
            let mut state = kernel::OrderState::Pending;
            let mut last = Time(0);
            for told in draw(&mut dice, Time(1_780_000_000_000_000)) {
                assert!(told.at > last);
                last = told.at;
                if let Step::Move(action, reason) = told.step {
                    let row = orders::state::transition(state, action).unwrap();
                    assert!(reason.is_some() || !row.needs_reason, "{action} from {state} needs a reason");
                    state = row.to;
                }
            }
        }
    }

    #[test]
    fn orders_come_in_before_now() {
        let mut dice = Dice::new(2);
        let now = Time(1_780_000_000_000_000);
        for _ in 0..1_000 {
            let at = placed_at(&mut dice, now, 90);
            assert!(at < now && at > now.plus_us(-91 * Time::DAY));
        }
    }
}
