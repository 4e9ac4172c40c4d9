//! Problems that go up the team: agent, team manager, admin.

use kernel::Time;
use serde_json::{Value, json};
use testkit::{AGENT, Answer, Client, NEIGHBOUR, PlacedOrder, Shop, both};

use crate::streams::Stream;

async fn escalate(by: &Client, order: &PlacedOrder) -> Answer {
    by.post(&order.path("/escalations"), json!({"reason": "complaint", "message": "The parcel is lost and she wants her money"})).await
}

fn path(escalation: &Answer, step: &str) -> String {
    format!("/api/v1/escalations/{}{step}", escalation.id())
}

async fn list(by: &Client, query: &str) -> Vec<String> {
    let found = by.get(&format!("/api/v1/escalations?{query}")).await.expect(200);
    assert_eq!(found.body["total"], found.items().len(), "{query}");
    let due: Vec<&str> = found.items().iter().map(|one| one["due_at"].as_str().unwrap()).collect();
    assert!(due.is_sorted(), "{due:?}");
    found.items().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
}

async fn waiting_mails(shop: &Shop) -> usize {
    let jobs = shop.admin().get("/api/v1/jobs?kind=send_mail&limit=200").await.expect(200);
    jobs.items().len()
}

/// To this moment, with everything that is due on the way.
async fn until(shop: &Shop, at: &str) {
    let at = Time::parse(at).unwrap();
    shop.advance(at.since_us(shop.now()) / Time::SECOND);
    shop.run_jobs().await;
}

both! {
    async fn a_problem_goes_up_is_answered_and_settled(shop: Shop) {
        let order = shop.order().await;
        let levels = shop.agent().get("/api/v1/escalations/path").await.expect(200);
        let names: Vec<(&Value, &Value)> = levels.items().iter().map(|level| (&level["name"], &level["hours"])).collect();
        assert_eq!(names, [(&Value::Null, &json!(8)), (&json!("Team Manager"), &json!(8)), (&json!("Admin"), &json!(16))]);
        let agent = shop.agent().get("/api/v1/me").await.expect(200).body["user"]["id"].clone();
        let manager = shop.manager().get("/api/v1/me").await.expect(200).body["user"]["id"].clone();

        let raised = escalate(&shop.agent(), &order).await.expect(201);
        let body = &raised.body;
        assert_eq!((&body["state"], &body["level"], &body["level_name"], &body["label"]), (&json!("open"), &json!(1), &json!("Team Manager"), &json!("Complaint of the customer")));
        assert_eq!((&body["raised_by"]["id"], &body["owner_id"], &body["is_overdue"]), (&agent, &Value::Null, &json!(false)));
        assert_eq!(escalate(&shop.agent(), &order).await.expect(409).code(), "escalation.open");
        assert_eq!(shop.agent().get(&order.path("")).await.expect(200).body["escalation"]["id"], body["id"]);

        shop.colleague().post(&path(&raised, "/acknowledge"), json!({})).await.expect(403);
        let taken = shop.manager().post(&path(&raised, "/acknowledge"), json!({"version": 1})).await.expect(200);
        assert_eq!((&taken.body["state"], &taken.body["owner_id"], &taken.body["acknowledged_at"]), (&json!("acknowledged"), &manager, &json!("2026-11-21T09:00:00Z")));
        assert_eq!(shop.manager().post(&path(&raised, "/answer"), json!({"message": "x", "version": 1})).await.expect(409).code(), "stale");
        assert_eq!(shop.manager().post(&path(&raised, "/answer"), json!({"message": " "})).await.expect(422).fields(), ["message: required"]);
        shop.agent().post(&path(&raised, "/answer"), json!({"message": "x"})).await.expect(403);
        let answered = shop.manager().post(&path(&raised, "/answer"), json!({"message": "Send it again, we pay"})).await.expect(200);
        let body = &answered.body;
        assert_eq!((&body["state"], &body["level"], &body["owner_id"], &body["answer"]), (&json!("answered"), &json!(0), &agent, &json!("Send it again, we pay")));
        assert_eq!((&body["answered_by"]["id"], &body["level_name"]), (&manager, &Value::Null));
        assert_eq!(shop.manager().post(&path(&raised, "/answer"), json!({"message": "again"})).await.expect(409).code(), "escalation.state");

        // It does not help, so it goes up again, and further.
        let again = shop.agent().post(&path(&raised, "/pass-up"), json!({"message": "She refuses"})).await.expect(200);
        assert_eq!((&again.body["state"], &again.body["level"], &again.body["owner_id"]), (&json!("open"), &json!(1), &Value::Null));
        assert_eq!(shop.manager().post(&path(&raised, "/pass-up"), json!({"message": "x", "level": 1})).await.expect(422).fields(), ["level: range"]);
        let higher = shop.manager().post(&path(&raised, "/pass-up"), json!({"message": "I may not decide this"})).await.expect(200);
        assert_eq!((&higher.body["level"], &higher.body["level_name"]), (&json!(2), &json!("Admin")));
        let refused = shop.manager().post(&path(&raised, "/resolve"), json!({})).await.expect(409);
        assert_eq!((refused.code(), &refused.body["title"]), ("escalation.level", &json!("This waits for Admin.")));
        assert_eq!(shop.admin().post(&path(&raised, "/pass-up"), json!({"message": "x"})).await.expect(409).code(), "escalation.top");
        let settled = shop.admin().post(&path(&raised, "/resolve"), json!({"message": "Money back"})).await.expect(200);
        assert_eq!((&settled.body["state"], &settled.body["resolution"]), (&json!("resolved"), &json!("Money back")));
        assert_eq!(shop.admin().post(&path(&raised, "/acknowledge"), json!({})).await.expect(409).code(), "escalation.state");

        let read = shop.agent().get(&path(&raised, "")).await.expect(200);
        let steps: Vec<(&str, Option<&str>)> =
            read.body["history"].as_array().unwrap().iter().map(|event| (event["kind"].as_str().unwrap(), event["text"].as_str())).collect();
        assert_eq!(steps, [
            ("order.escalated", Some("The parcel is lost and she wants her money")), ("order.escalation_acknowledged", None),
            ("order.escalation_answered", Some("Send it again, we pay")), ("order.escalation_moved", Some("She refuses")),
            ("order.escalation_moved", Some("I may not decide this")), ("order.escalation_resolved", Some("Money back")),
        ]);
        assert_eq!(read.body["order"]["number"], order.number);
        assert!(shop.agent().get(&order.path("")).await.expect(200).body.get("escalation").is_none());
        let next = escalate(&shop.agent(), &order).await.expect(201);
        shop.agent().post(&path(&next, "/resolve"), json!({})).await.expect(200);
        assert_eq!(shop.agent().get(&order.path("/escalations")).await.expect(200).items().len(), 2, "whoever passed it up may settle it");
    }

    async fn what_nobody_answers_in_time_goes_up_by_itself(shop: Shop) {
        // Saturday to Thursday, eight to five, in Algiers: an hour before London.
        let hours = json!([{"opens": 480, "closes": 1_020}]);
        let mut calendar = json!({"zone": "Africa/Algiers", "hours": {}, "holidays": ["2026-11-23"]});
        for day in ["saturday", "sunday", "monday", "tuesday", "wednesday", "thursday"] {
            calendar["hours"][day] = hours.clone();
        }
        shop.admin().patch(&format!("/api/v1/stores/{}", shop.main()), json!({"calendar": calendar, "version": 1})).await.expect(200);
        let order = shop.order().await;
        // Saturday at ten: six hours are left today, then two tomorrow.
        let raised = escalate(&shop.agent(), &order).await.expect(201);
        assert_eq!(raised.body["due_at"], "2026-11-22T08:00:00Z");
        let read = async || shop.admin().get(&path(&raised, "")).await.expect(200).body;
        until(&shop, "2026-11-22T07:59:59Z").await;
        assert_eq!(read().await["level"], 1);
        // Having it is not having settled it.
        shop.manager().post(&path(&raised, "/acknowledge"), json!({})).await.expect(200);
        until(&shop, "2026-11-22T08:00:00Z").await;
        let moved = read().await;
        // Sixteen hours more: eight on Sunday, none on the holiday, eight on Tuesday.
        assert_eq!((&moved["level"], &moved["state"], &moved["owner_id"], &moved["due_at"]), (&json!(2), &json!("open"), &Value::Null, &json!("2026-11-24T15:00:00Z")));
        let last = moved["history"].as_array().unwrap().last().unwrap();
        assert_eq!((&last["kind"], &last["data"]["is_overdue"], &last["automated"]), (&json!("order.escalation_moved"), &json!(true), &json!(true)));

        until(&shop, "2026-11-24T16:00:00Z").await;
        let late = read().await;
        assert_eq!((&late["level"], &late["is_overdue"], &late["state"]), (&json!(2), &json!(true), &json!("open")));
        until(&shop, "2026-11-26T16:00:00Z").await;
        let kinds: Vec<String> = read().await["history"].as_array().unwrap().iter().map(|event| event["kind"].as_str().unwrap().to_owned()).collect();
        assert_eq!(kinds.iter().filter(|kind| *kind == "order.escalation_overdue").count(), 1, "said once");
        assert_eq!(list(&shop.admin(), "overdue=true").await, [raised.id()]);

        // An answer that the agent leaves lying goes up, too; a settled one does not.
        shop.admin().post(&path(&raised, "/answer"), json!({"message": "Do this"})).await.expect(200);
        assert_eq!((list(&shop.admin(), "overdue=true").await.len(), read().await["level"].clone()), (0, json!(0)));
        until(&shop, "2026-11-28T16:00:00Z").await;
        assert_eq!(read().await["level"], 1);
        shop.manager().post(&path(&raised, "/resolve"), json!({})).await.expect(200);
        until(&shop, "2026-12-05T16:00:00Z").await;
        assert_eq!((&read().await["level"], &read().await["state"]), (&json!(1), &json!("resolved")));
    }

    async fn open_escalations_are_listed_and_counted_by_level_and_by_whose_they_are(shop: Shop) {
        let (one, two, other) = (shop.order().await, shop.order().with("priority", json!("urgent")).await, shop.order().in_second_store().await);
        let first = escalate(&shop.agent(), &one).await.expect(201);
        shop.advance(60);
        let second = shop.manager().post(&two.path("/escalations"), json!({"reason": "price_exception", "message": "Half price?"})).await.expect(201);
        shop.advance(60);
        let third = escalate(&shop.neighbour(), &other).await.expect(201);
        assert_eq!((&second.body["level"], &third.body["level"]), (&json!(2), &json!(1)), "one above one's own");
        let admin = shop.admin();
        assert_eq!(list(&admin, "").await.len(), 3);
        assert_eq!(list(&admin, "level=1").await, [first.id(), third.id()]);
        assert_eq!(list(&admin, "level=2").await, [second.id()]);
        assert_eq!(list(&admin, "mine=true").await, [second.id()]);
        assert_eq!(list(&shop.manager(), "mine=true").await, [first.id(), third.id()]);
        assert_eq!(list(&shop.agent(), "").await, [first.id(), second.id()], "of what one sees");
        assert_eq!(list(&shop.neighbour(), "").await, [third.id()]);
        assert_eq!(list(&shop.foreigner(), "").await.len(), 0);
        assert_eq!(list(&admin, &format!("store_id={}", shop.second())).await, [third.id()]);
        let shown = admin.get("/api/v1/escalations?level=2").await.expect(200);
        let of = &shown.items()[0]["order"];
        assert_eq!((&of["number"], &of["priority"], &of["customer_name"]), (&json!(two.number), &json!("urgent"), &json!("Amina Benali")));
        shop.manager().post(&path(&first, "/acknowledge"), json!({})).await.expect(200);
        assert_eq!(list(&admin, "state=acknowledged").await, [first.id()]);
        assert_eq!(list(&shop.manager(), "mine=true").await, [first.id(), third.id()]);

        let counts = async |by: &Client| by.get("/api/v1/escalations/counts").await.expect(200).body;
        assert_eq!(counts(&admin).await, json!({"open": 3, "by_level": [{"level": 1, "open": 2}, {"level": 2, "open": 1}], "overdue": 0, "mine": 1}));
        assert_eq!(counts(&shop.manager()).await["mine"], 2);
        assert_eq!((counts(&shop.neighbour()).await["open"].clone(), counts(&shop.foreigner()).await["open"].clone()), (json!(1), json!(0)));
        shop.manager().post(&path(&first, "/answer"), json!({"message": "Yes"})).await.expect(200);
        assert_eq!(list(&shop.agent(), "mine=true").await, [first.id()]);
        assert_eq!(counts(&admin).await["by_level"], json!([{"level": 0, "open": 1}, {"level": 1, "open": 1}, {"level": 2, "open": 1}]));
        shop.agent().post(&path(&first, "/resolve"), json!({})).await.expect(200);
        assert_eq!(counts(&admin).await["open"], 2);

        // Page by page nobody is left out.
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = admin.get(&format!("/api/v1/escalations?limit=1{cursor}")).await.expect(200);
            assert_eq!(page.body["total"], 2);
            seen.extend(page.items().iter().map(|one| one["id"].as_str().unwrap().to_owned()));
            match page.body["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        seen.sort();
        let mut expected = vec![second.id().to_owned(), third.id().to_owned()];
        expected.sort();
        assert_eq!(seen, expected);
        assert_eq!(admin.get("/api/v1/escalations?cursor=x").await.expect(422).fields(), ["cursor: cursor"]);
    }

    async fn the_people_of_a_level_get_a_mail(shop: Shop) {
        let order = shop.order().await;
        let raised = escalate(&shop.agent(), &order).await.expect(201);
        shop.run_jobs().await;
        assert_eq!(waiting_mails(&shop).await, 1, "the one manager");
        let folder = shop.base().data_dir().join("mail");
        let mails = || std::fs::read_dir(&folder).unwrap().map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap()).collect::<Vec<_>>();
        let [first] = &mails()[..] else { panic!("one mail") };
        assert!(first.contains("manager@shop.test") && first.contains(&format!("Order {}", order.number)), "{first}");
        shop.manager().post(&path(&raised, "/answer"), json!({"message": "Send it again"})).await.expect(200);
        shop.run_jobs().await;
        let back = mails().into_iter().find(|mail| mail.contains("agent@shop.test")).expect("the agent hears of the answer");
        assert!(back.contains("Send it again"), "{back}");
        // What has moved on meanwhile is told once, as it stands.
        shop.agent().post(&path(&raised, "/pass-up"), json!({"message": "No"})).await.expect(200);
        shop.manager().post(&path(&raised, "/resolve"), json!({})).await.expect(200);
        shop.run_jobs().await;
        assert_eq!(mails().len(), 2);
        shop.admin().put("/api/v1/settings/escalation", json!({"value": {"mail": false}})).await.expect(200);
        escalate(&shop.agent(), &order).await.expect(201);
        shop.run_jobs().await;
        assert_eq!(mails().len(), 2);
    }

    async fn those_who_may_see_the_order_hear_of_its_escalation(shop: Shop) {
        let address = shop.listen().await.to_string();
        let (order, other) = (shop.order().await, shop.order().in_second_store().await);
        let mut agent = Stream::open(&address, &shop.token(&AGENT).await, None).await;
        let mut neighbour = Stream::open(&address, &shop.token(&NEIGHBOUR).await, None).await;
        let raised = escalate(&shop.agent(), &order).await.expect(201);
        agent.until_change("escalation", raised.id()).await;
        shop.manager().post(&path(&raised, "/acknowledge"), json!({})).await.expect(200);
        agent.until_change("escalation", raised.id()).await;
        let theirs = escalate(&shop.neighbour(), &other).await.expect(201);
        loop {
            let told = neighbour.next_change().await;
            if told.data["topic"] == "escalation" {
                assert_eq!(told.data["id"], theirs.id(), "of their own store alone");
                break;
            }
        }
    }

    async fn the_path_is_the_teams_own(shop: Shop) {
        let admin = shop.admin();
        let role = admin.post("/api/v1/roles", json!({"name": "Quality", "permissions": ["order.read", "order.see_all", "store.see_all", "escalation.handle"]})).await.expect(201);
        let set = async |value: Value| admin.put("/api/v1/settings/escalation", json!({"value": value})).await;
        for (value, expected) in [
            (json!({"levels": []}), vec!["value.levels: range"]),
            (json!({"levels": [{"role": "nobody_such", "hours": 8}]}), vec!["value.levels[0].role: role.unknown"]),
            (json!({"levels": [{"role": "admin", "hours": 0}], "agent_hours": 1_001}), vec!["value.agent_hours: setting.range", "value.levels[0].hours: setting.range"]),
            (json!({"levels": [{"role": "", "hours": 1}]}), vec!["value.levels[0].role: required"]),
            (json!({"levels": ["admin"]}), vec!["value.levels: setting.type"]),
        ] {
            let mut fields = set(value).await.expect(422).fields();
            fields.sort();
            assert_eq!(fields, expected);
        }
        set(json!({"levels": [{"role": role.id(), "hours": 2}, {"role": "admin", "hours": 4}]})).await.expect(200);
        let levels = shop.agent().get("/api/v1/escalations/path").await.expect(200);
        assert_eq!((&levels.items()[1]["name"], &levels.items()[1]["role_id"]), (&json!("Quality"), &json!(role.id())));
        let order = shop.order().await;
        let raised = escalate(&shop.agent(), &order).await.expect(201);
        assert_eq!(shop.manager().post(&path(&raised, "/acknowledge"), json!({})).await.expect(409).code(), "escalation.level", "no manager on this path");
        admin.post(&path(&raised, "/acknowledge"), json!({})).await.expect(200);
        // A path that became shorter leaves nothing behind that nobody may settle.
        admin.post(&path(&raised, "/pass-up"), json!({"message": "x"})).await.expect(200);
        set(json!({"levels": [{"role": "team_manager", "hours": 8}]})).await.expect(200);
        assert_eq!(admin.get(&path(&raised, "")).await.expect(200).body["level_name"], "Team Manager");
        shop.manager().post(&path(&raised, "/resolve"), json!({})).await.expect(200);
        // A rule may give it to the agent alone, who has her own hours.
        let key = admin.post("/api/v1/api-keys", json!({"name": "rules"})).await.expect(201);
        let bot = shop.bearer(key.body["secret"].as_str().unwrap());
        let low = bot.post(&order.path("/escalations"), json!({"reason": "unresolved", "message": "Two messages unanswered", "level": 0})).await.expect(201);
        assert_eq!((&low.body["level"], &low.body["raised_by"]["kind"]), (&json!(0), &json!("api_key")));
        shop.agent().post(&path(&low, "/acknowledge"), json!({})).await.expect(200);
        shop.agent().post(&path(&low, "/resolve"), json!({"message": "Called"})).await.expect(200);
    }

    async fn who_may_not_see_the_order_does_not_find_its_escalation(shop: Shop) {
        let order = shop.order().await;
        for (body, expected) in [
            (json!({"message": "x"}), "reason: required"), (json!({"reason": "complaint"}), "message: required"), (json!({"reason": "nothing", "message": "x"}), "reason: unknown"),
            (json!({"reason": "other", "message": " "}), "message: required"), (json!({"reason": "other", "message": "x", "level": 3}), "level: range"),
            (json!({"reason": "other", "message": "x".repeat(10_001)}), "message: too_long"), (json!({"reason": "other", "message": "x", "to": "me"}), "to: unknown_field"),
        ] {
            assert_eq!(shop.agent().post(&order.path("/escalations"), body).await.expect(422).fields(), [expected]);
        }
        let once = shop.agent().once("up");
        let raised = escalate(&once, &order).await.expect(201);
        assert_eq!(escalate(&once, &order).await.expect(201).text, raised.text);
        for by in [shop.neighbour(), shop.foreigner()] {
            by.get(&path(&raised, "")).await.expect(404);
            by.post(&path(&raised, "/pass-up"), json!({"message": "x"})).await.expect(404);
            by.post(&path(&raised, "/resolve"), json!({})).await.expect(404);
            by.get(&order.path("/escalations")).await.expect(404);
        }
        escalate(&shop.role("shop_owner"), &order).await.expect(403);
        shop.role("shop_owner").post(&path(&raised, "/resolve"), json!({})).await.expect(403);
        shop.weak().get("/api/v1/escalations").await.expect(403);
        shop.manager().post(&order.path("/archive"), json!({})).await.expect(200);
        shop.manager().post(&path(&raised, "/resolve"), json!({})).await.expect(200);
        assert_eq!(escalate(&shop.agent(), &order).await.expect(409).code(), "order.archived");
    }
}
