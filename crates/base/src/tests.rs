//! Tests on both engines, and the small world they stand in.

#![expect(clippy::disallowed_methods, reason = "worlds stand outside of any edge")]

mod core;
mod work;
mod writes;

use std::path::PathBuf;

use db::testing::{PostgresServer, TestDatabase, sqlite_from_template, sqlite_template};
use db::{Db, DbConfig, Engine, Migration};
use kernel::{OrgId, Time};

use crate::secrets::MasterKey;
use crate::{Base, BaseConfig, Clock, Edge, organizations};

const MIGRATIONS: &[Migration] = &[
    Migration { number: 1, name: "base_core", sql: include_str!("../../../migrations/0001_base_core.sql") },
    Migration { number: 2, name: "base_work", sql: include_str!("../../../migrations/0002_base_work.sql") },
];

pub(crate) const ENGINES: [Engine; 2] = [Engine::Sqlite, Engine::Postgres];

/// A process with its own database, a stopped clock and one organization.
pub(crate) struct World {
    pub(crate) base: Base,
    pub(crate) org: OrgId,
    pub(crate) key: MasterKey,
    // Dropped last: the database ends before its files.
    place: Place,
}

struct Place {
    dir: tempfile::TempDir,
    database: Option<TestDatabase>,
}

impl World {
    pub(crate) async fn on(engine: Engine) -> World {
        let dir = tempfile::tempdir().unwrap();
        let (database, config) = match engine {
            Engine::Sqlite => (None, sqlite_from_template(&sqlite_template(MIGRATIONS, "base", |_| {}), dir.path())),
            Engine::Postgres => {
                let server = PostgresServer::shared();
                let database = server.database(&server.template(MIGRATIONS, "base", |_| {}));
                let config = database.config();
                (Some(database), config)
            }
        };
        let key = MasterKey::random();
        let place = Place { dir, database };
        let base = start(&config, key.clone(), place.dir.path().to_owned()).unwrap();
        let org = base.db().system_write(|tx| organizations::create(tx, "Boutique", Time(0))).await.unwrap();
        World { base, org, key, place }
    }

    /// Another process on the same PostgreSQL.
    pub(crate) fn second(&self) -> Base {
        let config = self.place.database.as_ref().expect("only PostgreSQL takes two").config();
        start(&config, self.key.clone(), self.place.dir.path().to_owned()).unwrap()
    }

    pub(crate) async fn edge(&self) -> Edge {
        self.base.system_edge(self.org).await
    }
}

pub(crate) fn start(config: &DbConfig, master_key: MasterKey, data_dir: PathBuf) -> Result<Base, kernel::Error> {
    let db = Db::open(config).unwrap();
    let clock = Clock::stopped(Time::parse("2026-11-21T09:00:00Z").unwrap());
    Base::start(BaseConfig { db, data_dir, clock, master_key, smtp: None, public_url: "http://127.0.0.1:8080".into(), is_public: false })
}

#[test]
fn the_migrations_keep_the_rules() {
    assert_eq!(db::lint_migrations(MIGRATIONS), Vec::<String>::new());
}
