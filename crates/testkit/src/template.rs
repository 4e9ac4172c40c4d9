//! The database that every shop begins as a copy of: two organizations, two stores, ten people who
//! are signed in already, because hashing passwords is slow on purpose.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::Duration;

use access::model::Credentials;
use access::sign_in::{self, SignedIn};
use access::{Client, NewStore, NewUser, PasswordHash, RoleChange, SessionKind, first_start, roles, stores, users};
use base::secrets::MasterKey;
use base::{Base, BaseConfig, Clock, Edge, organizations};
use db::testing::{PostgresServer, TestDatabase, sqlite_from_template, sqlite_template};
use db::{Db, DbConfig, Engine};
use kernel::{Error, Hidden, OrgId, Permissions, StoreId};
use serde::{Deserialize, Serialize};
use tempfile::TempDir;

use crate::people::{ALL, PASSWORD, Person};
use crate::shop::START;

/// What a test needs to know about the template.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Known {
    pub(crate) org: OrgId,
    pub(crate) foreign_org: OrgId,
    pub(crate) main: StoreId,
    pub(crate) second: StoreId,
    pub(crate) foreign_store: StoreId,
    /// Tokens by address, good for a day of the shop's clock.
    pub(crate) tokens: BTreeMap<String, String>,
}

/// A database of one test; gone when it is dropped.
pub(crate) enum Database {
    Sqlite,
    Postgres(TestDatabase),
}

impl Database {
    pub(crate) fn config(&self, folder: &TempDir) -> DbConfig {
        match self {
            Database::Sqlite => DbConfig::sqlite(folder.path().join("kafila.db")),
            Database::Postgres(database) => database.config(),
        }
    }
}

/// A copy of the template.
pub(crate) fn copy(engine: Engine, folder: &TempDir) -> (Database, Known) {
    match engine {
        Engine::Sqlite => {
            static TEMPLATE: OnceLock<PathBuf> = OnceLock::new();
            let template = TEMPLATE.get_or_init(|| {
                let template = sqlite_template(app::migrations(), &key(), |db| prepare(db, Engine::Sqlite));
                forget_old(&template);
                template
            });
            sqlite_from_template(template, folder.path());
            (Database::Sqlite, known(engine))
        }
        Engine::Postgres => {
            static TEMPLATE: OnceLock<(PostgresServer, String)> = OnceLock::new();
            let (server, template) = TEMPLATE.get_or_init(|| {
                let server = PostgresServer::shared();
                let template = server.template(app::migrations(), &key(), |db| prepare(db, Engine::Postgres));
                (server, template)
            });
            (Database::Postgres(server.database(template)), known(engine))
        }
    }
}

/// Another build may prepare differently, so each build of the tests has its own template.
fn key() -> String {
    static KEY: OnceLock<String> = OnceLock::new();
    KEY.get_or_init(|| {
        let metadata = std::env::current_exe().and_then(std::fs::metadata).expect("the test binary can be looked at");
        let modified = metadata.modified().ok().and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok()).unwrap_or_default();
        format!("shop-{}-{}", metadata.len(), modified.as_nanos())
    })
    .clone()
}

/// Beside the template, because the tokens are not in the database.
fn known_path(engine: Engine) -> PathBuf {
    let folder = std::env::temp_dir().join("kafila-testkit");
    std::fs::create_dir_all(&folder).expect("the temporary folder is writable");
    folder.join(format!("{}-{engine:?}.json", key()))
}

fn known(engine: Engine) -> Known {
    let text = std::fs::read(known_path(engine)).expect("the template was prepared with its note");
    serde_json::from_slice(&text).expect("the note was written whole")
}

/// Templates of other builds that are older than a day.
fn forget_old(template: &std::path::Path) {
    let folders = [template.parent().map(PathBuf::from), Some(std::env::temp_dir().join("kafila-testkit"))];
    for entry in folders.into_iter().flatten().filter_map(|folder| std::fs::read_dir(folder).ok()).flatten().flatten() {
        let age = entry.metadata().ok().and_then(|metadata| metadata.modified().ok()).and_then(|at| at.elapsed().ok()).unwrap_or_default();
        let is_ours = entry.path() == template || entry.file_name().to_string_lossy().starts_with(&key());
        if age > Duration::from_secs(86_400) && !is_ours && entry.file_name() != "lock" {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

/// The key of all test shops: their secrets and tokens must outlive the process that made the template.
pub(crate) fn master_key() -> MasterKey {
    MasterKey::parse(&"42".repeat(32), "testkit").expect("64 hexadecimal digits")
}

fn prepare(db: &Db, engine: Engine) {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let base = Base::start(BaseConfig {
        db: db.clone(),
        data_dir: folder.path().to_owned(),
        clock: Clock::stopped(START),
        master_key: master_key(),
        smtp: None,
        public_url: "http://shop.test".to_owned(),
        is_public: true,
    })
    .expect("a new database takes a process");
    // On a thread of its own: the first test stands inside a runtime already.
    let known = std::thread::scope(|scope| {
        scope
            .spawn(|| {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime can be made");
                runtime.block_on(furnish(&base)).expect("the test shop can be furnished")
            })
            .join()
            .expect("furnishing does not panic")
    });
    let path = known_path(engine);
    let partial = path.with_extension("partial");
    std::fs::write(&partial, serde_json::to_vec(&known).expect("the note is JSON")).expect("the temporary folder is writable");
    std::fs::rename(&partial, &path).expect("the note can be renamed");
}

async fn furnish(base: &Base) -> Result<Known, Error> {
    let org = first_start::ensure(base).await?;
    #[expect(clippy::disallowed_methods, reason = "the product has no other organization yet")]
    let foreign_org = base.db().system_write(|tx| organizations::create(tx, "Other", START)).await?;
    first_start::furnish(base, foreign_org).await?;

    let edge = base.system_edge(org).await;
    let foreign = base.system_edge(foreign_org).await;
    edge.write(|tx, ctx| {
        roles::create(tx, ctx, &RoleChange { name: "Nobody".to_owned(), permissions: Permissions::default() })?;
        stores::create(tx, ctx, &NewStore::algerian("NATU", "Natu"))
    })
    .await?;

    let password = PasswordHash::prepare(&Hidden::new(PASSWORD), &[], 0).await?;
    let mut tokens = BTreeMap::new();
    for person in ALL {
        let edge = if person.is_foreign { &foreign } else { &edge };
        let password = password.clone();
        edge.write(move |tx, ctx| {
            let role = roles::by_name(tx, ctx, person.role)?.id;
            let mut seen = Vec::new();
            for code in person.stores {
                seen.push(stores::by_code(tx, ctx, code)?.id);
            }
            let new = NewUser { email: person.email.to_owned(), name: person.name.to_owned(), role, stores: seen, locale: None };
            users::create(tx, ctx, &new, &password)
        })
        .await?;
        tokens.insert(person.email.to_owned(), sign_in(base, person, SessionKind::Token).await?);
    }
    Ok(Known {
        org,
        foreign_org,
        main: store(&edge, "MAIN").await?,
        second: store(&edge, "NATU").await?,
        foreign_store: store(&foreign, "MAIN").await?,
        tokens,
    })
}

async fn store(edge: &Edge, code: &'static str) -> Result<StoreId, Error> {
    edge.read(move |tx, ctx| Ok(stores::by_code(tx, ctx, code)?.id)).await
}

/// Signs somebody in as of now, for a browser or for a program.
pub(crate) async fn sign_in(base: &Base, person: &Person, kind: SessionKind) -> Result<String, Error> {
    let credentials = Credentials { email: person.email.to_owned(), password: Hidden::new(PASSWORD) };
    match sign_in::sign_in(base, &credentials, &Client::default(), kind).await? {
        SignedIn::Done(session) => Ok(session.token.reveal().to_owned()),
        SignedIn::SecondStep { .. } => Err(Error::internal("a test person has a second factor; sign in through HTTP")),
    }
}
