//! The file of refused rows: where each stands, what is wrong with it, and the row itself, so that it
//! can be put right and brought in again as it is.

use std::fs::File;
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::Path;

use kernel::Args;

use crate::piece::{Piece, Problem};

/// Headings before those of the file.
pub(crate) const HEADINGS: [&str; 5] = ["refused_line", "refused_order", "refused_field", "refused_code", "refused_because"];
/// A row with nothing wrong in it, of an order that has another one.
const SAME_ORDER: &str = "import.same_order";

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
    /// `heading_of` says what the file calls a field.
    pub(crate) fn write(&mut self, piece: &Piece, problems: &[Problem], heading_of: impl Fn(&str) -> String) -> io::Result<()> {
        self.is_synced = false;
        for (place, row) in piece.rows.iter().enumerate() {
            let own = problems.iter().filter(|problem| is_about(problem, place, row.line, piece.rows.len()));
            let own: Vec<(String, &Problem)> = own.map(|problem| (heading_of(&problem.field), problem)).collect();
            let join =
                |part: fn(&str, &Problem) -> String| own.iter().map(|(heading, problem)| part(heading, problem)).collect::<Vec<_>>().join("; ");
            let (field, code, words) = if own.is_empty() {
                (String::new(), SAME_ORDER.to_owned(), in_words("", SAME_ORDER, &Args::new()))
            } else {
                let words = join(|heading, problem| in_words(heading, problem.code, &problem.args));
                (join(|heading, _| heading.to_owned()), join(|_, problem| problem.code.to_owned()), words)
            };
            let head = [row.line.to_string(), piece.name.clone(), field, code, words];
            let padding = std::iter::repeat_n("", self.width.saturating_sub(row.cells().count()));
            self.csv.write_record(head.iter().map(String::as_str).chain(row.cells().chain(padding).skip(self.skip)))?;
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

/// Whether a problem is about this row: by its line, by the place of its line in the order
/// (`lines[3].quantity`), or because it is about the whole order, which the first row stands for.
fn is_about(problem: &Problem, place: usize, line: u64, rows: usize) -> bool {
    if let Some(told) = problem.line {
        return told == line;
    }
    let of_line = problem.field.strip_prefix("lines[").and_then(|rest| rest.split_once(']')).and_then(|(number, _)| number.parse::<usize>().ok());
    of_line.filter(|number| *number < rows).unwrap_or(0) == place
}

/// What a code means, for the person with the file. The API's texts stand in message files; these are about
/// files, in the language of the documents.
fn in_words(field: &str, code: &str, args: &Args) -> String {
    let arg = |name: &str| args.get(name).map_or("?", String::as_str);
    let field = if field.is_empty() { "the row" } else { field };
    match code {
        "required" => format!("{field} is missing"),
        "unknown" => format!("{field} is not known here"),
        "import.same_order" => "another row of this order was refused; an order is taken whole or not at all".to_owned(),
        "import.differs" => format!("{field} says something else than line {}, but both are about the same order", arg("first")),
        "import.not_utf8" => "the row is not UTF-8 text; save the file as UTF-8".to_owned(),
        "import.row_length" => "the row has more cells than the heading; a text with a separator in it needs quotes".to_owned(),
        "import.amount" => format!("{field} is not an amount such as 8400.50"),
        "import.price_too_fine" => {
            format!("{field} is finer than the smallest unit of {}, and rounding it would change the line's total", arg("currency"))
        }
        "import.quantity" => format!("{field} is not a whole number other than 0"),
        "import.time" => format!("{field} is not a time such as 2026-11-21 09:00:00"),
        "import.day" => format!("{field} is not a day such as 2026-11-21"),
        "import.word" => format!("{field} is not one of {}", arg("allowed")),
        "import.kind" => format!("{field} is neither goods nor service"),
        "import.status" => format!("{field} is not a status of this preset"),
        "import.country" => format!("{field} is not a country by its two-letter code or English name"),
        "import.no_such_row" => format!("{field} is not in its own table"),
        "import.past_needs_time" => "an order with a past needs the time at which it was placed".to_owned(),
        "import.store_missing" => format!("there is no store {}, and you may not open one", arg("store")),
        "import.store_currency" => format!("the store {} sells in {}, the file in {}", arg("store"), arg("expected"), arg("found")),
        "order.external_ref" => "an order with this reference stands already, and says something else".to_owned(),
        "credit_note.external_ref" => "a credit note with this reference stands already, and says something else".to_owned(),
        "quantity" => format!("{field} is not a whole number of 1 or more"),
        "negative" => format!("{field} is below zero"),
        "currency" => format!("{field} is not a currency by its three-letter code"),
        "currency.store" => format!("{field} is not the currency of the store, {}", arg("expected")),
        "percent" => format!("{field} is not between 0 % and 100 %"),
        "discount.too_large" => format!("{field} is larger than what it is taken from"),
        "phone" => format!("{field} is not a telephone number"),
        "email" => format!("{field} is not an e-mail address"),
        "too_long" => format!("{field} is longer than {} letters", arg("max")),
        "too_many" => format!("{field}: there are more than {}", arg("max")),
        "text.control" => format!("{field} holds a sign that no text has"),
        "date.too_early" | "time.too_early" => format!("{field} is before {}", arg("min")),
        "date.future" | "time.future" => format!("{field} is in the future"),
        "money.overflow" | "money.range" => format!("{field} is beyond all measure"),
        // A code of an action that was not met in files before is still better than nothing.
        other => format!("{field}: {}", other.replace(['.', '_'], " ")),
    }
}
