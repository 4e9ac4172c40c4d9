//! Backups of the embedded database: a verified copy with a manifest, and the way back.
//!
//! A copy is one consistent moment while everybody works on. What it holds is counted and hashed
//! into the manifest beside it, so that a restore can prove what it puts back. Files below `files/` never change
//! once written, so all copies share one folder of them, `backups/files/`, where each content stands once;
//! keys are left out on purpose: whoever finds a backup must not find the key with it. For PostgreSQL `pg_dump`
//! does all of this better, and files in an S3-compatible store are that store's to keep.

mod files;

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use base::system::backups::FOLDER;
pub use base::system::backups::Manifest;
use db::{Db, DbConfig, Inspection};
use kernel::Time;
use sha2::{Digest, Sha256};

use crate::data_dir::DataDir;
use crate::failure::{Exit, Failure, file_failure};

/// The folder of content, in the data directory and among the backups.
const FILES: &str = "files";
/// What to do with PostgreSQL instead.
pub const USE_PG_DUMP: &str = "For PostgreSQL use its own tools: `pg_dump --format=custom --file=kafila.dump URL` and \
     `pg_restore --clean --if-exists --dbname=URL kafila.dump`. Copy `files/` and `keys/` of the data directory as well.";

/// What a backup holds besides the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum With {
    /// Files as well: what people and the nightly job ask for.
    Files,
    /// A list of them: before migrations, which leave files alone.
    ListOfFiles,
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
    /// Files that were copied now; the others lay there already.
    pub files_copied: usize,
    /// Files that are not what their names say, and were left out.
    pub damaged: Vec<String>,
}

/// Copies the database of `data`, verifies the copy, writes its manifest, and then removes all but
/// the newest `keep`. Works beside a running process. It takes as long as reading the file a few times.
pub fn make(data: &DataDir, now: Time, keep: usize, with: With) -> Result<Made, Failure> {
    let from = data.path().join("kafila.db");
    let folder = data.folder(FOLDER)?;
    let name = format!("kafila-{}.db", stamp(now));
    let path = free_name(&folder, &name);

    db::backup_sqlite(&from, &path)?;
    let seen = verify(&path)?;
    let (manifest, copied) = manifest_of(data, &folder, &path, seen, now, with)?;
    for name in &copied.damaged {
        tracing::error!(path = %data.path().join(FILES).join(name).display(), "A file is not what its name says; it is not in the backup");
    }
    let removed = retain(&folder, keep)?;
    tracing::info!(path = %path.display(), bytes = manifest.bytes, files = copied.new, "Made a backup of the database and verified it");
    Ok(Made { path, manifest, removed, files_copied: copied.new, damaged: copied.damaged })
}

/// Copies files where they are wanted, and writes the manifest of a copy that was verified. Files come after the
/// database: what a row names was there before the row.
fn manifest_of(data: &DataDir, folder: &Path, path: &Path, seen: Inspection, now: Time, with: With) -> Result<(Manifest, files::Copied), Failure> {
    let from = data.path().join(FILES);
    let copied = match with {
        With::Files => files::copy_all(&from, &folder.join(FILES))?,
        With::ListOfFiles => files::Copied { listed: files::list(&from), ..files::Copied::default() },
    };
    let (bytes, sha256) = hash(path)?;
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
        files: copied.listed.clone(),
        has_files: with == With::Files,
    };
    write_whole(&manifest_path(path), &serde_json::to_vec_pretty(&manifest).unwrap_or_default())?;
    Ok((manifest, copied))
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
    /// Files that were missing or damaged and are back.
    pub files_restored: usize,
    /// Files that the backup lists.
    pub files: usize,
}

/// Puts a backup in the place of the present database. The caller holds the lock of `data`.
///
/// The backup is verified first and copied completely, its files as well; then the present database, if there
/// is one, gets a second name, and only then the copy takes its place, in one step. Nothing is deleted: what
/// the present database names is kept among the backups before a sweep may take it away.
pub fn restore(data: &DataDir, from: &Path, now: Time, newest_known: u32) -> Result<Restored, Failure> {
    let seen = verify(from)?;
    let manifest = compare(from, &seen)?;
    let listed = manifest.as_ref().map(|manifest| manifest.files.clone()).unwrap_or_default();
    let (beside, there) = (from.parent().unwrap_or(Path::new(".")).join(FILES), data.path().join(FILES));
    let wanted = files::to_restore(&listed, &beside, &there, from)?;
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

    let files_restored = files::restore(&wanted, &beside, &there)?;
    let moved_aside = if present.exists() { Some(set_aside(data, &present, now)?) } else { None };
    if let Some(aside) = &moved_aside
        && let Ok(old) = verify(aside)
    {
        manifest_of(data, &data.folder(FOLDER)?, aside, old, now, With::Files)?;
        // Reading it made a log with nothing in it.
        if fs::metadata(beside_of(aside, "-wal")).is_ok_and(|log| log.len() == 0) {
            for end in ["-wal", "-shm"] {
                drop(fs::remove_file(beside_of(aside, end)));
            }
        }
    }
    fs::rename(&copy, &present).map_err(|error| file_failure("put the backup in the place of", &present, &error))?;
    sync_folder(data.path());
    Ok(Restored { seen, moved_aside, compared: manifest.is_some(), files_restored, files: listed.len() })
}

/// Gives the present database a second name, with all that was committed in it.
fn set_aside(data: &DataDir, present: &Path, now: Time) -> Result<PathBuf, Failure> {
    let aside = free_name(&data.folder(FOLDER)?, &format!("replaced-{}.db", stamp(now)));
    // Closing copies the log into the file. A damaged database may not open; then its log moves with it.
    if let Ok(db) = Db::open(&DbConfig::sqlite(present)) {
        db.close(Duration::from_secs(60));
    }
    let is_empty = fs::metadata(beside_of(present, "-wal")).is_ok_and(|log| log.len() == 0);
    for end in ["-wal", "-shm"] {
        let log = beside_of(present, end);
        if log.exists() {
            // An empty log says nothing, and its index can be made again.
            let moved = if is_empty { fs::remove_file(&log) } else { fs::rename(&log, beside_of(&aside, end)) };
            moved.map_err(|error| file_failure("move aside", &log, &error))?;
        }
    }
    // A second name instead of a move: at every moment there is a `kafila.db`.
    fs::hard_link(present, &aside)
        .or_else(|_| fs::copy(present, &aside).map(drop))
        .map_err(|error| file_failure("keep the present database as", &aside, &error))?;
    Ok(aside)
}

/// The files that SQLite keeps beside a database: its name with an ending.
fn beside_of(database: &Path, end: &str) -> PathBuf {
    PathBuf::from(format!("{}{end}", database.display()))
}

fn compare(from: &Path, seen: &Inspection) -> Result<Option<Manifest>, Failure> {
    let path = manifest_path(from);
    let Ok(text) = fs::read(&path) else { return Ok(None) };
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
    Ok(Some(manifest))
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
    if let Some(kept) = listed_in(folder) {
        files::forget(&folder.join(FILES), &kept)?;
    }
    Ok(copies)
}

/// The files that the manifests in a folder list; none when one of them cannot be read, and then nothing goes.
fn listed_in(folder: &Path) -> Option<BTreeSet<String>> {
    let mut kept = BTreeSet::new();
    for entry in fs::read_dir(folder).ok()?.flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|end| end == "json") {
            let manifest: Manifest = serde_json::from_slice(&fs::read(&path).ok()?).ok()?;
            kept.extend(manifest.files.into_keys());
        }
    }
    Some(kept)
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
