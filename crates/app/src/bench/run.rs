//! One run: what is set up, in which order things are measured, what is put away.

use std::path::{Path, PathBuf};
use std::time::Duration;

use base::Clock;
use db::testing::OwnServer;
use kernel::{Error, Id, OrderId, OrderState, StoreId};

use super::Args;
use super::bare::{BareLoop, Window};
use super::bulk::{Parts, Runs};
use super::client::{Plan, Report, Work};
use super::figures::{Bound, Figure};
use super::load::{Loaded, load};
use super::pages::{self, Page};
use super::record::Recorder;
use super::script::Script;
use super::server::{Load, Server};
use crate::config::Config;
use crate::data_dir::DataDir;
use crate::wiring::{self, Kafila};

/// Connections of the client for writes, reads, and on PostgreSQL.
const WRITERS: usize = 64;
const READERS: usize = 16;
/// Orders that are loaded into PostgreSQL at most: one after the other, each waits for the disk.
const POSTGRES_ORDERS: u64 = 20_000;
/// How many rounds the bare loop commits together, like the server's batches.
const BATCH: u64 = 64;
/// Seconds that a window lasts at least, if there is nothing left to send before its end.
const SHORTEST_S: f64 = 0.5;
/// Foreign load above this is said beside the figure.
const QUIET_CORES: f64 = 0.2;

/// What was learned while the database was open in this process.
struct Scripts {
    place: Vec<Script>,
    confirm: Vec<Script>,
    read: Vec<Script>,
    list: Vec<Script>,
    progress: Vec<Script>,
}

/// A loaded database, closed again.
struct Prepared {
    data: PathBuf,
    config: Config,
    bearer: String,
    /// The cookie of a browser in which somebody with every right has signed in.
    cookie: String,
    loaded: Loaded,
    scripts: Scripts,
    /// Empty when pages are not measured.
    pages: Vec<Page>,
    /// Empty when the reads of the API are not measured.
    reads: Vec<Page>,
}

pub(super) fn run(data: &Path, args: &Args) -> Result<Vec<Figure>, String> {
    let wants = |name: &str| args.only.is_empty() || args.only.iter().any(|one| one == name);
    let folder = data.join("bench");
    if folder.exists() {
        std::fs::remove_dir_all(&folder).map_err(|error| format!("cannot empty {}: {error}", folder.display()))?;
    }
    let mut figures = Told::default();

    let embedded = ["place", "status", "read", "list", "progress", "search", "flat", "start", "memory", "bulk", "pages", "api"];
    if embedded.iter().any(|name| wants(name)) {
        let mut prepared = prepare(&folder.join("main"), args.orders, None, &wants)?;
        let mut bench = Bench::start(&mut prepared, args)?;
        if wants("start") {
            figures.extend([bench.start_times()?]);
        }
        if wants("memory") {
            figures.extend([bench.memory_at_rest()?]);
        }
        if wants("place") {
            figures.extend(bench.place()?);
        }
        if wants("status") {
            figures.extend(bench.status()?);
        }
        for (name, what) in [("read", Reading::Order), ("list", Reading::List), ("progress", Reading::Progress)] {
            if wants(name) {
                figures.extend(bench.read(name, what)?);
            }
        }
        if wants("search") {
            figures.extend(bench.search()?);
        }
        if wants("pages") {
            let (pages, cookie) = (std::mem::take(&mut bench.prepared.pages), bench.prepared.cookie.clone());
            figures.extend(bench.looks("pages", pages, Some(&cookie), Bound::AtMost(50.0, 20.0))?);
        }
        if wants("api") {
            let reads = std::mem::take(&mut bench.prepared.reads);
            figures.extend(bench.looks("api", reads, None, Bound::AtMost(300.0, 50.0))?);
        }
        if wants("bulk") {
            figures.extend([bench.bulk()?]);
        }
        if wants("memory") {
            figures.extend([bench.memory_highest()]);
        }
        let large = wants("flat").then(|| bench.flat_medians()).transpose()?;
        bench.stop()?;
        if let Some(large) = large {
            figures.extend(flat(&folder.join("small"), args, &large)?);
        }
    }
    if wants("postgres") {
        figures.extend([postgres(&folder.join("postgres"), args)?]);
    }
    if let Some(file) = args.import.as_ref().filter(|_| wants("import")) {
        figures.extend([super::import::figure(&folder.join("import"), file, args.import_preset, args.pairs)?]);
    }
    if !args.keep {
        std::fs::remove_dir_all(&folder).map_err(|error| format!("cannot remove {}: {error}", folder.display()))?;
    }
    Ok(figures.0)
}

/// Figures in their order, each said as soon as it is there: a run takes long and may be broken off.
#[derive(Default)]
struct Told(Vec<Figure>);

impl Extend<Figure> for Told {
    fn extend<I: IntoIterator<Item = Figure>>(&mut self, figures: I) {
        for figure in figures {
            eprintln!("{}", figure.line());
            self.0.push(figure);
        }
    }
}

/// Makes a database, loads it, learns the scripts and closes it.
fn prepare(data: &Path, orders: u64, database_url: Option<&str>, wants: &dyn Fn(&str) -> bool) -> Result<Prepared, String> {
    std::fs::create_dir_all(data).map_err(|error| format!("cannot make {}: {error}", data.display()))?;
    let mut config = Config::default();
    config.limits.api_per_actor = 0;
    config.database.url = database_url.map(kernel::Hidden::new);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|error| error.to_string())?;
    runtime.block_on(async {
        let folder = DataDir::open(data).map_err(|failure| failure.to_string())?;
        let kafila = wiring::open(&config, folder, Clock::System).await.map_err(|failure| failure.to_string())?;
        let (bearer, store) = first_key(&kafila).await?;
        let cookie = first_browser(&kafila).await?;
        let edge = kafila.base.system_edge(kafila.org).await;
        let bar = indicatif::ProgressBar::new(orders).with_message("loading orders");
        bar.set_style(indicatif::ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {per_sec} {eta}").expect("a fixed form"));
        // Customers were told of loaded orders long ago: nothing of them is left to do while others are measured.
        tell_of(&kafila, &[]).await?;
        let mut loaded = load(&edge, store, orders, |done| bar.set_position(done)).await?;
        bar.finish_and_clear();
        // From now on every order calls for a message, so that its job is written, too.
        tell_of(&kafila, &[OrderState::Pending, OrderState::Confirmed]).await?;
        eprintln!("Loaded {orders} orders in {:.0} s ({:.0} a second).", loaded.seconds, orders as f64 / loaded.seconds);

        let state = web::WebState::new(kafila.base.clone(), wiring::web_config(&config), None);
        let recorder = Recorder { router: web::app(state), base: kafila.base.clone(), bearer: bearer.clone() };
        let scripts = learn(&recorder, &mut loaded).await?;
        let pages = if wants("pages") { pages::learn(&recorder, &cookie).await? } else { Vec::new() };
        let reads = if wants("api") { pages::learn_api(&recorder).await? } else { Vec::new() };
        drop(recorder);
        kafila.close();
        Ok(Prepared { data: data.to_owned(), config: config.clone(), bearer, cookie, loaded, scripts, pages, reads })
    })
}

/// Moves into these states call for a message. Such jobs come due after the longest time that an undo may take, which is
/// after their window.
async fn tell_of(kafila: &Kafila, states: &'static [OrderState]) -> Result<(), String> {
    let edge = kafila.base.system_edge(kafila.org).await;
    edge.write(move |tx, ctx| {
        let fields = serde_json::json!({ "notifiable_states": states, "undo_seconds": 300 });
        base::settings::set(tx, ctx, "orders", fields.as_object().ok_or_else(|| Error::internal("a fixed form"))?, None).map(drop)
    })
    .await
    .map_err(|error| format!("the settings could not be written: {error}"))
}

/// A key and a store.
async fn first_key(kafila: &Kafila) -> Result<(String, StoreId), String> {
    let edge = kafila.base.system_edge(kafila.org).await;
    edge.write(|tx, ctx| {
        let role = access::roles::by_name(tx, ctx, "admin")?;
        let new = access::NewApiKey { name: "Benchmark".to_owned(), role: Some(role.id), scopes: None, stores: None, expires_at: None };
        let key = access::keys::create(tx, ctx, &new)?;
        let store = access::stores::by_code(tx, ctx, "MAIN")?;
        Ok((key.text.reveal().to_owned(), store.id))
    })
    .await
    .map_err(|error| format!("no key could be made: {error}"))
}

/// Somebody with every right signs in.
async fn first_browser(kafila: &Kafila) -> Result<String, String> {
    let fail = |error: Error| format!("nobody could sign in: {error}");
    let (email, password) = ("bench@kafila.example", kernel::Hidden::new("seven camels drink slowly"));
    let kept = access::PasswordHash::prepare(&password, &[], 0).await.map_err(fail)?;
    let edge = kafila.base.system_edge(kafila.org).await;
    let joined = edge.write(move |tx, ctx| {
        let role = access::roles::by_name(tx, ctx, "admin")?.id;
        let new = access::NewUser { email: email.to_owned(), name: "Benchmark".to_owned(), role, stores: Vec::new(), locale: None };
        access::users::create(tx, ctx, &new, &kept)
    });
    joined.await.map_err(fail)?;
    let credentials = access::model::Credentials { email: email.to_owned(), password };
    let signed_in = access::sign_in::sign_in(&kafila.base, &credentials, &access::Client::default(), access::SessionKind::Browser).await;
    match signed_in.map_err(fail)? {
        access::sign_in::SignedIn::Done(session) => Ok(format!("{}={}", web::SESSION_COOKIE, session.token.reveal())),
        access::sign_in::SignedIn::SecondStep { .. } => Err("a new person has no second factor".to_owned()),
    }
}

async fn learn(recorder: &Recorder, loaded: &mut Loaded) -> Result<Scripts, String> {
    let store = loaded.store.to_string();
    let mut pending = || loaded.pending.pop().ok_or_else(|| "no order is pending".to_owned());
    let (warm, subject) = (pending()?, pending()?);
    let scripts = Scripts {
        place: recorder.place(&store, loaded.customers).await?,
        confirm: vec![recorder.act(subject, warm, "confirm").await?],
        read: vec![recorder.get(&format!("/api/v1/orders/{subject}"), Some(subject)).await?],
        list: {
            let mut list = Vec::new();
            for path in lists() {
                list.push(recorder.get(&path, None).await?);
            }
            list
        },
        progress: vec![recorder.get(&format!("/api/v1/orders/{subject}/progress"), Some(subject)).await?],
    };
    let statements = |scripts: &[Script]| scripts.first().map_or(0, Script::len);
    eprintln!(
        "Statements: place {}, change a status {}, one order {}, list {}, progress {}.",
        statements(&scripts.place),
        statements(&scripts.confirm),
        statements(&scripts.read),
        statements(&scripts.list),
        statements(&scripts.progress)
    );
    Ok(scripts)
}

/// Lists of 50, filtered and sorted in several ways.
fn lists() -> Vec<String> {
    vec![
        "/api/v1/orders?limit=50&state=PENDING".to_owned(),
        "/api/v1/orders?limit=50&province=DZ:31&sort=-created_at".to_owned(),
        "/api/v1/orders?limit=50&state=CONFIRMED&sort=created_at".to_owned(),
        "/api/v1/orders?limit=50&sort=-total".to_owned(),
    ]
}

/// What is read of one order, or many.
#[derive(Clone, Copy)]
enum Reading {
    Order,
    List,
    Progress,
}

/// A running server beside the bare loop of the same file.
struct Bench<'a> {
    prepared: &'a mut Prepared,
    args: &'a Args,
    server: Server,
    bare: BareLoop,
    highest_bytes: u64,
    windows: u64,
}

impl<'a> Bench<'a> {
    fn start(prepared: &'a mut Prepared, args: &'a Args) -> Result<Bench<'a>, String> {
        let url = prepared.config.database.url.as_ref().map(|url| url.reveal().to_owned());
        let server = Server::start(&prepared.data, url.as_deref())?;
        let bare = BareLoop::new(prepared.config.database(&prepared.data));
        Ok(Bench { prepared, args, server, bare, highest_bytes: 0, windows: 0 })
    }

    fn stop(mut self) -> Result<(), String> {
        self.server.end()
    }

    fn length(&self) -> Duration {
        Duration::from_secs(self.args.window)
    }

    fn plan(&mut self, connections: usize, rate_per_s: Option<f64>, work: Work) -> Plan {
        self.windows += 1;
        Plan {
            address: self.server.address.clone(),
            bearer: self.prepared.bearer.clone(),
            cookie: None,
            connections,
            warm_ms: self.args.window * 100,
            run_ms: self.args.window * 1_000,
            rate_per_s,
            work,
        }
    }

    fn drive(&mut self, connections: usize, rate_per_s: Option<f64>, work: Work) -> Result<(Report, Load), String> {
        let plan = self.plan(connections, rate_per_s, work);
        let driven = self.server.drive(&plan)?;
        self.highest_bytes = self.highest_bytes.max(self.server.memory_bytes().1);
        Ok(driven)
    }

    fn call_off_messages(&self) -> Result<(), String> {
        super::store::call_off_messages(&self.prepared.config.database(&self.prepared.data))
    }

    /// Exec to the first 200 of `/healthz`, on the loaded directory.
    fn start_times(&mut self) -> Result<Figure, String> {
        let mut times = vec![millis(self.server.started_in)];
        for _ in 1..self.args.pairs.max(5) {
            self.start_again()?;
            times.push(millis(self.server.started_in));
        }
        let note = format!("{} starts on a directory with {} orders", times.len(), self.args.orders);
        Ok(Figure::of_values("start", "ms", times, Bound::AtMost(300.0, 100.0), note))
    }

    /// After a start with nothing left to do: what loading left due is done by the server before.
    fn memory_at_rest(&mut self) -> Result<Figure, String> {
        let asked = std::time::Instant::now();
        while !self.server.is_idle() {
            if asked.elapsed() > Duration::from_secs(300) {
                return Err("the server was not done with its jobs within five minutes".to_owned());
            }
            std::thread::sleep(Duration::from_millis(200));
        }
        self.start_again()?;
        std::thread::sleep(Duration::from_secs(2));
        let (now, _) = self.server.memory_bytes();
        let note = format!("resident, two seconds after the start on a directory with {} orders and no job due", self.args.orders);
        Ok(Figure::of_values("memory.rest", "MB", vec![megabytes(now)], Bound::AtMost(40.0, 25.0), note))
    }

    fn start_again(&mut self) -> Result<(), String> {
        let url = self.prepared.config.database.url.as_ref().map(|url| url.reveal().to_owned());
        self.server.end()?;
        self.server = Server::start(&self.prepared.data, url.as_deref())?;
        Ok(())
    }

    fn memory_highest(&self) -> Figure {
        let note = "the highest resident size during the windows above".to_owned();
        Figure::of_values("memory.highest", "MB", vec![megabytes(self.highest_bytes)], Bound::AtMost(150.0, 80.0), note)
    }

    fn place(&mut self) -> Result<Vec<Figure>, String> {
        let (mut batched, mut single, mut tails, mut notes) = (Vec::new(), Vec::new(), Vec::new(), Notes::default());
        let scripts = self.prepared.scripts.place.clone();
        let work = |bench: &Bench<'_>| Work::Place {
            store: bench.prepared.loaded.store.to_string(),
            customers: bench.prepared.loaded.customers,
            window: format!("w{}", bench.windows),
        };
        for _ in 0..self.args.pairs {
            let place = work(self);
            let (report, load) = self.drive(WRITERS, None, place)?;
            notes.add(&report, &load);
            let together = self.bare.write(&scripts, &mut Vec::new(), BATCH, self.length())?;
            let one_each = self.bare.write(&scripts, &mut Vec::new(), 1, self.length())?;
            batched.push((report.done as f64 / report.seconds, together.per_s));
            single.push((report.done as f64 / report.seconds, one_each.per_s));
            let place = work(self);
            let (half, _) = self.drive(WRITERS, Some(report.done as f64 / report.seconds / 2.0), place)?;
            tails.push((half.p99_us as f64, together.p99_us));
        }
        self.call_off_messages()?;
        Ok(vec![
            Figure::of_pairs("place", "1/s", &batched, Bound::AtLeast(0.6, 1.0), notes.text(64)),
            Figure::of_pairs("place.single", "1/s", &single, Bound::AtLeast(2.5, 4.0), "against one commit each".to_owned()),
            Figure::of_pairs("place.p99", "µs", &tails, Bound::AtMost(4.0, 2.0), "open loop at half the rate, against p99 of a batch".to_owned()),
        ])
    }

    fn status(&mut self) -> Result<Vec<Figure>, String> {
        let (mut batched, mut single, mut notes) = (Vec::new(), Vec::new(), Notes::default());
        let scripts = self.prepared.scripts.confirm.clone();
        let mut pending = std::mem::take(&mut self.prepared.loaded.pending);
        let share = pending.len() / (self.args.pairs * 3).max(1);
        for _ in 0..self.args.pairs {
            let mut take = || pending.split_off(pending.len().saturating_sub(share));
            let (served, together_on, one_on) = (take(), take(), take());
            let orders = served.iter().map(ToString::to_string).collect();
            let (report, load) = self.drive(WRITERS, None, Work::Act { action: "confirm".to_owned(), orders })?;
            if report.seconds < SHORTEST_S {
                return Err(format!("{} pending orders last for {:.2} s only: load more with --orders", served.len(), report.seconds));
            }
            notes.add(&report, &load);
            let together = self.bare.write(&scripts, &mut raw(&together_on), BATCH, self.length())?;
            let one_each = self.bare.write(&scripts, &mut raw(&one_on), 1, self.length())?;
            batched.push((report.done as f64 / report.seconds, together.per_s));
            single.push((report.done as f64 / report.seconds, one_each.per_s));
        }
        self.call_off_messages()?;
        Ok(vec![
            Figure::of_pairs("status", "1/s", &batched, Bound::AtLeast(0.6, 1.0), notes.text(64)),
            Figure::of_pairs("status.single", "1/s", &single, Bound::AtLeast(2.0, 3.0), "against one commit each".to_owned()),
        ])
    }

    fn read(&mut self, name: &str, reading: Reading) -> Result<Vec<Figure>, String> {
        let (mut rates, mut tails, mut notes) = (Vec::new(), Vec::new(), Notes::default());
        let subjects = sample(&self.prepared.loaded.all, 5_000);
        let (scripts, paths): (Vec<Script>, Vec<String>) = match reading {
            Reading::Order => (self.prepared.scripts.read.clone(), subjects.iter().map(|id| format!("/api/v1/orders/{id}")).collect()),
            Reading::Progress => {
                (self.prepared.scripts.progress.clone(), subjects.iter().map(|id| format!("/api/v1/orders/{id}/progress")).collect())
            }
            Reading::List => (self.prepared.scripts.list.clone(), lists()),
        };
        let ids = raw(&subjects);
        for _ in 0..self.args.pairs {
            let (report, load) = self.drive(READERS, None, Work::Get { paths: paths.clone() })?;
            notes.add(&report, &load);
            let bare = self.bare.read(&scripts, &ids, self.length())?;
            rates.push((report.done as f64 / report.seconds, bare.per_s));
            tails.push((report.p99_us as f64, bare.p99_us.max(1.0)));
        }
        Ok(vec![
            Figure::of_pairs(name, "1/s", &rates, Bound::AtLeast(0.5, 0.9), notes.text(16)),
            Figure::of_pairs(&format!("{name}.p99"), "µs", &tails, Bound::AtMost(20.0, 8.0), "16 connections, against one thread".to_owned()),
        ])
    }

    /// What people wait for at a quarter of what the server can take, while many orders are moved at once, against the
    /// same without.
    fn bulk(&mut self) -> Result<Figure, String> {
        let work = |bench: &Bench<'_>| Work::Place {
            store: bench.prepared.loaded.store.to_string(),
            customers: bench.prepared.loaded.customers,
            window: format!("b{}", bench.windows),
        };
        let place = work(self);
        let (most, _) = self.drive(WRITERS, None, place)?;
        let quarter = most.done as f64 / most.seconds / 4.0;
        let loaded = &self.prepared.loaded;
        let mut parts = Some(Parts::new(loaded.begin, loaded.step_us, self.args.orders, self.args.pairs as u64));
        let (mut tails, mut notes, mut done, mut seconds) = (Vec::new(), Notes::default(), 0, 0.0);
        for _ in 0..self.args.pairs {
            let place = work(self);
            let (without, _) = self.drive(WRITERS, Some(quarter), place)?;
            let place = work(self);
            let runs = Runs::begin(&self.server.address, &self.prepared.bearer, parts.take().ok_or("no part is left")?)?;
            let driven = self.drive(WRITERS, Some(quarter), place);
            let (left, beside) = runs.end();
            let ((with, load), beside) = (driven?, beside?);
            parts = left;
            notes.add(&with, &load);
            done += beside.done;
            seconds += beside.seconds;
            tails.push((with.p99_us as f64, without.p99_us as f64));
        }
        let note = format!(
            "p99 of placing at {quarter:.0} a second with bulk runs beside, against without; {done} orders moved in {seconds:.1} s; {}",
            notes.text(WRITERS)
        );
        Ok(Figure::of_pairs("bulk", "µs", &tails, Bound::AtMost(2.0, 1.3), note))
    }

    /// Searches, one after another on one connection.
    fn search(&mut self) -> Result<Vec<Figure>, String> {
        let hits: Vec<String> = (0..200_u64)
            .map(|n| {
                let customer = super::orders::spread(n * 37, self.prepared.loaded.customers);
                format!("/api/v1/orders?limit=20&search={}", super::orders::phone(customer).trim_start_matches('+'))
            })
            .chain(["Benali", "karim haddad", "meziane"].map(|name| format!("/api/v1/orders?limit=20&search={}", name.replace(' ', "%20"))))
            .collect();
        let misses = (0..50).map(|n| format!("/api/v1/orders?limit=20&search=zzqx{n}")).collect();
        let mut figures = Vec::new();
        for (name, paths, bound) in [("search.hit", hits, Bound::AtMost(20.0, 5.0)), ("search.miss", misses, Bound::AtMost(50.0, 20.0))] {
            let (mut tails, mut notes) = (Vec::new(), Notes::default());
            for _ in 0..self.args.pairs {
                let (report, load) = self.drive(1, None, Work::Get { paths: paths.clone() })?;
                notes.add(&report, &load);
                tails.push(report.p99_us as f64 / 1_000.0);
            }
            figures.push(Figure::of_values(name, "ms", tails, bound, format!("p99 on one connection; {}", notes.text(1))));
        }
        Ok(figures)
    }

    /// How long each page or read takes on one connection, beside its own statements; a tenth of a window each.
    fn looks(&mut self, kind: &str, looks: Vec<Page>, cookie: Option<&str>, bound: Bound) -> Result<Vec<Figure>, String> {
        let length = (self.length() / 10).max(Duration::from_secs(1));
        let mut figures = Vec::new();
        for look in looks {
            let (mut middles, mut tails, mut notes) = (Vec::new(), Vec::new(), Notes::default());
            let statements = look.script.len();
            let scripts = [look.script];
            for _ in 0..self.args.pairs {
                let plan = Plan {
                    cookie: cookie.map(str::to_owned),
                    warm_ms: length.as_millis() as u64 / 10,
                    run_ms: length.as_millis() as u64,
                    ..self.plan(1, None, Work::Get { paths: vec![look.path.clone()] })
                };
                let (report, load) = self.server.drive(&plan)?;
                notes.add(&report, &load);
                let bare = self.bare.read(&scripts, &[], length)?;
                middles.push((report.p50_us as f64 / 1_000.0, bare.p50_us / 1_000.0));
                tails.push((report.p99_us as f64 / 1_000.0, bare.p99_us / 1_000.0));
            }
            let note = format!("{}; {statements} statements; {}", look.path, notes.text(1));
            figures.push(Figure::of_times(&format!("{kind}.{}", look.name), "ms", &middles, bound, format!("p50 of {note}")));
            figures.push(Figure::of_times(&format!("{kind}.{}.p99", look.name), "ms", &tails, bound, String::new()));
        }
        Ok(figures)
    }

    /// Middle answer times, warm, of what people look at all day; microseconds.
    fn flat_medians(&mut self) -> Result<Vec<(&'static str, f64)>, String> {
        let order = self.prepared.loaded.all.last().map(ToString::to_string).ok_or("no order is loaded")?;
        let looks = [
            ("flat.stats", "/api/v1/orders/stats".to_owned()),
            ("flat.list", "/api/v1/orders?limit=50".to_owned()),
            ("flat.list_by_state", "/api/v1/orders?limit=50&state=PENDING".to_owned()),
            ("flat.order", format!("/api/v1/orders/{order}")),
        ];
        let mut medians = Vec::new();
        for (name, path) in looks {
            let mut times = Vec::new();
            for _ in 0..self.args.pairs {
                times.push(self.drive(1, None, Work::Get { paths: vec![path.clone()] })?.0.p50_us as f64);
            }
            medians.push((name, super::figures::median(&mut times)));
        }
        Ok(medians)
    }
}

/// The same looks on 10,000 orders, against those on the large database.
fn flat(data: &Path, args: &Args, large: &[(&'static str, f64)]) -> Result<Vec<Figure>, String> {
    let mut prepared = prepare(data, 10_000, None, &|_| false)?;
    let mut bench = Bench::start(&mut prepared, args)?;
    let small = bench.flat_medians()?;
    bench.stop()?;
    let pairs = large.iter().zip(&small);
    Ok(pairs
        .map(|((name, large), (_, small))| {
            let note = format!("p50 with {} orders against 10,000", args.orders);
            Figure::of_pairs(name, "µs", &[(*large, *small)], Bound::AtMost(1.5, 1.1), note)
        })
        .collect())
}

/// Orders placed over HTTP on PostgreSQL, against the same statements pipelined on as many connections.
fn postgres(data: &Path, args: &Args) -> Result<Figure, String> {
    // In a folder of the system's own: PostgreSQL runs as somebody else, who may not look into ours.
    let home = tempfile::tempdir().map_err(|error| format!("no folder for PostgreSQL: {error}"))?;
    let own = args.postgres_url.is_none().then(|| OwnServer::start_in(home.path(), "bench"));
    let url = args.postgres_url.clone().or_else(|| own.as_ref().map(|server| server.url("bench"))).unwrap_or_default();
    let mut prepared = prepare(data, args.orders.min(POSTGRES_ORDERS), Some(&url), &|_| false)?;
    let mut bench = Bench::start(&mut prepared, args)?;
    let (mut pairs, mut notes) = (Vec::new(), Notes::default());
    let scripts = bench.prepared.scripts.place.clone();
    for _ in 0..args.pairs {
        let work = Work::Place {
            store: bench.prepared.loaded.store.to_string(),
            customers: bench.prepared.loaded.customers,
            window: format!("p{}", bench.windows),
        };
        let (report, load) = bench.drive(READERS, None, work)?;
        notes.add(&report, &load);
        let bare: Window = bench.bare.write_at_once(&scripts, READERS, bench.length())?;
        pairs.push((report.done as f64 / report.seconds, bare.per_s));
    }
    bench.stop()?;
    let note = format!("{} orders; {}, PostgreSQL itself among it", args.orders.min(POSTGRES_ORDERS), notes.text(READERS));
    Ok(Figure::of_pairs("postgres", "1/s", &pairs, Bound::AtLeast(0.6, 0.8), note))
}

/// What is said beside a figure.
#[derive(Default)]
struct Notes {
    requests: u64,
    server_s: f64,
    client_s: f64,
    foreign_cores: f64,
    windows: usize,
}

impl Notes {
    fn add(&mut self, report: &Report, load: &Load) {
        self.requests += report.sent;
        self.server_s += load.server_s;
        self.client_s += load.client_s;
        self.foreign_cores = self.foreign_cores.max(load.foreign_cores);
        self.windows += 1;
    }

    fn text(&self, connections: usize) -> String {
        let each = |seconds: f64| seconds * 1e6 / self.requests.max(1) as f64;
        let foreign = if self.foreign_cores > QUIET_CORES { format!("; foreign load up to {:.1} cores", self.foreign_cores) } else { String::new() };
        format!(
            "{} pairs at {connections} connections; {:.0} µs of processor a request in the server, {:.0} in the client{foreign}",
            self.windows,
            each(self.server_s),
            each(self.client_s)
        )
    }
}

fn raw(ids: &[OrderId]) -> Vec<i64> {
    ids.iter().map(|id| id.to_i64()).collect()
}

/// So many of them, spread evenly.
fn sample(ids: &[OrderId], count: usize) -> Vec<OrderId> {
    let step = (ids.len() / count.max(1)).max(1);
    ids.iter().step_by(step).copied().collect()
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1_000_000.0
}
