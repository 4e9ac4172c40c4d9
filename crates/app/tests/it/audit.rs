//! The audit trail: complete, filtered, exported, and sealed so that a later change shows.

use db::params;
use serde_json::{Value, json};
use testkit::{Shop, both};

async fn verified(shop: &Shop) -> Value {
    shop.admin().post("/api/v1/events/verify", json!({})).await.expect(200).body
}

/// Seals what is old enough. Events rest for two seconds of the real clock, so it is asked until some have.
async fn sealed(shop: &Shop) {
    let schedules = shop.admin().get("/api/v1/schedules").await.expect(200);
    let seal = schedules.items().iter().find(|one| one["name"] == "seal_events").unwrap()["id"].as_str().unwrap().to_owned();
    loop {
        shop.admin().post(&format!("/api/v1/schedules/{seal}/run"), json!({})).await.expect(202);
        assert!(shop.run_jobs().await.failed.is_empty());
        if verified(shop).await["sealed"].as_i64() >= Some(5) {
            return;
        }
        tokio::task::yield_now().await;
    }
}

async fn change(shop: &Shop, sql: &'static str) {
    let changed = shop.edge().await.write(move |tx, _| tx.execute(sql, params![tx.org()])).await.unwrap();
    assert_eq!(changed, 1, "{sql}");
}

both! {
    async fn everything_that_people_do_is_in_the_trail(shop: Shop) {
        let order = shop.order().by(shop.agent()).await;
        shop.agent().with_header("x-request-id", "call-77").post(&order.path("/confirm"), json!({"note": "=1+1, \"quoted\""})).await.expect(200);
        shop.manager().patch(&order.path(""), json!({"priority": "high"})).await.expect(200);
        shop.admin().post("/api/v1/roles", json!({"name": "Night", "permissions": ["order.read"]})).await.expect(201);
        let me = |client: testkit::Client| async move { client.get("/api/v1/me").await.expect(200).body["user"]["id"].as_str().unwrap().to_owned() };
        let (agent, manager) = (me(shop.agent()).await, me(shop.manager()).await);
        let trail = async |query: &str| {
            let answer = shop.admin().get(&format!("/api/v1/events?limit=200&{query}")).await.expect(200);
            answer.items().iter().map(|event| event["kind"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(trail(&format!("subject={}", order.id)).await, ["order.changed", "order.moved", "order.placed"]);
        assert_eq!(trail(&format!("actor={agent}&from=2026-11-21T09:00:00Z&kind=order.placed,order.moved,order.changed")).await, ["order.moved", "order.placed"]);
        assert_eq!(trail(&format!("actor={manager}&kind=order.changed")).await, ["order.changed"]);
        assert_eq!(trail("kind=role.created&actor=system").await.len(), 7);
        assert_eq!(trail("until=2026-11-21T09:00:00Z").await.len(), 0);
        let moved = shop.admin().get("/api/v1/events?kind=order.moved").await.expect(200).items()[0].clone();
        assert_eq!((&moved["request_id"], &moved["subject"], &moved["actor"]["id"]), (&json!("call-77"), &json!(order.id), &json!(agent)));

        // Page by page it is the same trail.
        let (mut paged, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = shop.admin().get(&format!("/api/v1/events?limit=7{cursor}")).await.expect(200);
            paged.extend(page.items().iter().map(|event| event["id"].as_str().unwrap().to_owned()));
            let Some(next) = page.body["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        let whole = shop.admin().get("/api/v1/events?limit=200").await.expect(200);
        assert_eq!(paged, whole.items().iter().map(|event| event["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>());

        let ndjson = shop.admin().get("/api/v1/events/export").await.expect(200);
        let lines: Vec<Value> = ndjson.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!((lines.len(), ndjson.header("content-type")), (paged.len(), "application/x-ndjson"));
        assert_eq!(&lines[0]["id"], &json!(paged[0]));
        let csv = shop.admin().get(&format!("/api/v1/events/export?format=csv&subject={}", order.id)).await.expect(200);
        assert_eq!(csv.text.lines().count(), 4);
        assert!(csv.text.contains("\"'=1+1, \"\"quoted\"\"\""), "a spreadsheet must not run it: {}", csv.text);
        assert_eq!(csv.header("content-disposition"), "attachment; filename=\"events-2026-11-21.csv\"");

        for (query, expected) in [("subject=order", "subject: format"), ("kind=order.eaten", "kind: format"), ("actor=amel", "actor: format"), ("from=today", "from: format"), ("cursor=1", "cursor: cursor")] {
            assert_eq!(shop.admin().get(&format!("/api/v1/events?{query}")).await.expect(422).fields(), [expected]);
        }
        assert_eq!(shop.admin().get("/api/v1/events/export?format=xml").await.expect(422).fields(), ["format: format"]);
        for path in ["/api/v1/events", "/api/v1/events/export"] {
            shop.agent().get(path).await.expect(403);
            assert!(!shop.foreigner().get(path).await.expect(200).text.contains(&order.id));
        }
    }

    async fn a_changed_event_breaks_the_chain_and_is_named(shop: Shop) {
        for _ in 0..3 {
            shop.order().confirmed().await;
        }
        sealed(&shop).await;
        let whole = verified(&shop).await;
        assert_eq!((&whole["is_whole"], &whole["checked"], &whole["broken"]), (&json!(true), &whole["sealed"], &Value::Null));

        change(&shop, "update events set data = data || ' ' where org_id = $1 and chain_seq = 2").await;
        let broken = verified(&shop).await;
        assert_eq!((&broken["is_whole"], &broken["broken"]), (&json!(false), &json!("altered")));
        let events = shop.admin().get("/api/v1/events?limit=200").await.expect(200);
        assert!(events.items().iter().any(|event| event["id"] == broken["event_id"]));
        change(&shop, "update events set data = substr(data, 1, length(data) - 1) where org_id = $1 and chain_seq = 2").await;
        assert_eq!(verified(&shop).await["is_whole"], true);

        change(&shop, "update events set at = at + 1 where org_id = $1 and chain_seq = 3").await;
        assert_eq!(verified(&shop).await["broken"], "altered", "when it happened is sealed, too");
        change(&shop, "update events set at = at - 1 where org_id = $1 and chain_seq = 3").await;
        change(&shop, "update events set actor_kind = 'customer' where org_id = $1 and chain_seq = 1").await;
        assert_eq!(verified(&shop).await["broken"], "altered", "and who did it");
        change(&shop, "update events set actor_kind = 'system' where org_id = $1 and chain_seq = 1").await;

        // Cut out, and put back.
        change(&shop, "update events set chain_seq = -4 where org_id = $1 and chain_seq = 4").await;
        let removed = verified(&shop).await;
        assert_eq!((&removed["broken"], &removed["missing_from"]), (&json!("removed"), &json!(4)));
        change(&shop, "update events set chain_seq = 4 where org_id = $1 and chain_seq = -4").await;
        assert_eq!(verified(&shop).await["is_whole"], true);
        shop.agent().post("/api/v1/events/verify", json!({})).await.expect(403);
    }
}
