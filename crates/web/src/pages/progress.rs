//! Work behind the scenes as pages show it: whose it is, where it stands, how far it is.

use std::collections::BTreeMap;

use base::Ctx;
use base::tasks::TaskView;
use db::Tx;
use kernel::{Actor, Error, JobKind, JobState, TaskState, UserId};

use crate::badges::Badge;
use crate::format::Format;
use crate::words::Words;

/// Names of those who did something.
#[derive(Clone, Debug, Default)]
pub(crate) struct People(BTreeMap<UserId, String>);

impl People {
    /// Looks the persons among these up.
    pub(crate) fn load(tx: &mut Tx, ctx: &Ctx, actors: impl Iterator<Item = Actor>) -> Result<People, Error> {
        let person = |actor: Actor| if let Actor::User(user) = actor { Some(user) } else { None };
        let mut ids: Vec<UserId> = actors.filter_map(person).collect();
        ids.sort_unstable();
        ids.dedup();
        Ok(People(access::users::names(tx, ctx, &ids)?.into_iter().map(|person| (person.id, person.name)).collect()))
    }

    /// What somebody is called.
    pub(crate) fn name(&self, say: Words, actor: Actor) -> String {
        match actor {
            Actor::User(user) => self.0.get(&user).cloned().unwrap_or_else(|| user.to_string()),
            Actor::ApiKey(_) => say.t("actor-key"),
            Actor::Customer(_) => say.t("actor-customer"),
            Actor::System => say.t("actor-system"),
        }
    }
}

/// How far something is, as a bar with words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Bar {
    /// The bar's width in percent; none while nobody knows how much there is.
    pub(crate) percent: Option<i64>,
    /// "5,000 of 12,000"
    pub(crate) text: String,
    /// "840 a second, 8 s left"
    pub(crate) pace: String,
}

impl Bar {
    /// How far a task is.
    pub(crate) fn of(say: Words, format: &Format, task: &TaskView) -> Bar {
        let (done, total) = (format.number(task.done), format.number(task.total));
        let text = match (task.state, task.total) {
            (TaskState::Waiting, _) => say.t("progress-waiting"),
            (_, 0) => say.count("progress-done", task.done, &done),
            _ => say.with("progress-of", &[("done", done), ("total", total)]),
        };
        let rate = task.rate_per_s.filter(|_| task.state == TaskState::Running).map(|rate| format.number(rate.round().max(1.0) as i64));
        let left = task.left_s.map(|left| left_text(say, left));
        let pace = match (rate, left) {
            (Some(rate), Some(left)) => say.with("progress-pace-left", &[("rate", rate), ("left", left)]),
            (Some(rate), None) => say.one("progress-pace", "rate", rate),
            _ => String::new(),
        };
        Bar { percent: percent(task.done, task.total), text, pace }
    }

    /// The class of the bar's width.
    pub(crate) fn width(&self) -> String {
        format!("w-{}", self.percent.unwrap_or(0))
    }
}

fn percent(done: i64, total: i64) -> Option<i64> {
    (total > 0).then(|| (done.saturating_mul(100) / total).clamp(0, 100))
}

fn left_text(say: Words, seconds: i64) -> String {
    match seconds {
        ..90 => say.one("progress-left-seconds", "n", seconds.max(1)),
        90..5_400 => say.one("progress-left-minutes", "n", (seconds + 30) / 60),
        _ => say.one("progress-left-hours", "n", (seconds + 1_800) / 3_600),
    }
}

/// Where a task stands.
pub(crate) fn task_badge(state: TaskState) -> Badge {
    let (key, tone) = match state {
        TaskState::Waiting => ("task-waiting", "neu"),
        TaskState::Running => ("task-running", "info"),
        TaskState::Done => ("task-done", "ok"),
        TaskState::Failed => ("task-failed", "bad"),
        TaskState::Cancelled => ("task-cancelled", "neu"),
    };
    Badge { key, tone }
}

/// Whether somebody still works on it, or will.
pub(crate) fn is_open(state: TaskState) -> bool {
    matches!(state, TaskState::Waiting | TaskState::Running)
}

/// Where a job stands.
pub(crate) fn job_badge(state: JobState) -> Badge {
    let (key, tone) = match state {
        JobState::Waiting => ("job-waiting", "neu"),
        JobState::Running => ("job-running", "info"),
        JobState::Done => ("job-done", "ok"),
        JobState::Dead => ("job-dead", "bad"),
        JobState::Cancelled => ("job-cancelled", "neu"),
    };
    Badge { key, tone }
}

/// What kinds of work are called. A test looks that none is missing.
#[rustfmt::skip]
const KINDS: &[(JobKind, &str)] = &[
    (JobKind::NotifyCustomer, "work-notify-customer"), (JobKind::SendMessage, "work-send-message"), (JobKind::PushToErp, "work-push-to-erp"),
    (JobKind::SendMail, "work-send-mail"), (JobKind::ReleaseHold, "work-release-hold"), (JobKind::RaiseEscalation, "work-raise-escalation"),
    (JobKind::NotifyEscalation, "work-notify-escalation"), (JobKind::ImportOrders, "work-import-orders"), (JobKind::UndoImport, "work-undo-import"),
    (JobKind::Export, "work-export"), (JobKind::TryRules, "work-try-rules"), (JobKind::MoveSubstatuses, "work-move-substatuses"),
    (JobKind::Bulk, "work-bulk"), (JobKind::SealEvents, "work-seal-events"), (JobKind::ProveCounters, "work-prove-counters"),
    (JobKind::Purge, "work-purge"), (JobKind::Backup, "work-backup"), (JobKind::MergeCustomers, "work-merge-customers"),
    (JobKind::ExportPerson, "work-export-person"), (JobKind::ErasePerson, "work-erase-person"), (JobKind::ForgetInactive, "work-forget-inactive"),
    (JobKind::Retag, "work-retag"), (JobKind::FillField, "work-fill-field"), (JobKind::SweepFiles, "work-sweep-files"),
    (JobKind::VerifyChain, "work-verify-chain"),
];

/// What a kind of work is called.
pub(crate) fn work_name(say: Words, kind: JobKind) -> String {
    KINDS.iter().find(|(one, _)| *one == kind).map_or_else(|| kind.to_string(), |(_, key)| say.t(key))
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;
    use kernel::{Id, Locale, NumberStyle, TaskId, Time};
    use serde_json::Value;

    use super::*;

    #[test]
    fn every_kind_of_work_has_a_name() {
        for kind in JobKind::ALL {
            assert!(KINDS.iter().any(|(one, _)| one == kind), "{kind} has no name in pages/progress.rs");
        }
    }

    #[test]
    fn progress_says_how_far_how_fast_and_how_long() {
        let now = Time::parse("2026-11-22T14:00:00Z").unwrap();
        let format = Format::new(Locale::En, NumberStyle::CommaPoint, TimeZone::UTC, now);
        let task = TaskView {
            id: TaskId::from_i64(1),
            kind: JobKind::ImportOrders,
            title: String::new(),
            state: TaskState::Running,
            done: 5_000,
            total: 12_000,
            errors: 0,
            rate_per_s: Some(840.5),
            left_s: Some(200),
            result: Value::Null,
            result_file: None,
            message: None,
            cancel_asked: false,
            actor: Actor::System,
            created_at: now,
            started_at: None,
            finished_at: None,
        };
        let say = Words { locale: Locale::En };
        let bar = Bar::of(say, &format, &task);
        assert_eq!((bar.percent, bar.text.as_str(), bar.pace.as_str()), (Some(41), "5,000 of 12,000", "841 a second, 3 min left"));
        let waits = Bar::of(say, &format, &TaskView { state: TaskState::Waiting, done: 0, total: 0, left_s: None, rate_per_s: None, ..task });
        assert_eq!((waits.percent, waits.text.as_str(), waits.pace.as_str()), (None, "Waits for its turn", ""));
    }
}
