//! The SQL of orders. One order here; coming in, lists, searches, notes, credit notes and counts in the
//! files beside.

pub(crate) mod cancellations;
pub(crate) mod care;
pub(crate) mod counts;
pub(crate) mod credits;
pub(crate) mod delete;
pub(crate) mod drafts;
pub(crate) mod edits;
pub(crate) mod escalations;
pub(crate) mod export;
pub(crate) mod holds;
pub(crate) mod intake;
pub(crate) mod labels;
pub(crate) mod list;
pub(crate) mod many;
pub(crate) mod mentions;
pub(crate) mod notes;
pub(crate) mod plan;
pub(crate) mod pulse;
pub(crate) mod reasons;
pub(crate) mod rule_sets;
pub(crate) mod search;
pub(crate) mod series;
pub(crate) mod take_back;
pub(crate) mod views;

use base::Ctx;
use db::{Tx, Value, dialect, params};
use kernel::value::ToValue;
use kernel::{Confirmation, Error, LineId, LineState, OrderId, OrderState, ShippingState, Time, Version};
use serde::{Deserialize, Serialize};

use crate::model::{Line, Order};

const ORDER: &str = "o.id, o.store_id, o.seq, o.number, o.external_ref, o.channel, o.customer_id, o.contact_name, o.contact_phone, o.line1, o.line2, \
     o.city, o.district, o.province, o.province_key, o.country, o.postal_code, o.place_known, o.state, o.confirmation, o.call_at, o.agent_id, \
     o.shipping_state, o.payment_state, o.tracking, o.courier, o.substatus, o.duplicate_score, o.risk, o.hold_count, o.priority, o.expected_on, \
     o.payment_method, o.currency, o.subtotal, o.discount, o.shipping_fee, o.cod_fee, o.tax, o.tax_mode, o.tax_rate_ppm, o.total, o.to_collect, \
     o.line_count, o.item_count, o.backordered_count, o.note_count, o.summary, o.tags, o.custom, o.is_test, o.import_source, o.placed_day, \
     o.archived_at, o.created_at, o.recorded_at, o.updated_at, o.moved_at, o.version";

/// An order that the caller may see.
pub(crate) fn find(tx: &mut Tx, ctx: &Ctx, id: OrderId) -> Result<Option<Order>, Error> {
    let mut params = params![tx.org(), id];
    let seen = ctx.sees().clause("o", &mut params);
    tx.optional(&format!("select {ORDER} from orders o where o.org_id = $1 and o.id = $2{seen}"), params)
}

/// The same, kept from others until the end of the transaction: for every change.
pub(crate) fn find_to_change(tx: &mut Tx, ctx: &Ctx, id: OrderId) -> Result<Option<Order>, Error> {
    let mut params = params![tx.org(), id];
    let seen = ctx.sees().clause("o", &mut params);
    let lock = dialect::for_update(tx.engine());
    tx.optional(&format!("select {ORDER} from orders o where o.org_id = $1 and o.id = $2{seen}{lock}"), params)
}

/// An order whatever the caller may see: what a reference that was sent twice stands for.
pub(crate) fn find_any(tx: &mut Tx, id: OrderId) -> Result<Option<Order>, Error> {
    tx.optional(&format!("select {ORDER} from orders o where o.org_id = $1 and o.id = $2"), params![tx.org(), id])
}

pub(crate) fn list_lines(tx: &mut Tx, order: OrderId) -> Result<Vec<Line>, Error> {
    tx.rows(
        "select id, position, sku, title, variant, spec, quantity, unit_price, discount, order_discount, tax, line_total, state, variant_id
           from order_lines
          where org_id = $1
            and order_id = $2
          order by id
          limit 10000",
        params![tx.org(), order],
    )
}

/// What an undo puts back: the state, and the facts that the move implied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct BeforeMove {
    pub state: OrderState,
    pub moved_at: Time,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmation: Option<Confirmation>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shipping_state: Option<ShippingState>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub substatus: Option<String>,
    /// When the move was, if it was inside the state: such a move leaves `moved_at` as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Time>,
}

impl BeforeMove {
    /// What there is to put back when nothing but the place changes.
    pub(crate) fn of(order: &Order) -> BeforeMove {
        BeforeMove {
            state: order.state,
            moved_at: order.moved_at,
            confirmation: None,
            shipping_state: None,
            substatus: order.substatus.clone(),
            at: None,
        }
    }
}

/// Where an order goes, and what an undo would put back.
pub(crate) struct StateChange<'a> {
    pub state: OrderState,
    pub substatus: Option<&'a str>,
    pub moved_at: Time,
    pub confirmation: Option<Confirmation>,
    pub shipping_state: Option<ShippingState>,
    pub before: Option<&'a BeforeMove>,
}

/// Moves an order unless it was changed since it was read. Facts that stay are not named in the
/// statement, so that their indexes are left alone.
pub(crate) fn set_state(tx: &mut Tx, order: &Order, change: &StateChange<'_>, now: Time) -> Result<bool, Error> {
    let before = change.before.map(|before| serde_json::to_string(before).map_err(Error::internal)).transpose()?;
    let mut params = params![tx.org(), order.id, order.version, change.state, before, change.moved_at, now, change.substatus];
    let mut facts = String::new();
    set_fact(&mut facts, &mut params, "confirmation", change.confirmation);
    set_fact(&mut facts, &mut params, "shipping_state", change.shipping_state);
    let sql = format!(
        "update orders
            set state = $4, substatus = $8, before_move = $5, moved_at = $6, updated_at = $7, version = version + 1{facts}
          where org_id = $1
            and id = $2
            and version = $3"
    );
    Ok(tx.execute(&sql, params)? == 1)
}

/// Moves an order inside its state unless it was changed since it was read.
pub(crate) fn set_substatus(tx: &mut Tx, order: &Order, to: Option<&str>, before: Option<&BeforeMove>, now: Time) -> Result<bool, Error> {
    let before = before.map(|before| serde_json::to_string(before).map_err(Error::internal)).transpose()?;
    let changed = tx.execute(
        "update orders
            set substatus = $4, before_move = $5, updated_at = $6, version = version + 1
          where org_id = $1
            and id = $2
            and version = $3",
        params![tx.org(), order.id, order.version, to, before, now],
    )?;
    Ok(changed == 1)
}

fn set_fact<T: ToValue>(facts: &mut String, params: &mut Vec<Value>, column: &str, fact: Option<T>) {
    if let Some(fact) = fact {
        params.push(fact.to_value());
        facts.push_str(&format!(", {column} = ${}", params.len()));
    }
}

/// What the last move can be undone to.
pub(crate) fn before_move(tx: &mut Tx, order: OrderId) -> Result<Option<BeforeMove>, Error> {
    let found: Option<(Option<String>,)> = tx.optional("select before_move from orders where org_id = $1 and id = $2", params![tx.org(), order])?;
    found.and_then(|(text,)| text).map(|text| serde_json::from_str(&text).map_err(Error::internal)).transpose()
}

/// Writes named columns of an order. `version` makes it conditional and grows; without it the change is a
/// machine's fact that no editor collides with.
pub(crate) fn set(tx: &mut Tx, id: OrderId, version: Option<Version>, now: Time, columns: Vec<(&'static str, Value)>) -> Result<bool, Error> {
    let mut params = params![tx.org(), id, now];
    let mut sets = String::from("updated_at = $3");
    for (column, value) in columns {
        params.push(value);
        sets.push_str(&format!(", {column} = ${}", params.len()));
    }
    let mut condition = String::new();
    if let Some(version) = version {
        params.push(version.to_value());
        sets.push_str(", version = version + 1");
        condition = format!(" and version = ${}", params.len());
    }
    Ok(tx.execute(&format!("update orders set {sets} where org_id = $1 and id = $2{condition}"), params)? == 1)
}

/// Adds to a count on an order, never below zero.
pub(crate) fn add_holds(tx: &mut Tx, id: OrderId, delta: i64, now: Time) -> Result<bool, Error> {
    let changed = tx.execute(
        "update orders
            set hold_count = case when hold_count + $3 < 0 then 0 else hold_count + $3 end, updated_at = $4
          where org_id = $1
            and id = $2",
        params![tx.org(), id, delta, now],
    )?;
    Ok(changed == 1)
}

/// Moves a line, if it stands where it was read; the order's count of lines that wait follows.
pub(crate) fn set_line_state(
    tx: &mut Tx,
    order: OrderId,
    line: LineId,
    from: LineState,
    to: LineState,
    waiting: i64,
    now: Time,
) -> Result<bool, Error> {
    let changed = tx.execute(
        "update order_lines
            set state = $5
          where org_id = $1
            and order_id = $2
            and id = $3
            and state = $4",
        params![tx.org(), order, line, from, to],
    )?;
    if changed != 1 {
        return Ok(false);
    }
    tx.execute(
        "update orders
            set backordered_count = backordered_count + $3, updated_at = $4, version = version + 1
          where org_id = $1
            and id = $2",
        params![tx.org(), order, waiting, now],
    )?;
    Ok(true)
}
