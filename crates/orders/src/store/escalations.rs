//! The SQL of escalations.

use base::Ctx;
use db::{Tx, Value, dialect, params};
use kernel::value::ToValue;
use kernel::{Error, EscalationId, OrderId, OrderState, Priority, StoreId, Time, UserId, Version};

use crate::escalations::{EscalationFilter, EscalationState, Mine};

db::row! {
    /// Something that was passed up the team.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Escalation {
        /// Its id.
        pub id: EscalationId,
        /// About which order.
        pub order_id: OrderId,
        /// Where that was sold.
        pub store_id: StoreId,
        /// How far it is.
        pub state: EscalationState,
        /// Where it is: 0 with the agent, then the levels of the settings.
        pub level: i64,
        /// The code of the reason.
        pub reason: String,
        /// What the problem is.
        pub message: String,
        /// Who passed it up: the kind of actor.
        pub raised_by_kind: String,
        /// Who passed it up: the number.
        pub raised_by_id: Option<i64>,
        /// When it began.
        pub raised_at: Time,
        /// When it came to its level.
        pub level_at: Time,
        /// Whose it is now; none while nobody on the level has taken it on.
        pub owner_id: Option<UserId>,
        /// When it goes up by itself.
        pub due_at: Time,
        /// When somebody on the level took it on.
        pub acknowledged_at: Option<Time>,
        /// The last answer to the agent.
        pub answer: Option<String>,
        /// Who gave it: the kind of actor.
        pub answered_by_kind: Option<String>,
        /// Who gave it: the number.
        pub answered_by_id: Option<i64>,
        /// When.
        pub answered_at: Option<Time>,
        /// What came of it.
        pub resolution: Option<String>,
        /// Who settled it: the kind of actor.
        pub resolved_by_kind: Option<String>,
        /// Who settled it: the number.
        pub resolved_by_id: Option<i64>,
        /// When.
        pub resolved_at: Option<Time>,
        /// How often it went from one level to another.
        pub moves: i64,
        /// Grows with each change.
        pub version: Version,
    }

    /// The order of an escalation, as a list shows it.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct OfOrder {
        /// Which.
        pub id: OrderId,
        /// What people call it.
        pub number: String,
        /// Where it stands.
        pub state: OrderState,
        /// How urgent it is.
        pub priority: Priority,
        /// Who buys.
        pub contact_name: String,
        /// Whose it is.
        pub agent_id: Option<UserId>,
    }
}

const ROW: &str = "e.id, e.order_id, e.store_id, e.state, e.level, e.reason, e.message, e.raised_by_kind, e.raised_by_id, e.raised_at, e.level_at, \
     e.owner_id, e.due_at, e.acknowledged_at, e.answer, e.answered_by_kind, e.answered_by_id, e.answered_at, e.resolution, e.resolved_by_kind, \
     e.resolved_by_id, e.resolved_at, e.moves, e.version";

pub(crate) fn insert(tx: &mut Tx, row: &Escalation) -> Result<(), Error> {
    tx.execute(
        "insert into escalations
           (org_id, id, order_id, store_id, state, level, reason, message, raised_by_kind, raised_by_id, raised_at, level_at, owner_id, due_at, moves,
            version)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        params![
            tx.org(),
            row.id,
            row.order_id,
            row.store_id,
            row.state,
            row.level,
            row.reason,
            row.message,
            row.raised_by_kind,
            row.raised_by_id,
            row.raised_at,
            row.level_at,
            row.owner_id,
            row.due_at,
            row.moves,
            row.version
        ],
    )
    .map(drop)
}

/// Writes all that may change about an escalation over the version that was read; false when another one
/// stands.
pub(crate) fn update(tx: &mut Tx, row: &Escalation, before: Version) -> Result<bool, Error> {
    let changed = tx.execute(
        "update escalations
            set state = $4, level = $5, level_at = $6, owner_id = $7, due_at = $8, acknowledged_at = $9, answer = $10, answered_by_kind = $11,
                answered_by_id = $12, answered_at = $13, resolution = $14, resolved_by_kind = $15, resolved_by_id = $16, resolved_at = $17,
                moves = $18, version = version + 1
          where org_id = $1
            and id = $2
            and version = $3",
        params![
            tx.org(),
            row.id,
            before,
            row.state,
            row.level,
            row.level_at,
            row.owner_id,
            row.due_at,
            row.acknowledged_at,
            row.answer,
            row.answered_by_kind,
            row.answered_by_id,
            row.answered_at,
            row.resolution,
            row.resolved_by_kind,
            row.resolved_by_id,
            row.resolved_at,
            row.moves
        ],
    )?;
    Ok(changed == 1)
}

/// An escalation of an order that the caller may see.
pub(crate) fn find(tx: &mut Tx, ctx: &Ctx, id: EscalationId) -> Result<Option<Escalation>, Error> {
    let mut params = params![tx.org(), id];
    let seen = ctx.sees().clause("o", &mut params);
    tx.optional(
        &format!(
            "select {ROW}
               from escalations e
               join orders o on o.org_id = e.org_id and o.id = e.order_id
              where e.org_id = $1
                and e.id = $2{seen}"
        ),
        params,
    )
}

/// The open one of an order.
pub(crate) fn find_open(tx: &mut Tx, order: OrderId) -> Result<Option<Escalation>, Error> {
    tx.optional(
        &format!("select {ROW} from escalations e where e.org_id = $1 and e.order_id = $2 and e.resolved_at is null"),
        params![tx.org(), order],
    )
}

pub(crate) fn of_order(tx: &mut Tx, order: OrderId) -> Result<Vec<Escalation>, Error> {
    tx.rows(&format!("select {ROW} from escalations e where e.org_id = $1 and e.order_id = $2 order by e.id limit 500"), params![tx.org(), order])
}

/// What a list of open ones is asked, with everything but its place.
fn conditions(ctx: &Ctx, filter: &EscalationFilter, mine: Option<&Mine>, params: &mut Vec<Value>) -> String {
    let mut sql = String::from("e.org_id = $1 and e.resolved_at is null");
    let bind = |params: &mut Vec<Value>, value: Value| {
        params.push(value);
        format!("${}", params.len())
    };
    if !filter.levels.is_empty() {
        let first = params.len() + 1;
        params.extend(filter.levels.iter().map(ToValue::to_value));
        sql.push_str(&format!(" and e.level in ({})", dialect::markers(first, filter.levels.len())));
    }
    if !filter.states.is_empty() {
        let first = params.len() + 1;
        params.extend(filter.states.iter().map(ToValue::to_value));
        sql.push_str(&format!(" and e.state in ({})", dialect::markers(first, filter.states.len())));
    }
    if let Some(store) = filter.store {
        let marker = bind(params, store.to_value());
        sql.push_str(&format!(" and e.store_id = {marker}"));
    }
    if let Some(is_overdue) = filter.is_overdue {
        let marker = bind(params, ctx.now.to_value());
        sql.push_str(&if is_overdue { format!(" and e.due_at <= {marker}") } else { format!(" and e.due_at > {marker}") });
    }
    if let Some(mine) = mine {
        let me = bind(params, mine.user.to_value());
        if mine.levels.is_empty() {
            sql.push_str(&format!(" and e.owner_id = {me}"));
        } else {
            let first = params.len() + 1;
            params.extend(mine.levels.iter().map(ToValue::to_value));
            let levels = dialect::markers(first, mine.levels.len());
            sql.push_str(&format!(" and (e.owner_id = {me} or (e.owner_id is null and e.level in ({levels})))"));
        }
    }
    sql.push_str(&ctx.sees().clause("o", params));
    sql
}

/// Open ones by their deadline, the earliest first.
pub(crate) fn list(
    tx: &mut Tx,
    ctx: &Ctx,
    filter: &EscalationFilter,
    mine: Option<&Mine>,
    after: Option<(Time, EscalationId)>,
    limit: u32,
) -> Result<Vec<Escalation>, Error> {
    let mut params = params![tx.org()];
    let mut sql = conditions(ctx, filter, mine, &mut params);
    if let Some((due_at, id)) = after {
        params.extend([due_at.to_value(), id.to_value()]);
        sql.push_str(&format!(" and (e.due_at, e.id) > (${}, ${})", params.len() - 1, params.len()));
    }
    params.push(limit.to_value());
    let marker = params.len();
    tx.rows(
        &format!(
            "select {ROW}
               from escalations e
               join orders o on o.org_id = e.org_id and o.id = e.order_id
              where {sql}
              order by e.due_at, e.id
              limit ${marker}"
        ),
        params,
    )
}

/// How many there are, counted to one more than `most`.
pub(crate) fn count(tx: &mut Tx, ctx: &Ctx, filter: &EscalationFilter, mine: Option<&Mine>, most: i64) -> Result<i64, Error> {
    let mut params = params![tx.org()];
    let conditions = conditions(ctx, filter, mine, &mut params);
    params.push(Value::Int(most + 1));
    let marker = params.len();
    let (count,): (i64,) = tx.one(
        &format!(
            "select count(*)
               from (select 1 as one
                       from escalations e
                       join orders o on o.org_id = e.org_id and o.id = e.order_id
                      where {conditions}
                      limit ${marker}) counted"
        ),
        params,
    )?;
    Ok(count)
}

/// What lists show of these orders; the caller may see them.
pub(crate) fn orders(tx: &mut Tx, ids: &[OrderId]) -> Result<Vec<OfOrder>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut params = params![tx.org()];
    params.extend(ids.iter().map(ToValue::to_value));
    tx.rows(
        &format!(
            "select id, number, state, priority, contact_name, agent_id
               from orders
              where org_id = $1
                and id in ({})
              limit 1000",
            dialect::markers(2, ids.len())
        ),
        params,
    )
}

/// Open ones by store and level.
pub(crate) fn by_level(tx: &mut Tx) -> Result<Vec<(StoreId, i64, i64)>, Error> {
    tx.rows(
        "select store_id, level, count(*)
           from escalations
          where org_id = $1
            and resolved_at is null
          group by store_id, level
          order by store_id, level
          limit 100000",
        params![tx.org()],
    )
}
