//! The SQL of proposals, and of writing the lines of an order anew.

use db::{Tx, Value, dialect, params};
use kernel::value::ToValue;
use kernel::{EditId, Error, EventId, LineId, OrderId, Time, Version, words};

use crate::edit::EditChange;
use crate::kept::{self, KeptChange};
use crate::model::Line;

words! {
    /// Where a proposal stands.
    pub enum EditState {
        /// Neither applied nor dropped.
        Open = "open",
        /// Written into its order; kept while it can be undone.
        Applied = "applied",
    }
}

db::row! {
    /// A proposal as its row says.
    #[derive(Clone)]
    pub(crate) struct EditRow {
        pub id: EditId,
        pub state: EditState,
        pub author_kind: String,
        pub author_id: Option<i64>,
        pub order_version: Version,
        pub base: String,
        pub wanted: String,
        pub before: Option<String>,
        pub event_id: Option<EventId>,
        pub applied_version: Option<Version>,
        pub version: Version,
        pub created_at: Time,
        pub updated_at: Time,
        pub expires_at: Time,
    }
}

impl EditRow {
    /// Whether it can still be applied.
    pub(crate) fn is_open(&self, now: Time) -> bool {
        self.state == EditState::Open && self.expires_at > now
    }

    /// What it wants.
    pub(crate) fn change(&self) -> Result<EditChange, Error> {
        Ok(kept::read::<KeptChange>(&self.wanted)?.into())
    }
}

const EDIT: &str = "id, state, author_kind, author_id, order_version, base, wanted, before, event_id, applied_version, version, created_at, \
     updated_at, expires_at";

pub(crate) fn insert(tx: &mut Tx, order: OrderId, row: &EditRow) -> Result<(), Error> {
    tx.execute(
        "insert into order_edits (org_id, order_id, id, state, author_kind, author_id, order_version, base, wanted, version, created_at,
                                  updated_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        params![
            tx.org(),
            order,
            row.id,
            row.state,
            row.author_kind,
            row.author_id,
            row.order_version,
            row.base,
            row.wanted,
            row.version,
            row.created_at,
            row.updated_at,
            row.expires_at
        ],
    )
    .map(drop)
}

pub(crate) fn find(tx: &mut Tx, order: OrderId, id: EditId) -> Result<Option<EditRow>, Error> {
    tx.optional(&format!("select {EDIT} from order_edits where org_id = $1 and order_id = $2 and id = $3"), params![tx.org(), order, id])
}

/// The same, kept from others until the end of the transaction.
pub(crate) fn find_to_change(tx: &mut Tx, order: OrderId, id: EditId) -> Result<Option<EditRow>, Error> {
    let lock = dialect::for_update(tx.engine());
    tx.optional(&format!("select {EDIT} from order_edits where org_id = $1 and order_id = $2 and id = $3{lock}"), params![tx.org(), order, id])
}

/// The applied proposal that an event tells of; an order has few.
pub(crate) fn find_applied(tx: &mut Tx, order: OrderId, event: EventId) -> Result<Option<EditRow>, Error> {
    let lock = dialect::for_update(tx.engine());
    tx.optional(
        &format!("select {EDIT} from order_edits where org_id = $1 and order_id = $2 and state = 'applied' and event_id = $3{lock}"),
        params![tx.org(), order, event],
    )
}

/// The open ones of an order, oldest first.
pub(crate) fn list_open(tx: &mut Tx, order: OrderId, now: Time) -> Result<Vec<EditRow>, Error> {
    tx.rows(
        &format!(
            "select {EDIT}
               from order_edits
              where org_id = $1
                and order_id = $2
                and state = 'open'
                and expires_at > $3
              order by id
              limit 100"
        ),
        params![tx.org(), order, now],
    )
}

pub(crate) fn update(tx: &mut Tx, order: OrderId, row: &EditRow) -> Result<(), Error> {
    tx.execute(
        "update order_edits
            set order_version = $4, base = $5, wanted = $6, version = $7, updated_at = $8, expires_at = $9
          where org_id = $1
            and order_id = $2
            and id = $3",
        params![tx.org(), order, row.id, row.order_version, row.base, row.wanted, row.version, row.updated_at, row.expires_at],
    )
    .map(drop)
}

/// Notes that a proposal is in its order. Only what an undo needs stays of it.
#[expect(clippy::too_many_arguments, reason = "the columns of one update")]
pub(crate) fn set_applied(
    tx: &mut Tx,
    order: OrderId,
    id: EditId,
    before: &str,
    event: EventId,
    applied_version: Version,
    now: Time,
    expires_at: Time,
) -> Result<(), Error> {
    tx.execute(
        "update order_edits
            set state = 'applied', base = '{}', wanted = '{}', before = $4, event_id = $5, applied_version = $6, version = version + 1,
                updated_at = $7, expires_at = $8
          where org_id = $1
            and order_id = $2
            and id = $3",
        params![tx.org(), order, id, before, event, applied_version, now, expires_at],
    )
    .map(drop)
}

pub(crate) fn delete(tx: &mut Tx, order: OrderId, id: EditId) -> Result<(), Error> {
    tx.execute("delete from order_edits where org_id = $1 and order_id = $2 and id = $3", params![tx.org(), order, id]).map(drop)
}

/// Removes at most so many that are past their time.
pub(crate) fn purge(tx: &mut Tx, now: Time, limit: u32) -> Result<u64, Error> {
    tx.execute(
        "delete from order_edits
          where org_id = $1
            and (order_id, id) in (select order_id, id
                                     from order_edits
                                    where org_id = $1
                                      and expires_at <= $2
                                    order by expires_at, order_id, id
                                    limit $3)",
        params![tx.org(), now, limit],
    )
}

/// Lines of one statement: 17 values each, and SQLite takes 32,766.
const CHUNK: usize = 2_000;

/// Writes the lines of an order that differ from their rows, and removes those that go: two statements,
/// however many lines there are.
pub(crate) fn save_lines(tx: &mut Tx, order: OrderId, placed_at: Time, standing: &[Line], removed: &[LineId]) -> Result<(), Error> {
    let mut statements: Vec<(String, Vec<Value>)> = Vec::new();
    for some in removed.chunks(CHUNK) {
        let mut values = params![tx.org(), order];
        values.extend(some.iter().map(ToValue::to_value));
        statements
            .push((format!("delete from order_lines where org_id = $1 and order_id = $2 and id in ({})", dialect::markers(3, some.len())), values));
    }
    for some in standing.chunks(CHUNK) {
        let mut values = Vec::with_capacity(some.len() * 17);
        for line in some {
            values.extend(params![
                tx.org(),
                order,
                line.id,
                line.position,
                line.sku,
                line.title,
                line.variant,
                line.spec,
                line.quantity,
                line.unit_price,
                line.discount,
                line.order_discount,
                line.tax,
                line.line_total,
                line.state,
                line.variant_id,
                placed_at
            ]);
        }
        statements.push((
            format!(
                "insert into order_lines (org_id, order_id, id, position, sku, title, variant, spec, quantity, unit_price, discount,
                                          order_discount, tax, line_total, state, variant_id, placed_at)
                 values {}
                 on conflict (org_id, order_id, id) do update
                    set position = excluded.position, sku = excluded.sku, title = excluded.title, variant = excluded.variant,
                        spec = excluded.spec, quantity = excluded.quantity, unit_price = excluded.unit_price, discount = excluded.discount,
                        order_discount = excluded.order_discount, tax = excluded.tax, line_total = excluded.line_total,
                        state = excluded.state, variant_id = excluded.variant_id",
                dialect::value_rows(some.len(), 17)
            ),
            values,
        ));
    }
    if !statements.is_empty() {
        tx.run_all(statements.iter_mut().map(|(sql, values)| (sql.as_str(), std::mem::take(values))).collect())?;
    }
    Ok(())
}
