//! Backups as they lie in the data directory: what each holds, as its manifest says; one more now; taking one out.
//!
//! Making, verifying and restoring them is the app's. On PostgreSQL there are none: `pg_dump` is the operator's.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use db::{Engine, Tx};
use kernel::{Details, Error, Event, JobKind, Permission, TaskId, Time, UserId};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::keeper;
use crate::ctx::Ctx;
use crate::edge::Edge;
use crate::events;
use crate::organizations;
use crate::tasks::{self, NewTask};

/// The folder of backups in the data directory.
pub const FOLDER: &str = "backups";
/// The schedule whose job makes them; one that is asked for waits until it is through.
const SCHEDULE_KEY: &str = "schedule:backup";
/// Backups that are listed.
const MOST: usize = 200;

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
    /// What `files/` held at that moment: lengths by path.
    pub files: BTreeMap<String, u64>,
    /// Whether all of them lie in the folder `files/` beside the copy; else they are listed alone.
    #[serde(default)]
    pub has_files: bool,
}

impl Manifest {
    /// The name without its ending, by which people ask for it.
    pub fn name(&self) -> &str {
        self.file.strip_suffix(".db").unwrap_or(&self.file)
    }

    /// How many rows it holds.
    pub fn row_count(&self) -> i64 {
        self.rows.values().sum()
    }

    /// Whether people asked for it or the night did; the other ones are made before migrations and restores.
    pub fn is_regular(&self) -> bool {
        self.has_files && self.file.starts_with("kafila-")
    }
}

/// What of a backup is taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The copy of the database.
    Copy,
    /// What it holds.
    Manifest,
}

/// The backups, the newest first. Needs `system.read`, and is the installation's.
pub async fn list(edge: &Edge) -> Result<Vec<Manifest>, Error> {
    keeper(edge, Permission::SystemRead, "backup").await?;
    let folder = edge.base.data_dir().join(FOLDER);
    tokio::task::spawn_blocking(move || read(&folder)).await.map_err(Error::internal)
}

/// One backup. Needs `system.read`, and is the installation's.
pub async fn find(edge: &Edge, name: &str) -> Result<Manifest, Error> {
    let all = list(edge).await?;
    all.into_iter().find(|one| one.name() == name).ok_or(Error::not_found("backup"))
}

/// The newest backup that people or the night have made.
pub(crate) fn newest(data_dir: &Path) -> Option<Manifest> {
    read(&data_dir.join(FOLDER)).into_iter().find(Manifest::is_regular)
}

/// Every copy with a manifest that can be read and tells of a file of its own name.
fn read(folder: &Path) -> Vec<Manifest> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let manifests = entries.flatten().map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|end| end == "json"));
    let mut found: Vec<Manifest> = manifests
        .filter_map(|path| {
            let manifest: Manifest = serde_json::from_slice(&std::fs::read(&path).ok()?).ok()?;
            let is_own = path.file_stem().is_some_and(|stem| stem.to_string_lossy() == manifest.name());
            (is_own && folder.join(&manifest.file).is_file()).then_some(manifest)
        })
        .collect();
    found.sort_by(|one, other| (other.made_at, &other.file).cmp(&(one.made_at, &one.file)));
    found.truncate(MOST);
    found
}

/// Makes one more backup; the task shows when it is through. Needs `system.edit`, and is the installation's.
///
/// `Conflict` `backup.postgres` on PostgreSQL, `task.twin` while one is made.
pub fn begin(tx: &mut Tx, ctx: &Ctx) -> Result<TaskId, Error> {
    ctx.require(Permission::SystemEdit)?;
    if !ctx.sees().is_everything() || !organizations::is_oldest(tx)? {
        return Err(Error::not_found("backup"));
    }
    if tx.engine() == Engine::Postgres {
        return Err(Error::conflict("backup.postgres"));
    }

    let task = NewTask { kind: JobKind::Backup, title: "kafila.db".to_owned() };
    let (task, _) = tasks::enqueue(tx, ctx, task, json!({}), Some(SCHEDULE_KEY.to_owned()))?;

    events::record(tx, ctx, Event::BackupAsked { task })?;
    Ok(task)
}

/// Where a part of a backup lies, for whoever may take it out; that it was taken out is written down first. Needs `backup.take`, and
/// is the installation's: a backup holds everything of everybody.
pub async fn take(edge: &Edge, name: &str, part: Part) -> Result<(Manifest, PathBuf), Error> {
    keeper(edge, Permission::BackupTake, "backup").await?;
    let folder = edge.base.data_dir().join(FOLDER);
    let listed = tokio::task::spawn_blocking(move || read(&folder)).await.map_err(Error::internal)?;
    let manifest = listed.into_iter().find(|one| one.name() == name).ok_or(Error::not_found("backup"))?;

    let file = match part {
        Part::Copy => manifest.file.clone(),
        Part::Manifest => format!("{}.json", manifest.name()),
    };
    let path = edge.base.data_dir().join(FOLDER).join(&file);
    edge.write(move |tx, ctx| {
        let user = ctx.user().unwrap_or(<UserId as kernel::Id>::from_i64(0));
        events::record_with(tx, ctx, Event::BackupTaken { user, file: file.clone() }, Details::none())
    })
    .await?;
    Ok((manifest, path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_copies_with_their_own_manifest_are_listed_newest_first() {
        let folder = tempfile::tempdir().unwrap();
        let manifest = |name: &str, at: &str| Manifest {
            format: 1,
            made_at: Time::parse(at).unwrap(),
            kafila: "1.0.0".to_owned(),
            file: format!("{name}.db"),
            bytes: 3,
            sha256: String::new(),
            migration: 1,
            rows: BTreeMap::from([("orders".to_owned(), 2), ("users".to_owned(), 1)]),
            files: BTreeMap::new(),
            has_files: true,
        };
        let write = |name: &str, manifest: &Manifest| {
            std::fs::write(folder.path().join(format!("{name}.json")), serde_json::to_vec(manifest).unwrap()).unwrap();
        };
        for (name, at) in [("kafila-1", "2026-01-01T00:00:00Z"), ("kafila-2", "2026-01-02T00:00:00Z"), ("replaced-3", "2026-01-03T00:00:00Z")] {
            std::fs::write(folder.path().join(format!("{name}.db")), "abc").unwrap();
            write(name, &manifest(name, at));
        }
        // A manifest without its copy, one that names another file, and something else.
        write("kafila-4", &manifest("kafila-4", "2026-01-04T00:00:00Z"));
        write("kafila-5", &manifest("../../etc/passwd", "2026-01-05T00:00:00Z"));
        std::fs::write(folder.path().join("notes.json"), "{}").unwrap();

        let found = read(folder.path());
        assert_eq!(found.iter().map(Manifest::name).collect::<Vec<_>>(), ["replaced-3", "kafila-2", "kafila-1"]);
        assert_eq!(found[0].row_count(), 3);
        assert!(!found[0].is_regular() && found[1].is_regular());
        assert_eq!(read(&folder.path().join("nowhere")), []);
    }
}
