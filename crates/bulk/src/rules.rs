//! What may follow what in the life of a run, and when it stops by itself.

use kernel::{TaskState, Time};

use crate::model::BulkState;

/// Before so many orders a share says nothing.
pub(crate) const LEAST_JUDGED: i64 = 20;

/// A share of a whole, in millionths; none of nothing.
pub(crate) fn share_ppm(part: i64, whole: i64) -> Option<i64> {
    (whole > 0).then(|| (i128::from(part) * 1_000_000 / i128::from(whole)) as i64)
}

/// Whether so many refusals of so many judged are too many.
pub(crate) fn is_too_much(refused: i64, judged: i64, stop_above_ppm: Option<i64>) -> bool {
    let Some(limit) = stop_above_ppm else { return false };
    judged >= LEAST_JUDGED && share_ppm(refused, judged).is_some_and(|share| share > limit)
}

/// Where a run stands, known by its own word and by the task that works on it: a task that was called off before
/// it began, or whose job died, cannot say so itself.
pub(crate) fn standing(state: BulkState, task: Option<TaskState>) -> BulkState {
    let is_busy = matches!(state, BulkState::Preparing | BulkState::Scheduled | BulkState::Running | BulkState::Undoing);
    match task {
        _ if !is_busy => state,
        Some(TaskState::Waiting | TaskState::Running) => state,
        Some(TaskState::Cancelled) => BulkState::Cancelled,
        // The task is long gone, or it ended without its last word.
        Some(TaskState::Failed | TaskState::Done) | None => BulkState::Failed,
    }
}

/// What can be done with a run that stands here.
pub(crate) struct Facts {
    pub(crate) state: BulkState,
    pub(crate) is_prepared: bool,
    pub(crate) waiting: i64,
    pub(crate) done: i64,
    pub(crate) refused: i64,
    pub(crate) skipped: i64,
    pub(crate) left_to_undo: i64,
    pub(crate) undo_until: Option<Time>,
    pub(crate) now: Time,
}

impl Facts {
    fn rests(&self) -> bool {
        matches!(self.state, BulkState::Ready | BulkState::Paused | BulkState::Stopped | BulkState::Done | BulkState::Cancelled | BulkState::Failed)
    }

    /// It may begin or go on.
    pub(crate) fn can_start(&self) -> bool {
        let may = matches!(self.state, BulkState::Ready | BulkState::Paused | BulkState::Stopped | BulkState::Failed);
        may && self.is_prepared && self.waiting > 0
    }

    /// It may be called off.
    pub(crate) fn can_cancel(&self) -> bool {
        !matches!(self.state, BulkState::Done | BulkState::Cancelled | BulkState::Failed | BulkState::Undone)
    }

    /// Those that were refused or skipped may be tried again.
    pub(crate) fn can_retry(&self) -> bool {
        self.rests() && self.is_prepared && self.refused + self.skipped > 0
    }

    /// It may be taken back.
    pub(crate) fn can_undo(&self) -> bool {
        self.rests() && self.done > 0 && self.left_to_undo > 0 && self.undo_until.is_some_and(|until| self.now <= until)
    }

    /// The words of what is possible.
    pub(crate) fn offers(&self) -> Vec<&'static str> {
        let all = [("start", self.can_start()), ("cancel", self.can_cancel()), ("retry", self.can_retry()), ("undo", self.can_undo())];
        all.into_iter().filter(|(_, can)| *can).map(|(word, _)| word).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(state: BulkState) -> Facts {
        Facts { state, is_prepared: true, waiting: 5, done: 5, refused: 1, skipped: 0, left_to_undo: 5, undo_until: Some(Time(100)), now: Time(50) }
    }

    #[track_caller]
    fn check(state: BulkState, expected: &str) {
        assert_eq!(facts(state).offers().join(" "), expected, "{state}");
    }

    #[test]
    fn the_state_decides_what_is_offered() {
        check(BulkState::Preparing, "cancel");
        check(BulkState::Ready, "start cancel retry undo");
        check(BulkState::Scheduled, "cancel");
        check(BulkState::Running, "cancel");
        check(BulkState::Paused, "start cancel retry undo");
        check(BulkState::Stopped, "start cancel retry undo");
        check(BulkState::Done, "retry undo");
        check(BulkState::Cancelled, "retry undo");
        check(BulkState::Failed, "start retry undo");
        check(BulkState::Undoing, "cancel");
        check(BulkState::Undone, "");
    }

    #[test]
    fn time_and_what_is_left_decide_too() {
        let late = Facts { now: Time(101), ..facts(BulkState::Done) };
        assert_eq!(late.offers(), ["retry"]);
        let clean = Facts { refused: 0, waiting: 0, ..facts(BulkState::Paused) };
        assert_eq!(clean.offers(), ["cancel", "undo"]);
        let raw = Facts { is_prepared: false, done: 0, ..facts(BulkState::Failed) };
        assert_eq!(raw.offers(), Vec::<&str>::new());
    }

    #[test]
    fn a_few_refusals_of_a_few_orders_stop_nothing() {
        assert!(!is_too_much(19, 19, Some(100_000)));
        assert!(is_too_much(3, 20, Some(100_000)));
        assert!(!is_too_much(2, 20, Some(100_000)), "as much as is allowed");
        assert!(!is_too_much(20, 20, None));
        assert_eq!((share_ppm(1, 3), share_ppm(0, 0), share_ppm(i64::MAX, i64::MAX)), (Some(333_333), None, Some(1_000_000)));
    }

    #[test]
    fn a_task_that_ended_tells_where_its_run_stands() {
        assert_eq!(standing(BulkState::Scheduled, Some(TaskState::Cancelled)), BulkState::Cancelled);
        assert_eq!(standing(BulkState::Running, Some(TaskState::Failed)), BulkState::Failed);
        assert_eq!(standing(BulkState::Running, None), BulkState::Failed);
        assert_eq!(standing(BulkState::Running, Some(TaskState::Running)), BulkState::Running);
        assert_eq!(standing(BulkState::Done, Some(TaskState::Failed)), BulkState::Done);
    }
}
