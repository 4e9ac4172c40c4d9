//! The master key is replaced, and what was sealed opens as before.

use std::fs;

use base::secrets::MasterKey;
use serde_json::json;

use crate::binary::{Served, run};

const PASSWORD: &str = "a caravan of 11 dresses";

fn code(secret: &str, at_s: u64) -> String {
    let secret = totp_rs::Secret::try_from_base32(secret).unwrap();
    totp_rs::Builder::new().with_secret(secret).build().unwrap().generate(at_s).to_string()
}

fn now_s() -> u64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_master_key_takes_the_place_of_the_old_one_and_second_factors_still_work() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let invited = run(data, &["user", "invite", "karima@shop.test", "--name", "Karima", "--role", "Admin"]).ok();
    let token = invited.trim().rsplit('/').next().unwrap().to_owned();
    let served = Served::start(data);
    let joined = served.client("").post(&format!("/api/v1/links/{token}/join"), json!({"password": PASSWORD})).await;
    assert!(joined.status < 300, "{joined}");
    let first = served.client("").post("/api/v1/sign-in", json!({"email": "karima@shop.test", "password": PASSWORD})).await.expect(200);
    let karima = served.client(first.body["token"].as_str().unwrap());
    let begun = karima.post("/api/v1/me/totp", json!({})).await.expect(200);
    let secret = begun.body["secret"].as_str().unwrap().to_owned();
    karima.post("/api/v1/me/totp/confirm", json!({"code": code(&secret, now_s())})).await.expect(200);
    served.stop();

    let key = data.join("keys/master.key");
    let before = fs::read_to_string(&key).unwrap();
    let said = run(data, &["keys", "rotate"]).ok();
    assert!(said.contains("Sealed 1 secret again."), "{said}");
    let after = fs::read_to_string(&key).unwrap();
    let keys = |text: &str| text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!((keys(&before).len(), keys(&after).len()), (1, 1));
    assert_ne!(keys(&before), keys(&after));
    assert!(MasterKey::load(data).is_ok());

    let served = Served::start(data);
    let asked = served.client("").post("/api/v1/sign-in", json!({"email": "karima@shop.test", "password": PASSWORD})).await.expect(200);
    // The step of the code that switched it on was used; the next one is as good.
    let second = json!({"challenge": asked.body["challenge"], "code": code(&secret, now_s() + 30)});
    let entered = served.client("").post("/api/v1/sign-in/second-step", second).await.expect(200);
    served.client(entered.body["token"].as_str().unwrap()).get("/api/v1/me").await.expect(200);
    served.stop();

    fs::write(&key, &before).unwrap();
    assert!(run(data, &["keys", "rotate"]).failed(6).contains("not the master key"), "the old key opens nothing, and is not replaced");
    assert_eq!(fs::read_to_string(&key).unwrap(), before);
}

#[test]
fn a_key_from_the_configuration_is_not_replaced_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let said =
        crate::binary::Ran::of(crate::binary::kafila(folder.path()).args(["keys", "rotate"]).env("KAFILA_MASTER_KEY", "0f".repeat(32))).failed(2);
    assert!(said.contains("kafila keys rewrap"), "{said}");
    assert!(!folder.path().join("keys/master.key").exists());
}
