//! What comes in is read strictly, and a refusal names the field.

use axum::body::Body;
use axum::http::{Method, header};
use serde_json::{Value, json};

use super::World;

#[tokio::test(flavor = "multi_thread")]
async fn every_wrong_body_is_named() {
    let world = World::new().await;
    let sent = |body: Vec<u8>| {
        let request = world.request(Method::POST, "/api/v1/orders").header(header::CONTENT_TYPE, "application/json");
        request.body(Body::from(body)).unwrap()
    };
    let with = |change: fn(&mut Value)| {
        let mut order = world.order();
        change(&mut order);
        order.to_string().into_bytes()
    };
    #[rustfmt::skip]
    let cases: Vec<(Vec<u8>, u16, &str, &str)> = vec![
        (b"{\"store_id\":".to_vec(),                                               400, "json.malformed", ""),
        (b"".to_vec(),                                                             422, "invalid",        "store_id required"),
        (b"\xff\xfe{}".to_vec(),                                                   400, "body.utf8",      ""),
        (b"[]".to_vec(),                                                           422, "invalid",        " type"),
        (with(|order| order["lines"][0] = json!(["TEA", "Tea", 1])),               422, "invalid",        "lines[0] type"),
        (with(|order| order["colour"] = json!("red")),                            422, "invalid",        "colour unknown_field"),
        (with(|order| order["lines"][0]["colour"] = json!("red")),                422, "invalid",        "lines[0].colour unknown_field"),
        (with(|order| order["lines"][0]["quantity"] = json!("two")),              422, "invalid",        "lines[0].quantity type"),
        (with(|order| order["lines"][0]["quantity"] = json!(1.5)),                422, "invalid",        "lines[0].quantity type"),
        (with(|order| order["lines"][0]["quantity"] = json!(-1)),                 422, "invalid",        "lines[0].quantity quantity"),
        (with(|order| order["lines"][0]["unit_price"]["currency"] = json!("XQX")), 422, "invalid",       "lines[0].unit_price.currency format"),
        (with(|order| order["lines"][0]["unit_price"] = json!({"amount": 1})),    422, "invalid",        "lines[0].unit_price.currency required"),
        (with(|order| order["placed_at"] = json!("2026-02-30T09:00:00Z")),        422, "invalid",        "placed_at format"),
        (with(|order| order["store_id"] = json!("sto_1")),                        422, "invalid",        "store_id format"),
        (with(|order| order["channel"] = json!("pigeon")),                        422, "invalid",        "channel format"),
        (with(|order| order["discount"] = json!({})),                             422, "invalid",        "discount discount.one"),
        (format!("{{\"note\": \"{}\"}}", "x".repeat(2 << 20)).into_bytes(),         413, "body.too_large", ""),
    ];
    for (body, status, code, errors) in cases {
        let shown = String::from_utf8_lossy(&body[..body.len().min(80)]).into_owned();
        let answer = world.send(sent(body)).await;
        assert_eq!((answer.status.as_u16(), answer.code(), answer.errors().as_str()), (status, code, errors), "{shown}: {}", answer.text);
        assert_eq!(answer.header("content-type"), "application/problem+json");
        assert!(!answer.body["title"].as_str().unwrap().starts_with("error-"), "{}", answer.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn parameters_are_read_strictly() {
    let world = World::new().await;
    #[rustfmt::skip]
    let cases = [
        ("limit=0", "limit range"), ("limit=201", "limit range"), ("limit=x", "limit format"), ("colour=red", "colour unknown_field"),
        ("state=PENDING,LOST", "state format"), ("state=", "state format"), ("tag=gift,,vip", "tag format"), ("cursor=x", "cursor cursor"), ("sort=colour", "sort unknown"), ("page=1&cursor=x", "page page.or_cursor"),
        ("placed_from=yesterday", "placed_from format"), ("limit=5&limit=6", "limit repeated"), ("held=maybe", "held format"), ("page=0", "page range"),
    ];
    for (query, errors) in cases {
        let answer = world.get(&format!("/api/v1/orders?{query}")).await;
        assert_eq!((answer.status.as_u16(), answer.errors().as_str()), (422, errors), "{query}: {}", answer.text);
    }
    let answer = world.get("/api/v1/orders?state=pending,fulfilled&agent_id=none&sort=-total&limit=5").await;
    assert_eq!(answer.status, 200, "{}", answer.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn words_follow_the_reader_and_codes_do_not() {
    let world = World::new().await;
    for (language, title) in [("fr", "Certains champs sont incorrects."), ("ar", "بعض الحقول غير صحيحة."), ("de", "Some fields are wrong.")]
    {
        let request = world.request(Method::GET, "/api/v1/orders?limit=0").header(header::ACCEPT_LANGUAGE, language);
        let answer = world.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!((answer.body["title"].as_str().unwrap(), answer.code()), (title, "invalid"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_no_such_form_does_not_exist() {
    let world = World::new().await;
    for path in ["/api/v1/orders/x", "/api/v1/orders/cus_0000000000001", "/api/v1/orders/ord_0000000000001", "/api/v1/nothing", "/api/v1/places/XX"] {
        let answer = world.get(path).await;
        assert_eq!(answer.status, 404, "{path}: {}", answer.text);
        assert_eq!(answer.header("content-type"), "application/problem+json", "{path}");
    }
    let order = world.placed().await;
    let answer = world.call(Method::DELETE, &format!("/api/v1/orders/{order}/progress"), json!({})).await;
    assert_eq!((answer.status.as_u16(), answer.code(), answer.header("allow")), (405, "method", "GET, HEAD"));
}
