//! Photos and files on orders and customers: what comes in, what goes out, how it goes for good.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::process::Command;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use base::files::{Bucket, BucketConfig, FileStore};
use kernel::Hidden;
use serde_json::{Value, json};
use testkit::{Answer, Client, Engine, PlacedOrder, Shop, both};

use crate::binary::{Served, admin_key, kafila, main_store, order as new_order, run};

/// A photo as cameras write them: on its side, with the place in it.
fn photo(width: u32, height: u32) -> Vec<u8> {
    let picture = image::RgbImage::from_fn(width, height, |x, y| image::Rgb([(x % 256) as u8, (y % 256) as u8, 90]));
    let mut plain = Vec::new();
    picture.write_to(&mut Cursor::new(&mut plain), image::ImageFormat::Jpeg).unwrap();
    let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x02\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\x0e\x01\x02\0\x0f\0\0\0\x26\0\0\0\0\0\0\0".to_vec();
    exif.extend(b"36.75N,3.06E!!\0");
    let mut bytes = plain[..2].to_vec();
    bytes.extend([0xff, 0xe1]);
    bytes.extend(u16::try_from(exif.len() + 2).unwrap().to_be_bytes());
    bytes.extend(exif);
    bytes.extend(&plain[2..]);
    bytes
}

fn has(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

fn size(bytes: &[u8]) -> (u32, u32) {
    let picture = image::load_from_memory(bytes).unwrap();
    (picture.width(), picture.height())
}

/// Sends a form with a file, as a page does.
async fn upload(client: &Client, path: &str, name: &str, bytes: &[u8], fields: &[(&str, &str)]) -> Answer {
    let mut body = Vec::new();
    for (field, value) in fields {
        body.extend(format!("--b\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n").bytes());
    }
    body.extend(
        format!("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: application/x-evil\r\n\r\n").bytes(),
    );
    body.extend(bytes);
    body.extend(b"\r\n--b--\r\n");
    client.send(Method::POST, path, Some("multipart/form-data; boundary=b"), Bytes::from(body)).await
}

/// Sends a file as the body.
async fn send(client: &Client, path: &str, bytes: &[u8]) -> Answer {
    client.send(Method::POST, path, Some("application/octet-stream"), Bytes::from(bytes.to_vec())).await
}

/// Content that lies below the data directory, in bytes of each.
fn contents(shop: &Shop) -> Vec<u64> {
    let mut found = Vec::new();
    let folders = std::fs::read_dir(shop.base().data_dir().join("files")).into_iter().flatten().flatten();
    // What has its name already; what came in may go a moment after the answer.
    for folder in folders.filter(|folder| folder.file_name() != "incoming") {
        let entries = std::fs::read_dir(folder.path()).unwrap().flatten();
        found.extend(entries.map(|entry| entry.metadata().unwrap().len()));
    }
    found
}

/// As if an hour had passed for what lies there.
fn age(shop: &Shop) {
    let old = std::time::SystemTime::now() - std::time::Duration::from_secs(7_200);
    for folder in std::fs::read_dir(shop.base().data_dir().join("files")).unwrap().flatten() {
        for entry in std::fs::read_dir(folder.path()).unwrap().flatten() {
            std::fs::File::options().write(true).open(entry.path()).unwrap().set_modified(old).unwrap();
        }
    }
}

async fn sweep(shop: &Shop) {
    let schedules = shop.admin().get("/api/v1/schedules").await.expect(200);
    let sweep = schedules.items().iter().find(|one| one["name"] == "sweep_files").unwrap().clone();
    shop.admin().post(&format!("/api/v1/schedules/{}/run", sweep["id"].as_str().unwrap()), json!({})).await.expect(202);
    assert_eq!(shop.run_jobs().await.failed, []);
}

async fn rows(shop: &Shop, table: &'static str) -> i64 {
    let edge = shop.edge().await;
    let counted = edge.read(move |tx, _| {
        let (rows,): (i64,) = tx.one(&format!("select count(*) from {table} where org_id = $1"), db::params![tx.org()])?;
        Ok(rows)
    });
    counted.await.unwrap()
}

both! {
    async fn a_photo_loses_what_the_camera_wrote_and_gets_small_ones(shop: Shop) {
        let order = shop.order().await;
        let path = order.path("/attachments");
        let photo = photo(1_600, 1_200);
        assert!(has(&photo, b"36.75N"));
        let made = upload(&shop.role("agent"), &path, "طرد 1.JPG", &photo, &[("kind", "packing"), ("audience", "customer"), ("caption", " Packed ")]).await.expect(201);
        assert_eq!(
            (&made.body["kind"], &made.body["audience"], &made.body["caption"], &made.body["name"], &made.body["content_type"]),
            (&json!("packing"), &json!("customer"), &json!("Packed"), &json!("طرد 1.JPG"), &json!("image/jpeg"))
        );
        assert_eq!((&made.body["width"], &made.body["height"], &made.body["thumbs"]), (&json!(1_200), &json!(1_600), &json!([72, 144, 1_080])));
        let one = format!("{path}/{}", made.id());
        let whole = shop.agent().get(&format!("{one}/content")).await.expect(200);
        assert_eq!(size(&whole.bytes), (1_200, 1_600));
        for (side, expected) in [(72, (54, 72)), (144, (108, 144)), (1_080, (810, 1_080))] {
            let small = shop.agent().get(&format!("{one}/content?size={side}")).await.expect(200);
            assert_eq!((size(&small.bytes), has(&small.bytes, b"36.75N")), (expected, false));
        }
        assert!(!has(&whole.bytes, b"36.75N") && !has(&whole.bytes, b"Exif"));
        assert_eq!(made.body["size"], json!(whole.bytes.len()));
        assert_eq!((whole.header("content-type"), whole.header("x-content-type-options"), whole.header("cache-control")), ("image/jpeg", "nosniff", "private, no-cache"));
        assert_eq!(whole.header("content-disposition"), "inline; filename=\"___ 1.JPG\"; filename*=UTF-8''%D8%B7%D8%B1%D8%AF%201.JPG");
        assert_eq!(whole.header("content-security-policy"), "default-src 'none'; sandbox");
        assert_eq!(whole.header("content-length"), whole.bytes.len().to_string());
        let etag = whole.header("etag").to_owned();
        let same = shop.agent().with_header("If-None-Match", &etag).get(&format!("{one}/content")).await.expect(304);
        assert_eq!((same.bytes.len(), same.header("etag")), (0, etag.as_str()));
        let kept = shop.agent().get(&format!("{one}/content?download=true")).await.expect(200);
        assert!(kept.header("content-disposition").starts_with("attachment; "));
        shop.agent().get(&format!("{one}/content?size=500")).await.expect(404);

        let listed = shop.agent().get(&path).await.expect(200);
        assert_eq!((listed.items().len(), &listed.items()[0]["id"]), (1, &made.body["id"]));
        assert_eq!(shop.agent().get(&format!("{path}?kind=proof")).await.expect(200).items().len(), 0);
        assert_eq!(shop.agent().get(&format!("{path}?audience=customer&kind=packing")).await.expect(200).items().len(), 1);
        let history = shop.agent().get(&order.path("/history")).await.expect(200);
        let event = history.items().last().unwrap();
        assert_eq!((&event["kind"], &event["data"]["attachment_kind"], event.to_string().contains("Packed")), (&json!("order.attachment_added"), &json!("packing"), false));
        assert_eq!(shop.agent().get(&order.path("")).await.expect(200).body["version"], 1, "no editor collides with it");
    }

    async fn what_is_not_on_the_list_is_refused_and_leaves_no_row(shop: Shop) {
        let order = shop.order().await;
        let path = order.path("/attachments");
        let agent = shop.agent();
        for (name, bytes, expected) in [
            ("a.jpg", b"MZ\x90\0program".as_slice(), "file: file.kind"), ("a.gif", b"GIF89a\x01\0\x01\0".as_slice(), "file: file.kind"), ("a.jpg", b"\xff\xd8\xff\xe0 no picture".as_slice(), "file: file.picture"),
            ("a.zip", b"PK\x03\x04word/document.xml".as_slice(), "file: file.kind"), ("a.txt", b"".as_slice(), "file: file.empty"),
        ] {
            assert_eq!(upload(&agent, &path, name, bytes, &[]).await.expect(422).fields(), [expected], "{name}");
        }
        let too_large = upload(&agent, &path, "a.txt", &vec![b'x'; (20 << 20) + 1], &[]).await;
        assert_eq!((too_large.expect(413).code(), send(&agent, &path, &vec![b'x'; (20 << 20) + 1]).await.expect(413).code()), ("body.too_large", "body.too_large"));
        for (fields, expected) in [([("kind", "selfie")], "kind: format"), ([("audience", "all")], "audience: format"), ([("colour", "red")], "colour: unknown_field")] {
            assert_eq!(upload(&agent, &path, "a.txt", b"words", &fields).await.expect(422).fields(), [expected]);
        }
        let long = "x".repeat(501);
        assert_eq!(upload(&agent, &path, "a.txt", b"words", &[("caption", &long)]).await.expect(422).fields(), ["caption: too_long"]);
        let no_file = agent.send(Method::POST, &path, Some("multipart/form-data; boundary=b"), Bytes::from_static(b"--b--\r\n")).await;
        assert_eq!(no_file.expect(422).fields(), ["file: required"]);
        assert_eq!((rows(&shop, "attachments").await, rows(&shop, "files").await), (0, 0));

        // What is taken, and how it is sent.
        for (name, bytes, kept, sent) in [
            ("page.html", b"<script>alert(1)</script>".as_slice(), "page.html.txt", "text/plain; charset=utf-8"), ("list.csv", b"a;b\n1;2\n".as_slice(), "list.csv", "text/csv; charset=utf-8"),
            ("doc", b"%PDF-1.7\n%%EOF".as_slice(), "doc.pdf", "application/pdf"), ("voice.ogg", b"OggS\0\x02\0\0\0\0\0\0\0\0OpusHead".as_slice(), "voice.ogg", "audio/ogg"),
            ("p.heic", b"\0\0\0\x18ftypheic\0\0\0\0heicmif1".as_slice(), "p.heic", "image/heic"),
        ] {
            let made = send(&agent, &format!("{path}?name={name}&kind=proof"), bytes).await.expect(201);
            assert_eq!((&made.body["name"], &made.body["content_type"], &made.body["thumbs"], &made.body["width"]), (&json!(kept), &json!(sent), &json!([]), &Value::Null));
            let whole = agent.get(&format!("{path}/{}/content", made.id())).await.expect(200);
            assert_eq!((whole.bytes.as_slice(), whole.header("content-type")), (bytes, sent));
            let is_sound = sent.starts_with("audio/");
            assert_eq!(whole.header("content-disposition").starts_with("inline"), is_sound, "{name}");
        }
        let once = agent.once("file");
        let first = upload(&once, &path, "a.txt", b"once", &[("kind", "proof")]).await.expect(201);
        let again = upload(&once, &path, "a.txt", b"once", &[("kind", "proof")]).await.expect(201);
        assert_eq!((&again.text, again.header("idempotent-replayed")), (&first.text, "true"));
        upload(&once, &path, "a.txt", b"other", &[("kind", "proof")]).await.expect(422);
        assert_eq!(rows(&shop, "attachments").await, 6);
    }

    async fn what_is_removed_can_be_put_back_for_ten_seconds_and_then_goes(shop: Shop) {
        let order = shop.order().await;
        let path = order.path("/attachments");
        let photo = photo(600, 400);
        let first = upload(&shop.agent(), &path, "a.jpg", &photo, &[]).await.expect(201);
        let twin = upload(&shop.agent(), &path, "b.jpg", &photo, &[]).await.expect(201);
        let note = upload(&shop.agent(), &path, "c.txt", b"words", &[]).await.expect(201);
        assert_eq!((contents(&shop).len(), rows(&shop, "files").await), (5, 9), "the same content lies there once");

        let one = format!("{path}/{}", first.id());
        let removed = shop.agent().delete(&one).await.expect(200);
        assert_eq!(removed.body["undo_until"], "2026-11-21T09:00:10Z");
        shop.agent().get(&one).await.expect(404);
        shop.agent().get(&format!("{one}/content")).await.expect(404);
        assert_eq!(shop.agent().get(&path).await.expect(200).items().len(), 2);
        assert_eq!(shop.manager().post(&format!("{one}/restore"), json!({})).await.expect(409).code(), "undo.not_yours");
        shop.advance(10);
        let back = shop.agent().post(&format!("{one}/restore"), json!({})).await.expect(200);
        assert_eq!(back.body["version"], 3);
        shop.agent().get(&format!("{one}/content")).await.expect(200);

        for id in [first.id(), note.id()] {
            shop.agent().delete(&format!("{path}/{id}")).await.expect(200);
        }
        shop.advance(11);
        assert_eq!(shop.agent().post(&format!("{one}/restore"), json!({})).await.expect(409).code(), "undo.too_late");
        sweep(&shop).await;
        assert_eq!((rows(&shop, "attachments").await, rows(&shop, "files").await, contents(&shop).len()), (1, 4, 5), "young content stays");
        age(&shop);
        sweep(&shop).await;
        assert_eq!(contents(&shop).len(), 4, "the twin has it still");
        shop.agent().get(&format!("{path}/{}/content", twin.id())).await.expect(200);
        shop.agent().post(&format!("{one}/restore"), json!({})).await.expect(404);
        let history = shop.agent().get(&order.path("/history")).await.expect(200);
        let kinds: Vec<&str> = history.items().iter().map(|event| event["kind"].as_str().unwrap()).filter(|kind| kind.starts_with("order.attachment_re")).collect();
        assert_eq!(kinds, ["order.attachment_removed", "order.attachment_restored", "order.attachment_removed", "order.attachment_removed"]);
    }

    async fn who_may_see_an_order_may_see_its_files_and_who_brought_one_may_change_it(shop: Shop) {
        let order = shop.order().await;
        let path = order.path("/attachments");
        let mine = upload(&shop.role("shop_owner"), &path, "a.txt", b"mine", &[]).await.expect(201);
        let one = format!("{path}/{}", mine.id());
        for client in [shop.neighbour(), shop.foreigner()] {
            upload(&client, &path, "a.txt", b"x", &[]).await.expect(404);
            client.get(&path).await.expect(404);
            client.get(&format!("{one}/content")).await.expect(404);
            client.delete(&one).await.expect(404);
        }
        upload(&shop.weak(), &path, "a.txt", b"x", &[]).await.expect(403);
        shop.nobody().get(&format!("{one}/content")).await.expect(401);
        assert_eq!(rows(&shop, "files").await, 1);

        // An agent may change orders, so also what others brought; an owner of a shop only her own.
        let changed = shop.agent().patch(&one, json!({"caption": "Blue door", "kind": "proof", "version": 1})).await.expect(200);
        assert_eq!((&changed.body["caption"], &changed.body["kind"], &changed.body["version"]), (&json!("Blue door"), &json!("proof"), &json!(2)));
        let stale = shop.agent().patch(&one, json!({"audience": "customer", "version": 1})).await.expect(409);
        assert_eq!(stale.body["fields"], json!(["audience"]));
        assert_eq!(shop.agent().patch(&one, json!({"caption": "x".repeat(501)})).await.expect(422).fields(), ["caption: too_long"]);
        shop.role("shop_owner").patch(&one, json!({"caption": null})).await.expect(200);
        let theirs = upload(&shop.agent(), &path, "b.txt", b"theirs", &[]).await.expect(201);
        shop.role("shop_owner").delete(&format!("{path}/{}", theirs.id())).await.expect(403);
        let history = shop.agent().get(&order.path("/history")).await.expect(200);
        let event = history.items().iter().find(|event| event["kind"] == "order.attachment_changed").unwrap();
        assert!(event["changes"].as_array().unwrap().contains(&json!({"field": "caption", "before": null, "after": "Blue door"})), "{event}");
        // A file of one order is not found under another.
        let other = shop.order().await;
        shop.agent().get(&other.path(&format!("/attachments/{}", mine.id()))).await.expect(404);
    }

    async fn customers_have_files_which_go_when_a_person_is_erased(shop: Shop) {
        let order = shop.order().await;
        let customer = shop.admin().get(&order.path("")).await.expect(200).body["customer"]["id"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/customers/{customer}/attachments");
        let made = upload(&shop.agent(), &path, "id.jpg", &photo(200, 100), &[("kind", "other")]).await.expect(201);
        assert_eq!(made.body["thumbs"], json!([72, 144, 1_080]));
        shop.agent().get(&format!("{path}/{}/content?size=72", made.id())).await.expect(200);
        upload(&shop.role("agent"), &path, "x.txt", b"x", &[]).await.expect(403);
        let read = shop.agent().get(&format!("/api/v1/customers/{customer}")).await.expect(200);
        assert!(read.body["history"].as_array().unwrap().iter().any(|event| event["data"]["fields"] == json!(["attachments"])), "{read}");
        let removed = shop.agent().delete(&format!("{path}/{}", made.id())).await.expect(200);
        assert!(removed.body["undo_until"].is_string());
        shop.agent().post(&format!("{path}/{}/restore", made.id()), json!({})).await.expect(200);

        let owner = attachments::Owner::Customer(customer.parse().unwrap());
        let gone = shop.edge().await.write(move |tx, ctx| attachments::erase_of(tx, ctx, owner)).await.unwrap();
        assert_eq!((gone, rows(&shop, "attachments").await, rows(&shop, "files").await), (1, 0, 0));
        age(&shop);
        sweep(&shop).await;
        assert_eq!(contents(&shop), [0; 0]);
    }

    async fn an_upload_is_all_or_nothing(shop: Shop) {
        let order = shop.order().await;
        let path = order.path("/attachments");
        for n in 1..80 {
            shop.fail_statement(n).await;
            let answer = upload(&shop.agent(), &path, "a.txt", b"words", &[]).await;
            if answer.status == 201 {
                assert!(n > 3);
                shop.base().db().fail_statement(0);
                return;
            }
            shop.assert_nothing_happened().await;
        }
        panic!("it never succeeded");
    }
}

/// The few calls of an S3-compatible store that are made, answered from memory.
#[derive(Clone, Default)]
struct Store(Arc<Mutex<Kept>>);

#[derive(Default)]
struct Kept {
    objects: BTreeMap<String, (Vec<u8>, jiff::Timestamp)>,
    parts: BTreeMap<(String, u32), Vec<u8>>,
    calls: Vec<String>,
    is_down: bool,
}

impl Store {
    async fn start(&self) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let app = Router::new().fallback(answer).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        address
    }

    fn keys(&self) -> Vec<String> {
        self.0.lock().unwrap().objects.keys().cloned().collect()
    }

    fn age(&self) {
        for (_, written) in self.0.lock().unwrap().objects.values_mut() {
            *written -= jiff::SignedDuration::from_hours(2);
        }
    }
}

fn xml(text: String) -> Response {
    ([("content-type", "application/xml")], format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>{text}")).into_response()
}

async fn answer(State(store): State<Store>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    let signed = parts.headers.get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !signed.starts_with("AWS4-HMAC-SHA256 Credential=the-key/") || signed.contains("the-secret") {
        return (StatusCode::FORBIDDEN, "<Error><Code>AccessDenied</Code></Error>").into_response();
    }
    let Some(key) = parts.uri.path().strip_prefix("/shop-files").map(|key| key.trim_start_matches('/').to_owned()) else {
        return (StatusCode::NOT_FOUND, "<Error><Code>NoSuchBucket</Code></Error>").into_response();
    };
    let query = parts.uri.query().unwrap_or_default().to_owned();
    let has = |word: &str| query.split('&').any(|pair| pair.split('=').next() == Some(word));
    let value = |word: &str| query.split('&').find_map(|pair| pair.strip_prefix(&format!("{word}="))).unwrap_or_default().replace("%2F", "/");
    let mut kept = store.0.lock().unwrap();
    if kept.is_down {
        return (StatusCode::SERVICE_UNAVAILABLE, "<Error><Code>SlowDown</Code></Error>").into_response();
    }
    kept.calls.push(format!("{} {key}?{query}", parts.method));
    let now = jiff::Timestamp::now();
    let dated = |at: jiff::Timestamp| at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    match (parts.method.clone(), key.is_empty()) {
        (Method::GET, true) => {
            let prefix = value("prefix");
            let found = kept.objects.iter().filter(|(key, _)| key.starts_with(&prefix)).map(|(key, (bytes, at))| {
                format!("<Contents><Key>{key}</Key><LastModified>{at:.3}</LastModified><ETag>\"e\"</ETag><Size>{}</Size></Contents>", bytes.len())
            });
            xml(format!("<ListBucketResult><IsTruncated>false</IsTruncated>{}</ListBucketResult>", found.collect::<String>()))
        }
        (Method::POST, true) if has("delete") => {
            let text = String::from_utf8(body.to_vec()).unwrap();
            let keys: Vec<&str> = text.split("<Key>").skip(1).map(|part| part.split("</Key>").next().unwrap()).collect();
            keys.iter().for_each(|key| drop(kept.objects.remove(*key)));
            let gone: String = keys.iter().map(|key| format!("<Deleted><Key>{key}</Key></Deleted>")).collect();
            xml(format!("<DeleteResult>{gone}</DeleteResult>"))
        }
        (Method::POST, false) if has("uploads") => {
            xml("<InitiateMultipartUploadResult><Bucket>shop-files</Bucket><UploadId>u1</UploadId></InitiateMultipartUploadResult>".to_owned())
        }
        (Method::PUT, false) if has("partNumber") => {
            kept.parts.insert((key, value("partNumber").parse().unwrap()), body.to_vec());
            ([("etag", "\"p\"")], "").into_response()
        }
        (Method::POST, false) if has("uploadId") => {
            let whole: Vec<u8> = kept.parts.iter().filter(|((of, _), _)| *of == key).flat_map(|(_, bytes)| bytes.clone()).collect();
            kept.objects.insert(key, (whole, now));
            xml("<CompleteMultipartUploadResult><ETag>\"w\"</ETag></CompleteMultipartUploadResult>".to_owned())
        }
        (Method::PUT, false) => {
            kept.objects.insert(key, (body.to_vec(), now));
            ([("etag", "\"w\"")], "").into_response()
        }
        (Method::DELETE, false) => {
            kept.objects.remove(&key);
            StatusCode::NO_CONTENT.into_response()
        }
        (Method::GET | Method::HEAD, false) => match kept.objects.get(&key) {
            None => (StatusCode::NOT_FOUND, "<Error><Code>NoSuchKey</Code></Error>").into_response(),
            Some((bytes, at)) => {
                let headers = [("etag", "\"e\"".to_owned()), ("last-modified", dated(*at)), ("content-length", bytes.len().to_string())];
                (headers, if parts.method == Method::HEAD { Vec::new() } else { bytes.clone() }).into_response()
            }
        },
        _ => StatusCode::METHOD_NOT_ALLOWED.into_response(),
    }
}

fn bucket(endpoint: &str) -> BucketConfig {
    BucketConfig {
        endpoint: endpoint.to_owned(),
        bucket: "shop-files".to_owned(),
        region: "eu-1".to_owned(),
        prefix: "kafila/".to_owned(),
        access_key: Hidden::new("the-key"),
        secret_key: Hidden::new("the-secret"),
        is_path_style: true,
    }
}

async fn shop_with(store: &Store) -> Shop {
    let endpoint = store.start().await;
    Shop::with_files(Engine::Sqlite, FileStore::Bucket(Bucket::open(&bucket(&endpoint)).unwrap())).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_live_in_a_store_of_objects() {
    let store = Store::default();
    let shop = shop_with(&store).await;
    let order = shop.order().await;
    let path = order.path("/attachments");
    let made = upload(&shop.agent(), &path, "a.jpg", &photo(600, 400), &[]).await.expect(201);
    assert_eq!((store.keys().len(), contents(&shop).len()), (4, 0), "nothing stays on this disk: {:?}", store.keys());
    assert!(store.keys().iter().all(|key| key.starts_with("kafila/") && key.len() == "kafila/".len() + 65));
    let whole = shop.agent().get(&format!("{path}/{}/content", made.id())).await.expect(200);
    assert_eq!(size(&whole.bytes), (400, 600));
    let small = shop.agent().get(&format!("{path}/{}/content?size=72", made.id())).await.expect(200);
    assert_eq!(size(&small.bytes), (48, 72));

    // Larger content goes up in parts.
    let words = "words ".repeat(3_200_000);
    let large = send(&shop.agent(), &format!("{path}?name=large.txt"), words.as_bytes()).await.expect(201);
    assert_eq!(shop.agent().get(&format!("{path}/{}/content", large.id())).await.expect(200).text, words);
    assert!(store.0.lock().unwrap().calls.iter().any(|call| call.contains("partNumber=2")));

    for id in [made.id(), large.id()] {
        shop.agent().delete(&format!("{path}/{id}")).await.expect(200);
    }
    shop.advance(11);
    sweep(&shop).await;
    assert_eq!(store.keys().len(), 5, "young content stays");
    store.age();
    sweep(&shop).await;
    assert_eq!(store.keys(), [""; 0]);

    // Imports read their files from there, too.
    let csv = b"reference,title,quantity,unit_price,currency\nW-1,Lamp,1,12.50,DZD\n";
    let task = shop
        .admin()
        .send(Method::POST, "/api/v1/imports?preset=kafila&name=a.csv&store=MAIN", Some("text/csv"), Bytes::from_static(csv))
        .await
        .expect(202);
    shop.run_jobs().await;
    let seen = shop.admin().get(&format!("/api/v1/tasks/{}", task.id())).await.expect(200);
    assert_eq!(seen.body["state"], "done", "{seen}");
    shop.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_that_does_not_answer_refuses_and_leaves_no_row() {
    let store = Store::default();
    let shop = shop_with(&store).await;
    let order = shop.order().await;
    let path = order.path("/attachments");
    let made = upload(&shop.agent(), &path, "a.txt", b"before", &[]).await.expect(201);
    store.0.lock().unwrap().is_down = true;
    let refused = upload(&shop.agent(), &path, "b.txt", b"words", &[]).await.expect(503);
    assert_eq!(refused.code(), "unavailable");
    assert!(!refused.header("retry-after").is_empty() && !refused.text.contains("the-secret"));
    shop.agent().get(&format!("{path}/{}/content", made.id())).await.expect(503);
    assert_eq!((rows(&shop, "attachments").await, rows(&shop, "files").await), (1, 1));
    store.0.lock().unwrap().is_down = false;
    upload(&shop.agent(), &path, "b.txt", b"words", &[]).await.expect(201);
    // Content that somebody took away is not found, and said in the log.
    store.0.lock().unwrap().objects.clear();
    shop.agent().get(&format!("{path}/{}/content", made.id())).await.expect(404);

    let nobody = Bucket::open(&BucketConfig { endpoint: "http://127.0.0.1:1".to_owned(), ..bucket("") }).unwrap();
    assert!(nobody.check().await.is_err());
    let wrong =
        Bucket::open(&BucketConfig { secret_key: Hidden::new("x"), access_key: Hidden::new("other"), ..bucket(&store.start().await) }).unwrap();
    let why = wrong.check().await.unwrap_err();
    assert!(!why.contains("the-secret"), "{why}");
    shop.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn commands_look_at_the_store() {
    let store = Store::default();
    let endpoint = store.start().await;
    let folder = tempfile::tempdir().unwrap();
    let with = |pairs: &[(&str, &str)], command: &str| {
        let mut kafila = kafila(folder.path());
        kafila.arg(command).env("KAFILA_FILES_STORE", "s3").envs(pairs.iter().copied());
        let output = kafila.output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, _, said) = with(&[], "check-config");
    assert_eq!(code, Some(3));
    for key in ["files.s3_bucket", "files.s3_access_key", "files.s3_secret_key"] {
        assert!(said.contains(&format!("`{key}` is needed")), "{said}");
    }
    let keys = [
        ("KAFILA_FILES_S3_ENDPOINT", endpoint.as_str()),
        ("KAFILA_FILES_S3_BUCKET", "shop-files"),
        ("KAFILA_FILES_S3_ACCESS_KEY", "the-key"),
        ("KAFILA_FILES_S3_SECRET_KEY", "the-secret"),
    ];
    let (code, out, said) = with(&keys, "check-config");
    assert_eq!(code, Some(0), "{said}");
    assert!(out.contains("s3_secret_key = \"•••\"") && !out.contains("the-secret"), "{out}");
    let blocking = tokio::task::spawn_blocking({
        let (data, keys) = (folder.path().to_owned(), keys.map(|(name, value)| (name, value.to_owned())));
        move || {
            let mut command = kafila(&data);
            let output = command.arg("doctor").arg("--quick").env("KAFILA_FILES_STORE", "s3").envs(keys).output().unwrap();
            String::from_utf8(output.stdout).unwrap()
        }
    });
    let found = blocking.await.unwrap();
    assert!(found.contains("shop-files answers"), "{found}");
}

/// A server whose files lie on a disk of a quarter of a megabyte.
fn small_disk(data: &std::path::Path) -> Served {
    let script = "mkdir -p \"$1/files\" && mount -t tmpfs -o size=256k tmpfs \"$1/files\" && exec \"$0\" serve --data \"$1\" --listen 127.0.0.1:0";
    let mut command = Command::new("unshare");
    if !Command::new("id").arg("-u").output().unwrap().stdout.starts_with(b"0\n") {
        command.args(["--user", "--map-root-user"]);
    }
    command.args(["--mount", "sh", "-c", script, env!("CARGO_BIN_EXE_kafila")]).arg(data);
    command.env_clear().env("PATH", "/usr/bin:/bin:/usr/sbin:/sbin");
    Served::spawn(&mut command)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_refuses_a_file_and_leaves_no_row() {
    let folder = tempfile::tempdir().unwrap();
    let key = admin_key(folder.path());
    let served = small_disk(folder.path());
    let client = served.client(&key);
    let store = main_store(&client).await;
    let order = PlacedOrder::of(client.post("/api/v1/orders", new_order(&store, "FULL-1")).await.expect(201).body);
    let path = order.path("/attachments");
    send(&client, &format!("{path}?name=a.txt"), &[b'x'; 1_000]).await.expect(201);
    let refused = send(&client, &format!("{path}?name=b.txt"), &vec![b'y'; 1 << 20]).await.expect(503);
    assert_eq!(refused.code(), "unavailable");
    assert_eq!(client.get(&path).await.expect(200).items().len(), 1);
    send(&client, &format!("{path}?name=c.txt"), &[b'z'; 1_000]).await.expect(201);
    served.stop();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_holds_the_files_and_a_restore_brings_them_back() {
    let (folder, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let data = folder.path();
    let key = admin_key(data);
    let served = Served::start(data);
    let client = served.client(&key);
    let store = main_store(&client).await;
    let order = PlacedOrder::of(client.post("/api/v1/orders", new_order(&store, "FILES-1")).await.expect(201).body);
    let path = order.path("/attachments");
    let made = send(&client, &format!("{path}?name=a.txt"), b"the words of the backup").await.expect(201);
    let content = format!("{path}/{}/content", made.id());
    let backup = run(data, &["backup"]);
    assert!(backup.err.contains("1 files lie in") && backup.err.contains("1 of them copied"), "{}", backup.err);
    let backup = std::path::PathBuf::from(backup.ok().trim());
    let again = run(data, &["backup"]);
    assert!(again.err.contains("0 of them copied"), "{}", again.err);
    again.ok();
    served.stop();

    // The file is gone and the database with it; on a new machine both come back.
    let copied = elsewhere.path().join("copy");
    let copy = Command::new("cp").arg("-r").arg(data.join("backups")).arg(&copied).output().unwrap();
    assert!(copy.status.success());
    let new = elsewhere.path().join("data");
    std::fs::create_dir_all(new.join("keys")).unwrap();
    std::fs::copy(data.join("keys/master.key"), new.join("keys/master.key")).unwrap();
    let said = run(&new, &["restore", copied.join(backup.file_name().unwrap()).to_str().unwrap()]);
    assert!(said.err.contains("1 files belong to it; 1 were brought back"), "{}", said.err);
    said.ok();
    let served = Served::start(&new);
    assert_eq!(served.client(&key).get(&content).await.expect(200).text, "the words of the backup");
    served.stop();

    // Damaged where it is: brought back whole. Damaged in both places: told, and nothing is touched.
    let name = std::fs::read_dir(new.join("files"))
        .unwrap()
        .flatten()
        .map(|one| one.path())
        .find(|path| path.file_name().is_some_and(|name| name.len() == 2))
        .unwrap();
    let file = std::fs::read_dir(name).unwrap().flatten().next().unwrap().path();
    std::fs::write(&file, b"spoilt").unwrap();
    run(&new, &["restore", copied.join(backup.file_name().unwrap()).to_str().unwrap()]).ok();
    assert_eq!(std::fs::read(&file).unwrap(), b"the words of the backup");
    let database = std::fs::read(new.join("kafila.db")).unwrap();
    std::fs::write(&file, b"spoilt").unwrap();
    std::fs::remove_dir_all(copied.join("files")).unwrap();
    let said = run(&new, &["restore", copied.join(backup.file_name().unwrap()).to_str().unwrap()]).failed(5);
    assert!(said.contains("1 files of this backup are neither"), "{said}");
    assert_eq!(std::fs::read(new.join("kafila.db")).unwrap(), database);
}
