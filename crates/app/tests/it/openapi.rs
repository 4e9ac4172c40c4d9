//! The API's own description: OpenAPI 3.1, complete, and as it was agreed on.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use testkit::Shop;
use web::{Access, Kind, route_table};

async fn document() -> Value {
    let shop = Shop::new().await;
    let answer = shop.nobody().get("/api/openapi.json").await.expect(200);
    assert!(answer.header("content-type").starts_with("application/json"));
    answer.body
}

fn operations(document: &Value) -> Vec<(String, String, &Map<String, Value>)> {
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            if ["get", "post", "put", "patch", "delete"].contains(&method.as_str()) {
                found.push((method.to_uppercase(), path.clone(), operation.as_object().unwrap()));
            }
        }
    }
    found
}

fn references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            if let Some(Value::String(target)) = fields.get("$ref") {
                found.insert(target.clone());
            }
            fields.values().for_each(|value| references(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_route_of_the_api_is_described_and_nothing_else() {
    let document = document().await;
    let described: BTreeSet<(String, String)> = operations(&document).into_iter().map(|(method, path, _)| (method, path)).collect();
    let routes: BTreeSet<(String, String)> = route_table()
        .into_iter()
        .filter(|route| matches!(route.kind, Kind::Api | Kind::Alias) && !route.is_twin)
        .map(|route| (route.method.to_string(), route.path.to_owned()))
        .collect();
    assert_eq!(described, routes);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_document_is_well_formed() {
    let document = document().await;
    assert_eq!(document["openapi"], "3.1.0");
    assert!(document["info"]["title"].is_string() && document["info"]["version"].is_string());
    let mut targets = BTreeSet::new();
    references(&document, &mut targets);
    for target in targets {
        let pointer = target.strip_prefix('#').unwrap_or_else(|| panic!("{target} is elsewhere"));
        assert!(document.pointer(pointer).is_some(), "{target} is not there");
    }
    let mut ids = BTreeSet::new();
    let tags: BTreeSet<&str> = document["tags"].as_array().unwrap().iter().map(|tag| tag["name"].as_str().unwrap()).collect();
    for (method, path, operation) in operations(&document) {
        let what = format!("{method} {path}");
        assert!(ids.insert(operation["operationId"].as_str().unwrap().to_owned()), "{what}: its name stands twice");
        assert!(operation["summary"].is_string(), "{what} says what it does");
        assert!(operation["tags"].as_array().unwrap().iter().all(|tag| tags.contains(tag.as_str().unwrap())), "{what}");
        let responses = operation["responses"].as_object().unwrap();
        assert!(responses.keys().any(|status| status.starts_with('2')), "{what} says what it answers");
        let parameters = operation.get("parameters").and_then(Value::as_array).cloned().unwrap_or_default();
        let named: BTreeSet<&str> = parameters.iter().filter(|one| one["in"] == "path").map(|one| one["name"].as_str().unwrap()).collect();
        let segments: BTreeSet<&str> = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect();
        assert_eq!(named, segments, "{what}: parameters of the path");
        let route = route_table().into_iter().find(|route| route.method == method.as_str() && route.path == path).unwrap();
        let is_open = operation.get("security").is_some_and(|security| security.as_array().is_some_and(Vec::is_empty));
        assert_eq!(is_open, route.access == Access::Public, "{what}: who may call it");
    }
    assert!(document["components"]["securitySchemes"].is_object());
}

/// Names of operations are what generated clients are built on: a change here is a change of the API.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_operations_are_these() {
    let document = document().await;
    let mut lines: Vec<String> = operations(&document)
        .iter()
        .map(|(method, path, operation)| format!("{:<22} {method} {path}", operation["operationId"].as_str().unwrap()))
        .collect();
    lines.sort();
    insta::assert_snapshot!(lines.join("\n"));
}
