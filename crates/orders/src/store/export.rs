//! The SQL of orders for files.

use std::collections::BTreeMap;

use base::Ctx;
use db::{Tx, dialect, params};
use kernel::value::ToValue;
use kernel::{Amount, Error, LineId, LineState, OrderId, VariantId, VariantKind};

use super::ORDER;
use crate::model::{Line, Order};

/// Those of these orders that the caller may see.
pub(crate) fn orders(tx: &mut Tx, ctx: &Ctx, ids: &[OrderId]) -> Result<Vec<Order>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut params = params![tx.org()];
    params.extend(ids.iter().map(ToValue::to_value));
    let seen = ctx.sees().clause("o", &mut params);
    let sql =
        format!("select {ORDER} from orders o where o.org_id = $1 and o.id in ({}){seen} order by o.id limit 100000", dialect::markers(2, ids.len()));
    tx.rows(&sql, params)
}

db::row! {
    struct LineRow {
        order_id: OrderId,
        id: LineId,
        position: i64,
        sku: Option<String>,
        title: String,
        variant: Option<String>,
        spec: Option<String>,
        quantity: i64,
        unit_price: Amount,
        discount: Amount,
        order_discount: Amount,
        tax: Amount,
        line_total: Amount,
        state: LineState,
        variant_id: Option<VariantId>,
        kind: Option<VariantKind>,
    }
}

/// The lines of orders, by order and position, with the kind of their catalogue entries.
pub(crate) fn lines(tx: &mut Tx, ids: &[OrderId]) -> Result<Vec<(OrderId, Line, VariantKind)>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut params = params![tx.org()];
    params.extend(ids.iter().map(ToValue::to_value));
    let sql = format!(
        "select l.order_id, l.id, l.position, l.sku, l.title, l.variant, l.spec, l.quantity, l.unit_price, l.discount, l.order_discount, l.tax,
                l.line_total, l.state, l.variant_id, v.kind
           from order_lines l
           left join variants v on v.org_id = $1 and v.id = l.variant_id
          where l.org_id = $1
            and l.order_id in ({})
          order by l.order_id, l.position, l.id
          limit 10000000",
        dialect::markers(2, ids.len())
    );
    let rows: Vec<LineRow> = tx.rows(&sql, params)?;
    let line = |row: LineRow| {
        let kind = row.kind.unwrap_or(VariantKind::Goods);
        let line = Line {
            id: row.id,
            position: row.position,
            sku: row.sku,
            title: row.title,
            variant: row.variant,
            spec: row.spec,
            quantity: row.quantity,
            unit_price: row.unit_price,
            discount: row.discount,
            order_discount: row.order_discount,
            tax: row.tax,
            line_total: row.line_total,
            state: row.state,
            variant_id: row.variant_id,
        };
        (row.order_id, line, kind)
    };
    Ok(rows.into_iter().map(line).collect())
}

/// The first internal note of each order that has one.
pub(crate) fn first_notes(tx: &mut Tx, ids: &[OrderId]) -> Result<BTreeMap<OrderId, String>, Error> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut params = params![tx.org()];
    params.extend(ids.iter().map(ToValue::to_value));
    let sql = format!(
        "select n.order_id, n.body
           from order_notes n
          where n.org_id = $1
            and n.order_id in ({})
            and n.audience = 'internal'
            and not exists (select 1
                              from order_notes e
                             where e.org_id = $1
                               and e.order_id = n.order_id
                               and e.audience = 'internal'
                               and e.id < n.id)
          limit 100000",
        dialect::markers(2, ids.len())
    );
    let rows: Vec<(OrderId, String)> = tx.rows(&sql, params)?;
    let text = |body: String| {
        let body: serde_json::Value = serde_json::from_str(&body).unwrap_or_default();
        body["text"].as_str().unwrap_or_default().to_owned()
    };
    Ok(rows.into_iter().map(|(id, body)| (id, text(body))).collect())
}
