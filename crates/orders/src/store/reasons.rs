//! The SQL of reasons: what an organization added or changed.

use db::{Tx, params};
use kernel::{Error, Labels, ReasonId, Time, Version};

use crate::reasons::{Reason, ReasonList, Seed};

db::row! {
    pub(crate) struct Row {
        pub(crate) code: String,
        labels: String,
        needs_note: bool,
        against_customer: bool,
        position: i64,
        archived_at: Option<Time>,
        version: Version,
    }
}

impl Row {
    /// The reason that it says.
    pub(crate) fn reason(self, list: ReasonList) -> Reason {
        let labels: Labels = serde_json::from_str(&self.labels).unwrap_or_default();
        Reason {
            list,
            is_seeded: Seed::stands(list, &self.code),
            code: self.code,
            labels,
            needs_note: self.needs_note,
            against_customer: self.against_customer,
            position: self.position,
            archived_at: self.archived_at,
            version: self.version,
        }
    }
}

const ROW: &str = "code, labels, needs_note, against_customer, position, archived_at, version";

pub(crate) fn list(tx: &mut Tx, list: ReasonList) -> Result<Vec<Row>, Error> {
    tx.rows(&format!("select {ROW} from order_reasons where org_id = $1 and list = $2 order by position, code limit 1000"), params![tx.org(), list])
}

pub(crate) fn find(tx: &mut Tx, list: ReasonList, code: &str) -> Result<Option<Row>, Error> {
    tx.optional(&format!("select {ROW} from order_reasons where org_id = $1 and list = $2 and code = $3"), params![tx.org(), list, code])
}

/// False when somebody had the code first.
pub(crate) fn insert(tx: &mut Tx, id: ReasonId, reason: &Reason) -> Result<bool, Error> {
    let labels = serde_json::to_string(&reason.labels).map_err(Error::internal)?;
    let inserted = tx.execute(
        "insert into order_reasons (org_id, list, code, id, labels, needs_note, against_customer, position, archived_at, version)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         on conflict (org_id, list, code) do nothing",
        params![
            tx.org(),
            reason.list,
            reason.code,
            id,
            labels,
            reason.needs_note,
            reason.against_customer,
            reason.position,
            reason.archived_at,
            reason.version
        ],
    )?;
    Ok(inserted == 1)
}

/// Writes a reason over the version that was read; answers the id of its row, none when another version
/// stands. A reason that came with the program has no row before its first change.
pub(crate) fn save(tx: &mut Tx, fresh: ReasonId, reason: &Reason, before: Version) -> Result<Option<ReasonId>, Error> {
    let labels = serde_json::to_string(&reason.labels).map_err(Error::internal)?;
    let saved: Option<(ReasonId,)> = tx.optional(
        "insert into order_reasons (org_id, list, code, id, labels, needs_note, against_customer, position, archived_at, version)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         on conflict (org_id, list, code) do update
            set labels = excluded.labels, needs_note = excluded.needs_note, against_customer = excluded.against_customer,
                position = excluded.position, archived_at = excluded.archived_at, version = excluded.version
          where order_reasons.version = $11
         returning id",
        params![
            tx.org(),
            reason.list,
            reason.code,
            fresh,
            labels,
            reason.needs_note,
            reason.against_customer,
            reason.position,
            reason.archived_at,
            reason.version,
            before
        ],
    )?;
    Ok(saved.map(|(id,)| id))
}
