//! The written form of sessions, keys and links. All begin with the organization, so that a look-up
//! stays inside it; of the secret part only the SHA-256 is stored.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kernel::{ApiKeyId, Hidden, Id, OrgId};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// What every key for programs begins with.
pub(crate) const KEY_PREFIX: &str = "kaf_";

/// A value that somebody bears: where to look, and what must match there.
#[derive(Clone, Debug)]
pub(crate) struct Bearer<I> {
    pub(crate) org: OrgId,
    pub(crate) id: I,
    hash: [u8; 32],
}

impl<I> Bearer<I> {
    /// Whether the stored hash is that of the secret, in constant time.
    pub(crate) fn matches(&self, stored: &[u8]) -> bool {
        self.hash.ct_eq(stored).into()
    }
}

/// A fresh secret: 256 bits.
pub(crate) fn new_secret() -> Hidden {
    Hidden::new(URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>()))
}

/// What is stored of a secret. One round is enough: it has 256 bits that nobody chose.
pub(crate) fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret).into()
}

/// `<org>.<id>.<secret>`: sessions and links.
pub(crate) fn show<I: Id>(org: OrgId, id: I, secret: &Hidden) -> String {
    format!("{}.{}.{}", signs(org), signs(id), secret.reveal())
}

/// Reads what [`show`] wrote.
pub(crate) fn read<I: Id>(text: &str) -> Option<Bearer<I>> {
    read_parts(text.splitn(3, '.'))
}

/// `kaf_<org>_<key>_<secret>`.
pub(crate) fn show_key(org: OrgId, id: ApiKeyId, secret: &Hidden) -> String {
    format!("{KEY_PREFIX}{}_{}_{}", signs(org), signs(id), secret.reveal())
}

/// Reads what [`show_key`] wrote.
pub(crate) fn read_key(text: &str) -> Option<Bearer<ApiKeyId>> {
    read_parts(text.strip_prefix(KEY_PREFIX)?.splitn(3, '_'))
}

fn read_parts<'a, I: Id>(mut parts: impl Iterator<Item = &'a str>) -> Option<Bearer<I>> {
    let org = number(parts.next()?)?;
    let id = number(parts.next()?)?;
    let secret = parts.next()?;
    (secret.len() == 43).then(|| Bearer { org: OrgId::from_i64(org), id: I::from_i64(id), hash: hash(secret) })
}

/// The thirteen signs of an id, without prefix.
fn signs<I: Id>(id: I) -> String {
    kernel::id::show("", id.to_i64()).split_off(1)
}

fn number(signs: &str) -> Option<i64> {
    kernel::id::read("", &format!("_{signs}"))
}

#[cfg(test)]
mod tests {
    use kernel::SessionId;

    use super::*;

    #[test]
    fn a_bearer_value_reads_back() {
        let (org, session, secret) = (OrgId::from_i64(12), SessionId::from_i64(i64::MAX), new_secret());
        let text = show(org, session, &secret);
        let read = read::<SessionId>(&text).unwrap();
        assert_eq!((read.org, read.id), (org, session));
        assert!(read.matches(&hash(secret.reveal())));
        assert!(!read.matches(&hash("other")) && !read.matches(b"short"));

        let key = ApiKeyId::from_i64(7);
        let text = show_key(org, key, &secret);
        assert!(text.starts_with("kaf_000000000000c_0000000000007_"), "{text}");
        let read = read_key(&text).unwrap();
        assert_eq!((read.org, read.id), (org, key));

        for bad in ["", ".", "a.b.c", "kaf_", "kaf_0000000000001_0000000000001_", "0000000000001.0000000000001", &format!("{text}x")] {
            assert!(super::read::<SessionId>(bad).is_none() && read_key(bad).is_none(), "{bad}");
        }
    }
}
