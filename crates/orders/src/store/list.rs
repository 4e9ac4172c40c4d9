//! The SQL of lists.

use db::Tx;
use kernel::Error;
use kernel::value::ToValue;

use super::plan::{self, Lead, Way};
use crate::filter::{COUNTED, OrderFilter};
use crate::model::OrderRow;
use crate::sort::{Place, Sort, SortKey};

/// A lead with no more rows than these may be sorted; beyond, the sort's own index leads.
const SORTED: i64 = 5_000;

/// Chooses what leads. Where it is not obvious, the candidates' indexes are asked how many rows they
/// hold, up to a few thousand each, which costs less than a millisecond.
pub(crate) fn choose(tx: &mut Tx, filter: &OrderFilter, sort: Sort) -> Result<Way, Error> {
    if sort.key == SortKey::Priority {
        // What each urgency is read by.
        let any = OrderFilter { priorities: Vec::new(), ..filter.clone() };
        return choose(tx, &any, sort.within());
    }
    let leads = plan::leads(filter, sort);
    if !filter.any.is_empty() {
        return choose_with_groups(tx, filter, sort, &leads);
    }
    if let Some(lead) = plan::obvious(filter, sort, &leads) {
        return Ok(Way::One(lead));
    }
    Ok(Way::One(match fewest(tx, filter, &leads)? {
        Some((found, lead)) if found <= SORTED => lead,
        // All are long: the usually narrowest, when its index is sorted as wanted, else the sort's own.
        _ => sorted_so(&leads, sort).unwrap_or(Lead::Sort),
    }))
}

/// What always holds leads, or each group by itself, whichever means fewer rows.
fn choose_with_groups(tx: &mut Tx, filter: &OrderFilter, sort: Sort, leads: &[Lead]) -> Result<Way, Error> {
    if let Some(lead) = plan::rare(filter, leads) {
        return Ok(Way::One(lead));
    }
    let base = fewest(tx, filter, leads)?;
    let mut all = Some(0);
    let (mut narrowest, mut sorted) = (Vec::new(), Vec::new());
    for group in &filter.any {
        let leads = plan::leads(group, sort);
        let found = fewest(tx, group, &leads)?;
        all = all.zip(found).filter(|(_, (found, _))| *found <= SORTED).map(|(all, (found, _))| all + found);
        narrowest.extend(found.map(|(_, lead)| lead));
        sorted.extend(sorted_so(&leads, sort));
    }
    let few = base.filter(|(found, _)| *found <= SORTED);
    Ok(match (few, all) {
        (Some((found, lead)), Some(all)) if found <= all => Way::One(lead),
        (_, Some(_)) => Way::Each(narrowest),
        (Some((_, lead)), None) => Way::One(lead),
        // All are long: what is sorted as wanted, else the sort's own.
        (None, None) => match sorted_so(leads, sort) {
            Some(lead) => Way::One(lead),
            None if sorted.len() == filter.any.len() => Way::Each(sorted),
            None => Way::One(Lead::Sort),
        },
    })
}

/// The lead that means the fewest rows, and how many, counted to one more than may be sorted.
fn fewest(tx: &mut Tx, filter: &OrderFilter, leads: &[Lead]) -> Result<Option<(i64, Lead)>, Error> {
    let mut best: Option<(i64, Lead)> = None;
    for lead in leads.iter().copied() {
        let alone = plan::alone(filter, lead);
        let (sql, params) = plan::plan(&alone, Sort::default(), lead.alone(), None, tx.engine(), tx.org().to_value()).count(SORTED + 1);
        let (found,): (i64,) = tx.one(&sql, params)?;
        if best.is_none_or(|(fewest, _)| found < fewest) {
            best = Some((found, lead));
        }
    }
    Ok(best)
}

/// The usually narrowest lead whose index is sorted as wanted.
fn sorted_so(leads: &[Lead], sort: Sort) -> Option<Lead> {
    let is_sorted = |lead: &&Lead| matches!(lead, Lead::Facet(_) | Lead::Field(_) | Lead::Sold | Lead::Unplaced);
    leads.iter().find(is_sorted).copied().filter(|_| sort.key == SortKey::CreatedAt)
}

/// How rows are counted that are listed so: an index of the sort tells nothing about the filter, and any index of the filter is
/// a better way.
pub(crate) fn counting(filter: &OrderFilter, way: Way) -> Way {
    if way != Way::One(Lead::Sort) {
        return way;
    }
    if let Some(lead) = plan::leads(filter, Sort::default()).first() {
        return Way::One(*lead);
    }
    let each: Vec<Lead> = filter.any.iter().filter_map(|group| plan::leads(group, Sort::default()).first().copied()).collect();
    if !each.is_empty() && each.len() == filter.any.len() { Way::Each(each) } else { way }
}

/// A page of rows. The filter says already what the caller may see.
pub(crate) fn rows(
    tx: &mut Tx,
    filter: &OrderFilter,
    sort: Sort,
    way: Way,
    after: Option<Place>,
    skip: u32,
    limit: u32,
) -> Result<Vec<OrderRow>, Error> {
    let plan = plan::plan(filter, sort, way, after, tx.engine(), tx.org().to_value());
    if plan.is_empty() {
        return Ok(Vec::new());
    }
    let (sql, params) = plan.rows(skip, limit);
    tx.rows(&sql, params)
}

/// How many there are, counted to one more than a total says.
pub(crate) fn count(tx: &mut Tx, filter: &OrderFilter, way: Way) -> Result<i64, Error> {
    let (sql, params) = plan::plan(filter, Sort::default(), way, None, tx.engine(), tx.org().to_value()).count(COUNTED + 1);
    let (found,): (i64,) = tx.one(&sql, params)?;
    Ok(found)
}

/// The place of an order in a sort: what a cursor holds.
pub(crate) fn place_of(row: &OrderRow, sort: Sort) -> Place {
    let of = |key: SortKey| match key {
        SortKey::CreatedAt => row.created_at.0,
        SortKey::Total => row.total.0,
        SortKey::MovedAt => row.moved_at.0,
        SortKey::Number => row.seq,
        SortKey::Priority => plan::rank_of(row.priority),
    };
    let within = sort.within();
    let rank = if sort.key == SortKey::Priority { of(SortKey::Priority) } else { 0 };
    Place { rank, key: of(within.key), then: within.then.map_or(0, |then| of(then.key)), id: row.id }
}
