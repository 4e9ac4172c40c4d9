//! Drafts, carts and quotes: begun in a chat, priced, shared, accepted, placed once; and ordering the same again.

use serde_json::{Value, json};
use testkit::{Client, Shop, both};

use crate::deployment::figures_equal_lists;

fn dinars(amount: i64) -> Value {
    json!({"amount": amount, "currency": "DZD"})
}

fn dress(quantity: i64) -> Value {
    json!({"sku": "LIN-M", "title": "Linen dress", "variant": "sand, M", "quantity": quantity, "unit_price": dinars(840_000)})
}

fn full(shop: &Shop) -> Value {
    json!({
        "store_id": shop.main(), "channel": "whatsapp",
        "customer": {"name": "Amina Benali", "phone": "0550 14 23 87", "language": "ar"},
        "shipping_address": {"line1": "Cité 200 logts, bloc 7", "city": "Bir El Djir", "province": "Oran"},
        "lines": [dress(1)], "discount": {"percent_ppm": 100_000}, "shipping_fee": dinars(60_000), "note": "whispered", "tags": ["vip"],
    })
}

async fn begin(client: &Client, body: Value) -> Value {
    client.post("/api/v1/drafts", body).await.expect(201).body
}

fn path(draft: &Value, rest: &str) -> String {
    format!("/api/v1/drafts/{}{rest}", draft["draft"]["id"].as_str().unwrap())
}

async fn share(client: &Client, draft: &Value) -> String {
    let shared = client.post(&path(draft, "/share"), json!({})).await.expect(200);
    assert!(shared.body["url"].as_str().unwrap().ends_with(&format!("/api/v1/quotes/{}", shared.body["token"].as_str().unwrap())));
    format!("/api/v1/quotes/{}", shared.body["token"].as_str().unwrap())
}

both! {
    async fn a_draft_grows_in_a_chat_and_is_placed_once(shop: Shop) {
        let agent = shop.agent();
        let me = agent.get("/api/v1/me").await.expect(200).body["user"]["id"].clone();
        let draft = begin(&agent, json!({"store_id": shop.main(), "channel": "whatsapp", "lines": [dress(2)]})).await;
        assert_eq!((&draft["draft"]["state"], &draft["draft"]["agent_id"], &draft["draft"]["version"]), (&json!("open"), &me, &json!(1)));
        assert_eq!((&draft["totals"]["subtotal"], &draft["missing"][0]["field"]), (&dinars(1_680_000), &json!("customer")));
        let incomplete = agent.post(&path(&draft, "/place"), json!({})).await.expect(422);
        assert_eq!(incomplete.fields(), ["customer: required"]);

        let change = json!({"customer": {"name": "Amina", "phone": "0550 14 23 87"}, "lines": [dress(1)], "shipping_fee": dinars(60_000), "version": 1});
        let changed = agent.patch(&path(&draft, ""), change.clone()).await.expect(200).body;
        assert_eq!((&changed["totals"]["total"], &changed["missing"], &changed["draft"]["version"]), (&dinars(900_000), &json!([]), &json!(2)));
        let stale = agent.patch(&path(&draft, ""), json!({"channel": "phone", "version": 1})).await.expect(409);
        assert_eq!((stale.code(), &stale.body["fields"]), ("stale", &json!(["channel"])));
        let wrong = agent.patch(&path(&draft, ""), json!({"lines": [{"title": " ", "quantity": 0, "unit_price": {"amount": 5, "currency": "EUR"}}], "customer": {"name": "A", "phone": "12"}})).await;
        assert_eq!(wrong.expect(422).fields(), ["customer.phone: phone", "lines[0].quantity: quantity", "lines[0].unit_price: currency.store", "lines[0].title: required"]);
        let stats = shop.admin().get("/api/v1/orders/stats").await.expect(200);
        assert_eq!(stats.body["total"], 0, "a draft counts nowhere");

        let placed = agent.post(&path(&draft, "/place"), json!({"version": 2})).await.expect(201);
        assert_eq!((&placed.body["is_new"], &placed.body["state"], &placed.body["channel"], &placed.body["agent_id"]), (&json!(true), &json!("PENDING"), &json!("whatsapp"), &me));
        assert_eq!(placed.body["total"], dinars(900_000));
        let again = agent.post(&path(&draft, "/place"), json!({"version": 2})).await.expect(201);
        assert_eq!((&again.body["is_new"], again.id()), (&json!(false), placed.id()), "placing twice gives the same order");
        let read = agent.get(&path(&draft, "")).await.expect(200).body;
        assert_eq!((&read["draft"]["state"], &read["draft"]["order_id"], &read["content"]), (&json!("placed"), &json!(placed.id()), &Value::Null));
        assert!(!read.to_string().contains("Amina"), "what was typed is kept by the order alone: {read}");
        for (call, code) in [(agent.patch(&path(&draft, ""), json!({"channel": "phone"})).await, "draft.placed"), (agent.delete(&path(&draft, "")).await, "draft.placed")] {
            assert_eq!(call.expect(409).code(), code);
        }
        let trail = shop.admin().get(&format!("/api/v1/events?subject={}", draft["draft"]["id"].as_str().unwrap())).await.expect(200);
        let kinds: Vec<&str> = trail.items().iter().map(|event| event["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["draft.placed", "draft.changed", "draft.begun"]);
        assert!(!trail.text.contains("550142387") && !trail.text.contains("Amina"), "{trail}");
        figures_equal_lists(&shop.admin()).await;
    }

    async fn a_customer_accepts_by_the_link_what_she_saw(shop: Shop) {
        let agent = shop.agent();
        let draft = begin(&agent, full(&shop)).await;
        let link = share(&agent, &draft).await;
        let org = format!("{:?}", shop.org()).replace("org_", "");
        assert!(link.starts_with(&format!("/api/v1/quotes/{org}.")), "the link begins with its organization: {link}");
        let customer = shop.nobody();
        let quote = customer.get(&link).await.expect(200);
        assert_eq!((&quote.body["totals"]["total"], &quote.body["customer_phone"], &quote.body["missing"]), (&dinars(816_000), &json!("•••• •• •• 87"), &json!([])));
        assert_eq!((&quote.body["lines"][0]["title"], &quote.body["lines"][0]["line_total"]), (&json!("Linen dress"), &dinars(840_000)));
        for hidden in ["whispered", "vip", "usr_", "sto_", "LIN-M", "142387", "14 23"] {
            assert!(!quote.text.contains(hidden), "{hidden} is none of the customer's business: {quote}");
        }

        // What changed since is seen before it is accepted.
        agent.patch(&path(&draft, ""), json!({"lines": [dress(2)]})).await.expect(200);
        let accept = format!("{link}/accept");
        let stale = customer.clone().reads("ar").post(&accept, json!({"version": quote.body["version"], "total": quote.body["totals"]["total"]})).await.expect(409);
        assert_eq!(stale.code(), "draft.changed");
        let quote = customer.get(&link).await.expect(200).body;
        let agreed = json!({"version": quote["version"], "total": quote["totals"]["total"]});
        assert_eq!(customer.post(&accept, json!({"version": quote["version"], "total": dinars(1)})).await.expect(409).code(), "draft.changed");
        let accepted = customer.post(&accept, agreed.clone()).await.expect(200).body;
        assert_eq!((&accepted["state"], &accepted["totals"]["total"]), (&json!("placed"), &dinars(1_572_000)));
        let again = customer.post(&accept, agreed).await.expect(200).body;
        assert_eq!(again["number"], accepted["number"], "accepting twice gives the same order");
        assert_eq!(customer.get(&link).await.expect(200).body["number"], accepted["number"]);
        let orders = shop.admin().get("/api/v1/orders").await.expect(200);
        assert_eq!((orders.items().len(), &orders.items()[0]["number"]), (1, &accepted["number"]));
        let history = shop.admin().get(&format!("/api/v1/orders/{}/history", orders.items()[0]["id"].as_str().unwrap())).await.expect(200);
        assert_eq!((&history.items()[0]["kind"], &history.items()[0]["actor"]["kind"]), (&json!("order.placed"), &json!("customer")));

        // All that can be wrong with a link has one answer.
        for wrong in ["/api/v1/quotes/x".to_owned(), link.replace(&link[link.len() - 3..], "AAA"), format!("/api/v1/quotes/{}", &link[21..].replacen('0', "1", 1))] {
            assert_eq!(customer.get(&wrong).await.expect(409).code(), "link.spent", "{wrong}");
        }
        figures_equal_lists(&shop.admin()).await;
    }

    async fn a_link_ends_and_says_who_buys_where_the_draft_does_not(shop: Shop) {
        let agent = shop.agent();
        let draft = begin(&agent, json!({"store_id": shop.main(), "channel": "instagram", "lines": [dress(1)], "shipping_fee": dinars(0)})).await;
        let first = share(&agent, &draft).await;
        let second = share(&agent, &draft).await;
        let customer = shop.nobody();
        assert_eq!(customer.get(&first).await.expect(409).code(), "link.spent", "a new link ends the one before");
        let quote = customer.get(&second).await.expect(200).body;
        assert_eq!(quote["missing"][0]["field"], "customer");
        let mut agreed = json!({"version": quote["version"], "total": quote["totals"]["total"]});
        assert_eq!(customer.post(&format!("{second}/accept"), agreed.clone()).await.expect(422).fields(), ["customer: required"]);
        agreed["customer"] = json!({"name": "Lina", "phone": "0661 22 33 44"});
        agreed["shipping_address"] = json!({"line1": "Rue 4", "province": "Alger"});
        agent.post(&path(&draft, "/unshare"), json!({})).await.expect(204);
        assert_eq!(customer.post(&format!("{second}/accept"), agreed.clone()).await.expect(409).code(), "link.spent");
        let shared = agent.post(&path(&draft, "/share"), json!({"hours": 2})).await.expect(200).body;
        assert_eq!(shared["expires_at"], "2026-11-21T11:00:00Z");
        assert_eq!(agent.post(&path(&draft, "/share"), json!({"hours": 0})).await.expect(422).fields(), ["hours: range"]);
        let third = format!("/api/v1/quotes/{}", shared["token"].as_str().unwrap());
        let accepted = customer.post(&format!("{third}/accept"), agreed).await.expect(200).body;
        assert_eq!((&accepted["customer_name"], &accepted["shipping_address"]["province"]), (&json!("Lina"), &json!("Alger")));
        shop.advance(7_201);
        assert_eq!(customer.get(&third).await.expect(409).code(), "link.spent");
    }

    async fn drafts_are_seen_like_orders_and_dropped(shop: Shop) {
        let agent = shop.agent();
        let mine = begin(&agent, full(&shop)).await;
        let theirs = begin(&shop.neighbour(), json!({"store_id": shop.second(), "lines": [dress(3)]})).await;
        let listed = agent.get("/api/v1/drafts").await.expect(200);
        assert_eq!((listed.items().len(), &listed.items()[0]["contact_name"], &listed.body["total"]), (1, &json!("Amina Benali"), &json!(1)));
        let manager = shop.manager().get("/api/v1/drafts?limit=1").await.expect(200);
        assert_eq!((&manager.items()[0]["id"], &manager.body["total"]), (&theirs["draft"]["id"], &json!(2)), "the newest first");
        let next = shop.manager().get(&format!("/api/v1/drafts?limit=1&cursor={}", manager.body["next_cursor"].as_str().unwrap())).await.expect(200);
        assert_eq!((&next.items()[0]["id"], &next.body["next_cursor"]), (&mine["draft"]["id"], &Value::Null));
        assert_eq!(shop.manager().get(&format!("/api/v1/drafts?store_id={}&channel=whatsapp", shop.main())).await.expect(200).body["total"], 1);
        for (client, status) in [(shop.neighbour(), 404), (shop.foreigner(), 404), (shop.colleague(), 404), (shop.weak(), 403), (shop.nobody(), 401), (shop.role("agent_suivi"), 403)] {
            client.get(&path(&mine, "")).await.expect(status);
            client.post(&path(&mine, "/place"), json!({})).await.expect(status);
            client.post(&path(&mine, "/share"), json!({})).await.expect(status);
            client.delete(&path(&mine, "")).await.expect(status);
        }
        assert_eq!(agent.post("/api/v1/drafts", json!({"store_id": shop.second()})).await.expect(422).fields(), ["store_id: unknown"]);
        let masked = shop.admin().post("/api/v1/drafts", full(&shop)).await.expect(201).body;
        let agent_id = shop.role("agent").get("/api/v1/me").await.expect(200).body["user"]["id"].clone();
        shop.admin().patch(&path(&masked, ""), json!({"agent_id": agent_id})).await.expect(200);
        let read = shop.role("agent").get(&path(&masked, "")).await.expect(200);
        assert_eq!(read.body["content"]["customer"]["phone"], "•••• •• •• 87");
        agent.delete(&path(&mine, "")).await.expect(204);
        agent.get(&path(&mine, "")).await.expect(404);
    }

    async fn drafts_go_when_nobody_touches_them(shop: Shop) {
        let admin = shop.admin();
        admin.put("/api/v1/settings/orders", json!({"value": {"draft_days": 2}})).await.expect(200);
        let old = begin(&admin, full(&shop)).await;
        let link = share(&admin, &old).await;
        let placed = begin(&admin, full(&shop)).await;
        admin.post(&path(&placed, "/place"), json!({})).await.expect(201);
        shop.advance(86_400);
        let young = begin(&admin, full(&shop)).await;
        shop.advance(86_400);
        let admin = shop.admin();
        assert_eq!(admin.post(&path(&old, "/place"), json!({})).await.expect(409).code(), "draft.expired");
        assert_eq!(shop.nobody().get(&link).await.expect(409).code(), "link.spent");
        assert_eq!(admin.get("/api/v1/drafts").await.expect(200).body["total"], 1);
        shop.fire_schedules().await;
        shop.run_jobs().await;
        admin.get(&path(&old, "")).await.expect(404);
        admin.get(&path(&placed, "")).await.expect(404);
        // Looking at it again and saving keeps it for as long again.
        admin.patch(&path(&young, ""), json!({"channel": "phone"})).await.expect(200);
        shop.advance(86_401);
        shop.admin().post(&path(&young, "/place"), json!({})).await.expect(201);
        assert_eq!(shop.admin().put("/api/v1/settings/orders", json!({"value": {"draft_days": 0}})).await.expect(422).fields(), ["value.draft_days: setting.range"]);
    }

    async fn a_cart_is_a_draft(shop: Shop) {
        let key = shop.admin().post("/api/v1/api-keys", json!({"name": "shop"})).await.expect(201).body["secret"].as_str().unwrap().to_owned();
        let program = shop.bearer(&key);
        let cart = begin(&program, full(&shop)).await;
        let id = cart["draft"]["id"].clone();
        let placed = program.post("/api/orders/create-from-cart/", json!({"cart_id": id})).await.expect(201);
        let again = program.post("/api/orders/create-from-cart", json!({"cart_id": id})).await.expect(201);
        assert_eq!((again.id(), &again.body["is_new"], &placed.body["is_new"]), (placed.id(), &json!(false), &json!(true)));
        let mut whole = full(&shop);
        whole["external_ref"] = json!("CART-7");
        let direct = program.post("/api/orders/create-from-cart/", json!({"cart": whole})).await.expect(201);
        assert_eq!((&direct.body["external_ref"], &direct.body["total"]), (&json!("CART-7"), &dinars(816_000)));
        for body in [json!({}), json!({"cart_id": id, "cart": full(&shop)})] {
            assert_eq!(program.post("/api/orders/create-from-cart/", body).await.expect(422).fields(), ["cart_id: cart.one"]);
        }
        let foreign = shop.foreigner().post("/api/orders/create-from-cart/", json!({"cart_id": id})).await;
        foreign.expect(404);
    }

    async fn ordering_again_takes_the_prices_of_today(shop: Shop) {
        let lines = json!([
            dress(2),
            {"sku": "SCA-R", "title": "Silk scarf", "quantity": 1, "unit_price": dinars(150_000), "discount": {"percent_ppm": 500_000}},
            {"sku": "HAT", "title": "Hat", "quantity": 1, "unit_price": dinars(90_000)},
        ]);
        let order = shop.order().with("lines", lines).for_phone("Amina", "0550 14 23 87").delivered().await;
        let admin = shop.admin();
        let variants = admin.get("/api/v1/variants").await.expect(200);
        let variant = |sku: &str| variants.items().iter().find(|one| one["sku"] == sku).unwrap()["id"].as_str().unwrap().to_owned();
        admin.patch(&format!("/api/v1/variants/{}", variant("LIN-M")), json!({"price": 900_000, "title": "Linen dress 2026"})).await.expect(200);
        admin.patch(&format!("/api/v1/variants/{}", variant("HAT")), json!({"status": "inactive"})).await.expect(200);

        let again = shop.agent().post(&order.path("/reorder"), json!({})).await.expect(201).body;
        let changes: Vec<(&str, &str)> = again["changes"].as_array().unwrap().iter().map(|one| (one["change"].as_str().unwrap(), one["title"].as_str().unwrap())).collect();
        assert_eq!(changes, [("price", "Linen dress"), ("name", "Linen dress"), ("gone", "Hat")]);
        assert_eq!((&again["changes"][0]["was"], &again["changes"][0]["now"]), (&dinars(840_000), &dinars(900_000)));
        let draft = &again["draft"];
        let titles: Vec<&Value> = draft["content"]["lines"].as_array().unwrap().iter().map(|line| &line["title"]).collect();
        assert_eq!(titles, ["Linen dress 2026", "Silk scarf"]);
        assert_eq!((&draft["totals"]["subtotal"], &draft["content"]["customer"]["name"]), (&dinars(1_950_000), &json!("Amina")), "discounts belonged to the old order");
        assert_eq!(draft["content"]["shipping_address"]["province"], "Oran");

        let placed = shop.agent().post(&order.path("/reorder"), json!({"place": true})).await.expect(201).body;
        assert_eq!((&placed["draft"], &placed["order"]["subtotal"], &placed["order"]["state"]), (&Value::Null, &dinars(1_950_000), &json!("PENDING")));
        let read = admin.get(&format!("/api/v1/orders/{}", placed["order"]["id"].as_str().unwrap())).await.expect(200).body;
        assert_eq!(read["customer"]["id"], admin.get(&order.path("")).await.expect(200).body["customer"]["id"]);
        for sku in ["LIN-M", "SCA-R"] {
            admin.patch(&format!("/api/v1/variants/{}", variant(sku)), json!({"status": "inactive"})).await.expect(200);
        }
        assert_eq!(shop.agent().post(&order.path("/reorder"), json!({})).await.expect(409).code(), "reorder.nothing");
        shop.role("agent_suivi").post(&order.path("/reorder"), json!({})).await.expect(403);
        shop.foreigner().post(&order.path("/reorder"), json!({})).await.expect(404);
    }
}
