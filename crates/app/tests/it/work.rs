//! Work behind the scenes: schedules, jobs and the tasks that people wait for.

use axum::http::Method;
use kernel::JobKind;
use serde_json::{Value, json};
use testkit::{Answer, Client, Shop, both};

async fn schedule(shop: &Shop, name: &str) -> Value {
    shop.admin().get("/api/v1/schedules").await.expect(200).items().iter().find(|one| one["name"] == name).unwrap().clone()
}

fn path(schedule: &Value) -> String {
    format!("/api/v1/schedules/{}", schedule["id"].as_str().unwrap())
}

async fn upload(client: &Client, query: &str, file: &str) -> Answer {
    client.send(Method::POST, &format!("/api/v1/imports?{query}"), Some("text/csv"), file.to_owned().into()).await
}

const FILE: &str = "\
order_ref,placed_at,customer_name,customer_phone,city,province,sku,title,quantity,unit_price
F-1,2026-03-01 10:00:00,Amina,0550142387,Bir El Djir,Oran,LIN-M,Linen dress,2,8400
F-2,2026-03-02 10:00:00,Karim,0661223344,Hydra,Alger,SCA-R,Silk scarf,1,1500.50
F-3,2026-03-03 10:00:00,Lina,12,Hydra,Alger,SOAP,Soap,1,250
";

both! {
    async fn schedules_are_read_changed_and_run_at_once(shop: Shop) {
        let admin = shop.admin();
        let names: Vec<String> = admin.get("/api/v1/schedules").await.expect(200).items().iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect();
        assert_eq!(names, ["backup", "forget_inactive", "prove_counters", "purge", "seal_events", "sweep_files"]);
        let proof = schedule(&shop, "prove_counters").await;
        assert_eq!((&proof["cron"], &proof["zone"], &proof["next_at"]), (&json!("0 3 * * *"), &json!("Africa/Algiers"), &json!("2026-11-22T02:00:00Z")));
        let hours = json!({"cron": "15 4 * * 1", "zone": "Asia/Dhaka", "version": 1});
        let changed = admin.patch(&path(&proof), hours).await.expect(200);
        assert_eq!((&changed.body["next_at"], &changed.body["version"]), (&json!("2026-11-22T22:15:00Z"), &json!(2)));
        for (body, expected) in [
            (json!({"cron": "every day", "version": 2}), "cron: cron"), (json!({"cron": "0 0 30 2 *", "version": 2}), "cron: cron.never"),
            (json!({"zone": "Mars/Olympus", "version": 2}), "zone: zone"), (json!({"is_on": "yes", "version": 2}), "is_on: type"), (json!({"is_on": true}), "version: required"),
        ] {
            assert_eq!(admin.patch(&path(&proof), body).await.expect(422).fields(), [expected]);
        }
        shop.manager().patch(&path(&proof), json!({"is_on": false, "version": 2})).await.expect(403);
        shop.agent().get("/api/v1/schedules").await.expect(403);
        admin.patch("/api/v1/schedules/sch_0000000000001", json!({"is_on": false, "version": 1})).await.expect(404);

        let run = admin.post(&format!("{}/run", path(&proof)), json!({})).await.expect(202);
        let job = run.body["job_id"].as_str().unwrap().to_owned();
        assert_eq!(admin.post(&format!("{}/run", path(&proof)), json!({})).await.expect(409).code(), "schedule.running");
        assert!(shop.run_jobs().await.failed.is_empty());
        let done = admin.get(&format!("/api/v1/jobs/{job}")).await.expect(200);
        assert_eq!((&done.body["state"], &done.body["kind"], &done.body["attempts"]), (&json!("done"), &json!("prove_counters"), &json!(1)));
        shop.foreigner().get(&format!("/api/v1/jobs/{job}")).await.expect(404);
    }

    async fn schedules_fire_when_their_time_has_come_and_not_when_they_are_off(shop: Shop) {
        let admin = shop.admin();
        let purge = schedule(&shop, "purge").await;
        admin.patch(&path(&purge), json!({"is_on": false, "version": 1})).await.expect(200);
        assert_eq!(shop.fire_schedules().await, 0);
        shop.advance(86_400);
        assert!(shop.fire_schedules().await >= 3);
        let kinds = async || {
            let jobs = shop.admin().get("/api/v1/jobs?limit=200").await.expect(200);
            let mut kinds: Vec<String> = jobs.items().iter().map(|job| job["kind"].as_str().unwrap().to_owned()).collect();
            kinds.sort();
            kinds
        };
        assert_eq!(kinds().await, ["backup", "forget_inactive", "prove_counters", "seal_events", "sweep_files"]);
        // Due again before they ran: still one of each.
        shop.advance(86_400);
        shop.fire_schedules().await;
        assert_eq!(kinds().await.len(), 5);
        assert!(shop.run_jobs().await.failed.is_empty());
        let proof = schedule(&shop, "prove_counters").await;
        assert_eq!((&proof["last_at"], &proof["next_at"]), (&json!("2026-11-23T09:00:00Z"), &json!("2026-11-24T02:00:00Z")));
        assert_eq!(schedule(&shop, "purge").await["last_at"], Value::Null);
    }

    async fn a_counter_that_is_off_is_repaired_and_told(shop: Shop) {
        shop.order().confirmed().await;
        shop.edge().await.write(|tx, _| {
            tx.execute("update counters set value = value + 5 where org_id = $1 and key like '%CONFIRMED%'", db::params![tx.org()])
        }).await.unwrap();
        assert_eq!(shop.admin().get("/api/v1/orders/stats").await.expect(200).body["by_status"]["CONFIRMED"], 6);
        let proof = schedule(&shop, "prove_counters").await;
        shop.admin().post(&format!("{}/run", path(&proof)), json!({})).await.expect(202);
        shop.run_jobs().await;
        assert_eq!(shop.admin().get("/api/v1/orders/stats").await.expect(200).body["by_status"]["CONFIRMED"], 1);
        let told = shop.admin().get("/api/v1/events?kind=counter.repaired").await.expect(200);
        assert_eq!((&told.items()[0]["data"]["stored"], &told.items()[0]["data"]["counted"]), (&json!(6), &json!(1)));
    }

    async fn jobs_are_listed_called_off_and_sent_to_work_again(shop: Shop) {
        let admin = shop.admin();
        let order = shop.order().confirmed().await;
        let jobs = admin.get("/api/v1/jobs?state=waiting&kind=notify_customer").await.expect(200);
        let job = jobs.items()[0].clone();
        assert_eq!((&job["run_at"], &job["payload"]["order"]), (&json!("2026-11-21T09:00:10Z"), &json!(order.id)));
        let one = format!("/api/v1/jobs/{}", job["id"].as_str().unwrap());
        assert_eq!(admin.post(&format!("{one}/retry"), json!({})).await.expect(409).code(), "job.state");
        shop.manager().post(&format!("{one}/cancel"), json!({})).await.expect(403);
        assert_eq!(admin.post(&format!("{one}/cancel"), json!({})).await.expect(200).body["state"], "cancelled");
        assert_eq!(admin.post(&format!("{one}/cancel"), json!({})).await.expect(409).code(), "job.state");
        shop.advance(20);
        shop.run_jobs().await;
        assert_eq!(shop.agent().get(&order.path("/progress")).await.expect(200).body["notifications"], json!([]));
        shop.agent().get("/api/v1/jobs").await.expect(403);
        shop.agent().get(&one).await.expect(403);
        shop.foreigner().get(&one).await.expect(404);
        assert_eq!(admin.get("/api/v1/jobs?state=asleep").await.expect(422).fields(), ["state: format"]);

        // A job that cannot succeed dies after its attempts, is seen, and comes back when somebody says so.
        shop.jobs_may_fail();
        let dead = shop.edge().await.write(|tx, ctx| {
            let job = base::jobs::NewJob::now(ctx, JobKind::SendMessage, json!({"message": "msg_0000000000001"}));
            base::jobs::enqueue(tx, ctx, job)
        }).await.unwrap().unwrap();
        let one = format!("/api/v1/jobs/{dead}");
        for _ in 0..12 {
            shop.run_jobs().await;
            shop.advance(4_000);
        }
        let seen = admin.get(&one).await.expect(200);
        assert_eq!((&seen.body["state"], &seen.body["attempts"]), (&json!("dead"), &json!(12)));
        assert!(seen.body["last_error"].as_str().unwrap().contains("message"), "{seen}");
        assert_eq!(admin.get("/api/v1/jobs?state=dead").await.expect(200).items().len(), 1);
        let again = admin.post(&format!("{one}/retry"), json!({})).await.expect(200);
        assert_eq!((&again.body["state"], &again.body["attempts"]), (&json!("waiting"), &json!(0)));
        admin.post(&format!("{one}/cancel"), json!({})).await.expect(200);
        let trail = admin.get("/api/v1/events?kind=job.retried,job.cancelled").await.expect(200);
        assert_eq!(trail.items().len(), 3);
    }

    async fn a_file_is_brought_in_by_a_task_that_shows_how_far_it_is(shop: Shop) {
        let manager = shop.manager();
        let begun = upload(&manager, "preset=kafila&name=march.csv", FILE).await.expect(202);
        let task = format!("/api/v1/tasks/{}", begun.id());
        assert_eq!((&begun.body["kind"], &begun.body["title"], &begun.body["state"]), (&json!("import_orders"), &json!("march.csv (kafila)"), &json!("waiting")));
        assert!(shop.run_jobs().await.failed.is_empty());
        let done = manager.get(&task).await.expect(200);
        assert_eq!((&done.body["state"], &done.body["errors"]), (&json!("done"), &json!(1)));
        assert_eq!((&done.body["result"]["orders_created"], &done.body["result"]["rejected"]), (&json!(2), &json!(1)));
        let rejects = manager.get(&format!("{task}/file")).await.expect(200);
        assert!(rejects.text.contains("F-3") && rejects.header("content-type").starts_with("text/csv"), "{}", rejects.text);
        assert!(rejects.header("content-disposition").starts_with("attachment; filename="));
        let listed = manager.get("/api/v1/orders?sort=created_at").await.expect(200);
        assert_eq!((&listed.items()[0]["external_ref"], &listed.items()[0]["channel"], &listed.items()[0]["total"]["amount"]), (&json!("F-1"), &json!("import"), &json!(1_680_000)));
        // The same file again changes nothing.
        upload(&manager, "preset=kafila&name=march.csv", FILE).await.expect(202);
        shop.run_jobs().await;
        assert_eq!(manager.get("/api/v1/orders").await.expect(200).body["total"], 2);

        // A task is its owner's and the administrators'.
        shop.role("agent_suivi").get(&task).await.expect(404);
        shop.admin().get(&task).await.expect(200);
        shop.foreigner().get(&task).await.expect(404);
        assert_eq!(shop.agent().get("/api/v1/tasks").await.expect(200).items().len(), 0);
        assert_eq!(manager.get("/api/v1/tasks").await.expect(200).items().len(), 2);
        assert_eq!(manager.post(&format!("{task}/cancel"), json!({})).await.expect(409).code(), "task.state");
        assert_eq!(manager.get("/api/v1/tasks?open=true").await.expect(200).items().len(), 0);
    }

    async fn a_dry_run_keeps_nothing_and_a_task_can_be_called_off(shop: Shop) {
        let manager = shop.manager();
        let dry = upload(&manager, "preset=kafila&dry_run=true", FILE).await.expect(202);
        assert!(shop.run_jobs().await.failed.is_empty());
        let done = manager.get(&format!("/api/v1/tasks/{}", dry.id())).await.expect(200);
        assert_eq!((&done.body["result"]["orders_created"], &done.body["result"]["dry_run"]), (&json!(2), &json!(true)));
        assert_eq!(manager.get("/api/v1/orders").await.expect(200).body["total"], 0);
        let called_off = upload(&manager, "preset=kafila", FILE).await.expect(202);
        let cancelled = manager.post(&format!("/api/v1/tasks/{}/cancel", called_off.id()), json!({})).await.expect(200);
        assert_eq!(cancelled.body["state"], "cancelled");
        shop.run_jobs().await;
        assert_eq!(manager.get("/api/v1/orders").await.expect(200).body["total"], 0);

        assert_eq!(upload(&manager, "preset=kafila", "").await.expect(422).fields(), ["file: import.empty"]);
        assert_eq!(upload(&manager, "", FILE).await.expect(422).fields(), ["preset: required"]);
        assert_eq!(upload(&manager, "preset=excel", FILE).await.expect(422).fields(), ["preset: format"]);
        assert_eq!(upload(&manager, "preset=olist", FILE).await.expect(422).fields(), ["preset: import.folder_by_command"]);
        upload(&shop.agent(), "preset=kafila", FILE).await.expect(403);
        let form = format!("--b\r\nContent-Disposition: form-data; name=\"preset\"\r\n\r\nkafila\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"form.csv\"\r\nContent-Type: text/csv\r\n\r\n{FILE}\r\n--b--\r\n");
        let begun = manager.send(Method::POST, "/api/v1/imports", Some("multipart/form-data; boundary=b"), form.into()).await.expect(202);
        assert_eq!(begun.body["title"], "form.csv (kafila)");
        let once = manager.once("upload");
        let first = upload(&once, "preset=kafila&name=a.csv", "title,quantity,unit_price\nA,1,1\n").await.expect(202);
        assert_eq!(upload(&once, "preset=kafila&name=a.csv", "title,quantity,unit_price\nA,1,1\n").await.expect(202).text, first.text);
        assert_eq!(upload(&once, "preset=kafila&name=a.csv", "title,quantity,unit_price\nB,1,1\n").await.expect(422).code(), "idempotency.other_body");
    }
}
