//! The file of refused rows: where each stands, what is wrong with it, and the row itself, so that it
//! can be put right and brought in again as it is.

use std::fs::File;
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::Path;

use kernel::FieldError;

use crate::piece::{Piece, Problem};

/// Headings before those of the file.
pub(crate) const HEADINGS: [&str; 5] = ["refused_line", "refused_order", "refused_field", "refused_code", "refused_because"];
/// A row with nothing wrong in it, of an order that has another one.
const SAME_ORDER: &str = "import.same_order";

/// A row that was refused, as its file tells of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedRow {
    /// Its line in the file that was brought in.
    pub line: String,
    /// Its order.
    pub order: String,
    /// The columns that are wrong.
    pub field: String,
    /// Why, in words.
    pub because: String,
}

/// The first rows of a file of refused rows. What cannot be read is left out.
pub fn refused_rows(file: impl io::Read, most: usize) -> Vec<RefusedRow> {
    let mut csv = csv::ReaderBuilder::new().flexible(true).from_reader(file);
    let rows = csv.records().filter_map(Result::ok).filter(|row| row.len() >= HEADINGS.len()).take(most);
    rows.map(|row| {
        let cell = |place: usize| row[place].to_owned();
        RefusedRow { line: cell(0), order: cell(1), field: cell(2), because: cell(4) }
    })
    .collect()
}

/// An open file of refused rows.
pub(crate) struct Rejects {
    csv: csv::Writer<Counted>,
    width: usize,
    /// Columns that are left out, because the file is one of refused rows itself.
    skip: usize,
    is_synced: bool,
}

/// Counts what was written, so that a run that goes on after a crash can cut off what it will write again.
struct Counted {
    file: BufWriter<File>,
    bytes: u64,
}

impl Write for Counted {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let count = self.file.write(buffer)?;
        self.bytes += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Rejects {
    /// Begins a file, or goes on after the bytes that an earlier run had committed.
    pub(crate) fn open(path: &Path, headers: &[String], after_bytes: u64) -> io::Result<Rejects> {
        let mut file = File::options().create(true).write(true).truncate(false).open(path)?;
        let kept = if file.metadata()?.len() >= after_bytes { after_bytes } else { 0 };
        file.set_len(kept)?;
        file.seek(SeekFrom::Start(kept))?;
        let skip = if headers.iter().map(String::as_str).take(HEADINGS.len()).eq(HEADINGS) { HEADINGS.len() } else { 0 };
        let mut csv = csv::WriterBuilder::new().flexible(true).from_writer(Counted { file: BufWriter::new(file), bytes: kept });
        if kept == 0 {
            csv.write_record(HEADINGS.into_iter().chain(headers.iter().skip(skip).map(String::as_str)))?;
        }
        Ok(Rejects { csv, width: headers.len(), skip, is_synced: false })
    }

    /// Writes every row of a refused piece: those with a problem say which, the others why they are here.
    /// `heading_of` says what the file calls a field, `words` what is wrong with it.
    pub(crate) fn write(
        &mut self,
        piece: &Piece,
        problems: &[Problem],
        heading_of: impl Fn(&str) -> String,
        words: impl Fn(&FieldError) -> String,
    ) -> io::Result<()> {
        self.is_synced = false;
        for (place, row) in piece.rows.iter().enumerate() {
            let own: Vec<&Problem> = problems.iter().filter(|problem| is_about(problem, place, row.line, piece.rows.len())).collect();
            let told = if own.is_empty() {
                [String::new(), SAME_ORDER.to_owned(), words(&FieldError::new("", SAME_ORDER))]
            } else {
                [
                    joined(&own, |problem| heading_of(&problem.field)),
                    joined(&own, |problem| problem.code.to_owned()),
                    joined(&own, |problem| words(&FieldError { field: problem.field.clone(), code: problem.code, args: problem.args.clone() })),
                ]
            };
            let head = [row.line.to_string(), piece.name.clone()].into_iter().chain(told);
            let padding = std::iter::repeat_n("", self.width.saturating_sub(row.cells().count()));
            let cells = row.cells().chain(padding).skip(self.skip).map(str::to_owned);
            self.csv.write_record(head.chain(cells))?;
        }
        Ok(())
    }

    /// Brings what was written to the disk and answers how long the file is.
    pub(crate) fn sync(&mut self) -> io::Result<u64> {
        if !self.is_synced {
            self.csv.flush()?;
            self.csv.get_ref().file.get_ref().sync_data()?;
            self.is_synced = true;
        }
        Ok(self.csv.get_ref().bytes)
    }
}

fn joined(problems: &[&Problem], part: impl Fn(&Problem) -> String) -> String {
    problems.iter().map(|problem| part(problem)).collect::<Vec<_>>().join("; ")
}

/// Whether a problem is about this row: by its line, by the place of its line in the order
/// (`lines[3].quantity`), or because it is about the whole order, which the first row stands for.
fn is_about(problem: &Problem, place: usize, line: u64, rows: usize) -> bool {
    if let Some(told) = problem.line {
        return told == line;
    }
    let of_line = problem.field.strip_prefix("lines[").and_then(|rest| rest.split_once(']')).and_then(|(number, _)| number.parse::<usize>().ok());
    of_line.filter(|number| *number < rows).unwrap_or(0) == place
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refused_rows_are_read_back_as_they_were_told() {
        let file = "refused_line,refused_order,refused_field,refused_code,refused_because,Ref\n7,W-1,Prix,import.amount,\"Expected, an amount\",W-1\nbroken\n8,W-2,,x,y,W-2\n";
        let rows = refused_rows(file.as_bytes(), 10);
        assert_eq!(rows.len(), 2);
        assert_eq!((rows[0].line.as_str(), rows[0].field.as_str(), rows[0].because.as_str()), ("7", "Prix", "Expected, an amount"));
        assert_eq!(refused_rows(file.as_bytes(), 1).len(), 1);
    }
}
