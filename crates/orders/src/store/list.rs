//! The SQL of lists.

use db::Tx;
use kernel::Error;
use kernel::value::ToValue;

use super::plan::{self, Lead};
use crate::filter::{COUNTED, OrderFilter, Place, Sort, SortKey};
use crate::model::OrderRow;

/// A lead with no more rows than these may be sorted; beyond, the sort's own index leads.
const SORTED: i64 = 5_000;

/// Chooses what leads. Where it is not obvious, the candidates' indexes are asked how many rows they
/// hold, up to a few thousand each, which costs less than a millisecond.
pub(crate) fn choose(tx: &mut Tx, filter: &OrderFilter, sort: Sort) -> Result<Lead, Error> {
    if sort.key == SortKey::Priority {
        // What each urgency is read by, newest first.
        let any = OrderFilter { priorities: Vec::new(), ..filter.clone() };
        return choose(tx, &any, Sort::default());
    }
    let leads = plan::leads(filter, sort);
    if let Some(lead) = plan::obvious(filter, sort, &leads) {
        return Ok(lead);
    }
    let mut best: Option<(i64, Lead)> = None;
    for lead in leads.iter().copied() {
        let alone = plan::alone(filter, lead);
        let (sql, params) = plan::plan(&alone, Sort::default(), lead.alone(), None, tx.engine(), tx.org().to_value()).count(SORTED + 1);
        let (found,): (i64,) = tx.one(&sql, params)?;
        if best.is_none_or(|(fewest, _)| found < fewest) {
            best = Some((found, lead));
        }
    }
    Ok(match best {
        Some((found, lead)) if found <= SORTED => lead,
        // All are long: the usually narrowest, when its index is sorted as wanted, else the sort's own.
        _ if sort.key == SortKey::CreatedAt => {
            leads.into_iter().find(|lead| matches!(lead, Lead::Facet(_) | Lead::Field(_) | Lead::Sold | Lead::Unplaced)).unwrap_or(Lead::Sort)
        }
        _ => Lead::Sort,
    })
}

/// A page of rows. The filter says already what the caller may see.
pub(crate) fn rows(
    tx: &mut Tx,
    filter: &OrderFilter,
    sort: Sort,
    lead: Lead,
    after: Option<Place>,
    skip: u32,
    limit: u32,
) -> Result<Vec<OrderRow>, Error> {
    let plan = plan::plan(filter, sort, lead, after, tx.engine(), tx.org().to_value());
    if plan.is_empty() {
        return Ok(Vec::new());
    }
    let (sql, params) = plan.rows(skip, limit);
    tx.rows(&sql, params)
}

/// How many there are, counted to one more than a total says.
pub(crate) fn count(tx: &mut Tx, filter: &OrderFilter, lead: Lead) -> Result<i64, Error> {
    let (sql, params) = plan::plan(filter, Sort::default(), lead, None, tx.engine(), tx.org().to_value()).count(COUNTED + 1);
    let (found,): (i64,) = tx.one(&sql, params)?;
    Ok(found)
}

/// The place of an order in a sort: what a cursor holds.
pub(crate) fn place_of(row: &OrderRow, sort: Sort) -> Place {
    let rank = match (sort.key, row.priority) {
        (SortKey::Priority, kernel::Priority::Urgent) => 3,
        (SortKey::Priority, kernel::Priority::High) => 2,
        (SortKey::Priority, kernel::Priority::Normal) => 1,
        _ => 0,
    };
    let key = match sort.key {
        SortKey::CreatedAt | SortKey::Priority => row.created_at.0,
        SortKey::Total => row.total.0,
        SortKey::MovedAt => row.moved_at.0,
        SortKey::Number => row.seq,
    };
    Place { rank, key, id: row.id }
}
