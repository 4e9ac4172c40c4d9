//! A small world to import into.

use std::path::{Path, PathBuf};

use base::secrets::MasterKey;
use base::{Base, BaseConfig, Clock, Ctx, Edge, organizations};
use db::testing::{PostgresServer, TestDatabase, sqlite_from_template, sqlite_template};
use db::{Db, Engine, Migration, Row, Tx, Value};
use kernel::{Error, FieldError, OrgId, Time};
use store_sync::{Cursor, Done, Go, Host, Options, Preset, Progress, Source};

macro_rules! step {
    ($number:literal, $digits:literal, $name:literal) => {
        Migration { number: $number, name: $name, sql: include_str!(concat!("../../../../migrations/", $digits, "_", $name, ".sql")) }
    };
}

/// All of them: what hangs on an order decides whether it can be taken back.
const MIGRATIONS: &[Migration] = &[
    step!(1, "0001", "base_core"),
    step!(2, "0002", "base_work"),
    step!(3, "0003", "access"),
    step!(4, "0004", "customers"),
    step!(5, "0005", "catalogue"),
    step!(6, "0006", "orders"),
    step!(7, "0007", "notifications"),
    step!(8, "0008", "payments"),
    step!(9, "0009", "orders_edit"),
    step!(10, "0010", "orders_drafts"),
    step!(11, "0011", "orders_holds"),
    step!(12, "0012", "fields"),
    step!(13, "0013", "attachments"),
    step!(14, "0014", "statuses"),
    step!(15, "0015", "series"),
    step!(16, "0016", "bulk"),
    step!(17, "0017", "views"),
    step!(18, "0018", "customers_care"),
    step!(19, "0019", "import_export"),
    step!(20, "0020", "review"),
    step!(21, "0021", "tracking"),
    step!(22, "0022", "rule_drafts"),
    step!(23, "0023", "mentions"),
    step!(24, "0024", "list_indexes"),
    step!(25, "0025", "logos"),
    step!(26, "0026", "due_by_kind"),
];

/// 2026-11-21T09:00:00Z.
pub(crate) const NOW: Time = Time(1_795_251_600_000_000);

/// A process with an organization, its store MAIN, and a folder for files.
pub(crate) struct World {
    pub(crate) base: Base,
    pub(crate) org: OrgId,
    // Dropped last: the database ends before its files.
    dir: tempfile::TempDir,
    _database: Option<TestDatabase>,
}

impl World {
    pub(crate) async fn on(engine: Engine) -> World {
        let dir = tempfile::tempdir().unwrap();
        let (database, config) = match engine {
            Engine::Sqlite => (None, sqlite_from_template(&sqlite_template(MIGRATIONS, "store_sync", |_| {}), dir.path())),
            Engine::Postgres => {
                let server = PostgresServer::shared();
                let database = server.database(&server.template(MIGRATIONS, "store_sync", |_| {}));
                let config = database.config();
                (Some(database), config)
            }
        };
        let base = Base::start(BaseConfig {
            db: Db::open(&config).unwrap(),
            data_dir: dir.path().to_owned(),
            clock: Clock::stopped(NOW),
            master_key: MasterKey::random(),
            smtp: None,
            public_url: "http://127.0.0.1:8080".into(),
            is_public: true,
        });
        let base = base.unwrap();
        let org = base.db().system_write(|tx| organizations::create(tx, "Boutique", NOW)).await.unwrap();
        let world = World { base, org, dir, _database: database };
        world.write(|tx, ctx| access::stores::create(tx, ctx, &access::NewStore::algerian("MAIN", "Main")).map(drop)).await;
        world
    }

    pub(crate) async fn edge(&self) -> Edge {
        self.base.system_edge(self.org).await
    }

    pub(crate) async fn write<T: Send + 'static>(&self, f: impl Fn(&mut Tx, &Ctx) -> Result<T, Error> + Send + 'static) -> T {
        self.edge().await.write(f).await.unwrap()
    }

    /// A file in the world's folder.
    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.dir.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path
    }

    pub(crate) fn rejects(&self) -> PathBuf {
        self.dir.path().join("rejects.csv")
    }

    /// Imports with the preset's own store; `change` turns the options.
    pub(crate) async fn import(&self, path: &Path, preset: Preset, change: impl FnOnce(&mut Options)) -> Result<Done, Error> {
        self.import_watched(path, preset, change, |_| Go::On).await
    }

    /// The same, and `watch` hears of each batch.
    pub(crate) async fn import_watched(
        &self,
        path: &Path,
        preset: Preset,
        change: impl FnOnce(&mut Options),
        watch: impl FnMut(&Progress) -> Go + Send + Sync,
    ) -> Result<Done, Error> {
        let mut options = Options::new(Source::at(path), preset);
        change(&mut options);
        let mut host = TestHost { edge: self.edge().await, watch };
        store_sync::run(&mut host, &options, &self.rejects()).await
    }

    /// Rows of an SQL text that joins its columns into one: how the tests look at what stands.
    pub(crate) async fn texts(&self, sql: &'static str) -> Vec<String> {
        self.rows::<(String,)>(sql).await.into_iter().map(|(text,)| text).collect()
    }

    pub(crate) async fn number(&self, sql: &'static str) -> i64 {
        self.rows::<(i64,)>(sql).await[0].0
    }

    async fn rows<T: Row + Send + 'static>(&self, sql: &'static str) -> Vec<T> {
        self.edge().await.read(move |tx, _| tx.rows(sql, vec![Value::Int(kernel::Id::to_i64(tx.org()))])).await.unwrap()
    }

    /// How many rows everything has that an import writes.
    pub(crate) async fn rows_in_all(&self) -> i64 {
        self.number(
            "select cast((select count(*) from orders where org_id = $1) + (select count(*) from order_lines where org_id = $1)
                  + (select count(*) from credit_notes where org_id = $1) + (select count(*) from credit_note_lines where org_id = $1)
                  + (select count(*) from transactions where org_id = $1) + (select count(*) from events where org_id = $1)
                  + (select count(*) from customers where org_id = $1) + (select count(*) from variants where org_id = $1)
                  + (select count(*) from stores where org_id = $1) as bigint) as rows_in_all",
        )
        .await
    }

    /// The rows of the file of refused rows, without the heading: line, order, field, code, and the first cell.
    pub(crate) fn refused(&self) -> Vec<String> {
        let mut reader = csv::Reader::from_path(self.rejects()).unwrap();
        let records: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().unwrap();
        records.iter().map(|one| format!("{} {} {} {}", &one[0], &one[1], &one[2], &one[3])).collect()
    }
}

/// Words of tests.
pub(crate) fn words(locale: kernel::Locale, error: &FieldError) -> String {
    let args: Vec<String> = error.args.iter().map(|(name, value)| format!("{name} {value}")).collect();
    format!("{locale}: {} {}", error.code, args.join(", ")).trim_end().to_owned()
}

pub(crate) struct TestHost<W> {
    edge: Edge,
    watch: W,
}

impl<W: FnMut(&Progress) -> Go + Send + Sync> Host for TestHost<W> {
    fn edge(&self) -> &Edge {
        &self.edge
    }

    fn words(&self, error: &FieldError) -> String {
        words(kernel::Locale::En, error)
    }

    async fn commit<T: Send + 'static>(&self, batch: impl Fn(&mut Tx, &Ctx) -> Result<(T, Cursor), Error> + Send + 'static) -> Result<T, Error> {
        self.edge.write_background(move |tx, ctx| batch(tx, ctx).map(|(answer, _)| answer)).await
    }

    async fn progress(&mut self, progress: &Progress) -> Result<Go, Error> {
        Ok((self.watch)(progress))
    }
}

/// Runs a check on both engines.
pub(crate) async fn on_both<F: Future<Output = ()>>(check: impl Fn(World) -> F) {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        check(World::on(engine).await).await;
    }
}
