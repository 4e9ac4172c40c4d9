//! Imports over the API: a first look, mappings, by a mapping, taken back.

use axum::http::Method;
use serde_json::{Value, json};
use testkit::{Answer, Client, both};

const FILE: &str = "N°;Client;Tél;Article;Nb;PU;Étape\nF-1;Amina Benali;0550142387;Robe;2;1.250,50;OK client\nF-2;Karim;0661223344;Savon;1;250;jamais vu\nF-3;Lina;0770112233;Savon;1;250;OK client\n";

async fn send(client: &Client, path: &str, content: &str) -> Answer {
    client.send(Method::POST, path, Some("text/csv"), content.to_owned().into()).await
}

/// What a look has guessed, put right as a person would.
fn put_right(mut definition: Value) -> Value {
    definition["words"] = json!([{"field": "state", "from": "OK client", "to": "CONFIRMED"}]);
    definition["decimals"] = json!("comma");
    let columns = definition["columns"].as_array_mut().unwrap();
    columns.retain(|one| one["field"] != "state");
    columns.push(json!({"column": "Étape", "field": "state"}));
    definition["constants"] = json!([{"field": "placed_at", "value": "2026-03-01"}, {"field": "channel", "value": "facebook"}]);
    definition
}

both! {
    async fn a_file_is_looked_at_mapped_tried_brought_in_and_taken_back(shop: Shop) {
        let manager = shop.manager();
        let seen = send(&manager, "/api/v1/import-previews?name=feuille.csv", FILE).await.expect(200);
        assert_eq!((&seen.body["encoding"], &seen.body["separator"], &seen.body["preset"]), (&json!("utf-8"), &json!(";"), &json!("generic")));
        let fields: Vec<&str> = seen.body["columns"].as_array().unwrap().iter().map(|one| one["field"].as_str().unwrap_or("-")).collect();
        assert_eq!(&fields[1..6], ["customer_name", "customer_phone", "title", "quantity", "unit_price"]);
        assert_eq!(seen.body["columns"][2]["reasons"][0]["code"], "heading");
        assert_eq!((&seen.body["rows"][0]["line"], &seen.body["rows"][0]["cells"][1]), (&json!(2), &json!("Amina Benali")));
        let file = seen.body["file_id"].as_str().unwrap();

        let mut definition = put_right(seen.body["definition"].clone());
        definition["columns"].as_array_mut().unwrap().retain(|one| one["field"] != "order_ref");
        let wrong = manager.post("/api/v1/import-mappings", json!({"name": "", "definition": {"columns": [], "rows": "line", "dates": "day_first", "decimals": "auto"}})).await.expect(422);
        assert_eq!(wrong.fields()[0], "name: required");
        assert!(wrong.fields().len() > 3, "{wrong}");
        definition["columns"].as_array_mut().unwrap().push(json!({"column": "N°", "field": "order_ref"}));
        definition["rows"] = json!("line");
        let mapping = manager.post("/api/v1/import-mappings", json!({"name": "Feuille", "definition": definition})).await.expect(201);
        let one = format!("/api/v1/import-mappings/{}", mapping.id());
        assert_eq!(manager.get(&one).await.expect(200).header("etag"), "\"1\"");
        assert_eq!(manager.put(&one, json!({"name": "Feuille 2", "definition": mapping.body["definition"], "version": 1})).await.expect(200).body["version"], 2);
        let stale = manager.put(&one, json!({"name": "Feuille 3", "definition": mapping.body["definition"], "version": 1})).await.expect(409);
        assert_eq!(stale.body["fields"], json!(["name"]));
        let again = send(&manager, "/api/v1/import-previews", FILE).await.expect(200);
        assert_eq!(again.body["mappings"], json!(["Feuille 2"]));

        // Tried, it tells all refusals and keeps nothing.
        let tried = manager.post("/api/v1/imports/of-file", json!({"file_id": file, "mapping": "feuille 2", "store": "MAIN", "dry_run": true})).await.expect(202);
        assert_eq!(shop.run_jobs().await.failed, []);
        let task = manager.get(&format!("/api/v1/tasks/{}", tried.id())).await.expect(200);
        assert_eq!((&task.body["result"]["orders_created"], &task.body["result"]["rejected"]), (&json!(2), &json!(1)), "{task}");
        let refused = manager.get(&format!("/api/v1/tasks/{}/file", tried.id())).await.expect(200);
        assert!(refused.text.contains("Étape,import.word_unknown,") && refused.text.contains("jamais vu"), "{}", refused.text);
        assert_eq!(manager.get("/api/v1/orders").await.expect(200).body["total"], 0);
        assert_eq!(manager.get("/api/v1/imports").await.expect(200).items().len(), 0);

        let begun = manager.post("/api/v1/imports/of-file", json!({"file_id": file, "mapping": "feuille 2", "store": "MAIN"})).await.expect(202);
        assert_eq!(shop.run_jobs().await.failed, []);
        let task = manager.get(&format!("/api/v1/tasks/{}", begun.id())).await.expect(200);
        let import = format!("/api/v1/imports/{}", task.body["result"]["import"].as_str().unwrap());
        let record = manager.get(&import).await.expect(200);
        assert_eq!((&record.body["state"], &record.body["made"], &record.body["mapping"], &record.body["mapping_version"]), (&json!("done"), &json!(2), &json!("Feuille 2"), &json!(2)));
        let listed = manager.get("/api/v1/orders?sort=number").await.expect(200);
        assert_eq!((&listed.items()[0]["state"], &listed.items()[0]["channel"], &listed.items()[0]["total"]["amount"]), (&json!("CONFIRMED"), &json!("facebook"), &json!(250_100)));

        // One was worked with since; it stays and is named.
        let touched = listed.items()[1]["id"].as_str().unwrap().to_owned();
        manager.post(&format!("/api/v1/orders/{touched}/notes"), json!({"text": "called"})).await.expect(201);
        shop.role("agent_suivi").post(&format!("{import}/undo"), json!({})).await.expect(403);
        let undo = manager.post(&format!("{import}/undo"), json!({})).await.expect(202);
        assert_eq!(shop.run_jobs().await.failed, []);
        let task = manager.get(&format!("/api/v1/tasks/{}", undo.id())).await.expect(200);
        assert_eq!((&task.body["result"]["removed"], &task.body["result"]["kept"]), (&json!(1), &json!(1)), "{task}");
        assert_eq!(task.body["result"]["kept_orders"][0]["because"], "touched");
        let named = manager.get(&format!("/api/v1/tasks/{}/file", undo.id())).await.expect(200);
        assert!(named.text.contains("Somebody has worked with this order"), "{}", named.text);
        assert_eq!(manager.get("/api/v1/orders").await.expect(200).body["total"], 1);
        assert_eq!(manager.get(&import).await.expect(200).body["state"], "undone");
        assert_eq!(manager.post(&format!("{import}/undo"), json!({})).await.expect(409).code(), "import.undone");
        shop.assert_counters_true().await;
        let trail = manager.get("/api/v1/events?kind=order.taken_back,import.undone").await.expect(200);
        assert_eq!(trail.items().len(), 2);

        manager.delete(&one).await.expect(204);
        manager.get(&one).await.expect(404);
    }

    async fn what_is_anothers_is_not_found(shop: Shop) {
        let manager = shop.manager();
        let seen = send(&manager, "/api/v1/import-previews?name=feuille.csv", FILE).await.expect(200);
        let file = seen.body["file_id"].as_str().unwrap();
        shop.admin().post("/api/v1/imports/of-file", json!({"file_id": file, "preset": "generic"})).await.expect(404);
        shop.foreigner().post("/api/v1/imports/of-file", json!({"file_id": file, "preset": "generic"})).await.expect(404);
        send(&shop.agent(), "/api/v1/import-previews", FILE).await.expect(403);
        assert_eq!(manager.post("/api/v1/imports/of-file", json!({"file_id": file})).await.expect(422).fields(), ["preset: required"]);
        assert_eq!(manager.post("/api/v1/imports/of-file", json!({"file_id": file, "mapping": "nobody's"})).await.expect(422).fields(), ["mapping: unknown"]);
        assert_eq!(manager.post("/api/v1/imports/of-file", json!({"file_id": file, "mapping": "x", "preset": "kafila"})).await.expect(422).fields(), ["mapping: import.mapping_or_preset"]);
        let begun = manager.post("/api/v1/imports/of-file", json!({"file_id": file, "preset": "generic"})).await.expect(202);
        shop.run_jobs().await;
        let task = manager.get(&format!("/api/v1/tasks/{}", begun.id())).await.expect(200);
        let import = format!("/api/v1/imports/{}", task.body["result"]["import"].as_str().unwrap());
        shop.admin().get(&import).await.expect(200);
        shop.foreigner().get(&import).await.expect(404);
        shop.foreigner().post(&format!("{import}/undo"), json!({})).await.expect(404);
        assert_eq!(shop.foreigner().get("/api/v1/imports").await.expect(200).items().len(), 0);
    }
}
