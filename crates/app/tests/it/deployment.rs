//! A place where real processes run: a data directory and, on PostgreSQL, a database of their own.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use access::first_start;
use base::secrets::MasterKey;
use base::{Base, BaseConfig, Clock, chain, counters};
use db::testing::{PostgresServer, TestDatabase};
use db::{Db, DbConfig};
use serde_json::{Value, json};
use tempfile::TempDir;
use testkit::{Answer, Client, Engine};

use crate::binary::{PATIENCE, Ran, Served, kafila};

/// The place; its database and files go with it.
pub struct Deployment {
    folder: TempDir,
    url: Option<String>,
    /// A key with every right.
    pub key: String,
    _database: Option<TestDatabase>,
}

impl Deployment {
    /// A new one on this engine, made by the binary's own first start.
    pub fn on(engine: Engine) -> Deployment {
        match engine {
            Engine::Sqlite => Deployment::made(None, None),
            Engine::Postgres => {
                let database = PostgresServer::shared().empty_database();
                Deployment::made(Some(database.url()), Some(database))
            }
        }
    }

    /// A new one in an empty database of somebody's own server.
    pub fn at(url: String) -> Deployment {
        Deployment::made(Some(url), None)
    }

    fn made(url: Option<String>, database: Option<TestDatabase>) -> Deployment {
        let mut made = Deployment { folder: tempfile::tempdir().unwrap(), url, key: String::new(), _database: database };
        let ran = Ran::of(made.command().args(["api-key", "create", "--name", "tests", "--role", "Admin"]));
        made.key = ran.ok().trim().to_owned();
        made
    }

    /// The data directory.
    pub fn data(&self) -> &Path {
        self.folder.path()
    }

    /// The binary, told where its data is; without limits, because one key makes all calls.
    pub fn command(&self) -> Command {
        let mut command = kafila(self.data());
        command.env("KAFILA_LIMITS_API_PER_ACTOR", "0");
        if let Some(url) = &self.url {
            command.env("KAFILA_DATABASE_URL", url);
        }
        command
    }

    /// Starts `kafila serve`.
    #[track_caller]
    pub fn serve(&self) -> Served {
        Served::spawn(self.command().args(["serve", "--listen", "127.0.0.1:0"]))
    }

    /// Starts `kafila work` with more of its environment.
    pub fn work(&self, environment: &[(&str, &str)]) -> Working {
        let mut command = self.command();
        let child = command.arg("work").envs(environment.iter().copied()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        Working(child)
    }

    /// Opens the database in this process and answers a base on it; close it again.
    pub fn open(&self) -> Base {
        let config = match &self.url {
            Some(url) => DbConfig::Postgres { url: url.clone(), connections: 2 },
            None => DbConfig::sqlite(self.data().join("kafila.db")),
        };
        let config = BaseConfig {
            db: Db::open(&config).unwrap(),
            data_dir: self.data().to_owned(),
            clock: Clock::System,
            master_key: MasterKey::load(self.data()).unwrap(),
            smtp: None,
            public_url: "http://127.0.0.1".to_owned(),
            is_public: true,
        };
        Base::start(config).unwrap()
    }

    /// Counts everything again while nobody writes: counters and rollup are true, the chain is whole and
    /// takes what rests no more.
    pub async fn prove(&self) {
        let base = self.open();
        let org = first_start::ensure(&base).await.unwrap();
        let edge = base.system_edge(org).await;
        let repairs = edge
            .write(|tx, ctx| {
                let repairs = counters::prove(tx, ctx, tx.new_id(), &orders::PROOFS)?;
                Ok((repairs, counters::prove_days(tx, ctx, tx.new_id(), orders::recount_days)?))
            })
            .await
            .unwrap();
        assert_eq!(repairs, (Vec::new(), Vec::new()), "counters are off");
        while edge.write(chain::seal).await.unwrap() > 0 {}
        let report = edge.read(chain::verify).await.unwrap();
        assert!(report.broken.is_none(), "{report:?}");
        drop(edge);
        base.close(Duration::from_secs(10));
    }
}

/// A running `kafila work`.
pub struct Working(Child);

impl Working {
    /// Ends it without asking.
    pub fn kill(mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Asks again until the answer is as it should be; panics with the last one when it never is.
pub async fn until(client: &Client, path: &str, is_right: impl Fn(&Answer) -> bool) -> Answer {
    let begun = Instant::now();
    loop {
        let last = match client.try_get(path).await {
            Ok(answer) if is_right(&answer) => return answer,
            Ok(answer) => answer.to_string(),
            Err(error) => error.to_string(),
        };
        assert!(begun.elapsed() < PATIENCE, "{path} never came right, but: {last}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Every item of a list, page after page.
pub async fn all(client: &Client, path: &str) -> Vec<Value> {
    let mut items = Vec::new();
    let mut cursor = String::new();
    loop {
        let sign = if path.contains('?') { '&' } else { '?' };
        let page = client.get(&format!("{path}{sign}limit=200{cursor}")).await;
        assert_eq!(page.status, 200, "{page}");
        items.extend_from_slice(page.items());
        match page.body["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return items,
        }
    }
}

/// What figures and lists say about each other: every state's figure is the length of its list.
pub async fn figures_equal_lists(client: &Client) {
    let stats = client.get("/api/v1/orders/stats").await;
    assert_eq!(stats.status, 200, "{stats}");
    let everything = all(client, "/api/v1/orders?archived=any").await;
    let mut counted = serde_json::Map::new();
    for order in &everything {
        let state = order["state"].as_str().unwrap();
        let so_far = counted.get(state).and_then(Value::as_i64).unwrap_or(0);
        counted.insert(state.to_owned(), json!(so_far + 1));
    }
    assert_eq!(stats.body["by_status"], Value::Object(counted.clone()), "{stats}");
    assert_eq!(stats.body["total"], json!(everything.len()), "{stats}");
    let archived = everything.iter().filter(|order| !order["archived_at"].is_null()).count();
    assert_eq!(stats.body["archived"], json!(archived), "{stats}");
    for (state, count) in counted {
        let list = client.get(&format!("/api/v1/orders?archived=any&state={state}&limit=1")).await;
        assert_eq!(list.body["total"], count, "{state}");
    }
}
