//! The SQL of merges.

use base::Ctx;
use db::{Tx, dialect, params};
use kernel::value::ToValue;
use kernel::{CustomerId, Error, MergeId, MergeState, TaskId, Time};

use crate::merge::{Counts, Merge, TakenOver};

/// The tables whose rows move with a merge, by the word that stands with each row moved.
const OWN: [(&str, &str); 5] = [
    ("phone", "customer_phones"),
    ("address", "customer_addresses"),
    ("note", "customer_notes"),
    ("flag", "customer_flags"),
    ("consent", "customer_consents"),
];

const MERGE: &str = "m.id, m.kept_id, m.gone_id, m.state, m.task_id, m.author_kind, m.author_id, m.created_at, m.merged_at, m.undone_at";

/// Keeps a customer from others until the end of the transaction; answers whom she is part of.
pub(crate) fn lock(tx: &mut Tx, id: CustomerId) -> Result<Option<CustomerId>, Error> {
    let lock = dialect::for_update(tx.engine());
    let row: Option<(Option<CustomerId>,)> =
        tx.optional(&format!("select merged_into from customers where org_id = $1 and id = $2{lock}"), params![tx.org(), id])?;
    Ok(row.and_then(|(into,)| into))
}

/// Whom a customer is part of.
pub(crate) fn gone_into(tx: &mut Tx, id: CustomerId) -> Result<Option<CustomerId>, Error> {
    let row: Option<(Option<CustomerId>,)> = tx.optional("select merged_into from customers where org_id = $1 and id = $2", params![tx.org(), id])?;
    Ok(row.and_then(|(into,)| into))
}

pub(crate) fn insert(tx: &mut Tx, ctx: &Ctx, id: MergeId, kept: CustomerId, gone: CustomerId, fields: &TakenOver) -> Result<(), Error> {
    let (author_kind, author_id) = ctx.actor.columns();
    let fields = serde_json::to_string(fields).map_err(Error::internal)?;
    tx.execute(
        "insert into customer_merges (org_id, id, kept_id, gone_id, state, fields, author_kind, author_id, created_at)
         values ($1, $2, $3, $4, 'merging', $5, $6, $7, $8)",
        params![tx.org(), id, kept, gone, fields, author_kind, author_id, ctx.now],
    )
    .map(drop)
}

pub(crate) fn find(tx: &mut Tx, id: MergeId) -> Result<Option<Merge>, Error> {
    tx.optional(&format!("select {MERGE} from customer_merges m where m.org_id = $1 and m.id = $2"), params![tx.org(), id])
}

/// Merges into a customer that stand, newest first.
pub(crate) fn standing_of(tx: &mut Tx, kept: CustomerId) -> Result<Vec<Merge>, Error> {
    tx.rows(
        &format!(
            "select {MERGE}
               from customer_merges m
              where m.org_id = $1
                and m.kept_id = $2
                and m.state <> 'undone'
              order by m.created_at desc, m.id desc
              limit 1000"
        ),
        params![tx.org(), kept],
    )
}

/// Merges into a customer, newest first, older than a place.
pub(crate) fn before(tx: &mut Tx, kept: CustomerId, before: Option<(Time, i64)>, limit: u32) -> Result<Vec<Merge>, Error> {
    let mut params = params![tx.org(), kept, limit];
    let older = super::older_than("m.created_at", "m.id", before, &mut params);
    tx.rows(
        &format!(
            "select {MERGE} from customer_merges m where m.org_id = $1 and m.kept_id = $2{older} order by m.created_at desc, m.id desc limit $3"
        ),
        params,
    )
}

pub(crate) fn orders_of(tx: &mut Tx, id: CustomerId) -> Result<i64, Error> {
    let (orders,): (i64,) =
        tx.one("select cast(coalesce(sum(orders), 0) as bigint) from customer_totals where org_id = $1 and customer_id = $2", params![tx.org(), id])?;
    Ok(orders)
}

pub(crate) fn counts(tx: &mut Tx, gone: CustomerId) -> Result<Counts, Error> {
    let mut found = [0; OWN.len()];
    for ((_, table), count) in OWN.into_iter().zip(&mut found) {
        (*count,) = tx.one::<(i64,)>(
            &format!("select count(*) from (select 1 from {table} where org_id = $1 and customer_id = $2 limit 10000) few"),
            params![tx.org(), gone],
        )?;
    }
    let [phones, addresses, notes, flags, consents] = found;
    Ok(Counts { phones, addresses, notes, flags, consents })
}

/// Moves the customer's own rows and writes down which. The main number of the kept one stays the main one.
pub(crate) fn move_own(tx: &mut Tx, merge: MergeId, gone: CustomerId, kept: CustomerId) -> Result<(), Error> {
    for (kind, table) in OWN {
        let was = match kind {
            "phone" | "address" => "cast(t.is_main as text) || ' ' || cast(t.position as text)",
            _ => "null",
        };
        tx.execute(
            &format!(
                "insert into customer_merge_items (org_id, merge_id, kind, item_id, was)
                 select t.org_id, m.id, '{kind}', t.id, {was}
                   from {table} t
                   join customer_merges m on m.org_id = $1 and m.id = $2
                  where t.org_id = $1
                    and t.customer_id = $3"
            ),
            params![tx.org(), merge, gone],
        )?;
        let places = match kind {
            "phone" | "address" => ", is_main = 0, position = position + 1000",
            _ => "",
        };
        tx.execute(&format!("update {table} set customer_id = $3{places} where org_id = $1 and customer_id = $2"), params![tx.org(), gone, kept])?;
    }
    Ok(())
}

/// Moves back what moved and is still there, as it was.
pub(crate) fn move_own_back(tx: &mut Tx, merge: &Merge) -> Result<(), Error> {
    for (kind, table) in OWN {
        let moved = "select item_id from customer_merge_items where org_id = $1 and merge_id = $2 and kind = ";
        tx.execute(
            &format!("update {table} set customer_id = $4 where org_id = $1 and customer_id = $3 and id in ({moved}'{kind}')"),
            params![tx.org(), merge.id, merge.kept_id, merge.gone_id],
        )?;
        if matches!(kind, "phone" | "address") {
            let places: Vec<(i64, Option<String>)> = tx.rows(
                &format!("select item_id, was from customer_merge_items where org_id = $1 and merge_id = $2 and kind = '{kind}' limit 1000"),
                params![tx.org(), merge.id],
            )?;
            for (id, was) in places {
                let was = was.unwrap_or_default();
                let (is_main, position) = was.split_once(' ').unwrap_or(("0", "0"));
                tx.execute(
                    &format!("update {table} set is_main = $4, position = $5 where org_id = $1 and id = $2 and customer_id = $3"),
                    params![tx.org(), id, merge.gone_id, is_main.parse().unwrap_or(0_i64), position.parse().unwrap_or(0_i64)],
                )?;
            }
        }
        tx.execute(
            &format!("delete from customer_merge_items where org_id = $1 and merge_id = $2 and kind = '{kind}'"),
            params![tx.org(), merge.id],
        )?;
    }
    Ok(())
}

/// Makes a customer part of another one, or somebody of her own again.
pub(crate) fn point(tx: &mut Tx, gone: CustomerId, kept: Option<CustomerId>, now: Time) -> Result<(), Error> {
    tx.execute(
        "update customers
            set merged_into = $3, updated_at = $4, version = version + 1
          where org_id = $1
            and id = $2",
        params![tx.org(), gone, kept, now],
    )
    .map(drop)
}

pub(crate) fn fields(tx: &mut Tx, id: MergeId) -> Result<TakenOver, Error> {
    let row: Option<(String,)> = tx.optional("select fields from customer_merges where org_id = $1 and id = $2", params![tx.org(), id])?;
    Ok(row.and_then(|(text,)| serde_json::from_str(&text).ok()).unwrap_or_default())
}

pub(crate) fn set_fields(tx: &mut Tx, id: MergeId, fields: &TakenOver) -> Result<(), Error> {
    let fields = serde_json::to_string(fields).map_err(Error::internal)?;
    tx.execute("update customer_merges set fields = $3 where org_id = $1 and id = $2", params![tx.org(), id, fields]).map(drop)
}

pub(crate) fn set_undoing(tx: &mut Tx, ctx: &Ctx, id: MergeId) -> Result<(), Error> {
    let (by_kind, by_id) = ctx.actor.columns();
    tx.execute(
        "update customer_merges
            set state = 'undoing', undone_by_kind = $3, undone_by_id = $4
          where org_id = $1
            and id = $2",
        params![tx.org(), id, by_kind, by_id],
    )
    .map(drop)
}

pub(crate) fn set_state(tx: &mut Tx, id: MergeId, state: MergeState, task: Option<TaskId>, now: Time) -> Result<(), Error> {
    let at = match state {
        MergeState::Merged => ", merged_at = coalesce(merged_at, $5)",
        MergeState::Undone => ", undone_at = coalesce(undone_at, $5)",
        _ => "",
    };
    let mut params = params![tx.org(), id, state, task];
    if !at.is_empty() {
        params.push(now.to_value());
    }
    tx.execute(&format!("update customer_merges set state = $3, task_id = coalesce($4, task_id){at} where org_id = $1 and id = $2"), params).map(drop)
}

pub(crate) fn note_moved(tx: &mut Tx, merge: MergeId, kind: &'static str, items: &[i64]) -> Result<(), Error> {
    for some in items.chunks(500) {
        let mut params = Vec::with_capacity(some.len() * 4);
        for item in some {
            params.extend(params![tx.org(), merge, kind, *item]);
        }
        let rows = dialect::value_rows(some.len(), 4);
        tx.execute(&format!("insert into customer_merge_items (org_id, merge_id, kind, item_id) values {rows} on conflict do nothing"), params)?;
    }
    Ok(())
}

pub(crate) fn moved(tx: &mut Tx, merge: MergeId, kind: &'static str, limit: u32) -> Result<Vec<i64>, Error> {
    let rows: Vec<(i64,)> = tx.rows(
        "select item_id
           from customer_merge_items
          where org_id = $1
            and merge_id = $2
            and kind = $3
          order by item_id
          limit $4",
        params![tx.org(), merge, kind, limit],
    )?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

pub(crate) fn forget_moved(tx: &mut Tx, merge: MergeId, kind: &'static str, items: &[i64]) -> Result<(), Error> {
    for some in items.chunks(500) {
        let mut params = params![tx.org(), merge, kind];
        params.extend(some.iter().map(ToValue::to_value));
        let markers = dialect::markers(4, some.len());
        tx.execute(
            &format!("delete from customer_merge_items where org_id = $1 and merge_id = $2 and kind = $3 and item_id in ({markers})"),
            params,
        )?;
    }
    Ok(())
}
