//! Organizations: the tenants, and the directory that knows which of them a sign-in name belongs to.
//!
//! Not here: their users, stores and roles (access).

use db::{OnUnique, SystemTx, Tx, params};
use kernel::{Error, OrgId, Time};

db::row! {
    /// A tenant.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Organization {
        /// Its id.
        pub id: OrgId,
        /// Its name at the beginning; the one people see stands in its settings.
        pub name: String,
        /// When it began.
        pub created_at: Time,
    }
}

/// Begins an organization; its first store and user are the caller's business.
pub fn create(tx: &mut SystemTx, name: &str, now: Time) -> Result<OrgId, Error> {
    let id: OrgId = tx.new_id();
    tx.execute("insert into organizations (id, name, created_at) values ($1, $2, $3)", params![id, name, now])?;
    Ok(id)
}

/// All organizations, the oldest first.
pub fn list(tx: &mut SystemTx) -> Result<Vec<Organization>, Error> {
    tx.rows("select id, name, created_at from organizations order by id limit 100000", params![])
}

/// The oldest organization: what all share is looked after in its name.
#[expect(clippy::disallowed_methods, reason = "looks above organizations")]
pub async fn oldest(base: &crate::Base) -> Result<Option<OrgId>, Error> {
    let found = base.db().system_read(|tx| {
        let row: Option<(OrgId,)> = tx.optional("select id from organizations order by id limit 1", params![])?;
        Ok(row.map(|(id,)| id))
    });
    found.await
}

/// All organizations, the oldest first: where a customer's number is looked for when nothing says whose it is.
#[expect(clippy::disallowed_methods, reason = "looks above organizations")]
pub async fn ids(base: &crate::Base) -> Result<Vec<OrgId>, Error> {
    let found = base.db().system_read(|tx| {
        let rows: Vec<(OrgId,)> = tx.rows("select id from organizations order by id limit 100000", params![])?;
        Ok(rows.into_iter().map(|(id,)| id).collect())
    });
    found.await
}

/// The organization, where there is exactly one: before somebody is in, nothing else tells whose door it is.
#[expect(clippy::disallowed_methods, reason = "looks above organizations")]
pub async fn only(base: &crate::Base) -> Result<Option<OrgId>, Error> {
    let found = base.db().system_read(|tx| {
        let rows: Vec<(OrgId,)> = tx.rows("select id from organizations order by id limit 2", params![])?;
        Ok(if let [(id,)] = rows[..] { Some(id) } else { None })
    });
    found.await
}

/// Whether the transaction's organization is the oldest: the one in whose name what all share is looked after.
pub fn is_oldest(tx: &mut Tx) -> Result<bool, Error> {
    let older: Option<(OrgId,)> = tx.optional("select id from organizations where id < $1 order by id limit 1", params![tx.org()])?;
    Ok(older.is_none())
}

/// The transaction's own organization.
pub fn own(tx: &mut Tx) -> Result<Option<Organization>, Error> {
    tx.optional("select id, name, created_at from organizations where id = $1", params![tx.org()])
}

/// Which organization a sign-in name belongs to. The name is folded by the caller.
pub fn of_name(tx: &mut SystemTx, name: &str) -> Result<Option<OrgId>, Error> {
    let row: Option<(OrgId,)> = tx.optional("select org_id from directory where name = $1", params![name])?;
    Ok(row.map(|(org,)| org))
}

/// Gives a sign-in name to the transaction's organization. `taken` is the answer when it is in use,
/// here or elsewhere.
pub fn claim_name(tx: &mut Tx, name: &str, taken: impl FnOnce() -> Error) -> Result<(), Error> {
    tx.execute("insert into directory (name, org_id) values ($1, $2)", params![name, tx.org()]).on_unique("directory_pkey", taken)?;
    Ok(())
}

/// Frees a sign-in name.
pub fn release_name(tx: &mut Tx, name: &str) -> Result<(), Error> {
    tx.execute("delete from directory where name = $1 and org_id = $2", params![name, tx.org()])?;
    Ok(())
}
