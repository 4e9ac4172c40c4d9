//! People around an order on its pages: notes on top, colleagues whom a note names, who else looks.

use testkit::{ADMIN, AGENT, Answer, COLLEAGUE, Client, PlacedOrder, Shop, WEAK, both};

fn page_of(order: &PlacedOrder, rest: &str) -> String {
    format!("/app/orders/{}{rest}", order.id)
}

async fn follow(browser: &Client, answer: Answer) -> Answer {
    let answer = answer.expect(303);
    browser.get(answer.header("location")).await.expect(200)
}

/// What stands between two texts of a page.
fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let rest = text.split_once(before).unwrap_or_else(|| panic!("{before} is missing in {text}")).1;
    rest.split_once(after).unwrap().0
}

/// The note that the page shows last, by its id.
async fn note_of(shop: &Shop, order: &PlacedOrder) -> String {
    shop.admin().get(&order.path("/notes")).await.expect(200).items().last().unwrap()["id"].as_str().unwrap().to_owned()
}

both! {
    async fn a_note_is_pinned_taken_down_and_put_back_from_the_page(shop: Shop) {
        let browser = shop.browser(AGENT).await;
        let order = shop.order().await;
        follow(&browser, browser.submit(&page_of(&order, "/notes"), &[("text", "Ring <twice>")]).await).await;
        let note = note_of(&shop, &order).await;
        let page = browser.get(&page_of(&order, "")).await.expect(200);
        assert!(page.text.contains(&format!("/notes/{note}/pin\"")) && !page.text.contains("id=\"pins\""), "{page}");
        let page = follow(&browser, browser.submit(&page_of(&order, &format!("/notes/{note}/pin")), &[]).await).await;
        assert!(between(&page.text, "id=\"pins\"", "</section>").contains("Ring &#60;twice&#62;"), "{page}");
        assert!(page.text.contains("Note pinned on top") && page.text.contains("pinned a note"), "it is said, and kept: {page}");
        let undo = between(&page.text, "class=\"toast\"", "</form>");
        assert!(undo.contains(&format!("/notes/{note}/unpin\"")), "the way back is offered: {undo}");
        let page = follow(&browser, browser.submit(&page_of(&order, &format!("/notes/{note}/unpin")), &[]).await).await;
        assert!(!page.text.contains("id=\"pins\"") && page.text.contains("Note unpinned"), "{page}");

        for text in ["one", "two", "three"] {
            browser.submit(&page_of(&order, "/notes"), &[("text", text)]).await.expect(303);
            let note = note_of(&shop, &order).await;
            browser.submit(&page_of(&order, &format!("/notes/{note}/pin")), &[]).await.expect(303);
        }
        let full = browser.submit(&page_of(&order, &format!("/notes/{note}/pin")), &[]).await.expect(409);
        assert!(full.text.contains("at most 3 notes on top"), "{full}");
        for language in ["fr", "ar"] {
            browser.submit("/app/preferences", &[("language", language), ("back", "/app/orders")]).await.expect(303);
            let page = browser.get(&page_of(&order, "?show=notes")).await.expect(200);
            assert!(!page.text.contains("people-") && !page.text.contains("{ $"), "{language}: {page}");
        }
        shop.browser(WEAK).await.submit(&page_of(&order, &format!("/notes/{note}/pin")), &[]).await.expect(403);
    }

    async fn who_is_named_has_it_waiting_until_they_looked_at_the_order(shop: Shop) {
        let (agent, admin) = (shop.browser(AGENT).await, shop.browser(ADMIN).await);
        let order = shop.order().await;
        // Typed by hand, as a page without script sends it.
        agent.submit(&page_of(&order, "/notes"), &[("text", "@karima please call her <now>")]).await.expect(303);
        let alerts = admin.get("/app/alerts").await.expect(200);
        assert!(alerts.text.contains("Amel Agent named you in a note") && alerts.text.contains("&#60;now&#62;"), "{alerts}");
        assert!(admin.get("/app/orders").await.expect(200).text.contains("1 thing waits for you"));
        let page = admin.get(&page_of(&order, "")).await.expect(200);
        assert!(page.text.contains("Amel Agent named you in a note") && page.text.contains("/mentions/seen\""), "{page}");
        let shown = note_of(&shop, &order).await;

        // A page with script says that somebody looks at it. What came after it was shown is not seen yet.
        shop.advance(2);
        agent.submit(&page_of(&order, "/notes"), &[("text", "@Karima Admin and today")]).await.expect(303);
        let beat = admin.submit(&page_of(&order, "/here"), &[("page", "1"), ("at", "view"), ("note", &shown)]).await.expect(200);
        assert!(beat.text.contains("A new note names you"), "{beat}");
        let alerts = admin.get("/app/alerts").await.expect(200);
        assert!(!alerts.text.contains("please call her") && alerts.text.contains("and today"), "{alerts}");
        // Without script a button says so.
        let page = follow(&admin, admin.submit(&page_of(&order, "/mentions/seen"), &[]).await).await;
        assert!(page.text.contains("Marked as seen") && !page.text.contains("named you in a note"), "{page}");
        assert!(admin.get("/app/alerts").await.expect(200).text.contains("Nothing waits for you"));

        // What was picked goes by id; the customer's note names nobody and is no mistake.
        let id = shop.admin().get("/api/v1/me").await.expect(200).body["user"]["id"].as_str().unwrap().to_owned();
        let picked = [("text", "@K. look"), ("mention", &*id)];
        agent.submit(&page_of(&order, "/notes"), &picked).await.expect(303);
        agent.submit(&page_of(&order, "/notes"), &[("text", "@Karima Admin"), ("mention", &id), ("is_visible", "1")]).await.expect(303);
        assert_eq!(shop.admin().get("/api/v1/me/mentions").await.expect(200).items().len(), 1);
        let page = agent.get(&page_of(&order, "")).await.expect(200);
        assert!(page.text.contains("<b class=\"at\">@Karima Admin</b> and today"), "names stand out: {page}");
    }

    async fn others_who_have_the_order_open_are_named_and_nobody_is_kept_out(shop: Shop) {
        let (agent, colleague) = (shop.browser(AGENT).await, shop.browser(COLLEAGUE).await);
        let order = shop.order().await;
        let here = page_of(&order, "/here");
        let own = agent.submit(&here, &[("page", "1"), ("at", "view")]).await.expect(200);
        assert!(!own.text.contains("Amel"), "oneself is nobody else: {own}");
        let page = colleague.get(&page_of(&order, "")).await.expect(200);
        assert!(page.text.contains("Amel Agent is viewing"), "{page}");
        agent.submit(&here, &[("page", "1"), ("at", "edit")]).await.expect(200);
        let beat = colleague.submit(&here, &[("page", "2"), ("at", "view")]).await.expect(200);
        assert!(beat.text.contains("Amel Agent is editing") && !beat.text.contains("viewing"), "{beat}");
        let hint = colleague.submit(&here, &[("page", "2"), ("at", "edit")]).await.expect(200);
        assert!(hint.text.contains("Amel Agent is editing this order, too"), "{hint}");
        // A hint, never a lock.
        colleague.get(&page_of(&order, "/edit")).await.expect(200);
        shop.admin().post(&order.path("/edits"), serde_json::json!({"contact_name": "Amina B."})).await.expect(201);
        agent.submit(&here, &[("page", "1"), ("at", "gone")]).await.expect(200);
        assert!(!colleague.get(&page_of(&order, "")).await.expect(200).text.contains("Amel Agent is"));
    }

    async fn the_customer_card_leads_to_a_map_and_warns_of_other_open_orders(shop: Shop) {
        let browser = shop.browser(ADMIN).await;
        let first = shop.order().for_phone("Amina Benali", "0550 14 23 87").await;
        let page = browser.get(&page_of(&first, "")).await.expect(200);
        assert!(page.text.contains("https://www.google.com/maps/search/?api=1&#38;query=") && !page.text.contains("The same twice?"), "{page}");
        shop.advance(60);
        let second = shop.order().for_phone("Amina Benali", "0550 14 23 87").await;
        let page = browser.get(&page_of(&second, "")).await.expect(200);
        let warned = between(&page.text, "open-too", "</div>");
        assert!(warned.contains("The same twice?") && warned.contains(&first.id), "{warned}");
        assert!(page.text.contains("href=\"#reason-cancel\""), "calling it off stands in the menu: {page}");
        browser.submit(&page_of(&first, "/moves"), &[("action", "cancel"), ("reason", "changed_mind")]).await.expect(303);
        let page = browser.get(&page_of(&second, "")).await.expect(200);
        assert!(!page.text.contains("The same twice?"), "{page}");
    }
}
