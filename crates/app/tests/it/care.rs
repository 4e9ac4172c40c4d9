//! Care for people who buy: marks, notes, consents, language, numbers in order, the whole history, two records
//! of one person, writing everything down, forgetting.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::AssertUnwindSafe;

use db::{SystemTx, params};
use kernel::Error;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use testkit::{Client, Engine, Shop, both};

const HOUR: i64 = 3_600;

/// The embedded engine, which does not know the data, reads the tables in the order and by the indexes that a statement leaves it.
#[tokio::test]
async fn likely_twins_are_found_by_number_and_address_and_not_by_reading_all_customers() {
    let shop = Shop::new().await;
    let (one, _) = buys(&shop, "Amina", "0550142387").await;
    shop.manager().patch(&path(&one, ""), json!({"email": "amina@example.dz"})).await.expect(200);
    let db = shop.base().db();
    db.record_statements(true);
    shop.agent().get(&path(&one, "/twins")).await.expect(200);
    db.record_statements(false);
    let mut plans = BTreeMap::new();
    for told in db.take_recorded() {
        let explain = format!("explain query plan {}", told.sql);
        let lines: Vec<(i64, i64, i64, String)> = db.system_read(move |tx| tx.rows(&explain, told.params.clone())).await.unwrap();
        plans.insert(told.sql, lines.into_iter().map(|(_, _, _, line)| line).collect::<Vec<_>>().join("; "));
    }
    let plan = |words: &str| plans.iter().find(|(sql, _)| sql.contains(words)).map(|(_, plan)| plan.as_str()).unwrap_or_default();
    assert!(plan("o.reversed_national = p.reversed_national").contains("customer_phones_reversed (org_id=? AND reversed_national=?)"), "{plans:#?}");
    assert!(plan("email = $2").contains("customers_email (org_id=? AND email=?)"), "{plans:#?}");
    assert!(plan("name_folded = $2").contains("customers_name (org_id=? AND name_folded=?)"), "{plans:#?}");
}

/// An order of somebody; answers the customer's id and the order's path.
async fn buys(shop: &Shop, name: &str, phone: &str) -> (String, String) {
    let order = shop.order().for_phone(name, phone).await;
    (order.body["customer"]["id"].as_str().unwrap().to_owned(), order.path(""))
}

fn path(customer: &str, rest: &str) -> String {
    format!("/api/v1/customers/{customer}{rest}")
}

/// What makes a customer that person, without what grows with each change.
async fn person(client: &Client, id: &str) -> Value {
    let mut body = client.get(&path(id, "")).await.expect(200).body;
    let fields = body.as_object_mut().unwrap();
    for grows in ["version", "updated_at", "history", "merges"] {
        fields.remove(grows);
    }
    let orders = client.get(&path(id, "/orders?archived=any&limit=200")).await.expect(200);
    body["all_orders"] = orders.items().iter().map(|order| order["id"].clone()).collect();
    body["all_notes"] = client.get(&path(id, "/notes?limit=200")).await.expect(200).body["items"].clone();
    body["all_flags"] = client.get(&path(id, "/flags?with_removed=true")).await.expect(200).body["items"].clone();
    body["all_consents"] = client.get(&path(id, "/consents")).await.expect(200).body.clone();
    body
}

async fn merge(client: &Client, kept: &str, gone: &str) -> Value {
    client.post(&path(kept, "/merge"), json!({"gone_id": gone})).await.expect(200).body
}

/// What a customer's orders come to, by store, read from the orders themselves.
async fn sums(shop: &Shop, id: &str) -> BTreeMap<String, (i64, i64, i64, i64, i64, i64)> {
    let orders = shop.admin().get(&path(id, "/orders?archived=any&limit=200")).await.expect(200);
    let mut sums: BTreeMap<String, (i64, i64, i64, i64, i64, i64)> = BTreeMap::new();
    for order in orders.items() {
        let total = order["total"]["amount"].as_i64().unwrap();
        let sum = sums.entry(order["store_id"].as_str().unwrap().to_owned()).or_default();
        let state = order["state"].as_str().unwrap();
        let is = |states: &[&str]| i64::from(states.contains(&state));
        let delivered = is(&["DELIVERED", "RETURN_REQUESTED", "RETURN_APPROVED"]);
        sum.0 += 1;
        sum.1 += delivered;
        sum.2 += is(&["RETURNED", "REFUNDED"]);
        sum.3 += is(&["CANCELLED"]);
        sum.4 += total;
        sum.5 += delivered * total;
    }
    sums
}

async fn totals(shop: &Shop, id: &str) -> BTreeMap<String, (i64, i64, i64, i64, i64, i64)> {
    let body = shop.admin().get(&path(id, "")).await.expect(200).body;
    let of = |row: &Value, field: &str| row[field].as_i64().unwrap();
    let rows = body["totals"].as_array().unwrap().iter();
    rows.map(|row| {
        let store = row["store_id"].as_str().unwrap().to_owned();
        let money = |field: &str| row[field]["amount"].as_i64().unwrap();
        (store, (of(row, "orders"), of(row, "delivered"), of(row, "returned"), of(row, "cancelled"), money("ordered"), money("spent")))
    })
    .collect()
}

/// Every column of text in every table that holds this, as `table.column`.
async fn columns_with(shop: &Shop, needles: &'static [&'static str]) -> Vec<String> {
    let look = shop.base().db().system_read(move |tx| {
        let list = match tx.engine() {
            Engine::Sqlite => {
                "select m.name, p.name from sqlite_schema m join pragma_table_info(m.name) p where m.type = 'table' and m.name not like 'sqlite_%'"
            }
            Engine::Postgres => {
                "select cast(table_name as text), cast(column_name as text) from information_schema.columns
                  where table_schema = current_schema() and data_type = 'text'"
            }
        };
        let columns: Vec<(String, String)> = tx.rows(list, params![])?;
        let mut found = Vec::new();
        for (table, column) in columns {
            for needle in needles {
                if holds(tx, &table, &column, needle)? {
                    found.push(format!("{table}.{column} holds {needle}"));
                }
            }
        }
        Ok(found)
    });
    look.await.unwrap()
}

fn holds(tx: &mut SystemTx, table: &str, column: &str, needle: &str) -> Result<bool, Error> {
    let sql = format!("select count(*) from {table} where lower(cast({column} as text)) like $1");
    let (count,): (i64,) = tx.one(&sql, params![format!("%{}%", needle.to_lowercase())])?;
    Ok(count > 0)
}

both! {
    async fn a_mark_stands_with_the_customer_and_every_order_of_theirs(shop: Shop) {
        let (customer, order) = buys(&shop, "Nour", "0770112233").await;
        let (other, _) = buys(&shop, "Lina", "0770112244").await;
        let agent = shop.agent();
        let me = agent.get("/api/v1/me").await.expect(200).body["user"]["id"].clone();
        // The path that other systems know, with and without a slash.
        let made = agent.post(&format!("/api/customer-service/customers/{customer}/flags"), json!({"type": "refuser", "reason": " Refused twice "})).await.expect(201);
        assert_eq!((&made.body["type"], &made.body["reason"], &made.body["label"], &made.body["tone"]), (&json!("refuser"), &json!("Refused twice"), &json!("Refuses parcels"), &json!("bad")));
        assert_eq!((&made.body["date"], &made.body["added_by"]), (&json!("2026-11-21T09:00:00Z"), &json!({"kind": "user", "id": me})));
        let again = agent.post(&format!("/api/customer-service/customers/{customer}/flags/"), json!({"type": "refuser", "reason": "Refused twice"})).await.expect(201);
        assert_eq!(again.id(), made.id(), "the same mark for the same reason is the same");
        agent.post(&path(&customer, "/flags"), json!({"type": "vip", "expires_at": "2026-11-21T10:00:00Z"})).await.expect(201);
        let read = agent.get(&order).await.expect(200).body;
        let types = |flags: &Value| flags.as_array().unwrap().iter().map(|flag| flag["type"].as_str().unwrap().to_owned()).collect::<BTreeSet<_>>();
        assert_eq!(types(&read["customer"]["flags"]), BTreeSet::from(["refuser".to_owned(), "vip".to_owned()]));
        let list = agent.reads("fr").get("/api/v1/orders").await.expect(200);
        for row in list.items() {
            let is_hers = row["customer"]["id"] == json!(customer);
            assert_eq!(types(&row["customer"]["flags"]).len(), if is_hers { 2 } else { 0 }, "{row}");
        }
        assert!(list.text.contains("Refuse ses colis"), "in the reader's language");
        let agent = shop.agent();
        let found = agent.get("/api/v1/customers?flag=refuser").await.expect(200);
        assert_eq!((found.items().len(), &found.items()[0]["id"], &found.body["total"]), (1, &json!(customer), &json!(1)));
        assert_eq!(agent.get("/api/v1/customers?flag=vip").await.expect(200).items().len(), 1);
        shop.advance(HOUR);
        assert_eq!(agent.get("/api/v1/customers?flag=vip").await.expect(200).items().len(), 0, "it has ended by itself");
        assert_eq!(types(&agent.get(&order).await.expect(200).body["customer"]["flags"]).len(), 1);

        let remove = path(&customer, &format!("/flags/{}/remove", made.id()));
        assert_eq!(agent.post(&remove, json!({"reason": " "})).await.expect(422).fields(), ["reason: required"]);
        let removed = agent.post(&remove, json!({"reason": "Apologized"})).await.expect(200);
        assert_eq!((&removed.body["removed_reason"], &removed.body["removed_by"]["id"]), (&json!("Apologized"), &me));
        assert_eq!(agent.post(&remove, json!({"reason": "again"})).await.expect(409).code(), "flag.removed");
        assert_eq!(agent.get(&path(&customer, "/flags")).await.expect(200).items().len(), 0);
        assert_eq!(agent.get(&path(&customer, "/flags?with_removed=true")).await.expect(200).items().len(), 2);
        let history = shop.admin().get(&format!("/api/v1/events?subject={customer}")).await.expect(200);
        assert!(!history.text.contains("Refused twice") && history.text.contains("customer.flag_added"), "why stands with the mark alone");

        for (body, expected) in [
            (json!({"type": "silly"}), "type: flag.kind"), (json!({"reason": "x"}), "type: required"), (json!({"type": "speaks"}), "reason: required"),
            (json!({"type": "vip", "expires_at": "2026-11-20T10:00:00Z"}), "expires_at: time.past"), (json!({"type": "vip", "date": "2026-12-20T10:00:00Z"}), "date: date.future"),
            (json!({"type": "vip", "reason": "x".repeat(501)}), "reason: too_long"), (json!({"type": "vip", "added_by": "me"}), "added_by: unknown_field"),
        ] {
            assert_eq!(agent.post(&path(&other, "/flags"), body).await.expect(422).fields(), [expected]);
        }
        shop.role("shop_owner").post(&path(&other, "/flags"), json!({"type": "vip"})).await.expect(403);
        shop.neighbour().post(&path(&other, "/flags"), json!({"type": "vip"})).await.expect(404);
    }

    async fn an_organization_makes_its_own_kinds_of_marks(shop: Shop) {
        let admin = shop.admin();
        let kinds = shop.agent().get("/api/v1/flag-kinds").await.expect(200);
        assert_eq!(kinds.items().len(), 6);
        let never = json!({"labels": {"en": "Never at home", "fr": "Jamais chez lui"}, "tone": "warn"});
        let made = admin.put("/api/v1/flag-kinds/never_home", never.clone()).await.expect(200);
        assert_eq!((&made.body["label"], &made.body["version"], &made.body["is_seeded"]), (&json!("Never at home"), &json!(1), &json!(false)));
        let (customer, _) = buys(&shop, "Nour", "0770112233").await;
        shop.agent().post(&path(&customer, "/flags"), json!({"type": "never_home"})).await.expect(201);
        let changed = admin.put("/api/v1/flag-kinds/vip", json!({"tone": "violet", "version": 0})).await.expect(200);
        assert_eq!((&changed.body["label"], &changed.body["tone"], &changed.body["is_seeded"]), (&json!("VIP"), &json!("violet"), &json!(true)), "its words stay");
        assert_eq!(admin.put("/api/v1/flag-kinds/vip", json!({"tone": "bad", "version": 0})).await.expect(409).code(), "stale");
        admin.put("/api/v1/flag-kinds/never_home", json!({"labels": {"en": "Never at home"}, "tone": "warn", "is_archived": true, "version": 1})).await.expect(200);
        assert_eq!(shop.agent().post(&path(&customer, "/flags"), json!({"type": "never_home", "reason": "again"})).await.expect(422).fields(), ["type: flag.kind"]);
        assert_eq!(shop.agent().get(&path(&customer, "/flags")).await.expect(200).items()[0]["label"], "Never at home", "marks that stand keep their kind");
        for (code, body, expected) in [
            ("Never-Home", never, "code: flag.code"), ("own", json!({"tone": "warn"}), "labels: required"),
            ("own", json!({"labels": {"xx": "?"}, "tone": "warn"}), "labels.xx: format"), ("own", json!({"labels": {"en": " "}, "tone": "warn"}), "labels.en: too_long"),
        ] {
            assert_eq!(admin.put(&format!("/api/v1/flag-kinds/{code}"), body).await.expect(422).fields(), [expected]);
        }
        shop.agent().put("/api/v1/flag-kinds/own", json!({"labels": {"en": "x"}, "tone": "warn"})).await.expect(403);
        assert_eq!(shop.foreigner().get("/api/v1/flag-kinds").await.expect(200).items().len(), 6, "each organization has its own");
    }

    async fn notes_about_a_customer_are_internal_and_can_be_erased(shop: Shop) {
        let (customer, _) = buys(&shop, "Nour", "0770112233").await;
        let agent = shop.agent();
        let made = agent.post(&format!("/api/customer-service/customers/{customer}/notes"), json!({"content": " Calls back after five "})).await.expect(201);
        assert_eq!((&made.body["content"], &made.body["added_by"]["kind"], &made.body["date"]), (&json!("Calls back after five"), &json!("user"), &json!("2026-11-21T09:00:00Z")));
        for n in 0..4 {
            shop.advance(1);
            agent.post(&path(&customer, "/notes"), json!({"content": format!("note {n}")})).await.expect(201);
        }
        let first = agent.get(&path(&customer, "/notes?limit=3")).await.expect(200);
        let rest = agent.get(&path(&customer, &format!("/notes?limit=3&cursor={}", first.body["next_cursor"].as_str().unwrap()))).await.expect(200);
        let said: Vec<&str> = first.items().iter().chain(rest.items()).map(|note| note["content"].as_str().unwrap()).collect();
        assert_eq!(said, ["note 3", "note 2", "note 1", "note 0", "Calls back after five"]);
        assert_eq!(agent.get(&path(&customer, "")).await.expect(200).body["notes"][0]["content"], "note 3");
        agent.delete(&path(&customer, &format!("/notes/{}", made.id()))).await.expect(204);
        agent.delete(&path(&customer, &format!("/notes/{}", made.id()))).await.expect(404);
        assert_eq!(columns_with(&shop, &["Calls back after five"]).await, Vec::<String>::new());
        let events = shop.admin().get(&format!("/api/v1/events?subject={customer}&kind=customer.note_added,customer.note_erased")).await.expect(200);
        assert_eq!(events.items().len(), 6, "that there was one stays known");
        assert_eq!(agent.post(&path(&customer, "/notes"), json!({"content": " "})).await.expect(422).fields(), ["content: required"]);
        assert_eq!(agent.post(&path(&customer, "/notes"), json!({"content": "x".repeat(10_001)})).await.expect(422).fields(), ["content: too_long"]);
        shop.weak().get(&path(&customer, "/notes")).await.expect(403);
        shop.neighbour().get(&path(&customer, "/notes")).await.expect(404);
    }

    async fn a_customer_who_takes_a_consent_back_is_not_written_to(shop: Shop) {
        let customer = json!({"name": "Amina", "phone": "0550142387", "email": "amina@example.dz"});
        let order = shop.order().with("customer", customer.clone()).await;
        let id = order.body["customer"]["id"].as_str().unwrap().to_owned();
        let agent = shop.agent();
        let email = |body: &Value| body["allowed"].as_array().unwrap().iter().find(|way| way["channel"] == "email").unwrap().clone();
        let silent = agent.get(&path(&id, "/consents")).await.expect(200);
        assert_eq!(email(&silent.body), json!({"channel": "email", "order": true, "marketing": false}), "silence is a yes for orders alone");
        let says = async |purpose: &str, is_given: bool, at: Value| {
            let body = json!({"channel": "email", "purpose": purpose, "is_given": is_given, "source": "call", "words": "said so", "at": at});
            agent.post(&path(&id, "/consents"), body).await.expect(201).body
        };
        assert_eq!(email(&says("marketing", true, json!("2026-11-20T09:00:00Z")).await)["marketing"], true);
        says("marketing", true, Value::Null).await;
        let told = says("marketing", false, Value::Null).await;
        assert_eq!((told["items"].as_array().unwrap().len(), email(&told)["marketing"].clone()), (2, json!(false)), "history is kept, and saying it twice is once");
        // A word from before does not outweigh the latest.
        assert_eq!(email(&says("marketing", true, json!("2026-11-19T09:00:00Z")).await)["marketing"], false);

        // What waits to be sent is given up, and nothing new is written.
        shop.admin().post(&order.path("/confirm"), json!({})).await.expect(200);
        shop.advance(10);
        says("order", false, Value::Null).await;
        shop.run_jobs().await;
        let messages = agent.get(&order.path("/messages")).await.expect(200);
        assert_eq!((&messages.items()[0]["state"], &messages.items()[0]["reason"]), (&json!("skipped"), &json!("withdrawn")));
        says("order", true, Value::Null).await;
        let second = shop.order().with("customer", customer).confirmed().await;
        shop.advance(10);
        shop.run_jobs().await;
        assert_eq!(agent.get(&second.path("/messages")).await.expect(200).items()[0]["state"], "sent");
        assert_eq!(agent.post(&path(&id, "/consents"), json!({"channel": "pigeon", "purpose": "order", "is_given": true, "source": "call"})).await.expect(422).fields(), ["channel: format"]);
        assert_eq!(agent.post(&path(&id, "/consents"), json!({"channel": "sms", "purpose": "order", "is_given": true, "source": "call", "at": "2026-12-01T00:00:00Z"})).await.expect(422).fields(), ["at: time.future"]);
    }

    async fn a_language_is_learned_from_what_somebody_wrote_and_never_overrides_a_choice(shop: Shop) {
        let order = shop.order().with("customer", json!({"name": "Nour", "phone": "0770112233"})).await;
        let id = order.body["customer"]["id"].as_str().unwrap();
        let agent = shop.agent();
        let wrote = async |text: &str| agent.post(&path(id, "/language"), json!({"text": text})).await.expect(200).body;
        assert_eq!(wrote("ok").await, json!({"detected": null, "language": null, "language_source": null}));
        assert_eq!(wrote("Bonjour, je voudrais changer la taille").await, json!({"detected": "fr", "language": "fr", "language_source": "detected"}));
        assert_eq!(wrote("واش راه الطرد تاعي؟").await["language"], "dz", "what was detected may change");
        agent.patch(&path(id, ""), json!({"language": "en"})).await.expect(200);
        assert_eq!(wrote("Bonjour, je voudrais changer la taille").await, json!({"detected": "fr", "language": "en", "language_source": "chosen"}));
        agent.patch(&path(id, ""), json!({"language": null})).await.expect(200);
        assert_eq!(wrote("متى يصل الطرد؟ شكرا لكم").await["language"], "ar");
        assert_eq!(columns_with(&shop, &["changer la taille"]).await, Vec::<String>::new(), "the text itself is not kept");
    }

    async fn numbers_and_addresses_stand_in_an_order_of_ones_own(shop: Shop) {
        let (id, _) = buys(&shop, "Nour", "0770112233").await;
        let (other, _) = buys(&shop, "Lina Kaci", "0770112244").await;
        let agent = shop.agent();
        let second = agent.post(&path(&id, "/phones"), json!({"number": "0661223344", "label": "husband"})).await.expect(201);
        let phones = second.body["phones"].clone();
        assert_eq!((&phones[0]["number"], &phones[0]["is_main"], &phones[1]["is_main"]), (&json!("+213770112233"), &json!(true), &json!(false)));
        let third = agent.post(&path(&id, "/phones"), json!({"number": "0661223355", "is_main": true})).await.expect(201).body["phones"].clone();
        assert_eq!((&third[0]["number"], third.as_array().unwrap().len()), (&json!("+213661223355"), 3));
        assert_eq!(agent.get("/api/v1/customers?search=nour").await.expect(200).items()[0]["phone"], "+213661223355", "lists show the main one");

        let husband = phones[1]["id"].as_str().unwrap();
        let one = path(&id, &format!("/phones/{husband}"));
        let changed = agent.patch(&one, json!({"label": "brother", "number": "0661223366", "version": 1})).await.expect(200);
        assert!(changed.body["phones"].as_array().unwrap().iter().any(|phone| phone["number"] == "+213661223366" && phone["label"] == "brother" && phone["version"] == 2));
        let stale = agent.patch(&one, json!({"label": null, "version": 1})).await.expect(409);
        assert_eq!((stale.code(), &stale.body["fields"]), ("stale", &json!(["label"])));
        // A number belongs to one person; who may see that person hears who it is.
        let taken = agent.patch(&one, json!({"number": "0770 11 22 44"})).await.expect(422);
        assert_eq!((taken.fields(), &taken.body["errors"][0]["customer_id"]), (vec!["number: phone.taken".to_owned()], &json!(other)));
        assert!(taken.body["errors"][0]["message"].as_str().unwrap().contains("Lina Kaci"), "{taken}");
        let elsewhere = shop.order().in_second_store().for_phone("Hidden", "0770112299").await;
        let hidden = agent.post(&path(&id, "/phones"), json!({"number": "0770112299"})).await.expect(422);
        assert!(!hidden.text.contains("Hidden") && hidden.body["errors"][0]["customer_id"].is_null(), "{hidden} {}", elsewhere.id);

        let ids: Vec<Value> = changed.body["phones"].as_array().unwrap().iter().map(|phone| phone["id"].clone()).collect();
        let turned: Vec<Value> = ids.iter().rev().cloned().collect();
        let ordered = agent.post(&path(&id, "/phones/order"), json!({"phones": turned})).await.expect(200);
        assert_eq!(ordered.body["phones"].as_array().unwrap().iter().map(|phone| phone["id"].clone()).collect::<Vec<_>>(), turned);
        assert_eq!(agent.post(&path(&id, "/phones/order"), json!({"phones": ids[..2]})).await.expect(422).fields(), ["phones: order.all"]);
        let last = agent.post(&path(&id, "/phones"), json!({"number": "0661223377"})).await.expect(201).body["phones"].clone();
        assert_eq!(last[3]["number"], "+213661223377", "a new one stands behind those in order");
        // Without the right to see numbers they are named by their ids.
        let agent_without = shop.role("agent").get(&path(&id, "")).await.expect(200);
        assert_eq!(agent_without.body["phones"][3]["number"], "+213•••••••77");
        assert_eq!(agent_without.body["phones"][3]["id"], last[3]["id"]);

        let mut addresses = Vec::new();
        for line in ["Rue 1", "Rue 2", "Rue 3"] {
            let made = agent.post(&path(&id, "/addresses"), json!({"line1": line, "city": "Oran", "province": "31"})).await.expect(201);
            addresses.push(made.body["addresses"].as_array().unwrap().iter().find(|one| one["line1"] == line).unwrap()["id"].clone());
        }
        let main = agent.post(&path(&id, &format!("/addresses/{}/main", addresses[0].as_str().unwrap())), json!({})).await.expect(200);
        let lines = |body: &Value| body["addresses"].as_array().unwrap().iter().map(|one| one["line1"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
        assert_eq!((lines(&main.body), &main.body["addresses"][0]["is_main"]), (vec!["Rue 1".to_owned(), "Rue 3".to_owned(), "Rue 2".to_owned()], &json!(true)));
        let wanted = [addresses[1].clone(), addresses[2].clone(), addresses[0].clone()];
        let ordered = agent.post(&path(&id, "/addresses/order"), json!({"addresses": wanted})).await.expect(200);
        assert_eq!(lines(&ordered.body), ["Rue 2", "Rue 3", "Rue 1"]);
        let new = agent.post(&path(&id, "/addresses"), json!({"line1": "Rue 4", "city": "Oran", "province": "31"})).await.expect(201);
        assert_eq!(lines(&new.body)[0], "Rue 2", "a new one does not become the main one by itself");
    }

    async fn a_customers_line_holds_everything_and_is_read_page_by_page(shop: Shop) {
        let order = shop.order().with("customer", json!({"name": "Nour", "phone": "0770112233", "email": "nour@example.dz"})).confirmed().await;
        let id = order.body["customer"]["id"].as_str().unwrap().to_owned();
        let agent = shop.agent();
        shop.advance(10);
        shop.run_jobs().await;
        let pay = json!({"kind": "payment", "method": "card", "amount": {"amount": 100_000, "currency": "DZD"}});
        shop.manager().post(&order.path("/transactions"), pay).await.expect(201);
        shop.advance(1);
        agent.post(&path(&id, "/notes"), json!({"content": "friendly"})).await.expect(201);
        agent.post(&path(&id, "/flags"), json!({"type": "vip"})).await.expect(201);
        agent.post(&path(&id, "/consents"), json!({"channel": "sms", "purpose": "marketing", "is_given": true, "source": "form"})).await.expect(201);
        agent.patch(&path(&id, ""), json!({"name": "Nour B."})).await.expect(200);
        shop.advance(1);
        let (twin, _) = buys(&shop, "Nour B.", "0770112255").await;
        merge(&shop.manager(), &id, &twin).await;

        let manager = shop.manager();
        let whole = manager.get(&path(&id, "/timeline?limit=100")).await.expect(200);
        let kinds: BTreeSet<&str> = whole.items().iter().map(|entry| entry["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds, BTreeSet::from(["change", "consent", "flag", "merge", "message", "note", "order", "payment"]));
        for entry in whole.items() {
            let kind = entry["kind"].as_str().unwrap();
            assert!(entry[kind].is_object(), "{entry}");
        }
        let times: Vec<&str> = whole.items().iter().map(|entry| entry["at"].as_str().unwrap()).collect();
        assert!(times.windows(2).all(|two| two[0] >= two[1]), "newest first: {times:?}");
        assert_eq!(whole.items().iter().filter(|entry| entry["kind"] == "order").count(), 2, "both records' orders");
        let (mut paged, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = manager.get(&path(&id, &format!("/timeline?limit=3{cursor}"))).await.expect(200);
            paged.extend(page.items().iter().map(|entry| entry["id"].clone()));
            let Some(next) = page.body["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(paged, whole.items().iter().map(|entry| entry["id"].clone()).collect::<Vec<_>>());
        let notes = manager.get(&path(&id, "/timeline?kind=note,flag")).await.expect(200);
        assert_eq!(notes.items().len(), 2);
        assert!(agent.get(&path(&id, "/timeline")).await.expect(200).items().iter().all(|entry| entry["kind"] != "payment"), "without the right to see money");
        // The path that other systems know.
        for slash in ["", "/"] {
            let alias = manager.get(&format!("/api/customer-service/customers/{id}{slash}?limit=5")).await.expect(200);
            assert_eq!(alias.body["history"]["items"].as_array().unwrap()[..], whole.items()[..5]);
            assert!(alias.body["history"]["next_cursor"].is_string() && alias.body["orders"].as_array().unwrap().len() == 2);
        }
        shop.neighbour().get(&path(&id, "/timeline")).await.expect(404);
        assert_eq!(manager.get(&path(&id, "/timeline?cursor=x")).await.expect(422).fields(), ["cursor: cursor"]);
    }

    async fn two_records_of_one_person_become_one_and_two_again(shop: Shop) {
        let manager = shop.manager();
        let (kept, _) = buys(&shop, "Amina Benali", "0550142387").await;
        let delivered = shop.order().with("customer", json!({"name": "A. Benali", "phone": "0550142388", "email": "amina@example.dz", "language": "fr", "external_ref": "S-7"})).delivered().await;
        let gone = delivered.body["customer"]["id"].as_str().unwrap().to_owned();
        shop.order().in_second_store().for_phone("A. Benali", "0550142388").cancelled().await;
        let agent = shop.manager();
        agent.post(&path(&gone, "/phones"), json!({"number": "0550142389", "is_main": true})).await.expect(201);
        agent.post(&path(&gone, "/addresses"), json!({"line1": "Rue 9", "city": "Oran", "province": "31"})).await.expect(201);
        agent.post(&path(&gone, "/notes"), json!({"content": "the second one"})).await.expect(201);
        agent.post(&path(&gone, "/flags"), json!({"type": "vip"})).await.expect(201);
        agent.post(&path(&gone, "/consents"), json!({"channel": "sms", "purpose": "order", "is_given": false, "source": "call"})).await.expect(201);
        let (before_kept, before_gone) = (person(&manager, &kept).await, person(&manager, &gone).await);

        let preview = manager.post(&path(&kept, "/merge/preview"), json!({"gone_id": gone})).await.expect(200).body;
        assert_eq!(preview["moves"], json!({"phones": 2, "addresses": 1, "orders": 2, "notes": 1, "flags": 1, "consents": 1}));
        assert_eq!(preview["conflicts"], json!([{"field": "name", "kept": "Amina Benali", "gone": "A. Benali"}]), "what one lacks is no conflict");
        assert_eq!((&preview["sums"][0]["orders"], preview["is_slow"].clone()), (&json!(3), json!(false)));
        assert_eq!(person(&manager, &gone).await, before_gone, "a look changes nothing");

        let merged = manager.post(&path(&kept, "/merge"), json!({"gone_id": gone})).await.expect(200).body;
        assert_eq!((&merged["merge"]["state"], &merged["customer"]["name"], &merged["customer"]["language"], &merged["customer"]["email"]), (&json!("merged"), &json!("Amina Benali"), &json!("fr"), &json!("amina@example.dz")));
        // The old id answers with the one who was kept, everywhere.
        assert_eq!(manager.get(&path(&gone, "")).await.expect(200).body["id"], json!(kept));
        assert_eq!(manager.get(&path(&gone, "/notes")).await.expect(200).items().len(), 1);
        assert_eq!(manager.get(&delivered.path("")).await.expect(200).body["customer"]["id"], json!(kept));
        assert_eq!(manager.get("/api/v1/customers?search=a").await.expect(200).items().len(), 1, "lists have one");
        assert_eq!(totals(&shop, &kept).await, sums(&shop, &kept).await, "figures are those of the orders");
        let by_shop = shop.order().with("channel", json!("in_store")).with("customer", json!({"name": "A. B.", "external_ref": "S-7"})).await;
        let by_mail = shop.order().with("channel", json!("in_store")).with("customer", json!({"name": "A. B.", "email": "amina@example.dz"})).await;
        let by_phone = shop.order().for_phone("A. B.", "0550142388").await;
        for order in [&by_shop, &by_mail, &by_phone] {
            assert_eq!(order.body["customer"]["id"], json!(kept), "whatever she is known by leads to the one who was kept");
        }
        shop.advance(60);
        shop.run_jobs().await;

        let undone = manager.post(&path(&kept, "/unmerge"), json!({"merge_id": merged["merge"]["id"]})).await.expect(200).body;
        assert_eq!(undone["merge"]["state"], "undone");
        assert_eq!(person(&manager, &gone).await, before_gone, "exactly as before");
        let mut after = person(&manager, &kept).await;
        assert_eq!(after["all_orders"].as_array().unwrap().len(), 4, "orders that came in since stay");
        assert_eq!((totals(&shop, &kept).await, totals(&shop, &gone).await), (sums(&shop, &kept).await, sums(&shop, &gone).await));
        for field in ["totals", "all_orders"] {
            after[field] = before_kept[field].clone();
        }
        assert_eq!(after, before_kept);
        assert_eq!(manager.post(&path(&kept, "/unmerge"), json!({"merge_id": merged["merge"]["id"]})).await.expect(409).code(), "merge.undone");
        let kinds = async |id: &str| {
            let found = shop.admin().get(&format!("/api/v1/events?subject={id}")).await.expect(200);
            found.items().iter().map(|event| event["kind"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert!(kinds(&kept).await.contains(&"customer.unmerged".to_owned()) && kinds(&gone).await.contains(&"customer.merged_away".to_owned()));
    }

    async fn merging_in_chains_and_circles_is_refused(shop: Shop) {
        let manager = shop.manager();
        let mut ids = Vec::new();
        for n in 0..4 {
            ids.push(buys(&shop, "Nour", &format!("077011220{n}")).await.0);
        }
        let refused = async |kept: &str, gone: &str| manager.post(&path(kept, "/merge"), json!({"gone_id": gone})).await.expect(409);
        assert_eq!(refused(&ids[0], &ids[0]).await.code(), "merge.same");
        let first = merge(&manager, &ids[0], &ids[1]).await;
        assert_eq!(refused(&ids[2], &ids[1]).await.code(), "merge.gone");
        assert_eq!(refused(&ids[1], &ids[0]).await.code(), "merge.gone", "no circles");
        let chain = refused(&ids[2], &ids[0]).await;
        assert_eq!(chain.code(), "merge.chain");
        assert!(chain.body["title"].as_str().unwrap().contains(&ids[1]), "{chain}");
        // Several may become one, and each comes back alone.
        let second = merge(&manager, &ids[0], &ids[2]).await;
        assert_eq!(manager.get(&path(&ids[0], "")).await.expect(200).body["phones"].as_array().unwrap().len(), 3);
        manager.post(&path(&ids[0], "/unmerge"), json!({"merge_id": first["merge"]["id"]})).await.expect(200);
        assert_eq!(manager.get(&path(&ids[1], "")).await.expect(200).body["id"], json!(ids[1]));
        assert_eq!(manager.get(&path(&ids[2], "")).await.expect(200).body["id"], json!(ids[0]));
        assert_eq!(manager.post(&path(&ids[3], "/unmerge"), json!({"merge_id": second["merge"]["id"]})).await.expect(404).code(), "not_found");
        shop.agent().post(&path(&ids[0], "/merge"), json!({"gone_id": ids[3]})).await.expect(403);
        manager.post(&path(&ids[0], "/merge"), json!({"gone_id": "cus_0000000000001"})).await.expect(404);
        assert_eq!(manager.post(&path(&ids[0], "/merge"), json!({"gone_id": ids[3], "name": "mine"})).await.expect(422).fields(), ["name: format"]);
        shop.foreigner().post(&path(&ids[0], "/merge"), json!({"gone_id": ids[3]})).await.expect(404);
    }

    async fn later_merges_and_edits_survive_the_undoing_of_an_earlier_one(shop: Shop) {
        let manager = shop.manager();
        let mut ids = Vec::new();
        for (n, name) in ["Kept", "First", "Second"].into_iter().enumerate() {
            ids.push(buys(&shop, name, &format!("077011220{n}")).await.0);
        }
        let take = async |gone: &str| manager.post(&path(&ids[0], "/merge"), json!({"gone_id": gone, "name": "gone"})).await.expect(200).body["merge"]["id"].clone();
        let name = async || manager.get(&path(&ids[0], "")).await.expect(200).body["name"].clone();
        let undo = async |merge: &Value| manager.post(&path(&ids[0], "/unmerge"), json!({"merge_id": merge})).await.expect(200);
        let (first, second) = (take(&ids[1]).await, take(&ids[2]).await);
        assert_eq!(name().await, "Second");
        undo(&first).await;
        assert_eq!(name().await, "Second", "the later merge chose it");
        undo(&second).await;
        assert_eq!(name().await, "Kept", "and gives back what was there before both");
        let third = take(&ids[1]).await;
        manager.patch(&path(&ids[0], ""), json!({"name": "By hand"})).await.expect(200);
        undo(&third).await;
        assert_eq!(name().await, "By hand");
    }

    async fn very_many_orders_move_behind_the_merge_with_a_task_to_watch(shop: Shop) {
        let (kept, _) = buys(&shop, "Nour", "0770112233").await;
        let (gone, _) = buys(&shop, "Nour", "0770112244").await;
        let store = shop.main();
        for part in 0..6 {
            shop.edge().await.write(move |tx, ctx| {
                for n in 0..100 {
                    let mut new = orders::NewOrder::new(store);
                    new.customer = Some(orders::NewContact { name: "Nour".into(), phone: Some("0770112244".into()), ..Default::default() });
                    let price = kernel::Money { amount: kernel::Amount(1_000 + part * 100 + n), currency: "DZD".parse().unwrap() };
                    new.lines = vec![orders::NewLine::new(Some("X"), "Thing", 1, price)];
                    orders::place(tx, ctx, &new)?;
                }
                Ok(())
            }).await.unwrap();
        }
        let before = (totals(&shop, &kept).await, totals(&shop, &gone).await);
        let manager = shop.manager();
        assert_eq!(manager.post(&path(&kept, "/merge/preview"), json!({"gone_id": gone})).await.expect(200).body["is_slow"], true);
        let merged = merge(&manager, &kept, &gone).await;
        assert_eq!(merged["merge"]["state"], "merging");
        let task = format!("/api/v1/tasks/{}", merged["merge"]["task_id"].as_str().unwrap());
        let undo = json!({"merge_id": merged["merge"]["id"]});
        assert_eq!(manager.post(&path(&kept, "/unmerge"), undo.clone()).await.expect(409).code(), "merge.running");
        shop.run_jobs().await;
        let done = manager.get(&task).await.expect(200).body;
        assert_eq!((&done["state"], &done["kind"]), (&json!("done"), &json!("merge_customers")));
        let all = totals(&shop, &kept).await;
        assert_eq!(all.values().map(|one| one.0).sum::<i64>(), 602);
        assert_eq!(all.values().map(|one| one.4).sum::<i64>(), before.0.values().chain(before.1.values()).map(|one| one.4).sum::<i64>());
        let undone = manager.post(&path(&kept, "/unmerge"), undo).await.expect(200).body;
        assert_eq!(undone["merge"]["state"], "undoing");
        shop.run_jobs().await;
        assert_eq!((totals(&shop, &kept).await, totals(&shop, &gone).await), before);
    }

    async fn likely_twins_are_suggested_with_their_reasons(shop: Shop) {
        let address = json!({"line1": "Cité 5 juillet, bloc 3", "city": "Oran", "province": "31"});
        let place = async |customer: Value, address: Value| {
            let order = shop.order().with("customer", customer).with("shipping_address", address).await;
            order.body["customer"]["id"].as_str().unwrap().to_owned()
        };
        let one = place(json!({"name": "Aïcha Ben Ali", "phone": "0550142387", "email": "aicha@example.dz"}), address.clone()).await;
        let same_street = place(json!({"name": "AICHA BEN-ALI", "phone": "0661223344"}), address.clone()).await;
        let same_mail = place(json!({"name": "Someone", "phone": "0661223355", "email": "AICHA@example.dz"}), json!({"line1": "Elsewhere 1", "province": "16"})).await;
        let _same_name = place(json!({"name": "Aïcha Ben Ali", "phone": "0661223366"}), json!({"line1": "Far away 12", "province": "16"})).await;
        let found = shop.agent().get(&path(&one, "/twins")).await.expect(200);
        let reasons: BTreeMap<String, Value> = found.items().iter().map(|pair| (pair["other"]["id"].as_str().unwrap().to_owned(), pair["reasons"].clone())).collect();
        assert_eq!(reasons, BTreeMap::from([(same_street.clone(), json!(["name", "address"])), (same_mail.clone(), json!(["email"]))]), "a name alone says little");
        let all = shop.agent().get("/api/v1/customers/twins?limit=10").await.expect(200);
        assert_eq!(all.items().len(), 2, "each pair once: {all}");
        merge(&shop.manager(), &one, &same_street).await;
        assert_eq!(shop.agent().get(&path(&one, "/twins")).await.expect(200).items().len(), 1);
        shop.neighbour().get(&path(&one, "/twins")).await.expect(404);
        assert_eq!(shop.neighbour().get("/api/v1/customers/twins").await.expect(200).items().len(), 0);
    }

    async fn everything_about_a_person_is_written_down_for_programs_and_for_people(shop: Shop) {
        let order = shop
            .order()
            .with("customer", json!({"name": "Zubaida <Benali>", "phone": "0550142387", "email": "zubaida@example.dz"}))
            .with("note", json!("rings twice"))
            .confirmed()
            .await;
        let id = order.body["customer"]["id"].as_str().unwrap().to_owned();
        shop.agent().post(&path(&id, "/notes"), json!({"content": "a good customer"})).await.expect(201);
        shop.agent().post(&path(&id, "/flags"), json!({"type": "vip", "reason": "ten years"})).await.expect(201);
        shop.advance(10);
        shop.run_jobs().await;
        let manager = shop.manager();
        let task = manager.post(&path(&id, "/export"), json!({})).await.expect(202);
        assert_eq!(manager.post(&path(&id, "/export"), json!({})).await.expect(409).code(), "task.twin");
        shop.run_jobs().await;
        let done = manager.get(&format!("/api/v1/tasks/{}", task.id())).await.expect(200).body;
        assert_eq!((&done["state"], &done["result"]["orders"]), (&json!("done"), &json!(1)));
        let file = path(&id, &format!("/exports/{}", task.id()));
        let json = manager.get(&file).await.expect(200);
        assert_eq!((&json.body["customer"]["email"], &json.body["phones"][0]["number"]), (&json!("zubaida@example.dz"), &json!("+213550142387")));
        for held in ["rings twice", "a good customer", "ten years", "Cité 200 logts", "Zubaida <Benali>", "order.placed"] {
            assert!(json.text.contains(held), "{held} is missing");
        }
        assert_eq!(json.body["orders"][0]["messages"][0]["to"], "zubaida@example.dz");
        let html = manager.get(&format!("{file}?format=html")).await.expect(200);
        assert!(html.header("content-type").starts_with("text/html") && html.header("content-disposition").starts_with("attachment"));
        assert!(html.text.contains("Zubaida &lt;Benali&gt;") && html.text.contains("a good customer") && html.text.contains("<h2>Orders</h2>"));
        shop.agent().post(&path(&id, "/export"), json!({})).await.expect(403);
        shop.agent().get(&file).await.expect(403);
        shop.agent().get(&format!("/api/v1/tasks/{}/file", task.id())).await.expect(404);
        let (other, _) = buys(&shop, "Other", "0770112233").await;
        manager.get(&path(&other, &format!("/exports/{}", task.id()))).await.expect(404);
        let events = shop.admin().get("/api/v1/events?kind=customer.exported").await.expect(200);
        assert_eq!((events.items().len(), &events.items()[0]["data"]["customer"]), (1, &json!(id)));
    }

    async fn an_erased_person_is_nowhere_in_the_database(shop: Shop) {
        let erased = Erased::begin(&shop).await;
        assert!(!columns_with(&shop, NEEDLES).await.is_empty(), "before she is everywhere");
        erased.erase(&shop).await;
        assert_eq!(columns_with(&shop, NEEDLES).await, Vec::<String>::new());
        erased.check(&shop).await;
    }

    async fn an_erasing_waits_and_can_be_called_off(shop: Shop) {
        let (id, _) = buys(&shop, "Amina Benali", "0550142387").await;
        let manager = shop.manager();
        let erasure = path(&id, "/erasure");
        for confirm in ["", "yes", "Amina", "cus_0000000000001"] {
            assert_eq!(manager.post(&erasure, json!({"confirm": confirm})).await.expect(422).fields(), ["confirm: erase.confirm"]);
        }
        assert_eq!(manager.get(&erasure).await.expect(200).body, json!({"erasure": null}));
        let asked = manager.post(&erasure, json!({"confirm": "amina  BENALI"})).await.expect(202);
        assert_eq!((&asked.body["state"], &asked.body["due_at"]), (&json!("waiting"), &json!("2026-11-22T09:00:00Z")));
        assert_eq!(manager.post(&erasure, json!({"confirm": id})).await.expect(409).code(), "erase.twin");
        let (other, _) = buys(&shop, "Amina", "0550142388").await;
        assert_eq!(manager.post(&path(&other, "/merge"), json!({"gone_id": id})).await.expect(409).code(), "merge.erasing");
        shop.advance(23 * HOUR);
        shop.run_jobs().await;
        let cancelled = shop.manager().post(&path(&id, "/erasure/cancel"), json!({})).await.expect(200);
        assert_eq!(cancelled.body["state"], "cancelled");
        shop.advance(2 * HOUR);
        shop.run_jobs().await;
        assert_eq!(shop.manager().get(&path(&id, "")).await.expect(200).body["name"], "Amina Benali");
        shop.manager().post(&path(&id, "/erasure/cancel"), json!({})).await.expect(404);
        // The settings say how long; 0 is at once.
        shop.admin().put("/api/v1/settings/privacy", json!({"value": {"erase_wait_hours": 0}})).await.expect(200);
        assert_eq!(shop.admin().put("/api/v1/settings/privacy", json!({"value": {"erase_wait_hours": 721}})).await.expect(422).fields(), ["value.erase_wait_hours: setting.range"]);
        shop.manager().post(&erasure, json!({"confirm": id})).await.expect(202);
        shop.run_jobs().await;
        let gone = shop.manager().get(&path(&id, "")).await.expect(200).body;
        assert_eq!((&gone["name"], &gone["phones"], &gone["erasure"]["state"]), (&json!(""), &json!([]), &json!("done")));
        assert_eq!(shop.manager().patch(&path(&id, ""), json!({"name": "Back"})).await.expect(409).code(), "customer.erased");
        assert_eq!(shop.manager().post(&erasure, json!({"confirm": id})).await.expect(409).code(), "customer.erased");
        assert_eq!(shop.manager().post(&path(&other, "/merge"), json!({"gone_id": id})).await.expect(409).code(), "customer.erased");
        shop.agent().post(&path(&other, "/erasure"), json!({"confirm": other})).await.expect(403);
        // She may come back, as somebody new.
        let (back, _) = buys(&shop, "Amina Benali", "0550142387").await;
        assert_ne!(back, id);
    }

    async fn people_who_are_gone_for_long_are_forgotten_if_the_settings_say_so(shop: Shop) {
        let quiet = shop.order().for_phone("Quiet", "0770112233").delivered().await;
        let open = shop.order().for_phone("Open", "0770112244").await;
        let customer = |order: &testkit::PlacedOrder| order.body["customer"]["id"].as_str().unwrap().to_owned();
        let nightly = async || {
            let schedules = shop.admin().get("/api/v1/schedules").await.expect(200);
            let id = schedules.items().iter().find(|one| one["name"] == "forget_inactive").unwrap()["id"].as_str().unwrap().to_owned();
            shop.admin().post(&format!("/api/v1/schedules/{id}/run"), json!({})).await.expect(202);
            shop.run_jobs().await;
        };
        let name = async |id: &str| shop.admin().get(&path(id, "")).await.expect(200).body["name"].clone();
        shop.advance(400 * 24 * HOUR);
        nightly().await;
        assert_eq!(name(&customer(&quiet)).await, "Quiet", "off by default");
        shop.admin().put("/api/v1/settings/privacy", json!({"value": {"forget_after_months": 12}})).await.expect(200);
        let fresh = shop.order().for_phone("Fresh", "0770112255").delivered().await;
        nightly().await;
        assert_eq!(name(&customer(&quiet)).await, "");
        assert_eq!((name(&customer(&open)).await, name(&customer(&fresh)).await), (json!("Open"), json!("Fresh")), "an open order or a new one keeps a person");
        let certificate = shop.admin().get("/api/v1/events?kind=customer.erased").await.expect(200);
        assert_eq!((certificate.items().len(), &certificate.items()[0]["data"]["cause"]), (1, &json!("inactive")));
    }

    async fn numbers_addresses_and_streets_are_dots_without_the_rights(shop: Shop) {
        Masked::begin(&shop).await.check(&shop).await;
    }
}

/// Nobody else in the shop is called so.
const NEEDLES: &[&str] = &["zubaida", "550142387", "0550 14 23 87", "661998877", "hidden lane", "zub@example", "زبيدة"];

/// A person who has left her traces everywhere.
struct Erased {
    id: String,
    order: testkit::PlacedOrder,
    merged: String,
}

impl Erased {
    async fn begin(shop: &Shop) -> Erased {
        let admin = shop.admin();
        let order = shop
            .order()
            .with("external_ref", json!("W-77"))
            .with("customer", json!({"name": "Zubaida Benali", "phone": "0550 14 23 87", "email": "zub@example.dz"}))
            .with("shipping_address", json!({"line1": "Hidden lane 7", "city": "Bir El Djir", "province": "Oran"}))
            .with("lines", json!([{"sku": "ENG", "title": "Ring for Zubaida", "variant": "engraved: Zubaida", "spec": {"engraving": "زبيدة"}, "quantity": 2, "unit_price": {"amount": 5_000, "currency": "DZD"}}]))
            .with("note", json!("Zubaida wants it wrapped"))
            .with("custom", json!({"whatsapp": "0550142387"}))
            .with("tags", json!(["vip"]))
            .confirmed()
            .await;
        let id = order.body["customer"]["id"].as_str().unwrap().to_owned();
        let (merged, _) = buys(shop, "Zubaida B.", "0661998877").await;
        shop.advance(10);
        shop.run_jobs().await;
        shop.admin().once("zub-1").post(&order.path("/notes"), json!({"text": "called 0550 14 23 87", "data": {"who": "Zubaida"}})).await.expect(201);
        admin.post(&order.path("/tracking"), json!({"status": "called Zubaida", "place": "Hidden lane", "text": "0550142387"})).await.expect(201);
        admin
            .post(
                &order.path("/transactions"),
                json!({"kind": "payment", "method": "card", "amount": {"amount": 100, "currency": "DZD"}, "reference": "paid by Zubaida"}),
            )
            .await
            .expect(201);
        admin.patch(&order.path(""), json!({"contact_name": "Zubaida B", "contact_phone": "0661 99 88 77"})).await.expect(200);
        admin.post(&order.path("/holds"), json!({"kind": "address", "note": "Hidden lane is hard to find"})).await.expect(201);
        admin.post(&path(&id, "/notes"), json!({"content": "Zubaida is friendly"})).await.expect(201);
        admin.post(&path(&id, "/flags"), json!({"type": "vip", "reason": "Zubaida buys a lot"})).await.expect(201);
        admin
            .post(
                &path(&id, "/consents"),
                json!({"channel": "sms", "purpose": "marketing", "is_given": true, "source": "call", "words": "Zubaida said yes"}),
            )
            .await
            .expect(201);
        admin.post(&path(&id, "/addresses"), json!({"line1": "Hidden lane 8", "city": "Oran", "province": "31"})).await.expect(201);
        shop.admin().once("zub-2").patch(&path(&id, ""), json!({"name": "Zubaida Benali-K"})).await.expect(200);
        merge(&admin, &id, &merged).await;
        // A file that somebody brought in, and one that somebody took out.
        let csv = "order_ref,customer_name,customer_phone,title,quantity,unit_price\nF-1,Zubaida Benali,0550142387,Dress,1,100.00\n";
        let upload = admin
            .send(axum::http::Method::POST, "/api/v1/imports?preset=kafila&store=MAIN&name=Zubaida%20Benali.csv", Some("text/csv"), csv.into())
            .await;
        assert!(matches!(upload.status, 202 | 422), "{upload}");
        admin.post(&path(&id, "/export"), json!({})).await.expect(202);
        shop.jobs_may_fail();
        shop.run_jobs().await;
        Erased { id, order, merged }
    }

    async fn erase(&self, shop: &Shop) {
        shop.admin().put("/api/v1/settings/privacy", json!({"value": {"erase_wait_hours": 0}})).await.expect(200);
        shop.advance(120);
        shop.run_jobs().await;
        shop.admin().post(&path(&self.id, "/erasure"), json!({"confirm": self.id})).await.expect(202);
        let ran = shop.run_jobs().await;
        assert!(!ran.failed.iter().any(|(kind, _)| *kind == kernel::JobKind::ErasePerson), "{:?}", ran.failed);
    }

    async fn check(&self, shop: &Shop) {
        let admin = shop.admin();
        // What the law wants stays: amounts, province, dates, number.
        let order = admin.get(&self.order.path("")).await.expect(200).body;
        for stays in ["number", "total", "subtotal", "created_at", "state", "line_count"] {
            assert_eq!(order[stays], self.order.body[stays], "{stays}");
        }
        assert_eq!((&order["shipping_address"]["province"], &order["shipping_address"]["province_key"]), (&json!("Oran"), &json!("DZ:31")));
        assert_eq!(
            (&order["customer"]["name"], &order["customer"]["phone"], &order["shipping_address"]["line1"]),
            (&json!(""), &Value::Null, &Value::Null)
        );
        assert_eq!(totals(shop, &self.id).await, sums(shop, &self.id).await);
        shop.assert_counters_true().await;
        let gone = admin.get(&path(&self.merged, "")).await.expect(200).body;
        assert_eq!((&gone["id"], &gone["name"], gone["erased_at"].is_string()), (&json!(self.id), &json!(""), true));
        // The trail is whole, and holds a certificate without a name.
        let verified = admin.post("/api/v1/events/verify", json!({})).await.expect(200).body;
        assert_eq!(verified["is_whole"], true, "{verified}");
        let certificate = admin.get("/api/v1/events?kind=customer.erased").await.expect(200).items()[0].clone();
        assert!(
            certificate["data"]["orders"].as_i64() >= Some(2)
                && certificate["data"]["events"].as_i64() > Some(0)
                && certificate["changes"] == json!([]),
            "{certificate}"
        );
        let history = admin.get(&self.order.path("/history")).await.expect(200);
        assert!(history.items().iter().any(|event| event["is_erased"] == true), "that something was said stays known");
        // A call that was answered with her name answers nothing of her now.
        let replay = shop.admin().once("zub-2").patch(&path(&self.id, ""), json!({"name": "Zubaida Benali-K"})).await;
        assert_eq!(replay.body, json!({"erased": true}));
        assert_eq!(admin.get("/api/v1/search?q=zubaida").await.expect(200).items().len(), 0);
        assert_eq!(admin.get("/api/v1/search?q=0550142387").await.expect(200).items().len(), 0);
        for folder in ["files", "mail", "exports", "imports"] {
            let left = crate::source::files(&shop.base().data_dir().join(folder).tap_made(), "");
            assert!(left.is_empty(), "{left:?}");
        }
    }
}

/// Makes a folder if it is not there, so that it can be looked into.
trait Made {
    fn tap_made(self) -> Self;
}

impl Made for std::path::PathBuf {
    fn tap_made(self) -> Self {
        std::fs::create_dir_all(&self).unwrap();
        self
    }
}

/// On the embedded engine the file itself is read: what was deleted is overwritten, not only forgotten.
#[test]
fn an_erased_person_is_nowhere_in_the_file() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let shop = Shop::new().await;
        let erased = Erased::begin(&shop).await;
        erased.erase(&shop).await;
        shop.finish().await;
        let base = shop.base().clone();
        base.db().close(std::time::Duration::from_secs(10));
        let folder = base.data_dir().to_owned();
        let mut looked = 0;
        for entry in std::fs::read_dir(&folder).unwrap().flatten() {
            if entry.file_name().to_string_lossy().starts_with("kafila.db") {
                let bytes = std::fs::read(entry.path()).unwrap();
                let text = String::from_utf8_lossy(&bytes).to_lowercase();
                for needle in NEEDLES {
                    let found =
                        text.find(needle).map(|at| text.chars().skip(text[..at].chars().count().saturating_sub(60)).take(160).collect::<String>());
                    assert_eq!(found, None, "{needle} is left in {:?}", entry.file_name());
                }
                looked += bytes.len();
            }
        }
        assert!(looked > 100_000, "the file was read");
    });
}

/// Everything in the shop that names a person, and somebody who may see everything but that.
struct Masked {
    order: String,
    customer: String,
    edit: String,
    draft: String,
    key: String,
}

/// The digits, the name of the mailbox and the street that nobody without the rights may read.
const SECRETS: [&str; 5] = ["0550142387", "550142387", "0550 14 23 87", "amina.secret@", "Secret lane"];

impl Masked {
    async fn begin(shop: &Shop) -> Masked {
        let admin = shop.admin();
        let order = shop
            .order()
            .with("customer", json!({"name": "Amina Benali", "phone": "0550142387", "email": "amina.secret@example.dz"}))
            .with("shipping_address", json!({"line1": "Secret lane 7", "line2": "Secret lane back door", "city": "Bir El Djir", "province": "Oran"}))
            .with("note", json!("call 0550 14 23 87 or write amina.secret@example.dz"))
            .confirmed()
            .await;
        let customer = order.body["customer"]["id"].as_str().unwrap().to_owned();
        shop.advance(10);
        shop.run_jobs().await;
        admin
            .patch(
                &order.path(""),
                json!({"contact_phone": "0661 99 88 77", "shipping_address": {"line1": "Secret lane 9", "city": "Oran", "province": "31"}}),
            )
            .await
            .expect(200);
        admin.patch(&order.path(""), json!({"contact_phone": "0550142387"})).await.expect(200);
        admin.post(&order.path("/tracking"), json!({"status": "called", "text": "0550 14 23 87 answered"})).await.expect(201);
        admin.post(&order.path("/holds"), json!({"kind": "address", "note": "ask at 0550 14 23 87"})).await.expect(201);
        admin.post(&path(&customer, "/addresses"), json!({"line1": "Secret lane 8"})).await.expect(201);
        admin.post(&path(&customer, "/notes"), json!({"content": "also 0550142387, amina.secret@example.dz"})).await.expect(201);
        admin.post(&path(&customer, "/flags"), json!({"type": "do_not_call", "reason": "not on 0550142387"})).await.expect(201);
        admin
            .post(
                &path(&customer, "/consents"),
                json!({"channel": "sms", "purpose": "order", "is_given": true, "source": "call", "words": "from 0550142387"}),
            )
            .await
            .expect(201);
        admin.patch(&path(&customer, ""), json!({"email": "other@example.dz"})).await.expect(200);
        admin.patch(&path(&customer, ""), json!({"email": "amina.secret@example.dz"})).await.expect(200);
        admin.delete(&path(&customer, "/phones/+213550142387")).await.expect(200);
        admin.post(&path(&customer, "/phones"), json!({"number": "0550142387"})).await.expect(201);
        let edit = json!({"contact_phone": "0550142387", "contact_name": "A. B.", "shipping_address": {"line1": "Secret lane 10", "city": "Oran", "province": "31"}});
        let edit = admin.post(&order.path("/edits"), edit).await.expect(201).body["edit"]["id"].as_str().unwrap().to_owned();
        let draft = admin.post("/api/v1/drafts", json!({"store_id": shop.main(), "customer": {"name": "Amina", "phone": "0550 14 23 87", "email": "amina.secret@example.dz"}, "shipping_address": {"line1": "Secret lane 11"}})).await.expect(201).body["draft"]["id"].as_str().unwrap().to_owned();
        let (twin, _) = buys(shop, "Amina Benali", "0770112233").await;
        admin.patch(&path(&twin, ""), json!({"email": "amina.secret@example.dz"})).await.expect(200);
        let hidden = ["phone.see", "contact.see", "customer.export"];
        let rights: Vec<&str> = kernel::Permission::WORDS.iter().copied().filter(|word| !hidden.contains(word)).collect();
        let key = admin.post("/api/v1/api-keys", json!({"name": "masked", "scopes": rights})).await.expect(201);
        Masked { order: order.id.clone(), customer, edit, draft, key: key.body["secret"].as_str().unwrap().to_owned() }
    }

    async fn check(&self, shop: &Shop) {
        let masked = shop.bearer(&self.key);
        let mut looked = BTreeSet::new();
        let mut shown = Vec::new();
        for route in web::route_table() {
            if route.method != axum::http::Method::GET || route.is_slow && route.path.ends_with("/live") || route.path == "/api/v1/live" {
                continue;
            }
            if matches!(route.kind, web::Kind::Plain | web::Kind::Page) {
                continue;
            }
            let path = route
                .path
                .replace("/orders/{id}", &format!("/orders/{}", self.order))
                .replace("/enhanced-orders/{id}", &format!("/enhanced-orders/{}", self.order));
            let path = path.replace("/customers/{id}", &format!("/customers/{}", self.customer));
            let path = match path.strip_suffix("/edits/{edit_id}") {
                Some(order) => format!("{order}/edits/{}", self.edit),
                None => path.replace("/drafts/{id}", &format!("/drafts/{}", self.draft)),
            };
            if path.contains('{') {
                continue;
            }
            let answer = masked.get(&path).await;
            if answer.status == 200 {
                looked.insert(route.id);
            }
            for secret in SECRETS {
                if let Some(at) = answer.text.find(secret) {
                    let from = answer.text[..at].char_indices().rev().nth(100).map_or(0, |(at, _)| at);
                    shown.push(format!("{path} shows {secret}: …{}", &answer.text[from..at]));
                }
            }
        }
        for must in [
            "getOrder",
            "listOrders",
            "orderHistory",
            "listNotes",
            "listTracking",
            "listMessages",
            "getCustomer",
            "listCustomers",
            "customerTimeline",
            "listTwins",
            "listEvents",
            "listJobs",
            "aliasCustomer",
            "listHolds",
            "previewEdit",
            "getDraft",
        ] {
            assert!(looked.contains(must), "{must} was not looked at: {looked:?}");
        }
        assert!(shown.is_empty(), "{}", shown.join("\n"));
        for path in ["/api/v1/events/export?format=ndjson", "/api/v1/events/export?format=csv"] {
            let text = masked.get(path).await.expect(200).text;
            assert!(SECRETS.iter().all(|secret| !text.contains(secret)), "{path}");
        }
        // The whole number still finds them, and so does the whole address.
        for search in ["0550142387", "0550 14 23 87", "amina.secret@example.dz"] {
            let found = masked.get(&format!("/api/v1/customers?search={}", search.replace(' ', "%20"))).await.expect(200);
            assert_eq!(found.items().len(), 1, "{search}");
        }
        assert_eq!(masked.get("/api/v1/search?q=0550142387").await.expect(200).items().len(), 1);
        // Dots must not come back as values.
        let customer = path(&self.customer, "");
        assert_eq!(masked.patch(&customer, json!({"email": "a•••@example.dz"})).await.expect(422).fields(), ["email: contact.masked"]);
        assert_eq!(
            masked.patch(&format!("/api/v1/orders/{}", self.order), json!({"shipping_address": {"line1": "•••"}})).await.expect(422).fields(),
            ["shipping_address.line1: contact.masked"]
        );
        // Somebody's number is not told by an error either.
        let (other, _) = buys(shop, "Other", "0770112299").await;
        let taken = masked.post(&path(&other, "/phones"), json!({"number": "0550142387"})).await.expect(422);
        assert!(!taken.body["errors"].to_string().contains("550142387"), "{taken}");
        // Pages of somebody whose role lacks the rights.
        let page = shop.role("agent").get(&customer).await.expect(200);
        assert!(page.text.contains("Secret lane") && !page.text.contains("550142387"), "packers read streets, not numbers");
    }
}

/// What two customers have before they are merged; each number is how much of it.
#[derive(Clone, Debug)]
struct Pair {
    mine: Setup,
    theirs: Setup,
    since: usize,
    choose: bool,
}

#[derive(Clone, Debug)]
struct Setup {
    orders: Vec<(bool, u8)>,
    phones: usize,
    addresses: usize,
    notes: usize,
    flags: usize,
    consents: Vec<(u8, bool)>,
    has_email: bool,
    main: bool,
}

fn setup() -> impl Strategy<Value = Setup> {
    let orders = prop::collection::vec((any::<bool>(), 0_u8..4), 0..4);
    let consents = prop::collection::vec((0_u8..3, any::<bool>()), 0..4);
    (orders, 0_usize..3, 0_usize..3, 0_usize..3, 0_usize..3, consents, any::<bool>(), any::<bool>()).prop_map(
        |(orders, phones, addresses, notes, flags, consents, has_email, main)| Setup {
            orders,
            phones,
            addresses,
            notes,
            flags,
            consents,
            has_email,
            main,
        },
    )
}

fn pair() -> impl Strategy<Value = Pair> {
    (setup(), setup(), 0_usize..3, any::<bool>()).prop_map(|(mine, theirs, since, choose)| Pair { mine, theirs, since, choose })
}

impl Setup {
    async fn make(&self, shop: &Shop, n: usize) -> String {
        let admin = shop.admin();
        let phone = format!("06612233{n}0");
        let mut new = json!({"name": format!("Person {n}"), "phone": phone, "language": if n == 1 { "fr" } else { "ar" }});
        if self.has_email {
            new["email"] = json!(format!("p{n}@example.dz"));
            new["tags"] = json!(["both", format!("only {n}")]);
        }
        let id = admin.post("/api/v1/customers", new).await.expect(201).id().to_owned();
        for (place, (second, moves)) in self.orders.iter().enumerate() {
            let mut order = shop.order().for_phone("Person", &phone).with("external_ref", json!(format!("P-{n}-{place}")));
            if *second {
                order = order.in_second_store();
            }
            match moves {
                0 => drop(order.await),
                1 => drop(order.delivered().await),
                2 => drop(order.cancelled().await),
                _ => drop(order.shipped().await),
            }
            shop.advance(1);
        }
        for extra in 0..self.phones {
            admin.post(&path(&id, "/phones"), json!({"number": format!("06612233{n}{}", extra + 1), "is_main": self.main})).await.expect(201);
        }
        for extra in 0..self.addresses {
            let made = admin.post(&path(&id, "/addresses"), json!({"line1": format!("Rue {n}.{extra}"), "province": "31"})).await.expect(201);
            if self.main {
                let address = made.body["addresses"].as_array().unwrap().last().unwrap()["id"].as_str().unwrap().to_owned();
                admin.post(&path(&id, &format!("/addresses/{address}/main")), json!({})).await.expect(200);
            }
        }
        for extra in 0..self.notes {
            admin.post(&path(&id, "/notes"), json!({"content": format!("note {extra}")})).await.expect(201);
        }
        for extra in 0..self.flags {
            let made = admin.post(&path(&id, "/flags"), json!({"type": "refuser", "reason": format!("reason {extra}")})).await.expect(201);
            if extra == 1 {
                admin.post(&path(&id, &format!("/flags/{}/remove", made.id())), json!({"reason": "over"})).await.expect(200);
            }
        }
        for (way, is_given) in &self.consents {
            let channel = ["email", "sms", "phone"][usize::from(*way)];
            admin
                .post(&path(&id, "/consents"), json!({"channel": channel, "purpose": "order", "is_given": is_given, "source": "call"}))
                .await
                .expect(201);
            shop.advance(1);
        }
        id
    }
}

/// Whatever two customers have: merged and unmerged they are the same two customers, and at every moment the
/// figures are those of their orders.
fn merge_and_unmerge(engine: Engine, cases: u32) {
    let config = ProptestConfig { cases, max_shrink_iters: 60, failure_persistence: None, ..ProptestConfig::default() };
    let moved = AssertUnwindSafe(RefCell::new(0));
    TestRunner::new(config)
        .run(&pair(), |pair| {
            testkit::run(engine, async |shop| {
                let (kept, gone) = (pair.mine.make(&shop, 1).await, pair.theirs.make(&shop, 2).await);
                let admin = shop.admin();
                let before = (person(&admin, &kept).await, person(&admin, &gone).await);
                let side = if pair.choose { "gone" } else { "kept" };
                let merged = admin
                    .post(&path(&kept, "/merge"), json!({"gone_id": gone, "name": side, "email": side, "language": side}))
                    .await
                    .expect(200)
                    .body;
                assert_eq!(totals(&shop, &kept).await, sums(&shop, &kept).await);
                let all = person(&admin, &kept).await;
                let count = |person: &Value, field: &str| person[field].as_array().unwrap().len();
                for field in ["all_orders", "phones", "addresses", "all_notes", "all_flags"] {
                    assert_eq!(count(&all, field), count(&before.0, field) + count(&before.1, field), "{field}");
                }
                *moved.borrow_mut() += count(&before.1, "all_orders");
                for n in 0..pair.since {
                    shop.order().for_phone("Person", "0661223320").with("external_ref", json!(format!("S-{n}"))).await;
                }
                admin.post(&path(&kept, "/unmerge"), json!({"merge_id": merged["merge"]["id"]})).await.expect(200);
                assert_eq!(person(&admin, &gone).await, before.1);
                let mut after = person(&admin, &kept).await;
                assert_eq!(count(&after, "all_orders"), count(&before.0, "all_orders") + pair.since);
                assert_eq!(totals(&shop, &kept).await, sums(&shop, &kept).await);
                assert_eq!(totals(&shop, &gone).await, sums(&shop, &gone).await);
                if pair.since > 0 {
                    for field in ["totals", "all_orders"] {
                        after[field] = before.0[field].clone();
                    }
                }
                assert_eq!(after, before.0);
            });
            Ok(())
        })
        .unwrap();
    println!("{engine:?}: {cases} merges, {} orders there and back", moved.0.into_inner());
}

#[test]
fn merge_and_unmerge_give_back_the_same_customers_on_sqlite() {
    merge_and_unmerge(Engine::Sqlite, 16);
}

#[test]
fn merge_and_unmerge_give_back_the_same_customers_on_postgres() {
    merge_and_unmerge(Engine::Postgres, 5);
}
