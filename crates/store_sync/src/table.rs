//! Reading a table from a file: CSV (also packed as `.zst` or `.gz`) and XLSX.
//!
//! CSV streams: memory stays small however long the file is. A workbook's first sheet is held in
//! memory, because that is how the format is packed. Rows keep the line number that people see in
//! their editor, so that a refusal can name it.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use calamine::{Data, Reader};
use csv::{ByteRecord, StringRecord};
use kernel::Error;

use crate::encoding::{self, Decoded, Encoding};

/// A file, or a folder of files, and the name that people know it by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Where it lies.
    pub path: PathBuf,
    /// What it is called; the ending says how it is packed. An upload lies under another name.
    pub name: String,
}

impl Source {
    /// A file under its own name.
    pub fn at(path: &Path) -> Source {
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        Source { path: path.to_owned(), name }
    }
}

/// An open table.
pub(crate) struct Table {
    headers: Vec<String>,
    /// What parts the cells of a text file.
    separator: Option<u8>,
    rows: Rows,
}

enum Rows {
    Csv {
        reader: Box<csv::Reader<Box<dyn Read + Send>>>,
        record: ByteRecord,
        is_crlf: bool,
    },
    Sheet {
        range: calamine::Range<Data>,
        at: usize,
    },
    /// Nothing more can be read.
    Ended,
}

/// One row: its line in the file and its cells, without spaces around.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    /// Counted from 1, the header included.
    pub(crate) line: u64,
    cells: StringRecord,
}

impl Row {
    /// A row of these cells.
    pub(crate) fn new(line: u64, cells: &[String]) -> Row {
        Row { line, cells: StringRecord::from(cells) }
    }

    /// Stands for a row whose cells nobody can read.
    pub(crate) fn unreadable(line: u64) -> Row {
        Row { line, cells: StringRecord::new() }
    }

    /// A cell; empty when the row is shorter.
    pub(crate) fn cell(&self, place: usize) -> &str {
        self.cells.get(place).unwrap_or("")
    }

    /// All cells.
    pub(crate) fn cells(&self) -> impl Iterator<Item = &str> {
        self.cells.iter()
    }
}

/// A row that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BadRow {
    /// Counted from 1, the header included.
    pub(crate) line: u64,
    /// Stable code: `import.not_utf8`, `import.row_length`, or `import.damaged`, after which nothing more comes.
    pub(crate) code: &'static str,
}

impl Source {
    fn cannot_open(&self, cause: &std::io::Error) -> Error {
        Error::field("file", "import.cannot_open").with("name", &self.name).with("cause", cause)
    }

    /// Whether it is a workbook.
    pub(crate) fn is_sheet(&self) -> bool {
        self.name.to_ascii_lowercase().ends_with(".xlsx")
    }

    /// What is in the file, unpacked.
    pub(crate) fn plain(&self) -> Result<Box<dyn Read + Send>, Error> {
        let opened = File::open(&self.path).map_err(|cause| self.cannot_open(&cause))?;
        if opened.metadata().map_err(|cause| self.cannot_open(&cause))?.is_dir() {
            return Err(Error::field("file", "import.is_folder").with("name", &self.name));
        }
        let packed = BufReader::with_capacity(1 << 16, opened);
        let name = self.name.to_ascii_lowercase();
        Ok(if name.ends_with(".zst") {
            Box::new(zstd::Decoder::with_buffer(packed).map_err(|cause| self.cannot_open(&cause))?)
        } else if name.ends_with(".gz") {
            Box::new(flate2::bufread::MultiGzDecoder::new(packed))
        } else {
            Box::new(packed)
        })
    }

    /// In which letters it is written: looks through all of it, or through its first so many bytes. None
    /// for a workbook.
    pub(crate) fn encoding(&self, at_most: Option<u64>) -> Result<Option<Encoding>, Error> {
        if self.is_sheet() {
            return Ok(None);
        }
        let plain = self.plain()?.take(at_most.unwrap_or(u64::MAX));
        encoding::detect(plain).map(Some).map_err(|cause| self.cannot_open(&cause))
    }
}

impl Table {
    /// Opens a file of UTF-8 text, or a workbook. One that is missing, empty or of another kind is refused
    /// with the field `file`.
    pub(crate) fn open(file: &Source) -> Result<Table, Error> {
        Table::open_as(file, Encoding::Utf8)
    }

    /// The same in other letters; a workbook has its own.
    pub(crate) fn open_as(file: &Source, encoding: Encoding) -> Result<Table, Error> {
        let plain = file.plain()?;
        if file.is_sheet() {
            return Table::open_sheet(&file.path);
        }
        if encoding.is_utf8() { Table::open_csv(plain) } else { Table::open_csv(Box::new(Decoded::new(plain, encoding))) }
    }

    fn open_csv(mut plain: Box<dyn Read + Send>) -> Result<Table, Error> {
        let cannot_open = |cause: &dyn std::fmt::Display| Error::field("file", "import.cannot_open").with("cause", cause);
        let mut head = vec![0; 1 << 16];
        let mut filled = 0;
        while filled < head.len() {
            match plain.read(&mut head[filled..]) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(cause) => return Err(cannot_open(&cause)),
            }
        }
        head.truncate(filled);
        let bom = if head.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        let first_line = head[bom..].split(|sign| *sign == b'\n').next().unwrap_or_default();
        let (delimiter, is_crlf) = (delimiter_of(first_line), first_line.ends_with(b"\r"));
        let whole: Box<dyn Read + Send> = Box::new(std::io::Cursor::new(head.split_off(bom)).chain(plain));
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).trim(csv::Trim::All).delimiter(delimiter).from_reader(whole);
        let mut record = ByteRecord::new();
        if !reader.read_byte_record(&mut record).map_err(|cause| cannot_open(&cause))? {
            return Err(Error::field("file", "import.empty"));
        }
        let headers = StringRecord::from_byte_record(record.clone()).map_err(|_| Error::field("file", "import.not_utf8").with("line", 1))?;
        let headers = headers.iter().map(str::to_owned).collect();
        Ok(Table { headers, separator: Some(delimiter), rows: Rows::Csv { reader: Box::new(reader), record, is_crlf } })
    }

    fn open_sheet(path: &Path) -> Result<Table, Error> {
        let unreadable = |cause: calamine::XlsxError| Error::field("file", "import.cannot_open").with("cause", cause);
        let mut book: calamine::Xlsx<_> = calamine::open_workbook(path).map_err(unreadable)?;
        let range = book.worksheet_range_at(0).ok_or_else(|| Error::field("file", "import.empty"))?.map_err(unreadable)?;
        let headers = range.rows().next().ok_or_else(|| Error::field("file", "import.empty"))?.iter().map(cell_text).collect();
        Ok(Table { headers, separator: None, rows: Rows::Sheet { range, at: 1 } })
    }

    /// What parts its cells; none in a workbook.
    pub(crate) fn separator(&self) -> Option<char> {
        self.separator.map(char::from)
    }

    /// The first row.
    pub(crate) fn headers(&self) -> &[String] {
        &self.headers
    }

    /// The next row with content; a row that cannot be read is told, and reading goes on after it
    /// unless the file is damaged.
    pub(crate) fn next_row(&mut self) -> Option<Result<Row, BadRow>> {
        loop {
            let row = match &mut self.rows {
                Rows::Ended => return None,
                Rows::Csv { reader, record, is_crlf } => {
                    let before = reader.position().line();
                    match reader.read_byte_record(record) {
                        Ok(false) => return None,
                        Ok(true) => {
                            let line = line_of(before, reader.position().line(), record, *is_crlf);
                            match StringRecord::from_byte_record(record.clone()) {
                                Ok(cells) => Row { line, cells },
                                Err(_) => return Some(Err(BadRow { line, code: "import.not_utf8" })),
                            }
                        }
                        Err(_) => {
                            self.rows = Rows::Ended;
                            return Some(Err(BadRow { line: before, code: "import.damaged" }));
                        }
                    }
                }
                Rows::Sheet { range, at } => {
                    if *at >= range.height() {
                        return None;
                    }
                    let cells = range[*at].iter().map(cell_text).collect();
                    *at += 1;
                    let first = range.start().map_or(0, |(row, _)| row);
                    Row { line: u64::from(first) + *at as u64, cells }
                }
            };
            if row.cells().all(str::is_empty) {
                continue;
            }
            if row.cells.len() > self.headers.len() && row.cells().skip(self.headers.len()).any(|cell| !cell.is_empty()) {
                return Some(Err(BadRow { line: row.line, code: "import.row_length" }));
            }
            return Some(Ok(row));
        }
    }
}

/// The line on which a record begins: empty lines before it and line ends inside its cells do not count.
/// The reader counts a line when it takes its `\n`, which of `\r\n` it does only with the next record.
fn line_of(before: u64, after: u64, record: &ByteRecord, is_crlf: bool) -> u64 {
    if !is_crlf && after <= before + 1 {
        return before;
    }
    let inside = record.iter().map(|cell| cell.iter().filter(|sign| **sign == b'\n').count()).sum::<usize>() as u64;
    if is_crlf { after.saturating_sub(inside) } else { before.max(after.saturating_sub(1 + inside)) }
}

/// The separator that the first line holds most of: comma, semicolon or tab.
fn delimiter_of(first_line: &[u8]) -> u8 {
    let count = |wanted: u8| first_line.iter().filter(|sign| **sign == wanted).count();
    *[b',', b';', b'\t'].iter().max_by_key(|sign| (count(**sign), **sign == b',')).expect("three candidates")
}

fn cell_text(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        // A whole number in a workbook is stored as a float: 12 must not read as 12.0.
        Data::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => format!("{}", *number as i64),
        Data::DateTime(at) => {
            let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
        }
        other => other.to_string().trim().to_owned(),
    }
}

/// Where the columns that a preset knows stand in this file.
#[derive(Clone, Debug)]
pub(crate) struct Columns {
    places: Vec<Option<usize>>,
}

/// A column that a preset knows: its name, other names it goes by, and whether it must be there.
pub(crate) struct ColumnSpec {
    /// Its name in our documents.
    pub(crate) name: &'static str,
    /// Other headings it is found under.
    pub(crate) also: &'static [&'static str],
    /// Whether a file without it is refused.
    pub(crate) is_required: bool,
}

impl Columns {
    /// Columns that stand in the order in which they are known.
    pub(crate) fn in_order(count: usize) -> Columns {
        Columns { places: (0..count).map(Some).collect() }
    }

    /// Finds each column by its heading, in any case and spelling of spaces; tells every missing one at once.
    pub(crate) fn find(headers: &[String], specs: &[ColumnSpec]) -> Result<Columns, Error> {
        let folded: Vec<String> = headers.iter().map(|header| kernel::fold(header)).collect();
        let mut missing = Vec::new();
        let mut places = Vec::with_capacity(specs.len());
        for spec in specs {
            let place = std::iter::once(&spec.name).chain(spec.also).find_map(|name| {
                let name = kernel::fold(name);
                folded.iter().position(|header| *header == name)
            });
            if place.is_none() && spec.is_required {
                missing.push(spec.name);
            }
            places.push(place);
        }
        if missing.is_empty() {
            Ok(Columns { places })
        } else {
            Err(Error::field("file", "import.columns_missing").with("columns", missing.join(", ")))
        }
    }

    /// Where the n-th known column stands; none when the file does not have it.
    pub(crate) fn place(&self, spec: usize) -> Option<usize> {
        self.places[spec]
    }

    /// Whether the file has the n-th known column.
    pub(crate) fn has(&self, spec: usize) -> bool {
        self.places[spec].is_some()
    }

    /// The cell of the n-th known column; empty when the file or the row does not have it.
    pub(crate) fn get<'row>(&self, row: &'row Row, spec: usize) -> &'row str {
        self.places[spec].map_or("", |place| row.cell(place))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(bytes: &[u8]) -> Result<Table, Error> {
        Table::open_csv(Box::new(std::io::Cursor::new(bytes.to_vec())))
    }

    fn row(line: u64, cells: &[&str]) -> Row {
        Row { line, cells: cells.to_vec().into() }
    }

    #[test]
    fn any_usual_csv_is_read() {
        for text in ["a,b\n1,\"x, y\"\n", "\u{feff}a;b\r\n1;x, y\r\n", "a\tb\n1 \t x, y"] {
            let mut table = table(text.as_bytes()).unwrap();
            assert_eq!(table.headers(), ["a", "b"]);
            assert_eq!(table.next_row().unwrap().unwrap(), row(2, &["1", "x, y"]), "{text:?}");
            assert!(table.next_row().is_none());
        }
    }

    #[test]
    fn a_bad_row_is_told_and_passed() {
        let mut table = table(b"a,b\n1,\xff\n1,2,3\n4,5,\n").unwrap();
        assert_eq!(table.next_row().unwrap().unwrap_err(), BadRow { line: 2, code: "import.not_utf8" });
        assert_eq!(table.next_row().unwrap().unwrap_err(), BadRow { line: 3, code: "import.row_length" });
        assert_eq!(table.next_row().unwrap().unwrap(), row(4, &["4", "5", ""]));
    }

    #[test]
    fn lines_are_counted_as_an_editor_counts() {
        let text = "a,b\n\n1,\"two\nlines\"\n\n\n2,\"three\nmore\nlines\"\n,\n3,x";
        for text in [text.to_owned(), text.replace('\n', "\r\n"), format!("{text}\n"), format!("{}\r\n", text.replace('\n', "\r\n"))] {
            let mut table = table(text.as_bytes()).unwrap();
            let lines: Vec<u64> = std::iter::from_fn(|| table.next_row()).map(|row| row.unwrap().line).collect();
            assert_eq!(lines, [3, 7, 11], "{text:?}");
        }
    }

    #[test]
    fn a_file_cut_short_is_damaged_once() {
        let packed = zstd::encode_all(&b"a,b\n1,2\n".repeat(100_000)[..], 1).unwrap();
        let cut = packed[..packed.len() - 9].to_vec();
        let mut table = Table::open_csv(Box::new(zstd::Decoder::new(std::io::Cursor::new(cut)).unwrap())).unwrap();
        let bad: Vec<_> = std::iter::from_fn(|| table.next_row()).filter_map(Result::err).map(|bad| bad.code).collect();
        assert_eq!(bad, ["import.damaged"]);
    }

    #[test]
    fn missing_columns_are_told_at_once() {
        let specs = [
            ColumnSpec { name: "sku", also: &["StockCode"], is_required: true },
            ColumnSpec { name: "title", also: &[], is_required: true },
            ColumnSpec { name: "unit_price", also: &[], is_required: true },
        ];
        let error = Columns::find(&["Stock code".into()], &specs).unwrap_err();
        let Error::Invalid(fields) = error else { panic!("{error}") };
        assert_eq!((fields[0].code, fields[0].args["columns"].as_str()), ("import.columns_missing", "sku, title, unit_price"));
        let headers = ["stockcode".to_owned(), "TITLE".to_owned(), "Unit price".to_owned()];
        assert!(Columns::find(&headers, &specs).is_ok());
    }
}
