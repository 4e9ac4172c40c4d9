//! Prepares what the binary carries: assets by their content's name, packed once, and the list of message files.
//!
//! An asset is served as `/a/<hash>/<name>`; the hash is of its content, so it may be kept for ever. A text asset may name
//! another one as `@asset/<name>`; a style sheet may take in its parts by `@import`. A sheet that `app.css` does not take in is an
//! asset of its own, for the pages that need it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use sha2::{Digest, Sha256};

/// Scripts that every page needs together, so that it asks once.
const BUNDLES: &[(&str, &[&str])] = &[("htmx.js", &["htmx.min.js", "hx-sse.min.js"])];

type Failure = Box<dyn std::error::Error>;

#[expect(clippy::disallowed_methods, reason = "Cargo tells a build script where it works through the environment alone")]
fn main() -> Result<(), Failure> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(env::var("OUT_DIR")?);
    for watched in ["assets", "messages", "build.rs"] {
        println!("cargo::rerun-if-changed={watched}");
    }
    write_assets(&root.join("assets"), &out)?;
    write_messages(&root.join("messages"), &out)?;
    Ok(())
}

fn write_assets(assets: &Path, out: &Path) -> Result<(), Failure> {
    let mut waiting: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for file in files_in(assets)?.into_iter().chain(files_in(&assets.join("vendor"))?) {
        let name = file_name(&file)?;
        if name.starts_with("LICENSE") || name.ends_with(".toml") || name.ends_with(".md") {
            continue;
        }
        waiting.insert(name, fs::read(&file)?);
    }
    for (name, parts) in BUNDLES {
        let mut whole = Vec::new();
        for part in *parts {
            whole.extend(waiting.remove(*part).ok_or_else(|| format!("{part} of {name} is not there"))?);
            whole.extend_from_slice(b"\n;\n");
        }
        waiting.insert((*name).to_owned(), whole);
    }
    let sheets = assets.join("css");
    let core = fs::read_to_string(sheets.join("app.css"))?;
    for file in files_in(&sheets)? {
        let name = file_name(&file)?;
        if !core.contains(&format!("\"{name}\"")) {
            let sheet = whole_sheet(&sheets, &name)?;
            waiting.insert(name, sheet.into_bytes());
        }
    }

    let mut urls: BTreeMap<String, String> = BTreeMap::new();
    let mut table = String::from("pub(crate) static ASSETS: &[Asset] = &[\n");
    let folder = out.join("assets");
    fs::create_dir_all(&folder)?;
    while !waiting.is_empty() {
        let ready: Vec<String> = waiting
            .iter()
            .filter(|(_, content)| names_in(content).iter().all(|name| urls.contains_key(name)))
            .map(|(name, _)| name.clone())
            .collect();
        if ready.is_empty() {
            return Err(format!("assets name each other in a ring, or name one that is not there: {:?}", waiting.keys()).into());
        }
        for name in ready {
            let content = waiting.remove(&name).unwrap_or_default();
            let content = with_urls(content, &urls);
            let hash: String = Sha256::digest(&content).iter().take(8).fold(String::new(), |mut text, byte| {
                let _ = write!(text, "{byte:02x}");
                text
            });
            urls.insert(name.clone(), format!("/a/{hash}/{name}"));
            table.push_str(&packed(&folder, &name, &hash, &content)?);
        }
    }
    table.push_str("];\n");
    fs::write(out.join("assets.rs"), table)?;
    Ok(())
}

/// Writes an asset plain and packed, and answers its row of the table. A packing that saves nothing is left out.
fn packed(folder: &Path, name: &str, hash: &str, content: &[u8]) -> Result<String, Failure> {
    fs::write(folder.join(name), content)?;
    let is_packed_already = name.ends_with(".woff2") || name.ends_with(".png");
    let mut row = format!(
        "    Asset {{ name: {name:?}, url: \"/a/{hash}/{name}\", hash: {hash:?}, plain: include_bytes!(concat!(env!(\"OUT_DIR\"), \"/assets/{name}\")),"
    );
    let mut brotli = Vec::new();
    brotli::BrotliCompress(&mut &content[..], &mut brotli, &brotli::enc::BrotliEncoderParams { quality: 11, ..Default::default() })?;
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(content)?;
    for (field, ending, bytes) in [("brotli", "br", brotli), ("gzip", "gz", gzip.finish()?)] {
        if is_packed_already || bytes.len() >= content.len() {
            write!(row, " {field}: None,")?;
        } else {
            fs::write(folder.join(format!("{name}.{ending}")), bytes)?;
            write!(row, " {field}: Some(include_bytes!(concat!(env!(\"OUT_DIR\"), \"/assets/{name}.{ending}\"))),")?;
        }
    }
    row.push_str(" },\n");
    Ok(row)
}

/// A style sheet with its parts in place and its comments gone.
fn whole_sheet(folder: &Path, name: &str) -> Result<String, Failure> {
    let mut whole = String::new();
    for line in fs::read_to_string(folder.join(name))?.lines() {
        match line.strip_prefix("@import \"").and_then(|rest| rest.strip_suffix("\";")) {
            Some(part) => whole.push_str(&whole_sheet(folder, part)?),
            None => {
                whole.push_str(line);
                whole.push('\n');
            }
        }
    }
    while let Some(start) = whole.find("/*") {
        let end = whole[start..].find("*/").ok_or("a comment in a style sheet has no end")?;
        whole.replace_range(start..start + end + 2, "");
    }
    Ok(whole.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n"))
}

/// The assets that a text asset names.
fn names_in(content: &[u8]) -> Vec<String> {
    let Ok(text) = std::str::from_utf8(content) else { return Vec::new() };
    text.split("@asset/")
        .skip(1)
        .map(|rest| rest.chars().take_while(|sign| sign.is_ascii_alphanumeric() || matches!(sign, '.' | '-' | '_')).collect())
        .collect()
}

fn with_urls(content: Vec<u8>, urls: &BTreeMap<String, String>) -> Vec<u8> {
    let names = names_in(&content);
    let Ok(mut text) = String::from_utf8(content.clone()) else { return content };
    for name in names {
        text = text.replace(&format!("@asset/{name}"), &urls[&name]);
    }
    text.into_bytes()
}

fn write_messages(messages: &Path, out: &Path) -> Result<(), Failure> {
    let mut table = String::from("pub(crate) static FILES: &[(&str, &str, &str)] = &[\n");
    for locale in ["en", "fr", "ar"] {
        for file in files_in(&messages.join(locale))? {
            let area = file_name(&file)?.trim_end_matches(".ftl").to_owned();
            writeln!(table, "    ({locale:?}, {area:?}, include_str!({file:?})),")?;
        }
    }
    table.push_str("];\n");
    fs::write(out.join("messages.rs"), table)?;
    Ok(())
}

/// The plain files of a folder, sorted.
fn files_in(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            files.push(entry.path());
        }
    }
    files.sort();
    Ok(files)
}

fn file_name(file: &Path) -> Result<String, Failure> {
    Ok(file.file_name().and_then(|name| name.to_str()).ok_or("a file's name is not text")?.to_owned())
}
