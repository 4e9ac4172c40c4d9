//! Windows of the bare loop: scripts replayed on one thread, or on several connections of PostgreSQL.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use db::DbConfig;
use db::bare::Bare;
use kernel::id::IdSource;

use super::script::Script;

/// The node of ids made by the bare loop; no server leases so high a number.
const NODE: u16 = 1_023;

/// What one window of the bare loop did.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Window {
    /// Rounds per second.
    pub(super) per_s: f64,
    /// Middle time of a round, or of a batch when rounds are committed together; microseconds.
    pub(super) p50_us: f64,
    /// The 99th of a hundred.
    pub(super) p99_us: f64,
}

/// Makes tokens that no two rounds share, across windows of one run.
#[derive(Debug, Default)]
pub(super) struct Rounds(AtomicU64);

impl Rounds {
    fn next(&self) -> u64 {
        self.0.fetch_add(1, Ordering::Relaxed)
    }
}

/// The bare loop of one database.
pub(super) struct BareLoop {
    config: DbConfig,
    ids: IdSource,
    rounds: Rounds,
}

impl BareLoop {
    pub(super) fn new(config: DbConfig) -> BareLoop {
        BareLoop { config, ids: IdSource::new(NODE), rounds: Rounds::default() }
    }

    /// Replays a read for a while; `subjects` are gone through in turn. Warms up for a tenth of the time.
    pub(super) fn read(&self, scripts: &[Script], subjects: &[i64], length: Duration) -> Result<Window, String> {
        let mut bare = Bare::open(&self.config).map_err(|error| error.to_string())?;
        let mut times = Times::new(length);
        while let Some(round) = times.next() {
            let subject = subjects.get(round as usize % subjects.len().max(1)).copied().unwrap_or(0);
            scripts[round as usize % scripts.len()].play(&mut bare, &self.ids, subject, "")?;
            times.done();
        }
        Ok(times.window())
    }

    /// Replays writes in turn for a while, so many rounds to a commit. Each round takes its own subject, if there are any.
    pub(super) fn write(&self, scripts: &[Script], subjects: &mut Vec<i64>, per_commit: u64, length: Duration) -> Result<Window, String> {
        let mut bare = Bare::open(&self.config).map_err(|error| error.to_string())?;
        let needs_subject = !subjects.is_empty();
        let mut times = Times::new(length);
        while times.next().is_some() {
            bare.begin().map_err(|error| error.to_string())?;
            for _ in 0..per_commit {
                let subject = if needs_subject { subjects.pop().ok_or("the bare loop used up its orders: load more")? } else { 0 };
                let round = self.rounds.next();
                scripts[round as usize % scripts.len()].play(&mut bare, &self.ids, subject, &token(round))?;
            }
            bare.commit().map_err(|error| error.to_string())?;
            times.done();
        }
        let mut window = times.window();
        window.per_s *= per_commit as f64;
        Ok(window)
    }

    /// The same on several connections at once, each round its own transaction and one send.
    pub(super) fn write_at_once(&self, scripts: &[Script], connections: usize, length: Duration) -> Result<Window, String> {
        let windows = std::thread::scope(|scope| {
            let lanes: Vec<_> = (0..connections)
                .map(|_| {
                    scope.spawn(|| -> Result<Window, String> {
                        let mut bare = Bare::open(&self.config).map_err(|error| error.to_string())?;
                        let mut times = Times::new(length);
                        while times.next().is_some() {
                            bare.begin().map_err(|error| error.to_string())?;
                            let round = self.rounds.next();
                            scripts[round as usize % scripts.len()].play_at_once(&mut bare, &self.ids, &token(round))?;
                            bare.commit().map_err(|error| error.to_string())?;
                            times.done();
                        }
                        Ok(times.window())
                    })
                })
                .collect();
            lanes.into_iter().map(|lane| lane.join().map_err(|_| "a lane of the bare loop panicked".to_owned())?).collect::<Result<Vec<_>, String>>()
        })?;
        let count = windows.len().max(1) as f64;
        Ok(Window {
            per_s: windows.iter().map(|one| one.per_s).sum(),
            p50_us: windows.iter().map(|one| one.p50_us).sum::<f64>() / count,
            p99_us: windows.iter().map(|one| one.p99_us).fold(0.0, f64::max),
        })
    }
}

/// A text of the length that references usually have.
fn token(round: u64) -> String {
    format!("B{round:011}")
}

/// Times rounds until the window is over.
struct Times {
    begin: Instant,
    warm: Duration,
    end: Duration,
    round: u64,
    round_began: Duration,
    kept_us: Vec<u32>,
}

impl Times {
    fn new(length: Duration) -> Times {
        let warm = length / 10;
        Times { begin: Instant::now(), warm, end: warm + length, round: 0, round_began: Duration::ZERO, kept_us: Vec::new() }
    }

    fn next(&mut self) -> Option<u64> {
        self.round_began = self.begin.elapsed();
        let round = self.round;
        self.round += 1;
        (self.round_began < self.end).then_some(round)
    }

    fn done(&mut self) {
        if self.round_began >= self.warm {
            let took = self.begin.elapsed() - self.round_began;
            self.kept_us.push(u32::try_from(took.as_micros()).unwrap_or(u32::MAX));
        }
    }

    fn window(mut self) -> Window {
        let seconds = (self.begin.elapsed() - self.warm).as_secs_f64();
        self.kept_us.sort_unstable();
        let at = |share: f64| {
            let place = (self.kept_us.len() as f64 * share) as usize;
            f64::from(self.kept_us.get(place.min(self.kept_us.len().saturating_sub(1))).copied().unwrap_or(0))
        };
        Window { per_s: self.kept_us.len() as f64 / seconds, p50_us: at(0.5), p99_us: at(0.99) }
    }
}
