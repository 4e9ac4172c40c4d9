//! The SQL of credit notes.

use base::Ctx;
use db::{Tx, dialect, params};
use kernel::value::ToValue;
use kernel::{CreditNoteId, CustomerId, Error, LineId, OrderId, StoreId, Time, VariantId};

use crate::credit::{CreditLine, CreditNote};

pub(crate) const NOTE: &str =
    "id, store_id, order_id, customer_id, external_ref, kind, currency, total, country, reason, import_source, created_at, recorded_at";

db::row! {
    /// A credit note that has a reference, and the fingerprint of what was sent.
    pub(crate) struct Standing {
        pub id: CreditNoteId,
        pub content_hash: Option<Vec<u8>>,
    }
}

/// The note under a reference.
pub(crate) fn find_by_ref(tx: &mut Tx, store: StoreId, external_ref: &str) -> Result<Option<Standing>, Error> {
    tx.optional(
        "select id, content_hash
           from credit_notes
          where org_id = $1
            and external_ref = $2
            and store_id = $3",
        params![tx.org(), external_ref, store],
    )
}

/// Credit notes have no agent, so only the stores decide who sees them.
pub(crate) fn find(tx: &mut Tx, ctx: &Ctx, id: CreditNoteId) -> Result<Option<CreditNote>, Error> {
    let mut params = params![tx.org(), id];
    let stores = ctx.sees().store_clause("store_id", &mut params);
    tx.optional(&format!("select {NOTE} from credit_notes where org_id = $1 and id = $2{stores}"), params)
}

/// The same, kept from others until the end of the transaction.
pub(crate) fn find_to_change(tx: &mut Tx, ctx: &Ctx, id: CreditNoteId) -> Result<Option<CreditNote>, Error> {
    let mut params = params![tx.org(), id];
    let stores = ctx.sees().store_clause("store_id", &mut params);
    let lock = dialect::for_update(tx.engine());
    tx.optional(&format!("select {NOTE} from credit_notes where org_id = $1 and id = $2{stores}{lock}"), params)
}

pub(crate) fn of_order(tx: &mut Tx, order: OrderId) -> Result<Vec<CreditNote>, Error> {
    tx.rows(&format!("select {NOTE} from credit_notes where org_id = $1 and order_id = $2 order by id limit 500"), params![tx.org(), order])
}

/// The newest first, older than a place.
pub(crate) fn list(tx: &mut Tx, ctx: &Ctx, before: Option<(Time, CreditNoteId)>, limit: u32) -> Result<Vec<CreditNote>, Error> {
    let mut params = params![tx.org(), i64::from(limit)];
    let mut conditions = ctx.sees().store_clause("store_id", &mut params);
    if let Some((at, id)) = before {
        params.extend(params![at, id]);
        conditions.push_str(&format!(" and (created_at, id) < (${}, ${})", params.len() - 1, params.len()));
    }
    tx.rows(&format!("select {NOTE} from credit_notes where org_id = $1{conditions} order by created_at desc, id desc limit $2"), params)
}

pub(crate) fn lines(tx: &mut Tx, note: CreditNoteId) -> Result<Vec<CreditLine>, Error> {
    tx.rows(
        "select sku, title, quantity, unit_price, line_total, variant_id, order_line_id
           from credit_note_lines
          where org_id = $1
            and credit_note_id = $2
          order by id
          limit 10000",
        params![tx.org(), note],
    )
}

/// Writes a note with its lines. False when one with its reference has just come in.
pub(crate) fn insert(tx: &mut Tx, note: &CreditNote, content_hash: Option<&[u8]>, lines: &[CreditLine]) -> Result<bool, Error> {
    let made = tx.execute(
        "insert into credit_notes (org_id, id, store_id, order_id, customer_id, external_ref, content_hash, kind, currency, total, country,
                                   reason, import_source, created_at, recorded_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
         on conflict (org_id, external_ref, store_id) where external_ref is not null do nothing",
        params![
            tx.org(),
            note.id,
            note.store_id,
            note.order_id,
            note.customer_id,
            note.external_ref,
            content_hash,
            note.kind,
            note.currency,
            note.total,
            note.country,
            note.reason,
            note.import_source,
            note.created_at,
            note.recorded_at
        ],
    )?;
    if made == 0 {
        return Ok(false);
    }
    for (chunk, some) in lines.chunks(32).enumerate() {
        let mut values = Vec::with_capacity(some.len() * 11);
        for (place, line) in some.iter().enumerate() {
            let id: kernel::LineId = tx.new_id();
            values.extend(params![
                tx.org(),
                note.id,
                id,
                (chunk * 32 + place) as i64,
                line.sku,
                line.title,
                line.quantity,
                line.unit_price,
                line.line_total,
                line.variant_id,
                line.order_line_id
            ]);
        }
        let rows = dialect::value_rows(some.len(), 11);
        tx.execute(
            &format!(
                "insert into credit_note_lines (org_id, credit_note_id, id, position, sku, title, quantity, unit_price, line_total, variant_id,
                                                order_line_id)
                 values {rows}"
            ),
            values,
        )?;
    }
    Ok(true)
}

/// How many of a customer's orders are looked through for what came back.
const ORDERS: i64 = 200;

db::row! {
    /// A line that may be what came back.
    #[derive(Clone, Debug)]
    pub(crate) struct SoldLine {
        pub order_id: OrderId,
        pub line_id: LineId,
        pub variant_id: VariantId,
        pub quantity: i64,
    }
}

/// What a customer bought of these variants in a store before an instant, the newest order first.
pub(crate) fn sold_before(tx: &mut Tx, store: StoreId, customer: CustomerId, before: Time, variants: &[VariantId]) -> Result<Vec<SoldLine>, Error> {
    if variants.is_empty() {
        return Ok(Vec::new());
    }
    let mut params = params![tx.org(), store, customer, before, ORDERS];
    params.extend(variants.iter().map(ToValue::to_value));
    // A customer has few orders, and each few lines; coalesce keeps the way through the customer's index.
    let sql = format!(
        "select o.id as order_id, l.id as line_id, l.variant_id, l.quantity
           from (select id, created_at
                   from orders
                  where org_id = $1
                    and customer_id = $3
                    and created_at <= $4
                    and coalesce(store_id, 0) = $2
                  order by created_at desc, id desc
                  limit $5) o
           join order_lines l on l.org_id = $1 and l.order_id = o.id
          where coalesce(l.variant_id, 0) in ({})
          order by o.created_at desc, o.id desc, l.id",
        dialect::markers(6, variants.len())
    );
    tx.rows(&sql, params)
}
