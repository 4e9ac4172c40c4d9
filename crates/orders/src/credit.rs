//! Credit notes: what went back on paper, goods or money after the fact.
//!
//! A note is linked to the order it gives back where that is known. It changes neither the order's
//! amounts nor its state: what was sold stays what was sold, and what came back moves by its own
//! actions.

use base::{Ctx, events};
use catalogue::IntakeLine;
use customers::NewCustomer;
use db::Tx;
use kernel::{
    Amount, Check, Country, CreditKind, CreditNoteId, Currency, CustomerId, Error, Event, LineId, OrderId, Permission, StoreId, Time, VariantId,
    VariantKind,
};
use sha2::{Digest, Sha256};

use crate::limits;
use crate::masked;
use crate::store::credits::SoldLine;
use crate::store::{self, credits};

db::row! {
    /// A credit note.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct CreditNote {
        /// Its id.
        pub id: CreditNoteId,
        /// Where it was given.
        pub store_id: StoreId,
        /// The order that it gives back, when one is known.
        pub order_id: Option<OrderId>,
        /// To whom.
        pub customer_id: Option<CustomerId>,
        /// What the shop or file calls it.
        pub external_ref: Option<String>,
        /// What kind of gap it fills.
        pub kind: CreditKind,
        /// Of its amounts.
        pub currency: Currency,
        /// What goes back to the customer; an adjustment may be negative.
        pub total: Amount,
        /// Where the customer is.
        pub country: Country,
        /// Why, in words.
        pub reason: Option<String>,
        /// The preset that brought it in from a file.
        pub import_source: Option<String>,
        /// When it was given.
        pub created_at: Time,
        /// When we wrote it down.
        pub recorded_at: Time,
    }

    /// A line of a credit note.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct CreditLine {
        /// The SKU of what goes back.
        pub sku: Option<String>,
        /// What it is.
        pub title: String,
        /// How many; below zero when they are charged instead.
        pub quantity: i64,
        /// What goes back for one.
        pub unit_price: Amount,
        /// Quantity times price.
        pub line_total: Amount,
        /// Its entry in the catalogue.
        pub variant_id: Option<VariantId>,
        /// The line of the order that it gives back, where one holds enough of it.
        pub order_line_id: Option<LineId>,
    }
}

/// A credit note as it comes in. A line with a negative quantity is charged instead of given back; of an
/// adjustment prices may be negative.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCreditNote {
    /// Where it is given.
    pub store_id: StoreId,
    /// What the shop or file calls it. The same one again answers the note that stands already.
    pub external_ref: Option<String>,
    /// What kind of gap it fills.
    pub kind: CreditKind,
    /// The order it gives back, if the caller knows. For a return without it the earlier order of the
    /// customer is looked for that holds most of its lines in these quantities, the newest among equals.
    pub order_id: Option<OrderId>,
    /// To whom.
    pub customer: Option<NewCustomer>,
    /// Where the customer is; the store's country when not given.
    pub country: Option<Country>,
    /// What goes back.
    pub lines: Vec<NewCreditLine>,
    /// When it was given; now when not given.
    pub given_at: Option<Time>,
    /// Why, in words.
    pub reason: Option<String>,
    /// The preset that brought it in from a file.
    pub import_source: Option<String>,
}

/// A line of a credit note as it comes in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCreditLine {
    /// The SKU of what goes back.
    pub sku: Option<String>,
    /// Whether it is packed or only charged.
    pub kind: VariantKind,
    /// What it is.
    pub title: String,
    /// How many; not zero.
    pub quantity: i64,
    /// What goes back for one, in the store's currency.
    pub unit_price: Amount,
}

/// A note that stands, and whether this call made it.
#[derive(Clone, Debug)]
pub struct Credited {
    /// Which.
    pub id: CreditNoteId,
    /// The order that it was linked to.
    pub order_id: Option<OrderId>,
    /// What goes back.
    pub total: Amount,
    /// False when the same note had come in before.
    pub is_new: bool,
}

/// Records a credit note. The same external reference again answers the note that stands already; with
/// other content it is `Conflict` `credit_note.external_ref`.
pub fn record_credit_note(tx: &mut Tx, ctx: &Ctx, new: &NewCreditNote) -> Result<Credited, Error> {
    if !ctx.can(Permission::OrderImport) {
        ctx.require(Permission::OrderRefund)?;
    }

    let store = crate::place::known_store(tx, ctx, new.store_id)?;
    let total = checked(ctx, new)?;
    let external_ref = new.external_ref.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let hash = external_ref.map(|_| content_hash(new));
    if let (Some(external_ref), Some(hash)) = (external_ref, &hash)
        && let Some(standing) = same_as_before(tx, ctx, new.store_id, external_ref, hash)?
    {
        return Ok(standing);
    }
    if let Some(order) = new.order_id {
        let order = store::find(tx, ctx, order)?.ok_or_else(|| Error::field("order_id", "unknown"))?;
        // What goes back is compared with what was paid.
        if order.currency != store.currency {
            return Err(Error::field("order_id", "money.currency"));
        }
    }

    let given_at = new.given_at.unwrap_or(ctx.now);
    let customer_id = match &new.customer {
        Some(customer) => Some(customers::find_or_create(tx, ctx, store.id, customer)?.id),
        None => None,
    };
    let intake: Vec<IntakeLine<'_>> = new
        .lines
        .iter()
        .map(|line| IntakeLine { sku: line.sku.as_deref(), kind: line.kind, title: &line.title, variant: None, unit_price: line.unit_price })
        .collect();
    // An adjustment is no product, so the catalogue does not learn it.
    let variants = if new.kind == CreditKind::Return { catalogue::variants_for(tx, ctx, &intake, store.currency)? } else { Vec::new() };
    let (order_id, order_lines) = match (new.order_id, customer_id) {
        (None, Some(customer)) if new.kind == CreditKind::Return => {
            let sold = credits::sold_before(tx, store.id, customer, given_at, &distinct(&variants))?;
            let wanted: Vec<(VariantId, i64)> = variants.iter().copied().zip(new.lines.iter().map(|line| line.quantity)).collect();
            given_back(&sold, &wanted).map_or((None, Vec::new()), |(order, lines)| (Some(order), lines))
        }
        (known, _) => (known, Vec::new()),
    };
    let note = CreditNote {
        id: tx.new_id(),
        store_id: store.id,
        order_id,
        customer_id,
        external_ref: external_ref.map(str::to_owned),
        kind: new.kind,
        currency: store.currency,
        total,
        country: new.country.unwrap_or(store.country),
        reason: new.reason.clone(),
        import_source: new.import_source.clone(),
        created_at: given_at,
        recorded_at: ctx.now,
    };
    let lines: Vec<CreditLine> = new
        .lines
        .iter()
        .enumerate()
        .map(|(place, line)| CreditLine {
            sku: line.sku.clone(),
            title: line.title.trim().to_owned(),
            quantity: line.quantity,
            unit_price: line.unit_price,
            line_total: Amount(line.unit_price.0 * line.quantity),
            variant_id: variants.get(place).copied(),
            order_line_id: order_lines.get(place).copied().flatten(),
        })
        .collect();
    if !credits::insert(tx, &note, hash.as_deref(), &lines)? {
        let (external_ref, hash) = (external_ref.unwrap_or_default(), hash.unwrap_or_default());
        let standing = same_as_before(tx, ctx, new.store_id, external_ref, &hash)?;
        return standing.ok_or_else(|| Error::internal("a credit note that was in the way is not there"));
    }

    events::record(tx, ctx, Event::CreditNoteRecorded { credit_note: note.id, order: order_id, total })?;
    Ok(Credited { id: note.id, order_id, total, is_new: true })
}

fn distinct(variants: &[VariantId]) -> Vec<VariantId> {
    let mut distinct = variants.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    distinct
}

/// The order that holds most of the wanted lines in these quantities, the newest among equals, and for
/// each wanted line the order's line that it takes from. Nothing when no line is matched. `sold` is
/// sorted by order, the newest first.
fn given_back(sold: &[SoldLine], wanted: &[(VariantId, i64)]) -> Option<(OrderId, Vec<Option<LineId>>)> {
    let mut best: Option<(usize, OrderId, Vec<Option<LineId>>)> = None;
    for lines in sold.chunk_by(|one, next| one.order_id == next.order_id) {
        let mut left: Vec<i64> = lines.iter().map(|line| line.quantity).collect();
        let mut taken = Vec::with_capacity(wanted.len());
        for (variant, quantity) in wanted {
            let place = lines.iter().zip(&left).position(|(line, left)| *quantity > 0 && line.variant_id == *variant && left >= quantity);
            if let Some(place) = place {
                left[place] -= quantity;
            }
            taken.push(place.map(|place| lines[place].line_id));
        }
        let matched = taken.iter().flatten().count();
        if matched > best.as_ref().map_or(0, |(most, _, _)| *most) {
            best = Some((matched, lines[0].order_id, taken));
        }
    }
    best.map(|(_, order, lines)| (order, lines))
}

/// The total, or everything that is wrong.
fn checked(ctx: &Ctx, new: &NewCreditNote) -> Result<Amount, Error> {
    let mut check = Check::new();
    limits::text(&mut check, "external_ref", new.external_ref.as_deref(), limits::EXTERNAL_REF);
    limits::text(&mut check, "reason", new.reason.as_deref(), 2_000);
    check.require(!new.lines.is_empty(), "lines", "required");
    if let Some(at) = new.given_at {
        limits::placed_at(&mut check, "given_at", at, ctx.now);
    }
    let mut total = Amount::ZERO;
    for (place, line) in new.lines.iter().enumerate() {
        let field = |name: &str| format!("lines[{place}].{name}");
        check.require((1..=1_000_000).contains(&line.quantity.unsigned_abs()), field("quantity"), "quantity");
        check.require(new.kind == CreditKind::Adjustment || line.unit_price.0 >= 0, field("unit_price"), "negative");
        limits::text(&mut check, &field("title"), Some(&line.title), 300);
        limits::text(&mut check, &field("sku"), line.sku.as_deref(), 80);
        let line_total = check.keep(&field("unit_price"), line.unit_price.times(line.quantity))?.unwrap_or_default();
        total = check.keep("total", total.plus(line_total))?.unwrap_or(total);
    }
    check.done()?;
    Ok(total)
}

fn same_as_before(tx: &mut Tx, ctx: &Ctx, store: StoreId, external_ref: &str, hash: &[u8]) -> Result<Option<Credited>, Error> {
    let Some(standing) = credits::find_by_ref(tx, store, external_ref)? else { return Ok(None) };
    let id = standing.id;
    if standing.content_hash.as_deref() != Some(hash) {
        return Err(Error::conflict("credit_note.external_ref").with("external_ref", external_ref).with("credit_note", id));
    }
    let note = credits::find(tx, ctx, id)?.ok_or(Error::not_found("credit_note"))?;
    Ok(Some(Credited { id, order_id: note.order_id, total: note.total, is_new: false }))
}

fn content_hash(new: &NewCreditNote) -> Vec<u8> {
    let mut hash = Sha256::new();
    // What is not there is told from what is empty.
    let text = |hash: &mut Sha256, text: Option<&str>| {
        hash.update(text.map_or(u64::MAX, |text| text.len() as u64).to_be_bytes());
        hash.update(text.unwrap_or_default().as_bytes());
    };
    hash.update(new.kind.as_str());
    hash.update(new.given_at.map_or(0, |at| at.0).to_be_bytes());
    hash.update(new.order_id.map_or(0, kernel::Id::to_i64).to_be_bytes());
    text(&mut hash, new.country.as_ref().map(|country| country.code()));
    text(&mut hash, new.reason.as_deref());
    let customer = new.customer.as_ref();
    text(&mut hash, customer.map(|one| one.name.as_str()));
    text(&mut hash, customer.and_then(|one| one.phone.as_ref()).map(|phone| phone.e164()));
    text(&mut hash, customer.and_then(|one| one.email.as_deref()));
    text(&mut hash, customer.and_then(|one| one.external_ref.as_deref()));
    for line in &new.lines {
        text(&mut hash, line.sku.as_deref());
        text(&mut hash, Some(&line.title));
        hash.update(line.kind.as_str());
        hash.update(line.quantity.to_be_bytes());
        hash.update(line.unit_price.0.to_be_bytes());
    }
    hash.finalize()[..16].to_vec()
}

/// One credit note with its lines.
pub fn find_credit_note(tx: &mut Tx, ctx: &Ctx, id: CreditNoteId) -> Result<(CreditNote, Vec<CreditLine>), Error> {
    ctx.require(Permission::OrderRead)?;
    let note = credits::find(tx, ctx, id)?.ok_or(Error::not_found("credit_note"))?;
    let lines = credits::lines(tx, id)?;
    let note = masked::credit_notes(ctx, vec![note]).pop().ok_or(Error::not_found("credit_note"))?;
    Ok((note, lines))
}

/// Credit notes, the newest first, older than a place; 1 to 200 of them.
pub fn list_credit_notes(tx: &mut Tx, ctx: &Ctx, before: Option<(Time, CreditNoteId)>, limit: u32) -> Result<Vec<CreditNote>, Error> {
    ctx.require(Permission::OrderRead)?;
    Ok(masked::credit_notes(ctx, credits::list(tx, ctx, before, limit.clamp(1, 200))?))
}

#[cfg(test)]
mod tests {
    use kernel::Id;

    use super::*;

    /// `order line variant quantity`, the newest order first, against `variant quantity`.
    #[track_caller]
    fn check(sold: &[(i64, i64, i64, i64)], wanted: &[(i64, i64)], expected: Option<(i64, &[i64])>) {
        let sold: Vec<SoldLine> = sold
            .iter()
            .map(|(order, line, variant, quantity)| SoldLine {
                order_id: OrderId::from_i64(*order),
                line_id: LineId::from_i64(*line),
                variant_id: VariantId::from_i64(*variant),
                quantity: *quantity,
            })
            .collect();
        let wanted: Vec<(VariantId, i64)> = wanted.iter().map(|(variant, quantity)| (VariantId::from_i64(*variant), *quantity)).collect();
        let found = given_back(&sold, &wanted);
        let found = found.map(|(order, lines)| (order.to_i64(), lines.iter().map(|line| line.map_or(0, Id::to_i64)).collect::<Vec<_>>()));
        assert_eq!(found, expected.map(|(order, lines)| (order, lines.to_vec())));
    }

    #[test]
    fn the_order_that_holds_most_of_it_came_back() {
        check(&[], &[(7, 1)], None);
        check(&[(2, 21, 7, 1), (1, 11, 7, 5)], &[(7, 3)], Some((1, &[11])));
        check(&[(2, 21, 7, 3), (1, 11, 7, 5)], &[(7, 3)], Some((2, &[21])));
        check(&[(2, 21, 7, 3), (1, 11, 7, 3), (1, 12, 8, 1)], &[(7, 3), (8, 1)], Some((1, &[11, 12])));
        check(&[(2, 21, 7, 3)], &[(7, 3), (8, 1)], Some((2, &[21, 0])));
        check(&[(2, 21, 7, 3)], &[(7, 2), (7, 2)], Some((2, &[21, 0])));
        check(&[(2, 21, 7, 1)], &[(7, 2)], None);
    }
}
