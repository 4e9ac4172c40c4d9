//! What customers see of their orders: look-up, links, the page, their own history; and all that they do not see.

use std::io::Read;

use flate2::read::GzDecoder;
use kernel::Time;
use serde_json::{Value, json};
use testkit::{Answer, Client, PlacedOrder, Shop, both};
use web::{LimitsConfig, WebConfig, WebState};

fn visitor(shop: &Shop) -> Client {
    Client::nobody(shop.router()).reads("en")
}

/// The shop behind other limits.
fn limited(shop: &Shop, limits: LimitsConfig) -> Client {
    let config = WebConfig { public_url: "http://shop.test".to_owned(), limits, trust_forwarded_for: true, ..WebConfig::default() };
    Client::nobody(web::app(WebState::new(shop.base().clone(), config, None))).with_header("x-forwarded-for", "10.1.1.1")
}

async fn placed(shop: &Shop) -> PlacedOrder {
    shop.order()
        .with("external_ref", json!("W-77"))
        .with("customer", json!({"name": "Amina Benali", "phone": "0550142387", "email": "Amina@Example.dz", "language": "en"}))
        .await
}

async fn link_of(client: &Client, order: &PlacedOrder) -> String {
    let made = client.post(&order.path("/tracking-link"), json!({})).await.expect(200);
    let token = made.body["token"].as_str().unwrap().to_owned();
    assert_eq!(made.body["url"], format!("http://shop.test/t/{token}"));
    token
}

async fn look_up(client: &Client, number: &str, proof: &str) -> Answer {
    client.post("/api/v1/track", json!({"number": number, "proof": proof})).await
}

fn without_id(answer: &Answer) -> String {
    let mut body = answer.body.clone();
    body.as_object_mut().unwrap().remove("request_id");
    body.to_string()
}

/// Everything that leads to the person of [`placed`].
const PERSONAL: [&str; 7] = ["Benali", "550142387", "0550", "example.dz", "200 logts", "bloc 7", "2387"];

#[track_caller]
fn names_nobody(text: &str) {
    for word in PERSONAL {
        assert!(!text.to_lowercase().contains(&word.to_lowercase()), "{word} stands in {text}");
    }
}

async fn code_from_mail(shop: &Shop, before: usize) -> Option<String> {
    shop.run_jobs().await;
    let folder = shop.base().data_dir().join("mail");
    let mut mails: Vec<std::path::PathBuf> = std::fs::read_dir(folder).map(|all| all.flatten().map(|one| one.path()).collect()).unwrap_or_default();
    mails.sort_by_key(|path| std::fs::metadata(path).unwrap().modified().unwrap());
    if mails.len() <= before {
        return None;
    }
    let text = std::fs::read_to_string(mails.last()?).unwrap();
    let place = text.find("your code is ").unwrap_or_else(|| panic!("{text}"));
    Some(text[place + 13..place + 19].to_owned())
}

fn mails(shop: &Shop) -> usize {
    std::fs::read_dir(shop.base().data_dir().join("mail")).map(Iterator::count).unwrap_or(0)
}

async fn issue(shop: &Shop, order: &PlacedOrder) -> String {
    let customer = customer_of(shop, order).await;
    let issued = shop.admin().post(&format!("/api/v1/customers/{customer}/code"), json!({})).await.expect(200);
    issued.body["code"].as_str().unwrap().to_owned()
}

async fn customer_of(shop: &Shop, order: &PlacedOrder) -> String {
    shop.admin().get(&order.path("")).await.expect(200).body["customer"]["id"].as_str().unwrap().to_owned()
}

fn own_shop(shop: &Shop) -> String {
    shop.org().to_string()
}

async fn enter(shop: &Shop, client: &Client, contact: &str, code: &str) -> Answer {
    client.post("/api/v1/my-orders/enter", json!({"contact": contact, "code": code, "shop": own_shop(shop)})).await
}

both! {
    async fn a_number_alone_tells_the_state_and_nothing_about_a_person(shop: Shop) {
        let order = placed(&shop).await;
        let visitor = visitor(&shop);
        for number in [order.number.as_str(), &format!("#{}", order.number), "W-77"] {
            let told = visitor.post("/api/v1/track", json!({"number": number})).await.expect(200);
            assert_eq!((&told.body["orders"][0]["number"], &told.body["orders"][0]["standing"], &told.body["links"]), (&json!(order.number), &json!("received"), &json!([])), "{told}");
            names_nobody(&told.text);
        }
        let page = visitor.get(&format!("/track-order?number={}", order.number)).await.expect(200);
        assert!(page.text.contains("state-new") || page.text.contains(">New<"), "{}", page.text);
        names_nobody(&page.text);
        assert_eq!((page.header("cache-control"), page.header("x-robots-tag")), ("private, no-cache", "noindex, nofollow"));
    }

    async fn number_and_digits_or_address_lead_to_the_page(shop: Shop) {
        let order = placed(&shop).await;
        let visitor = visitor(&shop);
        for proof in ["2387", "0550 14 23 87", "+213550142387", "amina@example.DZ", "٢٣٨٧"] {
            let found = look_up(&visitor, &order.number, proof).await.expect(200);
            let token = found.body["links"][0]["token"].as_str().unwrap_or_else(|| panic!("{proof}: {found}")).to_owned();
            let shown = visitor.get(&format!("/api/v1/track/{token}")).await.expect(200);
            assert_eq!(shown.body["number"], json!(order.number));
        }
        let form = visitor.submit("/track-order", &[("number", &order.number), ("proof", "2387")]).await.expect(303);
        let page = visitor.get(form.header("location")).await.expect(200);
        assert!(page.text.contains("We have your order") && page.text.contains("Linen dress") && page.text.contains("Amina B."), "{}", page.text);
        let forgotten = shop.now().plus_us(Time::DAY + Time::SECOND);
        shop.advance(forgotten.since_us(shop.now()) / Time::SECOND);
        visitor.get(form.header("location")).await.expect(410);
    }

    async fn whatever_does_not_fit_gets_one_answer(shop: Shop) {
        let order = placed(&shop).await;
        let foreign = shop.foreigner().place(foreign_order(&shop)).await.expect(201);
        let visitor = visitor(&shop);
        let mut answers = Vec::new();
        for (number, proof) in [
            (order.number.as_str(), "2388"), (&order.number, "387"), (&order.number, "other@example.dz"), (&order.number, "@"), ("999999", "2387"), ("nothing", "2387"), ("999999", ""), (foreign.body["number"].as_str().unwrap(), "9999"),
        ] {
            answers.push(without_id(&look_up(&visitor, number, proof).await.expect(404)));
        }
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:#?}");
        assert!(answers[0].contains("tracking.no_match"), "{}", answers[0]);

        let wrong = visitor.submit("/track-order", &[("number", &order.number), ("proof", "2388")]).await.expect(422);
        let nothing = visitor.submit("/track-order", &[("number", "999999"), ("proof", "2388")]).await.expect(422);
        let without_number = |answer: &Answer, number: &str| answer.text.replace(&format!("value=\"{number}\""), "").replace(&format!("number={number}\""), "");
        assert_eq!(without_number(&wrong, &order.number), without_number(&nothing, "999999"));
        names_nobody(&wrong.text.replace("2388", ""));
        visitor.post("/api/v1/track", json!({"number": " "})).await.expect(422);
    }

    async fn numbers_of_all_organizations_are_found_and_none_is_mixed_up(shop: Shop) {
        let ours = placed(&shop).await;
        let theirs = shop.foreigner().place(foreign_order(&shop)).await.expect(201);
        let number = theirs.body["number"].as_str().unwrap().to_owned();
        assert_eq!(number, ours.number, "both organizations begin to count anew");
        let visitor = visitor(&shop);
        let both = visitor.post("/api/v1/track", json!({"number": number})).await.expect(200);
        assert_eq!(both.body["orders"].as_array().unwrap().len(), 2);
        let only_ours = visitor.post("/api/v1/track", json!({"number": number, "shop": own_shop(&shop)})).await.expect(200);
        assert_eq!(only_ours.body["orders"].as_array().unwrap().len(), 1);
        let found = look_up(&visitor, &number, "0011").await.expect(200);
        assert_eq!(found.body["links"].as_array().unwrap().len(), 1);
        let shown = visitor.get(&format!("/api/v1/track/{}", found.body["links"][0]["token"].as_str().unwrap())).await.expect(200);
        assert_eq!(shown.body["name"], "Karim F.");
    }

    async fn a_link_opens_one_order_until_it_ends_or_is_ended(shop: Shop) {
        let order = placed(&shop).await;
        let other = placed_other(&shop).await;
        let visitor = visitor(&shop);
        let token = link_of(&shop.agent(), &order).await;
        let path = format!("/api/v1/track/{token}");
        visitor.get(&path).await.expect(200);

        // Each sign of it counts, and so does each kind of rubbish.
        let answer = visitor.get("/api/v1/track/x").await.expect(409);
        for place in (0..token.len()).step_by(3) {
            let mut changed: Vec<char> = token.chars().collect();
            changed[place] = if changed[place] == 'B' { 'C' } else { 'B' };
            let changed: String = changed.into_iter().collect();
            let refused = visitor.get(&format!("/api/v1/track/{changed}")).await.expect(409);
            assert_eq!(without_id(&refused), without_id(&answer), "{place}");
        }
        let mixed = format!("{}{}", &link_of(&shop.admin(), &other).await[..32], &token[32..]);
        assert_eq!(visitor.get(&format!("/api/v1/track/{mixed}")).await.expect(409).code(), "link.spent");

        // Ending one order's links leaves others alone; a new one works again.
        let others = link_of(&shop.admin(), &other).await;
        shop.admin().delete(&order.path("/tracking-link")).await.expect(204);
        assert_eq!(visitor.get(&path).await.expect(409).code(), "link.spent");
        visitor.get(&format!("/api/v1/track/{others}")).await.expect(200);
        let spent = visitor.get(&format!("/t/{token}")).await.expect(410);
        assert!(spent.text.contains("This link does not work any more") && spent.text.contains("/track-order"), "{}", spent.text);
        let again = link_of(&shop.admin(), &order).await;
        visitor.get(&format!("/api/v1/track/{again}")).await.expect(200);
        let history = shop.admin().get(&order.path("/history")).await.expect(200);
        assert!(history.text.contains("order.links_revoked"), "{history}");

        shop.admin().put("/api/v1/settings/tracking", json!({"value": {"link_days": 2}})).await.expect(200);
        let short = link_of(&shop.admin(), &order).await;
        shop.advance(2 * 86_400 + 1);
        assert_eq!(visitor.get(&format!("/api/v1/track/{short}")).await.expect(409).code(), "link.spent");
        visitor.get(&format!("/api/v1/track/{again}")).await.expect(200);
    }

    async fn who_may_make_and_end_links_and_codes(shop: Shop) {
        let order = placed(&shop).await;
        let customer = customer_of(&shop, &order).await;
        shop.weak().post(&order.path("/tracking-link"), json!({})).await.expect(403);
        shop.neighbour().post(&order.path("/tracking-link"), json!({})).await.expect(404);
        shop.foreigner().post(&order.path("/tracking-link"), json!({})).await.expect(404);
        visitor(&shop).post(&order.path("/tracking-link"), json!({})).await.expect(401);
        shop.weak().delete(&order.path("/tracking-link")).await.expect(403);
        shop.foreigner().delete(&order.path("/tracking-link")).await.expect(404);
        let code = format!("/api/v1/customers/{customer}/code");
        shop.weak().post(&code, json!({})).await.expect(403);
        shop.neighbour().post(&code, json!({})).await.expect(404);
        shop.foreigner().post(&code, json!({})).await.expect(404);
        visitor(&shop).post(&code, json!({})).await.expect(401);
        let issued = shop.agent().post(&code, json!({})).await.expect(200);
        assert!(issued.body["code"].as_str().unwrap().len() == 6 && !issued.text.contains("hash"), "{issued}");
        let events = shop.admin().get("/api/v1/events?limit=5").await.expect(200);
        assert!(events.text.contains("customer.code_issued") && !events.text.contains(issued.body["code"].as_str().unwrap()), "{events}");
    }

    async fn the_page_masks_the_person_and_shows_the_order(shop: Shop) {
        shop.admin().put("/api/v1/settings/tracking", json!({"value": {"phone": "+213 21 55 00 11", "whatsapp": "+213 550 00 00 11", "accent": "#7a1f5c"}})).await.expect(200);
        let order = shop.order().with("customer", json!({"name": "Amina Benali", "phone": "0550142387", "email": "amina@example.dz"})).with("expected_on", json!("2026-11-22")).shipped().await;
        let admin = shop.admin();
        admin.post(&order.path("/tracking"), json!({"status": "at_hub", "place": "Tlemcen", "text": "ask 0550142387 or amina@example.dz"})).await.expect(201);
        admin.post(&order.path("/notes"), json!({"text": "Blue is sold out, sand comes", "audience": "customer"})).await.expect(201);
        admin.post(&order.path("/notes"), json!({"text": "difficult person", "audience": "internal"})).await.expect(201);
        let token = link_of(&admin, &order).await;
        let visitor = visitor(&shop);
        let page = visitor.get(&format!("/t/{token}")).await.expect(200);
        for word in [
            "Your order is on its way to you", "Expected tomorrow, Sunday 22", "With the courier", "aria-current=\"step\"", "Linen dress", "To pay on delivery", "9,000", "Amina B.", "Cité •••", "Bir El Djir",
            "Tlemcen", "courier’s centre", "Blue is sold out, sand comes", "href=\"tel:+21321550011\"", "https://wa.me/213550000011?text=", "href=\"/brand/7a1f5c\"", "name=\"robots\" content=\"noindex", "All my orders",
        ] {
            assert!(page.text.contains(word), "{word} is not in {}", page.text);
        }
        for word in ["Benali", "0550142387", "550142387", "amina@", "200 logts", "difficult person"] {
            assert!(!page.text.contains(word), "{word} is in {}", page.text);
        }
        assert_eq!((page.header("cache-control"), page.header("x-robots-tag")), ("private, no-cache", "noindex, nofollow"));
        let api = visitor.get(&format!("/api/v1/track/{token}")).await.expect(200);
        for word in ["Benali", "0550142387", "550142387", "amina@", "200 logts", "difficult person"] {
            assert!(!api.text.contains(word), "{word} is in {api}");
        }
        assert_eq!((&api.body["to_pay"]["amount"], &api.body["promised_on"], &api.body["standing"]), (&json!(900_000), &json!("2026-11-22"), &json!("sent")));

        let arabic = visitor.get(&format!("/t/{token}?lang=ar")).await.expect(200);
        assert!(arabic.text.contains("<html lang=\"ar\" dir=\"rtl\">") && arabic.text.contains("طلبك في الطريق إليك") && arabic.text.contains("يصل غدا"), "{}", arabic.text);
        let french = visitor.clone().reads("fr-DZ").get(&format!("/t/{token}")).await.expect(200);
        assert!(french.text.contains("Votre commande est en route"), "{}", french.text);
        let part = visitor.clone().with_header("hx-request-type", "partial").get(&format!("/t/{token}")).await.expect(200);
        assert!(part.text.trim_start().starts_with("<section class=\"hero") && !part.text.contains("<html"), "{}", part.text);

        shop.advance(2 * 86_400);
        let late = visitor.get(&format!("/t/{token}")).await.expect(200);
        assert!(late.text.contains("It was promised for Sunday 22") && late.text.contains("is late"), "{}", late.text);
    }

    async fn each_end_of_an_order_is_worded_for_its_customer(shop: Shop) {
        let visitor = visitor(&shop);
        let says = async |order: &PlacedOrder, words: &[&str]| {
            let token = link_of(&shop.admin(), order).await;
            let page = visitor.get(&format!("/t/{token}")).await.expect(200);
            words.iter().for_each(|word| assert!(page.text.contains(word), "{word} is not in {}", page.text));
        };
        says(&shop.order().cancelled().await, &["This order is cancelled", "nothing is to be paid", "hero off"]).await;
        says(&shop.order().delivered().await, &["Your order is delivered", "Something is wrong, or a return"]).await;
        let failed = shop.order().out_for_delivery().await;
        shop.admin().post(&failed.path("/fail_delivery"), json!({"reason": "absent"})).await.expect(200);
        says(&failed, &["The delivery agent did not reach you", "Another day of delivery", " open>"]).await;
        let back = shop.order().out_for_delivery().await;
        shop.admin().post(&back.path("/return_to_sender"), json!({"reason": "refused"})).await.expect(200);
        says(&back, &["Your parcel is back at the store"]).await;
    }

    async fn a_customer_asks_for_a_change_and_the_team_reads_it(shop: Shop) {
        let order = placed(&shop).await;
        let token = link_of(&shop.admin(), &order).await;
        let visitor = visitor(&shop);
        let sent = visitor.submit(&format!("/t/{token}/request"), &[("request", "address"), ("text", "It is block 9")]).await.expect(303);
        let page = visitor.get(sent.header("location").split('#').next().unwrap()).await.expect(200);
        assert!(page.text.contains("The store has your message"), "{}", page.text);
        let notes = shop.admin().get(&order.path("/notes")).await.expect(200);
        assert!(notes.text.contains("It is block 9") && notes.text.contains("customer_request") && notes.text.contains("\"kind\":\"customer\""), "{notes}");
        let after = shop.admin().get(&order.path("")).await.expect(200);
        assert_eq!((&after.body["version"], &after.body["state"]), (&json!(order.version), &json!("PENDING")), "a wish changes nothing");

        let empty = visitor.submit(&format!("/t/{token}/request"), &[("request", "other"), ("text", " ")]).await.expect(422);
        assert!(empty.text.contains("text-error") && empty.text.contains(" open>"), "{}", empty.text);
        let api = format!("/api/v1/track/{token}/requests");
        assert_eq!(visitor.post(&api, json!({"request": "return", "text": "too early"})).await.expect(409).code(), "tracking.wish");
        for text in ["Tuesday", "Tuesday at noon", "Wednesday", "Thursday"] {
            visitor.post(&api, json!({"request": "other_day", "text": text})).await.expect(204);
        }
        visitor.post(&api, json!({"request": "other_day", "text": "Tuesday"})).await.expect(204);
        assert_eq!(visitor.post(&api, json!({"request": "other_day", "text": "Friday"})).await.expect(409).code(), "tracking.wishes");
        shop.admin().delete(&order.path("/tracking-link")).await.expect(204);
        assert_eq!(visitor.post(&api, json!({"request": "other_day", "text": "x"})).await.expect(409).code(), "link.spent");
        visitor.submit(&format!("/t/{token}/request"), &[("request", "other"), ("text", "x")]).await.expect(410);
    }

    async fn guessing_is_slow_per_address_and_per_number(shop: Shop) {
        let order = placed(&shop).await;
        let client = limited(&shop, LimitsConfig { lookup_per_number: 3, ..LimitsConfig::off() });
        for proof in ["0001", "0002", "0003"] {
            look_up(&client, &order.number, proof).await.expect(404);
        }
        let from_elsewhere = client.clone().with_header("x-forwarded-for", "10.2.2.2");
        let many = look_up(&from_elsewhere, &format!("#{}", order.number), "2387").await.expect(429);
        assert!(many.code() == "too_many" && !many.header("retry-after").is_empty(), "{many}");
        let page = from_elsewhere.submit("/track-order", &[("number", &order.number), ("proof", "2387")]).await.expect(429);
        assert!(page.text.contains("<form") && !page.header("retry-after").is_empty(), "{}", page.text);
        for number in ["7001", "7002"] {
            look_up(&client, number, "2387").await.expect(404);
        }

        let client = limited(&shop, LimitsConfig { lookup_per_address: 2, ..LimitsConfig::off() });
        for number in ["7001", "7002"] {
            look_up(&client, number, "2387").await.expect(404);
        }
        look_up(&client, "7003", "2387").await.expect(429);
        client.submit("/track-order", &[("number", "7003"), ("proof", "")]).await.expect(429);
        look_up(&client.with_header("x-forwarded-for", "10.3.3.3"), "7003", "2387").await.expect(404);
    }

    async fn a_code_by_mail_opens_ones_own_orders_alone(shop: Shop) {
        let order = placed(&shop).await;
        let other = placed_other(&shop).await;
        let visitor = visitor(&shop);
        let before = mails(&shop);
        visitor.post("/api/v1/my-orders/code", json!({"contact": "0550 14 23 87", "shop": own_shop(&shop)})).await.expect(204);
        let code = code_from_mail(&shop, before).await.expect("a mail with a code");
        let session = enter(&shop, &visitor, "+213550142387", &code).await.expect(200);
        let own = visitor.clone().with_header("authorization", &format!("Bearer {}", session.body["token"].as_str().unwrap()));
        let mine = own.get("/api/v1/my-orders").await.expect(200);
        assert_eq!((mine.items().len(), &mine.items()[0]["number"], &mine.body["figures"]["orders"]), (1, &json!(order.number), &json!(1)), "{mine}");
        assert!(!mine.text.contains(&other.id), "{mine}");
        let token = mine.items()[0]["link"]["token"].as_str().unwrap();
        visitor.get(&format!("/api/v1/track/{token}")).await.expect(200);
        assert_eq!(own.get("/api/v1/my-orders?q=nothing").await.expect(200).items().len(), 0);
        assert_eq!(own.get("/api/v1/my-orders?show=delivered").await.expect(200).items().len(), 0);
        assert_eq!(own.get("/api/v1/my-orders?q=linen&show=coming&sort=total").await.expect(200).items().len(), 1);

        // A code works once; a session ends when it is left, and after half an hour.
        enter(&shop, &visitor, "0550142387", &code).await.expect(422);
        own.post("/api/v1/my-orders/leave", json!({})).await.expect(204);
        own.get("/api/v1/my-orders").await.expect(401);
        let session = enter(&shop, &visitor, "amina@example.dz", &issue(&shop, &order).await).await.expect(200);
        let own = visitor.clone().with_header("authorization", &format!("Bearer {}", session.body["token"].as_str().unwrap()));
        own.get("/api/v1/my-orders").await.expect(200);
        own.get("/api/v1/orders").await.expect(401);
        shop.advance(30 * 60 + 1);
        own.get("/api/v1/my-orders").await.expect(401);
        visitor.get("/api/v1/my-orders").await.expect(401);
        let staff = shop.token(&testkit::AGENT).await;
        visitor.clone().with_header("authorization", &format!("Bearer {staff}")).get("/api/v1/my-orders").await.expect(401);
    }

    async fn a_code_lives_ten_minutes_and_five_tries(shop: Shop) {
        let order = placed(&shop).await;
        let visitor = visitor(&shop);
        let wrong = |code: &str| if code == "000000" { "000001" } else { "000000" };
        let code = issue(&shop, &order).await;
        for _ in 0..4 {
            let refused = enter(&shop, &visitor, "0550142387", wrong(&code)).await.expect(422);
            assert_eq!(refused.fields(), ["code: tracking.code"]);
        }
        enter(&shop, &visitor, "0550142387", &code).await.expect(200);

        let code = issue(&shop, &order).await;
        for _ in 0..5 {
            enter(&shop, &visitor, "0550142387", wrong(&code)).await.expect(422);
        }
        enter(&shop, &visitor, "0550142387", &code).await.expect(422);

        let code = issue(&shop, &order).await;
        shop.advance(10 * 60 + 1);
        enter(&shop, &visitor, "0550142387", &code).await.expect(422);

        // The newest counts; somebody else's is not hers.
        let first = issue(&shop, &order).await;
        shop.advance(1);
        let second = issue(&shop, &order).await;
        if first != second {
            enter(&shop, &visitor, "0550142387", &first).await.expect(422);
        }
        let other = placed_other(&shop).await;
        issue(&shop, &other).await;
        enter(&shop, &visitor, "0661000012", &second).await.expect(422);
        enter(&shop, &visitor, "0550142387", &second).await.expect(200);
    }

    async fn unknown_numbers_hear_the_same_and_nobody_is_flooded(shop: Shop) {
        let order = placed(&shop).await;
        let visitor = visitor(&shop);
        let before = mails(&shop);
        let ask = async |contact: &str| visitor.post("/api/v1/my-orders/code", json!({"contact": contact, "shop": own_shop(&shop)})).await;
        let unknown = ask("0770999999").await.expect(204);
        assert_eq!(unknown.text, ask("0550142387").await.expect(204).text);
        let known = enter(&shop, &visitor, "0550142387", "abc").await.expect(422);
        assert_eq!(without_id(&known), without_id(&enter(&shop, &visitor, "0770999999", "abc").await.expect(422)));
        assert_eq!(without_id(&known), without_id(&enter(&shop, &visitor, "nobody@example.dz", "123456").await.expect(422)));
        ask(" ").await.expect(422);
        for _ in 0..8 {
            ask("0550142387").await.expect(204);
        }
        shop.run_jobs().await;
        assert_eq!(mails(&shop) - before, 5, "five codes an hour");
        drop(order);
        shop.advance(3_601);
        ask("0550142387").await.expect(204);
        shop.run_jobs().await;
        assert_eq!(mails(&shop) - before, 6);
        let events = shop.admin().get("/api/v1/events?limit=50").await.expect(200);
        assert!(events.text.contains("customer.code_asked") && events.text.contains("\"channel\":\"email\""), "{events}");

        let form = [("contact", "0770999999")];
        let page = visitor.submit(&format!("/my-orders/code?shop={}", own_shop(&shop)), &form).await.expect(200);
        let known = visitor.submit(&format!("/my-orders/code?shop={}", own_shop(&shop)), &[("contact", "0550142387")]).await.expect(200);
        assert_eq!(page.text.replace("0770999999", "#"), known.text.replace("0550142387", "#"));
        assert_eq!(visitor.post("/api/v1/my-orders/code", json!({"contact": "0550142387"})).await.expect(422).fields(), ["shop: required"]);
        visitor.get("/my-orders").await.expect(404);
    }

    async fn ones_own_orders_open_as_pages_without_script(shop: Shop) {
        let order = placed(&shop).await;
        let other = placed_other(&shop).await;
        let visitor = visitor(&shop);
        let home = format!("/my-orders?shop={}", own_shop(&shop));
        let first = visitor.get(&home).await.expect(200);
        assert!(first.text.contains("name=\"contact\"") && first.header("cache-control").starts_with("private"), "{}", first.text);
        let code = issue(&shop, &order).await;
        let refused = visitor.submit(&home.replace("/my-orders", "/my-orders/enter"), &[("contact", "0550142387"), ("code", "12")]).await.expect(422);
        assert!(refused.text.contains("code-error"), "{}", refused.text);
        let entered = visitor.submit(&home.replace("/my-orders", "/my-orders/enter"), &[("contact", "0550142387"), ("code", &code)]).await.expect(303);
        let cookie = entered.header("set-cookie").to_owned();
        assert!(cookie.contains("Path=/my-orders") && cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Max-Age=1800"), "{cookie}");
        let mine = visitor.clone().with_header("cookie", cookie.split(';').next().unwrap());
        let list = mine.get(&home).await.expect(200);
        for word in [&format!("Order {}", order.number), "Linen dress", "Customer since", "1 item", "href=\"/t/"] {
            assert!(list.text.contains(word), "{word} is not in {}", list.text);
        }
        assert!(!list.text.contains(&format!("Order {}<", other.number)), "{}", list.text);
        assert!(mine.get(&format!("{home}&q=zzz")).await.expect(200).text.contains("Nothing fits"));
        let row = mine.get(&format!("/customer/orders/{}/track", order.id)).await.expect(303);
        let page = mine.get(row.header("location")).await.expect(303);
        assert!(page.header("location").starts_with("/t/"));
        visitor.get(page.header("location")).await.expect(200);
        mine.get(&format!("/my-orders/orders/{}", other.id)).await.expect(404);
        assert_eq!(visitor.get("/customer/orders").await.expect(303).header("location"), "/my-orders");
        mine.submit(&home.replace("/my-orders", "/my-orders/leave"), &[]).await.expect(303);
        assert!(mine.get(&home).await.expect(200).text.contains("name=\"contact\""));
        // Nobody's session of another organization opens ours.
        let foreign = shop.foreigner().place(foreign_order(&shop)).await.expect(201);
        mine.get(&format!("/my-orders/orders/{}", foreign.id())).await.expect(200);
    }

    async fn who_is_erased_has_neither_codes_nor_sessions(shop: Shop) {
        let order = placed(&shop).await;
        let visitor = visitor(&shop);
        let token = link_of(&shop.admin(), &order).await;
        let session = enter(&shop, &visitor, "0550142387", &issue(&shop, &order).await).await.expect(200);
        let own = visitor.clone().with_header("authorization", &format!("Bearer {}", session.body["token"].as_str().unwrap()));
        own.get("/api/v1/my-orders").await.expect(200);
        let code = issue(&shop, &order).await;
        shop.admin().put("/api/v1/settings/privacy", json!({"value": {"erase_wait_hours": 0}})).await.expect(200);
        let customer = customer_of(&shop, &order).await;
        shop.admin().post(&format!("/api/v1/customers/{customer}/erasure"), json!({"confirm": customer})).await.expect(202);
        shop.run_jobs().await;
        own.get("/api/v1/my-orders").await.expect(401);
        enter(&shop, &visitor, "0550142387", &code).await.expect(422);
        look_up(&visitor, &order.number, "2387").await.expect(404);
        let page = visitor.get(&format!("/t/{token}")).await.expect(200);
        names_nobody(&page.text.replace(&token, ""));
        let edge = shop.edge().await;
        let left = edge.read(|tx, _| {
            let codes: (i64,) = tx.one("select count(*) from customer_codes where org_id = $1 and customer_id is not null", db::params![tx.org()])?;
            let sessions: (i64,) = tx.one("select count(*) from customer_sessions where org_id = $1", db::params![tx.org()])?;
            Ok((codes.0, sessions.0))
        });
        assert_eq!(left.await.unwrap(), (0, 0));
    }

    async fn codes_are_kept_as_hashes_and_go_by_themselves(shop: Shop) {
        let order = placed(&shop).await;
        let visitor = visitor(&shop);
        let code = issue(&shop, &order).await;
        visitor.post("/api/v1/my-orders/code", json!({"contact": "0770999999", "shop": own_shop(&shop)})).await.expect(204);
        let rows = async || shop.edge().await.read(|tx, _| {
            let rows: Vec<(Vec<u8>, Vec<u8>)> = tx.rows("select subject, code_hash from customer_codes where org_id = $1 order by id", db::params![tx.org()])?;
            Ok(rows)
        }).await.unwrap();
        let kept = rows().await;
        assert_eq!(kept.len(), 2, "what is unknown leaves a row, too");
        assert!(kept.iter().all(|(subject, hash)| subject.len() == 32 && hash.len() == 32 && !hash.windows(6).any(|part| part == code.as_bytes())));
        shop.advance(3_600 + 601);
        let purged = shop.edge().await.write(|tx, ctx| tracking::purge(tx, ctx.now, 100)).await.unwrap();
        assert_eq!((purged, rows().await.len()), (2, 0));
    }

    async fn a_store_may_switch_it_all_off(shop: Shop) {
        let order = placed(&shop).await;
        let token = link_of(&shop.admin(), &order).await;
        let visitor = visitor(&shop);
        shop.admin().put("/api/v1/settings/tracking", json!({"value": {"is_on": false}})).await.expect(200);
        look_up(&visitor, &order.number, "2387").await.expect(404);
        look_up(&visitor, &order.number, "").await.expect(404);
        visitor.get(&format!("/api/v1/track/{token}")).await.expect(404);
        visitor.get(&format!("/t/{token}")).await.expect(404);
        visitor.get(&format!("/my-orders?shop={}", own_shop(&shop))).await.expect(404);
        visitor.post("/api/v1/my-orders/code", json!({"contact": "0550142387", "shop": own_shop(&shop)})).await.expect(404);
    }

    async fn the_colour_of_a_store_must_be_readable(shop: Shop) {
        let admin = shop.admin();
        let wrong = json!({"value": {"accent": "#ffcc00", "phone": "0550"}});
        assert_eq!(admin.put("/api/v1/settings/tracking", wrong).await.expect(422).fields(), ["value.phone: setting.phone", "value.accent: setting.contrast"]);
        let fronts = json!({"value": {"phone": "+21321000000", "stores": [{"store": shop.second(), "phone": "+21341000000", "accent": "#1d4f91"}]}});
        admin.put("/api/v1/settings/tracking", fronts).await.expect(200);
        let visitor = visitor(&shop);
        let page = async |order: &PlacedOrder| visitor.get(&format!("/t/{}", link_of(&admin, order).await)).await.expect(200).text;
        let (main, second) = (page(&shop.order().await).await, page(&shop.order().in_second_store().await).await);
        assert!(main.contains("tel:+21321000000") && !main.contains("/brand/1d4f91"), "{main}");
        assert!(second.contains("tel:+21341000000") && second.contains("/brand/1d4f91"), "{second}");
        let sheet = visitor.get("/brand/1d4f91").await.expect(200);
        assert!(sheet.text == ":root{--brand:#1d4f91}\n" && sheet.header("content-type").starts_with("text/css") && sheet.header("cache-control").contains("immutable"));
        visitor.get("/brand/ffcc00").await.expect(404);
        visitor.get("/brand/red;}body{x").await.expect(404);
    }

    async fn the_page_of_an_order_stays_light(shop: Shop) {
        shop.admin().put("/api/v1/settings/tracking", json!({"value": {"phone": "+21321000000", "whatsapp": "+213550000011", "accent": "#7a1f5c"}})).await.expect(200);
        let lines: Vec<Value> = (0..6).map(|n| json!({"sku": format!("S-{n}"), "title": format!("Linen dress number {n}"), "variant": "sand, M", "quantity": 1, "unit_price": {"amount": 840_000, "currency": "DZD"}})).collect();
        let order = shop.order().with("lines", json!(lines)).with("expected_on", json!("2026-11-22")).out_for_delivery().await;
        for n in 0..20 {
            shop.admin().post(&order.path("/tracking"), json!({"status": "in_transit", "place": format!("Centre {n}"), "text": "on the road to the next centre"})).await.expect(201);
        }
        let token = link_of(&shop.admin(), &order).await;
        let phone = visitor(&shop).with_header("accept-encoding", "gzip");
        for (path, most) in [(format!("/t/{token}?lang=ar"), 40_000), ("/track-order".to_owned(), 40_000)] {
            let page = phone.get(&path).await.expect(200);
            assert_eq!(page.header("content-encoding"), "gzip");
            let mut html = String::new();
            GzDecoder::new(&page.bytes[..]).read_to_string(&mut html).unwrap();
            let mut parts: Vec<String> = ["<link rel=\"stylesheet\" href=\"", "<link rel=\"icon\" href=\"", "src=\"", "<use href=\""]
                .iter()
                .flat_map(|opening| html.split(opening).skip(1).map(|rest| rest.split('"').next().unwrap().split('#').next().unwrap().to_owned()).collect::<Vec<_>>())
                .collect();
            parts.sort();
            parts.dedup();
            let mut bytes = page.bytes.len();
            for part in &parts {
                bytes += phone.get(part).await.expect(200).bytes.len();
            }
            assert!(parts.len() < 5, "{} requests: {parts:?}", parts.len() + 1);
            assert!(bytes <= most, "{path}: {bytes} bytes");
        }
    }
}

async fn placed_other(shop: &Shop) -> PlacedOrder {
    shop.order().with("customer", json!({"name": "Samir Kaci", "phone": "0661000012"})).await
}

fn foreign_order(shop: &Shop) -> Value {
    let mut order = shop.order().body();
    order["store_id"] = json!(shop.foreign_store());
    order["customer"] = json!({"name": "Karim Ferhat", "phone": "0771000011"});
    order
}
