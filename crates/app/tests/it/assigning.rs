//! Whose an order is: by the API, from its page, from the short look beside the list.

use serde_json::{Value, json};
use testkit::{ADMIN, AGENT, Answer, Client, Shop, both};

/// What stands between two texts of a page.
fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let rest = text.split_once(before).unwrap_or_else(|| panic!("{before} is missing in {text}")).1;
    rest.split_once(after).unwrap().0
}

async fn follow(browser: &Client, answer: Answer) -> Answer {
    let answer = answer.expect(303);
    browser.get(answer.header("location")).await.expect(200)
}

async fn id_of(shop: &Shop, email: &str) -> String {
    let users = shop.admin().get("/api/v1/users").await.expect(200);
    users.items().iter().find(|user| user["email"] == email).unwrap()["id"].as_str().unwrap().to_owned()
}

both! {
    async fn an_order_is_taken_given_and_taken_back_from_its_page(shop: Shop) {
        let browser = shop.browser(ADMIN).await;
        let order = shop.order().await;
        let page = format!("/app/orders/{}", order.id);
        let form = format!("{page}/agent");
        let (agent, colleague) = (id_of(&shop, "agent@shop.test").await, id_of(&shop, "colleague@shop.test").await);

        let first = browser.get(&page).await.expect(200);
        assert!(first.text.contains("Nobody has it yet") && first.text.contains("data-key=\"a\""), "{first}");
        assert!(first.text.contains("Amel Agent</option>") && !first.text.contains("Nadia Neighbour"), "only who sees the store is offered: {first}");

        let taken = follow(&browser, browser.submit(&form, &[("was", "none"), ("agent_id", "me")]).await).await;
        assert!(taken.text.contains("The order is yours now") && taken.text.contains("took the order"), "{taken}");
        assert!(!taken.text.contains("value=\"me\""), "what one has one does not take: {taken}");
        let undo = between(&taken.text, "/undo/", "\"").to_owned();
        let undone = follow(&browser, browser.submit(&format!("{page}/undo/{undo}"), &[]).await).await;
        assert!(undone.text.contains("Nobody has it yet") && undone.text.contains("left the order to whoever is free"), "{undone}");
        browser.submit(&format!("{page}/undo/{undo}"), &[]).await.expect(409);

        let given = follow(&browser, browser.submit(&form, &[("was", "none"), ("agent_id", &agent)]).await).await;
        assert!(given.text.contains("Amel Agent has the order now") && given.text.contains("gave the order to <b><bdi>Amel Agent</bdi></b>"), "{given}");

        // Somebody was faster: the page says whose it is now, and keeps what was chosen.
        let stale = browser.submit(&form, &[("was", "none"), ("agent_id", &colleague)]).await.expect(409);
        assert!(stale.text.contains("role=\"alert\"") && stale.text.contains(&format!("value=\"{colleague}\" selected")), "{stale}");
        assert_eq!(shop.admin().get(&order.path("")).await.expect(200).body["agent_id"], agent.as_str());

        let cannot = browser.submit(&form, &[("agent_id", &id_of(&shop, "neighbour@shop.test").await)]).await.expect(409);
        assert!(cannot.text.contains("Nadia Neighbour cannot take this order"), "{cannot}");
        browser.submit(&form, &[("agent_id", "somebody")]).await.expect(422);
        // Whose it is left: it stays theirs, and nobody else looks chosen in their place.
        assert!(!browser.get(&page).await.expect(200).text.contains("Choose a colleague"));
        shop.admin().post(&format!("/api/v1/users/{agent}/archive"), json!({})).await.expect(200);
        let left = browser.get(&page).await.expect(200);
        assert!(left.text.contains("<option value=\"\" selected>Choose a colleague</option>"), "{left}");
        for language in ["fr", "ar"] {
            browser.submit("/app/preferences", &[("language", language), ("back", "/app/orders")]).await.expect(303);
            let page = browser.get(&page).await.expect(200);
            assert!(!page.text.contains("{ $") && !page.text.contains("order-agent"), "{language}: {page}");
        }
    }

    async fn an_order_is_given_from_the_short_look_and_taken_back_in_the_list(shop: Shop) {
        let browser = shop.browser(ADMIN).await;
        let order = shop.order().await;
        let agent = id_of(&shop, "agent@shop.test").await;
        let form = format!("/app/orders/{}/agent", order.id);
        let fields = [("was", "none"), ("agent_id", &*agent), ("back", "/app/orders?view=all")];
        let list = follow(&browser, browser.submit(&form, &fields).await).await;
        assert!(list.text.contains("Amel Agent has the order now"), "{list}");
        let undo = between(&list.text, "action=\"/app/orders/act/undo/", "\"").replace("&#38;", "&").replace("&amp;", "&");
        let list = follow(&browser, browser.submit(&format!("/app/orders/act/undo/{undo}"), &[]).await).await;
        assert!(list.text.contains("id=\"orders\""), "{list}");
        assert_eq!(shop.admin().get(&order.path("")).await.expect(200).body["agent_id"], Value::Null);
    }

    async fn who_may_not_give_orders_sees_who_has_them_and_nothing_to_change_it(shop: Shop) {
        let order = shop.order().await;
        let agent = id_of(&shop, "agent@shop.test").await;
        shop.admin().post(&order.path("/assign"), json!({"agent_id": agent})).await.expect(200);
        let browser = shop.browser(AGENT).await;
        let page = browser.get(&format!("/app/orders/{}", order.id)).await.expect(200);
        assert!(page.text.contains("id=\"agent\"") && !page.text.contains("/agent\"") && !page.text.contains("data-key=\"a\""), "{page}");
        let refused = browser.submit(&format!("/app/orders/{}/agent", order.id), &[("agent_id", "none")]).await.expect(403);
        assert!(refused.text.contains("An administrator of your team") && refused.text.contains("order"), "{refused}");
        shop.agent().post(&order.path("/assign"), json!({"agent_id": "none"})).await.expect(403);
        shop.agent().get(&order.path("/agents")).await.expect(403);
        shop.neighbour().post(&order.path("/assign"), json!({"agent_id": "none"})).await.expect(403);
    }

    async fn a_program_gives_an_order_and_hears_when_somebody_was_faster(shop: Shop) {
        let admin = shop.admin();
        let order = shop.order().await;
        let agents = admin.get(&order.path("/agents")).await.expect(200);
        let names: Vec<&str> = agents.items().iter().map(|one| one["name"].as_str().unwrap()).collect();
        assert!(names.contains(&"Amel Agent") && !names.contains(&"Nadia Neighbour") && !names.contains(&"Walid Weak"), "{names:?}");
        let (agent, colleague) = (id_of(&shop, "agent@shop.test").await, id_of(&shop, "colleague@shop.test").await);

        let given = admin.post(&order.path("/assign"), json!({"agent_id": agent, "was": "none"})).await.expect(200);
        assert_eq!((&given.body["order"]["agent_id"], given.body["undo_until"].is_string()), (&json!(agent), true), "{given}");
        let again = admin.post(&order.path("/assign"), json!({"agent_id": agent, "was": "none"})).await.expect(200);
        assert_eq!(again.body["event_id"], Value::Null, "what is so already happens once");
        let stale = admin.post(&order.path("/assign"), json!({"agent_id": colleague, "was": "none"})).await.expect(409);
        assert_eq!((stale.code(), &stale.body["fields"]), ("stale", &json!(["agent_id"])));

        admin.post(&order.path("/undo"), json!({"event_id": given.body["event_id"]})).await.expect(200);
        assert_eq!(admin.get(&order.path("")).await.expect(200).body["agent_id"], Value::Null);
        let twice = admin.post(&order.path("/undo"), json!({"event_id": given.body["event_id"]})).await.expect(409);
        assert_eq!(twice.code(), "undo.not_last");

        // It went round and came back: only the last step is taken back.
        let first = admin.post(&order.path("/assign"), json!({"agent_id": agent})).await.expect(200);
        admin.post(&order.path("/assign"), json!({"agent_id": colleague})).await.expect(200);
        admin.post(&order.path("/assign"), json!({"agent_id": agent})).await.expect(200);
        assert_eq!(admin.post(&order.path("/undo"), json!({"event_id": first.body["event_id"]})).await.expect(409).code(), "undo.not_last");

        for (body, expected) in [
            (json!({}), "agent_id: required"), (json!({"agent_id": "her"}), "agent_id: format"), (json!({"agent_id": "none", "was": "x"}), "was: format"),
        ] {
            assert_eq!(admin.post(&order.path("/assign"), body).await.expect(422).fields(), [expected]);
        }
        let alias = format!("/api/customer-service/orders/{}/assign/", order.id);
        assert_eq!(admin.post(&alias, json!({"agent_id": "none"})).await.expect(200).body["order"]["agent_id"], Value::Null);
        admin.post(&order.path("/archive"), json!({})).await.expect(200);
        assert_eq!(admin.post(&order.path("/assign"), json!({"agent_id": agent})).await.expect(409).code(), "order.archived");
    }

    async fn who_gives_an_order_out_of_sight_is_promised_no_way_back(shop: Shop) {
        let (admin, order) = (shop.admin(), shop.order().await);
        let (agent, colleague) = (id_of(&shop, "agent@shop.test").await, id_of(&shop, "colleague@shop.test").await);
        let rights = ["order.read", "order.assign", "store.see_all"];
        let role = admin.post("/api/v1/roles", json!({"name": "Shift lead", "permissions": rights})).await.expect(201);
        let user = admin.get(&format!("/api/v1/users/{agent}")).await.expect(200).body;
        admin.patch(&format!("/api/v1/users/{agent}"), json!({"role_id": role.id(), "version": user["version"]})).await.expect(200);
        let lead = shop.agent();
        let taken = lead.post(&order.path("/assign"), json!({"agent_id": agent})).await.expect(200);
        assert!(taken.body["undo_until"].is_string(), "{taken}");
        let given = lead.post(&order.path("/assign"), json!({"agent_id": colleague})).await.expect(200);
        assert_eq!((given.body["event_id"].is_string(), &given.body["undo_until"]), (true, &Value::Null), "{given}");
        lead.get(&order.path("")).await.expect(404);
        lead.post(&order.path("/undo"), json!({"event_id": given.body["event_id"]})).await.expect(404);
    }
}
