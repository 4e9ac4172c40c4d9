//! Every route of the table, called by everybody who must not: without a session, with a role that may do
//! nothing, from another organization, from another store.
//!
//! Paths and bodies are made from the table and the OpenAPI document, so a new route is covered as soon
//! as it stands there; one that no path can be made for fails here until somebody says how.

use std::collections::{BTreeMap, BTreeSet};

use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode};
use kernel::{JobKind, TaskId};
use serde_json::{Map, Value, json};
use testkit::{Client, FOREIGNER, NEIGHBOUR, Shop, WEAK, both};
use tower::ServiceExt;
use web::{Access, Kind, RouteInfo, openapi_json, route_table};

/// Words that stand in what belongs to the shop alone; nobody from outside may ever read one.
const MARKS: [&str; 6] = ["Zubaida", "Hidden dress", "HID-77", "Secret lane", "W-HIDDEN", "whispered"];

/// What there is in the shop, by how paths name it.
pub(crate) struct World {
    /// By the segment before and the name in braces: `("orders", "id")`.
    ids: BTreeMap<(&'static str, &'static str), String>,
    /// Tokens of those who must not.
    weak: String,
    foreign: String,
    /// Every right but to see all stores, in the other store alone.
    neighbour: String,
    /// Their cookies; the neighbour's is that of a call centre agent.
    weak_cookie: String,
    foreign_cookie: String,
    neighbour_cookie: String,
    document: Value,
}

/// What only one store's people may see; the rest is the organization's.
const OF_A_STORE: [&str; 7] = ["orders", "customers", "stores", "credit-notes", "escalations", "drafts", "document-numbers"];

impl World {
    pub(crate) async fn of(shop: &Shop) -> World {
        let admin = shop.admin();
        let order = shop
            .order()
            .with("external_ref", json!("W-HIDDEN"))
            .with("customer", json!({"name": "Zubaida Benali", "phone": "0550142387", "email": "zubaida@example.dz"}))
            .with("shipping_address", json!({"line1": "Secret lane 7", "city": "Bir El Djir", "province": "Oran"}))
            .with("lines", json!([{"sku": "HID-77", "title": "Hidden dress", "quantity": 1, "unit_price": {"amount": 100, "currency": "DZD"}}]))
            .with("note", json!("whispered"))
            .await;
        let confirmed = admin.post(&order.path("/confirm"), json!({"note": "whispered"})).await.expect(200);
        let read = admin.get(&order.path("")).await.expect(200).body;
        let customer = read["customer"]["id"].as_str().unwrap().to_owned();
        let address = admin.post(&format!("/api/v1/customers/{customer}/addresses"), json!({"line1": "Secret lane 8"})).await.expect(201);
        let tagged = admin.post(&order.path("/tags"), json!({"tags": ["Zubaida's"]})).await.expect(200);
        assert_eq!(tagged.body["tags"], json!(["Zubaida's"]));
        let tag = admin.get("/api/v1/tags").await.expect(200).items()[0]["id"].clone();
        let field = admin.post("/api/v1/fields", json!({"subject": "order", "key": "zubaida", "kind": "text"})).await.expect(201).id().to_owned();
        let attached = admin.send(Method::POST, &order.path("/attachments?name=a.txt"), Some("text/plain"), "whispered".into()).await.expect(201);
        let of_customer = format!("/api/v1/customers/{customer}/attachments?name=a.txt");
        let of_customer = admin.send(Method::POST, &of_customer, Some("text/plain"), "whispered".into()).await.expect(201);
        let flag = admin.post(&format!("/api/v1/customers/{customer}/flags"), json!({"type": "vip", "reason": "whispered"})).await.expect(201);
        let customer_note = admin.post(&format!("/api/v1/customers/{customer}/notes"), json!({"content": "whispered"})).await.expect(201);
        let users = admin.get("/api/v1/users").await.expect(200);
        let user = users.items().iter().find(|user| user["email"] == "agent@shop.test").unwrap()["id"].clone();
        let role = admin.post("/api/v1/roles", json!({"name": "Zubaida's", "permissions": ["order.read"]})).await.expect(201).id().to_owned();
        let key = admin.post("/api/v1/api-keys", json!({"name": "Zubaida's"})).await.expect(201);
        let session = admin.get("/api/v1/me/sessions").await.expect(200).items()[0]["id"].clone();
        let schedule = admin.get("/api/v1/schedules").await.expect(200).items()[0]["id"].clone();
        let job = admin.get("/api/v1/jobs").await.expect(200).items()[0]["id"].clone();
        let task: TaskId = shop
            .edge()
            .await
            .write(|tx, ctx| {
                let task = base::tasks::NewTask { kind: JobKind::ImportOrders, title: "Zubaida's orders".to_owned() };
                base::tasks::create(tx, ctx, task)
            })
            .await
            .unwrap();
        let store: kernel::StoreId = shop.main();
        let order_id: kernel::OrderId = order.id.parse().unwrap();
        let note = shop.edge().await.write(move |tx, _| {
            // Credit notes come from files; one is put where an import would put it.
            let id: kernel::CreditNoteId = tx.new_id();
            tx.execute(
                "insert into credit_notes (org_id, id, store_id, order_id, external_ref, kind, total, currency, country, reason, created_at, recorded_at)
                 values ($1, $2, $3, $4, 'W-HIDDEN', 'return', 100, 'DZD', 'DZ', 'whispered', 0, 0)",
                db::params![tx.org(), id, store, order_id],
            )?;
            Ok(id)
        }).await.unwrap();
        let held = admin.post(&order.path("/holds"), json!({"kind": "address", "note": "whispered"})).await.expect(201);
        let hold = held.body["hold"]["id"].as_str().unwrap().to_owned();
        let escalation =
            admin.post(&order.path("/escalations"), json!({"reason": "complaint", "message": "whispered"})).await.expect(201).id().to_owned();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let edit = admin.post(&order.path("/edits"), json!({"contact_name": "Zubaida B.", "note": "whispered"})).await.expect(201);
        let draft = json!({"store_id": shop.main(), "customer": {"name": "Zubaida Benali", "phone": "0550142387"}, "note": "whispered"});
        let draft = admin.post("/api/v1/drafts", draft).await.expect(201).body["draft"]["id"].clone();
        let bulk = admin.post("/api/v1/bulk", json!({"action": "archive", "order_ids": [order.id]})).await.expect(202).id().to_owned();
        let view = admin.post("/api/v1/views", json!({"name": "All", "audience": "everybody"})).await.expect(201).id().to_owned();
        let number = admin.post(&order.path("/invoice-number"), json!({})).await.expect(200).id().to_owned();
        admin.put("/api/v1/rules", json!({"rules": {"states": {"REFUNDED": {"progress": 0}}}, "note": "ours"})).await.expect(200);
        // It belongs to all who bring files in.
        let mapping = json!({"name": "Sheet", "definition": {
            "columns": [{"column": "Article", "field": "title"}, {"column": "Prix", "field": "unit_price"}],
            "rows": "order", "dates": "day_first", "decimals": "auto"}});
        let mapping = admin.post("/api/v1/import-mappings", mapping).await.expect(201).id().to_owned();
        let file = "title,quantity,unit_price\nHidden dress,1,1\n";
        admin.send(Method::POST, "/api/v1/imports?preset=kafila", Some("text/csv"), file.into()).await.expect(202);
        let import = admin.get("/api/v1/imports").await.expect(200).items()[0]["id"].as_str().unwrap().to_owned();
        let uploaded = admin.send(Method::POST, "/api/v1/import-previews", Some("text/csv"), file.into()).await.expect(200);
        let uploaded = uploaded.body["file_id"].as_str().unwrap().to_owned();
        let ids = BTreeMap::from([
            (("imports", "id"), import),
            (("files", "id"), uploaded),
            (("backups", "backup"), "kafila-20261121T090000000Z".to_owned()),
            (("import-mappings", "id"), mapping),
            (("document-numbers", "id"), number),
            (("bulk", "id"), bulk),
            (("views", "id"), view),
            (("edits", "edit_id"), edit.body["edit"]["id"].as_str().unwrap().to_owned()),
            (("drafts", "id"), draft.as_str().unwrap().to_owned()),
            (("orders", "id"), order.id.clone()),
            (("enhanced-orders", "id"), order.id.clone()),
            (("lines", "line_id"), text(&read["lines"][0]["id"])),
            (("undo", "event"), text(&confirmed.body["event_id"])),
            (("customers", "id"), customer),
            (("addresses", "address_id"), text(&address.body["addresses"][0]["id"])),
            (("phones", "number"), "+213550142387".to_owned()),
            (("flags", "flag_id"), flag.id().to_owned()),
            (("notes", "note_id"), customer_note.id().to_owned()),
            (("exports", "task_id"), task.to_string()),
            (("variants", "id"), text(&read["lines"][0]["variant_id"])),
            (("credit-notes", "id"), note.to_string()),
            (("holds", "hold_id"), hold),
            (("escalations", "id"), escalation),
            (("stores", "id"), shop.main().to_string()),
            (("users", "id"), text(&user)),
            (("roles", "id"), role),
            (("api-keys", "id"), key.body["key"]["id"].as_str().unwrap().to_owned()),
            (("sessions", "id"), text(&session)),
            (("schedules", "id"), text(&schedule)),
            (("jobs", "id"), text(&job)),
            (("tasks", "id"), task.to_string()),
            (("tags", "id"), text(&tag)),
            (("tags", "tag"), text(&tag)),
            (("fields", "id"), field),
            (("orders' attachments", "attachment_id"), attached.id().to_owned()),
            (("customers' attachments", "attachment_id"), of_customer.id().to_owned()),
        ]);
        World {
            ids,
            weak: shop.token(&WEAK).await,
            foreign: key_of(&shop.foreigner()).await,
            neighbour: neighbour(shop).await,
            weak_cookie: shop.cookie(WEAK).await,
            foreign_cookie: shop.cookie(FOREIGNER).await,
            neighbour_cookie: shop.cookie(NEIGHBOUR).await,
            document: serde_json::from_str(&openapi_json("")).unwrap(),
        }
    }

    /// A path of this route about what is in the shop.
    pub(crate) fn path(&self, route: &RouteInfo) -> String {
        let mut before = "";
        let mut segments = Vec::new();
        for part in route.path.split('/') {
            let segment = match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
                None => part.to_owned(),
                Some("action") => "process".to_owned(),
                Some("section") => "orders".to_owned(),
                Some("state") => "PENDING".to_owned(),
                Some("code") => "other".to_owned(),
                Some("kind") => "invoice".to_owned(),
                Some("version") => "1".to_owned(),
                Some("country") => "DZ".to_owned(),
                Some("province") => "31".to_owned(),
                Some("token") => "org_0000000000001.inv_0000000000001.x".to_owned(),
                Some("hash") => "0".to_owned(),
                Some("lang") => "fr".to_owned(),
                Some("org") => "org_0000000000001".to_owned(),
                Some("colour") => "0b6b5d".to_owned(),
                Some("name") => "app.css".to_owned(),
                Some("attachment_id") => {
                    let owner = if route.path.contains("/customers/") { "customers' attachments" } else { "orders' attachments" };
                    self.ids[&(owner, "attachment_id")].clone()
                }
                Some(name) => self.ids.iter().find(|((segment, param), _)| *segment == before && *param == name).map_or_else(
                    || panic!("{} {}: say in matrix.rs what stands for {{{name}}} behind {before}", route.method, route.path),
                    |(_, id)| id.clone(),
                ),
            };
            before = part;
            segments.push(segment);
        }
        segments.join("/").replace('+', "%2B")
    }

    /// A body that this route understands: the examples of what it needs.
    fn body(&self, route: &RouteInfo, shop: &Shop) -> Option<Value> {
        let path = if route.is_twin { route.path.trim_end_matches('/') } else { route.path };
        let schema = &self.document["paths"][path][route.method.as_str().to_lowercase()]["requestBody"]["content"]["application/json"]["schema"];
        let mut body = if schema.is_null() { return None } else { self.sample(schema) };
        // What examples cannot know.
        let mine = |body: &mut Value, field: &str, value: Value| {
            if body.get(field).is_some() {
                body[field] = value;
            }
        };
        if route.id == "moveOrder" {
            body["action"] = json!("process");
        }
        mine(&mut body, "order_id", json!(self.ids[&("orders", "id")]));
        mine(&mut body, "event_id", json!(self.ids[&("undo", "event")]));
        mine(&mut body, "store_id", json!(shop.main()));
        mine(&mut body, "role_id", json!(self.ids[&("roles", "id")]));
        // A note has no version of its own.
        if (route.method == Method::PATCH || route.method == Method::PUT) && route.id != "pinNote" {
            body["version"] = json!(1);
        }
        Some(body)
    }

    fn sample(&self, schema: &Value) -> Value {
        if let Some(target) = schema["$ref"].as_str() {
            return self.sample(self.document.pointer(target.trim_start_matches('#')).unwrap());
        }
        if let Some(example) = schema["examples"].get(0) {
            return example.clone();
        }
        if let Some(first) = schema["allOf"].get(0).or_else(|| schema["oneOf"].get(0)) {
            return self.sample(first);
        }
        if let Some(word) = schema["enum"].get(0) {
            return word.clone();
        }
        match schema["type"].as_str() {
            Some("object") => {
                let required: BTreeSet<&str> = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
                let properties = schema["properties"].as_object().cloned().unwrap_or_default();
                let fields = properties.iter().filter(|(name, _)| required.contains(name.as_str()));
                Value::Object(fields.map(|(name, schema)| (name.clone(), self.sample(schema))).collect::<Map<_, _>>())
            }
            Some("array") => json!([self.sample(&schema["items"])]),
            Some("integer" | "number") => json!(1),
            Some("boolean") => json!(true),
            Some("string") => json!("sample words of seven camels"),
            _ => json!({}),
        }
    }
}

pub(crate) async fn key_of(client: &Client) -> String {
    client.post("/api/v1/api-keys", json!({"name": "matrix"})).await.expect(201).body["secret"].as_str().unwrap().to_owned()
}

/// Somebody in the store NATU who may do everything there.
async fn neighbour(shop: &Shop) -> String {
    let key = shop.admin().post("/api/v1/api-keys", json!({"name": "neighbour", "store_ids": [shop.second()]})).await.expect(201);
    key.body["secret"].as_str().unwrap().to_owned()
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    location: String,
    text: String,
}

/// What a page's form says, where saying it wrong would be refused before anything else.
fn form(route: &str) -> &'static str {
    match route {
        "page_move_order" => "action=process&version=2",
        "page_add_note" => "text=hello",
        "page_tag_order" => "add=gift",
        "page_record_payment" => "amount=5",
        "page_add_tracking" => "status=hub",
        "page_propose_edit" => "do=preview&note=x&was.contact_name=a&contact_name=b",
        "page_revise_edit" => "do=preview",
        _ => "",
    }
}

/// Programs come with a token, people who look at pages with a cookie.
pub(crate) async fn call(shop: &Shop, route: &RouteInfo, path: &str, body: Option<&Value>, token: Option<&str>, cookie: Option<&str>) -> Answer {
    let mut request = Request::builder().method(route.method.clone()).uri(path);
    if let Some(token) = token.filter(|_| route.kind != Kind::Page) {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let (content_type, bytes) = match body {
        Some(body) => ("application/json", body.to_string()),
        None if route.kind == Kind::Page => ("application/x-www-form-urlencoded", form(route.id).to_owned()),
        None => ("application/json", "{}".to_owned()),
    };
    if route.method != Method::GET {
        request = request.header("content-type", content_type);
    }
    if let (Kind::Page, Some(cookie)) = (route.kind, cookie) {
        request = request.header("cookie", format!("{}={cookie}", web::SESSION_COOKIE)).header(web::CSRF_HEADER, web::csrf_token(cookie));
    }
    let response = shop.router().oneshot(request.body(Body::from(bytes)).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    let header = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    // A stream goes on for ever; what it tells is tested in live.rs.
    let is_stream = header("content-type").starts_with("text/event-stream");
    let text = if is_stream { String::new() } else { String::from_utf8_lossy(&to_bytes(body, usize::MAX).await.unwrap()).into_owned() };
    Answer { status: parts.status, location: header("location"), text }
}

/// The kind of thing that a path is about: the segment before its first id.
fn subject(path: &str) -> Option<&str> {
    let mut before = "";
    for part in path.split('/') {
        if part == "{id}" {
            return Some(before);
        }
        before = part;
    }
    None
}

/// Everything in the shop that must not be read from outside: marks and ids.
fn leak<'a>(world: &'a World, text: &str) -> Option<&'a str> {
    let mark = MARKS.into_iter().find(|mark| text.contains(mark));
    mark.or_else(|| world.ids.iter().filter(|((segment, _), _)| *segment != "phones").map(|(_, id)| id.as_str()).find(|id| text.contains(*id)))
}

both! {
    async fn nobody_gets_where_they_must_not(shop: Shop) {
        let world = World::of(&shop).await;
        let mut wrong = Vec::new();
        let order_before = shop.admin().get(&format!("/api/v1/orders/{}", world.ids[&("orders", "id")])).await.expect(200).body;
        let mut routes = route_table();
        // Whoever ends sessions is gone for the rest.
        routes.sort_by_key(|route| matches!(route.id, "endOtherSessions" | "signOut" | "page_sign_out" | "page_end_other_sessions" | "page_sign_out_everywhere"));
        for route in routes {
            let path = world.path(&route);
            let body = world.body(&route, &shop);
            let what = format!("{} {}", route.method, route.path);
            let mut check = |who: &str, holds: bool, answer: &Answer| {
                if !holds || answer.status.is_server_error() {
                    wrong.push(format!("{what} by {who}: {} {} {:.300}", answer.status, answer.location, answer.text));
                }
            };

            let answer = call(&shop, &route, &path, body.as_ref(), None, None).await;
            let is_refused = match (route.access, route.kind) {
                (Access::Public, _) => true,
                (_, Kind::Page) => answer.status == 303 && answer.location.starts_with("/sign-in"),
                _ => answer.status == 401,
            };
            check("nobody", is_refused && leak(&world, &answer.text).is_none(), &answer);

            let answer = call(&shop, &route, &path, body.as_ref(), Some(&world.weak), Some(&world.weak_cookie)).await;
            let about = subject(route.path);
            let is_refused = match route.access {
                Access::Public => true,
                Access::Needs(_) => answer.status == 403,
                // Their own things, and nobody else's: the store that they are assigned to is theirs.
                Access::Session => about.is_none() || answer.status == 403 || answer.status == 404 || route.id == "getStore",
            };
            let is_own = matches!(route.id, "getMe" | "getStore");
            let reads_nothing = route.access == Access::Public || is_own || leak(&world, &answer.text).is_none();
            check("somebody without rights", is_refused && reads_nothing, &answer);

            let answer = call(&shop, &route, &path, body.as_ref(), Some(&world.foreign), Some(&world.foreign_cookie)).await;
            let is_hidden = about.is_none() || route.access == Access::Public || answer.status == 404;
            check("somebody of another organization", is_hidden && leak(&world, &answer.text).is_none(), &answer);

            if about.is_none_or(|about| OF_A_STORE.contains(&about) || about == "enhanced-orders") && !matches!(route.id, "signOut" | "page_sign_out") {
                let answer = call(&shop, &route, &path, body.as_ref(), Some(&world.neighbour), Some(&world.neighbour_cookie)).await;
                // An agent of calls has not every right that the key has; a page that needs another is refused before it looks.
                let lacks_right = route.kind == Kind::Page && answer.status == 403;
                let is_hidden = about.is_none() || route.access == Access::Public || answer.status == 404 || lacks_right;
                // Events, jobs and catalogue belong to the organization; who reads those reads all of it.
                let is_common = ["/api/v1/tags", "/api/v1/import-mappings", "/api/v1/fields", "/api/v1/events", "/api/v1/jobs", "/api/v1/variants", "/api/v1/users", "/api/v1/roles", "/api/v1/api-keys", "/api/v1/schedules", "/api/v1/tasks", "/api/v1/sessions", "/api/v1/me", "/api/v1/views"]
                    .iter().any(|common| route.path.starts_with(common));
                // Pages offer the same: tags by name, fields and shared views by id.
                let mut text = answer.text.clone();
                if route.kind == Kind::Page {
                    text = text.replace("Zubaida&#39;s", "");
                    for common in [("tags", "id"), ("fields", "id"), ("views", "id")] {
                        text = text.replace(&world.ids[&common], "");
                    }
                }
                check("somebody of another store", is_hidden && (is_common || leak(&world, &text).is_none()), &answer);
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        let order_after = shop.admin().get(&format!("/api/v1/orders/{}", world.ids[&("orders", "id")])).await.expect(200).body;
        for field in ["state", "version", "note_count", "tracking_entries", "history"] {
            assert_eq!(order_after[field], order_before[field], "{field}: nobody changed anything");
        }
    }

    async fn the_sample_paths_are_about_something_that_is_there(shop: Shop) {
        let world = World::of(&shop).await;
        let token = key_of(&shop.admin()).await;
        for route in route_table().iter().filter(|route| route.method == Method::GET && route.kind == Kind::Api && subject(route.path).is_some()) {
            let answer = call(&shop, route, &world.path(route), None, Some(&token), None).await;
            // No file came of the task.
            let expected = if matches!(route.id, "taskFile" | "personFile") { 404 } else { 200 };
            assert_eq!(answer.status, expected, "{}: {:.300}", route.path, answer.text);
        }
    }
}
