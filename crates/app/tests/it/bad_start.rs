//! A start that cannot work says why and what to do, and changes nothing. With the real binary.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::binary::{Ran, Served, kafila, run};

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// A data directory that was used before.
fn used() -> TempDir {
    let folder = folder();
    run(folder.path(), &["user", "list"]).ok();
    folder
}

#[track_caller]
fn says(text: &str, words: &[&str]) {
    for word in words {
        assert!(text.contains(word), "no {word:?} in:\n{text}");
    }
    assert!(!text.contains("panicked") && !text.contains("RUST_BACKTRACE"), "{text}");
}

/// The set-up link works once, from a new directory, whatever the first command was.
#[test]
fn the_first_command_makes_a_usable_directory() {
    let folder = folder();
    let data = &folder.path().join("new");
    run(data, &["user", "list"]).ok();
    assert_eq!(fs::metadata(data).unwrap().permissions().mode() & 0o777, 0o700);
    assert_eq!(fs::metadata(data.join("keys/master.key")).unwrap().permissions().mode() & 0o777, 0o600);
    let served = Served::start(data);
    let link = served.wait_for_line("/set-up");
    assert!(link.contains("http://"), "{link}");
    served.stop();
}

#[test]
fn a_taken_port_is_named_before_anything_is_touched() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let folder = folder();
    let data = folder.path().join("new");
    let said = run(&data, &["serve", "--listen", &address]).failed(7);
    says(&said, &[&address, "in use", "--listen HOST:PORT"]);
    assert!(!data.exists());
}

#[test]
fn a_second_process_hears_who_is_first() {
    let folder = used();
    let served = Served::start(folder.path());
    let said = run(folder.path(), &["user", "list"]).failed(4);
    says(&said, &[&format!("process {}", served.pid()), "PostgreSQL", "kafila backup"]);
    let said = run(folder.path(), &["serve", "--listen", "127.0.0.1:0"]).failed(4);
    says(&said, &["in use by"]);
    served.stop();
    run(folder.path(), &["user", "list"]).ok();
}

#[test]
fn a_lock_does_not_outlive_its_process() {
    let folder = used();
    Served::start(folder.path()).kill();
    run(folder.path(), &["user", "list"]).ok();
}

#[test]
fn a_damaged_database_is_left_as_it_is() {
    let folder = used();
    let path = folder.path().join("kafila.db");
    let mut bytes = fs::read(&path).unwrap();
    // The page that holds the list of tables.
    bytes[100..2_000].fill(0xff);
    fs::write(&path, &bytes).unwrap();
    let said = run(folder.path(), &["serve", "--listen", "127.0.0.1:0"]).failed(5);
    says(&said, &["kafila.db", "damaged", "restore"]);
    assert_eq!(fs::read(&path).unwrap(), bytes);
    let report = run(folder.path(), &["doctor"]);
    assert_eq!(report.code, Some(1));
    says(&report.out, &["WRONG  database"]);
}

#[test]
fn another_file_is_not_taken_for_a_database() {
    let folder = folder();
    fs::write(folder.path().join("kafila.db"), "Dear diary, today we sold eleven dresses and one of them came back.").unwrap();
    let said = run(folder.path(), &["serve", "--listen", "127.0.0.1:0"]).failed(5);
    says(&said, &["kafila.db", "not a SQLite database", "left as it is"]);
    assert!(fs::read_to_string(folder.path().join("kafila.db")).unwrap().starts_with("Dear diary"));
}

#[test]
fn a_newer_database_is_refused() {
    let folder = used();
    let path = folder.path().join("kafila.db");
    testkit::pretend_newer(&path);
    let before = fs::read(&path).unwrap();
    let said = run(folder.path(), &["serve", "--listen", "127.0.0.1:0"]).failed(5);
    says(&said, &["migration 9999", "newer kafila", "backup"]);
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn a_wrong_key_is_noticed_at_the_start() {
    let folder = used();
    let path = folder.path().join("keys/master.key");
    let right = fs::read(&path).unwrap();

    fs::write(&path, format!("{}\n", "0f".repeat(32))).unwrap();
    let said = run(folder.path(), &["serve", "--listen", "127.0.0.1:0"]).failed(6);
    says(&said, &["not the master key", "keys/master.key", "KAFILA_MASTER_KEY"]);

    fs::write(&path, "not a key").unwrap();
    let said = run(folder.path(), &["user", "list"]).failed(6);
    says(&said, &["64 hexadecimal digits", "backup"]);

    // A lost key must not be replaced by a new one that opens nothing.
    fs::remove_file(&path).unwrap();
    let said = run(folder.path(), &["user", "list"]).failed(6);
    says(&said, &["master.key is not there", "Put it back"]);
    let report = run(folder.path(), &["doctor", "--quick"]);
    assert!(report.out.contains("WRONG  key") && !report.out.contains("A new installation"), "{}", report.out);
    assert!(!path.exists());

    fs::write(&path, right).unwrap();
    run(folder.path(), &["user", "list"]).ok();
}

#[test]
fn an_unreachable_postgres_is_named_without_its_password() {
    let folder = folder();
    // Nobody listens on a port that was just given back.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("postgres://kafila:geheim@127.0.0.1:{port}/shop");
    let said = Ran::of(kafila(folder.path()).args(["serve", "--listen", "127.0.0.1:0"]).env("KAFILA_DATABASE_URL", &url)).failed(5);
    says(&said, &[&format!("127.0.0.1:{port}"), "Check"]);
    assert!(!said.contains("geheim"), "{said}");
    let report = Ran::of(kafila(folder.path()).arg("doctor").env("KAFILA_DATABASE_URL", &url));
    assert_eq!(report.code, Some(1));
    assert!(!report.out.contains("geheim") && !report.err.contains("geheim"));
}

#[test]
fn an_unwritable_directory_is_named() {
    let folder = folder();
    let data = folder.path().join("data");
    fs::create_dir(&data).unwrap();
    fs::set_permissions(&data, fs::Permissions::from_mode(0o500)).unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let said = Ran::of(as_somebody(&data, folder.path()).args(["user", "list"])).failed(4);
    says(&said, &[&*data.display().to_string(), "Give", "--data"]);

    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let said = run(&file, &["user", "list"]).failed(4);
    says(&said, &[&*file.display().to_string(), "--data"]);
}

/// The binary as a user without special rights, whoever runs the tests: root may write anywhere.
fn as_somebody(data: &Path, place: &Path) -> Command {
    let is_root = Command::new("id").arg("-u").output().unwrap().stdout.starts_with(b"0\n");
    if !is_root {
        return kafila(data);
    }
    // A copy, because the folder of the build may be closed to others.
    let binary = place.join("kafila");
    fs::copy(env!("CARGO_BIN_EXE_kafila"), &binary).unwrap();
    fs::set_permissions(&binary, fs::Permissions::from_mode(0o755)).unwrap();
    std::os::unix::fs::chown(data, Some(65_534), Some(65_534)).unwrap();
    let mut command = Command::new("setpriv");
    command.env_clear().env("PATH", "/usr/bin:/bin").args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(binary).arg("--data").arg(data);
    command
}

#[test]
fn a_wrong_configuration_is_told_whole() {
    let folder = folder();
    let data = folder.path().join("new");
    let file = folder.path().join("kafila.toml");
    fs::write(&file, "lisen = \"127.0.0.1:1\"\n[backup]\nkeep = \"many\"\n[mail]\npassword = \"geheim\"\n").unwrap();
    let mut command = kafila(&data);
    command.args(["serve", "--config"]).arg(&file).env("KAFILA_LOG_LEVEL", "loud").env("KAFILA_LOGLEVEL", "info").env("SMS_API_KEY", "geheim");
    let said = Ran::of(&mut command).failed(3);
    says(
        &said,
        &[
            "`lisen` is no key; the nearest is `listen`",
            "`backup.keep` must be a whole number that is not negative, not \"many\"",
            "`mail.password` needs mail.user",
            "KAFILA_LOG_LEVEL: `log.level` must be",
            "KAFILA_LOGLEVEL: no such key; the nearest is KAFILA_LOG_LEVEL",
            "docs/configuration.md",
        ],
    );
    assert!(!said.contains("geheim"));
    assert!(!data.exists(), "nothing is touched");

    let checked = Ran::of(kafila(&data).args(["check-config", "--config"]).arg(&file).env("SMS_API_KEY", "geheim"));
    assert_eq!(checked.code, Some(3));
    says(&checked.out, &["listen = \"127.0.0.1:8080\"", "api_key = \"•••\""]);
    assert!(!checked.out.contains("geheim") && !checked.err.contains("geheim"));
    let missing = Ran::of(kafila(&data).args(["serve", "--config", "/nowhere/kafila.toml"])).failed(3);
    says(&missing, &["/nowhere/kafila.toml", "cannot be read"]);
}

#[test]
fn check_config_shows_what_would_be_used() {
    let folder = folder();
    let data = folder.path().join("new");
    let checked = Ran::of(kafila(&data).arg("check-config").env("KAFILA_BACKUP_KEEP", "3"));
    says(&checked.err, &["backup.keep is set by KAFILA_BACKUP_KEEP", "fine"]);
    let shown: toml::Table = checked.ok().parse().unwrap();
    assert_eq!(shown["backup"]["keep"].as_integer(), Some(3));
    assert!(!data.exists(), "looking makes nothing");
}

#[test]
fn a_wrong_command_line_is_a_usage_error() {
    let folder = folder();
    says(&run(folder.path(), &["serve", "--lisen", "x"]).failed(2), &["--lisen", "--listen"]);
    says(&run(folder.path(), &["restore", "/nowhere/x.db"]).failed(2), &["/nowhere/x.db"]);
    says(&run(folder.path(), &["api-key", "create", "--name", "x", "--role", "Emperor"]).failed(2), &["role", "Admin"]);
}

#[test]
fn a_full_disk_is_named_and_nothing_is_lost() {
    let folder = used();
    // What a log or its index left behind would be room for the next start.
    assert_eq!(["kafila.db-wal", "kafila.db-shm"].map(|name| folder.path().join(name).exists()), [false, false], "closed as a whole");
    // A file system with room for the database, but for little more.
    let size = fs::metadata(folder.path().join("kafila.db")).unwrap().len() + (64 << 10);
    let script = "mount -t tmpfs -o size=$3 tmpfs \"$2\" && cp -r \"$1/.\" \"$2/\" || exit 9; \
                  dd if=/dev/zero of=\"$2/filler\" bs=4096 2>/dev/null; \
                  \"$0\" user list --data \"$2\" 2>&1; code=$?; rm \"$2/filler\"; \"$0\" user list --data \"$2\" >/dev/null 2>&1 || code=again-$?; echo \"code $code\"";
    let place = tempfile::tempdir().unwrap();
    let is_root = Command::new("id").arg("-u").output().unwrap().stdout.starts_with(b"0\n");
    let mut command = Command::new("unshare");
    if !is_root {
        command.args(["--user", "--map-root-user"]);
    }
    command.args(["--mount", "sh", "-c", script, env!("CARGO_BIN_EXE_kafila")]).arg(folder.path()).arg(place.path()).arg(size.to_string());
    let ran = Ran::of(command.env_clear().env("PATH", "/usr/bin:/bin:/usr/sbin:/sbin"));
    assert_eq!(ran.code, Some(0), "a small file system could not be made: {}", ran.err);
    says(&ran.out, &["code 4", "space"]);
}
