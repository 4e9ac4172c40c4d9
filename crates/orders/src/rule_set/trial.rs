//! Trying a rule set: what it would mean for the orders that there are, counted slice by slice.

use std::collections::BTreeMap;

use base::jobs::{Job, Next};
use base::rules::RuleSet;
use base::tasks::{self, Outcome, Progress};
use base::{Ctx, Sees, counters};
use db::Tx;
use kernel::{Error, Id, OrderId, TaskId, Time};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::model::Order;
use crate::overlay;
use crate::store::rule_sets as store;

/// Orders of one slice.
const SLICE: u32 = 500;
/// How many orders a finding names.
const EXAMPLES: usize = 5;
/// A trial that nobody ended by then was called off.
const FORGOTTEN_US: i64 = 7 * Time::DAY;

#[derive(Deserialize)]
struct Asked {
    trial: TaskId,
    #[serde(default)]
    mapping: BTreeMap<String, Option<String>>,
}

/// How far a trial is: this is its cursor.
#[derive(Default, Serialize, Deserialize)]
struct Tried {
    after: i64,
    of: i64,
    findings: BTreeMap<String, Finding>,
}

/// What would be the matter with some orders.
#[derive(Clone, Default, Serialize, Deserialize)]
struct Finding {
    /// `substatus_gone`, `substatus_archived`, `stuck`, `guard_unmet`, `without_substatus`.
    finding: String,
    /// Where they stand.
    state: String,
    /// In which sub-status.
    substatus: Option<String>,
    /// What more there is to say: where they would go, which move, which guard.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    to: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    action: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    guard: Option<String>,
    /// How many.
    count: i64,
    /// The numbers of some.
    examples: Vec<String>,
}

/// The job.
pub fn run(tx: &mut Tx, ctx: &Ctx, job: &Job) -> Result<Next, Error> {
    let asked: Asked = serde_json::from_value(job.payload.clone()).map_err(Error::internal)?;
    let Some(document) = store::find_trial(tx, asked.trial)? else { return Ok(Next::Done) };
    let rules = RuleSet::parse(&document).map_err(Error::internal)?;
    let mut tried: Tried = if job.cursor.is_null() {
        Tried { of: counters::orders_by_state(tx, &Sees::everything())?.values().sum(), ..Tried::default() }
    } else {
        serde_json::from_value(job.cursor.clone()).map_err(Error::internal)?
    };

    let orders = store::after(tx, OrderId::from_i64(tried.after), SLICE)?;
    for order in &orders {
        tried.look(&rules, &asked.mapping, order);
    }
    let done = job.done + orders.len() as i64;
    let Some(last) = orders.last().filter(|_| orders.len() == SLICE as usize) else {
        store::end_trial(tx, asked.trial, ctx.now.plus_us(-FORGOTTEN_US))?;
        if let Some(task) = job.task {
            let findings: Vec<&Finding> = tried.findings.values().collect();
            tasks::progress(tx, ctx, task, Progress { done, of: done, errors: None })?;
            tasks::finish(tx, ctx, task, &Outcome { result: json!({ "orders": done, "findings": findings }), file: None, errors: None })?;
        }
        return Ok(Next::Done);
    };
    tried.after = last.id.to_i64();
    let of = tried.of.max(done);
    Ok(Next::Slice { cursor: serde_json::to_value(&tried).unwrap_or(Value::Null), done, of })
}

impl Tried {
    fn look(&mut self, rules: &RuleSet, mapping: &BTreeMap<String, Option<String>>, order: &Order) {
        let key = order.substatus.as_deref();
        let standing = key.map(|key| (key, rules.substatus(order.state, key)));
        let substatus = match standing {
            Some((gone, None)) => {
                let default = || rules.default_of(order.state).map(|one| one.key.clone());
                let to = mapping.get(gone).cloned().flatten().or_else(default);
                self.note(order, Finding { to: to.clone(), ..Finding::of("substatus_gone") });
                to
            }
            Some((key, Some(one))) => {
                if one.is_archived {
                    self.note(order, Finding::of("substatus_archived"));
                }
                Some(key.to_owned())
            }
            None => {
                if order.archived_at.is_none() && !order.state.is_closed() && rules.open(order.state).next().is_some() {
                    self.note(order, Finding::of("without_substatus"));
                }
                None
            }
        };
        if order.archived_at.is_some() || order.state.is_closed() {
            return;
        }
        if overlay::actions(rules, order.state, substatus.as_deref()).next().is_none() {
            self.note(order, Finding::of("stuck"));
            return;
        }
        let Some(next) = overlay::expected_next(rules, order.state, substatus.as_deref()) else { return };
        let Ok(action) = overlay::action_between(rules, order.state, substatus.as_deref(), next) else { return };
        let landing = rules.default_of(next).map_or(&[][..], |one| one.guards.as_slice());
        for guard in overlay::guards(rules, order.state, action).iter().chain(landing) {
            if overlay::holds(guard, order) == Some(false) {
                let (action, guard) = (Some(action.to_string()), Some(overlay::asked(guard)));
                self.note(order, Finding { action, guard, ..Finding::of("guard_unmet") });
            }
        }
    }

    fn note(&mut self, order: &Order, what: Finding) {
        let words =
            [Some(what.finding.as_str()), Some(order.state.as_str()), order.substatus.as_deref(), what.action.as_deref(), what.guard.as_deref()];
        let name = words.map(Option::unwrap_or_default).join("|");
        let found =
            self.findings.entry(name).or_insert_with(|| Finding { state: order.state.to_string(), substatus: order.substatus.clone(), ..what });
        found.count += 1;
        if found.examples.len() < EXAMPLES {
            found.examples.push(order.number.clone());
        }
    }
}

impl Finding {
    fn of(finding: &str) -> Finding {
        Finding { finding: finding.to_owned(), ..Finding::default() }
    }
}
