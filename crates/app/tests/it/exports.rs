//! Orders and customers taken out as files.

use axum::http::Method;
use serde_json::{Value, json};
use testkit::{Client, Shop, both};

/// Asks for a file, makes it, and answers its task.
async fn made(shop: &Shop, client: &Client, body: Value) -> Value {
    let begun = client.post("/api/v1/exports", body).await.expect(202);
    assert_eq!(shop.run_jobs().await.failed, []);
    client.get(&format!("/api/v1/tasks/{}", begun.id())).await.expect(200).body
}

async fn text(shop: &Shop, client: &Client, body: Value) -> String {
    let task = made(shop, client, body).await;
    assert_eq!(task["state"], "done", "{task}");
    client.get(&format!("/api/v1/tasks/{}/file", task["id"].as_str().unwrap())).await.expect(200).text
}

/// The rows of a file below its heading, cells with a bar between.
fn rows(text: &str) -> Vec<String> {
    let mut csv = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    csv.records().map(|row| row.unwrap().iter().collect::<Vec<_>>().join("|")).collect()
}

/// A key of the admin's with these rights alone.
async fn key(shop: &Shop, scopes: &[&str]) -> Client {
    let made = shop.admin().post("/api/v1/api-keys", json!({"name": "export", "scopes": scopes})).await.expect(201);
    shop.bearer(made.body["secret"].as_str().unwrap_or_else(|| panic!("{made}")))
}

fn orders_of(count: u32) -> String {
    let mut text = "order_ref,store,placed_at,customer_name,customer_phone,city,province,sku,title,quantity,unit_price,state\n".to_owned();
    for n in 0..count {
        let state = ["PENDING", "DELIVERED", "CANCELLED"][n as usize % 3];
        text.push_str(&format!(
            "R-{n},MAIN,2026-03-{:02} 10:00:00,Lina {n},0550{:06},Oran,Oran,SKU-{},Dress,{},{},{state}\n",
            1 + n % 28,
            100_000 + n,
            n % 7,
            1 + n % 3,
            100 + n
        ));
    }
    text
}

async fn brought_in(shop: &Shop, client: &Client, text: &str) -> Value {
    let begun = client.send(Method::POST, "/api/v1/imports?preset=kafila", Some("text/csv"), text.to_owned().into()).await.expect(202);
    assert_eq!(shop.run_jobs().await.failed, []);
    client.get(&format!("/api/v1/tasks/{}", begun.id())).await.expect(200).body["result"].clone()
}

both! {
    async fn what_is_taken_out_with_our_own_columns_comes_in_again_as_the_same_orders(shop: Shop) {
        let admin = shop.admin();
        let file = "\
order_ref,store,placed_at,channel,customer_name,customer_phone,customer_email,language,address,address2,city,district,province,postal_code,sku,title,variant,kind,quantity,unit_price,discount,order_discount,shipping_fee,cod_fee,payment_method,priority,expected_on,tags,note,state,confirmed_at,handed_over_at,delivered_at,ended_at,paid_amount,paid_at,refunded_amount
W-1,MAIN,2026-03-01 10:00:00,whatsapp,Amina Benali,0550142387,amina@example.com,ar,\"Cité 200, bloc 7\",Porte 3,Bir El Djir,Oran,Oran,31000,LIN-M,Linen dress,\"sand, M\",,2,8400,10%,500,600,50,cod,high,2026-03-09,gift;vip,Call first,DELIVERED,2026-03-01 11:00:00,2026-03-02 09:00:00,2026-03-04 16:30:00,,,,
W-1,MAIN,,,,,,,,,,,,,SCA-R,Silk scarf,,,1,1500.50,,,,,,,,,,,,,,,,,
W-1,MAIN,,,,,,,,,,,,,WRAP,Gift wrap,,service,1,100,,,,,,,,,,,,,,,,,
W-2,MAIN,2026-03-02 10:00:00,web,Karim Ziani,0661223344,,fr,Rue 1,,Hydra,,Alger,,SOAP,Soap,,,3,250,,,400,0,card,normal,,,,CANCELLED,2026-03-02 11:00:00,,,2026-03-03 08:00:00,1150,2026-03-02 10:05:00,1150
W-3,MAIN,2026-03-03 10:00:00,phone,Lina,0770112233,,,,,,,,,SOAP,Soap,,,1,250,,,0,0,cod,normal,,,,RETURNED,2026-03-03 11:00:00,2026-03-04 09:00:00,,2026-03-07 10:00:00,,,
=W-4,MAIN,2026-03-04 10:00:00,phone,+Lina,0770112233,,,-Rue 3,,,,,,SOAP,@Soap,,,1,250,,,0,0,cod,normal,,,=1+1,RETURN_REQUESTED,2026-03-04 11:00:00,2026-03-05 09:00:00,2026-03-06 09:00:00,2026-03-07 10:00:00,,,
";
        assert_eq!(brought_in(&shop, &admin, file).await["orders_created"], 4);
        let api = shop.order().with("external_ref", json!("A-5")).out_for_delivery().await;
        let plain = shop.order().with("external_ref", Value::Null).await;

        let csv = text(&shop, &admin, json!({"columns": ["kafila"], "filter": {"sort": "created_at"}})).await;
        let foreigner = shop.foreigner();
        let result = brought_in(&shop, &foreigner, &csv).await;
        assert_eq!((&result["orders_created"], &result["rejected"]), (&json!(6), &json!(0)), "{result} {csv}");

        // A second export there says the same, to the letter; what had no reference has its number for one now.
        let again = text(&shop, &foreigner, json!({"columns": ["kafila"], "filter": {"sort": "created_at"}})).await;
        assert_eq!(rows(&again), rows(&csv));
        assert!(csv.contains(&plain.number) && csv.contains("A-5"));
        assert_eq!(brought_in(&shop, &foreigner, &csv).await["orders_unchanged"], 6);

        let shown = async |client: &Client| {
            let list = client.get("/api/v1/orders?sort=created_at&limit=50").await.expect(200);
            let mut all = Vec::new();
            for row in list.items() {
                let one = client.get(&format!("/api/v1/orders/{}", row["id"].as_str().unwrap())).await.expect(200).body;
                let lines: Vec<String> = one["lines"].as_array().unwrap().iter().map(|line| format!("{} {} {} {} {}", line["sku"], line["title"], line["variant"], line["quantity"], line["line_total"])).collect();
                let reference = one["external_ref"].as_str().unwrap_or_else(|| one["number"].as_str().unwrap()).to_owned();
                let of = |name: &str| one[name].to_string();
                all.push(format!("{reference} {} {} {} {} {} {} {lines:?}", of("state"), of("total"), of("to_collect"), of("payment_state"), of("placed_at"), of("tags")));
            }
            all
        };
        assert_eq!(shown(&foreigner).await, shown(&admin).await);
        let _ = api;
    }

    async fn a_file_follows_the_list_its_filter_and_its_sort(shop: Shop) {
        let admin = shop.admin();
        brought_in(&shop, &admin, &orders_of(9)).await;
        let csv = text(&shop, &admin, json!({"filter": {"state": ["DELIVERED"], "sort": "-total"}, "columns": ["order_ref", "state", "total"], "language": "fr", "bom": false})).await;
        assert!(csv.starts_with("Référence,État,Total\r\n"), "{csv}");
        let listed = admin.get("/api/v1/orders?state=DELIVERED&sort=-total").await.expect(200);
        let wanted: Vec<String> = listed.items().iter().map(|row| row["external_ref"].as_str().unwrap().to_owned()).collect();
        assert_eq!(rows(&csv).iter().map(|row| row.split('|').next().unwrap().to_owned()).collect::<Vec<_>>(), wanted);
        assert!(rows(&csv)[0].contains("|Livrée|") || rows(&csv)[0].contains("|Livré|"), "{csv}");

        // Those that are named, in their order, each once.
        let ids: Vec<&str> = listed.items().iter().map(|row| row["id"].as_str().unwrap()).collect();
        let named = text(&shop, &admin, json!({"order_ids": [ids[2], ids[0], ids[2]], "columns": ["order_ref"], "bom": false})).await;
        assert_eq!(rows(&named), [wanted[2].clone(), wanted[0].clone()]);

        // One row for each line; amounts of the order stand once.
        let two = shop.order().await;
        let lines = text(&shop, &admin, json!({"order_ids": [two.id], "rows": "line", "columns": ["number", "line", "sku", "total"], "style": "plain"})).await;
        assert_eq!(rows(&lines)[0].split('|').next(), Some(two.number.as_str()));
        assert!(lines.starts_with("number,line,sku,total\r\n"));
        assert!(rows(&lines).iter().skip(1).all(|row| row.ends_with('|')), "{lines}");

        let found = text(&shop, &admin, json!({"filter": {"search": "Lina 4"}, "columns": ["order_ref"], "bom": false})).await;
        assert_eq!(rows(&found), ["R-4"]);
        let arabic = text(&shop, &admin, json!({"what": "customers", "filter": {"search": "Lina 4"}, "language": "ar", "separator": "semicolon"})).await;
        assert!(arabic.starts_with('\u{feff}') && arabic.contains("الزبون;الهاتف"), "{arabic}");
        assert!(arabic.contains(";'+213550100004;"), "{arabic}");
    }

    async fn a_file_tells_its_rows_its_hash_and_how_long_it_is_kept_and_then_goes(shop: Shop) {
        let admin = shop.admin();
        brought_in(&shop, &admin, &orders_of(5)).await;
        let task = made(&shop, &admin, json!({"format": "xlsx"})).await;
        let result = &task["result"];
        assert_eq!((&result["rows"], &result["orders"], &result["format"]), (&json!(5), &json!(5), &json!("xlsx")));
        assert_eq!(result["sha256"].as_str().unwrap().len(), 64);
        let path = format!("/api/v1/tasks/{}/file", task["id"].as_str().unwrap());
        let fetched = admin.get(&path).await.expect(200);
        assert!(fetched.header("content-type").contains("spreadsheetml") && fetched.text.starts_with("PK"));
        let exports = std::fs::read_dir(shop.base().data_dir().join("exports")).unwrap().count();
        assert_eq!(exports, 0, "nothing is left lying about");

        let trail = admin.get("/api/v1/events?kind=export.started,export.finished").await.expect(200);
        assert_eq!((&trail.items()[0]["data"]["rows"], &trail.items()[0]["data"]["filter"]), (&json!(5), &json!({})));
        assert_eq!(trail.items()[0]["data"]["sha256"], result["sha256"]);
        assert_eq!(trail.items()[1]["data"]["format"], "xlsx");
        assert_eq!(admin.get("/api/v1/exports").await.expect(200).items().len(), 1);

        shop.advance(8 * 86_400);
        shop.edge().await.write(|tx, ctx| {
            let job = base::jobs::NewJob::now(ctx, kernel::JobKind::Purge, json!({}));
            base::jobs::enqueue(tx, ctx, job).map(drop)
        }).await.unwrap();
        shop.run_jobs().await;
        admin.get(&path).await.expect(404);
    }

    async fn nobody_gets_more_out_than_they_may_see(shop: Shop) {
        let admin = shop.admin();
        shop.order().for_phone("Amina Benali", "0550142387").with("note", json!("call 0550 14 23 87")).await;
        shop.order().for_phone("Karim", "0661223344").in_second_store().await;
        shop.agent().post("/api/v1/exports", json!({})).await.expect(403);
        shop.foreigner().get("/api/v1/exports").await.expect(200);

        // Without the right to see numbers, they are dots; and so is what stands in the note.
        let few = key(&shop, &["order.read", "order.export", "order.see_all", "store.see_all", "customer.read"]).await;
        let csv = text(&shop, &few, json!({"columns": ["customer_name", "customer_phone", "customer_email", "address", "note"], "filter": {"sort": "created_at"}})).await;
        assert!(csv.contains("Amina Benali") && !csv.contains("142387") && !csv.contains("14 23 87") && csv.contains("••87"), "{csv}");
        let own = made(&shop, &admin, json!({})).await;
        assert_eq!(own["result"]["shows_phones"], true);
        // Another's file is not found, whoever asks.
        few.get(&format!("/api/v1/tasks/{}/file", own["id"].as_str().unwrap())).await.expect(404);
        shop.manager().get(&format!("/api/v1/tasks/{}/file", own["id"].as_str().unwrap())).await.expect(404);

        // A shop owner sees the stores that are theirs.
        let owner = shop.role("shop_owner");
        let seen = owner.get("/api/v1/orders").await.expect(200).items().len();
        assert_eq!(rows(&text(&shop, &owner, json!({})).await).len(), seen);
        assert!(seen < 2);
        key(&shop, &["order.export"]).await.post("/api/v1/exports", json!({})).await.expect(403);
    }

    async fn what_is_asked_wrongly_is_told_at_once(shop: Shop) {
        let admin = shop.admin();
        let wrong = admin.post("/api/v1/exports", json!({"columns": ["total", "colour", "sku", "total"]})).await.expect(422);
        assert_eq!(wrong.fields(), ["columns[1]: import.word", "columns[2]: export.column_of_line", "columns[3]: repeated"]);
        assert_eq!(admin.post("/api/v1/exports", json!({"filter": {"state": "LOST"}})).await.expect(422).fields(), ["filter.state: format"]);
        assert_eq!(admin.post("/api/v1/exports", json!({"what": "customers", "filter": {"colour": "red"}})).await.expect(422).fields(), ["filter.colour: unknown_field"]);
        assert_eq!(admin.post("/api/v1/exports", json!({"what": "customers", "order_ids": []})).await.expect(422).fields(), ["ids: export.ids_of_orders", "ids: required"]);
        for _ in 0..3 {
            admin.post("/api/v1/exports", json!({})).await.expect(202);
        }
        assert_eq!(admin.post("/api/v1/exports", json!({})).await.expect(409).code(), "export.too_many_open");
        let open = admin.get("/api/v1/exports").await.expect(200);
        let called_off = admin.post(&format!("/api/v1/tasks/{}/cancel", open.items()[0]["id"].as_str().unwrap()), json!({})).await.expect(200);
        assert_eq!(called_off.body["state"], "cancelled");
        let once = admin.clone().once("export");
        let first = once.post("/api/v1/exports", json!({})).await.expect(202);
        assert_eq!(once.post("/api/v1/exports", json!({})).await.expect(202).id(), first.id());
        let columns = admin.clone().reads("fr").get("/api/v1/export-columns").await.expect(200);
        assert!(columns.items().iter().any(|one| one["name"] == "total" && one["heading"] == "Total"));
    }

    async fn a_long_file_that_was_broken_off_goes_on_and_has_each_order_once(shop: Shop) {
        shop.jobs_may_fail();
        let admin = shop.admin();
        // Ten thousand at reduced size: several reads, several saved places.
        brought_in(&shop, &admin, &orders_of(2_400)).await;
        let begun = admin.post("/api/v1/exports", json!({"filter": {"sort": "-moved_at"}, "columns": ["order_ref", "total"], "style": "plain"})).await.expect(202);
        shop.base().db().fail_statement(60);
        assert_eq!(shop.run_jobs().await.failed.len(), 1, "the failure was asked for");
        let cut = admin.get(&format!("/api/v1/tasks/{}", begun.id())).await.expect(200);
        assert_ne!(cut.body["state"], "done");
        shop.advance(60);
        assert_eq!(shop.run_jobs().await.failed, []);
        let task = admin.get(&format!("/api/v1/tasks/{}", begun.id())).await.expect(200).body;
        assert_eq!((&task["state"], &task["result"]["rows"], &task["done"]), (&json!("done"), &json!(2_400), &json!(2_400)));
        let text = admin.get(&format!("/api/v1/tasks/{}/file", begun.id())).await.expect(200).text;
        let mut seen = rows(&text);
        assert_eq!(seen.len(), 2_400);
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 2_400);
    }
}
