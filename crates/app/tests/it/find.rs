//! Orders are found again: filters, sorts, pages, totals, the search box, and what each person sees.

use std::collections::{BTreeMap, BTreeSet};

use db::params;
use kernel::{Amount, OrderId, PaymentMethod, Time, TransactionKind, TransactionState};
use payments::NewTransaction;
use serde_json::{Value, json};
use testkit::{Client, PlacedOrder, Shop, both};

type Ids = BTreeSet<String>;
type Wanted = Box<dyn Fn(&Value) -> bool>;

fn ids(rows: &[Value]) -> Ids {
    rows.iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect()
}

async fn list(client: &Client, query: &str) -> Vec<Value> {
    client.get(&format!("/api/v1/orders?limit=200&{query}")).await.expect(200).items().to_vec()
}

async fn total(client: &Client, query: &str) -> Value {
    client.get(&format!("/api/v1/orders?{query}")).await.expect(200).body["total"].clone()
}

async fn people(shop: &Shop) -> BTreeMap<String, String> {
    let users = shop.admin().get("/api/v1/users").await.expect(200);
    users.items().iter().map(|user| (user["email"].as_str().unwrap().to_owned(), user["id"].as_str().unwrap().to_owned())).collect()
}

/// Two dozen orders that differ in everything that can be asked for.
async fn crowd(shop: &Shop) -> BTreeMap<String, String> {
    let people = people(shop).await;
    let stages: [&[&str]; 8] = [
        &[],
        &["confirm"],
        &["process"],
        &["process", "hand_over"],
        &["process", "hand_over", "out_for_delivery"],
        &["process", "hand_over", "deliver"],
        &["cancel"],
        &["process", "hand_over", "return_to_sender"],
    ];
    let places = [("Oran", "Bir El Djir"), ("Alger", "Hydra"), ("Atlantis", "Atlantis"), ("Blida", "Blida")];
    for n in 0..24_usize {
        let placed_at = format!("2026-11-{:02}T{:02}:30:00Z", 10 + n % 6, [0, 22, 23, 9][n % 4]);
        let (province, city) = places[n % 4];
        let agent = match n % 3 {
            0 => Value::Null,
            1 => json!(people["agent@shop.test"]),
            _ => json!(people["colleague@shop.test"]),
        };
        let mut order = shop
            .order()
            .for_phone(&format!("Customer {}", n % 5), &format!("05501000{:02}", n % 5))
            .with("placed_at", json!(placed_at))
            .with("channel", json!(["whatsapp", "instagram", "web", "phone", "api"][n % 5]))
            .with("priority", json!(["normal", "normal", "high", "low", "urgent", "normal", "normal"][n % 7]))
            .with("shipping_address", json!({"line1": "Rue 1", "city": city, "province": province}))
            .with(
                "lines",
                json!([{"sku": format!("SKU-{}", n % 3), "title": "Thing", "quantity": n + 1, "unit_price": {"amount": 10_000, "currency": "DZD"}}]),
            )
            .with("agent_id", agent);
        if n % 4 == 1 {
            order = order.in_second_store();
        }
        let order = order.await;
        shop.advance(7);
        let hold = async || drop(shop.admin().post(&order.path("/holds"), json!({"kind": "stock"})).await.expect(201));
        let is_cancelled = stages[n % 8].contains(&"cancel");
        // A cancelled order takes no hold, and a held one is not prepared.
        if n % 6 == 2 && is_cancelled {
            hold().await;
        }
        for action in stages[n % 8] {
            shop.admin().post(&order.path(&format!("/{action}")), json!({"reason": "test"})).await.expect(200);
        }
        let id: OrderId = order.id.parse().unwrap();
        if n % 6 == 2 && !is_cancelled {
            hold().await;
        }
        if n % 5 == 3 {
            let owed = Amount(order.body["total"]["amount"].as_i64().unwrap());
            let paid = if n % 2 == 0 { owed } else { Amount(1) };
            let new = NewTransaction {
                kind: if n == 18 { TransactionKind::Chargeback } else { TransactionKind::Payment },
                state: TransactionState::Settled,
                method: PaymentMethod::Card,
                amount: paid,
                currency: "DZD".parse().unwrap(),
                reference: None,
                at: shop.now(),
            };
            shop.edge().await.write(move |tx, ctx| payments::record(tx, ctx, id, &new)).await.unwrap();
        }
        if n % 11 == 5 {
            shop.manager().post(&order.path("/archive"), json!({})).await.expect(200);
        }
    }
    people
}

/// The day of an order in Algiers, an hour ahead of Greenwich.
fn local_day(row: &Value) -> String {
    let at = Time::parse(row["created_at"].as_str().unwrap()).unwrap();
    at.plus_us(Time::HOUR).to_string()[..10].to_owned()
}

fn one_of(field: &'static str, words: &'static [&'static str]) -> Wanted {
    Box::new(move |row| words.contains(&row[field].as_str().unwrap_or("none")))
}

fn filters(shop: &Shop, people: &BTreeMap<String, String>, all: &[Value]) -> Vec<(String, Wanted)> {
    let (main, second) = (shop.main().to_string(), shop.second().to_string());
    let agent = people["agent@shop.test"].clone();
    let customer = all[0]["customer"]["id"].as_str().unwrap().to_owned();
    let total = |row: &Value| row["total"]["amount"].as_i64().unwrap();
    let at = |row: &Value| row["created_at"].as_str().unwrap().to_owned();
    let mut filters: Vec<(String, Wanted)> = vec![
        (format!("store_id={second}"), Box::new(move |row| row["store_id"] == second.as_str())),
        (format!("store_id={main}"), Box::new(move |row| row["store_id"] == main.as_str())),
        ("state=PENDING".into(), one_of("state", &["PENDING"])),
        ("state=shipped,Delivered,CANCELLED".into(), one_of("state", &["SHIPPED", "DELIVERED", "CANCELLED"])),
        ("state=REFUNDED".into(), one_of("state", &["REFUNDED"])),
        ("shipping_state=in_transit".into(), one_of("shipping_state", &["in_transit"])),
        ("shipping_state=none,delivered".into(), one_of("shipping_state", &["none", "delivered"])),
        ("payment_state=paid".into(), one_of("payment_state", &["paid"])),
        ("payment_state=unpaid,charged_back".into(), one_of("payment_state", &["unpaid", "charged_back"])),
        ("confirmation=confirmed".into(), one_of("confirmation", &["confirmed"])),
        ("channel=whatsapp,api".into(), one_of("channel", &["whatsapp", "api"])),
        ("priority=urgent,high".into(), one_of("priority", &["urgent", "high"])),
        ("priority=normal".into(), one_of("priority", &["normal"])),
        ("province=DZ:31".into(), one_of("province", &["Oran"])),
        ("province=DZ:16,DZ:atlantis".into(), one_of("province", &["Alger", "Atlantis"])),
        (format!("customer_id={customer}"), Box::new(move |row| row["customer"]["id"] == customer.as_str())),
        ("agent_id=none".into(), Box::new(|row| row["agent_id"].is_null())),
        ("placed_from=2026-11-12T09:30:00Z".into(), Box::new(move |row| at(row).as_str() >= "2026-11-12T09:30:00Z")),
        ("placed_until=2026-11-14T00:30:00Z".into(), Box::new(move |row| at(row).as_str() < "2026-11-14T00:30:00Z")),
        ("placed_on=2026-11-12".into(), Box::new(|row| local_day(row) == "2026-11-12")),
        ("total_from=120000".into(), Box::new(move |row| total(row) >= 120_000)),
        ("total_to=150000".into(), Box::new(move |row| total(row) <= 150_000)),
        ("held=true".into(), Box::new(|row| row["hold_count"].as_i64() > Some(0))),
        ("held=false".into(), Box::new(|row| row["hold_count"] == 0)),
        ("place_known=false".into(), Box::new(|row| row["place_known"] == false)),
        ("place_known=true".into(), Box::new(|row| row["place_known"] == true)),
    ];
    let both = agent.clone();
    filters.push((format!("agent_id={agent}"), Box::new(move |row| row["agent_id"] == agent.as_str())));
    filters.push((format!("agent_id=none,{both}"), Box::new(move |row| row["agent_id"].is_null() || row["agent_id"] == both.as_str())));
    filters
}

const PRIORITIES: [&str; 4] = ["urgent", "high", "normal", "low"];

/// What a row is sorted by.
fn key(row: &Value, sort: &str) -> i64 {
    let time = |field: &str| Time::parse(row[field].as_str().unwrap()).unwrap().0;
    match sort.trim_start_matches('-') {
        "total" => row["total"]["amount"].as_i64().unwrap(),
        "moved_at" => time("moved_at"),
        "number" => row["number"].as_str().unwrap().parse().unwrap(),
        "priority" => PRIORITIES.iter().position(|one| *one == row["priority"]).unwrap() as i64,
        _ => time("created_at"),
    }
}

async fn by_cursor(client: &Client, query: &str, limit: usize) -> Vec<Value> {
    let mut rows = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = client.get(&format!("/api/v1/orders?{query}&limit={limit}{cursor}")).await.expect(200);
        rows.extend(page.items().to_vec());
        match page.body["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return rows,
        }
    }
}

both! {
    async fn every_filter_and_every_pair_of_filters_finds_exactly_what_it_says(shop: Shop) {
        let people = crowd(&shop).await;
        let admin = shop.admin();
        let all = list(&admin, "archived=any").await;
        assert_eq!(all.len(), 24);
        let daily: Vec<Value> = all.iter().filter(|row| row["archived_at"].is_null()).cloned().collect();
        assert_eq!(ids(&list(&admin, "").await), ids(&daily));
        let away: Vec<Value> = all.iter().filter(|row| !row["archived_at"].is_null()).cloned().collect();
        assert_eq!((ids(&list(&admin, "archived=only").await), away.len()), (ids(&away), 2));

        let filters = filters(&shop, &people, &all);
        for (place, (first, is_first)) in filters.iter().enumerate() {
            let expected: Vec<Value> = daily.iter().filter(|row| is_first(row)).cloned().collect();
            let found = admin.get(&format!("/api/v1/orders?limit=200&{first}")).await.expect(200);
            assert_eq!((ids(found.items()), &found.body["total"]), (ids(&expected), &json!(expected.len())), "{first}");
            let short = admin.get(&format!("/api/v1/orders?limit=1&{first}")).await.expect(200);
            assert_eq!(short.body["total"], json!(expected.len()), "{first} is counted beyond its page");
            assert!(first.contains("REFUNDED") || !expected.is_empty(), "{first} is worth asking");
            for (second, is_second) in &filters[place + 1..] {
                if first.split('=').next() == second.split('=').next() {
                    continue;
                }
                let expected = ids(&expected.iter().filter(|row| is_second(row)).cloned().collect::<Vec<_>>());
                assert_eq!(ids(&list(&admin, &format!("{first}&{second}")).await), expected, "{first}&{second}");
            }
        }
        let three = "state=PENDING,CONFIRMED,PROCESSING&store_id=".to_owned() + &shop.main().to_string() + "&total_from=50000&place_known=true&sort=-total";
        let rows = list(&admin, &three).await;
        assert!(!rows.is_empty() && rows.iter().all(|row| row["total"]["amount"].as_i64() >= Some(50_000) && row["place_known"] == true));
    }

    async fn groups_of_conditions_are_alternatives_in_lists_counts_views_and_bulk_runs(shop: Shop) {
        let people = crowd(&shop).await;
        let admin = shop.admin();
        let all = list(&admin, "archived=any").await;
        let daily: Vec<Value> = all.iter().filter(|row| row["archived_at"].is_null()).cloned().collect();
        let filters = filters(&shop, &people, &all);
        let grouped = |number: usize, filter: &str| filter.split('&').map(|one| format!("any.{number}.{one}")).collect::<Vec<_>>().join("&");
        for three in filters.windows(3) {
            let [(base, is_base), (first, is_first), (second, is_second)] = three else { unreachable!() };
            let expected = ids(&daily.iter().filter(|row| is_first(row) || is_second(row)).cloned().collect::<Vec<_>>());
            let query = format!("{}&{}", grouped(1, first), grouped(2, second));
            let found = admin.get(&format!("/api/v1/orders?limit=200&{query}")).await.expect(200);
            assert_eq!((ids(found.items()), &found.body["total"]), (expected.clone(), &json!(expected.len())), "{query}");
            let short = admin.get(&format!("/api/v1/orders?limit=1&{query}")).await.expect(200);
            assert_eq!(short.body["total"], json!(expected.len()), "{query} is counted beyond its page");
            let expected = ids(&daily.iter().filter(|row| is_base(row) && (is_first(row) || is_second(row))).cloned().collect::<Vec<_>>());
            assert_eq!(ids(&list(&admin, &format!("{base}&{query}")).await), expected, "{base}&{query}");
        }

        let wanted = json!({"state": ["PENDING", "CONFIRMED"], "any": [{"city": ["Hydra"]}, {"province": ["DZ:31"], "channel": ["web", "phone", "whatsapp"]}]});
        let query = "state=PENDING,CONFIRMED&any.1.city=Hydra&any.2.province=DZ:31&any.2.channel=web,phone,whatsapp";
        let expected = list(&admin, query).await.len();
        assert!(expected > 0);
        let view = admin.post("/api/v1/views", json!({"name": "either", "filter": wanted})).await.expect(201).body;
        assert_eq!((&view["filter"], &view["problems"]), (&wanted, &json!([])));
        admin.post(&format!("/api/v1/views/{}/pin", view["id"].as_str().unwrap()), json!({})).await.expect(200);
        assert_eq!(admin.get("/api/v1/views/counts").await.expect(200).items()[0]["total"], json!(expected));
        let run = admin.post("/api/v1/bulk", json!({"action": "priority", "priority": "high", "filter": wanted})).await.expect(202).body;
        shop.run_jobs().await;
        let run = admin.get(&format!("/api/v1/bulk/{}", run["id"].as_str().unwrap())).await.expect(200).body;
        assert_eq!(run["found"], json!(expected), "{run}");

        let wrong = async |query: &str| admin.get(&format!("/api/v1/orders?{query}")).await.expect(422).fields();
        assert_eq!(wrong("any.1.colour=red").await, ["any.1.colour: unknown_field"]);
        assert_eq!(wrong("any.2.sort=total").await, ["any.2.sort: filter.whole_list"]);
        let many: Vec<String> = (1..=6).map(|number| format!("any.{number}.held=true")).collect();
        assert_eq!(wrong(&many.join("&")).await, ["any: filter.groups"]);
        assert_eq!(wrong("sort=total,-total").await, ["sort: repeated"]);
        assert_eq!(wrong("sort=total,number,priority").await, ["sort: too_many"]);
    }

    async fn each_sort_lists_everything_once_by_cursor_and_by_page(shop: Shop) {
        crowd(&shop).await;
        let admin = shop.admin();
        let everything = ids(&list(&admin, "archived=any").await);
        for key_name in ["created_at", "-created_at", "total", "-total", "moved_at", "-moved_at", "number", "-number", "priority", "-priority"] {
            for filter in ["", "&state=PENDING,SHIPPED,DELIVERED", "&agent_id=none"] {
                let query = format!("sort={key_name}&archived=any{filter}");
                let whole = list(&admin, &query).await;
                if filter.is_empty() {
                    assert_eq!(ids(&whole), everything, "{query}");
                }
                let keys: Vec<i64> = whole.iter().map(|row| key(row, key_name)).collect();
                // The most urgent stand first whichever way they are asked for.
                let is_descending = key_name.starts_with('-') && key_name != "-priority";
                let in_order = keys.windows(2).all(|two| if is_descending { two[0] >= two[1] } else { two[0] <= two[1] });
                assert!(in_order, "{query}: {keys:?}");
                let order = |rows: &[Value]| rows.iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
                assert_eq!(order(&by_cursor(&admin, &query, 5).await), order(&whole), "{query} by cursor");
                let mut pages = Vec::new();
                for page in 1..=5 {
                    let part = admin.get(&format!("/api/v1/orders?{query}&limit=7&page={page}")).await.expect(200);
                    assert_eq!(part.body["total"], json!(whole.len()), "{query} page {page}");
                    pages.extend(part.items().to_vec());
                }
                assert_eq!(order(&pages), order(&whole), "{query} by page");
            }
        }
        for (query, expected) in [
            ("sort=colour", "sort: unknown"), ("cursor=rubbish", "cursor: cursor"), ("limit=0", "limit: range"), ("limit=201", "limit: range"), ("limit=-1", "limit: format"),
            ("page=1&cursor=x", "page: page.or_cursor"), ("page=1000", "page: page.too_far"), ("state=LOST", "state: format"), ("colour=red", "colour: unknown_field"),
            ("placed_on=2026-02-30", "placed_on: format"), ("held=maybe", "held: format"), ("search=x&page=2", "page: page.search"), ("total_from=1e3", "total_from: format"),
            ("store_id=MAIN", "store_id: format"), ("agent_id=nobody", "agent_id: format"), ("placed_from=today", "placed_from: format"),
        ] {
            let answer = admin.get(&format!("/api/v1/orders?{query}")).await;
            assert_eq!((answer.status, answer.fields()), (422, vec![expected.to_owned()]), "{query}: {answer}");
        }
        let cursor = admin.get("/api/v1/orders?sort=-total&limit=1").await.expect(200).body["next_cursor"].as_str().unwrap().to_owned();
        assert_eq!(admin.get(&format!("/api/v1/orders?sort=number&cursor={cursor}")).await.expect(422).fields(), ["cursor: cursor"], "a cursor belongs to its sort");
    }

    async fn pages_have_no_gaps_or_twins_while_orders_come_in(shop: Shop) {
        crowd(&shop).await;
        let admin = shop.admin();
        for sort in ["-created_at", "created_at", "-number", "total"] {
            let before = ids(&list(&admin, &format!("sort={sort}")).await);
            let mut seen: Vec<String> = Vec::new();
            let mut cursor = String::new();
            loop {
                let page = admin.get(&format!("/api/v1/orders?sort={sort}&limit=4{cursor}")).await.expect(200);
                seen.extend(page.items().iter().map(|row| row["id"].as_str().unwrap().to_owned()));
                let Some(next) = page.body["next_cursor"].as_str().map(str::to_owned) else { break };
                cursor = format!("&cursor={next}");
                if seen.len() < 20 {
                    // Newer, and one that was placed days ago.
                    shop.order().await;
                    shop.order().with("placed_at", json!("2026-11-11T12:00:00Z")).await;
                }
            }
            let distinct: Ids = seen.iter().cloned().collect();
            assert_eq!(distinct.len(), seen.len(), "{sort}: no twins");
            assert!(before.is_subset(&distinct), "{sort}: no gaps");
        }
    }

    async fn totals_are_exact_to_ten_thousand_and_from_counters_beyond(shop: Shop) {
        let order = shop.order().with("channel", json!("tiktok")).await;
        let id: OrderId = order.id.parse().unwrap();
        // Copies that no counter knows: only what is really counted sees them.
        shop.edge().await.write(move |tx, _| tx.execute(
            "insert into orders (org_id, id, store_id, seq, number, channel, customer_id, contact_name, country, place_known, state, confirmation, shipping_state,
                                 payment_state, hold_count, priority, payment_method, currency, subtotal, discount, shipping_fee, cod_fee, tax, tax_mode,
                                 tax_rate_ppm, total, to_collect, line_count, item_count, backordered_count, note_count, summary, tags, custom, search, is_test,
                                 placed_day, is_archived, created_at, recorded_at, updated_at, moved_at, version)
             with recursive n (i) as (select 1 union all select i + 1 from n where i < 10100)
             select o.org_id, o.id - 1000000 + n.i, o.store_id, o.seq + 1000 + n.i, o.number, o.channel, o.customer_id, o.contact_name, o.country, o.place_known, o.state,
                    o.confirmation, o.shipping_state, o.payment_state, o.hold_count, o.priority, o.payment_method, o.currency, o.subtotal, o.discount,
                    o.shipping_fee, o.cod_fee, o.tax, o.tax_mode, o.tax_rate_ppm, o.total, o.to_collect, o.line_count, o.item_count, o.backordered_count,
                    o.note_count, o.summary, o.tags, o.custom, o.search, o.is_test, o.placed_day, o.is_archived, o.created_at - n.i, o.recorded_at, o.updated_at,
                    o.moved_at, o.version
               from orders o, n
              where o.org_id = $1
                and o.id = $2",
            params![tx.org(), id],
        )).await.unwrap();
        let admin = shop.admin();
        assert_eq!(total(&admin, "channel=tiktok&limit=1").await, json!({"at_least": 10_000}));
        assert_eq!(total(&admin, "limit=1").await, json!(1), "stores and states come from the counters");
        let last = admin.get("/api/v1/orders?channel=tiktok&limit=200&page=51").await.expect(200);
        assert_eq!(last.items().len(), 101);
        assert_eq!(last.body["total"], json!(10_101), "the last page shows how many there are");
        assert_eq!(admin.get("/api/v1/orders?channel=tiktok&limit=200&page=52").await.expect(422).fields(), ["page: page.too_far"]);
        let aliased = admin.get("/api/enhanced-orders?page_size=200&page=2").await.expect(200);
        assert_eq!((&aliased.body["previous"], &aliased.body["next"]), (&json!(1), &json!(3)));
        shop.edge().await.write(move |tx, _| tx.execute("delete from orders where org_id = $1 and seq > 1000", params![tx.org()])).await.unwrap();
    }

    async fn the_search_box_understands_whatever_is_known(shop: Shop) {
        let order = |name: &str, phone: &str, sku: &str, title: &str, reference: &str| {
            shop.order().for_phone(name, phone).with("external_ref", json!(reference))
                .with("lines", json!([{"sku": sku, "title": title, "quantity": 1, "unit_price": {"amount": 777_700, "currency": "DZD"}}])).with("shipping_fee", Value::Null)
        };
        let people = people(&shop).await;
        let amina = order("Amina Benali", "0550 14 23 87", "LIN-M", "Linen dress", "W-1041").with("agent_id", json!(people["agent@shop.test"])).await;
        let zoe = order("Zoé Lefèvre", "0661 55 66 77", "SAV-77", "Savon à l'huile", "IG/55").with("placed_at", json!("2026-11-03T12:00:00Z")).await;
        let arab = order("أمينة بن علي", "0770 98 76 54", "عود-1", "عطر العود", "F-9").with("placed_at", json!("2026-10-02T12:00:00Z")).await;
        order("Somebody Else", "0555 00 00 01", "OTHER", "Other thing", "X-1").with("placed_at", json!("2026-09-01T12:00:00Z"))
            .with("lines", json!([{"sku": "OTHER", "title": "Other thing", "quantity": 1, "unit_price": {"amount": 123_400, "currency": "DZD"}}])).await;
        let id: OrderId = zoe.id.parse().unwrap();
        shop.edge().await.write(move |tx, ctx| orders::set_tracking(tx, ctx, id, Some("YAL-12AB34"), Some("Yalidine"))).await.unwrap();

        let find = async |text: &str| {
            let query = text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
            let found = shop.admin().get(&format!("/api/v1/search?q={query}")).await.expect(200);
            let listed = shop.admin().get(&format!("/api/v1/orders?search={query}")).await.expect(200);
            assert_eq!(found.items(), listed.items(), "{text}: the list's own box finds the same");
            found.items().iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let checks: Vec<(&PlacedOrder, Vec<String>)> = vec![
            (&amina, [
                amina.number.as_str(), &format!("#{}", amina.number), &amina.id, "W-1041", "w-1041", "0550 14 23 87", "0550142387", "+213 550 14 23 87", "+213550142387",
                "00213550142387", "0550-14-23-87", "٠٥٥٠١٤٢٣٨٧", "2387", "142387", "Amina Benali", "amina", "BENALI", "benali", "LIN-M", "lin-m", "Linen", "linen dress",
                "Amel Agent",
            ].map(str::to_owned).to_vec()),
            (&zoe, ["Zoé", "zoe", "ZOÉ LEFÈVRE", "lefevre", "SAV-77", "savon", "YAL-12AB34", "yal-12ab34", "12ab34", "IG/55", "6677", "0661556677", "2026-11-03", "03/11/2026"].map(str::to_owned).to_vec()),
            (&arab, ["أمينة", "امينة بن علي", "بن علي", "عطر العود", "العود", "عود-1", "0770987654", "٠٧٧٠ ٩٨ ٧٦ ٥٤", "7654", "F-9", "2026-10-02"].map(str::to_owned).to_vec()),
        ];
        let mut wrong = Vec::new();
        for (order, texts) in &checks {
            for text in texts {
                let found = find(text).await;
                if found.first() != Some(&order.id) {
                    wrong.push(format!("{text}: {found:?}, not {}", order.id));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert_eq!(find("7777").await.len(), 3, "an amount");
        assert_eq!(find("7777.00").await.len(), 3, "an amount with decimals");
        for nothing in ["Nobody Atall", "W-9999", "0799999999", "055014238700213550142387", "no such thing", "ami_a", "a%a", "l%n", "' or 1=1 --"] {
            assert_eq!(find(nothing).await, Vec::<String>::new(), "{nothing}");
        }
        for empty in ["  ", "%", "_", "\"", "\\", "*"] {
            assert_eq!(find(empty).await.len(), 4, "{empty}: nothing asked lists the newest");
        }
        let narrowed = shop.admin().get("/api/v1/orders?search=dress&state=CONFIRMED").await.expect(200);
        assert_eq!(narrowed.items().len(), 0);
        shop.manager().post(&amina.path("/archive"), json!({})).await.expect(200);
        assert_eq!(find("W-1041").await, Vec::<String>::new());
        assert_eq!(list(&shop.admin(), "search=W-1041&archived=any").await.len(), 1);
    }

    async fn each_person_sees_their_own_stores_and_orders_everywhere(shop: Shop) {
        let people = people(&shop).await;
        let place = async |name: &str, phone: &str, agent: &str, second: bool| {
            let order = shop.order().for_phone(name, phone).with("agent_id", people.get(agent).map_or(Value::Null, |id| json!(id)));
            if second { order.in_second_store().await } else { order.await }
        };
        let own = place("Own Buyer", "0550000011", "agent@shop.test", false).await;
        let free = place("Free Buyer", "0550000012", "", false).await;
        let theirs = place("Their Buyer", "0550000013", "colleague@shop.test", false).await;
        let far = place("Far Buyer", "0550000014", "", true).await;
        let seen = async |client: &Client| ids(&list(client, "archived=any").await);
        let these = |orders: &[&PlacedOrder]| orders.iter().map(|order| order.id.clone()).collect::<Ids>();
        assert_eq!(seen(&shop.agent()).await, these(&[&own, &free]));
        assert_eq!(seen(&shop.colleague()).await, these(&[&free, &theirs]));
        assert_eq!(seen(&shop.role("shop_owner")).await, these(&[&own, &free, &theirs]));
        assert_eq!(seen(&shop.neighbour()).await, these(&[&far]));
        assert_eq!(seen(&shop.role("agent_suivi")).await, these(&[&own, &free, &theirs, &far]));
        assert_eq!(seen(&shop.foreigner()).await, these(&[]));

        for (client, hidden) in [(shop.agent(), [&theirs, &far]), (shop.neighbour(), [&theirs, &own]), (shop.foreigner(), [&theirs, &far])] {
            for order in hidden {
                for path in ["", "/progress", "/history", "/notes", "/tracking"] {
                    assert_eq!(client.get(&order.path(path)).await.status, 404, "{path}");
                }
                for (path, body) in [("/confirm", json!({})), ("/moves", json!({"to": "CONFIRMED"})), ("/notes", json!({"text": "hello"})), ("/cancel", json!({"reason": "x"}))] {
                    assert_eq!(client.post(&order.path(path), body).await.status, 404, "{path}");
                }
                assert_eq!(client.patch(&order.path(""), json!({"priority": "low"})).await.status, 404);
                for text in [order.id.as_str(), order.body["external_ref"].as_str().unwrap(), order.body["customer"]["phone"].as_str().unwrap(), &order.number] {
                    let found = client.get(&format!("/api/v1/search?q={}", text.replace('+', "%2B"))).await.expect(200);
                    assert!(!ids(found.items()).contains(&order.id), "{text}");
                }
                assert_eq!(total(&client, &format!("customer_id={}", order.body["customer"]["id"].as_str().unwrap())).await, 0);
            }
        }
        // Asking for what one may not see finds nothing, and does not widen.
        assert_eq!(total(&shop.agent(), &format!("agent_id={}", people["colleague@shop.test"])).await, 0);
        assert_eq!(total(&shop.agent(), &format!("store_id={}", shop.second())).await, 0);
        assert_eq!(shop.agent().get(&format!("/api/v1/customers/{}", far.body["customer"]["id"].as_str().unwrap())).await.status, 404);
        assert_eq!(shop.agent().get(&format!("/api/v1/customers/{}/orders", theirs.body["customer"]["id"].as_str().unwrap())).await.expect(200).items().len(), 0);
        // Figures count what is seen by stores.
        let stats = async |client: Client| client.get("/api/v1/orders/stats").await.expect(200).body["total"].clone();
        assert_eq!((stats(shop.admin()).await, stats(shop.role("shop_owner")).await), (json!(4), json!(3)));
        shop.agent().get("/api/v1/orders/stats").await.expect(403);
    }

    async fn the_counters_say_what_the_lists_say(shop: Shop) {
        crowd(&shop).await;
        let admin = shop.admin();
        let stats = admin.get("/api/v1/orders/stats").await.expect(200).body;
        assert_eq!(stats["total"], total(&admin, "archived=any&limit=1").await);
        assert_eq!(stats["archived"], total(&admin, "archived=only&limit=1").await);
        let rows = list(&admin, "archived=any").await;
        for state in kernel::OrderState::ALL {
            let counted = rows.iter().filter(|row| row["state"] == state.as_str()).count();
            assert_eq!(stats["by_status"].get(state.as_str()).and_then(Value::as_u64).unwrap_or(0), counted as u64, "{state}");
            // Read from the counters, because the page does not show them all; and counted, because of the second filter.
            assert_eq!(total(&admin, &format!("state={state}&archived=any&limit=1")).await, json!(counted), "{state}");
            assert_eq!(total(&admin, &format!("state={state}&archived=any&limit=1&total_from=0")).await, json!(counted), "{state}");
        }
        for store in [shop.main(), shop.second()] {
            let counted = rows.iter().filter(|row| row["store_id"] == store.to_string().as_str()).count();
            assert_eq!(total(&admin, &format!("store_id={store}&archived=any&limit=1")).await, json!(counted));
        }
        shop.assert_counters_true().await;
    }
}
