//! Making a file, in slices that may be broken off at any moment.
//!
//! | phase | what | where it lies |
//! |---|---|---|
//! | find | which orders, in which order; 16 bytes each are held in memory | `exports/JOB.ids` |
//! | read | their content, a few hundred at a time, each behind the last saved byte | `exports/JOB.rows` |
//! | write | the file itself, from the rows; begun anew when it is broken off | `exports/JOB.out` |
//!
//! A process that goes on finds the files by their names; one that has not got them (another machine) begins
//! again.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use base::events::{EventFilter, EventPlace};
use base::jobs::Next;
use base::tasks::{self, Outcome};
use base::worker::{SliceEnd, TaskRun};
use base::{Ctx, Edge, events, files};
use customers::{CustomerFilter, CustomerSort};
use jiff::tz::TimeZone;
use kernel::{Error, Event, Id, Locale, NumberStyle, OrderId, Permissions, Time};
use orders::{Chosen, Ranked, Search};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::columns::{self, Kind};
use crate::file::{self, Look, StoreLook};
use crate::model::{Payload, Style, What};
use crate::rows::{self, Part};

/// Reads the parameters of the list of orders.
pub type ReadList = fn(&Map<String, Value>) -> Result<Chosen, Error>;
/// The word for a column (`column`), a sheet (`sheet`), or one of our words of a set (`state`), in a language.
pub type Labels = fn(Locale, &str, &str) -> String;

/// How long a file is kept.
const KEPT_DAYS: i64 = 7;
/// Orders that are read at once, and after how many of them the work is saved.
const AT_ONCE: usize = 250;
const SAVED_AFTER: usize = 1_000;
/// The longest list; 16 bytes of memory each.
const MOST: usize = 2_000_000;
/// Names of the team's own fields that one file has columns for.
const MOST_CUSTOM: usize = 200;
/// What is left over of work that nobody ended goes after this long.
const STALE: Duration = Duration::from_secs(7 * 86_400);

/// How far the reading is. Everything before it lies on the disk.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Cursor {
    /// How many orders were found.
    found: usize,
    /// How many of them were read.
    read: usize,
    /// How many are in the rows; the others had gone.
    orders: u64,
    /// Where the next page of customers or events begins.
    page: Option<String>,
    /// How long the rows are.
    bytes: u64,
    /// The fields of the team's own that were met.
    custom: BTreeSet<String>,
    /// Whether all was read.
    is_read: bool,
}

/// Where the parts of the work lie.
struct Places {
    folder: PathBuf,
    ids: PathBuf,
    rows: PathBuf,
    out: PathBuf,
}

impl Places {
    fn of(job: &TaskRun) -> Result<Places, Error> {
        let folder = job.edge.base.data_dir().join("exports");
        std::fs::create_dir_all(&folder).map_err(|error| Error::internal(format!("cannot make {}: {error}", folder.display())))?;
        let part = |ending: &str| folder.join(format!("{}.{ending}", job.job.id));
        Ok(Places { ids: part("ids"), rows: part("rows"), out: part("out"), folder })
    }

    fn remove(&self) {
        for path in [&self.ids, &self.rows, &self.out] {
            let _ = std::fs::remove_file(path);
        }
    }
}

/// Removes what work left that nobody ended.
fn sweep(folder: &Path) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let age = entry.metadata().and_then(|meta| meta.modified()).ok().and_then(|at| at.elapsed().ok()).unwrap_or_default();
        if age >= STALE {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

/// What a phase came to.
enum Phase {
    /// It is through.
    Over,
    /// The process is about to end; another one goes on from here.
    Paused(Next),
    /// Somebody called it off.
    Cancelled,
}

/// Does the job: [`base::jobs::Runner::Task`] of [`kernel::JobKind::Export`].
pub async fn run_job(job: TaskRun, read_list: ReadList, labels: Labels) -> Result<Next, Error> {
    let payload: Payload = serde_json::from_value(job.job.payload.clone()).map_err(Error::internal)?;
    let places = Places::of(&job)?;
    sweep(&places.folder);
    let edge = job.edge.base.edge(payload.ctx(&job.edge.ctx));
    let mut at: Cursor = serde_json::from_value(job.job.cursor.clone()).unwrap_or_default();
    let has_rows = std::fs::metadata(&places.rows).is_ok_and(|file| file.len() >= at.bytes);
    if !has_rows || payload.what == What::Orders && at.found > 0 && !places.ids.exists() {
        at = Cursor::default();
    }

    let phase = match payload.what {
        What::Orders => read_orders(&job, &edge, &payload, &places, &mut at, read_list).await,
        What::Customers => read_customers(&job, &edge, &payload, &places, &mut at).await,
        What::Events => read_events(&job, &edge, &payload, &places, &mut at).await,
    };
    match phase {
        Ok(Phase::Over) => {}
        Ok(Phase::Paused(next)) => return Ok(next),
        Ok(Phase::Cancelled) => return cancelled(&job, &places).await,
        // About what was asked for: trying again would end the same.
        Err(Error::Invalid(fields)) => {
            places.remove();
            let why: Vec<String> = fields.iter().map(|field| format!("{}: {}", field.field, field.code)).collect();
            return Ok(Next::Fail { why: why.join(", ") });
        }
        Err(other) => return Err(other),
    }

    let look = look(&edge, &payload, &at, labels).await?;
    match write_file(&job, look, &places).await? {
        Some(rows) => finish(&job, &payload, &places, &at, rows).await,
        None if job.is_cancelled().await? => cancelled(&job, &places).await,
        None => Ok(paused(&at)),
    }
}

fn paused(at: &Cursor) -> Next {
    Next::Slice { cursor: serde_json::to_value(at).unwrap_or_default(), done: at.read as i64, of: at.found as i64 }
}

async fn cancelled(job: &TaskRun, places: &Places) -> Result<Next, Error> {
    places.remove();
    job.finish(|_, _| Ok((tasks::Progress::default(), Outcome::default()))).await
}

async fn read_orders(job: &TaskRun, edge: &Edge, payload: &Payload, places: &Places, at: &mut Cursor, read_list: ReadList) -> Result<Phase, Error> {
    if at.found == 0 && !at.is_read {
        let ids = match &payload.ids {
            Some(ids) => Some(once(ids)),
            None => find(job, edge, read_list(&payload.query(&edge.ctx)?)?).await?,
        };
        let Some(ids) = ids else { return if job.is_cancelled().await? { Ok(Phase::Cancelled) } else { Ok(Phase::Paused(paused(at))) } };
        at.found = ids.len();
        save_ids(&places.ids, &ids)?;
    }
    let mut spool = Spool::open(&places.rows, at.bytes)?;
    let mut ids = File::open(&places.ids).map_err(Error::internal)?;
    let columns = Arc::new(payload.columns.clone());
    let mut unsaved = 0;
    while at.read < at.found {
        let some = Arc::new(load_ids(&mut ids, at.read, AT_ONCE.min(at.found - at.read))?);
        let part = {
            let (some, columns, rows) = (Arc::clone(&some), Arc::clone(&columns), payload.rows);
            edge.read(move |tx, ctx| rows::of_orders(tx, ctx, &some, &columns, rows)).await?
        };
        take(&mut spool, at, part)?;
        at.read += some.len();
        unsaved += some.len();
        if unsaved >= SAVED_AFTER || at.read == at.found {
            unsaved = 0;
            save(job, &mut spool, at).await?;
        }
        if job.is_cancelled().await? {
            return Ok(Phase::Cancelled);
        }
        if job.is_stopping() {
            save(job, &mut spool, at).await?;
            return Ok(Phase::Paused(paused(at)));
        }
    }
    at.is_read = true;
    save(job, &mut spool, at).await?;
    Ok(Phase::Over)
}

fn take(spool: &mut Spool, at: &mut Cursor, part: Part) -> Result<(), Error> {
    spool.write(&part.rows)?;
    at.orders += part.orders;
    at.custom.extend(part.custom);
    if at.custom.len() > MOST_CUSTOM {
        return Err(Error::field("columns", "too_many").with("max", MOST_CUSTOM));
    }
    Ok(())
}

/// Saves how far the work is, after what it made is on the disk.
async fn save(job: &TaskRun, spool: &mut Spool, at: &mut Cursor) -> Result<(), Error> {
    at.bytes = spool.sync()?;
    let cursor = serde_json::to_value(&*at).map_err(Error::internal)?;
    let (done, of) = (at.read as i64, at.found as i64);
    job.slice(move |_, _| Ok(((), SliceEnd { cursor: cursor.clone(), done, of, errors: None }))).await
}

/// Each order once, where it is named first.
fn once(ids: &[OrderId]) -> Vec<OrderId> {
    let mut seen = BTreeSet::new();
    ids.iter().copied().filter(|id| seen.insert(id.to_i64())).collect()
}

/// All orders that a list shows, in its sort. `None` when the work is to stop.
async fn find(job: &TaskRun, edge: &Edge, chosen: Chosen) -> Result<Option<Vec<OrderId>>, Error> {
    let too_many = || Error::field("filter", "too_many").with("max", MOST);
    if let Some(text) = chosen.search {
        return found(job, edge, Search { text, filter: chosen.filter, limit: 200, older: None }).await;
    }
    let filter = Arc::new(chosen.filter);
    let (sort, mut next) = (chosen.sort, None);
    let mut all: Vec<Ranked> = Vec::new();
    loop {
        let (filter, cursor) = (Arc::clone(&filter), next.clone());
        let page = edge.read(move |tx, ctx| orders::ids(tx, ctx, &filter, sort, cursor.as_deref())).await?;
        all.extend(page.items);
        if all.len() > MOST {
            return Err(too_many());
        }
        next = page.next;
        if next.is_none() {
            return Ok(Some(orders::sorted(all, sort)));
        }
        job.progress(0, all.len() as i64).await?;
        if job.is_stopping() || job.is_cancelled().await? {
            return Ok(None);
        }
    }
}

async fn found(job: &TaskRun, edge: &Edge, search: Search) -> Result<Option<Vec<OrderId>>, Error> {
    let mut all: Vec<OrderId> = Vec::new();
    let mut older = None;
    loop {
        let wanted = Search { older, ..search.clone() };
        let (ids, next) = edge.read(move |tx, ctx| orders::found_ids(tx, ctx, &wanted)).await?;
        all.extend(ids);
        older = next;
        if older.is_none() || all.len() > MOST {
            return Ok(Some(once(&all)));
        }
        if job.is_stopping() || job.is_cancelled().await? {
            return Ok(None);
        }
    }
}

async fn read_customers(job: &TaskRun, edge: &Edge, payload: &Payload, places: &Places, at: &mut Cursor) -> Result<Phase, Error> {
    let mut spool = Spool::open(&places.rows, at.bytes)?;
    let query = payload.query(&edge.ctx)?;
    let word = |name: &str| query.get(name).and_then(Value::as_str).map(str::to_owned);
    let filter = CustomerFilter {
        search: word("search"),
        with_archived: query.get("archived").is_some_and(|value| value.as_bool().unwrap_or(value.as_str() == Some("true"))),
        flag: word("flag"),
        // By when she came in, which never changes.
        sort: CustomerSort::Newest,
        limit: 200,
        ..CustomerFilter::default()
    };
    while !at.is_read {
        let wanted = CustomerFilter { cursor: at.page.clone(), ..filter.clone() };
        let page = edge.read(move |tx, ctx| customers::list(tx, ctx, &wanted)).await?;
        let rows: Vec<Vec<String>> = page.items.iter().map(|row| rows::of_customer(&edge.ctx, row, &payload.columns)).collect();
        spool.write(&rows)?;
        at.orders += rows.len() as u64;
        at.read += rows.len();
        at.found = at.read.max(usize::try_from(page.total).unwrap_or(0));
        at.is_read = page.next_cursor.is_none();
        at.page = page.next_cursor;
        if at.is_read || at.read.is_multiple_of(SAVED_AFTER) {
            save(job, &mut spool, at).await?;
        }
        if at.read > MOST {
            return Err(Error::field("filter", "too_many").with("max", MOST));
        }
        if job.is_cancelled().await? {
            return Ok(Phase::Cancelled);
        }
        if job.is_stopping() {
            save(job, &mut spool, at).await?;
            return Ok(Phase::Paused(paused(at)));
        }
    }
    Ok(Phase::Over)
}

/// The audit trail, the newest first, page after page, each in its own read.
async fn read_events(job: &TaskRun, edge: &Edge, payload: &Payload, places: &Places, at: &mut Cursor) -> Result<Phase, Error> {
    let mut spool = Spool::open(&places.rows, at.bytes)?;
    let filter = EventFilter { limit: AT_ONCE as u32, ..events::filter_of(&payload.query(&edge.ctx)?)? };
    let columns = Arc::new(payload.columns.clone());
    while !at.is_read {
        let before = at.page.as_deref().map(str::parse::<EventPlace>).transpose()?;
        let (wanted, columns) = (EventFilter { before, ..filter.clone() }, Arc::clone(&columns));
        let (rows, next) = edge
            .read(move |tx, ctx| {
                let page = events::list(tx, ctx, &wanted)?;
                Ok((rows::of_events(tx, ctx, &page.items, &columns)?, page.next))
            })
            .await?;
        spool.write(&rows)?;
        at.read += rows.len();
        at.found = at.read;
        at.is_read = next.is_none();
        at.page = next.map(|next| next.to_string());
        if at.is_read || at.read.is_multiple_of(SAVED_AFTER) {
            save(job, &mut spool, at).await?;
        }
        if at.read > MOST {
            return Err(Error::field("filter", "too_many").with("max", MOST));
        }
        if job.is_cancelled().await? {
            return Ok(Phase::Cancelled);
        }
        if job.is_stopping() {
            save(job, &mut spool, at).await?;
            return Ok(Phase::Paused(paused(at)));
        }
    }
    Ok(Phase::Over)
}

/// The rows on their way to the disk.
struct Spool {
    csv: csv::Writer<BufWriter<File>>,
    path: PathBuf,
}

impl Spool {
    /// Goes on after the bytes that were saved.
    fn open(path: &Path, after: u64) -> Result<Spool, Error> {
        let mut file = File::options().create(true).write(true).truncate(false).open(path).map_err(Error::internal)?;
        file.set_len(after).map_err(Error::internal)?;
        file.seek(SeekFrom::Start(after)).map_err(Error::internal)?;
        let csv = csv::WriterBuilder::new().flexible(true).from_writer(BufWriter::with_capacity(1 << 16, file));
        Ok(Spool { csv, path: path.to_owned() })
    }

    fn write(&mut self, rows: &[Vec<String>]) -> Result<(), Error> {
        for row in rows {
            self.csv.write_record(row).map_err(Error::internal)?;
        }
        Ok(())
    }

    fn sync(&mut self) -> Result<u64, Error> {
        self.csv.flush().map_err(Error::internal)?;
        self.csv.get_ref().get_ref().sync_data().map_err(Error::internal)?;
        Ok(std::fs::metadata(&self.path).map_err(Error::internal)?.len())
    }
}

fn save_ids(path: &Path, ids: &[OrderId]) -> Result<(), Error> {
    let mut file = BufWriter::new(File::create(path).map_err(Error::internal)?);
    for id in ids {
        file.write_all(&id.to_i64().to_le_bytes()).map_err(Error::internal)?;
    }
    let file = file.into_inner().map_err(|error| Error::internal(error.to_string()))?;
    file.sync_all().map_err(Error::internal)
}

fn load_ids(file: &mut File, from: usize, count: usize) -> Result<Vec<OrderId>, Error> {
    file.seek(SeekFrom::Start(from as u64 * 8)).map_err(Error::internal)?;
    let mut bytes = vec![0; count * 8];
    file.read_exact(&mut bytes).map_err(Error::internal)?;
    Ok(bytes.as_chunks::<8>().0.iter().map(|one| OrderId::from_i64(i64::from_le_bytes(*one))).collect())
}

/// How the file looks: columns, stores, words.
async fn look(edge: &Edge, payload: &Payload, at: &Cursor, labels: Labels) -> Result<Look, Error> {
    let table = columns::of(payload.what);
    let columns = payload.columns.iter().map(|name| (name.clone(), columns::kind_of(table, name).unwrap_or(Kind::Text)));
    // Whoever may see an order may know how its store writes.
    let known = edge.read(move |tx, ctx| access::stores::list(tx, &Ctx { permissions: Permissions::all(), ..ctx.clone() }, true)).await?;
    let stores: BTreeMap<String, StoreLook> =
        known.iter().map(|store| (store.code.clone(), StoreLook { numbers: store.number_style, zone: store.zone.clone() })).collect();
    let usual = known.first().map_or(StoreLook { numbers: NumberStyle::CommaPoint, zone: TimeZone::UTC }, |store| StoreLook {
        numbers: store.number_style,
        zone: store.zone.clone(),
    });
    Ok(Look {
        format: payload.format,
        style: payload.style,
        separator: payload.separator,
        has_bom: payload.has_bom && payload.style == Style::Store,
        language: payload.language,
        columns: columns.collect(),
        custom: at.custom.iter().cloned().collect(),
        stores,
        usual,
        labels,
    })
}

/// Writes the file on a thread of its own, because packing takes its time; answers its rows, or nothing when it is
/// to stop.
async fn write_file(job: &TaskRun, look: Look, places: &Places) -> Result<Option<u64>, Error> {
    let is_over = Arc::new(AtomicBool::new(false));
    let (asked, plain, out, folder) = (Arc::clone(&is_over), places.rows.clone(), places.out.clone(), places.folder.clone());
    let mut work = tokio::task::spawn_blocking(move || file::write(&look, &plain, &out, &folder, || asked.load(Ordering::Relaxed)));
    loop {
        match tokio::time::timeout(Duration::from_millis(500), &mut work).await {
            Ok(written) => return written.map_err(Error::internal)?,
            Err(_) => {
                if job.is_stopping() || job.is_cancelled().await? {
                    is_over.store(true, Ordering::Relaxed);
                }
            }
        }
    }
}

async fn finish(job: &TaskRun, payload: &Payload, places: &Places, at: &Cursor, rows: u64) -> Result<Next, Error> {
    let edge = job.edge.renewed().await;
    let expires_at = edge.base.now().plus_us(KEPT_DAYS * Time::DAY);
    let content_type = match payload.format {
        crate::model::Format::Csv => "text/csv",
        crate::model::Format::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    };
    let name = format!("{}-{}.{}", payload.what, &edge.base.now().to_string()[..10], payload.format);
    let new = files::NewFile { name, content_type: content_type.to_owned(), keep_until: Some(expires_at) };
    let file = files::put_path(&edge, new, &places.out).await?;
    let sha256 = hex::encode(&file.sha256);
    let result = json!({
        "what": payload.what,
        "format": payload.format,
        "rows": rows,
        "orders": at.orders,
        "bytes": file.size,
        "sha256": sha256,
        "expires_at": expires_at,
        "shows_phones": payload.shows_phones(),
        "shows_contacts": payload.shows_contacts(),
    });
    let (task, filter, read) = (job.task(), payload.filter(), at.read as i64);
    let next = job
        .finish(move |tx, ctx| {
            if let Some(task) = task {
                events::record(tx, ctx, Event::ExportFinished { task, rows, filter: filter.clone(), sha256: sha256.clone() })?;
            }
            let progress = tasks::Progress { done: read, of: read, errors: None };
            Ok((progress, Outcome { result: result.clone(), file: Some(file.id), errors: None }))
        })
        .await?;
    places.remove();
    Ok(next)
}
