//! What a person at the keyboard can do, with the real binary.

use std::io::Write;
use std::path::Path;
use std::process::{Output, Stdio};

use serde_json::{Value, json};
use testkit::Client;

use crate::binary::{Served, admin_key, kafila, run};

const PASSWORD: &str = "a caravan of 11 dresses";

fn create(data: &Path, arguments: &[&str], password: &str) -> Output {
    let mut child =
        kafila(data).args(["user", "create"]).args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    writeln!(child.stdin.take().unwrap(), "{password}").unwrap();
    child.wait_with_output().unwrap()
}

async fn sign_in(served: &Served, password: &str) -> u16 {
    let body = json!({"email": "karima@shop.test", "password": password});
    served.client("").post("/api/v1/sign-in", body).await.status
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_are_let_in_helped_and_let_go() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let made = create(data, &["karima@shop.test", "--name", "Karima", "--role", "Admin"], PASSWORD);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let weak = create(data, &["b@shop.test", "--name", "B", "--role", "Admin"], "123");
    assert_eq!(weak.status.code(), Some(2), "{}", String::from_utf8_lossy(&weak.stderr));
    let listed: Value = serde_json::from_str(&run(data, &["user", "list", "--json"]).ok()).unwrap();
    assert_eq!(listed[0]["email"], "karima@shop.test");
    assert_eq!(listed.as_array().map(Vec::len), Some(1), "{listed}");

    let link = run(data, &["user", "invite", "amel@shop.test", "--name", "Amel", "--role", "supervisor"]).ok();
    assert!(link.starts_with("http://127.0.0.1:8080/") && link.lines().count() == 1, "{link}");
    let reset = run(data, &["user", "reset-password", "Karima@shop.test"]).ok();

    let served = Served::start(data);
    assert_eq!(sign_in(&served, PASSWORD).await, 200);
    let token = reset.trim().rsplit('/').next().unwrap();
    let set = served.client("").post(&format!("/api/v1/links/{token}/reset"), json!({"password": "another caravan of 12 coats"})).await;
    assert!(set.status < 300, "{set}");
    assert_eq!(sign_in(&served, PASSWORD).await, 401);
    assert_eq!(sign_in(&served, "another caravan of 12 coats").await, 200);
    served.stop();

    let last = run(data, &["user", "archive", "karima@shop.test"]).failed(1);
    assert!(!last.is_empty());
    run(data, &["user", "archive", "amel@shop.test"]).ok();
    run(data, &["user", "archive", "nobody@shop.test"]).failed(2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_is_printed_alone_and_ends_when_it_is_revoked() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let key = admin_key(data);
    assert!(key.starts_with("kaf_") && !key.contains(char::is_whitespace), "{key}");
    let served = Served::start(data);
    let client: Client = served.client(&key);
    client.get("/api/v1/stores").await.expect(200);
    served.stop();

    let listed: Value = serde_json::from_str(&run(data, &["api-key", "list", "--json"]).ok()).unwrap();
    let id = listed[0]["id"].as_str().unwrap();
    run(data, &["api-key", "revoke", id]).ok();
    let served = Served::start(data);
    served.client(&key).get("/api/v1/stores").await.expect(401);
    served.stop();
}

#[test]
fn doctor_looks_at_a_healthy_installation_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let unborn = run(&data, &["doctor"]);
    assert!(unborn.out.contains("is not there") && !data.exists(), "{}", unborn.out);

    run(&data, &["user", "list"]).ok();
    let mut command = kafila(&data);
    // The usual port may be in use on this machine.
    let report = crate::binary::Ran::of(command.args(["doctor", "--json"]).env("KAFILA_LISTEN", "127.0.0.1:0")).ok();
    let findings: Value = serde_json::from_str(&report).unwrap();
    let checks: Vec<&str> = findings.as_array().unwrap().iter().map(|one| one["check"].as_str().unwrap()).collect();
    for check in ["configuration", "clock", "port", "mail", "data directory", "disk", "key", "migrations", "database", "backups", "start", "jobs"] {
        assert!(checks.contains(&check), "{check} is missing in {report}");
    }
}

#[test]
fn the_document_of_the_api_is_printed_alone() {
    let folder = tempfile::tempdir().unwrap();
    let document: Value = serde_json::from_str(&run(folder.path(), &["openapi"]).ok()).unwrap();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
}
