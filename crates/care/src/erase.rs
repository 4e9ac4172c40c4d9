//! Forgetting a person, slice by slice: her record at first, so that nothing new comes to it, then her orders
//! with what hangs on them, then every place where she may be named though nothing leads there.
//!
//! What she is found by is gathered before anything goes, sealed, and forgotten with the last step. How far the
//! work is stands with its job after each slice, so that it goes on after a crash, and doing a slice twice does
//! no harm.

use std::path::{Path, PathBuf};

use attachments::Owner;
use base::files::{self, StoredFile};
use base::jobs::Next;
use base::traces::{self, Place, Trace};
use base::worker::{SliceEnd, TaskRun};
use base::{Ctx, events};
use customers::erase::{self, Erased, Person};
use customers::needles::Needles;
use db::Tx;
use kernel::{CustomerId, ErasureId, Error, FileId, Id, OrderId, Time};
use serde::{Deserialize, Serialize};

/// Orders that one slice forgets.
const ORDERS: u32 = 100;
/// Rows of words that one slice looks at.
const ROWS: u32 = 500;
/// Bytes of a file that are looked at together; a name that lies across two parts is found in their overlap.
const PART: usize = 4 * 1024 * 1024;
const OVERLAP: usize = 4 * 1024;
/// A larger workbook is not opened but goes.
const WORKBOOK_BYTES: i64 = 64 * 1024 * 1024;

#[derive(Serialize, Deserialize)]
struct Payload {
    erasure: ErasureId,
}

/// Where the work has come to.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Cursor {
    /// Which of her records' orders.
    record: usize,
    /// The last order of it that was forgotten.
    order: Option<(i64, OrderId)>,
    /// Whether all orders are done.
    orders_done: bool,
    /// Which table of words.
    table: usize,
    /// Where in it.
    place: Option<Place>,
}

/// Everywhere that a person may be named though nothing leads there.
fn all_traces() -> Vec<Trace> {
    [traces::TRACES, orders::care::TRACES, bulk::TRACES, store_sync::TRACES].concat()
}

/// Does the work: [`base::jobs::Runner::Task`] of [`kernel::JobKind::ErasePerson`].
pub async fn run(job: TaskRun) -> Result<Next, Error> {
    let Payload { erasure } = serde_json::from_value(job.job.payload.clone()).map_err(Error::internal)?;
    let mut cursor: Cursor = serde_json::from_value(job.job.cursor.clone()).unwrap_or_default();
    let at = end(&cursor)?;
    let Some(person) = job.slice(move |tx, ctx| Ok((begin(tx, ctx, erasure)?, at.clone()))).await? else { return Ok(Next::Done) };

    while !cursor.orders_done {
        cursor = slice(&job, &person, &cursor, orders_slice).await?;
        if job.is_stopping() {
            return paused(&cursor);
        }
    }
    let tables = all_traces();
    while cursor.table < tables.len() {
        cursor = slice(&job, &person, &cursor, traces_slice).await?;
        if job.is_stopping() {
            return paused(&cursor);
        }
    }
    let gone = forget_files(&job, &person.needles).await?;
    job.finish(move |tx, ctx| {
        erase::add_counts(tx, erasure, &Erased { files: gone, ..Erased::default() })?;
        erase::finish(tx, ctx, erasure)?;
        Ok((base::tasks::Progress::default(), base::tasks::Outcome::default()))
    })
    .await
}

fn paused(cursor: &Cursor) -> Result<Next, Error> {
    Ok(Next::Slice { cursor: serde_json::to_value(cursor).map_err(Error::internal)?, done: 0, of: 0 })
}

fn end(cursor: &Cursor) -> Result<SliceEnd, Error> {
    Ok(SliceEnd { cursor: serde_json::to_value(cursor).map_err(Error::internal)?, ..SliceEnd::default() })
}

/// Her own record, and the signs of her that her orders bear.
fn begin(tx: &mut Tx, ctx: &Ctx, erasure: ErasureId) -> Result<Option<Person>, Error> {
    let mut needles = Needles::default();
    for id in erase::ids_of_person(tx, erasure)? {
        orders::care::gather(tx, id, &mut needles)?;
    }
    let Some(person) = erase::begin_work(tx, ctx, erasure, &needles)? else { return Ok(None) };
    let ids: Vec<i64> = person.ids.iter().map(|id| id.to_i64()).collect();
    let events = events::erase_details_of_many(tx, ctx, CustomerId::PREFIX, &ids)?;
    let mut traces = 0;
    for id in &person.ids {
        traces += tracking::forget_person(tx, *id)?;
    }
    erase::add_counts(tx, erasure, &Erased { events, traces, ..Erased::default() })?;
    Ok(Some(person))
}

type Work = fn(&mut Tx, &Ctx, &Person, Cursor) -> Result<Cursor, Error>;

async fn slice(job: &TaskRun, person: &Person, from: &Cursor, work: Work) -> Result<Cursor, Error> {
    let (person, from) = (person.clone(), from.clone());
    job.slice(move |tx, ctx| {
        let cursor = work(tx, ctx, &person, from.clone())?;
        let end = end(&cursor)?;
        Ok((cursor, end))
    })
    .await
}

fn orders_slice(tx: &mut Tx, ctx: &Ctx, person: &Person, mut cursor: Cursor) -> Result<Cursor, Error> {
    let Some(customer) = person.ids.get(cursor.record).copied() else {
        cursor.orders_done = true;
        return Ok(cursor);
    };
    let after = cursor.order.map(|(at, id)| (Time(at), id));
    let forgotten = orders::care::forget_orders(tx, ctx, customer, after, ORDERS, &person.needles)?;
    let messages = notifications::forget_person(tx, ctx, &forgotten.orders)?;
    for order in &forgotten.orders {
        attachments::erase_of(tx, ctx, Owner::Order(OrderId::from_i64(*order)))?;
    }
    payments::forget_person(tx, &forgotten.orders, &|text| person.needles.names_her(text))?;
    let mut erased = Erased { orders: forgotten.orders.len() as u64, messages, events: forgotten.events, ..Erased::default() };
    match forgotten.last.filter(|_| forgotten.orders.len() == ORDERS as usize) {
        Some((at, id)) => cursor.order = Some((at.0, id)),
        None => {
            erased.events += orders::care::forget_credit_notes(tx, ctx, customer)?;
            attachments::erase_of(tx, ctx, Owner::Customer(customer))?;
            cursor = Cursor { record: cursor.record + 1, order: None, ..cursor };
        }
    }
    erase::add_counts(tx, person.erasure.id, &erased)?;
    Ok(cursor)
}

fn traces_slice(tx: &mut Tx, _: &Ctx, person: &Person, mut cursor: Cursor) -> Result<Cursor, Error> {
    let Some(trace) = all_traces().get(cursor.table).copied() else { return Ok(cursor) };
    let (found, next) = traces::sweep(tx, &trace, cursor.place.as_ref(), ROWS, &|text| person.needles.is_in(text))?;
    erase::add_counts(tx, person.erasure.id, &Erased { traces: found, ..Erased::default() })?;
    match next {
        Some(place) => cursor.place = Some(place),
        None => (cursor.table, cursor.place) = (cursor.table + 1, None),
    }
    Ok(cursor)
}

/// Removes uploads, refused rows, exports and mails on the disk that name the person; answers how many.
async fn forget_files(job: &TaskRun, needles: &Needles) -> Result<u64, Error> {
    let mut gone = 0;
    let mut before: Option<FileId> = None;
    loop {
        let from = before;
        let page = job.edge.read(move |tx, ctx| files::list(tx, ctx, from, files::MAX_PAGE)).await?;
        let Some(last) = page.last() else { break };
        before = Some(last.id);
        for file in &page {
            if names_her(job, file, needles).await? {
                files::remove_now(&job.edge.renewed().await, file).await?;
                gone += 1;
            }
        }
    }
    let data = job.edge.base.data_dir().to_owned();
    for folder in ["mail", "imports", "exports"] {
        gone += forget_in_folder(data.join(folder), needles.clone()).await?;
    }
    Ok(gone)
}

async fn names_her(job: &TaskRun, file: &StoredFile, needles: &Needles) -> Result<bool, Error> {
    let (needles, size, name) = (needles.clone(), file.size, file.name.to_lowercase());
    let kind = file.content_type.clone();
    let is_picture = kind.starts_with("image/") || kind.starts_with("video/") || kind.starts_with("audio/");
    if is_picture {
        return Ok(false);
    }
    // What is gone already names nobody.
    let local = match files::on_disk(&job.edge.base, file).await {
        Err(Error::NotFound { .. }) => return Ok(false),
        other => other?,
    };
    let looked = tokio::task::spawn_blocking(move || {
        let path = local.path().to_owned();
        if name.ends_with(".xlsx") || kind.contains("spreadsheet") { in_workbook(&path, size, &needles) } else { in_text(&path, &needles) }
    });
    looked.await.map_err(Error::internal)
}

/// Looks through a file as text, part by part. What cannot be read names nobody.
fn in_text(path: &Path, needles: &Needles) -> bool {
    use std::io::Read;

    let Ok(mut file) = std::fs::File::open(path) else { return false };
    let mut part: Vec<u8> = Vec::with_capacity(PART + OVERLAP);
    loop {
        let kept = part.len();
        let read = file.by_ref().take(PART as u64).read_to_end(&mut part).unwrap_or(0);
        if read == 0 {
            return false;
        }
        if needles.is_in(&unwrapped(&part)) {
            return true;
        }
        let from = (kept + read).saturating_sub(OVERLAP);
        part.drain(..from);
    }
}

/// The text of bytes; mails cut long lines and write some letters as `=C3=A9`.
fn unwrapped(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    if !text.contains("=\r\n") && !text.contains("=\n") && !text.contains("=D") && !text.contains("=C") {
        return text.into_owned();
    }
    let joined = text.replace("=\r\n", "").replace("=\n", "");
    let mut decoded = Vec::with_capacity(joined.len());
    let raw = joined.as_bytes();
    let mut at = 0;
    while at < raw.len() {
        let code = if raw[at] == b'=' { raw.get(at + 1..at + 3).and_then(|two| std::str::from_utf8(two).ok()) } else { None };
        match code.and_then(|two| u8::from_str_radix(two, 16).ok()) {
            Some(byte) => {
                decoded.push(byte);
                at += 3;
            }
            None => {
                decoded.push(raw[at]);
                at += 1;
            }
        }
    }
    // Both readings: a file that is no mail may hold such signs, too.
    format!("{text}\n{}", String::from_utf8_lossy(&decoded))
}

/// Looks through every cell of a workbook. One that is too large or cannot be read goes: uploads are spent once
/// they were read.
fn in_workbook(path: &Path, size: i64, needles: &Needles) -> bool {
    use calamine::{Reader, open_workbook_auto_from_rs};

    if size > WORKBOOK_BYTES {
        return true;
    }
    let Ok(bytes) = std::fs::read(path) else { return false };
    let Ok(mut book) = open_workbook_auto_from_rs(std::io::Cursor::new(bytes)) else { return true };
    let sheets = book.worksheets();
    sheets.iter().any(|(_, sheet)| {
        sheet.rows().any(|row| {
            let cells: Vec<String> = row.iter().map(ToString::to_string).collect();
            needles.is_in(&cells.join(" | "))
        })
    })
}

async fn forget_in_folder(folder: PathBuf, needles: Needles) -> Result<u64, Error> {
    let looked = tokio::task::spawn_blocking(move || {
        let Ok(entries) = std::fs::read_dir(&folder) else { return 0 };
        let mut gone = 0;
        for entry in entries.flatten() {
            let path = entry.path();
            if path.is_file() && in_text(&path, &needles) && std::fs::remove_file(&path).is_ok() {
                gone += 1;
            }
        }
        gone
    });
    looked.await.map_err(Error::internal)
}

#[cfg(test)]
mod tests {
    use kernel::Phone;

    use super::*;

    #[test]
    fn a_person_is_found_across_parts_and_in_mails() {
        let mut needles = Needles::default();
        needles.phone(&Phone::from_e164("+213550142387").unwrap());
        needles.name("Aïcha Benali");
        let folder = std::env::temp_dir().join(format!("care-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join("long.csv");
        let mut text = "x;".repeat(PART / 2 - 4);
        text.push_str("0550 14 23 87");
        std::fs::write(&path, text).unwrap();
        assert!(in_text(&path, &needles));
        std::fs::write(&path, "nobody;0550 14 23 88").unwrap();
        assert!(!in_text(&path, &needles));
        std::fs::write(&path, "Bonjour A=C3=AFcha Be=\r\nnali,\r\n").unwrap();
        assert!(in_text(&path, &needles));
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
