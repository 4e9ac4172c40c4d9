//! The data directory: `kafila.db`, `files/`, `backups/`, `keys/`, `logs/`, `mail/`, `kafila.lock`.
//!
//! On SQLite one process owns it: the lock belongs to the process and is gone with it, also after
//! `kill -9`. On PostgreSQL several processes may share one directory, so nobody locks it.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use crate::failure::{Exit, Failure, file_failure};

/// A data directory that exists.
#[derive(Debug)]
pub struct DataDir {
    path: PathBuf,
    /// Held while this process owns the directory.
    lock: Option<File>,
}

impl DataDir {
    /// Opens the directory, making it (for its owner alone) when it is not there.
    pub fn open(path: &Path) -> Result<DataDir, Failure> {
        DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(|error| file_failure("create", path, &error))?;
        let path = path.canonicalize().map_err(|error| file_failure("open", path, &error))?;
        Ok(DataDir { path, lock: None })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Room on its disk for us, in bytes; `None` when the system does not say.
    pub fn room(&self) -> Option<u64> {
        let disk = rustix::fs::statvfs(&self.path).ok()?;
        Some(disk.f_bavail.saturating_mul(disk.f_frsize))
    }

    /// A folder inside, made when it is not there.
    pub fn folder(&self, name: &str) -> Result<PathBuf, Failure> {
        let path = self.path.join(name);
        DirBuilder::new().recursive(true).mode(0o700).create(&path).map_err(|error| file_failure("create", &path, &error))?;
        Ok(path)
    }

    /// Takes the directory for this process, or names the one that has it.
    pub fn lock(&mut self) -> Result<(), Failure> {
        if self.lock.is_some() {
            return Ok(());
        }
        let path = self.path.join("kafila.lock");
        let opened = OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(&path);
        let mut file = opened.map_err(|error| file_failure("write", &path, &error))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(taken(&self.path, holder(&mut file))),
            Err(TryLockError::Error(error)) => return Err(file_failure("lock", &path, &error)),
        }
        let noted = file.set_len(0).and_then(|()| writeln!(file, "{}", std::process::id()));
        noted.map_err(|error| file_failure("write", &path, &error))?;
        self.lock = Some(file);
        Ok(())
    }

    /// The process that owns the directory now, if another one does.
    pub fn owner(&self) -> Option<String> {
        let mut file = File::options().read(true).open(self.path.join("kafila.lock")).ok()?;
        match (&self.lock, file.try_lock_shared()) {
            (None, Err(TryLockError::WouldBlock)) => Some(holder(&mut file)),
            _ => None,
        }
    }
}

fn holder(file: &mut File) -> String {
    let mut text = String::new();
    let read = file.rewind().and_then(|()| file.read_to_string(&mut text));
    match (read, text.trim()) {
        (Ok(_), pid) if !pid.is_empty() => format!("process {pid}"),
        _ => "another process".to_owned(),
    }
}

fn taken(path: &Path, holder: String) -> Failure {
    Failure::new(Exit::DataDir, format!("{} is in use by {holder}", path.display())).remedy(
        "With SQLite one process owns the data directory. Stop that process (`kafila backup` and `kafila doctor` work \
         beside it), do it through its pages or API, or use PostgreSQL (database.url), where any number may run.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_process_owns_it_and_the_next_hears_which() {
        let folder = tempfile::tempdir().unwrap();
        let mut first = DataDir::open(&folder.path().join("a/b")).unwrap();
        first.lock().unwrap();
        let mut second = DataDir::open(&folder.path().join("a/b")).unwrap();
        let refused = second.lock().unwrap_err();
        assert_eq!(refused.exit, Exit::DataDir);
        assert!(refused.to_string().contains(&format!("process {}", std::process::id())), "{refused}");
        assert_eq!(second.owner(), Some(format!("process {}", std::process::id())));
        drop(first);
        second.lock().unwrap();
        let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(second.path()).unwrap().permissions());
        assert_eq!(mode & 0o777, 0o700);
    }
}
