//! Backups of the embedded database: a verified copy with a manifest, and the way back.
//!
//! A copy is one consistent moment while everybody works on. What it holds is counted and hashed
//! into the manifest beside it, so that a restore can prove what it puts back. Files below `files/`
//! never change once written, so a copy only lists them; keys are left out on purpose: whoever finds
//! a backup must not find the key with it. For PostgreSQL `pg_dump` does all of this better.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use db::{Db, DbConfig, Inspection};
use kernel::Time;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::data_dir::DataDir;
use crate::failure::{Exit, Failure, file_failure};

const FOLDER: &str = "backups";
/// What to do with PostgreSQL instead.
pub const USE_PG_DUMP: &str = "For PostgreSQL use its own tools: `pg_dump --format=custom --file=kafila.dump URL` and \
     `pg_restore --clean --if-exists --dbname=URL kafila.dump`. Copy `files/` and `keys/` of the data directory as well.";

/// What a backup holds, written beside it as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The form of this manifest.
    pub format: u32,
    /// When the copy was begun.
    pub made_at: Time,
    /// The release that made it.
    pub kafila: String,
    /// The name of the copy.
    pub file: String,
    /// Its length.
    pub bytes: u64,
    /// Its SHA-256 in hexadecimal digits.
    pub sha256: String,
    /// The newest migration in it.
    pub migration: u32,
    /// Rows in each table.
    pub rows: BTreeMap<String, i64>,
    /// What `files/` held at that moment: lengths by path. Copy that folder with any tool.
    pub files: BTreeMap<String, u64>,
}

/// A backup that was made.
#[derive(Clone, Debug)]
pub struct Made {
    /// The copy.
    pub path: PathBuf,
    /// What it holds.
    pub manifest: Manifest,
    /// Older ones that were removed.
    pub removed: Vec<PathBuf>,
}

/// Copies the database of `data`, verifies the copy, writes its manifest, and then removes all but
/// the newest `keep`. Works beside a running process. It takes as long as reading the file a few times.
pub fn make(data: &DataDir, now: Time, keep: usize) -> Result<Made, Failure> {
    let from = data.path().join("kafila.db");
    let folder = data.folder(FOLDER)?;
    let name = format!("kafila-{}.db", stamp(now));
    let path = free_name(&folder, &name);

    let files = list_files(&data.path().join("files"));
    db::backup_sqlite(&from, &path)?;
    let seen = verify(&path)?;
    let (bytes, sha256) = hash(&path)?;
    let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let manifest = Manifest {
        format: 1,
        made_at: now,
        kafila: env!("CARGO_PKG_VERSION").to_owned(),
        file,
        bytes,
        sha256,
        migration: seen.version,
        rows: seen.rows,
        files,
    };
    write_whole(&manifest_path(&path), &serde_json::to_vec_pretty(&manifest).unwrap_or_default())?;
    let removed = retain(&folder, keep)?;
    tracing::info!(path = %path.display(), bytes, "Made a backup of the database and verified it");
    Ok(Made { path, manifest, removed })
}

/// Reads a copy whole; anything wrong is a failure, because a backup that may not open is none.
fn verify(path: &Path) -> Result<Inspection, Failure> {
    let seen = db::inspect_sqlite(path)?;
    match seen.problems.first() {
        None => Ok(seen),
        Some(first) => Err(Failure::new(Exit::Database, format!("{} is damaged: {first}", path.display()))
            .remedy("Use another backup; run `kafila doctor` to see whether the database itself is sound.")),
    }
}

/// What a restore did.
#[derive(Clone, Debug)]
pub struct Restored {
    /// What the backup held.
    pub seen: Inspection,
    /// Where the database that was there before is now.
    pub moved_aside: Option<PathBuf>,
    /// Whether the manifest was there to compare with.
    pub compared: bool,
}

/// Puts a backup in the place of the present database. The caller holds the lock of `data`.
///
/// The backup is verified first and copied completely; then the present database, if there is one,
/// gets a second name, and only then the copy takes its place, in one step. Nothing is deleted.
pub fn restore(data: &DataDir, from: &Path, now: Time, newest_known: u32) -> Result<Restored, Failure> {
    let seen = verify(from)?;
    let compared = compare(from, &seen)?;
    if seen.version > newest_known {
        return Err(db::OpenError::Newer { found: seen.version, known: newest_known }.into());
    }
    if seen.version == 0 {
        return Err(Failure::new(Exit::Database, format!("{} is a database, but not one of kafila's", from.display())));
    }

    let present = data.path().join("kafila.db");
    let copy = data.path().join("kafila.db.restoring");
    let copied = fs::copy(from, &copy).and_then(|_| File::open(&copy)?.sync_all());
    copied.map_err(|error| file_failure("copy the backup to", &copy, &error))?;
    if hash(&copy)?.1 != hash(from)?.1 {
        return Err(Failure::new(Exit::DataDir, format!("the copy in {} differs from the backup; is the disk failing?", copy.display())));
    }

    let moved_aside = if present.exists() { Some(set_aside(data, &present, now)?) } else { None };
    fs::rename(&copy, &present).map_err(|error| file_failure("put the backup in the place of", &present, &error))?;
    sync_folder(data.path());
    Ok(Restored { seen, moved_aside, compared })
}

/// Gives the present database a second name, with all that was committed in it.
fn set_aside(data: &DataDir, present: &Path, now: Time) -> Result<PathBuf, Failure> {
    let aside = free_name(&data.folder(FOLDER)?, &format!("replaced-{}.db", stamp(now)));
    // Closing copies the log into the file. A damaged database may not open; then its log moves with it.
    if let Ok(db) = Db::open(&DbConfig::Sqlite { path: present.to_owned() }) {
        db.close(Duration::from_secs(60));
    }
    let tail = |path: &Path, tail: &str| PathBuf::from(format!("{}{tail}", path.display()));
    let is_empty = fs::metadata(tail(present, "-wal")).is_ok_and(|log| log.len() == 0);
    for end in ["-wal", "-shm"] {
        let log = tail(present, end);
        if log.exists() {
            // An empty log says nothing, and its index can be made again.
            let moved = if is_empty { fs::remove_file(&log) } else { fs::rename(&log, tail(&aside, end)) };
            moved.map_err(|error| file_failure("move aside", &log, &error))?;
        }
    }
    // A second name instead of a move: at every moment there is a `kafila.db`.
    fs::hard_link(present, &aside)
        .or_else(|_| fs::copy(present, &aside).map(drop))
        .map_err(|error| file_failure("keep the present database as", &aside, &error))?;
    Ok(aside)
}

fn compare(from: &Path, seen: &Inspection) -> Result<bool, Failure> {
    let path = manifest_path(from);
    let Ok(text) = fs::read(&path) else { return Ok(false) };
    let differs = |what: &str| {
        Failure::new(Exit::Database, format!("{} is not what its manifest says: {what}", from.display()))
            .remedy(format!("Use another backup. To restore it as it is, move {} away first.", path.display()))
    };
    let manifest: Manifest = serde_json::from_slice(&text).map_err(|error| differs(&format!("the manifest cannot be read ({error})")))?;
    if manifest.sha256 != hash(from)?.1 {
        return Err(differs("another SHA-256"));
    }
    if manifest.rows != seen.rows {
        return Err(differs("other numbers of rows"));
    }
    Ok(true)
}

/// `backups/kafila-x.db` has its manifest in `backups/kafila-x.json`.
fn manifest_path(copy: &Path) -> PathBuf {
    copy.with_extension("json")
}

/// Removes all but the newest. Only what [`make`] wrote counts: not what a restore set aside, nor what
/// somebody put there by hand.
fn retain(folder: &Path, keep: usize) -> Result<Vec<PathBuf>, Failure> {
    let listed = fs::read_dir(folder).map_err(|error| file_failure("read", folder, &error))?;
    let is_ours = |name: &str| name.starts_with("kafila-") && name.ends_with(".db");
    let mut copies: Vec<PathBuf> =
        listed.flatten().map(|entry| entry.path()).filter(|path| path.file_name().is_some_and(|name| is_ours(&name.to_string_lossy()))).collect();
    copies.retain(|path| manifest_path(path).exists());
    // The names are dates.
    copies.sort_by(|one, other| one.file_stem().cmp(&other.file_stem()));
    copies.truncate(copies.len().saturating_sub(keep.max(1)));
    for path in &copies {
        fs::remove_file(path).and_then(|()| fs::remove_file(manifest_path(path))).map_err(|error| file_failure("remove", path, &error))?;
    }
    Ok(copies)
}

fn stamp(now: Time) -> String {
    now.timestamp().strftime("%Y%m%dT%H%M%S%3fZ").to_string()
}

/// The name, or the name with a number when two were made in one millisecond.
fn free_name(folder: &Path, name: &str) -> PathBuf {
    let stem = name.trim_end_matches(".db");
    let names = std::iter::once(name.to_owned()).chain((2..).map(|n| format!("{stem}-{n}.db")));
    names.map(|name| folder.join(name)).find(|path| !path.exists()).unwrap_or_else(|| folder.join(name))
}

fn list_files(folder: &Path) -> BTreeMap<String, u64> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).into_iter().flatten().flatten() {
            let (path, Ok(kind)) = (entry.path(), entry.metadata()) else { continue };
            if kind.is_dir() {
                folders.push(path);
            } else if let Ok(inside) = path.strip_prefix(folder) {
                found.insert(inside.display().to_string(), kind.len());
            }
        }
    }
    found
}

fn hash(path: &Path) -> Result<(u64, String), Failure> {
    let failed = |error: std::io::Error| file_failure("read", path, &error);
    let mut file = File::open(path).map_err(failed)?;
    let (mut hash, mut length, mut buffer) = (Sha256::new(), 0, vec![0; 1 << 16]);
    loop {
        let read = file.read(&mut buffer).map_err(failed)?;
        if read == 0 {
            return Ok((length, hex::encode(hash.finalize())));
        }
        hash.update(&buffer[..read]);
        length += read as u64;
    }
}

fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let partial = path.with_extension("partial");
    let written = fs::write(&partial, bytes).and_then(|()| File::open(&partial)?.sync_all()).and_then(|()| fs::rename(&partial, path));
    written.map_err(|error| file_failure("write", path, &error))?;
    if let Some(folder) = path.parent() {
        sync_folder(folder);
    }
    Ok(())
}

fn sync_folder(folder: &Path) {
    if let Err(error) = File::open(folder).and_then(|folder| folder.sync_all()) {
        tracing::warn!(path = %folder.display(), "A folder could not be flushed to the disk: {error}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_oldest_copies_go() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["kafila-20260101T000000Z", "kafila-20260102T000000Z", "kafila-20260103T000000Z", "replaced-20250101T000000Z", "mine"] {
            fs::write(folder.path().join(format!("{name}.db")), "").unwrap();
            fs::write(folder.path().join(format!("{name}.json")), "").unwrap();
        }
        fs::write(folder.path().join("kafila-by-hand.db"), "").unwrap();
        assert_eq!(retain(folder.path(), 2).unwrap(), [folder.path().join("kafila-20260101T000000Z.db")]);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 9);
        assert_eq!(stamp(Time::parse("2026-11-21T09:08:07.5Z").unwrap()), "20261121T090807500Z");
    }
}
