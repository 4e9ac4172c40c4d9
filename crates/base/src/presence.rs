//! Who has the page of an order open right now.
//!
//! A page says so when it opens, every [`BEAT_SECONDS`] while it is looked at, and when it closes, after which nothing of it counts; without
//! a word a seat is empty after [`SEAT_SECONDS`]. Nothing is written down: each process keeps the seats in memory, at most [`MOST_SEATS`] of an order and
//! [`MOST_ORDERS`] orders, and tells the others of each word by the notifications of live changes. Only a change of what is seen (somebody
//! came, left, or began to edit) is told to open pages, as a change of the topic [`TOPIC`] with the order's id.
//!
//! Not here: who may hear of it. Whoever lists the viewers of an order must be allowed to see the order, and has been looked up before.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use db::Change;
use kernel::{Id, OrderId, OrgId, Time, UserId};

use crate::edge::Base;
use crate::live::CHANNEL;

/// How often an open page says that it is looked at.
pub const BEAT_SECONDS: i64 = 12;
/// How long a page counts after its last word.
pub const SEAT_SECONDS: i64 = 30;
/// Most pages of one order that are known at once; the newest count.
pub const MOST_SEATS: usize = 24;
/// Most orders whose pages are known at once.
pub const MOST_ORDERS: usize = 10_000;
/// The live topic of who looks at an order.
pub const TOPIC: &str = "presence";
/// How a notification about it begins.
const MARK: &str = "here;";

/// What a page says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    /// Somebody looks at the order.
    Viewing,
    /// Somebody has its form open.
    Editing,
    /// The page was closed.
    Gone,
}

/// Somebody who has the page of an order open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Viewer {
    /// Who.
    pub user: UserId,
    /// Whether they have its form open.
    pub is_editing: bool,
}

/// A page's word, as it goes from process to process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Word {
    org: OrgId,
    order: OrderId,
    user: UserId,
    /// Tells the pages of one person apart.
    page: u64,
    doing: Doing,
    /// Until when it counts.
    until: Time,
}

#[derive(Clone, Copy)]
struct Seat {
    user: UserId,
    page: u64,
    is_editing: bool,
    /// The page was closed; the seat stays for a while, so that a word of it which was on its way is known to be late.
    is_left: bool,
    until: Time,
}

/// What a process knows of open pages.
#[derive(Default)]
pub(crate) struct Seats(Mutex<HashMap<(OrgId, OrderId), Vec<Seat>>>);

impl Seats {
    fn lock(&self) -> MutexGuard<'_, HashMap<(OrgId, OrderId), Vec<Seat>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Each person once, by id.
    fn viewers(&self, org: OrgId, order: OrderId, now: Time) -> Vec<Viewer> {
        self.lock().get(&(org, order)).map_or_else(Vec::new, |seats| seen(seats, now))
    }

    /// Takes a page's word; whether others see something else than before.
    fn take(&self, word: &Word, now: Time) -> bool {
        let key = (word.org, word.order);
        let mut orders = self.lock();
        if !orders.contains_key(&key) {
            if word.doing == Doing::Gone {
                return false;
            }
            if orders.len() >= MOST_ORDERS {
                orders.retain(|_, seats| seats.iter().any(|seat| seat.until > now));
            }
            if orders.len() >= MOST_ORDERS {
                return false;
            }
        }
        let seats = orders.entry(key).or_default();
        let is_own = |seat: &Seat| (seat.user, seat.page) == (word.user, word.page);
        if seats.iter().any(|seat| is_own(seat) && seat.is_left && seat.until > now) {
            return false;
        }
        let before = seen(seats, now);
        seats.retain(|seat| seat.until > now && !is_own(seat));
        if word.until > now {
            if seats.len() >= MOST_SEATS {
                seats.remove(0);
            }
            let (is_editing, is_left) = (word.doing == Doing::Editing, word.doing == Doing::Gone);
            seats.push(Seat { user: word.user, page: word.page, is_editing, is_left, until: word.until });
        }
        let after = seen(seats, now);
        if seats.is_empty() {
            orders.remove(&key);
        }
        before != after
    }

    /// A notification of another process: the order whose viewers changed by it, if they did.
    pub(crate) fn hear(&self, own: &str, payload: &str) -> Option<(OrgId, Change)> {
        let (from, word) = read(payload)?;
        if from == own {
            return None;
        }
        // The clocks of one database's processes go alike; a seat that ended meanwhile is none.
        let now = word.until.plus_s(-SEAT_SECONDS);
        self.take(&word, now).then(|| (word.org, change(word.order)))
    }
}

fn change(order: OrderId) -> Change {
    Change { topic: TOPIC, id: order.to_i64() }
}

fn seen(seats: &[Seat], now: Time) -> Vec<Viewer> {
    let mut seen: Vec<Viewer> = Vec::new();
    for seat in seats.iter().filter(|seat| seat.until > now && !seat.is_left) {
        match seen.iter_mut().find(|viewer| viewer.user == seat.user) {
            Some(viewer) => viewer.is_editing |= seat.is_editing,
            None => seen.push(Viewer { user: seat.user, is_editing: seat.is_editing }),
        }
    }
    seen.sort_unstable();
    seen
}

/// Whether a notification is about this.
pub(crate) fn is_ours(payload: &str) -> bool {
    payload.starts_with(MARK)
}

/// `here;own;org order user page v until`
fn write(own: &str, word: &Word) -> String {
    let doing = match word.doing {
        Doing::Viewing => 'v',
        Doing::Editing => 'e',
        Doing::Gone => 'g',
    };
    format!("{MARK}{own};{} {} {} {} {doing} {}", word.org.to_i64(), word.order.to_i64(), word.user.to_i64(), word.page, word.until.0)
}

fn read(payload: &str) -> Option<(&str, Word)> {
    let (own, rest) = payload.strip_prefix(MARK)?.split_once(';')?;
    let mut parts = rest.split(' ');
    let mut number = || parts.next()?.parse::<i64>().ok();
    let (org, order, user) = (number()?, number()?, number()?);
    let page = parts.next()?.parse().ok()?;
    let doing = match parts.next()? {
        "v" => Doing::Viewing,
        "e" => Doing::Editing,
        "g" => Doing::Gone,
        _ => return None,
    };
    let until = Time(parts.next()?.parse().ok()?);
    Some((own, Word { org: OrgId::from_i64(org), order: OrderId::from_i64(order), user: UserId::from_i64(user), page, doing, until }))
}

impl Base {
    /// A page of this person says what they do with an order. The caller has made sure that they may see it.
    pub async fn say_here(&self, org: OrgId, order: OrderId, user: UserId, page: u64, doing: Doing) {
        let now = self.now();
        let word = Word { org, order, user, page, doing, until: now.plus_s(SEAT_SECONDS) };
        if self.live().seats().take(&word, now) {
            self.live().publish_here(org, &[change(order)]);
        }
        // Without it the others believe for a moment what they heard last.
        if let Err(error) = self.db().notify(CHANNEL, &write(self.live().own(), &word)).await {
            tracing::debug!("Other processes were not told who looks at an order: {error}");
        }
    }

    /// Who has the page of an order open, each person once. The caller has made sure that whoever asks may see the order.
    pub fn viewers(&self, org: OrgId, order: OrderId) -> Vec<Viewer> {
        self.live().seats().viewers(org, order, self.now())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn org() -> OrgId {
        OrgId::from_i64(5)
    }

    fn order() -> OrderId {
        OrderId::from_i64(7)
    }

    fn word(user: i64, page: u64, doing: Doing, at: i64) -> Word {
        Word { org: org(), order: order(), user: UserId::from_i64(user), page, doing, until: Time(0).plus_s(at + SEAT_SECONDS) }
    }

    fn at(second: i64) -> Time {
        Time(0).plus_s(second)
    }

    fn viewer(user: i64, is_editing: bool) -> Viewer {
        Viewer { user: UserId::from_i64(user), is_editing }
    }

    #[test]
    fn somebody_who_came_is_seen_until_they_leave_or_say_nothing_for_half_a_minute() {
        let seats = Seats::default();
        assert!(seats.take(&word(1, 1, Doing::Viewing, 0), at(0)));
        assert!(!seats.take(&word(1, 1, Doing::Viewing, 12), at(12)), "the same again is no news");
        assert_eq!(seats.viewers(org(), order(), at(41)), [viewer(1, false)]);
        assert!(seats.viewers(org(), order(), at(42)).is_empty());
        assert!(seats.take(&word(1, 1, Doing::Viewing, 50), at(50)), "back again");
        assert!(seats.take(&word(1, 1, Doing::Gone, 51), at(51)));
        assert!(!seats.take(&word(1, 1, Doing::Gone, 52), at(52)));
        assert!(!seats.take(&word(1, 1, Doing::Viewing, 52), at(52)), "a word that was on its way when the page closed");
        assert_eq!(seats.viewers(org(), order(), at(52)), []);
        assert!(!seats.take(&word(2, 2, Doing::Gone, 90), at(90)));
        assert_eq!(seats.lock()[&(org(), order())].len(), 1, "what has ended is not kept");
    }

    #[test]
    fn several_pages_of_a_person_are_one_viewer_who_edits_when_one_of_them_does() {
        let seats = Seats::default();
        seats.take(&word(1, 1, Doing::Viewing, 0), at(0));
        assert!(seats.take(&word(1, 2, Doing::Editing, 0), at(0)));
        assert!(seats.take(&word(2, 3, Doing::Viewing, 0), at(0)));
        assert_eq!(seats.viewers(org(), order(), at(1)), [viewer(1, true), viewer(2, false)]);
        assert!(seats.take(&word(1, 2, Doing::Gone, 1), at(1)));
        assert_eq!(seats.viewers(org(), order(), at(1)), [viewer(1, false), viewer(2, false)]);
        assert!(seats.viewers(OrgId::from_i64(6), order(), at(1)).is_empty(), "another organization has its own");
    }

    #[test]
    fn memory_is_bounded() {
        let seats = Seats::default();
        for page in 0..100 {
            seats.take(&word(1, page, Doing::Viewing, 0), at(0));
        }
        assert_eq!(seats.lock()[&(org(), order())].len(), MOST_SEATS);
        for order in 0..MOST_ORDERS as i64 + 10 {
            seats.take(&Word { order: OrderId::from_i64(order), ..word(1, 1, Doing::Viewing, 0) }, at(0));
        }
        assert_eq!(seats.lock().len(), MOST_ORDERS);
        assert!(seats.take(&Word { order: OrderId::from_i64(-1), ..word(1, 1, Doing::Viewing, 60) }, at(60)), "what ended makes room");
        assert_eq!(seats.lock().len(), 1);
    }

    #[test]
    fn a_word_reaches_another_process_once_and_not_its_own() {
        let (here, there) = (Seats::default(), Seats::default());
        let said = write("me", &word(1, u64::MAX, Doing::Editing, 0));
        assert!(is_ours(&said) && said.len() < 200);
        assert_eq!(here.hear("me", &said), None);
        assert_eq!(there.hear("you", &said), Some((org(), Change { topic: TOPIC, id: 7 })));
        assert_eq!(there.hear("you", &said), None);
        assert_eq!(there.viewers(org(), order(), at(1)), [viewer(1, true)]);
        for bad in ["here;", "here;me;1 2", "here;me;1 2 3 4 x 5", "me;1 order 2"] {
            assert_eq!(there.hear("you", bad), None, "{bad}");
        }
    }
}
