//! Customers: found again by their number, with addresses from the lists and totals from their orders.

use serde_json::{Value, json};
use testkit::both;

both! {
    async fn a_known_number_in_any_spelling_is_the_same_customer(shop: Shop) {
        let buy = async |name: &str, phone: &str| {
            let order = shop.order().with("customer", json!({"name": name, "phone": phone})).await;
            order.body["customer"]["id"].as_str().unwrap().to_owned()
        };
        let first = buy("Amina Benali", "0550 14 23 87").await;
        for phone in ["+213 550 14 23 87", "00213550142387", "0550-14-23-87", "(0550) 142387", "٠٥٥٠١٤٢٣٨٧", "213550142387"] {
            assert_eq!(buy("A. B.", phone).await, first, "{phone}");
        }
        assert_ne!(buy("Amina Benali", "0550142388").await, first);
        let customer = shop.admin().get(&format!("/api/v1/customers/{first}")).await.expect(200);
        assert_eq!((&customer.body["name"], &customer.body["phones"][0]["number"]), (&json!("Amina Benali"), &json!("+213550142387")));
        assert_eq!((&customer.body["totals"][0]["orders"], customer.header("etag")), (&json!(7), "\"1\""));
        let orders = shop.admin().get(&format!("/api/v1/customers/{first}/orders?limit=5")).await.expect(200);
        assert_eq!((orders.items().len(), &orders.body["total"]), (5, &json!(7)));
        let other = shop.order().with("customer", json!({"name": "Mail Only", "email": "Mail@Example.dz"})).await;
        let again = shop.order().with("customer", json!({"name": "Mail", "email": "mail@example.dz"})).await;
        assert_eq!(other.body["customer"]["id"], again.body["customer"]["id"]);
        // Each country spells its own way.
        let store = shop.admin().post("/api/v1/stores", json!({"code": "NBO", "name": "Nairobi", "country": "KE", "currency": "KES", "zone": "Africa/Nairobi"})).await.expect(201);
        let kenyan = json!({"store_id": store.id(), "customer": {"name": "Wanjiku", "phone": "0712 345678"}, "lines": [{"title": "Basket", "quantity": 1, "unit_price": {"amount": 1, "currency": "KES"}}],
            "shipping_address": {"line1": "Moi Ave", "city": "Westlands", "province": "Nairobi City", "country": "KE"}});
        let kenyan = shop.admin().place(kenyan).await.expect(201).body;
        assert_eq!((&kenyan["customer"]["phone"], &kenyan["shipping_address"]["province_key"]), (&json!("+254712345678"), &json!("KE:047")));
    }

    async fn customers_are_entered_changed_and_put_away_by_hand(shop: Shop) {
        let admin = shop.admin();
        let new = json!({"name": "Yacine Bouzid", "phone": "0661 22 33 44", "email": "Yacine@Example.dz", "language": "fr"});
        let made = admin.post("/api/v1/customers", new.clone()).await.expect(201);
        let path = format!("/api/v1/customers/{}", made.id());
        assert_eq!((&made.body["email"], &made.body["phones"][0]["number"]), (&json!("yacine@example.dz"), &json!("+213661223344")));
        assert_eq!(admin.post("/api/v1/customers", new).await.expect(422).fields(), ["phone: phone.taken"]);
        let changed = admin.patch(&path, json!({"name": "Yacine B.", "email": null, "version": 1})).await.expect(200);
        assert_eq!((&changed.body["name"], &changed.body["email"], &changed.body["language"], &changed.body["version"]), (&json!("Yacine B."), &Value::Null, &json!("fr"), &json!(2)));
        let history = changed.body["history"].as_array().unwrap();
        assert!(history.iter().any(|event| event["kind"] == "customer.changed" && event["changes"][0] == json!({"field": "name", "before": "Yacine Bouzid", "after": "Yacine B."})));

        let phones = admin.post(&format!("{path}/phones"), json!({"number": "+254 712 345678", "label": "sister"})).await.expect(201);
        assert_eq!((&phones.body["phones"][1]["number"], &phones.body["phones"][1]["label"]), (&json!("+254712345678"), &json!("sister")));
        assert_eq!(admin.post(&format!("{path}/phones"), json!({"number": "0661223344"})).await.expect(422).fields(), ["number: phone.taken"]);
        assert_eq!(admin.post(&format!("{path}/phones"), json!({"number": "12"})).await.expect(422).fields(), ["number: phone"]);
        let left = admin.delete(&format!("{path}/phones/+213661223344")).await.expect(200);
        assert_eq!(left.body["phones"].as_array().unwrap().len(), 1);
        admin.delete(&format!("{path}/phones/+213661223344")).await.expect(404);
        admin.delete(&format!("{path}/phones/0661223344")).await.expect(404);

        admin.post(&format!("{path}/archive"), json!({})).await.expect(200);
        let count = async |query: &str| admin.get(&format!("/api/v1/customers?{query}")).await.expect(200).items().len();
        assert_eq!((count("search=yacine").await, count("search=yacine&with_archived=true").await), (0, 1));
        let back = admin.post(&format!("{path}/unarchive"), json!({})).await.expect(200);
        assert_eq!(back.body["archived_at"], Value::Null);
        for (body, expected) in [
            (json!({"name": ""}), vec!["name: required"]), (json!({"name": "x".repeat(201), "email": "x"}), vec!["name: too_long", "email: email"]),
            (json!({"name": "A", "phone": "nothing"}), vec!["phone: phone"]), (json!({"name": "A", "language": "xx"}), vec!["language: format"]),
            (json!({"phone": "0661223399"}), vec!["name: required"]), (json!({"name": "A", "vip": true}), vec!["vip: unknown_field"]),
        ] {
            assert_eq!(admin.post("/api/v1/customers", body).await.expect(422).fields(), expected);
        }
        shop.role("shop_owner").post("/api/v1/customers", json!({"name": "A"})).await.expect(403);
    }

    async fn lists_compare_what_customers_bought(shop: Shop) {
        let admin = shop.admin();
        let buy = async |n: i64, orders: &[(i64, &str)]| {
            let mut customer = String::new();
            for (day, end) in orders {
                let mut order = shop.order().for_phone(&format!("Buyer {n}"), &format!("05501000{n:02}"))
                    .with("placed_at", json!(format!("2026-10-{day:02}T10:00:00Z")));
                order = match *end {
                    "delivered" => order.delivered(),
                    "returned" => order.shipped(),
                    _ => order,
                };
                let order = order.await;
                customer = order.body["customer"]["id"].as_str().unwrap().to_owned();
                if *end == "returned" {
                    admin.post(&order.path("/return_to_sender"), json!({"reason": "refused"})).await.expect(200);
                }
            }
            customer
        };
        let loyal = buy(1, &[(1, "delivered"), (2, "delivered"), (3, "delivered"), (9, "")]).await;
        let mixed = buy(2, &[(4, "delivered"), (5, "returned"), (6, "")]).await;
        let refuser = buy(3, &[(7, "returned"), (8, "returned")]).await;
        let fresh = buy(4, &[(10, "")]).await;
        let none = admin.post("/api/v1/customers", json!({"name": "Nobody Yet"})).await.expect(201).id().to_owned();
        let names = [("loyal", &loyal), ("mixed", &mixed), ("refuser", &refuser), ("fresh", &fresh), ("none", &none)];
        let store = admin.get("/api/v1/stores").await.expect(200).items()[0]["id"].as_str().unwrap().to_owned();
        let list = async |query: &str, limit: usize| {
            let (mut found, mut cursor) = (Vec::new(), None::<String>);
            loop {
                let after = cursor.map(|cursor: String| format!("&cursor={}", cursor.replace(' ', "%20"))).unwrap_or_default();
                let part = admin.get(&format!("/api/v1/customers?{query}&store_id={store}&limit={limit}{after}")).await.expect(200);
                found.extend(part.items().iter().map(|row| names.iter().find(|(_, id)| row["id"] == ***id).map_or("?", |(name, _)| *name)));
                let total = part.body["total"].clone();
                cursor = part.body["next_cursor"].as_str().map(str::to_owned);
                if cursor.is_none() {
                    break (found.join(" "), total);
                }
            }
        };
        for limit in [1, 2, 50] {
            for (query, expected) in [
                ("sort=-last_order_at", "fresh loyal refuser mixed"), ("sort=last_order_at", "mixed refuser loyal fresh"),
                ("sort=-orders", "loyal mixed refuser fresh"), ("sort=-spent", "loyal mixed fresh refuser"),
                ("sort=-delivered_rate", "loyal mixed refuser fresh"), ("sort=-returned_rate", "refuser mixed loyal fresh"),
                ("sort=-orders&orders_from=2&orders_to=3", "mixed refuser"), ("sort=-spent&spent_from=1", "loyal mixed"),
                ("sort=-orders&delivered_to=50", "mixed refuser"), ("sort=-orders&delivered_from=50", "loyal mixed"),
                ("sort=-orders&last_order_until=2026-10-09T00:00:00Z", "mixed refuser"), ("sort=name&last_order_from=2026-10-09T00:00:00Z", "loyal fresh"),
                ("sort=-orders&search=buyer", "loyal mixed refuser fresh"), ("sort=name", "loyal mixed refuser fresh"),
                // Those who have nothing to compare by the first key follow by the second.
                ("sort=-spent,name", "loyal mixed refuser fresh"), ("sort=-spent,-created_at", "loyal mixed fresh refuser"),
                ("sort=-spent,-last_order_at", "loyal mixed fresh refuser"), ("sort=-spent,last_order_at", "loyal mixed refuser fresh"),
                ("sort=-spent,-returned_rate", "loyal mixed refuser fresh"), ("sort=-delivered_rate,-orders", "loyal mixed refuser fresh"),
                ("sort=name,-orders", "loyal mixed refuser fresh"),
                // All came in the same instant.
                ("sort=-created_at,-spent", "loyal mixed fresh refuser"),
            ] {
                assert_eq!(list(query, limit).await, (expected.to_owned(), json!(expected.split(' ').count())), "{query} {limit}");
            }
        }
        let wrong = async |query: &'static str| admin.get(&format!("/api/v1/customers?{query}")).await.expect(422).fields();
        assert_eq!(wrong("sort=colour").await, ["sort: format"]);
        assert_eq!(wrong("sort=name,name").await, ["sort: repeated"]);
        assert_eq!(wrong("sort=-last_order_at,last_order_at").await, ["sort: repeated"]);
        assert_eq!(wrong("sort=name,-created_at,last_order_at").await, ["sort: too_many"]);
        assert_eq!(wrong("sort=name,-orders").await, ["store_id: store.needed"]);
        assert_eq!(wrong("sort=-spent&cursor=rubbish").await, ["store_id: store.needed"]);
        assert_eq!(wrong("orders_from=2").await, ["store_id: store.needed"]);
        assert_eq!(wrong("store_id=sto_0000000000000").await, ["store_id: store.unknown"]);
    }

    async fn customers_are_found_where_their_newest_order_goes(shop: Shop) {
        let admin = shop.admin();
        let buy = async |name: &str, phone: &str, province: &str, city: &str, day: i64| {
            let address = json!({"line1": "Rue 1", "city": city, "province": province, "country": "DZ"});
            let order = shop.order().for_phone(name, phone).with("shipping_address", address).with("placed_at", json!(format!("2026-10-{day:02}T10:00:00Z"))).await;
            order.body["customer"]["id"].as_str().unwrap().to_owned()
        };
        let moved = buy("Moved", "0550300001", "Oran", "Bir El Djir", 1).await;
        buy("Moved", "0550300001", "Alger", "Hydra", 5).await;
        let stays = buy("Stays", "0550300002", "Oran", "Bir El Djir", 3).await;
        buy("Stays", "0550300002", "Alger", "Hydra", 2).await;
        admin.post("/api/v1/customers", json!({"name": "Never Bought"})).await.expect(201);
        let list = async |query: &str| {
            let found = admin.get(&format!("/api/v1/customers?{query}")).await.expect(200);
            (found.items().iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>(), found.body["total"].clone())
        };
        let (oran, alger) = ((vec![stays.clone()], json!(1)), (vec![moved.clone()], json!(1)));
        assert_eq!(list("province=DZ:31").await, oran);
        assert_eq!(list("province=DZ:16").await, alger);
        assert_eq!(list("province=DZ:16,DZ:31&sort=name").await, (vec![moved, stays], json!(2)));
        assert_eq!(list("city=Hydra").await, alger);
        assert_eq!(list("province=DZ:31&city=Hydra").await, (Vec::new(), json!(0)));
        let store = shop.main();
        assert_eq!(list(&format!("province=DZ:31&sort=-orders,name&store_id={store}")).await, oran);
        assert_eq!(list("province=DZ:31&search=stays").await, oran);
    }

    async fn the_last_order_counts_over_all_stores(shop: Shop) {
        let admin = shop.admin();
        let stores: Vec<String> = admin.get("/api/v1/stores").await.expect(200).items().iter().map(|store| store["id"].as_str().unwrap().to_owned()).collect();
        assert!(stores.len() > 1, "several stores");
        let mut ids = Vec::new();
        for n in 0..6_usize {
            for (place, day) in [(n % 2, 1 + n * 3 % 7), ((n + 1) % 2, 10 + n * 5 % 7)] {
                let order = shop.order().for_phone(&format!("Buyer {n}"), &format!("05501000{n:02}"))
                    .with("store_id", json!(stores[place])).with("placed_at", json!(format!("2026-10-{day:02}T10:00:00Z"))).await;
                ids.push((10 + n * 5 % 7, order.body["customer"]["id"].as_str().unwrap().to_owned()));
            }
        }
        ids.sort();
        ids.dedup();
        let expected: Vec<String> = ids.into_iter().map(|(_, id)| id).collect();
        for (sort, limit) in [("last_order_at", 2), ("-last_order_at", 4), ("last_order_at", 50)] {
            let (mut found, mut after) = (Vec::new(), String::new());
            loop {
                let part = admin.get(&format!("/api/v1/customers?sort={sort}&limit={limit}{after}")).await.expect(200);
                assert_eq!(part.body["total"], 6);
                found.extend(part.items().iter().map(|row| row["id"].as_str().unwrap().to_owned()));
                match part.body["next_cursor"].as_str() {
                    Some(cursor) => after = format!("&cursor={cursor}"),
                    None => break,
                }
            }
            if sort.starts_with('-') {
                found.reverse();
            }
            assert_eq!(found, expected, "{sort} {limit}");
        }
    }

    async fn an_agent_of_one_store_enters_a_customer_who_has_called(shop: Shop) {
        let made = shop.agent().post("/api/v1/customers", json!({"name": "Nadir Caller", "phone": "0770 11 22 33"})).await.expect(201);
        shop.agent().get(&format!("/api/v1/customers/{}", made.id())).await.expect(200);
        let order = shop.order().by(shop.agent()).for_phone("Nadir", "0770112233").await;
        assert_eq!(order.body["customer"]["id"], made.id());
    }

    async fn addresses_are_looked_up_in_the_lists(shop: Shop) {
        let order = shop.order().await;
        let path = format!("/api/v1/customers/{}/addresses", order.body["customer"]["id"].as_str().unwrap());
        let agent = shop.agent();
        let made = agent.post(&path, json!({"label": "home", "line1": "Rue 1", "city": "bab ezzouar", "province": "Algiers"})).await.expect(201);
        let address = made.body["addresses"][0].clone();
        assert_eq!((&address["province"], &address["province_code"], &address["city"], &address["place_known"]), (&json!("Alger"), &json!("16"), &json!("Bab Ezzouar"), &json!(true)));
        let made = agent.post(&path, json!({"line1": "Farm 3", "city": "Savar", "province": "Dhaka", "country": "BD"})).await.expect(201);
        let savar = made.body["addresses"].as_array().unwrap().iter().find(|one| one["country"] == "BD").unwrap().clone();
        assert_eq!((&savar["province"], &savar["place_known"]), (&json!("Dhaka"), &json!(true)));
        let made = agent.post(&path, json!({"line1": "Somewhere", "city": "Nowhere", "province": "Neverland"})).await.expect(201);
        let lost = made.body["addresses"].as_array().unwrap().iter().find(|one| one["city"] == "Nowhere").unwrap().clone();
        assert_eq!((&lost["province"], &lost["province_code"], &lost["place_known"]), (&json!("Neverland"), &Value::Null, &json!(false)));

        let one = format!("{path}/{}", lost["id"].as_str().unwrap());
        let put = agent.put(&one, json!({"line1": "Rue 9", "city": "Oran", "province": "31", "version": 1})).await.expect(200);
        assert!(put.body["addresses"].as_array().unwrap().iter().any(|one| one["line1"] == "Rue 9" && one["province"] == "Oran"));
        assert_eq!(agent.put(&one, json!({"line1": "Rue 10", "version": 1})).await.expect(409).code(), "stale");
        assert_eq!(agent.with_header("If-Match", "\"1\"").put(&one, json!({"line1": "Rue 10"})).await.expect(412).code(), "stale");
        let agent = shop.agent();
        assert_eq!(agent.post(&path, json!({"line1": "x".repeat(301), "postal_code": "x".repeat(21)})).await.expect(422).fields(), ["line1: too_long", "postal_code: too_long"]);
        assert_eq!(agent.delete(&one).await.expect(200).body["addresses"].as_array().unwrap().len(), 2);
        agent.delete(&one).await.expect(404);
        // The lists themselves.
        assert_eq!(agent.get("/api/v1/places/DZ").await.expect(200).items().len(), 69);
        assert_eq!(agent.get("/api/v1/places").await.expect(200).items().len(), 3);
        assert!(agent.get("/api/v1/places/DZ/31").await.expect(200).items().iter().any(|one| one["name"] == "Bir El Djir"));
        agent.get("/api/v1/places/GB").await.expect(404);
        agent.get("/api/v1/places/DZ/70").await.expect(404);
    }

    async fn customers_are_searched_sorted_and_paged(shop: Shop) {
        for (n, name) in ["Zoé Lefèvre", "أمينة بن علي", "Amina Benali", "Amine Cherif", "Bilal Ziani", "Chahra", "Dalia"].into_iter().enumerate() {
            shop.order().with("customer", json!({"name": name, "phone": format!("05502000{n:02}"), "email": format!("c{n}@example.dz")})).await;
            shop.advance(1);
        }
        let names = async |query: &str| {
            let found = shop.agent().get(&format!("/api/v1/customers?{query}")).await.expect(200);
            found.items().iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(names("search=amin").await.len(), 2);
        assert_eq!(names("search=ZOE").await, ["Zoé Lefèvre"]);
        assert_eq!(names("search=%D8%A7%D9%85%D9%8A%D9%86%D8%A9").await, ["أمينة بن علي"], "without its hamza");
        assert_eq!(names("search=0550%2020%2000%2004").await, ["Bilal Ziani"]);
        assert_eq!(names("search=0005").await, ["Chahra"]);
        assert_eq!(names("search=C6@example.DZ").await, ["Dalia"]);
        assert_eq!(names("search=nobody").await, Vec::<String>::new());
        for sort in ["-created_at", "name"] {
            let whole = names(&format!("sort={sort}&limit=200")).await;
            assert_eq!(whole.len(), 7);
            let (mut paged, mut cursor) = (Vec::new(), String::new());
            loop {
                let page = shop.agent().get(&format!("/api/v1/customers?sort={sort}&limit=3{cursor}")).await.expect(200);
                assert_eq!(page.body["total"], 7);
                paged.extend(page.items().iter().map(|row| row["name"].as_str().unwrap().to_owned()));
                let Some(next) = page.body["next_cursor"].as_str() else { break };
                cursor = format!("&cursor={}", next.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>());
            }
            assert_eq!(paged, whole, "{sort}");
        }
        assert_eq!(names("sort=-created_at").await[0], "Dalia");
        assert_eq!(shop.agent().get("/api/v1/customers?sort=total").await.expect(422).fields(), ["sort: format"]);
        assert_eq!(shop.agent().get("/api/v1/customers?cursor=x").await.expect(422).fields(), ["cursor: cursor"]);
        // Without the right numbers are dots, and their owner is found all the same.
        let masked = shop.role("agent").get("/api/v1/customers?search=0550200004").await.expect(200);
        assert_eq!(masked.items()[0]["phone"], "+213•••••••04");
    }
}
