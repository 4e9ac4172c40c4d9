//! The promises of this crate, each on both engines.

#![expect(clippy::unwrap_used, reason = "a failing test shall panic")]
#![expect(clippy::disallowed_methods, reason = "this crate is what stands below the edge")]

mod engines;
mod failures;
mod migrations;
mod tls;
mod transactions;

use std::sync::Arc;
use std::time::Duration;

use db::testing::{PostgresServer, TestDatabase};
use db::{Db, DbConfig, Engine, Migration};
use kernel::id::{Id, OrgId};

pub(crate) const SCHEMA: &[Migration] = &[Migration {
    number: 1,
    name: "tests",
    sql: "-- tenant
          create table customers (
              org_id {id} not null, id {id} not null, phone {text}, name {text} not null, raw {bytes}, at {bigint},
              primary key (org_id, id)
          );
          create unique index customers_phone on customers (org_id, phone);
          create unique index customers_name on customers (org_id, lower(name)) where at is not null;
          -- tenant
          create table counters (
              org_id {id} not null, name {text} not null, n {bigint} not null, primary key (org_id, name)
          );",
}];

pub(crate) const ORG: i64 = 7;

pub(crate) fn org() -> OrgId {
    OrgId::from_i64(ORG)
}

/// A database of its own, gone with the test.
pub(crate) struct Place {
    pub(crate) db: Db,
    pub(crate) config: DbConfig,
    pub(crate) folder: tempfile::TempDir,
    database: Option<Arc<TestDatabase>>,
}

impl Place {
    pub(crate) fn new(engine: Engine) -> Place {
        let place = Place::empty(engine);
        place.db.migrate(SCHEMA).unwrap();
        place
    }

    pub(crate) fn empty(engine: Engine) -> Place {
        let folder = tempfile::tempdir().unwrap();
        let (config, database) = match engine {
            Engine::Sqlite => (DbConfig::sqlite(folder.path().join("kafila.db")), None),
            Engine::Postgres => {
                let database = Arc::new(PostgresServer::shared().empty_database());
                (database.config(), Some(database))
            }
        };
        let db = Db::open(&config).unwrap();
        Place { db, config, folder, database }
    }

    pub(crate) async fn count(&self) -> i64 {
        let count = self.db.read(org(), |tx| tx.one::<(i64,)>("select count(*) from customers where org_id = $1", db::params![tx.org()]));
        count.await.unwrap().0
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.db.close(Duration::from_secs(10));
        drop(self.database.take());
    }
}

/// Makes a test on each engine out of one async function of a [`Place`].
#[macro_export]
macro_rules! both {
    ($($name:ident)+) => {$(
        mod $name {
            #[tokio::test]
            async fn sqlite() {
                super::$name($crate::Place::new(db::Engine::Sqlite)).await;
            }

            #[tokio::test]
            async fn postgres() {
                super::$name($crate::Place::new(db::Engine::Postgres)).await;
            }
        }
    )+};
}
