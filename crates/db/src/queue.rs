//! The bounded queue in front of the threads that own connections. People before bulk work.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::call::Work;

/// What a transaction may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Read,
    Write,
    /// Statements by themselves, without a transaction.
    Bare,
}

/// Whose work it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lane {
    People,
    Background,
}

pub(crate) struct Queued {
    pub(crate) work: Box<dyn Work>,
    pub(crate) mode: Mode,
    pub(crate) lane: Lane,
}

/// Why the queue did not take a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    Full,
    Closed,
}

pub(crate) struct Queue {
    state: Mutex<State>,
    wake: Condvar,
    capacity: usize,
    /// How much background work may run at once.
    background_limit: usize,
}

#[derive(Default)]
struct State {
    people: VecDeque<Queued>,
    background: VecDeque<Queued>,
    background_running: usize,
    waiting_threads: usize,
    closed: bool,
}

impl Queue {
    pub(crate) fn new(capacity: usize, background_limit: usize) -> Queue {
        Queue { state: Mutex::default(), wake: Condvar::new(), capacity, background_limit }
    }

    pub(crate) fn push(&self, queued: Queued) -> Result<(), Refused> {
        let mut state = lock(&self.state);
        if state.closed {
            return Err(Refused::Closed);
        }
        let lane = match queued.lane {
            Lane::People => &mut state.people,
            Lane::Background => &mut state.background,
        };
        if lane.len() >= self.capacity {
            return Err(Refused::Full);
        }
        lane.push_back(queued);
        let somebody_waits = state.waiting_threads > 0;
        drop(state);
        // Waking costs a system call, so only when somebody sleeps.
        if somebody_waits {
            self.wake.notify_one();
        }
        Ok(())
    }

    /// Waits for work; `None` when the queue is closed and drained.
    pub(crate) fn take(&self) -> Option<Queued> {
        let mut state = lock(&self.state);
        loop {
            if let Some(queued) = state.next(self.background_limit) {
                return Some(queued);
            }
            if state.closed && state.background.is_empty() {
                return None;
            }
            state.waiting_threads += 1;
            state = self.wake.wait(state).unwrap_or_else(PoisonError::into_inner);
            state.waiting_threads -= 1;
        }
    }

    /// Whoever of the people waits right now.
    pub(crate) fn take_now(&self) -> Option<Queued> {
        lock(&self.state).people.pop_front()
    }

    /// To be called after work of the background lane has ended.
    pub(crate) fn background_ended(&self) {
        lock(&self.state).background_running -= 1;
        self.wake.notify_one();
    }

    /// Takes nothing more; what waits is still done.
    pub(crate) fn close(&self) {
        lock(&self.state).closed = true;
        self.wake.notify_all();
    }

    pub(crate) fn len(&self) -> usize {
        let state = lock(&self.state);
        state.people.len() + state.background.len()
    }
}

impl State {
    fn next(&mut self, background_limit: usize) -> Option<Queued> {
        if let Some(queued) = self.people.pop_front() {
            return Some(queued);
        }
        if self.background_running >= background_limit {
            return None;
        }
        let queued = self.background.pop_front()?;
        self.background_running += 1;
        Some(queued)
    }
}

/// Nothing panics while it holds one of our locks, so a poisoned one is still sound.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
