//! The SQL of holds.

use db::{Tx, params};
use kernel::{Error, HoldId, OrderId, StoreId, Time, UserId, Version};

db::row! {
    /// A reason to hold an order back.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Hold {
        /// Its id.
        pub id: HoldId,
        /// Of which order.
        pub order_id: OrderId,
        /// The code of its kind.
        pub kind: String,
        /// Why, in words.
        pub note: Option<String>,
        /// Who looks after it.
        pub owner_id: Option<UserId>,
        /// Who set it: the kind of actor.
        pub set_by_kind: String,
        /// Who set it: the number.
        pub set_by_id: Option<i64>,
        /// When.
        pub set_at: Time,
        /// When it is released by itself.
        pub release_at: Option<Time>,
        /// When it was released; none while it is open.
        pub released_at: Option<Time>,
        /// Who released it: the kind of actor.
        pub released_by_kind: Option<String>,
        /// Who released it: the number.
        pub released_by_id: Option<i64>,
        /// What whoever released it said.
        pub release_note: Option<String>,
        /// Grows with each change.
        pub version: Version,
    }
}

const HOLD: &str = "id, order_id, kind, note, owner_id, set_by_kind, set_by_id, set_at, release_at, released_at, released_by_kind, released_by_id, \
     release_note, version";

pub(crate) fn insert(tx: &mut Tx, hold: &Hold) -> Result<(), Error> {
    tx.execute(
        "insert into order_holds (org_id, order_id, id, kind, note, owner_id, set_by_kind, set_by_id, set_at, release_at, version)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        params![
            tx.org(),
            hold.order_id,
            hold.id,
            hold.kind,
            hold.note,
            hold.owner_id,
            hold.set_by_kind,
            hold.set_by_id,
            hold.set_at,
            hold.release_at,
            hold.version
        ],
    )
    .map(drop)
}

pub(crate) fn find(tx: &mut Tx, order: OrderId, id: HoldId) -> Result<Option<Hold>, Error> {
    tx.optional(&format!("select {HOLD} from order_holds where org_id = $1 and order_id = $2 and id = $3"), params![tx.org(), order, id])
}

pub(crate) fn list(tx: &mut Tx, order: OrderId) -> Result<Vec<Hold>, Error> {
    tx.rows(&format!("select {HOLD} from order_holds where org_id = $1 and order_id = $2 order by id limit 1000"), params![tx.org(), order])
}

pub(crate) fn list_open(tx: &mut Tx, order: OrderId) -> Result<Vec<Hold>, Error> {
    tx.rows(
        &format!("select {HOLD} from order_holds where org_id = $1 and order_id = $2 and released_at is null order by id limit 1000"),
        params![tx.org(), order],
    )
}

/// Writes all that may change about a hold over the version that was read; false when another one stands.
pub(crate) fn update(tx: &mut Tx, hold: &Hold, before: Version) -> Result<bool, Error> {
    let changed = tx.execute(
        "update order_holds
            set note = $5, owner_id = $6, release_at = $7, released_at = $8, released_by_kind = $9, released_by_id = $10, release_note = $11,
                version = version + 1
          where org_id = $1
            and order_id = $2
            and id = $3
            and version = $4",
        params![
            tx.org(),
            hold.order_id,
            hold.id,
            before,
            hold.note,
            hold.owner_id,
            hold.release_at,
            hold.released_at,
            hold.released_by_kind,
            hold.released_by_id,
            hold.release_note
        ],
    )?;
    Ok(changed == 1)
}

/// A hold that was taken back within its seconds never was.
pub(crate) fn delete(tx: &mut Tx, order: OrderId, id: HoldId) -> Result<(), Error> {
    tx.execute("delete from order_holds where org_id = $1 and order_id = $2 and id = $3", params![tx.org(), order, id]).map(drop)
}

/// Open holds by store and kind.
pub(crate) fn by_kind(tx: &mut Tx) -> Result<Vec<(StoreId, String, i64)>, Error> {
    tx.rows(
        "select o.store_id, h.kind, count(*)
           from order_holds h
           join orders o on o.org_id = h.org_id and o.id = h.order_id
          where h.org_id = $1
            and h.released_at is null
          group by o.store_id, h.kind
          order by o.store_id, h.kind
          limit 100000",
        params![tx.org()],
    )
}

/// Orders whose count differs from their open holds, with the true count.
pub(crate) fn off(tx: &mut Tx) -> Result<Vec<(OrderId, i64)>, Error> {
    tx.rows(
        "select o.id, coalesce(h.open, 0)
           from orders o
           left join (select order_id, count(*) as open
                        from order_holds
                       where org_id = $1
                         and released_at is null
                       group by order_id) h on h.order_id = o.id
          where o.org_id = $1
            and o.hold_count <> coalesce(h.open, 0)
          order by o.id
          limit 1000",
        params![tx.org()],
    )
}
