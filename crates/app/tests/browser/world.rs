//! What the pages are about: a shop with enough in it that every page has something of everything to show.

use std::collections::BTreeMap;

use axum::http::Method;
use serde_json::{Value, json};
use testkit::{COLLEAGUE, Client, PASSWORD, PlacedOrder, Shop};

/// What there is, by the names that stand in paths.
pub struct World(BTreeMap<&'static str, String>);

impl World {
    /// A path with its names filled in.
    #[track_caller]
    pub fn path(&self, path: &str) -> String {
        let mut filled = path.to_owned();
        for (name, id) in &self.0 {
            filled = filled.replace(&format!("{{{name}}}"), id);
        }
        assert!(!filled.contains('{'), "say in world.rs what stands for the name in {path}");
        filled
    }

    /// Nothing yet.
    pub fn empty() -> World {
        World(BTreeMap::new())
    }

    /// Fills a shop through its API, as people and programs would.
    pub async fn of(shop: &Shop) -> World {
        let admin = shop.admin();
        orders(shop).await;
        let mut world = World::empty();
        world.set("shop", shop.org().to_string());
        world.set("pending", shop.order().for_phone("Lina Chérif", "0770 20 30 40").with("priority", json!("urgent")).await.id);
        let own = admin.post(&world.path("/api/v1/orders/{pending}/tracking-link"), json!({})).await.expect(200);
        world.set("own", text(&own.body["token"]));
        world.set("cancelled", shop.order().cancelled().await.id);
        world.furnish(&admin, &shop.main().to_string(), async || drop(shop.run_jobs().await)).await;
        world.links(shop, &admin).await;
        world
    }

    /// One of everything that is not an order. `rest` waits until nothing is left to do behind the pages.
    pub async fn furnish(&mut self, admin: &Client, store: &str, rest: impl AsyncFn()) {
        let order = rich_order(admin, store, self).await;
        let customer = order.body["customer"]["id"].as_str().unwrap().to_owned();
        let others = admin.get("/api/v1/customers?limit=5").await.expect(200);
        let other = others.items().iter().map(|one| one["id"].as_str().unwrap()).find(|id| *id != customer).unwrap();
        self.set("other-customer", other);
        self.set("tracking", text(&admin.post(&order.path("/tracking-link"), json!({})).await.expect(200).body["token"]));

        let draft = json!({
            "store_id": store, "channel": "whatsapp", "customer": {"name": "Meriem Zerrouki", "phone": "0550 77 12 34", "language": "ar"},
            "shipping_address": {"line1": "12, rue Didouche Mourad", "city": "Alger Centre", "province": "Alger"},
            "lines": [{"sku": "LIN-M", "title": "Linen dress", "quantity": 1, "unit_price": {"amount": 840_000, "currency": "DZD"}}],
            "shipping_fee": {"amount": 60_000, "currency": "DZD"}, "note": "asked for sand"});
        let draft = text(&admin.post("/api/v1/drafts", draft).await.expect(201).body["draft"]["id"]);
        self.set("quote", text(&admin.post(&format!("/api/v1/drafts/{draft}/share"), json!({})).await.expect(200).body["token"]));
        self.set("draft", draft);

        let view = json!({"name": "Oran, waiting", "filter": {"state": ["PENDING"], "province": ["DZ:31"]}, "audience": "everybody"});
        self.set("view", admin.post("/api/v1/views", view).await.expect(201).id());
        let bulk = admin.post("/api/v1/bulk", json!({"action": "archive", "order_ids": [order.id]})).await.expect(202);
        self.set("bulk", bulk.id());
        self.set("field", admin.post("/api/v1/fields", json!({"subject": "order", "key": "gift_card", "kind": "text"})).await.expect(201).id());
        self.set("tag", text(&admin.get("/api/v1/tags").await.expect(200).items()[0]["id"]));
        admin.post("/api/v1/api-keys", json!({"name": "Web shop"})).await.expect(201);
        let rules = json!({"rules": {"states": {"REFUNDED": {"progress": 0}}}, "note": "money is no progress"});
        admin.put("/api/v1/rules", rules).await.expect(200);

        let seen = admin.send(Method::POST, "/api/v1/import-previews?name=orders.csv", Some("text/csv"), SHEET.into()).await.expect(200);
        self.set("file", text(&seen.body["file_id"]));
        let import = json!({"file_id": seen.body["file_id"], "preset": "generic", "store": store});
        admin.post("/api/v1/imports/of-file", import).await.expect(202);
        admin.post("/api/v1/backups", json!({})).await.expect(202);
        rest().await;
        self.set("import", text(&admin.get("/api/v1/imports").await.expect(200).items()[0]["id"]));
        self.set("backup", text(&admin.get("/api/v1/backups").await.expect(200).items()[0]["name"]));
        for (name, list) in [("store", "stores"), ("user", "users"), ("role", "roles")] {
            self.set(name, text(&admin.get(&format!("/api/v1/{list}")).await.expect(200).items()[0]["id"]));
        }
        self.set("customer", customer);
        self.set("order", order.id);
    }

    /// Personal links as they are mailed, and one that works no more.
    async fn links(&mut self, shop: &Shop, admin: &Client) {
        let roles = admin.get("/api/v1/roles").await.expect(200);
        let role = roles.items().iter().find(|role| role["code"] == "agent_call_center").unwrap()["id"].clone();
        let new = json!({"email": "samira@shop.test", "name": "Samira Haddad", "role_id": role, "store_ids": [shop.main()], "locale": "fr"});
        let invited = admin.post("/api/v1/users", new).await.expect(201);
        self.set("join", token_of(invited.body["link"].as_str().unwrap()));
        shop.nobody().post("/api/v1/password-reset", json!({"email": COLLEAGUE.email})).await.expect(204);
        self.set("reset", mailed(shop, "/sign-in/reset/").await);
        shop.colleague().post("/api/v1/me/email", json!({"email": "chakib@shop.test", "password": PASSWORD})).await.expect(204);
        self.set("verify", mailed(shop, "/sign-in/verify/").await);
        self.set("spent", "org_0000000000001.inv_0000000000001.x");
    }

    pub fn set(&mut self, name: &'static str, id: impl Into<String>) {
        self.0.insert(name, id.into());
    }
}

/// A sheet as a shop keeps it; one of its rows cannot be read.
const SHEET: &str = "Client;Téléphone;Article;Quantité;Prix\nAmina Benali;0550142387;Robe en lin;2;8400\nKarim Haddad;0661223344;Savon;un;980\n";

/// Enough for more than one page of the list, in every state, in both stores, with names of three alphabets.
async fn orders(shop: &Shop) {
    const PEOPLE: [&str; 6] = ["Amina Benali", "Yacine Brahimi", "فاطمة الزهراء بوعلام", "রহিমা খাতুন", "Élodie Saïdi-Lefèvre", "Wanjiru Njoroge"];
    for n in 0..54_u32 {
        let order = shop.order().for_phone(PEOPLE[n as usize % PEOPLE.len()], &format!("0661{:06}", n * 7 % 20));
        let order = if n % 5 == 0 { order.in_second_store() } else { order };
        match n % 9 {
            0 => order.confirmed().await,
            1 => order.processing().await,
            2 => order.shipped().await,
            3 => order.out_for_delivery().await,
            4 => order.delivered().await,
            5 => order.cancelled().await,
            _ => order.await,
        };
        shop.advance(600);
    }
}

/// An order to which everything has happened that can.
async fn rich_order(admin: &Client, store: &str, world: &mut World) -> PlacedOrder {
    let order = json!({
        "store_id": store, "channel": "whatsapp", "customer": {"name": "Nadia Ould Kablia", "phone": "0550 14 23 87", "language": "ar"},
        "shipping_address": {"line1": "Cité 200 logts, bloc 7", "city": "Bir El Djir", "province": "Oran", "country": "DZ"},
        "lines": [
            {"sku": "LIN-M", "title": "Linen dress", "variant": "sand, M", "quantity": 2, "unit_price": {"amount": 840_000, "currency": "DZD"}},
            {"sku": "WATCH-1", "title": "ساعة يد أطلس، فولاذ", "quantity": 1, "unit_price": {"amount": 1_290_000, "currency": "DZD"}}],
        "shipping_fee": {"amount": 60_000, "currency": "DZD"}, "note": "Call after 17:00. Le livreur connaît l’adresse."});
    let order = PlacedOrder::of(admin.place(order).await.expect(201).body);
    admin.post(&order.path("/notes"), json!({"text": "wants it before Friday"})).await.expect(201);
    admin.post(&order.path("/tags"), json!({"tags": ["gift", "هدية"]})).await.expect(200);
    admin.send(Method::POST, &order.path("/attachments?name=address.txt"), Some("text/plain"), "Cité 200 logts".into()).await.expect(201);
    let edit = admin.post(&order.path("/edits"), json!({"contact_name": "Nadia O. Kablia", "note": "as on her card"})).await.expect(201);
    admin.post(&order.path("/confirm"), json!({"note": "agreed by phone"})).await.expect(200);
    admin.post(&order.path("/escalations"), json!({"reason": "complaint", "message": "The first parcel was late"})).await.expect(201);
    admin.post(&order.path("/holds"), json!({"kind": "address", "note": "which bloc?"})).await.expect(201);
    let read = admin.get(&order.path("")).await.expect(200).body;
    let customer = text(&read["customer"]["id"]);
    let flag = admin.post(&format!("/api/v1/customers/{customer}/flags"), json!({"type": "vip", "reason": "buys each month"})).await.expect(201);
    admin.post(&format!("/api/v1/customers/{customer}/notes"), json!({"content": "speaks French"})).await.expect(201);
    let address = json!({"line1": "Villa 7, rue des Oliviers", "city": "Es Senia"});
    let address = admin.post(&format!("/api/v1/customers/{customer}/addresses"), address).await.expect(201);
    world.set("edit", text(&edit.body["edit"]["id"]));
    world.set("flag", flag.id());
    world.set("address", text(&address.body["addresses"][0]["id"]));
    PlacedOrder::of(read)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

fn token_of(link: &str) -> String {
    link.trim().rsplit('/').next().unwrap().to_owned()
}

/// The token of the link that was mailed last and leads there.
async fn mailed(shop: &Shop, place: &str) -> String {
    shop.run_jobs().await;
    let mut mails: Vec<_> = std::fs::read_dir(shop.base().data_dir().join("mail")).unwrap().map(|entry| entry.unwrap().path()).collect();
    mails.sort();
    // Quoted-printable breaks long lines with an equals sign at their end.
    let texts = mails.iter().rev().map(|path| std::fs::read_to_string(path).unwrap().replace("=\r\n", "").replace("=3D", "="));
    let link = texts.flat_map(|text| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>()).find(|word| word.contains(place));
    token_of(&link.unwrap_or_else(|| panic!("no mail leads to {place}")))
}
