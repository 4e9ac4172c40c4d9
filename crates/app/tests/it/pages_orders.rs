//! The page of the list of orders: views, filters, columns, ticked rows and what is done with them, short looks, files.

use serde_json::{Value, json};
use testkit::{Client, Shop, both};

async fn page(client: &Client, path: &str) -> String {
    client.get(path).await.expect(200).text
}

/// The same as script asks for it.
async fn part(client: &Client, path: &str) -> String {
    client.clone().with_header("HX-Request-Type", "partial").get(path).await.expect(200).text
}

/// The address that a form leads to.
async fn sent(client: &Client, path: &str, fields: &[(&str, &str)]) -> String {
    client.submit(path, fields).await.expect(303).header("location").to_owned()
}

async fn role(shop: &Shop, code: &str) -> String {
    let roles = shop.admin().get("/api/v1/roles").await.expect(200);
    roles.items().iter().find(|role| role["code"] == code).unwrap()["id"].as_str().unwrap().to_owned()
}

/// The first word of this form in a page: an id, an address.
fn found<'a>(page: &'a str, from: &str, until: &str) -> &'a str {
    let start = page.find(from).unwrap_or_else(|| panic!("no {from} in {page}")) + from.len();
    &page[start..start + page[start..].find(until).unwrap()]
}

both! {
    async fn a_list_is_filtered_by_everything_that_the_sheet_offers(shop: Shop) {
        let admin = shop.browser(testkit::ADMIN).await;
        let waiting = shop.order().await;
        let confirmed = shop.order().confirmed().await;
        shop.admin().post(&waiting.path("/holds"), json!({"kind": "address"})).await.expect(201);
        shop.admin().post(&confirmed.path("/escalations"), json!({"reason": "other", "message": "She wants it today"})).await.expect(201);
        let (one, two) = (format!("id=\"{}\"", waiting.id), format!("id=\"{}\"", confirmed.id));

        for (query, has_one, has_two) in [
            ("state=PENDING", true, false),
            ("state=PENDING&state=CONFIRMED", true, true),
            ("state=PENDING,CONFIRMED", true, true),
            ("days=today", true, true),
            ("days=last_month", false, false),
            ("held=true", true, false),
            ("held=false", false, true),
            ("hold=address", true, false),
            ("escalated=true", false, true),
            ("escalated=false", true, false),
            ("agent=none", true, true),
            ("agent=me", false, false),
            ("method=cod", true, true),
            ("method=card", false, false),
            ("payment=paid", false, false),
            ("channel=phone", false, false),
            ("archived=only", false, false),
            ("max=1", false, false),
            ("sku=LIN-M", true, true),
            ("sku=NONE", false, false),
            ("city=Bir+El+Djir", true, true),
            ("city=Nowhere", false, false),
            ("tag=unknown-tag", false, false),
        ] {
            let list = part(&admin, &format!("/app/orders?{query}")).await;
            assert_eq!((list.contains(&one), list.contains(&two)), (has_one, has_two), "{query}: {list}");
        }

        // Groups of conditions are alternatives, said as one sentence, each gone with a click.
        let either = "any.1.held=true&any.2.channel=phone&any.2.escalated=true";
        let list = page(&admin, &format!("/app/orders?state=PENDING&{either}")).await;
        assert!(list.contains(&one) && !list.contains(&two), "{list}");
        assert!(list.contains("and with at least one of these: (Held back) or (Channel: \u{2068}Phone\u{2069} and "), "{list}");
        assert!(list.contains("href=\"/app/orders?state=PENDING&#38;any.1.channel=phone&#38;any.1.escalated=true\""), "{list}");
        let sheet = page(&admin, &format!("/app/orders/filters?state=PENDING&{either}")).await;
        assert!(sheet.contains("At least one of these") && sheet.contains("name=\"any.2.channel\" value=\"phone\""), "{sheet}");
        let group = page(&admin, &format!("/app/orders/filters?state=PENDING&{either}&group=2")).await;
        assert!(group.contains("type=\"checkbox\" name=\"any.2.channel\" value=\"phone\" checked") && group.contains("type=\"hidden\" name=\"state\""), "{group}");
        let dropped = page(&admin, &format!("/app/orders/filters?state=PENDING&{either}&drop=1")).await;
        assert!(dropped.contains("name=\"any.1.channel\"") && !dropped.contains("any.2."), "{dropped}");
        let too_many: Vec<String> = (1..=6).map(|number| format!("any.{number}.held=true")).collect();
        let refused = admin.get(&format!("/app/orders?{}", too_many.join("&"))).await.expect(422);
        assert!(refused.text.contains("At most 5 groups of alternatives."), "{}", refused.text);

        // Two keys sort, and the heads say which is first.
        let list = page(&admin, "/app/orders?sort=-total&sort=created_at").await;
        for part in ["aria-sort=\"descending\"", "(sorted by this first)", "(then by this, smallest first)", "data-then=\"/app/orders?sort=-total%2C-created_at\""] {
            assert!(list.contains(part), "{part} in {list}");
        }

        let list = page(&admin, "/app/orders?state=PENDING&state=CONFIRMED&held=true&min=10").await;
        for sentence in ["Status <b><bdi>New or Confirmed</bdi></b>", "Held back</span>", "Total <b><bdi>from 10", "Clear filters"] {
            assert!(list.contains(sentence), "{sentence} in {list}");
        }
        assert!(list.contains("href=\"/app/orders?state=PENDING&#38;state=CONFIRMED&#38;min=10\""), "each chip leads to the list without it: {list}");
        // A search is not counted, and its end is not a page with nothing on it.
        let id = &waiting.id;
        let list = page(&admin, &format!("/app/orders?q={id}")).await;
        assert!(list.contains("1 found so far") && list.contains("Look further") && !list.contains("of over"), "{list}");
        let further = found(&list, "#38;older=", "\"");
        let end = page(&admin, &format!("/app/orders?q={id}&older={further}")).await;
        assert!(end.contains("No further order matches"), "{end}");
        let unclear = page(&admin, "/app/orders?min=1.250").await;
        assert!(unclear.contains("1.250\u{2069} (not clear, left out)"), "a thousand and more, or one and a quarter? {unclear}");
        let none = page(&admin, "/app/orders?q=zzzz&state=PENDING").await;
        assert!(none.contains("No order matches 2 filters") && none.contains("Search everywhere") && none.contains("href=\"/app/orders?q=zzzz\""), "{none}");

        let sheet = part(&admin, "/app/orders/filters?state=PENDING&page=3&sort=-total").await;
        assert!(sheet.contains("value=\"PENDING\" checked") && sheet.contains("<option value=\"-total\" selected>") && !sheet.contains("value=\"3\""), "{sheet}");
        assert!(sheet.contains("Show 1 order") && !sheet.contains("<html"), "{sheet}");
        assert!(page(&admin, "/app/orders/filters").await.contains("<html"), "a page of its own without script");
        assert_eq!(part(&admin, "/app/orders/count?state=PENDING&state=CONFIRMED").await, "Show 2 orders");
    }

    async fn a_view_is_kept_opened_changed_shared_and_brought_back(shop: Shop) {
        let manager = shop.browser(testkit::MANAGER).await;
        let order = shop.order().await;
        let form = part(&manager, "/app/orders/views/new?state=PENDING&sort=-total").await;
        assert!(form.contains("name=\"query\" value=\"state=PENDING&#38;sort=-total\"") && form.contains("Everybody"), "{form}");
        let nameless = manager.submit("/app/orders/views", &[("name", " "), ("query", "state=PENDING")]).await.expect(422);
        assert!(nameless.text.contains("id=\"view-name-error\""), "{nameless}");

        let kept = sent(&manager, "/app/orders/views", &[("name", "Waiting & dear"), ("audience", "private"), ("query", "state=PENDING&sort=-total"), ("pin", "1")]).await;
        let id = found(&kept, "view=", "&").to_owned();
        let open = page(&manager, &kept).await;
        assert!(open.contains("View saved") && open.contains("<bdi>Waiting &#38; dear</bdi>") && open.contains(&order.id), "{open}");
        assert!(open.contains("aria-sort=\"descending\"") && !open.contains("Save changes") && !open.contains("Save view</span>"), "as it was kept: {open}");
        let counts: Value = manager.get("/app/orders/counts").await.expect(200).body;
        assert_eq!((&counts[&id], &counts["to_confirm"]), (&json!("1"), &json!("1")), "{counts}");

        // What is changed about it can be kept, or stands in the address alone.
        let edited = format!("/app/orders?view={id}&edited=1");
        let list = page(&manager, &edited).await;
        assert!(list.contains("Save changes") && list.contains("Save view"), "{list}");
        let version = found(&list, "name=\"version\" value=\"", "\"").to_owned();
        let query = found(&list, "id=\"orders\" aria-label=\"Orders table\" data-query=\"", "\"").replace("&#38;", "&");
        assert_eq!(query, format!("view={id}&edited=1"));
        sent(&manager, &format!("/app/orders/views/{id}/update"), &[("version", &version), ("query", &query)]).await;
        let read = shop.manager().get(&format!("/api/v1/views/{id}")).await.expect(200).body;
        assert_eq!((&read["filter"], &read["sort"]), (&json!({}), &json!("-total")), "{read}");
        let stale = manager.submit(&format!("/app/orders/views/{id}/update"), &[("version", &version), ("query", "state=PENDING")]).await;
        assert_eq!(stale.status, 409, "{stale}");

        // Others see it when it is shared, and cannot change it.
        let agent = shop.browser(testkit::AGENT).await;
        assert!(!part(&agent, "/app/orders/views").await.contains("Waiting"));
        assert_eq!(agent.get(&format!("/app/orders/views/{id}")).await.status, 404);
        let callers = role(&shop, "agent_call_center").await;
        let version = read["version"].to_string();
        let fields = [("name", "Everybody's"), ("audience", callers.as_str()), ("version", version.as_str()), ("default_of", callers.as_str())];
        sent(&manager, &format!("/app/orders/views/{id}"), &fields).await;
        let theirs = part(&agent, "/app/orders/views").await;
        assert!(theirs.contains("Everybody&#39;s") && !theirs.contains("/remove"), "{theirs}");
        assert_eq!(agent.submit(&format!("/app/orders/views/{id}/remove"), &[]).await.status, 403);
        assert_eq!(agent.get("/app/orders").await.expect(303).header("location"), format!("/app/orders?view={id}"), "their role begins with it");

        let gone = sent(&manager, &format!("/app/orders/views/{id}/remove"), &[]).await;
        let list = page(&manager, &gone).await;
        assert!(list.contains("View deleted") && list.contains("action=\"/app/orders/views/restore\"") && !list.contains("<bdi>Everybody"), "{list}");
        let back = sent(&manager, "/app/orders/views/restore", &[]).await;
        assert!(page(&manager, &back).await.contains("<bdi>Everybody&#39;s</bdi>"));
        assert_eq!(manager.submit("/app/orders/views/restore", &[]).await.status, 404, "once");
    }

    async fn the_bare_address_opens_the_list_as_it_was_left(shop: Shop) {
        let admin = shop.browser(testkit::ADMIN).await;
        shop.order().await;
        page(&admin, "/app/orders").await;
        page(&admin, "/app/orders?view=delivery&channel=phone&sort=-total").await;
        page(&admin, "/app/orders?q=Amina").await;
        let again = shop.browser(testkit::ADMIN).await;
        let location = again.get("/app/orders").await.expect(303).header("location").to_owned();
        assert_eq!(location, "/app/orders?view=delivery&channel=phone&sort=-total", "what was searched for is not kept");
        let kept = shop.admin().get("/api/v1/me/lists/orders").await.expect(200).body;
        assert_eq!((&kept["source"], &kept["filter"]["channel"]), (&json!("last"), &json!(["phone"])), "{kept}");
        page(&admin, "/app/orders?view=all").await;
        page(&admin, "/app/orders").await;
    }

    async fn columns_density_and_page_size_are_kept_for_each_view(shop: Shop) {
        let admin = shop.browser(testkit::ADMIN).await;
        for _ in 0..26 {
            shop.order().await;
        }
        let form = part(&admin, "/app/orders/columns?view=all").await;
        assert!(form.contains("name=\"up\"") && form.contains("value=\"tags\""), "{form}");
        let fields = [("view", "all"), ("back", "/app/orders?view=all"), ("column", "total"), ("column", "customer"), ("column", "tags"), ("density", "compact"), ("page_size", "25")];
        assert_eq!(sent(&admin, "/app/orders/columns", &fields).await, "/app/orders?view=all");
        let list = page(&admin, "/app/orders?view=all").await;
        let head = found(&list, "<thead>", "</thead>");
        let order: Vec<usize> = ["Order", ">Total", "Customer", "Tags"].iter().map(|word| head.find(word).unwrap()).collect();
        assert!(order.is_sorted() && !head.contains("Agent"), "{head}");
        assert!(list.contains("class=\"card grid compact\"") && list.contains("1 to 25 of 26") && list.contains("rel=\"next\""), "{list}");
        let second = page(&admin, "/app/orders?view=all&page=2").await;
        assert!(second.contains("26 to 26 of 26"), "{second}");
        assert!(page(&admin, "/app/orders?view=to_confirm").await.contains("1 to 26 of 26"), "another view looks as before");
        let moved = sent(&admin, "/app/orders/columns", &[("view", "all"), ("back", "/app/orders?view=all"), ("column", "total"), ("column", "customer"), ("down", "total")]).await;
        assert_eq!(moved, "/app/orders/columns?view=all");
        let rows = part(&admin, &format!("/app/orders/rows?ids={}&view=all", found(&list, "<tr id=\"", "\""))).await;
        assert!(rows.find("c-who").unwrap() < rows.find("c-amt").unwrap() && !rows.contains("c-agent"), "changed rows have the same columns: {rows}");
        sent(&admin, "/app/orders/columns", &[("view", "all"), ("back", "/app/orders?view=all"), ("reset", "1")]).await;
        assert!(page(&admin, "/app/orders?view=all").await.contains("Agent"));
    }

    async fn ticked_orders_are_tried_then_moved_watched_and_taken_back(shop: Shop) {
        let manager = shop.browser(testkit::MANAGER).await;
        let (one, two) = (shop.order().await, shop.order().await);
        let cancelled = shop.order().cancelled().await;
        shop.advance(60);
        shop.run_jobs().await;

        let list = page(&manager, "/app/orders?view=all").await;
        assert!(list.contains(&format!("form=\"bulk\" name=\"id\" value=\"{}\"", one.id)) && list.contains("action=\"/app/orders/bulk/new\""), "{list}");
        let form = part(&manager, &format!("/app/orders/bulk/new?do=confirm&id={}&id={}", one.id, two.id)).await;
        assert!(form.contains("With 2 orders.") && form.contains(&format!("name=\"id\" value=\"{}\"", two.id)), "{form}");

        let run = sent(&manager, "/app/orders/bulk", &[("do", "confirm"), ("id", &one.id), ("id", &two.id), ("id", &cancelled.id)]).await;
        assert!(page(&manager, &run).await.contains("data-poll"), "it is watched");
        shop.run_jobs().await;
        let tried = page(&manager, &run).await;
        for words in ["Nothing has changed yet", "It would be done to 2 orders", "Would be refused", &cancelled.number, "Do it to 2 orders"] {
            assert!(tried.contains(words), "{words} in {tried}");
        }
        assert!(!tried.contains("data-poll"));
        assert_eq!(sent(&manager, &format!("{run}/start"), &[("first", "")]).await, run);
        shop.run_jobs().await;
        let done = page(&manager, &run).await;
        assert!(done.contains("Every order has its result") && done.contains("33.3%") && done.contains("Try the one not done again") && done.contains("Undo"), "{done}");
        let refused = part(&manager, &format!("{run}?outcome=refused")).await;
        assert!(refused.contains(&cancelled.number) && !refused.contains(&format!("/app/orders/{}", one.id)), "{refused}");
        assert_eq!(shop.admin().get(&one.path("")).await.expect(200).body["state"], "CONFIRMED");

        sent(&manager, &format!("{run}/undo"), &[]).await;
        shop.run_jobs().await;
        assert!(page(&manager, &run).await.contains("as before"));
        assert_eq!(shop.admin().get(&one.path("")).await.expect(200).body["state"], "PENDING");
        let again = manager.submit(&format!("{run}/start"), &[]).await;
        assert!(again.status == 409 && again.text.contains("role=\"alert\""), "{again}");
        assert!(page(&manager, "/app/orders/bulk").await.contains(&run));
    }

    async fn a_whole_view_is_acted_on_as_it_stands_when_it_is_asked(shop: Shop) {
        let manager = shop.browser(testkit::MANAGER).await;
        let (one, other) = (shop.order().await, shop.order().confirmed().await);
        let query = "state=PENDING&days=today";
        let run = sent(&manager, "/app/orders/bulk", &[("do", "tags"), ("all", "1"), ("query", query), ("id", &other.id), ("add_tags", "gift, vip")]).await;
        shop.run_jobs().await;
        sent(&manager, &format!("{run}/start"), &[]).await;
        shop.run_jobs().await;
        assert_eq!(shop.admin().get(&one.path("")).await.expect(200).body["tags"], json!(["gift", "vip"]));
        assert_eq!(shop.admin().get(&other.path("")).await.expect(200).body["tags"], json!([]), "not of this view");

        for (fields, words) in [
            (vec![("do", "cancel"), ("id", one.id.as_str())], "role=\"alert\""),
            (vec![("do", "tags"), ("id", one.id.as_str())], "role=\"alert\""),
            (vec![("do", "confirm")], "role=\"alert\""),
        ] {
            let wrong = manager.submit("/app/orders/bulk", &fields).await.expect(422);
            assert!(wrong.text.contains(words), "{fields:?}: {wrong}");
        }
        for (fields, field, expected) in [
            (vec![("do", "priority"), ("priority", "urgent")], "priority", json!("urgent")),
            (vec![("do", "cancel"), ("reason", "other"), ("note", "shop closed")], "state", json!("CANCELLED")),
            (vec![("do", "archive")], "state", json!("CANCELLED")),
        ] {
            let fields: Vec<(&str, &str)> = fields.into_iter().chain([("id", one.id.as_str())]).collect();
            let run = sent(&manager, "/app/orders/bulk", &fields).await;
            shop.run_jobs().await;
            sent(&manager, &format!("{run}/start"), &[]).await;
            shop.run_jobs().await;
            assert_eq!(shop.admin().get(&one.path("")).await.expect(200).body[field], expected, "{fields:?}");
        }
        assert!(shop.admin().get(&one.path("")).await.expect(200).body["archived_at"].is_string());
    }

    async fn who_may_not_act_on_many_sees_no_boxes_and_is_refused(shop: Shop) {
        let agent = shop.browser(testkit::AGENT).await;
        let order = shop.order().await;
        let list = page(&agent, "/app/orders?view=all").await;
        let may = shop.agent().get("/api/v1/me").await.expect(200).body["permissions"].to_string();
        assert!(!may.contains("order.bulk") && !may.contains("order.export"), "{may}");
        assert!(list.contains(&order.id) && !list.contains("form=\"bulk\"") && !list.contains("/app/exports"), "{list}");
        for path in ["/app/orders/bulk", "/app/exports", "/app/orders/bulk/new?do=export&all=1", "/app/orders/bulk/new?do=confirm"] {
            assert_eq!(agent.get(path).await.status, 403, "{path}");
        }
        assert_eq!(agent.submit("/app/orders/bulk", &[("do", "confirm"), ("id", &order.id)]).await.status, 403);
        assert_eq!(agent.submit("/app/exports", &[("id", &order.id)]).await.status, 403);
    }

    async fn an_order_is_looked_at_and_moved_beside_the_list(shop: Shop) {
        let admin = shop.browser(testkit::ADMIN).await;
        let order = shop.order().await;
        let list = page(&admin, "/app/orders?view=all").await;
        assert!(list.contains("data-next=\"confirm\" data-verb=\"Confirm\"") && list.contains("data-dial=\"+213"), "{list}");
        let quick = part(&admin, &format!("/app/orders/{}/quick?back=/app/orders?view=to_confirm", order.id)).await;
        for words in [order.number.as_str(), "data-copy", "Confirm", "tel:+213", "name=\"back\" value=\"/app/orders?view=to_confirm\""] {
            assert!(quick.contains(words), "{words} in {quick}");
        }
        assert_eq!(admin.get(&format!("/app/orders/{}/quick", order.id)).await.expect(303).header("location"), format!("/app/orders/{}", order.id));

        let wanted = format!("{}.1.confirm", order.id);
        let moved = sent(&admin, "/app/orders/act", &[("do", &wanted), ("back", "/app/orders?view=all")]).await;
        assert!(moved.starts_with("/app/orders?view=all&done=confirm&event="), "{moved}");
        let list = page(&admin, &moved).await;
        let undo = format!("/app/orders/act/undo/{}", found(&list, "action=\"/app/orders/act/undo/", "\"").replace("&#38;", "&"));
        assert_eq!(sent(&admin, &undo, &[]).await, "/app/orders?view=all&done=undone");
        assert_eq!(shop.admin().get(&order.path("")).await.expect(200).body["state"], "PENDING");
        assert!(sent(&admin, "/app/orders/act", &[("do", &wanted)]).await.starts_with(&format!("/app/orders/{}", order.id)), "somebody was faster: look at it");
        assert_eq!(admin.submit("/app/orders/act", &[("do", "rubbish")]).await.status, 422);
        assert_eq!(admin.submit("/app/orders/act", &[("do", &wanted), ("back", "//evil.example")]).await.expect(303).header("location").find("evil"), None);
    }

    async fn a_view_goes_out_as_a_file_with_its_rows_and_its_sum(shop: Shop) {
        let admin = shop.browser(testkit::ADMIN).await;
        let (one, other) = (shop.order().await, shop.order().confirmed().await);
        assert!(page(&admin, "/app/exports").await.contains("No file yet"));
        let sheet = part(&admin, "/app/orders/bulk/new?do=export&all=1&query=view%3Dto_confirm").await;
        assert!(sheet.contains("With 1 order.") && sheet.contains("value=\"xlsx\"") && sheet.contains("action=\"/app/exports\""), "{sheet}");
        assert_eq!(sent(&admin, "/app/exports", &[("all", "1"), ("query", "view=to_confirm&sort=-total"), ("format", "csv")]).await, "/app/exports");
        assert!(page(&admin, "/app/exports").await.contains("data-poll=\"/app/exports\""));
        shop.run_jobs().await;
        let files = page(&admin, "/app/exports").await;
        assert!(files.contains("1 row") && files.contains("SHA-256") && files.contains("Orders, CSV") && !files.contains("data-poll"), "{files}");
        let file = admin.get(found(&files, "class=\"btn sm\" href=\"", "\"")).await.expect(200);
        let begins = |number: &str| file.text.contains(&format!("\n{number},"));
        assert!(begins(&one.number) && !begins(&other.number), "{file}");

        sent(&admin, "/app/exports", &[("id", &other.id), ("format", "xlsx")]).await;
        shop.run_jobs().await;
        assert!(page(&admin, "/app/exports").await.contains("Orders, XLSX"));
        let manager = shop.browser(testkit::MANAGER).await;
        let theirs = manager.get("/app/exports").await;
        assert!(theirs.status == 403 || theirs.text.contains("No file yet"), "a file is its maker's alone: {theirs}");
    }
}
