//! The web over a real small organization on the embedded engine: extractors, problems, protection,
//! aliases, the document. Features of domains are tested in the app.

mod bodies;
mod document;
mod imports;
mod orders;
mod pages;
mod protection;

use std::path::Path;

use access::model::NewApiKey;
use access::{first_start, joining, keys};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use base::secrets::MasterKey;
use base::{Base, BaseConfig, Clock, Edge};
use db::testing::{sqlite_from_template, sqlite_template};
use db::{Db, Migration};
use kernel::{Hidden, Permission, Time};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::{LimitsConfig, WebConfig, WebState, app};

const MIGRATIONS: &[Migration] = &[
    Migration { number: 1, name: "base_core", sql: include_str!("../../../migrations/0001_base_core.sql") },
    Migration { number: 2, name: "base_work", sql: include_str!("../../../migrations/0002_base_work.sql") },
    Migration { number: 3, name: "access", sql: include_str!("../../../migrations/0003_access.sql") },
    Migration { number: 4, name: "customers", sql: include_str!("../../../migrations/0004_customers.sql") },
    Migration { number: 5, name: "catalogue", sql: include_str!("../../../migrations/0005_catalogue.sql") },
    Migration { number: 6, name: "orders", sql: include_str!("../../../migrations/0006_orders.sql") },
    Migration { number: 7, name: "notifications", sql: include_str!("../../../migrations/0007_notifications.sql") },
    Migration { number: 8, name: "payments", sql: include_str!("../../../migrations/0008_payments.sql") },
    Migration { number: 9, name: "orders_edit", sql: include_str!("../../../migrations/0009_orders_edit.sql") },
    Migration { number: 10, name: "orders_drafts", sql: include_str!("../../../migrations/0010_orders_drafts.sql") },
    Migration { number: 11, name: "orders_holds", sql: include_str!("../../../migrations/0011_orders_holds.sql") },
    Migration { number: 12, name: "fields", sql: include_str!("../../../migrations/0012_fields.sql") },
    Migration { number: 13, name: "attachments", sql: include_str!("../../../migrations/0013_attachments.sql") },
    Migration { number: 14, name: "statuses", sql: include_str!("../../../migrations/0014_statuses.sql") },
    Migration { number: 15, name: "series", sql: include_str!("../../../migrations/0015_series.sql") },
    Migration { number: 16, name: "bulk", sql: include_str!("../../../migrations/0016_bulk.sql") },
    Migration { number: 17, name: "views", sql: include_str!("../../../migrations/0017_views.sql") },
    Migration { number: 18, name: "customers_care", sql: include_str!("../../../migrations/0018_customers_care.sql") },
    Migration { number: 19, name: "import_export", sql: include_str!("../../../migrations/0019_import_export.sql") },
    Migration { number: 22, name: "rule_drafts", sql: include_str!("../../../migrations/0022_rule_drafts.sql") },
    Migration { number: 23, name: "mentions", sql: include_str!("../../../migrations/0023_mentions.sql") },
    Migration { number: 24, name: "list_indexes", sql: include_str!("../../../migrations/0024_list_indexes.sql") },
    Migration { number: 25, name: "logos", sql: include_str!("../../../migrations/0025_logos.sql") },
    Migration { number: 26, name: "due_by_kind", sql: include_str!("../../../migrations/0026_due_by_kind.sql") },
];

/// An organization with its first Admin, on a database of its own, behind the router.
struct World {
    app: Router,
    base: Base,
    admin: Edge,
    /// The Admin's session cookie.
    cookie: String,
    /// A key that may do everything.
    key: String,
    store: String,
    _place: tempfile::TempDir,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Value,
    text: String,
}

impl Answer {
    fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }

    /// The wrong fields as `field code`.
    fn errors(&self) -> String {
        let errors = self.body["errors"].as_array().cloned().unwrap_or_default();
        let one = |error: &Value| format!("{} {}", error["field"].as_str().unwrap_or_default(), error["code"].as_str().unwrap_or_default());
        errors.iter().map(one).collect::<Vec<_>>().join(", ")
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

impl World {
    async fn new() -> World {
        World::with(WebConfig { limits: LimitsConfig::off(), ..WebConfig::default() }).await
    }

    async fn with(config: WebConfig) -> World {
        let place = tempfile::tempdir().unwrap();
        let template = sqlite_template(MIGRATIONS, "web", |_| {});
        let db = Db::open(&sqlite_from_template(Path::new(&template), place.path())).unwrap();
        let base = Base::start(BaseConfig {
            db,
            data_dir: place.path().to_owned(),
            clock: Clock::stopped(Time::parse("2026-11-21T09:00:00Z").unwrap()),
            master_key: MasterKey::random(),
            smtp: None,
            public_url: "http://shop.test".to_owned(),
            is_public: true,
        })
        .unwrap();
        let first = first_start(&base).await.unwrap();
        let link = first.set_up_link.expect("nobody can sign in yet");
        let new = joining::NewAdmin {
            name: "Samira".into(),
            email: "samira@natu.dz".into(),
            password: Hidden::new("seven camels drink slowly"),
            organization: Some("Natu".into()),
        };
        let session = joining::set_up(&base, link.rsplit('/').next().unwrap(), &new, &access::Client::default()).await.unwrap();
        let cookie = session.token.reveal().to_owned();
        let admin = access::authenticate_session(&base, &cookie).await.unwrap();
        let key = World::key_of(&admin, None).await;
        let stores = admin.read(|tx, ctx| access::stores::list(tx, ctx, false)).await.unwrap();
        let state = WebState::new(base.clone(), config, None);
        World { app: app(state), base, admin, cookie, key, store: stores[0].id.to_string(), _place: place }
    }

    async fn key_of(admin: &Edge, scopes: Option<Vec<Permission>>) -> String {
        let new = NewApiKey { name: "test".into(), role: None, scopes, stores: None, expires_at: None };
        admin.write(move |tx, ctx| keys::create(tx, ctx, &new)).await.unwrap().text.reveal().to_owned()
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.app.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 64 << 20).await.unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Answer { status: parts.status, headers: parts.headers, body, text }
    }

    fn request(&self, method: Method, path: &str) -> axum::http::request::Builder {
        Request::builder().method(method).uri(path).header(header::AUTHORIZATION, format!("Bearer {}", self.key))
    }

    async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path).body(Body::empty()).unwrap()).await
    }

    async fn call(&self, method: Method, path: &str, body: Value) -> Answer {
        let request = self.request(method, path).header(header::CONTENT_TYPE, "application/json");
        self.send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    async fn post(&self, path: &str, body: Value) -> Answer {
        self.call(Method::POST, path, body).await
    }

    fn order(&self) -> Value {
        json!({
            "store_id": self.store,
            "channel": "whatsapp",
            "customer": {"name": "Amina Benali", "phone": "0550 14 23 87"},
            "shipping_address": {"line1": "Cité 200 logts, bloc 7", "city": "Bir El Djir", "province": "Oran", "country": "DZ"},
            "lines": [{"sku": "LIN-M", "title": "Linen dress", "variant": "sand, M", "quantity": 2, "unit_price": {"amount": 840_000, "currency": "DZD"}}],
            "shipping_fee": {"amount": 60_000, "currency": "DZD"},
        })
    }

    async fn placed(&self) -> String {
        let answer = self.post("/api/v1/orders", self.order()).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        answer.body["id"].as_str().unwrap().to_owned()
    }
}
