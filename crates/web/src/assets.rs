//! What pages are made with: styles, scripts, icons, fonts. Packed by the build, carried in the binary, kept by browsers for ever.
//!
//! An asset's address holds the hash of its content, so a new release changes the address and never meets an old copy. Not here:
//! pictures that people send (files).

use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kernel::Locale;
use serde_json::{Value, json};

use crate::words::Words;

/// One file in the binary.
pub(crate) struct Asset {
    pub(crate) name: &'static str,
    pub(crate) url: &'static str,
    hash: &'static str,
    pub(crate) plain: &'static [u8],
    pub(crate) brotli: Option<&'static [u8]>,
    gzip: Option<&'static [u8]>,
}

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// The address of what is not there; a test looks at every name in use.
pub(crate) const MISSING: &str = "/a/missing";

/// The address of an asset.
pub(crate) fn url(name: &str) -> &'static str {
    find(name).map_or(MISSING, |asset| asset.url)
}

fn find(name: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| asset.name == name)
}

/// `GET /a/{hash}/{name}`
pub(crate) async fn serve(Path((hash, name)): Path<(String, String)>, headers: HeaderMap) -> Response {
    match find(&name) {
        Some(asset) if asset.hash == hash => answer(asset, &headers, "public, max-age=31536000, immutable"),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

/// `GET /favicon.ico`, which browsers ask for by themselves.
pub(crate) async fn favicon(headers: HeaderMap) -> Response {
    match find("icon.svg") {
        Some(asset) => answer(asset, &headers, "public, max-age=86400"),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// `GET /sw.js`: the worker that answers without a network. It stands at the root, because it may only look after what lies below it;
/// browsers ask for it again and again, so that they hear of a new release.
pub(crate) async fn worker(headers: HeaderMap) -> Response {
    match find("sw.js") {
        Some(asset) => answer(asset, &headers, "no-cache"),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// `GET /manifest/{lang}`: what an installed app is called, in the language of the page that names it.
pub(crate) async fn manifest(Path(lang): Path<String>) -> Response {
    let locale = Locale::INTERFACE.into_iter().find(|locale| locale.as_str() == lang);
    match (locale, find("app.webmanifest")) {
        (Some(locale), Some(asset)) => {
            let text = manifest_in(Words { locale }, asset.plain);
            let headers = [(header::CONTENT_TYPE, media_type(asset.name)), (header::CACHE_CONTROL, "public, max-age=3600")];
            (headers, text).into_response()
        }
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

/// The manifest in one language; names of places are those of the side bar.
fn manifest_in(say: Words, plain: &[u8]) -> String {
    let mut manifest: Value = serde_json::from_slice(plain).unwrap_or_default();
    manifest["name"] = say.t("shell-name").into();
    manifest["short_name"] = say.t("shell-name").into();
    manifest["description"] = say.t("shell-about").into();
    manifest["lang"] = say.lang().into();
    manifest["dir"] = say.dir().into();
    let shortcut = |key: &str, url: &str| json!({ "name": say.t(key), "url": url });
    manifest["shortcuts"] = json!([shortcut("shell-nav-orders", "/app/orders"), shortcut("shell-shortcut-search", "/app/search")]);
    manifest.to_string()
}

fn answer(asset: &'static Asset, headers: &HeaderMap, keep: &'static str) -> Response {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (bytes, encoding) = match (asset.brotli, asset.gzip) {
        (Some(bytes), _) if accepts(accepted, "br") => (bytes, Some("br")),
        (_, Some(bytes)) if accepts(accepted, "gzip") => (bytes, Some("gzip")),
        _ => (asset.plain, None),
    };
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type(asset.name)));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

fn accepts(accepted: &str, encoding: &str) -> bool {
    accepted.split(',').any(|one| {
        let mut parts = one.split(';');
        let is_named = parts.next().is_some_and(|name| name.trim().eq_ignore_ascii_case(encoding));
        is_named && !parts.any(|part| matches!(part.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "woff2" => "font/woff2",
        "png" => "image/png",
        "webmanifest" => "application/manifest+json",
        "html" => "text/html; charset=utf-8",
        "json" => "application/json",
        _ => "application/octet-stream",
    }
}
