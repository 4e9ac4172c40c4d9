//! Reads the source tree for the house tests: files, manifests, the texts inside Rust code.

use std::path::{Path, PathBuf};

/// The root of the workspace.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// All files below a folder with this extension, sorted, without what is built.
pub fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                if !matches!(name.as_str(), "target" | "node_modules" | "vendor") && !name.starts_with('.') {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|other| other == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The crates by name, each with its manifest.
pub fn manifests() -> Vec<(String, toml::Table)> {
    let mut crates: Vec<PathBuf> = std::fs::read_dir(root().join("crates")).unwrap().map(|entry| entry.unwrap().path()).collect();
    crates.retain(|path| path.join("Cargo.toml").exists());
    crates.sort();
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(path.join("Cargo.toml")).unwrap();
        (path.file_name().unwrap().to_string_lossy().into_owned(), text.parse().unwrap())
    };
    crates.into_iter().map(read).collect()
}

/// The part of a Rust file before its unit tests.
pub fn without_tests(source: &str) -> &str {
    source.split("\n#[cfg(test)]").next().unwrap_or(source)
}

/// The string literals of Rust code, each with its line; comments do not count.
pub fn strings(source: &str) -> Vec<(usize, String)> {
    let signs: Vec<char> = source.chars().collect();
    let at = |index: usize| signs.get(index).copied().unwrap_or('\0');
    let mut found = Vec::new();
    let (mut index, mut line) = (0, 1);
    while index < signs.len() {
        let begins_raw = at(index) == 'r' && (at(index + 1) == '"' || (at(index + 1) == '#' && matches!(at(index + 2), '"' | '#')));
        let is_word_before = index > 0 && (at(index - 1).is_alphanumeric() || at(index - 1) == '_');
        let begin = index;
        if at(index) == '/' && at(index + 1) == '/' {
            while index < signs.len() && at(index) != '\n' {
                index += 1;
            }
        } else if at(index) == '/' && at(index + 1) == '*' {
            while index < signs.len() && !(at(index) == '*' && at(index + 1) == '/') {
                index += 1;
            }
            index += 2;
        } else if at(index) == '\'' && (at(index + 2) == '\'' || at(index + 1) == '\\') {
            index += 2 + usize::from(at(index + 1) == '\\');
            while index <= signs.len() && at(index - 1) != '\'' {
                index += 1;
            }
        } else if begins_raw && !is_word_before {
            let hashes = (index + 1..).take_while(|place| at(*place) == '#').count();
            let start = index + 2 + hashes;
            index = start;
            while index < signs.len() && !(at(index) == '"' && (1..=hashes).all(|more| at(index + more) == '#')) {
                index += 1;
            }
            found.push((line, signs[start..index.min(signs.len())].iter().collect()));
            index += 1 + hashes;
        } else if at(index) == '"' {
            index += 1;
            let start = index;
            while index < signs.len() && at(index) != '"' {
                index += 1 + usize::from(at(index) == '\\');
            }
            found.push((line, signs[start.min(signs.len())..index.min(signs.len())].iter().collect()));
            index += 1;
        } else {
            index += 1;
        }
        line += signs[begin..index.min(signs.len())].iter().filter(|sign| **sign == '\n').count();
    }
    found
}

#[test]
fn texts_are_told_from_code_and_comments() {
    let source = "let a = \"one \\\" two\"; // \"no\"\nlet c = '\"'; /* \"no\" */ let b = r#\"th\"ree\"#;\nlet l: &'static str = \"four\";\nlet q = '\\''; f(\"five\")";
    let found = strings(source);
    assert_eq!(found, [(1, "one \\\" two".to_owned()), (2, "th\"ree".to_owned()), (3, "four".to_owned()), (4, "five".to_owned())]);
}
