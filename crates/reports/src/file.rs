//! Writing the file from its plain rows: CSV and XLSX, for people or for programs.
//!
//! Both are written row by row, so memory stays small however long the file is. In CSV a text that a
//! spreadsheet would take for a formula gets an apostrophe before it; in a workbook texts are texts.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::path::Path;

use jiff::tz::TimeZone;
use kernel::{Day, Error, Locale, NumberStyle, Time};
use rust_xlsxwriter::{ExcelDateTime, Format as CellFormat, Workbook, Worksheet, XlsxError};

use crate::columns::{ALL_CUSTOM, CUSTOM, Kind};
use crate::job::Labels;
use crate::model::{Format, Separator, Style};
use crate::rows::{BEFORE, custom_cells};

/// How a file is to be written.
pub(crate) struct Look {
    pub(crate) format: Format,
    pub(crate) style: Style,
    pub(crate) separator: Separator,
    pub(crate) has_bom: bool,
    pub(crate) language: Locale,
    /// The columns and what stands in each.
    pub(crate) columns: Vec<(String, Kind)>,
    /// The names of the team's own fields, where all are wanted.
    pub(crate) custom: Vec<String>,
    /// How stores write, by their codes.
    pub(crate) stores: BTreeMap<String, StoreLook>,
    /// How rows without a store are written.
    pub(crate) usual: StoreLook,
    pub(crate) labels: Labels,
}

/// How a store writes numbers and days.
#[derive(Clone, Debug)]
pub(crate) struct StoreLook {
    pub(crate) numbers: NumberStyle,
    pub(crate) zone: TimeZone,
}

impl StoreLook {
    fn has_decimal_comma(&self) -> bool {
        self.numbers != NumberStyle::CommaPoint
    }
}

/// Rows of one sheet of a workbook, the heading included: what the format allows.
const SHEET_ROWS: u32 = 1_000_000;

impl Look {
    /// The columns with those of the team's own fields in the place of `custom.*`.
    fn wide(&self) -> Vec<(String, Kind)> {
        let mut wide = Vec::with_capacity(self.columns.len() + self.custom.len());
        for (name, kind) in &self.columns {
            if name == ALL_CUSTOM {
                wide.extend(self.custom.iter().map(|own| (format!("{CUSTOM}{own}"), Kind::Text)));
            } else {
                wide.push((name.clone(), *kind));
            }
        }
        wide
    }

    fn heading(&self, name: &str) -> String {
        match (self.style, name.strip_prefix(CUSTOM)) {
            (Style::Plain, _) => name.to_owned(),
            (Style::Store, Some(own)) => own.to_owned(),
            (Style::Store, None) => (self.labels)(self.language, "column", name),
        }
    }

    fn store(&self, code: &str) -> &StoreLook {
        self.stores.get(code).unwrap_or(&self.usual)
    }

    /// A row's cells in the columns of [`Look::wide`].
    fn cells(&self, row: &csv::StringRecord) -> Vec<String> {
        let mut cells = Vec::with_capacity(row.len() + self.custom.len());
        for (place, (name, _)) in self.columns.iter().enumerate() {
            if name == ALL_CUSTOM {
                cells.extend(custom_cells(row.get(BEFORE + self.columns.len()).unwrap_or("{}"), &self.custom));
            } else {
                cells.push(row.get(BEFORE + place).unwrap_or("").to_owned());
            }
        }
        cells
    }

    /// A cell as a text for this style.
    fn text(&self, plain: String, kind: Kind, store: &StoreLook) -> String {
        if self.style == Style::Plain || plain.is_empty() {
            return plain;
        }
        match kind {
            Kind::Word(set) => (self.labels)(self.language, set, &plain),
            Kind::Money if store.has_decimal_comma() => plain.replace('.', ","),
            Kind::Time => local(&plain, store).map_or(plain, |at| shown_time(at, store)),
            Kind::Day => Day::parse(&plain).map_or(plain, |day| shown_day(day.date(), store)),
            Kind::Text | Kind::Count | Kind::Money => plain,
        }
    }
}

fn local(plain: &str, store: &StoreLook) -> Option<jiff::civil::DateTime> {
    Time::parse(plain).map(|at| store.zone.to_datetime(at.timestamp()))
}

fn shown_day(day: jiff::civil::Date, store: &StoreLook) -> String {
    if store.has_decimal_comma() { format!("{:02}/{:02}/{:04}", day.day(), day.month(), day.year()) } else { format!("{day}") }
}

fn shown_time(at: jiff::civil::DateTime, store: &StoreLook) -> String {
    format!("{} {:02}:{:02}", shown_day(at.date(), store), at.hour(), at.minute())
}

/// Whether a spreadsheet would take a text for a formula.
fn is_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// A text that stays one in a spreadsheet. An import takes the apostrophe away again.
pub(crate) fn guarded(text: String) -> String {
    if is_formula(&text) { format!("'{text}") } else { text }
}

/// Writes the file; answers how many rows it has, the heading not counted. `is_over` is asked now and then whether
/// to stop, and then the answer is `None`.
pub(crate) fn write(look: &Look, plain: &Path, to: &Path, temp: &Path, is_over: impl Fn() -> bool) -> Result<Option<u64>, Error> {
    let file = File::open(plain).map_err(Error::internal)?;
    let rows = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(BufReader::with_capacity(1 << 16, file));
    match look.format {
        Format::Csv => write_csv(look, rows, to, is_over),
        Format::Xlsx => write_xlsx(look, rows, to, temp, is_over),
    }
}

type Plain = csv::Reader<BufReader<File>>;

fn write_csv(look: &Look, mut rows: Plain, to: &Path, is_over: impl Fn() -> bool) -> Result<Option<u64>, Error> {
    let mut out = BufWriter::with_capacity(1 << 16, File::create(to).map_err(Error::internal)?);
    if look.has_bom {
        out.write_all(b"\xef\xbb\xbf").map_err(Error::internal)?;
    }
    let delimiter = match look.separator {
        Separator::Comma => b',',
        Separator::Semicolon => b';',
        Separator::Tab => b'\t',
    };
    let mut csv = csv::WriterBuilder::new().delimiter(delimiter).terminator(csv::Terminator::CRLF).from_writer(out);
    let columns = look.wide();
    csv.write_record(columns.iter().map(|(name, _)| guarded(look.heading(name)))).map_err(Error::internal)?;
    let mut count = 0;
    let mut row = csv::StringRecord::new();
    while rows.read_record(&mut row).map_err(Error::internal)? {
        if count % 1_000 == 0 && is_over() {
            return Ok(None);
        }
        let store = look.store(row.get(0).unwrap_or(""));
        let cells = look.cells(&row).into_iter().zip(&columns).map(|(plain, (_, kind))| {
            let text = look.text(plain, *kind, store);
            // A number may be negative, and is none the less a number.
            if matches!(kind, Kind::Count | Kind::Money) { text } else { guarded(text) }
        });
        csv.write_record(cells).map_err(Error::internal)?;
        count += 1;
    }
    let out = csv.into_inner().map_err(|error| Error::internal(error.to_string()))?;
    out.into_inner().map_err(|error| Error::internal(error.to_string()))?.sync_all().map_err(Error::internal)?;
    Ok(Some(count))
}

/// The formats of a store's cells.
struct Formats {
    day: CellFormat,
    time: CellFormat,
}

impl Formats {
    fn of(store: &StoreLook) -> Formats {
        let day = if store.has_decimal_comma() { "dd/mm/yyyy" } else { "yyyy-mm-dd" };
        Formats { day: CellFormat::new().set_num_format(day), time: CellFormat::new().set_num_format(format!("{day} hh:mm")) }
    }
}

/// The format of amounts, by their decimals.
fn money_format(decimals: usize) -> CellFormat {
    let pattern = if decimals == 0 { "#,##0".to_owned() } else { format!("#,##0.{}", "0".repeat(decimals)) };
    CellFormat::new().set_num_format(pattern)
}

fn write_xlsx(look: &Look, mut rows: Plain, to: &Path, temp: &Path, is_over: impl Fn() -> bool) -> Result<Option<u64>, Error> {
    let failed = |error: XlsxError| Error::internal(error);
    let mut book = Workbook::new();
    book.set_tempdir(temp).map_err(failed)?;
    let columns = look.wide();
    let formats: BTreeMap<&str, Formats> = look.stores.iter().map(|(code, store)| (code.as_str(), Formats::of(store))).collect();
    let usual = Formats::of(&look.usual);
    let money: Vec<CellFormat> = (0..=4).map(money_format).collect();
    let bold = CellFormat::new().set_bold();
    let (mut count, mut sheets, mut at) = (0_u64, 0_usize, SHEET_ROWS);
    let mut row = csv::StringRecord::new();
    let mut sheet: Option<&mut Worksheet> = None;
    loop {
        let is_there = rows.read_record(&mut row).map_err(Error::internal)?;
        if at >= SHEET_ROWS && (is_there || sheets == 0) {
            sheets += 1;
            let name = if sheets == 1 {
                (look.labels)(look.language, "sheet", "")
            } else {
                format!("{} {sheets}", (look.labels)(look.language, "sheet", ""))
            };
            let fresh = book.add_worksheet_with_constant_memory().map_err(failed)?;
            fresh.set_name(name).map_err(failed)?;
            fresh.set_right_to_left(look.language.is_right_to_left());
            fresh.set_freeze_panes(1, 0).map_err(failed)?;
            for (place, (name, _)) in columns.iter().enumerate() {
                fresh.write_string_with_format(0, place as u16, look.heading(name), &bold).map_err(failed)?;
            }
            sheet = Some(fresh);
            at = 1;
        }
        if !is_there {
            break;
        }
        if count.is_multiple_of(1_000) && is_over() {
            return Ok(None);
        }
        let code = row.get(0).unwrap_or("");
        let (store, formats) = (look.store(code), formats.get(code).unwrap_or(&usual));
        let Some(sheet) = sheet.as_deref_mut() else { break };
        for (place, (plain, (_, kind))) in look.cells(&row).into_iter().zip(&columns).enumerate() {
            if !plain.is_empty() {
                let cell = Cell { look, store, formats, money: &money, kind: *kind };
                cell.write(sheet, at, place as u16, plain).map_err(failed)?;
            }
        }
        at += 1;
        count += 1;
    }
    book.save(to).map_err(failed)?;
    Ok(Some(count))
}

/// One cell of a workbook: numbers are numbers, days are days, everything else is a text and never a formula.
struct Cell<'a> {
    look: &'a Look,
    store: &'a StoreLook,
    formats: &'a Formats,
    money: &'a [CellFormat],
    kind: Kind,
}

impl Cell<'_> {
    fn write(&self, sheet: &mut Worksheet, row: u32, column: u16, plain: String) -> Result<(), XlsxError> {
        match self.kind {
            Kind::Count => match plain.parse::<i32>() {
                Ok(count) => sheet.write_number(row, column, count).map(drop),
                Err(_) => sheet.write_string(row, column, plain).map(drop),
            },
            Kind::Money => match plain.parse::<f64>() {
                // Beyond 15 digits a workbook's numbers are not exact; then the text is.
                Ok(amount) if plain.len() <= 15 => {
                    let decimals = plain.split_once('.').map_or(0, |(_, decimals)| decimals.len());
                    sheet.write_number_with_format(row, column, amount, &self.money[decimals.min(4)]).map(drop)
                }
                _ => sheet.write_string(row, column, plain).map(drop),
            },
            Kind::Time if self.look.style == Style::Store => match local(&plain, self.store).and_then(excel) {
                Some(at) => sheet.write_datetime_with_format(row, column, &at, &self.formats.time).map(drop),
                None => sheet.write_string(row, column, plain).map(drop),
            },
            Kind::Day if self.look.style == Style::Store => match Day::parse(&plain).and_then(|day| excel(day.date().at(0, 0, 0, 0))) {
                Some(day) => sheet.write_datetime_with_format(row, column, &day, &self.formats.day).map(drop),
                None => sheet.write_string(row, column, plain).map(drop),
            },
            Kind::Text | Kind::Word(_) | Kind::Time | Kind::Day => {
                let text = self.look.text(plain, self.kind, self.store);
                // The longest text that a cell may hold, in its own count of letters.
                let fits: String = if text.len() > 32_767 { text.chars().take(16_000).collect() } else { text };
                sheet.write_string(row, column, fits).map(drop)
            }
        }
    }
}

fn excel(at: jiff::civil::DateTime) -> Option<ExcelDateTime> {
    let day = ExcelDateTime::from_ymd(u16::try_from(at.year()).ok()?, u8::try_from(at.month()).ok()?, u8::try_from(at.day()).ok()?).ok()?;
    day.and_hms(u16::try_from(at.hour()).ok()?, u8::try_from(at.minute()).ok()?, f64::from(at.second())).ok()
}

#[cfg(test)]
mod tests {
    use calamine::{Data, Reader};

    use super::*;
    use crate::columns::{ORDERS, kind_of};

    fn look(format: Format, style: Style, numbers: NumberStyle) -> Look {
        let columns = ["number", "placed_at", "state", "customer_phone", "total", "item_count", "expected_on", "note", ALL_CUSTOM];
        Look {
            format,
            style,
            separator: Separator::Comma,
            has_bom: false,
            language: Locale::Fr,
            columns: columns.iter().map(|name| ((*name).to_owned(), kind_of(ORDERS, name).unwrap())).collect(),
            custom: vec!["size".into()],
            stores: BTreeMap::from([("MAIN".to_owned(), StoreLook { numbers, zone: TimeZone::get("Africa/Algiers").unwrap() })]),
            usual: StoreLook { numbers: NumberStyle::CommaPoint, zone: TimeZone::UTC },
            labels: |_, set, word| if word.is_empty() { set.to_owned() } else { format!("{set}:{word}") },
        }
    }

    const ROW: [&str; 12] =
        ["MAIN", "DZD", "K-1", "2026-03-01T09:00:00Z", "PENDING", "+213550142387", "-8400.50", "3", "2026-03-09", "=1+1", "", r#"{"size":"M"}"#];

    fn written(look: &Look) -> Vec<u8> {
        let folder = tempfile::tempdir().unwrap();
        let (plain, to) = (folder.path().join("plain"), folder.path().join("out"));
        let mut csv = csv::Writer::from_path(&plain).unwrap();
        csv.write_record(ROW).unwrap();
        csv.flush().unwrap();
        assert_eq!(write(look, &plain, &to, folder.path(), || false).unwrap(), Some(1));
        std::fs::read(&to).unwrap()
    }

    #[track_caller]
    fn check(style: Style, numbers: NumberStyle, expected: &str) {
        let text = String::from_utf8(written(&look(Format::Csv, style, numbers))).unwrap();
        assert_eq!(text.lines().nth(1).unwrap(), expected);
    }

    #[test]
    fn csv_is_written_for_programs_or_as_the_store_writes() {
        check(Style::Plain, NumberStyle::SpaceComma, "K-1,2026-03-01T09:00:00Z,PENDING,'+213550142387,-8400.50,3,2026-03-09,'=1+1,M");
        check(Style::Store, NumberStyle::CommaPoint, "K-1,2026-03-01 10:00,state:PENDING,'+213550142387,-8400.50,3,2026-03-09,'=1+1,M");
        check(Style::Store, NumberStyle::SpaceComma, "K-1,01/03/2026 10:00,state:PENDING,'+213550142387,\"-8400,50\",3,09/03/2026,'=1+1,M");
        let headings = String::from_utf8(written(&look(Format::Csv, Style::Store, NumberStyle::CommaPoint))).unwrap();
        assert!(headings.starts_with("column:number,column:placed_at,column:state,"), "{headings}");
        assert!(headings.lines().next().unwrap().ends_with(",size"));
    }

    #[test]
    fn nothing_in_csv_is_taken_for_a_formula() {
        for (text, expected) in [("=1", "'=1"), ("+2", "'+2"), ("-3", "'-3"), ("@x", "'@x"), ("\tx", "'\tx"), ("a=1", "a=1"), ("", ""), ("'x", "'x")]
        {
            assert_eq!(guarded(text.to_owned()), expected);
        }
    }

    #[test]
    fn a_workbook_holds_numbers_days_and_texts() {
        let bytes = written(&look(Format::Xlsx, Style::Store, NumberStyle::SpaceComma));
        let mut book: calamine::Xlsx<_> = calamine::open_workbook_from_rs(std::io::Cursor::new(bytes)).unwrap();
        assert_eq!(book.sheet_names(), ["sheet"]);
        let sheet = book.worksheet_range_at(0).unwrap().unwrap();
        let row: Vec<Data> = sheet.rows().nth(1).unwrap().to_vec();
        assert_eq!((&row[0], &row[3], &row[4]), (&Data::String("K-1".into()), &Data::String("+213550142387".into()), &Data::Float(-8400.5)));
        assert_eq!((&row[5], &row[7], &row[8]), (&Data::Float(3.0), &Data::String("=1+1".into()), &Data::String("M".into())));
        let Data::DateTime(at) = &row[1] else { panic!("{row:?}") };
        assert_eq!(at.to_ymd_hms_milli(), (2026, 3, 1, 10, 0, 0, 0));
    }
}
