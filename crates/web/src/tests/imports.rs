//! Files are taken while they arrive; a task brings them in.

use axum::body::Body;
use axum::http::{Method, header};

use super::World;
use crate::{LimitsConfig, WebConfig};

const CSV: &str = "order_ref,sku,title,quantity,unit_price\nW-1,LIN-M,Linen dress,1,8400\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_file_begins_a_task() {
    let world = World::new().await;
    let raw = |query: &str, body: &'static str| {
        let request = world.request(Method::POST, &format!("/api/v1/imports{query}")).header(header::CONTENT_TYPE, "text/csv");
        request.body(Body::from(body)).unwrap()
    };
    let begun = world.send(raw("?preset=kafila&dry_run=true&name=orders.csv", CSV)).await;
    assert_eq!((begun.status.as_u16(), begun.body["kind"].as_str()), (202, Some("import_orders")), "{}", begun.text);
    let task = world.get(&format!("/api/v1/tasks/{}", begun.body["id"].as_str().unwrap())).await;
    assert_eq!(task.body["state"], "waiting", "{}", task.text);

    let twin = world.send(raw("?preset=kafila", CSV)).await;
    assert_eq!((twin.status.as_u16(), twin.code()), (409, "task.twin"), "{}", twin.text);
    let nothing = world.send(raw("?preset=kafila", "")).await;
    assert_eq!((nothing.status.as_u16(), nothing.errors().as_str()), (422, "file import.empty"));
    let unsaid = world.send(raw("", "a,b\n1,2\n")).await;
    assert_eq!((unsaid.status.as_u16(), unsaid.errors().as_str()), (422, "preset required"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_brings_its_options_along() {
    let world = World::new().await;
    let part = |name: &str, value: &str| format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    let file =
        format!("--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"week 47.csv\"\r\nContent-Type: text/csv\r\n\r\n{CSV}\r\n");
    let send = async |parts: String| {
        let request = world.request(Method::POST, "/api/v1/imports").header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge");
        world.send(request.body(Body::from(format!("{parts}--edge--\r\n"))).unwrap()).await
    };
    let begun = send(part("preset", "kafila") + &part("dry_run", "true") + &file).await;
    assert_eq!((begun.status.as_u16(), begun.body["title"].as_str()), (202, Some("week 47.csv (kafila)")), "{}", begun.text);
    let wrong = send(part("colour", "red") + &file).await;
    assert_eq!((wrong.status.as_u16(), wrong.errors().as_str()), (422, "colour unknown_field"), "{}", wrong.text);
    let without = send(part("preset", "kafila")).await;
    assert_eq!((without.status.as_u16(), without.errors().as_str()), (422, "file required"), "{}", without.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_too_large_is_refused_while_it_arrives() {
    let config = WebConfig { upload_limit_bytes: 1_000, limits: LimitsConfig::off(), ..WebConfig::default() };
    let world = World::with(config).await;
    let request = || world.request(Method::POST, "/api/v1/imports?preset=kafila").header(header::CONTENT_TYPE, "text/csv");
    let announced = world.send(request().header(header::CONTENT_LENGTH, "2000").body(Body::from(vec![b'x'; 2_000])).unwrap()).await;
    assert_eq!((announced.status.as_u16(), announced.code()), (413, "body.too_large"));
    let pieces = futures_util::stream::iter((0..20).map(|_| Ok::<_, std::io::Error>(vec![b'x'; 100])));
    let unannounced = world.send(request().body(Body::from_stream(pieces)).unwrap()).await;
    assert_eq!((unannounced.status.as_u16(), unannounced.code()), (413, "body.too_large"), "{}", unannounced.text);
}
