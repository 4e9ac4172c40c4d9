//! Who may know whom, and where things have their one home.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::source::{files, manifests, root, strings, without_tests};

/// From low to high; a crate knows only lower tiers.
const TIERS: &[&[&str]] = &[
    &["kernel"],
    &["db", "connectors"],
    &["base"],
    &["access", "fields", "attachments"],
    &["customers", "catalogue", "inventory"],
    &["orders"],
    &["payments", "assignment", "duplicates", "risk"],
    &["confirmation", "shipments"],
    &["returns", "tracking"],
    &["notifications", "conversations", "loyalty", "support", "marketing", "store_sync", "erp_sync"],
    &["automation", "bulk"],
    &["analytics", "reports", "documents", "admin", "care"],
    &["web"],
    &["app"],
    // From tests only.
    &["testkit"],
];

/// Libraries that have one home.
const HOMES: &[(&str, &[&str])] = &[
    ("rusqlite", &["db"]),
    ("tokio-postgres", &["db"]),
    ("reqwest", &["base", "testkit"]),
    ("lettre", &["base"]),
    // jiff is the library for time; the library for cron expressions speaks this one.
    ("chrono", &["base"]),
    ("askama", &["web"]),
    ("figment", &["app"]),
    ("clap", &["app"]),
];

fn tier(name: &str) -> usize {
    TIERS.iter().position(|tier| tier.contains(&name)).unwrap_or_else(|| panic!("the crate {name} has no place in the list of tiers"))
}

fn dependencies<'a>(manifest: &'a toml::Table, kind: &str) -> BTreeSet<&'a str> {
    manifest.get(kind).and_then(toml::Value::as_table).into_iter().flat_map(|table| table.keys().map(String::as_str)).collect()
}

#[test]
fn a_crate_knows_only_lower_tiers() {
    let manifests = manifests();
    let ours: BTreeSet<&str> = manifests.iter().map(|(name, _)| name.as_str()).collect();
    let mut wrong = Vec::new();
    for (name, manifest) in &manifests {
        for other in dependencies(manifest, "dependencies").into_iter().chain(dependencies(manifest, "build-dependencies")) {
            if ours.contains(other) && tier(other) >= tier(name) {
                wrong.push(format!("{name} (tier {}) must not know {other} (tier {})", tier(name) + 1, tier(other) + 1));
            }
        }
        for other in dependencies(manifest, "dev-dependencies") {
            let is_known_from_above = ours.contains(other) && tier(other) >= tier(name);
            if is_known_from_above && !(name == "app" && other == "testkit") {
                wrong.push(format!("the tests of {name} must not know {other}: features are tested in app/tests/it"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_library_with_one_home_stays_there() {
    let mut wrong = Vec::new();
    for (name, manifest) in manifests() {
        for (library, homes) in HOMES {
            if dependencies(&manifest, "dependencies").contains(library) && !homes.contains(&name.as_str()) {
                wrong.push(format!("{name} must not depend on {library}, which belongs to {}", homes.join(", ")));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_crate_has_features() {
    for (name, manifest) in manifests() {
        assert!(!manifest.contains_key("features"), "{name} has cargo features: capabilities are settings");
    }
}

/// The source files of one crate, as (path, code before its unit tests); files of tests are left out.
fn code(name: &str) -> Vec<(PathBuf, String)> {
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).unwrap();
        (path, without_tests(&text).to_owned())
    };
    let is_test = |path: &PathBuf| path.iter().any(|part| part == "tests" || part == "tests.rs");
    files(&root().join("crates").join(name).join("src"), "rs").into_iter().filter(|path| !is_test(path)).map(read).collect()
}

fn is_sql(text: &str) -> bool {
    let text = text.trim_start().to_lowercase();
    let has = |word: &str| text.split_whitespace().any(|other| other == word);
    (text.starts_with("select ") && has("from"))
        || text.starts_with("insert into ")
        || text.starts_with("delete from ")
        || (text.starts_with("update ") && has("set"))
        || (text.starts_with("with ") && has("as") && has("select"))
}

#[test]
fn sql_stands_in_stores_only() {
    let mut wrong = Vec::new();
    for (name, _) in manifests() {
        // The ground below the domains is its own store; test aids look into every table.
        if tier(&name) <= tier("base") || name == "testkit" {
            continue;
        }
        let code = code(&name);
        let is_small = code.len() == 1;
        for (path, text) in code {
            let is_store = path.file_name().is_some_and(|file| file == "store.rs") || path.components().any(|part| part.as_os_str() == "store");
            if is_store || is_small {
                continue;
            }
            let found = strings(&text).into_iter().filter(|(_, text)| is_sql(text));
            wrong.extend(found.map(|(line, text)| format!("{}:{line}: {}", path.display(), text.lines().next().unwrap_or_default())));
        }
    }
    assert!(wrong.is_empty(), "SQL outside of store.rs:\n{}", wrong.join("\n"));
}

#[test]
fn only_the_edge_opens_transactions() {
    let calls = [".write(", ".read(", ".write_background(", ".system_write(", ".system_read(", ".blocking_write(", ".blocking_read("];
    let mut wrong = Vec::new();
    for (name, _) in manifests() {
        if matches!(name.as_str(), "db" | "base" | "testkit") {
            continue;
        }
        for (path, text) in code(&name) {
            // Where clippy is told why, a reader sees it, too.
            if text.contains("expect(clippy::disallowed_methods") {
                continue;
            }
            let text: String = text.split_whitespace().collect();
            let found = calls.iter().filter(|call| text.contains(&format!("db(){call}")) || text.contains(&format!("db{call}")));
            wrong.extend(found.map(|call| format!("{} calls db{call}: go through Edge", path.display())));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn nothing_waits_below_the_edge() {
    let mut wrong = Vec::new();
    for (name, _) in manifests() {
        if tier(&name) < tier("access") || tier(&name) >= tier("web") {
            continue;
        }
        for (path, text) in code(&name) {
            let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if matches!(file.as_str(), "service.rs" | "store.rs" | "rules.rs" | "state.rs" | "model.rs") && text.contains("async fn") {
                wrong.push(format!("{} has an async fn: an action never waits", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_migration_is_in_the_list_and_runs_on_both_engines() {
    let list = app::migrations();
    let folder = root().join("migrations");
    let on_disk: Vec<String> = files(&folder, "sql").iter().map(|path| path.file_stem().unwrap().to_string_lossy().into_owned()).collect();
    let listed: Vec<String> = list.iter().map(|migration| format!("{:04}_{}", migration.number, migration.name)).collect();
    assert_eq!(listed, on_disk);
    assert_eq!(db::lint_migrations(list), Vec::<String>::new());
}

#[test]
fn no_test_is_left_out_and_nothing_is_left_open() {
    // Split, so that this file does not find itself.
    let words = [concat!("#[igno", "re"), concat!("todo", "!("), concat!("unimplemented", "!("), concat!("dbg", "!(")];
    let mut wrong = Vec::new();
    for path in files(&root().join("crates"), "rs") {
        let text = std::fs::read_to_string(&path).unwrap();
        wrong.extend(words.iter().filter(|word| text.contains(**word)).map(|word| format!("{}: {word}", path.display())));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn links_in_documents_lead_somewhere() {
    let root = root();
    let mut documents = files(&root.join("docs"), "md");
    documents.extend(std::fs::read_dir(&root).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.extension().is_some_and(|e| e == "md")));
    let mut wrong = Vec::new();
    for document in documents {
        let text = std::fs::read_to_string(&document).unwrap();
        for target in links(&text) {
            if target.contains("://") || target.starts_with("mailto:") {
                continue;
            }
            let (file, anchor) = target.split_once('#').map_or((target.as_str(), None), |(file, anchor)| (file, Some(anchor)));
            let path = if file.is_empty() { document.clone() } else { document.parent().unwrap_or(Path::new(".")).join(file) };
            let leads = path.exists() && anchor.is_none_or(|anchor| std::fs::read_to_string(&path).is_ok_and(|text| anchors(&text).contains(anchor)));
            if !leads {
                wrong.push(format!("{}: {target}", document.strip_prefix(&root).unwrap_or(&document).display()));
            }
        }
    }
    assert!(wrong.is_empty(), "links to nowhere:\n{}", wrong.join("\n"));
}

/// The targets of `[text](target)`, outside of code blocks.
fn links(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (nth, part) in text.split("```").enumerate() {
        if nth % 2 == 1 {
            continue;
        }
        for piece in part.split("](").skip(1) {
            if let Some((target, _)) = piece.split_once(')') {
                found.push(target.split_whitespace().next().unwrap_or_default().to_owned());
            }
        }
    }
    found
}

/// The names under which headings can be linked to.
fn anchors(text: &str) -> BTreeSet<String> {
    let headings = text.lines().filter(|line| line.starts_with('#')).map(|line| line.trim_start_matches('#').trim());
    let anchor = |heading: &str| {
        let kept = heading.to_lowercase().chars().filter(|sign| sign.is_alphanumeric() || matches!(sign, ' ' | '-' | '_')).collect::<String>();
        kept.replace(' ', "-")
    };
    headings.map(anchor).collect()
}

/// Licences as `deny.toml` allows them, for every package that is built.
#[test]
fn every_library_has_a_licence_that_we_allow() {
    let deny: toml::Table = std::fs::read_to_string(root().join("deny.toml")).unwrap().parse().unwrap();
    let allowed: BTreeSet<&str> = deny["licenses"]["allow"].as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect();
    let banned: BTreeSet<&str> = deny["bans"]["deny"].as_array().unwrap().iter().map(|one| one["crate"].as_str().unwrap()).collect();

    let cargo = std::process::Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--locked", "--offline", "--filter-platform=x86_64-unknown-linux-gnu", "--manifest-path"])
        .arg(root().join("Cargo.toml"))
        .output()
        .unwrap();
    assert!(cargo.status.success(), "{}", String::from_utf8_lossy(&cargo.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&cargo.stdout).unwrap();

    let mut wrong = BTreeMap::new();
    for package in metadata["packages"].as_array().unwrap() {
        let name = package["name"].as_str().unwrap();
        let licence = package["license"].as_str().unwrap_or("none named");
        if !is_allowed(licence, &allowed) {
            wrong.insert(name, format!("{name}: {licence}"));
        }
        if banned.contains(name) {
            wrong.insert(name, format!("{name} is banned in deny.toml"));
        }
        let source = package["source"].as_str();
        if source.is_some_and(|source| !source.starts_with("registry+https://github.com/rust-lang/crates.io-index")) {
            wrong.insert(name, format!("{name} comes from {}", source.unwrap_or_default()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.into_values().collect::<Vec<_>>().join("\n"));
}

/// An SPDX expression with `OR`, `AND`, `WITH`, brackets, and the old `/` for `OR`.
fn is_allowed(licence: &str, allowed: &BTreeSet<&str>) -> bool {
    let words = licence.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = words.split_whitespace().collect();
    let mut at = 0;
    either(&words, &mut at, allowed) && at == words.len()
}

fn either(words: &[&str], at: &mut usize, allowed: &BTreeSet<&str>) -> bool {
    let mut holds = both(words, at, allowed);
    while words.get(*at) == Some(&"OR") {
        *at += 1;
        holds |= both(words, at, allowed);
    }
    holds
}

fn both(words: &[&str], at: &mut usize, allowed: &BTreeSet<&str>) -> bool {
    let mut holds = one(words, at, allowed);
    while words.get(*at) == Some(&"AND") {
        *at += 1;
        holds &= one(words, at, allowed);
    }
    holds
}

fn one(words: &[&str], at: &mut usize, allowed: &BTreeSet<&str>) -> bool {
    let Some(word) = words.get(*at) else { return false };
    *at += 1;
    if *word == "(" {
        let holds = either(words, at, allowed);
        *at += 1;
        return holds;
    }
    if words.get(*at) == Some(&"WITH") {
        let name = format!("{word} WITH {}", words.get(*at + 1).unwrap_or(&""));
        *at += 2;
        return allowed.contains(name.as_str()) || allowed.contains(word);
    }
    allowed.contains(word)
}

#[test]
fn licence_expressions_are_read() {
    let allowed = BTreeSet::from(["MIT", "Apache-2.0"]);
    for (licence, expected) in [
        ("MIT", true),
        ("GPL-3.0", false),
        ("MIT/GPL-3.0", true),
        ("GPL-3.0 OR (MIT AND Apache-2.0)", true),
        ("(MIT OR GPL-3.0) AND BSD-3-Clause", false),
        ("Apache-2.0 WITH LLVM-exception OR GPL-3.0", true),
    ] {
        assert_eq!(is_allowed(licence, &allowed), expected, "{licence}");
    }
}
