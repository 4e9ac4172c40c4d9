//! What a run is, and what became of each of its orders.

use kernel::{
    Actor, Amount, BulkId, Check, Currency, Error, EventId, FieldError, Money, OrderAction, OrderId, OrderState, Permission, Priority, TaskId, Time,
    UserId, words,
};
use orders::state;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use base::Ctx;

/// Most orders that one call names by their ids.
pub const MAX_IDS: usize = 100;
const MAX_TAGS: usize = 20;
const MAX_TAG: usize = 40;
const MAX_NOTE: usize = 10_000;

words! {
    /// Where a run stands.
    pub enum BulkState {
        /// The set is being made and tried.
        Preparing = "preparing",
        /// It waits for somebody to begin.
        Ready = "ready",
        /// It waits for its time.
        Scheduled = "scheduled",
        /// Under way.
        Running = "running",
        /// The first batch is done; the rest waits for somebody.
        Paused = "paused",
        /// Too many were refused; the rest waits for somebody.
        Stopped = "stopped",
        /// No order waits any more.
        Done = "done",
        /// Somebody called it off; what was done stays.
        Cancelled = "cancelled",
        /// It broke off; it can be begun again.
        Failed = "failed",
        /// It is being taken back.
        Undoing = "undoing",
        /// It was taken back.
        Undone = "undone",
    }

    /// The word of an action.
    pub enum BulkWord {
        /// Move by an action of the state table, or to a state.
        Move = "move",
        /// Move to where an order goes next when all goes well.
        Progress = "progress",
        /// Call off.
        Cancel = "cancel",
        /// Move to another sub-status of the state in which it stands.
        Substatus = "substatus",
        /// Add and remove tags.
        Tags = "tags",
        /// Set the urgency.
        Priority = "priority",
        /// Say whose they are.
        Assign = "assign",
        /// Take out of the daily lists.
        Archive = "archive",
        /// Put back into the daily lists.
        Unarchive = "unarchive",
        /// Tell the customer where the order stands.
        Notify = "notify",
    }

    /// What became of an order of a run.
    pub enum Outcome {
        /// Not yet.
        Waiting = "waiting",
        /// Done.
        Done = "done",
        /// There was nothing to do: it is so already.
        Unchanged = "unchanged",
        /// Refused; the code says why.
        Refused = "refused",
        /// It was changed since the set was made.
        Skipped = "skipped",
    }

    /// What an undo did to an order.
    pub enum UndoOutcome {
        /// It is as before.
        Undone = "undone",
        /// It stays; the code says why.
        Kept = "kept",
    }
}

/// What to do with each order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "word", rename_all = "snake_case")]
pub enum BulkAction {
    /// Move by an action of the state table.
    Move {
        /// Which.
        action: OrderAction,
        /// How.
        #[serde(flatten)]
        how: How,
    },
    /// Move to a state, by the usual action.
    MoveTo {
        /// Where to.
        to: OrderState,
        /// How.
        #[serde(flatten)]
        how: How,
    },
    /// Move to where an order goes next when all goes well.
    Progress {
        /// How.
        #[serde(flatten)]
        how: How,
    },
    /// Move to another sub-status of the state in which it stands.
    Substatus {
        /// Which.
        substatus: String,
        /// How.
        #[serde(flatten)]
        how: How,
    },
    /// Add and remove tags.
    Tags {
        /// These are there afterwards.
        add: Vec<String>,
        /// These are not.
        remove: Vec<String>,
    },
    /// Set the urgency.
    Priority {
        /// This urgent.
        priority: Priority,
    },
    /// Say whose they are.
    Assign {
        /// This agent's; nobody's with none.
        agent: Option<UserId>,
    },
    /// Take out of the daily lists.
    Archive,
    /// Put back into the daily lists.
    Unarchive,
    /// Tell the customer where the order stands.
    Notify,
}

/// How to move.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct How {
    /// Why, as a code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Why, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Whether the customer hears of it, where the settings say so.
    pub notifies: bool,
}

impl BulkAction {
    /// Its word.
    pub fn word(&self) -> BulkWord {
        match self {
            BulkAction::Move { action: OrderAction::Cancel, .. } => BulkWord::Cancel,
            BulkAction::Move { .. } | BulkAction::MoveTo { .. } => BulkWord::Move,
            BulkAction::Progress { .. } => BulkWord::Progress,
            BulkAction::Substatus { .. } => BulkWord::Substatus,
            BulkAction::Tags { .. } => BulkWord::Tags,
            BulkAction::Priority { .. } => BulkWord::Priority,
            BulkAction::Assign { .. } => BulkWord::Assign,
            BulkAction::Archive => BulkWord::Archive,
            BulkAction::Unarchive => BulkWord::Unarchive,
            BulkAction::Notify => BulkWord::Notify,
        }
    }

    /// What people call the run until they look closer: `confirm`, `tags`.
    pub fn title(&self) -> String {
        match self {
            BulkAction::Move { action, .. } => action.to_string(),
            BulkAction::MoveTo { to, .. } => to.to_string(),
            BulkAction::Substatus { substatus, .. } => substatus.clone(),
            other => other.word().to_string(),
        }
    }

    /// Who may do it to no order at all hears that before anything is prepared.
    pub(crate) fn require(&self, ctx: &Ctx) -> Result<(), Error> {
        let any = |is_meant: &dyn Fn(&state::Transition) -> bool| {
            let mut rights = state::TRANSITIONS.iter().filter(|row| is_meant(row)).map(|row| row.permission);
            let Some(first) = rights.next() else { return Ok(()) };
            if ctx.can(first) || rights.any(|right| ctx.can(right)) { Ok(()) } else { Err(Error::Forbidden { needs: first }) }
        };
        match self {
            BulkAction::Move { action, .. } => any(&|row| row.action == *action),
            BulkAction::MoveTo { to, .. } => any(&|row| row.to == *to),
            BulkAction::Progress { .. } => any(&|row| state::expected_next(row.from) == Some(row.to)),
            BulkAction::Substatus { .. } | BulkAction::Tags { .. } | BulkAction::Priority { .. } => ctx.require(Permission::OrderEdit),
            BulkAction::Assign { .. } => ctx.require(Permission::OrderAssign),
            BulkAction::Archive | BulkAction::Unarchive => ctx.require(Permission::OrderArchive),
            BulkAction::Notify => ctx.require(Permission::OrderNote),
        }
    }

    /// What is wrong with it whatever order it meets.
    pub(crate) fn check(&self, check: &mut Check) {
        match self {
            BulkAction::Move { action, how } => how.check(check, state::needs_reason(*action)),
            BulkAction::MoveTo { how, .. } | BulkAction::Progress { how } => how.check(check, false),
            BulkAction::Substatus { substatus, how } => {
                check.require(!substatus.trim().is_empty(), "substatus", "required");
                text(check, "substatus", substatus, 60);
                how.check(check, false);
            }
            BulkAction::Tags { add, remove } => {
                check.require(!add.is_empty() || !remove.is_empty(), "add_tags", "required");
                for (field, tags) in [("add_tags", add), ("remove_tags", remove)] {
                    if tags.len() > MAX_TAGS {
                        check.push(FieldError::new(field, "too_many").with("max", MAX_TAGS));
                    }
                    for (place, tag) in tags.iter().enumerate() {
                        let field = format!("{field}[{place}]");
                        check.require(!tag.trim().is_empty(), &field, "required");
                        text(check, &field, tag, MAX_TAG);
                    }
                }
            }
            BulkAction::Priority { .. } | BulkAction::Assign { .. } | BulkAction::Archive | BulkAction::Unarchive | BulkAction::Notify => {}
        }
    }
}

impl How {
    fn check(&self, check: &mut Check, needs_reason: bool) {
        match self.reason.as_deref() {
            None => check.require(!needs_reason, "reason", "required"),
            Some(code) => {
                let is_code = (1..=60).contains(&code.len()) && code.bytes().all(|sign| matches!(sign, b'a'..=b'z' | b'0'..=b'9' | b'_'));
                check.require(is_code, "reason", "reason.code");
            }
        }
        text(check, "note", self.note.as_deref().unwrap_or_default(), MAX_NOTE);
    }
}

fn text(check: &mut Check, field: &str, text: &str, most: usize) {
    if text.chars().count() > most {
        check.push(FieldError::new(field, "too_long").with("max", most));
    }
    check.require(!text.contains('\0'), field, "text.control");
}

/// Which orders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection {
    /// These, at most [`MAX_IDS`].
    Ids(Vec<OrderId>),
    /// Those that a list with these parameters shows.
    Query(Map<String, Value>),
}

/// How far to go, and when.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Start {
    /// Stop after so many orders that wait now; all when none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<u32>,
    /// Stop when more than this share of them is refused, in millionths.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stop_above_ppm: Option<i64>,
    /// Not before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Time>,
}

/// A run that somebody wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewBulk {
    /// What to do.
    pub action: BulkAction,
    /// With which orders.
    pub selection: Selection,
    /// To begin by itself once it is prepared.
    pub start: Option<Start>,
}

/// What a trial of all orders said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trial {
    /// Orders that the action would be done to.
    pub would_do: i64,
    /// Orders that are so already.
    pub unchanged: i64,
    /// Why others would be refused.
    pub refusals: Vec<Refusal>,
    /// What all of them come to, by currency.
    pub totals: Vec<Money>,
}

/// Why some orders were or would be refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// The stable code.
    pub code: String,
    /// What its message needs.
    pub args: Args,
    /// How many orders.
    pub orders: i64,
    /// Some of them, by number.
    pub examples: Vec<String>,
}

/// What a message needs, by name.
pub type Args = std::collections::BTreeMap<String, String>;

/// Most kinds of refusals that a trial tells apart.
const MOST_REFUSALS: usize = 50;
const MOST_EXAMPLES: usize = 5;

impl Trial {
    /// Counts a refusal.
    pub(crate) fn refused(&mut self, why: &Why, number: &str) {
        let known = self.refusals.iter().position(|one| one.code == why.code && one.args == why.args);
        let place = known.unwrap_or_else(|| {
            let is_full = self.refusals.len() >= MOST_REFUSALS;
            if !is_full {
                self.refusals.push(Refusal { code: why.code.clone(), args: why.args.clone(), orders: 0, examples: Vec::new() });
            }
            self.refusals.len() - 1
        });
        let refusal = &mut self.refusals[place];
        refusal.orders += 1;
        if refusal.examples.len() < MOST_EXAMPLES && !number.is_empty() {
            refusal.examples.push(number.to_owned());
        }
    }

    /// Adds what an order comes to.
    pub(crate) fn add(&mut self, currency: Currency, total: Amount) {
        match self.totals.iter_mut().find(|money| money.currency == currency) {
            Some(money) => money.amount += total,
            None => self.totals.push(Money { amount: total, currency }),
        }
    }
}

/// Why an order was refused, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Why {
    pub(crate) code: String,
    pub(crate) args: Args,
}

impl Why {
    pub(crate) fn code(code: &str) -> Why {
        Why { code: code.to_owned(), args: Args::new() }
    }

    pub(crate) fn args_json(&self) -> Option<String> {
        (!self.args.is_empty()).then(|| serde_json::to_string(&self.args).unwrap_or_default())
    }
}

/// What an undo puts back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Before {
    /// The move of this event is taken back.
    Moved(EventId),
    /// These tags.
    Tags(Vec<String>),
    /// This urgency.
    Priority(Priority),
    /// This agent, after the other was set.
    Agent { was: Option<UserId>, is: Option<UserId> },
    /// In the daily lists or not.
    Archived(bool),
    /// The message of this event is called off.
    Message(EventId),
}

/// A run as people see it.
#[derive(Clone, Debug, PartialEq)]
pub struct Bulk {
    /// Which.
    pub id: BulkId,
    /// What is done.
    pub action: BulkAction,
    /// The parameters of the list; none when the orders were named.
    pub query: Option<Map<String, Value>>,
    /// Where it stands.
    pub state: BulkState,
    /// The task of what is under way, or was last.
    pub task: Option<TaskId>,
    /// When it is to begin.
    pub start_at: Option<Time>,
    /// How many orders it has.
    pub found: i64,
    /// What the trial said, once it is prepared.
    pub trial: Option<Trial>,
    /// Orders done.
    pub done: i64,
    /// Orders that were so already.
    pub unchanged: i64,
    /// Orders refused.
    pub refused: i64,
    /// Orders that were changed meanwhile.
    pub skipped: i64,
    /// Orders that an undo put back.
    pub undone: i64,
    /// Orders that an undo left as they are.
    pub kept: i64,
    /// Above which share of refusals it stops, in millionths.
    pub stop_above_ppm: Option<i64>,
    /// Until when it can be taken back.
    pub undo_until: Option<Time>,
    /// Whose it is.
    pub actor: Actor,
    /// When it was asked for.
    pub created_at: Time,
    /// When it began.
    pub started_at: Option<Time>,
    /// When it came to its end or to a halt.
    pub ended_at: Option<Time>,
    /// What its owner may do now: `start`, `cancel`, `retry`, `undo`.
    pub offers: Vec<&'static str>,
}

impl Bulk {
    /// How many orders wait.
    pub fn waiting(&self) -> i64 {
        self.found - self.done - self.unchanged - self.refused - self.skipped
    }

    /// Refused of those that were judged, in millionths; none before the first.
    pub fn error_ppm(&self) -> Option<i64> {
        crate::rules::share_ppm(self.refused, self.done + self.unchanged + self.refused)
    }
}

/// Which runs to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BulkFilter {
    /// Older than this one: the last of the page before.
    pub before: Option<BulkId>,
}

/// An order of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its place in the set, from 1.
    pub position: i64,
    /// Which order.
    pub order: OrderId,
    /// What people call it; none when the viewer does not see it.
    pub number: Option<String>,
    /// What became of it.
    pub outcome: Outcome,
    /// Why it was refused.
    pub code: Option<String>,
    /// What the message of the code needs.
    pub args: Args,
    /// Why the trial was refused.
    pub would: Option<String>,
    /// What an undo did to it.
    pub undo: Option<UndoOutcome>,
    /// Why an undo left it.
    pub undo_code: Option<String>,
    /// When.
    pub at: Option<Time>,
}

/// Which orders of a run to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ItemFilter {
    /// With this outcome alone.
    pub outcome: Option<Outcome>,
    /// With this code alone, of the refusal or of the trial.
    pub code: Option<String>,
    /// That an undo treated so.
    pub undo: Option<UndoOutcome>,
    /// Behind this place.
    pub after: i64,
}
