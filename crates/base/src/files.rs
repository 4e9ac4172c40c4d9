//! Files of an organization: what is imported, what an import refused, what is exported.
//!
//! A row names the content by its sha256; the content lies once below the data directory, at
//! `files/ab/cdef…`, for all rows and organizations that name it. It is on the disk before its row is,
//! and it is removed only when no row names it. A row with `keep_until` goes by itself after that time.
//!
//! Content is moved by async functions at the edge, never inside a transaction. Whether somebody may
//! have a file is decided by the action that hands out its id.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use db::{Tx, params};
use kernel::{Actor, Error, FileId, Time};
use sha2::{Digest, Sha256};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};

use crate::ctx::Ctx;
use crate::edge::{Base, Edge};

/// Content without a row that is younger than this may be about to get one.
const YOUNG: Duration = Duration::from_secs(3_600);
const CHUNK: usize = 64 * 1024;
/// Rows of one page.
pub const MAX_PAGE: u32 = 200;

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
    /// Where its content lies.
    pub fn path(&self, base: &Base) -> PathBuf {
        content_path(base.data_dir(), &self.sha256)
    }
}

/// Keeps these bytes.
pub async fn put(edge: &Edge, file: NewFile, bytes: &[u8]) -> Result<StoredFile, Error> {
    put_stream(edge, file, bytes, u64::MAX).await
}

/// Keeps what comes. `Invalid` `file.too_large` when it is more than `max_bytes`; nothing stays then.
pub async fn put_stream(edge: &Edge, file: NewFile, mut content: impl AsyncRead + Unpin, max_bytes: u64) -> Result<StoredFile, Error> {
    let mut incoming = Incoming::new(edge.base.data_dir()).await?;
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
    incoming.keep(edge, file).await
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
pub async fn open(edge: &Edge, id: FileId) -> Result<(StoredFile, tokio::fs::File), Error> {
    let file = edge.read(move |tx, ctx| find(tx, ctx, id)).await?;
    let path = file.path(&edge.base);
    match tokio::fs::File::open(&path).await {
        Ok(content) => Ok((file, content)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            tracing::error!(file.id = %id, "The content of a file is gone: {}", path.display());
            Err(Error::not_found("file"))
        }
        Err(error) => Err(Error::internal(format!("cannot read {}: {error}", path.display()))),
    }
}

/// Removes a file's row; its content goes with the next [`sweep`] unless another row names it.
pub fn remove(tx: &mut Tx, _ctx: &Ctx, id: FileId) -> Result<(), Error> {
    tx.execute("delete from files where org_id = $1 and id = $2", params![tx.org(), id])?;
    Ok(())
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
    for (path, size) in listed.map_err(Error::internal)? {
        let gone = match sha256_of(&path) {
            None => tokio::fs::remove_file(&path).await.is_ok(),
            Some(sha256) => remove_unnamed(base, &path, sha256).await?,
        };
        freed += if gone { size } else { 0 };
    }
    Ok(freed)
}

/// Takes the content aside, looks once more, and puts it back when a row has appeared meanwhile; who
/// writes a row looks afterwards whether the content is still there.
async fn remove_unnamed(base: &Base, path: &Path, sha256: Vec<u8>) -> Result<bool, Error> {
    if is_named(base, sha256.clone()).await? {
        return Ok(false);
    }
    let aside = path.with_extension("gone");
    tokio::fs::rename(path, &aside).await.map_err(Error::internal)?;
    if is_named(base, sha256).await? {
        tokio::fs::rename(&aside, path).await.map_err(Error::internal)?;
        return Ok(false);
    }
    tokio::fs::remove_file(&aside).await.map_err(Error::internal)?;
    Ok(true)
}

/// Whether a row of any organization names this content.
#[expect(clippy::disallowed_methods, reason = "content is shared by all organizations")]
async fn is_named(base: &Base, sha256: Vec<u8>) -> Result<bool, Error> {
    base.db()
        .system_read(move |tx| {
            let found: Option<(i64,)> = tx.optional(
                "select 1 as one
                   from organizations o
                  where exists (select 1 from files f where f.org_id = o.id and f.sha256 = $1)
                  limit 1",
                params![sha256],
            )?;
            Ok(found.is_some())
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

    async fn keep(mut self, edge: &Edge, file: NewFile) -> Result<StoredFile, Error> {
        let done = async {
            self.file.flush().await?;
            self.file.sync_all().await
        };
        done.await.map_err(|error| trouble(&self.path, &error))?;
        let sha256 = self.hash.finalize_reset().to_vec();
        let target = content_path(&self.data_dir, &sha256);
        link(&self.path, &target).await?;

        let size = i64::try_from(self.size).map_err(Error::internal)?;
        let file = edge.write(move |tx, ctx| insert(tx, ctx, &file, &sha256, size)).await?;

        // A sweep may have taken the content away between the link and the row.
        link(&self.path, &target).await?;
        Ok(file)
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

fn trouble(path: &Path, error: &std::io::Error) -> Error {
    if error.kind() == std::io::ErrorKind::StorageFull {
        return Error::Unavailable { service: "disk" };
    }
    Error::internal(format!("cannot write {}: {error}", path.display()))
}

fn insert(tx: &mut Tx, ctx: &Ctx, file: &NewFile, sha256: &[u8], size: i64) -> Result<StoredFile, Error> {
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
