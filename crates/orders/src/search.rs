//! One box for everything: numbers, references, telephones, names, products, agents, dates, amounts.
//!
//! What names one order (its number, reference, tracking number, the buyer's telephone) is looked up and
//! comes first. Then come, newest first, orders whose document contains the text and orders found
//! through the catalogue, the customers, the agents, the day or the amount. One of the engines
//! looks through the newest 200,000 documents at a time and offers to go on.

use base::{Ctx, places};
use db::Tx;
use jiff::civil::Date;
use kernel::{Amount, CustomerId, Day, Error, Id, OrderId, Permission, Phone, Time, UserId, cut, fold, western_digits};

use crate::filter::{Assigned, OrderFilter, OrderPage, Page, PageStart, Search, SearchPage};
use crate::model::OrderRow;
use crate::queries;
use crate::sort::{Place, Sort};
use crate::store::{list as lists, search as store};

/// A longer text is cut: nobody remembers more of an order.
const TEXT: usize = 120;
/// So many digits may be a whole telephone number.
const TELEPHONE: usize = 7;
/// How many customers, variants and agents one text may mean.
const MEANT: u32 = 50;

/// The rest of a list whose likely orders were shown before: only documents are left.
const SHOWN: i64 = 1;
/// So many orders are found at most through the team's own fields.
const IN_FIELDS: u32 = 1_000;

/// Finds orders that the caller may see. An empty text lists the newest.
///
/// What is named comes on the first page and is not repeated; what follows is newest first, and a page that is full
/// goes on after its last row. Without `phone.see` a telephone is found whole or not at all.
pub fn search(tx: &mut Tx, ctx: &Ctx, wanted: &Search) -> Result<SearchPage, Error> {
    ctx.require(Permission::OrderRead)?;

    let limit = if wanted.limit == 0 { 50 } else { wanted.limit.min(200) };
    let text = cut(wanted.text.trim(), TEXT).replace('\0', "");
    if fold(&text).is_empty() {
        let start = wanted.older.clone().map_or(PageStart::First, PageStart::Cursor);
        let page = Page { limit, start, with_total: false, ..Page::default() };
        let OrderPage { items, next_cursor, .. } = queries::list(tx, ctx, &wanted.filter, &page)?;
        return Ok(SearchPage { items, older: next_cursor });
    }
    let from = wanted.older.as_deref().map(|cursor| Place::read(cursor, Sort::default())).transpose()?;
    let Some(filter) = wanted.filter.seen(tx, ctx)? else { return Ok(SearchPage { items: Vec::new(), older: None }) };
    let older = from.map(|place| (Time(place.key), place.id));

    let named = exact(tx, ctx, &text, &filter, limit)?;
    let mut named = rows(tx, &filter, named, &[], None)?;
    named.truncate(limit as usize);
    let mut hidden: Vec<OrderId> = named.iter().map(|row| row.id).collect();
    let likely = likely(tx, ctx, &text, &filter, older, limit + 1)?;
    if from.is_none() && !named.is_empty() {
        // What was named is there; looking through documents is offered, not done unasked.
        let likely = rows(tx, &filter, likely, &hidden, None)?;
        let is_all = named.len() + likely.len() <= limit as usize;
        if is_all {
            named.extend(likely);
        }
        let newest = (Time(i64::MAX), OrderId::from_i64(i64::MAX));
        return Ok(SearchPage { items: named, older: Some(after(newest, is_all)) });
    }
    let is_shown = from.is_some_and(|place| place.rank == SHOWN);
    let mut found = likely;
    if is_shown {
        hidden.extend(rows(tx, &filter, found, &hidden, older)?.into_iter().map(|row| row.id));
        found = Vec::new();
    }
    let mut end = None;
    if let Some(document) = searched_text(ctx, &text) {
        if db::dialect::searches_one_by_one(tx.engine(), &document) {
            end = window(tx, ctx, older)?;
        }
        found.extend(store::by_document(tx, &document, &filter, older, end, limit + 1 + hidden.len() as u32)?);
    }

    let mut items = rows(tx, &filter, found, &hidden, older)?;
    if items.len() <= limit as usize {
        return Ok(SearchPage { items, older: end.map(|end| after(end, true)) });
    }
    items.truncate(limit as usize);
    // Documents beyond the end are not looked at yet; what else was found there waits for them.
    items.retain(|row| end.is_none_or(|end| (row.created_at, row.id) >= end));
    let last = items.last().filter(|_| items.len() == limit as usize).map(|row| (row.created_at, row.id));
    Ok(SearchPage { older: last.or(end).map(|place| after(place, is_shown)), items })
}

/// The cursor that goes on after a place; `is_shown` when orders that the text may mean were all shown.
fn after((at, id): (Time, OrderId), is_shown: bool) -> String {
    Place { rank: if is_shown { SHOWN } else { 0 }, ..Place::placed(at, id) }.cursor(Sort::default())
}

/// Where looking through documents one by one stops, from a place on.
fn window(tx: &mut Tx, ctx: &Ctx, older: Option<(Time, OrderId)>) -> Result<Option<(Time, OrderId)>, Error> {
    match (older, store::newest_end(tx, ctx.now)?) {
        (Some(older), Some(end)) if older <= end => store::window_end(tx, Some(older)),
        (_, end) => Ok(end),
    }
}

/// What documents are searched for. They hold telephones, so whoever may not see these finds no bare digits in them,
/// also not beside other words: digit by digit, they would read the number.
fn searched_text(ctx: &Ctx, text: &str) -> Option<String> {
    let has_digits = |text: &str| fold(text).split(' ').any(|word| word.bytes().all(|sign| sign.is_ascii_digit()));
    (ctx.can(Permission::PhoneSee) || !has_digits(text)).then(|| document_text(text))
}

/// What a document is searched for: digits with spaces between them are one number. A document holds
/// telephones with their country, so the zeros that stand for it at home or abroad are left out.
fn document_text(text: &str) -> String {
    match digits_of(text) {
        Some(digits) => {
            let whole = digits.trim_start_matches('0');
            if whole.len() >= TELEPHONE { whole.to_owned() } else { digits }
        }
        None => fold(text),
    }
}

/// The digits of a text that has no letters.
fn digits_of(text: &str) -> Option<String> {
    let western = western_digits(text);
    let is_number =
        western.chars().all(|sign| sign.is_ascii_digit() || matches!(sign, ' ' | '+' | '-' | '.' | ',' | '(' | ')' | '/' | '\u{a0}' | '\u{202f}'));
    let digits: String = western.chars().filter(char::is_ascii_digit).collect();
    (is_number && !digits.is_empty()).then_some(digits)
}

/// Orders that the text names: by id, number, reference, tracking number or full telephone.
fn exact(tx: &mut Tx, ctx: &Ctx, text: &str, filter: &OrderFilter, limit: u32) -> Result<Vec<OrderId>, Error> {
    let mut found: Vec<OrderId> = text.parse::<OrderId>().ok().into_iter().collect();
    if let Some((id, number)) = seq_of(text).map(|seq| store::by_seq(tx, seq)).transpose()?.flatten()
        && names_number(text, &number)
    {
        found.push(id);
    }
    found.extend(store::by_external_ref(tx, text)?);
    found.extend(store::by_tracking(tx, text)?);
    let customers = by_telephone(tx, ctx, text)?;
    found.extend(store::by_customers(tx, &customers, filter, None, limit)?);
    Ok(found)
}

/// The orders that a customer may mean by a number: ours, with or without its prefix, or the shop's own. Whoever may see
/// them; for the tracking page, which asks for a proof.
pub fn numbered(tx: &mut Tx, text: &str) -> Result<Vec<OrderId>, Error> {
    let text = text.trim();
    let by_seq = store::by_seq(tx, seq_of(text).unwrap_or(0))?;
    let mut found: Vec<OrderId> = by_seq.filter(|(_, number)| names_number(text, number)).map(|(id, _)| id).into_iter().collect();
    found.extend(store::by_external_ref(tx, text)?);
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// The counted part that a typed number ends with: `#K-1041` and `1041` alike.
fn seq_of(text: &str) -> Option<i64> {
    let western = western_digits(text.trim_start_matches('#'));
    let head = western.trim_end_matches(|sign: char| sign.is_ascii_digit());
    let digits = &western[head.len()..];
    let is_prefix = head.len() <= 8 && head.bytes().all(|sign| sign.is_ascii_alphanumeric() || sign == b'-');
    if is_prefix && (1..=15).contains(&digits.len()) { digits.parse().ok() } else { None }
}

/// Whether a typed text means this number: the digits alone will do, another prefix will not.
fn names_number(text: &str, number: &str) -> bool {
    let typed = western_digits(text.trim_start_matches('#'));
    typed.eq_ignore_ascii_case(number) || typed.bytes().all(|sign| sign.is_ascii_digit())
}

fn by_telephone(tx: &mut Tx, ctx: &Ctx, text: &str) -> Result<Vec<CustomerId>, Error> {
    let Some(digits) = digits_of(text).filter(|digits| digits.len() >= TELEPHONE) else { return Ok(Vec::new()) };
    // As it was typed, and as a number with its country's code whose plus was left out.
    for typed in [text, &format!("+{digits}")] {
        for country in places::countries() {
            if let Ok(phone) = Phone::parse(typed, *country)
                && let Some(customer) = customers::by_phone(tx, &phone)?
            {
                return Ok(vec![customer.id]);
            }
        }
    }
    if !ctx.can(Permission::PhoneSee) {
        return Ok(Vec::new());
    }
    // Of another country, or written in a way that no country knows.
    let customers = customers::by_phone_ending(tx, &digits, 2)?;
    Ok(if customers.len() == 1 { customers } else { Vec::new() })
}

/// Orders that the text may mean, older than a place: by the end of a telephone, a name, a product, an agent, a day,
/// an amount; so many of each.
fn likely(tx: &mut Tx, ctx: &Ctx, text: &str, filter: &OrderFilter, older: Option<(Time, OrderId)>, limit: u32) -> Result<Vec<OrderId>, Error> {
    let mut found = Vec::new();
    let sees_phones = ctx.can(Permission::PhoneSee);
    let digits = digits_of(text);
    if let Some(day) = day_of(text) {
        let on_day = OrderFilter { placed_on: Some(day), ..filter.clone() }.with_hours();
        found.extend(of_filter(tx, &on_day, older, limit)?);
    }
    if let Some(digits) = &digits {
        let customers = match sees_phones {
            true if digits.len() >= 4 => customers::by_phone_ending(tx, digits, MEANT)?,
            true => Vec::new(),
            // Those of the whole number that did not find room on the first page.
            false => by_telephone(tx, ctx, text)?,
        };
        found.extend(store::by_customers(tx, &customers, filter, older, limit)?);
        found.extend(store::by_totals(tx, &amounts_of(text), filter, older, limit)?);
    } else if fold(text).chars().count() >= 2 {
        let customers = customers::of_name(tx, text, MEANT)?;
        found.extend(store::by_customers(tx, &customers, filter, older, limit)?);
        for agent in agents_of(tx, ctx, text)? {
            if let Some(theirs) = (OrderFilter { assigned: vec![Assigned::To(agent)], ..filter.clone() }).narrowed_to(filter) {
                found.extend(of_filter(tx, &theirs, older, limit)?);
            }
        }
    }
    // Fields of the team's own hold telephones, too.
    if sees_phones || digits.is_none() {
        let in_fields = fields::searchable_texts(tx, ctx, kernel::Subject::Order, text, IN_FIELDS)?;
        found.extend(in_fields.into_iter().map(OrderId::from_i64));
    }
    if fold(text).chars().count() >= 2 {
        let variants = catalogue::matching(tx, text, 20)?;
        found.extend(store::by_variants(tx, &variants, filter, older, limit)?);
    }
    Ok(found)
}

fn of_filter(tx: &mut Tx, filter: &OrderFilter, older: Option<(Time, OrderId)>, limit: u32) -> Result<Vec<OrderId>, Error> {
    let lead = lists::choose(tx, filter, Sort::default())?;
    let place = older.map(|(at, id)| Place::placed(at, id));
    let rows = lists::rows(tx, filter, Sort::default(), lead, place, 0, limit)?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

fn agents_of(tx: &mut Tx, ctx: &Ctx, text: &str) -> Result<Vec<UserId>, Error> {
    let folded = fold(text);
    if folded.chars().count() < 3 {
        return Ok(Vec::new());
    }
    let people = access::users::list_agents(tx, ctx)?;
    Ok(people.into_iter().filter(|person| fold(&person.name).contains(&folded)).map(|person| person.id).take(5).collect())
}

/// A day as people type it: `2026-11-21`, `21/11/2026`, `21.11.2026`.
fn day_of(text: &str) -> Option<Day> {
    let western = western_digits(text);
    if let Some(day) = Day::parse(&western) {
        return Some(day);
    }
    let parts: Vec<i16> = western.split(['/', '.', '-']).map(|part| part.trim().parse().ok()).collect::<Option<_>>()?;
    let [day, month, year] = parts.as_slice() else { return None };
    let date = Date::new(*year, i8::try_from(*month).ok()?, i8::try_from(*day).ok()?).ok()?;
    (*year >= 2000).then(|| Day::from_date(date))
}

/// The minor units that a typed amount may be, each with the decimals of the currencies for which it is so.
fn amounts_of(text: &str) -> Vec<(u32, Amount)> {
    let western = western_digits(text).replace([' ', '\u{a0}', '\u{202f}'], "").replace(',', ".");
    let (whole, decimals) = western.split_once('.').unwrap_or((&western, ""));
    if whole.is_empty() || whole.len() > 12 || decimals.len() > 3 || !whole.bytes().chain(decimals.bytes()).all(|sign| sign.is_ascii_digit()) {
        return Vec::new();
    }
    let minor = |exponent: u32| {
        let width = exponent as usize;
        let digits = (decimals.len() <= width).then(|| format!("{whole}{decimals:0<width$}"))?;
        Some((exponent, Amount(digits.parse().ok()?)))
    };
    [0, 2, 3].into_iter().filter_map(minor).collect()
}

/// The rows that pass the filter and are older than a place, newest first, each once, without those that were shown.
fn rows(
    tx: &mut Tx,
    filter: &OrderFilter,
    mut ids: Vec<OrderId>,
    hidden: &[OrderId],
    older: Option<(Time, OrderId)>,
) -> Result<Vec<OrderRow>, Error> {
    ids.retain(|id| !hidden.contains(id));
    ids.sort_unstable();
    ids.dedup();
    let mut rows = store::rows(tx, filter, &ids)?;
    rows.retain(|row| older.is_none_or(|older| (row.created_at, row.id) < older));
    rows.sort_by_key(|row| std::cmp::Reverse((row.created_at, row.id)));
    Ok(rows)
}

impl OrderFilter {
    /// The same, unless another filter leaves nothing of its agents.
    fn narrowed_to(self, other: &OrderFilter) -> Option<OrderFilter> {
        let is_possible = other.assigned.is_empty() || self.assigned.iter().any(|one| other.assigned.contains(one));
        is_possible.then_some(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_in_every_way_it_may_be_meant() {
        assert_eq!(seq_of("#K-1041"), Some(1041));
        assert_eq!(seq_of("١٠٤١"), Some(1041));
        assert_eq!(seq_of("Amina Benali 7"), None);
        assert!(names_number("k-1041", "K-1041") && names_number("1041", "K-1041") && !names_number("W-1041", "K-1041"));
        assert_eq!(digits_of("0550 14 23 87").as_deref(), Some("0550142387"));
        assert_eq!(digits_of("LIN-M 2"), None);
        assert_eq!(day_of("21/11/2026"), Day::parse("2026-11-21"));
        assert_eq!(day_of("2026-11-21"), Day::parse("2026-11-21"));
        assert_eq!(day_of("31/02/2026"), None);
        assert_eq!(amounts_of("8 400,50"), [(2, Amount(840_050)), (3, Amount(8_400_500))]);
        assert_eq!(amounts_of("120"), [(0, Amount(120)), (2, Amount(12_000)), (3, Amount(120_000))]);
        assert_eq!(amounts_of("0550 14 23 87").len(), 3);
        assert_eq!(document_text("0550 14"), "055014");
        assert_eq!(document_text("Aïcha B"), "aicha b");
    }
}
