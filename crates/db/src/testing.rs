//! A database per test, on both engines. Not for production.
//!
//! SQLite copies a template file. PostgreSQL copies a template database on one throw-away server,
//! which the first test of a run starts and all others share, whatever process they are in; it
//! stops by itself when nobody has asked for it for ten minutes. Without PostgreSQL tests fail:
//! a skipped test proves nothing.

#![expect(clippy::disallowed_methods, reason = "looks for PostgreSQL on the machine of the tests, and names databases apart")]

use std::fs::{self, File};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use sha2::{Digest, Sha256};

use crate::postgres_server::Server;
use crate::postgres_session::describe;
use crate::{Db, DbConfig, Migration};

/// Names the server that tests shall use instead of starting one; its user may create databases.
pub const POSTGRES_VARIABLE: &str = "KAFILA_TEST_POSTGRES";
/// Connections of a test's database; a test has few callers.
const CONNECTIONS: usize = 4;
const IDLE_MINUTES: u32 = 10;

/// Copies a template file into a folder and answers how to open the copy.
pub fn sqlite_from_template(template: &Path, dir: &Path) -> DbConfig {
    let path = dir.join("kafila.db");
    fs::copy(template, &path).unwrap_or_else(|error| panic!("cannot copy {} to {}: {error}", template.display(), path.display()));
    DbConfig::sqlite(path)
}

/// The template file for a list of migrations, made once per list and `key` on this machine.
/// `prepare` may add rows; whoever prepares differently needs another key.
pub fn sqlite_template(list: &[Migration], key: &str, prepare: impl FnOnce(&Db)) -> PathBuf {
    let dir = std::env::temp_dir().join(format!("kafila-test-sqlite-{}", user()));
    fs::create_dir_all(&dir).expect("the temporary folder is writable");
    let path = dir.join(format!("{}.db", fingerprint(list, key)));
    let _guard = lock_file(&dir.join("lock"));
    if !path.exists() {
        let raw = dir.join(format!("{}.raw", fingerprint(list, key)));
        for tail in ["", "-wal", "-shm"] {
            let _ = fs::remove_file(format!("{}{tail}", raw.display()));
        }
        make_template(&DbConfig::sqlite(&raw), list, prepare);
        fs::rename(&raw, &path).expect("the template can be renamed");
    }
    path
}

fn make_template(config: &DbConfig, list: &[Migration], prepare: impl FnOnce(&Db)) {
    let db = Db::open(config).unwrap_or_else(|error| panic!("{error}"));
    db.migrate(list).unwrap_or_else(|error| panic!("{error}"));
    prepare(&db);
    db.close(Duration::from_secs(30));
}

/// The server of this test run.
#[derive(Clone, Debug)]
pub struct PostgresServer {
    /// Without a database at its end.
    base: String,
    /// Where it keeps its files, when it is ours.
    home: Option<PathBuf>,
}

/// A server of one test's own, which that test may stop and start. It ends when this is dropped.
#[derive(Debug)]
pub struct OwnServer {
    home: PathBuf,
    port: u16,
}

/// A database of its own; gone when this is dropped.
#[derive(Debug)]
pub struct TestDatabase {
    server: PostgresServer,
    name: String,
}

impl PostgresServer {
    /// The shared server, started when none runs. Panics when no PostgreSQL is installed.
    pub fn shared() -> PostgresServer {
        if let Ok(url) = std::env::var(POSTGRES_VARIABLE) {
            let base = url.rsplit_once('/').map_or(url.as_str(), |(base, _)| if base.ends_with('/') { url.as_str() } else { base });
            return PostgresServer { base: base.to_owned(), home: None };
        }
        let home = std::env::temp_dir().join(format!("kafila-test-postgres-{}", user()));
        fs::create_dir_all(&home).expect("the temporary folder is writable");
        let _guard = lock_file(&home.join("lock"));
        if let Some(server) = PostgresServer::running(&home) {
            return server;
        }
        PostgresServer::start(&home)
    }

    /// Stops the server, if it is ours. Whoever needs it later starts it again.
    pub fn stop(&self) {
        if let Some(home) = &self.home {
            let _guard = lock_file(&home.join("lock"));
            stop_server(home);
        }
    }

    /// The address of one of its databases.
    pub fn url(&self, database: &str) -> String {
        format!("{}/{database}", self.base)
    }

    /// The template database for a list of migrations, made once per list and `key`. `prepare` may
    /// add rows; whoever prepares differently needs another key.
    pub fn template(&self, list: &[Migration], key: &str, prepare: impl FnOnce(&Db)) -> String {
        let name = format!("kafila_template_{}", fingerprint(list, key));
        let dir = self.home.clone().unwrap_or_else(std::env::temp_dir);
        let _guard = lock_file(&dir.join("kafila-template-lock"));
        if !self.exists(&name) {
            let raw = format!("{name}_raw");
            self.admin(&[
                &format!("drop database if exists {raw} with (force)"),
                &format!("create database {raw} template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C'"),
            ]);
            make_template(&DbConfig::Postgres { url: self.url(&raw), connections: 1 }, list, prepare);
            // A connection that is just ending still counts.
            let rename = format!("alter database {raw} rename to {name}");
            let started = Instant::now();
            while let Err(error) = self.try_admin(&[&rename]) {
                assert!(started.elapsed() < Duration::from_secs(10), "{error}");
                thread::sleep(Duration::from_millis(20));
            }
        }
        name
    }

    /// A fresh copy of a template.
    pub fn database(&self, template: &str) -> TestDatabase {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        self.mark_used();
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos() % 1_000_000_007);
        let name = format!("kafila_test_{}_{}_{now}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        self.admin(&[&format!("create database {name} template {template}")]);
        TestDatabase { server: self.clone(), name }
    }

    /// An empty database.
    pub fn empty_database(&self) -> TestDatabase {
        self.database("template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C'")
    }

    fn exists(&self, name: &str) -> bool {
        self.query(&format!("select 1 from pg_database where datname = '{name}'")).is_ok_and(|rows| rows > 0)
    }

    fn admin(&self, statements: &[&str]) {
        self.try_admin(statements).unwrap_or_else(|error| panic!("the test server refuses: {error}"));
    }

    fn try_admin(&self, statements: &[&str]) -> Result<(), String> {
        statements.iter().try_for_each(|sql| self.query(sql).map(drop))
    }

    /// Runs one statement in the server's own database and counts the rows.
    fn query(&self, sql: &str) -> Result<usize, String> {
        let url = self.url("postgres");
        // On a thread of its own: tests stand inside a runtime.
        thread::scope(|scope| scope.spawn(|| query(&url, sql)).join().expect("a query does not panic"))
    }

    fn running(home: &Path) -> Option<PostgresServer> {
        let base = fs::read_to_string(home.join("url")).ok()?;
        let server = PostgresServer { base: base.trim().to_owned(), home: Some(home.to_owned()) };
        server.mark_used();
        server.query("select 1").is_ok().then_some(server)
    }

    fn start(home: &Path) -> PostgresServer {
        stop_server(home);
        let (owner, bin, port) = (Owner::find(), binaries(), free_port());
        prepare_server(home);
        start_server(home, port, "-c synchronous_commit=off -c full_page_writes=off -c shared_buffers=128MB -c autovacuum=off");
        let base = format!("postgres://kafila@127.0.0.1:{port}");
        fs::write(home.join("url"), &base).expect("the folder of the server is writable");
        let server = PostgresServer { base, home: Some(home.to_owned()) };
        server.mark_used();
        // Whoever runs the server takes the lock, too, before its files are removed.
        owner.give(&home.join("lock"));
        watch(&owner, &bin, home);
        server.query("select 1").unwrap_or_else(|error| panic!("the test server started, but does not answer: {error}"));
        server
    }

    fn mark_used(&self) {
        if let Some(home) = &self.home {
            let _ = fs::write(home.join("used"), b"");
        }
    }
}

impl OwnServer {
    /// Starts one in this folder, with an empty database of this name. What it acknowledges survives
    /// [`OwnServer::stop`].
    pub fn start_in(home: &Path, database: &str) -> OwnServer {
        prepare_server(home);
        let server = OwnServer { home: home.to_owned(), port: free_port() };
        server.start();
        let create = format!("create database {database} template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C'");
        let url = server.url("postgres");
        thread::scope(|scope| scope.spawn(|| query(&url, &create)).join().expect("a query does not panic"))
            .unwrap_or_else(|error| panic!("the test server refuses: {error}"));
        server
    }

    /// The address of one of its databases.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://kafila@127.0.0.1:{}/{database}", self.port)
    }

    /// From now on it takes TLS, with this certificate and its key (PEM), and still connections without.
    pub fn offer_tls(&self, certificate: &str, key: &str) {
        let owner = Owner::find();
        for (name, text) in [("server.crt", certificate), ("server.key", key)] {
            let path = self.home.join("data").join(name);
            fs::write(&path, text).expect("the folder of the server is writable");
            // PostgreSQL takes no key that others may read.
            fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).expect("the file is ours");
            owner.give(&path);
        }
        let url = self.url("postgres");
        let run = |sql: &str| thread::scope(|scope| scope.spawn(|| query(&url, sql)).join().expect("a query does not panic"));
        for sql in ["alter system set ssl = on", "select pg_reload_conf()"] {
            run(sql).unwrap_or_else(|error| panic!("the test server refuses: {error}"));
        }
    }

    /// Breaks every connection off and stops, as in a crash.
    pub fn stop(&self) {
        self.control(&["-m", "immediate", "-w", "stop"]);
    }

    /// Starts it again, at the same address; waits until it answers.
    pub fn start(&self) {
        start_server(&self.home, self.port, "-c synchronous_commit=on -c fsync=on");
    }

    fn control(&self, arguments: &[&str]) {
        let data = self.home.join("data").display().to_string();
        Owner::find().run(&binaries().join("pg_ctl"), &[&["-D", &data], arguments].concat(), &self.home);
    }
}

impl Drop for OwnServer {
    fn drop(&mut self) {
        stop_server(&self.home);
    }
}

impl TestDatabase {
    /// How to open it.
    pub fn config(&self) -> DbConfig {
        DbConfig::Postgres { url: self.url(), connections: CONNECTIONS }
    }

    /// Its address.
    pub fn url(&self) -> String {
        self.server.url(&self.name)
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let Err(error) = self.server.try_admin(&[&format!("drop database if exists {} with (force)", self.name)]) {
            tracing::warn!("A test's database stays until the server stops: {error}");
        }
    }
}

fn query(url: &str, sql: &str) -> Result<usize, String> {
    let server = Server::read(url)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| error.to_string())?;
    runtime.block_on(async {
        let (client, connection) = server.connect().await.map_err(|error| describe(&error))?;
        let connection = tokio::runtime::Handle::current().spawn(connection);
        let rows = client.simple_query(sql).await.map_err(|error| describe(&error))?;
        drop(client);
        let _ = connection.await;
        Ok(rows.iter().filter(|message| matches!(message, tokio_postgres::SimpleQueryMessage::Row(_))).count())
    })
}

/// PostgreSQL refuses to run as root, so root lends it to somebody else.
struct Owner {
    other: Option<(String, u32, u32)>,
}

impl Owner {
    fn find() -> Owner {
        if user() != "0" {
            return Owner { other: None };
        }
        let found = ["postgres", "nobody"].iter().find_map(|name| {
            let number = |flag: &str| output("id", &[flag, name])?.parse().ok();
            Some(((*name).to_owned(), number("-u")?, number("-g")?))
        });
        Owner { other: Some(found.expect("root needs a user `postgres` or `nobody` to run PostgreSQL for the tests")) }
    }

    fn give(&self, folder: &Path) {
        if let Some((_, uid, gid)) = &self.other {
            std::os::unix::fs::chown(folder, Some(*uid), Some(*gid)).expect("root may give a folder away");
        }
    }

    fn command(&self, program: &Path) -> Command {
        match &self.other {
            None => Command::new(program),
            Some((_, uid, gid)) => {
                let mut command = Command::new("setpriv");
                command.arg(format!("--reuid={uid}")).arg(format!("--regid={gid}")).arg("--clear-groups").arg(program);
                command
            }
        }
    }

    fn run(&self, program: &Path, arguments: &[&str], home: &Path) {
        // Into a file, not a pipe: the server would keep the pipe open and the test runner waiting.
        let log = home.join("start.log");
        let file = File::create(&log).expect("the folder of the server is writable");
        let errors = file.try_clone().expect("a file handle can be copied");
        let mut command = self.command(program);
        let status = command.args(arguments).current_dir(home).stdin(Stdio::null()).stdout(file).stderr(errors).status();
        match status {
            Ok(status) if status.success() => {}
            other => panic!("{} failed ({other:?}): {}", program.display(), fs::read_to_string(&log).unwrap_or_default()),
        }
    }
}

/// Starts a process that stops the server and removes its files once nobody has used it for a while; not while somebody looks whether
/// it runs, as [`PostgresServer::shared`] does under the same lock.
fn watch(owner: &Owner, bin: &Path, home: &Path) {
    let is_used = format!("test -n \"$(find used -mmin -{IDLE_MINUTES})\"");
    let script = format!(
        "end() {{ flock lock sh -c '{is_used} || {{ \"{}\" -D data -m immediate stop; rm -rf data sockets url; }}'; }}; \
         while sleep 15; do test -f data/postmaster.pid || exit 0; {is_used} || end; done",
        bin.join("pg_ctl").display()
    );
    let mut command = owner.command(Path::new("setsid"));
    let command = command.args(["sh", "-c", &script]).current_dir(home).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    if let Err(error) = command.spawn() {
        tracing::warn!("The test server will not stop by itself: {error}");
    }
}

/// The files of a new server.
fn prepare_server(home: &Path) {
    let owner = Owner::find();
    owner.give(home);
    let sockets = home.join("sockets");
    fs::create_dir(&sockets).expect("the folder for sockets can be made");
    owner.give(&sockets);
    let data = home.join("data").display().to_string();
    owner.run(&binaries().join("initdb"), &["-D", &data, "-U", "kafila", "-A", "trust", "--encoding=UTF8", "--locale=C", "--no-sync"], home);
}

fn start_server(home: &Path, port: u16, more: &str) {
    let options = format!(
        "-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories='{}' -c max_connections=300 -c fsync=off \
         -c deadlock_timeout=200ms {more}",
        home.join("sockets").display()
    );
    let (data, log) = (home.join("data").display().to_string(), home.join("server.log").display().to_string());
    Owner::find().run(&binaries().join("pg_ctl"), &["-D", &data, "-l", &log, "-o", &options, "-w", "-t", "60", "start"], home);
}

fn stop_server(home: &Path) {
    let pid = fs::read_to_string(home.join("data/postmaster.pid")).ok();
    if let Some(pid) = pid.as_deref().and_then(|text| text.lines().next())
        && runs_here(pid, home)
    {
        let _ = Command::new("kill").args(["-QUIT", pid]).stderr(Stdio::null()).status();
        let started = Instant::now();
        while Path::new("/proc").join(pid).exists() && started.elapsed() < Duration::from_secs(10) {
            thread::sleep(Duration::from_millis(20));
        }
    }
    for folder in ["data", "sockets"] {
        let _ = fs::remove_dir_all(home.join(folder));
    }
    let _ = fs::remove_file(home.join("url"));
}

/// Whether this process is the server of this folder, and not a stranger with a reused number.
fn runs_here(pid: &str, home: &Path) -> bool {
    let command = fs::read(Path::new("/proc").join(pid).join("cmdline")).unwrap_or_default();
    String::from_utf8_lossy(&command).contains(&*home.display().to_string())
}

fn binaries() -> PathBuf {
    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path().join("bin"));
    let mut found: Vec<PathBuf> = debian.filter(|bin| bin.join("initdb").exists()).collect();
    found.sort_by_key(|bin| bin.parent().and_then(Path::file_name).and_then(|name| name.to_str()?.parse::<u32>().ok()));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path).find(|folder| folder.join("initdb").exists());
    found
        .pop()
        .or(on_path)
        .unwrap_or_else(|| panic!("the tests need PostgreSQL: install it (Debian: postgresql), or name a server in {POSTGRES_VARIABLE}"))
}

fn free_port() -> u16 {
    loop {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a loopback port is free");
        let port = listener.local_addr().expect("a bound port has an address").port();
        drop(listener);
        if TcpStream::connect(("127.0.0.1", port)).is_err() {
            return port;
        }
    }
}

/// Waits until no other process holds the lock; free when the file is dropped, also by a crash.
fn lock_file(path: &Path) -> File {
    let file = File::options().create(true).append(true).open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    file.lock().unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    file
}

fn user() -> String {
    output("id", &["-u"]).unwrap_or_else(|| "unknown".to_owned())
}

fn output(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Names a list of migrations; another text, another template.
fn fingerprint(list: &[Migration], key: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(key.as_bytes());
    for migration in list {
        hash.update(migration.number.to_be_bytes());
        hash.update(migration.sql.as_bytes());
    }
    hex::encode(&hash.finalize()[..10])
}
