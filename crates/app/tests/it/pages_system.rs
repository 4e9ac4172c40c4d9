//! The installation for people: health, jobs, schedules, backups, the log, the audit trail; and the same by API.

use std::fs;

use base::jobs::{self, NewJob};
use kernel::JobKind;
use serde_json::json;
use testkit::{ADMIN, AGENT, Engine, FOREIGNER, MANAGER, both};

both! {
    async fn health_says_what_needs_a_look_and_what_to_do(shop: Shop) {
        let admin = shop.browser(ADMIN).await;
        let page = admin.get("/app/system").await.expect(200);
        for seen in [env!("CARGO_PKG_VERSION"), "No mail server is configured", "Set mail.host", "Disk", "Failed jobs", "/docs", "/app/audit"] {
            assert!(page.text.contains(seen), "{seen} is missing in {page}");
        }
        let health = shop.admin().get("/api/v1/health").await.expect(200);
        let check = |name: &str| health.body["checks"].as_array().unwrap().iter().find(|check| check["name"] == name).unwrap().clone();
        assert_eq!((&check("mail")["light"], &check("mail")["code"]), (&json!("amber"), &json!("folder")));
        assert_eq!(check("failed")["light"], "green");
        assert!(health.body["database_bytes"].as_u64() > Some(0), "{health}");
        let backup = check("backup");
        match shop.engine() {
            Engine::Sqlite => assert_eq!((&backup["light"], &backup["code"]), (&json!("amber"), &json!("first"))),
            Engine::Postgres => assert!(backup["remedy"].as_str().unwrap().contains("pg_dump"), "{backup}"),
        }
        // Another organization on the same machine learns of its own work alone.
        let foreign = shop.foreigner().get("/api/v1/health").await.expect(200);
        assert!(foreign.body["database_bytes"].is_null() && !foreign.text.contains("\"name\":\"disk\""), "{foreign}");
        for path in ["/app/system/backups", "/app/system/logs"] {
            shop.browser(FOREIGNER).await.get(path).await.expect(404);
        }
        for path in ["/app/system", "/app/system/jobs", "/app/system/tasks", "/app/system/schedules", "/app/audit"] {
            shop.browser(FOREIGNER).await.get(path).await.expect(200);
            shop.browser(AGENT).await.get(path).await.expect(403);
        }
        // A manager reads health, and no log.
        let manager = shop.browser(MANAGER).await;
        let page = manager.get("/app/system").await.expect(200);
        assert!(!page.text.contains("/app/system/logs") && page.text.contains("/app/system/backups"), "{page}");
        manager.get("/app/system/logs").await.expect(403);
        shop.manager().get("/api/v1/logs").await.expect(403);
        assert!(!shop.browser(AGENT).await.get("/app/orders").await.expect(200).text.contains("/app/system"));
    }

    async fn a_failed_job_shows_why_and_can_be_tried_again_or_called_off(shop: Shop) {
        let dead = shop.edge().await.write(|tx, ctx| {
            let job = jobs::enqueue(tx, ctx, NewJob::now(ctx, JobKind::SealEvents, json!({"for": "a test"})))?.unwrap();
            tx.execute("update jobs set state = 'dead', attempts = 3, last_error = 'the <disk> is full', finished_at = 1 where org_id = $1 and id = $2", db::params![tx.org(), job])?;
            Ok(job)
        }).await.unwrap();
        let admin = shop.browser(ADMIN).await;
        let page = admin.get("/app/system/jobs?state=dead").await.expect(200);
        for seen in ["Seal the audit trail", "the &#60;disk&#62; is full", "3 of 3 tries", "a test", &format!("/app/system/jobs/{dead}/retry")] {
            assert!(page.text.contains(seen), "{seen} is missing in {page}");
        }
        let health = admin.get("/app/system").await.expect(200);
        assert!(health.text.contains("1 job has failed for good."), "{health}");
        // Who may only look is offered nothing.
        let manager = shop.browser(MANAGER).await;
        assert!(!manager.get("/app/system/jobs?state=dead").await.expect(200).text.contains("/retry"));
        manager.submit(&format!("/app/system/jobs/{dead}/retry"), &[]).await.expect(403);

        let led = admin.submit(&format!("/app/system/jobs/{dead}/retry"), &[]).await.expect(303);
        assert!(admin.get(led.header("location")).await.expect(200).text.contains("The job is tried again."));
        let again = admin.submit(&format!("/app/system/jobs/{dead}/retry"), &[]).await.expect(409);
        assert!(again.text.contains("role=\"alert\""), "{again}");
        admin.submit(&format!("/app/system/jobs/{dead}/cancel"), &[]).await.expect(303);
        let none = admin.get("/app/system/jobs?state=dead").await.expect(200);
        assert!(none.text.contains("Nothing has failed"), "{none}");
        shop.browser(FOREIGNER).await.submit(&format!("/app/system/jobs/{dead}/cancel"), &[]).await.expect(404);
    }

    async fn a_schedule_is_changed_run_and_refused_with_words(shop: Shop) {
        let admin = shop.browser(ADMIN).await;
        let schedules = shop.admin().get("/api/v1/schedules").await.expect(200);
        let purge = schedules.items().iter().find(|one| one["name"] == "purge").unwrap().clone();
        let one = format!("/app/system/schedules/{}", purge["id"].as_str().unwrap());
        let page = admin.get("/app/system/schedules").await.expect(200);
        assert!(page.text.contains("every day at 03:30") && page.text.contains("every minute"), "{page}");

        let zone = purge["zone"].as_str().unwrap();
        let wrong = admin.submit(&one, &[("cron", "61 * * * *"), ("zone", zone), ("is_on", "1"), ("version", "1")]).await.expect(422);
        assert!(wrong.text.contains("value=\"61 * * * *\"") && wrong.text.contains("aria-invalid"), "what was typed stays, with words: {wrong}");
        let led = admin.submit(&one, &[("cron", "0 5 * * *"), ("zone", zone), ("version", "1")]).await.expect(303);
        let page = admin.get(led.header("location")).await.expect(200);
        assert!(page.text.contains("Schedule saved.") && page.text.contains("every day at 05:00"), "{page}");
        let changed = shop.admin().get("/api/v1/schedules").await.expect(200);
        let changed = changed.items().iter().find(|one| one["name"] == "purge").unwrap().clone();
        assert_eq!((&changed["is_on"], &changed["version"]), (&json!(false), &json!(2)));
        let stale = admin.submit(&one, &[("cron", "0 6 * * *"), ("zone", zone), ("is_on", "1"), ("version", "1")]).await.expect(409);
        assert!(stale.text.contains("Somebody else saved meanwhile: 0 5 * * *") && stale.text.contains("value=\"2\""), "{stale}");

        admin.submit(&format!("{one}/run"), &[]).await.expect(303);
        admin.submit(&format!("{one}/run"), &[]).await.expect(409);
        assert_eq!(shop.run_jobs().await.failed, []);
        let manager = shop.browser(MANAGER).await;
        assert!(!manager.get("/app/system/schedules").await.expect(200).text.contains("/run\""));
        manager.submit(&format!("{one}/run"), &[]).await.expect(403);
    }

    async fn a_backup_is_made_listed_reported_and_taken_out_with_a_trace(shop: Shop) {
        let admin = shop.browser(ADMIN).await;
        if shop.engine() == Engine::Postgres {
            let page = admin.get("/app/system/backups").await.expect(200);
            assert!(page.text.contains("pg_dump --format=custom") && !page.text.contains("Back up now"), "{page}");
            assert_eq!(shop.admin().post("/api/v1/backups", json!({})).await.expect(409).code(), "backup.postgres");
            return;
        }
        let empty = admin.get("/app/system/backups").await.expect(200);
        assert!(empty.text.contains("No backup yet") && empty.text.contains("kafila restore"), "{empty}");
        admin.submit("/app/system/backups", &[]).await.expect(303);
        assert_eq!(shop.admin().post("/api/v1/backups", json!({})).await.expect(409).code(), "task.twin");
        let running = admin.get("/app/system/backups").await.expect(200);
        assert!(running.text.contains("hx-get=\"/app/system/backups\"") && !running.text.contains("Back up now"), "{running}");
        assert_eq!(shop.run_jobs().await.failed, []);

        let listed = shop.admin().get("/api/v1/backups").await.expect(200);
        let name = listed.items()[0]["name"].as_str().unwrap().to_owned();
        let one = format!("/app/system/backups/{name}");
        let page = admin.get("/app/system/backups").await.expect(200);
        assert!(page.text.contains(&one) && page.text.contains("Back up now"), "{page}");
        let report = admin.get(&one).await.expect(200);
        for seen in ["Verified when it was made", listed.items()[0]["sha256"].as_str().unwrap(), &format!("{name}.db"), ">schedules<"] {
            assert!(report.text.contains(seen), "{seen} is missing in {report}");
        }
        let copy = admin.get(&format!("{one}/copy")).await.expect(200);
        assert_eq!(copy.header("content-disposition"), format!("attachment; filename=\"{name}.db\""));
        assert_eq!(&copy.bytes[..15], b"SQLite format 3");
        let manifest = shop.admin().get(&format!("/api/v1/backups/{name}/manifest")).await.expect(200);
        assert_eq!(manifest.body["sha256"], listed.items()[0]["sha256"]);
        let trail = shop.admin().get("/api/v1/events?kind=backup.taken,backup.made,backup.asked").await.expect(200);
        let kinds: Vec<&str> = trail.items().iter().map(|event| event["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["backup.taken", "backup.taken", "backup.made", "backup.asked"]);

        // It holds everything of everybody.
        shop.browser(MANAGER).await.get(&format!("{one}/copy")).await.expect(403);
        assert!(!shop.browser(MANAGER).await.get(&one).await.expect(200).text.contains("/copy"));
        for path in ["/api/v1/backups".to_owned(), format!("/api/v1/backups/{name}"), format!("/api/v1/backups/{name}/copy")] {
            shop.foreigner().get(&path).await.expect(404);
        }
        shop.foreigner().post("/api/v1/backups", json!({})).await.expect(404);
        admin.get("/app/system/backups/..%2Fkafila/copy").await.expect(404);
    }

    async fn the_log_is_read_by_level_words_and_request(shop: Shop) {
        let folder = shop.base().data_dir().join("logs");
        let admin = shop.browser(ADMIN).await;
        assert!(admin.get("/app/system/logs").await.expect(200).text.contains("The log is empty"));
        fs::create_dir_all(&folder).unwrap();
        let lines = [
            r#"{"timestamp":"2026-11-21T08:00:00Z","level":"INFO","message":"Started <b>","target":"app"}"#,
            r#"{"timestamp":"2026-11-21T08:02:00Z","level":"ERROR","message":"A request failed","reference":"ab-12","target":"web::frame"}"#,
        ];
        fs::write(folder.join("kafila.2026-11-21.log"), lines.join("\n")).unwrap();
        let page = admin.get("/app/system/logs").await.expect(200);
        assert!(page.text.contains("A request failed") && page.text.contains("Started &#60;b&#62;"), "{page}");
        assert!(page.text.contains("/app/system/logs?request=ab-12"), "{page}");
        let errors = admin.get("/app/system/logs?level=error").await.expect(200);
        assert!(errors.text.contains("A request failed") && !errors.text.contains("Started"), "{errors}");
        let followed = admin.get("/app/system/logs?live=1&text=started").await.expect(200);
        assert!(followed.text.contains("every 3s") && !followed.text.contains("A request failed"), "{followed}");
        let none = admin.get("/app/system/logs?text=camel").await.expect(200);
        assert!(none.text.contains("No line matches"), "{none}");
        let api = shop.admin().get("/api/v1/logs?request_id=ab-12").await.expect(200);
        assert_eq!((api.items().len(), &api.items()[0]["level"]), (1, &json!("error")));
        let first = shop.admin().get("/api/v1/logs?limit=1").await.expect(200);
        let next = first.body["next_cursor"].as_str().unwrap();
        let second = shop.admin().get(&format!("/api/v1/logs?limit=1&cursor={next}")).await.expect(200);
        assert_eq!(second.items()[0]["message"], "Started <b>");
        assert_eq!(shop.admin().get("/api/v1/logs?cursor=../x").await.expect(422).fields(), ["cursor: cursor"]);
        shop.foreigner().get("/api/v1/logs").await.expect(404);
    }

    async fn the_trail_is_filtered_opened_proven_and_taken_out(shop: Shop) {
        let order = shop.order().by(shop.agent()).await;
        shop.manager().with_header("x-request-id", "call-77").patch(&order.path(""), json!({"priority": "high"})).await.expect(200);
        let admin = shop.browser(ADMIN).await;
        let page = admin.get(&format!("/app/audit?subject={}", order.id)).await.expect(200);
        for seen in ["Mourad Manager", "changed an order", "placed an order", "priority", "normal", "high", "call-77", &format!("/app/orders/{}", order.id)] {
            assert!(page.text.contains(seen), "{seen} is missing in {page}");
        }
        let one = admin.get(&format!("/app/audit?subject={}&kind=order.placed", order.id)).await.expect(200);
        assert!(!one.text.contains("<b><bdi>Mourad Manager") && one.text.contains("1 event<"), "{one}");
        let area = admin.get("/app/audit?kind=order.*&from=2026-11-21&to=2026-11-21").await.expect(200);
        assert!(area.text.contains("changed an order") && !area.text.contains("<span class=\"two\">signed in"), "{area}");
        assert!(admin.get("/app/audit?to=2020-01-01").await.expect(200).text.contains("No event matches"));
        let wrong = admin.get("/app/audit?subject=order").await.expect(422);
        assert!(wrong.text.contains("role=\"alert\""), "{wrong}");
        // Page by page, to the end.
        let mut at = "/app/audit".to_owned();
        for _ in 0..3 {
            let page = admin.get(&at).await.expect(200);
            let Some(next) = page.text.split("href=\"").find(|rest| rest.starts_with("/app/audit?before=")) else { break };
            at = next.split('"').next().unwrap().to_owned();
        }

        admin.submit("/app/audit/verify", &[]).await.expect(303);
        admin.submit("/app/audit/verify", &[]).await.expect(409);
        assert!(admin.get("/app/audit").await.expect(200).text.contains("The trail is being checked."));
        assert_eq!(shop.run_jobs().await.failed, []);
        let whole = admin.get("/app/audit").await.expect(200);
        assert!(whole.text.contains("Nobody has changed the trail") && whole.text.contains("Karima Admin"), "{whole}");

        let led = admin.submit("/app/audit/export", &[("subject", &order.id), ("format", "csv")]).await.expect(303);
        assert!(led.header("location").contains(&format!("subject={}", order.id)));
        assert_eq!(shop.run_jobs().await.failed, []);
        let ready = admin.get("/app/audit").await.expect(200);
        let href = ready.text.split("href=\"").find(|rest| rest.starts_with("/app/tasks/")).unwrap_or_else(|| panic!("no file in {ready}"));
        let file = admin.get(href.split('"').next().unwrap()).await.expect(200);
        assert!(file.text.contains("order.placed") && file.text.contains("Amel Agent") && file.text.contains("priority"), "{file}");
        assert_eq!(file.text.lines().count(), 3, "{file}");
        // By API in the same way; whoever may not read the trail gets no file of it.
        let begun = shop.admin().post("/api/v1/exports", json!({"what": "events", "filter": {"kind": "order.placed"}, "format": "xlsx"})).await.expect(202);
        assert_eq!(shop.run_jobs().await.failed, []);
        let task = shop.admin().get(&format!("/api/v1/tasks/{}", begun.id())).await.expect(200);
        assert_eq!((&task.body["state"], &task.body["result"]["rows"]), (&json!("done"), &json!(1)), "{task}");
        shop.role("agent_suivi").post("/api/v1/exports", json!({"what": "events"})).await.expect(403);
        assert_eq!(shop.admin().post("/api/v1/exports", json!({"what": "events", "filter": {"kind": "order.eaten"}})).await.expect(422).fields(), ["kind: format"]);
        shop.browser(AGENT).await.get("/app/audit").await.expect(403);
        assert!(!shop.browser(FOREIGNER).await.get("/app/audit").await.expect(200).text.contains(&order.id));
    }

    async fn a_trail_that_somebody_changed_is_said_to_be_broken(shop: Shop) {
        let order = shop.order().await;
        let id = order.id.clone();
        loop {
            let schedules = shop.admin().get("/api/v1/schedules").await.expect(200);
            let seal = schedules.items().iter().find(|one| one["name"] == "seal_events").unwrap()["id"].as_str().unwrap().to_owned();
            shop.admin().post(&format!("/api/v1/schedules/{seal}/run"), json!({})).await.expect(202);
            assert!(shop.run_jobs().await.failed.is_empty());
            let seen = shop.admin().get(&format!("/api/v1/events?subject={id}")).await.expect(200);
            if seen.items()[0]["is_sealed"] == true {
                break;
            }
            tokio::task::yield_now().await;
        }
        // The same change a second time takes it back, so that the end finds the trail whole.
        let forge = async || shop.edge().await.write(|tx, _| tx.execute("update events set automated = 1 - automated where org_id = $1 and kind = 'order.placed'", db::params![tx.org()])).await.unwrap();
        forge().await;
        let admin = shop.browser(ADMIN).await;
        admin.submit("/app/audit/verify", &[]).await.expect(303);
        assert_eq!(shop.run_jobs().await.failed, []);
        let page = admin.get("/app/audit").await.expect(200);
        forge().await;
        assert!(page.text.contains("An event was changed: evt_"), "{page}");
    }

    async fn long_work_is_listed_with_its_file_and_stopped(shop: Shop) {
        let manager = shop.manager();
        let begun = manager.post("/api/v1/exports", json!({"what": "orders"})).await.expect(202);
        let admin = shop.browser(ADMIN).await;
        let page = admin.get("/app/system/tasks").await.expect(200);
        assert!(page.text.contains("Make a file") && page.text.contains(&format!("/app/tasks/{}/stop", begun.id())), "{page}");
        admin.clone().with_header("Referer", "http://shop.test/app/system/tasks").submit(&format!("/app/tasks/{}/stop", begun.id()), &[]).await.expect(303);
        shop.run_jobs().await;
        let task = manager.get(&format!("/api/v1/tasks/{}", begun.id())).await.expect(200);
        assert_eq!(task.body["state"], "cancelled", "{task}");
        assert!(admin.get("/app/system/tasks").await.expect(200).text.contains("Stopped"));
        admin.submit(&format!("/app/tasks/{}/stop", begun.id()), &[]).await.expect(409);
    }
}
