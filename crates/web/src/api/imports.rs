//! Orders from files: the upload is kept and looked at, a task brings it in and says how far it is, and can be
//! taken back. Also how columns of others' files are read.
//!
//! The file comes as the body itself (`curl --data-binary @orders.csv`) or in a form with a field
//! `file`. It is written to the disk while it arrives and never held in memory.

use std::io;

use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use base::files::{self, NewFile, StoredFile};
use base::tasks::{self, TaskView};
use base::{Ctx, Edge, IdempotencyKey};
use db::Tx;
use futures_util::{Stream, TryStreamExt};
use kernel::{Country, Currency, Error, FieldError, FileId, ImportId, JobKind, MappingId, Permission, TaskId, Time, Version};
use store_sync::mappings::{self, Mapping};
use store_sync::{
    ColumnUse, Constant, DateOrder, DecimalMark, Definition, Encoding, Field, Import, ImportState, NewImport, Preset, Preview, RowKind, Source,
    WordUse,
};
use tokio_util::io::{ReaderStream, StreamReader};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{Content, Ref, RefOr, Required, Schema, SchemaFormat};

use super::common::{self, ActorView, Limit, Nothing};
use super::users::needed_version;
use super::work::TaskJson;
use crate::error::{Outcome, Problem};
use crate::extract::{Path, Query, Write, content_type, idempotency_key, is_multipart};
use crate::openapi::{Input, Sketch};
use crate::respond::{Answer, Begun, Done, List, Made, Reply, Streamed, Total, shown, versioned};
use crate::schema::{Describe, body, described_struct, view, word};
use crate::state::WebState;

/// How long an upload is kept.
const KEPT_DAYS: i64 = 30;
/// The longest value of a form's field, in bytes.
const FIELD_BYTES: usize = 1_000;

body! {
    /// How to read the file.
    pub(crate) struct ImportQuery {
        /// What its rows mean; in a form it may be a field instead.
        preset: Option<Preset> = "kafila",
        /// The code of the store that gets the orders; without it the preset's own, or the one the file names.
        store: Option<String> = "NATU",
        /// Whether everything is tried and nothing kept.
        dry_run: Option<bool> = true,
        /// What the file is called; its ending says how it is packed.
        name: Option<String> = "orders.csv",
        /// The name or id of a mapping, instead of a preset.
        mapping: Option<String> = "Facebook sheet",
        /// In which letters the file is written; found out when left out.
        encoding: Option<Encoding> = "windows-1256",
    }

    /// How to look at a file.
    pub(crate) struct PreviewQuery {
        /// What the file is called; its ending says how it is packed.
        name: Option<String> = "orders.csv",
        /// In which letters the file is written; found out when left out.
        encoding: Option<Encoding> = "windows-1256",
    }

    /// How to bring in a file that was looked at.
    pub(crate) struct ImportOfFileBody {
        /// The file, as the preview has named it; one's own.
        file_id: FileId,
        /// What its rows mean; or a mapping.
        preset: Option<Preset> = "shopify",
        /// The name or id of a mapping, instead of a preset.
        mapping: Option<String>,
        /// The code of the store that gets the orders; without it the preset's own, or the one the file names.
        store: Option<String> = "NATU",
        /// Whether everything is tried and nothing kept.
        dry_run: Option<bool> = true,
        /// In which letters the file is written; found out when left out.
        encoding: Option<Encoding>,
    }

    /// Which imports.
    pub(crate) struct ImportListQuery {
        /// How many, 1 to 200.
        limit: Option<Limit> = 50,
        /// Where the part before ended.
        cursor: Option<ImportId>,
    }

    /// A mapping to be written down.
    pub(crate) struct MappingBody {
        /// What people call it.
        name: String = "Facebook sheet",
        /// How it reads columns.
        definition: Definition,
    }

    /// A mapping to be changed to this.
    pub(crate) struct MappingChangeBody {
        /// What people call it.
        name: String = "Facebook sheet",
        /// How it reads columns.
        definition: Definition,
        /// The version that was read; needed here or in `If-Match`.
        version: Option<Version> = 1,
    }
}

view! {
    /// A first look at a file.
    pub(crate) struct SheetPreviewView {
        /// The file, kept for 30 days, to be brought in.
        file_id: FileId,
        /// What it is called.
        name: String = "orders.csv",
        /// How long it is, in bytes.
        size: i64 = 48211,
        /// In which letters it is written; null for a workbook.
        encoding: Option<Encoding>,
        /// What parts its cells; null for a workbook.
        separator: Option<String> = ";",
        /// Its headings.
        headers: Vec<String> = ["Ref", "Client", "Prix"],
        /// Its first rows.
        rows: Vec<PreviewRowView>,
        /// What its columns probably are, and why.
        columns: Vec<PreviewColumnView>,
        /// What is missing for an import by that guess.
        missing: Vec<&'static str> = [],
        /// The preset that fits its headings.
        preset: Option<Preset>,
        /// Names of mappings whose columns it has all.
        mappings: Vec<String> = ["Facebook sheet"],
        /// The guess as a mapping, to be put right and kept.
        definition: Definition,
        /// Whether a date says itself which part is the day.
        dates_are_sure: bool = true,
    }

    /// A row of a file.
    pub(crate) struct PreviewRowView {
        /// Its line.
        line: u64 = 2,
        /// Its cells; empty when it cannot be read.
        cells: Vec<String> = ["W-1041", "Amina Benali", "8400"],
        /// Why it cannot be read, in words.
        problem: Option<String>,
    }

    /// A column of a file.
    pub(crate) struct PreviewColumnView {
        /// Its heading.
        heading: String = "Client",
        /// The field that it probably fills; null when nothing speaks for one.
        field: Option<Field>,
        /// Why.
        reasons: Vec<GuessReasonView>,
        /// Its first different cells.
        samples: Vec<String> = ["Amina Benali"],
    }

    /// Why a column is taken for a field.
    pub(crate) struct GuessReasonView {
        /// `heading`, `heading_part`, `phone`, `email`, `date`, `amount`, `count`, `state`, or, against it, `unlike`.
        code: &'static str = "heading",
        /// The word that was found, or the share of cells that look so.
        evidence: String = "client",
    }

    /// A file that was brought in.
    pub(crate) struct ImportView {
        /// Which.
        id: ImportId,
        /// The work; null for a command.
        task_id: Option<TaskId>,
        /// The work of taking it back.
        undo_task_id: Option<TaskId>,
        /// The file.
        file_name: String = "orders.csv",
        /// By which preset.
        preset: String = "mapping",
        /// By which mapping.
        mapping: Option<String> = "Facebook sheet",
        /// By which version of it.
        mapping_version: Option<Version> = 3,
        /// Into which store, where one was named.
        store: Option<String> = "NATU",
        /// Where it stands.
        state: ImportState,
        /// Its figures; null before the end.
        result: serde_json::Value = {"orders_created": 4998},
        /// Orders and credit notes that it made.
        made: i64 = 4998,
        /// Of them gone with its undo.
        removed: i64 = 0,
        /// Of them left by its undo, because somebody has touched them.
        kept: i64 = 0,
        /// By whom.
        actor: ActorView,
        /// When it began.
        created_at: Time,
        /// When it ended.
        finished_at: Option<Time>,
        /// When it was taken back.
        undone_at: Option<Time>,
    }

    /// How columns are read, under a name.
    pub(crate) struct MappingView {
        /// Which.
        id: MappingId,
        /// What people call it.
        name: String = "Facebook sheet",
        /// How it reads columns.
        definition: Definition,
        /// Grows with each change.
        version: Version = 1,
        /// Since when it is there.
        created_at: Time,
        /// The last change.
        updated_at: Time,
    }
}

described_struct!(Definition, true, ["How the columns of a file are read."],
    columns, Vec<ColumnUse>, ["Which column is which field."], [], [];
    constants, Vec<Constant>, ["What is the same for all rows, where a row says nothing."], [default], [];
    words, Vec<WordUse>, ["What words of the file mean."], [default], [];
    rows, RowKind, ["What a row is: a line of an order, or a whole order."], [], [];
    dates, DateOrder, ["Which part of `03/04/2026` is the day."], [], [];
    decimals, DecimalMark, ["Which sign parts decimals."], [], [];
    currency, Option<Currency>, ["Of all amounts; the store's when left out."], [], [];
    store, Option<String>, ["The code of the store that gets the orders."], [], ["NATU"];
    phone_country, Option<Country>, ["Where telephones without a country's number are from."], [], [];
);

described_struct!(ColumnUse, true, ["A column of the file and the field that it fills."],
    column, String, ["Its heading, in any case and spelling of spaces."], [], ["Prix"];
    field, String, ["The field, or `custom.` and the name of one of the team's own. Several columns of one name, title, variant, address or note are joined."], [], ["unit_price"];
);

described_struct!(Constant, true, ["A field that is the same for all rows."],
    field, String, ["Which."], [], ["channel"];
    value, String, ["What it is."], [], ["facebook"];
);

described_struct!(WordUse, true, ["What a word of the file means."],
    field, String, ["In which field: `state`, `payment_method`, `channel`, `priority`, `language`, `kind`, `country` or `currency`."], [], ["state"];
    from, String, ["The word, in any case; `*` for all that are not named."], [], ["Livré"];
    to, String, ["Our word for it."], [], ["DELIVERED"];
);

macro_rules! described {
    ($($set:ident),+ $(,)?) => {$(
        impl Describe for $set {
            fn schema(_: &mut utoipa::openapi::schema::Components) -> RefOr<Schema> {
                word($set::WORDS)
            }
        }
    )+};
}

described! { Encoding, Field, RowKind, DecimalMark, DateOrder, ImportState }

impl Describe for Preset {
    fn schema(_: &mut utoipa::openapi::schema::Components) -> RefOr<Schema> {
        word(Preset::WORDS)
    }
}

/// A request whose body is read while it arrives.
pub(crate) struct Upload(Request);

impl FromRequest<WebState> for Upload {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &WebState) -> Outcome<Upload> {
        let limit = state.config().upload_limit_bytes;
        let length = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
        if length.is_some_and(|length| length > limit) {
            return Err(too_large(limit));
        }
        Ok(Upload(request))
    }
}

fn too_large(limit: usize) -> Problem {
    Problem::too_large(limit)
}

impl Input for Upload {
    fn describe(mut sketch: Sketch<'_>) -> Sketch<'_> {
        let binary = || {
            let object = ObjectBuilder::new().schema_type(Type::String).format(Some(SchemaFormat::Custom("binary".to_owned())));
            RefOr::T(Schema::Object(object.build()))
        };
        let form = ObjectBuilder::new()
            .property("file", binary())
            .property("preset", Preset::schema(sketch.components))
            .property("store", String::schema(sketch.components))
            .property("mapping", String::schema(sketch.components))
            .property("encoding", Encoding::schema(sketch.components))
            .property("dry_run", bool::schema(sketch.components))
            .required("file");
        let body = RequestBodyBuilder::new()
            .content("text/csv", Content::new(Some(binary())))
            .content("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Content::new(Some(binary())))
            .content("application/octet-stream", Content::new(Some(binary())))
            .content("multipart/form-data", Content::new(Some(RefOr::T(Schema::Object(form.build())))))
            .required(Some(Required::True));
        sketch.operation = sketch.operation.request_body(Some(body.build())).parameter_ref(Ref::new("#/components/parameters/IdempotencyKey"));
        sketch.takes_body = true;
        sketch
    }
}

/// `POST /api/v1/imports`
pub(crate) async fn begin(edge: Edge, State(state): State<WebState>, Query(query): Query<ImportQuery>, Upload(request): Upload) -> Begun<TaskJson> {
    edge.ctx.require(Permission::OrderImport)?;
    let (parts, body) = request.into_parts();
    let limit = state.config().upload_limit_bytes;
    let (query, file) = if is_multipart(&parts.headers) {
        let mut request = Request::from_parts(parts.clone(), body);
        DefaultBodyLimit::max(limit).apply(&mut request);
        from_form(&edge, query, request, limit).await?
    } else {
        let name = query.name.clone().unwrap_or_else(|| usual_name(&parts.headers).to_owned());
        let bytes = body.into_data_stream().map_err(io::Error::other);
        let file = keep(&edge, &name, content_type(&parts.headers), bytes, limit).await?;
        (query, file)
    };
    let preset = preset_of(query.preset, query.mapping.as_deref())?;
    let key = key_of(&parts, &file)?;
    let is_dry_run = query.dry_run.unwrap_or(false);
    let new = NewImport { file: file.id, preset, store: query.store, is_dry_run, mapping: query.mapping, encoding: query.encoding };
    Ok(begun(&edge, key.as_ref(), new).await?.into())
}

async fn begun(edge: &Edge, key: Option<&IdempotencyKey>, new: NewImport) -> Result<base::Answer, Error> {
    let answer = edge.write_once(key, move |tx, ctx| {
        let task = store_sync::begin(tx, ctx, &new)?;
        Ok(TaskJson::of(tasks::view(tx, ctx, task)?))
    });
    answer.await
}

/// Who names a mapping need not name the preset of mappings.
fn preset_of(preset: Option<Preset>, mapping: Option<&str>) -> Result<Preset, Error> {
    preset.or_else(|| mapping.map(|_| Preset::Mapping)).ok_or_else(|| Error::field("preset", "required"))
}

/// `POST /api/v1/import-previews`
pub(crate) async fn preview(
    edge: Edge,
    State(state): State<WebState>,
    Query(query): Query<PreviewQuery>,
    Upload(request): Upload,
) -> Reply<SheetPreviewView> {
    edge.ctx.require(Permission::OrderImport)?;
    let (parts, body) = request.into_parts();
    // Looking twice does no harm, so the key decides nothing here; a wrong one is said all the same.
    idempotency_key(&parts, &[])?;
    let limit = state.config().upload_limit_bytes;
    let (encoding, file) = if is_multipart(&parts.headers) {
        let mut request = Request::from_parts(parts, body);
        DefaultBodyLimit::max(limit).apply(&mut request);
        let asked = ImportQuery { preset: None, store: None, dry_run: None, name: query.name, mapping: None, encoding: query.encoding };
        let (read, file) = from_form(&edge, asked, request, limit).await?;
        (read.encoding, file)
    } else {
        let name = query.name.clone().unwrap_or_else(|| usual_name(&parts.headers).to_owned());
        let bytes = body.into_data_stream().map_err(io::Error::other);
        (query.encoding, keep(&edge, &name, content_type(&parts.headers), bytes, limit).await?)
    };
    let looked = look(&edge, &file, encoding).await?;
    let known = edge.read(store_sync::mappings::list).await?;
    let fitting = known.into_iter().filter(|mapping| store_sync::has_columns_of(&looked.headers, &mapping.definition));
    let mappings = fitting.map(|mapping| mapping.name).collect();
    shown(SheetPreviewView::of(&edge, file, looked, mappings))
}

impl SheetPreviewView {
    fn of(edge: &Edge, file: StoredFile, looked: Preview, mappings: Vec<String>) -> SheetPreviewView {
        let locale = edge.ctx.locale;
        let row = |row: store_sync::PreviewRow| {
            let problem = row.problem.map(|code| Problem::field_message(locale, &FieldError::new("file", code).with("line", row.line)));
            PreviewRowView { line: row.line, cells: row.cells, problem }
        };
        let reason = |reason: &store_sync::Reason| GuessReasonView { code: reason.code, evidence: reason.evidence.clone() };
        let column = |column: &store_sync::ColumnGuess| PreviewColumnView {
            heading: column.heading.clone(),
            field: column.field,
            reasons: column.reasons.iter().map(reason).collect(),
            samples: column.samples.clone(),
        };
        SheetPreviewView {
            file_id: file.id,
            name: file.name,
            size: file.size,
            encoding: looked.encoding,
            separator: looked.separator.map(String::from),
            headers: looked.headers,
            rows: looked.rows.into_iter().map(row).collect(),
            columns: looked.guess.columns.iter().map(column).collect(),
            missing: looked.missing,
            preset: looked.preset,
            mappings,
            definition: looked.guess.definition(),
            dates_are_sure: looked.guess.dates_are_sure,
        }
    }
}

/// `POST /api/v1/imports/of-file`
pub(crate) async fn begin_of_file(edge: Edge, write: Write<ImportOfFileBody>) -> Begun<TaskJson> {
    let body = write.body;
    let preset = preset_of(body.preset, body.mapping.as_deref())?;
    let is_dry_run = body.dry_run.unwrap_or(false);
    let new = NewImport { file: body.file_id, preset, store: body.store, is_dry_run, mapping: body.mapping, encoding: body.encoding };
    Ok(begun(&edge, write.key.as_ref(), new).await?.into())
}

impl ImportView {
    fn of(import: Import) -> ImportView {
        let (mapping, mapping_version) = import.mapping.map_or((None, None), |(name, version)| (Some(name), Some(version)));
        ImportView {
            id: import.id,
            task_id: import.task,
            undo_task_id: import.undo_task,
            file_name: import.file_name,
            preset: import.preset,
            mapping,
            mapping_version,
            store: import.store,
            state: import.state,
            result: import.result,
            made: import.made,
            removed: import.removed,
            kept: import.kept,
            actor: ActorView::of(import.actor),
            created_at: import.created_at,
            finished_at: import.finished_at,
            undone_at: import.undone_at,
        }
    }
}

/// `GET /api/v1/imports`
pub(crate) async fn list(edge: Edge, Query(query): Query<ImportListQuery>) -> Reply<List<ImportView>> {
    let limit = common::limit(query.limit)?;
    let list = edge.read(move |tx, ctx| {
        let found = store_sync::list_imports(tx, ctx, query.cursor, limit)?;
        let is_last = found.len() < limit as usize;
        let next_cursor = found.last().filter(|_| !is_last).map(|import| import.id.to_string());
        let count = found.len() as u64;
        let total = if is_last && query.cursor.is_none() { Total::Exactly(count) } else { Total::AtLeast { at_least: count } };
        Ok(List { items: found.into_iter().map(ImportView::of).collect(), next_cursor, total })
    });
    shown(list.await?)
}

/// `GET /api/v1/imports/{id}`
pub(crate) async fn get(edge: Edge, Path(id): Path<ImportId>) -> Reply<ImportView> {
    shown(edge.read(move |tx, ctx| Ok(ImportView::of(store_sync::find_import(tx, ctx, id)?))).await?)
}

/// `POST /api/v1/imports/{id}/undo`
pub(crate) async fn undo(edge: Edge, Path(id): Path<ImportId>, write: Write<Nothing>) -> Begun<TaskJson> {
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        let task = store_sync::begin_undo(tx, ctx, id)?;
        Ok(TaskJson::of(tasks::view(tx, ctx, task)?))
    });
    Ok(answer.await?.into())
}

impl MappingView {
    fn of(mapping: Mapping) -> MappingView {
        MappingView {
            id: mapping.id,
            name: mapping.name,
            definition: mapping.definition,
            version: mapping.version,
            created_at: mapping.created_at,
            updated_at: mapping.updated_at,
        }
    }
}

/// `GET /api/v1/import-mappings`
pub(crate) async fn list_mappings(edge: Edge) -> Reply<List<MappingView>> {
    let all = edge.read(mappings::list).await?;
    shown(List::whole(all.into_iter().map(MappingView::of).collect()))
}

/// `GET /api/v1/import-mappings/{id}`
pub(crate) async fn get_mapping(edge: Edge, Path(id): Path<MappingId>) -> Reply<MappingView> {
    let mapping = edge.read(move |tx, ctx| mappings::find(tx, ctx, id)).await?;
    let version = mapping.version;
    versioned(MappingView::of(mapping), version)
}

/// `POST /api/v1/import-mappings`
pub(crate) async fn create_mapping(edge: Edge, write: Write<MappingBody>) -> Made<MappingView> {
    let body = write.body;
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| Ok(MappingView::of(mappings::create(tx, ctx, &body.name, &body.definition)?)));
    Ok(answer.await?.into())
}

/// `PUT /api/v1/import-mappings/{id}`
pub(crate) async fn change_mapping(edge: Edge, Path(id): Path<MappingId>, write: Write<MappingChangeBody>) -> Answer<MappingView> {
    let version = needed_version(write.if_match, write.body.version)?;
    let body = write.body;
    let answer = edge
        .write_once(write.key.as_ref(), move |tx, ctx| Ok(MappingView::of(mappings::change(tx, ctx, id, &body.name, &body.definition, version)?)));
    Ok(answer.await?.into())
}

/// `DELETE /api/v1/import-mappings/{id}`
pub(crate) async fn remove_mapping(edge: Edge, Path(id): Path<MappingId>, write: Write<Nothing>) -> Done {
    Ok(edge.write_once(write.key.as_ref(), move |tx, ctx| mappings::remove(tx, ctx, id)).await?.into())
}

/// Keeps the file that a page's form has sent; nothing is begun.
pub(crate) async fn receive(edge: &Edge, state: &WebState, Upload(request): Upload) -> Outcome<StoredFile> {
    let mut request = request;
    let limit = state.config().upload_limit_bytes;
    DefaultBodyLimit::max(limit).apply(&mut request);
    let nothing = ImportQuery { preset: None, store: None, dry_run: None, name: None, mapping: None, encoding: None };
    let (_, file) = from_form(edge, nothing, request, limit).await?;
    Ok(file)
}

/// Looks at a file that is kept.
pub(crate) async fn look(edge: &Edge, file: &StoredFile, encoding: Option<Encoding>) -> Outcome<Preview> {
    let local = files::on_disk(&edge.base, file).await?;
    let source = Source { path: local.path().to_owned(), name: file.name.clone() };
    let looked = tokio::task::spawn_blocking(move || store_sync::preview(&source, encoding)).await.map_err(Error::internal)??;
    drop(local);
    Ok(looked)
}

/// The key is bound to the file's content, which is not in memory, by its hash.
fn key_of(parts: &Parts, file: &StoredFile) -> Outcome<Option<IdempotencyKey>> {
    idempotency_key(parts, &file.sha256)
}

fn usual_name(headers: &HeaderMap) -> &'static str {
    if content_type(headers).contains("spreadsheetml") { "orders.xlsx" } else { "orders.csv" }
}

/// Reads a form: options may come as fields before the file.
async fn from_form(edge: &Edge, mut query: ImportQuery, request: Request, limit: usize) -> Outcome<(ImportQuery, StoredFile)> {
    let broken = |_| Problem::new(StatusCode::BAD_REQUEST, "body.broken");
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| Problem::new(StatusCode::BAD_REQUEST, "body.broken"))?;
    let mut kept = None;
    while let Some(field) = form.next_field().await.map_err(broken)? {
        let name = field.name().unwrap_or_default().to_owned();
        if name == "file" {
            let file_name = field.file_name().map(str::to_owned).or_else(|| query.name.clone()).unwrap_or_else(|| "orders.csv".to_owned());
            let kind = field.content_type().unwrap_or("application/octet-stream").to_owned();
            kept = Some(keep(edge, &file_name, &kind, field.map_err(io::Error::other), limit).await?);
            continue;
        }
        let value = common::field_text(&name, field, FIELD_BYTES).await?;
        match name.as_str() {
            "preset" => query.preset = Some(value.parse().map_err(|_| Error::field("preset", "format").with("expected", Preset::WORDS.join(", ")))?),
            "store" => query.store = Some(value).filter(|store| !store.is_empty()),
            "mapping" => query.mapping = Some(value).filter(|mapping| !mapping.is_empty()),
            "encoding" => {
                query.encoding = Some(value.parse().map_err(|_| Error::field("encoding", "format").with("expected", Encoding::WORDS.join(", ")))?);
            }
            "dry_run" => query.dry_run = Some(value.parse().map_err(|_| Error::field("dry_run", "format").with("expected", "true, false"))?),
            "csrf" => {}
            _ => return Err(Error::field(name, "unknown_field").into()),
        }
    }
    let file = kept.ok_or_else(|| Error::field("file", "required"))?;
    Ok((query, file))
}

async fn keep<S, B>(edge: &Edge, name: &str, kind: &str, bytes: S, limit: usize) -> Outcome<StoredFile>
where
    S: Stream<Item = io::Result<B>> + Send,
    B: bytes::Buf + Send,
{
    let file = NewFile {
        name: kernel::cut(name, 200).to_owned(),
        content_type: kernel::cut(kind, 100).to_owned(),
        keep_until: Some(edge.ctx.now.plus_us(KEPT_DAYS * Time::DAY)),
    };
    let reader = StreamReader::new(Box::pin(bytes));
    match files::put_stream(edge, file, reader, limit as u64).await {
        Err(Error::Invalid(fields)) if fields.iter().any(|field| field.code == "file.too_large") => Err(too_large(limit)),
        Err(other) => Err(other.into()),
        Ok(file) if file.size == 0 => Err(Error::field("file", "import.empty").into()),
        Ok(file) => Ok(file),
    }
}

/// The file that came of a task, if the caller may have it.
pub(crate) fn may_fetch(tx: &mut Tx, ctx: &Ctx, task: &TaskView) -> Result<FileId, Error> {
    if task.kind == JobKind::Export {
        super::exports::may_fetch(tx, ctx, task)?;
    }
    if task.kind == JobKind::ExportPerson {
        ctx.require(Permission::CustomerExport)?;
    } else if task.actor != ctx.actor {
        // Somebody else's rows hold telephones and addresses as they came.
        ctx.require(Permission::PhoneSee)?;
        ctx.require(Permission::ContactSee)?;
    }
    task.result_file.ok_or(Error::not_found("file"))
}

/// `GET /api/v1/tasks/{id}/file`: what came of a task, such as refused rows.
pub(crate) async fn result_file(edge: Edge, Path(id): Path<TaskId>) -> Outcome<Streamed> {
    let file = edge.read(move |tx, ctx| {
        let task = tasks::view(tx, ctx, id)?;
        may_fetch(tx, ctx, &task)
    });
    let (stored, content) = files::open(&edge, file.await?).await?;
    let media_type = match stored.name.rsplit('.').next() {
        Some("csv") => "text/csv; charset=utf-8",
        Some("xlsx") => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _ => "application/octet-stream",
    };
    let safe = |sign: &char| sign.is_ascii_alphanumeric() || matches!(sign, '.' | '-' | '_');
    let file_name: String = stored.name.chars().map(|sign| if safe(&sign) { sign } else { '_' }).collect();
    Ok(Streamed { media_type, file_name, body: axum::body::Body::from_stream(ReaderStream::new(content)) })
}
