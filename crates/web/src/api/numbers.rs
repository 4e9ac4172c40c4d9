//! Numbers of legal documents: how they look, which were given, giving and voiding them.

use base::Edge;
use kernel::{CreditNoteId, Day, Error, Money, NumberId, OrderId, StoreId, Time, Version};
use orders::series::{self, DocumentNumber, NewSeries, NumberFilter, NumberKind, Series};

use crate::api::common::{ActorView, Limit, limit, money};
use crate::extract::{Path, Query, Two, Write};
use crate::respond::{Answer, List, Reply, Total, shown};
use crate::schema::{Describe, Many, body, view, word};

impl Describe for NumberKind {
    fn schema(_: &mut utoipa::openapi::schema::Components) -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        word(NumberKind::WORDS)
    }
}

view! {
    /// How the numbers of a kind of document look in a store.
    pub(crate) struct SeriesView {
        /// Of what.
        kind: NumberKind,
        /// In which store.
        store_id: StoreId,
        /// How a number is written: `{store}`, `{year}`, `{yy}`, `{seq}` or `{seq:5}` for five digits, and plain signs.
        pattern: String = "{store}-{year}-{seq:5}",
        /// Where the very first counting begins; later years begin at 1.
        first: i64 = 1,
        /// What the next document would get.
        next: String = "NATU-2026-00042",
        /// 0 while the series is as built in.
        version: Version = 1,
        /// When it was set.
        changed_at: Option<Time>,
    }

    /// A number that was given to a document.
    pub(crate) struct NumberView {
        /// Which entry of the ledger.
        id: NumberId,
        /// Of what.
        kind: NumberKind,
        /// The number.
        number: String = "NATU-2026-00042",
        /// In which store.
        store_id: StoreId,
        /// Of which year; 0 when the series does not begin anew each year.
        year: i64 = 2026,
        /// The counted part.
        seq: i64 = 42,
        /// The document: an order for its invoice, a credit note.
        document_id: String = "ord_0000000000001",
        /// The order that it is about, when there is one.
        order_id: Option<OrderId>,
        /// What the document came to when it got the number.
        total: Money,
        /// The store's day.
        issued_on: Day,
        /// When.
        created_at: Time,
        /// Who gave it.
        actor: ActorView,
        /// Since when the document counts no more; its number stays with it.
        voided_at: Option<Time>,
        /// Why.
        void_reason: Option<String>,
        /// Who said so.
        voided_by: Option<ActorView>,
        /// Whether this call gave it; only in the answer of giving.
        #[serde(skip_serializing_if = "Option::is_none")]
        is_new: Option<bool>,
    }
}

body! {
    /// How a series shall be.
    pub(crate) struct SeriesBody {
        /// How a number is written.
        pattern: String = "{store}-{year}-{seq:5}",
        /// Where the very first counting begins; counts only for a series that has not begun.
        first: Option<i64> = 1,
        /// The version that was read; 0 for a series as built in.
        version: Option<Version>,
    }

    /// Why a document counts no more.
    pub(crate) struct VoidBody {
        /// In words.
        reason: String = "Wrong company name",
    }

    /// Which numbers.
    pub(crate) struct NumberQuery {
        /// Of this kind.
        kind: Option<NumberKind>,
        /// In these stores.
        #[serde(default)]
        store_id: Many<StoreId>,
        /// Of this year, as the series counts.
        year: Option<i64> = 2026,
        /// About this order.
        order_id: Option<OrderId>,
        /// Whether the document was voided.
        voided: Option<bool>,
        /// How many, 1 to 200.
        limit: Option<Limit> = 50,
        /// Where the part before ended.
        cursor: Option<NumberId>,
    }
}

impl SeriesView {
    fn of(series: Series) -> SeriesView {
        let Series { kind, store_id, pattern, first, next, version, changed_at } = series;
        SeriesView { kind, store_id, pattern, first, next, version, changed_at }
    }
}

impl NumberView {
    fn of(number: DocumentNumber, is_new: Option<bool>) -> NumberView {
        NumberView {
            id: number.id,
            kind: number.kind,
            store_id: number.store_id,
            year: number.year,
            seq: number.seq,
            document_id: number.subject(),
            order_id: number.order_id,
            total: money(number.total, number.currency),
            issued_on: number.issued_on,
            created_at: number.created_at,
            actor: ActorView::of(number.actor()),
            voided_at: number.voided_at,
            voided_by: number.voided_by().map(ActorView::of),
            void_reason: number.void_reason,
            number: number.number,
            is_new,
        }
    }
}

/// `GET /api/v1/series`
pub(crate) async fn list_series(edge: Edge) -> Reply<List<SeriesView>> {
    let series = edge.read(series::list_series).await?;
    shown(List::whole(series.into_iter().map(SeriesView::of).collect()))
}

/// `PUT /api/v1/stores/{id}/series/{kind}`
pub(crate) async fn set_series(edge: Edge, Path(Two(store, kind)): Path<Two<StoreId, NumberKind>>, write: Write<SeriesBody>) -> Answer<SeriesView> {
    let SeriesBody { pattern, first, version } = write.body;
    let new = NewSeries { pattern, first, version: write.if_match.or(version) };
    Ok(edge.write_once(write.key.as_ref(), move |tx, ctx| Ok(SeriesView::of(series::set(tx, ctx, kind, store, &new)?))).await?.into())
}

/// `GET /api/v1/document-numbers`
pub(crate) async fn list(edge: Edge, Query(query): Query<NumberQuery>) -> Reply<List<NumberView>> {
    let limit = limit(query.limit)?;
    let filter = NumberFilter {
        kind: query.kind,
        stores: query.store_id.0,
        year: query.year,
        order: query.order_id,
        is_voided: query.voided,
        before: query.cursor,
    };
    let is_first = filter.before.is_none();
    let found = edge.read(move |tx, ctx| series::list(tx, ctx, &filter, limit)).await?;
    let is_full = found.len() == limit as usize;
    let count = found.len() as u64;
    let next_cursor = found.last().filter(|_| is_full).map(|last| last.id.to_string());
    let total = if is_full || !is_first { Total::AtLeast { at_least: count } } else { Total::Exactly(count) };
    shown(List { items: found.into_iter().map(|number| NumberView::of(number, None)).collect(), next_cursor, total })
}

/// `POST /api/v1/orders/{id}/invoice-number`
pub(crate) async fn invoice(edge: Edge, Path(id): Path<OrderId>, write: Write<crate::api::common::Nothing>) -> Answer<NumberView> {
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        let (number, is_new) = series::invoice(tx, ctx, id)?;
        Ok(NumberView::of(number, Some(is_new)))
    });
    Ok(answer.await?.into())
}

/// `POST /api/v1/credit-notes/{id}/number`
pub(crate) async fn credit(edge: Edge, Path(id): Path<CreditNoteId>, write: Write<crate::api::common::Nothing>) -> Answer<NumberView> {
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        let (number, is_new) = series::credit(tx, ctx, id)?;
        Ok(NumberView::of(number, Some(is_new)))
    });
    Ok(answer.await?.into())
}

/// `POST /api/v1/document-numbers/{id}/void`
pub(crate) async fn void(edge: Edge, Path(id): Path<NumberId>, write: Write<VoidBody>) -> Answer<NumberView> {
    let reason = write.body.reason;
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| Ok::<_, Error>(NumberView::of(series::void(tx, ctx, id, &reason)?, None)));
    Ok(answer.await?.into())
}
