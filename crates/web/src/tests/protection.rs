//! Who is let in, from where, how often, and with which headers.

use axum::body::Body;
use axum::http::{Method, Request, header};
use kernel::Permission;
use serde_json::json;

use super::World;
use crate::{Access, Kind, LimitsConfig, WebConfig, csrf_token, route_table};

/// A path of a route with something in each segment.
fn filled(path: &str) -> String {
    let fill = |part: &str| match part {
        "{action}" => "confirm".to_owned(),
        "{country}" => "DZ".to_owned(),
        part if part.starts_with('{') => "ord_0000000000001".to_owned(),
        part => part.to_owned(),
    };
    path.split('/').map(fill).collect::<Vec<_>>().join("/")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_needs_what_its_row_says() {
    let world = World::new().await;
    let weak = World::key_of(&world.admin, Some(vec![Permission::PhoneSee])).await;
    for route in route_table().iter().filter(|route| matches!(route.kind, Kind::Api | Kind::Alias) && route.access != Access::Public) {
        let request = |key: Option<&str>| {
            let mut request =
                Request::builder().method(route.method.clone()).uri(filled(route.path)).header(header::CONTENT_TYPE, "application/json");
            if let Some(key) = key {
                request = request.header(header::AUTHORIZATION, format!("Bearer {key}"));
            }
            request.body(Body::from("{}")).unwrap()
        };
        let answer = world.send(request(None)).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (401, "unauthenticated"), "{} {}", route.method, route.path);
        assert_eq!(answer.header("www-authenticate"), "Bearer");
        if let Access::Needs(_) = route.access {
            let answer = world.send(request(Some(&weak))).await;
            assert_eq!((answer.status.as_u16(), answer.code()), (403, "forbidden"), "{} {}", route.method, route.path);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_must_prove_that_a_page_of_ours_sent_a_change() {
    let world = World::new().await;
    let order = world.order().to_string();
    let request = |headers: &[(&str, &str)]| {
        let mut request = Request::builder().method(Method::POST).uri("/api/v1/orders").header(header::CONTENT_TYPE, "application/json");
        request = request.header(header::COOKIE, format!("kafila_session={}", world.cookie)).header(header::HOST, "shop.test");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(Body::from(order.clone())).unwrap()
    };
    let token = csrf_token(&world.cookie);
    let status = async |headers: &[(&str, &str)]| world.send(request(headers)).await.status.as_u16();
    assert_eq!(status(&[]).await, 403);
    assert_eq!(status(&[("x-csrf-token", "0123")]).await, 403);
    assert_eq!(status(&[("x-csrf-token", &token), ("origin", "http://evil.test")]).await, 403);
    assert_eq!(status(&[("x-csrf-token", &token), ("sec-fetch-site", "cross-site")]).await, 403);
    assert_eq!(status(&[("x-csrf-token", &token), ("origin", "http://shop.test")]).await, 201);
    assert_eq!(status(&[("x-csrf-token", &token)]).await, 201);

    let me = Request::builder().uri("/api/v1/me").header(header::COOKIE, format!("kafila_session={}", world.cookie)).body(Body::empty()).unwrap();
    assert_eq!(world.send(me).await.body["csrf_token"], token);
}

#[tokio::test(flavor = "multi_thread")]
async fn aliases_take_bearer_tokens_only() {
    let world = World::new().await;
    for path in ["/orders/stats", "/orders/stats/"] {
        let cookie = Request::builder().uri(path).header(header::COOKIE, format!("kafila_session={}", world.cookie)).body(Body::empty()).unwrap();
        assert_eq!(world.send(cookie).await.status, 401);
        assert_eq!(world.get(path).await.status, 200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn other_origins_are_let_in_by_name_only() {
    let world =
        World::with(WebConfig { allowed_origins: vec!["https://admin.test".into()], limits: LimitsConfig::off(), ..WebConfig::default() }).await;
    let preflight = |origin: &str| {
        let request = Request::builder().method(Method::OPTIONS).uri("/api/v1/orders").header(header::ORIGIN, origin);
        request.header(header::ACCESS_CONTROL_REQUEST_METHOD, "POST").body(Body::empty()).unwrap()
    };
    let answer = world.send(preflight("https://admin.test")).await;
    assert_eq!((answer.status.as_u16(), answer.header("access-control-allow-origin")), (204, "https://admin.test"));
    let answer = world.send(preflight("https://evil.test")).await;
    assert_eq!((answer.status.as_u16(), answer.header("access-control-allow-origin")), (405, ""));
}

#[tokio::test(flavor = "multi_thread")]
async fn too_many_calls_are_told_when_to_come_back() {
    let limits = LimitsConfig { api_per_actor: 2, ..LimitsConfig::off() };
    let world = World::with(WebConfig { limits, ..WebConfig::default() }).await;
    assert_eq!(world.get("/api/v1/me").await.status, 200);
    assert_eq!(world.get("/api/v1/me").await.status, 200);
    let answer = world.get("/api/v1/me").await;
    assert_eq!((answer.status.as_u16(), answer.code()), (429, "too_many"));
    assert!((1..=31).contains(&answer.header("retry-after").parse().unwrap()), "{}", answer.header("retry-after"));
    assert_eq!(world.get("/healthz").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_protect_themselves() {
    let world = World::new().await;
    let answer = world.get("/api/v1/me").await;
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(answer.header("content-security-policy"), "default-src 'none'; frame-ancestors 'none'");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("x-request-id").len(), 16);
    let request = world.request(Method::GET, "/api/v1/nothing").header("x-request-id", "order-77").body(Body::empty()).unwrap();
    let answer = world.send(request).await;
    assert_eq!((answer.header("x-request-id"), answer.body["request_id"].as_str().unwrap()), ("order-77", "order-77"));
    assert!(world.get("/readyz").await.body["status"] == "ready");
}

#[tokio::test(flavor = "multi_thread")]
async fn large_answers_are_packed_for_those_who_can_unpack() {
    let world = World::new().await;
    let request = |path: &str| world.request(Method::GET, path).header(header::ACCEPT_ENCODING, "gzip").body(Body::empty()).unwrap();
    assert_eq!(world.send(request("/api/v1/places/DZ")).await.header("content-encoding"), "gzip");
    assert_eq!(world.send(request("/api/v1/stores")).await.header("content-encoding"), "");
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_gives_a_token_or_a_cookie() {
    let world = World::new().await;
    let body = json!({"email": "samira@natu.dz", "password": "seven camels drink slowly"});
    let answer = world.post("/api/v1/sign-in", body.clone()).await;
    assert_eq!((answer.status.as_u16(), answer.body["state"].as_str().unwrap()), (200, "signed_in"));
    let token = answer.body["token"].as_str().unwrap().to_owned();
    let me = Request::builder().uri("/api/v1/me").header(header::AUTHORIZATION, format!("Bearer {token}")).body(Body::empty()).unwrap();
    assert_eq!(world.send(me).await.body["user"]["email"], "samira@natu.dz");

    let mut browser = body;
    browser["cookie"] = json!(true);
    let answer = world.post("/api/v1/sign-in", browser).await;
    assert_eq!(answer.body["token"], serde_json::Value::Null);
    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("kafila_session=") && cookie.contains("HttpOnly; SameSite=Lax"), "{cookie}");

    let wrong = world.post("/api/v1/sign-in", json!({"email": "samira@natu.dz", "password": "no"})).await;
    assert_eq!((wrong.status.as_u16(), wrong.code()), (401, "unauthenticated"));
    assert!(world.admin.ctx.can(Permission::OrderPlace));
    assert!(world.base.now().0 > 0);
}
