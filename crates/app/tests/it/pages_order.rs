//! The page of an order, editing it, new orders and drafts, as a browser without script meets them.

use axum::body::Bytes;
use axum::http::Method;
use serde_json::{Value, json};
use testkit::{ADMIN, AGENT, Answer, Client, PlacedOrder, Shop, both};

/// What stands between two texts of a page.
fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let rest = text.split_once(before).unwrap_or_else(|| panic!("{before} is missing in {text}")).1;
    rest.split_once(after).unwrap().0
}

fn page_of(order: &PlacedOrder, rest: &str) -> String {
    format!("/app/orders/{}{rest}", order.id)
}

fn dinars(amount: i64) -> Value {
    json!({"amount": amount, "currency": "DZD"})
}

/// Follows a form that went through.
async fn follow(browser: &Client, answer: Answer) -> Answer {
    let answer = answer.expect(303);
    browser.get(answer.header("location")).await.expect(200)
}

async fn dress(shop: &Shop) -> String {
    let variant = json!({"sku": "LIN-M", "title": "Linen dress", "variant": "sand, M", "price": dinars(840_000)});
    shop.admin().post("/api/v1/variants", variant).await.expect(201).id().to_owned()
}

const AMINA: [(&str, &str); 5] =
    [("phone", "0550 14 23 87"), ("name", "Amina Benali"), ("line1", "Cité 200 logts, bloc 7"), ("province", "31"), ("city", "Bir El Djir")];
const LINE: [(&str, &str); 4] = [("sku.0", "LIN-M"), ("title.0", "Linen dress"), ("quantity.0", "2"), ("price.0", "8400")];

both! {
    async fn an_order_is_held_back_released_and_taken_back_from_its_page(shop: Shop) {
        let browser = shop.browser(ADMIN).await;
        let order = shop.order().confirmed().await;
        let path = |rest: &str| page_of(&order, rest);

        let nothing = browser.submit(&path("/holds"), &[("kind", ""), ("note", "<b>typed</b>")]).await.expect(422);
        assert!(nothing.text.contains("&#60;b&#62;typed") && nothing.text.contains("class=\"err\""), "what was typed is kept: {nothing}");
        let page = follow(&browser, browser.submit(&path("/holds"), &[("kind", "address"), ("note", "Which district?")]).await).await;
        assert!(page.text.contains("Which district?") && page.text.contains("Held back: Address to be checked"), "{page}");
        assert!(!page.text.contains("value=\"process\""), "what a hold stands in the way of is not offered");

        let release = format!("{}/release", between(&page.text, "action=\"", "/release\"").rsplit('"').next().unwrap());
        let release = &release[release.rfind("/app/").unwrap()..];
        let released = browser.submit(release, &[("note", "She sent the street")]).await.expect(303);
        let page = browser.get(released.header("location")).await.expect(200);
        assert!(!page.text.contains("Held back:") && page.text.contains("value=\"process\""), "{page}");
        let undo = between(&page.text, "/undo/", "\"");
        let page = follow(&browser, browser.submit(&path(&format!("/undo/{undo}")), &[]).await).await;
        assert!(page.text.contains("Held back:"), "the release is taken back: {page}");
    }

    async fn tags_facts_tracking_and_payments_are_kept_from_the_page(shop: Shop) {
        let browser = shop.browser(ADMIN).await;
        let admin = shop.admin();
        let field = json!({"subject": "order", "key": "size", "kind": "choice", "labels": {"en": "Size"}, "choices": [{"key": "xl", "labels": {"en": "Extra large"}}]});
        admin.post("/api/v1/fields", field).await.expect(201);
        admin.post("/api/v1/tags", json!({"name": "gift", "tone": "info"})).await.expect(201);
        let order = shop.order().await;
        let path = |rest: &str| page_of(&order, rest);

        let page = follow(&browser, browser.submit(&path("/tags"), &[("add", "gift")]).await).await;
        assert!(page.text.contains("<span class=\"tag info\"><bdi>gift</bdi>"), "a tag has its colour: {page}");
        let page = follow(&browser, browser.submit(&path("/tags"), &[("remove", "gift")]).await).await;
        assert!(!page.text.contains("<span class=\"tag info\"><bdi>gift</bdi>"), "{page}");

        let version = admin.get(&order.path("")).await.expect(200).body["version"].to_string();
        let facts = [("version", &*version), ("priority", "urgent"), ("expected_on", "2030-01-02"), ("channel", "whatsapp"), ("custom.size", "xl")];
        let page = follow(&browser, browser.submit(&path("/facts"), &facts).await).await;
        assert!(page.text.contains("Extra large") && page.text.contains("Urgent") && page.text.contains("2\u{a0}Jan\u{a0}2030"), "{page}");
        browser.submit(&path("/facts"), &facts).await.expect(409);
        let wrong = browser.submit(&path("/facts"), &[("expected_on", "soon")]).await.expect(422);
        assert!(wrong.text.contains("value=\"soon\""), "{wrong}");

        let page = follow(&browser, browser.submit(&path("/tracking"), &[("status", "At the hub"), ("place", "Oran")]).await).await;
        assert!(page.text.contains("At the hub"), "{page}");
        browser.submit(&path("/payments"), &[("kind", "payment"), ("amount", "lots"), ("method", "cod")]).await.expect(422);
        let page = follow(&browser, browser.submit(&path("/payments"), &[("kind", "payment"), ("amount", "1 000,50"), ("method", "cod"), ("reference", "R-1")]).await).await;
        assert!(page.text.contains("R-1"), "{page}");
        let moved = admin.get(&order.path("/transactions")).await.expect(200);
        assert_eq!(moved.items()[0]["amount"], dinars(100_050));

        let audit = browser.get(&path("?show=audit")).await.expect(200);
        assert!(audit.text.contains("<details class=\"ba\" open>") && audit.text.contains("Urgent"), "{audit}");
        for language in ["fr", "ar"] {
            browser.submit("/app/preferences", &[("language", language), ("back", "/app/orders")]).await.expect(303);
            let page = browser.get(&path("?show=audit")).await.expect(200);
            assert!(!page.text.contains("{ $") && !page.text.contains("order-"), "{language}: {page}");
        }
    }

    async fn a_problem_goes_up_and_comes_back_with_an_answer(shop: Shop) {
        let (agent, admin) = (shop.browser(AGENT).await, shop.browser(ADMIN).await);
        let order = shop.order().await;
        let path = |rest: &str| page_of(&order, rest);
        agent.submit(&path("/escalations"), &[("reason", "complaint"), ("message", " ")]).await.expect(422);
        let page = follow(&agent, agent.submit(&path("/escalations"), &[("reason", "complaint"), ("message", "She wants her money")]).await).await;
        assert!(page.text.contains("She wants her money") && !page.text.contains("value=\"acknowledge\""), "who passed it up does not take it on: {page}");

        let page = admin.get(&path("")).await.expect(200);
        let id = between(&page.text, "name=\"escalation\" value=\"", "\"").to_owned();
        let page = follow(&admin, admin.submit(&path("/escalations/steps"), &[("step", "answer"), ("escalation", &id), ("message", "Send it again")]).await).await;
        assert!(page.text.contains("Send it again"), "{page}");
        follow(&admin, admin.submit(&path("/escalations/steps"), &[("step", "resolve"), ("escalation", &id)]).await).await;
        let read = shop.admin().get(&format!("/api/v1/escalations/{id}")).await.expect(200);
        assert_eq!(read.body["state"], "resolved");
    }

    async fn a_file_comes_by_a_form_is_shown_removed_and_put_back(shop: Shop) {
        let browser = shop.browser(ADMIN).await;
        let order = shop.order().await;
        let form = "--x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"note.txt\"\r\ncontent-type: text/plain\r\n\r\nfragile\r\n--x\r\ncontent-disposition: form-data; name=\"kind\"\r\n\r\npacking\r\n--x\r\ncontent-disposition: form-data; name=\"caption\"\r\n\r\nHow it was packed\r\n--x--\r\n";
        let sent = browser.send(Method::POST, &page_of(&order, "/attachments"), Some("multipart/form-data; boundary=x"), Bytes::from(form)).await;
        let page = follow(&browser, sent).await;
        assert!(page.text.contains("How it was packed"), "{page}");
        let file = format!("/app/orders/{}/attachments/{}", order.id, between(&page.text, "/attachments/", "\""));
        assert_eq!(browser.get(&file).await.expect(200).text, "fragile");
        let page = follow(&browser, browser.submit(&format!("{file}/remove"), &[]).await).await;
        assert!(!page.text.contains("How it was packed</b>") && page.text.contains("/restore"), "{page}");
        let page = follow(&browser, browser.submit(&format!("{file}/restore"), &[]).await).await;
        assert!(page.text.contains("How it was packed"), "{page}");
        let nothing = browser.submit(&page_of(&order, "/attachments"), &[("caption", "x")]).await.expect(422);
        assert!(nothing.text.contains("class=\"err\""), "{nothing}");
    }

    async fn cancelling_asks_for_a_reason_of_the_list(shop: Shop) {
        let browser = shop.browser(ADMIN).await;
        let order = shop.order().await;
        let page = browser.get(&page_of(&order, "")).await.expect(200);
        assert!(page.text.contains("The customer changed their mind") && page.text.contains("The order is called off"), "{page}");
        let page = follow(&browser, browser.submit(&page_of(&order, "/moves"), &[("action", "cancel"), ("reason", "changed_mind")]).await).await;
        assert!(page.text.contains("Reason: The customer changed their mind") && page.text.contains("value=\"reopen\""), "{page}");
        let rows = shop.admin().get(&order.path("/cancellations")).await.expect(200);
        assert_eq!(rows.items()[0]["reason"], "changed_mind");
    }

    async fn what_a_role_may_not_do_is_not_on_the_page(shop: Shop) {
        let order = shop.order().await;
        let admin = shop.browser(ADMIN).await.get(&page_of(&order, "")).await.expect(200).text;
        let agent = shop.browser(AGENT).await.get(&page_of(&order, "")).await.expect(200).text;
        for only_admin in ["/payments\"", "/archive\""] {
            assert!(admin.contains(only_admin) && !agent.contains(only_admin), "{only_admin}");
        }
        shop.browser(AGENT).await.submit(&page_of(&order, "/archive"), &[]).await.expect(403);
    }

    async fn a_new_order_is_typed_recalled_priced_and_placed_once(shop: Shop) {
        let browser = shop.browser(ADMIN).await;
        let variant = dress(&shop).await;
        shop.order().for_phone("Amina Benali", "0550142387").await;
        let page = browser.get("/app/orders/new").await.expect(200);
        let key = between(&page.text, "name=\"key\" value=\"", "\"").to_owned();

        let known = browser.submit("/app/orders/new", &[("do", "look"), ("key", &key), ("phone", "0550 14 23 87")]).await.expect(200);
        assert!(known.text.contains("name=\"name\" dir=\"auto\" value=\"Amina Benali\""), "who is known is filled in: {known}");
        let found = browser.submit("/app/orders/new", &[("do", "look"), ("key", &key), ("find", "linen")]).await.expect(200);
        assert!(found.text.contains(&format!("name=\"add\" value=\"{variant}\"")), "{found}");
        let added = browser.submit("/app/orders/new", &[("add", &variant), ("key", &key), ("find", "linen")]).await.expect(200);
        assert!(added.text.contains("name=\"title.0\" value=\"Linen dress\"") && added.text.contains("8,400"), "{added}");
        let part = browser.clone().with_header("hx-request-type", "partial").submit("/app/orders/new", &[("do", "look"), ("key", &key)]).await.expect(200);
        assert!(part.text.trim_start().starts_with("<form"), "{part}");

        let wrong = browser.submit("/app/orders/new", &[("do", "place"), ("key", &key), ("phone", "12"), ("name", "Amina"), ("title.0", "Dress"), ("quantity.0", "0"), ("price.0", "many")]).await.expect(422);
        for field in ["phone", "quantity.0", "price.0"] {
            let place = between(&wrong.text, &format!("<label for=\"{field}\">"), "</span>");
            assert!(place.contains("class=\"err\""), "{field}: {place}");
        }
        assert!(wrong.text.contains("value=\"many\""), "what was typed is kept");

        let mut form = vec![("do", "place"), ("key", &*key), ("discount", "10%"), ("note", "Ring twice"), ("channel", "whatsapp")];
        form.extend(AMINA);
        form.extend(LINE);
        let before = shop.admin().get("/api/v1/orders").await.expect(200).items().len();
        let first = browser.submit("/app/orders/new", &form).await.expect(303);
        let again = browser.submit("/app/orders/new", &form).await.expect(303);
        assert_eq!(first.header("location"), again.header("location"), "sent twice it is one order");
        let orders = shop.admin().get("/api/v1/orders").await.expect(200);
        assert_eq!(orders.items().len(), before + 1);
        let placed = orders.items().iter().find(|order| first.header("location").contains(order["id"].as_str().unwrap())).unwrap().clone();
        assert_eq!((&placed["channel"], &placed["customer"]["name"]), (&json!("whatsapp"), &json!("Amina Benali")), "{placed}");
        let page = browser.get(first.header("location")).await.expect(200);
        assert!(page.text.contains("Ring twice") && page.text.contains("Order placed"), "{page}");

        form.push(("quantity.1", "1"));
        form[3] = ("note", "Another one");
        let other = browser.submit("/app/orders/new", &form).await.expect(409);
        assert!(other.text.contains("sent already"), "{other}");
    }

    async fn a_draft_is_kept_changed_shared_accepted_by_its_link(shop: Shop) {
        let browser = shop.browser(ADMIN).await;
        let page = browser.get("/app/orders/new").await.expect(200);
        let key = between(&page.text, "name=\"key\" value=\"", "\"").to_owned();
        let mut form = vec![("do", "draft"), ("key", &*key)];
        form.extend(LINE);
        let kept = browser.submit("/app/orders/new", &form).await.expect(303);
        let draft = kept.header("location").split('?').next().unwrap().to_owned();
        let list = browser.get("/app/drafts").await.expect(200);
        assert!(list.text.contains(&draft) && list.text.contains("Linen dress"), "{list}");
        let page = browser.get(&draft).await.expect(200);
        assert!(page.text.contains("name=\"version\" value=\"1\"") && page.text.contains("Still missing"), "{page}");
        browser.submit(&draft, &[("do", "place"), ("version", "1"), ("title.0", "Linen dress"), ("sku.0", "LIN-M"), ("quantity.0", "2"), ("price.0", "8400")]).await.expect(422);

        let mut change = vec![("do", "save"), ("version", "1")];
        change.extend(LINE);
        change.push(("shipping_fee", "600"));
        follow(&browser, browser.submit(&draft, &change).await).await;
        change[1] = ("version", "1");
        change.pop();
        change.push(("shipping_fee", "700"));
        let stale = browser.submit(&draft, &change).await.expect(409);
        assert!(stale.text.contains("<bdi>600</bdi>") && stale.text.contains("<bdi>700</bdi>"), "both values stand side by side: {stale}");

        let shared = browser.submit(&format!("{draft}/share"), &[]).await.expect(200);
        let link = between(&shared.text, "data-copy=\"", "\"").to_owned();
        let link = link[link.find("/q/").unwrap()..].to_owned();
        assert!(shared.text.contains("https://wa.me/") && shared.header("cache-control").contains("no-store"), "{shared}");
        let customer = shop.nobody().with_header("accept", "text/html");
        for (language, words) in [("en", "Your offer"), ("fr", "Votre offre"), ("ar", "عرضكم")] {
            let offer = customer.get(&format!("{link}?lang={language}")).await.expect(200);
            assert!(offer.text.contains(words) && offer.text.contains("17,400") || offer.text.contains("17\u{202f}400"), "{offer}");
            assert!(offer.bytes.len() < 12_000, "{}", offer.bytes.len());
        }
        let offer = customer.get(&link).await.expect(200);
        let (version, total) = (between(&offer.text, "name=\"version\" value=\"", "\""), between(&offer.text, "name=\"total\" value=\"", "\""));
        let wrong = customer.submit(&link, &[("version", version), ("total", total), ("name", "Amina"), ("phone", "12"), ("line1", "Bloc 7")]).await.expect(422);
        assert!(between(&wrong.text, "<label for=\"phone\">", "</span>").contains("class=\"err\""), "{wrong}");
        customer.submit(&link, &[("version", version), ("total", "5"), ("name", "Amina"), ("phone", "0550142387"), ("line1", "Bloc 7")]).await.expect(409);
        customer.submit(&link, &[("version", version), ("total", total), ("name", "Amina"), ("phone", "0550142387"), ("line1", "Bloc 7"), ("province", "31"), ("city", "Oran")]).await.expect(303);
        let placed = customer.get(&link).await.expect(200);
        assert!(placed.text.contains("Your order") && !placed.text.contains("550142387"), "the number is shown by its end alone: {placed}");
        customer.get("/q/nonsense").await.expect(409);
        let gone = browser.get(&draft).await.expect(303);
        assert!(gone.header("location").starts_with("/app/orders/"), "a placed draft leads to its order");
    }

    async fn a_draft_is_deleted_and_an_order_is_ordered_again(shop: Shop) {
        let browser = shop.browser(ADMIN).await;
        dress(&shop).await;
        let order = shop.order().await;
        let again = browser.submit(&page_of(&order, "/reorder"), &[]).await.expect(303);
        let draft = again.header("location").split('?').next().unwrap().to_owned();
        browser.get(again.header("location")).await.expect(200);
        browser.submit(&format!("{draft}/delete"), &[]).await.expect(303);
        browser.get(&draft).await.expect(404);
    }

    async fn an_edit_is_previewed_applied_and_taken_back(shop: Shop) {
        let browser = shop.browser(ADMIN).await;
        let order = shop.order().await;
        let path = |rest: &str| page_of(&order, rest);
        let before = shop.admin().get(&order.path("")).await.expect(200).body;
        let line = before["lines"][0]["id"].as_str().unwrap().to_owned();
        let page = browser.get(&path("/edit")).await.expect(200);
        let quantity = format!("quantity.{line}");
        let was = format!("was.{quantity}");
        let stands = between(&page.text, &format!("name=\"{was}\" value=\""), "\"").to_owned();
        let nothing = browser.submit(&path("/edit"), &[("do", "preview"), (&was, &stands), (&quantity, &stands)]).await;
        nothing.expect(409);

        let fee = ("shipping_fee", "900");
        let proposed = browser.submit(&path("/edit"), &[("do", "preview"), (&was, &stands), (&quantity, "7"), ("was.shipping_fee", "0"), fee]).await;
        let overtaken = proposed.status == 409;
        let fee_stands = between(&page.text, "name=\"was.shipping_fee\" value=\"", "\"").to_owned();
        assert_eq!(overtaken, fee_stands != "0", "a field that stands otherwise than the form showed is named");
        let proposed = browser.submit(&path("/edit"), &[("do", "preview"), (&was, &stands), (&quantity, "7"), ("was.shipping_fee", &fee_stands), fee]).await.expect(303);
        let edit = proposed.header("location").to_owned();
        let preview = browser.get(&edit).await.expect(200);
        assert!(preview.text.contains("7 × ") && preview.text.contains("Difference to collect"), "{preview}");
        let unread = browser.submit(&edit, &[("do", "preview"), ("was.discount", ""), ("discount", "much")]).await.expect(422);
        assert!(unread.text.contains("discount-error"), "{unread}");

        let version = between(&preview.text, "/apply\"", "</form>");
        let version = between(version, "name=\"version\" value=\"", "\"").to_owned();
        let applied = browser.submit(&format!("{edit}/apply"), &[("version", &version)]).await.expect(303);
        let after = shop.admin().get(&order.path("")).await.expect(200).body;
        assert_eq!((&after["lines"][0]["quantity"], &after["shipping_fee"]), (&json!(7), &dinars(90_000)));
        let page = browser.get(applied.header("location")).await.expect(200);
        let undo = between(&page.text, "/undo/", "\"").to_owned();
        browser.submit(&path(&format!("/undo/{undo}")), &[]).await.expect(303);
        let restored = shop.admin().get(&order.path("")).await.expect(200).body;
        assert_eq!(restored["total"], before["total"]);
        let dropped = browser.submit(&path("/edit"), &[("do", "preview"), (&was, &stands), (&quantity, "3")]).await.expect(303);
        browser.submit(&format!("{}/drop", dropped.header("location")), &[]).await.expect(303);
        browser.get(dropped.header("location")).await.expect(404);
    }

    async fn two_people_at_one_order_pick_whose_value_stands(shop: Shop) {
        let browser = shop.browser(ADMIN).await;
        let order = shop.order().await;
        let path = |rest: &str| page_of(&order, rest);
        let page = browser.get(&path("/edit")).await.expect(200);
        let of = |name: &str| between(&page.text, &format!("name=\"was.{name}\" value=\""), "\"").to_owned();
        let (fee, name) = (of("shipping_fee"), of("contact_name"));
        let form = [("do", "preview"), ("was.shipping_fee", &*fee), ("shipping_fee", "900"), ("was.contact_name", &*name), ("contact_name", "Mine")];
        let edit = browser.submit(&path("/edit"), &form).await.expect(303).header("location").to_owned();

        // A colleague is faster.
        let theirs = shop.manager().post(&order.path("/edits"), json!({"shipping_fee": dinars(50_000), "contact_name": "Theirs"})).await.expect(201);
        let theirs = theirs.body["edit"]["id"].as_str().unwrap().to_owned();
        shop.manager().post(&order.path(&format!("/edits/{theirs}/apply")), json!({})).await.expect(200);

        let refused = browser.submit(&format!("{edit}/apply"), &[]).await.expect(409);
        assert!(refused.text.contains("name=\"pick.shipping_fee\"") && refused.text.contains("500") && refused.text.contains("900"), "{refused}");
        assert!(refused.text.contains("Theirs") && refused.text.contains("Mine"), "{refused}");
        browser.submit(&format!("{edit}/merge"), &[("pick.shipping_fee", "mine"), ("pick.contact_name", "theirs")]).await.expect(303);
        let after = shop.admin().get(&order.path("")).await.expect(200).body;
        assert_eq!((&after["shipping_fee"], &after["customer"]["name"]), (&dinars(90_000), &json!("Theirs")), "{after}");
    }
}
