//! An import from its first look at the file to its last row.
//!
//! One thread reads and makes pieces; this side writes them in batches, each a closure that commits on
//! its own, behind people's work. A batch that meets a refusal is taken back; what stood before the
//! refused piece is written again, that piece is refused, and the rest goes on. So a bad order costs
//! itself alone, and no piece is written more than twice.
//!
//! What always holds: an order or credit note of the file is written whole or not at all; what stands
//! already stays as it is, so a run that was killed is continued by running it again; a dry run
//! writes the same and keeps nothing.

use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use base::{Ctx, Edge};
use db::Tx;
use kernel::{Amount, CreditKind, CreditNoteId, Error, FieldError, ImportId, OrderId, Permission, StoreId};
use orders::Move;
use tokio::sync::mpsc;

use crate::imports::{self, Made};
use crate::model::{Cursor, Done, Go, Options, Progress, Summary};
use crate::piece::{Content, ImportedOrder, Piece, Problem};
use crate::presets::{self, HeadingOf, Targets, WantedStore};
use crate::rejects::Rejects;
use crate::targets::{self, Found};

/// Lines that one closure writes where others wait for it; see [`Host::lines_at_once`].
const LINES_AT_ONCE: usize = 500;
/// A piece costs as much as this many lines at least.
const LEAST_WEIGHT: usize = 10;
/// Batches that wait between the two sides.
const AHEAD: usize = 4;
/// The rate is that of the last so many seconds.
const RATE_OVER: Duration = Duration::from_secs(10);
/// Tries of a batch that the database was too busy for.
const TRIES: u32 = 5;

/// What an import runs in: a command or a job.
pub trait Host: Send + Sync {
    /// Acts as whoever asked for it.
    fn edge(&self) -> &Edge;

    /// How many lines one closure writes. While it does, people wait; where there are none, larger
    /// batches save flushes.
    fn lines_at_once(&self) -> usize {
        LINES_AT_ONCE
    }

    /// What is wrong with a field, in words for whoever reads the refused rows.
    fn words(&self, error: &FieldError) -> String;

    /// Writes a batch behind people's work, and saves in the same transaction how far the import is, if
    /// there is a place for that.
    fn commit<T: Send + 'static>(
        &self,
        batch: impl Fn(&mut Tx, &Ctx) -> Result<(T, Cursor), Error> + Send + 'static,
    ) -> impl Future<Output = Result<T, Error>> + Send;

    /// Hears how far the import is, after each batch, and says whether it goes on. An error stops it;
    /// what is committed stays.
    fn progress(&mut self, progress: &Progress) -> impl Future<Output = Result<Go, Error>> + Send;
}

/// Brings a file in. Needs `order.import`.
///
/// Refused rows are written to `rejects`, which is made when there is a first one. An error is about the
/// whole file (it is not there, a column is missing, it is damaged) or about the database; rows that are
/// refused are no error.
pub async fn run(host: &mut impl Host, options: &Options, rejects: &Path) -> Result<Done, Error> {
    host.edge().ctx.require(Permission::OrderImport)?;

    let asked = options.clone();
    let survey = blocking(move || presets::survey(&asked)).await?;
    let wanted = Arc::new(Wanted { stores: survey.stores, may_open: options.may_open_stores });
    let Opened { stores, targets, new } = open_stores(host.edge(), &wanted, options.is_dry_run).await?;
    let import = if options.is_dry_run { None } else { Some(opened(host.edge(), options).await?) };

    let mut cursor = options.resume.clone().unwrap_or_default();
    // A run that goes on finds those of the run before it open.
    cursor.stores_opened.extend(new);
    cursor.summary.has_several_currencies = has_several_currencies(&targets);
    let skip = cursor.pieces;
    let mut writing = Writing {
        wanted,
        stores: Arc::new(stores),
        is_dry_run: options.is_dry_run,
        import,
        refused: Refused { path: rejects, heading_of: survey.heading_of, headers: survey.headers, open: None, bytes: cursor.rejects_bytes },
        cursor,
    };
    let mut pace = Pace::new(survey.rows);

    let lines_at_once = host.lines_at_once();
    let (sender, mut batches) = mpsc::channel::<Batch>(AHEAD);
    let reader = tokio::task::spawn_blocking(move || -> Result<(), Error> {
        let pieces = (survey.open)(targets)?;
        send_batches(pieces, skip, lines_at_once, &sender);
        Ok(())
    });
    let mut is_stopped = false;
    while let Some(batch) = batches.recv().await {
        pace.skipped(batch.skipped_rows);
        let rows = batch.pieces.iter().map(|piece| piece.rows.len() as u64).sum();
        writing.write(host, batch.pieces).await?;
        pace.advance(rows);
        if host.progress(&pace.progress(&writing.cursor)).await? == Go::Stop {
            is_stopped = true;
            break;
        }
    }
    // The reader ends when nobody listens any more.
    drop(batches);
    reader.await.map_err(Error::internal)??;
    let Cursor { summary, stores_opened, .. } = writing.cursor;
    if let Some(import) = import {
        host.edge().renewed().await.write(move |tx, ctx| imports::close(tx, ctx, import, &summary, is_stopped)).await?;
    }
    Ok(Done { summary, stores_opened, is_stopped, import })
}

/// Whether the stores that get the orders sell in more than one currency.
fn has_several_currencies(targets: &Targets) -> bool {
    let mut currencies = targets.values().filter_map(|target| target.as_ref().ok()).map(|target| target.currency);
    let first = currencies.next();
    currencies.any(|currency| Some(currency) != first)
}

/// The record of this import: the one that the job has made, or a new one.
async fn opened(edge: &Edge, options: &Options) -> Result<ImportId, Error> {
    let options = options.clone();
    edge.write(move |tx, ctx| match options.import {
        Some(import) => imports::resume(tx, import).map(|()| import),
        None => imports::open(tx, ctx, &options, None),
    })
    .await
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, Error> + Send + 'static) -> Result<T, Error> {
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
}

/// Pieces that are written together.
struct Batch {
    pieces: Vec<Piece>,
    /// Rows before them that an earlier run has handled.
    skipped_rows: u64,
}

fn send_batches(pieces: presets::Pieces, skip: u64, lines_at_once: usize, sender: &mpsc::Sender<Batch>) {
    let mut batch = Batch { pieces: Vec::new(), skipped_rows: 0 };
    let mut lines = 0;
    for (place, piece) in (0_u64..).zip(pieces) {
        if place < skip {
            batch.skipped_rows += piece.rows.len() as u64;
            continue;
        }
        let more = weight(&piece);
        if !batch.pieces.is_empty() && lines + more > lines_at_once {
            let full = std::mem::replace(&mut batch, Batch { pieces: Vec::new(), skipped_rows: 0 });
            if sender.blocking_send(full).is_err() {
                return;
            }
            lines = 0;
        }
        lines += more;
        batch.pieces.push(piece);
    }
    if !batch.pieces.is_empty() || batch.skipped_rows > 0 {
        let _ = sender.blocking_send(batch);
    }
}

/// What a piece costs to write, in lines.
fn weight(piece: &Piece) -> usize {
    match &piece.content {
        Content::Order(order) => order.order.lines.len() + LEAST_WEIGHT * (1 + order.steps.len() + order.payments.len()) / 2,
        Content::Credit(note) => note.lines.len() + LEAST_WEIGHT / 2,
        Content::Refused(_) => 1,
    }
}

type Stores = BTreeMap<String, StoreId>;

/// The stores that a file needs, and whether missing ones are opened.
struct Wanted {
    stores: Vec<WantedStore>,
    may_open: bool,
}

/// The stores of a file, found or opened.
struct Opened {
    stores: Stores,
    targets: Targets,
    /// The codes of those that were not there before.
    new: Vec<String>,
}

/// Finds or opens the stores of a file. In a dry run what is opened is not kept.
async fn open_stores(edge: &Edge, wanted: &Arc<Wanted>, is_dry_run: bool) -> Result<Opened, Error> {
    let asked = Arc::clone(wanted);
    let found = edge
        .write(move |tx, ctx| {
            let mut all = Vec::with_capacity(asked.stores.len());
            for store in &asked.stores {
                all.push((store.code.clone(), targets::find_or_open(tx, ctx, store, asked.may_open)?));
            }
            if is_dry_run {
                tx.discard();
            }
            Ok(all)
        })
        .await?;
    let mut stores = Stores::new();
    let mut targets = Targets::new();
    let mut new = Vec::new();
    for (code, found) in found {
        match found {
            Ok(Found { id, target, is_new }) => {
                new.extend(is_new.then(|| code.clone()));
                stores.insert(code.clone(), id);
                targets.insert(code, Ok(target));
            }
            Err(fields) => drop(targets.insert(code, Err(fields))),
        }
    }
    // When no store can be had, nothing of the file can be taken: say so once instead of for each row.
    if stores.is_empty()
        && let Some(Err(fields)) = targets.values().next()
    {
        return Err(Error::Invalid(fields.clone()));
    }
    Ok(Opened { stores, targets, new })
}

/// The writing side.
struct Writing<'a> {
    wanted: Arc<Wanted>,
    stores: Arc<Stores>,
    is_dry_run: bool,
    import: Option<ImportId>,
    refused: Refused<'a>,
    cursor: Cursor,
}

impl Writing<'_> {
    /// Writes a batch. When it answers, every piece of it is handled, and the cursor stands behind them.
    async fn write(&mut self, host: &impl Host, pieces: Vec<Piece>) -> Result<(), Error> {
        self.cursor.pieces += pieces.len() as u64;
        let mut good = Vec::with_capacity(pieces.len());
        for piece in pieces {
            match &piece.content {
                Content::Refused(problems) => self.refuse(host, &piece, problems)?,
                Content::Order(_) | Content::Credit(_) => good.push(piece),
            }
        }
        let good = Arc::new(good);
        let (mut first, mut end) = (0, good.len());
        loop {
            self.cursor.rejects_bytes = self.refused.sync()?;
            match self.write_range(host, &good, first..end).await? {
                Ok(cursor) => self.cursor = cursor,
                // Those before it go alone; then it stands first itself.
                Err(refusal) if refusal.at > first => {
                    end = refusal.at;
                    continue;
                }
                Err(refusal) => {
                    self.refuse(host, &good[refusal.at], &refusal.problems)?;
                    (first, end) = (refusal.at + 1, good.len());
                    continue;
                }
            }
            if end == good.len() {
                return Ok(());
            }
            (first, end) = (end, good.len());
        }
    }

    /// Writes some pieces in one closure, or tells which one is refused and why. The cursor is saved with
    /// the last of the batch: a run that is killed between begins with the batch, and finds the others
    /// unchanged.
    async fn write_range(&self, host: &impl Host, pieces: &Arc<Vec<Piece>>, range: Range<usize>) -> Result<Result<Cursor, Refusal>, Error> {
        let mut tries = 0;
        loop {
            tries += 1;
            let at = Arc::new(AtomicUsize::new(range.start));
            let batch = self.closure(Arc::clone(pieces), range.clone(), Arc::clone(&at));
            let result = if range.end == pieces.len() {
                host.commit(move |tx, ctx| batch(tx, ctx).map(|cursor| (cursor.clone(), cursor))).await
            } else {
                host.edge().write_background(batch).await
            };
            let at = at.load(Ordering::Relaxed);
            return match result {
                Ok(cursor) => Ok(Ok(cursor)),
                Err(Error::Invalid(fields)) => Ok(Err(Refusal { at, problems: fields.into_iter().map(Problem::of).collect() })),
                Err(Error::Conflict { code, args }) if range.contains(&at) => {
                    Ok(Err(Refusal { at, problems: vec![Problem { line: None, field: String::new(), code, args }] }))
                }
                Err(Error::Busy { retry_after_s }) if tries < TRIES => {
                    tokio::time::sleep(Duration::from_secs(u64::from(retry_after_s))).await;
                    continue;
                }
                Err(other) => Err(other),
            };
        }
    }

    /// What writes the pieces and answers where the import stands then; `at` tells how far it came.
    fn closure(
        &self,
        pieces: Arc<Vec<Piece>>,
        range: Range<usize>,
        at: Arc<AtomicUsize>,
    ) -> impl Fn(&mut Tx, &Ctx) -> Result<Cursor, Error> + Send + 'static {
        let (stores, wanted, is_dry_run, before) = (Arc::clone(&self.stores), Arc::clone(&self.wanted), self.is_dry_run, self.cursor.clone());
        let import = self.import;
        move |tx, ctx| {
            // History names the import, so that an undo knows what came with it.
            let named = import.map(|import| Ctx { request_id: import.to_string(), ..ctx.clone() });
            let ctx = named.as_ref().unwrap_or(ctx);
            let stores = if is_dry_run { reopened(tx, ctx, &wanted)? } else { Arc::clone(&stores) };
            let mut cursor = before.clone();
            let mut made = Made::default();
            for place in range.clone() {
                at.store(place, Ordering::Relaxed);
                let written = write_piece(tx, ctx, &pieces[place], &stores)?;
                written.count(&mut cursor.summary)?;
                written.note(&mut made);
                cursor.summary.lines += pieces[place].lines;
            }
            at.store(range.end, Ordering::Relaxed);
            if let Some(import) = import {
                imports::note_made(tx, ctx, import, &made)?;
            }
            if is_dry_run {
                tx.discard();
            }
            Ok(cursor)
        }
    }

    fn refuse(&mut self, host: &impl Host, piece: &Piece, problems: &[Problem]) -> Result<(), Error> {
        self.refused.write(piece, problems, |error| host.words(error))?;
        self.cursor.summary.rejected += piece.rows.len() as u64;
        Ok(())
    }
}

/// Which piece was refused, and why.
struct Refusal {
    at: usize,
    problems: Vec<Problem>,
}

/// A sum over a whole file: beyond what one order may come to, but not beyond 64 bits.
fn sum(so_far: Amount, more: Amount) -> Result<Amount, Error> {
    so_far.0.checked_add(more.0).map(Amount).ok_or_else(|| Error::field("file", "money.overflow"))
}

/// What became of a piece.
enum Written {
    Order { id: OrderId, total: Amount, is_new: bool },
    Credit { id: CreditNoteId, kind: CreditKind, total: Amount, is_new: bool, is_linked: bool },
}

impl Written {
    /// Remembers what is new, for whoever takes the import back.
    fn note(&self, made: &mut Made) {
        match self {
            Written::Order { id, is_new: true, .. } => made.orders.push(*id),
            Written::Credit { id, is_new: true, .. } => made.credits.push(*id),
            _ => {}
        }
    }

    fn count(&self, summary: &mut Summary) -> Result<(), Error> {
        match self {
            Written::Order { total, is_new, .. } => {
                *(if *is_new { &mut summary.orders_created } else { &mut summary.orders_unchanged }) += 1;
                if !summary.has_several_currencies {
                    summary.sales_total_minor = sum(summary.sales_total_minor, *total)?;
                }
            }
            Written::Credit { kind, total, is_new, is_linked, .. } => {
                *(if *kind == CreditKind::Return { &mut summary.credit_notes } else { &mut summary.adjustments }) += 1;
                summary.credit_notes_linked += u64::from(*is_linked);
                summary.credits_unchanged += u64::from(!is_new);
                if !summary.has_several_currencies {
                    summary.credits_total_minor = sum(summary.credits_total_minor, *total)?;
                }
            }
        }
        Ok(())
    }
}

/// A dry run keeps nothing, so the stores that it opens are opened in each closure.
fn reopened(tx: &mut Tx, ctx: &Ctx, wanted: &Wanted) -> Result<Arc<Stores>, Error> {
    let mut stores = Stores::new();
    for store in &wanted.stores {
        if let Ok(found) = targets::find_or_open(tx, ctx, store, wanted.may_open)? {
            stores.insert(store.code.clone(), found.id);
        }
    }
    Ok(Arc::new(stores))
}

fn write_piece(tx: &mut Tx, ctx: &Ctx, piece: &Piece, stores: &Stores) -> Result<Written, Error> {
    let store = || stores.get(&piece.store).copied().ok_or_else(|| Error::field("store", "unknown"));
    match &piece.content {
        Content::Order(imported) => write_order(tx, ctx, store()?, imported),
        Content::Credit(note) => {
            let note = orders::NewCreditNote { store_id: store()?, ..orders::NewCreditNote::clone(note) };
            let credited = orders::record_credit_note(tx, ctx, &note)?;
            Ok(Written::Credit {
                id: credited.id,
                kind: note.kind,
                total: credited.total,
                is_new: credited.is_new,
                is_linked: credited.order_id.is_some(),
            })
        }
        Content::Refused(_) => Err(Error::internal("a refused piece is not written")),
    }
}

/// Places an order and lets its past happen again, each move and payment with its own clock. An order
/// that stands already has had its past.
fn write_order(tx: &mut Tx, ctx: &Ctx, store: StoreId, imported: &ImportedOrder) -> Result<Written, Error> {
    let new = orders::NewOrder { store_id: store, ..imported.order.clone() };
    let placed = orders::place_imported(tx, ctx, &new)?;
    if placed.is_new {
        replay(tx, ctx, placed.order.id, imported)?;
    }
    Ok(Written::Order { id: placed.order.id, total: placed.order.total, is_new: placed.is_new })
}

fn replay(tx: &mut Tx, ctx: &Ctx, order: OrderId, imported: &ImportedOrder) -> Result<(), Error> {
    for payment in &imported.payments {
        payments::record(tx, &ctx.at(payment.at), order, payment)?;
    }
    for step in &imported.steps {
        let wanted = Move { reason: step.reason.map(str::to_owned), ..Move::new(step.action) };
        orders::act(tx, &ctx.at(step.at), order, &wanted)?;
    }
    Ok(())
}

/// The file of refused rows, opened when it is needed.
struct Refused<'a> {
    path: &'a Path,
    heading_of: HeadingOf,
    headers: Vec<String>,
    open: Option<Rejects>,
    bytes: u64,
}

impl Refused<'_> {
    fn write(&mut self, piece: &Piece, problems: &[Problem], words: impl Fn(&FieldError) -> String) -> Result<(), Error> {
        let rejects = match &mut self.open {
            Some(rejects) => rejects,
            None => self.open.insert(Rejects::open(self.path, &self.headers, self.bytes).map_err(|cause| unwritable(self.path, &cause))?),
        };
        let heading_of = &self.heading_of;
        rejects.write(piece, problems, |field| heading_of(field), words).map_err(|cause| unwritable(self.path, &cause))
    }

    /// Brings what was written to the disk; answers how much there is.
    fn sync(&mut self) -> Result<u64, Error> {
        if let Some(rejects) = &mut self.open {
            self.bytes = rejects.sync().map_err(|cause| unwritable(self.path, &cause))?;
        }
        Ok(self.bytes)
    }
}

fn unwritable(path: &Path, cause: &std::io::Error) -> Error {
    Error::field("rejects", "import.cannot_write").with("path", path.display()).with("cause", cause)
}

/// How fast it goes.
struct Pace {
    total: u64,
    done: u64,
    /// Rows that were done at a moment, of late.
    seen: VecDeque<(Instant, u64)>,
}

impl Pace {
    fn new(total: u64) -> Pace {
        Pace { total, done: 0, seen: VecDeque::from([(Instant::now(), 0)]) }
    }

    /// Rows that cost nothing, because an earlier run had handled them.
    fn skipped(&mut self, rows: u64) {
        if rows > 0 {
            self.done += rows;
            self.seen = VecDeque::from([(Instant::now(), self.done)]);
        }
    }

    fn advance(&mut self, rows: u64) {
        self.done += rows;
        let now = Instant::now();
        self.seen.push_back((now, self.done));
        while self.seen.len() > 2 && self.seen.get(1).is_some_and(|(at, _)| now - *at > RATE_OVER) {
            self.seen.pop_front();
        }
    }

    fn progress(&self, cursor: &Cursor) -> Progress {
        let (first, last) = (self.seen.front(), self.seen.back());
        let rate_per_s = first.zip(last).map_or(0.0, |((from, before), (to, after))| {
            let seconds = (*to - *from).as_secs_f64();
            if seconds > 0.0 { (after - before) as f64 / seconds } else { 0.0 }
        });
        let left = self.total.saturating_sub(self.done);
        let left_s = (rate_per_s > 0.0).then(|| (left as f64 / rate_per_s).ceil() as u64);
        Progress { done: self.done, total: self.total, rate_per_s, left_s, cursor: cursor.clone() }
    }
}
