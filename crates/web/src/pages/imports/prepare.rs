//! A file on its way in: how it is read, which column is which field, a trial that keeps nothing, the start.
//!
//! Where it stands is in the address: how it is read (`how`), in which letters (`encoding`), into which store (`store`), and the trial
//! (`tried`). A mapping is saved under its name before it is used, so that the next file of its kind needs nothing.

use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::Response;
use base::files::{self, StoredFile};
use base::tasks::TaskView;
use base::{Ctx, Edge, Stores};
use db::Tx;
use kernel::{Error, FieldError, FileId, MappingId, Permission, Subject, TaskId, TaskState, Version};
use store_sync::mappings::{self, Mapping};
use store_sync::{Definition, Encoding, NewImport, Preset, Preview};

use super::columns;
use super::list::{param, toast, view, words_of};
use super::one::result_of;
use super::view::{CheckPart, CheckView, ColumnChoice, PreparePage, SheetRow};
use crate::api::imports::look;
use crate::error::{Outcome, Problem};
use crate::extract::{Form, Info, Path};
use crate::pages::context::{Place, Reader, encoded, html, is_part, see};
use crate::pages::progress::{Bar, is_open};
use crate::pages::view::{Choice, Choosable};
use crate::router::{Access, Route};
use crate::words::Words;

pub(super) fn routes() -> Vec<Route> {
    let needs = Access::Needs(Permission::OrderImport);
    vec![
        Route::page(Method::GET, "/app/imports/files/{id}", needs, "page_import_file", show),
        Route::page(Method::GET, "/app/imports/files/{id}/check", needs, "page_import_check", show_check),
        Route::page(Method::POST, "/app/imports/files/{id}/mapping", needs, "page_save_mapping", save),
        Route::page(Method::POST, "/app/imports/files/{id}/start", needs, "page_start_import", start),
    ]
}

/// How a file is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum How {
    Preset(Preset),
    Mapping(MappingId),
    /// As the columns are guessed, to be put right and saved.
    Own,
}

impl How {
    fn read(text: &str) -> Option<How> {
        match text {
            "own" => Some(How::Own),
            _ => text.parse().map(How::Mapping).ok().or_else(|| text.parse().ok().filter(|preset| PRESETS.contains(preset)).map(How::Preset)),
        }
    }

    fn text(self) -> String {
        match self {
            How::Preset(preset) => preset.to_string(),
            How::Mapping(id) => id.to_string(),
            How::Own => "own".to_owned(),
        }
    }
}

/// Presets that can be chosen for a file that is uploaded.
const PRESETS: [Preset; 6] = [Preset::Kafila, Preset::Shopify, Preset::Woocommerce, Preset::Youcan, Preset::Generic, Preset::OnlineRetail];

/// What a preset is called.
pub(super) fn preset_name(say: Words, preset: Preset) -> String {
    say.t(match preset {
        Preset::Kafila => "imports-preset-kafila",
        Preset::OnlineRetail => "imports-preset-online-retail",
        Preset::Olist => "imports-preset-olist",
        Preset::Shopify => "imports-preset-shopify",
        Preset::Woocommerce => "imports-preset-woocommerce",
        Preset::Youcan => "imports-preset-youcan",
        Preset::Generic => "imports-preset-generic",
        Preset::Mapping => "imports-preset-mapping",
    })
}

/// What the address says besides the file.
#[derive(Clone, Debug, Default)]
struct Asked {
    how: Option<How>,
    encoding: Option<Encoding>,
    store: String,
    tried: Option<TaskId>,
    done: Option<String>,
}

impl Asked {
    fn read(uri: &Uri) -> Asked {
        Asked {
            how: param(uri, "how").as_deref().and_then(How::read),
            encoding: param(uri, "encoding").and_then(|word| word.parse().ok()),
            store: param(uri, "store").unwrap_or_default(),
            tried: param(uri, "tried").and_then(|id| id.parse().ok()),
            done: param(uri, "done"),
        }
    }

    fn of_form(form: &[(String, String)]) -> Asked {
        let get = |name: &str| form.iter().find(|(one, _)| one == name).map_or("", |(_, value)| value.trim());
        Asked { how: How::read(get("how")), encoding: get("encoding").parse().ok(), store: get("store").to_owned(), tried: None, done: None }
    }

    /// The address of a file read so.
    fn query(&self, how: How) -> String {
        let mut query = format!("how={}", how.text());
        if let Some(encoding) = self.encoding {
            query.push_str(&format!("&encoding={encoding}"));
        }
        if !self.store.is_empty() {
            query.push_str(&format!("&store={}", encoded(&self.store)));
        }
        if let Some(task) = self.tried {
            query.push_str(&format!("&tried={task}"));
        }
        query
    }
}

/// One's own file. Somebody else's is not found.
async fn own_file(edge: &Edge, id: FileId) -> Outcome<StoredFile> {
    let found = edge.read(move |tx, ctx| {
        let file = files::find(tx, ctx, id)?;
        if file.actor == ctx.actor { Ok(file) } else { Err(Error::not_found("file")) }
    });
    Ok(found.await?)
}

/// What somebody typed into the form of columns, and what is wrong with it.
struct Refused {
    name: String,
    definition: Definition,
    version: Option<Version>,
    problem: Problem,
}

/// `GET /app/imports/files/{id}`
async fn show(Path(id): Path<FileId>, edge: Edge, info: Info, uri: Uri) -> Outcome<Response> {
    let file = own_file(&edge, id).await?;
    page(&edge, &info, file, Asked::read(&uri), None, None).await
}

/// What is in the database about a file.
struct Known {
    reader: Reader,
    mappings: Vec<Mapping>,
    custom: Vec<String>,
    task: Option<TaskView>,
}

fn known(tx: &mut Tx, ctx: &Ctx, asked: &Asked) -> Result<Known, Error> {
    let custom = if ctx.can(Permission::OrderRead) { fields::list_fields(tx, ctx, Some(Subject::Order), false)? } else { Vec::new() };
    Ok(Known {
        reader: Reader::load(tx, ctx)?,
        mappings: mappings::list(tx, ctx)?,
        custom: custom.into_iter().map(|field| field.key).collect(),
        task: view(tx, ctx, asked.tried)?,
    })
}

async fn page(edge: &Edge, info: &Info, file: StoredFile, asked: Asked, refused: Option<Refused>, problem: Option<String>) -> Outcome<Response> {
    let say = Words { locale: edge.ctx.locale };
    let (looked, unreadable) = match look(edge, &file, asked.encoding).await {
        Ok(looked) => (Some(looked), None),
        Err(problem) if problem.status() == StatusCode::UNPROCESSABLE_ENTITY => (None, Some(problem)),
        Err(other) => return Err(other),
    };
    let asked_for = asked.clone();
    let known = edge.read(move |tx, ctx| known(tx, ctx, &asked_for)).await?;
    let Some(looked) = looked else {
        let mut response = super::list::new_page(edge, info, unreadable.map(|problem| words_of(say, &problem))).await?;
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(response);
    };

    let how = chosen(&asked, &looked, &known.mappings);
    let format = known.reader.format(&edge.ctx);
    let mapping = match how {
        How::Mapping(id) => known.mappings.iter().find(|one| one.id == id),
        _ => None,
    };
    let (name, definition, version) = match (&refused, mapping, how) {
        (Some(refused), ..) => (refused.name.clone(), Some(refused.definition.clone()), refused.version),
        (None, Some(mapping), _) => (mapping.name.clone(), Some(mapping.definition.clone()), Some(mapping.version)),
        (None, None, How::Preset(_)) => (String::new(), None, None),
        (None, None, _) => (stem(&file.name), Some(looked.guess.definition()), None),
    };
    let columns = definition.as_ref().map(|definition| columns::form(say, &looked, definition, &known.custom));
    let status = refused.as_ref().map_or(StatusCode::OK, |refused| refused.problem.status());
    let (errors, name_error) = refused.as_ref().map_or((Vec::new(), None), |refused| explained(say, refused));
    let theirs = match (&refused, mapping) {
        (Some(refused), Some(standing)) if refused.problem.code() == "stale" => differing(say, &refused.definition, &standing.definition),
        _ => Vec::new(),
    };
    let version = if status == StatusCode::CONFLICT { mapping.map(|mapping| mapping.version) } else { version };
    let check = check(edge, info, &known, file.id, how, &asked).await?;
    let base = format!("/app/imports/files/{}", file.id);
    let place = Place {
        title: say.one(if errors.is_empty() && name_error.is_none() { "imports-window-of" } else { "imports-window-wrong" }, "title", &file.name),
        back: Some("/app/imports".to_owned()),
        crumb: file.name.clone(),
        here: format!("{base}?{}", asked.query(how)),
        toast: if refused.is_none() { toast(say, asked.done.as_deref()) } else { None },
    };
    let rows = looked.rows.iter().map(|row| sheet_row(say, row)).collect::<Vec<_>>();
    let template = PreparePage {
        page: known.reader.shell(&edge.ctx, info, place),
        base,
        facts: facts(say, &format, &file, &looked),
        how: how_choice(say, how, &looked, &known.mappings),
        encoding: looked.encoding.map(|found| encoding_choice(say, asked.encoding, found)),
        how_value: how.text(),
        encoding_value: asked.encoding.map(|encoding| encoding.to_string()).unwrap_or_default(),
        how_note: how_note(say, how, &looked),
        problem,
        errors,
        name,
        name_error,
        version,
        theirs,
        plain: if columns.is_some() { Vec::new() } else { plain_columns(say, &looked) },
        columns,
        rows_note: say.count("imports-first-rows", rows.len() as i64, &format.number(rows.len() as i64)),
        rows,
        headers: looked.headers,
        check,
    };
    let mut response = html(&template)?;
    *response.status_mut() = status;
    Ok(response)
}

/// The way that the address names; else a mapping that fits, the preset that fits, or one's own.
fn chosen(asked: &Asked, looked: &Preview, mappings: &[Mapping]) -> How {
    let is_there = |how: &How| if let How::Mapping(id) = how { mappings.iter().any(|one| one.id == *id) } else { true };
    if let Some(how) = asked.how.filter(is_there) {
        return how;
    }
    let preset = looked.preset.filter(|preset| *preset != Preset::Generic);
    let fitting = mappings.iter().find(|mapping| store_sync::has_columns_of(&looked.headers, &mapping.definition));
    match (preset, fitting) {
        (_, Some(mapping)) => How::Mapping(mapping.id),
        (Some(preset), None) => How::Preset(preset),
        (None, None) => How::Own,
    }
}

fn how_choice(say: Words, how: How, looked: &Preview, mappings: &[Mapping]) -> Choice {
    let chosen = how.text();
    let mut options = vec![Choosable::new("own", say.t("imports-how-own"), &chosen)];
    for mapping in mappings {
        let fits = store_sync::has_columns_of(&looked.headers, &mapping.definition);
        let label = if fits { say.one("imports-how-fits", "name", &mapping.name) } else { mapping.name.clone() };
        options.push(Choosable::new(mapping.id.to_string(), label, &chosen));
    }
    for preset in PRESETS {
        let name = preset_name(say, preset);
        let label = if looked.preset == Some(preset) { say.one("imports-how-fits", "name", &name) } else { name };
        options.push(Choosable::new(preset.as_str(), label, &chosen));
    }
    Choice { name: "how", label: say.t("imports-how"), options, ..Choice::default() }
}

fn encoding_choice(say: Words, asked: Option<Encoding>, found: Encoding) -> Choice {
    let chosen = asked.map(|encoding| encoding.to_string()).unwrap_or_default();
    let mut options = vec![Choosable::new("", say.one("imports-encoding-found", "name", encoding_name(found)), &chosen)];
    options.extend(Encoding::ALL.iter().map(|one| Choosable::new(one.as_str(), encoding_name(*one), &chosen)));
    Choice { name: "encoding", label: say.t("imports-encoding"), options, ..Choice::default() }
}

/// Names of letters are the same in every language.
fn encoding_name(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::Utf8 => "UTF-8",
        Encoding::Utf8Bom => "UTF-8 (BOM)",
        Encoding::Utf16Le => "UTF-16 LE",
        Encoding::Utf16Be => "UTF-16 BE",
        Encoding::Windows1252 => "Windows-1252",
        Encoding::Windows1256 => "Windows-1256",
    }
}

fn how_note(say: Words, how: How, looked: &Preview) -> String {
    let missing: Vec<String> = looked.missing.iter().map(|field| columns::field_name(say, field)).collect();
    match how {
        How::Preset(_) => say.t("imports-how-preset-note"),
        How::Mapping(_) => say.t("imports-how-mapping-note"),
        How::Own if missing.is_empty() => say.t("imports-how-own-note"),
        How::Own => say.one("imports-how-missing", "columns", say.list(&missing)),
    }
}

fn facts(say: Words, format: &crate::format::Format, file: &StoredFile, looked: &Preview) -> String {
    let size = crate::pages::system::bytes(say, format, file.size.unsigned_abs());
    let columns = say.count("imports-columns-count", looked.headers.len() as i64, &format.number(looked.headers.len() as i64));
    say.with("imports-facts", &[("size", size), ("columns", columns)])
}

/// A file's name without its endings, for a mapping's.
fn stem(name: &str) -> String {
    let stem = name.split('.').next().unwrap_or_default().trim();
    kernel::cut(if stem.is_empty() { name } else { stem }, 80).to_owned()
}

fn sheet_row(say: Words, row: &store_sync::PreviewRow) -> SheetRow {
    let problem = row.problem.map(|code| Problem::field_message(say.locale, &FieldError::new("file", code).with("line", row.line)));
    SheetRow { line: row.line.to_string(), cells: row.cells.clone(), problem }
}

fn plain_columns(say: Words, looked: &Preview) -> Vec<ColumnChoice> {
    let column = |column: &store_sync::ColumnGuess| ColumnChoice {
        heading: column.heading.clone(),
        samples: column.samples.iter().take(3).cloned().collect(),
        options: Vec::new(),
        why: columns::why(say, &column.reasons),
    };
    looked.guess.columns.iter().map(column).collect()
}

/// What is wrong with a mapping: with its columns, each named by its heading, and with its name.
fn explained(say: Words, refused: &Refused) -> (Vec<String>, Option<String>) {
    let (mut errors, mut name) = (Vec::new(), None);
    for error in refused.problem.errors() {
        let words = Problem::field_message(say.locale, error);
        if error.field == "name" {
            name = Some(words);
            continue;
        }
        let place = error.field.split_once("columns[").and_then(|(_, rest)| rest.split_once(']')?.0.parse::<usize>().ok());
        match place.and_then(|place| refused.definition.columns.get(place)) {
            Some(column) => errors.push(say.with("imports-wrong-column", &[("column", column.column.clone()), ("words", words)])),
            None => errors.push(words),
        }
    }
    if refused.problem.errors().is_empty() {
        errors.push(refused.problem.title(say.locale));
    }
    (errors, name)
}

/// Columns that somebody else has given another field meanwhile, with theirs.
fn differing(say: Words, ours: &Definition, theirs: &Definition) -> Vec<(String, String)> {
    let field_in = |definition: &Definition, column: &str| {
        let found = definition.columns.iter().find(|one| kernel::fold(&one.column) == kernel::fold(column));
        found.map_or_else(|| say.t("imports-left-alone"), |one| columns::field_name(say, &one.field))
    };
    let mut all: Vec<&str> = ours.columns.iter().chain(&theirs.columns).map(|one| one.column.as_str()).collect();
    all.sort_unstable();
    all.dedup();
    let differs = all.into_iter().filter(|column| field_in(ours, column) != field_in(theirs, column));
    differs.map(|column| (column.to_owned(), field_in(theirs, column))).collect()
}

/// `GET /app/imports/files/{id}/check`: how far the trial is.
async fn show_check(Path(id): Path<FileId>, edge: Edge, info: Info, uri: Uri, headers: HeaderMap) -> Outcome<Response> {
    let file = own_file(&edge, id).await?;
    let asked = Asked::read(&uri);
    let how = asked.how.unwrap_or(How::Own);
    if !is_part(&headers) {
        return Ok(see(&format!("/app/imports/files/{id}?{}", asked.query(how))));
    }
    let asked_for = asked.clone();
    let known = edge.read(move |tx, ctx| known(tx, ctx, &asked_for)).await?;
    html(&CheckPart { check: check(&edge, &info, &known, file.id, how, &asked).await? })
}

async fn check(edge: &Edge, info: &Info, known: &Known, file: FileId, how: How, asked: &Asked) -> Outcome<CheckView> {
    let say = Words { locale: edge.ctx.locale };
    let format = known.reader.format(&edge.ctx);
    let task = known.task.as_ref();
    let is_running = task.is_some_and(|task| is_open(task.state));
    let sees_all = edge.ctx.sees().stores == Stores::All;
    let mut stores: Vec<Choosable> = Vec::new();
    if sees_all {
        stores.push(Choosable::new("", say.t("imports-store-of-file"), &asked.store));
    }
    stores.extend(known.reader.stores.iter().map(|store| Choosable::new(&store.code, &store.name, &asked.store)));
    let base = format!("/app/imports/files/{file}");
    let tried = match task {
        Some(task) if task.state == TaskState::Done => Some(result_of(edge, &format, task, true).await?),
        _ => None,
    };
    let problem = task.and_then(|task| match task.state {
        TaskState::Failed => Some(task.message.clone().unwrap_or_else(|| say.t("task-failed"))),
        TaskState::Cancelled => Some(say.t("imports-try-stopped")),
        _ => None,
    });
    Ok(CheckView {
        say,
        csrf: info.csrf_token(),
        poll: is_running.then(|| format!("{base}/check?{}", asked.query(how))),
        is_ready: how != How::Own,
        how: how.text(),
        encoding: asked.encoding.map(|encoding| encoding.to_string()).unwrap_or_default(),
        store: (!stores.is_empty()).then(|| Choice {
            name: "store",
            label: say.t("imports-store"),
            hint: sees_all.then(|| say.t("imports-store-hint")),
            options: stores,
            ..Choice::default()
        }),
        bar: task.filter(|_| is_running).map(|task| Bar::of(say, &format, task)),
        stop: task.filter(|_| is_running).map(|task| format!("/app/tasks/{}/stop", task.id)),
        problem,
        tried,
        base,
    })
}

/// `POST /app/imports/files/{id}/mapping`: saves the columns under a name, anew or as the next version.
async fn save(Path(id): Path<FileId>, edge: Edge, info: Info, Form(form): Form<Vec<(String, String)>>) -> Outcome<Response> {
    let file = own_file(&edge, id).await?;
    let get = |name: &str| form.iter().find(|(one, _)| one == name).map_or("", |(_, value)| value.trim());
    let (name, version) = (get("name").to_owned(), get("version").parse::<Version>().ok());
    let mut asked = Asked::of_form(&form);
    let (definition, standing) = (columns::read(&form), asked.how);

    let (new_name, new) = (name.clone(), definition.clone());
    let saved = edge.write(move |tx, ctx| match (standing, version) {
        (Some(How::Mapping(mapping)), Some(version)) => mappings::change(tx, ctx, mapping, &new_name, &new, version),
        _ => mappings::create(tx, ctx, &new_name, &new),
    });
    match saved.await {
        Ok(mapping) => {
            let how = How::Mapping(mapping.id);
            asked.how = Some(how);
            Ok(see(&format!("/app/imports/files/{id}?{}&done=saved#check", asked.query(how))))
        }
        Err(error @ (Error::Invalid(_) | Error::Stale { .. } | Error::Conflict { .. })) => {
            let refused = Refused { name, definition, version, problem: Problem::from(error) };
            page(&edge, &info, file, asked, Some(refused), None).await
        }
        Err(other) => Err(other.into()),
    }
}

/// `POST /app/imports/files/{id}/start`: tries the file, or brings it in.
async fn start(Path(id): Path<FileId>, edge: Edge, info: Info, Form(form): Form<Vec<(String, String)>>) -> Outcome<Response> {
    let file = own_file(&edge, id).await?;
    let mut asked = Asked::of_form(&form);
    let is_dry_run = form.iter().any(|(name, value)| name == "dry_run" && value == "1");
    let how = asked.how.unwrap_or(How::Own);
    let (preset, mapping) = match how {
        How::Preset(preset) => (preset, None),
        How::Mapping(mapping) => (Preset::Mapping, Some(mapping.to_string())),
        How::Own => (Preset::Mapping, None),
    };
    let store = Some(asked.store.clone()).filter(|store| !store.is_empty());
    let new = NewImport { file: id, preset, store, is_dry_run, mapping, encoding: asked.encoding };
    let begun = edge.write(move |tx, ctx| {
        let task = store_sync::begin(tx, ctx, &new)?;
        let import = store_sync::list_imports(tx, ctx, None, 50)?.into_iter().find(|import| import.task == Some(task));
        Ok((task, import.map(|import| import.id)))
    });
    match begun.await {
        Ok((_, Some(import))) => Ok(see(&format!("/app/imports/{import}?done=started"))),
        Ok((task, None)) => {
            asked.tried = Some(task);
            Ok(see(&format!("/app/imports/files/{id}?{}&done=tried#check", asked.query(how))))
        }
        Err(error @ (Error::Invalid(_) | Error::Conflict { .. })) => {
            let problem = Problem::from(error);
            let (status, words) = (problem.status(), words_of(Words { locale: edge.ctx.locale }, &problem));
            let mut response = page(&edge, &info, file, asked, None, Some(words)).await?;
            *response.status_mut() = status;
            Ok(response)
        }
        Err(other) => Err(other.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_to_read_a_file_reads_back_from_its_address() {
        for how in [How::Own, How::Preset(Preset::Shopify)] {
            assert_eq!(How::read(&how.text()), Some(how));
        }
        for text in ["", "olist", "mapping", "nothing"] {
            assert_eq!(How::read(text), None, "{text:?}");
        }
        assert_eq!(stem("Commandes mars.2026.csv"), "Commandes mars");
        assert_eq!(stem(".csv"), ".csv");
    }
}
