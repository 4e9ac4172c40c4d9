//! How a file comes in: told by its content, written anew if it is a picture, stored. All of it at the edge, before any
//! transaction.

use base::Base;
use base::files::{self, Kept, NewFile};
use kernel::Error;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::sync::Semaphore;

use crate::kinds::FileKind;
use crate::pictures::{self, Refused};

/// A large picture takes hundreds of megabytes while it is read: one at a time.
static READING: Semaphore = Semaphore::const_new(1);

/// A file that is stored and waits for its row.
pub struct Prepared {
    pub(crate) main: Stored,
    pub(crate) thumbs: Vec<(u32, Stored)>,
    /// Width and height, for pictures that were written anew.
    pub(crate) size: Option<(u32, u32)>,
    kept: Vec<Kept>,
}

/// Content that is stored, and what its row will say.
pub(crate) struct Stored {
    pub file: NewFile,
    pub sha256: Vec<u8>,
    pub size: i64,
}

impl Prepared {
    /// The sha256 of what was kept, for idempotency keys.
    pub fn sha256(&self) -> &[u8] {
        &self.main.sha256
    }

    /// After the row is committed: nothing of the content may be missing.
    pub async fn settle(&self, base: &Base) -> Result<(), Error> {
        for kept in &self.kept {
            kept.settle(base).await?;
        }
        Ok(())
    }
}

/// Reads, judges and stores a file of at most `max_bytes`.
///
/// `Invalid` `file.too_large`, `file.empty`, `file.kind` (content that is not taken), `file.picture` (cannot be read)
/// or `file.pixels`; `Unavailable` when the disk is full or the store does not answer. Nothing has a row then.
pub async fn prepare(base: &Base, name: &str, content: impl AsyncRead + Unpin, max_bytes: u64) -> Result<Prepared, Error> {
    let mut bytes = Vec::new();
    content.take(max_bytes + 1).read_to_end(&mut bytes).await.map_err(Error::internal)?;
    if bytes.len() as u64 > max_bytes {
        return Err(Error::field("file", "file.too_large").with("max_bytes", max_bytes));
    }
    if bytes.is_empty() {
        return Err(Error::field("file", "file.empty"));
    }
    let kind = FileKind::of(&bytes, name).ok_or_else(|| Error::field("file", "file.kind"))?;
    if !kind.is_picture() {
        let kept = files::keep(base, bytes.as_slice(), u64::MAX).await?;
        let main = stored(kind, kind.named(name), &kept);
        return Ok(Prepared { main, thumbs: Vec::new(), size: None, kept: vec![kept] });
    }

    let turn = READING.acquire().await.map_err(Error::internal)?;
    let picture = tokio::task::spawn_blocking(move || pictures::anew(&bytes, kind)).await.map_err(Error::internal)?;
    drop(turn);
    let picture = picture.map_err(refused)?;
    let mut kept = Vec::with_capacity(1 + picture.thumbs.len());
    let main = files::keep(base, picture.bytes.as_slice(), u64::MAX).await?;
    let name = renamed(kind, picture.kind, name);
    let stored_main = stored(picture.kind, name.clone(), &main);
    kept.push(main);
    let mut thumbs = Vec::with_capacity(picture.thumbs.len());
    for (side, bytes) in &picture.thumbs {
        let small = files::keep(base, bytes.as_slice(), u64::MAX).await?;
        thumbs.push((*side, stored(FileKind::Jpeg, FileKind::Jpeg.named(&format!("{side}-{name}")), &small)));
        kept.push(small);
    }
    Ok(Prepared { main: stored_main, thumbs, size: Some((picture.width, picture.height)), kept })
}

/// A logo, written anew: a few kilobytes, without anything that a camera or a program put into it.
#[derive(Clone, Debug)]
pub struct Logo {
    /// The picture.
    pub bytes: Vec<u8>,
    /// PNG or JPEG.
    pub content_type: &'static str,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}

/// Reads, judges and shrinks a logo; nothing is stored. Drawings that may hold scripts (SVG) are not taken.
///
/// `Invalid` `file.empty`, `file.logo` (neither PNG, JPEG nor WebP), `file.picture` (cannot be read) or `file.pixels`.
pub async fn prepare_logo(bytes: Vec<u8>) -> Result<Logo, Error> {
    if bytes.is_empty() {
        return Err(Error::field("file", "file.empty"));
    }
    let kind = FileKind::of(&bytes, "").filter(|kind| matches!(kind, FileKind::Png | FileKind::Jpeg | FileKind::Webp));
    let kind = kind.ok_or_else(|| Error::field("file", "file.logo"))?;
    let turn = READING.acquire().await.map_err(Error::internal)?;
    let small = tokio::task::spawn_blocking(move || pictures::logo(&bytes, kind)).await.map_err(Error::internal)?;
    drop(turn);
    let small = small.map_err(refused)?;
    Ok(Logo { content_type: small.kind.content_type(), bytes: small.bytes, width: small.width, height: small.height })
}

fn refused(why: Refused) -> Error {
    match why {
        Refused::Broken => Error::field("file", "file.picture"),
        Refused::TooLarge => Error::field("file", "file.pixels"),
    }
}

/// A picture that became another kind of picture changes its ending: `photo.webp` is `photo.jpg`.
fn renamed(was: FileKind, is: FileKind, name: &str) -> String {
    let stem = if was == is { name } else { name.rsplit_once('.').map_or(name, |(stem, _)| stem) };
    is.named(stem)
}

fn stored(kind: FileKind, name: String, kept: &Kept) -> Stored {
    let file = NewFile { name, content_type: kind.content_type().to_owned(), keep_until: None };
    Stored { file, sha256: kept.sha256().to_vec(), size: kept.size() }
}
