//! The SQL of rule sets: keys of sub-statuses, trials, orders that stand somewhere.

use db::{Tx, dialect, params};
use kernel::value::ToValue;
use kernel::{Error, OrderId, OrderState, TaskId, Time, UserId};

use crate::model::Order;

db::row! {
    /// A key that a sub-status has or had.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub(crate) struct KnownKey {
        pub key: String,
        pub state: OrderState,
        /// While it is gone: what orders moved on to; empty for the state's default.
        pub became: Option<String>,
    }
}

/// Every key there ever was.
pub(crate) fn list_keys(tx: &mut Tx) -> Result<Vec<KnownKey>, Error> {
    tx.rows("select key, state, became from substatus_keys where org_id = $1 order by key limit 100000", params![tx.org()])
}

/// Writes where a key belongs and what became of it.
pub(crate) fn keep_keys(tx: &mut Tx, keys: &[KnownKey]) -> Result<(), Error> {
    for some in keys.chunks(200) {
        let mut values = Vec::with_capacity(some.len() * 4);
        for one in some {
            values.extend([tx.org().to_value(), one.key.to_value(), one.state.to_value(), one.became.to_value()]);
        }
        let sql = format!(
            "insert into substatus_keys (org_id, key, state, became)
             values {}
             on conflict (org_id, key) do update set became = excluded.became",
            dialect::value_rows(some.len(), 4)
        );
        tx.execute(&sql, values)?;
    }
    Ok(())
}

/// Keeps a rule set for a trial.
pub(crate) fn insert_trial(tx: &mut Tx, task: TaskId, document: &str, now: Time) -> Result<(), Error> {
    tx.execute("insert into rule_trials (org_id, id, document, created_at) values ($1, $2, $3, $4)", params![tx.org(), task, document, now]).map(drop)
}

/// The rule set of a trial.
pub(crate) fn find_trial(tx: &mut Tx, task: TaskId) -> Result<Option<String>, Error> {
    let found: Option<(String,)> = tx.optional("select document from rule_trials where org_id = $1 and id = $2", params![tx.org(), task])?;
    Ok(found.map(|(document,)| document))
}

/// Removes a trial, and those that were broken off before.
pub(crate) fn end_trial(tx: &mut Tx, task: TaskId, broken_off_before: Time) -> Result<(), Error> {
    tx.execute("delete from rule_trials where org_id = $1 and (id = $2 or created_at < $3)", params![tx.org(), task, broken_off_before]).map(drop)
}

/// Orders after this one, by id: a slice of all of them.
pub(crate) fn after(tx: &mut Tx, after: OrderId, limit: u32) -> Result<Vec<Order>, Error> {
    let sql = format!("select {} from orders o where o.org_id = $1 and o.id > $2 order by o.id limit $3", super::ORDER);
    tx.rows(&sql, params![tx.org(), after, i64::from(limit)])
}

/// Some orders that stand in a sub-status, with their states.
pub(crate) fn standing_in(tx: &mut Tx, substatus: &str, limit: u32) -> Result<Vec<(OrderId, OrderState)>, Error> {
    tx.rows("select id, state from orders where org_id = $1 and substatus = $2 limit $3", params![tx.org(), substatus, i64::from(limit)])
}

/// Moves an order out of a sub-status that is gone, unless it has left by itself. What an undo would have put
/// back is gone with it.
pub(crate) fn replace(tx: &mut Tx, id: OrderId, from: &str, to: Option<&str>, now: Time) -> Result<bool, Error> {
    let changed = tx.execute(
        "update orders
            set substatus = $4, before_move = null, updated_at = $5
          where org_id = $1
            and id = $2
            and substatus = $3",
        params![tx.org(), id, from, to, now],
    )?;
    Ok(changed == 1)
}

db::row! {
    /// The draft of a rule set as it is kept.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub(crate) struct DraftRow {
        pub document: String,
        pub mapping: String,
        pub based_on: i64,
        pub trial: Option<TaskId>,
        pub version: i64,
        pub changed_at: Time,
        pub changed_by: Option<UserId>,
    }
}

/// The draft.
pub(crate) fn find_draft(tx: &mut Tx) -> Result<Option<DraftRow>, Error> {
    let sql = "select document, mapping, based_on, trial, version, changed_at, changed_by from rule_drafts where org_id = $1";
    tx.optional(sql, params![tx.org()])
}

/// Writes the draft after the version that stood, 0 for none; false when another one stands by now.
pub(crate) fn write_draft(tx: &mut Tx, row: &DraftRow, standing: i64) -> Result<bool, Error> {
    let written = tx.execute(
        "insert into rule_drafts (org_id, document, mapping, based_on, trial, version, changed_at, changed_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (org_id) do update
            set document = excluded.document, mapping = excluded.mapping, based_on = excluded.based_on, trial = excluded.trial,
                version = excluded.version, changed_at = excluded.changed_at, changed_by = excluded.changed_by
          where rule_drafts.version = $9",
        params![
            tx.org(),
            row.document.as_str(),
            row.mapping.as_str(),
            row.based_on,
            row.trial,
            row.version,
            row.changed_at,
            row.changed_by,
            standing
        ],
    )?;
    Ok(written == 1)
}

/// Remembers which work tries the draft.
pub(crate) fn set_trial(tx: &mut Tx, trial: TaskId) -> Result<(), Error> {
    tx.execute("update rule_drafts set trial = $2 where org_id = $1", params![tx.org(), trial]).map(drop)
}

/// Removes the draft.
pub(crate) fn delete_draft(tx: &mut Tx) -> Result<(), Error> {
    tx.execute("delete from rule_drafts where org_id = $1", params![tx.org()]).map(drop)
}
