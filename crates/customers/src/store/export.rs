//! The SQL of customers in files of orders.

use db::{Tx, dialect, params};
use kernel::value::ToValue;
use kernel::{CustomerId, Error};

use crate::export::Contact;

pub(crate) fn contacts(tx: &mut Tx, ids: &[CustomerId]) -> Result<Vec<Contact>, Error> {
    let mut params = params![tx.org()];
    params.extend(ids.iter().map(ToValue::to_value));
    let sql = format!(
        "select id, email, language, external_ref from customers where org_id = $1 and id in ({}) order by id limit 100000",
        dialect::markers(2, ids.len())
    );
    tx.rows(&sql, params)
}
