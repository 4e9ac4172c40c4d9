//! Traces: free words, kept requests and kept answers in which a person may be named though nothing leads
//! from her to them. Each crate says where its own are; forgetting a person walks through them.

use db::{Tx, Value, params};
use kernel::Error;
use kernel::value::ToValue;
use serde::{Deserialize, Serialize};

/// A table with words in which a person may be named.
#[derive(Clone, Copy, Debug)]
pub struct Trace {
    /// Its name.
    pub table: &'static str,
    /// What its rows are walked through by, besides the organization.
    pub key: Key,
    /// The columns of text that are looked at; null reads as nothing.
    pub columns: &'static [&'static str],
    /// What becomes of a row that names the person.
    pub put: Put,
}

/// The primary key of a table behind the organization.
#[derive(Clone, Copy, Debug)]
pub enum Key {
    /// One number.
    Id(&'static str),
    /// Two numbers.
    Two(&'static str, &'static str),
    /// Two texts.
    Words(&'static str, &'static str),
}

/// What becomes of a row that names the person.
#[derive(Clone, Copy, Debug)]
pub enum Put {
    /// It goes.
    Remove,
    /// These columns get these values: a part of an update.
    Set(&'static str),
}

/// Where a walk through a table has come to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place(Vec<String>);

/// The tables of this crate.
pub const TRACES: &[Trace] = &[
    Trace { table: "idempotency", key: Key::Words("actor", "key"), columns: &["body"], put: Put::Set("body = '{\"erased\":true}'") },
    Trace {
        table: "jobs",
        key: Key::Id("id"),
        columns: &["payload", "last_error", "cursor"],
        put: Put::Set(
            "last_error = null,
             payload = case when state in ('done', 'dead', 'cancelled') then '{}' else payload end,
             cursor = case when state in ('done', 'dead', 'cancelled') then null else cursor end",
        ),
    },
    Trace {
        table: "tasks",
        key: Key::Id("id"),
        columns: &["title", "message", "result"],
        put: Put::Set("title = '•••', message = null, result = null"),
    },
    Trace { table: "files", key: Key::Id("id"), columns: &["name"], put: Put::Set("name = '•••'") },
];

/// Looks at the next rows of a table and forgets those that name the person. Answers how many did, and where to
/// go on; nowhere at the end.
pub fn sweep(tx: &mut Tx, trace: &Trace, after: Option<&Place>, limit: u32, names: &dyn Fn(&str) -> bool) -> Result<(u64, Option<Place>), Error> {
    let (first, second) = match trace.key {
        Key::Id(id) => (id, None),
        Key::Two(first, second) | Key::Words(first, second) => (first, Some(second)),
    };
    let columns = second.map_or_else(|| first.to_owned(), |second| format!("{first}, {second}"));
    let words: Vec<String> = trace.columns.iter().map(|column| format!("coalesce({column}, '')")).collect();
    let shown = |column: Option<&str>| column.map_or_else(|| "''".to_owned(), |column| format!("cast({column} as text)"));
    let mut params = params![tx.org(), limit];
    let newer = after.map(|place| format!("and ({columns}) > ({})", bind(trace.key, &place.0, &mut params))).unwrap_or_default();
    let table = trace.table;
    let rows: Vec<(String, String, String)> = tx.rows(
        &format!(
            "select {}, {}, {}
               from {table}
              where org_id = $1
                {newer}
              order by {columns}
              limit $2",
            shown(Some(first)),
            shown(second),
            words.join(" || ' ' || ")
        ),
        params,
    )?;
    let place = |first: String, second: String| Place(if trace.key.is_single() { vec![first] } else { vec![first, second] });
    let is_last = (rows.len() as u32) < limit;
    let mut found = 0;
    let mut last = None;
    for (first, second, text) in rows {
        let place = place(first, second);
        if names(&text) {
            let mut params = params![tx.org()];
            let values = bind(trace.key, &place.0, &mut params);
            let condition = format!("where org_id = $1 and ({columns}) = ({values})");
            found += match trace.put {
                Put::Remove => tx.execute(&format!("delete from {table} {condition}"), params)?,
                Put::Set(set) => tx.execute(&format!("update {table} set {set} {condition}"), params)?,
            };
        }
        last = Some(place);
    }
    Ok((found, last.filter(|_| !is_last)))
}

impl Key {
    fn is_single(self) -> bool {
        matches!(self, Key::Id(_))
    }
}

/// Markers for the values of a key.
fn bind(key: Key, values: &[String], params: &mut Vec<Value>) -> String {
    let first = params.len() + 1;
    for value in values {
        params.push(match key {
            Key::Words(..) => value.to_value(),
            Key::Id(_) | Key::Two(..) => value.parse::<i64>().unwrap_or_default().to_value(),
        });
    }
    db::dialect::markers(first, values.len())
}
