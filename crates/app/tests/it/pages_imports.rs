//! Imports as people do them: upload, columns, trial, start, result, the way back.

use axum::http::Method;
use serde_json::json;
use testkit::{ADMIN, AGENT, Answer, Client, MANAGER, both};

const FILE: &str = "N°;Client;Tél;Article;Nb;PU;Étape\nF-1;Amina Benali;0550142387;Robe;2;1250,50;OK client\nF-2;Karim;0661223344;Savon;1;250;jamais vu\nF-3;Lina;0770112233;Savon;1;250;OK client\n";

/// Sends a file as a browser's form does; answers where it led.
async fn upload(browser: &Client, name: &str, content: &str) -> Answer {
    let body = format!(
        "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: text/csv\r\n\r\n{content}\r\n--edge--\r\n"
    );
    browser.send(Method::POST, "/app/imports/files", Some("multipart/form-data; boundary=edge"), body.into()).await
}

/// The columns of [`FILE`] as somebody names them.
fn columns<'a>(name: &'a str, price: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("how", "own"),
        ("column", "N°"),
        ("field", "order_ref"),
        ("column", "Client"),
        ("field", "customer_name"),
        ("column", "Tél"),
        ("field", "customer_phone"),
        ("column", "Article"),
        ("field", "title"),
        ("column", "Nb"),
        ("field", "quantity"),
        ("column", "PU"),
        ("field", price),
        ("column", "Étape"),
        ("field", "state"),
        ("word_field", "state"),
        ("word_from", "OK client"),
        ("word_to", "CONFIRMED"),
        ("rows", "line"),
        ("dates", "day_first"),
        ("decimals", "comma"),
        ("constant_channel", "facebook"),
        ("constant_placed_at", "2026-03-01"),
        ("name", name),
    ]
}

fn path_of(location: &str) -> &str {
    location.split(['?', '#']).next().unwrap_or_default()
}

/// A parameter of an address.
fn param<'a>(location: &'a str, name: &str) -> &'a str {
    let query = location.split_once('?').map_or("", |(_, query)| query.split('#').next().unwrap_or_default());
    query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=')).unwrap_or_default()
}

both! {
    async fn a_file_goes_all_the_way_by_forms_alone(shop: Shop) {
        let manager = shop.browser(MANAGER).await;
        let empty = manager.get("/app/imports").await.expect(200);
        assert!(empty.text.contains("No file was brought in yet") && empty.text.contains("/app/imports/sample"), "{empty}");

        let sent = upload(&manager, "feuille.csv", FILE).await.expect(303);
        let file = sent.header("location").to_owned();
        let page = manager.get(&file).await.expect(200);
        for seen in ["feuille.csv", "Amina Benali", "heading “client”", "Save the columns first", "<option value=\"customer_phone\" selected>", "OK client"] {
            assert!(page.text.contains(seen), "{seen} is missing in {page}");
        }

        // What is wrong comes back beside what was typed, and nothing is saved.
        let wrong = manager.submit(&format!("{file}/mapping"), &columns("", "")).await.expect(422);
        assert!(wrong.text.contains("A price is needed") && wrong.text.contains("id=\"name-error\""), "{wrong}");
        assert!(wrong.text.contains("<option value=\"CONFIRMED\" selected>"), "what was typed stays");

        let saved = manager.submit(&format!("{file}/mapping"), &columns("Feuille", "unit_price")).await.expect(303);
        let saved = saved.header("location").to_owned();
        let how = param(&saved, "how").to_owned();
        let page = manager.get(path_of(&saved)).await.expect(200);
        assert!(page.text.contains("Feuille (fits)") && page.text.contains("Try the file"), "the mapping fits by itself: {page}");

        // The trial tells of each refused line and keeps nothing.
        let tried = manager.submit(&format!("{file}/start"), &[("how", &how), ("store", "MAIN"), ("dry_run", "1")]).await.expect(303);
        let tried = tried.header("location").split('#').next().unwrap().to_owned();
        let waits = manager.get(&tried).await.expect(200);
        assert!(waits.text.contains("hx-get") && waits.text.contains("Waits for its turn"), "{waits}");
        assert_eq!(shop.run_jobs().await.failed, []);
        let result = manager.get(&tried).await.expect(200);
        for seen in ["Rows that would be refused: 1. Orders that would be made: 2.", "line 3", "Étape", "jamais vu", "Download refused rows", "Try again"] {
            assert!(result.text.contains(seen), "{seen} is missing in {result}");
        }
        let part = manager.clone().with_header("HX-Request-Type", "partial").get(&tried.replacen('?', "/check?", 1)).await.expect(200);
        assert!(!part.text.contains("<html") && part.text.contains("line 3"), "{part}");
        let rejects = manager.get(&format!("/app/tasks/{}/file", param(&tried, "tried"))).await.expect(200);
        assert!(rejects.text.contains("jamais vu"), "{rejects}");
        assert_eq!(shop.manager().get("/api/v1/orders").await.expect(200).body["total"], 0);

        let begun = manager.submit(&format!("{file}/start"), &[("how", &how), ("store", "MAIN"), ("dry_run", "0")]).await.expect(303);
        let import = path_of(begun.header("location")).to_owned();
        assert!(manager.get("/app/imports").await.expect(200).text.contains("Coming in"));
        // The same file twice at once is refused on the page.
        let twin = manager.submit(&format!("{file}/start"), &[("how", &how), ("store", "MAIN"), ("dry_run", "0")]).await.expect(409);
        assert!(twin.text.contains("role=\"alert\""), "{twin}");
        assert_eq!(shop.run_jobs().await.failed, []);
        let done = manager.get(&import).await.expect(200);
        for seen in ["Rows refused: 1. Orders made: 2.", "Feuille, version 1", "Mourad Manager", "Take import back"] {
            assert!(done.text.contains(seen), "{seen} is missing in {done}");
        }
        assert!(manager.get("/app/imports").await.expect(200).text.contains("2 orders made"));

        // What somebody has worked with stays and is named.
        let listed = shop.manager().get("/api/v1/orders").await.expect(200);
        let touched = listed.items()[0]["id"].as_str().unwrap().to_owned();
        shop.manager().post(&format!("/api/v1/orders/{touched}/notes"), json!({"text": "called"})).await.expect(201);
        manager.submit(&format!("{import}/undo"), &[]).await.expect(303);
        assert!(manager.get(&import).await.expect(200).text.contains("Being taken back"));
        assert_eq!(shop.run_jobs().await.failed, []);
        let undone = manager.get(&import).await.expect(200);
        for seen in ["Taken back", "1 order went.", "1 order stayed.", "Somebody has worked with this order", &touched] {
            assert!(undone.text.contains(seen), "{seen} is missing in {undone}");
        }
        manager.submit(&format!("{import}/undo"), &[]).await.expect(409);
    }

    async fn a_change_of_columns_is_a_version_and_who_is_late_sees_both(shop: Shop) {
        let manager = shop.browser(MANAGER).await;
        let file = upload(&manager, "feuille.csv", FILE).await.expect(303).header("location").to_owned();
        let saved = manager.submit(&format!("{file}/mapping"), &columns("Feuille", "unit_price")).await.expect(303);
        let how = param(saved.header("location"), "how").to_owned();
        let mut next = columns("Feuille", "line_total");
        next[0] = ("how", &how);
        next.push(("version", "1"));
        manager.submit(&format!("{file}/mapping"), &next).await.expect(303);
        // Somebody who has read version 1 saves something else.
        let mut late = columns("Feuille", "total");
        late[0] = ("how", &how);
        late.push(("version", "1"));
        let stale = manager.submit(&format!("{file}/mapping"), &late).await.expect(409);
        assert!(stale.text.contains("Saved by somebody else meanwhile:") && stale.text.contains("Line total"), "{stale}");
        assert!(stale.text.contains("name=\"version\" value=\"2\"") && stale.text.contains("<option value=\"total\" selected>"), "{stale}");
    }

    async fn the_sample_file_comes_in_as_it_is(shop: Shop) {
        let manager = shop.browser(MANAGER).await;
        let sample = manager.get("/app/imports/sample").await.expect(200);
        assert!(sample.header("content-disposition").contains("kafila-orders.csv"));
        let file = upload(&manager, "kafila-orders.csv", &sample.text).await.expect(303).header("location").to_owned();
        let page = manager.get(&file).await.expect(200);
        assert!(page.text.contains("This format is known") && page.text.contains("(fits)"), "{page}");
        let begun = manager.submit(&format!("{file}/start"), &[("how", "kafila"), ("store", "MAIN"), ("dry_run", "0")]).await.expect(303);
        assert_eq!(shop.run_jobs().await.failed, []);
        let done = manager.get(path_of(begun.header("location"))).await.expect(200);
        assert!(done.text.contains("Every row was taken. Orders made: 3."), "{done}");
    }

    async fn a_mistyped_store_is_seen_before_it_is_opened(shop: Shop) {
        let admin = shop.browser(ADMIN).await;
        let text = "order_ref,store,title,quantity,unit_price\nN-1,MIAN,Dress,1,100\n";
        let file = upload(&admin, "orders.csv", text).await.expect(303).header("location").to_owned();
        let start = async |dry_run| {
            let begun = admin.submit(&format!("{file}/start"), &[("how", "kafila"), ("store", ""), ("dry_run", dry_run)]).await.expect(303);
            assert_eq!(shop.run_jobs().await.failed, []);
            admin.get(begun.header("location").split('#').next().unwrap()).await.expect(200).text
        };
        let opens = "Stores that would be opened for this file, because there are none with these codes: MIAN";
        assert!(start("1").await.contains(opens));
        assert!(!admin.get("/app/stores").await.expect(200).text.contains("MIAN"));
        assert!(start("0").await.contains("Stores that were opened for this file: MIAN"));
        // Now it is there.
        assert!(!start("1").await.contains("opened for this file"));
    }

    async fn what_cannot_be_read_is_said_and_what_is_anothers_is_not_found(shop: Shop) {
        let manager = shop.browser(MANAGER).await;
        let nothing = upload(&manager, "leer.csv", "").await.expect(422);
        assert!(nothing.text.contains("There is nothing in this file.") && nothing.text.contains("Choose a file"), "{nothing}");
        let file = upload(&manager, "feuille.csv", FILE).await.expect(303).header("location").to_owned();
        shop.browser(ADMIN).await.get(&file).await.expect(404);
        let stop = upload(&manager, "feuille.csv", FILE).await.expect(303).header("location").to_owned();
        let begun = manager.submit(&format!("{stop}/start"), &[("how", "generic"), ("store", "MAIN"), ("dry_run", "0")]).await.expect(303);
        let import = path_of(begun.header("location")).to_owned();
        manager.submit(&format!("{import}/stop"), &[]).await.expect(303);
        let stopped = manager.get(&import).await.expect(200);
        assert!(stopped.text.contains("It was stopped before its end"), "{stopped}");
        manager.submit(&format!("{import}/stop"), &[]).await.expect(409);

        // Who may not import sees neither the pages nor the way to them.
        let agent = shop.browser(AGENT).await;
        for path in ["/app/imports", "/app/imports/new", &import] {
            agent.get(path).await.expect(403);
        }
        assert!(!agent.get("/app/orders").await.expect(200).text.contains("/app/imports"));
        assert!(manager.get("/app/orders").await.expect(200).text.contains("/app/imports"));
        shop.browser(testkit::FOREIGNER).await.get(&import).await.expect(404);
    }
}
