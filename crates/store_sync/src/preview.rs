//! A first look at a file that somebody has uploaded: how it is written, what its columns probably are, and
//! by which preset or mapping it can be brought in.

use kernel::Error;

use crate::encoding::Encoding;
use crate::guess::{self, Guess};
use crate::mapping::Definition;
use crate::model::Preset;
use crate::presets;
use crate::table::{Source, Table};

/// Rows that a preview shows.
const SHOWN: usize = 20;
/// The letters are judged by so much of the file; an import looks through all of it.
const JUDGED_BYTES: u64 = 8 * 1024 * 1024;
/// Cells are cut to so many bytes.
const CELL: usize = 300;

/// A row as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreviewRow {
    /// Its line in the file.
    pub line: u64,
    /// Its cells; empty when it cannot be read.
    pub cells: Vec<String>,
    /// Why it cannot be read: a code.
    pub problem: Option<&'static str>,
}

/// What a first look says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// In which letters it is written; none for a workbook.
    pub encoding: Option<Encoding>,
    /// What parts its cells; none in a workbook.
    pub separator: Option<char>,
    /// Its headings.
    pub headers: Vec<String>,
    /// Its first rows.
    pub rows: Vec<PreviewRow>,
    /// What its columns probably are.
    pub guess: Guess,
    /// What is missing for an import by that guess: `title`, `unit_price`.
    pub missing: Vec<&'static str>,
    /// The preset that fits its headings.
    pub preset: Option<Preset>,
}

/// Looks at a file. One that cannot be read at all is refused with the field `file`.
pub fn preview(source: &Source, encoding: Option<Encoding>) -> Result<Preview, Error> {
    let found = match encoding {
        Some(encoding) if !source.is_sheet() => Some(encoding),
        _ => source.encoding(Some(JUDGED_BYTES))?,
    };
    let read_as = found.unwrap_or(Encoding::Utf8);
    let mut table = Table::open_as(source, read_as)?;
    let (headers, separator) = (table.headers().to_vec(), table.separator());
    let mut rows = Vec::new();
    while let Some(row) = table.next_row().filter(|_| rows.len() < SHOWN) {
        rows.push(match row {
            Ok(row) => PreviewRow { line: row.line, cells: row.cells().map(|cell| kernel::cut(cell, CELL).to_owned()).collect(), problem: None },
            Err(bad) => PreviewRow { line: bad.line, cells: Vec::new(), problem: Some(bad.code) },
        });
    }
    let guess = guess::guess(&headers, &guess::sample(Table::open_as(source, read_as)?));
    let missing = guess::missing(&guess.definition());
    let preset = presets::fitting(&headers).or_else(|| missing.is_empty().then_some(Preset::Generic));
    Ok(Preview { encoding: found, separator, headers, rows, guess, missing, preset })
}

/// Whether a file with these headings has all columns that a mapping names.
pub fn has_columns_of(headers: &[String], definition: &Definition) -> bool {
    let folded: Vec<String> = headers.iter().map(|header| kernel::fold(header)).collect();
    definition.columns.iter().all(|one| folded.contains(&kernel::fold(&one.column)))
}
