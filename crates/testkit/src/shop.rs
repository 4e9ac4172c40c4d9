//! A shop of its own for one test.

use std::collections::BTreeMap;
use std::future::IntoFuture;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use access::SessionKind;
use app::runners::runner;
use axum::Router;
use base::files::FileStore;
use base::worker::{Ran, Worker};
use base::{Base, BaseConfig, Clock, Edge};
use db::{Db, Engine};
use kernel::{OrgId, StoreId, Time};
use tempfile::TempDir;

use crate::client::Client;
use crate::orders::OrderBuilder;
use crate::people::{self, Person};
use crate::proof;
use crate::template::{self, Database, Known};

/// 2026-11-21T09:00:00Z, a Saturday morning in Algiers: where the clock of every shop stands at first.
pub const START: Time = Time(1_795_251_600_000_000);
/// Tokens live a day; after this long they are made anew.
const TOKEN_US: i64 = 23 * Time::HOUR;

/// A shop. Cloning it is cheap; the last clone that goes runs the jobs that are left and checks.
#[derive(Clone)]
pub struct Shop(Arc<Inner>);

struct Inner {
    base: Base,
    router: Router,
    known: Known,
    /// Tokens made after those of the template: address to token and moment.
    tokens: Mutex<BTreeMap<&'static str, (String, Time)>>,
    /// Rows per table when the test began to expect that nothing happens.
    marked: Mutex<Option<BTreeMap<String, i64>>>,
    is_finished: AtomicBool,
    may_fail: AtomicBool,
    // Dropped last: the database goes after those who use it.
    database: Arc<Database>,
    folder: Arc<TempDir>,
}

/// Runs a test on an engine; what [`both!`](crate::both) calls.
pub fn run<F: Future<Output = ()>>(engine: Engine, test: impl FnOnce(Shop) -> F) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime can be made");
    runtime.block_on(async {
        let shop = Shop::on(engine).await;
        test(shop.clone()).await;
        shop.finish().await;
    });
}

impl Shop {
    /// A shop on SQLite. Use [`both!`](crate::both) unless the engine cannot matter.
    pub async fn new() -> Shop {
        Shop::on(Engine::Sqlite).await
    }

    /// A shop on this engine.
    pub async fn on(engine: Engine) -> Shop {
        let folder = tempfile::tempdir().expect("the temporary folder is writable");
        let (database, known) = template::copy(engine, &folder);
        Shop::start(Arc::new(database), Arc::new(folder), known)
    }

    /// A shop on this engine with its files in this store.
    pub async fn with_files(engine: Engine, store: FileStore) -> Shop {
        let folder = tempfile::tempdir().expect("the temporary folder is writable");
        let (database, known) = template::copy(engine, &folder);
        Shop::start_with(Arc::new(database), Arc::new(folder), known, store)
    }

    fn start(database: Arc<Database>, folder: Arc<TempDir>, known: Known) -> Shop {
        Shop::start_with(database, folder, known, FileStore::Disk)
    }

    fn start_with(database: Arc<Database>, folder: Arc<TempDir>, known: Known, store: FileStore) -> Shop {
        let base = open(&database, &folder, store);
        let router = web::app(web::WebState::new(base.clone(), web_config(), None));
        Shop(Arc::new(Inner {
            base,
            router,
            known,
            tokens: Mutex::default(),
            marked: Mutex::default(),
            is_finished: AtomicBool::new(false),
            may_fail: AtomicBool::new(false),
            database,
            folder,
        }))
    }

    /// Another process on the same database (PostgreSQL only): its own live hub, caches, clock and router,
    /// the same people.
    pub async fn second_process(&self) -> Shop {
        assert!(matches!(*self.0.database, Database::Postgres(_)), "on SQLite one process owns the data");
        Shop::start(Arc::clone(&self.0.database), Arc::clone(&self.0.folder), self.0.known.clone())
    }

    /// Somebody with every right.
    pub fn admin(&self) -> Client {
        self.as_person(people::ADMIN)
    }

    /// A Team Manager.
    pub fn manager(&self) -> Client {
        self.as_person(people::MANAGER)
    }

    /// A call centre agent of the store MAIN.
    pub fn agent(&self) -> Client {
        self.as_person(people::AGENT)
    }

    /// Another call centre agent of the store MAIN.
    pub fn colleague(&self) -> Client {
        self.as_person(people::COLLEAGUE)
    }

    /// A call centre agent who sees only the other store, NATU.
    pub fn neighbour(&self) -> Client {
        self.as_person(people::NEIGHBOUR)
    }

    /// Somebody with every right in the other organization.
    pub fn foreigner(&self) -> Client {
        self.as_person(people::FOREIGNER)
    }

    /// Somebody who is signed in and may do nothing.
    pub fn weak(&self) -> Client {
        self.as_person(people::WEAK)
    }

    /// Somebody with a role of the first start: `admin`, `team_manager`, `agent_suivi`, `agent_call_center`,
    /// `agent`, `shop_owner`.
    pub fn role(&self, code: &str) -> Client {
        let person = people::ALL.iter().find(|person| person.role == code && !person.is_foreign);
        self.as_person(*person.unwrap_or_else(|| panic!("nobody here is {code}")))
    }

    /// Somebody who is not signed in.
    pub fn nobody(&self) -> Client {
        Client::nobody(self.router())
    }

    /// Whoever bears this token or key.
    pub fn bearer(&self, token: &str) -> Client {
        Client::bearer(self.router(), token)
    }

    /// A browser in which somebody has just signed in: cookie, CSRF token, HTML.
    pub async fn browser(&self, person: Person) -> Client {
        Client::browser(self.router(), &self.cookie(person).await)
    }

    /// The cookie of a browser in which somebody has just signed in.
    pub async fn cookie(&self, person: Person) -> String {
        let token = template::sign_in(self.base(), &person, SessionKind::Browser).await;
        token.unwrap_or_else(|error| panic!("{} cannot sign in: {error}", person.email))
    }

    fn as_person(&self, person: Person) -> Client {
        Client::person(self.clone(), person)
    }

    /// Begins an order; awaiting it places it. `shop.order().shipped().await`.
    pub fn order(&self) -> OrderBuilder {
        OrderBuilder::new(self.clone())
    }

    /// The process-wide parts.
    pub fn base(&self) -> &Base {
        &self.0.base
    }

    /// Everything that answers HTTP.
    pub fn router(&self) -> Router {
        self.0.router.clone()
    }

    /// An edge with every right, for what has no route.
    pub async fn edge(&self) -> Edge {
        self.base().system_edge(self.org()).await
    }

    /// The organization.
    pub fn org(&self) -> OrgId {
        self.0.known.org
    }

    /// The other organization.
    pub fn foreign_org(&self) -> OrgId {
        self.0.known.foreign_org
    }

    /// The store MAIN: dinars, Algiers.
    pub fn main(&self) -> StoreId {
        self.0.known.main
    }

    /// The store NATU.
    pub fn second(&self) -> StoreId {
        self.0.known.second
    }

    /// The store of the other organization.
    pub fn foreign_store(&self) -> StoreId {
        self.0.known.foreign_store
    }

    /// Below which engine.
    pub fn engine(&self) -> Engine {
        self.base().db().engine()
    }

    /// What the clock shows.
    pub fn now(&self) -> Time {
        self.base().now()
    }

    /// Moves the clock.
    pub fn advance(&self, seconds: i64) {
        self.base().clock().advance_us(seconds * Time::SECOND);
    }

    /// Runs all jobs that are due now, one after the other; answers what failed.
    pub async fn run_jobs(&self) -> Ran {
        Worker::new(self.base().clone(), runner).run_until_idle().await.expect("the queue can be read")
    }

    /// Fires the schedules that are due, as a worker does.
    pub async fn fire_schedules(&self) -> u64 {
        Worker::new(self.base().clone(), runner).fire_schedules().await.expect("the schedules can be read")
    }

    /// A failed job is part of the test, so that the end does not complain.
    pub fn jobs_may_fail(&self) {
        self.0.may_fail.store(true, Ordering::SeqCst);
    }

    /// Serves the shop on a free port of this machine until the runtime ends; answers its address.
    pub async fn listen(&self) -> SocketAddr {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let address = listener.local_addr().expect("a bound socket has an address");
        let app = self.router().into_make_service_with_connect_info::<SocketAddr>();
        #[expect(clippy::disallowed_methods, reason = "ends with the runtime of the test")]
        tokio::spawn(axum::serve(listener, app).into_future());
        address
    }

    /// Makes the `n`-th statement from now fail, the first being 1. Counts rows before, for
    /// [`Shop::assert_nothing_happened`].
    pub async fn fail_statement(&self, n: u64) {
        self.mark().await;
        // They are read anew every few seconds, and whoever reads them then makes do with the old ones when that fails.
        (base::system::caches::SETTINGS.clear)(&self.edge().await);
        self.base().settings(self.org()).await;
        self.base().db().fail_statement(n);
    }

    /// Whether the failure asked for is still to come: the action had fewer statements.
    pub fn is_failure_pending(&self) -> bool {
        self.base().db().failure_pending()
    }

    /// Remembers how many rows each table has.
    pub async fn mark(&self) {
        let rows = proof::count_rows(self.base()).await;
        *self.0.marked.lock().unwrap_or_else(PoisonError::into_inner) = Some(rows);
    }

    /// No table has more or fewer rows than at [`Shop::mark`] or [`Shop::fail_statement`], and the counters
    /// are true.
    pub async fn assert_nothing_happened(&self) {
        self.base().db().fail_statement(0);
        let before = self.0.marked.lock().unwrap_or_else(PoisonError::into_inner).clone();
        assert_eq!(proof::count_rows(self.base()).await, before.expect("mark or fail_statement came before"));
        self.assert_counters_true().await;
    }

    /// Counters and rollups of both organizations equal what they count.
    pub async fn assert_counters_true(&self) {
        for org in [self.org(), self.foreign_org()] {
            proof::counters(self.base(), org).await;
        }
    }

    /// Runs the jobs that are left and checks what must always hold. Dropping the last clone does it, too.
    pub async fn finish(&self) {
        if self.0.is_finished.swap(true, Ordering::SeqCst) {
            return;
        }
        self.0.check().await;
    }

    /// A token of this person that is good now.
    pub async fn token(&self, person: &Person) -> String {
        let now = self.now();
        if now.since_us(START) < TOKEN_US
            && let Some(token) = self.0.known.tokens.get(person.email)
        {
            return token.clone();
        }
        let kept = self.0.tokens.lock().unwrap_or_else(PoisonError::into_inner).get(person.email).cloned();
        if let Some((token, made_at)) = kept
            && now.since_us(made_at) < TOKEN_US
        {
            return token;
        }
        let token = template::sign_in(self.base(), person, SessionKind::Token).await;
        let token = token.unwrap_or_else(|error| panic!("{} cannot sign in: {error}", person.email));
        self.0.tokens.lock().unwrap_or_else(PoisonError::into_inner).insert(person.email, (token.clone(), now));
        token
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        if !self.is_finished.load(Ordering::SeqCst) && !std::thread::panicking() {
            self.finish_late();
        }
        self.base.db().close(Duration::from_secs(10));
    }
}

impl Inner {
    /// Runs the jobs that are left and checks what must always hold.
    fn check(&self) -> impl Future<Output = ()> + Send + use<> {
        let (base, may_fail) = (self.base.clone(), self.may_fail.load(Ordering::SeqCst));
        let orgs = [self.known.org, self.known.foreign_org];
        async move {
            base.db().fail_statement(0);
            let ran = Worker::new(base.clone(), runner).run_until_idle().await.expect("the queue can be read");
            assert!(may_fail || ran.failed.is_empty(), "jobs failed: {:?}", ran.failed);
            for org in orgs {
                proof::counters(&base, org).await;
            }
            proof::chains(&base, &orgs).await;
        }
    }

    /// The last clone went without [`Shop::finish`]: the same on a thread of its own, because nobody can
    /// wait inside of a drop.
    fn finish_late(&self) {
        let check = self.check();
        let checked = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime can be made");
            runtime.block_on(check);
        });
        if let Err(panic) = checked.join() {
            std::panic::resume_unwind(panic);
        }
    }
}

fn open(database: &Database, folder: &TempDir, store: FileStore) -> Base {
    let db = Db::open(&database.config(folder)).unwrap_or_else(|error| panic!("{error}"));
    let config = BaseConfig {
        db,
        data_dir: folder.path().to_owned(),
        clock: Clock::stopped(START),
        master_key: template::master_key(),
        smtp: None,
        public_url: "http://shop.test".to_owned(),
        is_public: true,
    };
    Base::start_with(config, store).unwrap_or_else(|error| panic!("{error}"))
}

fn web_config() -> web::WebConfig {
    web::WebConfig { public_url: "http://shop.test".to_owned(), limits: web::LimitsConfig::off(), ..web::WebConfig::default() }
}
