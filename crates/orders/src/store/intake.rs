//! The SQL of orders that come in: the hot path.

use std::sync::LazyLock;

use db::{Tx, Value, dialect, params};
use kernel::value::ToValue;
use kernel::{Error, OrderId, StoreId};

use crate::model::{Line, Order};
use crate::place::search_document;

db::row! {
    /// An order that has a reference, and the fingerprint of what was sent.
    pub(crate) struct Standing {
        pub id: OrderId,
        pub content_hash: Option<Vec<u8>>,
    }
}

/// The order under a reference.
pub(crate) fn find_by_ref(tx: &mut Tx, store: StoreId, external_ref: &str) -> Result<Option<Standing>, Error> {
    tx.optional(
        "select id, content_hash
           from orders
          where org_id = $1
            and external_ref = $2
            and store_id = $3",
        params![tx.org(), external_ref, store],
    )
}

const ORDER_COLUMNS: [&str; 62] = [
    "org_id",
    "id",
    "store_id",
    "seq",
    "number",
    "external_ref",
    "content_hash",
    "channel",
    "customer_id",
    "contact_name",
    "contact_phone",
    "line1",
    "line2",
    "city",
    "district",
    "province",
    "province_key",
    "country",
    "postal_code",
    "place_known",
    "state",
    "confirmation",
    "call_at",
    "agent_id",
    "shipping_state",
    "payment_state",
    "tracking",
    "courier",
    "substatus",
    "duplicate_score",
    "risk",
    "hold_count",
    "priority",
    "expected_on",
    "payment_method",
    "currency",
    "subtotal",
    "discount",
    "shipping_fee",
    "cod_fee",
    "tax",
    "tax_mode",
    "tax_rate_ppm",
    "total",
    "to_collect",
    "line_count",
    "item_count",
    "backordered_count",
    "note_count",
    "summary",
    "tags",
    "custom",
    "search",
    "is_test",
    "import_source",
    "placed_day",
    "is_archived",
    "created_at",
    "recorded_at",
    "updated_at",
    "moved_at",
    "version",
];

static INSERT_ORDER: LazyLock<String> = LazyLock::new(|| {
    format!(
        "insert into orders ({}) values ({}) on conflict (org_id, external_ref, store_id) where external_ref is not null do nothing",
        ORDER_COLUMNS.join(", "),
        dialect::markers(1, ORDER_COLUMNS.len())
    )
});

/// Writes an order with its lines. False when an order with its reference has just come in, and then
/// nothing is written.
pub(crate) fn insert(tx: &mut Tx, order: &Order, content_hash: Option<&[u8]>, lines: &[Line]) -> Result<bool, Error> {
    let order_values = order_values(tx, order, content_hash);
    if order.external_ref.is_some() {
        if tx.execute(&INSERT_ORDER, order_values)? == 0 {
            return Ok(false);
        }
        tx.run_all(line_statements(tx, order, lines))?;
    } else {
        let mut statements = vec![(INSERT_ORDER.as_str(), order_values)];
        statements.extend(line_statements(tx, order, lines));
        tx.run_all(statements)?;
    }
    Ok(true)
}

fn order_values(tx: &Tx, order: &Order, content_hash: Option<&[u8]>) -> Vec<Value> {
    params![
        tx.org(),
        order.id,
        order.store_id,
        order.seq,
        order.number,
        order.external_ref,
        content_hash,
        order.channel,
        order.customer_id,
        order.contact_name,
        order.contact_phone,
        order.line1,
        order.line2,
        order.city,
        order.district,
        order.province,
        order.province_key,
        order.country,
        order.postal_code,
        order.place_known,
        order.state,
        order.confirmation,
        order.call_at,
        order.agent_id,
        order.shipping_state,
        order.payment_state,
        order.tracking,
        order.courier,
        order.substatus,
        order.duplicate_score,
        order.risk,
        order.hold_count,
        order.priority,
        order.expected_on,
        order.payment_method,
        order.currency,
        order.subtotal,
        order.discount,
        order.shipping_fee,
        order.cod_fee,
        order.tax,
        order.tax_mode,
        order.tax_rate_ppm,
        order.total,
        order.to_collect,
        order.line_count,
        order.item_count,
        order.backordered_count,
        order.note_count,
        order.summary,
        order.tags,
        order.custom,
        search_document(order),
        order.is_test,
        order.import_source,
        order.placed_day,
        false,
        order.created_at,
        order.recorded_at,
        order.updated_at,
        order.moved_at,
        order.version,
    ]
}

/// Lines that one statement takes. Longer orders take several; each length has its own text, made once.
const CHUNK: usize = 32;

static INSERT_LINES: LazyLock<Vec<String>> = LazyLock::new(|| {
    (1..=CHUNK)
        .map(|rows| {
            format!(
                "insert into order_lines (org_id, order_id, id, position, sku, title, variant, spec, quantity, unit_price, discount, \
                 order_discount, tax, line_total, state, variant_id, placed_at) values {}",
                dialect::value_rows(rows, 17)
            )
        })
        .collect()
});

fn line_statements(tx: &Tx, order: &Order, lines: &[Line]) -> Vec<(&'static str, Vec<Value>)> {
    lines
        .chunks(CHUNK)
        .map(|some| {
            let mut values = Vec::with_capacity(some.len() * 17);
            for line in some {
                values.extend([
                    tx.org().to_value(),
                    order.id.to_value(),
                    line.id.to_value(),
                    line.position.to_value(),
                    line.sku.to_value(),
                    line.title.to_value(),
                    line.variant.to_value(),
                    line.spec.to_value(),
                    line.quantity.to_value(),
                    line.unit_price.to_value(),
                    line.discount.to_value(),
                    line.order_discount.to_value(),
                    line.tax.to_value(),
                    line.line_total.to_value(),
                    line.state.to_value(),
                    line.variant_id.to_value(),
                    order.created_at.to_value(),
                ]);
            }
            (INSERT_LINES[some.len() - 1].as_str(), values)
        })
        .collect()
}
