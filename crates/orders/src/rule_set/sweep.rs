//! Moving orders out of sub-statuses that are gone, a slice at a time.

use base::jobs::{Job, Next};
use base::tasks::{self, Outcome};
use base::{Ctx, events, settings};
use db::Tx;
use kernel::{Details, Error, Event, JobKind};
use serde_json::{Value, json};

use super::successor;
use crate::store::rule_sets as store;

/// Orders of one slice.
const SLICE: u32 = 100;
/// What the events say as their reason.
const REASON: &str = "rules_changed";

/// The job. It looks at what is in force when it runs, so two of them, or one that begins again, do no harm.
pub fn run(tx: &mut Tx, ctx: &Ctx, job: &Job) -> Result<Next, Error> {
    let rules = settings::load(tx)?.rules;
    let keys = store::list_keys(tx)?;
    let done_with = job.cursor.as_str().unwrap_or_default();
    for gone in keys.iter().filter(|one| one.key.as_str() >= done_with && rules.substatus(one.state, &one.key).is_none()) {
        let mut found = store::standing_in(tx, &gone.key, SLICE)?;
        if found.is_empty() {
            continue;
        }
        // Rows are locked in the order of their ids, as everywhere.
        found.sort_unstable();
        let mut moved = 0;
        for (id, state) in found {
            let to = successor(&rules, &keys, state, &gone.key);
            if !store::replace(tx, id, &gone.key, to.as_deref(), ctx.now)? {
                continue;
            }
            let event = Event::SubstatusMoved { order: id, state, from: Some(gone.key.clone()), to, reason: Some(REASON.to_owned()) };
            // Nobody outside hears that a place got another name.
            events::record_without(tx, ctx, event, Details::none(), &[JobKind::NotifyCustomer, JobKind::PushToErp])?;
            moved += 1;
        }
        return Ok(Next::Slice { cursor: Value::from(gone.key.clone()), done: job.done + moved, of: 0 });
    }
    if let Some(task) = job.task {
        tasks::finish(tx, ctx, task, &Outcome { result: json!({ "moved": job.done }), file: None, errors: None })?;
    }
    Ok(Next::Done)
}
