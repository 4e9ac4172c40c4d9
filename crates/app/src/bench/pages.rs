//! The pages of the figure `pages`: all that somebody with every right can reach, found by following the links; and the reads of the
//! API of the figure `api`.
//!
//! What a path names, such as an order, is the first that a page leads to; a page that nothing leads to in a loaded shop is left out and
//! said so. Parts of pages, streams and what leads on elsewhere are no pages.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::Method;
use web::{Kind, RouteInfo};

use super::record::Recorder;
use super::script::Script;

/// A page or a read of the API, and what it asks the database.
pub(super) struct Page {
    /// As its operation is called, without the word that all pages share.
    pub(super) name: String,
    /// What is asked for.
    pub(super) path: String,
    pub(super) script: Script,
}

/// Looks at each page once and writes down its statements.
pub(super) async fn learn(recorder: &Recorder, cookie: &str) -> Result<Vec<Page>, String> {
    let is_page = |route: &RouteInfo| route.method == Method::GET && route.kind == Kind::Page && !route.is_slow && !route.is_twin;
    let mut left: Vec<RouteInfo> = web::route_table().into_iter().filter(is_page).collect();
    let (mut pages, mut links) = (Vec::new(), BTreeSet::new());
    loop {
        let before = left.len();
        let mut rest = Vec::new();
        for route in left {
            let Some(path) = reach(route.path, &links) else {
                rest.push(route);
                continue;
            };
            let name = route.id.trim_start_matches("page_").to_owned();
            match recorder.page(&path, cookie).await? {
                Some((script, text)) => {
                    links.extend(hrefs(&text));
                    pages.push(Page { name, path, script });
                }
                None => eprintln!("{path} is no page to look at."),
            }
        }
        left = rest;
        if left.len() == before {
            break;
        }
    }
    for route in &left {
        eprintln!("Nothing leads to {} in this shop.", route.path);
    }
    Ok(pages)
}

/// Reads each thing of the API once and writes down its statements. What a path names is the first of its list.
pub(super) async fn learn_api(recorder: &Recorder) -> Result<Vec<Page>, String> {
    let is_read = |route: &RouteInfo| route.method == Method::GET && route.kind == Kind::Api && !route.is_slow && !route.is_twin;
    let mut routes: Vec<RouteInfo> = web::route_table().into_iter().filter(is_read).collect();
    // Lists before what is in them.
    routes.sort_by_key(|route| route.path.matches('{').count());
    let (mut reads, mut first) = (Vec::new(), BTreeMap::new());
    for route in routes {
        let answer = match first_path(route.path, &first) {
            Some(path) => recorder.answer(&path).await?.map(|answer| (path, answer)),
            None => None,
        };
        let Some((path, (script, text))) = answer else {
            eprintln!("Nothing to read at {} in this shop.", route.path);
            continue;
        };
        let list: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
        if let Some(id) = list["items"][0]["id"].as_str() {
            first.insert(path.clone(), id.to_owned());
        }
        reads.push(Page { name: route.id.to_owned(), path, script });
    }
    Ok(reads)
}

/// The path with the first of each list in the place of its names in braces; none when a list has nothing.
fn first_path(route: &str, first: &BTreeMap<String, String>) -> Option<String> {
    let mut path = String::new();
    for part in route.split('/').skip(1) {
        let id = if part.starts_with('{') { first.get(&path)? } else { part };
        path = format!("{path}/{id}");
    }
    Some(path)
}

/// A path of this route: its own, or the first link that has its form.
fn reach(route: &str, links: &BTreeSet<String>) -> Option<String> {
    if !route.contains('{') {
        return Some(route.to_owned());
    }
    let has_form = |link: &&String| {
        let (path, form): (Vec<&str>, Vec<&str>) = (link.split('/').collect(), route.split('/').collect());
        // A name in braces stands for an id, never for a word such as `new`.
        let is_same = |(part, form): (&&str, &&str)| if form.starts_with('{') { part.contains('_') || part.len() > 12 } else { part == form };
        path.len() == form.len() && path.iter().zip(&form).all(is_same)
    };
    links.iter().find(has_form).cloned()
}

/// Where a page leads, without queries.
fn hrefs(text: &str) -> Vec<String> {
    let ends = |sign: char| matches!(sign, '"' | '?' | '#');
    text.split("href=\"").skip(1).filter_map(|rest| rest.split(ends).next()).filter(|path| path.starts_with('/')).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_the_first_link_of_its_form() {
        let page = r##"<a href="/app/orders/new">+</a><a href="/app/orders/ord_06y0fapsw0006?back=1#top">1</a><a href="https://wa.me/2">2</a>"##;
        let links: BTreeSet<String> = hrefs(page).into_iter().collect();
        assert_eq!(reach("/app/orders/{id}", &links).as_deref(), Some("/app/orders/ord_06y0fapsw0006"));
        assert_eq!(reach("/app/orders/{id}/edit", &links), None);
        assert_eq!(reach("/app/orders", &links).as_deref(), Some("/app/orders"));
    }

    #[test]
    fn a_read_is_of_the_first_of_its_list() {
        let first =
            BTreeMap::from([("/api/v1/orders".to_owned(), "ord_1".to_owned()), ("/api/v1/orders/ord_1/holds".to_owned(), "hld_2".to_owned())]);
        assert_eq!(first_path("/api/v1/orders", &first).as_deref(), Some("/api/v1/orders"));
        assert_eq!(first_path("/api/v1/orders/{id}/holds/{hold_id}", &first).as_deref(), Some("/api/v1/orders/ord_1/holds/hld_2"));
        assert_eq!(first_path("/api/v1/drafts/{id}", &first), None);
    }
}
