//! The pages about customers, as a browser without script meets them: plain GET, plain POST, redirects.

use serde_json::json;
use testkit::{ADMIN, AGENT, Answer, Client, MANAGER, NEIGHBOUR, Shop, both};

/// An order of somebody; answers the customer's id.
async fn buys(shop: &Shop, name: &str, phone: &str) -> String {
    let order = shop.order().for_phone(name, phone).await;
    order.body["customer"]["id"].as_str().unwrap().to_owned()
}

fn page(customer: &str, rest: &str) -> String {
    format!("/app/customers/{customer}{rest}")
}

#[track_caller]
fn shows(answer: &Answer, words: &[&str]) {
    for word in words {
        assert!(answer.text.contains(word), "no {word:?} in {}", answer.text);
    }
}

#[track_caller]
fn hides(answer: &Answer, words: &[&str]) {
    for word in words {
        assert!(!answer.text.contains(word), "{word:?} in {}", answer.text);
    }
}

/// Where a form led.
#[track_caller]
fn led(answer: Answer) -> String {
    let answer = answer.expect(303);
    answer.header("location").to_owned()
}

/// A browser of somebody with just these rights.
async fn somebody_with(shop: &Shop, rights: &[&str]) -> Client {
    let admin = shop.admin();
    let role =
        admin.post("/api/v1/roles", json!({"name": format!("Just these {}", rights.len()), "permissions": rights})).await.expect(201).id().to_owned();
    let users = admin.get("/api/v1/users").await.expect(200);
    let user = users.items().iter().find(|user| user["email"] == AGENT.email).unwrap().clone();
    let change = json!({"role_id": role, "version": user["version"]});
    admin.patch(&format!("/api/v1/users/{}", user["id"].as_str().unwrap()), change).await.expect(200);
    shop.browser(AGENT).await
}

/// The part of a page after a word, up to the next quote: an address in a form.
#[track_caller]
fn after<'a>(text: &'a str, opening: &str) -> &'a str {
    let start = text.find(opening).unwrap_or_else(|| panic!("no {opening:?} in {text}")) + opening.len();
    text[start..].split('"').next().unwrap_or_default()
}

both! {
    async fn the_list_finds_filters_sorts_and_goes_on(shop: Shop) {
        let browser = shop.browser(MANAGER).await;
        shows(&browser.get("/app/customers").await.expect(200), &["Your customers will appear here", "/app/customers/new"]);
        let amina = buys(&shop, "Amina Benali", "0550142387").await;
        buys(&shop, "Yacine Bouzid", "0661223344").await;
        let nadia = buys(&shop, "نادية بوضياف", "0770112233").await;
        shop.order().for_phone("Amina Benali", "0550142387").delivered().await;
        shop.manager().post(&format!("/api/v1/customers/{nadia}/flags"), json!({"type": "vip", "reason": "Buys for the whole street"})).await.expect(201);

        let list = browser.get("/app/customers").await.expect(200);
        shows(&list, &["Amina Benali", "Yacine Bouzid", "نادية بوضياف", "0550 14 23 87", "3 customers", "VIP", "Oran"]);
        for (query, found, absent) in [
            ("q=amina", "Amina Benali", "Yacine"), ("q=0661+22+33+44", "Yacine Bouzid", "Amina"), ("q=%2B213550142387", "Amina Benali", "Yacine"),
            ("q=%D9%86%D8%A7%D8%AF%D9%8A%D8%A9", "نادية", "Amina"), ("flag=vip", "نادية", "Amina"),
        ] {
            let list = browser.get(&format!("/app/customers?{query}")).await.expect(200);
            shows(&list, &[found]);
            hides(&list, &[absent]);
        }
        shows(&browser.get("/app/customers?q=zzzz&flag=vip").await.expect(200), &["No customer matches 2 filters", "Clear filters"]);
        // Figures are compared within a store; the first, until another is chosen.
        let by_orders = browser.get("/app/customers?sort=-orders").await.expect(200);
        shows(&by_orders, &["aria-sort=\"descending\"", "sort=-spent", "Most orders", "3 customers"]);
        assert!(by_orders.text.find("Amina Benali") < by_orders.text.find("Yacine Bouzid"), "by orders");
        let regulars = browser.get("/app/customers?orders=2").await.expect(200);
        shows(&regulars, &["Amina Benali", "2 orders or more"]);
        hides(&regulars, &["Yacine Bouzid", "action=\"/app/customers/export\""]);
        hides(&browser.get("/app/customers?spent=99999999").await.expect(200), &["Amina Benali", "Yacine Bouzid"]);
        shows(&browser.get("/app/customers?share=50&quiet=30").await.expect(200), &["No customer matches", "50% or less", "for 30 days or more"]);
        let by_name = browser.get("/app/customers?sort=name").await.expect(200);
        assert!(by_name.text.find("Amina Benali") < by_name.text.find("Yacine Bouzid"), "by name");
        shows(&by_name, &["aria-sort=\"ascending\""]);
        // A second key decides among equals; the heads and the second choice say it.
        let both = browser.get("/app/customers?sort=-orders&sort=name").await.expect(200);
        shows(&both, &["aria-sort=\"descending\"", "(sorted by this first)", "(then by this, smallest first)", "<option value=\"name\" selected>then: By name</option>"]);
        assert!(both.text.find("Amina Benali") < both.text.find("Yacine Bouzid"), "most orders first");
        // A figure as the second key leaves nobody out; as the first it is of those who bought.
        shop.manager().post("/api/v1/customers", json!({"name": "Zohra Never"})).await.expect(201);
        shows(&browser.get("/app/customers?sort=-created_at&sort=-orders").await.expect(200), &["Zohra Never", "4 customers"]);
        hides(&browser.get("/app/customers?sort=-orders&sort=name").await.expect(200), &["Zohra Never"]);
        // Whoever is sorted by the last order has bought: what is compared then is of one store, which the page says.
        shows(&browser.get("/app/customers?sort=-last_order_at&sort=-orders").await.expect(200), &["store=sto_", "Amina Benali"]);
        // Delivered and returned compare the same from both ends, so neither is offered as the second of the other.
        shows(&browser.get("/app/customers?sort=-orders").await.expect(200), &["sort=-orders%2C-delivered_rate"]);
        hides(&browser.get("/app/customers?sort=-returned_rate").await.expect(200), &["sort=-returned_rate%2C-delivered_rate"]);
        // Places are those of the newest order: the wilaya, then its communes.
        let there = browser.get("/app/customers?province=DZ%3A31&city=Bir+El+Djir").await.expect(200);
        shows(&there, &["Amina Benali", "Wilaya <b><bdi>31 · Oran</bdi></b>", "Commune <b><bdi>Bir El Djir</bdi></b>", "id=\"f-city-known\"", "3 customers"]);
        hides(&there, &["action=\"/app/customers/export\""]);
        shows(&browser.get("/app/customers?province=DZ%3A16").await.expect(200), &["No customer matches"]);
        let part = browser.with_header("HX-Request-Type", "partial").get("/app/customers?q=amina").await.expect(200);
        assert!(part.text.trim_start().starts_with("<section") && part.text.contains(&amina), "{}", part.text);
    }

    async fn a_long_list_goes_on_and_back(shop: Shop) {
        for number in 0..27 {
            shop.manager().post("/api/v1/customers", json!({"name": format!("Person {number:02}")})).await.expect(201);
        }
        let browser = shop.browser(MANAGER).await;
        let first = browser.get("/app/customers?sort=name&limit=25").await.expect(200);
        shows(&first, &["27 customers", "Person 00", "Person 24"]);
        hides(&first, &["Person 25", "rel=\"prev\""]);
        let next = after(&first.text, "class=\"btn sm\" href=\"").replace("&#38;", "&").replace("&amp;", "&");
        let second = browser.get(&next).await.expect(200);
        shows(&second, &["Person 25", "Person 26", "rel=\"prev\""]);
        hides(&second, &["Person 24", "rel=\"next\""]);
        let back = after(&second.text, "class=\"btn sm\" href=\"").replace("&#38;", "&").replace("&amp;", "&");
        shows(&browser.get(&back).await.expect(200), &["Person 00"]);
        assert_eq!(browser.get("/app/customers?at=rubbish").await.status, 422);
    }

    async fn numbers_are_dots_without_the_right_and_one_look_is_written_down(shop: Shop) {
        let amina = buys(&shop, "Amina Benali", "0550142387").await;
        let rights = ["order.read", "order.see_all", "customer.read", "customer.edit", "store.read"];
        let blind = somebody_with(&shop, &rights).await;
        for path in ["/app/customers".to_owned(), page(&amina, "")] {
            let answer = blind.get(&path).await.expect(200);
            shows(&answer, &["Amina Benali", "•87"]);
            hides(&answer, &["142387", "14 23 87", "tel:", "wa.me", "/reveal"]);
        }
        // The end of a number is not found digit by digit.
        hides(&blind.get("/app/customers?q=2387").await.expect(200), &["Amina"]);
        let read = shop.admin().get(&format!("/api/v1/customers/{amina}")).await.expect(200).body;
        let number = read["phones"][0]["id"].as_str().unwrap().to_owned();
        blind.submit(&page(&amina, &format!("/phones/{number}/reveal")), &[]).await.expect(403);
        // Who sees dots changes the label and keeps the number.
        hides(&blind.get(&page(&amina, &format!("/phones/{number}"))).await.expect(200), &["142387"]);
        led(blind.submit(&page(&amina, &format!("/phones/{number}")), &[("number", ""), ("label", "work")]).await);
        let kept = shop.admin().get(&format!("/api/v1/customers/{amina}")).await.expect(200).body;
        assert_eq!((&kept["phones"][0]["number"], &kept["phones"][0]["label"]), (&json!("+213550142387"), &json!("work")));

        let with_reveal: Vec<&str> = rights.into_iter().chain(["phone.reveal"]).collect();
        let looking = somebody_with(&shop, &with_reveal).await;
        let closed = looking.get(&page(&amina, "")).await.expect(200);
        shows(&closed, &["/reveal", "•87"]);
        let open = looking.submit(&page(&amina, &format!("/phones/{number}/reveal")), &[]).await.expect(200);
        shows(&open, &["0550 14 23 87", "tel:+213550142387", "looked at a whole phone number"]);
        hides(&looking.get(&page(&amina, "")).await.expect(200), &["142387"]);
        let events = shop.admin().get("/api/v1/events?kind=customer.phone_revealed").await.expect(200);
        assert_eq!(events.items().len(), 1, "{events}");
        // Whoever sees numbers leaves no trace.
        let whole = shop.browser(ADMIN).await.submit(&page(&amina, &format!("/phones/{number}/reveal")), &[]).await.expect(200);
        shows(&whole, &["0550 14 23 87"]);
        assert_eq!(shop.admin().get("/api/v1/events?kind=customer.phone_revealed").await.expect(200).items().len(), 1);
    }

    async fn a_customer_is_added_and_changed_by_forms(shop: Shop) {
        let admin = shop.admin();
        admin.post("/api/v1/fields", json!({"subject": "customer", "key": "class", "kind": "choice", "labels": {"en": "Class"},
            "choices": [{"key": "gold", "labels": {"en": "Gold"}}, {"key": "silver", "labels": {"en": "Silver"}}], "is_filterable": true})).await.expect(201);
        shop.advance(10);
        shop.run_jobs().await;
        let browser = shop.browser(MANAGER).await;
        let wrong = browser.submit("/app/customers/new", &[("name", ""), ("phone", "12"), ("email", "x"), ("language", "fr")]).await.expect(422);
        shows(&wrong, &["<title>Error:", "id=\"name-error\"", "value=\"x\"", "value=\"12\"", "<option value=\"fr\" selected>"]);
        let to = led(browser.submit("/app/customers/new", &[("name", "Yacine Bouzid"), ("phone", "0661 22 33 44"), ("email", "Yacine@Example.dz"), ("language", "ar"), ("tags", "gros, fidèle"), ("custom.class", "gold")]).await);
        let id = to.split(['/', '?']).nth(3).unwrap().to_owned();
        let shown = browser.get(&to).await.expect(200);
        shows(&shown, &["Yacine Bouzid", "0661 22 33 44", "mailto:yacine@example.dz", "gros", "fidèle", "Class", "Gold", "Customer added", "العربية"]);
        hides(&browser.get("/app/customers?custom.class=silver").await.expect(200), &["Yacine"]);
        shows(&browser.get("/app/customers?custom.class=gold").await.expect(200), &["Yacine"]);

        let form = browser.get(&page(&id, "/edit")).await.expect(200);
        let version = after(&form.text, "name=\"version\" value=\"").to_owned();
        let fields = |name: &'static str, version: String| vec![("name", name.to_owned()), ("email", String::new()), ("language", "fr".to_owned()), ("tags", "gros".to_owned()), ("custom.class", "silver".to_owned()), ("version", version)];
        let send = async |fields: Vec<(&str, String)>| {
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            browser.submit(&page(&id, "/edit"), &fields).await
        };
        assert_eq!(led(send(fields("Yacine B.", version.clone())).await), page(&id, "?done=saved"));
        let read = admin.get(&format!("/api/v1/customers/{id}")).await.expect(200).body;
        assert_eq!((&read["name"], &read["email"], &read["language"], &read["tags"], &read["custom"]["class"]), (&json!("Yacine B."), &json!(null), &json!("fr"), &json!(["gros"]), &json!("silver")));

        // Somebody else was faster: both sides stand there, and the next try goes through.
        let stale = send(fields("Y. Bouzid", version)).await.expect(409);
        shows(&stale, &["Somebody else saved this meanwhile", "Y. Bouzid", "Yacine B.", "Saved meanwhile"]);
        let now = after(&stale.text, "name=\"version\" value=\"").to_owned();
        led(send(fields("Y. Bouzid", now)).await);
        assert_eq!(admin.get(&format!("/api/v1/customers/{id}")).await.expect(200).body["name"], "Y. Bouzid");
        shows(&browser.get(&page(&id, "?show=change")).await.expect(200), &["changed the record", "Yacine Bouzid", "Y. Bouzid"]);
    }

    async fn numbers_and_addresses_are_added_changed_ordered_and_removed(shop: Shop) {
        let amina = buys(&shop, "Amina Benali", "0550142387").await;
        buys(&shop, "Yacine Bouzid", "0661223344").await;
        let browser = shop.browser(AGENT).await;
        let api = shop.admin();
        let read = async || api.get(&format!("/api/v1/customers/{amina}")).await.expect(200).body;
        let taken = browser.submit(&page(&amina, "/phones/new"), &[("number", "0661223344"), ("label", "")]).await.expect(422);
        shows(&taken, &["id=\"number-error\"", "Yacine Bouzid"]);
        led(browser.submit(&page(&amina, "/phones/new"), &[("number", "0770 11 22 33"), ("label", "sister"), ("main", "1")]).await);
        let phones = read().await["phones"].clone();
        assert_eq!((&phones[0]["number"], &phones[0]["label"], &phones[1]["number"]), (&json!("+213770112233"), &json!("sister"), &json!("+213550142387")));
        let old = phones[1]["id"].as_str().unwrap().to_owned();
        shows(&browser.get(&page(&amina, "")).await.expect(200), &["sister", "tel:+213770112233", "https://wa.me/213770112233", "data-copy=\"+213770112233\""]);
        led(browser.submit(&page(&amina, &format!("/phones/{old}/main")), &[]).await);
        assert_eq!(read().await["phones"][0]["number"], "+213550142387");
        let form = browser.get(&page(&amina, &format!("/phones/{old}"))).await.expect(200);
        shows(&form, &["Remove this number?", "Orders that were placed keep it."]);
        let stale = browser.submit(&page(&amina, &format!("/phones/{old}")), &[("number", "0550142388"), ("version", "99")]).await.expect(409);
        shows(&stale, &["Somebody else saved this meanwhile", "0550142388"]);
        led(browser.submit(&page(&amina, &format!("/phones/{old}/remove")), &[]).await);
        assert_eq!(read().await["phones"].as_array().unwrap().len(), 1);

        let wrong = browser.submit(&page(&amina, "/addresses/new"), &[("line1", ""), ("province", "Oran")]).await.expect(422);
        shows(&wrong, &["id=\"line1-error\"", "value=\"Oran\" selected"]);
        led(browser.submit(&page(&amina, "/addresses/new"), &[("label", "home"), ("line1", "Cité 200 logts"), ("province", "Oran"), ("city", "bir el djir")]).await);
        led(browser.submit(&page(&amina, "/addresses/new"), &[("label", "shop"), ("line1", "Rue 7"), ("province", "Alger"), ("city", "Bab Ezzouar")]).await);
        let addresses = read().await["addresses"].clone();
        assert_eq!((addresses.as_array().unwrap().len(), &addresses[0]["is_main"]), (2, &json!(true)), "{addresses}");
        let second = addresses[1]["id"].as_str().unwrap().to_owned();
        led(browser.submit(&page(&amina, &format!("/addresses/{second}/main")), &[]).await);
        assert_eq!(read().await["addresses"][0]["id"], second);
        let form = browser.get(&page(&amina, &format!("/addresses/{second}"))).await.expect(200);
        let version = after(&form.text, "name=\"version\" value=\"").to_owned();
        led(browser.submit(&page(&amina, &format!("/addresses/{second}")), &[("line1", "Rue 8"), ("province", "Oran"), ("city", ""), ("version", &version)]).await);
        assert_eq!(read().await["addresses"][0]["line1"], "Rue 8");
        led(browser.submit(&page(&amina, &format!("/addresses/{second}/remove")), &[]).await);
        assert_eq!(read().await["addresses"].as_array().unwrap().len(), 1);
    }

    async fn marks_notes_and_agreements_stand_with_who_and_why(shop: Shop) {
        let amina = buys(&shop, "Amina Benali", "0550142387").await;
        let browser = shop.browser(MANAGER).await;
        shows(&browser.submit(&page(&amina, "/flags/new"), &[("type", "nothing"), ("reason", "x")]).await.expect(422), &["id=\"type-error\""]);
        assert_eq!(led(browser.submit(&page(&amina, "/flags/new"), &[("type", "refuser"), ("reason", "Three parcels came back"), ("expires_at", "2099-01-31")]).await), page(&amina, "?done=flag"));
        let shown = browser.get(&page(&amina, "")).await.expect(200);
        shows(&shown, &["Refuses parcels", "Three parcels came back", "Mourad Manager", "until 31"]);
        let opening = page(&amina, "/flags/flg_");
        let lift = format!("{opening}{}", after(&shown.text, &opening));
        shows(&browser.submit(&lift, &[("reason", "")]).await.expect(422), &["id=\"reason-error\"", "Lift the mark “Refuses parcels”"]);
        led(browser.submit(&lift, &[("reason", "Paid and apologized")]).await);
        shows(&browser.get(&page(&amina, "")).await.expect(200), &["No mark.", "Paid and apologized"]);
        browser.submit(&lift, &[("reason", "again")]).await.expect(409);

        shows(&browser.submit(&page(&amina, "/notes"), &[("content", " ")]).await.expect(422), &["role=\"alert\""]);
        assert_eq!(led(browser.submit(&page(&amina, "/notes"), &[("content", "Calls back after <five>")]).await), page(&amina, "?done=note#history"));
        let noted = browser.get(&page(&amina, "?show=note")).await.expect(200);
        shows(&noted, &["Calls back after &#60;five&#62;", "wrote a note", "Erase this note?"]);
        hides(&noted, &["came in"]);
        let opening = page(&amina, "/notes/");
        let erase = format!("{opening}{}", after(&noted.text, &opening));
        led(browser.submit(&erase, &[]).await);
        let gone = browser.get(&page(&amina, "")).await.expect(200);
        hides(&gone, &["Calls back after"]);
        shows(&gone, &["erased a note"]);

        browser.submit(&page(&amina, "/consents"), &[("channel", "fax")]).await.expect(422);
        led(browser.submit(&page(&amina, "/consents"), &[("channel", "whatsapp"), ("purpose", "marketing"), ("given", "yes"), ("source", "call"), ("words", "Yes, on WhatsApp")]).await);
        let history = browser.get(&page(&amina, "/consents")).await.expect(200);
        shows(&history, &["WhatsApp, Advertising: yes. In a call", "Mourad Manager", "Yes, on WhatsApp"]);
        led(browser.submit(&page(&amina, "/consents"), &[("channel", "whatsapp"), ("purpose", "marketing"), ("given", "no"), ("source", "message")]).await);
        let consents = shop.admin().get(&format!("/api/v1/customers/{amina}/consents")).await.expect(200).body;
        let whatsapp = consents["allowed"].as_array().unwrap().iter().find(|one| one["channel"] == "whatsapp").unwrap().clone();
        assert_eq!((consents["items"].as_array().unwrap().len(), &whatsapp["marketing"], &whatsapp["order"]), (2, &json!(false), &json!(true)));
    }

    async fn two_records_are_compared_merged_and_taken_apart(shop: Shop) {
        let kept = buys(&shop, "Amina Benali", "0550142387").await;
        let gone = buys(&shop, "A. Benali", "0770112233").await;
        let admin = shop.admin();
        for (id, email) in [(&kept, "amina@example.dz"), (&gone, "amina@example.dz")] {
            admin.patch(&format!("/api/v1/customers/{id}"), json!({"email": email})).await.expect(200);
        }
        let browser = shop.browser(MANAGER).await;
        shows(&browser.get(&page(&kept, "")).await.expect(200), &["Likely the same person", "Same e-mail", &format!("/merge?with={gone}")]);
        shows(&browser.get("/app/customers/twins").await.expect(200), &["Amina Benali", "A. Benali", "Same e-mail"]);
        let pick = browser.get(&page(&kept, "/merge?q=A.+Benali")).await.expect(200);
        shows(&pick, &["A. Benali", &format!("/merge?with={gone}")]);
        let compared = browser.get(&page(&kept, &format!("/merge?with={gone}"))).await.expect(200);
        shows(&compared, &["0550 14 23 87", "0770 11 22 33", "Stays", "Becomes part of it", "What moves", &page(&gone, &format!("/merge?with={kept}")), "name=\"name\" value=\"gone\""]);
        let to = led(browser.submit(&page(&kept, "/merge"), &[("gone_id", &gone), ("name", "gone")]).await);
        assert!(to.starts_with(&page(&kept, "?done=merged&event=mrg_")), "{to}");
        let merged = browser.get(&to).await.expect(200);
        shows(&merged, &["A. Benali", "0550 14 23 87", "0770 11 22 33", "Records merged", "Merged records", "/unmerge?merge="]);
        // The old id leads to the one that was kept; the same merge once more says why not.
        shows(&browser.get(&page(&gone, "")).await.expect(200), &[&page(&kept, "/edit")]);
        browser.submit(&page(&kept, "/merge"), &[("gone_id", &gone)]).await.expect(409);
        browser.submit(&page(&kept, "/merge"), &[("gone_id", &kept)]).await.expect(409);
        let undo = after(&merged.text, "<form method=\"post\" action=\"/app/customers/").to_owned();
        assert!(!undo.is_empty());
        let merge = to.rsplit('=').next().unwrap().to_owned();
        assert_eq!(led(browser.submit(&page(&kept, &format!("/unmerge?merge={merge}")), &[]).await), page(&kept, "?done=unmerged"));
        shows(&browser.get(&page(&gone, "")).await.expect(200), &["A. Benali", "0770 11 22 33"]);
        shows(&browser.get(&page(&kept, "")).await.expect(200), &["Amina Benali"]);
        shop.run_jobs().await;
    }

    async fn everything_about_a_person_is_written_down_and_a_person_forgotten(shop: Shop) {
        let amina = buys(&shop, "Amina Benali", "0550142387").await;
        let browser = shop.browser(ADMIN).await;
        assert_eq!(led(browser.submit(&page(&amina, "/export"), &[]).await), page(&amina, "?done=export#data"));
        shows(&browser.get(&page(&amina, "")).await.expect(200), &["The file is being made", &format!("data-again=\"/app/customers/{amina}/work\"")]);
        browser.submit(&page(&amina, "/export"), &[]).await.expect(409);
        shop.run_jobs().await;
        let work = browser.with_header("HX-Request-Type", "partial").get(&page(&amina, "/work")).await.expect(200);
        shows(&work, &["format=html", "format=json", "Kept until"]);
        hides(&work, &["data-again"]);
        let browser = shop.browser(ADMIN).await;
        let file = after(&work.text, "class=\"btn sm\" href=\"").replace("&#38;", "&");
        shows(&browser.get(&file).await.expect(200), &["Amina Benali"]);

        let form = browser.get(&page(&amina, "/erase")).await.expect(200);
        shows(&form, &["Erase Amina Benali", "Type Amina Benali to confirm", "Gone for good", "What stays", "24 hours"]);
        shows(&browser.submit(&page(&amina, "/erase"), &[("confirm", "Amina")]).await.expect(422), &["id=\"confirm-error\"", "value=\"Amina\""]);
        assert_eq!(led(browser.submit(&page(&amina, "/erase"), &[("confirm", "amina benali")]).await), page(&amina, "?done=erasing#data"));
        shows(&browser.get(&page(&amina, "")).await.expect(200), &["asked to erase this person", "/erase/cancel"]);
        browser.submit(&page(&amina, "/erase"), &[("confirm", "Amina Benali")]).await.expect(409);
        led(browser.submit(&page(&amina, "/erase/cancel"), &[]).await);
        hides(&browser.get(&page(&amina, "")).await.expect(200), &["/erase/cancel"]);
        led(browser.submit(&page(&amina, "/erase"), &[("confirm", "Amina Benali")]).await);
        shop.advance(25 * 3_600);
        shop.run_jobs().await;
        let browser = shop.browser(ADMIN).await;
        let erased = browser.get(&page(&amina, "")).await.expect(200);
        shows(&erased, &["Erased customer", "Nothing personal is kept about this customer", "Orders without a name"]);
        hides(&erased, &["Amina", "14 23 87", "/edit\"", "/phones/new", "/orders/new"]);
        browser.get(&page(&amina, "/edit")).await.expect(409);
        browser.get(&file).await.expect(404);
    }

    async fn what_a_role_may_not_do_is_absent_and_refused(shop: Shop) {
        let amina = buys(&shop, "Amina Benali", "0550142387").await;
        let all = shop.browser(ADMIN).await.get(&page(&amina, "")).await.expect(200);
        shows(&all, &["/edit", "/phones/new", "/flags/new", "/merge", "/erase", "/export", &format!("/app/orders/new?customer={amina}"), "/archive"]);
        let agent = shop.browser(AGENT).await;
        let calls = agent.get(&page(&amina, "")).await.expect(200);
        shows(&calls, &["/edit", "tel:+213550142387"]);
        hides(&calls, &["/merge", "/erase\"", "/export\""]);
        for path in ["/merge", "/erase"] {
            agent.get(&page(&amina, path)).await.expect(403);
        }
        agent.submit(&page(&amina, "/export"), &[]).await.expect(403);
        agent.submit("/app/customers/export", &[]).await.expect(403);
        let reader = somebody_with(&shop, &["customer.read"]).await;
        let only = reader.get(&page(&amina, "")).await.expect(200);
        hides(&only, &["/edit", "/phones/new", "/flags/new", "/addresses/new", "name=\"content\"", "/archive", "/orders/new", "Payments"]);
        hides(&reader.get("/app/customers").await.expect(200), &["/app/customers/new", "/app/customers/export"]);
        for path in ["/edit", "/phones/new", "/addresses/new", "/flags/new", "/consents"] {
            reader.get(&page(&amina, path)).await.expect(403);
            reader.submit(&page(&amina, path), &[]).await.expect(403);
        }
        // Of another store, she is not there at all.
        let neighbour = shop.browser(NEIGHBOUR).await;
        for path in ["", "/edit", "/phones/new", "/consents"] {
            neighbour.get(&page(&amina, path)).await.expect(404);
        }
        hides(&neighbour.get("/app/customers").await.expect(200), &["Amina"]);
    }

    async fn the_list_goes_out_as_a_file_and_a_customer_into_the_archive(shop: Shop) {
        let amina = buys(&shop, "Amina Benali", "0550142387").await;
        let browser = shop.browser(MANAGER).await;
        let to = led(browser.submit("/app/customers/export", &[("search", "amina"), ("list", "q=amina")]).await);
        assert!(to.starts_with("/app/customers?q=amina&task="), "{to}");
        shows(&browser.get(&to).await.expect(200), &["The file of this list is being made", "data-again="]);
        shop.run_jobs().await;
        let ready = browser.get(&to).await.expect(200);
        shows(&ready, &["The file is ready: 1 customer."]);
        shows(&browser.get(after(&ready.text, "class=\"btn sm\" href=\"")).await.expect(200), &["Amina Benali"]);

        assert_eq!(led(browser.submit(&page(&amina, "/archive"), &[]).await), page(&amina, "?done=archived"));
        shows(&browser.get(&page(&amina, "?done=archived")).await.expect(200), &["Archived", &page(&amina, "/unarchive")]);
        hides(&browser.get("/app/customers").await.expect(200), &["Amina Benali"]);
        shows(&browser.get("/app/customers?archived=1").await.expect(200), &["Amina Benali"]);
        led(browser.submit(&page(&amina, "/unarchive"), &[]).await);
        shows(&browser.get("/app/customers").await.expect(200), &["Amina Benali"]);
    }
}
