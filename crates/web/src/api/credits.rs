//! Credit notes: what orders gave back, as files and shops reported it.

use base::Edge;
use kernel::{Country, CreditKind, CreditNoteId, CustomerId, Error, Money, OrderId, StoreId, Time, VariantId};
use orders::{CreditLine, CreditNote};

use super::common::{Limit, limit, money};
use crate::extract::{Path, Query};
use crate::respond::{List, Reply, Total, shown};
use crate::schema::{body, view};

view! {
    /// A credit note.
    pub(crate) struct CreditNoteView {
        /// Which.
        id: CreditNoteId,
        /// Where it was given.
        store_id: StoreId,
        /// The order that it gives back, when one is known.
        order_id: Option<OrderId>,
        /// To whom.
        customer_id: Option<CustomerId>,
        /// What the shop or file calls it.
        external_ref: Option<String> = "C536379",
        /// What kind of gap it fills.
        kind: CreditKind,
        /// What goes back to the customer; an adjustment may be negative.
        total: Money,
        /// Where the customer is.
        country: Country,
        /// Why, in words.
        reason: Option<String>,
        /// The preset that brought it in from a file.
        import_source: Option<String>,
        /// When it was given.
        created_at: Time,
        /// When we wrote it down.
        recorded_at: Time,
        /// What goes back; when one note is read.
        #[serde(skip_serializing_if = "Option::is_none")]
        lines: Option<Vec<CreditLineView>>,
    }

    /// A line of a credit note.
    pub(crate) struct CreditLineView {
        /// The SKU of what goes back.
        sku: Option<String> = "LIN-M",
        /// What it is.
        title: String = "Linen dress",
        /// How many.
        quantity: i64 = 1,
        /// What goes back for one.
        unit_price: Money,
        /// Quantity times price.
        line_total: Money,
        /// Its entry in the catalogue.
        variant_id: Option<VariantId>,
    }
}

body! {
    /// Which credit notes.
    pub(crate) struct CreditQuery {
        /// How many, 1 to 200.
        limit: Option<Limit> = 50,
        /// Where the part before ended.
        cursor: Option<String>,
    }
}

impl CreditNoteView {
    pub(crate) fn of(note: CreditNote, lines: Option<Vec<CreditLine>>) -> CreditNoteView {
        let in_currency = |amount| money(amount, note.currency);
        let line = |line: CreditLine| CreditLineView {
            sku: line.sku,
            title: line.title,
            quantity: line.quantity,
            unit_price: in_currency(line.unit_price),
            line_total: in_currency(line.line_total),
            variant_id: line.variant_id,
        };
        CreditNoteView {
            id: note.id,
            store_id: note.store_id,
            order_id: note.order_id,
            customer_id: note.customer_id,
            kind: note.kind,
            total: in_currency(note.total),
            country: note.country,
            lines: lines.map(|lines| lines.into_iter().map(line).collect()),
            external_ref: note.external_ref,
            reason: note.reason,
            import_source: note.import_source,
            created_at: note.created_at,
            recorded_at: note.recorded_at,
        }
    }
}

fn read_cursor(text: &str) -> Result<(Time, CreditNoteId), Error> {
    let read = text.split_once('.').and_then(|(at, id)| Some((Time(at.parse().ok()?), id.parse().ok()?)));
    read.ok_or_else(|| Error::field("cursor", "cursor"))
}

/// `GET /api/v1/credit-notes`
pub(crate) async fn list(edge: Edge, Query(query): Query<CreditQuery>) -> Reply<List<CreditNoteView>> {
    let limit = limit(query.limit)?;
    let before = query.cursor.as_deref().map(read_cursor).transpose()?;
    let notes = edge.read(move |tx, ctx| orders::list_credit_notes(tx, ctx, before, limit)).await?;
    let count = notes.len() as u64;
    let is_full = notes.len() == limit as usize;
    let next_cursor = notes.last().filter(|_| is_full).map(|note| format!("{}.{}", note.created_at.0, note.id));
    let total = if is_full { Total::AtLeast { at_least: count } } else { Total::Exactly(count) };
    shown(List { items: notes.into_iter().map(|note| CreditNoteView::of(note, None)).collect(), next_cursor, total })
}

/// `GET /api/v1/credit-notes/{id}`
pub(crate) async fn get(edge: Edge, Path(id): Path<CreditNoteId>) -> Reply<CreditNoteView> {
    let (note, lines) = edge.read(move |tx, ctx| orders::find_credit_note(tx, ctx, id)).await?;
    shown(CreditNoteView::of(note, Some(lines)))
}
