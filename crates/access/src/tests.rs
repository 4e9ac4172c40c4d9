//! The rules of access on both engines, and the small world they are tried in.

mod keys;
mod people;
mod sign_in;
mod stores;

use std::path::Path;

use db::testing::{PostgresServer, TestDatabase, sqlite_from_template, sqlite_template};
use db::{Db, DbConfig, Engine, Migration, Tx};
use kernel::{Error, Hidden, OrgId, StoreId, Time, UserId};

use base::secrets::MasterKey;
use base::{Base, BaseConfig, Clock, Ctx, Edge};

use crate::model::{Client, Credentials, NewUser, SessionKind, User};
use crate::passwords::PasswordHash;
use crate::sign_in::{NewSession, SignedIn};
use crate::{authenticate_session, first_start, joining, roles, stores as stores_of, users};

const MIGRATIONS: &[Migration] = &[
    Migration { number: 1, name: "base_core", sql: include_str!("../../../migrations/0001_base_core.sql") },
    Migration { number: 2, name: "base_work", sql: include_str!("../../../migrations/0002_base_work.sql") },
    Migration { number: 3, name: "access", sql: include_str!("../../../migrations/0003_access.sql") },
];

/// Runs a test on both engines.
macro_rules! on_both {
    ($($(#[$meta:meta])* async fn $name:ident($world:ident) $body:block)+) => {$(
        mod $name {
            use super::*;
            async fn run($world: &World) $body
            $(#[$meta])*
            #[tokio::test(flavor = "multi_thread")]
            async fn sqlite() {
                run(&World::on(Engine::Sqlite).await).await;
            }
            $(#[$meta])*
            #[tokio::test(flavor = "multi_thread")]
            async fn postgres() {
                run(&World::on(Engine::Postgres).await).await;
            }
        }
    )+};
}
pub(crate) use on_both;

pub(crate) const ADMIN: &str = "samira@natu.dz";
pub(crate) const PASSWORD: &str = "seven camels drink slowly";

/// An organization after its first start, with its first Admin, on a database of its own.
pub(crate) struct World {
    pub(crate) base: Base,
    pub(crate) org: OrgId,
    /// The first Admin's browser.
    pub(crate) admin: NewSession,
    // Dropped last: the database ends before its files.
    _place: (tempfile::TempDir, Option<TestDatabase>),
}

impl World {
    pub(crate) async fn on(engine: Engine) -> World {
        let (base, place) = started(engine);
        let first = first_start(&base).await.unwrap();
        let link = first.set_up_link.expect("nobody can sign in yet");
        let token = link.rsplit('/').next().unwrap();
        let new =
            joining::NewAdmin { name: "Samira".into(), email: ADMIN.into(), password: Hidden::new(PASSWORD), organization: Some("Natu".into()) };
        let admin = joining::set_up(&base, token, &new, &Client::default()).await.unwrap();
        World { base, org: first.org, admin, _place: place }
    }

    pub(crate) async fn admin(&self) -> Edge {
        authenticate_session(&self.base, self.admin.token.reveal()).await.unwrap()
    }

    pub(crate) fn advance(&self, us: i64) {
        self.base.clock().advance_us(us);
    }

    pub(crate) async fn sign_in(&self, email: &str, password: &str) -> Result<SignedIn, Error> {
        let credentials = Credentials { email: email.into(), password: Hidden::new(password) };
        crate::sign_in::sign_in(&self.base, &credentials, &Client::default(), SessionKind::Browser).await
    }

    /// Signs in with a password alone.
    pub(crate) async fn enter(&self, email: &str, password: &str) -> NewSession {
        match self.sign_in(email, password).await.unwrap() {
            SignedIn::Done(session) => session,
            SignedIn::SecondStep { .. } => panic!("a second step"),
        }
    }

    pub(crate) async fn edge_of(&self, email: &str) -> Edge {
        let session = self.enter(email, PASSWORD).await;
        authenticate_session(&self.base, session.token.reveal()).await.unwrap()
    }

    /// Somebody with this role who can sign in with [`PASSWORD`], in the main store.
    pub(crate) async fn person(&self, email: &str, role: &'static str) -> User {
        let password = PasswordHash::prepare(&Hidden::new(PASSWORD), &[], 0).await.unwrap();
        let email = email.to_owned();
        self.admin()
            .await
            .write(move |tx, ctx| {
                let store = stores_of::by_code(tx, ctx, "main")?.id;
                let role = roles::by_name(tx, ctx, role)?.id;
                let new = NewUser { email: email.clone(), name: "Amina".into(), role, stores: vec![store], locale: None };
                users::create(tx, ctx, &new, &password)
            })
            .await
            .unwrap()
    }

    /// Kafila's own edge: reads what no role sees.
    pub(crate) async fn system<T: Send + 'static>(&self, f: impl Fn(&mut Tx, &Ctx) -> Result<T, Error> + Send + 'static) -> T {
        self.base.system_edge(self.org).await.write(f).await.unwrap()
    }

    pub(crate) async fn main_store(&self) -> StoreId {
        self.system(|tx, ctx| stores_of::by_code(tx, ctx, "MAIN").map(|store| store.id)).await
    }

    /// The kinds of events about somebody, oldest first.
    pub(crate) async fn history(&self, user: UserId) -> Vec<String> {
        self.system(move |tx, ctx| {
            let events = base::events::of_subject(tx, ctx, "usr", kernel::Id::to_i64(user), 100)?;
            Ok(events.into_iter().map(|event| event.kind).collect())
        })
        .await
    }
}

/// A started process on an empty, migrated database.
pub(crate) fn started(engine: Engine) -> (Base, (tempfile::TempDir, Option<TestDatabase>)) {
    let dir = tempfile::tempdir().unwrap();
    let (database, config) = match engine {
        Engine::Sqlite => (None, sqlite_from_template(&sqlite_template(MIGRATIONS, "access", |_| {}), dir.path())),
        Engine::Postgres => {
            let server = PostgresServer::shared();
            let database = server.database(&server.template(MIGRATIONS, "access", |_| {}));
            let config = database.config();
            (Some(database), config)
        }
    };
    (process(&config, dir.path()), (dir, database))
}

/// Another process on a database; all of a folder share its master key.
fn process(config: &DbConfig, dir: &Path) -> Base {
    let db = Db::open(config).unwrap();
    let clock = Clock::stopped(Time::parse("2026-11-21T09:00:00Z").unwrap());
    let public_url = "http://127.0.0.1:8080".to_owned();
    let master_key = MasterKey::load(dir).unwrap();
    Base::start(BaseConfig { db, data_dir: dir.to_owned(), clock, master_key, smtp: None, public_url, is_public: false }).unwrap()
}

/// What ends in one process ends in the others within five seconds.
#[tokio::test(flavor = "multi_thread")]
async fn other_processes_hear_of_an_ended_session() {
    let world = World::on(Engine::Postgres).await;
    let (dir, database) = &world._place;
    let other = process(&database.as_ref().unwrap().config(), dir.path());
    let token = world.admin.token.reveal();
    let edge = authenticate_session(&other, token).await.unwrap();
    edge.write(crate::sessions::sign_out).await.unwrap();
    assert_eq!(code(authenticate_session(&other, token).await), "unauthenticated");
    let asked = std::time::Instant::now();
    while authenticate_session(&world.base, token).await.is_ok() {
        assert!(asked.elapsed().as_secs() < 6, "still believed");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

pub(crate) fn code<T>(result: Result<T, Error>) -> String {
    match result {
        Ok(_) => "ok".to_owned(),
        Err(Error::Invalid(fields)) => fields.iter().map(|one| format!("{}: {}", one.field, one.code)).collect::<Vec<_>>().join(", "),
        Err(Error::Forbidden { needs }) => format!("needs {needs}"),
        Err(Error::Stale { version, fields }) => format!("stale {version}: {}", fields.join(", ")),
        Err(error) => error.code().to_owned(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn starting_at_once_makes_one_organization() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let (base, _place) = started(engine);
        let mut starts = tokio::task::JoinSet::new();
        for _ in 0..4 {
            let base = base.clone();
            starts.spawn(async move { first_start(&base).await.unwrap().org });
        }
        let orgs = starts.join_all().await;
        assert!(orgs.iter().all(|org| *org == orgs[0]));

        // A later start prints a new link, and the older one ends.
        let token = |start: crate::FirstStart| start.set_up_link.unwrap().rsplit('/').next().unwrap().to_owned();
        let older = token(first_start(&base).await.unwrap());
        let newer = token(first_start(&base).await.unwrap());
        assert_eq!(code(joining::look(&base, &older).await), "link.spent");
        assert_eq!(joining::look(&base, &newer).await.unwrap().kind, crate::LinkKind::SetUp);
        let schedules = base.system_edge(orgs[0]).await.read(base::schedules::list).await.unwrap();
        assert_eq!(schedules.len(), base::schedules::DEFAULTS.len());
    }
}

#[test]
fn the_migrations_keep_the_rules() {
    assert_eq!(db::lint_migrations(MIGRATIONS), Vec::<String>::new());
}
