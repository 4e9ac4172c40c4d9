//! How much one slice takes: little enough that nobody waits noticeably behind it.

use std::time::Duration;

/// Most orders of one slice.
const MOST: usize = 500;
/// How long a slice may take when nobody else writes, and when others do. A slice has its commit for itself, so
/// people wait for the rest of it and for one flush.
const ALONE: Duration = Duration::from_micros(5_000);
const BESIDE: Duration = Duration::from_micros(800);
/// Between two slices others have the writer for so many times as long as the slice took, within bounds.
const REST: u32 = 2;
const SHORTEST_REST: Duration = Duration::from_millis(2);
const LONGEST_REST: Duration = Duration::from_millis(20);
/// Others count as at work for so many slices after they were seen.
const REMEMBERED: u32 = 20;

/// Learns how long orders take, and looks whether others write.
pub(crate) struct Pace {
    take: usize,
    writes: u64,
    /// Closures that one round of ours writes.
    own: u64,
    beside: u32,
}

impl Pace {
    /// Begins small: the first slice tells how long an order takes. A round writes `own` closures itself.
    pub(crate) fn new(writes: u64, own: u64) -> Pace {
        Pace { take: 8, writes, own, beside: 0 }
    }

    /// How many orders the next slice takes.
    pub(crate) fn take(&self) -> usize {
        self.take
    }

    /// Notes a slice: how many orders, how long it took, how many closures all have written so far. Answers how
    /// long to leave the writer to others.
    pub(crate) fn ran(&mut self, orders: usize, took: Duration, writes: u64) -> Duration {
        let others = writes.saturating_sub(self.writes) > self.own;
        self.writes = writes;
        self.beside = if others { REMEMBERED } else { self.beside.saturating_sub(1) };
        let budget = if self.beside > 0 { BESIDE } else { ALONE };
        if orders > 0 {
            let each_us = (took.as_micros() / orders as u128).max(1);
            let fits = (budget.as_micros() / each_us) as usize;
            // Carefully up, quickly down.
            self.take = fits.clamp(1, (self.take * 2).min(MOST));
        }
        if self.beside > 0 { (took * REST).clamp(SHORTEST_REST, LONGEST_REST) } else { Duration::ZERO }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_grow_to_their_time_and_shrink_beside_others() {
        let each = Duration::from_micros(50);
        let (mut pace, mut writes) = (Pace::new(0, 1), 0);
        for _ in 0..10 {
            writes += 1;
            assert_eq!(pace.ran(pace.take(), each * pace.take() as u32, writes), Duration::ZERO);
        }
        assert_eq!(pace.take(), 100, "5 ms at 50 µs each");
        writes += 3;
        let rest = pace.ran(100, each * 100, writes);
        assert_eq!((pace.take(), rest), (16, Duration::from_millis(10)));
        // Others are remembered for a while, and then it has the writer for itself again.
        for _ in 0..REMEMBERED + 6 {
            writes += 1;
            pace.ran(pace.take(), each * pace.take() as u32, writes);
        }
        assert_eq!(pace.take(), 100);
        // One slow order does not stop it.
        pace.ran(100, Duration::from_secs(100), writes + 1);
        assert_eq!(pace.take(), 1);
    }
}
