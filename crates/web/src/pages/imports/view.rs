//! What the templates of imports show. Plain data.

use askama::Template;

use crate::badges::Badge;
use crate::pages::progress::Bar;
use crate::pages::view::{Choice, Choosable, Confirm, EmptyState, Pager, Shell};
use crate::words::Words;

/// `GET /app/imports`
#[derive(Template)]
#[template(path = "imports/list.html")]
pub(super) struct ListPage {
    pub(super) page: Shell,
    pub(super) list: ListView,
}

/// The same without its frame, while an import runs.
#[derive(Template)]
#[template(path = "imports/rows.html")]
pub(super) struct ListPart {
    pub(super) list: ListView,
}

pub(super) struct ListView {
    pub(super) say: Words,
    pub(super) rows: Vec<ImportRow>,
    pub(super) empty: EmptyState,
    pub(super) pager: Pager,
    /// Whether something works, so that the list is worth asking for again.
    pub(super) is_live: bool,
}

/// A file that was brought in.
pub(super) struct ImportRow {
    pub(super) href: String,
    pub(super) name: String,
    pub(super) how: String,
    pub(super) by: String,
    pub(super) badge: Badge,
    pub(super) made: String,
    pub(super) note: String,
    pub(super) bar: Option<Bar>,
    pub(super) at: String,
    pub(super) at_exact: String,
    pub(super) at_iso: String,
}

/// `GET /app/imports/new`
#[derive(Template)]
#[template(path = "imports/new.html")]
pub(super) struct NewPage {
    pub(super) page: Shell,
    pub(super) problem: Option<String>,
}

/// `GET /app/imports/files/{id}`
#[derive(Template)]
#[template(path = "imports/prepare.html")]
pub(super) struct PreparePage {
    pub(super) page: Shell,
    /// The address of the file.
    pub(super) base: String,
    /// The file's facts, in words.
    pub(super) facts: String,
    /// Which ways there are to read it.
    pub(super) how: Choice,
    /// In which letters it is read; none for a workbook.
    pub(super) encoding: Option<Choice>,
    pub(super) how_value: String,
    pub(super) encoding_value: String,
    /// What the way that was chosen means.
    pub(super) how_note: String,
    pub(super) problem: Option<String>,
    /// What is wrong with the columns.
    pub(super) errors: Vec<String>,
    /// The columns to be named; none where a preset knows them.
    pub(super) columns: Option<ColumnsForm>,
    /// The columns as they stand, where a preset knows them.
    pub(super) plain: Vec<ColumnChoice>,
    pub(super) name: String,
    pub(super) name_error: Option<String>,
    pub(super) version: Option<i64>,
    /// What somebody else's change says, each column with what stands there now.
    pub(super) theirs: Vec<(String, String)>,
    pub(super) headers: Vec<String>,
    pub(super) rows: Vec<SheetRow>,
    pub(super) rows_note: String,
    pub(super) check: CheckView,
}

/// The file as columns of a mapping.
pub(super) struct ColumnsForm {
    pub(super) columns: Vec<ColumnChoice>,
    pub(super) words: Vec<WordChoice>,
    pub(super) choices: Vec<Choice>,
    pub(super) placed_at: String,
    pub(super) currency: String,
    /// What the form does not show and keeps.
    pub(super) keep_columns: Vec<String>,
    pub(super) keep_constants: Vec<String>,
    pub(super) keep_store: String,
    pub(super) keep_country: String,
}

/// A column and the field that it fills.
pub(super) struct ColumnChoice {
    pub(super) heading: String,
    pub(super) samples: Vec<String>,
    pub(super) options: Vec<Choosable>,
    pub(super) why: Vec<String>,
}

/// A word of the file and what it means.
pub(super) struct WordChoice {
    pub(super) label: String,
    pub(super) field: String,
    pub(super) from: String,
    pub(super) options: Vec<Choosable>,
}

/// A row as it stands.
pub(super) struct SheetRow {
    pub(super) line: String,
    pub(super) cells: Vec<String>,
    pub(super) problem: Option<String>,
}

/// The trial of a file, and the start.
#[derive(Template)]
#[template(path = "imports/check.html")]
pub(super) struct CheckPart {
    pub(super) check: CheckView,
}

pub(super) struct CheckView {
    pub(super) say: Words,
    pub(super) csrf: String,
    pub(super) base: String,
    /// Where to ask again while the trial runs.
    pub(super) poll: Option<String>,
    /// Whether it can be tried: a mapping must be saved first.
    pub(super) is_ready: bool,
    pub(super) how: String,
    pub(super) encoding: String,
    pub(super) store: Option<Choice>,
    pub(super) bar: Option<Bar>,
    pub(super) stop: Option<String>,
    pub(super) problem: Option<String>,
    /// What a trial came to; none before.
    pub(super) tried: Option<ResultView>,
}

/// What came of a file.
#[derive(Default)]
pub(super) struct ResultView {
    pub(super) figures: Vec<(String, String)>,
    /// In one sentence.
    pub(super) summary: String,
    /// Which stores were, or would be, opened for it; empty without any.
    pub(super) opened: String,
    pub(super) tone: &'static str,
    pub(super) refused: Vec<store_sync::RefusedRow>,
    pub(super) refused_note: String,
    pub(super) download: Option<String>,
}

/// `GET /app/imports/{id}`
#[derive(Template)]
#[template(path = "imports/one.html")]
pub(super) struct OnePage {
    pub(super) page: Shell,
    pub(super) view: OneView,
}

/// The same without its frame, while it works.
#[derive(Template)]
#[template(path = "imports/run.html")]
pub(super) struct OnePart {
    pub(super) view: OneView,
}

pub(super) struct OneView {
    pub(super) say: Words,
    pub(super) csrf: String,
    pub(super) here: String,
    pub(super) name: String,
    pub(super) badge: Badge,
    pub(super) facts: Vec<(String, String)>,
    pub(super) is_live: bool,
    pub(super) bar: Option<Bar>,
    pub(super) bar_title: String,
    pub(super) can_stop: bool,
    pub(super) is_stopping: bool,
    pub(super) notice: Option<(&'static str, String)>,
    pub(super) result: Option<ResultView>,
    pub(super) confirm: Option<Confirm>,
    pub(super) undone: Option<UndoneView>,
    pub(super) problem: Option<String>,
}

/// What an undo came to.
pub(super) struct UndoneView {
    pub(super) removed: String,
    pub(super) kept: String,
    /// Orders that stay: address, number, why.
    pub(super) orders: Vec<(String, String, String)>,
    pub(super) download: Option<String>,
}
