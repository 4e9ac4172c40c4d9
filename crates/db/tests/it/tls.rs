//! PostgreSQL by TLS: what is asked for is what is had.

use std::path::{Path, PathBuf};

use db::testing::OwnServer;
use db::{Db, DbConfig, OpenError, params};

use crate::{SCHEMA, org};

/// An authority of its own, and a certificate by it for this name, each with its key.
struct Authority {
    file: PathBuf,
    certificate: String,
    key: String,
}

impl Authority {
    fn of(home: &Path, file: &str, server: &str) -> Authority {
        let mut own = rcgen::CertificateParams::default();
        own.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        let own_key = rcgen::KeyPair::generate().unwrap();
        let path = home.join(file);
        std::fs::write(&path, own.self_signed(&own_key).unwrap().pem()).unwrap();
        let issuer = rcgen::Issuer::new(own, own_key);
        let key = rcgen::KeyPair::generate().unwrap();
        let certificate = rcgen::CertificateParams::new([server.to_owned()]).unwrap().signed_by(&key, &issuer).unwrap();
        Authority { file: path, certificate: certificate.pem(), key: key.serialize_pem() }
    }
}

fn open(url: String) -> Result<Db, OpenError> {
    Db::open(&DbConfig::Postgres { url, connections: 2 })
}

#[tokio::test]
async fn who_asks_for_tls_has_it_or_is_told_why_not() {
    let (home, files) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let server = OwnServer::start_in(home.path(), "shop");
    let own = Authority::of(files.path(), "own.pem", "127.0.0.1");
    let other = Authority::of(files.path(), "other.pem", "127.0.0.1");
    let with = |query: &str, authority: &Path| format!("{}?sslmode={query}&sslrootcert={}", server.url("shop"), authority.display());
    let refused = |url: String| open(url).err().map(|error| error.to_string()).unwrap_or_default();

    let error = refused(with("verify-full", &own.file));
    assert!(error.contains("TLS"), "a server without TLS is not talked to in the open: {error}");

    server.offer_tls(&own.certificate, &own.key);
    let is_encrypted = |db: Db| async move {
        let sql = "select count(*) from pg_stat_ssl where pid = pg_backend_pid() and ssl";
        db.read(org(), |tx| Ok(tx.one::<(i64,)>(sql, params![])?.0)).await.unwrap() == 1
    };
    // The server begins with it in its own time.
    let mut tries = 0;
    let db = loop {
        tries += 1;
        match open(with("verify-full", &own.file)) {
            Ok(db) => break db,
            Err(OpenError::CannotReach { reason, .. }) if reason.contains("TLS") && tries < 3_000 => {
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
            Err(error) => panic!("after {tries} tries: {error}"),
        }
    };
    db.migrate(SCHEMA).unwrap();
    assert!(is_encrypted(db).await);
    assert!(is_encrypted(open(with("require", &own.file)).unwrap()).await);
    assert!(!is_encrypted(open(server.url("shop")).unwrap()).await, "nobody asked for it");

    let error = refused(with("verify-full", &other.file));
    assert!(error.contains("invalid peer certificate"), "somebody else's certificate: {error}");
    let error = refused(with("require", &own.file).replace("127.0.0.1", "localhost"));
    assert!(error.contains("invalid peer certificate"), "the right authority, another name: {error}");
    let error = refused(with("verify-full", &files.path().join("none.pem")));
    assert!(error.contains("none.pem") && error.contains("sslrootcert"), "{error}");
}
