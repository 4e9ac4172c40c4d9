//! Tidiness of the pages: every text in every language, every asset and icon there and in use, styles that mirror, weights.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use fluent_bundle::FluentResource;

use crate::{assets, words};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every file under a folder whose name ends so, with its text.
fn texts(folder: &str, ending: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                found.push((path.strip_prefix(root()).unwrap().display().to_string(), fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

/// Each message of a language with the values that it names.
fn messages(locale: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut all = BTreeMap::new();
    for (language, area, source) in words::FILES.iter().filter(|(language, _, _)| *language == locale) {
        let parsed = FluentResource::try_new((*source).to_owned());
        assert!(parsed.is_ok(), "{language}/{area}.ftl: {:?}", parsed.err().map(|(_, errors)| errors));
        let mut key = String::new();
        for line in source.lines() {
            if let Some((name, _)) = line.split_once(" =").filter(|_| line.starts_with(|sign: char| sign.is_ascii_lowercase())) {
                key = name.to_owned();
                assert!(all.insert(key.clone(), BTreeSet::new()).is_none(), "{language}: {key} stands twice");
            }
            let names = line.split('$').skip(1).map(|rest| rest.chars().take_while(|sign| sign.is_ascii_alphanumeric() || *sign == '_').collect());
            all.entry(key.clone()).or_default().extend(names.filter(|name: &String| !name.is_empty()));
        }
        all.remove("");
    }
    all
}

#[test]
fn every_text_is_there_in_every_language_with_the_same_values() {
    let english = messages("en");
    for locale in ["fr", "ar"] {
        let other = messages(locale);
        let keys = |one: &BTreeMap<String, BTreeSet<String>>| one.keys().cloned().collect::<BTreeSet<String>>();
        assert_eq!(keys(&english), keys(&other), "en and {locale}");
        for (key, values) in &english {
            // A language may say "one order" without the number; what it adds nobody could fill in.
            let foreign: Vec<&String> = other[key].difference(values).collect();
            assert!(foreign.is_empty(), "{locale}: {key} names {foreign:?}");
        }
    }
}

#[test]
fn arabic_has_all_its_plural_forms() {
    for (_, area, source) in words::FILES.iter().filter(|(language, _, _)| *language == "ar") {
        for (place, _) in source.match_indices("->") {
            let forms = &source[place..source[place..].find("\n}").map_or(source.len(), |end| place + end)];
            let numbered = ["[zero]", "[one]", "[two]", "[few]", "[many]"];
            let has_words = forms.lines().map(str::trim).any(|line| line.starts_with('[') && !numbered.iter().any(|form| line.starts_with(form)));
            // What chooses by a word, and by no number, has forms of its own.
            if has_words && !numbered.iter().any(|form| forms.contains(form)) {
                continue;
            }
            for form in numbered.into_iter().chain(["*[other]"]) {
                assert!(forms.contains(form), "{area}.ftl lacks {form} in {forms}");
            }
        }
    }
}

#[test]
fn no_text_has_markup_or_an_exclamation_mark() {
    for (language, area, source) in words::FILES {
        for line in source.lines().filter(|line| !line.starts_with('#')) {
            assert!(!line.contains(['<', '&', '!']), "{language}/{area}.ftl: {line}");
        }
    }
}

/// The quoted words of code and templates that could be keys of messages or names of icons.
fn quoted(source: &str) -> BTreeSet<&str> {
    let is_name = |text: &&str| !text.is_empty() && text.bytes().all(|sign| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == b'-');
    source.split('"').filter(is_name).collect()
}

fn sources() -> Vec<(String, String)> {
    let mut all = texts("templates", ".html");
    all.extend(texts("src", ".rs").into_iter().filter(|(name, _)| !name.ends_with("tests.rs")));
    all
}

#[test]
fn every_text_is_used_and_every_used_text_is_there() {
    let sources = sources();
    let used: BTreeSet<&str> = sources.iter().flat_map(|(_, source)| quoted(source)).collect();
    let english = messages("en");
    // Errors are looked up by their code.
    let unused: Vec<&String> = english.keys().filter(|key| !key.starts_with("error-") && !used.contains(key.as_str())).collect();
    assert!(unused.is_empty(), "nothing says {unused:?}");

    for (name, source) in &sources {
        for opening in [".t(\"", ".one(\"", ".with(\"", ".count(\"", ".rich(\""] {
            for (place, _) in source.match_indices(opening) {
                let key = source[place + opening.len()..].split('"').next().unwrap_or_default();
                let is_header = key.contains(['_', '/', ' ']) || !key.contains('-');
                assert!(is_header || english.contains_key(key), "{name} says {key:?}, which no message file has");
            }
        }
    }
}

/// A template without its tags, comments and expressions: what is left would be read by people.
fn bare(template: &str) -> String {
    let mut text = template.to_owned();
    for (open, close) in [("{%", "%}"), ("{{", "}}"), ("{#", "#}"), ("<svg", "</svg>"), ("<kbd", "</kbd>"), ("<", ">")] {
        while let Some(start) = text.find(open) {
            let Some(end) = text[start..].find(close) else { break };
            text.replace_range(start..start + end + close.len(), " ");
        }
    }
    text.replace("&nbsp;", " ")
}

#[test]
fn templates_hold_no_words_of_their_own() {
    for (name, template) in texts("templates", ".html") {
        let left = bare(&template);
        let words: Vec<&str> = left.split_whitespace().filter(|word| word.chars().any(char::is_alphabetic)).collect();
        assert!(words.is_empty(), "{name} says {words:?} outside of the message files");
    }
}

#[test]
fn templates_keep_the_content_policy() {
    for (name, template) in texts("templates", ".html") {
        for forbidden in [" style=", "<style", "<script>", " onclick=", " hx-on", "javascript:", "js:", "http://", "https://"] {
            let allowed = forbidden == "https://" && template.matches("https://").count() == template.matches("https://wa.me/").count();
            assert!(allowed || !template.contains(forbidden), "{name} has {forbidden}");
        }
    }
}

#[test]
fn every_icon_is_there_and_used() {
    let sprite = fs::read_to_string(root().join("assets/icons.svg")).unwrap();
    let icons: BTreeSet<&str> = sprite.split("<symbol id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let sources = sources();
    let used: BTreeSet<&str> = sources.iter().flat_map(|(_, source)| quoted(source)).collect();
    let unused: Vec<&&str> = icons.iter().filter(|icon| !used.contains(*icon)).collect();
    assert!(unused.is_empty(), "nothing shows {unused:?}");
    for (name, source) in &sources {
        for opening in ["::i(\"", "::i_as(\""] {
            for (place, _) in source.match_indices(opening) {
                let icon = source[place + opening.len()..].split('"').next().unwrap_or_default();
                assert!(icons.contains(icon), "{name} shows {icon:?}, which the sprite lacks");
            }
        }
    }
}

#[test]
fn every_asset_in_use_is_there() {
    for (name, template) in texts("templates", ".html") {
        for (place, opening) in template.match_indices("assets::url(\"") {
            let asset = template[place + opening.len()..].split('"').next().unwrap_or_default();
            assert_ne!(assets::url(asset), assets::MISSING, "{name} asks for {asset}");
        }
    }
}

#[test]
fn vendored_files_are_what_the_manifest_says() {
    use sha2::{Digest, Sha256};
    let folder = root().join("assets/vendor");
    let manifest = fs::read_to_string(folder.join("MANIFEST.toml")).unwrap();
    let mut listed = BTreeSet::from(["MANIFEST.toml".to_owned()]);
    for entry in manifest.split("[[file]]").skip(1) {
        let field = |name: &str| -> String {
            let line = entry.lines().find_map(|line| line.strip_prefix(name)?.trim_start().strip_prefix('='));
            line.unwrap_or_else(|| panic!("no {name} in {entry}")).trim().trim_matches('"').to_owned()
        };
        let (name, licence_file) = (field("name"), field("licence_file"));
        assert!(!field("version").is_empty() && !field("licence").is_empty() && !field("source").is_empty(), "{name}");
        assert!(fs::metadata(folder.join(&licence_file)).unwrap().len() > 200, "{licence_file} is too short for a licence");
        if name != "icons.svg" {
            assert_eq!(hex::encode(Sha256::digest(fs::read(folder.join(&name)).unwrap())), field("sha256"), "{name} changed");
            listed.insert(name);
        }
        listed.insert(licence_file);
    }
    let there: BTreeSet<String> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    assert_eq!(there, listed, "files and manifest");
}

#[test]
fn styles_mirror_by_themselves_and_both_dark_themes_agree() {
    for (name, sheet) in texts("assets/css", ".css") {
        for line in sheet.lines() {
            let plain = line.split("/*").next().unwrap_or_default();
            for side in ["left", "right"] {
                let is_physical = plain.contains(&format!("-{side}")) || plain.contains(&format!("{side}:")) || plain.contains(&format!(":{side}"));
                assert!(!is_physical, "{name} names a side: {plain}");
            }
        }
    }
    let tokens = fs::read_to_string(root().join("assets/css/tokens.css")).unwrap();
    let block = |opening: &str| {
        let start = tokens.find(opening).unwrap() + opening.len();
        tokens[start..start + tokens[start..].find('}').unwrap()].split_whitespace().collect::<String>()
    };
    assert_eq!(block(":root:not([data-theme=light]){"), block(":root[data-theme=dark]{"));
}

#[test]
fn pages_stay_light() {
    let packed = |name: &str| assets::ASSETS.iter().find(|asset| asset.name == name).and_then(|asset| asset.brotli).map_or(usize::MAX, <[u8]>::len);
    assert!(packed("app.css") <= 14_000, "styles: {}", packed("app.css"));
    assert!(packed("kafila.js") <= 12_000, "own script: {}", packed("kafila.js"));
    let core = ["app.css", "kafila.js", "icons.svg", "icon.svg"].map(packed).iter().sum::<usize>();
    // Before the door; a page itself is under 3 kB.
    assert!(core <= 37_000, "before the door: {core}");
    // A list of 50 is under 12 kB.
    let staff = core + packed("htmx.js");
    assert!(staff <= 63_000, "staff pages: {staff}");
}
