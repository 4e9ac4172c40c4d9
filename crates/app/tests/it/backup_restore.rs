//! Backups are verified copies; a restore brings back what was there, and keeps what it replaces.

use std::fs;
use std::path::{Path, PathBuf};

use base::tasks::{self, NewTask};
use kernel::JobKind;
use serde_json::Value;
use testkit::{Engine, both};

use crate::binary::{Served, admin_key, main_store, order, run};

async fn place(served: &Served, key: &str, references: std::ops::Range<u32>) {
    let client = served.client(key);
    let store = main_store(&client).await;
    for n in references {
        let answer = client.post("/api/v1/orders", order(&store, &format!("B-{n}"))).await;
        assert_eq!(answer.status, 201, "{answer}");
    }
}

async fn orders(served: &Served, key: &str) -> Vec<Value> {
    let answer = served.client(key).get("/api/v1/orders?limit=200&sort=created_at").await;
    assert_eq!(answer.status, 200, "{answer}");
    answer.body["items"].as_array().unwrap().clone()
}

fn newest_backup(data: &Path) -> PathBuf {
    let mut found: Vec<PathBuf> = fs::read_dir(data.join("backups")).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.retain(|path| path.extension().is_some_and(|end| end == "db") && path.to_string_lossy().contains("/kafila-"));
    found.sort();
    found.pop().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restore_brings_back_the_moment_of_the_backup() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let key = admin_key(data);
    let served = Served::start(data);
    place(&served, &key, 0..5).await;
    let before = orders(&served, &key).await;

    // While the server runs.
    let printed = run(data, &["backup"]).ok();
    let backup = newest_backup(data);
    assert_eq!(Path::new(printed.trim()), backup.canonicalize().unwrap());
    let manifest: Value = serde_json::from_slice(&fs::read(backup.with_extension("json")).unwrap()).unwrap();
    assert_eq!(manifest["rows"]["orders"], 5);
    assert_eq!(manifest["sha256"].as_str().unwrap().len(), 64);

    place(&served, &key, 5..9).await;
    assert_eq!(orders(&served, &key).await.len(), 9);

    let path = backup.display().to_string();
    let refused = run(data, &["restore", &path]).failed(4);
    assert!(refused.contains("in use by process"), "{refused}");
    served.stop();

    let said = run(data, &["restore", &path]);
    assert!(said.err.contains("is now"), "{}", said.err);
    said.ok();
    let served = Served::start(data);
    assert_eq!(orders(&served, &key).await, before);
    // It goes on working, numbers included.
    place(&served, &key, 20..22).await;
    assert_eq!(orders(&served, &key).await.len(), 7);
    served.stop();

    // What was replaced is whole, and can be brought back in the same way.
    let replaced = fs::read_dir(data.join("backups")).unwrap().map(|entry| entry.unwrap().path());
    let replaced = replaced.filter(|path| path.to_string_lossy().contains("/replaced-")).collect::<Vec<_>>();
    let (mut databases, manifests): (Vec<_>, Vec<_>) = replaced.into_iter().partition(|path| path.extension().is_some_and(|end| end == "db"));
    assert_eq!((databases.len(), manifests.len()), (1, 1), "{databases:?} {manifests:?}");
    run(data, &["restore", &databases.remove(0).display().to_string()]).ok();
    let served = Served::start(data);
    assert_eq!(orders(&served, &key).await.len(), 9);
    served.stop();
}

both! {
    /// What the nightly schedule does, and a person can ask for.
    async fn a_backup_is_also_a_job_with_a_task(shop: Shop) {
        let new = NewTask { kind: JobKind::Backup, title: "backup".to_owned() };
        let (task, _) = shop.edge().await.write(move |tx, ctx| tasks::enqueue(tx, ctx, new.clone(), Value::Null, None)).await.unwrap();
        assert_eq!(shop.run_jobs().await.failed, []);
        let seen = shop.admin().get(&format!("/api/v1/tasks/{task}")).await.expect(200);
        assert_eq!(seen.body["state"], "done", "{seen}");
        let folder = shop.base().data_dir().join("backups");
        match shop.engine() {
            Engine::Sqlite => assert!(folder.join(seen.body["result"]["file"].as_str().unwrap()).exists()),
            Engine::Postgres => assert!(!folder.exists(), "pg_dump is the operator's"),
        }
    }
}

#[test]
fn a_damaged_backup_is_refused_and_the_database_stays() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let printed = run(data, &["backup"]).ok();
    let backup = Path::new(printed.trim());
    let good = fs::read(backup).unwrap();
    let database = fs::read(data.join("kafila.db")).unwrap();

    let mut changed = good.clone();
    let middle = changed.len() / 2;
    changed[middle..middle + 64].fill(0x5a);
    for (bytes, words) in [(changed, ""), (good[..good.len() / 2].to_vec(), ""), (b"text".to_vec(), "not a SQLite database")] {
        fs::write(backup, bytes).unwrap();
        let said = run(data, &["restore", &backup.display().to_string()]).failed(5);
        assert!(said.contains(words) && said.contains("backup"), "{said}");
        assert_eq!(fs::read(data.join("kafila.db")).unwrap(), database);
    }

    // A whole database that is not the one of the manifest.
    fs::write(backup, &database).unwrap();
    let said = run(data, &["restore", &backup.display().to_string()]).failed(5);
    assert!(said.contains("not what its manifest says"), "{said}");
}

#[test]
fn a_restore_into_a_new_directory_needs_the_key() {
    let (old, new) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let printed = run(old.path(), &["backup"]).ok();
    let said = run(new.path(), &["restore", printed.trim()]);
    assert!(said.err.contains("keys/master.key back"), "{}", said.err);
    said.ok();
    run(new.path(), &["user", "list"]).failed(6);
    fs::create_dir_all(new.path().join("keys")).unwrap();
    fs::copy(old.path().join("keys/master.key"), new.path().join("keys/master.key")).unwrap();
    run(new.path(), &["user", "list"]).ok();
}

#[test]
fn old_backups_go_when_a_new_one_is_there() {
    let folder = tempfile::tempdir().unwrap();
    for _ in 0..4 {
        run(folder.path(), &["backup", "--keep", "2"]).ok();
    }
    let mut names: Vec<String> =
        fs::read_dir(folder.path().join("backups")).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    assert_eq!(names.iter().filter(|name| name.ends_with(".db")).count(), 2, "{names:?}");
    assert_eq!(names.iter().filter(|name| name.ends_with(".json")).count(), 2, "{names:?}");
}

#[test]
fn postgres_has_better_tools_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let url = "postgres://kafila@127.0.0.1:1/shop";
    let mut command = crate::binary::kafila(folder.path());
    let said = crate::binary::Ran::of(command.arg("backup").env("KAFILA_DATABASE_URL", url)).failed(2);
    assert!(said.contains("pg_dump"), "{said}");
}
