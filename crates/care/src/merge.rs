//! Merging two customers, and undoing it: what both records are, what moves, and the orders themselves.
//!
//! Few orders move in the transaction of the merge; many move in slices behind it, and a task shows how far it
//! is. Either way the figures of both customers are those of their orders at every moment. A minute later a
//! second look brings over an order that was being placed while the merge happened.

use std::collections::BTreeMap;

use base::Ctx;
use base::jobs::{self, Job, NewJob, Next};
use base::tasks::{self, NewTask};
use customers::merge::{self as records, Choices, Counts, Merge};
use customers::{Customer, PhoneRow, StoreTotals};
use db::Tx;
use kernel::{Amount, Currency, CustomerId, Error, JobKind, MergeId, MergeState, Permission, TaskId};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Orders that move in the transaction of the merge; with more of them all move in slices.
const AT_ONCE: u32 = 500;
/// Seconds until the second look.
const SECOND_LOOK_S: i64 = 60;

/// A field that both records fill, each with something else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// `name`, `email` or `language`.
    pub field: &'static str,
    /// What the kept record says.
    pub kept: String,
    /// What the other one says.
    pub gone: String,
}

/// What a merge would do.
#[derive(Clone, Debug)]
pub struct Preview {
    /// Who would be kept.
    pub kept: Customer,
    /// Who would be part of them.
    pub gone: Customer,
    /// Numbers of the one who would go.
    pub phones: Vec<PhoneRow>,
    /// What moves besides orders.
    pub counts: Counts,
    /// Orders that move.
    pub orders: i64,
    /// What the kept one would have bought in each store that the caller may see.
    pub totals: Vec<StoreTotals>,
    /// Sums of those by currency: orders, ordered, delivered.
    pub sums: BTreeMap<Currency, (i64, Amount, Amount)>,
    /// What has to be chosen; the kept record's value stays where nothing is.
    pub conflicts: Vec<Conflict>,
    /// Whether orders would move behind the merge, with a task to watch.
    pub is_slow: bool,
}

/// Says what a merge would do. The same refusals as [`merge`].
pub fn preview(tx: &mut Tx, ctx: &Ctx, kept: CustomerId, gone: CustomerId) -> Result<Preview, Error> {
    let (kept, gone) = records::pair(tx, ctx, kept, gone, false)?;
    let mut conflicts = Vec::new();
    let mut compare = |field: &'static str, own: Option<&str>, other: Option<&str>| {
        let both = own.filter(|text| !text.is_empty()).zip(other.filter(|text| !text.is_empty()));
        if let Some((own, other)) = both.filter(|(own, other)| own != other) {
            conflicts.push(Conflict { field, kept: own.to_owned(), gone: other.to_owned() });
        }
    };
    compare("name", Some(&kept.name), Some(&gone.name));
    compare("email", kept.email.as_deref(), gone.email.as_deref());
    compare("language", kept.language.map(|one| one.as_str()), gone.language.map(|one| one.as_str()));

    let mine = customers::detail(tx, ctx, kept.id)?;
    let theirs = customers::detail(tx, ctx, gone.id)?;
    let orders: i64 = theirs.totals.iter().map(|row| row.orders).sum();
    let totals = added(mine.totals, theirs.totals);
    let mut sums: BTreeMap<Currency, (i64, Amount, Amount)> = BTreeMap::new();
    for row in &totals {
        let sum = sums.entry(row.currency).or_insert((0, Amount::ZERO, Amount::ZERO));
        *sum = (sum.0 + row.orders, sum.1 + row.ordered_total, sum.2 + row.delivered_total);
    }
    let is_slow = orders::care::count_of(tx, gone.id, AT_ONCE)? > i64::from(AT_ONCE);
    Ok(Preview { counts: records::counts(tx, gone.id)?, phones: theirs.phones, kept, gone, orders, totals, sums, conflicts, is_slow })
}

fn added(mut mine: Vec<StoreTotals>, theirs: Vec<StoreTotals>) -> Vec<StoreTotals> {
    for row in theirs {
        let Some(same) = mine.iter_mut().find(|one| one.store_id == row.store_id) else {
            mine.push(row);
            continue;
        };
        same.orders += row.orders;
        same.delivered += row.delivered;
        same.returned += row.returned;
        same.cancelled += row.cancelled;
        same.ordered_total += row.ordered_total;
        same.delivered_total += row.delivered_total;
        same.first_order_at = same.first_order_at.min(row.first_order_at);
        same.last_order_at = same.last_order_at.max(row.last_order_at);
    }
    mine
}

/// A merge, and the task that shows the rest of the work when there were too many orders for one moment.
#[derive(Clone, Debug)]
pub struct Merged {
    /// The merge.
    pub merge: Merge,
    /// The work.
    pub task: Option<TaskId>,
}

#[derive(Serialize, Deserialize)]
struct Payload {
    merge: MergeId,
    of: i64,
}

/// Makes two customers one. Needs `customer.merge`.
pub fn merge(tx: &mut Tx, ctx: &Ctx, kept: CustomerId, gone: CustomerId, choices: &Choices) -> Result<Merged, Error> {
    let (kept, gone) = records::pair(tx, ctx, kept, gone, true)?;
    let is_slow = orders::care::count_of(tx, gone.id, AT_ONCE)? > i64::from(AT_ONCE);
    let merge = records::begin(tx, ctx, &kept, &gone, choices)?;
    let notes = orders::care::give_credit_notes(tx, gone.id, kept.id)?;
    records::note_moved(tx, merge.id, "credit_note", &notes)?;
    let files = attachments::give(tx, gone.id, kept.id, None)?;
    records::note_moved(tx, merge.id, "attachment", &files)?;
    if is_slow {
        let of = records::orders_of(tx, gone.id)?;
        return slowly(tx, ctx, &merge, MergeState::Merging, of);
    }
    bring_over(tx, &merge, AT_ONCE)?;
    records::set_state(tx, ctx, merge.id, MergeState::Merged, None)?;
    let payload = serde_json::to_value(Payload { merge: merge.id, of: 0 }).map_err(Error::internal)?;
    let look = NewJob { run_at: ctx.now.plus_s(SECOND_LOOK_S), ..NewJob::now(ctx, JobKind::MergeCustomers, payload) };
    jobs::enqueue(tx, ctx, look)?;
    Ok(Merged { merge: records::find(tx, ctx, merge.id)?, task: None })
}

/// Begins the work behind a merge or its undoing.
fn slowly(tx: &mut Tx, ctx: &Ctx, merge: &Merge, state: MergeState, of: i64) -> Result<Merged, Error> {
    let payload = serde_json::to_value(Payload { merge: merge.id, of }).map_err(Error::internal)?;
    let task = NewTask { kind: JobKind::MergeCustomers, title: merge.kept_id.to_string() };
    let (task, _) = tasks::enqueue(tx, ctx, task, payload, Some(format!("merge:{}", merge.id)))?;
    records::set_state(tx, ctx, merge.id, state, Some(task))?;
    Ok(Merged { merge: records::find(tx, ctx, merge.id)?, task: Some(task) })
}

/// Brings at most so many orders over with what hangs on them; answers how many.
fn bring_over(tx: &mut Tx, merge: &Merge, limit: u32) -> Result<usize, Error> {
    let ids = orders::care::give_orders(tx, merge.gone_id, merge.kept_id, limit)?;
    records::note_moved(tx, merge.id, "order", &ids)?;
    notifications::give(tx, merge.kept_id, &ids)?;
    payments::give(tx, merge.kept_id, &ids)?;
    Ok(ids.len())
}

/// Makes a merged customer two again: just what moved goes back, as far as it is still there. Orders that came in
/// since stay with the one who was kept. Needs `customer.merge`.
pub fn unmerge(tx: &mut Tx, ctx: &Ctx, id: MergeId) -> Result<Merged, Error> {
    ctx.require(Permission::CustomerMerge)?;
    let merge = records::begin_undo(tx, ctx, id)?;
    let notes = records::moved(tx, merge.id, "credit_note", 100_000)?;
    orders::care::give_these_credit_notes(tx, merge.kept_id, merge.gone_id, &notes)?;
    records::moved_back(tx, merge.id, "credit_note", &notes)?;
    let files = records::moved(tx, merge.id, "attachment", 100_000)?;
    attachments::give(tx, merge.kept_id, merge.gone_id, Some(&files))?;
    records::moved_back(tx, merge.id, "attachment", &files)?;
    let moved = records::moved(tx, merge.id, "order", AT_ONCE + 1)?.len();
    if moved > AT_ONCE as usize {
        let of = records::orders_of(tx, merge.kept_id)?;
        return slowly(tx, ctx, &merge, MergeState::Undoing, of);
    }
    bring_back(tx, &merge)?;
    records::set_state(tx, ctx, merge.id, MergeState::Undone, None)?;
    Ok(Merged { merge: records::find(tx, ctx, merge.id)?, task: None })
}

/// Brings the next orders back; answers how many were left to look at.
fn bring_back(tx: &mut Tx, merge: &Merge) -> Result<usize, Error> {
    let ids = records::moved(tx, merge.id, "order", AT_ONCE)?;
    let back = orders::care::give_these(tx, merge.kept_id, merge.gone_id, &ids)?;
    notifications::give(tx, merge.gone_id, &back)?;
    payments::give(tx, merge.gone_id, &back)?;
    records::moved_back(tx, merge.id, "order", &ids)?;
    Ok(ids.len())
}

/// A slice of a merge or of its undoing: [`base::jobs::Runner::Local`] of [`JobKind::MergeCustomers`].
pub fn merge_job(tx: &mut Tx, ctx: &Ctx, job: &Job) -> Result<Next, Error> {
    let Payload { merge, of } = serde_json::from_value(job.payload.clone()).map_err(Error::internal)?;
    let Some(merge) = records::of_job(tx, merge)? else { return Ok(Next::Done) };
    let (moved, end) = match merge.state {
        MergeState::Merging => (bring_over(tx, &merge, AT_ONCE)?, Some(MergeState::Merged)),
        MergeState::Undoing => (bring_back(tx, &merge)?, Some(MergeState::Undone)),
        // What was being placed while the merge happened.
        MergeState::Merged => (bring_over(tx, &merge, AT_ONCE)?, None),
        MergeState::Undone | MergeState::Final => return Ok(Next::Done),
    };
    if moved == AT_ONCE as usize {
        let done = job.done + moved as i64;
        return Ok(Next::Slice { cursor: Value::Null, done, of: of.max(done) });
    }
    if let Some(state) = end {
        records::set_state(tx, ctx, merge.id, state, None)?;
        tx.touch("customer", merge.kept_id);
        tx.touch("customer", merge.gone_id);
    }
    Ok(Next::Done)
}
