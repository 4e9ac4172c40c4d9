//! The content of files in a backup: one folder for all copies, because content never changes and is named by its
//! hash. Each content is copied once, proven by that name, and goes when no kept copy lists it any more.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{ErrorKind, Read, Write};
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::failure::{Exit, Failure, file_failure};

/// Lengths by path below `files/`: `ab/cdef…`.
pub(super) type Listed = BTreeMap<String, u64>;

/// The content in a folder; what is on its way in is left out.
pub(super) fn list(folder: &Path) -> Listed {
    let mut found = Listed::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let Some(first) = entry.file_name().to_str().map(str::to_owned) else { continue };
        for entry in fs::read_dir(entry.path()).into_iter().flatten().flatten() {
            let (Some(rest), Ok(meta)) = (entry.file_name().to_str().map(str::to_owned), entry.metadata()) else { continue };
            let name = format!("{first}/{rest}");
            if meta.is_file() && is_content(&name) {
                found.insert(name, meta.len());
            }
        }
    }
    found
}

/// Two digits, a slash, 62 digits: the sha256 of what lies there.
fn is_content(name: &str) -> bool {
    let is_hex = |text: &str| text.bytes().all(|sign| sign.is_ascii_digit() || (b'a'..=b'f').contains(&sign));
    name.split_once('/').is_some_and(|(first, rest)| first.len() == 2 && rest.len() == 62 && is_hex(first) && is_hex(rest))
}

/// What copying came to.
#[derive(Debug, Default)]
pub(super) struct Copied {
    /// What is in the copy now.
    pub listed: Listed,
    /// Content that is not what its name says: it is left out, and somebody should look.
    pub damaged: Vec<String>,
    /// How many were copied; the others lay there already.
    pub new: usize,
}

/// Copies what is not there yet. Content that a sweep takes away meanwhile is left out: no row names it.
pub(super) fn copy_all(from: &Path, to: &Path) -> Result<Copied, Failure> {
    let mut copied = Copied::default();
    for (name, length) in list(from) {
        let target = to.join(&name);
        if fs::metadata(&target).is_ok_and(|there| there.len() == length) {
            copied.listed.insert(name, length);
            continue;
        }
        match copy(&from.join(&name), &target, &name) {
            Ok(true) => {
                copied.new += 1;
                copied.listed.insert(name, length);
            }
            Ok(false) => copied.damaged.push(name),
            Err(error) if error.kind() == ErrorKind::NotFound && !from.join(&name).exists() => {}
            Err(error) => return Err(file_failure("copy to", &target, &error)),
        }
    }
    Ok(copied)
}

/// Copies one content and proves the copy by its name; false when the content is not what the name says.
fn copy(from: &Path, to: &Path, name: &str) -> std::io::Result<bool> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    let partial = to.with_extension("partial");
    let copied = (|| {
        let mut source = File::open(from)?;
        let mut target = File::create(&partial)?;
        let (mut hash, mut buffer) = (Sha256::new(), vec![0; 1 << 16]);
        loop {
            let read = source.read(&mut buffer)?;
            if read == 0 {
                break;
            }
            hash.update(&buffer[..read]);
            target.write_all(&buffer[..read])?;
        }
        target.sync_all()?;
        Ok::<_, std::io::Error>(hex::encode(hash.finalize()))
    })();
    match copied {
        Ok(sha256) if sha256 == name.replace('/', "") => fs::rename(&partial, to).map(|()| true),
        Ok(_) => fs::remove_file(&partial).map(|()| false),
        Err(error) => {
            let _ = fs::remove_file(&partial);
            Err(error)
        }
    }
}

/// Whether the content at a path is what its name says.
fn is_whole(path: &Path, name: &str) -> bool {
    let hashed = (|| {
        let (mut file, mut hash, mut buffer) = (File::open(path)?, Sha256::new(), vec![0; 1 << 16]);
        loop {
            let read = file.read(&mut buffer)?;
            if read == 0 {
                return Ok::<_, std::io::Error>(hex::encode(hash.finalize()));
            }
            hash.update(&buffer[..read]);
        }
    })();
    hashed.is_ok_and(|sha256| sha256 == name.replace('/', ""))
}

/// What has to be done so that every listed content lies in `there`: what must be copied from `from`. Fails, before
/// anything is touched, when some lie in neither place.
pub(super) fn to_restore<'a>(listed: &'a Listed, from: &Path, there: &Path, backup: &Path) -> Result<Vec<&'a str>, Failure> {
    let (mut wanted, mut missing) = (Vec::new(), Vec::new());
    for name in listed.keys().filter(|name| is_content(name)) {
        if is_whole(&there.join(name), name) {
            continue;
        }
        if is_whole(&from.join(name), name) { wanted.push(name.as_str()) } else { missing.push(name.as_str()) }
    }
    match missing.first() {
        None => Ok(wanted),
        Some(first) => Err(Failure::new(
            Exit::Database,
            format!("{} files of this backup are neither in {} nor in {}, the first being {first}", missing.len(), from.display(), there.display()),
        )
        .remedy(format!(
            "Copy the folder files/ that lies beside the backup as well. To restore the database alone, move {} away first.",
            backup.with_extension("json").display()
        ))),
    }
}

/// Copies these contents back; answers how many.
pub(super) fn restore(wanted: &[&str], from: &Path, there: &Path) -> Result<usize, Failure> {
    for name in wanted {
        let target = there.join(name);
        match copy(&from.join(name), &target, name) {
            Ok(true) => {}
            Ok(false) => return Err(Failure::new(Exit::DataDir, format!("the copy of {name} differs from the backup; is the disk failing?"))),
            Err(error) => return Err(file_failure("copy to", &target, &error)),
        }
    }
    Ok(wanted.len())
}

/// Removes content that none of these lists names.
pub(super) fn forget(folder: &Path, kept: &BTreeSet<String>) -> Result<usize, Failure> {
    let mut gone = 0;
    for name in list(folder).into_keys().filter(|name| !kept.contains(name)) {
        let path = folder.join(&name);
        fs::remove_file(&path).map_err(|error| file_failure("remove", &path, &error))?;
        gone += 1;
    }
    Ok(gone)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(folder: &Path, bytes: &[u8]) -> String {
        let name = hex::encode(Sha256::digest(bytes));
        let name = format!("{}/{}", &name[..2], &name[2..]);
        fs::create_dir_all(folder.join(&name).parent().unwrap()).unwrap();
        fs::write(folder.join(&name), bytes).unwrap();
        name
    }

    #[test]
    fn content_is_copied_once_and_proven() {
        let (from, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (one, two) = (put(from.path(), b"one"), put(from.path(), b"two"));
        fs::create_dir_all(from.path().join("incoming")).unwrap();
        fs::write(from.path().join("incoming/0123"), b"half").unwrap();
        let copied = copy_all(from.path(), to.path()).unwrap();
        assert_eq!((copied.new, copied.damaged.len(), copied.listed.len()), (2, 0, 2));
        let again = copy_all(from.path(), to.path()).unwrap();
        assert_eq!((again.new, again.listed.len()), (0, 2));

        fs::write(from.path().join(&one), b"oned").unwrap();
        let damaged = copy_all(from.path(), to.path()).unwrap();
        assert_eq!((damaged.damaged, damaged.listed.len()), (vec![one.clone()], 1));

        assert_eq!(forget(to.path(), &BTreeSet::from([two.clone()])).unwrap(), 1);
        assert_eq!(list(to.path()).into_keys().collect::<Vec<_>>(), [two]);
    }

    #[test]
    fn what_is_missing_is_told_before_anything_is_touched() {
        let (from, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (one, two) = (put(from.path(), b"one"), put(there.path(), b"two"));
        let backup = from.path().join("kafila.db");
        let listed = Listed::from([(one.clone(), 3), (two.clone(), 3)]);
        let wanted = to_restore(&listed, from.path(), there.path(), &backup).unwrap();
        assert_eq!(wanted, [one.as_str()]);
        assert_eq!(restore(&wanted, from.path(), there.path()).unwrap(), 1);
        assert!(to_restore(&listed, from.path(), there.path(), &backup).unwrap().is_empty());

        // Damaged where it is, whole in the backup: brought back.
        fs::write(there.path().join(&one), b"bad").unwrap();
        assert_eq!(to_restore(&listed, from.path(), there.path(), &backup).unwrap(), [one.as_str()]);
        fs::write(from.path().join(&one), b"bad").unwrap();
        assert!(to_restore(&listed, from.path(), there.path(), &backup).unwrap_err().to_string().contains(&one));
    }
}
