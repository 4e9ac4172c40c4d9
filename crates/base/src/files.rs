//! Files of an organization: what is imported, what an import refused, what is exported.
//!
//! A row names the content by its sha256; the content lies once, for all rows and organizations that name
//! it: below the data directory, at `files/ab/cdef…`, or in an S3-compatible store under the same name. It is
//! there before its row is, and it is removed only when no row names it. A row with `keep_until` goes by
//! itself after that time.
//!
//! Content is moved by async functions at the edge, never inside a transaction. Whether somebody may
//! have a file is decided by the action that hands out its id.

mod bucket;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};

pub use bucket::{Bucket, BucketConfig};
use db::{Tx, dialect, params};
use futures_util::TryStreamExt;
use kernel::value::ToValue;
use kernel::{Actor, Error, FileId, Time};
use sha2::{Digest, Sha256};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt, ReadBuf};
use tokio_util::io::StreamReader;

use crate::ctx::Ctx;
use crate::edge::{Base, Edge};

/// Content without a row that is younger than this may be about to get one.
const YOUNG: Duration = Duration::from_secs(3_600);
const CHUNK: usize = 64 * 1024;
/// Contents that one statement of a sweep asks about.
const ASKED_AT_ONCE: usize = 200;
/// Rows of one page.
pub const MAX_PAGE: u32 = 200;

/// Where content lies.
#[derive(Clone, Debug, Default)]
pub enum FileStore {
    /// Below the data directory.
    #[default]
    Disk,
    /// In an S3-compatible store.
    Bucket(Bucket),
}

/// A file to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFile {
    /// What people call it; folders in it are cut off.
    pub name: String,
    /// `text/csv`, …
    pub content_type: String,
    /// When it may go; `None` for good.
    pub keep_until: Option<Time>,
}

db::row! {
    struct FileRow {
        id: FileId,
        sha256: Vec<u8>,
        size: i64,
        name: String,
        content_type: String,
        keep_until: Option<Time>,
        actor_kind: String,
        actor_id: Option<i64>,
        created_at: Time,
    }
}

const COLUMNS: &str = "id, sha256, size, name, content_type, keep_until, actor_kind, actor_id, created_at";

/// A kept file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredFile {
    /// Which.
    pub id: FileId,
    /// Its content.
    pub sha256: Vec<u8>,
    /// In bytes.
    pub size: i64,
    /// What people call it.
    pub name: String,
    /// `text/csv`, …
    pub content_type: String,
    /// When it may go.
    pub keep_until: Option<Time>,
    /// Who brought it.
    pub actor: Actor,
    /// When.
    pub created_at: Time,
}

impl From<FileRow> for StoredFile {
    fn from(row: FileRow) -> StoredFile {
        StoredFile {
            id: row.id,
            sha256: row.sha256,
            size: row.size,
            name: row.name,
            content_type: row.content_type,
            keep_until: row.keep_until,
            actor: Actor::from_columns(&row.actor_kind, row.actor_id),
            created_at: row.created_at,
        }
    }
}

impl StoredFile {
    /// Where its content lies when it lies on this disk; see [`on_disk`] for whoever needs a path.
    pub fn path(&self, base: &Base) -> PathBuf {
        content_path(base.data_dir(), &self.sha256)
    }
}

/// Content of a file, read piece by piece.
pub struct Content(Pin<Box<dyn AsyncRead + Send>>);

impl AsyncRead for Content {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<std::io::Result<()>> {
        self.0.as_mut().poll_read(context, buffer)
    }
}

/// A file's content at a path of this machine.
#[derive(Debug)]
pub struct OnDisk {
    path: PathBuf,
    is_copy: bool,
}

impl OnDisk {
    /// Where it is, as long as this value lives.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for OnDisk {
    fn drop(&mut self) {
        if self.is_copy {
            drop(std::fs::remove_file(&self.path));
        }
    }
}

/// Keeps these bytes.
pub async fn put(edge: &Edge, file: NewFile, bytes: &[u8]) -> Result<StoredFile, Error> {
    put_stream(edge, file, bytes, u64::MAX).await
}

/// Keeps what comes. `Invalid` `file.too_large` when it is more than `max_bytes`; nothing stays then.
pub async fn put_stream(edge: &Edge, file: NewFile, content: impl AsyncRead + Unpin, max_bytes: u64) -> Result<StoredFile, Error> {
    let kept = keep(&edge.base, content, max_bytes).await?;
    let (sha256, size) = (kept.sha256.clone(), kept.size);
    let file = edge.write(move |tx, ctx| insert(tx, ctx, &file, &sha256, size)).await?;
    kept.settle(&edge.base).await?;
    Ok(file)
}

/// Content that is stored and has no row yet: a row is written with [`insert`] in whatever transaction it belongs
/// to, then comes [`Kept::settle`]. Without a row it goes with a later [`sweep`].
pub struct Kept {
    incoming: Incoming,
    sha256: Vec<u8>,
    size: i64,
}

/// Stores content: on this disk, or in the other store, before anything is written about it.
pub async fn keep(base: &Base, mut content: impl AsyncRead + Unpin, max_bytes: u64) -> Result<Kept, Error> {
    let mut incoming = Incoming::new(base.data_dir()).await?;
    let mut chunk = vec![0; CHUNK];
    loop {
        let n = content.read(&mut chunk).await.map_err(Error::internal)?;
        if n == 0 {
            break;
        }
        if incoming.size + n as u64 > max_bytes {
            return Err(Error::field("file", "file.too_large").with("max_bytes", max_bytes));
        }
        incoming.write(&chunk[..n]).await?;
    }
    let (sha256, size) = (incoming.end().await?, i64::try_from(incoming.size).map_err(Error::internal)?);
    let kept = Kept { incoming, sha256, size };
    kept.store(base).await?;
    Ok(kept)
}

impl Kept {
    /// What the content is named by.
    pub fn sha256(&self) -> &[u8] {
        &self.sha256
    }

    /// How long it is, in bytes.
    pub fn size(&self) -> i64 {
        self.size
    }

    /// Where it can be read until this value goes.
    pub fn path(&self) -> &Path {
        &self.incoming.path
    }

    async fn store(&self, base: &Base) -> Result<(), Error> {
        match base.file_store() {
            FileStore::Disk => link(&self.incoming.path, &content_path(&self.incoming.data_dir, &self.sha256)).await,
            FileStore::Bucket(bucket) => bucket.put(&self.sha256, &self.incoming.path, self.incoming.size).await,
        }
    }

    /// After the row is committed: a sweep may have taken the content away between both.
    pub async fn settle(&self, base: &Base) -> Result<(), Error> {
        match base.file_store() {
            FileStore::Disk => link(&self.incoming.path, &content_path(&self.incoming.data_dir, &self.sha256)).await,
            FileStore::Bucket(bucket) => match bucket.written_at(&self.sha256).await? {
                Some(_) => Ok(()),
                None => bucket.put(&self.sha256, &self.incoming.path, self.incoming.size).await,
            },
        }
    }
}

/// Keeps a copy of a file on this machine.
pub async fn put_path(edge: &Edge, file: NewFile, path: &Path) -> Result<StoredFile, Error> {
    let content = tokio::fs::File::open(path).await.map_err(|error| Error::internal(format!("cannot read {}: {error}", path.display())))?;
    put_stream(edge, file, content, u64::MAX).await
}

/// One file.
pub fn find(tx: &mut Tx, _ctx: &Ctx, id: FileId) -> Result<StoredFile, Error> {
    let row: Option<FileRow> = tx.optional(&format!("select {COLUMNS} from files where org_id = $1 and id = $2"), params![tx.org(), id])?;
    row.map(StoredFile::from).ok_or(Error::not_found("file"))
}

/// Files, the newest first, older than `before`.
pub fn list(tx: &mut Tx, _ctx: &Ctx, before: Option<FileId>, limit: u32) -> Result<Vec<StoredFile>, Error> {
    let mut values = params![tx.org()];
    let mut condition = "";
    if let Some(before) = before {
        values.extend(params![before]);
        condition = " and id < $2";
    }
    let limit = limit.min(MAX_PAGE);
    let rows: Vec<FileRow> = tx.rows(&format!("select {COLUMNS} from files where org_id = $1{condition} order by id desc limit {limit}"), values)?;
    Ok(rows.into_iter().map(StoredFile::from).collect())
}

/// Opens a file's content. `NotFound` when its row or its content is gone.
pub async fn open(edge: &Edge, id: FileId) -> Result<(StoredFile, Content), Error> {
    let file = edge.read(move |tx, ctx| find(tx, ctx, id)).await?;
    let content = read(&edge.base, &file).await?;
    Ok((file, content))
}

/// The content of a file whose row was read already. `NotFound` when it is gone.
pub async fn read(base: &Base, file: &StoredFile) -> Result<Content, Error> {
    let gone = |place: &str| {
        tracing::error!(file.id = %file.id, "The content of a file is gone: {place}");
        Error::not_found("file")
    };
    match base.file_store() {
        FileStore::Disk => {
            let path = file.path(base);
            match tokio::fs::File::open(&path).await {
                Ok(content) => Ok(Content(Box::pin(content))),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(gone(&path.display().to_string())),
                Err(error) => Err(Error::internal(format!("cannot read {}: {error}", path.display()))),
            }
        }
        FileStore::Bucket(bucket) => match bucket.get(&file.sha256).await? {
            Some(content) => Ok(Content(Box::pin(StreamReader::new(content)))),
            None => Err(gone(bucket.place())),
        },
    }
}

/// A path at which a file's content can be read: its own, or that of a copy which goes with the answer.
pub async fn on_disk(base: &Base, file: &StoredFile) -> Result<OnDisk, Error> {
    if let FileStore::Disk = base.file_store() {
        return Ok(OnDisk { path: file.path(base), is_copy: false });
    }
    let mut content = read(base, file).await?;
    let mut incoming = Incoming::new(base.data_dir()).await?;
    let copy = OnDisk { path: incoming.path.with_extension("copy"), is_copy: true };
    let mut chunk = vec![0; CHUNK];
    loop {
        let n = content.read(&mut chunk).await.map_err(|error| {
            tracing::error!(file.id = %file.id, "A file broke off while it was read: {error}");
            Error::Unavailable { service: "file_store" }
        })?;
        if n == 0 {
            break;
        }
        incoming.write(&chunk[..n]).await?;
    }
    if incoming.end().await? != file.sha256 {
        return Err(Error::internal(format!("the content of {} is not what it was", file.id)));
    }
    tokio::fs::rename(&incoming.path, &copy.path).await.map_err(|error| trouble(&copy.path, &error))?;
    Ok(copy)
}

/// Removes a file's row; its content goes with the next [`sweep`] unless another row names it.
pub fn remove(tx: &mut Tx, _ctx: &Ctx, id: FileId) -> Result<(), Error> {
    tx.execute("delete from files where org_id = $1 and id = $2", params![tx.org(), id])?;
    Ok(())
}

/// Removes a file and its content at once, unless another row names the same content: for what must not lie
/// about until the next [`sweep`].
pub async fn remove_now(edge: &Edge, file: &StoredFile) -> Result<(), Error> {
    let id = file.id;
    edge.write(move |tx, ctx| remove(tx, ctx, id)).await?;
    if !named(&edge.base, vec![file.sha256.clone()]).await?.is_empty() {
        return Ok(());
    }
    match edge.base.file_store() {
        FileStore::Bucket(bucket) => bucket.remove(&file.sha256).await,
        FileStore::Disk => {
            let path = file.path(&edge.base);
            if tokio::fs::try_exists(&path).await.unwrap_or(false) {
                remove_unnamed(&edge.base, &path, &file.sha256).await?;
            }
            Ok(())
        }
    }
}

/// Removes at most `limit` rows that are past their time; answers how many.
pub fn purge(tx: &mut Tx, ctx: &Ctx, limit: u32) -> Result<u64, Error> {
    tx.execute(
        "delete from files
          where org_id = $1
            and id in (select id
                         from files
                        where org_id = $1
                          and keep_until is not null
                          and keep_until <= $2
                        order by keep_until, id
                        limit $3)",
        params![tx.org(), ctx.now, limit],
    )
}

/// Removes content that no row of any organization names and that has lain for an hour; answers how
/// many bytes that freed. Also what broken-off uploads left.
pub async fn sweep(base: &Base) -> Result<u64, Error> {
    sweep_older(base, YOUNG).await
}

pub(crate) async fn sweep_older(base: &Base, least_age: Duration) -> Result<u64, Error> {
    let root = base.data_dir().join("files");
    let listed = tokio::task::spawn_blocking(move || old_files(&root, least_age)).await.map_err(Error::internal)?;
    let mut freed = 0;
    let mut contents = Vec::new();
    for (path, size) in listed.map_err(Error::internal)? {
        match sha256_of(&path) {
            None => freed += if tokio::fs::remove_file(&path).await.is_ok() { size } else { 0 },
            // With another store only broken-off uploads lie here; what was here before a move to it stays.
            Some(_) if matches!(base.file_store(), FileStore::Bucket(_)) => {}
            Some(sha256) => contents.push((path, sha256, size)),
        }
    }
    for some in contents.chunks(ASKED_AT_ONCE) {
        let named = named(base, some.iter().map(|(_, sha256, _)| sha256.clone()).collect()).await?;
        for (path, sha256, size) in some.iter().filter(|(_, sha256, _)| !named.contains(sha256)) {
            freed += if remove_unnamed(base, path, sha256).await? { *size } else { 0 };
        }
    }
    if let FileStore::Bucket(bucket) = base.file_store() {
        freed += sweep_bucket(base, bucket, least_age).await?;
    }
    Ok(freed)
}

/// The same in the other store. Between the last look and the removal lies a moment in which an upload of the
/// same content could come in; who uploads looks afterwards whether it is still there.
async fn sweep_bucket(base: &Base, bucket: &Bucket, least_age: Duration) -> Result<u64, Error> {
    let youngest = || Time(now_us() - i64::try_from(least_age.as_micros()).unwrap_or(i64::MAX));
    let mut freed = 0;
    let mut listed = bucket.list().try_chunks(ASKED_AT_ONCE);
    while let Some(some) = listed.try_next().await.map_err(|error| error.1)? {
        let old: Vec<_> = some.into_iter().filter(|one| one.written_at <= youngest()).collect();
        let named = named(base, old.iter().map(|one| one.sha256.clone()).collect()).await?;
        for one in old.iter().filter(|one| !named.contains(&one.sha256)) {
            let written = bucket.written_at(&one.sha256).await?;
            if written.is_some_and(|at| at <= youngest()) && self::named(base, vec![one.sha256.clone()]).await?.is_empty() {
                bucket.remove(&one.sha256).await?;
                freed += one.size;
            }
        }
    }
    Ok(freed)
}

/// Takes the content aside, looks once more, and puts it back when a row has appeared meanwhile; who
/// writes a row looks afterwards whether the content is still there.
async fn remove_unnamed(base: &Base, path: &Path, sha256: &[u8]) -> Result<bool, Error> {
    let aside = path.with_extension("gone");
    tokio::fs::rename(path, &aside).await.map_err(Error::internal)?;
    if !named(base, vec![sha256.to_vec()]).await?.is_empty() {
        tokio::fs::rename(&aside, path).await.map_err(Error::internal)?;
        return Ok(false);
    }
    tokio::fs::remove_file(&aside).await.map_err(Error::internal)?;
    Ok(true)
}

/// Those of these contents that a row of any organization names.
#[expect(clippy::disallowed_methods, reason = "content is shared by all organizations")]
async fn named(base: &Base, contents: Vec<Vec<u8>>) -> Result<BTreeSet<Vec<u8>>, Error> {
    if contents.is_empty() {
        return Ok(BTreeSet::new());
    }
    base.db()
        .system_read(move |tx| {
            let params: Vec<_> = contents.iter().map(ToValue::to_value).collect();
            let found: Vec<(Vec<u8>,)> = tx.rows(
                &format!(
                    "select distinct f.sha256
                       from organizations o
                       join files f on f.org_id = o.id and f.sha256 in ({})
                      limit {ASKED_AT_ONCE}",
                    dialect::markers(1, contents.len())
                ),
                params,
            )?;
            Ok(found.into_iter().map(|(sha256,)| sha256).collect())
        })
        .await
}

/// Files below the root that were last written at least this long ago.
fn old_files(root: &Path, least_age: Duration) -> std::io::Result<Vec<(PathBuf, u64)>> {
    let mut found = Vec::new();
    let Ok(folders) = std::fs::read_dir(root) else { return Ok(found) };
    for folder in folders {
        let folder = folder?.path();
        if !folder.is_dir() {
            continue;
        }
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            let meta = entry.metadata()?;
            let age = meta.modified().ok().and_then(|at| at.elapsed().ok()).unwrap_or_default();
            if meta.is_file() && age >= least_age {
                found.push((entry.path(), meta.len()));
            }
        }
    }
    Ok(found)
}

fn content_path(data_dir: &Path, sha256: &[u8]) -> PathBuf {
    let name = hex::encode(sha256);
    let (folder, rest) = name.split_at(2.min(name.len()));
    data_dir.join("files").join(folder).join(rest)
}

/// The content that a path is named after; `None` for what is not content.
fn sha256_of(path: &Path) -> Option<Vec<u8>> {
    let folder = path.parent()?.file_name()?.to_str()?;
    let name = path.file_name()?.to_str()?;
    let sha256 = hex::decode(format!("{folder}{name}")).ok()?;
    (sha256.len() == 32).then_some(sha256)
}

/// Content on its way in; gone when it is dropped before it is kept.
struct Incoming {
    data_dir: PathBuf,
    path: PathBuf,
    file: tokio::fs::File,
    hash: Sha256,
    size: u64,
}

impl Incoming {
    async fn new(data_dir: &Path) -> Result<Incoming, Error> {
        let folder = data_dir.join("files").join("incoming");
        let path = folder.join(hex::encode(rand::random::<[u8; 16]>()));
        let file = async {
            tokio::fs::create_dir_all(&folder).await?;
            let mut options = tokio::fs::OpenOptions::new();
            options.write(true).create_new(true);
            #[cfg(unix)]
            options.mode(0o600);
            options.open(&path).await
        };
        let file = file.await.map_err(|error| trouble(&path, &error))?;
        Ok(Incoming { data_dir: data_dir.to_owned(), path, file, hash: Sha256::new(), size: 0 })
    }

    async fn write(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.hash.update(bytes);
        self.size += bytes.len() as u64;
        self.file.write_all(bytes).await.map_err(|error| trouble(&self.path, &error))
    }

    /// Everything has come: it is on the disk, and this is what it is named by.
    async fn end(&mut self) -> Result<Vec<u8>, Error> {
        let done = async {
            self.file.flush().await?;
            self.file.sync_all().await
        };
        done.await.map_err(|error| trouble(&self.path, &error))?;
        Ok(self.hash.finalize_reset().to_vec())
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        drop(std::fs::remove_file(&self.path));
    }
}

/// Gives the content its name, unless it has it already; then it counts as new.
async fn link(from: &Path, to: &Path) -> Result<(), Error> {
    let linked = async {
        if let Some(folder) = to.parent() {
            tokio::fs::create_dir_all(folder).await?;
        }
        match tokio::fs::hard_link(from, to).await {
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                let existing = to.to_owned();
                let touched = tokio::task::spawn_blocking(move || std::fs::File::open(existing)?.set_modified(now_on_disk()));
                touched.await.map_err(std::io::Error::other)?
            }
            other => other,
        }
    };
    linked.await.map_err(|error| trouble(to, &error))
}

#[expect(clippy::disallowed_methods, reason = "compared with the time of files, which the system's clock writes")]
fn now_on_disk() -> SystemTime {
    SystemTime::now()
}

fn now_us() -> i64 {
    now_on_disk().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}

fn trouble(path: &Path, error: &std::io::Error) -> Error {
    if error.kind() == std::io::ErrorKind::StorageFull {
        return Error::Unavailable { service: "disk" };
    }
    Error::internal(format!("cannot write {}: {error}", path.display()))
}

/// Writes the row of content that is [kept](Kept) already.
pub fn insert(tx: &mut Tx, ctx: &Ctx, file: &NewFile, sha256: &[u8], size: i64) -> Result<StoredFile, Error> {
    let id: FileId = tx.new_id();
    let (actor_kind, actor_id) = ctx.actor.columns();
    let name = plain_name(&file.name);
    tx.execute(
        "insert into files (org_id, id, sha256, size, name, content_type, keep_until, actor_kind, actor_id, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        params![tx.org(), id, sha256, size, name, file.content_type, file.keep_until, actor_kind, actor_id, ctx.now],
    )?;
    find(tx, ctx, id)
}

/// A name without folders and control signs, at most 200 bytes.
fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last.chars().filter(|sign| !sign.is_control()).collect();
    let clean = kernel::cut(clean.trim(), 200);
    if clean.is_empty() { "file".to_owned() } else { clean.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_name_alone() {
        assert_eq!(plain_name("../../etc/passwd"), "passwd");
        assert_eq!(plain_name("C:\\Users\\me\\orders.csv"), "orders.csv");
        assert_eq!(plain_name("طلبات\u{0007}.csv "), "طلبات.csv");
        assert_eq!(plain_name("///"), "file");
        assert!(plain_name(&"é".repeat(300)).len() <= 200);
    }

    #[test]
    fn content_has_one_place() {
        let path = content_path(Path::new("/data"), &[0xab; 32]);
        assert_eq!(path, Path::new("/data/files/ab").join("ab".repeat(31)));
        assert_eq!(sha256_of(&path), Some(vec![0xab; 32]));
        assert_eq!(sha256_of(Path::new("/data/files/incoming/0123")), None);
        assert_eq!(sha256_of(&path.with_extension("gone")), None);
    }
}
