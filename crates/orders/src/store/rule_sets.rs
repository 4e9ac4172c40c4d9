//! The SQL of rule sets: keys of sub-statuses, trials, orders that stand somewhere.

use db::{Tx, dialect, params};
use kernel::value::ToValue;
use kernel::{Error, OrderId, OrderState, TaskId, Time};

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
