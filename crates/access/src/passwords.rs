//! Passwords: Argon2id for new ones, bcrypt accepted and upgraded. Hashing takes tens of
//! milliseconds on purpose, so it runs on threads for blocking work, never inside a transaction.

use std::sync::OnceLock;

use argon2::password_hash::phc::PasswordHash as Phc;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use kernel::{Check, Error, Hidden};

use crate::rules;

/// A checked and hashed password, ready to be stored.
#[derive(Clone)]
pub struct PasswordHash(Hidden);

impl std::fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasswordHash(•••)")
    }
}

impl PasswordHash {
    /// Checks a new password and hashes it. `known` is what a guesser knows of its owner: name,
    /// e-mail address. `Invalid` names `password` with `password.short`, `password.long` or `password.weak`.
    pub async fn prepare(password: &Hidden, known: &[&str], least_score: u8) -> Result<PasswordHash, Error> {
        let (password, known) = (password.clone(), known.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>());
        blocking(move || {
            let mut check = Check::new();
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            rules::check_password(&mut check, "password", password.reveal(), &known, least_score);
            check.done()?;
            hash(&password)
        })
        .await
    }

    /// Takes a hash from another system as it is: Argon2 in PHC form or bcrypt (`$2a$`, `$2b$`, `$2y$`).
    /// A bcrypt hash becomes Argon2id when its owner signs in.
    pub fn imported(hash: &str) -> Result<PasswordHash, Error> {
        let known = is_bcrypt(hash) && hash.len() == 60 || Phc::new(hash).is_ok_and(|_| hash.starts_with("$argon2"));
        if known { Ok(PasswordHash(Hidden::new(hash))) } else { Err(Error::field("password_hash", "password.hash")) }
    }

    pub(crate) fn as_str(&self) -> &str {
        self.0.reveal()
    }
}

/// What a password turned out to be.
pub(crate) enum Verdict {
    Wrong,
    Right,
    /// Right, and here is a better hash of it.
    RightUpgraded(PasswordHash),
}

/// Compares a password with a stored hash. Without one it works as long and answers `Wrong`, so that
/// the time does not tell whether a name exists.
pub(crate) async fn verify(password: &Hidden, stored: Option<String>) -> Result<Verdict, Error> {
    let password = password.clone();
    blocking(move || {
        // Nobody's password is longer; refuse to hash what an attacker makes long.
        let given = if password.reveal().chars().count() > rules::PASSWORD_MOST { "" } else { password.reveal() };
        let hash_of_nobody = || nobody().to_owned();
        let is_known = stored.is_some();
        let stored = stored.unwrap_or_else(hash_of_nobody);
        if is_bcrypt(&stored) {
            let right = bcrypt::verify(given, &stored).map_err(Error::internal)?;
            return if right { Ok(Verdict::RightUpgraded(hash(&password)?)) } else { Ok(Verdict::Wrong) };
        }
        let parsed = Phc::new(&stored).map_err(|error| Error::internal(format!("a stored password hash cannot be read: {error}")))?;
        let right = Argon2::default().verify_password(given.as_bytes(), &parsed).is_ok();
        Ok(if right && is_known { Verdict::Right } else { Verdict::Wrong })
    })
    .await
}

fn is_bcrypt(hash: &str) -> bool {
    ["$2a$", "$2b$", "$2y$"].iter().any(|prefix| hash.starts_with(prefix))
}

/// Argon2id with the library's parameters: 19 MiB, two passes, one lane, as OWASP recommends.
fn hash(password: &Hidden) -> Result<PasswordHash, Error> {
    let hash: Phc = Argon2::default().hash_password(password.reveal().as_bytes()).map_err(|error| Error::internal(error.to_string()))?;
    Ok(PasswordHash(Hidden::new(hash.to_string())))
}

/// A hash that belongs to nobody.
fn nobody() -> &'static str {
    static NOBODY: OnceLock<String> = OnceLock::new();
    NOBODY.get_or_init(|| {
        let hashed = hash(&crate::tokens::new_secret());
        hashed.map_or_else(|_| String::from("$argon2id$"), |hash| hash.as_str().to_owned())
    })
}

async fn blocking<T: Send + 'static>(f: impl FnOnce() -> Result<T, Error> + Send + 'static) -> Result<T, Error> {
    tokio::task::spawn_blocking(f).await.map_err(Error::internal)?
}
