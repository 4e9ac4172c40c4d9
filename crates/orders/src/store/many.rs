//! The SQL of many orders at once: how they stand, kept from others.

use db::{Tx, dialect, params};
use kernel::value::ToValue;
use kernel::{Error, OrderId};

use base::Ctx;

use crate::many::Standing;

const STANDING: &str = "o.id, o.number, o.store_id, o.state, o.agent_id, o.currency, o.total, o.version";

/// These orders as they stand, by id, as far as the caller sees them. With `keeps` others are kept from them until the end.
pub(crate) fn standing(tx: &mut Tx, ctx: &Ctx, ids: &[OrderId], keeps: bool) -> Result<Vec<Standing>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut values = params![tx.org()];
    let markers = dialect::markers(values.len() + 1, ids.len());
    values.extend(ids.iter().map(ToValue::to_value));
    let seen = ctx.sees().clause("o", &mut values);
    let lock = if keeps { dialect::for_update(tx.engine()) } else { "" };
    // By id, so that two who want the same orders never wait crosswise.
    tx.rows(&format!("select {STANDING} from orders o where o.org_id = $1 and o.id in ({markers}){seen} order by o.id{lock}"), values)
}

/// The newest order, whoever may see it.
pub(crate) fn newest(tx: &mut Tx) -> Result<Option<OrderId>, Error> {
    let found: Option<(OrderId,)> = tx.optional("select id from orders where org_id = $1 order by id desc limit 1", params![tx.org()])?;
    Ok(found.map(|(id,)| id))
}
