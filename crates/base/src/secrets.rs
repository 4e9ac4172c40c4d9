//! Secrets: other systems' passwords and keys, sealed at rest.
//!
//! XChaCha20-Poly1305 (24-byte random nonce) under a master key that never stands in the database. The
//! organization and the purpose are authenticated with the text, so a sealed secret is worthless in
//! another place. Each sealed secret names the key it was sealed with; the key file may hold several,
//! the first one seals, all of them open. A sealed check in the database notices a wrong key at start.
//!
//! Rotation: a new key on the first line ([`MasterKey::add_new`]), everything sealed again ([`rewrap`] and its like in
//! the crates that seal), the old lines gone ([`MasterKey::keep_newest`]). `kafila keys rotate` does all of it.

use std::fmt;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use db::{Db, Tx, params};
use kernel::{Error, Hidden, OrgId, Permission, Time, UserId};
use sha2::{Digest, Sha256};

use crate::ctx::Ctx;

const KEY_BYTES: usize = 32;
const NONCE_BYTES: usize = 24;
const ID_BYTES: usize = 4;
/// The first byte of everything sealed.
const FORM: u8 = 1;
const CHECK_PURPOSE: &str = "key check";

/// The keys that secrets are sealed with; the first one is current. Never printed.
#[derive(Clone)]
pub struct MasterKey {
    keys: Vec<[u8; KEY_BYTES]>,
    /// Where it came from, for messages.
    place: String,
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MasterKey({} from {})", self.keys.len(), self.place)
    }
}

/// Why there is no usable master key. Its text says what to do.
#[derive(Debug, PartialEq, Eq)]
pub struct KeyError(String);

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for KeyError {}

impl MasterKey {
    /// Reads `keys/master.key` below the data directory; makes one, readable by the owner alone, when
    /// it is not there.
    pub fn load(data_dir: &Path) -> Result<MasterKey, KeyError> {
        let path = file(data_dir);
        match fs::read_to_string(&path) {
            Ok(text) => MasterKey::parse(&text, &path.display().to_string()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => MasterKey::create(&path),
            Err(error) => Err(KeyError(format!(
                "cannot read the master key {}: {error}. Give the file to the user that runs kafila, or set KAFILA_MASTER_KEY.",
                path.display()
            ))),
        }
    }

    /// Whether `keys/master.key` is there.
    pub fn exists(data_dir: &Path) -> bool {
        file(data_dir).exists()
    }

    /// Reads keys from text: one a line, 64 hexadecimal digits each, the current one first; lines
    /// that begin with `#` do not count. Commas part keys, too, for an environment variable.
    pub fn parse(text: &str, place: &str) -> Result<MasterKey, KeyError> {
        let mut keys = Vec::new();
        let lines = text.lines().filter(|line| !line.trim_start().starts_with('#'));
        for word in lines.flat_map(|line| line.split(',')).map(str::trim).filter(|word| !word.is_empty()) {
            let mut key = [0; KEY_BYTES];
            hex::decode_to_slice(word, &mut key).map_err(|_| {
                KeyError(format!(
                    "{place} does not hold a master key: expected 64 hexadecimal digits on a line. Put back the file from your backup; \
                     without it the stored secrets cannot be opened."
                ))
            })?;
            keys.push(key);
        }
        if keys.is_empty() {
            return Err(KeyError(format!(
                "{place} is empty. Put back the file from your backup, or delete it if this installation holds no secrets yet."
            )));
        }
        Ok(MasterKey { keys, place: place.to_owned() })
    }

    /// A key of this process alone, for tests.
    pub fn random() -> MasterKey {
        MasterKey { keys: vec![rand::random()], place: "memory".to_owned() }
    }

    /// Puts a new current key on the first line of the key file and keeps the others. The first step of a rotation.
    pub fn add_new(data_dir: &Path) -> Result<MasterKey, KeyError> {
        let mut key = MasterKey::load(data_dir)?;
        key.keys.insert(0, rand::random());
        key.replace(&file(data_dir))?;
        Ok(key)
    }

    /// Leaves the current key alone in the key file: what the others sealed cannot be opened any more. The last step of
    /// a rotation.
    pub fn keep_newest(data_dir: &Path) -> Result<MasterKey, KeyError> {
        let mut key = MasterKey::load(data_dir)?;
        key.keys.truncate(1);
        key.replace(&file(data_dir))?;
        Ok(key)
    }

    /// Puts these keys into the place of the file, whole or not at all.
    fn replace(&self, path: &Path) -> Result<(), KeyError> {
        let next = path.with_extension("next");
        write_private(&next, &self.text(), true)
            .and_then(|()| fs::rename(&next, path))
            .map_err(|error| KeyError(format!("cannot write {}: {error}. The keys are as they were.", path.display())))
    }

    fn create(path: &Path) -> Result<MasterKey, KeyError> {
        let key = MasterKey { keys: vec![rand::random()], place: path.display().to_string() };
        let folder = path.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder).and_then(|()| write_private(path, &key.text(), false)).map_err(|error| {
            KeyError(format!("cannot make the master key {}: {error}. Give the folder to the user that runs kafila.", path.display()))
        })?;
        tracing::info!(path = %path.display(), "Made a master key; keep a copy of it apart from the backups");
        Ok(key)
    }

    fn text(&self) -> String {
        let mut text = String::from("# Kafila's master key: opens the stored secrets. Keep a copy apart from the backups.\n");
        for key in &self.keys {
            text.push_str(&hex::encode(key));
            text.push('\n');
        }
        text
    }
}

fn file(data_dir: &Path) -> PathBuf {
    data_dir.join("keys").join("master.key")
}

/// Writes a file that only its owner may read, and waits until it is on the disk.
fn write_private(path: &Path, text: &str, may_replace: bool) -> std::io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true);
    if may_replace {
        options.create(true).truncate(true);
    } else {
        options.create_new(true);
    }
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// Seals and opens. The default has no key: it refuses both.
#[derive(Default)]
pub struct Secrets {
    keys: Vec<Key>,
    place: String,
}

struct Key {
    id: [u8; ID_BYTES],
    raw: [u8; KEY_BYTES],
    cipher: XChaCha20Poly1305,
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secrets({} keys)", self.keys.len())
    }
}

impl Secrets {
    /// From the keys of the process.
    pub fn new(master: MasterKey) -> Secrets {
        let key = |raw: &[u8; KEY_BYTES]| {
            let digest = Sha256::digest([b"kafila key id".as_slice(), raw].concat());
            let mut id = [0; ID_BYTES];
            id.copy_from_slice(&digest[..ID_BYTES]);
            Key { id, raw: *raw, cipher: XChaCha20Poly1305::new(raw.into()) }
        };
        Secrets { keys: master.keys.iter().map(key).collect(), place: master.place }
    }

    /// Seals a text for one organization and purpose.
    pub fn seal(&self, org: OrgId, purpose: &str, text: &[u8]) -> Result<Vec<u8>, Error> {
        let key = self.keys.first().ok_or_else(|| Error::internal("no master key"))?;
        let nonce: [u8; NONCE_BYTES] = rand::random();
        let sealed = key
            .cipher
            .encrypt(&XNonce::from(nonce), Payload { msg: text, aad: &bound_to(org, purpose) })
            .map_err(|_| Error::internal("sealing a secret failed"))?;
        let mut out = Vec::with_capacity(1 + ID_BYTES + NONCE_BYTES + sealed.len());
        out.push(FORM);
        out.extend_from_slice(&key.id);
        out.extend_from_slice(&nonce);
        out.extend_from_slice(&sealed);
        Ok(out)
    }

    /// Opens what [`Secrets::seal`] sealed for the same organization and purpose.
    pub fn open(&self, org: OrgId, purpose: &str, sealed: &[u8]) -> Result<Vec<u8>, Error> {
        let (id, rest) = key_id(sealed).ok_or_else(|| Error::internal("a sealed secret is cut"))?;
        let key =
            self.keys.iter().find(|key| key.id == id).ok_or_else(|| {
                Error::internal(format!("a secret was sealed with the master key {}, which is not in {}", hex::encode(id), self.place))
            })?;
        let (nonce, text) = rest.split_first_chunk::<NONCE_BYTES>().ok_or_else(|| Error::internal("a sealed secret is cut"))?;
        key.cipher
            .decrypt(&XNonce::from(*nonce), Payload { msg: text, aad: &bound_to(org, purpose) })
            .map_err(|_| Error::internal(format!("a sealed secret for {purpose} was altered or belongs elsewhere")))
    }

    /// Whether something was sealed with the current key.
    pub fn is_current(&self, sealed: &[u8]) -> bool {
        matches!((key_id(sealed), self.keys.first()), (Some((id, _)), Some(key)) if key.id == id)
    }

    /// Sealed again with the current key; `None` when it is already.
    pub fn rewrapped(&self, org: OrgId, purpose: &str, sealed: &[u8]) -> Result<Option<Vec<u8>>, Error> {
        if self.is_current(sealed) {
            return Ok(None);
        }
        let text = self.open(org, purpose, sealed)?;
        self.seal(org, purpose, &text).map(Some)
    }

    /// Keys made from the master keys for signing under this purpose, the current one first: sign with
    /// the first, accept all. HMAC-SHA256 (RFC 2104) of the purpose.
    pub fn derived(&self, purpose: &str) -> Vec<[u8; 32]> {
        self.keys.iter().map(|key| hmac_sha256(&key.raw, format!("kafila {purpose}").as_bytes())).collect()
    }
}

impl Secrets {
    /// Signs a text for one organization and purpose with the current key: HMAC-SHA256.
    pub fn sign(&self, org: OrgId, purpose: &str, text: &[u8]) -> Result<[u8; 32], Error> {
        let key = self.derived(purpose).into_iter().next().ok_or_else(|| Error::internal("no master key"))?;
        Ok(signature(&key, org, text))
    }

    /// Whether a signature, or its beginning of at least 16 bytes, is one that [`Secrets::sign`] made with any of the
    /// keys; in constant time.
    pub fn is_signed(&self, org: OrgId, purpose: &str, text: &[u8], begins: &[u8]) -> bool {
        let is_whole = (16..=32).contains(&begins.len());
        let fits = |key: &[u8; KEY_BYTES]| {
            let differing = signature(key, org, text).iter().zip(begins).fold(0, |bits, (one, other)| bits | (one ^ other));
            std::hint::black_box(differing) == 0
        };
        is_whole && self.derived(purpose).iter().fold(false, |found, key| found | fits(key))
    }
}

fn signature(key: &[u8; KEY_BYTES], org: OrgId, text: &[u8]) -> [u8; 32] {
    use kernel::Id;
    hmac_sha256(key, &[&org.to_i64().to_be_bytes(), text].concat())
}

fn key_id(sealed: &[u8]) -> Option<([u8; ID_BYTES], &[u8])> {
    let (form, rest) = sealed.split_first()?;
    let (id, rest) = rest.split_first_chunk::<ID_BYTES>()?;
    (*form == FORM).then_some((*id, rest))
}

fn bound_to(org: OrgId, purpose: &str) -> Vec<u8> {
    use kernel::Id;
    [&org.to_i64().to_be_bytes(), purpose.as_bytes()].concat()
}

fn hmac_sha256(key: &[u8; KEY_BYTES], text: &[u8]) -> [u8; 32] {
    let padded = |pad: u8| {
        let mut block = [pad; 64];
        block.iter_mut().zip(key).for_each(|(sign, key)| *sign ^= key);
        block
    };
    let inner = Sha256::new().chain_update(padded(0x36)).chain_update(text).finalize();
    Sha256::new().chain_update(padded(0x5c)).chain_update(inner).finalize().into()
}

/// Whether a key was at work in this database, so that another one would be wrong. Blocks its thread.
#[expect(clippy::disallowed_methods, reason = "the check is the database's, above organizations")]
pub fn are_sealed(db: &Db) -> Result<bool, Error> {
    db.blocking_system_read(|tx| Ok(tx.optional::<(i64,)>("select 1 as one from key_checks where id = 1", params![])?.is_some()))
}

/// Compares the keys with the database's sealed check; writes one when there is none yet.
#[expect(clippy::disallowed_methods, reason = "the check is the database's, above organizations")]
pub(crate) fn check_key(db: &Db, secrets: &Secrets) -> Result<(), Error> {
    use kernel::Id;
    let nobody = OrgId::from_i64(0);
    let fresh = secrets.seal(nobody, CHECK_PURPOSE, b"kafila")?;
    let insert = fresh.clone();
    let (sealed,): (Vec<u8>,) = db.blocking_system_write(move |tx| {
        tx.execute("insert into key_checks (id, sealed) values (1, $1) on conflict (id) do nothing", params![insert])?;
        tx.one("select sealed from key_checks where id = 1", params![])
    })?;
    if secrets.open(nobody, CHECK_PURPOSE, &sealed).is_err() {
        let wanted = key_id(&sealed).map_or_else(|| "unknown".to_owned(), |(id, _)| hex::encode(id));
        return Err(Error::internal(KeyError(format!(
            "{} is not the master key that this database's secrets were sealed with (it wants key {wanted}). Put the right keys/master.key \
             back, or set KAFILA_MASTER_KEY to it. If it is lost for good, delete the row of the table key_checks and enter every secret again.",
            secrets.place
        ))));
    }
    if !secrets.is_current(&sealed) {
        db.blocking_system_write(move |tx| tx.execute("update key_checks set sealed = $1 where id = 1", params![fresh]))?;
    }
    Ok(())
}

db::row! {
    /// A stored secret, without its content.
    #[derive(Clone, Debug)]
    pub struct SecretView {
        /// Its name.
        pub name: String,
        /// When it was last set.
        pub changed_at: Time,
        /// Who set it, if a person did.
        pub changed_by: Option<UserId>,
    }
}

/// Stores a secret under a name, sealed. Needs `settings.edit`. The name is 1 to 100 bytes.
pub fn set(tx: &mut Tx, ctx: &Ctx, name: &str, text: &Hidden) -> Result<(), Error> {
    ctx.require(Permission::SettingsEdit)?;
    if name.is_empty() || name.len() > 100 || name.chars().any(char::is_control) {
        return Err(Error::field("name", "secret.name"));
    }
    if text.reveal().is_empty() || text.reveal().len() > 10_000 {
        return Err(Error::field("value", "secret.value"));
    }
    let sealed = ctx.secrets.seal(ctx.org, name, text.reveal().as_bytes())?;
    tx.execute(
        "insert into secrets (org_id, name, sealed, changed_at, changed_by)
         values ($1, $2, $3, $4, $5)
         on conflict (org_id, name) do update
            set sealed = excluded.sealed, changed_at = excluded.changed_at, changed_by = excluded.changed_by",
        params![tx.org(), name, sealed, ctx.now, ctx.user()],
    )?;
    note_change(tx, ctx, name)
}

/// Removes a secret; `NotFound` when there is none of this name. Needs `settings.edit`.
pub fn remove(tx: &mut Tx, ctx: &Ctx, name: &str) -> Result<(), Error> {
    ctx.require(Permission::SettingsEdit)?;
    if tx.execute("delete from secrets where org_id = $1 and name = $2", params![tx.org(), name])? == 0 {
        return Err(Error::not_found("secret"));
    }
    note_change(tx, ctx, name)
}

fn note_change(tx: &mut Tx, ctx: &Ctx, name: &str) -> Result<(), Error> {
    use kernel::Id;
    let user = ctx.user().unwrap_or(UserId::from_i64(0));
    crate::events::record(tx, ctx, kernel::Event::SettingChanged { user, name: format!("secrets.{name}") })?;
    Ok(())
}

/// The stored names. Needs `settings.read`.
pub fn list(tx: &mut Tx, ctx: &Ctx) -> Result<Vec<SecretView>, Error> {
    ctx.require(Permission::SettingsRead)?;
    tx.rows("select name, changed_at, changed_by from secrets where org_id = $1 order by name limit 1000", params![tx.org()])
}

/// A stored secret, opened for use; never for showing.
pub fn find(tx: &mut Tx, ctx: &Ctx, name: &str) -> Result<Option<Hidden>, Error> {
    let row: Option<(Vec<u8>,)> = tx.optional("select sealed from secrets where org_id = $1 and name = $2", params![tx.org(), name])?;
    let Some((sealed,)) = row else { return Ok(None) };
    let text = String::from_utf8(ctx.secrets.open(tx.org(), name, &sealed)?).map_err(Error::internal)?;
    Ok(Some(Hidden::new(text)))
}

/// Seals this organization's secrets again with the current key; answers how many needed it.
pub fn rewrap(tx: &mut Tx, ctx: &Ctx) -> Result<u64, Error> {
    let rows: Vec<(String, Vec<u8>)> = tx.rows("select name, sealed from secrets where org_id = $1 order by name limit 1000", params![tx.org()])?;
    let mut changed = 0;
    for (name, sealed) in rows {
        let Some(sealed) = ctx.secrets.rewrapped(tx.org(), &name, &sealed)? else { continue };
        changed += tx.execute("update secrets set sealed = $3 where org_id = $1 and name = $2", params![tx.org(), name, sealed])?;
    }
    Ok(changed)
}

#[cfg(test)]
mod tests {
    use kernel::Id;

    use super::*;

    fn org(n: i64) -> OrgId {
        OrgId::from_i64(n)
    }

    #[test]
    fn a_secret_opens_only_where_it_belongs() {
        let secrets = Secrets::new(MasterKey::random());
        let sealed = secrets.seal(org(1), "erp", b"hush").unwrap();
        assert_eq!(secrets.open(org(1), "erp", &sealed).unwrap(), b"hush");
        assert!(secrets.open(org(2), "erp", &sealed).is_err());
        assert!(secrets.open(org(1), "sms", &sealed).is_err());
        assert!(secrets.open(org(1), "erp", &sealed[..20]).is_err());
        let mut altered = sealed.clone();
        *altered.last_mut().unwrap() ^= 1;
        assert!(secrets.open(org(1), "erp", &altered).is_err());
        assert!(Secrets::new(MasterKey::random()).open(org(1), "erp", &sealed).unwrap_err().to_string().contains("master key"));
    }

    #[test]
    fn a_signature_holds_for_its_organization_purpose_and_text_alone() {
        let secrets = Secrets::new(MasterKey::random());
        let signed = secrets.sign(org(1), "link", b"order 7").unwrap();
        assert!(secrets.is_signed(org(1), "link", b"order 7", &signed) && secrets.is_signed(org(1), "link", b"order 7", &signed[..16]));
        assert!(!secrets.is_signed(org(2), "link", b"order 7", &signed) && !secrets.is_signed(org(1), "code", b"order 7", &signed));
        assert!(!secrets.is_signed(org(1), "link", b"order 8", &signed) && !secrets.is_signed(org(1), "link", b"order 7", &signed[..15]));
        assert!(!Secrets::new(MasterKey::random()).is_signed(org(1), "link", b"order 7", &signed));
        assert!(!Secrets::default().is_signed(org(1), "link", b"order 7", &signed) && Secrets::default().sign(org(1), "link", b"").is_err());
    }

    #[test]
    fn an_old_key_still_opens_and_a_new_one_seals() {
        let folder = std::env::temp_dir().join(format!("kafila-keys-{}", rand::random::<u64>()));
        let first = MasterKey::load(&folder).unwrap();
        let sealed = Secrets::new(first).seal(org(1), "erp", b"hush").unwrap();
        MasterKey::add_new(&folder).unwrap();
        let both = Secrets::new(MasterKey::load(&folder).unwrap());
        assert_eq!(both.open(org(1), "erp", &sealed).unwrap(), b"hush");
        assert!(!both.is_current(&sealed));
        assert!(both.is_current(&both.seal(org(1), "erp", b"hush").unwrap()));
        assert_eq!(both.derived("jwt").len(), 2);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(file(&folder)).unwrap().permissions().mode() & 0o777, 0o600);
        }
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_broken_key_file_says_what_to_do() {
        assert!(MasterKey::parse("", "keys/master.key").unwrap_err().to_string().contains("is empty"));
        assert!(MasterKey::parse("abc", "keys/master.key").unwrap_err().to_string().contains("64 hexadecimal digits"));
        let key = MasterKey::parse(&format!("# note\n{}\n", "0f".repeat(32)), "x").unwrap();
        assert_eq!(format!("{key:?}"), "MasterKey(1 from x)");
    }

    /// RFC 4231, test case 1, has a shorter key; padded with zeros it is the same key.
    #[test]
    fn the_derivation_is_hmac() {
        let mut key = [0; 32];
        key[..20].fill(0x0b);
        assert_eq!(hex::encode(hmac_sha256(&key, b"Hi There")), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    }
}
