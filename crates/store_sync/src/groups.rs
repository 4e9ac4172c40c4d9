//! Rows that belong together: the lines of one invoice become one order.
//!
//! Files do not always keep an invoice's lines side by side. A first pass counts the lines of each
//! key, a second one collects them and hands a group over as soon as it is whole, so only open
//! groups are in memory. A row without a key is a group of its own.

use std::collections::HashMap;

use kernel::Error;

use crate::table::{BadRow, Row, Table};

/// How many rows each key has.
pub(crate) struct Census {
    counts: HashMap<String, u32>,
    rows: u64,
}

impl Census {
    /// Reads a whole table and counts its rows by key; `look` sees every row. A damaged file is
    /// refused here, before anything of it is written.
    pub(crate) fn take(mut table: Table, key: impl Fn(&Row) -> Option<String>, mut look: impl FnMut(&Row)) -> Result<Census, Error> {
        let mut census = Census { counts: HashMap::new(), rows: 0 };
        while let Some(row) = table.next_row() {
            match row {
                Ok(row) => {
                    look(&row);
                    if let Some(key) = key(&row) {
                        *census.counts.entry(key).or_default() += 1;
                    }
                }
                Err(bad) if bad.code == "import.damaged" => return Err(Error::field("file", bad.code).with("line", bad.line)),
                Err(_) => {}
            }
            census.rows += 1;
        }
        Ok(census)
    }

    /// Rows in all, unreadable ones included.
    pub(crate) fn rows(&self) -> u64 {
        self.rows
    }
}

/// Hands over whole groups, in the order in which they become whole.
pub(crate) struct Groups<K> {
    table: Table,
    key: K,
    left: HashMap<String, u32>,
    open: HashMap<String, Vec<Row>>,
}

impl<K: Fn(&Row) -> Option<String>> Groups<K> {
    /// Groups of a table that the census has read before, by the same key.
    pub(crate) fn new(table: Table, census: Census, key: K) -> Groups<K> {
        Groups { table, key, left: census.counts, open: HashMap::new() }
    }
}

impl<K: Fn(&Row) -> Option<String>> Iterator for Groups<K> {
    type Item = Result<Vec<Row>, BadRow>;

    /// The next whole group, or a row that could not be read.
    fn next(&mut self) -> Option<Result<Vec<Row>, BadRow>> {
        loop {
            let row = match self.table.next_row()? {
                Ok(row) => row,
                Err(bad) => return Some(Err(bad)),
            };
            let Some(key) = (self.key)(&row) else { return Some(Ok(vec![row])) };
            // A file that somebody writes meanwhile may hold keys which the first pass has not seen.
            let left = self.left.entry(key.clone()).or_insert(1);
            *left = left.saturating_sub(1);
            if *left == 0 {
                self.left.remove(&key);
                let mut group = self.open.remove(&key).unwrap_or_default();
                group.push(row);
                return Some(Ok(group));
            }
            self.open.entry(key).or_default().push(row);
        }
    }
}
