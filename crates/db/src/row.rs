//! From columns to Rust types, by position, with the names checked once per query.

use kernel::value::{Column, ColumnError};

use crate::value::PgColumn;

/// Can be read from a row. Usually written by [`row!`](crate::row).
pub trait Row: Sized {
    /// The names the query must give its columns; empty means that names do not matter.
    const COLUMNS: &'static [&'static str];
    /// Reads all columns in order.
    fn read(row: &mut RowReader<'_>) -> Result<Self, ColumnError>;
}

/// Reads the columns of one row from left to right.
pub struct RowReader<'a> {
    source: Source<'a>,
    at: usize,
}

enum Source<'a> {
    Sqlite(&'a rusqlite::Row<'a>),
    Postgres(&'a tokio_postgres::Row),
}

impl<'a> RowReader<'a> {
    pub(crate) fn sqlite(row: &'a rusqlite::Row<'a>) -> RowReader<'a> {
        RowReader { source: Source::Sqlite(row), at: 0 }
    }

    pub(crate) fn postgres(row: &'a tokio_postgres::Row) -> RowReader<'a> {
        RowReader { source: Source::Postgres(row), at: 0 }
    }

    /// How many columns were asked for so far; the last one is the culprit of an error.
    pub(crate) fn position(&self) -> usize {
        self.at
    }

    /// The next column.
    pub fn column<C: Column>(&mut self) -> Result<C, ColumnError> {
        let at = self.at;
        self.at += 1;
        let value = match &self.source {
            Source::Sqlite(row) => {
                let raw = row.get_ref(at).map_err(|_| unreadable("no such column"))?;
                crate::value::from_sqlite(raw)?
            }
            Source::Postgres(row) => {
                let read = row.try_get::<_, PgColumn>(at);
                read.map_err(|error| unreadable(&crate::value::root_cause(&error)))?.0
            }
        };
        C::from_value(value)
    }
}

fn unreadable(found: &str) -> ColumnError {
    ColumnError { wanted: "a whole number, text or bytes", found: found.to_owned() }
}

/// Compares the names a query gives with those a type wants.
pub(crate) fn check_names<'n>(wanted: &[&str], found: impl ExactSizeIterator<Item = &'n str>) -> Result<(), String> {
    let found: Vec<&str> = found.collect();
    let same = wanted.len() == found.len() && wanted.iter().zip(&found).all(|(want, have)| want.trim_start_matches("r#") == *have);
    if same { Ok(()) } else { Err(format!("the query gives the columns [{}], its row wants [{}]", found.join(", "), wanted.join(", "))) }
}

/// Declares a struct whose fields are the columns of a query, in the query's order.
///
/// ```
/// db::row! {
///     /// A customer as a list shows it.
///     #[derive(Clone, Debug)]
///     pub struct Listed {
///         /// Her name.
///         pub name: String,
///         /// Her parcels so far.
///         pub orders: i64,
///     }
/// }
/// ```
#[macro_export]
macro_rules! row {
    ($($(#[$meta:meta])* $vis:vis struct $name:ident { $($(#[$field_meta:meta])* $field_vis:vis $field:ident : $kind:ty),+ $(,)? })+) => {$(
        $(#[$meta])*
        $vis struct $name { $($(#[$field_meta])* $field_vis $field: $kind),+ }

        impl $crate::Row for $name {
            const COLUMNS: &'static [&'static str] = &[$(stringify!($field)),+];
            fn read(row: &mut $crate::RowReader<'_>) -> ::std::result::Result<Self, $crate::ColumnError> {
                Ok($name { $($field: row.column()?),+ })
            }
        }
    )+};
}

macro_rules! tuples {
    ($(($($name:ident),+))+) => {$(
        impl<$($name: Column),+> Row for ($($name,)+) {
            const COLUMNS: &'static [&'static str] = &[];
            fn read(row: &mut RowReader<'_>) -> Result<Self, ColumnError> {
                Ok(($(row.column::<$name>()?,)+))
            }
        }
    )+};
}

tuples! {
    (A)
    (A, B)
    (A, B, C)
    (A, B, C, D)
    (A, B, C, D, E)
    (A, B, C, D, E, F)
    (A, B, C, D, E, F, G)
    (A, B, C, D, E, F, G, H)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_must_agree_in_number_and_order() {
        assert!(check_names(&["id", "r#type"], ["id", "type"].into_iter()).is_ok());
        assert!(check_names(&["id", "name"], ["name", "id"].into_iter()).is_err());
        assert!(check_names(&["id"], ["id", "name"].into_iter()).is_err());
    }
}
