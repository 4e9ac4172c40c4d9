//! The OpenAPI document fits the routes and the answers.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::{Request, header};
use serde_json::Value;

use super::World;
use crate::{Kind, openapi_json, route_table};

fn document() -> Value {
    serde_json::from_str(&openapi_json("")).unwrap()
}

#[test]
fn every_route_of_the_api_is_described_once() {
    let document = document();
    assert_eq!(document["openapi"], "3.1.0");
    let mut ids = BTreeSet::new();
    for route in route_table().iter().filter(|route| matches!(route.kind, Kind::Api | Kind::Alias) && !route.is_twin) {
        assert!(ids.insert(route.id), "two operations are called {}", route.id);
        let operation = &document["paths"][route.path][route.method.as_str().to_lowercase()];
        assert_eq!(operation["operationId"], route.id, "{} {}", route.method, route.path);
        assert!(!route.summary.is_empty(), "{} says nothing", route.id);
        let answers = operation["responses"].as_object().unwrap();
        assert!(answers.keys().any(|status| status.starts_with('2')), "{}", route.id);
        assert!(answers.contains_key("500") && answers.contains_key("429"), "{}", route.id);
    }
}

#[test]
fn every_reference_leads_somewhere() {
    fn walk(node: &Value, found: &mut Vec<String>) {
        match node {
            Value::Object(fields) => {
                if let Some(Value::String(link)) = fields.get("$ref") {
                    found.push(link.clone());
                }
                fields.values().for_each(|value| walk(value, found));
            }
            Value::Array(items) => items.iter().for_each(|value| walk(value, found)),
            _ => {}
        }
    }
    let document = document();
    let mut links = Vec::new();
    walk(&document, &mut links);
    assert!(links.len() > 500);
    for link in links {
        assert!(document.pointer(link.trim_start_matches('#')).is_some(), "{link} leads nowhere");
    }
}

/// Checks a value against a schema: types, words, required and unknown fields. Enough for our own.
fn fits(document: &Value, schema: &Value, value: &Value, at: &str) -> Result<(), String> {
    if let Some(link) = schema["$ref"].as_str() {
        return fits(document, document.pointer(link.trim_start_matches('#')).unwrap(), value, at);
    }
    if let Some(all) = schema["allOf"].as_array() {
        return all.iter().try_for_each(|one| fits(document, one, value, at));
    }
    if let Some(some) = schema["oneOf"].as_array() {
        let count = some.iter().filter(|one| fits(document, one, value, at).is_ok()).count();
        return if count == 1 { Ok(()) } else { Err(format!("{at}: {count} of oneOf fit {value}")) };
    }
    let kinds: Vec<&str> = match &schema["type"] {
        Value::String(kind) => vec![kind],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => return Ok(()),
    };
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let is_known = kinds.contains(&kind) || kind == "integer" && kinds.contains(&"number");
    if !is_known {
        return Err(format!("{at}: {kind} instead of {kinds:?}"));
    }
    if let Some(words) = schema["enum"].as_array()
        && !words.contains(value)
    {
        return Err(format!("{at}: {value} is not one of {words:?}"));
    }
    if let Some(items) = value.as_array() {
        return items.iter().enumerate().try_for_each(|(place, item)| fits(document, &schema["items"], item, &format!("{at}[{place}]")));
    }
    if let (Some(fields), Some(known)) = (value.as_object(), schema["properties"].as_object()) {
        for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if !fields.contains_key(name) {
                return Err(format!("{at}.{name} is missing"));
            }
        }
        for (name, field) in fields {
            let shape = known.get(name).ok_or_else(|| format!("{at}.{name} is not described"))?;
            fits(document, shape, field, &format!("{at}.{name}"))?;
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_are_what_the_document_says() {
    let world = World::new().await;
    let id = world.placed().await;
    world.post(&format!("/api/v1/orders/{id}/notes"), serde_json::json!({"text": "Call after five", "kind": "call"})).await;
    world.post(&format!("/api/v1/orders/{id}/tracking"), serde_json::json!({"status": "packed"})).await;
    world.post(&format!("/api/v1/orders/{id}/confirm"), serde_json::json!({})).await;
    world.post(&format!("/api/v1/orders/{id}/cancel"), serde_json::json!({"reason": "price"})).await;
    world.post(&format!("/api/v1/orders/{id}/reopen"), serde_json::json!({})).await;
    world.post(&format!("/api/v1/orders/{id}/holds"), serde_json::json!({"kind": "address"})).await;
    let raised = world.post(&format!("/api/v1/orders/{id}/escalations"), serde_json::json!({"reason": "other", "message": "Look at this"})).await;
    let escalation = raised.body["id"].as_str().unwrap().to_owned();
    let edit = world.post(&format!("/api/v1/orders/{id}/edits"), serde_json::json!({"contact_name": "Amina B."})).await;
    let edit = edit.body["edit"]["id"].as_str().unwrap_or_else(|| panic!("{}", edit.text)).to_owned();
    let bulk = world.post("/api/v1/bulk", serde_json::json!({"action": "archive", "order_ids": [id]})).await;
    let bulk = bulk.body["id"].as_str().unwrap().to_owned();
    let customer = world.get(&format!("/api/v1/orders/{id}")).await.body["customer"]["id"].as_str().unwrap().to_owned();
    let password = serde_json::json!({"email": "samira@natu.dz", "password": "seven camels drink slowly"});
    let token = world.post("/api/v1/sign-in", password).await.body["token"].as_str().unwrap().to_owned();
    let draft = Request::put("/api/v1/rules/draft").header(header::AUTHORIZATION, format!("Bearer {token}"));
    let draft = draft.header(header::CONTENT_TYPE, "application/json").body(Body::from(r#"{"rules": {"states": {}}}"#)).unwrap();
    assert_eq!(world.send(draft).await.status, 200);
    let document = document();
    let mut looked = 0;
    for route in route_table()
        .iter()
        .filter(|route| matches!(route.kind, Kind::Api | Kind::Alias) && route.method == axum::http::Method::GET && !route.is_slow && !route.is_twin)
        // A customer's own; what staff bears opens nothing there.
        .filter(|route| route.id != "listOwnOrders")
    {
        let path = match route.path {
            path if path.contains("orders/{id}") => path.replace("{id}", &id).replace("{edit_id}", &edit),
            path if path.contains("bulk/{id}") => path.replace("{id}", &bulk),
            path if path.contains("escalations/{id}") => path.replace("{id}", &escalation),
            path if path.contains("customers/{id}") => path.replace("{id}", &customer),
            path if path.contains("stores/{id}") => path.replace("{id}", &world.store),
            path if path.contains("{country}") => path.replace("{country}", "DZ").replace("{province}", "31"),
            "/api/v1/search" => "/api/v1/search?q=Amina".to_owned(),
            path if path.contains('{') => continue,
            path => path.to_owned(),
        };
        // A file or a task that nobody made.
        if path.contains('{') {
            continue;
        }
        let request = Request::builder().uri(&path).header(header::AUTHORIZATION, format!("Bearer {token}")).body(Body::empty()).unwrap();
        let answer = world.send(request).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        let schema = &document["paths"][route.path]["get"]["responses"]["200"]["content"]["application/json"]["schema"];
        assert!(!schema.is_null(), "{path} has no schema");
        fits(&document, schema, &answer.body, route.id).unwrap_or_else(|wrong| panic!("{path}: {wrong}\n{}", answer.text));
        looked += 1;
    }
    assert!(looked > 30, "{looked}");

    let schema = &document["components"]["schemas"]["Problem"];
    let problem = world.get("/api/v1/orders?limit=0").await;
    fits(&document, schema, &problem.body, "problem").unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reader_and_the_document_are_served() {
    let world = World::new().await;
    assert_eq!(world.get("/api/openapi.json").await.body["info"]["title"], "Kafila");
    let reader = world.get("/docs").await;
    assert_eq!(reader.status, 303);
    let page = world.get(reader.header("location")).await;
    assert!(page.text.contains("Kafila API") && !page.text.contains("@asset/") && !page.text.contains("style="), "{}", page.text);
    assert!(page.header("content-security-policy").contains("script-src 'self'"));
}
