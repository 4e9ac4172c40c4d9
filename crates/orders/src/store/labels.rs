//! The SQL of tags and fields on orders: what jobs go through.

use db::{Tx, dialect, params};
use kernel::value::ToValue;
use kernel::{Error, OrderId, StoreId, Time};

db::row! {
    /// An order with its tags or fields.
    pub(crate) struct Labelled {
        pub id: OrderId,
        pub store_id: StoreId,
        pub tags: String,
        pub custom: String,
        pub is_archived: bool,
        pub created_at: Time,
    }
}

const LABELLED: &str = "id, store_id, tags, custom, is_archived, created_at";

/// These orders, kept from others until the end of the transaction.
pub(crate) fn tagged(tx: &mut Tx, ids: &[i64]) -> Result<Vec<Labelled>, Error> {
    let mut params = params![tx.org()];
    params.extend(ids.iter().map(ToValue::to_value));
    let lock = dialect::for_update(tx.engine());
    tx.rows(&format!("select {LABELLED} from orders where org_id = $1 and id in ({}) order by id{lock}", dialect::markers(2, ids.len())), params)
}

/// A machine's change: no editor collides with it.
pub(crate) fn set_tags(tx: &mut Tx, id: OrderId, tags: &str) -> Result<(), Error> {
    tx.execute("update orders set tags = $3 where org_id = $1 and id = $2", params![tx.org(), id, tags]).map(drop)
}

/// The next orders by their numbers, kept from others until the end of the transaction.
pub(crate) fn with_custom(tx: &mut Tx, after: i64, limit: u32) -> Result<Vec<Labelled>, Error> {
    let lock = dialect::for_update(tx.engine());
    tx.rows(
        &format!("select {LABELLED} from orders where org_id = $1 and id > $2 order by id limit $3{lock}"),
        params![tx.org(), after, i64::from(limit)],
    )
}

/// Tags on the orders of each store, counted again.
pub(crate) fn count_tags(tx: &mut Tx) -> Result<Vec<(String, StoreId, i64)>, Error> {
    tx.rows(
        "select f.value, o.store_id, count(*)
           from order_facets f
           join orders o on o.org_id = $1 and o.id = f.order_id
          where f.org_id = $1
            and f.field = 0
          group by f.value, o.store_id
          limit 100000",
        params![tx.org()],
    )
}
